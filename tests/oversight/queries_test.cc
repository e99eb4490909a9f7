// The leaders' page, its numbers, lights, one matter, instructions: over the real engine.
#include "services/oversight/queries.h"

#include <future>
#include <set>

#include "base/random.h"
#include "tests/oversight/matter_world.h"
#include "tests/support/driven.h"
#include "tests/support/mem_kv.h"

namespace oversight {
namespace {

class QueriesTest : public ::testing::Test {
 protected:
  QueriesTest() : desk_(kMonday, tests::Learned()), queries_([this] { return desk_.Read(); }) {}

  // A matter of this code at the county, opened `hours` after Monday morning.
  void Tell(const std::string& code, const std::string& notice, int64_t hours = 0, int version = 1,
            const std::string& topic = "incident.escalated") {
    const auto outcome =
        desk_.Do(code,
                 "observe { service: 'incident' subject_id: 'i" + code +
                     "' subject_version: " + std::to_string(version) + " topic: '" + topic +
                     "' matter_code: '" + code + "' area_code: '371403001002' level: 4 recorded_at_ms: " +
                     std::to_string(kMonday + hours * base::kHourMs) + " incident { " + notice + " } }",
                 Platform());
    EXPECT_TRUE(outcome.status.ok() && !outcome.refusal);
  }
  rpc::Caller As(const Actor& actor) {
    rpc::Caller caller;
    caller.actor = actor;
    caller.now_ms = desk_.clock().NowMs();
    for (const auto& grant : actor.grant()) {
      caller.areas.push_back(grant.area_code());
      caller.orgs.push_back(grant.org_id());
    }
    caller.note = &note_;
    return caller;
  }
  v1::ListReviewResponse Review(const std::string& text, const Actor& actor = CountyLeader()) {
    v1::ListReviewRequest request;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &request));
    v1::ListReviewResponse response;
    EXPECT_TRUE(queries_.ListReview(As(actor), request, &response).ok());
    return response;
  }
  static std::vector<std::string> Codes(const v1::ListReviewResponse& response) {
    std::vector<std::string> codes;
    for (const auto& item : response.item()) codes.push_back(item.matter_code());
    return codes;
  }

  tests::Driven<OversightDomain> desk_;
  Queries queries_;
  rpc::AuditNote note_;
};

const std::string kLate =
    "clock { policy_id: 'DI-02' started_at_ms: 1 due_at_ms: 2 length { amount: 1 unit: D } holder_org: "
    "'c-centre' } ";

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
  EXPECT_EQ(item.stuck_reason(), v1::LEADER);
  EXPECT_EQ(item.group(), v1::RED_LIGHT);
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

