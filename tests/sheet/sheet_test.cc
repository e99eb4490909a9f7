// Tables that leave the platform.
#include "services/sheet/sheet.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/calendar.h"
#include "common/v1/download.pb.h"

namespace sheet {
namespace {

const std::vector<Column> kColumns = {{"name", "名称", "Name"}, {"count", "件数", "Cases"}, {"onTime", "按期", "On time"}};

std::string Whole(Format format, NextRow rows) {
  Sheet sheet(format, {"disputes", {{"areaCode", "371403"}}}, kColumns, std::move(rows));
  std::string out;
  while (true) {
    const auto piece = sheet.NextPiece();
    EXPECT_TRUE(piece.ok());
    if (!piece.ok() || piece->empty()) return out;
    out += *piece;
  }
}

TEST(Csv, IsWhatSpreadsheetProgramsExpectOfChineseText) {
  EXPECT_EQ(Whole(Format::kCsv, RowsOf({{"邻里,\"排水\"\n纠纷", int64_t{3}, true}, {Cell(), int64_t{0}, false}})),
            "\xef\xbb\xbf\"名称\",\"件数\",\"按期\"\r\n\"邻里,\"\"排水\"\"\n纠纷\",3,是\r\n,0,否\r\n");
}

TEST(Csv, OfNothingStillNamesItsColumns) {
  EXPECT_EQ(Whole(Format::kCsv, RowsOf({})), "\xef\xbb\xbf\"名称\",\"件数\",\"按期\"\r\n");
}

// What somebody wrote into a report must not run on the computer of who opens the file.
TEST(Csv, MakesNoFormulaOfWhatSomebodyWrote) {
  for (const char* text : {"=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1"}) {
    EXPECT_NE(Whole(Format::kCsv, RowsOf({{text, Cell(), Cell()}})).find("\"'" + std::string(text)), std::string::npos);
  }
}

TEST(Json, SaysAtItsEndHowManyRowsItHas) {
  const auto json =
      nlohmann::json::parse(Whole(Format::kJson, RowsOf({{"=邻里\"", int64_t{3}, true}, {"b", Cell(), Cell()}})));
  EXPECT_EQ(json["about"]["areaCode"], "371403");
  EXPECT_EQ(json["columns"][1]["zh"], "件数");
  EXPECT_EQ(json["rows"][0], nlohmann::json({{"name", "=邻里\""}, {"count", 3}, {"onTime", true}}));
  EXPECT_EQ(json["rows"][1], nlohmann::json({{"name", "b"}})) << "no data is not zero";
  EXPECT_EQ(json["count"], 2);
  EXPECT_EQ(nlohmann::json::parse(Whole(Format::kJson, RowsOf({})))["count"], 0);
}

TEST(Sheet, GoesOutInPiecesWhateverItsLength) {
  int left = 20'000;
  Sheet sheet(Format::kCsv, {"n", {}}, kColumns, [&]() -> absl::StatusOr<std::optional<Row>> {
    if (left == 0) return std::optional<Row>();
    --left;
    return std::optional<Row>({"二十个字的名称二十个字的名称二十个字的名", int64_t{left}, Cell()});
  });
  int lines = 0;
  int pieces = 0;
  while (true) {
    const auto piece = sheet.NextPiece();
    ASSERT_TRUE(piece.ok());
    if (piece->empty()) break;
    EXPECT_LE(piece->size(), kPieceBytes + 200);
    lines += static_cast<int>(std::count(piece->begin(), piece->end(), '\n'));
    ++pieces;
  }
  EXPECT_EQ(lines, 20'001);
  EXPECT_GT(pieces, 10);
}

TEST(Sheet, ThatCannotBeReadToItsEndSaysSo) {
  Sheet sheet(Format::kJson, {"n", {}}, kColumns, []() -> absl::StatusOr<std::optional<Row>> {
    return absl::DataLossError("damaged");
  });
  EXPECT_EQ(sheet.NextPiece().status().code(), absl::StatusCode::kDataLoss);
}

TEST(Sheet, IsKeptAsAFileOfItsKind) {
  auto next = StreamOf(Sheet(Format::kCsv, {"disputes-371403", {}}, kColumns, RowsOf({})));
  google::api::HttpBody body;
  ASSERT_TRUE(next(&body).value());
  EXPECT_EQ(body.content_type(), "text/csv; charset=utf-8");
  common::v1::Download download;
  ASSERT_TRUE(body.extensions(0).UnpackTo(&download));
  EXPECT_EQ(download.file_name(), "disputes-371403.csv");
  EXPECT_FALSE(download.inline_());
  body.Clear();
  EXPECT_FALSE(next(&body).value());
}

TEST(Moment, IsWrittenInChinasTimeOrNotAtAll) {
  EXPECT_EQ(std::get<std::string>(Moment(1'790'000'000'000)).size(), 16u);
  EXPECT_TRUE(std::holds_alternative<std::monostate>(Moment(0)));
  const int64_t midnight = base::StartOfDayMs(*base::ParseDay("2026-11-23"));
  EXPECT_EQ(std::get<std::string>(Moment(midnight)), "2026-11-23 00:00");
  EXPECT_EQ(std::get<std::string>(Due(midnight)), "2026-11-22 24:00") << "a period ends with a day";
}

}  // namespace
}  // namespace sheet
