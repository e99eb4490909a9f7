// What is stored is what the log says, whatever happened; and nobody changes history unseen.
// spec: 8.1 8.4
#include "services/kernel/replay.h"

#include <gmock/gmock.h>

#include "base/random.h"
#include "services/kernel/ranges.h"
#include "storage/log_check.h"
#include "tests/kernel/rig.h"

namespace jar {
namespace {

using storage::KeySpace;
using ::testing::HasSubstr;

// Random life of a few jars, with restarts and crashes between any two steps; compared after each of them.
class Life {
 public:
  explicit Life(uint64_t seed) : random_(seed) {}

  void Live(int steps) {
    for (int i = 0; i < steps && !::testing::Test::HasFatalFailure(); ++i) {
      Queue();
      if (random_.Chance(0.4)) {
        ASSERT_TRUE(rig_.engine->timers().Pump(rig_.clock.NowMs()).ok());
      }
      Group();
      rig_.ExpectSound();
      ExpectAcknowledgedIsThere();
      if (random_.Chance(0.3)) rig_.clock.Advance(static_cast<int64_t>(random_.Below(3000)));
      if (random_.Chance(0.05)) rig_.clock.SetBack(500);
    }
  }

 private:
  std::string Id() { return "m" + std::to_string(random_.Below(6)); }
  std::string Text() {
    switch (random_.Below(8)) {
      case 0:
      case 1:
        return "make { area: 'a" + std::to_string(random_.Below(3)) + "' }";
      case 2:
        return "pour { into: '" + Id() + "' beans: " + std::to_string(random_.Below(4)) + " }";
      case 3:
        return random_.Chance(0.2) ? "shut {}" : "idle {}";
      case 4:
      case 5:
        return "set_alarm { name: 'x" + std::to_string(random_.Below(3)) +
               "' due_ms: " + std::to_string(rig_.clock.NowMs() + static_cast<int64_t>(random_.Below(5000))) +
               (random_.Chance(0.1) ? " stubborn: true }" : " }");
      default:
        return "add { beans: " + std::to_string(random_.Below(60)) + " }";
    }
  }
  void Queue() {
    for (uint64_t n = random_.Below(6); n > 0; --n) {
      auto envelope = Envelope(Id(), Text());
      if (random_.Chance(0.5)) envelope.request_id = "r" + std::to_string(random_.Below(40));
      if (random_.Chance(0.1)) envelope.expected_version = random_.Below(4);
      envelope.done = [this](const kernel::Outcome& outcome) {
        const bool fresh = outcome.status.ok() && !outcome.refusal && !outcome.receipt.repeated();
        if (fresh && outcome.receipt.seq() > 0) acknowledged_.push_back(outcome.receipt);
      };
      rig_.engine->Submit(std::move(envelope));
    }
  }
  void Group() {
    kernel::Group group;
    const uint64_t dies_before = random_.Below(12);  // 0-3: the step; more: it lives
    const bool machine = random_.Chance(0.5);
    const auto die = [&](uint64_t step) {
      if (dies_before != step) return false;
      machine ? rig_.CrashMachine() : rig_.KillProcess();
      return true;
    };
    if (!rig_.engine->Take(&group) || die(0)) return;
    ASSERT_TRUE(rig_.engine->Process(&group).ok());
    if (die(1)) return;
    ASSERT_TRUE(rig_.engine->Write(&group).ok());
    if (die(2)) return;
    ASSERT_TRUE(rig_.engine->Sync().ok());
    if (die(3)) return;
    rig_.engine->Finish(&group);
  }
  void ExpectAcknowledgedIsThere() {
    for (const auto& receipt : acknowledged_) {
      const auto record = rig_.Read().Record(receipt.seq());
      ASSERT_TRUE(record.ok() && record->has_value())
          << "acknowledged and lost: " << receipt.ShortDebugString();
      EXPECT_EQ((*record)->recorded_at_ms(), receipt.recorded_at_ms());
    }
  }

