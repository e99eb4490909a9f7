#include "services/petition/documents.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <utility>

#include "base/status_macros.h"
#include "services/petition/document_values.h"
#include "services/petition/petition_pages.h"

namespace petition {
namespace {

struct Form {
  std::string_view key;
  std::string_view title;
  std::string_view page;
  std::string_view body_class;
  Filled (*fill)(const PetitionFacts&);
};

// In the order of the procedure.
constexpr Form kForms[] = {
    {"register", "信访事项登记表", "register", "form", FillRegister},
    {"forward", "信访事项转送（交办）函", "forward", "letter", FillForward},
    {"forwardnotice", "信访事项转送（交办）告知书", "forward_notice", "letter", FillForwardNotice},
    {"objection", "信访事项异议函", "objection", "letter", FillObjection},
    {"acceptance", "信访事项受理告知书", "acceptance", "letter", FillAcceptance},
    {"refusal", "信访事项不予受理（导入法定程序）告知书", "refusal", "letter", FillRefusal},
    {"extension", "信访事项延期办理告知书", "extension", "letter", FillExtension},
    {"hearingnotice", "信访事项听证通知书", "hearing_notice", "letter", FillHearingNotice},
    {"hearingrecord", "信访事项听证笔录", "hearing_record", "form", FillHearing},
    {"hearingconclusion", "信访事项听证结论", "hearing_conclusion", "letter", FillHearingConclusion},
    {"reply", "信访建议意见回复书", "reply", "letter", FillReply},
    {"settlement", "信访事项和解（调解）协议书", "settlement", "letter", FillSettlement},
    {"opinion", "信访事项处理意见书", "opinion", "letter", FillOpinion},
    {"reviewrequest", "信访事项复查（复核）申请书", "review_request", "form", FillReviewRequest},
    {"reviewopinion", "信访事项复查（复核）意见书", "review_opinion", "letter", FillReviewOpinion},
    {"receipt", "送达回证", "receipt", "form", FillReceipt},
    {"supervision", "信访事项督办函", "supervision", "letter", FillSupervision},
    {"improvement", "改进建议书", "improvement", "letter", FillImprovement},
    {"backlog", "信访积案化解方案", "backlog_plan", "form", FillBacklog},
    {"commitment", "息诉罢访承诺书", "commitment", "letter", FillCommitment},
    {"termination", "信访事项终结报告", "termination", "form", FillTermination},
    {"closing", "信访事项结案报告", "closing", "form", FillClosing},
};

// A request for review that was not taken has its papers too: it stands where it was asked for.
PetitionFacts WithRefused(PetitionFacts facts) {
  auto* stages = facts.state.mutable_stage();
  stages->MergeFrom(facts.state.refused_request());
  std::ranges::stable_sort(*stages, {}, [](const v1::Stage& stage) {
    const bool handled = stage.kind() == v1::HANDLE;
    return std::pair(handled ? stage.accepted_at_ms() : stage.requested_at_ms(),
                     handled ? 0 : stage.refused_at_ms() != 0 ? 1 : 2);
  });
  return facts;
}

// What a form is called when it is filled: "信访事项复核意见书", "送达回证（信访事项处理意见书）".
std::string TitleOf(const Form& form, const press::Values& values) {
  constexpr std::string_view kEither = "复查（复核）";
  const auto text = [&values](std::string_view name) {
    const auto found = values.texts().find(name);
    return found == values.texts().end() ? std::string() : found->second;
  };
  if (const std::string own = text("title"); !own.empty()) return own;
  std::string title(form.title);
  const std::string stage = text("stage");
  if (const size_t at = title.find(kEither); at != std::string::npos) return title.replace(at, kEither.size(), stage);
  const std::string of = form.key == "receipt" ? text("document") : stage;
  return of.empty() ? title : absl::StrCat(title, "（", of, "）");
}

}  // namespace

absl::StatusOr<Documents> Documents::Make() {
  ASSIGN_OR_RETURN(auto templates, press::Templates::Make(pages::kPages));
  return Documents(std::move(templates));
}

std::vector<Documents::Entry> Documents::List(const PetitionFacts& known) const {
  const PetitionFacts facts = WithRefused(known);
  std::vector<Entry> entries;
  for (const Form& form : kForms) {
    const auto count = static_cast<int>(form.fill(facts).size());
    if (count > 0) entries.push_back({form.key, form.title, count});
  }
  return entries;
}

absl::StatusOr<press::Paper> Documents::One(const PetitionFacts& known, std::string_view key, int no) const {
  const PetitionFacts facts = WithRefused(known);
  const auto* form = std::ranges::find(kForms, key, &Form::key);
  if (form == std::end(kForms)) return absl::NotFoundError("no such paper");
  press::Paper paper{std::string(form->title), facts.state.matter_code(), std::string(form->body_class), {}};
  const Filled filled = form->fill(facts);
  for (size_t i = 0; i < filled.size(); ++i) {
    if (no != 0 && static_cast<size_t>(no) != i + 1) continue;
    ASSIGN_OR_RETURN(std::string html, templates_.Fill(form->page, filled[i]));
    paper.sections.push_back({absl::StrCat(std::string(key), i + 1), std::move(html), false});
  }
  if (paper.sections.empty()) return absl::NotFoundError("there is no such paper yet");
  return paper;
}

absl::StatusOr<press::Paper> Documents::File(const PetitionFacts& known,
                                             const std::map<std::string, int>& page_of) const {
  const PetitionFacts facts = WithRefused(known);
  struct Sheet {
    std::string written_at;
    std::string title;
    press::Section section;
  };
  std::vector<Sheet> sheets;
  for (const Form& form : kForms) {
    const Filled filled = form.fill(facts);
    for (size_t i = 0; i < filled.size(); ++i) {
      ASSIGN_OR_RETURN(std::string html, templates_.Fill(form.page, filled[i]));
      sheets.push_back({filled[i].texts().find(kWrittenAt)->second, TitleOf(form, filled[i]),
                        {absl::StrCat(std::string(form.key), i + 1), std::move(html), false}});
    }
  }
  // As things went; what was written within one moment, in the order of the procedure.
  std::ranges::stable_sort(sheets, {}, &Sheet::written_at);
  press::Values contents = BaseOf(facts, facts.state.office_org(), facts.state.registered_at_ms());
  contents.List("entries");
  for (size_t i = 0; i < sheets.size(); ++i) {
    const auto page = page_of.find(sheets[i].section.anchor);
    contents.Row("entries")
        .Text("no", std::to_string(i + 1))
        .Text("title", sheets[i].title)
        .Text("page", page == page_of.end() ? "" : std::to_string(page->second));
  }
  ASSIGN_OR_RETURN(std::string html, templates_.Fill("contents", contents));
  press::Paper file{"信访事项卷宗", facts.state.matter_code(), "form", {}};
  file.sections.push_back({"contents", std::move(html), false});
  for (Sheet& sheet : sheets) file.sections.push_back(std::move(sheet.section));
  return file;
}

}  // namespace petition
