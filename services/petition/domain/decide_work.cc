// P13 work, P14 hearing, P15 extension, P16 mediation and back, P17 settlement, P18 the opinion.
#include <absl/strings/str_cat.h>

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "base/calendar.h"
#include "services/petition/domain/decide.h"
#include "services/petition/domain/hearings.h"
#include "services/petition/domain/limits.h"
#include "services/reference/kept.h"
#include "services/reference/mentions.h"

namespace petition {
namespace {

using kernel::Refusal, kernel::RefusalCode;

// 访调对接 (司法部、国家信访局 2025): what may go to mediation BR1–BR4, and what may not BX1–BX5.
std::optional<Refusal> CheckBridge(const v1::ReferToMediationRequest& request, const v1::State& state) {
  const std::string& code = request.bridge_code();
  if (code.size() != 3 || !(code.starts_with("BR") || code.starts_with("BX"))) {
    return Why(RefusalCode::kInvalid, "UNKNOWN_CODE", "bridge_code");
  }
  if (code.starts_with("BX")) return Why(RefusalCode::kGuard, "NOT_FOR_MEDIATION", "bridge_code");
  if (code[2] < '1' || code[2] > '4') return Why(RefusalCode::kInvalid, "UNKNOWN_CODE", "bridge_code");
  // BX2: procedures of court, prosecution or police that have not ended; BX3: administrative disputes.
  if (state.route() == 1 || state.route() == 4) return Why(RefusalCode::kGuard, "NOT_FOR_MEDIATION");
  if (!request.both_consent()) return Why(RefusalCode::kGuard, "CONSENT_MISSING", "both_consent");  // BX4
  if (request.consent_proof_sha256().empty()) {
    return Why(RefusalCode::kInvalid, "CONTENT_NEEDED", "consent_proof_sha256");
  }
  return CheckDigest(request.consent_proof_sha256(), "consent_proof_sha256");
}

std::optional<Refusal> CheckHearing(const v1::Hearing& hearing, const Ask& ask) {
  if (hearing.presider().empty()) return Why(RefusalCode::kInvalid, "CONTENT_NEEDED", "hearing.presider");
  if (hearing.member().empty()) return Why(RefusalCode::kInvalid, "VALUE_NEEDED", "hearing.member");
  if (!Says(hearing.record())) return Why(RefusalCode::kInvalid, "CONTENT_NEEDED", "hearing.record");
  if (!Says(hearing.conclusion())) return Why(RefusalCode::kInvalid, "CONTENT_NEEDED", "hearing.conclusion");
  const int64_t accepted_ms = ask.state.stage().rbegin()->accepted_at_ms();
  if (hearing.from_ms() < accepted_ms || hearing.to_ms() < hearing.from_ms() || hearing.to_ms() > ask.ctx.now_ms) {
    return Why(RefusalCode::kInvalid, "BAD_TIME", "hearing.from_ms");
  }
  if (auto refusal = CheckCalled(hearing.from_ms(), ask.state)) return refusal;
  return CheckTold(hearing.notice_at_ms(), hearing.from_ms(), ask.state, "hearing.notice_at_ms");
}

// A revoked opinion may not come again on the same facts and reasons (山东 45).
bool RepeatsRevoked(const v1::State& state, const v1::Opinion& opinion) {
  const v1::Stage* revoked = nullptr;
  for (const auto& stage : state.stage()) {
    if (stage.kind() == v1::HANDLE && stage.issued_at_ms() != 0) revoked = &stage;
  }
  return revoked != nullptr && opinion.result() == revoked->opinion().result() &&
         !Says(opinion.other_grounds());
}

std::string_view EventOf(std::string_view topic) {
  const size_t dot = topic.find('.');
  return dot == std::string_view::npos ? topic : topic.substr(dot + 1);
}

}  // namespace

Decision DecideRecordProgress(const v1::RecordProgressRequest& request, const Ask& ask) {
  if (request.kind() == v1::PROGRESS_KIND_UNSPECIFIED)
    return Refuse(RefusalCode::kInvalid, "VALUE_NEEDED", "kind");
  if (request.record().empty()) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "record");
  if (!request.recusal_checked())
    return Refuse(RefusalCode::kGuard, "RECUSAL_NOT_CHECKED", "recusal_checked");
  for (const std::string& sha256 : request.attachment_sha256()) {
    if (auto bad = CheckDigest(sha256, "attachment_sha256")) return Decision::Refuse(*std::move(bad));
  }
  if (ask.state.progress_sha256_size() + request.attachment_sha256_size() > kProgressPapersMax) {
    return Refuse(RefusalCode::kLimit, "TOO_LONG", "attachment_sha256");
  }
  Decision decision;
  auto* progressed = decision.Emit()->mutable_progressed();
  progressed->set_kind(request.kind());
  progressed->set_record(request.record());
  progressed->set_by_user_id(ask.ctx.actor->user_id());
  *progressed->mutable_attachment_sha256() = request.attachment_sha256();
  return decision;
}

