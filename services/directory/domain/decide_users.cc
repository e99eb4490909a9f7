// Accounts and roles. Names and phones are tokens of the vault here.
#include <algorithm>
#include <string>

#include "base/area_code.h"
#include "base/coding.h"
#include "services/directory/domain/decide.h"
#include "services/directory/domain/limits.h"
#include "services/directory/domain/refusals.h"
#include "services/directory/domain/roles.h"

namespace directory {
namespace {

using kernel::Refusal;

const v1::Organisation* OpenOrganisation(const std::string& id, const Ctx& ctx) {
  const v1::State* state = ctx.lookup->Find(id);
  return state != nullptr && state->has_organisation() && !state->organisation().closed()
             ? &state->organisation()
             : nullptr;
}

const v1::Area* ValidArea(const std::string& code, const Ctx& ctx) {
  const v1::State* state = ctx.lookup->Find(code);
  return state != nullptr && state->has_area() && state->area().valid_to().empty() ? &state->area() : nullptr;
}

Refusal NoSuchOrganisation(std::string field) {
  return Invalid("NO_SUCH_ORGANISATION", std::move(field), "单位不存在或已撤销。",
                 "There is no such organisation today.");
}

Refusal NoSuchArea(std::string field) {
  return Invalid("NO_SUCH_AREA", std::move(field), "区划不存在或已撤销。", "There is no such area today.");
}

std::optional<Refusal> CheckLogin(const std::string& login, const Ctx& ctx) {
  const bool plain =
      login.size() >= 3 && login.size() <= 40 && std::ranges::all_of(login, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
      });
  if (!plain) {
    return Invalid("LOGIN_FORM", "login", "登录名应为3至40位小写字母、数字、点、横线或下划线。",
                   "A login has 3 to 40 lower-case letters, digits, dots, dashes or underscores.");
  }
  if (!ctx.lookup->Scan("login", login + "/", 1).empty()) {
    return Guard("LOGIN_TAKEN", "login", "该登录名已被使用。", "This login is taken.");
  }
  return std::nullopt;
}

bool Ended(const v1::User::Grant& grant, int64_t now_ms) {
  return grant.valid_to_ms() != 0 && grant.valid_to_ms() <= now_ms;
}

// Tokens of running sessions still say what was true before; whoever verifies refuses them from now on.
void MakeTokensStale(std::string_view user_id, const Ctx& ctx, Decision* d) {
  for (const std::string& id : ctx.lookup->Scan("session_user", std::string(user_id) + "/",
                                                static_cast<size_t>(kSessionsPerUserMax))) {
    auto* revoked = d->EmitTo(id)->mutable_session_revoked();
    revoked->set_user_id(std::string(user_id));
    revoked->set_issued_before_ms(ctx.now_ms + 1);
  }
}

// May this administrator grant or take this role? Also: nobody acts on himself.
std::optional<Refusal> CheckGranter(const RoleRow& row, std::string_view area, const Ctx& ctx) {
  if (ctx.actor->user_id() == ctx.aggregate_id) {
    return NotAllowed("NOT_ONESELF", "不得为自己授予或撤销角色。",
                      "Nobody grants or revokes a role of his own.");
  }
  if (GrantFor(*ctx.actor, row.granted_by, area) == nullptr) {
    return NotAllowed("OTHER_ADMINISTRATOR_NEEDED",
                      "该角色须由另一类管理员或上级区域的管理员办理（三员分立）。",
                      "This role is granted by another kind of administrator, or by one of a wider area.");
  }
  return std::nullopt;
}

// System, security and audit administrator are three people without any other role.
std::optional<Refusal> CheckSeparation(const v1::User& user, const RoleRow& row, int64_t now_ms) {
  for (const auto& grant : user.grant()) {
    if (Ended(grant, now_ms) || grant.role() == row.role) continue;
    if (!IsAdministrator(row.role) && !IsAdministrator(grant.role())) continue;
    return Guard("SEPARATION_OF_DUTIES", "role",
                 "系统、安全、审计管理员应由不同人员担任，且不得兼任业务角色。",
                 "System, security and audit administrator are different people and hold no other role.");
  }
  return std::nullopt;
}

std::optional<Refusal> CheckPlace(const RoleRow& row, const v1::GrantRoleRequest& c, const Ctx& ctx) {
  const v1::Area* area = ValidArea(c.area_code(), ctx);
  if (area == nullptr) return NoSuchArea("area_code");
  if (area->level() < row.level_min || area->level() > row.level_max) {
    return Guard("LEVEL_OF_ROLE", "area_code", "该角色不能授予此层级的区划。",
                 "This role does not exist at this level.");
  }
  if (row.kinds == 0) return std::nullopt;
  const v1::Organisation* org = OpenOrganisation(c.org_id(), ctx);
  if (org == nullptr) return NoSuchOrganisation("org_id");
  if ((row.kinds & Bit(org->kind())) == 0) {
    return Guard("KIND_OF_ORGANISATION", "org_id", "该类单位没有这一角色。",
                 "Organisations of this kind have no such role.");
  }
  if (!base::Covers(org->area_code(), c.area_code())) {
    return Guard("AREA_OUTSIDE_ORGANISATION", "area_code", "授权区域超出单位所辖区域。",
                 "The area lies outside the organisation's own.");
  }
  return std::nullopt;
}

std::optional<Refusal> CheckPeriodAndNumber(const v1::User& user, const v1::GrantRoleRequest& c,
                                            const Ctx& ctx) {
  if (c.valid_to_ms() != 0 && (c.valid_to_ms() <= ctx.now_ms || c.valid_to_ms() <= c.valid_from_ms())) {
    return Invalid("PERIOD", "valid_to_ms", "有效期止应晚于有效期起和当前时间。",
                   "The end must be later than the beginning and than now.");
  }
  if (user.grant_size() >= kGrantsPerUserMax) {
    return Refuse(kernel::RefusalCode::kLimit, "TOO_MANY_GRANTS", "", "该账号的角色数量已达上限。",
                  "This account holds as many roles as it may.");
  }
  for (const auto& grant : user.grant()) {
    if (Ended(grant, ctx.now_ms) || grant.role() != c.role() || grant.org_id() != c.org_id() ||
        grant.area_code() != c.area_code()) {
      continue;
    }
    return Guard("GRANTED_ALREADY", "role", "该角色已经授予。", "This role is granted already.");
  }
  return std::nullopt;
}

}  // namespace

