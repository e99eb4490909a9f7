#pragma once
// The decisions of oversight, one function a command. decide_projection.cc: what others said and what clocks do to it;
// decide_requests.cc: what leaders ask; decide_orders.cc: supervision orders; decide_ladder.cc: what time does to both;
// decide_metrics.cc: what figures are counted from besides; decide_tasks.cc, decide_boards.cc: four-colour grading;
// decide_warnings.cc: early warnings (raise.h: what raises them); decide_accountability.cc: suggestions of
// accountability and the joint conference; decide_inspections.cc: inspections.

#include <string>

#include "services/oversight/domain/oversight.h"
#include "services/oversight/domain/refusals.h"
#include "services/oversight/domain/rules.h"

namespace oversight {

struct Ask {
  const v1::State& state;
  const Context& ctx;
  const reference::Reference& reference;
  Grounds who;
};

Decision DecideObserve(const v1::Observe&, const Ask&);
Decision DecideTurnLight(const v1::TurnLight&, const Ask&);
Decision DecideTurnInstructionLight(const Ask&);
Decision DecideLearnReference(const v1::LearnReference&, const Ask&);

// `matter`: the one the instruction is about, found before the place was checked.
Decision DecideInstruct(const v1::InstructRequest&, const Ask&, const v1::Matter& matter);
Decision DecideDistribute(const v1::DistributeRequest&, const Ask&);
Decision DecideReport(const v1::ReportRequest&, const Ask&);
Decision DecideCloseInstruction(const v1::CloseInstructionRequest&, const Ask&);
Decision DecideWithdrawInstruction(const v1::WithdrawInstructionRequest&, const Ask&);
Decision DecideAssignLead(const v1::AssignLeadRequest&, const Ask&);
Decision DecideSendDown(const v1::SendDownRequest&, const Ask&);
Decision DecideAskEscalation(const v1::AskEscalationRequest&, const Ask&);
// What is asked of a case service now, and by whom: they are told when it is refused.
v1::Asked NewAsked(v1::RequestKind kind, std::string instruction_id, const Ask&);

// `matter`: the one the order is about, as above.
Decision DecideDraftOrder(const v1::DraftOrderRequest&, const Ask&, const v1::Matter& matter);
// About a task: its own subject, found like a matter.
Decision DecideDraftTaskOrder(const v1::DraftOrderRequest&, const Ask&, const v1::PlannedTask& task);
Decision DecideIssueOrder(const std::string& demand, const Ask&);  // of whichever card was drafted
Decision DecideCancelOrder(const v1::CancelOrderRequest&, const Ask&);
Decision DecideAcknowledgeOrder(const Ask&);
Decision DecideAnswerOrder(const v1::AnswerOrderRequest&, const Ask&);
Decision DecideAcceptAnswer(const v1::AcceptAnswerRequest&, const Ask&);
Decision DecideSendBackAnswer(const v1::SendBackAnswerRequest&, const Ask&);
Decision DecideTurnOrderLight(const Ask&);
Decision DecideCheckRedCard(const Ask&);
Decision DecideCheckLate(const v1::CheckLate&, const Ask&);

Decision DecideAcknowledgeWarning(const Ask&);
Decision DecideActOnWarning(const v1::ActOnWarningRequest&, const Ask&);
Decision DecideClearWarning(const v1::ClearWarningRequest&, const Ask&);
Decision DecideMarkWarningFalse(const v1::MarkWarningFalseRequest&, const Ask&);
Decision DecidePassWarningUp(const Ask&);
Decision DecideLookAtMatter(const v1::LookAtMatter&, const Ask&);
Decision DecideLookAtWatch(const Ask&);

Decision DecideDraftSuggestion(const v1::DraftSuggestionRequest&, const Ask&);
Decision DecideSendSuggestion(const v1::SendSuggestionRequest&, const Ask&);
Decision DecideWithdrawSuggestion(const v1::WithdrawSuggestionRequest&, const Ask&);
Decision DecideAnswerSuggestion(const v1::AnswerSuggestionRequest&, const Ask&);
Decision DecideCloseSuggestion(const v1::CloseSuggestionRequest&, const Ask&);
Decision DecideTurnSuggestionLight(const Ask&);
Decision DecideRecordMeasure(const v1::RecordMeasureRequest&, const Ask&);
Decision DecideEndMeasure(const v1::EndMeasureRequest&, const Ask&);

Decision DecidePlanInspection(const v1::PlanInspectionRequest&, const Ask&);
Decision DecideRecordFinding(const v1::RecordFindingRequest&, const Ask&);
Decision DecideFinishInspection(const v1::FinishInspectionRequest&, const Ask&);
Decision DecideGiveFeedback(const v1::GiveFeedbackRequest&, const Ask&);
Decision DecideReportRectification(const v1::ReportRectificationRequest&, const Ask&);
Decision DecideAcceptRectification(const v1::AcceptRectificationRequest&, const Ask&);
Decision DecideSendBackRectification(const v1::SendBackRectificationRequest&, const Ask&);
Decision DecideCancelInspection(const v1::CancelInspectionRequest&, const Ask&);
Decision DecideStrikeFinding(const v1::StrikeFindingRequest&, const Ask&);
Decision DecideTurnRectificationLight(const v1::TurnRectificationLight&, const Ask&);

Decision DecideRecordFigure(const v1::RecordFigureRequest&, const Ask&);
Decision DecideHearCampaign(const v1::HearCampaign&, const Ask&);
Decision DecideHearTask(const v1::HearTask&, const Ask&);

Decision DecideCreateTask(const v1::CreateTaskRequest&, const Ask&);
Decision DecideConfirmTask(const Ask&);
Decision DecideCancelTask(const v1::CancelTaskRequest&, const Ask&);
Decision DecideReportTask(const v1::ReportTaskRequest&, const Ask&);
Decision DecideVerifyTaskReport(const v1::VerifyTaskReportRequest&, const Ask&);
Decision DecideSendBackTaskReport(const v1::SendBackTaskReportRequest&, const Ask&);
Decision DecideAskGradeOverride(const v1::AskGradeOverrideRequest&, const Ask&);
Decision DecideSignGradeOverride(const v1::SignGradeOverrideRequest&, const Ask&);
Decision DecideReleaseScorecard(const Ask&);
Decision DecideAskGradeCorrection(const v1::AskGradeCorrectionRequest&, const Ask&);
Decision DecideSignGradeCorrection(const v1::SignGradeCorrectionRequest&, const Ask&);
Decision DecideOpenMonth(const Ask&);
Decision DecideGradeBoard(const Ask&);
Decision DecidePublishBoard(const Ask&);
Decision DecideTellBoard(const Ask&);

}  // namespace oversight
