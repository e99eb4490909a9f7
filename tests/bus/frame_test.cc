// Bytes of a message, filters, and what the consumer makes of a source that misbehaves.
#include "services/bus/frame.h"

#include <gtest/gtest.h>

#include "services/bus/filter.h"
#include "tests/bus/world.h"

namespace bus {
namespace {

v1::Filter MakeFilter(std::vector<std::string> topics, std::vector<std::string> divisions) {
  v1::Filter filter;
  for (std::string& t : topics) filter.add_topic_prefix(std::move(t));
  for (std::string& d : divisions) filter.add_division_prefix(std::move(d));
  return filter;
}

TEST(Frame, BatchPackedByHandIsWhatTheParserReads) {
  v1::Batch head;
  head.set_batch_no(7);
  head.set_scanned_through(99);
  head.set_digest(5);
  v1::Event event;
  event.set_seq(99);
  event.set_data(std::string(300, 'd'));
  std::string events;
  AppendEncodedEvent(event.SerializeAsString(), &events);
  AppendEncodedEvent(event.SerializeAsString(), &events);
  v1::Frame frame;
  ASSERT_EQ(Unpack(PackBatch(1, 0xfeed, head, events), &frame), FrameFault::kNone);
  v1::Frame expected;
  expected.set_version(1);
  expected.set_session_id(0xfeed);
  *expected.mutable_batch() = head;
  *expected.mutable_batch()->add_event() = event;
  *expected.mutable_batch()->add_event() = event;
  EXPECT_EQ(frame.SerializeAsString(), expected.SerializeAsString());
  EXPECT_EQ(Pack(expected), PackBatch(1, 0xfeed, head, events));
}

TEST(Filter, CanonicalFormIsTheSameForTheSameWants) {
  EXPECT_EQ(FilterHash(MakeFilter({"b", "a", "ab", "a"}, {})), FilterHash(MakeFilter({"a", "b"}, {})));
  EXPECT_EQ(FilterHash(MakeFilter({"", "a"}, {})), FilterHash(MakeFilter({}, {})));
  EXPECT_NE(FilterHash(MakeFilter({"a"}, {})), FilterHash(MakeFilter({}, {"a"})));
}

TEST(Filter, IntersectionAndNarrowness) {
  EXPECT_TRUE(
      SameFilter(*Intersection(MakeFilter({"incident."}, {}), MakeFilter({"incident.closed", "x"}, {"37"})),
                 MakeFilter({"incident.closed"}, {"37"})));
  EXPECT_FALSE(Intersection(MakeFilter({"a"}, {}), MakeFilter({"b"}, {})).has_value());
  EXPECT_TRUE(IsNarrower(MakeFilter({"a.b"}, {"3714"}), MakeFilter({"a"}, {})));
  EXPECT_FALSE(IsNarrower(MakeFilter({}, {}), MakeFilter({"a"}, {})));
  EXPECT_FALSE(IsNarrower(MakeFilter({"a", "c"}, {}), MakeFilter({"a"}, {})));
}

// A consumer with a recorder in place of the wire.
class ConsumerFrames : public ::testing::Test {
 protected:
  ConsumerFrames() : inbox_(false) {
    options_.source = "incident";
    options_.consumer_id = "mediation/main";
    consumer_ = std::make_unique<Consumer>(
        options_, &inbox_, &wire_,
        [this](uint64_t token, absl::Status s) {
          applied_.push_back({token, s});
        },
        3, &notes_);
    consumer_->OnTick(now_ms_);
    nonce_ = wire_.Last().open().nonce();
  }
  void Say(const v1::Frame& frame) { consumer_->OnFrame(Pack(frame), now_ms_); }
  void AnswerOpen(uint64_t session) {
    v1::Frame frame;
    frame.set_session_id(session);
    frame.mutable_opened()->set_version(1);
    frame.mutable_opened()->set_nonce(nonce_);
    frame.mutable_opened()->mutable_resume_after()->set_log_id("L");
    frame.mutable_opened()->set_heartbeat_ms(2'000);
    Say(frame);
    inbox_.Finish();
    for (auto& [token, status] : std::exchange(applied_, {})) consumer_->OnApplied(token, status, now_ms_);
  }
  v1::Frame BatchFrame(uint64_t session, uint64_t no, uint64_t prev, std::vector<uint64_t> seqs,
                       uint64_t through) {
    v1::Frame frame;
    frame.set_session_id(session);
    v1::Batch& batch = *frame.mutable_batch();
    batch.set_batch_no(no);
    batch.set_prev_seq(prev);
    batch.set_scanned_through(through);
    for (const uint64_t seq : seqs) batch.add_event()->set_seq(seq);
    batch.set_sent_events_total(events_ += seqs.size());
    batch.set_sent_bytes_total(events_ * 10);
    return frame;
  }

  tests::MemoryInbox inbox_;
  ConsumerOptions options_;
  Recorder wire_;
  Notes notes_;
  std::vector<std::pair<uint64_t, absl::Status>> applied_;
  std::unique_ptr<Consumer> consumer_;
  int64_t now_ms_ = 5'000;
  uint64_t nonce_ = 0, events_ = 0;
};

TEST_F(ConsumerFrames, OpenedForAnotherOpenIsIgnored) {
  v1::Frame frame;
  frame.set_session_id(1);
  frame.mutable_opened()->set_version(1);
  frame.mutable_opened()->set_nonce(nonce_ + 2);
  Say(frame);
  EXPECT_EQ(consumer_->status().phase, Phase::kOpening);
  EXPECT_EQ(consumer_->status().stale, 1u);
}

// failure 13: frames of a session that is over change nothing.
TEST_F(ConsumerFrames, BatchOfAnOlderSessionIsIgnored) {
  AnswerOpen(8);
  Say(BatchFrame(7, 1, 0, {1}, 1));
  EXPECT_EQ(consumer_->status().stale, 1u);
  EXPECT_FALSE(inbox_.Waits());
}

TEST_F(ConsumerFrames, BatchesThatDoNotFollowEndTheSession) {
  const std::vector<v1::Frame> bad = {
      BatchFrame(8, 2, 0, {1}, 1),     // the first is missing
      BatchFrame(8, 1, 1, {2}, 2),     // another position
      BatchFrame(8, 1, 0, {2, 1}, 2),  // events that do not ascend
      BatchFrame(8, 1, 0, {3}, 2),     // an event beyond the position
      BatchFrame(8, 1, 0, {1}, 0),
  };
  for (const v1::Frame& frame : bad) {
    wire_.frames.clear();
    while (!wire_.Last().has_open())
      consumer_->OnTick(now_ms_ += 10'000);  // what was open before is given up
    nonce_ = wire_.Last().open().nonce();
    AnswerOpen(8);
    ASSERT_EQ(consumer_->status().phase, Phase::kStreaming);
    Say(frame);
    EXPECT_EQ(consumer_->status().phase, Phase::kWaiting) << frame.ShortDebugString();
    EXPECT_TRUE(wire_.Last().has_close());
    EXPECT_FALSE(inbox_.Waits());
  }
  EXPECT_EQ(consumer_->status().gaps, bad.size());
}

TEST_F(ConsumerFrames, ASourceThatFloodsWithEmptyBatchesIsLeft) {
  AnswerOpen(8);
  uint64_t seq = 0;
  for (size_t i = 0; i < limits::kPendingBatches + 10 && consumer_->status().phase == Phase::kStreaming;
       ++i, ++seq) {
    Say(BatchFrame(8, i + 1, seq, {}, seq + 1));
  }
  EXPECT_EQ(consumer_->status().phase, Phase::kWaiting);
}

TEST_F(ConsumerFrames, OneApplyAtATime) {
  AnswerOpen(8);
  Say(BatchFrame(8, 1, 0, {1}, 1));
  Say(BatchFrame(8, 2, 1, {2}, 2));
  EXPECT_EQ(inbox_.applies(), 2u) << "the first position and the first batch; the second waits";
}

}  // namespace
}  // namespace bus
