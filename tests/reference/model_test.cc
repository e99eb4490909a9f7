// An independent model: counts day by day and minute by minute, with its own idea of a date, a weekday and a
// pause, read straight from the calendar file. Ten thousand random clocks of each unit must agree with it.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "base/random.h"
#include "tests/reference/fixtures.h"

namespace reference {
namespace {

constexpr int kCases = 10'000;
constexpr int64_t kMinute = 60'000;
constexpr int64_t kMinutesOfDay = 1440;

// Minutes since 2020-01-01 00:00 in Shanghai, a Wednesday.
constexpr int64_t kEpochMs = 1'577'808'000'000;

class Model {
 public:
  explicit Model(const policy::v1::Calendar& calendar) {
    for (const auto& off : calendar.off()) off_.insert(off.date());
    for (const auto& work : calendar.work()) work_.insert(work);
    int year = 2020;
    int month = 1;
    int number = 1;
    for (int64_t day = 0; day < kDaysKnown; ++day) {
      names_.push_back(Written(year, month, number));
      works_.push_back(WorksByName(day));
      if (++number > MonthLength(year, month)) {
        number = 1;
        if (++month == 13) {
          month = 1;
          ++year;
        }
      }
    }
  }

  static bool IsLeap(int year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }
  static int MonthLength(int year, int month) {
    static const int kLengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && IsLeap(year) ? 29 : kLengths[month - 1];
  }
  static std::string Written(int year, int month, int number) {
    const auto two = [](int n) { return (n < 10 ? "-0" : "-") + std::to_string(n); };
    return std::to_string(year) + two(month) + two(number);
  }
  const std::string& Name(int64_t day) const { return names_.at(static_cast<size_t>(day)); }
  bool Works(int64_t day) const { return works_.at(static_cast<size_t>(day)); }
  // Same day number `months` later, or the last day of that month.
  int64_t MonthsLater(int64_t day, int months) const {
    int year = std::stoi(Name(day).substr(0, 4));
    int month = std::stoi(Name(day).substr(5, 2));
    const int number = std::stoi(Name(day).substr(8, 2));
    for (int i = 0; i < months; ++i) {
      if (++month == 13) {
        month = 1;
        ++year;
      }
    }
    const std::string target = Written(year, month, std::min(number, MonthLength(year, month)));
    int64_t later = day;
    while (Name(later) != target) ++later;
    return later;
  }
  bool Opens(int64_t minute) const {
    const int64_t of_day = minute % kMinutesOfDay;
    return ((of_day >= 510 && of_day < 720) || (of_day >= 810 && of_day < 1050)) &&
           Works(minute / kMinutesOfDay);
  }

 private:
  static constexpr int64_t kDaysKnown = 3500;  // into 2029: every case ends before
  bool WorksByName(int64_t day) const {
    if (work_.contains(Name(day))) return true;
    if (off_.contains(Name(day))) return false;
    // Beyond the announced years only the days the law itself fixes are off.
    const std::string& name = Name(day);
    const std::set<std::string> by_law = {"01-01", "05-01", "05-02", "10-01", "10-02", "10-03"};
    if (name > "2026-12-31" && by_law.contains(name.substr(5))) return false;
    const int64_t weekday = (day + 2) % 7;  // 0 Monday; day 0 was a Wednesday
    return weekday < 5;
  }

  std::set<std::string> off_;
  std::set<std::string> work_;
  std::vector<std::string> names_;
  std::vector<bool> works_;
};

struct Case {
  int64_t start = 0;  // minute
  int amount = 0;
  bool roll = false;
  int64_t pause_from = -1;
  int64_t pause_to = -1;
  int extension = 0;
};

class AgainstTheModel : public testing::Test {
 protected:
  Case Draw(int most, int64_t pause_within, bool roll) {
    Case c;
    c.start = static_cast<int64_t>(random_.Below(7 * 365)) * kMinutesOfDay +
              static_cast<int64_t>(random_.Below(1440));
    c.amount = 1 + static_cast<int>(random_.Below(static_cast<uint64_t>(most)));
    c.roll = roll && random_.Chance(0.5);
    if (random_.Chance(0.4)) {
      c.pause_from = c.start + static_cast<int64_t>(random_.Below(static_cast<uint64_t>(pause_within)));
      c.pause_to = c.pause_from + static_cast<int64_t>(random_.Below(static_cast<uint64_t>(pause_within)));
    }
    if (random_.Chance(0.3)) c.extension = 1 + static_cast<int>(random_.Below(static_cast<uint64_t>(most)));
    return c;
  }
  int64_t Ours(const Case& c, common::v1::TimeUnit unit) const {
    common::v1::Clock clock = StartClock(Rule(L(c.amount, unit), c.roll), {.at_ms = Ms(c.start)}, calendar_);
    if (c.extension > 0) clock = Extend(clock, L(c.extension, unit), calendar_);
    if (c.pause_from >= 0) clock = Resume(Pause(clock, Ms(c.pause_from), "S01"), Ms(c.pause_to), calendar_);
    return (clock.due_at_ms() - kEpochMs) / kMinute;
  }
  static int64_t Ms(int64_t minute) { return kEpochMs + minute * kMinute; }
  static bool Paused(const Case& c, int64_t day) {
    return c.pause_from >= 0 && day > c.pause_from / kMinutesOfDay && day <= c.pause_to / kMinutesOfDay;
  }
  // The end of the day on which `count` counting days have passed since `day`, and that day.
  int64_t CountDays(const Case& c, int64_t day, int64_t count, bool working) const {
    for (int64_t counted = 0; counted < count;) {
      ++day;
      if (!Paused(c, day) && (!working || model_.Works(day))) ++counted;
    }
    return day;
  }
  int64_t EndOf(const Case& c, int64_t day) const {
    if (c.roll) {
      while (!model_.Works(day)) ++day;
    }
    return (day + 1) * kMinutesOfDay;
  }
  std::string Describe(const Case& c) const {
    return model_.Name(c.start / kMinutesOfDay) + " minute " + std::to_string(c.start % kMinutesOfDay) +
           " +" + std::to_string(c.amount) + " +" + std::to_string(c.extension) + (c.roll ? " roll" : "") +
           " pause " + std::to_string(c.pause_from - c.start) + "…" + std::to_string(c.pause_to - c.start);
  }

