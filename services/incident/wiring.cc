#include "services/incident/wiring.h"

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
  queries_ = std::make_unique<Queries>(
      QueryParts{[service] { return service->Read(); }, host.vault(), &host.vault_view()});
  const Queries* q = queries_.get();
  Register(host, q, "GetIncident", &Queries::GetIncident);
  Register(host, q, "ListIncidents", &Queries::ListIncidents);
  Register(host, q, "ListSteps", &Queries::ListSteps);
  Register(host, q, "CountIncidents", &Queries::CountIncidents);
  Register(host, q, "TrackIncident", &Queries::TrackIncident);
  Register(host, q, "SuggestDuplicates", &Queries::SuggestDuplicates);
  Register(host, q, "RevealParty", &Queries::RevealParty);
  Register(host, q, "ListCampaigns", &Queries::ListCampaigns);
  Register(host, q, "GetCampaign", &Queries::GetCampaign);
  Register(host, q, "ListTasks", &Queries::ListTasks);
  return absl::OkStatus();
}

}  // namespace incident
