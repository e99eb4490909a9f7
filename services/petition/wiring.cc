#include "services/petition/wiring.h"

#include <utility>

#include "base/status_macros.h"

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

template <class Asked, class Request>
void RegisterFile(rpc::Host<PetitionDomain>& host, const Asked* asked, std::string_view method,
                  rpc::Answer (Asked::*run)(const rpc::Caller&, const Request&,
                                              rpc::NextMessage<google::api::HttpBody>*) const) {
  host.Stream<Request, google::api::HttpBody>(
      method, [asked, run](const rpc::Caller& caller, const Request& request,
                             rpc::NextMessage<google::api::HttpBody>* next) {
        return (asked->*run)(caller, request, next);
      });
}

}  // namespace

absl::Status Wiring::Setup(rpc::Host<PetitionDomain>& host) {
  auto* service = &host.service();
  ASSIGN_OR_RETURN(Documents documents, Documents::Make());
  documents_ = std::make_unique<Documents>(std::move(documents));
  printer_ = std::make_unique<press::Printer>(press::Printer::Options{});
  if (host.vault() != nullptr) {
    auto terms = std::make_shared<const search::Terms>(host.vault()->Fingerprint(search::kKeyOf));
    auto describe = Describe(terms, host.vault(), &host.vault_view());
    ASSIGN_OR_RETURN(search_, PetitionSearch::Open({host.config().data_dir() + "/search", std::move(terms), service,
                                              [service] { return service->Read(); }, std::move(describe),
                                              &host.metrics()}));
    service->AddWatch([this](uint64_t) { search_->Wake(); });
  }
  queries_ = std::make_unique<Queries>(QueryParts{[service] { return service->Read(); }, host.vault(),
                                                  &host.vault_view(), documents_.get(), printer_.get(), search_.get()});
  Register(host, queries_.get(), "GetPetition", &Queries::GetPetition);
  Register(host, queries_.get(), "ListPetitions", &Queries::ListPetitions);
  Register(host, queries_.get(), "ListPetitionSteps", &Queries::ListPetitionSteps);
  Register(host, queries_.get(), "CountPetitions", &Queries::CountPetitions);
  Register(host, queries_.get(), "TrackPetition", &Queries::TrackPetition);
  Register(host, queries_.get(), "FindRepeats", &Queries::FindRepeats);
  Register(host, queries_.get(), "SearchPetitions", &Queries::SearchPetitions);
  Register(host, queries_.get(), "RevealPetitioner", &Queries::RevealPetitioner);
  Register(host, queries_.get(), "ListDocuments", &Queries::ListDocuments);
  RegisterFile(host, queries_.get(), "PrintDocument", &Queries::PrintDocument);
  RegisterFile(host, queries_.get(), "PrintFile", &Queries::PrintFile);
  sheets_ = std::make_unique<Sheets>([service] { return service->Read(); });
  RegisterFile(host, sheets_.get(), "ExportPetitions", &Sheets::ExportPetitions);
  RegisterFile(host, sheets_.get(), "ExportYearReport", &Sheets::ExportYearReport);
  Register(host, queries_.get(), "OpenSealed", &Queries::OpenSealed);
  Register(host, queries_.get(), "ListSealedDocuments", &Queries::ListSealedDocuments);
  Register(host, queries_.get(), "HoldsDocument", &Queries::HoldsDocument);
  Register(host, queries_.get(), "ListSealed", &Queries::ListSealed);
  Register(host, queries_.get(), "ListReceptions", &Queries::ListReceptions);
  return absl::OkStatus();
}

void Wiring::Start() {
  if (search_ != nullptr) search_->Start();
}

void Wiring::Stop() {
  if (search_ != nullptr) search_->Stop();
}

}  // namespace petition
