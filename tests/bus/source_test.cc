// The source, frame by frame, with a recorder in place of the wire.
#include "services/bus/source.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "services/bus/frame.h"
#include "tests/bus/world.h"
#include "tests/support/memory_log.h"

namespace bus {
namespace {

class SourceTest : public ::testing::Test {
 protected:
  SourceTest() : log_(std::string(16, 'L')) {
    for (const char* user : {"alpha", "beta", "gamma"}) access_.Allow(user, Everything(user));
  }
  Source& Make() {
    source_ = std::make_unique<Source>(options_, &log_, &wire_, access_, 7, &notes_);
    return *source_;
  }
  void Add(size_t n, const std::string& topic = "incident.reported", const std::string& division = "371402",
           size_t payload = 1) {
    for (size_t i = 0; i < n; ++i)
      log_.Append(tests::NoticeRecord(topic, division, "a", 1, std::string(payload, 'p')));
    log_.Sync();
  }
  v1::Frame OpenFrame(const std::string& user, uint64_t nonce, uint64_t bytes = 1 << 20,
                      uint64_t events = 4'000) {
    v1::Frame frame;
    v1::Open& open = *frame.mutable_open();
    open.set_min_version(1);
    open.set_max_version(1);
    open.set_nonce(nonce);
    open.set_consumer_id(user + "/main");
    open.set_instance_epoch(1);
    open.set_start_at(v1::START_AT_EARLIEST);
    open.set_granted_bytes_total(bytes);
    open.set_granted_events_total(events);
    return frame;
  }
  void Say(const std::string& user, const v1::Frame& frame, const std::string& route = "") {
    source_->OnFrame({route.empty() ? "r-" + user : route, user}, Pack(frame), now_ms_);
  }
  // The session id.
  uint64_t OpenSession(const std::string& user, uint64_t bytes = 1 << 20, uint64_t events = 4'000) {
    Say(user, OpenFrame(user, ++nonce_, bytes, events));
    EXPECT_TRUE(wire_.Last().has_opened()) << wire_.Last().ShortDebugString();
    return wire_.Last().session_id();
  }
  void Turns(int n) {
    for (int i = 0; i < n; ++i) source_->OnTick(now_ms_);
  }
  std::vector<v1::Batch> Batches(const std::string& user) const {
    std::vector<v1::Batch> batches;
    for (size_t i = 0; i < wire_.frames.size(); ++i) {
      if (wire_.frames[i].has_batch() && wire_.routes[i] == "r-" + user)
        batches.push_back(wire_.frames[i].batch());
    }
    return batches;
  }
  static size_t Count(const std::vector<v1::Batch>& batches) {
    size_t n = 0;
    for (const v1::Batch& batch : batches) n += static_cast<size_t>(batch.event_size());
    return n;
  }

