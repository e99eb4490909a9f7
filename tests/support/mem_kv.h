#pragma once
// Kv in memory with the promises of the real one: batches are atomic; a batch is visible at once and durable only when
// synced; Crash() loses what was not. Errors can be ordered. Snapshots are cheap: keys keep their versions
// while a snapshot
// may look at them. Deterministic; any thread.

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/kv.h"

namespace tests {

class MemKv final : public storage::Kv {
 public:
  MemKv() : core_(std::make_shared<Core>()) {}

  absl::StatusOr<std::optional<std::string>> Get(storage::KeySpace space, std::string_view key) const override {
    return core_->Get(space, key, kNewest);
  }
  absl::Status Scan(storage::KeySpace space, std::string_view from, std::string_view to,
                    const std::function<bool(std::string_view, std::string_view)>& each) const override {
    return core_->Scan(space, from, to, each, kNewest);
  }
  std::shared_ptr<const storage::View> Snapshot() const override { return std::make_shared<AtMoment>(core_); }
  absl::Status Commit(const storage::Batch& batch, storage::Durability durability) override {
    return core_->Commit(batch, durability);
  }

  // The machine dies: everything that was not synced is gone. Snapshots taken before must not be used any more.
  void Crash() { core_->Crash(); }
  // The process dies: written batches survive, as they do in the page cache.
  void KillProcess() {}
  // The next commits (syncs) fail with this and change nothing; ok: they work again.
  void FailCommits(absl::Status with) { core_->Fail(std::move(with), &Core::commit_failure); }
  void FailSyncs(absl::Status with) { core_->Fail(std::move(with), &Core::sync_failure); }
  void FailReads(absl::Status with) { core_->Fail(std::move(with), &Core::read_failure); }
  // Every batch that would make the stored bytes exceed this fails like a full disk.
  void LimitBytes(size_t bytes) { core_->Limit(bytes); }

  uint64_t commits() const { return core_->Count(&Core::commits); }
  uint64_t syncs() const { return core_->Count(&Core::syncs); }
  size_t puts() const { return core_->Count(&Core::puts); }

 private:
  static constexpr uint64_t kNewest = ~uint64_t{0};
  struct Version {
    uint64_t at;                       // number of the batch
    std::optional<std::string> value;  // nullopt: deleted
  };
  using Space = std::map<std::string, std::vector<Version>, std::less<>>;

  struct Core {
    absl::StatusOr<std::optional<std::string>> Get(storage::KeySpace space, std::string_view key, uint64_t at) const {
      absl::MutexLock lock(&mutex);
      if (!read_failure.ok()) return read_failure;
      const Space& keys = spaces[static_cast<size_t>(space)];
      const auto found = keys.find(key);
      const Version* version = found == keys.end() ? nullptr : VersionAt(found->second, at);
      return version == nullptr ? std::optional<std::string>() : version->value;
    }

    // In portions, so that `each` may call back and writers are not held up.
    absl::Status Scan(storage::KeySpace space, std::string_view from, std::string_view to,
                      const std::function<bool(std::string_view, std::string_view)>& each, uint64_t at) const {
      std::string next(from);
      size_t limit = kPortionFirst;  // most scans look at the first few only
      for (bool more = true; more; limit = std::min(2 * limit, kPortion)) {
        std::vector<std::pair<std::string, std::string>> portion;
        {
          absl::MutexLock lock(&mutex);
          if (!read_failure.ok()) return read_failure;
          if (at == kNewest) at = batches;  // one moment for the whole scan, as an iterator has
          const Space& keys = spaces[static_cast<size_t>(space)];
          auto key = keys.lower_bound(next);
          for (; key != keys.end() && (to.empty() || key->first < to) && portion.size() < limit; ++key) {
            const Version* version = VersionAt(key->second, at);
            if (version != nullptr && version->value) portion.emplace_back(key->first, *version->value);
          }
          more = key != keys.end() && (to.empty() || key->first < to);
          if (more) next = key->first;
        }
        for (const auto& [key, value] : portion) {
          if (!each(key, value)) return absl::OkStatus();
        }
      }
      return absl::OkStatus();
    }

