// P8 acceptance, P9 refusal, P10 redirection, P11 accusations, P12 suggestions.
#include <algorithm>
#include <array>
#include <utility>

#include "base/area_code.h"
#include "services/petition/domain/decide.h"

namespace petition {
namespace {

using kernel::Refusal, kernel::RefusalCode;

// Codes of not accepting (Art. 19, 20, 22, 36, 48; 山东 33, 46). NA03 to NA05 lead into a statutory procedure:
// a redirection, which statistics count apart. NA06 is not among them: what belongs to discipline is sealed.
constexpr std::array<std::string_view, 6> kRefusals = {"NA01", "NA02", "NA07", "NA08", "NA09", "NA10"};
constexpr std::array<std::string_view, 3> kRedirections = {"NA03", "NA04", "NA05"};

std::optional<Refusal> CheckTypeIs(v1::PetitionType type, const v1::State& state) {
  if (!state.intake_complete()) return Why(RefusalCode::kGuard, "INTAKE_INCOMPLETE");
  if (state.in_dispute()) return Why(RefusalCode::kGuard, "ALREADY_IN_DISPUTE");
  if (state.type() != type) return Why(RefusalCode::kGuard, "OTHER_TYPE");
  return std::nullopt;
}

// The unit from now on: the unit that has it, or the office itself.
struct Unit {
  std::string org, area;
  int level = 0;
};
Unit UnitFrom(const v1::State& state) {
  if (!state.unit_org().empty()) return {state.unit_org(), state.unit_area(), state.unit_level()};
  return {state.office_org(), state.office_area(), state.office_level()};
}

std::optional<Refusal> CheckRoute(const v1::AcceptRequest& request, const Ask& ask) {
  if (request.route() < 1 || request.route() > 6) return Why(RefusalCode::kInvalid, "ROUTE_NEEDED", "route");
  if (request.route() < 6 && request.procedure().empty()) {
    return Why(RefusalCode::kInvalid, "CONTENT_NEEDED", "procedure");
  }
  if (request.route() == 6 && request.procedure_due_at_ms() != 0) {
    return Why(RefusalCode::kInvalid, "ROUTE_SIX_HAS_ITS_PERIOD", "procedure_due_at_ms");
  }
  if (request.procedure_due_at_ms() != 0 && IsOver(request.procedure_due_at_ms(), ask.ctx.now_ms)) {
    return Why(RefusalCode::kInvalid, "BAD_TIME", "procedure_due_at_ms");
  }
  return std::nullopt;
}

// Art. 19(3): whether the same matter, as a person has linked it, is still in process now. What is on the lists no more
// is not, whatever it left as: a merged copy and an accusation look alike.
bool InProcessElsewhere(const Ask& ask) {
  if (ask.state.repeat_class() != v1::SAME_IN_PROCESS) return false;
  const v1::State* earlier = ask.ctx.lookup->Find(ask.state.earlier_id());
  return earlier != nullptr && !Sealed(*earlier) && IsOpen(earlier->status());
}

// 山东 33(3), 46(2): the earlier petition ended because nobody asked for review or re-review in time.
bool RepeatsWhatSilenceClosed(const Ask& ask) {
  if (ask.state.repeat_class() != v1::REPEAT) return false;
  const v1::State* earlier = ask.ctx.lookup->Find(ask.state.earlier_id());
  return earlier != nullptr && earlier->status() == v1::CLOSED && reference::IsRight(earlier->closed_reason());
}

// Art. 20(1): a visit to the level that may decide, or to the next higher one, is in order. That it skipped a level
// the desk has seen when it came, or whoever refuses it says now by naming who may decide.
std::optional<Refusal> CheckSkippedLevel(const v1::RefuseAcceptanceRequest& request, const Ask& ask) {
  if (request.competent_org().empty()) {
    if (ask.state.visit_above_level()) return std::nullopt;
    return Why(RefusalCode::kGuard, "COMPETENT_BODY_NEEDED", "competent_org");
  }
  const auto* competent = LiveOrg(request.competent_org(), ask.reference);
  if (competent == nullptr) return Why(RefusalCode::kInvalid, "UNKNOWN_ORG", "competent_org");
  if (ask.state.office_level() > competent->level() + 1) return std::nullopt;
  return Why(RefusalCode::kGuard, "VISIT_IN_ORDER", "competent_org");
}

std::optional<Refusal> CheckRefusalCode(const v1::RefuseAcceptanceRequest& request, const Ask& ask) {
  const v1::State& state = ask.state;
  const std::string& code = request.code();
  if (std::ranges::find(kRedirections, code) != kRedirections.end()) {
    return Why(RefusalCode::kGuard, "REDIRECT_INSTEAD", "code");
  }
  if (code == "NA06") return Why(RefusalCode::kGuard, "SEAL_INSTEAD", "code");
  if (std::ranges::find(kRefusals, code) == kRefusals.end())
    return Why(RefusalCode::kInvalid, "UNKNOWN_CODE", "code");
  // A person has to have looked at the earlier petition (LinkRepeat); the platform never refuses by itself.
  if (code == "NA01" && state.repeat_class() != v1::SAME_IN_PROCESS) {
    return Why(RefusalCode::kGuard, "LINK_EARLIER_FIRST", "code");
  }
  if (code == "NA01" && !InProcessElsewhere(ask)) return Why(RefusalCode::kGuard, "EARLIER_NOT_OPEN", "code");
  if (code == "NA02" && state.repeat_class() != v1::SAME_AFTER_FINAL) {
    return Why(RefusalCode::kGuard, "LINK_EARLIER_FIRST", "code");
  }
  if (code == "NA09" && !RepeatsWhatSilenceClosed(ask)) {
    return Why(RefusalCode::kGuard, "LINK_EARLIER_FIRST", "code");
  }
  if (code == "NA08" && state.channel() != v1::VISIT) return Why(RefusalCode::kGuard, "NOT_A_VISIT", "code");
  if (code == "NA08") return CheckSkippedLevel(request, ask);
  return std::nullopt;
}

}  // namespace

Decision DecideAccept(const v1::AcceptRequest& request, const Ask& ask) {
  const v1::State& state = ask.state;
  if (auto refusal = CheckTypeIs(v1::REQUEST, state)) return Decision::Refuse(*std::move(refusal));
  if (state.visit_above_level()) return Refuse(RefusalCode::kGuard, "VISIT_ABOVE_LEVEL");
  // Art. 36(3): after the re-review nobody accepts the same facts and reasons again. Art. 19(3): nor a
  // higher body what is under way.
  if (state.repeat_class() == v1::SAME_AFTER_FINAL) return Refuse(RefusalCode::kGuard, "FINAL_ALREADY");
  if (InProcessElsewhere(ask)) return Refuse(RefusalCode::kGuard, "IN_PROCESS_ELSEWHERE");
  if (auto refusal = CheckRoute(request, ask)) return Decision::Refuse(*std::move(refusal));
  if (auto refusal = CheckNotice(request.notice(), state)) return Decision::Refuse(*std::move(refusal));
  if (!request.recusal_checked())
    return Refuse(RefusalCode::kGuard, "RECUSAL_NOT_CHECKED", "recusal_checked");
  const Unit unit = UnitFrom(state);
  Decision decision;
  auto* accepted = decision.Emit()->mutable_accepted();
  accepted->set_route(request.route());
  *accepted->mutable_notice() = Served(request.notice(), ask.ctx.now_ms);
  accepted->set_procedure(request.procedure());
  accepted->set_by_user_id(ask.ctx.actor->user_id());
  auto* stage = accepted->mutable_stage();
  stage->set_kind(v1::HANDLE);
  stage->set_body_org(unit.org);
  stage->set_body_area(unit.area);
  stage->set_body_level(unit.level);
  stage->set_accepted_at_ms(ask.ctx.now_ms);
  ClockChanges clocks(state, ask.reference, ask.ctx.now_ms);
  StopDeciding(&clocks);
  auto start = From("accepted", unit.org);
  if (request.route() == 6) {
    clocks.Start("DP-05", start);
  } else if (request.procedure_due_at_ms() != 0) {  // the procedure's own limit, not that of Art. 34
    start.due_at_ms = EndOfNamedDay(request.procedure_due_at_ms());
    start.article = request.procedure();
    clocks.Start("DP-05", start);
  }
  return With(std::move(decision), clocks);
}

Decision DecideRefuseAcceptance(const v1::RefuseAcceptanceRequest& request, const Ask& ask) {
  if (!ask.state.intake_complete()) return Refuse(RefusalCode::kGuard, "INTAKE_INCOMPLETE");
  if (ask.state.in_dispute()) return Refuse(RefusalCode::kGuard, "ALREADY_IN_DISPUTE");
  if (auto refusal = CheckRefusalCode(request, ask)) return Decision::Refuse(*std::move(refusal));
  if (auto refusal = CheckNotice(request.notice(), ask.state)) return Decision::Refuse(*std::move(refusal));
  Decision decision;
  auto* refused = decision.Emit()->mutable_not_accepted();
  refused->set_code(request.code());
  if (request.code() == "NA08") refused->set_competent_org(request.competent_org());
  *refused->mutable_notice() = Served(request.notice(), ask.ctx.now_ms);
  ClockChanges clocks(ask.state, ask.reference, ask.ctx.now_ms);
  StopDeciding(&clocks);
  return With(std::move(decision), clocks);
}

Decision DecideRedirect(const v1::RedirectRequest& request, const Ask& ask) {
  if (!ask.state.intake_complete()) return Refuse(RefusalCode::kGuard, "INTAKE_INCOMPLETE");
  if (ask.state.in_dispute()) return Refuse(RefusalCode::kGuard, "ALREADY_IN_DISPUTE");
  if (std::ranges::find(kRedirections, request.code()) == kRedirections.end()) {
    return Refuse(RefusalCode::kInvalid, "UNKNOWN_CODE", "code");
  }
  if (request.procedure().empty()) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "procedure");
  if (request.organ().empty()) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "organ");
  if (auto refusal = CheckNotice(request.notice(), ask.state)) return Decision::Refuse(*std::move(refusal));
  Decision decision;
  auto* redirected = decision.Emit()->mutable_redirected();
  redirected->set_code(request.code());
  redirected->set_procedure(request.procedure());
  redirected->set_organ(request.organ());
  redirected->set_external_ref(request.external_ref());
  *redirected->mutable_notice() = Served(request.notice(), ask.ctx.now_ms);
  ClockChanges clocks(ask.state, ask.reference, ask.ctx.now_ms);
  StopDeciding(&clocks);
  return With(std::move(decision), clocks);
}

