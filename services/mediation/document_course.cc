// Forms 5 and 7 to 11: investigations, records, agreement, performance, visits, confirmation.
#include <absl/strings/str_cat.h>

#include <algorithm>
#include <set>

#include "services/mediation/document_values.h"
#include "services/mediation/document_words.h"
#include "services/mediation/domain/decide.h"
#include "services/mediation/domain/promise.h"
#include "services/press/signer.h"
#include "services/press/wording.h"

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
    const int64_t on_paper_ms = step.event.party_signed().signed_at_ms();
    party->set_signed_at_ms(on_paper_ms == 0 ? step.at_ms : on_paper_ms);
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

// "何某（乙方）、刘邻（邻居）": of a unit both are told, the unit and who spoke for it.
std::string AskedNames(const CaseFacts& facts, const v1::Asked& asked) {
  const std::string party = NameOf(facts, asked.party_id());
  const std::string_view between = party.empty() || asked.name().empty() ? "" : "　";
  const v1::Party* of = FindParty(facts.state, asked.party_id());
  const std::string standing = asked.standing().empty() && of != nullptr ? std::string(SideWord(of->person().side()))
                                                                         : asked.standing();
  const std::string brackets = standing.empty() ? "" : absl::StrCat("（", standing, "）");
  return absl::StrCat(party, std::string(between), asked.name(), brackets);
}

press::Values InvestigationOf(const CaseFacts& facts, const v1::Investigation& investigation) {
  press::Values values = BaseOf(facts);
  std::string asked, there;
  for (const auto& one : investigation.asked()) {
    absl::StrAppend(&asked, asked.empty() ? "" : "、", AskedNames(facts, one));
    const v1::Party* party = FindParty(facts.state, one.party_id());
    if (party != nullptr && one.name().empty()) {
      AddPartySigner(*party, {.role = "被调查人", .on_ms = investigation.started_at_ms(), .finger = true}, &values);
    } else {
      press::AddSigner({.role = "被调查人", .name = one.name(), .finger = true}, &values);
    }
  }
  for (const auto& one : investigation.took_part()) {
    const std::string standing = one.standing().empty() ? "" : absl::StrCat("（", one.standing(), "）");
    absl::StrAppend(&there, there.empty() ? "" : "、", one.name(), standing);
  }
  values.Text("span", press::SpanText(investigation.started_at_ms(), investigation.ended_at_ms()))
      .Text("place", investigation.place())
      .Text("asked", asked)
      .Text("there", there)
      .Text("record", investigation.record());
  AddSigner("调查人", MediatorSigning(facts, investigation.mediator_user_id()), 0, &values);
  AddSigner("记录人", "", 0, &values);
  return values;
}

// For the pen, while nothing was recorded.
press::Values InvestigationToFillIn(const CaseFacts& facts) {
  press::Values values = BaseOf(facts);
  for (const char* empty : {"span", "place", "asked", "there", "record"}) values.Text(empty, "");
  press::AddSigner({.role = "被调查人", .finger = true}, &values);
  AddSigner("调查人", MediatorsOf(facts), 0, &values);
  AddSigner("记录人", "", 0, &values);
  return values;
}

}  // namespace

Filled FillInvestigation(const CaseFacts& facts, int no) {
  if (facts.state.investigation().empty()) return {InvestigationToFillIn(facts)};
  return Each(facts.state.investigation(), no,
              [&](const v1::Investigation& investigation) { return InvestigationOf(facts, investigation); });
}

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
  // Everybody who received something signs for it.
  const std::string_view role = paid ? "收款（受领）人" : "受领（确认）人";
  bool named = false;
  for (const auto& party : facts.state.party()) {
    if (!whom.contains(party.party_id())) continue;
    named = true;
    AddPartySigner(party, {.role = role, .on_ms = last_ms, .finger = true}, &values);
  }
  if (!named) press::AddSigner({.role = role, .finger = true}, &values);
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
  material(record.put_in_writing() ? "调解协议（口头协议的书面文本）" : "调解协议", record.agreement_sha256());
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
      .Text("result", ConfirmationWord(state.confirmation(), record.kind()))
      .Text("ruling_no", record.ruling_no())
      .Text("result_on", press::DayText(record.result_at_ms()));
  for (const auto& party : state.party()) {
    if (IsSideParty(party)) {
      AddPartySigner(party, {.role = "申请人", .on_ms = on_ms, .finger = true}, &values);
    }
  }
  return {values};
}

}  // namespace mediation
