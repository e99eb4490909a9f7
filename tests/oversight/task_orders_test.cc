// Orders and cards about a task: drafted by people and by rule on the grounds a task can give, and ended with it; and
// the cards a unit was given in a month, on its scorecard.
#include "services/oversight/domain/rules.h"
#include "tests/oversight/scorecard_world.h"

namespace oversight {
namespace {

std::string DraftText(const std::string& card, const std::string& ground, const std::string& more = "") {
  return "draft_order { task_id: 't1' card: CARD_" + card + " ground: " + ground + " " + more + " }";
}

// One milestone, planned to be done by Thursday the 30th of April, and it is not.
class Behind : public Planned {
 public:
  explicit Behind(const char* at = "2026-05-06 09:00")
      : Planned(MilestoneText("2026-04-01", "2026-04-30", {{"2026-04", 100}})) {
    As(Supervisor()).At(Local(at));
  }
};

// spec: O2 O3 O6
TEST(TaskOrder, IsDraftedByPeopleWhereAMilestoneIsLate) {
  Behind d("2026-04-30 18:00");
  d.WhenOn("o1", DraftText("ORDINARY", "LIGHT_RED")).ThenRefused("GROUND_NOT_THERE");  // the day is not over
  d.At(Local("2026-05-01 09:00"))
      .WhenOn("o1", DraftText("ORDINARY", "LIGHT_RED"))
      .AndNotice("oversight.order_drafted");
  const auto& order = d.StateOf("o1").order();
  EXPECT_EQ(order.task_id(), kTask);
  EXPECT_EQ(order.to_org(), "c-hrss");
  EXPECT_FALSE(order.automatic());
  d.AndState("planned_task { order { order_id: 'o1' status: ORDER_DRAFT } }");
  d.WhenOn("o2", DraftText("ORDINARY", "LIGHT_RED")).ThenRefused("ALREADY_ORDERED");
  d.As(CountyCentre()).WhenOn("o1", "issue_order { demand: '限期' }").AndNotice("oversight.order_issued");
  d.As(LeadUnit()).WhenOn("o1", "answer_order { result: '已推进' evidence: '台账' }");
  d.As(CountyCentre()).WhenOn("o1", "accept_answer {}");
  EXPECT_EQ(d.state().planned_task().order_size(), 0);
}

// spec: O2
TEST(TaskOrder, RestsOnWhatATaskCanShowAndGoesToItsLeadUnit) {
  Behind d;
  const auto refused = [&](const std::string& text, const char* reason, const char* field) {
    d.WhenOn("o1", text).ThenRefused(reason);
    EXPECT_EQ(d.refusal()->field, field);
  };
  refused(DraftText("ORDINARY", "VIOLATION", "violation: 'V01' facts: '事'"), "GROUND_NOT_ENOUGH", "ground");
  refused(DraftText("YELLOW", "REWORKED_TWICE"), "GROUND_NOT_ENOUGH", "ground");
  refused(DraftText("YELLOW", "LIGHT_RED"), "GROUND_NOT_ENOUGH", "ground");
  refused(DraftText("ORDINARY", "SNAIL_TWICE"), "GROUND_NOT_THERE", "ground");
  refused(DraftText("YELLOW", "UNANSWERED"), "GROUND_NOT_THERE", "ground");
  refused(DraftText("RED", "OVERDUE_7WD_AFTER_YELLOW"), "GROUND_NOT_THERE", "ground");
  refused(DraftText("RED", "FALSIFICATION"), "CONTENT_NEEDED", "facts");
  refused(DraftText("NONE", "LIGHT_RED"), "VALUE_NEEDED", "card");
  refused(DraftText("ORDINARY", "LIGHT_RED", "to_org: 'c-housing'"), "LEAD_UNIT_ONLY", "to_org");
  refused(DraftText("ORDINARY", "LIGHT_RED", "matter_id: 'M'"), "MATTER_OR_TASK", "matter_id");
  refused("draft_order { card: CARD_ORDINARY ground: LIGHT_RED }", "MATTER_OR_TASK", "matter_id");
  refused("draft_order { task_id: 't9' card: CARD_ORDINARY ground: LIGHT_RED }", "NO_SUCH_TASK", "task_id");
  d.As(ActorOf(kernel::v1::ROLE_SV, "x", "371482"));
  refused(DraftText("ORDINARY", "LIGHT_RED"), "NO_SUCH_TASK", "task_id");  // as if there were none
  d.As(ActorOf(kernel::v1::ROLE_PO, "c-petition", "371403"));
  refused(DraftText("ORDINARY", "LIGHT_RED"), "NO_SUCH_TASK", "task_id");
}

// spec: O4 3.6.3
TEST(TaskOrder, IsYellowAfterThreeWorkingDaysLate) {
  Behind d("2026-05-08 23:00");  // the first to fifth of May are holidays
  d.WhenOn("o1", DraftText("YELLOW", "OVERDUE_3WD")).ThenRefused("GROUND_NOT_THERE");
  d.At(Local("2026-05-09 00:01")).WhenOn("o1", DraftText("YELLOW", "OVERDUE_3WD"));
  EXPECT_FALSE(d.refusal());
  // A milestone that supervision has seen done is not late, though the month is not graded yet.
  Behind done("2026-04-28 09:00");
  done.As(LeadUnit()).When(ReportText("2026-04", 100, "completed_day: '2026-04-27'"));
  done.As(Supervisor()).At(Local("2026-05-06 09:00")).When(VerifyText("2026-04"));
  done.WhenOn("o1", DraftText("ORDINARY", "LIGHT_RED")).ThenRefused("GROUND_NOT_THERE");
}

// An ordinary order that is out and was not answered in time, and the yellow card the platform drafts for that.
class Unanswered : public Behind {
 public:
  Unanswered() {
    WhenOn("o1", DraftText("ORDINARY", "LIGHT_RED"));
    As(CountyCentre()).WhenOn("o1", "issue_order { demand: '限期' }");
    WhenTimerFires("order", "o1").WhenTimerFires("order", "o1").AndNotice("oversight.order_drafted");
    EXPECT_EQ(StateOf("o1").order().light(), common::v1::RED);
  }
};
constexpr char kYellow[] = "or-t1-1";
constexpr char kRed[] = "or-t1-2";

// spec: O4 O5
TEST(TaskOrder, UnansweredIsFollowedByAYellowCardAndThatByARed) {
  Unanswered d;
  EXPECT_EQ(d.StateOf(kYellow).order().card(), common::v1::CARD_YELLOW);
  EXPECT_EQ(d.StateOf(kYellow).order().ground(), v1::UNANSWERED);
  EXPECT_EQ(d.StateOf(kYellow).order().previous_order_id(), "o1");
  d.As(Supervisor()).WhenOn(kYellow, "issue_yellow { demand: '立即' }");
  EXPECT_EQ(d.StateOf("o1").order().status(), v1::ORDER_UPGRADED);
  ASSERT_EQ(d.state().planned_task().order_size(), 1);
  EXPECT_EQ(d.state().planned_task().order(0).order_id(), kYellow);
  EXPECT_EQ(d.state().planned_task().carded_at_ms(), d.now_ms());
  d.WhenOn("o2", DraftText("RED", "OVERDUE_7WD_AFTER_YELLOW")).ThenRefused("GROUND_NOT_THERE");
  d.WhenTimerFires("red_card", kYellow);
  EXPECT_EQ(d.StateOf(kRed).order().card(), common::v1::CARD_RED);
  // A unit of the county level: the city leader's.
  d.As(CountyLeader()).WhenOn(kRed, "issue_red { demand: '挂牌' }").ThenRefused("CITY_LEADER_NEEDED");
  d.As(CityLeader()).WhenOn(kRed, "issue_red { demand: '挂牌' }");
  EXPECT_EQ(d.StateOf(kYellow).order().status(), v1::ORDER_UPGRADED);
}

// spec: O5
TEST(TaskOrder, YellowGivesNoRedWhereWhatWasLateIsDone) {
  Unanswered d;
  d.As(Supervisor()).WhenOn(kYellow, "issue_yellow { demand: '立即' }");
  d.GivenOn(
      kTask,
      {"month_opened { month { month: 202605 entry { milestone: 1 status: MONTH_REPORTED reported: true "
       "verified: true progress: 100 completed: 20260512 } } }"});
  d.WhenTimerFires("red_card", kYellow);
  EXPECT_EQ(d.state().planned_task().order_size(), 1);
}

// spec: O6 O11
TEST(TaskOrder, IsCancelledWithItsTask) {
  Unanswered d;
  d.As(Supervisor()).When("cancel_task { reason: '上级调整' }").AndNotice("oversight.order_closed");
  EXPECT_EQ(d.StateOf("o1").order().status(), v1::ORDER_CANCELLED);
  EXPECT_EQ(d.StateOf("o1").order().ending_text(), "上级调整");
  EXPECT_EQ(d.StateOf(kYellow).order().status(), v1::ORDER_CANCELLED);
  EXPECT_EQ(d.state().planned_task().order_size(), 0);
  d.AndNoTimer();
  d.WhenOn("o3", DraftText("ORDINARY", "LIGHT_RED")).ThenRefused("TASK_NOT_ACTIVE");
}

// spec: O6 O13
TEST(TaskOrder, IsClosedWhenItsTaskIsDoneButForFalsification) {
  for (const bool false_report : {false, true}) {
    const std::string ground = false_report ? "FALSIFICATION" : "OVERDUE_7WD_AFTER_YELLOW";
    Planned d;
    d.When(ReportText("2026-04", 100, "completed_day: '2026-04-27'"), LeadUnit(), Local("2026-04-28 09:00"));
    d.GivenOn("o1",
              {"order_drafted { order { status: ORDER_DRAFT card: CARD_RED task_id: 't1' to_org: 'c-hrss' "
               "ground: " +
                   ground + " } }",
               "order_issued { issuer_org: 'c-gov' }"});
    d.GivenOn(
        kTask,
        {"order_noted { note { order_id: 'o1' status: ORDER_ISSUED card: CARD_RED to_org: 'c-hrss' } }"});
    d.When(VerifyText("2026-04"), Supervisor(), Local("2026-05-06 09:00"));
    d.Frozen();
    EXPECT_EQ(d.state().planned_task().status(), v1::TASK_DONE);
    EXPECT_EQ(d.StateOf("o1").order().status(), false_report ? v1::ORDER_ISSUED : v1::ORDER_CLOSED);
    EXPECT_EQ(d.state().planned_task().order_size(), false_report ? 1 : 0);
  }
}

// spec: O15
TEST(TaskOrder, DraftedByPeopleOutlivesACorrectionOfTheGrade) {
  Behind d;
  d.WhenOn("o1", DraftText("ORDINARY", "LIGHT_RED"));
  d.Frozen().Published();
  d.As(Supervisor()).WhenOn(kAprilBoard, ChangeText("ask_grade_correction", "OSTRICH"));
  d.As(CityLeaderToSign()).WhenOn(kAprilBoard, SignText("sign_grade_correction"));
  EXPECT_FALSE(d.refusal());
  EXPECT_EQ(d.StateOf("o1").order().status(), v1::ORDER_DRAFT);
}

// ---- cards on the scorecard

// A card to the lead unit of the task b.
void Give(tests::Driven<OversightDomain>* desk, const std::string& id, const std::string& card) {
  const auto ask = [&](const std::string& command, const Actor& actor) {
    const auto outcome = desk->Do(id, command, actor);
    EXPECT_TRUE(outcome.status.ok() && !outcome.refusal) << command;
  };
  if (card == "YELLOW") {
    ask("draft_order { task_id: 'b' card: CARD_YELLOW ground: OVERDUE_3WD }", Supervisor());
    ask("issue_yellow { demand: '立即' }", Supervisor());
  } else {
    ask("draft_order { task_id: 'b' card: CARD_RED ground: FALSIFICATION facts: '虚报' }", Supervisor());
    ask("issue_red { demand: '整改' }", CityLeader());
  }
}

class CardsOnScorecard : public ScorecardTest {
 protected:
  // Yellow in April and taken back, red in April, and another in May; frozen on the 8th of May.
  void Month() {
    Plan("a", "c-housing");
    Plan("b", "c-hrss", MilestoneText("2026-04-01", "2026-04-03", {{"2026-04", 100}}));
    Until("2026-04-20 09:00");
    Give(&desk_, "y1", "YELLOW");
    Do("y1", "cancel_order { reason: '有误' }", Supervisor());
    Give(&desk_, "y2", "YELLOW");
    Give(&desk_, "r1", "RED");
    Until("2026-05-06 09:00");
    Do("r1", "cancel_order { reason: '另行处理' }", CityLeader());
    Give(&desk_, "r2", "RED");
    Until("2026-05-10 18:00");
  }
  static std::string CardsOf(const v1::Scorecard& card) {
    std::string text;
    for (const auto& unit : card.unit()) {
      text += unit.org_id() + ":";
      text += unit.has_red_cards()
                  ? " " + std::to_string(unit.yellow_cards()) + "/" + std::to_string(unit.red_cards())
                  : std::string(" -");
      text += "; ";
    }
    return text;
  }
};

// spec: O5 C11
TEST_F(CardsOnScorecard, AreThoseOfTheMonthThatStoodAtTheFreeze) {
  Month();
  // y1 and r1 were taken back before the freeze; y2 was given in April and replaced by a graver one; r2 is of May.
  EXPECT_EQ(CardsOf(Card(LeadUnit())), "c-housing: 0/0; c-hrss: 1/0; ");
}

// spec: O5 O15
TEST_F(CardsOnScorecard, StayThroughACorrectionAndWhatIsCancelledLater) {
  Plan("b", "c-hrss", MilestoneText("2026-04-01", "2026-04-03", {{"2026-04", 100}}));
  Until("2026-04-20 09:00");
  Give(&desk_, "y1", "YELLOW");
  EXPECT_EQ(CardsOf(Card(Supervisor())), "");
  Until("2026-05-10 18:00");
  Do("y1", "cancel_order { reason: '迟来的更正' }", Supervisor());
  Do(kAprilBoard, "ask_grade_correction { task_id: 'b' milestone: 1 grade: OX reason: '漏报有据' }",
     Supervisor());
  Do(kAprilBoard, "sign_grade_correction { task_id: 'b' milestone: 1 }", CityLeaderToSign());
  EXPECT_EQ(CardsOf(Card(LeadUnit())), "c-hrss: 1/0; ");
  EXPECT_EQ(CardsOf(Card(LeadUnit(), 1)), "c-hrss: 1/0; ");
}

// A card about a petition of the county's office is no number for a township.
// spec: O5 2.1.1
TEST(CardsOfAPetition, CountForThoseWhoMaySeeIt) {
  Planned d;
  d.GivenOn("o1",
            {"order_drafted { order { status: ORDER_DRAFT card: CARD_RED matter_id: 'P' to_org: 'c-hrss' "
             "seen_from: 4 matter_area_code: '371403001' } }"});
  d.At(Local("2026-04-20 09:00")).GivenOn("o1", {"order_issued { issuer_org: 'c-gov' }"});
  d.Frozen();
  ASSERT_EQ(d.BoardOf().cards_size(), 1);
  EXPECT_EQ(d.BoardOf().cards(0).red(), 1);
  EXPECT_EQ(d.BoardOf().cards(0).seen_from(), 4);
}

}  // namespace
}  // namespace oversight