Decision DecideCallHearing(const v1::CallHearingRequest& request, const Ask& ask) {
  const v1::State& state = ask.state;
  const v1::Stage& stage = *state.stage().rbegin();
  // In handling the head of the unit approves it by calling it; in the re-review whoever handled it calls nobody.
  const bool rechecked = state.status() == v1::RECHECKING;
  if (rechecked && ask.who.role == kernel::v1::ROLE_DM) return Refuse(RefusalCode::kNotAllowed, "NOT_ALLOWED");
  if (rechecked && IsHandler(state, ask.ctx.actor->user_id())) return Refuse(RefusalCode::kNotAllowed, "RECUSAL");
  if (stage.issued_at_ms() != 0) return Refuse(RefusalCode::kGuard, "ALREADY_ISSUED");
  if (stage.accepted_at_ms() == 0) return Refuse(RefusalCode::kGuard, "REQUEST_NOT_TAKEN");
  const v1::Hearing& hearing = request.hearing();
  if (hearing.presider().empty()) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "hearing.presider");
  if (hearing.member().empty()) return Refuse(RefusalCode::kInvalid, "VALUE_NEEDED", "hearing.member");
  if (hearing.place().empty()) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "hearing.place");
  if (hearing.from_ms() <= ask.ctx.now_ms) return Refuse(RefusalCode::kInvalid, "BAD_TIME", "hearing.from_ms");
  if (hearing.to_ms() != 0 && hearing.to_ms() < hearing.from_ms()) {
    return Refuse(RefusalCode::kInvalid, "BAD_TIME", "hearing.to_ms");
  }
  if (request.how().empty()) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "how");
  Decision decision;
  auto* called = decision.Emit()->mutable_hearing_called();
  called->set_how(request.how());
  auto* told = called->mutable_hearing();
  *told->mutable_presider() = hearing.presider();
  *told->mutable_member() = hearing.member();
  told->set_place(hearing.place());
  told->set_from_ms(hearing.from_ms());
  told->set_notice_at_ms(ask.ctx.now_ms);
  return decision;
}

Decision DecideHoldHearing(const v1::HoldHearingRequest& request, const Ask& ask) {
  const v1::Stage& stage = *ask.state.stage().rbegin();
  if (stage.hearing_size() >= kHearingsMax) return Refuse(RefusalCode::kLimit, "TOO_LONG", "hearing");
  v1::Hearing hearing = HeldAsCalled(request.hearing(), ask.state);
  if (auto refusal = CheckHearing(hearing, ask)) return Decision::Refuse(*std::move(refusal));
  Decision decision;  // Art. 36 leaves out the time of a hearing in the re-review only: DP-05 goes on
  *decision.Emit()->mutable_hearing_held()->mutable_hearing() = std::move(hearing);
  return decision;
}

