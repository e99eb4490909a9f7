#include "services/mediation/domain/file_index.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include <algorithm>

#include "services/mediation/domain/decide.h"
#include "services/mediation/domain/promise.h"

namespace mediation {
namespace {

bool HasPaperOf(const v1::State& state, v1::FormKind form, std::string_view party_id) {
  return std::ranges::any_of(state.document(), [&](const v1::FiledDocument& filed) {
    return filed.form() == form && filed.party_id() == party_id;
  });
}

// A line with the papers filed for it.
v1::FileLine* Line(const v1::State& state, v1::FormKind form, const char* title_zh, bool mandatory,
                   v1::FileIndex* index) {
  auto* line = index->add_line();
  line->set_form(form);
  line->set_title_zh(title_zh);
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

void AddIntake(const v1::State& state, bool accepted, v1::FileIndex* index) {
  Recorded(state.intake_complete(), 1,
           Line(state, v1::F1_APPLICATION_OR_REGISTER,
                state.source() == v1::ON_APPLICATION ? "人民调解申请书" : "人民调解受理登记表", true, index));
  auto* rights = Line(state, v1::F2_RIGHTS_NOTICE, "权利义务告知书", accepted, index);
  auto* identity = Line(state, v1::F3_IDENTITY, "当事人身份证明", accepted, index);
  for (const auto& party : state.party()) {
    if (!IsSideParty(party)) continue;
    if (party.rights_notice_at_ms() == 0) rights->add_missing_party_id(party.party_id());
    if (!HasPaperOf(state, v1::F3_IDENTITY, party.party_id()))
      identity->add_missing_party_id(party.party_id());
  }
  Recorded(rights->missing_party_id().empty(), state.party_size() - rights->missing_party_id_size(), rights);
  identity->set_present(identity->missing_party_id().empty());
}

void AddWork(const v1::State& state, v1::FileIndex* index) {
  auto* authority = Line(state, v1::F4_AUTHORITY, "授权委托书", false, index);
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
  Line(state, v1::F5_INVESTIGATION, "人民调解调查记录", false, index);
  Line(state, v1::F6_EVIDENCE, "证据材料", false, index);
  auto* records = Line(state, v1::F7_SESSION_RECORD, "人民调解记录", !state.session().empty(), index);
  // Signed by those who were there, here or on the paper.
  Recorded(!state.session().empty() && all_signed, state.session_size(), records);
}

void AddAgreement(const v1::State& state, v1::FileIndex* index) {
  const auto& agreement = state.agreement();
  const bool binds = Binds(state);
  const bool written = binds && agreement.form() == v1::WRITTEN;
  const bool oral = binds && agreement.form() == v1::ORAL;
  Recorded(written && agreement.sealed_at_ms() > 0, written ? 1 : 0,
           Line(state, v1::F8_AGREEMENT, "人民调解协议书", written, index));
  Recorded(oral && agreement.mediator_signed_at_ms() > 0, oral ? 1 : 0,
           Line(state, v1::F8B_ORAL_REGISTER, "人民调解口头协议登记表", oral, index));
  auto* receipts = Line(state, v1::F9_RECEIPTS, "履行凭证", false, index);
  for (const auto& promise : state.promise()) {
    for (const auto& performance : promise.performance()) {
      if (performance.receipt_sha256().empty()) continue;
      receipts->add_sha256(performance.receipt_sha256());
      Recorded(true, 1, receipts);
    }
  }
  Recorded(!state.visit().empty(), state.visit_size(),
           Line(state, v1::F10_VISITS, "人民调解回访记录", false, index));
  const auto& confirmation = state.confirmation_record();
  auto* court = Line(state, v1::F11_CONFIRMATION, "司法确认材料", state.has_confirmation_record(), index);
  if (!confirmation.document_sha256().empty()) {
    court->add_sha256(confirmation.document_sha256());
    Recorded(true, 1, court);
  }
  // Taken back before anything was decided: the application itself is the material.
  Recorded(state.confirmation() == v1::WITHDRAWN, 0, court);
}

}  // namespace

v1::FileIndex FileIndexOf(const v1::State& state) {
  v1::FileIndex index;
  const bool accepted = state.accepted_at_ms() > 0;
  const bool without_agreement = state.ended_at_ms() > 0;
  // Cover, contents and back cover are made from the case when it is archived.
  Recorded(true, 1, Line(state, v1::F0_COVER, "卷宗封面", true, &index));
  Recorded(true, 1, Line(state, v1::F0A_CONTENTS, "卷内目录", true, &index));
  AddIntake(state, accepted, &index);
  AddWork(state, &index);
  AddAgreement(state, &index);
  Recorded(without_agreement && state.has_remedy_notice(), without_agreement ? 1 : 0,
           Line(state, v1::F_END_NOTICE, state.refusal_code().empty() ? "终止调解告知书" : "不予受理告知书",
                without_agreement, &index));
  Line(state, v1::F12_STATEMENT, "卷宗情况说明", false, &index);
  Recorded(true, 1, Line(state, v1::F13_BACK_COVER, "封底", true, &index));
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

}  // namespace mediation
