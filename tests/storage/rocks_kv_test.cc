// The four calls on a real disk: atomic, ordered, durable, and honest about failures.
#include "storage/rocks_kv.h"

#include <gmock/gmock.h>
#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/options.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "base/random.h"
#include "base/status_macros.h"
#include "storage/backup.h"
#include "storage/format.h"
#include "storage/journal_guard.h"
#include "storage/keys.h"
#include "storage/leap.h"
#include "storage/log_value.h"
#include "storage/space_guard.h"
#include "storage/watched_files.h"
#include "tests/storage/failing_env.h"
#include "tests/support/mem_kv.h"
#include "tests/support/temp_dir.h"

namespace storage {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::unique_ptr<RocksKv> Open(const tests::TempDir& dir, RocksKv::Options options = {}) {
  auto kv = RocksKv::Open(dir / "db", options);
  EXPECT_TRUE(kv.ok()) << kv.status();
  return kv.ok() ? *std::move(kv) : nullptr;
}

absl::Status Put(Kv& kv, std::string key, std::string value, Durability durability = Durability::kSynced) {
  Batch batch;
  batch.Put(KeySpace::kState, std::move(key), std::move(value));
  return kv.Commit(batch, durability);
}

std::vector<std::string> Scan(const View& view, std::string_view from, std::string_view to) {
  std::vector<std::string> found;
  EXPECT_TRUE(view.Scan(KeySpace::kState, from, to,
                        [&](std::string_view key, std::string_view value) {
                          found.push_back(std::string(key) + "=" + std::string(value));
                          return true;
                        })
                  .ok());
  return found;
}

// What every Kv promises, the one on disk and the one in memory.
template <class T>
class AnyKv : public ::testing::Test {
 protected:
  AnyKv() {
    if constexpr (std::is_same_v<T, RocksKv>) {
      kv_ = Open(dir_);
    } else {
      kv_ = std::make_unique<T>();
    }
  }
  tests::TempDir dir_;
  std::unique_ptr<Kv> kv_;
};
using Kinds = ::testing::Types<RocksKv, tests::MemKv>;
TYPED_TEST_SUITE(AnyKv, Kinds);

TYPED_TEST(AnyKv, GivesBackWhatWasPutAndNothingElse) {
  ASSERT_TRUE(Put(*this->kv_, "a", "1").ok());
  EXPECT_EQ(**this->kv_->Get(KeySpace::kState, "a"), "1");
  EXPECT_EQ(*this->kv_->Get(KeySpace::kState, "b"), std::nullopt);
  EXPECT_EQ(*this->kv_->Get(KeySpace::kLog, "a"), std::nullopt) << "key spaces are apart";
}

TYPED_TEST(AnyKv, ScansInByteOrderWithinItsBounds) {
  for (const char* key : {"b", "a", "\xff", "ab", "c"}) ASSERT_TRUE(Put(*this->kv_, key, "1").ok());
  EXPECT_THAT(Scan(*this->kv_, "", ""), ElementsAre("a=1", "ab=1", "b=1", "c=1", "\xff=1"));
  EXPECT_THAT(Scan(*this->kv_, "ab", "c"), ElementsAre("ab=1", "b=1"));
}

TYPED_TEST(AnyKv, AppliesTheOperationsOfABatchInOrder) {
  Batch batch;
  batch.Put(KeySpace::kState, "a", "1");
  batch.Delete(KeySpace::kState, "a");
  batch.Put(KeySpace::kState, "a", "2");
  batch.Put(KeySpace::kState, "b", "1");
  batch.Delete(KeySpace::kState, "b");
  ASSERT_TRUE(this->kv_->Commit(batch, Durability::kWritten).ok());
  EXPECT_THAT(Scan(*this->kv_, "", ""), ElementsAre("a=2"));
}

TYPED_TEST(AnyKv, KeepsASnapshotAsItWas) {
  ASSERT_TRUE(Put(*this->kv_, "a", "1").ok());
  const auto then = this->kv_->Snapshot();
  ASSERT_TRUE(Put(*this->kv_, "a", "2").ok());
  ASSERT_TRUE(Put(*this->kv_, "b", "2").ok());
  EXPECT_EQ(**then->Get(KeySpace::kState, "a"), "1");
  EXPECT_THAT(Scan(*then, "", ""), ElementsAre("a=1"));
  Batch gone;
  gone.Delete(KeySpace::kState, "a");
  ASSERT_TRUE(this->kv_->Commit(gone, Durability::kSynced).ok());
  EXPECT_THAT(Scan(*then, "", ""), ElementsAre("a=1"));
  EXPECT_THAT(Scan(*this->kv_, "", ""), ElementsAre("b=2"));
}

// What is first in each of some ranges, in one walk, of one moment: the same as a walk each would find.
TYPED_TEST(AnyKv, LeapsToWhatIsFirstInEachRange) {
  base::Random random(20261123);
  const auto drawn = [&random] { return std::to_string(100 + random.Below(900)); };
  std::set<std::string> stored;
  for (int i = 0; i < 120; ++i) {
    const std::string key = drawn();
    Batch batch;
    batch.Put(KeySpace::kState, key, "1");
    if (i % 3 == 0 && !stored.empty()) batch.Delete(KeySpace::kState, *stored.begin()), stored.erase(stored.begin());
    ASSERT_TRUE(this->kv_->Commit(batch, Durability::kWritten).ok());
    stored.insert(key);
  }
  const auto then = this->kv_->Snapshot();
  ASSERT_TRUE(Put(*this->kv_, "1000", "beyond the moment").ok());
  std::set<std::string> prefixes;
  for (int i = 0; i < 40; ++i) prefixes.insert(drawn().substr(0, 2));
  std::vector<std::string> wanted, found;
  for (const std::string& prefix : prefixes) {
    const auto first = stored.lower_bound(prefix);
    if (first != stored.end() && first->starts_with(prefix)) wanted.push_back(*first);
  }
  const auto each = [&](std::string_view key, std::string_view) -> std::string {
    const auto range = prefixes.find(std::string(key.substr(0, 2)));
    if (range != prefixes.end()) found.emplace_back(key);
    const auto next = prefixes.upper_bound(std::string(key.substr(0, 2)));
    return next == prefixes.end() ? "" : *next;
  };
  ASSERT_TRUE(Leap(*then, KeySpace::kState, *prefixes.begin(), "990", each).ok());
  std::erase_if(wanted, [](const std::string& key) { return key >= "990"; });
  EXPECT_GT(wanted.size(), 10u);
  EXPECT_EQ(found, wanted);
}

// A walk may go on with the very next key, with one that begins with the last, and far away.
TYPED_TEST(AnyKv, LeapsStepByStepToo) {
  using std::string_literals::operator""s;
  for (const auto& key : {"a"s, "a\0"s, "a\0b"s, "aa"s, "b"s, "c"s, "c\0\0"s, "d"s, "e"s})
    ASSERT_TRUE(Put(*this->kv_, key, "1").ok());
  Batch batch;
  batch.Delete(KeySpace::kState, "aa");
  ASSERT_TRUE(this->kv_->Commit(batch, Durability::kWritten).ok());
  const auto then = this->kv_->Snapshot();
  ASSERT_TRUE(Put(*this->kv_, "ab", "beyond the moment").ok());
  const auto walk = [&](std::string_view from, std::string_view to, std::string_view far) {
    std::vector<std::string> found;
    const auto each = [&](std::string_view key, std::string_view) -> std::string {
      found.emplace_back(key);
      return key == "b" ? std::string(far) : std::string(key) + '\0';
    };
    EXPECT_TRUE(Leap(*then, KeySpace::kState, from, to, each).ok());
    return found;
  };
  EXPECT_THAT(walk("a", "e", "d"), ElementsAre("a", "a\0"s, "a\0b"s, "b", "d"));
  EXPECT_THAT(walk("a\0"s, "d", "c"), ElementsAre("a\0"s, "a\0b"s, "b", "c", "c\0\0"s));
  EXPECT_THAT(walk("b", "d", "e"), ElementsAre("b"));
  EXPECT_THAT(walk("b", "z", ""), ElementsAre("b"));
  EXPECT_THAT(walk("f", "b", "c"), IsEmpty());
}

TEST(MemKv, LosesInACrashExactlyWhatWasNotSynced) {
  tests::MemKv kv;
  ASSERT_TRUE(Put(kv, "a", "1", Durability::kWritten).ok());
  ASSERT_TRUE(kv.Commit({}, Durability::kSynced).ok());
  ASSERT_TRUE(Put(kv, "a", "2", Durability::kWritten).ok());
  ASSERT_TRUE(Put(kv, "b", "2", Durability::kWritten).ok());
  kv.Crash();
  EXPECT_THAT(Scan(kv, "", ""), ElementsAre("a=1"));
  ASSERT_TRUE(Put(kv, "c", "3", Durability::kSynced).ok());
  kv.Crash();
  EXPECT_THAT(Scan(kv, "", ""), ElementsAre("a=1", "c=3"));
}

TEST(MemKv, FailsAsOrdered) {
  tests::MemKv kv;
  kv.FailCommits(absl::InternalError("x"));
  EXPECT_FALSE(Put(kv, "a", "1", Durability::kWritten).ok());
  kv.FailCommits(absl::OkStatus());
  kv.LimitBytes(3);
  EXPECT_EQ(Put(kv, "abc", "1").code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(Scan(kv, "", ""), IsEmpty());
}

TEST(RocksKv, FindsEverythingAgainAfterReopening) {
  tests::TempDir dir;
  {
    const auto kv = Open(dir);
    for (size_t i = 0; i < kKeySpaceNames.size(); ++i) {
      Batch batch;
      batch.Put(static_cast<KeySpace>(i), "k", std::string(kKeySpaceNames[i]));
      ASSERT_TRUE(kv->Commit(batch, Durability::kWritten).ok());
    }
    ASSERT_TRUE(kv->Commit({}, Durability::kSynced).ok());
  }
  const auto kv = Open(dir);
  for (size_t i = 0; i < kKeySpaceNames.size(); ++i) {
    EXPECT_EQ(**kv->Get(static_cast<KeySpace>(i), "k"), kKeySpaceNames[i]);
  }
}

// The files as a machine leaves them that lost power: the tail of the write-ahead log is torn.
TEST(RocksKv, OpensAfterATornTailWithEverythingBeforeIt) {
  tests::TempDir dir;
  {
    const auto kv = Open(dir);
    ASSERT_TRUE(Put(*kv, "a", "1").ok());
    std::filesystem::copy(dir / "db", dir / "before");
    ASSERT_TRUE(Put(*kv, "b", std::string(3000, 'x')).ok());
    std::filesystem::remove_all(dir / "before");
    std::filesystem::copy(dir / "db", dir / "torn");
  }
  for (const auto& file : std::filesystem::directory_iterator(dir / "torn")) {
    if (file.path().extension() == ".log" && file.file_size() > 1000) {
      std::filesystem::resize_file(file.path(), file.file_size() - 1000);
    }
  }
  const auto kv = RocksKv::Open(dir / "torn", {});
  ASSERT_TRUE(kv.ok()) << kv.status();
  EXPECT_THAT(Scan(**kv, "", ""), ElementsAre("a=1"));
}

TEST(RocksKv, RefusesEverythingAfterAFailedSync) {
  tests::TempDir dir;
  tests::FailingEnv env;
  RocksKv::Options options;
  options.env = &env;
  const auto kv = Open(dir, options);
  ASSERT_TRUE(Put(*kv, "a", "1", Durability::kWritten).ok());
  env.fail_sync = true;
  EXPECT_FALSE(kv->Commit({}, Durability::kSynced).ok());
  env.fail_sync = false;
  EXPECT_FALSE(kv->Commit({}, Durability::kSynced).ok())
      << "a second sync that works proves nothing about the first";
  EXPECT_FALSE(Put(*kv, "b", "1").ok());
}

TEST(RocksKv, SaysThatTheDiskIsFull) {
  tests::TempDir dir;
  tests::FailingEnv env;
  RocksKv::Options options;
  options.env = &env;
  const auto kv = Open(dir, options);
  ASSERT_TRUE(Put(*kv, "a", "1").ok());
  env.bytes_left = 10;
  const absl::Status full = Put(*kv, "b", std::string(1000, 'x'));
  EXPECT_EQ(full.code(), absl::StatusCode::kResourceExhausted) << full;
  env.bytes_left = INT64_MAX;
  EXPECT_FALSE(Put(*kv, "c", "1").ok());
}

// A disk became read-only, the engine ended the process with an assertion, and no line of the log said why.
TEST(RocksKv, TellsOfAFailedWriteOrSyncBeforeTheEngineActsUponIt) {
  tests::TempDir dir;
  tests::FailingEnv env;
  std::vector<std::string> told;
  RocksKv::Options options;
  options.env = &env;
  options.disk_failed = [&](const absl::Status& why) { told.emplace_back(why.message()); };
  const auto kv = Open(dir, options);
  ASSERT_TRUE(Put(*kv, "a", "1", Durability::kWritten).ok());
  EXPECT_THAT(told, IsEmpty());
  env.fail_sync = true;
  EXPECT_FALSE(kv->Commit({}, Durability::kSynced).ok());
  ASSERT_EQ(told.size(), 1u);
  EXPECT_THAT(told.front(), HasSubstr("cannot sync"));
  EXPECT_THAT(told.front(), HasSubstr(".log"));
}

// A disk failed while a sync was under way: the kernel reported success, the command was acknowledged and told to
// another service, and after the disk had been checked it was gone; that service's stream stopped for another history.
TEST(RocksKv, ASyncBehindWhichTheFileSystemGaveUpIsNone) {
  tests::TempDir dir;
  std::vector<std::string> told;
  bool gone = false;
  const DiskWatch watch([&](const absl::Status& why) { told.emplace_back(why.message()); },
                        [&] { return gone ? absl::InternalError("it keeps nothing any more") : absl::OkStatus(); });
  const auto env = WatchFiles(*rocksdb::Env::Default(), watch);
  std::unique_ptr<rocksdb::WritableFile> file;
  ASSERT_TRUE(env->NewWritableFile(dir / "file", &file, {}).ok());
  ASSERT_TRUE(file->Append("a matter").ok());
  ASSERT_TRUE(file->Sync().ok());
  EXPECT_THAT(told, IsEmpty());
  gone = true;
  EXPECT_TRUE(file->Sync().IsIOError());
  EXPECT_TRUE(file->Fsync().IsIOError());
  ASSERT_EQ(told.size(), 2u);
  EXPECT_THAT(told.front(), HasSubstr("cannot sync"));
  EXPECT_THAT(told.front(), HasSubstr("it keeps nothing any more"));
}

TEST(JournalGuard, AsksWithoutLeavingAnythingBehind) {
  tests::TempDir dir;
  const auto guard = JournalGuard::Open(dir / "");
  ASSERT_TRUE(guard.ok()) << guard.status();
  for (int i = 0; i < 3; ++i) EXPECT_TRUE((*guard)->Ask().ok());
  EXPECT_TRUE(std::filesystem::is_empty(dir / ""));
  const auto nowhere = JournalGuard::Open(dir / "nowhere");
  EXPECT_THAT(std::string(nowhere.status().message()), HasSubstr("nowhere"));
}

TEST(RocksKv, SaysThatADirectoryCannotBeWritten) {
  tests::TempDir dir;
  std::ofstream(dir / "file") << "not a directory";
  const auto kv = RocksKv::Open(dir / "file/db", {});
  EXPECT_FALSE(kv.ok());
  EXPECT_THAT(std::string(kv.status().message()), HasSubstr("file/db"));
  if (geteuid() == 0) return;  // root writes everywhere
  std::filesystem::create_directory(dir / "locked");
  chmod((dir / "locked").c_str(), 0500);
  EXPECT_FALSE(RocksKv::Open(dir / "locked/db", {}).ok());
}

TEST(RocksKv, IsOpenedByOneProcessAtATime) {
  tests::TempDir dir;
  const auto first = Open(dir);
  EXPECT_FALSE(RocksKv::Open(dir / "db", {}).ok());
}

TEST(RocksKv, CanBeLookedAtWhileItIsOpen) {
  tests::TempDir dir;
  const auto kv = Open(dir);
  ASSERT_TRUE(Put(*kv, "a", "1").ok());
  RocksKv::Options options;
  options.read_only = true;
  const auto looker = Open(dir, options);
  EXPECT_THAT(Scan(*looker, "", ""), ElementsAre("a=1"));
  EXPECT_FALSE(Put(*looker, "b", "1").ok());
}

TEST(RocksKv, DoesNotMakeADatabaseToLookAt) {
  tests::TempDir dir;
  RocksKv::Options options;
  options.read_only = true;
  EXPECT_EQ(RocksKv::Open(dir / "nowhere", options).status().code(), absl::StatusCode::kNotFound);
  EXPECT_FALSE(std::filesystem::exists(dir / "nowhere"));
}

TEST(RocksKv, RefusesAKeySpaceOfANewerProgram) {
  tests::TempDir dir;
  Open(dir);
  {
    rocksdb::Options options;
    std::vector<std::string> names;
    ASSERT_TRUE(rocksdb::DB::ListColumnFamilies(options, dir / "db", &names).ok());
    std::vector<rocksdb::ColumnFamilyDescriptor> families;
    for (const auto& name : names) families.emplace_back(name, rocksdb::ColumnFamilyOptions());
    std::vector<rocksdb::ColumnFamilyHandle*> handles;
    rocksdb::DB* db = nullptr;
    ASSERT_TRUE(rocksdb::DB::Open(options, dir / "db", families, &handles, &db).ok());
    rocksdb::ColumnFamilyHandle* extra = nullptr;
    ASSERT_TRUE(db->CreateColumnFamily({}, "telepathy", &extra).ok());
    handles.push_back(extra);
    for (auto* handle : handles) db->DestroyColumnFamilyHandle(handle);
    delete db;
  }
  const auto opened = RocksKv::Open(dir / "db", {});
  EXPECT_EQ(opened.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(opened.status().message()), HasSubstr("telepathy"));
}

TEST(SpaceGuard, MeasuresTheDiskOfADirectory) {
  tests::TempDir dir;
  EXPECT_TRUE(CheckFreeSpace(dir.path(), 1).ok());
  EXPECT_EQ(CheckFreeSpace(dir.path(), ~uint64_t{0}).code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(CheckFreeSpace(dir / "nowhere").code(), absl::StatusCode::kInternal);
}

TEST(Backup, IsADatabaseAndARestoreRaisesItsEpoch) {
  tests::TempDir dir;
  const auto put = [](RocksKv& to, std::string key) {  // not a state: that would need an entry of the log
    Batch batch;
    batch.Put(KeySpace::kDerived, std::move(key), "");
    return to.Commit(batch, Durability::kSynced);
  };
  {
    const auto kv = Open(dir);
    ASSERT_TRUE(OpenFormat(*kv, "jar", {}, "0123456789abcdef").ok());
    ASSERT_TRUE(put(*kv, "a").ok());
    ASSERT_TRUE(kv->Checkpoint(dir / "while_running").ok());
    ASSERT_TRUE(put(*kv, "later").ok());
  }
  ASSERT_TRUE(Backup(dir / "db", dir / "backup").ok());
  EXPECT_EQ(Backup(dir / "db", dir / "backup").code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(Backup(dir / "nowhere", dir / "b2").code(), absl::StatusCode::kNotFound);

  const auto format = Restore(dir / "while_running", dir / "restored");
  ASSERT_TRUE(format.ok()) << format.status();
  EXPECT_EQ(format->epoch(), 2u);
  EXPECT_EQ(format->log_id(), "0123456789abcdef");
  const auto kv = RocksKv::Open(dir / "restored", {});
  ASSERT_TRUE(kv.ok());
  EXPECT_TRUE((*kv)->Get(KeySpace::kDerived, "a")->has_value());
  EXPECT_FALSE((*kv)->Get(KeySpace::kDerived, "later")->has_value());
  EXPECT_EQ(Restore(dir / "while_running", dir / "restored").status().code(),
            absl::StatusCode::kAlreadyExists);
}

TEST(Backup, ThatWasDamagedIsNotRestored) {
  tests::TempDir dir;
  {
    const auto kv = Open(dir);
    ASSERT_TRUE(OpenFormat(*kv, "jar", {}, "0123456789abcdef").ok());
    kernel::v1::LogRecord record;
    record.set_seq(1);
    record.set_aggregate_id("m1");
    record.set_version(1);
    Batch batch;
    std::string value = EncodeLogValue(record, 0).value;
    value.back() ^= 1;
    batch.Put(KeySpace::kLog, LogKey(1), value);
    ASSERT_TRUE(kv->Commit(batch, Durability::kSynced).ok());
  }
  const auto format = Restore(dir / "db", dir / "restored");
  EXPECT_EQ(format.status().code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(format.status().message()), HasSubstr("entry 1"));
  EXPECT_FALSE(std::filesystem::exists(dir / "restored"));
}

}  // namespace
}  // namespace storage
