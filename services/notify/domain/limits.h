#pragma once
// The named maxima of notify. What a city may change stands in policy/notifications.textproto.

#include <cstddef>
#include <cstdint>

namespace notify {

inline constexpr int kRulesMax = 400;
inline constexpr size_t kLinesMax = 1000;            // of one digest: wordings, of yesterday's rows too
inline constexpr int kAudiencesMax = 8;             // of one topic
inline constexpr int kUnitsMax = 40;                // one notice names
inline constexpr int kBoxesMax = 60;                // one notice goes to
inline constexpr int kItemsOfPetitionMax = 200;     // taken back when it leaves the lists; older ones are long read
inline constexpr int kDigestWindowMinutesMax = 24 * 60;
inline constexpr int kKeptDaysMax = 3660;
inline constexpr size_t kWebhooksMax = 200;         // of an installation
inline constexpr int64_t kRetryAfterMaxMs = 86'400'000;  // an address may ask us to wait so long, and no longer
inline constexpr int kTextMax = 200;                // characters of a wording, in bytes of UTF-8 three times as many

}  // namespace notify
