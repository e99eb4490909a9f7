#include "services/petition/wiring.h"

#include <utility>

#include "base/status_macros.h"
#include "services/petition/same_people.h"
#include "services/rpc/serve.h"

namespace petition {
namespace {

// Whoever is typed twice is found before the vault hides who it is.
template <class Request>
void CompareNames(rpc::Host<PetitionDomain>& host, std::string_view method) {
  host.Prepare<Request>(method, [](const rpc::Caller&, const Request& request, kernel::Envelope*) {
    return NamedTwice(request);
  });
}

}  // namespace

absl::Status Wiring::Setup(rpc::Host<PetitionDomain>& host) {
  auto* service = &host.service();
  ASSIGN_OR_RETURN(Documents documents, Documents::Make());
  documents_ = std::make_unique<Documents>(std::move(documents));
  printer_ = std::make_unique<press::Printer>(press::Printer::Options{});
  ASSIGN_OR_RETURN(search_, PetitionSearch::OpenFor(host, Describe));
  queries_ = std::make_unique<Queries>(QueryParts{[service] { return service->Read(); }, host.vault(),
                                                  &host.vault_view(), documents_.get(), printer_.get(), search_.get(),
                                                  &host.audit()});
  CompareNames<v1::RegisterRequest>(host, "Register");
  CompareNames<v1::CompleteIntakeRequest>(host, "CompleteIntake");
  CompareNames<v1::CorrectPeopleRequest>(host, "CorrectPeople");
  CompareNames<v1::CallHearingRequest>(host, "CallHearing");
  CompareNames<v1::HoldHearingRequest>(host, "HoldHearing");
  CompareNames<v1::EndHearingRequest>(host, "EndHearing");
  rpc::Serve(host, queries_.get(), "GetPetition", &Queries::GetPetition);
  rpc::Serve(host, queries_.get(), "ListPetitions", &Queries::ListPetitions);
  rpc::Serve(host, queries_.get(), "ListPetitionSteps", &Queries::ListPetitionSteps);
  rpc::Serve(host, queries_.get(), "CountPetitions", &Queries::CountPetitions);
  rpc::Serve(host, queries_.get(), "TrackPetition", &Queries::TrackPetition);
  rpc::Serve(host, queries_.get(), "FindRepeats", &Queries::FindRepeats);
  rpc::Serve(host, queries_.get(), "SearchPetitions", &Queries::SearchPetitions);
  rpc::Serve(host, queries_.get(), "RevealPetitioner", &Queries::RevealPetitioner);
  rpc::Serve(host, queries_.get(), "ListAccesses", &Queries::ListAccesses);
  rpc::Serve(host, queries_.get(), "ListDocuments", &Queries::ListDocuments);
  rpc::ServeFile(host, queries_.get(), "PrintDocument", &Queries::PrintDocument);
  rpc::ServeFile(host, queries_.get(), "PrintFile", &Queries::PrintFile);
  sheets_ = std::make_unique<Sheets>([service] { return service->Read(); });
  rpc::ServeFile(host, sheets_.get(), "ExportPetitions", &Sheets::ExportPetitions);
  rpc::ServeFile(host, sheets_.get(), "ExportYearReport", &Sheets::ExportYearReport);
  rpc::Serve(host, queries_.get(), "OpenSealed", &Queries::OpenSealed);
  rpc::Serve(host, queries_.get(), "ListSealedDocuments", &Queries::ListSealedDocuments);
  rpc::Serve(host, queries_.get(), "HoldsDocument", &Queries::HoldsDocument);
  rpc::Serve(host, queries_.get(), "ListSealed", &Queries::ListSealed);
  rpc::Serve(host, queries_.get(), "ListReceptions", &Queries::ListReceptions);
  return absl::OkStatus();
}

void Wiring::Start() {
  if (search_ != nullptr) search_->Start();
}

void Wiring::Stop() {
  if (search_ != nullptr) search_->Stop();
}

}  // namespace petition
