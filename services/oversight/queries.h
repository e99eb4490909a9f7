#pragma once
// What oversight answers: the leaders' page, numbers before anything is opened, one matter, lights,
// instructions. Reads one published moment a call, on a query thread; changes nothing. Every list walks one
// range of one index: a page costs the same at a hundred matters and at a million.

#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "google/api/httpbody.pb.h"
#include "oversight/v1/api.pb.h"
#include "services/kernel/reader.h"
#include "services/oversight/domain/oversight.h"
#include "services/rpc/access.h"
#include "services/rpc/audit.h"
#include "services/rpc/errors.h"
#include "services/rpc/following.h"
#include "services/rpc/server.h"

namespace oversight {

using OversightReader = kernel::Reader<OversightDomain>;

inline constexpr int kPageDefault = 20;
inline constexpr int kPageSizeMax = 100;

// Refuses an area that is not of these levels, and one that there is not: zeros would speak of a place nobody knows.
rpc::Answer CheckArea(const OversightReader& reader, const std::string& area, int lowest = common::v1::TOWNSHIP,
                      int highest = common::v1::CITY);

// What was asked of a matter, to be shown to the caller: theirs to see, and not gone with its petition.
absl::StatusOr<bool> IsShown(const OversightReader& reader, const v1::State& asked, const std::string& matter_id,
                             const rpc::Caller& caller);

// What was asked, with the words of a refusal.
v1::Asked InWords(const v1::Asked& asked);

// The row of the review list a matter makes for leaders of `level`, as `reader` may see it, as of `now_ms`.
// `reference`: which units are closed; null: not asked.
v1::ReviewItem ReviewItemOf(const v1::Matter& matter, int level, const kernel::v1::Actor& reader, int64_t now_ms,
                            const reference::Reference* reference = nullptr);

class Queries {
 public:
  using Heard = std::function<std::vector<rpc::Following>()>;

  // `heard`: how far the followed services are heard; null where nobody follows.
  // `audit`: outlives it; null: nobody can be told who looked.
  explicit Queries(std::function<OversightReader()> read, Heard heard = nullptr, const rpc::AuditLog* audit = nullptr)
      : read_(std::move(read)), heard_(std::move(heard)), audit_(audit) {}

