#pragma once
// Lookup for Decide: states through the cache, index scans over the database and the index changes of this group,
// counters with the possibility to take the numbers of a refused command back. Writer thread only.

#include <absl/status/status.h>

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/coding.h"
#include "services/kernel/books.h"
#include "services/kernel/domain.h"
#include "services/kernel/limits.h"
#include "services/kernel/state_cache.h"
#include "storage/keys.h"

namespace kernel {

// The index changes of a group so far, sorted; read from its batch only when somebody scans.
class IndexOverlay {
 public:
  void Reset() {
    changes_.clear();
    read_ = 0;
  }
  const std::map<std::string, bool, std::less<>>& CatchUp(const storage::Batch& batch) {
    for (; read_ < batch.ops().size(); ++read_) {
      const auto& op = batch.ops()[read_];
      if (op.space == storage::KeySpace::kIndex) changes_.insert_or_assign(op.key, op.value.has_value());
    }
    return changes_;
  }

 private:
  std::map<std::string, bool, std::less<>> changes_;  // key -> there or gone
  size_t read_ = 0;
};

// Aggregate ids of the stored entries in [prefix, its end) with `changes` laid over them, in key order.
absl::StatusOr<std::vector<std::string>> ScanWithOverlay(const storage::View& view, const std::string& prefix,
                                                         const std::map<std::string, bool, std::less<>>& changes,
                                                         size_t limit);

// The first key of the same, as it is stored; "": none.
absl::StatusOr<std::string> FirstWithOverlay(const storage::View& view, const std::string& prefix,
                                             const std::map<std::string, bool, std::less<>>& changes);

template <Domain D>
class GroupLookup final : public Lookup<typename D::State> {
 public:
  using State = typename D::State;

  GroupLookup(const storage::Kv& kv, StateCache<State>* cache, NumberBook* counters)
      : kv_(kv), cache_(*cache), counters_(*counters) {}

  void BeginGroup(const storage::Batch* batch) {
    batch_ = batch;
    overlay_.Reset();
  }
  void BeginCommand() {
    status_ = absl::OkStatus();
    drawn_.clear();
  }
  // Numbers of the command that was just refused are free again.
  absl::Status TakeBack() {
    for (const auto& use : drawn_) {
      if (absl::Status status = counters_.Add(use.name(), -1); !status.ok()) return status;
    }
    drawn_.clear();
    return absl::OkStatus();
  }
  const std::vector<v1::CounterUse>& drawn() const { return drawn_; }
  const absl::Status& status() const { return status_; }  // a disk that failed during Decide

  const State* Find(std::string_view id) override {
    auto entry = cache_.Load(id);
    if (!entry.ok()) {
      status_ = entry.status();
      return nullptr;
    }
    return (*entry)->version == 0 ? nullptr : &(*entry)->state;
  }

  std::vector<std::string> Scan(std::string_view index, std::string_view prefix, size_t limit) override {
    const auto at = std::ranges::find(D::kIndexes, index);
    CHECK(at != D::kIndexes.end()) << "index not in kIndexes: " << std::string(index);
    const auto number = static_cast<uint8_t>(at - D::kIndexes.begin());
    auto found = ScanWithOverlay(kv_, storage::IndexPrefix(number, prefix), overlay_.CatchUp(*batch_), limit);
    if (!found.ok()) {
      status_ = found.status();
      return {};
    }
    return *std::move(found);
  }

  // The first entry of a range of the index, as the group leaves it; "": none.
  absl::StatusOr<std::string> FirstOf(const std::string& range) {
    return FirstWithOverlay(kv_, range, overlay_.CatchUp(*batch_));
  }

  uint64_t Next(std::string_view counter) override {
    CHECK_LT(drawn_.size(), kCounterUsesMax) << "one command draws too many numbers";
    absl::Status added = counters_.Add(counter, 1);
    auto value = counters_.Get(counter);
    if (!added.ok() || !value.ok()) {
      status_ = added.ok() ? value.status() : added;
      return 0;
    }
    v1::CounterUse& use = drawn_.emplace_back();
    use.set_name(std::string(counter));
    use.set_value(*value);
    return *value;
  }

 private:
  const storage::Kv& kv_;
  StateCache<State>& cache_;
  NumberBook& counters_;
  const storage::Batch* batch_ = nullptr;
  IndexOverlay overlay_;
  std::vector<v1::CounterUse> drawn_;
  absl::Status status_;
};

}  // namespace kernel
