// Forms 7 to 13: records, agreement, performance, visits, confirmation, the end, what is said about the file.
#include <absl/strings/str_cat.h>

#include <algorithm>
#include <set>

#include "services/mediation/document_values.h"
#include "services/mediation/document_words.h"
#include "services/mediation/domain/decide.h"
#include "services/mediation/domain/file_index.h"
#include "services/mediation/domain/promise.h"
#include "services/press/signer.h"
#include "services/press/wording.h"
#include "services/reference/names.h"

namespace mediation {
namespace {

std::string MediatorSigning(const CaseFacts& facts, std::string_view user_id) {
  const std::string name = StaffOf(facts, user_id);
  return name.empty() ? StaffOf(facts, facts.state.chair_user_id()) : name;
}

void AddAttendance(const CaseFacts& facts, const v1::Session& session, press::Values* values) {
  values->List("present");
  for (const auto& who : session.attendance()) {
    if (!who.present() && !who.by_agent()) continue;
    const auto& parties = facts.state.party();
    const auto party = std::ranges::find(parties, who.party_id(), &v1::Party::party_id);
    if (party == parties.end()) continue;
    const std::string_view side = SideWord(party->person().side());
    values->Row("present").Text("side", side).Text("name", party->person().name()).Text("how", CameAs(*party, who));
    AddPartySigner(*party,
                   {.role = side, .at_ms = who.signed_record() ? session.ended_at_ms() : 0,
                    .on_ms = session.started_at_ms(), .finger = true, .as = who.capacity(), .by = who.came_name(),
                    .by_agent = who.by_agent()},
                   values);
  }
  values->List("invited");
  for (const auto& guest : session.invited()) {
    values->Row("invited").Text("name", guest.name()).Text("standing", guest.standing());
    AddSigner("参加人", guest.name(), guest.signed_record() ? session.ended_at_ms() : 0, values);
  }
}

// The way to say which of many: the one asked for, or all.
template <class List, class Make>
Filled Each(const List& list, int no, Make make) {
  Filled filled;
  for (int i = 0; i < list.size(); ++i) {
    if (no == 0 || no == i + 1) filled.push_back(make(list.Get(i)));
  }
  return filled;
}

press::Values AgreementBase(const CaseFacts& facts) {
  const v1::Agreement& agreement = facts.state.agreement();
  press::Values values = BaseOf(facts);
  AddPeople(facts, agreement.reached_at_ms(), &values);
  AddClauses(facts, &values);
  values.Text("agreement_no", agreement.no())
      .Text("facts", agreement.facts())
      .Text("responsibilities", agreement.responsibilities())
      .Text("manner", agreement.manner())
      .Text("effective_on", press::DayText(agreement.effective_at_ms()));
  return values;
}

// Until when the joint application is open, once that is known.
std::string ConfirmBy(const CaseFacts& facts) {
  for (const auto& clock : facts.state.clock()) {
    if (clock.policy_id() == "DM-05") return absl::StrCat("（至", press::LastDayText(clock.due_at_ms()), "）");
  }
  return "";
}

// The case as it stood when the agreement bound that another has since taken the place of: with its signatures, and
// without the window that was closed. The first is 0; as many took effect before the present one.
CaseFacts WhenItBound(const CaseFacts& facts, int former) {
  CaseFacts then = facts;
  *then.state.mutable_agreement() = facts.state.former_agreement(former);
  then.state.clear_clock();
  auto* parties = then.state.mutable_party();
  const auto unsign = [parties] {
    for (auto& party : *parties) {
      party.clear_signed_at_ms();
      party.clear_signed_as();
      party.clear_signed_name();
      party.clear_signed_relation();
    }
  };
  unsign();
  int bound = 0;
  for (const auto& step : facts.steps) {
    if (step.event.has_agreed()) unsign();
    if (step.event.has_effective() && bound++ == former) break;
    if (!step.event.has_party_signed()) continue;
    const auto party = std::ranges::find(*parties, step.event.party_signed().party_id(), &v1::Party::party_id);
    if (party == parties->end()) continue;
    party->set_signed_at_ms(step.at_ms);
    party->set_signed_as(step.event.party_signed().capacity());
    party->set_signed_name(step.event.party_signed().signed_name());
    party->set_signed_relation(step.event.party_signed().signed_relation());
  }
  return then;
}

// The agreements of this form, oldest first: the one asked for, or all.
template <class Make>
Filled EachAgreement(const CaseFacts& facts, v1::AgreementForm form, int no, Make make) {
  Filled filled;
  int at = 0;
  const auto& former = facts.state.former_agreement();
  for (int i = 0; i < former.size(); ++i) {
    if (former[i].form() != form) continue;
    if (++at == no || no == 0) filled.push_back(make(WhenItBound(facts, i)));
  }
  const bool present = facts.state.agreement().form() == form || at == 0;  // there was none: the form as it is, empty
  if (present && (++at == no || no == 0)) filled.push_back(make(facts));
  return filled;
}

// A notary confirms nothing: what comes of the application is a notarial deed.
std::string_view ResultWord(v1::ConfirmationState state, v1::ConfirmationKind kind) {
  return kind == v1::NOTARY && state == v1::CONFIRMED ? "已出具公证书" : ConfirmationWord(state);
}

void AddMilestones(const CaseFacts& facts, std::string_view list, bool unusual_only, press::Values* values) {
  values->List(list);
  for (const auto& step : facts.steps) {
    const auto body = step.event.body_case();
    const bool unusual = body == v1::Event::kMediatorReplaced || body == v1::Event::kPaused ||
                         body == v1::Event::kResumed || body == v1::Event::kExtended ||
                         body == v1::Event::kTransferred || body == v1::Event::kRemediated;
    const std::string_view word = step.event.has_confirmation_recorded()
                                      ? ResultWord(step.event.confirmation_recorded().state(),
                                                   step.event.confirmation_recorded().confirmation().kind())
                                      : MilestoneWord(body);
    if (word.empty() || (unusual_only && !unusual)) continue;
    values->Row(list).Text("date", press::DayText(step.at_ms)).Text("text", word);
  }
}

// Who mediated when this session was held: a mediator who took over later was not there.
std::string MediatorsThen(const CaseFacts& facts, int session_no) {
  std::string names;
  const auto assign = [&](const std::string& chair, const auto& others) {
    names = StaffOf(facts, chair);
    for (const auto& other : others) {
      const std::string name = StaffOf(facts, other);
      if (!name.empty()) absl::StrAppend(&names, names.empty() ? "" : "、", name);
    }
  };
  for (const auto& step : facts.steps) {
    const v1::Event& event = step.event;
    if (event.has_session_held() && event.session_held().session().no() == session_no) break;
    if (event.has_assigned()) assign(event.assigned().chair_user_id(), event.assigned().other_user_id());
    if (event.has_mediator_replaced()) {
      assign(event.mediator_replaced().chair_user_id(), event.mediator_replaced().other_user_id());
    }
  }
  return names;
}

// A window that the end of the case has closed is open no more.
std::string_view ConfirmationIn(const v1::State& state) {
  const bool unused = state.completed_at_ms() > 0 && state.confirmation() == v1::WINDOW_OPEN;
  return unused ? "未申请" : ResultWord(state.confirmation(), state.confirmation_record().kind());
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

Filled FillRecords(const CaseFacts& facts, int no) {
  return Each(facts.state.session(), no, [&](const v1::Session& session) {
    press::Values values = BaseOf(facts);
    values.Text("no", std::to_string(session.no()))
        .Text("span", press::SpanText(session.started_at_ms(), session.ended_at_ms()))
        .Text("place", session.place())
        .Text("mode", session.mode() == v1::ONLINE ? "线上" : "现场")
        .Text("publicity", session.public_() ? "公开" : "不公开")
        .Text("mediators", MediatorsThen(facts, session.no()))
        .Text("record", session.record())
        .Text("result", SessionWord(session.result()));
    AddAttendance(facts, session, &values);
    AddSigner("人民调解员", MediatorSigning(facts, session.mediator_user_id()), 0, &values);
    AddSigner("记录人", "", 0, &values);
    return values;
  });
}

Filled FillAgreement(const CaseFacts& facts, int no) {
  return EachAgreement(facts, v1::WRITTEN, no, [](const CaseFacts& as_bound) {
    const v1::Agreement& agreement = as_bound.state.agreement();
    press::Values values = AgreementBase(as_bound);
    values.Text("copies", agreement.copies() > 0 ? std::to_string(agreement.copies()) : "　　")
        .Text("confirm_by", ConfirmBy(as_bound))
        .Flag("entrusted", as_bound.state.kind() == v1::COURT_ENTRUSTED)
        .Text("sealed_on", press::DayText(agreement.sealed_at_ms()));
    for (const auto& party : as_bound.state.party()) {  // who is bound by nothing in it signs nothing
      if (!MustSign(party, agreement) && party.signed_at_ms() == 0) continue;
      AddPartySigner(party,
                     {.role = SideWord(party.person().side()), .at_ms = party.signed_at_ms(),
                      .on_ms = agreement.reached_at_ms(), .finger = true, .as = party.signed_as(),
                      .by = party.signed_name(), .relation = party.signed_relation()},
                     &values);
    }
    AddSigner("人民调解员", MediatorSigning(as_bound, agreement.mediator_signed_user_id()),
              agreement.mediator_signed_at_ms(), &values);
    AddSigner("记录人", "", 0, &values);
    return values;
  });
}

Filled FillOral(const CaseFacts& facts, int no) {
  return EachAgreement(facts, v1::ORAL, no, [](const CaseFacts& as_bound) {
    const v1::Agreement& agreement = as_bound.state.agreement();
    press::Values values = AgreementBase(as_bound);
    values.Text("why_oral", agreement.why_oral());
    AddSigner("人民调解员", MediatorSigning(as_bound, agreement.mediator_signed_user_id()),
              agreement.mediator_signed_at_ms(), &values);
    return values;
  });
}

Filled FillReceipts(const CaseFacts& facts, int) {
  press::Values values = BaseOf(facts);
  values.Text("agreement_no", facts.state.agreement().no()).List("performances");
  std::set<std::string> whom;
  bool paid = false;
  int64_t last_ms = facts.state.agreement().effective_at_ms();
  for (const auto& promise : facts.state.promise()) {
    for (const auto& performance : promise.performance()) {
      const int64_t fen = performance.amount_fen();
      paid |= fen > 0;
      last_ms = std::max(last_ms, performance.at_ms());
      values.Row("performances")
          .Text("clause_no", Numeral(promise.no()))
          .Text("date", press::DayText(performance.at_ms()))
          .Text("amount", fen > 0 ? press::AmountInDigits(fen) : "—")
          .Text("amount_words", fen > 0 ? press::AmountInWords(fen) : "")
          .Text("remark", performance.remark())
          .Text("digest", Digest(performance.receipt_sha256()));
      const int at = promise.no() - 1;
      const auto& clauses = facts.state.agreement().clause();
      if (at >= 0 && at < clauses.size()) whom.insert(clauses[at].obligee_party_id());
    }
  }
  // One who received everything is named; of several the pen names whom each receipt is of.
  const v1::Party* one = whom.size() == 1 ? FindParty(facts.state, *whom.begin()) : nullptr;
  const std::string_view role = paid ? "收款（受领）人" : "受领（确认）人";
  if (one == nullptr) press::AddSigner({.role = role, .finger = true}, &values);
  if (one != nullptr) AddPartySigner(*one, {.role = role, .on_ms = last_ms, .finger = true}, &values);
  AddSigner("人民调解员", MediatorsOf(facts), 0, &values);
  return {values};
}

Filled FillVisits(const CaseFacts& facts, int no) {
  return Each(facts.state.visit(), no, [&](const v1::Visit& visit) {
    std::string visited;
    for (const auto& id : visit.party_id()) {
      absl::StrAppend(&visited, visited.empty() ? "" : "、", NameOf(facts, id));
    }
    press::Values values = BaseOf(facts);
    values.Text("visited", visited)
        .Text("agreement_no", facts.state.agreement().no())
        .Text("why", visit.reason().empty() ? "了解调解协议履行情况" : visit.reason())
        .Text("how", VisitWord(visit.mode()))
        .Text("date", press::DayText(visit.visited_at_ms()))
        .Text("finding", visit.finding())
        .Text("satisfaction", visit.satisfaction() == 0 ? "" : absl::StrCat(visit.satisfaction(), "分（满分5分）"))
        .Text("suit", visit.suit_filed() ? "已起诉" : "未起诉")
        .Text("escalation", visit.escalation_signs() ? "有" : "无")
        .Text("measures", visit.measures());
    for (const auto& id : visit.party_id()) {
      if (const v1::Party* party = FindParty(facts.state, id)) {
        AddPartySigner(*party, {.role = "当事人", .on_ms = visit.visited_at_ms()}, &values);
      }
    }
    AddSigner("回访人", StaffOf(facts, visit.by_user_id()), visit.visited_at_ms(), &values);
    return values;
  });
}

Filled FillConfirmation(const CaseFacts& facts, int) {
  const v1::State& state = facts.state;
  const v1::Confirmation& record = state.confirmation_record();
  const ConfirmationWay& way = WayOf(record.kind());
  press::Values values = BaseOf(facts);
  const int64_t on_ms = record.applied_at_ms() > 0 ? record.applied_at_ms() : state.agreement().effective_at_ms();
  bool others = false;  // a third party is bound, but does not apply (民事诉讼法 205: 双方当事人)
  for (const char* list : {"applicants", "others"}) values.List(list);
  for (const auto& party : state.party()) {
    others |= !IsSideParty(party);
    AddPerson(party, on_ms, SideWord(party.person().side()), &values.Row(IsSideParty(party) ? "applicants" : "others"));
  }
  values.Flag("has_others", others);
  auto material = [&](std::string_view name, std::string_view digest) {
    values.Row("materials").Text("name", name).Text("digest", Digest(digest));
  };
  material("调解协议", record.agreement_sha256());
  if (!record.arbitration_clause_sha256().empty()) material("仲裁条款或者仲裁协议", record.arbitration_clause_sha256());
  material("调解组织主持调解的证明", record.presided_proof_sha256());
  for (const auto& property : record.property_document_sha256()) material("与调解协议相关的财产权利证明", property);
  material("双方当事人的身份证明、住所、联系方式", "");
  values.Text("agreement_no", state.agreement().no())
      .Text("title", way.title)
      .Text("basis", way.basis)
      .Text("paper", way.paper)
      .Text("request", absl::StrCat("请求依法", std::string(way.verb), "申请人于",
                                    press::DayText(state.agreement().reached_at_ms()), "达成的人民调解协议（编号：",
                                    state.agreement().no(), "）", std::string(way.effect), "。"))
      .Text("reached_on", press::DayText(state.agreement().reached_at_ms()))
      .Text("effective_on", press::DayText(state.agreement().effective_at_ms()))
      .Text("forum", record.forum())
      .Text("applied_on", press::DayText(record.applied_at_ms()))
      .Text("case_no", record.case_no())
      .Text("result", ResultWord(state.confirmation(), record.kind()))
      .Text("ruling_no", record.ruling_no())
      .Text("result_on", press::DayText(record.result_at_ms()));
  for (const auto& party : state.party()) {
    if (IsSideParty(party)) {
      AddPartySigner(party, {.role = "申请人", .on_ms = on_ms, .finger = true}, &values);
    }
  }
  return {values};
}

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