  const policy::v1::Calendar file_ = ShippedPolicies().calendar;
  const base::Calendar calendar_ = *CalendarFrom(file_);
  const Model model_{file_};
  base::Random random_{20261121};
};

// spec: cal-T6 cal-T7
TEST_F(AgainstTheModel, NaturalDays) {
  for (int i = 0; i < kCases; ++i) {
    const Case c = Draw(40, 30 * kMinutesOfDay, true);
    const int64_t last =
        CountDays(c, CountDays(c, c.start / kMinutesOfDay, c.amount, false), c.extension, false);
    ASSERT_EQ(Ours(c, common::v1::D), EndOf(c, last)) << Describe(c);
  }
}

// spec: cal-T1 cal-T2
TEST_F(AgainstTheModel, WorkingDays) {
  for (int i = 0; i < kCases; ++i) {
    Case c = Draw(30, 30 * kMinutesOfDay, false);
    const int64_t last =
        CountDays(c, CountDays(c, c.start / kMinutesOfDay, c.amount, true), c.extension, true);
    ASSERT_EQ(Ours(c, common::v1::WD), EndOf(c, last)) << Describe(c);
  }
}

// spec: cal-T9 cal-T10 cal-T11
TEST_F(AgainstTheModel, Months) {
  for (int i = 0; i < kCases; ++i) {
    const Case c = Draw(2, 30 * kMinutesOfDay, true);
    const int64_t day = c.start / kMinutesOfDay;
    int64_t last = CountDays(c, day, model_.MonthsLater(day, c.amount) - day, false);
    if (c.extension > 0) last = CountDays(c, last, model_.MonthsLater(last, c.extension) - last, false);
    ASSERT_EQ(Ours(c, common::v1::MO), EndOf(c, last)) << Describe(c);
  }
}

// spec: cal-T12 cal-T13 cal-T14 cal-T15
TEST_F(AgainstTheModel, OfficeHours) {
  for (int i = 0; i < kCases; ++i) {
    const Case c = Draw(20, 2 * kMinutesOfDay, false);
    int64_t left = (c.amount + c.extension) * 60;
    int64_t minute = c.start;
    for (; left > 0; ++minute) {
      const bool paused = minute >= c.pause_from && minute < c.pause_to;
      if (!paused && model_.Opens(minute)) --left;
    }
    ASSERT_EQ(Ours(c, common::v1::WH), minute) << Describe(c);
  }
}

// spec: cal-T15
TEST_F(AgainstTheModel, HoursAndMinutesWithoutABreak) {
  for (int i = 0; i < kCases; ++i) {
    const bool hours = random_.Chance(0.5);
    const Case c = Draw(60, kMinutesOfDay, false);
    int64_t left = (c.amount + c.extension) * (hours ? 60 : 1);
    int64_t minute = c.start;
    for (; left > 0; ++minute) {
      if (minute < c.pause_from || minute >= c.pause_to) --left;
    }
    ASSERT_EQ(Ours(c, hours ? common::v1::UH : common::v1::UM), minute) << Describe(c);
  }
}

// Whatever the unit: what is left when the light turns yellow is a fifth of the length or one working day.
// spec: DO-01
TEST_F(AgainstTheModel, YellowLeavesNoMoreThanItSays) {
  const LightRule rule{20, L(1, common::v1::WD)};
  for (int i = 0; i < kCases; ++i) {
    const int amount = 1 + static_cast<int>(random_.Below(30));
    const int64_t start = static_cast<int64_t>(random_.Below(7 * 365)) * kMinutesOfDay + 600;
    const common::v1::Clock clock =
        StartClock(Rule(L(amount, common::v1::WD)), {.at_ms = Ms(start)}, calendar_);
    const int64_t yellow = YellowFromMs(clock, rule, calendar_);
    const double allowed = std::max(0.2 * amount, 1.0);
    const auto left = [&](int64_t at_ms) {  // working days, counted by the model in hours
      int64_t minutes = 0;
      for (int64_t m = (at_ms - kEpochMs) / kMinute; m < (clock.due_at_ms() - kEpochMs) / kMinute; m += 12) {
        if (model_.Works(m / kMinutesOfDay)) minutes += 12;
      }
      return static_cast<double>(minutes) / kMinutesOfDay;
    };
    ASSERT_LE(left(yellow), allowed + 1e-9) << amount << " from " << model_.Name(start / kMinutesOfDay);
    if (yellow > clock.started_at_ms()) {
      ASSERT_GT(left(yellow - 12 * kMinute), allowed)
          << amount << " from " << model_.Name(start / kMinutesOfDay);
    }
  }
}

}  // namespace
}  // namespace reference
