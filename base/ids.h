#pragma once
// Identifiers. A ULID is 48 bits of milliseconds and 80 of chance in Crockford's base 32 (26 characters,
// upper case): sorts by time, can be made anywhere without asking. A query code is what a citizen types to
// see their own matter. Pure but for the Random passed in.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/random.h"

namespace base {

inline constexpr size_t kUlidLength = 26;
inline constexpr size_t kQueryCodeLength = 9;

std::string NewUlid(int64_t now_ms, Random& random);
bool IsUlid(std::string_view text);
int64_t UlidTimeMs(std::string_view ulid);  // REQUIRES: IsUlid(ulid)

// Nine characters without 0 O 1 I L: about 44 bits, easy to read out on the telephone.
std::string NewQueryCode(Random& random);
bool IsQueryCode(std::string_view text);

}  // namespace base
