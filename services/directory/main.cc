// The directory: areas, organisations, accounts, calendar and policies. Wiring only.
#include "services/directory/wiring.h"

int main(int argc, char** argv) {
  directory::Wiring wiring;
  rpc::ServiceParts<directory::DirectoryDomain> parts;
  parts.service = directory::v1::PutAreasRequest::descriptor()->file()->FindServiceByName("Directory");
  parts.setup = [&wiring](directory::DirectoryHost& host) { return wiring.Setup(host); };
  parts.before_serving = [&wiring](directory::DirectoryHost& host) { return wiring.BeforeServing(host); };
  return rpc::RunService(argc, argv, std::move(parts));
}