Decision DecideExtend(const v1::ExtendRequest& request, const Ask& ask) {
  const v1::State& state = ask.state;
  if (state.route() != 6) return Refuse(RefusalCode::kGuard, "ROUTE_SIX_ONLY");
  if (request.reason().empty()) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "reason");
  if (auto refusal = CheckNotice(request.notice(), state)) return Decision::Refuse(*std::move(refusal));
  const auto* clock = FindClock(state, "DP-05");
  if (clock == nullptr || !reference::IsRunning(*clock)) return Refuse(RefusalCode::kGuard, "NOT_RUNNING");
  // 山东 45: the reviewing body has set the period in which it is handled again; the unit does not give itself more.
  if (state.stage_size() > 1) return Refuse(RefusalCode::kGuard, "PERIOD_SET_BY_REVIEW", "days");
  if (clock->extension_size() > 0) return Refuse(RefusalCode::kGuard, "EXTENSION_USED", "days");
  if (ask.ctx.now_ms > clock->due_at_ms()) return Refuse(RefusalCode::kGuard, "EXTENSION_LATE");
  common::v1::Length by;
  by.set_amount(request.days());
  by.set_unit(common::v1::D);
  const auto& most =
      ask.reference.FindRule("DP-06")->length();  // a city may be stricter than 30 days, never laxer
  if (request.days() < 1) return Refuse(RefusalCode::kInvalid, "EXTENSION_EMPTY", "days");
  if (most.unit() != common::v1::D || request.days() > most.amount()) {
    return Refuse(RefusalCode::kInvalid, "EXTENSION_TOO_LONG", "days");
  }
  Decision decision;
  auto* extended = decision.Emit()->mutable_extended();
  extended->set_days(request.days());
  extended->set_reason(request.reason());
  *extended->mutable_notice() = Served(request.notice(), ask.ctx.now_ms);
  ClockChanges clocks(state, ask.reference, ask.ctx.now_ms);
  clocks.Extend("DP-05", by);
  return With(std::move(decision), clocks);
}

namespace {

// 移送材料: what the petitioners brought, what came with a hand-over before, and what both sides signed for this one.
// Who died, who acts for whom and what was decided stays here; an accusation is handed over to nobody.
void GiveAlong(const v1::State& state, const std::string& consent_sha256, v1::Referral* referral) {
  std::set<std::string> given;
  const auto give = [&](const std::string& sha256) {
    const bool fits = referral->handed_document_size() < reference::kHandedMax;
    if (fits && reference::IsDigest(sha256) && given.insert(sha256).second) referral->add_handed_document(sha256);
  };
  give(consent_sha256);
  for (const std::string& sha256 : state.content().attachment_sha256()) give(sha256);
  for (const std::string& sha256 : state.handed_sha256()) give(sha256);
}

}  // namespace

