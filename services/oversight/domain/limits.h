#pragma once
// The named maxima of oversight. Crossing one is a refusal, except where a list of what happened keeps its
// newest part.

#include <cstddef>
#include <cstdint>

namespace oversight {

inline constexpr int kAddresseesMax = 10;
inline constexpr int64_t kAheadMaxMs = int64_t{2} * 366 * 24 * 3'600'000;  // a date people name is no further away
inline constexpr int kAskedMax = 100;        // requests and instructions on one matter
inline constexpr int kEscalationsKept = 50;  // the log has all of them
inline constexpr int kOrdersMax = 20;        // drafts and orders of one matter, not yet ended
inline constexpr int kAnswersMax = 20;       // to one order
inline constexpr int kPartsMax = 32;         // services and aggregates one matter went through
// Of one course: a matter that turns more often than this is counted by its newest turns.
inline constexpr int kLegsMax = 64;
inline constexpr int kDeedsMax = 200;
inline constexpr int kTermsMax = 64;
inline constexpr int kClausesMax = 200;
inline constexpr int kRepeatsMax = 50;       // times a matter was petitioned about again
inline constexpr int kTookMax = 9999;        // days or hours a matter takes, for K-22
inline constexpr int64_t kBehindAfterMs = 60'000;  // not heard to its end for longer: answers say so
inline constexpr size_t kTasksMax = 500;     // of one area, not yet ended
inline constexpr int kMilestonesMax = 10;    // of one task
inline constexpr int kMonthsPlannedMax = 60;  // of one milestone
inline constexpr int kMonthsKept = 36;       // of one task; the log has all of them
inline constexpr int kBoardVersionsMax = 20;  // of one scorecard
inline constexpr int kWarningMattersMax = 50;   // named by one warning; the facts count all
inline constexpr int kWarningActionsMax = 20;   // told of one warning
inline constexpr int kArrivalsMax = 1000;       // of one class in one village, in the weeks a rule looks at
inline constexpr int kLateOpenMax = 500;         // of one unit: with so many it is late whatever it closes
inline constexpr int kSuggestionMattersMax = 20;  // named by a suggestion or a measure
inline constexpr int kLineStepsMax = 8;           // from a unit up to whatever is over it
inline constexpr int kInspectedMax = 20;        // units, and tasks, one inspection is planned about
inline constexpr int kFindingsMax = 100;        // of one inspection
inline constexpr int kInspectionDaysAheadMax = 366;
inline constexpr int kDecidedDaysMax = 366;     // from what a conference decided to its entry here
inline constexpr int kRectifyDaysMax = 366;     // from the feedback to the day things are put right
inline constexpr size_t kCardsCountedMax = 1000;  // of one unit in one month, on a scorecard
inline constexpr int kListingsMax = 3;          // of one matter: one a level
inline constexpr int kOutsideMonthsBack = 120;  // of a figure from outside: as long as figures are asked of
inline constexpr size_t kRevisionsMax = 20;     // of one month's figure from outside
inline constexpr size_t kTextBytesMax = 16'000;

}  // namespace oversight
