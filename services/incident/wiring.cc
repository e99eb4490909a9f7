#include "services/incident/wiring.h"

#include "base/status_macros.h"

namespace incident {
namespace {

template <class Request, class Response>
void Register(rpc::Host<IncidentDomain>& host, const Queries* queries, std::string_view method,
              rpc::Answer (Queries::*run)(const rpc::Caller&, const Request&, Response*) const) {
  host.Query<Request, Response>(
      method, [queries, run](const rpc::Caller& caller, const Request& request, Response* response) {
        return (queries->*run)(caller, request, response);
      });
}

}  // namespace

absl::Status Wiring::Setup(rpc::Host<IncidentDomain>& host) {
  auto* service = &host.service();
  if (host.vault() != nullptr) {
    auto terms = std::make_shared<const search::Terms>(host.vault()->Fingerprint(search::kKeyOf));
    auto describe = Describe(terms, host.vault(), &host.vault_view());
    ASSIGN_OR_RETURN(search_, IncidentSearch::Open({host.config().data_dir() + "/search", std::move(terms), service,
                                                    [service] { return service->Read(); }, std::move(describe),
                                                    &host.metrics()}));
    service->AddWatch([this](uint64_t) { search_->Wake(); });
  }
  queries_ = std::make_unique<Queries>(
      QueryParts{[service] { return service->Read(); }, host.vault(), &host.vault_view(), search_.get()});
  const Queries* q = queries_.get();
  Register(host, q, "GetIncident", &Queries::GetIncident);
  Register(host, q, "ListIncidents", &Queries::ListIncidents);
  Register(host, q, "ListSteps", &Queries::ListSteps);
  Register(host, q, "CountIncidents", &Queries::CountIncidents);
  Register(host, q, "TrackIncident", &Queries::TrackIncident);
  Register(host, q, "SuggestDuplicates", &Queries::SuggestDuplicates);
  Register(host, q, "SearchIncidents", &Queries::SearchIncidents);
  Register(host, q, "RevealParty", &Queries::RevealParty);
  Register(host, q, "ListCampaigns", &Queries::ListCampaigns);
  Register(host, q, "GetCampaign", &Queries::GetCampaign);
  Register(host, q, "ListTasks", &Queries::ListTasks);
  sheets_ = std::make_unique<Sheets>([service] { return service->Read(); });
  host.Stream<common::v1::SheetRequest, google::api::HttpBody>(
      "ExportDisputes", [sheets = sheets_.get()](const auto& caller, const auto& request, auto* next) {
        return sheets->ExportDisputes(caller, request, next);
      });
  return absl::OkStatus();
}

void Wiring::Start() {
  if (search_ != nullptr) search_->Start();
}

void Wiring::Stop() {
  if (search_ != nullptr) search_->Stop();
}

}  // namespace incident
