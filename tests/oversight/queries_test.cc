// The leaders' page, its numbers, lights, one matter: over the real engine.
#include <future>
#include <string>
#include <vector>

#include "base/random.h"
#include "tests/oversight/queries_world.h"
#include "tests/support/mem_kv.h"

namespace oversight {
namespace {

// spec: 3.6.6
TEST_F(QueriesTest, ReviewStandsRedFirstThenByAge) {
  Tell("B", kAtCounty, 2);
  Tell("A", kAtCounty, 1);
  Tell("R", kAtCounty + kLate, 3);
  Tell("W", kAtCounty + kClimbed, 0);
  Tell("W", kProcessing, 4, 2, "incident.sent_down");
  Tell("X", kProcessing, 0);  // of no concern to the county
  EXPECT_EQ(Codes(Review("area_code: '371403'")), (std::vector<std::string>{"R", "A", "B", "W"}));
  EXPECT_EQ(Codes(Review("area_code: '371403' group: AT_LEVEL")), (std::vector<std::string>{"A", "B"}));
  EXPECT_EQ(Codes(Review("area_code: '371403' group: WAS_ESCALATED escalated_since_ms: " +
                         std::to_string(kMonday))),
            (std::vector<std::string>{"W"}));
  EXPECT_TRUE(Codes(Review("area_code: '371403' group: WAS_ESCALATED escalated_since_ms: " +
                           std::to_string(kMonday + 1)))
                  .empty());
  EXPECT_TRUE(Codes(Review("area_code: '371482'")).empty());
  EXPECT_EQ(Codes(Review("area_code: '371403001'", TownLeader())).size(), 5u);
}

TEST_F(QueriesTest, ReviewPagesWithoutGapOrDouble) {
  for (int i = 0; i < 7; ++i) Tell("M" + std::to_string(i), kAtCounty, i);
  std::vector<std::string> all;
  std::string token;
  do {
    const auto page = Review("area_code: '371403' page_size: 3 page_token: '" + token + "'");
    for (const auto& code : Codes(page)) all.push_back(code);
    token = page.next_page_token();
  } while (!token.empty());
  EXPECT_EQ(all, (std::vector<std::string>{"M0", "M1", "M2", "M3", "M4", "M5", "M6"}));
  v1::ListReviewRequest other;
  other.set_area_code("371482");
  other.set_page_token(Review("area_code: '371403' page_size: 3").next_page_token());
  v1::ListReviewResponse response;
  const auto answer = queries_.ListReview(As(CountyLeader()), other, &response);
  ASSERT_TRUE(answer.refusal());
  EXPECT_EQ(answer.refusal()->reason, "PAGE_TOKEN");
}

// spec: 3.6.6
TEST_F(QueriesTest, ReviewShowsTheColumnsALeaderDecidesBy) {
  Tell("A", kAtCounty + kClimbed + kLate);
  desk_.clock().Advance(3 * base::kDayMs);
  const auto page = Review("area_code: '371403'");
  ASSERT_EQ(page.item_size(), 1);
  const auto& item = page.item(0);
  EXPECT_EQ(item.category(), "0105");
  EXPECT_EQ(item.township(), "371403001");
  EXPECT_EQ(item.days_open(), 3);
  EXPECT_LT(item.remaining_ms(), 0);
  EXPECT_EQ(item.level_path_size(), 2);
  EXPECT_EQ(item.last_step(), "incident.escalated");
  EXPECT_EQ(item.lead_org(), "c-centre");
  EXPECT_EQ(item.escalation_reason(), "OVERDUE");
  EXPECT_EQ(item.escalation_reason_zh(), "超期");
  EXPECT_EQ(item.escalation_reason_en(), "overdue");
  EXPECT_EQ(item.stuck_reason(), v1::LEADER);
  EXPECT_EQ(item.group(), v1::RED_LIGHT);
}

// The row of what people handed up had no reason at all.
// spec: 3.6.6 I12
TEST_F(QueriesTest, ReviewSaysInBothLanguagesWhyAMatterWasHandedUp) {
  Tell("A", kAtCounty + "escalation { from: 3 to: 4 reason: 'HANDED_UP' } " + kLate);
  Tell("B", kAtCounty + "escalation { from: 3 to: 4 reason: 'SCALE RISK' automatic: true } " + kLate);
  const auto page = Review("area_code: '371403'");
  ASSERT_EQ(page.item_size(), 2);
  for (const auto& item : page.item()) {
    const bool by_hand = item.escalation_reason() == "HANDED_UP";
    EXPECT_EQ(item.escalation_reason_zh(), by_hand ? "承办方上报，原因和已采取的措施见事项" : "涉及人数多、风险高");
    EXPECT_EQ(item.escalation_reason_en(), by_hand ? "handed up; why, and what was tried, is in the matter"
                                                   : "many persons are concerned, high risk");
  }
}

// The page of a county with two thousand matters, and the counts beside it, touch exactly what those of one with twenty
// touch.
TEST_F(QueriesTest, ReviewCostsTheSameHoweverMuchIsStored) {
  auto touched = [&] {
    std::shared_ptr<tests::CountingView> counter;
    const Queries counted([&] { return desk_.ReadThrough(&counter); });
    v1::ListReviewRequest request;
    request.set_area_code("371403");
    request.set_page_size(10);
    v1::ListReviewResponse response;
    EXPECT_TRUE(counted.ListReview(As(CountyLeader()), request, &response).ok());
    EXPECT_EQ(response.item_size(), 10);
    v1::CountReviewRequest counts;
    counts.set_area_code("371403");
    v1::CountReviewResponse table;
    const size_t before = counter->touched;
    EXPECT_TRUE(counted.CountReview(As(CountyLeader()), counts, &table).ok());
    EXPECT_EQ(table.stuck(0).oldest_id(), "M0");
    return before + counter->touched;
  };
  for (int i = 0; i < 20; ++i) Tell("M" + std::to_string(i), kAtCounty, i);
  const size_t few = touched();
  for (int i = 20; i < 2000; ++i) Tell("M" + std::to_string(i), kAtCounty, i);
  EXPECT_EQ(touched(), few);
}

TEST_F(QueriesTest, CountsComeBeforeTheList) {
  Tell("A", kAtCounty, 1);
  Tell("R", kAtCounty + kLate, 0);
  v1::CountReviewRequest request;
  request.set_area_code("371403");
  v1::CountReviewResponse response;
  ASSERT_TRUE(queries_.CountReview(As(CountyLeader()), request, &response).ok());
  EXPECT_EQ(response.total(), 2);
  ASSERT_EQ(response.by_township_size(), 1);
  EXPECT_EQ(response.by_township(0).count(), 2);
  EXPECT_EQ(response.by_category(0).key(), "0105");
  EXPECT_EQ(response.by_group_size(), 2);
  ASSERT_EQ(response.stuck_size(), 1);
  EXPECT_EQ(response.stuck(0).reason(), v1::LEADER);
  EXPECT_EQ(response.stuck(0).township(), "371403001");
  EXPECT_EQ(response.stuck(0).count(), 2);
  EXPECT_EQ(response.stuck(0).oldest_id(), "R");
  EXPECT_EQ(response.stuck(0).oldest_opened_at_ms(), kMonday);
}

// spec: 3.6.6
TEST_F(QueriesTest, TheOldestOfACellFollowsWhoComesAndGoes) {
  const auto oldest = [&](const std::string& area) {
    v1::CountReviewRequest request;
    request.set_area_code(area);
    v1::CountReviewResponse table;
    EXPECT_TRUE(queries_.CountReview(As(CityLeader()), request, &table).ok());
    std::string found;
    for (const auto& cell : table.stuck()) found += v1::StuckReason_Name(cell.reason()) + " " + cell.oldest_id() + "; ";
    return found;
  };
  Tell("B", kAtCounty, 2);
  EXPECT_EQ(oldest("371403"), "LEADER B; ");
  Tell("A", kAtCounty, 1);
  Tell("C", kAtCounty, 3);
  EXPECT_EQ(oldest("371403"), "LEADER A; ");
  EXPECT_EQ(oldest("3714"), "");
  Tell("A", kProcessing, 4, 2, "incident.sent_down");
  EXPECT_EQ(oldest("371403"), "LEADER B; ");
}

// spec: 3.6.6
TEST_F(QueriesTest, EveryCellOfTheStuckTableOpensItsOwnList) {
  base::Random random(20261123);
  const std::vector<std::string> kinds = {
      kAtCounty, kAtCounty + kLate, kProcessing + ClockText(1, "c-hrss", "2026-11-02"), kProcessing,
      "status: DISPATCHED current_level: 3 return_count: 2 category: '0701' "};
  const std::vector<std::string> places = {"371403001002", "371403100201", "371403", "371482001"};
  for (int i = 0; i < 60; ++i) {
    const std::string code = "M" + std::to_string(i);
    const std::string text = "observe { service: 'incident' subject_id: 'i" + code +
                             "' subject_version: 1 topic: 'incident.dispatched' matter_code: '" + code +
                             "' area_code: '" + places[random.Below(places.size())] + "' level: 4 recorded_at_ms: " +
                             std::to_string(kMonday + i) + " incident { " + kinds[random.Below(kinds.size())] + " } }";
    ASSERT_FALSE(desk_.Do(code, text, Platform()).refusal);
  }
  for (const std::string area : {"3714", "371403", "371403001"}) {
    const Actor leader = CityLeader();
    v1::CountReviewRequest request;
    request.set_area_code(area);
    v1::CountReviewResponse table;
    ASSERT_TRUE(queries_.CountReview(As(leader), request, &table).ok());
    std::multiset<std::string> in_cells, in_list;
    for (const auto& cell : table.stuck()) {
      const std::string reason = v1::StuckReason_Name(cell.reason());
      const auto list = Review("area_code: '" + area + "' stuck_reason: " + reason + " township: '" + cell.township() +
                                   "' page_size: 100", leader);
      EXPECT_EQ(list.item_size(), cell.count()) << area << " " << reason << " " << cell.township();
      ASSERT_GT(list.item_size(), 0);
      EXPECT_EQ(list.item(0).id(), cell.oldest_id());
      for (const auto& item : list.item()) {
        EXPECT_EQ(item.stuck_reason(), cell.reason());
        EXPECT_EQ(item.township(), cell.township());
        in_cells.insert(item.id());
      }
    }
    const auto all = Review("area_code: '" + area + "' page_size: 100", leader);
    for (const auto& item : all.item()) {
      if (item.stuck_reason() != v1::STUCK_REASON_UNSPECIFIED) in_list.insert(item.id());
    }
    EXPECT_EQ(in_cells, in_list) << area;
    auto opens = [&](const std::string& field, const auto& row) {
      const std::string asked = "area_code: '" + area + "' " + field + ": '" + row.key() + "' page_size: 100";
      EXPECT_EQ(Review(asked, leader).item_size(), row.count()) << asked;
    };
    for (const auto& row : table.by_category()) opens("category", row);
    for (const auto& row : table.by_township()) opens("township", row);
  }
}
TEST_F(QueriesTest, AFilteredListGoesOnPageByPage) {
  for (int i = 0; i < 9; ++i) Tell("M" + std::to_string(i), i % 3 == 0 ? kAtCounty + kLate : kAtCounty, i);
  std::vector<std::string> codes;
  v1::ListReviewRequest request;
  request.set_area_code("371403");
  request.set_category("0105");
  request.set_page_size(2);
  do {
    v1::ListReviewResponse page;
    ASSERT_TRUE(queries_.ListReview(As(CountyLeader()), request, &page).ok());
    for (const auto& code : Codes(page)) codes.push_back(code);
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(codes, (std::vector<std::string>{"M0", "M3", "M6", "M1", "M2", "M4", "M5", "M7", "M8"}));
}

TEST_F(QueriesTest, AnAreaThereIsNotIsRefusedByItsField) {
  v1::CountReviewRequest counting;
  counting.set_area_code("371403999");
  v1::CountReviewResponse counted;
  auto answer = queries_.CountReview(As(CountyLeader()), counting, &counted);
  ASSERT_TRUE(answer.refusal());
  EXPECT_EQ(answer.refusal()->reason + " " + answer.refusal()->field, "UNKNOWN_AREA area_code");
  v1::ListMetricsRequest figures;
  figures.set_area_code("371403999");
  v1::ListMetricsResponse figured;
  answer = queries_.ListMetrics(As(CountyLeader()), figures, &figured);
  ASSERT_TRUE(answer.refusal());
  EXPECT_EQ(answer.refusal()->reason, "UNKNOWN_AREA");
  v1::ListLightsRequest lights;
  lights.set_area_code("371403");
  lights.set_light(common::v1::GREEN);
  v1::ListLightsResponse lit;
  answer = queries_.ListLights(As(CountyLeader()), lights, &lit);
  ASSERT_TRUE(answer.refusal());
  EXPECT_EQ(answer.refusal()->reason + " " + answer.refusal()->field, "GREEN_BY_UNIT light");
}

// spec: 3.6.1 DO-01
TEST_F(QueriesTest, OneMatterShowsOfEachClockWhetherItWasKept) {
  const auto clock = [](const std::string& policy, const std::string& more) {
    return "clock { policy_id: '" + policy + "' started_at_ms: " + std::to_string(kMonday) + " due_at_ms: " +
           std::to_string(EndOf("2026-11-24")) + " length { amount: 1 unit: WD } holder_org: 'c-centre' " + more +
           " } ";
  };
  const auto ended = [](int64_t at, const std::string& outcome) {
    return "stopped_at_ms: " + std::to_string(at) + " outcome: " + outcome;
  };
  Tell("A", kAtCounty + clock("DI-01", ended(kMonday + 1, "CLOCK_MET")) +
                clock("DI-02", ended(EndOf("2026-11-25"), "CLOCK_MISSED")) + clock("DI-03", "") +
                clock("DI-04", ended(kMonday + 1, "CLOCK_CANCELLED")));
  v1::GetStandingRequest request;
  request.set_id("A");
  v1::Standing standing;
  ASSERT_TRUE(queries_.GetStanding(As(CountyLeader()), request, &standing).ok());
  std::vector<std::string> lights;
  for (const auto& light : standing.light())
    lights.push_back(light.policy_id() + " " + common::v1::Light_Name(light.light()));
  EXPECT_EQ(lights,
            (std::vector<std::string>{"DI-01 MET", "DI-02 MISSED", "DI-03 GREEN", "DI-04 LIGHT_UNSPECIFIED"}));
  // What has ended turns nothing and puts it on no list.
  EXPECT_EQ(standing.item().due_policy_id(), "DI-03");
}

// spec: 3.6.6
TEST_F(QueriesTest, TheAuditorOfThePlaceReadsWhoOpenedAMatter) {
  tests::MemKv kv;
  auto log = rpc::AuditLog::Open(kv);
  ASSERT_TRUE(log.ok());
  const Queries audited([this] { return desk_.Read(); }, nullptr, log->get());
  Tell("A", kAtCounty + ClockText());
  v1::GetStandingRequest opened;
  opened.set_id("A");
  v1::Standing standing;
  ASSERT_TRUE(audited.GetStanding(As(CountyLeader()), opened, &standing).ok());
  rpc::v1::AuditRecord record;  // as the exchange makes it of what the query notes
  record.set_method("/oversight.v1.Oversight/GetStanding");
  record.set_decision(rpc::v1::AuditRecord::ALLOWED);
  record.set_actor_id("cl1");
  record.set_aggregate_id(note_.aggregate_id);
  std::promise<void> done;
  ASSERT_TRUE((*log)->Record(record, [&](const absl::Status&) { done.set_value(); }));
  done.get_future().wait();
  common::v1::ListAccessesRequest request;
  request.set_id("A");
  common::v1::ListAccessesResponse told;
  ASSERT_TRUE(audited.ListAccesses(As(ActorOf(kernel::v1::ROLE_AU, "c-gov", "371403", "au1")), request, &told).ok());
  ASSERT_EQ(told.access_size(), 1);
  EXPECT_EQ(told.access(0).method(), "GetStanding");
  EXPECT_EQ(told.access(0).user_id(), "cl1");
  for (const Actor& other : {ActorOf(kernel::v1::ROLE_AU, "x", "371482", "au2"), CountyLeader()}) {
    const auto refused = audited.ListAccesses(As(other), request, &told);
    ASSERT_TRUE(refused.refusal());
    EXPECT_EQ(refused.refusal()->code, RefusalCode::kNotFound);
  }
}

TEST_F(QueriesTest, StandingIsForWhoMaySeeTheMatterAndNamesItForTheRecord) {
  Tell("A", kAtCounty + ClockText());
  v1::GetStandingRequest request;
  request.set_id("A");
  v1::Standing standing;
  ASSERT_TRUE(queries_.GetStanding(As(CountyLeader()), request, &standing).ok());
  EXPECT_EQ(note_.aggregate_id, "A");
  EXPECT_TRUE(standing.open());
  ASSERT_EQ(standing.light_size(), 1);
  EXPECT_FALSE(standing.light(0).deadline().explanation_zh().empty());
  EXPECT_EQ(standing.allowed_command_size(), 4);  // instruct, assign lead, send down, ask to escalate
  const auto refused =
      queries_.GetStanding(As(ActorOf(kernel::v1::ROLE_CL, "x", "371482")), request, &standing);
  ASSERT_TRUE(refused.refusal());
  EXPECT_EQ(refused.refusal()->code, RefusalCode::kNotFound);
}

TEST_F(QueriesTest, LightsOfAUnitAreItsOwnBusinessAndItsLeaders) {
  Tell("A", kAtCounty + ClockText());
  Tell("R", kAtCounty + ClockText(1, "c-hrss", "2026-11-02"), 1);
  v1::ListLightsRequest request;
  request.set_holder_org("c-hrss");
  v1::ListLightsResponse response;
  ASSERT_TRUE(queries_.ListLights(As(Head("c-hrss")), request, &response).ok());
  ASSERT_EQ(response.line_size(), 2);
  EXPECT_EQ(response.line(0).id(), "R");
  EXPECT_EQ(response.line(0).light().light(), common::v1::RED);
  EXPECT_EQ(response.line(1).light().light(), common::v1::GREEN);
  EXPECT_TRUE(queries_.ListLights(As(CountyLeader()), request, &response).ok());
  EXPECT_TRUE(queries_.ListLights(As(Head("c-housing")), request, &response).refusal());
  v1::ListLightsRequest area;
  area.set_area_code("371403");
  v1::ListLightsResponse of_area;
  ASSERT_TRUE(queries_.ListLights(As(CountyLeader()), area, &of_area).ok());
  EXPECT_EQ(of_area.line_size(), 1);  // yellow and red only
}

}  // namespace
}  // namespace oversight
