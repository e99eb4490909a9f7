// The sixteen vectors and the table of working days of the specification, over the shipped calendar and
// through clocks.
#include <gtest/gtest.h>

#include <array>
#include <utility>
#include <vector>

#include "tests/reference/fixtures.h"

namespace reference {
namespace {

using common::v1::D;
using common::v1::MO;
using common::v1::UH;
using common::v1::WD;
using common::v1::WH;

class Vectors : public testing::Test {
 protected:
  // The last day of a period, as the clock says it: "2026-10-08".
  std::string LastDay(std::string_view start, int amount, common::v1::TimeUnit unit, bool roll) const {
    return base::DayText(
        base::LocalDay(Started(std::string(start) + " 10:00", amount, unit, roll).due_at_ms() - 1));
  }
  std::string Moment(std::string_view start, int amount, common::v1::TimeUnit unit) const {
    return base::LocalText(Started(start, amount, unit, true).due_at_ms());
  }
  common::v1::Clock Started(std::string_view start, int amount, common::v1::TimeUnit unit, bool roll) const {
    return StartClock(Rule(L(amount, unit), roll), {.at_ms = At(start)}, calendar_);
  }
  void ExpectWorkingDays(std::string_view start, const std::vector<std::pair<int, std::string>>& rows) const {
    for (const auto& [amount, last] : rows)
      EXPECT_EQ(LastDay(start, amount, WD, true), last) << start << " +" << amount;
  }

