#include "services/oversight/domain/oversight.h"

#include <utility>

#include "services/oversight/domain/decide.h"
#include "services/oversight/domain/standing.h"

namespace oversight {
namespace {

using kernel::RefusalCode;
using v1::Command;

// Matters are named by their codes, which anybody can count through: who may not see one hears what is said of one that
// does not exist.
Decision NotTheirs(const v1::State& state, const kernel::v1::Actor& actor, std::string_view reason = "NO_SUCH_MATTER",
                   std::string_view field = "id") {
  if (MaySee(state, actor)) return Refuse(RefusalCode::kNotAllowed, "NOT_ALLOWED");
  return Refuse(RefusalCode::kNotFound, reason, field);
}

// Gone with its petition, to everybody: as if it had never been.
bool IsGone(const v1::State& state, const Context& ctx) {
  if (state.has_matter()) return LeftTheLists(state.matter());
  const std::string& matter_id = state.has_order() ? state.order().matter_id() : state.instruction().matter_id();
  return !matter_id.empty() && SubjectHasLeft(state, ctx.lookup->Find(matter_id));
}

// An instruction, an order is a new aggregate about a matter: the matter is what the asker's place is measured against.
template <class Request>
Decision About(const Rule& rule, const Request& request, Ask ask,
               Decision (*decide)(const Request&, const Ask&, const v1::Matter&)) {
  const v1::State* subject = ask.ctx.lookup->Find(request.matter_id());
  if (subject == nullptr || !subject->has_matter() || LeftTheLists(subject->matter()))
    return Refuse(RefusalCode::kNotFound, "NOT_FOUND", "matter_id");
  auto grounds = Bind(rule, *subject, *ask.ctx.actor);
  if (!grounds) return NotTheirs(*subject, *ask.ctx.actor, "NOT_FOUND", "matter_id");
  if (PhaseOf(*subject) != Phase::kOpenMatter)
    return Refuse(RefusalCode::kWrongStatus, "MATTER_ENDED", "matter_id");
  ask.who = *std::move(grounds);
  Decision decision = decide(request, ask, subject->matter());
  decision.acted_as = ask.who.role;
  decision.acted_for_org = ask.who.org;
  return decision;
}

// The same of a task of four-colour grading.
Decision AboutTask(const Rule& rule, const v1::DraftOrderRequest& request, Ask ask) {
  const v1::State* subject = ask.ctx.lookup->Find(request.task_id());
  if (subject == nullptr || !subject->has_planned_task())
    return Refuse(RefusalCode::kNotFound, "NO_SUCH_TASK", "task_id");
  auto grounds = Bind(rule, *subject, *ask.ctx.actor);
  if (!grounds) return NotTheirs(*subject, *ask.ctx.actor, "NO_SUCH_TASK", "task_id");
  if (PhaseOf(*subject) != Phase::kTaskActive)
    return Refuse(RefusalCode::kWrongStatus, "TASK_NOT_ACTIVE", "task_id");
  ask.who = *std::move(grounds);
  Decision decision = DecideDraftTaskOrder(request, ask, subject->planned_task());
  decision.acted_as = ask.who.role;
  decision.acted_for_org = ask.who.org;
  return decision;
}

Decision DraftAnOrder(const Rule& rule, const v1::DraftOrderRequest& request, const Ask& unbound) {
  if (request.matter_id().empty() == request.task_id().empty())
    return Refuse(RefusalCode::kInvalid, "MATTER_OR_TASK", "matter_id");
  if (!request.task_id().empty()) return AboutTask(rule, request, unbound);
  return About(rule, request, unbound, DecideDraftOrder);
}

const std::string& DemandIn(const Command& command) {
  if (command.has_issue_yellow()) return command.issue_yellow().demand();
  return command.has_issue_red() ? command.issue_red().demand() : command.issue_order().demand();
}

// Tasks and scorecards.
Decision DecideGraded(const Command& command, const Ask& ask) {
  switch (command.body_case()) {
    case Command::kCreateTask:
      return DecideCreateTask(command.create_task(), ask);
    case Command::kConfirmTask:
      return DecideConfirmTask(ask);
    case Command::kCancelTask:
      return DecideCancelTask(command.cancel_task(), ask);
    case Command::kReportTask:
      return DecideReportTask(command.report_task(), ask);
    case Command::kVerifyTaskReport:
      return DecideVerifyTaskReport(command.verify_task_report(), ask);
    case Command::kSendBackTaskReport:
      return DecideSendBackTaskReport(command.send_back_task_report(), ask);
    case Command::kAskGradeOverride:
      return DecideAskGradeOverride(command.ask_grade_override(), ask);
    case Command::kSignGradeOverride:
      return DecideSignGradeOverride(command.sign_grade_override(), ask);
    case Command::kReleaseScorecard:
      return DecideReleaseScorecard(ask);
    case Command::kAskGradeCorrection:
      return DecideAskGradeCorrection(command.ask_grade_correction(), ask);
    case Command::kSignGradeCorrection:
      return DecideSignGradeCorrection(command.sign_grade_correction(), ask);
    case Command::kOpenMonth:
      return DecideOpenMonth(ask);
    case Command::kGradeBoard:
      return DecideGradeBoard(ask);
    case Command::kPublishBoard:
      return DecidePublishBoard(ask);
    case Command::kTellBoard:
      return DecideTellBoard(ask);
    default:
      return Refuse(RefusalCode::kNotAllowed, "NOT_ALLOWED");
  }
}

// What starts about an area, or about a unit there: the field that names it.
struct Place {
  std::string_view field;  // empty: it is about what there is already
  std::string area;        // empty: of a unit there is not
};

Place PlaceOf(const Command& command, const reference::Reference& reference) {
  const auto of_unit = [&](const std::string& org_id) {
    const auto* org = reference.FindOrg(org_id);
    return Place{"org_id", org == nullptr ? "" : org->area_code()};
  };
  if (command.has_record_figure()) return {"area_code", command.record_figure().area_code()};
  if (command.has_create_task()) return {"area_code", command.create_task().area_code()};
  if (command.has_plan_inspection()) return {"area_code", command.plan_inspection().area_code()};
  if (command.has_draft_suggestion()) return of_unit(command.draft_suggestion().org_id());
  if (command.has_record_measure()) return of_unit(command.record_measure().org_id());
  return {};
}

Decision DecideWarned(const Command& command, const Ask& ask) {
  switch (command.body_case()) {
    case Command::kAcknowledgeWarning:
      return DecideAcknowledgeWarning(ask);
    case Command::kActOnWarning:
      return DecideActOnWarning(command.act_on_warning(), ask);
    case Command::kClearWarning:
      return DecideClearWarning(command.clear_warning(), ask);
    case Command::kMarkWarningFalse:
      return DecideMarkWarningFalse(command.mark_warning_false(), ask);
    case Command::kPassWarningUp:
      return DecidePassWarningUp(ask);
    case Command::kLookAtMatter:
      return DecideLookAtMatter(command.look_at_matter(), ask);
    case Command::kLookAtWatch:
      return DecideLookAtWatch(ask);
    default:
      return Refuse(RefusalCode::kNotAllowed, "NOT_ALLOWED");
  }
}

Decision DecideAccountability(const Command& command, const Ask& ask) {
  switch (command.body_case()) {
    case Command::kDraftSuggestion:
      return DecideDraftSuggestion(command.draft_suggestion(), ask);
    case Command::kSendSuggestion:
      return DecideSendSuggestion(command.send_suggestion(), ask);
    case Command::kWithdrawSuggestion:
      return DecideWithdrawSuggestion(command.withdraw_suggestion(), ask);
    case Command::kAnswerSuggestion:
      return DecideAnswerSuggestion(command.answer_suggestion(), ask);
    case Command::kCloseSuggestion:
      return DecideCloseSuggestion(command.close_suggestion(), ask);
    case Command::kRecordMeasure:
      return DecideRecordMeasure(command.record_measure(), ask);
    case Command::kEndMeasure:
      return DecideEndMeasure(command.end_measure(), ask);
    case Command::kTurnSuggestionLight:
      return DecideTurnSuggestionLight(ask);
    default:
      return Refuse(RefusalCode::kNotAllowed, "NOT_ALLOWED");
  }
}

Decision DecideInspected(const Command& command, const Ask& ask) {
  switch (command.body_case()) {
    case Command::kPlanInspection:
      return DecidePlanInspection(command.plan_inspection(), ask);
    case Command::kRecordFinding:
      return DecideRecordFinding(command.record_finding(), ask);
    case Command::kFinishInspection:
      return DecideFinishInspection(command.finish_inspection(), ask);
    case Command::kGiveFeedback:
      return DecideGiveFeedback(command.give_feedback(), ask);
    case Command::kReportRectification:
      return DecideReportRectification(command.report_rectification(), ask);
    case Command::kAcceptRectification:
      return DecideAcceptRectification(command.accept_rectification(), ask);
    case Command::kSendBackRectification:
      return DecideSendBackRectification(command.send_back_rectification(), ask);
    case Command::kCancelInspection:
      return DecideCancelInspection(command.cancel_inspection(), ask);
    case Command::kStrikeFinding:
      return DecideStrikeFinding(command.strike_finding(), ask);
    case Command::kTurnRectificationLight:
      return DecideTurnRectificationLight(command.turn_rectification_light(), ask);
    default:
      return Refuse(RefusalCode::kNotAllowed, "NOT_ALLOWED");
  }
}

// Who answers for several units, as one of them.
kernel::v1::Actor OnlyOf(std::string_view org_id, const kernel::v1::Actor& actor) {
  kernel::v1::Actor one = actor;
  one.clear_grant();
  for (const auto& grant : actor.grant()) {
    if (grant.org_id() == org_id) *one.add_grant() = grant;
  }
  return one;
}

// What time makes of orders and of what is late.
Decision DecideLate(const Command& command, const Ask& ask) {
  if (command.has_turn_order_light()) return DecideTurnOrderLight(ask);
  return command.has_check_red_card() ? DecideCheckRedCard(ask) : DecideCheckLate(command.check_late(), ask);
}

Decision DecideBound(const Command& command, const Ask& ask) {
  // clang-format off
  switch (command.body_case()) {  // no default: a new command does not compile until it is decided here
    case Command::kDistribute:
      return DecideDistribute(command.distribute(), ask);
    case Command::kReport:
      return DecideReport(command.report(), ask);
    case Command::kCloseInstruction:
      return DecideCloseInstruction(command.close_instruction(), ask);
    case Command::kWithdrawInstruction:
      return DecideWithdrawInstruction(command.withdraw_instruction(), ask);
    case Command::kAssignLead:
      return DecideAssignLead(command.assign_lead(), ask);
    case Command::kSendDown:
      return DecideSendDown(command.send_down(), ask);
    case Command::kObserve:
      return DecideObserve(command.observe(), ask);
    case Command::kLearnReference:
      return DecideLearnReference(command.learn_reference(), ask);
    case Command::kTurnLight:
      return DecideTurnLight(command.turn_light(), ask);
    case Command::kTurnInstructionLight:
      return DecideTurnInstructionLight(ask);
    case Command::kAskEscalation:
      return DecideAskEscalation(command.ask_escalation(), ask);
    case Command::kIssueOrder: case Command::kIssueYellow: case Command::kIssueRed:
      return DecideIssueOrder(DemandIn(command), ask);
    case Command::kCancelOrder:
      return DecideCancelOrder(command.cancel_order(), ask);
    case Command::kAcknowledgeOrder:
      return DecideAcknowledgeOrder(ask);
    case Command::kAnswerOrder:
      return DecideAnswerOrder(command.answer_order(), ask);
    case Command::kAcceptAnswer:
      return DecideAcceptAnswer(command.accept_answer(), ask);
    case Command::kSendBackAnswer:
      return DecideSendBackAnswer(command.send_back_answer(), ask);
    case Command::kTurnOrderLight: case Command::kCheckRedCard: case Command::kCheckLate:
      return DecideLate(command, ask);
    case Command::kAcknowledgeWarning: case Command::kActOnWarning: case Command::kClearWarning:
    case Command::kMarkWarningFalse: case Command::kPassWarningUp: case Command::kLookAtMatter:
    case Command::kLookAtWatch:
      return DecideWarned(command, ask);
    case Command::kDraftSuggestion: case Command::kSendSuggestion: case Command::kWithdrawSuggestion:
    case Command::kAnswerSuggestion: case Command::kCloseSuggestion: case Command::kRecordMeasure:
    case Command::kEndMeasure: case Command::kTurnSuggestionLight:
      return DecideAccountability(command, ask);
    case Command::kPlanInspection: case Command::kRecordFinding: case Command::kFinishInspection:
    case Command::kGiveFeedback: case Command::kReportRectification: case Command::kAcceptRectification:
    case Command::kSendBackRectification: case Command::kCancelInspection: case Command::kStrikeFinding:
    case Command::kTurnRectificationLight:
      return DecideInspected(command, ask);
    case Command::kRecordFigure:
      return DecideRecordFigure(command.record_figure(), ask);
    case Command::kHearCampaign:
      return DecideHearCampaign(command.hear_campaign(), ask);
    case Command::kHearTask:
      return DecideHearTask(command.hear_task(), ask);
    case Command::kCreateTask: case Command::kConfirmTask: case Command::kCancelTask: case Command::kReportTask:
    case Command::kVerifyTaskReport: case Command::kSendBackTaskReport: case Command::kAskGradeOverride:
    case Command::kSignGradeOverride: case Command::kReleaseScorecard: case Command::kAskGradeCorrection:
    case Command::kSignGradeCorrection: case Command::kOpenMonth: case Command::kGradeBoard:
    case Command::kPublishBoard: case Command::kTellBoard:
      return DecideGraded(command, ask);
    case Command::kInstruct: case Command::kDraftOrder: case Command::BODY_NOT_SET:
      break;  // what starts from a matter was decided before
  }
  // clang-format on
  return Refuse(RefusalCode::kNotAllowed, "NOT_ALLOWED");
}

}  // namespace

Decision OversightDomain::Decide(const State& state, const Command& command, const Context& ctx,
                                 const Reference& reference) {
  const Rule* rule = FindRule(command.body_case());
  if (rule == nullptr) return Refuse(RefusalCode::kNotAllowed, "NOT_ALLOWED");
  if (!kernel::IsService(*ctx.actor) && IsGone(state, ctx))
    return Refuse(RefusalCode::kNotFound, "NO_SUCH_MATTER", "id");
  if (auto refusal = Permit(*rule, PhaseOf(state), *ctx.actor)) {
    // Of the status only those hear whose matter it is.
    const bool outsider = refusal->code == RefusalCode::kWrongStatus && !command.has_instruct() &&
                          !command.has_draft_order() && !Bind(*rule, state, *ctx.actor);
    if (outsider) return NotTheirs(state, *ctx.actor);
    return Decision::Refuse(*std::move(refusal));
  }
  const Ask unbound{state, ctx, reference, {}};
  if (command.has_instruct()) return About(*rule, command.instruct(), unbound, DecideInstruct);
  if (command.has_draft_order()) return DraftAnOrder(*rule, command.draft_order(), unbound);
  State measured = state;  // what the asker's place is measured against
  const Place place = PlaceOf(command, reference);
  if (command.has_create_task()) {
    measured.mutable_planned_task()->set_area_code(place.area);
  } else if (!place.field.empty()) {
    measured.mutable_matter()->set_area_code(place.area);
  }
  const std::string& for_unit = command.report_rectification().org_id();
  auto grounds = Bind(*rule, measured, for_unit.empty() ? *ctx.actor : OnlyOf(for_unit, *ctx.actor));
  if (!grounds && !for_unit.empty() && Bind(*rule, measured, *ctx.actor))
    return Refuse(RefusalCode::kInvalid, "UNKNOWN_ORG", "org_id");
  if (!grounds && place.field == "org_id" && place.area.empty())
    return Refuse(RefusalCode::kInvalid, "UNKNOWN_ORG", place.field);
  if (!grounds && !place.field.empty()) return Refuse(RefusalCode::kNotAllowed, "NOT_ALLOWED", place.field);
  if (!grounds) return NotTheirs(state, *ctx.actor);
  const Ask ask{state, ctx, reference, *std::move(grounds)};
  Decision decision = DecideBound(command, ask);
  decision.acted_as = ask.who.role;
  decision.acted_for_org = ask.who.org;
  return decision;
}

}  // namespace oversight
