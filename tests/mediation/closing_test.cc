// The end of an agreement that binds, and the file.
#include <algorithm>

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

const std::string kSuit = "complete { outcome: BY_LAWSUIT taken_over_case_no: '（2026）鲁1403民初3号' }";

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
      .When("complete { outcome: BY_LAWSUIT taken_over_case_no: '1' remark: '对赔偿数额有争议' }")
      .ThenRefused("BAD_CASE_NO")
      .When(kSuit)
      .ThenRefused("DISPUTE_NEEDED")  // Art. 32: about how it is kept, or what it says
      .When(kSuit.substr(0, kSuit.size() - 1) + "remark: '对赔偿数额有争议' }")
      .ThenPartly({"completed { outcome: BY_LAWSUIT taken_over_case_no: '（2026）鲁1403民初3号' }"});
  EXPECT_FALSE(Told(c).performed());
  Case broken = MediatingCase();
  Bind(&broken);
  broken.When("report_breach { clause_no: 2 finding: '没有修' }", Resident("ua"), Local("2026-12-11 09:00"))
      .When(kSuit, Chair(), broken.now_ms())
      .ThenPartly({"completed { outcome: BY_LAWSUIT }"});
}

// 民事诉讼法 206: what has been confirmed is enforced.
// spec: M23 M22
TEST(Complete, OfAConfirmedAgreementIsNotByLawsuit) {
  Case c = MediatingCase();
  Bind(&c);
  c.When(ApplicationText(kBothSign), Registrar(), c.now_ms())
      .When("record_confirmation { result: CONFIRMED ruling_no: '裁1号' }", Court(), c.now_ms())
      .When("report_breach { clause_no: 2 finding: '没有修' }", Resident("ua"), Local("2026-12-11 09:00"))
      .When(kSuit, Chair(), c.now_ms())
      .ThenRefused("CONFIRMED_IS_ENFORCED");
}

// spec: M23 M22
TEST(Complete, ByEnforcementNeedsTheConfirmation) {
  Case c = MediatingCase();
  Bind(&c);
  c.When(ApplicationText(kBothSign), Registrar(), c.now_ms())
      .When(kSuit, Chair(), c.now_ms())
      .ThenRefused("CONFIRMATION_PENDING")
      .When("record_confirmation { result: CONFIRMED ruling_no: '裁1号' }", Court(), c.now_ms())
      .When("complete { outcome: BY_ENFORCEMENT taken_over_case_no: '执1号' }", Chair(), c.now_ms())
      .ThenRefused("BAD_CASE_NO")
      .When("complete { outcome: BY_ENFORCEMENT taken_over_case_no: '（2026）鲁1403执1号' }")
      .ThenPartly({"completed { outcome: BY_ENFORCEMENT }"});
}

// spec: M23
TEST(Complete, WhenBothDeclareItSettled) {
  Case c = MediatingCase();
  Bind(&c);
  c.When("complete { outcome: DECLARED_SETTLED consent { party_id: 'p1' proof_sha256: '" + kDigest + "' } }", Chair(),
         c.now_ms())
      .ThenRefused("SIGNED_CONSENT_MISSING")
      .When("complete { outcome: DECLARED_SETTLED consent { party_id: 'p1' proof_sha256: '" + kDigest +
            "' } consent { party_id: 'p2' proof_sha256: '" + kDigest +
            "' capacity: ORDINARY_AGENT by_name: 'vault:l' } }")
      .ThenRefused("SPECIAL_AUTHORITY_TO_SETTLE");  // 民事诉讼法 62: it gives rights up
  EXPECT_EQ(c.refusal()->field, "consent[1].capacity");
  c.When(std::string("complete { outcome: DECLARED_SETTLED ") + kBothSign + "}")
      .ThenPartly({"completed { outcome: DECLARED_SETTLED }"});
}

std::string Paper(const std::string& form, const std::string& more = "") {
  return "file_document { form: " + form + " title: '材料' sha256: '" + kDigest + "' " + more + " }";
}
const Received kAllCame = [](std::string_view) { return true; };
const std::string kArchive = "archive { volume_title: '许某与何某邻里纠纷' }";

