// Campaigns 专项排查 as leaders look at them: coverage and findings place by place, and the list behind every figure.
// Counts are read from tallies, so a city's campaign costs as many rows as the city has counties. Areas stand in the
// order of their codes, whatever their figures; nobody who does the work is named.
#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "base/area_code.h"
#include "base/status_macros.h"
#include "services/oversight/chained.h"
#include "services/oversight/domain/campaigns.h"
#include "services/oversight/domain/contributions.h"
#include "services/oversight/domain/metrics.h"
#include "services/oversight/domain/refusals.h"
#include "services/oversight/domain/standing.h"
#include "services/oversight/queries.h"
#include "services/rpc/page_token.h"

namespace oversight {
namespace {

using kernel::RefusalCode;

constexpr size_t kRowsMax = 50'000;  // places below one area, times counts and categories

rpc::Answer NotFound() { return Why(RefusalCode::kNotFound, "NOT_FOUND"); }
size_t PageSize(int wanted) {
  return static_cast<size_t>(wanted <= 0 ? kPageDefault : std::min(wanted, kPageSizeMax));
}

// How often each kind.
using Kinds = std::map<char, int64_t>;
int64_t Of(const Kinds& kinds, std::string_view which) {
  int64_t sum = 0;
  for (const char kind : which) {
    if (const auto at = kinds.find(kind); at != kinds.end()) sum += at->second;
  }
  return sum;
}

// What a campaign is in one area.
struct Sums {
  Kinds tasks, matters;
  std::map<std::string, std::pair<Kinds, Kinds>> place;  // by area below: tasks, matters
  std::map<std::string, Kinds> category;
};

absl::StatusOr<Sums> SumsOf(const OversightReader& reader, std::string_view campaign_id,
                            std::string_view area) {
  Sums sums;
  for (const std::string_view family : {"campaign", "finding"}) {
    const std::string prefix = CampaignTallies(family, campaign_id, area);
    ASSIGN_OR_RETURN(const auto rows, reader.Tallies(prefix, kRowsMax));
    if (rows.size() == kRowsMax)
      return absl::ResourceExhaustedError("a campaign in more places than can be summed");
    for (const auto& [key, count] : rows) {
      const std::vector<std::string> part = absl::StrSplit(key.substr(prefix.size()), '/');
      if (part.size() < 2 || part[1].empty()) continue;
      const char kind = part[1][0];
      const auto many = static_cast<int64_t>(count);
      const bool of_tasks = family == "campaign";
      (of_tasks ? sums.tasks : sums.matters)[kind] += many;
      if (part[0] != "-") (of_tasks ? sums.place[part[0]].first : sums.place[part[0]].second)[kind] += many;
      if (!of_tasks && part.size() > 2) sums.category[part[2]][kind] += many;
    }
  }
  return sums;
}

// An open task is overdue from the first moment after its campaign's, even before it is withdrawn.
bool IsOverdue(const v1::CampaignState& campaign, int64_t now_ms) {
  return campaign.due_at_ms() != 0 && now_ms > campaign.due_at_ms();
}

// The kinds in each count, of figures and of the lists behind them. Once a campaign's time is over its open tasks are
// overdue.
struct Count {
  v1::CampaignCount count;
  bool of_tasks;
  std::string_view in_time, over;
};
constexpr Count kCounts[] = {
    {v1::TASKS_ALL, true, "nfdom", "nfdom"}, {v1::TASKS_DONE, true, "nfd", "nfd"},
    {v1::TASKS_ALL_NORMAL, true, "n", "n"},  {v1::TASKS_WITH_FINDINGS, true, "f", "f"},
    {v1::TASKS_OPEN, true, "o", ""},         {v1::TASKS_OVERDUE, true, "m", "om"},
    {v1::TASKS_WITHDRAWN, true, "w", "w"},   {v1::MATTERS_FOUND, false, "scol", "scol"},
    {v1::MATTERS_SETTLED, false, "s", "s"},  {v1::MATTERS_NOT_SETTLED, false, "c", "c"},
    {v1::MATTERS_OPEN, false, "ol", "ol"},   {v1::MATTERS_OVERDUE, false, "l", "l"}};
const Count* FindCount(v1::CampaignCount count) {
  const auto* row = std::ranges::find(kCounts, count, &Count::count);
  return row == std::end(kCounts) ? nullptr : row;
}
std::string_view KindsIn(const Count& count, bool over) { return over ? count.over : count.in_time; }

void Fill(const Kinds& kinds, bool over, v1::CampaignTasks* out) {
  const auto of = [&](v1::CampaignCount count) { return Of(kinds, KindsIn(*FindCount(count), over)); };
  out->set_all(of(v1::TASKS_ALL));
  out->set_done(of(v1::TASKS_DONE));
  out->set_all_normal(of(v1::TASKS_ALL_NORMAL));
  out->set_with_findings(of(v1::TASKS_WITH_FINDINGS));
  out->set_open(of(v1::TASKS_OPEN));
  out->set_overdue(of(v1::TASKS_OVERDUE));
  out->set_withdrawn(of(v1::TASKS_WITHDRAWN));
  // Of what was asked, also where the asking was ended before its day: a place that was not looked at is not covered.
  const int64_t asked = out->all() + out->withdrawn();
  if (asked > 0) out->set_coverage(ShareText(out->done(), asked));
}

void Fill(const Kinds& kinds, v1::CampaignMatters* out) {
  const auto of = [&](v1::CampaignCount count) { return Of(kinds, FindCount(count)->in_time); };
  out->set_found(of(v1::MATTERS_FOUND));
  out->set_settled(of(v1::MATTERS_SETTLED));
  out->set_not_settled(of(v1::MATTERS_NOT_SETTLED));
  out->set_open(of(v1::MATTERS_OPEN));
  out->set_overdue(of(v1::MATTERS_OVERDUE));
}

// A grid has no rows of its own: it is one of the places of its village.
absl::StatusOr<Sums> SumsOfGrid(const OversightReader& reader, std::string_view campaign_id, const std::string& grid) {
  ASSIGN_OR_RETURN(Sums village, SumsOf(reader, campaign_id, base::CutTo(grid, common::v1::VILLAGE)));
  auto& [tasks, matters] = village.place[grid];
  return Sums{.tasks = std::move(tasks), .matters = std::move(matters), .place = {}, .category = {}};
}

// Of what the asking costs, the part of the grids that were asked here.
int64_t CostHere(const v1::CampaignState& campaign, std::string_view area, const Kinds& tasks) {
  if (base::Covers(area, campaign.area_code()) || campaign.cost_grids() == 0) return campaign.cost_minutes();
  const auto grids = static_cast<int64_t>(campaign.cost_grids());
  return campaign.cost_minutes() * std::min(Of(tasks, "nfdomw"), grids) / grids;
}

void Fill(const v1::CampaignState& campaign, std::string_view area, const Sums& sums, int64_t now_ms,
          v1::CampaignRow* out) {
  out->set_id(campaign.campaign_id());
  out->set_category(campaign.category());
  out->set_area_code(campaign.area_code());
  out->set_started_at_ms(campaign.started_at_ms());
  out->set_due_at_ms(campaign.due_at_ms());
  out->set_ended_at_ms(campaign.ended_at_ms());
  if (campaign.ended_at_ms() == 0 && campaign.due_at_ms() != 0)
    out->set_days_left(std::max(0, DueDay(campaign.due_at_ms()) - base::LocalDay(now_ms)));
  Fill(sums.tasks, IsOverdue(campaign, now_ms), out->mutable_tasks());
  Fill(sums.matters, out->mutable_matters());
  out->set_cost_minutes(CostHere(campaign, area, sums.tasks));
}

// The campaign, if it lies in the area or the area in it; otherwise there is none for whoever asks.
absl::StatusOr<std::optional<v1::CampaignState>> Find(const OversightReader& reader, const std::string& id,
                                                      const std::string& area) {
  ASSIGN_OR_RETURN(const auto stored, reader.Get(std::string(kCampaignIds) + id));
  if (!stored || !stored->state.has_campaign()) return std::nullopt;
  const v1::CampaignState& campaign = stored->state.campaign();
  if (!base::Covers(area, campaign.area_code()) && !base::Covers(campaign.area_code(), area))
    return std::nullopt;
  return campaign;
}

v1::CampaignCount TaskStands(char kind, bool overdue) {
  switch (kind) {
    case 'n':
      return v1::TASKS_ALL_NORMAL;
    case 'f':
      return v1::TASKS_WITH_FINDINGS;
    case 'd':
      return v1::TASKS_DONE;
    case 'w':
      return v1::TASKS_WITHDRAWN;
    default:
      return kind == 'm' || overdue ? v1::TASKS_OVERDUE : v1::TASKS_OPEN;
  }
}

v1::CampaignCount MatterStands(char kind) {
  return kind == 's'   ? v1::MATTERS_SETTLED
         : kind == 'c' ? v1::MATTERS_NOT_SETTLED
         : kind == 'l' ? v1::MATTERS_OVERDUE
                       : v1::MATTERS_OPEN;
}

// Not of its petition, whoever reads.
void FillMatter(const v1::Matter& whole, v1::ListCampaignCountedResponse::Counted* out) {
  v1::Matter scratch;
  const v1::Matter& matter = SeenAt(whole, common::v1::VILLAGE, &scratch);
  const auto finding = FindingOf(matter);
  if (!finding) return;
  out->set_stands(MatterStands(finding->kind));
  out->set_matter_code(matter.matter_code());
  out->set_area_code(finding->area);
  out->set_category(finding->category);
  if (const auto* holder = HolderPart(matter)) {
    out->set_service(holder->service());
    out->set_subject_id(holder->subject_id());
  }
  if (const auto* light = WorstLight(matter)) {
    out->set_light(light->light());
    out->set_due_at_ms(light->due_at_ms());
  }
}

}  // namespace

rpc::Answer Queries::ListCampaigns(const rpc::Caller& caller, const v1::ListCampaignsRequest& request,
                                   v1::ListCampaignsResponse* out) const {
  const std::string& area = request.area_code();
  const OversightReader reader = read_();
  if (auto wrong = CheckArea(reader, area); !wrong.ok()) return wrong;
  std::vector<std::string> prefixes;
  for (int level = common::v1::CITY; level > base::LevelOf(area); --level)
    prefixes.push_back(CampaignPrefix("at", base::CutTo(area, level), request.ended()));
  prefixes.push_back(CampaignPrefix("in", area, request.ended()));
  const std::string question = absl::StrCat("ListCampaigns ", prefixes.back());
  const auto position = rpc::PagePosition(question, request.page_token());
  if (!position) return Why(RefusalCode::kInvalid, "PAGE_TOKEN", "page_token");
  auto page = ListChained(reader, "campaign", prefixes, PageSize(request.page_size()), *position);
  if (!page.ok()) return page.status();
  for (const auto& item : page->items) {
    auto stored = reader.Get(item.aggregate_id);
    if (!stored.ok()) return stored.status();
    if (!*stored) continue;
    const v1::CampaignState& campaign = (*stored)->state.campaign();
    const auto sums = SumsOf(reader, campaign.campaign_id(), area);
    if (!sums.ok()) return sums.status();
    Fill(campaign, area, *sums, caller.now_ms, out->add_campaign());
  }
  out->set_as_of_ms(reader.now_ms());
  *out->mutable_freshness() = FreshnessAt(caller.now_ms);
  out->set_next_page_token(rpc::PageToken(question, page->next_page_token));
  return {};
}

rpc::Answer Queries::GetCampaign(const rpc::Caller& caller, const v1::GetCampaignRequest& request,
                                 v1::CampaignReview* out) const {
  const std::string& area = request.area_code();
  const OversightReader reader = read_();
  if (auto wrong = CheckArea(reader, area, common::v1::GRID); !wrong.ok()) return wrong;
  const auto campaign = Find(reader, request.id(), area);
  if (!campaign.ok()) return campaign.status();
  if (!*campaign) return NotFound();
  const auto sums = base::LevelOf(area) == common::v1::GRID ? SumsOfGrid(reader, request.id(), area)
                                                            : SumsOf(reader, request.id(), area);
  if (!sums.ok()) return sums.status();
  Fill(**campaign, area, *sums, caller.now_ms, out->mutable_campaign());
  const auto reference = reader.Reference();
  for (const auto& [code, kinds] : sums->place) {
    auto* place = out->add_place();
    place->set_area_code(code);
    if (const auto* known = reference->FindArea(code); known != nullptr) place->set_name(known->name());
    Fill(kinds.first, IsOverdue(**campaign, caller.now_ms), place->mutable_tasks());
    Fill(kinds.second, place->mutable_matters());
  }
  for (const auto& [code, kinds] : sums->category) {
    auto* category = out->add_category();
    category->set_category(code.empty() ? std::string(kNoCategory) : code);
    Fill(kinds, category->mutable_matters());
  }
  out->set_area_code(area);
  out->set_as_of_ms(reader.now_ms());
  *out->mutable_freshness() = FreshnessAt(caller.now_ms);
  return {};
}

rpc::Answer Queries::ListCampaignCounted(const rpc::Caller& caller,
                                         const v1::ListCampaignCountedRequest& request,
                                         v1::ListCampaignCountedResponse* out) const {
  const std::string& area = request.area_code();
  const OversightReader reader = read_();
  if (auto wrong = CheckArea(reader, area, common::v1::GRID); !wrong.ok()) return wrong;
  caller.note->field = absl::StrCat(request.id(), " ", v1::CampaignCount_Name(request.count()));
  const auto campaign = Find(reader, request.id(), area);
  if (!campaign.ok()) return campaign.status();
  if (!*campaign) return NotFound();
  const bool overdue = IsOverdue(**campaign, caller.now_ms);
  const Count* count = FindCount(request.count());
  if (count == nullptr) return Why(RefusalCode::kInvalid, "VALUE_NEEDED", "count");
  if (count->of_tasks && !request.category().empty())
    return Why(RefusalCode::kInvalid, "NOT_TOGETHER", "category");
  std::vector<std::string> prefixes;
  for (const char kind : KindsIn(*count, overdue))
    prefixes.push_back(count->of_tasks ? TaskListPrefix(request.id(), kind, area)
                                       : FindingListPrefix(request.id(), kind, area));
  const std::string question =
      absl::StrCat("ListCampaignCounted ", request.id(), " ", area, " ", static_cast<int>(request.count()),
                   " ", overdue ? "over " : "", request.category());
  const auto position = rpc::PagePosition(question, request.page_token());
  if (!position) return Why(RefusalCode::kInvalid, "PAGE_TOKEN", "page_token");
  const bool every = request.category().empty();
  const std::string ending = request.category() == kNoCategory ? "/" : "/" + request.category();
  const auto page =
      ListChained(reader, "campaign", prefixes, PageSize(request.page_size()), *position,
                  [&](std::string_view key) { return every || key.ends_with(ending); });
  if (!page.ok()) return page.status();
  for (const auto& item : page->items) {
    auto stored = reader.Get(item.aggregate_id);
    if (!stored.ok()) return stored.status();
    if (!*stored) continue;
    auto* row = out->add_counted();
    row->set_id(item.aggregate_id);
    if (!count->of_tasks) {
      FillMatter((*stored)->state.matter(), row);
      continue;
    }
    const v1::CampaignTask& task = (*stored)->state.task();
    row->set_id(item.aggregate_id.substr(item.aggregate_id.find('/') + 1));  // as its own service calls it
    row->set_area_code(task.grid_code().empty() ? task.area_code() : task.grid_code());
    row->set_stands(TaskStands(TaskKind(task), overdue));
    row->set_due_at_ms(task.due_ms());
  }
  out->set_as_of_ms(reader.now_ms());
  out->set_next_page_token(rpc::PageToken(question, page->next_page_token));
  return {};
}

}  // namespace oversight
