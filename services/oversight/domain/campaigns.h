#pragma once
// What leaders are shown of campaigns 专项排查: in which count each task and each finding stands, and the rows of tallies
// and indexes made of it. Counts lie where the asking lay: a village that has been merged since keeps its own. Of a
// finding only what its incident and its mediation say counts; a petition shows nowhere. Pure.
//
//   tallies  campaign/<id>/<area>/<below>/<kind>              tasks, by TaskKind
//            finding/<id>/<area>/<below>/<kind>/<category>    what was found, by FindingOf
//            area: every one of village to city it lies in; below: the area next below, of a village its grid, or "-"
//   index    campaign: "in/" area '/' over(u8) ~started(u64be)   of every area from township up it lies in
//            "at/" area '/' over(u8) ~started(u64be)             of a county, a city that has started it
//            "t/" id '/' kind '/' area                           tasks, by grid
//            "f/" id '/' kind '/' area '/' category              findings, by grid, or village

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "oversight/v1/oversight.pb.h"
#include "services/kernel/domain.h"

namespace oversight {

inline constexpr std::string_view kCampaignIds = "campaign/";

// n all normal, f with findings, d done and no more is known, o open, m not done when the time was over, w withdrawn
// before.
char TaskKind(const v1::CampaignTask& task);

struct Finding {
  std::string campaign_id;
  char kind = 0;  // s settled, c closed and not settled, o open, l open and a clock is red
  std::string category;
  std::string area;  // its grid; of what was told before grids were, its village
};
// Nothing: no campaign found it, or it was refused, cancelled, merged.
std::optional<Finding> FindingOf(const v1::Matter& matter);

std::string CampaignPrefix(std::string_view list, std::string_view area, bool over);  // list: "in", "at"
std::string TaskListPrefix(std::string_view campaign_id, char kind, std::string_view area);
std::string FindingListPrefix(std::string_view campaign_id, char kind, std::string_view area);
std::string CampaignTallies(std::string_view family, std::string_view campaign_id, std::string_view area);
void AddCampaignEntries(const v1::State& state, std::vector<kernel::IndexEntry>* entries);
void AddCampaignTallies(const v1::State& state, std::vector<kernel::TallyEntry>* tallies);

}  // namespace oversight
