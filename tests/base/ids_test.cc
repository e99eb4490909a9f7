#include "base/ids.h"

#include <gtest/gtest.h>

#include <set>

namespace base {
namespace {

constexpr int64_t kNow = 1'795'000'000'000;

TEST(Ulid, CarriesItsTimeAndSortsByIt) {
  Random random(4);
  std::string last;
  for (int64_t ms = kNow; ms < kNow + 1000; ++ms) {
    const std::string id = NewUlid(ms, random);
    EXPECT_TRUE(IsUlid(id)) << id;
    EXPECT_EQ(UlidTimeMs(id), ms);
    EXPECT_LT(last, id);
    last = id;
  }
}

TEST(Ulid, WritesTheTimeOfTheSpecificationsExample) {
  Random random(4);
  EXPECT_EQ(NewUlid(1469918176385, random).substr(0, 10), "01ARYZ6S41");
}

TEST(Ulid, IsNotGivenTwiceInOneMillisecond) {
  Random random(5);
  std::set<std::string> seen;
  for (int i = 0; i < 10'000; ++i) EXPECT_TRUE(seen.insert(NewUlid(kNow, random)).second);
}

TEST(Ulid, IsToldFromOtherTexts) {
  EXPECT_FALSE(IsUlid(""));
  EXPECT_FALSE(IsUlid("01ARYZ6S41TSV4RRFFQ69G5FA"));   // 25
  EXPECT_FALSE(IsUlid("81ARYZ6S41TSV4RRFFQ69G5FAV"));  // beyond 48 bits
  EXPECT_FALSE(IsUlid("01ARYZ6S41TSV4RRFFQ69G5FAU"));  // U is no digit
  EXPECT_FALSE(IsUlid("01aryz6s41tsv4rrffq69g5fav"));
}

TEST(QueryCode, HasNineCharactersThatCannotBeMistaken) {
  Random random(6);
  std::set<char> used;
  for (int i = 0; i < 2'000; ++i) {
    const std::string code = NewQueryCode(random);
    EXPECT_TRUE(IsQueryCode(code)) << code;
    EXPECT_EQ(code.find_first_of("01OIL"), std::string::npos) << code;
    used.insert(code.begin(), code.end());
  }
  EXPECT_EQ(used.size(), 31u);
  EXPECT_FALSE(IsQueryCode("ABCDEFGH"));
  EXPECT_FALSE(IsQueryCode("ABCDEFGH0"));
}

}  // namespace
}  // namespace base
