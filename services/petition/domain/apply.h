#pragma once
// Parts of Apply (petition.h) that have a file of their own.

#include <cstdint>

#include "petition/v1/petition.pb.h"

namespace petition {

// What lies around a petition and moves it nowhere: leaders, backlog, oversight, who stands for a dead petitioner,
// evaluation. Nothing for any other event.
void ApplyAround(const v1::Event& event, int64_t now_ms, v1::State* state);

}  // namespace petition
