#pragma once
// The decisions of a petition, one function a command. Each may assume that its row of the rules table holds
// (role, status, place). Split by the part of the procedure: decide_intake.cc P1, decide_repeats.cc P2 and P3,
// decide_forward.cc P4–P7, decide_acceptance.cc P8–P12, decide_work.cc P13–P19, decide_review.cc P21–P25,
// decide_leaving.cc P27, decide_desk.cc P28–P31, keeper.cc who keeps an accusation, decide_along.cc what is sealed
// along, decide_death.cc 山东 46(4), decide_oversight.cc what oversight says, decide_platform.cc timers.

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/utf8.h"
#include "services/petition/domain/clocks.h"
#include "services/petition/domain/petition.h"
#include "services/petition/domain/refusals.h"
#include "services/petition/domain/rules.h"

namespace petition {

// Everything a decision may look at.
struct Ask {
  const v1::State& state;
  const Context& ctx;
  const reference::Reference& reference;
  Grounds who;
};

// Who a creating command makes the receiver 首接.
struct Receiver {
  const directory::v1::Organisation* org = nullptr;
  std::optional<kernel::Refusal> refusal;
};
// `to_org`, or what is nearest to the area: for an accusation an office of a county at least, because there
// is no discipline organ below.
Receiver FindReceiver(std::string_view to_org, std::string_view area_code, bool accusation,
                      const reference::Reference& reference);

// Who keeps what accuses one of `accused` (Art. 28, 30): this office, or the nearest above it that is neither accused
// itself nor the office of a government that is. Null: the platform has none above it.
const directory::v1::Organisation* OfficeNotAccused(const directory::v1::Organisation* office,
                                                    std::initializer_list<std::string_view> accused,
                                                    const reference::Reference& reference);
// Who keeps a petition that turns out to be an accusation of `respondent`: a petition office with a discipline organ
// at its side. The one that saw what it is; otherwise the petition's own, or the nearest above it. What accuses that
// office the one above keeps; where the platform has none above, it is at least sealed where it is.
const directory::v1::Organisation* KeeperOf(std::string_view respondent, const Ask& ask);
std::optional<kernel::Refusal> CheckRespondent(std::string_view respondent, const Ask& ask);

// ---- P1, P2, P3
Decision DecideRegister(const v1::RegisterRequest&, const Ask&, const directory::v1::Organisation& receiver);
Decision DecideTakeReferral(const v1::TakeReferral&, const Ask&);
Decision DecideRetryReferral(const Ask&);
Decision DecideCompleteIntake(const v1::CompleteIntakeRequest&, const Ask&);
Decision DecideRetype(const v1::RetypeRequest&, const Ask&);
Decision DecideConfirmType(const v1::ConfirmTypeRequest&, const Ask&);
Decision DecideMarkUrgent(const v1::MarkUrgentRequest&, const Ask&);
Decision DecideLinkRepeat(const v1::LinkRepeatRequest&, const Ask&);
Decision DecideMergeCopy(const v1::MergeCopyRequest&, const Ask&);

// ---- P4 to P7
Decision DecideForward(const v1::ForwardRequest&, const Ask&);
Decision DecideExtendReport(const v1::ExtendReportRequest&, const Ask&);
Decision DecideReportCompletion(const v1::ReportCompletionRequest&, const Ask&);
Decision DecideConfirmReceipt(const v1::ConfirmReceiptRequest&, const Ask&);
Decision DecideReceiveByDefault(const Ask&);
Decision DecideObject(const v1::ObjectRequest&, const Ask&);
Decision DecideDecideObjection(const v1::DecideObjectionRequest&, const Ask&);
Decision DecideRaiseDispute(const v1::RaiseDisputeRequest&, const Ask&);
Decision DecideDecideDispute(const v1::DecideDisputeRequest&, const Ask&);

// ---- P8 to P12
Decision DecideAccept(const v1::AcceptRequest&, const Ask&);
Decision DecideRefuseAcceptance(const v1::RefuseAcceptanceRequest&, const Ask&);
Decision DecideRedirect(const v1::RedirectRequest&, const Ask&);
Decision DecideTransferToDiscipline(const v1::TransferToDisciplineRequest&, const Ask&);
Decision DecideReceiveSealed(const v1::ReceiveSealedRequest&, const Ask&);
// Art. 30: what is sealed takes along what says the same: the copies that were merged into it, and theirs, each of
// which lies from then on beside it as an accusation of its own, and the records of receptions where one was brought.
Decision WithAlong(Decision decision, const Ask& ask);
Decision DecideSealAlong(const Ask&);
// Who of several leaves a petition, which goes on for the others.
struct Leavers {
  std::vector<std::string> petitioner_id;
  std::vector<std::string> copy_id;  // whose agents act for nobody here any more
  int unnamed = 0;
  bool any() const { return !petitioner_id.empty() || !copy_id.empty() || unnamed > 0; }
};
// Whether the actor is that petitioner, or acts for those who brought the petition, or a copy, with them.
bool SpeaksFor(const v1::Petitioner& petitioner, const Ask& ask);
v1::PeopleLeft LeftBy(const Leavers& leavers, const v1::State& state);
// Art. 30: whoever came with a copy that is sealed petitions in its original no longer, as if they had withdrawn.
Decision WithLeaving(Decision decision, const Ask& ask);
Decision DecideStudy(const v1::StudyRequest&, const Ask&);
Decision DecideReplySuggestion(const v1::ReplySuggestionRequest&, const Ask&);

// ---- P13 to P19
Decision DecideRecordProgress(const v1::RecordProgressRequest&, const Ask&);
Decision DecideCallHearing(const v1::CallHearingRequest&, const Ask&);
Decision DecideHoldHearing(const v1::HoldHearingRequest&, const Ask&);
Decision DecideExtend(const v1::ExtendRequest&, const Ask&);
Decision DecideReferToMediation(const v1::ReferToMediationRequest&, const Ask&);
Decision DecideHearMediation(const v1::HearMediation&, const Ask&);
bool HandedToMediation(const v1::State& state);  // and no answer has come yet
// A hand-over to mediation does not outlive the petition: what ends or seals it is followed by the event that says so.
// After it, never before: of an accusation the log must say nothing more in the clear.
Decision WithLapse(Decision decision, const Ask& ask);
Decision DecideHearOversight(const v1::HearOversight&, const Ask&);
Decision DecideRecordSettlement(const v1::RecordSettlementRequest&, const Ask&);
Decision DecideDraftOpinion(const v1::DraftOpinionRequest&, const Ask&);
Decision DecideIssueOpinion(const v1::IssueOpinionRequest&, const Ask&);
Decision DecideConcludeProcedure(const v1::ConcludeProcedureRequest&, const Ask&);

// ---- P19 for all three stages, P21 to P25
Decision DecideDeliver(const v1::DeliverRequest&, const Ask&);
Decision DecideRecordExecution(const v1::RecordExecutionRequest&, const Ask&);
Decision DecideRequestReview(const v1::RequestReviewRequest&, const Ask&);
Decision DecideDecideReviewRequest(const v1::DecideReviewRequestRequest&, const Ask&);
Decision DecideIssueReview(const v1::IssueReviewRequest&, const Ask&);
Decision DecideRequestRecheck(const v1::RequestRecheckRequest&, const Ask&);
Decision DecideStartHearing(const v1::StartHearingRequest&, const Ask&);
Decision DecideEndHearing(const v1::EndHearingRequest&, const Ask&);
Decision DecideIssueRecheck(const v1::IssueRecheckRequest&, const Ask&);

// ---- P27 to P31, DP-13
Decision DecideWithdraw(const v1::WithdrawRequest&, const Ask&);
Decision DecideCorrectPeople(const v1::CorrectPeopleRequest&, const Ask&);
Decision DecideRecordDeath(const v1::RecordDeathRequest&, const Ask&);
Decision DecideRecordSuccessor(const v1::RecordSuccessorRequest&, const Ask&);
Decision DecideTerminate(const v1::TerminateRequest&, const Ask&);
Decision DecideProposeLeader(const v1::ProposeLeaderRequest&, const Ask&);
Decision DecideAcceptLead(const Ask&);
// The clocks of a case leader end with the petition, unless it stays on the backlog.
Decision EndLead(Decision decision, const Ask& ask);
Decision DecideRecordLead(const v1::RecordLeadRequest&, const Ask&);
Decision DecideListBacklog(const v1::ListBacklogRequest&, const Ask&);
Decision DecideProposeWriteOff(const v1::ProposeWriteOffRequest&, const Ask&);
Decision DecideConfirmWriteOff(const v1::ConfirmWriteOffRequest&, const Ask&);
Decision DecideRecordReception(const v1::RecordReceptionRequest&, const Ask&);
Decision DecideEvaluate(const v1::EvaluateRequest&, const Ask&);
Decision DecideSuggest(const v1::SuggestRequest&, const Ask&);
Decision DecideAnswerSuggestion(const v1::AnswerSuggestionRequest&, const Ask&);

// ---- the platform: timers, reference data
Decision DecideExpireClock(const v1::ExpireClock&, const Ask&);
// The period of handling is over and nobody is left who petitioned, by papers that are here: whether that is so, and
// the end it leads to.
bool EndsInSilence(std::string_view policy_id, const Ask& ask);
Decision EndInSilence(std::string_view policy_id, const Ask& ask);
Decision DecideMissLeaderDuty(const Ask&);
Decision DecideLearnReference(const v1::LearnReference&, const Ask&);
Decision DecideHearKept(const v1::HearKept&, const Ask&);
Decision DecideRecomputeProvisional(const Ask&);

// ---- shared
// Without calendar and deadline rows no clock can start.
std::optional<kernel::Refusal> NotReady(const reference::Reference& reference);
// Another petition as the asker sees it; null if there is none, or none for them.
const v1::State* FindVisible(std::string_view id, const Ask& ask);
// Whether media has told that the bytes of a paper are here for this petition, by what is remembered of the paper;
// null: nothing is.
bool HasCome(const v1::State* known, std::string_view sha256, std::string_view petition_id);
// Blanks say nothing, wherever they stand.
inline bool Says(std::string_view text) { return !base::Trimmed(text).empty(); }
// Of what came in or took place: not to come, and not so long ago that it can only be a slip.
bool IsEntryTime(int64_t at_ms, int64_t now_ms);
// The end of a day that somebody names, in a letter or as a target. It is named, not counted: no rest day moves it. Its
// last moment is 24:00, which is 00:00 of the next.
int64_t EndOfNamedDay(int64_t at_ms);
// Whether such a day is over.
bool IsOver(int64_t named_ms, int64_t now_ms);
// The written notice of Art. 23: whole, unless nobody knows where to send it.
std::optional<kernel::Refusal> CheckNotice(const v1::WrittenNotice& notice, const v1::State& state);
v1::WrittenNotice Served(v1::WrittenNotice notice, int64_t now_ms);
reference::ClockStart From(const char* event, std::string_view holder, int64_t at_ms = 0);
// A body or unit as an organisation of the directory; null if unknown or closed.
const directory::v1::Organisation* LiveOrg(std::string_view id, const reference::Reference& reference);
// Ends the clocks of an office that has not decided yet: what was decided is in time or late, the right to
// object lapses.
void StopDeciding(ClockChanges* clocks);
bool IsHandler(const v1::State& state, std::string_view user_id);
// Of a hearing that begins then: whether it was called, for that day.
std::optional<kernel::Refusal> CheckCalled(int64_t begins_ms, const v1::State& state);
// Of when the parties were told: after the body took the matter or the request, and before the hearing began.
std::optional<kernel::Refusal> CheckTold(int64_t told_ms, int64_t begins_ms, const v1::State& state,
                                         std::string_view field);
// A hearing as it was held; what its record leaves open is as it was called.
v1::Hearing HeldAsCalled(v1::Hearing held, const v1::State& state);
// Clocks into the last event of the decision.
inline Decision With(Decision decision, const ClockChanges& clocks) {
  clocks.WriteTo(&decision.events.back().event);
  return decision;
}

}  // namespace petition
