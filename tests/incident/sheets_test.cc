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
