// Supervision orders 督办单 as people give and answer them (O2 to O6), and asking for a matter to go up. The order is
// an aggregate of its own; its matter keeps a note of every order not yet ended, and the case service hears by notice.
#include <absl/strings/str_cat.h>

#include <algorithm>
#include <utility>

#include "base/area_code.h"
#include "services/oversight/domain/checks.h"
#include "services/oversight/domain/decide.h"
#include "services/oversight/domain/drafts.h"
#include "services/oversight/domain/lights.h"
#include "services/oversight/domain/limits.h"
#include "services/oversight/domain/orders.h"
#include "services/oversight/domain/standing.h"
#include "services/oversight/domain/task_orders.h"
#include "services/reference/deadline.h"

namespace oversight {
namespace {

using kernel::RefusalCode;

const v1::Matter* MatterOf(const Ask& ask) {
  const v1::State* state = ask.ctx.lookup->Find(ask.state.order().matter_id());
  return state != nullptr && state->has_matter() ? &state->matter() : nullptr;
}

// The time to answer, counted from now; the row of the catalogue says how long and why.
common::v1::Clock AnswerClock(const v1::OrderState& order, const char* started_by, const Ask& ask) {
  reference::ClockStart start;
  start.at_ms = ask.ctx.now_ms;
  start.started_by = started_by;
  start.holder_org = order.to_org();
  return reference::StartClock(*ask.reference.FindRule(AnswerRow(order.card())), start, ask.reference.calendar());
}

common::v1::Clock Stopped(const common::v1::Clock& clock, const Ask& ask) {
  return reference::IsRunning(clock) ? reference::Stop(clock, ask.ctx.now_ms, ask.reference.calendar()) : clock;
}

// What the order is now, told to its matter or task.
v1::OrderNoted* Note(v1::OrderStatus status, int64_t due_at_ms, const Ask& ask, Decision* decision) {
  auto* noted = decision->EmitTo(SubjectOf(ask.state.order()))->mutable_order_noted();
  *noted->mutable_note() = NoteOf(ask.ctx.aggregate_id, ask.state.order());
  noted->mutable_note()->set_status(status);
  noted->mutable_note()->set_due_at_ms(due_at_ms);
  return noted;
}

// One demand at a time: whatever is milder and to the same unit is replaced by this one, out or still a draft; and what
// is of the same card and gives way to it.
void Upgrade(const Ask& ask, Decision* decision) {
  const v1::OrderState& order = ask.state.order();
  const v1::State* subject = ask.ctx.lookup->Find(SubjectOf(order));
  if (subject == nullptr) return;
  for (const auto& note : subject->has_matter() ? subject->matter().order() : subject->planned_task().order()) {
    const v1::State* milder = ask.ctx.lookup->Find(note.order_id());
    const bool replaced = note.card() < order.card() || GivesWay(note, order.card(), ask);
    if (note.to_org() != order.to_org() || !replaced || milder == nullptr) continue;
    auto* ended = decision->EmitTo(note.order_id())->mutable_order_ended();
    ended->set_status(v1::ORDER_UPGRADED);
    ended->set_was_out(IsOut(milder->order().status()));
    *ended->mutable_clock() = ended->was_out() ? Stopped(milder->order().clock(), ask) : milder->order().clock();
    auto* noted = decision->EmitTo(SubjectOf(order))->mutable_order_noted();
    *noted->mutable_note() = note;
    noted->mutable_note()->set_status(v1::ORDER_UPGRADED);
  }
}

// O5: the matter goes one level up; the case service decides by its own rules. Nobody moves a petition.
void AskUpward(const v1::Matter& matter, const Ask& ask, Decision* decision) {
  const v1::Part* holder = HolderPart(matter);
  const bool waits = std::ranges::any_of(matter.asked(), [](const v1::Asked& asked) {
    return asked.kind() == v1::ESCALATE && asked.answer() == v1::ANSWER_PENDING;
  });
  if (waits || holder == nullptr || holder->has_petition() || !IsOpen(matter) || matter.asked_size() >= kAskedMax ||
      CurrentLevel(matter) >= common::v1::CITY) {
    return;
  }
  auto* asked = decision->EmitTo(ask.state.order().matter_id())->mutable_escalation_asked();
  *asked->mutable_asked() = NewAsked(v1::ESCALATE, absl::StrCat(std::string(ask.ctx.aggregate_id), "-up"), ask);
  asked->mutable_asked()->set_to_level(CurrentLevel(matter) + 1);
  asked->mutable_asked()->set_reason_code("RED_CARD");
  asked->set_service(holder->service());
  asked->set_subject_id(holder->subject_id());
  asked->set_issuer_level(ask.who.level);
}

// A card opens the way to the city for what is late: the ladder looks again.
void LookAgain(const v1::Matter& matter, const Ask& ask, v1::OrderNoted* noted) {
  v1::Matter carded = matter;
  carded.set_carded_at_ms(ask.ctx.now_ms);
  for (const auto& part : carded.part()) {
    for (const auto& light : part.light()) {
      if (light.light() == common::v1::RED) *noted->add_check() = NextCheck(carded, part, light, ask.reference);
    }
  }
}

// A county's red card is the county leader's; one against a unit of the county level is the city leader's.
bool NeedsTheCity(const Ask& ask) {
  const auto* org = ask.reference.FindOrg(ask.state.order().to_org());
  return ask.state.order().card() == common::v1::CARD_RED && org != nullptr &&
         base::LevelOf(org->area_code()) >= common::v1::COUNTY && ask.who.role != kernel::v1::ROLE_CYL;
}

}  // namespace

Decision DecideDraftOrder(const v1::DraftOrderRequest& request, const Ask& ask, const v1::Matter& matter) {
  if (!ask.reference.Ready()) return Refuse(RefusalCode::kGuard, "CALENDAR_MISSING");
  if (auto refusal = GroundObjection(request, matter, ask.reference, ask.ctx.now_ms))
    return Decision::Refuse(*std::move(refusal));
  const std::string to_org = request.to_org().empty() ? HolderOrg(matter) : request.to_org();
  const auto* org = ask.reference.FindOrg(to_org);
  if (org == nullptr || org->closed() || !base::Covers(ask.who.area, org->area_code()))
    return Refuse(RefusalCode::kInvalid, "UNKNOWN_ORG", "to_org");
  if (!IsTheirs(matter, to_org))
    return Refuse(RefusalCode::kGuard, "MATTER_NOT_THEIRS", "to_org");
  if (matter.order_size() >= kOrdersMax) return Refuse(RefusalCode::kLimit, "TOO_LONG");
  v1::OrderState order = NewDraft(matter, request.card(), request.ground(), to_org, ask.ctx.now_ms);
  order.set_matter_id(request.matter_id());
  order.set_violation(request.ground() == v1::VIOLATION ? request.violation() : "");
  order.set_facts(request.facts());
  order.set_automatic(false);
  order.set_drafter_user_id(ask.ctx.actor->user_id());
  if (IsItsOwnJudge(*ask.ctx.actor, order)) return Refuse(RefusalCode::kGuard, "OWN_ORDER_DRAFT", "to_org");
  if (StandsInTheWay(matter.order(), to_org, request.card(), ask))
    return Refuse(RefusalCode::kGuard, "ALREADY_ORDERED");
  order.set_sign_level(SignLevelOf(order, ask.reference));
  Decision decision;
  *decision.EmitTo(request.matter_id())->mutable_order_noted()->mutable_note() = NoteOf(ask.ctx.aggregate_id, order);
  *decision.Emit()->mutable_order_drafted()->mutable_order() = std::move(order);
  return decision;
}

Decision DecideIssueOrder(const std::string& demand, const Ask& ask) {
  const v1::OrderState& order = ask.state.order();
  const v1::Matter* matter = MatterOf(ask);
  const auto* row = ask.reference.FindRule(AnswerRow(order.card()));
  if (!ask.reference.Ready() || row == nullptr) return Refuse(RefusalCode::kGuard, "CALENDAR_MISSING");
  if (demand.empty()) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "demand");
  if (demand.size() > kTextBytesMax) return Refuse(RefusalCode::kLimit, "TOO_LONG", "demand");
  if (matter == nullptr && order.task_id().empty()) return Refuse(RefusalCode::kNotFound, "NOT_FOUND");
  if (IsItsOwnJudge(*ask.ctx.actor, order)) return Refuse(RefusalCode::kNotAllowed, "OWN_ORDER_ISSUE");
  if (IsClosed(order.to_org(), ask)) return Refuse(RefusalCode::kGuard, "UNIT_CLOSED");
  if (NeedsTheCity(ask)) return Refuse(RefusalCode::kNotAllowed, "CITY_LEADER_NEEDED");
  Decision decision;
  Upgrade(ask, &decision);
  auto* issued = decision.Emit()->mutable_order_issued();
  issued->set_demand(demand);
  issued->set_issuer_user_id(ask.ctx.actor->user_id());
  issued->set_issuer_org(ask.who.org);
  issued->set_issuer_level(ask.who.level);
  issued->set_area_code(ask.who.area);
  *issued->mutable_clock() = AnswerClock(order, "order_issued", ask);
  issued->set_yellow_at_ms(YellowAt(issued->clock(), ask.reference));
  issued->set_counted(true);
  const int64_t due = issued->clock().due_at_ms();
  const auto* step =
      ask.reference.FindLadderStep(common::v1::COUNTY, matter == nullptr ? std::string() : CategoryOf(*matter));
  if (order.card() == common::v1::CARD_YELLOW && step != nullptr && step->overdue_longer_than().amount() != 0)
    issued->set_red_check_at_ms(LateMoment(ask.ctx.now_ms, step->overdue_longer_than(), ask.reference));
  auto* noted = Note(v1::ORDER_ISSUED, due, ask, &decision);
  noted->mutable_note()->set_issued_at_ms(ask.ctx.now_ms);
  if (matter == nullptr) return decision;
  if (order.card() >= common::v1::CARD_YELLOW) LookAgain(*matter, ask, noted);
  if (order.card() == common::v1::CARD_RED) AskUpward(*matter, ask, &decision);
  return decision;
}

