#pragma once
// Every maximum of the kernel. Crossing one is a refusal, a RESOURCE_EXHAUSTED or a wait, never growth.

#include <cstddef>
#include <cstdint>

namespace kernel {

inline constexpr int64_t kSecondMs = 1000;
inline constexpr int64_t kHourMs = 3600 * kSecondMs;
inline constexpr int64_t kDayMs = 24 * kHourMs;

// The queue.
inline constexpr size_t kQueueCommandsMax = 4096;
inline constexpr size_t kQueueBytesMax = size_t{64} << 20;
inline constexpr int64_t kRetryAfterMinMs = 50;
inline constexpr int64_t kRetryAfterMaxMs = 30 * kSecondMs;

// One group: decided together, written as one batch, synced once. Bounds the wait of its last member.
inline constexpr size_t kGroupCommandsMax = 256;
inline constexpr size_t kGroupBytesMax = size_t{8} << 20;
inline constexpr size_t kGroupsBetweenThreads = 2;  // written, waiting for the sync thread

// What is kept how long.
// tablets are offline for days; then a repeat is a new command
inline constexpr int64_t kAnswersKeptMs = 30 * kDayMs;
inline constexpr int64_t kRefusalsKeptMs = 200 * kDayMs;  // at least 180 days
// What is swept has lain there for weeks: one look at everything an hour, in pieces, is often enough.
inline constexpr int64_t kSweepEveryMs = 60 * kSecondMs;  // a piece
inline constexpr int64_t kSweepRoundMs = kHourMs;         // from the beginning of one round to the next
inline constexpr size_t kSweepEntriesMax = 2000;          // looked at in a piece

// Rows of new views written in one batch when a database of an older program is opened.
inline constexpr size_t kViewFillOps = 4096;

// Memory of the writer.
inline constexpr size_t kCachedStatesMax = 20'000;
inline constexpr size_t kCachedStateBytesMax = size_t{32} << 20;
inline constexpr size_t kCachedNumbersMax = 200'000;      // tallies and counters

// Timers.
inline constexpr size_t kTimersInFlightMax = 512;         // firings waiting in the queue
inline constexpr size_t kTimersPerFiring = 16;            // of one aggregate at once; the rest follows
inline constexpr int64_t kTimerRetryMs = kHourMs;         // a due timer that its command did not take away
inline constexpr int64_t kTimerPumpIdleUs = 200'000;      // longest sleep of the pump

// A command during which the process died this often is not tried again.
inline constexpr uint32_t kCrashesMax = 3;
inline constexpr size_t kCrashMarkerBytes = size_t{64} << 10;

// Of a notice's payload. A larger one could never be streamed and would hold up every reader of the log
// behind it, so the command that would publish it is refused. services/bus promises to carry this much.
inline constexpr size_t kNoticePayloadBytesMax = size_t{256} << 10;

// Commands that the events of one bus batch may lead to.
inline constexpr size_t kInboxCommandsMax = 4096;

// Readers.
inline constexpr size_t kPageMax = 1000;
inline constexpr size_t kHistoryMax = 10'000;

inline constexpr size_t kCounterUsesMax = 16;             // numbers one command may draw
inline constexpr size_t kEmittedMax = 256;                // events one command may emit: more is our mistake

}  // namespace kernel
