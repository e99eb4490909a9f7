// Short ranges answered from memory: what the store would say, at every moment, and without asking it again.
#include "storage/kept_ranges.h"

#include <absl/strings/str_cat.h>
#include <gmock/gmock.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/coding.h"
#include "base/random.h"
#include "storage/rocks_kv.h"
#include "tests/storage/failing_env.h"
#include "tests/support/mem_kv.h"
#include "tests/support/temp_dir.h"

namespace storage {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using Rows = std::vector<std::string>;  // "key=value"

// A store, what is kept of it, and how often the store was asked.
class Watched {
 public:
  struct Moment {
    std::shared_ptr<const View> view;
    uint64_t number;
  };

  explicit Watched(KeptRanges::Limits limits) : kept_(limits) { kept_.Begin(sequence_); }

  void Write(const Batch& batch) {
    EXPECT_TRUE(kv_.Commit(batch, Durability::kSynced).ok());
    kept_.Follow(batch, ++sequence_);
  }
  void Put(KeySpace space, std::string key, std::string value) {
    Batch batch;
    batch.Put(space, std::move(key), std::move(value));
    Write(batch);
  }
  void Delete(KeySpace space, std::string key) {
    Batch batch;
    batch.Delete(space, std::move(key));
    Write(batch);
  }
  Moment Now() const { return {kv_.Snapshot(), *kept_.MomentOf(sequence_)}; }

  Rows Ask(const Moment& moment, KeySpace space, std::string_view from, std::string_view to, size_t limit = 1000) {
    Rows rows;
    const auto stored = [&](std::string_view first, std::string_view end, const KeptRanges::Each& see) {
      ++asked;
      return moment.view->Scan(space, first, end, see);
    };
    EXPECT_TRUE(kept_.Scan(space, moment.number, from, to, Take(&rows, limit), stored).ok());
    return rows;
  }
  // Of all that begins so.
  Rows Ask(KeySpace space, std::string_view prefix) { return Ask(Now(), space, prefix, base::PrefixEnd(prefix)); }
  Rows Stored(const Moment& moment, KeySpace space, std::string_view from, std::string_view to, size_t limit) {
    Rows rows;
    EXPECT_TRUE(moment.view->Scan(space, from, to, Take(&rows, limit)).ok());
    return rows;
  }

  int asked = 0;  // of the store

 private:
  static KeptRanges::Each Take(Rows* rows, size_t limit) {
    return [=](std::string_view key, std::string_view value) {
      rows->push_back(std::string(key) + "=" + std::string(value));
      return rows->size() < limit;
    };
  }

