// The letter of supervision 督办函, and what petitioners promise when a case of the backlog is resolved 息诉罢访承诺书.
#include <string>
#include <utility>

#include "services/petition/document_values.h"
#include "services/press/wording.h"

namespace petition {
namespace {

std::string_view SupervisionWord(const v1::SupervisionOrder& order) {
  if (order.listed()) return "挂牌督办";
  switch (order.card()) {
    case common::v1::CARD_YELLOW: return "黄牌督办";
    case common::v1::CARD_RED: return "红牌督办";
    default: return "督办";
  }
}

}  // namespace

// As each order was told of, and again with another day or card. Why it was issued stands in the order, which is
// oversight's: the letter names it, and nothing is written above its seal afterwards.
Filled FillSupervision(const PetitionFacts& facts) {
  const v1::State& state = facts.state;
  Filled filled;
  for (const auto& step : facts.steps) {
    if (!step.event.has_order_set() || step.event.order_set().closed()) continue;
    const v1::SupervisionOrder& order = step.event.order_set().order();
    const std::string& unit = state.unit_org().empty() ? state.office_org() : state.unit_org();
    const std::string& issuer = order.issuer_org().empty() ? state.office_org() : order.issuer_org();
    press::Values values = BaseOf(facts, issuer, step.at_ms);
    values.Text("title", order.listed() ? "信访事项挂牌督办函" : "信访事项督办函")
        .Text("to", OrgName(facts, order.to_org().empty() ? unit : order.to_org()))
        .Text("unit", OrgName(facts, unit))
        .Text("registered_on", press::DayText(state.registered_at_ms()))
        .Text("article", order.listed() ? "第三十九条" : "第四十条")
        .Text("kind", SupervisionWord(order))
        .Text("order_no", order.order_id())
        .Text("due", press::LastDayText(order.due_at_ms()))
        .Text("request", state.content().request())
        .Text("date", press::DayText(step.at_ms));
    filled.push_back(std::move(values));
  }
  return filled;
}

// To be signed by each of them while the case is listed: the scan of it is what the writing off rests on.
Filled FillCommitment(const PetitionFacts& facts) {
  const v1::State& state = facts.state;
  const v1::Backlog& backlog = state.backlog();
  const bool promised = backlog.ground() == v1::COMMITMENT;
  if (backlog.state() != v1::LISTED && !promised) return {};
  press::Values values = BaseOf(facts, state.office_org(), backlog.listed_at_ms());
  values.Text("unit", OrgName(facts, state.unit_org().empty() ? state.office_org() : state.unit_org()))
      .Text("request", state.content().request())
      .Text("plan", backlog.plan());
  for (const auto& petitioner : state.petitioner()) {
    if (IsAddressee(petitioner, state)) AddPersonSigner("承诺人", petitioner.person(), &values);
  }
  return {values};
}

}  // namespace petition
