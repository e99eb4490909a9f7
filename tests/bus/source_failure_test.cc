// Failures of the source and of the wire between. Numbers: docs/BUS.md, table.
#include <gtest/gtest.h>

#include <algorithm>

#include "services/bus/frame.h"
#include "tests/bus/world.h"

namespace bus {
namespace {

constexpr int64_t kSoon = 30'000;

struct Pair {
  explicit Pair(uint64_t seed, size_t events = 10)
      : world(seed), source(world.AddSource("incident")), reader(world.AddConsumer("incident", "mediation")) {
    source.AddMany(events, "incident.reported");
    source.Start();
    reader.Start();
    EXPECT_TRUE(world.RunUntil([&] { return reader.Seqs().size() == events; }, kSoon));
  }
  World world;
  World::SourceNode& source;
  World::ConsumerNode& reader;
};

// failure 4: the source is killed; its successor knows no session, says so, and the consumer opens again.
TEST(Failure, SourceCrashes) {
  Pair pair(1);
  pair.source.Kill();
  pair.source.Start();
  pair.source.Add("incident.reported");
  EXPECT_TRUE(pair.world.RunUntil([&] { return pair.reader.Seqs() == UpTo(11); }, kSoon));
  EXPECT_EQ(pair.reader.status().last_reject, v1::UNKNOWN_SESSION);
}

// failure 5: what was not synced was never streamed, so a power failure of the source takes nothing from
// anybody.
TEST(Failure, SourceLosesPower) {
  Pair pair(2);
  for (int i = 0; i < 5; ++i)
    pair.source.log.Append(tests::NoticeRecord("incident.lost", "371400", "a", 1, "x"));
  pair.world.Run(5'000);
  EXPECT_EQ(pair.reader.Seqs(), UpTo(10)) << "nothing beyond the synced entry leaves";
  pair.source.Kill();
  pair.source.log.LosePower();
  pair.source.AddMany(5, "incident.reported");
  pair.source.Start();
  EXPECT_TRUE(pair.world.RunUntil([&] { return pair.reader.Seqs() == UpTo(15); }, kSoon));
  for (const v1::Event& event : pair.reader.inbox.Effects("incident"))
    EXPECT_EQ(event.topic(), "incident.reported");
}

// failure 7: the cable is pulled: both ends notice by silence, within three heartbeats, and meet again.
TEST(Failure, CableIsPulled) {
  Pair pair(3);
  pair.world.net.Cut("incident", "mediation");
  pair.source.Add("incident.reported");
  pair.world.Run(3 * limits::kHeartbeatMs + 1'000);
  EXPECT_GE(pair.reader.status().silences, 1u);
  EXPECT_EQ(pair.source.source->status().lost, 1u);
  EXPECT_TRUE(pair.source.source->Sessions().empty());
  pair.world.net.HealAll();
  EXPECT_TRUE(pair.world.RunUntil([&] { return pair.reader.Seqs() == UpTo(11); }, 60'000));
}

// failure 8: the source's thread hangs while its kernel and libzmq still answer. Only our own Ping finds out.
TEST(Failure, SourceHangs) {
  Pair pair(4);
  pair.source.frozen = true;
  pair.world.Run(3 * limits::kHeartbeatMs + 100);
  EXPECT_GE(pair.reader.status().silences, 1u);
  EXPECT_NE(pair.reader.status().phase, Phase::kStreaming);
  pair.source.frozen = false;
  pair.source.Add("incident.reported");
  EXPECT_TRUE(pair.world.RunUntil([&] { return pair.reader.Seqs() == UpTo(11); }, 60'000));
}

// failure 8: the consumer hangs: its session ends, the others' go on.
TEST(Failure, ConsumerHangs) {
  Pair pair(5);
  pair.reader.frozen = true;
  pair.world.Run(3 * limits::kHeartbeatMs + 100);
  EXPECT_TRUE(pair.source.source->Sessions().empty());
  EXPECT_EQ(pair.source.source->status().lost, 1u);
}

// failure 9: stopped (SIGSTOP, a paused machine) for a minute; what it says on waking belongs to a session
// that is over.
TEST(Failure, ConsumerIsFrozenAndThawed) {
  Pair pair(6);
  pair.source.AddMany(5, "incident.reported");
  pair.world.net.SetWeather({});
  pair.reader.frozen = true;
  pair.world.Run(60'000);
  pair.source.AddMany(5, "incident.reported");
  pair.reader.frozen = false;
  EXPECT_TRUE(pair.world.RunUntil([&] { return pair.reader.Seqs() == UpTo(20); }, 60'000));
  EXPECT_EQ(pair.reader.Seqs(), UpTo(20)) << "once each";
}

// failure 11: a filter that matches next to nothing: the empty batches carry the cursor over what was looked
// at.
TEST(Failure, NarrowFilterScansALot) {
  World world(7);
  auto& source = world.AddSource("incident");
  auto& reader = world.AddConsumer("incident", "mediation");
  reader.options.filter.add_topic_prefix("incident.closed");
  source.AddMany(50'000, "incident.reported");
  source.Add("incident.closed");
  for (int i = 0; i < 100; ++i) source.Add("");  // records nobody is told of count as looked at
  source.Start();
  reader.Start();
  EXPECT_TRUE(world.RunUntil([&] { return reader.inbox.Position("incident") == 50'101; }, kSoon));
  EXPECT_EQ(reader.Seqs(), std::vector<uint64_t>({50'001}));
  EXPECT_GE(source.source->status().empty_batches, 5u) << "one for each 10,000 entries";
  EXPECT_LE(source.source->status().empty_batches, 8u);
}

// failure 11: the cursor follows within a second also when little is written.
TEST(Failure, NarrowFilterOverAQuietLog) {
  World world(8);
  auto& source = world.AddSource("incident");
  auto& reader = world.AddConsumer("incident", "mediation");
  reader.options.filter.add_division_prefix("371402");
  source.Start();
  reader.Start();
  world.Run(3'000);
  source.Add("incident.reported", "371481");
  EXPECT_TRUE(
      world.RunUntil([&] { return reader.inbox.Position("incident") == 1; }, limits::kEmptyBatchMs + 50));
  const uint64_t batches = source.source->status().batches;
  world.Run(60'000);
  EXPECT_EQ(source.source->status().batches, batches) << "nothing is sent when nothing was looked at";
}

// failure 13: frames that come twice or in another order, also over a reconnect.
TEST(Failure, FramesAreDoubledAndReordered) {
  World world(9);
  auto& source = world.AddSource("incident");
  auto& reader = world.AddConsumer("incident", "mediation");
  Weather weather;
  weather.duplicate = 0.3;
  weather.reorder = 0.1;
  weather.delay_ms_max = 20;
  weather.deliver_stale = true;
  world.net.SetWeather(weather);
  source.AddMany(5'000, "incident.reported");
  source.Start();
  reader.Start();
  EXPECT_TRUE(world.RunUntil([&] { return reader.inbox.Position("incident") == 5'000; }, 600'000));
  EXPECT_EQ(reader.Seqs(), UpTo(5'000));
  EXPECT_GT(reader.status().duplicates + reader.status().gaps + reader.status().stale, 0u);
}

// The last batch before a quiet night is lost: nothing follows that would show the gap, only the Pong does.
TEST(Failure, LastBatchIsLost) {
  Pair pair(10);
  Weather lossy;
  lossy.drop = 1;
  pair.world.net.SetWeather(lossy);
  pair.source.Add("incident.reported");
  pair.world.Run(1);
  pair.world.net.SetWeather({});
  EXPECT_TRUE(pair.world.RunUntil([&] { return pair.reader.Seqs() == UpTo(11); }, kSoon));
  EXPECT_EQ(pair.reader.status().silences, 0u);
  EXPECT_EQ(pair.reader.status().gaps, 1u);
}

// failure 22: a hundred consumers come at once after a restart: fifty a second get in, the rest are told when
// to ask.
TEST(Failure, ReconnectStorm) {
  World world(11);
  auto& source = world.AddSource("directory");
  source.AddMany(3, "directory.changed");
  for (int i = 0; i < 120; ++i) world.AddConsumer("directory", "svc" + std::to_string(i));
  source.Start();
  for (auto& node : world.consumers) node->Start();
  world.Run(500);
  EXPECT_GT(source.source->status().rejected.at(v1::OVERLOADED), 0u);
  EXPECT_LE(source.source->status().opened, 80u);
  EXPECT_TRUE(world.RunUntil(
      [&] {
        return std::ranges::all_of(world.consumers,
                                   [](const auto& node) { return node->Seqs().size() == 3; });
      },
      60'000));
}

// failure 27: nothing is promised between sources; versions of the subject come along for whoever has to join
// them.
TEST(Failure, OrderBetweenSourcesIsNotPromised) {
  World world(12);
  auto& incident = world.AddSource("incident");
  auto& petition = world.AddSource("petition");
  auto& from_incident = world.AddConsumer("incident", "oversight");
  auto& from_petition = world.AddConsumer("petition", "oversight");
  incident.AddMany(100, "incident.reported");
  petition.AddMany(100, "petition.filed");
  incident.Start();
  from_incident.Start();
  ASSERT_TRUE(world.RunUntil([&] { return from_incident.Seqs().size() == 100; }, kSoon));
  petition.Start();
  from_petition.Start();
  EXPECT_TRUE(world.RunUntil([&] { return from_petition.Seqs() == UpTo(100); }, kSoon));
  for (const v1::Event& event : from_petition.inbox.Effects("petition")) {
    EXPECT_EQ(event.subject_version(), event.seq());
    EXPECT_EQ(event.subject(), "a-" + std::to_string(event.seq()));
  }
}

// failure 28: the source's clock was set back between two entries. Order is the log's, never the clock's.
TEST(Failure, ClockOfTheSourceJumpsBack) {
  Pair pair(13);
  kernel::v1::LogRecord record = tests::NoticeRecord("incident.reported", "371400", "late", 1, "x");
  record.set_recorded_at_ms(5);
  pair.source.log.Append(record);
  pair.source.log.Sync();
  EXPECT_TRUE(pair.world.RunUntil([&] { return pair.reader.Seqs() == UpTo(11); }, kSoon));
  EXPECT_EQ(pair.reader.inbox.Effects("incident").back().recorded_at_us(), 5'000);
}

// failure 29: the source's disk is full: nothing new is acknowledged or streamed, what is there still is.
TEST(Failure, DiskIsFullAtTheSource) {
  Pair pair(14, 5'000);
  auto& late = pair.world.AddConsumer("incident", "oversight");
  pair.source.log.Append(tests::NoticeRecord("incident.unsynced", "371400", "a", 1, "x"));  // its sync fails
  late.Start();
  EXPECT_TRUE(pair.world.RunUntil([&] { return late.Seqs() == UpTo(5'000); }, kSoon));
  pair.world.Run(60'000);
  EXPECT_EQ(pair.reader.Seqs(), UpTo(5'000));
  EXPECT_EQ(pair.reader.status().phase, Phase::kStreaming);
  EXPECT_EQ(pair.reader.status().silences, 0u);
}

// The log cannot be read at some entry. Guessing past it would lose a notice: an alarm, and nobody is told
// more.
TEST(Failure, LogIsUnreadableAtOneEntry) {
  World world(15);
  auto& source = world.AddSource("incident");
  auto& reader = world.AddConsumer("incident", "mediation");
  source.AddMany(10, "incident.reported");
  source.log.Spoil(6);
  source.Start();
  reader.Start();
  world.Run(60'000);
  EXPECT_EQ(reader.Seqs(), UpTo(5)) << "what is before it arrives";
  EXPECT_TRUE(source.source->status().log_alarm);
  EXPECT_EQ(source.notes.count["log unreadable"], 1) << "said once";
  EXPECT_LE(source.source->status().log_faults, 20u) << "with back-off";
}

// The disk of the source hangs for a while: the consumer comes back by itself.
TEST(Failure, LogIsUnreadableForAWhile) {
  Pair pair(16);
  pair.source.log.BreakReads(true);
  pair.source.Add("incident.reported");
  pair.world.Run(20'000);
  EXPECT_TRUE(pair.source.source->status().log_alarm);
  pair.source.log.BreakReads(false);
  EXPECT_TRUE(pair.world.RunUntil([&] { return pair.reader.Seqs() == UpTo(11); }, 60'000));
  EXPECT_FALSE(pair.source.source->status().log_alarm);
}

TEST(Source, DrainingSaysGoodbyeAndItsSuccessorGoesOn) {
  Pair pair(17);
  pair.source.source->Drain();
  pair.world.Run(100);
  EXPECT_EQ(pair.reader.status().last_reject, v1::DRAINING);
  EXPECT_NE(pair.reader.status().phase, Phase::kStreaming);
  pair.world.Run(10'000);
  EXPECT_GE(pair.source.source->status().rejected.at(v1::DRAINING), 1u) << "nobody new either";
  pair.source.Kill();
  pair.source.Start();
  pair.source.Add("incident.reported");
  EXPECT_TRUE(pair.world.RunUntil([&] { return pair.reader.Seqs() == UpTo(11); }, 60'000));
}

}  // namespace
}  // namespace bus
