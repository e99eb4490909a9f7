#include "services/petition/show.h"

#include <string>

#include "services/petition/domain/clocks.h"
#include "services/petition/domain/people.h"
#include "services/petition/domain/rules.h"

namespace petition {
namespace {

common::v1::Scale ScaleOf(int count) {
  if (count >= 50) return common::v1::S5_50_OR_MORE;
  if (count >= 10) return common::v1::S4_10_TO_49;
  if (count >= 5) return common::v1::S3_5_TO_9;
  return count >= 2 ? common::v1::S2_2_TO_4 : common::v1::S1_ONE;
}

// What a leader has to do next, by the clocks; what nothing counts any more is done or over.
v1::CaseLeader ShowLeader(const v1::State& state) {
  v1::CaseLeader leader = state.leader();
  const LeadDays days = LeadDaysOf(state);
  const auto due = [&](std::string_view policy_id, int64_t day_ms) {
    return Runs(state, policy_id) ? FindClock(state, policy_id)->due_at_ms() : day_ms;
  };
  leader.set_plan_due_ms(due("DP-16", days.plan_due_ms));
  leader.set_contact_due_ms(due("DP-17", days.contact_due_ms));
  return leader;
}

void ShowWork(const v1::State& state, v1::Petition* out) {
  out->set_refusal_code(state.refusal_code());
  if (state.has_notice()) *out->mutable_notice() = state.notice();
  *out->mutable_stage() = state.stage();
  *out->mutable_refused_request() = state.refused_request();
  out->set_mediation(state.mediation());
  out->set_mediation_reason(state.mediation_reason());
  out->set_consent_proof_sha256(state.consent_proof_sha256());
  out->set_settlement_proof_sha256(state.settlement_proof_sha256());
  out->set_settlement(state.settlement());
  out->set_settlement_noted_at_ms(state.settlement_noted_at_ms());
  out->set_closed_reason(state.closed_reason());
  out->set_termination_proof_sha256(state.termination_proof_sha256());
  out->set_withdrawal_proof_sha256(state.withdrawal_proof_sha256());
  if (state.has_called_hearing()) *out->mutable_called_hearing() = state.called_hearing();
  *out->mutable_order() = state.order();
  for (const auto& instruction : state.instruction()) {  // not what an earlier build noted and nobody distributed
    if (!instruction.to_org().empty()) *out->add_instruction() = instruction;
  }
  if (state.has_leader()) *out->mutable_leader() = ShowLeader(state);
  if (state.has_proposed_leader()) *out->mutable_proposed_leader() = state.proposed_leader();
  *out->mutable_former_leader() = state.former_leader();
  if (state.has_backlog()) *out->mutable_backlog() = state.backlog();
  if (state.has_evaluation()) *out->mutable_evaluation() = EvaluationOf(state);
  *out->mutable_given() = state.given();
  for (auto& one : *out->mutable_given()) one.clear_petitioner_id();
  if (state.has_execution()) *out->mutable_execution() = state.execution();
  out->set_adoption(state.adoption());
  out->set_improvement(state.improvement());
}

void AddPaper(const char* title_zh, const std::string& sha256, const std::string& petitioner_id,
              google::protobuf::RepeatedPtrField<v1::PaperLine>* out) {
  if (sha256.empty()) return;
  auto* line = out->Add();
  line->set_title_zh(title_zh);
  line->set_sha256(sha256);
  line->set_petitioner_id(petitioner_id);
}

}  // namespace

void ShowPapers(const v1::State& state, google::protobuf::RepeatedPtrField<v1::PaperLine>* out) {
  for (const auto& sha256 : state.content().attachment_sha256()) AddPaper("信访材料", sha256, "", out);
  for (const auto& agent : state.agent()) {
    AddPaper(agent.kind() == v1::GUARDIAN ? "监护关系证明" : "授权委托书", agent.mandate_sha256(), "", out);
  }
  for (const auto& petitioner : state.petitioner()) {
    AddPaper("死亡（终止）证明", petitioner.death_proof_sha256(), petitioner.petitioner_id(), out);
    AddPaper("权利义务承受证明", petitioner.succession_proof_sha256(), petitioner.petitioner_id(), out);
  }
  AddPaper("双方同意调解的书面材料", state.consent_proof_sha256(), "", out);
  AddPaper("和解（调解）协议书", state.settlement_proof_sha256(), "", out);
  AddPaper("无权利义务承受人的核实材料", state.termination_proof_sha256(), "", out);
  AddPaper("书面撤回材料", state.withdrawal_proof_sha256(), "", out);
}

void ShowStaffPapers(const v1::State& state, google::protobuf::RepeatedPtrField<v1::PaperLine>* out) {
  for (const auto& sha256 : state.progress_sha256()) AddPaper("办理材料", sha256, "", out);
  for (const auto& sha256 : state.handed_sha256()) AddPaper("移送材料", sha256, "", out);
}

void ShowOfficePapers(const v1::State& state, google::protobuf::RepeatedPtrField<v1::PaperLine>* out) {
  for (const auto& sha256 : state.left_proof_sha256()) AddPaper("书面撤回材料", sha256, "", out);
  AddPaper(state.backlog().ground() == v1::COMMITMENT ? "息诉罢访承诺书" : "积案销号材料", state.backlog().proof_sha256(),
           "", out);
}

void ShowPetition(const v1::State& state, v1::Petition* out) {
  out->set_matter_code(state.matter_code());
  out->set_external_no(state.external_no());
  out->set_status(state.status());
  out->set_type(state.type());
  out->set_channel(state.channel());
  out->set_content_code(state.content_code());
  out->set_area_code(state.area_code());
  out->set_route(state.route());
  *out->mutable_petitioner() = state.petitioner();
  out->set_petitioner_count(state.petitioner_count());
  *out->mutable_agent() = state.agent();
  // A copy may have become an accusation since: nobody is told who came with which.
  for (auto& petitioner : *out->mutable_petitioner()) petitioner.clear_copy_id();
  for (auto& agent : *out->mutable_agent()) agent.clear_copy_id();
  if (state.has_content()) *out->mutable_content() = state.content();
  out->set_respondent_org(state.respondent_org());
  out->set_scale(ScaleOf(state.petitioner_count()));
  out->set_first_receiver_org(state.first_receiver_org());
  out->set_office_org(state.office_org());
  out->set_unit_org(state.unit_org());
  out->set_assigned(state.assigned());
  out->set_urgent(state.urgent());
  *out->mutable_reported() = state.reported();
  out->set_repeat_class(state.repeat_class());
  out->set_earlier_id(state.earlier_id());
  ShowWork(state, out);
  out->set_holder_org(HolderOf(state));
  if (state.has_origin()) *out->mutable_origin() = state.origin();
  *out->mutable_handed_sha256() = state.handed_sha256();
  *out->mutable_progress_sha256() = state.progress_sha256();
  out->set_registered_at_ms(state.registered_at_ms());
  out->set_received_at_ms(state.received_at_ms());
  out->set_accepted_at_ms(state.accepted_at_ms());
  out->set_ended_at_ms(state.ended_at_ms());
  out->set_intake_complete(state.intake_complete());
  out->set_in_dispute(state.in_dispute());
  out->set_visit_above_level(state.visit_above_level());
}

v1::PetitionLine ShowLine(const std::string& id, uint64_t version, const v1::State& state,
                          const reference::Reference& reference, int64_t now_ms) {
  v1::PetitionLine line;
  line.set_id(id);
  line.set_version(version);
  line.set_matter_code(state.matter_code());
  line.set_status(state.status());
  line.set_type(state.type());
  line.set_content_code(state.content_code());
  line.set_area_code(state.area_code());
  line.set_office_org(state.office_org());
  line.set_unit_org(state.unit_org());
  line.set_route(state.route());
  line.set_registered_at_ms(state.registered_at_ms());
  line.set_petitioner_count(state.petitioner_count());
  line.set_urgent(state.urgent());
  line.set_holder_org(HolderOf(state));
  const common::v1::Clock* next = reference::NextDue(state.clock());
  if (next == nullptr) return line;
  line.set_due_policy_id(next->policy_id());
  line.set_due_at_ms(next->due_at_ms());
  if (reference.HasCalendar()) {
    line.set_light(reference::LightOf(*next, reference.light_rule(), now_ms, reference.calendar()));
  }
  return line;
}

void ShowDeadlines(const v1::State& state, const reference::Reference& reference, int64_t now_ms, bool staff,
                   google::protobuf::RepeatedPtrField<common::v1::Deadline>* out) {
  if (!reference.HasCalendar()) return;
  for (const auto& clock : state.clock()) {
    if (!staff && clock.policy_id() == "DP-15") continue;  // that it was reported as urgent is between the offices
    *out->Add() = reference::Explain(clock, reference.light_rule(), now_ms, reference.calendar());
  }
}

}  // namespace petition
