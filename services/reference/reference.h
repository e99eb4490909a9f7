#pragma once
// What a service has learned from the directory: calendar, policies, areas, organisations, staff. A domain's
// D::Reference. Fed by Observe/Learn on the writer thread, read by Decide; queries work on a copy or under
// their own lock. Pure memory: no clock, no I/O. Answers depend on what was learned, never on the order of
// hashing. Pointers stay valid until the next Learn of the same thing.

#include <absl/status/status.h>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/calendar.h"
#include "directory/v1/notices.pb.h"
#include "kernel/v1/actor.pb.h"
#include "policy/v1/policy.pb.h"
#include "services/reference/deadline.h"

namespace reference {

// An account of staff, kept small: a city has some ten thousand.
struct Post {
  kernel::v1::Role role = kernel::v1::ROLE_UNSPECIFIED;
  std::string org_id;
  std::string area_code;
  int64_t valid_from_ms = 0;
  int64_t valid_to_ms = 0;  // 0: until revoked
};
struct Staff {
  bool disabled = false;
  std::vector<Post> posts;  // as granted: whether one counts today, staff.h says
};

class Reference {
 public:
  // A calendar or policy set that does not validate, and one with a lower revision than the present, is not
  // taken: the status says why, and what was known stays. Areas and organisations replace what had the same
  // code or id.
  absl::Status Learn(const directory::v1::Notice& notice);

  // Without calendar and policies no clock can start: domains refuse with this reason.
  bool Ready() const { return calendar_.has_value() && policies_.revision() > 0; }
  std::optional<Objection> NotReady() const;  // CALENDAR_MISSING, POLICY_MISSING

  const base::Calendar& calendar() const;  // REQUIRES: a calendar was learned
  bool HasCalendar() const { return calendar_.has_value(); }
  const policy::v1::PolicySet& policies() const { return policies_; }
  LightRule light_rule() const { return LightRule::From(policies_.deadlines()); }

  // Null if there is none. Retired rows are found too, because open matters need them: look at `retired`
  // before a new use.
  const policy::v1::DeadlineRule* FindRule(std::string_view id) const;
  const policy::v1::Category* FindCategory(std::string_view code) const;
  const policy::v1::SuspendReason* FindSuspendReason(std::string_view code) const;
  const policy::v1::DisputeType* FindDisputeType(std::string_view code) const;
  // The step for this category, or the one for all.
  const policy::v1::LadderStep* FindLadderStep(int from_level, std::string_view category = {}) const;

  const directory::v1::Area* FindArea(std::string_view code) const;
  bool AreaExists(std::string_view code) const { return FindArea(code) != nullptr; }
  bool AreaIsValidOn(std::string_view code, base::Day day) const;
  bool GridExists(std::string_view code) const;              // a grid that has not been closed
  std::string StatutoryParent(std::string_view code) const;  // empty for the top and for the unknown
  // The area that stands today for `code`: follows successors of merged villages to the end; the code itself
  // if there is none.
  std::string ResolveSuccessor(std::string_view code) const;

  // Codes of this level that lie in `area` and stand today, sorted.
  std::vector<std::string> AreasIn(std::string_view area, int level) const;

  const directory::v1::Organisation* FindOrg(std::string_view id) const;
  // Organisations of exactly this area that are not closed, by id.
  std::vector<const directory::v1::Organisation*> OrgsIn(std::string_view area,
                                                         directory::v1::OrgKind kind) const;
  const directory::v1::Organisation* DepartmentFor(std::string_view area, std::string_view duty) const;
  // The 综治中心 of exactly this area; null if it has none (grids).
  const directory::v1::Organisation* CentreOf(std::string_view area) const;
  const directory::v1::Organisation* CentreAbove(
      std::string_view area) const;  // of the next level up that has one
  const directory::v1::Organisation* NearestCentre(std::string_view area) const;  // own, or the one above

  // Null: no account of staff, as far as the directory has told. See staff.h for who may be named to what.
  const Staff* FindStaff(std::string_view user_id) const;

  size_t area_count() const { return areas_.size(); }
  size_t org_count() const { return orgs_.size(); }
  size_t staff_count() const { return staff_.size(); }

 private:
  struct Hash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  template <class T>
  using Table = std::unordered_map<std::string, T, Hash, std::equal_to<>>;

  absl::Status LearnCalendar(const policy::v1::Calendar& calendar);
  absl::Status LearnPolicies(const policy::v1::PolicySet& policies);
  absl::Status LearnArea(const directory::v1::Area& area);
  absl::Status LearnOrg(const directory::v1::Organisation& org);
  absl::Status LearnStaff(const directory::v1::Staff& staff);
  void IndexPolicies();

  std::optional<base::Calendar> calendar_;
  policy::v1::PolicySet policies_;
  Table<int> rule_at_;  // position in policies_
  Table<int> category_at_;
  Table<int> suspend_at_;
  Table<int> dispute_at_;
  Table<directory::v1::Area> areas_;
  Table<directory::v1::Organisation> orgs_;
  Table<std::vector<std::string>> orgs_of_area_;  // sorted ids
  Table<Staff> staff_;
};

}  // namespace reference
