// Whom one may know by name, and what they hold. A name is a person's own (个人信息保护法), so it is told for a purpose:
// staff name colleagues of their own line of areas to posts in a matter; a party chooses a mediator (人民调解法 19), and
// whoever mediates is known by name, as elected and published (人民调解法 8-10). Administrators and the discipline liaison
// are named by nobody in a matter, so no list shows them. A resident is never told of.
#include <algorithm>
#include <utility>

#include "base/area_code.h"
#include "base/status_macros.h"
#include "services/directory/domain/limits.h"
#include "services/directory/domain/refusals.h"
#include "services/directory/domain/roles.h"
#include "services/directory/heirs.h"
#include "services/directory/queries.h"

namespace directory {
namespace {

using kernel::v1::Role;

constexpr uint32_t kMediators = Bit(Role::ROLE_MD) | Bit(Role::ROLE_MC);
constexpr uint32_t kOfCommittee = kMediators | Bit(Role::ROLE_MR);
constexpr uint32_t kUnlisted = Bit(Role::ROLE_PUB) | Bit(Role::ROLE_SA) | Bit(Role::ROLE_SE) | Bit(Role::ROLE_AU) |
                               Bit(Role::ROLE_DI);

// Above or below one another: a township knows its county's staff and its villages', not those of the next township.
bool InOneLine(const std::string& a, const std::string& b) { return base::Covers(a, b) || base::Covers(b, a); }

// The caller in an office, not as a resident.
bool IsColleague(const rpc::Caller& caller, const std::string& area) {
  return std::ranges::any_of(caller.actor.grant(), [&](const kernel::v1::Grant& grant) {
    return grant.role() != Role::ROLE_PUB && InOneLine(grant.area_code(), area);
  });
}

// The roles whose holders in this unit the caller may see.
uint32_t VisibleRoles(const rpc::Caller& caller, const v1::Organisation& unit) {
  if (IsColleague(caller, unit.area_code())) return ~kUnlisted;
  return unit.kind() == v1::COMMITTEE ? kMediators : 0;
}

struct Unit {
  const std::string& id;
  uint32_t roles;
  int64_t now_ms;
};

absl::Status FillPosts(const DirectoryReader& reader, const v1::User& user, const Unit& unit, v1::StaffMember* out) {
  for (const auto& grant : user.grant()) {
    if ((unit.roles & Bit(grant.role())) == 0 || !InForce(grant, unit.now_ms)) continue;
    if (grant.org_id() != unit.id) {
      ASSIGN_OR_RETURN(const ActsFor today, ActsForToday(reader, grant));
      if (today.org != unit.id) continue;
    }
    auto* post = out->add_post();
    post->set_role(grant.role());
    post->set_org_id(grant.org_id());
    post->set_area_code(grant.area_code());
    post->set_valid_from_ms(grant.valid_from_ms());
    post->set_valid_to_ms(grant.valid_to_ms());
  }
  return absl::OkStatus();
}

// The unit, and those of its short name in the areas that went into its own 合村并居: their staff act for it.
absl::StatusOr<std::vector<std::string>> WithFormerUnits(const DirectoryReader& reader, const v1::Organisation& unit) {
  std::vector<std::string> prefixes{unit.id() + "/"};
  if (!unit.id().starts_with(unit.area_code() + "-")) return prefixes;
  ASSIGN_OR_RETURN(const auto former, FormerOf(reader, unit.area_code(), kFormerUnitsMax));
  for (const std::string& area : former) prefixes.push_back(area + unit.id().substr(unit.area_code().size()) + "/");
  return prefixes;
}

// Somebody whose home is a committee, or who mediates or registers for one.
absl::StatusOr<bool> IsOfCommittee(const DirectoryReader& reader, const v1::User& user) {
  const bool holds = std::ranges::any_of(
      user.grant(), [](const v1::User::Grant& grant) { return (kOfCommittee & Bit(grant.role())) != 0; });
  if (holds) return true;
  ASSIGN_OR_RETURN(const auto home, reader.Get(user.org_id()));
  return home && home->state.organisation().kind() == v1::COMMITTEE;
}

}  // namespace

absl::StatusOr<std::string> Queries::NameOf(const DirectoryReader& reader, const std::string& user_id,
                                            const v1::User& user) const {
  if (!rpc::IsVaultToken(user.name())) return std::string();
  ASSIGN_OR_RETURN(auto name, parts_.vault->Unmask(reader.view(), user_id, user.name()));
  return std::move(name.text);
}

rpc::Answer Queries::ListStaff(const rpc::Caller& caller, const v1::ListStaffRequest& request,
                               v1::ListStaffResponse* response) const {
  const DirectoryReader reader = parts_.read();
  const auto stored = reader.Get(request.org_id());
  if (!stored.ok()) return stored.status();
  if (!*stored || !(*stored)->state.has_organisation()) {
    return NotFound("org_id", "没有这一单位。", "There is no such organisation.");
  }
  const v1::Organisation& organisation = (*stored)->state.organisation();
  Unit unit{request.org_id(), VisibleRoles(caller, organisation), parts_.clock->NowMs()};
  if (request.role() != Role::ROLE_UNSPECIFIED) {
    if (FindRole(request.role()) == nullptr)
      return Invalid("NO_SUCH_ROLE", "role", "没有这一角色。", "There is no such role.");
    unit.roles &= Bit(request.role());
  }
  if (unit.roles == 0) {
    return NotAllowed("NO_RIGHT", "您无权查看该单位此类人员的名单。", "You may not see who holds this in that unit.");
  }
  auto prefixes = WithFormerUnits(reader, organisation);
  if (!prefixes.ok()) return prefixes.status();
  Listing listing{"unit_staff", *std::move(prefixes), "", request.page_size(), request.page_token()};
  listing.query = "ListStaff " + request.org_id() + " " + std::to_string(request.role()) + " " + caller.actor.user_id();
  absl::Status filled;
  const auto add = [&](const std::string& id, const StoredState& account) {
    const bool seen = std::ranges::find(response->member(), id, &v1::StaffMember::user_id) != response->member().end();
    if (seen || account.state.user().disabled()) return;  // seen: in the unit and in one that went into it
    v1::StaffMember member;
    filled.Update(FillPosts(reader, account.state.user(), unit, &member));
    if (member.post().empty()) return;
    auto name = NameOf(reader, id, account.state.user());
    filled.Update(name.status());
    member.set_user_id(id);
    if (name.ok()) member.set_name(*std::move(name));
    *response->add_member() = std::move(member);
  };
  auto answer = Walk(reader, listing, response->mutable_next_page_token(), add);
  return filled.ok() ? answer : rpc::Answer(filled);
}

rpc::Answer Queries::NamesOf(const rpc::Caller& caller, const common::v1::NamesOfRequest& request,
                             common::v1::NamesOfResponse* response) const {
  const DirectoryReader reader = parts_.read();
  for (const std::string& id : request.user_id()) {
    const auto stored = reader.Get(id);
    if (!stored.ok()) return stored.status();
    // An account without a unit is a resident's; whoever has one keeps it when a post ends or the account is disabled,
    // and a paper of that time still carries the name.
    if (!*stored || !(*stored)->state.has_user() || (*stored)->state.user().org_id().empty()) continue;
    const v1::User& user = (*stored)->state.user();
    if (!IsColleague(caller, user.area_code())) {
      const auto known = IsOfCommittee(reader, user);
      if (!known.ok()) return known.status();
      if (!*known) continue;
    }
    auto name = NameOf(reader, id, user);
    if (!name.ok()) return name.status();
    auto* said = response->add_staff();
    said->set_user_id(id);
    said->set_name(*std::move(name));
  }
  return {};
}

}  // namespace directory
