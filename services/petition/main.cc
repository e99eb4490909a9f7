// The petition service: petitions from registration to the end of the re-review. Wiring only.
#include "services/petition/subscriptions.h"
#include "services/petition/wiring.h"

int main(int argc, char** argv) {
  petition::Wiring wiring;
  rpc::ServiceParts<petition::PetitionDomain> parts;
  parts.service = petition::v1::GetPetitionRequest::descriptor()->file()->FindServiceByName("Petitions");
  parts.subscriptions = petition::Subscriptions();
  parts.topics = {{"directory", {"directory."}},
                  {"incident", {"incident.referred_to_petition"}},
                  {"mediation", {"mediation."}},
                  {"oversight",
                   {"oversight.order_issued", "oversight.order_closed", "oversight.listed", "oversight.unlisted",
                    "oversight.instruction_distributed", "oversight.instruction_withdrawn"}}};
  // What was distributed before stands on the petition as it was given; that it was given is heard no more.
  parts.topics_before = {
      {"oversight",
       {"oversight.order_issued", "oversight.order_closed", "oversight.listed", "oversight.unlisted",
        "oversight.instructed"}},
      {"oversight",
       {"oversight.order_issued", "oversight.order_closed", "oversight.listed", "oversight.unlisted",
        "oversight.instructed", "oversight.instruction_distributed", "oversight.instruction_withdrawn"}}};
  parts.setup = [&wiring](rpc::Host<petition::PetitionDomain>& host) { return wiring.Setup(host); };
  parts.before_serving = [&wiring](rpc::Host<petition::PetitionDomain>&) {
    wiring.Start();
    return absl::OkStatus();
  };
  parts.before_stop = [&wiring](rpc::Host<petition::PetitionDomain>&) { wiring.Stop(); };
  return rpc::RunService(argc, argv, std::move(parts));
}
