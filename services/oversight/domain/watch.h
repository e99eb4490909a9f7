#pragma once
// What is counted over places and months so that a warning is raised at the moment its figure is reached: one small
// aggregate a village and class of matters (W1), a county's wages (W8), a unit (W6), the calendar and a committee's
// term (W9). Pure readings; each holds only what its window needs.
//
//   watch-<village>-<class>   W1     watch-<county>-wages  W8     watch-unit-<org>  W6
//   watch-calendar            W9     watch-term-<org>      W9
//   watch-<county>-since      W1: since when its matters are heard

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "oversight/v1/oversight.pb.h"
#include "services/oversight/domain/warnings.h"

namespace oversight {

inline constexpr std::string_view kWatchPrefix = "watch-";
inline constexpr std::string_view kCalendarWatch = "watch-calendar";
std::string ClusterWatch(std::string_view village, std::string_view category);
std::string WageWatch(std::string_view county);
std::string SinceWatch(std::string_view county);
std::string UnitWatch(std::string_view org_id);
std::string TermWatch(std::string_view org_id);

// The class of what was heard: of an incident its two digits, of a case its type "D01", of a petition "Q05".
std::string ClassOf(const v1::Observe& heard);
bool IsOfPetitions(std::string_view category);
// What a rule's categories are compared with: of an incident all four digits.
std::string CategoryOf(const v1::Observe& heard);

// From which moment on arrivals are needed, once the newest came at `at_ms`.
int64_t KeepFromMs(int64_t at_ms, const policy::v1::WarningRule& rule);

struct Cluster {
  int level = 0;  // the lowest that can see it
  std::vector<std::string> matters;
  std::vector<v1::WarningFact> facts;
};
// W1: what has come lately, if it is enough. `from_level`: who can see less is not asked.
std::optional<Cluster> FindCluster(const v1::Watch& watch, const policy::v1::WarningRule& rule, int64_t now_ms,
                                   int from_level = common::v1::TOWNSHIP);
// The facts of one that is open, as they are now, whether or not it would be raised again.
std::vector<v1::WarningFact> ClusterFacts(const v1::Watch& watch, const policy::v1::WarningRule& rule, int level);

// Whether what the open warning was raised of is still enough, now that the matter `left`; the watch is as it is after
// that. What was handled counts on: only what should not have been counted takes the ground away.
bool StillHolds(const v1::Watch& watch, const policy::v1::WarningRule& rule, const v1::WarningState& open,
                std::string_view left);

const v1::MonthCount* FindMonth(const v1::Watch& watch, int32_t month);  // null: nothing came in it
std::vector<v1::WarningFact> WageFacts(const v1::Watch& watch, int32_t month);
// W8: so many in the month, and so many more than in the one before.
bool AreMoreWages(const v1::Watch& watch, const policy::v1::WarningRule& rule, int32_t month);
// W8: this month's wages against the month before.
std::optional<std::vector<v1::WarningFact>> MoreWages(const v1::Watch& watch, const policy::v1::WarningRule& rule,
                                                      int32_t month);
// W6: when a month is looked at, a day after it is over.
int64_t MonthLookMs(int32_t month);
// W6: the matters that were open and past due at the month's end, each once.
std::vector<std::string> OpenLate(const v1::Watch& watch, int32_t month);
// W6: a month that is over, and how many of the unit's matters it left open and late.
std::optional<std::vector<v1::WarningFact>> ClosesLate(const v1::MonthCount& month, int64_t open_late,
                                                       const policy::v1::WarningRule& rule);

}  // namespace oversight
