#pragma once
// How often a contribution counts for a figure, read from its traits; contributions.h says what each place of them is.
// For the table in metrics.cc. Pure.

#include <cstdint>
#include <string_view>

#include "incident/v1/notices.pb.h"
#include "services/oversight/domain/metrics.h"

namespace oversight::weights {

using Traits = std::string_view;

inline bool At(Traits traits, size_t place, char is) { return place < traits.size() && traits[place] == is; }
inline int DigitAt(Traits traits, size_t place) { return place < traits.size() ? traits[place] - '0' : 0; }

inline int64_t One(Traits) { return 1; }
inline int64_t Number(Traits t) { return NumberAfterDot(t); }
inline int64_t First(Traits t) { return At(t, 0, '1'); }
// Closed: resolved level origin in_time first_time extended evaluated reachable evidence .reworks
inline int64_t Resolved(Traits t) { return At(t, 0, '1'); }
inline int64_t InVillage(Traits t) { return At(t, 0, '1') && DigitAt(t, 1) <= 2; }
inline int64_t InTownship(Traits t) { return At(t, 0, '1') && DigitAt(t, 1) <= 3; }
inline int64_t FromBelow(Traits t) { return DigitAt(t, 2) <= 3; }
inline int64_t StayedBelow(Traits t) { return DigitAt(t, 2) <= 3 && DigitAt(t, 1) <= 3; }
inline int64_t InTime(Traits t) { return At(t, 3, '1'); }
inline int64_t Once(Traits t) { return At(t, 0, '1') && At(t, 4, '1'); }
inline int64_t Extended(Traits t) { return At(t, 5, '1'); }
inline int64_t Answered(Traits t) { return At(t, 6, '1') && At(t, 7, '1'); }
inline int64_t Reachable(Traits t) { return At(t, 7, '1'); }
inline int64_t Unproven(Traits t) { return At(t, 8, '0'); }
// Late: origin level suspended
inline int64_t LateFromBelow(Traits t) { return DigitAt(t, 0) <= 3; }
inline int64_t LateStayedBelow(Traits t) { return DigitAt(t, 0) <= 3 && DigitAt(t, 1) <= 3; }
inline int64_t NotSuspended(Traits t) { return At(t, 2, '0'); }
// Evaluated: score, solved, mere question, by whom
inline int64_t Scored(Traits t) { return !At(t, 0, '0'); }
inline int64_t Satisfied(Traits t) { return At(t, 0, '4') || At(t, 0, '5'); }
inline int64_t FairlySatisfied(Traits t) { return At(t, 0, '3'); }
inline int64_t SaidWhether(Traits t) { return !At(t, 1, '0') && At(t, 2, '0'); }
inline int64_t SaidYes(Traits t) { return At(t, 1, '1') && At(t, 2, '0'); }
inline int64_t SaidPartly(Traits t) { return At(t, 1, '0' + incident::v1::PARTLY) && At(t, 2, '0'); }
inline int64_t PutDownByStaff(Traits t) { return At(t, 3, '0' + incident::v1::BY_STAFF); }
// Rated: the unit, the office
inline int64_t UnitRated(Traits t) { return !At(t, 0, '0'); }
inline int64_t UnitLiked(Traits t) { return At(t, 0, '4') || At(t, 0, '5'); }
inline int64_t UnitFairly(Traits t) { return At(t, 0, '3'); }
inline int64_t OfficeFairly(Traits t) { return At(t, 1, '3'); }
inline int64_t OfficeRated(Traits t) { return !At(t, 1, '0'); }
inline int64_t OfficeLiked(Traits t) { return At(t, 1, '4') || At(t, 1, '5'); }
// Mediation: E09 to another authority, E11 not suitable, E12 died or gone are nobody's success or failure (3.10).
// Nor is E13, which is ours: a hand-over that lapsed ended because whoever made it waits no more.
inline int64_t Effective(Traits t) { return At(t, 0, '0'); }
inline int64_t Tried(Traits t) {
  return !At(t, 0, 'a' + 9) && !At(t, 0, 'a' + 11) && !At(t, 0, 'a' + 12) && !At(t, 0, 'a' + 13);
}
inline int64_t Awaited(Traits t) { return At(t, 0, '1') || At(t, 0, '2'); }
inline int64_t SpokenTo(Traits t) { return At(t, 0, '2'); }
inline int64_t RepeatPersons(Traits t) { return At(t, 0, '1') ? NumberAfterDot(t) : 0; }

}  // namespace oversight::weights
