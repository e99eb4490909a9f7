#include "services/oversight/domain/task_orders.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <utility>

#include "base/area_code.h"
#include "services/oversight/domain/orders.h"

namespace oversight {

void DraftTaskOrder(const std::string& task_id, const v1::PlannedTask& task, const Ask& ask, Decision* decision) {
  const bool there =
      std::ranges::any_of(task.order(), [&](const auto& note) { return note.to_org() == task.lead_org(); });
  if (there || task.status() != v1::TASK_ACTIVE) return;
  v1::OrderState order;
  order.set_status(v1::ORDER_DRAFT);
  order.set_card(common::v1::CARD_ORDINARY);
  order.set_ground(v1::SNAIL_TWICE);
  order.set_task_id(task_id);
  order.set_matter_area_code(task.area_code());
  order.set_to_org(task.lead_org());
  order.set_automatic(true);
  order.set_drafted_at_ms(ask.ctx.now_ms);
  order.set_level(base::LevelOf(task.area_code()));
  order.set_service("oversight");
  order.set_subject_id(task_id);
  const std::string id = absl::StrCat("or-", task_id, "-", task.order_count() + 1);
  auto* noted = decision->EmitTo(task_id)->mutable_order_noted();
  *noted->mutable_note() = NoteOf(id, order);
  noted->set_drafted_by_rule(v1::SNAIL_TWICE);
  *decision->EmitTo(id)->mutable_order_drafted()->mutable_order() = std::move(order);
}

void WithdrawTaskDrafts(std::string_view task_id, const v1::PlannedTask& task, Decision* decision) {
  for (const auto& note : task.order()) {
    if (note.status() != v1::ORDER_DRAFT) continue;
    decision->EmitTo(note.order_id())->mutable_order_ended()->set_status(v1::ORDER_CANCELLED);
    auto* noted = decision->EmitTo(std::string(task_id))->mutable_order_noted();
    *noted->mutable_note() = note;
    noted->mutable_note()->set_status(v1::ORDER_CANCELLED);
  }
}

const std::string& SubjectOf(const v1::OrderState& order) {
  return order.task_id().empty() ? order.matter_id() : order.task_id();
}

}  // namespace oversight
