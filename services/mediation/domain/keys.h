#pragma once
// Keys of the indexes and tallies of the mediation service: written by views.cc, read by queries.cc.
//
//   area         area code (4, 6, 9 or 12 digits) '/' ended(1) ~registered_at(u64be): newest first, open first
//   committee    org id '/' ended(1) ~registered_at(u64be)
//   mediator     user id '/' ended(1) ~registered_at(u64be)
//   party_user   user id '/' ended(1) ~registered_at(u64be)
//   matter_code  matter code '/'
//   query_code   query code
//   provisional  calendar revision (u32be) of the oldest provisional clock
//   promise      committee's org id, or area code of the case '/' due day '/' number of the clause: open promises
//   handed_up    org id of the committee that handed it up '/' ~transferred_at(u64be): newest first
//
//   tallies: status/<township>/<status>, dispute/<township>/<type>,
//   stat/type/<year>/<township>/<type>/<open|written|oral|ended|refused>, stat/source/<year>/<township>/<source>,
//   stat/band/…, stat/confirmation/…, stat/performance/… of agreements. A township is 9 digits, cases of a county
//   stand under <county>000; the year is that of registration.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/calendar.h"

namespace mediation {

// Every list key: whose list, open or ended, newest first.
std::string ListKey(std::string_view whose, bool ended, int64_t registered_at_ms);
std::string ListPrefix(std::string_view whose, bool ended);
std::string HandedUpPrefix(std::string_view committee_org);
std::string TownshipOf(std::string_view area_code);
// `whose`: a committee, or the area the case lies in. Days stand as "2026-12-24", which sorts.
std::string PromiseKey(std::string_view whose, base::Day day, int no);
// What the counters of one year begin with, for an area of nine, six or four digits.
std::string StatisticsPrefix(std::string_view what, int year, std::string_view area_code);

}  // namespace mediation
