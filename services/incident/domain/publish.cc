// What other services hear: the topic of each event and where the matter stands after it. No names, no free
// text. A sealed matter says its kind and level, nothing else.

#include <absl/strings/str_join.h>

#include <algorithm>
#include <iterator>

#include "base/area_code.h"
#include "services/incident/domain/clocks.h"
#include "services/incident/domain/deciding.h"
#include "services/incident/domain/incident.h"
#include "services/reference/mentions.h"

namespace incident {
namespace {

using v1::Event;

struct Topic {
  Event::BodyCase event;
  std::string_view topic;
};

// Events that stand nowhere in it are nobody else's business: how far a portion came, that the ladder was
// looked at, reference data. What somebody said of a report that was merged is told once, by the primary.
constexpr Topic kTopics[] = {
    {Event::kReported, "incident.reported"},
    {Event::kSelfHandled, "incident.self_handled"},
    {Event::kSupplemented, "incident.supplemented"},
    {Event::kAccepted, "incident.accepted"},
    {Event::kRejected, "incident.rejected"},
    {Event::kRejectionProposed, "incident.rejection_proposed"},
    {Event::kRejectionAppealed, "incident.rejection_appealed"},
    {Event::kMerged, "incident.merged"},
    {Event::kDuplicateJoined, "incident.duplicate_joined"},
    {Event::kDispatched, "incident.dispatched"},
    {Event::kTaken, "incident.taken"},
    {Event::kReturnRequested, "incident.return_requested"},
    {Event::kReturned, "incident.returned"},
    {Event::kReturnRefused, "incident.return_refused"},
    {Event::kProgressed, "incident.progressed"},
    {Event::kExtensionRequested, "incident.extension_requested"},
    {Event::kExtended, "incident.extended"},
    {Event::kExtensionRefused, "incident.extension_refused"},
    {Event::kSuspensionRequested, "incident.suspension_requested"},
    {Event::kSuspended, "incident.suspended"},
    {Event::kSuspensionRefused, "incident.suspension_refused"},
    {Event::kSuspensionReviewDue, "incident.suspension_review_due"},
    {Event::kResumed, "incident.resumed"},
    {Event::kEscalated, "incident.escalated"},
    {Event::kSentDown, "incident.sent_down"},
    {Event::kCompleted, "incident.completed"},
    {Event::kReworked, "incident.rework"},
    {Event::kClosed, "incident.closed"},
    {Event::kSampleVerified, "incident.sample_verified"},
    {Event::kEvaluated, "incident.evaluated"},
    {Event::kReopened, "incident.reopened"},
    {Event::kReferredToMediation, "incident.referred_to_mediation"},
    {Event::kReferredToPetition, "incident.referred_to_petition"},
    {Event::kReferralAnswered, "incident.referral_answered"},
    {Event::kReferralReturned, "incident.referral_returned"},
    {Event::kReferralCapReached, "incident.referral_cap_reached"},
    {Event::kCancelled, "incident.cancelled"},
    {Event::kArchived, "incident.archived"},
    {Event::kClassifiedComplex, "incident.classified_complex"},
    {Event::kServiceConfirmed, "incident.service_confirmed"},
    {Event::kContactAttempted, "incident.contact_attempted"},
    {Event::kClockOverdue, "incident.overdue"},
    {Event::kClocksRecomputed, "incident.clocks_recomputed"},
    {Event::kFollowerInformed, "incident.follower_informed"},
    {Event::kResolutionNoted, "incident.resolution_noted"},
    {Event::kRiskRaised, "incident.risk_raised"},
    {Event::kOrderSet, "incident.order_set"},
    {Event::kInstructed, "incident.instructed"},
    {Event::kRequestDeclined, "incident.request_declined"},
    {Event::kDuplicateEvaluated, "incident.duplicate_evaluated"},
    {Event::kLongTermReviewDue, "incident.long_term_review_due"},
    {Event::kCampaignStarted, "campaign.started"},
    {Event::kCampaignEnded, "campaign.ended"},
    {Event::kTaskOpened, "campaign.task_opened"},
    {Event::kTaskDone, "campaign.task_done"},
    {Event::kTaskWithdrawn, "campaign.task_withdrawn"},
    {Event::kCampaignDataExpired, "campaign.data_expired"},
};

// Empty: others need not hear of it.
std::string_view TopicOf(const Event& event) {
  if (event.has_campaign_data_expired() && !event.campaign_data_expired().done()) return {};
  const auto* row = std::ranges::find(kTopics, event.body_case(), &Topic::event);
  return row == std::end(kTopics) ? std::string_view() : row->topic;
}

// Which petition or case it follows from is said nowhere outside the log: a petition that is sealed afterwards must
// leave no trace, and a case has the code of the petition it came from; what is mediated is the parties' own.
bool HidesItsSource(const v1::Incident& m) {
  return m.intake().derived_service() == "petition" || m.intake().derived_service() == "mediation";
}

common::v1::Card CardOf(const v1::Incident& m) {
  common::v1::Card card = common::v1::CARD_NONE;
  for (const v1::Order& order : m.order()) card = std::max(card, order.card());
  return card;
}

void SetStanding(const v1::Incident& m, v1::Notice* n) {
  const v1::Standing& at = m.standing();
  n->set_kind(m.intake().kind());
  n->set_source(m.intake().source());
  n->set_status(at.status());
  n->set_category(m.intake().category());
  // Of what belongs to an emergency line first, others hear that it is critical, whatever its reporter thought to say.
  n->set_urgency(m.intake().emergency() ? common::v1::CRITICAL : m.intake().urgency());
  n->set_risk(m.intake().risk());
  n->set_scale(m.intake().scale());
  n->set_current_level(at.current_level());
  n->set_origin_level(m.origin_level());
  n->set_lead_org(at.lead_org());
  n->set_territorial_org(at.territorial_org());
  n->set_holder_org(at.holder_org());
  n->set_cycle(m.cycle());
  n->set_rework_count(m.rework_count());
  n->set_return_count(m.return_count());
  n->set_closure_type(m.closure_type());
  n->set_procedural_closed(m.procedural_closed());
  n->set_substantively_resolved(m.substantively_resolved());
  n->set_on_time(m.on_time());
  n->set_resolved_level(m.resolved_level());
  // Only duties: the return, evaluation and reopening windows bind no authority and have no light.
  for (const auto& clock : m.clock()) {
    if (IsDuty(clock.policy_id())) *n->add_clock() = clock;
  }
  n->set_primary_id(m.primary_id());
  n->set_primary_code(m.primary_code());
  *n->mutable_level_path() = m.level_path();
  n->set_reported_at_ms(m.reported_at_ms());
  n->set_accepted_at_ms(m.accepted_at_ms());
  n->set_closed_at_ms(m.closed_at_ms());
  n->set_report_count(m.report_count());
  n->set_card(CardOf(m));
  n->set_campaign_id(m.intake().campaign_id());
  // Leaders see grid by grid what a campaign found; of any other matter its village is enough.
  if (!m.intake().campaign_id().empty())
    n->set_grid_code(base::CutTo(m.intake().area_code(), common::v1::GRID));
  n->set_derived_from(HidesItsSource(m) ? m.intake().derived_service() : m.intake().derived_from());
  n->set_reachable(!m.reporter().query_code().empty());
  n->set_police_calls(m.police_calls());
}

void Answer(const std::string& instruction_id, bool done, std::string reason, v1::Notice* n) {
  if (instruction_id.empty()) return;
  n->mutable_answer()->set_instruction_id(instruction_id);
  n->mutable_answer()->set_done(done);
  n->mutable_answer()->set_reason_code(std::move(reason));
}

void SetEvidence(const Event& event, const v1::Incident& m, v1::Notice* n) {
  if (event.has_self_handled()) {
    const auto& handling = event.self_handled().handling();
    n->set_evidence(!handling.attachment().empty() || !handling.note().empty());
  } else if (event.has_completed() || event.has_closed()) {
    n->set_evidence(!event.closed().record().empty() || !m.completion().attachment().empty());
  }
}

// The reason is free text when people gave it: only codes leave the service. The words are read in the matter.
std::string ReasonCodes(const v1::Escalated& e) {
  if (!e.instruction_id().empty()) return e.reason();  // the code oversight gave
  if (e.ladder_reason().empty()) return e.automatic() ? "" : "HANDED_UP";
  return absl::StrJoin(e.ladder_reason(), " ");
}

void SetWhatHappened(const Event& event, v1::Notice* n) {
  switch (event.body_case()) {
    case Event::kEscalated:
      n->mutable_escalation()->set_from(event.escalated().from());
      n->mutable_escalation()->set_to(event.escalated().to());
      n->mutable_escalation()->set_automatic(event.escalated().automatic());
      n->mutable_escalation()->set_reason(ReasonCodes(event.escalated()));
      Answer(event.escalated().instruction_id(), true, "", n);
      break;
    case Event::kSentDown:
      Answer(event.sent_down().instruction_id(), true, "", n);
      break;
    case Event::kDispatched:
      Answer(event.dispatched().instruction_id(), true, "", n);
      break;
    case Event::kInstructed:
      Answer(event.instructed().instruction().instruction_id(), true, "", n);
      break;
    case Event::kRequestDeclined:
      Answer(event.request_declined().request_id(), false, event.request_declined().reason(), n);
      break;
    case Event::kReferredToMediation:
      *n->mutable_referral() = event.referred_to_mediation().referral();
      break;
    case Event::kReferredToPetition:
      *n->mutable_referral() = event.referred_to_petition().referral();
      n->mutable_referral()->set_against_org(event.referred_to_petition().against_org());
      break;
    case Event::kRejected:
      n->set_reason_code(v1::RejectReason_Name(event.rejected().rejection().reason()));
      break;
    case Event::kReopened:
      n->set_reason_code(v1::ReopenReason_Name(event.reopened().reason()));
      break;
    case Event::kSuspended:
      n->set_reason_code(event.suspended().suspension().reason_code());
      break;
    case Event::kReferralReturned:
      n->set_reason_code(event.referral_returned().reason_code());
      break;
    case Event::kEvaluated:
      n->set_solved(event.evaluated().evaluation().solved());
      n->set_satisfied(event.evaluated().evaluation().satisfied());
      n->set_evaluated_by(event.evaluated().evaluation().by());
      break;
    case Event::kDuplicateEvaluated:
      n->set_solved(event.duplicate_evaluated().solved());
      break;
    case Event::kTaken:
      n->set_first_contact(event.taken().first_contact());
      break;
    case Event::kProgressed:
      n->set_first_contact(event.progressed().first_contact() || event.progressed().interim_reply());
      break;
    case Event::kClockOverdue:
      n->set_policy_id(event.clock_overdue().policy_id());
      break;
    default:
      break;
  }
}

kernel::v1::Notice Envelope(std::string_view topic, std::string_view area, const v1::Notice& payload) {
  kernel::v1::Notice notice;
  notice.set_topic(std::string(topic));
  const std::string village = base::CutTo(area, common::v1::VILLAGE);
  notice.set_area_code(village.empty() ? std::string(area) : village);
  notice.set_classification(kernel::v1::INTERNAL);
  notice.set_schema(v1::Notice::descriptor()->full_name());
  notice.set_payload(payload.SerializeAsString());
  return notice;
}

kernel::v1::Notice OfIncident(std::string_view topic, const Event& event, const v1::Incident& m) {
  v1::Notice payload;
  if (m.intake().sealed()) {
    payload.set_kind(m.intake().kind());
    payload.set_current_level(m.standing().current_level());
    auto notice = Envelope(topic, base::CutTo(m.intake().area_code(), common::v1::COUNTY), payload);
    notice.set_matter_code(m.matter_code());
    notice.set_level(m.standing().current_level());
    notice.set_classification(kernel::v1::SEALED);
    return notice;
  }
  SetStanding(m, &payload);
  SetWhatHappened(event, &payload);
  SetEvidence(event, m, &payload);
  auto notice = Envelope(topic, m.intake().area_code(), payload);
  notice.set_matter_code(m.matter_code());
  notice.set_level(m.standing().current_level());
  const bool own = m.intake().derived_from().empty() || HidesItsSource(m);
  notice.set_correlation_id(own ? m.matter_code() : m.intake().derived_from());
  return notice;
}

}  // namespace

std::optional<kernel::v1::Notice> IncidentDomain::Publish(std::string_view id, const Event& event,
                                                          const State&, const State& after) {
  const std::string_view topic = TopicOf(event);
  if (topic.empty()) return std::nullopt;
  if (after.has_incident()) {
    kernel::v1::Notice notice = OfIncident(topic, event, after.incident());
    reference::MentionDocuments(event, &notice);
    return notice;
  }
  v1::Notice payload;
  payload.set_kind(v1::SCREENING_FINDING);
  payload.set_source(v1::GRID_WORKER);
  if (after.has_task()) {
    payload.set_campaign_id(after.task().campaign_id());
    payload.set_category(after.task().category());
    payload.set_closed_at_ms(after.task().done_at_ms());
    payload.set_task_due_at_ms(after.task().due_at_ms());
    payload.set_all_normal(after.task().all_normal());
    payload.set_findings(after.task().finding_id_size());
    payload.set_grid_code(after.task().grid_code());
    payload.set_task_overdue(after.task().overdue());
    return Envelope(topic, after.task().grid_code(), payload);
  }
  payload.set_campaign_id(std::string(id));
  payload.set_category(after.campaign().category());
  payload.set_reported_at_ms(after.campaign().started_at_ms());
  payload.set_closed_at_ms(after.campaign().ended_at_ms());
  payload.set_task_due_at_ms(after.campaign().due_at_ms());
  payload.set_cost_minutes(after.campaign().cost().minutes());
  payload.set_cost_grids(after.campaign().cost().grids());
  return Envelope(topic, after.campaign().area_code(), payload);
}

}  // namespace incident
