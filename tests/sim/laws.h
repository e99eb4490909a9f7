#pragma once
// The six laws of architecture, checked from outside after a run: against the databases as they lie there,
// with code that
// shares nothing with the writer but the formats.

#include <string>
#include <vector>

#include "tests/sim/ledger.h"
#include "tests/sim/world.h"

namespace sim {

// Texts of what is broken; empty: all hold. `secrets` are clear personal values that went in.
std::vector<std::string> BrokenLaws(const World& world, const Ledger& ledger,
                                    const std::vector<std::string>& secrets);

}  // namespace sim