// What the application, the register and the notice of rights wait for.
const std::string kUnsigned = "F1_APPLICATION_OR_REGISTER:unsigned F1B_REGISTER:unsigned F2_RIGHTS_NOTICE:unsigned ";

std::string Missing(Case* c) {
  c->When(kArchive, Chair(), c->now_ms()).ThenRefused("FILE_INCOMPLETE");
  return c->refusal() ? c->refusal()->metadata.at("missing") : "";
}

void BringToCompleted(Case* c) {
  Bind(c, kRepair);
  c->When("perform { clause_no: 1 remark: '修好了' }", Mediator(), c->now_ms())
      .When("complete { outcome: ALL_PERFORMED }", Chair(), c->now_ms());
  Come(c);
}

// spec: M24 DM-07
TEST(Archive, NeedsTheWholeFileAndSaysWhatIsMissing) {
  Case c = MediatingCase();
  BringToCompleted(&c);
  EXPECT_EQ(Missing(&c), kUnsigned + "F3_IDENTITY(p1,p2)");
  SignIntake(&c);
  EXPECT_EQ(Missing(&c), "F3_IDENTITY(p1,p2)");
  c.When(Paper("F3_IDENTITY", "party_id: 'p1'"), Registrar(), c.now_ms())
      .ThenPartly({"document_filed { document { form: F3_IDENTITY party_id: 'p1' by_user_id: 'mr1' } }"})
      .AndNotice("mediation.document_referred");  // so that its scan is kept
  EXPECT_EQ(Missing(&c), "F3_IDENTITY(p2)");
  c.When("archive {}").ThenRefused("CONTENT_NEEDED");  // 卷宗题名
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
  SignIntake(&c);
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
  SignIntake(&c);
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
  Come(&c);
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
  Come(&c);
  c.When(Paper("F_COURT_REPORT"), Registrar(), kMonday).When(kArchive, Chair(), kMonday).AndState("status: ARCHIVED");
}

// spec: M24 M17
TEST(Archive, OfAnEndNeedsTheNoticeAndTheRecords) {
  Case c = MediatingCase();
  c.When("end { reason: E04_PARTY_REFUSES }", Resident("ub"), c.now_ms());
  SignIntake(&c);
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
      .ThenPartly({"archived { missing: '" + kUnsigned + "F3_IDENTITY(p1,p2)' why_incomplete: '当事人已外出，多次联系未提供复印件' }"})
      .AndState("status: ARCHIVED why_incomplete: '当事人已外出，多次联系未提供复印件'");
  const auto index = FileIndexOf(c.state(), kAllCame);
  EXPECT_TRUE(std::ranges::any_of(index.line(), [](const v1::FileLine& line) {
    return line.form() == v1::F12_STATEMENT && line.present();
  }));
  v1::State without_notice;  // ended, and nobody was told of the other ways
  without_notice.set_ended_at_ms(1);
  without_notice.set_intake_complete(true);
  EXPECT_FALSE(MissesOnlyExcusable(FileIndexOf(without_notice, kAllCame)));
}

const v1::FileLine& LineOf(const v1::FileIndex& index, v1::FormKind form) {
  return *std::ranges::find(index.line(), form, &v1::FileLine::form);
}

// Any 64 digits passed for an identity card, although nobody ever uploaded one.
// spec: M24
TEST(Archive, WaitsForTheBytesOfEveryPaper) {
  const std::string never(64, 'b');
  Case c = MediatingCase();
  BringToCompleted(&c);
  SignIntake(&c);
  for (const char* party : {"p1", "p2"}) {
    const std::string sha256 = party == std::string("p1") ? kDigest : never;
    c.When("file_document { form: F3_IDENTITY title: '身份证' party_id: '" + std::string(party) + "' sha256: '" + sha256 +
               "' }", Registrar(), c.now_ms());
    EXPECT_FALSE(c.refusal());  // the command is taken before the bytes: the tablet sends both when it can
  }
  EXPECT_EQ(Missing(&c), "F3_IDENTITY[" + never + "]");
  EXPECT_NE(c.refusal()->message_zh.find("当事人身份证明"), std::string::npos) << c.refusal()->message_zh;
  EXPECT_NE(c.refusal()->message_zh.find("未收到"), std::string::npos) << c.refusal()->message_zh;
  Come(&c, never);
  c.When(kArchive, Chair(), c.now_ms()).AndState("status: ARCHIVED");
}

