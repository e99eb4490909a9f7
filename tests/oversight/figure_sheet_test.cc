// The file of the figures holds what they hold: lengths, scores, months from outside and what stood there before.
#include "tests/oversight/figure_world.h"
#include "tests/support/sheet_text.h"

namespace oversight {
namespace {

class FigureSheet : public FigureTest {
 protected:
  nlohmann::json Json(const std::string& area) {
    v1::ExportMetricsRequest request;
    request.set_area_code(area);
    request.set_from_day("2026-10-01");
    request.set_until_day("2026-11-01");
    request.set_format(v1::METRICS_JSON);
    rpc::NextMessage<google::api::HttpBody> next;
    EXPECT_TRUE(queries_.ExportMetrics(As(CountyLeader()), request, &next).ok());
    return tests::JsonOf(next);
  }
  // Rows of a figure's parts, without its own.
  static std::vector<nlohmann::json> Parts(const nlohmann::json& sheet, const std::string& id) {
    std::vector<nlohmann::json> parts;
    for (const auto& row : sheet["rows"]) {
      if (row["id"] == id && row.contains("part")) parts.push_back(row);
    }
    return parts;
  }
  auto Enter(const std::string& id, int64_t counted, const std::string& more,
             const std::string& month = "2026-10", const std::string& source_day = "2026-11-03") {
    desk_.clock().Advance(1000);
    return desk_.Do(id,
                    "record_figure { metric_id: 'K-25' area_code: '371403' month: '" + month +
                        "' counted: " + std::to_string(counted) + " of: 556000 source: '县法院司法统计月报' source_day: '" +
                        source_day + "' " + more + " }",
                    ActorOf(kernel::v1::ROLE_SV, "c-supervision", "371403", "sv1"));
  }
};

// spec: K-08 K-22
TEST_F(FigureSheet, LengthsAndScoresAreRowsBehindTheirFigure) {
  for (int i = 0; i < 5; ++i) {
    const Incident m = Made("A" + std::to_string(i));
    Close(m, "2026-10-05 10:00");
    Evaluate(m, "2026-10-06 10:00", "YES", i < 3 ? 5 : 2);
  }
  const auto sheet = Json("371403001");
  const auto took = Parts(sheet, "K-22");
  ASSERT_EQ(took.size(), 1u);
  EXPECT_EQ(took[0]["part"], "D");
  EXPECT_EQ(took[0]["count"], 5);
  EXPECT_EQ(took[0]["mean"], "7.00");
  EXPECT_EQ(took[0]["median"], 7);
  EXPECT_EQ(took[0]["p90"], 7);
  const auto scores = Parts(sheet, "K-08");
  ASSERT_EQ(scores.size(), 5u) << "always all of them";
  EXPECT_EQ(scores[1]["count"], 2);
  EXPECT_EQ(scores[2]["count"], 0);
  EXPECT_EQ(scores[4]["count"], 3);
  EXPECT_EQ(sheet["columns"][0]["key"], "id");
  EXPECT_EQ(sheet["columns"][11]["key"], "definitionVersion") << "what is new stands behind";
}

// spec: K-25
TEST_F(FigureSheet, AReplacedMonthKeepsWhatStoodThereAndWhy) {
  ASSERT_FALSE(Enter("f1", 97, "").refusal);
  EXPECT_EQ(Enter("f2", 99, "").refusal->reason, "REASON_NEEDED");
  EXPECT_EQ(Enter("f2", 99, "").refusal->field, "reason");
  ASSERT_FALSE(Enter("f2", 99, "reason: '法院更正'").refusal);
  ASSERT_FALSE(Enter("f3", 90, "", "2026-09", "2026-09-30").refusal) << "another month";
  const v1::Figure figure = Figure("K-25", "371403");
  ASSERT_EQ(figure.outside_size(), 1);
  EXPECT_EQ(figure.numerator(), 99);
  EXPECT_EQ(figure.outside(0).revision(), 2);
  EXPECT_EQ(figure.outside(0).reason(), "法院更正");
  ASSERT_EQ(figure.outside(0).former_size(), 1);
  EXPECT_EQ(figure.outside(0).former(0).counted(), 97);
  EXPECT_EQ(figure.outside(0).former(0).revision(), 1);
  EXPECT_EQ(figure.outside(0).former(0).org_id(), "c-supervision");
  EXPECT_GT(figure.outside(0).recorded_at_ms(), figure.outside(0).former(0).recorded_at_ms());
  const auto months = Parts(Json("371403"), "K-25");
  ASSERT_EQ(months.size(), 2u);
  EXPECT_EQ(months[0]["part"], "2026-10");
  EXPECT_EQ(months[0]["numerator"], 99);
  EXPECT_EQ(months[0]["source"], "县法院司法统计月报");
  EXPECT_EQ(months[1]["numerator"], 97);
  EXPECT_EQ(months[1]["state"], "已被更正");
}

// spec: K-25
TEST_F(FigureSheet, MonthsAndSourcesThatCannotBeAreNamed) {
  EXPECT_EQ(Enter("f1", 1, "", "2016-10", "2016-11-03").refusal->reason, "MONTH_TOO_OLD");
  EXPECT_FALSE(Enter("f2", 1, "", "2016-12", "2017-01-03").refusal);
  EXPECT_EQ(Enter("f3", 1, "", "2026-12", "2026-11-03").refusal->reason, "MONTH_NOT_OVER");
  EXPECT_EQ(Enter("f3", 1, "", "2026-10", "2026-10-30").refusal->reason, "BAD_SOURCE_DAY");
  EXPECT_EQ(Enter("f3", 1, "", "2026-10", "2026-11-24").refusal->reason, "BAD_SOURCE_DAY");
}

}  // namespace
}  // namespace oversight
