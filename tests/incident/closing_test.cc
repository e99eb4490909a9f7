// Verification, closing, evaluation, reopening, archive; enterprise appeals.
#include "tests/incident/world.h"

namespace incident {
namespace {

using common::v1::CLOCK_CANCELLED;
using common::v1::CLOCK_MET;
using common::v1::CLOCK_MISSED;
using common::v1::CLOCK_RUNNING;
using enum kernel::RefusalCode;

// spec: I16 DI-06 DI-07 DI-08
TEST(VerifyPass, ClosesAndSaysWhetherItIsSolved) {
  Matter m;
  m.Closed();
  EXPECT_EQ(m.status(), v1::CLOSED);
  EXPECT_EQ(m.Outcome("DI-06"), CLOCK_MET);
  EXPECT_EQ(m.Due("DI-07"), "2026-11-30 24:00");
  EXPECT_EQ(m.Due("DI-08"), "2026-12-23 24:00");
  const auto notice = m.Published("incident.closed");
  EXPECT_TRUE(notice.procedural_closed());
  EXPECT_TRUE(notice.substantively_resolved());
  EXPECT_TRUE(notice.on_time());
  EXPECT_EQ(notice.resolved_level(), 3);
  EXPECT_EQ(notice.closure_type(), v1::HANDLED);
}

// spec: I16 R8
TEST(VerifyPass, KeepsClosedAndSolvedApart) {
  Matter m;
  m.Completed().Do(Vf(), "verify_pass { record: '人不在' resolved: NO closure_type: NOT_FOUND }");
  EXPECT_TRUE(m.incident().procedural_closed());
  EXPECT_FALSE(m.incident().substantively_resolved());
}

// spec: I16
TEST(VerifyPass, OfALongTermMatterHasADateOfReviewAndIsNotSolved) {
  Matter m;
  m.Completed()
      .As(Vf())
      .When("verify_pass { record: 'x' resolved: YES closure_type: LONG_TERM }")
      .ThenRefused("REVIEW_DATE_NEEDED");
  const int64_t review = Ms("2027-03-01 09:00");
  m.Do(Vf(), "verify_pass { record: 'x' resolved: NO closure_type: LONG_TERM review_at_ms: " +
                 std::to_string(review) + " }");
  m.AndTimer("long_term_review", review);
  m.At(review)
      .WhenTimerFires("long_term_review")
      .AndNotice("incident.long_term_review_due")
      .AndNoTimer("long_term_review");
}

// spec: I16
TEST(VerifyPass, IsNotOnTimeWhenTheHandlingWasLate) {
  Matter m;
  m.Taken().OnDay("2026-11-25 09:00").Do(Dh(), "complete { result: '清了' resolved: YES }");
  EXPECT_EQ(m.Outcome("DI-05"), CLOCK_MISSED);
  m.Do(Vf(), "verify_pass { record: '看过' resolved: YES }");
  EXPECT_FALSE(m.incident().on_time());
}

// spec: I15 I16
TEST(Verify, IsNotForWhoHandledIt) {
  Matter m;
  const Actor handler_and_verifier = [] {
    Actor actor = Gw();
    auto* grant = actor.add_grant();
    grant->set_role(kernel::v1::ROLE_VF);
    grant->set_area_code(kTownship);
    return actor;
  }();
  m.Reported().Do(Gh(), "accept {}").Do(Gh(), "dispatch { lead_org: '371403001001-village' }");
  m.Do(handler_and_verifier, "take {}").Do(handler_and_verifier, "complete { result: '清了' resolved: YES }");
  m.As(handler_and_verifier)
      .When("verify_pass { record: 'x' resolved: YES }")
      .ThenRefused(kNotAllowed, "RECUSED");
  m.As(handler_and_verifier).When("verify_fail { finding: 'x' }").ThenRefused(kNotAllowed, "RECUSED");
  m.Do(Vf(), "verify_fail { finding: '还有' }");
}

// spec: I15 DI-05
TEST(VerifyFail, GivesWhatWasLeftButAtLeastThirtyPercent) {
  Matter m;
  m.Completed().Do(Vf(), "verify_fail { finding: '只清了一半' }");
  EXPECT_EQ(m.status(), v1::PROCESSING);
  EXPECT_EQ(m.incident().rework_count(), 1);
  EXPECT_EQ(m.Due("DI-05"), "2026-11-24 24:00") << "what was left is more";
  EXPECT_EQ(m.Outcome("DI-05"), CLOCK_RUNNING);
  m.AndNotice("incident.rework");
  m.OnDay("2026-11-24 23:00").Do(Dh(), "complete { result: '又清了' resolved: YES }");
  m.OnDay("2026-11-25 10:00").Do(Vf(), "verify_fail { finding: '还有' }");
  // The working day of the second period began on the 23rd at nine: 39 hours of working days, 30 % are 11.7
  // hours.
  EXPECT_EQ(m.Due("DI-05"), "2026-11-25 21:42");
}

// The second rework once had 30 % of what the first had left. spec: I15 DI-05
TEST(VerifyFail, AgainGivesThirtyPercentOfTheOriginalPeriod) {
  Matter m;
  m.Taken().OnDay("2026-11-24 20:00").Do(Dh(), "complete { result: '已清理' resolved: YES }");
  m.Do(Vf(), "verify_fail { finding: '只清了一半' }");  // 39 hours from the 23rd at nine: 11.7 from now
  EXPECT_EQ(m.Due("DI-05"), "2026-11-25 07:42");
  m.OnDay("2026-11-25 07:00").Do(Dh(), "complete { result: '又清了' resolved: YES }");
  m.Do(Vf(), "verify_fail { finding: '还有' }");
  EXPECT_EQ(m.Due("DI-05"), "2026-11-25 18:42");
}

// Flow 9: false completion, twice failed, then reopened. spec: flow-9 I15 I18
TEST(Flow, FalseCompletionIsReworkedAndReopened) {
  Matter m;
  m.Completed().Do(Vf(), "verify_fail { finding: 'a' }").Do(Dh(), "complete { result: 'x' resolved: YES }");
  m.Do(Vf(), "verify_fail { finding: 'b' }");
  EXPECT_EQ(m.Published("incident.rework").rework_count(), 2);
  m.Do(Dh(), "complete { result: 'x' resolved: YES }").Do(Vf(), "verify_pass { record: 'ok' resolved: YES }");
  m.Do(Sv(), "reopen { reason: FALSE_COMPLETION explanation: '照片不是这里' }");
  EXPECT_EQ(m.incident().cycle(), 2);
  EXPECT_EQ(m.Published("incident.reopened").reason_code(), "FALSE_COMPLETION");
  EXPECT_FALSE(m.incident().procedural_closed());
}

// spec: I17 DI-07
TEST(Evaluate, ByTheReporterStopsTheWindow) {
  Matter m;
  m.Closed().As(Dh()).When("evaluate { solved: YES }").ThenRefused(kNotAllowed, "NOT_THE_REPORTER");
  m.Do(Gw(), "evaluate { solved: NO satisfied: DISSATISFIED }");
  EXPECT_EQ(m.status(), v1::EVALUATED);
  EXPECT_EQ(m.Outcome("DI-07"), CLOCK_MET);
  const auto notice = m.Published("incident.evaluated");
  EXPECT_EQ(notice.solved(), v1::NO);
  EXPECT_EQ(notice.satisfied(), 2);
  EXPECT_TRUE(m.events()[0].event.evaluated().suggest_reopen());
}

// A citizen's word and what staff put down are told apart (3.10), whichever way it came.
// spec: I17 K-08
TEST(Evaluate, SaysWhoPutItDown) {
  Matter staff;
  staff.Closed().Do(Gw(), "evaluate { solved: YES satisfied: SATISFIED }");
  EXPECT_EQ(staff.Published("incident.evaluated").evaluated_by(), v1::BY_STAFF);
  EXPECT_EQ(staff.incident().evaluation().by(), v1::BY_STAFF);
  constexpr char kLamp[] = "public_report { text: '路灯不亮了好几天' category: '0706' area_code: '371403001001' }";
  for (const bool signed_in : {true, false}) {
    Matter told;
    const Actor citizen = signed_in ? Pub() : Anybody();
    told.Reported(kLamp, citizen).Do(Td(), "accept {}").Do(Td(), "dispatch { lead_org: '371403001-urban' }");
    told.Do(Dh(), "take {}").Do(Dh(), "complete { result: '已清理' resolved: YES }");
    told.Do(Vf(), "verify_pass { record: '现场看过' resolved: YES }");
    const std::string code = told.incident().reporter().query_code();
    const std::string with_code = "evaluate { solved: YES satisfied: SATISFIED query_code: '" + code + "' }";
    told.Do(citizen, signed_in ? "evaluate { solved: YES satisfied: SATISFIED }" : with_code);
    EXPECT_EQ(told.incident().evaluation().by(), signed_in ? v1::BY_OWN_ACCOUNT : v1::BY_QUERY_CODE);
  }
  Matter expired;
  expired.Closed().WhenTimerFires("clock/DI-07");
  EXPECT_EQ(expired.Published("incident.evaluated").evaluated_by(), v1::EVALUATED_BY_UNSPECIFIED);
}

// spec: I17 DI-07
TEST(Evaluate, WindowThatEndsIsNotAnAnswer) {
  Matter m;
  m.Closed().WhenTimerFires("clock/DI-07");
  EXPECT_EQ(m.status(), v1::EVALUATED);
  EXPECT_TRUE(m.incident().evaluation().expired());
  EXPECT_EQ(m.Published("incident.evaluated").solved(), v1::RESOLVED_UNSPECIFIED);
}

// spec: I18 DI-02 DI-08
TEST(Reopen, StartsANewCycleWithClocksOfItsOwn) {
  Matter m;
  m.Closed().OnDay("2026-12-01 09:00").Do(Td(), "reopen { reason: RECURRED explanation: '又贴上了' }");
  EXPECT_EQ(m.status(), v1::ACCEPTED);
  EXPECT_EQ(m.incident().cycle(), 2);
  EXPECT_EQ(m.incident().clock_size(), 1);
  EXPECT_EQ(m.Outcome("DI-02"), CLOCK_RUNNING);
  m.AndNotice("incident.reopened").AndNoTimer("clock/DI-08");
}

// spec: I18 DI-08
TEST(Reopen, ForRecurrenceOnlyWithinThirtyDays) {
  Matter m;
  m.Closed().OnDay("2026-12-24 00:01").As(Td());
  m.When("reopen { reason: RECURRED explanation: '又贴上了' }").ThenRefused("REOPEN_WINDOW_OVER");
  m.Do(Td(), "reopen { reason: INSTRUCTION explanation: '领导批示' }");
}

// spec: I24 DI-08
TEST(Archive, HappensByItselfWhenTheReopeningTimeIsOver) {
  Matter m;
  m.Closed().WhenTimerFires("clock/DI-07");
  m.As(Td()).When("archive { file_check: '齐' }").ThenRefused("REOPEN_WINDOW_OPEN");
  m.WhenTimerFires("clock/DI-08");
  EXPECT_EQ(m.status(), v1::ARCHIVED);
  m.AndNotice("incident.archived").AndNoTimer();
}

// The timer once archived what the desk was not allowed to, and the check could never be done. spec: I2 I24 DI-08
TEST(Archive, WaitsForAnOpenRandomCheckWhoeverArchives) {
  for (uint64_t chance = 0; chance < 400; ++chance) {
    Matter m;
    m.Chance(chance).Reported().Do(Gw(), "self_handle { handling { measures: '清了' note: '好' } }");
    if (!m.incident().sample_open()) continue;
    m.WhenTimerFires("clock/DI-07");
    m.WhenTimerFires("clock/DI-08").ThenNothing();
    EXPECT_EQ(m.status(), v1::EVALUATED);
    m.As(Td()).When("archive { file_check: '齐' }").ThenRefused("SAMPLE_IS_OPEN");
    m.Do(Td(), "verify_sample { passed: true record: '墙面干净' }");
    m.WhenTimerFires("clock/DI-08");
    EXPECT_EQ(m.status(), v1::ARCHIVED);
    return;
  }
  FAIL() << "nothing was sampled";
}

// spec: I24
TEST(Archive, ByTheTownshipAfterTheWindow) {
  Matter m;
  m.Closed().WhenTimerFires("clock/DI-07");
  m.OnDay("2026-12-24 08:00").Do(Td(), "archive { file_check: '齐' }");
  EXPECT_EQ(m.status(), v1::ARCHIVED);
}

constexpr char kAppeal[] =
    "public_report { text: '拖欠工程款' category: '1303' area_code: '371403' kind: ENTERPRISE_APPEAL "
    "contact { name: 'vault:x' phone: 'vault:y' } }";

Matter& Appeal(Matter& m) { return m.OnDay("2026-09-30 09:00").Reported(kAppeal, Pub()); }
Matter& AppealTaken(Matter& m) {
  Appeal(m).Do(Cd(), "accept {}").Do(Cd(), "dispatch { lead_org: '371403-hrss' }");
  return m.Do(ActorOf(kernel::v1::ROLE_DH, "371403-hrss", kCounty, "u-hrss"), "take { first_contact: true }");
}
const Actor kHrss = ActorOf(kernel::v1::ROLE_DH, "371403-hrss", kCounty, "u-hrss");
Actor CountyVf() { return ActorOf(kernel::v1::ROLE_VF, "371403-centre", kCounty, "u-county-vf"); }

// Flow 6. spec: flow-6 DA-01 DA-02 DA-03 DA-04 I1
TEST(Flow, EnterpriseAppealKeepsTheCalendarOfTheNationalHoliday) {
  Matter m;
  Appeal(m);
  EXPECT_EQ(m.Due("DA-01"), "2026-10-08 24:00");
  EXPECT_EQ(m.Due("DA-02"), "2026-10-10 24:00");  // a Saturday that is worked
  EXPECT_EQ(m.Due("DA-03"), "2026-10-27 24:00");
  EXPECT_EQ(m.Due("DA-04"), "2026-11-17 24:00");
  EXPECT_EQ(m.incident().matter_code(), "37140320260930A000001");
  EXPECT_EQ(m.incident().standing().current_level(), 4);
  m.OnDay("2026-10-26 15:00").Do(Cd(), "classify_complex { reason: '多层级、多部门的制度性复杂问题' }");
  EXPECT_EQ(m.Outcome("DA-03"), CLOCK_CANCELLED);
  EXPECT_EQ(m.Due("DA-04"), "2026-11-17 24:00");
  EXPECT_EQ(m.Outcome("DA-04"), CLOCK_RUNNING);
  m.As(Cd()).When("classify_complex { reason: '再来一次' }").ThenRefused("COMPLEX_ALREADY");
}

// Accepting an appeal made a complex one ordinary again, with thirty days; and one complex without a word.
// spec: I3 DA-03 DA-04
TEST(ClassifyComplex, IsNeitherTakenBackNorDoneByAccepting) {
  Matter m;
  Appeal(m).Do(Cd(), "classify_complex { reason: '多部门' }").Do(Cd(), "accept {}");
  EXPECT_EQ(m.incident().complexity(), v1::COMPLEX);
  Matter other;
  Appeal(other).As(Cd()).When("accept { complexity: COMPLEX }").ThenRefused("COMPLEX_NEEDS_REASON");
}

// An enterprise's NO, or its "in part", ended all four periods as met;
// a reopened appeal, and one whose rejection was appealed, had none.
// spec: I14 DA-01 DA-02 DA-03 DA-04
TEST(Appeal, ItsPeriodsEndWithAYesOnly) {
  Matter m;
  AppealTaken(m);
  for (const char* answer : {"NO", "PARTLY"}) {
    m.Do(Pub(), std::string("confirm_service { resolved: ") + answer + " }");
    EXPECT_EQ(m.Outcome("DA-03"), CLOCK_RUNNING) << answer;
    EXPECT_EQ(m.Outcome("DA-02"), CLOCK_RUNNING) << answer;
  }
  m.As(Ha()).When("confirm_service { resolved: YES }").ThenRefused("NOTE_NEEDED");
  m.As(kHrss).When("progress { text: '  ' interim_reply: true }").ThenRefused("REPLY_NEEDED");
  m.Do(Pub(), "confirm_service { resolved: YES }");
  EXPECT_EQ(m.Outcome("DA-03"), CLOCK_MET);
  EXPECT_EQ(m.Outcome("DA-04"), CLOCK_MET);
}

// spec: I4 I18 DA-01 DA-02 DA-03 DA-04
TEST(Appeal, ItsPeriodsBeginAnewWhenItIsTakenUpAgain) {
  Matter m;
  Appeal(m).Do(Cd(), "reject { reason: NOT_IN_ITEM_LIST explanation: '不在清单' }");
  EXPECT_EQ(m.Outcome("DA-03"), CLOCK_CANCELLED);
  m.OnDay("2026-10-12 09:00").Do(Pub(), "appeal_rejection { reason: '属于清单事项' }");
  for (const char* id : {"DA-01", "DA-02", "DA-03", "DA-04"}) EXPECT_EQ(m.Outcome(id), CLOCK_RUNNING) << id;
  EXPECT_EQ(m.Due("DA-01"), "2026-10-13 24:00");
  EXPECT_EQ(m.Due("DA-03"), "2026-11-02 24:00");
}

// spec: DA-03 DA-04
TEST(ClassifyComplex, ComesBeforeTheFifteenDaysEndAndForAppealsOnly) {
  Matter m;
  Appeal(m)
      .OnDay("2026-10-28 09:00")
      .As(Cd())
      .When("classify_complex { reason: 'x' }")
      .ThenRefused("TOO_LATE_FOR_COMPLEX");
  Matter other;
  other.Accepted().As(Cd()).When("classify_complex { reason: 'x' }").ThenRefused("NOT_AN_APPEAL");
}

// spec: DA-01 DA-02 I7 I9
TEST(Appeal, ContactAndInterimReplyStopTheirClocks) {
  Matter m;
  AppealTaken(m);
  EXPECT_EQ(m.Outcome("DA-01"), CLOCK_MET);
  EXPECT_EQ(m.Outcome("DA-02"), CLOCK_RUNNING);
  EXPECT_EQ(m.Clock("DI-05"), nullptr) << "the appeal's own clocks are the handling clocks";
  m.Do(kHrss, "progress { text: '已核实' interim_reply: true }");
  EXPECT_EQ(m.Outcome("DA-02"), CLOCK_MET);
}

// spec: DA-01 DO-01
TEST(Appeal, ItsClocksBindWhoeverHasIt) {
  Matter m;
  Appeal(m).Do(Cd(), "accept {}");
  EXPECT_EQ(m.Clock("DA-01")->holder_org(), "371403-centre");
  m.Do(Cd(), "dispatch { lead_org: '371403-hrss' }");
  for (const char* id : {"DA-01", "DA-02", "DA-03", "DA-04"})
    EXPECT_EQ(m.Clock(id)->holder_org(), "371403-hrss") << id;
  m.Do(kHrss, "request_return { reason: '不归我们' }").Do(Cd(), "approve_return {}");
  EXPECT_EQ(m.Clock("DA-03")->holder_org(), "371403-centre") << "until it is sent to another";
  EXPECT_EQ(m.Due("DA-03"), "2026-10-27 24:00") << "its day stays";
}

// spec: DA-03 DA-04 I14
TEST(Appeal, CompletionDoesNotStopItsClockConfirmationDoes) {
  Matter m;
  AppealTaken(m).Do(kHrss, "complete { result: '已支付' resolved: YES }");
  EXPECT_EQ(m.Outcome("DA-03"), CLOCK_RUNNING);
  m.Do(Pub(), "confirm_service { resolved: YES }");
  EXPECT_EQ(m.Outcome("DA-03"), CLOCK_MET);
  EXPECT_EQ(m.Outcome("DA-04"), CLOCK_MET);
  EXPECT_TRUE(m.events()[0].event.service_confirmed().by_enterprise());
}

// The enterprise said no, and the verifier closed its appeal as solved.
// spec: DA-03 I15 I16 C10
TEST(Appeal, IsNotClosedAsSolvedAgainstTheWordOfTheEnterprise) {
  for (const char* answer : {"NO", "PARTLY"}) {
    Matter m;
    AppealTaken(m).Do(kHrss, "complete { result: '已支付' resolved: YES }");
    m.Do(Ha(), std::string("confirm_service { note: '问了财务，还差一半' resolved: ") + answer + " }");
    m.As(CountyVf()).When("verify_pass { record: '票据齐全' resolved: YES }").ThenRefused("ENTERPRISE_SAYS_OTHERWISE");
    EXPECT_EQ(m.refusal()->field, "resolved");
    EXPECT_EQ(m.status(), v1::PENDING_VERIFY) << answer;
    m.Do(CountyVf(), "verify_fail { finding: '企业说还差一半' }");
    m.Do(kHrss, "complete { result: '已付清' resolved: YES }");
    m.Do(CountyVf(), "verify_pass { record: '企业账上已收到' resolved: YES }");
    EXPECT_TRUE(m.incident().substantively_resolved()) << "it was handled again: " << answer;
  }
}

// spec: DA-03 I16 C10
TEST(Appeal, IsClosedAsWhatItIsOrAsSolvedOnceTheEnterpriseSaysSo) {
  Matter unsolved;
  AppealTaken(unsolved).Do(kHrss, "complete { result: '已解释' resolved: NO }");
  unsolved.Do(Pub(), "confirm_service { resolved: NO }");
  unsolved.Do(CountyVf(), "verify_pass { record: '政策所限，企业不认可' resolved: NO }");
  EXPECT_EQ(unsolved.status(), v1::CLOSED);
  EXPECT_FALSE(unsolved.incident().substantively_resolved());
  EXPECT_EQ(unsolved.incident().enterprise_answer(), v1::NO);
  Matter solved;
  AppealTaken(solved).Do(kHrss, "complete { result: '已支付' resolved: YES }");
  solved.Do(Pub(), "confirm_service { resolved: NO }").Do(Pub(), "confirm_service { resolved: YES }");
  solved.Do(CountyVf(), "verify_pass { record: '企业已确认' resolved: YES }");
  EXPECT_TRUE(solved.incident().substantively_resolved());
  solved.Do(Cd(), "reopen { reason: RECURRED explanation: '又欠了' }");
  EXPECT_EQ(solved.incident().enterprise_answer(), v1::RESOLVED_UNSPECIFIED) << "asked anew in the new cycle";
}

// What was recorded before an answer bound anybody means what it meant.
// spec: DA-03 I16
TEST(Appeal, AnAnswerOfBeforeBindsNobodyByReplay) {
  Matter m;
  AppealTaken(m).Do(kHrss, "complete { result: '已支付' resolved: YES }");
  m.Given({"service_confirmed { resolved: NO by_enterprise: true declined: true }"});
  EXPECT_EQ(m.incident().enterprise_answer(), v1::RESOLVED_UNSPECIFIED);
  m.Do(CountyVf(), "verify_pass { record: '票据齐全' resolved: YES }");
}

// spec: DA-03 I16
TEST(Appeal, IsClosedAsExplainedAfterTwoDocumentedAttempts) {
  Matter m;
  AppealTaken(m).Do(kHrss, "complete { result: '已解释' resolved: NO }");
  m.Do(Ha(), "record_attempt { note: '无人接听' }");
  m.As(Ha()).When("close_explained { explanation: '政策所限' }").ThenRefused("TWO_ATTEMPTS_NEEDED");
  m.Later(24 * 3'600'000);
  m.Do(Ha(), "record_attempt { note: '仍无人接听' }").Do(Ha(), "close_explained { explanation: '政策所限' }");
  EXPECT_EQ(m.incident().closure_type(), v1::EXPLAINED);
  EXPECT_FALSE(m.incident().substantively_resolved());
  EXPECT_EQ(m.Outcome("DA-03"), CLOCK_MET);
}

// Called three times in an hour is called once. Each call is on record all the same.
// spec: DA-03 DA-04
TEST(Appeal, CountsTheAttemptsOfOneDayAsOne) {
  Matter m;
  AppealTaken(m).Do(kHrss, "complete { result: '已解释' resolved: NO }");
  for (int i = 0; i < 3; ++i) {
    m.Do(Ha(), "record_attempt { note: '无人接听' }");
    EXPECT_EQ(m.events()[0].event.contact_attempted().note(), "无人接听");
    m.Later(60'000);
  }
  EXPECT_EQ(m.incident().contact_attempts(), 1);
  m.As(Ha()).When("close_explained { explanation: '政策所限' }").ThenRefused("TWO_ATTEMPTS_NEEDED");
  m.Later(24 * 3'600'000);
  m.Do(Ha(), "record_attempt { note: '仍无人接听' }");
  EXPECT_EQ(m.incident().contact_attempts(), 2);
}

TEST(Appeal, IsNeitherExtendedNorSuspended) {
  Matter m;
  AppealTaken(m)
      .As(kHrss)
      .When("request_extension { reason: 'x' by { amount: 1 unit: WD } }")
      .ThenRefused("NO_EXTENSION_FOR_APPEALS");
  m.When("request_suspension { reason_code: 'S01' expected_resume_at_ms: 1 }")
      .ThenRefused("NO_SUSPENSION_FOR_APPEALS");
}

}  // namespace
}  // namespace incident
