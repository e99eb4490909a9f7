// Who reads which numbers of mediation cases: over the real engine.
#include "services/mediation/queries.h"
#include "tests/mediation/case_world.h"
#include "tests/support/driven.h"

namespace mediation {
namespace {

class CountingTest : public ::testing::Test {
 protected:
  CountingTest() : desk_(kMonday, tests::Learned()), queries_({[this] { return desk_.Read(); }, nullptr, nullptr}) {
    for (const char* id : {"c1", "c2", "c3", "c4", "c5", "c6", "c7"})
      EXPECT_FALSE(desk_.Do(id, ApplyText(), Registrar()).refusal);
    EXPECT_FALSE(desk_.Do("c2", "end { reason: E03_SETTLED_THEMSELVES }", Resident("ua")).refusal);
  }
  rpc::Caller As(const Actor& actor) {
    rpc::Caller caller;
    caller.actor = actor;
    caller.areas = {"371403"};
    caller.now_ms = desk_.clock().NowMs();
    caller.note = &note_;
    return caller;
  }
  v1::CountCasesResponse Cases(kernel::v1::Role role) {
    v1::CountCasesRequest request;
    request.set_area_code("371403");
    v1::CountCasesResponse response;
    EXPECT_TRUE(queries_.CountCases(As(ActorOf(role, "x", "371403")), request, &response).ok());
    return response;
  }
  v1::CountStatisticsResponse Statistics(kernel::v1::Role role) {
    v1::CountStatisticsRequest request;
    request.set_area_code("371403");
    request.set_year(2026);
    v1::CountStatisticsResponse response;
    EXPECT_TRUE(queries_.CountStatistics(As(ActorOf(role, "x", "371403")), request, &response).ok());
    return response;
  }

  tests::Driven<MediationDomain> desk_;
  Queries queries_;
  rpc::AuditNote note_;
};

// Whoever may open none of the cases reads multiples of five, and nothing of fewer.
// spec: 3.2 3.10
TEST_F(CountingTest, TheAnalystReadsMultiplesOfFive) {
  const auto cases = Cases(kernel::v1::ROLE_AN);
  EXPECT_TRUE(cases.rounded());
  ASSERT_EQ(cases.by_status_size(), 1) << "one that ended is few";
  EXPECT_EQ(cases.by_status(0).count(), 5) << "six";
  EXPECT_EQ(cases.by_dispute(0).count(), 5) << "seven";
  const auto statistics = Statistics(kernel::v1::ROLE_AN);
  EXPECT_TRUE(statistics.rounded());
  ASSERT_EQ(statistics.by_type_size(), 1);
  EXPECT_EQ(statistics.by_type(0).cases(), 5);
  EXPECT_EQ(statistics.by_type(0).open(), 5);
  EXPECT_EQ(statistics.by_type(0).ended(), 0) << "one is few";
}

// spec: 3.10
TEST_F(CountingTest, LeadersAndCommitteesReadThemAsTheyAre) {
  for (const auto role : {kernel::v1::ROLE_CL, kernel::v1::ROLE_MC}) {
    const auto cases = Cases(role);
    EXPECT_FALSE(cases.rounded());
    EXPECT_EQ(cases.by_status_size(), 2);
    EXPECT_EQ(cases.by_dispute(0).count(), 7);
    EXPECT_EQ(Statistics(role).by_type(0).ended(), 1);
  }
}

}  // namespace
}  // namespace mediation
