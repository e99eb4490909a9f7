#include "services/directory/domain/rules.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "base/area_code.h"
#include "common/v1/common.pb.h"
#include "services/directory/domain/refusals.h"
#include "services/directory/domain/roles.h"

namespace directory {
namespace {

using Command = v1::Command;
using State = v1::State;

constexpr uint32_t kSa = Bit(kernel::v1::ROLE_SA);
constexpr uint32_t kSe = Bit(kernel::v1::ROLE_SE);
constexpr uint32_t kSys = Bit(kernel::v1::ROLE_SYS);

constexpr Rule kRules[] = {
    // command                       about                  new?   asked by           or its owner
    {Command::kPutAreas, State::BODY_NOT_SET, true, kSa | kSys, false},
    {Command::kRetireArea, State::kArea, false, kSa | kSys, false},
    {Command::kPutOrganisations, State::BODY_NOT_SET, true, kSa | kSys, false},
    {Command::kCloseOrganisation, State::kOrganisation, false, kSa, false},
    {Command::kCreateUser, State::kUser, true, kSa, false},
    {Command::kChangeUser, State::kUser, false, kSa, false},
    {Command::kDisableUser, State::kUser, false, kSa | kSe, false},
    {Command::kEnableUser, State::kUser, false, kSa, false},
    {Command::kUnlockUser, State::kUser, false, kSa | kSe, false},
    {Command::kGrantRole, State::kUser, false, kSa | kSe, false},
    {Command::kRevokeRole, State::kUser, false, kSa | kSe, false},
    {Command::kRevokeSession, State::kSession, false, kSa | kSe, true},
    {Command::kLoadCalendar, State::kCalendar, true, kSa | kSys, false},
    {Command::kChangePolicy, State::kPolicy, true, kSa | kSys, false},
    {Command::kFinishImport, State::kImport, true, kSys, false},
    {Command::kCreateFirstAdmin, State::kFirstAdmin, true, kSys, false},
    {Command::kTellStaff, State::kUser, false, kSys, false},
    {Command::kStorePassword, State::kUser, false, kSa | kSe | kSys, true},
    {Command::kCountFailure, State::kUser, false, kSys, false},
    {Command::kStartSession, State::kSession, true, kSys, false},
    {Command::kRotateSession, State::kSession, false, kSys, false},
    {Command::kEndSession, State::kSession, false, kSys, true},
};

// The area an aggregate belongs to, for administrators of that area.
std::string AreaOf(const State& state, const Ctx& ctx) {
  switch (state.body_case()) {
    case State::kArea:
      return state.area().code();
    case State::kOrganisation:
      return state.organisation().area_code();
    case State::kUser:
      return state.user().area_code();
    case State::kSession: {
      const State* user = ctx.lookup->Find(state.session().user_id());
      return user == nullptr ? "" : user->user().area_code();
    }
    default:
      return "";
  }
}

bool IsOwner(const State& state, const Ctx& ctx) {
  const std::string& actor = ctx.actor->user_id();
  if (actor.empty()) return false;
  return state.has_session() ? state.session().user_id() == actor
                             : state.has_user() && ctx.aggregate_id == actor;
}

kernel::Refusal NoRight() {
  return NotAllowed("NO_RIGHT", "您的角色或管辖区域无权进行此操作。",
                    "Your role or your area gives you no right to do this.");
}

}  // namespace

std::span<const Rule> Rules() { return kRules; }

const Rule* FindRule(Command::BodyCase command) {
  const auto* at = std::ranges::find(kRules, command, &Rule::command);
  return at == std::end(kRules) ? nullptr : at;
}

bool IsService(const kernel::v1::Actor& actor) { return actor.user_id().empty() && !actor.service().empty(); }

const kernel::v1::Grant* GrantFor(const kernel::v1::Actor& actor, uint32_t roles, std::string_view area) {
  for (const auto& grant : actor.grant()) {
    if ((roles & Bit(grant.role())) == 0) continue;
    if (area.empty() || base::Covers(grant.area_code(), area)) return &grant;
  }
  return nullptr;
}

namespace {

// Calendar and policy bind the whole city: an administrator of a part of it has no hand in them.
bool IsOfWholeCity(State::BodyCase kind) { return kind == State::kCalendar || kind == State::kPolicy; }

}  // namespace

std::optional<kernel::Refusal> Authorise(const Rule& rule, const State& state, const Ctx& ctx,
                                         Decision* decision) {
  if (state.body_case() != rule.kind && !(rule.fresh && state.body_case() == State::BODY_NOT_SET)) {
    return NotFound("id", "没有找到该记录。", "There is no such record.");
  }
  if (IsService(*ctx.actor)) {
    decision->acted_as = kernel::v1::ROLE_SYS;
    return (rule.roles & kSys) != 0 ? std::nullopt : std::optional(NoRight());
  }
  const auto* grant = GrantFor(*ctx.actor, rule.roles & ~kSys, AreaOf(state, ctx));
  if (grant != nullptr && IsOfWholeCity(rule.kind) && base::LevelOf(grant->area_code()) < common::v1::CITY) {
    return NoRight();
  }
  if (grant != nullptr) {
    decision->acted_as = grant->role();
    decision->acted_for_org = grant->org_id();
    return std::nullopt;
  }
  if (rule.own && IsOwner(state, ctx)) return std::nullopt;
  return NoRight();
}

std::optional<kernel::Refusal> AuthoriseArea(const Rule& rule, const Ctx& ctx, std::string_view area,
                                             std::string_view field) {
  if (IsService(*ctx.actor) || GrantFor(*ctx.actor, rule.roles & ~kSys, area) != nullptr) return std::nullopt;
  kernel::Refusal refusal = NoRight();
  refusal.field = std::string(field);
  return refusal;
}

}  // namespace directory
