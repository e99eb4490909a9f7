#include "services/mediation/wiring.h"

#include <string_view>
#include <utility>

#include "base/status_macros.h"
#include "services/mediation/full_age.h"
#include "services/mediation/typed_people.h"
#include "services/rpc/case_calls.h"
#include "services/rpc/serve.h"

namespace mediation {
namespace {

rpc::CaseCall AskDirectory(const rpc::v1::Process& config) {
  google::protobuf::RepeatedPtrField<rpc::v1::CaseService> services;
  if (config.has_directory()) *services.Add() = config.directory();
  return rpc::CallCases(config, services);
}

// Whoever is a party is looked at before the vault hides who it is.
template <class Request>
void LookAtParties(rpc::Host<MediationDomain>& host, std::string_view method) {
  host.Prepare<Request>(method, [](const rpc::Caller& caller, const Request& request, kernel::Envelope*) {
    return CheckTyped(request.party(), caller.now_ms);
  });
}

void LookAtAges(rpc::Host<MediationDomain>& host) {
  if (host.vault() == nullptr) return;
  const auto look = [service = &host.service(), vault = host.vault(), view = &host.vault_view()](
                        const rpc::Caller& caller, const v1::RecordFullAgeRequest& request, kernel::Envelope*) {
    return LookAtAge(service->Read(), *vault, *view, caller, request);
  };
  host.Prepare<v1::RecordFullAgeRequest>("RecordFullAge", look);
}

}  // namespace

absl::Status Wiring::Setup(rpc::Host<MediationDomain>& host) {
  auto* service = &host.service();
  ASSIGN_OR_RETURN(Documents documents, Documents::Make());
  documents_ = std::make_unique<Documents>(std::move(documents));
  printer_ = std::make_unique<press::Printer>(press::Printer::Options{});
  ASSIGN_OR_RETURN(search_, CaseSearch::OpenFor(host, Describe));
  names_ = std::make_unique<StaffNames>(AskDirectory(host.config()));
  queries_ = std::make_unique<Queries>(QueryParts{[service] { return service->Read(); }, host.vault(),
                                                  &host.vault_view(), documents_.get(), printer_.get(), search_.get(),
                                                  &host.audit(), names_.get()});
  LookAtParties<v1::ApplyRequest>(host, "Apply");
  LookAtParties<v1::RegisterExOfficioRequest>(host, "RegisterExOfficio");
  LookAtParties<v1::ReceiveReferralRequest>(host, "ReceiveReferral");
  LookAtParties<v1::CompleteIntakeRequest>(host, "CompleteIntake");
  LookAtAges(host);
  rpc::Serve(host, queries_.get(), "GetCase", &Queries::GetCase);
  rpc::Serve(host, queries_.get(), "ListCases", &Queries::ListCases);
  rpc::Serve(host, queries_.get(), "ListSteps", &Queries::ListSteps);
  rpc::Serve(host, queries_.get(), "CountCases", &Queries::CountCases);
  rpc::Serve(host, queries_.get(), "TrackCase", &Queries::TrackCase);
  rpc::Serve(host, queries_.get(), "GetFileIndex", &Queries::GetFileIndex);
  rpc::Serve(host, queries_.get(), "ListPromises", &Queries::ListPromises);
  rpc::Serve(host, queries_.get(), "CountStatistics", &Queries::CountStatistics);
  rpc::Serve(host, queries_.get(), "SearchCases", &Queries::SearchCases);
  rpc::Serve(host, queries_.get(), "RevealParty", &Queries::RevealParty);
  rpc::Serve(host, queries_.get(), "ListAccesses", &Queries::ListAccesses);
  rpc::ServeFile(host, queries_.get(), "PrintDocument", &Queries::PrintDocument);
  rpc::ServeFile(host, queries_.get(), "PrintFile", &Queries::PrintFile);
  sheets_ = std::make_unique<Sheets>([service] { return service->Read(); });
  rpc::ServeFile(host, sheets_.get(), "ExportCases", &Sheets::ExportCases);
  rpc::ServeFile(host, sheets_.get(), "ExportStatistics", &Sheets::ExportStatistics);
  return absl::OkStatus();
}

void Wiring::Start() {
  if (search_ != nullptr) search_->Start();
}

void Wiring::Stop() {
  if (search_ != nullptr) search_->Stop();
}

}  // namespace mediation
