#pragma once
// The reading side of ESP/1: one per source listened to. Keeps asking the source from the cursor the inbox
// has durably, hands what comes to the inbox, one Apply at a time, and gives new credit only for what is
// durable. A state machine: no thread, no clock, no socket.
//
//   waiting ─Open─► opening ─Opened─► streaming ──┐ gap, silence, Close, failed Apply
//      ▲               │ Reject                   │
//      └── back-off ───┴──────────────────────────┘        halted: another history, or something only people
//      can settle
//
// Times are milliseconds of a clock that never goes back.

#include <absl/status/status.h>

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "bus/v1/stream.pb.h"
#include "services/bus/journal.h"
#include "services/bus/limits.h"
#include "services/bus/transport.h"
#include "services/kernel/link.h"

namespace bus {

struct ConsumerOptions {
  std::string source;           // the name the inbox knows it by
  std::string consumer_id;      // stands in the source's access list
  uint64_t instance_epoch = 0;  // starts of this process's database, counted
  v1::Filter filter;
  std::vector<v1::Filter> former_filters;
  // Filters of earlier programs that kept out what is wanted now. What they passed over is given up: for a consumer
  // that cannot be rebuilt, because it keeps decisions of its own.
  std::vector<v1::Filter> narrower_before;
  bool from_now = false;              // never read before: newest entry instead of the first
  bool take_what_is_allowed = false;  // a narrower filter than asked for is no alarm
  uint32_t min_version = limits::kMinVersion;
  uint32_t max_version = limits::kMaxVersion;
  uint64_t window_bytes = limits::kWindowBytes;
  uint64_t window_events = limits::kWindowEvents;
  int64_t heartbeat_ms = limits::kHeartbeatMs;
  int64_t heartbeat_ms_max = limits::kHeartbeatMsMax;
};

enum class Phase { kWaiting, kOpening, kStreaming, kHalted, kStopped };

// Why a consumer stands still until people have acted. docs/BUS.md says what to do for each.
enum class Halt {
  kNone,
  kDiverged,
  kCursorAhead,
  kCursorTooOld,
  kFilterChanged,
  kSuperseded,
  kUnknownSchema,
};
std::string_view HaltName(Halt halt);

struct ConsumerStatus {
  Phase phase = Phase::kWaiting;
  Halt halt = Halt::kNone;
  std::string alarm;  // for a person; empty: all is well
  uint64_t applied_through = 0;
  uint64_t durable_seq = 0;  // of the source, as last heard
  uint64_t opens = 0;
  uint64_t batches = 0;
  uint64_t events = 0;  // durably applied
  uint64_t applies = 0;
  uint64_t apply_failures = 0;
  bool apply_failing = false;  // the last Apply failed
  uint64_t malformed = 0;
  uint64_t stale = 0;  // frames of a session that is over
  uint64_t duplicates = 0;
  uint64_t gaps = 0;
  uint64_t silences = 0;  // sessions given up because nothing was heard
  uint64_t rejects = 0;
  uint64_t grants = 0;
  v1::RejectCode last_reject = v1::REJECT_CODE_UNSPECIFIED;
  uint64_t lag() const { return durable_seq > applied_through ? durable_seq - applied_through : 0; }
};

class Consumer {
 public:
  // Tells the owner that an Apply is through. Called on any thread, also from inside OnTick, OnFrame and
  // OnApplied: the owner remembers it and calls OnApplied(token, status) later, on its own thread. Must stay
  // callable for ever.
  using Notify = std::function<void(uint64_t token, absl::Status status)>;

  // `journal` may be null. REQUIRES: inbox and transport outlive the consumer.
  Consumer(ConsumerOptions options, kernel::EventInbox* inbox, Transport* transport, Notify notify,
           uint64_t seed, Journal* journal);

