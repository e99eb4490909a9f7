#include "services/incident/domain/clocks.h"

#include <algorithm>
#include <array>

#include "base/check.h"

namespace incident {
namespace {

using common::v1::Clock;

constexpr std::array<std::string_view, 10> kDuties = {"DI-01", "DI-02", "DI-03", "DI-05", "DI-06",
                                                      "DA-01", "DA-02", "DA-03", "DA-04", "DA-05"};
constexpr std::array<std::string_view, 4> kHandling = {"DI-05", "DA-03", "DA-04", "DA-05"};
// Run on while the matter goes from unit to unit.
constexpr std::array<std::string_view, 6> kUntilDone = {"DI-05", "DA-01", "DA-02", "DA-03", "DA-04", "DA-05"};

}  // namespace

bool IsDuty(std::string_view policy_id) { return std::ranges::find(kDuties, policy_id) != kDuties.end(); }
bool IsHandling(std::string_view policy_id) {
  return std::ranges::find(kHandling, policy_id) != kHandling.end();
}

const Clock* FindRunning(const v1::Incident& matter, std::string_view policy_id) {
  for (const Clock& clock : matter.clock()) {
    if (clock.policy_id() == policy_id && reference::IsRunning(clock)) return &clock;
  }
  return nullptr;
}

const Clock* FindLast(const v1::Incident& matter, std::string_view policy_id) {
  const Clock* last = nullptr;
  for (const Clock& clock : matter.clock()) {
    if (clock.policy_id() == policy_id) last = &clock;
  }
  return last;
}

int64_t NextDueMs(const v1::Incident& matter) {
  int64_t due = 0;
  for (const Clock& clock : matter.clock()) {
    if (!reference::IsRunning(clock) || reference::IsPaused(clock) || !IsDuty(clock.policy_id())) continue;
    if (due == 0 || clock.due_at_ms() < due) due = clock.due_at_ms();
  }
  return due;
}

bool AnyMissed(const v1::Incident& matter, int64_t now_ms) {
  return std::ranges::any_of(matter.clock(), [&](const Clock& clock) {
    if (!IsHandling(clock.policy_id())) return false;
    if (reference::IsRunning(clock)) return !reference::IsPaused(clock) && now_ms > clock.due_at_ms();
    return clock.outcome() == common::v1::CLOCK_MISSED;
  });
}

int64_t MomentAfter(int64_t from_ms, const common::v1::Length& length, const Knowledge& known) {
  reference::ClockStart start;
  start.at_ms = from_ms;
  start.length = length;
  return reference::LateFromMs(
      reference::StartClock(policy::v1::DeadlineRule(), start, known.directory().calendar()));
}

Clocks::Clocks(const v1::Incident& matter, const Knowledge& known, int64_t now_ms, std::string_view event)
    : known_(known),
      now_ms_(now_ms),
      event_(event),
      clocks_(matter.clock().begin(), matter.clock().end()),
      changed_(clocks_.size(), false) {}

const Clock* Clocks::Running(std::string_view policy_id) const {
  for (const Clock& clock : clocks_) {
    if (clock.policy_id() == policy_id && reference::IsRunning(clock)) return &clock;
  }
  return nullptr;
}

template <class F>
void Clocks::Change(std::string_view policy_id, F change) {
  for (size_t i = 0; i < clocks_.size(); ++i) {
    if (clocks_[i].policy_id() != policy_id || !reference::IsRunning(clocks_[i])) continue;
    clocks_[i] = change(std::move(clocks_[i]));
    changed_[i] = true;
  }
}

void Clocks::Begin(std::string_view policy_id, const Start& start) {
  Cancel(policy_id);
  const policy::v1::DeadlineRule* rule = known_.directory().FindRule(policy_id);
  CHECK(rule != nullptr) << "no deadline row " << policy_id
                         << ": the policies were checked when they were learned";
  reference::ClockStart begin;
  begin.at_ms = now_ms_;
  begin.started_by = event_;
  begin.holder_org = start.holder;
  begin.urgent = start.urgent;
  if (start.length.amount() > 0) begin.length = start.length;
  begin.due_at_ms = start.due_at_ms;
  begin.article = start.article;
  clocks_.push_back(reference::StartClock(*rule, begin, known_.directory().calendar()));
  changed_.push_back(true);
}

void Clocks::Stop(std::string_view policy_id) {
  Change(policy_id,
         [&](Clock c) { return reference::Stop(std::move(c), now_ms_, known_.directory().calendar()); });
}
void Clocks::Cancel(std::string_view policy_id) {
  Change(policy_id, [&](Clock c) { return reference::Cancel(std::move(c), now_ms_); });
}
void Clocks::Pause(std::string_view policy_id, std::string_view reason) {
  Change(policy_id, [&](Clock c) {
    return reference::IsPaused(c) ? std::move(c) : reference::Pause(std::move(c), now_ms_, reason);
  });
}
void Clocks::Resume(std::string_view policy_id) {
  Change(policy_id, [&](Clock c) {
    return reference::IsPaused(c) ? reference::Resume(std::move(c), now_ms_, known_.directory().calendar())
                                  : std::move(c);
  });
}
void Clocks::Extend(std::string_view policy_id, const common::v1::Length& by) {
  Change(policy_id,
         [&](Clock c) { return reference::Extend(std::move(c), by, known_.directory().calendar()); });
}
void Clocks::BindHandling(const std::string& holder) {
  for (const std::string_view policy_id : kUntilDone) {
    const Clock* running = Running(policy_id);
    if (running == nullptr || running->holder_org() == holder) continue;
    Change(policy_id, [&](Clock c) {
      c.set_holder_org(holder);
      return c;
    });
  }
}
bool Clocks::Renew(std::string_view policy_id, const Start& start) {
  const policy::v1::DeadlineRule* rule = known_.directory().FindRule(policy_id);
  const Clock* running = Running(policy_id);
  if (rule == nullptr || running == nullptr) return false;
  reference::ClockStart again;
  again.urgent = start.urgent;
  again.article = start.article;
  if (start.length.amount() > 0) again.length = start.length;
  const Clock renewed = reference::Renew(*running, *rule, again, known_.directory().calendar());
  const bool late = !reference::IsPaused(*running) && (now_ms_ > running->due_at_ms() || now_ms_ > renewed.due_at_ms());
  if (late || renewed.SerializeAsString() == running->SerializeAsString()) return false;
  Change(policy_id, [&](const Clock&) { return renewed; });
  return true;
}
void Clocks::CancelAll() {
  for (size_t i = 0; i < clocks_.size(); ++i) {
    if (!reference::IsRunning(clocks_[i])) continue;
    clocks_[i] = reference::Cancel(std::move(clocks_[i]), now_ms_);
    changed_[i] = true;
  }
}

void Clocks::Into(v1::Event* event) const {
  for (size_t i = 0; i < clocks_.size(); ++i) {
    if (changed_[i]) *event->add_clock() = clocks_[i];
  }
}

void BeginAppealPeriods(const std::string& holder, Clocks* clocks) {
  for (const std::string_view id : kAppealPeriods) clocks->Begin(id, {.holder = holder});
}

}  // namespace incident
