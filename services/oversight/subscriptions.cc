#include "services/oversight/subscriptions.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "directory/v1/notices.pb.h"
#include "incident/v1/notices.pb.h"
#include "mediation/v1/notices.pb.h"
#include "oversight/v1/oversight.pb.h"
#include "petition/v1/notices.pb.h"
#include "services/kernel/heard.h"
#include "services/oversight/domain/campaigns.h"
#include "services/reference/notice_id.h"

namespace oversight {
namespace {

using kernel::CommandTo, kernel::Commands;

// A campaign, its tasks, a leader's reception day are told too, but they are no matter: nobody waits for an answer.
bool IsMatter(const v1::Observe& heard) {
  if (heard.matter_code().empty()) return false;
  if (heard.has_petition()) return heard.petition().status() != petition::v1::PETITION_STATUS_UNSPECIFIED;
  return heard.has_mediation() ? heard.mediation().status() != mediation::v1::CASE_STATUS_UNSPECIFIED
                               : heard.incident().status() != incident::v1::STATUS_UNSPECIFIED;
}

// A campaign itself: every notice about it says all of it.
std::optional<v1::CampaignState> CampaignOf(const v1::Observe& heard) {
  if (heard.topic() != "campaign.started" && heard.topic() != "campaign.ended") return std::nullopt;
  v1::CampaignState campaign;
  campaign.set_campaign_id(heard.incident().campaign_id());
  campaign.set_category(heard.incident().category());
  campaign.set_area_code(heard.area_code());
  campaign.set_started_at_ms(heard.incident().reported_at_ms());
  campaign.set_due_at_ms(heard.incident().task_due_at_ms());
  campaign.set_ended_at_ms(heard.incident().closed_at_ms());
  campaign.set_cost_minutes(heard.incident().cost_minutes());
  campaign.set_cost_grids(heard.incident().cost_grids());
  return campaign;
}

// A task of a campaign: due on a day, done or withdrawn.
std::optional<v1::CampaignTask> TaskOf(const v1::Observe& heard) {
  if (!heard.topic().starts_with("campaign.task_")) return std::nullopt;
  v1::CampaignTask task;
  task.set_campaign_id(heard.incident().campaign_id());
  task.set_area_code(heard.area_code());
  task.set_due_ms(heard.incident().task_due_at_ms());
  if (heard.topic() == "campaign.task_done") task.set_done_ms(heard.incident().closed_at_ms());
  task.set_withdrawn(heard.topic() == "campaign.task_withdrawn");
  task.set_overdue(heard.incident().task_overdue());
  task.set_all_normal(heard.incident().all_normal());
  task.set_findings(heard.incident().findings());
  task.set_grid_code(heard.incident().grid_code());
  return task;
}

// Whom a hand-over names is between the grid and the petition office, and which papers it gives along is the receiving
// body's to look at; nothing here is about it, so nothing is kept.
void LeaveOut(incident::v1::Notice* notice) {
  if (!notice->has_referral()) return;
  notice->mutable_referral()->clear_against_org();
  notice->mutable_referral()->clear_handed_document();
}
void LeaveOut(petition::v1::Notice* notice) {
  if (notice->has_referral()) notice->mutable_referral()->clear_handed_document();
}
void LeaveOut(google::protobuf::Message*) {}

int32_t CalendarOf(const auto& clocks) {
  int32_t revision = 0;
  for (const auto& clock : clocks) revision = std::max(revision, clock.calendar_revision());
  return revision;
}

template <class Notice>
absl::StatusOr<Commands> FromCase(std::string_view source, const bus::v1::Event& event,
                                  const std::function<bool(int32_t)>& knows,
                                  Notice* (v1::Observe::*mutable_notice)()) {
  // Of a sealed matter there is nothing to hear but that there is one.
  if (event.classification() == kernel::v1::SEALED) return Commands();
  v1::Command command;
  auto* heard = command.mutable_observe();
  Notice* notice = (heard->*mutable_notice)();
  if (absl::Status status = kernel::ReadNotice(event, notice); !status.ok()) return status;
  if (knows && !knows(CalendarOf(notice->clock())))
    return absl::UnavailableError("the calendar these periods were computed with is not known yet");
  LeaveOut(notice);
  heard->set_service(std::string(source));
  heard->set_subject_id(event.subject());
  heard->set_subject_version(event.subject_version());
  heard->set_topic(event.topic());
  heard->set_matter_code(event.matter_code());
  heard->set_area_code(event.division());
  heard->set_level(event.level());
  heard->set_recorded_at_ms(event.recorded_at_us() / 1000);
  Commands commands;
  if (auto task = TaskOf(*heard)) {
    std::string id = "task/" + heard->subject_id();
    v1::Command hear;
    *hear.mutable_hear_task()->mutable_task() = *std::move(task);
    commands.push_back(CommandTo(std::move(id), "hear_task", std::move(hear)));
    return commands;
  }
  if (auto campaign = CampaignOf(*heard)) {
    v1::Command hear;
    *hear.mutable_hear_campaign()->mutable_campaign() = *std::move(campaign);
    commands.push_back(
        CommandTo(std::string(kCampaignIds) + heard->subject_id(), "hear_campaign", std::move(hear)));
    return commands;
  }
  if (!IsMatter(*heard)) return commands;
  std::string matter = heard->matter_code();
  commands.push_back(CommandTo(std::move(matter), "observe", std::move(command)));
  return commands;
}

}  // namespace

kernel::Subscriptions Subscriptions(std::function<bool(int32_t)> knows) {
  return [knows = std::move(knows)](std::string_view source,
                                    const bus::v1::Event& event) -> absl::StatusOr<Commands> {
    if (source == "directory") return kernel::LearnCommand<v1::Command>(event, reference::IdOf);
    if (source == "incident") return FromCase(source, event, knows, &v1::Observe::mutable_incident);
    if (source == "mediation") return FromCase(source, event, knows, &v1::Observe::mutable_mediation);
    if (source == "petition") return FromCase(source, event, knows, &v1::Observe::mutable_petition);
    return Commands();
  };
}

}  // namespace oversight
