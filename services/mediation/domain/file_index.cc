#include "services/mediation/domain/file_index.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include <algorithm>

#include "base/check.h"
#include "services/mediation/domain/decide.h"
#include "services/mediation/domain/promise.h"

namespace mediation {
namespace {

constexpr FormRule kForms[] = {
    {v1::F0_COVER, "0", "卷宗封面", false},
    {v1::F0A_CONTENTS, "0a", "卷内目录", false},
    {v1::F1_APPLICATION_OR_REGISTER, "1", "人民调解申请书", false},
    {v1::F1B_REGISTER, "1b", "人民调解受理登记表", false},
    {v1::F2_RIGHTS_NOTICE, "2", "权利义务告知书", false},
    {v1::F3_IDENTITY, "3", "当事人身份证明", true},
    {v1::F4_AUTHORITY, "4", "授权委托书", true},
    {v1::F5_INVESTIGATION, "5", "人民调解调查记录", false},
    {v1::F6_EVIDENCE, "6", "证据材料", false},
    {v1::F7_SESSION_RECORD, "7", "人民调解记录", true},
    {v1::F8_AGREEMENT, "8", "人民调解协议书", false},
    {v1::F8B_ORAL_REGISTER, "8b", "人民调解口头协议登记表", false},
    {v1::F9_RECEIPTS, "9", "履行凭证", false},
    {v1::F10_VISITS, "10", "人民调解回访记录", false},
    {v1::F11_CONFIRMATION, "11", "司法确认材料", true},
    {v1::F_END_NOTICE, "end", "终止调解告知书", false},
    {v1::F_COURT_REPORT, "court", "调解情况报告", false},
    {v1::F_CLOSING_REPORT, "closing", "结案报告表", false},
    {v1::F12_STATEMENT, "12", "卷宗情况说明", false},
    {v1::F13_BACK_COVER, "13", "封底", false},
};

bool HasPaperOf(const v1::State& state, v1::FormKind form, std::string_view party_id) {
  return std::ranges::any_of(state.document(), [&](const v1::FiledDocument& filed) {
    return filed.form() == form && filed.party_id() == party_id;
  });
}

// A line with the papers filed for it.
v1::FileLine* Line(const v1::State& state, v1::FormKind form, bool mandatory, v1::FileIndex* index) {
  const auto* rule = std::ranges::find(kForms, form, &FormRule::form);
  CHECK(rule != std::end(kForms));
  auto* line = index->add_line();
  line->set_form(form);
  line->set_key(std::string(rule->key));
  line->set_title_zh(std::string(rule->title));
  line->set_excusable(rule->excusable);
  line->set_mandatory(mandatory);
  for (const auto& filed : state.document()) {
    if (filed.form() == form) line->add_sha256(filed.sha256());
  }
  line->set_count(line->sha256_size());
  line->set_present(line->count() > 0);
  return line;
}

// Present by what the case itself records, `count` times; papers come on top.
void Recorded(bool present, int count, v1::FileLine* line) {
  line->set_present(line->present() || present);
  line->set_count(line->count() + count);
}

// A form people sign. `sign` says that they did, here; a filed paper is the signed one.
enum class Signing { kNone, kOpen, kDone };
void Signed(Signing sign, v1::FileLine* line) {
  if (line->sha256_size() > 0 || sign == Signing::kDone) return line->set_state(v1::PAPER_SIGNED);
  if (sign == Signing::kOpen) line->set_state(v1::PAPER_TO_SIGN);
}

void AddIntake(const v1::State& state, bool accepted, v1::FileIndex* index) {
  // On application there are both; otherwise the register takes the application's place.
  const bool applied = state.source() == v1::ON_APPLICATION;
  auto* first = Line(state, v1::F1_APPLICATION_OR_REGISTER, true, index);
  Recorded(state.intake_complete(), 1, first);
  Signed(state.intake_complete() ? Signing::kOpen : Signing::kNone, first);
  if (applied) {
    auto* entry = Line(state, v1::F1B_REGISTER, true, index);
    Recorded(state.intake_complete(), 1, entry);
    Signed(state.intake_complete() ? Signing::kOpen : Signing::kNone, entry);
  } else {
    first->set_title_zh("人民调解受理登记表");
    first->set_key("1b");
  }
  auto* rights = Line(state, v1::F2_RIGHTS_NOTICE, accepted, index);
  auto* identity = Line(state, v1::F3_IDENTITY, accepted, index);
  for (const auto& party : state.party()) {
    if (!IsSideParty(party)) continue;
    if (party.rights_notice_at_ms() == 0) rights->add_missing_party_id(party.party_id());
    if (!HasPaperOf(state, v1::F3_IDENTITY, party.party_id()))
      identity->add_missing_party_id(party.party_id());
  }
  const bool all_know = rights->missing_party_id().empty() && !state.party().empty();
  Recorded(all_know, all_know ? 1 : 0, rights);  // one paper, which all of them sign
  Signed(all_know ? Signing::kDone : state.party().empty() ? Signing::kNone : Signing::kOpen, rights);
  identity->set_present(identity->missing_party_id().empty());
}

void AddWork(const v1::State& state, v1::FileIndex* index) {
  auto* authority = Line(state, v1::F4_AUTHORITY, false, index);
  bool all_signed = true;
  for (const auto& session : state.session()) {
    for (const auto& who : session.attendance()) {
      const bool came = who.present() || who.by_agent();
      all_signed &= !came || who.signed_record();
      const auto& missing = authority->missing_party_id();
      if (who.by_agent() && !HasPaperOf(state, v1::F4_AUTHORITY, who.party_id()) &&
          std::ranges::find(missing, who.party_id()) == missing.end()) {
        authority->add_missing_party_id(who.party_id());
      }
    }
  }
  authority->set_mandatory(authority->present() || !authority->missing_party_id().empty());
  authority->set_present(authority->present() && authority->missing_party_id().empty());
  Signed(Signing::kNone, authority);
  if (!authority->missing_party_id().empty()) authority->set_state(v1::PAPER_TO_SIGN);
  Line(state, v1::F5_INVESTIGATION, false, index);
  Line(state, v1::F6_EVIDENCE, false, index);
  auto* records = Line(state, v1::F7_SESSION_RECORD, !state.session().empty(), index);
  // Signed by those who were there, here or on the paper.
  Recorded(!state.session().empty() && all_signed, state.session_size(), records);
  Signed(state.session().empty() ? Signing::kNone : all_signed ? Signing::kDone : Signing::kOpen, records);
}

void AddAgreement(const v1::State& state, v1::FileIndex* index) {
  const auto& agreement = state.agreement();
  const bool binds = Binds(state);
  const bool drafted = !binds && state.status() == v1::AGREED;
  const bool written = binds && agreement.form() == v1::WRITTEN;
  const bool oral = binds && agreement.form() == v1::ORAL;
  // One that another has taken the place of was binding, and stays in the file (Art. 27).
  const auto former = [&state](v1::AgreementForm form) {
    return static_cast<int>(std::ranges::count(state.former_agreement(), form, &v1::Agreement::form));
  };
  const int were_written = former(v1::WRITTEN), were_oral = former(v1::ORAL);
  auto* paper = Line(state, v1::F8_AGREEMENT, written || were_written > 0, index);
  Recorded((written && agreement.sealed_at_ms() > 0) || were_written > 0, were_written + (written ? 1 : 0), paper);
  Signed(drafted ? Signing::kOpen : written || were_written > 0 ? Signing::kDone : Signing::kNone, paper);
  auto* entry = Line(state, v1::F8B_ORAL_REGISTER, oral || were_oral > 0, index);
  Recorded((oral && agreement.mediator_signed_at_ms() > 0) || were_oral > 0, were_oral + (oral ? 1 : 0), entry);
  Signed(oral || were_oral > 0 ? Signing::kDone : Signing::kNone, entry);
  auto* receipts = Line(state, v1::F9_RECEIPTS, false, index);
  for (const auto& promise : state.promise()) {
    for (const auto& performance : promise.performance()) {
      if (performance.receipt_sha256().empty()) continue;
      receipts->add_sha256(performance.receipt_sha256());
      Recorded(true, 1, receipts);
    }
  }
  auto* visits = Line(state, v1::F10_VISITS, false, index);
  Recorded(!state.visit().empty(), state.visit_size(), visits);
  Signed(state.visit().empty() ? Signing::kNone : Signing::kOpen, visits);
  const auto& confirmation = state.confirmation_record();
  auto* court = Line(state, v1::F11_CONFIRMATION, state.has_confirmation_record(), index);
  if (!confirmation.document_sha256().empty()) {
    court->add_sha256(confirmation.document_sha256());
    Recorded(true, 1, court);
  }
  // Taken back before anything was decided: the application itself is the material.
  Recorded(state.confirmation() == v1::WITHDRAWN, 0, court);
}

// The platform wrote the notice by itself, and a side has no account to read it with: the paper has to be handed over.
bool WaitsForPaper(const v1::State& state) {
  return state.remedy_notice().how() == kByPlatform && std::ranges::any_of(state.party(), [](const v1::Party& party) {
           return IsSideParty(party) && party.person().user_id().empty();
         });
}

void AddEnd(const v1::State& state, v1::FileIndex* index) {
  const bool without_agreement = state.ended_at_ms() > 0;
  auto* notice = Line(state, v1::F_END_NOTICE, without_agreement, index);
  if (!state.refusal_code().empty()) notice->set_title_zh("不予受理告知书");
  const bool noticed = without_agreement && state.has_remedy_notice();
  Recorded(noticed && !WaitsForPaper(state), noticed ? 1 : 0, notice);
  Signed(noticed && WaitsForPaper(state) ? Signing::kOpen : Signing::kNone, notice);
  const bool over = without_agreement || state.completed_at_ms() > 0;
  // 特邀调解规定 26: who ends it reports to the court in writing and hands the papers over; the signed copy shows it.
  const bool courts = state.kind() == v1::COURT_DELEGATED || state.kind() == v1::COURT_ENTRUSTED;
  auto* told = Line(state, v1::F_COURT_REPORT, courts && over, index);
  const bool to_tell = courts && (over || Binds(state));
  Recorded(false, to_tell ? 1 : 0, told);
  Signed(to_tell ? Signing::kOpen : Signing::kNone, told);
  auto* report = Line(state, v1::F_CLOSING_REPORT, false, index);
  Recorded(over, over ? 1 : 0, report);
  auto* statement = Line(state, v1::F12_STATEMENT, false, index);
  const bool explained = !state.why_incomplete().empty();
  Recorded(explained, explained ? 1 : 0, statement);
}

}  // namespace

std::span<const FormRule> FormRules() { return kForms; }

v1::FileIndex FileIndexOf(const v1::State& state) {
  v1::FileIndex index;
  // Cover, contents and back cover are made from the case when it is archived.
  Recorded(true, 1, Line(state, v1::F0_COVER, true, &index));
  Recorded(true, 1, Line(state, v1::F0A_CONTENTS, true, &index));
  AddIntake(state, state.accepted_at_ms() > 0, &index);
  AddWork(state, &index);
  AddAgreement(state, &index);
  AddEnd(state, &index);
  Recorded(true, 1, Line(state, v1::F13_BACK_COVER, true, &index));
  for (v1::FileLine& line : *index.mutable_line()) {
    if (line.mandatory() && !line.present() && line.state() == v1::PAPER_STATE_UNSPECIFIED) {
      line.set_state(v1::PAPER_MISSING);
    } else if (line.present() && line.state() == v1::PAPER_STATE_UNSPECIFIED) {
      line.set_state(v1::PAPER_PRESENT);
    }
  }
  index.set_complete(MissingForms(index).empty());
  return index;
}

std::string MissingForms(const v1::FileIndex& index) {
  std::string missing;
  for (const auto& line : index.line()) {
    if (!line.mandatory() || line.present()) continue;
    absl::StrAppend(&missing, missing.empty() ? "" : " ", v1::FormKind_Name(line.form()));
    if (!line.missing_party_id().empty()) {
      absl::StrAppend(&missing, "(", absl::StrJoin(line.missing_party_id(), ","), ")");
    }
  }
  return missing;
}

bool MissesOnlyExcusable(const v1::FileIndex& index) {
  return std::ranges::all_of(index.line(), [](const v1::FileLine& line) {
    return !line.mandatory() || line.present() || line.excusable();
  });
}

}  // namespace mediation
