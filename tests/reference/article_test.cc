// Grounds of periods in English: every one of the city's policy, and nothing half translated.
#include "services/reference/article.h"

#include <gtest/gtest.h>

#include "services/reference/policy_files.h"

namespace reference {
namespace {

TEST(ArticleEn, NamesTheSameProvision) {
  const std::pair<const char*, const char*> kCases[] = {
      {"平台默认", "platform default"},
      {"事件分类 0709 油烟噪声扰民", "incident category 0709 油烟噪声扰民"},
      {"平台默认：当月最后一个工作日", "platform default: the last working day of the month"},
      {"人民调解工作若干规定第三十三条", "Provisions on People's Mediation Work, art. 33"},
      {"信访工作条例第二十三条第三款", "Regulations on Petition Work, art. 23, para. 3"},
      {"信访工作条例第二十二条第三项", "Regulations on Petition Work, art. 22, item 3"},
      {"人民调解法第三十三条、民事诉讼法第二百零五条",
       "People's Mediation Law, art. 33; Civil Procedure Law, art. 205"},
      {"山东省信访条例第四十三条、第四十四条", "Petition Regulations of Shandong, art. 43, art. 44"},
      {"人民法院在线调解规则第十条", "Rules of the People's Courts on Online Mediation, art. 10"},
  };
  for (const auto& [zh, en] : kCases) EXPECT_EQ(ArticleEn(zh), en);
}

TEST(ArticleEn, LeavesWhatItDoesNotKnowWhole) {
  for (const char* text : {"", "本市规定第三条", "人民调解法第三章", "人民调解法第条", "人民调解法，第三条", "平台默认，暂定"}) {
    EXPECT_EQ(ArticleEn(text), text);
  }
  EXPECT_EQ(ArticleEn("平台默认：本市规定第三条"), "platform default: 本市规定第三条");
}

// "Basis: 平台默认" stood in English sentences.
TEST(ArticleEn, TranslatesTheGroundOfEveryClock) {
  const auto files = ReadPolicyFolder("policy");
  ASSERT_TRUE(files.ok()) << files.status();
  for (const auto& rule : files->policies.deadlines().rule()) {
    for (const char c : ArticleEn(rule.article())) EXPECT_GE(c, 0) << rule.id() << " " << rule.article();
  }
  // Where a leader or an inspection names the day, no row of the policy does.
  for (const char* ground : {"批示要求的报告期限", "督查反馈的整改期限"}) {
    for (const char c : ArticleEn(ground)) EXPECT_GE(c, 0) << ground;
  }
}

}  // namespace
}  // namespace reference