// A scan that was named beside what must be there is asked for too, and a reason is enough when it is lost.
// spec: M24
TEST(Archive, AsksForEveryPaperThatWasNamedAndTakesAReasonForALostOne) {
  const std::string lost(64, 'c');
  Case c = MediatingCase();
  BringToCompleted(&c);
  SignIntake(&c);
  for (const char* party : {"p1", "p2"}) {
    c.When(Paper("F3_IDENTITY", std::string("party_id: '") + party + "'"), Registrar(), c.now_ms());
  }
  c.When("file_document { form: F6_EVIDENCE title: '照片' sha256: '" + lost + "' }", Registrar(), c.now_ms());
  EXPECT_EQ(Missing(&c), "F6_EVIDENCE[" + lost + "]");
  c.When("archive { volume_title: 'x' why_incomplete: '平板损坏，照片无法找回' }", Chair(), c.now_ms())
      .ThenPartly({"archived { missing: 'F6_EVIDENCE[" + lost + "]' why_incomplete: '平板损坏，照片无法找回' }"});
}

// The scan a signature was recorded with is a paper of the agreement.
// spec: M14 M24
TEST(Archive, AsksForTheScanOfASignature) {
  const std::string scan(64, 'd');
  Case c = MediatingCase();
  c.When(DraftText(kRepair), Mediator(), c.now_ms())
      .When("sign { party_id: 'p1' kind: SIGNATURE }", Resident("ua"), c.now_ms())
      .When("sign { party_id: 'p2' kind: FINGERPRINT proof_sha256: '" + scan + "' }", Mediator(), c.now_ms())
      .ThenPartly({"paper { form: F8_AGREEMENT sha256: '" + scan + "' party_id: 'p2' by_user_id: 'md1' } "
                   "party_signed { party_id: 'p2' }"})
      .When("sign {}")
      .When("seal { copies: 3 }", Chair(), c.now_ms())
      .When("perform { clause_no: 1 remark: '修好了' }", Mediator(), c.now_ms())
      .When("complete { outcome: ALL_PERFORMED }", Chair(), c.now_ms());
  SignIntake(&c);
  for (const char* party : {"p1", "p2"}) {
    c.When(Paper("F3_IDENTITY", std::string("party_id: '") + party + "'"), Registrar(), c.now_ms());
  }
  EXPECT_EQ(Missing(&c), "F8_AGREEMENT[" + scan + "]");
  Come(&c, scan);
  c.When(kArchive, Chair(), c.now_ms()).AndState("status: ARCHIVED");
}

// An application nobody had signed passed, while a notice nobody had signed did not.
// spec: M24
TEST(Archive, NeedsApplicationAndRegisterSigned) {
  Case excused = MediatingCase(), c = MediatingCase();
  for (Case* one : {&excused, &c}) {
    BringToCompleted(one);
    for (const char* party : {"p1", "p2"}) {
      one->When(Paper("F3_IDENTITY", std::string("party_id: '") + party + "'"), Registrar(), one->now_ms());
    }
    EXPECT_EQ(Missing(one) + " ", kUnsigned);
  }
  // Also while the scan of a consent is still on its way: all that is to be done is said at once.
  const auto index = FileIndexOf(c.state(), [](std::string_view) { return false; });
  EXPECT_EQ(MissingForms(index).substr(0, 100), "F1_APPLICATION_OR_REGISTER:unsigned[" + kDigest);
  excused.When("archive { volume_title: 'x' why_incomplete: '补签' }", Chair(), c.now_ms())
      .ThenRefused("REASON_TOO_SHORT")
      .When("archive { volume_title: 'x' why_incomplete: '当事人不识字也不愿按手印' }")
      .AndState("status: ARCHIVED");
  SignIntake(&c);
  c.When(kArchive, Chair(), c.now_ms()).AndState("status: ARCHIVED");
  EXPECT_TRUE(c.state().why_incomplete().empty());
}

