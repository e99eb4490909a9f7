#pragma once
// A small directory to try rules in: one county, one town, two villages, their organisations, administrators.

#include <string>

#include "services/directory/domain/directory.h"
#include "tests/support/scenario.h"

namespace directory {

using Directory = tests::Scenario<DirectoryDomain>;
using kernel::v1::Role;

inline constexpr int64_t kNow = 1'790'000'000'000;  // 2026-09-21
inline constexpr std::string_view kUser = "01J0000000000000000000USER";
inline constexpr std::string_view kSession = "01J000000000000000000SESSN";

inline std::string AreaEvent(const std::string& code, const std::string& name, int level,
                             const std::string& parent) {
  return "area_changed { area { code: '" + code + "' name: '" + name + "' level: " + std::to_string(level) +
         " parent: '" + parent + "' valid_from: '2020-06-30' } source: 'list' }";
}

inline std::string OrgEvent(const std::string& id, const std::string& kind, int level,
                            const std::string& area, const std::string& parent = "") {
  return "organisation_changed { organisation { id: '" + id + "' name: '单位' kind: " + kind +
         " level: " + std::to_string(level) + " area_code: '" + area + "' parent: '" + parent +
         "' } source: 'plan' }";
}

// The scenario is about aggregate `id`.
class World : public Directory {
 public:
  explicit World(std::string_view id) : Directory({}, std::string(id)) {
    At(kNow);
    GivenArea("37", "山东省", 6, "");
    GivenArea("3714", "德州市", 5, "37");
    GivenArea("371403", "陵城区", 4, "3714");
    GivenArea("371422", "宁津县", 4, "3714");
    GivenArea("371403001", "安德街道", 3, "371403");
    GivenArea("371403001201", "张庄村委会", 2, "371403001");
    GivenArea("371403001202", "李庄村委会", 2, "371403001");
    GivenArea("371403001201001", "第一网格", 1, "371403001201");
    GivenOrg("centre", "CENTRE", 5, "3714");
    GivenOrg("gov", "GOV", 4, "371403");
    GivenOrg("centre", "CENTRE", 4, "371403", "3714-centre");
    GivenOrg("hrss", "DEPARTMENT", 4, "371403", "371403-gov");
    GivenOrg("centre", "CENTRE", 4, "371422", "3714-centre");
    GivenOrg("centre", "CENTRE", 3, "371403001", "371403-centre");
    GivenOrg("centre", "CENTRE", 2, "371403001201", "371403001-centre");
    GivenOrg("committee", "COMMITTEE", 2, "371403001201");
  }

 private:
  void GivenArea(const std::string& code, const std::string& name, int level, const std::string& parent) {
    GivenOn(code, {AreaEvent(code, name, level, parent)});
  }
  void GivenOrg(const std::string& suffix, const std::string& kind, int level, const std::string& code,
                const std::string& parent = "") {
    GivenOn(code + "-" + suffix, {OrgEvent(code + "-" + suffix, kind, level, code, parent)});
  }
};

// An account in the village of Zhang.
class AccountWorld : public World {
 public:
  AccountWorld() : World(kUser) {
    GivenOn(
        kUser,
        {"user_created { login: 'zhang-gw' name: 'vault:n' phone: 'vault:p' org_id: '371403001201-centre' "
         "area_code: '371403001201' }",
         "password_stored { at_ms: 1 }"});
  }
};

inline kernel::v1::Actor Admin(Role role, const std::string& area = "3714",
                               const std::string& user = "admin") {
  return tests::ActorOf(role, area + "-centre", area, user);
}

}  // namespace directory
