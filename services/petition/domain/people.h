#pragma once
// Who petitions, as the petition now stands, and what they think of how it was handled.

#include <algorithm>
#include <charconv>
#include <string>
#include <system_error>

#include "petition/v1/petition.pb.h"

namespace petition {

// Everybody who petitioned is dead: those named, and there are no others.
inline bool NobodyLeft(const v1::State& state) {
  return !state.petitioner().empty() && state.petitioner_count() <= state.petitioner_size() &&
         std::ranges::all_of(state.petitioner(), [](const auto& one) { return one.died_at_ms() != 0; });
}

// The number of the petitioner who was named last, as ids have it ("p7"), whether they still petition or have left.
inline int LastPetitionerNo(const v1::State& state) {
  int last = std::max(state.last_petitioner_no(), state.petitioner_size());
  for (const auto& one : state.petitioner()) {
    int number = 0;
    const std::string& id = one.petitioner_id();
    const bool read = id.size() > 1 && std::from_chars(id.data() + 1, id.data() + id.size(), number).ec == std::errc();
    if (read) last = std::max(last, number);
  }
  return last;
}

// How many petition, and how many of them nobody names.
inline int PeopleIn(const v1::State& state) { return std::max(state.petitioner_count(), state.petitioner_size()); }
inline int UnnamedIn(const v1::State& state) { return PeopleIn(state) - state.petitioner_size(); }

// The mean of those who rated, halves up; 0: nobody did.
template <class Rating>
int MeanOf(const v1::State& state, Rating rating) {
  int sum = 0, rated = 0;
  for (const auto& one : state.given()) {
    sum += rating(one);
    rated += rating(one) > 0 ? 1 : 0;
  }
  return rated == 0 ? 0 : (2 * sum + rated) / (2 * rated);
}

// What they think of it, in one: of several the mean, and nobody's words.
inline v1::Evaluation EvaluationOf(const v1::State& state) {
  v1::Evaluation all = state.evaluation();
  all.clear_petitioner_id();
  if (state.given_size() <= 1) return all;
  all.clear_text();
  all.set_unit(MeanOf(state, [](const v1::Evaluation& one) { return one.unit(); }));
  all.set_office(MeanOf(state, [](const v1::Evaluation& one) { return one.office(); }));
  return all;
}

}  // namespace petition
