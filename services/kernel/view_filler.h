#pragma once
// Views that came with a newer program: what older programs stored puts its rows into them when the database is opened,
// before anybody reads.
//
//   meta "indexes"  -> u32be how many indexes of D::kIndexes are filled; absent: not known, all are written again
//   meta "views"    -> u32be the D::kViewsRevision the rows were made by; absent: 1
//
// An index added at the end of D::kIndexes is filled by itself. Whoever changes what Timers, Tallies, HeadedBytes or a
// known index say of a state that may be stored already raises D::kViewsRevision (absent: 1): then all are made again.

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status_macros.h"
#include "kernel/v1/record.pb.h"
#include "services/kernel/heads.h"
#include "services/kernel/sealer.h"
#include "services/kernel/views.h"
#include "storage/kv.h"

namespace kernel {

template <class D>
constexpr uint32_t ViewsRevision() {
  if constexpr (requires { D::kViewsRevision; }) {
    return D::kViewsRevision;
  } else {
    return 1;
  }
}

// What the rows of a database were made by.
struct ViewsMade {
  uint32_t indexes = 0;
  uint32_t revision = 1;
};
// FAILED_PRECONDITION: more than this program knows; a newer one made them, and this one would leave holes in them.
absl::StatusOr<ViewsMade> ReadViewsMade(const storage::View& view, ViewsMade known);

// The rows of one stored state.
struct ViewRows {
  std::vector<std::string> index;    // keys of kIndex
  std::vector<std::string> tallies;  // keys of kTally
  Heads heads;                       // those it would be alone
  int64_t timer_at_ms = 0;           // the earliest; 0: none
};
// Called with each stored state in clear.
using ViewRowsOf = std::function<absl::StatusOr<ViewRows>(std::string_view id, std::string_view state)>;

// Adds rows of indexes and notes at the end that those of `known` are filled. Ended in the middle it starts again: rows
// that are there are written once more.
absl::Status FillIndexes(storage::Kv& kv, const Sealer* sealer, ViewsMade known, const ViewRowsOf& rows);
// Takes all rows away and makes them again. The same of an end in the middle. Holds all tallies and heads in memory.
absl::Status RemakeViews(storage::Kv& kv, const Sealer* sealer, ViewsMade known, const ViewRowsOf& rows);

// `made`: what ReadViewsMade said.
template <Domain D>
absl::Status FillNewViews(storage::Kv& kv, const Sealer* sealer, ViewsMade made) {
  constexpr ViewsMade kKnown{D::kIndexes.size(), ViewsRevision<D>()};
  const bool remade = made.revision < kKnown.revision;
  if (!remade && made.indexes == kKnown.indexes) return absl::OkStatus();
  const uint32_t first = remade ? 0 : made.indexes;
  auto rows = [first](std::string_view id, std::string_view bytes) -> absl::StatusOr<ViewRows> {
    typename D::State state;
    if (!state.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
      return absl::DataLossError("cannot make a view: a state is damaged");
    ViewRows its;
    Views views = ViewsOf<D>(id, state);
    for (const IndexEntry& entry : views.indexes) {
      const uint8_t number = IndexNumber<D>(entry.index);
      if (number < first) continue;
      const std::string& stored = its.index.emplace_back(storage::IndexKey(number, entry.key, id));
      const std::string range = HeadedRange<D>(entry);
      if (!range.empty()) AddHead(range, stored, &its.heads);
    }
    for (TallyEntry& entry : views.tallies) its.tallies.push_back(std::move(entry.key));
    its.timer_at_ms = EarliestTimer<D>(state);
    return its;
  };
  return remade ? RemakeViews(kv, sealer, kKnown, rows) : FillIndexes(kv, sealer, kKnown, rows);
}

}  // namespace kernel
