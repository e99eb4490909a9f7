#pragma once
// Who petitions, as the petition now stands.

#include <algorithm>

#include "petition/v1/petition.pb.h"

namespace petition {

// Everybody who petitioned is dead: those named, and there are no others.
inline bool NobodyLeft(const v1::State& state) {
  return !state.petitioner().empty() && state.petitioner_count() <= state.petitioner_size() &&
         std::ranges::all_of(state.petitioner(), [](const auto& one) { return one.died_at_ms() != 0; });
}

}  // namespace petition
