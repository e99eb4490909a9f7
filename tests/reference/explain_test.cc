// Every due moment explains itself, in both languages.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/reference/holiday.h"
#include "tests/reference/fixtures.h"

namespace reference {
namespace {

using common::v1::Clock;
using common::v1::Deadline;
using common::v1::WD;
using common::v1::WH;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
constexpr auto kDays = common::v1::D;

class Explanation : public testing::Test {
 protected:
  Clock Start(std::string_view at, const common::v1::Length& length, bool roll = false) const {
    return StartClock(Rule(length, roll), {.at_ms = At(at), .started_by = "accepted", .holder_org = "o1"},
                      calendar_);
  }
  Deadline Of(const Clock& clock) const { return Explain(clock, rule_, clock.started_at_ms(), calendar_); }

  const base::Calendar calendar_ = ShippedCalendar();
  const LightRule rule_ = LightRule::From(ShippedPolicies().policies.deadlines());
};

TEST_F(Explanation, NamesTheSkippedDaysAndTheMakeUpDays) {
  const Deadline deadline = Of(Start("2026-09-30 16:00", L(3, WD)));
  EXPECT_EQ(deadline.due_local(), "2026-10-10 24:00");
  EXPECT_THAT(deadline.skipped_day(),
              ElementsAre("2026-10-01 国庆节 / National Day", "2026-10-02 国庆节 / National Day",
                          "2026-10-03 国庆节 / National Day", "2026-10-04 国庆节 / National Day",
                          "2026-10-05 国庆节 / National Day", "2026-10-06 国庆节 / National Day",
                          "2026-10-07 国庆节 / National Day"));
  EXPECT_EQ(deadline.explanation_zh(),
            "自 2026-09-30 16:00 起算，期限3个工作日，当日不计入；跳过休息日 7 天；"
            "调休上班日计入（2026-10-10）；2026-10-10 24:00 到期。依据：某条例第一条。");
  EXPECT_EQ(deadline.explanation_en(),
            "Counted from 2026-09-30 16:00, 3 working days, the first day not counted; 7 rest days skipped; "
            "make-up working days counted (2026-10-10); due 2026-10-10 24:00. Basis: 某条例第一条.");
  EXPECT_EQ(deadline.light(), common::v1::GREEN);
  EXPECT_EQ(deadline.holder_org(), "o1");
  EXPECT_EQ(deadline.counted_in().amount(), 3);
}

// Readers of English were told that a day was skipped because of 清明节.
TEST_F(Explanation, SaysInBothLanguagesWhyADayWasSkipped) {
  EXPECT_EQ(RestDayEn("国庆节、中秋节"), "National Day and Mid-Autumn Festival");
  EXPECT_EQ(RestDayEn("七十周年庆典"), "public holiday") << "announced once; its name is not made up";
  for (base::Day day = calendar_.first_day(); day <= calendar_.horizon(); ++day) {
    const std::string name = calendar_.NameOf(day);
    if (name.empty()) continue;
    EXPECT_NE(RestDayEn(name), "public holiday") << base::DayText(day) << " " << name;
  }
}

TEST_F(Explanation, SaysThatTheLastDayWasRolledForward) {
  const Deadline rolled = Of(Start("2026-09-18 10:00", L(15, kDays), true));
  EXPECT_TRUE(rolled.rolled_forward());
  EXPECT_THAT(rolled.explanation_zh(), HasSubstr("末日遇休息日，顺延至下一个工作日"));
  EXPECT_THAT(rolled.skipped_day(), testing::SizeIs(5));  // 10-03 … 10-07
  EXPECT_EQ(rolled.skipped_day(0), "2026-10-03 国庆节 / National Day");
  const Deadline straight = Of(Start("2026-09-18 10:00", L(15, kDays), false));
  EXPECT_FALSE(straight.rolled_forward());
  EXPECT_THAT(straight.skipped_day(), testing::IsEmpty());
}

TEST_F(Explanation, NamesWeekendsOfOfficeHours) {
  const Deadline deadline = Of(Start("2026-11-20 17:00", L(1, WH)));
  EXPECT_EQ(deadline.due_local(), "2026-11-23 09:00");
  EXPECT_THAT(deadline.skipped_day(), ElementsAre("2026-11-21 周六 / Saturday", "2026-11-22 周日 / Sunday"));
  EXPECT_THAT(deadline.explanation_en(), HasSubstr("in office hours only"));
}

TEST_F(Explanation, TellsPausesExtensionsAndThatADateIsProvisional) {
  Clock clock = Extend(Start("2026-12-21 10:00", L(5, WD)), L(5, WD), calendar_);
  clock = Resume(Pause(clock, At("2026-12-22 10:00"), "S01"), At("2026-12-23 10:00"), calendar_);
  const Deadline deadline = Of(Pause(clock, At("2026-12-24 10:00"), "S03"));
  EXPECT_TRUE(deadline.provisional());
  EXPECT_THAT(deadline.paused(), testing::SizeIs(2));
  for (const char* part : {"经批准延长5个工作日", "扣除暂停 1 次", "目前暂停计时", "放假安排"}) {
    EXPECT_THAT(deadline.explanation_zh(), HasSubstr(part));
  }
  for (const char* part :
       {"extended by 5 working days", "1 pause not counted", "paused now", "Provisional"}) {
    EXPECT_THAT(deadline.explanation_en(), HasSubstr(part));
  }
}

TEST_F(Explanation, TellsHowTheClockEnded) {
  const Clock clock = Start("2026-11-02 10:00", L(5, WD));
  EXPECT_THAT(Of(Stop(clock, At("2026-11-03 09:15"), calendar_)).explanation_zh(),
              HasSubstr("已按期完成（2026-11-03 09:15）"));
  EXPECT_THAT(Of(Stop(clock, At("2026-11-23 09:15"), calendar_)).explanation_zh(),
              HasSubstr("逾期完成（2026-11-23 09:15）"));
  EXPECT_THAT(Of(Cancel(clock, At("2026-11-03 09:15"))).explanation_en(), HasSubstr("Cancelled"));
  EXPECT_EQ(Of(Stop(clock, At("2026-11-23 09:15"), calendar_)).light(), common::v1::MISSED);
}

TEST_F(Explanation, OfANamedMomentCountsNothing) {
  const Clock clock =
      StartClock(Rule(common::v1::Length()),
                 {.at_ms = At("2026-09-18 09:00"), .due_at_ms = At("2026-10-03 17:30")}, calendar_);
  EXPECT_THAT(Of(clock).explanation_zh(), HasSubstr("期限由文书或日期指定"));
  EXPECT_THAT(Of(clock).explanation_zh(), Not(HasSubstr("当日不计入")));
  EXPECT_EQ(Of(clock).due_local(), "2026-10-03 17:30");
}

TEST_F(Explanation, ShowsNoMoreSkippedDaysThanItsLimitButCountsThem) {
  const Deadline deadline = Of(Start("2025-01-02 10:00", L(200, WD)));
  EXPECT_EQ(deadline.skipped_day_size(), kSkippedDaysShownMax);
  EXPECT_THAT(deadline.explanation_zh(), HasSubstr("跳过休息日 98 天"));
}

TEST_F(Explanation, NamesItsGroundInTheLanguageOfTheSentence) {
  Clock clock = Start("2026-11-20 09:15", L(15, WD));
  clock.set_article("平台默认");
  EXPECT_THAT(Of(clock).explanation_zh(), HasSubstr("依据：平台默认。"));
  EXPECT_THAT(Of(clock).explanation_en(), HasSubstr("Basis: platform default."));
}

TEST(LengthText, IsWrittenInBothLanguages) {
  EXPECT_EQ(LengthTextZh(L(15, WD)), "15个工作日");
  EXPECT_EQ(LengthTextZh(L(1, common::v1::MO)), "1个月");
  EXPECT_EQ(LengthTextZh(L(30, common::v1::UM)), "30分钟");
  EXPECT_EQ(LengthTextEn(L(1, WD)), "1 working day");
  EXPECT_EQ(LengthTextEn(L(2, common::v1::UH)), "2 hours");
}

}  // namespace
}  // namespace reference
