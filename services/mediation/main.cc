// The mediation service: people's mediation cases. Wiring only.
#include "services/mediation/subscriptions.h"
#include "services/mediation/wiring.h"

int main(int argc, char** argv) {
  mediation::Wiring wiring;
  rpc::ServiceParts<mediation::MediationDomain> parts;
  parts.service = mediation::v1::GetCaseRequest::descriptor()->file()->FindServiceByName("Mediation");
  parts.subscriptions = mediation::Subscriptions();
  parts.topics = {{"directory", {"directory."}},
                  {"incident", {"incident.referred_to_mediation"}},
                  {"petition", {"petition.referred_to_mediation", "petition.hand_over_lapsed"}},
                  {"oversight", {"oversight."}}};
  parts.topics_before = {{"petition", {"petition.referred_to_mediation"}}};  // none had lapsed then
  parts.setup = [&wiring](rpc::Host<mediation::MediationDomain>& host) { return wiring.Setup(host); };
  parts.before_serving = [&wiring](rpc::Host<mediation::MediationDomain>&) {
    wiring.Start();
    return absl::OkStatus();
  };
  parts.before_stop = [&wiring](rpc::Host<mediation::MediationDomain>&) { wiring.Stop(); };
  return rpc::RunService(argc, argv, std::move(parts));
}
