#pragma once
// Who may still say what they think of an ending (I17): whoever brought the matter, and whoever brought a report that
// was merged into it, each once. `own` is what they brought; `ended` is the same, or what it was merged into. Pure.

#include <cstdint>
#include <optional>
#include <string_view>

#include "incident/v1/incident.pb.h"
#include "services/kernel/domain.h"

namespace incident {

inline bool IsMerged(const v1::Incident& m) { return m.standing().status() == v1::MERGED; }

// Whether whoever brought `own` has said what they think of the present ending.
bool HasEvaluated(const v1::Incident& own, const v1::Incident& ended);
// Why they do not evaluate it now; nullopt: they may. `user`: empty for who shows a code.
std::optional<kernel::Refusal> EvaluationObjection(const v1::Incident& own, const v1::Incident& ended,
                                                   std::string_view user, int64_t now_ms);
// Whether a command of the reporter that the rules admit is worth offering: it would not be refused for what has been
// said already.
bool IsOffered(v1::Command::BodyCase command, const v1::Incident& own, const v1::Incident& ended, std::string_view user,
               int64_t now_ms);

// 解决 as it is counted (3.10): the verifier's yes, not contradicted by whoever reported it.
bool CountsAsSolved(const v1::Incident& matter);

}  // namespace incident
