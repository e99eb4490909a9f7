// Supervision orders as people look them up: one, those of an area, those to a unit. An order nobody has issued is for
// those who may issue it.
#include <absl/strings/str_cat.h>

#include <algorithm>

#include "base/area_code.h"
#include "services/oversight/domain/keys.h"
#include "services/oversight/domain/refusals.h"
#include "services/oversight/domain/rules.h"
#include "services/oversight/queries.h"
#include "services/reference/deadline.h"
#include "services/rpc/page_token.h"

namespace oversight {
namespace {

using kernel::RefusalCode;

void FillOrder(const std::string& id, const kernel::Stored<v1::State>& stored, const OversightReader& reader,
               const rpc::Caller& caller, v1::SupervisionOrder* out) {
  const v1::OrderState& order = stored.state.order();
  out->set_id(id);
  out->set_version(stored.version);
  out->set_status(order.status());
  out->set_card(order.card());
  out->set_ground(order.ground());
  out->set_violation(order.violation());
  out->set_policy_id(order.policy_id());
  out->set_facts(order.facts());
  out->set_matter_id(order.matter_id());
  out->set_task_id(order.task_id());
  out->set_to_org(order.to_org());
  out->set_demand(order.demand());
  out->set_issuer_user_id(order.issuer_user_id());
  out->set_issuer_org(order.issuer_org());
  out->set_issuer_level(order.issuer_level());
  *out->mutable_answer() = order.answer();
  out->set_previous_order_id(order.previous_order_id());
  out->set_automatic(order.automatic());
  out->set_drafted_at_ms(order.drafted_at_ms());
  out->set_issued_at_ms(order.issued_at_ms());
  out->set_ended_at_ms(order.ended_at_ms());
  out->set_ending_text(order.ending_text());
  out->set_area_code(order.matter_area_code());
  for (auto& name : AllowedCommands(stored.state, caller.actor)) out->add_allowed_command(std::move(name));
  const auto reference = reader.Reference();
  if (order.has_clock() && order.clock().due_at_ms() != 0 && reference->HasCalendar()) {
    *out->mutable_deadline() =
        reference::Explain(order.clock(), reference->light_rule(), caller.now_ms, reference->calendar());
  }
}

}  // namespace

rpc::Answer Queries::GetOrder(const rpc::Caller& caller, const v1::GetOrderRequest& request,
                              v1::SupervisionOrder* out) const {
  const OversightReader reader = read_();
  auto stored = reader.Get(request.id());
  if (!stored.ok()) return stored.status();
  if (!*stored || !(*stored)->state.has_order()) return Why(RefusalCode::kNotFound, "NOT_FOUND");
  auto shown = IsShown(reader, (*stored)->state, (*stored)->state.order().matter_id(), caller);
  if (!shown.ok()) return shown.status();
  if (!*shown) return Why(RefusalCode::kNotFound, "NOT_FOUND");
  FillOrder(request.id(), **stored, reader, caller, out);
  return {};
}

rpc::Answer Queries::ListOrders(const rpc::Caller& caller, const v1::ListOrdersRequest& request,
                                v1::ListOrdersResponse* out) const {
  const bool of_unit = !request.to_org().empty();
  const std::string& whose = of_unit ? request.to_org() : request.area_code();
  if (whose.empty()) return Why(RefusalCode::kInvalid, "VALUE_NEEDED", "area_code");
  v1::State as_if;  // an order of that area, which its level may see
  as_if.mutable_order()->set_matter_area_code(whose);
  as_if.mutable_order()->set_seen_from(base::LevelOf(whose));
  const bool own_unit = std::ranges::find(caller.orgs, whose) != caller.orgs.end();
  const bool theirs = of_unit ? own_unit : MaySee(as_if, caller.actor);
  if (!theirs) return Why(RefusalCode::kNotAllowed, "NOT_ALLOWED");
  const OversightReader reader = read_();
  const std::string prefix = OrderPrefix(of_unit ? 'o' : request.drafts() ? 'd' : 'a', whose);
  const std::string question = "ListOrders " + prefix;
  const auto position = rpc::PagePosition(question, request.page_token());
  if (!position) return Why(RefusalCode::kInvalid, "PAGE_TOKEN", "page_token");
  const int size = request.page_size() <= 0 ? kPageDefault : std::min(request.page_size(), kPageSizeMax);
  auto page = reader.List("order", prefix, static_cast<size_t>(size), *position);
  if (!page.ok()) return page.status();
  for (const auto& item : page->items) {
    auto stored = reader.Get(item.aggregate_id);
    if (!stored.ok()) return stored.status();
    if (!*stored) continue;
    auto shown = IsShown(reader, (*stored)->state, (*stored)->state.order().matter_id(), caller);
    if (!shown.ok()) return shown.status();
    if (*shown)
      FillOrder(item.aggregate_id, **stored, reader, caller, out->add_order());
  }
  out->set_next_page_token(rpc::PageToken(question, page->next_page_token));
  return {};
}

}  // namespace oversight
