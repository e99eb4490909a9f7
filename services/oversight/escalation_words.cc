#include "services/oversight/escalation_words.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace oversight {
namespace {

struct ReasonText {
  std::string_view code, zh, en;
};
constexpr ReasonText kReasons[] = {
    {"OPEN", "未在规定时间内化解", "not settled in the time given"},
    {"OVERDUE", "超期", "overdue"},
    {"RETURNS", "多次退回", "returned more than once"},
    {"REWORKS", "多次返工", "sent back for rework more than once"},
    {"SESSIONS", "多次调解未成", "mediation sessions without agreement"},
    {"SCALE", "涉及人数多", "many persons are concerned"},
    {"RISK", "风险高", "high risk"},
    {"CATEGORY", "须由上级主办", "of a category a higher level handles"},
    {"NOT_IN_LIST", "不在本级事项清单", "outside the list of what this level handles"},
    {"AREAS", "跨区域", "units of several areas deal with it"},
    {"DEPARTMENTS", "涉及多个上级部门", "several departments of the next level deal with it"},
    {"HANDED_UP", "承办方上报，原因和已采取的措施见事项", "handed up; why, and what was tried, is in the matter"},
    {"BEYOND_ABILITY", "超出本级能力", "beyond what this level can do"},
    {"RED_CARD", "红色督办单", "red supervision card"},
    {"LISTED", "挂牌督办", "listed supervision"},
};

}  // namespace

EscalationWords EscalationWordsOf(const v1::Escalation& escalation) {
  EscalationWords words;
  const std::vector<std::string> codes = absl::StrSplit(escalation.reason(), ' ', absl::SkipEmpty());
  for (const std::string& code : codes) {
    const auto* known = std::ranges::find(kReasons, code, &ReasonText::code);
    const bool found = known != std::end(kReasons);
    absl::StrAppend(&words.zh, words.zh.empty() ? "" : "、", found ? std::string(known->zh) : code);
    absl::StrAppend(&words.en, words.en.empty() ? "" : ", ", found ? std::string(known->en) : code);
  }
  return words;
}

}  // namespace oversight
