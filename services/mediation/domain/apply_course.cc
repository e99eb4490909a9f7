#include "services/mediation/domain/apply_course.h"

#include <algorithm>

#include "common/v1/common.pb.h"

namespace mediation {
namespace {

using v1::Event, v1::State;

// The period as it stands now; a warning given of the former one is given again.
void ApplyPeriod(const v1::Period& period, State* state) {
  state->set_period_warned_at_ms(0);
  state->set_period_warning_due_ms(period.warning_due_ms());
  state->set_period_end_ms(period.end_ms());
}

void ClearSignatures(State* state) {
  for (auto& party : *state->mutable_party()) {
    party.clear_signed_();
    party.clear_signed_at_ms();
    party.clear_signed_as();
    party.clear_signed_name();
    party.clear_signed_relation();
  }
}

void ApplyReplaced(const v1::MediatorReplaced& e, State* state) {
  state->set_chair_user_id(e.chair_user_id());
  state->clear_mediator_user_id();
  state->add_mediator_user_id(e.chair_user_id());
  for (const auto& id : e.other_user_id()) state->add_mediator_user_id(id);
  for (const auto& id : e.recused_user_id()) state->add_recused_user_id(id);
  state->clear_recusal();
}

void ApplyRecusalDecided(const v1::RecusalDecided& e, State* state) {
  auto* asked = state->mutable_recusal();
  const auto at = std::ranges::find(*asked, e.mediator_user_id(), &v1::Recusal::mediator_user_id);
  if (at != asked->end()) asked->erase(at);
}

// The guardian stays on record: papers of the time before name them.
void ApplyFullAge(const v1::FullAgeRecorded& e, State* state) {
  for (auto& party : *state->mutable_party()) {
    if (party.party_id() != e.party_id()) continue;
    party.mutable_person()->clear_minor();
    party.set_full_age_at_ms(e.at_ms());
  }
}

void ApplyWish(const v1::WishRecorded& e, State* state) {
  for (auto& party : *state->mutable_party()) {
    if (party.party_id() != e.party_id()) continue;
    party.set_wants_writing(e.wants_writing());
    party.set_objects_to_public(e.objects_to_public());
  }
}

void ApplyTransferred(const v1::Transferred& e, State* state) {
  *state->add_transfer() = e.transfer();
  if (e.has_left()) *state->add_left() = e.left();
  state->set_committee_org(e.transfer().to_org());
  state->set_committee_level(e.transfer().to_level());
  state->set_committee_area(e.to_area());
  state->set_status(e.status());
  state->clear_chair_user_id();
  state->clear_mediator_user_id();
  state->clear_recusal();
  for (auto& party : *state->mutable_party()) party.clear_chosen_mediator_user_id();
  if (!e.instruction_id().empty()) state->add_instruction_id(e.instruction_id());
  for (const auto& policy_id : e.told_late()) state->add_expired_policy(policy_id);
}

void SetPromise(const v1::Promise& promise, State* state) {
  auto* promises = state->mutable_promise();
  const auto known = std::ranges::find(*promises, promise.no(), &v1::Promise::no);
  if (known == promises->end()) {
    *promises->Add() = promise;
  } else {
    *known = promise;
  }
}

void ApplyRemediated(const v1::Remediated& e, State* state) {
  *state->add_former_agreement() = state->agreement();
  state->clear_agreement();
  ClearSignatures(state);
  state->clear_promise();
  state->clear_confirmation();
  state->clear_confirmation_record();
  state->clear_confirmation_reminder_due_ms();
  state->clear_window_warning_due_ms();
  state->clear_end_reason();
  state->clear_follows_promises();
  state->set_status(v1::MEDIATING);
  ApplyPeriod(e.period(), state);
}

void ApplyConfirmation(const Event& event, State* state) {
  if (event.has_confirmation_applied()) {
    *state->mutable_confirmation_record() = event.confirmation_applied().confirmation();
    state->set_confirmation(v1::APPLIED);
    state->set_confirmation_reminder_due_ms(event.confirmation_applied().reminder_due_ms());
    state->clear_window_warning_due_ms();
  } else {
    *state->mutable_confirmation_record() = event.confirmation_recorded().confirmation();
    state->set_confirmation(event.confirmation_recorded().state());
    state->set_confirmation_reminder_due_ms(event.confirmation_recorded().reminder_due_ms());
  }
}

}  // namespace

void ApplyCourse(const Event& event, State* state) {
  switch (event.body_case()) {
    case Event::kFullAgeRecorded:
      return ApplyFullAge(event.full_age_recorded(), state);
    case Event::kWishRecorded:
      return ApplyWish(event.wish_recorded(), state);
    case Event::kRecusalDecided:
      return ApplyRecusalDecided(event.recusal_decided(), state);
    case Event::kRecusalRequested:
      *state->add_recusal() = event.recusal_requested().recusal();
      return;
    case Event::kMediatorReplaced:
      return ApplyReplaced(event.mediator_replaced(), state);
    case Event::kPaused:
      state->set_status(v1::PAUSED);
      *state->mutable_pausing() = event.paused().pausing();
      return;
    case Event::kPauseReminded:
      return state->mutable_pausing()->set_reminded(true);
    case Event::kResumed:
      // Handed up while it stood still, it has no mediators yet.
      state->set_status(state->chair_user_id().empty() ? v1::ACCEPTED : v1::MEDIATING);
      state->clear_pausing();
      if (event.resumed().has_period()) ApplyPeriod(event.resumed().period(), state);
      return;
    case Event::kExtended:
      return ApplyPeriod(event.extended().period(), state);
    case Event::kRiskReported:
      state->set_risk(common::v1::HIGH);
      *state->add_risk_report() = event.risk_reported().report();
      return;
    case Event::kReconsidered:
      state->set_status(v1::MEDIATING);
      state->clear_agreement();
      ClearSignatures(state);
      if (state->period_told_late()) state->add_expired_policy("DM-04");
      return ApplyPeriod(event.reconsidered().period(), state);
    case Event::kTransferred:
      return ApplyTransferred(event.transferred(), state);
    default:
      return;
  }
}

void ApplyAfterwards(const Event& event, int64_t now_ms, State* state) {
  switch (event.body_case()) {
    case Event::kPromiseDue:
      return SetPromise(event.promise_due().promise(), state);
    case Event::kPerformed:
      return SetPromise(event.performed().promise(), state);
    case Event::kFollowedUp:
      *state->add_visit() = event.followed_up().visit();
      return;
    case Event::kBreached:
      SetPromise(event.breached().promise(), state);
      if (event.breached().has_breach()) *state->add_breach() = event.breached().breach();
      return;
    case Event::kRemediated:
      return ApplyRemediated(event.remediated(), state);
    case Event::kConfirmationApplied:
    case Event::kConfirmationRecorded:
      return ApplyConfirmation(event, state);
    case Event::kConfirmationReminded:
      return state->set_confirmation_reminder_due_ms(0);
    case Event::kCompleted:
      state->set_status(v1::COMPLETED);
      state->set_completion(event.completed().outcome());
      state->set_confirmation_reminder_due_ms(0);
      return state->set_completed_at_ms(now_ms);
    case Event::kDocumentFiled:
      *state->add_document() = event.document_filed().document();
      return;
    case Event::kArchived:
      state->set_status(v1::ARCHIVED);
      state->set_volume_title(event.archived().volume_title());
      state->set_difficult(state->difficult() || event.archived().difficult());
      state->set_why_incomplete(event.archived().why_incomplete());
      state->set_retained_until_ms(event.archived().retained_until_ms());
      return state->set_archived_at_ms(now_ms);
    default:
      return;
  }
}

}  // namespace mediation