Decision DecideReferToMediation(const v1::ReferToMediationRequest& request, const Ask& ask) {
  const v1::State& state = ask.state;
  const int64_t now = ask.ctx.now_ms;
  if (HandedToMediation(state)) return Refuse(RefusalCode::kGuard, "MEDIATION_UNDER_WAY");
  if (auto refusal = CheckBridge(request, state)) return Decision::Refuse(*std::move(refusal));
  const auto* type = ask.reference.FindDisputeType(request.dispute_type());
  if (type == nullptr || type->retired())
    return Refuse(RefusalCode::kInvalid, "UNKNOWN_DISPUTE_TYPE", "dispute_type");
  if (request.party_count() < 2) return Refuse(RefusalCode::kInvalid, "PARTIES_NEEDED", "party_count");
  const auto* committee = LiveOrg(request.committee_org(), ask.reference);
  if (!request.committee_org().empty() &&
      (committee == nullptr || committee->kind() != directory::v1::COMMITTEE)) {
    return Refuse(RefusalCode::kInvalid, "UNKNOWN_ORG", "committee_org");
  }
  // No norm stops the petition's own period, so the committee's is cut to leave time for an opinion.
  int64_t due = base::EndOfDayMs(base::LocalDay(now) + kMediationDays);
  if (const auto* clock = FindClock(state, "DP-05"); clock != nullptr && reference::IsRunning(*clock)) {
    due = std::min(due, clock->due_at_ms() - kMediationReserveDays * base::kDayMs);
  }
  if (due <= now) return Refuse(RefusalCode::kGuard, "TOO_LATE_FOR_MEDIATION");
  reference::ClockStart answer = From("referred", request.committee_org(), now);
  Decision decision;
  auto* referred = decision.Emit()->mutable_referred_to_mediation();
  referred->set_bridge_code(request.bridge_code());
  referred->set_consent_proof_sha256(request.consent_proof_sha256());
  auto* referral = referred->mutable_referral();
  referral->set_referral_id(absl::StrCat(std::string(ask.ctx.aggregate_id), "-", ask.ctx.version + 1));
  referral->set_dispute_type(request.dispute_type());
  referral->set_party_count(request.party_count());
  referral->set_consent_known(true);
  referral->set_committee_org(request.committee_org());
  referral->set_due_at_ms(due);
  GiveAlong(state, request.consent_proof_sha256(), referral);
  referral->set_answer_due_ms(
      reference::StartClock(*ask.reference.FindRule("DM-08"), answer, ask.reference.calendar()).due_at_ms());
  return decision;
}

bool HandedToMediation(const v1::State& state) {
  return state.mediation() == v1::REFERRED || state.mediation() == v1::TAKEN;
}

Decision WithLapse(Decision decision, const Ask& ask) {
  if (decision.refusal || decision.events.empty() || !HandedToMediation(ask.state)) return decision;
  v1::State after = ask.state;
  for (const auto& emitted : decision.events) {
    const bool here = emitted.aggregate_id.empty() || emitted.aggregate_id == ask.ctx.aggregate_id;
    if (here) PetitionDomain::Apply(emitted.event, ask.ctx.now_ms, &after);
  }
  const bool stays = IsOpen(after.status()) && !Sealed(after);
  if (stays || !HandedToMediation(after)) return decision;
  decision.Emit()->mutable_hand_over_lapsed()->set_referral_id(after.mediation_referral_id());
  return decision;
}

namespace {

// Whether this is about the agreement that settled the petition, or that is about to.
bool RestsOnAgreement(std::string_view event, const v1::State& state) {
  if (state.mediation() != v1::AGREEMENT_EFFECTIVE) return false;
  if (state.status() == v1::SETTLED) return state.rests_on_agreement();
  return IsOpen(state.status()) && (event == "breached" || event == "performed");
}

// What becomes of the agreement, before and after it settles the petition: told to those who read it, and nothing is
// reopened by it. It is binding (人民调解法 31), and where to go with a broken one the committee says (32; 若干规定 37).
Decision NoteSettlement(std::string_view event, const v1::HearMediation& heard, const v1::State& state) {
  v1::SettlementState settlement = v1::SETTLEMENT_NONE;
  if (event == "completed" && heard.notice().performed()) settlement = v1::KEPT;
  if (event == "breached") settlement = v1::BROKEN;
  if (event == "effective") settlement = v1::MEDIATED_ANEW;
  if (event == "ended") settlement = v1::ANNULLED;
  const bool kept_after_all = event == "performed" && state.settlement() == v1::BROKEN &&
                              heard.notice().performance() != mediation::v1::BREACHED;
  if (kept_after_all) settlement = v1::SETTLEMENT_NONE;
  if (settlement == v1::SETTLEMENT_NONE && !kept_after_all) return {};
  Decision decision;
  auto* noted = decision.Emit()->mutable_settlement_noted();
  noted->set_settlement(settlement);
  noted->set_presumed(event == "breached" && heard.notice().breach_presumed());
  noted->set_subject_id(heard.subject_id());
  noted->set_version(heard.version());
  return decision;
}

}  // namespace

