#pragma once
// Campaigns, what they find and appeals of enterprises as the incident service tells of them, and leaders who look at
// them: over the real engine.

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tests/oversight/figure_world.h"

namespace oversight {

class CampaignTest : public FigureTest {
 protected:
  static constexpr char kSouth[] = "371403001002001";  // grids: of two villages in two townships
  static constexpr char kSouth2[] = "371403001002002";
  static constexpr char kNorth[] = "371403100201001";

  void Started(const std::string& id, const std::string& area, const std::string& due, int64_t cost = 0,
               int grids = 0, const std::string& started = "2026-11-20 09:00",
               const std::string& ended = "") {
    std::string text = "hear_campaign { campaign { campaign_id: '" + id + "' category: '1201' area_code: '" +
                       area + "' started_at_ms: " + std::to_string(Local(started)) +
                       " due_at_ms: " + std::to_string(EndOf(due)) +
                       " cost_minutes: " + std::to_string(cost) + " cost_grids: " + std::to_string(grids);
    if (!ended.empty()) text += " ended_at_ms: " + std::to_string(Local(ended));
    const auto outcome = desk_.Do("campaign/" + id, text + " } }", Platform());
    EXPECT_TRUE(outcome.status.ok() && !outcome.refusal);
  }
  void Task(const std::string& campaign, const std::string& grid, const std::string& more = "",
            const std::string& due = "2026-11-30") {
    const auto outcome = desk_.Do("task/" + campaign + "-" + grid,
                                  "hear_task { task { campaign_id: '" + campaign + "' area_code: '" +
                                      grid.substr(0, 12) + "' grid_code: '" + grid +
                                      "' due_ms: " + std::to_string(EndOf(due)) + " " + more + " } }",
                                  Platform());
    EXPECT_TRUE(outcome.status.ok() && !outcome.refusal);
  }
  static std::string Done(const std::string& more) {
    return "done_ms: " + std::to_string(Local("2026-11-24 10:00")) + " " + more;
  }
  void Found(const std::string& campaign, const std::string& code, const std::string& village,
             const std::string& category, const std::string& status, const std::string& more = "") {
    Tell("incident", code, "progressed", "2026-11-23 09:00",
         "status: " + status + " category: '" + category + "' campaign_id: '" + campaign +
             "' current_level: 3 kind: SCREENING_FINDING " + more,
         village);
  }

  v1::CampaignReview Review(const std::string& id, const std::string& area) {
    v1::GetCampaignRequest request;
    request.set_id(id);
    request.set_area_code(area);
    v1::CampaignReview review;
    EXPECT_TRUE(queries_.GetCampaign(As(CityLeader()), request, &review).ok()) << area;
    return review;
  }
  // "all/done normal+found open overdue withdrawn"
  static std::string Text(const v1::CampaignTasks& t) {
    return std::to_string(t.done()) + "/" + std::to_string(t.all()) + " " + std::to_string(t.all_normal()) +
           "+" + std::to_string(t.with_findings()) + " open " + std::to_string(t.open()) + " overdue " +
           std::to_string(t.overdue()) + " withdrawn " + std::to_string(t.withdrawn());
  }
  // "found: settled not_settled open (overdue)"
  static std::string Text(const v1::CampaignMatters& m) {
    return std::to_string(m.found()) + ": " + std::to_string(m.settled()) + " " +
           std::to_string(m.not_settled()) + " " + std::to_string(m.open()) + " (" +
           std::to_string(m.overdue()) + ")";
  }
  // The ids behind a figure, all pages.
  std::multiset<std::string> Behind(const std::string& id, const std::string& area, v1::CampaignCount count,
                                    const std::string& category = "") {
    std::multiset<std::string> ids;
    v1::ListCampaignCountedRequest request;
    request.set_id(id);
    request.set_area_code(area);
    request.set_count(count);
    request.set_category(category);
    request.set_page_size(2);
    do {
      v1::ListCampaignCountedResponse response;
      EXPECT_TRUE(queries_.ListCampaignCounted(As(CityLeader()), request, &response).ok());
      for (const auto& row : response.counted()) ids.insert(row.id());
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
    return ids;
  }
};

}  // namespace oversight
