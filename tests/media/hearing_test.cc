// How media learns that a matter refers to a document: by the notices of the case services.
// spec: A8
#include <gtest/gtest.h>

#include "incident/v1/incident.pb.h"
#include "mediation/v1/mediation.pb.h"
#include "mediation/v1/notices.pb.h"
#include "media/v1/media.pb.h"
#include "services/media/subscriptions.h"
#include "services/reference/mentions.h"

namespace media {
namespace {

const std::string kOne(64, 'a'), kTwo(64, 'b');

std::vector<std::string> Heard(const std::string& source, const kernel::v1::Notice& notice) {
  bus::v1::Event event;
  event.set_topic(notice.topic());
  event.set_data(notice.payload());
  event.set_classification(notice.classification());
  const auto commands = Subscriptions()(source, event);
  EXPECT_TRUE(commands.ok()) << commands.status();
  std::vector<std::string> ids;
  for (const auto& envelope : *commands) {
    const auto& command = static_cast<const v1::Command&>(*envelope.command);
    EXPECT_EQ(command.hear_mention().service(), source);
    EXPECT_TRUE(envelope.upserts);
    ids.push_back(envelope.aggregate_id);
  }
  return ids;
}

incident::v1::Event Progress() {
  incident::v1::Event event;
  event.mutable_progressed()->add_attachment()->set_sha256(kTwo);
  event.mutable_progressed()->add_attachment()->set_sha256(kOne);
  event.mutable_progressed()->add_attachment()->set_sha256(kOne);
  event.mutable_progressed()->set_text(std::string(64, 'c'));
  return event;
}

TEST(Mentions, AreTheDigestsOfAnEventWhereverTheyStand) {
  EXPECT_EQ(reference::MentionedDocuments(Progress()), (std::vector<std::string>{kOne, kTwo}));
  mediation::v1::Event filed;
  filed.mutable_document_filed()->mutable_document()->set_sha256(kOne);
  EXPECT_EQ(reference::MentionedDocuments(filed), std::vector<std::string>{kOne});
  filed.mutable_document_filed()->mutable_document()->set_sha256("no digest");
  EXPECT_TRUE(reference::MentionedDocuments(filed).empty());
}

TEST(Mentions, TravelBesideTheNoticeAndChangeNothingOfIt) {
  mediation::v1::Notice said;
  said.set_dispute_type("D10");
  said.set_party_count(3);
  kernel::v1::Notice notice;
  notice.set_payload(said.SerializeAsString());
  reference::MentionDocuments(Progress(), &notice);
  EXPECT_EQ(Heard("mediation", notice), (std::vector<std::string>{"blob/" + kOne, "blob/" + kTwo}));
  mediation::v1::Notice read;
  ASSERT_TRUE(read.ParseFromString(notice.payload()));
  EXPECT_EQ(read.dispute_type(), "D10");
  EXPECT_EQ(read.party_count(), 3);
}

TEST(Mentions, OfASealedMatterAreNone) {
  kernel::v1::Notice notice;
  notice.set_classification(kernel::v1::SEALED);
  reference::MentionDocuments(Progress(), &notice);
  EXPECT_TRUE(notice.payload().empty());
  EXPECT_TRUE(Heard("petition", notice).empty());
}

TEST(Mentions, ThatAreNoDigestsAndThoseOfTheDirectoryAreNotHeard) {
  kernel::v1::Notice notice;
  notice.set_payload("\xc2\x3e\x05hello");  // field 1000, a text that is no digest
  EXPECT_TRUE(Heard("incident", notice).empty());
  reference::MentionDocuments(Progress(), &notice);
  EXPECT_TRUE(Heard("directory", notice).empty());
}

}  // namespace
}  // namespace media
