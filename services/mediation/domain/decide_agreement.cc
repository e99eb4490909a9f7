// M13 the draft, M14 signatures and seal, M15 the oral agreement. Written: binds with the last of the
// parties' signatures, the chairing mediator's and the committee's seal (Art. 29), as the paper has them, whenever
// they are entered. Oral: from the moment it was reached (Art. 30).
#include <absl/strings/ascii.h>
#include <absl/strings/str_format.h>

#include <algorithm>
#include <utility>

#include "base/calendar.h"
#include "services/mediation/domain/capacity.h"
#include "services/mediation/domain/clocks.h"
#include "services/mediation/domain/decide.h"
#include "services/mediation/domain/limits.h"

namespace mediation {
namespace {

using kernel::RefusalCode;
using ClauseList = google::protobuf::RepeatedPtrField<v1::Clause>;

std::optional<kernel::Refusal> CheckClause(const v1::Clause& clause, int at, int64_t reached_at_ms,
                                           const v1::State& state) {
  auto field = [at](const char* name) { return absl::StrFormat("clause[%d].%s", at, name); };
  if (FindParty(state, clause.obligor_party_id()) == nullptr ||
      clause.obligor_party_id() == clause.obligee_party_id()) {
    return Why(RefusalCode::kInvalid, "CLAUSE_PARTIES", field("obligor_party_id"));
  }
  if (FindParty(state, clause.obligee_party_id()) == nullptr) {
    return Why(RefusalCode::kInvalid, "CLAUSE_PARTIES", field("obligee_party_id"));
  }
  if (clause.kind() == v1::CLAUSE_KIND_UNSPECIFIED || !v1::ClauseKind_IsValid(clause.kind()))
    return Why(RefusalCode::kInvalid, "VALUE_NEEDED", field("kind"));
  if (clause.content().empty()) return Why(RefusalCode::kInvalid, "CONTENT_NEEDED", field("content"));
  if (clause.content().size() > kClauseCharactersMax * 4) {
    return Why(RefusalCode::kLimit, "TOO_LONG", field("content"));
  }
  if (clause.kind() == v1::PAY && clause.amount_fen() <= 0) {
    return Why(RefusalCode::kInvalid, "AMOUNT_NEEDED", field("amount_fen"));
  }
  if (clause.kind() != v1::PAY && clause.amount_fen() != 0) {  // it would stand nowhere, and nobody would owe it
    return Why(RefusalCode::kInvalid, "NO_AMOUNT_HERE", field("amount_fen"));
  }
  if (clause.kind() != v1::REFRAIN && clause.due_at_ms() <= 0) {
    return Why(RefusalCode::kInvalid, "DUE_NEEDED", field("due_at_ms"));
  }
  if (clause.due_at_ms() != 0 && base::LocalDay(clause.due_at_ms()) < base::LocalDay(reached_at_ms)) {
    return Why(RefusalCode::kInvalid, "DUE_PASSED", field("due_at_ms"));
  }
  // 若干规定 35: 履行地点. To refrain from something, or to apologise, has none; money goes to an account, or in a way.
  if ((clause.kind() == v1::PAY || clause.kind() == v1::DO) && absl::StripAsciiWhitespace(clause.place()).empty()) {
    return Why(RefusalCode::kInvalid, "PLACE_NEEDED", field("place"));
  }
  return std::nullopt;
}

std::optional<kernel::Refusal> CheckClauses(const ClauseList& clauses, int64_t reached_at_ms, const v1::State& state) {
  if (clauses.empty()) return Why(RefusalCode::kInvalid, "VALUE_NEEDED", "clause");
  if (clauses.size() > kClauseMax) return Why(RefusalCode::kLimit, "TOO_LONG", "clause");
  for (int i = 0; i < clauses.size(); ++i) {
    if (auto refusal = CheckClause(clauses[i], i, reached_at_ms, state)) return refusal;
    for (const std::string* id : {&clauses[i].obligor_party_id(), &clauses[i].obligee_party_id()}) {
      if (FindParty(state, *id)->rights_notice_at_ms() == 0) {  // a third party whom it binds is told first as well
        return Why(RefusalCode::kGuard, "RIGHTS_NOTICE_MISSING", absl::StrFormat("clause[%d]", i));
      }
    }
  }
  return std::nullopt;
}

v1::AmountBand BandOf(const ClauseList& clauses) {
  int64_t fen = 0;
  for (const auto& clause : clauses) {
    if (clause.kind() == v1::PAY) fen += clause.amount_fen();
  }
  if (fen == 0) return v1::NO_AMOUNT;
  if (fen < 1'000'000) return v1::BELOW_10K;
  if (fen < 10'000'000) return v1::FROM_10K;
  if (fen < 50'000'000) return v1::FROM_100K;
  return v1::FROM_500K;
}

// 编号: that of the file; an agreement that takes the place of another counts on.
std::string AgreementNo(const v1::State& state) {
  const int former = state.former_agreement_size();
  return former == 0 ? state.file_no() : state.file_no() + "-" + std::to_string(former + 1);
}

int SignersOf(const v1::State& state) {
  return static_cast<int>(std::ranges::count_if(
      state.party(), [&](const v1::Party& party) { return MustSign(party, state.agreement()); }));
}

// The clocks of a binding agreement: the window for the joint application to the court (Art. 33) binds
// nobody, so it has no holder; the first visit binds the committee.
void StartEffectClocks(int64_t effective_at_ms, const ClauseList& clauses, const Ask& ask,
                       ClockChanges* clocks) {
  if (ask.state.kind() != v1::COURT_ENTRUSTED) {  // there the court makes the document (特邀调解规定 20)
    reference::ClockStart window;
    window.at_ms = effective_at_ms;
    window.started_by = "effective";
    clocks->Start("DM-05", window);
  }
  reference::ClockStart visit;
  visit.started_by = "effective";
  visit.holder_org = ask.state.committee_org();
  int64_t first_due = 0;
  for (const auto& clause : clauses) {
    if (clause.due_at_ms() > 0 && (first_due == 0 || clause.due_at_ms() < first_due))
      first_due = clause.due_at_ms();
  }
  if (first_due == 0) {
    visit.at_ms = effective_at_ms;
    clocks->Start("DM-06", visit, "DM-06-EFFECT");
    return;
  }
  visit.at_ms = std::max(first_due, effective_at_ms);
  visit.started_by = "clause_due";
  clocks->Start("DM-06", visit);
}

v1::Effective* EmitEffective(v1::AgreementForm form, int64_t effective_at_ms, const ClauseList& clauses,
                             const Ask& ask, Decision* decision) {
  auto* event = decision->Emit();
  auto* effective = event->mutable_effective();
  effective->set_form(form);
  effective->set_effective_at_ms(effective_at_ms);
  effective->set_amount_band(BandOf(clauses));
  effective->set_end_reason(form == v1::WRITTEN ? v1::E01_WRITTEN_AGREEMENT : v1::E02_ORAL_AGREEMENT);
  effective->set_follows_promises(true);
  effective->set_no_confirmation(ask.state.kind() == v1::COURT_ENTRUSTED);
  for (int day : kWindowWarningDays) {
    if (!effective->no_confirmation())
      effective->add_window_warning_due_ms(effective_at_ms + day * base::kDayMs);
  }
  ClockChanges clocks(ask.state, ask.reference, ask.ctx.now_ms);
  clocks.Stop("DM-04");
  StartEffectClocks(effective_at_ms, clauses, ask, &clocks);
  clocks.WriteTo(event);
  return effective;
}

// What stands under the agreement, and when the last of it was put there.
struct Under {
  int party_signatures = 0;
  bool mediator_signed = false;
  bool sealed = false;
  int64_t last_ms = 0;

