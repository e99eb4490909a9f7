// Views of a state: where lists find it, when it wants to be woken, what others hear. The kernel writes the
// difference.
#include <algorithm>
#include <array>
#include <cstdio>
#include <set>
#include <string>
#include <utility>

#include "base/area_code.h"
#include "base/coding.h"
#include "common/v1/common.pb.h"
#include "services/directory/domain/directory.h"
#include "services/directory/domain/roles.h"

namespace directory {
namespace {

using kernel::IndexEntry;

std::string TwoDigits(int number) {
  std::array<char, 12> text{};
  std::snprintf(text.data(), text.size(), "%02d", number);
  return text.data();
}

std::vector<IndexEntry> AreaIndexes(const v1::Area& area) {
  std::vector<IndexEntry> out;
  for (const std::string& code : area.listed_code()) out.push_back({"listed", code + "/"});
  if (area.functional_zone() &&
      !area.successor().empty()) {  // a zone beside the counties: found by its code only
    return out;
  }
  const bool valid = area.valid_to().empty();
  if (!area.parent().empty()) {
    out.push_back({"parent", area.parent() + (valid ? "/0/" : "/1/") + area.code()});
  }
  if (!valid && !area.successor().empty() && area.level() > common::v1::GRID) {
    out.push_back({"took_over", area.successor() + "/" + area.code()});
  }
  if (valid && area.level() > common::v1::GRID) {
    for (int level = common::v1::CITY; level > area.level(); --level) {
      out.push_back({"area_name", base::CutTo(area.code(), level) + "/" + area.name() + "/"});
    }
  }
  return out;
}

std::vector<IndexEntry> OrganisationIndexes(const v1::Organisation& org) {
  if (org.closed()) return {};
  const std::string kind = TwoDigits(org.kind());
  std::vector<IndexEntry> out = {
      {"org_area", org.area_code() + "/" + kind + "/" + org.duty() + "/"},
      {"org_kind", kind + "/" + org.area_code() + "/"},
  };
  if (!org.duty().empty()) out.push_back({"org_duty", org.duty() + "/" + org.area_code() + "/"});
  if (!org.parent().empty()) out.push_back({"org_parent", org.parent() + "/"});
  return out;
}

std::vector<IndexEntry> UserIndexes(const v1::User& user) {
  std::vector<IndexEntry> out = {{"login", user.login() + "/"}, {"user_area", user.area_code() + "/"}};
  std::set<std::string> units;
  for (const auto& grant : user.grant()) {
    if (IsPost(grant) && !grant.org_id().empty()) units.insert(grant.org_id());
  }
  for (const std::string& unit : units) out.push_back({"unit_staff", unit + "/"});
  return out;
}

std::vector<IndexEntry> SessionIndexes(const v1::Session& session) {
  if (session.ended()) return {};
  std::string key = session.user_id() + "/";
  base::AppendU64(&key, static_cast<uint64_t>(session.started_at_ms()));
  return {{"session_user", std::move(key)}};
}

kernel::v1::Notice NoticeOf(std::string topic, const v1::Notice& payload, std::string_view area, int level) {
  kernel::v1::Notice notice;
  notice.set_topic(std::move(topic));
  notice.set_area_code(std::string(area.substr(0, 12)));
  notice.set_level(level);
  notice.set_classification(kernel::v1::INTERNAL);
  notice.set_schema(v1::Notice::descriptor()->full_name());
  notice.set_payload(payload.SerializeAsString());
  return notice;
}

// Of polygons only those of grids travel: a report with a position finds its grid by them. The large ones stay here;
// who draws a map asks for them.
kernel::v1::Notice AreaNotice(const v1::Area& area) {
  v1::Notice payload;
  *payload.mutable_area_changed() = area;
  if (area.level() != common::v1::GRID) payload.mutable_area_changed()->clear_boundary();
  return NoticeOf("directory.area", payload, area.code(), area.level());
}

kernel::v1::Notice OrganisationNotice(const v1::Organisation& org) {
  v1::Notice payload;
  *payload.mutable_org_changed() = org;
  return NoticeOf("directory.org", payload, org.area_code(), org.level());
}

kernel::v1::Notice SessionNotice(std::string_view id, const v1::Session& session) {
  v1::Notice payload;
  auto* revoked = payload.mutable_session_revoked();
  revoked->set_session_id(std::string(id));
  revoked->set_user_id(session.user_id());
  revoked->set_issued_before_ms(session.issued_before_ms());
  revoked->set_ended(session.ended());
  return NoticeOf("directory.session_revoked", payload, "", 0);
}

// Posts of an account of staff, by their opaque ids. A resident's account is nobody else's business, and neither is a
// name. Who has lost the last post is told of once more, with none.
std::optional<kernel::v1::Notice> StaffNotice(std::string_view id, const v1::State& before, const v1::State& after) {
  if (!IsStaff(before.user()) && !IsStaff(after.user())) return std::nullopt;
  v1::Notice payload;
  auto* staff = payload.mutable_staff_changed();
  staff->set_user_id(std::string(id));
  staff->set_disabled(after.user().disabled());
  for (const auto& grant : after.user().grant()) {
    if (!IsPost(grant)) continue;
    auto* post = staff->add_post();
    post->set_role(grant.role());
    post->set_org_id(grant.org_id());
    post->set_area_code(grant.area_code());
    post->set_valid_from_ms(grant.valid_from_ms());
    post->set_valid_to_ms(grant.valid_to_ms());
  }
  return NoticeOf("directory.staff", payload, "", 0);
}

}  // namespace

std::vector<kernel::Timer> DirectoryDomain::Timers(const State& state) {
  if (!state.has_session() || state.session().ended()) return {};
  return {{"expires", std::min(state.session().idle_expires_at_ms(), state.session().expires_at_ms())}};
}

DirectoryDomain::Command DirectoryDomain::Fire(std::string_view, int64_t) {
  Command command;
  command.mutable_end_session()->set_reason("expired");
  return command;
}

std::vector<IndexEntry> DirectoryDomain::Indexes(std::string_view, const State& state) {
  switch (state.body_case()) {
    case State::kArea:
      return AreaIndexes(state.area());
    case State::kOrganisation:
      return OrganisationIndexes(state.organisation());
    case State::kUser:
      return UserIndexes(state.user());
    case State::kSession:
      return SessionIndexes(state.session());
    case State::kCalendar:
    case State::kPolicy:
    case State::kImport:
    case State::kFirstAdmin:
    case State::BODY_NOT_SET:
      break;
  }
  return {};
}

// Areas and organisations in force, by level and kind: what a start reports and a test compares.
std::vector<kernel::TallyEntry> DirectoryDomain::Tallies(const State& state) {
  if (state.has_area()) {
    const v1::Area& area = state.area();
    if (area.functional_zone()) return {{"zone/" + std::to_string(area.level())}};
    return {{(area.valid_to().empty() ? "area/" : "former/") + std::to_string(area.level())}};
  }
  if (state.has_organisation() && !state.organisation().closed()) {
    return {{"org/" + TwoDigits(state.organisation().kind()) + "/" +
             std::to_string(state.organisation().level())}};
  }
  if (state.has_user() && !state.user().disabled()) return {{"user"}};
  return {};
}

std::optional<kernel::v1::Notice> DirectoryDomain::Publish(std::string_view id, const Event& event,
                                                           const State& before, const State& after) {
  v1::Notice payload;
  switch (event.body_case()) {
    case Event::kAreaChanged:
    case Event::kAreaRetired:
      return AreaNotice(after.area());
    case Event::kOrganisationChanged:
    case Event::kOrganisationClosed:
      return OrganisationNotice(after.organisation());
    case Event::kSessionEnded:
    case Event::kSessionRevoked:
      return SessionNotice(id, after.session());
    case Event::kCalendarLoaded:
      *payload.mutable_calendar_loaded() = after.calendar();
      return NoticeOf("directory.calendar", payload, "", 0);
    case Event::kPolicyChanged:
      *payload.mutable_policy_changed() = after.policy();
      return NoticeOf("directory.policy", payload, "", 0);
    case Event::kRoleGranted:
    case Event::kRoleRevoked:
    case Event::kUserDisabled:
    case Event::kUserEnabled:
    case Event::kStaffTold:
      return StaffNotice(id, before, after);
    default:
      return std::nullopt;  // what else happens to an account is nobody else's business
  }
}

void DirectoryDomain::Observe(std::string_view, const State&, Reference*) {}

}  // namespace directory
