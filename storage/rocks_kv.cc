#include "storage/rocks_kv.h"

#include <absl/strings/str_cat.h>
#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>
#include <rocksdb/utilities/checkpoint.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "base/check.h"
#include "base/log.h"
#include "base/status_macros.h"
#include "storage/leap.h"

namespace storage {
namespace {

using rocksdb::ColumnFamilyDescriptor, rocksdb::ColumnFamilyHandle, rocksdb::Slice;

Slice ToSlice(std::string_view text) { return {text.data(), text.size()}; }
std::string_view FromSlice(const Slice& slice) { return {slice.data(), slice.size()}; }

absl::Status ToStatus(const rocksdb::Status& status, std::string_view what) {
  if (status.ok()) return absl::OkStatus();
  const std::string text = absl::StrCat("cannot ", std::string(what), ": ", status.ToString());
  if (status.IsCorruption()) return absl::DataLossError(text);
  if (status.IsNoSpace()) return absl::ResourceExhaustedError(text);
  if (status.IsBusy() || status.IsTimedOut()) return absl::UnavailableError(text);
  return absl::InternalError(text);
}

constexpr size_t kIndexRowBytes = 11;  // index number, nine digits of a township, group

// What a key space's memtable may hold before it is flushed. The log and the states get most: they take most
// bytes.
size_t MemtableBytes(KeySpace space) {
  switch (space) {
    case KeySpace::kLog:
    case KeySpace::kState:
      return size_t{16} << 20;
    case KeySpace::kDedupe:
    case KeySpace::kIndex:
    case KeySpace::kVault:
    case KeySpace::kDerived:
    case KeySpace::kTally:
      return size_t{8} << 20;
    case KeySpace::kTimer:
    case KeySpace::kAudit:
    case KeySpace::kRefusal:
    case KeySpace::kSealedState:
    case KeySpace::kSealedVault:
      return size_t{4} << 20;
    case KeySpace::kMeta:
    case KeySpace::kCursor:
    case KeySpace::kQuarantine:
    case KeySpace::kCounter:
      break;
  }
  return size_t{1} << 20;
}

rocksdb::ColumnFamilyOptions FamilyOptions(KeySpace space, const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.block_size = 16 << 10;
  table.cache_index_and_filter_blocks = true;  // else they grow with the database, outside the cache's limit
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  table.format_version = 5;
  table.checksum = rocksdb::kXXH3;
  // Point lookups of keys that are not there: new request ids, new matters. The log and the timers are only
  // scanned.
  const bool looked_up = space == KeySpace::kState || space == KeySpace::kDedupe ||
                         space == KeySpace::kVault || space == KeySpace::kTally ||
                         space == KeySpace::kSealedState || space == KeySpace::kSealedVault;
  if (looked_up) table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  // In pieces: whole, the filters of millions of keys push each other out of the cache, and every lookup reads a
  // megabyte again to learn that a key is not there.
  table.index_type = rocksdb::BlockBasedTableOptions::kTwoLevelIndexSearch;
  table.partition_filters = true;
  table.metadata_block_size = 4 << 10;

  rocksdb::ColumnFamilyOptions options;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  options.write_buffer_size = MemtableBytes(space);
  options.arena_block_size =
      std::min<size_t>(64 << 10, options.write_buffer_size / 8);  // an idle family stays small
  // The same for what is not in a table file yet: a filter instead of a search through the memtable.
  if (looked_up) {
    options.memtable_prefix_bloom_size_ratio = 0.02;
    options.memtable_whole_key_filtering = true;
  }
  // Writes into several ordered rows at a time (codes that count up, newest first of a township, of a reporter): each
  // continues where its row was written last instead of searching from the top.
  if (space == KeySpace::kIndex) {
    options.memtable_insert_with_hint_prefix_extractor.reset(rocksdb::NewCappedPrefixTransform(kIndexRowBytes));
  }
  options.max_write_buffer_number = 3;
  options.min_write_buffer_number_to_merge = 1;
  options.compression = rocksdb::kLZ4Compression;
  options.bottommost_compression = space == KeySpace::kLog ? rocksdb::kZSTD : rocksdb::kLZ4Compression;
  options.compaction_style = rocksdb::kCompactionStyleLevel;
  options.level_compaction_dynamic_level_bytes = true;
  // A counter is written again and again, and a walk over counters passes what each file still says of them: few files,
  // and a memtable in which most of what is written again is forgotten before it reaches one. A walk that leaps through
  // an index is sought in every file, again at each leap.
  const bool walked = space == KeySpace::kTally || space == KeySpace::kIndex;
  options.level0_file_num_compaction_trigger = walked ? 2 : 4;
  // A page reads the states of its rows, all of them there: the last level, where nearly all lie, has no filter to ask
  // first. What is looked up and absent is new, next to what was written last, and its block is in the cache.
  options.optimize_filters_for_hits = space == KeySpace::kState;
  options.level0_slowdown_writes_trigger = 20;
  options.level0_stop_writes_trigger = 36;
  options.target_file_size_base = uint64_t{32} << 20;
  options.max_bytes_for_level_base = uint64_t{128} << 20;
  options.force_consistency_checks = true;
  options.paranoid_file_checks = false;
  return options;
}

rocksdb::DBOptions DatabaseOptions(const RocksKv::Options& wanted) {
  rocksdb::DBOptions options;
  options.create_if_missing = !wanted.read_only;
  options.create_missing_column_families = !wanted.read_only;
  options.paranoid_checks = true;
  options.env = wanted.env != nullptr ? wanted.env : rocksdb::Env::Default();
  options.wal_recovery_mode =
      rocksdb::WALRecoveryMode::kPointInTimeRecovery;  // a torn tail was never acknowledged
  options.max_total_wal_size = wanted.wal_bytes;
  options.db_write_buffer_size = wanted.memtables_bytes;
  options.max_background_jobs = 2;
  options.max_subcompactions = 1;
  options.max_open_files = 512;
  options.bytes_per_sync =
      1 << 20;  // write dirty pages of table files early, so that a WAL sync does not wait for them
  options.wal_bytes_per_sync = 0;
  options.use_fsync = false;  // fdatasync
  options.allow_mmap_reads = false;
  options.allow_mmap_writes = false;
  options.enable_pipelined_write = false;
  options.unordered_write = false;
  options.two_write_queues = false;
  options.allow_concurrent_memtable_write = false;  // one writer thread
  options.manual_wal_flush = false;
  options.atomic_flush = false;  // every write goes through the WAL
  options.avoid_flush_during_shutdown = false;
  options.recycle_log_file_num = 0;
  options.max_manifest_file_size = uint64_t{16} << 20;
  options.info_log = EngineLog();
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  options.skip_stats_update_on_db_open = true;  // a quick start
  options.max_bgerror_resume_count = 0;         // an I/O error is final for this process
  return options;
}

// RocksDB changes some settings silently; those the promises hang on are compared.
absl::Status CheckSettings(const rocksdb::DB& db, const rocksdb::DBOptions& wanted) {
  const rocksdb::DBOptions got = db.GetDBOptions();
  const auto check = [](std::string_view name, auto is, auto should_be) -> absl::Status {
    if (is == should_be) return absl::OkStatus();
    return absl::InternalError(
        absl::StrCat("cannot open the database: the engine changed the setting ", std::string(name)));
  };
  RETURN_IF_ERROR(check("wal_recovery_mode", got.wal_recovery_mode, wanted.wal_recovery_mode));
  RETURN_IF_ERROR(check("max_total_wal_size", got.max_total_wal_size, wanted.max_total_wal_size));
  RETURN_IF_ERROR(check("manual_wal_flush", got.manual_wal_flush, wanted.manual_wal_flush));
  RETURN_IF_ERROR(check("paranoid_checks", got.paranoid_checks, wanted.paranoid_checks));
  RETURN_IF_ERROR(check("unordered_write", got.unordered_write, wanted.unordered_write));
  RETURN_IF_ERROR(check("recycle_log_file_num", got.recycle_log_file_num, wanted.recycle_log_file_num));
  return check("max_bgerror_resume_count", got.max_bgerror_resume_count, wanted.max_bgerror_resume_count);
}

// A key space this build does not know was written by a newer one.
absl::Status CheckFamilies(const rocksdb::DBOptions& options, const std::string& directory, bool must_exist) {
  const std::string current = directory + "/CURRENT";
  if (!options.env->FileExists(current).ok()) {
    if (must_exist) return absl::NotFoundError(absl::StrCat("cannot open ", directory, ": there is no database"));
    // Before the engine makes the folder itself it looks into it, and logs an error that is none.
    return ToStatus(options.env->CreateDirIfMissing(directory), absl::StrCat("create ", directory));
  }
  std::vector<std::string> names;
  RETURN_IF_ERROR(ToStatus(rocksdb::DB::ListColumnFamilies(options, directory, &names),
                           absl::StrCat("read the key spaces of ", directory)));
  for (const std::string& name : names) {
    if (name != rocksdb::kDefaultColumnFamilyName &&
        std::ranges::find(kKeySpaceNames, name) == kKeySpaceNames.end()) {
      return absl::FailedPreconditionError(
          absl::StrCat("cannot open ", directory, ": it has the key space '", name,
                       "', which this program does not know; a newer one wrote it"));
    }
  }
  return absl::OkStatus();
}

// Behind this key and before every other.
bool IsNext(const std::string& next, std::string_view key) {
  return next.size() == key.size() + 1 && next.back() == '\0' && next.starts_with(key);
}

absl::Status LeapWith(rocksdb::DB& db, ColumnFamilyHandle* family, const rocksdb::Snapshot* snapshot,
                      std::string_view from, std::string_view to, const Leaps& each) {
  const Slice upper = ToSlice(to);
  rocksdb::ReadOptions options;
  options.snapshot = snapshot;
  options.iterate_upper_bound = &upper;
  const std::unique_ptr<rocksdb::Iterator> at(db.NewIterator(options, family));
  at->Seek(ToSlice(from));
  while (at->Valid()) {
    const std::string next = each(FromSlice(at->key()), FromSlice(at->value()));
    if (next.empty() || next >= to) break;
    if (IsNext(next, FromSlice(at->key()))) {  // a step costs a tenth of a leap
      at->Next();
    } else {
      at->Seek(ToSlice(next));
    }
  }
  return ToStatus(at->status(), "scan");
}

absl::Status ScanWith(rocksdb::DB& db, ColumnFamilyHandle* family, const rocksdb::Snapshot* snapshot,
                      std::string_view from, std::string_view to,
                      const std::function<bool(std::string_view, std::string_view)>& each) {
  const Slice upper = ToSlice(to);
  rocksdb::ReadOptions options;
  options.snapshot = snapshot;
  if (!to.empty()) options.iterate_upper_bound = &upper;
  const std::unique_ptr<rocksdb::Iterator> at(db.NewIterator(options, family));
  for (at->Seek(ToSlice(from)); at->Valid(); at->Next()) {
    if (!each(FromSlice(at->key()), FromSlice(at->value()))) return absl::OkStatus();
  }
  return ToStatus(at->status(), "scan");
}

absl::StatusOr<std::optional<std::string>> GetWith(rocksdb::DB& db, ColumnFamilyHandle* family,
                                                   const rocksdb::Snapshot* snapshot, std::string_view key) {
  rocksdb::ReadOptions options;
  options.snapshot = snapshot;
  std::string value;
  const rocksdb::Status status = db.Get(options, family, ToSlice(key), &value);
  if (status.IsNotFound()) return std::optional<std::string>();
  RETURN_IF_ERROR(ToStatus(status, "read"));
  return std::optional<std::string>(std::move(value));
}

}  // namespace

class RocksKv::SnapshotView final : public View, public Leaping {
 public:
  explicit SnapshotView(const RocksKv& kv)
      : kv_(kv),
        snapshot_(kv.db_->GetSnapshot()),
        moment_(kv.kept_.MomentOf(snapshot_->GetSequenceNumber())) {}
  ~SnapshotView() override { kv_.db_->ReleaseSnapshot(snapshot_); }
  absl::StatusOr<std::optional<std::string>> Get(KeySpace space, std::string_view key) const override {
    return GetWith(*kv_.db_, kv_.families_[static_cast<size_t>(space)], snapshot_, key);
  }
  absl::Status Scan(KeySpace space, std::string_view from, std::string_view to,
                    const std::function<bool(std::string_view, std::string_view)>& each) const override {
    const auto stored = [this, space](std::string_view first, std::string_view end, const KeptRanges::Each& see) {
      return ScanWith(*kv_.db_, kv_.families_[static_cast<size_t>(space)], snapshot_, first, end, see);
    };
    return moment_ ? kv_.kept_.Scan(space, *moment_, from, to, each, stored) : stored(from, to, each);
  }
  absl::Status Leap(KeySpace space, std::string_view from, std::string_view to, const Leaps& each) const override {
    return LeapWith(*kv_.db_, kv_.families_[static_cast<size_t>(space)], snapshot_, from, to, each);
  }

