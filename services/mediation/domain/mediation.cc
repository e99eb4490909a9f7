#include "services/mediation/domain/mediation.h"

#include <utility>

#include "services/kernel/guard.h"
#include "services/mediation/domain/clocks.h"
#include "services/mediation/domain/decide.h"
#include "services/mediation/domain/heirs.h"
#include "services/mediation/domain/papers.h"
#include "services/reference/mentions.h"

namespace mediation {
namespace {

using kernel::RefusalCode;
using v1::Command;

// Creating commands: the committee decides who is of its line, so it is found before the place is checked.
template <class Request, class Decide>
Decision Create(const Rule& rule, const Request& request, Ask ask, Decide decide) {
  const Committee committee = FindCommittee(request.committee_org(), request.area_code(), ask.reference);
  if (committee.refusal) return Decision::Refuse(*committee.refusal);
  auto grounds = Bind(rule, {committee.org->id(), committee.org->area_code(), nullptr, ask.reference},
                      *ask.ctx.actor);
  if (!grounds) return Refuse(RefusalCode::kNotAllowed, "NOT_ALLOWED");
  ask.who = *std::move(grounds);
  Decision decision = decide(request, ask, *committee.org);
  decision.acted_as = ask.who.role;
  decision.acted_for_org = ask.who.org.empty() ? "" : UnitToday(ask.who.org, ask.reference);
  return decision;
}

// A proof nobody can look at proves nothing.
std::optional<kernel::Refusal> CheckDigests(const Command& command) {
  const auto bad_digest = reference::FirstBadDigest(command);
  if (!bad_digest) return std::nullopt;
  return Why(RefusalCode::kInvalid, "BAD_DIGEST", bad_digest->substr(bad_digest->find('.') + 1));
}

// With the paper on which both sides of a petition from elsewhere agreed.
Decision CreateReferred(const Rule& rule, const Command& command, const Ask& ask) {
  Decision decision = Create(rule, command.receive_referral(), ask, DecideReceiveReferral);
  if (decision.refusal) return decision;
  if (auto refusal = CheckDigests(command)) return Decision::Refuse(*std::move(refusal));
  if (auto refusal = KeepPapers(command, ask, &decision)) return Decision::Refuse(*std::move(refusal));
  return decision;
}

// From the intake to an agreement or an end.
Decision DecideMediating(const Command& command, const Ask& ask) {
  switch (command.body_case()) {
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
    case Command::kInvestigate:
      return DecideInvestigate(command.investigate(), ask);
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
    default:
      return Refuse(RefusalCode::kNotAllowed, "NOT_ALLOWED");
  }
}

// What changes its course.
Decision DecideCourse(const Command& command, const Ask& ask) {
  switch (command.body_case()) {
    case Command::kRecordFullAge:
      return DecideRecordFullAge(command.record_full_age(), ask);
    case Command::kRecordWish:
      return DecideRecordWish(command.record_wish(), ask);
    case Command::kRequestRecusal:
      return DecideRequestRecusal(command.request_recusal(), ask);
    case Command::kDecideRecusal:
      return DecideDecideRecusal(command.decide_recusal(), ask);
    case Command::kReplaceMediator:
      return DecideReplaceMediator(command.replace_mediator(), ask);
    case Command::kPause:
      return DecidePause(command.pause(), ask);
    case Command::kResume:
      return DecideResume(command.resume(), ask);
    case Command::kExtend:
      return DecideExtend(command.extend(), ask);
    case Command::kReportRisk:
      return DecideReportRisk(command.report_risk(), ask);
    case Command::kReconsider:
      return DecideReconsider(command.reconsider(), ask);
    case Command::kTransferUp:
      return DecideTransferUp(command.transfer_up(), ask);
    default:
      return Refuse(RefusalCode::kNotAllowed, "NOT_ALLOWED");
  }
}

// What follows an agreement, and the file.
Decision DecideAfterwards(const Command& command, const Ask& ask) {
  switch (command.body_case()) {
    case Command::kPerform:
      return DecidePerform(command.perform(), ask);
    case Command::kFollowUp:
      return DecideFollowUp(command.follow_up(), ask);
    case Command::kReportBreach:
      return DecideReportBreach(command.report_breach(), ask);
    case Command::kRemediate:
      return DecideRemediate(command.remediate(), ask);
    case Command::kApplyConfirmation:
      return DecideApplyConfirmation(command.apply_confirmation(), ask);
    case Command::kRecordConfirmation:
      return DecideRecordConfirmation(command.record_confirmation(), ask);
    case Command::kComplete:
      return DecideComplete(command.complete(), ask);
    case Command::kFileDocument:
      return DecideFileDocument(command.file_document(), ask);
    case Command::kArchive:
      return DecideArchive(command.archive(), ask);
    default:
      return Refuse(RefusalCode::kNotAllowed, "NOT_ALLOWED");
  }
}

Decision DecideByPlatform(const Command& command, const Ask& ask) {
  switch (command.body_case()) {
    case Command::kTakeReferral:
      return DecideTakeReferral(command.take_referral(), ask);
    case Command::kHearLapse:
      return DecideHearLapse(command.hear_lapse(), ask);
    case Command::kOversee:
      return DecideOversee(command.oversee(), ask);
    case Command::kHearKept:
      return DecideHearKept(command.hear_kept(), ask);
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
    case Command::kWakePromise:
      return DecideWakePromise(command.wake_promise(), ask);
    case Command::kRemindPause:
      return DecideRemindPause(ask);
    case Command::kRemindConfirmation:
      return DecideRemindConfirmation(ask);
    default:
      return Refuse(RefusalCode::kNotAllowed, "NOT_ALLOWED");
  }
}

Decision DecideBound(const Command& command, const Ask& ask) {
  switch (command.body_case()) {  // no default: a new command does not compile until it has its place here
    case Command::kCompleteIntake:
    case Command::kAskConsent:
    case Command::kRecordConsent:
    case Command::kServeRightsNotice:
    case Command::kAccept:
    case Command::kRefuse:
    case Command::kChooseMediator:
    case Command::kAssign:
    case Command::kHoldSession:
    case Command::kInvestigate:
    case Command::kDraftAgreement:
    case Command::kSign:
    case Command::kSeal:
    case Command::kRecordOral:
    case Command::kEnd:
      return DecideMediating(command, ask);
    case Command::kRecordWish:
    case Command::kRequestRecusal:
    case Command::kDecideRecusal:
    case Command::kReplaceMediator:
    case Command::kPause:
    case Command::kResume:
    case Command::kExtend:
    case Command::kReportRisk:
    case Command::kReconsider:
    case Command::kRecordFullAge:
    case Command::kTransferUp:
      return DecideCourse(command, ask);
    case Command::kPerform:
    case Command::kFollowUp:
    case Command::kReportBreach:
    case Command::kRemediate:
    case Command::kApplyConfirmation:
    case Command::kRecordConfirmation:
    case Command::kComplete:
    case Command::kFileDocument:
    case Command::kArchive:
      return DecideAfterwards(command, ask);
    case Command::kTakeReferral:
    case Command::kHearLapse:
    case Command::kOversee:
    case Command::kHearKept:
    case Command::kLearnReference:
    case Command::kWarnPeriod:
    case Command::kEndPeriod:
    case Command::kWarnWindow:
    case Command::kExpireClock:
    case Command::kRetryReferral:
    case Command::kRecomputeProvisional:
    case Command::kWakePromise:
    case Command::kRemindPause:
    case Command::kRemindConfirmation:
      return DecideByPlatform(command, ask);
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
  auto missing = reference::RowsMissing(reference, kPolicyIds, kOtherRows);
  if (!missing) return std::nullopt;
  return kernel::GuardOf(*std::move(missing));
}

Decision MediationDomain::Decide(const State& state, const Command& command, const Context& ctx,
                                 const Reference& reference) {
  const Rule* rule = FindRule(command.body_case());
  if (rule == nullptr) return Refuse(RefusalCode::kNotAllowed, "NOT_ALLOWED");
  const Subject subject{state.committee_org(), state.committee_area(), &state, reference};
  if (auto refusal = Permit(*rule, state, *ctx.actor)) {
    // Of the status only those hear whose case it is.
    const bool outsider = refusal->code == RefusalCode::kWrongStatus && !Bind(*rule, subject, *ctx.actor);
    if (outsider) return Refuse(RefusalCode::kNotAllowed, "NOT_ALLOWED");
    return Decision::Refuse(*std::move(refusal));
  }
  const Ask unbound{state, ctx, reference, {}};
  // Parked instead of refused; and what lapses may be what is parked.
  const bool waits = command.has_take_referral() || command.has_retry_referral() || command.has_hear_lapse();
  if (!command.has_learn_reference() && !command.has_hear_kept() && !waits) {
    if (auto refusal = NotReady(reference)) return Decision::Refuse(*std::move(refusal));
  }
  switch (command.body_case()) {
    case Command::kApply:
      return Create(*rule, command.apply(), unbound, DecideApply);
    case Command::kRegisterExOfficio:
      return Create(*rule, command.register_ex_officio(), unbound, DecideRegisterExOfficio);
    case Command::kReceiveReferral:
      return CreateReferred(*rule, command, unbound);
    default:
      break;
  }
  auto grounds = Bind(*rule, subject, *ctx.actor);
  if (!grounds) return Refuse(RefusalCode::kNotAllowed, "NOT_ALLOWED");
  if (!kernel::IsService(*ctx.actor)) {
    if (auto refusal = CheckDigests(command)) return Decision::Refuse(*std::move(refusal));
  }
  const Ask ask{state, ctx, reference, *std::move(grounds)};
  Decision decision = DecideBound(command, ask);
  if (auto refusal = KeepPapers(command, ask, &decision)) return Decision::Refuse(*std::move(refusal));
  decision.acted_as = ask.who.role;
  // A committee that has ended does nothing more: who carries its work on does, and the step says so.
  decision.acted_for_org = ask.who.org.empty() ? "" : UnitToday(ask.who.org, reference);
  return decision;
}

}  // namespace mediation
