#include "services/mediation/domain/file_index.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include <algorithm>

#include "base/check.h"
#include "services/mediation/domain/decide.h"
#include "services/mediation/domain/promise.h"
#include "services/reference/mentions.h"

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

const FormRule& RuleOf(v1::FormKind form) {
  const auto* rule = std::ranges::find(kForms, form, &FormRule::form);
  CHECK(rule != std::end(kForms));
  return *rule;
}

// What the file is made from, and what it becomes.
struct Sorting {
  const v1::State& state;
  const Received& received;
  v1::FileIndex* index;

  // Without an application the register takes its place, under whichever of the two names a scan was filed.
  v1::FormKind FormOf(const v1::FiledDocument& filed) const {
    const bool register_only = state.source() != v1::ON_APPLICATION;
    return register_only && filed.form() == v1::F1B_REGISTER ? v1::F1_APPLICATION_OR_REGISTER : filed.form();
  }
  bool HasPaperOf(v1::FormKind form, std::string_view party_id) const {
    return std::ranges::any_of(state.document(), [&](const v1::FiledDocument& filed) {
      return FormOf(filed) == form && filed.party_id() == party_id;
    });
  }
  // Of each party named, at least one paper whose bytes are here.
  bool CameOf(v1::FormKind form, std::string_view party_id) const {
    return std::ranges::any_of(state.document(), [&](const v1::FiledDocument& filed) {
      return FormOf(filed) == form && filed.party_id() == party_id && received(filed.sha256());
    });
  }
};

void AddDigest(const std::string& sha256, const Sorting& file, v1::FileLine* line) {
  if (sha256.empty() || std::ranges::find(line->sha256(), sha256) != line->sha256().end()) return;
  line->add_sha256(sha256);
  if (!file.received(sha256)) line->add_awaited_sha256(sha256);
}

// Whether a paper filed for this line is here: it is the form itself, signed.
bool ScanCame(v1::FormKind form, const Sorting& file) {
  return std::ranges::any_of(file.state.document(), [&](const v1::FiledDocument& filed) {
    return file.FormOf(filed) == form && file.received(filed.sha256());
  });
}

// A line with the papers filed for it, and the scans that steps of the case rest on.
v1::FileLine* Line(const Sorting& file, v1::FormKind form, bool mandatory) {
  const FormRule& rule = RuleOf(form);
  auto* line = file.index->add_line();
  line->set_form(form);
  line->set_key(std::string(rule.key));
  line->set_title_zh(std::string(rule.title));
  line->set_mandatory(mandatory);
  int filed_here = 0;
  for (const auto& filed : file.state.document()) {
    if (file.FormOf(filed) != form) continue;
    AddDigest(filed.sha256(), file, line);
    ++filed_here;
  }
  line->set_count(filed_here);
  line->set_present(ScanCame(form, file));
  for (const auto& paper : file.state.paper()) {
    if (paper.form() == form) AddDigest(paper.sha256(), file, line);
  }
  return line;
}

// A paper that a step of the case names and that is the form: a receipt, a ruling.
void AddPaper(const std::string& sha256, const Sorting& file, v1::FileLine* line) {
  if (sha256.empty()) return;
  AddDigest(sha256, file, line);
  line->set_present(line->present() || file.received(sha256));
  line->set_count(line->count() + 1);
}

// Present by what the case itself records, `count` times; papers come on top.
void Recorded(bool present, int count, v1::FileLine* line) {
  line->set_present(line->present() || present);
  line->set_count(line->count() + count);
}

// A form people sign. `sign` says that they did, here; a filed paper is the signed one.
enum class Signing { kNone, kOpen, kDone };
void Signed(Signing sign, const Sorting& file, v1::FileLine* line) {
  if (ScanCame(line->form(), file) || sign == Signing::kDone) return line->set_state(v1::PAPER_SIGNED);
  if (sign == Signing::kOpen) line->set_state(v1::PAPER_TO_SIGN);
}