Decision DecideHearMediation(const v1::HearMediation& heard, const Ask& ask) {
  const v1::State& state = ask.state;
  if (Sealed(state)) return {};  // the discipline organ has nothing to do with what a committee makes of it
  const auto& origin = heard.notice().origin();
  if (origin.service() != "petition" || origin.aggregate_id() != ask.ctx.aggregate_id ||
      origin.referral_id() != state.mediation_referral_id() || state.mediation_referral_id().empty()) {
    return {};  // of an older hand-over, or of somebody else's
  }
  if (state.mediation() == v1::HAND_OVER_LAPSED) return {};  // nobody waits for it here any more
  if (heard.subject_id() == state.mediation_subject() && heard.version() <= state.mediation_version())
    return {};
  const std::string_view event = EventOf(heard.topic());
  if (RestsOnAgreement(event, state)) return NoteSettlement(event, heard, state);
  v1::MediationState next = v1::MEDIATION_NONE;
  if (event == "referral_received" || event == "accepted") next = v1::TAKEN;
  if (event == "refused" || event == "ended") next = v1::RETURNED;
  if (event == "effective") next = v1::AGREEMENT_EFFECTIVE;
  if (next == v1::MEDIATION_NONE) return {};
  Decision decision;
  auto* answered = decision.Emit()->mutable_mediation_answered();
  answered->set_answer(std::string(event));
  answered->set_subject_id(heard.subject_id());
  answered->set_version(heard.version());
  answered->set_state(next);
  answered->set_oral(event == "effective" && heard.notice().form() == mediation::v1::ORAL);
  if (next == v1::RETURNED) {
    const auto reason = heard.notice().end_reason();
    answered->set_reason(event == "refused" ? heard.notice().refusal_code()
                                            : mediation::v1::EndReason_Name(reason).substr(0, 3));
  }
  return decision;
}

Decision DecideRecordSettlement(const v1::RecordSettlementRequest& request, const Ask& ask) {
  // An agreement that was being signed while the opinion went out still settles it; what the two agree on among
  // themselves after that is no end of what was decided (P17).
  if (ask.state.status() != v1::ACCEPTED && !request.by_mediation()) return Decision::Refuse(WrongStatus(ask.state));
  if (request.agreement().empty()) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "agreement");
  if (request.by_mediation() && ask.state.mediation() != v1::AGREEMENT_EFFECTIVE) {
    return Refuse(RefusalCode::kGuard, "NO_AGREEMENT_YET", "by_mediation");
  }
  if (!request.by_mediation() && request.proof_sha256().empty()) {
    return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "proof_sha256");  // 和解协议书 (Art. 33)
  }
  if (request.by_mediation() && ask.state.settlement() == v1::BROKEN) {
    return Refuse(RefusalCode::kGuard, "AGREEMENT_BROKEN", "by_mediation");
  }
  // Art. 33: what was agreed by word of mouth at the committee needs its paper here.
  if (request.by_mediation() && ask.state.mediation_oral() && request.proof_sha256().empty()) {
    return Refuse(RefusalCode::kInvalid, "SETTLEMENT_PAPER_NEEDED", "proof_sha256");
  }
  if (!request.proof_sha256().empty()) {
    if (auto bad = CheckDigest(request.proof_sha256(), "proof_sha256")) return Decision::Refuse(*std::move(bad));
  }
  // What ends it is what both sides signed, and a digest alone shows nothing: the paper is named with a progress first,
  // and has come. Of a mediated agreement the committee has told that it binds.
  const auto is_here = [&](const std::string& sha256) {
    return HasCome(ask.ctx.lookup->Find(reference::DocumentId(sha256)), sha256, ask.ctx.aggregate_id);
  };
  if (!request.by_mediation() && !is_here(request.proof_sha256())) {
    return Refuse(RefusalCode::kGuard, "SETTLEMENT_PAPER_AWAITED", "proof_sha256");
  }
  Decision decision;
  auto* settled = decision.Emit()->mutable_settled();
  settled->set_agreement(request.agreement());
  settled->set_by_mediation(request.by_mediation());
  settled->set_on_agreement(request.by_mediation());
  settled->set_proof_sha256(request.proof_sha256());
  ClockChanges clocks(ask.state, ask.reference, ask.ctx.now_ms);
  clocks.Stop("DP-05");
  clocks.Cancel("DP-07");  // nobody asks for a review of what both sides have settled
  clocks.End("DP-18");     // nor is the opinion carried out beside it
  return With(std::move(decision), clocks);
}