Decision DecideCreateUser(const v1::CreateUserRequest& c, const Ctx& ctx) {
  std::string area = c.area_code();
  if (!c.org_id().empty()) {
    const v1::Organisation* org = OpenOrganisation(c.org_id(), ctx);
    if (org == nullptr) return Decision::Refuse(NoSuchOrganisation("org_id"));
    area = org->area_code();
  } else if (ValidArea(area, ctx) == nullptr) {
    return Decision::Refuse(NoSuchArea("area_code"));
  }
  if (auto refusal = AuthoriseArea(*FindRule(v1::Command::kCreateUser), ctx, area, "org_id")) {
    return Decision::Refuse(*std::move(refusal));
  }
  if (auto refusal = CheckLogin(c.login(), ctx)) return Decision::Refuse(*std::move(refusal));
  Decision d;
  auto* e = d.Emit()->mutable_user_created();
  e->set_login(c.login());
  e->set_name(c.name());
  e->set_phone(c.phone());
  e->set_org_id(c.org_id());
  e->set_area_code(area);
  return d;
}

Decision DecideChangeUser(const v1::User& user, const v1::ChangeUserRequest& c, const Ctx& ctx) {
  Decision d;
  auto* e = d.Emit()->mutable_user_changed();
  e->set_name(c.name().empty() ? user.name() : c.name());
  e->set_phone(c.phone().empty() ? user.phone() : c.phone());
  e->set_org_id(user.org_id());
  e->set_area_code(user.area_code());
  if (!c.org_id().empty()) {
    const v1::Organisation* org = OpenOrganisation(c.org_id(), ctx);
    if (org == nullptr) return Decision::Refuse(NoSuchOrganisation("org_id"));
    if (auto refusal = AuthoriseArea(*FindRule(v1::Command::kChangeUser), ctx, org->area_code(), "org_id")) {
      return Decision::Refuse(*std::move(refusal));
    }
    e->set_org_id(org->id());
    e->set_area_code(org->area_code());
  }
  return d;
}

Decision DecideDisableUser(const v1::User& user, const v1::DisableUserRequest& c, const Ctx& ctx) {
  if (user.disabled()) {
    return Decision::Refuse(
        Guard("ALREADY_DISABLED", "id", "该账号已停用。", "This account is disabled already."));
  }
  if (ctx.actor->user_id() == ctx.aggregate_id) {
    return Decision::Refuse(
        NotAllowed("NOT_ONESELF", "不得停用自己的账号。", "Nobody disables his own account."));
  }
  Decision d;
  d.Emit()->mutable_user_disabled()->set_reason(c.reason());
  EndSessions(ctx.aggregate_id, "", "disabled", ctx, &d);
  return d;
}

