#pragma once
// What small numbers may tell: the one rule of every table and figure (statistical disclosure control 统计披露控制, as
// offices of statistics practise it: threshold rule, secondary suppression, rounding to a base).
//
//   threshold   from one to four are not shown: so few could point to persons
//   secondary   in a table with a total, what would give such a number away by subtraction is withheld too: the
//               smallest of the other rows with which it may still be any of one to four, or else the total
//   rounding    whoever may not open the matters behind a number (the analyst) reads multiples of five: of areas,
//               periods and kinds asked for one after the other no difference tells a small number
//
// base/small_numbers.h has the numbers, for the case services too.
//
// Leaders, centres and supervision may open every list: their figures are exact, because hiding a number from somebody
// who may count the list hides nothing. Their tables keep the first two, because tables are copied out.

#include <cstdint>
#include <string_view>
#include <vector>

#include "oversight/v1/analysis.pb.h"
#include "oversight/v1/metrics.pb.h"
#include "services/rpc/access.h"

namespace oversight {

// Whether the caller may open what is counted in this area.
bool MayOpenLists(const rpc::Caller& caller, std::string_view area);
bool MayOpenWarnings(const rpc::Caller& caller, std::string_view area);

// The level from which the caller looks at an area: that of the widest area around it in which they may open lists; of
// whoever may open none, in which they may ask for figures. A petition is seen from the level of its office up, so this
// says which are counted. A role that only counts adds nothing to what another opens.
int LooksFrom(const rpc::Caller& caller, std::string_view area);

int64_t Rounded(int64_t count);  // base::Rounded

// A number in a table: its value, or that there are few.
void ShowCount(int64_t count, bool rounded, v1::Quantity* out);

// One column of a table: each row with what it is, and the total, shown already. Withholds what would give a hidden one
// away. Rows that are not shown at all do not come.
struct Counted {
  int64_t count = 0;
  v1::Quantity* shown = nullptr;
};
void Protect(std::vector<Counted> rows, v1::Quantity* total);

// A figure as the analyst reads it.
void RoundFigure(v1::Figure* figure);

}  // namespace oversight
