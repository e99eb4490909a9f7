#pragma once
// How many matters of which kind came and were closed in which month, and how long that took: what analysis
// (analysis.h) is summed from. A matter adds a handful of tallies in the batch of its own events. Pure.
//
//   tallies  trend/<level>/<place>/<month>/<what>/<kind>
//            level, place: 2 village, 3 township, 4 county, 5 city. What not every level knows the same of stands under
//            "<code>@<level>" of each level that asks, instead. month 202610.
//            n  came, and was neither refused nor withdrawn   category '.' level it came to
//            c  closed, and still is   category '.' level that closed it, 1 resolved, 1 in time
//            o  the same               unit '.' 1 resolved, 1 in time
//            t  the same, how long     category '.' unit of time, took
//            p  the same, how long     unit '.' unit of time, took
// Of a city no p: too many kinds to sum; its counties have them.

#include <string>
#include <string_view>
#include <vector>

#include "base/calendar.h"
#include "oversight/v1/oversight.pb.h"
#include "services/kernel/domain.h"

namespace oversight {

inline constexpr char kCame = 'n', kClosed = 'c', kClosedByUnit = 'o', kTook = 't', kTookByUnit = 'p';

void AddTrendTallies(const v1::State& state, std::vector<kernel::TallyEntry>* tallies);
std::string TrendPrefix(int level, std::string_view place, base::Day month);

}  // namespace oversight