Decision DecideDraftOpinion(const v1::DraftOpinionRequest& request, const Ask& ask) {
  const v1::Opinion& opinion = request.opinion();
  if (ask.state.route() != 6) return Refuse(RefusalCode::kGuard, "ROUTE_SIX_ONLY");
  if (MediationSettles(ask.state)) return Refuse(RefusalCode::kGuard, "SETTLE_INSTEAD");
  // Art. 31(6): hear the petitioner and look into the facts; Art. 32: what the opinion states.
  if (!ask.state.heard()) return Refuse(RefusalCode::kGuard, "PETITIONER_NOT_HEARD");
  if (!ask.state.investigated()) return Refuse(RefusalCode::kGuard, "NOT_INVESTIGATED");
  if (!Says(opinion.request())) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "opinion.request");
  if (!Says(opinion.facts())) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "opinion.facts");
  if (!Says(opinion.opinion())) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "opinion.opinion");
  if (!Says(opinion.basis())) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "opinion.basis");
  if (opinion.result() == v1::RESULT_UNSPECIFIED) {
    return Refuse(RefusalCode::kInvalid, "VALUE_NEEDED", "opinion.result");
  }
  if (RepeatsRevoked(ask.state, opinion))
    return Refuse(RefusalCode::kGuard, "SAME_OPINION", "opinion.other_grounds");
  Decision decision;
  auto* drafted = decision.Emit()->mutable_opinion_drafted();
  *drafted->mutable_opinion() = opinion;
  drafted->set_by_user_id(ask.ctx.actor->user_id());
  return decision;
}

Decision DecideIssueOpinion(const v1::IssueOpinionRequest& request, const Ask& ask) {
  if (MediationSettles(ask.state)) return Refuse(RefusalCode::kGuard, "SETTLE_INSTEAD");
  if (!ask.state.has_draft()) return Refuse(RefusalCode::kGuard, "DRAFT_NEEDED");
  if (auto refusal = CheckNoneAhead(ask)) return Decision::Refuse(*std::move(refusal));
  if (request.document_no().empty()) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "document_no");
  if (!request.sealed_by_unit()) return Refuse(RefusalCode::kGuard, "UNIT_SEAL_NEEDED", "sealed_by_unit");
  ClockChanges clocks(ask.state, ask.reference, ask.ctx.now_ms);
  Decision decision;
  auto* issued = decision.Emit()->mutable_opinion_issued();
  issued->set_document_no(request.document_no());
  issued->set_on_time(!clocks.Late("DP-05"));
  issued->set_by_user_id(ask.ctx.actor->user_id());
  clocks.Stop("DP-05");
  return With(std::move(decision), clocks);
}

Decision DecideConcludeProcedure(const v1::ConcludeProcedureRequest& request, const Ask& ask) {
  if (ask.state.route() == 6) return Refuse(RefusalCode::kGuard, "OPINION_NEEDED");
  if (request.outcome().empty()) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "outcome");
  Decision decision;
  auto* concluded = decision.Emit()->mutable_procedure_concluded();
  concluded->set_outcome(request.outcome());
  concluded->set_document_no(request.document_no());
  ClockChanges clocks(ask.state, ask.reference, ask.ctx.now_ms);
  clocks.Stop("DP-05");
  return With(std::move(decision), clocks);
}

}  // namespace petition