// Closed without a word about what is missing: it was whole by what was asked for then.
bool ClosedWhole(const v1::State& state) { return state.archived_at_ms() > 0 && state.why_incomplete().empty(); }

// Who applies with an account of their own has signed by doing so; whoever else applied signs on paper.
bool AppliedThemselves(const v1::State& state) {
  return std::ranges::all_of(state.party(), [&](const v1::Party& party) {
    const std::string& user = party.person().user_id();
    return !party.applicant() || (!user.empty() && user == state.registered_by());
  });
}

void AddIntake(const Sorting& file, bool accepted) {
  const v1::State& state = file.state;
  // On application there are both; otherwise the register takes the application's place.
  const bool applied = state.source() == v1::ON_APPLICATION;
  // Signed before the mediation begins; what was never accepted has a notice as its file.
  const bool never_accepted = !accepted && state.ended_at_ms() > 0;
  const Signing open = state.intake_complete() && !never_accepted ? Signing::kOpen : Signing::kNone;
  auto* first = Line(file, v1::F1_APPLICATION_OR_REGISTER, true);
  Recorded(state.intake_complete(), 1, first);
  Signed(applied && state.intake_complete() && AppliedThemselves(state) ? Signing::kDone : open, file, first);
  if (applied) {
    auto* entry = Line(file, v1::F1B_REGISTER, true);
    Recorded(state.intake_complete(), 1, entry);
    Signed(open, file, entry);
  } else {
    first->set_title_zh("人民调解受理登记表");
    first->set_key("1b");
  }
  auto* rights = Line(file, v1::F2_RIGHTS_NOTICE, accepted);
  auto* identity = Line(file, v1::F3_IDENTITY, accepted);
  bool all_came = true;
  for (const auto& party : state.party()) {
    if (!IsSideParty(party)) continue;
    if (party.rights_notice_at_ms() == 0) rights->add_missing_party_id(party.party_id());
    all_came &= file.CameOf(v1::F3_IDENTITY, party.party_id());
    if (!file.HasPaperOf(v1::F3_IDENTITY, party.party_id())) identity->add_missing_party_id(party.party_id());
  }
  const bool all_know = rights->missing_party_id().empty() && !state.party().empty();
  Recorded(all_know, all_know ? 1 : 0, rights);  // one paper, which all of them sign
  // That it was given is the committee's word; that they know of it is theirs (人民调解法 23, 24), under the notice.
  const bool to_sign = !never_accepted && !state.party().empty();
  Signed(all_know && ClosedWhole(state) ? Signing::kDone : to_sign ? Signing::kOpen : Signing::kNone, file, rights);
  identity->set_present(all_came);
}

// Each is recorded here; its signatures stand on the scan that was named with it, or on one that was filed.
void AddInvestigations(const Sorting& file) {
  const auto& held = file.state.investigation();
  auto* records = Line(file, v1::F5_INVESTIGATION, false);
  bool all_signed = !held.empty();
  for (const auto& one : held) {
    for (const auto& sha256 : one.signed_sha256()) AddDigest(sha256, file, records);
    all_signed &= std::ranges::any_of(one.signed_sha256(), file.received);
  }
  Recorded(!held.empty(), held.size(), records);
  if (!held.empty()) Signed(all_signed ? Signing::kDone : Signing::kOpen, file, records);
}

