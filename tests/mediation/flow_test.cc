// Whole lives of a case, as people live them.
#include "tests/mediation/case_world.h"

namespace mediation {
namespace {

std::vector<std::string> TopicsOf(Case& c) {
  std::vector<std::string> topics;
  for (const auto& notice : c.notices()) topics.push_back(notice.topic());
  return topics;
}

v1::Notice Payload(Case& c, size_t at) {
  v1::Notice notice;
  EXPECT_TRUE(notice.ParseFromString(c.notices().at(at).payload()));
  return notice;
}

constexpr char kReferral[] =
    "take_referral { origin { service: 'incident' aggregate_id: 'i1' matter_code: '37140320261123I000009' "
    "referral_id: 'r1' } "
    "area_code: '371403001002' dispute_type: 'D02' scale: S2_2_TO_4 party_count: 2 }";

// A neighbour dispute, settled in the village by an oral agreement.
// spec: M3 M5 M7 M9 M15
TEST(NeighbourDispute, ReferredByTheGridIsSettledInTheVillage) {
  Case c(tests::Learned(), "rf-r1");
  c.When(kReferral, Platform(), kMonday)
      .AndNotice("mediation.referral_received")
      .When("complete_intake { facts: '楼上漏水' " + kParties + " }", Registrar(), kMonday + 1)
      .When("ask_consent { how: '电话' }")
      .When("record_consent { party_id: 'p2' answer: AGREED_TO_MEDIATE how: '电话录音' }")
      .When("serve_rights_notice { party_id: 'p1' party_id: 'p2' how: '当面' }")
      .When(kAccept)
      .AndNotice("mediation.accepted")
      .AndNoTimer("due/DM-08")
      .When(kAssign, Chair(), kMonday + 2)
      .When(SessionText(kMonday + base::kDayMs), Mediator(), kMonday + base::kDayMs)
      .When(
          "record_oral { facts: '楼上漏水' manner: '当场道歉' clause { obligor_party_id: 'p2' "
          "obligee_party_id: 'p1' kind: DO "
          "content: '修好' place: '楼上' due_at_ms: 1798000000000 } }");
  EXPECT_EQ(TopicsOf(c), std::vector<std::string>{"mediation.effective"});
  const v1::Notice notice = Payload(c, 0);
  EXPECT_EQ(notice.origin().aggregate_id(), "i1");  // the incident closes by this
  EXPECT_EQ(notice.origin().referral_id(), "r1");
  EXPECT_EQ(notice.level(), 2);  // resolved in the village
  EXPECT_EQ(notice.form(), v1::ORAL);
  EXPECT_EQ(c.state().matter_code(), "37140320261123I000009");
  EXPECT_EQ(c.OutcomeOf("DM-08"), common::v1::CLOCK_MET);
}

// The same dispute to its last page: kept, visited, completed, archived.
// spec: M15 M18 M19 M23 M24 DM-06 DM-07 flow-1
TEST(NeighbourDispute, IsFollowedUntilItIsKeptAndFiled) {
  Case c = MediatingCase();
  c.When("record_oral { facts: '楼上漏水' manner: '上门修理' " + kRepair + " }")
      .WhenTimerFires("promise/1")
      .AndNotice("mediation.promise_due")
      .When("perform { clause_no: 1 }", Resident("ua"), Local("2026-12-10 17:00"))
      .AndNotice("mediation.performed")
      .When(
          "follow_up { visit { mode: AT_HOME party_id: 'p1' party_id: 'p2' finding: '已修好' satisfaction: 5 "
          "} }",
          ActorOf(kernel::v1::ROLE_GW, "grid", "371403001002003", "gw1"), Local("2026-12-14 10:00"))
      .AndNoTimer("due/DM-06")
      .When("complete { outcome: ALL_PERFORMED }", Chair(), c.now_ms());
  EXPECT_EQ(TopicsOf(c), std::vector<std::string>{"mediation.completed"});
  EXPECT_TRUE(Payload(c, 0).performed());
  EXPECT_EQ(Payload(c, 0).end_reason(), v1::E02_ORAL_AGREEMENT);
  for (const char* party : {"p1", "p2"}) {
    c.When(std::string("file_document { form: F3_IDENTITY title: '身份证' party_id: '") + party +
               "' sha256: '" + kDigest + "' }",
           Registrar(), c.now_ms());
  }
  SignIntake(&c);
  c.When("file_document { form: F8B_ORAL_REGISTER title: '已签名盖章' sha256: '" + kDigest + "' }", Mediator(), c.now_ms());
  c.When("archive { volume_title: '邻里漏水纠纷' }", Chair(), Local("2026-12-15 09:00"))
      .AndNotice("mediation.archived")
      .AndState("status: ARCHIVED")
      .AndNoTimer();
  EXPECT_EQ(c.OutcomeOf("DM-06"), common::v1::CLOCK_MET);
  EXPECT_EQ(c.OutcomeOf("DM-07"), common::v1::CLOCK_MET);
}

// A wage dispute before the county's committee: one side refuses to go on.
// spec: M3 M9 M17
TEST(WageDispute, RefusedByOneSideGoesBackToItsSender) {
  reference::Reference known = tests::Learned();
  CHECK(known.Learn(tests::StaffNotice("md1", kernel::v1::ROLE_MD, "c-committee", "371403")).ok());
  Case c(known, "rf-r2");
  const Actor county = ActorOf(kernel::v1::ROLE_MR, "c-committee", "371403", "mr3");
  const Actor chair = ActorOf(kernel::v1::ROLE_MC, "c-committee", "371403", "mc3");
  const Actor mediator = ActorOf(kernel::v1::ROLE_MD, "c-committee", "371403", "md1");
  c.When(
       "take_referral { origin { service: 'incident' aggregate_id: 'i2' matter_code: 'X' referral_id: 'r2' } "
       "area_code: '371403001002' dispute_type: 'D10' scale: S4_10_TO_49 party_count: 13 committee_org: "
       "'c-committee' }",
       Platform(), kMonday)
      .When("complete_intake { facts: '欠薪' amount_fen: 12000000 " + kParties + " }", county, kMonday)
      .When("record_consent { party_id: 'p2' answer: AGREED_TO_MEDIATE how: 'x' }")
      .When("serve_rights_notice { party_id: 'p1' party_id: 'p2' how: 'x' }")
      .When(kAccept)
      .When(kAssign, chair, kMonday)
      .When(SessionText(kMonday + base::kDayMs), mediator, kMonday + base::kDayMs)
      .When(
          "end { reason: E04_PARTY_REFUSES party_id: 'p2' remedy: ARBITRATION remedy: JUDICIAL notice_how: "
          "'书面' "
          "where_to_go: '劳动仲裁委' }",
          chair, c.now_ms())
      .AndNotice("mediation.ended")
      .AndNoTimer();
  const v1::Notice notice = Payload(c, 0);
  EXPECT_EQ(notice.end_reason(), v1::E04_PARTY_REFUSES);
  EXPECT_EQ(notice.origin().aggregate_id(), "i2");
  EXPECT_EQ(notice.level(), 4);
}

}  // namespace
}  // namespace mediation
