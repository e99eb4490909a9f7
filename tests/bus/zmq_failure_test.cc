// What strangers and broken peers can do to the port, and what libzmq does about it. Numbers: docs/BUS.md,
// table.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zmq.h>

#include "services/bus/frame.h"
#include "tests/bus/world.h"
#include "tests/bus/zmq_world.h"

namespace bus {
namespace {

class ZmqFailure : public ZmqWorld {
 protected:
  // A DEALER of our own making, with a key that is on the list.
  std::unique_ptr<ZmqSocket> RawDealer(const std::string& key = "mediation") {
    auto socket = std::make_unique<ZmqSocket>(context_, ZMQ_DEALER);
    socket->Set(ZMQ_LINGER, 0);
    socket->Set(ZMQ_CURVE_SERVERKEY, Keys("incident").public_key);
    socket->Set(ZMQ_CURVE_PUBLICKEY, Keys(key).public_key);
    socket->Set(ZMQ_CURVE_SECRETKEY, Keys(key).secret_key);
    EXPECT_TRUE(socket->Connect(source_->endpoint()).ok());
    return socket;
  }
  static std::string OpenBytes() {
    v1::Frame frame;
    v1::Open& open = *frame.mutable_open();
    open.set_min_version(1);
    open.set_max_version(1);
    open.set_nonce(77);
    open.set_consumer_id("mediation/raw");
    open.set_start_at(v1::START_AT_EARLIEST);
    open.set_granted_bytes_total(1 << 20);
    open.set_granted_events_total(1'000);
    return Pack(frame);
  }
  int RawTcp() const {
    const std::string endpoint = source_->endpoint();
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<uint16_t>(std::stoi(endpoint.substr(endpoint.rfind(':') + 1))));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    EXPECT_EQ(connect(fd, reinterpret_cast<sockaddr*>(&to), sizeof(to)), 0);
    return fd;
  }
  // The others are served as if nothing had happened.
  void ExpectOthersAreServed() {
    const uint64_t before = inbox_.Position("incident");
    Add(5);
    EXPECT_TRUE(Eventually([&] { return inbox_.Position("incident") == before + 5; }));
  }
  void ServeAndFollow() {
    Allow({"mediation"});
    source_ = Serve();
    follower_ = Follow(To(source_->endpoint()), &inbox_);
    Add(5);
    ASSERT_TRUE(Eventually([&] { return inbox_.Position("incident") == 5; }));
  }

