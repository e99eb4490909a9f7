// Events to state. Copies and counts; reads no policy and no clock, cannot refuse. Old logs go through it for
// ever: to change what happens, add an event; never edit the meaning of one already written.
#include <algorithm>

#include "services/oversight/domain/limits.h"
#include "services/oversight/domain/oversight.h"

namespace oversight {
namespace {

using v1::Event, v1::State;

v1::Part* MutablePart(v1::Matter* matter, std::string_view service, std::string_view subject_id) {
  for (auto& part : *matter->mutable_part()) {
    if (part.service() == service && part.subject_id() == subject_id) return &part;
  }
  return nullptr;
}

void ApplyStandingChanged(const v1::StandingChanged& e, v1::Matter* matter) {
  if (matter->part().empty()) matter->set_opened_at_ms(e.at_ms());
  matter->set_matter_code(e.matter_code());
  matter->set_area_code(e.area_code());
  matter->set_last_step_at_ms(std::max(matter->last_step_at_ms(), e.at_ms()));
  matter->set_last_topic(e.part().topic());
  v1::Part* part = MutablePart(matter, e.part().service(), e.part().subject_id());
  if (part == nullptr) part = matter->add_part();
  *part = e.part();
  if (!e.has_escalation()) return;
  auto* escalations = matter->mutable_escalation();
  if (escalations->size() >= kEscalationsKept) escalations->DeleteSubrange(0, 1);
  *escalations->Add() = e.escalation();
}

void ApplyLightChanged(const v1::LightChanged& e, v1::Matter* matter) {
  v1::Part* part = MutablePart(matter, e.service(), e.subject_id());
  if (part == nullptr) return;
  for (auto& light : *part->mutable_light()) {
    if (light.policy_id() == e.policy_id()) light.set_light(e.light());
  }
}

void ApplyAnswer(const v1::AnswerHeard& e, int64_t now_ms, v1::Matter* matter) {
  for (auto& asked : *matter->mutable_asked()) {
    if (asked.instruction_id() != e.instruction_id()) continue;
    asked.set_answer(e.answer());
    asked.set_answer_reason(e.reason_code());
    asked.set_answered_at_ms(now_ms);
  }
}

void ApplyReported(const v1::InstructionReported& e, int64_t now_ms, v1::InstructionState* instruction) {
  *instruction->add_report() = e.report();
  *instruction->mutable_clock() = e.clock();
  if (!e.complete()) return;
  instruction->set_status(v1::REPORTED);
  instruction->set_reported_at_ms(now_ms);
}

}  // namespace

void OversightDomain::Apply(const Event& event, int64_t now_ms, State* state) {
  switch (event.body_case()) {
    case Event::kStandingChanged:
      return ApplyStandingChanged(event.standing_changed(), state->mutable_matter());
    case Event::kLightChanged:
      return ApplyLightChanged(event.light_changed(), state->mutable_matter());
    case Event::kReminded:
      return;  // a fact for the holder; the light says the rest
    case Event::kLeadAssignmentAsked:
      *state->mutable_matter()->add_asked() = event.lead_assignment_asked().asked();
      return;
    case Event::kSendDownAsked:
      *state->mutable_matter()->add_asked() = event.send_down_asked().asked();
      return;
    case Event::kInstructionNoted:
      *state->mutable_matter()->add_asked() = event.instruction_noted().asked();
      return;
    case Event::kAnswerHeard:
      return ApplyAnswer(event.answer_heard(), now_ms, state->mutable_matter());
    case Event::kInstructionIssued:
      *state->mutable_instruction() = event.instruction_issued().instruction();
      return;
    case Event::kInstructionDistributed: {
      auto* instruction = state->mutable_instruction();
      instruction->set_status(v1::DISTRIBUTED);
      *instruction->mutable_addressee_org() = event.instruction_distributed().addressee_org();
      *instruction->mutable_clock() = event.instruction_distributed().clock();
      return instruction->set_distributed_at_ms(now_ms);
    }
    case Event::kInstructionReported:
      return ApplyReported(event.instruction_reported(), now_ms, state->mutable_instruction());
    case Event::kInstructionClosed: {
      auto* instruction = state->mutable_instruction();
      instruction->set_status(v1::CLOSED);
      instruction->set_closing_text(event.instruction_closed().text());
      return instruction->set_closed_at_ms(now_ms);
    }
    case Event::kInstructionLightChanged:
      return state->mutable_instruction()->set_light(event.instruction_light_changed().light());
    case Event::kReferenceLearned:
      *state->mutable_reference() = event.reference_learned().notice();
      return;
    case Event::BODY_NOT_SET:
      return;  // the kernel refuses to open a log with an event this build cannot name
  }
}

}  // namespace oversight
