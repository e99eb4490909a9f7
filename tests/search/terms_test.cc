// What a text is found by.
#include "services/search/terms.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/search/limits.h"

namespace search {
namespace {

using testing::ElementsAre, testing::IsEmpty, testing::UnorderedElementsAre;

const Terms& Some() {
  static const Terms terms(std::string(32, 'k'));
  return terms;
}

TEST(Grams, ArePairsOfNeighboursAndWholeNumbers) {
  EXPECT_THAT(Some().GramsOf("拖欠工资2293元"), UnorderedElementsAre("拖欠", "欠工", "工资", "2293"));
  EXPECT_THAT(Some().GramsOf("东关路，小广告"), UnorderedElementsAre("东关", "关路", "小广", "广告"));
  EXPECT_THAT(Some().GramsOf("3号楼 A座"), UnorderedElementsAre("3", "号楼", "a"));
}

TEST(Grams, FoldWidthCaseAndTraditionalCharacters) {
  EXPECT_EQ(Some().GramsOf("ＡＢＣ１２３"), Some().GramsOf("abc123"));
  EXPECT_EQ(Some().GramsOf("拖欠農民工工資"), Some().GramsOf("拖欠农民工工资"));
  EXPECT_EQ(Some().GramsOf("鄰里糾紛"), Some().GramsOf("邻里纠纷"));
}

TEST(Grams, KnowRareCharacters) {
  EXPECT_THAT(Some().GramsOf("𠮷野家"), UnorderedElementsAre("𠮷野", "野家"));
}

TEST(Grams, OfOneCharacterAreNone) { EXPECT_THAT(Some().GramsOf("李 。"), IsEmpty()); }

TEST(Grams, SurviveABrokenEnd) {
  const std::string text = std::string(kWordsBytesMax - 1, 'a') + "漏水";
  EXPECT_EQ(Some().GramsOf(text).size(), 1u);
}

TEST(Tokens, NeedTheKey) {
  const Terms other(std::string(32, 'o'));
  EXPECT_EQ(Some().Of(Kind::kWord, "漏水"), Terms(std::string(32, 'k')).Of(Kind::kWord, "漏水"));
  EXPECT_NE(Some().Of(Kind::kWord, "漏水"), other.Of(Kind::kWord, "漏水"));
  EXPECT_NE(Some().Of(Kind::kWord, "371403"), Some().Of(Kind::kPlace, "371403") & ~(Token{0xff} << 56));
  EXPECT_NE(Some().Mark(), other.Mark());
  EXPECT_EQ(KindOf(Some().Of(Kind::kPhone, "5678")), Kind::kPhone);
  EXPECT_THAT(TextOf(Some().Of(Kind::kWord, "漏水")), testing::MatchesRegex("w[a-z2-7]{12}"));
}

TEST(Tokens, OfAPhoneAreItsTailOnly) {
  std::vector<Token> tokens;
  Some().AddPhone("+86 138-1234-５６７８", &tokens);
  EXPECT_THAT(tokens, ElementsAre(Some().Of(Kind::kPhone, "5678")));
  tokens.clear();
  Some().AddPhone("不详12", &tokens);
  EXPECT_THAT(tokens, IsEmpty());
}

// Otherwise a question for a telephone in one county would walk everything that the county has.
TEST(Tokens, OfAPhoneStandForEachWhoMaySeeTheMatter) {
  const Token county = Some().Of(Kind::kScope, "371403");
  const Token city = Some().Of(Kind::kScope, "3714");
  std::vector<Token> tokens{county, city, Some().Of(Kind::kWord, "漏水")};
  Some().AddPhone("13812345678", &tokens);
  Some().BindPhones(&tokens);
  EXPECT_EQ(std::ranges::count(tokens, Some().Of(Kind::kPhone, "5678")), 0);
  std::vector<Token> phones = Some().PhonesFor("5678", {county, city});
  EXPECT_THAT(phones, testing::Each(testing::Truly([&](Token phone) {
                return KindOf(phone) == Kind::kPhone && std::ranges::count(tokens, phone) == 1;
              })));
  EXPECT_EQ(tokens.size(), 5u);
  EXPECT_EQ(std::ranges::count(tokens, Some().PhonesFor("5678", {Some().Of(Kind::kScope, "371422")})[0]), 0);
}

TEST(Tokens, OfAPlaceAreAllAreasAroundIt) {
  std::vector<Token> tokens;
  Some().AddAreas(Kind::kPlace, "", "371403001002", &tokens);
  std::vector<Token> expected;
  for (const char* code : {"371403001002", "371403001", "371403", "3714", "37"}) {
    expected.push_back(Some().Of(Kind::kPlace, code));
  }
  EXPECT_THAT(tokens, testing::UnorderedElementsAreArray(expected));
}

TEST(Settle, CutsWordsAndNeverWhoMaySee) {
  std::vector<Token> tokens;
  for (size_t i = 0; i < kDocumentTokensMax; ++i) tokens.push_back(Some().Of(Kind::kWord, std::to_string(i)));
  tokens.push_back(Some().Of(Kind::kScope, "371403"));
  Settle(&tokens);
  EXPECT_EQ(tokens.size(), kDocumentTokensMax);
  EXPECT_THAT(tokens, testing::Contains(Some().Of(Kind::kScope, "371403")));
}

}  // namespace
}  // namespace search
