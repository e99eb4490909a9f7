// Keys, log entries, the format record and the text of a database.
#include <gmock/gmock.h>

#include "base/coding.h"
#include "base/crypto.h"
#include "storage/dump.h"
#include "storage/format.h"
#include "storage/keys.h"
#include "storage/log_value.h"
#include "tests/support/mem_kv.h"

namespace storage {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(Keys, SortLikeTheirNumbers) {
  EXPECT_LT(LogKey(255), LogKey(256));
  EXPECT_LT(TimerKey(999, "z"), TimerKey(1000, "a"));
  EXPECT_LT(RefusalKey(5, 0xffffffff), RefusalKey(6, 0));
}

TEST(Keys, OfAnIndexSplitAtTheLastZero) {
  const std::string key("a\0b", 3);
  uint8_t index = 0;
  std::string_view bytes, id;
  const std::string stored = IndexKey(7, key, "m1");
  ASSERT_TRUE(ReadIndexKey(stored, &index, &bytes, &id));
  EXPECT_EQ(index, 7);
  EXPECT_EQ(bytes, key);
  EXPECT_EQ(id, "m1");
  EXPECT_FALSE(ReadIndexKey("", &index, &bytes, &id));
  EXPECT_FALSE(ReadIndexKey("xyz", &index, &bytes, &id));
}

TEST(Keys, ThatAreTooShortAreNone) {
  uint64_t seq = 0;
  int64_t at = 0;
  uint32_t serial = 0;
  std::string_view id;
  EXPECT_FALSE(ReadLogKey("1234567", &seq));
  EXPECT_FALSE(ReadLogKey("123456789", &seq));
  EXPECT_FALSE(ReadTimerKey("1234567", &at, &id));
  EXPECT_FALSE(ReadRefusalKey("12345678901", &at, &serial));
}

kernel::v1::LogRecord Record() {
  kernel::v1::LogRecord record;
  record.set_seq(1);
  record.set_aggregate_id("m1");
  record.set_version(1);
  record.mutable_notice()->set_topic("jar.made");
  record.mutable_notice()->set_area_code("371403");
  return record;
}

TEST(LogValue, ReadsItsHeaderWithoutTheRecord) {
  const auto encoded = EncodeLogValue(Record(), 0);
  LogValue value;
  ASSERT_TRUE(DecodeLogValue(encoded.value, &value));
  EXPECT_EQ(value.topic, "jar.made");
  EXPECT_EQ(value.division, "371403");
  EXPECT_EQ(value.flags, kHasNotice);
  EXPECT_EQ(value.digest, encoded.digest);
}

TEST(LogValue, IsAValidRecordWhoseHashCoversTheRest) {
  const auto encoded = EncodeLogValue(Record(), 0);
  LogValue value;
  ASSERT_TRUE(DecodeLogValue(encoded.value, &value));
  kernel::v1::LogRecord read;
  ASSERT_TRUE(read.ParseFromArray(value.record.data(), static_cast<int>(value.record.size())));
  EXPECT_EQ(read.hash(), base::Sha256(Record().SerializeAsString()));
  EXPECT_EQ(HashOf(value.record), read.hash());
}

TEST(LogValue, ChainsTheDigest) {
  EXPECT_NE(EncodeLogValue(Record(), 0).digest, EncodeLogValue(Record(), 1).digest);
  const auto encoded = EncodeLogValue(Record(), 77);
  EXPECT_EQ(DigestOf(encoded.value, 77), encoded.digest);
}

TEST(LogValue, CutShortAtAnyByteIsNotTaken) {
  const auto encoded = EncodeLogValue(Record(), 0);
  for (size_t n = 0; n < encoded.value.size(); ++n) {
    LogValue value;
    const std::string cut = encoded.value.substr(0, n);
    if (DecodeLogValue(cut, &value)) {
      EXPECT_NE(DigestOf(cut, 0), value.digest) << n;
    }
  }
}

TEST(Format, IsMadeOnceAndCountsBoots) {
  tests::MemKv kv;
  const auto first = OpenFormat(kv, "jar", {"s", "e", "c"}, "0123456789abcdef");
  const auto second = OpenFormat(kv, "jar", {"s", "e", "c"}, "another log id!!");
  ASSERT_TRUE(second.ok());
  EXPECT_EQ(second->log_id(), first->log_id());
  EXPECT_EQ(second->boots(), 2u);
  EXPECT_EQ(second->epoch(), 1u);
  EXPECT_EQ(second->event_type(), "e");
}

TEST(Format, OfAnotherServiceOrANewerProgramRefusesToOpenAndChangesNothing) {
  tests::MemKv kv;
  ASSERT_TRUE(OpenFormat(kv, "jar", {}, "0123456789abcdef").ok());
  const auto foreign = OpenFormat(kv, "cup", {}, "0123456789abcdef");
  EXPECT_EQ(foreign.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(foreign.status().message()), HasSubstr("'jar'"));

  auto format = *ReadFormat(kv);
  EXPECT_EQ(format.boots(), 1u);
  format.set_version(kFormatVersion + 1);
  Batch batch;
  batch.Put(KeySpace::kMeta, std::string(kFormatKey), format.SerializeAsString());
  ASSERT_TRUE(kv.Commit(batch, Durability::kSynced).ok());
  const auto newer = OpenFormat(kv, "jar", {}, "0123456789abcdef");
  EXPECT_EQ(newer.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(newer.status().message()), HasSubstr("format 2"));
}

TEST(Format, ThatIsMissingOrDamagedInAFullDatabaseRefusesToOpen) {
  tests::MemKv kv;
  Batch batch;
  batch.Put(KeySpace::kState, "m1", "x");
  ASSERT_TRUE(kv.Commit(batch, Durability::kSynced).ok());
  EXPECT_EQ(OpenFormat(kv, "jar", {}, "0123456789abcdef").status().code(), absl::StatusCode::kDataLoss);
  batch.Put(KeySpace::kMeta, std::string(kFormatKey), "\xff");
  ASSERT_TRUE(kv.Commit(batch, Durability::kSynced).ok());
  EXPECT_EQ(OpenFormat(kv, "jar", {}, "0123456789abcdef").status().code(), absl::StatusCode::kDataLoss);
}

TEST(Dump, ShowsEveryKeySpaceAndNeverWhatIsSealed) {
  tests::MemKv kv;
  // Any message the pool knows may stand for the service's own: here a Receipt is the state, a Cursor the
  // event.
  ASSERT_TRUE(
      OpenFormat(kv, "jar", {"kernel.v1.Receipt", "kernel.v1.CursorRecord", ""}, "0123456789abcdef").ok());
  kernel::v1::Receipt state;
  state.set_matter_code("a-1");
  kernel::v1::CursorRecord event;
  event.set_seq(42);
  kernel::v1::StateRecord state_record;
  state_record.set_state(state.SerializeAsString());
  state_record.set_version(3);
  kernel::v1::LogRecord log = Record();
  log.set_event(event.SerializeAsString());
  Batch batch;
  batch.Put(KeySpace::kState, "m1", state_record.SerializeAsString());
  batch.Put(KeySpace::kIndex, IndexKey(1, "a/", "m1"), "");
  batch.Put(KeySpace::kTimer, TimerKey(1000, "m1"), "");
  batch.Put(KeySpace::kTally, "a/OPEN", NumberValue(12));
  batch.Put(KeySpace::kVault, VaultKey("m1", "name"), "NONCE CIPHERTEXT TAG");
  batch.Put(KeySpace::kLog, LogKey(1), EncodeLogValue(log, 0).value);
  ASSERT_TRUE(kv.Commit(batch, Durability::kSynced).ok());

  std::vector<std::string> lines;
  DumpOptions options;
  options.pool = google::protobuf::DescriptorPool::generated_pool();
  ASSERT_TRUE(Dump(kv, options, [&](std::string_view line) {
                lines.emplace_back(line);
                return true;
              }).ok());
  EXPECT_THAT(
      lines,
      ElementsAre(HasSubstr("meta  format  version: 1 service: \"jar\""), HasSubstr("event { seq: 42 }"),
                  "state  m1  version: 3  state { matter_code: \"a-1\" }", "index  #1 a/ m1  ",
                  "timer  1000 m1  ", "tally  a/OPEN  12", "vault  m1/name  sealed, 20 bytes"));
  EXPECT_THAT(lines[1], HasSubstr("log  1  digest "));
}

TEST(Dump, ShowsWhatItCannotReadAsBytes) {
  tests::MemKv kv;
  Batch batch;
  batch.Put(KeySpace::kState, "m1", "\xff\xff");
  batch.Put(KeySpace::kLog, "short", "x");
  ASSERT_TRUE(kv.Commit(batch, Durability::kSynced).ok());
  std::vector<std::string> lines;
  ASSERT_TRUE(Dump(kv, {}, [&](std::string_view line) {
                lines.emplace_back(line);
                return true;
              }).ok());
  EXPECT_THAT(lines, ElementsAre("log  short  DAMAGED 78", "state  m1  DAMAGED ffff"));
  DumpOptions unknown;
  unknown.space = "attic";
  EXPECT_EQ(Dump(kv, unknown, [](std::string_view) { return true; }).code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace storage