  tests::MemoryLog log_;
  AccessList access_;
  SourceOptions options_;
  Recorder wire_;
  Notes notes_;
  std::unique_ptr<Source> source_;
  int64_t now_ms_ = 10'000;
  uint64_t nonce_ = 100;
};

TEST_F(SourceTest, NeverSendsMoreThanTheCreditAndOneEvent) {
  Add(100, "incident.reported", "371402", 1'000);
  Make();
  OpenSession("alpha", 5'000);
  Turns(50);
  const auto batches = Batches("alpha");
  ASSERT_FALSE(batches.empty());
  EXPECT_GE(batches.back().sent_bytes_total(), 5'000u);
  EXPECT_LE(batches.back().sent_bytes_total(), 5'000u + 1'200u);
}

TEST_F(SourceTest, AnEventLargerThanTheWindowStillPasses) {
  Add(1, "incident.reported", "371402", 200'000);
  Make();
  OpenSession("alpha", 10);
  Turns(3);
  EXPECT_EQ(Count(Batches("alpha")), 1u);
}

TEST_F(SourceTest, AnEventBeyondTheLimitStopsTheStreamWithAnAlarm) {
  Add(1);
  Add(1, "incident.reported", "371402", limits::kEventDataBytes + 1);
  Make();
  OpenSession("alpha");
  Turns(3);
  EXPECT_EQ(Count(Batches("alpha")), 1u);
  EXPECT_TRUE(source_->status().log_alarm);
  EXPECT_TRUE(wire_.Last().has_close());
}

TEST_F(SourceTest, ReadersOfSmallAndLargeNoticesGetTheSameShare) {
  log_.Append(tests::NoticeRecord("", "", "a", 1, ""));
  for (int i = 0; i < 300; ++i) {
    log_.Append(tests::NoticeRecord("large", "37", "a", 1, std::string(200'000, 'L')));
    log_.Append(tests::NoticeRecord("small", "37", "a", 1, std::string(60'000, 's')));
  }
  log_.Sync();
  Make();
  const auto open = [&](const std::string& user, const std::string& topic) {
    v1::Frame frame = OpenFrame(user, ++nonce_, 1 << 30, 1 << 20);
    frame.mutable_open()->mutable_filter()->add_topic_prefix(topic);
    Say(user, frame);
  };
  open("alpha", "large");
  open("beta", "small");
  Turns(60);
  const uint64_t large = Batches("alpha").back().sent_bytes_total(),
                 small = Batches("beta").back().sent_bytes_total();
  EXPECT_LT(large, small + 2 * 200'000) << "a debt is paid before more is sent";
  EXPECT_LT(small, large + 2 * 200'000);
}

TEST_F(SourceTest, ManySessionsAreServedInTurn) {
  Add(10'000);
  options_.opens_per_second_of_peer = 1'000;
  options_.open_burst_of_peer = 1'000;
  options_.opens_per_second = 1'000;
  Make();
  for (int i = 0; i < 40; ++i) {
    v1::Frame frame = OpenFrame("alpha", ++nonce_);
    frame.mutable_open()->set_consumer_id("alpha/" + std::to_string(i));
    Say("alpha", frame, "r-" + std::to_string(i));
  }
  ASSERT_EQ(source_->Sessions().size(), 40u);
  Turns(5);  // 16 batches a turn: 80 for 40 sessions
  for (const SessionInfo& session : source_->Sessions())
    EXPECT_EQ(session.sent_through, 2u * limits::kBatchEvents);
}

// failure 14: the transport cannot reach the peer any more: the session ends; the data is in the log.
TEST_F(SourceTest, UnreachablePeerEndsTheSession) {
  Add(10);
  Make();
  OpenSession("alpha");
  OpenSession("beta");
  wire_.answer["r-alpha"] = SendResult::kUnreachable;
  Turns(3);
  ASSERT_EQ(source_->Sessions().size(), 1u);
  EXPECT_EQ(source_->Sessions()[0].service, "beta");
  EXPECT_EQ(Count(Batches("beta")), 10u);
}

// failure 14: its pipe is full: it is left alone for a moment, nothing is skipped, and given up after three
// seconds.
TEST_F(SourceTest, FullPipeIsRetriedAndGivenUp) {
  Add(10);
  Make();
  OpenSession("alpha");
  wire_.answer["r-alpha"] = SendResult::kWouldBlock;
  EXPECT_EQ(source_->OnTick(now_ms_), now_ms_ + limits::kBlockedSkipMs);
  EXPECT_EQ(source_->status().blocked, 1u);
  source_->OnTick(now_ms_ + 1);
  EXPECT_EQ(source_->status().blocked, 1u) << "left alone";
  wire_.answer.clear();
  now_ms_ += limits::kBlockedSkipMs;
  Turns(1);
  ASSERT_EQ(Count(Batches("alpha")), 10u);
  EXPECT_EQ(Batches("alpha")[0].prev_seq(), 0u);
  wire_.answer["r-alpha"] = SendResult::kWouldBlock;
  Add(1);
  for (int64_t passed = 0; passed <= limits::kBlockedDropMs + 10; passed += 5, now_ms_ += 5) Turns(1);
  EXPECT_TRUE(source_->Sessions().empty());
  EXPECT_EQ(source_->status().lost, 1u);
}

// failure 16: whoever learns a session's number or comes by another's connection gets nothing.
TEST_F(SourceTest, StolenSessionNumberIsWorthNothing) {
  Add(10);
  Make();
  const uint64_t session = OpenSession("alpha", 1, 1);
  v1::Frame grant;
  grant.set_session_id(session);
  grant.mutable_grant()->set_granted_bytes_total(1 << 20);
  grant.mutable_grant()->set_granted_events_total(1 << 20);
  Say("beta", grant);
  EXPECT_EQ(wire_.Last().reject().code(), v1::UNKNOWN_SESSION);
  Say("beta", grant, "r-alpha");  // the route, but not the key
  EXPECT_EQ(wire_.Last().reject().code(), v1::UNKNOWN_SESSION);
  Say("alpha", grant, "r-beta");
  EXPECT_EQ(wire_.Last().reject().code(), v1::UNKNOWN_SESSION);
  v1::Frame close;
  close.set_session_id(session);
  close.mutable_close();
  Say("beta", close);
  Turns(5);
  EXPECT_EQ(source_->Sessions().size(), 1u);
  EXPECT_EQ(Count(Batches("alpha")), 1u) << "the credit is its own";
}

// failure 15: a consumer id belongs to a service.
TEST_F(SourceTest, ConsumerIdsOfOthersAreRefused) {
  Make();
  v1::Frame frame = OpenFrame("beta", 1);
  frame.mutable_open()->set_consumer_id("alpha/main");
  Say("beta", frame);
  EXPECT_EQ(wire_.Last().reject().code(), v1::UNKNOWN_CONSUMER);
  Say("stranger", OpenFrame("stranger", 2));
  EXPECT_EQ(wire_.Last().reject().code(), v1::UNAUTHORIZED);
  EXPECT_FALSE(wire_.Last().reject().has_head()) << "a stranger learns nothing of the log";
  EXPECT_EQ(wire_.Last().reject().nonce(), 2u);
  EXPECT_EQ(notes_.count["UNAUTHORIZED"], 1);
}

// failure 22: one service alone cannot keep the source busy with Opens.
TEST_F(SourceTest, OpensOfOneServiceAreRationed) {
  Make();
  for (uint32_t i = 0; i < limits::kOpenBurstOfPeer; ++i) Say("alpha", OpenFrame("alpha", ++nonce_));
  EXPECT_TRUE(wire_.Last().has_opened());
  Say("alpha", OpenFrame("alpha", ++nonce_));
  EXPECT_EQ(wire_.Last().reject().code(), v1::OVERLOADED);
  EXPECT_GT(wire_.Last().reject().retry_after_ms(), 0u);
  Say("beta", OpenFrame("beta", ++nonce_));
  EXPECT_TRUE(wire_.Last().has_opened()) << "the others are not touched";
  now_ms_ += 1'000;
  Say("alpha", OpenFrame("alpha", ++nonce_));
  EXPECT_TRUE(wire_.Last().has_opened());
}

TEST_F(SourceTest, SessionsAreBounded) {
  options_.sessions_max = 2;
  Make();
  OpenSession("alpha");
  OpenSession("beta");
  Say("gamma", OpenFrame("gamma", ++nonce_));
  EXPECT_EQ(wire_.Last().reject().code(), v1::OVERLOADED);
  now_ms_ += limits::kHeartbeatMs * limits::kDeadAfterHeartbeats;  // the others were silent
  Turns(1);
  Say("gamma", OpenFrame("gamma", ++nonce_));
  EXPECT_TRUE(wire_.Last().has_opened());
}

TEST_F(SourceTest, TheSameOpenTwiceIsAnsweredTwiceAndOpensOnce) {
  Add(10);
  Make();
  const v1::Frame open = OpenFrame("alpha", 42);
  Say("alpha", open);
  const uint64_t session = wire_.Last().session_id();
  Turns(2);
  Say("alpha", open);
  EXPECT_TRUE(wire_.Last().has_opened());
  EXPECT_EQ(wire_.Last().session_id(), session);
  Turns(2);
  EXPECT_EQ(source_->status().opened, 1u);
  EXPECT_EQ(Count(Batches("alpha")), 10u);
}

TEST_F(SourceTest, JunkIsCountedAndNotAnswered) {
  Make();
  for (const std::string& junk : {std::string(), std::string("GET / HTTP/1.1"), std::string("ESP\x02"),
                                  std::string("ESP\x01\xff\xff\xff", 7), std::string("ESP\x01", 4)}) {
    source_->OnFrame({"r", "alpha"}, junk, now_ms_);
  }
  v1::Frame batch;  // only a source says this
  batch.mutable_batch()->set_batch_no(1);
  Say("alpha", batch);
  EXPECT_EQ(source_->status().malformed, 6u);
  EXPECT_TRUE(wire_.frames.empty());
}

TEST_F(SourceTest, BodyOfALaterVersionIsRefusedByName) {
  Make();
  source_->OnFrame({"r", "alpha"}, std::string(kMagic) + "\xfa\x01\x02hi", now_ms_);  // field 31, two bytes
  EXPECT_EQ(wire_.Last().reject().code(), v1::UNSUPPORTED_VERSION);
  EXPECT_EQ(source_->status().unknown_body, 1u);
}

TEST_F(SourceTest, OpenOutOfBoundsIsMalformed) {
  Make();
  std::vector<v1::Frame> bad(6, OpenFrame("alpha", 1));
  bad[0].mutable_open()->set_consumer_id(std::string(limits::kConsumerIdBytes + 1, 'a'));
  bad[1].mutable_open()->set_consumer_id("alpha/\x1b[2J");
  bad[2].mutable_open()->set_granted_bytes_total(0);
  bad[3].mutable_open()->mutable_filter()->add_topic_prefix(std::string(limits::kPrefixBytes + 1, 'a'));
  for (size_t i = 0; i <= limits::kFilterPrefixes; ++i)
    bad[4].mutable_open()->mutable_filter()->add_division_prefix("37");
  bad[5].mutable_open()->set_start_at(v1::START_AT_UNSPECIFIED);
  for (const v1::Frame& frame : bad) {
    Say("alpha", frame);
    EXPECT_EQ(wire_.Last().reject().code(), v1::MALFORMED) << frame.ShortDebugString();
  }
  EXPECT_TRUE(source_->Sessions().empty());
}

TEST_F(SourceTest, KeyTakenOffTheListEndsItsSessionsOnly) {
  Add(1);
  Make();
  OpenSession("alpha");
  OpenSession("beta");
  AccessList without;
  without.Allow("beta", Everything("beta"));
  source_->SetAccess(without);
  EXPECT_EQ(wire_.Last().close().code(), v1::UNAUTHORIZED);
  ASSERT_EQ(source_->Sessions().size(), 1u);
  EXPECT_EQ(source_->Sessions()[0].service, "beta");
  Say("alpha", OpenFrame("alpha", ++nonce_));
  EXPECT_EQ(wire_.Last().reject().code(), v1::UNAUTHORIZED);
}

TEST_F(SourceTest, FilterIsWhatIsWantedAndAllowed) {
  AllowedPeer peer = Everything("alpha");
  peer.filter.add_topic_prefix("incident.");
  peer.filter.add_division_prefix("371402");
  access_.Allow("alpha", peer);
  Add(1, "incident.reported", "371402001");
  Add(1, "petition.filed", "371402001");
  Add(1, "incident.closed", "371403");
  Make();
  v1::Frame open = OpenFrame("alpha", 1);
  open.mutable_open()->mutable_filter()->add_topic_prefix("incident.rep");
  open.mutable_open()->mutable_filter()->add_topic_prefix("petition.");
  Say("alpha", open);
  EXPECT_EQ(wire_.Last().opened().effective_filter().ShortDebugString(),
            "topic_prefix: \"incident.rep\" division_prefix: \"371402\"");
  Turns(2);
  ASSERT_EQ(Count(Batches("alpha")), 1u);
  EXPECT_EQ(Batches("alpha")[0].event(0).seq(), 1u);
  open.mutable_open()->mutable_filter()->clear_topic_prefix();
  open.mutable_open()->mutable_filter()->add_topic_prefix("petition.");
  open.mutable_open()->set_nonce(2);
  Say("alpha", open);
  EXPECT_EQ(wire_.Last().reject().code(), v1::UNAUTHORIZED) << "nothing is left of it";
}

// spec: 3.7 sealed: level and topic only
TEST_F(SourceTest, SealedNoticeLeavesTopicAndLevelOnly) {
  kernel::v1::LogRecord record = tests::NoticeRecord("petition.accusation", "371402001", "p-1", 3, "secret");
  record.mutable_notice()->set_classification(kernel::v1::SEALED);
  record.mutable_notice()->set_level(4);
  record.mutable_notice()->set_correlation_id("M-0");
  log_.Append(record);
  log_.Sync();
  Make();
  OpenSession("alpha");
  Turns(2);
  ASSERT_EQ(Count(Batches("alpha")), 1u);
  v1::Event left = Batches("alpha")[0].event(0);
  EXPECT_EQ(left.topic(), "petition.accusation");
  EXPECT_EQ(left.level(), 4);
  for (const int kept : {1, 2, 3, 12, 13}) {  // seq, event_id, topic, level, classification
    left.GetReflection()->ClearField(&left, left.GetDescriptor()->FindFieldByNumber(kept));
  }
  EXPECT_EQ(left.ByteSizeLong(), 0u) << left.ShortDebugString();
}

// Asking village by village where a sealed notice turns up would tell where it happened.
TEST_F(SourceTest, SealedNoticeIsNotFoundByPlace) {
  kernel::v1::LogRecord record = tests::NoticeRecord("petition.accusation", "371402001", "p-1", 3, "secret");
  record.mutable_notice()->set_classification(kernel::v1::SEALED);
  log_.Append(record);
  log_.Sync();
  Make();
  v1::Frame open = OpenFrame("alpha", 1);
  open.mutable_open()->mutable_filter()->add_division_prefix("371402001");
  Say("alpha", open);
  now_ms_ += limits::kEmptyBatchMs;
  Turns(3);
  EXPECT_EQ(Count(Batches("alpha")), 0u);
  EXPECT_EQ(Batches("alpha").back().scanned_through(), 1u);
}

TEST_F(SourceTest, EventCarriesTheNoticeAndNothingOfTheRecordBehindIt) {
  Add(1, "incident.reported", "371402", 5);
  Make();
  OpenSession("alpha");
  Turns(2);
  const v1::Event event = Batches("alpha").at(0).event(0);
  EXPECT_EQ(event.event_id(), std::string(16, 'L') + std::string("\0\0\0\0\0\0\0\1", 8));
  EXPECT_EQ(event.division(), "371402");
  EXPECT_EQ(event.subject(), "a");
  EXPECT_EQ(event.schema(), "incident.v1.Notice");
  EXPECT_EQ(event.schema_version(), 1u);
  EXPECT_EQ(event.recorded_at_us(), 1'700'000'000'000'000);
  EXPECT_EQ(event.actor_org(), "org-7");
  EXPECT_EQ(event.data(), "ppppp");
  EXPECT_EQ(event.SerializeAsString().find("u-1"), std::string::npos) << "who it was stays at home";
  EXPECT_EQ(event.SerializeAsString().find("inner event"), std::string::npos);
}

TEST_F(SourceTest, PingIsAnsweredWithHowFarWasTold) {
  Add(3);
  Make();
  const uint64_t session = OpenSession("alpha");
  Turns(1);
  v1::Frame ping;
  ping.set_session_id(session);
  ping.mutable_ping()->set_nonce(9);
  ping.mutable_ping()->set_applied_through(2);
  Say("alpha", ping);
  EXPECT_EQ(wire_.Last().pong().nonce(), 9u);
  EXPECT_EQ(wire_.Last().pong().scanned_through(), 3u);
  EXPECT_EQ(wire_.Last().pong().durable_seq(), 3u);
  EXPECT_EQ(source_->Sessions()[0].lag, 1u);
}

}  // namespace
}  // namespace bus