  tests::MemKv kv_;
  KeptRanges kept_;
  uint64_t sequence_ = 7;
};

KeptRanges::Limits Tight() {
  KeptRanges::Limits limits;
  limits.ranges = 25;
  limits.entries = 300;
  limits.rows_of_one = 20;
  limits.rows_of_index = 3;
  limits.changes = 15;
  limits.moments = 5;
  return limits;
}

std::string DrawKey(base::Random& random) {
  static constexpr const char* kKinds[] = {"review/", "figure/", "status/", "\x03"};
  static constexpr const char* kPlaces[] = {"3714", "371403", "371403001"};
  static constexpr const char* kParts[] = {"/", "/c/m/2026", "/c/d/2026", "@2/group/"};
  std::string key = kKinds[random.Below(4)];
  key += kPlaces[random.Below(3)];
  key += kParts[random.Below(4)];
  return key + std::to_string(random.Below(30));
}

Batch DrawBatch(base::Random& random) {
  static constexpr KeySpace kSpaces[] = {KeySpace::kTally, KeySpace::kDerived, KeySpace::kIndex, KeySpace::kState};
  Batch batch;
  for (uint64_t i = 1 + random.Below(8); i > 0; --i) {
    const KeySpace space = kSpaces[random.Below(4)];
    if (random.Below(3) == 0) {
      batch.Delete(space, DrawKey(random));
    } else {
      batch.Put(space, DrawKey(random), std::to_string(random.Below(1000)));
    }
  }
  return batch;
}

// Half of them ever the same few; others prefixes, and parts of what begins alike.
std::pair<std::string, std::string> DrawRange(base::Random& random) {
  static constexpr const char* kAgain[] = {"review/371403/", "figure/3714/c/m/2026", "status/3714", "\x03" "371403/",
                                           "review/371403@2/group/1"};
  if (random.Below(2) == 0) {
    std::string prefix = kAgain[random.Below(5)];
    std::string end = base::PrefixEnd(prefix);
    return {std::move(prefix), std::move(end)};
  }
  std::string from = DrawKey(random);
  if (random.Below(3) == 0) {
    std::string to = DrawKey(random);
    return from < to ? std::pair(from, to) : std::pair(to, from);
  }
  from.resize(from.size() - 1 - random.Below(3));
  return {from, random.Below(20) == 0 ? "" : base::PrefixEnd(from)};
}

TEST(KeptRanges, SayWhatIsStoredAtEveryMomentHoweverMuchIsWrittenBetween) {
  for (const KeptRanges::Limits& limits : {Tight(), KeptRanges::Limits()}) {
    base::Random random(11);
    Watched watched(limits);
    std::vector<Watched::Moment> moments = {watched.Now()};
    int from_memory = 0;
    for (int step = 0; step < 20'000; ++step) {
      if (random.Below(4) == 0) {
        watched.Write(DrawBatch(random));
        if (random.Below(3) > 0) moments.push_back(watched.Now());  // what readers see stays behind
        if (moments.size() > 10) moments.erase(moments.begin());
      }
      const auto& moment = random.Below(2) == 0 ? moments.back() : moments[random.Below(moments.size())];
      static constexpr KeySpace kSpaces[] = {KeySpace::kTally, KeySpace::kDerived, KeySpace::kIndex,
                                             KeySpace::kState};
      const KeySpace space = kSpaces[random.Below(4)];
      const auto [from, to] = DrawRange(random);
      const size_t limit = random.Below(4) == 0 ? 2 : 1000;
      const int before = watched.asked;
      ASSERT_EQ(watched.Ask(moment, space, from, to, limit), watched.Stored(moment, space, from, to, limit))
          << "step " << step << ", from " << from << " to " << to;
      from_memory += watched.asked == before;
    }
    EXPECT_GT(from_memory, 500) << "otherwise nothing was shown";
  }
}

TEST(KeptRanges, AreAskedOfTheStoreTwiceAndThenFollowWhatIsWritten) {
  Watched watched{KeptRanges::Limits()};
  watched.Put(KeySpace::kTally, "review/371403/group/1", "4");
  for (int i = 0; i < 3; ++i)
    EXPECT_THAT(watched.Ask(KeySpace::kTally, "review/371403/"), ElementsAre("review/371403/group/1=4"));
  EXPECT_EQ(watched.asked, 2);
  for (int i = 0; i < 1000; ++i) watched.Put(KeySpace::kTally, "review/371403/group/1", std::to_string(i));
  watched.Put(KeySpace::kTally, "review/371403/group/2", "1");
  watched.Put(KeySpace::kTally, "review/371403001/group/2", "1");
  EXPECT_THAT(watched.Ask(KeySpace::kTally, "review/371403/"),
              ElementsAre("review/371403/group/1=999", "review/371403/group/2=1"));
  watched.Delete(KeySpace::kTally, "review/371403/group/1");
  EXPECT_THAT(watched.Ask(KeySpace::kTally, "review/371403/"), ElementsAre("review/371403/group/2=1"));
  EXPECT_EQ(watched.asked, 2) << "whoever asks after a write does not pay for it";
}

TEST(KeptRanges, RememberThatThereIsNothing) {
  Watched watched{KeptRanges::Limits()};
  watched.Put(KeySpace::kIndex, "\x05outside/K-26/371403/x", "");
  for (int i = 0; i < 5; ++i) EXPECT_THAT(watched.Ask(KeySpace::kIndex, "\x05outside/K-25/371403/"), IsEmpty());
  EXPECT_EQ(watched.asked, 2);
  watched.Put(KeySpace::kIndex, "\x05outside/K-25/371403/202611", "");
  EXPECT_THAT(watched.Ask(KeySpace::kIndex, "\x05outside/K-25/371403/"),
              ElementsAre("\x05outside/K-25/371403/202611="));
}

TEST(KeptRanges, AnswerAViewFromBeforeTheLastBatchesAsItWas) {
  Watched watched{KeptRanges::Limits()};
  watched.Put(KeySpace::kDerived, "\x03" "371403/5/", "first");
  for (int i = 0; i < 2; ++i) watched.Ask(KeySpace::kDerived, "\x03" "371403/");
  const auto before = watched.Now();
  watched.Put(KeySpace::kDerived, "\x03" "371403/5/", "second");
  watched.Delete(KeySpace::kDerived, "\x03" "371403/5/");
  EXPECT_THAT(watched.Ask(before, KeySpace::kDerived, "\x03" "371403/", "\x03" "3714030"),
              ElementsAre("\x03" "371403/5/=first"));
  EXPECT_THAT(watched.Ask(KeySpace::kDerived, "\x03" "371403/"), IsEmpty());
  EXPECT_EQ(watched.asked, 2);
  for (int i = 0; i < 100; ++i) watched.Put(KeySpace::kDerived, "\x03" "371403/5/", std::to_string(i));
  EXPECT_THAT(watched.Ask(before, KeySpace::kDerived, "\x03" "371403/", "\x03" "3714030"),
              ElementsAre("\x03" "371403/5/=first"));
  EXPECT_EQ(watched.asked, 3) << "too long ago: the store knows it";
}

// What was read before the newest batch, and learned after it.
TEST(KeptRanges, LearnFromAViewThatStaysBehindTheWriter) {
  Watched watched{KeptRanges::Limits()};
  watched.Put(KeySpace::kTally, "figure/371403/c/m/202611", "7");
  watched.Ask(KeySpace::kTally, "figure/371403/c/m/");
  const auto published = watched.Now();
  watched.Put(KeySpace::kTally, "figure/371403/c/m/202611", "8");
  EXPECT_THAT(watched.Ask(published, KeySpace::kTally, "figure/371403/c/m/", "figure/371403/c/m0"),
              ElementsAre("figure/371403/c/m/202611=7"));
  EXPECT_EQ(watched.asked, 2);
  EXPECT_THAT(watched.Ask(KeySpace::kTally, "figure/371403/c/m/"), ElementsAre("figure/371403/c/m/202611=8"));
  EXPECT_THAT(watched.Ask(published, KeySpace::kTally, "figure/371403/c/m/", "figure/371403/c/m0"),
              ElementsAre("figure/371403/c/m/202611=7"));
  EXPECT_EQ(watched.asked, 2);
}

TEST(KeptRanges, LeaveLongOnesToTheStore) {
  Watched watched(Tight());
  for (int i = 0; i < 19; ++i) watched.Put(KeySpace::kTally, absl::StrCat("figure/3714/c/", 10 + i), "1");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(watched.Ask(KeySpace::kTally, "figure/3714/").size(), 19u);
  EXPECT_EQ(watched.asked, 2);
  watched.Put(KeySpace::kTally, "figure/3714/c/90", "1");
  watched.Put(KeySpace::kTally, "figure/3714/c/91", "1");
  EXPECT_EQ(watched.Ask(KeySpace::kTally, "figure/3714/").size(), 21u);
  EXPECT_EQ(watched.asked, 3);
  for (int i = 0; i < 4; ++i) watched.Put(KeySpace::kIndex, absl::StrCat("\x05list/", i), "");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(watched.Ask(KeySpace::kIndex, "\x05list/").size(), 4u);
  EXPECT_EQ(watched.asked, 7) << "looked at once more when it was found to be long";
}

TEST(KeptRanges, ForgetWhatWasNotAskedForLongest) {
  Watched watched(Tight());
  for (int place = 0; place < 30; ++place) {
    const std::string prefix = absl::StrCat("review/", 371400 + place, "/");
    watched.Put(KeySpace::kTally, prefix + "group/1", "1");
    for (int i = 0; i < 3; ++i) EXPECT_EQ(watched.Ask(KeySpace::kTally, prefix).size(), 1u);
  }
  EXPECT_EQ(watched.asked, 60);
  watched.Ask(KeySpace::kTally, "review/371429/");
  EXPECT_EQ(watched.asked, 60);
  watched.Ask(KeySpace::kTally, "review/371400/");
  EXPECT_EQ(watched.asked, 61);
}

Rows TalliesOf(const View& view, std::string_view prefix) {
  Rows rows;
  EXPECT_TRUE(view.Scan(KeySpace::kTally, prefix, base::PrefixEnd(prefix),
                        [&](std::string_view key, std::string_view value) {
                          rows.push_back(std::string(key) + "=" + std::string(value));
                          return true;
                        })
                  .ok());
  return rows;
}

TEST(RocksKv, SnapshotsSayWhatIsStoredHoweverOftenTheyAreAsked) {
  tests::TempDir dir;
  base::Random random(5);
  for (int life = 0; life < 3; ++life) {  // nothing of what is kept outlives the process
    auto opened = RocksKv::Open(dir / "db", {});
    ASSERT_TRUE(opened.ok()) << opened.status();
    const auto kv = *std::move(opened);
    for (int step = 0; step < 300; ++step) {
      const auto before = kv->Snapshot();
      const Rows then = TalliesOf(*before, "figure/371403/");
      ASSERT_TRUE(kv->Commit(DrawBatch(random), Durability::kWritten).ok());
      ASSERT_EQ(TalliesOf(*before, "figure/371403/"), then);
      ASSERT_EQ(TalliesOf(*kv->Snapshot(), "figure/371403/"), TalliesOf(*kv, "figure/371403/")) << step;
    }
  }
}

TEST(RocksKv, KeepsNothingInMemoryAfterAWriteThatFailed) {
  tests::TempDir dir;
  tests::FailingEnv env;
  RocksKv::Options options;
  options.env = &env;
  auto opened = RocksKv::Open(dir / "db", options);
  ASSERT_TRUE(opened.ok()) << opened.status();
  const auto kv = *std::move(opened);
  Batch batch;
  batch.Put(KeySpace::kTally, "review/371403/group/1", "1");
  ASSERT_TRUE(kv->Commit(batch, Durability::kSynced).ok());
  for (int i = 0; i < 3; ++i) TalliesOf(*kv->Snapshot(), "review/371403/");
  batch.Put(KeySpace::kTally, "review/371403/group/2", std::string(1000, 'x'));
  env.bytes_left = 10;
  ASSERT_FALSE(kv->Commit(batch, Durability::kSynced).ok());
  EXPECT_EQ(TalliesOf(*kv->Snapshot(), "review/371403/"), TalliesOf(*kv, "review/371403/"));
}

}  // namespace
}  // namespace storage
