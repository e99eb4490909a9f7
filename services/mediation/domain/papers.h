#pragma once
// The scans that the steps of a case rest on: a signature, a consent. Each belongs to a form of the file, and is there
// when media has told that its bytes came. Pure.

#include <optional>
#include <string>
#include <string_view>

#include "services/mediation/domain/decide.h"
#include "services/mediation/domain/file_index.h"

namespace mediation {

// The first event takes down which scans the command named. A refusal: more than a case keeps.
std::optional<kernel::Refusal> KeepPapers(const v1::Command& command, const Ask& ask, Decision* decision);

// What this service has heard from media, for this case. REQUIRES: the lookup outlives what it gives.
Received ReceivedBy(kernel::Lookup<v1::State>& lookup, std::string case_id);
// The same of what it remembers of one document; `known`: null if nothing.
bool HasCome(const v1::State* known, std::string_view sha256, std::string_view case_id);

}  // namespace mediation
