// The end, and what is said of the whole: notice, report to the court, closing report, forms 12 and 13.
#include <absl/strings/str_cat.h>

#include <algorithm>
#include <vector>

#include "base/calendar.h"
#include "services/mediation/document_values.h"
#include "services/mediation/document_words.h"
#include "services/mediation/domain/decide.h"
#include "services/mediation/domain/file_index.h"
#include "services/mediation/domain/promise.h"
#include "services/press/wording.h"
#include "services/reference/names.h"

namespace mediation {
namespace {

struct Milestone {
  int64_t at_ms = 0;
  std::string text;
};

// The day on which it happened, and not that on which somebody wrote it down; 0: it was written down at once.
int64_t HappenedAt(const v1::Event& event) {
  switch (event.body_case()) {
    case v1::Event::kSessionHeld: return event.session_held().session().started_at_ms();
    case v1::Event::kInvestigated: return event.investigated().investigation().started_at_ms();
    case v1::Event::kEffective: return event.effective().effective_at_ms();
    case v1::Event::kFollowedUp: return event.followed_up().visit().visited_at_ms();
    case v1::Event::kPerformed: return event.performed().performance().at_ms();
    case v1::Event::kConfirmationApplied: return event.confirmation_applied().confirmation().applied_at_ms();
    case v1::Event::kConfirmationRecorded: {
      const auto& recorded = event.confirmation_recorded();
      return recorded.state() == v1::FILED ? recorded.confirmation().filed_at_ms()
                                           : recorded.confirmation().result_at_ms();
    }
    default: return 0;
  }
}

std::string StepWord(const v1::Event& event) {
  if (event.has_confirmation_recorded()) {
    const auto& recorded = event.confirmation_recorded();
    if (recorded.state() == v1::FILED) return "申请已受理";
    return std::string(ConfirmationWord(recorded.state(), recorded.confirmation().kind()));
  }
  // Nobody has looked: the day went by and nothing said that it was kept.
  if (event.has_breached() && !event.breached().has_breach()) return "条款到期，未见履行登记";
  return std::string(MilestoneWord(event.body_case()));
}

bool IsUnusual(v1::Event::BodyCase body) {
  return body == v1::Event::kMediatorReplaced || body == v1::Event::kPaused || body == v1::Event::kResumed ||
         body == v1::Event::kExtended || body == v1::Event::kTransferred || body == v1::Event::kRemediated;
}

void AddMilestones(const CaseFacts& facts, std::string_view list, bool unusual_only, press::Values* values) {
  std::vector<Milestone> milestones;
  const auto* last_kept = PerformanceOf(facts.state) == v1::DONE ? LastOf(facts, v1::Event::kPerformed) : nullptr;
  for (const auto& step : facts.steps) {
    const std::string word = &step == last_kept ? "履行完毕" : StepWord(step.event);
    if (word.empty() || (unusual_only && !IsUnusual(step.event.body_case()))) continue;
    const int64_t happened_ms = HappenedAt(step.event);
    milestones.push_back({happened_ms > 0 ? happened_ms : step.at_ms, word});
  }
  // By days: of one day, as they were written down.
  std::ranges::stable_sort(milestones, {}, [](const Milestone& one) { return base::LocalDay(one.at_ms); });
  values->List(list);
  for (const Milestone& milestone : milestones) {
    values->Row(list).Text("date", press::DayText(milestone.at_ms)).Text("text", milestone.text);
  }
}

// A window that the end of the case has closed is open no more.
std::string_view ConfirmationIn(const v1::State& state) {
  const bool unused = state.completed_at_ms() > 0 && state.confirmation() == v1::WINDOW_OPEN;
  return unused ? "未申请" : ConfirmationWord(state.confirmation(), state.confirmation_record().kind());
}

// How a case that was not taken came before the committee.
std::string HowItCame(v1::SourceKind source) {
  if (source == v1::ON_APPLICATION) return "申请人民调解";
  if (source == v1::EX_OFFICIO) return "本调委会拟主动调解";
  return absl::StrCat("由", std::string(SourceWord(source)), "本调委会调解");
}

// How it came out: refused, ended, or agreed upon.
std::string ResultOf(const v1::State& state) {
  std::string result(!state.refusal_code().empty() ? RefusalWord(state.refusal_code()) : EndWord(state.end_reason()));
  if (result.empty() && Binds(state)) result = absl::StrCat("达成", std::string(FormWord(state.agreement().form())));
  return result;
}

std::string AmountOf(const v1::Agreement& agreement) {
  int64_t sum = 0;
  for (const auto& clause : agreement.clause()) sum += clause.kind() == v1::PAY ? clause.amount_fen() : 0;
  return sum == 0 ? "无" : absl::StrCat("人民币", press::AmountInDigits(sum), "元（大写：", press::AmountInWords(sum), "）");
}

}  // namespace

Filled FillEndNotice(const CaseFacts& facts, int) {
  const v1::State& state = facts.state;
  const bool refused = !state.refusal_code().empty();
  const auto* ended = LastOf(facts, v1::Event::kEnded);
  const v1::RemedyNotice& notice = state.remedy_notice();
  press::Values values = BaseOf(facts);
  values.Text("title", refused ? "不予受理告知书" : "终止调解告知书")
      .Text("opening", refused ? absl::StrCat(HowItCame(state.source()), "。经审查，") : "由本调委会调解。因")
      .Text("stop", refused ? "。" : "，")  // the reason is a sentence of its own, or the first half of one
      .Text("reason", refused ? RefusalWord(state.refusal_code()) : EndWord(state.end_reason()))
      .Text("basis", refused && state.refusal_code() != "PARTY_REFUSES" ? "《人民调解工作若干规定》第二十二条、第二十四条"
                     : state.end_reason() == v1::E04_PARTY_REFUSES || refused
                         ? "《中华人民共和国人民调解法》第十七条"
                         : "《中华人民共和国人民调解法》第二十六条")
      .Text("decision", refused ? "不予受理" : "终止调解")
      .Text("undisputed", ended == nullptr ? "" : ended->event.ended().undisputed_facts())
      .Flag("refused", refused)
      .Flag("has_ways", !notice.remedy().empty())
      .Flag("by_platform", notice.how() == kByPlatform)
      .List("ways")
      .List("sides");
  for (int i = 0; i < notice.remedy_size(); ++i) {
    // Who has sued already does not sue again: the case goes back to the court that entrusted it.
    const bool back = state.kind() == v1::COURT_ENTRUSTED && notice.remedy(i) == v1::JUDICIAL;
    const std::string way(back ? "司法途径：案件退回委托的人民法院，由其依法继续审理"
                               : RemedyWord(static_cast<v1::Remedy>(notice.remedy(i))));
    values.Row("ways").Text("no", Numeral(i + 1)).Text("text", way + (i + 1 < notice.remedy_size() ? "；" : "。"));
  }
  // A party who has died takes no notice and signs nothing.
  const std::string gone = state.end_reason() == v1::E12_DIED_OR_GONE ? state.ended_party_id() : "";
  std::string told;
  for (const auto& party : state.party()) {
    if (party.party_id() == gone) continue;
    absl::StrAppend(&told, told.empty() ? "" : "、", party.person().name());
    if (IsSideParty(party)) values.Row("sides").Text("name", party.person().name());
    AddPartySigner(party, {.role = "签收人", .on_ms = state.ended_at_ms()}, &values);
  }
  values.Text("names", told)
      .Text("where", press::WithoutStop(notice.where_to_go()))
      .Text("from", press::DayText(state.accepted_at_ms() > 0 ? state.accepted_at_ms() : state.registered_at_ms()))
      .Text("to", press::DayText(state.ended_at_ms()))
      .Text("date", press::DayText(state.ended_at_ms()))
      .Text("how", notice.how())
      .Text("served_on", press::DayText(notice.served_at_ms()));
  return {values};
}

// 特邀调解规定 19 to 21, 26: what the court hears when mediation of its case is over, and what goes to it.
Filled FillCourtReport(const CaseFacts& facts, int) {
  const v1::State& state = facts.state;
  const bool courts = state.kind() == v1::COURT_DELEGATED || state.kind() == v1::COURT_ENTRUSTED;
  const bool bound = Binds(state);
  if (!courts || (state.ended_at_ms() == 0 && !bound)) return {};
  const bool entrusted = state.kind() == v1::COURT_ENTRUSTED;
  const auto* registered = LastOf(facts, v1::Event::kRegistered);
  const auto* ended = LastOf(facts, v1::Event::kEnded);
  const int64_t over_ms = bound ? state.agreement().effective_at_ms() : state.ended_at_ms();
  press::Values values = BaseOf(facts);
  values.Text("court", state.sender_org().empty() ? "人民法院" : reference::OrgName(*facts.reference, state.sender_org()))
      .Text("verb", entrusted ? "委托" : "委派")
      .Text("case_no", state.court_case_no())
      .Text("document", registered == nullptr ? "" : registered->event.registered().referral_document())
      .Text("received_on", press::DayText(state.application_received_at_ms()))
      .Text("accepted_on", press::DayText(state.accepted_at_ms()))
      .Text("sessions", std::to_string(state.session_size()))
      .Text("result", ResultOf(state))
      .Flag("bound", bound)
      .Flag("entrusted", bound && entrusted)
      .Flag("delegated", bound && !entrusted)
      .Flag("to_file", !bound && !entrusted)
      .Flag("to_try", !bound && entrusted)
      .Text("agreement_no", bound ? state.agreement().no() : "")
      .Text("undisputed", ended == nullptr ? "" : ended->event.ended().undisputed_facts())
      .Text("date", press::DayText(over_ms));
  AddSigner("人民调解员", MediatorsOf(facts), 0, &values);
  AddSigner("法院签收人", "", 0, &values);
  return {values};
}

Filled FillClosingReport(const CaseFacts& facts, int) {
  const v1::State& state = facts.state;
  const bool bound = Binds(state);
  const std::string none = !bound && state.ended_at_ms() > 0 ? "无" : "";  // over without an agreement
  std::string result = ResultOf(state);
  if (!bound && !result.empty()) result = absl::StrCat(state.refusal_code().empty() ? "终止调解：" : "不予受理：", result);
  if (state.completion() != v1::COMPLETION_OUTCOME_UNSPECIFIED) {
    absl::StrAppend(&result, "；", std::string(OutcomeWord(state.completion())));
  }
  press::Values values = BaseOf(facts);
  values.Text("accepted_on", press::DayText(state.accepted_at_ms()))
      .Text("closed_on", press::DayText(std::max(state.completed_at_ms(), state.ended_at_ms())))
      .Text("source", SourceWord(state.source()))
      .Text("sessions", std::to_string(state.session_size()))
      .Text("result", result)
      .Text("agreement_no", bound ? state.agreement().no() : none)
      .Text("form", bound ? FormWord(state.agreement().form()) : none)
      .Text("amount", bound ? AmountOf(state.agreement()) : none)
      .Text("performance", bound ? PerformanceWord(PerformanceOf(state)) : none)
      .Text("confirmation", bound ? ConfirmationIn(state) : none);
  AddMilestones(facts, "milestones", false, &values);
  AddSigner("承办人", MediatorsOf(facts), 0, &values);
  AddSigner("调委会主任", "", 0, &values);
  return {values};
}

Filled FillStatement(const CaseFacts& facts, int) {
  const auto* archived = LastOf(facts, v1::Event::kArchived);
  std::string missing;
  const v1::FileIndex index = FileIndexOf(facts.state, facts.HasCome());
  for (const auto& line : index.line()) {
    if (!Waits(line)) continue;
    absl::StrAppend(&missing, missing.empty() ? "" : "、", line.title_zh());
    if (line.state() == v1::PAPER_NOT_RECEIVED) absl::StrAppend(&missing, "（扫描件未收到）");
    if (IsUnsigned(line)) absl::StrAppend(&missing, "（未签名）");
    std::string whose;
    for (const auto& id : line.missing_party_id()) absl::StrAppend(&whose, whose.empty() ? "" : "、", NameOf(facts, id));
    if (!whose.empty()) absl::StrAppend(&missing, "（", whose, "）");
  }
  press::Values values = BaseOf(facts);
  values.Text("missing", missing.empty() ? "无" : missing)
      .Text("why", facts.state.why_incomplete())
      .Text("remark", archived == nullptr ? "" : archived->event.archived().remark());
  AddMilestones(facts, "remarks", true, &values);
  AddSigner("立卷人", archived == nullptr ? "" : StaffOf(facts, archived->actor_id), facts.state.archived_at_ms(),
            &values);
  AddSigner("检查人", "", 0, &values);
  return {values};
}

// How many pages the volume has is known when it is printed: documents.cc.
Filled FillBackCover(const CaseFacts& facts, int) {
  const auto* archived = LastOf(facts, v1::Event::kArchived);
  press::Values values = BaseOf(facts);
  values.Text("pages", "")
      .Text("archived_by", archived == nullptr ? "" : StaffOf(facts, archived->actor_id))
      .Text("archived_on", press::DayText(facts.state.archived_at_ms()));
  return {values};
}

}  // namespace mediation
