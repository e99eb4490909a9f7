#include "services/mediation/domain/mediation.h"

#include <utility>

#include "services/mediation/domain/clocks.h"
#include "services/mediation/domain/decide.h"

namespace mediation {
namespace {

using kernel::RefusalCode;
using v1::Command;

// Creating commands: the committee decides who is of its line, so it is found before the place is checked.
template <class Request, class Decide>
Decision Create(const Rule& rule, const Request& request, Ask ask, Decide decide) {
  const Committee committee = FindCommittee(request.committee_org(), request.area_code(), ask.reference);
  if (committee.refusal) return Decision::Refuse(*committee.refusal);
  auto grounds = Bind(rule, {committee.org->id(), committee.org->area_code(), nullptr}, *ask.ctx.actor);
  if (!grounds) return Refuse(RefusalCode::kNotAllowed, "NOT_ALLOWED");
  ask.who = *std::move(grounds);
  Decision decision = decide(request, ask, *committee.org);
  decision.acted_as = ask.who.role;
  decision.acted_for_org = ask.who.org;
  return decision;
}

Decision DecideBound(const Command& command, const Ask& ask) {
  switch (command.body_case()) {  // no default: a new command does not compile until it is decided here
    case Command::kTakeReferral:
      return DecideTakeReferral(command.take_referral(), ask);
    case Command::kCompleteIntake:
      return DecideCompleteIntake(command.complete_intake(), ask);
    case Command::kAskConsent:
      return DecideAskConsent(command.ask_consent(), ask);
    case Command::kRecordConsent:
      return DecideRecordConsent(command.record_consent(), ask);
    case Command::kServeRightsNotice:
      return DecideServeRightsNotice(command.serve_rights_notice(), ask);
    case Command::kAccept:
      return DecideAccept(command.accept(), ask);
    case Command::kRefuse:
      return DecideRefuse(command.refuse(), ask);
    case Command::kChooseMediator:
      return DecideChooseMediator(command.choose_mediator(), ask);
    case Command::kAssign:
      return DecideAssign(command.assign(), ask);
    case Command::kHoldSession:
      return DecideHoldSession(command.hold_session(), ask);
    case Command::kDraftAgreement:
      return DecideDraftAgreement(command.draft_agreement(), ask);
    case Command::kSign:
      return DecideSign(command.sign(), ask);
    case Command::kSeal:
      return DecideSeal(command.seal(), ask);
    case Command::kRecordOral:
      return DecideRecordOral(command.record_oral(), ask);
    case Command::kEnd:
      return DecideEnd(command.end(), ask);
    case Command::kOversee:
      return DecideOversee(command.oversee(), ask);
    case Command::kLearnReference:
      return DecideLearnReference(command.learn_reference(), ask);
    case Command::kWarnPeriod:
      return DecideWarnPeriod(ask);
    case Command::kEndPeriod:
      return DecideEndPeriod(ask);
    case Command::kWarnWindow:
      return DecideWarnWindow(ask);
    case Command::kExpireClock:
      return DecideExpireClock(command.expire_clock(), ask);
    case Command::kRetryReferral:
      return DecideRetryReferral(ask);
    case Command::kRecomputeProvisional:
      return DecideRecomputeProvisional(ask);
    case Command::kApply:
    case Command::kRegisterExOfficio:
    case Command::kReceiveReferral:
    case Command::BODY_NOT_SET:
      break;  // creating commands were decided before
  }
  return Refuse(RefusalCode::kNotAllowed, "NOT_ALLOWED");
}

}  // namespace

std::optional<kernel::Refusal> NotReady(const reference::Reference& reference) {
  auto refuse = [](std::string reason, std::string zh, std::string en) {
    return kernel::Refusal{RefusalCode::kGuard, std::move(reason), "", std::move(zh), std::move(en), {}};
  };
  if (auto objection = reference.NotReady()) {
    return refuse(objection->reason, objection->message_zh, objection->message_en);
  }
  auto missing = [&](std::string_view id) {
    return refuse("POLICY_ROW_MISSING", "时限目录缺少 " + std::string(id) + "。",
                  "The deadline catalogue lacks " + std::string(id) + ".");
  };
  for (std::string_view id : kPolicyIds) {
    if (reference.FindRule(id) == nullptr) return missing(id);
  }
  for (std::string_view id : kOtherRows) {
    if (reference.FindRule(id) == nullptr) return missing(id);
  }
  return std::nullopt;
}

Decision MediationDomain::Decide(const State& state, const Command& command, const Context& ctx,
                                 const Reference& reference) {
  const Rule* rule = FindRule(command.body_case());
  if (rule == nullptr) return Refuse(RefusalCode::kNotAllowed, "NOT_ALLOWED");
  if (auto refusal = Permit(*rule, state, *ctx.actor)) {
    // Of the status only those hear whose case it is.
    const bool outsider = refusal->code == RefusalCode::kWrongStatus &&
                          !Bind(*rule, {state.committee_org(), state.committee_area(), &state}, *ctx.actor);
    if (outsider) return Refuse(RefusalCode::kNotAllowed, "NOT_ALLOWED");
    return Decision::Refuse(*std::move(refusal));
  }
  const Ask unbound{state, ctx, reference, {}};
  const bool waits =
      command.has_take_referral() || command.has_retry_referral();  // parked instead of refused
  if (!command.has_learn_reference() && !waits) {
    if (auto refusal = NotReady(reference)) return Decision::Refuse(*std::move(refusal));
  }
  switch (command.body_case()) {
    case Command::kApply:
      return Create(*rule, command.apply(), unbound, DecideApply);
    case Command::kRegisterExOfficio:
      return Create(*rule, command.register_ex_officio(), unbound, DecideRegisterExOfficio);
    case Command::kReceiveReferral:
      return Create(*rule, command.receive_referral(), unbound, DecideReceiveReferral);
    default:
      break;
  }
  auto grounds = Bind(*rule, {state.committee_org(), state.committee_area(), &state}, *ctx.actor);
  if (!grounds) return Refuse(RefusalCode::kNotAllowed, "NOT_ALLOWED");
  const Ask ask{state, ctx, reference, *std::move(grounds)};
  Decision decision = DecideBound(command, ask);
  decision.acted_as = ask.who.role;
  decision.acted_for_org = ask.who.org;
  return decision;
}

}  // namespace mediation
