// Notify: who must know what, in boxes and by webhooks. Wiring only.
#include "services/notify/subscriptions.h"
#include "services/notify/wiring.h"

int main(int argc, char** argv) {
  notify::Wiring wiring;
  rpc::ServiceParts<notify::NotifyDomain> parts;
  parts.service = notify::v1::InboxEntry::descriptor()->file()->FindServiceByName("Notify");
  parts.subscriptions = notify::Subscriptions();
  parts.topics = {{"directory", {"directory.session_revoked"}},
                  {"incident", {"incident."}},
                  {"mediation", {"mediation."}},
                  {"oversight", {"oversight."}},
                  {"petition", {"petition."}}};
  parts.setup = [&wiring](rpc::Host<notify::NotifyDomain>& host) { return wiring.Setup(host); };
  parts.before_serving = [&wiring](rpc::Host<notify::NotifyDomain>& host) { return wiring.BeforeServing(host); };
  parts.before_stop = [&wiring](rpc::Host<notify::NotifyDomain>&) { wiring.BeforeStop(); };
  parts.read_reference = notify::RulesOf;
  return rpc::RunService(argc, argv, std::move(parts));
}
