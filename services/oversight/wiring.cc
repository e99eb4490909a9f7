#include "services/oversight/wiring.h"

#include "services/rpc/serve.h"

namespace oversight {

bool Wiring::Knows(int32_t calendar_revision) const {
  if (calendar_ >= calendar_revision) return true;
  const auto reference = service_->Read().Reference();
  if (reference->Ready()) calendar_ = reference->calendar().revision();
  return calendar_ >= calendar_revision;
}

absl::Status Wiring::Setup(rpc::Host<OversightDomain>& host) {
  auto* service = &host.service();
  service_ = service;
  queries_ = std::make_unique<Queries>([service] { return service->Read(); }, [&host] { return host.Heard(); },
                                       &host.audit());
  rpc::Serve(host, queries_.get(), "ListReview", &Queries::ListReview);
  rpc::Serve(host, queries_.get(), "CountReview", &Queries::CountReview);
  rpc::Serve(host, queries_.get(), "GetStanding", &Queries::GetStanding);
  rpc::Serve(host, queries_.get(), "ListAccesses", &Queries::ListAccesses);
  rpc::Serve(host, queries_.get(), "ListAreaAccesses", &Queries::ListAreaAccesses);
  rpc::Serve(host, queries_.get(), "ListLights", &Queries::ListLights);
  rpc::Serve(host, queries_.get(), "GetOrder", &Queries::GetOrder);
  rpc::Serve(host, queries_.get(), "ListOrders", &Queries::ListOrders);
  rpc::Serve(host, queries_.get(), "GetInstruction", &Queries::GetInstruction);
  rpc::Serve(host, queries_.get(), "ListInstructions", &Queries::ListInstructions);
  rpc::Serve(host, queries_.get(), "GetTask", &Queries::GetTask);
  rpc::Serve(host, queries_.get(), "ListTasks", &Queries::ListTasks);
  rpc::Serve(host, queries_.get(), "GetScorecard", &Queries::GetScorecard);
  rpc::Serve(host, queries_.get(), "ListScorecards", &Queries::ListScorecards);
  rpc::ServeFile(host, queries_.get(), "ExportScorecard", &Queries::ExportScorecard);
  rpc::Serve(host, queries_.get(), "ListMetrics", &Queries::ListMetrics);
  rpc::Serve(host, queries_.get(), "GetMetric", &Queries::GetMetric);
  rpc::Serve(host, queries_.get(), "ListCounted", &Queries::ListCounted);
  rpc::ServeFile(host, queries_.get(), "ExportMetrics", &Queries::ExportMetrics);
  rpc::Serve(host, queries_.get(), "Analyse", &Queries::Analyse);
  rpc::Serve(host, queries_.get(), "GetFreshness", &Queries::GetFreshness);
  rpc::Serve(host, queries_.get(), "CompareMonth", &Queries::CompareMonth);
  rpc::Serve(host, queries_.get(), "GetWarning", &Queries::GetWarning);
  rpc::Serve(host, queries_.get(), "ListWarnings", &Queries::ListWarnings);
  rpc::Serve(host, queries_.get(), "CountWarnings", &Queries::CountWarnings);
  rpc::ServeFile(host, queries_.get(), "ExportWarningCounts", &Queries::ExportWarningCounts);
  rpc::Serve(host, queries_.get(), "GetSuggestion", &Queries::GetSuggestion);
  rpc::Serve(host, queries_.get(), "ListSuggestions", &Queries::ListSuggestions);
  rpc::Serve(host, queries_.get(), "GetInspection", &Queries::GetInspection);
  rpc::Serve(host, queries_.get(), "ListInspections", &Queries::ListInspections);
  rpc::Serve(host, queries_.get(), "GetMeasure", &Queries::GetMeasure);
  rpc::Serve(host, queries_.get(), "ListMeasures", &Queries::ListMeasures);
  rpc::Serve(host, queries_.get(), "ListCampaigns", &Queries::ListCampaigns);
  rpc::Serve(host, queries_.get(), "GetCampaign", &Queries::GetCampaign);
  rpc::Serve(host, queries_.get(), "ListCampaignCounted", &Queries::ListCampaignCounted);
  rpc::Serve(host, queries_.get(), "CountAppeals", &Queries::CountAppeals);
  rpc::Serve(host, queries_.get(), "ListAppeals", &Queries::ListAppeals);
  return absl::OkStatus();
}

}  // namespace oversight
