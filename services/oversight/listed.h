#pragma once
// What the index "figure" says that the tallies do not: what one unit settled within a minute. Entries are read one by
// one, so what is asked is bounded: one family. One thread.

#include <absl/status/statusor.h>

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "services/kernel/reader.h"
#include "services/oversight/domain/oversight.h"
#include "services/oversight/figures.h"

namespace oversight {

// Townships with anything listed that this view shows, of the area and of places that count for it today, sorted.
absl::StatusOr<std::set<std::string>> TownshipsListed(const kernel::Reader<OversightDomain>& reader,
                                                      const std::string& area, char view);

// Three matters settled on the spot by one unit within a minute, or more (3.10): worth a look, and nobody's fault.
inline constexpr size_t kBurst = 3;
inline constexpr int64_t kBurstSeconds = 60;
struct Settled {
  std::string id;  // the matter
  std::string unit;
  int64_t second = 0;  // local, since the first day
};
// Those of `settled` that are part of a burst, by id.
std::vector<Settled> BurstsAmong(std::vector<Settled> settled);
// Of an area and period, as known from the level `looks` (0: the area's own). What was settled before its unit was told
// is in none.
absl::StatusOr<std::vector<Settled>> Bursts(const kernel::Reader<OversightDomain>& reader, const std::string& area,
                                            Days days, int looks = 0);

}  // namespace oversight
