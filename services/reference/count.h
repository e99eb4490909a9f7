#pragma once
// The arithmetic under a clock: from start, length, extensions and pauses to the due moment. Pure. Only
// deadline.cc and its tests include this; the convention stands in deadline.h.

#include <cstdint>

#include "base/calendar.h"
#include "common/v1/common.pb.h"

namespace reference {

struct Count {
  int64_t due_ms = 0;
  int64_t length_ms = 0;  // length and extensions in counted time, without pauses
  base::Counting counting = base::Counting::kAll;
  bool by_days = false;  // D, WD, MO or a named due moment
  bool rolled = false;
  bool provisional = false;
  base::Day counted_last = 0;  // by days: the last day before rolling forward
};

// No moment lies further from 1970 than this: what is stored beyond it is counted as if it lay there, so that nothing
// overflows whoever once typed it.
inline constexpr int64_t kFarthestMs = 253'402'300'800'000;  // the year 10000
int64_t WithinReach(int64_t at_ms);

// REQUIRES: a length or a named due moment.
Count CountClock(const common::v1::Clock& clock, const base::Calendar& calendar);

bool IsDayUnit(common::v1::TimeUnit unit);

}  // namespace reference
