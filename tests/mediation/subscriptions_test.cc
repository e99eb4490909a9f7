// What others' notices become here; and that what we tell has one row for each event.
#include "services/mediation/subscriptions.h"

#include "incident/v1/notices.pb.h"
#include "media/v1/notices.pb.h"
#include "oversight/v1/notices.pb.h"
#include "tests/mediation/case_world.h"

namespace mediation {
namespace {

template <class Notice>
bus::v1::Event EventOf(const char* topic, const char* subject, const Notice& notice) {
  bus::v1::Event event;
  event.set_topic(topic);
  event.set_subject(subject);
  event.set_matter_code("37140320261123I000009");
  event.set_division("371403001002");
  event.set_schema(Notice::descriptor()->full_name());
  event.set_data(notice.SerializeAsString());
  return event;
}

v1::Command CommandOf(const kernel::Envelope& envelope) {
  v1::Command command;
  EXPECT_TRUE(command.ParseFromString(envelope.command->SerializeAsString()));
  return command;
}

// spec: M3
TEST(Subscriptions, AReferralBecomesACaseWhoseIdFollowsFromIt) {
  incident::v1::Notice notice;
  notice.mutable_referral()->set_referral_id("i1-4");
  notice.mutable_referral()->set_dispute_type("D02");
  notice.mutable_referral()->set_party_count(3);
  const auto commands = Subscriptions()("incident", EventOf("incident.referred_to_mediation", "i1", notice));
  ASSERT_TRUE(commands.ok()) << commands.status();
  ASSERT_EQ(commands->size(), 1u);
  EXPECT_EQ((*commands)[0].aggregate_id, "rf-i1-4");  // told twice, it is the same case
  const v1::Command command = CommandOf((*commands)[0]);
  EXPECT_EQ(command.take_referral().origin().matter_code(), "37140320261123I000009");
  EXPECT_EQ(command.take_referral().origin().aggregate_id(), "i1");
  EXPECT_EQ(command.take_referral().party_count(), 3);
}

TEST(Subscriptions, OtherNewsOfAnIncidentIsNotOurs) {
  const auto commands = Subscriptions()("incident", EventOf("incident.closed", "i1", incident::v1::Notice()));
  ASSERT_TRUE(commands.ok());
  EXPECT_TRUE(commands->empty());
}

TEST(Subscriptions, ANoticeThatCannotBeReadIsSaidSo) {
  auto event = EventOf("incident.referred_to_mediation", "i1", incident::v1::Notice());
  event.set_schema("something.Else");
  EXPECT_FALSE(Subscriptions()("incident", event).ok());
}

// spec: M25 O7
TEST(Subscriptions, WhatOversightAsksGoesToTheCaseItNames) {
  oversight::v1::Notice notice;
  notice.set_service("mediation");
  notice.set_subject_id("c1");
  notice.set_instruction_id("in1");
  notice.set_to_level(3);
  const auto commands = Subscriptions()("oversight", EventOf("oversight.escalate_requested", "o1", notice));
  ASSERT_TRUE(commands.ok());
  ASSERT_EQ(commands->size(), 1u);
  EXPECT_EQ((*commands)[0].aggregate_id, "c1");
  Case c = AssignedCase();
  c.When(CommandOf((*commands)[0]).ShortDebugString(), Platform(), c.now_ms())
      .AndNotice("mediation.transferred");
  notice.set_service("incident");
  EXPECT_TRUE(Subscriptions()("oversight", EventOf("oversight.escalate_requested", "o1", notice))->empty());
}

// spec: M24 A8
TEST(Subscriptions, HearsOfItsOwnPapersOnly) {
  media::v1::Notice notice;
  notice.set_service("mediation");
  notice.set_sha256(std::string(64, 'a'));
  notice.set_kind(media::v1::PAPER);
  notice.set_matter("mark");
  const auto commands = Subscriptions()("media", EventOf("media.kept", "blob/x", notice));
  ASSERT_TRUE(commands.ok());
  ASSERT_EQ(commands->size(), 1u);
  EXPECT_EQ((*commands)[0].aggregate_id, "doc/" + notice.sha256());
  EXPECT_EQ(CommandOf((*commands)[0]).hear_kept().kind(), media::v1::PAPER);
  EXPECT_EQ(CommandOf((*commands)[0]).hear_kept().matter(), "mark");
  notice.set_service("petition");
  EXPECT_TRUE(Subscriptions()("media", EventOf("media.kept", "blob/x", notice))->empty());
}

// Publish is a table with a row for each event; an event without one stops the process, here instead of there.
TEST(Notices, HaveARowForEveryEvent) {
  const auto* body = v1::Event::descriptor()->FindOneofByName("body");
  v1::State state;
  for (int i = 0; i < body->field_count(); ++i) {
    v1::Event event;
    event.GetReflection()->MutableMessage(&event, body->field(i));
    const auto notice = MediationDomain::Publish("c1", event, state, state);
    if (notice) {
      EXPECT_TRUE(notice->topic().starts_with("mediation.")) << body->field(i)->name();
    }
  }
}

}  // namespace
}  // namespace mediation
