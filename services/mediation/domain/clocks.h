#pragma once
// The clocks of a case, and what an event does to them (services/reference/clocks.h): what is mediation's own.

#include <cstdint>
#include <string>
#include <string_view>

#include "mediation/v1/mediation.pb.h"
#include "services/reference/clocks.h"

namespace mediation {

// Every row of the deadline catalogue this service starts clocks of.
inline constexpr std::string_view kPolicyIds[] = {"DM-01", "DM-02", "DM-03", "DM-04",
                                                  "DM-05", "DM-06", "DM-07", "DM-08"};
// Rows that take the place of DM-04 and DM-06 in some cases. The clock keeps the plain id: it is the same
// duty.
inline constexpr std::string_view kOtherRows[] = {"DM-04-COURT-DELEGATED", "DM-04-COURT-ENTRUSTED",
                                                  "DM-04-COURT-SUMMARY", "DM-06-EFFECT"};

inline const common::v1::Clock* FindClock(const v1::State& state, std::string_view policy_id) {
  return reference::FindClock(state.clock(), policy_id);
}
inline bool Runs(const v1::State& state, std::string_view policy_id) {
  return reference::Runs(state.clock(), policy_id);
}

// The row that says how long mediation may take; "DM-04" leaves it to the dispute type.
std::string_view PeriodRow(const v1::State& state);
// Whether the clock runs and does not stand still.
bool Ticks(const v1::State& state, std::string_view policy_id);
// When the warning before the end of a period that is over at `due_at_ms` goes out.
int64_t PeriodWarningAt(int64_t due_at_ms, int64_t now_ms, const base::Calendar& calendar);

// How the period of mediation (DM-04) starts for this case: its length by type, or the court's row. The second
// is the row's id.
struct PeriodStart {
  reference::ClockStart start;
  std::string_view row;
};
PeriodStart PeriodStartOf(const v1::State& state, const reference::Reference& reference,
                          std::string_view started_by);

class ClockChanges : public reference::ClockChanges {
 public:
  // REQUIRES: reference is ready and knows kPolicyIds.
  ClockChanges(const v1::State& state, const reference::Reference& reference, int64_t now_ms)
      : reference::ClockChanges(state.clock(), reference, now_ms) {}

  // The clocks of the former holder bind another unit from now on.
  void HandAll(std::string_view from_org, std::string_view to_org);
  // What still runs: MISSED if it is late, otherwise CANCELLED.
  void EndAll();
  // Warning and end of the period as the clocks are now. REQUIRES: DM-04 is there.
  v1::Period PeriodNow() const;
};

}  // namespace mediation
