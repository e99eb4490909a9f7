// The course of a mediation: M8 who mediates instead, M10 pausing, M11 extending, M12 danger, M16 a draft
// nobody signs.
#include <absl/strings/str_format.h>

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "services/kernel/guard.h"
#include "services/mediation/domain/capacity.h"
#include "services/mediation/domain/clocks.h"
#include "services/mediation/domain/decide.h"
#include "services/mediation/domain/heirs.h"
#include "services/mediation/domain/limits.h"
#include "services/reference/staff.h"

namespace mediation {
namespace {

using kernel::RefusalCode;

bool IsMediator(const v1::State& state, std::string_view user_id) {
  return std::ranges::find(state.mediator_user_id(), user_id) != state.mediator_user_id().end();
}

// Whether the law lets the period stand still: an appraisal in medical disputes (医疗纠纷条例 38) and in what a
// court delegated before filing (在线调解规则 26). A court's period after filing is the court's; the day that a
// petition's own period leaves stays, because that period stands for nobody.
bool ClockStands(v1::PauseGround ground, const Ask& ask) {
  const auto* period = FindClock(ask.state, "DM-04");
  if (period != nullptr && period->set_due_at_ms() != 0) return false;
  if (ground != v1::APPRAISAL || ask.state.kind() == v1::COURT_ENTRUSTED) return false;
  if (ask.state.kind() == v1::COURT_DELEGATED) return true;
  const auto* type = ask.reference.FindDisputeType(ask.state.dispute_type());
  return type != nullptr && type->pause_allowed();
}

std::optional<kernel::Refusal> CheckInformed(const v1::ReportRiskRequest& request, const Ask& ask) {
  if (request.informed().empty()) return Why(RefusalCode::kGuard, "NOBODY_INFORMED", "informed");
  bool police = false;
  for (const auto& informed : request.informed()) {
    if (informed.kind() == v1::INFORMED_KIND_UNSPECIFIED || !v1::InformedKind_IsValid(informed.kind())) {
      return Why(RefusalCode::kInvalid, "VALUE_NEEDED", "informed.kind");
    }
    if (informed.how().empty()) return Why(RefusalCode::kInvalid, "CONTENT_NEEDED", "informed.how");
    if (informed.at_ms() > ask.ctx.now_ms || informed.at_ms() < 0) {
      return Why(RefusalCode::kInvalid, "BAD_TIME", "informed.at_ms");
    }
    if (!informed.org_id().empty() && ask.reference.FindOrg(informed.org_id()) == nullptr) {
      return Why(RefusalCode::kInvalid, "UNKNOWN_ORG", "informed.org_id");
    }
    police |= informed.kind() == v1::POLICE;
  }
  const bool public_security = std::ranges::any_of(
      request.ground(), [](int ground) { return ground == v1::VIOLENCE || ground == v1::ARMS; });
  if (public_security && !police) return Why(RefusalCode::kGuard, "POLICE_NOT_INFORMED", "informed");
  return std::nullopt;
}

}  // namespace

// ---- shared

std::optional<kernel::Refusal> CheckConsents(
    const google::protobuf::RepeatedPtrField<v1::PartyConsent>& consents, const v1::State& state) {
  for (const auto& consent : consents) {
    if (FindParty(state, consent.party_id()) == nullptr)
      return Why(RefusalCode::kInvalid, "UNKNOWN_PARTY", "consent.party_id");
  }
  for (const auto& party : state.party()) {
    if (!IsSideParty(party)) continue;
    const auto given = std::ranges::find(consents, party.party_id(), &v1::PartyConsent::party_id);
    if (given == consents.end()) return Why(RefusalCode::kGuard, "SIGNED_CONSENT_MISSING", "consent");
    if (given->proof_sha256().empty())
      return Why(RefusalCode::kInvalid, "PROOF_NEEDED", "consent.proof_sha256");
    const std::string path = absl::StrFormat("consent[%d].", static_cast<int>(given - consents.begin()));
    if (auto refusal = CheckWhoConsents(ConsentingOf(*given), party, path)) return refusal;
  }
  return std::nullopt;
}

bool AskedToStandAside(const v1::State& state, std::string_view user_id) {
  return std::ranges::any_of(
      state.recusal(), [&](const v1::Recusal& recusal) { return recusal.mediator_user_id() == user_id; });
}

std::optional<kernel::Refusal> WhyStandsAside(const v1::State& state, const std::string& user_id) {
  if (!AskedToStandAside(state, user_id)) return std::nullopt;
  auto refusal = Why(RefusalCode::kGuard, "RECUSAL_PENDING");
  refusal.metadata["mediator_user_id"] = user_id;
  return refusal;
}

std::optional<kernel::Refusal> CheckMayMediate(const Ask& ask) {
  return WhyStandsAside(ask.state, ask.ctx.actor->user_id());
}

std::optional<kernel::Refusal> CheckIsMediator(std::string_view user_id, std::string_view field, const Ask& ask) {
  const std::string committee = UnitToday(ask.state.committee_org(), ask.reference);
  const reference::PostWanted wanted{.roles = {kernel::v1::ROLE_MD},
                                     .org_id = committee,
                                     .zh = "办理本案的调解委员会的调解员",
                                     .en = "a mediator of the committee that has the case"};
  auto no = reference::WhyNotNamed(ask.reference, user_id, wanted, ask.ctx.now_ms);
  if (!no) return std::nullopt;
  return kernel::GuardOf(*std::move(no), std::string(field));
}

std::optional<kernel::Refusal> CheckMediators(std::string_view chair_user_id,
                                              const google::protobuf::RepeatedPtrField<std::string>& others,
                                              bool recusal_checked, const Ask& ask) {
  const v1::State& state = ask.state;
  if (chair_user_id.empty()) return Why(RefusalCode::kInvalid, "VALUE_NEEDED", "chair_user_id");
  if (others.size() > kOtherMediatorsMax) return Why(RefusalCode::kLimit, "TOO_LONG", "other_user_id");
  std::set<std::string, std::less<>> named = {std::string(chair_user_id)};
  for (const auto& id : others) {
    if (id.empty() || !named.insert(id).second)
      return Why(RefusalCode::kInvalid, "MEDIATOR_TWICE", "other_user_id");
  }
  for (const auto& id : named) {
    const char* field = id == chair_user_id ? "chair_user_id" : "other_user_id";
    const bool is_party = std::ranges::any_of(
        state.party(), [&](const v1::Party& party) { return party.person().user_id() == id; });
    if (is_party) return Why(RefusalCode::kGuard, "MEDIATOR_IS_PARTY", field);
    if (AskedToStandAside(state, id)) return Why(RefusalCode::kGuard, "RECUSAL_PENDING", field);
    if (std::ranges::find(state.recused_user_id(), id) != state.recused_user_id().end()) {
      return Why(RefusalCode::kGuard, "MEDIATOR_RECUSED", field);  // 若干规定 25: replaced, and not for a day
    }
    if (auto refusal = CheckIsMediator(id, field, ask)) return refusal;
  }
  if (!recusal_checked) return Why(RefusalCode::kGuard, "RECUSAL_NOT_CHECKED", "recusal_checked");
  return std::nullopt;
}

// ---- M8

Decision DecideRequestRecusal(const v1::RequestRecusalRequest& request, const Ask& ask) {
  const v1::State& state = ask.state;
  if (!IsMediator(state, request.mediator_user_id())) {
    return Refuse(RefusalCode::kInvalid, "UNKNOWN_MEDIATOR", "mediator_user_id");
  }
  if (ask.who.role == kernel::v1::ROLE_MD) {
    if (!request.party_id().empty() || request.mediator_user_id() != ask.ctx.actor->user_id()) {
      return Refuse(RefusalCode::kNotAllowed, "NOT_YOURSELF", "mediator_user_id");
    }
  } else {
    const v1::Party* party = FindParty(state, request.party_id());
    if (party == nullptr) return Refuse(RefusalCode::kInvalid, "UNKNOWN_PARTY", "party_id");
    if (ask.who.role == kernel::v1::ROLE_PUB && party != PartyOf(state, *ask.ctx.actor)) {
      return Refuse(RefusalCode::kNotAllowed, "NOT_YOUR_PARTY", "party_id");
    }
  }
  if (request.ground() == v1::RECUSAL_GROUND_UNSPECIFIED || !v1::RecusalGround_IsValid(request.ground())) {
    return Refuse(RefusalCode::kInvalid, "VALUE_NEEDED", "ground");
  }
  if (AskedToStandAside(state, request.mediator_user_id())) {
    return Refuse(RefusalCode::kGuard, "RECUSAL_ALREADY_ASKED", "mediator_user_id");
  }
  if (state.recusal_size() >= kRecusalsMax) return Refuse(RefusalCode::kLimit, "TOO_LONG");
  Decision decision;
  auto* recusal = decision.Emit()->mutable_recusal_requested()->mutable_recusal();
  recusal->set_mediator_user_id(request.mediator_user_id());
  recusal->set_party_id(request.party_id());
  recusal->set_ground(request.ground());
  recusal->set_remark(request.remark());
  recusal->set_at_ms(ask.ctx.now_ms);
  return decision;
}

// ---- a minor comes of age 民法典 17: who acts for a party is asked anew with each step, so nothing before it changes

Decision DecideRecordFullAge(const v1::RecordFullAgeRequest& request, const Ask& ask) {
  if (auto refusal = CheckMayMediate(ask)) return Decision::Refuse(*std::move(refusal));
  const v1::Party* party = FindParty(ask.state, request.party_id());
  if (party == nullptr) return Refuse(RefusalCode::kInvalid, "UNKNOWN_PARTY", "party_id");
  if (!party->person().minor()) return Refuse(RefusalCode::kGuard, "NOT_MARKED_AS_MINOR", "party_id");
  if (request.how().empty()) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "how");
  Decision decision;
  auto* recorded = decision.Emit()->mutable_full_age_recorded();
  recorded->set_party_id(request.party_id());
  recorded->set_how(request.how());
  recorded->set_at_ms(ask.ctx.now_ms);
  return decision;
}

