#pragma once
// Supervision orders 督办单 about a task: 蜗牛 two months running lets the platform draft an ordinary one to the lead unit.
// It is issued, answered and judged like any other; the task keeps the note of it that a matter would.

#include <string>
#include <string_view>

#include "services/oversight/domain/decide.h"

namespace oversight {

// Unless one to the unit is there already. `task` as it is after the events the decision has so far.
void DraftTaskOrder(const std::string& task_id, const v1::PlannedTask& task, const Ask& ask, Decision* decision);
// What was only proposed is withdrawn.
void WithdrawTaskDrafts(std::string_view task_id, const v1::PlannedTask& task, Decision* decision);
// What an order is about, which keeps the note of it.
const std::string& SubjectOf(const v1::OrderState& order);

}  // namespace oversight