Decision DecideCancelOrder(const v1::CancelOrderRequest& request, const Ask& ask) {
  if (request.reason().empty()) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "reason");
  if (request.reason().size() > kTextBytesMax) return Refuse(RefusalCode::kLimit, "TOO_LONG", "reason");
  if (IsItsOwnJudge(*ask.ctx.actor, ask.state.order())) return Refuse(RefusalCode::kNotAllowed, "OWN_ORDER");
  Decision decision;
  auto* ended = decision.Emit()->mutable_order_ended();
  ended->set_status(v1::ORDER_CANCELLED);
  ended->set_text(request.reason());
  ended->set_was_out(IsOut(ask.state.order().status()));
  *ended->mutable_clock() = ask.state.order().clock();
  if (reference::IsRunning(ended->clock()) && ended->was_out())
    *ended->mutable_clock() = reference::Cancel(ended->clock(), ask.ctx.now_ms);
  Note(v1::ORDER_CANCELLED, 0, ask, &decision);
  return decision;
}

Decision DecideAcknowledgeOrder(const Ask& ask) {
  Decision decision;
  decision.Emit()->mutable_order_acknowledged()->set_org_id(ask.who.org);
  Note(v1::ORDER_ACKNOWLEDGED, ask.state.order().clock().due_at_ms(), ask, &decision);
  return decision;
}

