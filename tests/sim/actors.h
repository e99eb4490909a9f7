#pragma once
// Who acts: people of the simulated city with the one right their position gives them.

#include <string>
#include <utility>

#include "kernel/v1/actor.pb.h"

namespace sim {

inline constexpr char kCounty[] = "371403";
inline constexpr char kCity[] = "3714";

inline kernel::v1::Actor As(kernel::v1::Role role, std::string org, std::string area, std::string user) {
  kernel::v1::Actor actor;
  actor.set_user_id(std::move(user));
  auto* grant = actor.add_grant();
  grant->set_role(role);
  grant->set_org_id(std::move(org));
  grant->set_area_code(std::move(area));
  return actor;
}

// Without an account: a query code is all they have.
inline kernel::v1::Actor Anybody() { return {}; }

inline kernel::v1::Actor Citizen(std::string user) {
  kernel::v1::Actor actor;
  actor.set_user_id(std::move(user));
  actor.add_grant()->set_role(kernel::v1::ROLE_PUB);
  return actor;
}

inline kernel::v1::Actor Platform() {
  kernel::v1::Actor actor;
  actor.set_service("simulator");
  actor.add_grant()->set_role(kernel::v1::ROLE_SYS);
  return actor;
}

inline std::string AreaOfOrg(const std::string& org) { return org.substr(0, org.find('-')); }
inline std::string Centre(const std::string& area) { return area + "-centre"; }

}  // namespace sim
