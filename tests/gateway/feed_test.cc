// The live feed: who sees what, nothing twice and nothing lost over a broken connection, and a plain word
// when that cannot be promised.
#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include <string>

#include "directory/v1/notices.pb.h"
#include "incident/v1/notices.pb.h"
#include "kernel/v1/record.pb.h"
#include "oversight/v1/notices.pb.h"
#include "tests/gateway/feed_world.h"

namespace gateway {
namespace {

using kernel::v1::ROLE_GW;
using kernel::v1::ROLE_MD;
using kernel::v1::ROLE_PUB;
using kernel::v1::ROLE_TD;

TEST_F(Feed, ShowsWhatHappensInOnesOwnArea) {
  RawClient client(port());
  Open(&client, Token(ROLE_TD, "371402"));
  Publish({.division = "371403001001"});
  const uint64_t mine = Publish({});
  EXPECT_EQ(Next(&client), absl::StrCat("subject-", mine)) << "not that of another county";
}

// A department's handler could watch every matter of the county; the lists had shown only those of the own unit.
TEST_F(Feed, OfAUnitShowsWhatTheUnitHasAndNotTheWholeArea) {
  RawClient handler(port());
  RawClient worker(port());
  Open(&handler, Token(kernel::v1::ROLE_DH, "371402", "u1", 600'000, "371402-hrss"));
  Open(&worker, Token(ROLE_GW, "371402001001001", "u2"));
  const uint64_t strange = Publish({});
  const uint64_t case_of_others = Publish({.topic = "mediation.registered"});
  const uint64_t own = Publish({.org = "371402-hrss"});
  EXPECT_EQ(Next(&handler), absl::StrCat("subject-", own));
  EXPECT_EQ(Next(&worker), absl::StrCat("subject-", strange));
  EXPECT_EQ(Next(&worker), absl::StrCat("subject-", own)) << "not the mediation case " << case_of_others;
}

// The unit stands in the notice only, and notices become JSON when somebody reads them: once nobody of the unit did.
TEST_F(Feed, OfAUnitShowsWhatOthersDoToItsMatters) {
  RawClient handler(port());
  Open(&handler, Token(kernel::v1::ROLE_DH, "371402", "u1", 600'000, "371402-hrss"));
  const auto publish = [this](const incident::v1::Notice& notice) {
    bus::v1::Event event;
    event.set_seq(++seq_["incident"]);
    event.set_topic("incident.dispatched");
    event.set_division("371402001001");
    event.set_subject("subject-" + std::to_string(event.seq()));
    event.set_classification(kernel::v1::INTERNAL);
    event.set_schema("incident.v1.Notice");
    event.set_data(notice.SerializeAsString());
    return Deliver(event, "incident");
  };
  incident::v1::Notice strange, own;
  strange.set_holder_org("371402-hrss-of-another");
  own.set_holder_org("371402-hrss");
  publish(strange);
  const uint64_t seen = publish(own);
  EXPECT_EQ(Next(&handler), absl::StrCat("subject-", seen));
}

// An instruction to several units named only the first where the feed looked.
TEST_F(Feed, OfAUnitShowsEveryInstructionThatAddressesItAndNoneThatItGave) {
  RawClient handler(port());
  Open(&handler, Token(kernel::v1::ROLE_DH, "371402", "u1", 600'000, "371402-hrss"));
  const auto publish = [this](const oversight::v1::Notice& notice,
                              const char* topic = "oversight.instruction_distributed") {
    bus::v1::Event event;
    event.set_seq(++seq_["incident"]);
    event.set_topic(topic);
    event.set_division("371402001001");
    event.set_subject("subject-" + std::to_string(event.seq()));
    event.set_classification(kernel::v1::INTERNAL);
    event.set_schema("oversight.v1.Notice");
    event.set_data(notice.SerializeAsString());
    return Deliver(event, "incident");
  };
  oversight::v1::Notice given, heard;
  given.set_issuer_org("371402-hrss");
  given.set_reason_code("\"holderOrg\":\"371402-hrss\"");
  heard.set_to_org("371402-housing");
  heard.add_addressee("371402-housing");
  heard.add_addressee("371402-hrss");
  publish(given);
  // Asked of the service of the matter: no unit has it yet, nor may open it.
  publish(heard, "oversight.instructed");
  publish(heard, "oversight.assigned");
  const uint64_t seen = publish(heard);
  EXPECT_EQ(Next(&handler), absl::StrCat("subject-", seen));
}

// Dispatchers heard of every petition of their area, and leaders of a township of those that lie with the county.
TEST_F(Feed, OfPetitionsIsForTheirUnitAndTheLineOfTheirOffice) {
  using namespace kernel::v1;  // NOLINT: roles by their names alone
  RawClient dispatcher(port());
  RawClient township(port());
  RawClient county(port());
  RawClient handler(port());
  RawClient analyst(port());
  Open(&dispatcher, Token(ROLE_TD, "371402", "u1"));
  Open(&township, Token(ROLE_TL, "371402001", "u2"));
  Open(&county, Token(ROLE_CL, "371402", "u3"));
  Open(&handler, Token(ROLE_PH, "371402", "u4", 600'000, "371402-hrss"));
  Open(&analyst, Token(ROLE_AN, "371402", "u5", 600'000, "371402-hrss"));
  const uint64_t strange = Publish({.topic = "petition.registered", .classification = SENSITIVE, .level = 4});
  const uint64_t own =
      Publish({.topic = "petition.accepted", .classification = SENSITIVE, .org = "371402-hrss", .level = 4});
  const uint64_t of_township = Publish({.topic = "petition.registered", .classification = SENSITIVE, .level = 3});
  const uint64_t matter = Publish({.org = "371402-hrss"});
  EXPECT_EQ(Next(&dispatcher), absl::StrCat("subject-", matter));
  EXPECT_EQ(Next(&township), absl::StrCat("subject-", of_township));
  EXPECT_EQ(Next(&county), absl::StrCat("subject-", strange));
  EXPECT_EQ(Next(&county), absl::StrCat("subject-", own));
  EXPECT_EQ(Next(&county), absl::StrCat("subject-", of_township));
  EXPECT_EQ(Next(&handler), absl::StrCat("subject-", own));
  EXPECT_EQ(Next(&handler), absl::StrCat("subject-", matter));
  const uint64_t open = Publish({.classification = PUBLIC});
  EXPECT_EQ(Next(&analyst), absl::StrCat("subject-", open)) << "who may open no matter hears of none";
}

// Whoever was away when it was sealed came back and was told its whole course, by its code.
// spec: flow-5 P11
TEST_F(Feed, SaysNothingAgainOfAPetitionThatLeftTheLists) {
  const std::string unit = Token(kernel::v1::ROLE_PH, "371402", "u4", 600'000, "371402-hrss");
  const std::string office = Token(kernel::v1::ROLE_CL, "371402", "u3");
  std::string from, from_office;
  {
    RawClient client(port());
    from = Open(&client, unit);
    RawClient line(port());
    from_office = Open(&line, office);
  }
  const auto say = [&](const char* topic, const char* subject, const char* source = "petition", uint64_t seq = 0) {
    bus::v1::Event event;
    event.set_seq(seq);
    event.set_topic(topic);
    event.set_subject(subject);
    event.set_division("371402001001");
    event.set_level(4);
    event.set_actor_org("371402-hrss");
    event.set_classification(kernel::v1::SENSITIVE);
    Deliver(event, source);
  };
  say("petition.forwarded", "01PETITION", "petition", 1);
  say("petition.accepted", "01OTHER", "petition", 2);
  bus::v1::Event removed;
  removed.set_seq(3);
  removed.set_topic("petition.removed");
  removed.set_subject("01PETITION");
  removed.set_division("371402001001");
  removed.set_level(4);
  removed.set_classification(kernel::v1::SENSITIVE);
  Deliver(removed, "petition");
  oversight::v1::Notice late;
  late.set_service("petition");
  late.set_subject_id("01PETITION");
  bus::v1::Event reminded;
  reminded.set_seq(1);
  reminded.set_topic("oversight.reminded");
  reminded.set_subject("37140220261123P000001");
  reminded.set_division("371402001001");
  reminded.set_actor_org("371402-hrss");
  reminded.set_classification(kernel::v1::INTERNAL);
  reminded.set_data(late.SerializeAsString());
  Deliver(reminded, "oversight");
  say("petition.registered", "01LAST", "petition", 4);
  RawClient again(port());
  Open(&again, unit, "", from);
  EXPECT_EQ(Next(&again), "01OTHER");
  EXPECT_EQ(Next(&again), "01LAST");
  RawClient line(port());
  Open(&line, office, "", from_office);
  EXPECT_EQ(Next(&line), "01OTHER");
  EXPECT_EQ(Next(&line), "01PETITION") << "that it left";
  EXPECT_EQ(Next(&line), "01LAST");
}

// A township heard of a reminder, and so of a petition, that its county has.
TEST_F(Feed, OfOversightIsForTheLevelThatHasTheMatterAndAbove) {
  RawClient county(port());
  RawClient township(port());
  Open(&county, Token(kernel::v1::ROLE_CD, "371402", "u1"));
  Open(&township, Token(ROLE_TD, "371402001", "u2"));
  const uint64_t of_county = Publish({.topic = "oversight.reminded", .level = 4});
  const uint64_t of_village = Publish({.topic = "oversight.reminded", .level = 2});
  EXPECT_EQ(Next(&county), absl::StrCat("subject-", of_county));
  EXPECT_EQ(Next(&township), absl::StrCat("subject-", of_village));
}

TEST_F(Feed, NeverShowsSealedNoticesAndSensitiveOnesOnlyToThoseWithTheRight) {
  RawClient dispatcher(port());
  RawClient mediator(port());
  RawClient actor(port());
  Open(&dispatcher, Token(ROLE_TD, "371402", "u1"));
  Open(&mediator, Token(ROLE_MD, "371402", "u2"));
  Open(&actor, Token(ROLE_MD, "371402", "u3", 600'000, "org-acting"));
  Publish({.classification = kernel::v1::SEALED});
  const uint64_t sensitive = Publish({.classification = kernel::v1::SENSITIVE, .org = "org-acting"});
  const uint64_t unnamed = Publish({.classification = kernel::v1::CLASSIFICATION_UNSPECIFIED});
  const uint64_t open = Publish({.classification = kernel::v1::PUBLIC});
  EXPECT_EQ(Next(&dispatcher), absl::StrCat("subject-", sensitive));
  EXPECT_EQ(Next(&dispatcher), absl::StrCat("subject-", unnamed));
  EXPECT_EQ(Next(&dispatcher), absl::StrCat("subject-", open));
  EXPECT_EQ(Next(&mediator), absl::StrCat("subject-", open));
  EXPECT_EQ(Next(&actor), absl::StrCat("subject-", sensitive));
  EXPECT_EQ(Next(&actor), absl::StrCat("subject-", open));
}

TEST_F(Feed, GoesOnWhereItBroke) {
  std::string token = Token(ROLE_TD, "371402");
  {
    RawClient client(port());
    Open(&client, token);
    Publish({});
    EXPECT_EQ(Next(&client), "subject-1");
  }
  Publish({});
  Publish({.topic = "directory.area"}, "directory");
  Publish({});
  RawClient again(port());
  Open(&again, token, "", last_id_);
  EXPECT_EQ(Next(&again), "subject-2");
  EXPECT_EQ(Next(&again), "subject-1") << "of the other service";
  EXPECT_EQ(Next(&again), "subject-3");
  Publish({});
  EXPECT_EQ(Next(&again), "subject-4") << "nothing twice";
}

TEST_F(Feed, CanStartFromTheIdOfItsGreeting) {
  Publish({});
  const std::string token = Token(ROLE_TD, "371402");
  std::string id;
  {
    RawClient client(port());
    id = Open(&client, token);
  }
  Publish({});
  RawClient again(port());
  Open(&again, token, "?lastEventId=" + id);
  EXPECT_EQ(Next(&again), "subject-2") << "and not what was before";
}

TEST_F(Feed, SaysResetWhenItCannotGoOn) {
  const std::string token = Token(ROLE_TD, "371402");
  {
    RawClient client(port());
    Open(&client, token);
    Publish({});
    Next(&client);
  }
  RawClient forged(port());
  Open(&forged, token, "", "Zm9yZ2Vk", true);
  RawClient other_filter(port());
  Open(&other_filter, token, "?topic=incident", last_id_, true);
  RawClient other_person(port());
  Open(&other_person, Token(ROLE_TD, "371402", "u2"), "", last_id_, true);
  seq_["incident"] = 0;
  Publish({}, "incident", "log-of-a-restored-database");
  RawClient other_history(port());
  Open(&other_history, token, "", last_id_, true);
  Publish({}, "incident", "log-of-a-restored-database");
  EXPECT_EQ(Next(&other_history), "subject-2") << "and then goes on live";
}

TEST_F(Feed, FiltersByAreaAndTopic) {
  RawClient client(port());
  Open(&client, Token(ROLE_TD, "3714"), "?area=371402&topic=incident.closed,mediation");
  Publish({.topic = "incident.reported"});
  Publish({.topic = "mediationx.opened"});
  Publish({.division = "371403001001", .topic = "incident.closed"});
  const uint64_t wanted = Publish({.topic = "mediation.opened"});
  EXPECT_EQ(Next(&client), absl::StrCat("subject-", wanted));
}

TEST_F(Feed, RefusesStrangersOtherAreasAndNonsense) {
  StartGateway();
  EXPECT_EQ(Get("/v1/events:stream").status, 401);
  const auto td = As(ROLE_TD);
  EXPECT_EQ(Get("/v1/events:stream?area=371403", td).status, 403);
  EXPECT_EQ(Get("/v1/events:stream?area=37", td).status, 403) << "more than one's own";
  EXPECT_EQ(Get("/v1/events:stream?area=abc", td).status, 400);
  EXPECT_EQ(Get("/v1/events:stream?topic=A%20B", td).status, 400);
  EXPECT_EQ(Get("/v1/events:stream?colour=red", td).status, 400);
  EXPECT_EQ(Get("/v1/events:stream?area=371402", As(ROLE_PUB)).status, 403)
      << "residents have no feed of their area";
  EXPECT_EQ(Post("/v1/events:stream", "", td).status, 405);
}

TEST_F(Feed, AllowsFiveOfAPersonAndForgetsThoseThatHungUp) {
  const std::string token = Token(ROLE_TD, "371402");
  std::vector<std::unique_ptr<RawClient>> open;
  for (int i = 0; i < 5; ++i) {
    open.push_back(std::make_unique<RawClient>(port()));
    Open(open.back().get(), token);
  }
  const std::map<std::string, std::string> headers{{"Authorization", "Bearer " + token}};
  EXPECT_EQ(Get("/v1/events:stream", headers).status, 429);
  open[0]->Close();
  const int64_t until = clock_.NowMs() + 10'000;
  size_t left = 5;
  while (left == 5 && clock_.NowMs() < until) OnIo([&]() { left = gateway_->feed().open(); });
  EXPECT_EQ(left, 4u) << "noticed without waiting for a heartbeat";
  RawClient sixth(port());
  Open(&sixth, token);
}

TEST_F(Feed, EndsWithTheToken) {
  RawClient client(port());
  // The verifier forgives a minute; the feed does not.
  Open(&client, Token(ROLE_TD, "371402", "u1", 1'500));
  const std::string rest = client.ReadUntil("0\r\n\r\n");
  EXPECT_NE(rest.find("retry: "), std::string::npos) << "tells when to come back";
  EXPECT_TRUE(client.Closed());
}

TEST_F(Feed, EndsWhenTheDirectoryRevokesTheSession) {
  RawClient client(port());
  Open(&client, Token(ROLE_TD, "371402"));
  directory::v1::Notice notice;
  notice.mutable_session_revoked()->set_session_id("session-u1");
  notice.mutable_session_revoked()->set_ended(true);
  bus::v1::Event event;
  event.set_seq(1);
  event.set_topic("directory.session_revoked");
  event.set_classification(kernel::v1::INTERNAL);
  event.set_data(notice.SerializeAsString());
  Deliver(event, "directory");
  EXPECT_NE(client.ReadUntil("0\r\n\r\n").find("retry: "), std::string::npos);
  OnIo([]() {});
  EXPECT_EQ(Get("/v1/notes", As(ROLE_TD)).status, 401) << "and its tokens are no good any more";
}

// A browser kept the token of before, which the services refuse, until it ran out: nothing worked for minutes.
TEST_F(Feed, OfNewRightsGetsTheBrowserANewToken) {
  const Answer signed_in = Post("/v1/session", R"({"login":"wang","password":"correct horse"})");
  const std::string cookie = signed_in.Header("set-cookie");
  const std::map<std::string, std::string> session{{"Cookie", cookie.substr(0, cookie.find(';'))}};
  EXPECT_EQ(Get("/v1/notes", session).status, 200);
  EXPECT_EQ(echo_->refreshes(), 0);
  directory::v1::Notice notice;
  notice.mutable_session_revoked()->set_session_id("s-wang");
  bus::v1::Event event;
  event.set_seq(1);
  event.set_topic("directory.session_revoked");
  event.set_classification(kernel::v1::INTERNAL);
  event.set_data(notice.SerializeAsString());
  Deliver(event, "directory");
  EXPECT_EQ(Get("/v1/notes", session).status, 200);
  EXPECT_EQ(echo_->refreshes(), 1);
}

TEST_F(Feed, SaysGoodbyeWhenTheGatewayStops) {
  RawClient client(port());
  Open(&client, Token(ROLE_TD, "371402"));
  OnIo([this]() { gateway_->BeginDrain(); });
  EXPECT_NE(client.ReadUntil("0\r\n\r\n").find("retry: "), std::string::npos);
  EXPECT_TRUE(client.Closed());
}

TEST(FeedRing, ForgetsTheOldestAndRemembersThatItDid) {
  FeedRing ring({"a", "b"}, 3, 1'000'000);
  for (uint64_t seq = 1; seq <= 5; ++seq) {
    FeedEvent event;
    event.source = seq % 2 == 0 ? 1 : 0;
    event.seq = seq;
    ring.Append(event.source, "history0", seq - 1, {event}, seq);
  }
  EXPECT_EQ(ring.first(), 2u);
  EXPECT_EQ(ring.end(), 5u);
  EXPECT_EQ(ring.sources()[0].lost_through, 1u);
  EXPECT_EQ(ring.sources()[1].lost_through, 2u);
  EXPECT_EQ(ring.At(2).seq, 3u);
  FeedRing small({"a"}, 100, 700);
  FeedEvent large;
  large.json = std::string(400, 'x');
  large.seq = 1;
  small.Append(0, "history0", 0, {large}, 1);
  large.seq = 2;
  small.Append(0, "history0", 1, {large}, 2);
  EXPECT_EQ(small.end() - small.first(), 1u) << "bounded in bytes, too";
}

TEST(FeedRing, MakesJsonOnceAndOnlyForWhoReadsIt) {
  FeedRing ring({"a"}, 10, 1'000'000);
  int made = 0;
  ring.set_render([&](const FeedSource& source, const std::string& wire) {
    ++made;
    return source.name + "/" + wire;
  });
  FeedEvent event;
  event.seq = 1;
  event.wire = "as it came";
  ring.Append(0, "history0", 0, {event}, 1);
  EXPECT_EQ(made, 0);
  EXPECT_EQ(ring.JsonAt(0), "a/as it came");
  EXPECT_EQ(ring.JsonAt(0), "a/as it came");
  EXPECT_EQ(made, 1);
}

TEST(FeedCursor, OpensForItsOwnerAndFilterOnly) {
  const FeedCursorSeal seal(std::string(32, 'k'));
  const std::vector<FeedPosition> positions{{"12345678", 7}, {"", 0}};
  const std::string id = seal.Seal("u1", "filter00", positions);
  EXPECT_EQ(seal.Open(id, "u1", "filter00"), positions);
  EXPECT_FALSE(seal.Open(id, "u2", "filter00").has_value());
  EXPECT_FALSE(seal.Open(id, "u1", "filter01").has_value());
  EXPECT_FALSE(seal.Open(id + "A", "u1", "filter00").has_value());
  EXPECT_FALSE(seal.Open("", "u1", "filter00").has_value());
  EXPECT_FALSE(FeedCursorSeal(std::string(32, 'x')).Open(id, "u1", "filter00").has_value());
}

TEST(CloudEvent, CarriesThePayloadItKnows) {
  auto catalog = Catalog::FromFiles({});
  ASSERT_TRUE(catalog.ok());
  directory::v1::Notice notice;
  notice.mutable_session_revoked()->set_session_id("s");
  bus::v1::Event event;
  event.set_seq(5);
  event.set_event_id("\x01\x02");
  event.set_topic("directory.session_revoked");
  event.set_schema("directory.v1.Notice");
  event.set_schema_version(1);
  event.set_data(notice.SerializeAsString());
  event.set_recorded_at_us(1'791'417'600'123'000);
  const auto json = nlohmann::json::parse(CloudEventJson(**catalog, "directory", event));
  EXPECT_EQ(json["specversion"], "1.0");
  EXPECT_EQ(json["id"], "0102");
  EXPECT_EQ(json["source"], "/services/directory");
  EXPECT_EQ(json["type"], "fengqiao.directory.session_revoked.v1");
  EXPECT_EQ(json["time"], "2026-10-08T00:00:00.123Z");
  EXPECT_EQ(json["data"]["sessionRevoked"]["sessionId"], "s");
  event.set_schema("nobody.v1.Knows");
  EXPECT_FALSE(nlohmann::json::parse(CloudEventJson(**catalog, "directory", event)).contains("data"));
}

// Whoever follows a matter may be of the unit that a petition made of it is about: the feed names none.
// spec: flow-5 信访工作条例30
TEST(CloudEvent, DoesNotSayWhomAPetitionIsAbout) {
  auto catalog = Catalog::FromFiles({});
  ASSERT_TRUE(catalog.ok());
  incident::v1::Notice notice;
  notice.set_lead_org("c-hrss");
  notice.mutable_referral()->set_referral_id("r1");
  notice.mutable_referral()->set_against_org("c-hrss");
  notice.mutable_referral()->add_handed_document(std::string(64, 'a'));
  bus::v1::Event event;
  event.set_topic("incident.referred_to_petition");
  event.set_schema("incident.v1.Notice");
  event.set_data(notice.SerializeAsString());
  const auto json = nlohmann::json::parse(CloudEventJson(**catalog, "incident", event));
  EXPECT_EQ(json["data"]["referral"]["referralId"], "r1");
  EXPECT_EQ(json["data"]["leadOrg"], "c-hrss");
  EXPECT_EQ(json.dump().find("against"), std::string::npos);
  EXPECT_EQ(json.dump().find("handed"), std::string::npos) << "nor which papers go along";
}

}  // namespace
}  // namespace gateway
