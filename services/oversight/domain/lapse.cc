#include "services/oversight/domain/lapse.h"

#include <optional>
#include <string>
#include <utility>

#include "services/oversight/domain/inspections.h"
#include "services/oversight/domain/orders.h"
#include "services/oversight/domain/standing.h"
#include "services/reference/deadline.h"

namespace oversight {
namespace {

common::v1::Clock Cancelled(const common::v1::Clock& clock, const Ask& ask) {
  return reference::IsRunning(clock) ? reference::Cancel(clock, ask.ctx.now_ms) : clock;
}

void EndOrder(const v1::OrderNote& note, const v1::OrderState& order, v1::Lapse lapse, const Ask& ask,
              Decision* decision) {
  auto* ended = decision->EmitTo(note.order_id())->mutable_order_ended();
  ended->set_status(v1::ORDER_CANCELLED);
  ended->set_was_out(IsOut(order.status()));
  ended->set_lapse(lapse);
  *ended->mutable_clock() = Cancelled(order.clock(), ask);
  auto* noted = decision->Emit()->mutable_order_noted();
  *noted->mutable_note() = note;
  noted->mutable_note()->set_status(v1::ORDER_CANCELLED);
}

// Of one that is closed only the note on the matter goes.
void EndInstruction(const std::string& id, const v1::InstructionState& instruction, v1::Lapse lapse, const Ask& ask,
                    Decision* decision) {
  auto* noted = decision->Emit()->mutable_instruction_withdrawn();
  noted->set_instruction_id(id);
  noted->set_lapse(lapse);
  if (instruction.status() == v1::CLOSED || instruction.status() == v1::WITHDRAWN) return;
  auto* withdrawn = decision->EmitTo(id)->mutable_instruction_withdrawn();
  withdrawn->set_lapse(lapse);
  *withdrawn->mutable_clock() = Cancelled(instruction.clock(), ask);
}

// What an inspection found of a petition that left: struck out one after the other, and with the last the unit's day.
void StrikeFindings(const std::string& id, const v1::Part& left, const Ask& ask, Decision* decision) {
  const v1::State* state = ask.ctx.lookup->Find(id);
  if (state == nullptr) return;
  v1::InspectionState inspection = state->inspection();
  for (const auto& finding : state->inspection().finding()) {
    const bool of_it = finding.service() == left.service() && finding.subject_id() == left.subject_id();
    if (!of_it || IsStruck(finding)) continue;
    v1::Event event;
    *event.mutable_finding_struck() = Strike(inspection, finding.number(), ask.ctx.now_ms);
    event.mutable_finding_struck()->set_lapse(v1::LAPSE_LEFT_THE_LISTS);
    ApplyInspection(event, ask.ctx.now_ms, &inspection);
    *decision->EmitTo(id) = std::move(event);
  }
}

}  // namespace

std::optional<Decision> LapseOfWhatLeft(const Ask& ask) {
  const v1::State& state = ask.state;
  const std::string& matter_id = state.has_order() ? state.order().matter_id() : state.instruction().matter_id();
  const v1::State* matter = matter_id.empty() ? nullptr : ask.ctx.lookup->Find(matter_id);
  if (!SubjectHasLeft(state, matter)) return std::nullopt;
  Decision decision;
  if (state.has_instruction()) {
    auto* withdrawn = decision.Emit()->mutable_instruction_withdrawn();
    withdrawn->set_lapse(v1::LAPSE_LEFT_THE_LISTS);
    *withdrawn->mutable_clock() = Cancelled(state.instruction().clock(), ask);
    auto* noted = decision.EmitTo(matter_id)->mutable_instruction_withdrawn();
    noted->set_instruction_id(std::string(ask.ctx.aggregate_id));
    noted->set_lapse(v1::LAPSE_LEFT_THE_LISTS);
    return decision;
  }
  auto* ended = decision.Emit()->mutable_order_ended();
  ended->set_status(v1::ORDER_CANCELLED);
  ended->set_was_out(IsOut(state.order().status()));
  ended->set_lapse(v1::LAPSE_LEFT_THE_LISTS);
  *ended->mutable_clock() = Cancelled(state.order().clock(), ask);
  for (const auto& note : matter->matter().order()) {
    if (note.order_id() != ask.ctx.aggregate_id) continue;
    auto* noted = decision.EmitTo(matter_id)->mutable_order_noted();
    *noted->mutable_note() = note;
    noted->mutable_note()->set_status(v1::ORDER_CANCELLED);
  }
  return decision;
}

void LapseAfterNotice(const v1::Part& heard, const v1::Matter& after, const Ask& ask, Decision* decision) {
  const bool ended = !IsOpen(after), left = LeftTheLists(heard);
  if (!ended && !left) return;
  const auto about_it = [&](const auto& asked) {
    return left && asked.service() == heard.service() && asked.subject_id() == heard.subject_id();
  };
  if (left) {
    for (const auto& id : after.inspection_id()) StrikeFindings(id, heard, ask, decision);
  }
  for (const auto& note : after.order()) {
    const v1::State* state = ask.ctx.lookup->Find(note.order_id());
    if (state == nullptr || HasEnded(state->order().status())) continue;
    const bool gone = about_it(state->order());
    if (gone || (ended && state->order().status() == v1::ORDER_DRAFT))
      EndOrder(note, state->order(), gone ? v1::LAPSE_LEFT_THE_LISTS : v1::LAPSE_MATTER_ENDED, ask, decision);
  }
  for (const auto& asked : after.asked()) {
    if (asked.kind() != v1::INSTRUCTION) continue;
    const v1::State* state = ask.ctx.lookup->Find(asked.instruction_id());
    if (state == nullptr) continue;
    const v1::InstructionState& instruction = state->instruction();
    const bool gone = about_it(instruction);
    if (gone || (ended && instruction.status() == v1::ISSUED))
      EndInstruction(asked.instruction_id(), instruction, gone ? v1::LAPSE_LEFT_THE_LISTS : v1::LAPSE_MATTER_ENDED,
                     ask, decision);
  }
}

}  // namespace oversight
