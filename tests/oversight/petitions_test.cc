// Petitions among the matters oversight follows: lights, lists, and who may not see them.
#include "services/oversight/domain/keys.h"
#include "services/oversight/domain/rules.h"
#include "services/oversight/domain/standing.h"
#include "services/oversight/subscriptions.h"
#include "tests/oversight/matter_world.h"

namespace oversight {
namespace {

Desk Petition(const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
  return Desk(tests::Learned(), kPetitionCode, file, line);
}
Actor PetitionOffice() { return ActorOf(kernel::v1::ROLE_SV, "c-petition", "371403", "sv1"); }

// spec: DO-01 O1
TEST(Petition, HasLightsForEveryDutyAndNoneForARight) {
  Desk d = Petition();
  d.When(HeardPetition(1, kHandled + PetitionClock() + PetitionClock("DP-04") + PetitionClock("DP-07")), Platform(),
         kMonday);
  ASSERT_EQ(d.state().matter().part(0).light_size(), 1);
  EXPECT_EQ(d.state().matter().part(0).light(0).policy_id(), "DP-05");
  d.AndNotice("oversight.reminded");  // the last fifth of sixty days has begun
  d.WhenTimerFires("light/petition/p1/DP-05");
  EXPECT_EQ(WorstColour(d.state().matter()), common::v1::RED);
  d.AndIndex("light_holder", LightKey("c-hrss", common::v1::RED, EndOf("2026-11-30")))
      .AndIndex("light_area", LightKey("371403", common::v1::RED, EndOf("2026-11-30")))
      .AndTally("review/371403/group/1", 1);
}

// What a unit still owes after the end was told to every level, and of a township's unit to the township's centre.
// spec: O1 P19
TEST(Petition, RemindsNobodyBelowItsOffice) {
  for (const std::string& now : {std::string("level: 4 status: CLOSED "), std::string("level: 4 status: WITHDRAWN "),
                                 std::string("level: 3 status: DELIVERED ")}) {
    Desk d = Petition();
    d.When(HeardPetition(1, now + "holder_org: 'c-hrss' content: 'Q05' " + PetitionClock("DP-18")), Platform(), kMonday)
        .AndNotice("oversight.reminded");
    for (const auto& notice : d.notices()) {
      if (notice.topic() != "oversight.reminded") continue;
      EXPECT_EQ(notice.level(), 4) << now;
    }
  }
}

// spec: 3.6.6
TEST(Petition, OfFiveOrMoreOrUrgentStandsBeforeTheOrdinaryOnes) {
  Desk d = Petition();
  d.When(HeardPetition(1, kHandled), Platform(), kMonday);
  EXPECT_EQ(ReviewGroupAt(d.state().matter(), 4), v1::AT_LEVEL);
  d.When(HeardPetition(2, kHandled, "petition.urgent_reported"), Platform(), kMonday)
      .When(HeardPetition(3, kHandled, "petition.progressed"), Platform(), kMonday);
  EXPECT_EQ(ReviewGroupAt(d.state().matter(), 4), v1::JOINT_OR_URGENT);
  Desk joint = Petition();
  joint.When(HeardPetition(1, "level: 4 status: ACCEPTED holder_org: 'c-hrss' scale: S3_5_TO_9"), Platform(), kMonday);
  EXPECT_EQ(ReviewGroupAt(joint.state().matter(), 4), v1::JOINT_OR_URGENT);
  EXPECT_LT(ReviewKey("x", v1::RED_LIGHT, 9), ReviewKey("x", v1::JOINT_OR_URGENT, 1));
  EXPECT_EQ(ReviewEnd("x", v1::JOINT_OR_URGENT), ReviewKey("x", v1::BACKLOG_WITHOUT_LEADER, 0));
  EXPECT_LT(ReviewKey("x", v1::BACKLOG_WITHOUT_LEADER, 9), ReviewKey("x", v1::AT_LEVEL, 1));
}

// spec: 3.6.6
TEST(Backlog, StandsOnTheListUntilALeaderHasTakenIt) {
  Desk d = Petition();
  const std::string closed = "level: 4 status: CLOSED holder_org: 'c-hrss' ";
  d.When(HeardPetition(1, closed, "petition.backlog_listed"), Platform(), kMonday)
      .AndTally("review/371403/group/5", 1);
  d.When(HeardPetition(2, closed, "petition.leader_assigned"), Platform(), kMonday)
      .AndTally("review/371403/group/5", 0);
}

TEST(Stuck, PetitionSaysWhatItWaitsFor) {
  struct {
    const char* status;
    v1::StuckReason reason;
  } rows[] = {{"REGISTERED", v1::NO_TAKER},    {"FORWARDED", v1::NO_TAKER},     {"RECEIVED_BY_UNIT", v1::NO_TAKER},
              {"OBJECTED", v1::SUPERIOR},      {"ACCEPTED", v1::DEPARTMENT},    {"OPINION_ISSUED", v1::DEPARTMENT},
              {"DELIVERED", v1::PARTY},        {"REVIEWING", v1::SUPERIOR},     {"RECHECKING", v1::SUPERIOR},
              {"REVIEW_DELIVERED", v1::PARTY}, {"SUGGESTION_HANDLING", v1::DEPARTMENT}};
  for (const auto& row : rows) {
    Desk d = Petition();
    d.When(HeardPetition(1, std::string("level: 4 holder_org: 'c-hrss' status: ") + row.status + " " + PetitionClock()),
           Platform(), EndOf("2026-12-05"));
    EXPECT_EQ(StuckReasonOf(d.state().matter()), row.reason) << row.status;
    d.AndTally("review/371403/stuck/" + std::to_string(row.reason) + "/371403001", 1);
  }
}

// A petition is its office's and of whoever stands above: the level below neither sees, counts nor asks.
TEST(Petition, OfTheCountyIsNothingToTheTownship) {
  Desk d = Petition();
  d.When(HeardPetition(1, kHandled + PetitionClock()), Platform(), EndOf("2026-12-05"));
  EXPECT_FALSE(MaySee(d.state(), TownLeader()));
  EXPECT_TRUE(MaySee(d.state(), CountyLeader()));
  EXPECT_TRUE(MaySee(d.state(), PetitionOffice()));
  EXPECT_TRUE(AllowedCommands(d.state(), TownLeader()).empty());
  for (const auto& tally : OversightDomain::Tallies(d.state())) {
    EXPECT_FALSE(tally.key.starts_with("review/371403001")) << tally.key;
  }
  for (const auto& entry : OversightDomain::Indexes(kPetitionCode, d.state())) {
    EXPECT_FALSE(entry.key.starts_with("371403001")) << entry.index;
  }
}

// The township's own incident became a petition of the county: it sees that its part has ended, and no more.
TEST(Petition, ThatWasTheTownshipsIncidentShowsItTheIncidentOnly) {
  Desk d(tests::Learned(), kCode);
  d.When(Heard(1, kEnded, "incident.closed"), Platform(), kMonday)
      .When(HeardPetition(1, kHandled + PetitionClock(), "petition.accepted", kCode), Platform(), EndOf("2026-12-05"));
  v1::Matter scratch;
  const v1::Matter& seen = SeenAt(d.state().matter(), 3, &scratch);
  ASSERT_EQ(seen.part_size(), 1);
  EXPECT_EQ(seen.part(0).service(), "incident");
  EXPECT_EQ(seen.last_topic(), "incident.closed");
  EXPECT_EQ(ReviewGroupAt(d.state().matter(), 3), v1::REVIEW_GROUP_UNSPECIFIED);
  EXPECT_EQ(ReviewGroupAt(d.state().matter(), 4), v1::RED_LIGHT);
  EXPECT_EQ(CategoryOf(d.state().matter()), "0105");
}

// spec: O7
TEST(Instruction, OnAPetitionStaysWithOversightAndNobodyMovesAPetition) {
  Desk d(tests::Learned(), "in1");
  d.As(Platform()).At(kMonday).WhenOn(kPetitionCode, HeardPetition(1, kHandled));
  d.When(std::string("instruct { matter_id: '") + kPetitionCode + "' text: '请抓紧' due_at_ms: " +
             std::to_string(Local("2026-11-27 17:00")) + " }",
         CountyLeader(), kMonday)
      .AndNotice("oversight.instructed");
  EXPECT_EQ(d.state().instruction().service(), "petition");
  EXPECT_EQ(d.state().instruction().addressee_org(0), "c-hrss");
  EXPECT_EQ(d.StateOf(kPetitionCode).matter().asked(0).answer(), v1::ANSWER_DONE);
  d.As(CountyLeader()).WhenOn(kPetitionCode, "assign_lead { to_org: 'c-housing' }").ThenRefused("NOT_FOR_PETITION");
  d.WhenOn(kPetitionCode, "send_down { to_level: 3 reason_code: 'x' }").ThenRefused("NOT_FOR_PETITION");
}

bus::v1::Event Told(const std::string& topic, const petition::v1::Notice& notice) {
  bus::v1::Event event;
  event.set_topic(topic);
  event.set_schema(notice.GetDescriptor()->full_name());
  event.set_data(notice.SerializeAsString());
  event.set_subject("p1");
  event.set_subject_version(3);
  event.set_matter_code(kPetitionCode);
  event.set_division("371403001002");
  event.set_level(4);
  return event;
}

// Flow 5: what the clerk finds to be an accusation.
// spec: P11
TEST(Accusation, NeverReachesOversight) {
  bus::v1::Event sealed;
  sealed.set_topic("petition.sealed");
  sealed.set_level(4);
  sealed.set_classification(kernel::v1::SEALED);
  const auto commands = Subscriptions()("petition", sealed);
  ASSERT_TRUE(commands.ok()) << commands.status();  // and the stream behind it goes on
  EXPECT_TRUE(commands->empty());
  // Even if somebody sealed what would name it, nothing is taken from it.
  petition::v1::Notice notice;
  notice.set_status(petition::v1::SEALED);
  auto named = Told("petition.registered", notice);
  named.set_classification(kernel::v1::SEALED);
  EXPECT_TRUE(Subscriptions()("petition", named)->empty());
}

// One known as a request before it was read leaves with the words of a merged copy; nothing stays that is waited for.
// spec: P11
TEST(Accusation, ThatPassedForARequestLeavesNoLightNoCountNoContent) {
  for (const bool handed_over : {false, true}) {
    Desk d = Petition();
    d.When(HeardPetition(1, kHandled + PetitionClock()), Platform(), EndOf("2026-12-05"));
    d.AndTally("review/371403/group/1", 1);
    d.When(HeardPetition(2, handed_over ? "level: 4 status: ACCEPTED" : "level: 4 status: MERGED",
                         handed_over ? "petition.accepted" : "petition.removed"),
           Platform(), EndOf("2026-12-06"))
        .AndNoTimer();
    EXPECT_FALSE(IsOpen(d.state().matter()));
    EXPECT_TRUE(OversightDomain::Indexes(kPetitionCode, d.state()).empty());
    EXPECT_TRUE(OversightDomain::Tallies(d.state()).empty());
    EXPECT_TRUE(CategoryOf(d.state().matter()).empty());
    EXPECT_TRUE(HolderOrg(d.state().matter()).empty());
  }
}

TEST(Petition, IsHeardOfUnderItsCodeAndAReceptionIsNoMatter) {
  petition::v1::Notice notice;
  notice.set_status(petition::v1::ACCEPTED);
  const auto commands = Subscriptions()("petition", Told("petition.accepted", notice));
  ASSERT_EQ(commands->size(), 1u);
  EXPECT_EQ(commands->front().aggregate_id, kPetitionCode);
  notice.clear_status();
  EXPECT_TRUE(Subscriptions()("petition", Told("petition.reception_recorded", notice))->empty());
}

}  // namespace
}  // namespace oversight