  void OnFrame(std::string_view bytes, int64_t now_ms);
  void OnBadMessage() { ++status_.malformed; }
  void OnApplied(uint64_t token, const absl::Status& status, int64_t now_ms);
  // The transport knows that the connection is gone, or refused: `alarm` if only people can mend it (wrong
  // key).
  void OnConnectionLost(std::string_view why, bool alarm, int64_t now_ms);
  // The connection came back by itself: ask the source at once whether it still knows the session.
  void Probe(int64_t now_ms);
  // Returns when it wants to be called next, at the latest.
  int64_t OnTick(int64_t now_ms);

  // No new Apply from here on. The owner waits for Idle(), then calls Close().
  void BeginStop();
  bool Idle() const { return !in_flight_; }
  void Close();

  // The transport was full or not there at the last try: worth a tick as soon as it takes frames.
  bool WaitsForTransport() const { return status_.phase == Phase::kOpening && !open_sent_; }
  const ConsumerStatus& status() const { return status_; }
  const ConsumerOptions& options() const { return options_; }

 private:
  struct Received {
    v1::Batch batch;
    uint64_t session_id = 0;
  };
  struct InFlight {
    uint64_t token = 0;
    uint64_t session_id = 0;
    kernel::Cursor after;
    uint64_t sent_bytes = 0, sent_events = 0;  // totals of the source up to the end of it
    uint64_t events = 0;
  };

  bool LoadCursor(int64_t now_ms);
  bool CheckFilter();
  void StartOpening(int64_t now_ms);
  void SendOpen(int64_t now_ms);
  void OnOpened(const v1::Frame& frame, int64_t now_ms);
  bool AcceptOpened(const v1::Opened& opened, int64_t now_ms);
  void OnReject(const v1::Frame& frame, int64_t now_ms);
  void OnRefused(v1::RejectCode code, std::string_view detail, uint32_t retry_after_ms, int64_t now_ms);
  void OnBatch(v1::Batch* batch, int64_t now_ms);
  void OnPong(const v1::Pong& pong, int64_t now_ms);
  bool IsWhole(const v1::Batch& batch) const;
  void ApplyNext();
  void Apply(std::vector<v1::Event> events, InFlight next);
  void GiveCredit(int64_t now_ms);
  void SendGrant(int64_t now_ms);
  void SendPing(int64_t now_ms);
  void SendClose(v1::RejectCode code, std::string_view detail);
  SendResult SendFrame(v1::Frame* frame, int64_t now_ms);

  void WaitUntil(int64_t open_at_ms);
  void ReopenSoon(int64_t now_ms);                        // spread by chance
  void ReopenLater(int64_t now_ms, int64_t at_least_ms);  // back-off
  int64_t NextBackoff();
  void StopFor(Halt halt, std::string_view detail);
  void Alarm(std::string_view what, std::string_view detail);
  void Write(Journal::Weight weight, std::string_view what, std::string_view detail);

  const ConsumerOptions options_;
  const std::string filter_hash_;
  kernel::EventInbox* const inbox_;
  Transport* const transport_;
  const Notify notify_;
  Journal* const journal_;
  base::Random random_;
  ConsumerStatus status_;

  bool cursor_loaded_ = false;
  std::optional<kernel::Cursor> cursor_;  // durable in the inbox; none: never read
  int64_t open_at_ms_ = 0;
  int64_t backoff_ms_ = 0;
  bool stopping_ = false;

  // Of the session.
  uint64_t nonce_ = 0;
  bool open_sent_ = false;
  int64_t open_sent_ms_ = 0;
  uint64_t session_id_ = 0;
  uint32_t version_ = 0;
  int64_t heartbeat_ms_ = 0;
  int64_t last_heard_ms_ = 0, last_sent_ms_ = 0;
  uint64_t batch_no_ = 0;
  uint64_t received_through_ = 0;
  kernel::Cursor stream_;                            // log_id and epoch of the session
  uint64_t granted_bytes_ = 0, granted_events_ = 0;  // totals
  uint64_t sent_bytes_ = 0, sent_events_ = 0;        // totals of what went to the inbox
  uint64_t used_bytes_ = 0, used_events_ = 0;        // totals of what is durably applied
  std::deque<Received> received_;

  std::optional<InFlight> in_flight_;
  uint64_t last_token_ = 0;
};

}  // namespace bus
