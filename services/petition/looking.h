#pragma once
// From which level somebody looks at an area: a petition is its office's and of whoever stands above, so sums and rows
// of an area leave out what a higher office has; and whether numbers are shown as they are. Pure.

#include <algorithm>
#include <string_view>

#include "base/area_code.h"
#include "common/v1/common.pb.h"
#include "services/rpc/access.h"
#include "services/rpc/standing_over.h"

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

// Roles that may open petitions of their area, from the level of their office up.
inline bool OpensPetitions(kernel::v1::Role role) {
  switch (role) {
    case kernel::v1::ROLE_PC:
    case kernel::v1::ROLE_PO:
    case kernel::v1::ROLE_TL:
    case kernel::v1::ROLE_CL:
    case kernel::v1::ROLE_CYL:
    case kernel::v1::ROLE_SV:
    case kernel::v1::ROLE_RV:
      return true;
    default:
      return false;
  }
}

// Who asks for numbers: exact to whoever may open petitions of the area, and then of what those may open; to others
// multiples of five. A role that only counts adds nothing to what another opens.
struct Looking {
  int from = 0;
  bool exact = false;
};
inline Looking LookingAtNumbers(const rpc::Caller& caller, std::string_view area) {
  const int opens = rpc::LevelOver(caller, area, OpensPetitions);
  return opens > 0 ? Looking{opens, true} : Looking{LookingFrom(caller, area), false};
}

}  // namespace petition
