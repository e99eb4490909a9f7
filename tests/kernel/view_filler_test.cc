// A database of an older program, opened by one that knows more.
#include <absl/strings/str_cat.h>

#include "base/coding.h"
#include "tests/kernel/rig.h"

namespace jar {
namespace {

using storage::KeySpace;

// As an older program would have left it: rows of the first `indexes` only, and a note of that number (0: no note).
void ForgetIndexesFrom(Rig& rig, uint8_t indexes) {
  storage::Batch batch;
  ASSERT_TRUE(rig.kv
                  .Scan(KeySpace::kIndex, "", "",
                        [&](std::string_view key, std::string_view) {
                          if (static_cast<uint8_t>(key[0]) >= indexes)
                            batch.Delete(KeySpace::kIndex, std::string(key));
                          return true;
                        })
                  .ok());
  std::string count;
  base::AppendU32(&count, indexes);
  batch.Put(KeySpace::kMeta, "indexes", count);
  if (indexes == 0) batch.Delete(KeySpace::kMeta, "indexes");
  ASSERT_TRUE(rig.kv.Commit(batch, storage::Durability::kSynced).ok());
}

TEST(NewIndexes, AreFilledBeforeAnybodyReads) {
  for (const uint8_t indexes : {0, 1}) {
    Rig rig;
    for (int i = 0; i < 2'500; ++i)
      rig.Do(absl::StrCat("m", i), absl::StrCat("make { area: 'a", i / 3, "' }"));
    rig.Do("m7", "bury { where: 'here' }");
    const auto rows = rig.Keys(KeySpace::kIndex);
    ForgetIndexesFrom(rig, indexes);
    ASSERT_LT(rig.Keys(KeySpace::kIndex).size(), rows.size());
    rig.KillProcess();
    EXPECT_EQ(rig.Keys(KeySpace::kIndex), rows);
    rig.ExpectSound();
    rig.CrashMachine();
    EXPECT_EQ(rig.Keys(KeySpace::kIndex), rows) << "synced";
  }
}

TEST(NewIndexes, AreNotLookedForAgain) {
  Rig rig;
  rig.Do("m1", "make { area: 'a' }");
  storage::Batch batch;
  for (const std::string& key : rig.Keys(KeySpace::kIndex)) batch.Delete(KeySpace::kIndex, key);
  ASSERT_TRUE(rig.kv.Commit(batch, storage::Durability::kSynced).ok());
  rig.KillProcess();
  EXPECT_TRUE(rig.Keys(KeySpace::kIndex).empty())
      << "a lost row is found by the judge, not papered over at a start";
}

TEST(NewIndexes, OfANewerProgramAreNotLeftWithHoles) {
  Rig rig;
  rig.Do("m1", "make { area: 'a' }");
  std::string count;
  base::AppendU32(&count, 3);
  storage::Batch batch;
  batch.Put(KeySpace::kMeta, "indexes", count);
  ASSERT_TRUE(rig.kv.Commit(batch, storage::Durability::kSynced).ok());
  const auto format = **rig.kv.Get(KeySpace::kMeta, "format");
  Engine::Options options;
  options.sealer = &rig.sealer;
  const auto opened = Engine::Open(rig.clock, rig.kv, std::move(options));
  EXPECT_EQ(opened.status().code(), absl::StatusCode::kFailedPrecondition) << opened.status();
  EXPECT_EQ(**rig.kv.Get(KeySpace::kMeta, "format"), format) << "nothing is written";
}

void SetRevision(Rig& rig, uint32_t revision, storage::Batch batch = {}) {
  std::string note;
  base::AppendU32(&note, revision);
  batch.Put(KeySpace::kMeta, "views", note);
  ASSERT_TRUE(rig.kv.Commit(batch, storage::Durability::kSynced).ok());
}

// An older program counted otherwise and knew of no alarm; its lists had other keys.
TEST(NewViews, AreMadeOfWhatAnOlderProgramStored) {
  Rig rig;
  for (int i = 0; i < 2'500; ++i) rig.Do(absl::StrCat("m", i), absl::StrCat("make { area: 'a", i / 3, "' }"));
  rig.Do("m7", "bury { where: 'here' }");
  rig.Do("m8", absl::StrCat("set_alarm { name: 'x' due_ms: ", rig.clock.NowMs() + kernel::kHourMs, " }"));
  const auto rows = rig.Keys(KeySpace::kIndex), timers = rig.Keys(KeySpace::kTimer),
             tallies = rig.Keys(KeySpace::kTally), heads = rig.Keys(KeySpace::kDerived);
  ASSERT_FALSE(timers.empty());
  ASSERT_FALSE(heads.empty());
  ASSERT_FALSE(tallies.empty());
  storage::Batch older;
  for (const auto& key : timers) older.Delete(KeySpace::kTimer, key);
  for (const auto& key : tallies) older.Delete(KeySpace::kTally, key);
  kernel::v1::StateRecord record;
  ASSERT_TRUE(record.ParseFromString(**rig.kv.Get(KeySpace::kState, "m8")));
  record.clear_timer_at_ms();
  older.Put(KeySpace::kState, "m8", record.SerializeAsString());
  older.Put(KeySpace::kTally, "counted/otherwise", storage::NumberValue(3));
  older.Put(KeySpace::kIndex, storage::IndexKey(0, "listed/otherwise", "m9"), "");
  for (const auto& key : heads) older.Delete(KeySpace::kDerived, key);
  older.Put(KeySpace::kDerived, storage::IndexPrefix(0, "listed/"), storage::IndexKey(0, "listed/otherwise", "m9"));
  SetRevision(rig, 1, std::move(older));
  rig.KillProcess();
  EXPECT_EQ(rig.Keys(KeySpace::kIndex), rows);
  EXPECT_EQ(rig.Keys(KeySpace::kTimer), timers);
  EXPECT_EQ(rig.Keys(KeySpace::kTally), tallies);
  EXPECT_EQ(rig.Keys(KeySpace::kDerived), heads);
  rig.ExpectSound();
  rig.CrashMachine();
  EXPECT_EQ(rig.Keys(KeySpace::kTally), tallies) << "synced";
}

TEST(NewViews, OfANewerProgramAreNotTakenForOnes) {
  Rig rig;
  rig.Do("m1", "make { area: 'a' }");
  SetRevision(rig, JarDomain::kViewsRevision + 1);
  Engine::Options options;
  options.sealer = &rig.sealer;
  const auto opened = Engine::Open(rig.clock, rig.kv, std::move(options));
  EXPECT_EQ(opened.status().code(), absl::StatusCode::kFailedPrecondition) << opened.status();
}

}  // namespace
}  // namespace jar
