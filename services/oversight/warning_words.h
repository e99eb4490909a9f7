#pragma once
// The facts of a warning as a sentence. Numbers, days and codes only: a warning has no words about people. Pure.

#include <string>
#include <string_view>

#include "oversight/v1/watch.pb.h"
#include "services/reference/reference.h"

namespace oversight {

struct RuleName {
  std::string zh, en;
};
RuleName RuleNameOf(const reference::Reference& reference, std::string_view rule);  // empty: the city has none

std::string SummaryZh(const v1::WarningState& warning);
std::string SummaryEn(const v1::WarningState& warning);

}  // namespace oversight