  void At(int64_t at_ms) { last_ms = std::max(last_ms, at_ms); }
};

Under UnderOf(const v1::State& state) {
  const auto& agreement = state.agreement();
  Under under;
  for (const auto& party : state.party()) {
    if (!MustSign(party, agreement) || party.signed_() == v1::SIGNATURE_KIND_UNSPECIFIED) continue;
    ++under.party_signatures;
    under.At(party.signed_at_ms());
  }
  under.mediator_signed = agreement.mediator_signed_at_ms() != 0;
  under.sealed = agreement.sealed_at_ms() != 0;
  under.At(agreement.mediator_signed_at_ms());
  under.At(agreement.sealed_at_ms());
  return under;
}

// Emits `effective` if nothing is missing. `under`: with the present step.
void BindIfComplete(const Under& under, const Ask& ask, Decision* decision) {
  if (under.party_signatures < SignersOf(ask.state) || !under.mediator_signed || !under.sealed) return;
  EmitEffective(v1::WRITTEN, under.last_ms, ask.state.agreement().clause(), ask, decision);
}

// When the last mediation before the agreement began; 0: none is known.
int64_t LastMeetingMs(const v1::State& state) {
  int64_t last_ms = 0;
  for (const v1::Session* session : SessionsSinceAgreement(state)) {
    last_ms = std::max(last_ms, session->started_at_ms());
  }
  return last_ms;
}

// A day told of a paper: not ahead, and not before what led to it. 0: now.
std::optional<kernel::Refusal> CheckPaperDay(int64_t at_ms, std::string_view field, const Ask& ask) {
  if (at_ms == 0) return std::nullopt;
  if (at_ms > ask.ctx.now_ms || at_ms < ask.state.accepted_at_ms()) {
    return Why(RefusalCode::kInvalid, "BAD_TIME", field);
  }
  if (at_ms < LastMeetingMs(ask.state)) return Why(RefusalCode::kInvalid, "SIGNED_BEFORE_MEETING", field);
  return std::nullopt;
}

// And its scan shows the day. What is clicked, or done here, happens now.
std::optional<kernel::Refusal> CheckScanDay(int64_t at_ms, const std::string& proof_sha256, std::string_view field,
                                            const Ask& ask) {
  if (at_ms != 0 && proof_sha256.empty()) return Why(RefusalCode::kInvalid, "DAY_NEEDS_ITS_SCAN", field);
  return CheckPaperDay(at_ms, field, ask);
}

int64_t OrNow(int64_t at_ms, const Ask& ask) { return at_ms == 0 ? ask.ctx.now_ms : at_ms; }

Decision SignAsMediator(const v1::SignRequest& request, const Ask& ask) {
  const auto& agreement = ask.state.agreement();
  if (ask.who.role != kernel::v1::ROLE_MD || ask.ctx.actor->user_id() != ask.state.chair_user_id()) {
    return Refuse(RefusalCode::kNotAllowed, "NOT_CHAIR", "party_id");
  }
  // Another mediator may have drawn it up meanwhile; the chair's name is what makes it bind.
  if (auto refusal = CheckMayMediate(ask)) return Decision::Refuse(*std::move(refusal));
  if (agreement.mediator_signed_at_ms() != 0) return Refuse(RefusalCode::kGuard, "ALREADY_SIGNED");
  if (auto refusal = CheckScanDay(request.signed_at_ms(), request.proof_sha256(), "signed_at_ms", ask)) {
    return Decision::Refuse(*std::move(refusal));
  }
  Decision decision;
  auto* signed_by = decision.Emit()->mutable_mediator_signed();
  signed_by->set_user_id(ask.ctx.actor->user_id());
  signed_by->set_proof_sha256(request.proof_sha256());
  signed_by->set_signed_at_ms(request.signed_at_ms());
  Under under = UnderOf(ask.state);
  under.mediator_signed = true;
  under.At(OrNow(request.signed_at_ms(), ask));
  BindIfComplete(under, ask, &decision);
  return decision;
}

}  // namespace

bool MustSign(const v1::Party& party, const v1::Agreement& agreement) {
  return IsSideParty(party) || std::ranges::any_of(agreement.clause(), [&](const v1::Clause& clause) {
           return clause.obligor_party_id() == party.party_id() ||
                  clause.obligee_party_id() == party.party_id();
         });
}

bool IsOfACourt(const v1::State& state) {
  return state.kind() == v1::COURT_DELEGATED || state.kind() == v1::COURT_ENTRUSTED;
}

bool IsLabour(const v1::State& state) { return state.dispute_type() == "D10" || state.dispute_type() == "D11"; }

bool MustBeWritten(const v1::State& state) { return IsLabour(state) || state.dispute_type() == "D15"; }

Decision DecideDraftAgreement(const v1::DraftAgreementRequest& request, const Ask& ask) {
  if (auto refusal = CheckMayMediate(ask)) return Decision::Refuse(*std::move(refusal));
  if (auto refusal = CheckBothSidesMet(ask.state)) return Decision::Refuse(*std::move(refusal));
  if (auto refusal = CheckPaperDay(request.reached_at_ms(), "reached_at_ms", ask)) {
    return Decision::Refuse(*std::move(refusal));
  }
  const int64_t reached_ms = OrNow(request.reached_at_ms(), ask);
  if (auto refusal = CheckClauses(request.clause(), reached_ms, ask.state)) {
    return Decision::Refuse(*std::move(refusal));
  }
  if (request.facts().empty()) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "facts");
  if (request.responsibilities().empty())
    return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "responsibilities");
  if (request.manner().empty()) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "manner");
  Decision decision;
  auto* event = decision.Emit();
  const auto& told = ask.state.expired_policy();
  event->mutable_agreed()->set_period_told_late(std::ranges::find(told, "DM-04") != told.end());
  auto* agreement = event->mutable_agreed()->mutable_agreement();
  agreement->set_form(v1::WRITTEN);
  agreement->set_no(AgreementNo(ask.state));
  *agreement->mutable_clause() = request.clause();
  agreement->set_facts(request.facts());
  agreement->set_responsibilities(request.responsibilities());
  agreement->set_manner(request.manner());
  agreement->set_reached_at_ms(reached_ms);
  agreement->set_amount_band(BandOf(request.clause()));
  ClockChanges clocks(ask.state, ask.reference, ask.ctx.now_ms);
  clocks.Stop("DM-04");
  clocks.WriteTo(event);
  return decision;
}

