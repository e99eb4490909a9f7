#pragma once
// The named maxima of media. Those of Terms are defaults: the configuration may say otherwise, for new uploads.

#include <cstdint>

namespace media {

inline constexpr int kOpenUploadsPerUser = 50;                // begun and not yet whole
inline constexpr uint64_t kPhotoBytesMax = 20 << 20;
inline constexpr uint64_t kVoiceBytesMax = 20 << 20;
inline constexpr uint64_t kPaperBytesMax = 50 << 20;
inline constexpr int64_t kUnlinkedMs = 7 * 24 * 3'600'000LL;  // tablets are offline for days
inline constexpr int64_t kUnlinkedHoursMax = 24 * 365;
inline constexpr int64_t kDoubtAgainMs = 3'600'000;         // while those who may hold it in silence cannot be asked
inline constexpr int kServicesMax = 16;                       // that refer to one blob

inline constexpr int kOwnerOrgsMax = 16;                      // of one upload
inline constexpr int kMattersMax = 1000;                      // that have one blob by right: 60 bytes each
inline constexpr int kUnprovenMax = 100;                      // that name one blob and did not have it
inline constexpr int kNamersMax = 16;                         // of one blob in one matter, until one had it

}  // namespace media