 private:
  const RocksKv& kv_;
  const rocksdb::Snapshot* const snapshot_;
  const std::optional<uint64_t> moment_;  // of what is kept
};

RocksKv::RocksKv(KeptRanges::Limits kept) : kept_(kept) {}

absl::StatusOr<std::unique_ptr<RocksKv>> RocksKv::Open(std::string directory, Options wanted) {
  std::unique_ptr<RocksKv> kv(new RocksKv(wanted.kept));
  if (wanted.disk_failed) RETURN_IF_ERROR(kv->WatchDisk(directory, &wanted));
  const rocksdb::DBOptions options = DatabaseOptions(wanted);
  RETURN_IF_ERROR(CheckFamilies(options, directory, wanted.read_only));
  const auto cache = rocksdb::NewLRUCache(wanted.block_cache_bytes);
  std::vector<ColumnFamilyDescriptor> descriptors;
  for (size_t i = 0; i < kKeySpaceNames.size(); ++i) {
    descriptors.emplace_back(std::string(kKeySpaceNames[i]), FamilyOptions(static_cast<KeySpace>(i), cache));
  }
  // RocksDB insists on its default family; it stays empty.
  descriptors.emplace_back(rocksdb::kDefaultColumnFamilyName, FamilyOptions(KeySpace::kMeta, cache));

  rocksdb::DB* db = nullptr;
  std::vector<ColumnFamilyHandle*> handles;
  const rocksdb::Status opened =
      wanted.read_only ? rocksdb::DB::OpenForReadOnly(options, directory, descriptors, &handles, &db)
                       : rocksdb::DB::Open(options, directory, descriptors, &handles, &db);
  RETURN_IF_ERROR(ToStatus(opened, absl::StrCat("open the database in ", directory)));
  kv->db_.reset(db);
  kv->default_family_ = handles.back();
  handles.pop_back();
  kv->families_ = std::move(handles);
  kv->batch_ = std::make_unique<rocksdb::WriteBatch>();
  kv->kept_.Begin(db->GetLatestSequenceNumber());
  RETURN_IF_ERROR(CheckSettings(*db, options));
  return kv;
}

absl::Status RocksKv::WatchDisk(const std::string& directory, Options* wanted) {
  std::error_code error;  // the guard says what is wrong
  std::filesystem::create_directories(directory, error);
  ASSIGN_OR_RETURN(journal_, JournalGuard::Open(directory));
  watch_ = std::make_unique<DiskWatch>(std::move(wanted->disk_failed), [this] { return journal_->Ask(); });
  watched_env_ = WatchFiles(wanted->env != nullptr ? *wanted->env : *rocksdb::Env::Default(), *watch_);
  wanted->env = watched_env_.get();
  return absl::OkStatus();
}

RocksKv::~RocksKv() {
  if (db_ == nullptr) return;
  if (watch_ != nullptr) watch_->LookAway();  // what fails while it closes is said below
  for (ColumnFamilyHandle* family : families_) db_->DestroyColumnFamilyHandle(family);
  if (default_family_ != nullptr) db_->DestroyColumnFamilyHandle(default_family_);
  const rocksdb::Status closed = db_->Close();
  if (!closed.ok()) base::Log(base::kError, "closing the database failed", {{"status", closed.ToString()}});
}

absl::StatusOr<std::optional<std::string>> RocksKv::Get(KeySpace space, std::string_view key) const {
  return GetWith(*db_, families_[static_cast<size_t>(space)], nullptr, key);
}

absl::Status RocksKv::Scan(KeySpace space, std::string_view from, std::string_view to,
                           const std::function<bool(std::string_view, std::string_view)>& each) const {
  return ScanWith(*db_, families_[static_cast<size_t>(space)], nullptr, from, to, each);
}

std::shared_ptr<const View> RocksKv::Snapshot() const { return std::make_shared<SnapshotView>(*this); }

absl::Status RocksKv::Commit(const Batch& batch, Durability durability) {
  RETURN_IF_ERROR(Poisoned());
  if (batch.empty()) {
    if (durability == Durability::kWritten) return absl::OkStatus();
    return Poison(ToStatus(db_->SyncWAL(), "sync the log of the database"));
  }
  batch_->Clear();
  for (const Batch::Op& op : batch.ops()) {
    ColumnFamilyHandle* family = families_[static_cast<size_t>(op.space)];
    const rocksdb::Status added = op.value ? batch_->Put(family, ToSlice(op.key), ToSlice(*op.value))
                                           : batch_->Delete(family, ToSlice(op.key));
    CHECK(added.ok()) << added.ToString();
  }
  rocksdb::WriteOptions options;
  options.sync = durability == Durability::kSynced;
  options.disableWAL = false;
  options.no_slowdown = false;
  const absl::Status written = ToStatus(db_->Write(options, batch_.get()), "write to the database");
  if (written.ok()) {
    kept_.Follow(batch, db_->GetLatestSequenceNumber());
  } else {
    kept_.Stop();
  }
  return Poison(written);
}

absl::Status RocksKv::Poison(absl::Status status) {
  if (!status.ok()) {
    absl::MutexLock lock(&mutex_);
    if (poison_.ok()) poison_ = status;
  }
  return status;
}

absl::Status RocksKv::Poisoned() const {
  absl::MutexLock lock(&mutex_);
  return poison_;
}

absl::Status RocksKv::Checkpoint(const std::string& directory) const {
  rocksdb::Checkpoint* made = nullptr;
  RETURN_IF_ERROR(ToStatus(rocksdb::Checkpoint::Create(db_.get(), &made), "prepare a checkpoint"));
  const std::unique_ptr<rocksdb::Checkpoint> checkpoint(made);
  return ToStatus(checkpoint->CreateCheckpoint(directory), absl::StrCat("make a checkpoint in ", directory));
}

absl::Status RocksKv::VerifyChecksums() const {
  return ToStatus(db_->VerifyChecksum(), "verify the files of the database");
}

}  // namespace storage
