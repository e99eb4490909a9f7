#pragma once
// The four colours 四色督查 of one milestone and one month, as 3.6.5 has them. Pure: facts in, a grade out. A grade is
// about what was planned and what was done; there is no number behind it that could be summed or compared.

#include <optional>
#include <span>
#include <string_view>

#include "base/calendar.h"
#include "oversight/v1/grading.pb.h"

namespace oversight {

struct MonthFacts {
  base::Day month_end = 0;             // E: the last day of the month
  base::Day planned = 0;               // P: when it was to be done
  std::optional<base::Day> completed;  // A: when it was done, as somebody has verified
  bool reported = false;               // in time (DO-03), and not sent back
  int plan = 0;                        // p_t: cumulative percent
  int progress = 0;                    // r_t
  int before = 0;                      // r_{t-1}
};

v1::Grade GradeOf(const MonthFacts& facts);

// The words of a grade. Red is the best of them.
struct GradeWord {
  v1::Grade grade;
  std::string_view name_zh, colour_zh, colour_en, meaning_zh, meaning_en;
};
std::span<const GradeWord> GradeWords();
const GradeWord& WordOf(v1::Grade grade);  // REQUIRES: one of the four

}  // namespace oversight
