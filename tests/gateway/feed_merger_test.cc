// Live feeds after villages have merged 合村并居: matters keep the code they were born with, and whoever has the village
// that took over hears of them. What a token says of it: tests/rpc/token_test.cc.
#include "base/ids.h"
#include "directory/v1/notices.pb.h"
#include "mediation/v1/notices.pb.h"
#include "tests/gateway/feed_world.h"

namespace gateway {
namespace {

using kernel::v1::ROLE_GW, kernel::v1::ROLE_MC;

constexpr char kFormer[] = "371402001001";
constexpr char kHome[] = "371402001002";

class FeedOfMergedVillages : public Feed {
 protected:
  // As the directory signs it after the merger.
  std::string Merged(kernel::v1::Role role, const std::string& area, const std::string& org) {
    kernel::v1::Actor actor;
    actor.set_user_id("u-" + area);
    actor.set_session_id("session-" + area);
    auto* grant = actor.add_grant();
    grant->set_role(role);
    grant->set_org_id(org);
    grant->set_area_code(area);
    const int64_t now = clock_.NowMs();
    return signer_->Sign(actor, base::NewUlid(now, random_), now, 600'000, {{kHome, {kFormer}}});
  }
  void PublishMerger() {
    directory::v1::Notice notice;
    auto* area = notice.mutable_area_changed();
    area->set_code(kFormer);
    area->set_valid_to("2026-11-23");
    area->set_successor(kHome);
    bus::v1::Event event;
    event.set_seq(++seq_["directory"]);
    event.set_topic("directory.area");
    event.set_division(kFormer);
    event.set_subject(kFormer);
    event.set_classification(kernel::v1::INTERNAL);
    event.set_data(notice.SerializeAsString());
    Deliver(event, "directory");
  }
};

// spec: flow-12
TEST_F(FeedOfMergedVillages, ShowsAGridWorkerWhatBearsTheFormerCode) {
  RawClient merged(port()), asking(port()), elsewhere(port());
  const std::string token = Merged(ROLE_GW, std::string(kHome) + "001", std::string(kHome) + "-centre");
  Open(&merged, token);
  Open(&asking, token, std::string("?area=") + kHome);
  Open(&elsewhere, Token(ROLE_GW, "371402001003001", "u2"));
  const uint64_t former = Publish({.division = kFormer});
  const uint64_t home = Publish({.division = kHome});
  const uint64_t other = Publish({.division = "371402001003"});
  for (RawClient* client : {&merged, &asking}) {
    EXPECT_EQ(Next(client), absl::StrCat("subject-", former));
    EXPECT_EQ(Next(client), absl::StrCat("subject-", home));
  }
  EXPECT_EQ(Next(&elsewhere), absl::StrCat("subject-", other)) << "another village hears of neither";
}

// spec: flow-12
TEST_F(FeedOfMergedVillages, ShowsACommitteeTheCasesOfTheFormerOne) {
  RawClient committee(port());
  Open(&committee, Merged(ROLE_MC, kHome, std::string(kHome) + "-committee"), std::string("?area=") + kHome);
  const auto publish = [this](const std::string& org) {
    mediation::v1::Notice notice;
    notice.set_committee_org(org);
    notice.set_holder_org(org);
    bus::v1::Event event;
    event.set_seq(++seq_["incident"]);
    event.set_topic("mediation.registered");
    event.set_division(kFormer);
    event.set_subject("subject-" + std::to_string(event.seq()));
    event.set_classification(kernel::v1::SENSITIVE);
    event.set_schema("mediation.v1.Notice");
    event.set_data(notice.SerializeAsString());
    return Deliver(event, "incident");
  };
  publish("371402001-committee");
  const uint64_t own = publish(std::string(kFormer) + "-committee");
  EXPECT_EQ(Next(&committee), absl::StrCat("subject-", own));
}

// spec: flow-12
TEST_F(FeedOfMergedVillages, OfAFormerCodeGoesOnAndComesBackWithWhatItCountsForNow) {
  RawClient former(port()), township(port()), elsewhere(port());
  Open(&former, Token(ROLE_GW, std::string(kFormer) + "001", "u-former"));
  Open(&township, Token(kernel::v1::ROLE_TD, "371402001", "u-town"));
  Open(&elsewhere, Token(ROLE_GW, "371402001003001", "u-other"));
  const uint64_t before = Publish({.division = kFormer});
  EXPECT_EQ(Next(&former), absl::StrCat("subject-", before));
  const std::string id = last_id_;
  PublishMerger();
  EXPECT_NE(former.ReadUntil("0\r\n\r\n").find("retry: "), std::string::npos) << "told when to come back";
  const uint64_t missed = Publish({.division = kFormer});
  const uint64_t under_home = Publish({.division = kHome});
  kernel::v1::Actor actor;  // its grant names the former code still; the directory says what it counts for
  actor.set_user_id("u-former");
  for (const char* area : {kFormer, kHome}) {
    auto* grant = actor.add_grant();
    grant->set_role(ROLE_GW);
    grant->set_area_code(area);
  }
  const int64_t now = clock_.NowMs();
  const std::string token = signer_->Sign(actor, base::NewUlid(now, random_), now, 600'000, {{kHome, {kFormer}}});
  RawClient back(port());
  Open(&back, token, "", id);
  EXPECT_EQ(Next(&back), kFormer) << "the merger itself";
  EXPECT_EQ(Next(&back), absl::StrCat("subject-", missed)) << "nothing was lost meanwhile";
  EXPECT_EQ(Next(&back), absl::StrCat("subject-", under_home));
  const uint64_t other = Publish({.division = "371402001003"});
  EXPECT_EQ(Next(&elsewhere), absl::StrCat("subject-", other)) << "whom it does not concern stays on the line";
  EXPECT_EQ(Next(&township), absl::StrCat("subject-", before));
}

// spec: flow-12
TEST_F(FeedOfMergedVillages, OfABrowserBeginsWithANewToken) {
  const Answer signed_in = Post("/v1/session", R"({"login":"wang","password":"correct horse"})");
  const std::string cookie = signed_in.Header("set-cookie");
  const std::string session = cookie.substr(0, cookie.find(';'));
  const auto open = [&](RawClient* client) {
    client->Send("GET /v1/events:stream HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\nCookie: " + session +
                 "\r\n\r\n");
    EXPECT_EQ(client->Read(true).status, 200);
    client->ReadUntil("id: ");
  };
  RawClient before(port()), after(port());
  open(&before);
  EXPECT_EQ(echo_->refreshes(), 0);
  directory::v1::Notice notice;  // an area of a county went into theirs
  notice.mutable_area_changed()->set_code("371471");
  notice.mutable_area_changed()->set_valid_to("2026-11-23");
  notice.mutable_area_changed()->set_successor("371402");
  bus::v1::Event event;
  event.set_seq(1);
  event.set_topic("directory.area");
  event.set_classification(kernel::v1::INTERNAL);
  event.set_data(notice.SerializeAsString());
  Deliver(event, "directory");
  EXPECT_NE(before.ReadUntil("0\r\n\r\n").find("retry: "), std::string::npos);
  open(&after);
  EXPECT_EQ(echo_->refreshes(), 1);
}

}  // namespace
}  // namespace gateway
