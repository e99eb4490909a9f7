// Failures of the consumer's side: crashes, power, slowness, a database that fails. Numbers: docs/BUS.md,
// table.
#include <gtest/gtest.h>

#include "tests/bus/world.h"

namespace bus {
namespace {

constexpr int64_t kSoon = 30'000;

TEST(Consumer, ReadsTheWholeLogInOrder) {
  World world(1);
  auto& source = world.AddSource("incident");
  auto& reader = world.AddConsumer("incident", "mediation");
  source.AddMany(1'000, "incident.reported");
  source.Start();
  reader.Start();
  EXPECT_TRUE(world.RunUntil([&] { return reader.inbox.Position("incident") == 1'000; }, kSoon));
  EXPECT_EQ(reader.Seqs(), UpTo(1'000));
  source.Add("incident.closed");
  EXPECT_TRUE(world.RunUntil([&] { return reader.Seqs().size() == 1'001; }, 10))
      << "live events wait for nothing";
  EXPECT_EQ(reader.status().lag(), 0u);
}

// failure 1: it dies while the inbox has not written; the same batch comes again.
TEST(Failure, ConsumerCrashesBeforeTheWrite) {
  World world(2);
  auto& source = world.AddSource("incident");
  auto& reader = world.AddConsumer("incident", "mediation", false);
  source.AddMany(10, "incident.reported");
  source.Start();
  reader.Start();
  world.RunUntil([&] { return reader.inbox.Waits(); }, kSoon);
  reader.inbox.Finish();  // the first position
  ASSERT_TRUE(world.RunUntil([&] { return reader.inbox.WaitingEvents() == 10; }, kSoon));
  reader.Kill();
  reader.inbox.LosePower();
  reader.Start();
  ASSERT_TRUE(world.RunUntil([&] { return reader.inbox.WaitingEvents() == 10; }, kSoon));
  reader.inbox.Finish();
  EXPECT_EQ(reader.Seqs(), UpTo(10));
}

// failure 2: it dies after the write and before it could say so; the cursor is ahead of what the source
// knows.
TEST(Failure, ConsumerCrashesAfterTheWriteBeforeTheGrant) {
  World world(3);
  auto& source = world.AddSource("incident");
  auto& reader = world.AddConsumer("incident", "mediation", false);
  source.AddMany(10, "incident.reported");
  source.Start();
  reader.Start();
  world.RunUntil([&] { return reader.inbox.Waits(); }, kSoon);
  reader.inbox.Finish();
  ASSERT_TRUE(world.RunUntil([&] { return reader.inbox.WaitingEvents() == 10; }, kSoon));
  reader.inbox.Finish(/*tell=*/false);
  reader.Kill();
  source.Add("incident.closed");
  reader.Start();
  ASSERT_TRUE(world.RunUntil([&] { return reader.inbox.WaitingEvents() == 1; }, kSoon)) << "none comes twice";
  reader.inbox.Finish();
  EXPECT_EQ(reader.Seqs(), UpTo(11));
}

// failure 3: power is lost with several batches on their way into the database; effect and cursor go back
// together.
TEST(Failure, ConsumerLosesPowerWithUnsyncedWrites) {
  World world(4);
  auto& source = world.AddSource("incident");
  auto& reader = world.AddConsumer("incident", "mediation", false);
  source.Start();
  reader.Start();
  world.RunUntil([&] { return reader.inbox.Waits(); }, kSoon);
  reader.inbox.Finish();
  uint64_t lost = 0;
  for (int round = 0; round < 20; ++round) {
    source.AddMany(50, "incident.reported");
    world.RunUntil([&] { return reader.inbox.WaitingEvents() > 0; }, kSoon);
    if (round % 3 == 0) {
      reader.Kill();
      lost += reader.inbox.WaitingEvents();
      reader.inbox.LosePower();
      reader.Start();
    } else {
      reader.inbox.Finish();
    }
  }
  while (world.RunUntil([&] { return reader.inbox.Waits(); }, kSoon)) reader.inbox.Finish();
  EXPECT_GT(lost, 0u);
  EXPECT_EQ(reader.Seqs(), UpTo(1'000));
}

// failure 10: one that does not get on stops the source for itself only, and nothing piles up beyond its
// window.
TEST(Failure, SlowConsumerHoldsBackOnlyItself) {
  World world(5);
  auto& source = world.AddSource("incident");
  auto& slow = world.AddConsumer("incident", "oversight", false);
  auto& quick = world.AddConsumer("incident", "mediation");
  slow.options.window_events = 300;
  source.Start();
  slow.Start();
  quick.Start();
  world.RunUntil([&] { return slow.inbox.Waits(); }, kSoon);
  slow.inbox.Finish();
  source.AddMany(5'000, "incident.reported");
  EXPECT_TRUE(world.RunUntil([&] { return quick.Seqs().size() == 5'000; }, kSoon));
  world.Run(60'000);  // it goes on living: a slow one is not a dead one
  EXPECT_EQ(slow.status().phase, Phase::kStreaming);
  EXPECT_EQ(slow.status().silences, 0u);
  for (const SessionInfo& session : source.source->Sessions()) {
    if (session.service != "oversight") continue;
    EXPECT_FALSE(session.has_credit);
    EXPECT_LE(session.sent_through, 300u + limits::kBatchEvents);
    EXPECT_EQ(session.lag, 5'000u);
  }
  EXPECT_EQ(slow.status().lag(), 5'000u);
  for (int i = 0; i < 100 && slow.Seqs().size() < 5'000; ++i) {
    world.RunUntil([&] { return slow.inbox.Waits(); }, kSoon);
    slow.inbox.Finish();
  }
  EXPECT_EQ(slow.Seqs(), UpTo(5'000));
}

// failure 12: Grants vanish; the totals are said again with every heartbeat.
TEST(Failure, GrantIsLost) {
  World world(6);
  auto& source = world.AddSource("incident");
  auto& reader = world.AddConsumer("incident", "mediation", false);
  reader.options.window_events = 10;
  source.AddMany(100, "incident.reported");
  source.Start();
  reader.Start();
  int rounds = 0;
  while (reader.Seqs().size() < 100 && ++rounds < 100) {
    ASSERT_TRUE(world.RunUntil([&] { return reader.inbox.Waits(); }, kSoon));
    Weather lossy;
    lossy.drop = 1;  // the Grant that follows the write goes nowhere
    world.net.SetWeather(lossy);
    reader.inbox.Finish();
    world.Run(1);
    world.net.SetWeather({});
  }
  EXPECT_EQ(reader.Seqs(), UpTo(100));
  EXPECT_EQ(reader.status().silences, 0u);
  EXPECT_EQ(reader.status().opens, 1u) << "the session survives it";
}

// failure 24: a notice this build does not know. It halts: guessing could lose what the law wants kept.
TEST(Failure, SchemaIsUnknownToTheConsumer) {
  World world(7);
  auto& source = world.AddSource("incident");
  auto& reader = world.AddConsumer("incident", "mediation");
  source.Start();
  reader.Start();
  world.RunUntil([&] { return reader.status().phase == Phase::kStreaming; }, kSoon);
  world.Run(10);
  reader.inbox.FailWith(absl::UnimplementedError("incident.v2.Notice"));
  source.Add("incident.reported");
  EXPECT_TRUE(world.RunUntil([&] { return reader.status().phase == Phase::kHalted; }, kSoon));
  EXPECT_EQ(reader.status().halt, Halt::kUnknownSchema);
  EXPECT_NE(reader.status().alarm.find("incident.v2.Notice"), std::string::npos);
  const uint64_t applies = reader.inbox.applies();
  world.Run(120'000);
  EXPECT_EQ(reader.inbox.applies(), applies) << "it stands still until a build that knows it is started";
  reader.Kill();
  reader.inbox.FailWith(absl::OkStatus());
  reader.Start();
  EXPECT_TRUE(world.RunUntil([&] { return reader.Seqs() == UpTo(1); }, kSoon));
}

// failure 25: an event that cannot be applied. It comes again, ever more slowly, with an alarm; when the
// inbox has set it aside (it decides: park or halt) the stream goes on.
TEST(Failure, PoisonEventIsRetriedUntilTheInboxSetsItAside) {
  World world(8);
  auto& source = world.AddSource("incident");
  auto& reader = world.AddConsumer("incident", "mediation");
  source.Start();
  reader.Start();
  world.RunUntil([&] { return reader.inbox.applies() == 1; }, kSoon);
  world.Run(10);
  reader.inbox.FailWith(absl::InternalError("crashed on it"));
  source.Add("incident.reported");
  world.Run(120'000);
  EXPECT_GE(reader.status().apply_failures, 4u);
  EXPECT_LE(reader.status().apply_failures, 40u) << "with back-off";
  EXPECT_EQ(reader.inbox.Position("incident"), 0u) << "the cursor stays before it";
  EXPECT_NE(reader.status().alarm, "");
  EXPECT_EQ(reader.notes.alarms, 1u) << "said once, not a thousand times";
  reader.inbox.FailWith(absl::OkStatus());
  EXPECT_TRUE(world.RunUntil([&] { return reader.Seqs() == UpTo(1); }, 60'000));
  EXPECT_EQ(reader.status().alarm, "");
}

// What another source has to be heard for comes again like what failed, and nobody is alarmed.
TEST(Failure, EventThatHasToWaitForAnotherSourceIsNoAlarm) {
  World world(8);
  auto& source = world.AddSource("incident");
  auto& reader = world.AddConsumer("incident", "oversight");
  reader.inbox.FailWith(absl::UnavailableError("the calendar is not known yet"));
  source.Start();
  reader.Start();
  source.Add("incident.reported");
  world.Run(120'000);
  EXPECT_GE(reader.status().apply_failures, 2u);
  EXPECT_EQ(reader.notes.alarms, 0u);
  EXPECT_EQ(reader.status().alarm, "");
  reader.inbox.FailWith(absl::OkStatus());
  EXPECT_TRUE(world.RunUntil([&] { return reader.Seqs() == UpTo(1); }, 60'000));
}

// failure 30: the consumer's disk is full: no write, no Grant, the source waits.
TEST(Failure, DiskIsFullAtTheConsumer) {
  World world(9);
  auto& source = world.AddSource("incident");
  auto& reader = world.AddConsumer("incident", "mediation");
  source.AddMany(20'000, "incident.reported");
  source.Start();
  reader.Start();
  reader.inbox.FailWith(absl::ResourceExhaustedError("no space left on device"));
  world.Run(60'000);
  EXPECT_TRUE(reader.Seqs().empty());
  EXPECT_NE(reader.status().alarm.find("no space left"), std::string::npos);
  reader.inbox.FailWith(absl::OkStatus());
  EXPECT_TRUE(world.RunUntil([&] { return reader.Seqs().size() == 20'000; }, 60'000));
  EXPECT_EQ(reader.Seqs(), UpTo(20'000));
}

// failure 33: what it reports as applied is what is durable, or the source could cut off what a power failure
// takes back.
TEST(Failure, AppliedThroughIsOnlyWhatIsDurable) {
  World world(10);
  auto& source = world.AddSource("incident");
  auto& reader = world.AddConsumer("incident", "mediation", false);
  source.AddMany(100, "incident.reported");
  source.Start();
  reader.Start();
  world.RunUntil([&] { return reader.inbox.Waits(); }, kSoon);
  reader.inbox.Finish();
  world.RunUntil([&] { return reader.inbox.WaitingEvents() == 100; }, kSoon);
  world.Run(10'000);  // several heartbeats
  ASSERT_EQ(source.source->Sessions().size(), 1u);
  EXPECT_EQ(source.source->Sessions()[0].sent_through, 100u);
  EXPECT_EQ(source.source->Sessions()[0].applied_through, 0u);
  reader.inbox.Finish();
  world.Run(10'000);
  EXPECT_EQ(source.source->Sessions()[0].applied_through, 100u);
}

// A stream that trickles: something comes every second, so the reader is never idle, and half a window takes
// days. Only its heartbeats tell the source that it lives.
TEST(Failure, TrickleOfEventsDoesNotMakeTheReaderLookDead) {
  World world(11);
  auto& source = world.AddSource("incident");
  auto& reader = world.AddConsumer("incident", "mediation");
  source.Start();
  reader.Start();
  for (int i = 0; i < 60; ++i) {
    source.Add("incident.reported");
    world.Run(1'000);
  }
  EXPECT_EQ(reader.Seqs(), UpTo(60));
  EXPECT_EQ(reader.status().opens, 1u);
  EXPECT_EQ(source.source->status().lost, 0u);
}

TEST(Consumer, SmallBatchesThatWaitedAreAppliedTogether) {
  World world(12);
  auto& source = world.AddSource("incident");
  auto& reader = world.AddConsumer("incident", "mediation", false);
  source.Start();
  reader.Start();
  world.RunUntil([&] { return reader.inbox.Waits(); }, kSoon);
  reader.inbox.Finish();
  for (int i = 0; i < 100; ++i) {
    source.Add("incident.reported");
    world.Run(1);
  }
  EXPECT_EQ(reader.inbox.WaitingEvents(), 1u) << "the first went in alone";
  reader.inbox.Finish();
  world.Run(1);
  EXPECT_EQ(reader.inbox.WaitingEvents(), 99u);
}

TEST(Consumer, StoppingWaitsForTheApplyUnderWayAndSaysGoodbye) {
  World world(13);
  auto& source = world.AddSource("incident");
  auto& reader = world.AddConsumer("incident", "mediation", false);
  source.Start();
  reader.Start();
  world.RunUntil([&] { return reader.inbox.Waits(); }, kSoon);
  EXPECT_FALSE(reader.consumer->Idle());
  reader.consumer->BeginStop();
  reader.inbox.Finish();
  world.RunUntil([&] { return reader.consumer->Idle(); }, kSoon);
  reader.consumer->Close();
  world.Run(10);
  EXPECT_TRUE(source.source->Sessions().empty());
  EXPECT_EQ(reader.status().phase, Phase::kStopped);
}

TEST(Consumer, StartingFromNowKeepsThatPlaceBeforeAnythingIsRead) {
  World world(14);
  auto& source = world.AddSource("incident");
  auto& reader = world.AddConsumer("incident", "gateway");
  reader.options.from_now = true;
  source.AddMany(5, "incident.reported");
  source.Start();
  reader.Start();
  ASSERT_TRUE(world.RunUntil([&] { return reader.inbox.Position("incident") == 5; }, kSoon));
  reader.Kill();
  source.AddMany(2, "incident.reported");  // while it was away
  reader.Start();
  EXPECT_TRUE(world.RunUntil([&] { return reader.Seqs() == std::vector<uint64_t>({6, 7}); }, kSoon));
}

}  // namespace
}  // namespace bus
