// What an aggregate is, for the table of rules.
#include <iterator>

#include "services/oversight/domain/inspections.h"
#include "services/oversight/domain/rules.h"
#include "services/oversight/domain/standing.h"
#include "services/oversight/domain/tasks.h"

namespace oversight {
namespace {

// In the order of the enum.
constexpr std::string_view kNames[] = {
    "none", "open matter", "ended matter", "ISSUED", "DISTRIBUTED", "REPORTED", "CLOSED", "draft", "yellow draft",
    "red draft", "order out", "order acknowledged", "order answered", "order ended", "task", "figure from outside",
    "warning raised", "warning acknowledged", "warning acted on", "warning over", "watch", "suggestion drafted",
    "suggestion sent", "suggestion answered", "suggestion closed", "measure in force", "measure ended",
    "reference", "task PLANNED", "task ACTIVE", "task ended", "scorecard DRAFT", "scorecard FROZEN",
    "scorecard PUBLISHED", "inspection PLANNED", "inspection DONE", "inspection FEEDBACK", "inspection over",
    "campaign"};
static_assert(std::size(kNames) == static_cast<size_t>(Phase::kCampaign) + 1);

Phase PhaseOfOrder(const v1::OrderState& order) {
  switch (order.status()) {
    case v1::ORDER_DRAFT:
      return order.card() == common::v1::CARD_RED      ? Phase::kRedDraft
             : order.card() == common::v1::CARD_YELLOW ? Phase::kYellowDraft
                                                       : Phase::kOrdinaryDraft;
    case v1::ORDER_ISSUED:
    case v1::ORDER_SENT_BACK:
      return Phase::kOrderOut;
    case v1::ORDER_ACKNOWLEDGED:
      return Phase::kOrderAcknowledged;
    case v1::ORDER_RESPONDED:
      return Phase::kOrderAnswered;
    default:
      return Phase::kOrderEnded;
  }
}

Phase PhaseOfWarning(v1::WarningStatus status) {
  return status == v1::WARNING_RAISED         ? Phase::kWarningRaised
         : status == v1::WARNING_ACKNOWLEDGED ? Phase::kWarningAcknowledged
         : status == v1::WARNING_ACTIONED     ? Phase::kWarningActioned
                                              : Phase::kWarningOver;
}

Phase PhaseOfSuggestion(v1::SuggestionStatus status) {
  return status == v1::SUGGESTION_DRAFT      ? Phase::kSuggestionDraft
         : status == v1::SUGGESTION_SENT     ? Phase::kSuggestionSent
         : status == v1::SUGGESTION_ANSWERED ? Phase::kSuggestionAnswered
                                             : Phase::kSuggestionClosed;
}

Phase PhaseOfInspection(const v1::InspectionState& inspection) {
  return IsOver(inspection)                                  ? Phase::kInspectionOver
         : inspection.status() == v1::INSPECTION_PLANNED ? Phase::kInspectionPlanned
         : inspection.status() == v1::INSPECTION_DONE    ? Phase::kInspectionDone
                                                         : Phase::kInspectionFeedback;
}

}  // namespace

Phase PhaseOf(const v1::State& state) {
  switch (state.body_case()) {
    case v1::State::kMatter:
      return IsOpen(state.matter()) ? Phase::kOpenMatter : Phase::kEndedMatter;
    case v1::State::kInstruction:
      switch (state.instruction().status()) {
        case v1::ISSUED:
          return Phase::kIssued;
        case v1::DISTRIBUTED:
          return Phase::kDistributed;
        case v1::REPORTED:
          return Phase::kReported;
        default:
          return Phase::kClosed;
      }
    case v1::State::kOrder:
      return PhaseOfOrder(state.order());
    case v1::State::kReference:
      return Phase::kReference;
    case v1::State::kTask:
      return Phase::kTask;
    case v1::State::kCampaign:
      return Phase::kCampaign;
    case v1::State::kOutsideFigure:
      return Phase::kOutsideFigure;
    case v1::State::kPlannedTask:
      return IsEnded(state.planned_task())                          ? Phase::kTaskEnded
             : state.planned_task().status() == v1::TASK_PLANNED ? Phase::kTaskPlanned
                                                                 : Phase::kTaskActive;
    case v1::State::kBoard:
      return state.board().status() == v1::BOARD_DRAFT    ? Phase::kBoardDraft
             : state.board().status() == v1::BOARD_FROZEN ? Phase::kBoardFrozen
                                                          : Phase::kBoardPublished;
    case v1::State::kWarning:
      return PhaseOfWarning(state.warning().status());
    case v1::State::kWatch:
      return Phase::kWatch;
    case v1::State::kSuggestion:
      return PhaseOfSuggestion(state.suggestion().status());
    case v1::State::kListing:
      return state.listing().status() == v1::MEASURE_IN_FORCE ? Phase::kMeasureInForce : Phase::kMeasureEnded;
    case v1::State::kInspection:
      return PhaseOfInspection(state.inspection());
    case v1::State::BODY_NOT_SET:
      break;
  }
  return Phase::kNone;
}

std::string_view PhaseName(Phase phase) { return kNames[static_cast<size_t>(phase)]; }

}  // namespace oversight
