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

// A clerk put brackets round the beginning, a debtor gave his account, somebody a name on WeChat: all stayed in clear.
TEST(NumbersInWords, ArePhonesInBracketsCardsAndNamesOnWeChat) {
  const std::pair<const char*, const char*> kCases[] = {
      {"打(139)12345678。", "打139****5678。"},
      {"打（139）1234-5678", "打139****5678"},
      {"+86(139) 12345678", "+86139****5678"},
      {"(13912345678)，(139 12345678", "(139****5678)，(139****5678"},
      {"家里（0534）1234567", "家里053****4567"},
      {"（０５３４）２１１００００转8001", "053****0000转8001"},
      {"(0534)211-0000，(010)62345678", "053****0000，010****5678"},
      {"卡号6217000010020334457", "卡号621************4457"},
      {"卡6222 0202 0011 2230转500元", "卡622*********2230转500元"},
      {"卡6222-0202-0011-2230 500元", "卡622*********2230 500元"},
      {"4111111111111111", "411*********1111"},
      {"工行9558820200001323775", "工行955************3775"},
      {"６２２２０２０２００１１２２３０", "622*********2230"},
      {"wx13912345678，VX13912345678", "wx139****5678，VX139****5678"},
      {"WeChat8613912345678，微信13912345678", "WeChat139****5678，微信139****5678"},
      {"x2(139)12345678", "x2139****5678"},
  };
  for (const auto& [text, masked] : kCases) EXPECT_EQ(WithMaskedNumbers(text), masked);
}

TEST(NumbersInWords, AreNoBracketsNoSerialsAndNoNamesThatOnlyLookAlike) {
  for (const char* text : {
           "鲁信〔2026〕12345678号，（2026）12345678号",  // a document
           "区号（0534），拨（0534）12345",               // an area code, the hotline
           "类别（0706）20261123上报",                    // a code, and a day
           "第(012)1234567件",                            // no area code
           "(139)1234567，(139)123456789",                // a digit too few, one too many
           "6217000010020334451",                         // the check digit does not fit
           "卡6222 0202 0011 2231",                       // nor here
           "62170000100203344571",                        // twenty digits
           "6222 02020011 2230",                          // no groups of four
           "流水20261123103000123",                       // a serial that happens to fit, and is no card
           "913714031234567890",                          // a company's code
           "51371403123456789",                           // seventeen digits
           "合同款123456789012345678元",                  // a sum
           "N6217000010020334457",                        // after a letter
           "6217000010020334457A",                        // before one
           "mx13912345678，awx13912345678，wx1391234567",  // no such name, a longer one, a short one
           "wx37140320261122I000038",                     // a matter code
           "事项37140320261122I000038共1300000000元",     // ten digits
       }) {
    EXPECT_TRUE(NumbersIn(text).empty()) << text;
    EXPECT_EQ(WithMaskedNumbers(text), text);
  }
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
