#pragma once
// From several vintages of the official lists to one effective-dated set of areas: what is in the newest list
// is valid; what is only in an older one ended on the day of the list that first left it out, and names a
// successor. Pure.
//
// The lists name no successors, so each is found by the first rule that fits, and says which:
//   same-name    the one village of the newer list, in the same township, whose name has the same core
//   (张庄村委会 = 张庄村民委员会) community    the former name says to what it belonged: 红运社区姚庄 -> the
//   one village 红运 of the same township merged-name  of the villages new in the township, the one whose
//   name shares the longest run of characters with the
//                former one, where the run holds a character that is no common part of village names (庄, 家,
//                东 …); a tie fits none. Marked inferred.
//   township     the township itself answers. Marked inferred.
// Every former code therefore leads to an area that is valid: Combine checks it, and that no chain has a
// circle.

#include <absl/status/statusor.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "services/directory/domain/area_lists.h"

namespace directory {

// Oldest first; all of one city. The boundaries of the newest are kept by the caller.
absl::StatusOr<std::map<std::string, v1::Area>> Combine(const std::vector<Vintage>& vintages);

// The core of a village's name: without 村民委员会, 居委会, 社区, 村, 新村 and remarks in brackets. Never
// empty.
std::string CoreName(std::string_view name);

}  // namespace directory
