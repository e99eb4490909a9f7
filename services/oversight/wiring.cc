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

bool Wiring::Ready() const {
  if (!ready_) ready_ = service_->Read().Reference()->Ready();
  return ready_;
}

absl::Status Wiring::Setup(rpc::Host<OversightDomain>& host) {
  auto* service = &host.service();
  service_ = service;
  queries_ = std::make_unique<Queries>([service] { return service->Read(); });
  Register(host, queries_.get(), "ListReview", &Queries::ListReview);
  Register(host, queries_.get(), "CountReview", &Queries::CountReview);
  Register(host, queries_.get(), "GetStanding", &Queries::GetStanding);
  Register(host, queries_.get(), "ListLights", &Queries::ListLights);
  Register(host, queries_.get(), "GetOrder", &Queries::GetOrder);
  Register(host, queries_.get(), "ListOrders", &Queries::ListOrders);
  Register(host, queries_.get(), "GetInstruction", &Queries::GetInstruction);
  Register(host, queries_.get(), "ListInstructions", &Queries::ListInstructions);
  Register(host, queries_.get(), "ListMetrics", &Queries::ListMetrics);
  Register(host, queries_.get(), "GetMetric", &Queries::GetMetric);
  Register(host, queries_.get(), "ListCounted", &Queries::ListCounted);
  auto* queries = queries_.get();
  host.Stream<v1::ExportMetricsRequest, google::api::HttpBody>(
      "ExportMetrics", [queries](const rpc::Caller& caller, const v1::ExportMetricsRequest& request,
                                 rpc::NextMessage<google::api::HttpBody>* next) {
        return queries->ExportMetrics(caller, request, next);
      });
  return absl::OkStatus();
}

}  // namespace oversight