Decision DecideTransferToDiscipline(const v1::TransferToDisciplineRequest& request, const Ask& ask) {
  if (!Sealed(ask.state)) return Refuse(RefusalCode::kGuard, "NOT_AN_ACCUSATION");
  const auto* organ = LiveOrg(request.discipline_org(), ask.reference);
  if (organ == nullptr || organ->kind() != directory::v1::DISCIPLINE) {
    return Refuse(RefusalCode::kInvalid, "UNKNOWN_ORG", "discipline_org");
  }
  Decision decision;
  decision.Emit()->mutable_sealed_away()->set_discipline_org(organ->id());
  ClockChanges clocks(ask.state, ask.reference, ask.ctx.now_ms);
  clocks.Stop("DP-01");
  return With(std::move(decision), clocks);
}

Decision DecideReceiveSealed(const v1::ReceiveSealedRequest& request, const Ask& ask) {
  if (ask.state.ended_at_ms() != 0) return Refuse(RefusalCode::kGuard, "ALREADY_RECEIVED");
  Decision decision;
  decision.Emit()->mutable_sealed_received()->set_external_ref(request.external_ref());
  return decision;
}

Decision DecideStudy(const v1::StudyRequest& request, const Ask& ask) {
  if (auto refusal = CheckTypeIs(v1::SUGGESTION, ask.state)) return Decision::Refuse(*std::move(refusal));
  if (auto refusal = CheckNotice(request.notice(), ask.state)) return Decision::Refuse(*std::move(refusal));
  const Unit unit = UnitFrom(ask.state);
  Decision decision;
  auto* started = decision.Emit()->mutable_study_started();
  *started->mutable_notice() = Served(request.notice(), ask.ctx.now_ms);
  started->set_unit_org(unit.org);
  started->set_unit_area(unit.area);
  started->set_unit_level(unit.level);
  ClockChanges clocks(ask.state, ask.reference, ask.ctx.now_ms);
  StopDeciding(&clocks);
  clocks.Start("DP-14", From("accepted", unit.org));
  return With(std::move(decision), clocks);
}

Decision DecideReplySuggestion(const v1::ReplySuggestionRequest& request, const Ask& ask) {
  if (request.adoption() == v1::ADOPTION_UNSPECIFIED)
    return Refuse(RefusalCode::kInvalid, "VALUE_NEEDED", "adoption");
  if (request.reply().empty()) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "reply");
  Decision decision;
  auto* replied = decision.Emit()->mutable_suggestion_replied();
  replied->set_adoption(request.adoption());
  replied->set_reply(request.reply());
  ClockChanges clocks(ask.state, ask.reference, ask.ctx.now_ms);
  clocks.Stop("DP-14");
  return With(std::move(decision), clocks);
}

}  // namespace petition
