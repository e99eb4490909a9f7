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
    {"ALREADY_EXISTS", "该批示、督办单或督查已存在。", "This instruction, order or inspection exists already."},
    {"ALREADY_LISTED", "该事项已由本级联席会议挂牌督办。",
     "The joint conference of this level has listed this matter already."},
    {"ALREADY_ORDERED", "对该单位已有同级或更重的督办单。",
     "There is an order or draft of this card or a graver one to the unit already."},
    {"ALREADY_RELEASED", "四色榜已放行。", "This scorecard is released already."},
    {"ALREADY_REPORTED", "本单位已报告办理情况。", "Your unit has reported already."},
    {"BAD_COMPLETED_DAY", "完成日期应如 2026-10-20，不得晚于今天和所报月份的最后一天，也不得早于任务下达。",
     "The day of completion is written like 2026-10-20, not after today or the month reported, and not before the task "
     "was made."},
    {"BAD_DAY", "日期应如 2026-10-01，止日须晚于起日，且不晚于今天。",
     "A day is written like 2026-10-01, the end lies after the start, and not in the future."},
    {"BAD_DUE_DAY", "期限应如 2026-12-10，不早于今天。", "The day is written like 2026-12-10 and is not in the past."},
    {"BAD_INSPECTION_DAY", "督查日期应如 2026-12-01，不早于今天，且在一年之内。",
     "The day of an inspection is written like 2026-12-01, not before today and within a year."},
    {"BAD_MONTH", "月份应如 2026-10，止月须晚于起月，且不晚于本月。",
     "A month is written like 2026-10, the end lies after the start, and not in the future."},
    {"BAD_PAST_DAY", "日期应如 2026-11-20，不晚于今天。", "The day is written like 2026-11-20 and is not in the future."},
    {"BAD_PERCENT", "进度应为0至100。", "Progress is a number from 0 to 100."},
    {"BAD_PLAN", "计划进度须自开始月至结束月逐月填写，不得下降，末月为100。",
     "The plan has every month from start to end once, never falls, and ends with 100."},
    {"BAD_PLANNED_END", "计划完成日期应如 2026-10-31，不早于计划开始，也不早于今天。",
     "The planned end is written like 2026-10-31; it lies neither before the planned start nor before today."},
    {"BAD_PLANNED_START", "计划开始日期应如 2026-10-01。", "The planned start is written like 2026-10-01."},
    {"BAD_RECTIFY_DAY", "整改期限应如 2026-12-10，须晚于今天，且在一年之内。",
     "The day by which things are put right is written like 2026-12-10, after today and within a year."},
    {"BAD_TIME", "期限须晚于现在。", "The date must lie in the future."},
    {"CALENDAR_MISSING", "工作日历尚未载入，暂不能计算期限。",
     "The calendar is not loaded yet, so no date can be computed."},
    {"CITY_LEADER_NEEDED", "对县级单位出示红牌须由市领导签发。",
     "A red card against a unit of the county level is the city leader's to give."},
    {"COMPLETED_IS_ALL", "填报完成的，进度应为100。", "What is completed has a progress of 100."},
    {"CONTENT_NEEDED", "内容不能为空。", "The content must not be empty."},
    {"FINDINGS_STRUCK", "对本单位的问题均已撤销，无需整改。", "Every finding about your unit was struck out."},
    {"FINDINGS_THERE", "已记录发现的问题，不能取消督查。",
     "Something was found already: this inspection is not taken back."},
    {"FINDING_ACCEPTED", "该单位的整改已通过，问题不再撤销。", "The report of this unit was accepted: the finding stays."},
    {"GRADING_DATES_MISSING", "政策中还没有四色督查的日期（DO-03、DO-04、DO-04-FREEZE），请先更新政策。",
     "The policies have no dates for four-colour grading yet (DO-03, DO-04, DO-04-FREEZE): load the new rows first."},
    {"GREEN_BY_UNIT", "按地区只列黄灯和红灯；绿灯请按单位查询。",
     "Of an area yellow and red lights are listed; ask for green ones by unit."},
    {"GROUND_NOT_ENOUGH", "该事由不足以出具这一等级的督办单。", "This ground does not carry an order of this card."},
    {"GROUND_NOT_THERE", "目前没有出现该事由所述的情形。", "What this ground says is not so at present."},
    {"HIGHEST_LEVEL", "已在最高层级。", "The matter is at the highest level already."},
    {"HORSE_NEEDS_COMPLETION", "评为骏马须有经核实的提前完成。",
     "A grade of HORSE needs a verified completion ahead of plan."},
    {"INSPECTION_AHEAD", "尚未到督查日期。", "The day of this inspection has not come."},
    {"LEAD_UNIT_ONLY", "任务的督办单只发给牵头单位。", "An order about a task goes to the unit that leads it."},
    {"LEVEL_NOT_LOWER", "只能下派到更低层级。", "A matter is sent down to a lower level only."},
    {"MATTER_ENDED", "该事项已办结。", "This matter has ended."},
    {"MATTER_NOT_THEIRS", "该信访事项与该单位无关，不得告知。",
     "That unit has nothing to do with this petition, and is told nothing of it."},
    {"MATTER_OR_TASK", "督办单针对一个事项或一项任务，二者填一。",
     "An order is about a matter or a task: name one of them."},
    {"MONTH_FROZEN", "该月评定已冻结。", "This month is frozen."},
    {"MONTH_NOT_OVER", "该月尚未结束，请在月末之后录入。", "This month is not over: it is entered after its end."},
    {"MONTH_NOT_OPEN", "该月不需要或尚不能填报。", "Nothing is to be reported for this month, or not yet."},
    {"NOTHING_REPORTED", "没有可核实的报告。", "There is no report that stands."},
    {"NOTHING_TO_LIST", "该指标来自平台之外，没有可展开的清单。", "This figure comes from outside: there is no list behind it."},
    {"NOTHING_TO_SIGN", "没有待签署的调整或更正。", "No change of this grade waits for a signature."},
    {"NOT_ALLOWED", "您无权进行此项操作。", "You may not do this."},
    {"NOT_FOR_PETITION", "信访事项由谁办理、在哪一级办理依信访工作条例确定，不能指派或下派。",
     "Who handles a petition, and at which level, follows from the law: it is not assigned or sent down."},
    {"NOT_FOUND", "没有这个事项、批示、督办单或督查，或者您无权查看。",
     "There is no such matter, instruction, order or inspection, or you may not see it."},
    {"NOT_ON_SCORECARD", "四色榜上没有这个任务节点。", "This milestone is not on the scorecard."},
    {"NOT_PUBLISHED", "四色榜尚未公布。", "This scorecard is not published yet."},
    {"NOT_TOGETHER", "按单位统计时不能再按类别筛选。", "By unit, matters are not told apart by category."},
    {"NO_AUTHORITY", "接收机关对该单位没有管理权限。", "This body has no authority over the unit."},
    {"NO_CHANGE", "该单位已是牵头单位。", "This unit leads the matter already."},
    {"NO_SUCH_FINDING", "没有这个问题，或已撤销。", "There is no such finding, or it was struck out."},
    {"NO_SUCH_MATTER", "没有这个事项，或者您无权查看。", "There is no such matter, or you may not see it."},
    {"NO_SUCH_METRIC", "没有这项指标。", "There is no such figure."},
    {"NO_SUCH_MILESTONE", "没有这个节点。", "There is no such milestone."},
    {"NO_SUCH_MONTH", "月份应如 2026-10。", "A month is written like 2026-10."},
    {"NO_SUCH_TASK", "没有这项任务，或者您无权查看。", "There is no such task, or you may not see it."},
    {"NO_SUCH_VERSION", "没有这个版本。", "There is no such version."},
    {"ONE_LEVEL_AT_A_TIME", "下派每次只能到下一级。", "A matter is sent down one level at a time."},
    {"OUT_OF_RANGE", "数值不在可能的范围内。", "This number is not possible here."},
    {"OWN_ANSWER", "不能审核本单位的答复。", "A unit does not judge its own answer."},
    {"OWN_FINDING", "不能撤销对本单位的问题。", "A unit does not strike out what was found of it."},
    {"OWN_MEASURE", "不能记录或结束对本单位的措施。", "A unit does not record or end a measure about itself."},
    {"OWN_ORDER", "不能撤销对本单位的督办单。", "A unit does not take back an order to itself."},
    {"OWN_ORDER_DRAFT", "不能对本单位提出督办，请报上一级。",
     "Nobody proposes an order against their own unit: ask the level above."},
    {"OWN_REPORT", "不能核实本单位的月报。", "A unit does not verify its own report."},
    {"OWN_UNIT", "不能督查牵头督查的单位本身。", "A unit does not inspect itself."},
    {"PAGE_TOKEN", "分页标记与本次查询不符，请从第一页开始。",
     "The page token does not belong to this query; start from the first page."},
    {"PERIOD_TOO_LONG", "时间段最长十年。", "A period is at most ten years."},
    {"REPORT_LATE", "填报期限已过（当月最后一个工作日）。", "The time to report is over (the last working day of the month)."},
    {"REPORT_VERIFIED", "月报已核实。", "This report is verified already."},
    {"SAME_GRADE", "与现有评定相同。", "This is the grade it has."},
    {"SAME_PERSON", "提出与签署须为不同的人。", "Who asks for a change does not sign it."},
    {"TASKS_MAX", "本地区进行中的任务已达上限（500项）。", "This area has as many tasks as it may have (500)."},
    {"TASK_NOT_ACTIVE", "任务未在进行中。", "This task is not under way."},
    {"TOO_FAR", "日期最远为两年之内。", "A date lies at most two years ahead."},
    {"TOO_FEW", "数量过少，可能指向个人，不予展开。", "So few that the list could point to a person: it is not shown."},
    {"TOO_LONG", "内容过多。", "This is more than the limit."},
    {"UNKNOWN_AREA", "没有这个地区，或此处不能按这一级查询。", "There is no such area, or this is not asked of its level."},
    {"UNKNOWN_CODE", "没有这个代码，或此处不能使用。", "There is no such code, or it is not one for this."},
    {"UNKNOWN_ORG", "没有这个单位，或不在您的地区。", "There is no such unit, or not in your area."},
    {"UNIT_CLOSED", "所涉单位已撤销，请改由承接其职责的单位办理。",
     "A unit this is about or goes to is closed: name the one that has taken over its duties."},
    {"UNIT_NEEDED", "您负责多个被督查单位，请写明是哪一个。", "You answer for several of the units: say for which."},
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
