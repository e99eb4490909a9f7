#include "services/oversight/domain/campaigns.h"

#include <absl/strings/str_cat.h>

#include <algorithm>

#include "base/area_code.h"
#include "base/coding.h"
#include "services/oversight/domain/keys.h"
#include "services/oversight/domain/standing.h"

namespace oversight {
namespace {

using absl::StrCat;

constexpr int kTaskLevels[] = {common::v1::VILLAGE, common::v1::TOWNSHIP, common::v1::COUNTY,
                               common::v1::CITY};
constexpr int kReviewLevels[] = {common::v1::TOWNSHIP, common::v1::COUNTY, common::v1::CITY};

void AddCampaign(const v1::CampaignState& campaign, std::vector<kernel::IndexEntry>* entries) {
  const auto add = [&](std::string_view list, std::string_view area) {
    std::string key = CampaignPrefix(list, area, campaign.ended_at_ms() != 0);
    base::AppendU64(&key, ~static_cast<uint64_t>(campaign.started_at_ms()));
    entries->push_back({"campaign", std::move(key)});
  };
  const std::string& whole = campaign.area_code();
  for (const int level : kReviewLevels) {
    if (const std::string area = base::CutTo(whole, level); !area.empty()) add("in", area);
  }
  if (base::LevelOf(whole) > common::v1::TOWNSHIP) add("at", whole);
}

std::string AreaOf(const v1::CampaignTask& task) {
  return task.grid_code().empty() ? task.area_code() : task.grid_code();
}

}  // namespace

char TaskKind(const v1::CampaignTask& task) {
  if (task.done_ms() != 0) return task.all_normal() ? 'n' : task.findings() > 0 ? 'f' : 'd';
  if (task.withdrawn()) return task.overdue() ? 'm' : 'w';
  return 'o';
}

std::optional<Finding> FindingOf(const v1::Matter& whole) {
  const auto found = std::ranges::find_if(whole.part(), [](const v1::Part& part) {
    return part.has_incident() && !part.incident().campaign_id().empty();
  });
  if (found == whole.part().end()) return std::nullopt;
  const auto& incident = found->incident();
  if (incident.status() == incident::v1::REJECTED || incident.status() == incident::v1::CANCELLED ||
      incident.status() == incident::v1::MERGED) {
    return std::nullopt;
  }
  v1::Matter scratch;
  const v1::Matter& matter = SeenAt(whole, common::v1::VILLAGE, &scratch);
  const std::string& area = incident.grid_code().empty() ? whole.area_code() : incident.grid_code();
  Finding finding{incident.campaign_id(), 'c', incident.category(), area};
  if (IsOpen(matter)) {
    finding.kind = WorstColour(matter) == common::v1::RED ? 'l' : 'o';
  } else if (incident.substantively_resolved()) {
    finding.kind = 's';
  }
  return finding;
}

std::string CampaignPrefix(std::string_view list, std::string_view area, bool over) {
  std::string key = StrCat(std::string(list), "/", std::string(area), "/");
  base::AppendU8(&key, over ? 1 : 0);
  return key;
}

std::string TaskListPrefix(std::string_view campaign_id, char kind, std::string_view area) {
  return StrCat("t/", std::string(campaign_id), "/", std::string(1, kind), "/", std::string(area));
}

std::string FindingListPrefix(std::string_view campaign_id, char kind, std::string_view area) {
  return StrCat("f/", std::string(campaign_id), "/", std::string(1, kind), "/", std::string(area));
}

std::string CampaignTallies(std::string_view family, std::string_view campaign_id, std::string_view area) {
  return StrCat(std::string(family), "/", std::string(campaign_id), "/", std::string(area), "/");
}

void AddCampaignEntries(const v1::State& state, std::vector<kernel::IndexEntry>* entries) {
  if (state.has_campaign()) AddCampaign(state.campaign(), entries);
  if (state.has_task()) {
    const auto& task = state.task();
    entries->push_back({"campaign", TaskListPrefix(task.campaign_id(), TaskKind(task), AreaOf(task))});
  }
  if (!state.has_matter()) return;
  if (const auto finding = FindingOf(state.matter())) {
    entries->push_back({"campaign", StrCat(FindingListPrefix(finding->campaign_id, finding->kind, finding->area), "/",
                                           finding->category)});
  }
}

void AddCampaignTallies(const v1::State& state, std::vector<kernel::TallyEntry>* tallies) {
  const auto add = [&](std::string_view family, const std::string& campaign, const std::string& whole,
                       const std::string& rest) {
    for (const int level : kTaskLevels) {
      const std::string area = base::CutTo(whole, level);
      if (area.empty()) continue;
      tallies->push_back({StrCat(CampaignTallies(family, campaign, area), BelowIn(whole, level), "/", rest)});
    }
  };
  if (state.has_task()) {
    const auto& task = state.task();
    add("campaign", task.campaign_id(), AreaOf(task), std::string(1, TaskKind(task)));
  }
  if (!state.has_matter()) return;
  if (const auto finding = FindingOf(state.matter())) {
    add("finding", finding->campaign_id, finding->area,
        StrCat(std::string(1, finding->kind), "/", finding->category));
  }
}

}  // namespace oversight
