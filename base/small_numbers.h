#pragma once
// What a number may tell to whoever may not open what it counts (statistical disclosure control 统计披露控制): nothing below
// five, because so few could point to persons, and above only multiples of five, because what is asked for one place,
// period or kind after the other could be subtracted. Pure.
// docs/decisions/20261123-what-small-numbers-may-tell.md

#include <cstdint>

namespace base {

inline constexpr int64_t kFew = 5;  // fewer than this, and not none
inline constexpr int64_t kRoundingBase = 5;

constexpr bool IsFew(int64_t count) { return count > 0 && count < kFew; }

// To the nearest multiple of the base; halves cannot be.
constexpr int64_t Rounded(int64_t count) { return (count + kRoundingBase / 2) / kRoundingBase * kRoundingBase; }

// Where nothing beside the number can say that there are few: 0 is anything below five.
constexpr int64_t Coarse(int64_t count) { return count < kFew ? 0 : Rounded(count); }

}  // namespace base
