// What several forms share: who the parties are, how a clause reads, who signs.
#include "services/mediation/document_values.h"

#include <absl/strings/str_cat.h>

#include <algorithm>

#include "services/mediation/document_words.h"
#include "services/mediation/domain/decide.h"
#include "services/press/wording.h"

namespace mediation {
namespace {

constexpr Form kForms[] = {
    {"0", "f0_cover", FillCover},
    {"0a", "f0a_contents", nullptr},  // knows the others: see documents.cc
    {"1", "f1_application", FillApplication},
    {"1b", "f1b_register", FillRegister},
    {"2", "f2_rights", FillRights},
    {"3", "f3_identity", FillIdentity},
    {"4", "f4_authority", FillAuthority},
    {"5", "f5_investigation", FillInvestigation},
    {"6", "f6_evidence", FillEvidence},
    {"7", "f7_record", FillRecords},
    {"8", "f8_agreement", FillAgreement},
    {"8b", "f8b_oral", FillOral},
    {"9", "f9_receipts", FillReceipts},
    {"10", "f10_visit", FillVisits},
    {"11", "f11_confirmation", FillConfirmation},
    {"end", "end_notice", FillEndNotice},
    {"court", "court_report", FillCourtReport},
    {"closing", "closing_report", FillClosingReport},
    {"12", "f12_statement", FillStatement},
    {"13", "f13_back", FillBackCover},
};

const v1::Party* PartyOf(const CaseFacts& facts, std::string_view party_id) {
  const auto& parties = facts.state.party();
  const auto it = std::ranges::find(parties, party_id, &v1::Party::party_id);
  return it == parties.end() ? nullptr : &*it;
}

// What ends a sentence with `text`: nothing, if what it quotes ended with a stop of its own.
std::string_view StopAfter(std::string_view text) {
  for (const std::string_view end : {"。”", "！”", "？”", "！", "？", "。’", "。』", "。」"}) {
    if (text.ends_with(end)) return "";
  }
  return "。";
}

// What comes between `text` and what else is said: a sentence that was quoted to its stop is over.
const char* GoesOn(std::string_view text) { return StopAfter(text).empty() ? "" : "，"; }

// "乙方何某于2026年12月24日（含当日）之前向甲方许某支付：修理费，人民币800.00元（大写：捌佰元整），给付方式、地点：社区调解室当面给付。"
std::string ClauseText(const CaseFacts& facts, const v1::Clause& clause) {
  auto who = [&](std::string_view id) {
    const v1::Party* party = PartyOf(facts, id);
    if (party == nullptr) return std::string();
    return absl::StrCat(std::string(SideWord(party->person().side())), party->person().name());
  };
  static constexpr const char* kVerbs[] = {"履行", "支付", "履行", "承诺", "履行"};  // by v1::ClauseKind
  std::string text = who(clause.obligor_party_id());
  if (clause.due_at_ms() > 0) absl::StrAppend(&text, "于", press::DayText(clause.due_at_ms()), "（含当日）之前");
  const std::string to = who(clause.obligee_party_id());
  if (!to.empty()) absl::StrAppend(&text, "向", to);
  absl::StrAppend(&text, v1::ClauseKind_IsValid(clause.kind()) ? kVerbs[clause.kind()] : "履行", "：",
                  std::string(press::WithoutStop(clause.content())));
  if (clause.kind() == v1::PAY) {
    absl::StrAppend(&text, GoesOn(text), "人民币", press::AmountInDigits(clause.amount_fen()), "元（大写：",
                    press::AmountInWords(clause.amount_fen()), "）");
  }
  if (!clause.place().empty()) {
    absl::StrAppend(&text, GoesOn(text), clause.kind() == v1::PAY ? "给付方式、地点：" : "履行地点：",
                    std::string(press::WithoutStop(clause.place())));
  }
  absl::StrAppend(&text, std::string(StopAfter(text)));
  return text;
}

// "其他劳动争议" is a heading of the statistics: in a sentence it is "劳动争议", and not "其他劳动争议纠纷".
std::string DisputeText(const CaseFacts& facts, std::string_view detail) {
  constexpr std::string_view kOther = "其他", kContest = "争议";
  const auto* type = facts.reference->FindDisputeType(facts.state.dispute_type());
  std::string_view kind = type == nullptr ? std::string_view(facts.state.dispute_type()) : type->name_zh();
  if (kind.starts_with(kOther)) kind.remove_prefix(kOther.size());
  if (kind.empty()) kind = "民间";
  const std::string brackets = detail.empty() ? "" : absl::StrCat("（", std::string(detail), "）");
  return absl::StrCat(std::string(kind), brackets, kind.ends_with(kContest) ? "" : "纠纷");
}

}  // namespace

const Form* FindForm(std::string_view key) {
  const auto* form = std::ranges::find(kForms, key, &Form::key);
  return form == std::end(kForms) ? nullptr : form;
}

std::string Numeral(int no) {
  static constexpr const char* kOnes[] = {"", "一", "二", "三", "四", "五", "六", "七", "八", "九"};
  if (no < 1 || no > 20) return absl::StrCat("（", no, "）");
  if (no < 10) return absl::StrCat("（", kOnes[no], "）");
  return absl::StrCat("（", no == 20 ? "二" : "", "十", no == 20 ? "" : kOnes[no - 10], "）");
}

std::string Digest(std::string_view sha256) {
  if (sha256.empty()) return "";
  return absl::StrCat("校验码 ", press::ShortCode(sha256));
}

std::string NameOf(const CaseFacts& facts, std::string_view party_id) {
  const v1::Party* party = PartyOf(facts, party_id);
  return party == nullptr ? "" : party->person().name();
}

std::string StaffOf(const CaseFacts& facts, std::string_view user_id) {
  const auto it = facts.staff.find(user_id);
  return it == facts.staff.end() ? "" : it->second;
}

std::string MediatorsOf(const CaseFacts& facts) {
  std::string names;
  for (const auto& user : facts.state.mediator_user_id()) {
    const std::string name = StaffOf(facts, user);
    if (!name.empty()) absl::StrAppend(&names, names.empty() ? "" : "、", name);
  }
  return names;
}

std::string NamesOf(const CaseFacts& facts) {
  std::string names;
  for (const auto& party : facts.state.party()) {
    absl::StrAppend(&names, names.empty() ? "" : "、", party.person().name());
  }
  return names;
}

std::string CauseOf(const CaseFacts& facts) {
  const auto* type = facts.reference->FindDisputeType(facts.state.dispute_type());
  const std::string name = type == nullptr ? facts.state.dispute_type() : type->name_zh();
  const std::string& detail = facts.state.dispute_detail();
  return detail.empty() ? name : absl::StrCat(name, "（", detail, "）");
}

std::string DisputeOf(const CaseFacts& facts) { return DisputeText(facts, facts.state.dispute_detail()); }

std::string DefaultVolumeTitle(const CaseFacts& facts) {
  const auto& parties = facts.state.party();
  auto first = [&](common::v1::PartySide side) {
    const auto is = [side](const v1::Party& party) { return party.person().side() == side; };
    const auto it = std::ranges::find_if(parties, is);
    const bool more = std::ranges::count_if(parties, is) > 1;
    return it == parties.end() ? std::string() : it->person().name() + (more ? "等" : "");
  };
  return absl::StrCat(first(common::v1::SIDE_A), "与", first(common::v1::SIDE_B), DisputeText(facts, ""));
}

std::string VolumeOf(const CaseFacts& facts) {
  if (!facts.state.file_no().empty()) return facts.state.file_no();
  return absl::StrCat("未受理，未编卷号（登记编号", facts.state.matter_code(), "）");
}

press::Values BaseOf(const CaseFacts& facts) {
  const auto* org = facts.reference->FindOrg(facts.state.committee_org());
  press::Values values;
  values.Text("committee", org == nullptr ? facts.state.committee_org() : org->name())
      .Text("file_no", facts.state.file_no())
      .Text("volume_no", VolumeOf(facts))
      .Text("cause", CauseOf(facts))
      .Text("dispute", DisputeOf(facts))
      .Text("names", NamesOf(facts))
      .Text("mediators", MediatorsOf(facts))
      .List("signers");
  return values;
}

void AddClauses(const CaseFacts& facts, press::Values* values) {
  values->List("clauses");
  int no = 0;
  for (const auto& clause : facts.state.agreement().clause()) {
    values->Row("clauses").Text("no", Numeral(++no)).Text("text", ClauseText(facts, clause));
  }
}

const CaseFacts::Step* LastOf(const CaseFacts& facts, v1::Event::BodyCase body) {
  const CaseFacts::Step* found = nullptr;
  for (const auto& step : facts.steps) {
    if (step.event.body_case() == body) found = &step;
  }
  return found;
}

}  // namespace mediation
