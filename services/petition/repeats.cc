#include "services/petition/repeats.h"

#include "services/petition/domain/rules.h"

namespace petition {
namespace {

bool SamePerson(const v1::RepeatCandidate& candidate) {
  return candidate.same_id_number() || (candidate.same_phone() && candidate.same_name());
}

void Explain(v1::RepeatCandidate* candidate) {
  struct Part {
    bool agrees;
    const char* zh;
    const char* en;
  };
  const bool phone_only = candidate->same_phone() && !candidate->same_name();
  const Part parts[] = {
      {candidate->same_id_number(), "身份证号相同", "same identity number"},
      {candidate->same_phone() && candidate->same_name(), "姓名和电话相同", "same name and telephone"},
      {phone_only, "电话相同", "same telephone"},
      {candidate->same_respondent(), "被反映单位相同", "same respondent"},
      {candidate->same_area(), "同一乡镇", "same township"},
      {candidate->same_content(), "同一内容分类", "same kind of content"},
  };
  std::string zh, en;
  for (const Part& part : parts) {
    if (!part.agrees) continue;
    zh += (zh.empty() ? "" : "、") + std::string(part.zh);
    en += (en.empty() ? "" : ", ") + std::string(part.en);
  }
  if (candidate->likeness_permille() > 0) {
    const std::string figure = std::to_string(candidate->likeness_permille());
    zh += (zh.empty() ? "" : "、") + std::string("内容相似度") + figure + "‰";
    en += (en.empty() ? "" : ", ") + std::string("likeness of the texts ") + figure + "‰";
  }
  candidate->set_why_zh(zh);
  candidate->set_why_en(en);
}

}  // namespace

bool IsCandidate(const v1::RepeatCandidate& candidate) {
  return candidate.same_id_number() || candidate.same_phone() || candidate.same_matter();
}

void Suggest(const v1::State& own, const v1::State& other, const policy::v1::PetitionPolicy& policy,
             v1::RepeatCandidate* candidate) {
  const bool about_the_same = candidate->same_content() && (candidate->same_respondent() || candidate->same_area());
  const bool compared = policy.revision() > 0;
  candidate->set_same_matter(compared && about_the_same &&
                             candidate->likeness_permille() >= policy.same_matter_permille());
  Explain(candidate);
  const bool open = IsOpen(other.status());
  if (!SamePerson(*candidate)) {
    const bool joins = open && !IsAnswered(other.status()) && own.office_org() == other.office_org();
    candidate->set_merge_suggested(candidate->same_matter() && joins && own.status() == v1::REGISTERED);
    return;
  }
  if (candidate->same_matter()) {
    candidate->set_suggested(open                  ? v1::SAME_IN_PROCESS
                             : other.final_guard() ? v1::SAME_AFTER_FINAL
                                                   : v1::REPEAT);
    candidate->set_suggested_refusal(open ? "NA01" : other.final_guard() ? "NA02" : "");
    return;
  }
  if (!compared) return;  // texts were not compared: nothing speaks for or against
  const bool near = about_the_same && candidate->likeness_permille() >= policy.new_facts_permille();
  candidate->set_suggested(near ? v1::NEW_FACTS : v1::DIFFERENT);
}

}  // namespace petition
