// Progress, extension, suspension, completion, clocks that come due.
#include "tests/incident/world.h"

namespace incident {
namespace {

using common::v1::CLOCK_MET;
using common::v1::CLOCK_RUNNING;
using enum kernel::RefusalCode;

// spec: I9
TEST(Progress, IsASentenceOrAPhoto) {
  Matter m;
  m.Taken().As(Dh()).When("progress {}").ThenRefused(kInvalid, "CONTENT_NEEDED");
  m.Do(Dh(), "progress { text: '已到现场' }");
  EXPECT_EQ(m.status(), v1::PROCESSING);
  EXPECT_EQ(m.incident().last_note(), "已到现场");
  m.AndNotice("incident.progressed");
}

// spec: I10 DI-05
TEST(Extension, IsAskedByTheUnitAndGrantedByTheIssuingLevelOnce) {
  Matter m;
  m.Taken().Do(Dh(), "request_extension { reason: '面积大' by { amount: 1 unit: WD } }");
  EXPECT_EQ(m.Due("DI-05"), "2026-11-24 24:00");
  m.Do(Td(), "approve_extension {}");
  EXPECT_EQ(m.Due("DI-05"), "2026-11-25 24:00");
  EXPECT_EQ(m.Clock("DI-05")->extension_size(), 1);
  m.AndNotice("incident.extended");
  m.As(Dh())
      .When("request_extension { reason: '还要' by { amount: 1 unit: WD } }")
      .ThenRefused("EXTENDED_ALREADY");
}

// spec: I10
TEST(Extension, IsAtMostTheOriginalPeriodAndBeforeItEnds) {
  Matter m;
  m.Taken().As(Dh()).When("request_extension { reason: 'x' by { amount: 2 unit: WD } }").ThenRefused(kGuard);
  m.OnDay("2026-11-25 00:01")
      .When("request_extension { reason: 'x' by { amount: 1 unit: WD } }")
      .ThenRefused("LATE_ALREADY");
}

// spec: I10
TEST(Extension, MayBeRefused) {
  Matter m;
  m.Taken().Do(Dh(), "request_extension { reason: 'x' by { amount: 1 unit: WD } }");
  m.Do(Td(), "refuse_extension { reason: '够了' }");
  EXPECT_FALSE(m.incident().has_extension_request());
  m.As(Td()).When("approve_extension {}").ThenRefused("NO_EXTENSION_ASKED");
}

// spec: DA-05 I10
TEST(Extension, OfAHotlineOrderIsAtMostTenWorkingDays) {
  Matter m;
  m.Reported("report { category: '0706' text: '小广告' area_code: '371403001001' }", Ha());
  m.Do(Cd(), "accept {}").Do(Cd(), "dispatch { lead_org: '371403001-urban' }").Do(Dh(), "take {}");
  EXPECT_EQ(m.Due("DA-05"), "2026-11-30 24:00");
  m.As(Dh()).When("request_extension { reason: 'x' by { amount: 11 unit: WD } }").ThenRefused(kGuard);
  m.Do(Dh(), "request_extension { reason: 'x' by { amount: 10 unit: WD } }").Do(Cd(), "approve_extension {}");
  EXPECT_EQ(m.Due("DA-05"), "2026-12-14 24:00");
  m.Do(Dh(), "complete { result: '清了' resolved: YES }");
  EXPECT_EQ(m.Outcome("DA-05"), CLOCK_MET);
}

// spec: I11 DI-05
TEST(Suspension, PausesTheHandlingUntilItIsResumed) {
  Matter m;
  m.Suspended();
  EXPECT_EQ(m.status(), v1::SUSPENDED);
  EXPECT_EQ(m.Clock("DI-05")->pause(0).reason(), "S02");
  m.AndNotice("incident.suspended").AndNoTimer("clock/DI-05");
  m.OnDay("2026-11-26 09:00").Do(Dh(), "resume {}");
  EXPECT_EQ(m.status(), v1::PROCESSING);
  EXPECT_EQ(m.Due("DI-05"), "2026-11-27 24:00") << "one working day was left";
  m.AndNotice("incident.resumed").AndTimer("clock/DI-05", m.Clock("DI-05")->due_at_ms() + 1);
}

// spec: I11
TEST(Suspension, NeedsAReasonOfTheListAndAtMostThirtyDays) {
  Matter m;
  m.Taken();
  const auto ask = [&](std::string_view code, int days) {
    return "request_suspension { reason_code: '" + std::string(code) +
           "' expected_resume_at_ms: " + std::to_string(m.now_ms() + days * base::kDayMs) + " }";
  };
  m.As(Dh()).When(ask("S99", 10)).ThenRefused(kInvalid, "UNKNOWN_REASON");
  m.When(ask("S01", 31)).ThenRefused("RESUME_OUT_OF_RANGE");
  m.Do(Dh(), ask("S01", 30)).Do(Td(), "refuse_suspension { reason: '不需要' }");
  m.As(Td()).When("approve_suspension {}").ThenRefused("NO_SUSPENSION_ASKED");
}

// spec: I11
TEST(Suspension, IsReviewedAgainEveryThirtyDays) {
  Matter m;
  m.Suspended();
  const int64_t first = m.incident().suspension().review_at_ms();
  m.WhenTimerFires("suspension_review").AndNotice("incident.suspension_review_due");
  EXPECT_EQ(m.incident().suspension().review_at_ms(), first + 30 * base::kDayMs);
  m.AndTimer("suspension_review", first + 30 * base::kDayMs);
}

// spec: I14 DI-05 DI-06
TEST(Complete, HandsItToVerification) {
  Matter m;
  m.Completed();
  EXPECT_EQ(m.status(), v1::PENDING_VERIFY);
  EXPECT_EQ(m.Outcome("DI-05"), CLOCK_MET);
  EXPECT_EQ(m.Due("DI-06"), "2026-11-25 24:00");
  EXPECT_EQ(m.incident().standing().holder_org(), "371403001-centre");
  m.AndNotice("incident.completed");
}

// spec: I14
TEST(Complete, SaysWhetherItIsSolved) {
  Matter m;
  m.Taken().As(Dh()).When("complete { result: '清了' }").ThenRefused(kInvalid, "RESOLVED_NEEDED");
}

// spec: DI-05
TEST(Clock, ThatComesDueIsAFactOnce) {
  Matter m;
  m.Taken().WhenTimerFires("clock/DI-05").AndNotice("incident.overdue");
  EXPECT_EQ(m.Published("incident.overdue").policy_id(), "DI-05");
  m.AndNoTimer("clock/DI-05");
  const std::string again =
      "check_clock { policy_id: 'DI-05' due_at_ms: " + std::to_string(m.Clock("DI-05")->due_at_ms()) + " }";
  m.As(Service("incident")).When(again).ThenNothing();
}

// spec: DI-05
TEST(Clock, FiringThatLostTheRaceWithAnExtensionDoesNothing) {
  Matter m;
  m.Taken();
  const std::string firing =
      "check_clock { policy_id: 'DI-05' due_at_ms: " + std::to_string(m.Clock("DI-05")->due_at_ms()) + " }";
  m.Do(Dh(), "request_extension { reason: 'x' by { amount: 1 unit: WD } }").Do(Td(), "approve_extension {}");
  m.OnDay("2026-11-25 08:00").As(Service("incident")).When(firing).ThenNothing();
}

// Flow 11: late and repeated commands of a tablet that was offline. spec: flow-11 I1 I7
TEST(Flow, CommandsThatComeLateMeetTheRulesOfToday) {
  Matter m;
  m.Dispatched().WithDeviceTime(Ms("2026-11-23 10:00"));
  m.OnDay("2026-11-26 09:00").Do(Dh(), "take {}");
  EXPECT_EQ(m.Outcome("DI-03"), common::v1::CLOCK_MISSED) << "clocks count from receipt";
  m.As(Dh()).When("take {}").ThenRefused(kWrongStatus);
}

}  // namespace
}  // namespace incident
