// Who is shown which figures and lists: random matters of several places and levels against a plain filter.
#include "base/area_code.h"
#include "base/random.h"
#include "services/oversight/domain/metrics.h"
#include "tests/oversight/figure_world.h"

namespace oversight {
namespace {

struct Known {
  std::string code;
  std::string area;
  int seen_from = 0;  // of a petition the level of its office
  bool resolved = false;
};

// spec: K-01 K-07
TEST_F(FigureTest, ShowsEachLevelWhatItMayKnowAndNothingElse) {
  base::Random random(20261122);
  const std::vector<std::string> villages = {"371403001002", "371403001005", "371403100201", "371482001001",
                                             "371482002003"};
  std::vector<Known> all;
  for (int i = 0; i < 120; ++i) {
    Known m{"M" + std::to_string(i), villages[random.Below(villages.size())], 0, random.Chance(0.5)};
    const std::string at = "2026-10-" + std::to_string(10 + random.Below(20)) + " 10:00";
    if (random.Chance(0.5)) {
      m.seen_from = 3 + static_cast<int>(random.Below(3));
      const std::string said = " level: " + std::to_string(m.seen_from) + " holder_org: 'c-hrss' registered_at_ms: " +
                               std::to_string(Local("2026-10-02 09:00"));
      Tell("petition", m.code, "registered", "2026-10-02 09:00", "status: REGISTERED" + said, m.area, m.seen_from);
      Tell("petition", m.code, "settled", at, (m.resolved ? "status: SETTLED" : "status: CLOSED") + said, m.area,
           m.seen_from);
    } else {
      Incident incident;
      incident.code = m.code;
      incident.area = m.area;
      incident.due = "2026-10-31";
      Report(incident);
      Close(incident, at, m.resolved);
    }
    all.push_back(m);
  }
  // One place has one figure for one reader: of a township the county reads what it finds below its own (3.10), and
  // what stays above it is in none.
  const std::pair<std::string, std::string> asked[] = {
      {"3714", "3714"},           {"371403", "371403"},       {"371482", "371482"},
      {"371403001", "371403001"}, {"371403100", "371403100"}, {"371482001", "371482001"},
      {"371403", "3714"},         {"371482", "3714"},         {"371403001", "371403"},
      {"371403100", "371403"},    {"371403001", "3714"},      {"371482001", "3714"}};
  for (const auto& [area, from] : asked) {
    asking_ = ActorOf(kernel::v1::ROLE_SV, "centre-" + from, from, "sv-" + from);
    std::multiset<std::string> closed, resolved, petitions;
    for (const Known& m : all) {
      if (!base::Covers(area, m.area) || m.seen_from > base::LevelOf(from)) continue;
      closed.insert(m.code);
      if (m.resolved) resolved.insert(m.code);
      if (m.seen_from != 0) petitions.insert(m.code);
    }
    const std::string about = area + " read from " + from;
    EXPECT_EQ(Behind("K-01", false, area), closed) << about;
    EXPECT_EQ(Behind("K-01", true, area), resolved) << about;
    EXPECT_EQ(Figure("K-01", area).numerator(), static_cast<int64_t>(resolved.size())) << about;
    EXPECT_EQ(Figure("K-01", area).denominator(), static_cast<int64_t>(closed.size())) << about;
    const v1::Figure registered = Figure("K-07", area);
    if (petitions.empty() || petitions.size() >= static_cast<size_t>(kFew)) {
      EXPECT_EQ(registered.denominator(), static_cast<int64_t>(petitions.size())) << about;
      EXPECT_EQ(Behind("K-07", false, area), petitions) << about;
    } else {
      EXPECT_TRUE(registered.hidden()) << about;
    }
  }
}

// A role that only counts widens nothing: who leads the township and counts for the county reads the township exactly,
// and of it what a township may know. And whoever reads from below the city is told that something may be missing.
// spec: 3.10 K-07
TEST_F(FigureTest, CountingForTheCountyShowsNobodyOfTheTownshipMore) {
  for (const char* code : {"A", "B", "C", "D", "E", "F"}) {
    Tell("petition", code, "registered", "2026-10-02 09:00",
         "status: REGISTERED level: 4 holder_org: 'c-hrss' registered_at_ms: " +
             std::to_string(Local("2026-10-02 09:00")),
         "371403001002", 4);
  }
  asking_ = TownLeader();
  *asking_->add_grant() = ActorOf(kernel::v1::ROLE_AN, "c-centre", "371403").grant(0);
  EXPECT_EQ(Of("K-07"), "0/0 = null");
  const std::string below = Figure("K-07").definition_en();
  asking_ = CountyLeader();
  EXPECT_EQ(Of("K-07"), "0/6 = 0.00");
  EXPECT_EQ(Of("K-07", "371403"), "0/6 = 0.00");
  EXPECT_EQ(Figure("K-07").definition_en(), below) << "to everybody below the city alike";
  EXPECT_NE(below.find("higher level"), std::string::npos);
  asking_ = CityLeader();
  EXPECT_EQ(Of("K-07", "371403"), "0/6 = 0.00");
  EXPECT_EQ(Figure("K-07").definition_en().find("higher level"), std::string::npos);
}

}  // namespace
}  // namespace oversight
