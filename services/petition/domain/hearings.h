#pragma once
// Hearings 听证 that the parties were told of and that are still to be held.

#include <optional>

#include "services/petition/domain/decide.h"

namespace petition {

// Such a hearing comes before the opinion they are to be heard for, until its day is over.
std::optional<kernel::Refusal> CheckNoneAhead(const Ask& ask);

}  // namespace petition
