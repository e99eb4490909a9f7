// What is to be done before a file is whole, line by line, and who has to do it.
#include <absl/strings/str_cat.h>

#include <algorithm>
#include <string>
#include <utility>

#include "services/mediation/domain/file_index.h"

namespace mediation {
namespace {

constexpr size_t kDigestShown = 12;  // of the digest, as the foot of a paper shows its beginning

v1::FileTask* Add(v1::FileTaskKind kind, std::string zh, std::string en, v1::FileLine* line) {
  auto* task = line->add_task();
  task->set_kind(kind);
  task->set_text_zh(std::move(zh));
  task->set_text_en(std::move(en));
  return task;
}

// Who named the paper, and has it.
std::string NamedBy(const v1::State& state, std::string_view sha256) {
  for (const auto& filed : state.document()) {
    if (filed.sha256() == sha256) return filed.by_user_id();
  }
  for (const auto& paper : state.paper()) {
    if (paper.sha256() == sha256) return paper.by_user_id();
  }
  for (const auto& one : state.investigation()) {
    if (std::ranges::find(one.signed_sha256(), sha256) != one.signed_sha256().end()) return one.mediator_user_id();
  }
  return "";
}

void AddUploads(const v1::State& state, v1::FileLine* line) {
  for (const std::string& sha256 : line->awaited_sha256()) {
    const std::string shown = sha256.substr(0, kDigestShown);
    auto* task = Add(v1::UPLOAD_PAPER,
                     absl::StrCat("《", line->title_zh(), "》的扫描件（", shown, "）未收到，请由登记的人重新上传。"),
                     absl::StrCat("The scan ", shown, " never came: whoever recorded it uploads it again."), line);
    task->set_sha256(sha256);
    task->set_user_id(NamedBy(state, sha256));
  }
}

// Whoever signs it, and whoever has it printed and put into the file.
void AddSignature(const v1::State& state, v1::FileLine* line) {
  const char* signers_zh = "当事人";
  const char* signers_en = "the parties";
  std::string user_id = state.registered_by();
  if (line->form() == v1::F_COURT_REPORT) {
    signers_zh = "委派、委托的人民法院";
    signers_en = "the court";
  } else if (line->form() == v1::F1B_REGISTER || line->key() == "1b") {
    signers_zh = "当事人和登记人";
    signers_en = "the parties and the registrar";
  } else if (line->form() == v1::F8B_ORAL_REGISTER) {
    signers_zh = "调解委员会加盖印章、调解员";
    signers_en = "the mediator, with the committee's seal on it";
    user_id = state.chair_user_id();
  } else if (line->form() == v1::F5_INVESTIGATION) {
    signers_zh = "被调查人和调查人";
    signers_en = "those who were asked and whoever asked them";
    user_id = state.chair_user_id();
  } else if (line->form() == v1::F7_SESSION_RECORD) {
    signers_zh = "到场的当事人和调解员";
    signers_en = "those who were there";
    user_id = state.chair_user_id();
  } else if (line->form() == v1::F_END_NOTICE) {
    signers_zh = "没有账号的当事人";
    signers_en = "the parties who have no account";
  }
  Add(v1::SIGN_PAPER, absl::StrCat("打印《", line->title_zh(), "》，由", signers_zh, "签名，扫描后归入卷宗。"),
      absl::StrCat("Print it, have it signed by ", signers_en, ", and put the scan into the file."), line)
      ->set_user_id(std::move(user_id));
}

void AddParties(const v1::State& state, v1::FileLine* line) {
  const bool rights = line->form() == v1::F2_RIGHTS_NOTICE;
  for (const std::string& party_id : line->missing_party_id()) {
    auto* task = rights ? Add(v1::RECORD_STEP, absl::StrCat("向当事人 ", party_id, " 送达《", line->title_zh(), "》并登记。"),
                              absl::StrCat("Give the notice to ", party_id, " and record it."), line)
                        : Add(v1::BRING_PAPER, absl::StrCat("请当事人 ", party_id, " 提供《", line->title_zh(), "》，归入卷宗。"),
                              absl::StrCat("Have ", party_id, " bring the paper, and put it into the file."), line);
    task->set_party_id(party_id);
    task->set_user_id(state.registered_by());
  }
}

// A form that the steps of the case fill, and have not.
void AddStep(const v1::State& state, v1::FileLine* line) {
  const bool intake = line->form() == v1::F1_APPLICATION_OR_REGISTER || line->form() == v1::F1B_REGISTER;
  const bool ruling = line->form() == v1::F11_CONFIRMATION;
  auto* task = Add(ruling ? v1::BRING_PAPER : v1::RECORD_STEP,
                   ruling   ? std::string("将确认的裁定或者文书归入卷宗。")
                   : intake ? std::string("补全受理登记。")
                            : absl::StrCat("办理并登记《", line->title_zh(), "》。"),
                   ruling   ? "Put the ruling into the file."
                   : intake ? "Complete the intake."
                            : "Take and record the step this form shows.",
                   line);
  task->set_user_id(intake || ruling ? state.registered_by() : state.chair_user_id());
}

}  // namespace

void AddTasks(const v1::State& state, v1::FileIndex* index) {
  for (v1::FileLine& line : *index->mutable_line()) {
    if (!Waits(line)) continue;
    AddUploads(state, &line);
    AddParties(state, &line);
    if (line.state() == v1::PAPER_TO_SIGN && line.missing_party_id().empty()) {
      AddSignature(state, &line);
    } else if (line.task().empty()) {
      AddStep(state, &line);
    }
  }
}

}  // namespace mediation
