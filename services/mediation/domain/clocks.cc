#include "services/mediation/domain/clocks.h"

#include <algorithm>

#include "base/check.h"
#include "services/mediation/domain/limits.h"

namespace mediation {

using common::v1::Clock;

bool Ticks(const v1::State& state, std::string_view policy_id) {
  const Clock* clock = FindClock(state, policy_id);
  return clock != nullptr && reference::IsRunning(*clock) && !reference::IsPaused(*clock);
}

std::string_view PeriodRow(const v1::State& state) {
  if (state.kind() == v1::COURT_DELEGATED) return "DM-04-COURT-DELEGATED";
  if (state.kind() != v1::COURT_ENTRUSTED) return "DM-04";
  return state.summary_procedure() ? "DM-04-COURT-SUMMARY" : "DM-04-COURT-ENTRUSTED";
}

int64_t PeriodWarningAt(int64_t due_at_ms, int64_t now_ms, const base::Calendar& calendar) {
  const base::Day last = base::LocalDay(due_at_ms - 1);
  const int back = calendar.IsWorkingDay(last) ? kWarningWorkingDays : kWarningWorkingDays + 1;
  return std::max(now_ms, base::StartOfDayMs(calendar.AddWorkingDays(last, -back)) + kWarningHourMs);
}

PeriodStart PeriodStartOf(const v1::State& state, const reference::Reference& reference,
                          std::string_view started_by) {
  PeriodStart period{{}, PeriodRow(state)};
  period.start.started_by = std::string(started_by);
  period.start.holder_org = state.committee_org();
  const auto* type = reference.FindDisputeType(state.dispute_type());
  if (period.row != "DM-04" || type == nullptr) return period;  // a court set the period
  period.start.length = type->period();
  period.start.article = type->article();
  return period;
}

void ClockChanges::HandAll(std::string_view from_org, std::string_view to_org) {
  for (std::string_view policy_id : kPolicyIds) {
    if (Running(policy_id) && Find(policy_id)->holder_org() == from_org) Hand(policy_id, to_org);
  }
}

v1::Period ClockChanges::PeriodNow() const {
  const Clock* clock = Find("DM-04");
  CHECK(clock != nullptr);
  v1::Period period;
  period.set_end_ms(clock->due_at_ms());
  period.set_warning_due_ms(PeriodWarningAt(clock->due_at_ms(), now_ms(), reference().calendar()));
  return period;
}

void ClockChanges::EndAll() {
  for (std::string_view policy_id : kPolicyIds) End(policy_id);
}

}  // namespace mediation
