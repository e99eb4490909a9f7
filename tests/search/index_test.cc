// Documents in, documents found; what a file that does not fit becomes.
#include "services/search/index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/support/temp_dir.h"

namespace search {
namespace {

using testing::ElementsAre, testing::IsEmpty;
namespace fs = std::filesystem;

const std::string kMark(8, 'm');

class IndexTest : public testing::Test {
 protected:
  IndexTest() { Open(); }
  void Open(const std::string& mark = kMark) {
    index_.reset();
    auto opened = Index::Open(folder_ / "search", mark);
    ASSERT_TRUE(opened.ok()) << opened.status();
    index_ = *std::move(opened);
  }
  void Put(uint64_t seq, const std::string& id, const std::vector<std::string>& words) {
    Document document{RowOf(seq), id, {}};
    for (const auto& word : words) document.tokens.push_back(terms_.Of(Kind::kWord, word));
    Settle(&document.tokens);
    Standing standing = index_->standing();
    standing.log.seq = seq;
    ASSERT_TRUE(index_->Commit({{id, document}}, standing).ok());
  }
  void Remove(const std::string& id) { ASSERT_TRUE(index_->Commit({{id, std::nullopt}}, index_->standing()).ok()); }
  std::vector<std::string> Found(const std::vector<std::string>& words, uint64_t after = 0, size_t limit = 10) {
    std::vector<std::string> parts;
    for (const auto& word : words) parts.push_back(TextOf(terms_.Of(Kind::kWord, word)));
    const auto finds = index_->Search(AllOf(parts), after, limit);
    EXPECT_TRUE(finds.ok()) << finds.status();
    std::vector<std::string> ids;
    for (const auto& find : *finds) ids.push_back(find.id);
    return ids;
  }

  tests::TempDir folder_;
  Terms terms_{std::string(32, 'k')};
  std::unique_ptr<Index> index_;
};

TEST_F(IndexTest, FindsTheNewestFirstAndGoesOn) {
  Put(3, "c", {"漏水", "楼上"});
  Put(1, "a", {"漏水"});
  Put(2, "b", {"漏水"});
  EXPECT_THAT(Found({"漏水"}), ElementsAre("c", "b", "a"));
  EXPECT_THAT(Found({"漏水"}, RowOf(3), 1), ElementsAre("b"));
  EXPECT_THAT(Found({"漏水", "楼上"}), ElementsAre("c"));
  EXPECT_THAT(Found({"工资"}), IsEmpty());
}

TEST_F(IndexTest, KnowsADocumentByItsNewWordsOnly) {
  Put(1, "a", {"漏水"});
  Put(1, "a", {"工资"});
  EXPECT_THAT(Found({"漏水"}), IsEmpty());
  EXPECT_THAT(Found({"工资"}), ElementsAre("a"));
  Remove("a");
  Remove("a");
  EXPECT_THAT(Found({"工资"}), IsEmpty());
  EXPECT_EQ(*index_->Size(), 0u);
}

TEST_F(IndexTest, IsFoundAgainWithItsPlace) {
  Put(7, "a", {"漏水"});
  Open();
  EXPECT_EQ(index_->standing().log.seq, 7u);
  EXPECT_THAT(Found({"漏水"}), ElementsAre("a"));
}

TEST_F(IndexTest, OfAnotherKeyIsBegunAnew) {
  Put(7, "a", {"漏水"});
  Open(std::string(8, 'x'));
  EXPECT_EQ(index_->standing().log.seq, 0u);
  EXPECT_THAT(Found({"漏水"}), IsEmpty());
}

TEST_F(IndexTest, OfAnUnknownFormatOrDamagedIsBegunAnewAndLeavesNoFileBehind) {
  Put(7, "a", {"漏水"});
  index_.reset();
  for (const auto& file : fs::directory_iterator(folder_ / "search")) {
    std::ofstream(file.path(), std::ios::trunc) << "what a city wrote over it";
  }
  Open();
  EXPECT_EQ(index_->standing().log.seq, 0u);
  Put(1, "b", {"工资"});
  EXPECT_THAT(Found({"工资"}), ElementsAre("b"));
  index_.reset();
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_ / "search"), fs::directory_iterator()), 1);
}

TEST_F(IndexTest, AnswersWhoAskedBeforeItWasBegunAnew) {
  Put(1, "a", {"漏水"});
  EXPECT_THAT(Found({"漏水"}), ElementsAre("a"));  // leaves a connection to the old file
  ASSERT_TRUE(index_->BeginAnew().ok());
  EXPECT_THAT(Found({"漏水"}), IsEmpty());
  Put(2, "b", {"漏水"});
  EXPECT_THAT(Found({"漏水"}), ElementsAre("b"));
}

TEST_F(IndexTest, FindsTheSameAfterItsPiecesWereMerged) {
  for (uint64_t seq = 1; seq <= 70; ++seq) Put(seq, "d" + std::to_string(seq), {"漏水", std::to_string(seq % 7)});
  Remove("d59");
  const auto before = Found({"漏水"}, 0, 100);
  EXPECT_EQ(before.size(), 69u);
  EXPECT_TRUE(*index_->Tidy(true)) << "there was nothing to merge";
  while (*index_->Tidy(false)) {
  }
  EXPECT_EQ(Found({"漏水"}, 0, 100), before);
  EXPECT_THAT(Found({"漏水", "3"}, 0, 2), ElementsAre("d66", "d52"));
}

// Each commit is whole or not at all: the place never says more than the documents.
TEST_F(IndexTest, OfAKilledProcessIsWhatItWasAtItsLastCommit) {
  Put(1, "a", {"漏水"});
  Put(2, "b", {"漏水"});
  // What a killed process leaves: the files as they are, the log of SQLite not folded in.
  fs::copy(folder_ / "search", folder_ / "killed", fs::copy_options::recursive);
  auto opened = Index::Open(folder_ / "killed", kMark);
  ASSERT_TRUE(opened.ok());
  EXPECT_EQ((*opened)->standing().log.seq, 2u);
  EXPECT_EQ(*(*opened)->Size(), 2u);
}

TEST_F(IndexTest, CountsHowManyDocumentsHaveAWordUpToALimit) {
  for (uint64_t row = 1; row <= 5; ++row) Put(row, "d" + std::to_string(row), {"漏水"});
  EXPECT_EQ(*index_->Frequency(terms_.Of(Kind::kWord, "漏水"), 10), 5u);
  EXPECT_EQ(*index_->Frequency(terms_.Of(Kind::kWord, "漏水"), 3), 3u);
  EXPECT_EQ(*index_->Frequency(terms_.Of(Kind::kWord, "工资"), 3), 0u);
}

// No word in clear, no name, no number: a stolen disk shows tokens.
TEST_F(IndexTest, HoldsNoWordInClear) {
  Put(1, "a", {"漏水", "13812345678"});
  index_.reset();
  std::string all;
  for (const auto& file : fs::directory_iterator(folder_ / "search")) {
    std::ifstream in(file.path(), std::ios::binary);
    all.append(std::istreambuf_iterator<char>(in), {});
  }
  EXPECT_NE(all.find(TextOf(terms_.Of(Kind::kWord, "漏水"))), std::string::npos) << "the test reads the wrong files";
  EXPECT_EQ(all.find("漏水"), std::string::npos);
  EXPECT_EQ(all.find("13812345678"), std::string::npos);
  EXPECT_EQ(fs::status(folder_ / "search").permissions(), fs::perms::owner_all);
}

}  // namespace
}  // namespace search
