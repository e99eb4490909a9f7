// The cost of asking (R13): what a mass task would cost before it is started, and what those of this month cost the
// grids of an area. Sums of grids and minutes; nobody's name and nobody's time is in them.

#include "base/area_code.h"
#include "base/calendar.h"
#include "base/status_macros.h"
#include "services/incident/domain/asking.h"
#include "services/incident/domain/deciding.h"
#include "services/incident/domain/index_keys.h"
#include "services/incident/page.h"
#include "services/incident/queries.h"

namespace incident {
namespace {

constexpr size_t kAskedChunk = 64;

int64_t StartOfMonthMs(int64_t now_ms) {
  base::Date date = base::DateOf(base::LocalDay(now_ms));
  date.day = 1;
  return base::StartOfDayMs(base::DayOf(date));
}

// The part of a campaign's cost that fell on `grids` of its grids.
int64_t PartOf(const v1::AskingCost& cost, uint64_t grids) {
  if (cost.grids() == 0 || grids >= cost.grids()) return cost.minutes();
  return static_cast<int64_t>(static_cast<uint64_t>(cost.minutes()) * grids / cost.grids());
}

class Sum {
 public:
  Sum(const MatterReader& reader, v1::AskedThisMonth* sum) : reader_(reader), sum_(sum) {}

  // Newest first, so the first one of an earlier month ends the walk. `grids`: of the area added up for, if the
  // campaigns under this prefix are those of a wider one.
  absl::Status Add(const std::string& prefix, std::optional<uint64_t> grids) {
    MergedRanges ranges(reader_, "campaign", {prefix}, std::nullopt, kAskedChunk);
    while (true) {
      ASSIGN_OR_RETURN(const auto place, ranges.Next());
      if (!place) return absl::OkStatus();
      if (++scanned_ > kAskedScannedMax) {
        sum_->set_more(true);
        return absl::OkStatus();
      }
      ASSIGN_OR_RETURN(const auto stored, reader_.Get(place->id));
      if (!stored || !stored->state.has_campaign()) continue;
      const v1::Campaign& campaign = stored->state.campaign();
      if (campaign.started_at_ms() < sum_->since_ms()) return absl::OkStatus();
      if (!campaign.has_cost()) continue;
      sum_->set_campaigns(sum_->campaigns() + 1);
      sum_->set_minutes(sum_->minutes() +
                        (grids ? PartOf(campaign.cost(), *grids) : campaign.cost().minutes()));
    }
  }

 private:
  const MatterReader& reader_;
  v1::AskedThisMonth* sum_;
  size_t scanned_ = 0;
};

// What asks some of the same grids for the same, as starting it would say: the newest; empty: nothing does.
absl::StatusOr<std::string> NewestRunning(const MatterReader& reader, const v1::StartCampaignRequest& asked) {
  std::string newest;
  int64_t newest_ms = 0;
  for (const std::string& prefix : RunningPrefixes(asked.category(), asked.area_code())) {
    ASSIGN_OR_RETURN(const auto page, reader.List("running", prefix, 1));
    for (const auto& item : page.items) {
      ASSIGN_OR_RETURN(const auto stored, reader.Get(item.aggregate_id));
      const int64_t started_ms = stored ? stored->state.campaign().started_at_ms() : 0;
      if (started_ms <= newest_ms) continue;
      newest_ms = started_ms;
      newest = item.aggregate_id;
    }
  }
  return newest;
}

}  // namespace

rpc::Answer Queries::EstimateCampaign(const rpc::Caller& caller, const v1::EstimateCampaignRequest& request,
                                      v1::EstimateCampaignResponse* response) const {
  const v1::StartCampaignRequest& asked = request.campaign();
  if (asked.area_code().empty() || !AreasWanted(caller, asked.area_code())) return OutsideYourArea();
  const MatterReader reader = parts_.read();
  const auto known = reader.Reference();
  if (auto objection = CampaignObjection(asked, *known, caller.now_ms)) return *std::move(objection);
  *response->mutable_cost() = CostOf(asked, *known);
  response->set_explanation_zh(CostTextZh(response->cost()) + "确定要布置吗？");
  response->set_explanation_en(CostTextEn(response->cost()) + " Is it worth it?");
  v1::GetCampaignRequest running;
  ASSIGN_OR_RETURN(*running.mutable_id(), NewestRunning(reader, asked));
  return running.id().empty() ? rpc::Answer() : GetCampaign(caller, running, response->mutable_running());
}

absl::Status Queries::AddUpAsked(const MatterReader& reader, const rpc::Caller& caller,
                                 const std::vector<std::string>& areas, v1::AskedThisMonth* sum) const {
  const auto known = reader.Reference();
  sum->set_since_ms(StartOfMonthMs(caller.now_ms));
  Sum adding(reader, sum);
  for (const std::string& area : areas) {
    const uint64_t grids = known->CountGrids(area);
    sum->set_grids(sum->grids() + grids);
    RETURN_IF_ERROR(adding.Add(AskedPrefix(area), std::nullopt));
    for (std::string up = base::ParentOf(area); !up.empty(); up = base::ParentOf(up)) {
      RETURN_IF_ERROR(adding.Add("@" + up + '\0', grids));
    }
  }
  return absl::OkStatus();
}

}  // namespace incident