// Who applies with an account of their own has signed by it; the register still wants both pens.
// spec: M1 M24
TEST(FileIndex, TakesAnApplicationMadeWithOnesOwnAccountForSigned) {
  Case c(tests::Learned(), "c1");
  c.WithChance(7).When(ApplyText(), Resident("ua"), kMonday);
  ASSERT_FALSE(c.refusal());
  const auto index = FileIndexOf(c.state(), kAllCame);
  EXPECT_EQ(LineOf(index, v1::F1_APPLICATION_OR_REGISTER).state(), v1::PAPER_SIGNED);
  EXPECT_EQ(LineOf(index, v1::F1B_REGISTER).state(), v1::PAPER_TO_SIGN);
}

// Where nobody applied there is one register; a scan filed under either name is it.
// spec: M3 M24
TEST(FileIndex, KnowsTheRegisterOfAReferralByBothNames) {
  Case c(tests::Learned(), "c1");
  c.When("receive_referral { sender: FROM_POLICE document: 'd' " + kDispute + kParties + " }", Registrar(), kMonday)
      .When(Paper("F1B_REGISTER"), Registrar(), kMonday);
  const auto index = FileIndexOf(c.state(), kAllCame);
  EXPECT_EQ(LineOf(index, v1::F1_APPLICATION_OR_REGISTER).key(), "1b");
  EXPECT_EQ(LineOf(index, v1::F1_APPLICATION_OR_REGISTER).state(), v1::PAPER_SIGNED);
}

// The checklist says what is to be done next, by whom.
// spec: M24
TEST(FileIndex, SaysWhoHasToDoWhatNext) {
  const std::string never(64, 'b');
  Case c = MediatingCase();
  BringToCompleted(&c);
  c.When("file_document { form: F6_EVIDENCE title: '照片' sha256: '" + never + "' }", Registrar(), c.now_ms());
  const auto index = FileIndexOf(c.state(), [&](std::string_view sha256) { return sha256 == kDigest; });
  const auto& application = LineOf(index, v1::F1_APPLICATION_OR_REGISTER);
  ASSERT_EQ(application.task_size(), 1);
  EXPECT_EQ(application.task(0).kind(), v1::SIGN_PAPER);
  EXPECT_EQ(application.task(0).user_id(), "mr1");
  const auto& identity = LineOf(index, v1::F3_IDENTITY);
  ASSERT_EQ(identity.task_size(), 2);
  EXPECT_EQ(identity.task(1).kind(), v1::BRING_PAPER);
  EXPECT_EQ(identity.task(1).party_id(), "p2");
  const auto& evidence = LineOf(index, v1::F6_EVIDENCE);
  EXPECT_EQ(evidence.state(), v1::PAPER_NOT_RECEIVED);
  EXPECT_FALSE(evidence.present());
  ASSERT_EQ(evidence.task_size(), 1);
  EXPECT_EQ(evidence.task(0).kind(), v1::UPLOAD_PAPER);
  EXPECT_EQ(evidence.task(0).sha256(), never);
  EXPECT_EQ(evidence.task(0).user_id(), "mr1");
  const auto& rights = LineOf(index, v1::F2_RIGHTS_NOTICE);  // both were told, and nobody has put their name to it
  ASSERT_EQ(rights.task_size(), 1);
  EXPECT_EQ(rights.task(0).kind(), v1::SIGN_PAPER);
  EXPECT_EQ(rights.task(0).user_id(), "mr1");
}

// The registrar wrote down that the notice had been handed over, and the file called it signed.
// spec: M5 M24
TEST(FileIndex, ARightsNoticeIsSignedByThoseWhoseRightsTheyAre) {
  const auto state = [](Case* c) {
    return v1::PaperState_Name(LineOf(FileIndexOf(c->state(), kAllCame), v1::F2_RIGHTS_NOTICE).state());
  };
  Case c = MediatingCase();
  BringToCompleted(&c);
  EXPECT_EQ(state(&c), "PAPER_TO_SIGN");
  EXPECT_NE(Missing(&c).find("F2_RIGHTS_NOTICE:unsigned"), std::string::npos);
  c.When(Paper("F2_RIGHTS_NOTICE"), Registrar(), c.now_ms());
  EXPECT_EQ(state(&c), "PAPER_SIGNED");
  EXPECT_EQ(Missing(&c).find("F2_RIGHTS_NOTICE"), std::string::npos);
  Case refused = Consented();  // never accepted: its notice is its file
  refused.When("refuse { code: 'NOT_CIVIL' where_to_go: '派出所' notice_how: '书面' }", Registrar(), refused.now_ms());
  EXPECT_NE(state(&refused), "PAPER_TO_SIGN");
  v1::State former = c.state();  // archived when the committee's word was enough
  former.clear_document();
  former.set_archived_at_ms(c.now_ms());
  EXPECT_EQ(LineOf(FileIndexOf(former, kAllCame), v1::F2_RIGHTS_NOTICE).state(), v1::PAPER_SIGNED);
}

