#include "services/oversight/domain/metrics.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <charconv>

namespace oversight {
namespace {

using Traits = std::string_view;

bool At(Traits traits, size_t place, char is) { return place < traits.size() && traits[place] == is; }
int DigitAt(Traits traits, size_t place) { return place < traits.size() ? traits[place] - '0' : 0; }

int64_t One(Traits) { return 1; }
int64_t Number(Traits t) { return NumberAfterDot(t); }
int64_t First(Traits t) { return At(t, 0, '1'); }
// Closed: resolved level origin in_time first_time extended evaluated reachable evidence .reworks
int64_t Resolved(Traits t) { return At(t, 0, '1'); }
int64_t InVillage(Traits t) { return At(t, 0, '1') && DigitAt(t, 1) <= 2; }
int64_t InTownship(Traits t) { return At(t, 0, '1') && DigitAt(t, 1) <= 3; }
int64_t FromBelow(Traits t) { return DigitAt(t, 2) <= 3; }
int64_t StayedBelow(Traits t) { return DigitAt(t, 2) <= 3 && DigitAt(t, 1) <= 3; }
int64_t InTime(Traits t) { return At(t, 3, '1'); }
int64_t Once(Traits t) { return At(t, 0, '1') && At(t, 4, '1'); }
int64_t Extended(Traits t) { return At(t, 5, '1'); }
int64_t Answered(Traits t) { return At(t, 6, '1') && At(t, 7, '1'); }
int64_t Reachable(Traits t) { return At(t, 7, '1'); }
int64_t Unproven(Traits t) { return At(t, 8, '0'); }
// Late: origin level suspended
int64_t LateFromBelow(Traits t) { return DigitAt(t, 0) <= 3; }
int64_t LateStayedBelow(Traits t) { return DigitAt(t, 0) <= 3 && DigitAt(t, 1) <= 3; }
int64_t NotSuspended(Traits t) { return At(t, 2, '0'); }
// Evaluated: score, solved, mere question
int64_t Scored(Traits t) { return !At(t, 0, '0'); }
int64_t Satisfied(Traits t) { return At(t, 0, '4') || At(t, 0, '5'); }
int64_t SaidWhether(Traits t) { return !At(t, 1, '0') && At(t, 2, '0'); }
int64_t SaidYes(Traits t) { return At(t, 1, '1') && At(t, 2, '0'); }
// Rated: the unit, the office
int64_t UnitRated(Traits t) { return !At(t, 0, '0'); }
int64_t UnitLiked(Traits t) { return At(t, 0, '4') || At(t, 0, '5'); }
int64_t OfficeRated(Traits t) { return !At(t, 1, '0'); }
int64_t OfficeLiked(Traits t) { return At(t, 1, '4') || At(t, 1, '5'); }
// Mediation: E09 to another authority, E11 not suitable, E12 died or gone are nobody's success or failure.
int64_t Effective(Traits t) { return At(t, 0, '0'); }
int64_t Tried(Traits t) { return !At(t, 0, 'a' + 9) && !At(t, 0, 'a' + 11) && !At(t, 0, 'a' + 12); }
int64_t Awaited(Traits t) { return At(t, 0, '1') || At(t, 0, '2'); }
int64_t SpokenTo(Traits t) { return At(t, 0, '2'); }
int64_t RepeatPersons(Traits t) { return At(t, 0, '1') ? NumberAfterDot(t) : 0; }

constexpr int kCloses = 7;  // days in which a citizen's no takes a resolution back
constexpr int kOnce = 90;
constexpr int kPublished = 10;  // DO-04: the 10th of the month after

constexpr Metric kMetrics[] = {
    {"K-01",
     v1::PERCENT,
     Shape::kRatio,
     kCloses,
     false,
     "化解率",
     "resolution",
     "期内办结或期末逾期未办结的事项中，期末已实质化解的比例。协议生效，或核查认定解决且七日内群众未评价未解决，为"
     "化解。",
     "Of the matters closed in the period, or open and past due at its end: those resolved at its end. Resolved: "
     "an agreement took effect, or "
     "the verifier said so and no citizen said otherwise within seven days.",
     {{'c', Of::kStanding, Resolved}},
     {{'c', Of::kStanding, One}, {'l', Of::kAtEnd, One}}},
    {"K-02",
     v1::PERCENT,
     Shape::kRatio,
     0,
     false,
     "调解成功率",
     "mediation success",
     "期内协议生效的调解案件，占期内生效或终结案件的比例；移交其他机关、不宜调解、当事人死亡或灭失的终结不计。",
     "Mediation cases whose agreement took effect, of those that took effect or ended; not counted: taken by "
     "another authority, not suitable, a party died "
     "or is gone.",
     {{'m', Of::kIn, Effective}},
     {{'m', Of::kIn, Tried}}},
    {"K-03",
     v1::PERCENT,
     Shape::kRatio,
     0,
     false,
     "履行率",
     "performance",
     "期内到期的协议条款中，期末已履行的比例。",
     "Of the clauses of agreements due in the period: those performed before its end.",
     {{'p', Of::kDone, First}},
     {{'p', Of::kIn, One}}},
    {"K-04a",
     v1::PERCENT,
     Shape::kRatio,
     kCloses,
     false,
     "小事不出村",
     "settled in the village",
     "已化解事项中，历次承办最高层级不超过村、社区的比例。",
     "Of the resolved matters: those that nobody above the village ever had to lead.",
     {{'c', Of::kStanding, InVillage}},
     {{'c', Of::kStanding, Resolved}}},
    {"K-04b",
     v1::PERCENT,
     Shape::kRatio,
     kCloses,
     false,
     "大事不出乡",
     "settled in the township",
     "已化解事项中，历次承办最高层级不超过乡镇、街道的比例。",
     "Of the resolved matters: those that nobody above the township ever had to lead.",
     {{'c', Of::kStanding, InTownship}},
     {{'c', Of::kStanding, Resolved}}},
    {"K-04c",
     v1::PERCENT,
     Shape::kRatio,
     0,
     false,
     "矛盾不上交",
     "not handed up",
     "源自乡镇及以下的事项中，未曾由县级及以上承办、也未成为县级及以上信访的比例。",
     "Of the matters that began in the township or below: those that never came to the county or above, nor became "
     "a petition there.",
     {{'c', Of::kStanding, StayedBelow}, {'l', Of::kAtEnd, LateStayedBelow}},
     {{'c', Of::kStanding, FromBelow}, {'l', Of::kAtEnd, LateFromBelow}}},
    {"K-05",
     v1::PERCENT,
     Shape::kRatio,
     0,
     false,
     "按期办结率",
     "closed in time",
     "应办结事项中，每一轮都在期限内办结的比例；期末缓办的不计。",
     "Of the matters that were to be closed: those closed by the due moment in every cycle; without those "
     "suspended at the end of the period.",
     {{'c', Of::kStanding, InTime}},
     {{'c', Of::kStanding, One}, {'l', Of::kAtEnd, NotSuspended}}},
    {"K-06",
     v1::PERCENT,
     Shape::kRatio,
     kOnce,
     false,
     "一次性化解率",
     "resolved at once",
     "已化解事项中，第一轮化解、没有返工、九十日内未重开、未再次反映的比例。期末九十日后为最终数。",
     "Of the resolved matters: those resolved in the first cycle, without rework, not reopened and not brought "
     "again within 90 days. Final 90 days after the "
     "period.",
     {{'c', Of::kStanding, Once}},
     {{'c', Of::kStanding, Resolved}}},
    {"K-07",
     v1::PERCENT,
     Shape::kRatio,
     0,
     true,
     "重复信访率（件次）",
     "repeated petitions",
     "期内登记的信访中，认定为重复的比例；有新的事实的不是重复。",
     "Of the petitions registered: those that say the same again. New facts are no repeat.",
     {{'g', Of::kIn, First}},
     {{'g', Of::kIn, One}}},
    {"K-07p",
     v1::PERCENT,
     Shape::kRatio,
     0,
     true,
     "重复信访率（人次）",
     "repeated petitions, by persons",
     "同上，按信访人次计。",
     "The same, by persons.",
     {{'g', Of::kIn, RepeatPersons}},
     {{'g', Of::kIn, Number}}},
    {"K-08",
     v1::PERCENT,
     Shape::kRatio,
     0,
     true,
     "满意率",
     "satisfaction",
     "期内评价中四分、五分的比例；未评价的不计。五级分布一并给出。",
     "Of the evaluations with a score: those with 4 or 5. Who did not answer is not counted. The distribution "
     "stands "
     "beside it.",
     {{'e', Of::kIn, Satisfied}},
     {{'e', Of::kIn, Scored}}},
    {"K-08u",
     v1::PERCENT,
     Shape::kRatio,
     0,
     true,
     "信访满意率（责任单位）",
     "satisfaction of petitioners with the unit",
     "期内信访评价中，对责任单位四分、五分的比例。",
     "Of the petitioners' ratings of the unit: those with 4 or 5.",
     {{'j', Of::kIn, UnitLiked}},
     {{'j', Of::kIn, UnitRated}}},
    {"K-08o",
     v1::PERCENT,
     Shape::kRatio,
     0,
     true,
     "信访满意率（信访部门）",
     "satisfaction of petitioners with the office",
     "期内信访评价中，对信访部门四分、五分的比例。",
     "Of the petitioners' ratings of the petition office: those with 4 or 5.",
     {{'j', Of::kIn, OfficeLiked}},
     {{'j', Of::kIn, OfficeRated}}},
    {"K-09",
     v1::PERCENT,
     Shape::kRatio,
     14,
     false,
     "响应率",
     "response",
     "期内派出的企业诉求和热线工单中，在期限内（企业诉求按DA-01，其他二十四小时）首次联系的比例。",
     "Of the enterprises' appeals and hotline tickets sent to a unit: those whose asker was spoken to in time "
     "(DA-01, otherwise 24 hours).",
     {{'d', Of::kIn, SpokenTo}},
     {{'d', Of::kIn, Awaited}}},
    {"K-10",
     v1::PERCENT,
     Shape::kRatio,
     0,
     true,
     "解决率",
     "solved, as citizens see it",
     "期内答复了是否解决的评价中，答“已解决”的比例；单纯咨询不计。",
     "Of the evaluations that say whether it is solved: those that say yes. Mere questions are not counted.",
     {{'e', Of::kIn, SaidYes}},
     {{'e', Of::kIn, SaidWhether}}},
    {"K-11",
     v1::PERCENT,
     Shape::kRatio,
     8,
     true,
     "参评率",
     "participation",
     "期内办结且可以联系到反映人的事项中，已评价的比例。",
     "Of the matters closed in the period whose reporter can be reached: those evaluated.",
     {{'c', Of::kStanding, Answered}},
     {{'c', Of::kStanding, Reachable}}},
    {"K-12",
     v1::PERCENT,
     Shape::kRatio,
     0,
     false,
     "及时受理率",
     "petitions decided on in time",
     "期内结束或逾期的转送、告知期限（DP-01、DP-02、DP-03）中，按期的比例。",
     "Of the periods for forwarding and notifying (DP-01, DP-02, DP-03) that ended or were missed: those kept.",
     {{'a', Of::kIn, First}},
     {{'a', Of::kIn, One}}},
    {"K-13",
     v1::PERCENT,
     Shape::kRatio,
     0,
     false,
     "按期答复率",
     "petitions answered in time",
     "期内应出具的处理、复查、复核意见和建议答复中，按期出具的比例。",
     "Of the opinions and replies due in the period: those issued by then.",
     {{'o', Of::kIn, First}},
     {{'o', Of::kIn, One}}},
    {"K-14",
     v1::PERCENT,
     Shape::kRatio,
     0,
     false,
     "返工率",
     "rework",
     "期内办结事项的返工次数合计，与办结数之比。",
     "Reworks of the matters closed in the period, to their number.",
     {{'c', Of::kStanding, Number}},
     {{'c', Of::kStanding, One}}},
    {"K-15",
     v1::PERCENT,
     Shape::kRatio,
     0,
     false,
     "退单率",
     "returns",
     "期内申请退回数与派遣数之比。",
     "Returns asked for, to dispatches.",
     {{'q', Of::kIn, One}},
     {{'d', Of::kIn, One}}},
    {"K-15r",
     v1::PERCENT,
     Shape::kRatio,
     0,
     false,
     "退单不成立率",
     "returns refused",
     "期内不予退回数与申请退回数之比。",
     "Returns refused, to returns asked for.",
     {{'r', Of::kIn, One}},
     {{'q', Of::kIn, One}}},
    {"K-16",
     v1::PERCENT,
     Shape::kRatio,
     0,
     false,
     "延期率",
     "extensions",
     "期内办结事项中，延过期的比例。",
     "Of the matters closed: those once extended.",
     {{'c', Of::kStanding, Extended}},
     {{'c', Of::kStanding, One}}},
    {"K-17",
     v1::PERCENT,
     Shape::kRatio,
     0,
     false,
     "司法确认申请率",
     "judicial confirmation applied for",
     "申请期在期内届满的书面协议中，按期申请司法确认的比例。",
     "Of the written agreements whose window ended: those for which confirmation was applied in time.",
     {{'w', Of::kIn, First}},
     {{'w', Of::kIn, One}}},
    {"K-17s",
     v1::PERCENT,
     Shape::kRatio,
     0,
     false,
     "司法确认成功率",
     "judicial confirmation given",
     "期内作出决定的司法确认申请中，予以确认的比例。",
     "Of the applications decided: those confirmed.",
     {{'v', Of::kIn, First}},
     {{'v', Of::kIn, One}}},
    {"K-18",
     v1::PERCENT,
     Shape::kRatio,
     0,
     false,
     "积案化解率",
     "backlog written off",
     "期内核销的积案，占期初积案与期内新列积案之和的比例。",
     "Backlog written off, to what there was at the start and what was listed since.",
     {{'B', Of::kIn, One}},
     {{'b', Of::kAtStart, One}, {'b', Of::kIn, One}}},
    {"K-19",
     v1::PERCENT,
     Shape::kRatio,
     kCloses,
     false,
     "领导包案化解率",
     "leaders' cases resolved",
     "期内办结并化解的领导包案，与目标日期在期末之前的领导包案之比。",
     "Leaders' cases closed and resolved in the period, to those whose target date lies before its end.",
     {{'z', Of::kIn, One}},
     {{'y', Of::kEver, One}}},
    {"K-20",
     v1::PERCENT,
     Shape::kRatio,
     0,
     false,
     "当场处置率",
     "settled on the spot",
     "期内当场处置数与网格员、网格长上报数之比。",
     "Matters settled on the spot, to those reported by grid workers and heads.",
     {{'h', Of::kIn, One}},
     {{'n', Of::kIn, First}}},
    {"K-21",
     v1::PERCENT,
     Shape::kRatio,
     0,
     false,
     "排查覆盖率",
     "screening tasks done",
     "期内到期的排查任务中，期末已完成（含“一切正常”）的比例。",
     "Of the campaign tasks due: those done before the end of the period, all-normal included.",
     {{'k', Of::kDone, First}},
     {{'k', Of::kIn, One}}},
    {"K-22",
     v1::DURATION,
     Shape::kDuration,
     0,
     false,
     "办理时长",
     "how long it took",
     "期内办结事项自受理至办结的时长，按各自期限的单位（工作日、日、小时），扣除暂停：平均数、中位数、第九十百分位"
     "。不同单位分别给出。",
     "From acceptance to the closing, in the unit of each matter's own period, pauses excluded: mean, median, 90th "
     "percentile; units apart.",
     {{'u', Of::kStanding, One}},
     {{'u', Of::kStanding, One}}},
    {"K-23",
     v1::PERCENT,
     Shape::kRatio,
     0,
     false,
     "督办按期反馈率",
     "orders answered in time",
     "期内应反馈的督办单中，按期反馈的比例。",
     "Of the supervision orders to be answered in the period: those answered by then.",
     {{'s', Of::kIn, First}},
     {{'s', Of::kIn, One}}},
    {"K-24",
     v1::COUNTS,
     Shape::kGrades,
     kPublished,
     false,
     "四色分布",
     "four-colour grades",
     "期内各月四色督查评定的节点数，按颜色和牵头单位分别计数，以已公布的最新版本为准；不求平均，不排名。",
     "Milestones graded for the months that end in the period, counted by colour and lead unit, in the newest "
     "published version; no average, no rank.",
     {{'x', Of::kIn, One}},
     {{'x', Of::kIn, One}}},
    {"K-25", v1::PER_10000_PERSONS, Shape::kOutside, 0, false, "万人起诉率", "lawsuits per 10,000 persons",
     "一审民事、行政案件数与常住人口、登记流动人口之比，每万人。由单位按月录入，注明来源。",
     "First-instance civil and administrative cases per 10,000 residents and registered floating persons. Entered "
     "by an office each month, with its source."},
    {"K-26", v1::PER_10000_PERSONS, Shape::kOutside, 0, false, "民转刑",
     "disputes that became crimes, per 10,000 persons",
     "民事纠纷转为刑事案件数，每万人。由单位按月录入，注明来源。",
     "Disputes that became criminal cases per 10,000 persons. Entered by an office each month, with its source."},
    {"K-27", v1::PERCENT, Shape::kOutside, 0, false, "热线直接答复率", "hotline answers at once",
     "热线当场答复数与有效诉求数之比。由单位按月录入，注明来源。",
     "Hotline calls answered at once, of the valid ones. Entered by an office each month, with its source."},
    {"K-28",
     v1::PERCENT,
     Shape::kRatio,
     0,
     false,
     "应结结案率",
     "closed of those to be closed",
     "结案数与应结案数减缓办数之比（数字城管口径）。",
     "Closed, of those to be closed without the suspended ones (digital city management).",
     {{'c', Of::kStanding, One}},
     {{'c', Of::kStanding, One}, {'l', Of::kAtEnd, NotSuspended}}},
    {"K-28t",
     v1::PERCENT,
     Shape::kRatio,
     0,
     false,
     "按期结案率",
     "closed in time of those to be closed",
     "按期结案数与应结案数减缓办数之比（数字城管口径）。",
     "Closed in time, of those to be closed without the suspended ones (digital city management).",
     {{'c', Of::kStanding, InTime}},
     {{'c', Of::kStanding, One}, {'l', Of::kAtEnd, NotSuspended}}},
    {"DQ-01",
     v1::PERCENT,
     Shape::kRatio,
     0,
     false,
     "无凭据办结（数据质量）",
     "closed without evidence (data quality)",
     "期内由工作人员办结、既无照片也无记录的事项的比例；只提示，不剔除。清单即核对单。",
     "Of the matters closed: those that staff closed with neither a picture nor a written record. Shown, not taken out "
     "of any figure; the list behind it is what to look at.",
     {{'c', Of::kStanding, Unproven}},
     {{'c', Of::kStanding, One}}},
};

}  // namespace

std::span<const Metric> Metrics() { return kMetrics; }

const Metric* FindMetric(std::string_view id) {
  const auto* metric = std::ranges::find(kMetrics, id, &Metric::id);
  return metric == std::end(kMetrics) ? nullptr : metric;
}

int64_t NumberAfterDot(std::string_view traits) {
  const size_t dot = traits.find('.');
  int64_t number = 0;
  if (dot != std::string_view::npos)
    std::from_chars(traits.data() + dot + 1, traits.data() + traits.size(), number);
  return number;
}

int64_t HundredthsOf(int64_t part, int64_t of, int64_t times) {
  // Half up: a half of the last hundredth counts as a whole one. 128 bits: cases times 10,000 times 100 is much.
  const __int128 doubled = static_cast<__int128>(part) * times * 100 * 2 + of;
  return static_cast<int64_t>(doubled / (static_cast<__int128>(of) * 2));
}

std::string Percent(int64_t hundredths) {
  return absl::StrCat(hundredths / 100, ".", hundredths / 10 % 10, hundredths % 10);
}

}  // namespace oversight
