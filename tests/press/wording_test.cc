// Amounts, days and identity numbers as official paper has them.
#include "services/press/wording.h"

#include <gtest/gtest.h>

#include "base/calendar.h"

namespace press {
namespace {

constexpr int64_t kYuan = 100;

// The examples of the rules for filling in bills, and the corners between them.
TEST(AmountInWords, FollowsTheRulesForBills) {
  const std::pair<int64_t, const char*> amounts[] = {
      {0, "零元整"},
      {1, "壹分"},
      {10, "壹角整"},
      {11, "壹角壹分"},
      {5 * kYuan, "伍元整"},
      {5 * kYuan + 4, "伍元零肆分"},
      {10 * kYuan, "壹拾元整"},
      {11 * kYuan, "壹拾壹元整"},
      {100 * kYuan + 50, "壹佰元伍角整"},
      {101 * kYuan, "壹佰零壹元整"},
      {110 * kYuan, "壹佰壹拾元整"},
      {325 * kYuan + 4, "叁佰贰拾伍元零肆分"},
      {1000 * kYuan, "壹仟元整"},
      {1001 * kYuan, "壹仟零壹元整"},
      {1010 * kYuan, "壹仟零壹拾元整"},
      {1409 * kYuan + 50, "壹仟肆佰零玖元伍角整"},
      {1680 * kYuan + 32, "壹仟陆佰捌拾元叁角贰分"},
      {2293 * kYuan, "贰仟贰佰玖拾叁元整"},
      {6007 * kYuan + 14, "陆仟零柒元壹角肆分"},
      {10'000 * kYuan, "壹万元整"},
      {10'001 * kYuan, "壹万零壹元整"},
      {10'100 * kYuan, "壹万零壹佰元整"},
      {11'000 * kYuan, "壹万壹仟元整"},
      {16'409 * kYuan + 2, "壹万陆仟肆佰零玖元零贰分"},
      {100'000 * kYuan, "壹拾万元整"},
      {100'005 * kYuan, "壹拾万零伍元整"},
      {107'000 * kYuan + 53, "壹拾万柒仟元伍角叁分"},
      {1'000'000 * kYuan, "壹佰万元整"},
      {1'001'001 * kYuan, "壹佰万壹仟零壹元整"},
      {20'000'300 * kYuan, "贰仟万零叁佰元整"},
      {100'000'000 * kYuan, "壹亿元整"},
      {100'000'001 * kYuan, "壹亿零壹元整"},
      {100'010'000 * kYuan, "壹亿零壹万元整"},
      {120'000'000 * kYuan, "壹亿贰仟万元整"},
      {1'000'010'000 * kYuan, "壹拾亿零壹万元整"},
      {1'020'304'050 * kYuan + 6, "壹拾亿贰仟零叁拾万肆仟零伍拾元零陆分"},
      {1'000'000'000'000 * kYuan, "壹万亿元整"},
      {-80'000, "负捌佰元整"},
  };
  for (const auto& [fen, words] : amounts) EXPECT_EQ(AmountInWords(fen), words) << fen;
  EXPECT_EQ(AmountInWords(INT64_MAX),
            "玖亿贰仟贰佰叁拾叁万柒仟贰佰零叁亿陆仟捌佰伍拾肆万柒仟柒佰伍拾捌元零柒分");
  EXPECT_TRUE(AmountInWords(INT64_MIN).starts_with("负玖亿"));
}

TEST(AmountInDigits, GroupsThousandsAndKeepsTheCents) {
  EXPECT_EQ(AmountInDigits(0), "0.00");
  EXPECT_EQ(AmountInDigits(5), "0.05");
  EXPECT_EQ(AmountInDigits(80'000), "800.00");
  EXPECT_EQ(AmountInDigits(100'150), "1,001.50");
  EXPECT_EQ(AmountInDigits(123'456'789'01), "123,456,789.01");
  EXPECT_EQ(AmountInDigits(-150), "-1.50");
}

TEST(DayText, IsTheLocalDay) {
  const int64_t day = base::StartOfDayMs(*base::ParseDay("2026-11-23"));
  EXPECT_EQ(DayText(day), "2026年11月23日");
  EXPECT_EQ(MomentText(day + 9 * base::kHourMs + 5 * base::kMinuteMs), "2026年11月23日9时05分");
  const int64_t nine = day + 9 * base::kHourMs;
  EXPECT_EQ(SpanText(nine, nine + 90 * base::kMinuteMs), "2026年11月23日9时00分至10时30分");
  EXPECT_EQ(SpanText(nine, nine + base::kDayMs), "2026年11月23日9时00分至2026年11月24日9时00分");
  EXPECT_EQ(SpanText(nine, 0), "2026年11月23日9时00分");
  EXPECT_EQ(SpanText(0, 0), "");
  EXPECT_EQ(LastDayText(day + base::kDayMs), "2026年11月23日");  // 24:00 is still that day
  EXPECT_EQ(DayText(0), "");
  EXPECT_EQ(MomentText(0), "");
}

TEST(IdentityOf, SaysSexAndAgeAndChecksTheLastDigit) {
  const auto person = IdentityOf("11010519491231002X");  // the example of GB 11643
  ASSERT_TRUE(person.has_value());
  EXPECT_TRUE(person->female);
  EXPECT_EQ(person->year, 1949);
  EXPECT_EQ(AgeOn(*person, base::StartOfDayMs(*base::ParseDay("2026-12-30"))), 76);
  EXPECT_EQ(AgeOn(*person, base::StartOfDayMs(*base::ParseDay("2026-12-31"))), 77);
  EXPECT_TRUE(IdentityOf("11010519491231002x").has_value());
  for (const char* wrong : {"", "110105194912310021", "1101051949123100", "护照E12345678", "1101051949023000X1"}) {
    EXPECT_FALSE(IdentityOf(wrong).has_value()) << wrong;
  }
}

TEST(WithoutStop, LetsTheSentenceGoOn) {
  for (const char* typed : {"修好漏水", "修好漏水。", "修好漏水；", "修好漏水。\n", "修好漏水.. "}) {
    EXPECT_EQ(WithoutStop(typed), "修好漏水") << typed;
  }
  EXPECT_EQ(WithoutStop("答应“不再喧哗。”"), "答应“不再喧哗。”");  // what is quoted keeps its own
  EXPECT_EQ(WithoutStop("。"), "");
}

// A mistyped number left sex and age empty, and nothing said why.
TEST(Identity, OneThatWasMistypedIsTold) {
  EXPECT_FALSE(IsMistyped("11010519491231002X"));
  EXPECT_TRUE(IsMistyped("110105194912310021"));
  EXPECT_TRUE(IsMistyped("110105194913310020"));          // no such month
  EXPECT_FALSE(IsMistyped("91371403MA3C000002"));         // of an organisation
  EXPECT_FALSE(IsMistyped("E12345678"));                  // a passport
  EXPECT_FALSE(IsMistyped(""));
}

TEST(Identity, ADayOfBirthTellsTheAge) {
  const auto born = BornOn("2012-03-09");
  ASSERT_TRUE(born);
  EXPECT_EQ(born->year, 2012);
  EXPECT_EQ(born->month, 3);
  EXPECT_EQ(born->day, 9);
  for (const char* wrong : {"2012-02-30", "2012-3-9", "2012/03/09", "20120309", "", "abcd-ef-gh"}) {
    EXPECT_FALSE(BornOn(wrong)) << wrong;
  }
}

}  // namespace
}  // namespace press
