#include "services/incident/domain/apply_parts.h"

#include <algorithm>

#include "services/incident/domain/limits.h"

namespace incident {
namespace {

using v1::Event;

void RemoveOverdue(std::string_view policy_id, v1::Incident* m) {
  auto* overdue = m->mutable_overdue();
  overdue->erase(std::remove(overdue->begin(), overdue->end(), policy_id), overdue->end());
}

void ApplyToCampaign(const Event& event, int64_t now_ms, v1::Campaign* c) {
  switch (event.body_case()) {
    case Event::kCampaignStarted:
      *c = event.campaign_started().campaign();
      break;
    case Event::kCampaignExpanded:
      c->set_expand_after(event.campaign_expanded().after());
      c->set_expanded(event.campaign_expanded().done());
      c->set_tasks(c->tasks() + event.campaign_expanded().tasks());
      c->set_portions(c->portions() + 1);
      break;
    case Event::kCampaignEnded:
      c->set_ended_at_ms(now_ms);
      c->set_closing(true);
      break;
    case Event::kCampaignCleared:
      c->set_closing(!event.campaign_cleared().done());
      c->set_portions(c->portions() + 1);
      break;
    case Event::kCampaignDataExpired:
      c->set_expiring(!event.campaign_data_expired().done());
      c->set_data_expired(event.campaign_data_expired().done());
      c->set_portions(c->portions() + 1);
      break;
    default:
      CHECK(false) << "not an event of a campaign: " << event.body_case();
  }
}

void ApplyToTask(const Event& event, int64_t now_ms, v1::Task* t) {
  switch (event.body_case()) {
    case Event::kTaskOpened:
      *t = event.task_opened().task();
      break;
    case Event::kTaskDone:
      t->set_done(true);
      t->set_all_normal(event.task_done().all_normal());
      t->set_note(event.task_done().note());
      *t->mutable_finding_id() = event.task_done().finding_id();
      *t->mutable_finding_code() = event.task_done().finding_code();
      t->set_done_at_ms(now_ms);
      break;
    case Event::kTaskWithdrawn:
      t->set_withdrawn(true);
      t->set_overdue(event.task_withdrawn().overdue());
      break;
    case Event::kTaskDataExpired:
      t->set_data_expired(true);
      t->clear_note();
      break;
    default:
      CHECK(false) << "not an event of a task: " << event.body_case();
  }
}

}  // namespace

void ApplyClocks(const Event& event, v1::Incident* m) {
  for (const common::v1::Clock& clock : event.clock()) {
    const auto same = std::ranges::find_if(*m->mutable_clock(), [&](const common::v1::Clock& c) {
      return c.policy_id() == clock.policy_id() && c.started_at_ms() == clock.started_at_ms();
    });
    if (same == m->mutable_clock()->end()) {
      *m->add_clock() = clock;
      RemoveOverdue(clock.policy_id(), m);
    } else {
      *same = clock;
    }
  }
  while (m->clock_size() > kClocksMax) {
    const auto ended = std::ranges::find_if(m->clock(), [](const auto& c) { return c.stopped_at_ms() != 0; });
    if (ended == m->clock().end()) break;
    m->mutable_clock()->erase(ended);
  }
}

void NoteApplied(const v1::Applied& applied, v1::Incident* m) {
  if (applied.subject_id().empty()) return;
  for (v1::Applied& known : *m->mutable_applied()) {
    if (known.source() != applied.source() || known.subject_id() != applied.subject_id()) continue;
    known.set_version(std::max(known.version(), applied.version()));
    return;
  }
  if (m->applied_size() >= kAppliedMax) m->mutable_applied()->DeleteSubrange(0, 1);
  *m->add_applied() = applied;
}

void AddHandler(const std::string& user, v1::Incident* m) {
  if (user.empty() || std::ranges::find(m->handler(), user) != m->handler().end()) return;
  if (m->handler_size() >= kHandlersMax) m->mutable_handler()->DeleteSubrange(0, 1);
  m->add_handler(user);
}

void ClearRequests(v1::Incident* m) {
  m->clear_return_request();
  m->set_return_refused(false);
  m->clear_extension_request();
  m->clear_suspension_request();
  m->clear_suspension();
}

bool IsOfCampaigns(const Event& event) { return event.body_case() >= Event::kCampaignStarted; }

void ApplyToOthers(const Event& event, int64_t now_ms, v1::State* state) {
  switch (event.body_case()) {
    case Event::kTaskOpened:
    case Event::kTaskDone:
    case Event::kTaskWithdrawn:
    case Event::kTaskDataExpired:
      ApplyToTask(event, now_ms, state->mutable_task());
      break;
    case Event::kReferenceLearned:
      *state->mutable_reference()->mutable_notice() = event.reference_learned().notice();
      state->mutable_reference()->set_recompute(event.reference_learned().recompute());
      break;
    case Event::kCalendarApplied:
      state->mutable_reference()->set_recompute(!event.calendar_applied().done());
      state->mutable_reference()->set_portions(state->reference().portions() + 1);
      break;
    default:
      ApplyToCampaign(event, now_ms, state->mutable_campaign());
      break;
  }
}

}  // namespace incident
