#include "services/oversight/wiring.h"

namespace oversight {
namespace {

template <class Request, class Response>
void Register(rpc::Host<OversightDomain>& host, const Queries* queries, std::string_view method,
              rpc::Answer (Queries::*run)(const rpc::Caller&, const Request&, Response*) const) {
  host.Query<Request, Response>(
      method, [queries, run](const rpc::Caller& caller, const Request& request, Response* response) {
        return (queries->*run)(caller, request, response);
      });
}

}  // namespace

absl::Status Wiring::Setup(rpc::Host<OversightDomain>& host) {
  auto* service = &host.service();
  queries_ = std::make_unique<Queries>([service] { return service->Read(); });
  Register(host, queries_.get(), "ListReview", &Queries::ListReview);
  Register(host, queries_.get(), "CountReview", &Queries::CountReview);
  Register(host, queries_.get(), "GetStanding", &Queries::GetStanding);
  Register(host, queries_.get(), "ListLights", &Queries::ListLights);
  Register(host, queries_.get(), "GetOrder", &Queries::GetOrder);
  Register(host, queries_.get(), "ListOrders", &Queries::ListOrders);
  Register(host, queries_.get(), "GetInstruction", &Queries::GetInstruction);
  Register(host, queries_.get(), "ListInstructions", &Queries::ListInstructions);
  return absl::OkStatus();
}

}  // namespace oversight
