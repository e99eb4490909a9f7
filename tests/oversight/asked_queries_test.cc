// What leaders asked for, listed: instructions, orders, warnings; over the real engine.
#include "tests/oversight/queries_world.h"
#include "tests/support/mem_kv.h"

namespace oversight {
namespace {

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
  EXPECT_TRUE(desk_.Do("or-A-1", "issue_order { demand: '办结' }", centre).refusal) << "it is against themselves";
  const Actor above = ActorOf(kernel::v1::ROLE_CC, "city-centre", "3714", "cc1");
  EXPECT_FALSE(desk_.Do("or-A-1", "issue_order { demand: '办结' }", above).refusal);
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
