#include "services/mediation/documents.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <utility>

#include "base/status_macros.h"
#include "services/mediation/document_values.h"
#include "services/mediation/domain/file_index.h"
#include "services/mediation/domain/promise.h"
#include "services/mediation/mediation_pages.h"

namespace mediation {
namespace {

constexpr std::string_view kContents = "0a", kBackCover = "13";

bool IsCover(std::string_view key) { return key == "0" || key == kBackCover; }
std::string AnchorOf(std::string_view key) { return absl::StrCat("f", std::string(key)); }

// What belongs into the file: what must be there, and what is.
bool InFile(const v1::FileLine& line) { return line.mandatory() || line.present() || line.count() > 0; }

// What says that something came about is printed once it has, or for the pens of those it binds: others act upon it.
bool HasReason(const v1::State& state, const v1::FileLine& line) {
  const bool agreeing = state.has_agreement() && state.ended_at_ms() == 0;
  const bool oral = state.agreement().form() == v1::ORAL;
  switch (line.form()) {
    case v1::F8_AGREEMENT:
      return InFile(line) || (agreeing && !oral);
    case v1::F8B_ORAL_REGISTER:
      return InFile(line) || (agreeing && oral);
    case v1::F_CLOSING_REPORT:
      return InFile(line) || Binds(state);
    case v1::F10_VISITS:
    case v1::F_END_NOTICE:
    case v1::F_COURT_REPORT:
      return InFile(line);
    default:
      return true;
  }
}

// Whose paper is not there, of those whom the form is asked of: "（何某）".
std::string WhoseOf(const CaseFacts& facts, const v1::FileLine& line) {
  std::string whose;
  for (const auto& id : line.missing_party_id()) absl::StrAppend(&whose, whose.empty() ? "" : "、", NameOf(facts, id));
  return whose.empty() ? "" : absl::StrCat("（", whose, "）");
}

// A volume that is closed waits for nothing: what is unsigned in it was explained, or need not be signed.
std::string RemarkOf(const CaseFacts& facts, const v1::FileLine& line) {
  const bool archived = facts.state.archived_at_ms() > 0;
  if (line.state() == v1::PAPER_NOT_RECEIVED) return "未收到";
  const bool unsigned_here = line.state() == v1::PAPER_TO_SIGN;  // it lies in the file
  if (unsigned_here && !archived) return absl::StrCat("待签", WhoseOf(facts, line));
  if (unsigned_here && Waits(line)) return absl::StrCat("未签名", WhoseOf(facts, line), "，见情况说明");
  if (line.state() == v1::PAPER_MISSING || (!unsigned_here && line.mandatory() && !line.present())) {
    return absl::StrCat("缺", WhoseOf(facts, line));
  }
  return line.count() > 1 ? absl::StrCat(line.count(), "份") : "";
}

// 卷内目录: the papers between the covers.
press::Values ContentsOf(const CaseFacts& facts, const v1::FileIndex& index,
                         const std::map<std::string, int>& page_of) {
  press::Values values = BaseOf(facts);
  values.List("entries");
  int no = 0;
  for (const auto& line : index.line()) {
    if (!InFile(line) || IsCover(line.key()) || line.key() == kContents) continue;
    const auto page = page_of.find(AnchorOf(line.key()));
    values.Row("entries")
        .Text("no", std::to_string(++no))
        .Text("title", line.title_zh())
        .Text("page", page == page_of.end() ? "" : std::to_string(page->second))
        .Text("remark", RemarkOf(facts, line));
  }
  return values;
}

}  // namespace

absl::StatusOr<Documents> Documents::Make() {
  ASSIGN_OR_RETURN(auto templates, press::Templates::Make(pages::kPages));
  return Documents(std::move(templates));
}

absl::StatusOr<std::vector<press::Section>> Documents::Sections(const CaseFacts& facts, const v1::FileLine& line,
                                                                int no) const {
  const Form* form = FindForm(line.key());
  if (form == nullptr || form->fill == nullptr) return absl::NotFoundError("no such form");
  std::vector<press::Section> sections;
  for (const press::Values& values : form->fill(facts, no)) {
    ASSIGN_OR_RETURN(std::string html, templates_.Fill(form->page, values));
    std::string anchor = AnchorOf(line.key());
    if (!sections.empty()) absl::StrAppend(&anchor, "n", sections.size() + 1);
    sections.push_back({std::move(anchor), std::move(html), IsCover(line.key())});
  }
  return sections;
}

std::vector<std::string> Documents::KeysOf(const CaseFacts& facts) {
  const v1::FileIndex index = FileIndexOf(facts.state, facts.HasCome());
  std::vector<std::string> keys;
  for (const auto& line : index.line()) {
    if (HasReason(facts.state, line)) keys.push_back(line.key());
  }
  return keys;
}

absl::StatusOr<press::Paper> Documents::One(const CaseFacts& facts, std::string_view key, int no) const {
  const v1::FileIndex index = FileIndexOf(facts.state, facts.HasCome());
  const auto line = std::ranges::find(index.line(), key, &v1::FileLine::key);
  if (line == index.line().end() || !HasReason(facts.state, *line)) return absl::NotFoundError("no such form");
  press::Paper paper{line->title_zh(), facts.state.file_no(), "form", {}};
  if (key == kContents) {
    ASSIGN_OR_RETURN(std::string html, templates_.Fill("f0a_contents", ContentsOf(facts, index, {})));
    paper.sections.push_back({AnchorOf(key), std::move(html), false});
    return paper;
  }
  ASSIGN_OR_RETURN(paper.sections, Sections(facts, *line, no));
  if (paper.sections.empty()) return absl::NotFoundError("nothing to put into this form");
  return paper;
}

absl::StatusOr<press::Paper> Documents::File(const CaseFacts& facts, const std::map<std::string, int>& page_of) const {
  const v1::FileIndex index = FileIndexOf(facts.state, facts.HasCome());
  press::Paper paper{"人民调解卷宗", facts.state.file_no(), "form", {}};
  for (const auto& line : index.line()) {
    if (!InFile(line)) continue;
    if (line.key() == kContents) {
      ASSIGN_OR_RETURN(std::string html, templates_.Fill("f0a_contents", ContentsOf(facts, index, page_of)));
      paper.sections.push_back({AnchorOf(line.key()), std::move(html), false});
      continue;
    }
    const auto last = page_of.find(AnchorOf(kBackCover));
    if (line.key() == kBackCover && last != page_of.end()) {  // it is the last page
      press::Values values = FillBackCover(facts, 0).front();
      values.Text("pages", std::to_string(last->second));
      ASSIGN_OR_RETURN(std::string html, templates_.Fill("f13_back", values));
      paper.sections.push_back({AnchorOf(line.key()), std::move(html), true});
      continue;
    }
    ASSIGN_OR_RETURN(auto sections, Sections(facts, line, 0));
    std::ranges::move(sections, std::back_inserter(paper.sections));
  }
  return paper;
}

}  // namespace mediation
