// Screening campaigns 专项排查: one task for each grid of an area, opened in portions by a timer; findings
// become matters; 一切正常 is an answer, and nobody is asked for periodic nil reports. What an emergency
// campaign collected is destroyed when its time is over (突发事件应对法 84, 85). None starts before its asker has
// seen what it costs the grids (asking.h), nor unseen beside another that asks the same of them. Also what the
// directory teaches: reference data and the calendar.

#include <algorithm>
#include <string>
#include <utility>

#include "base/area_code.h"
#include "base/ids.h"
#include "base/random.h"
#include "services/incident/domain/asking.h"
#include "services/incident/domain/deciding.h"
#include "services/incident/domain/index_keys.h"
#include "services/incident/domain/limits.h"

namespace incident {
namespace {

std::string TaskId(std::string_view campaign, std::string_view grid) {
  return std::string(campaign) + "-" + std::string(grid);
}

void OpenTask(const Deciding& d, const std::string& grid, Decision* decision) {
  const v1::Campaign& campaign = d.state.campaign();
  auto* task = decision->EmitTo(TaskId(d.ctx.aggregate_id, grid))->mutable_task_opened()->mutable_task();
  task->set_campaign_id(std::string(d.ctx.aggregate_id));
  task->set_grid_code(grid);
  task->set_title(campaign.title());
  task->set_category(campaign.category());
  task->set_due_at_ms(campaign.due_at_ms());
}

std::string TasksOf(const Deciding& d, std::string_view group) {
  return std::string(d.ctx.aggregate_id) + "/" + std::string(group);
}

Decision ExpandCampaign(const Deciding& d) {
  const v1::Campaign& campaign = d.state.campaign();
  Decision decision;
  const auto grids = d.known.GridsOf(campaign.area_code(), campaign.expand_after(), kPortion);
  for (const std::string& grid : grids) OpenTask(d, grid, &decision);
  auto* expanded = decision.Emit()->mutable_campaign_expanded();
  expanded->set_after(grids.empty() ? campaign.expand_after() : grids.back());
  expanded->set_done(grids.size() < kPortion);
  expanded->set_tasks(grids.size());
  return decision;
}

Decision WithdrawOpenTasks(const Deciding& d) {
  Decision decision;
  const auto open = d.ctx.lookup->Scan("campaign", TasksOf(d, "o"), kPortion);
  const v1::Campaign& campaign = d.state.campaign();
  const bool overdue = campaign.ended_at_ms() > campaign.due_at_ms();
  for (const std::string& id : open) decision.EmitTo(id)->mutable_task_withdrawn()->set_overdue(overdue);
  decision.Emit()->mutable_campaign_cleared()->set_done(open.size() < kPortion);
  return decision;
}

Decision DestroyCollected(const Deciding& d) {
  Decision decision;
  const auto done = d.ctx.lookup->Scan("campaign", TasksOf(d, "d"), kPortion);
  for (const std::string& id : done) decision.EmitTo(id)->mutable_task_data_expired();
  decision.Emit()->mutable_campaign_data_expired()->set_done(done.size() < kPortion);
  return decision;
}

// What asks some of the same grids for the same: the newest that has not ended.
std::pair<std::string, const v1::Campaign*> RunningCampaign(const v1::StartCampaignRequest& c, const Deciding& d) {
  std::pair<std::string, const v1::Campaign*> newest = {"", nullptr};
  for (const std::string& prefix : RunningPrefixes(c.category(), c.area_code())) {
    for (std::string& id : d.ctx.lookup->Scan("running", prefix, 1)) {
      const v1::State* state = d.ctx.lookup->Find(id);
      if (state == nullptr || !state->has_campaign()) continue;
      const v1::Campaign& campaign = state->campaign();
      if (newest.second != nullptr && newest.second->started_at_ms() >= campaign.started_at_ms()) continue;
      newest = {std::move(id), &campaign};
    }
  }
  return newest;
}

}  // namespace

Decision DecideStartCampaign(const v1::StartCampaignRequest& c, const Deciding& d) {
  if (!AreaCovers(d.known, d.acting.area, c.area_code()) || !d.known.directory().AreaExists(c.area_code())) {
    return No(Say(RefusalCode::kNotAllowed, "OUTSIDE_AREA", "只能在自己的辖区内部署排查。",
                  "A campaign lies within your own area.", "area_code"));
  }
  if (auto objection = CampaignObjection(c, d.known, d.now())) return No(*std::move(objection));
  const v1::AskingCost cost = CostOf(c, d.known);
  if (auto objection = CostObjection(c.seen_cost_minutes(), cost)) return No(*std::move(objection));
  const auto [running_id, running] = RunningCampaign(c, d);
  if (running != nullptr && c.seen_campaign_id() != running_id) return No(RunsAlready(running_id, *running));
  Decision decision;
  auto* campaign = decision.Emit()->mutable_campaign_started()->mutable_campaign();
  campaign->set_title(c.title());
  campaign->set_category(c.category());
  campaign->set_area_code(c.area_code());
  campaign->set_instruction(c.instruction());
  campaign->set_due_at_ms(c.due_at_ms());
  campaign->set_minutes_per_task(c.minutes_per_task());
  campaign->set_emergency(c.emergency());
  if (c.emergency()) campaign->set_retain_until_ms(c.retain_until_ms());
  campaign->set_started_at_ms(d.now());
  campaign->set_org_id(d.acting.org);
  campaign->set_level(d.acting.level);
  if (c.has_asked()) *campaign->mutable_asked() = c.asked();
  *campaign->mutable_cost() = cost;
  campaign->set_seen_cost_minutes(c.seen_cost_minutes());
  if (running != nullptr) campaign->set_seen_campaign_id(running_id);
  return decision;
}

Decision DecideEndCampaign(const v1::EndCampaignRequest& c, const Deciding& d) {
  if (d.state.campaign().ended_at_ms() != 0) {
    return NoGuard("CAMPAIGN_ENDED", "这次排查已经结束。", "The campaign has ended.");
  }
  Decision decision;
  decision.Emit()->mutable_campaign_ended()->set_summary(c.summary());
  return decision;
}

Decision DecideContinueCampaign(const Deciding& d) {
  const v1::Campaign& campaign = d.state.campaign();
  if (campaign.ended_at_ms() == 0 && d.now() > campaign.due_at_ms()) {
    Decision decision;
    decision.Emit()->mutable_campaign_ended()->set_automatic(true);
    return decision;
  }
  if (campaign.ended_at_ms() == 0 && !campaign.expanded()) return ExpandCampaign(d);
  if (campaign.closing()) return WithdrawOpenTasks(d);
  const bool expires =
      campaign.emergency() && !campaign.data_expired() && d.now() >= campaign.retain_until_ms();
  return expires ? DestroyCollected(d) : Decision();
}

Decision DecideCompleteTask(const v1::CompleteTaskRequest& c, const Deciding& d) {
  const v1::Task& task = d.state.task();
  if (task.done() || task.withdrawn()) {
    return NoGuard("TASK_ENDED", "这项任务已经完成或者撤销。", "This task was done or withdrawn.");
  }
  if (c.all_normal() == (c.finding_size() > 0)) {
    return NoField("all_normal", "ALL_NORMAL_OR_FINDINGS", "请选“一切正常”，或者写下发现的情况。",
                   "Either all is normal, or say what was found.");
  }
  Decision decision;
  base::Random random(d.ctx.chance);
  v1::TaskDone done;
  done.set_all_normal(c.all_normal());
  done.set_note(c.note());
  done.set_by_org(d.acting.org);
  for (const v1::Finding& finding : c.finding()) {
    NewMatter matter;
    matter.intake.set_kind(v1::SCREENING_FINDING);
    matter.intake.set_source(v1::GRID_WORKER);
    matter.intake.set_category(finding.category());
    matter.intake.set_text(finding.text());
    *matter.intake.mutable_place() = finding.place();
    matter.intake.set_area_code(task.grid_code());
    matter.intake.set_scale(finding.scale());
    matter.intake.set_urgency(finding.urgency());
    *matter.intake.mutable_attachment() = finding.attachment();
    matter.intake.set_campaign_id(task.campaign_id());
    CompleteIntake(d.known, &matter.intake);
    matter.reporter.set_user_id(d.acting.user);
    matter.reporter.set_org_id(d.acting.org);
    const std::string id = base::NewUlid(d.now(), random);
    v1::Event* event = decision.EmitTo(id);
    EmitReported(d, std::move(matter), random.Next(), event);
    done.add_finding_id(id);
    done.add_finding_code(event->reported().matter_code());
  }
  *decision.Emit()->mutable_task_done() = std::move(done);
  return decision;
}

// ---- Reference data

Decision DecideLearnReference(const v1::LearnReference& c, const Deciding& d) {
  Decision decision;
  const bool calendar = c.notice().has_calendar_loaded();
  if (calendar &&
      d.state.reference().notice().calendar_loaded().revision() >= c.notice().calendar_loaded().revision()) {
    return decision;
  }
  // The directory tells again what it told before, to whoever starts anew: that is no event.
  if (c.notice().SerializeAsString() == d.state.reference().notice().SerializeAsString()) return decision;
  auto* learned = decision.Emit()->mutable_reference_learned();
  *learned->mutable_notice() = c.notice();
  learned->set_recompute(calendar);
  return decision;
}

// A new year's schedule makes provisional clocks exact; the others keep the date they were given.
Decision DecideRecomputeProvisional(const Deciding& d) {
  Decision decision;
  if (!d.state.reference().recompute() || !d.known.directory().HasCalendar()) return decision;
  const base::Calendar& calendar = d.known.directory().calendar();
  size_t changed = 0;
  const auto ids = d.ctx.lookup->Scan("provisional", {}, kPortion);
  for (const std::string& id : ids) {
    const v1::State* state = d.ctx.lookup->Find(id);
    if (state == nullptr || !state->has_incident()) continue;
    v1::Event event;
    for (const common::v1::Clock& clock : state->incident().clock()) {
      const bool old = clock.calendar_revision() < calendar.revision();
      if (!clock.provisional() || !reference::IsRunning(clock) || !old) continue;
      *event.add_clock() = reference::Recompute(clock, calendar);
    }
    if (event.clock().empty()) continue;
    event.mutable_clocks_recomputed()->set_calendar_revision(calendar.revision());
    *decision.EmitTo(id) = std::move(event);
    ++changed;
  }
  // Entries are ordered by calendar revision: a portion without an old one is the end.
  decision.Emit()->mutable_calendar_applied()->set_done(changed < kPortion);
  return decision;
}

}  // namespace incident
