// M18 performance, M19 visits, M20 breach, and mediating anew: the committee watches over the agreement and
// urges its performance (Art. 31, 若干规定 36, 37).
#include <algorithm>
#include <optional>
#include <utility>

#include "base/calendar.h"
#include "services/mediation/domain/clocks.h"
#include "services/mediation/domain/decide.h"
#include "services/mediation/domain/limits.h"
#include "services/mediation/domain/promise.h"

namespace mediation {
namespace {

using kernel::RefusalCode;

bool ByParty(const Ask& ask) { return ask.who.role == kernel::v1::ROLE_PUB; }

// Whom a party asked to stand aside does not watch over the agreement either (若干规定 25): another mediator does, or
// whoever takes over. The parties themselves, and a grid worker who visits, are not asked.
std::optional<kernel::Refusal> CheckMayWatch(const Ask& ask) {
  if (ask.who.role != kernel::v1::ROLE_MD) return std::nullopt;
  return CheckMayMediate(ask);
}

// One account may stand for two parties: whether it is this one.
bool ActsFor(std::string_view party_id, const Ask& ask) {
  const v1::Party* party = FindParty(ask.state, party_id);
  return party != nullptr && !ask.ctx.actor->user_id().empty() &&
         party->person().user_id() == ask.ctx.actor->user_id();
}

std::optional<kernel::Refusal> CheckPerformance(const v1::PerformRequest& request, const v1::Clause& clause,
                                                const v1::Promise& promise, const Ask& ask) {
  if (promise.state() == v1::DONE) return Why(RefusalCode::kGuard, "PROMISE_DONE", "clause_no");
  if (promise.performance_size() >= kPerformancesMax)
    return Why(RefusalCode::kLimit, "TOO_LONG", "clause_no");
  if (ByParty(ask)) {
    if (ActsFor(clause.obligee_party_id(), ask)) {  // who was owed says it came: nothing more is needed
    } else if (!ActsFor(clause.obligor_party_id(), ask)) {
      return Why(RefusalCode::kNotAllowed, "NOT_YOUR_PARTY", "clause_no");
    } else if (request.receipt_sha256().empty()) {
      return Why(RefusalCode::kInvalid, "RECEIPT_NEEDED", "receipt_sha256");
    }
  } else if (request.receipt_sha256().empty() && request.remark().empty()) {
    return Why(RefusalCode::kInvalid, "RECEIPT_NEEDED", "receipt_sha256");
  }
  if (clause.kind() == v1::PAY) {
    if (request.amount_fen() <= 0) return Why(RefusalCode::kInvalid, "AMOUNT_NEEDED", "amount_fen");
    if (request.amount_fen() > promise.amount_fen() - promise.paid_fen()) {
      return Why(RefusalCode::kInvalid, "MORE_THAN_OWED", "amount_fen");
    }
  } else if (request.amount_fen() != 0) {  // a sum nobody owes by this clause would be lost without a word
    return Why(RefusalCode::kInvalid, "NO_AMOUNT_HERE", "amount_fen");
  }
  if (request.performed_at_ms() != 0 && (request.performed_at_ms() > ask.ctx.now_ms ||
                                         request.performed_at_ms() < ask.state.accepted_at_ms())) {
    return Why(RefusalCode::kInvalid, "BAD_TIME", "performed_at_ms");
  }
  return std::nullopt;
}

// What has become of the promise with this performance.
void Keep(const v1::PerformRequest& request, bool whole, int64_t at_ms, v1::Promise* promise) {
  const bool was_broken = promise->state() == v1::BREACHED;
  const bool in_time = promise->due_ms() == 0 || at_ms <= promise->due_ms();
  promise->set_paid_fen(promise->paid_fen() + request.amount_fen());
  int64_t last_ms = at_ms;
  for (const auto& before : promise->performance()) last_ms = std::max(last_ms, before.at_ms());
  promise->set_done_at_ms(whole ? last_ms : 0);
  if (whole) {
    promise->set_state(v1::DONE);
    promise->set_presumed(false);
    promise->set_repudiated(false);
    promise->set_late(promise->due_ms() != 0 && promise->done_at_ms() > promise->due_ms());
  } else if (!was_broken) {
    promise->set_state(v1::PARTLY);
  } else if (!in_time) {
    promise->set_late(true);
  }
}

// The clock of the next visit. A visit before the day a promise is due does not stand for the one after it.
void MoveVisitClock(int64_t visited_at_ms, const Ask& ask, ClockChanges* clocks) {
  if (clocks->Running("DM-06")) {
    if (visited_at_ms < clocks->Find("DM-06")->started_at_ms()) return;
    clocks->Stop("DM-06");
  }
  int64_t next_due = 0;
  bool overdue = false;
  for (const auto& promise : PromisesOf(ask.state)) {
    if (!IsOpenPromise(promise) || promise.due_ms() == 0) continue;
    const int64_t due_at_ms = ask.state.agreement().clause(promise.no() - 1).due_at_ms();
    if (promise.due_ms() <= visited_at_ms || promise.repudiated()) {
      overdue = true;
    } else if (next_due == 0 || due_at_ms < next_due) {
      next_due = due_at_ms;
    }
  }
  reference::ClockStart visit;
  visit.holder_org = ask.state.committee_org();
  if (overdue) {  // what is not made good is looked at again, not forgotten
    visit.started_by = "followed_up";
    clocks->Start("DM-06", visit);
  } else if (next_due != 0) {
    visit.started_by = "clause_due";
    visit.at_ms = std::max(next_due, visited_at_ms);
    clocks->Start("DM-06", visit);
  }
}

// A clause that will not be kept is looked at within the days of any visit, not only after its own day.
void BringVisitForward(const Ask& ask, ClockChanges* clocks) {
  const auto* before = clocks->Find("DM-06");
  const int64_t due_before_ms = before != nullptr && clocks->Running("DM-06") ? before->due_at_ms() : 0;
  reference::ClockStart visit;
  visit.started_by = "repudiated";
  visit.holder_org = ask.state.committee_org();
  const auto& rule = *ask.reference.FindRule("DM-06");
  visit.at_ms = ask.ctx.now_ms;
  const int64_t due_ms = reference::StartClock(rule, visit, ask.reference.calendar()).due_at_ms();
  if (due_before_ms != 0 && due_before_ms <= due_ms) return;
  clocks->Cancel("DM-06");
  clocks->Start("DM-06", visit);
}

std::optional<kernel::Refusal> CheckVisit(const v1::Visit& visit, int64_t visited_at_ms, const Ask& ask) {
  if (visited_at_ms > ask.ctx.now_ms || visited_at_ms < ask.state.agreement().effective_at_ms()) {
    return Why(RefusalCode::kInvalid, "BAD_TIME", "visit.visited_at_ms");
  }
  if (visit.mode() == v1::VISIT_MODE_UNSPECIFIED || !v1::VisitMode_IsValid(visit.mode())) {
    return Why(RefusalCode::kInvalid, "VALUE_NEEDED", "visit.mode");
  }
  if (visit.party_id().empty()) return Why(RefusalCode::kInvalid, "VALUE_NEEDED", "visit.party_id");
  for (const auto& id : visit.party_id()) {
    if (FindParty(ask.state, id) == nullptr)
      return Why(RefusalCode::kInvalid, "UNKNOWN_PARTY", "visit.party_id");
  }
  if (visit.finding().empty()) return Why(RefusalCode::kInvalid, "CONTENT_NEEDED", "visit.finding");
  if (visit.satisfaction() < 0 || visit.satisfaction() > 5) {
    return Why(RefusalCode::kInvalid, "UNKNOWN_CODE", "visit.satisfaction");
  }
  if (visit.escalation_signs() && visit.measures().empty()) {  // form 10: signs, and what was done about them
    return Why(RefusalCode::kInvalid, "CONTENT_NEEDED", "visit.measures");
  }
  return std::nullopt;
}

// 民法典 578: before the due day a clause is broken when its debtor says plainly, or shows, that he will not keep it; who
// is owed need not wait for the day. Afterwards it is simply broken.
std::optional<kernel::Refusal> CheckRepudiation(const v1::ReportBreachRequest& request, const v1::Clause& clause,
                                                const v1::Promise& promise, const Ask& ask) {
  const bool before_due = promise.due_ms() != 0 && ask.ctx.now_ms <= promise.due_ms();
  if (!request.has_repudiation()) {
    return before_due ? std::optional(Why(RefusalCode::kGuard, "PROMISE_NOT_DUE", "clause_no")) : std::nullopt;
  }
  if (!before_due) return Why(RefusalCode::kGuard, "DAY_IS_OVER", "repudiation");
  const v1::Repudiation& repudiation = request.repudiation();
  if (repudiation.party_id() != clause.obligor_party_id()) {
    return Why(RefusalCode::kInvalid, "NOT_THE_DEBTOR", "repudiation.party_id");
  }
  if (repudiation.kind() == v1::REPUDIATION_KIND_UNSPECIFIED || !v1::RepudiationKind_IsValid(repudiation.kind())) {
    return Why(RefusalCode::kInvalid, "VALUE_NEEDED", "repudiation.kind");
  }
  if (repudiation.how_known().empty()) {
    return Why(RefusalCode::kInvalid, "CONTENT_NEEDED", "repudiation.how_known");
  }
  if (repudiation.at_ms() != 0 && (repudiation.at_ms() > ask.ctx.now_ms ||
                                   repudiation.at_ms() < ask.state.agreement().effective_at_ms())) {
    return Why(RefusalCode::kInvalid, "BAD_REPUDIATION_TIME", "repudiation.at_ms");
  }
  return std::nullopt;
}

std::optional<kernel::Refusal> CheckBreach(const v1::ReportBreachRequest& request, const v1::Clause& clause,
                                           const v1::Promise& promise, const Ask& ask) {
  if (promise.state() == v1::DONE) return Why(RefusalCode::kGuard, "PROMISE_DONE", "clause_no");
  if (auto refusal = CheckRepudiation(request, clause, promise, ask)) return refusal;
  if (ask.state.breach_size() >= kBreachesMax) return Why(RefusalCode::kLimit, "TOO_LONG", "clause_no");
  if (request.finding().empty()) return Why(RefusalCode::kInvalid, "CONTENT_NEEDED", "finding");
  if (ByParty(ask)) {
    return ActsFor(clause.obligee_party_id(), ask)
               ? std::nullopt
               : std::optional(Why(RefusalCode::kNotAllowed, "NOT_YOUR_PARTY", "clause_no"));
  }
  if (request.persuasion().empty()) return Why(RefusalCode::kInvalid, "PERSUASION_NEEDED", "persuasion");
  if (request.way_told().empty()) return Why(RefusalCode::kInvalid, "WAYS_NEEDED", "way_told");
  for (const int way : request.way_told()) {
    if (way == v1::BREACH_WAY_UNSPECIFIED || !v1::BreachWay_IsValid(way)) {
      return Why(RefusalCode::kInvalid, "UNKNOWN_CODE", "way_told");
    }
    if (way == v1::ENFORCEMENT && ask.state.confirmation() != v1::CONFIRMED) {  // Art. 33
      return Why(RefusalCode::kGuard, "NOT_CONFIRMED", "way_told");
    }
    if (way == v1::ENFORCEMENT && request.has_repudiation()) {  // 民事诉讼法 247, 250: of what is due
      return Why(RefusalCode::kGuard, "NOT_ENFORCEABLE_YET", "way_told");
    }
  }
  return std::nullopt;
}

}  // namespace

Decision DecidePerform(const v1::PerformRequest& request, const Ask& ask) {
  if (auto refusal = CheckMayWatch(ask)) return Decision::Refuse(*std::move(refusal));
  if (!HasClause(ask.state, request.clause_no()))
    return Refuse(RefusalCode::kInvalid, "UNKNOWN_CLAUSE", "clause_no");
  const v1::Clause& clause = ask.state.agreement().clause(request.clause_no() - 1);
  v1::Promise promise = PromiseAt(ask.state, request.clause_no());
  if (auto refusal = CheckPerformance(request, clause, promise, ask))
    return Decision::Refuse(*std::move(refusal));
  const int64_t at_ms = request.performed_at_ms() == 0 ? ask.ctx.now_ms : request.performed_at_ms();
  const bool pays = clause.kind() == v1::PAY;
  const bool whole =
      pays ? promise.paid_fen() + request.amount_fen() == promise.amount_fen() : !request.partly();
  v1::Performance performance;
  performance.set_at_ms(at_ms);
  if (pays) performance.set_amount_fen(request.amount_fen());
  performance.set_receipt_sha256(request.receipt_sha256());
  performance.set_remark(request.remark());
  if (ByParty(ask)) {
    performance.set_by_party_id(ActsFor(clause.obligee_party_id(), ask) ? clause.obligee_party_id()
                                                                        : clause.obligor_party_id());
  }
  Keep(request, whole, at_ms, &promise);
  *promise.add_performance() = performance;
  Decision decision;
  auto* performed = decision.Emit()->mutable_performed();
  *performed->mutable_promise() = std::move(promise);
  *performed->mutable_performance() = std::move(performance);
  return decision;
}

Decision DecideFollowUp(const v1::FollowUpRequest& request, const Ask& ask) {
  if (auto refusal = CheckMayWatch(ask)) return Decision::Refuse(*std::move(refusal));
  if (ask.state.visit_size() >= kVisitsMax) return Refuse(RefusalCode::kLimit, "TOO_LONG", "visit");
  const v1::Visit& visit = request.visit();
  const int64_t visited_at_ms = visit.visited_at_ms() == 0 ? ask.ctx.now_ms : visit.visited_at_ms();
  if (auto refusal = CheckVisit(visit, visited_at_ms, ask)) return Decision::Refuse(*std::move(refusal));
  Decision decision;
  auto* event = decision.Emit();
  auto* followed = event->mutable_followed_up()->mutable_visit();
  *followed = visit;
  followed->set_visited_at_ms(visited_at_ms);
  followed->set_by_user_id(ask.ctx.actor->user_id());
  ClockChanges clocks(ask.state, ask.reference, ask.ctx.now_ms);
  MoveVisitClock(visited_at_ms, ask, &clocks);
  clocks.WriteTo(event);
  return decision;
}

Decision DecideReportBreach(const v1::ReportBreachRequest& request, const Ask& ask) {
  if (auto refusal = CheckMayWatch(ask)) return Decision::Refuse(*std::move(refusal));
  if (!HasClause(ask.state, request.clause_no()))
    return Refuse(RefusalCode::kInvalid, "UNKNOWN_CLAUSE", "clause_no");
  const v1::Clause& clause = ask.state.agreement().clause(request.clause_no() - 1);
  v1::Promise promise = PromiseAt(ask.state, request.clause_no());
  if (auto refusal = CheckBreach(request, clause, promise, ask)) return Decision::Refuse(*std::move(refusal));
  promise.set_state(v1::BREACHED);
  promise.set_presumed(false);
  promise.set_repudiated(request.has_repudiation());
  Decision decision;
  auto* event = decision.Emit();
  auto* breached = event->mutable_breached();
  *breached->mutable_promise() = std::move(promise);
  auto* breach = breached->mutable_breach();
  breach->set_clause_no(request.clause_no());
  breach->set_finding(request.finding());
  breach->set_at_ms(ask.ctx.now_ms);
  if (ByParty(ask)) {
    breach->set_by_party_id(clause.obligee_party_id());
  } else {
    breach->set_persuasion(request.persuasion());
    *breach->mutable_way_told() = request.way_told();
  }
  if (!request.has_repudiation()) return decision;
  *breach->mutable_repudiation() = request.repudiation();
  if (request.repudiation().at_ms() == 0) breach->mutable_repudiation()->set_at_ms(ask.ctx.now_ms);
  ClockChanges clocks(ask.state, ask.reference, ask.ctx.now_ms);
  BringVisitForward(ask, &clocks);
  clocks.WriteTo(event);
  return decision;
}

Decision DecideRemediate(const v1::RemediateRequest& request, const Ask& ask) {
  if (auto refusal = CheckMayWatch(ask)) return Decision::Refuse(*std::move(refusal));
  const v1::State& state = ask.state;
  if (state.confirmation() == v1::CONFIRMED) return Refuse(RefusalCode::kGuard, "ALREADY_CONFIRMED");
  if (state.confirmation() == v1::APPLIED || state.confirmation() == v1::FILED) {
    return Refuse(RefusalCode::kGuard, "CONFIRMATION_PENDING");
  }
  if (PerformanceOf(state) != v1::BREACHED && state.confirmation() != v1::REJECTED) {
    return Refuse(RefusalCode::kGuard, "NOTHING_TO_MEDIATE_ANEW");
  }
  // Somebody asked for a new case of the same matter instead: one dispute is mediated in one place (若干规定 22).
  if (OpenElsewhere(ask)) return Refuse(RefusalCode::kGuard, "ALREADY_OPEN_HERE");
  if (state.former_agreement_size() + 1 >= kAgreementsMax) return Refuse(RefusalCode::kLimit, "TOO_LONG");
  if (request.reason().empty()) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "reason");
  if (auto refusal = CheckConsents(request.consent(), state)) return Decision::Refuse(*std::move(refusal));
  Decision decision;
  auto* event = decision.Emit();
  auto* remediated = event->mutable_remediated();
  remediated->set_reason(request.reason());
  *remediated->mutable_consent() = request.consent();
  ClockChanges clocks(state, ask.reference, ask.ctx.now_ms);
  for (std::string_view id : {"DM-05", "DM-06"}) clocks.Cancel(id);
  const PeriodStart period = PeriodStartOf(state, ask.reference, "remediated");
  clocks.Start("DM-04", period.start, period.row);
  *remediated->mutable_period() = clocks.PeriodNow();
  clocks.WriteTo(event);
  return decision;
}

// ---- by timer

Decision DecideWakePromise(const v1::WakePromise& command, const Ask& ask) {
  if (ask.state.status() != v1::EFFECTIVE || !HasClause(ask.state, command.no())) return {};
  v1::Promise promise = PromiseAt(ask.state, command.no());
  const int64_t wake_at_ms = WakeAt(promise);
  if (wake_at_ms == 0 || wake_at_ms > ask.ctx.now_ms) return {};  // it was kept while this firing waited
  Decision decision;
  if (promise.state() == v1::NOT_DUE) {
    promise.set_state(v1::DUE);
    *decision.Emit()->mutable_promise_due()->mutable_promise() = std::move(promise);
    return decision;
  }
  promise.set_state(v1::BREACHED);
  promise.set_presumed(true);
  *decision.Emit()->mutable_breached()->mutable_promise() = std::move(promise);
  return decision;
}

}  // namespace mediation
