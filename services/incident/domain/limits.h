#pragma once
// Named maxima of the incident domain. Crossing one is a refusal, or a portion that is continued by a timer.

#include <cstddef>
#include <cstdint>

namespace incident {

inline constexpr int kClocksMax = 40;       // kept of the present cycle; the oldest ended ones go first
inline constexpr int kAttachmentsMax = 60;  // of one matter
inline constexpr int kPartiesMax = 40;      // of one matter
inline constexpr int kOrdersMax = 20;       // open supervision orders of one matter
inline constexpr int kInstructionsMax = 50;
inline constexpr int kAppliedMax = 40;  // other services' aggregates whose notices were applied
inline constexpr int kHandlersMax = 40;
inline constexpr int kLadderMarksMax = 60;
inline constexpr size_t kFollowersMax = 5000;    // merged into one primary
inline constexpr int kMergeHopsMax = 8;          // primaries of primaries followed
inline constexpr size_t kOwnReportsMax = 200;    // newest of one account, looked at for a second evaluation
inline constexpr size_t kPortion = 64;           // aggregates changed by one firing of a timer
inline constexpr size_t kFindingsMax = 20;       // of one screening task
inline constexpr size_t kPredecessorsMax = 64;   // villages merged into one
inline constexpr int kContentCharactersMin = 2;  // of a report that has neither voice nor photo
inline constexpr int kAttemptsToExplain = 2;     // to reach the enterprise, on different days
inline constexpr int kQueryCodeTries = 8;        // a code that is taken is drawn again
inline constexpr int kAskedMax = 50;             // questions, fields, photos of a mass task, each
inline constexpr int kMinutesPerTaskMax = 600;   // on the spot, in each grid
inline constexpr int64_t kCostSlackPart = 10;    // a cost may have changed by a tenth since it was seen
inline constexpr int64_t kSeenMinutesMax = 1'000'000'000;

}  // namespace incident
