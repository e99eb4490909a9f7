// Events to state. Copies and counts; reads no policy and no clock, cannot refuse. Old logs go through it for
// ever: to change what happens, add an event; never edit the meaning of one already written.
#include <algorithm>

#include "services/oversight/domain/apply_parts.h"
#include "services/oversight/domain/course.h"
#include "services/oversight/domain/inspections.h"
#include "services/oversight/domain/limits.h"
#include "services/oversight/domain/oversight.h"
#include "services/oversight/domain/tasks.h"

namespace oversight {
namespace {

using v1::Event, v1::State;

v1::Part* MutablePart(v1::Matter* matter, std::string_view service, std::string_view subject_id) {
  for (auto& part : *matter->mutable_part()) {
    if (part.service() == service && part.subject_id() == subject_id) return &part;
  }
  return nullptr;
}

void ApplyEscalation(const v1::Escalation& e, v1::Matter* matter) {
  auto* escalations = matter->mutable_escalation();
  if (escalations->size() >= kEscalationsKept) escalations->DeleteSubrange(0, 1);
  *escalations->Add() = e;
}

void ApplyStandingChanged(const v1::StandingChanged& e, v1::Matter* matter) {
  if (matter->part().empty()) matter->set_opened_at_ms(e.at_ms());
  matter->set_matter_code(e.matter_code());
  matter->set_area_code(e.area_code());
  // Events of earlier builds do not say whether it was a step: there every notice was one.
  if (e.part().step_at_ms() == 0 || e.part().step_at_ms() == e.part().at_ms()) {
    matter->set_last_step_at_ms(std::max(matter->last_step_at_ms(), e.at_ms()));
    matter->set_last_topic(e.part().step_at_ms() == 0 ? e.part().topic() : e.part().step_topic());
  }
  v1::Part* part = MutablePart(matter, e.part().service(), e.part().subject_id());
  if (part == nullptr) part = matter->add_part();
  *part = e.part();
  if (e.has_heard()) ApplyHeard(e.heard(), e.part().service(), e.part().subject_id(), matter);
  if (e.has_escalation()) ApplyEscalation(e.escalation(), matter);
  if (e.has_vigil()) *matter->mutable_vigil() = e.vigil();
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

void ApplyWithdrawnToMatter(const v1::InstructionWithdrawn& e, int64_t now_ms, v1::Matter* matter) {
  auto* asked = matter->mutable_asked();
  const auto at = std::ranges::find(*asked, e.instruction_id(), &v1::Asked::instruction_id);
  if (at == asked->end()) return;
  if (e.lapse() == v1::LAPSE_LEFT_THE_LISTS) {
    asked->erase(at);
  } else {
    at->set_withdrawn_at_ms(now_ms);
  }
}

void ApplyReported(const v1::InstructionReported& e, int64_t now_ms, v1::InstructionState* instruction) {
  *instruction->add_report() = e.report();
  *instruction->mutable_clock() = e.clock();
  if (!e.complete()) return;
  instruction->set_status(v1::REPORTED);
  instruction->set_reported_at_ms(now_ms);
}

void ApplyInstruction(const Event& event, int64_t now_ms, v1::InstructionState* instruction) {
  switch (event.body_case()) {
    case Event::kInstructionIssued:
      *instruction = event.instruction_issued().instruction();
      return;
    case Event::kInstructionDistributed:
      instruction->set_status(v1::DISTRIBUTED);
      *instruction->mutable_addressee_org() = event.instruction_distributed().addressee_org();
      *instruction->mutable_clock() = event.instruction_distributed().clock();
      return instruction->set_distributed_at_ms(now_ms);
    case Event::kInstructionReported:
      return ApplyReported(event.instruction_reported(), now_ms, instruction);
    case Event::kInstructionClosed:
      instruction->set_status(v1::CLOSED);
      instruction->set_closing_text(event.instruction_closed().text());
      return instruction->set_closed_at_ms(now_ms);
    case Event::kInstructionWithdrawn:
      instruction->set_status(v1::WITHDRAWN);
      instruction->set_withdrawal_reason(event.instruction_withdrawn().reason());
      instruction->set_lapse(event.instruction_withdrawn().lapse());
      *instruction->mutable_clock() = event.instruction_withdrawn().clock();
      return instruction->set_withdrawn_at_ms(now_ms);
    case Event::kInstructionLightChanged:
      return instruction->set_light(event.instruction_light_changed().light());
    default:
      return;
  }
}

void ApplyCheck(const v1::LateCheck& e, v1::Matter* matter) {
  v1::Part* part = MutablePart(matter, e.service(), e.subject_id());
  if (part == nullptr) return;
  for (auto& light : *part->mutable_light()) {
    if (light.policy_id() != e.policy_id()) continue;
    light.set_climbed_to(e.climbed_to());
    light.set_card_drafted(e.card_drafted());
    light.set_check_at_ms(e.check_at_ms());
  }
}

// The note of an order that has ended is taken away; any other takes the place of the former one.
void ApplyOrderNoted(const v1::OrderNoted& e, int64_t now_ms, v1::Matter* matter) {
  auto* notes = matter->mutable_order();
  for (int i = notes->size() - 1; i >= 0; --i) {
    if (notes->Get(i).order_id() == e.note().order_id()) notes->DeleteSubrange(i, 1);
  }
  const auto status = e.note().status();
  const bool ended = status == v1::ORDER_CLOSED || status == v1::ORDER_CANCELLED || status == v1::ORDER_UPGRADED;
  if (!ended) *notes->Add() = e.note();
  if (status == v1::ORDER_ISSUED && e.note().card() >= common::v1::CARD_YELLOW) matter->set_carded_at_ms(now_ms);
  if (e.drafted_by_rule() != v1::ORDER_GROUND_UNSPECIFIED) {
    matter->set_order_count(matter->order_count() + 1);
    matter->set_rule_drafts(matter->rule_drafts() | 1 << static_cast<int>(e.drafted_by_rule()));
  }
  for (const auto& check : e.check()) ApplyCheck(check, matter);
}

void ApplyOrder(const Event& event, int64_t now_ms, v1::OrderState* order) {
  switch (event.body_case()) {
    case Event::kOrderDrafted:
      *order = event.order_drafted().order();
      return;
    case Event::kOrderIssued: {
      const auto& e = event.order_issued();
      order->set_status(v1::ORDER_ISSUED);
      order->set_demand(e.demand());
      order->set_issuer_user_id(e.issuer_user_id());
      order->set_issuer_org(e.issuer_org());
      order->set_issuer_level(e.issuer_level());
      order->set_area_code(e.area_code());
      *order->mutable_clock() = e.clock();
      order->set_yellow_at_ms(e.yellow_at_ms());
      order->set_light(common::v1::GREEN);
      order->set_red_check_at_ms(e.red_check_at_ms());
      order->set_counted(e.counted());
      return order->set_issued_at_ms(now_ms);
    }
    case Event::kOrderAcknowledged:
      return order->set_status(v1::ORDER_ACKNOWLEDGED);
    case Event::kOrderAnswered:
      order->set_status(v1::ORDER_RESPONDED);
      *order->add_answer() = event.order_answered().answer();
      *order->mutable_clock() = event.order_answered().clock();
      return;
    case Event::kOrderSentBack:
      order->set_status(v1::ORDER_SENT_BACK);
      if (!order->answer().empty()) order->mutable_answer()->rbegin()->set_sent_back(event.order_sent_back().reason());
      if (event.order_sent_back().has_former_clock())
        *order->add_former_clock() = event.order_sent_back().former_clock();
      *order->mutable_clock() = event.order_sent_back().clock();
      order->set_yellow_at_ms(event.order_sent_back().yellow_at_ms());
      return order->set_light(common::v1::GREEN);
    case Event::kOrderEnded:
      order->set_status(event.order_ended().status());
      order->set_ending_text(event.order_ended().text());
      *order->mutable_clock() = event.order_ended().clock();
      order->set_red_check_at_ms(event.order_ended().red_check_at_ms());
      return order->set_ended_at_ms(now_ms);
    case Event::kOrderLightChanged:
      return order->set_light(event.order_light_changed().light());
    case Event::kRedCardChecked:
      return order->set_red_check_at_ms(event.red_card_checked().next_check_at_ms());
    default:
      return;
  }
}

// What is heard, asked and noted of a matter.
void ApplyMatter(const Event& event, int64_t now_ms, v1::Matter* matter) {
  switch (event.body_case()) {
    case Event::kStandingChanged:
      return ApplyStandingChanged(event.standing_changed(), matter);
    case Event::kLightChanged:
      return ApplyLightChanged(event.light_changed(), matter);
    case Event::kLeadAssignmentAsked:
      *matter->add_asked() = event.lead_assignment_asked().asked();
      return;
    case Event::kSendDownAsked:
      *matter->add_asked() = event.send_down_asked().asked();
      return;
    case Event::kInstructionNoted:
      *matter->add_asked() = event.instruction_noted().asked();
      return;
    case Event::kEscalationAsked:
      *matter->add_asked() = event.escalation_asked().asked();
      return;
    case Event::kAnswerHeard:
      return ApplyAnswer(event.answer_heard(), now_ms, matter);
    case Event::kInstructionWithdrawn:
      return ApplyWithdrawnToMatter(event.instruction_withdrawn(), now_ms, matter);
    case Event::kOrderNoted:
      return ApplyOrderNoted(event.order_noted(), now_ms, matter);
    case Event::kFindingNoted:
      return matter->add_inspection_id(event.finding_noted().inspection_id());
    case Event::kClimbed:
      ApplyCheck(event.climbed().check(), matter);
      return ApplyEscalation(event.climbed().escalation(), matter);
    case Event::kLateChecked:
      return ApplyCheck(event.late_checked().check(), matter);
    default:
      return;
  }
}

// What figures are counted from, besides the courses of matters.
void ApplyCounted(const Event& event, State* state) {
  if (event.has_figure_recorded()) *state->mutable_outside_figure() = event.figure_recorded().figure();
  if (event.has_campaign_heard()) *state->mutable_campaign() = event.campaign_heard().campaign();
  if (event.has_task_heard()) *state->mutable_task() = event.task_heard().task();
  if (event.has_repeat_heard()) *state->mutable_matter()->add_repeat() = event.repeat_heard().repeat();
}

}  // namespace

void OversightDomain::Apply(const Event& event, int64_t now_ms, State* state) {
  // clang-format off
  switch (event.body_case()) {
    case Event::kReminded:
      return;  // a fact for the holder; the light says the rest
    case Event::kStandingChanged: case Event::kLightChanged: case Event::kLeadAssignmentAsked:
    case Event::kSendDownAsked: case Event::kInstructionNoted: case Event::kEscalationAsked:
    case Event::kAnswerHeard: case Event::kClimbed: case Event::kLateChecked: case Event::kFindingNoted:
      return ApplyMatter(event, now_ms, state->mutable_matter());
    case Event::kOrderNoted:
      if (state->has_planned_task()) return ApplyTask(event, now_ms, state);
      return ApplyMatter(event, now_ms, state->mutable_matter());
    case Event::kInstructionIssued: case Event::kInstructionDistributed: case Event::kInstructionReported:
    case Event::kInstructionClosed: case Event::kInstructionLightChanged:
      return ApplyInstruction(event, now_ms, state->mutable_instruction());
    case Event::kInstructionWithdrawn:
      if (state->has_matter()) return ApplyMatter(event, now_ms, state->mutable_matter());
      return ApplyInstruction(event, now_ms, state->mutable_instruction());
    case Event::kOrderDrafted: case Event::kOrderIssued: case Event::kOrderAcknowledged:
    case Event::kOrderAnswered: case Event::kOrderSentBack: case Event::kOrderEnded:
    case Event::kOrderLightChanged: case Event::kRedCardChecked:
      return ApplyOrder(event, now_ms, state->mutable_order());
    case Event::kFigureRecorded: case Event::kTaskHeard: case Event::kRepeatHeard:
    case Event::kCampaignHeard:
      return ApplyCounted(event, state);
    case Event::kTaskCreated: case Event::kTaskConfirmed: case Event::kTaskCancelled: case Event::kMonthOpened:
    case Event::kMonthReported: case Event::kReportVerified: case Event::kReportSentBack:
    case Event::kMonthGraded: case Event::kMonthRegraded: case Event::kMonthPublished: case Event::kBoardOpened:
    case Event::kBoardGraded: case Event::kGradeChangeAsked: case Event::kGradeOverridden:
    case Event::kBoardReleased: case Event::kBoardPublished: case Event::kBoardCorrected:
    case Event::kBoardTold:
      return ApplyTask(event, now_ms, state);
    case Event::kWarningRaised: case Event::kWarningChanged: case Event::kWarningAcknowledged:
    case Event::kWarningActioned: case Event::kWarningEnded: case Event::kWarningPassedUp:
      return ApplyWarning(event, now_ms, state->mutable_warning());
    case Event::kArrivalHeard: case Event::kArrivalLeft: case Event::kMonthHeard: case Event::kWatchSet:
    case Event::kWatchLooked: case Event::kWatchNoted: case Event::kLateHeard:
      return ApplyWatch(event, state->mutable_watch());
    case Event::kWarningNoted: case Event::kMatterLooked: case Event::kListingNoted:
    case Event::kListingClimbed:
      return ApplyToMatter(event, now_ms, state->mutable_matter());
    case Event::kSuggestionDrafted: case Event::kSuggestionSent: case Event::kSuggestionAnswered:
    case Event::kSuggestionClosed: case Event::kSuggestionLightChanged:
      return ApplySuggestion(event, now_ms, state->mutable_suggestion());
    case Event::kMeasureRecorded: case Event::kMeasureEnded:
      return ApplyMeasure(event, now_ms, state->mutable_listing());
    case Event::kInspectionPlanned: case Event::kFindingRecorded: case Event::kInspectionFinished:
    case Event::kFeedbackGiven: case Event::kRectificationReported: case Event::kRectificationAccepted:
    case Event::kRectificationSentBack: case Event::kRectificationLightChanged: case Event::kInspectionCancelled:
    case Event::kFindingStruck:
      return ApplyInspection(event, now_ms, state->mutable_inspection());
    case Event::kReferenceLearned:
      *state->mutable_reference() = event.reference_learned().notice();
      return;
    case Event::BODY_NOT_SET:
      return;  // the kernel refuses to open a log with an event this build cannot name
  }
  // clang-format on
}

}  // namespace oversight
