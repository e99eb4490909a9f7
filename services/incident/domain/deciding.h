#pragma once
// What every Decide function of this domain is given, and the functions themselves: one per command, each may
// assume that its row of the rules table holds. Pure.

#include <string>
#include <string_view>

#include "incident/v1/incident.pb.h"
#include "services/incident/domain/clocks.h"
#include "services/incident/domain/incident.h"
#include "services/incident/domain/knowledge.h"
#include "services/incident/domain/refusal.h"
#include "services/incident/domain/rules.h"

namespace incident {

using Decision = kernel::Decision<v1::Event>;
using kernel::RefusalCode;

struct Deciding {
  const v1::State& state;
  const IncidentDomain::Context& ctx;
  const Knowledge& known;
  Acting acting;

  const v1::Incident& matter() const { return state.incident(); }
  int64_t now() const { return ctx.now_ms; }
  Clocks ClocksFor(std::string_view event) const { return {matter(), known, now(), event}; }
  const policy::v1::Category* Category() const {
    return known.directory().FindCategory(matter().intake().category());
  }
  std::string AreaNow() const;            // the matter's area today, merged villages followed
  std::string CentreAt(int level) const;  // the centre answering for the matter's area at this level
};

// The centre of the area at this level, or the next one up; by the directory's way of naming, if it told us
// of none.
std::string CentreFor(const Knowledge& known, std::string_view area, int level);

// Standing with another status.
v1::Standing With(const v1::Standing& standing, v1::Status status);
inline bool IsAppeal(const v1::Incident& m) { return m.intake().kind() == v1::ENTERPRISE_APPEAL; }
inline bool IsUrgent(const v1::Intake& i) { return i.urgency() >= common::v1::URGENT || i.emergency(); }
inline bool IsHotline(const v1::Incident& m) { return m.intake().source() == v1::HOTLINE && !IsAppeal(m); }
int ResolvedLevel(const v1::Incident& matter);  // the highest level that ever held lead responsibility
bool IsOpen(v1::Status status);                 // somebody still has to do something

// Reports: shared by the field, the public, screening findings and petitions.
struct NewMatter {
  v1::Intake intake;
  v1::Reporter reporter;
  int level = 0;  // of the desk that gets it first
};
// Fills place, needs, kind and emergency from what is known; never refuses.
void CompleteIntake(const Knowledge& known, v1::Intake* intake);
// Why the matter cannot be of this category; nullopt: it can.
std::optional<kernel::Refusal> CategoryObjection(const Deciding& d, std::string_view code);
void EmitReported(const Deciding& d, NewMatter matter, uint64_t chance, v1::Event* event);

// The guards of a dispatch, for people and for assignments by oversight.
struct DispatchOrder {
  std::string lead_org;
  std::vector<std::string> co_handlers;
  int level = 0;  // of who dispatches
  bool in_village = false;
  int64_t due_at_ms = 0;
};
std::optional<kernel::Refusal> DispatchObjection(const Deciding& d, const DispatchOrder& order);
// The handling period: the category's own, or by complexity (DI-05). A complex matter gets the longer of both.
common::v1::Length HandlingLength(const Deciding& d);
// What it stands on if it is the category's own; empty: the row's article.
std::string HandlingArticle(const Deciding& d);
void EmitDispatched(const Deciding& d, const DispatchOrder& order, v1::Event* event);
void EmitEscalated(const Deciding& d, int to, std::string reason, bool automatic, v1::Event* event);
void EmitSentDown(const Deciding& d, int to, std::string reason, v1::Event* event);
void EmitClosed(const Deciding& d, v1::ClosureType type, bool resolved, v1::Event* event);
void EmitReopened(const Deciding& d, v1::ReopenReason reason, std::string explanation, v1::Event* event);

// Ladder 3.6.3.
void PlanLadder(const IncidentDomain::Context& ctx, const v1::State& state, const Knowledge& known,
                Decision* decision);

// Intake
Decision DecideReport(const v1::ReportRequest& c, const Deciding& d);
Decision DecidePublicReport(const v1::PublicReportRequest& c, const Deciding& d);
Decision DecideReportForPetition(const v1::ReportForPetition& c, const Deciding& d);
Decision DecideReportForMediation(const v1::ReportForMediation& c, const Deciding& d);
Decision DecideSelfHandle(const v1::SelfHandleRequest& c, const Deciding& d);
Decision DecideSupplement(const v1::SupplementRequest& c, const Deciding& d);
// Desk
Decision DecideAccept(const v1::AcceptRequest& c, const Deciding& d);
Decision DecideReject(const v1::RejectRequest& c, const Deciding& d);
Decision DecideProposeRejection(const v1::ProposeRejectionRequest& c, const Deciding& d);
Decision DecideAppealRejection(const v1::AppealRejectionRequest& c, const Deciding& d);
Decision DecideMerge(const v1::MergeRequest& c, const Deciding& d);
Decision DecideCancel(const v1::CancelRequest& c, const Deciding& d);
Decision DecideInformFollowers(const Deciding& d);
// Dispatch
Decision DecideDispatch(const v1::DispatchRequest& c, const Deciding& d);
Decision DecideTake(const v1::TakeRequest& c, const Deciding& d);
Decision DecideRequestReturn(const v1::RequestReturnRequest& c, const Deciding& d);
Decision DecideApproveReturn(const v1::ApproveReturnRequest& c, const Deciding& d);
Decision DecideRefuseReturn(const v1::RefuseReturnRequest& c, const Deciding& d);
Decision DecideEscalate(const v1::EscalateRequest& c, const Deciding& d);
Decision DecideSendDown(const v1::SendDownRequest& c, const Deciding& d);
Decision DecideCheckLadder(const Deciding& d);
// Handling
Decision DecideProgress(const v1::ProgressRequest& c, const Deciding& d);
Decision DecideRequestExtension(const v1::RequestExtensionRequest& c, const Deciding& d);
Decision DecideApproveExtension(const v1::ApproveExtensionRequest& c, const Deciding& d);
Decision DecideRefuseExtension(const v1::RefuseExtensionRequest& c, const Deciding& d);
Decision DecideRequestSuspension(const v1::RequestSuspensionRequest& c, const Deciding& d);
Decision DecideApproveSuspension(const v1::ApproveSuspensionRequest& c, const Deciding& d);
Decision DecideRefuseSuspension(const v1::RefuseSuspensionRequest& c, const Deciding& d);
Decision DecideReviewSuspension(const Deciding& d);
Decision DecideResume(const v1::ResumeRequest& c, const Deciding& d);
Decision DecideComplete(const v1::CompleteRequest& c, const Deciding& d);
Decision DecideRecomputeClocks(const v1::RecomputeClocksRequest& c, const Deciding& d);
Decision DecideCheckClock(const v1::CheckClock& c, const Deciding& d);
// Closing
Decision DecideVerifyFail(const v1::VerifyFailRequest& c, const Deciding& d);
Decision DecideVerifyPass(const v1::VerifyPassRequest& c, const Deciding& d);
Decision DecideVerifySample(const v1::VerifySampleRequest& c, const Deciding& d);
Decision DecideEvaluate(const v1::EvaluateRequest& c, const Deciding& d);
Decision DecideReopen(const v1::ReopenRequest& c, const Deciding& d);
Decision DecideArchive(const v1::ArchiveRequest& c, const Deciding& d);
Decision DecideReviewLongTerm(const Deciding& d);
// Enterprise appeals
Decision DecideClassifyComplex(const v1::ClassifyComplexRequest& c, const Deciding& d);
Decision DecideConfirmService(const v1::ConfirmServiceRequest& c, const Deciding& d);
Decision DecideRecordAttempt(const v1::RecordAttemptRequest& c, const Deciding& d);
Decision DecideCloseExplained(const v1::CloseExplainedRequest& c, const Deciding& d);
// Referral
Decision DecideReferToMediation(const v1::ReferToMediationRequest& c, const Deciding& d);
Decision DecideReferToPetition(const v1::ReferToPetitionRequest& c, const Deciding& d);
Decision DecideCapReferral(const Deciding& d);
Decision DecideHearMediation(const v1::HearMediation& c, const Deciding& d);
Decision DecideHearPetition(const v1::HearPetition& c, const Deciding& d);
// Oversight
Decision DecideHearOversight(const v1::HearOversight& c, const Deciding& d);
// Campaigns and reference
Decision DecideStartCampaign(const v1::StartCampaignRequest& c, const Deciding& d);
Decision DecideEndCampaign(const v1::EndCampaignRequest& c, const Deciding& d);
Decision DecideCompleteTask(const v1::CompleteTaskRequest& c, const Deciding& d);
Decision DecideContinueCampaign(const Deciding& d);
Decision DecideLearnReference(const v1::LearnReference& c, const Deciding& d);
Decision DecideRecomputeProvisional(const Deciding& d);

}  // namespace incident
