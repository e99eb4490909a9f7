#include "services/reference/reference.h"

#include <algorithm>

#include "base/area_code.h"
#include "base/check.h"
#include "base/status_macros.h"
#include "services/reference/validate.h"

namespace reference {
namespace {

using directory::v1::Area;
using directory::v1::Organisation;
using directory::v1::OrgKind;

// Villages merge, and the merged merge again; more links than this is a loop in the data.
constexpr int kSuccessorsMax = 16;
constexpr int kGridLevel = 1;

template <class T>
const T* At(const google::protobuf::RepeatedPtrField<T>& rows, const auto& index, std::string_view key) {
  const auto it = index.find(key);
  return it == index.end() ? nullptr : &rows.Get(it->second);
}

}  // namespace

absl::Status Reference::Learn(const directory::v1::Notice& notice) {
  switch (notice.body_case()) {
    case directory::v1::Notice::kCalendarLoaded:
      return LearnCalendar(notice.calendar_loaded());
    case directory::v1::Notice::kPolicyChanged:
      return LearnPolicies(notice.policy_changed());
    case directory::v1::Notice::kAreaChanged:
      return LearnArea(notice.area_changed());
    case directory::v1::Notice::kOrgChanged:
      return LearnOrg(notice.org_changed());
    case directory::v1::Notice::kStaffChanged:
      return LearnStaff(notice.staff_changed());
    case directory::v1::Notice::kSessionRevoked:
      return absl::OkStatus();  // nothing to remember: services/rpc acts upon it
    case directory::v1::Notice::BODY_NOT_SET:
      break;
  }
  return absl::InvalidArgumentError("directory notice: body is missing");
}

absl::Status Reference::LearnCalendar(const policy::v1::Calendar& calendar) {
  ASSIGN_OR_RETURN(base::Calendar learned, CalendarFrom(calendar));
  if (calendar_ && learned.revision() < calendar_->revision()) {
    return absl::FailedPreconditionError("calendar: revision " + std::to_string(learned.revision()) +
                                         " is older than " + std::to_string(calendar_->revision()));
  }
  calendar_ = std::move(learned);
  return absl::OkStatus();
}

absl::Status Reference::LearnPolicies(const policy::v1::PolicySet& policies) {
  RETURN_IF_ERROR(ValidatePolicies(policies));
  if (policies.revision() < policies_.revision()) {
    return absl::FailedPreconditionError("policies: revision " + std::to_string(policies.revision()) +
                                         " is older than " + std::to_string(policies_.revision()));
  }
  policies_ = policies;
  IndexPolicies();
  return absl::OkStatus();
}

absl::Status Reference::LearnArea(const Area& area) {
  RETURN_IF_ERROR(ValidateArea(area));
  Area& known = areas_[area.code()];
  known = area;
  known.clear_boundary();  // whoever needs it keeps a GridMap
  return absl::OkStatus();
}

absl::Status Reference::LearnOrg(const Organisation& org) {
  RETURN_IF_ERROR(ValidateOrganisation(org));
  Organisation& known = orgs_[org.id()];
  if (!known.id().empty() && known.area_code() != org.area_code()) {
    std::erase(orgs_of_area_[known.area_code()], org.id());
  }
  known = org;
  std::vector<std::string>& ids = orgs_of_area_[org.area_code()];
  const auto place = std::lower_bound(ids.begin(), ids.end(), org.id());
  if (place == ids.end() || *place != org.id()) ids.insert(place, org.id());
  return absl::OkStatus();
}

absl::Status Reference::LearnStaff(const directory::v1::Staff& staff) {
  RETURN_IF_ERROR(ValidateStaff(staff));
  Staff known;
  known.disabled = staff.disabled();
  known.posts.reserve(static_cast<size_t>(staff.post_size()));
  for (const auto& post : staff.post()) {
    known.posts.push_back(
        {post.role(), post.org_id(), post.area_code(), post.valid_from_ms(), post.valid_to_ms()});
  }
  staff_[staff.user_id()] = std::move(known);
  return absl::OkStatus();
}

void Reference::IndexPolicies() {
  const auto index = [](const auto& rows, Table<int>* table, auto key) {
    table->clear();
    for (int i = 0; i < rows.size(); ++i) table->emplace(key(rows.Get(i)), i);
  };
  const auto by_code = [](const auto& row) { return row.code(); };
  index(policies_.deadlines().rule(), &rule_at_, [](const auto& row) { return row.id(); });
  index(policies_.categories().category(), &category_at_, by_code);
  index(policies_.incident().suspend_reason(), &suspend_at_, by_code);
  index(policies_.mediation().dispute_type(), &dispute_at_, by_code);
}

std::optional<Objection> Reference::NotReady() const {
  if (!calendar_) {
    return Objection{"CALENDAR_MISSING", "工作日历尚未加载，暂不能计算时限，请稍后再试或联系管理员",
                     "the working calendar has not been loaded yet, so no deadline can be computed"};
  }
  if (policies_.revision() == 0) {
    return Objection{"POLICY_MISSING", "政策目录尚未加载，暂不能办理，请稍后再试或联系管理员",
                     "the policy catalogue has not been loaded yet"};
  }
  return std::nullopt;
}

const base::Calendar& Reference::calendar() const {
  CHECK(calendar_.has_value()) << "no calendar was learned: ask Ready() first";
  return *calendar_;
}

const policy::v1::DeadlineRule* Reference::FindRule(std::string_view id) const {
  return At(policies_.deadlines().rule(), rule_at_, id);
}

const policy::v1::Category* Reference::FindCategory(std::string_view code) const {
  return At(policies_.categories().category(), category_at_, code);
}

const policy::v1::SuspendReason* Reference::FindSuspendReason(std::string_view code) const {
  return At(policies_.incident().suspend_reason(), suspend_at_, code);
}

const policy::v1::DisputeType* Reference::FindDisputeType(std::string_view code) const {
  return At(policies_.mediation().dispute_type(), dispute_at_, code);
}

const policy::v1::LadderStep* Reference::FindLadderStep(int from_level, std::string_view category) const {
  const policy::v1::LadderStep* found = nullptr;
  size_t fits = 0;  // the longest beginning so far
  for (const auto& step : policies_.ladder().step()) {
    if (step.from_level() != from_level) continue;
    if (step.category().empty() && found == nullptr) found = &step;
    for (const std::string& code : step.category()) {
      if (code.size() <= fits || !category.starts_with(code)) continue;
      found = &step;
      fits = code.size();
    }
  }
  return found;
}

const Area* Reference::FindArea(std::string_view code) const {
  const auto it = areas_.find(code);
  return it == areas_.end() ? nullptr : &it->second;
}

bool Reference::AreaIsValidOn(std::string_view code, base::Day day) const {
  const Area* area = FindArea(code);
  if (area == nullptr) return false;
  const std::optional<base::Day> from = base::ParseDay(area->valid_from());
  const std::optional<base::Day> to = base::ParseDay(area->valid_to());
  return (!from || *from <= day) && (!to || day <= *to);
}

bool Reference::GridExists(std::string_view code) const {
  const Area* area = FindArea(code);
  return area != nullptr && area->level() == kGridLevel && area->valid_to().empty();
}

std::string Reference::StatutoryParent(std::string_view code) const {
  const Area* area = FindArea(code);
  return area == nullptr ? std::string() : area->parent();
}

std::string Reference::ResolveSuccessor(std::string_view code) const {
  std::string at(code);
  for (int i = 0; i < kSuccessorsMax; ++i) {
    const Area* area = FindArea(at);
    if (area == nullptr || area->successor().empty()) return at;
    at = area->successor();
  }
  return std::string(code);
}

std::vector<std::string> Reference::AreasIn(std::string_view area, int level) const {
  std::vector<std::string> codes;
  for (const auto& [code, row] : areas_) {
    if (base::LevelOf(code) == level && row.successor().empty() && base::Covers(area, code)) codes.push_back(code);
  }
  std::ranges::sort(codes);
  return codes;
}

const Staff* Reference::FindStaff(std::string_view user_id) const {
  const auto it = staff_.find(user_id);
  return it == staff_.end() ? nullptr : &it->second;
}

const Organisation* Reference::FindOrg(std::string_view id) const {
  const auto it = orgs_.find(id);
  return it == orgs_.end() ? nullptr : &it->second;
}

std::vector<const Organisation*> Reference::OrgsIn(std::string_view area, OrgKind kind) const {
  std::vector<const Organisation*> found;
  const auto it = orgs_of_area_.find(area);
  if (it == orgs_of_area_.end()) return found;
  for (const std::string& id : it->second) {
    const Organisation* org = FindOrg(id);
    if (org->kind() == kind && !org->closed()) found.push_back(org);
  }
  return found;
}

const Organisation* Reference::DepartmentFor(std::string_view area, std::string_view duty) const {
  for (const Organisation* org : OrgsIn(area, directory::v1::DEPARTMENT)) {
    if (org->duty() == duty) return org;
  }
  return nullptr;
}

const Organisation* Reference::CentreOf(std::string_view area) const {
  const std::vector<const Organisation*> centres = OrgsIn(area, directory::v1::CENTRE);
  return centres.empty() ? nullptr : centres.front();
}

// Follows the statutory parent where the area is known, the code where it is not: an old matter's village may
// be gone from the list, its township is not.
const Organisation* Reference::CentreAbove(std::string_view area) const {
  std::string at(area);
  for (int level = base::LevelOf(area); level != 0 && level <= 6; ++level) {
    const std::string statutory = StatutoryParent(at);
    at = statutory.empty() ? base::ParentOf(at) : statutory;
    if (at.empty()) return nullptr;
    if (const Organisation* centre = CentreOf(at)) return centre;
  }
  return nullptr;
}

const Organisation* Reference::NearestCentre(std::string_view area) const {
  const Organisation* own = CentreOf(area);
  return own != nullptr ? own : CentreAbove(area);
}

}  // namespace reference
