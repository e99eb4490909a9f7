// How a case comes to be: application, ex officio, referral.
#include <utility>

#include "tests/mediation/case_world.h"

namespace mediation {
namespace {

// spec: M1 DM-01
TEST(Apply, RegistersTheCaseAndStartsTheClockOfAcceptance) {
  Case c = Registered();
  c.ThenPartly(
       {"registered { matter_code: '37140320261123M000001' source: ON_APPLICATION kind: PEOPLE "
        "committee_org: 'v-committee' committee_level: 2 area_code: '371403001002' intake_complete: true "
        "party { party_id: 'p1' consent: AGREED_TO_MEDIATE consent_how: 'application' } "
        "party { party_id: 'p2' } }"})
      .AndNotice("mediation.registered")
      .AndTimer("due/DM-01", EndOf("2026-11-26") + 1)
      .AndState("status: REGISTERED")
      .AndActedAs(kernel::v1::ROLE_MR);
  EXPECT_EQ(c.state().clock_size(), 1);
  EXPECT_EQ(c.state().clock(0).due_at_ms(),
            EndOf("2026-11-26"));  // three working days, the first not counted
  EXPECT_EQ(c.state().clock(0).holder_org(), "v-committee");
  Case friday(tests::Learned(), "c1");  // working days: the weekend between does not count
  friday.When(ApplyText("claim: '修好屋顶'"), Registrar(), Local("2026-11-27 09:00"))
      .AndTimer("due/DM-01", EndOf("2026-12-02") + 1)
      .AndState("claim: '修好屋顶'");
}

// spec: M1
TEST(Apply, GivesTheCitizenACodeToFollowTheCaseWith) {
  Case c = Registered();
  EXPECT_EQ(c.state().query_code().size(), 9u);
  kernel::v1::Receipt receipt;
  receipt.set_recorded_at_ms(c.state().registered_at_ms());
  MediationDomain::Answer(c.state(), &receipt);
  EXPECT_EQ(receipt.query_code(), c.state().query_code());
  kernel::v1::Receipt later;  // of a step of the committee
  later.set_recorded_at_ms(c.state().registered_at_ms() + 1);
  MediationDomain::Answer(c.state(), &later);
  EXPECT_EQ(later.query_code(), "");
  EXPECT_EQ(receipt.matter_code(), "37140320261123M000001");
  c.AndIndex("query_code", c.state().query_code());
}

TEST(Apply, OnlineLinksTheApplicantsOwnAccountAndNoOther) {
  Case c(tests::Learned(), "c1");
  c.When(ApplyText(), Resident("u-anna"), kMonday)
      .ThenPartly(
          {"registered { party { party_id: 'p1' person { user_id: 'u-anna' } } party { party_id: 'p2' } }"});
  EXPECT_EQ(c.state().party(1).person().user_id(), "");  // or one person could sign for both sides
  EXPECT_EQ(c.state().application_received_at_ms(), kMonday);
}

TEST(Apply, GoesToTheNearestCommitteeUnlessOneIsNamed) {
  Case(tests::Learned(), "c1")
      .When("apply { voluntary: true area_code: '371403100201' dispute_type: 'D02' facts: '界址' " +
                kParties + " }",
            Resident("ua"), kMonday)
      .ThenPartly({"registered { committee_org: 'c-committee' committee_level: 4 }"});
  Case(tests::Learned(), "c1")
      .When(OfType(ApplyText("committee_org: 'medical-committee'"), "D15"), Resident("ua"), kMonday)
      .ThenPartly({"registered { committee_org: 'medical-committee' kind: INDUSTRY }"});
}

// spec: M1
TEST(Apply, IsRefusedWithTheFieldAtFault) {
  struct {
    std::string text, reason, field;
  } wrong[] = {
      {"apply { voluntary: true area_code: '37140' dispute_type: 'D02' facts: 'x' " + kParties + " }",
       "BAD_AREA", "area_code"},
      {"apply { voluntary: true area_code: '370101' dispute_type: 'D02' facts: 'x' " + kParties + " }",
       "UNKNOWN_AREA", "area_code"},
      {ApplyText("committee_org: 'c-centre'"), "UNKNOWN_COMMITTEE", "committee_org"},
      {"apply { voluntary: true area_code: '371403001002' dispute_type: 'D44' facts: 'x' " + kParties + " }",
       "UNKNOWN_DISPUTE_TYPE", "dispute_type"},
      {"apply { voluntary: true area_code: '371403001002' dispute_type: 'D02' " + kParties + " }",
       "CONTENT_NEEDED", "facts"},
      {"apply { " + kDispute + kParties + " }", "VOLUNTARY_NEEDED", "voluntary"},
      {"apply { voluntary: true " + kDispute +
           "party { applicant: true person { name: 'v' side: SIDE_A } } }",
       "BOTH_SIDES_NEEDED", "party"},
      {"apply { voluntary: true " + kDispute +
           "party { person { name: 'v' side: SIDE_A } } party { person { name: 'v' side: SIDE_B } } }",
       "APPLICANT_NEEDED", "party"},
      {"apply { voluntary: true " + kDispute + "party { person { side: SIDE_A } } }", "PARTY_NAME_NEEDED",
       "party[0].person.name"},
      {"apply { voluntary: true " + kDispute + "party { person { name: 'v' } } }", "VALUE_NEEDED",
       "party[0].person.side"},
      {ApplyText("application_received_at_ms: 99999999999999"), "BAD_RECEIVED", "application_received_at_ms"},
      {ApplyText("amount_fen: -1"), "BAD_AMOUNT", "amount_fen"},
  };
  for (const auto& row : wrong) {
    Case c(tests::Learned(), "c1");
    c.When(row.text, Registrar(), kMonday).ThenRefused(row.reason);
    ASSERT_TRUE(c.refusal());
    EXPECT_EQ(c.refusal()->field, row.field) << row.reason;
  }
}

TEST(Apply, IsRefusedToTheRegistrarOfAnotherLine) {
  const Actor elsewhere = ActorOf(kernel::v1::ROLE_MR, "other-committee", "371482", "mr9");
  Case(tests::Learned(), "c1").When(ApplyText(), elsewhere, kMonday).ThenRefused(RefusalCode::kNotAllowed);
  const Actor above = ActorOf(kernel::v1::ROLE_MR, "t-committee", "371403001", "mr2");
  Case(tests::Learned(), "c1").When(ApplyText(), above, kMonday).ThenPartly({"registered {}"});
}

TEST(Apply, WaitsForCalendarAndPolicies) {
  Case(reference::Reference(), "c1").When(ApplyText(), Registrar(), kMonday).ThenRefused(RefusalCode::kGuard);
}

// spec: M2 DM-01 DM-02
TEST(RegisterExOfficio, AsksEverybodyBecauseNobodyApplied) {
  Case c(tests::Learned(), "c1");
  c.When("register_ex_officio { why: '邻里争吵' " + kDispute + kParties + " }", Mediator(), kMonday)
      .ThenPartly({"registered { source: EX_OFFICIO why_ex_officio: '邻里争吵' }"})
      .AndTimer("due/DM-01", EndOf("2026-11-26") + 1)
      .AndTimer("due/DM-02", EndOf("2026-11-26") + 1);
  for (const auto& party : c.state().party()) EXPECT_EQ(party.consent(), v1::CONSENT_ANSWER_UNSPECIFIED);
  c.When("register_ex_officio { " + kDispute + kParties + " }").ThenRefused("ALREADY_EXISTS");
  Case(tests::Learned(), "c1")
      .When("register_ex_officio { " + kDispute + kParties + " }", Mediator(), kMonday)
      .ThenRefused("CONTENT_NEEDED");  // why nobody waited for an application
}

// The county's committee for medical disputes had neighbours to mediate: its trade was asked about only when a case was
// handed up to it.
// spec: M1 M2 M3 M7
TEST(Intake, OfACommitteeOfATradeIsOfItsTrade) {
  const std::string at = "committee_org: 'medical-committee' " + kDispute + kParties + " }";
  const Actor registrar = ActorOf(kernel::v1::ROLE_MR, "medical-committee", "371403", "mr3");
  for (const std::string& command : {std::string("apply { voluntary: true "),
                                     std::string("register_ex_officio { why: '上门' "),
                                     std::string("receive_referral { sender: FROM_POLICE document: 'd' ")}) {
    Case c(tests::Learned(), "c1");
    c.When(command + at, registrar, kMonday).ThenRefused(RefusalCode::kGuard, "NOT_OF_ITS_TRADE");
    EXPECT_EQ(c.refusal()->field, "committee_org");
    EXPECT_NE(c.refusal()->message_zh.find("邻里"), std::string::npos) << c.refusal()->message_zh;
    c.When(OfType(command + at, "D15"), registrar, kMonday)
        .ThenPartly({"registered { committee_org: 'medical-committee' dispute_type: 'D15' }"});
  }
}

// spec: M3 DM-08
TEST(ReceiveReferral, FromACourtKeepsItsCaseNumberAndItsKind) {
  const Actor court = ActorOf(kernel::v1::ROLE_CT, "court", "371403", "ct1");
  Case c(tests::Learned(), "c1");
  c.When("receive_referral { sender: FROM_COURT document: '(2026)鲁1403委派12号' court_case_no: '诉前12' " +
             kDispute + kParties + " }",
         court, kMonday)
      .ThenPartly({"registered { source: FROM_COURT kind: COURT_DELEGATED court_case_no: '诉前12' "
                   "referral_document: '(2026)鲁1403委派12号' }"})
      .AndTimer("due/DM-08", EndOf("2026-11-26") + 1);
  EXPECT_EQ(c.state().clock_size(), 1);  // the sender waits; the platform's own DM-01 does not run beside it
}

// spec: M3 DM-08
TEST(ReceiveReferral, KeepsTheSendersStricterDate) {
  Case c(tests::Learned(), "c1");
  const int64_t due = Local("2026-11-24 17:00");
  c.When("receive_referral { sender: FROM_POLICE document: 'd' sender_due_ms: " + std::to_string(due) + " " +
             kDispute + kParties + " }",
         Registrar(), kMonday)
      .AndTimer("due/DM-08", due + 1);
}

// A date that lay in the past was taken, and nothing came of it; a case a court has filed had no number.
// spec: M3 DM-08
TEST(ReceiveReferral, RefusesADayThatHasPassedAndAnEntrustedCaseWithoutItsNumber) {
  const auto receive = [](const std::string& more) {
    return "receive_referral { sender: FROM_COURT document: 'd' " + more + " " + kDispute + kParties + " }";
  };
  for (const int64_t due : {kMonday, kMonday - 5 * base::kDayMs, int64_t{5}, int64_t{-1}}) {
    Case late(tests::Learned(), "c1");
    late.When(receive("sender_due_ms: " + std::to_string(due)), Registrar(), kMonday).ThenRefused("SENDER_DUE_PAST");
    EXPECT_EQ(late.refusal()->field, "sender_due_ms");
  }
  Case entrusted(tests::Learned(), "c1");
  entrusted.When(receive("court_entrusted: true"), Registrar(), kMonday).ThenRefused("COURT_CASE_NO_NEEDED");
  EXPECT_EQ(entrusted.refusal()->field, "court_case_no");
  entrusted.When(receive("court_entrusted: true court_case_no: '（2026）鲁1403民初12号'"))
      .ThenPartly({"registered { kind: COURT_ENTRUSTED court_case_no: '（2026）鲁1403民初12号' }"});
  Case delegated(tests::Learned(), "c1");  // before filing there is none yet
  delegated.When(receive(""), Registrar(), kMonday).ThenPartly({"registered { kind: COURT_DELEGATED }"});
}

// A village committee registered what had arisen in another county, and it was counted there.
// spec: M1 M2 M3
TEST(Intake, OfADisputeThatAroseElsewhereSaysWhatItHasToDoWithThisPlace) {
  const std::string elsewhere =
      "area_code: '371403100201' committee_org: 'v-committee' dispute_type: 'D02' facts: '界址' ";
  const std::string commands[] = {"apply { voluntary: true ", "register_ex_officio { why: '上门' ",
                                  "receive_referral { sender: FROM_POLICE document: 'd' "};
  for (const std::string& command : commands) {
    Case c(tests::Learned(), "c1");
    c.When(command + elsewhere + kParties + " }", Registrar(), kMonday).ThenRefused("OUTSIDE_THE_AREA");
    EXPECT_EQ(c.refusal()->field, "area_code");
    c.When(command + elsewhere + kParties + "jurisdiction_ground: A_PARTY_LIVES_HERE }")
        .ThenPartly({"registered { committee_org: 'v-committee' area_code: '371403100201' jurisdiction_ground: "
                     "A_PARTY_LIVES_HERE }"})
        .AndState("jurisdiction_ground: A_PARTY_LIVES_HERE");
  }
  Case court(tests::Learned(), "c1");  // the court has picked who mediates
  court.When("receive_referral { sender: FROM_COURT document: 'd' " + elsewhere + kParties + " }", Registrar(),
             kMonday)
      .ThenPartly({"registered { committee_org: 'v-committee' }"});
}

// spec: M3
TEST(ReceiveReferral, SpeaksOnlyForTheSendersOwnHouse) {
  const Actor court = ActorOf(kernel::v1::ROLE_CT, "court", "371403", "ct1");
  Case(tests::Learned(), "c1")
      .When("receive_referral { sender: FROM_POLICE document: 'd' " + kDispute + kParties + " }", court,
            kMonday)
      .ThenRefused(RefusalCode::kNotAllowed);
  Case(tests::Learned(), "c1")
      .When("receive_referral { sender: FROM_GRID document: 'd' " + kDispute + kParties + " }", Registrar(),
            kMonday)
      .ThenRefused("VALUE_NEEDED");
  Case(tests::Learned(), "c1")
      .When("receive_referral { sender: FROM_POLICE " + kDispute + kParties + " }", Registrar(), kMonday)
      .ThenRefused("CONTENT_NEEDED");  // the paper that brings it
}

// The liaison of one court handed a dispute over in the name of another.
// spec: M3
TEST(ReceiveReferral, InTheNameOfOnesOwnHouse) {
  const Actor court = ActorOf(kernel::v1::ROLE_CT, "court", "371403", "ct1");
  const auto receive = [](const std::string& sender) {
    return "receive_referral { document: 'd' sender: FROM_COURT " + sender + " " + kDispute + kParties + " }";
  };
  Case c(tests::Learned(), "c1");
  c.When(receive("sender_org: '3714-court'"), court, kMonday).ThenRefused("NOT_YOUR_HOUSE");
  EXPECT_EQ(c.refusal()->field, "sender_org");
  c.When(receive("")).ThenPartly({"registered { sender_org: 'court' }"});
  Case said(tests::Learned(), "c1");
  said.When(receive("sender_org: 'court'"), court, kMonday).ThenPartly({"registered { sender_org: 'court' }"});
  Case paper(tests::Learned(), "c1");  // what a registrar enters is what the paper says
  paper.When(receive("sender_org: '3714-court'"), Registrar(), kMonday)
      .ThenPartly({"registered { sender_org: '3714-court' }"});
}

std::string FromAPetitionOffice(const std::string& more) {
  return "receive_referral { sender: FROM_PETITION_OFFICE document: '移送函' " + more + " " + kDispute + kParties + " }";
}

// A petition office of the platform registered a dispute here that its petition had already: nobody had asked what the
// bridge asks, and one dispute had two codes.
// spec: M3 P16
TEST(ReceiveReferral, APetitionOfThePlatformComesFromThePetitionAlone) {
  const Actor office = ActorOf(kernel::v1::ROLE_PO, "c-petition", "371403", "po1");
  const std::string whole = "bridge_code: 'BR1' petition_no: '省访2026-77' consent_proof_sha256: '" + kDigest + "' ";
  Case c(tests::Learned(), "c1");
  c.When(FromAPetitionOffice(whole), office, kMonday)
      .ThenRefused(RefusalCode::kNotAllowed, "PETITION_COMES_BY_ITS_SERVICE");
  EXPECT_EQ(c.refusal()->field, "sender");
  EXPECT_NE(c.refusal()->message_zh.find("referToMediation"), std::string::npos) << "says where to go";
  reference::Reference reference = tests::Learned();
  ASSERT_TRUE(
      reference.Learn(tests::OrgNotice("c-petition", directory::v1::PETITION_OFFICE, "371403", "petition")).ok());
  Case paper(std::move(reference), "c1");  // nor does its paper, which the registrar would enter
  paper.When(FromAPetitionOffice(whole + "sender_org: 'c-petition'"), Registrar(), kMonday)
      .ThenRefused(RefusalCode::kGuard, "PETITION_COMES_BY_ITS_SERVICE");
  EXPECT_EQ(paper.refusal()->field, "sender_org");
  paper
      .When(FromAPetitionOffice("bridge_code: 'BR1' petition_no: '37140320261101P000009' consent_proof_sha256: '" +
                                kDigest + "'"))
      .ThenRefused(RefusalCode::kGuard, "PETITION_COMES_BY_ITS_SERVICE");
  EXPECT_EQ(paper.refusal()->field, "petition_no");
}

// spec: M3
TEST(ReceiveReferral, APetitionKeptElsewhereSaysWhatTheBridgeAsks) {
  const std::string proof = " consent_proof_sha256: '" + kDigest + "'";
  const struct { std::string more, reason, field; } wrong[] = {
      {"petition_no: 'x'" + proof, "VALUE_NEEDED", "bridge_code"},
      {"bridge_code: 'BR5' petition_no: 'x'" + proof, "UNKNOWN_CODE", "bridge_code"},
      {"bridge_code: 'BX3' petition_no: 'x'" + proof, "NOT_FOR_MEDIATION", "bridge_code"},
      {"bridge_code: 'BR1'" + proof, "CONTENT_NEEDED", "petition_no"},
      {"bridge_code: 'BR1' petition_no: 'x'", "SIGNED_CONSENT_MISSING", "consent_proof_sha256"},
      {"bridge_code: 'BR1' petition_no: 'x' consent_proof_sha256: 'zz'", "BAD_DIGEST", "consent_proof_sha256"},
  };
  for (const auto& row : wrong) {
    Case c(tests::Learned(), "c1");
    c.When(FromAPetitionOffice(row.more), Registrar(), kMonday).ThenRefused(row.reason);
    ASSERT_TRUE(c.refusal()) << row.more;
    EXPECT_EQ(c.refusal()->field, row.field) << row.more;
  }
  Case c(tests::Learned(), "c1");
  c.When(FromAPetitionOffice("bridge_code: 'BR2' petition_no: '省访2026-77'" + proof), Registrar(), kMonday)
      .ThenPartly({"paper { form: F1_APPLICATION_OR_REGISTER sha256: '" + kDigest +
                   "' by_user_id: 'mr1' } registered { source: FROM_PETITION_OFFICE bridge_code: 'BR2' petition_no: "
                   "'省访2026-77' }"})
      .AndTimer("due/DM-08", EndOf("2026-11-26") + 1);
  for (const auto& party : c.state().party()) {  // the committee asks all the same
    EXPECT_EQ(party.consent(), party.applicant() ? v1::AGREED_TO_MEDIATE : v1::CONSENT_ANSWER_UNSPECIFIED);
  }
  Case police(tests::Learned(), "c1");
  police
      .When("receive_referral { sender: FROM_POLICE document: 'd' bridge_code: 'BR1' " + kDispute + kParties + " }",
            Registrar(), kMonday)
      .ThenRefused(RefusalCode::kInvalid, "NO_PETITION_HERE");
}

constexpr char kReferral[] =
    "take_referral { origin { service: 'incident' aggregate_id: 'i1' matter_code: '37140320261101I000009' "
    "referral_id: 'r1' } area_code: '371403001002' dispute_type: 'D02' scale: S2_2_TO_4 party_count: 2 ";

// spec: M3 DM-08
TEST(TakeReferral, KeepsTheCodeOfTheRootMatterAndTheSendersDueDate) {
  const int64_t due = Local("2026-11-25 18:00");
  Case c(tests::Learned(), "rf-r1");
  c.When(std::string(kReferral) + "answer_due_ms: " + std::to_string(due) + " }", Platform(), kMonday)
      .ThenPartly({"registered { matter_code: '37140320261101I000009' source: FROM_GRID party_count: 2 "
                   "origin { referral_id: 'r1' aggregate_id: 'i1' } }"})
      .AndNotice("mediation.referral_received")
      .AndTimer("due/DM-08", due + 1);
  v1::Notice notice;
  ASSERT_TRUE(notice.ParseFromString(c.notices()[0].payload()));
  EXPECT_EQ(notice.origin().referral_id(), "r1");
  EXPECT_EQ(notice.party_count(), 2);
  EXPECT_EQ(c.notices()[0].matter_code(), "37140320261101I000009");
}

// spec: M3
TEST(TakeReferral, ToldTwiceRegistersOnce) {
  Case(tests::Learned(), "rf-r1")
      .When(std::string(kReferral) + "}", Platform(), kMonday)
      .ThenPartly({"registered {}"})
      .When(std::string(kReferral) + "}", Platform(), kMonday + 1)
      .ThenNothing();
}

TEST(TakeReferral, WaitsForTheCalendarInsteadOfBeingLost) {
  Case c(reference::Reference(), "rf-r1");
  c.When(std::string(kReferral) + "}", Platform(), kMonday)
      .ThenPartly({"referral_parked { reason: 'CALENDAR_MISSING' }"})
      .AndTimer("retry_referral", kMonday + 10'000)
      .WhenTimerFires("retry_referral")
      .ThenPartly({"referral_parked { wait_ms: 20000 }"})
      .When("accept {}", Registrar(), kMonday)
      .ThenRefused(RefusalCode::kNotFound);
}

TEST(TakeReferral, TriesTheNearestCommitteeIfTheNamedOneIsGone) {
  Case(tests::Learned(), "rf-r1")
      .When(std::string(kReferral) + "committee_org: 'closed-one' }", Platform(), kMonday)
      .ThenPartly({"registered { committee_org: 'v-committee' }"});
}

// spec: M3
TEST(TakeReferral, GoesToTheNearestCommitteeIfTheNamedOneIsOfAnotherTrade) {
  Case(tests::Learned(), "rf-r1")
      .When(std::string(kReferral) + "committee_org: 'medical-committee' }", Platform(), kMonday)
      .ThenPartly({"registered { committee_org: 'v-committee' }"});
  Case c(tests::Learned(), "rf-r1");
  c.When(OfType(std::string(kReferral) + "committee_org: 'medical-committee' }", "D15"), Platform(), kMonday)
      .ThenPartly({"registered { committee_org: 'medical-committee' }"})
      .When("complete_intake { facts: '漏水' dispute_type: 'D02' " + kParties + " }",
            ActorOf(kernel::v1::ROLE_MR, "medical-committee", "371403", "mr3"), kMonday)
      .ThenRefused("NOT_OF_ITS_TRADE");  // the intake finds another dispute than was referred
  EXPECT_EQ(c.refusal()->field, "dispute_type");
}

TEST(TakeReferral, IsNotForPeople) {
  Case(tests::Learned(), "rf-r1")
      .When(std::string(kReferral) + "}", Registrar(), kMonday)
      .ThenRefused(RefusalCode::kNotAllowed);
}

// spec: M3 M4 DM-01
TEST(CompleteIntake, BringsWhatTheReferralCouldNotCarry) {
  Case c(tests::Learned(), "rf-r1");
  c.When(std::string(kReferral) + "}", Platform(), kMonday)
      .When("ask_consent { how: 'x' }", Registrar(), kMonday)
      .ThenRefused("INTAKE_INCOMPLETE")
      .When("complete_intake { facts: '漏水' " + kParties + " }", Registrar(), kMonday)
      .ThenPartly(
          {"intake_completed { dispute_type: 'D02' party { party_id: 'p1' } party { party_id: 'p2' } }"})
      .AndTimer("due/DM-01", EndOf("2026-11-26") + 1)
      .AndState("intake_complete: true party { party_id: 'p1' } party { party_id: 'p2' }")
      .When("complete_intake { facts: '漏水' " + kParties + " }")
      .ThenRefused("INTAKE_ALREADY_COMPLETE");
}

}  // namespace
}  // namespace mediation
