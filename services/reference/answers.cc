#include "services/reference/answers.h"

#include <algorithm>

namespace reference {
namespace {

struct Row {
  std::string_view code;
  AnswerWords words;
};

// What incident and mediation may answer; a test reads it from their rules. Petitions are asked for nothing.
constexpr Row kRows[] = {
    {"ALREADY_LEAD", {"该单位已是主办单位。", "This unit leads the matter already."}},
    {"ALREADY_THERE", {"事项已在这一级或更高一级。", "The matter is at this level or a higher one already."}},
    {"BELOW_MINIMUM_LEVEL",
     {"这类事项不能由这一级的单位办理。", "Matters of this category are not handled at that level."}},
    {"CASE_NOT_OPEN", {"调解已结束，或尚未受理。", "The mediation has ended, or was not accepted yet."}},
    {"COURT_NOT_ASKED",
     {"法院委派、委托的案件，须先经法院同意，由调委会移送。",
      "A court handed the case over: its committee asks the court and hands it up itself."}},
    {"DUE_OUT_OF_RANGE",
     {"期限只能比规定的更早，并且在答复时以后。", "The date may only be earlier than the rule's, and later than the answer."}},
    {"HIGHEST_LEVEL", {"事项已在最高层级。", "The matter is at the highest level already."}},
    {"LEVEL_TOO_LOW", {"事项已由更高一级办理，本级不能调整。", "A higher level has the matter: this level does not move it."}},
    {"NOT_FOR_MEDIATION",
     {"调解由当事人自愿选择，不能指派、下派。", "The parties chose mediation: it is not assigned or sent down."}},
    {"NO_COMMITTEE", {"上一级没有可以接办的调委会。", "There is no committee above that could take it."}},
    {"ONE_LEVEL_AT_A_TIME", {"下派每次只能到下一级。", "A matter is sent down one level at a time."}},
    {"ONLY_WITHIN_VILLAGE", {"村（社区）只能在本村内派单。", "A village dispatches within the village only."}},
    {"SECOND_RETURN_NEEDS_DESIGNATION",
     {"事项已两次退回，应由上一级指定承办单位。", "Returned twice: the next level designates the unit."}},
    {"TOO_LONG", {"该案移送次数已达上限。", "The case has been transferred as often as it may be."}},
    {"TOO_MANY_INSTRUCTIONS", {"该案的批示已达上限。", "The case has as many instructions as it may have."}},
    {"TOO_MANY_ORDERS", {"该事项的督办单已达上限。", "The matter has as many orders as it may have."}},
    {"UNIT_ABOVE_DISPATCHER",
     {"不能派给上级单位，请上报。", "The unit is of a higher level: have the matter escalated instead."}},
    {"UNIT_OF_ANOTHER_AREA", {"这个单位不管事项所在的地方。", "The unit does not answer for the place of the matter."}},
    {"UNKNOWN_CO_HANDLER",
     {"协办单位不存在，或者重复了。", "A co-handling unit does not exist or is named twice."}},
    {"UNKNOWN_UNIT", {"没有这个单位，或已撤销。", "There is no such unit, or it was closed."}},
    {"WRONG_STATUS", {"事项当时的办理状态不允许。", "The matter was not in a status in which this is possible."}},
};

}  // namespace

std::optional<AnswerWords> FindAnswerWords(std::string_view reason_code) {
  const Row* row = std::ranges::find(kRows, reason_code, &Row::code);
  if (row == std::end(kRows)) return std::nullopt;
  return row->words;
}

AnswerWords AnswerWordsOf(std::string_view reason_code) {
  return FindAnswerWords(reason_code)
      .value_or(AnswerWords{"办理单位未采纳这一要求。", "The service of the matter refused this."});
}

}  // namespace reference
