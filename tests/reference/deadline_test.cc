// What happens to a clock: start, extension, pause, resumption, end.
#include "services/reference/deadline.h"

#include <gtest/gtest.h>

#include "tests/reference/fixtures.h"

namespace reference {
namespace {

using common::v1::Clock;
using common::v1::MO;
using common::v1::UH;
using common::v1::UM;
using common::v1::WD;
using common::v1::WH;
constexpr auto kDays = common::v1::D;

class Clocks : public testing::Test {
 protected:
  Clock Start(std::string_view at, const common::v1::Length& length, bool roll = false) const {
    return StartClock(Rule(length, roll), {.at_ms = At(at), .started_by = "accepted"}, calendar_);
  }
  static std::string Due(const Clock& clock) { return base::LocalEndText(clock.due_at_ms()); }
  Clock PausedBetween(Clock clock, std::string_view from, std::string_view to) const {
    return Resume(Pause(std::move(clock), At(from), "S01"), At(to), calendar_);
  }

  const base::Calendar calendar_ = ShippedCalendar();
};

TEST_F(Clocks, CarryWhatTheyWereStartedWith) {
  const Clock clock = StartClock(
      Rule(L(15, kDays), true),
      {.at_ms = At("2026-09-18 09:30"), .started_by = "registered", .holder_org = "o1"}, calendar_);
  EXPECT_EQ(clock.policy_id(), "DX-01");
  EXPECT_EQ(clock.article(), "某条例第一条");
  EXPECT_EQ(clock.policy_revision(), 3);
  EXPECT_EQ(clock.calendar_revision(), calendar_.revision());
  EXPECT_EQ(clock.started_by(), "registered");
  EXPECT_EQ(clock.holder_org(), "o1");
  EXPECT_EQ(clock.started_at_ms(), At("2026-09-18 09:30"));
  EXPECT_TRUE(clock.roll_forward());
  EXPECT_TRUE(IsRunning(clock));
  EXPECT_EQ(Due(clock), "2026-10-08 24:00");
}

TEST_F(Clocks, DoNotDependOnTheHourOfTheStartWhenTheyCountDays) {
  EXPECT_EQ(Start("2026-11-02 00:00", L(3, kDays)).due_at_ms(),
            Start("2026-11-02 23:59", L(3, kDays)).due_at_ms());
  EXPECT_NE(Start("2026-11-02 23:59", L(3, kDays)).due_at_ms(),
            Start("2026-11-03 00:00", L(3, kDays)).due_at_ms());
}

// spec: DI-01
TEST_F(Clocks, TakeTheUrgentLengthOfTheirRow) {
  const PolicyFiles files = ShippedPolicies();
  const auto start = [&](bool urgent) {
    return StartClock(RuleIn(files.policies, "DI-01"), {.at_ms = At("2026-05-01 23:50"), .urgent = urgent},
                      calendar_);
  };
  EXPECT_EQ(Due(start(false)), "2026-05-06 10:30");
  EXPECT_EQ(Due(start(true)), "2026-05-02 00:20");
}

// spec: DI-05
TEST_F(Clocks, OfUrgentMattersDoNotWaitForAWorkingDay) {
  const PolicyFiles files = ShippedPolicies();
  const auto start = [&](bool urgent) {
    return StartClock(RuleIn(files.policies, "DI-05-SIMPLE"),
                      {.at_ms = At("2026-09-30 16:00"), .urgent = urgent}, calendar_);
  };
  EXPECT_EQ(Due(start(false)), "2026-10-08 24:00");
  EXPECT_EQ(Due(start(true)), "2026-10-01 24:00");
}

TEST_F(Clocks, TakeTheLengthOfACategoryInsteadOfTheRows) {
  const Clock clock = StartClock(
      Rule(L(7, kDays)), {.at_ms = At("2026-11-20 16:00"), .length = L(4, WH), .article = "事件分类 0701"},
      calendar_);
  EXPECT_EQ(Due(clock), "2026-11-23 11:00");
  EXPECT_EQ(clock.article(), "事件分类 0701");
}

// spec: DP-12 DO-04
TEST_F(Clocks, MayBeDueAtANamedMomentThatIsNeverRolled) {
  const Clock clock =
      StartClock(Rule(common::v1::Length(), true),
                 {.at_ms = At("2026-09-18 09:00"), .due_at_ms = At("2026-10-03 17:30")}, calendar_);
  EXPECT_EQ(Due(clock), "2026-10-03 17:30");
  EXPECT_FALSE(clock.provisional());
  EXPECT_EQ(Due(Extend(clock, L(5, kDays), calendar_)), "2026-10-08 17:30");
  EXPECT_EQ(Due(Extend(clock, L(2, WD), calendar_)), "2026-10-09 17:30");
  EXPECT_EQ(Due(PausedBetween(clock, "2026-09-20 12:00", "2026-09-22 12:00")), "2026-10-05 17:30");
}

TEST_F(Clocks, EndWithTheMomentTheyAreDueStillInTime) {
  const Clock clock = Start("2026-11-02 10:00", L(3, WD));
  ASSERT_EQ(Due(clock), "2026-11-05 24:00");
  EXPECT_EQ(Stop(clock, clock.due_at_ms(), calendar_).outcome(), common::v1::CLOCK_MET);
  EXPECT_EQ(Stop(clock, LateFromMs(clock), calendar_).outcome(), common::v1::CLOCK_MISSED);
  EXPECT_EQ(LateFromMs(clock), clock.due_at_ms() + 1);
  EXPECT_FALSE(IsRunning(Stop(clock, clock.due_at_ms(), calendar_)));
}

TEST_F(Clocks, AreNeitherMetNorMissedWhenCancelled) {
  const Clock clock = Cancel(Pause(Start("2026-11-02 10:00", L(3, WD)), At("2026-11-03 10:00"), "S04"),
                             At("2026-12-01 10:00"));
  EXPECT_EQ(clock.outcome(), common::v1::CLOCK_CANCELLED);
  EXPECT_FALSE(IsRunning(clock));
  EXPECT_FALSE(IsPaused(clock));
  EXPECT_EQ(clock.pause(0).to_ms(), At("2026-12-01 10:00"));
}

// spec: DP-05 DP-06
TEST_F(Clocks, AreExtendedFromTheCountedDayNotFromTheRolledOne) {
  const PolicyFiles files = ShippedPolicies();
  Clock clock = StartClock(RuleIn(files.policies, "DP-05"), {.at_ms = At("2026-08-07 15:00")}, calendar_);
  ASSERT_EQ(Due(clock), "2026-10-08 24:00");  // sixty days end on 10-06, a holiday
  clock = Extend(clock, L(30, kDays), calendar_);
  EXPECT_EQ(Due(clock), "2026-11-05 24:00");  // ninety days in all, as the article allows
  EXPECT_EQ(clock.extended_from_ms(), At("2026-10-08 00:00") + base::kDayMs);
  EXPECT_EQ(clock.extension_size(), 1);
}

TEST_F(Clocks, ExtendByWorkingDaysAfterNaturalOnes) {
  EXPECT_EQ(Due(Extend(Start("2026-09-18 10:00", L(12, kDays)), L(3, WD), calendar_)), "2026-10-10 24:00");
}

// spec: I10 DP-06
TEST_F(Clocks, RefuseAnExtensionByTheRulesOfTheirRow) {
  const PolicyFiles files = ShippedPolicies();
  const auto& rule = RuleIn(files.policies, "DP-05");
  const Clock clock = StartClock(rule, {.at_ms = At("2026-03-02 10:00")}, calendar_);
  const int64_t now = At("2026-04-01 10:00");
  const auto reason = [&](const Clock& c, const policy::v1::DeadlineRule& r, const common::v1::Length& by,
                          int64_t at) {
    const std::optional<Objection> objection = ExtensionObjection(c, r, by, at);
    return objection ? objection->reason : std::string();
  };
  EXPECT_EQ(reason(clock, rule, L(30, kDays), now), "");
  EXPECT_EQ(reason(clock, rule, L(30, kDays), clock.due_at_ms()), "");
  EXPECT_EQ(reason(clock, rule, L(30, kDays), clock.due_at_ms() + 1), "CLOCK_LATE");
  EXPECT_EQ(reason(clock, rule, L(31, kDays), now), "EXTENSION_TOO_LONG");
  EXPECT_EQ(reason(clock, rule, L(20, WD), now), "EXTENSION_UNIT");
  EXPECT_EQ(reason(clock, rule, L(0, kDays), now), "EXTENSION_EMPTY");
  EXPECT_EQ(reason(Extend(clock, L(10, kDays), calendar_), rule, L(10, kDays), now), "EXTENSION_USED");
  EXPECT_EQ(reason(Stop(clock, now, calendar_), rule, L(10, kDays), now), "CLOCK_STOPPED");
  EXPECT_EQ(reason(clock, RuleIn(files.policies, "DP-08"), L(1, kDays), now), "EXTENSION_NOT_ALLOWED");
  EXPECT_NE(ExtensionObjection(clock, rule, L(31, kDays), now)->message_zh.find("30日"), std::string::npos);
}

// spec: DI-05
TEST_F(Clocks, OfAnIncidentMayBeExtendedByTheirOwnLengthOnce) {
  const PolicyFiles files = ShippedPolicies();
  const auto& rule = RuleIn(files.policies, "DI-05");
  const Clock clock = StartClock(rule, {.at_ms = At("2026-03-02 10:00"), .length = L(3, kDays)}, calendar_);
  EXPECT_FALSE(ExtensionObjection(clock, rule, L(3, kDays), At("2026-03-03 10:00")));
  EXPECT_EQ(ExtensionObjection(clock, rule, L(4, kDays), At("2026-03-03 10:00"))->reason,
            "EXTENSION_TOO_LONG");
}

// spec: I11
TEST_F(Clocks, AddThePausedDaysInTheirOwnUnit) {
  // Paused on Wednesday 09-30, resumed on Friday 10-09: natural days 10-01 … 10-09 do not count, of working
  // days only 10-08 and 10-09.
  const Clock natural = Start("2026-09-28 10:00", L(7, kDays));
  EXPECT_EQ(Due(natural), "2026-10-05 24:00");
  EXPECT_EQ(Due(PausedBetween(natural, "2026-09-30 10:00", "2026-10-09 10:00")), "2026-10-14 24:00");
  const Clock working = Start("2026-09-28 10:00", L(4, WD));
  EXPECT_EQ(Due(working), "2026-10-09 24:00");
  EXPECT_EQ(Due(PausedBetween(working, "2026-09-30 10:00", "2026-10-09 10:00")), "2026-10-12 24:00");
}

TEST_F(Clocks, LoseNothingByAPauseWithinOneDay) {
  const Clock clock = Start("2026-11-02 10:00", L(3, WD));
  EXPECT_EQ(PausedBetween(clock, "2026-11-03 09:00", "2026-11-03 17:00").due_at_ms(), clock.due_at_ms());
}

TEST_F(Clocks, AddThePausedHours) {
  const Clock office = Start("2026-11-02 09:00", L(4, WH));
  EXPECT_EQ(Due(office), "2026-11-02 14:30");
  EXPECT_EQ(Due(PausedBetween(office, "2026-11-02 11:30", "2026-11-02 14:00")), "2026-11-02 15:30");
  const Clock straight = Start("2026-11-02 23:30", L(2, UH));
  EXPECT_EQ(Due(PausedBetween(straight, "2026-11-02 23:45", "2026-11-03 00:15")), "2026-11-03 02:00");
  const Clock minutes = Start("2026-11-02 23:30", L(30, UM));
  EXPECT_EQ(Due(PausedBetween(minutes, "2026-11-02 23:45", "2026-11-02 23:50")), "2026-11-03 00:05");
}

TEST_F(Clocks, OfMonthsMoveByThePausedDays) {
  const Clock clock = Start("2026-10-20 10:00", L(1, MO));
  ASSERT_EQ(Due(clock), "2026-11-20 24:00");
  EXPECT_EQ(Due(PausedBetween(clock, "2026-11-01 10:00", "2026-11-06 10:00")), "2026-11-25 24:00");
}

TEST_F(Clocks, AreNotMovedByAPauseAfterTheyWereLate) {
  const Clock clock = Start("2026-11-02 10:00", L(3, WD));
  const Clock after = PausedBetween(clock, "2026-11-09 10:00", "2026-11-20 10:00");
  EXPECT_EQ(after.due_at_ms(), clock.due_at_ms());
  EXPECT_EQ(Stop(after, At("2026-11-20 11:00"), calendar_).outcome(), common::v1::CLOCK_MISSED);
}

TEST_F(Clocks, StoppedWhilePausedAreInTime) {
  const Clock clock = Pause(Start("2026-11-02 10:00", L(3, WD)), At("2026-11-04 10:00"), "S04");
  EXPECT_TRUE(IsPaused(clock));
  const Clock stopped = Stop(clock, At("2026-12-24 10:00"), calendar_);
  EXPECT_EQ(stopped.outcome(), common::v1::CLOCK_MET);
  EXPECT_EQ(stopped.pause(0).to_ms(), At("2026-12-24 10:00"));
}

TEST_F(Clocks, TakeSeveralPausesAndExtensionsInAnyOrder) {
  const Clock clock = Start("2026-11-02 10:00", L(10, WD));
  const Clock extended_last =
      Extend(PausedBetween(PausedBetween(clock, "2026-11-03 10:00", "2026-11-05 10:00"), "2026-11-09 10:00",
                           "2026-11-12 10:00"),
             L(2, WD), calendar_);
  const Clock extended_first =
      PausedBetween(PausedBetween(Extend(clock, L(2, WD), calendar_), "2026-11-03 10:00", "2026-11-05 10:00"),
                    "2026-11-09 10:00", "2026-11-12 10:00");
  EXPECT_EQ(Due(extended_last), "2026-11-25 24:00");
  EXPECT_EQ(extended_first.due_at_ms(), extended_last.due_at_ms());
}

TEST_F(Clocks, NeverRunBackwardsWhenEventsArriveLate) {
  Clock clock = Start("2026-11-02 10:00", L(3, WD));
  clock = Pause(clock, At("2026-11-01 10:00"), "S01");  // before it began
  EXPECT_EQ(clock.pause(0).from_ms(), clock.started_at_ms());
  clock = Resume(clock, At("2026-11-01 09:00"), calendar_);
  EXPECT_EQ(clock.pause(0).to_ms(), clock.started_at_ms());
  EXPECT_EQ(Due(clock), "2026-11-05 24:00");
}

// spec: cal-T16
TEST_F(Clocks, BecomeExactWhenTheNextYearIsLoaded) {
  const Clock before = Start("2026-12-25 10:00", L(5, WD));
  EXPECT_TRUE(before.provisional());
  EXPECT_EQ(Due(before), "2027-01-04 24:00");
  policy::v1::Calendar next = ShippedPolicies().calendar;
  next.set_revision(next.revision() + 1);
  next.set_horizon("2027-12-31");
  for (const char* day : {"2027-01-01", "2027-01-02", "2027-01-03", "2027-01-04"}) {
    auto* off = next.add_off();
    off->set_date(day);
    off->set_name_zh("元旦");
  }
  const base::Calendar loaded = *CalendarFrom(next);
  const Clock after = Recompute(before, loaded);
  EXPECT_FALSE(after.provisional());
  EXPECT_EQ(Due(after), "2027-01-05 24:00");
  EXPECT_EQ(after.calendar_revision(), loaded.revision());
  EXPECT_EQ(after.policy_revision(), before.policy_revision());
}

TEST_F(Clocks, ThatRunWithoutABreakAreNeverProvisional) {
  EXPECT_FALSE(Start("2026-12-31 23:30", L(2, UH)).provisional());
  EXPECT_TRUE(Start("2026-12-31 16:30", L(2, WH)).provisional());
}

TEST(ClockDeathTest, CannotBeStartedWithoutALength) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(StartClock(Rule(common::v1::Length()), {.at_ms = 1}, ShippedCalendar()),
               "DX-01 has no length");
}

}  // namespace
}  // namespace reference
