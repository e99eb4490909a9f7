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

// The unit that is there today for one of a village that merged 合村并居: that of the same short name in the area that took
// over, which is how tokens name the former ones (services/directory/heirs.h). The same unit if nothing took it over.
inline std::string OrgToday(const Reference& reference, std::string_view org_id) {
  const size_t dash = org_id.find('-');
  if (dash == std::string_view::npos) return std::string(org_id);
  std::string there = reference.ResolveSuccessor(org_id.substr(0, dash));
  there += org_id.substr(dash);
  return reference.FindOrg(there) == nullptr ? std::string(org_id) : there;
}

}  // namespace reference
