// Early warnings: what each rule sees, to whom it is said, and what people make of it. About matters, places and units.
#include <gmock/gmock.h>

#include "services/oversight/domain/keys.h"
#include "services/oversight/domain/rules.h"
#include "services/oversight/domain/standing.h"
#include "services/oversight/domain/watch.h"
#include "services/oversight/warning_words.h"
#include "tests/oversight/warning_world.h"

namespace oversight {
namespace {

// spec: O10 W2
TEST_F(Warnings, SaidThreeTimesInThirtyDays) {
  Hear("A", Report("A", kMonday), kMonday);
  const auto again = [&](int version, int64_t at) {
    Hear("A",
         Told("incident", "A", version, "duplicate_joined",
              "status: REPORTED category: '0105' current_level: 2", at),
         at);
  };
  again(2, kMonday + 20 * kDayMs);
  EXPECT_FALSE(IsRaised("wa-W2-A-1"));
  again(3, kMonday + 40 * kDayMs);  // the first is too long ago
  EXPECT_FALSE(IsRaised("wa-W2-A-1"));
  again(4, kMonday + 41 * kDayMs);
  ASSERT_TRUE(IsRaised("wa-W2-A-1"));
  EXPECT_EQ(FactOf("wa-W2-A-1", v1::FACT_TIMES), 3);
}

// spec: O10 W2
TEST_F(Warnings, PetitionedAboutAgainCountsForTheLevelThatKnows) {
  Hear("A", Report("A", kMonday), kMonday);
  for (int i = 0; i < 2; ++i) {
    const std::string code = "P" + std::to_string(i);
    Hear(code,
         Told("petition", code, 1, "repeat_detected",
              "status: REGISTERED holder_org: 'c-hrss' content: 'Q05' repeat: true earlier_code: 'A'",
              kMonday + 1 + i, 4),
         kMonday + 1 + i);
  }
  ASSERT_TRUE(IsRaised("wa-W2-A-1"));
  EXPECT_EQ(Of("wa-W2-A-1").level(), 4);
  EXPECT_FALSE(MaySee(d_.StateOf("wa-W2-A-1"), TownCentre()));
}

// spec: O10 W3
TEST_F(Warnings, TenPeopleOrAPetitionOfFive) {
  Hear("A",
       Told("incident", "A", 1, "reported",
            "status: REPORTED category: '0105' current_level: 2 scale: S3_5_TO_9", kMonday),
       kMonday);
  EXPECT_FALSE(IsRaised("wa-W3-A-1"));
  Hear("A",
       Told("incident", "A", 2, "accepted",
            "status: ACCEPTED category: '0105' current_level: 3 scale: S4_10_TO_49", kMonday),
       kMonday);
  EXPECT_TRUE(IsRaised("wa-W3-A-1"));
  Hear("P",
       Told("petition", "P", 1, "registered",
            "status: REGISTERED holder_org: 'c-hrss' content: 'Q05' scale: S3_5_TO_9", kMonday, 4),
       kMonday);
  ASSERT_TRUE(IsRaised("wa-W3-P-1"));
  EXPECT_EQ(Of("wa-W3-P-1").level(), 4);
  // Said once: another step of the same size is no news; ended, it comes again only for more people.
  End("wa-W3-A-1");
  Hear("A",
       Told("incident", "A", 3, "progressed",
            "status: PROCESSING category: '0105' current_level: 3 scale: S4_10_TO_49", kMonday + 1),
       kMonday + 1);
  EXPECT_FALSE(IsRaised("wa-W3-A-2"));
  Hear("A",
       Told("incident", "A", 4, "progressed",
            "status: PROCESSING category: '0105' current_level: 3 scale: S5_50_OR_MORE", kMonday + 2),
       kMonday + 2);
  EXPECT_TRUE(IsRaised("wa-W3-A-2"));
}

// spec: O10 W4 3.6.6
TEST_F(Warnings, ARiskOfViolenceIsStrongAndStandsOnTheLeadersList) {
  Hear("M", Risk("M", kMonday), kMonday);
  const std::string id = "wa-W4-M-1";
  ASSERT_TRUE(IsRaised(id));
  EXPECT_TRUE(Of(id).high());
  EXPECT_EQ(Of(id).clock().due_at_ms(), kMonday + 2 * base::kHourMs);
  EXPECT_EQ(ReviewGroupAt(d_.StateOf("M").matter(), 3), v1::HIGH_WARNING);
  EXPECT_EQ(ReviewGroupAt(d_.StateOf("M").matter(), 4), v1::HIGH_WARNING);
  EXPECT_EQ(ReviewGroupAt(d_.StateOf("M").matter(), 5), v1::REVIEW_GROUP_UNSPECIFIED);
  // Between red cards and joint petitions, whatever came first.
  EXPECT_LT(ReviewKey("371403", v1::RED_CARD, 9), ReviewKey("371403", v1::HIGH_WARNING, 1));
  EXPECT_LT(ReviewKey("371403", v1::HIGH_WARNING, 9), ReviewKey("371403", v1::JOINT_OR_URGENT, 1));
  End(id, "mark_warning_false { reason: '口角，无此事' }");
  EXPECT_EQ(ReviewGroupAt(d_.StateOf("M").matter(), 4), v1::REVIEW_GROUP_UNSPECIFIED);
}

std::string Called(const std::string& code, int version, int calls, int64_t at, const std::string& category = "0102",
                   const std::string& status = "REPORTED") {
  return Told("incident", code, version, version == 1 ? "reported" : version == 2 ? "duplicate_joined" : "progressed",
              "status: " + status + " category: '" + category + "' current_level: 3 scale: S2_2_TO_4 police_calls: " +
                  std::to_string(calls),
              at);
}

// spec: O10 W4
TEST_F(Warnings, TheSecondPoliceCallOnOneDisputeIsStrong) {
  Hear("A", Called("A", 1, 1, kMonday), kMonday);
  EXPECT_FALSE(IsRaised("wa-W4-A-1"));
  Hear("A", Called("A", 2, 2, kMonday + 1), kMonday + 1);
  ASSERT_TRUE(IsRaised("wa-W4-A-1"));
  EXPECT_TRUE(Of("wa-W4-A-1").high());
  EXPECT_EQ(FactOf("wa-W4-A-1", v1::FACT_POLICE_CALLS), 2);
  Hear("A", Called("A", 3, 2, kMonday + 2), kMonday + 2);
  EXPECT_FALSE(IsRaised("wa-W4-A-2"));
  // What people have judged is not raised again for the same calls; a third one is something new.
  End("wa-W4-A-1");
  Hear("A", Called("A", 4, 2, kMonday + 3), kMonday + 3);
  EXPECT_FALSE(IsRaised("wa-W4-A-2"));
  Hear("A", Called("A", 5, 3, kMonday + 4), kMonday + 4);
  EXPECT_TRUE(IsRaised("wa-W4-A-2"));
}

// spec: O10 W4
TEST_F(Warnings, PoliceCallsOnWhatIsNoDisputeOrHasEndedAreNone) {
  Hear("A", Called("A", 1, 2, kMonday, "0802"), kMonday);  // a road
  EXPECT_FALSE(IsRaised("wa-W4-A-1"));
  Hear("B", Called("B", 1, 1, kMonday), kMonday);
  Hear("B", Called("B", 2, 2, kMonday + 1, "0102", "CLOSED"), kMonday + 1);
  EXPECT_FALSE(IsRaised("wa-W4-B-1"));
  // A notice from before calls were told says none.
  Hear("C", Report("C", kMonday, "0102"), kMonday);
  EXPECT_FALSE(IsRaised("wa-W4-C-1"));
}

// spec: O10 W5
TEST_F(Warnings, FifteenDaysWithoutAStep) {
  Hear("A", Report("A", kMonday), kMonday);
  const int64_t look = EndOf("2026-12-08") + 1;
  EXPECT_EQ(d_.StateOf("A").matter().vigil().stuck_look_ms(), look);
  d_.WhenTimerFires("look/stuck", "A");
  EXPECT_EQ(d_.now_ms(), look);
  ASSERT_TRUE(IsRaised("wa-W5-A-1"));
  EXPECT_EQ(FactOf("wa-W5-A-1", v1::FACT_QUIET_SINCE), kMonday);
  // A step: it is no longer so, and the platform says so itself.
  Hear("A",
       Told("incident", "A", 2, "accepted", "status: ACCEPTED category: '0105' current_level: 3", look + 5),
       look + 5);
  EXPECT_EQ(Of("wa-W5-A-1").status(), v1::WARNING_CLEARED);
  EXPECT_EQ(Of("wa-W5-A-1").ending_code(), "STEP_TAKEN");
  EXPECT_TRUE(d_.StateOf("A").matter().warning().empty());
}

std::string StillReported(int version, const std::string& topic, int64_t at) {
  return Told("incident", "A", version, topic, "status: REPORTED category: '0105' current_level: 2", at, 2);
}

// spec: O10 W5
TEST_F(Warnings, AnOrderALatePeriodAndAnotherCallOfTheAskerAreNoStep) {
  Hear("A", Report("A", kMonday), kMonday);
  int version = 1;
  for (const char* topic : {"order_set", "overdue", "supplemented", "instructed", "clocks_recomputed"}) {
    const int64_t at = kMonday + (9 + version) * kDayMs;
    Hear("A", StillReported(++version, topic, at), at);
    EXPECT_EQ(d_.StateOf("A").matter().last_step_at_ms(), kMonday) << topic;
    EXPECT_EQ(d_.StateOf("A").matter().last_topic(), "incident.reported") << topic;
  }
  EXPECT_EQ(d_.StateOf("A").matter().vigil().stuck_look_ms(), EndOf("2026-12-08") + 1);
  d_.WhenTimerFires("look/stuck", "A");
  ASSERT_TRUE(IsRaised("wa-W5-A-1"));
  EXPECT_EQ(FactOf("wa-W5-A-1", v1::FACT_QUIET_SINCE), kMonday);
  const int64_t later = d_.now_ms() + kDayMs;
  Hear("A", StillReported(++version, "order_set", later), later);
  Hear("A", StillReported(++version, "supplemented", later + 1), later + 1);
  EXPECT_EQ(Of("wa-W5-A-1").status(), v1::WARNING_RAISED);
  Hear("A", StillReported(++version, "contact_attempted", later + 2), later + 2);
  EXPECT_EQ(Of("wa-W5-A-1").ending_code(), "STEP_TAKEN");
}

// spec: O10 W5
TEST_F(Warnings, OfASilenceThatPeopleHaveJudgedNothingIsSaidAgain) {
  Hear("A", Report("A", kMonday), kMonday);
  d_.WhenTimerFires("look/stuck", "A");
  End("wa-W5-A-1", "mark_warning_false { reason: '当事人外出' }");
  const int64_t later = d_.now_ms() + kDayMs;
  Hear("A", StillReported(2, "overdue", later), later);
  EXPECT_EQ(d_.StateOf("A").matter().vigil().stuck_look_ms(), 0);
}

// spec: O10 W5
TEST_F(Warnings, WhoDoesNotSeeThePetitionSeesTheStepOfTheIncident) {
  Hear("A", Report("A", kMonday), kMonday);
  Hear("A", StillReported(2, "order_set", kMonday + kDayMs), kMonday + kDayMs);
  Hear("A", Petition("A", kMonday + 2 * kDayMs, 4), kMonday + 2 * kDayMs);
  v1::Matter scratch;
  const v1::Matter& seen = SeenAt(d_.StateOf("A").matter(), 3, &scratch);
  EXPECT_EQ(seen.last_step_at_ms(), kMonday);
  EXPECT_EQ(seen.last_topic(), "incident.reported");
  EXPECT_EQ(d_.StateOf("A").matter().last_topic(), "petition.registered");
}

// spec: W5
TEST(Steps, WhatAnEarlierBuildRecordedKeepsItsMeaning) {
  v1::Event event;
  auto* changed = event.mutable_standing_changed();
  changed->set_at_ms(kMonday);
  changed->mutable_part()->set_at_ms(kMonday);
  changed->mutable_part()->set_topic("incident.order_set");
  v1::State state;
  OversightDomain::Apply(event, kMonday, &state);
  EXPECT_EQ(state.matter().last_step_at_ms(), kMonday);
  EXPECT_EQ(StepTopic(state.matter().part(0)), "incident.order_set");
}

// spec: O10 W5
TEST_F(Warnings, WhatIsSuspendedOrWaitsForThePetitionerIsNotStuck) {
  Hear("A",
       Told("incident", "A", 1, "suspended", "status: SUSPENDED category: '0105' current_level: 3", kMonday),
       kMonday);
  EXPECT_EQ(d_.StateOf("A").matter().vigil().stuck_look_ms(), 0);
  Hear("P",
       Told("petition", "P", 1, "delivered", "status: DELIVERED holder_org: 'c-hrss' content: 'Q05'", kMonday,
            4),
       kMonday);
  EXPECT_EQ(d_.StateOf("P").matter().vigil().stuck_look_ms(), 0);
}

// spec: O10 W6
TEST_F(Warnings, AUnitThatClosesLateInAMonthOfTwenty) {
  CloseInNovember(16, 4);
  const v1::Watch watch = d_.StateOf("watch-unit-c-hrss").watch();
  ASSERT_EQ(watch.month_size(), 1);
  EXPECT_EQ(watch.month(0).counted(), 20);
  EXPECT_EQ(watch.look_ms(), EndOf("2026-12-01"));
  d_.WhenTimerFires("look/watch", "watch-unit-c-hrss");
  const std::string id = "wa-W6-unit-c-hrss-1";
  ASSERT_EQ(watch.month(0).on_time(), 16);
  ASSERT_TRUE(IsRaised(id));  // 80 percent
  EXPECT_EQ(Of(id).level(), 4);
  EXPECT_EQ(FactOf(id, v1::FACT_CLOSED), 20);
  EXPECT_EQ(FactOf(id, v1::FACT_ON_TIME), 16);
  EXPECT_EQ(Of(id).matter_code_size(), 4);
}

// spec: O10 W6
TEST_F(Warnings, EightyFiveOfAHundredAreEnough) {
  CloseInNovember(17, 3);
  d_.WhenTimerFires("look/watch", "watch-unit-c-hrss");
  EXPECT_FALSE(IsRaised("wa-W6-unit-c-hrss-1"));
}

// spec: O10 W6
TEST_F(Warnings, FewerThanTwentySayNothingOfAUnit) {
  CloseInNovember(0, 19);
  d_.WhenTimerFires("look/watch", "watch-unit-c-hrss");
  EXPECT_FALSE(IsRaised("wa-W6-unit-c-hrss-1"));
}

// spec: O10 W6
TEST_F(Warnings, TwentyLateMattersThatAUnitLeavesOpenAreNoneInTime) {
  LeaveOpen(20);
  d_.WhenTimerFires("look/watch", "watch-unit-c-hrss");
  EXPECT_EQ(d_.now_ms(), EndOf("2026-12-01"));
  const std::string id = "wa-W6-unit-c-hrss-1";
  ASSERT_TRUE(IsRaised(id));
  EXPECT_EQ(FactOf(id, v1::FACT_CLOSED), 0);
  EXPECT_EQ(FactOf(id, v1::FACT_OPEN_LATE), 20);
  EXPECT_EQ(Of(id).matter_code_size(), 20);
  // They stay open: December is looked at too, once people have ended what was said of November.
  EXPECT_EQ(d_.StateOf("watch-unit-c-hrss").watch().look_ms(), EndOf("2027-01-01"));
}

// spec: O10 W6
TEST_F(Warnings, NineteenLeftOpenSayNothingOfAUnit) {
  LeaveOpen(19);
  d_.WhenTimerFires("look/watch", "watch-unit-c-hrss");
  EXPECT_FALSE(IsRaised("wa-W6-unit-c-hrss-1"));
}

// spec: O10 W6
TEST_F(Warnings, WhatWasOpenAtTheMonthsEndCountsThoughItIsClosedBeforeTheLook) {
  LeaveOpen(23);
  const auto tell = [&](const std::string& code, const std::string& topic, const std::string& notice, int64_t at) {
    Hear(code, Told("incident", code, 2, topic, notice, at, 3, "371403001"), at);
  };
  const std::string clock = ClockText(Local("2026-11-05 09:00"), "c-hrss", "2026-11-20");
  const int64_t november = Local("2026-11-25 09:00"), december = Local("2026-12-01 09:00");
  tell("L0", "closed", kEnded + clock, november);  // late, and once
  tell("L1", "suspended", "status: SUSPENDED category: '0105' current_level: 3 lead_org: 'c-hrss' " + clock, november);
  tell("L2", "cancelled", "status: CANCELLED category: '0105' current_level: 3 lead_org: 'c-hrss' ", december);
  tell("L3", "closed", kEnded + clock, december);
  d_.WhenTimerFires("look/watch", "watch-unit-c-hrss");
  const std::string id = "wa-W6-unit-c-hrss-1";
  ASSERT_TRUE(IsRaised(id));
  EXPECT_EQ(FactOf(id, v1::FACT_CLOSED), 1);
  EXPECT_EQ(FactOf(id, v1::FACT_OPEN_LATE), 20);
}

// spec: O10 W6
TEST_F(Warnings, WhatGoesToAnotherUnitIsLateThere) {
  LeaveOpen(1);
  const int64_t at = Local("2026-11-25 09:00");
  const std::string moved = "status: PROCESSING category: '0105' current_level: 3 lead_org: 't-centre' ";
  Hear("L0",
       Told("incident", "L0", 2, "dispatched", moved + ClockText(at - 1, "t-centre", "2026-11-20"), at, 3, "371403001"),
       at);
  EXPECT_THAT(OpenLate(d_.StateOf("watch-unit-c-hrss").watch(), 202611), ::testing::IsEmpty());
  EXPECT_THAT(OpenLate(d_.StateOf("watch-unit-t-centre").watch(), 202611), ::testing::ElementsAre("L0"));
}

std::string Agreement(const std::string& code, int version, int64_t at, const std::string& due,
                      bool done = false) {
  return Told(
      "mediation", code, version, done ? "performed" : "effective",
      "status: EFFECTIVE dispute_type: 'D01' committee_org: 'v-committee' holder_org: 'v-committee' level: 2 "
      "effective_at_ms: 5 clause { no: 1 due_at_ms: " +
          std::to_string(EndOf(due)) + (done ? " done_at_ms: " + std::to_string(at) : "") + " }",
      at, 2);
}

// spec: O10 W7
TEST_F(Warnings, APromiseOverdueBySevenDays) {
  Hear("M", Agreement("M", 1, kMonday, "2026-11-30"), kMonday);
  d_.WhenTimerFires("look/promise", "M");
  EXPECT_EQ(d_.now_ms(), EndOf("2026-12-07") + 1);
  const std::string id = "wa-W7-M-1";
  ASSERT_TRUE(IsRaised(id));
  EXPECT_EQ(FactOf(id, v1::FACT_CLAUSES), 1);
  EXPECT_EQ(FactOf(id, v1::FACT_OVERDUE_SINCE), EndOf("2026-11-30"));
  EXPECT_EQ(d_.StateOf("M").matter().vigil().promise_look_ms(),
            0);  // the same promise is not warned of twice
  Hear("M", Agreement("M", 2, d_.now_ms() + 1, "2026-11-30", true), d_.now_ms() + 1);
  EXPECT_EQ(Of(id).ending_code(), "PROMISE_SETTLED");
}

// spec: O10 W8
TEST_F(Warnings, HalfAsManyWagesAgainAsInTheMonthBefore) {
  ReportWages(4, "N", "2026-11-20 09:00");
  ReportWages(5, "D", "2026-12-10 09:00");
  const std::string id = "wa-W8-371403-wages-1";
  EXPECT_FALSE(IsRaised(id));  // a quarter more
  ReportWages(9, "X", "2026-12-11 09:00", "0101");
  EXPECT_FALSE(IsRaised(id));  // no wages
  ReportWages(1, "E", "2026-12-12 09:00");
  ASSERT_TRUE(IsRaised(id));
  EXPECT_EQ(Of(id).level(), 4);
  EXPECT_EQ(FactOf(id, v1::FACT_MATTERS), 6);
  EXPECT_EQ(FactOf(id, v1::FACT_MONTH_BEFORE), 4);
}

// spec: O10 W8
TEST_F(Warnings, OfWagesEndsWhenSoManyLeaveThatItIsNoLongerSo) {
  ReportWages(4, "N", "2026-11-20 09:00");
  ReportWages(6, "D", "2026-12-10 09:00");
  const std::string id = "wa-W8-371403-wages-1";
  ASSERT_TRUE(IsRaised(id));
  const int64_t later = Local("2026-12-11 09:00");
  Hear("D0", Told("incident", "D0", 2, "cancelled", "status: CANCELLED category: '0105'", later, 2,
                  "371403100210"),
       later);
  EXPECT_EQ(Of(id).status(), v1::WARNING_CLEARED);
  EXPECT_EQ(Of(id).ending_code(), "MATTERS_LEFT");
  ReportWages(1, "E", "2026-12-12 09:00");
  EXPECT_TRUE(IsRaised("wa-W8-371403-wages-2")) << "and is so again in the same month";
}

// spec: O10 W8
TEST_F(Warnings, FebruaryIsOfTheSeason) {
  ReportWages(5, "F", "2026-02-03 09:00");
  EXPECT_TRUE(IsRaised("wa-W8-371403-wages-1"));
}

// spec: O10 W8
TEST_F(Warnings, WagesInSummerAreNoSeason) {
  ReportWages(9, "S", "2026-06-10 09:00");
  EXPECT_FALSE(IsRaised("wa-W8-371403-wages-1"));
}

// spec: O10 W9
TEST_F(Warnings, APeriodThatEndsBeyondTheCalendarIsSaidOnceToTheCity) {
  const std::string beyond = ClockText(kMonday, "c-hrss", "2027-01-20", "provisional: true");
  Hear("A", Told("incident", "A", 1, "dispatched", kProcessing + beyond, kMonday), kMonday);
  const std::string id = "wa-W9-calendar-1";
  ASSERT_TRUE(IsRaised(id));
  EXPECT_EQ(Of(id).level(), 5);
  EXPECT_EQ(FactOf(id, v1::FACT_HORIZON), 20261231);
  EXPECT_TRUE(Of(id).matter_code().empty());
  Hear("B", Told("incident", "B", 1, "dispatched", kProcessing + beyond, kMonday), kMonday);
  EXPECT_FALSE(IsRaised("wa-W9-calendar-2"));
  // The next year is announced.
  v1::Command learn;
  auto* calendar = learn.mutable_learn_reference()->mutable_notice()->mutable_calendar_loaded();
  *calendar = tests::Policies().calendar;
  calendar->set_horizon("2027-12-31");
  d_.As(Platform()).WhenOn("ref/calendar", learn.ShortDebugString());
  EXPECT_EQ(Of(id).ending_code(), "CALENDAR_LOADED");
}

// spec: O10 W9
TEST_F(Warnings, TheTermOfACommitteeEndsInSixtyDays) {
  auto notice = tests::OrgNotice("v-committee", directory::v1::COMMITTEE, kVillage, "village");
  notice.mutable_org_changed()->set_term_ends("2027-03-01");
  v1::Command learn;
  *learn.mutable_learn_reference()->mutable_notice() = notice;
  d_.As(Platform()).At(kMonday).WhenOn("ref/org/v-committee", learn.ShortDebugString());
  d_.WhenTimerFires("look/watch", "watch-term-v-committee");
  EXPECT_EQ(d_.now_ms(), Local("2026-12-31"));
  const std::string id = "wa-W9-term-v-committee-1";
  ASSERT_TRUE(IsRaised(id));
  EXPECT_EQ(Of(id).level(), 3);
  EXPECT_EQ(FactOf(id, v1::FACT_TERM_ENDS), 20270301);
  learn.mutable_learn_reference()->mutable_notice()->mutable_org_changed()->set_term_ends("2030-03-01");
  d_.As(Platform()).WhenOn("ref/org/v-committee", learn.ShortDebugString());
  EXPECT_EQ(Of(id).ending_code(), "TERM_CHANGED");
}

// spec: O10
TEST_F(Warnings, WhoDoesNotAcknowledgeInTimeLosesItToTheLevelAbove) {
  ReportSome(5, "A", kMonday);
  d_.WhenTimerFires("warning", kCluster).AndNotice("oversight.warning_passed_up");
  EXPECT_EQ(d_.now_ms(), EndOf("2026-11-30") + 1);  // raised on Friday, one working day
  EXPECT_EQ(Of(kCluster).level(), 4);
  d_.As(TownCentre()).WhenOn(kCluster, "acknowledge_warning {}").ThenRefused(RefusalCode::kNotAllowed);
  d_.WhenTimerFires("warning", kCluster);
  EXPECT_EQ(Of(kCluster).level(), 5);
  for (const auto& timer : OversightDomain::Timers(d_.StateOf(kCluster))) ADD_FAILURE() << timer.name;
  d_.As(CityCentre()).WhenOn(kCluster, "acknowledge_warning {}");
  EXPECT_FALSE(d_.refusal());
  // The township it began with does the work; the city says that it is over.
  d_.As(TownCentre()).WhenOn(kCluster, "act_on_warning { done: '逐户走访' }");
  EXPECT_FALSE(d_.refusal());
  d_.WhenOn(kCluster, "clear_warning { reason: '已平息' }").ThenRefused(RefusalCode::kNotAllowed);
  d_.As(CityCentre()).WhenOn(kCluster, "clear_warning { reason: '已平息' }");
  EXPECT_FALSE(d_.refusal());
  d_.AndNotice("oversight.warning_cleared");
}

// spec: O10
TEST_F(Warnings, AreForTheCentreOfTheirPlaceAndNobodyElse) {
  ReportSome(5, "A", kMonday);
  d_.As(TownCentre("371403100")).WhenOn(kCluster, "acknowledge_warning {}").ThenRefused("NO_SUCH_MATTER");
  d_.As(ActorOf(kernel::v1::ROLE_TD, "x", "371482001"))
      .WhenOn(kCluster, "acknowledge_warning {}")
      .ThenRefused("NO_SUCH_MATTER");
  d_.As(TownLeader()).WhenOn(kCluster, "acknowledge_warning {}").ThenRefused(RefusalCode::kNotAllowed);
  d_.As(TownCentre())
      .WhenOn(kCluster, "clear_warning { reason: '平息' }")
      .ThenRefused(RefusalCode::kWrongStatus);
  d_.WhenOn(kCluster, "acknowledge_warning {}").AndNotice("oversight.warning_acknowledged");
  EXPECT_EQ(Of(kCluster).clock().outcome(), common::v1::CLOCK_MET);
  for (const auto& timer : OversightDomain::Timers(d_.StateOf(kCluster))) ADD_FAILURE() << timer.name;
  d_.WhenOn(kCluster, "act_on_warning { done: '' }").ThenRefused("CONTENT_NEEDED");
  d_.WhenOn(kCluster, "mark_warning_false { reason: '' }").ThenRefused("CONTENT_NEEDED");
}

// spec: O10
TEST_F(Warnings, AreCountedByRuleAndWhatBecameOfThem) {
  ReportSome(5, "A", kMonday);
  d_.AndTally("warning/371403001/202611/W1/raised", 1).AndTally("warning/371403001/202611/W1/open", 1);
  d_.WhenTimerFires("warning", kCluster);
  d_.AndTally("warning/371403/202611/W1/passed_up", 1);
  d_.As(CountyCentre())
      .WhenOn(kCluster, "acknowledge_warning {}")
      .WhenOn(kCluster, "mark_warning_false { reason: '误报' }");
  d_.AndTally("warning/3714/202611/W1/false", 1).AndTally("warning/3714/202611/W1/open", 0);
  d_.AndTally("warning/371403100/202611/W1/raised", 0);
}

// spec: O10
TEST_F(Warnings, NothingIsRaisedOfWhatIsHeardLongAfter) {
  for (int i = 0; i < 5; ++i) {
    const std::string code = "A" + std::to_string(i);
    Hear(code, Report(code, kMonday + i), kMonday + 30 * kDayMs);
  }
  EXPECT_FALSE(IsRaised(kCluster));
}

// Before, a promise was said in English to be overdue since its last day in time.
// spec: O10 W7
TEST(WarningWords, NameTheDayOnWhichAPromiseWasDue) {
  v1::WarningState warning;
  auto* clauses = warning.add_fact();
  clauses->set_name(v1::FACT_CLAUSES);
  clauses->set_value(2);
  auto* since = warning.add_fact();
  since->set_name(v1::FACT_OVERDUE_SINCE);
  since->set_value(EndOf("2026-11-30"));
  EXPECT_EQ(SummaryZh(warning), "2项承诺逾期，最早应于2026-11-30履行");
  EXPECT_EQ(SummaryEn(warning), "2 promises overdue, the first due on 2026-11-30");
}

}  // namespace
}  // namespace oversight
