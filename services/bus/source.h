#pragma once
// The serving side of ESP/1: one per service. Streams the service's log to whoever may hear it, as far as
// each gives credit. A state machine: no thread, no clock, no socket; the owner calls it, frames leave
// through the Transport.
//
//   OnFrame ── Open ──► authorise ─► cursor checks ─► session ◄── Grant, Ping, Close
//   OnTick ───────────► deficit round robin over the sessions ─► Batch
//
// Correctness never depends on what is kept here: a session lost is opened again by its consumer, at its own
// cursor. Times are milliseconds of a clock that never goes back.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/random.h"
#include "bus/v1/stream.pb.h"
#include "services/bus/access.h"
#include "services/bus/batch_builder.h"
#include "services/bus/journal.h"
#include "services/bus/limits.h"
#include "services/bus/transport.h"
#include "services/kernel/link.h"

namespace bus {

// Who sent a frame: the connection it came by, and the user the transport vouches for.
struct Sender {
  std::string_view route;
  std::string_view user;
};

struct SourceOptions {
  uint32_t min_version = limits::kMinVersion;
  uint32_t max_version = limits::kMaxVersion;
  size_t sessions_max = limits::kSessions;
  uint32_t opens_per_second = limits::kOpensPerSecond;
  uint32_t opens_per_second_of_peer = limits::kOpensPerSecondOfPeer;
  uint32_t open_burst_of_peer = limits::kOpenBurstOfPeer;
  int64_t heartbeat_ms_max = limits::kHeartbeatMsMax;
};

struct SourceStatus {
  uint64_t malformed = 0;
  uint64_t unknown_body = 0;
  uint64_t opened = 0;
  std::map<int, uint64_t> rejected;  // by RejectCode, UNKNOWN_SESSION included
  uint64_t superseded = 0;
  uint64_t lost = 0;  // sessions ended by silence, an unreachable peer or a full pipe
  uint64_t blocked = 0;
  uint64_t batches = 0;
  uint64_t empty_batches = 0;
  uint64_t events = 0;
  uint64_t event_bytes = 0;
  uint64_t log_faults = 0;
  bool log_alarm = false;  // the log could not be read at the last try
  bool draining = false;
};

struct SessionInfo {
  std::string service;
  std::string consumer_id;
  uint64_t instance_epoch = 0;
  uint64_t sent_through = 0;
  uint64_t applied_through = 0;
  uint64_t lag = 0;  // durable entries the consumer has not applied
  bool has_credit = false;
};

class Source {
 public:
  // `journal` may be null. REQUIRES: the others outlive the source.
  Source(const SourceOptions& options, const kernel::EventLog* log, Transport* transport, AccessList access,
         uint64_t seed, Journal* journal);

  void OnFrame(const Sender& sender, std::string_view bytes, int64_t now_ms);
  // Parts of a message that is not one payload frame: counted, dropped.
  void OnBadMessage() { ++status_.malformed; }
  // Sends what may be sent, ends what is dead. Returns when it wants to be called next, at the latest.
  int64_t OnTick(int64_t now_ms);
  // The allow-list changed: sessions it no longer covers are closed.
  void SetAccess(AccessList access);
  // The service is stopping: everybody is told to come back later, nobody new is let in.
  void Drain();

  const SourceStatus& status() const { return status_; }
  std::vector<SessionInfo> Sessions() const;

 private:
  struct Session {
    std::string route, user, service, consumer_id;
    uint64_t id = 0, nonce = 0, instance_epoch = 0;
    uint32_t version = 0;
    v1::Filter wanted, effective;
    v1::Opened opened;
    uint64_t scan = 0, sent_through = 0, applied_through = 0;
    uint32_t scan_digest = 0, sent_digest = 0;
    uint64_t batch_no = 0;
    uint64_t granted_bytes = 0, granted_events = 0, sent_bytes = 0, sent_events = 0;
    uint32_t batch_bytes = 0, batch_events = 0;
    int64_t heartbeat_ms = 0, last_heard_ms = 0, last_batch_ms = 0;
    int64_t blocked_since_ms = -1, retry_at_ms = 0;
    int64_t deficit = 0;
    bool HasCredit() const { return sent_bytes < granted_bytes && sent_events < granted_events; }
  };
  using Sessions_ = std::map<uint64_t, Session>;
  struct Bucket {
    double tokens = 0;
    int64_t filled_ms = 0;
    bool Take(double rate, double burst, int64_t now_ms);
  };
  struct Refusal {
    v1::RejectCode code = v1::REJECT_CODE_UNSPECIFIED;
    std::string detail;
    uint32_t retry_after_ms = 0;
  };

  void OnOpen(const Sender& sender, const v1::Open& open, int64_t now_ms);
  Refusal Admit(const Sender& sender, const v1::Open& open, const AllowedPeer** peer, int64_t now_ms);
  Refusal CheckCursor(const v1::Open& open, v1::Cursor* resume_after) const;
  Refusal MakeRoom(const std::string& service, const v1::Open& open);
  void StartSession(const Sender& sender, const v1::Open& open, const AllowedPeer& peer, v1::Filter effective,
                    const v1::Cursor& resume_after, int64_t now_ms);
  void Reject(const Sender& sender, uint64_t nonce, uint64_t session_id, const Refusal& refusal, bool known);
  void OnSessionFrame(const Sender& sender, const v1::Frame& frame, int64_t now_ms);
  void TakeGrant(const v1::Grant& grant, Session* session);
  void CloseSession(Sessions_::iterator at, v1::RejectCode code, std::string_view detail,
                    uint32_t retry_after_ms);
  void LoseSession(Sessions_::iterator at, std::string_view why);
  Sessions_::iterator FindConsumer(std::string_view service, std::string_view consumer_id);

  // source_stream.cc
  void EndSilentSessions(int64_t now_ms);
  bool IsDue(const Session& session, int64_t now_ms) const;
  bool ServeSession(Sessions_::iterator at, int64_t now_ms);
  void SendBatch(Sessions_::iterator at, const BuiltBatch& built, int64_t now_ms);
  void OnLogFault(Sessions_::iterator at, const absl::Status& fault);
  int64_t NextDue(int64_t now_ms) const;

  SendResult SendFrame(std::string_view route, const v1::Frame& frame);
  void Write(Journal::Weight weight, const Session& session, std::string_view what, std::string_view detail);

  const SourceOptions options_;
  const kernel::EventLog* const log_;
  Transport* const transport_;
  Journal* const journal_;
  AccessList access_;
  base::Random random_;
  BatchBuilder builder_;
  Sessions_ sessions_;
  Bucket all_opens_;
  std::map<std::string, Bucket, std::less<>> opens_of_;  // by service; only services of the allow-list
  uint64_t last_served_ = 0;
  kernel::Cursor head_;  // as of this tick
  SourceStatus status_;
};

}  // namespace bus
