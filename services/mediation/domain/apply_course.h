#pragma once
// Apply, of the events that change the course of a mediation and of those that follow an agreement. Under the
// same rule as apply.cc: copies and counts, and means the same for ever.

#include <cstdint>

#include "mediation/v1/mediation.pb.h"

namespace mediation {

void ApplyCourse(const v1::Event& event, v1::State* state);
void ApplyAfterwards(const v1::Event& event, int64_t now_ms, v1::State* state);

}  // namespace mediation