    absl::Status Commit(const storage::Batch& batch, storage::Durability durability) {
      absl::MutexLock lock(&mutex);
      if (!batch.empty()) {
        if (!commit_failure.ok()) return commit_failure;
        if (bytes + batch.bytes() > bytes_max) return absl::ResourceExhaustedError("cannot write: no space left");
        ++commits;
        ++batches;
        for (const auto& op : batch.ops()) {
          auto& versions = spaces[static_cast<size_t>(op.space)][op.key];
          Prune(&versions);
          if (!versions.empty() && versions.back().at == batches) {
            versions.back().value = op.value;
          } else {
            versions.push_back({batches, op.value});
          }
          if (!op.value) deleted.push_back({batches, static_cast<size_t>(op.space), op.key});
          unsynced.emplace(static_cast<size_t>(op.space), op.key);
          ++puts;
        }
        bytes += batch.bytes();
        Bury();
      }
      if (durability == storage::Durability::kSynced) {
        if (!sync_failure.ok()) return sync_failure;
        ++syncs;
        synced = batches;
        unsynced.clear();
      }
      return absl::OkStatus();
    }

    void Crash() {
      absl::MutexLock lock(&mutex);
      for (const auto& [space, key] : unsynced) {
        auto& keys = spaces[space];
        auto at = keys.find(key);
        if (at == keys.end()) continue;
        std::erase_if(at->second, [&](const Version& version) { return version.at > synced; });
        if (at->second.empty()) keys.erase(at);
      }
      unsynced.clear();
      batches = synced;
      while (!deleted.empty() && deleted.back().at > synced) deleted.pop_back();
    }

    static const Version* VersionAt(const std::vector<Version>& versions, uint64_t at) {
      for (auto version = versions.rbegin(); version != versions.rend(); ++version) {
        if (version->at <= at) return &*version;
      }
      return nullptr;
    }

    uint64_t Oldest() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) {
      return snapshots.empty() ? synced : std::min(*snapshots.begin(), synced);
    }

    // Forgets deleted keys nobody can ask for, so that a scan does not walk over everything that ever was.
    void Bury() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) {
      const uint64_t oldest = Oldest();
      for (; !deleted.empty() && deleted.front().at <= oldest; deleted.pop_front()) {
        Space& keys = spaces[deleted.front().space];
        const auto key = keys.find(deleted.front().key);
        if (key == keys.end()) continue;
        const Version& newest = key->second.back();
        if (!newest.value && newest.at <= oldest) keys.erase(key);
      }
    }

    // Drops versions that no snapshot, no crash and no reader can ask for.
    void Prune(std::vector<Version>* versions) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) {
      const uint64_t oldest = Oldest();
      size_t keep = 0;
      while (keep + 1 < versions->size() && (*versions)[keep + 1].at <= oldest) ++keep;
      versions->erase(versions->begin(), versions->begin() + static_cast<std::ptrdiff_t>(keep));
    }

    void Fail(absl::Status with, absl::Status Core::*which) {
      absl::MutexLock lock(&mutex);
      this->*which = std::move(with);
    }
    void Limit(size_t limit) {
      absl::MutexLock lock(&mutex);
      bytes_max = limit;
    }
    uint64_t Count(uint64_t Core::*which) const {
      absl::MutexLock lock(&mutex);
      return this->*which;
    }

    struct Deleted {
      uint64_t at;  // number of the batch
      size_t space;
      std::string key;
    };
    static constexpr size_t kPortion = 64;
    static constexpr size_t kPortionFirst = 4;
    mutable absl::Mutex mutex;
    std::array<Space, storage::kKeySpaceNames.size()> spaces;
    uint64_t batches = 0;
    uint64_t synced = 0;
    std::set<std::pair<size_t, std::string>> unsynced;
    std::multiset<uint64_t> snapshots;
    std::deque<Deleted> deleted;  // in the order of batches
    absl::Status commit_failure, sync_failure, read_failure;
    size_t bytes = 0;
    size_t bytes_max = ~size_t{0};
    uint64_t commits = 0, syncs = 0, puts = 0;
  };

  class AtMoment final : public storage::View {
   public:
    explicit AtMoment(std::shared_ptr<Core> core) : core_(std::move(core)) {
      absl::MutexLock lock(&core_->mutex);
      at_ = core_->batches;
      core_->snapshots.insert(at_);
    }
    ~AtMoment() override {
      absl::MutexLock lock(&core_->mutex);
      core_->snapshots.erase(core_->snapshots.find(at_));
    }
    absl::StatusOr<std::optional<std::string>> Get(storage::KeySpace space, std::string_view key) const override {
      return core_->Get(space, key, at_);
    }
    absl::Status Scan(storage::KeySpace space, std::string_view from, std::string_view to,
                      const std::function<bool(std::string_view, std::string_view)>& each) const override {
      return core_->Scan(space, from, to, each, at_);
    }

   private:
    const std::shared_ptr<Core> core_;
    uint64_t at_ = 0;
  };

  std::shared_ptr<Core> core_;
};

}  // namespace tests
