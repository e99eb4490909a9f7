// Extension, opinion, delivery, review and re-review, hearings, settlement, and what offices write about a petition.
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include <algorithm>
#include <cstdint>

#include "services/petition/document_values.h"
#include "services/petition/domain/people.h"
#include "services/press/wording.h"

namespace petition {
namespace {

std::string SuperiorOf(const PetitionFacts& facts, std::string_view org_id) {
  const auto* org = facts.reference->FindOrg(org_id);
  return org == nullptr || org->superior_for_review().empty() ? "上一级机关、单位"
                                                               : OrgName(facts, org->superior_for_review());
}

std::string_view MethodWord(v1::DeliveryMethod method) {
  switch (method) {
    case v1::IN_PERSON: return "直接送达";
    case v1::POST: return "邮寄送达";
    case v1::ONLINE: return "网络送达";
    case v1::LEFT_WITH_WITNESS: return "留置送达（有见证人）";
    case v1::PUBLIC_NOTICE: return "公告送达";
    default: return "";
  }
}

std::string_view ReviewWord(v1::ReviewResult result) {
  switch (result) {
    case v1::UPHELD: return "维持原意见。";
    case v1::CHANGED: return "变更原意见。";
    case v1::REVOKED: return "撤销原意见，责令重新办理。";
    default: return "";
  }
}

std::string_view AdoptionWord(v1::Adoption adoption) {
  switch (adoption) {
    case v1::FULL: return "全部采纳";
    case v1::PART: return "部分采纳";
    case v1::NONE: return "未采纳";
    default: return "";
  }
}

// Who takes papers and signs for those who petition: a representative of theirs, if they have chosen any, else the
// first of them; not one who has died, while others petition. Those who came with a copy were not chosen by the others.
const v1::Petitioner* FirstOf(const v1::State& state) {
  const v1::Petitioner* first = nullptr;
  for (const auto& one : state.petitioner()) {
    if (!IsAddressee(one, state)) continue;
    if (one.representative() && one.copy_id().empty()) return &one;
    if (first == nullptr) first = &one;
  }
  return first;
}

// Those who petition sign, and so does a guardian 监护人 of theirs (山东 28).
void AddPetitionerSigner(std::string_view role, const PetitionFacts& facts, press::Values* values) {
  const v1::Petitioner* first = FirstOf(facts.state);
  AddPersonSigner(role, first == nullptr ? common::v1::Person() : first->person(), values);
  for (const auto& agent : facts.state.agent()) {
    if (agent.kind() == v1::GUARDIAN && agent.copy_id().empty()) AddSigner("监护人", agent.person().name(), true, values);
  }
}

// The last day to ask for review or re-review of what was delivered in this stage; empty before that.
std::string RemedyUntil(const PetitionFacts& facts, int stage, std::string_view policy_id) {
  int delivered = 0;  // stages are delivered in their order, each once
  for (int i = 0; i < stage; ++i) delivered += facts.state.stage(i).has_delivery();
  if (!facts.state.stage(stage).has_delivery()) return "";
  for (const auto& step : facts.steps) {
    if (step.event.has_delivered() && delivered-- == 0) return ClockDue(step.event, policy_id);
  }
  return "";
}

// The stage before this one whose opinion is contested: not a request that nobody took.
const v1::Stage* Before(const PetitionFacts& facts, int at) {
  while (--at >= 0 && facts.state.stage(at).refused_at_ms() != 0) {
  }
  return at < 0 ? nullptr : &facts.state.stage(at);
}

// What is known of a person, in one line.
std::string WhoIs(const common::v1::Person& person) {
  std::string line = person.name();
  const auto add = [&line](std::string_view label, const std::string& value) {
    if (!value.empty()) absl::StrAppend(&line, "，", std::string(label), "：", value);
  };
  add(person.is_organisation() ? "统一社会信用代码" : "证件号码", person.id_number());
  add("电话", person.phone());
  add(person.is_organisation() ? "住所" : "住址", person.address());
  return line;
}

}  // namespace

Filled FillExtension(const PetitionFacts& facts) {
  Filled filled;
  for (const auto& step : facts.steps) {
    if (!step.event.has_extended()) continue;
    const v1::Extended& extended = step.event.extended();
    press::Values values = BaseOf(facts, step.actor_org, step.at_ms);
    values.Text("accepted_on", press::DayText(facts.state.accepted_at_ms()))
        .Text("days", std::to_string(extended.days()))
        .Text("due_on", ClockDue(step.event, "DP-05"))
        .Text("reason", press::WithoutStop(extended.reason()))
        .Text("text", extended.notice().text())
        .Text("contact", press::WithoutStop(extended.notice().contact()))
        .Text("date", press::DayText(step.at_ms));
    filled.push_back(std::move(values));
  }
  return filled;
}

Filled FillOpinion(const PetitionFacts& facts) {
  Filled filled;
  for (int i = 0; i < facts.state.stage_size(); ++i) {
    const v1::Stage& stage = facts.state.stage(i);
    if (stage.kind() != v1::HANDLE || stage.issued_at_ms() == 0) continue;
    const v1::Opinion& opinion = stage.opinion();
    press::Values values = BaseOf(facts, stage.body_org(), stage.issued_at_ms());
    values.Text("document_no", stage.document_no())
        .Text("accepted_on", press::DayText(stage.accepted_at_ms()))
        .Text("request", opinion.request())
        .Text("facts", opinion.facts())
        .Text("result", ResultWord(opinion.result()))
        .Text("opinion", opinion.opinion())
        .Text("other_grounds", opinion.other_grounds())
        .Text("basis", press::WithoutStop(opinion.basis()))
        .Text("superior", SuperiorOf(facts, stage.body_org()))
        .Text("until", RemedyUntil(facts, i, "DP-07"))
        .Text("date", press::DayText(stage.issued_at_ms()));
    filled.push_back(std::move(values));
  }
  return filled;
}

Filled FillReceipt(const PetitionFacts& facts) {
  Filled filled;
  for (const auto& stage : facts.state.stage()) {
    if (!stage.has_delivery()) continue;
    const bool ends_it = stage.kind() == v1::RECHECK && stage.review_result() != v1::REVOKED && stage.remedy().empty();
    const int64_t at_ms = std::max(stage.issued_at_ms(), stage.delivery().received_at_ms());
    press::Values values = BaseOf(facts, stage.body_org(), at_ms);
    values.Text("document", StagePaper(stage.kind()))
        .Text("document_no", stage.document_no())
        .Text("address", FirstOf(facts.state) == nullptr ? "" : FirstOf(facts.state)->person().address())
        .Text("method", MethodWord(stage.delivery().method()))
        .Text("proof", stage.delivery().proof())
        .Text("received_on", press::DayText(stage.delivery().received_at_ms()))
        .Text("remedy", ends_it                                     ? "本复核意见为信访事项终结意见。"
                        : stage.review_result() == v1::REVOKED ? "原意见已撤销，由原办理机关、单位重新办理。"
                                                               : stage.remedy());
    AddPetitionerSigner("受送达人", facts, &values);
    AddSigner("送达人", "", false, &values);
    AddSigner("见证人", "", false, &values);
    filled.push_back(std::move(values));
  }
  return filled;
}

// Why review and re-review were asked for, in the order of the stages that were.
std::vector<std::string> GroundsOf(const PetitionFacts& facts) {
  std::vector<std::string> grounds;
  for (const auto& step : facts.steps) {
    if (step.event.has_review_requested()) grounds.push_back(step.event.review_requested().grounds());
    if (step.event.has_recheck_requested()) grounds.push_back(step.event.recheck_requested().grounds());
  }
  return grounds;
}

Filled FillReviewRequest(const PetitionFacts& facts) {
  const std::vector<std::string> grounds = GroundsOf(facts);
  Filled filled;
  for (int i = 0; i < facts.state.stage_size(); ++i) {
    const v1::Stage& stage = facts.state.stage(i);
    const v1::Stage* before = Before(facts, i);
    if (stage.kind() == v1::HANDLE || before == nullptr || filled.size() >= grounds.size()) continue;
    press::Values values = BaseOf(facts, stage.body_org(), stage.requested_at_ms());
    values.Text("stage", StageWord(stage.kind()))
        .Text("respondent", OrgName(facts, before->body_org()))
        .Text("document", StagePaper(before->kind()))
        .Text("document_no", before->document_no())
        .Text("received_on", press::DayText(before->delivery().received_at_ms()))
        .Text("grounds", grounds[filled.size()])
        .Text("body", OrgName(facts, stage.body_org()))
        .Text("requested_on", press::DayText(stage.requested_at_ms()))
        .List("people");
    for (const auto& petitioner : facts.state.petitioner()) {
      if (IsAddressee(petitioner, facts.state)) values.Row("people").Text("who", WhoIs(petitioner.person()));
    }
    AddPetitionerSigner("申请人", facts, &values);
    filled.push_back(std::move(values));
  }
  return filled;
}

Filled FillReviewOpinion(const PetitionFacts& facts) {
  const std::vector<std::string> grounds = GroundsOf(facts);
  size_t asked = 0;
  Filled filled;
  for (int i = 0; i < facts.state.stage_size(); ++i) {
    const v1::Stage& stage = facts.state.stage(i);
    const v1::Stage* before = Before(facts, i);
    if (stage.kind() == v1::HANDLE || before == nullptr) continue;
    const std::string ground = asked < grounds.size() ? grounds[asked] : "";
    ++asked;
    if (stage.issued_at_ms() == 0) continue;
    const bool recheck = stage.kind() == v1::RECHECK;
    const v1::Opinion& opinion = stage.opinion();
    std::string result(ReviewWord(stage.review_result()));
    if (stage.review_result() == v1::CHANGED) absl::StrAppend(&result, std::string(ResultWord(opinion.result())));
    if (stage.redo_days() > 0) absl::StrAppend(&result, "重新办理期限", stage.redo_days(), "日。");
    press::Values values = BaseOf(facts, stage.body_org(), stage.issued_at_ms());
    const bool revoked = stage.review_result() == v1::REVOKED;
    values.Text("stage", StageWord(stage.kind()))
        .Flag("revoked", revoked)
        .Flag("final", recheck && !revoked)
        .Flag("to_recheck", !recheck && !revoked)
        .Text("unit", OrgName(facts, facts.state.unit_org()))
        .Text("redo_days", std::to_string(stage.redo_days()))
        .Text("article", recheck ? "第三十六条" : "第三十五条")
        .Text("document_no", stage.document_no())
        .Text("respondent", OrgName(facts, before->body_org()))
        .Text("document", StagePaper(before->kind()))
        .Text("requested_on", press::DayText(stage.requested_at_ms()))
        .Text("request", opinion.request().empty() ? ground : opinion.request())
        .Text("facts", opinion.facts())
        .Flag("copied", stage.body_external())  // the province's own words are copied from its paper
        .Text("result", result)
        .Text("opinion", opinion.opinion())
        .Text("basis", press::WithoutStop(opinion.basis()))
        .Text("superior", SuperiorOf(facts, stage.body_org()))
        .Text("until", RemedyUntil(facts, i, "DP-09"))
        .Text("date", press::DayText(stage.issued_at_ms()));
    filled.push_back(std::move(values));
  }
  return filled;
}

// What is concluded is the word of those who heard: the petitioner signs the record, not the conclusion.
Filled FillHearings(const PetitionFacts& facts, bool conclusion) {
  std::vector<int64_t> told;  // of hearings of the re-review, when the parties were told
  for (const auto& step : facts.steps) {
    if (step.event.has_hearing_started()) told.push_back(step.event.hearing_started().notice_at_ms());
  }
  size_t rechecked = 0;
  Filled filled;
  for (const auto& stage : facts.state.stage()) {
    for (const auto& hearing : stage.hearing()) {
      const std::string members = absl::StrJoin(hearing.member(), "、");
      int64_t notice_at_ms = hearing.notice_at_ms();
      if (stage.kind() == v1::RECHECK && rechecked < told.size()) {
        if (notice_at_ms == 0) notice_at_ms = told[rechecked];
        ++rechecked;
      }
      press::Values values = BaseOf(facts, stage.body_org(), hearing.to_ms());
      const bool handled = stage.kind() == v1::HANDLE;
      values.Flag("copied", stage.body_external())
          .Text("host", absl::StrCat(std::string(StageWord(stage.kind())), handled ? "单位" : "机关"))
          .Text("stage", absl::StrCat(std::string(StageWord(stage.kind())), "阶段"))
          .Text("presider", hearing.presider())
          .Text("members", members)
          .Text("notice_on", press::DayText(notice_at_ms))
          .Text("from", press::MomentText(hearing.from_ms()))
          .Text("place", hearing.place())
          .Text("participants", absl::StrJoin(hearing.participant(), "、"))
          .Text("span", press::SpanText(hearing.from_ms(), hearing.to_ms()))
          .Text("record", hearing.record())
          .Text("conclusion", hearing.conclusion())
          .Text("date", press::DayText(hearing.to_ms()));
      AddSigner("主持人", hearing.presider(), false, &values);
      for (const auto& member : hearing.member()) AddSigner("听证员", member, false, &values);
      if (!conclusion) {
        AddPetitionerSigner("信访人", facts, &values);
        for (const auto& other : hearing.participant()) AddSigner("参加人", other, false, &values);
        AddSigner("记录人", "", false, &values);
      }
      filled.push_back(std::move(values));
    }
  }
  return filled;
}

// Told before it is held, whether it is held or not.
Filled FillHearingNotice(const PetitionFacts& facts) {
  Filled filled;
  for (const auto& step : facts.steps) {
    if (!step.event.has_hearing_called()) continue;
    const v1::Hearing& hearing = step.event.hearing_called().hearing();
    press::Values values = BaseOf(facts, step.actor_org, step.at_ms);
    values.Text("from", press::MomentText(hearing.from_ms()))
        .Text("place", hearing.place())
        .Text("presider", hearing.presider())
        .Text("members", absl::StrJoin(hearing.member(), "、"))
        .Text("notice_on", press::DayText(hearing.notice_at_ms()));
    filled.push_back(std::move(values));
  }
  return filled.empty() ? FillHearings(facts, false) : filled;  // called elsewhere: as it was held
}

Filled FillHearing(const PetitionFacts& facts) { return FillHearings(facts, false); }
Filled FillHearingConclusion(const PetitionFacts& facts) { return FillHearings(facts, true); }

// Art. 29: what was adopted of a suggestion, and the answer to whoever made it.
Filled FillReply(const PetitionFacts& facts) {
  Filled filled;
  for (const auto& step : facts.steps) {
    if (!step.event.has_suggestion_replied()) continue;
    const v1::SuggestionReplied& replied = step.event.suggestion_replied();
    press::Values values = BaseOf(facts, step.actor_org, step.at_ms);
    values.Text("received_on", press::DayText(ReceivedBy(facts, step)))
        .Text("request", facts.state.content().request())
        .Text("adoption", AdoptionWord(replied.adoption()))
        .Text("reply", replied.reply())
        .Text("date", press::DayText(step.at_ms));
    filled.push_back(std::move(values));
  }
  return filled;
}

// Both sides of the dispute sign (Art. 33); the office that handles it keeps a copy and owes nothing. The other side is
// whom the petition is about, or whoever the pen writes here.
press::Values SettlementPaper(const PetitionFacts& facts, const std::string& unit, bool mediated,
                              const std::string& agreement, int64_t at_ms) {
  press::Values values = BaseOf(facts, unit, at_ms == 0 ? INT64_MAX : at_ms);
  values.Text("title", mediated ? "信访事项调解协议书" : "信访事项和解协议书")
      .Text("way", mediated ? "调解" : "双方自愿和解")
      .Text("second", facts.state.content().respondent())
      .Text("agreement", agreement)
      .Text("date", at_ms == 0 ? "" : press::DayText(at_ms));
  AddPetitionerSigner("甲方", facts, &values);
  AddSigner("乙方", facts.state.content().respondent(), false, &values);
  return values;
}

// What was agreed by word of mouth before a committee is written down and signed first (Art. 33), on lines.
Filled FillSettlement(const PetitionFacts& facts) {
  const v1::State& state = facts.state;
  Filled filled;
  for (const auto& step : facts.steps) {
    if (!step.event.has_settled()) continue;
    filled.push_back(SettlementPaper(facts, state.unit_org().empty() ? step.actor_org : state.unit_org(),
                                     step.event.settled().by_mediation(), step.event.settled().agreement(),
                                     step.at_ms));
  }
  const bool to_write = state.status() == v1::ACCEPTED && state.mediation() == v1::AGREEMENT_EFFECTIVE &&
                        state.mediation_oral() && state.settlement() != v1::BROKEN;
  if (to_write) filled.push_back(SettlementPaper(facts, state.unit_org(), true, "", 0));
  return filled;
}

Filled FillImprovement(const PetitionFacts& facts) {
  Filled filled;
  for (const auto& step : facts.steps) {
    if (step.event.has_improvement_answered() && !filled.empty()) {
      const v1::ImprovementAnswered& answer = step.event.improvement_answered();
      filled.back()
          .Flag("answered", true)
          .Text("answered_on", press::DayText(step.at_ms))
          .Text("adoption", AdoptionWord(answer.adoption()))
          .Text("answer", press::WithoutStop(answer.answer()));
    }
    if (!step.event.has_improvement_suggested()) continue;
    press::Values values = BaseOf(facts, step.actor_org, step.at_ms);
    values.Text("to", OrgName(facts, facts.state.unit_org()))
        .Text("suggestion", step.event.improvement_suggested().suggestion())
        .Text("date", press::DayText(step.at_ms))
        .Flag("answered", false);
    filled.push_back(std::move(values));
  }
  return filled;
}

Filled FillBacklog(const PetitionFacts& facts) {
  const v1::Backlog& backlog = facts.state.backlog();
  if (backlog.state() == v1::BACKLOG_NONE) return {};
  static constexpr const char* kStates[] = {"", "化解中", "已提请销案", "已销案"};
  press::Values values = BaseOf(facts, facts.state.office_org(), backlog.listed_at_ms());
  values.Text("unit", facts.state.unit_org().empty() ? "" : OrgName(facts, facts.state.unit_org()))
      .Text("listed_on", press::DayText(backlog.listed_at_ms()))
      .Text("cause", backlog.cause())
      .Text("plan", backlog.plan())
      .Text("target_on", press::DayText(facts.state.leader().target_due_ms()))
      .Text("state", backlog.written_off_at_ms() == 0 ? kStates[backlog.state()]
                                                      : absl::StrCat(kStates[backlog.state()], "（",
                                                                     press::DayText(backlog.written_off_at_ms()), "）"))
      .Text("evidence", backlog.evidence());
  AddSigner("包案领导", "", false, &values);
  AddSigner("责任单位负责人", "", false, &values);
  return {values};
}

namespace {

std::string TerminationWord(v1::TerminationGround ground) {
  return ground == v1::SUCCESSOR_SILENT ? "权利义务承受人在办理期限内未申请继续处理相关投诉请求。"
                                        : "经核实，无权利义务承受人。";
}

}  // namespace

// 山东 46(4). Its proof is the scan that was named.
Filled FillTermination(const PetitionFacts& facts) {
  Filled filled;
  for (const auto& step : facts.steps) {
    if (!step.event.has_terminated()) continue;
    press::Values values =
        BaseOf(facts, facts.state.unit_org().empty() ? facts.state.office_org() : facts.state.unit_org(), step.at_ms);
    values.Text("registered_on", press::DayText(facts.state.registered_at_ms()))
        .Text("accepted_on", press::DayText(facts.state.accepted_at_ms()))
        .Text("ground", TerminationWord(step.event.terminated().ground()))
        .Text("ended_on", press::DayText(step.at_ms))
        .List("deaths");
    for (const auto& petitioner : facts.state.petitioner()) {
      values.Row("deaths")
          .Text("name", petitioner.person().name())
          .Text("date", press::DayText(petitioner.died_at_ms()));
    }
    AddSigner("承办人", "", false, &values);
    AddSigner("负责人", "", false, &values);
    filled.push_back(std::move(values));
  }
  return filled;
}

namespace {

// What became of a petition that ended without a written opinion, in the words of the step that ended it.
std::string EndedBy(const v1::Event& event) {
  if (event.has_not_accepted()) return absl::StrCat(std::string(RefusalWord(event.not_accepted().code())), "。");
  if (event.has_redirected()) {
    return absl::StrCat("应当适用的程序：", std::string(press::WithoutStop(event.redirected().procedure())),
                        "。受理机关：", std::string(press::WithoutStop(event.redirected().organ())), "。");
  }
  if (event.has_settled()) return event.settled().agreement();
  if (event.has_withdrawn()) return event.withdrawn().statement();
  if (event.has_suggestion_replied()) {
    const v1::SuggestionReplied& replied = event.suggestion_replied();
    return absl::StrCat(std::string(AdoptionWord(replied.adoption())), "。", replied.reply());
  }
  if (event.has_terminated()) return TerminationWord(event.terminated().ground());
  return event.has_procedure_concluded() ? event.procedure_concluded().outcome() : "";
}

std::string OpinionOf(const PetitionFacts& facts) {
  std::string opinion;  // of every stage: what the review upheld is said by the opinion before it
  for (const auto& stage : facts.state.stage()) {
    if (stage.issued_at_ms() == 0) continue;
    const bool handled = stage.kind() == v1::HANDLE;
    absl::StrAppend(&opinion, opinion.empty() ? "" : "\n", handled ? "处理" : std::string(StageWord(stage.kind())), "意见：",
                    std::string(ReviewWord(stage.review_result())), stage.opinion().opinion());
  }
  for (const auto& step : facts.steps) {
    const std::string ended = EndedBy(step.event);
    if (!ended.empty()) absl::StrAppend(&opinion, opinion.empty() ? "" : "\n", ended);
  }
  return opinion;
}

}  // namespace

Filled FillClosing(const PetitionFacts& facts) {
  const v1::State& state = facts.state;
  if (state.ended_at_ms() == 0) return {};
  const v1::Evaluation evaluation = EvaluationOf(state);
  press::Values values =
      BaseOf(facts, state.unit_org().empty() ? state.office_org() : state.unit_org(), state.ended_at_ms());
  values.Text("registered_on", press::DayText(state.registered_at_ms()))
      .Text("accepted_on", press::DayText(state.accepted_at_ms()))
      .Text("unit", OrgName(facts, state.unit_org().empty() ? state.office_org() : state.unit_org()))
      .Text("ended_on", press::DayText(state.ended_at_ms()))
      .Text("status", EndWord(state))
      .Text("result", state.result() == v1::RESULT_UNSPECIFIED ? EndWord(state)
                                                             : ResultWord(state.result()))
      .Text("request", state.content().request())
      .Text("opinion", OpinionOf(facts))
      .Text("evaluation", state.has_evaluation() ? absl::StrCat("办理单位", evaluation.unit(), "分，信访部门",
                                                                 evaluation.office(), "分（满分5分）")
                                                 : "信访人未作评价")
      .List("milestones");
  v1::StageKind at = v1::HANDLE;
  for (const auto& step : facts.steps) {
    const std::string word = StepWord(step.event, at);
    if (!word.empty()) values.Row("milestones").Text("date", press::DayText(step.at_ms)).Text("text", word);
    at = StageAfter(step.event, at);
  }
  AddSigner("承办人", "", false, &values);
  AddSigner("负责人", "", false, &values);
  return {values};
}

}  // namespace petition
