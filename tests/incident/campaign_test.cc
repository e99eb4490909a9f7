// Screening campaigns: one task a grid, findings become matters, 一切正常 is an answer, emergency data end.
#include "tests/incident/world.h"

namespace incident {
namespace {

using enum kernel::RefusalCode;

// Three grids, a minute each: what the county's dispatcher has seen.
std::string Start(std::string_view area, std::string_view more = "", int64_t seen_minutes = 3) {
  return "start_campaign { title: '防汛排查' category: '1203' area_code: '" + std::string(area) +
         "' due_at_ms: " + std::to_string(Ms("2026-11-30 18:00")) +
         " seen_cost_minutes: " + std::to_string(seen_minutes) + " " + std::string(more) + " }";
}

Matter& Started(Matter& m) { return m.Do(Cd(), Start(kCounty)); }

TEST(Campaign, OpensOneTaskForEachGridOfTheArea) {
  Matter m(Known(), "c1");
  Started(m).AndNotice("campaign.started").WhenTimerFires("campaign");
  EXPECT_EQ(m.notices().size(), 3u);
  m.AndTally("c/c1/o", 3).AndTimer("campaign", Ms("2026-11-30 18:00") + 1);
  EXPECT_EQ(m.StateOf("c1-371403001002001").task().grid_code(), "371403001002001");
}

TEST(Campaign, OpensTasksInPortions) {
  Knowledge known = Known();
  for (int i = 1; i <= 150; ++i) {
    char code[20];
    std::snprintf(code, sizeof(code), "371403001002%03d", i);
    ASSERT_TRUE(known.Learn(Area(code, "网格")).ok());
  }
  Matter m(known, "c1");
  m.Do(Cd(), Start(kCounty, "", 152));
  int firings = 0;
  while (!m.state().campaign().expanded()) {
    const int64_t due = IncidentDomain::Timers(m.state()).front().due_ms;
    m.WhenTimerFires("campaign");
    EXPECT_LE(m.events().size(), 65u);
    EXPECT_NE(IncidentDomain::Timers(m.state()).front().due_ms, due)
        << "a timer that stays would wait an hour";
    ++firings;
  }
  EXPECT_EQ(firings, 3);
  m.AndTally("c/c1/o", 152);
  EXPECT_EQ(m.state().campaign().tasks(), 152u);
}

TEST(Campaign, LiesInTheOwnAreaHasAScreeningCategoryGridsAndADate) {
  Matter m(Known(), "c1");
  m.As(Cd()).When(Start(kOtherCounty)).ThenRefused(kNotAllowed, "OUTSIDE_AREA");
  m.As(Cc()).When(Start(kOtherCounty)).ThenRefused("NO_GRIDS");
  m.As(Cd())
      .When("start_campaign { title: 'x' category: '0706' area_code: '371403' due_at_ms: 1 }")
      .ThenRefused("CATEGORY_NEEDED");
  m.When("start_campaign { title: 'x' category: '1203' area_code: '371403' due_at_ms: 1 }")
      .ThenRefused("DUE_OUT_OF_RANGE");
  m.When(Start(kCounty, "emergency: true")).ThenRefused("RETENTION_NEEDED");
}

// spec: R2
TEST(Task, AllNormalIsAnAnswer) {
  Matter m(Known(), "c1");
  Started(m).WhenTimerFires("campaign");
  m.As(Gw()).WhenOn("c1-371403001001001", "complete_task { all_normal: true }");
  m.AndNotice("campaign.task_done").AndTally("c/c1/n", 1).AndTally("c/c1/o", 2);
  m.WhenOn("c1-371403001001001", "complete_task { all_normal: true }").ThenRefused("TASK_ENDED");
}

TEST(Task, FindingsBecomeMattersOfTheirOwn) {
  Matter m(Known(), "c1");
  Started(m).WhenTimerFires("campaign");
  m.As(Gw()).WhenOn("c1-371403001001001",
                    "complete_task { finding { category: '0508' text: '水塘无护栏' } finding { category: "
                    "'0808' text: '排水沟堵' } }");
  ASSERT_EQ(m.events().size(), 3u);
  const auto& finding = m.StateOf(m.events()[0].aggregate_id).incident();
  EXPECT_EQ(finding.intake().kind(), v1::SCREENING_FINDING);
  EXPECT_EQ(finding.intake().campaign_id(), "c1");
  EXPECT_EQ(finding.standing().status(), v1::REPORTED);
  EXPECT_EQ(m.StateOf("c1-371403001001001").task().finding_code(1), "37140320261123I000002");
  m.AndTally("c/c1/f", 1);
}

TEST(Task, IsForWhoeverLooksAfterTheGrid) {
  Matter m(Known(), "c1");
  Started(m).WhenTimerFires("campaign");
  m.As(Gw())
      .WhenOn("c1-371403001002001", "complete_task { all_normal: true }")
      .ThenRefused(kNotAllowed, "OUTSIDE_AREA");
  m.WhenOn("c1-371403001001001", "complete_task { }").ThenRefused(kInvalid, "ALL_NORMAL_OR_FINDINGS");
}

TEST(Campaign, ThatEndsWithdrawsWhatIsOpenAndAsksNobodyForANilReport) {
  Matter m(Known(), "c1");
  Started(m).WhenTimerFires("campaign");
  m.As(Gw()).WhenOn("c1-371403001001001", "complete_task { all_normal: true }");
  m.WhenTimerFires("campaign").AndNotice("campaign.ended");
  m.WhenTimerFires("campaign");
  m.AndTally("c/c1/x", 2).AndTally("c/c1/o", 0).AndTally("c/c1/n", 1).AndNoTimer();
  m.As(Cd()).When("end_campaign {}").ThenRefused("CAMPAIGN_ENDED");
}

v1::Notice Told(const Matter& m, std::string_view topic) {
  v1::Notice notice;
  for (const auto& one : m.notices()) {
    if (one.topic() != topic) continue;
    EXPECT_TRUE(notice.ParseFromString(one.payload()));
  }
  return notice;
}

// What was open when the time was over had been due; what was open when it was ended earlier had not.
// spec: K-21
TEST(Campaign, SaysWhichTasksWereNotDoneInTime) {
  Matter over(Known(), "c1");
  Started(over).WhenTimerFires("campaign").WhenTimerFires("campaign").WhenTimerFires("campaign");
  EXPECT_TRUE(Told(over, "campaign.task_withdrawn").task_overdue());
  Matter early(Known(), "c1");
  Started(early).WhenTimerFires("campaign");
  early.Do(Cd(), "end_campaign {}").WhenTimerFires("campaign");
  ASSERT_TRUE(early.StateOf("c1-371403001001001").task().withdrawn());
  EXPECT_FALSE(Told(early, "campaign.task_withdrawn").task_overdue());
}

// spec: R13 C5
TEST(Campaign, TellsItsCostAndWhatCameOfItAndNoWords) {
  Matter m(Known(), "c1");
  Started(m);
  EXPECT_EQ(Told(m, "campaign.started").cost_minutes(), m.state().campaign().cost().minutes());
  EXPECT_EQ(Told(m, "campaign.started").cost_grids(), 3u);
  EXPECT_EQ(Told(m, "campaign.started").task_due_at_ms(), Ms("2026-11-30 18:00"));
  m.WhenTimerFires("campaign").As(Gw());
  m.WhenOn("c1-371403001001001", "complete_task { finding { category: '0508' text: '水塘无护栏' } }");
  const v1::Notice done = Told(m, "campaign.task_done");
  EXPECT_EQ(done.findings(), 1);
  EXPECT_FALSE(done.all_normal());
  EXPECT_EQ(done.grid_code(), "371403001001001");
  EXPECT_EQ(done.SerializeAsString().find("水塘"), std::string::npos);
  EXPECT_EQ(Told(m, "incident.reported").grid_code(), "371403001001001") << "so that leaders see it grid by grid";
}

// Sent twice within moments, or by somebody who does not know of the other: the grids would do everything twice.
// spec: R13
TEST(Campaign, IsNotStartedTwiceUnlessTheOtherOneWasSeen) {
  Matter m(Known(), "c1");
  Started(m);
  m.As(Cd()).WhenOn("c2", Start(kCounty)).ThenRefused(kGuard, "CAMPAIGN_RUNS_ALREADY");
  EXPECT_EQ(m.refusal()->field, "seen_campaign_id");
  EXPECT_EQ(m.refusal()->metadata.at("campaign_id"), "c1");
  EXPECT_NE(m.refusal()->message_zh.find("seen_campaign_id: c1"), std::string::npos) << m.refusal()->message_zh;
  EXPECT_NE(m.refusal()->message_en.find("2026-11-30 18:00"), std::string::npos) << m.refusal()->message_en;
  m.WhenOn("c2", Start(kCounty, "seen_campaign_id: 'c9'")).ThenRefused("CAMPAIGN_RUNS_ALREADY");
  m.At(Ms("2026-11-24 09:00")).WhenOn("c2", Start(kCounty, "seen_campaign_id: 'c1'"));
  ASSERT_FALSE(m.refusal());
  EXPECT_EQ(m.StateOf("c2").campaign().seen_campaign_id(), "c1");
  m.WhenOn("c3", Start(kCounty, "seen_campaign_id: 'c1'")).ThenRefused("CAMPAIGN_RUNS_ALREADY");
  EXPECT_EQ(m.refusal()->metadata.at("campaign_id"), "c2") << "what has been seen is the newest";
}

// spec: R13
TEST(Campaign, OfAWiderAreaOrOfAPartAsksTheSameGrids) {
  Matter m(Known(), "c1");
  m.Do(Td(), Start("371403001001", "", 2));
  const auto beside = [&m](const Actor& who, std::string_view area, int64_t minutes) {
    m.As(who).WhenOn("c2", Start(area, "", minutes));
    return m.refusal().has_value();
  };
  EXPECT_TRUE(beside(Cc(), kCity, 3));
  EXPECT_TRUE(beside(Cd(), kCounty, 3));
  EXPECT_TRUE(beside(Td(), kTownship, 3));
  EXPECT_TRUE(beside(Td(), kGrid, 1));
  EXPECT_FALSE(beside(Td(), "371403001002", 1)) << "next to it";
}

// spec: R13
TEST(Campaign, OfAnotherKindOrAfterTheEndIsNotTheSame) {
  Matter m(Known(), "c1");
  Started(m);
  std::string other = Start(kCounty);
  other.replace(other.find("1203"), 4, "1201");
  m.As(Cd()).WhenOn("c2", other);
  EXPECT_FALSE(m.refusal());
  m.Do(Cd(), "end_campaign {}").As(Cd()).WhenOn("c3", Start(kCounty));
  EXPECT_FALSE(m.refusal());
  EXPECT_TRUE(m.StateOf("c3").campaign().seen_campaign_id().empty());
}

TEST(Campaign, MayBeEndedEarly) {
  Matter m(Known(), "c1");
  Started(m).Do(Cd(), "end_campaign { summary: '汛情解除' }").WhenTimerFires("campaign");
  EXPECT_FALSE(m.state().campaign().closing());
}

TEST(Campaign, OfAnEmergencyDestroysWhatItCollectedWhenItsTimeIsOver) {
  Matter m(Known(), "c1");
  const int64_t retain = Ms("2026-12-31 00:00");
  m.Do(Cd(), Start(kCounty, "emergency: true retain_until_ms: " + std::to_string(retain)))
      .WhenTimerFires("campaign");
  m.As(Gw()).WhenOn("c1-371403001001001", "complete_task { all_normal: true note: '三户需转移' }");
  m.Do(Cd(), "end_campaign {}").WhenTimerFires("campaign").AndTimer("campaign", retain + 2);
  m.WhenTimerFires("campaign").AndNotice("campaign.data_expired").AndNoTimer();
  EXPECT_TRUE(m.StateOf("c1-371403001001001").task().note().empty());
  EXPECT_TRUE(m.state().campaign().data_expired());
}

}  // namespace
}  // namespace incident
