// The audit log on a real database: complete, in order, and it shows when somebody touched it.
#include "services/rpc/audit.h"

#include <gtest/gtest.h>

#include <future>
#include <string>
#include <vector>

#include "base/coding.h"
#include "storage/rocks_kv.h"
#include "tests/support/mem_kv.h"
#include "tests/support/temp_dir.h"

namespace rpc {
namespace {

using storage::KeySpace;

std::string Key(uint64_t serial) {
  std::string key;
  base::AppendU64(&key, serial);
  return key;
}

class Audit : public ::testing::Test {
 protected:
  Audit() { Open(); }
  void Open() {
    log_.reset();
    kv_.reset();
    auto kv = storage::RocksKv::Open(directory_ / "audit", {});
    EXPECT_TRUE(kv.ok()) << kv.status();
    kv_ = *std::move(kv);
    auto log = AuditLog::Open(*kv_);
    EXPECT_TRUE(log.ok()) << log.status();
    log_ = *std::move(log);
  }
  void Record(const std::string& actor, const std::string& matter) {
    v1::AuditRecord record;
    record.set_method("/testproto.v1.Notes/Reveal");
    record.set_actor_id(actor);
    record.set_aggregate_id(matter);
    std::promise<absl::Status> done;
    ASSERT_TRUE(log_->Record(record, [&](absl::Status status) { done.set_value(std::move(status)); }));
    const absl::Status status = done.get_future().get();
    ASSERT_TRUE(status.ok()) << status;
  }
  v1::AuditRecord At(uint64_t serial) {
    v1::AuditRecord record;
    const auto value = kv_->Get(KeySpace::kAudit, Key(serial));
    EXPECT_TRUE(value.ok() && *value && record.ParseFromString(**value));
    return record;
  }
  void Put(uint64_t serial, const v1::AuditRecord& record) {
    storage::Batch batch;
    batch.Put(KeySpace::kAudit, Key(serial), record.SerializeAsString());
    ASSERT_TRUE(kv_->Commit(batch, storage::Durability::kSynced).ok());
  }

  tests::TempDir directory_;
  std::unique_ptr<storage::RocksKv> kv_;
  std::unique_ptr<AuditLog> log_;
};

TEST_F(Audit, ContinuesItsChainAfterEveryStart) {
  for (int i = 0; i < 10; ++i) {
    Record("u" + std::to_string(i), "A");
    Open();
  }
  EXPECT_TRUE(AuditLog::Verify(*kv_).ok());
  EXPECT_EQ(At(10).serial(), 10u);
  EXPECT_EQ(At(10).previous_hash(), At(9).hash());
}

TEST_F(Audit, TellsWhoLookedAtAMatterNewestFirst) {
  Record("u1", "A");
  Record("u2", "AB");
  Record("u3", "A");
  const auto records = log_->OfMatter("A", 10);
  ASSERT_TRUE(records.ok());
  ASSERT_EQ(records->size(), 2u);
  EXPECT_EQ((*records)[0].actor_id(), "u3");
  EXPECT_EQ((*records)[1].actor_id(), "u1");
  EXPECT_EQ(log_->OfMatter("A", 1)->size(), 1u);
}

TEST_F(Audit, ShowsAChangedRecord) {
  for (int i = 0; i < 5; ++i) Record("u", "A");
  v1::AuditRecord record = At(3);
  record.set_actor_id("somebody else");
  Put(3, record);
  const absl::Status status = AuditLog::Verify(*kv_);
  EXPECT_TRUE(absl::IsDataLoss(status));
  EXPECT_NE(status.message().find("record 3"), absl::string_view::npos) << status;
}

TEST_F(Audit, ShowsAChangedRecordEvenIfItsHashWasMadeAgain) {
  for (int i = 0; i < 5; ++i) Record("u", "A");
  v1::AuditRecord record = At(3);
  record.set_actor_id("somebody else");
  record.set_hash(AuditHash(record));
  Put(3, record);
  const absl::Status status = AuditLog::Verify(*kv_);
  EXPECT_NE(status.message().find("record 4"), absl::string_view::npos) << status;
}

TEST_F(Audit, ShowsAMissingRecord) {
  for (int i = 0; i < 5; ++i) Record("u", "A");
  storage::Batch batch;
  batch.Delete(KeySpace::kAudit, Key(2));
  ASSERT_TRUE(kv_->Commit(batch, storage::Durability::kSynced).ok());
  const absl::Status status = AuditLog::Verify(*kv_);
  EXPECT_NE(status.message().find("record 2"), absl::string_view::npos) << status;
}

TEST_F(Audit, DoesNotOpenOnAnAlteredEnd) {
  Record("u", "A");
  v1::AuditRecord record = At(1);
  record.set_purpose("none");
  Put(1, record);
  log_.reset();
  EXPECT_FALSE(AuditLog::Open(*kv_).ok());
}

// The disk of the audit log failed once and the process went on for weeks without noting a single denial.
TEST_F(Audit, EndsTheProcessWhenItCannotBeWrittenAfterTellingWhoeverWaits) {
  tests::MemKv kv;
  std::vector<std::string> order;
  std::promise<void> ended;
  auto log = AuditLog::Open(kv, [&](absl::Status why) {
    order.push_back(std::string(why.message()));
    ended.set_value();
  });
  ASSERT_TRUE(log.ok()) << log.status();
  kv.FailCommits(absl::InternalError("no disk"));
  ASSERT_TRUE((*log)->Record(v1::AuditRecord(), [&](absl::Status status) {
    EXPECT_FALSE(status.ok());
    order.push_back("answered");
  }));
  ended.get_future().wait();
  EXPECT_EQ(order, (std::vector<std::string>{"answered", "no disk"}));
}

TEST_F(Audit, WritesWhatIsQueuedBeforeItEnds) {
  for (int i = 0; i < 500; ++i) log_->Note(v1::AuditRecord());
  log_.reset();
  EXPECT_EQ(At(500).serial(), 500u);
  EXPECT_TRUE(AuditLog::Verify(*kv_).ok());
}

}  // namespace
}  // namespace rpc
