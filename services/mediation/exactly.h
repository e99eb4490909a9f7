#pragma once
// Who reads the numbers of an area as they are: whoever may open its cases, and the committees, who mediate them and
// owe the statistics of them. Others read what base/small_numbers.h leaves. Pure.

#include <string_view>

#include "base/small_numbers.h"
#include "services/rpc/standing_over.h"

namespace mediation {

inline bool CountsCases(kernel::v1::Role role) {
  switch (role) {
    case kernel::v1::ROLE_TD:
    case kernel::v1::ROLE_TL:
    case kernel::v1::ROLE_CD:
    case kernel::v1::ROLE_CL:
    case kernel::v1::ROLE_CC:
    case kernel::v1::ROLE_CYL:
    case kernel::v1::ROLE_SV:
    case kernel::v1::ROLE_MR:
    case kernel::v1::ROLE_MC:
    case kernel::v1::ROLE_MD:
      return true;
    default:
      return false;
  }
}

inline bool ReadsExactly(const rpc::Caller& caller, std::string_view area) {
  return rpc::LevelOver(caller, area, CountsCases) > 0;
}

}  // namespace mediation
