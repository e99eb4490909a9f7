#include "services/reference/deadline.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/check.h"
#include "services/reference/count.h"

namespace reference {
namespace {

using base::Calendar;
using base::Counting;
using common::v1::Clock;
using common::v1::Length;
using common::v1::Light;

Clock WithDue(Clock clock, const Calendar& calendar) {
  const Count count = CountClock(clock, calendar);
  clock.set_due_at_ms(count.due_ms);
  clock.set_provisional(count.provisional);
  clock.set_calendar_revision(calendar.revision());
  return clock;
}

// While a clock is paused its time stands still at the moment of the pause.
int64_t OwnNow(const Clock& clock, int64_t now_ms) {
  return IsPaused(clock) ? clock.pause(clock.pause_size() - 1).from_ms() : now_ms;
}

Objection No(std::string_view reason, std::string_view zh, std::string_view en) {
  return {std::string(reason), std::string(zh), std::string(en)};
}

Length ExtensionLimit(const Clock& clock, const policy::v1::DeadlineRule& rule) {
  return rule.extension_up_to_length() ? clock.length() : rule.extension_max();
}

}  // namespace

Clock StartClock(const policy::v1::DeadlineRule& rule, const ClockStart& start, const Calendar& calendar) {
  Clock clock;
  clock.set_policy_id(rule.id());
  clock.set_policy_revision(rule.revision());
  clock.set_article(start.article.empty() ? rule.article() : start.article);
  clock.set_started_at_ms(start.at_ms);
  clock.set_started_by(start.started_by);
  clock.set_holder_org(start.holder_org);
  if (start.due_at_ms != 0) {
    clock.set_set_due_at_ms(start.due_at_ms);
    return WithDue(std::move(clock), calendar);
  }
  const bool urgent = start.urgent && rule.urgent().amount() > 0;
  *clock.mutable_length() = start.length ? *start.length : urgent ? rule.urgent() : rule.length();
  CHECK(clock.length().amount() > 0) << rule.id() << " has no length of its own";
  clock.set_roll_forward(rule.roll_forward() && !start.urgent);
  return WithDue(std::move(clock), calendar);
}

Clock Extend(Clock clock, const Length& by, const Calendar& calendar) {
  CHECK(IsRunning(clock)) << clock.policy_id();
  const int64_t before = clock.due_at_ms();
  *clock.add_extension() = by;
  clock = WithDue(std::move(clock), calendar);
  clock.set_extended_from_ms(before);
  return clock;
}

Clock Pause(Clock clock, int64_t at_ms, std::string_view reason) {
  CHECK(IsRunning(clock) && !IsPaused(clock)) << clock.policy_id();
  common::v1::Pause* pause = clock.add_pause();
  // A clock never runs backwards, whatever order its events arrive in.
  const int64_t earliest = clock.pause_size() > 1 ? clock.pause(clock.pause_size() - 2).to_ms() : 0;
  pause->set_from_ms(std::max({at_ms, clock.started_at_ms(), earliest}));
  pause->set_reason(std::string(reason));
  return clock;
}

Clock Resume(Clock clock, int64_t at_ms, const Calendar& calendar) {
  CHECK(IsPaused(clock)) << clock.policy_id();
  common::v1::Pause* pause = clock.mutable_pause(clock.pause_size() - 1);
  pause->set_to_ms(std::max(at_ms, pause->from_ms()));
  return WithDue(std::move(clock), calendar);
}

Clock Stop(Clock clock, int64_t at_ms, const Calendar& calendar) {
  CHECK(IsRunning(clock)) << clock.policy_id();
  if (IsPaused(clock)) clock = Resume(std::move(clock), at_ms, calendar);
  clock.set_stopped_at_ms(at_ms);
  clock.set_outcome(at_ms <= clock.due_at_ms() ? common::v1::CLOCK_MET : common::v1::CLOCK_MISSED);
  return clock;
}

Clock Cancel(Clock clock, int64_t at_ms) {
  CHECK(IsRunning(clock)) << clock.policy_id();
  if (IsPaused(clock)) {
    common::v1::Pause* pause = clock.mutable_pause(clock.pause_size() - 1);
    pause->set_to_ms(std::max(at_ms, pause->from_ms()));
  }
  clock.set_stopped_at_ms(at_ms);
  clock.set_outcome(common::v1::CLOCK_CANCELLED);
  return clock;
}

Clock Recompute(Clock clock, const Calendar& calendar) {
  CHECK(IsRunning(clock)) << clock.policy_id();
  return WithDue(std::move(clock), calendar);
}

Clock Renew(const Clock& clock, const policy::v1::DeadlineRule& rule, ClockStart start, const Calendar& calendar) {
  CHECK(IsRunning(clock)) << clock.policy_id();
  start.at_ms = clock.started_at_ms();
  start.started_by = clock.started_by();
  start.holder_org = clock.holder_org();
  Clock renewed = StartClock(rule, start, calendar);
  *renewed.mutable_pause() = clock.pause();
  *renewed.mutable_extension() = clock.extension();
  renewed.set_extended_from_ms(clock.extended_from_ms());
  return WithDue(std::move(renewed), calendar);
}

bool IsRunning(const Clock& clock) { return clock.outcome() == common::v1::CLOCK_RUNNING; }

bool IsPaused(const Clock& clock) {
  return IsRunning(clock) && clock.pause_size() > 0 && clock.pause(clock.pause_size() - 1).to_ms() == 0;
}

std::optional<Objection> ExtensionObjection(const Clock& clock, const policy::v1::DeadlineRule& rule,
                                            const Length& by, int64_t now_ms) {
  if (!IsRunning(clock))
    return No("CLOCK_STOPPED", "该时限已经结束，不能延长", "this period has already ended");
  if (OwnNow(clock, now_ms) > clock.due_at_ms()) {
    return No("CLOCK_LATE", "已经逾期，延长须在到期前提出",
              "already late: an extension must come before the due moment");
  }
  if (rule.extensions_at_most() == 0) {
    return No("EXTENSION_NOT_ALLOWED", "该时限依规定不得延长", "the rules allow no extension of this period");
  }
  if (clock.extension_size() >= rule.extensions_at_most()) {
    return No("EXTENSION_USED", "延长次数已用完", "it has been extended as often as the rules allow");
  }
  const Length limit = ExtensionLimit(clock, rule);
  if (by.amount() <= 0) return No("EXTENSION_EMPTY", "请填写延长的时间", "say how long the extension is");
  if (by.unit() != limit.unit()) {
    return No("EXTENSION_UNIT", "延长的单位须与原期限相同，延长最多" + LengthTextZh(limit),
              "an extension is counted in the unit of the period, and may be at most " + LengthTextEn(limit));
  }
  if (by.amount() > limit.amount()) {
    return No("EXTENSION_TOO_LONG", "延长最多" + LengthTextZh(limit),
              "an extension may be at most " + LengthTextEn(limit));
  }
  return std::nullopt;
}

LightRule LightRule::From(const policy::v1::Deadlines& deadlines) {
  return {deadlines.yellow_percent(), deadlines.yellow_at_least()};
}

// Whatever moment is stored, somebody reads it again and again: a light reckons with it and never stops the process.
int64_t YellowFromMs(const Clock& clock, const LightRule& rule, const Calendar& calendar) {
  const Count count = CountClock(clock, calendar);
  const int64_t due = WithinReach(clock.due_at_ms());
  const int64_t started = WithinReach(clock.started_at_ms());
  if (due <= started) return due;  // no time was left from the beginning
  const int64_t length = std::max<int64_t>(count.length_ms, 0);
  const int64_t share = length / 100 * rule.percent + length % 100 * rule.percent / 100;
  int64_t yellow = calendar.Backward(count.counting, due, share);
  if (count.by_days && rule.at_least.amount() > 0) {
    const bool working = rule.at_least.unit() == common::v1::WD;
    yellow = std::min(yellow, calendar.Backward(working ? Counting::kWorkingDays : Counting::kAll, due,
                                                rule.at_least.amount() * base::kDayMs));
  }
  return std::max(yellow, started);
}

Light LightOf(const Clock& clock, const LightRule& rule, int64_t now_ms, const Calendar& calendar) {
  switch (clock.outcome()) {
    case common::v1::CLOCK_MET:
      return common::v1::MET;
    case common::v1::CLOCK_MISSED:
      return common::v1::MISSED;
    case common::v1::CLOCK_CANCELLED:
      return common::v1::LIGHT_UNSPECIFIED;
    default:
      break;
  }
  const int64_t now = OwnNow(clock, now_ms);
  if (now > clock.due_at_ms()) return common::v1::RED;
  return now >= YellowFromMs(clock, rule, calendar) ? common::v1::YELLOW : common::v1::GREEN;
}

}  // namespace reference
