// What time does to orders and to what is late: lights of orders, drafts that follow, and the ladder (3.6.3). Every
// late clock is shown to each level above once, in order, whoever has the matter and whatever was said meanwhile.
#include <algorithm>
#include <utility>

#include "services/oversight/domain/decide.h"
#include "services/oversight/domain/drafts.h"
#include "services/oversight/domain/lapse.h"
#include "services/oversight/domain/lights.h"
#include "services/oversight/domain/orders.h"
#include "services/oversight/domain/standing.h"
#include "services/oversight/domain/task_orders.h"
#include "services/reference/deadline.h"

namespace oversight {
namespace {

const v1::Matter* MatterOf(const Ask& ask) {
  const v1::State* state = ask.ctx.lookup->Find(ask.state.order().matter_id());
  return state != nullptr && state->has_matter() ? &state->matter() : nullptr;
}

// The task an order is about, while it is under way.
const v1::PlannedTask* TaskOf(const Ask& ask) {
  const std::string& id = ask.state.order().task_id();
  const v1::State* state = id.empty() ? nullptr : ask.ctx.lookup->Find(id);
  return state != nullptr && state->planned_task().status() == v1::TASK_ACTIVE ? &state->planned_task() : nullptr;
}

const v1::Part* PartOf(const v1::Matter& matter, const v1::CheckLate& which) {
  for (const auto& part : matter.part()) {
    if (part.service() == which.service() && part.subject_id() == which.subject_id()) return &part;
  }
  return nullptr;
}

}  // namespace

Decision DecideTurnOrderLight(const Ask& ask) {
  const v1::OrderState& order = ask.state.order();
  if (!ask.state.has_order() || !IsOut(order.status()) || !reference::IsRunning(order.clock()) ||
      order.light() == common::v1::RED) {
    return {};
  }
  if (auto lapsed = LapseOfWhatLeft(ask)) return *std::move(lapsed);
  const common::v1::Light light = LightAt(order.yellow_at_ms(), order.clock().due_at_ms(), ask.ctx.now_ms);
  if (light == order.light()) return {};
  Decision decision;
  decision.Emit()->mutable_order_light_changed()->set_light(light);
  const v1::Matter* matter = MatterOf(ask);
  if (light == common::v1::RED && order.card() == common::v1::CARD_ORDINARY && matter != nullptr && IsOpen(*matter)) {
    Drafts(*matter, order.matter_id(), ask, &decision)
        .Add(common::v1::CARD_YELLOW, v1::UNANSWERED, order.to_org(), order.clock().policy_id());
  }
  const v1::PlannedTask* task = TaskOf(ask);
  if (light == common::v1::RED && order.card() == common::v1::CARD_ORDINARY && task != nullptr)
    DraftTaskCard(order.task_id(), *task, common::v1::CARD_YELLOW, v1::UNANSWERED, ask, &decision);
  return decision;
}

Decision DecideCheckRedCard(const Ask& ask) {
  const v1::OrderState& order = ask.state.order();
  if (!ask.state.has_order() || order.red_check_at_ms() == 0 || ask.ctx.now_ms < order.red_check_at_ms()) return {};
  if (IsOut(order.status())) {
    if (auto lapsed = LapseOfWhatLeft(ask)) return *std::move(lapsed);
  }
  Decision decision;
  auto* checked = decision.Emit()->mutable_red_card_checked();
  const v1::Matter* matter = MatterOf(ask);
  // Its answer may have been accepted meanwhile: what counts is that the matter is still late.
  if (matter != nullptr && IsOpen(*matter) && !LeftTheLists(*matter)) {
    const int64_t at = RedCardAt(*matter, order.to_org(), ask.reference);
    if (at > ask.ctx.now_ms) checked->set_next_check_at_ms(at);  // late for something that came due after the card
    if (at != 0 && at <= ask.ctx.now_ms) {
      Drafts(*matter, order.matter_id(), ask, &decision)
          .Add(common::v1::CARD_RED, v1::OVERDUE_7WD_AFTER_YELLOW, order.to_org());
    }
  }
  const v1::PlannedTask* task = TaskOf(ask);
  const int64_t task_at = task == nullptr ? 0 : RedCardAt(*task, ask.reference);
  if (task_at > ask.ctx.now_ms) checked->set_next_check_at_ms(task_at);
  if (task_at != 0 && task_at <= ask.ctx.now_ms)
    DraftTaskCard(order.task_id(), *task, common::v1::CARD_RED, v1::OVERDUE_7WD_AFTER_YELLOW, ask, &decision);
  return decision;
}

Decision DecideCheckLate(const v1::CheckLate& which, const Ask& ask) {
  const v1::Matter& matter = ask.state.matter();
  const v1::Part* part = PartOf(matter, which);
  if (part == nullptr) return {};
  const auto at = std::ranges::find(part->light(), which.policy_id(), &v1::RunningLight::policy_id);
  if (at == part->light().end() || at->light() != common::v1::RED || at->paused() || at->check_at_ms() == 0 ||
      ask.ctx.now_ms < at->check_at_ms()) {
    return {};  // stopped, moved or paused while this firing waited
  }
  v1::RunningLight light = *at;
  Decision decision;
  const int64_t card_at = CardAt(light, ask.reference);
  const bool card = card_at != 0 && card_at <= ask.ctx.now_ms;
  const int64_t climbs_at = ClimbsAt(matter, *part, light, ask.reference);
  const bool climbs = climbs_at != 0 && climbs_at <= ask.ctx.now_ms;
  const int from = AttentionOf(*part, light);
  light.set_card_drafted(light.card_drafted() || card);
  if (climbs) light.set_climbed_to(std::max<int>(from + 1, common::v1::TOWNSHIP));
  v1::LateCheck check = NextCheck(matter, *part, light, ask.reference);
  if (climbs) {
    auto* climbed = decision.Emit()->mutable_climbed();
    *climbed->mutable_check() = std::move(check);
    auto* escalation = climbed->mutable_escalation();
    escalation->set_from(from);
    escalation->set_to(light.climbed_to());
    escalation->set_reason("OVERDUE");
    escalation->set_automatic(true);
    escalation->set_by_oversight(true);
    escalation->set_policy_id(light.policy_id());
    escalation->set_at_ms(ask.ctx.now_ms);
  } else {
    *decision.Emit()->mutable_late_checked()->mutable_check() = std::move(check);
  }
  if (card && IsOpen(matter)) {
    Drafts(matter, "", ask, &decision)
        .Add(common::v1::CARD_YELLOW, v1::OVERDUE_3WD, light.holder_org(), light.policy_id());
  }
  return decision;
}

}  // namespace oversight
