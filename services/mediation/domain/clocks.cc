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

void ClockChanges::EndAll() {
  for (std::string_view policy_id : kPolicyIds) {
    if (!Running(policy_id)) continue;
    if (now_ms_ >= reference::LateFromMs(*Find(policy_id))) {
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
