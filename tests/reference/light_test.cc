// DO-01: the lights at their exact boundaries.
#include <gtest/gtest.h>

#include <limits>

#include "tests/reference/fixtures.h"

namespace reference {
namespace {

using common::v1::Clock;
using common::v1::GREEN;
using common::v1::RED;
using common::v1::UH;
using common::v1::UM;
using common::v1::WD;
using common::v1::WH;
using common::v1::YELLOW;
constexpr auto kDays = common::v1::D;

class Lights : public testing::Test {
 protected:
  Clock Start(std::string_view at, const common::v1::Length& length, bool roll = false) const {
    return StartClock(Rule(length, roll), {.at_ms = At(at)}, calendar_);
  }
  common::v1::Light LightAt(const Clock& clock, int64_t now) const {
    return LightOf(clock, rule_, now, calendar_);
  }
  std::string YellowFrom(const Clock& clock) const {
    return base::LocalText(YellowFromMs(clock, rule_, calendar_));
  }

  const base::Calendar calendar_ = ShippedCalendar();
  const LightRule rule_ = LightRule::From(ShippedPolicies().policies.deadlines());
};

// spec: DO-01
TEST_F(Lights, ChangeAtTheExactMillisecond) {
  const Clock clock = Start("2026-11-02 10:00", L(15, WD));
  ASSERT_EQ(base::LocalEndText(clock.due_at_ms()), "2026-11-23 24:00");
  const int64_t yellow = At("2026-11-19 00:00");  // three working days left: Thursday, Friday, Monday
  EXPECT_EQ(YellowFromMs(clock, rule_, calendar_), yellow);
  EXPECT_EQ(LightAt(clock, clock.started_at_ms()), GREEN);
  EXPECT_EQ(LightAt(clock, yellow - 1), GREEN);
  EXPECT_EQ(LightAt(clock, yellow), YELLOW);
  EXPECT_EQ(LightAt(clock, clock.due_at_ms()), YELLOW);
  EXPECT_EQ(LightAt(clock, clock.due_at_ms() + 1), RED);
}

// spec: DO-01
TEST_F(Lights, AreYellowAtLeastTheLastWorkingDayOfAShortPeriod) {
  EXPECT_EQ(YellowFrom(Start("2026-11-03 10:00", L(2, WD))), "2026-11-05 00:00");
  EXPECT_EQ(YellowFrom(Start("2026-11-03 10:00", L(3, kDays))), "2026-11-06 00:00");
}

// A period of one working day that starts on Friday has one working day left as soon as Friday is over.
TEST_F(Lights, CountTheRestOfAPeriodInWorkingDays) {
  const Clock clock = Start("2026-11-06 10:00", L(1, WD));
  ASSERT_EQ(base::LocalEndText(clock.due_at_ms()), "2026-11-09 24:00");
  EXPECT_EQ(YellowFrom(clock), "2026-11-07 00:00");
}

TEST_F(Lights, TakeAFifthOfNaturalDays) {
  EXPECT_EQ(YellowFrom(Start("2026-03-02 10:00", L(60, kDays))), "2026-04-20 00:00");  // 12 days before 05-02
  EXPECT_EQ(YellowFrom(Start("2026-03-04 10:00", L(7, kDays))),
            "2026-03-10 14:24");  // 33.6 hours before 03-12
}

TEST_F(Lights, TakeAFifthOfHoursWithoutTheWorkingDay) {
  EXPECT_EQ(YellowFrom(Start("2026-11-02 09:00", L(2, WH))), "2026-11-02 10:36");
  EXPECT_EQ(YellowFrom(Start("2026-11-02 16:30", L(5, WH))), "2026-11-03 11:30");
  EXPECT_EQ(YellowFrom(Start("2026-11-02 22:00", L(5, UH))), "2026-11-03 02:00");
  EXPECT_EQ(YellowFrom(Start("2026-11-02 22:00", L(30, UM))), "2026-11-02 22:24");
}

TEST_F(Lights, AreYellowBeforeAHolidayThatEndsInTheDueDay) {
  const Clock clock = Start("2026-09-18 10:00", L(15, kDays), true);  // 10-03 moves to 10-08
  EXPECT_EQ(YellowFrom(clock), "2026-10-01 00:00");                   // one working day left: 10-08 itself
}

TEST_F(Lights, NeverTurnYellowBeforeTheStart) {
  LightRule all_of_it;
  all_of_it.percent = 99;
  all_of_it.at_least = L(30, WD);
  const Clock clock = Start("2026-11-02 10:00", L(2, WD));
  EXPECT_EQ(YellowFromMs(clock, all_of_it, calendar_), clock.started_at_ms());
}

TEST_F(Lights, StandStillWhilePaused) {
  const Clock clock = Start("2026-11-02 10:00", L(5, WD));
  const int64_t later = At("2026-12-30 10:00");
  EXPECT_EQ(LightAt(Pause(clock, At("2026-11-03 10:00"), "S01"), later), GREEN);
  EXPECT_EQ(LightAt(Pause(clock, clock.due_at_ms(), "S01"), later), YELLOW);
  EXPECT_EQ(LightAt(Pause(clock, clock.due_at_ms() + 1, "S01"), later), RED);
}

TEST_F(Lights, MoveWithAPauseAndAnExtension) {
  const Clock clock = Start("2026-11-02 10:00", L(10, WD));
  EXPECT_EQ(YellowFrom(clock), "2026-11-13 00:00");
  const Clock paused = Resume(Pause(clock, At("2026-11-03 10:00"), "S01"), At("2026-11-05 10:00"), calendar_);
  EXPECT_EQ(YellowFrom(paused), "2026-11-17 00:00");
  EXPECT_EQ(YellowFrom(Extend(clock, L(5, WD), calendar_)), "2026-11-19 00:00");  // a fifth of fifteen
}

// A day typed as the last moment there is was taken, and every look at the petition ended the process.
// spec: DO-01
TEST_F(Lights, StandWhateverMomentIsStored) {
  constexpr int64_t kLast = std::numeric_limits<int64_t>::max();
  const int64_t started = At("2026-11-23 10:00");
  Clock clock = StartClock(Rule(L(15, kDays)), {.at_ms = started, .due_at_ms = At("2027-01-08 10:00")}, calendar_);
  for (const int64_t due : {kLast, kLast - 1, kLast / 2, int64_t{460'000'000'000'000'000}, -kLast}) {
    clock.set_set_due_at_ms(due);
    clock.set_due_at_ms(due);
    EXPECT_EQ(LightAt(clock, started), due > 0 ? GREEN : RED) << due;
    EXPECT_FALSE(Explain(clock, rule_, started, calendar_).explanation_zh().empty()) << due;
  }
  clock.set_started_at_ms(-kLast);
  EXPECT_EQ(LightAt(clock, started), RED);
}

// spec: DO-01
TEST_F(Lights, ThatAreDueBeforeTheyStartHaveNoTimeLeft) {
  Clock clock = StartClock(Rule(L(15, kDays)), {.at_ms = At("2026-11-23 10:00"), .due_at_ms = At("2026-11-01 00:00")},
                           calendar_);
  EXPECT_EQ(YellowFromMs(clock, rule_, calendar_), At("2026-11-01 00:00"));
  EXPECT_EQ(LightAt(clock, clock.started_at_ms()), RED);
}

TEST_F(Lights, SayHowAnEndedClockEnded) {
  const Clock clock = Start("2026-11-02 10:00", L(5, WD));
  EXPECT_EQ(LightAt(Stop(clock, clock.due_at_ms(), calendar_), 0), common::v1::MET);
  EXPECT_EQ(LightAt(Stop(clock, clock.due_at_ms() + 1, calendar_), 0), common::v1::MISSED);
  EXPECT_EQ(LightAt(Cancel(clock, clock.due_at_ms()), 0), common::v1::LIGHT_UNSPECIFIED);
}

}  // namespace
}  // namespace reference
