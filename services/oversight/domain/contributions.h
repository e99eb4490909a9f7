#pragma once
// What each aggregate adds to the figures: a family, a day, a day on which it ends, and traits, as bytes. Tallies and
// the index "figure" are made of these; metrics.h says what a figure makes of them. Pure.
//
//   family  traits, a character each; what follows '.' is a number
//   c       closed, until reopened: resolved level origin in_time first_time extended evaluated reachable evidence
//           .reworks
//   u       the same, how long it took: w working days, d days, h hours, o office hours .took
//   l       open and late: origin level suspended
//   n h     reported: 1 by a grid worker; settled on the spot
//   f       settled on the spot, when and by which unit: second of the day (five digits) unit; listed and not tallied
//   d       sent to a unit: 0 not awaited, 1 awaited, 2 in time, that whoever asked is spoken to
//   q r     a return asked for; refused
//   e       evaluated: score, solved, 1 a mere question, by whom it was put down (incident.v1.EvaluatedBy)
//   m       mediation: 0 effective; otherwise the end reason, as a letter from a on
//   p       clause due: 1 done by then; until: the day it was done later
//   a       period for deciding on a petition ended, or missed: 1 met
//   o       opinion on a petition due: 1 issued by then
//   w v     window for judicial confirmation ended: 1 applied for; decided: 1 confirmed
//   g       petition registered: 1 repeated .petitioners
//   j       petition rated: the unit, the office
//   b B     backlog, until written off; written off
//   y z     of a leader's case: the target day; closed and resolved
//   k       task of a campaign due: 1 done by then; until: the day it was done later
//   s       order to be answered, from its issue: 1 by then; once more each time an answer was sent back
//   x       milestone graded 四色, on the last day of its month, as published and corrected: grade unit
//
// A day is the one on which something happened; of what is due by 24:00 of a day, that day. What falls due is counted
// from its moment on: until then nobody is late with it, and nothing of it was to be kept.

#include <string>
#include <string_view>
#include <vector>

#include "base/calendar.h"
#include "oversight/v1/oversight.pb.h"

namespace oversight {

struct Contribution {
  char family = 0;
  base::Day day = 0;
  base::Day until = 0;  // 0: none
  std::string traits;
  int64_t due_ms = 0;   // of what falls due on its day: when; 0: it has happened
};
// A period that goes on has come to `now_ms` and not to this; 0: the period is over.
inline bool IsAhead(const Contribution& c, int64_t now_ms) { return now_ms != 0 && c.due_ms >= now_ms; }
// Families some of whose contributions fall due.
constexpr bool FallsDue(char family) {
  return family != 0 && std::string_view("laopswky").find(family) != std::string_view::npos;
}

// As somebody of `level` may know it: 3 township, 4 county, 5 city.
std::vector<Contribution> ContributionsAt(const v1::State& state, int level);
// From which level up there is more to know; at most 3: everybody sees the same.
int FiguresSeenFrom(const v1::State& state);
std::string FigureArea(const v1::State& state);  // empty: adds to no figure

// How a time unit is written in traits: w working days, d days, h hours, o office hours. REQUIRES: specified.
char TimeUnitMark(common::v1::TimeUnit unit);

// The day that ends at or holds the moment before `at_ms`: of a due moment.
base::Day DueDay(int64_t at_ms);

}  // namespace oversight
