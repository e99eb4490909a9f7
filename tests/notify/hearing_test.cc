// Others' notices as notify hears them: of every service, and of an accusation nothing.
// spec: O1, R9, P11
#include <google/protobuf/text_format.h>

#include <set>

#include "incident/v1/notices.pb.h"
#include "mediation/v1/notices.pb.h"
#include "oversight/v1/notices.pb.h"
#include "petition/v1/notices.pb.h"
#include "petition/v1/petition.pb.h"
#include "services/notify/domain/notify.h"
#include "services/notify/subscriptions.h"
#include "services/petition/domain/petition.h"
#include "tests/notify/notices.h"
#include "tests/support/scenario.h"

namespace notify {
namespace {

bus::v1::Event EventOf(const kernel::v1::Notice& notice) {
  bus::v1::Event event;
  event.set_seq(9);
  event.set_event_id("\x01\xab");
  event.set_topic(notice.topic());
  event.set_matter_code(notice.matter_code());
  event.set_division(notice.area_code());
  event.set_level(notice.level());
  event.set_classification(notice.classification());
  event.set_schema(notice.schema());
  event.set_data(notice.payload());
  event.set_subject("s1");
  return event;
}

template <class Payload>
bus::v1::Event EventOf(const char* topic, const char* payload) {
  Payload parsed;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(payload, &parsed)) << payload;
  kernel::v1::Notice notice;
  notice.set_topic(topic);
  notice.set_matter_code("M1");
  notice.set_area_code("371403001002");
  notice.set_level(3);
  notice.set_schema(Payload::descriptor()->full_name());
  notice.set_payload(parsed.SerializeAsString());
  return EventOf(notice);
}

std::vector<v1::Heard> Heard(const char* source, const bus::v1::Event& event) {
  const auto commands = Subscriptions()(source, event);
  EXPECT_TRUE(commands.ok()) << commands.status();
  std::vector<v1::Heard> heard;
  for (const auto& envelope : *commands) {
    EXPECT_TRUE(envelope.upserts);
    heard.push_back(static_cast<const v1::Command&>(*envelope.command).hear_notice().heard());
    EXPECT_EQ(envelope.aggregate_id, SubjectOf(heard.back()));
  }
  return heard;
}

std::set<std::string> Units(const v1::Heard& heard) {
  std::set<std::string> units;
  for (const auto& unit : heard.unit()) units.insert(unit.field() + "=" + unit.org_id());
  return units;
}

TEST(Notice, OfAnIncidentSaysWhoHasItWhatItIsAndWhenItIsDue) {
  const auto heard = Heard("incident", EventOf<incident::v1::Notice>(
      "incident.dispatched", "category: '0102' urgency: CRITICAL holder_org: 'h' territorial_org: 't' "
      "clock { policy_id: 'DI-05' due_at_ms: 90 } clock { policy_id: 'DI-03' due_at_ms: 50 } "
      "clock { policy_id: 'DI-02' due_at_ms: 10 stopped_at_ms: 9 }"));
  ASSERT_EQ(heard.size(), 1u);
  EXPECT_EQ(Units(heard[0]), (std::set<std::string>{"holder_org=h", "territorial_org=t"}));
  EXPECT_EQ(heard[0].category(), "0102");
  EXPECT_TRUE(heard[0].pressing());
  EXPECT_EQ(heard[0].policy_id(), "DI-03");
  EXPECT_EQ(heard[0].due_at_ms(), 50);
  EXPECT_EQ(heard[0].event_id(), "01ab");
}

TEST(Notice, OfOversightIsAboutTheMatterAndNotAboutOversight) {
  const auto heard = Heard("oversight", EventOf<oversight::v1::Notice>(
      "oversight.instructed", "service: 'petition' subject_id: 'p1' to_org: 'a' addressee: ['a', 'b'] issuer_org: 'g' "
      "due_at_ms: 70 light: YELLOW"));
  ASSERT_EQ(heard.size(), 1u);
  EXPECT_EQ(heard[0].service(), "petition");
  EXPECT_EQ(heard[0].subject_id(), "p1");
  EXPECT_EQ(Units(heard[0]), (std::set<std::string>{"addressee=a", "addressee=b", "issuer_org=g", "to_org=a"}));
  EXPECT_EQ(heard[0].light(), common::v1::YELLOW);
}

// What oversight asks of a unit itself is told apart from the periods of the matters it has.
// spec: O1
TEST(Notice, SaysWhetherOversightItselfAsksForIt) {
  const auto demanded = [](const char* more) {
    return Heard("oversight", EventOf<oversight::v1::Notice>("oversight.reminded", more)).at(0).demanded();
  };
  for (const char* asked : {"order_id: 'or-1'", "instruction_id: 'in-1'", "suggestion_id: 's1'", "task_id: 't1'"}) {
    EXPECT_TRUE(demanded(asked)) << asked;
  }
  EXPECT_FALSE(demanded("service: 'incident' subject_id: 'i1' policy_id: 'DI-05' to_org: 'h'"));
}

// spec: R12
TEST(Notice, OfOversightSaysThatTheMatterIsCritical) {
  const auto pressing = [](const char* more) {
    return Heard("oversight", EventOf<oversight::v1::Notice>("oversight.reminded", more)).at(0).pressing();
  };
  EXPECT_TRUE(pressing("service: 'incident' subject_id: 'i1' policy_id: 'DI-02' to_org: 'h' urgency: CRITICAL"));
  EXPECT_FALSE(pressing("service: 'incident' subject_id: 'i1' policy_id: 'DI-02' to_org: 'h' urgency: URGENT"));
}

TEST(Notice, OfMediationAndPetitionAreReadByTheSameNames) {
  EXPECT_EQ(Heard("mediation", EventOf<mediation::v1::Notice>("mediation.registered",
                                                              "committee_org: 'k' dispute_type: 'D02' risk: HIGH"))
                .at(0).category(), "D02");
  EXPECT_EQ(Heard("petition", EventOf<petition::v1::Notice>("petition.forwarded", "holder_org: 'h' content: 'Q05'"))
                .at(0).category(), "Q05");
}

TEST(Notice, ThatNamesWhomAPetitionIsAboutIsHeardWithoutIt) {
  const auto heard = Heard("incident", EventOf<incident::v1::Notice>(
      "incident.referred_to_petition", "holder_org: 'h' referral { against_org: 'accused' }"));
  ASSERT_EQ(heard.size(), 1u);
  EXPECT_EQ(heard[0].ShortDebugString().find("accused"), std::string::npos);
}

TEST(Notice, OfAnUnknownFormWaitsForABuildThatKnowsIt) {
  auto event = EventOf<incident::v1::Notice>("incident.dispatched", "");
  event.set_schema("incident.v9.Notice");
  EXPECT_EQ(Subscriptions()("incident", event).status().code(), absl::StatusCode::kUnimplemented);
}

TEST(Directory, IsHeardByTheProcessAndNotHere) {
  EXPECT_TRUE(Heard("directory", bus::v1::Event()).empty());
}

// What the petition service really says when a petition turns out to be an accusation, and while it is one.
TEST(Accusation, MakesNothing) {
  petition::v1::State before, after;
  before.set_type(petition::v1::ACCUSATION);
  before.set_status(petition::v1::SEALED);
  before.set_matter_code("M1");
  before.set_area_code("371403001002");
  before.set_office_level(4);
  before.set_office_org("c-petition");
  after = before;
  petition::v1::Event sealed_away;
  sealed_away.mutable_sealed_away();
  petition::PetitionDomain::Apply(sealed_away, 1, &after);
  const auto notice = petition::PetitionDomain::Publish("p1", sealed_away, before, after);
  ASSERT_TRUE(notice.has_value());
  ASSERT_EQ(notice->topic(), "petition.sealed");
  EXPECT_TRUE(Heard("petition", EventOf(*notice)).empty());

  // Whatever a row might say of it one day.
  auto policy = CityPolicy();
  policy.mutable_rule(0)->set_topic("petition.sealed");
  ASSERT_TRUE(Rules::From(policy).ok());
  EXPECT_TRUE(Heard("petition", EventOf(*notice)).empty());
}

// A warning about a place is no matter's: it stands for itself. Those of older builds carried their own id as a code;
// they are read as they were.
// spec: O10
TEST(Warning, AboutAPlaceStandsForItself) {
  auto event = EventOf<oversight::v1::Notice>("oversight.warning_raised",
                                              "warning_id: 'wa-W1-x-1' rule: 'W1' to_level: 3 to_org: 'centre'");
  event.set_subject("wa-W1-x-1");
  event.clear_matter_code();
  const auto heard = Heard("oversight", event);
  ASSERT_EQ(heard.size(), 1u);
  EXPECT_TRUE(heard[0].matter_code().empty());
  EXPECT_EQ(SubjectOf(heard[0]), "subject/oversight/wa-W1-x-1");
  EXPECT_EQ(heard[0].subject_id(), "wa-W1-x-1");
  EXPECT_EQ(Units(heard[0]), (std::set<std::string>{"to_org=centre"}));
  event.set_matter_code("wa-W1-x-1");
  EXPECT_EQ(SubjectOf(Heard("oversight", event)[0]), "matter/wa-W1-x-1");
}

// The unit it was forwarded to may be the accused: what stood in boxes about it goes when it leaves the lists.
TEST(Petition, ThatLeavesTheListsLeavesTheBoxes) {
  for (const bool handed_over : {false, true}) {
    petition::v1::State before, after;
    before.set_type(petition::v1::REQUEST);
    before.set_status(petition::v1::FORWARDED);
    before.set_matter_code("M1");
    before.set_office_level(4);
    if (handed_over) before.mutable_origin()->set_service("incident");
    after = before;
    petition::v1::Event retyped;
    retyped.mutable_retyped()->set_to(petition::v1::ACCUSATION);
    petition::PetitionDomain::Apply(retyped, 1, &after);
    const auto notice = petition::PetitionDomain::Publish("p1", retyped, before, after);
    ASSERT_TRUE(notice.has_value());
    const auto heard = Heard("petition", EventOf(*notice));
    ASSERT_EQ(heard.size(), 1u);

    const auto platform = tests::ActorOf(kernel::v1::ROLE_SYS);
    tests::Scenario<NotifyDomain> told(CityRules(), "matter/M1");
    told.When(
        "hear_notice { heard { source: 'petition' service: 'petition' topic: 'petition.forwarded' seq: 5 level: 4 "
        "subject_id: 's1' matter_code: 'M1' unit { field: 'holder_org' org_id: 'accused' } } }",
        platform, 1'800'000'000'000);
    told.AndState("matter { told: 1 item: '1800000000000.petition.5.0' }");
    told.When("hear_notice { heard { " + heard[0].ShortDebugString() + " } }", platform, 1'800'000'001'000)
        .Then({tests::On{"subject/petition/s1", "matter_removed {}"},
               tests::On{"1800000000000.petition.5.0", "item_withdrawn {}"}});
    EXPECT_TRUE(told.StateOf("subject/petition/s1").matter().removed());
    EXPECT_TRUE(NotifyDomain::Indexes("x", told.StateOf("1800000000000.petition.5.0")).empty());
  }
}

}  // namespace
}  // namespace notify
