// Campaigns 专项排查 and their tasks, as the incident service tells of them. Notices of a task that was heard before do not
// take back what was said.

#include "services/oversight/domain/decide.h"

namespace oversight {
namespace {

using kernel::RefusalCode;

Decision Wrong(std::string_view field) { return Refuse(RefusalCode::kInvalid, "VALUE_NEEDED", field); }

}  // namespace

Decision DecideHearCampaign(const v1::HearCampaign& heard, const Ask& ask) {
  v1::CampaignState campaign = heard.campaign();
  if (campaign.campaign_id().empty()) return Wrong("campaign");
  if (ask.state.has_campaign() && campaign.ended_at_ms() == 0)  // what has ended has ended
    campaign.set_ended_at_ms(ask.state.campaign().ended_at_ms());
  if (campaign.SerializeAsString() == ask.state.campaign().SerializeAsString()) return {};
  Decision decision;
  *decision.Emit()->mutable_campaign_heard()->mutable_campaign() = std::move(campaign);
  return decision;
}

Decision DecideHearTask(const v1::HearTask& heard, const Ask& ask) {
  v1::CampaignTask task = heard.task();
  if (task.campaign_id().empty()) return Wrong("task");
  if (ask.state.has_task()) {  // what was said of it before stays said
    const v1::CampaignTask& before = ask.state.task();
    if (task.done_ms() == 0) task.set_done_ms(before.done_ms());
    task.set_withdrawn(task.withdrawn() || before.withdrawn());
    task.set_overdue(task.overdue() || before.overdue());
    task.set_all_normal(task.all_normal() || before.all_normal());
    if (task.findings() == 0) task.set_findings(before.findings());
    if (task.grid_code().empty()) task.set_grid_code(before.grid_code());
  }
  if (task.SerializeAsString() == ask.state.task().SerializeAsString()) return {};
  Decision decision;
  *decision.Emit()->mutable_task_heard()->mutable_task() = std::move(task);
  return decision;
}

}  // namespace oversight
