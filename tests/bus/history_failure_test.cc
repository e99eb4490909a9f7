// Failures where source and consumer disagree about the past: restores, cut logs, changed filters, second
// processes.
#include <gtest/gtest.h>

#include "services/bus/filter.h"
#include "tests/bus/world.h"

namespace bus {
namespace {

constexpr int64_t kSoon = 30'000;

// A source with ten events and a reader that has them all.
struct Pair {
  explicit Pair(uint64_t seed)
      : world(seed), source(world.AddSource("incident")), reader(world.AddConsumer("incident", "mediation")) {
    source.AddMany(10, "incident.reported");
    source.Start();
    reader.Start();
    EXPECT_TRUE(world.RunUntil([&] { return reader.inbox.Position("incident") == 10; }, kSoon));
  }
  void ExpectHalt(Halt halt) {
    EXPECT_TRUE(world.RunUntil([&] { return reader.status().phase == Phase::kHalted; }, kSoon));
    EXPECT_EQ(reader.status().halt, halt) << reader.status().alarm;
    EXPECT_EQ(reader.notes.count[std::string(HaltName(halt))], 1);
    EXPECT_GE(reader.notes.alarms, 1u);
    const uint64_t opens = reader.status().opens;
    world.Run(300'000);
    EXPECT_EQ(reader.status().opens, opens) << "only people end a halt";
    EXPECT_EQ(reader.Seqs(), UpTo(10)) << "nothing is taken from another history";
  }
  World world;
  World::SourceNode& source;
  World::ConsumerNode& reader;
};

// failure 6: an older backup was put back and the epoch raised, as the restore tool does.
TEST(Failure, SourceIsRestoredAndTheEpochRaised) {
  Pair pair(1);
  pair.source.Kill();
  pair.source.log.RestoreTo(5, 2);
  pair.source.Start();
  pair.ExpectHalt(Halt::kDiverged);
}

// failure 6: the epoch was forgotten and the log is still shorter than the cursor.
TEST(Failure, SourceIsRestoredAndShorterThanTheCursor) {
  Pair pair(2);
  pair.source.Kill();
  pair.source.log.RestoreTo(5, 1);
  pair.source.Start();
  pair.ExpectHalt(Halt::kCursorAhead);
}

// failure 6: the epoch was forgotten and the log has grown past the cursor with other events: only the digest
// tells.
TEST(Failure, SourceIsRestoredAndHasGrownPastTheCursor) {
  Pair pair(3);
  pair.source.Kill();
  pair.source.log.RestoreTo(5, 1);
  pair.source.AddMany(10, "incident.other");
  pair.source.Start();
  pair.ExpectHalt(Halt::kDiverged);
}

// failure 6: another database altogether answers under this address.
TEST(Failure, AnotherLogAnswers) {
  Pair pair(4);
  pair.reader.Kill();
  auto& other = pair.world.AddSource("petition");
  other.access.Allow("mediation", Everything("mediation"));
  other.AddMany(20, "petition.filed");
  other.Start();
  Recorder recorder;
  Source impostor({}, &other.log, &recorder, other.access, 1, nullptr);
  v1::Frame frame;
  frame.mutable_open()->set_consumer_id("mediation/main");
  frame.mutable_open()->set_max_version(1);
  frame.mutable_open()->set_start_at(v1::START_AT_CURSOR);
  frame.mutable_open()->mutable_after()->set_log_id("log-of-incident" + std::string(16, '.'));
  frame.mutable_open()->mutable_after()->set_epoch(1);
  frame.mutable_open()->mutable_after()->set_seq(10);
  frame.mutable_open()->set_granted_bytes_total(1);
  frame.mutable_open()->set_granted_events_total(1);
  impostor.OnFrame({"r", "mediation"}, std::string("ESP\x01", 4) + frame.SerializeAsString(), 1'000);
  EXPECT_EQ(recorder.Last().reject().code(), v1::DIVERGED);
}

// failure 15: a second process with the same name and a later start takes over; the first stands still.
TEST(Failure, TwoProcessesClaimOneConsumer) {
  Pair pair(5);
  auto& second = pair.world.AddConsumer("incident", "mediation");
  second.options = pair.reader.options;  // its start is counted on: one higher
  second.Start();
  EXPECT_TRUE(pair.world.RunUntil([&] { return pair.reader.status().phase == Phase::kHalted; }, kSoon));
  EXPECT_EQ(pair.reader.status().halt, Halt::kSuperseded);
  EXPECT_EQ(second.status().phase, Phase::kStreaming);
  pair.source.Add("incident.reported");
  pair.world.Run(kSoon);
  EXPECT_EQ(second.Seqs(), UpTo(11));
  EXPECT_EQ(pair.reader.Seqs(), UpTo(10));
}

// failure 15: an earlier start does not get in while the later one lives.
TEST(Failure, AnEarlierStartOfTheConsumerIsRefused) {
  Pair pair(6);
  auto& older = pair.world.AddConsumer("incident", "mediation");
  older.options = pair.reader.options;
  older.options.instance_epoch -= 1;
  pair.reader.Kill();
  pair.reader.options.instance_epoch = 10;
  pair.reader.Start();
  pair.world.RunUntil([&] { return pair.reader.status().phase == Phase::kStreaming; }, kSoon);
  older.Start();
  pair.world.Run(60'000);
  EXPECT_EQ(pair.reader.status().phase, Phase::kStreaming);
  EXPECT_EQ(older.status().last_reject, v1::SUPERSEDED);
  EXPECT_NE(older.status().alarm, "");
  EXPECT_TRUE(older.Seqs().empty());
  pair.reader.Kill();  // gone without a word: after three heartbeats its place is free
  EXPECT_TRUE(pair.world.RunUntil([&] { return older.Seqs().size() == 10; }, 60'000));
}

// failure 23: the entries after the cursor were cut off.
TEST(Failure, CursorIsOlderThanWhatIsKept) {
  Pair pair(7);
  pair.reader.Kill();
  pair.source.AddMany(90, "incident.reported");
  pair.source.log.CutBefore(50);
  pair.reader.Start();
  pair.ExpectHalt(Halt::kCursorTooOld);
}

// failure 23: a cursor right before the first kept entry is not too old.
TEST(Failure, CursorAtTheEdgeOfWhatIsKeptIsGood) {
  Pair pair(8);
  pair.reader.Kill();
  pair.source.AddMany(10, "incident.reported");
  pair.source.log.CutBefore(11);
  pair.reader.Start();
  EXPECT_TRUE(pair.world.RunUntil([&] { return pair.reader.Seqs() == UpTo(20); }, kSoon));
}

// failure 26: a deployment widened the filter: what the old one kept out is behind the cursor and would never
// come.
TEST(Failure, FilterWasWidenedByADeployment) {
  World world(9);
  auto& source = world.AddSource("incident");
  auto& reader = world.AddConsumer("incident", "mediation");
  reader.options.filter.add_topic_prefix("incident.closed");
  source.AddMany(5, "incident.reported");
  source.AddMany(5, "incident.closed");
  source.Start();
  reader.Start();
  ASSERT_TRUE(world.RunUntil([&] { return reader.inbox.Position("incident") == 10; }, kSoon));
  reader.Kill();
  reader.options.former_filters = {reader.options.filter};
  reader.options.filter.add_topic_prefix("incident.reported");
  reader.Start();
  EXPECT_TRUE(world.RunUntil([&] { return reader.status().phase == Phase::kHalted; }, kSoon));
  EXPECT_EQ(reader.status().halt, Halt::kFilterChanged);
  reader.Kill();
  reader.options.narrower_before = reader.options.former_filters;  // it does without what was passed over
  reader.Start();
  source.Add("incident.reported");
  EXPECT_TRUE(world.RunUntil([&] { return reader.inbox.Position("incident") == 11; }, kSoon));
  EXPECT_EQ(reader.Seqs(), std::vector<uint64_t>({6, 7, 8, 9, 10, 11}));
}

// failure 26: a filter that wants less may go on where the wider one stood, if the deployment names the
// former one.
TEST(Failure, FilterWasNarrowedByADeployment) {
  World world(10);
  auto& source = world.AddSource("incident");
  auto& reader = world.AddConsumer("incident", "mediation");
  source.AddMany(5, "incident.reported");
  source.Start();
  reader.Start();
  ASSERT_TRUE(world.RunUntil([&] { return reader.inbox.Position("incident") == 5; }, kSoon));
  reader.Kill();
  reader.options.filter.add_topic_prefix("incident.closed");
  reader.Start();
  EXPECT_TRUE(world.RunUntil([&] { return reader.status().halt == Halt::kFilterChanged; }, kSoon))
      << "not named";
  reader.Kill();
  reader.options.former_filters.emplace_back();
  reader.Start();
  source.Add("incident.reported");
  source.Add("incident.closed");
  EXPECT_TRUE(world.RunUntil([&] { return reader.inbox.Position("incident") == 7; }, kSoon));
  EXPECT_EQ(reader.Seqs(), std::vector<uint64_t>({1, 2, 3, 4, 5, 7}));
  reader.Kill();
  reader.options.former_filters.clear();  // the next deployment need not name it any more
  reader.Start();
  world.Run(kSoon);
  EXPECT_EQ(reader.status().phase, Phase::kStreaming);
}

// failure 31: both versions during an upgrade: the highest both know is spoken; none in common is an alarm,
// not a loop.
TEST(Failure, TwoVersionsDuringAnUpgrade) {
  World world(11);
  auto& source = world.AddSource("incident");
  auto& old_reader = world.AddConsumer("incident", "mediation");
  auto& future = world.AddConsumer("incident", "petition");
  source.options.max_version = 2;
  future.options.min_version = 3;
  future.options.max_version = 4;
  source.AddMany(3, "incident.reported");
  source.Start();
  old_reader.Start();
  future.Start();
  EXPECT_TRUE(world.RunUntil([&] { return old_reader.Seqs() == UpTo(3); }, kSoon));
  world.Run(120'000);
  EXPECT_EQ(future.status().last_reject, v1::UNSUPPORTED_VERSION);
  EXPECT_NE(future.status().alarm.find("1 to 2"), std::string::npos) << future.status().alarm;
  EXPECT_LE(future.status().opens, 15u);
  EXPECT_TRUE(future.Seqs().empty());
}

// A source that allows less than a consumer needs must not look like a quiet source.
TEST(Failure, AccessListAllowsLessThanTheConsumerNeeds) {
  World world(12);
  auto& source = world.AddSource("incident");
  auto& strict = world.AddConsumer("incident", "mediation");
  auto& modest = world.AddConsumer("incident", "gateway");
  for (const char* user : {"mediation", "gateway"}) {
    AllowedPeer peer = Everything(user);
    peer.filter.add_topic_prefix("incident.closed");
    source.access.Allow(user, peer);
  }
  modest.options.take_what_is_allowed = true;
  source.Add("incident.reported");
  source.Add("incident.closed");
  source.Start();
  strict.Start();
  modest.Start();
  EXPECT_TRUE(world.RunUntil([&] { return modest.inbox.Position("incident") == 2; }, kSoon));
  EXPECT_EQ(modest.Seqs(), std::vector<uint64_t>({2}));
  EXPECT_NE(strict.status().alarm.find("filter narrowed"), std::string::npos);
  EXPECT_EQ(strict.inbox.applies(), 0u);
}

}  // namespace
}  // namespace bus
