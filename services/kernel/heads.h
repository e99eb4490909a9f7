#pragma once
// The first entry of each of many ranges of an index, kept beside the index where one short walk finds them all. Looked
// for in the index itself each costs a search of its own, through every file of it, and more the more is stored.
//
//   kDerived   index number, the bytes that all keys of the range begin with -> the first entry, as it stands in kIndex
//
// A domain says of an entry how many bytes of its key are those of the range, 0 if nobody asks for its first:
//
//   static size_t HeadedBytes(const IndexEntry&);
//
// No range lies within another. The value is kept right where an entry comes or goes; only where the first itself goes
// is the next one looked for. Like tallies the heads follow from the states: replay makes them again, and so does a
// raised kViewsRevision (view_filler.h).

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <algorithm>
#include <concepts>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/status_macros.h"
#include "services/kernel/domain.h"
#include "services/kernel/views.h"
#include "storage/keys.h"
#include "storage/kv.h"

namespace kernel {

template <class D>
concept KeepsHeads = requires(const IndexEntry& entry) {
  { D::HeadedBytes(entry) } -> std::same_as<size_t>;
};

// Range -> its first entry.
using Heads = std::map<std::string, std::string>;

// The range in which the entry may be the first; "": none.
template <Domain D>
std::string HeadedRange(const IndexEntry& entry) {
  if constexpr (KeepsHeads<D>) {
    const size_t bytes = D::HeadedBytes(entry);
    if (bytes > 0) return storage::IndexPrefix(IndexNumber<D>(entry.index), entry.key.substr(0, bytes));
  }
  return "";
}

inline void AddHead(const std::string& range, const std::string& entry, Heads* heads) {
  const auto [at, fresh] = heads->try_emplace(range, entry);
  if (!fresh && entry < at->second) at->second = entry;
}

// Heads of what the commands of a group put into lists and take out of them. Writer thread only.
class HeadBook {
 public:
  // The first entry of a range as the group leaves it; "": none.
  using FirstOf = std::function<absl::StatusOr<std::string>(const std::string& range)>;

  explicit HeadBook(const storage::Kv& kv) : kv_(kv) {}

  // What an aggregate changed.
  template <Domain D>
  absl::Status Follow(std::string_view id, const Views& before, const Views& after) {
    RETURN_IF_ERROR(NoteThose<D>(id, before, after, false));
    return NoteThose<D>(id, after, before, true);
  }
  absl::Status Flush(const FirstOf& first_of, storage::Batch* batch);

 private:
  struct Head {
    std::string stored, first;
    bool gone = false;  // the first has left: the next one is to be looked for
  };

  // Of those that are in `these` and not in `others`.
  template <Domain D>
  absl::Status NoteThose(std::string_view id, const Views& these, const Views& others, bool came) {
    for (const IndexEntry& entry : these.indexes) {
      const std::string range = HeadedRange<D>(entry);
      if (range.empty() || std::ranges::binary_search(others.indexes, entry)) continue;
      RETURN_IF_ERROR(Note(range, storage::IndexKey(IndexNumber<D>(entry.index), entry.key, id), came));
    }
    return absl::OkStatus();
  }
  absl::Status Note(const std::string& range, std::string entry, bool came);

  const storage::Kv& kv_;
  std::map<std::string, Head> heads_;  // of this group
};

}  // namespace kernel
