#pragma once
// Which transitions a run went through: "service.command>event", read from the logs. A transition that the
// long run once took and takes no more is a hole in what the simulator proves, so the gate fails on it.

#include <map>
#include <string>
#include <vector>

#include "tests/sim/beside.h"
#include "tests/sim/city.h"

namespace sim {

using Coverage = std::map<std::string, uint64_t>;

Coverage CoverageOf(const City& city, const Beside& beside);

// Names of the list that were not taken.
std::vector<std::string> Uncovered(const Coverage& coverage);

// Steps of the domain model (I1 … I24, M1 … M25, P1 … P31, O1, O7, 3.6.6) with how often each was taken, then every
// transition.
std::string CoverageTable(const Coverage& coverage);

}  // namespace sim
