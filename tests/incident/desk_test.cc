// The desk: accept, reject, appeal, merge.
#include "services/incident/domain/rules.h"

#include <string>
#include <utility>

#include "tests/incident/world.h"

namespace incident {
namespace {

using common::v1::CLOCK_CANCELLED;
using common::v1::CLOCK_MET;
using enum kernel::RefusalCode;

// spec: I3 DI-01 DI-02
TEST(Accept, NamesLeadAndTerritoryAndStartsTheDispatchClock) {
  Matter m;
  m.Accepted();
  EXPECT_EQ(m.status(), v1::ACCEPTED);
  EXPECT_EQ(m.Outcome("DI-01"), CLOCK_MET);
  EXPECT_EQ(m.Due("DI-02"), "2026-11-23 14:30");  // four working hours, the noon break left out
  EXPECT_EQ(m.incident().standing().lead_org(), "371403001-centre");
  EXPECT_EQ(m.incident().standing().territorial_org(), "371403001-centre");
  EXPECT_EQ(m.incident().standing().current_level(), 3);
  EXPECT_EQ(m.incident().level_path(0), 3);
  m.AndNotice("incident.accepted");
}

// spec: I3
TEST(Accept, ByTheVillageKeepsItInTheVillage) {
  Matter m;
  m.Reported().Do(Gh(), "accept { complexity: SIMPLE }");
  EXPECT_EQ(m.incident().standing().current_level(), 2);
  EXPECT_EQ(m.incident().standing().territorial_org(), "371403001-centre");
}

// spec: I3
TEST(Accept, NeedsACategoryAndAKnownTerritory) {
  Matter m;
  m.Reported("report { text: '漏水' }").As(Td()).When("accept {}").ThenRefused(kInvalid, "CATEGORY_NEEDED");
  m.When("accept { category: '0706' territorial_org: 'nobody' }").ThenRefused("UNKNOWN_UNIT");
  m.When("accept { category: '1301' }").ThenRefused("CATEGORY_OF_ANOTHER_KIND");
  m.Do(Td(), "accept { category: '0403' }");
  EXPECT_EQ(m.incident().intake().category_name(), "水管爆裂");
}

// A bureau, the mediators or the county above could be named as answering for a village.
// spec: C8 I3 3.6.3
TEST(Accept, NamesATerritorialUnitOfTheLineOfThePlaceOnly) {
  Knowledge known = Known();
  ASSERT_TRUE(known.Learn(Org("371403001-gov", "371403001", 3, directory::v1::GOV)).ok());
  const auto accept = [](const std::string& org) { return "accept { territorial_org: '" + org + "' }"; };
  for (const auto& [org, why] : {std::pair("371403001-urban", "NOT_OF_THE_TERRITORIAL_LINE"),
                                 std::pair("371403001-committee", "NOT_OF_THE_TERRITORIAL_LINE"),
                                 std::pair("371422-centre", "UNIT_OF_ANOTHER_AREA"),
                                 std::pair("371403-centre", "TERRITORY_ABOVE_DESK"),
                                 std::pair("nobody", "UNKNOWN_UNIT")}) {
    Matter m(known);
    m.Reported().As(Td()).When(accept(org)).ThenRefused(kInvalid, why);
    EXPECT_EQ(m.refusal()->field, "territorial_org") << org;
  }
  for (const char* org : {"371403001-centre", "371403001-gov", "371403001001-village"}) {
    Matter m(known);
    m.Reported().Do(Td(), accept(org));
    EXPECT_EQ(m.incident().standing().territorial_org(), org);
  }
  Matter county(known);
  county.Reported().Do(Cd(), accept("371403-centre"));
}

// A street lamp reported as a fire stayed critical for all who heard of it after the desk had put its category right,
// and a leak of gas reported as a lamp stayed ordinary.
// spec: I1 I3 3.6.3 DI-02
TEST(Accept, ThatCorrectsTheCategoryTakesTheEmergencyBackOrMakesItOne) {
  Matter lamp;
  lamp.Reported("public_report { text: '路灯不亮' category: '0401' area_code: '371403001001' }", Anybody());
  EXPECT_EQ(lamp.Published("incident.reported").urgency(), common::v1::CRITICAL) << "until somebody has looked";
  lamp.Do(Td(), "accept { category: '0802' }");
  EXPECT_EQ(lamp.Published("incident.accepted").urgency(), common::v1::NORMAL);
  EXPECT_FALSE(lamp.incident().intake().emergency());
  EXPECT_EQ(lamp.Due("DI-02"), "2026-11-23 14:30");
  Matter gas;
  gas.Reported("public_report { text: '闻到燃气味' category: '0802' area_code: '371403001001' }", Anybody());
  EXPECT_EQ(gas.Published("incident.reported").urgency(), common::v1::NORMAL);
  gas.Do(Td(), "accept { category: '0402' }");
  EXPECT_EQ(gas.Published("incident.accepted").urgency(), common::v1::CRITICAL);
  EXPECT_EQ(gas.Due("DI-02"), "2026-11-23 10:00");
  Matter said;
  said.Reported("report { category: '0802' text: '电线冒火花' urgency: CRITICAL }").Do(Td(), "accept {}");
  EXPECT_TRUE(said.incident().intake().emergency()) << "what was said stays, whatever the category";
}

// spec: I4 DI-01
TEST(Reject, TellsWhyAndWhereToGo) {
  Matter m;
  m.Reported()
      .As(Td())
      .When("reject { reason: STATUTORY_WAY explanation: '法院已判' }")
      .ThenRefused(kInvalid, "WAY_NEEDED");
  m.Do(Td(), "reject { reason: STATUTORY_WAY explanation: '法院已判' where_to_go: '区法院执行局' }");
  EXPECT_EQ(m.status(), v1::REJECTED);
  EXPECT_EQ(m.Outcome("DI-01"), CLOCK_MET);
  EXPECT_EQ(m.Published("incident.rejected").reason_code(), "STATUTORY_WAY");
  m.AndNoTimer();
}

// spec: I4
TEST(Reject, OfTheVillageIsOnlyAProposal) {
  Matter m;
  m.Reported()
      .As(Gh())
      .When("reject { reason: NO_CONTENT explanation: '空的' }")
      .ThenRefused(kNotAllowed, "ROLE_MAY_NOT");
  m.Do(Gh(), "propose_rejection { reason: NO_CONTENT explanation: '空的' }");
  EXPECT_EQ(m.status(), v1::REPORTED);
  EXPECT_EQ(m.incident().standing().current_level(), 3);
}

// spec: I4
TEST(AppealRejection, GoesOnceToTheNextLevel) {
  Matter m;
  m.Reported().Do(Td(), "reject { reason: NOT_IN_ITEM_LIST explanation: '不归我们' }");
  m.Do(Gw(), "appeal_rejection { reason: '就是归你们' }");
  EXPECT_EQ(m.status(), v1::REPORTED);
  EXPECT_EQ(m.incident().standing().current_level(), 4);
  EXPECT_EQ(m.incident().standing().holder_org(), "371403-centre");
  EXPECT_EQ(m.Outcome("DI-01"), common::v1::CLOCK_RUNNING);
  m.As(Td()).When("accept {}").ThenRefused(kNotAllowed, "LEVEL_TOO_LOW");
  m.Do(Cd(), "reject { reason: NOT_IN_ITEM_LIST explanation: '确实不归' }");
  m.As(Gw()).When("appeal_rejection { reason: '再看看' }").ThenRefused("APPEALED_ALREADY");
}

// spec: I5
TEST(Merge, FollowsThePrimaryAndCancelsItsOwnClocks) {
  Matter m;
  m.Reported().WhenOn("p1", kFlyers).As(Td()).When("merge { primary_id: 'p1' ground: '同一面墙' }");
  EXPECT_EQ(m.status(), v1::MERGED);
  EXPECT_EQ(m.Outcome("DI-01"), CLOCK_CANCELLED);
  EXPECT_EQ(m.StateOf("p1").incident().report_count(), 2);
  EXPECT_EQ(m.incident().primary_code(), m.StateOf("p1").incident().matter_code());
  m.AndNotice("incident.merged").AndNotice("incident.duplicate_joined").AndNoTimer();
}

// 警情: a report by the police is one call on the matter; merged ones are counted with it, each once, and whoever else
// reports is none. How many there were is told; who they were about is not.
// spec: W4 I5
TEST(Merge, CountsWhatThePoliceReported) {
  Knowledge known = Known();
  ASSERT_TRUE(known.Learn(Org("371403001-police", "371403001", 3, directory::v1::POLICE)).ok());
  const Actor officer = ActorOf(kernel::v1::ROLE_DH, "371403001-police", kTownship, "u-officer");
  const auto told = [](const Matter& m, std::string_view topic) {
    v1::Notice notice;
    for (const auto& one : m.notices()) {
      if (one.topic() != topic) continue;
      EXPECT_TRUE(notice.ParseFromString(one.payload()));
    }
    return notice.police_calls();
  };
  Matter m(known);
  m.As(officer).When(kFlyers);
  EXPECT_EQ(told(m, "incident.reported"), 1);
  m.WhenOn("p1", kFlyers).As(Gw()).WhenOn("p2", kFlyers);
  EXPECT_EQ(told(m, "incident.reported"), 0);
  m.As(Td()).WhenOn("m1", "merge { primary_id: 'p2' ground: '同一面墙' }");
  EXPECT_EQ(told(m, "incident.duplicate_joined"), 1);
  m.WhenOn("p1", "merge { primary_id: 'p2' ground: '同一面墙' }");
  EXPECT_EQ(told(m, "incident.duplicate_joined"), 2);
  m.As(Gw()).WhenOn("p3", kFlyers).As(Td()).WhenOn("p2", "merge { primary_id: 'p3' ground: '同一面墙' }");
  EXPECT_EQ(told(m, "incident.duplicate_joined"), 2);
}

// spec: I5
TEST(Merge, IsRefusedIntoItselfNothingAMergedOrAnEndedMatter) {
  Matter m;
  m.Reported().As(Td()).When("merge { primary_id: 'm1' ground: 'x' }").ThenRefused("NO_SUCH_PRIMARY");
  m.When("merge { primary_id: 'nothing' ground: 'x' }").ThenRefused("NO_SUCH_PRIMARY");
  m.As(Gw()).WhenOn("p1", kFlyers).WhenOn("p2", kFlyers);
  m.As(Td()).WhenOn("p1", "merge { primary_id: 'p2' ground: 'x' }");
  m.When("merge { primary_id: 'p1' ground: 'x' }").ThenRefused("PRIMARY_IS_MERGED");
  EXPECT_EQ(m.refusal()->metadata.at("primary_id"), "p2");
  m.WhenOn("p2", "reject { reason: NO_CONTENT explanation: 'x' }");
  m.When("merge { primary_id: 'p2' ground: 'x' }").ThenRefused("PRIMARY_IS_ENDED");
  m.As(Gw()).WhenOn("p3", "report { category: '0706' text: '那边' area_code: '371422100' }");
  m.As(Td()).When("merge { primary_id: 'p3' ground: 'x' }").ThenRefused("PRIMARY_OUTSIDE_AREA");
  m.As(Gw()).WhenOn("p4", "report { category: '1001' text: '办证' }");
  m.As(Td()).When("merge { primary_id: 'p4' ground: 'x' }").ThenRefused("OF_ANOTHER_KIND");
}

// Flow 7: forty reports of one burst pipe. spec: flow-7 I5
TEST(Flow, DuplicateStormEndsAsOneMatterAndTellsEverybody) {
  Matter m;
  m.Reported("report { category: '0403' text: '水管爆了' }");
  for (int i = 0; i < 39; ++i) {
    const std::string id = "dup" + std::to_string(i);
    m.As(Anybody()).WhenOn(id,
                           "public_report { text: '路上全是水' category: '0403' area_code: '371403001001' }");
    m.As(Td()).WhenOn(id, "merge { primary_id: 'm1' ground: '同一处水管' }");
  }
  EXPECT_EQ(m.incident().report_count(), 40);
  m.Do(Td(), "accept {}").Do(Td(), "dispatch { lead_org: '371403001-urban' }").Do(Dh(), "take {}");
  m.Do(Dh(), "complete { result: '已修好' resolved: YES }")
      .Do(Vf(), "verify_pass { record: '通水' resolved: YES }");
  m.WhenTimerFires("inform_followers");
  EXPECT_EQ(m.notices().size(), 39u);
  EXPECT_TRUE(m.StateOf("dup38").incident().follower_informed());
  m.AndNoTimer("inform_followers").AndTally("s/371403/CLOSED", 1).AndTally("s/371403/MERGED", 39);
}

TEST(Sealed, IsMergedWithNothingAndStaysOutOfAreaLists) {
  Matter m;
  m.Reported("report { category: '0706' text: '举报' sealed: true }").AndNotInIndex("area").AndNotInIndex("county");
  m.WhenOn("p1", kFlyers)
      .As(Td())
      .When("merge { primary_id: 'p1' ground: 'x' }")
      .ThenRefused("SEALED_STAYS_APART");
}

TEST(Sealed, IsOpenToTheUnitsThatAnswerForItOnly) {
  Matter m;
  m.Reported("report { category: '0706' text: '举报' sealed: true }");
  const Knowledge known = Known();
  const Actor neighbour = ActorOf(kernel::v1::ROLE_TD, "371403001-other", kTownship);
  EXPECT_FALSE(MaySee(m.incident(), neighbour, known));
  EXPECT_TRUE(MaySee(m.incident(), Td(), known));
  m.As(neighbour).When("accept {}").ThenRefused(kNotAllowed, "OUTSIDE_AREA");
  m.Do(Td(), "accept {}");
}

TEST(Sealed, TellsOthersItsKindAndLevelOnly) {
  Matter m;
  m.Reported("report { category: '0706' text: '举报' sealed: true }");
  ASSERT_EQ(m.notices().size(), 1u);
  EXPECT_EQ(m.notices()[0].classification(), kernel::v1::SEALED);
  v1::Notice expected;
  expected.set_kind(v1::INCIDENT);
  expected.set_current_level(1);
  EXPECT_EQ(m.notices()[0].payload(), expected.SerializeAsString());
}

// A sealed report was referred, mediation could hear nothing of it, and the matter waited for an answer for ever.
TEST(Sealed, IsNotReferredBecauseNobodyElseMayKnowIt) {
  Matter m;
  m.Reported("report { category: '0706' text: '举报' sealed: true }");
  m.Do(Td(), "accept {}")
      .As(Td())
      .When("refer_to_mediation { dispute_type: 'D02' party_count: 2 facts: '争议' }")
      .ThenRefused("SEALED_STAYS_HERE")
      .When("refer_to_petition { facts: '诉求' }")
      .ThenRefused("SEALED_STAYS_HERE");
}

}  // namespace
}  // namespace incident