// An oral agreement's register was done when the mediator had typed it; the committee's seal was nobody's step.
// spec: M15 M24
TEST(Archive, OfAnOralAgreementHoldsItsRegisterWithPenAndSeal) {
  Case c = MediatingCase();
  c.When("record_oral { facts: '口角' manner: '上门修理' " + kRepair + " }", Mediator(), c.now_ms())
      .When("perform { clause_no: 1 remark: '修好了' }", Mediator(), c.now_ms())
      .When("complete { outcome: ALL_PERFORMED }", Chair(), c.now_ms());
  SignIntake(&c);
  for (const char* party : {"p1", "p2"}) {
    c.When(Paper("F3_IDENTITY", std::string("party_id: '") + party + "'"), Registrar(), c.now_ms());
  }
  EXPECT_EQ(Missing(&c), "F8B_ORAL_REGISTER:unsigned");
  EXPECT_NE(c.refusal()->message_zh.find("印章"), std::string::npos) << c.refusal()->message_zh;
  const auto index = FileIndexOf(c.state(), kAllCame);
  ASSERT_EQ(LineOf(index, v1::F8B_ORAL_REGISTER).task_size(), 1);
  EXPECT_EQ(LineOf(index, v1::F8B_ORAL_REGISTER).task(0).user_id(), "md1");
  c.When("archive { volume_title: 'x' why_incomplete: '调解员出差未签名' }", Chair(), c.now_ms())
      .ThenRefused("CANNOT_BE_EXCUSED");  // its own pen and seal
  c.When(Paper("F8B_ORAL_REGISTER"), Mediator(), c.now_ms())
      .When(kArchive, Chair(), c.now_ms())
      .AndState("status: ARCHIVED");
}

// Both sides' word that nothing is owed any more was in no event: media never heard of the scans and let them go.
// spec: M23 A8
TEST(Complete, KeepsTheScansOfBothSidesWord) {
  Case c = MediatingCase();
  Bind(&c);
  c.When("complete { outcome: DECLARED_SETTLED " + kBothSign + "}", Chair(), c.now_ms());
  ASSERT_EQ(c.events().size(), 1u);
  EXPECT_EQ(c.events()[0].event.paper_size(), 2);
  EXPECT_EQ(c.state().paper(c.state().paper_size() - 1).form(), v1::F9_RECEIPTS);
}

// spec: M24
TEST(FileDocument, IsAPaperByItsDigestOnce) {
  Case c = MediatingCase();
  c.When(Paper("F0_COVER"), Registrar(), c.now_ms())
      .ThenRefused("NOT_A_PAPER")
      .When("file_document { form: F6_EVIDENCE title: 'x' sha256: 'ABC' }")
      .ThenRefused("BAD_DIGEST")
      .When("file_document { form: F6_EVIDENCE sha256: '" + kDigest + "' }")
      .ThenRefused("CONTENT_NEEDED")
      .When(Paper("F6_EVIDENCE", "pages: -1"))
      .ThenRefused("VALUE_NEEDED")
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
  const v1::FileIndex written = FileIndexOf(c.state(), kAllCame);
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
  const auto index = FileIndexOf(oral.state(), kAllCame);
  EXPECT_TRUE(std::ranges::any_of(index.line(), [](const v1::FileLine& line) {
    return line.form() == v1::F8B_ORAL_REGISTER && line.mandatory() && line.present();
  }));
}

}  // namespace
}  // namespace mediation
