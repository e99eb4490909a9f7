// The cost of asking 填报成本: nothing is asked of the grids before its asker has seen what it takes of them.
#include "services/incident/domain/asking.h"

#include "tests/incident/world.h"

namespace incident {
namespace {

using enum kernel::RefusalCode;

v1::StartCampaignRequest Request(std::string_view text) {
  v1::StartCampaignRequest request;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(std::string(text), &request)) << text;
  return request;
}

std::string Start(std::string_view more) {
  return "start_campaign { title: '燃气排查' category: '1203' area_code: '371403' due_at_ms: " +
         std::to_string(Ms("2026-11-30 18:00")) + " " + std::string(more) + " }";
}

Knowledge WithGrids(int more) {
  Knowledge known = Known();
  for (int i = 1; i <= more; ++i) {
    char code[20];
    std::snprintf(code, sizeof(code), "371403001003%03d", i);
    EXPECT_TRUE(known.Learn(Area(code, "网格")).ok());
  }
  return known;
}

Knowledge WithPolicy(const policy::v1::PolicySet& policies) {
  Knowledge known = Known();
  directory::v1::Notice notice;
  *notice.mutable_policy_changed() = policies;
  EXPECT_TRUE(known.Learn(notice).ok());
  return known;
}

// spec: R13
TEST(Cost, IsWhatTheFormAndTheSpotTakeTimesTheGridsThatAreReached) {
  const auto cost = CostOf(Request("area_code: '371403' minutes_per_task: 20 asked { questions: 3 fields: 1 "
                                   "photos: 1 photo_ground: 'x' }"),
                           Known());
  EXPECT_EQ(cost.grids(), 3u);
  EXPECT_EQ(cost.fills(), 3u) << "once a grid";
  EXPECT_EQ(cost.seconds_per_fill(), 60 + 3 * 10 + 20 + 30);
  EXPECT_EQ(cost.minutes(), 67) << "3 x (140 s + 20 min), rounded up";
  EXPECT_EQ(CostOf(Request("area_code: '371403001002'"), Known()).grids(), 1u)
      << "of the area asked, and no other";
  EXPECT_EQ(CostTextZh(cost), "填一次约 140 秒，现场约 20 分钟，× 3 个网格 × 1 次 ≈ 共 1 小时 7 分。");
  EXPECT_EQ(CostTextEn(cost),
            "About 140 s to fill it in and 20 min on the spot, x 3 grids x once = 1 h 7 min in all.");
}

TEST(Cost, FollowsThePolicyRowAndNamesItsRevision) {
  policy::v1::PolicySet policies = Policies().policies;
  policies.set_revision(policies.revision() + 1);
  policies.mutable_incident()->set_revision(7);
  policies.mutable_incident()->mutable_asking_cost()->set_base_seconds(600);
  const auto cost = CostOf(Request("area_code: '371403'"), WithPolicy(policies));
  EXPECT_EQ(cost.minutes(), 30);
  EXPECT_EQ(cost.policy_revision(), 7);
  policies.set_revision(policies.revision() + 1);
  policies.mutable_incident()->clear_asking_cost();
  const auto older = CostOf(Request("area_code: '371403'"), WithPolicy(policies));
  EXPECT_EQ(older.minutes(), 3) << "a policy older than the row does not make asking free";
  EXPECT_EQ(older.policy_revision(), 0);
}

// spec: R13
TEST(Campaign, DoesNotStartBeforeItsAskerHasSeenWhatItCosts) {
  Matter m(Known(), "c1");
  m.As(Cd()).When(Start("minutes_per_task: 20")).ThenRefused(kGuard, "COST_NOT_SEEN");
  EXPECT_EQ(m.refusal()->field, "seen_cost_minutes");
  EXPECT_NE(m.refusal()->message_zh.find("共 1 小时 3 分"), std::string::npos) << m.refusal()->message_zh;
  EXPECT_NE(m.refusal()->message_en.find("seen_cost_minutes: 63"), std::string::npos)
      << m.refusal()->message_en;
  m.When(Start("minutes_per_task: 20 seen_cost_minutes: -63")).ThenRefused("COST_NOT_SEEN");
  m.When(Start("minutes_per_task: 20 seen_cost_minutes: 9223372036854775807")).ThenRefused("COST_NOT_SEEN");
  m.Do(Cd(), Start("minutes_per_task: 20 seen_cost_minutes: 63"));
  EXPECT_EQ(m.state().campaign().cost().minutes(), 63);
  EXPECT_EQ(m.state().campaign().seen_cost_minutes(), 63);
}

// spec: R13
TEST(Campaign, IsSeenAnewWhenItsCostHasChangedByMoreThanATenth) {
  Matter ten(WithGrids(7), "c1");  // 10 grids, a minute each
  ten.As(Cd()).When(Start("seen_cost_minutes: 8")).ThenRefused("COST_NOT_SEEN");
  ten.As(Cd()).When(Start("seen_cost_minutes: 12")).ThenRefused("COST_NOT_SEEN");
  ten.Do(Cd(), Start("seen_cost_minutes: 9"));
  EXPECT_EQ(ten.state().campaign().cost().minutes(), 10) << "what it costs, not what was seen";
  Matter still(WithGrids(7), "c1");
  still.Do(Cd(), Start("seen_cost_minutes: 11"));
}

// spec: R3
TEST(Campaign, AsksForPhotosOnlyWithAGroundThatTheWorkerReads) {
  Matter m(Known(), "c1");
  m.As(Cd())
      .When(Start("asked { photos: 2 } seen_cost_minutes: 6"))
      .ThenRefused(kInvalid, "PHOTO_GROUND_NEEDED");
  EXPECT_EQ(m.refusal()->field, "asked.photo_ground");
  m.Do(Cd(), Start("asked { photos: 2 photo_ground: '应急:暴雨红色预警' } seen_cost_minutes: 6"));
  EXPECT_EQ(m.state().campaign().asked().photo_ground(), "应急:暴雨红色预警");
}

TEST(Campaign, AsksForNoNegativeNumberOfThingsAndNoneWithoutEnd) {
  Matter m(Known(), "c1");
  for (const char* asked : {"questions: -1", "fields: 51", "photos: -3 photo_ground: 'x'"}) {
    m.As(Cd())
        .When(Start("asked { " + std::string(asked) + " }"))
        .ThenRefused(kInvalid, "ASKED_OUT_OF_RANGE");
  }
  m.When(Start("minutes_per_task: -20")).ThenRefused(kInvalid, "MINUTES_OUT_OF_RANGE");
  m.When(Start("minutes_per_task: 601")).ThenRefused(kInvalid, "MINUTES_OUT_OF_RANGE");
}

}  // namespace
}  // namespace incident