Decision DecideEnableUser(const v1::User& user) {
  if (!user.disabled()) {
    return Decision::Refuse(Guard("NOT_DISABLED", "id", "该账号未停用。", "This account is not disabled."));
  }
  Decision d;
  d.Emit()->mutable_user_enabled();
  return d;
}

Decision DecideUnlockUser(const v1::User& user) {
  if (user.failures() == 0 && user.locked_until_ms() == 0) {
    return Decision::Refuse(Guard("NOT_LOCKED", "id", "该账号未锁定。", "This account is not locked."));
  }
  Decision d;
  d.Emit()->mutable_user_unlocked();
  return d;
}

Decision DecideGrantRole(const v1::User& user, const v1::GrantRoleRequest& c, const Ctx& ctx) {
  const RoleRow* row = FindRole(c.role());
  if (row == nullptr)
    return Decision::Refuse(Invalid("NO_SUCH_ROLE", "role", "没有这一角色。", "There is no such role."));
  if (user.disabled()) {
    return Decision::Refuse(Guard("ALREADY_DISABLED", "id", "该账号已停用。", "This account is disabled."));
  }
  auto refusal = CheckGranter(*row, c.area_code(), ctx);
  if (!refusal) refusal = CheckSeparation(user, *row, ctx.now_ms);
  if (!refusal) refusal = CheckPlace(*row, c, ctx);
  if (!refusal) refusal = CheckPeriodAndNumber(user, c, ctx);
  if (refusal) return Decision::Refuse(*std::move(refusal));
  Decision d;
  auto* grant = d.Emit()->mutable_role_granted()->mutable_grant();
  grant->set_grant_id("g" + std::to_string(user.grants_made() + 1));
  grant->set_role(c.role());
  grant->set_org_id(c.org_id());
  grant->set_area_code(c.area_code());
  grant->set_valid_from_ms(c.valid_from_ms() == 0 ? ctx.now_ms : c.valid_from_ms());
  grant->set_valid_to_ms(c.valid_to_ms());
  grant->set_post(c.post());
  return d;
}

Decision DecideRevokeRole(const v1::User& user, const v1::RevokeRoleRequest& c, const Ctx& ctx) {
  const auto at = std::ranges::find(user.grant(), c.grant_id(), &v1::User::Grant::grant_id);
  if (at == user.grant().end()) {
    return Decision::Refuse(NotFound("grant_id", "没有这项授权。", "There is no such grant."));
  }
  const RoleRow* row = FindRole(at->role());
  if (row == nullptr)
    return Decision::Refuse(NotFound("grant_id", "没有这项授权。", "There is no such grant."));
  if (auto refusal = CheckGranter(*row, at->area_code(), ctx)) return Decision::Refuse(*std::move(refusal));
  Decision d;
  auto* e = d.Emit()->mutable_role_revoked();
  e->set_grant_id(c.grant_id());
  e->set_reason(c.reason());
  MakeTokensStale(ctx.aggregate_id, ctx, &d);
  return d;
}

// Accounts are older than the telling of their posts: who has none to tell stays unknown, as a resident is.
Decision DecideTellStaff(const v1::User& user) {
  Decision d;
  if (IsStaff(user)) d.Emit()->mutable_staff_told();
  return d;
}

// Once in the life of an installation. The secret was checked before; its file is worth nothing afterwards.
Decision DecideCreateFirstAdmin(const v1::State& state, const v1::Command::CreateFirstAdmin& c,
                                const Ctx& ctx) {
  if (state.has_first_admin()) {
    return Decision::Refuse(
        Guard("ALREADY_DONE", "", "首位管理员已经创建。", "The first administrator has been made already."));
  }
  if (auto refusal = CheckLogin(c.login(), ctx)) return Decision::Refuse(*std::move(refusal));
  if (OpenOrganisation(c.org_id(), ctx) == nullptr) return Decision::Refuse(NoSuchOrganisation("org_id"));
  Decision d;
  d.Emit()->mutable_first_admin_made()->set_user_id(c.user_id());
  auto* created = d.EmitTo(c.user_id())->mutable_user_created();
  created->set_login(c.login());
  created->set_name(c.name());
  created->set_org_id(c.org_id());
  created->set_area_code(c.area_code());
  auto* grant = d.EmitTo(c.user_id())->mutable_role_granted()->mutable_grant();
  grant->set_grant_id("g1");
  grant->set_role(kernel::v1::ROLE_SA);
  grant->set_org_id(c.org_id());
  grant->set_area_code(c.area_code());
  grant->set_valid_from_ms(ctx.now_ms);
  d.EmitTo(c.user_id())->mutable_password_stored()->set_at_ms(ctx.now_ms);
  return d;
}

}  // namespace directory
