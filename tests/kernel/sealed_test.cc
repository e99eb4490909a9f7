// Aggregates that the domain seals: where they lie, what can be read of them without the key, and that everything
// else about them is as with any other.

#include <string>

#include "tests/kernel/rig.h"

namespace jar {
namespace {

using storage::KeySpace;

// Every byte of every record, in clear or not.
std::string AllBytes(const tests::MemKv& kv) {
  std::string all;
  for (size_t space = 0; space < storage::kKeySpaceNames.size(); ++space) {
    EXPECT_TRUE(kv.Scan(static_cast<KeySpace>(space), "", "", [&](std::string_view key, std::string_view value) {
                    all.append(key).append(value);
                    return true;
                  }).ok());
  }
  return all;
}

kernel::v1::LogRecord StoredRecord(const Rig& rig, uint64_t seq) {
  const auto stored = rig.kv.Get(KeySpace::kLog, storage::LogKey(seq));
  storage::LogValue value;
  kernel::v1::LogRecord record;
  EXPECT_TRUE(stored.ok() && *stored && storage::DecodeLogValue(**stored, &value));
  EXPECT_TRUE(record.ParseFromString(std::string(value.record)));
  return record;
}

// spec: P11
TEST(Sealed, LiesInAKeySpaceOfItsOwnAndNowhereElse) {
  Rig rig;
  rig.Do("m1", "make { area: 'a' }");
  EXPECT_EQ(rig.Keys(KeySpace::kState), std::vector<std::string>{"m1"});
  rig.Do("m1", "bury { where: 'under the plum tree' }");
  EXPECT_TRUE(rig.Keys(KeySpace::kState).empty());
  EXPECT_EQ(rig.Keys(KeySpace::kSealedState), std::vector<std::string>{"m1"});
  EXPECT_EQ(AllBytes(rig.kv).find("plum"), std::string::npos);
  rig.Do("m1", "add { beans: 3 }");
  EXPECT_TRUE(rig.Keys(KeySpace::kState).empty());
  rig.ExpectSound();
}

TEST(Sealed, RecordsSayNeitherWhoNorWhat) {
  Rig rig;
  rig.Do("m1", "make { area: 'a' }");
  rig.Do("m1", "bury { where: 'under the plum tree' }");
  const auto before = StoredRecord(rig, 1);
  EXPECT_EQ(before.event_type(), "made") << "history is not changed";
  const auto record = StoredRecord(rig, 2);
  EXPECT_TRUE(record.event().empty() && record.event_type().empty() && record.command().empty());
  EXPECT_TRUE(record.actor_id().empty() && record.actor_org().empty());
  EXPECT_EQ(record.actor_role(), kernel::v1::ROLE_UNSPECIFIED);
  EXPECT_FALSE(record.sealed().empty());
  EXPECT_EQ(record.previous_hash(), before.hash()) << "the chain holds without the key";
}

TEST(Sealed, IsReadAndDecidedLikeAnyOther) {
  Rig rig;
  rig.Do("m1", "make { area: 'a' }");
  rig.Do("m1", "bury { where: 'here' }");
  rig.CrashMachine();
  EXPECT_EQ(rig.Jar("m1")->word(), "here");
  EXPECT_EQ(rig.Do("m1", "add { beans: 5 }").version(), 3u);
  EXPECT_EQ(rig.Beans("m1"), 5);
  const auto history = rig.Read().History("m1");
  ASSERT_TRUE(history.ok()) << history.status();
  ASSERT_EQ(history->size(), 3u);
  EXPECT_EQ((*history)[1].event_type(), "buried");
  EXPECT_EQ((*history)[1].actor_id(), "w1");
  EXPECT_EQ((*history)[2].command(), "add");
  rig.ExpectSound();
}

TEST(Sealed, FiresItsTimers) {
  Rig rig;
  rig.Do("m1", "make { area: 'a' }");
  rig.Do("m1", "bury { where: 'here' }");
  rig.Do("m1", "set_alarm { name: 'bell' due_ms: " + std::to_string(rig.clock.NowMs() + 1000) + " }");
  rig.clock.Advance(1000);
  rig.Tick();
  EXPECT_EQ(rig.Jar("m1")->alarm_size(), 0);
  rig.ExpectSound();
}

TEST(Sealed, BringsAlongWhatWasAttachedToIt) {
  Rig rig;
  rig.Do("m1", "make { area: 'a' }");
  EXPECT_TRUE(rig.sealer.followed.empty());
  rig.Do("m1", "bury { where: 'here' }");
  EXPECT_EQ(rig.sealer.followed, std::vector<std::string>{"m1"});
  rig.Do("m1", "add { beans: 1 }");
  EXPECT_EQ(rig.sealer.followed.size(), 1u) << "nothing came with it";
  auto envelope = Envelope("m1", "add { beans: 1 }");
  envelope.attached.push_back({KeySpace::kVault, "m1/x", "name"});
  EXPECT_FALSE(rig.Ask(std::move(envelope)).refusal);
  EXPECT_EQ(rig.sealer.followed.size(), 2u);
}

TEST(Sealed, RefusedCommandSealsNothing) {
  Rig rig;
  rig.Do("m1", "make { area: 'a' }");
  rig.Do("m1", "shut {}");
  EXPECT_TRUE(rig.Ask("m1", "bury { where: 'here' }").refusal);
  EXPECT_EQ(rig.Keys(KeySpace::kState), std::vector<std::string>{"m1"});
  EXPECT_TRUE(rig.sealer.followed.empty());
}

TEST(Sealed, CannotBeReadWithoutTheKeyOrWithAnother) {
  Rig rig;
  rig.Do("m1", "make { area: 'a' }");
  rig.Do("m1", "bury { where: 'here' }");
  const auto without = kernel::Replay<JarDomain>::Run(rig.kv);
  EXPECT_EQ(without.status().code(), absl::StatusCode::kFailedPrecondition) << without.status();
  const tests::TestSealer other('o');
  EXPECT_EQ(kernel::Replay<JarDomain>::Run(rig.kv, &other).status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(kernel::ReadState(rig.kv, &other, "m1").status().code(), absl::StatusCode::kDataLoss);
}

TEST(Sealed, ServiceThatSealsDoesNotStartWithoutAKey) {
  const tests::SimClock clock;
  tests::MemKv kv;
  Engine::Options options;
  options.fresh_log_id = std::string(16, 'L');
  EXPECT_EQ(Engine::Open(clock, kv, std::move(options)).status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(AllBytes(kv), "") << "nothing is written";
}

TEST(Sealed, StateOfOneIsNoStateOfAnother) {
  Rig rig;
  for (const char* id : {"m1", "m2"}) {
    rig.Do(id, "make { area: 'a' }");
    rig.Do(id, "bury { where: 'here' }");
  }
  storage::Batch swapped;
  swapped.Put(KeySpace::kSealedState, "m1", **rig.kv.Get(KeySpace::kSealedState, "m2"));
  ASSERT_TRUE(rig.kv.Commit(swapped, storage::Durability::kSynced).ok());
  EXPECT_EQ(kernel::ReadState(rig.kv, &rig.sealer, "m1").status().code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace jar
