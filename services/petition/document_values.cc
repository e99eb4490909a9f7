// Acceptance or refusal, forwarding and objection; what several papers share.
#include "services/petition/document_values.h"

#include <absl/strings/str_cat.h>

#include <algorithm>

#include "services/press/signer.h"
#include "services/press/wording.h"
#include "services/reference/clocks.h"
#include "services/reference/names.h"

namespace petition {
namespace {

// The first level of the content list 信访内容分类, by its numbers.
constexpr std::pair<std::string_view, std::string_view> kContents[] = {
    {"Q01", "农村农业"},   {"Q02", "自然资源"},   {"Q03", "城乡建设"}, {"Q04", "房产物业"},
    {"Q05", "劳动和社会保障"}, {"Q06", "交通运输"},   {"Q07", "卫生健康"}, {"Q08", "教育"},
    {"Q09", "民政与应急"},  {"Q10", "生态环境"},   {"Q11", "市场监督"}, {"Q12", "经济管理"},
    {"Q13", "科技与信息产业"}, {"Q14", "文体旅游"},   {"Q15", "政法"},   {"Q16", "纪检监察"},
    {"Q17", "组织人事"},   {"Q18", "党务政务"},   {"Q19", "军队事务"}, {"Q99", "其他"},
};

// The article a refusal rests on. NA10 rests on a rule of its own, which the notice's text names: no article here.
std::string_view RefusalBasis(std::string_view code) {
  if (code == "NA01") return "《信访工作条例》第十九条第三款";
  if (code == "NA02") return "《信访工作条例》第三十六条第三款";
  if (code == "NA08") return "《信访工作条例》第二十条第一款";
  if (code == "NA09") return "《山东省信访条例》第三十三条第三款、第四十六条";
  if (code == "NA10") return "";
  return "《信访工作条例》第二十三条";
}

std::string_view SettlementWord(v1::SettlementState settlement) {
  switch (settlement) {
    case v1::KEPT: return "调解协议已履行";
    case v1::BROKEN: return "调解协议未履行";
    case v1::MEDIATED_ANEW: return "重新达成调解协议";
    case v1::ANNULLED: return "调解协议不再有效";
    default: return "调解协议恢复履行";
  }
}

}  // namespace

std::span<const std::pair<std::string_view, std::string_view>> ContentWords() { return kContents; }

std::string_view ContentWord(std::string_view code) {
  for (const auto& [known, word] : kContents) {
    if (known == code) return word;
  }
  return "";
}

std::string_view ChannelWord(v1::Channel channel) {
  switch (channel) {
    case v1::NET: return "网络";
    case v1::LETTER: return "来信";
    case v1::PHONE: return "电话";
    case v1::FAX: return "传真";
    case v1::VISIT: return "来访";
    case v1::LEADER_MAILBOX: return "领导信箱";
    case v1::HOTLINE_TRANSFER: return "热线转来";
    case v1::RECEPTION: return "领导接访";
    case v1::HANDED_OVER: return "其他部门移送";
    default: return "";
  }
}

std::string_view TypeWord(v1::PetitionType type) {
  return type == v1::SUGGESTION ? "建议意见" : type == v1::REQUEST ? "申诉求决" : "";
}

std::string_view RepeatWord(v1::RepeatClass repeat) {
  switch (repeat) {
    case v1::SAME_IN_PROCESS: return "重复（已在办理期限内）";
    case v1::SAME_AFTER_FINAL: return "重复（已终结）";
    case v1::REPEAT: return "重复信访";
    case v1::NEW_FACTS: return "初次信访（有新的事实）";
    default: return "初次信访";
  }
}

// Art. 31, the six ways.
std::string_view RouteWord(int route) {
  static constexpr std::string_view kRoutes[] = {"",
                                                 "导入诉讼、检察监督或者公安机关办案程序",
                                                 "导入仲裁程序",
                                                 "按照党内程序处理",
                                                 "按照行政程序处理",
                                                 "履行或者答复法定职责",
                                                 "听取陈述、调查核实后出具信访处理意见书"};
  return route >= 1 && route <= 6 ? kRoutes[route] : "";
}

std::string OrgName(const PetitionFacts& facts, std::string_view org_id) {
  return reference::OrgName(*facts.reference, org_id);
}

int64_t ReceivedBy(const PetitionFacts& facts, const PetitionFacts::Step& step) {
  int64_t at_ms = facts.state.received_at_ms();
  bool sent_to_it = false;
  for (const auto& earlier : facts.steps) {
    if (&earlier == &step) break;
    if (earlier.event.has_forwarded()) sent_to_it = earlier.event.forwarded().unit_org() == step.actor_org;
    if (earlier.event.has_received() && sent_to_it) at_ms = earlier.event.received().received_at_ms();
  }
  return at_ms;
}

bool IsAddressee(const v1::Petitioner& petitioner, const v1::State& state) {
  return petitioner.died_at_ms() == 0 ||
         std::ranges::all_of(state.petitioner(), [](const auto& one) { return one.died_at_ms() != 0; });
}

press::Values BaseOf(const PetitionFacts& facts, std::string_view issuer_org, int64_t at_ms) {
  std::string names;
  int addressees = 0;
  for (const auto& petitioner : facts.state.petitioner()) {
    if (!IsAddressee(petitioner, facts.state)) continue;
    ++addressees;
    absl::StrAppend(&names, names.empty() ? "" : "、", petitioner.person().name());
  }
  const int more = facts.state.petitioner_count() - facts.state.petitioner_size();
  if (more > 0) absl::StrAppend(&names, "等", facts.state.petitioner_count(), "人");
  const bool several = std::max<int>(addressees, facts.state.petitioner_count()) > 1;
  press::Values values;
  values.Text("matter_code", facts.state.matter_code())
      .Text("asked", facts.state.type() == v1::SUGGESTION ? "建议意见" : "投诉请求")
      .Text("query_code", facts.state.query_code())
      .Text("names", names)
      .Text("you", several ? "你们" : "您")
      .Text("issuer", OrgName(facts, issuer_org))
      .Text(kWrittenAt, absl::StrCat(absl::Dec(at_ms, absl::kZeroPad20)))
      .List("signers");
  return values;
}

std::string ClockDue(const v1::Event& event, std::string_view policy_id) {
  const auto* clock = reference::FindClock(event.clock(), policy_id);
  return clock == nullptr ? "" : press::LastDayText(clock->due_at_ms());
}

void AddSigner(std::string_view role, std::string_view name, bool finger, press::Values* values) {
  press::AddSigner({.role = role, .name = name, .finger = finger}, values);
}

void AddPersonSigner(std::string_view role, const common::v1::Person& person, press::Values* values) {
  const bool organisation = person.is_organisation();
  press::AddSigner({.role = role, .name = person.name(), .finger = true, .stamp = organisation,
                    .by = organisation ? "法定代表人（负责人）或者委托代理人签名：" : ""},
                   values);
}

std::string_view StageWord(v1::StageKind kind) {
  return kind == v1::RECHECK ? "复核" : kind == v1::REVIEW ? "复查" : "办理";
}

std::string_view StagePaper(v1::StageKind kind) {
  return kind == v1::RECHECK ? "信访事项复核意见书" : kind == v1::REVIEW ? "信访事项复查意见书" : "信访事项处理意见书";
}

std::string StepWord(const v1::Event& event, v1::StageKind at) {
  const std::string stage(StageWord(at));
  switch (event.body_case()) {
    case v1::Event::kRegistered: return "登记";
    case v1::Event::kForwarded: return event.forwarded().assigned() ? "交办" : "转送";
    case v1::Event::kReceived: return "收到";
    case v1::Event::kObjected: return "提出异议";
    case v1::Event::kObjectionDecided: return "异议处理";
    case v1::Event::kDisputeRaised: return "受理争议";
    case v1::Event::kDisputeDecided: return "指定受理机关";
    case v1::Event::kCompletionReported: return "提交办结报告";
    case v1::Event::kStudyStarted: return "研究建议";
    case v1::Event::kAccepted: return "受理";
    case v1::Event::kNotAccepted: return "不予受理";
    case v1::Event::kRedirected: return "导入法定程序";
    case v1::Event::kExtended: return "延长办理期限";
    case v1::Event::kHearingHeld:
    case v1::Event::kHearingEnded: return "听证";
    case v1::Event::kReferredToMediation: return "移送人民调解";
    case v1::Event::kHandOverLapsed: return "移送人民调解失效";
    case v1::Event::kProcedureConcluded: return "法定程序办结";
    case v1::Event::kSettled: return "达成和解、调解协议";
    case v1::Event::kOpinionIssued: return "出具处理意见书";
    case v1::Event::kDelivered: return absl::StrCat("送达", at == v1::HANDLE ? "处理" : stage, "意见书");
    case v1::Event::kReviewRequested: return "请求复查";
    case v1::Event::kReviewRequestDecided:
      return absl::StrCat(event.review_request_decided().accepted() ? "" : "不予", "受理", stage, "请求");
    case v1::Event::kReviewIssued: return "出具复查意见书";
    case v1::Event::kRecheckRequested: return "请求复核";
    case v1::Event::kRecheckIssued: return "出具复核意见书";
    case v1::Event::kSuggestionReplied: return "答复建议";
    case v1::Event::kWithdrawn: return "信访人撤回";
    case v1::Event::kPeopleLeft: return "部分信访人退出";
    case v1::Event::kPetitionerDied: return "信访人死亡（终止）";
    case v1::Event::kSucceeded: return "权利义务承受人继续";
    case v1::Event::kSettlementNoted: return std::string(SettlementWord(event.settlement_noted().settlement()));
    case v1::Event::kTerminated: return "终结";
    case v1::Event::kClosed: return "结案";
    default: return "";
  }
}

v1::StageKind StageAfter(const v1::Event& event, v1::StageKind at) {
  if (event.has_review_requested()) return v1::REVIEW;
  if (event.has_recheck_requested()) return v1::RECHECK;
  return event.has_delivered() && event.delivered().has_redo() ? v1::HANDLE : at;
}

std::string_view ResultWord(v1::Result result) {
  switch (result) {
    case v1::SUPPORTED: return "请求事实清楚，符合法律、法规、规章或者其他有关规定，予以支持。";
    case v1::EXPLAINED: return "请求事由合理但缺乏法律依据，予以解释说明。";
    case v1::NOT_SUPPORTED: return "请求缺乏事实根据或者不符合法律、法规、规章或者其他有关规定，不予支持。";
    default: return "";
  }
}

std::string_view RefusalWord(std::string_view code) {
  static constexpr std::pair<std::string_view, std::string_view> kWords[] = {
      {"NA01", "同一信访事项已经受理或者正在办理，尚在规定期限内"},
      {"NA02", "该信访事项已经复核终结，仍以同一事实和理由提出投诉请求"},
      {"NA03", "该事项应当或者已经通过诉讼、检察监督或者公安机关办案程序处理"},
      {"NA04", "该事项应当通过仲裁程序处理"},
      {"NA05", "该事项应当通过行政复议、行政裁决或者其他法定行政程序处理"},
      {"NA06", "该事项属于纪检监察机关受理范围"},
      {"NA07", "该事项不属于本机关、单位职权范围"},
      {"NA08", "走访应当向有权处理的本级或者上一级机关、单位提出"},
      {"NA09", "对处理、复查意见不服，在规定期限内没有请求复查、复核，又以同一事实和理由提出"},
      {"NA10", "对该事项的受理和处理另有规定，应当依照其规定处理"},
  };
  const auto* it = std::ranges::find(kWords, code, &std::pair<std::string_view, std::string_view>::first);
  return it == std::end(kWords) ? "" : it->second;
}

std::string_view EndWord(const v1::State& state) {
  switch (state.status()) {
    case v1::FINAL: return "复核终结";
    case v1::CLOSED:
      if (state.closed_reason().empty()) {
        const bool asked = !state.stage().empty() && state.stage().rbegin()->kind() != v1::HANDLE;
        return asked ? "复查（复核）请求不予受理" : "法定程序办结";
      }
      return state.closed_reason().starts_with("DP-") ? "期限届满结案" : "信访人死亡（终止）终结";
    case v1::NOT_ACCEPTED: return "不予受理";
    case v1::REDIRECTED: return "导入法定程序";
    case v1::REPLIED: return "建议已答复";
    case v1::WITHDRAWN: return "信访人撤回";
    case v1::SETTLED: return "和解、调解结案";
    case v1::MERGED: return "并入其他信访事项";
    default: return "";
  }
}

Filled FillAcceptance(const PetitionFacts& facts) {
  Filled filled;
  for (const auto& step : facts.steps) {
    const bool study = step.event.has_study_started();
    if (!study && !step.event.has_accepted()) continue;
    const v1::Accepted& accepted = step.event.accepted();
    const v1::WrittenNotice& notice = study ? step.event.study_started().notice() : accepted.notice();
    if (study && notice.text().empty()) continue;
    const std::string on = press::DayText(step.at_ms);
    press::Values values = BaseOf(facts, step.actor_org, step.at_ms);
    values.Text("received_on", press::DayText(ReceivedBy(facts, step)))
        .Text("subject", study ? "建议意见" : "信访事项")
        .Text("article", study ? "第二十三条、第二十九条" : "第二十三条")
        .Text("decision", study ? "已于" + on + "开始研究论证" : "决定予以受理，受理日期为" + on)
        .Text("accepted_on", on)
        .Text("route", study ? "" : RouteWord(accepted.route()))
        .Text("procedure", press::WithoutStop(accepted.procedure()))
        .Text("due_on", ClockDue(step.event, "DP-05"))
        .Text("text", notice.text())
        .Text("contact", press::WithoutStop(notice.contact()));
    filled.push_back(std::move(values));
  }
  return filled;
}

// 山东 43, 44: who does not take up a request for review or re-review says so in writing, and why. The thirty days run
// on: until when it may be asked again stands in the letter, or that they are over.
press::Values NotTakenUp(const PetitionFacts& facts, const v1::Stage& stage, const PetitionFacts::Step& step) {
  const std::string what = absl::StrCat(std::string(StageWord(stage.kind())), "请求");
  const v1::ReviewRequestDecided& decided = step.event.review_request_decided();
  const v1::WrittenNotice& notice = decided.notice();
  press::Values values = BaseOf(facts, stage.body_org(), step.at_ms);
  values.Text("title", absl::StrCat("信访事项", what, "不予受理告知书"))
      .Text("subject", what)
      .Text("received_on", press::DayText(stage.requested_at_ms()))
      .Text("reason", absl::StrCat("该", what, "不符合受理条件"))
      .Text("again", StageWord(stage.kind()))
      .Text("until", ClockDue(step.event, stage.kind() == v1::RECHECK ? "DP-09" : "DP-07"))
      .Flag("over", !decided.closed_reason().empty())
      .Text("basis", stage.kind() == v1::RECHECK ? "《山东省信访条例》第四十四条" : "《山东省信访条例》第四十三条")
      .Text("decision", "决定不予受理")
      .Text("text", notice.text())
      .Text("procedure", "")
      .Text("organ", "")
      .Text("contact", press::WithoutStop(notice.contact()))
      .Text("date", press::DayText(step.at_ms));
  return values;
}

Filled FillRefusal(const PetitionFacts& facts) {
  Filled filled;
  int asked = -1;  // the stage that was asked for last
  for (const auto& step : facts.steps) {
    if (step.event.has_review_requested() || step.event.has_recheck_requested()) {
      while (++asked < facts.state.stage_size() && facts.state.stage(asked).kind() == v1::HANDLE) {
      }
    }
    if (step.event.has_review_request_decided() && !step.event.review_request_decided().accepted() && asked >= 0 &&
        asked < facts.state.stage_size()) {
      filled.push_back(NotTakenUp(facts, facts.state.stage(asked), step));
      continue;
    }
    const bool redirected = step.event.has_redirected();
    if (!redirected && !step.event.has_not_accepted()) continue;
    const std::string& code = redirected ? step.event.redirected().code() : step.event.not_accepted().code();
    const v1::WrittenNotice& notice =
        redirected ? step.event.redirected().notice() : step.event.not_accepted().notice();
    press::Values values = BaseOf(facts, step.actor_org, step.at_ms);
    values.Text("title", redirected ? "信访事项导入法定程序告知书" : "信访事项不予受理告知书")
        .Text("subject", "信访事项")
        .Text("received_on", press::DayText(ReceivedBy(facts, step)))
        .Text("reason", RefusalWord(code))
        .Text("basis", redirected ? "《信访工作条例》第三十一条" : RefusalBasis(code))
        .Text("decision", redirected ? "请依照法定程序提出" : "决定不予受理")
        .Text("again", "")
        .Text("until", "")
        .Flag("over", false)
        .Text("text", notice.text())
        .Text("procedure", redirected ? press::WithoutStop(step.event.redirected().procedure()) : "")
        .Text("organ", redirected ? press::WithoutStop(step.event.redirected().organ()) : "")
        .Text("contact", press::WithoutStop(notice.contact()))
        .Text("date", press::DayText(step.at_ms));
    filled.push_back(std::move(values));
  }
  return filled;
}

Filled FillForward(const PetitionFacts& facts) {
  Filled filled;
  for (const auto& step : facts.steps) {
    if (!step.event.has_forwarded()) continue;
    const v1::Forwarded& forwarded = step.event.forwarded();
    press::Values values = BaseOf(facts, step.actor_org, step.at_ms);
    values.Text("title", forwarded.assigned() ? "信访事项交办函" : "信访事项转送函")
        .Text("verb", forwarded.assigned() ? "交办" : "转送")
        .Text("letter_no", forwarded.letter_no().empty() ? facts.state.matter_code() : forwarded.letter_no())
        .Text("to", OrgName(facts, forwarded.unit_org()))
        .Text("registered_on", press::DayText(facts.state.registered_at_ms()))
        .Text("reason", press::WithoutStop(forwarded.reason()))
        .Flag("assigned", forwarded.assigned())
        .Text("report_due", ClockDue(step.event, "DP-12"))
        .Text("request", facts.state.content().request())
        .Text("date", press::DayText(step.at_ms));
    filled.push_back(std::move(values));
  }
  return filled;
}

// Art. 23: who received it directly tells the petitioner where it went. An office for petitions need not, and may
// (Art. 22).
Filled FillForwardNotice(const PetitionFacts& facts) {
  Filled filled;
  bool direct = false;
  for (const auto& step : facts.steps) {
    direct |= step.event.registered().direct();
    const v1::Forwarded& forwarded = step.event.forwarded();
    if (!step.event.has_forwarded() || forwarded.notice().text().empty()) continue;
    press::Values values = BaseOf(facts, step.actor_org, step.at_ms);
    values.Text("title", forwarded.assigned() ? "信访事项交办告知书" : "信访事项转送告知书")
        .Text("verb", forwarded.assigned() ? "交办" : "转送")
        .Text("to", OrgName(facts, forwarded.unit_org()))
        .Text("whose", direct ? "属于本系统下级机关、单位职权范围" : "应当由有权处理的机关、单位办理")
        .Text("article", direct ? "第二十三条" : "第二十二条")
        .Text("received_on", press::DayText(facts.state.received_at_ms()))
        .Text("text", forwarded.notice().text())
        .Text("contact", press::WithoutStop(forwarded.notice().contact()))
        .Text("date", press::DayText(step.at_ms));
    filled.push_back(std::move(values));
  }
  return filled;
}

Filled FillObjection(const PetitionFacts& facts) {
  Filled filled;
  int64_t forwarded_at = 0, received_at = 0;
  bool assigned = false;
  for (const auto& step : facts.steps) {
    if (step.event.has_forwarded()) {
      forwarded_at = step.at_ms;
      assigned = step.event.forwarded().assigned();
    }
    if (step.event.has_received()) received_at = step.event.received().received_at_ms();
    if (step.event.has_objection_decided() && !filled.empty()) {
      const v1::ObjectionDecided& decided = step.event.objection_decided();
      filled.back()
          .Flag("decided", true)
          .Text("decided_on", press::DayText(step.at_ms))
          .Text("outcome", decided.agreed() ? "同意交还" : "不同意，请依法办理")
          .Text("decision_reason", press::WithoutStop(decided.reason()));
    }
    if (!step.event.has_objected()) continue;
    const v1::Objected& objected = step.event.objected();
    press::Values values = BaseOf(facts, step.actor_org, step.at_ms);
    values.Text("to", OrgName(facts, facts.state.office_org()))
        .Text("forwarded_on", press::DayText(forwarded_at))
        .Text("verb", assigned ? "交办" : "转送")
        .Text("received_on", press::DayText(received_at))
        .Text("reason", press::WithoutStop(objected.reason()))
        .Text("suggested", objected.suggested_org().empty() ? "" : OrgName(facts, objected.suggested_org()))
        .Text("date", press::DayText(step.at_ms))
        .Flag("decided", false);
    filled.push_back(std::move(values));
  }
  return filled;
}

}  // namespace petition
