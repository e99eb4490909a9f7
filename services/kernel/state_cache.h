#pragma once
// Parsed states of aggregates. Doubles as the overlay of a group: what this group has changed is here and nowhere else
// until it is written, so such entries cannot be dropped before. Bounded between groups. Writer thread only.
// Reads the Kv directly (also what is written and not yet synced): the writer is the only one who may.

#include <absl/status/statusor.h>
#include <absl/strings/str_cat.h>

#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/status_macros.h"
#include "kernel/v1/record.pb.h"
#include "services/kernel/domain.h"
#include "services/kernel/limits.h"
#include "services/kernel/sealer.h"
#include "storage/kv.h"

namespace kernel {

// What the kernel keeps in step with a state: computed by the domain, sorted.
struct Views {
  std::vector<IndexEntry> indexes;
  std::vector<TallyEntry> tallies;
};

template <class State>
struct Entry {
  std::string id;
  State state;
  uint64_t version = 0;
  std::string hash;                    // of the newest record; empty before the first
  std::vector<uint64_t> seqs;
  int64_t timer_at_ms = 0;             // its entry in kTimer as written; 0: none
  std::optional<int64_t> wake_at_ms;   // instead of the earliest timer: a timer that fired in vain
  std::optional<Views> views;          // of `state`; computed when first needed
  bool dirty = false;                  // changed by this group
  size_t bytes = 0;                    // about what it costs
};

template <class State>
class StateCache {
 public:
  // `sealer`: null if nothing in this database is sealed.
  explicit StateCache(const storage::Kv& kv, const Sealer* sealer = nullptr) : kv_(kv), sealer_(sealer) {}

  // Never null; version 0 if there is none. Valid until Trim.
  absl::StatusOr<Entry<State>*> Load(std::string_view id) {
    const auto at = by_id_.find(id);
    if (at != by_id_.end()) {
      entries_.splice(entries_.begin(), entries_, at->second);
      return &*at->second;
    }
    ASSIGN_OR_RETURN(const auto stored, ReadState(kv_, sealer_, id));
    entries_.emplace_front();
    Entry<State>& entry = entries_.front();
    entry.id = std::string(id);
    if (stored) {
      if (absl::Status status = Parse(*stored, &entry); !status.ok()) {
        entries_.pop_front();
        return status;
      }
    }
    entry.bytes = 512 + 2 * (stored ? stored->ByteSizeLong() : 0);
    bytes_ += entry.bytes;
    by_id_.emplace(std::string_view(entry.id), entries_.begin());
    return &entry;
  }

  // The state grew to about this many serialized bytes.
  void SetSize(Entry<State>* entry, size_t serialized) {
    bytes_ -= entry->bytes;
    entry->bytes = 512 + 2 * serialized;
    bytes_ += entry->bytes;
  }

  // Drops what was not used for longest until the limits hold. REQUIRES: nothing is dirty.
  void Trim(size_t states_max = kCachedStatesMax, size_t bytes_max = kCachedStateBytesMax) {
    while (!entries_.empty() && (entries_.size() > states_max || bytes_ > bytes_max)) {
      bytes_ -= entries_.back().bytes;
      by_id_.erase(std::string_view(entries_.back().id));
      entries_.pop_back();
    }
  }

  size_t size() const { return entries_.size(); }

 private:
  static absl::Status Parse(const v1::StateRecord& record, Entry<State>* entry) {
    if (!entry->state.ParseFromString(record.state())) {
      return absl::DataLossError(absl::StrCat("cannot read the state of ", entry->id, ": its record is damaged"));
    }
    entry->version = record.version();
    entry->hash = record.hash();
    entry->seqs.assign(record.seq().begin(), record.seq().end());
    entry->timer_at_ms = record.timer_at_ms();
    return absl::OkStatus();
  }

  const storage::Kv& kv_;
  const Sealer* const sealer_;
  std::list<Entry<State>> entries_;  // most recently used first
  std::unordered_map<std::string_view, typename std::list<Entry<State>>::iterator> by_id_;  // keys live in entries_
  size_t bytes_ = 0;
};

}  // namespace kernel
