// A petitioner dies, or ends as an organisation (山东省信访条例 46): it goes on, somebody takes over, or it ends.
#include <algorithm>

#include "tests/petition/petition_world.h"

namespace petition {
namespace {

std::string Died(const std::string& whose = "p1") {
  return "record_death { petitioner_id: '" + whose + "' died_at_ms: " + std::to_string(kMonday) + " proof_sha256: '" +
         kScan + "' }";
}
const std::string kPaper(64, 'e');
const std::string kHeir = "record_successor { petitioner_id: 'p1' proof_sha256: '" + kPaper +
                          "' person { name: 'vault:h' address: 'vault:i' user_id: 'u2' } }";
const std::string kEnd = "terminate { proof_sha256: '" + kPaper + "' }";

struct Mourning : Matter {
  explicit Mourning(enum At point = At::kAccepted) : Matter(point) {
    When(Died(), Clerk(), kMonday);
    Upload();
  }
};

// spec: 山东46
TEST(Death, IsRecordedWithItsProofAndHandlingGoesOn) {
  Matter m(At::kAccepted);
  const int64_t due = m.DueOf("DP-05");
  m.When("record_death { petitioner_id: 'p1' died_at_ms: 1 }", Clerk(), kMonday).ThenRefused("CONTENT_NEEDED");
  m.When("record_death { petitioner_id: 'p7' died_at_ms: 1 proof_sha256: '" + kScan + "' }")
      .ThenRefused("UNKNOWN_PETITIONER");
  m.When("record_death { petitioner_id: 'p1' died_at_ms: " + std::to_string(kMonday + 1) + " proof_sha256: '" + kScan +
         "' }")
      .ThenRefused(RefusalCode::kInvalid, "BAD_TIME");
  m.When(Died(), Clerk(), kMonday).AndNotice("petition.document_referred");
  EXPECT_EQ(m.Mentioned(), std::vector<std::string>{kScan});
  EXPECT_EQ(m.state().petitioner(0).died_at_ms(), kMonday);
  EXPECT_EQ(m.state().status(), v1::ACCEPTED);
  EXPECT_EQ(m.DueOf("DP-05"), due);
  m.When(Died()).ThenRefused("DEATH_RECORDED");
  m.When(Died(), Resident(), kMonday).ThenRefused(RefusalCode::kNotAllowed);
}

// 其权利义务承受人……申请继续处理.
// spec: 山东46
TEST(Death, LetsWhoTakesOverStandInThePlaceOfTheDead) {
  Matter alive(At::kAccepted);
  alive.When(kHeir, Clerk(), kMonday).ThenRefused("DEATH_NOT_RECORDED");
  Mourning m;
  m.When("record_successor { petitioner_id: 'p1' proof_sha256: '" + kPaper + "' person { name: 'vault:h' } }", Clerk(),
         kMonday)
      .ThenRefused("NAME_AND_ADDRESS_NEEDED");
  m.When(kHeir, Clerk(), kMonday + 5).AndNotice("petition.document_referred");
  EXPECT_EQ(m.state().petitioner(0).person().name(), "vault:h");
  EXPECT_EQ(m.state().petitioner(0).died_at_ms(), 0);
  EXPECT_EQ(m.state().petitioner(0).succession_proof_sha256(), kPaper);
  EXPECT_TRUE(IsPetitioner(m.state(), Resident("u2")));
  EXPECT_FALSE(IsPetitioner(m.state(), Resident("u1")));
  m.When(kEnd, Office(), kMonday + 6).ThenRefused("PETITIONERS_REMAIN");
  m.WhenTimerFires("due/DP-05").AndNotice("petition.overdue");  // whoever asks is owed an answer
}

// 无权利义务承受人: a person has looked.
// spec: 山东46
TEST(Death, WithoutASuccessorEndsThePetition) {
  Mourning m;
  m.When("terminate {}", Office(), kMonday).ThenRefused("CONTENT_NEEDED");
  m.When(kEnd, Office(), kMonday + 5).AndNotice("petition.closed").AndNoTimer();
  EXPECT_EQ(m.state().status(), v1::CLOSED);
  EXPECT_EQ(m.state().closed_reason(), "NO_SUCCESSOR");
  EXPECT_EQ(m.OutcomeOf("DP-05"), common::v1::CLOCK_CANCELLED);
  EXPECT_FALSE(m.state().final_guard()) << "a successor who comes later is heard";
  m.When("request_review { grounds: '不服' }", Clerk(), kMonday + 6).ThenRefused(RefusalCode::kWrongStatus);
}

// 在办理期限内未申请: not before the last moment of the period, and nobody was late.
// spec: 山东46 DP-05
TEST(Death, EndsThePetitionWithThePeriodWhenNobodyHasAsked) {
  Mourning m;
  const int64_t due = m.DueOf("DP-05");
  m.WhenTimerFires("due/DP-05").ThenPartly({"terminated { ground: SUCCESSOR_SILENT }"}).AndNotice("petition.closed");
  EXPECT_EQ(m.now_ms(), due + 1);
  EXPECT_EQ(m.state().closed_reason(), "SUCCESSOR_SILENT");
  EXPECT_EQ(m.OutcomeOf("DP-05"), common::v1::CLOCK_CANCELLED);
  Mourning review(At::kReviewAsked);
  review.WhenTimerFires("due/DP-11").AndNotice("petition.overdue");  // of the reviewing body's own duty
  review.WhenTimerFires("due/DP-08").AndNotice("petition.closed");
  EXPECT_EQ(review.state().status(), v1::CLOSED);
}

// spec: 山东46
TEST(Death, OfOneDoesNotEndWhatOthersAskToo) {
  const std::string two = "petitioner { person { name: 'vault:c' address: 'vault:d' } } ";
  Matter m(At::kAccepted, kMonday, kPetitioner + two);
  m.When(Died(), Clerk(), kMonday).When(kEnd, Office(), kMonday).ThenRefused("PETITIONERS_REMAIN");
  m.When(Died("p2"), Clerk(), kMonday);
  m.Upload().When(kEnd, Office(), kMonday).AndNotice("petition.closed");
  Matter more(At::kAccepted, kMonday, "petitioner_count: 6");  // whose names nobody wrote down
  more.When(Died(), Clerk(), kMonday);
  more.Upload().When(kEnd, Office(), kMonday).ThenRefused("PETITIONERS_REMAIN");
  more.WhenTimerFires("due/DP-05").AndNotice("petition.overdue");
}

// A handler declared the petitioner dead on papers that nobody had, and was rid of the petition within a minute.
// spec: 山东46 V04
TEST(Death, IsNotTheUnitsToRecordNorToEndAPetitionBy) {
  Matter m(At::kAccepted);
  m.When(Died(), Handler(), kMonday).ThenRefused(RefusalCode::kNotAllowed, "NOT_ALLOWED");
  m.When(Died(), Head(), kMonday).ThenRefused(RefusalCode::kNotAllowed);
  Mourning dead;
  dead.When(kHeir, Handler(), kMonday).ThenRefused(RefusalCode::kNotAllowed, "NOT_ALLOWED");
  dead.When(kEnd, Handler(), kMonday).ThenRefused(RefusalCode::kNotAllowed, "NOT_ALLOWED");
  for (const auto* verb : {"recordDeath", "recordSuccessor", "terminate"})
    EXPECT_FALSE(std::ranges::count(AllowedCommands(dead.state(), Handler()), verb)) << verb;
}

// A digest shows nothing: whoever made one up ended a petition by it.
// spec: 山东46 DP-05
TEST(Death, EndsNothingBeforeItsPaperIsHere) {
  Matter m(At::kAccepted);
  m.When(Died(), Clerk(), kMonday);
  m.When(kEnd, Office(), kMonday).ThenRefused(RefusalCode::kGuard, "DEATH_PAPER_AWAITED");
  EXPECT_EQ(m.refusal()->field, "petitioner.death_proof_sha256");
  m.Upload(kPaper).When(kEnd, Office(), kMonday).ThenRefused("DEATH_PAPER_AWAITED");  // another one
  Matter silent(At::kAccepted);
  silent.When(Died(), Clerk(), kMonday);
  silent.WhenTimerFires("due/DP-05").AndNotice("petition.overdue");  // and the unit is late
  EXPECT_EQ(silent.state().status(), v1::ACCEPTED);
  silent.Upload().When(kEnd, Office(), silent.now_ms()).AndNotice("petition.closed");
}

// Who is under review does not end the review.
// spec: 山东46
TEST(Death, UnderReviewIsForTheReviewingBody) {
  Mourning m(At::kReviewing);
  m.When(kEnd, Handler(), kMonday).ThenRefused(RefusalCode::kNotAllowed);
  m.When(kEnd, CityReviewer(), kMonday).AndNotice("petition.closed");
  EXPECT_EQ(m.OutcomeOf("DP-08"), common::v1::CLOCK_CANCELLED);
}

// The article stands among those on requests: a suggestion is answered whoever made it.
// spec: 山东46 P12
TEST(Death, ChangesNothingAboutASuggestion) {
  Matter m(City(), "p1");
  m.WithChance(7).When(RegisterText("", "SUGGESTION"), Clerk(), kMonday);
  m.When(Died(), Clerk(), kMonday).ThenRefused("OTHER_TYPE");
}

// spec: P11 山东46
TEST(Death, OfWhoAccusedIsForTheDisciplineOrgan) {
  Matter m(At::kRegistered);
  m.When("retype { type: ACCUSATION reason: '检举' }", Office(), kMonday);
  m.When(Died(), Clerk(), kMonday).ThenRefused(RefusalCode::kNotFound);
  m.When(kEnd, Office(), kMonday).ThenRefused("SEALED_GOES_TO_DISCIPLINE");
}

}  // namespace
}  // namespace petition