Decision DecideAnswerOrder(const v1::AnswerOrderRequest& request, const Ask& ask) {
  if (request.result().empty()) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "result");
  if (request.evidence().empty()) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "evidence");
  if (request.result().size() + request.evidence().size() > kTextBytesMax)
    return Refuse(RefusalCode::kLimit, "TOO_LONG", "result");
  Decision decision;
  // Who answers has seen it: nothing is answered that was not acknowledged (3.6.1).
  if (PhaseOf(ask.state) == Phase::kOrderOut) decision.Emit()->mutable_order_acknowledged()->set_org_id(ask.who.org);
  auto* answered = decision.Emit()->mutable_order_answered();
  answered->mutable_answer()->set_org_id(ask.who.org);
  answered->mutable_answer()->set_result(request.result());
  answered->mutable_answer()->set_evidence(request.evidence());
  answered->mutable_answer()->set_at_ms(ask.ctx.now_ms);
  *answered->mutable_clock() = Stopped(ask.state.order().clock(), ask);
  Note(v1::ORDER_RESPONDED, ask.state.order().clock().due_at_ms(), ask, &decision);
  return decision;
}

Decision DecideAcceptAnswer(const v1::AcceptAnswerRequest& request, const Ask& ask) {
  if (request.text().size() > kTextBytesMax) return Refuse(RefusalCode::kLimit, "TOO_LONG", "text");
  if (IsItsOwnJudge(*ask.ctx.actor, ask.state.order())) return Refuse(RefusalCode::kNotAllowed, "OWN_ANSWER");
  Decision decision;
  auto* ended = decision.Emit()->mutable_order_ended();
  ended->set_status(v1::ORDER_CLOSED);
  ended->set_text(request.text());
  ended->set_was_out(true);
  ended->set_red_check_at_ms(ask.state.order().red_check_at_ms());
  *ended->mutable_clock() = ask.state.order().clock();
  Note(v1::ORDER_CLOSED, 0, ask, &decision);
  return decision;
}

