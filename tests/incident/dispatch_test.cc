// Dispatch, take, return, escalate, send down.
#include "tests/incident/world.h"

namespace incident {
namespace {

using common::v1::CLOCK_CANCELLED;
using common::v1::CLOCK_MET;
using common::v1::CLOCK_RUNNING;
using enum kernel::RefusalCode;

// spec: I6 DI-02 DI-03 DI-04 DI-05
TEST(Dispatch, StopsItsClockAndStartsThreeForTheUnit) {
  Matter m;
  m.Dispatched();
  EXPECT_EQ(m.status(), v1::DISPATCHED);
  EXPECT_EQ(m.Outcome("DI-02"), CLOCK_MET);
  EXPECT_EQ(m.Due("DI-03"), "2026-11-24 24:00");
  EXPECT_EQ(m.Due("DI-04"), "2026-11-25 24:00");
  EXPECT_EQ(m.Due("DI-05"), "2026-11-24 24:00");  // flyers: the category's own working day
  EXPECT_EQ(m.Clock("DI-05")->holder_org(), "371403001-urban");
  EXPECT_EQ(m.incident().standing().holder_org(), "371403001-urban");
  EXPECT_EQ(m.incident().standing().territorial_org(), "371403001-centre");
  m.AndNotice("incident.dispatched");
}

// spec: DI-05
TEST(Dispatch, TakesTheLongerPeriodForAComplexMatter) {
  Matter m;
  m.Reported()
      .Do(Td(), "accept { complexity: COMPLEX }")
      .Do(Td(), "dispatch { lead_org: '371403001-urban' }");
  EXPECT_EQ(m.Due("DI-05"), "2026-12-14 24:00");  // twenty days end on Sunday the 13th
}

// spec: DI-05
TEST(Dispatch, MayShortenThePeriodButNotLengthenIt) {
  Matter m;
  m.Accepted();
  const auto due = [](std::string_view local) {
    return "dispatch { lead_org: '371403001-urban' due_at_ms: " + std::to_string(Ms(local)) + " }";
  };
  m.As(Td()).When(due("2026-12-24 12:00")).ThenRefused(kInvalid, "DUE_OUT_OF_RANGE");
  m.When(due("2026-11-20 12:00")).ThenRefused("DUE_OUT_OF_RANGE");
  m.Do(Td(), due("2026-11-23 18:00"));
  EXPECT_EQ(m.Due("DI-05"), "2026-11-23 18:00");
}

// spec: I6
TEST(Dispatch, NeverGoesBelowTheCategorysLevel) {
  Matter m;
  m.Reported("report { category: '0711' text: '乱停车' }").Do(Td(), "accept {}");
  m.As(Td()).When("dispatch { lead_org: '371403001001-village' }").ThenRefused(kGuard, "BELOW_MINIMUM_LEVEL");
}

// spec: I6
TEST(Dispatch, IsRefusedToUnitsUnknownHigherOrElsewhere) {
  Matter m;
  m.Accepted().As(Td()).When("dispatch { lead_org: 'nobody' }").ThenRefused(kInvalid, "UNKNOWN_UNIT");
  m.When("dispatch { lead_org: '371403-hrss' }").ThenRefused("UNIT_ABOVE_DISPATCHER");
  m.As(Cd()).When("dispatch { lead_org: '371422-urban' }").ThenRefused("UNIT_OF_ANOTHER_AREA");
  m.As(Td())
      .When("dispatch { lead_org: '371403001-urban' co_handler_org: '371403001-urban' }")
      .ThenRefused("UNKNOWN_CO_HANDLER");
  Matter village;
  village.Reported()
      .Do(Gh(), "accept {}")
      .As(Gh())
      .When("dispatch { lead_org: '371403001-urban' }")
      .ThenRefused("UNIT_ABOVE_DISPATCHER");
  village.Do(Gh(), "dispatch { lead_org: '371403001001-village' }");
}

// spec: I7 DI-03 DI-04
TEST(Take, StopsTheTakingClocks) {
  Matter m;
  m.Taken();
  EXPECT_EQ(m.status(), v1::PROCESSING);
  EXPECT_EQ(m.Outcome("DI-03"), CLOCK_MET);
  EXPECT_EQ(m.Outcome("DI-04"), CLOCK_MET);
  EXPECT_EQ(m.Outcome("DI-05"), CLOCK_RUNNING);
  m.AndNotice("incident.taken");
}

TEST(Take, IsForTheLeadUnitOnly) {
  Matter m;
  m.Dispatched();
  m.As(ActorOf(kernel::v1::ROLE_DH, "371403001-water", kTownship))
      .When("take {}")
      .ThenRefused(kNotAllowed, "NOT_THE_UNIT");
}

// spec: I8a DI-03 DI-04
TEST(RequestReturn, StopsTheTakingClockButNotTheHandling) {
  Matter m;
  m.Dispatched().Do(Dh(), "request_return { reason: '归水务' suggested_org: '371403001-water' }");
  EXPECT_EQ(m.status(), v1::DISPATCHED);
  EXPECT_EQ(m.Outcome("DI-03"), CLOCK_MET);
  EXPECT_EQ(m.Outcome("DI-05"), CLOCK_RUNNING);
  EXPECT_EQ(m.incident().standing().holder_org(), "371403001-centre");
  m.AndNotice("incident.return_requested");
  m.As(Dh()).When("take {}").ThenRefused("RETURN_IS_ASKED");
}

// spec: I8a DI-04
TEST(RequestReturn, IsTooLateAfterTwoWorkingDays) {
  Matter m;
  m.Dispatched()
      .OnDay("2026-11-26 00:01")
      .As(Dh())
      .When("request_return { reason: '归水务' }")
      .ThenRefused("RETURN_WINDOW_OVER");
}

// spec: I8b DI-02 DI-05
TEST(ApproveReturn, BringsItBackToTheDesk) {
  Matter m;
  m.Dispatched().Do(Dh(), "request_return { reason: '归水务' }").Do(Td(), "approve_return {}");
  EXPECT_EQ(m.status(), v1::ACCEPTED);
  EXPECT_EQ(m.incident().return_count(), 1);
  EXPECT_EQ(m.Outcome("DI-05"), CLOCK_CANCELLED);
  EXPECT_EQ(m.Outcome("DI-02"), CLOCK_RUNNING);
  m.AndNotice("incident.returned");
}

// spec: I8c DI-03
TEST(RefuseReturn, LeavesFourWorkingHoursToTake) {
  Matter m;
  m.Dispatched()
      .Do(Dh(), "request_return { reason: '归水务' }")
      .Do(Td(), "refuse_return { reason: '就是你们的' }");
  EXPECT_EQ(m.status(), v1::DISPATCHED);
  EXPECT_EQ(m.Due("DI-03"), "2026-11-23 14:30");
  m.AndNotice("incident.return_refused");
  m.As(Dh()).When("request_return { reason: '还是归水务' }").ThenRefused("RETURN_WAS_REFUSED");
  m.Do(Dh(), "take {}");
}

// Flow 8: unit A returns, unit B returns, the county designates. spec: flow-8 I8b R7
TEST(Flow, ReturnPingPongEndsWithADesignationByTheNextLevel) {
  Matter m;
  m.Dispatched().Do(Dh(), "request_return { reason: '归水务' }").Do(Td(), "approve_return {}");
  const Actor water = ActorOf(kernel::v1::ROLE_DH, "371403001-water", kTownship, "u-water");
  m.Do(Td(), "dispatch { lead_org: '371403001-water' }").Do(water, "request_return { reason: '归城管' }");
  m.Do(Td(), "approve_return {}");
  EXPECT_EQ(m.incident().standing().current_level(), 4);
  EXPECT_EQ(m.incident().designation_level(), 4);
  m.AndNotice("incident.escalated");
  m.As(Td()).When("dispatch { lead_org: '371403001-urban' }").ThenRefused(kNotAllowed, "LEVEL_TOO_LOW");
  m.As(Cd()).When("send_down { reason: '你们定' }").ThenRefused("BELOW_MINIMUM_LEVEL");
  m.Do(Cd(), "dispatch { lead_org: '371403001-urban' }");
  m.As(Dh()).When("request_return { reason: '不' }").ThenRefused("DESIGNATED_STAYS");
  m.Do(Dh(), "take {}");
}

TEST(Dispatch, ByWhoHoldsTwoRolesCountsTheHigherOne) {
  Matter m;
  m.Accepted();
  Actor both = Td();
  *both.add_grant() = Cd().grant(0);
  m.Do(both, "dispatch { lead_org: '371403-hrss' }").AndActedAs(kernel::v1::ROLE_CD);
}

// spec: I12 DI-02 DI-05
TEST(Escalate, KeepsTheTerritoryAndTheHandlingClock) {
  Matter m;
  m.Taken();
  const int64_t due = m.Clock("DI-05")->due_at_ms();
  m.Do(Dh(), "escalate { reason: '涉及两个部门' measures_tried: '协调过' }");
  EXPECT_EQ(m.status(), v1::ACCEPTED);
  const auto& standing = m.incident().standing();
  EXPECT_EQ(standing.current_level(), 4);
  EXPECT_EQ(standing.lead_org(), "371403-centre");
  EXPECT_EQ(standing.territorial_org(), "371403001-centre");
  EXPECT_EQ(standing.co_handler_org(0), "371403001-urban");
  EXPECT_EQ(m.Clock("DI-05")->due_at_ms(), due);
  EXPECT_EQ(m.Outcome("DI-05"), CLOCK_RUNNING);
  EXPECT_EQ(m.Clock("DI-02")->holder_org(), "371403-centre");
  const auto notice = m.Published("incident.escalated");
  EXPECT_EQ(notice.escalation().from(), 3);
  EXPECT_EQ(notice.escalation().to(), 4);
  EXPECT_FALSE(notice.escalation().automatic());
  EXPECT_EQ(notice.escalation().reason(), "HANDED_UP") << "what people wrote stays in the service";
  m.Do(Cd(), "dispatch { lead_org: '371403-hrss' }");
  EXPECT_EQ(m.Clock("DI-05")->due_at_ms(), due) << "not reset by the new dispatch";
}

// spec: I12
TEST(Escalate, HasNoLevelAboveTheCity) {
  Matter m;
  m.Accepted().Do(Td(), "escalate { reason: 'a' measures_tried: '试过' }");
  m.Do(Cd(), "escalate { reason: 'b' measures_tried: '试过' }");
  EXPECT_EQ(m.incident().standing().current_level(), 5);
  m.As(ActorOf(kernel::v1::ROLE_CD, "3714-centre", kCity))
      .When("escalate { reason: 'c' measures_tried: '试过' }")
      .ThenRefused(kNotAllowed);
}

// spec: I13 DI-02
TEST(SendDown, GoesOneLevelDownWithAReason) {
  Matter m;
  m.Accepted()
      .Do(Td(), "escalate { reason: 'a' measures_tried: '试过' }")
      .Later(base::kHourMs)
      .Do(Cd(), "send_down { reason: '镇里能办' }");
  EXPECT_EQ(m.incident().standing().current_level(), 3);
  EXPECT_EQ(m.incident().standing().lead_org(), "371403001-centre");
  EXPECT_TRUE(m.incident().standing().co_handler_org().empty()) << "the lead is not its own co-handler";
  EXPECT_EQ(m.Clock("DI-02")->started_at_ms(), m.now_ms());
  m.AndNotice("incident.sent_down");
}

// spec: I13
TEST(SendDown, NeverGoesBelowTheCategorysLevel) {
  Matter m;
  m.Reported("report { category: '0711' text: '乱停车' }").Do(Td(), "accept {}");
  m.As(Td()).When("send_down { reason: '村里办' }").ThenRefused("BELOW_MINIMUM_LEVEL");
}

}  // namespace
}  // namespace incident
