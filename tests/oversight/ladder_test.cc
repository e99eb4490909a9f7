// The ladder (3.6.3): what is late is shown to each level above once, in order, whoever has it and whatever was said
// about it meanwhile; the matter itself stays where it is.
#include "base/check.h"
#include "services/oversight/domain/orders.h"
#include "services/oversight/domain/standing.h"
#include "tests/oversight/matter_world.h"
#include "tests/support/driven.h"

namespace oversight {
namespace {

// A case of a village's committee, due on 30 November.
std::string HeardCase(const std::string& code, int version, const std::string& due = "2026-11-30",
                      const std::string& status = "MEDIATING", const std::string& topic = "mediation.session_held") {
  return "observe { service: 'mediation' subject_id: 'c" + code + "' subject_version: " + std::to_string(version) +
         " topic: '" + topic + "' matter_code: '" + code + "' area_code: '371403001002' level: 2 recorded_at_ms: " +
         std::to_string(kMonday + version) + " mediation { status: " + status +
         " dispute_type: 'D01' committee_org: 'v-committee' holder_org: 'v-committee' level: 2 "
         "clock { policy_id: 'DM-04' started_at_ms: " +
         std::to_string(kMonday) + " due_at_ms: " + std::to_string(EndOf(due)) +
         " length { amount: 30 unit: D } holder_org: 'v-committee' } } }";
}
const int64_t kDue = EndOf("2026-11-30");
const std::string kTimer = "late/mediation/cM/DM-04";

// Three working days late: the county's centre has given the yellow card that was drafted.
struct Carded : Desk {
  Carded() : Desk(tests::Learned(), "M") {
    When(HeardCase("M", 1), Platform(), kMonday);
    for (int i = 0; i < 2; ++i) WhenTimerFires("light/mediation/cM/DM-04");
    for (int i = 0; i < 2; ++i) WhenTimerFires(kTimer);
    CHECK_EQ(state().matter().order_size(), 2);
    yellow = state().matter().order(1).order_id();
    As(CountyCentre()).WhenOn(yellow, "issue_yellow { demand: '限期办结' }");
    EXPECT_FALSE(refusal());
  }
  std::string yellow;
};

// spec: 3.6.3
TEST(Ladder, ShowsALateCaseToTheTownshipAtOnceAndToTheCountyAfterThreeWorkingDays) {
  Desk d(tests::Learned(), "M");
  d.When(HeardCase("M", 1), Platform(), kMonday);
  d.WhenTimerFires("light/mediation/cM/DM-04").WhenTimerFires("light/mediation/cM/DM-04");
  EXPECT_TRUE(d.state().matter().escalation().empty());
  d.WhenTimerFires(kTimer)
      .ThenPartly({"climbed { escalation { from: 2 to: 3 reason: 'OVERDUE' automatic: true by_oversight: true "
                   "policy_id: 'DM-04' } }"})
      .AndNotice("oversight.escalated");
  EXPECT_EQ(d.now_ms(), kDue + 1);
  EXPECT_EQ(CurrentLevel(d.state().matter()), 2);  // who answers for it stays who it was
  d.AndTimer(kTimer, EndOf("2026-12-03") + 1);
  d.WhenTimerFires(kTimer);
  ASSERT_EQ(d.state().matter().escalation_size(), 2);
  EXPECT_EQ(d.state().matter().escalation(1).to(), 4);
  EXPECT_EQ(EscalatedAt(d.state().matter(), 4), EndOf("2026-12-03") + 1);
  d.AndNoTimer(kTimer);  // the city hears of it after a card only
}

// spec: 3.6.3 O4
TEST(Ladder, GoesOnToTheCityAfterAYellowCard) {
  Carded d;
  EXPECT_EQ(d.StateOf(d.yellow).order().ground(), v1::OVERDUE_3WD);
  d.WhenTimerFires(kTimer);
  EXPECT_EQ(d.now_ms(), EndOf("2026-12-15") + 1);  // seven working days after the card of the 4th
  ASSERT_EQ(d.state().matter().escalation_size(), 3);
  EXPECT_EQ(d.state().matter().escalation(2).to(), 5);
  EXPECT_EQ(ReviewGroupAt(d.state().matter(), 5), v1::RED_LIGHT);
  d.AndNoTimer(kTimer);
}

// The yellow card was answered and closed, and however late the case was then, no red one was proposed.
// spec: 3.6.3 O5
TEST(Ladder, AnAnsweredCardKeepsNeitherTheCityNorTheRedCardAway) {
  Carded d;
  const std::string& yellow = d.yellow;
  d.As(ActorOf(kernel::v1::ROLE_MC, "v-committee", "371403001002", "mc1"))
      .WhenOn(yellow, "answer_order { result: '在办' evidence: '记录' }");
  ASSERT_FALSE(d.refusal());
  d.As(CountyCentre()).WhenOn(yellow, "accept_answer {}");
  ASSERT_FALSE(d.refusal());
  ASSERT_EQ(d.StateOf(yellow).order().status(), v1::ORDER_CLOSED);
  d.AndTimer(kTimer, EndOf("2026-12-15") + 1);
  d.WhenTimerFires("red_card", yellow);
  EXPECT_EQ(d.now_ms(), EndOf("2026-12-15") + 1);
  ASSERT_EQ(d.state().matter().order_size(), 1);
  EXPECT_EQ(d.state().matter().order(0).card(), common::v1::CARD_RED);
  const std::string red = d.state().matter().order(0).order_id();
  EXPECT_EQ(d.StateOf(red).order().ground(), v1::OVERDUE_7WD_AFTER_YELLOW);
  d.WhenTimerFires(kTimer);
  ASSERT_EQ(d.state().matter().escalation_size(), 3);
  EXPECT_EQ(d.state().matter().escalation(2).to(), 5);
}

// The yellow was answered, the committee above took the case and was late in its turn: the red card went to the one
// that had nothing to do with it any more.
// spec: O5
TEST(Ladder, ARedCardIsNotForWhoHasTheMatterNoMore) {
  Carded d;
  std::string moved = HeardCase("M", 2, "2026-12-01");
  for (size_t at = moved.find("v-committee"); at != std::string::npos; at = moved.find("v-committee"))
    moved.replace(at, 11, "c-committee");
  d.When(moved, Platform(), d.now_ms());
  d.WhenTimerFires("red_card", d.yellow);
  for (const auto& order : d.state().matter().order()) EXPECT_NE(order.card(), common::v1::CARD_RED) << order.to_org();
  EXPECT_EQ(d.StateOf(d.yellow).order().red_check_at_ms(), 0) << "nothing of it runs there";
}

// What came due after the card is late by seven working days of its own before a red one follows.
// spec: O5
TEST(Ladder, TheRedCardWaitsForWhatCameDueAfterTheYellow) {
  Carded d;
  const std::string& yellow = d.yellow;
  d.When(HeardCase("M", 2, "2026-12-08"), Platform(), d.now_ms());  // the parties agreed to go on until the 8th
  const auto is_red = [&] { return d.state().matter().part(0).light(0).light() == common::v1::RED; };
  for (int i = 0; i < 2 && !is_red(); ++i) d.WhenTimerFires("light/mediation/cM/DM-04");
  ASSERT_TRUE(is_red());
  d.WhenTimerFires("red_card", yellow);
  EXPECT_EQ(d.StateOf(yellow).order().red_check_at_ms(), EndOf("2026-12-17") + 1);
  d.WhenTimerFires("red_card", yellow);
  EXPECT_EQ(d.StateOf(yellow).order().red_check_at_ms(), 0);
  EXPECT_EQ(d.state().matter().order().rbegin()->card(), common::v1::CARD_RED);
}

// spec: 3.6.3
TEST(Ladder, NeitherAStepNorAnExtensionToldAgainBeginsItAnew) {
  Desk d(tests::Learned(), "M");
  d.When(HeardCase("M", 1), Platform(), kMonday);
  for (int i = 0; i < 2; ++i) d.WhenTimerFires("light/mediation/cM/DM-04");
  d.WhenTimerFires(kTimer);
  d.When(HeardCase("M", 2), Platform(), kDue + 5).When(HeardCase("M", 3), Platform(), kDue + 6);
  EXPECT_EQ(d.state().matter().escalation_size(), 1);
  d.AndTimer(kTimer, EndOf("2026-12-03") + 1);
  // A clock that started anew is another breach.
  d.When(HeardCase("M", 4, "2026-12-20"), Platform(), kDue + 7).AndNoTimer(kTimer);
}

// spec: 3.6.3
TEST(Ladder, LeavesAnIncidentInHandToItsOwnService) {
  Desk d(tests::Learned(), kCode);
  d.When(Heard(1, kProcessing + ClockText()), Platform(), kMonday);
  for (int i = 0; i < 2; ++i) d.WhenTimerFires("light/incident/i1/DI-05");
  d.WhenTimerFires("late/incident/i1/DI-05");  // for the card
  EXPECT_TRUE(d.state().matter().escalation().empty());
  // Waiting for its verification it does not climb there: here it does.
  d.When(Heard(2, "status: PENDING_VERIFY current_level: 3 holder_org: 't-centre' " +
                      ClockText(kMonday + 1, "t-centre", "2026-12-01")),
         Platform(), EndOf("2026-12-05"));
  d.WhenTimerFires("late/incident/i1/DI-05");
  EXPECT_EQ(d.state().matter().escalation_size(), 1);
}

// Ten thousand open matters, five hundred of them late, the oldest among them; nobody assigned, much said about them.
// spec: 3.6.3
TEST(Ladder, ClimbsOnceALevelInOrderWithinAMinuteForFiveHundredOfTenThousand) {
  constexpr int kMatters = 10'000, kEvery = 20;
  tests::Driven<OversightDomain> desk(kMonday, tests::Learned());
  const auto code = [](int i) { return "M" + std::to_string(100'000 + i); };
  const auto tell = [&](const std::string& text, const std::string& id) {
    const auto outcome = desk.Do(id, text, Platform());
    EXPECT_TRUE(outcome.status.ok() && !outcome.refusal);
  };
  for (int i = 0; i < kMatters; ++i) {
    const char* status = i % 3 == 0 ? "ACCEPTED" : "MEDIATING";  // accepted: nobody is assigned
    tell(HeardCase(code(i), 1, i % kEvery == 0 ? "2026-11-30" : "2027-06-30", status), code(i));
  }
  const auto pass_to = [&](int64_t at_ms) {
    desk.clock().Advance(at_ms - desk.clock().NowMs());
    desk.FireDue();
  };
  pass_to(EndOf("2026-11-29"));
  pass_to(kDue + base::kMinuteMs);
  for (int i = 0; i < kMatters; i += kEvery) {
    if (i % 40 == 0) tell(HeardCase(code(i), 2), code(i));  // a comment, a session
  }
  pass_to(EndOf("2026-12-03") + base::kMinuteMs);
  pass_to(EndOf("2026-12-31"));
  int late = 0;
  for (int i = 0; i < kMatters; ++i) {
    const auto stored = desk.Read().Get(code(i));
    ASSERT_TRUE(stored.ok() && *stored);
    const auto& matter = (*stored)->state.matter();
    ASSERT_EQ(matter.escalation_size(), i % kEvery == 0 ? 2 : 0) << code(i);
    if (i % kEvery != 0) continue;
    ++late;
    EXPECT_EQ(matter.escalation(0).from(), 2);
    EXPECT_EQ(matter.escalation(0).to(), 3);
    EXPECT_EQ(matter.escalation(1).to(), 4);
    EXPECT_LE(matter.escalation(0).at_ms(), kDue + base::kMinuteMs);
    EXPECT_LE(matter.escalation(1).at_ms(), EndOf("2026-12-03") + base::kMinuteMs);
    EXPECT_EQ(CurrentLevel(matter), 2);
  }
  EXPECT_EQ(late, 500);
}

}  // namespace
}  // namespace oversight
