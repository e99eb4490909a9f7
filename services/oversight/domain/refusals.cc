#include "services/oversight/domain/refusals.h"

#include <algorithm>

#include "base/check.h"

namespace oversight {
namespace {

struct Text {
  std::string_view reason, zh, en;
};

constexpr Text kTexts[] = {
    {"ALREADY_ASKED", "同样的要求已提出，正等待答复。",
     "The same was asked already and waits for an answer."},
    {"ALREADY_EXISTS", "该批示或督办单已存在。", "This instruction or order exists already."},
    {"ALREADY_ORDERED", "对该单位已有同级或更重的督办单。",
     "There is an order or draft of this card or a graver one to the unit already."},
    {"ALREADY_REPORTED", "本单位已报告办理情况。", "Your unit has reported already."},
    {"BAD_DAY", "日期应如 2026-10-01，止日须晚于起日，且不晚于今天。",
     "A day is written like 2026-10-01, the end lies after the start, and not in the future."},
    {"BAD_MONTH", "月份应如 2026-10，止月须晚于起月，且不晚于本月。",
     "A month is written like 2026-10, the end lies after the start, and not in the future."},
    {"BAD_TIME", "期限须晚于现在。", "The date must lie in the future."},
    {"CALENDAR_MISSING", "工作日历尚未载入，暂不能计算期限。",
     "The calendar is not loaded yet, so no date can be computed."},
    {"CITY_LEADER_NEEDED", "对县级单位出示红牌须由市领导签发。",
     "A red card against a unit of the county level is the city leader's to give."},
    {"CONTENT_NEEDED", "内容不能为空。", "The content must not be empty."},
    {"GROUND_NOT_ENOUGH", "该事由不足以出具这一等级的督办单。", "This ground does not carry an order of this card."},
    {"GROUND_NOT_THERE", "目前没有出现该事由所述的情形。", "What this ground says is not so at present."},
    {"HIGHEST_LEVEL", "已在最高层级。", "The matter is at the highest level already."},
    {"LEVEL_NOT_LOWER", "只能下派到更低层级。", "A matter is sent down to a lower level only."},
    {"MATTER_ENDED", "该事项已办结。", "This matter has ended."},
    {"NOT_ALLOWED", "您无权进行此项操作。", "You may not do this."},
    {"NOT_FOR_PETITION", "信访事项由谁办理、在哪一级办理依信访工作条例确定，不能指派或下派。",
     "Who handles a petition, and at which level, follows from the law: it is not assigned or sent down."},
    {"NOT_FOUND", "没有这个事项、批示或督办单。", "There is no such matter, instruction or order."},
    {"NOTHING_TO_LIST", "该指标来自平台之外，没有可展开的清单。", "This figure comes from outside: there is no list behind it."},
    {"NOT_TOGETHER", "按单位统计时不能再按类别筛选。", "By unit, matters are not told apart by category."},
    {"NO_SUCH_METRIC", "没有这项指标。", "There is no such figure."},
    {"NO_SUCH_MATTER", "没有这个事项，或者您无权查看。", "There is no such matter, or you may not see it."},
    {"NO_CHANGE", "该单位已是牵头单位。", "This unit leads the matter already."},
    {"OWN_ANSWER", "不能审核本单位的答复。", "A unit does not judge its own answer."},
    {"PAGE_TOKEN", "分页标记与本次查询不符，请从第一页开始。",
     "The page token does not belong to this query; start from the first page."},
    {"PERIOD_TOO_LONG", "时间段最长十年。", "A period is at most ten years."},
    {"TOO_FEW", "数量过少，可能指向个人，不予展开。", "So few that the list could point to a person: it is not shown."},
    {"TOO_LONG", "内容过多。", "This is more than the limit."},
    {"UNKNOWN_ORG", "没有这个单位，或不在您的地区。", "There is no such unit, or not in your area."},
    {"VALUE_NEEDED", "请选择或填写此项。", "This field is needed."},
    {"WRONG_STATUS", "当前状态不能进行此项操作。", "This is not possible in the present status."},
};

}  // namespace

kernel::Refusal Why(kernel::RefusalCode code, std::string_view reason, std::string_view field) {
  const Text* text = std::ranges::find(kTexts, reason, &Text::reason);
  CHECK(text != std::end(kTexts));
  return {code, std::string(reason), std::string(field), std::string(text->zh), std::string(text->en), {}};
}

}  // namespace oversight