  base::Random random_;
  std::vector<kernel::v1::Receipt> acknowledged_;
  Rig rig_;
};

TEST(Replay, EqualsWhatIsStoredAfterEveryStepOfARandomLife) {
  for (uint64_t seed : {uint64_t{1}, uint64_t{2}, uint64_t{3}, base::EntropySeed() % 1'000'000}) {
    SCOPED_TRACE("SEED=" + std::to_string(seed));
    Life(seed).Live(150);
    if (HasFailure()) return;
  }
}

struct Damaged : Rig {
  Damaged() {
    Do("m1", "make { area: 'a' }");
    Do("m2", "make { area: 'a' }");
    Do("m1", "add { beans: 5 }");
    Do("m1", "pour { into: 'm2' beans: 1 }");
    Do("m2", "set_alarm { name: 'x' due_ms: 99999999999999 }");
  }
  std::string Stored(KeySpace space, const std::string& key) { return (*kv.Get(space, key)).value_or(""); }
  void Put(KeySpace space, std::string key, std::string value) {
    storage::Batch batch;
    batch.Put(space, std::move(key), std::move(value));
    ASSERT_TRUE(kv.Commit(batch, storage::Durability::kSynced).ok());
  }
  void Delete(KeySpace space, std::string key) {
    storage::Batch batch;
    batch.Delete(space, std::move(key));
    ASSERT_TRUE(kv.Commit(batch, storage::Durability::kSynced).ok());
  }
  storage::LogReport Check() { return *storage::CheckLog(kv); }
  std::string Difference() {
    const auto replay = kernel::Replay<JarDomain>::Run(kv);
    if (!replay.ok()) return replay.status().ToString();
    const auto difference = *replay->Compare(kv);
    return difference ? difference->Text() : "";
  }
};

TEST(LogCheck, FindsTheWholeLogSound) {
  Damaged rig;
  const auto report = rig.Check();
  EXPECT_EQ(report.first_bad_seq, 0u) << report.problem;
  EXPECT_EQ(report.entries, 6u);
  EXPECT_EQ(report.matters, 2u);
}

TEST(LogCheck, NamesAnEntryInWhichAnyBitWasFlipped) {
  const std::string key = storage::LogKey(3);
  const size_t size = Damaged().Stored(KeySpace::kLog, key).size();
  for (size_t byte = 0; byte < size; ++byte) {
    Damaged rig;
    std::string stored = rig.Stored(KeySpace::kLog, key);
    stored[byte] = static_cast<char>(stored[byte] ^ (1 << (byte % 8)));
    rig.Put(KeySpace::kLog, key, stored);
    EXPECT_EQ(rig.Check().first_bad_seq, 3u) << "byte " << byte;
  }
}

TEST(LogCheck, NamesAnEntryThatWasTakenOut) {
  for (uint64_t seq = 1; seq <= 6; ++seq) {
    Damaged rig;
    rig.Delete(KeySpace::kLog, storage::LogKey(seq));
    const auto report = rig.Check();
    EXPECT_EQ(report.first_bad_seq, seq) << report.problem;
  }
}

TEST(LogCheck, NamesTheFirstOfTwoEntriesThatChangedPlaces) {
  Damaged rig;
  const std::string second = rig.Stored(KeySpace::kLog, storage::LogKey(2));
  const std::string third = rig.Stored(KeySpace::kLog, storage::LogKey(3));
  rig.Put(KeySpace::kLog, storage::LogKey(2), third);
  rig.Put(KeySpace::kLog, storage::LogKey(3), second);
  EXPECT_EQ(rig.Check().first_bad_seq, 2u);
}

TEST(LogCheck, FindsAnEntryRewrittenWithAFreshHashAndDigest) {
  Damaged rig;
  storage::LogValue before, value;
  const std::string second = rig.Stored(KeySpace::kLog, storage::LogKey(2));
  const std::string third = rig.Stored(KeySpace::kLog, storage::LogKey(3));
  ASSERT_TRUE(storage::DecodeLogValue(second, &before));
  ASSERT_TRUE(storage::DecodeLogValue(third, &value));
  kernel::v1::LogRecord record;
  ASSERT_TRUE(record.ParseFromArray(value.record.data(), static_cast<int>(value.record.size())));
  record.clear_hash();
  record.set_actor_id("somebody else");
  rig.Put(KeySpace::kLog, storage::LogKey(3), storage::EncodeLogValue(record, before.digest).value);
  EXPECT_EQ(rig.Check().first_bad_seq, 4u) << "the next entry still knows the old one";
}

TEST(LogCheck, FindsAStateThatWasChanged) {
  Damaged rig;
  kernel::v1::StateRecord record;
  ASSERT_TRUE(record.ParseFromString(rig.Stored(KeySpace::kState, "m1")));
  record.set_version(9);
  rig.Put(KeySpace::kState, "m1", record.SerializeAsString());
  EXPECT_THAT(rig.Check().problem, HasSubstr("m1"));
}

// Such a state was reported as a problem at entry 0, which every caller reads as "the log is whole".
TEST(LogCheck, FindsAStateThatNamesNoEntry) {
  Damaged rig;
  kernel::v1::StateRecord record;
  ASSERT_TRUE(record.ParseFromString(rig.Stored(KeySpace::kState, "m1")));
  record.clear_seq();
  rig.Put(KeySpace::kState, "m1", record.SerializeAsString());
  EXPECT_EQ(rig.Check().first_bad_seq, 7u);
  EXPECT_THAT(rig.Check().problem, HasSubstr("m1"));
}

TEST(Replay, NamesTheFirstDifference) {
  Damaged rig;
  EXPECT_EQ(rig.Difference(), "");
  rig.Put(KeySpace::kTally, "a/OPEN", storage::NumberValue(7));
  EXPECT_THAT(rig.Difference(), HasSubstr("tally"));
  rig.Delete(KeySpace::kIndex, storage::IndexKey(0, "a/", "m2"));
  EXPECT_THAT(rig.Difference(), HasSubstr("index"));
}

TEST(Replay, NamesAFirstThatIsNotTheFirst) {
  Damaged rig;
  rig.Put(KeySpace::kDerived, storage::IndexPrefix(0, "a/"), storage::IndexKey(0, "a/", "m0"));
  EXPECT_THAT(rig.Difference(), HasSubstr("derived"));
}

// The first of a list goes, one comes before it, all of them go: within one group and over several.
TEST(Heads, FollowWhoComesAndGoes) {
  Rig rig;
  const auto first = [&] {
    const auto found = kernel::Firsts(rig.Read(), "area", "a", 9);
    EXPECT_TRUE(found.ok()) << found.status();
    return found->empty() ? std::string() : found->front().range + found->front().first.aggregate_id;
  };
  EXPECT_EQ(first(), "");
  rig.Do("m5", "make { area: 'a' }");
  EXPECT_EQ(first(), "a/m5");
  rig.Do("m3", "make { area: 'a' }");
  rig.Do("m7", "make { area: 'a' }");
  rig.Do("m1", "make { area: 'b' }");
  EXPECT_EQ(first(), "a/m3");
  rig.Do("m3", "bury { where: 'here' }");
  EXPECT_EQ(first(), "a/m5") << "the next one is looked for";
  rig.ExpectSound();
  rig.Do("m7", "bury { where: 'here' }");
  EXPECT_EQ(first(), "a/m5");
  rig.Do("m5", "bury { where: 'here' }");
  EXPECT_EQ(first(), "");
  rig.ExpectSound();
}

TEST(Replay, RepairsWhatItNames) {
  Damaged rig;
  rig.Put(KeySpace::kTally, "ghost", storage::NumberValue(7));
  rig.Delete(KeySpace::kIndex, storage::IndexKey(0, "a/", "m2"));
  rig.Delete(KeySpace::kState, "m1");
  rig.Delete(KeySpace::kTimer, storage::TimerKey(99999999999999, "m2"));
  const auto batch = kernel::Replay<JarDomain>::Run(rig.kv)->Repair(rig.kv);
  ASSERT_TRUE(batch.ok());
  EXPECT_EQ(batch->ops().size(), 4u);
  ASSERT_TRUE(rig.kv.Commit(*batch, storage::Durability::kSynced).ok());
  rig.ExpectSound();
}

TEST(Replay, RefusesAnEventItDoesNotKnow) {
  Damaged rig;
  kernel::v1::LogRecord record;
  record.set_seq(7);
  record.set_aggregate_id("m1");
  record.set_event_type("exploded");
  record.set_event("\x9a\x06\x00", 3);  // field 99
  rig.Put(KeySpace::kLog, storage::LogKey(7), storage::EncodeLogValue(record, 0).value);
  EXPECT_THAT(rig.Difference(), HasSubstr("entry 7: this program does not know the event 'exploded'"));
}

}  // namespace
}  // namespace jar
