// Oversight: standing of matters, deadline lights, review lists, what leaders ask. Wiring only.
#include "services/oversight/subscriptions.h"
#include "services/oversight/wiring.h"

int main(int argc, char** argv) {
  oversight::Wiring wiring;
  rpc::ServiceParts<oversight::OversightDomain> parts;
  parts.service = oversight::v1::InstructRequest::descriptor()->file()->FindServiceByName("Oversight");
  parts.subscriptions = oversight::Subscriptions([&wiring](int32_t calendar) { return wiring.Knows(calendar); });
  parts.topics = {{"directory", {"directory."}}, {"incident", {"incident.", "campaign."}},
                  {"mediation", {"mediation."}}, {"petition", {"petition."}}};
  parts.topics_before = {{"incident", {"incident."}}};  // tasks of campaigns that are over are in no figure then
  parts.setup = [&wiring](rpc::Host<oversight::OversightDomain>& host) { return wiring.Setup(host); };
  return rpc::RunService(argc, argv, std::move(parts));
}
