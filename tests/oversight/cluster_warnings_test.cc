// W1: what comes in one village at once, beside what came in the weeks before; and what is told of a place.
#include "tests/oversight/warning_world.h"

namespace oversight {
namespace {

// spec: O10 W1
TEST_F(Warnings, FiveOfAClassInOneVillageWithinSevenDaysAreACluster) {
  ReportSome(4, "A", kMonday);
  ReportSome(1, "B", kMonday + 4 * kDayMs, "0205");                  // another class
  ReportSome(1, "C", kMonday + 4 * kDayMs, "0105", "371403100201");  // another village
  EXPECT_FALSE(IsRaised(kCluster));
  Hear("A4", Report("A4", kMonday + 5 * kDayMs, "0101"), kMonday + 5 * kDayMs);
  d_.AndNotice("oversight.warning_raised");
  ASSERT_TRUE(IsRaised(kCluster));
  EXPECT_EQ(Of(kCluster).level(), 3);
  EXPECT_EQ(FactOf(kCluster, v1::FACT_MATTERS), 5);
  EXPECT_EQ(Of(kCluster).matter_code_size(), 5);
  EXPECT_EQ(Of(kCluster).clock().policy_id(), "DO-05");
  EXPECT_EQ(Of(kCluster).clock().length().unit(), common::v1::WD);
  EXPECT_EQ(Of(kCluster).clock().article(), "平台默认：一般预警一个工作日，强预警两小时") << "before, two hours alone";
  // The sixth joins it; there is no second warning.
  Hear("A5", Report("A5", kMonday + 5 * kDayMs + 1), kMonday + 5 * kDayMs + 1);
  EXPECT_EQ(FactOf(kCluster, v1::FACT_MATTERS), 6);
  EXPECT_FALSE(IsRaised("wa-W1-371403001002-01-2"));
}

// spec: O10 W1
TEST_F(Warnings, WhatIsSpreadOverMoreThanSevenDaysIsNoCluster) {
  for (int i = 0; i < 8; ++i) {
    const std::string code = "A" + std::to_string(i);
    Hear(code, Report(code, kMonday + 4 * i * kDayMs), kMonday + 4 * i * kDayMs);
  }
  EXPECT_FALSE(IsRaised(kCluster));
}

// spec: O10 W1
TEST_F(Warnings, ThreeTimesTheMeanOfEightWeeksIsAClusterToo) {
  // The county has been heard for more than eight weeks; of this class four came in them: half a matter a week.
  Hear("Z", Report("Z", kMonday - 10 * kDayMs, "0205", "371403100201"), kMonday - 10 * kDayMs);
  for (int week = 0; week < 4; ++week)
    Hear("P" + std::to_string(week), Report("P" + std::to_string(week), kMonday + week * 14 * kDayMs),
         kMonday + week * 14 * kDayMs);
  const int64_t later = kMonday + 56 * kDayMs;
  ReportSome(2, "A", later);
  EXPECT_FALSE(IsRaised(kCluster));  // two of something rare
  Hear("A2", Report("A2", later + 2 * kDayMs), later + 2 * kDayMs);
  ASSERT_TRUE(IsRaised(kCluster));
  EXPECT_EQ(FactOf(kCluster, v1::FACT_MATTERS), 3);
  EXPECT_EQ(FactOf(kCluster, v1::FACT_WEEKLY_MEAN), 50);
}

// In the first weeks of a platform, or of a county, most of the weeks before were not heard: they have no mean, and
// three of a class are no cluster. Five are.
// spec: O10 W1
TEST_F(Warnings, UntilEightWholeWeeksWereHeardThereIsNoMean) {
  Hear("Z", Report("Z", kMonday, "0205", "371482001001"),
       kMonday);  // another county has been heard for longer
  Hear("P", Report("P", kMonday + 20 * kDayMs), kMonday + 20 * kDayMs);
  const int64_t later =
      kMonday + (20 + 62) * kDayMs;  // the 57 days before the window begin on the day P came
  Hear("A0", Report("A0", later), later);
  Hear("A1", Report("A1", later + 1), later + 1);
  Hear("A2", Report("A2", later + 2), later + 2);
  EXPECT_FALSE(IsRaised(kCluster));
  Hear("A3", Report("A3", later + 3), later + 3);
  EXPECT_FALSE(IsRaised(kCluster));
  Hear("A4", Report("A4", later + 4), later + 4);
  ASSERT_TRUE(IsRaised(kCluster));
  EXPECT_TRUE(std::ranges::none_of(
      Of(kCluster).fact(), [](const v1::WarningFact& fact) { return fact.name() == v1::FACT_WEEKLY_MEAN; }));
}

// A day later all of them were heard, though it was only another class that came on their first day.
// spec: O10 W1
TEST_F(Warnings, TheWeeksAreThoseOfTheCountyNotOfTheClass) {
  Hear("Z", Report("Z", kMonday, "0205", "371403100201"), kMonday);
  Hear("P", Report("P", kMonday + 20 * kDayMs), kMonday + 20 * kDayMs);
  const int64_t later = kMonday + 63 * kDayMs;
  ReportSome(3, "A", later - 2 * kDayMs);
  ASSERT_TRUE(IsRaised(kCluster));
  EXPECT_EQ(FactOf(kCluster, v1::FACT_WEEKLY_MEAN), 12);
}

// spec: O10 W1
TEST_F(Warnings, APetitionCountsForThoseWhoMaySeeIt) {
  for (int i = 0; i < 5; ++i)
    Hear("P" + std::to_string(i), Petition("P" + std::to_string(i), kMonday + i, 4), kMonday + i);
  const std::string id = "wa-W1-371403001002-Q05-1";
  ASSERT_TRUE(IsRaised(id));
  EXPECT_EQ(Of(id).level(), 4);  // the township knows of none of them
  EXPECT_FALSE(MaySee(d_.StateOf(id), TownCentre()));
  EXPECT_FALSE(MaySee(d_.StateOf(id), TownLeader()));
  EXPECT_TRUE(MaySee(d_.StateOf(id), CountyCentre()));
  for (const auto& entry : OversightDomain::Indexes(id, d_.StateOf(id)))
    EXPECT_FALSE(entry.key.starts_with("371403001/")) << "a list of the township has it";
  for (const auto& notice : d_.notices()) {
    if (notice.topic() != "oversight.warning_raised") continue;
    EXPECT_EQ(notice.area_code(), "371403");
  }
}

// spec: O10 W1
TEST_F(Warnings, WhatWasFalseIsNotRaisedAgainForTheSameMatters) {
  ReportSome(5, "A", kMonday);
  End(kCluster);
  EXPECT_EQ(Of(kCluster).status(), v1::WARNING_FALSE);
  const std::string second = "wa-W1-371403001002-01-2";
  const int64_t next = kMonday + 5 * kDayMs;
  for (int i = 0; i < 4; ++i)
    Hear("B" + std::to_string(i), Report("B" + std::to_string(i), next + i), next + i);
  EXPECT_FALSE(IsRaised(second));  // nine in seven days, four of them new
  Hear("B4", Report("B4", next + 4), next + 4);
  EXPECT_TRUE(IsRaised(second));
}

// spec: O10 W1
TEST_F(Warnings, WhatIsRefusedOrTurnsOutToBeAnAccusationIsCountedNoMore) {
  ReportSome(4, "A", kMonday);
  Hear("A3", Told("incident", "A3", 2, "rejected", "status: REJECTED category: '0105'", kMonday + 4 * kDayMs),
       kMonday + 4 * kDayMs);
  ReportSome(1, "B", kMonday + 4 * kDayMs);
  EXPECT_FALSE(IsRaised(kCluster));
  for (int i = 0; i < 5; ++i)
    Hear("P" + std::to_string(i), Petition("P" + std::to_string(i), kMonday + i, 3), kMonday + i);
  const std::string id = "wa-W1-371403001002-Q05-1";
  ASSERT_TRUE(IsRaised(id));
  Hear("P2", Told("petition", "P2", 2, "merged", "status: MERGED", kMonday + 10), kMonday + 10);
  EXPECT_EQ(FactOf(id, v1::FACT_MATTERS), 4);
  EXPECT_EQ(std::ranges::count(Of(id).matter_code(), "P2"), 0);
}

// Before, whoever held the mediation's code in the cluster's list saw of which petitions there had been one.
// spec: O10 W1 P11
TEST_F(Warnings, APetitionThatLeavesIsInTheClusterNoMoreThoughItsMediationGoesOn) {
  for (int i = 0; i < 6; ++i)
    Hear("P" + std::to_string(i), Petition("P" + std::to_string(i), kMonday + i, 4), kMonday + i);
  const std::string id = "wa-W1-371403001002-Q05-1";
  ASSERT_TRUE(IsRaised(id));
  Hear("P2", Told("mediation", "P2", 1, "accepted", "status: ACCEPTED dispute_type: 'D01' holder_org: 'v-committee'",
                  kMonday + 10, 2),
       kMonday + 10);
  ASSERT_EQ(std::ranges::count(Of(id).matter_code(), "P2"), 1) << "a hand-over takes nothing away";
  Hear("P2", Told("petition", "P2", 2, "removed", "status: ACCEPTED", kMonday + 11, 4), kMonday + 11);
  EXPECT_EQ(FactOf(id, v1::FACT_MATTERS), 5);
  EXPECT_EQ(std::ranges::count(Of(id).matter_code(), "P2"), 0);
  Hear("P2", Told("mediation", "P2", 2, "assigned", "status: MEDIATING dispute_type: 'D01' holder_org: 'v-committee'",
                  kMonday + 12, 2),
       kMonday + 12);
  EXPECT_EQ(FactOf(id, v1::FACT_MATTERS), 5) << "nor does it come back with the next step";
}

// An incident that became a petition stays counted where it was reported: else it would tell that the petition left.
// spec: O10 W1 P11
TEST_F(Warnings, AnIncidentStaysInItsClusterWhateverBecameOfThePetitionItLedTo) {
  ReportSome(5, "A", kMonday);
  const int64_t later = kMonday + 5 * kDayMs;
  Hear("A0", Petition("A0", later, 4), later);
  Hear("A0", Told("petition", "A0", 2, "removed", "status: ACCEPTED", later + 1, 4), later + 1);
  EXPECT_EQ(FactOf(kCluster, v1::FACT_MATTERS), 5);
  EXPECT_EQ(std::ranges::count(Of(kCluster).matter_code(), "A0"), 1);
}

// Before, it stayed raised down to none, and climbed level by level.
// spec: O10 W1
TEST_F(Warnings, AClusterEndsWhenSoManyOfItLeftThatItIsNoneAndTheRestCountOn) {
  ReportSome(6, "A", kMonday);
  const int64_t later = kMonday + 5 * kDayMs;
  const auto cancel = [&](const std::string& code, int64_t at) {
    Hear(code, Told("incident", code, 2, "cancelled", "status: CANCELLED category: '0105'", at, 2), at);
  };
  cancel("A0", later + 1);
  EXPECT_EQ(Of(kCluster).status(), v1::WARNING_RAISED) << "five are still a cluster";
  Hear("A1", Told("incident", "A1", 2, "closed", kEnded, later + 2, 2), later + 2);
  EXPECT_EQ(Of(kCluster).status(), v1::WARNING_RAISED) << "what was handled was there";
  cancel("A2", later + 3);
  d_.AndNotice("oversight.warning_cleared");
  EXPECT_EQ(Of(kCluster).status(), v1::WARNING_CLEARED);
  EXPECT_EQ(Of(kCluster).ending_code(), "MATTERS_LEFT");
  EXPECT_EQ(Of(kCluster).clock().outcome(), common::v1::CLOCK_CANCELLED);
  EXPECT_TRUE(OversightDomain::Timers(d_.StateOf(kCluster)).empty());
  Hear("B0", Report("B0", later + 4), later + 4);
  ASSERT_TRUE(IsRaised("wa-W1-371403001002-01-2")) << "four that remained and a new one";
}

// A place is no matter: whoever hears of a warning about one is not told a code to look for.
// spec: O10
TEST_F(Warnings, AboutAPlaceANoticeNamesNoMatter) {
  const auto noticed = [&](const std::string& topic) -> const kernel::v1::Notice& {
    static const kernel::v1::Notice kNone;
    for (const auto& notice : d_.notices()) {
      if (notice.topic() == topic) return notice;
    }
    ADD_FAILURE() << topic;
    return kNone;
  };
  ReportSome(5, "A", kMonday);
  const auto& about_place = noticed("oversight.warning_raised");
  EXPECT_TRUE(about_place.matter_code().empty());
  EXPECT_EQ(about_place.correlation_id(), kCluster);
  v1::Notice said;
  ASSERT_TRUE(said.ParseFromString(about_place.payload()));
  EXPECT_EQ(said.warning_id(), kCluster);
  Hear("M", Risk("M", kMonday + 5 * kDayMs), kMonday + 5 * kDayMs);
  EXPECT_EQ(noticed("oversight.warning_raised").matter_code(), "M");
}

}  // namespace
}  // namespace oversight
