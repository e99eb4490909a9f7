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
  for (const std::string area : {"3714", "371403", "371482", "371403001", "371403100", "371482001"}) {
    std::multiset<std::string> closed, resolved, petitions;
    for (const Known& m : all) {
      if (!base::Covers(area, m.area) || m.seen_from > base::LevelOf(area)) continue;
      closed.insert(m.code);
      if (m.resolved) resolved.insert(m.code);
      if (m.seen_from != 0) petitions.insert(m.code);
    }
    EXPECT_EQ(Behind("K-01", false, area), closed) << area;
    EXPECT_EQ(Behind("K-01", true, area), resolved) << area;
    EXPECT_EQ(Figure("K-01", area).numerator(), static_cast<int64_t>(resolved.size())) << area;
    EXPECT_EQ(Figure("K-01", area).denominator(), static_cast<int64_t>(closed.size())) << area;
    const v1::Figure registered = Figure("K-07", area);
    if (petitions.empty() || petitions.size() >= static_cast<size_t>(kFew)) {
      EXPECT_EQ(registered.denominator(), static_cast<int64_t>(petitions.size())) << area;
      EXPECT_EQ(Behind("K-07", false, area), petitions) << area;
    } else {
      EXPECT_TRUE(registered.hidden()) << area;
    }
  }
}

}  // namespace
}  // namespace oversight
