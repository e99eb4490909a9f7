// What oversight asks of a matter (I22): orders and instructions are overlays; an assignment, a sending down,
// an escalation is a request that this service grants or declines by its own rules, and answers in its own
// event.

#include <algorithm>

#include "base/area_code.h"
#include "services/incident/domain/deciding.h"
#include "services/incident/domain/limits.h"

namespace incident {
namespace {

constexpr std::string_view kSource = "oversight";
constexpr std::string_view kRedCard = "RED_CARD";

bool IsNews(const v1::Incident& matter, const v1::HearOversight& c) {
  return std::ranges::none_of(matter.applied(), [&](const v1::Applied& a) {
    return a.source() == kSource && a.subject_id() == c.source_id() && a.version() >= c.version();
  });
}

v1::Applied Heard(const v1::HearOversight& c) {
  v1::Applied applied;
  applied.set_source(std::string(kSource));
  applied.set_subject_id(c.source_id());
  applied.set_version(c.version());
  return applied;
}

Decision Decline(const v1::HearOversight& c, std::string_view kind, std::string reason) {
  Decision decision;
  auto* declined = decision.Emit()->mutable_request_declined();
  declined->set_kind(std::string(kind));
  declined->set_request_id(c.notice().instruction_id());
  declined->set_reason(std::move(reason));
  *declined->mutable_applied() = Heard(c);
  return decision;
}

Decision HearOrder(const v1::HearOversight& c, const Deciding& d, bool closed) {
  Decision decision;
  const auto& orders = d.matter().order();
  const bool known =
      std::ranges::any_of(orders, [&](const auto& o) { return o.order_id() == c.notice().order_id(); });
  if (closed && !known) return decision;
  if (!known && orders.size() >= kOrdersMax) return Decline(c, "order", "TOO_MANY_ORDERS");
  auto* set = decision.Emit()->mutable_order_set();
  set->mutable_order()->set_order_id(c.notice().order_id());
  set->mutable_order()->set_card(c.notice().card());
  set->mutable_order()->set_issuer_org(c.notice().issuer_org());
  set->mutable_order()->set_to_org(c.notice().to_org());
  set->mutable_order()->set_due_at_ms(c.notice().due_at_ms());
  set->mutable_order()->set_listed(!c.notice().listing_id().empty());
  set->set_closed(closed);
  // An answer that was sent back is told as the order again; the card is as old as it was.
  if (!closed && !known && c.notice().card() >= common::v1::CARD_YELLOW) set->set_carded_at_ms(d.now());
  *set->mutable_applied() = Heard(c);
  return decision;
}

// Noted when it is distributed: before, whoever has the matter hears of it from nobody. Earlier builds noted it when it
// was given, and are told of it again.
Decision HearInstruction(const v1::HearOversight& c, const Deciding& d) {
  Decision decision;
  const auto& known = d.matter().instructed();
  const std::string& id = c.notice().instruction_id();
  if (std::ranges::find(known, id, &v1::Instruction::instruction_id) != known.end()) return decision;
  auto* instruction = decision.Emit()->mutable_instructed()->mutable_instruction();
  instruction->set_instruction_id(id);
  instruction->set_issuer_org(c.notice().issuer_org());
  instruction->set_to_org(c.notice().to_org());
  instruction->set_due_at_ms(c.notice().due_at_ms());
  instruction->set_at_ms(d.now());
  *decision.events.back().event.mutable_instructed()->mutable_applied() = Heard(c);
  return decision;
}

bool IsInHand(v1::Status status) {
  return status == v1::ACCEPTED || status == v1::DISPATCHED || status == v1::PROCESSING;
}

Decision HearAssignment(const v1::HearOversight& c, const Deciding& d) {
  if (!IsInHand(d.matter().standing().status())) return Decline(c, "assign", "WRONG_STATUS");
  if (c.notice().issuer_level() < d.matter().standing().current_level())
    return Decline(c, "assign", "LEVEL_TOO_LOW");
  DispatchOrder order;
  order.lead_org = c.notice().to_org();
  order.level = c.notice().issuer_level();
  if (auto objection = DispatchObjection(d, order)) return Decline(c, "assign", objection->reason);
  if (order.lead_org == d.matter().standing().lead_org()) return Decline(c, "assign", "ALREADY_LEAD");
  Decision decision;
  v1::Event* event = decision.Emit();
  EmitDispatched(d, order, event);
  event->mutable_dispatched()->set_instruction_id(c.notice().instruction_id());
  event->mutable_standing()->set_current_level(
      std::max(d.matter().standing().current_level(), std::min<int>(order.level, common::v1::CITY)));
  return decision;
}

Decision HearSendDown(const v1::HearOversight& c, const Deciding& d) {
  const int from = d.matter().standing().current_level();
  const int to = c.notice().to_level() == 0 ? from - 1 : c.notice().to_level();
  const auto* category = d.Category();
  if (d.matter().standing().status() != v1::ACCEPTED) return Decline(c, "send_down", "WRONG_STATUS");
  if (c.notice().issuer_level() < from) return Decline(c, "send_down", "LEVEL_TOO_LOW");
  if (to != from - 1) return Decline(c, "send_down", "ONE_LEVEL_AT_A_TIME");
  if (to < common::v1::VILLAGE || to < base::LevelOf(d.AreaNow()) || to < d.matter().designation_level() ||
      (category != nullptr && to < category->min_level())) {
    return Decline(c, "send_down", "BELOW_MINIMUM_LEVEL");
  }
  Decision decision;
  v1::Event* event = decision.Emit();
  EmitSentDown(d, to, c.notice().reason_code(), event);
  event->mutable_sent_down()->set_instruction_id(c.notice().instruction_id());
  return decision;
}

Decision HearEscalate(const v1::HearOversight& c, const Deciding& d) {
  const int from = d.matter().standing().current_level();
  const v1::Status status = d.matter().standing().status();
  if (!IsInHand(status) && status != v1::REPORTED) return Decline(c, "escalate", "WRONG_STATUS");
  if (from >= common::v1::CITY) return Decline(c, "escalate", "HIGHEST_LEVEL");
  if (c.notice().to_level() != 0 && c.notice().to_level() <= from)
    return Decline(c, "escalate", "ALREADY_THERE");
  Decision decision;
  v1::Event* event = decision.Emit();
  // A red card lifts a matter by rule (O5); anything else somebody asked for.
  EmitEscalated(d, from + 1, c.notice().reason_code(), c.notice().reason_code() == kRedCard, event);
  event->mutable_escalated()->set_instruction_id(c.notice().instruction_id());
  event->mutable_escalated()->set_asked_by_org(c.notice().issuer_org());
  return decision;
}

// A granted request is marked as heard beside the event that grants it.
void MarkHeard(const v1::HearOversight& c, Decision* decision) {
  if (decision->events.empty()) return;
  v1::Event& event = decision->events.front().event;
  switch (event.body_case()) {
    case v1::Event::kDispatched:
      *event.mutable_dispatched()->mutable_applied() = Heard(c);
      break;
    case v1::Event::kSentDown:
      *event.mutable_sent_down()->mutable_applied() = Heard(c);
      break;
    case v1::Event::kEscalated:
      *event.mutable_escalated()->mutable_applied() = Heard(c);
      break;
    default:
      break;
  }
}

}  // namespace

Decision DecideHearOversight(const v1::HearOversight& c, const Deciding& d) {
  if (c.notice().service() != "incident" || c.notice().subject_id() != d.ctx.aggregate_id) return {};
  if (!IsNews(d.matter(), c)) return {};
  const std::string_view topic = c.topic();
  Decision decision;
  if (topic == "oversight.order_issued" || topic == "oversight.listed") decision = HearOrder(c, d, false);
  if (topic == "oversight.order_closed" || topic == "oversight.unlisted") decision = HearOrder(c, d, true);
  if (topic == "oversight.instruction_distributed") decision = HearInstruction(c, d);
  if (topic == "oversight.assigned") decision = HearAssignment(c, d);
  if (topic == "oversight.send_down_requested") decision = HearSendDown(c, d);
  if (topic == "oversight.escalate_requested") decision = HearEscalate(c, d);
  MarkHeard(c, &decision);
  return decision;
}

}  // namespace incident
