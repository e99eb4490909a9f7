#pragma once
// Every bound of the gRPC layer, in one place. Changing one is a decision about memory or about who waits.

#include <cstddef>
#include <cstdint>

namespace rpc {

inline constexpr int kMessageBytesMax = 4 << 20;         // one request or answer
inline constexpr int kMetadataBytesMax = 16 << 10;       // all headers of a call; a token alone may take 6 KiB
inline constexpr int kStreamsPerConnection = 1024;
inline constexpr size_t kInFlightMax = 4096;             // calls at one time, per process
inline constexpr int64_t kOverloadRetryMs = 1000;        // what a refused call is told to wait
inline constexpr uint32_t kBodyBytesDefault = 1 << 20;   // AccessRule.max_body_bytes 0
inline constexpr int64_t kDeadlineDefaultMs = 10'000;    // AccessRule.default_deadline_ms 0
inline constexpr size_t kStreamChunkBytes = 256 << 10;   // what one message of a streamed file should hold
inline constexpr int64_t kStreamMsMax = 30 * 60'000;     // a streamed answer that takes longer is cut
inline constexpr size_t kQueryThreads = 4;
inline constexpr size_t kQueryQueueMax = 512;
inline constexpr size_t kAuditQueueMax = 4096;
inline constexpr size_t kAuditGroupMax = 256;            // records between two syncs of the audit database
inline constexpr size_t kAuditPageMax = 200;
inline constexpr size_t kRequestIdMax = 36;              // characters
inline constexpr uint32_t kTextDefaultMax = 20'000;      // characters of a text without a rule of its own
inline constexpr uint32_t kRepeatedDefaultMax = 1000;    // elements of a list without a rule of its own
inline constexpr int64_t kMomentMaxMs = 4'102'416'000'000;  // no moment in a request is later: 2100-01-01 in Beijing
inline constexpr int64_t kMoneyMaxFen = 1'000'000'000'000'000;  // nor a sum of money greater: ten trillion yuan
inline constexpr int kYearMin = 1900, kYearMax = 2099;        // of a day or month in a request
inline constexpr int kMessageDepthMax = 32;
inline constexpr size_t kFieldErrorsMax = 20;            // named in one answer

inline constexpr size_t kTokenBytesMax = 6 << 10;
inline constexpr size_t kTokenCacheMax = 16'384;         // verified tokens remembered
inline constexpr int64_t kTokenCacheMs = 5 * 60'000;     // at most this long
inline constexpr int64_t kTokenLeewayMs = 60'000;        // clocks of two machines may differ by this
inline constexpr size_t kTokenGrantsMax = 64;
inline constexpr int64_t kJwksRereadMs = 60'000;
inline constexpr size_t kJwksKeysMax = 32;
inline constexpr size_t kJwksBytesMax = 64 << 10;
inline constexpr size_t kRevokedSessionsMax = 100'000;

inline constexpr int kConnectionIdleMs = 10 * 60'000;
inline constexpr int kConnectionAgeMs = 30 * 60'000;     // also how long an old certificate can stay in use
inline constexpr int kConnectionAgeGraceMs = 30'000;
inline constexpr int64_t kStopGraceMs = 20'000;          // calls still open after this are cancelled

inline constexpr size_t kMetricsRequestBytesMax = 8 << 10;
inline constexpr int kMetricsTimeoutMs = 2000;

}  // namespace rpc
