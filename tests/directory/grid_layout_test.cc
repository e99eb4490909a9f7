// Grids: every village has its own, they cover the county without gap or overlap, and say that they are made
// up.
#include "services/directory/domain/grid_layout.h"

#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>

#include "base/area_code.h"
#include "common/v1/common.pb.h"
#include "tests/directory/dezhou.h"

namespace directory {
namespace {

Ring RingOf(const std::string& geojson) {
  Ring ring;
  const auto json = nlohmann::json::parse(geojson);
  for (const auto& p : json["coordinates"][0]) ring.push_back({p[0], p[1]});
  ring.pop_back();
  return ring;
}

class DezhouGrids : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    areas_ = DezhouAreas();
    LayOutGrids(Dezhou("2023").boundary, &areas_);
  }
  static void TearDownTestSuite() { areas_.clear(); }
  static inline std::map<std::string, v1::Area> areas_;
};

TEST_F(DezhouGrids, EveryVillageHasAtLeastOneAndTheCityAboutElevenThousand) {
  std::map<std::string, int> count;
  int grids = 0;
  for (const auto& [code, area] : areas_) {
    if (area.level() != common::v1::GRID) continue;
    EXPECT_EQ(code.size(), 15u);
    EXPECT_EQ(base::CutTo(code, common::v1::VILLAGE), area.parent());
    EXPECT_EQ(area.kind(), "basic");
    ++count[area.parent()];
    ++grids;
  }
  for (const auto& [code, area] : areas_) {
    if (area.level() == common::v1::VILLAGE && area.valid_to().empty()) {
      EXPECT_GE(count[code], 1) << code;
    }
  }
  EXPECT_NEAR(grids, 11084, 111) << "within one in a hundred of the published number";
}

TEST_F(DezhouGrids, CoverEachCountyWithoutGapOrOverlap) {
  std::map<std::string, double> covered;
  for (const auto& [code, area] : areas_) {
    if (area.level() != common::v1::GRID) continue;
    ASSERT_FALSE(area.boundary().empty()) << code;
    const double part = AreaOf(RingOf(area.boundary()));
    EXPECT_GT(part, 0) << code;
    covered[code.substr(0, 6)] += part;
  }
  EXPECT_EQ(covered.size(), 11u);
  for (const auto& [county, sum] : covered) {
    const double whole = AreaOf(RingOf(areas_.at(county).boundary()));
    EXPECT_NEAR(sum / whole, 1, 0.002) << county;
  }
}

TEST_F(DezhouGrids, SayThatTheirPolygonsAreMadeUp) {
  for (const auto& [code, area] : areas_) {
    if (area.boundary().empty()) continue;
    EXPECT_EQ(area.boundary_synthetic(), area.level() != common::v1::COUNTY) << code;
  }
}

TEST(Grids, ACommunityHasSevenMoreAndAMergedVillageOneForEachFormerOne) {
  Vintage before = {"2020-06-30", "9901", {}, {}};
  Vintage now = {"2023-06-30", "9901", {}, {}};
  const auto add = [](Vintage* v, const std::string& code, const std::string& name, int level,
                      const std::string& kind) {
    v1::Area& area = v->area[code];
    area.set_code(code);
    area.set_name(name);
    area.set_level(level);
    area.set_kind(kind);
    area.set_parent(base::ParentOf(code));
  };
  for (Vintage* v : {&before, &now}) {
    add(v, "9901", "示例市", common::v1::CITY, "市");
    add(v, "990102", "甲县", common::v1::COUNTY, "县");
    add(v, "990102100", "乙镇", common::v1::TOWNSHIP, "镇");
    add(v, "990102100001", "城关社区居委会", common::v1::VILLAGE, "社区");
  }
  add(&before, "990102100201", "红运社区姚庄村委会", common::v1::VILLAGE, "村");
  add(&before, "990102100202", "红运社区许庄村委会", common::v1::VILLAGE, "村");
  add(&now, "990102100301", "红运村委会", common::v1::VILLAGE, "村");
  auto areas = Combine({before, now});
  ASSERT_TRUE(areas.ok()) << areas.status();
  LayOutGrids({}, &*areas);
  EXPECT_TRUE(areas->contains("990102100001008"));
  EXPECT_FALSE(areas->contains("990102100001009"));
  EXPECT_TRUE(areas->contains("990102100301003"));
  EXPECT_FALSE(areas->contains("990102100301004"));
  EXPECT_EQ(areas->at("990102100301002").name(), "第二网格");
  EXPECT_TRUE(areas->at("990102100301002").boundary().empty()) << "no outline, no polygon";
}

TEST(Grids, AreNamedAsPeopleCount) {
  EXPECT_EQ(GridName(1), "第一网格");
  EXPECT_EQ(GridName(10), "第十网格");
  EXPECT_EQ(GridName(12), "第十二网格");
  EXPECT_EQ(GridName(20), "第二十网格");
  EXPECT_EQ(GridName(105), "第一百零五网格");
  EXPECT_EQ(GridName(110), "第一百一十网格");
}

TEST(Cutting, GivesEachPartItsShareAlsoOfAnOutlineWithANotch) {
  const Ring notched = {{0, 0}, {4, 0}, {4, 4}, {2, 1}, {0, 4}};
  const std::vector<double> weights = {1, 2, 3, 4, 5};
  const auto parts = CutByWeights(notched, weights);
  ASSERT_EQ(parts.size(), weights.size());
  for (size_t i = 0; i < parts.size(); ++i) {
    EXPECT_NEAR(AreaOf(parts[i]) / AreaOf(notched), weights[i] / 15, 1e-6);
  }
}

}  // namespace
}  // namespace directory
