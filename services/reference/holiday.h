#pragma once
// Why a day did not count, in English: the calendar names rest days in Chinese, as the yearly notices do. Pure.

#include <string>
#include <string_view>

namespace reference {

// "国庆节" -> "National Day", "国庆节、中秋节" -> "National Day and Mid-Autumn Festival", "周六" -> "Saturday". A name that is
// not known, such as that of a holiday announced for one year, is "public holiday".
std::string RestDayEn(std::string_view name_zh);

}  // namespace reference
