// The organisations a city has, and who looks again at what they decide.
#include "services/directory/domain/organisation_tree.h"

#include <map>

#include "base/area_code.h"
#include "common/v1/common.pb.h"
#include "tests/directory/dezhou.h"

namespace directory {
namespace {

class DezhouOrganisations : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    areas_ = DezhouAreas();
    for (auto& org : BuildOrganisations(areas_)) {
      EXPECT_TRUE(org.parent().empty() || orgs_.contains(org.parent())) << org.id() << " before its parent";
      const std::string id = org.id();
      EXPECT_TRUE(orgs_.emplace(id, std::move(org)).second) << id << " twice";
    }
  }
  static void TearDownTestSuite() {
    areas_.clear();
    orgs_.clear();
  }
  static inline std::map<std::string, v1::Area> areas_;
  static inline std::map<std::string, v1::Organisation> orgs_;
};

int CountOf(const std::map<std::string, v1::Organisation>& orgs, v1::OrgKind kind, int level) {
  int count = 0;
  for (const auto& [id, org] : orgs) count += org.kind() == kind && org.level() == level;
  return count;
}

TEST_F(DezhouOrganisations, HaveElevenCountyCentresAnd134TownshipCentresAndTheOneOfTheZoneOffice) {
  EXPECT_EQ(CountOf(orgs_, v1::CENTRE, common::v1::CITY), 1);
  EXPECT_EQ(CountOf(orgs_, v1::CENTRE, common::v1::COUNTY), 11);
  EXPECT_EQ(CountOf(orgs_, v1::CENTRE, common::v1::TOWNSHIP), 134 + 1);
  EXPECT_TRUE(orgs_.contains("371402400-centre"));
}

TEST_F(DezhouOrganisations, EveryVillageHasItsTwoCentres) {
  for (const auto& [code, area] : areas_) {
    if (area.level() != common::v1::VILLAGE) continue;
    EXPECT_EQ(orgs_.contains(code + "-centre"), area.valid_to().empty()) << code;
    EXPECT_EQ(orgs_.contains(code + "-committee"), area.valid_to().empty()) << code;
  }
  EXPECT_EQ(CountOf(orgs_, v1::COMMITTEE, common::v1::VILLAGE), 5307);
  EXPECT_EQ(orgs_.at("371403001201-committee").duty(), "village");
}

TEST_F(DezhouOrganisations, WhatATownshipDecidedIsReviewedInItsCounty) {
  for (const auto& [id, org] : orgs_) {
    if (org.kind() == v1::EXTERNAL) continue;
    ASSERT_TRUE(orgs_.contains(org.superior_for_review())) << id;
    const v1::Organisation& superior = orgs_.at(org.superior_for_review());
    EXPECT_EQ(superior.level(), org.level() + 1) << id;
    EXPECT_TRUE(base::Covers(superior.area_code(), org.area_code())) << id;
  }
  EXPECT_EQ(orgs_.at("371403001-gov").superior_for_review(), "371403-gov");
  EXPECT_EQ(orgs_.at("371403001-petition").superior_for_review(), "371403-petition");
  EXPECT_EQ(orgs_.at("371403-hrss").superior_for_review(), "3714-hrss");
  EXPECT_EQ(orgs_.at("3714-gov").superior_for_review(), "37-gov");
}

// 信访工作条例 35, 36: 上一级机关、单位. Of a bureau that is the province's department, not the provincial government.
// spec: P23
TEST_F(DezhouOrganisations, WhatABureauOfTheCityDecidedIsReviewedByTheProvincesDepartment) {
  EXPECT_EQ(orgs_.at("3714-hrss").superior_for_review(), "37-hrss");
  EXPECT_EQ(orgs_.at("37-hrss").name(), "山东省人力资源和社会保障厅");
  EXPECT_EQ(orgs_.at("37-market").name(), "山东省市场监督管理局");
  EXPECT_EQ(orgs_.at("37-court").name(), "山东省高级人民法院");
  EXPECT_EQ(orgs_.at("3714-urban").superior_for_review(), "37-housing") << "the province has no bureau of its own";
  EXPECT_EQ(orgs_.at("3714-petition").superior_for_review(), "37-petition");
  EXPECT_EQ(orgs_.at("3714-centre").superior_for_review(), "37-gov") << "of no system";
  std::map<std::string, int> names;
  for (const auto& [id, org] : orgs_) {
    if (org.kind() == v1::EXTERNAL) {
      EXPECT_EQ(++names[org.name()], 1) << org.name();
      EXPECT_TRUE(org.superior_for_review().empty()) << id << ": the platform knows nobody above";
    }
    const bool of_system = org.kind() == v1::DEPARTMENT || org.kind() == v1::POLICE || org.kind() == v1::COURT ||
                           org.kind() == v1::DISCIPLINE;
    if (org.level() == common::v1::CITY && of_system) {
      EXPECT_NE(org.superior_for_review(), "37-gov") << id;
    }
  }
}

TEST_F(DezhouOrganisations, TheProvinceIsOutside) {
  EXPECT_EQ(orgs_.at("37-gov").kind(), v1::EXTERNAL);
  EXPECT_EQ(orgs_.at("37-gov").name(), "山东省人民政府") << "on papers that citizens take there";
  EXPECT_EQ(orgs_.at("37-petition").kind(), v1::EXTERNAL);
}

TEST_F(DezhouOrganisations, EveryCountyHasItsDepartmentsCourtAndIndustryCommittees) {
  int counties = 0;
  for (const auto& [code, area] : areas_) {
    if (area.level() != common::v1::COUNTY || area.functional_zone()) continue;
    ++counties;
    for (const char* suffix : {"gov",
                               "centre",
                               "petition",
                               "discipline",
                               "court",
                               "justice",
                               "police",
                               "hrss",
                               "housing",
                               "market",
                               "urban",
                               "emergency",
                               "agriculture",
                               "land",
                               "environment",
                               "civil",
                               "health",
                               "education",
                               "transport",
                               "industry",
                               "water",
                               "power",
                               "volunteer",
                               "committee-medical",
                               "committee-traffic",
                               "committee-consumer",
                               "committee-labour",
                               "committee-property"}) {
      EXPECT_TRUE(orgs_.contains(code + "-" + suffix)) << code << suffix;
    }
  }
  EXPECT_EQ(counties, 11);
  EXPECT_FALSE(orgs_.contains("371471-gov")) << "a functional zone is no county";
}

TEST_F(DezhouOrganisations, AreCalledWhatPeopleCallThem) {
  EXPECT_EQ(orgs_.at("371403-centre").name(), "陵城区综治中心");
  EXPECT_EQ(orgs_.at("371403001-gov").name(), "安德街道办事处");
  EXPECT_EQ(orgs_.at("371402001001-committee").name(), "尉署社区人民调解委员会");
  EXPECT_EQ(orgs_.at("3714-court").name(), "德州市中级人民法院");
}

}  // namespace
}  // namespace directory
