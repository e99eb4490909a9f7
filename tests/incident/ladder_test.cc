// The ladder 逐级上报 (3.6.3): every breach climbs once a level, and a breach that is another one climbs again.
#include <algorithm>
#include <initializer_list>

#include "tests/incident/world.h"

namespace incident {
namespace {

using common::v1::TOWNSHIP, common::v1::COUNTY, common::v1::CITY;

int LevelOf(Matter& m) { return m.incident().standing().current_level(); }

bool IsDueNow(Matter& m) {
  return std::ranges::any_of(IncidentDomain::Timers(m.state()), [&](const kernel::Timer& timer) {
    return timer.name == "ladder" && timer.due_ms <= m.now_ms();
  });
}

// The county had sent it down; the township let the new time pass as well, and nobody above heard of it again.
// spec: 3.6.3 I13
TEST(Ladder, LiftsWhatWasSentDownAndIsLateAgain) {
  Matter m;
  m.Taken();
  m.WhenTimerFires("ladder");
  ASSERT_EQ(LevelOf(m), COUNTY);
  ASSERT_EQ(m.now_ms(), Ms("2026-11-28 00:00") + 1);
  m.Do(Cd(), "send_down { reason: '街道能办' }").Do(Td(), "dispatch { lead_org: '371403001-urban' }");
  m.AndTimer("ladder", Ms("2026-12-03 00:00") + 1);  // three working days are the township's again
  m.Do(Dh(), "take {}").AndTimer("ladder", Ms("2026-12-03 00:00") + 1);
  m.WhenTimerFires("ladder");
  EXPECT_EQ(LevelOf(m), COUNTY);
  EXPECT_EQ(m.Published("incident.escalated").escalation().reason(), "OVERDUE");
  m.AndNoTimer("ladder");  // once: the city hears of it after a card
}

// spec: 3.6.3 I13
TEST(Ladder, LiftsWhatTheVillageGotBackAndDidNotSettle) {
  Matter m;
  m.Reported("report { category: '0706' text: '广告' }", Gh()).Do(Gh(), "accept {}");
  m.WhenTimerFires("ladder");
  ASSERT_EQ(LevelOf(m), TOWNSHIP);
  ASSERT_EQ(m.now_ms(), Ms("2026-11-27 00:00") + 1);
  m.Do(Td(), "send_down { reason: '村里能办' }").AndTimer("ladder", Ms("2026-12-01 00:00") + 1);
  m.WhenTimerFires("ladder");
  EXPECT_EQ(LevelOf(m), TOWNSHIP);
  EXPECT_EQ(m.Published("incident.escalated").escalation().reason(), "OPEN");
}

// The township had handed it up by itself; the county sent it down, and in the same second it went up again.
// spec: 3.6.3 I13
TEST(Ladder, LeavesWhereItIsWhatWasSentDownByWhoeverKnewTheFacts) {
  Matter m;
  m.Reported("report { category: '0706' text: '十几户门前的广告' scale: S4_10_TO_49 }", Gh()).Do(Gh(), "accept {}");
  ASSERT_TRUE(IsDueNow(m));
  m.Do(Gh(), "escalate { reason: '村里办不了' measures_tried: '劝过' }");
  m.Do(Td(), "escalate { reason: '人多' measures_tried: '劝过' }");
  m.Do(Cd(), "send_down { reason: '街道能办' }");
  ASSERT_EQ(LevelOf(m), TOWNSHIP);
  EXPECT_FALSE(IsDueNow(m));
  m.Do(Td(), "send_down { reason: '村里能办' }");
  EXPECT_FALSE(IsDueNow(m)) << "five persons and more are as well known";
  m.AndTimer("ladder", Ms("2026-11-27 00:00") + 1);  // its three days
}

// The township had handed it down after two sessions of its own; in the same second it went up again for these.
// spec: 3.6.3 I13 I21
TEST(Ladder, LeavesWhereItIsWhatWasSentDownAfterItsSessions) {
  Matter m;
  m.Reported("report { category: '0102' text: '两家争墙根' }", Gh()).Do(Gh(), "accept {}");
  m.Do(Gh(), "escalate { reason: '谈不拢' measures_tried: '劝过' }");
  if (m.status() == v1::REPORTED) m.Do(Td(), "accept {}");
  m.Do(Td(), "refer_to_mediation { dispute_type: 'D02' party_count: 2 facts: '墙根' }");
  m.Do(Service("mediation"), Mediation(m, "ended", 9, "end_reason: E05_TOO_FAR_APART failed_sessions: 2"));
  m.Do(Td(), "send_down { reason: '村里能办' }");
  ASSERT_EQ(LevelOf(m), common::v1::VILLAGE);
  EXPECT_FALSE(IsDueNow(m)) << "whoever sent it down knew of them";
}

// spec: 3.6.3 I15
TEST(Ladder, LiftsAgainAfterTwoFurtherReworksOnly) {
  Matter m;
  const auto rework = [&] {
    m.Do(Dh(), "complete { result: 'x' resolved: YES }").Do(Vf(), "verify_fail { finding: '没有做完' }");
  };
  m.Taken();
  rework();
  rework();
  ASSERT_TRUE(IsDueNow(m));
  m.WhenTimerFires("ladder");
  ASSERT_EQ(LevelOf(m), COUNTY);
  m.Do(Cd(), "send_down { reason: '街道能办' }").Do(Td(), "dispatch { lead_org: '371403001-urban' }");
  m.Do(Dh(), "take {}");
  EXPECT_FALSE(IsDueNow(m)) << "the county has heard of those two";
  rework();
  EXPECT_FALSE(IsDueNow(m));
  rework();
  EXPECT_TRUE(IsDueNow(m));
}

// Recorded before marks said what they were about.
// spec: 3.6.3
TEST(Ladder, TakesAMarkOfAnEarlierBuildAsItWasMeant) {
  Matter m;
  m.Reported("report { category: '0706' text: '广告' }", Gh()).Do(Gh(), "accept {}");
  m.Given({"escalated { from: 2 to: 3 automatic: true ladder_reason: 'OPEN' }"});
  ASSERT_EQ(m.incident().ladder_mark_size(), 1);
  m.Do(Gh(), "supplement { text: '看过了' }").AndNoTimer("ladder");
}

Knowledge Also(std::initializer_list<directory::v1::Notice> notices) {
  Knowledge known = Known();
  for (const auto& notice : notices) EXPECT_TRUE(known.Learn(notice).ok()) << notice.ShortDebugString();
  return known;
}

// spec: 3.6.3
TEST(Ladder, LiftsToTheCountyWhatTwoOfItsDepartmentsDealWith) {
  Matter m(Also({Org("371403-water", "371403", 4, directory::v1::DEPARTMENT, "water")}));
  m.Accepted().Do(Td(), "dispatch { lead_org: '371403001-urban' co_handler_org: '371403-hrss' }");
  EXPECT_FALSE(IsDueNow(m)) << "one is not two";
  m.Do(Dh(), "request_return { reason: '归水务' }").Do(Td(), "approve_return {}");
  m.Do(Td(), "dispatch { lead_org: '371403001-urban' co_handler_org: '371403-hrss' co_handler_org: '371403-water' }");
  ASSERT_TRUE(IsDueNow(m));
  m.WhenTimerFires("ladder");
  EXPECT_EQ(LevelOf(m), COUNTY);
  EXPECT_EQ(m.Published("incident.escalated").escalation().reason(), "DEPARTMENTS");
}

// spec: 3.6.3
TEST(Ladder, LiftsToTheCountyWhatUnitsOfTwoTownshipsDealWith) {
  Matter m(Also({Area("371403002", "临齐街道"),
                 Org("371403002-urban", "371403002", 3, directory::v1::DEPARTMENT, "urban")}));
  m.Accepted().Do(Td(), "dispatch { lead_org: '371403001-urban' co_handler_org: '371403001-water' }");
  EXPECT_FALSE(IsDueNow(m));
  m.Do(Dh(), "request_return { reason: '归水务' }").Do(Td(), "approve_return {}");
  m.Do(Td(), "dispatch { lead_org: '371403001-urban' co_handler_org: '371403002-urban' }");
  ASSERT_TRUE(IsDueNow(m));
  m.WhenTimerFires("ladder");
  EXPECT_EQ(LevelOf(m), COUNTY);
  EXPECT_EQ(m.Published("incident.escalated").escalation().reason(), "AREAS");
}

// spec: 3.6.3
TEST(Ladder, LiftsToTheCityWhatUnitsOfTwoCountiesDealWith) {
  Matter m;
  m.Accepted().Do(Td(), "escalate { reason: '跨县' measures_tried: '已联系' }");
  EXPECT_FALSE(IsDueNow(m));
  m.Do(Cd(), "dispatch { lead_org: '371403-hrss' co_handler_org: '371422-urban' }");
  ASSERT_TRUE(IsDueNow(m));
  m.WhenTimerFires("ladder");
  EXPECT_EQ(LevelOf(m), CITY);
  EXPECT_EQ(m.Published("incident.escalated").escalation().reason(), "AREAS");
}

// spec: 3.6.3
TEST(Ladder, IsForACategoryWhatTheCitySaysForIt) {
  directory::v1::Notice notice;
  auto* policies = notice.mutable_policy_changed();
  *policies = Policies().policies;
  policies->set_revision(policies->revision() + 1);
  policies->mutable_ladder()->set_revision(policies->ladder().revision() + 1);
  for (const char* category : {"07", "0706"}) {
    auto* step = policies->mutable_ladder()->add_step();
    step->set_from_level(TOWNSHIP);
    step->set_to_level(COUNTY);
    step->add_category(category);
    step->mutable_overdue_longer_than()->set_amount(category == std::string_view("0706") ? 1 : 9);
    step->mutable_overdue_longer_than()->set_unit(common::v1::D);
  }
  Matter m(Also({notice}));
  m.Taken();
  m.AndTimer("ladder", Ms("2026-11-26 00:00") + 1);  // due on the 24th, and a day
}

std::string OfOrder(std::string_view topic, int version) {
  return "hear_oversight { topic: 'oversight." + std::string(topic) + "' source_id: 'o1' version: " +
         std::to_string(version) +
         " notice { service: 'incident' subject_id: 'm1' order_id: 'o1' card: CARD_YELLOW } }";
}

// spec: I12 3.6.3
TEST(Ladder, GoesFromCountyToCityOnlyAfterAYellowCard) {
  Matter m;
  m.Taken().Do(Dh(), "escalate { reason: 'a' measures_tried: '试过' }");
  m.Do(Cd(), "dispatch { lead_org: '371403-hrss' }").AndNoTimer("ladder");
  m.Do(Service("oversight"), OfOrder("order_issued", 1));
  m.WhenTimerFires("ladder");
  EXPECT_EQ(LevelOf(m), CITY);
}

// Carded, closed and reopened: it went to the city without a card of its own.
// spec: 3.6.3 I18
TEST(Ladder, AReopeningForgetsTheCardsOfTheCycleBefore) {
  Matter m;
  m.Taken().Do(Service("oversight"), OfOrder("order_issued", 1));
  m.Do(Dh(), "complete { result: '已清理' resolved: YES }");
  m.Do(Vf(), "verify_pass { record: '现场看过' resolved: YES }").Do(Service("oversight"), OfOrder("order_closed", 2));
  ASSERT_NE(m.incident().carded_at_ms(), 0);
  m.Do(Td(), "reopen { reason: RECURRED explanation: '又贴上了' }");
  EXPECT_EQ(m.incident().carded_at_ms(), 0);
}

// The unit answered the card, its answer was accepted, and however late the matter was then, the city heard nothing.
// spec: 3.6.3 O4
TEST(Ladder, LiftsToTheCityAfterACardThatWasAnswered) {
  Matter m;
  const Actor hrss = ActorOf(kernel::v1::ROLE_DH, "371403-hrss", kCounty, "u-hrss");
  m.Taken().Do(Dh(), "escalate { reason: '涉及两个部门' measures_tried: '协调过' }");
  m.Do(Cd(), "dispatch { lead_org: '371403-hrss' }").Do(hrss, "take {}");
  m.OnDay("2026-11-27 10:00").Do(hrss, "progress { text: '在办' }").AndNoTimer("ladder");  // late since the 25th
  m.Do(Service("oversight"), OfOrder("order_issued", 1));
  m.OnDay("2026-11-30 10:00").Do(Service("oversight"), OfOrder("order_closed", 2));
  ASSERT_TRUE(m.incident().order().empty());
  m.AndTimer("ladder", Ms("2026-12-09 00:00") + 1);  // seven working days after the card
  m.WhenTimerFires("ladder");
  EXPECT_EQ(LevelOf(m), CITY);
  m.AndNoTimer("ladder");
}

// An answer that is sent back is told as the order once more.
// spec: 3.6.3 O6
TEST(Ladder, CountsFromTheCardAndNotFromItsAnswerSentBack) {
  Matter m;
  const Actor hrss = ActorOf(kernel::v1::ROLE_DH, "371403-hrss", kCounty, "u-hrss");
  m.Taken().Do(Dh(), "escalate { reason: '涉及两个部门' measures_tried: '协调过' }");
  m.Do(Cd(), "dispatch { lead_org: '371403-hrss' }").Do(hrss, "take {}");
  m.OnDay("2026-11-27 10:00").Do(Service("oversight"), OfOrder("order_issued", 1));
  m.OnDay("2026-12-02 10:00").Do(Service("oversight"), OfOrder("order_issued", 3));
  m.AndTimer("ladder", Ms("2026-12-09 00:00") + 1);
}

}  // namespace
}  // namespace incident
