// Tasks: planned by supervision, confirmed by the leader in charge, reported each month by the lead unit until DO-03,
// verified or sent back until the freeze.
#include "services/oversight/domain/rules.h"
#include "tests/oversight/task_world.h"

namespace oversight {
namespace {

// spec: O11 C12
TEST(Task, IsMadeBySupervisionAndConfirmedByTheLeaderInCharge) {
  Desk d(tests::Learned(), kTask);
  d.When(CreateText(AprilToJune()), Supervisor(), Local("2026-03-20 09:00"))
      .AndNotice("oversight.task_created")
      .AndState("planned_task { status: TASK_PLANNED lead_org: 'c-hrss' milestone { planned_end: 20260630 } }")
      .AndNoTimer();
  EXPECT_EQ(d.notices()[0].SerializeAsString().find("清欠"), std::string::npos);     // no words travel
  EXPECT_EQ(d.notices()[0].SerializeAsString().find("leader1"), std::string::npos);  // nor who is in charge
  d.When("confirm_task {}", OtherLeader(), Local("2026-03-20 10:00")).ThenRefused(RefusalCode::kNotAllowed);
  // It starts in April: until then nothing is open, and nothing graded.
  d.When("confirm_task {}", InCharge(), Local("2026-03-20 10:00"))
      .AndState("planned_task { status: TASK_ACTIVE }")
      .AndTimer("month", Local("2026-04-01"));
  EXPECT_EQ(d.state().planned_task().month_size(), 0);
  d.WhenTimerFires("month").AndTimer("month", Local("2026-05-01"));
  ASSERT_EQ(d.state().planned_task().month_size(), 1);
  EXPECT_EQ(d.state().planned_task().month(0).entry(0).planned(), 30);
}

// spec: O11
TEST(Task, IsRefusedByNameOfTheFieldThatIsWrong) {
  Desk d(tests::Learned(), kTask);
  const auto refused = [&](const std::string& text, const char* reason, const char* field) {
    d.When(text, Supervisor(), Local("2026-04-01 09:00")).ThenRefused(reason);
    EXPECT_EQ(d.refusal()->field, field);
  };
  refused(CreateText(""), "VALUE_NEEDED", "milestone");
  const auto without = [](const std::string& part) {
    std::string text = CreateText(AprilToJune());
    return text.erase(text.find(part), part.size());
  };
  refused(without("requirement: '年内清零'"), "CONTENT_NEEDED", "requirement");
  refused(without("evidence_type: '验收报告'"), "CONTENT_NEEDED", "evidence_type");
  refused(without("leader_user_id: 'leader1'"), "VALUE_NEEDED", "leader_user_id");
  refused(CreateText(AprilToJune(), "other-hrss"), "UNKNOWN_ORG", "lead_org");
  refused(CreateText(MilestoneText("2026-04-01", "2026-03-01", {{"2026-04", 100}})), "BAD_PLANNED_END",
          "milestone[0].planned_end");
  refused(CreateText(AprilToJune() + MilestoneText("2026-4-1", "2026-05-01", {{"2026-04", 100}})), "BAD_PLANNED_START",
          "milestone[1].planned_start");  // the second of two
  refused(CreateText(MilestoneText("2026-02-01", "2026-03-01", {{"2026-02", 50}, {"2026-03", 100}})), "BAD_PLANNED_END",
          "milestone[0].planned_end");  // over before it began
  const auto plan = [](std::initializer_list<std::pair<const char*, int>> months) {
    return CreateText(MilestoneText("2026-04-01", "2026-05-31", months));
  };
  refused(plan({{"2026-04", 100}}), "BAD_PLAN", "milestone[0].plan");                    // a month missing
  refused(plan({{"2026-04", 50}, {"2026-05", 90}}), "BAD_PLAN", "milestone[0].plan");    // not all of it
  refused(plan({{"2026-04", 110}, {"2026-05", 100}}), "BAD_PLAN", "milestone[0].plan");  // more than all
  refused(plan({{"2026-05", 50}, {"2026-05", 100}}), "BAD_PLAN", "milestone[0].plan");   // a month twice
  d.When(CreateText(AprilToJune()), ActorOf(kernel::v1::ROLE_SV, "x", "371482"), Local("2026-04-01 09:00"))
      .ThenRefused(RefusalCode::kNotAllowed);
}

// Somebody who cannot confirm it was in charge, and the task was never graded.
// spec: O11
TEST(Task, IsInChargeOfALeaderOverItsArea) {
  Desk d(tests::Learned(), kTask);
  const auto in_charge = [&](const std::string& user) {
    std::string text = CreateText(AprilToJune());
    d.When(text.replace(text.find("leader1"), 7, user), Supervisor(), Local("2026-04-01 09:00"));
    return d.refusal() ? d.refusal()->reason + " " + d.refusal()->field : "";
  };
  EXPECT_EQ(in_charge("x"), "NO_SUCH_STAFF leader_user_id");
  EXPECT_EQ(in_charge("tl1"), "POST_MISSING leader_user_id");
  EXPECT_EQ(in_charge("cl-elsewhere"), "POST_MISSING leader_user_id");
  EXPECT_EQ(in_charge("pc1"), "POST_MISSING leader_user_id");
  EXPECT_EQ(in_charge("md-gone"), "STAFF_DISABLED leader_user_id");
  EXPECT_EQ(in_charge("cyl1"), "") << "the city leader's area covers the county";
}

// spec: O12 DO-03
TEST(Report, IsDueOnTheLastWorkingDayOfTheMonth) {
  Planned d;
  const auto& clock = d.state().planned_task().month(0).report();
  EXPECT_EQ(clock.policy_id(), "DO-03");
  EXPECT_EQ(clock.due_at_ms(), EndOf("2026-04-30"));
  EXPECT_EQ(clock.holder_org(), "c-hrss");
  d.When(ReportText("2026-04", 20), LeadUnit(), clock.due_at_ms())
      .AndNotice("oversight.task_reported")
      .AndState(
          "planned_task { month { entry { status: MONTH_REPORTED progress: 20 } report { outcome: CLOCK_MET } } }");
  Planned late;
  late.When(ReportText("2026-04", 20), LeadUnit(), clock.due_at_ms() + 1).ThenRefused("REPORT_LATE");
}

// spec: DO-03 2.6
TEST(Report, IsDueOnAMakeUpSaturdayIfThatIsTheLastWorkingDay) {
  Desk d(tests::Learned(), kTask);
  d.When(CreateText(MilestoneText("2026-02-01", "2026-03-31", {{"2026-02", 50}, {"2026-03", 100}})), Supervisor(),
         Local("2026-02-02 09:00"));
  d.When("confirm_task {}", InCharge(), Local("2026-02-02 10:00"));
  EXPECT_EQ(d.state().planned_task().month(0).report().due_at_ms(), EndOf("2026-02-28"));
}

// spec: O11 DO-03
TEST(Task, ConfirmedWhenTheMonthIsOverForReportsBeginsWithTheNext) {
  Desk d(tests::Learned(), kTask);
  d.When(CreateText(MilestoneText("2026-05-01", "2026-06-30", {{"2026-05", 60}, {"2026-06", 100}})), Supervisor(),
         Local("2026-05-20 09:00"));
  d.When("confirm_task {}", InCharge(), Local("2026-05-30 09:00"));  // the last working day was Friday the 29th
  d.AndTimer("month", Local("2026-06-01"));
  EXPECT_EQ(d.state().planned_task().month_size(), 0);
}

// spec: O12
TEST(Report, IsTheLeadUnitsAlone) {
  Planned d;
  d.When(ReportText("2026-04", 20), Head("c-housing"), Local("2026-04-20 09:00"))
      .ThenRefused(RefusalCode::kNotFound)
      .When(ReportText("2026-05", 20), LeadUnit(), Local("2026-04-20 09:00"))
      .ThenRefused("MONTH_NOT_OPEN")
      .When(ReportText("2026-04", 20, "", 2), LeadUnit(), Local("2026-04-20 09:00"))
      .ThenRefused("NO_SUCH_MILESTONE")
      .When(ReportText("2026-04", 101), LeadUnit(), Local("2026-04-20 09:00"))
      .ThenRefused("BAD_PERCENT")
      .When(ReportText("2026-04", 99, "completed_day: '2026-04-19'"), LeadUnit(), Local("2026-04-20 09:00"))
      .ThenRefused("COMPLETED_IS_ALL")
      .When(ReportText("2026-04", 100, "completed_day: '2026-04-21'"), LeadUnit(), Local("2026-04-20 09:00"))
      .ThenRefused("BAD_COMPLETED_DAY")
      .When(ReportText("2026-04", 100, "completed_day: '2026-03-31'"), LeadUnit(), Local("2026-04-20 09:00"))
      .ThenRefused("BAD_COMPLETED_DAY");
}

// spec: O12
TEST(Report, SentBackMayBeToldAgainUntilTheFreeze) {
  Planned d;
  const std::string back = "send_back_task_report { month: '2026-04' milestone: 1 reason: '台账不全' }";
  d.When("report_task { month: '2026-04' milestone: 1 progress: 20 }", LeadUnit(), Local("2026-04-30 09:00"))
      .ThenRefused("CONTENT_NEEDED");  // evidence
  d.When(ReportText("2026-04", 20));
  d.When("send_back_task_report { month: '2026-04' milestone: 1 }", Supervisor(), Local("2026-05-06 09:00"))
      .ThenRefused("CONTENT_NEEDED");
  d.When(back, Supervisor(), Local("2026-05-06 09:00"))
      .AndNotice("oversight.task_sent_back")
      .AndState("planned_task { month { entry { status: MONTH_OPEN sent_back: true } } }");
  d.When(VerifyText("2026-04"), Supervisor(), Local("2026-05-06 10:00")).ThenRefused("NOTHING_REPORTED");
  d.When(ReportText("2026-04", 25), LeadUnit(), Local("2026-05-07 18:00"))
      .AndState("planned_task { month { entry { progress: 25 } } }");
  d.When(VerifyText("2026-04"), Supervisor(), EndOf("2026-05-07"));
  d.When(ReportText("2026-04", 30), LeadUnit(), EndOf("2026-05-07")).ThenRefused("REPORT_VERIFIED");
  d.When(back, Supervisor(), EndOf("2026-05-07") + 1).ThenRefused("MONTH_FROZEN");
  d.Frozen();
  EXPECT_EQ(d.GradeIn(202604), v1::OSTRICH);
}

// spec: O12 O13
TEST(Report, SentBackAndNotToldAgainIsNone) {
  Planned d;
  d.When(ReportText("2026-04", 40), LeadUnit(), Local("2026-04-30 09:00"));
  d.When("send_back_task_report { month: '2026-04' milestone: 1 reason: '不实' }", Supervisor(),
         Local("2026-05-06 09:00"));
  d.Frozen();
  EXPECT_EQ(d.GradeIn(202604), v1::SNAIL);
}

// Before, the month stayed met when supervision had sent its report back.
// spec: O12 O13 DO-03
TEST(Report, SentBackLetsTheMonthRunUntilTheFreezeAndNotTheOthers) {
  const std::string back = "send_back_task_report { month: '2026-04' milestone: 1 reason: '台账不全' }";
  Planned d(AprilToJune() + AprilToJune());
  const auto clock = [&] { return d.state().planned_task().month(0).report(); };
  d.When(ReportText("2026-04", 20), LeadUnit(), Local("2026-04-28 09:00"));
  d.When(ReportText("2026-04", 30, "", 2), LeadUnit(), Local("2026-04-28 10:00"));
  EXPECT_EQ(clock().outcome(), common::v1::CLOCK_MET);
  d.When(back, Supervisor(), Local("2026-05-05 09:00")).AndNotice("oversight.task_sent_back");
  EXPECT_EQ(clock().outcome(), common::v1::CLOCK_RUNNING);
  EXPECT_EQ(clock().due_at_ms(), EndOf("2026-05-07"));
  EXPECT_EQ(clock().policy_id(), "DO-03");
  EXPECT_EQ(clock().holder_org(), "c-hrss");
  d.When(ReportText("2026-04", 90, "", 2), LeadUnit(), Local("2026-05-05 10:00")).ThenRefused("REPORT_LATE");
  d.When("send_back_task_report { month: '2026-04' milestone: 2 reason: '无附件' }", Supervisor(),
         Local("2026-05-05 11:00"));
  d.When(ReportText("2026-04", 25), LeadUnit(), Local("2026-05-06 09:00"));
  EXPECT_EQ(clock().outcome(), common::v1::CLOCK_RUNNING) << "the other one is still to be told again";
  d.When(ReportText("2026-04", 30, "", 2), LeadUnit(), Local("2026-05-06 10:00"));
  EXPECT_EQ(clock().outcome(), common::v1::CLOCK_MET);
  d.When(back, Supervisor(), Local("2026-05-06 11:00"));
  d.Frozen();
  EXPECT_EQ(clock().outcome(), common::v1::CLOCK_MISSED) << "it was not told again";
  EXPECT_EQ(d.GradeIn(202604, 1), v1::SNAIL);
  EXPECT_EQ(d.GradeIn(202604, 2), v1::OX);
  d.When(back, Supervisor(), Local("2026-05-11 09:00")).ThenRefused("MONTH_FROZEN");
}

// While another milestone has not been told at all, the month runs out on its last working day.
// spec: O12 DO-03
TEST(Report, SentBackBeforeAllAreToldLeavesTheDayAsItIs) {
  Planned d(AprilToJune() + AprilToJune());
  const auto clock = [&] { return d.state().planned_task().month(0).report(); };
  d.When(ReportText("2026-04", 20), LeadUnit(), Local("2026-04-28 09:00"));
  d.When("send_back_task_report { month: '2026-04' milestone: 1 reason: '台账不全' }", Supervisor(),
         Local("2026-04-28 10:00"));
  EXPECT_EQ(clock().due_at_ms(), EndOf("2026-04-30"));
  d.When(ReportText("2026-04", 30, "", 2), LeadUnit(), Local("2026-04-29 09:00"));
  EXPECT_EQ(clock().outcome(), common::v1::CLOCK_RUNNING) << "the first is still to be told again";
  EXPECT_EQ(clock().due_at_ms(), EndOf("2026-05-07"));
}

// spec: O12
TEST(Report, IsNotVerifiedByTheUnitThatMadeIt) {
  Planned d;
  d.When(ReportText("2026-04", 20), LeadUnit(), Local("2026-04-30 09:00"));
  d.When(VerifyText("2026-04"), ActorOf(kernel::v1::ROLE_SV, "c-hrss", "371403", "sv2"), Local("2026-05-06 09:00"))
      .ThenRefused("OWN_REPORT");
}

TEST(Task, CancelledIsGradedNoMore) {
  Planned d;
  d.When("cancel_task { reason: '上级调整' }", Supervisor(), Local("2026-05-02 09:00"))
      .AndNotice("oversight.task_cancelled")
      .AndState("planned_task { status: TASK_CANCELLED ending_reason: '上级调整' }")
      .AndNoTimer();
  EXPECT_EQ(d.state().planned_task().month_size(), 0);
  d.Frozen();
  EXPECT_EQ(d.BoardOf().status(), v1::BOARD_FROZEN);
  EXPECT_EQ(d.BoardOf().entry_size(), 0);
}

// spec: 3.6.5
TEST(Task, DoneStops) {
  Planned ahead;
  ahead.When(ReportText("2026-04", 100, "completed_day: '2026-04-27'"), LeadUnit(), Local("2026-04-28 09:00"));
  ahead.WhenTimerFires("month");
  EXPECT_EQ(ahead.state().planned_task().month_size(), 2);
  ahead.When(VerifyText("2026-04"), Supervisor(), Local("2026-05-06 09:00"));
  ahead.Frozen();
  EXPECT_EQ(ahead.GradeIn(202604), v1::HORSE);
  ahead.AndState("planned_task { status: TASK_DONE milestone { completed: 20260427 } }").AndNoTimer();
  EXPECT_EQ(ahead.state().planned_task().month_size(), 1);  // May is not graded
}

TEST(Task, OfSeveralMilestonesIsGradedByEachAsItIsDue) {
  Planned d(AprilToJune() + MilestoneText("2026-05-15", "2026-05-31", {{"2026-05", 100}}));
  EXPECT_EQ(d.state().planned_task().month(0).entry_size(), 1);  // the second is not due to start
  d.When(ReportText("2026-04", 30), LeadUnit(), Local("2026-04-28 09:00")).WhenTimerFires("month");
  ASSERT_EQ(d.state().planned_task().month_size(), 2);
  EXPECT_EQ(d.state().planned_task().month(1).entry_size(), 2);
  d.Frozen();
  EXPECT_EQ(d.BoardOf().entry_size(), 1);
}

TEST(MaySeeTask, IsForSupervisionLeadersAndTheLeadUnit) {
  Planned d;
  for (const Actor& actor : {Supervisor(), InCharge(), OtherLeader(), CityLeader(), CountyCentre(), LeadUnit()})
    EXPECT_TRUE(MaySee(d.state(), actor)) << actor.ShortDebugString();
  for (const Actor& actor : {Head("c-housing"), ActorOf(kernel::v1::ROLE_SV, "x", "371482"), TownLeader(),
                             ActorOf(kernel::v1::ROLE_GW, "x", "371403001002")}) {
    EXPECT_FALSE(MaySee(d.state(), actor)) << actor.ShortDebugString();
  }
}

}  // namespace
}  // namespace oversight
