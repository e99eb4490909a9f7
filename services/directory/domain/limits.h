#pragma once
// Every maximum of the directory, named. Times in ms. Sources: OWASP ASVS 5.0 V6, V7 and V10 for accounts and
// sessions.

#include <cstddef>
#include <cstdint>

namespace directory {

inline constexpr int64_t kSecondMs = 1000;
inline constexpr int64_t kMinuteMs = 60 * kSecondMs;
inline constexpr int64_t kHourMs = 60 * kMinuteMs;
inline constexpr int64_t kDayMs = 24 * kHourMs;

// Lists and commands.
inline constexpr size_t kListFileBytesMax = 64 << 20;  // the whole nation's villages are 38 MB
inline constexpr size_t kVillagesPerCityMax = 20'000;  // the largest city has 7,535
inline constexpr int kPutRowsMax =
    128;  // areas or organisations in one command; the kernel emits 256 at most
inline constexpr size_t kSuccessorStepsMax = 16;
inline constexpr int kGridsPerVillageMax = 999;  // the serial has three digits

// Accounts.
inline constexpr int kGrantsPerUserMax = 48;  // all of them fit into a token of 6 KiB
inline constexpr int kGrantsPerTokenMax = 64;  // with those on areas that took over
inline constexpr int kSessionsPerUserMax = 16;
inline constexpr int kFailuresBeforeLock = 5;
inline constexpr int64_t kFirstLockMs = 30 * kSecondMs;  // doubles with every further failure
inline constexpr int64_t kLockMsMax = kHourMs;

inline constexpr size_t kFormerUnitsMax = 32;  // whose staff are listed with those of the unit that took over

// Sessions.
inline constexpr int64_t kAccessTokenMs = 10 * kMinuteMs;
inline constexpr int64_t kSessionIdleMs = 14 * kDayMs;
inline constexpr int64_t kSessionAbsoluteMs = 90 * kDayMs;

// Answers.
inline constexpr int kPageSizeDefault = 100;
inline constexpr int kPageSizeMax = 500;

}  // namespace directory
