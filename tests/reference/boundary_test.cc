#include "services/reference/boundary.h"

#include <gtest/gtest.h>

#include "base/area_code.h"
#include "services/reference/validate.h"

namespace reference {
namespace {

constexpr char kSquare[] =
    R"({"type":"Polygon","coordinates":[[[116.0,37.0],[116.1,37.0],[116.1,37.1],[116.0,37.1],[116.0,37.0]]]})";
constexpr char kNextSquare[] =
    R"({"type":"Polygon","coordinates":[[[116.1,37.0],[116.2,37.0],[116.2,37.1],[116.1,37.1],[116.1,37.0]]]})";

directory::v1::Area Grid(const std::string& code, const std::string& boundary, bool synthetic = false) {
  directory::v1::Area area;
  area.set_code(code);
  area.set_name("第一网格");
  area.set_level(base::LevelOf(code));
  area.set_boundary(boundary);
  area.set_boundary_synthetic(synthetic);
  return area;
}

TEST(Boundary, HasHolesAndParts) {
  const auto lake = ParseBoundary(
      R"({"type":"MultiPolygon","coordinates":[
          [[[0,0],[10,0],[10,10],[0,10],[0,0]],[[4,4],[6,4],[6,6],[4,6],[4,4]]],
          [[[20,0],[30,0],[30,10],[20,0]]]]})");
  ASSERT_TRUE(lake.ok()) << lake.status();
  EXPECT_TRUE(Inside(*lake, {2, 2}));
  EXPECT_FALSE(Inside(*lake, {5, 5}));   // the hole
  EXPECT_TRUE(Inside(*lake, {29, 5}));   // the second part
  EXPECT_FALSE(Inside(*lake, {15, 5}));
}

TEST(Boundary, ThatIsNoPolygonIsRefusedByName) {
  for (const char* wrong :
       {"", "{", "[]", R"({"type":"Point","coordinates":[1,2]})", R"({"type":"Polygon","coordinates":[]})",
        R"({"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1]]]})",                   // three positions
        R"({"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1]]]})",             // not closed
        R"({"type":"Polygon","coordinates":[[[0,0],["1",0],[1,1],[0,0]]]})",
        R"({"type":"Polygon","coordinates":[[[0,0],[181,0],[1,1],[0,0]]]})"}) {
    EXPECT_FALSE(ParseBoundary(wrong).ok()) << wrong;
  }
  const absl::Status status = ValidateArea(Grid("371403001001001", R"({"type":"Point"})"));
  EXPECT_NE(std::string(status.message()).find("boundary"), std::string::npos) << status;
}

TEST(GridMap, KnowsTheMiddleOfAGridThatIsOpen) {
  GridMap map;
  map.Learn(Grid("371403001001001", kSquare));
  ASSERT_TRUE(map.MiddleOf("371403001001001").has_value());
  EXPECT_NEAR(map.MiddleOf("371403001001001")->lon, 116.05, 1e-9);
  EXPECT_NEAR(map.MiddleOf("371403001001001")->lat, 37.05, 1e-9);
  EXPECT_FALSE(map.MiddleOf("371403001001002").has_value());
  map.Learn(Grid("371403001001001", ""));
  EXPECT_FALSE(map.MiddleOf("371403001001001").has_value()) << "it lost its boundary";
}

TEST(GridMap, KnowsWhichGridAPositionLiesIn) {  // spec: I1
  GridMap map;
  map.Learn(Grid("371403001001001", kSquare));
  map.Learn(Grid("371403001001002", kNextSquare));
  EXPECT_EQ(map.At({116.05, 37.05})->code, "371403001001001");
  EXPECT_EQ(map.At({116.15, 37.05})->code, "371403001001002");
  EXPECT_TRUE(map.At({116.1, 37.05}).has_value());  // the common edge belongs to one of the two
  EXPECT_FALSE(map.At({118, 39}).has_value());
}

TEST(GridMap, BelievesASurveyMoreThanADrawing) {
  GridMap map;
  map.Learn(Grid("371403001001001", kSquare, true));
  EXPECT_TRUE(map.At({116.05, 37.05})->synthetic);
  map.Learn(Grid("371403001001009", kSquare));
  EXPECT_EQ(map.At({116.05, 37.05})->code, "371403001001009");
}

TEST(GridMap, ForgetsAClosedGridAndFollowsAMovedBoundary) {
  GridMap map;
  map.Learn(Grid("371403001001001", kSquare));
  map.Learn(Grid("371403001001001", kNextSquare));
  EXPECT_FALSE(map.At({116.05, 37.05}).has_value());
  EXPECT_TRUE(map.At({116.15, 37.05}).has_value());
  directory::v1::Area closed = Grid("371403001001001", kNextSquare);
  closed.set_valid_to("2026-12-31");
  map.Learn(closed);
  EXPECT_FALSE(map.At({116.15, 37.05}).has_value());
  EXPECT_EQ(map.size(), 0u);
}

}  // namespace
}  // namespace reference
