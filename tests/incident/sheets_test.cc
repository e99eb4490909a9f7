// Tables over matters that leave the platform.
#include "services/incident/sheets.h"

#include "tests/incident/rig.h"
#include "tests/support/sheet_text.h"

namespace incident {
namespace {

class SheetsTest : public testing::Test {
 protected:
  SheetsTest() : sheets_([this] { return rig_.Read(); }) {}
  nlohmann::json Disputes(const std::string& text) {
    common::v1::SheetRequest request;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text + " format: JSON", &request)) << text;
    rpc::Caller caller;
    caller.now_ms = rig_.clock.NowMs();
    Sheets::Next next;
    EXPECT_TRUE(sheets_.ExportDisputes(caller, request, &next).ok());
    return tests::JsonOf(next);
  }
  void Report(const std::string& id, const std::string& category, const std::string& more = "") {
    rig_.Do(Gw(), id, "report { category: '" + category + "' text: '两家为排水沟争吵了三天' area_code: '" +
                          std::string(kGrid) + "' " + more + " }");
  }

  Rig rig_;
  const Sheets sheets_;
};

// GB/T 31000: number, category, place, scale, period, way, unit, whether it was settled.
TEST_F(SheetsTest, ADisputeIsARowWithTheFieldsOfItsRecord) {
  Report("i1", "0102", "place { text: '张庄村东头 3 号' lon: 116.5 lat: 37.3 has_position: true }");
  Report("i2", "0706");
  const auto sheet = Disputes("area_code: '371403'");
  ASSERT_EQ(sheet["count"], 1) << "a street lamp is no dispute";
  const auto& row = sheet["rows"][0];
  EXPECT_EQ(row["category"], "0102");
  EXPECT_EQ(row["gridCode"], kGrid);
  EXPECT_EQ(row["areaCode"], kVillage);
  EXPECT_EQ(row["source"], "GRID_WORKER");
  EXPECT_EQ(row["status"], "REPORTED");
  EXPECT_FALSE(row.contains("succeeded")) << "nobody knows yet";
  const std::string text = sheet.dump();
  for (const char* word : {"排水沟", "3 号", "116.5", "u-gw"}) EXPECT_EQ(text.find(word), std::string::npos) << word;
}

// 2.4.3: what no person stands in is in the record. Its name, what it was about and how it came out are made of codes;
// what whoever reported it called it, and said, stays here.
TEST_F(SheetsTest, TheNameAndTheStoryOfADisputeAreMadeOfCodes) {
  Report("i1", "0102", "title: '张三家的水沟' scale: S2_2_TO_4 place { text: '张庄村东头 3 号' }");
  const auto sheet = Disputes("area_code: '371403'");
  ASSERT_EQ(sheet["count"], 1);
  const auto& row = sheet["rows"][0];
  EXPECT_EQ(row["name"], "东关社区邻里纠纷");
  EXPECT_EQ(row["brief"], "2026-11-23，东关社区邻里纠纷，2至4人，来源：网格员");
  EXPECT_EQ(row["gridName"], "第一网格");
  EXPECT_EQ(row["scale"], "01");
  EXPECT_EQ(row["scaleName"], "个体性");
  EXPECT_EQ(row["people"], "2至4人");
  EXPECT_EQ(row["outcome"], "待受理");
  for (const char* key : {"way", "wayName", "amountBand", "settledBy", "lon", "lat"}) {
    EXPECT_FALSE(row.contains(key)) << key << ": nobody knows yet";
  }
  const std::string text = sheet.dump();
  for (const char* word : {"张三", "水沟", "3 号", "u-gw"}) EXPECT_EQ(text.find(word), std::string::npos) << word;
}

