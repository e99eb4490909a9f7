// What oversight says of a petition: orders 督办单 and leaders' instructions 批示 lie over it and change nothing of its
// course. Who handles it, and where, follows from the law of petitions alone; oversight asks for neither.
#include <algorithm>

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
  return decision;
}

Decision HearInstruction(const v1::LeaderInstruction& instruction, const Ask& ask) {
  const auto& known = ask.state.instruction();
  const bool told = std::ranges::find(known, instruction.instruction_id(),
                                      &v1::LeaderInstruction::instruction_id) != known.end();
  if (instruction.instruction_id().empty() || told) return {};
  Decision decision;
  auto* noted = decision.Emit()->mutable_instructed()->mutable_instruction();
  *noted = instruction;
  noted->set_at_ms(ask.ctx.now_ms);
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
  if (heard.topic() == "oversight.instructed") return HearInstruction(heard.instruction(), ask);
  return {};
}

}  // namespace petition
