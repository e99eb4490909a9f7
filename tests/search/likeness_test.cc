// How much two texts have in common.
#include "services/search/likeness.h"

#include <gtest/gtest.h>

#include "services/search/limits.h"
#include "tests/search/town.h"
#include "tests/support/temp_dir.h"

namespace search {
namespace {

class LikenessTest : public testing::Test {
 protected:
  LikenessTest() : kept_(&town_, folder_ / "search") {}
  std::vector<Token> WordsOf(const std::string& id) {
    kept_.CatchUp();
    const auto document = kept_.index->Get(id);
    return Likeness::WordsOf((*document)->tokens);
  }
  int Permille(const std::string& a, const std::string& b) {
    return *Likeness(kept_.index.get()).Permille(WordsOf(a), WordsOf(b));
  }

  tests::TempDir folder_;
  Town town_;
  Kept kept_;
};

TEST_F(LikenessTest, OfTheSameWordsIsWholeAndOfOthersNone) {
  town_.Say("a", "汽车配件厂拖欠工资");
  town_.Say("b", "拖欠工资，汽车配件厂");
  town_.Say("c", "楼上漏水");
  EXPECT_GE(Permille("a", "b"), 800);
  EXPECT_EQ(Permille("a", "c"), 0);
  EXPECT_EQ(Permille("a", "a"), 1000);
  EXPECT_EQ(Permille("a", "b"), Permille("b", "a"));
}

TEST_F(LikenessTest, DoesNotAskThatBothAreEquallyLong) {
  town_.Say("long", "二零一七年三月汽车配件厂招工，左手小指被机器压伤，要求工伤事故赔偿，厂方推卸责任");
  town_.Say("short", "左手小指被机器压伤");
  EXPECT_EQ(Permille("long", "short"), 1000);
}

// Everybody asks for something and complains of somebody: that makes no two matters the same.
TEST_F(LikenessTest, CountsRareWordsMoreThanWhatEverybodySays) {
  for (int i = 0; i < 50; ++i) town_.Say("m" + std::to_string(i), "要求依法处理");
  town_.Say("a", "要求依法处理印染厂污水");
  town_.Say("b", "要求依法处理彩礼返还");
  town_.Say("c", "印染厂污水");
  EXPECT_LT(Permille("a", "b"), 100);
  EXPECT_GT(Permille("a", "c"), 900);
}

TEST_F(LikenessTest, OfLongTextsComparesTheSameSample) {
  std::string text;
  for (size_t i = 0; i < 3 * kComparedTokensMax; ++i) text += std::to_string(100'000 + i) + " ";
  town_.Say("a", text);
  town_.Say("b", text.substr(0, text.size() / 2));
  town_.Say("c", text.substr(text.size() / 2));
  EXPECT_EQ(Permille("a", "b"), 1000);
  EXPECT_LT(Permille("b", "c"), 10);
}

}  // namespace
}  // namespace search
