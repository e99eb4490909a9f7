#pragma once
// Supervision orders 督办单 about a task, always to its lead unit: 蜗牛 two months running lets the platform draft an
// ordinary one, an unanswered one a yellow, a yellow that changed nothing a red; people draft where a milestone is late
// too. Issued, answered and judged like any other; the task keeps the note of it that a matter would. With the task its
// orders end: cancelled with it, closed when it is done, for then what they demand is there. A red card for
// falsification outlives it.

#include <string>
#include <string_view>

#include "services/oversight/domain/decide.h"

namespace oversight {

// The platform's draft, unless one of this card or a graver one is there already. `task` as it is after the events the
// decision has so far.
void DraftTaskCard(const std::string& task_id, const v1::PlannedTask& task, common::v1::Card card,
                   v1::OrderGround ground, const Ask& ask, Decision* decision);
// It is no longer 蜗牛 twice running: what was proposed for that is withdrawn.
void WithdrawSnailDrafts(const std::string& task_id, const v1::PlannedTask& task, const Ask& ask, Decision* decision);
// `reason`: why the task was cancelled; empty: it is done.
void EndTaskOrders(const std::string& task_id, const v1::PlannedTask& task, const std::string& reason, const Ask& ask,
                   Decision* decision);
// A milestone is not done although its planned end is past.
bool IsBehind(const v1::PlannedTask& task, int64_t now_ms);
// When it is late for so long after a yellow card that a red one may follow, if it stays as it is. 0: never.
int64_t RedCardAt(const v1::PlannedTask& task, const reference::Reference& reference);
// What an order is about, which keeps the note of it.
const std::string& SubjectOf(const v1::OrderState& order);

}  // namespace oversight
