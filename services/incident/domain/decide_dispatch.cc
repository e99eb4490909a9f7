// Who handles it: dispatch, take, return, escalate, send down (I6, I7, I8, I12, I13).

#include <algorithm>
#include <set>

#include "base/area_code.h"
#include "services/incident/domain/deciding.h"

namespace incident {
namespace {

void BeginHandling(const Deciding& d, const DispatchOrder& order, Clocks* clocks) {
  if (IsAppeal(d.matter())) return;  // DA-03 and DA-04 run since registration
  if (!clocks->Runs("DI-05")) {      // an escalation did not reset it
    clocks->Begin("DI-05",
                  {.holder = order.lead_org,
                   .length = HandlingLength(d),
                   .due_at_ms = order.due_at_ms,
                   .article = HandlingArticle(d)});
  }
  if (IsHotline(d.matter()) && !clocks->Runs("DA-05")) clocks->Begin("DA-05", {.holder = order.lead_org});
}

kernel::Refusal Guard(std::string reason, std::string zh, std::string en, std::string field = {}) {
  return Say(RefusalCode::kGuard, std::move(reason), std::move(zh), std::move(en), std::move(field));
}

bool IsDispatcherOfIt(const Deciding& d) { return d.acting.level >= d.matter().dispatched_level(); }

Decision NotTheIssuer() {
  return NoGuard("NOT_THE_ISSUING_LEVEL", "应由派单的那一级或上级决定。",
                 "The level that dispatched it, or a higher one, decides this.");
}

void MoveTo(const Deciding& d, int to, v1::Event* event, Clocks* clocks) {
  v1::Standing* standing = event->mutable_standing();
  const v1::Standing& before = d.matter().standing();
  *standing = before;
  standing->set_current_level(to);
  const std::string centre = d.CentreAt(to);
  standing->set_holder_org(centre);
  if (before.status() == v1::REPORTED) return;  // not accepted yet: another desk will
  standing->set_status(v1::ACCEPTED);
  standing->set_lead_org(centre);
  clocks->Cancel("DI-03");
  clocks->Cancel("DI-04");
  clocks->BindHandling(centre);
  clocks->Begin("DI-02", {.holder = centre, .urgent = IsUrgent(d.matter().intake())});
}

void AddCoHandler(v1::Standing* standing, const std::string& org) {
  if (org.empty() || org == standing->lead_org()) return;
  if (std::ranges::find(standing->co_handler_org(), org) != standing->co_handler_org().end()) return;
  standing->add_co_handler_org(org);
}

}  // namespace

common::v1::Length HandlingLength(const Deciding& d) {
  const auto& directory = d.known.directory();
  common::v1::Length own;
  if (const auto* category = d.Category()) own = category->limit();
  const auto* row = directory.FindRule(d.matter().complexity() == v1::COMPLEX  ? "DI-05-COMPLEX"
                                       : d.matter().complexity() == v1::SIMPLE ? "DI-05-SIMPLE"
                                                                               : "DI-05");
  if (row == nullptr) row = directory.FindRule("DI-05");
  if (own.amount() == 0) return row->length();
  if (d.matter().complexity() != v1::COMPLEX) return own;
  return MomentAfter(d.now(), own, d.known) > MomentAfter(d.now(), row->length(), d.known) ? own
                                                                                           : row->length();
}

std::string HandlingArticle(const Deciding& d) {
  const auto* category = d.Category();
  if (category == nullptr || category->limit().amount() == 0) return {};
  return "事件分类 " + category->code() + " " + category->name_zh();
}

std::optional<kernel::Refusal> DispatchObjection(const Deciding& d, const DispatchOrder& order) {
  const auto* org = d.known.directory().FindOrg(order.lead_org);
  if (org == nullptr || org->closed()) {
    return Say(RefusalCode::kInvalid, "UNKNOWN_UNIT", "没有这个单位。", "There is no such unit.", "lead_org");
  }
  if (order.level < d.matter().designation_level()) {
    return Guard("SECOND_RETURN_NEEDS_DESIGNATION", "已经两次退回，应由上一级指定承办单位。",
                 "Returned twice: the next level designates the unit.");
  }
  const auto* category = d.Category();
  if (category != nullptr && org->level() < category->min_level()) {
    return Guard("BELOW_MINIMUM_LEVEL", "这类事项不能派给这一级的单位。",
                 "Matters of this category may not be dispatched to a unit of this level.", "lead_org");
  }
  if (org->level() > order.level) {
    return Guard("UNIT_ABOVE_DISPATCHER", "不能派给上级单位，请上报。",
                 "The unit is of a higher level; escalate instead.", "lead_org");
  }
  if (!base::Covers(org->area_code(), d.AreaNow()) && !base::Covers(d.AreaNow(), org->area_code())) {
    return Guard("UNIT_OF_ANOTHER_AREA", "这个单位不管这个地方。", "The unit does not answer for this place.",
                 "lead_org");
  }
  if (order.in_village && org->level() > common::v1::VILLAGE) {
    return Guard("ONLY_WITHIN_VILLAGE", "村(社区)只能在本村内派单，请上报。",
                 "A village dispatches within the village only; escalate.", "lead_org");
  }
  std::set<std::string> seen{order.lead_org};
  for (const std::string& id : order.co_handlers) {
    const auto* co = d.known.directory().FindOrg(id);
    if (co == nullptr || co->closed() || !seen.insert(id).second) {
      return Say(RefusalCode::kInvalid, "UNKNOWN_CO_HANDLER", "协办单位不存在，或者重复了。",
                 "A co-handling unit does not exist or is named twice.", "co_handler_org");
    }
  }
  if (order.due_at_ms != 0) {
    const int64_t latest = MomentAfter(d.now(), HandlingLength(d), d.known) - 1;
    if (order.due_at_ms <= d.now() || order.due_at_ms > latest) {
      return Say(RefusalCode::kInvalid, "DUE_OUT_OF_RANGE", "期限只能比规定的更早，并且在现在以后。",
                 "The due date may only be earlier than the rule's, and lies in the future.", "due_at_ms");
    }
  }
  return std::nullopt;
}

void EmitDispatched(const Deciding& d, const DispatchOrder& order, v1::Event* event) {
  event->mutable_dispatched()->set_level(order.level);
  event->mutable_dispatched()->set_policy_revision(d.known.directory().policies().revision());
  v1::Standing* standing = event->mutable_standing();
  const std::string before = d.matter().standing().lead_org();
  *standing = With(d.matter().standing(), v1::DISPATCHED);
  standing->set_lead_org(order.lead_org);
  standing->set_holder_org(order.lead_org);
  const auto co_handlers = d.matter().standing().co_handler_org();
  standing->clear_co_handler_org();
  for (const std::string& id : co_handlers) AddCoHandler(standing, id);
  for (const std::string& id : order.co_handlers) AddCoHandler(standing, id);
  if (d.matter().standing().status() != v1::ACCEPTED) AddCoHandler(standing, before);
  Clocks clocks = d.ClocksFor("dispatched");
  clocks.Stop("DI-02");
  clocks.Begin("DI-03", {.holder = order.lead_org, .urgent = IsUrgent(d.matter().intake())});
  clocks.Begin("DI-04", {.holder = order.lead_org});
  BeginHandling(d, order, &clocks);
  clocks.BindHandling(order.lead_org);
  clocks.Into(event);
}

Decision DecideDispatch(const v1::DispatchRequest& c, const Deciding& d) {
  DispatchOrder order;
  order.lead_org = c.lead_org();
  order.co_handlers.assign(c.co_handler_org().begin(), c.co_handler_org().end());
  order.level = d.acting.level;
  order.in_village = d.acting.role == kernel::v1::ROLE_GH;
  order.due_at_ms = c.due_at_ms();
  if (auto objection = DispatchObjection(d, order)) return No(*std::move(objection));
  Decision decision;
  v1::Event* event = decision.Emit();
  EmitDispatched(d, order, event);
  event->mutable_dispatched()->set_instruction(c.instruction());
  event->mutable_dispatched()->set_item_code(c.item_code());
  return decision;
}

Decision DecideTake(const v1::TakeRequest& c, const Deciding& d) {
  if (d.matter().has_return_request()) {
    return NoGuard("RETURN_IS_ASKED", "已经申请退回，等派单的一级答复。",
                   "A return was asked; wait for the answer.");
  }
  Decision decision;
  v1::Event* event = decision.Emit();
  event->mutable_taken()->set_by_user(d.acting.user);
  event->mutable_taken()->set_first_contact(c.first_contact());
  event->mutable_taken()->set_note(c.note());
  *event->mutable_standing() = With(d.matter().standing(), v1::PROCESSING);
  Clocks clocks = d.ClocksFor("taken");
  clocks.Stop("DI-03");
  clocks.Stop("DI-04");
  if (c.first_contact()) clocks.Stop("DA-01");
  clocks.Into(event);
  return decision;
}

Decision DecideRequestReturn(const v1::RequestReturnRequest& c, const Deciding& d) {
  if (d.matter().has_return_request()) {
    return NoGuard("RETURN_IS_ASKED", "已经申请退回，等派单的一级答复。",
                   "A return was asked; wait for the answer.");
  }
  if (d.matter().return_refused()) {
    return NoGuard("RETURN_WAS_REFUSED", "退回申请已被驳回，请接单办理。",
                   "The return was refused; take the matter.");
  }
  if (d.matter().designation_level() > 0) {
    return NoGuard("DESIGNATED_STAYS", "上级指定承办的事项不能再退回。",
                   "A designated unit cannot return the matter.");
  }
  const auto* window = FindRunning(d.matter(), "DI-04");
  if (window == nullptr || d.now() > window->due_at_ms()) {
    return NoGuard("RETURN_WINDOW_OVER", "退回期限(2个工作日)已过。",
                   "The time for returning it (2 working days) is over.");
  }
  Decision decision;
  v1::Event* event = decision.Emit();
  auto* request = event->mutable_return_requested()->mutable_request();
  request->set_org(d.acting.org);
  request->set_reason(c.reason());
  request->set_legal_basis(c.legal_basis());
  request->set_suggested_org(c.suggested_org());
  request->set_at_ms(d.now());
  v1::Standing* standing = event->mutable_standing();
  *standing = d.matter().standing();
  standing->set_holder_org(d.CentreAt(std::max(d.matter().dispatched_level(), standing->current_level())));
  Clocks clocks = d.ClocksFor("return_requested");
  clocks.Stop("DI-03");
  clocks.Stop("DI-04");
  clocks.Into(event);
  return decision;
}

Decision DecideApproveReturn(const v1::ApproveReturnRequest& c, const Deciding& d) {
  if (!d.matter().has_return_request()) {
    return NoGuard("NO_RETURN_ASKED", "没有退回申请。", "No return was asked for.");
  }
  if (!IsDispatcherOfIt(d)) return NotTheIssuer();
  const int count = d.matter().return_count() + 1;
  const int level = d.matter().standing().current_level();
  Decision decision;
  v1::Event* event = decision.Emit();
  auto* returned = event->mutable_returned();
  returned->set_note(c.note());
  returned->set_return_count(count);
  // The second return ends the ball game: the next level designates (R7; 信访工作条例 24 by analogy).
  if (count >= 2) returned->set_designation_level(std::min<int>(level + 1, common::v1::CITY));
  v1::Standing* standing = event->mutable_standing();
  *standing = With(d.matter().standing(), v1::ACCEPTED);
  standing->set_lead_org(d.CentreAt(level));
  standing->set_holder_org(standing->lead_org());
  standing->clear_co_handler_org();
  Clocks clocks = d.ClocksFor("returned");
  clocks.Cancel("DI-05");
  clocks.Cancel("DA-05");
  clocks.BindHandling(standing->holder_org());
  clocks.Begin("DI-02", {.holder = standing->holder_org(), .urgent = IsUrgent(d.matter().intake())});
  clocks.Into(event);
  if (count < 2 || level >= common::v1::CITY) return decision;
  v1::State after = d.state;
  IncidentDomain::Apply(*event, d.now(), &after);
  const Deciding next{after, d.ctx, d.known, d.acting};
  v1::Event* up = decision.Emit();
  EmitEscalated(next, level + 1, "两次退回，由上一级指定承办单位", true, up);
  up->mutable_escalated()->add_ladder_reason("RETURNS");
  return decision;
}

Decision DecideRefuseReturn(const v1::RefuseReturnRequest& c, const Deciding& d) {
  if (!d.matter().has_return_request()) {
    return NoGuard("NO_RETURN_ASKED", "没有退回申请。", "No return was asked for.");
  }
  if (!IsDispatcherOfIt(d)) return NotTheIssuer();
  Decision decision;
  v1::Event* event = decision.Emit();
  event->mutable_return_refused()->set_reason(c.reason());
  v1::Standing* standing = event->mutable_standing();
  *standing = d.matter().standing();
  standing->set_holder_org(standing->lead_org());
  Clocks clocks = d.ClocksFor("return_refused");
  common::v1::Length four_hours;  // I8c: the unit must take within 4 working hours
  four_hours.set_amount(4);
  four_hours.set_unit(common::v1::WH);
  clocks.Begin(
      "DI-03",
      {.holder = standing->lead_org(), .length = four_hours, .article = "退回驳回后4个工作小时内接单"});
  clocks.Into(event);
  return decision;
}

void EmitEscalated(const Deciding& d, int to, std::string reason, bool automatic, v1::Event* event) {
  auto* escalated = event->mutable_escalated();
  escalated->set_from(d.matter().standing().current_level());
  escalated->set_to(to);
  escalated->set_reason(std::move(reason));
  escalated->set_automatic(automatic);
  Clocks clocks = d.ClocksFor("escalated");
  MoveTo(d, to, event, &clocks);
  clocks.Into(event);
  // Escalation never removes the responsibility of the level below: who had the lead stays on it.
  AddCoHandler(event->mutable_standing(), d.matter().standing().lead_org());
}

void EmitSentDown(const Deciding& d, int to, std::string reason, v1::Event* event) {
  auto* sent = event->mutable_sent_down();
  sent->set_from(d.matter().standing().current_level());
  sent->set_to(to);
  sent->set_reason(std::move(reason));
  Clocks clocks = d.ClocksFor("sent_down");
  MoveTo(d, to, event, &clocks);
  clocks.Into(event);
  v1::Standing* standing = event->mutable_standing();
  const auto before = standing->co_handler_org();
  standing->clear_co_handler_org();
  for (const std::string& id : before) AddCoHandler(standing, id);  // the new lead is no longer a co-handler
}

Decision DecideEscalate(const v1::EscalateRequest& c, const Deciding& d) {
  const int level = d.matter().standing().current_level();
  if (level >= common::v1::CITY) {
    return NoGuard("HIGHEST_LEVEL", "已经在市级，不能再上报。", "It is at the city already.");
  }
  if (d.matter().has_return_request()) {
    return NoGuard("RETURN_IS_ASKED", "请先答复退回申请。", "Answer the request for return first.");
  }
  Decision decision;
  v1::Event* event = decision.Emit();
  EmitEscalated(d, level + 1, c.reason(), false, event);
  event->mutable_escalated()->set_measures_tried(c.measures_tried());
  return decision;
}

Decision DecideSendDown(const v1::SendDownRequest& c, const Deciding& d) {
  const int to = d.matter().standing().current_level() - 1;
  const auto* category = d.Category();
  if (to < common::v1::VILLAGE || to < base::LevelOf(d.AreaNow()) ||
      (category != nullptr && to < category->min_level()) || to < d.matter().designation_level()) {
    return NoGuard("BELOW_MINIMUM_LEVEL", "这类事项不能再往下派。",
                   "This matter may not be sent down further.");
  }
  if (c.due_at_ms() != 0 && c.due_at_ms() <= d.now()) {
    return NoField("due_at_ms", "DUE_OUT_OF_RANGE", "期限应在现在以后。", "The due date lies in the past.");
  }
  Decision decision;
  v1::Event* event = decision.Emit();
  EmitSentDown(d, to, c.reason(), event);
  event->mutable_sent_down()->set_due_at_ms(c.due_at_ms());
  return decision;
}

}  // namespace incident
