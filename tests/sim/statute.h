#pragma once
// Periods as the statutes set them, computed a second time: the simulator's own reading of the law, its own calendar
// arithmetic. It looks at no policy row and no code of services/reference; the announced rest days are the only thing
// it shares with the platform, because they are facts.
//
//   民法典 200–204   by days and months: the day of the start is not counted (201); a month ends on the day of the same
//                    number, or on the last of the month (202); a last day that is a statutory rest day is followed by
//                    the next working day (203), and lasts to its 24:00 (203). By hours: from the moment (201).
//   办法             全国年节及纪念日放假办法 2: the days off with a fixed date, where nothing was announced yet.

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "policy/v1/policy.pb.h"

namespace sim {

using DayNumber = int64_t;  // days since 1970-01-01 in Beijing

DayNumber DayNumberOf(int64_t at_ms);
int64_t MidnightAfter(DayNumber day);  // its 24:00
std::string DateOfDay(DayNumber day);  // "2026-10-08"

// The announced days off and make-up days; before and after what was announced, weekends and the fixed days.
class RestDays {
 public:
  RestDays() = default;
  explicit RestDays(const policy::v1::Calendar& announced);
  bool Rests(DayNumber day) const;

 private:
  std::set<DayNumber> off_, work_;
  DayNumber first_ = 0, last_ = -1;
};

struct Part {
  enum Unit { kDays, kWorkingDays, kMonths, kHours };
  int amount = 0;
  Unit unit = kDays;
};

// What a statute gives from one moment on.
struct Period {
  int64_t from_ms = 0;
  std::vector<Part> parts = {};                            // the period, then what it was extended by
  std::vector<std::pair<int64_t, int64_t>> left_out = {};  // not counted: a hearing, an appraisal
  int64_t no_later_ms = 0;                                 // cut by another norm; 0: not cut
};

// The last moment that is still in time.
int64_t LastMoment(const Period& period, const RestDays& rest);

}  // namespace sim