  rpc::Answer ListReview(const rpc::Caller&, const v1::ListReviewRequest&, v1::ListReviewResponse*) const;
  rpc::Answer CountReview(const rpc::Caller&, const v1::CountReviewRequest&, v1::CountReviewResponse*) const;
  rpc::Answer GetStanding(const rpc::Caller&, const v1::GetStandingRequest&, v1::Standing*) const;
  rpc::Answer ListAccesses(const rpc::Caller&, const common::v1::ListAccessesRequest&,
                           common::v1::ListAccessesResponse*) const;
  rpc::Answer ListAreaAccesses(const rpc::Caller&, const common::v1::ListAreaAccessesRequest&,
                               common::v1::ListAccessesResponse*) const;
  rpc::Answer ListLights(const rpc::Caller&, const v1::ListLightsRequest&, v1::ListLightsResponse*) const;
  rpc::Answer GetOrder(const rpc::Caller&, const v1::GetOrderRequest&, v1::SupervisionOrder*) const;
  rpc::Answer ListOrders(const rpc::Caller&, const v1::ListOrdersRequest&, v1::ListOrdersResponse*) const;
  rpc::Answer GetInstruction(const rpc::Caller&, const v1::GetInstructionRequest&, v1::Instruction*) const;
  rpc::Answer ListInstructions(const rpc::Caller&, const v1::ListInstructionsRequest&,
                               v1::ListInstructionsResponse*) const;
  rpc::Answer GetTask(const rpc::Caller&, const v1::GetTaskRequest&, v1::GradedTask*) const;
  rpc::Answer ListTasks(const rpc::Caller&, const v1::ListTasksRequest&, v1::ListTasksResponse*) const;
  rpc::Answer GetScorecard(const rpc::Caller&, const v1::GetScorecardRequest&, v1::Scorecard*) const;
  rpc::Answer ListScorecards(const rpc::Caller&, const v1::ListScorecardsRequest&, v1::ListScorecardsResponse*) const;
  rpc::Answer ExportScorecard(const rpc::Caller&, const v1::ExportScorecardRequest&,
                              rpc::NextMessage<google::api::HttpBody>*) const;
  rpc::Answer ListMetrics(const rpc::Caller&, const v1::ListMetricsRequest&, v1::ListMetricsResponse*) const;
  rpc::Answer GetMetric(const rpc::Caller&, const v1::GetMetricRequest&, v1::Figure*) const;
  rpc::Answer ListCounted(const rpc::Caller&, const v1::ListCountedRequest&, v1::ListCountedResponse*) const;
  rpc::Answer ExportMetrics(const rpc::Caller&, const v1::ExportMetricsRequest&,
                            rpc::NextMessage<google::api::HttpBody>*) const;
  rpc::Answer Analyse(const rpc::Caller&, const v1::AnalyseRequest&, v1::AnalyseResponse*) const;
  rpc::Answer GetFreshness(const rpc::Caller&, const v1::GetFreshnessRequest&, v1::Freshness*) const;
  rpc::Answer CompareMonth(const rpc::Caller&, const v1::CompareMonthRequest&, v1::CompareMonthResponse*) const;
  rpc::Answer GetWarning(const rpc::Caller&, const v1::GetWarningRequest&, v1::Warning*) const;
  rpc::Answer ListWarnings(const rpc::Caller&, const v1::ListWarningsRequest&, v1::ListWarningsResponse*) const;
  rpc::Answer CountWarnings(const rpc::Caller&, const v1::CountWarningsRequest&, v1::CountWarningsResponse*) const;
  rpc::Answer ExportWarningCounts(const rpc::Caller&, const v1::ExportWarningCountsRequest&,
                                  rpc::NextMessage<google::api::HttpBody>*) const;
  rpc::Answer GetSuggestion(const rpc::Caller&, const v1::GetSuggestionRequest&, v1::Suggestion*) const;
  rpc::Answer ListSuggestions(const rpc::Caller&, const v1::ListSuggestionsRequest&,
                              v1::ListSuggestionsResponse*) const;
  rpc::Answer GetInspection(const rpc::Caller&, const v1::GetInspectionRequest&, v1::Inspection*) const;
  rpc::Answer ListInspections(const rpc::Caller&, const v1::ListInspectionsRequest&,
                              v1::ListInspectionsResponse*) const;
  rpc::Answer GetMeasure(const rpc::Caller&, const v1::GetMeasureRequest&, v1::Measure*) const;
  rpc::Answer ListMeasures(const rpc::Caller&, const v1::ListMeasuresRequest&, v1::ListMeasuresResponse*) const;

  rpc::Answer ListCampaigns(const rpc::Caller&, const v1::ListCampaignsRequest&, v1::ListCampaignsResponse*) const;
  rpc::Answer GetCampaign(const rpc::Caller&, const v1::GetCampaignRequest&, v1::CampaignReview*) const;
  rpc::Answer ListCampaignCounted(const rpc::Caller&, const v1::ListCampaignCountedRequest&,
                                  v1::ListCampaignCountedResponse*) const;
  rpc::Answer CountAppeals(const rpc::Caller&, const v1::CountAppealsRequest&, v1::CountAppealsResponse*) const;
  rpc::Answer ListAppeals(const rpc::Caller&, const v1::ListAppealsRequest&, v1::ListAppealsResponse*) const;

 private:
  v1::Freshness FreshnessAt(int64_t now_ms) const;

  const std::function<OversightReader()> read_;
  const Heard heard_;
  const rpc::AuditLog* const audit_;
};

}  // namespace oversight
