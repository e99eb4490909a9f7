// Questions of people: what is refused, what is found, and that pages tell nothing.
#include "services/search/question.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/search/limits.h"
#include "tests/search/town.h"
#include "tests/support/temp_dir.h"

namespace search {
namespace {

using testing::ElementsAre, testing::IsEmpty;

class QuestionTest : public testing::Test {
 protected:
  QuestionTest() : kept_(&town_, folder_ / "search"), pages_(&town_.terms) {}
  std::vector<Token> Of(const std::string& area) { return {town_.terms.Of(Kind::kScope, area)}; }
  std::string Refused(const Wish& wish) {
    const Question question = pages_.Ask(wish, Of("3714"), "u1", "");
    return question.refusal ? question.refusal->field + " " + question.refusal->reason : "";
  }
  std::vector<std::string> Found(const Wish& wish, const std::string& area = "3714", size_t size = 20) {
    kept_.CatchUp();
    const Question question = pages_.Ask(wish, Of(area), "u1", token_);
    EXPECT_FALSE(question.refusal);
    std::vector<std::string> ids;
    const auto next = pages_.Walk(*kept_.index, question, size, [&](const std::string& id) -> absl::StatusOr<bool> {
      ++looked_at_;
      if (hidden_.contains(id)) return false;
      ids.push_back(id);
      return true;
    });
    EXPECT_TRUE(next.ok()) << next.status();
    token_ = next.value_or("");
    if (ids.size() > size) ids.pop_back();
    return ids;
  }

