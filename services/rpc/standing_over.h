#pragma once
// From how high a caller stands over an area, counted by the roles that open what is there. Any thread.

#include <algorithm>
#include <string_view>

#include "base/area_code.h"
#include "common/v1/common.pb.h"
#include "services/rpc/access.h"

namespace rpc {

// The widest area around this one in which the caller has a role of which `opens` is true, as its level; 0: there is
// none, and numbers of the area are for them what base/small_numbers.h leaves. Another service stands as the city does.
template <class Opens>
int LevelOver(const Caller& caller, std::string_view area, Opens opens) {
  if (!caller.signed_in() && !caller.service.empty()) return common::v1::CITY;
  int level = 0;
  for (const auto& grant : caller.actor.grant()) {
    const bool stands = opens(grant.role()) && base::Covers(grant.area_code(), area);
    if (stands) level = std::max(level, base::LevelOf(grant.area_code()));
  }
  return std::min<int>(level, common::v1::CITY);
}

}  // namespace rpc
