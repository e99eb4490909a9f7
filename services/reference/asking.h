#pragma once
// The cost of asking 填报成本 (R13) as all who decide about it reckon it: what one fill takes by the city's row, minutes as
// people read them, and what a change of the policies makes reports ask for. What a mass task takes of the grids:
// services/incident/domain/asking.h. Pure.

#include <cstdint>
#include <string>
#include <vector>

#include "policy/v1/policy.pb.h"

namespace reference {

// The row of the city; that of a policy older than the row.
policy::v1::AskingCost AskingRowOf(const policy::v1::IncidentPolicy& policy);

int64_t MinutesOf(int64_t seconds);  // rounded up
std::string MinutesZh(int64_t minutes);  // "1 小时 7 分"
std::string MinutesEn(int64_t minutes);

// Nobody knows how many will report under a category: a hundred of each are reckoned.
inline constexpr int64_t kReportsReckoned = 100;

// Categories under which a report asks for more than before: a photo where none was asked for, or demanded where it was
// left to whoever reports. By the row that was in force, so that no change makes itself cheap.
struct AskedMore {
  std::vector<std::string> categories;
  int64_t seconds_per_report = 0;
  int64_t minutes = 0;  // of the reports reckoned, of all these categories
};
AskedMore AskedMoreBy(const policy::v1::PolicySet& before, const policy::v1::PolicySet& after);

// "每件约多 30 秒，× 2 类 × 各 100 件 ≈ 共 1 小时 40 分（0201、0301）。"
std::string AskedMoreZh(const AskedMore& more);
std::string AskedMoreEn(const AskedMore& more);

}  // namespace reference
