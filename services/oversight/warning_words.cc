#include "services/oversight/warning_words.h"

#include <absl/strings/str_cat.h>

#include "base/calendar.h"

namespace oversight {
namespace {

using absl::StrCat;

// What a fact is called, before and after its value.
struct Words {
  v1::WarningFactName name;
  std::string_view zh, zh_after, en, en_after;
};

constexpr Words kWords[] = {
    {v1::FACT_MATTERS, "", "件", "", " matters"},
    {v1::FACT_WINDOW_DAYS, "", "日内", "within ", " days"},
    {v1::FACT_WEEKLY_MEAN, "此前每周平均", "件", "a weekly mean of ", " before"},
    {v1::FACT_TIMES, "反映", "次", "said ", " times"},
    {v1::FACT_SCALE, "涉及", "", "concerns ", ""},
    {v1::FACT_RISK, "风险", "", "risk ", ""},
    {v1::FACT_POLICE_INFORMED, "", "", "", ""},
    {v1::FACT_QUIET_SINCE, "自", "起没有进展", "no step since ", ""},
    {v1::FACT_MONTH, "", "", "in ", ""},
    {v1::FACT_CLOSED, "办结", "件", "", " closed"},
    {v1::FACT_ON_TIME, "其中按期", "件", "", " of them on time"},
    {v1::FACT_OPEN_LATE, "月末逾期未办结", "件", "", " open and past due at the end of the month"},
    {v1::FACT_MONTH_BEFORE, "上月", "件", "", " in the month before"},
    {v1::FACT_CLAUSES, "", "项承诺逾期", "", " promises overdue"},
    {v1::FACT_OVERDUE_SINCE, "最早应于", "履行", "the first due on ", ""},
    {v1::FACT_HORIZON, "已公布的日历止于", "，其后的期限为暂定", "announced calendar ends on ",
     "; later periods are provisional"},
    {v1::FACT_POLICE_CALLS, "公安就此报送", "次", "reported by the police ", " times"},
    {v1::FACT_TERM_ENDS, "任期至", "", "term ends on ", ""},
};

std::string DayOfNumber(int64_t number) {
  return base::DayText(base::DayOf({static_cast<int>(number / 10'000), static_cast<int>(number / 100 % 100),
                                    static_cast<int>(number % 100)}));
}

std::string ScaleText(int64_t scale, bool zh) {
  switch (scale) {
    case common::v1::S3_5_TO_9:
      return zh ? "5至9人" : "5 to 9 people";
    case common::v1::S4_10_TO_49:
      return zh ? "10至49人" : "10 to 49 people";
    case common::v1::S5_50_OR_MORE:
      return zh ? "50人以上" : "50 people or more";
    default:
      return zh ? "不足5人" : "fewer than 5 people";
  }
}

std::string Value(const v1::WarningFact& fact, bool zh) {
  const int64_t value = fact.value();
  switch (fact.name()) {
    case v1::FACT_WEEKLY_MEAN:
      return StrCat(value / 100, ".", value / 10 % 10, value % 10);
    case v1::FACT_SCALE:
      return ScaleText(value, zh);
    case v1::FACT_RISK:
      return value >= common::v1::HIGH  ? (zh ? "高" : "high")
             : value == common::v1::MID ? (zh ? "中" : "medium")
                                        : (zh ? "低" : "low");
    case v1::FACT_POLICE_INFORMED:
      return value != 0 ? (zh ? "已报公安" : "the police know")
                        : (zh ? "未报公安" : "the police have not been told");
    case v1::FACT_QUIET_SINCE:
      return base::DayText(base::LocalDay(value));
    case v1::FACT_OVERDUE_SINCE:
      return base::DayText(base::LocalDay(value - 1));
    case v1::FACT_MONTH:
      return zh ? StrCat(value / 100, "年", value % 100, "月")
                : StrCat(value / 100, value % 100 < 10 ? "-0" : "-", value % 100);
    case v1::FACT_HORIZON:
    case v1::FACT_TERM_ENDS:
      return DayOfNumber(value);
    default:
      return StrCat(value);
  }
}

std::string Summary(const v1::WarningState& warning, bool zh) {
  std::string text;
  for (const auto& fact : warning.fact()) {
    for (const Words& words : kWords) {
      if (words.name != fact.name()) continue;
      if (!text.empty()) text += zh ? "，" : ", ";
      text += zh ? words.zh : words.en;
      text += Value(fact, zh);
      text += zh ? words.zh_after : words.en_after;
    }
  }
  return text;
}

}  // namespace

RuleName RuleNameOf(const reference::Reference& reference, std::string_view rule) {
  for (const auto& row : reference.policies().warning().rule()) {
    if (row.id() == rule) return {row.name_zh(), row.name_en()};
  }
  return {};
}

std::string SummaryZh(const v1::WarningState& warning) { return Summary(warning, true); }
std::string SummaryEn(const v1::WarningState& warning) { return Summary(warning, false); }

}  // namespace oversight
