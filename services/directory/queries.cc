#include "services/directory/queries.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "base/area_code.h"
#include "base/status_macros.h"
#include "common/v1/common.pb.h"
#include "services/directory/domain/limits.h"
#include "services/directory/domain/refusals.h"
#include "services/directory/heirs.h"

namespace directory {

namespace {

rpc::Answer NoSuchArea() { return NotFound("code", "没有这一区划。", "There is no such area."); }

std::string Etag(uint64_t version) { return "\"" + std::to_string(version) + "\""; }

size_t PageSize(int wanted) {
  return static_cast<size_t>(wanted <= 0 ? kPageSizeDefault : std::min(wanted, kPageSizeMax));
}

std::string KindPart(v1::OrgKind kind) {
  std::array<char, 12> text{};
  std::snprintf(text.data(), text.size(), "%02d/", static_cast<int>(kind));
  return text.data();
}

void FillGrant(const v1::User::Grant& grant, int64_t now_ms, const ActsFor& today, v1::GrantView* view) {
  view->set_grant_id(grant.grant_id());
  view->set_role(grant.role());
  view->set_org_id(grant.org_id());
  view->set_area_code(grant.area_code());
  view->set_valid_from_ms(grant.valid_from_ms());
  view->set_valid_to_ms(grant.valid_to_ms());
  view->set_post(grant.post());
  view->set_in_force(InForce(grant, now_ms));
  view->set_acts_for_area(today.area);
  view->set_acts_for_org(today.org);
}

template <class Grants, class Views>
absl::Status FillGrants(const DirectoryReader& reader, const Grants& grants, int64_t now_ms, Views* views) {
  for (const auto& grant : grants) {
    ASSIGN_OR_RETURN(const ActsFor today, ActsForToday(reader, grant));
    FillGrant(grant, now_ms, today, views->Add());
  }
  return absl::OkStatus();
}

// Names and phones stay tokens here: they are masked on the way out.
absl::Status FillUser(const DirectoryReader& reader, const std::string& id, const v1::User& user, uint64_t version,
                      int64_t now_ms, v1::UserView* view) {
  view->set_user_id(id);
  view->set_login(user.login());
  view->set_name_masked(user.name());
  view->set_phone_masked(user.phone());
  view->set_org_id(user.org_id());
  RETURN_IF_ERROR(FillGrants(reader, user.grant(), now_ms, view->mutable_grant()));
  view->set_disabled(user.disabled());
  view->set_locked_until_ms(user.locked_until_ms() > now_ms ? user.locked_until_ms() : 0);
  view->set_last_sign_in_ms(user.last_sign_in_ms());
  view->set_version(version);
  view->set_etag(Etag(version));
  return absl::OkStatus();
}

// The code's own state, or that of the area an official list calls so.
absl::StatusOr<std::optional<kernel::Stored<v1::State>>> FindByAnyCode(const DirectoryReader& reader,
                                                                       const std::string& code) {
  ASSIGN_OR_RETURN(auto stored, reader.Get(code));
  if (stored && stored->state.has_area()) return stored;
  ASSIGN_OR_RETURN(const auto page, reader.List("listed", code + "/", 1));
  if (page.items.empty()) return std::optional<kernel::Stored<v1::State>>();
  return reader.Get(page.items.front().aggregate_id);
}

}  // namespace

rpc::Answer Queries::Walk(const DirectoryReader& reader, const Listing& listing, std::string* next_page_token,
                          const std::function<void(const std::string&, const StoredState&)>& each) const {
  const auto position = parts_.secrets->PagePosition(listing.query, listing.page_token);
  if (!position) {
    return Invalid("PAGE_TOKEN", "page_token", "分页标记与本次查询不符，请从第一页开始。",
                   "The page token does not belong to this query; start from the first page.");
  }
  size_t left = PageSize(listing.page_size);
  size_t range = position->empty() ? 0 : static_cast<unsigned char>(position->front());
  std::string from = position->empty() ? "" : position->substr(1);
  for (; range < listing.prefixes.size(); ++range) {
    auto page = reader.List(listing.index, listing.prefixes[range], left, from);
    if (!page.ok()) return page.status();
    for (const auto& item : page->items) {
      auto stored = reader.Get(item.aggregate_id);
      if (!stored.ok()) return stored.status();
      if (*stored) each(item.aggregate_id, **stored);
    }
    left -= std::min(left, page->items.size());
    from = std::move(page->next_page_token);
    if (left == 0) break;
  }
  if (from.empty() && ++range >= listing.prefixes.size()) return {};
  *next_page_token =
      parts_.secrets->PageToken(listing.query, std::string(1, static_cast<char>(range)) + from);
  return {};
}

rpc::Answer Queries::ListAreaIndex(const Listing& listing, bool boundary,
                                   v1::ListAreasResponse* response) const {
  return Walk(parts_.read(), listing, response->mutable_next_page_token(),
              [&](const std::string&, const StoredState& stored) {
                v1::Area* area = response->add_area();
                *area = stored.state.area();
                if (!boundary) area->clear_boundary();
              });
}

rpc::Answer Queries::GetArea(const v1::GetAreaRequest& request, v1::AreaView* response) const {
  const auto stored = FindByAnyCode(parts_.read(), request.code());
  if (!stored.ok()) return stored.status();
  if (!*stored) return NoSuchArea();
  *response->mutable_area() = (*stored)->state.area();
  response->set_version((*stored)->version);
  response->set_etag(Etag((*stored)->version));
  return {};
}

rpc::Answer Queries::ListAreas(const v1::ListAreasRequest& request, v1::ListAreasResponse* response) const {
  Listing listing{"parent",
                  {request.parent() + (request.include_former() ? "/" : "/0/")},
                  "",
                  request.page_size(),
                  request.page_token()};
  listing.query = "ListAreas " + listing.prefixes.front();
  return ListAreaIndex(listing, request.include_boundary(), response);
}

rpc::Answer Queries::ListGrids(const v1::ListGridsRequest& request, v1::ListAreasResponse* response) const {
  if (base::LevelOf(request.village()) != common::v1::VILLAGE) {
    return Invalid("NOT_A_VILLAGE", "village", "应为12位村（社区）编码。",
                   "A village code of 12 digits is wanted.");
  }
  Listing listing{"parent", {request.village() + "/0/"}, "", request.page_size(), request.page_token()};
  listing.query = "ListGrids " + listing.prefixes.front();
  return ListAreaIndex(listing, request.include_boundary(), response);
}

rpc::Answer Queries::SearchAreas(const v1::SearchAreasRequest& request,
                                 v1::ListAreasResponse* response) const {
  const DirectoryReader reader = parts_.read();
  std::string within = request.within();
  if (within.empty()) {  // the city: the centre with the shortest code
    const auto centres = reader.List("org_kind", KindPart(v1::CENTRE), 1);
    if (!centres.ok()) return centres.status();
    if (centres->items.empty()) return {};
    const std::string& id = centres->items.front().aggregate_id;
    within = id.substr(0, id.find('-'));
  }
  const int level = base::LevelOf(within);
  if (level < common::v1::TOWNSHIP || level > common::v1::CITY) {
    return Invalid("SCOPE", "within", "应为市、县或乡镇编码。", "A city, county or township code is wanted.");
  }
  Listing listing{
      "area_name", {within + "/" + request.name_prefix()}, "", request.page_size(), request.page_token()};
  listing.query = "SearchAreas " + listing.prefixes.front();
  return ListAreaIndex(listing, false, response);
}

rpc::Answer Queries::ResolveArea(const v1::ResolveAreaRequest& request,
                                 v1::ResolveAreaResponse* response) const {
  const DirectoryReader reader = parts_.read();
  std::string code = request.code();
  for (size_t i = 0; i <= kSuccessorStepsMax; ++i) {
    auto stored = FindByAnyCode(reader, code);
    if (!stored.ok()) return stored.status();
    if (!*stored) return NoSuchArea();
    const v1::Area& area = (*stored)->state.area();
    const auto step = [&](const std::string& to, const std::string& rule) {
      auto* said = response->add_step();
      said->set_from(code);
      said->set_to(to);
      said->set_rule(rule);
      code = to;
      return said;
    };
    if (area.code() != code) step(area.code(), "listed");
    if (!area.successor().empty()) {
      auto* said = step(area.successor(), area.successor_rule());
      said->set_inferred(area.successor_inferred());
      said->set_since(area.valid_to());
      continue;
    }
    if (area.level() == common::v1::GRID) {
      const auto village = reader.Get(area.parent());
      if (!village.ok()) return village.status();
      if (*village && !(*village)->state.area().valid_to().empty()) {
        step(area.parent(), "grid");
        continue;
      }
    }
    *response->mutable_area() = area;
    response->mutable_area()->clear_boundary();
    return {};
  }
  return absl::DataLossError("cannot resolve an area: its successors go round in a circle");
}

rpc::Answer Queries::GetOrganisation(const v1::GetOrganisationRequest& request,
                                     v1::OrganisationView* response) const {
  const auto stored = parts_.read().Get(request.org_id());
  if (!stored.ok()) return stored.status();
  if (!*stored || !(*stored)->state.has_organisation()) {
    return NotFound("org_id", "没有这一单位。", "There is no such organisation.");
  }
  *response->mutable_organisation() = (*stored)->state.organisation();
  response->set_version((*stored)->version);
  response->set_etag(Etag((*stored)->version));
  return {};
}

rpc::Answer Queries::ListOrganisations(const v1::ListOrganisationsRequest& request,
                                       v1::ListOrganisationsResponse* response) const {
  const bool by_kind = request.kind() != v1::ORG_KIND_UNSPECIFIED;
  const std::string& area = request.area_code();
  const std::string end = request.below() ? "" : "/";
  Listing listing{"org_area", {}, "", request.page_size(), request.page_token()};
  if (by_kind && !request.duty().empty()) {
    return Invalid("KIND_OR_DUTY", "duty", "单位类别和职责只能选一项。", "Give a kind or a duty, not both.");
  }
  if (base::LevelOf(area) == 0) {
    return Invalid("AREA", "area_code", "请给出区划编码。", "An area code is wanted.");
  }
  if (by_kind) {
    listing.index = "org_kind";
    listing.prefixes = {KindPart(request.kind()) + area + end};
  } else if (!request.duty().empty()) {
    listing.index = "org_duty";
    listing.prefixes = {request.duty() + "/" + area + end};
  } else {
    listing.prefixes = {area + end};
  }
  listing.query = "ListOrganisations " + listing.index + " " + listing.prefixes.front();
  return Walk(parts_.read(), listing, response->mutable_next_page_token(),
              [&](const std::string&, const StoredState& stored) {
                *response->add_organisation() = stored.state.organisation();
              });
}

rpc::Answer Queries::GetUser(const rpc::Caller& caller, const v1::GetUserRequest& request,
                             v1::UserView* response) const {
  const DirectoryReader reader = parts_.read();
  const auto stored = reader.Get(request.user_id());
  if (!stored.ok()) return stored.status();
  const bool visible = *stored && (*stored)->state.has_user() &&
                       std::ranges::any_of(caller.areas, [&](const std::string& area) {
                         return base::Covers(area, (*stored)->state.user().area_code());
                       });
  if (!visible) return NotFound("user_id", "没有找到该账号。", "There is no such account.");
  return FillUser(reader, request.user_id(), (*stored)->state.user(), (*stored)->version, parts_.clock->NowMs(),
                  response);
}

// Accounts of an area inside the caller's own, or of all of it.
std::optional<rpc::Answer> Queries::ListAccounts(const rpc::Caller& caller, std::string_view what,
                                                 const std::string& area, Listing* listing) const {
  listing->index = "user_area";
  listing->prefixes = caller.areas;
  if (!area.empty()) {
    const bool inside =
        std::ranges::any_of(caller.areas, [&](const std::string& own) { return base::Covers(own, area); });
    if (!inside) return NotAllowed("NO_RIGHT", "该区域不在您的管辖范围内。", "This area is not yours.");
    listing->prefixes = {area};
  }
  listing->query = std::string(what) + " " + caller.actor.user_id();
  for (const std::string& prefix : listing->prefixes) listing->query += " " + prefix;
  return std::nullopt;
}

rpc::Answer Queries::ListUsers(const rpc::Caller& caller, const v1::ListUsersRequest& request,
                               v1::ListUsersResponse* response) const {
  Listing listing{"", {}, "", request.page_size(), request.page_token()};
  if (auto refused = ListAccounts(caller, "ListUsers", request.area_code(), &listing)) return *std::move(refused);
  const DirectoryReader reader = parts_.read();
  const int64_t now_ms = parts_.clock->NowMs();
  absl::Status filled;
  auto answer = Walk(reader, listing, response->mutable_next_page_token(),
                     [&](const std::string& id, const StoredState& stored) {
                       filled.Update(FillUser(reader, id, stored.state.user(), stored.version, now_ms,
                                              response->add_user()));
                     });
  return filled.ok() ? answer : rpc::Answer(filled);
}

rpc::Answer Queries::ListUnsettledGrants(const rpc::Caller& caller, const v1::ListUnsettledGrantsRequest& request,
                                         v1::ListUnsettledGrantsResponse* response) const {
  Listing listing{"", {}, "", request.page_size(), request.page_token()};
  if (auto refused = ListAccounts(caller, "ListUnsettledGrants", request.area_code(), &listing))
    return *std::move(refused);
  const DirectoryReader reader = parts_.read();
  const int64_t now_ms = parts_.clock->NowMs();
  absl::Status filled;
  const auto add = [&](const std::string& id, const StoredState& stored) {
    const v1::User& user = stored.state.user();
    for (const auto& grant : user.grant()) {
      if (user.disabled() || !InForce(grant, now_ms)) continue;
      const auto today = ActsForToday(reader, grant);
      filled.Update(today.status());
      if (!today.ok() || today->why == v1::UNSETTLED_UNSPECIFIED) continue;
      auto* row = response->add_grant();
      row->set_user_id(id);
      row->set_login(user.login());
      FillGrant(grant, now_ms, *today, row->mutable_grant());
      row->set_why(today->why);
      row->mutable_successor()->Assign(today->successors.begin(), today->successors.end());
    }
  };
  auto answer = Walk(reader, listing, response->mutable_next_page_token(), add);
  return filled.ok() ? answer : rpc::Answer(filled);
}

rpc::Answer Queries::ListSessions(const rpc::Caller& caller, v1::ListSessionsResponse* response) const {
  const DirectoryReader reader = parts_.read();
  const auto page =
      reader.List("session_user", caller.actor.user_id() + "/", static_cast<size_t>(kSessionsPerUserMax));
  if (!page.ok()) return page.status();
  for (const auto& item : page->items) {
    const auto stored = reader.Get(item.aggregate_id);
    if (!stored.ok()) return stored.status();
    if (!*stored) continue;
    const v1::Session& session = (*stored)->state.session();
    auto* view = response->add_session();
    view->set_session_id(item.aggregate_id);
    view->set_device_id(session.device_id());
    view->set_started_at_ms(session.started_at_ms());
    view->set_used_at_ms(session.used_at_ms());
    view->set_expires_at_ms(std::min(session.idle_expires_at_ms(), session.expires_at_ms()));
    view->set_ended(session.ended());
    view->set_current(item.aggregate_id == caller.actor.session_id());
  }
  return {};
}

rpc::Answer Queries::WhoAmI(const rpc::Caller& caller, v1::WhoAmIResponse* response) const {
  const DirectoryReader reader = parts_.read();
  const auto stored = reader.Get(caller.actor.user_id());
  if (!stored.ok()) return stored.status();
  if (!*stored || !(*stored)->state.has_user()) {
    return NotFound("", "没有找到该账号。", "There is no such account.");
  }
  const v1::User& user = (*stored)->state.user();
  response->set_user_id(caller.actor.user_id());
  response->set_login(user.login());
  auto name = NameOf(reader, caller.actor.user_id(), user);  // one's own name is no secret to oneself
  if (!name.ok()) return name.status();
  response->set_name(*std::move(name));
  response->set_phone_masked(user.phone());
  response->set_org_id(user.org_id());
  const auto org = reader.Get(user.org_id());
  if (!org.ok()) return org.status();
  if (*org) response->set_org_name((*org)->state.organisation().name());
  response->set_server_time_ms(parts_.clock->NowMs());
  if (auto filled = FillGrants(reader, user.grant(), response->server_time_ms(), response->mutable_grant());
      !filled.ok()) {
    return filled;
  }
  response->set_session_id(caller.actor.session_id());
  return {};
}

rpc::Answer Queries::GetCalendar(v1::CalendarView* response) const {
  const auto stored = parts_.read().Get(kCalendarId);
  if (!stored.ok()) return stored.status();
  if (!*stored) return NotFound("", "尚未载入工作日历。", "No calendar has been loaded yet.");
  *response->mutable_calendar() = (*stored)->state.calendar();
  response->set_version((*stored)->version);
  response->set_etag(Etag((*stored)->version));
  return {};
}

rpc::Answer Queries::GetPolicy(v1::PolicyView* response) const {
  const auto stored = parts_.read().Get(kPolicyId);
  if (!stored.ok()) return stored.status();
  if (!*stored) return NotFound("", "尚未载入政策。", "No policy has been loaded yet.");
  *response->mutable_policy() = (*stored)->state.policy();
  response->set_version((*stored)->version);
  response->set_etag(Etag((*stored)->version));
  return {};
}

}  // namespace directory
