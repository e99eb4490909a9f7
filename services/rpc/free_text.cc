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
constexpr size_t kCardDigitsMin = 16;
constexpr size_t kCardDigitsMax = 19;

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

size_t BracketAt(std::string_view text, size_t at, std::string_view narrow, std::string_view wide) {
  const std::string_view rest = text.substr(std::min(at, text.size()));
  return rest.starts_with(narrow) ? narrow.size() : rest.starts_with(wide) ? wide.size() : 0;
}

// The first digits of a mobile number, or an area code: 010, 02x, and four digits from 03xx on.
bool LeadsPhone(const int* digit, size_t count) {
  if (count == 4) return digit[0] == 0 && digit[1] >= 3;
  if (count != 3) return false;
  if (digit[0] == 0) return (digit[1] == 1 && digit[2] == 0) || digit[1] == 2;
  return digit[0] == 1 && digit[1] >= 3;
}

// Bytes of a telephone number at `at` whose beginning stands in brackets: "(139)12345678", "（0534）211-0000"; 0: none.
size_t BracketedPhoneAt(std::string_view text, size_t at) {
  size_t end = at + BracketAt(text, at, "(", "（");
  if (end == at) return 0;
  int lead[4] = {}, local[8] = {};
  size_t leads = 0, locals = 0;
  for (Digit digit = DigitAt(text, end); digit.size > 0; digit = DigitAt(text, end)) {
    if (leads == 4) return 0;
    lead[leads++] = digit.value;
    end += digit.size;
  }
  const size_t close = BracketAt(text, end, ")", "）");
  if (close == 0 || !LeadsPhone(lead, leads)) return 0;
  end += close;
  end += SeparatorAt(text, end);
  bool parted = false;
  while (locals < 8) {
    const size_t gap = !parted && (locals == 3 || locals == 4) ? SeparatorAt(text, end) : 0;
    const Digit digit = DigitAt(text, end + gap);
    if (digit.size == 0) break;
    parted = parted || gap > 0;
    local[locals++] = digit.value;
    end += gap + digit.size;
  }
  const bool landline = lead[0] == 0;
  if (landline && locals == 8 && IsDate(local)) return 0;  // a code in brackets, and the day behind it
  const bool whole = locals == 8 || (landline && locals == 7);
  return whole && EndsAt(text, end) ? end - at : 0;
}

// ISO 7812: every second digit from the right counts double.
bool CheckDigitFits(const int* digit, size_t count) {
  int sum = 0;
  for (size_t i = 0; i < count; ++i) {
    const int value = digit[count - 1 - i] * (i % 2 == 1 ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 == 0;
}

// As cards begin: 6 and 955 those of banks here, 35, 4 and 51 to 55 those of others, which have sixteen digits.
bool IsCard(const int* digit, size_t count) {
  const bool here = digit[0] == 6 || (digit[0] == 9 && digit[1] == 5 && digit[2] == 5);
  const bool other = digit[0] == 4 || (digit[0] == 3 && digit[1] == 5) ||
                     (digit[0] == 5 && digit[1] >= 1 && digit[1] <= 5);
  return (here || (other && count == kCardDigitsMin)) && CheckDigitFits(digit, count);
}

// Bytes of the longest card number at `at`, in one run or in groups of four; 0: none.
size_t CardAt(std::string_view text, size_t at) {
  int digits[kCardDigitsMax] = {};
  size_t end = at, longest = 0;
  bool grouped = false;
  for (size_t count = 0; count < kCardDigitsMax;) {
    const bool boundary = count == 4 || (grouped && count > 0 && count % 4 == 0);
    const size_t gap = boundary ? SeparatorAt(text, end) : 0;
    if (grouped && boundary && gap == 0) break;
    const Digit digit = DigitAt(text, end + gap);
    if (digit.size == 0) break;
    grouped = grouped || gap > 0;
    digits[count++] = digit.value;
    end += gap + digit.size;
    if (count >= kCardDigitsMin && EndsAt(text, end) && IsCard(digits, count)) longest = end - at;
  }
  return longest;
}

// What people write before their telephone number when it is their name on WeChat.
bool IsHandle(std::string_view before) {
  std::string lower(before);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return lower == "wx" || lower == "vx" || lower == "weixin" || lower == "wechat";
}

// The number that begins at `at`; size 0: none. `before`: the digits and letters it is joined to, where none begins.
NumberInText NumberAt(std::string_view text, size_t at, std::string_view before) {
  if (const size_t size = BracketedPhoneAt(text, at); size > 0) return {at, size, kernel::v1::PERSONAL_PHONE};
  if (DigitAt(text, at).size == 0 || (!before.empty() && !IsHandle(before))) return {};
  size_t phone = PhoneAt(text, at);
  if (phone == 0) phone = PrefixedPhoneAt(text, at);
  if (!before.empty()) return {at, phone, kernel::v1::PERSONAL_PHONE};
  size_t number = IdNumberAt(text, at);
  if (number == 0 && phone == 0) number = CardAt(text, at);
  if (number > 0) return {at, number, kernel::v1::PERSONAL_ID_NUMBER};
  return {at, phone, kernel::v1::PERSONAL_PHONE};
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
  size_t run = 0;  // where the digits and letters before `at` begin
  for (size_t at = 0; at < text.size();) {
    const NumberInText number = NumberAt(text, at, text.substr(run, at - run));
    if (number.size > 0) {
      found.push_back(number);
      at += number.size;
      run = at;
      continue;
    }
    const size_t digit = DigitAt(text, at).size;
    const bool joins = digit > 0 || IsLetter(text[at]);
    at += digit > 0 ? digit : 1;
    if (!joins) run = at;
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
