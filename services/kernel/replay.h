#pragma once
// Everything but the log can be made again from the log. Replay folds it with the domain's Apply and says what states,
// indexes, timers, tallies, heads and counters must be; Compare names the first difference to what is stored; Repair
// gives the batches that make them equal (a new index, a lost file). An event this build does not know is refused.
// Holds all states in memory. Alone: no writer on the same view.

#include <absl/status/statusor.h>
#include <absl/strings/str_cat.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/status_macros.h"
#include "services/kernel/heads.h"
#include "services/kernel/messages.h"
#include "services/kernel/sealer.h"
#include "services/kernel/views.h"
#include "storage/keys.h"
#include "storage/log_value.h"

namespace kernel {

struct Difference {
  storage::KeySpace space;
  std::string key;
  std::optional<std::string> expected, stored;  // nullopt: must not be there; is not there
  std::string Text() const;
};

// Walks expected and stored records of one key space side by side. `each` returns false to stop.
absl::Status CompareSpace(const storage::View& view, storage::KeySpace space,
                          const std::map<std::string, std::string>& expected,
                          const std::function<bool(const Difference&)>& each);

template <Domain D>
class Replay {
 public:
  using State = typename D::State;

  // FAILED_PRECONDITION: something is sealed, and there is no sealer.
  static absl::StatusOr<Replay> Run(const storage::View& view, const Sealer* sealer = nullptr) {
    Replay replay(sealer);
    absl::Status status;
    RETURN_IF_ERROR(view.Scan(storage::KeySpace::kLog, "", "", [&](std::string_view key, std::string_view stored) {
      status = replay.Fold(key, stored);
      return status.ok();
    }));
    RETURN_IF_ERROR(status);
    RETURN_IF_ERROR(replay.Expect(view));
    return replay;
  }

  uint64_t entries() const { return entries_; }

  // nullopt: what is stored is what the log says.
  absl::StatusOr<std::optional<Difference>> Compare(const storage::View& view) const {
    std::optional<Difference> first;
    for (const auto& [space, records] : expected_) {
      RETURN_IF_ERROR(CompareSpace(view, space, records, [&](const Difference& difference) {
        first = difference;
        return false;
      }));
      if (first) break;
    }
    return first;
  }

  // All changes that make what is stored equal to what the log says.
  absl::StatusOr<storage::Batch> Repair(const storage::View& view) const {
    storage::Batch batch;
    for (const auto& [space, records] : expected_) {
      RETURN_IF_ERROR(CompareSpace(view, space, records, [&](const Difference& difference) {
        if (difference.expected) {
          batch.Put(difference.space, difference.key, *difference.expected);
        } else {
          batch.Delete(difference.space, difference.key);
        }
        return true;
      }));
    }
    return batch;
  }

  const State* Find(const std::string& id) const {
    const auto at = matters_.find(id);
    return at == matters_.end() ? nullptr : &at->second.state;
  }

 private:
  struct Matter {
    State state;
    uint64_t version = 0;
    std::string hash;
    std::vector<uint64_t> seqs;
  };

  explicit Replay(const Sealer* sealer) : sealer_(sealer), names_(D::Event::descriptor()) {}

  absl::Status Fold(std::string_view key, std::string_view stored) {
    uint64_t seq = 0;
    storage::LogValue value;
    v1::LogRecord record;
    typename D::Event event;
    if (!storage::ReadLogKey(key, &seq) || !storage::DecodeLogValue(stored, &value) ||
        !record.ParseFromArray(value.record.data(), static_cast<int>(value.record.size()))) {
      return absl::DataLossError(absl::StrCat("cannot replay log entry ", seq, ": it is damaged"));
    }
    RETURN_IF_ERROR(OpenRecord(sealer_, &record));
    if (!event.ParseFromString(record.event())) {
      return absl::DataLossError(absl::StrCat("cannot replay log entry ", seq, ": it is damaged"));
    }
    if (names_.TypeOf(event) == nullptr) {
      return absl::FailedPreconditionError(
          absl::StrCat("cannot replay log entry ", seq, ": this program does not know the event '",
                       record.event_type(), "'"));
    }
    Matter& matter = matters_[record.aggregate_id()];
    D::Apply(event, record.recorded_at_ms(), &matter.state);
    matter.version = record.version();
    matter.hash = record.hash();
    matter.seqs.push_back(seq);
    for (const auto& use : record.counter()) {
      uint64_t& last = counters_[use.name()];
      last = std::max(last, use.value());
    }
    ++entries_;
    return absl::OkStatus();
  }

