#include "services/search/question.h"

#include <absl/strings/str_split.h>

#include <algorithm>

#include "base/area_code.h"
#include "base/coding.h"
#include "base/status_macros.h"
#include "services/search/limits.h"

namespace search {
namespace {

kernel::Refusal Invalid(std::string reason, std::string field, std::string zh, std::string en) {
  return {kernel::RefusalCode::kInvalid, std::move(reason), std::move(field), std::move(zh), std::move(en), {}};
}

bool IsPhoneTail(std::string_view text) {
  return text.size() == kPhoneTail && text.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

size_t PageSize(int wanted) { return static_cast<size_t>(wanted <= 0 ? kPageDefault : std::min(wanted, kPageMax)); }

std::optional<kernel::Refusal> Pages::AddWords(std::string_view q, std::vector<std::string>* parts) const {
  const std::string folded = terms_.Fold(q);
  const std::vector<std::string> words =
      absl::StrSplit(folded, absl::ByAnyChar(" \t\r\n"), absl::SkipEmpty());
  if (words.size() > kPartsMax) {
    return Invalid("TOO_MANY_WORDS", "q", "一次最多查" + std::to_string(kPartsMax) + "个词。",
                   "At most " + std::to_string(kPartsMax) + " words at a time.");
  }
  size_t tokens = 0;
  for (const std::string& word : words) {
    std::vector<std::string> grams;
    for (const std::string& gram : terms_.GramsOf(word)) grams.push_back(TextOf(terms_.Of(Kind::kWord, gram)));
    tokens += grams.size();
    // One character alone is in too much to look for; beside other words it is left out.
    if (grams.empty()) continue;
    parts->push_back(EitherOf({TextOf(terms_.Of(Kind::kCode, word)), AllOf(grams)}));
  }
  if (tokens > kAskedTokensMax) {
    return Invalid("TOO_LONG", "q", "查找的内容太长，请减少字数。", "What is looked for is too long.");
  }
  if (!words.empty() && tokens == 0) {
    return Invalid("TOO_SHORT", "q", "请至少输入两个字。", "Enter at least two characters.");
  }
  return std::nullopt;
}

Question Pages::Ask(const Wish& wish, const std::vector<Token>& scope, std::string_view user_id,
                    std::string_view page_token) const {
  Question question;
  std::vector<std::string> parts;
  const auto refuse = [&](kernel::Refusal why) {
    question.refusal = std::move(why);
    return question;
  };
  if (auto refusal = AddWords(wish.q, &parts)) return refuse(*std::move(refusal));
  if (!wish.area_code.empty()) {
    if (base::LevelOf(wish.area_code) == 0) {
      return refuse(Invalid("BAD_AREA", "area_code", "不是有效的区划代码。", "This is no area code."));
    }
    parts.push_back(TextOf(terms_.Of(Kind::kPlace, wish.area_code)));
  }
  if (!wish.org_id.empty()) parts.push_back(TextOf(terms_.Of(Kind::kOrg, wish.org_id)));
  const bool by_phone = !wish.phone_tail.empty();
  if (by_phone && !IsPhoneTail(wish.phone_tail)) {
    return refuse(Invalid("BAD_PHONE_TAIL", "phone_tail", "请输入电话号码的后四位数字。",
                          "Enter the last four digits of the telephone number."));
  }
  if (parts.empty() && !by_phone) {
    return refuse(Invalid("NOTHING_ASKED", "q", "请输入要查找的内容。", "Say what to look for."));
  }
  if (wish.open_only) parts.push_back(TextOf(terms_.Of(Kind::kOpen, "")));
  if (scope.size() > kScopeTokensMax) {
    return refuse({kernel::RefusalCode::kLimit, "TOO_MANY_GRANTS", "", "授权过多，请联系管理员。",
                   "There are too many grants; ask the administrator.", {}});
  }
  if (scope.empty()) return question;  // sees nothing
  parts.push_back(AnyOf(by_phone ? terms_.PhonesFor(wish.phone_tail, scope) : scope));
  question.match = AllOf(parts);
  question.bound = base::Sha256(question.match + '\0' + std::string(user_id));
  if (page_token.empty()) return question;
  const auto sealed = base::FromBase64Url(page_token);
  const auto row = sealed ? seal_.Open(*sealed, question.bound) : std::nullopt;
  std::string_view bytes = row ? std::string_view(*row) : std::string_view();
  if (!base::ReadU64(&bytes, &question.after)) {
    return refuse(Invalid("PAGE_TOKEN", "page_token", "翻页标记与这次查找不符，请重新查找。",
                          "The page token does not belong to this question."));
  }
  return question;
}

absl::StatusOr<std::string> Pages::Walk(
    const Index& index, const Question& question, size_t size,
    const std::function<absl::StatusOr<bool>(const std::string& id)>& visit) const {
  uint64_t after = question.after;
  uint64_t last_shown = after;
  size_t shown = 0;
  const auto token = [&](uint64_t row) {
    std::string bytes;
    base::AppendU64(&bytes, row);
    return base::Base64Url(seal_.SealWithFreshNonce(bytes, question.bound));
  };
  for (size_t looked_at = 0; looked_at < kLookedAtMax;) {
    ASSIGN_OR_RETURN(const auto finds, index.Search(question.match, after, size + 1));
    for (const Find& find : finds) {
      ++looked_at;
      after = find.row;
      ASSIGN_OR_RETURN(const bool seen, visit(find.id));
      if (!seen) continue;
      if (++shown > size) return token(last_shown);
      last_shown = find.row;
    }
    if (finds.size() <= size) return std::string();  // that was all
  }
  return token(after);
}

}  // namespace search
