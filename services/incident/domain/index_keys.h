#pragma once
// Keys of this domain's indexes: written by Indexes(), read by the queries. Bytes sort the way the lists are
// shown.
//
//   code         matter code
//   query        query code of a citizen
//   area         township(9) group(1) ~reported(8) area code       newest first
//   county       county(6) group(1) ~reported(8) area code         the same, for counties and the city
//                group: '0' reported, '1' open, '2' ended
//   holder       org 0x00 due(8)                                    open matters, due first
//   leader       county(6) level(1) due(8)                          open, held by the county or above, due first
//   reporter     user 0x00 ~reported(8)                             newest first
//   campaign     campaign '/' kind …                                i matters
//                tasks: o open, d done, x withdrawn, e destroyed
//                '@' area 0x00 ~started(8)                          campaigns
//                '#' area 0x00 ~started(8)                          those inside an area, by each area around them
//   merged       primary '/' w or i                                 w: not yet told how it ended
//   task         grid(15) due(8)                                    open tasks
//   running      campaigns that have not ended, newest first:
//                '@' category area 0x00 ~started(8)                 by their own area
//                '#' category area 0x00 ~started(8)                 by each area around them, and their own
//   provisional  calendar revision(4)                               clocks beyond the horizon of the calendar

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/area_code.h"
#include "base/coding.h"
#include "common/v1/common.pb.h"

namespace incident {

inline std::string NewestFirst(int64_t at_ms) {
  std::string key;
  base::AppendU64(&key, ~static_cast<uint64_t>(at_ms));
  return key;
}
inline std::string DueFirst(int64_t due_ms) {
  std::string key;
  base::AppendU64(&key, due_ms == 0 ? UINT64_MAX : static_cast<uint64_t>(due_ms));
  return key;
}

// The code cut to a level, or padded where only a wider area is known.
inline std::string AreaColumn(std::string_view area, int level, size_t digits) {
  std::string cut = base::CutTo(area, level);
  if (cut.empty()) cut = std::string(area);
  cut.resize(digits, '0');
  return cut;
}
inline constexpr size_t kTownshipDigits = 9;
inline constexpr size_t kCountyDigits = 6;

inline std::string TownshipColumn(std::string_view area) {
  return AreaColumn(area, common::v1::TOWNSHIP, kTownshipDigits);
}
inline std::string CountyColumn(std::string_view area) {
  return AreaColumn(area, common::v1::COUNTY, kCountyDigits);
}

// `column`: of its township or its county.
inline std::string AreaKey(std::string column, std::string_view area, char group, int64_t reported_ms) {
  return std::move(column) + group + NewestFirst(reported_ms) + std::string(area);
}
inline std::string AskedPrefix(std::string_view area) { return "#" + std::string(area) + '\0'; }
inline std::string RunningPrefix(char kind, std::string_view category, std::string_view area) {
  return kind + std::string(category) + std::string(area) + '\0';
}
// Of the index "running": what asks some of the grids of `area`, from inside it or from around it.
inline std::vector<std::string> RunningPrefixes(std::string_view category, std::string_view area) {
  std::vector<std::string> prefixes = {RunningPrefix('#', category, area)};
  for (std::string up = base::ParentOf(area); !up.empty(); up = base::ParentOf(up)) {
    prefixes.push_back(RunningPrefix('@', category, up));
  }
  return prefixes;
}
inline std::string HolderPrefix(std::string_view org) { return std::string(org) + '\0'; }
inline std::string LeaderPrefix(std::string_view area, int level) {
  return CountyColumn(area) + static_cast<char>('0' + level);
}
inline std::string ReporterPrefix(std::string_view user) { return std::string(user) + '\0'; }
inline std::string TallyKey(std::string_view area, std::string_view status) {
  return "s/" + std::string(area) + "/" + std::string(status);
}
inline std::string CampaignTallyKey(std::string_view campaign, char kind) {
  return "c/" + std::string(campaign) + "/" + kind;
}

}  // namespace incident
