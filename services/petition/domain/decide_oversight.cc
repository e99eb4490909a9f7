// What oversight says of a petition: orders 督办单 and leaders' instructions 批示 lie over it and change nothing of its
// course. Who handles it, and where, follows from the law of petitions alone; oversight asks for neither.
#include <algorithm>
#include <utility>

#include "services/petition/domain/decide.h"
#include "services/petition/domain/limits.h"

namespace petition {
namespace {

Decision HearOrder(const v1::SupervisionOrder& order, bool closed, const Ask& ask) {
  const auto& known = ask.state.order();
  const auto at = std::ranges::find(known, order.order_id(), &v1::SupervisionOrder::order_id);
  const bool told = at != known.end() && at->card() == order.card() && at->due_at_ms() == order.due_at_ms();
  if (order.order_id().empty() || (closed ? at == known.end() : told)) return {};
  if (at == known.end() && known.size() >= kOrdersMax) return {};  // oversight keeps no more open either
  Decision decision;
  auto* set = decision.Emit()->mutable_order_set();
  *set->mutable_order() = order;
  set->set_closed(closed);
  set->set_counts(closed || at == known.end());
  return decision;
}

// Noted when it is distributed: before, the unit that has the petition hears of it from nobody, and of what was
// withdrawn meanwhile never. Earlier builds noted it when it was given; of such a one it is said now whom it went to.
Decision HearInstruction(const v1::HearOversight& heard, const Ask& ask) {
  const v1::LeaderInstruction& instruction = heard.instruction();
  const auto& kept = ask.state.instruction();
  const auto at = std::ranges::find(kept, instruction.instruction_id(), &v1::LeaderInstruction::instruction_id);
  const bool distributed = heard.topic() == "oversight.instruction_distributed";
  const bool known = at != kept.end();
  if (instruction.instruction_id().empty() || (!known && !distributed)) return {};
  v1::LeaderInstruction now = known ? *at : instruction;
  if (!known) now.set_at_ms(ask.ctx.now_ms);
  if (distributed) now.set_to_org(instruction.to_org());
  if (!distributed && now.withdrawn_at_ms() == 0) now.set_withdrawn_at_ms(ask.ctx.now_ms);
  if (known && now.SerializeAsString() == at->SerializeAsString()) return {};
  Decision decision;
  *decision.Emit()->mutable_instructed()->mutable_instruction() = std::move(now);
  return decision;
}

}  // namespace

Decision DecideHearOversight(const v1::HearOversight& heard, const Ask& ask) {
  // What has left the lists is silent, whatever it left for: a word would tell a copy from an accusation.
  const auto status = ask.state.status();
  if (status == v1::PETITION_STATUS_UNSPECIFIED || status == v1::MERGED || Sealed(ask.state)) return {};
  const std::string_view topic = heard.topic();
  if (topic == "oversight.order_issued" || topic == "oversight.listed") return HearOrder(heard.order(), false, ask);
  if (topic == "oversight.order_closed" || topic == "oversight.unlisted") return HearOrder(heard.order(), true, ask);
  if (topic == "oversight.instruction_distributed" || topic == "oversight.instruction_withdrawn")
    return HearInstruction(heard, ask);
  return {};
}

}  // namespace petition
