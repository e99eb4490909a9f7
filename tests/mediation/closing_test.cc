// The end of an agreement that binds, and the file.
#include "services/mediation/domain/file_index.h"
#include "tests/mediation/case_world.h"

namespace mediation {
namespace {

// spec: M23 DM-07
TEST(Complete, WhenEveryPromiseIsKept) {
  Case c = MediatingCase();
  Bind(&c, kPay + kRepair + kRefrain);
  c.When("complete { outcome: ALL_PERFORMED }", Chair(), Local("2026-12-01 09:00"))
      .ThenRefused("PROMISES_OPEN");
  ASSERT_TRUE(c.refusal());
  EXPECT_EQ(c.refusal()->metadata.at("clause_no"), "1 2");  // to refrain is kept until somebody breaks it
  c.When("perform { clause_no: 2 remark: '修好了' }", Mediator(), c.now_ms())
      .When("perform { clause_no: 1 amount_fen: 80000 receipt_sha256: '" + kDigest + "' }")
      .When("complete { outcome: ALL_PERFORMED }", Chair(), c.now_ms())
      .ThenPartly({"completed { outcome: ALL_PERFORMED performed: true }"})
      .AndNotice("mediation.completed")
      .AndState("status: COMPLETED completion: ALL_PERFORMED")
      .AndTimer("due/DM-07", EndOf("2026-12-22") + 1)
      .AndNoTimer("due/DM-05")
      .AndNoTimer("due/DM-06")
      .AndNotInIndex("promise");
  EXPECT_TRUE(Told(c).performed());
  EXPECT_EQ(Told(c).performance(), v1::DONE);
  EXPECT_EQ(Told(c).end_reason(), v1::E01_WRITTEN_AGREEMENT);
}

// spec: M23
TEST(Complete, WhenACourtHasTakenItOver) {
  Case c = MediatingCase();
  Bind(&c);
  c.When("complete { outcome: BY_LAWSUIT }", Chair(), c.now_ms())
      .ThenRefused("CONTENT_NEEDED")
      .When("complete { outcome: BY_ENFORCEMENT taken_over_case_no: '执1号' }")
      .ThenRefused("NOT_CONFIRMED")
      .When("complete { }")
      .ThenRefused("VALUE_NEEDED")
      .When("complete { outcome: BY_LAWSUIT taken_over_case_no: '民初3号' }")
      .ThenPartly({"completed { outcome: BY_LAWSUIT taken_over_case_no: '民初3号' }"});
  EXPECT_FALSE(Told(c).performed());
}

// spec: M23 M22
TEST(Complete, ByEnforcementNeedsTheConfirmation) {
  Case c = MediatingCase();
  Bind(&c);
  c.When(ApplicationText(kBothSign), Registrar(), c.now_ms())
      .When("complete { outcome: BY_LAWSUIT taken_over_case_no: '民初3号' }", Chair(), c.now_ms())
      .ThenRefused("CONFIRMATION_PENDING")
      .When("record_confirmation { result: CONFIRMED ruling_no: '裁1号' }", Court(), c.now_ms())
      .When("complete { outcome: BY_ENFORCEMENT taken_over_case_no: '执1号' }", Chair(), c.now_ms())
      .ThenPartly({"completed { outcome: BY_ENFORCEMENT }"});
}

// spec: M23
TEST(Complete, WhenBothDeclareItSettled) {
  Case c = MediatingCase();
  Bind(&c);
  c.When("complete { outcome: DECLARED_SETTLED consent { party_id: 'p1' proof_sha256: '" + kDigest + "' } }", Chair(),
         c.now_ms())
      .ThenRefused("SIGNED_CONSENT_MISSING")
      .When(std::string("complete { outcome: DECLARED_SETTLED ") + kBothSign + "}")
      .ThenPartly({"completed { outcome: DECLARED_SETTLED }"});
}

std::string Paper(const std::string& form, const std::string& more = "") {
  return "file_document { form: " + form + " title: '材料' sha256: '" + kDigest + "' " + more + " }";
}
const std::string kArchive = "archive { volume_title: '许某与何某邻里纠纷' }";

std::string Missing(Case* c) {
  c->When(kArchive, Chair(), c->now_ms()).ThenRefused("FILE_INCOMPLETE");
  return c->refusal() ? c->refusal()->metadata.at("missing") : "";
}

void BringToCompleted(Case* c) {
  Bind(c, kRepair);
  c->When("perform { clause_no: 1 remark: '修好了' }", Mediator(), c->now_ms())
      .When("complete { outcome: ALL_PERFORMED }", Chair(), c->now_ms());
}

// spec: M24 DM-07
TEST(Archive, NeedsTheWholeFileAndSaysWhatIsMissing) {
  Case c = MediatingCase();
  BringToCompleted(&c);
  EXPECT_EQ(Missing(&c), "F3_IDENTITY(p1,p2)");
  c.When(Paper("F3_IDENTITY", "party_id: 'p1'"), Registrar(), c.now_ms())
      .ThenPartly({"document_filed { document { form: F3_IDENTITY party_id: 'p1' by_user_id: 'mr1' } }"})
      .AndNotice("mediation.document_referred");  // so that its scan is kept
  EXPECT_EQ(Missing(&c), "F3_IDENTITY(p2)");
  c.When(Paper("F3_IDENTITY", "party_id: 'p2'"), Registrar(), c.now_ms())
      .When(kArchive, Chair(), Local("2026-11-30 09:00"))
      .ThenPartly({"archived { volume_title: '许某与何某邻里纠纷' retention: TEN_YEARS }"})
      .AndNotice("mediation.archived")
      .AndState("status: ARCHIVED")
      .AndNoTimer();
  EXPECT_EQ(c.OutcomeOf("DM-07"), common::v1::CLOCK_MET);
  EXPECT_EQ(c.state().retained_until_ms(), EndOf("2036-11-30"));
  c.When(Paper("F6_EVIDENCE"), Registrar(), c.now_ms()).ThenRefused(RefusalCode::kWrongStatus);
}

// spec: DM-07
TEST(Archive, LateIsRecorded) {
  Case c = MediatingCase();
  BringToCompleted(&c);
  c.WhenTimerFires("due/DM-07")
      .ThenPartly({"clock_expired { policy_id: 'DM-07' }"})
      .AndNotice("mediation.overdue");
}

// spec: M24
TEST(Archive, MissesTheSignaturesOfASessionAndTheAuthorityOfAnAgent) {
  Case c = AssignedCase();
  c.When("hold_session { session { started_at_ms: " + std::to_string(kTuesdayMs) +
             " ended_at_ms: " + std::to_string(kTuesdayMs) +
             " place: 'x' mode: ONSITE record: 'x' result: CONTINUES attendance { party_id: 'p1' present: "
             "true } "
             "attendance { party_id: 'p2' by_agent: true signed_record: true } } }",
         Mediator(), kTuesdayMs);
  BringToCompleted(&c);
  EXPECT_EQ(Missing(&c), "F3_IDENTITY(p1,p2) F4_AUTHORITY(p2) F7_SESSION_RECORD");
  c.When(Paper("F4_AUTHORITY", "party_id: 'p2'"), Registrar(), c.now_ms()).When(Paper("F7_SESSION_RECORD"));
  EXPECT_EQ(Missing(&c), "F3_IDENTITY(p1,p2)");
}

// spec: M24
TEST(Archive, OfAConfirmedAgreementHoldsTheRuling) {
  Case c = MediatingCase();
  Bind(&c, kRepair);
  c.When(ApplicationText(kBothSign), Registrar(), c.now_ms())
      .When("record_confirmation { result: CONFIRMED ruling_no: '裁1号' }", Court(), c.now_ms())
      .When("perform { clause_no: 1 remark: '修好了' }", Mediator(), c.now_ms())
      .When("complete { outcome: ALL_PERFORMED }", Chair(), c.now_ms());
  EXPECT_EQ(Missing(&c), "F3_IDENTITY(p1,p2) F11_CONFIRMATION");
  c.When(Paper("F11_CONFIRMATION"), Registrar(), c.now_ms());
  EXPECT_EQ(Missing(&c), "F3_IDENTITY(p1,p2)");
}

// spec: M24 M6
TEST(Archive, OfARefusalNeedsItsNoticeOnly) {
  Case c = Registered();
  c.When("refuse { code: 'NOT_CIVIL' where_to_go: '派出所' notice_how: '书面' }", Registrar(), kMonday)
      .When("archive { volume_title: '不予受理' retention: PERMANENT }", Chair(), kMonday)
      .ThenPartly({"archived { retention: PERMANENT }"});
  EXPECT_EQ(c.state().retained_until_ms(), 0);
}

// A side refused before the registrar, the platform wrote the notice, and the file called it served, although the side
// without an account had never seen it (Art. 26, 若干规定 24).
// spec: M24 M6
TEST(Archive, OfARefusalWaitsForThePaperOfThoseWithoutAnAccount) {
  Case c(tests::Learned(), "c1");
  std::string apply = ApplyText();
  apply.erase(apply.find(" user_id: 'ub'"), 14);
  c.WithChance(7)
      .When(apply, Registrar(), kMonday)
      .When("record_consent { party_id: 'p2' answer: REFUSED_TO_MEDIATE how: '电话' }")
      .AndState("status: REFUSED");
  EXPECT_EQ(Missing(&c), "F_END_NOTICE");
  c.When("archive { volume_title: '不予受理' why_incomplete: '未能送达本人' }").ThenRefused("CANNOT_BE_EXCUSED");
  c.When(Paper("F_END_NOTICE"), Registrar(), c.now_ms())
      .When(kArchive, Chair(), c.now_ms())
      .AndState("status: ARCHIVED");
}

// 特邀调解规定 26: 终止调解的，应当向委派、委托的人民法院书面报告，并移送相关材料.
// spec: M24 M17
TEST(Archive, OfACourtsCaseHoldsTheReportTheCourtHasTaken) {
  Case c(tests::Learned(), "c1");
  c.When("receive_referral { sender: FROM_COURT document: 'd' " + kDispute + kParties + " }", Registrar(), kMonday)
      .When("record_consent { party_id: 'p2' answer: REFUSED_TO_MEDIATE how: '电话' }");
  EXPECT_EQ(Missing(&c), "F_COURT_REPORT");
  c.When(Paper("F_COURT_REPORT"), Registrar(), kMonday).When(kArchive, Chair(), kMonday).AndState("status: ARCHIVED");
}

// spec: M24 M17
TEST(Archive, OfAnEndNeedsTheNoticeAndTheRecords) {
  Case c = MediatingCase();
  c.When("end { reason: E04_PARTY_REFUSES }", Resident("ub"), c.now_ms());
  EXPECT_EQ(Missing(&c), "F3_IDENTITY(p1,p2)");
  c.When(Paper("F3_IDENTITY", "party_id: 'p1'"), Registrar(), c.now_ms())
      .When(Paper("F3_IDENTITY", "party_id: 'p2'"))
      .When(kArchive, Chair(), c.now_ms())
      .AndState("status: ARCHIVED end_reason: E04_PARTY_REFUSES");
}

// What others hold and cannot be had is explained in writing; what the committee owes is not.
// spec: M24
TEST(Archive, AWrittenReasonTakesThePlaceOfWhatOthersHold) {
  Case c = MediatingCase();
  BringToCompleted(&c);
  c.When("archive { volume_title: '许某与何某邻里纠纷' why_incomplete: '当事人已外出，多次联系未提供复印件' }", Chair(), c.now_ms())
      .ThenPartly({"archived { missing: 'F3_IDENTITY(p1,p2)' why_incomplete: '当事人已外出，多次联系未提供复印件' }"})
      .AndState("status: ARCHIVED why_incomplete: '当事人已外出，多次联系未提供复印件'");
  const auto index = FileIndexOf(c.state());
  EXPECT_TRUE(std::ranges::any_of(index.line(), [](const v1::FileLine& line) {
    return line.form() == v1::F12_STATEMENT && line.present();
  }));
  v1::State without_notice;  // ended, and nobody was told of the other ways
  without_notice.set_ended_at_ms(1);
  without_notice.set_intake_complete(true);
  EXPECT_FALSE(MissesOnlyExcusable(FileIndexOf(without_notice)));
}

// spec: M24
TEST(FileDocument, IsAPaperByItsDigestOnce) {
  Case c = MediatingCase();
  c.When(Paper("F0_COVER"), Registrar(), c.now_ms())
      .ThenRefused("NOT_A_PAPER")
      .When("file_document { form: F6_EVIDENCE title: 'x' sha256: 'ABC' }")
      .ThenRefused("BAD_DIGEST")
      .When(Paper("F3_IDENTITY"))
      .ThenRefused("VALUE_NEEDED")
      .When(Paper("F3_IDENTITY", "party_id: 'p7'"))
      .ThenRefused("UNKNOWN_PARTY")
      .When(Paper("F6_EVIDENCE"))
      .ThenPartly({"document_filed {}"})
      .AndNotice("mediation.document_referred")
      .When(Paper("F6_EVIDENCE"))
      .ThenRefused("ALREADY_IN_FILE");
}

// spec: M24
TEST(FileIndex, StandsInTheOrderOfTheFile) {
  Case c = MediatingCase();
  Bind(&c);
  std::string forms;
  const v1::FileIndex written = FileIndexOf(c.state());
  for (const auto& line : written.line()) {
    if (line.mandatory()) forms += v1::FormKind_Name(line.form()) + (line.present() ? " " : "! ");
    EXPECT_FALSE(line.title_zh().empty());
  }
  EXPECT_EQ(
      forms,
      "F0_COVER F0A_CONTENTS F1_APPLICATION_OR_REGISTER F1B_REGISTER F2_RIGHTS_NOTICE F3_IDENTITY! "
      "F7_SESSION_RECORD F8_AGREEMENT F13_BACK_COVER ");
  Case oral = MediatingCase();
  oral.When("record_oral { facts: 'x' manner: 'x' " + kRepair + " }");
  const auto index = FileIndexOf(oral.state());
  EXPECT_TRUE(std::ranges::any_of(index.line(), [](const v1::FileLine& line) {
    return line.form() == v1::F8B_ORAL_REGISTER && line.mandatory() && line.present();
  }));
}

}  // namespace
}  // namespace mediation
