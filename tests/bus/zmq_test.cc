// The stream over real sockets: delivery, keys, restarts, credit.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "tests/bus/world.h"
#include "tests/bus/zmq_world.h"

namespace bus {
namespace {

class Zmq : public ZmqWorld {};

TEST_F(Zmq, DeliversTheLogAndWhatIsAddedLater) {
  Allow({"mediation"});
  Add(2'000);
  source_ = Serve();
  follower_ = Follow(To(source_->endpoint()), &inbox_);
  ASSERT_TRUE(Eventually([&] { return inbox_.Position("incident") == 2'000; }));
  Add(500);
  EXPECT_TRUE(Eventually([&] { return inbox_.Position("incident") == 2'500; }));
  EXPECT_EQ(inbox_.Seqs("incident"), UpTo(2'500));
  EXPECT_TRUE(Eventually([&] { return Source().status.events == 2'500; }));
  EXPECT_TRUE(Eventually([&] { return Follower().lag() == 0 && Follower().events == 2'500; }));
  EXPECT_NE(source_metrics_.Text().find("esp_events_total 2500"), std::string::npos)
      << source_metrics_.Text();
  EXPECT_NE(metrics_.Text().find("esp_consumer_halted{source=\"incident\"} 0"), std::string::npos)
      << metrics_.Text();
}

TEST_F(Zmq, WorksOverALocalSocketFile) {
  Allow({"mediation"});
  Add(10);
  source_ = Serve("ipc://" + File("stream"));
  follower_ = Follow(To(source_->endpoint()), &inbox_);
  EXPECT_TRUE(Eventually([&] { return inbox_.Seqs("incident") == UpTo(10); }));
}

// failure 4: killed and started on the same port; nobody has to be told.
TEST_F(Zmq, SourceIsRestarted) {
  Allow({"mediation"});
  Add(10);
  source_ = Serve();
  const std::string endpoint = source_->endpoint();
  follower_ = Follow(To(endpoint), &inbox_);
  ASSERT_TRUE(Eventually([&] { return inbox_.Position("incident") == 10; }));
  source_.reset();
  Add(10);
  source_ = Serve(endpoint);
  EXPECT_TRUE(Eventually([&] { return inbox_.Position("incident") == 20; }));
  EXPECT_EQ(inbox_.Seqs("incident"), UpTo(20));
}

TEST_F(Zmq, ConsumerIsRestartedAndStartsBeforeItsSource) {
  Allow({"mediation"});
  source_ = Serve();
  const std::string endpoint = source_->endpoint();
  source_.reset();
  follower_ = Follow(To(endpoint), &inbox_);  // nobody there yet
  Add(10);
  source_ = Serve(endpoint);
  ASSERT_TRUE(Eventually([&] { return inbox_.Position("incident") == 10; }));
  follower_.reset();
  Add(10);
  follower_ = Follow(To(endpoint), &inbox_);
  ASSERT_TRUE(Eventually([&] { return inbox_.Position("incident") == 20; }));
  EXPECT_EQ(inbox_.Seqs("incident"), UpTo(20));
}

// failure 15: a consumer's second process takes over; the first is told and stands still.
TEST_F(Zmq, SecondProcessOfAConsumerTakesOver) {
  Allow({"mediation"});
  Add(5);
  source_ = Serve();
  follower_ = Follow(To(source_->endpoint()), &inbox_);
  ASSERT_TRUE(Eventually([&] { return inbox_.Position("incident") == 5; }));
  tests::MemoryInbox second_inbox(true);
  auto second = Follow(To(source_->endpoint()), &second_inbox);
  EXPECT_TRUE(Eventually([&] { return Follower().halt == Halt::kSuperseded; }));
  EXPECT_TRUE(Eventually([&] { return second_inbox.Seqs("incident") == UpTo(5); }));
}

// failure 17: a key roll-out: both keys on the list, the consumer changes over, the old one comes off.
TEST_F(Zmq, KeyIsRolledOver) {
  Allow({"mediation"});
  Add(5);
  source_ = Serve();
  follower_ = Follow(To(source_->endpoint()), &inbox_);
  ASSERT_TRUE(Eventually([&] { return inbox_.Position("incident") == 5; }));
  Allow({"mediation", "mediation-2027"});
  follower_.reset();
  follower_ = Follow(To(source_->endpoint()), &inbox_, "mediation-2027");
  Add(5);
  ASSERT_TRUE(Eventually([&] { return inbox_.Position("incident") == 10; }));
  Allow({"mediation-2027"});
  tests::MemoryInbox thief_inbox(true);
  auto thief = Follow(To(source_->endpoint()), &thief_inbox, "mediation");
  EXPECT_TRUE(Eventually([&] { return thief->ConsumerStates()[0].handshakes_failed > 0; }));
  Add(5);
  EXPECT_TRUE(Eventually([&] { return inbox_.Seqs("incident") == UpTo(15); }));
  EXPECT_EQ(thief_inbox.applies(), 0u);
}

// failure 17: a key taken off the list ends the session it opened, within about a second.
TEST_F(Zmq, KeyIsRevokedWhileItsSessionIsOpen) {
  Allow({"mediation"});
  Add(5);
  source_ = Serve();
  follower_ = Follow(To(source_->endpoint()), &inbox_);
  ASSERT_TRUE(Eventually([&] { return inbox_.Position("incident") == 5; }));
  Allow({"somebody-else"});
  EXPECT_TRUE(Eventually([&] { return Source().sessions.empty(); }));
  Add(5);
  EXPECT_TRUE(Eventually([&] { return Follower().last_reject == v1::UNAUTHORIZED; }));
  EXPECT_NE(Follower().alarm, "");
  EXPECT_EQ(inbox_.Position("incident"), 5u);
  Allow({"mediation"});
  EXPECT_TRUE(Eventually([&] { return inbox_.Seqs("incident") == UpTo(10); }));
}

// failure 10: an inbox that does not write: what the source sent stays within one window and one batch.
TEST_F(Zmq, SlowConsumerIsHeldBackByItsCredit) {
  Allow({"mediation"});
  Add(20'000, 1'000);
  tests::MemoryInbox slow(false);
  source_ = Serve();
  follower_ = Follow(To(source_->endpoint()), &slow);
  ASSERT_TRUE(Eventually([&] { return slow.Waits(); }));
  slow.Finish();
  ASSERT_TRUE(Eventually([&] { return !Source().sessions.empty() && !Source().sessions[0].has_credit; }));
  const uint64_t sent = Source().status.event_bytes;
  EXPECT_LE(sent, limits::kWindowBytes + 2'000);
  EXPECT_FALSE(Eventually([&] { return Source().status.event_bytes != sent; }, 2'500)) << "it waits";
  EXPECT_TRUE(Eventually([&] {
    slow.Finish();
    return slow.Position("incident") == 20'000;
  }));
  EXPECT_EQ(slow.Seqs("incident"), UpTo(20'000));
}

// One time in twenty its last words were lost: the consumer's grant lay unread, so the connection was reset.
TEST_F(Zmq, StoppingASourceTellsItsConsumers) {
  Allow({"mediation"});
  source_ = Serve();
  follower_ = Follow(To(source_->endpoint()), &inbox_);
  ASSERT_TRUE(Eventually([&] { return !Source().sessions.empty(); }));
  ASSERT_TRUE(Eventually([&] { return Follower().phase == Phase::kStreaming; }));
  source_.reset();
  EXPECT_TRUE(Eventually([&] { return Follower().last_reject == v1::DRAINING; }));
}

TEST_F(Zmq, StoppingAConsumerWaitsForItsLastWriteAndSaysGoodbye) {
  Allow({"mediation"});
  Add(3);
  tests::MemoryInbox slow(false);
  source_ = Serve();
  follower_ = Follow(To(source_->endpoint()), &slow);
  ASSERT_TRUE(Eventually([&] { return slow.Waits(); }));
  ASSERT_TRUE(Eventually([&] { return !Source().sessions.empty(); }));
  std::atomic<bool> stopped = false;
  std::jthread disk([&] { Eventually([&] { return slow.Finish(), stopped.load(); }); });
  follower_.reset();
  stopped = true;
  disk.join();
  EXPECT_TRUE(Eventually([&] { return Source().sessions.empty(); }, limits::kHeartbeatMs * 2))
      << "sooner than silence";
}

TEST_F(Zmq, MistakesOfTheConfigurationAreNamedAtStart) {
  Allow({"mediation"});
  Keys("mediation");
  BusOptions options;
  options.secret_key_file = File("nowhere");
  EXPECT_TRUE(absl::IsNotFound(Bus::Start(options, &log_, &inbox_, &clock_, &metrics_).status()));
  options.secret_key_file = File("mediation");
  options.listen = "tcp://127.0.0.1:*";
  options.access_file = File("missing");
  EXPECT_FALSE(Bus::Start(options, &log_, &inbox_, &clock_, &metrics_).ok());
  options.access_file = File("allow");
  options.listen = "tcp://no such address";
  EXPECT_FALSE(Bus::Start(options, &log_, &inbox_, &clock_, &metrics_).ok());
  options.listen = "";
  options.subscriptions = {To("nonsense")};
  EXPECT_FALSE(Bus::Start(options, &log_, &inbox_, &clock_, &metrics_).ok());
  options.subscriptions = {To("tcp://127.0.0.1:1")};
  options.subscriptions[0].server_key = "short";
  EXPECT_FALSE(Bus::Start(options, &log_, &inbox_, &clock_, &metrics_).ok());
}

}  // namespace
}  // namespace bus
