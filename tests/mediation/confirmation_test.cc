// The joint application for confirmation, and what came of it.
#include "tests/mediation/case_world.h"

namespace mediation {
namespace {

std::string Apply(const std::string& more = "") { return ApplicationText(kBothSign + more); }

// spec: M21 DM-05
TEST(ApplyConfirmation, JointlyInTheThirtyDaysStopsTheWindow) {
  Case c = MediatingCase();
  Bind(&c);
  c.When(Apply(), Registrar(), Local("2026-12-08 09:00"))
      .ThenPartly({"confirmation_applied { confirmation { kind: COURT forum: '陵城区人民法院' } }"})
      .AndNotice("mediation.confirmation_applied")
      .AndState("confirmation: APPLIED status: EFFECTIVE")
      .AndNoTimer("due/DM-05")
      .AndNoTimer("warn_window")
      .AndTimer("remind_confirmation", Local("2027-01-07 09:00"))
      .When(Apply())
      .ThenRefused("CONFIRMATION_PENDING");
  EXPECT_EQ(c.OutcomeOf("DM-05"), common::v1::CLOCK_MET);
}

// spec: M21
TEST(ApplyConfirmation, LooksAtEveryItemOfThePreCheck) {
  for (int i = v1::NOT_A_COURT_MATTER; i <= v1::UNCLEAR_CONTENT; ++i) {
    const std::string item = v1::PreCheckItem_Name(static_cast<v1::PreCheckItem>(i));
    Case c = MediatingCase();
    Bind(&c);
    c.When(ApplicationText(kBothSign, "", item), Registrar(), c.now_ms()).ThenRefused("PRECHECK_INCOMPLETE");
    ASSERT_TRUE(c.refusal());
    EXPECT_EQ(c.refusal()->metadata.at("missing"), item);
    c.When(ApplicationText(kBothSign, item)).ThenRefused("PRECHECK_FAILED");
    ASSERT_TRUE(c.refusal());
    EXPECT_EQ(c.refusal()->metadata.at("found"), item);
  }
}

// spec: M21
TEST(ApplyConfirmation, NeedsBothPartiesAndEveryPaper) {
  Case c = MediatingCase();
  Bind(&c);
  c.When(ApplicationText("consent { party_id: 'p1' proof_sha256: '" + kDigest + "' }"), Resident("ua"), c.now_ms())
      .ThenRefused("SIGNED_CONSENT_MISSING");
  struct {
    std::string paper;
    const char* reason;
  } papers[] = {
      {"application_sha256: '" + kDigest + "' ", "PAPER_NEEDED"},
      {"agreement_sha256: '" + kDigest + "' ", "PAPER_NEEDED"},
      {"presided_proof_sha256: '" + kDigest + "' ", "PAPER_NEEDED"},
      {"contacts_given: true ", "CONTACTS_NEEDED"},
      {"forum: '陵城区人民法院' ", "CONTENT_NEEDED"},
      {"kind: COURT ", "VALUE_NEEDED"}};
  for (const auto& row : papers) {
    std::string text = Apply();
    text.erase(text.find(row.paper), row.paper.size());
    c.When(text, Registrar(), c.now_ms()).ThenRefused(row.reason);
  }
  std::string oral = Apply("oral: true");
  oral.erase(oral.find(papers[0].paper), papers[0].paper.size());
  c.When(oral).ThenPartly({"confirmation_applied { confirmation { oral: true } }"});  // 解释 353
}

// spec: M21 DM-05
TEST(ApplyConfirmation, AfterTheThirtyDaysIsTooLateUnlessThePostmarkIsInTime) {
  Case c = MediatingCase();
  Bind(&c);
  c.WhenTimerFires("due/DM-05").ThenPartly({"window_expired {}"});
  const int64_t late = Local("2026-12-28 09:00");
  c.When(Apply(), Registrar(), late)
      .ThenRefused("WINDOW_CLOSED")
      .When(Apply("applied_at_ms: " + std::to_string(late + 1)))
      .ThenRefused("BAD_TIME")
      .When(Apply("applied_at_ms: " + std::to_string(Local("2026-12-24 17:00"))))
      .ThenPartly({"confirmation_applied {}"})
      .AndState("confirmation: APPLIED");
}

// Who had agreed by word of mouth was warned twice that the window closes, and could not apply at all.
// spec: M15 M21 DM-05
TEST(ApplyConfirmation, OfAnOralAgreementBringsItInWriting) {
  Case c = MediatingCase();
  const int64_t reached = c.now_ms();
  c.When("record_oral { facts: 'x' manner: 'x' " + kRepair + " }")
      .AndTimer("warn_window", reached + 20 * base::kDayMs)
      .When(Apply(), Registrar(), c.now_ms())
      .ThenRefused("WRITTEN_AGREEMENT_NEEDED");
  EXPECT_EQ(c.refusal()->field, "put_in_writing");
  c.When(Apply("put_in_writing: true"), Registrar(), reached + 32 * base::kDayMs)
      .ThenRefused("WINDOW_CLOSED")
      .When(Apply("put_in_writing: true"), Registrar(), reached + 29 * base::kDayMs)
      .ThenPartly({"confirmation_applied { confirmation { put_in_writing: true agreement_sha256: '" + kDigest +
                   "' } }"})
      .AndNoTimer("warn_window")
      .AndState("confirmation: APPLIED");
}

// spec: M21
TEST(ApplyConfirmation, OfAWrittenAgreementPutsNothingIntoWriting) {
  Case c = MediatingCase();
  Bind(&c);
  c.When(Apply("put_in_writing: true"), Registrar(), c.now_ms()).ThenRefused("AGREEMENT_IS_WRITTEN");
}

// Brings what a court handed over to a binding agreement.
void BindCourtsCase(Case* c, const std::string& more) {
  c->When("receive_referral { sender: FROM_COURT sender_org: 'c-court' document: 'd' " + more + kDispute +
              kParties + " }",
          Registrar(), kMonday)
      .When("record_consent { party_id: 'p1' answer: AGREED_TO_MEDIATE how: 'x' }")
      .When("record_consent { party_id: 'p2' answer: AGREED_TO_MEDIATE how: 'x' }")
      .When("serve_rights_notice { party_id: 'p1' party_id: 'p2' how: 'x' }")
      .When(kAccept)
      .When(kAssign, Chair(), kMonday)
      .When(SessionText(kTuesdayMs), Mediator(), kTuesdayMs);
  Bind(c);
}

// spec: M21 M3
TEST(ApplyConfirmation, OfADelegatedCaseGoesBackToItsCourt) {
  Case c(tests::Learned(), "c1");
  BindCourtsCase(&c, "");
  c.When(Apply("forum_org: 'another-court'"), Registrar(), c.now_ms())
      .ThenRefused("NOT_THE_INVITING_COURT")
      .When(Apply("forum_org: 'c-court'"))
      .ThenPartly({"confirmation_applied {}"});
}

// spec: M14 M3 DM-05
TEST(Agreement, OfAnEntrustedCaseIsTheCourtsToMakeIntoADocument) {
  Case c(tests::Learned(), "c1");
  BindCourtsCase(&c, "court_entrusted: true court_case_no: '诉12' ");
  c.AndNoTimer("due/DM-05")
      .AndNoTimer("warn_window")
      .When(Apply("forum_org: 'c-court'"), Registrar(), c.now_ms())
      .ThenRefused("COURT_MAKES_THE_DOCUMENT");
  EXPECT_EQ(c.state().confirmation(), v1::CONFIRMATION_NONE);
}

// spec: M21
TEST(ApplyConfirmation, ElsewhereIsForWhatThatForumMayConfirm) {
  const std::string paper = " forum: '公证处' agreement_sha256: '" + kDigest + "' " + std::string(kBothSign) + " }";
  Case c = MediatingCase();
  Bind(&c, kRepair);
  c.When("apply_confirmation { kind: NOTARY" + paper, Registrar(), c.now_ms())
      .ThenRefused("FORUM_DOES_NOT_FIT")
      .When("apply_confirmation { kind: LABOUR_ARBITRATION" + paper)
      .ThenRefused("FORUM_DOES_NOT_FIT")
      .When("apply_confirmation { kind: LAND_ARBITRATION" + paper)
      .ThenRefused("FORUM_DOES_NOT_FIT")
      .When("apply_confirmation { kind: ARBITRATION_CONFIRMED" + paper)
      .ThenRefused("PAPER_NEEDED")
      .When("apply_confirmation { kind: ARBITRATION_CONFIRMED arbitration_clause_sha256: '" + kDigest + "'" + paper)
      .ThenPartly({"confirmation_applied {}"});
  Case paid = MediatingCase();
  Bind(&paid, kPay);
  paid.When("apply_confirmation { kind: NOTARY" + paper, Registrar(), paid.now_ms())
      .ThenPartly({"confirmation_applied { confirmation { kind: NOTARY } }"});
  EXPECT_EQ(paid.OutcomeOf("DM-05"), common::v1::CLOCK_CANCELLED);
  paid.When("record_confirmation { result: CONFIRMED ruling_no: '公证书1号' }", Registrar(), paid.now_ms())
      .AndState("confirmation: CONFIRMED");
}

void BringToApplied(Case* c) {
  Bind(c);
  c->When(Apply(), Registrar(), c->now_ms());
}

// spec: M22
TEST(RecordConfirmation, IsFiledThenConfirmedByTheCourt) {
  Case c = MediatingCase();
  BringToApplied(&c);
  c.When("record_confirmation { result: FILED case_no: '（2026）鲁1403诉前调确12号' }", Registrar(),
         c.now_ms())
      .ThenRefused("THE_COURT_SAYS_SO")
      .When("record_confirmation { result: FILED }", Court(), c.now_ms())
      .ThenRefused("CONTENT_NEEDED")
      .When("record_confirmation { result: FILED case_no: '（2026）鲁1403诉前调确12号' }")
      .ThenPartly({"confirmation_recorded { state: FILED }"})
      .AndNotice("mediation.confirmation_result")
      .AndTimer("remind_confirmation", Local("2026-12-24 09:00"))
      .When("record_confirmation { result: FILED case_no: 'x' }")
      .ThenRefused("ALREADY_FILED")
      .When("record_confirmation { result: CONFIRMED }")
      .ThenRefused("CONTENT_NEEDED")
      .When("record_confirmation { result: APPLIED }")
      .ThenRefused("VALUE_NEEDED")
      .When("record_confirmation { result: CONFIRMED ruling_no: '裁1号' document_sha256: '" + kDigest + "' }")
      .ThenPartly({"confirmation_recorded { state: CONFIRMED confirmation { ruling_no: '裁1号' } }"})
      .AndState("confirmation: CONFIRMED status: EFFECTIVE")
      .AndNoTimer("remind_confirmation")
      .When("record_confirmation { result: WITHDRAWN }")
      .ThenRefused("NOT_APPLIED_FOR")
      .When(Apply(), Registrar(), c.now_ms())
      .ThenRefused("ALREADY_CONFIRMED")
      .When(std::string("remediate { reason: '再谈' ") + kBothSign + "}", Mediator(), c.now_ms())
      .ThenRefused("ALREADY_CONFIRMED");
  EXPECT_EQ(c.state().confirmation_record().case_no(), "（2026）鲁1403诉前调确12号");
}

// The parties had gone to the court of a domicile in another province: nobody of it could record what it decided, and
// the case stayed pending, neither completed nor archived. Its paper says it; a court of the platform says it itself.
// spec: M22
TEST(RecordConfirmation, OfACourtThatIsNotOnThePlatformIsRecordedFromItsPaper) {
  const std::string paper = " document_sha256: '" + kDigest + "' }";
  Case c = MediatingCase();
  BringToApplied(&c);
  c.When("record_confirmation { result: FILED case_no: '（2026）苏0102诉前调确3号'" + paper, Registrar(), c.now_ms())
      .AndState("confirmation: FILED")
      .When("record_confirmation { result: CONFIRMED ruling_no: '裁3号' }")
      .ThenRefused("THE_COURT_SAYS_SO")
      .When("record_confirmation { result: CONFIRMED ruling_no: '裁3号'" + paper)
      .ThenPartly({"confirmation_recorded { state: CONFIRMED }"})
      .AndState("confirmation: CONFIRMED");
  Case here(tests::Learned(), "c1");
  BindCourtsCase(&here, "");
  here.When(Apply("forum_org: 'c-court'"), Registrar(), here.now_ms())
      .When("record_confirmation { result: CONFIRMED ruling_no: '裁4号'" + paper)
      .ThenRefused("THE_COURT_SAYS_SO");
}

// spec: M22
TEST(RecordConfirmation, OfARejectionOpensMediatingAnewOrTheEnd) {
  const std::string rejected =
      "record_confirmation { result: REJECTED ruling_no: '裁2号' ground: UNCLEAR_CONTENT }";
  Case c = MediatingCase();
  BringToApplied(&c);
  c.When("record_confirmation { result: REJECTED ruling_no: '裁2号' }", Court(), c.now_ms())
      .ThenRefused("VALUE_NEEDED")
      .When(rejected)
      .AndState("confirmation: REJECTED status: EFFECTIVE")
      .When(Apply(), Registrar(), c.now_ms())
      .ThenRefused("ALREADY_REJECTED")
      .When(std::string("remediate { reason: '内容写清楚' ") + kBothSign + "}", Mediator(), c.now_ms())
      .AndState("status: MEDIATING");
  EXPECT_EQ(c.state().confirmation(), v1::CONFIRMATION_NONE);
  Case ended = MediatingCase();
  BringToApplied(&ended);
  ended.When(rejected, Court(), ended.now_ms())
      .When("end { reason: E04_PARTY_REFUSES }", Resident("ua"), ended.now_ms())
      .ThenRefused("AGREEMENT_BINDS")
      .When("end { reason: E09_TAKEN_BY_OTHER_AUTHORITY notice_how: '书面' }", Chair(), ended.now_ms())
      .ThenRefused("NOTICE_NEEDED")
      .When("end { reason: E09_TAKEN_BY_OTHER_AUTHORITY remedy: JUDICIAL notice_how: '书面' }")
      .ThenRefused("CONTENT_NEEDED")  // it says where to go now
      .When("end { reason: E09_TAKEN_BY_OTHER_AUTHORITY remedy: JUDICIAL where_to_go: '法院' notice_how: '书面' }")
      .AndState("status: ENDED");
}

// spec: M22 M17
TEST(End, OfAnAgreementThatBindsIsRefused) {
  Case c = MediatingCase();
  Bind(&c);
  c.When("end { reason: E04_PARTY_REFUSES }", Resident("ub"), c.now_ms())
      .ThenRefused("AGREEMENT_BINDS")
      .When("end { reason: E05_TOO_FAR_APART remedy: JUDICIAL notice_how: 'x' }", Chair(), c.now_ms())
      .ThenRefused("AGREEMENT_BINDS");
}

// spec: M22
TEST(RecordConfirmation, OfAWithdrawalLeavesTheDaysThatAreLeft) {
  Case c = MediatingCase();
  BringToApplied(&c);
  c.When("record_confirmation { result: WITHDRAWN }", Court(), Local("2026-12-01 09:00"))
      .AndState("confirmation: WITHDRAWN")
      .When(Apply(), Registrar(), Local("2026-12-02 09:00"))
      .AndState("confirmation: APPLIED")
      .When("record_confirmation { result: WITHDRAWN }", Court(), Local("2026-12-28 09:00"))
      .When(Apply(), Registrar(), Local("2026-12-29 09:00"))
      .ThenRefused("WINDOW_CLOSED");
}

// spec: M22
TEST(RecordConfirmation, IsRemindedOfOnceAfterThirtyDays) {
  Case c = MediatingCase();
  BringToApplied(&c);
  c.WhenTimerFires("remind_confirmation")
      .ThenPartly({"confirmation_reminded {}"})
      .AndNotice("mediation.confirmation_reminded")
      .AndNoTimer("remind_confirmation");
}

}  // namespace
}  // namespace mediation
