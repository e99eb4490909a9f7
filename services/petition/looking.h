#pragma once
// From which level somebody looks at an area: a petition is its office's and of whoever stands above, so sums and rows
// of an area leave out what a higher office has. Pure.

#include <algorithm>
#include <string_view>

#include "base/area_code.h"
#include "common/v1/common.pb.h"
#include "services/rpc/access.h"

namespace petition {

// The widest of the caller's areas that covers it; 0: none. Another service sees what the city sees.
inline int LookingFrom(const rpc::Caller& caller, std::string_view area) {
  if (!caller.signed_in() && !caller.service.empty()) return common::v1::CITY;
  int level = 0;
  for (const auto& own : caller.areas) {
    if (base::Covers(own, area)) level = std::max(level, base::LevelOf(own));
  }
  return level;
}

}  // namespace petition
