// Days, working days and counted time. The vectors of the real schedule are in
// tests/reference/vectors_test.cc.
#include "base/calendar.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace base {
namespace {

using testing::HasSubstr;

Day D(std::string_view text) { return *ParseDay(text); }

int64_t At(std::string_view day, int hour, int minute) {
  return StartOfDayMs(D(day)) + hour * kHourMs + minute * kMinuteMs;
}

// February 2026 as announced: Spring Festival 15 to 23, worked on Saturday 14 and Saturday 28.
Calendar::Contents February() {
  Calendar::Contents contents;
  contents.revision = 1;
  contents.first_day = D("2026-02-01");
  contents.horizon = D("2026-03-31");
  for (Day day = D("2026-02-15"); day <= D("2026-02-23"); ++day) contents.off.push_back({day, "春节"});
  contents.make_up = {D("2026-02-14"), D("2026-02-28")};
  contents.fixed = {{5, 1, "劳动节"}};
  contents.office_hours = {{510, 720}, {810, 1050}};
  return contents;
}

Calendar Working() { return *Calendar::Make(February()); }

std::string Complaint(const Calendar::Contents& contents) {
  return std::string(Calendar::Make(contents).status().message());
}

TEST(Day, GoesToADateAndBack) {
  EXPECT_EQ(D("1970-01-01"), 0);
  EXPECT_EQ(DateOf(D("2024-02-29")), (Date{2024, 2, 29}));
  for (Day day = D("1999-12-25"); day < D("2030-01-10"); ++day) EXPECT_EQ(ParseDay(DayText(day)), day);
}

TEST(Day, IsNotReadFromWhatIsNoDate) {
  for (const char* bad : {"", "2026-2-1", "2026-02-29", "2026-13-01", "2026-00-10", "2026-04-31",
                          "2026/04/01", "2026-04-1a", "0000-01-01", "2026-04-010"}) {
    EXPECT_FALSE(ParseDay(bad)) << bad;
  }
}

TEST(Day, BeginsAtMidnightInShanghai) {
  EXPECT_EQ(StartOfDayMs(D("1970-01-01")), -8 * kHourMs);
  EXPECT_EQ(LocalDay(StartOfDayMs(D("2026-10-08"))), D("2026-10-08"));
  EXPECT_EQ(LocalDay(StartOfDayMs(D("2026-10-08")) - 1), D("2026-10-07"));
  EXPECT_EQ(LocalDay(-8 * kHourMs - 1), D("1969-12-31"));
  EXPECT_EQ(WeekdayOf(D("2026-11-22")), 7);
  EXPECT_EQ(WeekdayOf(D("2026-11-23")), 1);
}

TEST(LocalText, WritesTheEndOfADayAsTwentyFour) {
  EXPECT_EQ(LocalText(At("2026-10-08", 11, 5)), "2026-10-08 11:05");
  EXPECT_EQ(LocalEndText(EndOfDayMs(D("2026-10-08"))), "2026-10-08 24:00");
  EXPECT_EQ(LocalEndText(At("2026-10-08", 11, 5)), "2026-10-08 11:05");
}

TEST(AddMonths, KeepsTheDayNumberOrTakesTheLastDay) {
  EXPECT_EQ(AddMonths(D("2026-01-31"), 1), D("2026-02-28"));
  EXPECT_EQ(AddMonths(D("2024-01-31"), 1), D("2024-02-29"));
  EXPECT_EQ(AddMonths(D("2026-03-31"), 1), D("2026-04-30"));
  EXPECT_EQ(AddMonths(D("2026-12-15"), 1), D("2027-01-15"));
  EXPECT_EQ(AddMonths(D("2026-02-28"), 12), D("2027-02-28"));
}

TEST(Calendar, KnowsWorkingDaysMakeUpDaysWeekendsAndHolidays) {
  const Calendar calendar = Working();
  EXPECT_EQ(calendar.KindOf(D("2026-02-13")), DayKind::kWorking);
  EXPECT_EQ(calendar.KindOf(D("2026-02-14")), DayKind::kMakeUp);
  EXPECT_EQ(calendar.KindOf(D("2026-02-07")), DayKind::kWeekend);
  EXPECT_EQ(calendar.KindOf(D("2026-02-17")), DayKind::kHoliday);
  EXPECT_EQ(calendar.NameOf(D("2026-02-17")), "春节");
  EXPECT_EQ(calendar.NameOf(D("2026-02-07")), "周六");
  EXPECT_EQ(calendar.NameOf(D("2026-02-14")), "");
}

TEST(Calendar, AssumesWeekendsAndFixedDaysWhereNothingWasAnnounced) {
  const Calendar calendar = Working();
  EXPECT_FALSE(calendar.Knows(D("2026-05-01")));
  EXPECT_EQ(calendar.KindOf(D("2026-05-01")), DayKind::kHoliday);
  EXPECT_EQ(calendar.NameOf(D("2026-05-01")), "劳动节");
  EXPECT_EQ(calendar.KindOf(D("2026-05-02")), DayKind::kWeekend);
  EXPECT_EQ(calendar.KindOf(D("2026-05-04")), DayKind::kWorking);
  EXPECT_TRUE(calendar.IsWorkingDay(D("2026-01-30")));  // before the first announced day
}

TEST(Calendar, CountsWorkingDaysForwardAndBack) {
  const Calendar calendar = Working();
  EXPECT_EQ(calendar.AddWorkingDays(D("2026-02-13"), 1), D("2026-02-14"));
  EXPECT_EQ(calendar.AddWorkingDays(D("2026-02-13"), 2), D("2026-02-24"));
  EXPECT_EQ(calendar.AddWorkingDays(D("2026-02-24"), -1), D("2026-02-14"));
  EXPECT_EQ(calendar.AddWorkingDays(D("2026-02-17"), 0), D("2026-02-17"));
  EXPECT_EQ(calendar.WorkingDaysIn(D("2026-02-13"), D("2026-02-24")), 2);
  EXPECT_EQ(calendar.WorkingDaysIn(D("2026-02-24"), D("2026-02-13")), 0);
  EXPECT_EQ(calendar.WorkingDayFrom(D("2026-02-15")), D("2026-02-24"));
  EXPECT_EQ(calendar.WorkingDayFrom(D("2026-02-14")), D("2026-02-14"));
}

// spec: DO-03
TEST(Calendar, FindsTheLastWorkingDayOfAMonth) {
  const Calendar calendar = Working();
  EXPECT_EQ(calendar.LastWorkingDayOfMonth(2026, 2), D("2026-02-28"));  // a Saturday that is worked
  EXPECT_EQ(calendar.LastWorkingDayOfMonth(2026, 3), D("2026-03-31"));
  EXPECT_EQ(calendar.LastWorkingDayOfMonth(2026, 5), D("2026-05-29"));
}

// What a calendar of business hours gets wrong most easily: moments outside of them.
TEST(OfficeHours, BeginWithTheDayWhenTheStartIsTooEarly) {
  EXPECT_EQ(Working().Forward(Counting::kOfficeHours, At("2026-02-10", 6, 0), 2 * kHourMs),
            At("2026-02-10", 10, 30));
}

TEST(OfficeHours, BeginAfterLunchWhenTheStartIsDuringIt) {
  EXPECT_EQ(Working().Forward(Counting::kOfficeHours, At("2026-02-10", 12, 30), kHourMs),
            At("2026-02-10", 14, 30));
}

TEST(OfficeHours, BeginOnTheNextWorkingDayWhenTheStartIsAfterHours) {
  EXPECT_EQ(Working().Forward(Counting::kOfficeHours, At("2026-02-10", 20, 0), kHourMs),
            At("2026-02-11", 9, 30));
}

TEST(OfficeHours, BeginAfterTheHolidayWhenTheStartIsInIt) {
  EXPECT_EQ(Working().Forward(Counting::kOfficeHours, At("2026-02-17", 9, 0), 2 * kHourMs),
            At("2026-02-24", 10, 30));
}

TEST(OfficeHours, RunOnMakeUpDays) {
  EXPECT_EQ(Working().Forward(Counting::kOfficeHours, At("2026-02-14", 8, 30), 7 * kHourMs + 30 * kMinuteMs),
            At("2026-02-14", 17, 30));
}

TEST(OfficeHours, EndAtTheEarliestMomentThatIsEnough) {
  const Calendar calendar = Working();
  EXPECT_EQ(calendar.Forward(Counting::kOfficeHours, At("2026-02-10", 8, 30), 210 * kMinuteMs),
            At("2026-02-10", 12, 0));  // not 13:30, though no more time has passed by then
  EXPECT_EQ(calendar.Forward(Counting::kOfficeHours, At("2026-02-10", 12, 30), 0), At("2026-02-10", 12, 30));
}

TEST(CountedTime, BetweenLeavesOutWhatDoesNotCount) {
  const Calendar calendar = Working();
  EXPECT_EQ(calendar.Between(Counting::kOfficeHours, At("2026-02-10", 11, 0), At("2026-02-10", 14, 0)),
            90 * kMinuteMs);
  EXPECT_EQ(calendar.Between(Counting::kWorkingDays, At("2026-02-13", 12, 0), At("2026-02-24", 12, 0)),
            2 * kDayMs);
  EXPECT_EQ(calendar.Between(Counting::kOfficeHours, At("2026-02-16", 0, 0), At("2026-02-20", 0, 0)), 0);
  EXPECT_EQ(calendar.Between(Counting::kAll, At("2026-02-16", 0, 0), At("2026-02-15", 0, 0)), 0);
}

TEST(CountedTime, BackwardGoesToTheEarliestMomentWithNoMoreLeft) {
  const Calendar calendar = Working();
  const int64_t end = EndOfDayMs(D("2026-02-24"));
  EXPECT_EQ(calendar.Backward(Counting::kWorkingDays, end, kDayMs), EndOfDayMs(D("2026-02-14")));
  EXPECT_EQ(calendar.Backward(Counting::kWorkingDays, end, kDayMs + 1), EndOfDayMs(D("2026-02-14")) - 1);
  EXPECT_EQ(calendar.Backward(Counting::kOfficeHours, At("2026-02-24", 10, 0), 90 * kMinuteMs),
            At("2026-02-14", 17, 30));
  EXPECT_EQ(calendar.Backward(Counting::kAll, end, kDayMs), end - kDayMs);
}

TEST(CalendarMake, RefusesContradictionsByName) {
  Calendar::Contents c = February();
  c.make_up.push_back(D("2026-02-15"));
  EXPECT_THAT(Complaint(c), HasSubstr("work: 2026-02-15 is also off"));
  c = February();
  c.make_up.push_back(D("2026-02-11"));
  EXPECT_THAT(Complaint(c), HasSubstr("work: 2026-02-11 is not a weekend"));
  c = February();
  c.make_up.push_back(D("2026-02-14"));
  EXPECT_THAT(Complaint(c), HasSubstr("work: 2026-02-14 is given twice"));
  c = February();
  c.off.push_back({D("2026-02-15"), "x"});
  EXPECT_THAT(Complaint(c), HasSubstr("off: 2026-02-15 is given twice"));
  c = February();
  c.off.push_back({D("2026-05-15"), "x"});
  EXPECT_THAT(Complaint(c), HasSubstr("off: 2026-05-15 is outside"));
  c = February();
  c.horizon = D("2025-12-31");
  EXPECT_THAT(Complaint(c), HasSubstr("horizon"));
  c = February();
  c.horizon = D("2326-12-31");
  EXPECT_THAT(Complaint(c), HasSubstr("too far"));
  c = February();
  c.office_hours = {{510, 720}, {700, 1050}};
  EXPECT_THAT(Complaint(c), HasSubstr("office_hours: 700-1050"));
  c.office_hours = {{1050, 510}};
  EXPECT_THAT(Complaint(c), HasSubstr("office_hours: 1050-510"));
  c.office_hours.clear();
  EXPECT_THAT(Complaint(c), HasSubstr("office_hours"));
  c = February();
  c.fixed.push_back({2, 30, "x"});
  EXPECT_THAT(Complaint(c), HasSubstr("fixed: no such day 2-30"));
}

}  // namespace
}  // namespace base
