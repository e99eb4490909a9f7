// Analysis: what came and was closed, in tables, and a month beside the area's own twelve before it.
#include <gmock/gmock.h>

#include "base/area_code.h"
#include "base/random.h"
#include "services/oversight/domain/metrics.h"
#include "services/oversight/domain/trends.h"
#include "tests/oversight/figure_world.h"

namespace oversight {
namespace {

class AnalysisTest : public FigureTest {
 protected:
  AnalysisTest() { Know("371403001005", "五里社区"); }

  void Know(const std::string& code, const std::string& name, const std::string& successor = "") {
    v1::Command learn;
    auto* notice = learn.mutable_learn_reference()->mutable_notice();
    *notice = tests::AreaNotice(code, name);
    notice->mutable_area_changed()->set_successor(successor);
    EXPECT_FALSE(desk_.Do("ref/area/" + code, learn, Platform()).refusal);
  }
  v1::AnalyseResponse Table(v1::Grouping by, const std::string& area, const std::string& from,
                            const std::string& until, const std::string& category = "") {
    v1::AnalyseRequest request;
    request.set_area_code(area);
    request.set_from_month(from);
    request.set_until_month(until);
    request.set_by(by);
    request.set_category(category);
    v1::AnalyseResponse response;
    const auto answer = queries_.Analyse(As(Asking(area)), request, &response);
    EXPECT_TRUE(answer.ok());
    return response;
  }
  std::string Refused(const v1::AnalyseRequest& request) {
    v1::AnalyseResponse response;
    const auto answer = queries_.Analyse(As(CountyLeader()), request, &response);
    return answer.refusal() ? answer.refusal()->reason + " " + answer.refusal()->field : "";
  }
  v1::CompareMonthResponse Month(const std::string& month, const std::string& area = "371403001") {
    v1::CompareMonthRequest request;
    request.set_area_code(area);
    request.set_month(month);
    v1::CompareMonthResponse response;
    EXPECT_TRUE(queries_.CompareMonth(As(Asking(area)), request, &response).ok());
    return response;
  }
  // "7", "few", "-" if it is not in the table.
  static std::string Text(const v1::Quantity& quantity) {
    if (quantity.withheld()) return "withheld";
    return quantity.few() ? "few" : quantity.has_count() ? std::to_string(quantity.count()) : "-";
  }
  static std::string Text(const v1::AnalysisRow& row) {
    return row.key() + ": " + Text(row.came()) + " " + Text(row.closed()) + " " + Text(row.resolved()) + " " +
           Text(row.in_time());
  }
  static std::vector<std::string> Rows(const v1::AnalyseResponse& response) {
    std::vector<std::string> rows;
    for (const auto& row : response.row()) rows.push_back(Text(row));
    return rows;
  }
  // A matter of a category that comes on one day and, if it is closed, is closed on another.
  void Matter(const std::string& code, const std::string& category, const std::string& came,
              const std::string& closed, const std::string& area = "371403001002") {
    const std::string said = " category: '" + category +
                             "' source: GRID_WORKER kind: INCIDENT origin_level: 2 "
                             "current_level: 2 level_path: 2 cycle: 1 holder_org: 'c-hrss' accepted_at_ms: " +
                             std::to_string(Local(came + " 10:00")) + " ";
    Tell("incident", code, "reported", came + " 09:00", "status: REPORTED" + said, area, 2);
    Tell("incident", code, "dispatched", came + " 11:00",
         "status: PROCESSING" + said + Due("2026-12-31", came + " 11:00"), area, 2);
    if (closed.empty()) return;
    Tell("incident", code, "closed", closed + " 10:00",
         "status: CLOSED procedural_closed: true substantively_resolved: true" + said +
             Due("2026-12-31", came + " 11:00"),
         area, 2);
  }
};

TEST_F(AnalysisTest, TellsWhatCameAndWasClosedByMonthCategoryLevelUnitAndPlace) {
  for (int i = 0; i < 6; ++i)
    Matter("A" + std::to_string(i), "0105", "2026-09-10", "2026-10-0" + std::to_string(i + 1));
  for (int i = 0; i < 5; ++i) Matter("B" + std::to_string(i), "0701", "2026-10-20", "", "371403001005");
  Matter("C", "0702", "2026-10-21", "2026-10-22", "371403001005");
  EXPECT_EQ(Rows(Table(v1::BY_MONTH, "371403001", "2026-08", "2026-11")),
            (std::vector<std::string>{"2026-08: 0 0 0 0", "2026-09: 6 0 0 0", "2026-10: 6 7 7 7"}));
  EXPECT_EQ(Rows(Table(v1::BY_CATEGORY, "371403", "2026-09", "2026-11")),
            (std::vector<std::string>{"01: 6 6 6 6", "07: 6 few few few"}));
  EXPECT_EQ(Rows(Table(v1::BY_CATEGORY, "371403", "2026-09", "2026-11", "07")),
            (std::vector<std::string>{"0701: 5 0 0 0", "0702: few few few few"}));
  EXPECT_EQ(Rows(Table(v1::BY_LEVEL, "371403", "2026-09", "2026-11")),
            (std::vector<std::string>{"2: 12 7 7 7"}));
  EXPECT_EQ(Rows(Table(v1::BY_UNIT, "371403", "2026-09", "2026-11")),
            (std::vector<std::string>{"c-hrss: - 7 7 7"}));
  EXPECT_THAT(Rows(Table(v1::BY_AREA, "371403001", "2026-09", "2026-11")),
              testing::IsSupersetOf({"371403001002: 6 6 6 6", "371403001005: 6 few few few"}));
}

TEST_F(AnalysisTest, MeasuresHowLongItTook) {
  const int took[] = {1, 2, 3, 10, 14};  // days
  for (int i = 0; i < 5; ++i) {
    const int day = 1 + took[i];
    Matter("A" + std::to_string(i), "0105", "2026-10-01",
           "2026-10-" + std::string(day < 10 ? "0" : "") + std::to_string(day));
  }
  for (const auto by : {v1::BY_CATEGORY, v1::BY_UNIT, v1::BY_MONTH}) {
    const auto table = Table(by, "371403", "2026-10", "2026-11");
    ASSERT_EQ(table.row_size(), 1);
    ASSERT_EQ(table.row(0).duration_size(), 1) << v1::Grouping_Name(by);
    const auto& duration = table.row(0).duration(0);
    EXPECT_EQ(duration.unit(), "D");
    EXPECT_EQ(duration.median(), 3);
    EXPECT_EQ(duration.p90(), 14);
    EXPECT_DOUBLE_EQ(duration.mean(), 6.0);
  }
  EXPECT_EQ(Table(v1::BY_MONTH, "371403", "2026-10", "2026-11").total().duration_size(), 1);
}

TEST_F(AnalysisTest, ForgetsWhatWasRefusedAndWhatIsOpenAgain) {
  for (int i = 0; i < 6; ++i) Matter("A" + std::to_string(i), "0105", "2026-10-01", "2026-10-08");
  Tell("incident", "A0", "reopened", "2026-10-09 10:00",
       "status: PROCESSING category: '0105' cycle: 2 origin_level: 2");
  for (int i = 0; i < 5; ++i) {
    Matter("R" + std::to_string(i), "0105", "2026-10-02", "");
    Tell("incident", "R" + std::to_string(i), "rejected", "2026-10-03 10:00",
         "status: REJECTED category: '0105' origin_level: 2");
  }
  EXPECT_EQ(Rows(Table(v1::BY_CATEGORY, "371403001", "2026-10", "2026-11")),
            (std::vector<std::string>{"01: 6 5 5 5"}));
}

// A petition is counted for the level of its office and above; against a plain filter.
TEST_F(AnalysisTest, ShowsEachLevelWhatItMayKnow) {
  base::Random random(20261123);
  const std::vector<std::string> villages = {"371403001002", "371403001005", "371403100201", "371482001001"};
  std::vector<std::pair<std::string, int>> all;  // area, seen from
  for (int i = 0; i < 90; ++i) {
    const std::string area = villages[random.Below(villages.size())];
    const std::string code = "M" + std::to_string(i);
    const int seen_from = random.Chance(0.5) ? 3 + static_cast<int>(random.Below(3)) : 0;
    all.emplace_back(area, seen_from);
    if (seen_from == 0) {
      Matter(code, "0105", "2026-10-10", "", area);
      continue;
    }
    Tell("petition", code, "registered", "2026-10-10 09:00",
         "status: REGISTERED level: " + std::to_string(seen_from) +
             " holder_org: 'c-hrss' content: 'Q05' registered_at_ms: " +
             std::to_string(Local("2026-10-10 09:00")),
         area, seen_from);
  }
  auto shown = [&](const std::string& area, int view) {
    int64_t count = 0;
    for (const auto& [code, seen_from] : all) count += base::Covers(area, code) && seen_from <= view ? 1 : 0;
    return count > 0 && count < kFew ? std::string("few") : std::to_string(count);
  };
  for (const std::string area : {"3714", "371403", "371482", "371403001", "371403100", "371482001"}) {
    const int view = base::LevelOf(area);
    const auto table = Table(v1::BY_AREA, area, "2026-10", "2026-11");
    const bool any_few = std::ranges::any_of(table.row(), [](const auto& row) { return row.came().few(); });
    auto agrees = [&](const v1::Quantity& said, const std::string& about) {
      EXPECT_TRUE(!said.withheld() || any_few) << about;  // disclosure_test.cc says which, and why
      EXPECT_EQ(Text(said), said.withheld() ? "withheld" : shown(about, view)) << area << " " << about;
    };
    agrees(table.total().came(), area);
    for (const auto& row : table.row()) agrees(row.came(), row.key());
    EXPECT_EQ(Text(Month("2026-10", area).all().came()), shown(area, view)) << area;
    asking_ = CityLeader();  // one place is to one reader the same, by itself and as a row of what lies around it
    EXPECT_EQ(Text(Table(v1::BY_MONTH, area, "2026-10", "2026-11").total().came()), shown(area, 5)) << area;
    EXPECT_EQ(Text(Month("2026-10", area).all().came()), shown(area, 5)) << area;
    asking_.reset();
  }
}

TEST_F(AnalysisTest, SetsAMonthBesideTheTwelveBeforeIt) {
  int n = 0;
  auto came = [&](const std::string& month, int times, const std::string& area = "371403001002") {
    for (int i = 0; i < times; ++i) Matter("M" + std::to_string(n++), "0105", month + "-05", "", area);
  };
  for (int month = 1; month <= 9; ++month) came("2026-0" + std::to_string(month), month % 2 == 0 ? 6 : 3);
  came("2026-10", 9);
  came("2026-10", 2, "371403001005");
  const auto compared = Month("2026-10");
  EXPECT_EQ(compared.months(), 9) << "since the first matter";
  EXPECT_FALSE(compared.month_goes_on());
  ASSERT_EQ(compared.category_size(), 1);
  const auto& row = compared.category(0);
  EXPECT_EQ(row.category(), "01");
  EXPECT_EQ(Text(row.came()), "11");
  EXPECT_DOUBLE_EQ(row.mean(), 4.33);  // 39 / 9
  EXPECT_DOUBLE_EQ(row.median(), 3.0);
  EXPECT_EQ(row.most(), 6);
  EXPECT_EQ(row.percent_of_mean(), 254);
  EXPECT_TRUE(row.more_than_ever());
  EXPECT_EQ(row.place_size(), 0) << "two are too few to be named, and nine of eleven would name them";
  EXPECT_TRUE(Month("2026-11").month_goes_on());
  const auto early = Month("2026-03");
  EXPECT_FALSE(early.category(0).more_than_ever()) << "two months say little";
  EXPECT_TRUE(early.category(0).came().few());
}

// Villages of a township that merged into a village of another one count where they belong today.
TEST_F(AnalysisTest, CountsMergedVillagesWhereTheyBelong) {
  for (int i = 0; i < 7; ++i)
    Matter("A" + std::to_string(i), "0105", "2026-10-01", "2026-10-08", "371403001002");
  const auto before = Table(v1::BY_CATEGORY, "371403", "2026-10", "2026-11");
  Know("371403001002", "一里社区", "371403100201");
  EXPECT_EQ(Text(Table(v1::BY_CATEGORY, "371403001", "2026-10", "2026-11").total()), ": 0 0 0 0");
  const auto there = Table(v1::BY_CATEGORY, "371403100", "2026-10", "2026-11");
  EXPECT_EQ(Text(there.total()), ": 7 7 7 7");
  ASSERT_EQ(there.row(0).duration_size(), 1);
  EXPECT_EQ(Rows(Table(v1::BY_CATEGORY, "371403", "2026-10", "2026-11")), Rows(before));
  EXPECT_THAT(Rows(Table(v1::BY_AREA, "371403100", "2026-10", "2026-11")),
              testing::Contains("371403100201: 7 7 7 7"));
}

// Who reads an answer sees how far it has heard: more than a minute behind any service, and it says so.
TEST_F(AnalysisTest, SaysHowFreshItIs) {
  const int64_t now = desk_.clock().NowMs();
  std::vector<rpc::Following> heard = {{"incident", true, 0, now - 1000}, {"petition", true, 7, now - 60'000}};
  const Queries queries([this] { return desk_.Read(); }, [&] { return heard; });
  v1::ListMetricsRequest request;
  request.set_area_code("371403");
  v1::ListMetricsResponse figures;
  ASSERT_TRUE(queries.ListMetrics(As(CountyLeader()), request, &figures).ok());
  ASSERT_EQ(figures.freshness().source_size(), 2);
  EXPECT_EQ(figures.freshness().source(1).service(), "petition");
  EXPECT_EQ(figures.freshness().source(1).entries_behind(), 7u);
  EXPECT_FALSE(figures.freshness().behind());
  v1::ListReviewRequest listing;
  listing.set_area_code("371403");
  v1::ListReviewResponse listed;
  ASSERT_TRUE(queries.ListReview(As(CountyLeader()), listing, &listed).ok());
  EXPECT_EQ(listed.freshness().SerializeAsString(), figures.freshness().SerializeAsString());
  v1::CountReviewRequest counting;
  counting.set_area_code("371403");
  v1::CountReviewResponse counted;
  ASSERT_TRUE(queries.CountReview(As(CountyLeader()), counting, &counted).ok());
  EXPECT_EQ(counted.freshness().SerializeAsString(), figures.freshness().SerializeAsString());
  heard[1] = {"petition", false, 7, now - 60'001};
  v1::Freshness freshness;
  ASSERT_TRUE(queries.GetFreshness(As(CountyLeader()), v1::GetFreshnessRequest(), &freshness).ok());
  EXPECT_FALSE(freshness.source(1).connected());
  EXPECT_TRUE(freshness.behind());
}

TEST_F(AnalysisTest, NamesWhatIsWrongWithAQuestion) {
  v1::AnalyseRequest request;
  request.set_area_code("371403001002");
  request.set_by(v1::BY_MONTH);
  EXPECT_EQ(Refused(request), "UNKNOWN_AREA area_code");
  request.set_area_code("371403");
  request.set_from_month("2026-13");
  EXPECT_EQ(Refused(request), "BAD_MONTH from_month");
  request.set_from_month("2027-01");
  request.set_until_month("2027-02");
  EXPECT_EQ(Refused(request), "BAD_MONTH until_month");
  request.set_until_month("2026-12");
  request.set_from_month("2010-01");
  EXPECT_EQ(Refused(request), "PERIOD_TOO_LONG from_month");
  request.set_from_month("2026-01");
  request.set_by(v1::BY_UNIT);
  request.set_category("01");
  EXPECT_EQ(Refused(request), "NOT_TOGETHER category");
}

}  // namespace
}  // namespace oversight
