// What an opinion supports the unit carries out in the petition (Art. 32(2)): by whom, from when, what ends it and what
// does not.
#include <algorithm>
#include <string>

#include "base/calendar.h"
#include "tests/petition/petition_world.h"

namespace petition {
namespace {

const std::string kDone = "record_execution { record: '已补发津贴' }";
const std::string kWithdraw = "withdraw { statement: '不再反映' }";
constexpr int64_t kLater = 5 * base::kDayMs;

// The opinion supports the request and has reached whoever asked.
void Promise(Matter& m) {
  m.When(DraftText("SUPPORTED"), Handler(), kMonday)
      .When(kIssue, Head(), kMonday)
      .When(DeliverText(kMonday), Clerk(), kMonday);
  ASSERT_FALSE(m.refusal()) << m.refusal()->reason;
}

// A review of it was asked for, taken and delivered.
void Review(Matter& m, const std::string& decides) {
  m.When(kAskReview, Resident(), kMonday + kLater)
      .When(kTakeRequest, CityReviewer(), kMonday + kLater)
      .When(decides, CityReviewer(), kMonday + kLater);
  ASSERT_FALSE(m.refusal()) << m.refusal()->reason;
  m.When(DeliverText(kMonday + kLater), CityReviewer(), kMonday + kLater);
  ASSERT_FALSE(m.refusal()) << m.refusal()->reason;
}

bool Offered(Matter& m, const Actor& actor) {
  return std::ranges::count(AllowedCommands(m.state(), actor), "recordExecution") > 0;
}

// Whether the unit has it among what it has still to do.
bool OnTheDesk(Matter& m) {
  const auto entries = PetitionDomain::Indexes("p1", m.state());
  return std::ranges::any_of(
      entries, [](const auto& entry) { return entry.index == "unit" && entry.key.starts_with("c-hrss/0"); });
}

// 作出支持信访请求意见的，应当督促有关机关、单位执行. The article sets no period; sixty days are ours.
// spec: P19 DP-18
TEST(Execution, IsTheUnitsWithAClockOfItsOwn) {
  Matter m(At::kReady);
  EXPECT_FALSE(Offered(m, Handler()));
  Promise(m);
  EXPECT_EQ(m.state().execution().unit_org(), "c-hrss");
  EXPECT_EQ(m.state().execution().document_no(), "陵人社信〔2026〕1号");
  EXPECT_EQ(m.ClockOf("DP-18").holder_org(), "c-hrss");
  EXPECT_EQ(m.DueOf("DP-18"), EndOf("2027-01-22"));
  ASSERT_EQ(m.notices().size(), 2u);
  EXPECT_EQ(m.notices()[1].topic(), "petition.execution_due");
  EXPECT_EQ(m.Payload(1).holder_org(), "c-hrss");
  EXPECT_EQ(m.notices()[1].payload().find("陵人社信"), std::string::npos);  // the unit reads it where it has it
  EXPECT_TRUE(Offered(m, Handler()));
  EXPECT_TRUE(Offered(m, Head()));
  m.When(kDone, Clerk(), kMonday).ThenRefused(RefusalCode::kNotAllowed);
  m.When(kDone, Resident(), kMonday).ThenRefused(RefusalCode::kNotAllowed);
  m.When("record_execution { record: ' ' }", Handler(), kMonday).ThenRefused("CONTENT_NEEDED");
  m.When(kDone, Handler(), m.DueOf("DP-18")).AndNotice("petition.executed");
  EXPECT_EQ(m.notices()[0].payload().find("津贴"), std::string::npos);
  EXPECT_EQ(m.OutcomeOf("DP-18"), common::v1::CLOCK_MET);
  EXPECT_EQ(m.state().execution().executed_at_ms(), m.now_ms());
  EXPECT_EQ(m.state().execution().record(), "已补发津贴");
  EXPECT_FALSE(Offered(m, Handler()));
  m.When(kDone, Handler(), m.now_ms()).ThenRefused(RefusalCode::kGuard, "NOTHING_TO_EXECUTE");
}

// spec: P19 DP-18
TEST(Execution, AfterItsPeriodIsLate) {
  Matter m(At::kReady);
  Promise(m);
  m.When(kDone, Handler(), m.DueOf("DP-18") + 1);
  EXPECT_EQ(m.OutcomeOf("DP-18"), common::v1::CLOCK_MISSED);
}

// spec: P19
TEST(Execution, IsOfNoOpinionThatDoesNotSupport) {
  Matter m(At::kDelivered);
  EXPECT_FALSE(m.state().has_execution());
  EXPECT_FALSE(Offered(m, Handler()));
  m.When(kDone, Handler(), kMonday).ThenRefused(RefusalCode::kGuard, "NOTHING_TO_EXECUTE");
}

// Closing is not resolving; and who takes back what they ask takes back no promise.
// spec: P19 P20 P27 DP-18
TEST(Execution, OutlivesTheEndOfThePetition) {
  Matter closed(At::kReady);
  Promise(closed);
  closed.WhenTimerFires("due/DP-07");
  EXPECT_EQ(closed.state().status(), v1::CLOSED);
  Matter withdrawn(At::kReady);
  Promise(withdrawn);
  withdrawn.When(kWithdraw, Resident(), kMonday);
  EXPECT_EQ(withdrawn.state().status(), v1::WITHDRAWN);
  for (Matter* m : {&closed, &withdrawn}) {
    EXPECT_TRUE(m->Runs("DP-18"));
    EXPECT_TRUE(OnTheDesk(*m));
    EXPECT_TRUE(Offered(*m, Handler()));
    m->When(kDone, Head(), m->now_ms()).AndNotice("petition.executed");
    EXPECT_FALSE(OnTheDesk(*m));
  }
}

// 复查维持: the opinion stays, and so does what it asks for.
// spec: P19 P22
TEST(Execution, IsWhatItWasWhenTheOpinionIsUpheld) {
  Matter m(At::kReady);
  Promise(m);
  Review(m, ReviewText());
  EXPECT_EQ(m.state().status(), v1::REVIEW_DELIVERED);
  EXPECT_EQ(m.state().execution().document_no(), "陵人社信〔2026〕1号");
  EXPECT_EQ(m.DueOf("DP-18"), EndOf("2027-01-22"));
}

// What the review puts in its place is carried out in its place, and nothing beside it.
// spec: P19 P22 DP-18
TEST(Execution, FollowsTheOpinionInForce) {
  Matter anew(At::kReady);
  Promise(anew);
  Review(anew, ReviewText("CHANGED"));  // it supports, otherwise
  anew.AndNotice("petition.execution_due");
  EXPECT_EQ(anew.state().execution().document_no(), "复查1号");
  EXPECT_EQ(anew.ClockOf("DP-18").started_at_ms(), kMonday + kLater);
  Matter contrary(At::kReady);
  Promise(contrary);
  std::string text = ReviewText("CHANGED");
  const std::string supports = "result: SUPPORTED";
  text.replace(text.find(supports), supports.size(), "result: NOT_SUPPORTED");
  Review(contrary, text);
  Matter revoked(At::kReady);
  Promise(revoked);
  Review(revoked, ReviewText("REVOKED", "redo_days: 20"));
  for (Matter* m : {&contrary, &revoked}) {
    EXPECT_FALSE(m->state().has_execution());
    EXPECT_FALSE(m->Runs("DP-18"));
    EXPECT_FALSE(Offered(*m, Handler()));
  }
  contrary.When(kDone, Handler(), kMonday + kLater).ThenRefused("NOTHING_TO_EXECUTE");
  revoked.When(kDone, Handler(), kMonday + kLater).ThenRefused(RefusalCode::kWrongStatus);
}

// What was carried out before the review decided otherwise was carried out.
// spec: P19 P22
TEST(Execution, ThatIsDoneStaysOnRecord) {
  Matter m(At::kReady);
  Promise(m);
  m.When(kDone, Handler(), kMonday + 1);
  Review(m, ReviewText("REVOKED", "redo_days: 20"));
  EXPECT_EQ(m.state().execution().executed_at_ms(), kMonday + 1);
}

// 山东 46(1): what both sides have agreed takes the place of the opinion.
// spec: P17 P19
TEST(Execution, EndsWithAnAgreementInItsPlace) {
  Matter m(At::kReady);
  m.When("refer_to_mediation { bridge_code: 'BR1' both_consent: true consent_proof_sha256: '" + kScan +
             "' dispute_type: 'D10' party_count: 2 }",
         Handler(), kMonday);
  const std::string id = m.state().mediation_referral_id();
  Promise(m);
  m.When("hear_mediation { topic: 'mediation.effective' subject_id: 'c1' version: 9 notice { origin { service: "
         "'petition' aggregate_id: 'p1' referral_id: '" + id + "' } } }",
         Platform(), kMonday);
  m.When("record_settlement { agreement: '补发工资' by_mediation: true }", Handler(), kMonday);
  EXPECT_EQ(m.state().status(), v1::SETTLED);
  EXPECT_FALSE(m.state().has_execution());
  EXPECT_FALSE(m.Runs("DP-18"));
  EXPECT_FALSE(OnTheDesk(m));
}

// A task of the grid stayed with the unit when what it came from was sealed, and named it.
// spec: P11 P19 DP-18
TEST(Execution, LeavesWithWhatIsSealed) {
  for (const bool ended : {false, true}) {
    Matter m(At::kReady);
    Promise(m);
    if (ended) m.When(kWithdraw, Resident(), kMonday);
    m.When("retype { type: ACCUSATION reason: '涉嫌违纪' }", Office(), kMonday + kLater);
    ASSERT_FALSE(m.refusal()) << m.refusal()->reason;
    ASSERT_EQ(m.notices().size(), 1u);
    EXPECT_EQ(m.notices()[0].topic(), "petition.removed");
    EXPECT_FALSE(m.state().has_execution());
    EXPECT_FALSE(m.Runs("DP-18"));
    EXPECT_FALSE(OnTheDesk(m));
    m.When(kDone, Handler(), kMonday + kLater).ThenRefused(RefusalCode::kNotFound, "NO_SUCH_MATTER");
  }
}

// Earlier builds told the grid, which has a task of it; the unit has none here.
// spec: P19
TEST(Execution, OfEarlierBuildsStaysWithTheGrid) {
  Matter m(At::kDelivered);
  m.Given({"execution_due { unit_org: 'c-hrss' }"});
  EXPECT_FALSE(m.state().has_execution());
  m.When(kDone, Handler(), kMonday).ThenRefused("NOTHING_TO_EXECUTE");
}

}  // namespace
}  // namespace petition
