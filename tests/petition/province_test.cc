// What the province decides, which is outside the platform: entered afterwards, by the days on its papers.
#include <algorithm>

#include "tests/petition/petition_world.h"

namespace petition {
namespace {

std::string On(const char* field, const char* moment) {
  return std::string(field) + ": " + std::to_string(Local(moment)) + " ";
}

std::string TakeText(const char* decided) {
  return "decide_review_request { accepted: true " + kNotice + On("decided_at_ms", decided) + "}";
}

std::string HeldText(const std::string& when) {
  return "end_hearing { hearing { presider: 'vault:p' member: 'vault:m' record: '笔录' conclusion: '结论' " + when +
         "} }";
}

// The province decided on 1 November, the petitioner had it on the 5th, the city heard of it on the 10th: the thirty
// days ran from the 10th, and the province was late. Asked on 10-08, 30 days are 11-07, a Saturday: 11-09. From 11-05
// they are 12-05, a Saturday: 12-07.
// spec: P22 DP-08 DP-09 DP-11 信访工作条例35 36
TEST(Province, IsEnteredByTheDaysOnItsPapers) {
  const int64_t then = Local("2026-09-28 10:00"), known = Local("2026-11-10 09:00");
  Matter m(City(), "p1");
  const Actor clerk = ActorOf(ROLE_PC, "city-petition", "3714", "pc9"),
              handler = ActorOf(ROLE_PH, "city-hrss", "3714", "ph9");
  m.WithChance(7)
      .When(RegisterText(), clerk, then)
      .When("forward { to_org: 'city-hrss' reason: '其职责' }", CityOffice(), then);
  m.When(kReceive, handler, then).When(kAccept).When(kHeard).When(kLooked).When(DraftText());
  m.When(kIssue, ActorOf(ROLE_DM, "city-hrss", "3714", "dm9"), then).When(DeliverText(then), handler, then);
  m.When(kAskReview, Resident(), Local("2026-10-08 10:00"));
  ASSERT_TRUE(m.state().stage(1).body_external());
  EXPECT_EQ(m.DueOf("DP-08"), EndOf("2026-11-09"));
  m.When(TakeText("2026-10-07 10:00"), CityOffice(), known).ThenRefused(RefusalCode::kInvalid, "BAD_TIME");
  EXPECT_EQ(m.refusal()->field, "decided_at_ms");  // before the province had the request
  m.When(TakeText("2026-10-12 00:00"));
  EXPECT_EQ(m.OutcomeOf("DP-11"), common::v1::CLOCK_MET);
  m.When(ReviewText("UPHELD", On("issued_at_ms", "2026-10-11 10:00"))).ThenRefused(RefusalCode::kInvalid, "BAD_TIME");
  EXPECT_EQ(m.refusal()->field, "issued_at_ms");  // before it was taken
  m.When(ReviewText("UPHELD", On("issued_at_ms", "2026-11-10 10:00"))).ThenRefused("BAD_TIME");  // to come
  m.When(ReviewText("UPHELD", On("issued_at_ms", "2026-11-01 10:00"))).AndNotice("petition.review_decided");
  EXPECT_TRUE(m.Payload().on_time());
  EXPECT_EQ(m.OutcomeOf("DP-08"), common::v1::CLOCK_MET);
  EXPECT_EQ(m.state().stage(1).issued_at_ms(), Local("2026-11-01 10:00"));
  m.When(DeliverText(Local("2026-10-31 10:00"))).ThenRefused("BAD_TIME");
  EXPECT_EQ(m.refusal()->field, "delivery.received_at_ms");
  m.When(DeliverText(Local("2026-11-05 10:00")));
  EXPECT_EQ(m.state().status(), v1::REVIEW_DELIVERED);
  EXPECT_EQ(m.DueOf("DP-09"), EndOf("2026-12-07"));
}

// Art. 36: 听证所需时间不计算在前款规定的期限内. A hearing from 10-20 to 10-23 takes three days out: 11-10 instead of 11-07.
// spec: P24 P25 DP-10
TEST(Province, HasTheTimeOfItsHearingLeftOut) {
  const int64_t known = Local("2026-11-16 09:00");
  Matter m(At::kRecheckAsked, Local("2026-10-08 10:00"));
  EXPECT_EQ(m.DueOf("DP-10"), EndOf("2026-11-09"));
  const std::string from = On("from_ms", "2026-10-20 09:00"), to = On("to_ms", "2026-10-23 17:00");
  m.When(HeldText(from + to), Rechecker(), known).ThenRefused(RefusalCode::kGuard, "NO_HEARING");  // not taken
  m.When(TakeText("2026-10-09 09:00"));
  m.When(HeldText("")).ThenRefused("NO_HEARING");
  m.When(HeldText(from)).ThenRefused(RefusalCode::kInvalid, "VALUE_NEEDED");
  EXPECT_EQ(m.refusal()->field, "hearing.to_ms");
  m.When(HeldText(On("from_ms", "2026-10-08 09:00") + to)).ThenRefused(RefusalCode::kInvalid, "BAD_TIME");
  EXPECT_EQ(m.refusal()->field, "hearing.from_ms");
  m.When(HeldText(from + On("to_ms", "2026-11-16 10:00"))).ThenRefused("BAD_TIME");
  EXPECT_EQ(m.refusal()->field, "hearing.to_ms");
  m.When(HeldText(On("from_ms", "2026-11-10 09:00") + On("to_ms", "2026-11-10 17:00"))).ThenRefused("HEARING_LATE");
  EXPECT_TRUE(std::ranges::count(AllowedCommands(m.state(), Rechecker()), "endHearing"));
  m.When(HeldText(from + to + On("notice_at_ms", "2026-10-12 09:00"))).AndNotice("petition.hearing_held");
  EXPECT_EQ(m.DueOf("DP-10"), EndOf("2026-11-10"));
  EXPECT_EQ(m.state().stage(2).hearing(0).from_ms(), Local("2026-10-20 09:00"));
  EXPECT_EQ(m.state().stage(2).hearing(0).to_ms(), Local("2026-10-23 17:00"));
  m.When(HeldText(On("from_ms", "2026-10-22 09:00") + On("to_ms", "2026-10-24 09:00"))).ThenRefused("BAD_TIME");
  m.When(RecheckText("UPHELD", On("issued_at_ms", "2026-10-22 09:00"))).ThenRefused("BAD_TIME");  // before it was over
  m.When(RecheckText("UPHELD", "publish: true " + On("issued_at_ms", "2026-11-10 17:00")));
  EXPECT_TRUE(m.Payload().on_time());
  EXPECT_EQ(m.OutcomeOf("DP-10"), common::v1::CLOCK_MET);
  m.When(DeliverText(Local("2026-11-10 09:00")));  // by the day, as the paper is dated
  EXPECT_EQ(m.state().status(), v1::FINAL);
}

// What a body of the platform does happens when it says so: it does not choose the day on which it was in time.
// spec: P22 P24
TEST(Review, OfABodyHereNamesNoDayOfItsOwn) {
  Matter asked(At::kReviewAsked);
  asked.When(TakeText("2026-11-23 09:00"), CityReviewer(), kMonday)
      .ThenRefused(RefusalCode::kInvalid, "NOT_FROM_OUTSIDE");
  EXPECT_EQ(asked.refusal()->field, "decided_at_ms");
  Matter m(At::kReviewing);
  m.When(ReviewText("UPHELD", On("issued_at_ms", "2026-11-23 09:00")), CityReviewer(), kMonday)
      .ThenRefused(RefusalCode::kInvalid, "NOT_FROM_OUTSIDE");
  Matter t(At::kRegistered);  // the township handles, the city's government rechecks
  const Actor handler = ActorOf(ROLE_PH, "t-gov", "371403001", "ph3");
  t.When("forward { to_org: 't-gov' reason: '属地' }", Office(), kMonday).When(kReceive, handler, kMonday).When(kAccept);
  t.When(kHeard).When(kLooked).When(DraftText()).When(kIssue, ActorOf(ROLE_DM, "t-gov", "371403001", "dm3"), kMonday);
  t.When(DeliverText(kMonday), handler, kMonday).When(kAskReview, Resident(), kMonday);
  t.When(kTakeRequest, CountyReviewer(), kMonday).When(ReviewText()).When(DeliverText(kMonday));
  t.When(kAskRecheck, Resident(), kMonday).When(kTakeRequest, CityReviewer(), kMonday);
  EXPECT_FALSE(t.refusal());
  t.When(HeldText(On("from_ms", "2026-11-23 09:00") + On("to_ms", "2026-11-23 09:00"))).ThenRefused("NO_HEARING");
}

}  // namespace
}  // namespace petition