// spec: O7
TEST_F(QueriesTest, InstructionsAreListedForIssuerCentreAndUnit) {
  Tell("A", kAtCounty);
  const auto issued =
      desk_.Do("in1",
               "instruct { matter_id: 'A' text: '办' due_at_ms: " + std::to_string(kMonday + base::kDayMs) +
                   " addressee_org: 'c-hrss' }",
               CountyLeader());
  EXPECT_EQ(issued.receipt.status(), "ISSUED");
  auto count = [&](const Actor& actor, const std::string& text) {
    v1::ListInstructionsRequest request;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &request));
    v1::ListInstructionsResponse response;
    return queries_.ListInstructions(As(actor), request, &response).ok() ? response.instruction_size() : -1;
  };
  EXPECT_EQ(count(CountyLeader(), "mine: true"), 1);
  EXPECT_EQ(count(CountyCentre(), "area_code: '371403'"), 1);
  EXPECT_EQ(count(Head("c-hrss"), "addressee_org: 'c-hrss'"), 0);  // not before it is distributed
  EXPECT_EQ(count(Head("c-hrss"), "addressee_org: 'c-housing'"), -1);
  // What a leader wrote to one unit is not for the heads of all others of the area.
  EXPECT_EQ(count(Head("c-housing"), "area_code: '371403'"), -1);
  EXPECT_EQ(count(ActorOf(kernel::v1::ROLE_MC, "c-hrss", "371403", "mc1"), "area_code: '371403'"), -1);
  EXPECT_EQ(count(TownLeader(), "area_code: '371403'"), -1);
  // Nor does the unit that holds the matter see on it that there is one.
  v1::GetStandingRequest matter;
  matter.set_id("A");
  v1::Standing to_leader, to_holder;
  ASSERT_TRUE(queries_.GetStanding(As(CountyLeader()), matter, &to_leader).ok());
  ASSERT_TRUE(queries_.GetStanding(As(Head("c-centre")), matter, &to_holder).ok());
  EXPECT_EQ(to_leader.item().asked_size(), 1);
  EXPECT_EQ(to_holder.item().asked_size(), 0);
  desk_.Do("in1", "distribute {}", CountyCentre());
  EXPECT_EQ(count(Head("c-hrss"), "addressee_org: 'c-hrss'"), 1);
  v1::GetInstructionRequest request;
  request.set_id("in1");
  v1::Instruction shown;
  ASSERT_TRUE(queries_.GetInstruction(As(CountyLeader()), request, &shown).ok());
  EXPECT_EQ(shown.answer().answer(), v1::ANSWER_PENDING);
  EXPECT_EQ(shown.text(), "办");
  // Withdrawn: of no list of what is open, and the unit that opens it reads why.
  desk_.Do("in1", "withdraw_instruction { reason: '已解决' }", CountyLeader());
  EXPECT_EQ(count(CountyLeader(), "mine: true"), 0);
  EXPECT_EQ(count(CountyCentre(), "area_code: '371403'"), 0);
  EXPECT_EQ(count(Head("c-hrss"), "addressee_org: 'c-hrss'"), 0);
  v1::Instruction withdrawn;
  ASSERT_TRUE(queries_.GetInstruction(As(Head("c-hrss")), request, &withdrawn).ok());
  EXPECT_EQ(withdrawn.status(), v1::WITHDRAWN);
  EXPECT_EQ(withdrawn.withdrawal_reason(), "已解决");
  EXPECT_GT(withdrawn.withdrawn_at_ms(), 0);
  EXPECT_TRUE(withdrawn.allowed_command().empty());
}

// spec: O3 DO-02
TEST_F(QueriesTest, OrdersAreListedForWhoMayGiveThemAndForTheUnitOnceTheyAreOut) {
  Tell("A", kProcessing + kLate);
  const Actor centre = ActorOf(kernel::v1::ROLE_CD, "c-centre", "371403", "cd1");
  const Actor unit = Head("c-centre");
  auto list = [&](const Actor& actor, const std::string& text) {
    v1::ListOrdersRequest request;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &request));
    v1::ListOrdersResponse response;
    const auto answer = queries_.ListOrders(As(actor), request, &response);
    return answer.ok() ? response.order_size() : -1;
  };
  EXPECT_EQ(list(centre, "area_code: '371403' drafts: true"), 1);
  EXPECT_EQ(list(CityLeader(), "area_code: '3714' drafts: true"), 1);
  EXPECT_EQ(list(centre, "area_code: '371482' drafts: true"), -1);
  EXPECT_EQ(list(TownLeader(), "area_code: '371403' drafts: true"), -1);
  EXPECT_EQ(list(unit, "to_org: 'c-centre'"), 0);
  EXPECT_EQ(list(unit, "to_org: 'c-hrss'"), -1);
  v1::GetOrderRequest request;
  request.set_id("or-A-1");
  v1::SupervisionOrder order;
  EXPECT_TRUE(queries_.GetOrder(As(unit), request, &order).refusal());
  EXPECT_FALSE(desk_.Do("or-A-1", "issue_order { demand: '办结' }", centre).refusal);
  EXPECT_EQ(list(unit, "to_org: 'c-centre'"), 1);
  EXPECT_EQ(list(centre, "area_code: '371403'"), 1);
  EXPECT_EQ(list(centre, "area_code: '371403' drafts: true"), 0);
  ASSERT_TRUE(queries_.GetOrder(As(unit), request, &order).ok());
  EXPECT_EQ(order.deadline().policy_id(), "DO-02");
  EXPECT_EQ(order.deadline().article(), "平台默认");
  EXPECT_FALSE(order.deadline().explanation_zh().empty());
  EXPECT_EQ(order.demand(), "办结");
  const auto page = Review("area_code: '371403'");
  ASSERT_EQ(page.item_size(), 1);
  EXPECT_EQ(page.item(0).order(0).order_id(), "or-A-1");
}

