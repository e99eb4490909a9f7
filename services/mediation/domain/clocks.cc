#include "services/mediation/domain/clocks.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/coding.h"
#include "services/mediation/domain/limits.h"

namespace mediation {

using common::v1::Clock;

const Clock* FindClock(const v1::State& state, std::string_view policy_id) {
  const auto found = std::ranges::find(state.clock(), policy_id, &Clock::policy_id);
  return found == state.clock().end() ? nullptr : &*found;
}

bool Runs(const v1::State& state, std::string_view policy_id) {
  const Clock* clock = FindClock(state, policy_id);
  return clock != nullptr && reference::IsRunning(*clock);
}

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

std::string ProvisionalKey(const v1::State& state) {
  std::string oldest;
  for (const Clock& clock : state.clock()) {
    if (!clock.provisional() || !reference::IsRunning(clock)) continue;
    std::string key;
    base::AppendU32(&key, static_cast<uint32_t>(clock.calendar_revision()));
    if (oldest.empty() || key < oldest) oldest = std::move(key);
  }
  return oldest;
}

void ClockChanges::Start(std::string_view policy_id, reference::ClockStart start, std::string_view row) {
  const auto* rule = reference_.FindRule(row.empty() ? policy_id : row);
  CHECK(rule != nullptr);
  if (start.at_ms == 0) start.at_ms = now_ms_;
  Clock clock = reference::StartClock(*rule, start, reference_.calendar());
  clock.set_policy_id(std::string(policy_id));
  changed_[std::string(policy_id)] = std::move(clock);
}

const Clock* ClockChanges::Find(std::string_view policy_id) const {
  const auto changed = changed_.find(policy_id);
  return changed != changed_.end() ? &changed->second : FindClock(state_, policy_id);
}

bool ClockChanges::Running(std::string_view policy_id) const {
  const Clock* clock = Find(policy_id);
  return clock != nullptr && reference::IsRunning(*clock);
}

void ClockChanges::Stop(std::string_view policy_id) {
  if (!Running(policy_id)) return;
  changed_[std::string(policy_id)] = reference::Stop(*Find(policy_id), now_ms_, reference_.calendar());
}

void ClockChanges::Cancel(std::string_view policy_id) {
  if (!Running(policy_id)) return;
  changed_[std::string(policy_id)] = reference::Cancel(*Find(policy_id), now_ms_);
}

void ClockChanges::Pause(std::string_view policy_id, std::string_view reason) {
  CHECK(Running(policy_id));
  changed_[std::string(policy_id)] = reference::Pause(*Find(policy_id), now_ms_, reason);
}

void ClockChanges::Resume(std::string_view policy_id) {
  CHECK(Running(policy_id));
  changed_[std::string(policy_id)] = reference::Resume(*Find(policy_id), now_ms_, reference_.calendar());
}

void ClockChanges::Extend(std::string_view policy_id, const common::v1::Length& by) {
  CHECK(Running(policy_id));
  changed_[std::string(policy_id)] = reference::Extend(*Find(policy_id), by, reference_.calendar());
}

void ClockChanges::Reopen(std::string_view policy_id, std::string_view reason) {
  const Clock* found = Find(policy_id);
  if (found == nullptr || reference::IsRunning(*found)) return;
  Clock clock = *found;
  const int64_t stopped_at_ms = clock.stopped_at_ms();
  clock.set_stopped_at_ms(0);
  clock.set_outcome(common::v1::CLOCK_RUNNING);
  if (clock.set_due_at_ms() != 0) {  // the day that was named stays
    changed_[std::string(policy_id)] = std::move(clock);
    return;
  }
  clock = reference::Pause(std::move(clock), stopped_at_ms, reason);
  changed_[std::string(policy_id)] = reference::Resume(std::move(clock), now_ms_, reference_.calendar());
}

void ClockChanges::Hand(std::string_view from_org, std::string_view to_org) {
  for (std::string_view policy_id : kPolicyIds) {
    if (!Running(policy_id) || Find(policy_id)->holder_org() != from_org) continue;
    Clock clock = *Find(policy_id);
    clock.set_holder_org(std::string(to_org));
    changed_[std::string(policy_id)] = std::move(clock);
  }
}

v1::Period ClockChanges::PeriodNow() const {
  const Clock* clock = Find("DM-04");
  CHECK(clock != nullptr);
  v1::Period period;
  period.set_end_ms(clock->due_at_ms());
  period.set_warning_due_ms(PeriodWarningAt(clock->due_at_ms(), now_ms_, reference_.calendar()));
  return period;
}

void ClockChanges::EndAll() {
  for (std::string_view policy_id : kPolicyIds) {
    if (!Running(policy_id)) continue;
    const Clock& clock = *Find(policy_id);  // while it stands it is not late
    if (!reference::IsPaused(clock) && now_ms_ >= reference::LateFromMs(clock)) {
      Stop(policy_id);
    } else {
      Cancel(policy_id);
    }
  }
}

void ClockChanges::WriteTo(v1::Event* event) const {
  for (const auto& [policy_id, clock] : changed_) *event->add_clock() = clock;
}

}  // namespace mediation