  tests::TempDir folder_;
  Town town_;
  Kept kept_;
  Pages pages_;
  std::set<std::string> hidden_;
  std::string token_;
  int looked_at_ = 0;
};

TEST_F(QuestionTest, ForATelephoneIsOneForTelephonesOfTheAskerAlone) {
  const Question question = pages_.Ask({.phone_tail = "5678"}, Of("371403"), "u1", "");
  EXPECT_EQ(question.match, AllOf({AnyOf(town_.terms.PhonesFor("5678", Of("371403")))}));
  EXPECT_TRUE(pages_.Ask({.phone_tail = "5678"}, {}, "u1", "").match.empty());
}

TEST_F(QuestionTest, NamesTheFieldThatIsWrong) {
  EXPECT_EQ(Refused({.q = ""}), "q NOTHING_ASKED");
  EXPECT_EQ(Refused({.q = " 李 "}), "q TOO_SHORT");
  EXPECT_EQ(Refused({.q = "一二 一三 一四 一五 一六 一七 一八 一九 二一"}), "q TOO_MANY_WORDS");
  EXPECT_EQ(Refused({.q = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏闰余成岁律吕调阳"}),
            "q TOO_LONG");
  EXPECT_EQ(Refused({.area_code = "3714x"}), "area_code BAD_AREA");
  EXPECT_EQ(Refused({.phone_tail = "567"}), "phone_tail BAD_PHONE_TAIL");
  EXPECT_EQ(Refused({.phone_tail = "56７8"}), "phone_tail BAD_PHONE_TAIL");
  EXPECT_EQ(Refused({.q = "漏水"}), "");
}

TEST_F(QuestionTest, FindsAllWordsWhereverTheyStand) {
  town_.Say("a", "楼上卫生间漏水，多次协商未果");
  town_.Say("b", "邻居装修噪声");
  EXPECT_THAT(Found({.q = "协商　漏水"}), ElementsAre("a"));
  EXPECT_THAT(Found({.q = "漏水 噪声"}), IsEmpty());
  EXPECT_THAT(Found({.q = "漏水 李"}), ElementsAre("a")) << "one character beside a word is left out";
}

TEST_F(QuestionTest, IsBoundToThePlaceOfTheAsker) {
  town_.Say("here", "漏水", "371403001002");
  town_.Say("there", "漏水", "371422001002");
  EXPECT_THAT(Found({.q = "漏水"}, "371403"), ElementsAre("here"));
  EXPECT_THAT(Found({.q = "漏水"}, "3714"), ElementsAre("there", "here"));
  EXPECT_THAT(Found({.q = "漏水", .area_code = "371403001"}, "3714"), ElementsAre("here"));
  EXPECT_THAT(Found({.q = "漏水", .area_code = "371422"}, "371403"), IsEmpty());
  EXPECT_TRUE(pages_.Ask({.q = "漏水"}, {}, "u1", "").match.empty()) << "who sees nothing asks nothing";
}

// Two villages of two townships became one: what the former one had was found under its own code alone.
TEST_F(QuestionTest, FindsWhatAFormerVillageHadInThePlaceThatTookItOver) {
  town_.Say("former", "漏水", "371403001002");
  town_.Say("there", "漏水", "371403002001");
  EXPECT_THAT(Found({.area_code = "371403002"}), ElementsAre("there"));
  town_.Merge("371403001002", "371403002001");
  for (const char* place : {"371403002001", "371403002"}) {
    EXPECT_THAT(Found({.area_code = place}), ElementsAre("there", "former")) << place;
  }
  EXPECT_THAT(Found({.area_code = "371403001002"}), ElementsAre("former"));
  EXPECT_THAT(Found({.area_code = "371403002001"}, "371422"), IsEmpty()) << "a place opens nobody's scope";
  EXPECT_EQ(CompareWithStates(*kept_.index, TownMoment(&town_)).value_or("?"), "");
  town_.Merge("371403001002", "371403003001");  // the list was corrected
  EXPECT_THAT(Found({.area_code = "371403002001"}), ElementsAre("there"));
}

TEST_F(QuestionTest, PagesUntilTheEnd) {
  for (char c = 'a'; c < 'f'; ++c) town_.Say(std::string(1, c), "漏水");
  EXPECT_THAT(Found({.q = "漏水"}, "3714", 2), ElementsAre("e", "d"));
  EXPECT_THAT(Found({.q = "漏水"}, "3714", 2), ElementsAre("c", "b"));
  EXPECT_THAT(Found({.q = "漏水"}, "3714", 2), ElementsAre("a"));
  EXPECT_EQ(token_, "");
}

TEST_F(QuestionTest, PageTokenFitsItsQuestionAndItsAskerOnly) {
  for (char c = 'a'; c < 'f'; ++c) town_.Say(std::string(1, c), "漏水 噪声");
  Found({.q = "漏水"}, "3714", 2);
  const auto reason = [&](const Wish& wish, const std::string& area, const std::string& user) {
    const auto question = pages_.Ask(wish, Of(area), user, token_);
    return question.refusal ? question.refusal->reason : "";
  };
  EXPECT_EQ(reason({.q = "漏水"}, "3714", "u1"), "");
  EXPECT_EQ(reason({.q = "噪声"}, "3714", "u1"), "PAGE_TOKEN");
  EXPECT_EQ(reason({.q = "漏水"}, "371403", "u1"), "PAGE_TOKEN");
  EXPECT_EQ(reason({.q = "漏水"}, "3714", "u2"), "PAGE_TOKEN");
}

// Rows are numbers of the log: two of them next to each other would tell how much lies between.
TEST_F(QuestionTest, PageTokenTellsNoNumber) {
  for (char c = 'a'; c < 'e'; ++c) town_.Say(std::string(1, c), "漏水");
  Found({.q = "漏水"}, "3714", 2);
  const std::string first = token_;
  token_.clear();
  Found({.q = "漏水"}, "3714", 2);
  EXPECT_NE(first, token_) << "the same place looks the same twice";
  EXPECT_EQ(first.size(), token_.size());
}

// The second line: between two commits of the index a matter may have been closed to the asker.
TEST_F(QuestionTest, WhatIsHiddenNowNeitherFillsAPageNorMakesAnother) {
  for (char c = 'a'; c < 'e'; ++c) town_.Say(std::string(1, c), "漏水");
  hidden_ = {"c", "a"};
  EXPECT_THAT(Found({.q = "漏水"}, "3714", 2), ElementsAre("d", "b"));
  EXPECT_EQ(token_, "") << "a next page would tell that there is one more";
}

TEST_F(QuestionTest, LooksAtABoundedNumberForOnePage) {
  for (size_t i = 0; i < kLookedAtMax + 50; ++i) {
    town_.Say("m" + std::to_string(i), "漏水");
    hidden_.insert("m" + std::to_string(i));
  }
  EXPECT_THAT(Found({.q = "漏水"}, "3714", 20), IsEmpty());
  EXPECT_LE(looked_at_, static_cast<int>(kLookedAtMax) + 21);
  EXPECT_NE(token_, "");
}

}  // namespace
}  // namespace search
