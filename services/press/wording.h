#pragma once
// How amounts, moments and what people typed are written on official paper. Pure.
//
// Amounts in words 大写: the rules for filling in bills (支付结算办法, annex 正确填写票据和结算凭证的基本规定): 整 after
// 元 and 角, none after 分; one 零 for a row of zeros inside; none where only the 元 or 万 place is empty.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace press {

std::string AmountInWords(int64_t fen);   // "壹仟零壹元伍角整", "零元整"; below zero: "负…"
std::string AmountInDigits(int64_t fen);  // "1,001.50"

std::string DayText(int64_t at_ms);     // "2026年11月23日", local; empty for 0
std::string MomentText(int64_t at_ms);  // "2026年11月23日9时05分"; empty for 0
std::string SpanText(int64_t from_ms, int64_t to_ms);  // "2026年11月23日9时05分至11时30分": one day is named once
std::string LastDayText(int64_t end_ms);  // of a period that ends at 24:00: that day

// Without the stop at its end: the sentence goes on behind what was typed, or ends with a stop of its own.
std::string_view WithoutStop(std::string_view text);

// What an identity number 公民身份号码 (GB 11643: 18 digits with their check digit) says.
struct Identity {
  bool female = false;
  int year = 0, month = 0, day = 0;
};
std::optional<Identity> IdentityOf(std::string_view id_number);
// Written like an identity number of a person, and its check digit is another: somebody mistyped it.
bool IsMistyped(std::string_view id_number);
std::optional<Identity> BornOn(std::string_view day);  // "2012-03-09"; says nothing of the sex
int AgeOn(const Identity& identity, int64_t at_ms);  // whole years 周岁

}  // namespace press
