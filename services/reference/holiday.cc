#include "services/reference/holiday.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace reference {
namespace {

// 全国年节及纪念日放假办法, and the weekend.
constexpr std::pair<std::string_view, std::string_view> kNames[] = {
    {"元旦", "New Year's Day"},
    {"春节", "Spring Festival"},
    {"清明节", "Tomb-Sweeping Day"},
    {"劳动节", "Labour Day"},
    {"端午节", "Dragon Boat Festival"},
    {"中秋节", "Mid-Autumn Festival"},
    {"国庆节", "National Day"},
    {"中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日", "70th Anniversary of Victory Day"},
    {"周一", "Monday"},
    {"周二", "Tuesday"},
    {"周三", "Wednesday"},
    {"周四", "Thursday"},
    {"周五", "Friday"},
    {"周六", "Saturday"},
    {"周日", "Sunday"},
};

constexpr std::string_view kAnd = "、";

}  // namespace

std::string RestDayEn(std::string_view name_zh) {
  std::string out;
  while (true) {
    const size_t end = std::min(name_zh.find(kAnd), name_zh.size());
    const auto* known =
        std::ranges::find_if(kNames, [&](const auto& row) { return row.first == name_zh.substr(0, end); });
    if (known == std::end(kNames)) return "public holiday";
    out += (out.empty() ? "" : " and ") + std::string(known->second);
    if (end == name_zh.size()) return out;
    name_zh.remove_prefix(end + kAnd.size());
  }
}

}  // namespace reference
