#pragma once
// Keys of the indexes and tallies of the mediation service: written by views.cc, read by queries.cc.
//
//   area         area code (4, 6, 9 or 12 digits) '/' ended(1) ~registered_at(u64be)   newest first, open
//   before ended committee    org id '/' ended(1) ~registered_at(u64be) mediator     user id '/' ended(1)
//   ~registered_at(u64be) party_user   user id '/' ended(1) ~registered_at(u64be) matter_code  matter code
//   '/' query_code   query code provisional  calendar revision (u32be) of the oldest provisional clock
//
//   tally status/<township>/<status>, dispute/<township>/<type>: township is 9 digits, county-level cases as
//   <county>000

#include <cstdint>
#include <string>
#include <string_view>

namespace mediation {

// Every list key: whose list, open or ended, newest first.
std::string ListKey(std::string_view whose, bool ended, int64_t registered_at_ms);
std::string ListPrefix(std::string_view whose, bool ended);
std::string TownshipOf(std::string_view area_code);

}  // namespace mediation
