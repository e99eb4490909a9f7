// Views of a state: timers, indexes, tallies, and what others may hear. The kernel compares them before and
// after an event and writes the difference in the same batch. A sealed petition is in no view that leaves
// this service, and in none here that anybody without the right can ask for.
#include <absl/strings/str_cat.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/area_code.h"
#include "base/check.h"
#include "base/coding.h"
#include "services/petition/domain/clocks.h"
#include "services/petition/domain/keys.h"
#include "services/petition/domain/petition.h"
#include "services/petition/domain/rules.h"
#include "services/reference/mentions.h"

namespace petition {
namespace {

using v1::Event, v1::State;

constexpr std::string_view kDueTimer = "due/";

bool Expired(const State& state, std::string_view policy_id) {
  return std::ranges::find(state.expired_policy(), policy_id) != state.expired_policy().end();
}

// A right that was not used is nobody's failure; and of what a case leader does others need the clocks alone.
bool IsOnlyOurs(const Event& event) {
  if (event.has_clock_expired()) return reference::IsRight(event.clock_expired().policy_id());
  // A proposal to write off is between county and city; media has to hear of the paper it rests on.
  if (event.has_write_off_proposed()) return event.write_off_proposed().proof_sha256().empty();
  return (event.has_leader_proposed() || event.has_lead_recorded()) && event.clock().empty();
}

// Oversight told more of an instruction that is known: it said so itself to whoever must hear.
bool SaidAgain(const Event& event, const State& before) {
  if (!event.has_instructed()) return false;
  const auto& known = before.instruction();
  return std::ranges::find(known, event.instructed().instruction().instruction_id(),
                           &v1::LeaderInstruction::instruction_id) != known.end();
}

// Topic of an event; empty: others need not hear of it.
std::string_view TopicOf(const Event& event) {
  struct Row {
    Event::BodyCase event;
    std::string_view topic;
  };
  static constexpr Row kTopics[] = {
      {Event::kRegistered, "petition.registered"},
      {Event::kIntakeCompleted, "petition.intake_completed"},
      {Event::kUrgentMarked, "petition.urgent_reported"},
      {Event::kRepeatLinked, "petition.repeat_detected"},
      {Event::kForwarded, "petition.forwarded"},
      {Event::kReceived, "petition.received"},
      {Event::kObjected, "petition.objected"},
      {Event::kObjectionDecided, "petition.objection_decided"},
      {Event::kDisputeRaised, "petition.dispute_raised"},
      {Event::kDisputeDecided, "petition.dispute_decided"},
      {Event::kReportExtended, "petition.report_extended"},
      {Event::kCompletionReported, "petition.completion_reported"},
      {Event::kAccepted, "petition.accepted"},
      {Event::kNotAccepted, "petition.not_accepted"},
      {Event::kRedirected, "petition.redirected"},
      {Event::kStudyStarted, "petition.accepted"},
      {Event::kSuggestionReplied, "petition.suggestion_replied"},
      {Event::kProgressed, "petition.progressed"},
      {Event::kHearingHeld, "petition.hearing_held"},
      {Event::kExtended, "petition.extended"},
      {Event::kReferredToMediation, "petition.referred_to_mediation"},
      {Event::kMediationAnswered, "petition.mediation_answered"},
      {Event::kSettled, "petition.settled"},
      {Event::kOpinionIssued, "petition.opinion_issued"},
      {Event::kDelivered, "petition.delivered"},
      {Event::kProcedureConcluded, "petition.closed"},
      {Event::kReviewRequested, "petition.review_requested"},
      {Event::kReviewRequestDecided, "petition.review_request_decided"},
      {Event::kReviewIssued, "petition.review_decided"},
      {Event::kRecheckRequested, "petition.recheck_requested"},
      {Event::kHearingEnded, "petition.hearing_held"},
      {Event::kRecheckIssued, "petition.recheck_decided"},
      {Event::kWithdrawn, "petition.withdrawn"},
      {Event::kLeaderProposed, "petition.leader_proposed"},
      {Event::kLeadAccepted, "petition.leader_assigned"},
      {Event::kLeadRecorded, "petition.lead_recorded"},
      {Event::kLeaderDutyMissed, "petition.leader_overdue"},
      {Event::kBacklogListed, "petition.backlog_listed"},
      {Event::kWriteOffProposed, "petition.document_referred"},
      {Event::kWriteOffDecided, "petition.written_off"},
      {Event::kImprovementSuggested, "petition.improvement_suggested"},
      {Event::kImprovementAnswered, "petition.improvement_answered"},
      {Event::kEvaluated, "petition.evaluated"},
      {Event::kReceptionRecorded, "petition.reception_recorded"},
      {Event::kClosed, "petition.closed"},
      {Event::kClockExpired, "petition.overdue"},
      {Event::kExecutionDue, "petition.execution_due"},
      {Event::kExecuted, "petition.executed"},
      {Event::kCareDue, "petition.care_due"},
      {Event::kSettlementNoted, "petition.settlement_noted"},
      {Event::kOrderSet, "petition.order_set"},
      {Event::kInstructed, "petition.instructed"},
      {Event::kPetitionerDied, "petition.document_referred"},
      {Event::kSucceeded, "petition.document_referred"},
      {Event::kTerminated, "petition.closed"},
      {Event::kPeopleCorrected, "petition.document_referred"}, {Event::kPeopleLeft, "petition.document_referred"},
      {Event::kClocksRecomputed, "petition.clocks_recomputed"},
  };
  const Row* row = std::ranges::find(kTopics, event.body_case(), &Row::event);
  if (row == std::end(kTopics)) return {};
  if (event.has_delivered() && event.delivered().next() == v1::FINAL) return "petition.final";
  if (event.has_write_off_decided() && !event.write_off_decided().confirmed()) return "petition.backlog_kept";
  return IsOnlyOurs(event) ? std::string_view() : row->topic;
}

common::v1::Scale ScaleOf(int count) {
  if (count >= 50) return common::v1::S5_50_OR_MORE;
  if (count >= 10) return common::v1::S4_10_TO_49;
  if (count >= 5) return common::v1::S3_5_TO_9;
  return count >= 2 ? common::v1::S2_2_TO_4 : common::v1::S1_ONE;
}

common::v1::Card GravestCard(const State& state) {
  common::v1::Card card = common::v1::CARD_NONE;
  for (const auto& order : state.order()) card = std::max(card, order.card());
  return card;
}

v1::Notice PayloadOf(const Event& event, const State& state) {
  v1::Notice notice;
  if (state.type() != v1::PETITION_TYPE_UNSPECIFIED)
    notice.set_petition_type(v1::PetitionType_Name(state.type()));
  notice.set_level(state.unit_level() != 0 ? state.unit_level() : state.office_level());
  notice.set_refusal_code(state.refusal_code());
  if (state.has_origin()) *notice.mutable_origin() = state.origin();
  notice.set_status(state.status());
  notice.set_holder_org(HolderOf(state));
  notice.set_route(state.route());
  notice.set_result(state.result());
  if (!state.stage().empty()) notice.set_review_result(state.stage().rbegin()->review_result());
  *notice.mutable_clock() = state.clock();
  notice.set_scale(ScaleOf(state.petitioner_count()));
  notice.set_content(state.content_code());
  notice.set_registered_at_ms(state.registered_at_ms());
  notice.set_policy_id(event.clock_expired().policy_id());
  notice.set_card(GravestCard(state));
  notice.set_settlement_broken(state.settlement() == v1::BROKEN);
  notice.set_on_time(event.opinion_issued().on_time() || event.review_issued().on_time() ||
                     event.recheck_issued().on_time());
  notice.set_repeat(state.repeat_class() == v1::REPEAT);
  notice.set_earlier_code(event.repeat_linked().earlier_code());
  notice.set_petitioner_count(state.petitioner_count());
  if (state.leader().accepted()) notice.set_leader_target_ms(state.leader().target_due_ms());
  notice.set_rated_unit(event.evaluated().evaluation().unit());
  notice.set_rated_office(event.evaluated().evaluation().office());
  if (event.has_opinion_issued()) notice.set_result(state.stage().rbegin()->opinion().result());
  if (event.has_referred_to_mediation()) {
    *notice.mutable_referral() = event.referred_to_mediation().referral();
    notice.mutable_referral()->set_scale(ScaleOf(state.petitioner_count()));
    // mediation answers to this hand-over, whatever handed the petition over before
    notice.clear_origin();
  }
  return notice;
}

// A petition leaves the lists, because it is a copy of another or because it is an accusation: others cannot tell
// which. Whoever handed it over and has no answer yet hears that it was taken.
kernel::v1::Notice Leaving(const State& before) {
  const bool awaited = before.has_origin() && IsOpen(before.status());
  v1::Notice payload;
  if (before.has_origin()) *payload.mutable_origin() = before.origin();
  payload.set_level(before.office_level());
  payload.set_status(awaited ? v1::ACCEPTED : v1::MERGED);
  kernel::v1::Notice notice;
  notice.set_topic(awaited ? "petition.accepted" : "petition.removed");
  notice.set_matter_code(before.matter_code());
  notice.set_correlation_id(before.matter_code());
  notice.set_area_code(before.area_code());
  notice.set_level(before.office_level());
  notice.set_classification(kernel::v1::SENSITIVE);
  notice.set_anonymous(true);  // who sealed it is not said, so who made a copy of it is not said either
  notice.set_schema(payload.GetDescriptor()->full_name());
  payload.SerializeToString(notice.mutable_payload());
  return notice;
}

// A hand-over to mediation that lapsed. The same words whatever ended it, and of an accusation too: which hand-over it
// was, and nothing of the petition, of where it lies or of who did it. Without a place no feed shows it.
kernel::v1::Notice Lapsing(const v1::HandOverLapsed& lapsed) {
  v1::Notice payload;
  payload.mutable_referral()->set_referral_id(lapsed.referral_id());
  kernel::v1::Notice notice;
  notice.set_topic("petition.hand_over_lapsed");
  notice.set_classification(kernel::v1::SENSITIVE);
  notice.set_anonymous(true);
  notice.set_schema(payload.GetDescriptor()->full_name());
  payload.SerializeToString(notice.mutable_payload());
  return notice;
}

// Art. 30: of an accusation others hear that there is one, of which level, and no more.
std::optional<kernel::v1::Notice> PublishSealed(const Event& event, const State& before, const State& after) {
  kernel::v1::Notice notice;
  if (event.has_sealed_away()) {
    notice.set_topic("petition.sealed");
    notice.set_level(after.office_level());
    notice.set_classification(kernel::v1::SEALED);
    return notice;
  }
  // What left as a copy has left.
  const bool was_known = before.status() != v1::PETITION_STATUS_UNSPECIFIED && before.status() != v1::MERGED &&
                         !Sealed(before);
  if (!was_known) return std::nullopt;
  return Leaving(before);
}

// Each petition brought to a reception, as found by it.
std::vector<kernel::IndexEntry> MetIndexes(std::string_view index, std::string_view prefix, const State& state) {
  const auto& met = state.reception().petition_id();
  std::vector<kernel::IndexEntry> entries;
  for (const std::string& id : std::set<std::string>(met.begin(), met.end()))
    entries.push_back({index, absl::StrCat(std::string(prefix), id, "/")});
  return entries;
}

std::vector<kernel::IndexEntry> SealedIndexes(const State& state) {
  const std::string& whose = state.discipline_org().empty() ? state.office_org() : state.discipline_org();
  std::vector<kernel::IndexEntry> entries;
  entries.push_back({"sealed", ListKey(whose, false, state.registered_at_ms())});
  if (std::string key = reference::ProvisionalKey(state.clock()); !key.empty())
    entries.push_back({"provisional", std::move(key)});
  return entries;
}

void AddAreas(std::string_view index, const std::string& area_code, bool ended, int64_t at_ms,
              std::vector<kernel::IndexEntry>* entries) {
  for (int level : {common::v1::CITY, common::v1::COUNTY, common::v1::TOWNSHIP, common::v1::VILLAGE}) {
    const std::string area = base::CutTo(area_code, level);
    if (!area.empty()) entries->push_back({index, ListKey(area, ended, at_ms)});
  }
}

}  // namespace

std::string HolderOf(const State& state) {
  const bool reviewing = state.status() == v1::REVIEWING || state.status() == v1::RECHECKING;
  if (reviewing) return state.stage().rbegin()->body_org();
  if (state.status() == v1::OBJECTED || state.unit_org().empty()) return state.office_org();
  return state.unit_org();
}

std::string ListPrefix(std::string_view whose, bool ended) {
  return std::string(whose) + (ended ? "/1" : "/0");
}

std::string ListKey(std::string_view whose, bool ended, int64_t at_ms) {
  std::string key = ListPrefix(whose, ended);
  base::AppendU64(&key, ~static_cast<uint64_t>(at_ms));
  return key;
}

std::string TownshipOf(std::string_view area_code) {
  const std::string township = base::CutTo(area_code, common::v1::TOWNSHIP);
  if (!township.empty()) return township;
  const std::string county = base::CutTo(area_code, common::v1::COUNTY);
  return (county.empty() ? std::string(area_code) + "00" : county) + "000";
}

std::vector<kernel::Timer> PetitionDomain::Timers(const State& state) {
  std::vector<kernel::Timer> timers;
  if (state.recompute_step() > 0) timers.push_back({"recompute", state.recompute_step()});  // at once
  const bool more = Sealed(state) && !state.has_reception() && !state.along_sealed();
  if (more) timers.push_back({"seal_along", 1 + state.along_step()});
  if (state.has_parked()) timers.push_back({"retry_referral", state.parked().retry_at_ms()});
  if (state.status() == v1::FORWARDED && state.receipt_due_ms() > 0) {
    timers.push_back({"receipt", state.receipt_due_ms() + 1});
  }
  const auto& leader = state.leader();
  int64_t duty = 0;
  if (leader.accepted() && (IsOpen(state.status()) || state.backlog().state() == v1::LISTED)) {
    const LeadDays days = LeadDaysOf(state);
    for (int64_t due : {days.plan_due_ms, days.contact_due_ms, leader.target_due_ms()}) {
      if (due != 0 && (duty == 0 || due < duty)) duty = due;
    }
  }
  if (duty != 0) timers.push_back({"leader", duty + 1});
  for (const auto& clock : state.clock()) {
    if (!reference::IsRunning(clock) || reference::IsPaused(clock) || Expired(state, clock.policy_id()))
      continue;
    timers.push_back({std::string(kDueTimer) + clock.policy_id(), reference::LateFromMs(clock)});
  }
  return timers;
}

PetitionDomain::Command PetitionDomain::Fire(std::string_view timer, int64_t) {
  Command command;
  if (timer == "recompute") {
    command.mutable_recompute_provisional();
  } else if (timer == "seal_along") {
    command.mutable_seal_along();
  } else if (timer == "retry_referral") {
    command.mutable_retry_referral();
  } else if (timer == "receipt") {
    command.mutable_receive_by_default();
  } else if (timer == "leader") {
    command.mutable_miss_leader_duty();
  } else {
    CHECK(timer.starts_with(kDueTimer));
    command.mutable_expire_clock()->set_policy_id(std::string(timer.substr(kDueTimer.size())));
  }
  return command;
}

std::vector<kernel::IndexEntry> PetitionDomain::Indexes(std::string_view, const State& state) {
  if (state.has_reception() && Sealed(state)) return MetIndexes("sealed", kSealedWith, state);
  std::vector<kernel::IndexEntry> entries;
  if (state.has_reception()) {
    entries = MetIndexes("met", "", state);
    AddAreas("reception", state.reception().area_code(), false, state.reception().held_at_ms(), &entries);
    return entries;
  }
  if (state.status() == v1::PETITION_STATUS_UNSPECIFIED) return entries;
  if (Sealed(state)) return SealedIndexes(state);
  const bool ended = !IsOpen(state.status());
  const int64_t at = state.registered_at_ms();
  AddAreas("area", state.area_code(), ended, at, &entries);
  entries.push_back({"office", ListKey(state.office_org(), ended, at)});
  // The unit has not ended with what it has still to carry out.
  const bool left = ended && !IsToBeExecuted(state);
  if (!state.unit_org().empty()) entries.push_back({"unit", ListKey(state.unit_org(), left, at)});
  std::set<std::string> users;  // one account may stand for two people, and is listed once
  for (const auto& petitioner : state.petitioner()) users.insert(petitioner.person().user_id());
  for (const auto& agent : state.agent()) users.insert(agent.person().user_id());
  for (const auto& user : users) {
    if (!user.empty()) entries.push_back({"petitioner", ListKey(user, ended, at)});
  }
  for (const std::string& user : {state.leader().user_id(), state.proposed_leader().user_id()}) {
    if (!user.empty()) entries.push_back({"leader", ListKey(user, ended, at)});
  }
  const bool listed =
      state.backlog().state() == v1::LISTED || state.backlog().state() == v1::WRITE_OFF_PROPOSED;
  if (listed) AddAreas("backlog", state.area_code(), false, at, &entries);
  if (!state.primary_id().empty()) entries.push_back({"copy", state.primary_id() + "/"});
  entries.push_back({"matter_code", state.matter_code() + "/"});
  entries.push_back({"query_code", state.query_code()});
  if (std::string key = reference::ProvisionalKey(state.clock()); !key.empty())
    entries.push_back({"provisional", std::move(key)});
  return entries;
}

std::vector<kernel::TallyEntry> PetitionDomain::Tallies(const State& state) {
  if (state.status() == v1::PETITION_STATUS_UNSPECIFIED || Sealed(state)) return {};
  // The level of the office stands between: nobody below it counts what it has.
  const std::string where = absl::StrCat(TownshipOf(state.area_code()), "/", state.office_level(), "/");
  return {{absl::StrCat("status/", where, v1::PetitionStatus_Name(state.status()))},
          {absl::StrCat("content/", where, state.content_code())}};
}

std::optional<kernel::v1::Notice> PetitionDomain::Publish(std::string_view, const Event& event,
                                                          const State& before, const State& after) {
  if (event.has_hand_over_lapsed()) return Lapsing(event.hand_over_lapsed());
  if (Sealed(after)) return PublishSealed(event, before, after);
  // The one it is a copy of does not say at once that it has grown: what leaves without that would be an accusation.
  if (event.has_merged()) return Leaving(before);
  // It has left, and what leaves as an accusation says nothing more either.
  if (before.status() == v1::MERGED) return std::nullopt;
  const std::string_view topic = TopicOf(event);
  if (topic.empty() || SaidAgain(event, before)) return std::nullopt;
  kernel::v1::Notice notice;
  notice.set_topic(std::string(topic));
  notice.set_matter_code(after.matter_code());
  notice.set_correlation_id(after.matter_code());
  notice.set_area_code(after.has_reception() ? after.reception().area_code() : after.area_code());
  notice.set_classification(kernel::v1::SENSITIVE);
  // A clerk enters one kind of leaving, a head may cause the other; what ends without a paper is entered by
  // either, too.
  const bool no_paper = event.has_withdrawn() && event.withdrawn().proof_sha256().empty();
  notice.set_anonymous(event.has_people_left() || no_paper);
  const v1::Notice payload = PayloadOf(event, after);
  // Of the office: its line hears of it, and nobody below. The payload has the level of who has it.
  notice.set_level(after.has_reception() ? base::LevelOf(after.reception().area_code()) : after.office_level());
  notice.set_schema(payload.GetDescriptor()->full_name());
  payload.SerializeToString(notice.mutable_payload());
  reference::MentionDocuments(event, &notice);
  if (!event.registered().handed_sha256().empty()) {
    reference::SayHandedFrom(after.origin().service(), after.origin().aggregate_id(), &notice);
  }
  if (after.handed_sha256().empty()) reference::SayHandedBack(before.handed_sha256(), &notice);
  return notice;
}

void PetitionDomain::Observe(std::string_view, const State& state, Reference* reference) {
  if (!state.has_reference()) return;
  // What does not validate is not taken: what was known stays. The directory validates before it publishes.
  const absl::Status learned = reference->Learn(state.reference());
  (void)learned;
}

void PetitionDomain::Answer(const State& after, kernel::v1::Receipt* receipt) {
  receipt->set_matter_code(after.matter_code());
  if (after.status() != v1::PETITION_STATUS_UNSPECIFIED)
    receipt->set_status(v1::PetitionStatus_Name(after.status()));
  // What petitioners follow it with: told once, to whoever brought it; of an accusation they hear from the
  // discipline organ.
  const bool brought = receipt->recorded_at_ms() == after.registered_at_ms();
  if (brought && !Sealed(after)) receipt->set_query_code(after.query_code());
}

}  // namespace petition
