// Forwarding and assigning, receipt, objection, disputes about competence.
#include <algorithm>

#include "tests/petition/petition_world.h"

namespace petition {
namespace {

// Art. 22: 在15日内 …… 应当转送有权处理的机关、单位.
// spec: P4 DP-01
TEST(Forward, MeetsTheFifteenDaysOfTheOffice) {
  Matter m(At::kRegistered);
  m.When(kForward, Office(), EndOf("2026-12-08")).AndNotice("petition.forwarded");
  EXPECT_EQ(m.OutcomeOf("DP-01"), common::v1::CLOCK_MET);
  EXPECT_EQ(m.state().status(), v1::FORWARDED);
  Matter late(At::kRegistered);
  late.When(kForward, Office(), EndOf("2026-12-08") + 1);
  EXPECT_EQ(late.OutcomeOf("DP-01"), common::v1::CLOCK_MISSED);
}

// spec: P4
TEST(Forward, IsOneAndGoesToAUnitOfTheOfficesLine) {
  Matter m(At::kRegistered);
  m.When("forward { to_org: 'c-hrss' }", Office(), kMonday).ThenRefused("CONTENT_NEEDED");  // why it is theirs
  m.When("forward { to_org: 'city-hrss' reason: 'xx' }", Office(), kMonday)
      .ThenRefused("ONLY_OWN_LEVEL_OR_BELOW");
  m.When("forward { to_org: 'v-committee' reason: 'xx' }").ThenRefused("UNKNOWN_ORG");
  m.When("forward { to_org: 'c-petition' reason: 'xx' }").ThenRefused("ALREADY_HERE");
  m.When(kForward).When(kForward).ThenRefused(RefusalCode::kWrongStatus);
}

// Art. 22(3): 交由有权处理的机关、单位办理，要求其在指定办理期限内反馈结果，提交办结报告.
// spec: P4 DP-12
TEST(Assign, NamesTheDayTheReportIsDue) {
  const int64_t due = EndOf("2027-01-08");
  const std::string assign = "forward { to_org: 'c-hrss' reason: '交办' assigned: true ";
  Matter m(At::kRegistered);
  m.When(assign + "}", Office(), kMonday).ThenRefused("REPORT_DAY_NEEDED");
  m.When(assign + "report_due_at_ms: " + std::to_string(due) + " }");
  EXPECT_EQ(m.DueOf("DP-12"), due);
  EXPECT_EQ(m.ClockOf("DP-12").holder_org(), "c-hrss");
  const int64_t later = EndOf("2027-02-05");
  m.When("extend_report { reason: '复杂' report_due_at_ms: " + std::to_string(due - 1) + " }")
      .ThenRefused("REPORT_DAY_EARLIER");
  m.When("extend_report { reason: '复杂' report_due_at_ms: " + std::to_string(EndOf("2027-02-08")) + " }")
      .ThenRefused("EXTENSION_TOO_LONG");
  m.When("extend_report { reason: '复杂' report_due_at_ms: " + std::to_string(later) + " }");
  EXPECT_EQ(m.DueOf("DP-12"), later);
  m.When("extend_report { reason: '复杂' report_due_at_ms: " + std::to_string(later + 1) + " }")
      .ThenRefused("EXTENSION_USED");
  // A unit that had not even received it reported it done, and the period was over.
  m.When("report_completion { report: '已办结' }", Head(), later).ThenRefused(RefusalCode::kGuard, "NOT_RECEIVED_YET");
  EXPECT_FALSE(std::ranges::count(AllowedCommands(m.state(), Head()), "reportCompletion"));
  m.When(kReceive, Handler(), later);
  m.When("report_completion { report: '已办结' }", Head(), later);
  EXPECT_EQ(m.OutcomeOf("DP-12"), common::v1::CLOCK_MET);
}

// The report was due at 14:29, because that was when somebody typed the day. A day that is named lasts until its end;
// no rest day moves it (2027-01-02 is a Saturday).
// spec: P4 DP-12
TEST(Assign, IsDueAtTheEndOfTheDayThatIsNamed) {
  const std::string assign = "forward { to_org: 'c-hrss' reason: '交办' assigned: true report_due_at_ms: ";
  Matter m(At::kRegistered);
  m.When(assign + std::to_string(kMonday - base::kDayMs) + " }", Office(), kMonday)
      .ThenRefused(RefusalCode::kInvalid, "REPORT_DAY_NEEDED");
  EXPECT_EQ(m.refusal()->field, "report_due_at_ms");
  m.When(assign + std::to_string(Local("2027-01-02 14:29")) + " }");
  EXPECT_EQ(m.DueOf("DP-12"), EndOf("2027-01-02"));
  const auto extend = [](int64_t at) {
    return "extend_report { reason: '复杂' report_due_at_ms: " + std::to_string(at) + " }";
  };
  m.When(extend(Local("2027-01-02 18:00"))).ThenRefused("REPORT_DAY_EARLIER");  // the same day
  m.When(extend(Local("2027-02-02 00:01"))).ThenRefused("EXTENSION_TOO_LONG");  // the thirty-first
  m.When(extend(Local("2027-02-01 23:00")));
  EXPECT_EQ(m.DueOf("DP-12"), EndOf("2027-02-01"));
  Matter today(At::kRegistered);
  today.When(assign + std::to_string(kMonday - 1) + " }", Office(), kMonday);  // by tonight
  EXPECT_EQ(today.DueOf("DP-12"), EndOf("2026-11-23"));
}

// Art. 23: 应当自收到之日起15日内书面告知信访人 …… 应当自收到信访事项之日起5个工作日内提出异议. Received on 2026-09-30: 15 days end on 10-15;
// five working days, over the holiday, on 10-13.
// spec: P5 DP-03 DP-04
TEST(Receipt, StartsBothPeriodsOfTheUnitAndNotBefore) {
  Matter m(At::kForwarded, Local("2026-09-28 09:00"));
  EXPECT_FALSE(m.Runs("DP-03"));
  auto came = [](int64_t at) { return "confirm_receipt { received_at_ms: " + std::to_string(at) + " }"; };
  m.When(came(Local("2026-09-28 08:59")), Handler(), Local("2026-09-30 16:00")).ThenRefused("BAD_TIME");
  m.When(came(Local("2026-09-30 16:01"))).ThenRefused("BAD_TIME");
  m.When(kReceive, Handler(), Local("2026-09-30 16:00")).AndNotice("petition.received");
  EXPECT_EQ(m.DueOf("DP-03"), EndOf("2026-10-15"));
  EXPECT_EQ(m.DueOf("DP-04"), EndOf("2026-10-13"));
  EXPECT_EQ(m.ClockOf("DP-03").article(), "信访工作条例第二十三条第三款");
}

// spec: P5
TEST(Receipt, IsAssumedAfterOneWorkingDay) {
  Matter m(At::kForwarded, Local("2026-11-27 10:00"));  // a Friday
  m.WhenTimerFires("receipt").AndNotice("petition.received").AndActedAs(ROLE_SYS);
  EXPECT_EQ(m.now_ms(), EndOf("2026-11-30") + 1);    // Monday
  EXPECT_EQ(m.DueOf("DP-03"), EndOf("2026-12-15"));  // from Monday
  EXPECT_EQ(m.state().status(), v1::RECEIVED_BY_UNIT);
}

// spec: P6 P06 DP-04
TEST(Objection, ComesWithinFiveWorkingDaysAndKeepsTheDutyToTell) {
  Matter m(At::kReceived, Local("2026-09-30 16:00"));
  m.When("object { reason: '不属于本单位' }", Head(), EndOf("2026-10-13")).AndNotice("petition.objected");
  EXPECT_EQ(m.OutcomeOf("DP-04"), common::v1::CLOCK_MET);
  EXPECT_TRUE(m.Runs("DP-03"));  // until the sender agrees
  Matter late(At::kReceived, Local("2026-09-30 16:00"));
  late.When("object { reason: '不属于本单位' }", Head(), EndOf("2026-10-13") + 1)
      .ThenRefused("OBJECTION_LATE");
  late.When("object {}", Head(), EndOf("2026-10-12")).ThenRefused(RefusalCode::kInvalid, "CONTENT_NEEDED");
}

TEST(Objection, NotRaisedIsNobodysFailure) {
  Matter m(At::kReceived, Local("2026-09-30 16:00"));
  m.WhenTimerFires("due/DP-04").AndNoNotice();
  EXPECT_EQ(m.OutcomeOf("DP-04"), common::v1::CLOCK_CANCELLED);
}

// flow-4: forwarded, objection on working day 5, agreed, new unit, notice within 15 days of its own receipt.
// spec: P6 P7 P07 DP-01 DP-03
TEST(Objection, AgreedBringsTheFileBackAndTheNextUnitHasItsOwnPeriod) {
  Matter m(At::kReceived, Local("2026-09-30 16:00"));
  m.When("object { reason: '不属于本单位' suggested_org: 'c-housing' }", Head(), Local("2026-10-13 11:00"));
  m.When("decide_objection { agreed: true reason: '核实同意' }", Office(), Local("2026-10-14 09:00"))
      .AndNotice("petition.objection_decided");
  EXPECT_EQ(m.state().status(), v1::REGISTERED);
  EXPECT_EQ(m.OutcomeOf("DP-03"), common::v1::CLOCK_CANCELLED);
  EXPECT_EQ(m.DueOf("DP-01"), EndOf("2026-10-29"));  // the office has received a petition again
  m.When(kAccept, Handler(), Local("2026-10-14 10:00"))
      .ThenRefused(RefusalCode::kNotFound);  // not theirs any more
  const Actor housing = ActorOf(ROLE_PH, "c-housing", "371403", "ph2");
  m.When("forward { to_org: 'c-housing' reason: '属其职责' }", Office(), Local("2026-10-15 09:00"))
      .When(kReceive, housing, Local("2026-10-16 09:00"));
  EXPECT_EQ(m.DueOf("DP-03"), EndOf("2026-11-02"));  // 10-31 is a Saturday
  m.When(kAccept, housing, EndOf("2026-11-02")).AndNotice("petition.accepted");
  EXPECT_EQ(m.OutcomeOf("DP-03"), common::v1::CLOCK_MET);
}

// spec: P7
TEST(Objection, RefusedLeavesItWithTheUnitForGood) {
  Matter m(At::kReceived);
  m.When("object { reason: '不属于本单位' }", Head(), kMonday)
      .When("decide_objection { agreed: false reason: '属其职责' }", Office(), kMonday);
  EXPECT_EQ(m.state().status(), v1::RECEIVED_BY_UNIT);
  m.When("object { reason: '仍然不同意' }", Head(), kMonday).ThenRefused("OBJECTION_LATE");
  m.When(kAccept, Handler(), kMonday).AndNotice("petition.accepted");
}

// Art. 24: 受理有争议的，由其共同的上一级机关、单位决定受理机关.
// spec: P7 DP-03
TEST(Dispute, IsDecidedByTheCommonSuperior) {
  Matter m(At::kReceived);
  m.When("raise_dispute { other_org: 'other-hrss' reason: '两地都有责任' }", Handler(), kMonday)
      .AndNotice("petition.dispute_raised");
  m.When(kAccept, Handler(), kMonday).ThenRefused("ALREADY_IN_DISPUTE");
  m.When("refuse_acceptance { code: 'NA07' " + kNotice + "}").ThenRefused("ALREADY_IN_DISPUTE");
  m.When("redirect { code: 'NA04' procedure: '仲裁' organ: '仲裁委' " + kNotice + "}").ThenRefused("ALREADY_IN_DISPUTE");
  m.When("object { reason: '不属于本单位' }", Head(), kMonday).ThenRefused("ALREADY_IN_DISPUTE");
  m.When("decide_dispute { to_org: 'other-hrss' reason: '由其办理' }", Office(), kMonday)
      .ThenRefused("NOT_COMMON_SUPERIOR");
  m.When("decide_dispute { to_org: 'other-hrss' reason: '由其办理' by_joint_conference: true }")
      .ThenRefused("NOT_COMMON_SUPERIOR");  // 共同的信访工作联席会议
  m.When("decide_dispute { to_org: 'other-hrss' reason: '由其办理' }", CityOffice(), kMonday + 1);
  EXPECT_EQ(m.state().unit_org(), "other-hrss");
  EXPECT_TRUE(m.Runs("DP-03"));  // its own fifteen days, not what was left of the other's
  EXPECT_EQ(m.DueOf("DP-03"), EndOf("2026-12-08"));
  EXPECT_EQ(m.ClockOf("DP-03").holder_org(), "other-hrss");
  m.When("object { reason: '不服' }", ActorOf(ROLE_DM, "other-hrss", "371482", "dm2"), kMonday + 2)
      .ThenRefused("OBJECTION_LATE");
}

// At the office's own desk it stays until it is known whose it is.
// spec: P7
TEST(Dispute, AtTheDeskKeepsItThere) {
  Matter m(At::kRegistered);
  m.When("raise_dispute { other_org: 'c-housing' reason: '涉及两个部门' }", Office(), kMonday);
  m.When(kForward).ThenRefused("ALREADY_IN_DISPUTE");
  m.When("decide_dispute { to_org: 'c-housing' reason: '由其办理' }").AndNotice("petition.dispute_decided");
  EXPECT_EQ(m.state().unit_org(), "c-housing");
}

// Art. 22(3), 24: whoever is told to handle it reports.
// spec: P7 DP-12
TEST(Dispute, HandsTheReportOnWithThePetition) {
  Matter m(At::kRegistered);
  m.When("forward { to_org: 'c-hrss' reason: '交办' assigned: true report_due_at_ms: " +
             std::to_string(EndOf("2027-01-08")) + " }",
         Office(), kMonday)
      .When(kReceive, Handler(), kMonday)
      .When("raise_dispute { other_org: 'c-housing' reason: '涉及两个部门' }", Handler(), kMonday)
      .When("decide_dispute { to_org: 'c-housing' reason: '由其办理' }", Office(), kMonday);
  EXPECT_EQ(m.ClockOf("DP-12").holder_org(), "c-housing");
  EXPECT_EQ(m.DueOf("DP-12"), EndOf("2027-01-08"));
}

// Art. 23(1): 本系统下级: below it in its own line, not whoever works in its area.
// spec: P4 信访工作条例23
TEST(Forward, ByWhoReceivedItDirectlyStaysInItsOwnSystem) {
  const Actor handler = ActorOf(ROLE_PH, "city-hrss", "3714", "ph9");
  Matter m(City(), "p1");
  m.WithChance(7).When(RegisterText(), handler, kMonday);
  m.When("forward { to_org: 'c-housing' reason: '其职责' " + kNotice + "}").ThenRefused("ONLY_OWN_SYSTEM");
  m.When("forward { to_org: 't-gov' reason: '属地' " + kNotice + "}").ThenRefused("ONLY_OWN_SYSTEM");
  m.When("forward { to_org: 'c-hrss' reason: '其职责' " + kNotice + "}").AndNotice("petition.forwarded");
  Matter government(City(), "p1");
  government.WithChance(7).When(RegisterText(), ActorOf(ROLE_PH, "c-gov", "371403", "ph8"), kMonday);
  government.When("forward { to_org: 't-gov' reason: '属地' " + kNotice + "}").AndNotice("petition.forwarded");
}

// Art. 23(3): 经转送、交办的……上级机关、单位核实同意后; a department has no petition office, and its head answers.
// spec: P7 信访工作条例23
TEST(Objection, ToADepartmentIsDecidedByItsHead) {
  const Actor handler = ActorOf(ROLE_PH, "city-hrss", "3714", "ph9");
  const Actor head = ActorOf(ROLE_DM, "city-hrss", "3714", "dm9");
  Matter m(City(), "p1");
  m.WithChance(7).When(RegisterText(), handler, kMonday);
  m.When("forward { to_org: 'c-hrss' reason: '其职责' assigned: true report_due_at_ms: " +
         std::to_string(EndOf("2026-12-10")) + " " + kNotice + "}");
  m.When(kReceive, Handler(), kMonday);
  m.When("extend_report { reason: '复杂' report_due_at_ms: " + std::to_string(EndOf("2026-12-20")) + " }", head, kMonday);
  EXPECT_EQ(m.DueOf("DP-12"), EndOf("2026-12-20"));
  m.When("object { reason: '不属于本单位' }", Head(), kMonday);
  m.When("decide_objection { agreed: false reason: '属其职责' }", Head(), kMonday).ThenRefused(RefusalCode::kNotAllowed);
  m.When("decide_objection { agreed: false reason: '属其职责' }", head, kMonday).AndNotice("petition.objection_decided");
}

// Art. 23(1): 对属于本系统下级机关、单位职权范围的，应当转送、交办……，并告知信访人转送、交办去向; in writing, within its fifteen days,
// unless nobody knows where.
// spec: P4 DP-02 信访工作条例23
TEST(Forward, ByWhoReceivedItDirectlyTellsThePetitionerWhereItWent) {
  const Actor handler = ActorOf(ROLE_PH, "city-hrss", "3714", "ph9");
  const std::string down = "forward { to_org: 'c-hrss' reason: '属于县级部门职责' ";
  Matter m(City(), "p1");
  m.WithChance(7).When(RegisterText(), handler, kMonday);
  m.When(down + "}", handler, kMonday).ThenRefused(RefusalCode::kInvalid, "NOTICE_NEEDED");
  m.When(down + kNotice + "}", handler, kMonday).AndNotice("petition.forwarded");
  EXPECT_EQ(m.state().notice().text(), "已登记受理");
  EXPECT_EQ(m.state().notice().served_at_ms(), kMonday);
  EXPECT_EQ(m.OutcomeOf("DP-02"), common::v1::CLOCK_MET);
  Matter unclear(City(), "p1");
  unclear.WithChance(7).When(RegisterText("name_or_address_unclear: true"), handler, kMonday);
  unclear.When(down + "}", handler, kMonday).AndNotice("petition.forwarded");
  EXPECT_FALSE(unclear.state().has_notice());  // nobody was told, and nothing says so
  Matter office(At::kRegistered);  // Art. 22: the unit tells the petitioner, from its own receipt on
  office.When(kForward, Office(), kMonday).AndNotice("petition.forwarded");
}

// The petitioner was told of a way that turned out wrong, and is to be told again.
// spec: P7 DP-02 信访工作条例23
TEST(Objection, AgreedToByWhoReceivedItDirectlyStartsItsFifteenDaysAgain) {
  const Actor handler = ActorOf(ROLE_PH, "city-hrss", "3714", "ph9");
  for (const bool unclear : {false, true}) {
    Matter m(City(), "p1");
    m.WithChance(7).When(RegisterText(unclear ? "name_or_address_unclear: true" : ""), handler, kMonday);
    m.When("forward { to_org: 'c-hrss' reason: '属于县级部门职责' " + (unclear ? "" : kNotice) + "}", handler, kMonday)
        .When(kReceive, Handler(), kMonday);
    m.When("object { reason: '不属于本单位职权范围' }", Head(), kMonday);
    m.When("decide_objection { agreed: true reason: '核实' }", ActorOf(ROLE_PO, "city-hrss", "3714", "po7"),
           Local("2026-11-25 09:00"));
    EXPECT_EQ(m.state().status(), v1::REGISTERED);
    EXPECT_EQ(m.state().unit_org(), "city-hrss");
    EXPECT_EQ(m.Runs("DP-02"), !unclear);  // 姓名（名称）、住址不清的除外
    if (!unclear) {
      EXPECT_EQ(m.DueOf("DP-02"), EndOf("2026-12-10"));
    }
    EXPECT_FALSE(m.Runs("DP-01"));
    EXPECT_FALSE(m.Runs("DP-03"));
  }
}

}  // namespace
}  // namespace petition
