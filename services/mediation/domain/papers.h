#pragma once
// The scans that the steps of a case rest on: a signature, a consent. Each belongs to a form of the file, and is there
// when media has told that its bytes came. Pure.

#include <optional>

#include "services/mediation/domain/decide.h"
#include "services/mediation/domain/file_index.h"

namespace mediation {

// The first event takes down which scans the command named. A refusal: more than a case keeps.
std::optional<kernel::Refusal> KeepPapers(const v1::Command& command, const Ask& ask, Decision* decision);

// What this service has heard from media. REQUIRES: the lookup outlives what it gives.
Received ReceivedBy(kernel::Lookup<v1::State>& lookup);

}  // namespace mediation
