#pragma once
// W6, of a unit: which of its matters stay open after their due moment, from when to when. Kept in the unit's watch
// beside what it has closed, so that a month that is over knows both.

#include "services/oversight/domain/decide.h"

namespace oversight {

// A step of the part: it is late now, or late no more, or with another unit. `after`: the matter with it.
void HearLate(const v1::Observe& heard, const v1::Matter& before, const v1::Matter& after, const Ask& ask,
              Decision* decision);
// A light of the part has turned red: no step, and it may be late from now on.
void NoteLate(const v1::Part& part, const Ask& ask, Decision* decision);

}  // namespace oversight