// ---- what a party wants of the sessions and of the agreement 人民调解法 23, 若干规定 34

namespace {

bool IsTold(v1::Wish wish) { return wish == v1::WISHED || wish == v1::WISH_TAKEN_BACK; }

bool AsTold(v1::Wish wish, bool before) { return IsTold(wish) ? wish == v1::WISHED : before; }

}  // namespace

Decision DecideRecordWish(const v1::RecordWishRequest& request, const Ask& ask) {
  const v1::Party* party = FindParty(ask.state, request.party_id());
  if (party == nullptr) return Refuse(RefusalCode::kInvalid, "UNKNOWN_PARTY", "party_id");
  const bool by_self = ask.who.role == kernel::v1::ROLE_PUB;
  if (by_self && party != PartyOf(ask.state, *ask.ctx.actor)) {
    return Refuse(RefusalCode::kNotAllowed, "NOT_YOUR_PARTY", "party_id");
  }
  if (ask.who.role == kernel::v1::ROLE_MD) {
    if (auto refusal = CheckMayMediate(ask)) return Decision::Refuse(*std::move(refusal));
  }
  for (const auto& [wish, field] : {std::pair(request.in_writing(), "in_writing"),
                                    std::pair(request.not_public(), "not_public")}) {
    if (!v1::Wish_IsValid(wish)) return Refuse(RefusalCode::kInvalid, "UNKNOWN_CODE", field);
  }
  if (!IsTold(request.in_writing()) && !IsTold(request.not_public())) {
    return Refuse(RefusalCode::kInvalid, "VALUE_NEEDED", "in_writing");
  }
  if (!by_self && request.how().empty()) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "how");
  const bool writing = AsTold(request.in_writing(), party->wants_writing());
  const bool apart = AsTold(request.not_public(), party->objects_to_public());
  if (writing == party->wants_writing() && apart == party->objects_to_public()) {
    return Refuse(RefusalCode::kGuard, "SAME_WISH", "party_id");
  }
  Decision decision;
  auto* recorded = decision.Emit()->mutable_wish_recorded();
  recorded->set_party_id(request.party_id());
  recorded->set_wants_writing(writing);
  recorded->set_objects_to_public(apart);
  recorded->set_how(request.how());
  return decision;
}

