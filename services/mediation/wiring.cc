#include "services/mediation/wiring.h"

namespace mediation {
namespace {

template <class Request, class Response>
void Register(rpc::Host<MediationDomain>& host, const Queries* queries, std::string_view method,
              rpc::Answer (Queries::*run)(const rpc::Caller&, const Request&, Response*) const) {
  host.Query<Request, Response>(
      method, [queries, run](const rpc::Caller& caller, const Request& request, Response* response) {
        return (queries->*run)(caller, request, response);
      });
}

}  // namespace

absl::Status Wiring::Setup(rpc::Host<MediationDomain>& host) {
  auto* service = &host.service();
  queries_ = std::make_unique<Queries>(
      QueryParts{[service] { return service->Read(); }, host.vault(), &host.vault_view()});
  Register(host, queries_.get(), "GetCase", &Queries::GetCase);
  Register(host, queries_.get(), "ListCases", &Queries::ListCases);
  Register(host, queries_.get(), "ListSteps", &Queries::ListSteps);
  Register(host, queries_.get(), "CountCases", &Queries::CountCases);
  Register(host, queries_.get(), "TrackCase", &Queries::TrackCase);
  Register(host, queries_.get(), "GetFileIndex", &Queries::GetFileIndex);
  Register(host, queries_.get(), "ListPromises", &Queries::ListPromises);
  Register(host, queries_.get(), "CountStatistics", &Queries::CountStatistics);
  Register(host, queries_.get(), "RevealParty", &Queries::RevealParty);
  return absl::OkStatus();
}

}  // namespace mediation
