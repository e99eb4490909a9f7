#include "services/incident/domain/knowledge.h"

#include "base/area_code.h"
#include "base/status_macros.h"
#include "common/v1/common.pb.h"
#include "services/incident/domain/limits.h"

namespace incident {

absl::Status Knowledge::Learn(const directory::v1::Notice& notice) {
  RETURN_IF_ERROR(directory_.Learn(notice));
  if (!notice.has_area_changed()) return absl::OkStatus();
  const directory::v1::Area& area = notice.area_changed();
  const int level = base::LevelOf(area.code());
  const bool open = area.valid_to().empty();
  grid_map_.Learn(area);
  if (level == common::v1::GRID) {
    if (open)
      grids_.insert(area.code());
    else
      grids_.erase(area.code());
  }
  if (level == common::v1::TOWNSHIP) townships_.insert(area.code());
  if (!area.successor().empty()) merged_into_[area.successor()].insert(area.code());
  if (level <= common::v1::CITY && (root_.empty() || level > base::LevelOf(root_))) root_ = area.code();
  return absl::OkStatus();
}

std::vector<std::string> Knowledge::GridsOf(std::string_view area, std::string_view after,
                                            size_t limit) const {
  std::vector<std::string> found;
  for (auto at = grids_.lower_bound(std::max(area, after)); at != grids_.end() && found.size() < limit;
       ++at) {
    if (!std::string_view(*at).starts_with(area)) break;
    if (*at != after) found.push_back(*at);
  }
  return found;
}

size_t Knowledge::CountGrids(std::string_view area) const {
  size_t count = 0;
  for (auto at = grids_.lower_bound(area); at != grids_.end() && std::string_view(*at).starts_with(area); ++at) {
    ++count;
  }
  return count;
}

std::vector<std::string> Knowledge::TownshipsOf(std::string_view area) const {
  const int level = base::LevelOf(area);
  if (level != 0 && level <= common::v1::TOWNSHIP) return {base::CutTo(area, common::v1::TOWNSHIP)};
  std::vector<std::string> found;
  for (auto at = townships_.lower_bound(area); at != townships_.end(); ++at) {
    if (!std::string_view(*at).starts_with(area)) break;
    found.push_back(*at);
  }
  return found;
}

std::vector<std::string> Knowledge::Predecessors(std::string_view code) const {
  std::vector<std::string> found;
  std::vector<std::string> open{std::string(code)};
  while (!open.empty() && found.size() < kPredecessorsMax) {
    const std::string at = open.back();
    open.pop_back();
    const auto merged = merged_into_.find(at);
    if (merged == merged_into_.end()) continue;
    for (const std::string& old : merged->second) {
      found.push_back(old);
      open.push_back(old);
    }
  }
  return found;
}

std::vector<std::string> Knowledge::MergedFromOutside(std::string_view area, size_t limit) const {
  std::vector<std::string> found;
  for (auto at = merged_into_.lower_bound(area); at != merged_into_.end(); ++at) {
    if (!std::string_view(at->first).starts_with(area)) break;
    for (std::string& old : Predecessors(at->first)) {
      if (found.size() == limit) return found;
      if (!base::Covers(area, old)) found.push_back(std::move(old));
    }
  }
  return found;
}

}  // namespace incident
