#pragma once
// Keys of the indexes and tallies of the petition service: written by views.cc, read by queries.cc.
//
//   area, backlog      area code (4, 6, 9 or 12 digits) '/' ended(1) ~registered_at(u64be)   newest first
//   office, unit       org id '/' ended(1) ~registered_at(u64be)
//   petitioner, leader user id '/' ended(1) ~registered_at(u64be)
//   sealed             org id of office or discipline organ '/' "0" ~registered_at(u64be)
//   reception          area code (4, 6, 9 or 12 digits) '/' "0" ~held_at(u64be)
//   copy               id of the petition it was merged into '/'      met  id of a petition brought to a reception '/'
//   matter_code        matter code '/'       query_code  query code
//   provisional        calendar revision (u32be) of the oldest provisional clock
//
//   tally status/<township>/<office level>/<status>, content/<township>/<office level>/<code>: township is 9 digits,
//         others as <county>000
//
// A sealed petition has an entry in `sealed` and, while it needs one, in `provisional`, and in nothing else. A
// reception that was sealed with one has an entry in `sealed` for each petition brought there: kSealedWith, its id '/'.

#include <cstdint>
#include <string>
#include <string_view>

namespace petition {

inline constexpr std::string_view kSealedWith = "with/";  // no organisation has such an id

// Every list key: whose list, open or ended, newest first.
std::string ListKey(std::string_view whose, bool ended, int64_t at_ms);
std::string ListPrefix(std::string_view whose, bool ended);
std::string TownshipOf(std::string_view area_code);

}  // namespace petition