  ZmqContext context_;
};

// failure 17: a key that is not on the list: refused at the handshake, an alarm at the consumer, which tries
// again with a new socket and gets in once the key is listed.
TEST_F(ZmqFailure, KeyIsNotOnTheList) {
  Allow({"somebody-else"});
  Add(5);
  source_ = Serve();
  follower_ = Follow(To(source_->endpoint()), &inbox_);
  ASSERT_TRUE(Eventually([&] { return Follower().alarm.find("refuses our key") != std::string::npos; }));
  EXPECT_TRUE(Eventually([&] { return follower_->ConsumerStates()[0].sockets >= 2; }));
  EXPECT_EQ(inbox_.applies(), 0u);
  EXPECT_NE(source_metrics_.Text().find("esp_handshakes_total{answer=\"refused\"}"), std::string::npos);
  Allow({"mediation"});
  EXPECT_TRUE(Eventually([&] { return inbox_.Seqs("incident") == UpTo(5); }));
  EXPECT_TRUE(Eventually([&] { return Follower().alarm.empty(); }));
}

// failure 17: the source has another key than the one pinned: nothing is said to an impostor.
TEST_F(ZmqFailure, SourceHasAnotherKeyThanThePinnedOne) {
  Allow({"mediation"});
  Add(5);
  source_ = Serve();
  Subscription wrong = To(source_->endpoint());
  wrong.server_key = Keys("impostor").public_key;
  follower_ = Follow(wrong, &inbox_);
  EXPECT_FALSE(Eventually([&] { return inbox_.applies() > 0 || Follower().opens > 0; }, 2'000));
  EXPECT_EQ(Source().sessions.size(), 0u);
}

// failure 18: the thread that says who may come in is dead: nobody new comes in, who is in stays.
TEST_F(ZmqFailure, HandshakeHandlerIsDead) {
  Allow({"mediation"});
  auto access = AccessFile::Open(File("allow"), clock_.NowMs());
  ASSERT_TRUE(access.ok());
  ZmqContext context;
  auto zap = std::make_unique<ZapHandler>(context, &*access, &clock_, &source_metrics_);
  ZmqSourceOptions options{"tcp://127.0.0.1:*", Keys("incident").secret_key, {}};
  auto source = ZmqSource::Start(context, options, &log_, &*access, &clock_, &source_metrics_, 1);
  ASSERT_TRUE(source.ok()) << source.status();
  follower_ = Follow(To((*source)->endpoint()), &inbox_);
  Add(5);
  (*source)->Wake();
  ASSERT_TRUE(Eventually([&] { return inbox_.Position("incident") == 5; }));
  zap->Stop();
  tests::MemoryInbox late_inbox(true);
  auto late = Follow(To((*source)->endpoint()), &late_inbox);
  EXPECT_FALSE(Eventually([&] { return late_inbox.applies() > 0; }, 2'000)) << "the door stays shut";
  Add(5);
  (*source)->Wake();
  EXPECT_TRUE(Eventually([&] { return inbox_.Position("incident") == 10; }));
  late.reset();
  follower_.reset();
  (*source)->Stop();
}

// failure 20: one frame over the limit: libzmq ends the connection before it reaches us.
TEST_F(ZmqFailure, FrameIsOversized) {
  ServeAndFollow();
  const uint64_t before = Source().disconnections;
  auto peer = RawDealer();
  const std::string huge(static_cast<size_t>(limits::kFrameBytesToSource) + 1, 'x');
  EXPECT_TRUE(Eventually([&] { return peer->Send({}, huge) == SendResult::kSent; }));
  EXPECT_TRUE(Eventually([&] { return Source().disconnections > before; }));
  EXPECT_EQ(Source().status.malformed, 0u) << "it never arrived";
  ExpectOthersAreServed();
}

// failure 21: bytes that are no handshake, and connections that say nothing at all.
TEST_F(ZmqFailure, JunkOnThePort) {
  ServeAndFollow();
  const int talker = RawTcp(), silent = RawTcp();
  const std::string junk = "GET / HTTP/1.1\r\nHost: x\r\n\r\n" + std::string(1'000, '\xff');
  EXPECT_GT(send(talker, junk.data(), junk.size(), MSG_NOSIGNAL), 0);
  const auto closed = [](int fd) {
    char byte = 0;
    pollfd item{fd, POLLIN, 0};
    while (poll(&item, 1, 0) > 0) {
      if (recv(fd, &byte, 1, MSG_DONTWAIT) <= 0) return true;  // its greeting is read away first
    }
    return false;
  };
  EXPECT_TRUE(Eventually([&] { return closed(talker); }));
  EXPECT_TRUE(Eventually([&] { return closed(silent); })) << "after the handshake's time is up";
  close(talker);
  close(silent);
  EXPECT_EQ(Source().status.malformed, 0u);
  ExpectOthersAreServed();
}

TEST_F(ZmqFailure, WrongNumberOfPartsIsDroppedWithoutAnAnswer) {
  ServeAndFollow();
  auto peer = RawDealer();
  EXPECT_TRUE(Eventually([&] { return peer->SendParts({OpenBytes(), "and more"}); }));
  EXPECT_TRUE(peer->SendParts({"", OpenBytes()}));
  EXPECT_TRUE(peer->SendParts({"not ESP"}));
  EXPECT_TRUE(Eventually([&] { return Source().status.malformed == 3; }));
  ZmqMessage answer;
  EXPECT_FALSE(peer->Receive(&answer));
  EXPECT_TRUE(peer->SendParts({OpenBytes()}));  // the same peer, in order this time
  EXPECT_TRUE(Eventually([&] { return peer->Receive(&answer); }));
  v1::Frame frame;
  ASSERT_EQ(Unpack(answer.parts.at(0), &frame), FrameFault::kNone);
  EXPECT_TRUE(frame.has_opened());
  ExpectOthersAreServed();
}

// failure 16: a peer may claim any routing id; who it is comes from its key.
TEST_F(ZmqFailure, ClaimedRoutingIdIsNoIdentity) {
  Allow({"mediation"});
  source_ = Serve();
  ZmqSocket peer(context_, ZMQ_DEALER);
  peer.Set(ZMQ_LINGER, 0);
  peer.Set(ZMQ_ROUTING_ID, Keys("oversight").public_key);
  peer.Set(ZMQ_CURVE_SERVERKEY, Keys("incident").public_key);
  peer.Set(ZMQ_CURVE_PUBLICKEY, Keys("mediation").public_key);
  peer.Set(ZMQ_CURVE_SECRETKEY, Keys("mediation").secret_key);
  ASSERT_TRUE(peer.Connect(source_->endpoint()).ok());
  EXPECT_TRUE(Eventually([&] { return peer.Send({}, OpenBytes()) == SendResult::kSent; }));
  EXPECT_TRUE(Eventually([&] { return !Source().sessions.empty(); }));
  EXPECT_EQ(Source().sessions.at(0).service, "mediation");
}

// failure 32: a socket used by a thread that does not own it is our mistake, and ends the process before
// libzmq's state is damaged.
TEST(ZmqFailureDeathTest, SocketIsUsedByASecondThread) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        ZmqContext context;
        ZmqSocket socket(context, ZMQ_DEALER);
        socket.Set(ZMQ_LINGER, 0);
        std::jthread([&] { socket.Send({}, "x"); }).join();
      },
      "does not own it");
}

}  // namespace
}  // namespace bus
