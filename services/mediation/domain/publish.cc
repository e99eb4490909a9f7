// What others may hear of an event: topic, standing, clocks; never a name, a sentence of free text, or a person's
// account.
#include <algorithm>
#include <string>

#include "base/check.h"
#include "services/mediation/domain/mediation.h"
#include "services/mediation/domain/promise.h"
#include "services/reference/mentions.h"

namespace mediation {
namespace {

using v1::Event, v1::State;

struct Topic {
  Event::BodyCase event;
  std::string_view topic;  // empty: others need not hear of it
};

// Every event stands here; a test looks.
constexpr Topic kTopics[] = {
    {Event::kRegistered, "mediation.registered"},  // "mediation.referral_received", if it was referred
    {Event::kIntakeCompleted, "mediation.intake_completed"},
    {Event::kConsentAsked, "mediation.consent_asked"},
    {Event::kConsentRecorded, "mediation.consent_recorded"},
    {Event::kRightsNoticeServed, ""},
    {Event::kAccepted, "mediation.accepted"},
    {Event::kRefused, "mediation.refused"},
    {Event::kMediatorChosen, ""},
    {Event::kAssigned, "mediation.assigned"},
    {Event::kRecusalRequested, "mediation.recusal_requested"},
    {Event::kRecusalDecided, ""},
    {Event::kFullAgeRecorded, ""},
    {Event::kWishRecorded, ""},
    {Event::kMediatorReplaced, "mediation.mediator_replaced"},
    {Event::kSessionHeld, "mediation.session_held"},
    {Event::kInvestigated, "mediation.investigated"},
    {Event::kPaused, "mediation.paused"},
    {Event::kPauseReminded, "mediation.pause_reminded"},
    {Event::kResumed, "mediation.resumed"},
    {Event::kExtended, "mediation.extended"},
    {Event::kRiskReported, "mediation.risk_reported"},
    {Event::kAgreed, "mediation.agreed"},
    {Event::kPartySigned, ""},
    {Event::kMediatorSigned, ""},
    {Event::kSealed, ""},
    {Event::kReconsidered, "mediation.reconsidered"},
    {Event::kEffective, "mediation.effective"},
    {Event::kEnded, "mediation.ended"},
    {Event::kTransferred, "mediation.transferred"},
    {Event::kPromiseDue, "mediation.promise_due"},
    {Event::kPerformed, "mediation.performed"},
    {Event::kFollowedUp, "mediation.followed_up"},
    {Event::kBreached, "mediation.breached"},
    {Event::kRemediated, "mediation.remediated"},
    {Event::kConfirmationApplied, "mediation.confirmation_applied"},
    {Event::kConfirmationRecorded, "mediation.confirmation_result"},
    {Event::kConfirmationReminded, "mediation.confirmation_reminded"},
    {Event::kCompleted, "mediation.completed"},
    {Event::kDocumentFiled, ""},
    {Event::kArchived, "mediation.archived"},
    {Event::kPeriodWarned, "mediation.period_warned"},
    {Event::kWindowWarned, "mediation.window_warned"},
    {Event::kWindowExpired, "mediation.window_expired"},
    {Event::kClockExpired, "mediation.overdue"},
    {Event::kInstructionNoted, "mediation.instructed"},
    {Event::kOrderSet, "mediation.order_set"},
    {Event::kOversightAnswered, "mediation.oversight_answered"},
    {Event::kDocumentKept, ""},
    {Event::kReferenceLearned, ""},
    {Event::kClocksRecomputed, "mediation.clocks_recomputed"},
    {Event::kRecomputeStepped, ""},
    {Event::kReferralParked, ""},
    {Event::kHandOverLapsed, "mediation.hand_over_lapsed"},
};

std::string_view TopicOf(const Event& event) {
  if (event.has_registered() && event.registered().has_origin()) return "mediation.referral_received";
  const Topic* row = std::ranges::find(kTopics, event.body_case(), &Topic::event);
  CHECK(row != std::end(kTopics)) << "an event without a row: " << static_cast<int>(event.body_case());
  return row->topic;
}

// Whoever harms himself endangers nobody else: whom the mediator told looks after that.
v1::PublicOrder OrderAtRisk(const v1::RiskReport& report) {
  v1::PublicOrder risk = v1::PUBLIC_ORDER_UNSPECIFIED;
  for (const int ground : report.ground()) {
    if (ground == v1::CROWD) return v1::ORDER_CROWD;
    if (ground == v1::VIOLENCE || ground == v1::ARMS || ground == v1::PROPERTY_DAMAGE) risk = v1::ORDER_VIOLENCE;
  }
  return risk;
}

void TellCourse(const Event& event, const State& state, v1::Notice* notice) {
  notice->set_risk(state.risk());
  notice->set_performance(PerformanceOf(state));
  notice->set_confirmation(state.confirmation());
  notice->set_completion(state.completion());
  notice->set_performed(event.completed().performed());
  notice->set_from_org(event.transferred().transfer().from_org());
  if (event.has_risk_reported()) {
    notice->set_public_order(OrderAtRisk(event.risk_reported().report()));
    notice->set_police_informed(
        std::ranges::any_of(event.risk_reported().report().informed(),
                            [](const v1::Informed& told) { return told.kind() == v1::POLICE; }));
  } else if (event.has_promise_due()) {
    notice->set_promise_no(event.promise_due().promise().no());
  } else if (event.has_performed()) {
    notice->set_promise_no(event.performed().promise().no());
  } else if (event.has_breached()) {
    notice->set_promise_no(event.breached().promise().no());
    notice->set_breach_presumed(event.breached().promise().presumed());
    notice->set_breach_before_due(event.breached().promise().repudiated());
  }
}

v1::Notice PayloadOf(const Event& event, const State& state) {
  v1::Notice notice;
  notice.set_kind(state.kind());
  notice.set_status(state.status());
  notice.set_dispute_type(state.dispute_type());
  notice.set_committee_org(state.committee_org());
  notice.set_level(state.committee_level());
  notice.set_end_reason(state.end_reason());
  notice.set_refusal_code(state.refusal_code());
  if (Binds(state)) {
    notice.set_form(state.agreement().form());
    notice.set_effective_at_ms(state.agreement().effective_at_ms());
    notice.set_amount_band(state.agreement().amount_band());
  }
  *notice.mutable_clock() = state.clock();
  for (const v1::Promise& promise : PromisesOf(state)) {
    auto* clause = notice.add_clause();
    clause->set_no(promise.no());
    clause->set_due_at_ms(promise.due_ms());
    if (promise.state() == v1::DONE) clause->set_done_at_ms(promise.done_at_ms());
  }
  if (state.has_origin()) *notice.mutable_origin() = state.origin();
  notice.set_failed_sessions(state.failed_sessions());
  notice.set_scale(state.scale());
  notice.set_party_count(state.party().empty() ? state.referred_party_count() : state.party_size());
  notice.set_registered_at_ms(state.registered_at_ms());
  notice.set_holder_org(state.committee_org());
  for (const auto& order : state.order()) notice.set_card(std::max(notice.card(), order.card()));
  TellCourse(event, state, &notice);
  if (event.has_instruction_noted()) {
    notice.mutable_answer()->set_instruction_id(event.instruction_noted().instruction_id());
    notice.mutable_answer()->set_done(true);
  } else if (!event.transferred().instruction_id().empty()) {
    notice.mutable_answer()->set_instruction_id(event.transferred().instruction_id());
    notice.mutable_answer()->set_done(true);
  } else if (event.has_oversight_answered()) {
    notice.mutable_answer()->set_instruction_id(event.oversight_answered().instruction_id());
    notice.mutable_answer()->set_done(event.oversight_answered().done());
    notice.mutable_answer()->set_reason_code(event.oversight_answered().reason_code());
  }
  return notice;
}

}  // namespace

std::optional<kernel::v1::Notice> MediationDomain::Publish(std::string_view, const Event& event,
                                                           const State& before, const State& after) {
  std::string_view topic = TopicOf(event);
  // Signatures and papers of the file are nobody else's business, but their scans must be kept.
  if (topic.empty() && !reference::MentionedDocuments(event).empty()) topic = "mediation.document_referred";
  if (topic.empty()) return std::nullopt;
  kernel::v1::Notice notice;
  notice.set_topic(std::string(topic));
  notice.set_matter_code(after.matter_code());
  notice.set_correlation_id(after.matter_code());
  notice.set_area_code(after.area_code());
  notice.set_level(after.committee_level());
  notice.set_classification(after.domestic_violence() ? kernel::v1::SENSITIVE : kernel::v1::INTERNAL);
  const v1::Notice payload = PayloadOf(event, after);
  notice.set_schema(payload.GetDescriptor()->full_name());
  payload.SerializeToString(notice.mutable_payload());
  reference::MentionDocuments(event, &notice);
  if (!event.registered().handed_sha256().empty()) {
    reference::SayHandedFrom(after.origin().service(), after.origin().aggregate_id(), &notice);
  }
  if (after.handed_sha256().empty()) reference::SayHandedBack(before.handed_sha256(), &notice);
  return notice;
}

}  // namespace mediation
