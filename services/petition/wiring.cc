#include "services/petition/wiring.h"

namespace petition {
namespace {

template <class Request, class Response>
void Register(rpc::Host<PetitionDomain>& host, const Queries* queries, std::string_view method,
              rpc::Answer (Queries::*run)(const rpc::Caller&, const Request&, Response*) const) {
  host.Query<Request, Response>(
      method, [queries, run](const rpc::Caller& caller, const Request& request, Response* response) {
        return (queries->*run)(caller, request, response);
      });
}

template <class Request>
void LeaveVersion(rpc::Host<PetitionDomain>& host, std::string_view method) {
  host.Prepare<Request>(method, [](const rpc::Caller&, const Request&, kernel::Envelope* envelope) {
    envelope->expected_version.reset();  // PetitionDomain::Decide looks at the request's own
    return std::optional<kernel::Refusal>();
  });
}

void LeaveVersions(rpc::Host<PetitionDomain>& host) {
  LeaveVersion<v1::CompleteIntakeRequest>(host, "CompleteIntake");
  LeaveVersion<v1::RetypeRequest>(host, "Retype");
  LeaveVersion<v1::MarkUrgentRequest>(host, "MarkUrgent");
  LeaveVersion<v1::LinkRepeatRequest>(host, "LinkRepeat");
  LeaveVersion<v1::MergeCopyRequest>(host, "MergeCopy");
  LeaveVersion<v1::ForwardRequest>(host, "Forward");
  LeaveVersion<v1::ConfirmReceiptRequest>(host, "ConfirmReceipt");
  LeaveVersion<v1::ObjectRequest>(host, "Object");
  LeaveVersion<v1::DecideObjectionRequest>(host, "DecideObjection");
  LeaveVersion<v1::RaiseDisputeRequest>(host, "RaiseDispute");
  LeaveVersion<v1::DecideDisputeRequest>(host, "DecideDispute");
  LeaveVersion<v1::ExtendReportRequest>(host, "ExtendReport");
  LeaveVersion<v1::ReportCompletionRequest>(host, "ReportCompletion");
  LeaveVersion<v1::AcceptRequest>(host, "Accept");
  LeaveVersion<v1::RefuseAcceptanceRequest>(host, "RefuseAcceptance");
  LeaveVersion<v1::RedirectRequest>(host, "Redirect");
  LeaveVersion<v1::TransferToDisciplineRequest>(host, "TransferToDiscipline");
  LeaveVersion<v1::ReceiveSealedRequest>(host, "ReceiveSealed");
  LeaveVersion<v1::StudyRequest>(host, "Study");
  LeaveVersion<v1::ReplySuggestionRequest>(host, "ReplySuggestion");
  LeaveVersion<v1::RecordProgressRequest>(host, "RecordProgress");
  LeaveVersion<v1::HoldHearingRequest>(host, "HoldHearing");
  LeaveVersion<v1::ExtendRequest>(host, "Extend");
  LeaveVersion<v1::ReferToMediationRequest>(host, "ReferToMediation");
  LeaveVersion<v1::RecordSettlementRequest>(host, "RecordSettlement");
  LeaveVersion<v1::DraftOpinionRequest>(host, "DraftOpinion");
  LeaveVersion<v1::IssueOpinionRequest>(host, "IssueOpinion");
  LeaveVersion<v1::DeliverRequest>(host, "Deliver");
  LeaveVersion<v1::ConcludeProcedureRequest>(host, "ConcludeProcedure");
  LeaveVersion<v1::RequestReviewRequest>(host, "RequestReview");
  LeaveVersion<v1::DecideReviewRequestRequest>(host, "DecideReviewRequest");
  LeaveVersion<v1::IssueReviewRequest>(host, "IssueReview");
  LeaveVersion<v1::RequestRecheckRequest>(host, "RequestRecheck");
  LeaveVersion<v1::StartHearingRequest>(host, "StartHearing");
  LeaveVersion<v1::EndHearingRequest>(host, "EndHearing");
  LeaveVersion<v1::IssueRecheckRequest>(host, "IssueRecheck");
  LeaveVersion<v1::WithdrawRequest>(host, "Withdraw");
  LeaveVersion<v1::ProposeLeaderRequest>(host, "ProposeLeader");
  LeaveVersion<v1::AcceptLeadRequest>(host, "AcceptLead");
  LeaveVersion<v1::RecordLeadRequest>(host, "RecordLead");
  LeaveVersion<v1::ListBacklogRequest>(host, "ListBacklog");
  LeaveVersion<v1::ProposeWriteOffRequest>(host, "ProposeWriteOff");
  LeaveVersion<v1::ConfirmWriteOffRequest>(host, "ConfirmWriteOff");
  LeaveVersion<v1::SuggestRequest>(host, "Suggest");
  LeaveVersion<v1::AnswerSuggestionRequest>(host, "AnswerSuggestion");
  LeaveVersion<v1::EvaluateRequest>(host, "Evaluate");
}

}  // namespace

absl::Status Wiring::Setup(rpc::Host<PetitionDomain>& host) {
  auto* service = &host.service();
  queries_ = std::make_unique<Queries>(
      QueryParts{[service] { return service->Read(); }, host.vault(), &host.vault_view()});
  Register(host, queries_.get(), "GetPetition", &Queries::GetPetition);
  Register(host, queries_.get(), "ListPetitions", &Queries::ListPetitions);
  Register(host, queries_.get(), "ListPetitionSteps", &Queries::ListPetitionSteps);
  Register(host, queries_.get(), "CountPetitions", &Queries::CountPetitions);
  Register(host, queries_.get(), "TrackPetition", &Queries::TrackPetition);
  Register(host, queries_.get(), "FindRepeats", &Queries::FindRepeats);
  Register(host, queries_.get(), "RevealPetitioner", &Queries::RevealPetitioner);
  Register(host, queries_.get(), "OpenSealed", &Queries::OpenSealed);
  Register(host, queries_.get(), "ListSealed", &Queries::ListSealed);
  Register(host, queries_.get(), "ListReceptions", &Queries::ListReceptions);
  LeaveVersions(host);
  return absl::OkStatus();
}

}  // namespace petition
