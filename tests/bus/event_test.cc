// What a consumer hears of an entry of the log: exactly what the messages say, however it was encoded.
#include "services/bus/event.h"

#include <gtest/gtest.h>

#include <string>

#include "base/random.h"
#include "bus/v1/stream.pb.h"
#include "kernel/v1/record.pb.h"
#include "media/v1/media.pb.h"
#include "media/v1/notices.pb.h"
#include "services/bus/limits.h"
#include "services/bus/wire.h"
#include "services/kernel/document_mark.h"

namespace bus {
namespace {

constexpr std::string_view kLogId = "sixteen bytes id";

kernel::LogEntry Entry(uint64_t seq, std::string_view record) {
  kernel::LogEntry entry;
  entry.seq = seq;
  entry.record = record;
  return entry;
}

std::string Text(base::Random& random) {
  if (random.Chance(0.2)) return "";
  return random.Chance(0.1) ? std::string(300, 'x') : "东关路" + std::to_string(random.Below(1000));
}

kernel::v1::LogRecord SomeRecord(base::Random& random) {
  kernel::v1::LogRecord record;
  record.set_seq(random.Below(1'000'000));
  record.set_aggregate_id(Text(random));
  record.set_version(random.Below(300));
  record.set_recorded_at_ms(static_cast<int64_t>(random.Below(2'000'000'000'000)));
  record.set_actor_id(Text(random));
  record.set_actor_role(random.Chance(0.5) ? kernel::v1::ROLE_GW : kernel::v1::ROLE_UNSPECIFIED);
  record.set_actor_org(Text(random));
  record.set_event(random.Bytes(random.Below(200)));
  record.set_hash(random.Bytes(32));
  record.add_counter()->set_name("code");
  kernel::v1::Notice* notice = record.mutable_notice();
  notice->set_topic("incident.reported");
  notice->set_matter_code(Text(random));
  notice->set_area_code(Text(random));
  notice->set_level(static_cast<int>(random.Below(6)));
  notice->set_classification(random.Chance(0.2) ? kernel::v1::SEALED : kernel::v1::INTERNAL);
  notice->set_schema("incident.v" + std::to_string(random.Below(3)) + ".Notice");
  notice->set_payload(random.Bytes(random.Below(500)));
  notice->set_correlation_id(Text(random));
  notice->set_anonymous(random.Chance(0.2));
  return record;
}

v1::Event Expected(uint64_t seq, const kernel::v1::LogRecord& record) {
  const kernel::v1::Notice& notice = record.notice();
  v1::Event event;
  event.set_seq(seq);
  event.set_event_id(EventId(kLogId, seq));
  event.set_topic(notice.topic());
  event.set_level(notice.level());
  event.set_classification(notice.classification());
  if (notice.classification() == kernel::v1::SEALED) return event;
  event.set_division(notice.area_code());
  event.set_subject(record.aggregate_id());
  event.set_subject_version(record.version());
  event.set_recorded_at_us(record.recorded_at_ms() * 1000);
  event.set_schema(notice.schema());
  event.set_schema_version(SchemaVersion(notice.schema()));
  event.set_matter_code(notice.matter_code());
  if (!notice.anonymous()) {
    event.set_actor_org(record.actor_org());
    event.set_actor_role(record.actor_role());
  }
  event.set_correlation_id(notice.correlation_id());
  event.set_data(notice.payload());
  return event;
}

TEST(Event, IsTheSameBytesAsItsMessage) {
  base::Random random(20261122);
  std::string bytes;
  bool sealed = false;
  for (int i = 0; i < 2000; ++i) {
    const auto record = SomeRecord(random);
    const std::string stored = record.SerializeAsString();
    ASSERT_TRUE(EncodeEvent(kLogId, Entry(7, stored), &bytes, &sealed).ok());
    const v1::Event expected = Expected(7, record);
    EXPECT_EQ(bytes, expected.SerializeAsString()) << expected.DebugString();
    EXPECT_EQ(sealed, record.notice().classification() == kernel::v1::SEALED);
  }
}

TEST(Event, OfASealedNoticeSaysItsTopicAndLevelOnly) {
  kernel::v1::LogRecord record;
  record.set_aggregate_id("m1");
  record.set_actor_org("371403-centre");
  record.mutable_notice()->set_topic("petition.registered");
  record.mutable_notice()->set_area_code("371403");
  record.mutable_notice()->set_level(4);
  record.mutable_notice()->set_classification(kernel::v1::SEALED);
  record.mutable_notice()->set_payload("who and what");
  std::string bytes;
  bool sealed = false;
  ASSERT_TRUE(EncodeEvent(kLogId, Entry(1, record.SerializeAsString()), &bytes, &sealed).ok());
  v1::Event event;
  ASSERT_TRUE(event.ParseFromString(bytes));
  EXPECT_TRUE(sealed);
  EXPECT_EQ(event.subject() + event.division() + event.actor_org() + event.data(), "");
  EXPECT_EQ(event.level(), 4);
}

// Media gives documents to the readers of a matter whose namer had them; nobody else is told who that was.
// spec: flow-5 R9
TEST(Event, OfWhatNamesDocumentsSaysByMarksWho) {
  const std::string one(64, 'a'), two(64, 'b');
  media::v1::Mentions mentions;
  mentions.add_sha256(one);
  mentions.add_sha256(two);
  kernel::v1::LogRecord record;
  record.set_actor_id("u1");
  record.mutable_notice()->set_topic("petition.registered");
  record.mutable_notice()->set_payload(mentions.SerializeAsString());
  const auto said = [&record](v1::Event* event) {
    std::string bytes;
    bool sealed = false;
    EXPECT_TRUE(EncodeEvent(kLogId, Entry(1, record.SerializeAsString()), &bytes, &sealed).ok());
    media::v1::NamedBy by;
    EXPECT_TRUE(event->ParseFromString(bytes) && by.ParseFromString(event->data()));
    return by;
  };
  v1::Event event;
  media::v1::NamedBy by = said(&event);
  ASSERT_EQ(by.mark_size(), 2);
  EXPECT_EQ(by.mark(0), kernel::DocumentMark(one, "user", "u1"));
  EXPECT_EQ(by.mark(1), kernel::DocumentMark(two, "user", "u1"));
  EXPECT_FALSE(by.by_platform());
  media::v1::Mentions heard;
  ASSERT_TRUE(heard.ParseFromString(event.data()));
  EXPECT_EQ(heard.sha256_size(), 2) << "and what was said stays";
  record.set_actor_id("service:incident");
  by = said(&event);
  EXPECT_TRUE(by.by_platform() && by.mark().empty());
  record.set_actor_id("u1");
  record.mutable_notice()->set_anonymous(true);
  by = said(&event);
  EXPECT_EQ(by.mark_size(), 2) << "of what is anonymous too: a paper would be nobody's otherwise";
  EXPECT_TRUE(event.actor_org().empty());
  record.mutable_notice()->set_anonymous(false);
  record.mutable_notice()->clear_payload();
  said(&event);
  EXPECT_TRUE(event.data().empty());
}

TEST(Event, OfADamagedRecordIsAFault) {
  base::Random random(7);
  const std::string stored = SomeRecord(random).SerializeAsString();
  std::string bytes;
  bool sealed = false;
  for (size_t size = 0; size < stored.size(); ++size) {  // cut anywhere: a fault, or a shorter record that is whole
    const std::string cut = stored.substr(0, size);
    const bool read = EncodeEvent(kLogId, Entry(1, cut), &bytes, &sealed).ok();
    kernel::v1::LogRecord record;
    EXPECT_EQ(read, record.ParseFromString(cut) && record.has_notice()) << size;
  }
  kernel::v1::LogRecord silent;
  silent.set_aggregate_id("m1");
  const std::string said_nothing = silent.SerializeAsString();
  EXPECT_TRUE(absl::IsDataLoss(EncodeEvent(kLogId, Entry(1, said_nothing), &bytes, &sealed)));
  std::string wrong;
  AppendNumberField(kernel::v1::LogRecord::kNoticeFieldNumber, 5, &wrong);
  EXPECT_TRUE(absl::IsDataLoss(EncodeEvent(kLogId, Entry(1, wrong), &bytes, &sealed)));
}

TEST(Event, ThatItsConsumerCouldNotReadIsNotSent) {
  kernel::v1::LogRecord record;
  record.set_aggregate_id("m1");
  record.mutable_notice()->set_topic("incident.reported");
  std::string stored = record.SerializeAsString();
  stored[stored.find("reported")] = '\xff';  // not UTF-8: no serializer of ours writes it, a broken disk may
  std::string bytes;
  bool sealed = false;
  EXPECT_TRUE(absl::IsDataLoss(EncodeEvent(kLogId, Entry(1, stored), &bytes, &sealed)));
}

TEST(Event, OfAnEndlessNumberIsAFault) {
  std::string bytes;
  bool sealed = false;
  const std::string endless = "\x08" + std::string(11, '\xff');
  EXPECT_TRUE(absl::IsDataLoss(EncodeEvent(kLogId, Entry(1, endless), &bytes, &sealed)));
}

}  // namespace
}  // namespace bus