Decision DecideDecideRecusal(const v1::DecideRecusalRequest& request, const Ask& ask) {
  const v1::State& state = ask.state;
  const auto asked = std::ranges::find(state.recusal(), request.mediator_user_id(), &v1::Recusal::mediator_user_id);
  if (asked == state.recusal().end()) return Refuse(RefusalCode::kInvalid, "NO_RECUSAL_ASKED", "mediator_user_id");
  switch (request.outcome()) {
    case v1::WAIVED:  // 特邀调解规定 15, 在线调解规则 13: of a relation both know of; nobody waives misconduct (特邀 28)
      if (asked->ground() == v1::MISCONDUCT) return Refuse(RefusalCode::kGuard, "RECUSAL_BINDS", "outcome");
      if (auto refusal = CheckConsents(request.consent(), state)) return Decision::Refuse(*std::move(refusal));
      break;
    case v1::GROUNDLESS:  // 若干规定 25: a people's committee replaces when asked, and so does everybody who withdraws
      if (!IsOfACourt(state) || asked->party_id().empty()) {
        return Refuse(RefusalCode::kGuard, "RECUSAL_BINDS", "outcome");
      }
      if (request.reason().empty()) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "reason");
      break;
    default:
      return Refuse(RefusalCode::kInvalid, "VALUE_NEEDED", "outcome");
  }
  Decision decision;
  auto* decided = decision.Emit()->mutable_recusal_decided();
  decided->set_mediator_user_id(request.mediator_user_id());
  decided->set_outcome(request.outcome());
  decided->set_reason(request.reason());
  if (request.outcome() == v1::WAIVED) *decided->mutable_consent() = request.consent();
  return decision;
}