Decision DecideSendBackAnswer(const v1::SendBackAnswerRequest& request, const Ask& ask) {
  const v1::OrderState& order = ask.state.order();
  if (request.reason().empty()) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "reason");
  if (request.reason().size() > kTextBytesMax) return Refuse(RefusalCode::kLimit, "TOO_LONG", "reason");
  if (IsItsOwnJudge(*ask.ctx.actor, order)) return Refuse(RefusalCode::kNotAllowed, "OWN_ANSWER");
  if (order.answer_size() >= kAnswersMax) return Refuse(RefusalCode::kLimit, "TOO_LONG");
  const auto* row = ask.reference.FindRule(AnswerRow(order.card()));
  if (!ask.reference.Ready() || row == nullptr) return Refuse(RefusalCode::kGuard, "CALENDAR_MISSING");
  Decision decision;
  auto* back = decision.Emit()->mutable_order_sent_back();
  back->set_reason(request.reason());
  *back->mutable_former_clock() = order.clock();
  *back->mutable_clock() = AnswerClock(order, "order_sent_back", ask);
  back->set_yellow_at_ms(YellowAt(back->clock(), ask.reference));
  const int64_t due = back->clock().due_at_ms();
  Note(v1::ORDER_SENT_BACK, due, ask, &decision);
  return decision;
}

Decision DecideAskEscalation(const v1::AskEscalationRequest& request, const Ask& ask) {
  const v1::Matter& matter = ask.state.matter();
  const v1::Part* holder = HolderPart(matter);
  if (request.reason_code().empty()) return Refuse(RefusalCode::kInvalid, "VALUE_NEEDED", "reason_code");
  if (request.tried().empty()) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "tried");
  if (request.tried().size() > kTextBytesMax) return Refuse(RefusalCode::kLimit, "TOO_LONG", "tried");
  if (holder->has_petition()) return Refuse(RefusalCode::kGuard, "NOT_FOR_PETITION");
  if (CurrentLevel(matter) >= common::v1::CITY) return Refuse(RefusalCode::kGuard, "HIGHEST_LEVEL");
  if (matter.asked_size() >= kAskedMax) return Refuse(RefusalCode::kLimit, "TOO_LONG");
  for (const auto& asked : matter.asked()) {
    if (asked.kind() == v1::ESCALATE && asked.answer() == v1::ANSWER_PENDING)
      return Refuse(RefusalCode::kGuard, "ALREADY_ASKED");
  }
  Decision decision;
  auto* event = decision.Emit()->mutable_escalation_asked();
  *event->mutable_asked() =
      NewAsked(v1::ESCALATE, absl::StrCat(std::string(ask.ctx.aggregate_id), "-", ask.ctx.version + 1), ask);
  event->mutable_asked()->set_to_level(CurrentLevel(matter) + 1);
  event->mutable_asked()->set_reason_code(request.reason_code());
  event->set_service(holder->service());
  event->set_subject_id(holder->subject_id());
  event->set_issuer_level(ask.who.level);
  event->mutable_asked()->set_tried(request.tried());
  return decision;
}

}  // namespace oversight
