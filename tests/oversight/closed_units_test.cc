// A unit that is closed 撤销: what lies with it is shown as such, and no later step sends it anything more.
#include "services/oversight/queries.h"
#include "tests/oversight/task_world.h"
#include "tests/support/driven.h"

namespace oversight {
namespace {

constexpr char kHrss[] = "ref/org/c-hrss";
constexpr char kClose[] =
    "learn_reference { notice { org_changed { id: 'c-hrss' name: 'c-hrss' kind: DEPARTMENT level: 4 "
    "area_code: '371403' duty: 'hrss' closed: true } } }";

std::string Closed(const std::string& id, const std::string& successor) {
  return "learn_reference { notice { org_changed { id: '" + id + "' name: '" + id +
         "' kind: DEPARTMENT level: 4 area_code: '371403' closed: true successor: '" + successor + "' } } }";
}

// Before, all of these were taken after the unit had been closed, and waited for ever.
// spec: C8 O3 O7 O8 O11 3.6.1
TEST(ClosedUnit, IsSentNothingThatWasPreparedBefore) {
  auto reference = tests::Learned();
  ASSERT_TRUE(reference.Learn(tests::OrgNotice("c-discipline", directory::v1::DISCIPLINE, "371403")).ok());
  Desk d(std::move(reference), "x");
  const auto taken = [&](const std::string& id, const std::string& command, const Actor& actor) {
    d.As(actor).At(kMonday).WhenOn(id, command);
    EXPECT_FALSE(d.refusal()) << command;
  };
  const auto instruct = [](const std::string& to) {
    return std::string("instruct { matter_id: '") + kCode + "' text: '请办' due_at_ms: " +
           std::to_string(Local("2026-11-27 17:00")) + " " + to + " }";
  };
  taken(kCode, Heard(1, kProcessing + ClockText()), Platform());
  taken("in1", instruct(""), CountyLeader());
  taken("or1",
        std::string("draft_order { matter_id: '") + kCode +
            "' card: CARD_ORDINARY ground: VIOLATION violation: 'V04' facts: '未答复' }",
        Supervisor());
  taken("s1",
        "draft_suggestion { org_id: 'c-hrss' violation: 'V04' facts: '未答复' evidence: '督办单' recipient_org: "
        "'c-discipline' }",
        Supervisor());
  taken("n1", "plan_inspection { area_code: '371403' title: '督查' scope: '台账' day: '2026-11-23' }", Supervisor());
  taken("n1", "record_finding { org_id: 'c-hrss' text: '台账不全' demand: '补齐' }", Supervisor());
  taken("n1", "finish_inspection { summary: '一处' }", Supervisor());
  taken(kTask,
        CreateText(MilestoneText("2026-11-23", "2026-12-20", {{"2026-11", 50}, {"2026-12", 100}})), Supervisor());
  taken(kHrss, kClose, Platform());
  struct {
    const char* id;
    std::string command;
    Actor actor;
  } later[] = {{"in1", "distribute {}", CountyCentre()},
               {"or1", "issue_order { demand: '办结' }", CountyCentre()},
               {"s1", "send_suggestion { document_no: '督建1号' }", Supervisor()},
               {"n1", "give_feedback { rectify_by_day: '2026-12-07' }", Supervisor()},
               {kTask, "confirm_task {}", InCharge()}};
  for (const auto& row : later) {
    d.As(row.actor).WhenOn(row.id, row.command).ThenRefused("UNIT_CLOSED");
  }
  d.As(CountyLeader()).WhenOn("in2", instruct("")).ThenRefused("UNIT_CLOSED");
  EXPECT_EQ(d.refusal()->field, "addressee_org") << "another is to be named";
  taken("in2", instruct("addressee_org: 'c-housing'"), CountyLeader());
}

// spec: C8 3.6.6
TEST(ClosedUnit, IsWhyAMatterDoesNotMoveWhateverItsLightSays) {
  tests::Driven<OversightDomain> desk(kMonday, tests::Learned());
  const Queries queries([&] { return desk.Read(); });
  rpc::AuditNote note;
  rpc::Caller leader;
  leader.actor = CountyLeader();
  leader.areas = {"371403"};
  leader.now_ms = kMonday;
  leader.note = &note;
  const auto rows = [&](v1::StuckReason reason) {
    v1::ListReviewRequest request;
    request.set_area_code("371403");
    request.set_stuck_reason(reason);
    v1::ListReviewResponse response;
    EXPECT_TRUE(queries.ListReview(leader, request, &response).ok());
    return response;
  };
  EXPECT_FALSE(desk.Do(kCode,
                       Heard(1, "status: PROCESSING category: '0105' current_level: 4 lead_org: 'c-hrss' holder_org: "
                                "'c-hrss' level_path: 4 " +
                                    ClockText()),
                       Platform())
                   .refusal);
  ASSERT_EQ(rows(v1::STUCK_REASON_UNSPECIFIED).item_size(), 1);
  EXPECT_EQ(rows(v1::STUCK_REASON_UNSPECIFIED).item(0).stuck_reason(), v1::STUCK_REASON_UNSPECIFIED);
  EXPECT_EQ(rows(v1::HOLDER_CLOSED).item_size(), 0);
  EXPECT_FALSE(desk.Do(kHrss, kClose, Platform()).refusal);
  ASSERT_EQ(rows(v1::HOLDER_CLOSED).item_size(), 1);
  EXPECT_EQ(rows(v1::STUCK_REASON_UNSPECIFIED).item(0).stuck_reason(), v1::HOLDER_CLOSED);
  v1::GetStandingRequest request;
  request.set_id(kCode);
  v1::Standing standing;
  ASSERT_TRUE(queries.GetStanding(leader, request, &standing).ok());
  EXPECT_EQ(standing.item().stuck_reason(), v1::HOLDER_CLOSED);
  EXPECT_EQ(standing.item().successor_org(), "") << "none was named";
  // Who took over was closed in its turn: the row names whoever stands.
  EXPECT_FALSE(desk.Do(kHrss, Closed("c-hrss", "c-labour"), Platform()).refusal);
  EXPECT_FALSE(desk.Do("ref/org/c-labour", Closed("c-labour", "c-housing"), Platform()).refusal);
  ASSERT_EQ(rows(v1::HOLDER_CLOSED).item_size(), 1);
  EXPECT_EQ(rows(v1::HOLDER_CLOSED).item(0).successor_org(), "c-housing");
}

}  // namespace
}  // namespace oversight