Decision DecideReplaceMediator(const v1::ReplaceMediatorRequest& request, const Ask& ask) {
  const v1::State& state = ask.state;
  if (auto refusal = CheckMediators(request.chair_user_id(), request.other_user_id(),
                                    request.recusal_checked(), ask)) {
    return Decision::Refuse(*std::move(refusal));
  }
  if (request.reason().empty()) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "reason");
  std::set<std::string> now = {request.chair_user_id()};
  now.insert(request.other_user_id().begin(), request.other_user_id().end());
  const std::set<std::string> before(state.mediator_user_id().begin(), state.mediator_user_id().end());
  if (now == before && request.chair_user_id() == state.chair_user_id()) {
    return Refuse(RefusalCode::kGuard, "SAME_MEDIATORS", "chair_user_id");
  }
  Decision decision;
  auto* replaced = decision.Emit()->mutable_mediator_replaced();
  replaced->set_chair_user_id(request.chair_user_id());
  *replaced->mutable_other_user_id() = request.other_user_id();
  for (const auto& id : before) {
    if (now.contains(id)) continue;
    replaced->add_replaced_user_id(id);
    if (AskedToStandAside(state, id)) replaced->add_recused_user_id(id);
  }
  replaced->set_reason(request.reason());
  replaced->set_asked_for(!state.recusal().empty());
  return decision;
}

