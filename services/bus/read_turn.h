#pragma once
// How long a thread reads frames before everything else gets its turn again: so many, or so long, whichever ends
// first. Pure.

#include <cstddef>
#include <cstdint>

#include "services/bus/limits.h"

namespace bus {

class ReadTurn {
 public:
  explicit ReadTurn(int64_t now_ms) : began_ms_(now_ms) {}
  // Counts the frame that is about to be read; false: not in this turn.
  bool Next(int64_t now_ms) {
    return frames_++ < limits::kFramesPerTurn && now_ms - began_ms_ < limits::kReadTurnMs;
  }

 private:
  const int64_t began_ms_;
  size_t frames_ = 0;
};

}  // namespace bus