// The way had the names of our own endings, where the record has its codes.
// spec: I21
TEST_F(SheetsTest, WhatMediationSettledHasTheCodeOfItsWayTheSumInBandsAndTheCommittee) {
  for (const char* id : {"i1", "i2"}) {
    Report(id, "0102");
    rig_.Do(Gh(), id, "accept {}");
    rig_.Do(Gh(), id, "refer_to_mediation { dispute_type: 'D02' party_count: 2 facts: '争墙根' }");
    const bool by_committee = std::string(id) == "i1";
    mediation::v1::Notice news;
    news.set_level(3);
    news.set_kind(by_committee ? mediation::v1::PEOPLE : mediation::v1::ADMINISTRATIVE);
    news.set_amount_band(mediation::v1::BELOW_10K);
    if (by_committee) news.set_committee_org("371403001-committee");
    news.mutable_origin()->set_service("incident");
    news.mutable_origin()->set_aggregate_id(id);
    rig_.Hear("mediation", "mediation.effective", std::string("k-") + id, news);
  }
  const auto sheet = Disputes("area_code: '371403'");
  ASSERT_EQ(sheet["count"], 2);
  const auto by_people = tests::RowWith(sheet, "way", "01");
  ASSERT_FALSE(by_people.is_null());
  EXPECT_EQ(by_people["wayName"], "人民调解");
  EXPECT_EQ(by_people["ending"], "VIA_MEDIATION");
  EXPECT_EQ(by_people["amountBand"], "1万元以下");
  EXPECT_EQ(by_people["settledBy"], "371403001-committee");
  EXPECT_EQ(by_people["outcome"], "调解，已化解，乡镇、街道，按期办结");
  const auto by_office = tests::RowWith(sheet, "way", "02");
  ASSERT_FALSE(by_office.is_null()) << "the exact row of the table counts before the general one";
  EXPECT_EQ(by_office["wayName"], "行政调解");
}

// Where a quarrel was is somebody's home: the record has the middle of the grid, the same for all of its matters.
TEST_F(SheetsTest, APositionInTheRecordIsTheMiddleOfTheGrid) {
  auto notice = Area(kGrid, "第一网格");
  notice.mutable_area_changed()->set_boundary(
      R"({"type":"Polygon","coordinates":[[[116.5,37.3],[116.6,37.3],[116.6,37.4],[116.5,37.4],[116.5,37.3]]]})");
  rig_.Hear("directory", "directory.area", "ref", notice);
  Report("i1", "0102", "place { lon: 116.5123 lat: 37.3123 has_position: true }");
  const auto sheet = Disputes("area_code: '371403'");
  const auto& row = sheet["rows"][0];
  EXPECT_EQ(row["lon"], "116.550");
  EXPECT_EQ(row["lat"], "37.350");
  EXPECT_EQ(sheet.dump().find("116.512"), std::string::npos);
}

TEST_F(SheetsTest, TheUnitsThatDealWithItAndWhenItsRecordChanged) {
  Report("i1", "0102");
  rig_.clock.Advance(base::kHourMs);
  rig_.Do(Td(), "i1", "accept {}");
  rig_.Do(Td(), "i1", "dispatch { lead_org: '371403001-urban' co_handler_org: '371403001-water' }");
  rig_.clock.Advance(base::kHourMs);
  const auto sheet = Disputes("area_code: '371403'");
  const auto& row = sheet["rows"][0];
  EXPECT_EQ(row["competent"], "371403001-urban");
  const auto units = row["units"].get<std::string>();
  for (const char* unit : {"371403001-urban", "371403001-water"}) {
    EXPECT_NE(units.find(unit), std::string::npos) << units;
  }
  EXPECT_EQ(row["createdAt"], "2026-11-23 09:00");
  EXPECT_EQ(row["changedAt"], "2026-11-23 10:00");
  EXPECT_EQ(row["uploadedAt"], "2026-11-23 11:00");
}

TEST_F(SheetsTest, OnlyWhatWasReportedInTheAreaAndOnTheDays) {
  Report("i1", "0102");
  rig_.clock.Advance(base::kDayMs);
  Report("i2", "0102");
  for (const char* area : {"3714", "371403", "371403001"}) {
    const std::string in = "area_code: '" + std::string(area) + "' ";
    EXPECT_EQ(Disputes(in)["count"], 2) << area;
    EXPECT_EQ(Disputes(in + "to_day: '2026-11-23'")["count"], 1) << area;
    EXPECT_EQ(Disputes(in + "from_day: '2026-11-24'")["count"], 1) << area;
    EXPECT_EQ(Disputes(in + "from_day: '2026-11-25' to_day: '2026-11-26'")["count"], 0) << area;
  }
  EXPECT_EQ(Disputes("area_code: '371422'")["count"], 0);
}

}  // namespace
}  // namespace incident
