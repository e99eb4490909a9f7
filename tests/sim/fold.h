#pragma once
// The simulator's own replay: folds the log with the domain's Apply and compares with what lies in the
// database. It shares the domain's pure functions with the kernel and nothing else: keys and values are put
// together here from the grammar in storage/keyspace.h, so a mistake in the kernel's views, keys or replay is
// not made twice.

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "kernel/v1/record.pb.h"
#include "services/kernel/domain.h"
#include "services/kernel/sealer.h"
#include "storage/kv.h"

namespace sim {

inline std::string BigEndian(uint64_t number) {
  std::string bytes(8, '\0');
  for (size_t i = 8; i-- > 0; number >>= 8) bytes[i] = static_cast<char>(number & 0xff);
  return bytes;
}

// crc32c(4) flags(1) division(1+n) topic(1+n) record
inline std::string_view RecordIn(std::string_view entry) {
  CHECK(entry.size() > 7);
  entry.remove_prefix(5);
  for (int text = 0; text < 2; ++text) entry.remove_prefix(1 + static_cast<uint8_t>(entry[0]));
  return entry;
}

using Rows = std::map<std::string, std::string>;

inline Rows RowsOf(const storage::View& view, storage::KeySpace space) {
  Rows rows;
  const auto status = view.Scan(space, "", "", [&](std::string_view key, std::string_view value) {
    rows.emplace(key, value);
    return true;
  });
  CHECK(status.ok()) << status;
  return rows;
}

template <class State>
struct Folded {
  State state;
  uint64_t version = 0;
  std::string hash;
  std::vector<uint64_t> seqs;
};

template <class D>
std::map<std::string, Folded<typename D::State>> FoldLog(const storage::View& view, const kernel::Sealer* sealer) {
  std::map<std::string, Folded<typename D::State>> folded;
  for (const auto& [key, entry] : RowsOf(view, storage::KeySpace::kLog)) {
    kernel::v1::LogRecord record;
    typename D::Event event;
    CHECK(record.ParseFromString(std::string(RecordIn(entry))));
    CHECK(kernel::OpenRecord(sealer, &record).ok());
    CHECK(event.ParseFromString(record.event()));
    auto& matter = folded[record.aggregate_id()];
    D::Apply(event, record.recorded_at_ms(), &matter.state);
    ++matter.version;
    matter.hash = record.hash();
    matter.seqs.push_back(record.seq());
  }
  return folded;
}

// "" if both hold the same keys (and values, if these count), else what is first different.
inline std::string RowDifference(std::string_view space, const Rows& expected, const Rows& stored) {
  for (const auto& [key, value] : expected) {
    const auto at = stored.find(key);
    if (at == stored.end()) return std::string(space) + ": missing " + key;
    if (at->second != value) return std::string(space) + ": another value at " + key;
  }
  for (const auto& [key, value] : stored) {
    if (!expected.contains(key)) return std::string(space) + ": too much " + key;
  }
  return "";
}

// Lists and counters as they must lie there, one state after the other.
template <class D>
class ViewRows {
 public:
  void Add(const std::string& id, const typename D::State& state) {
    for (const auto& entry : D::Indexes(id, state)) {
      const auto number =
          std::find(D::kIndexes.begin(), D::kIndexes.end(), entry.index) - D::kIndexes.begin();
      const std::string row = std::string(1, static_cast<char>(number)) + entry.key + '\0' + id;
      indexes_[row] = "";
      if constexpr (requires { D::HeadedBytes(entry); }) {
        if (const size_t bytes = D::HeadedBytes(entry); bytes > 0) {
          std::string& head = heads_[row.substr(0, 1 + bytes)];
          if (head.empty() || row < head) head = row;
        }
      }
    }
    for (const auto& entry : D::Tallies(state)) ++counts_[entry.key];
  }

  // What is otherwise; empty texts are nothing.
  std::vector<std::string> Compare(const storage::View& view) const {
    using storage::KeySpace;
    Rows tallies;
    for (const auto& [key, count] : counts_) tallies[key] = BigEndian(count);
    return {RowDifference("index", indexes_, RowsOf(view, KeySpace::kIndex)),
            RowDifference("head", heads_, RowsOf(view, KeySpace::kDerived)),
            RowDifference("tally", tallies, RowsOf(view, KeySpace::kTally))};
  }

 private:
  Rows indexes_, heads_;
  std::map<std::string, uint64_t> counts_;
};

// Lists and counters beside the states of the same moment, without the log: cheap enough for the middle of a run. A
// batch is there whole or not at all, so any moment between two steps is one moment of all of them.
template <class D>
std::vector<std::string> ViewDifferences(const storage::View& view, const kernel::Sealer* sealer) {
  std::vector<std::string> differences;
  ViewRows<D> expected;
  for (const auto space : {storage::KeySpace::kState, storage::KeySpace::kSealedState}) {
    for (const auto& [id, stored] : RowsOf(view, space)) {
      kernel::v1::StateRecord record;
      typename D::State state;
      const bool readable = record.ParseFromString(stored) && kernel::OpenState(sealer, id, &record).ok() &&
                            state.ParseFromString(record.state());
      if (!readable) return {"state: cannot read " + id};
      expected.Add(id, state);
    }
  }
  for (std::string& text : expected.Compare(view)) {
    if (!text.empty()) differences.push_back(std::move(text));
  }
  return differences;
}

template <class D>
std::vector<std::string> FoldDifferences(const storage::View& view, const kernel::Sealer* sealer) {
  using storage::KeySpace;
  std::vector<std::string> differences;
  const auto say = [&](std::string text) {
    if (!text.empty()) differences.push_back(std::move(text));
  };
  Rows timers;
  ViewRows<D> expected;
  const Rows open = RowsOf(view, KeySpace::kState), sealed = RowsOf(view, KeySpace::kSealedState);
  const auto folded = FoldLog<D>(view, sealer);
  for (const auto& [id, matter] : folded) {
    // What is sealed lies apart, and nowhere else.
    const Rows& states = kernel::IsSealed<D>(matter.state) ? sealed : open;
    const auto at = states.find(id);
    kernel::v1::StateRecord record;
    if (at == states.end() || !record.ParseFromString(at->second) || !kernel::OpenState(sealer, id, &record).ok()) {
      say("state: missing " + id);
      continue;
    }
    const bool same =
        record.state() == matter.state.SerializeAsString() && record.version() == matter.version &&
        record.hash() == matter.hash &&
        std::equal(record.seq().begin(), record.seq().end(), matter.seqs.begin(), matter.seqs.end());
    if (!same) say("state: " + id + " is not what its events make of it");
    expected.Add(id, matter.state);
    int64_t due = 0;
    for (const auto& timer : D::Timers(matter.state)) {
      if (timer.due_ms > 0 && (due == 0 || timer.due_ms < due)) due = timer.due_ms;
    }
    if (due == 0) continue;
    if (record.timer_postponed() && record.timer_at_ms() > due) due = record.timer_at_ms();
    timers[BigEndian(static_cast<uint64_t>(due)) + id] = "";
  }
  if (open.size() + sealed.size() > folded.size()) say("state: something lies there that no event made");
  for (std::string& text : expected.Compare(view)) say(std::move(text));
  say(RowDifference("timer", timers, RowsOf(view, KeySpace::kTimer)));
  return differences;
}

}  // namespace sim
