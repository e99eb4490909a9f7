// Appeals of enterprises as leaders look at them: what each waits for, which of its four periods is late, what stands
// under listed supervision; numbers first, and each number opens its list.
#include "tests/oversight/campaign_world.h"

namespace oversight {
namespace {

class AppealTest : public CampaignTest {
 protected:
  static std::string Period(const std::string& policy, const std::string& due, const std::string& more = "") {
    return "clock { policy_id: '" + policy + "' started_at_ms: " + std::to_string(Local("2026-11-20 09:00")) +
           " due_at_ms: " + std::to_string(EndOf(due)) +
           " length { amount: 1 unit: WD } holder_org: 'c-hrss' " + more + " } ";
  }
  static std::string Met() {
    return "outcome: CLOCK_MET stopped_at_ms: " + std::to_string(Local("2026-11-20 10:00"));
  }
  static std::string Cancelled() {
    return "outcome: CLOCK_CANCELLED stopped_at_ms: " + std::to_string(Local("2026-11-20 10:00"));
  }
  // All four; `contact`, `reply`, `fifteen` say how the first three stand.
  static std::string Periods(const std::string& contact = "", const std::string& reply = "",
                             const std::string& fifteen = "", const std::string& reply_due = "2026-12-25") {
    return Period("DA-01", "2026-12-24", contact) + Period("DA-02", reply_due, reply) +
           Period("DA-03", "2026-12-28", fifteen) +
           Period("DA-04", "2027-01-20", fifteen == Met() ? Met() : "");
  }
  void Appeal(const std::string& code, const std::string& periods, const std::string& status = "PROCESSING",
              const std::string& area = "371403001002") {
    Tell("incident", code, "progressed", "2026-11-23 09:00",
         "kind: ENTERPRISE_APPEAL status: " + status +
             " category: '1309' current_level: 4 lead_org: 'c-hrss' holder_org: 'c-hrss' level_path: 4 " +
             periods,
         area, 4);
  }
  std::vector<v1::AppealRow> List(const std::string& area, const std::string& filter = "",
                                  const Actor& actor = CountyLeader()) {
    std::vector<v1::AppealRow> rows;
    v1::ListAppealsRequest request;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
        "area_code: '" + area + "' page_size: 2 " + filter, &request));
    do {
      v1::ListAppealsResponse response;
      EXPECT_TRUE(queries_.ListAppeals(As(actor), request, &response).ok());
      rows.insert(rows.end(), response.appeal().begin(), response.appeal().end());
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
    return rows;
  }
  std::string Codes(const std::string& area, const std::string& filter = "") {
    std::string codes;
    for (const auto& row : List(area, filter)) codes += row.item().matter_code();
    return codes;
  }
  v1::CountAppealsResponse Count(const std::string& area) {
    v1::CountAppealsRequest request;
    request.set_area_code(area);
    v1::CountAppealsResponse response;
    EXPECT_TRUE(queries_.CountAppeals(As(CountyLeader()), request, &response).ok());
    return response;
  }
  void ListedByTheConference(const std::string& code) {
    const auto outcome =
        desk_.Do("l" + code,
                 "record_measure { measure: LISTED_SUPERVISION org_id: 'c-hrss' matter_code: '" + code +
                     "' decided_day: '2026-11-20' rectify_by_day: '2026-12-10' document_no: '1号' "
                     "demand: '限期整改' }",
                 ActorOf(kernel::v1::ROLE_PO, "c-petition", "371403", "po1"));
    EXPECT_TRUE(outcome.status.ok() && !outcome.refusal);
  }
};

// spec: flow-6 DA-01 DA-02 DA-03 DA-04
TEST_F(AppealTest, StandsInTheStageOfThePeriodThatRuns) {
  Appeal("A", Periods());
  Appeal("B", Periods(Met()));
  Appeal("C", Periods(Met(), Met()));
  Appeal("D", Periods(Met(), Met()), "PENDING_VERIFY");
  Appeal("E", Periods(Met(), Met(), Met()), "PENDING_VERIFY");
  Appeal("X", Periods(Met(), Met(), Met()), "CLOSED");
  Tell("incident", "Y", "progressed", "2026-11-23 09:00", kProcessing + Period("DI-05", "2026-11-20"));
  const auto rows = List("371403");
  ASSERT_EQ(rows.size(), 5u);
  std::string stages;
  for (const auto& row : rows) stages += row.item().matter_code() + std::to_string(row.stage()) + " ";
  EXPECT_EQ(stages, "A1 B2 C3 D4 E5 ");
  ASSERT_EQ(rows[1].period_size(), 4);
  EXPECT_EQ(rows[1].period(0).policy_id(), "DA-01");
  EXPECT_EQ(rows[1].period(0).deadline().outcome(), common::v1::CLOCK_MET);
  EXPECT_EQ(rows[1].period(1).light(), common::v1::GREEN);
  EXPECT_FALSE(rows[1].period(1).deadline().explanation_zh().empty());
  EXPECT_EQ(rows[4].light(), common::v1::LIGHT_UNSPECIFIED);
  EXPECT_EQ(Count("371403").total(), 5);
  EXPECT_EQ(Codes("371403", "stage: AWAITS_REPLY"), "B");
  EXPECT_TRUE(Codes("371482").empty());
}

// spec: flow-6 DO-01
TEST_F(AppealTest, RedStandsFirstAndTheCountsAreTheLists) {
  Appeal("A", Periods());
  Appeal("B", Periods(Met(), "", "", "2026-11-20"));
  Appeal("C", Periods(Met(), "", "", "2026-11-23"), "PROCESSING", "371403100201");
  Appeal("E", Periods(Met(), Met(), Met()), "PENDING_VERIFY");
  EXPECT_EQ(Codes("371403"), "BCAE");
  EXPECT_EQ(Codes("371403", "light: RED"), "B");
  EXPECT_EQ(Codes("371403", "light: YELLOW stage: AWAITS_REPLY"), "C");
  EXPECT_EQ(Codes("371403001"), "BAE");
  const auto count = Count("371403");
  EXPECT_EQ(count.total(), 4);
  int64_t all = 0;
  for (const auto& row : count.stage()) {
    all += row.count();
    if (row.light() == common::v1::LIGHT_UNSPECIFIED) continue;
    const std::string filter =
        "stage: " + v1::AppealStage_Name(row.stage()) + " light: " + common::v1::Light_Name(row.light());
    EXPECT_EQ(static_cast<int64_t>(List("371403", filter).size()), row.count()) << filter;
  }
  EXPECT_EQ(all, 4);
  ASSERT_EQ(count.place_size(), 2);  // by code, whatever is late where
  EXPECT_EQ(count.place(0).area_code(), "371403001");
  EXPECT_EQ(count.place(0).count(), 3);
  EXPECT_EQ(count.place(0).red(), 1);
  EXPECT_EQ(count.place(1).yellow(), 1);
}

// A light that turns later moves it by itself.
// spec: flow-6 DO-01
TEST_F(AppealTest, WhatTurnsRedStandsThere) {
  Appeal("A", Periods(Met(), "", "", "2026-11-25"));
  EXPECT_TRUE(Codes("371403", "light: RED").empty());
  desk_.clock().AdvanceTo(EndOf("2026-11-25") + 1);
  desk_.FireDue();
  EXPECT_EQ(Codes("371403", "light: RED"), "A");
}

// spec: flow-6 DA-04
TEST_F(AppealTest, AComplexOneIsBoundByThirtyDays) {
  Appeal("A", Periods(Met(), Met()));
  EXPECT_FALSE(List("371403")[0].complex());
  Appeal("A", Periods(Met(), Met(), Cancelled()));
  const auto rows = List("371403");
  EXPECT_TRUE(rows[0].complex());
  EXPECT_EQ(rows[0].stage(), v1::AWAITS_SOLUTION);
  EXPECT_EQ(Count("371403").complex(), 1);
}

// spec: O9 C10
TEST_F(AppealTest, ListedSupervisionIsShownAndFiltered) {
  Appeal("A", Periods());
  Appeal("B", Periods(Met()));
  ListedByTheConference("B");
  EXPECT_EQ(Codes("371403", "listed: true"), "B");
  EXPECT_EQ(Codes("371403", "listed: true stage: AWAITS_CONTACT"), "");
  EXPECT_EQ(List("371403", "listed: true")[0].item().listing(0).listing_id(), "lB");
  EXPECT_EQ(Count("371403").listed(), 1);
  EXPECT_EQ(Count("371403").total(), 2);
  desk_.Do("lB", "end_measure { result: '已整改' }",
           ActorOf(kernel::v1::ROLE_PO, "c-petition", "371403", "po1"));
  EXPECT_EQ(Count("371403").listed(), 0);
}

// What a higher office made a petition of: below it the appeal stands as before, and shows nothing of what is above.
// spec: R9 C10
TEST_F(AppealTest, BelowItsOfficeNothingShowsOfAPetition) {
  Appeal("A", Periods(), "REFERRED");
  const auto before = List("371403001")[0];
  Tell("petition", "A", "registered", "2026-11-23 10:00", kHandled + PetitionClock("DP-05", "2026-11-20"),
       "371403001002", 4);
  ListedByTheConference("A");
  const auto after = List("371403001")[0];
  EXPECT_EQ(after.light(), before.light());
  EXPECT_TRUE(after.item().listing().empty());
  EXPECT_EQ(after.item().service(), "incident");
  EXPECT_EQ(Count("371403001").listed(), 0);
  EXPECT_EQ(Count("371403").listed(), 1);
}

TEST_F(AppealTest, WhatCannotBeAskedIsRefusedByField) {
  v1::ListAppealsRequest request;
  request.set_area_code("37");
  v1::ListAppealsResponse response;
  EXPECT_EQ(queries_.ListAppeals(As(CountyLeader()), request, &response).refusal()->field, "area_code");
  request.set_area_code("371403");
  request.set_light(common::v1::MISSED);
  EXPECT_EQ(queries_.ListAppeals(As(CountyLeader()), request, &response).refusal()->field, "light");
  request.set_light(common::v1::RED);
  request.set_page_token("x");
  EXPECT_EQ(queries_.ListAppeals(As(CountyLeader()), request, &response).refusal()->field, "page_token");
}

}  // namespace
}  // namespace oversight