void AddWork(const Sorting& file) {
  const v1::State& state = file.state;
  auto* authority = Line(file, v1::F4_AUTHORITY, false);
  bool all_signed = true, all_came = true, sent_agents = false;
  for (const auto& session : state.session()) {
    for (const auto& who : session.attendance()) {
      const bool came = who.present() || who.by_agent();
      all_signed &= !came || who.signed_record();
      if (!who.by_agent()) continue;
      sent_agents = true;
      all_came &= file.CameOf(v1::F4_AUTHORITY, who.party_id());
      const auto& missing = authority->missing_party_id();
      if (!file.HasPaperOf(v1::F4_AUTHORITY, who.party_id()) &&
          std::ranges::find(missing, who.party_id()) == missing.end()) {
        authority->add_missing_party_id(who.party_id());
      }
    }
  }
  authority->set_mandatory(authority->present() || sent_agents);
  authority->set_present(authority->present() && all_came);
  Signed(Signing::kNone, file, authority);
  if (!authority->missing_party_id().empty()) authority->set_state(v1::PAPER_TO_SIGN);
  AddInvestigations(file);
  Line(file, v1::F6_EVIDENCE, false);
  auto* records = Line(file, v1::F7_SESSION_RECORD, !state.session().empty());
  for (const auto& session : state.session()) {
    for (const auto& sha256 : session.attachment_sha256()) AddDigest(sha256, file, records);
  }
  // Signed by those who were there, here or on the paper.
  Recorded(!state.session().empty() && all_signed, state.session_size(), records);
  Signed(state.session().empty() ? Signing::kNone : all_signed ? Signing::kDone : Signing::kOpen, file, records);
}

void AddAgreement(const Sorting& file) {
  const v1::State& state = file.state;
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
  auto* paper = Line(file, v1::F8_AGREEMENT, written || were_written > 0);
  Recorded((written && agreement.sealed_at_ms() > 0) || were_written > 0, were_written + (written ? 1 : 0), paper);
  Signed(drafted ? Signing::kOpen : written || were_written > 0 ? Signing::kDone : Signing::kNone, file, paper);
  auto* entry = Line(file, v1::F8B_ORAL_REGISTER, oral || were_oral > 0);
  Recorded((oral && agreement.mediator_signed_at_ms() > 0) || were_oral > 0, were_oral + (oral ? 1 : 0), entry);
  // The mediator's record is here; their pen and the committee's seal are on the paper alone.
  const bool spoken = oral || were_oral > 0;
  Signed(!spoken ? Signing::kNone : ClosedWhole(state) ? Signing::kDone : Signing::kOpen, file, entry);
  auto* receipts = Line(file, v1::F9_RECEIPTS, false);
  for (const auto& promise : state.promise()) {
    for (const auto& performance : promise.performance()) AddPaper(performance.receipt_sha256(), file, receipts);
  }
  auto* visits = Line(file, v1::F10_VISITS, false);
  Recorded(!state.visit().empty(), state.visit_size(), visits);
  Signed(state.visit().empty() ? Signing::kNone : Signing::kOpen, file, visits);
  const auto& confirmation = state.confirmation_record();
  auto* court = Line(file, v1::F11_CONFIRMATION, state.has_confirmation_record());
  AddPaper(confirmation.document_sha256(), file, court);
  // What was handed in belongs to it; the court's answer is what must be there.
  for (const auto& sha256 : reference::MentionedDocuments(confirmation)) AddDigest(sha256, file, court);
  // Taken back before anything was decided: the application itself is the material.
  Recorded(state.confirmation() == v1::WITHDRAWN, 0, court);
}

// The platform wrote the notice by itself, and a side has no account to read it with: the paper has to be handed over.
bool WaitsForPaper(const v1::State& state) {
  return state.remedy_notice().how() == kByPlatform && std::ranges::any_of(state.party(), [](const v1::Party& party) {
           return IsSideParty(party) && party.person().user_id().empty();
         });
}

