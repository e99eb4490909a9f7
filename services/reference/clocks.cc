#include "services/reference/clocks.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/coding.h"

namespace reference {

using common::v1::Clock;

const Clock* FindClock(const ClockList& clocks, std::string_view policy_id) {
  const auto found = std::ranges::find(clocks, policy_id, &Clock::policy_id);
  return found == clocks.end() ? nullptr : &*found;
}

bool Runs(const ClockList& clocks, std::string_view policy_id) {
  const Clock* clock = FindClock(clocks, policy_id);
  return clock != nullptr && IsRunning(*clock);
}

const Clock* NextDue(const ClockList& clocks) {
  const Clock* next = nullptr;
  for (const Clock& clock : clocks) {
    if (!IsRunning(clock) || clock.holder_org().empty()) continue;
    if (next == nullptr || clock.due_at_ms() < next->due_at_ms()) next = &clock;
  }
  return next;
}

std::string ProvisionalKey(const ClockList& clocks) {
  std::string oldest;
  for (const Clock& clock : clocks) {
    if (!clock.provisional() || !IsRunning(clock)) continue;
    std::string key;
    base::AppendU32(&key, static_cast<uint32_t>(clock.calendar_revision()));
    if (oldest.empty() || key < oldest) oldest = std::move(key);
  }
  return oldest;
}

std::optional<Objection> RowsMissing(const Reference& reference, std::span<const std::string_view> ids,
                                     std::span<const std::string_view> more) {
  if (auto objection = reference.NotReady()) return objection;
  for (const auto rows : {ids, more}) {
    for (const std::string_view id : rows) {
      if (reference.FindRule(id) != nullptr) continue;
      return Objection{"POLICY_ROW_MISSING", "时限目录缺少 " + std::string(id) + "。",
                       "The deadline catalogue lacks " + std::string(id) + "."};
    }
  }
  return std::nullopt;
}

void ClockChanges::Put(Clock clock) {
  std::string policy_id = clock.policy_id();
  changed_[std::move(policy_id)] = std::move(clock);
}

void ClockChanges::Start(std::string_view policy_id, ClockStart start, std::string_view row) {
  const auto* rule = reference_.FindRule(row.empty() ? policy_id : row);
  CHECK(rule != nullptr);
  if (start.at_ms == 0) start.at_ms = now_ms_;
  Clock clock = StartClock(*rule, start, reference_.calendar());
  clock.set_policy_id(std::string(policy_id));
  Put(std::move(clock));
}

const Clock* ClockChanges::Find(std::string_view policy_id) const {
  const auto changed = changed_.find(policy_id);
  return changed != changed_.end() ? &changed->second : FindClock(clocks_, policy_id);
}

bool ClockChanges::Running(std::string_view policy_id) const {
  const Clock* clock = Find(policy_id);
  return clock != nullptr && IsRunning(*clock);
}

bool ClockChanges::Late(std::string_view policy_id) const {
  return Running(policy_id) && now_ms_ >= LateFromMs(*Find(policy_id));
}

void ClockChanges::Stop(std::string_view policy_id) {
  if (Running(policy_id)) Put(reference::Stop(*Find(policy_id), now_ms_, reference_.calendar()));
}

void ClockChanges::Cancel(std::string_view policy_id) {
  if (Running(policy_id)) Put(reference::Cancel(*Find(policy_id), now_ms_));
}

void ClockChanges::End(std::string_view policy_id) {
  if (Late(policy_id) && !IsPaused(*Find(policy_id))) {
    Stop(policy_id);
  } else {
    Cancel(policy_id);
  }
}

void ClockChanges::Extend(std::string_view policy_id, const common::v1::Length& by) {
  if (Running(policy_id)) Put(reference::Extend(*Find(policy_id), by, reference_.calendar()));
}

void ClockChanges::Pause(std::string_view policy_id, std::string_view reason) {
  if (!Running(policy_id) || IsPaused(*Find(policy_id))) return;
  Put(reference::Pause(*Find(policy_id), now_ms_, reason));
}

void ClockChanges::Resume(std::string_view policy_id) {
  if (!Running(policy_id) || !IsPaused(*Find(policy_id))) return;
  Put(reference::Resume(*Find(policy_id), now_ms_, reference_.calendar()));
}

void ClockChanges::Reopen(std::string_view policy_id, std::string_view reason) {
  const Clock* found = Find(policy_id);
  if (found == nullptr || IsRunning(*found)) return;
  Clock clock = *found;
  const int64_t stopped_at_ms = clock.stopped_at_ms();
  clock.set_stopped_at_ms(0);
  clock.set_outcome(common::v1::CLOCK_RUNNING);
  if (clock.set_due_at_ms() != 0) return Put(std::move(clock));  // the day that was named stays
  clock = reference::Pause(std::move(clock), stopped_at_ms, reason);
  Put(reference::Resume(std::move(clock), now_ms_, reference_.calendar()));
}

void ClockChanges::Hand(std::string_view policy_id, std::string_view to_org) {
  if (!Running(policy_id)) return;
  Clock clock = *Find(policy_id);
  clock.set_holder_org(std::string(to_org));
  Put(std::move(clock));
}

}  // namespace reference
