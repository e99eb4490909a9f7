#pragma once
// Keys of the indexes and tallies of oversight: written by views.cc, read by queries.
//
//   review        area '/' byte(u8) order(u64be)      area: township, county or city; the groups in the order they
//                                                     are read, see keys.cc; order: opened_at, oldest first; of
//                                                     WAS_ESCALATED, the last: ~escalated_at, newest first
//   stuck         area '/' reason(u8) place '/' opened_at(u64be)    of what is on the review list of the area; place:
//                                                     PlaceIn
//   light_holder  org '/' rank(u8) due_at(u64be)      one entry a matter and holder: its worst clock
//   light_area    county or township '/' rank(u8) due_at(u64be)   yellow and red only
//   order         ("d/" area | "a/" area | "o/" org) '/' at(u64be)   drafts and orders out, of every area that may see
//                                                     them, and orders out of a unit; at: drafted, or due
//                 "c/" org '/' month(u32be)         cards given to a unit in a month and not taken back
//   instruction   ("a/" area | "o/" org | "u/" user) '/' closed(1) due_at(u64be)
//   warning       area '/' over(u8) high(u8) raised_at(u64be)   open ones, of every area that may see them; of those
//                                                     that are over: area '/' over(u8) ~ended_at(u64be), newest first
//   accountability  ("s/" area | "r/" org | "m/" area | "i/" area | "l/" org | "u/" org | "t/" task) '/' closed(1)
//                 ~at(u64be)                          suggestions of an area, to a body; measures of a conference;
//                                                     inspections of an area's supervision, led by a unit, fed back
//                                                     to a unit, about a task; newest first
//
//   tallies       review/<area>/group/<n>  review/<area>/township/<code>  review/<area>/category/<code>
//                 review/<area>/stuck/<reason>/<place>
//                 warning/<area>/<month it was raised>/<rule>/<what became of it>

#include <cstdint>
#include <string>
#include <string_view>

#include "common/v1/common.pb.h"
#include "oversight/v1/review.pb.h"
#include "oversight/v1/watch.pb.h"

namespace oversight {

std::string ReviewPrefix(std::string_view area);
// REQUIRES: order < 2^60, except of WAS_ESCALATED.
std::string ReviewKey(std::string_view area, oversight::v1::ReviewGroup group, uint64_t order);
// The first key that is not of the group, nor before it.
std::string ReviewEnd(std::string_view area, oversight::v1::ReviewGroup group);
// place empty: of every place.
std::string StuckPrefix(std::string_view area, int reason, std::string_view place = "");
std::string LightPrefix(std::string_view whose);
std::string LightKey(std::string_view whose, common::v1::Light light, int64_t due_at_ms);
std::string LightColourPrefix(std::string_view whose, common::v1::Light light);
std::string OrderPrefix(char list, std::string_view whose);
std::string CardsPrefix(std::string_view org, int32_t month);
std::string WarningPrefix(std::string_view area, bool over);
std::string WarningKey(std::string_view area, const oversight::v1::WarningState& warning);
std::string WarningTallies(std::string_view area);
// list: 's' suggestions made in an area, 'r' sent to a body, 'm' measures of an area's conference; inspections: 'i',
// 'l', 'u', 't', as above.
std::string AccountabilityPrefix(char list, std::string_view whose, bool closed);
// Of a place, the area next below the one of `level` that it lies in; "-": it lies in none.
std::string BelowIn(std::string_view place, int level);
std::string InstructionPrefix(char list, std::string_view whose, bool closed);

}  // namespace oversight
