#include "services/reference/month.h"

#include <utility>

namespace reference {

int32_t MonthOf(base::Day day) {
  const base::Date date = base::DateOf(day);
  return date.year * 100 + date.month;
}

int32_t NextMonth(int32_t month) { return month % 100 == 12 ? month + 89 : month + 1; }

int32_t MonthBefore(int32_t month) { return month % 100 == 1 ? month - 89 : month - 1; }

base::Day FirstDayOf(int32_t month) { return base::DayOf({month / 100, month % 100, 1}); }

base::Day LastDayOf(int32_t month) { return FirstDayOf(NextMonth(month)) - 1; }

std::string MonthText(int32_t month) { return base::DayText(FirstDayOf(month)).substr(0, 7); }

std::optional<int32_t> ParseMonth(std::string_view text) {
  const auto first = base::ParseDay(std::string(text) + "-01");
  if (!first) return std::nullopt;
  return MonthOf(*first);
}

common::v1::Clock UntilLastWorkingDay(const policy::v1::DeadlineRule& rule, int32_t month, ClockStart start,
                                      const base::Calendar& calendar) {
  start.due_at_ms = base::EndOfDayMs(calendar.LastWorkingDayOfMonth(month / 100, month % 100));
  common::v1::Clock clock = StartClock(rule, start, calendar);
  clock.set_provisional(!calendar.Knows(LastDayOf(month)));
  return clock;
}

common::v1::Clock AfterMonth(const policy::v1::DeadlineRule& rule, int32_t month, std::string_view started_by,
                             const base::Calendar& calendar) {
  ClockStart start;
  start.at_ms = base::EndOfDayMs(LastDayOf(month)) - 1;  // the last moment still belongs to the month
  start.started_by = std::string(started_by);
  return StartClock(rule, start, calendar);
}

}  // namespace reference