// ---- M10, M11

Decision DecidePause(const v1::PauseRequest& request, const Ask& ask) {
  const v1::State& state = ask.state;
  if (request.ground() == v1::PAUSE_GROUND_UNSPECIFIED || !v1::PauseGround_IsValid(request.ground())) {
    return Refuse(RefusalCode::kInvalid, "VALUE_NEEDED", "ground");
  }
  const int64_t until = request.expected_end_at_ms();
  if (until <= ask.ctx.now_ms || until > ask.ctx.now_ms + kPauseLongestMs) {
    return Refuse(RefusalCode::kInvalid, "BAD_PAUSE_END", "expected_end_at_ms");
  }
  // Both sides ask for it, or entrust the appraisal together (医疗纠纷条例 34).
  if (auto refusal = CheckConsents(request.consent(), state)) return Decision::Refuse(*std::move(refusal));
  const auto* period = FindClock(state, "DM-04");
  if (period == nullptr || !Ticks(state, "DM-04") || ask.ctx.now_ms > period->due_at_ms()) {
    return Refuse(RefusalCode::kGuard, "PERIOD_OVER");
  }
  const bool stands = ClockStands(request.ground(), ask);
  if (!stands && until > period->due_at_ms()) {  // then the period has to be extended first, by both sides
    return Refuse(RefusalCode::kGuard, "PAUSE_BEYOND_PERIOD", "expected_end_at_ms");
  }
  Decision decision;
  auto* event = decision.Emit();
  auto* pausing = event->mutable_paused()->mutable_pausing();
  pausing->set_ground(request.ground());
  pausing->set_remark(request.remark());
  pausing->set_from_ms(ask.ctx.now_ms);
  pausing->set_expected_end_ms(until);
  pausing->set_clock_stands(stands);
  *pausing->mutable_consent() = request.consent();
  ClockChanges clocks(state, ask.reference, ask.ctx.now_ms);
  if (stands) clocks.Pause("DM-04", v1::PauseGround_Name(request.ground()));
  clocks.WriteTo(event);
  return decision;
}

Decision DecideResume(const v1::ResumeRequest& request, const Ask& ask) {
  Decision decision;
  auto* event = decision.Emit();
  auto* resumed = event->mutable_resumed();
  resumed->set_remark(request.remark());
  ClockChanges clocks(ask.state, ask.reference, ask.ctx.now_ms);
  if (ask.state.pausing().clock_stands() && clocks.Running("DM-04")) {
    clocks.Resume("DM-04");
    *resumed->mutable_period() = clocks.PeriodNow();
  }
  if (ask.state.chair_user_id().empty()) {  // handed up meanwhile: the committee above says who mediates
    reference::ClockStart start;
    start.started_by = "resumed";
    start.holder_org = ask.state.committee_org();
    clocks.Start("DM-03", start);
  }
  clocks.WriteTo(event);
  return decision;
}

Decision DecideRemindPause(const Ask& ask) {
  const v1::Pausing& pausing = ask.state.pausing();
  if (ask.state.status() != v1::PAUSED || pausing.reminded() || pausing.expected_end_ms() > ask.ctx.now_ms) {
    return {};
  }
  Decision decision;
  decision.Emit()->mutable_pause_reminded();
  return decision;
}

