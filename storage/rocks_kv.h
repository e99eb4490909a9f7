#pragma once
// Kv on RocksDB 7.8: one column family per key space, every option that matters written out in rocks_kv.cc and read
// back after opening. A failed write or sync leaves the files in an unknown state: the first one is
// remembered, and every
// later Commit fails with it, so that nobody can acknowledge by trying again (docs/ON_DISK.md). Short ranges that
// snapshots are asked for again and again are answered from memory (kept_ranges.h).
// Threads: see kv.h.

#include <absl/base/thread_annotations.h>
#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <absl/synchronization/mutex.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "storage/journal_guard.h"
#include "storage/kept_ranges.h"
#include "storage/kv.h"
#include "storage/watched_files.h"

namespace rocksdb {
class ColumnFamilyHandle;
class DB;
class Env;
class WriteBatch;
}  // namespace rocksdb

namespace storage {

class RocksKv final : public Kv {
 public:
  struct Options {
    size_t block_cache_bytes = size_t{48} << 20;
    size_t memtables_bytes = size_t{96} << 20;  // of all key spaces together
    size_t wal_bytes = size_t{128} << 20;       // beyond it the oldest memtables are flushed
    bool read_only = false;                     // also while another process has it open; Commit fails
    rocksdb::Env* env = nullptr;                // tests: a disk that fails. Null: the machine's
    // Told of every write or sync that fails, from Open on, before anything else hears of it. Any thread.
    std::function<void(absl::Status)> disk_failed;
    KeptRanges::Limits kept;
  };
  static absl::StatusOr<std::unique_ptr<RocksKv>> Open(std::string directory, Options options);
  ~RocksKv() override;

  absl::StatusOr<std::optional<std::string>> Get(KeySpace space, std::string_view key) const override;
  absl::Status Scan(KeySpace space, std::string_view from, std::string_view to,
                    const std::function<bool(std::string_view key, std::string_view value)>& each) const override;
  std::shared_ptr<const View> Snapshot() const override;
  absl::Status Commit(const Batch& batch, Durability durability) override;

  // A consistent copy in a new directory (hard links where possible). Any thread, while others write.
  absl::Status Checkpoint(const std::string& directory) const;
  // Reads every block of every file and compares checksums.
  absl::Status VerifyChecksums() const;

 private:
  class SnapshotView;
  explicit RocksKv(KeptRanges::Limits kept);
  absl::Status WatchDisk(const std::string& directory, Options* wanted);
  absl::Status Poison(absl::Status status) ABSL_LOCKS_EXCLUDED(mutex_);
  absl::Status Poisoned() const ABSL_LOCKS_EXCLUDED(mutex_);

  std::unique_ptr<JournalGuard> journal_;               // with `disk_failed` only
  std::unique_ptr<DiskWatch> watch_;                    // with `disk_failed` only; outlives what watches
  std::unique_ptr<rocksdb::Env> watched_env_;
  std::unique_ptr<rocksdb::DB> db_;
  std::vector<rocksdb::ColumnFamilyHandle*> families_;  // by KeySpace; owned, released before db_
  rocksdb::ColumnFamilyHandle* default_family_ = nullptr;
  std::unique_ptr<rocksdb::WriteBatch> batch_;          // the writer's; reused
  mutable KeptRanges kept_;
  mutable absl::Mutex mutex_;
  absl::Status poison_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace storage
