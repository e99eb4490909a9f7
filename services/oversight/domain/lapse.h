#pragma once
// What lapses with a matter. Of one that has ended nothing more is proposed: drafts of orders, instructions nobody has
// distributed. What is out stays to be answered, for it asks how the matter was handled. Of a petition that left the
// lists everything ends, what an inspection found of it too, in silence: whoever could tell such an end from another
// would know an accusation by it.

#include <optional>

#include "services/oversight/domain/decide.h"

namespace oversight {

// An order or an instruction about a petition that left under a build that ended nothing: its timer would tell the unit
// of it, and ends it instead. Nothing if its petition is still there.
std::optional<Decision> LapseOfWhatLeft(const Ask& ask);

// `heard`: the part as it is after the notice; `after`: its matter.
void LapseAfterNotice(const v1::Part& heard, const v1::Matter& after, const Ask& ask, Decision* decision);

}  // namespace oversight
