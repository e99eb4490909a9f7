#include "services/oversight/domain/task_orders.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <utility>

#include "base/area_code.h"
#include "base/calendar.h"
#include "services/oversight/domain/checks.h"
#include "services/oversight/domain/drafts.h"
#include "services/oversight/domain/limits.h"
#include "services/oversight/domain/orders.h"
#include "services/oversight/domain/tasks.h"
#include "services/reference/deadline.h"

namespace oversight {
namespace {

using kernel::Refusal, kernel::RefusalCode;

// Completed as the last grading saw it, or as supervision has verified since.
bool IsDone(const v1::PlannedTask& task, int number) {
  if (task.milestone(number - 1).completed() != 0) return true;
  return std::ranges::any_of(task.month(), [number](const v1::TaskMonth& month) {
    const v1::MilestoneMonth* entry = EntryIn(month, number);
    return entry != nullptr && Stands(*entry) && entry->verified() && entry->completed() != 0;
  });
}

// The end of the first planned day that a milestone has missed, or may; 0: all are done.
int64_t DueMs(const v1::PlannedTask& task) {
  int64_t due_ms = 0;
  for (int number = 1; number <= task.milestone_size(); ++number) {
    if (IsDone(task, number)) continue;
    const int64_t end_ms = base::EndOfDayMs(DayOfNumber(task.milestone(number - 1).planned_end()));
    due_ms = due_ms == 0 ? end_ms : std::min(due_ms, end_ms);
  }
  return due_ms;
}

// In the newest month that is published.
bool IsSnailTwice(const v1::PlannedTask& task) {
  int32_t newest = 0;
  for (const auto& month : task.month()) {
    if (month.entry(0).status() == v1::MONTH_PUBLISHED) newest = std::max(newest, month.month());
  }
  return newest != 0 && SnailTwice(task, newest);
}

bool MayRestOn(common::v1::Card card, v1::OrderGround ground) {
  switch (card) {
    case common::v1::CARD_ORDINARY:
      return ground == v1::LIGHT_RED || ground == v1::SNAIL_TWICE;
    case common::v1::CARD_YELLOW:
      return ground == v1::UNANSWERED || ground == v1::OVERDUE_3WD;
    default:
      return ground == v1::OVERDUE_7WD_AFTER_YELLOW || ground == v1::FALSIFICATION;
  }
}

bool Holds(v1::OrderGround ground, const v1::PlannedTask& task, const Ask& ask) {
  const int64_t now_ms = ask.ctx.now_ms;
  switch (ground) {
    case v1::LIGHT_RED:
      return IsBehind(task, now_ms);
    case v1::SNAIL_TWICE:
      return IsSnailTwice(task);
    case v1::UNANSWERED:
      return UnansweredOut(task.order(), now_ms);
    case v1::OVERDUE_3WD:
      return IsBehind(task, now_ms) && LateBeyond(DueMs(task), common::v1::TOWNSHIP, ask.reference, now_ms);
    case v1::OVERDUE_7WD_AFTER_YELLOW: {
      const int64_t at = RedCardAt(task, ask.reference);
      return at != 0 && at <= now_ms;
    }
    default:
      return true;  // people say so, with the facts
  }
}

std::optional<Refusal> Objection(const v1::DraftOrderRequest& request, const v1::PlannedTask& task,
                                 const Ask& ask) {
  if (request.card() < common::v1::CARD_ORDINARY || request.card() > common::v1::CARD_RED)
    return Why(RefusalCode::kInvalid, "VALUE_NEEDED", "card");
  if (!MayRestOn(request.card(), request.ground()))
    return Why(RefusalCode::kGuard, "GROUND_NOT_ENOUGH", "ground");
  if (request.ground() == v1::FALSIFICATION) {
    if (auto no = CheckText(request.facts(), "facts")) return no;
  }
  if (!Holds(request.ground(), task, ask)) return Why(RefusalCode::kGuard, "GROUND_NOT_THERE", "ground");
  return std::nullopt;
}

v1::OrderState NewDraft(const std::string& task_id, const v1::PlannedTask& task, common::v1::Card card,
                        v1::OrderGround ground, const Ask& ask) {
  v1::OrderState order;
  order.set_status(v1::ORDER_DRAFT);
  order.set_card(card);
  order.set_ground(ground);
  order.set_task_id(task_id);
  order.set_matter_area_code(task.area_code());
  order.set_to_org(task.lead_org());
  order.set_previous_order_id(Milder(task.order(), task.lead_org(), card));
  order.set_drafted_at_ms(ask.ctx.now_ms);
  order.set_level(base::LevelOf(task.area_code()));
  order.set_sign_level(SignLevelOf(order, ask.reference));
  order.set_service("oversight");
  order.set_subject_id(task_id);
  return order;
}

void NoteEnd(const std::string& task_id, const v1::OrderNote& note, v1::OrderStatus status,
             Decision* decision) {
  auto* noted = decision->EmitTo(task_id)->mutable_order_noted();
  *noted->mutable_note() = note;
  noted->mutable_note()->set_status(status);
}

void Withdraw(const std::string& task_id, const v1::OrderNote& note, Decision* decision) {
  decision->EmitTo(note.order_id())->mutable_order_ended()->set_status(v1::ORDER_CANCELLED);
  NoteEnd(task_id, note, v1::ORDER_CANCELLED, decision);
}

const v1::OrderState* OrderOf(const v1::OrderNote& note, const Ask& ask) {
  const v1::State* state = ask.ctx.lookup->Find(note.order_id());
  return state == nullptr ? nullptr : &state->order();
}

}  // namespace

void DraftTaskCard(const std::string& task_id, const v1::PlannedTask& task, common::v1::Card card,
                   v1::OrderGround ground, const Ask& ask, Decision* decision) {
  const bool room = task.order_size() < kOrdersMax && !IsDemanded(task.order(), task.lead_org(), card);
  if (!room || task.status() != v1::TASK_ACTIVE) return;
  v1::OrderState order = NewDraft(task_id, task, card, ground, ask);
  order.set_automatic(true);
  const std::string id = absl::StrCat("or-", task_id, "-", task.order_count() + 1);
  auto* noted = decision->EmitTo(task_id)->mutable_order_noted();
  *noted->mutable_note() = NoteOf(id, order);
  noted->set_drafted_by_rule(ground);
  *decision->EmitTo(id)->mutable_order_drafted()->mutable_order() = std::move(order);
}

void WithdrawSnailDrafts(const std::string& task_id, const v1::PlannedTask& task, const Ask& ask,
                         Decision* decision) {
  for (const auto& note : task.order()) {
    const v1::OrderState* order = OrderOf(note, ask);
    const bool for_that = order != nullptr && order->ground() == v1::SNAIL_TWICE && order->automatic();
    if (for_that && note.status() == v1::ORDER_DRAFT) Withdraw(task_id, note, decision);
  }
}

void EndTaskOrders(const std::string& task_id, const v1::PlannedTask& task, const std::string& reason,
                   const Ask& ask, Decision* decision) {
  for (const auto& note : task.order()) {
    if (note.status() == v1::ORDER_DRAFT) Withdraw(task_id, note, decision);
    const v1::OrderState* order = OrderOf(note, ask);
    if (order == nullptr || !IsOut(order->status()) || order->ground() == v1::FALSIFICATION) continue;
    const bool cancelled = !reason.empty();
    auto* ended = decision->EmitTo(note.order_id())->mutable_order_ended();
    ended->set_status(cancelled ? v1::ORDER_CANCELLED : v1::ORDER_CLOSED);
    ended->set_text(reason);
    ended->set_was_out(true);
    *ended->mutable_clock() = order->clock();
    if (reference::IsRunning(ended->clock())) {
      // Nobody has answered: what was late stays late, and what was not is no answer in time.
      const bool moot = cancelled || ask.ctx.now_ms <= ended->clock().due_at_ms();
      *ended->mutable_clock() =
          moot ? reference::Cancel(ended->clock(), ask.ctx.now_ms)
               : reference::Stop(ended->clock(), ask.ctx.now_ms, ask.reference.calendar());
    }
    NoteEnd(task_id, note, cancelled ? v1::ORDER_CANCELLED : v1::ORDER_CLOSED, decision);
  }
}

bool IsBehind(const v1::PlannedTask& task, int64_t now_ms) {
  const int64_t due_ms = DueMs(task);
  return due_ms != 0 && now_ms > due_ms;
}

int64_t RedCardAt(const v1::PlannedTask& task, const reference::Reference& reference) {
  const auto* step = reference.FindLadderStep(common::v1::COUNTY);
  const int64_t due_ms = DueMs(task);
  if (due_ms == 0 || task.carded_at_ms() == 0 || step == nullptr || step->overdue_longer_than().amount() == 0) return 0;
  return LateMoment(std::max(due_ms, task.carded_at_ms()), step->overdue_longer_than(), reference);
}

const std::string& SubjectOf(const v1::OrderState& order) {
  return order.task_id().empty() ? order.matter_id() : order.task_id();
}

Decision DecideDraftTaskOrder(const v1::DraftOrderRequest& request, const Ask& ask,
                              const v1::PlannedTask& task) {
  if (!ask.reference.Ready()) return Refuse(RefusalCode::kGuard, "CALENDAR_MISSING");
  if (auto no = Objection(request, task, ask)) return Decision::Refuse(*std::move(no));
  if (!request.to_org().empty() && request.to_org() != task.lead_org())
    return Refuse(RefusalCode::kGuard, "LEAD_UNIT_ONLY", "to_org");
  const auto* org = ask.reference.FindOrg(task.lead_org());
  if (org == nullptr || org->closed()) return Refuse(RefusalCode::kInvalid, "UNKNOWN_ORG", "to_org");
  if (task.order_size() >= kOrdersMax) return Refuse(RefusalCode::kLimit, "TOO_LONG");
  v1::OrderState order = NewDraft(request.task_id(), task, request.card(), request.ground(), ask);
  order.set_facts(request.facts());
  order.set_drafter_user_id(ask.ctx.actor->user_id());
  if (IsItsOwnJudge(*ask.ctx.actor, order)) return Refuse(RefusalCode::kGuard, "OWN_ORDER_DRAFT", "task_id");
  if (StandsInTheWay(task.order(), task.lead_org(), request.card(), ask))
    return Refuse(RefusalCode::kGuard, "ALREADY_ORDERED");
  Decision decision;
  *decision.EmitTo(request.task_id())->mutable_order_noted()->mutable_note() =
      NoteOf(ask.ctx.aggregate_id, order);
  *decision.Emit()->mutable_order_drafted()->mutable_order() = std::move(order);
  return decision;
}

}  // namespace oversight
