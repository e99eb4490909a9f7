// The reader of the official lists: what it makes of the real ones, and what it says about broken ones.
#include "services/directory/domain/area_lists.h"

#include <gmock/gmock.h>

#include "base/area_code.h"
#include "common/v1/common.pb.h"
#include "tests/directory/dezhou.h"

namespace directory {
namespace {

using testing::HasSubstr;

int Count(const Vintage& vintage, int level, bool zones = false) {
  int count = 0;
  for (const auto& [code, area] : vintage.area)
    count += area.level() == level && area.functional_zone() == zones;
  return count;
}

TEST(AreaLists, Of2023HoldElevenCounties134TownshipsAnd5307Villages) {
  const Vintage v = Dezhou("2023");
  EXPECT_EQ(Count(v, common::v1::CITY), 1);
  EXPECT_EQ(Count(v, common::v1::COUNTY), 11);
  EXPECT_EQ(Count(v, common::v1::TOWNSHIP), 134);
  EXPECT_EQ(Count(v, common::v1::VILLAGE), 5307);
}

TEST(AreaLists, Of2020HoldElevenCounties134TownshipsAnd8109Villages) {
  const Vintage v = Dezhou("2020");
  EXPECT_EQ(Count(v, common::v1::COUNTY), 11);
  EXPECT_EQ(Count(v, common::v1::COUNTY, true), 2);
  EXPECT_EQ(Count(v, common::v1::TOWNSHIP), 134);
  EXPECT_EQ(Count(v, common::v1::VILLAGE), 8109);
}

TEST(AreaLists, ZonesAreFoldedIntoTheCountyTheyBelongToByLaw) {
  const Vintage v = Dezhou("2023");
  const v1::Area& zone = v.area.at("371471");
  EXPECT_TRUE(zone.functional_zone());
  EXPECT_EQ(zone.successor(), "371402");
  const v1::Area& town = v.area.at("371402103");
  EXPECT_EQ(town.name(), "赵虎镇");
  EXPECT_EQ(town.parent(), "371402");
  EXPECT_EQ(town.listed_under(), "371471");
  EXPECT_EQ(town.listed_code(0), "371471100");
}

TEST(AreaLists, TheOfficeOfAZoneIsNoTownship) {
  const Vintage v = Dezhou("2023");
  const v1::Area& office = v.area.at("371402400");
  EXPECT_TRUE(office.functional_zone());
  EXPECT_EQ(office.kind(), "办公室");
  EXPECT_EQ(Count(v, common::v1::TOWNSHIP, true), 1);
}

TEST(AreaLists, EveryCodeLiesInsideItsParent) {
  for (const char* year : {"2020", "2023"}) {
    const Vintage v = Dezhou(year);
    for (const auto& [code, area] : v.area) {
      if (area.level() == common::v1::PROVINCE) continue;
      EXPECT_EQ(base::ParentOf(code), area.parent()) << code;
      EXPECT_TRUE(v.area.contains(area.parent())) << code;
      EXPECT_EQ(base::LevelOf(code), area.level()) << code;
    }
  }
}

// A small city of one county, one town, two villages.
VintageFiles SmallCity() {
  return {{"a/vintage.csv",
           "as_of,city_code,city_name,province_code,province_name\n2023-06-30,9901,示例市,99,示例省\n"},
          {"a/counties.csv", "code,name,cityCode\n990102,甲县,9901\n"},
          {"a/townships.csv", "code,name,areaCode\n990102100,乙镇,990102\n"},
          {"a/townships_statutory.csv", "code,name,kind,statutory_county\n990102100,乙镇,town,990102\n"},
          {"a/villages.csv",
           "code,name,streetCode\n990102100201,\"丙村委会\",990102100\n990102100202,丁村委会,990102100\n"},
          {"a/folded.csv", ""},
          {"a/boundaries.csv", ""}};
}

std::string ErrorOf(const VintageFiles& files) {
  const auto vintage = ReadVintage(files);
  return vintage.ok() ? "" : std::string(vintage.status().message());
}

TEST(AreaLists, OfAnyCityAreRead) {
  const auto vintage = ReadVintage(SmallCity());
  ASSERT_TRUE(vintage.ok()) << vintage.status();
  EXPECT_EQ(vintage->area.size(), 6u);
  EXPECT_EQ(vintage->area.at("990102100201").name(), "丙村委会");
}

TEST(AreaLists, AWrongCodeIsNamedWithFileLineAndColumn) {
  VintageFiles files = SmallCity();
  files.villages.text += "99010210020,短村委会,990102100\n";
  EXPECT_THAT(ErrorOf(files), HasSubstr("a/villages.csv:4: code: 12 digits expected"));
  EXPECT_THAT(ErrorOf(files), HasSubstr("编码应为12位数字"));
}

TEST(AreaLists, ACodeThatIsThereTwiceIsRefused) {
  VintageFiles files = SmallCity();
  files.villages.text += "990102100201,又一村委会,990102100\n";
  EXPECT_THAT(ErrorOf(files), HasSubstr("a/villages.csv:4: code: 990102100201 is there twice"));
}

TEST(AreaLists, AVillageOfAnUnknownTownshipIsRefused) {
  VintageFiles files = SmallCity();
  files.villages.text += "990102101201,远村委会,990102101\n";
  EXPECT_THAT(ErrorOf(files), HasSubstr("a/villages.csv:4: streetCode: 990102101 is not in a/townships.csv"));
}

TEST(AreaLists, AVillageOutsideItsParentIsRefused) {
  VintageFiles files = SmallCity();
  files.villages.text += "990103100201,远村委会,990102100\n";
  EXPECT_THAT(ErrorOf(files), HasSubstr("a/villages.csv:4: code: 990103100201 does not lie in 990102100"));
}

TEST(AreaLists, ATownshipWithoutItsCountyByLawIsRefused) {
  VintageFiles files = SmallCity();
  files.townships.text += "990102101,戊镇,990102\n";
  EXPECT_THAT(ErrorOf(files),
              HasSubstr("a/townships.csv:3: code: 990102101 is not in a/townships_statutory.csv"));
}

TEST(AreaLists, AFoldedTownshipMayNotTakeAnothersCode) {
  VintageFiles files = SmallCity();
  files.counties.text += "990171,某新区,9901\n";
  files.townships.text += "990171100,己镇,990171\n";
  files.statutory.text += "990171100,己镇,town,990102\n";
  EXPECT_THAT(ErrorOf(files),
              HasSubstr("a/townships.csv:3: code: 990171100 cannot become 990102100, which is taken"));
  files.folded.text = "listed_code,code\n990171100,990102109\n";
  EXPECT_EQ(ErrorOf(files), "");
}

TEST(AreaLists, AMissingFileAMissingColumnAndAMissingNameAreNamed) {
  VintageFiles files = SmallCity();
  files.counties.text = "";
  EXPECT_THAT(ErrorOf(files), HasSubstr("a/counties.csv:1: the file is empty or missing"));
  files = SmallCity();
  files.counties.text = "code,title,cityCode\n990102,甲县,9901\n";
  EXPECT_THAT(ErrorOf(files), HasSubstr("a/counties.csv:1: name: this column is missing"));
  files = SmallCity();
  files.villages.text += "990102100203,,990102100\n";
  EXPECT_THAT(ErrorOf(files), HasSubstr("a/villages.csv:4: name: empty"));
}

TEST(AreaLists, BytesThatAreNotUtf8AreRefused) {
  VintageFiles files = SmallCity();
  files.villages.text += "990102100203,\xB4\xE5,990102100\n";
  EXPECT_THAT(ErrorOf(files), HasSubstr("a/villages.csv:4: not UTF-8"));
}

}  // namespace
}  // namespace directory
