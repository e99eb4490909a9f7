#include "base/area_code.h"

#include <gtest/gtest.h>

namespace base {
namespace {

TEST(AreaCode, HasOneLevelByItsLength) {
  EXPECT_EQ(LevelOf("37"), 6);
  EXPECT_EQ(LevelOf("3714"), 5);
  EXPECT_EQ(LevelOf("371403"), 4);
  EXPECT_EQ(LevelOf("371403001"), 3);
  EXPECT_EQ(LevelOf("371403001002"), 2);
  EXPECT_EQ(LevelOf("371403001002003"), 1);
}

TEST(AreaCode, IsRefusedBetweenLevelsAndWithLetters) {
  for (const char* bad :
       {"", "3", "371", "37140", "37140300", "3714030010020", "37140x", " 371403", "３７"}) {
    EXPECT_EQ(LevelOf(bad), 0) << bad;
    EXPECT_EQ(ParentOf(bad), "");
    EXPECT_EQ(CutTo(bad, 4), "");
  }
}

TEST(AreaCode, ClimbsLevelByLevel) {
  EXPECT_EQ(ParentOf("371403001002003"), "371403001002");
  EXPECT_EQ(ParentOf("371403001002"), "371403001");
  EXPECT_EQ(ParentOf("371403001"), "371403");
  EXPECT_EQ(ParentOf("371403"), "3714");
  EXPECT_EQ(ParentOf("3714"), "37");
  EXPECT_EQ(ParentOf("37"), "");
}

TEST(AreaCode, CoversWhatLiesBelowAndItself) {
  EXPECT_TRUE(Covers("371403", "371403"));
  EXPECT_TRUE(Covers("371403", "371403001002003"));
  EXPECT_FALSE(Covers("371403001", "371403"));
  EXPECT_FALSE(Covers("371402", "371403001"));
  EXPECT_FALSE(Covers("", "371403"));       // no scope is not every scope
  EXPECT_FALSE(Covers("37140", "371403"));  // a prefix inside a level is no area
}

TEST(AreaCode, IsCutToALevelAboveButNeverBelow) {
  EXPECT_EQ(CutTo("371403001002003", 3), "371403001");
  EXPECT_EQ(CutTo("371403", 4), "371403");
  EXPECT_EQ(CutTo("371403", 3), "");
  EXPECT_EQ(CutTo("371403", 7), "");
}

}  // namespace
}  // namespace base
