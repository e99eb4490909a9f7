#pragma once
// Is a calendar, a policy set, an area, an organisation fit to be used? Pure. Messages name the row and the
// field, in Chinese and English: `时限 DI-05：length 缺失 / deadline DI-05: length is missing`. Asked by the
// directory before it publishes, by whoever loads files, and again by whoever learns.

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "base/calendar.h"
#include "directory/v1/notices.pb.h"
#include "policy/v1/policy.pb.h"

namespace reference {

inline constexpr int kRulesMax = 500;
inline constexpr int kCategoriesMax = 2000;
inline constexpr int kWarningDaysMax = 366;
inline constexpr int kMeanWeeksMax = 52;
inline constexpr int kPeriodDaysMax = 3660;  // ten years: longer is a slip of the keyboard

absl::StatusOr<base::Calendar> CalendarFrom(const policy::v1::Calendar& calendar);
// The whole set, and its parts.
absl::Status ValidatePolicies(const policy::v1::PolicySet& policies);
absl::Status ValidateDeadlines(const policy::v1::Deadlines& deadlines);
absl::Status ValidateCategories(const policy::v1::Categories& categories);
absl::Status ValidateLadder(const policy::v1::Ladder& ladder);
absl::Status ValidateIncidentPolicy(const policy::v1::IncidentPolicy& policy);
absl::Status ValidateMediationPolicy(const policy::v1::MediationPolicy& policy);
absl::Status ValidatePetitionPolicy(const policy::v1::PetitionPolicy& policy);
absl::Status ValidateWarningPolicy(const policy::v1::WarningPolicy& policy);
absl::Status ValidateFigurePolicy(const policy::v1::FigurePolicy& policy);
absl::Status ValidateArea(const directory::v1::Area& area);
absl::Status ValidateOrganisation(const directory::v1::Organisation& org);
absl::Status ValidateStaff(const directory::v1::Staff& staff);

// May `after` take the place of `before`? Revisions rise, rows are retired and never deleted, and a fixed
// (statutory) period is never made longer, nor its unit, article or fixedness changed.
absl::Status ValidatePolicyChange(const policy::v1::PolicySet& before, const policy::v1::PolicySet& after);

}  // namespace reference
