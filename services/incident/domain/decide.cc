// Decide: role and relation, status, then the command's own function; afterwards the ladder is planned anew.

#include <algorithm>

#include "base/area_code.h"
#include "base/check.h"
#include "services/incident/domain/deciding.h"
#include "services/kernel/guard.h"

namespace incident {
namespace {

using v1::Command;

// What a citizen without an account shows instead of a sign-in.
std::string_view QueryCodeIn(const Command& command) {
  switch (command.body_case()) {
    case Command::kSupplement:
      return command.supplement().query_code();
    case Command::kAppealRejection:
      return command.appeal_rejection().query_code();
    case Command::kEvaluate:
      return command.evaluate().query_code();
    case Command::kCancel:
      return command.cancel().query_code();
    case Command::kConfirmService:
      return command.confirm_service().query_code();
    default:
      return {};
  }
}

// Who reports, handles, verifies, evaluates.
Decision DecideByOthers(const Command& command, const Deciding& d) {
  switch (command.body_case()) {
    case Command::kReport:
      return DecideReport(command.report(), d);
    case Command::kPublicReport:
      return DecidePublicReport(command.public_report(), d);
    case Command::kSelfHandle:
      return DecideSelfHandle(command.self_handle(), d);
    case Command::kSupplement:
      return DecideSupplement(command.supplement(), d);
    case Command::kAppealRejection:
      return DecideAppealRejection(command.appeal_rejection(), d);
    case Command::kTake:
      return DecideTake(command.take(), d);
    case Command::kRequestReturn:
      return DecideRequestReturn(command.request_return(), d);
    case Command::kProgress:
      return DecideProgress(command.progress(), d);
    case Command::kRequestExtension:
      return DecideRequestExtension(command.request_extension(), d);
    case Command::kRequestSuspension:
      return DecideRequestSuspension(command.request_suspension(), d);
    case Command::kResume:
      return DecideResume(command.resume(), d);
    case Command::kComplete:
      return DecideComplete(command.complete(), d);
    case Command::kVerifyFail:
      return DecideVerifyFail(command.verify_fail(), d);
    case Command::kVerifyPass:
      return DecideVerifyPass(command.verify_pass(), d);
    case Command::kVerifySample:
      return DecideVerifySample(command.verify_sample(), d);
    case Command::kEvaluate:
      return DecideEvaluate(command.evaluate(), d);
    case Command::kCancel:
      return DecideCancel(command.cancel(), d);
    case Command::kConfirmService:
      return DecideConfirmService(command.confirm_service(), d);
    case Command::kRecordAttempt:
      return DecideRecordAttempt(command.record_attempt(), d);
    case Command::kCloseExplained:
      return DecideCloseExplained(command.close_explained(), d);
    case Command::kStartCampaign:
      return DecideStartCampaign(command.start_campaign(), d);
    case Command::kEndCampaign:
      return DecideEndCampaign(command.end_campaign(), d);
    case Command::kCompleteTask:
      return DecideCompleteTask(command.complete_task(), d);
    default:
      break;
  }
  CHECK(false) << "no decision for " << CommandName(command.body_case());
  return {};
}

// The desks of village, township, county and city.
Decision DecideByDesk(const Command& command, const Deciding& d) {
  switch (command.body_case()) {
    case Command::kAccept:
      return DecideAccept(command.accept(), d);
    case Command::kReject:
      return DecideReject(command.reject(), d);
    case Command::kProposeRejection:
      return DecideProposeRejection(command.propose_rejection(), d);
    case Command::kMerge:
      return DecideMerge(command.merge(), d);
    case Command::kDispatch:
      return DecideDispatch(command.dispatch(), d);
    case Command::kApproveReturn:
      return DecideApproveReturn(command.approve_return(), d);
    case Command::kRefuseReturn:
      return DecideRefuseReturn(command.refuse_return(), d);
    case Command::kApproveExtension:
      return DecideApproveExtension(command.approve_extension(), d);
    case Command::kRefuseExtension:
      return DecideRefuseExtension(command.refuse_extension(), d);
    case Command::kApproveSuspension:
      return DecideApproveSuspension(command.approve_suspension(), d);
    case Command::kRefuseSuspension:
      return DecideRefuseSuspension(command.refuse_suspension(), d);
    case Command::kEscalate:
      return DecideEscalate(command.escalate(), d);
    case Command::kSendDown:
      return DecideSendDown(command.send_down(), d);
    case Command::kReopen:
      return DecideReopen(command.reopen(), d);
    case Command::kReferToMediation:
      return DecideReferToMediation(command.refer_to_mediation(), d);
    case Command::kReferToPetition:
      return DecideReferToPetition(command.refer_to_petition(), d);
    case Command::kArchive:
      return DecideArchive(command.archive(), d);
    case Command::kRecomputeClocks:
      return DecideRecomputeClocks(command.recompute_clocks(), d);
    case Command::kClassifyComplex:
      return DecideClassifyComplex(command.classify_complex(), d);
    default:
      return DecideByOthers(command, d);
  }
}

Decision DecideOne(const Command& command, const Deciding& d) {
  switch (command.body_case()) {
    case Command::kCheckClock:
      return DecideCheckClock(command.check_clock(), d);
    case Command::kCheckLadder:
      return DecideCheckLadder(d);
    case Command::kReviewSuspension:
      return DecideReviewSuspension(d);
    case Command::kCapReferral:
      return DecideCapReferral(d);
    case Command::kInformFollowers:
      return DecideInformFollowers(d);
    case Command::kReviewLongTerm:
      return DecideReviewLongTerm(d);
    case Command::kContinueCampaign:
      return DecideContinueCampaign(d);
    case Command::kRecomputeProvisional:
      return DecideRecomputeProvisional(d);
    case Command::kLearnReference:
      return DecideLearnReference(command.learn_reference(), d);
    case Command::kHearMediation:
      return DecideHearMediation(command.hear_mediation(), d);
    case Command::kHearPetition:
      return DecideHearPetition(command.hear_petition(), d);
    case Command::kHearOversight:
      return DecideHearOversight(command.hear_oversight(), d);
    case Command::kReportForPetition:
      return DecideReportForPetition(command.report_for_petition(), d);
    case Command::kReportForMediation:
      return DecideReportForMediation(command.report_for_mediation(), d);
    default:
      return DecideByDesk(command, d);
  }
}

bool IsOfSubject(const v1::State& state, Subject subject) {
  switch (subject) {
    case Subject::kMatter:
      return state.has_incident();
    case Subject::kCampaign:
      return state.has_campaign();
    case Subject::kTask:
      return state.has_task();
    case Subject::kReference:
      return state.has_reference() || state.body_case() == v1::State::BODY_NOT_SET;
    case Subject::kNewMatter:
    case Subject::kNewCampaign:
      return state.body_case() == v1::State::BODY_NOT_SET;
  }
  return false;
}

}  // namespace

Decision IncidentDomain::Decide(const State& state, const Command& command, const Context& ctx,
                                const Knowledge& known) {
  const Rule* rule = FindRule(command.body_case());
  if (rule == nullptr) {
    return No(Say(RefusalCode::kInvalid, "NO_COMMAND", "没有说明要做什么。", "The command is empty."));
  }
  if (!IsOfSubject(state, rule->subject)) {
    return No(Say(RefusalCode::kNotFound, "NO_SUCH_MATTER", "没有这件事。", "There is no such matter."));
  }
  static const kernel::v1::Actor kNobody;
  Permission permission =
      Authorise(*rule, state, ctx.actor == nullptr ? kNobody : *ctx.actor, known, QueryCodeIn(command));
  if (permission.refusal) return No(*std::move(permission.refusal));
  if (rule->subject != Subject::kReference) {
    if (auto missing = known.directory().NotReady()) return No(kernel::GuardOf(*std::move(missing)));
  }
  Decision decision = DecideOne(command, {state, ctx, known, permission.acting});
  if (decision.refusal) return decision;
  decision.acted_as = permission.acting.role;
  decision.acted_for_org = permission.acting.org;
  PlanLadder(ctx, state, known, &decision);
  return decision;
}

std::string Deciding::AreaNow() const {
  const std::string& area = matter().intake().area_code();
  const std::string village = base::CutTo(area, common::v1::VILLAGE);
  if (village.empty()) return area;
  const std::string today = known.directory().ResolveSuccessor(village);
  return today == village ? area : today;
}

std::string CentreFor(const Knowledge& known, std::string_view area, int level) {
  std::string at = base::CutTo(area, level);
  if (at.empty()) at = std::string(area);
  if (const auto* centre = known.directory().NearestCentre(at)) return centre->id();
  return base::CutTo(at, std::max<int>(base::LevelOf(at), common::v1::TOWNSHIP)) + "-centre";
}

std::string Deciding::CentreAt(int level) const { return CentreFor(known, AreaNow(), level); }

v1::Standing With(const v1::Standing& standing, v1::Status status) {
  v1::Standing out = standing;
  out.set_status(status);
  return out;
}

int ResolvedLevel(const v1::Incident& matter) {
  int level = matter.standing().current_level();
  for (const int32_t held : matter.level_path()) level = std::max<int>(level, held);
  return level;
}

bool IsOpen(v1::Status status) {
  switch (status) {
    case v1::REPORTED:
    case v1::ACCEPTED:
    case v1::DISPATCHED:
    case v1::PROCESSING:
    case v1::SUSPENDED:
    case v1::PENDING_VERIFY:
    case v1::REFERRED:
      return true;
    default:
      return false;
  }
}

}  // namespace incident
