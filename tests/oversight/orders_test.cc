// Supervision orders: drafted on a ground, issued by whom the card asks for, answered in time, closed, replaced.
#include "services/oversight/domain/keys.h"
#include "services/oversight/domain/orders.h"
#include "services/oversight/domain/rules.h"
#include "services/oversight/domain/standing.h"
#include "services/oversight/queries.h"
#include "tests/oversight/matter_world.h"

namespace oversight {
namespace {

constexpr char kDraft[] = "or-37140320261123I000001-1";
Actor TownCentre() { return ActorOf(kernel::v1::ROLE_TD, "t-centre", "371403001", "td1"); }
Actor Supervisor() { return ActorOf(kernel::v1::ROLE_SV, "c-gov", "371403", "sv1"); }
Actor PetitionOffice() { return ActorOf(kernel::v1::ROLE_PO, "c-petition", "371403", "po1"); }
const int64_t kRed = EndOf("2026-11-30") + 1;  // Monday evening: the clock of the matter has run out

// A matter of the township, held by the county's department, late since Monday; the scenario is about the draft.
class Late : public Desk {
 public:
  explicit Late(const char* id = kDraft, const std::string& notice = kProcessing + ClockText(),
                const char* file = __builtin_FILE(), int line = __builtin_LINE())
      : Desk(tests::Learned(), id, file, line) {
    As(Platform()).At(kMonday).WhenOn(kCode, Heard(1, notice));
    WhenTimerFires("light/incident/i1/DI-05", kCode);
    WhenTimerFires("light/incident/i1/DI-05", kCode);
  }
  v1::Notice Payload() {
    v1::Notice notice;
    EXPECT_TRUE(!notices().empty() && notice.ParseFromString(notices()[0].payload()));
    return notice;
  }
};

// spec: O2
TEST(Order, IsDraftedByThePlatformWhenAClockTurnsRed) {
  Late d;
  d.AndNotice("oversight.order_drafted");
  d.AndState(
      "order { status: ORDER_DRAFT card: CARD_ORDINARY ground: LIGHT_RED policy_id: 'DI-05' to_org: 'c-hrss' "
      "automatic: true }");
  EXPECT_EQ(d.now_ms(), kRed);
  ASSERT_EQ(d.StateOf(kCode).matter().order_size(), 1);
  EXPECT_EQ(d.StateOf(kCode).matter().order(0).order_id(), kDraft);
  // Told again, late again: no second one while the first is open.
  d.As(Platform()).WhenOn(kCode, Heard(2, kProcessing + ClockText(kMonday + 1)));
  EXPECT_EQ(d.StateOf(kCode).matter().order_size(), 1);
  // A unit hears of an order, not of a draft.
  EXPECT_FALSE(MaySee(d.state(), Head("c-hrss")));
  EXPECT_TRUE(MaySee(d.state(), TownCentre()));
  d.AndIndex("order", OrderPrefix('d', "371403001") + OversightDomain::Indexes(kDraft, d.state())[0].key.substr(12));
}

// spec: O2
TEST(Draft, IsWithdrawnWhenTheMatterEnds) {
  Late d;
  d.As(Platform()).WhenOn(kCode, Heard(2, kEnded, "incident.closed"));
  d.AndState("order { status: ORDER_CANCELLED }").AndNoTimer().AndNotInIndex("order");
  EXPECT_EQ(d.StateOf(kCode).matter().order_size(), 0);
  EXPECT_TRUE(d.notices().empty());  // nobody heard of the draft
}

// spec: O3 O6 DO-02
TEST(Order, IsIssuedAnsweredAndClosed) {
  Late d;
  d.When("issue_order {}", TownCentre(), kRed).ThenRefused("CONTENT_NEEDED");  // what is asked of the unit
  d.When("issue_order { demand: '三日内办结并报告' }", TownCentre(), kRed)
      .ThenPartly({"order_issued { issuer_org: 't-centre' issuer_level: 3 clock { policy_id: 'DO-02' article: '平台默认' "
                   "started_by: 'order_issued' holder_org: 'c-hrss' } }",
                   tests::On{kCode, "order_noted { note { status: ORDER_ISSUED } }"}})
      .AndNotice("oversight.order_issued")
      .AndActedAs(kernel::v1::ROLE_TD);
  // Three working days: the order came on Tuesday 0:00.
  EXPECT_EQ(d.state().order().clock().due_at_ms(), EndOf("2026-12-04"));
  EXPECT_EQ(d.Payload().service(), "incident");
  EXPECT_EQ(d.Payload().order_id(), kDraft);
  EXPECT_EQ(d.Payload().card(), common::v1::CARD_ORDINARY);
  EXPECT_EQ(d.Payload().to_org(), "c-hrss");
  EXPECT_EQ(d.notices()[0].SerializeAsString().find("三日内"), std::string::npos);  // words travel nowhere
  d.When("acknowledge_order {}", Head("c-housing"), kRed + 1)
      .ThenRefused(RefusalCode::kNotFound)
      .When("acknowledge_order {}", Head("c-hrss"), kRed + 1)
      .AndState("order { status: ORDER_ACKNOWLEDGED }")
      .When("answer_order { result: '已办结' }")
      .ThenRefused("CONTENT_NEEDED")
      .When("answer_order { evidence: '结案照片' }")
      .ThenRefused("CONTENT_NEEDED")
      .When("answer_order { result: '已办结' evidence: '结案照片' }")
      .ThenPartly({"order_answered { answer { org_id: 'c-hrss' } clock { outcome: CLOCK_MET } }",
                   tests::On{kCode, "order_noted { note { status: ORDER_RESPONDED } }"}})
      .AndNoTimer()
      .When("accept_answer { text: '属实' }", TownCentre(), kRed + 2)
      .AndState("order { status: ORDER_CLOSED }")
      .AndNotice("oversight.order_closed")
      .AndNotInIndex("order");
  EXPECT_EQ(d.StateOf(kCode).matter().order_size(), 0);
}

// Who answers has it: an answer without a word before says so first, in the same breath.
// spec: O6 3.6.1
TEST(Answer, AcknowledgesWhatWasNotAcknowledged) {
  Late d;
  d.When("issue_order { demand: '办结' }", TownCentre(), kRed)
      .When("answer_order { result: '已办结' evidence: '照片' }", Head("c-hrss"), kRed + 1)
      .ThenPartly({"order_acknowledged { org_id: 'c-hrss' }", "order_answered { answer { org_id: 'c-hrss' } }",
                   tests::On{kCode, "order_noted { note { status: ORDER_RESPONDED } }"}})
      .AndState("order { status: ORDER_RESPONDED }");
  d.When("send_back_answer { reason: '没有办结' }", TownCentre(), kRed + 2)
      .When("acknowledge_order {}", Head("c-hrss"), kRed + 3)
      .When("answer_order { result: '已办结' evidence: '照片' }", Head("c-hrss"), kRed + 4)
      .ThenPartly({"order_answered {}", tests::On{kCode, "order_noted {}"}});
}

// spec: O6 DO-02
TEST(Answer, SentBackIsDueAnew) {
  Late d;
  d.When("issue_order { demand: '办结' }", TownCentre(), kRed)
      .When("answer_order { result: '在办' evidence: '无' }", Head("c-hrss"), kRed + 1)
      .When("send_back_answer {}", TownCentre(), EndOf("2026-12-03"))
      .ThenRefused("CONTENT_NEEDED")
      .When("send_back_answer { reason: '没有办结' }")
      .AndState("order { status: ORDER_SENT_BACK answer { sent_back: '没有办结' } }")
      .AndNotice("oversight.order_issued");  // the overlay of the case has the new date
  EXPECT_GT(d.state().order().clock().due_at_ms(), EndOf("2026-12-04"));
  d.When("answer_order { result: '办结' evidence: '照片' }", Head("c-hrss"), d.now_ms() + 1);
  EXPECT_EQ(d.state().order().answer_size(), 2);
}

// spec: O4 DO-02
TEST(YellowCard, FollowsAnOrdinaryOrderThatWasNotAnswered) {
  const char* yellow = "or-37140320261123I000001-2";
  Late d(yellow);
  d.As(TownCentre()).WhenOn(kDraft, "issue_order { demand: '办结' }");
  d.WhenTimerFires("order", kDraft).AndNotice("oversight.reminded");
  d.WhenTimerFires("order", kDraft);
  EXPECT_EQ(d.StateOf(kDraft).order().light(), common::v1::RED);
  d.AndState("order { status: ORDER_DRAFT card: CARD_YELLOW ground: UNANSWERED automatic: true }");
  EXPECT_EQ(d.state().order().previous_order_id(), kDraft);
  // The centre that holds the matter does not give it: the next level does, or supervision.
  d.When("issue_yellow { demand: '限期' }", TownCentre(), d.now_ms() + 1)
      .ThenRefused(RefusalCode::kNotAllowed)
      .When("issue_yellow { demand: '限期' }", CountyCentre(), d.now_ms())
      .AndNotice("oversight.order_issued")
      .AndState("order { status: ORDER_ISSUED clock { policy_id: 'DO-02-YELLOW' } }");
  EXPECT_EQ(d.state().order().clock().due_at_ms(), EndOf("2026-12-08"));  // given on a Saturday: two working days
  EXPECT_EQ(d.StateOf(kDraft).order().status(), v1::ORDER_UPGRADED);
  ASSERT_EQ(d.StateOf(kCode).matter().order_size(), 1);
  EXPECT_EQ(d.StateOf(kCode).matter().order(0).card(), common::v1::CARD_YELLOW);
}

// spec: O2 O4
TEST(YellowCard, RestsOnWhatTheMatterShows) {
  const std::string draft = std::string("draft_order { matter_id: '") + kCode + "' card: CARD_YELLOW ";
  struct {
    std::string ground, reason;
  } rows[] = {{"ground: LIGHT_RED", "GROUND_NOT_ENOUGH"},        {"ground: UNANSWERED", "GROUND_NOT_THERE"},
              {"ground: OVERDUE_3WD", "GROUND_NOT_THERE"},       {"ground: REWORKED_TWICE", "GROUND_NOT_THERE"},
              {"ground: RETURN_REFUSED_TWICE", "GROUND_NOT_THERE"}, {"ground: VIOLATION", "VALUE_NEEDED"}};
  for (const auto& row : rows) {
    Late d("own-1");
    d.When(draft + row.ground + " }", Supervisor(), kRed + 1).ThenRefused(row.reason);
  }
  Late d("own-1");
  d.When(draft + "ground: OVERDUE_3WD }", Supervisor(), EndOf("2026-12-03") + 1)
      .AndState("order { status: ORDER_DRAFT card: CARD_YELLOW automatic: false }");
}

// Flow 9: the verification fails twice.
// spec: O2 O4
TEST(YellowCard, IsDraftedAfterTwoReworksAndAfterTwoRefusedReturnsOnce) {
  Desk d(tests::Learned(), kDraft);
  d.As(Platform()).At(kMonday).WhenOn(kCode, Heard(1, kProcessing + "rework_count: 1"));
  EXPECT_EQ(d.StateOf(kCode).matter().order_size(), 0);
  d.WhenOn(kCode, Heard(2, kProcessing + "rework_count: 2", "incident.rework"));
  d.AndState("order { status: ORDER_DRAFT card: CARD_YELLOW ground: REWORKED_TWICE to_org: 'c-hrss' }");
  d.As(Supervisor()).WhenOn(kDraft, "cancel_order { reason: '已说明' }");
  d.As(Platform()).WhenOn(kCode, Heard(3, kProcessing + "rework_count: 2", "incident.progressed"));
  EXPECT_EQ(d.StateOf(kCode).matter().order_size(), 0);  // what people have decided is not drafted again
  d.WhenOn(kCode, Heard(4, kProcessing, "incident.return_refused"));
  EXPECT_EQ(d.StateOf(kCode).matter().order_size(), 0);
  d.WhenOn(kCode, Heard(5, kProcessing, "incident.return_refused"));
  ASSERT_EQ(d.StateOf(kCode).matter().order_size(), 1);
  EXPECT_EQ(d.StateOf("or-37140320261123I000001-2").order().ground(), v1::RETURN_REFUSED_TWICE);
}

// spec: O5 O6
TEST(RedCard, IsDraftedSevenWorkingDaysAfterTheYellowAndGivenByALeader) {
  const char* yellow = "or-37140320261123I000001-2";
  const char* red = "or-37140320261123I000001-3";
  Late d(red);
  d.As(TownCentre()).WhenOn(kDraft, "issue_order { demand: '办结' }");
  d.WhenTimerFires("order", kDraft);
  d.WhenTimerFires("order", kDraft);
  d.As(CountyCentre()).WhenOn(yellow, "issue_yellow { demand: '限期' }");
  const int64_t carded = d.now_ms();
  d.WhenTimerFires("red_card", yellow);
  EXPECT_GT(d.now_ms(), carded + 7 * base::kDayMs);
  d.AndState("order { status: ORDER_DRAFT card: CARD_RED ground: OVERDUE_7WD_AFTER_YELLOW }");
  d.When("issue_red { demand: '挂牌' }", Supervisor(), d.now_ms()).ThenRefused(RefusalCode::kNotAllowed);
  // A unit of the county level: the city leader's.
  d.When("issue_red { demand: '挂牌' }", CountyLeader(), d.now_ms()).ThenRefused("CITY_LEADER_NEEDED");
  d.When("issue_red { demand: '挂牌' }", CityLeader(), d.now_ms())
      .AndNotice("oversight.order_issued")
      .AndNotice("oversight.escalate_requested");  // the matter goes up one level
  EXPECT_EQ(d.StateOf(yellow).order().status(), v1::ORDER_UPGRADED);
  EXPECT_EQ(ReviewGroupAt(d.StateOf(kCode).matter(), 4), v1::RED_LIGHT);
  d.As(Platform()).WhenOn(kCode, Heard(2, kProcessing));  // no clock is late any more, the card is still out
  EXPECT_EQ(ReviewGroupAt(d.StateOf(kCode).matter(), 4), v1::RED_CARD);
}

// spec: O5 DO-02
TEST(RedCard, AgainstATownshipsUnitIsTheCountyLeaders) {
  Late d("own-1", "status: PROCESSING category: '0105' current_level: 3 lead_org: 't-centre' holder_org: 't-centre' " +
                      ClockText(kMonday, "t-centre"));
  d.When(std::string("draft_order { matter_id: '") + kCode + "' card: CARD_RED ground: FALSIFICATION }", Supervisor(),
         kRed + 1)
      .ThenRefused("CONTENT_NEEDED");
  d.When(std::string("draft_order { matter_id: '") + kCode +
             "' card: CARD_RED ground: FALSIFICATION facts: '照片与现场不符' }",
         Supervisor(), kRed + 1)
      .AndNotice("oversight.order_drafted")
      .When("issue_red { demand: '重办' }", CountyLeader(), kRed + 2)
      .AndState("order { status: ORDER_ISSUED clock { policy_id: 'DO-02-RED' } }");
  EXPECT_EQ(d.state().order().clock().due_at_ms(), EndOf("2026-12-02"));
}

// Flow 9: what was closed is opened again, because the photographs were of another place.
// spec: O2 O5
TEST(RedCard, IsDraftedAgainstTheUnitWhoseCompletionWasFalse) {
  Desk d(tests::Learned(), kDraft);
  d.As(Platform()).At(kMonday).WhenOn(kCode, Heard(1, kProcessing));
  d.WhenOn(kCode, Heard(2, kEnded, "incident.closed"));
  d.WhenOn(kCode, Heard(3, kAtCounty + "reason_code: 'RECURRED'", "incident.reopened"));
  EXPECT_EQ(d.StateOf(kCode).matter().order_size(), 0) << "what comes back is nobody's falsehood";
  d.WhenOn(kCode, Heard(4, kEnded, "incident.closed"));
  d.WhenOn(kCode, Heard(5, kAtCounty + "reason_code: 'FALSE_COMPLETION'", "incident.reopened"));
  d.AndState("order { status: ORDER_DRAFT card: CARD_RED ground: FALSIFICATION to_org: 'c-hrss' automatic: true }");
  d.WhenOn(kCode, Heard(6, kAtCounty, "incident.progressed"));
  EXPECT_EQ(d.StateOf(kCode).matter().order_size(), 1);
}

// spec: O5
TEST(RedCard, RestsOnALeakOrRetaliationOfTheViolationsOnly) {
  Late d("own-1");
  const std::string draft = std::string("draft_order { matter_id: '") + kCode + "' card: CARD_RED ground: VIOLATION ";
  d.When(draft + "violation: 'V04' facts: 'x' }", Supervisor(), kRed + 1).ThenRefused("GROUND_NOT_ENOUGH");
  d.When(draft + "violation: 'V99' facts: 'x' }", Supervisor(), kRed + 1).ThenRefused("UNKNOWN_CODE");
  d.When(draft + "violation: 'V11' facts: '泄露' }", Supervisor(), kRed + 1).AndNotice("oversight.order_drafted");
}

// spec: O3
TEST(Order, OnAPetitionIsThePetitionOffices) {
  Desk d(tests::Learned(), "own-1");
  d.As(Platform()).At(EndOf("2026-12-05")).WhenOn(kPetitionCode, HeardPetition(1, kHandled + PetitionClock()));
  const std::string draft = std::string("or-") + kPetitionCode + "-1";
  EXPECT_EQ(d.StateOf(draft).order().service(), "petition");
  d.As(TownCentre()).WhenOn(draft, "issue_order { demand: '答复' }").ThenRefused(RefusalCode::kNotFound);
  d.As(PetitionOffice()).WhenOn(draft, "issue_order { demand: '答复' }").AndNotice("oversight.order_issued");
}

// spec: O6
TEST(Order, IsTakenBackWithAReasonAndNobodyJudgesTheirOwnAnswer) {
  Late d;
  d.When("cancel_order {}", TownCentre(), kRed)
      .ThenRefused("CONTENT_NEEDED")
      .When("issue_order { demand: '办结' }")
      .When("cancel_order { reason: '发错' }")
      .AndState("order { status: ORDER_CANCELLED ending_text: '发错' }")
      .AndNotice("oversight.order_closed")
      .AndNoTimer();
  Late own("own-1", "status: PROCESSING current_level: 3 lead_org: 't-centre' holder_org: 't-centre' " +
                        ClockText(kMonday, "t-centre"));
  own.As(ActorOf(kernel::v1::ROLE_TD, "c-centre", "371403", "td9")).WhenOn(kDraft, "issue_order { demand: '办结' }");
  own.As(TownCentre()).WhenOn(kDraft, "answer_order { result: '办结' evidence: '照片' }");
  own.As(ActorOf(kernel::v1::ROLE_TD, "t-centre", "371403", "td2"))
      .WhenOn(kDraft, "accept_answer {}")
      .ThenRefused(RefusalCode::kNotAllowed);
  own.As(ActorOf(kernel::v1::ROLE_SV, "t-centre", "371403", "sv2"))
      .WhenOn(kDraft, "accept_answer {}")
      .ThenRefused("OWN_ANSWER");
}

// A supervisor draws up a card; whoever it is against neither sees the draft nor puts it away.
// spec: O4 O5 3.1.3(3)
TEST(Draft, IsNotPutAwayByTheUnitItIsAgainst) {
  Late red("own-1",
           "status: PROCESSING category: '0105' current_level: 3 lead_org: 't-centre' holder_org: 't-centre' " +
               ClockText(kMonday, "t-centre"));
  red.When(std::string("draft_order { matter_id: '") + kCode +
               "' card: CARD_RED ground: FALSIFICATION facts: '照片与现场不符' }",
           Supervisor(), kRed + 1);
  EXPECT_TRUE(MaySee(red.state(), CountyCentre()));
  EXPECT_FALSE(MaySee(red.state(), TownCentre()));
  EXPECT_TRUE(AllowedCommands(red.state(), TownCentre()).empty());
  red.When("cancel_order { reason: '不需要' }", TownCentre(), kRed + 2)
      .ThenRefused(RefusalCode::kNotFound)
      .When("cancel_order { reason: '不需要' }", CountyCentre(), kRed + 2)
      .ThenRefused(RefusalCode::kNotAllowed)  // it is not theirs to sign either
      .When("cancel_order { reason: '已查清' }", CountyLeader(), kRed + 2)
      .AndState("order { status: ORDER_CANCELLED ending_text: '已查清' }");
  // Nor does the centre that holds a matter put away or sign the ordinary order that a rule drafted against it.
  red.As(TownCentre()).WhenOn(kDraft, "cancel_order { reason: '不需要' }").ThenRefused("OWN_ORDER");
  EXPECT_TRUE(AllowedCommands(red.StateOf(kDraft), TownCentre()).empty());
  // Nor does a supervisor of the same unit, whatever other unit they also are of.
  Actor both = ActorOf(kernel::v1::ROLE_TD, "c-gov", "371403", "sv3");
  *both.add_grant() = ActorOf(kernel::v1::ROLE_SV, "t-centre", "371403", "sv3").grant(0);
  red.As(both).WhenOn(kDraft, "cancel_order { reason: '不需要' }").ThenRefused("OWN_ORDER");
}

// Before, a county's centre signed what a rule had drafted against it. What was signed so is judged above.
// spec: O3 O6 3.1.3(3)
TEST(Answer, ToAnOrderOfTheUnitsOwnIsJudgedByTheLevelAbove) {
  const Actor city_centre = ActorOf(kernel::v1::ROLE_CC, "city-centre", "3714", "cc1");
  Late d(kDraft,
         "status: PROCESSING category: '0105' current_level: 4 lead_org: 'c-centre' holder_org: 'c-centre' " +
             ClockText(kMonday, "c-centre"));
  EXPECT_EQ(d.state().order().sign_level(), common::v1::CITY) << "the level above is told of the draft";
  EXPECT_TRUE(AllowedCommands(d.state(), CountyCentre()).empty());
  EXPECT_EQ(AllowedCommands(d.state(), city_centre), (std::vector<std::string>{"issueOrder", "cancelOrder"}));
  d.When("issue_order { demand: '办结' }", CountyCentre(), kRed).ThenRefused("OWN_ORDER_ISSUE");
  d.Given({"order_issued { demand: '办结' issuer_user_id: 'cd1' issuer_org: 'c-centre' issuer_level: 4 area_code: "
           "'371403' clock { policy_id: 'DO-02' started_at_ms: " +
           std::to_string(kRed) + " due_at_ms: " + std::to_string(EndOf("2026-12-03")) +
           " length { amount: 3 unit: WD } holder_org: 'c-centre' } }"});
  d.When("answer_order { result: '办结' evidence: '照片' }", CountyCentre(), kRed + 1)
      .AndNotice("oversight.own_order_answered")  // it cannot judge itself: who can is told
      .AndState("order { status: ORDER_RESPONDED }");
  EXPECT_TRUE(AllowedCommands(d.state(), CountyCentre()).empty());
  d.When("accept_answer {}", CountyCentre(), kRed + 2)
      .ThenRefused("OWN_ANSWER")
      .When("cancel_order { reason: '不需要' }", CountyCentre(), kRed + 2)
      .ThenRefused("OWN_ORDER")
      .When("accept_answer {}", TownLeader(), kRed + 2)
      .ThenRefused(RefusalCode::kNotAllowed);
  const std::vector<std::string> judges = {"cancelOrder", "acceptAnswer", "sendBackAnswer"};
  EXPECT_EQ(AllowedCommands(d.state(), CountyLeader()), judges);
  EXPECT_EQ(AllowedCommands(d.state(), city_centre), judges);
  d.When("send_back_answer { reason: '未见实效' }", city_centre, kRed + 3)
      .AndState("order { status: ORDER_SENT_BACK }")
      .When("answer_order { result: '办结' evidence: '新照片' }", CountyCentre(), kRed + 4)
      .When("accept_answer {}", CountyLeader(), kRed + 5)
      .AndState("order { status: ORDER_CLOSED }");
}

// spec: O6 O7
TEST(Order, IsReadTakenAndAnsweredByWhoeverDecidesForTheUnit) {
  using namespace kernel::v1;  // NOLINT: role names
  for (const Role role : {ROLE_DM, ROLE_GH, ROLE_TD, ROLE_CD, ROLE_CC, ROLE_MC, ROLE_PO, ROLE_CT, ROLE_DI}) {
    Late d;
    const Actor unit = ActorOf(role, "c-hrss", "371403", "u7");
    d.When("issue_order { demand: '办结' }", TownCentre(), kRed)
        .When("acknowledge_order {}", unit, kRed + 1)
        .AndState("order { status: ORDER_ACKNOWLEDGED }")
        .When("answer_order { result: '办结' evidence: '照片' }", unit, kRed + 2)
        .AndState("order { status: ORDER_RESPONDED }");
    EXPECT_TRUE(MaySee(d.state(), unit)) << Role_Name(role);
  }
  Late d;
  const Actor handler = ActorOf(ROLE_DH, "c-hrss", "371403", "u8");
  d.When("issue_order { demand: '办结' }", TownCentre(), kRed).When("acknowledge_order {}", handler, kRed + 1);
  EXPECT_TRUE(MaySee(d.state(), handler));
  d.When("answer_order { result: '办结' evidence: '照片' }", handler, kRed + 2).ThenRefused(RefusalCode::kNotAllowed);
}

// spec: O2 O5
TEST(Draft, IsNotToldToTheUnitBeforeItIsSigned) {
  Late d("own-1");
  d.When(std::string("draft_order { matter_id: '") + kCode +
             "' card: CARD_RED ground: FALSIFICATION facts: '照片与现场不符' }",
         Supervisor(), kRed + 1)
      .AndNotice("oversight.order_drafted");
  EXPECT_EQ(d.Payload().to_org(), "");
  EXPECT_EQ(d.notices()[0].level(), common::v1::CITY) << "against a unit of the county the city's leader signs";
  EXPECT_EQ(d.notices()[0].area_code(), "3714");
  EXPECT_EQ(d.notices()[0].SerializeAsString().find("c-hrss"), std::string::npos);
  d.When("issue_red { demand: '重办' }", CityLeader(), kRed + 2).AndNotice("oversight.order_issued");
  EXPECT_EQ(d.Payload().to_org(), "c-hrss");
}

// Both were drafted before either was signed: the card still takes the place of the order.
// spec: O4
TEST(YellowCard, TakesThePlaceOfAnOrderThatWasADraftWhenItWasDrafted) {
  const std::string draft =
      std::string("draft_order { matter_id: '") + kCode + "' card: CARD_YELLOW ground: OVERDUE_3WD }";
  const int64_t late = EndOf("2026-12-03") + 1;
  Late d("own-1");
  d.When(draft, Supervisor(), late);
  EXPECT_EQ(d.state().order().previous_order_id(), "");
  d.As(TownCentre()).WhenOn(kDraft, "issue_order { demand: '办结' }");
  d.When("issue_yellow { demand: '限期' }", Supervisor(), late + 1).AndNotice("oversight.order_issued");
  EXPECT_EQ(d.StateOf(kDraft).order().status(), v1::ORDER_UPGRADED);
  ASSERT_EQ(d.StateOf(kCode).matter().order_size(), 1);
  EXPECT_EQ(d.StateOf(kCode).matter().order(0).order_id(), "own-1");
  // Nor can the milder one be signed afterwards.
  Late unsigned_one("own-1");
  unsigned_one.When(draft, Supervisor(), late).When("issue_yellow { demand: '限期' }", Supervisor(), late + 1);
  unsigned_one.As(TownCentre()).WhenOn(kDraft, "issue_order { demand: '办结' }").ThenRefused(RefusalCode::kWrongStatus);
}

// spec: 3.6.3
TEST(Escalation, IsAskedOfTheCaseServiceWithWhatWasTried) {
  Desk d(tests::Learned(), kCode);
  d.When(Heard(1, kProcessing), Platform(), kMonday)
      .When("ask_escalation { reason_code: 'BEYOND_ABILITY' }", TownLeader(), kMonday)
      .ThenRefused("CONTENT_NEEDED")
      .When("ask_escalation { reason_code: 'BEYOND_ABILITY' tried: '两次入户' }")
      .ThenPartly({"escalation_asked { asked { kind: ESCALATE to_level: 4 tried: '两次入户' } service: 'incident' }"})
      .AndNotice("oversight.escalate_requested")
      .When("ask_escalation { reason_code: 'BEYOND_ABILITY' tried: '又一次' }")
      .ThenRefused("ALREADY_ASKED");
  EXPECT_EQ(d.StateOf(kCode).matter().part(0).incident().current_level(), 3);  // it decides by its own rules
}

// What people asked for carries their reason and their office, and what was tried is there to be read.
// spec: 3.6.1 3.6.3
TEST(Escalation, ThatPeopleAskedForIsTheirsAndNotTheMachines) {
  Desk d(tests::Learned(), kCode);
  d.When(Heard(1, kProcessing), Platform(), kMonday)
      .When("ask_escalation { reason_code: 'BEYOND_ABILITY' tried: '两次入户' }", TownLeader(), kMonday);
  const v1::Asked asked = d.state().matter().asked(0);
  EXPECT_EQ(asked.tried(), "两次入户");
  const std::string went_up = "escalation { from: 3 to: 4 reason: 'ASKED' automatic: true } ";
  d.As(Platform()).WhenOn(kCode, Heard(2, kAtCounty + went_up + "answer { instruction_id: '" + asked.instruction_id() +
                                              "' done: true }", "incident.escalated"));
  ASSERT_EQ(d.state().matter().escalation_size(), 1);
  EXPECT_FALSE(d.state().matter().escalation(0).automatic());
  EXPECT_EQ(d.state().matter().escalation(0).reason(), "BEYOND_ABILITY");
  EXPECT_EQ(d.state().matter().escalation(0).asked_by_org(), "t-gov");
  Desk by_rule(tests::Learned(), kCode);
  by_rule.When(Heard(1, kProcessing), Platform(), kMonday).When(Heard(2, kAtCounty + kClimbed), Platform(), kMonday);
  EXPECT_TRUE(by_rule.state().matter().escalation(0).automatic());
}

// Before, a unit laid a card against itself that nobody would sign, and no other order could be given.
// spec: O2 O3 O4
TEST(Draft, IsNotMadeByTheUnitItIsAgainstAndStandsInNobodysWay) {
  const std::string to_centre =
      std::string("draft_order { matter_id: '") + kCode + "' facts: '弄虚作假' to_org: 't-centre' ";
  Late d("or9");
  d.When(to_centre + "card: CARD_RED ground: FALSIFICATION }", TownCentre(), kRed).ThenRefused("OWN_ORDER_DRAFT");
  EXPECT_EQ(d.refusal()->field, "to_org");
  d.When(to_centre + "card: CARD_RED ground: FALSIFICATION }", Supervisor(), kRed);
  EXPECT_FALSE(d.refusal());
  d.WhenOn("or10", to_centre + "card: CARD_RED ground: FALSIFICATION }").ThenRefused("ALREADY_ORDERED");
  d.WhenOn("or10", to_centre + "card: CARD_ORDINARY ground: VIOLATION violation: 'V04' }");
  EXPECT_FALSE(d.refusal()) << "what nobody has signed replaces no order";
}

// Before, only the leader who might sign it could put it away.
// spec: O2
TEST(Draft, IsTakenBackByWhoeverMadeIt) {
  Late d("or9");
  d.When(std::string("draft_order { matter_id: '") + kCode +
             "' card: CARD_RED ground: FALSIFICATION facts: '弄虚作假' to_org: 'c-hrss' }",
         Supervisor(), kRed);
  const Actor other = ActorOf(kernel::v1::ROLE_SV, "c-gov", "371403", "sv2");
  d.When("cancel_order { reason: '查明不实' }", other, kRed).ThenRefused("NOT_ALLOWED");
  d.When("cancel_order { reason: '查明不实' }", Supervisor(), kRed).AndState("order { status: ORDER_CANCELLED }");
}

// Before, the matter told the unit of the card that the order itself kept from it.
// spec: O4 O5
TEST(Card, ThatNobodyHasSignedIsNotOnTheMatterForItsUnit) {
  Late d("or9");
  d.When(std::string("draft_order { matter_id: '") + kCode +
             "' card: CARD_RED ground: FALSIFICATION facts: '弄虚作假' to_org: 't-centre' }",
         Supervisor(), kRed);
  EXPECT_FALSE(d.refusal()) << d.refusal()->reason;
  const auto shown_to = [&](const Actor& actor) {
    std::string cards;
    const v1::ReviewItem item = ReviewItemOf(d.StateOf(kCode).matter(), 4, actor, kRed);
    for (const auto& note : item.order()) cards += common::v1::Card_Name(note.card()) + " ";
    return cards;
  };
  EXPECT_EQ(shown_to(CountyLeader()), "CARD_ORDINARY CARD_RED ");
  EXPECT_EQ(shown_to(TownCentre()), "CARD_ORDINARY ");
}

// Before, an order carried a petition to bureaus that had nothing to do with it.
// spec: O2 R9
TEST(Order, AboutAPetitionGoesToWhoeverHasADutyInIt) {
  const auto to = [](const char* org) {
    return std::string("draft_order { matter_id: '") + kPetitionCode +
           "' card: CARD_ORDINARY ground: VIOLATION violation: 'V04' facts: '拖延' to_org: '" + org + "' }";
  };
  Desk d(tests::Learned(), "or9");
  d.As(Platform()).At(kMonday).WhenOn(kPetitionCode, HeardPetition(1, kHandled + PetitionClock()));
  d.When(to("c-housing"), Supervisor(), kMonday).ThenRefused("MATTER_NOT_THEIRS");
  EXPECT_EQ(d.refusal()->field, "to_org");
  d.When(to("c-hrss"), Supervisor(), kMonday);
  EXPECT_FALSE(d.refusal());
}

}  // namespace
}  // namespace oversight
