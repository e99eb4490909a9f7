#pragma once
// Every bound of the gateway, in one place. Crossing one is a 4xx or 503 problem that names itself, never a
// crash. Units are in the names; counts carry none.

#include <cstddef>
#include <cstdint>

namespace gateway {

// One HTTP message.
inline constexpr size_t kMaxTargetBytes = 8 * 1024;           // 414
inline constexpr size_t kMaxHeadBytes = 16 * 1024;            // all header lines together, 431
inline constexpr size_t kMaxHeaderFields = 64;                // 431
inline constexpr size_t kMaxPathSegments = 32;                // 400
inline constexpr size_t kMaxQueryParameters = 128;            // 400
inline constexpr size_t kDefaultBodyBytes = 1024 * 1024;      // 413; a method's rule may say otherwise
inline constexpr size_t kMaxBodyBytes = 10 * 1024 * 1024;     // what a rule may ask for at most
inline constexpr size_t kMaxInflatedBytes = 4 * 1024 * 1024;  // a gzip body after inflating
inline constexpr size_t kInlineJsonBytes = 64 * 1024;  // larger bodies are transcoded on the worker thread

// JSON.
inline constexpr int kMaxJsonDepth = 32;
inline constexpr size_t kMaxJsonNumberBytes = 64;
inline constexpr size_t kMaxJsonMembers = 10'000;  // members of all objects of one text together
inline constexpr size_t kMaxFieldErrors = 16;

// Connections.
inline constexpr size_t kMaxConnections = 10'000;
inline constexpr int64_t kIdleTimeoutMs = 60'000;   // between two requests
inline constexpr int64_t kHeadTimeoutMs = 10'000;   // from the first byte to the empty line
inline constexpr int64_t kBodyTimeoutMs = 15'000;   // for the whole body
inline constexpr int64_t kWriteTimeoutMs = 10'000;  // for one write
inline constexpr int64_t kLingerMs = 1'000;         // reading on after an error answer, so that it arrives
inline constexpr size_t kLingerBytes = 1024 * 1024;
inline constexpr int64_t kDrainMs = 20'000;  // SIGTERM to the end

// Calls to services.
inline constexpr int64_t kMaxDeadlineMs = 30'000;
inline constexpr int64_t kDefaultDeadlineMs = 10'000;
inline constexpr size_t kMaxResponseBytes = 16 * 1024 * 1024;
inline constexpr int kChannelsPerPeerMax = 4;
inline constexpr size_t kMaxInFlightPerPrincipal = 100;

// Streamed answers.
inline constexpr int64_t kMaxStreamMs = 30 * 60'000;       // one file from its first to its last byte
inline constexpr int64_t kMaxStreamPauseMs = 30'000;       // between two messages of a service
inline constexpr size_t kStreamWriteBytes = 32 * 1024;     // in one kWriteTimeoutMs: a slower client is given up

// Uploads (tus).
inline constexpr size_t kUploadPieceBytes = 512 * 1024;         // one call to the service
inline constexpr int64_t kUploadPieceMs = 60'000;               // for so much to arrive
inline constexpr size_t kUploadBodyBytes = size_t{1} << 30;     // of one PATCH; the service knows what an upload may be

// Identity.
inline constexpr size_t kMaxTokenBytes = 6 * 1024;  // gRPC metadata must stay below 8 KiB
inline constexpr size_t kMaxSessions = 100'000;
inline constexpr size_t kMaxSessionsPerUser = 10;
inline constexpr int64_t kSessionIdleMs = 2 * 3600 * 1000;
inline constexpr int64_t kSessionAbsoluteMs = 12 * 3600 * 1000;
inline constexpr size_t kMaxRequestIdBytes = 36;
inline constexpr size_t kMaxRateBuckets = 100'000;

// Live feed.
inline constexpr size_t kRingEvents = 100'000;
inline constexpr size_t kWithdrawnKept = 64;  // petitions that left the lists, of which what comes late is held back
inline constexpr size_t kRingBytes = 64 * 1024 * 1024;
inline constexpr size_t kMaxFeedsPerUser = 5;
inline constexpr size_t kMaxFeeds = 5'000;
inline constexpr size_t kFeedQueueEvents = 256;  // written to one client in one go
inline constexpr size_t kFeedQueueBytes = 256 * 1024;
inline constexpr int64_t kFeedHeartbeatMs = 15'000;
inline constexpr int64_t kFeedRetryMs = 3'000;
inline constexpr size_t kMaxFeedFilters = 16;
inline constexpr size_t kMaxCursorBytes = 2'048;

// 减负自检 walks some thousands of names; a look is shown again to whoever asks within this time.
inline constexpr int64_t kSelfCheckFreshMs = 60'000;

// Static files are held in memory.
inline constexpr size_t kMaxStaticBytes = 64 * 1024 * 1024;
inline constexpr size_t kMaxStaticFiles = 2'000;

}  // namespace gateway
