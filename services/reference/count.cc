#include "services/reference/count.h"

#include <algorithm>

#include "base/check.h"

namespace reference {
namespace {

using base::Calendar;
using base::Counting;
using base::Day;
using common::v1::Clock;
using common::v1::Length;
using common::v1::TimeUnit;

Counting CountingOf(TimeUnit unit) {
  if (unit == common::v1::WD) return Counting::kWorkingDays;
  return unit == common::v1::WH ? Counting::kOfficeHours : Counting::kAll;
}

int64_t UnitMs(TimeUnit unit) {
  if (IsDayUnit(unit)) return base::kDayMs;
  return unit == common::v1::UM ? base::kMinuteMs : base::kHourMs;
}

// A paused day does not count: from the day after the pause to the day of the resumption.
bool IsPausedDay(const Clock& clock, Day day) {
  for (const auto& pause : clock.pause()) {
    if (pause.to_ms() == 0) continue;
    if (day > base::LocalDay(pause.from_ms()) && day <= base::LocalDay(pause.to_ms())) return true;
  }
  return false;
}

// The `count`-th day after `from` that counts.
Day WalkDays(const Clock& clock, const Calendar& calendar, Day from, int count, bool working_only) {
  if (clock.pause().empty() && !working_only) return from + std::max(count, 0);
  Day day = from;
  while (count > 0) {
    ++day;
    if (IsPausedDay(clock, day)) continue;
    if (!working_only || calendar.IsWorkingDay(day)) --count;
  }
  return day;
}

// One period by days after `from`; adds its days to `days`.
Day AddPeriod(const Clock& clock, const Calendar& calendar, Day from, const Length& length, int64_t* days) {
  CHECK(length.amount() > 0 && IsDayUnit(length.unit()))
      << clock.policy_id() << " " << length.ShortDebugString();
  const bool months = length.unit() == common::v1::MO;
  const int count = months ? base::AddMonths(from, length.amount()) - from : length.amount();
  *days += count;
  return WalkDays(clock, calendar, from, count, length.unit() == common::v1::WD);
}

Count CountByDays(const Clock& clock, const Calendar& calendar) {
  Count count;
  count.by_days = true;
  count.counting = CountingOf(clock.length().unit());
  const Day start = base::LocalDay(WithinReach(clock.started_at_ms()));
  int64_t days = 0;
  count.counted_last = AddPeriod(clock, calendar, start, clock.length(), &days);
  TimeUnit last_unit = clock.length().unit();
  for (const Length& extension : clock.extension()) {
    count.counted_last = AddPeriod(clock, calendar, count.counted_last, extension, &days);
    last_unit = extension.unit();
  }
  count.length_ms = days * base::kDayMs;
  Day last = count.counted_last;
  if (clock.roll_forward() && last_unit != common::v1::WD) last = calendar.WorkingDayFrom(last);
  count.rolled = last != count.counted_last;
  count.due_ms = base::EndOfDayMs(last);
  count.provisional = (last_unit == common::v1::WD || clock.roll_forward()) && !calendar.Knows(last);
  return count;
}

// A named moment keeps its time of day; pauses and extensions move its day.
Count CountNamed(const Clock& clock, const Calendar& calendar) {
  Count count;
  count.by_days = true;
  const int64_t set_due = WithinReach(clock.set_due_at_ms());
  const int64_t started = WithinReach(clock.started_at_ms());
  const Day named = base::LocalDay(set_due - 1);
  const int64_t after_end = set_due - base::EndOfDayMs(named);
  const Day start = base::LocalDay(started);
  count.counted_last = named > start ? WalkDays(clock, calendar, start, named - start, false) : named;
  int64_t days = 0;
  for (const Length& extension : clock.extension()) {
    count.counted_last = AddPeriod(clock, calendar, count.counted_last, extension, &days);
    if (extension.unit() == common::v1::WD) count.provisional = !calendar.Knows(count.counted_last);
  }
  count.due_ms = base::EndOfDayMs(count.counted_last) + after_end;
  const int64_t named_length = set_due - started;
  count.length_ms = (named_length > 0 ? named_length : 0) + days * base::kDayMs;
  return count;
}

// The earliest moment by which `left` has passed since `from` outside the ended pauses.
int64_t ForwardAroundPauses(const Clock& clock, const Calendar& calendar, Counting counting, int64_t from,
                            int64_t left) {
  int64_t at = from;
  for (const auto& pause : clock.pause()) {
    if (pause.to_ms() == 0 || pause.to_ms() <= at) continue;
    const int64_t before = calendar.Between(counting, at, pause.from_ms());
    if (before >= left) break;
    left -= before;
    at = pause.to_ms();
  }
  return calendar.Forward(counting, at, left);
}

Count CountByHours(const Clock& clock, const Calendar& calendar) {
  Count count;
  count.due_ms = WithinReach(clock.started_at_ms());
  const auto add = [&](const Length& length) {
    CHECK(length.amount() > 0 && !IsDayUnit(length.unit()))
        << clock.policy_id() << " " << length.ShortDebugString();
    count.counting = CountingOf(length.unit());
    const int64_t amount_ms = length.amount() * UnitMs(length.unit());
    count.due_ms = ForwardAroundPauses(clock, calendar, count.counting, count.due_ms, amount_ms);
    count.length_ms += amount_ms;
    if (length.unit() == common::v1::WH) count.provisional = !calendar.Knows(base::LocalDay(count.due_ms));
  };
  add(clock.length());
  for (const Length& extension : clock.extension()) add(extension);
  return count;
}

}  // namespace

bool IsDayUnit(TimeUnit unit) {
  return unit == common::v1::D || unit == common::v1::WD || unit == common::v1::MO;
}

int64_t WithinReach(int64_t at_ms) { return std::clamp(at_ms, -kFarthestMs, kFarthestMs); }

Count CountClock(const Clock& clock, const Calendar& calendar) {
  if (clock.set_due_at_ms() != 0) return CountNamed(clock, calendar);
  CHECK(clock.length().unit() != common::v1::TIME_UNIT_UNSPECIFIED) << clock.policy_id() << " has no unit";
  return IsDayUnit(clock.length().unit()) ? CountByDays(clock, calendar) : CountByHours(clock, calendar);
}

}  // namespace reference