  const base::Calendar calendar_ = ShippedCalendar();
};

// spec: cal-T1
TEST_F(Vectors, T1WorkingDaysOverNationalDay) {
  ExpectWorkingDays("2026-09-30", {{1, "2026-10-08"},
                                   {2, "2026-10-09"},
                                   {3, "2026-10-10"},
                                   {5, "2026-10-13"},
                                   {15, "2026-10-27"},
                                   {30, "2026-11-17"}});
}

// spec: cal-T2
TEST_F(Vectors, T2WorkingDaysOverSpringFestival) {
  ExpectWorkingDays("2026-02-13", {{1, "2026-02-14"},
                                   {2, "2026-02-24"},
                                   {3, "2026-02-25"},
                                   {5, "2026-02-27"},
                                   {15, "2026-03-12"},
                                   {30, "2026-04-02"}});
}

// spec: cal-T3
TEST_F(Vectors, T3WorkingDaysOverSpringFestivalOf2025) {
  ExpectWorkingDays(
      "2025-01-24",
      {{1, "2025-01-26"}, {2, "2025-01-27"}, {3, "2025-02-05"}, {15, "2025-02-20"}, {30, "2025-03-13"}});
}

// spec: cal-T4
TEST_F(Vectors, T4WorkingDaysFromARestDay) {
  ExpectWorkingDays("2026-09-19", {{1, "2026-09-20"}, {3, "2026-09-22"}, {15, "2026-10-15"}});
}

// spec: cal-T5
TEST_F(Vectors, T5WorkingDaysOverNationalDayOf2025) {
  ExpectWorkingDays("2025-09-30", {{1, "2025-10-09"}, {3, "2025-10-11"}, {15, "2025-10-28"}});
}

// spec: cal-T6
TEST_F(Vectors, T6NaturalDaysThatEndOnRestDays) {
  EXPECT_EQ(LastDay("2026-09-18", 15, D, false), "2026-10-03");
  EXPECT_EQ(LastDay("2026-09-18", 15, D, true), "2026-10-08");
  EXPECT_EQ(LastDay("2026-09-18", 30, D, false), "2026-10-18");
  EXPECT_EQ(LastDay("2026-09-18", 30, D, true), "2026-10-19");
  EXPECT_EQ(LastDay("2026-09-18", 60, D, true), "2026-11-17");
  EXPECT_EQ(LastDay("2026-09-18", 90, D, true), "2026-12-17");
}

// spec: cal-T7
TEST_F(Vectors, T7NaturalDaysOverSpringFestivalAndMayDay) {
  EXPECT_EQ(LastDay("2026-02-02", 15, D, false), "2026-02-17");
  EXPECT_EQ(LastDay("2026-02-02", 15, D, true), "2026-02-24");
  EXPECT_EQ(LastDay("2026-02-02", 60, D, true), "2026-04-03");
  EXPECT_EQ(LastDay("2026-02-02", 90, D, false), "2026-05-03");
  EXPECT_EQ(LastDay("2026-02-02", 90, D, true), "2026-05-06");
}

// spec: cal-T8
TEST_F(Vectors, T8SixtyDaysIntoNationalDay) {
  EXPECT_EQ(LastDay("2026-08-07", 60, D, false), "2026-10-06");
  EXPECT_EQ(LastDay("2026-08-07", 60, D, true), "2026-10-08");
}

// spec: cal-T9
TEST_F(Vectors, T9AMonthThatEndsOnAWorkedSaturdayStays) {
  EXPECT_EQ(LastDay("2026-01-31", 1, MO, false), "2026-02-28");
  EXPECT_EQ(LastDay("2026-01-31", 1, MO, true), "2026-02-28");
}

// spec: cal-T10
TEST_F(Vectors, T10AMonthIntoNationalDay) {
  EXPECT_EQ(LastDay("2026-09-01", 1, MO, false), "2026-10-01");
  EXPECT_EQ(LastDay("2026-09-01", 1, MO, true), "2026-10-08");
}

// spec: cal-T11
TEST_F(Vectors, T11AMonthRolledToAWorkedSunday) {
  EXPECT_EQ(LastDay("2025-12-01", 1, MO, false), "2026-01-01");
  EXPECT_EQ(LastDay("2025-12-01", 1, MO, true), "2026-01-04");
}

// spec: cal-T12
TEST_F(Vectors, T12WorkingHoursOverNationalDay) {
  EXPECT_EQ(Moment("2026-09-30 16:00", 4, WH), "2026-10-08 11:00");
}

// spec: cal-T13
TEST_F(Vectors, T13WorkingHoursIntoAWorkedSaturday) {
  EXPECT_EQ(Moment("2026-02-13 17:00", 2, WH), "2026-02-14 10:00");
}

// spec: cal-T14
TEST_F(Vectors, T14SevenAndAHalfWorkingHours) {
  const int64_t amount = 7 * base::kHourMs + 30 * base::kMinuteMs;
  EXPECT_EQ(base::LocalText(calendar_.Forward(base::Counting::kOfficeHours, At("2026-02-14 10:00"), amount)),
            "2026-02-24 10:00");
}

// spec: cal-T15
TEST_F(Vectors, T15HoursFromAHoliday) {
  EXPECT_EQ(Moment("2026-05-01 09:00", 2, WH), "2026-05-06 10:30");
  EXPECT_EQ(Moment("2026-05-01 09:00", 2, UH), "2026-05-01 11:00");
}

// spec: cal-T16
TEST_F(Vectors, T16BeyondTheHorizonIsProvisional) {
  const common::v1::Clock known = Started("2026-11-20 10:00", 15, WD, true);
  EXPECT_EQ(base::LocalEndText(known.due_at_ms()), "2026-12-11 24:00");
  EXPECT_FALSE(known.provisional());
  const common::v1::Clock assumed = Started("2026-11-20 10:00", 60, D, true);
  EXPECT_EQ(base::LocalEndText(assumed.due_at_ms()), "2027-01-19 24:00");
  EXPECT_TRUE(assumed.provisional());
}

TEST_F(Vectors, WorkingDaysOfEachMonthAsAnnounced) {
  const std::array<std::array<int, 12>, 2> months = {
      {{19, 19, 21, 22, 19, 20, 23, 21, 23, 18, 20, 23}, {21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23}}};
  for (int year = 2025; year <= 2026; ++year) {
    int total = 0;
    for (int month = 1; month <= 12; ++month) {
      const base::Day first = base::DayOf({year, month, 1});
      const int days = calendar_.WorkingDaysIn(first - 1, first + base::DaysInMonth(year, month) - 1);
      EXPECT_EQ(days, months[static_cast<size_t>(year - 2025)][static_cast<size_t>(month - 1)])
          << year << "-" << month;
      total += days;
    }
    EXPECT_EQ(total, 248);
  }
}

// The schedules as the notices of the two years list them, against the converted file.
TEST_F(Vectors, DaysOffAndMakeUpDaysOfTheNotices) {
  const std::vector<std::pair<std::string, std::string>> off = {
      {"2025-01-01", "2025-01-01"}, {"2025-01-28", "2025-02-04"}, {"2025-04-04", "2025-04-06"},
      {"2025-05-01", "2025-05-05"}, {"2025-05-31", "2025-06-02"}, {"2025-10-01", "2025-10-08"},
      {"2026-01-01", "2026-01-03"}, {"2026-02-15", "2026-02-23"}, {"2026-04-04", "2026-04-06"},
      {"2026-05-01", "2026-05-05"}, {"2026-06-19", "2026-06-21"}, {"2026-09-25", "2026-09-27"},
      {"2026-10-01", "2026-10-07"}};
  const std::vector<std::string> work = {"2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28",
                                         "2025-10-11", "2026-01-04", "2026-02-14", "2026-02-28",
                                         "2026-05-09", "2026-09-20", "2026-10-10"};
  int holidays = 0;
  for (const auto& [from, to] : off) {
    for (base::Day day = reference::D(from); day <= reference::D(to); ++day, ++holidays) {
      EXPECT_EQ(calendar_.KindOf(day), base::DayKind::kHoliday) << base::DayText(day);
    }
  }
  for (const std::string& day : work)
    EXPECT_EQ(calendar_.KindOf(reference::D(day)), base::DayKind::kMakeUp) << day;
  int found_off = 0;
  size_t found_work = 0;
  for (base::Day day = reference::D("2025-01-01"); day <= reference::D("2026-12-31"); ++day) {
    found_off += calendar_.KindOf(day) == base::DayKind::kHoliday ? 1 : 0;
    found_work += calendar_.KindOf(day) == base::DayKind::kMakeUp ? 1 : 0;
  }
  EXPECT_EQ(found_off, holidays);
  EXPECT_EQ(found_work, work.size());
}

// A test of the weekday alone is wrong on 23 dates of 2025 and on 25 of 2026.
TEST_F(Vectors, WeekdaysAloneWouldBeWrong) {
  for (const auto& [year, wrong] : {std::pair<int, int>{2025, 23}, {2026, 25}}) {
    int differs = 0;
    for (base::Day day = base::DayOf({year, 1, 1}); day <= base::DayOf({year, 12, 31}); ++day) {
      differs += calendar_.IsWorkingDay(day) != (base::WeekdayOf(day) <= 5) ? 1 : 0;
    }
    EXPECT_EQ(differs, wrong) << year;
  }
}

}  // namespace
}  // namespace reference
