// Scorecards: frozen on the 8th, changed by two people only, published on the 10th whatever day that is, corrected as a
// new version; and the order that 蜗牛 twice running lets the platform draft.
#include "services/oversight/domain/rules.h"
#include "tests/oversight/task_world.h"

namespace oversight {
namespace {

constexpr char kMayBoard[] = "sc-371403-202605";
const int64_t kFreeze = EndOf("2026-05-07") + 1;

// spec: O13 DO-04
TEST(Scorecard, IsFrozenOnTheEighthByTheRules) {
  Planned d;
  EXPECT_EQ(d.BoardOf().freeze().policy_id(), "DO-04-FREEZE");
  d.Reported().Frozen().AndNotice("oversight.graded");
  EXPECT_EQ(d.now_ms(), kFreeze);
  EXPECT_EQ(base::LocalText(d.now_ms()), "2026-05-08 00:00");
  EXPECT_EQ(d.BoardOf().status(), v1::BOARD_FROZEN);
  EXPECT_EQ(d.BoardOf().freeze().outcome(), common::v1::CLOCK_MET);
  ASSERT_EQ(d.BoardOf().entry_size(), 1);
  EXPECT_EQ(d.BoardOf().entry(0).grade(), v1::OSTRICH);
  EXPECT_EQ(d.BoardOf().entry(0).lead_org(), "c-hrss");
  EXPECT_EQ(d.GradeIn(202604), v1::OSTRICH);
  // Nobody hears a grade that is not published.
  for (const auto& notice : d.notices()) {
    v1::Notice payload;
    ASSERT_TRUE(payload.ParseFromString(notice.payload()));
    EXPECT_EQ(payload.count_size(), 0);
    EXPECT_EQ(payload.to_org(), "c-hrss");
  }
}

// spec: O12 O13
TEST(Scorecard, TakesAnUnverifiedReportForProgressButNotForCompletion) {
  Planned d;
  d.When(ReportText("2026-04", 100, "completed_day: '2026-04-27'"), LeadUnit(), Local("2026-04-28 09:00"));
  d.Frozen();
  EXPECT_EQ(d.GradeIn(202604), v1::OX);
  EXPECT_FALSE(d.BoardOf().entry(0).verified());
  d.AndState("planned_task { status: TASK_ACTIVE }");
}

// spec: O13
TEST(Override, IsAskedBySupervisionAndCountsWhenALeaderSigns) {
  Planned d;
  d.Reported().Frozen();
  d.As(Supervisor()).WhenOn(kAprilBoard, ChangeText("ask_grade_override", "OX"));
  EXPECT_EQ(d.BoardOf().entry(0).grade(), v1::OSTRICH);  // not yet
  d.As(Supervisor()).WhenOn(kAprilBoard, SignText("sign_grade_override"));
  d.ThenRefused(RefusalCode::kNotAllowed);
  // One person with both roles is still one person.
  Actor both = Supervisor();
  *both.add_grant() = OtherLeader().grant(0);
  d.As(both).WhenOn(kAprilBoard, SignText("sign_grade_override")).ThenRefused("SAME_PERSON");
  d.As(OtherLeader()).WhenOn(kAprilBoard, SignText("sign_grade_override"));
  EXPECT_EQ(d.BoardOf().entry(0).grade(), v1::OX);
  EXPECT_EQ(d.BoardOf().entry(0).computed(), v1::OSTRICH);
  EXPECT_EQ(d.BoardOf().entry(0).reason(), "汛期停工");
  EXPECT_EQ(d.GradeIn(202604), v1::OX);
  d.As(OtherLeader()).WhenOn(kAprilBoard, SignText("sign_grade_override")).ThenRefused("NOTHING_TO_SIGN");
}

// spec: O13
TEST(Override, NeedsAReasonAnotherGradeAndForAHorseAVerifiedCompletion) {
  Planned d;
  d.Reported().Frozen();
  d.As(Supervisor())
      .WhenOn(kAprilBoard, ChangeText("ask_grade_override", "HORSE"))
      .ThenRefused("HORSE_NEEDS_COMPLETION");
  d.WhenOn(kAprilBoard, ChangeText("ask_grade_override", "OSTRICH")).ThenRefused("SAME_GRADE");
  d.WhenOn(kAprilBoard, ChangeText("ask_grade_override", "OX", "t2")).ThenRefused("NOT_ON_SCORECARD");
  d.WhenOn(kAprilBoard, "ask_grade_override { task_id: 't1' milestone: 1 grade: OX }").ThenRefused("CONTENT_NEEDED");
  d.As(OtherLeader()).WhenOn(kAprilBoard, ChangeText("ask_grade_override", "OX")).ThenRefused(RefusalCode::kNotAllowed);
}

// spec: O14 DO-04 2.6
TEST(Scorecard, ReleasedBeforeIsPublishedOnTheTenthThoughItIsASunday) {
  Planned d;
  d.Reported().Frozen();
  EXPECT_FALSE(tests::Learned().calendar().IsWorkingDay(*base::ParseDay("2026-05-10")));
  d.As(Supervisor()).At(Local("2026-05-08 15:00")).WhenOn(kAprilBoard, "release_scorecard {}");
  EXPECT_EQ(d.BoardOf().status(), v1::BOARD_FROZEN);
  d.WhenOn(kAprilBoard, "release_scorecard {}").ThenRefused("ALREADY_RELEASED");
  d.WhenTimerFires("publish", kAprilBoard).AndNotice("oversight.published");
  EXPECT_EQ(base::LocalText(d.now_ms()), "2026-05-10 00:00");
  EXPECT_EQ(d.BoardOf().status(), v1::BOARD_PUBLISHED);
  EXPECT_EQ(d.BoardOf().publication().outcome(), common::v1::CLOCK_MET);
  EXPECT_FALSE(d.BoardOf().unreleased());
  v1::Notice told;
  ASSERT_TRUE(told.ParseFromString(d.notices()[0].payload()));
  EXPECT_EQ(told.month(), 202604);
  EXPECT_EQ(told.board_version(), 1);
  EXPECT_EQ(told.count(2).grade(), v1::OSTRICH);
  EXPECT_EQ(told.count(2).count(), 1);
  d.WhenTimerFires("tell", kAprilBoard);
  d.AndState("planned_task { month { entry { status: MONTH_PUBLISHED } } }");
}

// spec: O14
TEST(Scorecard, ReleasedOnTheTenthIsPublishedAtOnce) {
  Planned d;
  d.Reported().Frozen();
  d.As(Supervisor())
      .At(Local("2026-05-10 08:00"))
      .WhenOn(kAprilBoard, "release_scorecard {}")
      .AndNotice("oversight.published");
}

// spec: O14 DO-04
TEST(Scorecard, ReleasedByNobodyIsPublishedOnTheTenthAllTheSameAndSaysSo) {
  Planned d;
  d.Reported().Frozen();
  d.As(Supervisor()).WhenOn(kAprilBoard, ChangeText("ask_grade_override", "OX"));
  d.WhenTimerFires("publish", kAprilBoard).AndNotice("oversight.published");
  EXPECT_EQ(base::LocalText(d.now_ms()), "2026-05-10 17:30");  // when offices close
  EXPECT_TRUE(d.BoardOf().unreleased());
  // What nobody signed has lapsed.
  EXPECT_EQ(d.BoardOf().entry(0).grade(), v1::OSTRICH);
  EXPECT_EQ(d.BoardOf().asked_size(), 0);
}

// spec: O15
TEST(Correction, IsANewVersionSignedByTheCityAndTheOldOneStays) {
  Planned d;
  d.Reported().Frozen().Published();
  d.As(Supervisor()).At(Local("2026-05-20 09:00")).WhenOn(kAprilBoard, ChangeText("ask_grade_override", "OX"));
  d.ThenRefused(RefusalCode::kWrongStatus);
  d.WhenOn(kAprilBoard, "ask_grade_correction { task_id: 't1' milestone: 1 grade: OX }").ThenRefused("CONTENT_NEEDED");
  d.WhenOn(kAprilBoard, ChangeText("ask_grade_correction", "OX"));
  EXPECT_EQ(d.BoardOf().newest().version(), 1);
  d.As(OtherLeader()).WhenOn(kAprilBoard, SignText("sign_grade_correction")).ThenRefused(RefusalCode::kNotAllowed);
  d.As(CityLeaderToSign()).WhenOn(kAprilBoard, SignText("sign_grade_correction")).AndNotice("oversight.published");
  EXPECT_EQ(d.BoardOf().newest().version(), 2);
  EXPECT_EQ(d.BoardOf().newest().reason(), "汛期停工");
  EXPECT_EQ(d.BoardOf().entry(0).grade(), v1::OX);
  ASSERT_EQ(d.BoardOf().former_size(), 1);
  EXPECT_EQ(d.BoardOf().former(0).version(), 1);
  EXPECT_EQ(d.BoardOf().former(0).entry(0).grade(), v1::OSTRICH);
  EXPECT_EQ(d.GradeIn(202604), v1::OX);
  v1::Notice told;
  ASSERT_TRUE(told.ParseFromString(d.notices()[0].payload()));
  EXPECT_EQ(told.board_version(), 2);
}

TEST(MaySeeScorecard, IsForSupervisionAndLeadersUntilItIsPublishedToItsArea) {
  Planned d;
  d.Reported().Frozen();
  EXPECT_TRUE(MaySee(d.StateOf(kAprilBoard), Supervisor()));
  EXPECT_TRUE(MaySee(d.StateOf(kAprilBoard), CityLeader()));
  EXPECT_FALSE(MaySee(d.StateOf(kAprilBoard), Head("c-housing")));
  EXPECT_FALSE(MaySee(d.StateOf(kAprilBoard), LeadUnit()));
  d.Published();
  EXPECT_TRUE(MaySee(d.StateOf(kAprilBoard), Head("c-housing")));
  EXPECT_TRUE(MaySee(d.StateOf(kAprilBoard), TownLeader()));
  EXPECT_FALSE(MaySee(d.StateOf(kAprilBoard), ActorOf(kernel::v1::ROLE_SV, "x", "371482")));
}

// April and May without a report, both published.
class TwoSnails : public Planned {
 public:
  explicit TwoSnails(const char* file = __builtin_FILE(), int line = __builtin_LINE())
      : Planned(AprilToJune(), file, line) {
    WhenTimerFires("month");
    Frozen().Published();
    EXPECT_EQ(state().planned_task().order_size(), 0);  // once is not twice
    Frozen(kMayBoard).Published(kMayBoard);
  }
};

// The order of a task that the platform drafts.
constexpr char kDraft[] = "or-t1-1";

// spec: O14 O2
TEST(SnailTwiceRunning, LetsThePlatformDraftAnOrdinaryOrderToTheLeadUnit) {
  TwoSnails d;
  EXPECT_EQ(d.GradeIn(202605), v1::SNAIL);
  const auto& order = d.StateOf(kDraft).order();
  EXPECT_EQ(order.status(), v1::ORDER_DRAFT);
  EXPECT_EQ(order.card(), common::v1::CARD_ORDINARY);
  EXPECT_EQ(order.ground(), v1::SNAIL_TWICE);
  EXPECT_EQ(order.task_id(), kTask);
  EXPECT_EQ(order.to_org(), "c-hrss");
  EXPECT_TRUE(order.automatic());
  ASSERT_EQ(d.state().planned_task().order_size(), 1);
  // A draft is for those who may issue it.
  EXPECT_TRUE(MaySee(d.StateOf(kDraft), CountyCentre()));
  EXPECT_FALSE(MaySee(d.StateOf(kDraft), LeadUnit()));
}

// In the simulator a second, milder order was proposed of a task that had a red card nobody had signed.
// spec: O14 O2
TEST(SnailTwiceRunning, ProposesNothingBesideAGraverCardThatWaitsToBeSigned) {
  Planned d(AprilToJune());
  d.WhenTimerFires("month");
  d.Frozen().Published();
  d.As(Supervisor()).WhenOn("o1", "draft_order { task_id: 't1' card: CARD_RED ground: FALSIFICATION facts: '未动工' }");
  EXPECT_FALSE(d.refusal());
  d.Frozen(kMayBoard).Published(kMayBoard);
  EXPECT_EQ(d.GradeIn(202605), v1::SNAIL);
  ASSERT_EQ(d.state().planned_task().order_size(), 1);
  EXPECT_EQ(d.state().planned_task().order(0).order_id(), "o1");
}

// spec: O3 O6 DO-02
TEST(SnailTwiceRunning, GivesAnOrderThatIsIssuedAnsweredAndClosedLikeAnyOther) {
  TwoSnails d;
  d.As(LeadUnit())
      .At(Local("2026-06-11 09:00"))
      .WhenOn(kDraft, "issue_order { demand: '限期推进' }")
      .ThenRefused(RefusalCode::kNotAllowed);
  d.As(CountyCentre()).WhenOn(kDraft, "issue_order { demand: '限期推进' }").AndNotice("oversight.order_issued");
  v1::Notice told;
  ASSERT_TRUE(told.ParseFromString(d.notices()[0].payload()));
  EXPECT_EQ(told.service(), "oversight");
  EXPECT_EQ(told.task_id(), kTask);
  EXPECT_EQ(told.matter_code(), "");
  EXPECT_EQ(d.StateOf(kDraft).order().clock().due_at_ms(), EndOf("2026-06-16"));
  d.AndState("planned_task { order { order_id: 'or-t1-1' status: ORDER_ISSUED } }");
  d.As(LeadUnit()).WhenOn(kDraft, "acknowledge_order {}");
  d.WhenOn(kDraft, "answer_order { result: '已推进' evidence: '照片' }");
  d.As(CountyCentre()).WhenOn(kDraft, "send_back_answer { reason: '不实' }");
  d.WhenTimerFires("order", kDraft);
  d.WhenTimerFires("order", kDraft);
  EXPECT_EQ(d.StateOf(kDraft).order().light(), common::v1::RED);
  d.As(LeadUnit()).WhenOn(kDraft, "answer_order { result: '已推进' evidence: '台账' }");
  d.As(CountyCentre()).WhenOn(kDraft, "accept_answer { text: '属实' }").AndNotice("oversight.order_closed");
  EXPECT_EQ(d.StateOf(kDraft).order().status(), v1::ORDER_CLOSED);
  // The card that was drafted while nobody answered waits for people.
  ASSERT_EQ(d.state().planned_task().order_size(), 1);
  EXPECT_EQ(d.state().planned_task().order(0).card(), common::v1::CARD_YELLOW);
  EXPECT_EQ(d.state().planned_task().order(0).status(), v1::ORDER_DRAFT);
  EXPECT_EQ(d.state().body_case(), v1::State::kPlannedTask);
}

// spec: O15
TEST(SnailTwiceRunning, CorrectedAwayTakesTheDraftWithIt) {
  TwoSnails d;
  ASSERT_EQ(d.state().planned_task().order_size(), 1);
  d.As(Supervisor()).WhenOn(kMayBoard, ChangeText("ask_grade_correction", "OX"));
  d.As(CityLeaderToSign()).WhenOn(kMayBoard, SignText("sign_grade_correction"));
  EXPECT_EQ(d.StateOf(kDraft).order().status(), v1::ORDER_CANCELLED);
  EXPECT_EQ(d.state().planned_task().order_size(), 0);
}

TEST(SnailTwiceRunning, MadeByACorrectionDraftsToo) {
  Planned d;
  d.Reported();
  d.WhenTimerFires("month");
  d.Frozen().Published();
  d.Frozen(kMayBoard).Published(kMayBoard);
  EXPECT_EQ(d.state().planned_task().order_size(), 0);
  d.As(Supervisor()).WhenOn(kAprilBoard, ChangeText("ask_grade_correction", "SNAIL"));
  d.As(CityLeaderToSign()).WhenOn(kAprilBoard, SignText("sign_grade_correction"));
  EXPECT_EQ(d.state().planned_task().order_size(), 1);
}

// More tasks than are graded in one go: frozen only when all are, each on the scorecard once.
TEST(Scorecard, OfManyTasksIsFrozenWhenTheLastIsGraded) {
  Planned d;
  constexpr int kMore = 130;
  for (int i = 0; i < kMore; ++i) {
    const std::string id = "x" + std::to_string(i);
    d.As(Supervisor()).At(Local("2026-04-01 11:00")).WhenOn(id, CreateText(AprilToJune(), "c-housing"));
    d.As(InCharge()).WhenOn(id, "confirm_task {}");
  }
  d.Frozen();
  EXPECT_EQ(d.BoardOf().status(), v1::BOARD_DRAFT);
  d.Frozen().Frozen();
  EXPECT_EQ(d.BoardOf().status(), v1::BOARD_FROZEN);
  std::set<std::string> ids;
  for (const auto& entry : d.BoardOf().entry()) ids.insert(entry.task_id());
  EXPECT_EQ(ids.size(), kMore + 1u);
  EXPECT_EQ(d.BoardOf().entry_size(), kMore + 1);
  d.Published();
  d.WhenTimerFires("tell", kAprilBoard).WhenTimerFires("tell", kAprilBoard).AndNoTimer("tell");
  EXPECT_EQ(d.StateOf("x129").planned_task().month(0).entry(0).status(), v1::MONTH_PUBLISHED);
}

}  // namespace
}  // namespace oversight
