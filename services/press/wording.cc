#include "services/press/wording.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>

#include <algorithm>
#include <cctype>

#include "base/calendar.h"

namespace press {
namespace {

constexpr const char* kDigits[] = {"零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"};

// 1 … 9999, without a leading zero: "壹仟零伍".
std::string FourInWords(uint64_t number) {
  static constexpr const char* kUnits[] = {"仟", "佰", "拾", ""};
  static constexpr uint64_t kWeights[] = {1000, 100, 10, 1};
  std::string words;
  bool zero = false;
  for (int i = 0; i < 4; ++i) {
    const uint64_t digit = number / kWeights[i] % 10;
    if (digit == 0) {
      zero = !words.empty();
      continue;
    }
    if (zero) words += "零";
    zero = false;
    absl::StrAppend(&words, kDigits[digit], kUnits[i]);
  }
  return words;
}

// 1 and more: by 亿 above 亿, by 万 below.
std::string NumberInWords(uint64_t number) {
  if (number < 10'000) return FourInWords(number);
  const bool huge = number >= 100'000'000;
  const uint64_t unit = huge ? 100'000'000 : 10'000;
  const uint64_t low = number % unit;
  std::string words = absl::StrCat(NumberInWords(number / unit), huge ? "亿" : "万");
  if (low == 0) return words;
  if (low < unit / 10) words += "零";
  return words + NumberInWords(low);
}

// Digits of a text, which stand where they should; -1: there are others.
int NumberAt(std::string_view text, size_t at, size_t size) {
  int number = 0;
  for (const char c : text.substr(at, size)) {
    if (std::isdigit(static_cast<unsigned char>(c)) == 0) return -1;
    number = number * 10 + (c - '0');
  }
  return number;
}

bool IsRealDay(const Identity& born) {
  return born.year >= 0 && born.month >= 1 && born.month <= 12 && born.day >= 1 &&
         born.day <= base::DaysInMonth(born.year, born.month);
}

}  // namespace

std::string AmountInWords(int64_t fen) {
  const uint64_t whole = fen < 0 ? 0 - static_cast<uint64_t>(fen) : static_cast<uint64_t>(fen);
  const uint64_t yuan = whole / 100, jiao = whole / 10 % 10, cent = whole % 10;
  std::string words = fen < 0 ? "负" : "";
  if (yuan > 0 || whole == 0) absl::StrAppend(&words, yuan > 0 ? NumberInWords(yuan) : "零", "元");
  if (jiao > 0) absl::StrAppend(&words, kDigits[jiao], "角");
  if (jiao == 0 && cent > 0 && yuan > 0) words += "零";
  absl::StrAppend(&words, cent > 0 ? absl::StrCat(kDigits[cent], "分") : "整");
  return words;
}

std::string AmountInDigits(int64_t fen) {
  const uint64_t whole = fen < 0 ? 0 - static_cast<uint64_t>(fen) : static_cast<uint64_t>(fen);
  std::string yuan = absl::StrCat(whole / 100);
  for (auto at = static_cast<int>(yuan.size()) - 3; at > 0; at -= 3) yuan.insert(static_cast<size_t>(at), ",");
  return absl::StrFormat("%s%s.%02u", fen < 0 ? "-" : "", yuan, static_cast<unsigned>(whole % 100));
}

std::string DayText(int64_t at_ms) {
  if (at_ms == 0) return "";
  const base::Date date = base::DateOf(base::LocalDay(at_ms));
  return absl::StrCat(date.year, "年", date.month, "月", date.day, "日");
}

std::string MomentText(int64_t at_ms) {
  if (at_ms == 0) return "";
  const int64_t minutes = (at_ms - base::StartOfDayMs(base::LocalDay(at_ms))) / base::kMinuteMs;
  return absl::StrFormat("%s%d时%02d分", DayText(at_ms), minutes / 60, minutes % 60);
}

std::string SpanText(int64_t from_ms, int64_t to_ms) {
  if (from_ms == 0 || to_ms == 0) return MomentText(std::max(from_ms, to_ms));
  std::string to = MomentText(to_ms);
  if (base::LocalDay(from_ms) == base::LocalDay(to_ms)) to.erase(0, DayText(to_ms).size());
  return absl::StrCat(MomentText(from_ms), "至", to);
}

std::string LastDayText(int64_t end_ms) { return end_ms == 0 ? "" : DayText(end_ms - 1); }

std::string_view WithoutStop(std::string_view text) {
  for (bool cut = true; cut;) {
    cut = false;
    for (const std::string_view stop : {"。", "；", "，", ";", ",", ".", " ", "\n"}) {
      if (!text.ends_with(stop)) continue;
      text.remove_suffix(stop.size());
      cut = true;
    }
  }
  return text;
}

std::optional<Identity> IdentityOf(std::string_view id_number) {
  static constexpr int kWeights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  if (id_number.size() != 18) return std::nullopt;
  int sum = 0;
  for (size_t i = 0; i < 17; ++i) {
    if (!std::isdigit(static_cast<unsigned char>(id_number[i]))) return std::nullopt;
    sum += (id_number[i] - '0') * kWeights[i];
  }
  const char check = "10X98765432"[sum % 11];
  if (check != static_cast<char>(std::toupper(static_cast<unsigned char>(id_number[17])))) return std::nullopt;
  const Identity identity{.female = (id_number[16] - '0') % 2 == 0,
                          .year = NumberAt(id_number, 6, 4),
                          .month = NumberAt(id_number, 10, 2),
                          .day = NumberAt(id_number, 12, 2)};
  return IsRealDay(identity) ? std::optional(identity) : std::nullopt;
}

bool IsMistyped(std::string_view id_number) {
  if (id_number.size() != 18 || IdentityOf(id_number)) return false;
  const char last = static_cast<char>(std::toupper(static_cast<unsigned char>(id_number[17])));
  return NumberAt(id_number, 0, 6) >= 0 && NumberAt(id_number, 6, 6) >= 0 && NumberAt(id_number, 12, 5) >= 0 &&
         (last == 'X' || std::isdigit(static_cast<unsigned char>(last)) != 0);
}

std::optional<Identity> BornOn(std::string_view day) {
  if (day.size() != 10 || day[4] != '-' || day[7] != '-') return std::nullopt;
  const Identity born{.year = NumberAt(day, 0, 4), .month = NumberAt(day, 5, 2), .day = NumberAt(day, 8, 2)};
  return IsRealDay(born) ? std::optional(born) : std::nullopt;
}

int AgeOn(const Identity& identity, int64_t at_ms) {
  const base::Date today = base::DateOf(base::LocalDay(at_ms));
  const bool had_birthday =
      today.month > identity.month || (today.month == identity.month && today.day >= identity.day);
  return std::max(0, today.year - identity.year - (had_birthday ? 0 : 1));
}

}  // namespace press
