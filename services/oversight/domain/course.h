#pragma once
// What a notice adds to the course of a matter: where it stands from now on, what happened once, periods and clauses.
// Kept step by step, because figures of a period are as things stood at its end (spells.h reads them). Pure.

#include <string_view>

#include "oversight/v1/oversight.pb.h"
#include "services/reference/reference.h"

namespace oversight {

// Null if nothing of it was heard.
const v1::Course* FindCourse(const v1::Matter& matter, std::string_view service, std::string_view subject_id);

// `part`: what the notice makes of the part. Empty if the step adds nothing.
v1::Heard HeardOf(const v1::Observe& heard, const v1::Part& part, const v1::Course* before,
                  const reference::Reference& reference);
// Adds it. Of what crosses a maximum of limits.h the newest place is taken.
void ApplyHeard(const v1::Heard& heard, std::string_view service, std::string_view subject_id, v1::Matter* matter);

}  // namespace oversight