  absl::Status Expect(const storage::View& view) {
    using storage::KeySpace;
    for (KeySpace space : {KeySpace::kState, KeySpace::kIndex, KeySpace::kTimer, KeySpace::kTally,
                           KeySpace::kCounter, KeySpace::kSealedState}) {
      expected_[space];
    }
    if constexpr (KeepsHeads<D>) expected_[KeySpace::kDerived];
    std::map<std::string, uint64_t> tallies;
    for (const auto& [id, matter] : matters_) {
      const Views views = ViewsOf<D>(id, matter.state);
      for (const auto& entry : views.indexes) {
        const std::string stored = storage::IndexKey(IndexNumber<D>(entry.index), entry.key, id);
        expected_[KeySpace::kIndex][stored];
        const std::string range = HeadedRange<D>(entry);
        if (!range.empty()) AddHead(range, stored, &expected_[KeySpace::kDerived]);
      }
      for (const auto& entry : views.tallies) ++tallies[entry.key];
      RETURN_IF_ERROR(ExpectState(view, id, matter));
    }
    for (const auto& [key, count] : tallies) expected_[KeySpace::kTally][key] = storage::NumberValue(count);
    for (const auto& [name, last] : counters_) expected_[KeySpace::kCounter][name] = storage::NumberValue(last);
    return absl::OkStatus();
  }

  absl::Status ExpectState(const storage::View& view, const std::string& id, const Matter& matter) {
    v1::StateRecord record;
    record.set_state(matter.state.SerializeAsString());
    record.set_version(matter.version);
    record.set_hash(matter.hash);
    record.mutable_seq()->Add(matter.seqs.begin(), matter.seqs.end());
    record.set_timer_at_ms(EarliestTimer<D>(matter.state));
    // That a timer fired in vain is not in the log; the record may say so, but only to be woken later, never
    // not at all.
    const bool sealed = IsSealed<D>(matter.state);
    const auto space = sealed ? storage::KeySpace::kSealedState : storage::KeySpace::kState;
    ASSIGN_OR_RETURN(const auto stored, view.Get(space, id));
    v1::StateRecord as_stored;
    if (stored && as_stored.ParseFromString(*stored) && as_stored.timer_postponed() && record.timer_at_ms() != 0 &&
        as_stored.timer_at_ms() > record.timer_at_ms()) {
      record.set_timer_at_ms(as_stored.timer_at_ms());
      record.set_timer_postponed(true);
    }
    if (record.timer_at_ms() != 0) {
      expected_[storage::KeySpace::kTimer][storage::TimerKey(record.timer_at_ms(), id)];
    }
    // Sealed bytes may differ and say the same (another profile of the cipher): then what is stored is right.
    if (sealed && stored && OpenState(sealer_, id, &as_stored).ok() &&
        as_stored.SerializeAsString() == record.SerializeAsString()) {
      expected_[space][id] = *stored;
      return absl::OkStatus();
    }
    if (sealed) SealState(*sealer_, id, &record);
    expected_[space][id] = record.SerializeAsString();
    return absl::OkStatus();
  }

  const Sealer* sealer_;
  EventNames names_;
  uint64_t entries_ = 0;
  std::map<std::string, Matter> matters_;
  std::map<std::string, uint64_t> counters_;
  std::map<storage::KeySpace, std::map<std::string, std::string>> expected_;
};

}  // namespace kernel
