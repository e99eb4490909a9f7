// K-24: published grades by colour and unit. No average, no rank.
#include "tests/oversight/scorecard_world.h"
#include "tests/support/sheet_text.h"

namespace oversight {
namespace {

class GradeFigures : public ScorecardTest {
 protected:
  v1::Figure K24(const std::string& from, const std::string& until, const std::string& area = "371403") {
    v1::GetMetricRequest request;
    request.set_id("K-24");
    request.set_area_code(area);
    request.set_from_day(from);
    request.set_until_day(until);
    v1::Figure figure;
    EXPECT_TRUE(queries_.GetMetric(As(CountyLeader()), request, &figure).ok());
    return figure;
  }
  static std::string Text(const v1::Figure& figure) {
    std::string text;
    for (const auto& row : figure.graded())
      text += row.org_id() + " " + v1::Grade_Name(row.grade()) + " " + std::to_string(row.count()) + "; ";
    return text;
  }
};

// spec: K-24
TEST_F(GradeFigures, CountColoursByUnitOncePublished) {
  April();
  EXPECT_TRUE(K24("2026-04-01", "2026-05-01").no_data());  // frozen, and nobody's business yet
  EXPECT_TRUE(K24("2026-04-01", "2026-05-01").provisional());
  Until("2026-05-10 18:00");
  EXPECT_EQ(Text(K24("2026-04-01", "2026-05-01")), "c-housing HORSE 1; c-hrss OX 1; c-hrss SNAIL 1; ");
  EXPECT_EQ(Text(K24("2026-04-01", "2026-05-01", "3714")), "c-housing HORSE 1; c-hrss OX 1; c-hrss SNAIL 1; ");
  EXPECT_EQ(Text(K24("2026-05-01", "2026-05-11")), "");
  const auto figure = K24("2026-04-01", "2026-05-01");
  EXPECT_FALSE(figure.has_value());  // no average of colours
  EXPECT_EQ(figure.denominator(), 3);
  EXPECT_EQ(figure.distribution(0).key(), "HORSE");
  EXPECT_EQ(figure.distribution(0).count(), 1);
  EXPECT_EQ(figure.distribution(2).count(), 0);
  Do(kAprilBoard, "ask_grade_correction { task_id: 'b' milestone: 2 grade: OX reason: '漏报有据' }", Supervisor());
  Do(kAprilBoard, "sign_grade_correction { task_id: 'b' milestone: 2 }", CityLeaderToSign());
  EXPECT_EQ(Text(K24("2026-04-01", "2026-05-01")), "c-housing HORSE 1; c-hrss OX 2; ");
  v1::ListCountedRequest request;
  request.set_id("K-24");
  request.set_area_code("371403");
  request.set_from_day("2026-04-01");
  request.set_until_day("2026-05-01");
  v1::ListCountedResponse counted;
  ASSERT_TRUE(queries_.ListCounted(As(CountyLeader()), request, &counted).ok());
  int64_t all = 0;
  for (const auto& row : counted.counted()) {
    EXPECT_EQ(row.id(), kAprilBoard);
    all += row.count();
  }
  EXPECT_EQ(all, 3);
}

// spec: K-24
TEST_F(GradeFigures, ColoursAreRowsOfTheFile) {
  April();
  Until("2026-05-10 18:00");
  v1::ExportMetricsRequest request;
  request.set_area_code("371403");
  request.set_from_day("2026-04-01");
  request.set_until_day("2026-05-01");
  request.set_format(v1::METRICS_JSON);
  rpc::NextMessage<google::api::HttpBody> next;
  ASSERT_TRUE(queries_.ExportMetrics(As(CountyLeader()), request, &next).ok());
  const auto file = tests::JsonOf(next);
  std::string text;
  for (const auto& row : file["rows"]) {
    if (row["id"] != "K-24" || !row.contains("part")) continue;
    text += row.value("orgId", "all") + " " + row["part"].get<std::string>() + " " +
            std::to_string(row["count"].get<int>()) + "; ";
  }
  EXPECT_EQ(text,
            "all HORSE 1; all OX 1; all OSTRICH 0; all SNAIL 1; c-housing HORSE 1; c-hrss OX 1; c-hrss SNAIL 1; ");
}

}  // namespace
}  // namespace oversight
