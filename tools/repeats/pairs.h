#pragma once
// Labelled pairs of statements, made from cases of which each tells of one matter twice: what somebody wrote down of it
// (`event_description`) and what its parties say in a talk about it (`dialog`; `speaker` "sys" is the mediator).
//
//   the same   short       the description; three fifths of its sentences in another order
//              dialogue    the description; what the parties say
//              half        three fifths of the description; two thirds of what the parties say
//              disjoint    the first half and a part of the talk; the second half and another part, in another order
//   others     two cases of one type: description and talk of one with description and talk of the other
//
// Cases whose descriptions have six tenths of their pairs of characters in common are one case, and taken once. Words
// are weighed by a body of two statements of each case. Deterministic.
//
// A figure must not be measured on what it was chosen from: the cases are in two halves, every second one of a type in
// the other, and a pair belongs to the half of its cases, or to neither.

#include <absl/status/statusor.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace repeats {

struct Case {
  std::string type;
  std::string description;
  std::string talk;  // of the parties
};

absl::StatusOr<std::vector<Case>> ReadCases(const std::string& path);
std::vector<Case> WithoutDoubles(std::vector<Case> cases);

struct Pair {
  std::string kind;  // "short", "dialogue", "half", "disjoint"; "other"
  bool same = false;
  int permille = 0;  // likeness, as the petition service measures it
  int half = 0;      // 1 or 2; 0: its cases are in both
};

// `folder` is for the index; must not exist.
absl::StatusOr<std::vector<Pair>> Measure(const std::vector<Case>& cases, const std::string& folder);

struct Quality {
  size_t hits = 0, misses = 0, false_alarms = 0;
  double precision() const;
  double recall() const;
  double f1() const;  // both in one figure
};
Quality At(const std::vector<Pair>& pairs, int permille);

std::vector<Pair> HalfOf(const std::vector<Pair>& pairs, int half);
// The figure with the best f1, of multiples of 5; of equals the one in the middle.
int ChooseFigure(const std::vector<Pair>& pairs);

}  // namespace repeats
