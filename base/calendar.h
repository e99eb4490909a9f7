#pragma once
// Days and the working calendar 工作日历. Pure: same contents, same answers. Immutable after Make, so any
// thread.
//
// Time zone Asia/Shanghai, UTC+8 without daylight saving. A Day is a number of days since 1970-01-01, local.
// A day lasts from its 00:00 to its 24:00, which is the 00:00 of the next: a period that ends "on" a day ends
// at that moment. Working days exclude weekends and announced holidays and include announced make-up days
// 调休上班日. Outside [first_day, horizon] nothing has been announced: weekends and the fixed statutory
// holidays are assumed, and Knows() is false. Sources: 民法典 200-204, 全国年节及纪念日放假办法, the yearly
// notices of the State Council's General Office.

#include <absl/status/statusor.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace base {

using Day = int32_t;

inline constexpr int64_t kMinuteMs = 60'000;
inline constexpr int64_t kHourMs = 3'600'000;
inline constexpr int64_t kDayMs = 86'400'000;

struct Date {
  int year = 1970;
  int month = 1;  // 1..12
  int day = 1;    // 1..31
  bool operator==(const Date&) const = default;
};

Day DayOf(const Date& date);  // REQUIRES: a real date
Date DateOf(Day day);
int DaysInMonth(int year, int month);
std::optional<Day> ParseDay(std::string_view text);  // "2026-10-01", nothing else
std::string DayText(Day day);                        // "2026-10-01"
int WeekdayOf(Day day);                              // 1 Monday … 7 Sunday
Day AddMonths(Day day, int months);  // same day number, or the last of the month (民法典 202)

Day LocalDay(int64_t at_ms);
int64_t StartOfDayMs(Day day);
inline int64_t EndOfDayMs(Day day) { return StartOfDayMs(day + 1); }
std::string LocalText(int64_t at_ms);     // "2026-10-08 11:00"; seconds are left out
std::string LocalEndText(int64_t at_ms);  // the same, but 00:00 is written as 24:00 of the day before

enum class DayKind { kWorking, kMakeUp, kWeekend, kHoliday };

// Which time counts towards a period.
enum class Counting {
  kAll,          // every millisecond
  kWorkingDays,  // all of each working day, midnight to midnight
  kOfficeHours,  // office hours of working days
};

class Calendar {
 public:
  struct Named {
    Day day;
    std::string name_zh;
  };
  struct Fixed {
    int month;
    int day;
    std::string name_zh;
  };
  struct Span {
    int from_minute;
    int to_minute;
  };
  struct Contents {
    int revision = 0;
    Day first_day = 0;
    Day horizon = 0;           // last day announced
    std::vector<Named> off;    // holidays, weekends inside them included
    std::vector<Day> make_up;  // working days on a weekend
    std::vector<Fixed> fixed;  // assumed where nothing was announced
    std::vector<Span> office_hours;
  };

  // Refuses, naming the entry: days outside the announced range, a day both off and worked, overlapping
  // office hours, a range longer than kYearsMax.
  static absl::StatusOr<Calendar> Make(const Contents& contents);
  static constexpr int kYearsMax = 200;
  static constexpr size_t kFixedMax = 40;

  int revision() const { return revision_; }
  Day first_day() const { return first_day_; }
  Day horizon() const { return horizon_; }
  const std::vector<Span>& office_hours() const { return office_hours_; }

  bool Knows(Day day) const { return day >= first_day_ && day <= horizon_; }
  DayKind KindOf(Day day) const;
  bool IsWorkingDay(Day day) const;
  std::string NameOf(Day day) const;  // "国庆节", "周六", empty for a working day

  Day AddWorkingDays(Day from,
                     int count) const;  // the count-th working day after `from`; before it if negative
  int WorkingDaysIn(Day after, Day until) const;  // in (after, until]; 0 if until <= after
  Day WorkingDayFrom(Day day) const;              // itself, or the next working day (民法典 203)
  Day LastWorkingDayOfMonth(int year, int month) const;

  // Counted time. Between: in [from, to). Forward: the earliest moment by which `amount` has passed since
  // `from`. Backward: the earliest moment from which no more than `amount` is left until `to`.
  int64_t Between(Counting counting, int64_t from_ms, int64_t to_ms) const;
  int64_t Forward(Counting counting, int64_t from_ms, int64_t amount_ms) const;
  int64_t Backward(Counting counting, int64_t to_ms, int64_t amount_ms) const;

 private:
  Calendar() = default;
  size_t At(Day day) const { return static_cast<size_t>(day - first_day_); }
  const Fixed* AssumedHoliday(Day day) const;
  const std::vector<Span>& SpansOf(Counting counting, Day day) const;

  int revision_ = 0;
  Day first_day_ = 0;
  Day horizon_ = 0;
  std::vector<DayKind> kinds_;                    // of each announced day
  std::unordered_map<Day, std::string> name_of_;  // announced holidays
  std::vector<Fixed> fixed_;
  std::vector<Span> office_hours_;
};

}  // namespace base
