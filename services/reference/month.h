#pragma once
// Months, and the clocks that go by them: due on the last working day of a month, or so many days after its end. A
// month is a number, 202610. Pure; any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/calendar.h"
#include "services/reference/deadline.h"

namespace reference {

int32_t MonthOf(base::Day day);
int32_t NextMonth(int32_t month);
int32_t MonthBefore(int32_t month);
base::Day FirstDayOf(int32_t month);
base::Day LastDayOf(int32_t month);
std::string MonthText(int32_t month);                      // "2026-10"
std::optional<int32_t> ParseMonth(std::string_view text);  // "2026-10", nothing else

// Due by 24:00 of the month's last working day. `start` says from when it runs; beyond the horizon of the calendar the
// day is provisional.
common::v1::Clock UntilLastWorkingDay(const policy::v1::DeadlineRule& rule, int32_t month, ClockStart start,
                                      const base::Calendar& calendar);
// The row's length, counted from the end of the month: 10 days are by 24:00 of the 10th of the next one.
// REQUIRES: a length of the row.
common::v1::Clock AfterMonth(const policy::v1::DeadlineRule& rule, int32_t month, std::string_view started_by,
                             const base::Calendar& calendar);

}  // namespace reference
