#include "services/petition/domain/clocks.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/coding.h"

namespace petition {

using common::v1::Clock;

const Clock* FindClock(const v1::State& state, std::string_view policy_id) {
  const auto found = std::ranges::find(state.clock(), policy_id, &Clock::policy_id);
  return found == state.clock().end() ? nullptr : &*found;
}

bool Runs(const v1::State& state, std::string_view policy_id) {
  const Clock* clock = FindClock(state, policy_id);
  return clock != nullptr && reference::IsRunning(*clock);
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

void ClockChanges::Start(std::string_view policy_id, reference::ClockStart start) {
  const auto* rule = reference_.FindRule(policy_id);
  CHECK(rule != nullptr);
  if (start.at_ms == 0) start.at_ms = now_ms_;
  changed_[std::string(policy_id)] = reference::StartClock(*rule, start, reference_.calendar());
}

const Clock* ClockChanges::Find(std::string_view policy_id) const {
  const auto changed = changed_.find(policy_id);
  return changed != changed_.end() ? &changed->second : FindClock(state_, policy_id);
}

bool ClockChanges::Running(std::string_view policy_id) const {
  const Clock* clock = Find(policy_id);
  return clock != nullptr && reference::IsRunning(*clock);
}

bool ClockChanges::Late(std::string_view policy_id) const {
  return Running(policy_id) && now_ms_ >= reference::LateFromMs(*Find(policy_id));
}

void ClockChanges::Stop(std::string_view policy_id) {
  if (!Running(policy_id)) return;
  changed_[std::string(policy_id)] = reference::Stop(*Find(policy_id), now_ms_, reference_.calendar());
}

void ClockChanges::Cancel(std::string_view policy_id) {
  if (!Running(policy_id)) return;
  changed_[std::string(policy_id)] = reference::Cancel(*Find(policy_id), now_ms_);
}

void ClockChanges::Extend(std::string_view policy_id, const common::v1::Length& by) {
  if (!Running(policy_id)) return;
  changed_[std::string(policy_id)] = reference::Extend(*Find(policy_id), by, reference_.calendar());
}

void ClockChanges::Pause(std::string_view policy_id, std::string_view reason) {
  if (!Running(policy_id) || reference::IsPaused(*Find(policy_id))) return;
  changed_[std::string(policy_id)] = reference::Pause(*Find(policy_id), now_ms_, reason);
}

void ClockChanges::Resume(std::string_view policy_id) {
  if (!Running(policy_id) || !reference::IsPaused(*Find(policy_id))) return;
  changed_[std::string(policy_id)] = reference::Resume(*Find(policy_id), now_ms_, reference_.calendar());
}

void ClockChanges::EndAll() {
  for (std::string_view policy_id : kPolicyIds) {
    if (policy_id == "DP-13" || policy_id == "DP-15" || !Running(policy_id)) continue;
    const Clock& clock = *Find(policy_id);  // while it stands it is not late
    if (!IsRight(policy_id) && !reference::IsPaused(clock) && now_ms_ >= reference::LateFromMs(clock)) {
      Stop(policy_id);
    } else {
      Cancel(policy_id);
    }
  }
}

void ClockChanges::WriteTo(v1::Event* event) const {
  for (const auto& [policy_id, clock] : changed_) *event->add_clock() = clock;
}

}  // namespace petition
