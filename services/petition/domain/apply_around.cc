// What lies around a petition: case leaders and backlog (P28, P29), orders and instructions, a death and who takes
// over, receptions, evaluation. As apply.cc: copies and counts, and cannot refuse.
#include <algorithm>

#include "services/petition/domain/apply.h"
#include "services/petition/domain/limits.h"
#include "services/petition/domain/people.h"

namespace petition {
namespace {

using v1::Event, v1::State;

// P28. Whoever led before stays on record with what they did.
void ApplyLead(const Event& event, int64_t now_ms, State* state) {
  auto* leader = state->mutable_leader();
  switch (event.body_case()) {
    case Event::kLeaderProposed:
      if (event.leader_proposed().beside()) leader = state->mutable_proposed_leader();
      leader->Clear();
      leader->set_user_id(event.leader_proposed().user_id());
      leader->set_org(event.leader_proposed().org());
      return leader->set_target_due_ms(event.leader_proposed().target_at_ms());
    case Event::kLeadAccepted:
      if (state->has_proposed_leader()) {
        leader->Swap(state->add_former_leader());
        leader->Swap(state->mutable_proposed_leader());
        state->clear_proposed_leader();
      }
      leader->set_accepted(true);
      leader->set_started_at_ms(now_ms);
      leader->set_plan_due_ms(event.lead_accepted().plan_due_ms());
      return leader->set_contact_due_ms(event.lead_accepted().contact_due_ms());
    case Event::kLeadRecorded:
      *leader->add_record() = event.lead_recorded().record();
      leader->set_plan_due_ms(event.lead_recorded().plan_due_ms());
      return leader->set_contact_due_ms(event.lead_recorded().contact_due_ms());
    case Event::kLeaderDutyMissed:
      leader->set_missed(leader->missed() + 1);
      leader->set_plan_due_ms(event.leader_duty_missed().plan_due_ms());
      leader->set_contact_due_ms(event.leader_duty_missed().contact_due_ms());
      return leader->set_target_due_ms(event.leader_duty_missed().target_due_ms());
    default:
      return;
  }
}

void ApplyBacklog(const Event& event, int64_t now_ms, State* state) {
  auto* backlog = state->mutable_backlog();
  if (event.has_backlog_listed()) {
    backlog->Clear();
    backlog->set_state(v1::LISTED);
    backlog->set_cause(event.backlog_listed().cause());
    backlog->set_plan(event.backlog_listed().plan());
    backlog->set_listed_by(event.backlog_listed().by_user_id());
    backlog->set_listed_at_ms(now_ms);
  } else if (event.has_write_off_proposed()) {
    backlog->set_state(v1::WRITE_OFF_PROPOSED);
    backlog->set_ground(event.write_off_proposed().ground());
    backlog->set_evidence(event.write_off_proposed().evidence());
    backlog->set_proof_sha256(event.write_off_proposed().proof_sha256());
    backlog->set_proposed_by(event.write_off_proposed().by_user_id());
  } else {
    const bool confirmed = event.write_off_decided().confirmed();
    backlog->set_state(confirmed ? v1::WRITTEN_OFF : v1::LISTED);
    if (confirmed) backlog->set_written_off_at_ms(now_ms);
  }
}

void ApplyOrder(const v1::OrderSet& e, State* state) {
  auto* orders = state->mutable_order();
  for (int i = orders->size() - 1; i >= 0; --i) {
    if (orders->Get(i).order_id() == e.order().order_id()) orders->DeleteSubrange(i, 1);
  }
  if (!e.closed()) *orders->Add() = e.order();
  if (!e.counts()) return;
  if (e.closed()) {
    state->set_orders_closed(state->orders_closed() + 1);
  } else {
    state->set_orders_heard(state->orders_heard() + 1);
  }
}

void ApplyInstructed(const v1::Instructed& e, State* state) {
  auto* kept = state->mutable_instruction();
  const auto at = std::ranges::find(*kept, e.instruction().instruction_id(), &v1::LeaderInstruction::instruction_id);
  if (at != kept->end()) {  // said again, of one that is known
    *at = e.instruction();
    return;
  }
  if (kept->size() >= kInstructionsKept) kept->DeleteSubrange(0, 1);
  *kept->Add() = e.instruction();
}

// Of before it has no kind, and is counted by nobody.
void ApplySuggested(const v1::ImprovementSuggested& e, int64_t now_ms, State* state) {
  state->set_improvement(e.suggestion());
  if (e.kind() == v1::ADVICE_KIND_UNSPECIFIED) return;
  auto* advice = state->add_advice();
  advice->set_kind(e.kind());
  advice->set_at_ms(now_ms);
}

void ApplyAnswered(const v1::ImprovementAnswered& e, int64_t now_ms, State* state) {
  state->clear_improvement();
  if (state->advice().empty() || state->advice().rbegin()->answered_at_ms() != 0) return;
  auto* advice = state->mutable_advice(state->advice_size() - 1);
  advice->set_adoption(e.adoption());
  advice->set_answered_at_ms(now_ms);
}

v1::Petitioner* FindPetitioner(const std::string& id, State* state) {
  auto* petitioners = state->mutable_petitioner();
  const auto at = std::ranges::find(*petitioners, id, &v1::Petitioner::petitioner_id);
  return at == petitioners->end() ? nullptr : &*at;
}

void ApplyDied(const v1::PetitionerDied& e, State* state) {
  v1::Petitioner* petitioner = FindPetitioner(e.petitioner_id(), state);
  if (petitioner == nullptr) return;
  petitioner->set_died_at_ms(e.died_at_ms());
  petitioner->set_death_proof_sha256(e.proof_sha256());
}

// Whoever takes over stands where the dead one stood.
void ApplySucceeded(const v1::Succeeded& e, State* state) {
  v1::Petitioner* petitioner = FindPetitioner(e.petitioner_id(), state);
  if (petitioner == nullptr) return;
  *petitioner->mutable_person() = e.person();
  petitioner->set_died_at_ms(0);
  petitioner->set_succession_proof_sha256(e.proof_sha256());
}

// Whoever left is in no list any more; their numbers are given to nobody else.
void ApplyLeft(const v1::PeopleLeft& e, State* state) {
  const auto in = [](const auto& ids, const std::string& id) { return std::ranges::find(ids, id) != ids.end(); };
  state->set_last_petitioner_no(LastPetitionerNo(*state));
  for (int i = state->petitioner_size() - 1; i >= 0; --i) {
    if (in(e.petitioner_id(), state->petitioner(i).petitioner_id())) state->mutable_petitioner()->DeleteSubrange(i, 1);
  }
  for (int i = state->agent_size() - 1; i >= 0; --i) {
    if (in(e.copy_id(), state->agent(i).copy_id())) state->mutable_agent()->DeleteSubrange(i, 1);
  }
  for (int i = state->unnamed_size() - 1; i >= 0; --i) {
    if (in(e.copy_id(), state->unnamed(i).copy_id())) state->mutable_unnamed()->DeleteSubrange(i, 1);
  }
  state->set_petitioner_count(e.petitioner_count());
  if (!e.proof_sha256().empty() && !in(state->left_proof_sha256(), e.proof_sha256()))
    state->add_left_proof_sha256(e.proof_sha256());
}

void ApplyCorrected(const v1::PeopleCorrected& e, State* state) {
  for (const auto& correction : e.petitioner()) {
    v1::Petitioner* petitioner = FindPetitioner(correction.petitioner_id(), state);
    if (petitioner != nullptr) *petitioner->mutable_person() = correction.person();
  }
  if (e.agents_change()) *state->mutable_agent() = e.agent();
  if (e.now_clear()) state->set_name_or_address_unclear(false);
}

}  // namespace

void ApplyAround(const Event& event, int64_t now_ms, State* state) {
  switch (event.body_case()) {
    case Event::kLeaderProposed:
    case Event::kLeadAccepted:
    case Event::kLeadRecorded:
    case Event::kLeaderDutyMissed:
      return ApplyLead(event, now_ms, state);
    case Event::kBacklogListed:
    case Event::kWriteOffProposed:
    case Event::kWriteOffDecided:
      return ApplyBacklog(event, now_ms, state);
    case Event::kOrderSet:
      return ApplyOrder(event.order_set(), state);
    case Event::kInstructed:
      return ApplyInstructed(event.instructed(), state);
    case Event::kPetitionerDied:
      return ApplyDied(event.petitioner_died(), state);
    case Event::kSucceeded:
      return ApplySucceeded(event.succeeded(), state);
    case Event::kPeopleCorrected:
      return ApplyCorrected(event.people_corrected(), state);
    case Event::kPeopleLeft:
      return ApplyLeft(event.people_left(), state);
    case Event::kHearingCalled:
      *state->mutable_called_hearing() = event.hearing_called().hearing();
      return;
    case Event::kImprovementSuggested:
      return ApplySuggested(event.improvement_suggested(), now_ms, state);
    case Event::kImprovementAnswered:
      return ApplyAnswered(event.improvement_answered(), now_ms, state);
    case Event::kEvaluated:
      *state->mutable_evaluation() = event.evaluated().evaluation();
      if (!state->evaluation().petitioner_id().empty()) *state->add_given() = state->evaluation();
      return;
    case Event::kExecutionDue:
      if (event.execution_due().has_execution()) *state->mutable_execution() = event.execution_due().execution();
      return;
    case Event::kExecuted:
      state->mutable_execution()->set_executed_at_ms(now_ms);
      return state->mutable_execution()->set_record(event.executed().record());
    case Event::kReceptionRecorded:
      *state->mutable_reception() = event.reception_recorded().reception();
      return;
    case Event::kReceptionSealed:
      return state->set_sealed_with(event.reception_sealed().petition_id());
    default:
      return;
  }
}

}  // namespace petition
