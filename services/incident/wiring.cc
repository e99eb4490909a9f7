#include "services/incident/wiring.h"

#include "base/status_macros.h"
#include "services/rpc/serve.h"

namespace incident {
absl::Status Wiring::Setup(rpc::Host<IncidentDomain>& host) {
  auto* service = &host.service();
  ASSIGN_OR_RETURN(search_, IncidentSearch::OpenFor(host, Describe));
  queries_ = std::make_unique<Queries>(
      QueryParts{[service] { return service->Read(); }, host.vault(), &host.vault_view(), search_.get(),
                 &host.audit()});
  const Queries* q = queries_.get();
  rpc::Serve(host, q, "GetIncident", &Queries::GetIncident);
  rpc::Serve(host, q, "ListIncidents", &Queries::ListIncidents);
  rpc::Serve(host, q, "ListSteps", &Queries::ListSteps);
  rpc::Serve(host, q, "CountIncidents", &Queries::CountIncidents);
  rpc::Serve(host, q, "TrackIncident", &Queries::TrackIncident);
  rpc::Serve(host, q, "SuggestDuplicates", &Queries::SuggestDuplicates);
  rpc::Serve(host, q, "SearchIncidents", &Queries::SearchIncidents);
  rpc::Serve(host, q, "RevealParty", &Queries::RevealParty);
  rpc::Serve(host, q, "ListAccesses", &Queries::ListAccesses);
  rpc::Serve(host, q, "ListCampaigns", &Queries::ListCampaigns);
  rpc::Serve(host, q, "EstimateCampaign", &Queries::EstimateCampaign);
  rpc::Serve(host, q, "GetCampaign", &Queries::GetCampaign);
  rpc::Serve(host, q, "ListTasks", &Queries::ListTasks);
  sheets_ = std::make_unique<Sheets>([service] { return service->Read(); });
  rpc::ServeFile(host, sheets_.get(), "ExportDisputes", &Sheets::ExportDisputes);
  return absl::OkStatus();
}

void Wiring::Start() {
  if (search_ != nullptr) search_->Start();
}

void Wiring::Stop() {
  if (search_ != nullptr) search_->Stop();
}

}  // namespace incident
