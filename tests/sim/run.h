#pragma once
// One run of the simulator: found the city (calm), live with faults drawn from the seed, let the faults stop
// and everything drain, check the laws.

#include <cstdint>
#include <string>
#include <vector>

#include "tests/sim/coverage.h"
#include "tests/sim/sabotage.h"

namespace sim {

struct RunOptions {
  uint64_t seed = 0;
  int days = 5;        // of full life
  int quiet_days = 0;  // after them nothing new begins
  int64_t pause_ms = 5 * 60'000;
  bool year = false;  // from the first working days of a year that the seed draws, with its real holidays
  bool faults = true;
  Sabotage sabotage = Sabotage::kNone;
  int log_fd = -1;  // takes what the process logs; -1: memory of its own, lost if the process dies
};

// What a run went through.
struct Toll {
  int year = 0;
  uint64_t promises = 0, crashes = 0, cuts = 0, jumps = 0, frames = 0;
};

struct RunResult {
  std::vector<std::string> broken;
  Coverage coverage;
  Toll toll;
  std::string summary;       // one line
  std::string faults;        // what the seed drew
  std::string refusals;      // by command and reason
  uint64_t fingerprint = 0;  // of all logs: the same seed gives the same
};

inline constexpr int kYearDays = 365;
inline constexpr int64_t kYearPauseMs = 45 * 60'000;

RunResult Run(const RunOptions& options);

// How to see it again.
std::string CommandLine(const RunOptions& options);

}  // namespace sim
