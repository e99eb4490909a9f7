// The index follows the log: through kills, restores, damage and new names.
#include "services/search/follow.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "services/search/limits.h"
#include "tests/search/town.h"
#include "tests/support/temp_dir.h"

namespace search {
namespace {

namespace fs = std::filesystem;

class FollowTest : public testing::Test {
 protected:
  std::string Folder() { return folder_ / "search"; }
  // Empty: what is in the index is what the states say.
  std::string Difference(const Kept& kept) {
    const auto difference = CompareWithStates(*kept.index, TownMoment(&town_));
    EXPECT_TRUE(difference.ok()) << difference.status();
    return difference.value_or("?");
  }
  std::vector<std::string> Found(const Kept& kept, const std::string& word) {
    const auto finds = kept.index->Search(TextOf(town_.terms.Of(Kind::kWord, word)), 0, 100);
    std::vector<std::string> ids;
    for (const auto& find : *finds) ids.push_back(find.id);
    return ids;
  }

  tests::TempDir folder_;
  Town town_;
};

TEST_F(FollowTest, HoldsWhatTheStatesSayAndNothingElse) {
  town_.Say("a", "漏水");
  Kept kept(&town_, Folder());
  kept.CatchUp();
  town_.Say("b", "漏水");
  town_.Say("a", "噪声");
  town_.Say("b", "");
  kept.CatchUp();
  EXPECT_EQ(Difference(kept), "");
  EXPECT_THAT(Found(kept, "漏水"), testing::IsEmpty());
  EXPECT_THAT(Found(kept, "噪声"), testing::ElementsAre("a"));
  EXPECT_TRUE(kept.follower->Await(4));
}

TEST_F(FollowTest, SaysWhenItIsNotThereYet) {
  Kept kept(&town_, Folder());
  town_.Say("a", "漏水");
  EXPECT_FALSE(kept.follower->Await(1));
  kept.CatchUp();
  EXPECT_TRUE(kept.follower->Await(1));
  town_.Say("b", "漏水");
  EXPECT_FALSE(kept.follower->Await(2));
}

// A kill between any two portions, with the files as the process left them.
TEST_F(FollowTest, AKillAtAnyMomentNeitherLosesNorDoubles) {
  for (int i = 0; i < 30; ++i) town_.Say("m" + std::to_string(i), "漏水" + std::to_string(i));
  for (int steps = 0; steps < 6; ++steps) {
    {
      Kept killed(&town_, Folder());
      for (int i = 0; i < steps; ++i) ASSERT_TRUE(killed.follower->Step().ok());
      fs::remove_all(folder_ / "left");
      fs::copy(Folder(), folder_ / "left", fs::copy_options::recursive);
    }
    town_.Say("m" + std::to_string(steps), "改了");
    Kept again(&town_, folder_ / "left");
    again.CatchUp();
    EXPECT_EQ(Difference(again), "") << steps;
  }
}

TEST_F(FollowTest, IsBuiltAnewWhenItIsGoneAndAnswersMeanwhile) {
  for (size_t i = 0; i < kScannedMax + 20; ++i) town_.Say("m" + std::to_string(i), "漏水");
  Kept kept(&town_, Folder());
  ASSERT_TRUE(*kept.follower->Step());
  EXPECT_EQ(*kept.index->Size(), kScannedMax);
  EXPECT_FALSE(kept.follower->Await(town_.ids.size())) << "and says that it is not complete";
  EXPECT_EQ(Found(kept, "漏水").size(), 100u);
  town_.Say("m1", "");  // goes while it is built
  town_.Say("z", "噪声");
  kept.CatchUp();
  EXPECT_TRUE(kept.follower->Await(town_.ids.size()));
  EXPECT_EQ(Difference(kept), "");
}

TEST_F(FollowTest, AKillWhileItIsBuiltGoesOnWhereItStood) {
  for (size_t i = 0; i < kScannedMax + 20; ++i) town_.Say("m" + std::to_string(i), "漏水");
  {
    Kept killed(&town_, Folder());
    ASSERT_TRUE(*killed.follower->Step());
  }
  Kept again(&town_, Folder());
  EXPECT_FALSE(again.index->standing().complete);
  EXPECT_EQ(*again.index->Size(), kScannedMax);
  ASSERT_TRUE(*again.follower->Step());
  EXPECT_TRUE(again.index->standing().complete) << "one portion was left";
  again.CatchUp();
  EXPECT_EQ(Difference(again), "");
}

TEST_F(FollowTest, OfARestoredDatabaseIsBuiltAnew) {
  town_.Say("a", "漏水");
  town_.Say("b", "漏水");
  {
    Kept kept(&town_, Folder());
    kept.CatchUp();
  }
  town_.log.RestoreTo(1, 2);  // b was never said, in a new epoch
  town_.ids.pop_back();
  town_.matters.erase("b");
  Kept again(&town_, Folder());
  again.CatchUp();
  EXPECT_EQ(Difference(again), "");
  EXPECT_THAT(Found(again, "漏水"), testing::ElementsAre("a"));
}

// A copy of the database put back by hand has no new epoch; the digest of the log tells.
TEST_F(FollowTest, OfADatabaseCopiedBackIsBuiltAnew) {
  town_.Say("a", "漏水");
  town_.Say("b", "漏水");
  {
    Kept kept(&town_, Folder());
    kept.CatchUp();
  }
  town_.log.RestoreTo(1, 1);
  town_.ids.pop_back();
  town_.matters.erase("b");
  town_.Say("c", "漏水");  // another second entry
  Kept again(&town_, Folder());
  again.CatchUp();
  EXPECT_EQ(Difference(again), "");
  EXPECT_THAT(Found(again, "漏水"), testing::ElementsAre("c", "a"));
}

TEST_F(FollowTest, OfALogThatWasCutBehindItIsBuiltAnew) {
  town_.Say("a", "漏水");
  {
    Kept kept(&town_, Folder());
    kept.CatchUp();
  }
  for (int i = 0; i < 5; ++i) town_.Say("a", "噪声" + std::to_string(i));
  town_.log.CutBefore(4);
  Kept again(&town_, Folder());
  again.CatchUp();
  EXPECT_EQ(Difference(again), "");
}

TEST_F(FollowTest, DamagedWhileItIsInUseIsBuiltAnew) {
  for (int i = 0; i < 200; ++i) town_.Say("m" + std::to_string(i), "漏水噪声工资" + std::to_string(i));
  {
    Kept kept(&town_, Folder());
    kept.CatchUp();
  }
  for (const auto& file : fs::directory_iterator(Folder())) {
    std::fstream bytes(file.path(), std::ios::in | std::ios::out | std::ios::binary);
    for (uint64_t at = 4096; at + 2048 < fs::file_size(file.path()); at += 4096) {
      bytes.seekp(static_cast<std::streamoff>(at));
      bytes << std::string(2048, '\x5a');
    }
  }
  Kept again(&town_, Folder());
  town_.Say("new", "漏水");
  for (int i = 0; i < 5; ++i) (void)again.follower->Step();  // one of them finds the damage
  again.CatchUp();
  EXPECT_EQ(Difference(again), "");
}

TEST_F(FollowTest, TakesTheNewNameOfAPlace) {
  town_.names["371403001002"] = "前李村";
  town_.Say("a", "漏水", "371403001002");
  town_.Say("b", "漏水", "371403001003");
  Kept kept(&town_, Folder());
  kept.CatchUp();
  EXPECT_THAT(Found(kept, "前李"), testing::ElementsAre("a"));
  town_.Rename("371403001002", "后张村");
  kept.CatchUp();
  EXPECT_THAT(Found(kept, "前李"), testing::IsEmpty());
  EXPECT_THAT(Found(kept, "后张"), testing::ElementsAre("a"));
  EXPECT_EQ(Difference(kept), "");
}

TEST_F(FollowTest, OneUnreadableMatterKeepsNoOtherOut) {
  town_.Say("unreadable", "漏水");
  town_.Say("a", "漏水");
  Kept kept(&town_, Folder());
  kept.CatchUp();
  EXPECT_THAT(Found(kept, "漏水"), testing::ElementsAre("a"));
}

TEST_F(FollowTest, RunsOnAThreadOfItsOwn) {
  Kept kept(&town_, Folder());
  town_.Say("a", "漏水");
  kept.follower->Start();
  while (!kept.follower->Await(1)) {
  }
  kept.follower->Stop();
  EXPECT_THAT(Found(kept, "漏水"), testing::ElementsAre("a"));
}

TEST_F(FollowTest, CheckFindsWhatIsWrong) {
  town_.Say("a", "漏水");
  Kept kept(&town_, Folder());
  kept.CatchUp();
  Document other{9, "b", {town_.terms.Of(Kind::kWord, "漏水")}};
  ASSERT_TRUE(kept.index->Commit({{"b", other}}, kept.index->standing()).ok());
  EXPECT_EQ(Difference(kept), "it holds 2 documents, not 1");
  ASSERT_TRUE(kept.index->Commit({{"b", std::nullopt}, {"a", std::nullopt}}, kept.index->standing()).ok());
  EXPECT_EQ(Difference(kept), "a is missing");
  town_.Say("a", "");
  kept.CatchUp();
  Document stale{RowOf(1), "a", {town_.terms.Of(Kind::kWord, "漏水")}};
  ASSERT_TRUE(kept.index->Commit({{"a", stale}}, kept.index->standing()).ok());
  EXPECT_EQ(Difference(kept), "it holds something that does not belong there");
}

TEST_F(FollowTest, CheckPassesOverWhatTheIndexHasNotHeardOfYet) {
  town_.Say("a", "漏水");
  town_.Say("b", "漏水");
  Kept kept(&town_, Folder());
  kept.CatchUp();
  town_.Say("a", "噪声");
  town_.Say("c", "漏水");
  EXPECT_EQ(Difference(kept), "");
  ASSERT_TRUE(kept.index->Commit({{"b", std::nullopt}}, kept.index->standing()).ok());
  EXPECT_EQ(Difference(kept), "b is missing");
  town_.Rename("371403001002", "张庄");
  EXPECT_TRUE(absl::IsFailedPrecondition(CompareWithStates(*kept.index, TownMoment(&town_)).status()));
}

TEST_F(FollowTest, CheckOpensAnIndexWithoutBeginningItAnew) {
  EXPECT_TRUE(absl::IsNotFound(Index::OpenAsItIs(Folder(), town_.terms.Mark()).status()));
  town_.Say("a", "漏水");
  { Kept(&town_, Folder()).CatchUp(); }
  const Terms other(std::string(32, 'o'));
  EXPECT_TRUE(absl::IsFailedPrecondition(Index::OpenAsItIs(Folder(), other.Mark()).status()));
  const auto index = Index::OpenAsItIs(Folder(), town_.terms.Mark());
  ASSERT_TRUE(index.ok()) << index.status();
  EXPECT_EQ(CompareWithStates(**index, TownMoment(&town_)).value_or("?"), "");
}

}  // namespace
}  // namespace search
