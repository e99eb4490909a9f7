#pragma once
// What things of the directory are called. Pure.

#include <string>
#include <string_view>

#include "services/reference/reference.h"

namespace reference {

// Its id if the directory has not told of it yet.
inline std::string OrgName(const Reference& reference, std::string_view org_id) {
  const auto* org = reference.FindOrg(org_id);
  return org == nullptr ? std::string(org_id) : org->name();
}

}  // namespace reference
