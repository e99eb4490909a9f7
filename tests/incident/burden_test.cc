// What is asked of an area's grids, added up 减负: the month's mass tasks in hours, and nobody's name.
#include "tests/incident/rig.h"

namespace incident {
namespace {

std::string Start(std::string_view area, int minutes_per_task, int64_t seen, std::string_view beside = "") {
  return "start_campaign { title: '燃气排查' category: '1203' area_code: '" + std::string(area) +
         "' due_at_ms: " + std::to_string(Ms("2027-01-30 18:00")) +
         " minutes_per_task: " + std::to_string(minutes_per_task) +
         " seen_cost_minutes: " + std::to_string(seen) + " seen_campaign_id: '" + std::string(beside) + "' }";
}

v1::AskedThisMonth AskedOf(Rig& rig, const Actor& who, const std::string& area = "") {
  v1::ListCampaignsRequest request;
  request.set_area_code(area);
  v1::ListCampaignsResponse response;
  EXPECT_TRUE(rig.Query().ListCampaigns(rig.CallerOf(who), request, &response).ok());
  EXPECT_TRUE(response.has_asked_this_month());
  return response.asked_this_month();
}

v1::EstimateCampaignRequest Estimate(std::string_view area) {
  v1::EstimateCampaignRequest request;
  auto* asked = request.mutable_campaign();
  asked->set_title("燃气排查");
  asked->set_category("1203");
  asked->set_area_code(std::string(area));
  asked->set_due_at_ms(Ms("2026-11-30 18:00"));
  asked->set_minutes_per_task(20);
  return request;
}

// spec: R13
TEST(Estimate, IsWhatStartingItAsksToHaveSeen) {
  Rig rig;
  v1::EstimateCampaignResponse response;
  ASSERT_TRUE(rig.Query().EstimateCampaign(rig.CallerOf(Cd()), Estimate(kCounty), &response).ok());
  EXPECT_EQ(response.cost().grids(), 3u);
  EXPECT_EQ(response.cost().minutes(), 63);
  EXPECT_NE(response.explanation_zh().find("× 3 个网格 × 1 次 ≈ 共 1 小时 3 分。确定要布置吗？"),
            std::string::npos)
      << response.explanation_zh();
  EXPECT_NE(response.explanation_en().find("1 h 3 min in all. Is it worth it?"), std::string::npos);
  rig.Do(Cd(), "c1", Start(kCounty, 20, response.cost().minutes()));
  v1::GetCampaignRequest one;
  one.set_id("c1");
  v1::CampaignView view;
  ASSERT_TRUE(rig.Query().GetCampaign(rig.CallerOf(Gw()), one, &view).ok());
  EXPECT_EQ(view.cost().SerializeAsString(), response.cost().SerializeAsString())
      << "the worker reads what it was said to cost";
}

TEST(Estimate, IsForOnesOwnAreaAndSaysWhatStartingItWouldSay) {
  Rig rig;
  v1::EstimateCampaignResponse response;
  const auto elsewhere = rig.Query().EstimateCampaign(rig.CallerOf(Cd()), Estimate(kOtherCounty), &response);
  ASSERT_TRUE(elsewhere.refusal());
  EXPECT_FALSE(response.has_cost());
  auto past = Estimate(kCounty);
  past.mutable_campaign()->set_due_at_ms(1);
  const auto late = rig.Query().EstimateCampaign(rig.CallerOf(Cd()), past, &response);
  ASSERT_TRUE(late.refusal());
  EXPECT_EQ(late.refusal()->reason, "DUE_OUT_OF_RANGE");
  const auto none = rig.Query().EstimateCampaign(rig.CallerOf(Cc()), Estimate(kOtherCounty), &response);
  ASSERT_TRUE(none.refusal());
  EXPECT_EQ(none.refusal()->reason, "NO_GRIDS");
}

// spec: R13
TEST(Estimate, ShowsWhatAsksTheSameOfTheseGridsAlready) {
  Rig rig;
  v1::EstimateCampaignResponse response;
  ASSERT_TRUE(rig.Query().EstimateCampaign(rig.CallerOf(Cd()), Estimate(kCounty), &response).ok());
  EXPECT_FALSE(response.has_running());
  rig.Do(Cc(), "c1", Start(kCity, 0, 3));
  rig.Until("2026-11-24 09:00");
  rig.Do(Td(), "c2", Start(kVillage, 0, 2, "c1"));
  for (const auto& [area, shown] : std::vector<std::pair<const char*, std::string>>{
           {kCounty, "c2"}, {kTownship, "c2"}, {kVillage, "c2"}, {"371403001002", "c1"}}) {
    response.Clear();
    ASSERT_TRUE(rig.Query().EstimateCampaign(rig.CallerOf(Cd()), Estimate(area), &response).ok());
    EXPECT_EQ(response.running().id(), shown) << area << ": of those around it and inside it the newest";
  }
  EXPECT_EQ(response.running().title(), "燃气排查");
}

// spec: R13
TEST(Month, AddsUpWhatWasAskedOfAnAreaAndStartsAnewOnTheFirst) {
  Rig rig;
  rig.Do(Cd(), "c1", Start(kCounty, 20, 63));
  rig.Do(Td(), "c2", Start(kVillage, 0, 2, "c1"));
  const auto county = AskedOf(rig, Cd());
  EXPECT_EQ(county.campaigns(), 2u);
  EXPECT_EQ(county.minutes(), 65);
  EXPECT_EQ(county.grids(), 3u);
  EXPECT_EQ(county.since_ms(), Ms("2026-11-01 00:00"));
  EXPECT_EQ(AskedOf(rig, Cc()).minutes(), 65) << "the city sees its counties";
  EXPECT_EQ(AskedOf(rig, Cd(), kVillage).minutes(), 42 + 2) << "two of the county's three grids, and its own";
  EXPECT_EQ(AskedOf(rig, Gw()).minutes(), 21 + 1)
      << "one grid of the county's three, and of the village's two";
  rig.ExpectSound();
  rig.Until("2026-12-01 00:00");
  const auto december = AskedOf(rig, Cd());
  EXPECT_EQ(december.minutes(), 0);
  EXPECT_EQ(december.campaigns(), 0u);
  rig.Do(Cd(), "c3", Start(kCounty, 0, 3, "c1"));
  EXPECT_EQ(AskedOf(rig, Cd()).minutes(), 3);
}

TEST(Month, IsAddedUpWithTheFirstPageOnly) {
  Rig rig;
  for (int i = 0; i < 3; ++i) rig.Do(Cd(), "c" + std::to_string(i), Start(kCounty, 0, 3, "c0"));
  v1::ListCampaignsRequest request;
  request.set_page_size(2);
  v1::ListCampaignsResponse first, second;
  ASSERT_TRUE(rig.Query().ListCampaigns(rig.CallerOf(Cd()), request, &first).ok());
  EXPECT_EQ(first.asked_this_month().minutes(), 9) << "of all three, not of the page";
  request.set_page_token(first.next_page_token());
  ASSERT_TRUE(rig.Query().ListCampaigns(rig.CallerOf(Cd()), request, &second).ok());
  EXPECT_FALSE(second.has_asked_this_month());
}

}  // namespace
}  // namespace incident
