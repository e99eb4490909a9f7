// The worked example of the definitions, to the hundredth, from the notices that tell of its matters.
#include "services/oversight/domain/metrics.h"

#include "services/oversight/disclosure.h"
#include "tests/oversight/figure_world.h"

namespace oversight {
namespace {

using Codes = std::multiset<std::string>;

class WorkedExample : public FigureTest {
 protected:
  explicit WorkedExample(reference::Reference reference = tests::Learned()) : FigureTest(std::move(reference)) {
    Evaluated("1", {2}, "2026-10-09", "2026-10-05 10:00", "YES", 5);
    Close(Made("2", "2026-10-07"), "2026-10-08 10:00");
    Evaluated("3", {2, 3}, "2026-10-15", "2026-10-12 10:00", "YES", 2);
    Evaluated("4", {2, 3}, "2026-10-18", "2026-10-20 10:00", "YES", 4);
    Evaluated("5", {2, 4}, "2026-10-28", "2026-10-25 10:00", "YES", 4);
    const Incident six = Made("6", "2026-10-13", {3});
    Close(six, "2026-10-11 10:00", false);  // procedural only
    Evaluate(six, "2026-10-12 10:00", "NO", 1, false);
    Made("7", "2026-10-27", {2, 3});
    const Incident eight = Made("8", "2026-10-10", {2, 3});
    Close(eight, "2026-10-09 10:00");
    Close(Reopened(eight, "2026-10-27"), "2026-10-24 10:00");
    Incident nine = Made("9", "");
    Step(nine, "merged", "2026-10-01 10:00", "MERGED", "primary_code: '1'");
    Incident ten = Made("10", "");
    Step(ten, "rejected", "2026-10-01 10:00", "REJECTED");
    Made("11", "2026-11-05");
    Close(Made("12", "2026-11-06"), "2026-10-30 10:00");
  }
  void Evaluated(const std::string& code, std::vector<int> path, const std::string& due, const std::string& closed,
                 const std::string& solved, int score) {
    const Incident m = Made(code, due, std::move(path));
    Close(m, closed);
    Evaluate(m, closed.substr(0, 10) + " 18:00", solved, score);
  }
};

// spec: K-01
TEST_F(WorkedExample, ResolutionIsSevenOfNine) {
  EXPECT_EQ(Of("K-01"), "7/9 = 77.78");
  EXPECT_EQ(Behind("K-01", true), (Codes{"1", "2", "3", "4", "5", "8", "12"}));
  EXPECT_EQ(Behind("K-01", false), (Codes{"1", "2", "3", "4", "5", "6", "7", "8", "12"}));
}
// spec: K-04a
TEST_F(WorkedExample, SettledInTheVillageIsThreeOfSeven) {
  EXPECT_EQ(Of("K-04a"), "3/7 = 42.86");
  EXPECT_EQ(Behind("K-04a", true), (Codes{"1", "2", "12"}));
}
// spec: K-04b
TEST_F(WorkedExample, SettledInTheTownshipIsSixOfSeven) { EXPECT_EQ(Of("K-04b"), "6/7 = 85.71"); }
// spec: K-04c
TEST_F(WorkedExample, NotHandedUpIsEightOfNine) {
  EXPECT_EQ(Of("K-04c"), "8/9 = 88.89");
  EXPECT_FALSE(Behind("K-04c", true).contains("5"));
}
// spec: K-05
TEST_F(WorkedExample, ClosedInTimeIsSixOfNine) {
  EXPECT_EQ(Of("K-05"), "6/9 = 66.67");
  EXPECT_EQ(Behind("K-05", true), (Codes{"1", "3", "5", "6", "8", "12"}));
}
// spec: K-06
TEST_F(WorkedExample, ResolvedAtOnceIsSixOfSevenAndProvisional) {
  EXPECT_EQ(Of("K-06"), "6/7 = 85.71");
  EXPECT_TRUE(Figure("K-06").provisional());
  EXPECT_EQ(Figure("K-06").settled_day(), "2027-01-30");  // 90 days after the first of November
  EXPECT_FALSE(Figure("K-05").provisional());
  desk_.clock().AdvanceTo(Local("2027-01-30 00:00"));
  EXPECT_FALSE(Figure("K-06").provisional());
}
// spec: K-08
TEST_F(WorkedExample, SatisfactionIsThreeOfFiveWithItsDistribution) {
  EXPECT_EQ(Of("K-08"), "3/5 = 60.00");
  const v1::Figure figure = Figure("K-08");
  ASSERT_EQ(figure.distribution_size(), 5);
  EXPECT_EQ(figure.distribution(0).count(), 1);
  EXPECT_EQ(figure.distribution(1).count(), 1);
  EXPECT_EQ(figure.distribution(3).count(), 2);
  EXPECT_EQ(figure.distribution(4).count(), 1);
}
// spec: K-10
TEST_F(WorkedExample, SolvedAsCitizensSeeItIsFourOfFive) { EXPECT_EQ(Of("K-10"), "4/5 = 80.00"); }
// spec: K-08 K-10
TEST_F(WorkedExample, FairlySatisfiedAndPartlySolvedDoNotCountWhereThePolicySaysNothing) {
  Evaluated("13", {2}, "2026-10-20", "2026-10-15 10:00", "PARTLY", 3);
  EXPECT_EQ(Of("K-08"), "3/6 = 50.00");
  EXPECT_EQ(Of("K-10"), "4/6 = 66.67");
  EXPECT_EQ(Figure("K-08").partly_permille(), 0);
  EXPECT_NE(Figure("K-08").definition_zh().find("三分（基本满意）按现行政策不计入"), std::string::npos);
}

reference::Reference CountingHalves() {
  directory::v1::Notice notice;
  auto* set = notice.mutable_policy_changed();
  *set = tests::Policies().policies;
  set->set_revision(set->revision() + 1);
  set->mutable_figures()->set_revision(set->figures().revision() + 1);
  set->mutable_figures()->set_fairly_satisfied_permille(500);
  set->mutable_figures()->set_partly_solved_permille(500);
  reference::Reference reference = tests::Learned();
  CHECK(reference.Learn(notice).ok());
  return reference;
}
class CountedByHalves : public WorkedExample {
 protected:
  CountedByHalves() : WorkedExample(CountingHalves()) {}
};
// spec: K-08 K-10
TEST_F(CountedByHalves, FairlySatisfiedAndPartlySolvedCountAsThePolicySays) {
  Evaluated("13", {2}, "2026-10-20", "2026-10-15 10:00", "PARTLY", 3);
  EXPECT_EQ(Of("K-08"), "3/6 = 58.33");
  EXPECT_EQ(Of("K-10"), "4/6 = 75.00");
  const v1::Figure figure = Figure("K-08");
  EXPECT_EQ(figure.partly(), 1);
  EXPECT_EQ(figure.partly_permille(), 500);
  EXPECT_EQ(figure.shown(), "58.33");
  EXPECT_NE(figure.definition_zh().find("每件计千分之500"), std::string::npos);
  EXPECT_NE(figure.definition_en().find("counts 500 thousandths"), std::string::npos);
  EXPECT_EQ(Of("K-01"), "8/10 = 80.00") << "no other figure is weighed";
}
// spec: K-08
TEST(PartlyCounted, InMultiplesOfFiveIsNeverMoreThanAll) {
  v1::Figure figure;
  figure.set_unit(v1::PERCENT);
  figure.set_numerator(18);
  figure.set_denominator(26);
  figure.set_value(80.77);
  figure.set_partly(6);
  figure.set_partly_permille(500);
  RoundFigure(&figure);
  EXPECT_EQ(figure.numerator(), 20);
  EXPECT_EQ(figure.denominator(), 25);
  EXPECT_EQ(figure.partly(), 5);
  EXPECT_EQ(figure.shown(), "90.00");
}
// spec: K-11
TEST_F(WorkedExample, ParticipationIsFiveOfEight) { EXPECT_EQ(Of("K-11"), "5/8 = 62.50"); }
// spec: K-14
TEST_F(WorkedExample, ReworkIsNone) { EXPECT_EQ(Of("K-14"), "0/8 = 0.00"); }
// spec: K-07
TEST_F(WorkedExample, WithoutPetitionsThereIsNoRepeatRate) {
  EXPECT_EQ(Of("K-07"), "0/0 = null");
  EXPECT_FALSE(Figure("K-07").has_value());
}
// spec: K-28
TEST_F(WorkedExample, ClosedOfThoseToBeClosedIsEightOfNine) {
  EXPECT_EQ(Of("K-28"), "8/9 = 88.89");
  EXPECT_EQ(Of("K-28t"), "6/9 = 66.67");
}
// spec: K-20
TEST_F(WorkedExample, NothingWasSettledOnTheSpotAndRejectedReportsDoNotCount) {
  EXPECT_EQ(Of("K-20", "371403001", "2026-09-01", "2026-10-01"), "0/10 = 0.00");
}
TEST_F(WorkedExample, IsTheSameForTheCountyAndTheCityAndNothingElsewhere) {
  for (const char* area : {"371403", "3714"}) EXPECT_EQ(Of("K-01", area), "7/9 = 77.78");
  for (const char* area : {"371403100", "371482"}) EXPECT_EQ(Of("K-01", area), "0/0 = null");
}
TEST_F(WorkedExample, EveryFigureComesWithItsDefinitionInBothLanguages) {
  v1::ListMetricsRequest request;
  request.set_area_code("371403001");
  request.set_from_day("2026-10-01");
  request.set_until_day("2026-11-01");
  v1::ListMetricsResponse response;
  ASSERT_TRUE(queries_.ListMetrics(As(TownLeader()), request, &response).ok());
  EXPECT_EQ(static_cast<size_t>(response.figure_size()), Metrics().size());
  std::set<std::string> ids;
  for (const auto& figure : response.figure()) {
    EXPECT_TRUE(ids.insert(figure.id()).second);
    EXPECT_FALSE(figure.definition_zh().empty() || figure.definition_en().empty() || figure.name_zh().empty());
    EXPECT_EQ(figure.definition_version(), FindMetric(figure.id())->version);
    EXPECT_EQ(figure.definition_zh().ends_with(kUpToNowZh), HasDueMoments(*FindMetric(figure.id()))) << figure.id();
    EXPECT_EQ(figure.from_day(), "2026-10-01");
    EXPECT_EQ(Text(figure), Of(figure.id()));
  }
}
// A month begins at 00:00 in China and ends where the next begins.
TEST_F(WorkedExample, DaysAddUpToTheMonth) {
  int64_t closed = 0;
  for (int day = 1; day <= 31; ++day) {
    const std::string from = base::DayText(*base::ParseDay("2026-10-01") + day - 1);
    const std::string until = base::DayText(*base::ParseDay("2026-10-01") + day);
    closed += Figure("K-14", "371403001", from, until).denominator();
  }
  EXPECT_EQ(closed, 9);  // eight, and the one that was closed on the 9th and reopened
  EXPECT_EQ(Of("K-01", "371403001", "2026-10-01", "2026-10-08"), "1/2 = 50.00");   // 2 was late at 24:00 of the 7th
  EXPECT_EQ(Of("K-01", "371403001", "2026-10-01", "2026-10-10"), "3/3 = 100.00");  // and 8 was closed then
  EXPECT_EQ(Of("K-01", "371403001", "2026-10-09", "2026-10-10"), "1/1 = 100.00");
}
TEST_F(WorkedExample, APastPeriodStaysAsItWas) {
  Incident seven;
  seven.code = "7";
  seven.due = "2026-10-27";
  seven.path = {2, 3, 4};  // handed up, and closed, in November
  Step(seven, "escalated", "2026-11-02 10:00", "ACCEPTED");
  Close(seven, "2026-11-03 10:00");
  EXPECT_EQ(Of("K-01"), "7/9 = 77.78");
  EXPECT_EQ(Of("K-04c"), "8/9 = 88.89");
  EXPECT_EQ(Of("K-01", "371403001", "2026-11-01", "2026-11-04"), "1/1 = 100.00");
  EXPECT_EQ(Of("K-04c", "371403001", "2026-11-01", "2026-11-04"), "0/1 = 0.00");
}
TEST_F(WorkedExample, PeriodsAndAreasThatAreNoneAreRefusedByName) {
  auto refused = [&](const std::string& area, const std::string& from, const std::string& until) {
    v1::GetMetricRequest request;
    request.set_id("K-01");
    request.set_area_code(area);
    request.set_from_day(from);
    request.set_until_day(until);
    v1::Figure figure;
    const auto answer = queries_.GetMetric(As(CountyLeader()), request, &figure);
    EXPECT_TRUE(answer.refusal().has_value());
    return answer.refusal() ? answer.refusal()->field : "";
  };
  EXPECT_EQ(refused("371403001002", "", ""), "area_code");
  EXPECT_EQ(refused("371403", "2026-10-32", ""), "from_day");
  EXPECT_EQ(refused("371403", "2027-10-01", ""), "from_day");
  EXPECT_EQ(refused("371403", "2026-10-02", "2026-10-02"), "until_day");
  EXPECT_EQ(refused("371403", "2010-10-02", "2026-10-02"), "from_day");
}

// Before, 19,999 of 20,000 were a hundred percent, and nobody looked for the one that was left.
// spec: 3.10 K-08
TEST(Share, IsShownAsAllOfAllAndAsNoneOfNoneOnly) {
  EXPECT_EQ(HundredthsOf(19'999, 20'000, 100), 10'000) << "the value is rounded half up, by its definition";
  EXPECT_EQ(ShareText(19'999, 20'000), "99.99");
  EXPECT_EQ(ShareText(20'000, 20'000), "100.00");
  EXPECT_EQ(ShareText(1, 30'000), "0.01");
  EXPECT_EQ(ShareText(0, 30'000), "0.00");
  EXPECT_EQ(ShareText(7, 9), "77.78");
  EXPECT_EQ(ShareText(3, 2), "150.00") << "more returned than dispatched";
}
// spec: 3.10
TEST_F(WorkedExample, IsShownAsItsValueIs) {
  EXPECT_EQ(Figure("K-01").shown(), "77.78");
  EXPECT_EQ(Figure("K-14").shown(), "0.00");
  EXPECT_EQ(Figure("K-07").shown(), "") << "no data is no value";
}

}  // namespace
}  // namespace oversight