Decision DecideSign(const v1::SignRequest& request, const Ask& ask) {
  if (request.party_id().empty()) return SignAsMediator(request, ask);
  const v1::Party* party = FindParty(ask.state, request.party_id());
  if (party == nullptr) return Refuse(RefusalCode::kInvalid, "UNKNOWN_PARTY", "party_id");
  const bool by_self = ask.who.role == kernel::v1::ROLE_PUB;
  if (by_self && party != PartyOf(ask.state, *ask.ctx.actor)) {
    return Refuse(RefusalCode::kNotAllowed, "NOT_YOUR_PARTY", "party_id");
  }
  if (request.kind() == v1::SIGNATURE_KIND_UNSPECIFIED)
    return Refuse(RefusalCode::kInvalid, "VALUE_NEEDED", "kind");
  if (!by_self && request.proof_sha256().empty())
    return Refuse(RefusalCode::kInvalid, "PROOF_NEEDED", "proof_sha256");
  if (party->signed_() != v1::SIGNATURE_KIND_UNSPECIFIED)
    return Refuse(RefusalCode::kGuard, "ALREADY_SIGNED");
  if (auto refusal = CheckWhoSigns(request, *party, by_self)) return Decision::Refuse(*std::move(refusal));
  // A click happens now, and so does what a party hands in by itself: the mediator has the paper and its day.
  if (by_self && request.signed_at_ms() != 0) return Refuse(RefusalCode::kInvalid, "SIGNED_NOW", "signed_at_ms");
  if (auto refusal = CheckScanDay(request.signed_at_ms(), request.proof_sha256(), "signed_at_ms", ask)) {
    return Decision::Refuse(*std::move(refusal));
  }
  Decision decision;
  auto* signed_by = decision.Emit()->mutable_party_signed();
  signed_by->set_party_id(request.party_id());
  signed_by->set_kind(request.kind());
  signed_by->set_proof_sha256(request.proof_sha256());
  signed_by->set_capacity(request.capacity());
  signed_by->set_signed_name(request.signed_name());
  signed_by->set_signed_relation(request.signed_relation());
  signed_by->set_signed_at_ms(request.signed_at_ms());
  Under under = UnderOf(ask.state);
  if (MustSign(*party, ask.state.agreement())) {
    ++under.party_signatures;
    under.At(OrNow(request.signed_at_ms(), ask));
  }
  BindIfComplete(under, ask, &decision);
  return decision;
}

