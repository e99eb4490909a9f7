#pragma once
// Every bound of ESP/1 in one place (docs/BUS.md). Durations in milliseconds, sizes in bytes. Pure constants.

#include <cstddef>
#include <cstdint>

namespace bus::limits {

inline constexpr uint32_t kMinVersion = 1;  // of the protocol; a source serves this one and the one before
inline constexpr uint32_t kMaxVersion = 1;

// Heartbeats. A peer that was silent for kDeadAfterHeartbeats of them is gone.
inline constexpr int64_t kHeartbeatMs = 2'000;
inline constexpr int64_t kHeartbeatMsMin = 100;
inline constexpr int64_t kHeartbeatMsMax = 60'000;
inline constexpr int64_t kDeadAfterHeartbeats = 3;

// One batch. A single event always passes, however large; otherwise whichever is reached first ends the
// batch.
inline constexpr uint32_t kBatchBytes = 64 * 1024;
inline constexpr uint32_t kBatchEvents = 500;
inline constexpr uint64_t kBatchScanned = 2'000;        // log entries looked at for one batch
inline constexpr uint64_t kEmptyBatchScanned = 10'000;  // after so many unwanted entries the cursor is told
inline constexpr int64_t kEmptyBatchMs = 1'000;         // or after so long, whichever is first
inline constexpr size_t kEventDataBytes = 256 * 1024;   // of Event.data; more belongs into the media store

// Credit a consumer gives at first, and keeps topped up.
inline constexpr uint64_t kWindowBytes = 4 * 1024 * 1024;  // a fast pair stands still with less
inline constexpr uint64_t kWindowEvents = 8'000;
inline constexpr size_t kPendingBatches =
    1'024;                                     // received, waiting for the inbox; empty ones cost no credit
inline constexpr size_t kApplyEvents = 2'000;  // handed to the inbox at once

// The source.
inline constexpr size_t kSessions = 256;
inline constexpr uint32_t kOpensPerSecond = 50;       // all consumers together: a reconnect storm is spread
inline constexpr uint32_t kOpensPerSecondOfPeer = 1;  // of one service, after a burst
inline constexpr uint32_t kOpenBurstOfPeer = 8;
inline constexpr size_t kFramesPerTurn = 256;  // read from the socket before the streams get their turn
inline constexpr int64_t kReadTurnMs = 200;    // nor longer than this: a slow reaction to each frame starves no timer
inline constexpr size_t kBatchesPerTurn = 16;  // sent before the socket gets its turn
inline constexpr int64_t kTickMs = 1'000;      // nobody sleeps longer: libzmq tidies up only inside its calls
inline constexpr int64_t kBlockedSkipMs = 5;   // a peer whose pipe is full is left alone so long
inline constexpr int64_t kBlockedDropMs = 3'000;  // and given up after so long
inline constexpr uint32_t kDrainRetryMs = 2'000;
inline constexpr uint32_t kOverloadedRetryMs = 1'000;
inline constexpr uint32_t kLogUnreadableRetryMs = 5'000;
inline constexpr uint64_t kScanCostBytes = 16;  // what a looked-at entry costs in the round robin

// The consumer.
inline constexpr int64_t kOpenedWithinMs = 5'000;
inline constexpr int64_t kReopenJitterMs = 2'000;  // spread of the first try after a session ended
inline constexpr int64_t kResendOpenMs = 250;      // the transport could not take the Open yet
inline constexpr int64_t kBackoffFirstMs = 500;    // doubled on each refusal, half of it random
inline constexpr int64_t kBackoffMaxMs = 30'000;

// What a peer may put into a frame.
inline constexpr size_t kConsumerIdBytes = 128;
inline constexpr size_t kFilterPrefixes = 64;  // of each kind
inline constexpr size_t kPrefixBytes = 64;
inline constexpr size_t kDetailBytes = 256;

// ZeroMQ: socket options of both ends.
inline constexpr int64_t kFrameBytesToSource = 64 * 1024;
inline constexpr int64_t kFrameBytesToConsumer = 4 * 1024 * 1024;
inline constexpr int kSendPipeMessages = 64;  // credit is the real limit
inline constexpr int kReceivePipeAtSource = 1'000;
inline constexpr int kReceivePipeAtConsumer = 64;
inline constexpr int kZmtpHeartbeatMs = 2'000;
inline constexpr int kZmtpHeartbeatTimeoutMs = 6'000;
inline constexpr int kZmtpHeartbeatTtlMs = 8'000;
inline constexpr int kHandshakeMs = 5'000;  // junk on the port is cut off after it
inline constexpr int kReconnectMs = 250;
inline constexpr int kReconnectMsMax = 10'000;
inline constexpr int kBacklog = 1'024;
inline constexpr int kSourceLingerMs = 1'000;
inline constexpr int64_t kFarewellMs = 300;        // how long a stopping source waits for its consumers to hang up
inline constexpr int kCloseLingerMs = 100;  // of a consumer that says goodbye; otherwise 0
inline constexpr int kConsumerSendMs = 500;
inline constexpr int kHandshakeFailuresAlarm = 3;  // in a row, before people are called
inline constexpr size_t kAccessPeers = 1'024;
inline constexpr size_t kAccessFileBytes = 4 * 1024 * 1024;
inline constexpr int64_t kAccessCheckMs = 1'000;  // how soon a changed allow-list counts for open sessions
inline constexpr int64_t kPublishMs = 100;        // how often a busy thread writes its metrics
inline constexpr int64_t kStopApplyMs = 10'000;   // how long a stopping consumer waits for its last Apply

}  // namespace bus::limits
