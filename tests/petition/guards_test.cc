// What each step refuses that the other tests never asked for: without one of these lines a guard could be gone unseen.
#include "services/petition/domain/limits.h"
#include "tests/petition/petition_world.h"

namespace petition {
namespace {

Matter Fresh(const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
  return Matter(City(), "p1", file, line);
}

// spec: P1
TEST(Guards, OfARegistrationNameThePlaceAndSomebodyWhoAsks) {
  const std::string rest = "content_code: 'Q05' type: REQUEST channel: LETTER " + kContent;
  Fresh().When("register { area_code: '371403999002' " + rest + kPetitioner + "}", Clerk(), kMonday)
      .ThenRefused("UNKNOWN_AREA");
  Fresh().When("register { area_code: '37140' " + rest + kPetitioner + "}", Clerk(), kMonday).ThenRefused("BAD_AREA");
  Fresh().When("register { area_code: '371403001002' " + rest + "}", Clerk(), kMonday).ThenRefused("PETITIONER_NEEDED");
}

// Art. 25: what happened, and what was done about it.
// spec: P2
TEST(Guards, OfAnUrgentReportWantFactsAndMeasures) {
  Matter m(At::kRegistered);
  m.When("mark_urgent { measures: '到场' }", Clerk(), kMonday).ThenRefused(RefusalCode::kInvalid, "CONTENT_NEEDED");
  m.When("mark_urgent { facts: '聚集' }").ThenRefused(RefusalCode::kInvalid, "CONTENT_NEEDED");
}

// spec: P3
TEST(Guards, OfNewFactsWantWordsNotBlanks) {
  Matter m(At::kRegistered);
  m.As(Clerk()).WhenOn("p2", RegisterText());
  m.WhenOn("p2", "link_repeat { earlier_id: 'p1' repeat_class: NEW_FACTS new_facts: '  ' }")
      .ThenRefused(RefusalCode::kInvalid, "CONTENT_NEEDED");
  EXPECT_EQ(m.refusal()->field, "new_facts");
}

// spec: P3
TEST(Guards, OfACopyKeepItWithItsOffice) {
  Matter m(At::kRegistered);
  m.As(ActorOf(ROLE_PC, "city-petition", "3714", "pc9")).WhenOn("p2", RegisterText());
  ASSERT_FALSE(m.refusal());
  m.As(CityOffice()).WhenOn("p2", "merge_copy { primary_id: 'p1' }").ThenRefused("OTHER_OFFICE");
}

// spec: P4 DP-12
TEST(Guards, OfAReportWantOneThatIsDue) {
  Matter m(At::kReceived);
  m.When("report_completion { report: '已办结' }", Head(), kMonday).ThenRefused("NO_REPORT_DUE");
  m.When("extend_report { reason: '复杂' report_due_at_ms: 9 }", Office(), kMonday).ThenRefused("NO_REPORT_DUE");
}

// Art. 23(3): who has given the file back reports on it no more.
// spec: P7 DP-12
TEST(Objection, AgreedEndsTheReportThatWasAskedFor) {
  Matter m(At::kRegistered);
  m.When("forward { to_org: 'c-hrss' reason: '交办' assigned: true report_due_at_ms: " +
             std::to_string(EndOf("2027-01-08")) + " }",
         Office(), kMonday)
      .When(kReceive, Handler(), kMonday)
      .When("object { reason: '不属于本单位' }", Head(), kMonday)
      .When("decide_objection { agreed: true reason: '核实' }", Office(), kMonday);
  EXPECT_EQ(m.OutcomeOf("DP-12"), common::v1::CLOCK_CANCELLED);
}

// spec: P7
TEST(Guards, OfADisputeWantOne) {
  Matter m(At::kReceived);
  m.When("decide_dispute { to_org: 'c-housing' reason: '由其办理' }", Office(), kMonday).ThenRefused("NOT_IN_DISPUTE");
}

// Art. 34: the period of route 6 is the law's.
// spec: P8 P10 P18
TEST(Guards, OfTheRoutesKeepEachToItsOwn) {
  Matter m(At::kReceived);
  m.When("accept { route: 6 recusal_checked: true procedure_due_at_ms: " + std::to_string(EndOf("2027-05-01")) + " " +
             kNotice + "}",
         Handler(), kMonday)
      .ThenRefused("ROUTE_SIX_HAS_ITS_PERIOD");
  m.When("redirect { code: 'NA04' procedure: '仲裁' " + kNotice + "}").ThenRefused("CONTENT_NEEDED");  // 有关机关
  m.When(kAccept);
  m.When("conclude_procedure { outcome: '已裁决' }", Head(), kMonday).ThenRefused("OPINION_NEEDED");
  Matter other(At::kReceived);
  other.When("accept { route: 4 recusal_checked: true procedure: '行政裁决' " + kNotice + "}", Handler(), kMonday);
  other.When("conclude_procedure {}", Head(), kMonday).ThenRefused("CONTENT_NEEDED");
  other.When("extend { days: 5 reason: '复杂' " + kNotice + "}").ThenRefused("ROUTE_SIX_ONLY");
}

// spec: P11
TEST(Guards, OfAHandOverToDisciplineWantAnAccusation) {
  Matter m(At::kRegistered);
  m.When("transfer_to_discipline { discipline_org: 'c-discipline' }", Office(), kMonday)
      .ThenRefused("NOT_AN_ACCUSATION");
  m.When("retype { type: ACCUSATION reason: '检举' }", Office(), kMonday);
  m.When("transfer_to_discipline { discipline_org: 'c-gov' }").ThenRefused("UNKNOWN_ORG");
  m.When("transfer_to_discipline { discipline_org: 'c-discipline' }");
  EXPECT_EQ(m.OutcomeOf("DP-01"), common::v1::CLOCK_MET);
}

// spec: P14 P24
TEST(Guards, OfAHearingWantItsConclusionAndItsPeriod) {
  Matter m(At::kAccepted);
  m.When(CallText(kMonday + 9), Head(), kMonday);
  m.When("hold_hearing { hearing { presider: 'vault:p' member: 'vault:m' notice_at_ms: 1 from_ms: " +
             std::to_string(kMonday) + " to_ms: " + std::to_string(kMonday) + " record: '笔录' } }",
         Head(), kMonday)
      .ThenRefused(RefusalCode::kInvalid, "CONTENT_NEEDED");
  const std::string held = " from_ms: " + std::to_string(kMonday) + " to_ms: " + std::to_string(kMonday) +
                           " record: '笔录' conclusion: '结论' } }";
  m.When("hold_hearing { hearing { presider: 'vault:p' notice_at_ms: 1" + held).ThenRefused("VALUE_NEEDED");
  m.When("hold_hearing { hearing { presider: 'vault:p' member: 'vault:m' notice_at_ms: 1" + held)
      .ThenRefused(RefusalCode::kInvalid, "BAD_TIME");  // 听证通知: told before it was accepted
  EXPECT_EQ(m.refusal()->field, "hearing.notice_at_ms");
  Matter recheck(At::kRechecking);
  recheck.When("start_hearing { notice_at_ms: 1 }", Rechecker(), recheck.DueOf("DP-10") + 1)
      .ThenRefused("HEARING_LATE");
}

// spec: P16
TEST(Guards, OfTheWayToMediationWantTwoSidesAndAKnownKind) {
  const std::string refer =
      "refer_to_mediation { bridge_code: 'BR1' both_consent: true consent_proof_sha256: '" + kScan;
  Matter m(At::kAccepted);
  m.When(refer + "' dispute_type: 'D10' party_count: 1 }", Handler(), kMonday).ThenRefused("PARTIES_NEEDED");
  m.When(refer + "' dispute_type: 'D77' party_count: 2 }").ThenRefused("UNKNOWN_DISPUTE_TYPE");
}

// spec: P28
TEST(Guards, OfACaseLeaderAreInTheirOrder) {
  const std::string propose = "propose_leader { leader_user_id: 'cl1' leader_org: 'c-gov' target_at_ms: " +
                              std::to_string(EndOf("2027-01-15")) + " }";
  const std::string contact = "record_lead { work: CONTACT text: '见面' }";
  Matter m(At::kAccepted);
  m.When(propose, Office(), kMonday).When(contact, Leader(), kMonday).ThenRefused("LEAD_NOT_ACCEPTED");
  m.When("accept_lead {}", Leader(), kMonday).When("accept_lead {}").ThenRefused("ALREADY_LEADER");
  m.When(propose, Office(), kMonday).ThenRefused("ALREADY_LEADER");
  for (int i = 0; i < kLeadRecordsMax; ++i) m.When(contact, Leader(), kMonday);
  EXPECT_FALSE(m.refusal());
  m.When(contact).ThenRefused(RefusalCode::kLimit, "TOO_LONG");
}

// spec: P30
TEST(Guards, OfAReceptionWantTheDayItWasHeld) {
  Matter m(At::kRegistered);
  m.As(Leader()).WhenOn("r1", "record_reception { kind: VISIT_DOWN leader_user_id: 'cl1' area_code: '371403001' place: "
                              "'街道' record: '接待' held_at_ms: " + std::to_string(kMonday + 1) + " }")
      .ThenRefused(RefusalCode::kInvalid, "BAD_TIME");
  const std::string reception = "record_reception { kind: VISIT_DOWN area_code: '371403001' place: '街道' held_at_ms: " +
                                std::to_string(kMonday - 1);
  m.WhenOn("r1", reception + " record: '接待' }").ThenRefused("VALUE_NEEDED");  // the leader
  m.WhenOn("r1", reception + " leader_user_id: 'cl1' }").ThenRefused("CONTENT_NEEDED");
}

// spec: DP-13
TEST(Guards, OfASuggestionWantAUnitAndOneThatIsOpen) {
  Matter m(At::kRegistered);
  m.When("suggest { suggestion: '公开流程' }", Office(), kMonday).ThenRefused("NO_UNIT_YET");
  Matter other(At::kAccepted);
  other.When("answer_suggestion { adoption: FULL answer: '已公开' }", Head(), kMonday).ThenRefused("NO_SUGGESTION");
}

}  // namespace
}  // namespace petition
