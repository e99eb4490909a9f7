// Oversight: standing of matters, deadline lights, review lists, what leaders ask. Wiring only.
#include "oversight/v1/api.pb.h"
#include "services/oversight/subscriptions.h"
#include "services/oversight/wiring.h"

int main(int argc, char** argv) {
  oversight::Wiring wiring;
  rpc::ServiceParts<oversight::OversightDomain> parts;
  // Its file holds the service alone: no message leads there.
  parts.service = google::protobuf::DescriptorPool::generated_pool()
                      ->FindFileByName(descriptor_table_oversight_2fv1_2fapi_2eproto.filename)
                      ->FindServiceByName("Oversight");
  parts.subscriptions = oversight::Subscriptions([&wiring](int32_t calendar) { return wiring.Knows(calendar); });
  parts.topics = {{"directory", {"directory."}}, {"incident", {"incident.", "campaign."}},
                  {"mediation", {"mediation."}}, {"petition", {"petition."}}};
  parts.topics_before = {{"incident", {"incident."}}};  // tasks of campaigns that are over are in no figure then
  parts.setup = [&wiring](rpc::Host<oversight::OversightDomain>& host) { return wiring.Setup(host); };
  return rpc::RunService(argc, argv, std::move(parts));
}