void AddEnd(const Sorting& file) {
  const v1::State& state = file.state;
  const bool without_agreement = state.ended_at_ms() > 0;
  auto* notice = Line(file, v1::F_END_NOTICE, without_agreement);
  if (!state.refusal_code().empty()) notice->set_title_zh("不予受理告知书");
  const bool noticed = without_agreement && state.has_remedy_notice();
  Recorded(noticed && !WaitsForPaper(state), noticed ? 1 : 0, notice);
  Signed(noticed && WaitsForPaper(state) ? Signing::kOpen : Signing::kNone, file, notice);
  const bool over = without_agreement || state.completed_at_ms() > 0;
  // 特邀调解规定 26: who ends it reports to the court in writing and hands the papers over; the signed copy shows it.
  const bool courts = IsOfACourt(state);
  auto* told = Line(file, v1::F_COURT_REPORT, courts && over);
  const bool to_tell = courts && (over || Binds(state));
  Recorded(false, to_tell ? 1 : 0, told);
  Signed(to_tell ? Signing::kOpen : Signing::kNone, file, told);
  auto* report = Line(file, v1::F_CLOSING_REPORT, false);
  Recorded(over, over ? 1 : 0, report);
  auto* statement = Line(file, v1::F12_STATEMENT, false);
  const bool explained = !state.why_incomplete().empty();
  Recorded(explained, explained ? 1 : 0, statement);
}

void SetState(v1::FileLine* line) {
  if (!line->awaited_sha256().empty()) {
    line->set_state(v1::PAPER_NOT_RECEIVED);
  } else if (line->mandatory() && !line->present() && line->state() == v1::PAPER_STATE_UNSPECIFIED) {
    line->set_state(v1::PAPER_MISSING);
  } else if (line->present() && line->state() == v1::PAPER_STATE_UNSPECIFIED) {
    line->set_state(v1::PAPER_PRESENT);
  }
}

}  // namespace

std::span<const FormRule> FormRules() { return kForms; }

v1::FileIndex FileIndexOf(const v1::State& state, const Received& received) {
  v1::FileIndex index;
  const Sorting file{state, received, &index};
  // Cover, contents and back cover are made from the case when it is archived.
  Recorded(true, 1, Line(file, v1::F0_COVER, true));
  Recorded(true, 1, Line(file, v1::F0A_CONTENTS, true));
  AddIntake(file, state.accepted_at_ms() > 0);
  AddWork(file);
  AddAgreement(file);
  AddEnd(file);
  Recorded(true, 1, Line(file, v1::F13_BACK_COVER, true));
  AddTasks(state, &index);
  for (v1::FileLine& line : *index.mutable_line()) {
    SetState(&line);
    // What is here without the scan that did not come, or without a signature, is excused as what others hold is.
    const bool others_hold = Waits(line) && (line.present() || !line.mandatory());
    const bool own_pen_and_seal = line.form() == v1::F8B_ORAL_REGISTER && IsUnsigned(line);
    line.set_excusable(RuleOf(line.form()).excusable || (others_hold && !own_pen_and_seal));
  }
  index.set_complete(MissingForms(index).empty());
  return index;
}

bool Waits(const v1::FileLine& line) {
  if (!line.awaited_sha256().empty()) return true;
  return line.mandatory() && (!line.present() || line.state() == v1::PAPER_TO_SIGN);
}

bool IsUnsigned(const v1::FileLine& line) {
  return line.present() && std::ranges::any_of(line.task(), [](const v1::FileTask& task) {
           return task.kind() == v1::SIGN_PAPER;
         });
}

std::string MissingForms(const v1::FileIndex& index) {
  std::string missing;
  for (const auto& line : index.line()) {
    if (!Waits(line)) continue;
    absl::StrAppend(&missing, missing.empty() ? "" : " ", v1::FormKind_Name(line.form()));
    if (IsUnsigned(line)) absl::StrAppend(&missing, ":unsigned");
    if (!line.missing_party_id().empty()) {
      absl::StrAppend(&missing, "(", absl::StrJoin(line.missing_party_id(), ","), ")");
    }
    if (!line.awaited_sha256().empty()) {
      absl::StrAppend(&missing, "[", absl::StrJoin(line.awaited_sha256(), ","), "]");
    }
  }
  return missing;
}

bool MissesOnlyExcusable(const v1::FileIndex& index) {
  return std::ranges::all_of(index.line(),
                             [](const v1::FileLine& line) { return !Waits(line) || line.excusable(); });
}

}  // namespace mediation
