#include "services/rpc/free_text.h"

#include <algorithm>
#include <set>

#include "services/rpc/masking.h"

namespace rpc {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

constexpr size_t kPhoneDigits = 11;
constexpr size_t kIdPlaces = 18;

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// The digit at `at`, ASCII or full-width (U+FF10 to U+FF19), and how many bytes it takes; size 0: none.
struct Digit {
  int value = 0;
  size_t size = 0;
};

Digit DigitAt(std::string_view text, size_t at) {
  if (at >= text.size()) return {};
  const char c = text[at];
  if (c >= '0' && c <= '9') return {c - '0', 1};
  if (at + 2 >= text.size() || c != '\xef' || text[at + 1] != '\xbc') return {};
  const auto last = static_cast<unsigned char>(text[at + 2]);
  return last >= 0x90 && last <= 0x99 ? Digit{last - 0x90, 3} : Digit{};
}

// Whether a number may end here: no digit and no letter follows.
bool EndsAt(std::string_view text, size_t at) {
  return at >= text.size() || (DigitAt(text, at).size == 0 && !IsLetter(text[at]));
}

size_t SeparatorAt(std::string_view text, size_t at) {
  return at < text.size() && (text[at] == ' ' || text[at] == '-' || text[at] == '.') ? 1 : 0;
}

// Bytes of a mobile number at `at`; 0: none.
size_t PhoneAt(std::string_view text, size_t at) {
  size_t end = at;
  for (size_t i = 0; i < kPhoneDigits; ++i) {
    if (i == 3 || i == 7) end += SeparatorAt(text, end);
    const Digit digit = DigitAt(text, end);
    if (digit.size == 0 || (i == 0 && digit.value != 1) || (i == 1 && digit.value < 3)) return 0;
    end += digit.size;
  }
  return EndsAt(text, end) ? end - at : 0;
}

// The same with the country's prefix.
size_t PrefixedPhoneAt(std::string_view text, size_t at) {
  size_t end = at;
  if (text.substr(end).starts_with("00")) end += 2;
  if (!text.substr(end).starts_with("86")) return 0;
  end += 2;
  end += SeparatorAt(text, end);
  const size_t phone = PhoneAt(text, end);
  return phone == 0 ? 0 : end + phone - at;
}

bool IsDate(const int* digit) {  // YYYYMMDD
  const int century = digit[0] * 10 + digit[1];
  const int month = digit[4] * 10 + digit[5];
  const int day = digit[6] * 10 + digit[7];
  return (century == 19 || century == 20) && month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

// Bytes of the check place X, in either width and case; 0: it is none.
size_t CheckAt(std::string_view text, size_t at) {
  for (const std::string_view x : {"X", "x", "Ｘ", "ｘ"}) {
    if (text.substr(std::min(at, text.size())).starts_with(x)) return x.size();
  }
  return 0;
}

// Bytes of an identity number at `at`, in one run or as place, birthday and rest; 0: none.
size_t IdNumberAt(std::string_view text, size_t at) {
  int digits[kIdPlaces] = {};
  size_t end = at;
  for (size_t i = 0; i < kIdPlaces; ++i) {
    if (i == 6 || i == 14) end += SeparatorAt(text, end);
    const Digit digit = DigitAt(text, end);
    if (digit.size == 0) {
      const size_t check = i + 1 == kIdPlaces ? CheckAt(text, end) : 0;
      if (check == 0) return 0;
      end += check;
      break;
    }
    digits[i] = digit.value;
    end += digit.size;
  }
  return digits[0] != 0 && IsDate(digits + 6) && EndsAt(text, end) ? end - at : 0;
}

bool FindWords(const Descriptor* type, std::set<const Descriptor*>* seen) {
  if (!seen->insert(type).second) return false;
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* field = type->field(i);
    if (HoldsWords(field)) return true;
    if (field->message_type() != nullptr && FindWords(field->message_type(), seen)) return true;
  }
  return false;
}

}  // namespace

bool HoldsWords(const FieldDescriptor* field) {
  if (field->type() != FieldDescriptor::TYPE_STRING) return false;
  const kernel::v1::FieldRule& rule = field->options().GetExtension(kernel::v1::field);
  if (rule.personal() != kernel::v1::PERSONAL_NONE) return false;
  if (field->is_repeated() || rule.max_length() >= kWordsMin) return true;
  return rule.max_length() == 0 && field->name() == "text";  // of a place, which has no rule of its own
}

bool HasWords(const Descriptor* type) {
  std::set<const Descriptor*> seen;
  return FindWords(type, &seen);
}

std::vector<NumberInText> NumbersIn(std::string_view text) {
  std::vector<NumberInText> found;
  bool inside = false;  // of a run of digits and letters, where no number begins
  for (size_t at = 0; at < text.size();) {
    const Digit digit = DigitAt(text, at);
    if (digit.size == 0 || inside) {
      inside = digit.size > 0 || IsLetter(text[at]);
      at += digit.size > 0 ? digit.size : 1;
      continue;
    }
    NumberInText number{at, IdNumberAt(text, at), kernel::v1::PERSONAL_ID_NUMBER};
    if (number.size == 0) number = {at, PhoneAt(text, at), kernel::v1::PERSONAL_PHONE};
    if (number.size == 0) number = {at, PrefixedPhoneAt(text, at), kernel::v1::PERSONAL_PHONE};
    if (number.size == 0) {
      inside = true;
      at += digit.size;
      continue;
    }
    found.push_back(number);
    at += number.size;
  }
  return found;
}

std::string ReplaceTokens(std::string_view text, const std::function<std::string(std::string_view)>& shown) {
  std::string out;
  while (true) {
    const size_t open = text.find(kInlineToken);
    const size_t close = open == std::string_view::npos ? open : text.find(kInlineClose, open);
    if (close == std::string_view::npos) break;
    const size_t token = open + kInlineOpen.size();
    out += text.substr(0, open);
    out += shown(text.substr(token, close - token));
    text.remove_prefix(close + kInlineClose.size());
  }
  return out += text;
}

std::string ReplaceNumbers(std::string_view text,
                           const std::function<std::string(kernel::v1::Personal, std::string_view)>& shown) {
  std::string out;
  size_t done = 0;
  for (const NumberInText& number : NumbersIn(text)) {
    out += text.substr(done, number.at - done);
    out += shown(number.kind, text.substr(number.at, number.size));
    done = number.at + number.size;
  }
  return out += text.substr(done);
}

std::string WithMaskedNumbers(std::string_view text) { return ReplaceNumbers(text, Masked); }

}  // namespace rpc