Decision DecideSeal(const v1::SealRequest& request, const Ask& ask) {
  const auto& agreement = ask.state.agreement();
  if (agreement.sealed_at_ms() != 0) return Refuse(RefusalCode::kGuard, "ALREADY_SEALED");
  if (request.copies() < SignersOf(ask.state) + 1)
    return Refuse(RefusalCode::kInvalid, "COPIES_MISSING", "copies");
  if (auto refusal = CheckScanDay(request.sealed_at_ms(), request.proof_sha256(), "sealed_at_ms", ask)) {
    return Decision::Refuse(*std::move(refusal));
  }
  Decision decision;
  auto* sealed = decision.Emit()->mutable_sealed();
  sealed->set_by_user_id(ask.ctx.actor->user_id());
  sealed->set_copies(request.copies());
  sealed->set_proof_sha256(request.proof_sha256());
  sealed->set_sealed_at_ms(request.sealed_at_ms());
  Under under = UnderOf(ask.state);
  under.sealed = true;
  under.At(OrNow(request.sealed_at_ms(), ask));
  BindIfComplete(under, ask, &decision);
  return decision;
}

Decision DecideRecordOral(const v1::RecordOralRequest& request, const Ask& ask) {
  const v1::State& state = ask.state;
  if (auto refusal = CheckMayMediate(ask)) return Decision::Refuse(*std::move(refusal));
  if (auto refusal = CheckBothSidesMet(state)) return Decision::Refuse(*std::move(refusal));
  if (MustBeWritten(state)) return Refuse(RefusalCode::kGuard, "WRITTEN_IS_THE_LAW");
  const int64_t reached = request.reached_at_ms() == 0 ? ask.ctx.now_ms : request.reached_at_ms();
  if (reached > ask.ctx.now_ms || reached < state.accepted_at_ms()) {
    return Refuse(RefusalCode::kInvalid, "BAD_TIME", "reached_at_ms");
  }
  const auto sessions = SessionsSinceAgreement(state);  // one at least: both sides have met
  const auto* first = *std::ranges::min_element(sessions, {}, &v1::Session::started_at_ms);
  if (reached < first->started_at_ms()) {  // from that moment it binds, and the window runs
    return Refuse(RefusalCode::kInvalid, "REACHED_BEFORE_MEETING", "reached_at_ms");
  }
  if (auto refusal = CheckClauses(request.clause(), reached, state)) return Decision::Refuse(*std::move(refusal));
  if (request.facts().empty()) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "facts");
  if (request.manner().empty()) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "manner");
  if (std::ranges::any_of(state.party(), &v1::Party::wants_writing)) {
    return Refuse(RefusalCode::kGuard, "PARTY_WANTS_WRITING");
  }
  const bool pays = std::ranges::any_of(request.clause(), [](const auto& c) { return c.kind() == v1::PAY; });
  if ((state.civil_rights_and_duties() || pays) && request.why_oral().empty()) {  // 若干规定 34
    return Refuse(RefusalCode::kGuard, "WRITTEN_IS_THE_RULE", "why_oral");
  }
  v1::Agreement oral;
  *oral.mutable_clause() = request.clause();
  if (auto refusal = CheckCameToAgree(state, oral)) return Decision::Refuse(*std::move(refusal));
  Decision decision;
  auto* effective = EmitEffective(v1::ORAL, reached, request.clause(), ask, &decision);
  auto* agreement = effective->mutable_oral();
  *agreement = std::move(oral);
  agreement->set_form(v1::ORAL);
  agreement->set_no(AgreementNo(state));
  agreement->set_facts(request.facts());
  agreement->set_manner(request.manner());
  agreement->set_reached_at_ms(reached);
  agreement->set_effective_at_ms(reached);
  agreement->set_why_oral(request.why_oral());
  agreement->set_mediator_signed_user_id(ask.ctx.actor->user_id());
  agreement->set_mediator_signed_at_ms(ask.ctx.now_ms);
  agreement->set_amount_band(BandOf(request.clause()));
  return decision;
}

// ---- the window for the joint application, by timer

Decision DecideWarnWindow(const Ask& ask) {
  const auto& due = ask.state.window_warning_due_ms();
  if (!Runs(ask.state, "DM-05") || due.empty() || due.Get(0) > ask.ctx.now_ms) return {};
  Decision decision;
  auto* warned = decision.Emit()->mutable_window_warned();
  for (int at = 0; at < due.size();
       ++at) {  // a platform that was down warns once, of the last day that passed
    if (due.Get(at) > ask.ctx.now_ms) warned->add_window_warning_due_ms(due.Get(at));
  }
  const int passed = due.size() - warned->window_warning_due_ms_size();
  const int first = static_cast<int>(std::size(kWindowWarningDays)) - due.size();
  warned->set_day(kWindowWarningDays[first + passed - 1]);
  return decision;
}

}  // namespace mediation
