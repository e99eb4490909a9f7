// The sentences of this service: what is happening, whose turn it is, what a step was. Plain words, two
// languages.

#include <google/protobuf/message.h>

#include "services/incident/show.h"

namespace incident {
namespace {

using v1::Event;

struct StepText {
  Event::BodyCase event;
  const char* zh;
  const char* en;
};

constexpr StepText kSteps[] = {
    {Event::kReported, "收到反映", "Reported"},
    {Event::kSelfHandled, "当场处置", "Settled on the spot"},
    {Event::kSupplemented, "补充情况", "More was added"},
    {Event::kAccepted, "受理", "Accepted"},
    {Event::kRejected, "不予受理", "Not taken up"},
    {Event::kRejectionProposed, "建议不予受理", "Rejection proposed"},
    {Event::kRejectionAppealed, "对不予受理提出申诉", "Rejection appealed"},
    {Event::kMerged, "并入另一件相同的事", "Merged into the same matter"},
    {Event::kDuplicateJoined, "又有人反映同一件事", "Somebody else reported the same"},
    {Event::kDispatched, "派给承办单位", "Given to a unit"},
    {Event::kTaken, "承办单位接单", "Taken up by the unit"},
    {Event::kReturnRequested, "承办单位申请退回", "The unit asked to return it"},
    {Event::kReturned, "退回，重新派", "Returned, to be given to another"},
    {Event::kReturnRefused, "退回未获同意", "The return was refused"},
    {Event::kProgressed, "办理进展", "Progress"},
    {Event::kExtensionRequested, "申请延期", "Extension asked"},
    {Event::kExtended, "同意延期", "Extended"},
    {Event::kExtensionRefused, "不同意延期", "Extension refused"},
    {Event::kSuspensionRequested, "申请缓办", "Suspension asked"},
    {Event::kSuspended, "缓办", "Suspended"},
    {Event::kSuspensionRefused, "不同意缓办", "Suspension refused"},
    {Event::kSuspensionReviewDue, "缓办到期复查", "Suspension to be reviewed"},
    {Event::kResumed, "恢复办理", "Resumed"},
    {Event::kEscalated, "上报上一级", "Raised to the next level"},
    {Event::kSentDown, "下派下一级", "Sent down a level"},
    {Event::kCompleted, "处置完成，等待核查", "Done, to be verified"},
    {Event::kReworked, "核查未通过，返工", "Not passed, to be done again"},
    {Event::kClosed, "办结", "Closed"},
    {Event::kSampleVerified, "抽查", "Random check"},
    {Event::kEvaluated, "群众评价", "Evaluated"},
    {Event::kReopened, "重新办理", "Opened again"},
    {Event::kReferredToMediation, "转人民调解", "Handed to mediation"},
    {Event::kReferredToPetition, "转信访", "Handed to petition"},
    {Event::kReferralAnswered, "对方已接收", "The other service took it"},
    {Event::kReferralReturned, "未能在那边解决，转回办理", "Came back unsolved"},
    {Event::kReferralCapReached, "转办等待已满，期限继续计算", "Waiting time is over, the period runs on"},
    {Event::kCancelled, "反映人撤回", "Withdrawn"},
    {Event::kArchived, "归档", "Archived"},
    {Event::kClassifiedComplex, "认定为复杂诉求", "Classified as complex"},
    {Event::kServiceConfirmed, "企业答复", "The enterprise answers"},
    {Event::kContactAttempted, "回访一次", "An attempt to reach the enterprise"},
    {Event::kClockOverdue, "超过期限", "Overdue"},
    {Event::kClocksRecomputed, "期限重新计算", "Periods counted again"},
    {Event::kLadderChecked, "检查是否应上报", "Looked at for escalation"},
    {Event::kFollowersInformed, "告知其他反映人", "Other reporters were told"},
    {Event::kFollowerInformed, "相同的事已办结", "The same matter was closed"},
    {Event::kResolutionNoted, "化解情况更新", "Resolution updated"},
    {Event::kRiskRaised, "风险升高", "Risk raised"},
    {Event::kOrderSet, "督办", "Supervision"},
    {Event::kInstructed, "批示", "Instruction"},
    {Event::kRequestDeclined, "未采纳督导的要求", "A request of oversight was declined"},
    {Event::kFollowerEvaluated, "群众评价", "Evaluated"},
    {Event::kDuplicateEvaluated, "另一位反映人评价", "Evaluated by another who reported it"},
    {Event::kLongTermReviewDue, "长期事项复查", "Long-term matter to be reviewed"},
};

// What whoever reported it, or the enterprise, said in it: a step that only tells that something was said would be read
// as a yes.
v1::Resolved AnswerIn(const Event& event) {
  switch (event.body_case()) {
    case Event::kEvaluated:
      return event.evaluated().evaluation().solved();
    case Event::kFollowerEvaluated:
      return event.follower_evaluated().evaluation().solved();
    case Event::kDuplicateEvaluated:
      return event.duplicate_evaluated().solved();
    case Event::kServiceConfirmed:
      return event.service_confirmed().resolved();
    default:
      return v1::RESOLVED_UNSPECIFIED;
  }
}

Words WithAnswer(const StepText& step, v1::Resolved answer) {
  const std::string zh = step.zh, en = step.en;
  switch (answer) {
    case v1::YES:
      return {zh + "：已经解决", en + ": solved"};
    case v1::PARTLY:
      return {zh + "：部分解决", en + ": solved in part"};
    case v1::NO:
      return {zh + "：没有解决", en + ": not solved"};
    default:
      return {zh, en};
  }
}

// Fields in which people say something, in the order they are looked for.
constexpr const char* kSaid[] = {"text",   "note",   "reason", "explanation", "finding",   "record",
                                 "result", "ground", "facts",  "instruction", "file_check"};

std::string SaidIn(const google::protobuf::Message& message) {
  for (const char* name : kSaid) {
    const auto* field = message.GetDescriptor()->FindFieldByName(name);
    if (field == nullptr || field->is_repeated() || field->cpp_type() != field->CPPTYPE_STRING) continue;
    std::string said = message.GetReflection()->GetString(message, field);
    if (!said.empty()) return said;
  }
  return {};
}

}  // namespace

Words StepWords(const Event& event) {
  if (event.evaluated().evaluation().expired()) return {"没有评价", "Not evaluated in time"};
  for (const StepText& step : kSteps) {
    if (step.event == event.body_case()) return WithAnswer(step, AnswerIn(event));
  }
  return {};
}

std::string StepNote(const Event& event) {
  // Why it was handed up, and what had been tried before (I12).
  if (event.has_escalated() && !event.escalated().measures_tried().empty())
    return event.escalated().reason() + "；" + event.escalated().measures_tried();
  const auto* field = event.GetDescriptor()->FindFieldByNumber(event.body_case());
  if (field == nullptr) return {};
  const auto& body = event.GetReflection()->GetMessage(event, field);
  if (std::string said = SaidIn(body); !said.empty()) return said;
  // One level down: request, completion, handling, rejection, evaluation, intake.
  for (const char* inner : {"request", "completion", "rejection", "evaluation", "intake"}) {
    const auto* at = body.GetDescriptor()->FindFieldByName(inner);
    if (at == nullptr || !body.GetReflection()->HasField(body, at)) continue;
    if (std::string said = SaidIn(body.GetReflection()->GetMessage(body, at)); !said.empty()) return said;
  }
  return event.has_self_handled() ? event.self_handled().handling().measures() : std::string();
}

Words NowOf(const v1::Incident& m) {
  switch (m.standing().status()) {
    case v1::REPORTED:
      if (m.intake().emergency()) {  // what the category means is told to whoever picked it, and where help is
        return {"已收到，按紧急事项处理；有危险请立即拨打110、119或120",
                "Received as an emergency; if anybody is in danger call 110, 119 or 120 at once"};
      }
      return {"已收到，等待受理", "Received, waiting to be accepted"};
    case v1::REJECTED:
      return {"没有受理，理由和去处见下", "Not taken up; the reason and where to go stand below"};
    case v1::CANCELLED:
      return {"已撤回", "Withdrawn"};
    case v1::MERGED:
      return {"与另一件相同的事一起办理", "Handled together with the same matter"};
    case v1::ACCEPTED:
      return {"已受理，正在确定由谁来办", "Accepted; it is being decided who handles it"};
    case v1::DISPATCHED:
      return {"已派单，等待承办单位接单", "Given to a unit, which has to take it up"};
    case v1::PROCESSING:
      return {"正在办理", "Being handled"};
    case v1::SUSPENDED:
      return {"暂缓办理", "On hold"};
    case v1::PENDING_VERIFY:
      if (m.handling_denied()) {
        return {"承办单位说办完了，您答复没有全部解决，正在核查",
                "The unit says it is done, you say it is not all solved; it is being verified"};
      }
      return {"承办单位说办完了，正在核查", "The unit says it is done; it is being verified"};
    case v1::CLOSED:
      return {"已办结，请您评价", "Closed; please say what you think"};
    case v1::EVALUATED:
      return {"已办结", "Closed"};
    case v1::ARCHIVED:
      return {"已归档", "Archived"};
    case v1::REFERRED:
      return m.referral().service() == "mediation"
                 ? Words{"正在由人民调解组织调解", "With people's mediation"}
                 : Words{"已转信访部门办理", "With the petition office"};
    default:
      break;
  }
  return {};
}

Words NextOf(const v1::Incident& m) {
  switch (m.standing().status()) {
    case v1::REPORTED:
      return {"受理，或者告诉您为什么不受理、该找谁", "It is accepted, or you hear why not and where to go"};
    case v1::ACCEPTED:
      return {"确定承办单位", "A unit is chosen"};
    case v1::DISPATCHED:
      return {"承办单位接单", "The unit takes it up"};
    case v1::PROCESSING:
      return {"办完后派人核查", "When it is done, somebody verifies it"};
    case v1::SUSPENDED:
      return {"条件具备后恢复办理", "It goes on when the reason has passed"};
    case v1::PENDING_VERIFY:
      return {"核查通过就办结，不通过就返工", "It is closed if it passes, otherwise done again"};
    case v1::CLOSED:
      return {"您可以评价；没解决可以要求重办", "You may evaluate it; if it is not solved, ask to reopen it"};
    case v1::REFERRED:
      return {"等对方的结果", "The result of the other service"};
    default:
      break;
  }
  return {};
}

Words TurnOf(const v1::Incident& m, const Knowledge& known) {
  const v1::UnitRef unit = UnitOf(known, m.standing().holder_org());
  const std::string& who = unit.name().empty() ? unit.id() : unit.name();
  if (m.has_return_request()) return {who + "答复退回申请", who + " answers the request for return"};
  if (m.has_extension_request())
    return {"派单的一级答复延期申请", "The issuing level answers the request for extension"};
  if (m.has_suspension_request())
    return {"派单的一级答复缓办申请", "The issuing level answers the request for suspension"};
  switch (m.standing().status()) {
    case v1::REPORTED:
      return {who + "受理", who + " accepts it"};
    case v1::ACCEPTED:
      return {who + "派单", who + " dispatches it"};
    case v1::DISPATCHED:
      return {who + "接单", who + " takes it up"};
    case v1::PROCESSING:
      return {who + "办理", who + " handles it"};
    case v1::SUSPENDED:
      return {who + "恢复办理", who + " resumes it"};
    case v1::PENDING_VERIFY:
      return {who + "核查", who + " verifies it"};
    case v1::REFERRED:
      return {"等" + std::string(m.referral().service() == "mediation" ? "调解" : "信访") + "的结果",
              "waits for " + m.referral().service()};
    case v1::CLOSED:
      return {"反映人评价", "the reporter evaluates it"};
    case v1::EVALUATED:  // until the time for opening it again has passed
      if (m.evaluation().solved() != v1::NO && m.others_unsolved() == 0) break;
      return {"属地中心决定是否重新办理", "the centre of the place decides whether to open it again"};
    default:
      break;
  }
  return {"没有要做的", "nothing to do"};
}

}  // namespace incident
