// Events to state. Copies and counts; reads no policy and no clock, cannot refuse. Old logs go through it for
// ever: to change what happens, add an event; never edit the meaning of one already written.
#include <algorithm>

#include "services/kernel/document_mark.h"
#include "services/mediation/domain/apply_course.h"
#include "services/mediation/domain/mediation.h"

namespace mediation {
namespace {

using v1::Event, v1::State;

v1::Party* MutableParty(State* state, std::string_view party_id) {
  for (auto& party : *state->mutable_party()) {
    if (party.party_id() == party_id) return &party;
  }
  return nullptr;
}

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

void ApplyPapers(const Event& event, State* state) {
  for (const auto& paper : event.paper()) {
    const bool known = std::ranges::any_of(state->paper(), [&](const v1::ReferredPaper& one) {
      return one.form() == paper.form() && one.sha256() == paper.sha256() && one.party_id() == paper.party_id();
    });
    if (!known) *state->add_paper() = paper;
  }
}

void ApplyRegistered(const v1::Registered& e, int64_t now_ms, State* state) {
  state->set_status(v1::REGISTERED);
  state->set_matter_code(e.matter_code());
  state->set_query_code(e.query_code());
  state->set_kind(e.kind());
  state->set_source(e.source());
  state->set_area_code(e.area_code());
  state->set_committee_org(e.committee_org());
  state->set_committee_level(e.committee_level());
  state->set_committee_area(e.committee_area());
  state->set_dispute_type(e.dispute_type());
  state->set_dispute_detail(e.dispute_detail());
  state->set_scale(e.scale());
  state->set_facts(e.facts());
  *state->mutable_claim() = e.claim();
  state->set_amount_fen(e.amount_fen());
  state->set_domestic_violence(e.domestic_violence());
  state->set_civil_rights_and_duties(e.civil_rights_and_duties());
  state->set_intake_complete(e.intake_complete());
  *state->mutable_party() = e.party();
  if (e.has_origin()) *state->mutable_origin() = e.origin();
  *state->mutable_handed_sha256() = e.handed_sha256();
  state->set_application_received_at_ms(e.application_received_at_ms());
  state->set_court_case_no(e.court_case_no());
  state->set_summary_procedure(e.summary_procedure());
  state->set_registered_by(e.registered_by());
  state->set_referred_party_count(e.party_count());
  state->set_sender_org(e.sender_org());
  state->set_end_by_ms(e.end_by_ms());
  state->set_in_statistics(e.in_statistics());
  state->set_jurisdiction_ground(e.jurisdiction_ground());
  state->set_registered_at_ms(now_ms);
  state->clear_parked();
}

void ApplyIntakeCompleted(const v1::IntakeCompleted& e, State* state) {
  *state->mutable_party() = e.party();
  state->set_facts(e.facts());
  *state->mutable_claim() = e.claim();
  state->set_amount_fen(e.amount_fen());
  state->set_dispute_type(e.dispute_type());
  state->set_dispute_detail(e.dispute_detail());
  state->set_domestic_violence(e.domestic_violence());
  state->set_civil_rights_and_duties(e.civil_rights_and_duties());
  state->set_intake_complete(true);
}

void ApplyConsent(const Event& event, int64_t now_ms, State* state) {
  if (event.has_consent_asked()) {
    state->set_status(v1::SEEKING_CONSENT);
    state->set_consent_asked_at_ms(now_ms);
    for (const auto& id : event.consent_asked().party_id()) {
      if (auto* party = MutableParty(state, id)) party->set_consent(v1::ASKED);
    }
  } else if (event.has_consent_recorded()) {
    const auto& e = event.consent_recorded();
    if (auto* party = MutableParty(state, e.party_id())) {
      party->set_consent(e.answer());
      party->set_consent_at_ms(now_ms);
      party->set_consent_how(e.how());
      party->set_consent_as(e.capacity());
      party->set_consent_name(e.by_name());
      party->set_consent_relation(e.by_relation());
    }
  } else {
    const auto& e = event.rights_notice_served();
    for (const auto& id : e.party_id()) {
      if (auto* party = MutableParty(state, id)) party->set_rights_notice_at_ms(now_ms);
    }
    if (e.protection_information_given()) state->set_protection_information_given(true);
  }
}

void ApplyAccepted(const v1::Accepted& e, int64_t now_ms, State* state) {
  state->set_status(v1::ACCEPTED);
  state->set_file_no(e.file_no());
  state->set_accepted_at_ms(now_ms);
  state->set_period_warning_due_ms(e.period_warning_due_ms());
  state->set_period_end_ms(e.period_end_ms());
}

void ApplyAssigned(const v1::Assigned& e, State* state) {
  state->set_status(v1::ASSIGNED);
  state->set_chair_user_id(e.chair_user_id());
  state->set_difficult(state->difficult() || e.difficult());
  state->clear_mediator_user_id();
  state->add_mediator_user_id(e.chair_user_id());
  for (const auto& id : e.other_user_id()) state->add_mediator_user_id(id);
}

// What was done on paper has its own day; 0: it was done here, or before days of papers were told.
int64_t Told(int64_t on_paper_ms, int64_t now_ms) { return on_paper_ms == 0 ? now_ms : on_paper_ms; }

void ApplyAgreement(const Event& event, int64_t now_ms, State* state) {
  auto* agreement = state->mutable_agreement();
  if (event.has_agreed()) {
    state->set_status(v1::AGREED);
    state->set_period_told_late(event.agreed().period_told_late());
    *agreement = event.agreed().agreement();
  } else if (event.has_party_signed()) {
    if (auto* party = MutableParty(state, event.party_signed().party_id())) {
      party->set_signed_(event.party_signed().kind());
      party->set_signed_at_ms(Told(event.party_signed().signed_at_ms(), now_ms));
      party->set_signed_as(event.party_signed().capacity());
      party->set_signed_name(event.party_signed().signed_name());
      party->set_signed_relation(event.party_signed().signed_relation());
    }
  } else if (event.has_mediator_signed()) {
    agreement->set_mediator_signed_user_id(event.mediator_signed().user_id());
    agreement->set_mediator_signed_at_ms(Told(event.mediator_signed().signed_at_ms(), now_ms));
  } else if (event.has_sealed()) {
    agreement->set_sealed_by_user_id(event.sealed().by_user_id());
    agreement->set_sealed_at_ms(Told(event.sealed().sealed_at_ms(), now_ms));
    agreement->set_copies(event.sealed().copies());
  } else {
    const auto& e = event.effective();
    state->set_status(v1::EFFECTIVE);
    if (e.has_oral()) *agreement = e.oral();
    agreement->set_effective_at_ms(e.effective_at_ms());
    state->set_confirmation(e.no_confirmation() ? v1::CONFIRMATION_NONE : v1::WINDOW_OPEN);
    state->set_end_reason(e.end_reason());
    state->set_follows_promises(e.follows_promises());
    *state->mutable_window_warning_due_ms() = e.window_warning_due_ms();
  }
}

// Without an agreement the matter is the sender's again, and so are the sender's papers.
void ApplyEnded(const v1::Ended& e, int64_t now_ms, State* state) {
  state->clear_handed_sha256();
  state->set_status(v1::ENDED);
  state->set_end_reason(e.reason());
  state->set_ended_party_id(e.party_id());
  *state->mutable_remedy_notice() = e.notice();
  state->set_ended_at_ms(now_ms);
}

void ApplyRefused(const v1::Refused& e, int64_t now_ms, State* state) {
  state->clear_handed_sha256();
  state->set_status(v1::REFUSED);
  state->set_refusal_code(e.code());
  state->set_ended_party_id(e.refusing_party_id());
  *state->mutable_remedy_notice() = e.notice();
  state->set_ended_at_ms(now_ms);
}

void ApplySessionHeld(const v1::SessionHeld& e, State* state) {
  state->set_status(v1::MEDIATING);
  *state->add_session() = e.session();
  if (e.session().result() == v1::NO_AGREEMENT) state->set_failed_sessions(state->failed_sessions() + 1);
}

// Mediation begins with the first of either: a session, or somebody who was asked.
void ApplyInvestigated(const v1::Investigated& e, State* state) {
  state->set_status(v1::MEDIATING);
  *state->add_investigation() = e.investigation();
}

void ApplyMediation(const Event& event, State* state) {
  if (event.has_session_held()) return ApplySessionHeld(event.session_held(), state);
  ApplyInvestigated(event.investigated(), state);
}

void ApplyOrderSet(const v1::OrderSet& e, State* state) {
  auto* orders = state->mutable_order();
  for (int i = orders->size() - 1; i >= 0; --i) {
    if (orders->Get(i).order_id() == e.order().order_id()) orders->DeleteSubrange(i, 1);
  }
  if (!e.closed()) *orders->Add() = e.order();
}

// With the sender's period the end it set falls away, and the warning of that end.
void ApplyLapsed(const v1::HandOverLapsed& e, int64_t now_ms, State* state) {
  state->clear_parked();
  state->clear_handed_sha256();
  state->set_end_by_ms(0);
  state->set_hand_over_lapsed_at_ms(now_ms);
  if (!e.has_period()) return;
  state->set_period_warned_at_ms(0);
  state->set_period_warning_due_ms(e.period().warning_due_ms());
  state->set_period_end_ms(e.period().end_ms());
}

// What timers, the directory and oversight brought about.
void ApplyByPlatform(const Event& event, int64_t now_ms, State* state) {
  switch (event.body_case()) {
    case Event::kPeriodWarned:
      state->set_period_warned_at_ms(now_ms);
      state->set_period_warning_due_ms(0);
      return state->set_period_end_ms(event.period_warned().period_end_ms());
    case Event::kWindowWarned:
      *state->mutable_window_warning_due_ms() = event.window_warned().window_warning_due_ms();
      return;
    case Event::kWindowExpired:
      return state->set_confirmation(v1::WINDOW_EXPIRED);
    case Event::kClockExpired:
      return state->add_expired_policy(event.clock_expired().policy_id());
    case Event::kInstructionNoted:
      return state->add_instruction_id(event.instruction_noted().instruction_id());
    case Event::kOrderSet:
      return ApplyOrderSet(event.order_set(), state);
    case Event::kOversightAnswered:
      return state->add_instruction_id(event.oversight_answered().instruction_id());
    case Event::kDocumentKept:
      return kernel::ApplyKept(event.document_kept(), now_ms, state);
    case Event::kReferenceLearned:
      *state->mutable_reference() = event.reference_learned().notice();
      return state->set_recompute_step(event.reference_learned().notice().has_calendar_loaded() ? 1 : 0);
    case Event::kClocksRecomputed:
      state->set_period_warning_due_ms(event.clocks_recomputed().period_warning_due_ms());
      return state->set_period_end_ms(event.clocks_recomputed().period_end_ms());
    case Event::kReferralParked:
      *state->mutable_parked() = event.referral_parked();
      return;
    case Event::kHandOverLapsed:
      return ApplyLapsed(event.hand_over_lapsed(), now_ms, state);
    case Event::kRecomputeStepped:
      return state->set_recompute_step(event.recompute_stepped().finished() ? 0
                                                                            : state->recompute_step() + 1);
    default:
      return;
  }
}

void ApplyMediatorChosen(const v1::MediatorChosen& e, State* state) {
  auto* party = MutableParty(state, e.party_id());
  if (party != nullptr) party->set_chosen_mediator_user_id(e.mediator_user_id());
}

}  // namespace

void MediationDomain::Apply(const Event& event, int64_t now_ms, State* state) {
  ApplyClocks(event, state);
  ApplyPapers(event, state);
  switch (event.body_case()) {  // no default: a new event does not compile until it has its place here
    case Event::kRegistered:
      return ApplyRegistered(event.registered(), now_ms, state);
    case Event::kIntakeCompleted:
      return ApplyIntakeCompleted(event.intake_completed(), state);
    case Event::kConsentAsked:
    case Event::kConsentRecorded:
    case Event::kRightsNoticeServed:
      return ApplyConsent(event, now_ms, state);
    case Event::kAccepted:
      return ApplyAccepted(event.accepted(), now_ms, state);
    case Event::kRefused:
      return ApplyRefused(event.refused(), now_ms, state);
    case Event::kMediatorChosen:
      return ApplyMediatorChosen(event.mediator_chosen(), state);
    case Event::kAssigned:
      return ApplyAssigned(event.assigned(), state);
    case Event::kSessionHeld: case Event::kInvestigated:
      return ApplyMediation(event, state);
    case Event::kAgreed:
    case Event::kPartySigned:
    case Event::kMediatorSigned:
    case Event::kSealed:
    case Event::kEffective:
      return ApplyAgreement(event, now_ms, state);
    case Event::kEnded:
      return ApplyEnded(event.ended(), now_ms, state);
    case Event::kPeriodWarned:
    case Event::kWindowWarned:
    case Event::kWindowExpired:
    case Event::kClockExpired:
    case Event::kInstructionNoted:
    case Event::kOrderSet:
    case Event::kOversightAnswered:
    case Event::kDocumentKept:
    case Event::kReferenceLearned:
    case Event::kClocksRecomputed:
    case Event::kReferralParked: case Event::kHandOverLapsed:
    case Event::kRecomputeStepped:
      return ApplyByPlatform(event, now_ms, state);
    case Event::kFullAgeRecorded: case Event::kWishRecorded: case Event::kRecusalRequested:
    case Event::kRecusalDecided:
    case Event::kMediatorReplaced:
    case Event::kPaused:
    case Event::kPauseReminded:
    case Event::kResumed:
    case Event::kExtended:
    case Event::kRiskReported:
    case Event::kReconsidered:
    case Event::kTransferred:
      return ApplyCourse(event, state);
    case Event::kPromiseDue:
    case Event::kPerformed:
    case Event::kFollowedUp:
    case Event::kBreached:
    case Event::kRemediated:
    case Event::kConfirmationApplied:
    case Event::kConfirmationRecorded:
    case Event::kConfirmationReminded:
    case Event::kCompleted:
    case Event::kDocumentFiled:
    case Event::kArchived:
      return ApplyAfterwards(event, now_ms, state);
    case Event::BODY_NOT_SET:
      return;  // the kernel refuses to open a log with an event this build cannot name
  }
}

}  // namespace mediation
