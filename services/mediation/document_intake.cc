// Forms 0 to 4 and 6: cover, application, register, rights notice, identity, authority, evidence.
#include <absl/strings/str_cat.h>

#include <algorithm>
#include <vector>

#include "services/mediation/document_values.h"
#include "services/mediation/document_words.h"
#include "services/mediation/domain/decide.h"
#include "services/mediation/domain/promise.h"
#include "services/press/wording.h"

namespace mediation {
namespace {

int64_t AppliedAt(const v1::State& state) {
  return state.application_received_at_ms() > 0 ? state.application_received_at_ms() : state.registered_at_ms();
}

// A person for each party that `is`; the flag "has_<list>" says whether there are any.
template <class Is>
void AddThose(const CaseFacts& facts, std::string_view list, std::string_view label, Is is, press::Values* values) {
  values->List(list);
  bool any = false;
  for (const auto& party : facts.state.party()) {
    if (!is(party)) continue;
    any = true;
    const std::string_view side = label.empty() ? SideWord(party.person().side()) : label;
    AddPerson(party, AppliedAt(facts.state), side, &values->Row(list));
  }
  values->Flag(absl::StrCat("has_", std::string(list)), any);
}

std::string SourceNote(const CaseFacts& facts) {
  const auto* step = LastOf(facts, v1::Event::kRegistered);
  if (step == nullptr) return "";
  const v1::Registered& registered = step->event.registered();
  std::string note;
  if (!registered.why_ex_officio().empty()) absl::StrAppend(&note, "主动调解原因：", registered.why_ex_officio());
  if (!registered.referral_document().empty()) absl::StrAppend(&note, "移送文书：", registered.referral_document());
  if (!registered.court_case_no().empty()) absl::StrAppend(&note, "　法院案号：", registered.court_case_no());
  if (!registered.petition_no().empty()) {
    absl::StrAppend(&note, "　信访事项编号：", registered.petition_no(), "（", registered.bridge_code(), "）");
  }
  const auto* sender = facts.reference->FindOrg(facts.state.sender_org());
  if (sender != nullptr) absl::StrAppend(&note, "　移送单位：", sender->name());
  return note;
}

// "（2026年11月23日由法定代理人许母（母亲）同意调解）". Where and how it was said stands on no paper that both sides sign.
std::string ConsentOf(const v1::Party& party) {
  if (party.consent() != v1::AGREED_TO_MEDIATE) return "";
  const std::string day = press::DayText(party.consent_at_ms());
  const std::string capacity(CapacityWord(party.consent_as()));
  if (capacity.empty() || party.consent_as() == v1::IN_PERSON) return absl::StrCat("（", day, "同意调解）");
  const bool guarded = party.consent_as() == v1::GUARDIAN_OF_PARTY;
  std::string name = party.consent_name(), relation = party.consent_relation();
  if (name.empty()) {  // who is on record
    name = guarded ? party.guardian().name() : party.head().name();
    relation = guarded ? party.guardian().relation() : "";
  }
  if (!relation.empty()) relation = absl::StrCat("（", relation, "）");
  return absl::StrCat("（", day, "由", capacity, name, relation, "同意调解）");
}

std::string DecisionOf(const v1::State& state) {
  if (!state.refusal_code().empty()) return absl::StrCat("不予受理：", std::string(RefusalWord(state.refusal_code())));
  return state.accepted_at_ms() > 0 ? absl::StrCat("受理，", press::DayText(state.accepted_at_ms())) : "";
}

void AddPapers(const CaseFacts& facts, v1::FormKind form, std::string_view party_id, press::Values* values) {
  values->List("papers");
  int no = 0;
  for (const auto& filed : facts.state.document()) {
    if (filed.form() != form || (!party_id.empty() && filed.party_id() != party_id)) continue;
    values->Row("papers")
        .Text("no", std::to_string(++no))
        .Text("title", filed.title())
        .Text("from", NameOf(facts, filed.party_id()))
        .Text("pages", filed.pages() > 0 ? std::to_string(filed.pages()) : "")
        .Text("date", press::DayText(filed.at_ms()))
        .Text("digest", Digest(filed.sha256()));
  }
}

}  // namespace

Filled FillCover(const CaseFacts& facts, int) {
  const v1::State& state = facts.state;
  const auto* archived = LastOf(facts, v1::Event::kArchived);
  // Mediation begins when the case is accepted and is over with the agreement; that it is kept comes after.
  int64_t until = Binds(state) ? state.agreement().effective_at_ms() : state.ended_at_ms();
  if (state.accepted_at_ms() == 0) until = 0;
  press::Values values = BaseOf(facts);
  values.Text("volume_title", state.volume_title().empty() ? DefaultVolumeTitle(facts) : state.volume_title())
      .Text("mediated_from", press::DayText(state.accepted_at_ms()))
      .Text("mediated_to", press::DayText(until))
      .Flag("refused", state.accepted_at_ms() == 0 && state.ended_at_ms() > 0)
      .Text("archived_by", archived == nullptr ? "" : StaffOf(facts, archived->actor_id))
      .Text("archived_on", press::DayText(state.archived_at_ms()))
      .Text("retention", archived == nullptr ? "" : RetentionWord(archived->event.archived().retention()))
      .Text("remark", archived == nullptr ? "" : archived->event.archived().remark());
  return {values};
}

Filled FillApplication(const CaseFacts& facts, int) {
  const v1::State& state = facts.state;
  press::Values values = BaseOf(facts);
  AddThose(facts, "applicants", "申请人", [](const v1::Party& party) { return party.applicant(); }, &values);
  AddThose(facts, "respondents", "被申请人",
           [](const v1::Party& party) { return !party.applicant() && IsSideParty(party); }, &values);
  AddThose(facts, "others", "",
           [](const v1::Party& party) { return !party.applicant() && !IsSideParty(party); }, &values);
  values.Text("facts", state.facts()).List("claims");
  for (const auto& claim : state.claim()) values.Row("claims").Text("claim", claim);
  values.Text("amount", state.amount_fen() > 0 ? press::AmountInDigits(state.amount_fen()) : "")
      .Text("amount_words", press::AmountInWords(state.amount_fen()))
      .Text("applied_on", press::DayText(AppliedAt(state)));
  for (const auto& party : state.party()) {
    if (party.applicant()) AddPartySigner(party, {.role = "申请人", .on_ms = AppliedAt(state), .finger = true}, &values);
  }
  return {values};
}

Filled FillRegister(const CaseFacts& facts, int) {
  const v1::State& state = facts.state;
  press::Values values = BaseOf(facts);
  values.Text("registered_on", press::MomentText(state.registered_at_ms()))
      .Text("party_count", std::to_string(state.referred_party_count()))
      .List("parties");
  for (const auto& party : state.party()) {
    values.Row("parties")
        .Text("side", SideWord(party.person().side()))
        .Text("name", party.person().name())
        .Text("consent", ConsentOf(party));
  }
  // Every source of the form, the one of this case ticked.
  for (const v1::SourceKind kind : {v1::ON_APPLICATION, v1::EX_OFFICIO, v1::FROM_COURT, v1::FROM_PROCURATORATE,
                                    v1::FROM_POLICE, v1::FROM_PETITION_OFFICE, v1::FROM_DEPARTMENT, v1::FROM_GRID}) {
    values.Row("sources").Text("mark", kind == state.source() ? "☑" : "☐").Text("name", SourceWord(kind));
  }
  const auto* step = LastOf(facts, v1::Event::kRegistered);
  const int64_t decided_ms = state.accepted_at_ms() > 0 ? state.accepted_at_ms() : state.ended_at_ms();
  values.Text("source_note", SourceNote(facts))
      .Text("facts", state.facts())
      .Text("decision", DecisionOf(state))
      .Text("decided_on", press::DayText(decided_ms))
      .Text("remark", "");
  for (const auto& party : state.party()) {
    if (party.applicant() || state.source() != v1::ON_APPLICATION) {
      AddPartySigner(party, {.role = "当事人", .on_ms = AppliedAt(state)}, &values);
    }
  }
  AddSigner("登记人", step == nullptr ? "" : StaffOf(facts, step->actor_id), 0, &values);
  return {values};
}

Filled FillRights(const CaseFacts& facts, int) {
  const v1::State& state = facts.state;
  const bool protection = state.protection_information_given() && state.domestic_violence();
  press::Values values = BaseOf(facts);
  values.Flag("protection", protection)
      .Flag("by_court", state.kind() == v1::COURT_DELEGATED || state.kind() == v1::COURT_ENTRUSTED)
      .Flag("entrusted", state.kind() == v1::COURT_ENTRUSTED)
      .Flag("labour", IsLabour(state))
      .Text("sham_no", protection ? "六" : "五")
      .List("notified");
  for (const auto& party : facts.state.party()) {
    const std::string side(SideWord(party.person().side()));
    const std::string date = press::DayText(party.rights_notice_at_ms());
    values.Row("notified").Text("name", absl::StrCat(side, "：", party.person().name())).Text("date", date);
    if (!IsGuarded(party, AppliedAt(state))) continue;
    values.Row("notified").Text("name", absl::StrCat(side, "法定代理人：", party.guardian().name())).Text("date", date);
  }
  return {values};
}

Filled FillIdentity(const CaseFacts& facts, int) {
  Filled filled;
  std::string without;  // third parties of whom nothing was asked
  for (const auto& party : facts.state.party()) {
    const bool filed = std::ranges::any_of(facts.state.document(), [&](const v1::FiledDocument& paper) {
      return paper.form() == v1::F3_IDENTITY && paper.party_id() == party.party_id();
    });
    if (!IsSideParty(party) && !filed) {
      absl::StrAppend(&without, without.empty() ? "" : "、", party.person().name());
      continue;
    }
    press::Values values = BaseOf(facts);
    AddPerson(party, AppliedAt(facts.state), SideWord(party.person().side()), &values);
    values.Text("without", "");
    AddPapers(facts, v1::F3_IDENTITY, party.party_id(), &values);
    filled.push_back(std::move(values));
  }
  if (!filled.empty()) filled.back().Text("without", without);
  return filled;
}

namespace {

// Whom a party sent to speak for it, as its sessions tell.
struct Agent {
  std::string name, post;
  v1::Capacity as = v1::CAPACITY_UNSPECIFIED;
};

// Each agent of the party once, with the widest authority that was told; one without a name, if nobody told any.
std::vector<Agent> AgentsOf(const v1::State& state, std::string_view party_id) {
  std::vector<Agent> agents;
  bool sent = false;
  for (const auto& session : state.session()) {
    for (const auto& who : session.attendance()) {
      if (who.party_id() != party_id || !who.by_agent()) continue;
      sent = true;
      if (who.came_name().empty()) continue;
      auto agent = std::ranges::find(agents, who.came_name(), &Agent::name);
      if (agent == agents.end()) agent = agents.insert(agents.end(), {.name = who.came_name(), .post = {}});
      if (!who.came_post().empty()) agent->post = who.came_post();
      agent->as = std::max(agent->as, who.capacity());  // special authority holds the ordinary one
    }
  }
  if (sent && agents.empty()) agents.emplace_back();
  return agents;
}

std::string_view Ticked(bool chosen) { return chosen ? "☑" : "☐"; }

press::Values AuthorityOf(const CaseFacts& facts, const v1::Party& party, const Agent& agent) {
  std::string opposite;
  for (const auto& other : facts.state.party()) {
    if (!IsSideParty(other) || other.person().side() == party.person().side()) continue;
    absl::StrAppend(&opposite, opposite.empty() ? "" : "、", other.person().name());
  }
  press::Values values = BaseOf(facts);
  AddPerson(party, AppliedAt(facts.state), "委托人", &values.Row("people"));
  values.Text("opposite", opposite)
      .Text("agent", agent.name)
      .Text("agent_post", agent.post)
      .Text("ordinary", Ticked(agent.as == v1::ORDINARY_AGENT))
      .Text("special", Ticked(agent.as == v1::SPECIAL_AGENT));
  AddPartySigner(party, {.role = "委托人", .on_ms = AppliedAt(facts.state), .finger = true}, &values);
  AddSigner("受委托人", agent.name, 0, &values);
  return values;
}

}  // namespace

// One for each agent whom a party sent; before that, one for each side to fill in.
Filled FillAuthority(const CaseFacts& facts, int) {
  Filled filled;
  for (const auto& party : facts.state.party()) {
    for (const Agent& agent : AgentsOf(facts.state, party.party_id())) {
      filled.push_back(AuthorityOf(facts, party, agent));
    }
  }
  if (!filled.empty()) return filled;
  for (const auto& party : facts.state.party()) {
    if (IsSideParty(party)) filled.push_back(AuthorityOf(facts, party, {}));
  }
  return filled;
}

// Whoever provided something signs for it; what came from nobody here has a line without a name.
Filled FillEvidence(const CaseFacts& facts, int) {
  press::Values values = BaseOf(facts);
  AddPapers(facts, v1::F6_EVIDENCE, "", &values);
  const auto gave = [&facts](std::string_view party_id) {
    return std::ranges::any_of(facts.state.document(), [party_id](const v1::FiledDocument& filed) {
      return filed.form() == v1::F6_EVIDENCE && filed.party_id() == party_id;
    });
  };
  bool known = false;
  for (const auto& party : facts.state.party()) {
    if (!gave(party.party_id())) continue;
    known = true;
    AddPartySigner(party, {.role = "提供人", .on_ms = AppliedAt(facts.state)}, &values);
  }
  if (!known || gave("")) AddSigner("提供人", "", 0, &values);
  AddSigner("接收人", "", 0, &values);
  return {values};
}

}  // namespace mediation
