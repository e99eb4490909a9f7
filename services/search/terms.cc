#include "services/search/terms.h"

#include <unicode/normalizer2.h>
#include <unicode/translit.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <iterator>

#include "base/area_code.h"
#include "base/check.h"
#include "base/coding.h"
#include "base/crypto.h"
#include "services/search/limits.h"

namespace search {
namespace {

constexpr size_t kKeySize = 32;
constexpr Token kHash = (Token{1} << 56) - 1;
constexpr std::string_view kDigits = "abcdefghijklmnopqrstuvwxyz234567";
constexpr int kTextDigits = 12;

bool IsHan(UChar32 c) {
  return u_hasBinaryProperty(c, UCHAR_IDEOGRAPHIC) != 0 || c == U'〇';
}

// Numbers and codes: letters and digits of any script that has spaces between words.
bool IsWordPart(UChar32 c) { return u_isalnum(c) != 0; }

std::string Utf8(const icu::UnicodeString& text) {
  std::string out;
  text.toUTF8String(out);
  return out;
}

}  // namespace

class Folding {
 public:
  Folding() {
    UErrorCode error = U_ZERO_ERROR;
    fold_ = icu::Normalizer2::getNFKCCasefoldInstance(error);
    CHECK(U_SUCCESS(error)) << "ICU has no case folding";
    simplify_.reset(icu::Transliterator::createInstance("Traditional-Simplified", UTRANS_FORWARD, error));
    CHECK(U_SUCCESS(error) && simplify_ != nullptr) << "ICU has no Traditional-Simplified";
  }

  icu::UnicodeString Fold(std::string_view text) const {
    UErrorCode error = U_ZERO_ERROR;
    icu::UnicodeString folded = fold_->normalize(
        icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int32_t>(text.size()))), error);
    CHECK(U_SUCCESS(error)) << "ICU could not fold a text";
    absl::MutexLock lock(&mutex_);
    simplify_->transliterate(folded);
    return folded;
  }

 private:
  const icu::Normalizer2* fold_ = nullptr;  // ICU's own
  mutable absl::Mutex mutex_;
  std::unique_ptr<icu::Transliterator> simplify_ ABSL_PT_GUARDED_BY(mutex_);
};

Terms::Terms(std::string_view key) : key_(key), folding_(std::make_unique<Folding>()) {
  CHECK_EQ(key.size(), kKeySize);
}
Terms::~Terms() = default;

Token Terms::Of(Kind kind, std::string_view text) const {
  std::string named(1, static_cast<char>(kind));
  named += text;
  {
    absl::MutexLock lock(&mutex_);
    if (const auto at = cache_.find(named); at != cache_.end()) return at->second;
  }
  const std::string digest = base::HmacSha256(key_, named);
  std::string_view bytes = digest;
  uint64_t hash = 0;
  CHECK(base::ReadU64(&bytes, &hash));
  const Token token = Token{static_cast<unsigned char>(kind)} << 56 | (hash & kHash);
  absl::MutexLock lock(&mutex_);
  if (cache_.size() >= kTokensCachedMax) cache_.clear();
  cache_.emplace(std::move(named), token);
  return token;
}

std::string Terms::Fold(std::string_view text) const { return Utf8(folding_->Fold(text)); }

std::vector<std::string> Terms::GramsOf(std::string_view text) const {
  if (text.size() > kWordsBytesMax) text = text.substr(0, kWordsBytesMax);  // ICU replaces a character cut in two
  const icu::UnicodeString folded = folding_->Fold(text);
  std::vector<std::string> grams;
  icu::UnicodeString word;
  UChar32 before = 0;  // the Chinese character before this one; 0: none
  const auto end_word = [&] {
    if (!word.isEmpty()) grams.push_back(Utf8(word));
    word.remove();
  };
  for (int32_t at = 0; at < folded.length();) {
    const UChar32 c = folded.char32At(at);
    at += U16_LENGTH(c);
    if (IsHan(c)) {
      end_word();
      if (before != 0) grams.push_back(Utf8(icu::UnicodeString(before) + c));
      before = c;
      continue;
    }
    before = 0;
    if (IsWordPart(c)) {
      word += c;
    } else {
      end_word();
    }
  }
  end_word();
  std::ranges::sort(grams);
  grams.erase(std::unique(grams.begin(), grams.end()), grams.end());
  return grams;
}

void Terms::AddWords(std::string_view text, std::vector<Token>* out) const {
  for (const std::string& gram : GramsOf(text)) out->push_back(Of(Kind::kWord, gram));
}

void Terms::AddAreas(Kind kind, std::string_view prefix, std::string_view code, std::vector<Token>* out) const {
  for (int level = base::LevelOf(code); level >= 1 && level <= 6; ++level) {
    out->push_back(Of(kind, std::string(prefix) + base::CutTo(code, level)));
  }
}

void Terms::AddCode(std::string_view matter_code, std::vector<Token>* out) const {
  if (matter_code.empty()) return;
  const std::string code = Fold(matter_code);
  out->push_back(Of(Kind::kCode, code));
  if (code.size() > kCodeTail) out->push_back(Of(Kind::kCode, code.substr(code.size() - kCodeTail)));
}

void Terms::AddPhone(std::string_view phone, std::vector<Token>* out) const {
  const icu::UnicodeString folded = folding_->Fold(phone);
  std::string digits;
  for (int32_t i = 0; i < folded.length(); ++i) {
    if (folded.charAt(i) >= u'0' && folded.charAt(i) <= u'9') digits += static_cast<char>(folded.charAt(i));
  }
  if (digits.size() >= kPhoneTail) out->push_back(Of(Kind::kPhone, digits.substr(digits.size() - kPhoneTail)));
}

Token Terms::Bound(Token phone, Token scope) const { return Of(Kind::kPhone, TextOf(phone) + TextOf(scope)); }

std::vector<Token> Terms::PhonesFor(std::string_view tail, const std::vector<Token>& scope) const {
  std::vector<Token> phones;
  for (const Token one : scope) phones.push_back(Bound(Of(Kind::kPhone, tail), one));
  return phones;
}

void Terms::BindPhones(std::vector<Token>* tokens) const {
  const auto of = [tokens](Kind kind) {
    std::vector<Token> found;
    std::ranges::copy_if(*tokens, std::back_inserter(found), [kind](Token token) { return KindOf(token) == kind; });
    return found;
  };
  const std::vector<Token> phones = of(Kind::kPhone);
  const std::vector<Token> scope = of(Kind::kScope);
  std::erase_if(*tokens, [](Token token) { return KindOf(token) == Kind::kPhone; });
  for (const Token phone : phones) {
    for (const Token one : scope) tokens->push_back(Bound(phone, one));
  }
}

std::string Terms::Mark() const { return base::HmacSha256(key_, "mark of the key").substr(0, 8); }
std::string Terms::PageKey() const { return base::HmacSha256(key_, "key of page tokens"); }

void Settle(std::vector<Token>* tokens) {
  std::ranges::sort(*tokens);
  tokens->erase(std::unique(tokens->begin(), tokens->end()), tokens->end());
  // 'w' is the greatest kind: what says who may see it is never cut.
  if (tokens->size() > kDocumentTokensMax) tokens->resize(kDocumentTokensMax);
}

std::string TextOf(Token token) {
  std::string text(1, static_cast<char>(KindOf(token)));
  Token rest = token & kHash;
  for (int i = 0; i < kTextDigits; ++i) {
    text.push_back(kDigits[rest & 31]);
    rest >>= 5;
  }
  return text;
}

}  // namespace search
