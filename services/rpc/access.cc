#include "services/rpc/access.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <utility>

#include "base/area_code.h"
#include "services/rpc/field_rules.h"

namespace rpc {
namespace {

using kernel::v1::AccessRule;

bool Lists(const AccessRule& rule, int role) {
  return std::find(rule.role().begin(), rule.role().end(), role) != rule.role().end();
}

Failure NotSignedIn() {
  return MakeFailure(grpc::StatusCode::UNAUTHENTICATED, "NOT_SIGNED_IN", "请先登录。", "Please sign in.");
}

Failure NotAllowed() {
  return MakeFailure(grpc::StatusCode::PERMISSION_DENIED, "ROLE_NOT_ALLOWED", "您的岗位没有这项权限。",
                     "Your role does not include this.");
}

// Any grant counts where the rule asks for no role.
bool Counts(const AccessRule& rule, const kernel::v1::Grant& grant) {
  return rule.role().empty() || Lists(rule, grant.role());
}

}  // namespace

bool Caller::HasRole(kernel::v1::Role role) const {
  return std::any_of(actor.grant().begin(), actor.grant().end(),
                     [role](const kernel::v1::Grant& grant) { return grant.role() == role; });
}

std::vector<std::string> OutermostAreas(std::vector<std::string> areas) {
  std::sort(areas.begin(), areas.end());
  std::vector<std::string> out;
  for (std::string& area : areas) {
    if (base::LevelOf(area) == 0) continue;
    if (!out.empty() && base::Covers(out.back(), area)) continue;
    out.push_back(std::move(area));
  }
  return out;
}

std::optional<Failure> CheckAccess(const AccessRule& rule, Caller* caller) {
  for (const kernel::v1::Grant& grant : caller->actor.grant()) {
    if (!Counts(rule, grant)) continue;
    if (!grant.area_code().empty()) caller->areas.push_back(grant.area_code());
    if (!grant.org_id().empty()) caller->orgs.push_back(grant.org_id());
  }
  caller->areas = OutermostAreas(std::move(caller->areas));
  std::sort(caller->orgs.begin(), caller->orgs.end());
  caller->orgs.erase(std::unique(caller->orgs.begin(), caller->orgs.end()), caller->orgs.end());

  if (rule.public_()) return std::nullopt;
  if (!caller->signed_in()) {
    const auto& services = rule.caller_service();
    if (caller->service.empty() || std::find(services.begin(), services.end(), caller->service) == services.end()) {
      return NotSignedIn();
    }
    return std::nullopt;
  }
  if (rule.signed_in()) return std::nullopt;
  const bool any = std::any_of(caller->actor.grant().begin(), caller->actor.grant().end(),
                               [&rule](const kernel::v1::Grant& grant) { return Lists(rule, grant.role()); });
  if (!any) return NotAllowed();
  return std::nullopt;
}

std::optional<Failure> CheckArea(const AccessRule& rule, const Caller& caller, std::string_view field,
                                 std::string_view value) {
  const std::string name(field);
  if (base::LevelOf(value) == 0) {
    Failure failure = MakeFailure(grpc::StatusCode::INVALID_ARGUMENT, "AREA_INVALID",
                                  absl::StrCat("“", JsonPath(name), "”不是行政区划代码。"),
                                  absl::StrCat("\"", JsonPath(name), "\" is not an area code."));
    failure.detail.set_field(name);
    return failure;
  }
  if (!caller.signed_in()) return std::nullopt;
  for (const std::string& area : caller.areas) {
    if (base::Covers(area, value)) return std::nullopt;
  }
  // A resident's grant has no area: where they may speak is the domain's to say.
  const bool resident = std::any_of(caller.actor.grant().begin(), caller.actor.grant().end(),
                                    [&rule](const kernel::v1::Grant& grant) {
    return grant.role() == kernel::v1::ROLE_PUB && grant.area_code().empty() && Counts(rule, grant);
  });
  if (resident) return std::nullopt;
  Failure failure = MakeFailure(grpc::StatusCode::PERMISSION_DENIED, "AREA_NOT_ALLOWED",
                                "该区域不在您的管辖范围内。", "This area is outside of yours.");
  failure.detail.set_field(name);
  return failure;
}

}  // namespace rpc
