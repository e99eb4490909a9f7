// Events to state. Copies and counts; reads no policy and no clock, cannot refuse. Old logs go through it for
// ever: to change what happens, add an event; never edit the meaning of one already written.
#include <algorithm>

#include "services/kernel/document_mark.h"
#include "services/petition/domain/apply.h"
#include "services/petition/domain/limits.h"
#include "services/petition/domain/petition.h"
#include "services/petition/domain/rules.h"

namespace petition {
namespace {

using v1::Event, v1::State;

void ApplyClocks(const Event& event, State* state) {
  for (const auto& changed : event.clock()) {
    auto* clocks = state->mutable_clock();
    const auto same = std::ranges::find(*clocks, changed.policy_id(), &common::v1::Clock::policy_id);
    if (same == clocks->end()) {
      *clocks->Add() = changed;
    } else {
      *same = changed;
    }
    auto* expired = state->mutable_expired_policy();
    expired->erase(std::remove(expired->begin(), expired->end(), changed.policy_id()), expired->end());
  }
}

void AddHandler(const std::string& user_id, State* state) {
  const auto& known = state->handler();
  if (!user_id.empty() && std::ranges::find(known, user_id) == known.end()) state->add_handler(user_id);
}

void End(v1::PetitionStatus status, int64_t now_ms, State* state) {
  state->set_status(status);
  state->set_ended_at_ms(now_ms);
}

v1::Stage* Last(State* state) { return state->mutable_stage(state->stage_size() - 1); }

void ApplyRegistered(const v1::Registered& e, int64_t now_ms, State* state) {
  state->set_status(v1::REGISTERED);
  state->set_matter_code(e.matter_code());
  state->set_query_code(e.query_code());
  state->set_external_no(e.external_no());
  state->set_channel(e.channel());
  state->set_type(e.type());
  state->set_content_code(e.content_code());
  state->set_area_code(e.area_code());
  *state->mutable_petitioner() = e.petitioner();
  state->set_petitioner_count(e.petitioner_count());
  *state->mutable_agent() = e.agent();
  if (e.has_content()) *state->mutable_content() = e.content();
  state->set_intake_complete(e.intake_complete());
  state->set_name_or_address_unclear(e.name_or_address_unclear());
  state->set_visit_above_level(e.visit_above_level());
  state->set_first_receiver_org(e.office_org());
  state->set_office_org(e.office_org());
  state->set_office_area(e.office_area());
  state->set_office_level(e.office_level());
  state->set_direct(e.direct());
  if (e.direct()) {
    state->set_unit_org(e.office_org());
    state->set_unit_area(e.office_area());
    state->set_unit_level(e.office_level());
  }
  state->set_received_at_ms(e.received_at_ms());
  state->set_registered_at_ms(now_ms);
  state->set_registered_by(e.registered_by());
  if (e.has_origin()) *state->mutable_origin() = e.origin();
  *state->mutable_handed_sha256() = e.handed_sha256();
  state->set_suggested_respondent_org(e.suggested_respondent_org());
  state->set_type_unconfirmed(e.type_unconfirmed());
  state->set_not_accusation_reason(e.not_accusation_reason());
  state->set_along_sealed(e.along_sealed());
  state->set_respondent_org(e.respondent_org());
  state->clear_parked();
}

// It lies at this office's desk, and no unit has it.
template <class Kept>
void LayAtOffice(const Kept& e, State* state) {
  state->set_office_org(e.office_org());
  state->set_office_area(e.office_area());
  state->set_office_level(e.office_level());
  state->set_direct(false);
  state->clear_unit_org();
  state->clear_unit_area();
  state->set_unit_level(0);
}

void ApplyIntakeCompleted(const v1::IntakeCompleted& e, State* state) {
  state->set_type(e.type());
  state->set_content_code(e.content_code());
  *state->mutable_petitioner() = e.petitioner();
  state->set_petitioner_count(e.petitioner_count());
  *state->mutable_agent() = e.agent();
  *state->mutable_content() = e.content();
  state->set_not_accusation_reason(e.not_accusation_reason());
  state->set_along_sealed(e.along_sealed());
  state->clear_suggested_respondent_org();
  state->set_respondent_org(e.respondent_org());
  state->set_intake_complete(true);
  if (!e.office_org().empty()) LayAtOffice(e, state);
}

// What is not in force any more, or has left, nobody carries out; what was done stays.
void DropExecution(State* state) {
  if (IsToBeExecuted(*state)) state->clear_execution();
}

void ApplyRetyped(const v1::Retyped& e, State* state) {
  state->set_type(e.to());
  if (e.to() == v1::ACCUSATION) {  // oversight has nothing to do with it any more
    state->clear_order();
    state->clear_instruction();
    DropExecution(state);
  }
  state->set_along_sealed(e.along_sealed());
  if (!e.respondent_org().empty()) state->set_respondent_org(e.respondent_org());
  if (e.office_org().empty()) return;
  state->set_status(v1::REGISTERED);  // wherever it was, and if it had ended, it lies at this office's desk
  state->set_ended_at_ms(0);
  LayAtOffice(e, state);
}

void ClearUnit(State* state) {
  state->set_assigned(false);
  if (state->direct()) {  // who received it directly has it again
    state->set_unit_org(state->office_org());
    state->set_unit_area(state->office_area());
    state->set_unit_level(state->office_level());
    return;
  }
  state->clear_unit_org();
  state->clear_unit_area();
  state->set_unit_level(0);
}

// P4 to P7.
void ApplyForwarding(const Event& event, int64_t now_ms, State* state) {
  switch (event.body_case()) {
    case Event::kForwarded: {
      const auto& e = event.forwarded();
      state->set_status(v1::FORWARDED);
      state->set_unit_org(e.unit_org());
      state->set_unit_area(e.unit_area());
      state->set_unit_level(e.unit_level());
      state->set_assigned(e.assigned());
      if (e.has_notice()) *state->mutable_notice() = e.notice();
      state->set_forwarded_at_ms(now_ms);
      return state->set_receipt_due_ms(e.receipt_due_ms());
    }
    case Event::kReceived:
      state->set_receipt_due_ms(0);
      return state->set_status(v1::RECEIVED_BY_UNIT);
    case Event::kObjected:
      state->set_objection_reason(event.objected().reason());
      return state->set_status(v1::OBJECTED);
    case Event::kObjectionDecided:
      state->clear_objection_reason();
      if (!event.objection_decided().agreed()) return state->set_status(v1::RECEIVED_BY_UNIT);
      state->set_status(v1::REGISTERED);
      return ClearUnit(state);
    case Event::kDisputeRaised:
      return state->set_in_dispute(true);
    case Event::kDisputeDecided: {
      const auto& e = event.dispute_decided();
      state->set_in_dispute(false);
      state->set_status(v1::RECEIVED_BY_UNIT);
      state->set_unit_org(e.unit_org());
      state->set_unit_area(e.unit_area());
      return state->set_unit_level(e.unit_level());
    }
    default:
      return;  // report_extended, completion_reported: clocks only
  }
}

// P8 to P12.
void ApplyAcceptance(const Event& event, int64_t now_ms, State* state) {
  switch (event.body_case()) {
    case Event::kAccepted: {
      const auto& e = event.accepted();
      state->set_status(v1::ACCEPTED);
      state->set_route(e.route());
      state->set_procedure(e.procedure());
      *state->mutable_notice() = e.notice();
      *state->add_stage() = e.stage();
      state->set_unit_org(e.stage().body_org());
      state->set_unit_area(e.stage().body_area());
      state->set_unit_level(e.stage().body_level());
      state->set_accepted_at_ms(now_ms);
      return AddHandler(e.by_user_id(), state);
    }
    case Event::kNotAccepted:
      state->set_refusal_code(event.not_accepted().code());
      *state->mutable_notice() = event.not_accepted().notice();
      state->clear_handed_sha256();
      return End(v1::NOT_ACCEPTED, now_ms, state);
    case Event::kRedirected:
      state->set_refusal_code(event.redirected().code());
      state->set_procedure(event.redirected().procedure());
      *state->mutable_notice() = event.redirected().notice();
      state->clear_handed_sha256();
      return End(v1::REDIRECTED, now_ms, state);
    case Event::kSealedAway:
      state->set_discipline_org(event.sealed_away().discipline_org());
      return state->set_status(v1::SEALED);
    case Event::kSealedReceived:
      if (!event.sealed_received().external_ref().empty()) {
        state->set_external_no(event.sealed_received().external_ref());
      }
      return state->set_ended_at_ms(now_ms);
    case Event::kStudyStarted:
      *state->mutable_notice() = event.study_started().notice();
      state->set_unit_org(event.study_started().unit_org());
      state->set_unit_area(event.study_started().unit_area());
      state->set_unit_level(event.study_started().unit_level());
      state->set_accepted_at_ms(now_ms);
      return state->set_status(v1::SUGGESTION_HANDLING);
    case Event::kSuggestionReplied:
      state->set_adoption(event.suggestion_replied().adoption());
      return End(v1::REPLIED, now_ms, state);
    default:
      return;
  }
}

void AddProgressPaper(const std::string& sha256, State* state) {
  const auto& known = state->progress_sha256();
  if (std::ranges::find(known, sha256) == known.end()) state->add_progress_sha256(sha256);
}

// P13 to P18.
void ApplyWork(const Event& event, int64_t now_ms, State* state) {
  switch (event.body_case()) {
    case Event::kProgressed:
      if (event.progressed().kind() == v1::HEARD_PETITIONER) state->set_heard(true);
      if (event.progressed().kind() == v1::INVESTIGATED) state->set_investigated(true);
      for (const std::string& sha256 : event.progressed().attachment_sha256()) AddProgressPaper(sha256, state);
      return AddHandler(event.progressed().by_user_id(), state);
    case Event::kHearingHeld:
      *Last(state)->add_hearing() = event.hearing_held().hearing();
      return state->clear_called_hearing();
    case Event::kExtended:
      state->set_extended(true);
      *state->mutable_notice() = event.extended().notice();
      return;
    case Event::kReferredToMediation:
      state->set_mediation(v1::REFERRED);
      state->set_mediation_referral_id(event.referred_to_mediation().referral().referral_id());
      state->set_consent_proof_sha256(event.referred_to_mediation().consent_proof_sha256());
      state->clear_mediation_reason();
      state->clear_mediation_subject();
      return state->set_mediation_version(0);
    case Event::kHandOverLapsed:
      return state->set_mediation(v1::HAND_OVER_LAPSED);
    case Event::kMediationAnswered:
      state->set_mediation(event.mediation_answered().state());
      state->set_mediation_reason(event.mediation_answered().reason());
      state->set_mediation_subject(event.mediation_answered().subject_id());
      state->set_mediation_oral(event.mediation_answered().oral());
      state->set_settlement(v1::SETTLEMENT_NONE);
      return state->set_mediation_version(event.mediation_answered().version());
    case Event::kSettled:
      DropExecution(state);
      state->set_settlement_proof_sha256(event.settled().proof_sha256());
      state->set_rests_on_agreement(event.settled().on_agreement());
      if (!event.settled().on_agreement()) state->set_settlement(v1::SETTLEMENT_NONE);
      return End(v1::SETTLED, now_ms, state);
    case Event::kSettlementNoted:
      state->set_settlement(event.settlement_noted().settlement());
      state->set_settlement_noted_at_ms(now_ms);
      state->set_mediation_subject(event.settlement_noted().subject_id());
      return state->set_mediation_version(event.settlement_noted().version());
    case Event::kOpinionDrafted:
      *state->mutable_draft() = event.opinion_drafted().opinion();
      return AddHandler(event.opinion_drafted().by_user_id(), state);
    case Event::kOpinionIssued:
      state->set_status(v1::OPINION_ISSUED);
      *Last(state)->mutable_opinion() = state->draft();
      Last(state)->set_issued_at_ms(now_ms);
      Last(state)->set_document_no(event.opinion_issued().document_no());
      state->clear_draft();
      return AddHandler(event.opinion_issued().by_user_id(), state);
    case Event::kProcedureConcluded:
      return End(v1::CLOSED, now_ms, state);
    default:
      return;
  }
}

void ApplyDelivered(const v1::Delivered& e, int64_t now_ms, State* state) {
  v1::Stage* stage = Last(state);
  *stage->mutable_delivery() = e.delivery();
  stage->set_remedy(e.remedy());
  state->set_evaluate_until_ms(e.evaluate_until_ms());
  if (stage->kind() == v1::HANDLE || stage->review_result() == v1::CHANGED) {
    state->set_result(stage->opinion().result());
  }
  if (stage->review_result() == v1::CHANGED || stage->review_result() == v1::REVOKED) DropExecution(state);
  state->set_status(e.next());
  if (e.has_redo()) {
    *state->add_stage() = e.redo();
    state->set_heard(false);
    state->set_investigated(false);
    state->set_extended(false);
    state->set_result(v1::RESULT_UNSPECIFIED);
  }
  if (e.next() != v1::FINAL) return;
  state->set_final_guard(true);
  state->set_ended_at_ms(now_ms);
}

void OpenStage(const v1::Stage& stage, v1::PetitionStatus status, State* state) {
  *state->add_stage() = stage;
  state->set_status(status);
  state->clear_closed_reason();
  state->set_ended_at_ms(0);
}

void ApplyReviewRequestDecided(const v1::ReviewRequestDecided& e, int64_t now_ms, State* state) {
  if (e.has_notice()) *state->mutable_notice() = e.notice();
  if (e.accepted()) return Last(state)->set_accepted_at_ms(e.decided_at_ms() != 0 ? e.decided_at_ms() : now_ms);
  if (e.next() == v1::PETITION_STATUS_UNSPECIFIED) return End(v1::CLOSED, now_ms, state);  // as it was until 2026-11
  // The stage was asked for and never opened: what came before it is in force.
  auto* refused = state->mutable_refused_request();
  if (refused->size() >= kRefusedRequestsKept) refused->DeleteSubrange(0, 1);
  *refused->Add() = *Last(state);
  refused->rbegin()->set_refused_at_ms(now_ms);
  state->mutable_stage()->RemoveLast();
  state->set_closed_reason(e.closed_reason());
  if (e.next() == v1::CLOSED) return End(v1::CLOSED, now_ms, state);
  state->set_status(e.next());
}

// What came out outside the platform has the day of its paper.
template <class Issued>
int64_t IssuedAt(const Issued& e, int64_t now_ms) {
  return e.issued_at_ms() != 0 ? e.issued_at_ms() : now_ms;
}

// P19 to P26.
void ApplyReview(const Event& event, int64_t now_ms, State* state) {
  switch (event.body_case()) {
    case Event::kDelivered:
      return ApplyDelivered(event.delivered(), now_ms, state);
    case Event::kReviewRequested:
      return OpenStage(event.review_requested().stage(), v1::REVIEWING, state);
    case Event::kRecheckRequested:
      return OpenStage(event.recheck_requested().stage(), v1::RECHECKING, state);
    case Event::kReviewRequestDecided:
      return ApplyReviewRequestDecided(event.review_request_decided(), now_ms, state);
    case Event::kReviewIssued:
      Last(state)->set_review_result(event.review_issued().review_result());
      *Last(state)->mutable_opinion() = event.review_issued().opinion();
      Last(state)->set_redo_days(event.review_issued().redo_days());
      Last(state)->set_document_no(event.review_issued().document_no());
      Last(state)->set_issued_at_ms(IssuedAt(event.review_issued(), now_ms));
      // Who reviewed does not re-review. After a revocation there is none: it is handled again.
      if (event.review_issued().review_result() == v1::REVOKED) return;
      return AddHandler(event.review_issued().by_user_id(), state);
    case Event::kHearingEnded:
      *Last(state)->add_hearing() = event.hearing_ended().hearing();
      return state->clear_called_hearing();
    case Event::kRecheckIssued:
      Last(state)->set_review_result(event.recheck_issued().review_result());
      *Last(state)->mutable_opinion() = event.recheck_issued().opinion();
      Last(state)->set_document_no(event.recheck_issued().document_no());
      Last(state)->set_published(event.recheck_issued().published());
      Last(state)->set_redo_days(event.recheck_issued().redo_days());
      return Last(state)->set_issued_at_ms(IssuedAt(event.recheck_issued(), now_ms));
    case Event::kClosed:
      state->set_closed_reason(event.closed().reason());
      return End(v1::CLOSED, now_ms, state);
    default:
      return;  // hearing_started: a clock only
  }
}

void ApplyPlatform(const Event& event, int64_t now_ms, State* state) {
  if (event.has_document_kept()) {
    kernel::ApplyKept(event.document_kept(), now_ms, state);
  } else if (event.has_clock_expired()) {
    const std::string& policy_id = event.clock_expired().policy_id();
    state->add_expired_policy(policy_id);
    if (policy_id == "DP-16" || policy_id == "DP-17") state->mutable_leader()->set_missed(state->leader().missed() + 1);
  } else if (event.has_reference_learned()) {
    *state->mutable_reference() = event.reference_learned().notice();
    state->set_recompute_step(event.reference_learned().notice().has_calendar_loaded() ? 1 : 0);
  } else if (event.has_recompute_stepped()) {
    state->set_recompute_step(event.recompute_stepped().finished() ? 0 : state->recompute_step() + 1);
  } else {
    *state->mutable_parked() = event.referral_parked();
  }
}

}  // namespace

void PetitionDomain::Apply(const Event& event, int64_t now_ms, State* state) {
  ApplyClocks(event, state);
  switch (event.body_case()) {
    case Event::kRegistered:
      return ApplyRegistered(event.registered(), now_ms, state);
    case Event::kIntakeCompleted:
      return ApplyIntakeCompleted(event.intake_completed(), state);
    case Event::kRetyped:
      return ApplyRetyped(event.retyped(), state);
    case Event::kTypeConfirmed:
      state->set_type_unconfirmed(false);
      return state->set_not_accusation_reason(event.type_confirmed().not_accusation_reason());
    case Event::kAlongSealed:
      state->set_along_sealed(event.along_sealed().finished());
      return state->set_along_step(state->along_step() + 1);
    case Event::kUrgentMarked:
      state->set_urgent(true);
      state->mutable_reported()->MergeFrom(event.urgent_marked().reported());
      return;
    case Event::kRepeatLinked:
      state->set_earlier_id(event.repeat_linked().earlier_id());
      return state->set_repeat_class(event.repeat_linked().repeat_class());
    case Event::kMerged:
      state->set_primary_id(event.merged().primary_id());
      state->set_primary_code(event.merged().primary_code());
      state->clear_order();  // what is asked of it is asked of the original
      return End(v1::MERGED, now_ms, state);
    case Event::kCopyAdded:
      state->mutable_petitioner()->MergeFrom(event.copy_added().petitioner());
      state->mutable_agent()->MergeFrom(event.copy_added().agent());
      state->mutable_unnamed()->MergeFrom(event.copy_added().unnamed());
      return state->set_petitioner_count(state->petitioner_count() + event.copy_added().petitioner_count());
    case Event::kForwarded:
    case Event::kReceived:
    case Event::kObjected:
    case Event::kObjectionDecided:
    case Event::kDisputeRaised:
    case Event::kDisputeDecided:
    case Event::kReportExtended:
    case Event::kCompletionReported:
      return ApplyForwarding(event, now_ms, state);
    case Event::kAccepted:
    case Event::kNotAccepted:
    case Event::kRedirected:
    case Event::kSealedAway:
    case Event::kSealedReceived:
    case Event::kStudyStarted:
    case Event::kSuggestionReplied:
      return ApplyAcceptance(event, now_ms, state);
    case Event::kWithdrawn:
      state->set_withdrawal_proof_sha256(event.withdrawn().proof_sha256());
      return End(v1::WITHDRAWN, now_ms, state);
    case Event::kTerminated:
      state->set_closed_reason(v1::TerminationGround_Name(event.terminated().ground()));
      state->set_termination_proof_sha256(event.terminated().proof_sha256());
      return End(v1::CLOSED, now_ms, state);
    case Event::kClockExpired:
    case Event::kDocumentKept:
    case Event::kReferenceLearned:
    case Event::kRecomputeStepped:
    case Event::kReferralParked:
      return ApplyPlatform(event, now_ms, state);
    default:  // P13 to P26, and what lies around; those of none of them change clocks only
      ApplyAround(event, now_ms, state);
      ApplyWork(event, now_ms, state);
      return ApplyReview(event, now_ms, state);
  }
}

}  // namespace petition
