// Review and re-review: by whom, within what, and what ends the matter.
#include <algorithm>

#include "tests/petition/petition_world.h"

namespace petition {
namespace {

// The township government handles: review by the county's, re-review by the city's.
struct TownshipDelivered : Matter {
  TownshipDelivered() : Matter(At::kRegistered) {
    const Actor handler = ActorOf(ROLE_PH, "t-gov", "371403001", "ph3");
    When("forward { to_org: 't-gov' reason: '属地' }", Office(), kMonday)
        .When(kReceive, handler, kMonday)
        .When(kAccept);
    When(kHeard)
        .When(kLooked)
        .When(DraftText())
        .When(kIssue, ActorOf(ROLE_DM, "t-gov", "371403001", "dm3"), kMonday);
    When(DeliverText(kMonday), handler, kMonday);
    EXPECT_FALSE(refusal());
  }
};

// Art. 35: 请求原办理机关、单位的上一级机关、单位复查. Art. 36: 向复查机关、单位的上一级机关、单位请求复核.
// spec: P21 P23 DP-08 DP-10
TEST(HigherBody, FollowsFromTheOrganisationTree) {
  TownshipDelivered t;
  t.When(kAskReview, Resident(), kMonday);
  EXPECT_EQ(t.state().stage(1).body_org(), "c-gov");
  t.When(kTakeRequest, CityReviewer(), kMonday).ThenRefused(RefusalCode::kNotAllowed);  // not the city's
  t.When(ReviewText(), CityReviewer(), kMonday).ThenRefused(RefusalCode::kNotAllowed);
  t.When(kTakeRequest, CountyReviewer(), kMonday).When(ReviewText());
  t.When(DeliverText(kMonday), CountyReviewer(), kMonday);
  t.When(kAskRecheck, Resident(), kMonday);
  EXPECT_EQ(t.state().stage(2).body_org(), "city-gov");
  EXPECT_FALSE(t.state().stage(2).body_external());
  Matter c(At::kRechecking);
  EXPECT_EQ(c.state().stage(1).body_org(), "city-hrss");
  EXPECT_EQ(c.state().stage(2).body_org(), "37-gov");  // the province, entered by the city's petition office
  EXPECT_TRUE(c.state().stage(2).body_external());
  EXPECT_EQ(c.DueOf("DP-10"), EndOf("2026-12-23"));
  c.When(RecheckText(), Office(), kMonday).ThenRefused(RefusalCode::kNotAllowed);
  c.When(RecheckText(), CityOffice(), kMonday).AndNotice("petition.recheck_decided");
}

// Art. 35: 应当自收到复查请求之日起30日内提出复查意见. 山东 43: 三个工作日内决定是否受理. 2026-05-20 and 30 days is 06-19, the Dragon Boat
// holiday to 06-21: 06-22. Three working days: 05-25.
// spec: P21 DP-08 DP-11
TEST(Review, HasThirtyDaysAndThreeToAccept) {
  Matter m(At::kDelivered, Local("2026-04-30 10:00"));
  m.When(kAskReview, Resident(), Local("2026-05-20 10:00")).AndNotice("petition.review_requested");
  EXPECT_EQ(m.OutcomeOf("DP-07"), common::v1::CLOCK_MET);
  EXPECT_EQ(m.DueOf("DP-08"), EndOf("2026-06-22"));
  EXPECT_EQ(m.DueOf("DP-11"), EndOf("2026-05-25"));
  m.When("decide_review_request { accepted: true }", CityReviewer(), Local("2026-05-22 10:00"))
      .ThenRefused(RefusalCode::kInvalid, "NOTICE_NEEDED");  // whoever asked is told in writing, either way
  m.When(kTakeRequest).AndNotice("petition.review_request_decided");
  EXPECT_EQ(m.OutcomeOf("DP-11"), common::v1::CLOCK_MET);
  m.When(kTakeRequest).ThenRefused("ALREADY_ACCEPTED");
}

// An opinion came out on a request that nobody had taken.
// spec: P21 P22 P25 DP-11
TEST(Review, DecidesWhatItHasTaken) {
  Matter m(At::kReviewAsked);
  EXPECT_FALSE(std::ranges::count(AllowedCommands(m.state(), CityReviewer()), "issueReview"));
  m.When(ReviewText(), CityReviewer(), kMonday).ThenRefused(RefusalCode::kGuard, "REQUEST_NOT_TAKEN");
  m.When(kTakeRequest).When(ReviewText()).AndNotice("petition.review_decided");
  Matter again(At::kRecheckAsked);
  again.When(CallText(kMonday + 1), Rechecker(), kMonday).ThenRefused("REQUEST_NOT_TAKEN");
  again.When("start_hearing {}").ThenRefused("REQUEST_NOT_TAKEN");
  again.When(RecheckText()).ThenRefused("REQUEST_NOT_TAKEN");
  again.When(kTakeRequest).When(RecheckText()).AndNotice("petition.recheck_decided");
}

const std::string kDecline = "decide_review_request { " + kNotice + "}";

// Art. 35 gives thirty days to ask; a request that was not fit ended them. It may be made again within them, and nobody
// gets more: delivered on 11-23, they end on 12-23.
// spec: P21 P20 DP-07
TEST(Review, ThatIsNotTakenMayBeAskedForAgainInTime) {
  Matter m(At::kReviewAsked);
  m.When("decide_review_request {}", CityReviewer(), kMonday).ThenRefused("NOTICE_NEEDED");  // 说明理由
  const int64_t later = Local("2026-11-25 09:00");
  m.When(kDecline, CityReviewer(), later).AndNotice("petition.review_request_decided");
  EXPECT_EQ(m.Payload().status(), v1::DELIVERED);
  EXPECT_EQ(m.state().status(), v1::DELIVERED);
  EXPECT_EQ(m.state().stage_size(), 1);
  ASSERT_EQ(m.state().refused_request_size(), 1);
  EXPECT_EQ(m.state().refused_request(0).refused_at_ms(), later);
  EXPECT_EQ(m.OutcomeOf("DP-08"), common::v1::CLOCK_CANCELLED);
  EXPECT_TRUE(m.Runs("DP-07"));
  EXPECT_EQ(m.DueOf("DP-07"), EndOf("2026-12-23"));
  m.When(kAskReview, Resident(), later).AndNotice("petition.review_requested");
  EXPECT_EQ(m.state().stage(1).body_org(), "city-hrss");  // above who handled it, as the first time
  m.When(kDecline, CityReviewer(), later);
  m.WhenTimerFires("due/DP-07").AndNotice("petition.closed").AndNoTimer();  // and nobody asked once more
  EXPECT_EQ(m.state().closed_reason(), "DP-07");
}

// spec: P23 P26 DP-09
TEST(Recheck, ThatIsNotTakenMayBeAskedForAgainInTime) {
  Matter m(At::kRecheckAsked);
  m.When(kDecline, Rechecker(), Local("2026-11-25 09:00"));
  EXPECT_EQ(m.state().status(), v1::REVIEW_DELIVERED);
  EXPECT_EQ(m.OutcomeOf("DP-10"), common::v1::CLOCK_CANCELLED);
  EXPECT_EQ(m.DueOf("DP-09"), EndOf("2026-12-23"));
  m.When(kAskRecheck, Resident(), EndOf("2026-12-23")).AndNotice("petition.recheck_requested");
  EXPECT_EQ(m.state().stage(2).body_org(), "37-gov");
}

// Asked on the last day and not taken two days later: there is no time left to ask in.
// spec: P21 P20 DP-07
TEST(Review, ThatIsNotTakenAfterTheThirtyDaysEndsThePetition) {
  Matter m(At::kDelivered);
  m.When(kAskReview, Resident(), EndOf("2026-12-23"));
  m.When(kDecline, CityReviewer(), Local("2026-12-25 09:00")).AndNoTimer();
  EXPECT_EQ(m.state().status(), v1::CLOSED);
  EXPECT_EQ(m.state().closed_reason(), "DP-07");
  m.When(kAskReview, Resident(), Local("2026-12-25 10:00")).ThenRefused("ASKED_TOO_LATE");
}

// Art. 35: 可以自收到书面答复之日起30日内.
// spec: P21 DP-07
TEST(Review, IsAskedForByThePetitionerInTime) {
  Matter m(At::kDelivered, Local("2026-04-30 10:00"));
  m.When(kAskReview, Resident("stranger"), Local("2026-05-20 10:00")).ThenRefused(RefusalCode::kNotFound);
  m.When(kAskReview, Resident(), EndOf("2026-06-01") + 1).ThenRefused("ASKED_TOO_LATE");
  m.When("request_review {}", Resident(), EndOf("2026-06-01")).ThenRefused("CONTENT_NEEDED");  // why
  m.When(kAskReview, Resident(), EndOf("2026-06-01")).AndNotice("petition.review_requested");
}

// 民诉法 85: 期间不包括在途时间. A letter posted in time opens what the platform closed.
// spec: P20 P21 P26
TEST(Review, PostedInTimeReopensWhatSilenceClosed) {
  Matter m(At::kDelivered, Local("2026-04-30 10:00"));
  m.WhenTimerFires("due/DP-07");
  const int64_t now = Local("2026-06-04 09:00");
  auto posted = [](const char* day) {
    return "request_review { grounds: '信件' requested_at_ms: " + std::to_string(Local(day)) + " }";
  };
  m.When(posted("2026-06-02 09:00"), Clerk(), now).ThenRefused("ASKED_TOO_LATE");
  m.When(kAskReview, Resident(), now).ThenRefused("ASKED_TOO_LATE");  // online there is no post
  m.When(posted("2026-06-01 17:00"), Clerk(), now).AndNotice("petition.review_requested");
  EXPECT_EQ(m.DueOf("DP-08"), EndOf("2026-07-06"));  // from the day it was received: 07-04 is a Saturday
  EXPECT_EQ(m.state().status(), v1::REVIEWING);
  EXPECT_EQ(m.state().stage(1).requested_at_ms(), Local("2026-06-01 17:00"));  // as the papers say
}

// Art. 35, 36: 自收到复查请求之日起: the day it came in, whenever somebody types it.
// spec: P21 P23 DP-08 DP-10 DP-11
TEST(Review, HasItsPeriodFromTheDayTheRequestCameIn) {
  Matter m(At::kDelivered, Local("2026-04-30 10:00"));
  auto came = [](const char* command, const char* posted, const char* day) {
    return std::string(command) + " { grounds: '信件' requested_at_ms: " + std::to_string(Local(posted)) +
           " received_at_ms: " + std::to_string(Local(day)) + " }";
  };
  const int64_t now = Local("2026-05-22 09:00");
  m.When(came("request_review", "2026-05-18 09:00", "2026-05-23 09:00"), Clerk(), now)
      .ThenRefused(RefusalCode::kInvalid, "BAD_TIME");
  m.When(came("request_review", "2026-05-18 09:00", "2026-05-17 09:00")).ThenRefused(RefusalCode::kInvalid, "BAD_TIME");
  m.When(came("request_review", "2026-05-18 09:00", "2026-05-20 09:00"), Clerk(), now);
  EXPECT_EQ(m.DueOf("DP-08"), EndOf("2026-06-22"));  // 06-19 is the Dragon Boat Festival
  EXPECT_EQ(m.DueOf("DP-11"), EndOf("2026-05-25"));
  m.When(kTakeRequest, CityReviewer(), Local("2026-06-01 09:00"))
      .When(ReviewText())
      .When(DeliverText(Local("2026-06-01 10:00")), CityReviewer(), Local("2026-06-01 10:00"));
  m.When(came("request_recheck", "2026-06-08 09:00", "2026-06-10 09:00"), Clerk(), Local("2026-06-12 09:00"));
  EXPECT_EQ(m.DueOf("DP-10"), EndOf("2026-07-10"));
  Matter online(At::kDelivered, Local("2026-04-30 10:00"));  // who asks online is heard at once
  online.When(came("request_review", "2026-05-18 09:00", "2026-05-20 09:00"), Resident(), now);
  EXPECT_EQ(online.ClockOf("DP-08").started_at_ms(), now);
}

// spec: P22 DP-08 DP-09
TEST(Review, UpheldAndDeliveredGivesThirtyDaysForTheRecheck) {
  Matter m(At::kReviewing);
  EXPECT_EQ(m.DueOf("DP-08"), EndOf("2026-12-23"));
  m.When(DeliverText(kMonday), CityReviewer(), kMonday).ThenRefused("NOTHING_TO_DELIVER");
  m.When("issue_review { review_result: UPHELD opinion { opinion: '复查' basis: '规定' } }").ThenRefused("CONTENT_NEEDED");
  m.When(ReviewText(), CityReviewer(), kMonday).AndNotice("petition.review_decided");
  EXPECT_EQ(m.OutcomeOf("DP-08"), common::v1::CLOCK_MET);
  EXPECT_EQ(m.Payload().review_result(), v1::UPHELD);
  m.When(ReviewText(), Rechecker(), kMonday).ThenRefused("ALREADY_ISSUED");
  m.When(DeliverText(kMonday), CityReviewer(), Local("2026-11-24 09:00"));
  EXPECT_EQ(m.state().status(), v1::REVIEW_DELIVERED);
  EXPECT_EQ(m.DueOf("DP-09"), EndOf("2026-12-23"));
}

// Whose opinion was reviewed said from when the citizen's thirty days ran, and made the last word the last.
// spec: P22 P25 DP-09 信访工作条例36
TEST(Review, IsDeliveredByWhoReviewed) {
  TownshipDelivered t;
  const Actor handler = ActorOf(ROLE_PH, "t-gov", "371403001", "ph3");
  const Actor clerk_below = ActorOf(ROLE_PC, "t-petition", "371403001", "pc3");
  t.When(kAskReview, Resident(), kMonday).When(kTakeRequest, CountyReviewer(), kMonday).When(ReviewText());
  t.When(DeliverText(kMonday), handler, kMonday).ThenRefused(RefusalCode::kNotAllowed, "NOT_ALLOWED");
  t.When(DeliverText(kMonday), clerk_below, kMonday);
  EXPECT_TRUE(t.refusal());
  t.When(DeliverText(kMonday), Clerk(), kMonday).AndNotice("petition.delivered");  // the county's own clerk
  EXPECT_EQ(t.state().status(), v1::REVIEW_DELIVERED);
  t.When(kAskRecheck, Resident(), kMonday).When(kTakeRequest, Rechecker(), kMonday).When(RecheckText());
  t.When(DeliverText(kMonday), handler, kMonday).ThenRefused(RefusalCode::kNotAllowed);
  t.When(DeliverText(kMonday), Clerk(), kMonday).ThenRefused(RefusalCode::kNotAllowed);  // nor the county's
  t.When(DeliverText(kMonday), Rechecker(), kMonday).AndNotice("petition.final");
}

// 维持原意见 and 支持 stood on one paper, and the petitioner got neither.
// spec: P22 P25 山东45
TEST(Review, ThatUpholdsHasNoOtherResult) {
  const auto with = [](std::string text, const char* result) {
    return text.replace(text.find("basis: '规定' "), 0, "result: " + std::string(result) + " ");
  };
  Matter m(At::kReviewing);
  m.When(with(ReviewText(), "SUPPORTED"), CityReviewer(), kMonday)
      .ThenRefused(RefusalCode::kInvalid, "RESULT_NOT_UPHELD");
  EXPECT_EQ(m.refusal()->field, "opinion.result");
  m.When(with(ReviewText(), "NOT_SUPPORTED")).AndNotice("petition.review_decided");
  Matter changed(At::kReviewing);  // what the re-review upholds is what the review made of it
  changed.When(ReviewText("CHANGED"), CityReviewer(), kMonday).When(DeliverText(kMonday));
  changed.When(kAskRecheck, Resident(), kMonday).When(kTakeRequest, Rechecker(), kMonday);
  changed.When(with(RecheckText(), "NOT_SUPPORTED")).ThenRefused(RefusalCode::kInvalid, "RESULT_NOT_UPHELD");
  changed.When(with(RecheckText(), "SUPPORTED")).AndNotice("petition.recheck_decided");
}

// An opinion issued without what was found printed ten empty lines above its seal.
// spec: P22
TEST(Review, SaysWhatWasFound) {
  Matter m(At::kReviewing);
  std::string text = ReviewText();
  m.When(text.erase(text.find("facts: '查明' "), std::string("facts: '查明' ").size()), CityReviewer(), kMonday)
      .ThenRefused("CONTENT_NEEDED");
  EXPECT_EQ(m.refusal()->field, "opinion.facts");
  m.When(ReviewText(), CityReviewer(), kMonday);
  EXPECT_FALSE(m.refusal());
}

// 山东 45: 责令原办理 …… 机关在指定期限内重新作出; 不得以同一的事实和理由作出与原处理意见相同或者基本相同的意见.
// spec: P22 P18
TEST(Review, RevokedGoesBackWithAPeriodAndNotForTheSameOpinion) {
  Matter m(At::kReviewing);
  m.When(ReviewText("REVOKED"), CityReviewer(), kMonday).ThenRefused("REDO_DAYS");
  m.When(ReviewText("REVOKED", "redo_days: 20")).When(DeliverText(kMonday), CityReviewer(), kMonday);
  EXPECT_EQ(m.state().status(), v1::ACCEPTED);
  EXPECT_EQ(m.DueOf("DP-05"), EndOf("2026-12-14"));  // 12-13 is a Sunday
  EXPECT_EQ(m.ClockOf("DP-05").article(), "山东省信访条例第四十五条");
  m.When("extend { days: 10 reason: '复杂' " + kNotice + "}", Head(), kMonday)
      .ThenRefused("PERIOD_SET_BY_REVIEW");  // 指定期限: not the unit's to change
  m.When(DraftText(), Handler(), kMonday)
      .ThenRefused("PETITIONER_NOT_HEARD");  // handled again from the beginning
  m.When(kHeard).When(kLooked).When(DraftText()).ThenRefused("SAME_OPINION");
  m.When(DraftText("NOT_SUPPORTED", "other_grounds: '新证据'"));
  m.When(kIssue, Head(), kMonday).AndNotice("petition.opinion_issued");
  m.When(DeliverText(kMonday), Clerk(), kMonday);
  EXPECT_EQ(m.state().status(), v1::DELIVERED);
  EXPECT_TRUE(m.Runs("DP-07"));
}

// spec: P22 P19
TEST(Review, ChangedToSupportMakesExecutionDue) {
  Matter m(At::kReviewing);
  m.When(ReviewText("CHANGED"), CityReviewer(), kMonday)
      .When(DeliverText(kMonday), CityReviewer(), kMonday)
      .AndNotice("petition.execution_due");
  EXPECT_EQ(m.state().result(), v1::SUPPORTED);
}

// Art. 28; who handled it may not review it.
// spec: P22
TEST(Review, IsNotForWhoHandledIt) {
  Matter m(At::kReviewing);
  m.When(ReviewText(), ActorOf(ROLE_RV, "city-petition", "3714", "ph1"), kMonday).ThenRefused("RECUSAL");
}

// spec: P22 P25 DP-08 DP-10
TEST(Review, AfterItsThirtyDaysIsLateAndSaysSo) {
  Matter m(At::kReviewing);
  m.When(ReviewText(), CityReviewer(), m.DueOf("DP-08") + 1);
  EXPECT_FALSE(m.Payload().on_time());
  EXPECT_EQ(m.OutcomeOf("DP-08"), common::v1::CLOCK_MISSED);
  Matter again(At::kRechecking);
  again.When(RecheckText(), Rechecker(), again.DueOf("DP-10") + 1);
  EXPECT_FALSE(again.Payload().on_time());
  EXPECT_EQ(again.OutcomeOf("DP-10"), common::v1::CLOCK_MISSED);
  Matter prompt(At::kReviewing);
  prompt.When(ReviewText(), CityReviewer(), prompt.DueOf("DP-08"));
  EXPECT_TRUE(prompt.Payload().on_time());
}

// spec: P26 DP-09
TEST(Silence, AfterTheReviewClosesThePetition) {
  Matter m(At::kReviewDelivered);
  m.When("expire_clock { policy_id: 'DP-09' }", Platform(), m.DueOf("DP-09")).ThenNothing();
  m.WhenTimerFires("due/DP-09").AndNotice("petition.closed").AndNoTimer();
  EXPECT_EQ(m.state().closed_reason(), "DP-09");
}

// The hearing of a re-review, on its day.
void Hear(Matter& m, int64_t from_ms) {
  m.When(CallText(from_ms), Rechecker(), from_ms - 1).When("start_hearing {}", Rechecker(), from_ms);
}

const std::string kEndHearing =
    "end_hearing { hearing { presider: 'vault:p' member: 'vault:m' record: '笔录' conclusion: '结论' } }";

// Art. 36: 应当自收到复核请求之日起30日内提出复核意见 …… 听证所需时间不计算在前款规定的期限内. Asked on 2026-07-10: 30 days end on 08-09, a
// Sunday: 08-10. A hearing from 07-20 to 07-26 takes six days out: 08-15 is a Saturday: 08-17.
// spec: P24 DP-10
TEST(Recheck, LeavesOutTheTimeOfItsHearing) {
  Matter m(At::kReviewDelivered, Local("2026-06-18 10:00"));
  m.When(kAskRecheck, Resident(), Local("2026-07-10 10:00")).AndNotice("petition.recheck_requested");
  EXPECT_EQ(m.DueOf("DP-10"), EndOf("2026-08-10"));
  m.When(kTakeRequest, Rechecker(), Local("2026-07-10 11:00"));
  m.When(CallText(Local("2026-07-20 09:00")), Rechecker(), Local("2026-07-12 09:00"));
  const std::string start =
      "start_hearing { notice_at_ms: " + std::to_string(Local("2026-07-12 09:00")) + " }";
  m.When(start, Rechecker(), Local("2026-07-20 09:00")).AndNoTimer("due/DP-10");
  m.When(start).ThenRefused("HEARING_UNDER_WAY");
  m.When(RecheckText()).ThenRefused("HEARING_UNDER_WAY");
  m.When(kEndHearing, Rechecker(), Local("2026-07-26 17:00")).AndNotice("petition.hearing_held");
  EXPECT_EQ(m.DueOf("DP-10"), EndOf("2026-08-17"));
  EXPECT_EQ(m.state().stage(2).hearing(0).from_ms(), Local("2026-07-20 09:00"));
  m.When(kEndHearing).ThenRefused("NO_HEARING");
}

// It was opened by a notice older than the request, and by none at all.
// spec: P24
TEST(Recheck, OpensTheHearingThatWasCalled) {
  Matter m(At::kRechecking);
  m.When("start_hearing {}", Rechecker(), kMonday).ThenRefused(RefusalCode::kGuard, "HEARING_NOT_CALLED");
  EXPECT_FALSE(std::ranges::count(AllowedCommands(m.state(), Rechecker()), "startHearing"));
  const int64_t day = kMonday + 3 * base::kDayMs;
  m.When(CallText(day), Rechecker(), kMonday);
  m.When("start_hearing {}", Rechecker(), day - base::kDayMs).ThenRefused(RefusalCode::kGuard, "HEARING_ANOTHER_DAY");
  m.When("start_hearing {}", Rechecker(), day + base::kDayMs).ThenRefused("HEARING_ANOTHER_DAY");
  const auto told = [](int64_t at) { return "start_hearing { notice_at_ms: " + std::to_string(at) + " }"; };
  m.When(told(kMonday - base::kDayMs), Rechecker(), day).ThenRefused(RefusalCode::kInvalid, "BAD_TIME");
  EXPECT_EQ(m.refusal()->field, "notice_at_ms");
  m.When(told(day + 1)).ThenRefused("BAD_TIME");  // told after it began
  m.When("start_hearing {}").ThenPartly({"hearing_started { notice_at_ms: " + std::to_string(kMonday) + " }"});
  Matter before(At::kReady);  // the unit had called one, and decided without it when its day was over
  const int64_t later = day + base::kDayMs;
  before.When(CallText(day), Head(), kMonday).When(DraftText(), Handler(), kMonday).When(kIssue, Head(), later);
  before.When(DeliverText(later), Clerk(), later).When(kAskReview, Resident(), later);
  before.When(kTakeRequest, CityReviewer(), later).When(ReviewText()).When(DeliverText(later));
  before.When(kAskRecheck, Resident(), later).When(kTakeRequest, Rechecker(), later + 1);
  before.When("start_hearing { notice_at_ms: " + std::to_string(later + 1) + " }", Rechecker(), later + 2)
      .ThenRefused("HEARING_NOT_CALLED");
}

// The parties had been told of a day on which they would be heard, and the opinion came before it.
// spec: P18 P24 P25
TEST(Recheck, IsNotDecidedBeforeTheHearingThatWasCalled) {
  const int64_t day = Local("2026-11-26 09:00");
  Matter m(At::kRechecking);
  m.When(CallText(day), Rechecker(), kMonday);
  m.When(RecheckText(), Rechecker(), EndOf("2026-11-26") - 1).ThenRefused(RefusalCode::kGuard, "HEARING_AHEAD");
  m.When("start_hearing {}", Rechecker(), day).When(kEndHearing, Rechecker(), day + 9).When(RecheckText());
  EXPECT_FALSE(m.refusal());  // on the same day, once they were heard
  Matter nobody_came(At::kRechecking);
  nobody_came.When(CallText(day), Rechecker(), kMonday).When(RecheckText(), Rechecker(), EndOf("2026-11-26"));
  EXPECT_FALSE(nobody_came.refusal());
  Matter handled(At::kDrafted);
  handled.When(CallText(day), Head(), kMonday).When(kIssue, Head(), day - 1).ThenRefused("HEARING_AHEAD");
  handled.When(kIssue, Head(), EndOf("2026-11-26")).AndNotice("petition.opinion_issued");
}

// Art. 36: 可以自收到书面答复之日起30日内请求复核.
// spec: P23 DP-09
TEST(Recheck, IsAskedForInTime) {
  Matter m(At::kReviewDelivered);
  const int64_t last = m.DueOf("DP-09");
  m.When(kAskRecheck, Resident(), last + 1).ThenRefused("ASKED_TOO_LATE");
  m.When("request_recheck {}", Resident(), last).ThenRefused("CONTENT_NEEDED");
  m.When(kAskRecheck).AndNotice("petition.recheck_requested");
  EXPECT_EQ(m.OutcomeOf("DP-09"), common::v1::CLOCK_MET);
  EXPECT_EQ(m.state().status(), v1::RECHECKING);
}

// Art. 36: 信访人对复核意见不服，仍然以同一事实和理由提出投诉请求的 …… 不再受理.
// spec: P25 P3 P9
TEST(Recheck, IsFinalAndGuardsAgainstTheSameFacts) {
  Matter m(At::kRechecking);
  m.When(RecheckText(), CityReviewer(), kMonday).ThenRefused("RECUSAL");  // who reviewed it
  m.When("issue_recheck { review_result: UPHELD opinion { opinion: '复核' basis: '规定' } }", Rechecker(), kMonday)
      .ThenRefused("CONTENT_NEEDED");  // 文号
  m.When(RecheckText("REVOKED"), Rechecker(), kMonday).ThenRefused("REDO_DAYS");
  m.When(RecheckText("UPHELD", "redo_days: 9")).ThenRefused("REDO_DAYS");
  m.When(RecheckText("UPHELD", "publish: true")).ThenRefused("PUBLISH_AFTER_HEARING");
  m.When(RecheckText())
      .When(DeliverText(kMonday), Rechecker(), kMonday)
      .AndNotice("petition.final")
      .AndNoTimer();
  EXPECT_EQ(m.state().status(), v1::FINAL);
  EXPECT_EQ(m.OutcomeOf("DP-10"), common::v1::CLOCK_MET);
  m.As(Clerk()).WhenOn("p2", RegisterText());
  m.WhenOn("p2", "link_repeat { earlier_id: 'p1' repeat_class: SAME_IN_PROCESS }")
      .ThenRefused("EARLIER_NOT_OPEN");
  m.WhenOn("p2", "link_repeat { earlier_id: 'p1' repeat_class: SAME_AFTER_FINAL }");
  m.As(Office()).WhenOn("p2", kAccept).ThenRefused("FINAL_ALREADY");
  m.WhenOn("p2", "refuse_acceptance { code: 'NA02' " + kNotice + "}").AndNotice("petition.not_accepted");
}

// 山东 45: 复查、复核机关……予以撤销的，应当责令原办理……机关在指定期限内重新作出处理. What is decided anew may be reviewed anew.
// spec: P25 P22
TEST(Recheck, ThatRevokesSendsItBackAndEndsNothing) {
  Matter m(At::kRechecking);
  m.When(RecheckText("REVOKED", "redo_days: 20"), Rechecker(), kMonday).AndNotice("petition.recheck_decided");
  m.When(DeliverText(kMonday), Rechecker(), kMonday).AndNotice("petition.delivered");
  EXPECT_EQ(m.state().status(), v1::ACCEPTED);
  EXPECT_FALSE(m.state().final_guard());
  EXPECT_EQ(m.DueOf("DP-05"), EndOf("2026-12-14"));  // 12-13 is a Sunday
  EXPECT_EQ(m.ClockOf("DP-05").article(), "山东省信访条例第四十五条");
  m.When(DraftText(), Handler(), kMonday).ThenRefused("PETITIONER_NOT_HEARD");
  m.When(kHeard).When(kLooked).When(DraftText("SUPPORTED")).When(kIssue, Head(), kMonday);
  m.When(DeliverText(kMonday), Clerk(), kMonday);
  EXPECT_EQ(m.state().status(), v1::DELIVERED);
  EXPECT_TRUE(m.Runs("DP-07"));
}

// Art. 36: 经过听证的复核意见可以依法向社会公示.
// spec: P25
TEST(Recheck, MayBePublishedAfterAHearing) {
  Matter m(At::kRechecking);
  Hear(m, kMonday + 1);
  m.When(kEndHearing, Rechecker(), kMonday + 2);
  m.When(RecheckText("UPHELD", "publish: true")).AndNotice("petition.recheck_decided");
  EXPECT_TRUE(m.state().stage(2).published());
}

TEST(Recheck, OfTheProvinceHasNobodyAboveIt) {
  Matter m(City(), "p1");
  const Actor clerk = ActorOf(ROLE_PC, "city-petition", "3714", "pc9"),
              handler = ActorOf(ROLE_PH, "city-hrss", "3714", "ph9");
  m.WithChance(7)
      .When(RegisterText(), clerk, kMonday)
      .When("forward { to_org: 'city-hrss' reason: '其职责' }", CityOffice(), kMonday);
  m.When(kReceive, handler, kMonday).When(kAccept).When(kHeard).When(kLooked).When(DraftText());
  m.When(kIssue, ActorOf(ROLE_DM, "city-hrss", "3714", "dm9"), kMonday)
      .When(DeliverText(kMonday), handler, kMonday);
  m.When(kAskReview, Resident(), kMonday);
  EXPECT_TRUE(m.state().stage(1).body_external());
  std::string copied = ReviewText();  // what the province found stands on its own paper
  copied.erase(copied.find("facts: '查明' "), std::string("facts: '查明' ").size());
  m.When(kTakeRequest, CityOffice(), kMonday).When(copied).When(DeliverText(kMonday), CityOffice(), kMonday);
  m.When(kAskRecheck, Resident(), kMonday).ThenRefused("NO_HIGHER_BODY");
}

// While the hearing lasted, longer than the period itself, the re-review was not late; it ended as if it had been done.
// spec: P24 P27 DP-10
TEST(Withdraw, DuringALongHearingCancelsThePeriod) {
  Matter m(At::kRechecking);
  Hear(m, kMonday + 1);
  EXPECT_FALSE(m.refusal());
  m.When("withdraw { statement: '不再请求' }", Resident(), kMonday + 40 * base::kDayMs);
  EXPECT_EQ(m.OutcomeOf("DP-10"), common::v1::CLOCK_CANCELLED);
}

// Art. 37(3): 对信访事项已经复查复核 …… 的相关信访人，应当做好疏导教育、矛盾化解、帮扶救助等工作.
// spec: P25
TEST(Recheck, EndsInATaskToCareForThePetitioner) {
  Matter m(At::kRechecking);
  m.When(RecheckText(), Rechecker(), kMonday).When(DeliverText(kMonday), Rechecker(), kMonday);
  EXPECT_EQ(m.state().status(), v1::FINAL);
  m.ThenPartly({"delivered { next: FINAL }", "care_due {}"});
  bool told = false;
  for (const auto& notice : m.notices()) told |= notice.topic() == "petition.care_due";
  EXPECT_TRUE(told);
}

}  // namespace
}  // namespace petition
