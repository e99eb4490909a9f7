// Months and the clocks that go by them. The 10th is the 10th, whatever day that is.
#include "services/reference/month.h"

#include <gtest/gtest.h>

#include "tests/reference/fixtures.h"

namespace reference {
namespace {

TEST(Month, IsANumberThatKnowsItsNeighboursAndDays) {
  EXPECT_EQ(MonthOf(*base::ParseDay("2026-10-31")), 202610);
  EXPECT_EQ(NextMonth(202612), 202701);
  EXPECT_EQ(MonthBefore(202701), 202612);
  EXPECT_EQ(base::DayText(FirstDayOf(202602)), "2026-02-01");
  EXPECT_EQ(base::DayText(LastDayOf(202602)), "2026-02-28");
  EXPECT_EQ(base::DayText(LastDayOf(202402)), "2024-02-29");
  EXPECT_EQ(MonthText(202602), "2026-02");
  EXPECT_EQ(ParseMonth("2026-02"), 202602);
  for (const char* wrong : {"", "2026", "2026-13", "2026-2", "2026-02-01"}) EXPECT_FALSE(ParseMonth(wrong)) << wrong;
}

class MonthClocks : public ::testing::Test {
 protected:
  common::v1::Clock Report(int32_t month) {
    ClockStart start;
    start.at_ms = base::StartOfDayMs(FirstDayOf(month));
    return UntilLastWorkingDay(RuleIn(files_.policies, "DO-03"), month, start, calendar_);
  }
  common::v1::Clock After(const char* row, int32_t month) {
    return AfterMonth(RuleIn(files_.policies, row), month, "month_end", calendar_);
  }
  const PolicyFiles files_ = ShippedPolicies();
  const base::Calendar calendar_ = ShippedCalendar();
};

// spec: DO-03 2.6
TEST_F(MonthClocks, EndWithTheLastWorkingDayOfTheMonth) {
  EXPECT_EQ(base::LocalEndText(Report(202604).due_at_ms()), "2026-04-30 24:00");
  EXPECT_EQ(base::LocalEndText(Report(202605).due_at_ms()), "2026-05-29 24:00");  // the 30th is a Saturday
  EXPECT_EQ(base::LocalEndText(Report(202602).due_at_ms()), "2026-02-28 24:00");  // a Saturday that is worked
  EXPECT_FALSE(Report(202612).provisional());
  EXPECT_TRUE(Report(202701).provisional());
}

// spec: DO-04 2.6
TEST_F(MonthClocks, CountFromTheEndOfTheMonthAndNeverRoll) {
  EXPECT_EQ(base::LocalEndText(After("DO-04", 202604).due_at_ms()), "2026-05-10 24:00");         // a Sunday
  EXPECT_EQ(base::LocalEndText(After("DO-04-FREEZE", 202609).due_at_ms()), "2026-10-07 24:00");  // a holiday
  EXPECT_EQ(base::LocalEndText(After("DO-04", 202602).due_at_ms()), "2026-03-10 24:00");
}

}  // namespace
}  // namespace reference
