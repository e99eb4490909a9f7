// The incident service: grid incidents, service requests, enterprise appeals, screening campaigns. Wiring
// only.
#include "services/incident/subscriptions.h"
#include "services/incident/wiring.h"

int main(int argc, char** argv) {
  incident::Wiring wiring;
  rpc::ServiceParts<incident::IncidentDomain> parts;
  parts.service = incident::v1::GetIncidentRequest::descriptor()->file()->FindServiceByName("Incidents");
  parts.subscriptions = incident::Subscriptions();
  parts.topics = {{"directory", {"directory."}},
                  {"mediation", {"mediation."}},
                  {"petition", {"petition."}},
                  {"oversight", {"oversight."}}};
  parts.setup = [&wiring](rpc::Host<incident::IncidentDomain>& host) { return wiring.Setup(host); };
  parts.before_serving = [&wiring](rpc::Host<incident::IncidentDomain>&) {
    wiring.Start();
    return absl::OkStatus();
  };
  parts.before_stop = [&wiring](rpc::Host<incident::IncidentDomain>&) { wiring.Stop(); };
  return rpc::RunService(argc, argv, std::move(parts));
}
