// Media: photographs, voice notes and scanned papers, and who may have them. Wiring only.
#include "services/media/subscriptions.h"
#include "services/media/wiring.h"

int main(int argc, char** argv) {
  media::Wiring wiring;
  rpc::ServiceParts<media::MediaDomain> parts;
  parts.service = media::v1::Upload::descriptor()->file()->FindServiceByName("Media");
  parts.subscriptions = media::Subscriptions();
  parts.topics = {{"directory", {"directory.session_revoked"}},
                  {"incident", {"incident."}},
                  {"mediation", {"mediation."}},
                  {"petition", {"petition."}}};
  parts.setup = [&wiring](rpc::Host<media::MediaDomain>& host) { return wiring.Setup(host); };
  parts.before_serving = [&wiring](rpc::Host<media::MediaDomain>& host) { return wiring.BeforeServing(host); };
  parts.before_stop = [&wiring](rpc::Host<media::MediaDomain>&) { wiring.BeforeStop(); };
  return rpc::RunService(argc, argv, std::move(parts));
}
