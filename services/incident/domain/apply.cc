// Apply: copies and counts; cannot refuse, reads no policy and no clock. Old logs go through it for ever: to
// change what happens, add an event; never edit the meaning of one already written.

#include <algorithm>
#include <string>

#include "services/incident/domain/apply_parts.h"
#include "services/incident/domain/limits.h"

namespace incident {
namespace {

using v1::Event;

void ApplyReported(const v1::Reported& e, int64_t now_ms, v1::Incident* m) {
  m->set_matter_code(e.matter_code());
  *m->mutable_intake() = e.intake();
  *m->mutable_reporter() = e.reporter();
  m->set_device_reported_at_ms(e.device_at_ms());
  m->set_police_calls(e.by_police() ? 1 : 0);
  m->set_origin_level(m->standing().current_level());
  m->set_cycle(1);
  m->set_report_count(1);
  m->set_reported_at_ms(now_ms);
  m->set_opened_at_ms(now_ms);
}

void ApplySelfHandled(const v1::SelfHandled& e, int64_t now_ms, v1::Incident* m) {
  m->set_closure_type(v1::SELF_HANDLED);
  m->set_procedural_closed(true);
  m->set_substantively_resolved(e.resolved());
  m->set_on_time(e.on_time());
  m->set_resolved_level(e.level());
  m->add_level_path(e.level());
  m->set_accepted_at_ms(now_ms);
  m->set_closed_at_ms(now_ms);
  m->set_sample_open(e.sampled());
  if (e.inform_followers()) m->set_inform_followers(true);
  m->mutable_completion()->set_result(e.handling().measures());
  m->mutable_completion()->set_measures(e.handling().note());
  *m->mutable_completion()->mutable_attachment() = e.handling().attachment();
  m->mutable_completion()->set_by_user(e.by_user());
  m->mutable_completion()->set_at_ms(now_ms);
  AddHandler(e.by_user(), m);
}

void ApplyAccepted(const v1::Accepted& e, int64_t now_ms, v1::Incident* m) {
  auto* intake = m->mutable_intake();
  intake->set_category(e.category());
  intake->set_category_name(e.category_name());
  intake->set_scale(e.scale());
  intake->set_risk(e.risk());
  intake->set_urgency(e.urgency());
  *intake->mutable_need() = e.need();
  if (e.has_emergency()) intake->set_emergency(e.emergency());
  m->set_complexity(e.complexity());
  m->set_not_in_item_list(e.not_in_item_list());
  m->set_rejection_proposed(false);
  if (m->accepted_at_ms() == 0) m->set_accepted_at_ms(now_ms);
  m->add_level_path(m->standing().current_level());
}

void ApplyDispatched(const v1::Dispatched& e, v1::Incident* m) {
  m->set_instruction(e.instruction());
  if (!e.item_code().empty()) m->set_item_code(e.item_code());
  m->set_dispatched_level(e.level());
  m->clear_return_request();
  m->set_return_refused(false);
  if (m->level_path().empty() || *m->level_path().rbegin() != m->standing().current_level()) {
    m->add_level_path(m->standing().current_level());
  }
  NoteApplied(e.applied(), m);
}

// What the newest climb was for takes the place of what a former one from the same level was for.
void NoteMark(const v1::LadderMark& climbed, v1::Incident* m) {
  for (auto& mark : *m->mutable_ladder_mark()) {
    if (mark.level() != climbed.level() || mark.reason() != climbed.reason() ||
        mark.policy_id() != climbed.policy_id()) {
      continue;
    }
    mark = climbed;
    return;
  }
  if (m->ladder_mark_size() >= kLadderMarksMax) m->mutable_ladder_mark()->DeleteSubrange(0, 1);
  *m->add_ladder_mark() = climbed;
}

void ApplyEscalated(const v1::Escalated& e, v1::Incident* m) {
  for (const auto& climbed : e.ladder_mark()) NoteMark(climbed, m);
  for (const std::string& reason : e.ladder_reason()) {
    if (!e.ladder_mark().empty() || m->ladder_mark_size() >= kLadderMarksMax) break;
    auto* mark = m->add_ladder_mark();
    mark->set_level(e.from());
    mark->set_reason(reason);
  }
  ClearRequests(m);
  if (m->standing().status() != v1::REPORTED) m->add_level_path(e.to());
  NoteApplied(e.applied(), m);
}

void ApplyClosed(const v1::Closed& e, int64_t now_ms, v1::Incident* m) {
  m->set_closure_type(e.closure_type());
  m->set_procedural_closed(true);
  m->set_substantively_resolved(e.resolved());
  m->set_on_time(e.on_time());
  m->set_resolved_level(e.resolved_level());
  m->set_closed_at_ms(now_ms);
  m->set_review_at_ms(e.review_at_ms());
  if (!e.record().empty() && m->completion().result().empty())
    m->mutable_completion()->set_result(e.record());
  m->clear_mediated();
  if (e.has_mediated()) *m->mutable_mediated() = e.mediated();
  if (m->has_referral()) {
    m->mutable_referral()->set_ended(true);
    if (!e.subject_id().empty()) {
      m->mutable_referral()->set_subject_id(e.subject_id());
      m->mutable_referral()->set_subject_code(e.subject_code());
    }
  }
  m->set_inform_followers(m->report_count() > 1);
  ClearRequests(m);
  NoteApplied(e.applied(), m);
}

void ApplyReopened(const v1::Reopened& e, int64_t now_ms, v1::Incident* m) {
  m->set_cycle(e.cycle());
  m->set_carded_at_ms(0);  // an order that is still out counts by itself
  m->set_ever_late(e.was_late());
  m->set_procedural_closed(false);
  m->set_substantively_resolved(false);
  m->set_closure_type(v1::CLOSURE_TYPE_UNSPECIFIED);
  m->set_closed_at_ms(0);
  m->set_review_at_ms(0);
  m->set_opened_at_ms(now_ms);
  m->clear_completion();
  m->clear_evaluation();
  m->set_others_evaluated(0);
  m->set_others_unsolved(0);
  m->set_sample_open(false);
  m->set_return_count(0);
  m->set_failed_sessions(0);
  m->set_designation_level(0);
  m->set_extension_count(0);
  m->set_enterprise_confirmed(false);
  m->set_enterprise_answer(v1::RESOLVED_UNSPECIFIED);
  m->set_handling_denied(false);
  m->set_contact_attempts(0);
  m->set_attempt_counted_at_ms(0);
  m->set_inform_followers(false);
  m->clear_referral();
  m->add_level_path(m->standing().current_level());
  ClearRequests(m);
}

void ApplyReferred(const v1::Referral& referral, std::string_view service, int64_t cap_at_ms, v1::Status from,
                   int64_t now_ms, v1::Incident* m) {
  auto* state = m->mutable_referral();
  state->Clear();
  *state->mutable_referral() = referral;
  state->set_service(std::string(service));
  state->set_at_ms(now_ms);
  state->set_cap_at_ms(cap_at_ms);
  state->set_from(from);
  ClearRequests(m);
}

void ApplyOrder(const v1::OrderSet& e, v1::Incident* m) {
  auto* orders = m->mutable_order();
  for (int i = orders->size() - 1; i >= 0; --i) {
    if (orders->Get(i).order_id() == e.order().order_id()) orders->DeleteSubrange(i, 1);
  }
  if (!e.closed()) *orders->Add() = e.order();
  if (e.carded_at_ms() != 0) m->set_carded_at_ms(e.carded_at_ms());
  NoteApplied(e.applied(), m);
}

// Requests, answers and overlays: the status stays, or was set by the standing beside the event.
void ApplyHandling(const Event& event, int64_t now_ms, v1::Incident* m) {
  switch (event.body_case()) {
    case Event::kTaken:
      m->set_taken_by(event.taken().by_user());
      AddHandler(event.taken().by_user(), m);
      break;
    case Event::kReturnRequested:
      *m->mutable_return_request() = event.return_requested().request();
      break;
    case Event::kReturned:
      m->clear_return_request();
      m->set_return_count(event.returned().return_count());
      m->set_designation_level(event.returned().designation_level());
      break;
    case Event::kReturnRefused:
      m->clear_return_request();
      m->set_return_refused(true);
      break;
    case Event::kProgressed:
      if (!event.progressed().text().empty()) m->set_last_note(event.progressed().text());
      AddHandler(event.progressed().by_user(), m);
      break;
    case Event::kExtensionRequested:
      *m->mutable_extension_request() = event.extension_requested().request();
      break;
    case Event::kExtended:
      m->clear_extension_request();
      m->set_extension_count(m->extension_count() + 1);
      break;
    case Event::kExtensionRefused:
      m->clear_extension_request();
      break;
    case Event::kSuspensionRequested:
      *m->mutable_suspension_request() = event.suspension_requested().request();
      break;
    case Event::kSuspended:
      m->clear_suspension_request();
      m->clear_extension_request();
      *m->mutable_suspension() = event.suspended().suspension();
      break;
    case Event::kSuspensionRefused:
      m->clear_suspension_request();
      break;
    case Event::kSuspensionReviewDue:
      m->mutable_suspension()->set_review_at_ms(event.suspension_review_due().next_review_at_ms());
      break;
    case Event::kResumed:
      m->clear_suspension();
      break;
    case Event::kCompleted:
      *m->mutable_completion() = event.completed().completion();
      m->set_handling_denied(false);  // the enterprise has not been asked about this
      AddHandler(event.completed().completion().by_user(), m);
      m->clear_extension_request();
      m->clear_suspension_request();
      break;
    case Event::kReworked:
      m->set_rework_count(event.reworked().rework_count());
      m->clear_completion();
      break;
    default:
      CHECK(false) << "not an event of handling: " << event.body_case() << " at " << now_ms;
  }
}

void ApplyEnding(const Event& event, int64_t now_ms, v1::Incident* m) {
  switch (event.body_case()) {
    case Event::kRejected:
      *m->mutable_rejection() = event.rejected().rejection();
      break;
    case Event::kRejectionProposed:
      m->set_rejection_proposed(true);
      break;
    case Event::kRejectionAppealed:
      m->set_rejection_appealed(true);
      m->clear_rejection();
      break;
    case Event::kMerged:
      m->set_primary_id(event.merged().primary_id());
      m->set_primary_code(event.merged().primary_code());
      break;
    case Event::kDuplicateJoined:
      m->set_report_count(event.duplicate_joined().report_count());
      m->set_police_calls(event.duplicate_joined().police_calls());
      break;
    case Event::kSampleVerified:
      m->set_sample_open(false);
      break;
    case Event::kEvaluated:
      *m->mutable_evaluation() = event.evaluated().evaluation();
      break;
    case Event::kFollowerEvaluated:
      *m->mutable_evaluation() = event.follower_evaluated().evaluation();
      break;
    case Event::kDuplicateEvaluated:
      m->set_others_evaluated(event.duplicate_evaluated().evaluated());
      m->set_others_unsolved(event.duplicate_evaluated().unsolved());
      break;
    case Event::kServiceConfirmed:
      m->set_enterprise_confirmed(!event.service_confirmed().declined());
      m->set_last_note(event.service_confirmed().note());
      if (!event.service_confirmed().binds()) break;  // of before: the answer is in the history only
      m->set_enterprise_answer(event.service_confirmed().resolved());
      m->set_handling_denied(event.service_confirmed().resolved() != v1::YES);
      break;
    case Event::kContactAttempted:
      m->set_contact_attempts(event.contact_attempted().attempts());
      m->set_attempt_counted_at_ms(event.contact_attempted().counted_at_ms());
      break;
    case Event::kFollowersInformed:
      m->set_inform_followers(!event.followers_informed().done());
      m->set_inform_portions(m->inform_portions() + 1);
      break;
    case Event::kFollowerInformed:
      m->set_follower_informed(true);
      m->set_closure_type(event.follower_informed().closure_type());
      m->set_inform_followers(m->report_count() > 1);
      break;
    case Event::kResolutionNoted:
      m->set_substantively_resolved(event.resolution_noted().resolved());
      NoteApplied(event.resolution_noted().applied(), m);
      break;
    case Event::kLongTermReviewDue:
      m->set_review_at_ms(0);
      break;
    case Event::kCancelled:
    case Event::kArchived:
      ClearRequests(m);
      break;
    default:
      CHECK(false) << "not an event of an ending: " << event.body_case() << " at " << now_ms;
  }
}

// What came of a referral, and what other services laid over the matter.
void ApplyFromOthers(const Event& event, int64_t now_ms, v1::Status before, v1::Incident* m) {
  switch (event.body_case()) {
    case Event::kReferredToMediation:
      ApplyReferred(event.referred_to_mediation().referral(), "mediation",
                    event.referred_to_mediation().cap_at_ms(), before, now_ms, m);
      break;
    case Event::kReferredToPetition:
      ApplyReferred(event.referred_to_petition().referral(), "petition",
                    event.referred_to_petition().cap_at_ms(), before, now_ms, m);
      break;
    case Event::kReferralAnswered:
      m->mutable_referral()->set_subject_id(event.referral_answered().subject_id());
      m->mutable_referral()->set_subject_code(event.referral_answered().subject_code());
      NoteApplied(event.referral_answered().applied(), m);
      break;
    case Event::kReferralReturned:
      m->mutable_referral()->set_ended(true);
      m->mutable_referral()->set_cap_at_ms(0);
      m->set_failed_sessions(m->failed_sessions() + event.referral_returned().failed_sessions());
      NoteApplied(event.referral_returned().applied(), m);
      break;
    case Event::kReferralCapReached:
      m->mutable_referral()->set_cap_at_ms(0);
      break;
    case Event::kRiskRaised:
      m->mutable_intake()->set_risk(event.risk_raised().risk());
      NoteApplied(event.risk_raised().applied(), m);
      break;
    case Event::kOrderSet:
      ApplyOrder(event.order_set(), m);
      break;
    case Event::kInstructed:
      if (m->instructed_size() >= kInstructionsMax) m->mutable_instructed()->DeleteSubrange(0, 1);
      *m->add_instructed() = event.instructed().instruction();
      NoteApplied(event.instructed().applied(), m);
      break;
    case Event::kRequestDeclined:
      NoteApplied(event.request_declined().applied(), m);
      break;
    default:
      ApplyEnding(event, now_ms, m);
      break;
  }
}

void ApplyToIncident(const Event& event, int64_t now_ms, v1::Status before, v1::Incident* m) {
  switch (event.body_case()) {
    case Event::kReported:
      ApplyReported(event.reported(), now_ms, m);
      break;
    case Event::kSelfHandled:
      ApplySelfHandled(event.self_handled(), now_ms, m);
      break;
    case Event::kSupplemented:
      *m->mutable_intake() = event.supplemented().intake();
      m->set_last_note(event.supplemented().text());
      break;
    case Event::kAccepted:
      ApplyAccepted(event.accepted(), now_ms, m);
      break;
    case Event::kDispatched:
      ApplyDispatched(event.dispatched(), m);
      break;
    case Event::kEscalated:
      ApplyEscalated(event.escalated(), m);
      break;
    case Event::kSentDown:
      for (const auto& mark : event.sent_down().ladder_mark()) NoteMark(mark, m);
      m->add_level_path(event.sent_down().to());
      NoteApplied(event.sent_down().applied(), m);
      break;
    case Event::kClosed:
      ApplyClosed(event.closed(), now_ms, m);
      break;
    case Event::kReopened:
      ApplyReopened(event.reopened(), now_ms, m);
      break;
    case Event::kClockOverdue:
      m->add_overdue(event.clock_overdue().policy_id());
      break;
    case Event::kClassifiedComplex:
      m->set_complexity(v1::COMPLEX);
      break;
    case Event::kLadderChecked:
    case Event::kClocksRecomputed:
      break;
    case Event::kTaken:
    case Event::kReturnRequested:
    case Event::kReturned:
    case Event::kReturnRefused:
    case Event::kProgressed:
    case Event::kExtensionRequested:
    case Event::kExtended:
    case Event::kExtensionRefused:
    case Event::kSuspensionRequested:
    case Event::kSuspended:
    case Event::kSuspensionRefused:
    case Event::kSuspensionReviewDue:
    case Event::kResumed:
    case Event::kCompleted:
    case Event::kReworked:
      ApplyHandling(event, now_ms, m);
      break;
    default:
      ApplyFromOthers(event, now_ms, before, m);
      break;
  }
}

}  // namespace

void IncidentDomain::Apply(const Event& event, int64_t now_ms, State* state) {
  if (IsOfCampaigns(event)) {
    ApplyToOthers(event, now_ms, state);
    return;
  }
  v1::Incident* m = state->mutable_incident();
  const v1::Status before = m->standing().status();
  if (event.has_reopened()) m->clear_clock();  // a new cycle
  if (event.has_standing()) *m->mutable_standing() = event.standing();
  ApplyClocks(event, m);
  if (event.has_ladder_check_at_ms()) m->set_ladder_check_at_ms(event.ladder_check_at_ms());
  ApplyToIncident(event, now_ms, before, m);
}

}  // namespace incident