// spec: O10
TEST_F(QueriesTest, CountsOfWarningsAreAskedByMonth) {
  const auto why = [&](const char* from, const char* until) {
    v1::CountWarningsRequest request;
    request.set_area_code("371403");
    request.set_from_month(from);
    request.set_until_month(until);
    v1::CountWarningsResponse counts;
    const auto answer = queries_.CountWarnings(As(CountyLeader()), request, &counts);
    return answer.refusal() ? answer.refusal()->reason + " " + answer.refusal()->field : std::string();
  };
  EXPECT_EQ(why("2026-11", "2026-11"), "");
  EXPECT_EQ(why("2026-13", "2026-11"), "NO_SUCH_MONTH from_month");
  EXPECT_EQ(why("2026-11", "2026-10"), "MONTHS_REVERSED until_month");
}

// Closed or open, answered or not: whoever could open it finds what they find under an id nobody gave.
// spec: P11 O6 O7 flow-5
TEST_F(QueriesTest, WhatWasAskedOfAPetitionThatLeftTheListsIsShownToNobody) {
  const auto due = std::to_string(kMonday + 9 * base::kDayMs);
  const Actor office = ActorOf(kernel::v1::ROLE_PO, "c-petition", "371403", "po1"), unit = Head("c-hrss");
  const Actor auditor = ActorOf(kernel::v1::ROLE_AU, "c-gov", "371403", "au1");
  const auto taken = [&](const std::string& id, const std::string& command, const Actor& actor) {
    const auto outcome = desk_.Do(id, command, actor);
    EXPECT_FALSE(outcome.refusal) << command;
  };
  taken(kPetitionCode, HeardPetition(1, kHandled + PetitionClock("DP-05", "2026-11-20")), Platform());
  const std::string order = std::string("or-") + kPetitionCode + "-1";
  for (const char* id : {"in1", "in2"}) {
    taken(id, std::string("instruct { matter_id: '") + kPetitionCode + "' text: '请抓紧' due_at_ms: " + due + " }",
          CountyLeader());
    taken(id, "distribute {}", CountyCentre());
  }
  taken("in2", "report { text: '已办' }", unit);
  taken("in2", "close_instruction {}", CountyLeader());
  taken(order, "issue_order { demand: '办结' }", office);
  taken(order, "answer_order { result: '已办' evidence: '记录' }", unit);
  taken(order, "accept_answer {}", office);
  const auto shown = [&](const Actor& actor) {
    int count = 0;
    v1::GetInstructionRequest instruction;
    v1::Instruction of_it;
    for (const char* id : {"in1", "in2"}) {
      instruction.set_id(id);
      count += queries_.GetInstruction(As(actor), instruction, &of_it).ok();
    }
    v1::GetOrderRequest of_order;
    of_order.set_id(order);
    v1::SupervisionOrder found;
    count += queries_.GetOrder(As(actor), of_order, &found).ok();
    v1::GetStandingRequest matter;
    matter.set_id(kPetitionCode);
    v1::Standing standing;
    count += queries_.GetStanding(As(actor), matter, &standing).ok();
    return count;
  };
  tests::MemKv kv;
  auto log = rpc::AuditLog::Open(kv);
  ASSERT_TRUE(log.ok());
  const Queries audited([this] { return desk_.Read(); }, nullptr, log->get());
  const auto accesses = [&] {
    common::v1::ListAccessesRequest request;
    request.set_id(kPetitionCode);
    common::v1::ListAccessesResponse response;
    return audited.ListAccesses(As(auditor), request, &response).ok();
  };
  EXPECT_EQ(shown(unit), 4);
  EXPECT_EQ(shown(CountyLeader()), 4);
  EXPECT_TRUE(accesses());
  taken(kPetitionCode, HeardPetition(2, "level: 4 status: MERGED", "petition.removed"), Platform());
  EXPECT_EQ(shown(unit), 0);
  EXPECT_EQ(shown(CountyLeader()), 0);
  EXPECT_EQ(shown(office), 0);
  EXPECT_FALSE(accesses());
}

}  // namespace
}  // namespace oversight
