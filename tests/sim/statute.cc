#include "tests/sim/statute.h"

#include <absl/strings/str_format.h>

#include <algorithm>
#include <cstdio>

#include "base/check.h"

namespace sim {
namespace {

constexpr int64_t kDayMs = 86'400'000;
constexpr int64_t kBeijingMs = 8 * 3'600'000;

struct Ymd {
  int64_t year;
  int month, day;
};

bool IsLeap(int64_t year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }
int MonthLength(int64_t year, int month) {
  constexpr int kLengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && IsLeap(year) ? 29 : kLengths[month - 1];
}

// Year by year, month by month: slow and plain.
Ymd DateFrom(DayNumber day) {
  Ymd date{1970, 1, 0};
  for (; day >= (IsLeap(date.year) ? 366 : 365); ++date.year) day -= IsLeap(date.year) ? 366 : 365;
  for (; day >= MonthLength(date.year, date.month); ++date.month) day -= MonthLength(date.year, date.month);
  date.day = static_cast<int>(day) + 1;
  return date;
}
DayNumber NumberOf(const Ymd& date) {
  DayNumber day = date.day - 1;
  for (int64_t year = 1970; year < date.year; ++year) day += IsLeap(year) ? 366 : 365;
  for (int month = 1; month < date.month; ++month) day += MonthLength(date.year, month);
  return day;
}

DayNumber Parse(const std::string& text) {
  int year = 0, month = 0, day = 0;
  CHECK_EQ(std::sscanf(text.c_str(), "%d-%d-%d", &year, &month, &day), 3);
  return NumberOf({year, month, day});
}

// 民法典 202.
DayNumber MonthsLater(DayNumber day, int months) {
  Ymd date = DateFrom(day);
  const int64_t count = date.year * 12 + date.month - 1 + months;
  date.year = count / 12;
  date.month = static_cast<int>(count % 12) + 1;
  date.day = std::min(date.day, MonthLength(date.year, date.month));
  return NumberOf(date);
}

bool IsWeekend(DayNumber day) { return (day + 3) % 7 >= 5; }  // 1970-01-01 was a Thursday

// 办法 2, those with a fixed date.
bool IsFixedHoliday(DayNumber day) {
  const Ymd date = DateFrom(day);
  if (date.month == 1) return date.day == 1;
  if (date.month == 5) return date.day <= 2;
  return date.month == 10 && date.day <= 3;
}

}  // namespace

DayNumber DayNumberOf(int64_t at_ms) { return (at_ms + kBeijingMs) / kDayMs; }
int64_t MidnightAfter(DayNumber day) { return (day + 1) * kDayMs - kBeijingMs; }

std::string DateOfDay(DayNumber day) {
  const Ymd date = DateFrom(day);
  return absl::StrFormat("%04d-%02d-%02d", date.year, date.month, date.day);
}

RestDays::RestDays(const policy::v1::Calendar& announced)
    : first_(Parse(announced.first_day())), last_(Parse(announced.horizon())) {
  for (const auto& day : announced.off()) off_.insert(Parse(day.date()));
  for (const auto& day : announced.work()) work_.insert(Parse(day));
}

bool RestDays::Rests(DayNumber day) const {
  if (day < first_ || day > last_) return IsWeekend(day) || IsFixedHoliday(day);
  return off_.contains(day) || (IsWeekend(day) && !work_.contains(day));
}

int64_t LastMoment(const Period& period, const RestDays& rest) {
  CHECK(!period.parts.empty());
  if (period.parts.front().unit == Part::kHours)
    return period.from_ms + period.parts.front().amount * kDayMs / 24;
  // A day that is left out: from the day after something began to the day it ended.
  const auto left_out = [&](DayNumber day) {
    return std::ranges::any_of(period.left_out, [&](const auto& span) {
      return day > DayNumberOf(span.first) && day <= DayNumberOf(span.second);
    });
  };
  DayNumber day = DayNumberOf(period.from_ms);
  for (const Part& part : period.parts) {
    int64_t left = part.unit == Part::kMonths ? MonthsLater(day, part.amount) - day : part.amount;
    while (left > 0) {
      ++day;
      if (left_out(day) || (part.unit == Part::kWorkingDays && rest.Rests(day))) continue;
      --left;
    }
  }
  if (period.parts.back().unit != Part::kWorkingDays) {
    while (rest.Rests(day)) ++day;  // 民法典 203
  }
  const int64_t last = MidnightAfter(day);
  return period.no_later_ms == 0 ? last : std::min(last, period.no_later_ms);
}

}  // namespace sim
