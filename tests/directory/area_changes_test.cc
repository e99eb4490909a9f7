// Villages merged between two lists: every former code leads somewhere valid, and says by which rule.
#include "services/directory/domain/area_changes.h"

#include <map>
#include <set>

#include "common/v1/common.pb.h"
#include "tests/directory/dezhou.h"

namespace directory {
namespace {

Vintage ListOf(const std::string& as_of, const std::map<std::string, std::string>& villages) {
  Vintage v;
  v.as_of = as_of;
  v.city = "9901";
  const auto add = [&](const std::string& code, const std::string& name, int level,
                       const std::string& parent) {
    v1::Area& area = v.area[code];
    area.set_code(code);
    area.set_name(name);
    area.set_level(level);
    area.set_parent(parent);
    area.set_valid_from(as_of);
  };
  add("9901", "示例市", common::v1::CITY, "99");
  add("990102", "甲县", common::v1::COUNTY, "9901");
  add("990102100", "乙镇", common::v1::TOWNSHIP, "990102");
  for (const auto& [code, name] : villages) add(code, name, common::v1::VILLAGE, "990102100");
  return v;
}

v1::Area Former(const std::string& name, const std::map<std::string, std::string>& now) {
  std::map<std::string, std::string> before = {{"990102100201", name}};
  const auto areas = Combine({ListOf("2020-06-30", before), ListOf("2023-06-30", now)});
  EXPECT_TRUE(areas.ok()) << areas.status();
  return areas.ok() ? areas->at("990102100201") : v1::Area();
}

// spec: flow-12
TEST(Successor, OfTheSameNameUnderAnotherCodeIsThatVillage) {
  const v1::Area area =
      Former("张庄村委会", {{"990102100301", "张庄村村民委员会"}, {"990102100302", "李庄村委会"}});
  EXPECT_EQ(area.valid_to(), "2023-06-30");
  EXPECT_EQ(area.successor(), "990102100301");
  EXPECT_EQ(area.successor_rule(), "same-name");
  EXPECT_FALSE(area.successor_inferred());
}

TEST(Successor, IsTheCommunityTheFormerNameTellsOf) {
  const v1::Area area = Former("红运社区姚庄村民委员会", {{"990102100301", "红运村民委员会"}});
  EXPECT_EQ(area.successor(), "990102100301");
  EXPECT_EQ(area.successor_rule(), "community");
  EXPECT_FALSE(area.successor_inferred());
}

TEST(Successor, FromPartsOfANewNameIsMarkedAsInferred) {
  const v1::Area area =
      Former("尹庄村委会", {{"990102100301", "尹彭石新村村委会"}, {"990102100302", "杨盘村委会"}});
  EXPECT_EQ(area.successor(), "990102100301");
  EXPECT_EQ(area.successor_rule(), "merged-name");
  EXPECT_TRUE(area.successor_inferred());
}

TEST(Successor, IsTheTownshipWhereNamesTellNothing) {
  const v1::Area area = Former("安家村委会", {{"990102100301", "光明新村委会"}});
  EXPECT_EQ(area.successor(), "990102100");
  EXPECT_EQ(area.successor_rule(), "township");
  EXPECT_TRUE(area.successor_inferred());
}

TEST(Successor, IsNotGuessedBetweenTwoThatFitEquallyWell) {
  const v1::Area area =
      Former("张庄村委会", {{"990102100301", "张李新村委会"}, {"990102100302", "张王新村委会"}});
  EXPECT_EQ(area.successor(), "990102100");
}

TEST(Successor, CommonPartsOfNamesProveNothing) {
  const v1::Area area = Former("前庄村委会", {{"990102100301", "前庄家新村委会"}});
  EXPECT_EQ(area.successor_rule(), "township");
}

TEST(Areas, ThatKeepTheirCodeKeepTheDayTheyWereFirstListed) {
  const auto areas =
      Combine({ListOf("2020-06-30", {{"990102100201", "小屯社区村委会"}}),
               ListOf("2023-06-30", {{"990102100201", "小屯村委会"}, {"990102100202", "新设村委会"}})});
  ASSERT_TRUE(areas.ok());
  EXPECT_EQ(areas->at("990102100201").valid_from(), "2020-06-30");
  EXPECT_EQ(areas->at("990102100201").name(), "小屯村委会");
  EXPECT_EQ(areas->at("990102100202").valid_from(), "2023-06-30");
}

TEST(Areas, AreFollowedThroughTwoMergers) {
  const auto areas = Combine({ListOf("2020-06-30", {{"990102100201", "张庄村委会"}}),
                              ListOf("2021-06-30", {{"990102100301", "张庄村委会"}}),
                              ListOf("2023-06-30", {{"990102100401", "张庄村委会"}})});
  ASSERT_TRUE(areas.ok());
  EXPECT_EQ(areas->at("990102100201").successor(), "990102100301");
  EXPECT_EQ(areas->at("990102100201").valid_to(), "2021-06-30");
  EXPECT_EQ(areas->at("990102100301").successor(), "990102100401");
}

TEST(Areas, ListsInTheWrongOrderAreRefused) {
  EXPECT_FALSE(Combine({ListOf("2023-06-30", {}), ListOf("2020-06-30", {})}).ok());
}

// spec: flow-12
TEST(Successor, OfEveryFormerVillageOfDezhouIsAValidVillageOrTownship) {
  const auto areas = DezhouAreas();
  int former = 0, current = 0;
  std::map<std::string, int> by_rule;
  for (const auto& [code, area] : areas) {
    if (area.level() != common::v1::VILLAGE) continue;
    if (area.valid_to().empty()) {
      ++current;
      continue;
    }
    ++former;
    ++by_rule[area.successor_rule()];
    const v1::Area& to = areas.at(area.successor());
    EXPECT_TRUE(to.valid_to().empty()) << code;
    EXPECT_TRUE(to.code() == area.parent() || to.parent() == area.parent()) << code << " left its township";
    EXPECT_EQ(area.successor_inferred(),
              area.successor_rule() == "merged-name" || area.successor_rule() == "township");
  }
  EXPECT_EQ(current, 5307);
  EXPECT_EQ(former, 3996) << "of 8,109 villages of 2020, 4,113 kept their code";
  EXPECT_EQ(by_rule, (std::map<std::string, int>{
                         {"community", 439}, {"merged-name", 1028}, {"same-name", 204}, {"township", 2325}}));
}

}  // namespace
}  // namespace directory
