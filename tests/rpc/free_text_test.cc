// Which numbers in a sentence are a person's, and which are dates, codes and counts.
#include "services/rpc/free_text.h"

#include <gtest/gtest.h>

#include "testproto/notes.pb.h"

namespace rpc {
namespace {

using testproto::v1::CreateNote;

TEST(NumbersInWords, ArePhonesAndIdentityNumbersHoweverTheyAreWritten) {
  const std::pair<const char*, const char*> kCases[] = {
      {"电话13812345678。", "电话138****5678。"},
      {"13812345678", "138****5678"},
      {"138 1234 5678或138-1234-5678", "138****5678或138****5678"},
      {"打１３８１２３４５６７８", "打138****5678"},
      {"+86 13812345678，008613812345678", "+138****5678，138****5678"},
      {"8613812345678", "138****5678"},
      {"身份证37142119800101123x！", "身份证371***********123X！"},
      {"证371421198001011234号13812345678", "证371***********1234号138****5678"},
      // Written in groups, with dots or in full width, they stayed in the words and were found by a search.
      {"证371421 19800101 1234，371421-19800101-123X", "证371***********1234，371***********123X"},
      {"证３７１４２１１９８００１０１１２３Ｘ", "证371***********123X"},
      {"打138.1234.5678", "打138****5678"},
  };
  for (const auto& [text, masked] : kCases) EXPECT_EQ(WithMaskedNumbers(text), masked);
}

TEST(NumbersInWords, AreNotDatesCodesAndCounts) {
  for (const char* text : {
           "2026-11-23 10:30 一共 12345678901 元",   // begins with 12
           "事项37140320261122I000038",              // a matter code
           "网格371403001003001",                    // a grid code
           "01M80J13912345678XYZ",                   // inside an id
           "x13812345678",                           // after a letter
           "13812345678a",                           // before a letter
           "138123456789",                           // twelve digits
           "371421198013011234",                     // no such month
           "12345，0534-2110000",                    // a hotline, an office
           "138 1234 567",
           "枫桥",
           "",
       }) {
    EXPECT_TRUE(NumbersIn(text).empty()) << text;
    EXPECT_EQ(WithMaskedNumbers(text), text);
  }
}

TEST(Words, AreLongTextsAndListsButNoCodesAndNoPersonalFields) {
  const auto* type = CreateNote::descriptor();
  EXPECT_TRUE(HoldsWords(type->FindFieldByName("story")));
  EXPECT_TRUE(HoldsWords(type->FindFieldByName("claim")));
  EXPECT_FALSE(HoldsWords(type->FindFieldByName("text")));       // twenty characters
  EXPECT_FALSE(HoldsWords(type->FindFieldByName("phone")));      // marked
  EXPECT_FALSE(HoldsWords(type->FindFieldByName("area_code")));  // no bound of its own: a code
  EXPECT_TRUE(HasWords(testproto::v1::Command::descriptor()));
  EXPECT_FALSE(HasWords(testproto::v1::GetNote::descriptor()));
}

TEST(InlineTokens, WithoutAnEndStayAsTheyAre) {
  const auto shown = [](std::string_view token) { return "<" + std::string(token) + ">"; };
  EXPECT_EQ(ReplaceTokens("a ⟦vault:x⟧ b ⟦vault:y⟧", shown), "a <vault:x> b <vault:y>");
  EXPECT_EQ(ReplaceTokens("a ⟦vault:x", shown), "a ⟦vault:x");
  EXPECT_EQ(ReplaceTokens("⟦甲⟧", shown), "⟦甲⟧");
}

}  // namespace
}  // namespace rpc
