#pragma once
// Index and tally entries of a state, and what changes on disk when a state changes. Pure but for the books
// it is given.

#include <absl/status/status.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "base/status_macros.h"
#include "services/kernel/books.h"
#include "services/kernel/domain.h"
#include "services/kernel/state_cache.h"
#include "storage/keys.h"

namespace kernel {

template <Domain D>
uint8_t IndexNumber(std::string_view name) {
  const auto at = std::ranges::find(D::kIndexes, name);
  CHECK(at != D::kIndexes.end()) << "index not in kIndexes: " << std::string(name);
  return static_cast<uint8_t>(at - D::kIndexes.begin());
}

template <Domain D>
Views ViewsOf(std::string_view id, const typename D::State& state) {
  Views views{D::Indexes(id, state), D::Tallies(state)};
  std::ranges::sort(views.indexes);
  // Not std::ranges::unique: clang 14 cannot read the subrange of libstdc++ 12.
  views.indexes.erase(std::unique(views.indexes.begin(), views.indexes.end()), views.indexes.end());
  std::ranges::sort(views.tallies);  // a state may count twice under one key
  return views;
}

// Writes the difference. Walks both sorted lists once.
template <Domain D>
absl::Status WriteDifference(std::string_view id, const Views& before, const Views& after, storage::Batch* batch,
                             NumberBook* tallies) {
  auto b = before.indexes.begin();
  auto a = after.indexes.begin();
  while (b != before.indexes.end() || a != after.indexes.end()) {
    const bool gone = a == after.indexes.end() || (b != before.indexes.end() && *b < *a);
    const bool fresh = b == before.indexes.end() || (a != after.indexes.end() && *a < *b);
    if (gone) {
      batch->Delete(storage::KeySpace::kIndex, storage::IndexKey(IndexNumber<D>(b->index), b->key, id));
    } else if (fresh) {
      batch->Put(storage::KeySpace::kIndex, storage::IndexKey(IndexNumber<D>(a->index), a->key, id), "");
    }
    if (!fresh) ++b;
    if (!gone) ++a;
  }
  auto tb = before.tallies.begin();
  auto ta = after.tallies.begin();
  while (tb != before.tallies.end() || ta != after.tallies.end()) {
    const bool gone = ta == after.tallies.end() || (tb != before.tallies.end() && *tb < *ta);
    const bool fresh = tb == before.tallies.end() || (ta != after.tallies.end() && *ta < *tb);
    if (gone) RETURN_IF_ERROR(tallies->Add(tb->key, -1));
    if (fresh) RETURN_IF_ERROR(tallies->Add(ta->key, +1));
    if (!fresh) ++tb;
    if (!gone) ++ta;
  }
  return absl::OkStatus();
}

// 0: none. A timer without a time is none.
template <Domain D>
int64_t EarliestTimer(const typename D::State& state) {
  int64_t earliest = 0;
  for (const Timer& timer : D::Timers(state)) {
    if (timer.due_ms > 0 && (earliest == 0 || timer.due_ms < earliest)) earliest = timer.due_ms;
  }
  return earliest;
}

}  // namespace kernel
