#include "services/mediation/wiring.h"

#include <utility>

#include "base/status_macros.h"

namespace mediation {
namespace {

template <class Request, class Response>
void Register(rpc::Host<MediationDomain>& host, const Queries* queries, std::string_view method,
              rpc::Answer (Queries::*run)(const rpc::Caller&, const Request&, Response*) const) {
  host.Query<Request, Response>(
      method, [queries, run](const rpc::Caller& caller, const Request& request, Response* response) {
        return (queries->*run)(caller, request, response);
      });
}

template <class Asked, class Request>
void RegisterFile(rpc::Host<MediationDomain>& host, const Asked* asked, std::string_view method,
                  rpc::Answer (Asked::*run)(const rpc::Caller&, const Request&,
                                              rpc::NextMessage<google::api::HttpBody>*) const) {
  host.Stream<Request, google::api::HttpBody>(
      method, [asked, run](const rpc::Caller& caller, const Request& request,
                             rpc::NextMessage<google::api::HttpBody>* next) {
        return (asked->*run)(caller, request, next);
      });
}

}  // namespace

absl::Status Wiring::Setup(rpc::Host<MediationDomain>& host) {
  auto* service = &host.service();
  ASSIGN_OR_RETURN(Documents documents, Documents::Make());
  documents_ = std::make_unique<Documents>(std::move(documents));
  printer_ = std::make_unique<press::Printer>(press::Printer::Options{});
  if (host.vault() != nullptr) {
    auto terms = std::make_shared<const search::Terms>(host.vault()->Fingerprint(search::kKeyOf));
    auto describe = Describe(terms, host.vault(), &host.vault_view());
    ASSIGN_OR_RETURN(search_, CaseSearch::Open({host.config().data_dir() + "/search", std::move(terms), service,
                                              [service] { return service->Read(); }, std::move(describe),
                                              &host.metrics()}));
    service->AddWatch([this](uint64_t) { search_->Wake(); });
  }
  queries_ = std::make_unique<Queries>(QueryParts{[service] { return service->Read(); }, host.vault(),
                                                  &host.vault_view(), documents_.get(), printer_.get(), search_.get()});
  Register(host, queries_.get(), "GetCase", &Queries::GetCase);
  Register(host, queries_.get(), "ListCases", &Queries::ListCases);
  Register(host, queries_.get(), "ListSteps", &Queries::ListSteps);
  Register(host, queries_.get(), "CountCases", &Queries::CountCases);
  Register(host, queries_.get(), "TrackCase", &Queries::TrackCase);
  Register(host, queries_.get(), "GetFileIndex", &Queries::GetFileIndex);
  Register(host, queries_.get(), "ListPromises", &Queries::ListPromises);
  Register(host, queries_.get(), "CountStatistics", &Queries::CountStatistics);
  Register(host, queries_.get(), "SearchCases", &Queries::SearchCases);
  Register(host, queries_.get(), "RevealParty", &Queries::RevealParty);
  RegisterFile(host, queries_.get(), "PrintDocument", &Queries::PrintDocument);
  RegisterFile(host, queries_.get(), "PrintFile", &Queries::PrintFile);
  sheets_ = std::make_unique<Sheets>([service] { return service->Read(); });
  RegisterFile(host, sheets_.get(), "ExportCases", &Sheets::ExportCases);
  RegisterFile(host, sheets_.get(), "ExportStatistics", &Sheets::ExportStatistics);
  return absl::OkStatus();
}

void Wiring::Start() {
  if (search_ != nullptr) search_->Start();
}

void Wiring::Stop() {
  if (search_ != nullptr) search_->Stop();
}

}  // namespace mediation
