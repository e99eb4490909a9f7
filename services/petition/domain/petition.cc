#include "services/petition/domain/petition.h"

#include <utility>

#include "base/area_code.h"
#include "services/kernel/guard.h"
#include "services/petition/domain/decide.h"

namespace petition {
namespace {

using kernel::RefusalCode;
using v1::Command;

Decision As(Decision decision, const Grounds& who) {
  decision.acted_as = who.role;
  decision.acted_for_org = who.org;
  return decision;
}

// Creating commands: whom they reach is found before the place of the asker is checked.
Decision Create(const Rule& rule, const v1::RegisterRequest& request, Ask ask) {
  const auto& actor = *ask.ctx.actor;
  std::string to_org = request.to_org();
  if (to_org.empty()) {  // who registers at a desk registers for it
    for (const auto& grant : actor.grant()) {
      const bool desk = grant.role() == kernel::v1::ROLE_PC || grant.role() == kernel::v1::ROLE_PH;
      if (desk && to_org.empty()) to_org = grant.org_id();
    }
  }
  const bool accusation = request.type() == v1::ACCUSATION;
  Receiver receiver = FindReceiver(to_org, request.area_code(), accusation, ask.reference);
  if (receiver.refusal) return Decision::Refuse(*receiver.refusal);
  auto grounds = Bind(rule, {receiver.org->id(), receiver.org->area_code(), nullptr}, actor);
  if (!grounds) return Refuse(RefusalCode::kNotAllowed, "NOT_ALLOWED");
  ask.who = *std::move(grounds);
  // What petitioners register under discipline may be about whoever would receive it: it goes where accusations go.
  const bool may_accuse = ask.who.role == kernel::v1::ROLE_PUB && request.content_code() == kDisciplineContent;
  if (may_accuse) {
    receiver = FindReceiver(to_org, request.area_code(), true, ask.reference);
    if (receiver.refusal) return Decision::Refuse(*receiver.refusal);
  }
  if (accusation || may_accuse) {
    receiver.org = OfficeNotAccused(receiver.org, {request.respondent_org(), request.competent_org()}, ask.reference);
    if (receiver.org == nullptr) return Refuse(RefusalCode::kGuard, "NO_HIGHER_BODY", "respondent_org");
  }
  return As(DecideRegister(request, ask, *receiver.org), ask.who);
}

Decision Create(const Rule& rule, const v1::RecordReceptionRequest& request, Ask ask) {
  auto grounds = Bind(rule, {"", request.area_code(), nullptr}, *ask.ctx.actor);
  if (!grounds) return Refuse(RefusalCode::kNotAllowed, "NOT_ALLOWED");
  ask.who = *std::move(grounds);
  return As(DecideRecordReception(request, ask), ask.who);
}

Decision DecideAround(const Command& command, const Ask& ask) {
  switch (command.body_case()) {
    case Command::kEndHearing:
      return DecideEndHearing(command.end_hearing(), ask);
    case Command::kIssueRecheck:
      return DecideIssueRecheck(command.issue_recheck(), ask);
    case Command::kWithdraw:
      return DecideWithdraw(command.withdraw(), ask);
    case Command::kCorrectPeople:
      return DecideCorrectPeople(command.correct_people(), ask);
    case Command::kRecordDeath:
      return DecideRecordDeath(command.record_death(), ask);
    case Command::kRecordSuccessor:
      return DecideRecordSuccessor(command.record_successor(), ask);
    case Command::kTerminate:
      return DecideTerminate(command.terminate(), ask);
    case Command::kProposeLeader:
      return DecideProposeLeader(command.propose_leader(), ask);
    case Command::kAcceptLead:
      return DecideAcceptLead(ask);
    case Command::kRecordLead:
      return DecideRecordLead(command.record_lead(), ask);
    case Command::kMissLeaderDuty:
      return DecideMissLeaderDuty(ask);
    case Command::kListBacklog:
      return DecideListBacklog(command.list_backlog(), ask);
    case Command::kProposeWriteOff:
      return DecideProposeWriteOff(command.propose_write_off(), ask);
    case Command::kConfirmWriteOff:
      return DecideConfirmWriteOff(command.confirm_write_off(), ask);
    case Command::kEvaluate:
      return DecideEvaluate(command.evaluate(), ask);
    case Command::kSuggest:
      return DecideSuggest(command.suggest(), ask);
    case Command::kAnswerSuggestion:
      return DecideAnswerSuggestion(command.answer_suggestion(), ask);
    case Command::kHearKept:
      return DecideHearKept(command.hear_kept(), ask);
    case Command::kLearnReference:
      return DecideLearnReference(command.learn_reference(), ask);
    case Command::kExpireClock:
      return DecideExpireClock(command.expire_clock(), ask);
    case Command::kRecomputeProvisional:
      return DecideRecomputeProvisional(ask);
    default:
      return Refuse(RefusalCode::kNotAllowed, "NOT_ALLOWED");
  }
}

Decision DecideInHand(const Command& command, const Ask& ask) {
  switch (command.body_case()) {
    case Command::kRecordProgress:
      return DecideRecordProgress(command.record_progress(), ask);
    case Command::kCallHearing:
      return DecideCallHearing(command.call_hearing(), ask);
    case Command::kHoldHearing:
      return DecideHoldHearing(command.hold_hearing(), ask);
    case Command::kExtend:
      return DecideExtend(command.extend(), ask);
    case Command::kReferToMediation:
      return DecideReferToMediation(command.refer_to_mediation(), ask);
    case Command::kHearMediation:
      return DecideHearMediation(command.hear_mediation(), ask);
    case Command::kHearOversight:
      return DecideHearOversight(command.hear_oversight(), ask);
    case Command::kRecordSettlement:
      return DecideRecordSettlement(command.record_settlement(), ask);
    case Command::kDraftOpinion:
      return DecideDraftOpinion(command.draft_opinion(), ask);
    case Command::kIssueOpinion:
      return DecideIssueOpinion(command.issue_opinion(), ask);
    case Command::kConcludeProcedure:
      return DecideConcludeProcedure(command.conclude_procedure(), ask);
    case Command::kDeliver:
      return DecideDeliver(command.deliver(), ask);
    case Command::kRecordExecution:
      return DecideRecordExecution(command.record_execution(), ask);
    case Command::kRequestReview:
      return DecideRequestReview(command.request_review(), ask);
    case Command::kDecideReviewRequest:
      return DecideDecideReviewRequest(command.decide_review_request(), ask);
    case Command::kIssueReview:
      return DecideIssueReview(command.issue_review(), ask);
    case Command::kRequestRecheck:
      return DecideRequestRecheck(command.request_recheck(), ask);
    case Command::kStartHearing:
      return DecideStartHearing(command.start_hearing(), ask);
    default:
      return DecideAround(command, ask);
  }
}

Decision DecideBeforeAcceptance(const Command& command, const Ask& ask) {
  switch (command.body_case()) {
    case Command::kTakeReferral:
      return DecideTakeReferral(command.take_referral(), ask);
    case Command::kRetryReferral:
      return DecideRetryReferral(ask);
    case Command::kCompleteIntake:
      return DecideCompleteIntake(command.complete_intake(), ask);
    case Command::kRetype:
      return DecideRetype(command.retype(), ask);
    case Command::kConfirmType:
      return DecideConfirmType(command.confirm_type(), ask);
    case Command::kMarkUrgent:
      return DecideMarkUrgent(command.mark_urgent(), ask);
    case Command::kLinkRepeat:
      return DecideLinkRepeat(command.link_repeat(), ask);
    case Command::kMergeCopy:
      return DecideMergeCopy(command.merge_copy(), ask);
    case Command::kForward:
      return DecideForward(command.forward(), ask);
    case Command::kExtendReport:
      return DecideExtendReport(command.extend_report(), ask);
    case Command::kReportCompletion:
      return DecideReportCompletion(command.report_completion(), ask);
    case Command::kConfirmReceipt:
      return DecideConfirmReceipt(command.confirm_receipt(), ask);
    case Command::kReceiveByDefault:
      return DecideReceiveByDefault(ask);
    case Command::kObject:
      return DecideObject(command.object(), ask);
    case Command::kDecideObjection:
      return DecideDecideObjection(command.decide_objection(), ask);
    case Command::kRaiseDispute:
      return DecideRaiseDispute(command.raise_dispute(), ask);
    case Command::kDecideDispute:
      return DecideDecideDispute(command.decide_dispute(), ask);
    case Command::kAccept:
      return DecideAccept(command.accept(), ask);
    case Command::kRefuseAcceptance:
      return DecideRefuseAcceptance(command.refuse_acceptance(), ask);
    case Command::kRedirect:
      return DecideRedirect(command.redirect(), ask);
    case Command::kTransferToDiscipline:
      return DecideTransferToDiscipline(command.transfer_to_discipline(), ask);
    case Command::kReceiveSealed:
      return DecideReceiveSealed(command.receive_sealed(), ask);
    case Command::kSealAlong:
      return DecideSealAlong(ask);
    case Command::kStudy:
      return DecideStudy(command.study(), ask);
    case Command::kReplySuggestion:
      return DecideReplySuggestion(command.reply_suggestion(), ask);
    default:
      return DecideInHand(command, ask);
  }
}

}  // namespace

std::optional<kernel::Refusal> NotReady(const reference::Reference& reference) {
  auto missing = reference::RowsMissing(reference, kPolicyIds, kOtherRows);
  if (!missing) return std::nullopt;
  return kernel::GuardOf(*std::move(missing));
}

bool PetitionDomain::Sealed(const State& state) { return petition::Sealed(state); }

Decision PetitionDomain::Decide(const State& state, const Command& command, const Context& ctx,
                                const Reference& reference) {
  const Rule* rule = FindRule(command.body_case());
  if (rule == nullptr) return Refuse(RefusalCode::kNotAllowed, "NOT_ALLOWED");
  if (auto refusal = Permit(*rule, state, *ctx.actor)) return Decision::Refuse(*std::move(refusal));
  const Ask unbound{state, ctx, reference, {}};
  const bool waits =
      command.has_take_referral() || command.has_retry_referral();  // parked instead of refused
  if (!command.has_learn_reference() && !command.has_hear_kept() && !waits) {
    if (auto not_ready = NotReady(reference)) return Decision::Refuse(*std::move(not_ready));
  }
  if (command.has_register_()) return Create(*rule, command.register_(), unbound);
  if (command.has_record_reception()) return Create(*rule, command.record_reception(), unbound);
  auto grounds = Bind(*rule, {state.office_org(), state.office_area(), &state}, *ctx.actor);
  if (!grounds) return Refuse(RefusalCode::kNotAllowed, "NOT_ALLOWED");
  const Ask ask{state, ctx, reference, *std::move(grounds)};
  const bool to_discipline = command.has_transfer_to_discipline() || command.has_receive_sealed();
  if (Sealed(state) && !to_discipline && ask.who.role != kernel::v1::ROLE_SYS) {
    return As(Refuse(RefusalCode::kGuard, "SEALED_GOES_TO_DISCIPLINE"), ask.who);
  }
  // Art. 28: nobody works as staff on what they ask for themselves, or for others as their agent.
  const bool as_staff = ask.who.role != kernel::v1::ROLE_PUB && ask.who.role != kernel::v1::ROLE_SYS;
  if (as_staff && !to_discipline && IsPetitioner(state, *ctx.actor)) {
    return As(Refuse(RefusalCode::kNotAllowed, "RECUSAL"), ask.who);
  }
  if (MayAccuse(state) && SendsOn(command.body_case())) return As(Refuse(RefusalCode::kGuard, "MAY_ACCUSE"), ask.who);
  Decision decision = WithLapse(EndLead(DecideBeforeAcceptance(command, ask), ask), ask);
  return As(WithLeaving(WithAlong(std::move(decision), ask), ask), ask.who);
}

}  // namespace petition