Decision DecideExtend(const v1::ExtendRequest& request, const Ask& ask) {
  if (auto refusal = CheckMayMediate(ask)) return Decision::Refuse(*std::move(refusal));
  const v1::State& state = ask.state;
  if (request.reason().empty()) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "reason");
  if (auto refusal = CheckConsents(request.consent(), state)) return Decision::Refuse(*std::move(refusal));
  const auto* period = FindClock(state, "DM-04");
  if (period == nullptr || !reference::IsRunning(*period)) return Refuse(RefusalCode::kGuard, "PERIOD_OVER");
  if (period->set_due_at_ms() != 0) return Refuse(RefusalCode::kGuard, "SENDERS_PERIOD");
  const auto* rule = ask.reference.FindRule(PeriodRow(state));
  if (auto no = reference::ExtensionObjection(*period, *rule, request.by(), ask.ctx.now_ms)) {
    no->message_zh += "。";
    no->message_en += ".";
    return Decision::Refuse(kernel::GuardOf(*std::move(no), "by"));
  }
  // Nor may the parties go beyond what the sender's own period leaves, when ours was the shorter one.
  const int64_t end_by_ms = state.former_agreement().empty() ? state.end_by_ms() : 0;
  const auto longer = reference::Extend(*period, request.by(), ask.reference.calendar());
  if (end_by_ms != 0 && longer.due_at_ms() > end_by_ms) return Refuse(RefusalCode::kGuard, "SENDERS_PERIOD", "by");
  Decision decision;
  auto* event = decision.Emit();
  auto* extended = event->mutable_extended();
  *extended->mutable_by() = request.by();
  *extended->mutable_consent() = request.consent();
  extended->set_reason(request.reason());
  ClockChanges clocks(state, ask.reference, ask.ctx.now_ms);
  clocks.Extend("DM-04", request.by());
  *extended->mutable_period() = clocks.PeriodNow();
  clocks.WriteTo(event);
  return decision;
}

// ---- M12

Decision DecideReportRisk(const v1::ReportRiskRequest& request, const Ask& ask) {
  if (ask.state.risk_report_size() >= kRiskReportsMax) return Refuse(RefusalCode::kLimit, "TOO_LONG");
  if (request.ground().empty() || std::ranges::any_of(request.ground(), [](int ground) {
        return ground == v1::RISK_GROUND_UNSPECIFIED || !v1::RiskGround_IsValid(ground);
      })) {
    return Refuse(RefusalCode::kInvalid, "VALUE_NEEDED", "ground");
  }
  if (request.facts().empty()) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "facts");
  if (request.measures().empty()) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "measures");
  if (auto refusal = CheckInformed(request, ask)) return Decision::Refuse(*std::move(refusal));
  Decision decision;
  auto* report = decision.Emit()->mutable_risk_reported()->mutable_report();
  *report->mutable_ground() = request.ground();
  report->set_facts(request.facts());
  report->set_measures(request.measures());
  for (const auto& informed : request.informed()) {
    auto* told = report->add_informed();
    *told = informed;
    if (told->at_ms() == 0) told->set_at_ms(ask.ctx.now_ms);
  }
  report->set_by_user_id(ask.ctx.actor->user_id());
  report->set_at_ms(ask.ctx.now_ms);
  return decision;
}

// ---- M16

Decision DecideReconsider(const v1::ReconsiderRequest& request, const Ask& ask) {
  const v1::Party* party = FindParty(ask.state, request.party_id());
  if (party == nullptr) return Refuse(RefusalCode::kInvalid, "UNKNOWN_PARTY", "party_id");
  if (ask.who.role == kernel::v1::ROLE_PUB && party != PartyOf(ask.state, *ask.ctx.actor)) {
    return Refuse(RefusalCode::kNotAllowed, "NOT_YOUR_PARTY", "party_id");
  }
  if (!MustSign(*party, ask.state.agreement())) return Refuse(RefusalCode::kGuard, "NOT_A_SIGNER", "party_id");
  Decision decision;
  auto* event = decision.Emit();
  auto* reconsidered = event->mutable_reconsidered();
  reconsidered->set_party_id(request.party_id());
  reconsidered->set_reason(request.reason());
  ClockChanges clocks(ask.state, ask.reference, ask.ctx.now_ms);
  clocks.Reopen("DM-04", "AGREED");
  *reconsidered->mutable_period() = clocks.PeriodNow();
  clocks.WriteTo(event);
  return decision;
}

}  // namespace mediation
