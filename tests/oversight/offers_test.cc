// What is offered is what may succeed: commands the decision always refuses are no buttons. And whose order stands in
// whose way.
#include <algorithm>

#include "services/oversight/domain/rules.h"
#include "tests/oversight/task_world.h"

namespace oversight {
namespace {

constexpr char kDraft[] = "or-37140320261123I000001-1";
const int64_t kRed = EndOf("2026-11-30") + 1;  // the clock of the matter has run out
Actor TownCentre() { return ActorOf(kernel::v1::ROLE_TD, "t-centre", "371403001", "td1"); }

bool Offers(const v1::State& state, const Actor& actor, const std::string& command) {
  return std::ranges::count(AllowedCommands(state, actor), command) > 0;
}

// Before, each of these was offered, taken, and refused by the case service.
// spec: 3.6.6 B1
TEST(Offers, MoveAMatterOnlyAsItsServiceWillMoveIt) {
  struct {
    std::string observed;
    bool assign, down, up;
  } rows[] = {{Heard(1, kAtCounty), true, true, true},
              {Heard(1, "status: DISPATCHED category: '0105' current_level: 4 lead_org: 'c-hrss'"), true, false, true},
              {Heard(1, "status: PROCESSING category: '0105' current_level: 4 lead_org: 'c-hrss'"), true, false, true},
              {Heard(1, "status: ACCEPTED category: '0105' current_level: 2 lead_org: 'c-hrss'"), true, false, true},
              {HeardPetition(1, kHandled, "petition.accepted", kCode), false, false, false}};
  for (const auto& row : rows) {
    Desk d(tests::Learned(), kCode);
    d.When(row.observed, Platform(), kMonday);
    EXPECT_EQ(Offers(d.state(), CountyLeader(), "assignLead"), row.assign) << row.observed;
    EXPECT_EQ(Offers(d.state(), CountyLeader(), "sendDown"), row.down) << row.observed;
    EXPECT_EQ(Offers(d.state(), CountyLeader(), "askEscalation"), row.up) << row.observed;
    EXPECT_TRUE(Offers(d.state(), CountyLeader(), "instruct"));
  }
  Desk asked(tests::Learned(), kCode);
  asked.When(Heard(1, kAtCounty), Platform(), kMonday);
  asked.When("assign_lead { to_org: 'c-hrss' }", CountyLeader(), kMonday);
  EXPECT_FALSE(Offers(asked.state(), CountyLeader(), "assignLead")) << "it waits for an answer";
  EXPECT_TRUE(Offers(asked.state(), CountyLeader(), "sendDown"));
}

// spec: O7 B1
TEST(Offers, NoReportToAUnitThatHasReported) {
  Desk d(tests::Learned(), "in1");
  d.As(Platform()).At(kMonday).WhenOn(kCode, Heard(1, kAtCounty));
  d.When(std::string("instruct { matter_id: '") + kCode + "' text: '请办' due_at_ms: " +
             std::to_string(Local("2026-11-27 17:00")) + " addressee_org: 'c-hrss' addressee_org: 'c-housing' }",
         CountyLeader(), kMonday);
  d.When("distribute {}", CountyCentre(), kMonday);
  EXPECT_TRUE(Offers(d.state(), Head("c-hrss"), "report"));
  d.When("report { text: '已办' }", Head("c-hrss"), kMonday);
  EXPECT_FALSE(Offers(d.state(), Head("c-hrss"), "report"));
  EXPECT_TRUE(Offers(d.state(), Head("c-housing"), "report"));
}

// spec: O12 B1
TEST(Offers, AReportOfATaskToWhoeverHasOneToLookAt) {
  Planned d;
  EXPECT_FALSE(Offers(d.state(), Supervisor(), "verifyTaskReport")) << "nothing was reported";
  EXPECT_FALSE(Offers(d.state(), Supervisor(), "sendBackTaskReport"));
  EXPECT_TRUE(Offers(d.state(), LeadUnit(), "reportTask"));
  d.When(ReportText("2026-04", 20), LeadUnit(), Local("2026-04-28 09:00"));
  EXPECT_TRUE(Offers(d.state(), Supervisor(), "verifyTaskReport"));
  d.When("send_back_task_report { month: '2026-04' milestone: 1 reason: '无台账' }", Supervisor(),
         Local("2026-04-28 10:00"));
  EXPECT_FALSE(d.refusal());
  EXPECT_FALSE(Offers(d.state(), Supervisor(), "verifyTaskReport")) << "it was sent back";
  d.When(ReportText("2026-04", 20), LeadUnit(), Local("2026-04-29 09:00"));
  d.When(VerifyText("2026-04"), Supervisor(), Local("2026-04-29 10:00"));
  EXPECT_FALSE(d.refusal());
  EXPECT_FALSE(Offers(d.state(), Supervisor(), "verifyTaskReport"));
  EXPECT_FALSE(Offers(d.state(), LeadUnit(), "reportTask"));
}

// The township's centre holds a late matter, and has signed the order that a rule drafted against it, as it once could.
class Shielded : public Desk {
 public:
  Shielded() : Desk(tests::Learned(), "or9") {
    As(Platform()).At(kMonday).WhenOn(
        kCode, Heard(1, "status: PROCESSING category: '0105' current_level: 3 lead_org: 't-centre' holder_org: "
                        "'t-centre' " +
                            ClockText(kMonday, "t-centre")));
    WhenTimerFires("light/incident/i1/DI-05", kCode);
    WhenTimerFires("light/incident/i1/DI-05", kCode);
    At(kRed);
    GivenOn(kDraft, {"order_issued { demand: '办结' issuer_user_id: 'td1' issuer_org: 't-centre' issuer_level: 3 "
                     "area_code: '371403001' clock { policy_id: 'DO-02' started_at_ms: " +
                     std::to_string(kRed) + " due_at_ms: " + std::to_string(EndOf("2026-12-03")) +
                     " length { amount: 3 unit: WD } holder_org: 't-centre' } }"});
    GivenOn(kCode, {std::string("order_noted { note { order_id: '") + kDraft +
                    "' card: CARD_ORDINARY status: ORDER_ISSUED to_org: 't-centre' issued_at_ms: " +
                    std::to_string(kRed) + " due_at_ms: " + std::to_string(EndOf("2026-12-03")) + " } }"});
  }
  static std::string Draft() {
    return std::string("draft_order { matter_id: '") + kCode +
           "' card: CARD_ORDINARY ground: VIOLATION violation: 'V04' facts: '未答复' to_org: 't-centre' }";
  }
};

// Before, an order to oneself kept the level above from giving any.
// spec: O2 O3 3.1.3(3)
TEST(Order, OfTheUnitsOwnStandsInNobodysWay) {
  Shielded d;
  d.When(d.Draft(), Supervisor(), kRed);
  ASSERT_FALSE(d.refusal());
  EXPECT_FALSE(Offers(d.state(), TownCentre(), "issueOrder"));
  d.When("issue_order { demand: '办结' }", TownCentre(), kRed).ThenRefused("OWN_ORDER_ISSUE");
  EXPECT_TRUE(Offers(d.state(), CountyCentre(), "issueOrder"));
  d.When("issue_order { demand: '办结' }", CountyCentre(), kRed);
  d.AndState("order { status: ORDER_ISSUED issuer_level: 4 }");
  EXPECT_EQ(d.StateOf(kDraft).order().status(), v1::ORDER_UPGRADED) << "one demand at a time";
  d.As(Supervisor()).WhenOn("or10", d.Draft()).ThenRefused("ALREADY_ORDERED");
}

}  // namespace
}  // namespace oversight
