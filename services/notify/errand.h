#pragma once
// What is to be done next for one webhook, and nothing of how it is done: reads the log of notify behind the webhook's
// own place in it, and says what is to be sent, what is to be reported, how long there is nothing to do. Whoever holds
// it (courier.h; the simulator) has the time, the connection and the queue, and says what came of it.
//
//   Next ─► SEND ── OnReply ─┐    ┌─► TELL ── OnTold ─┐    ┌─► WAIT ─┐    ┌─► OVER
//    ▲───────────────────────┘    └───────────────────┘    └─────────┘    suspended or deleted
//
// Each Next reads the webhook anew. So whatever was waited for, the agreed rate too, nothing is sent that is not due by
// then: not after the webhook was suspended or deleted, and not of a petition that has left the lists.

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "services/kernel/reader.h"
#include "services/notify/cloud_event.h"
#include "services/notify/domain/notify.h"

namespace notify {

inline constexpr uint32_t kReportEvery = 32;       // deliveries between two reports, if there is no pause before
inline constexpr uint64_t kScannedPerTurn = 2000;  // records of the log, before others get their turn
inline constexpr int64_t kIdleMs = 60'000;         // longest wait; whatever matters wakes earlier

// OPTIONS, the question whether the address agrees, or POST, a notice.
struct Letter {
  bool asks = false;
  std::vector<std::pair<std::string, std::string>> header = {};
  std::string body = {};
};

// What came back, or why nothing did.
struct Reply {
  int status = 0;        // 0: nothing came back
  std::string why = {};  // then: "TIMED_OUT", "TLS_FAILED", …
  std::string allowed_origin = {}, allowed_rate = {}, retry_after = {};
};

class Errand {
 public:
  using Read = std::function<kernel::Reader<NotifyDomain>()>;
  struct Step {
    enum class Kind { kOver, kWait, kSend, kTell };
    Kind kind = Kind::kOver;
    int64_t wait_ms = 0;
    Letter letter = {};
    std::string url = {};
    v1::Command command = {};
  };

  // What is passed in outlives this.
  Errand(Read read, const WebhookSecrets* secrets, std::string webhook_id)
      : read_(std::move(read)), secrets_(secrets), id_(std::move(webhook_id)) {}

  Step Next(int64_t now_ms);
  // REQUIRES: the last step was to send.
  void OnReply(const Reply& reply, int64_t now_ms);
  // The command is on disk, or was not taken. REQUIRES: the last step was to tell.
  void OnTold(bool taken) { pauses_ = !taken; }

  const std::string& webhook_id() const { return id_; }
  uint64_t done_seq() const { return done_seq_; }  // everything up to it was delivered or is not meant for it

 private:
  Step Wait(int64_t ms) const;
  Step Ask() const;
  Step Deliver(int64_t now_ms);
  Step Post(uint64_t seq, const v1::Told& told, int64_t now_ms);
  void OnConsent(const Reply& reply, int64_t now_ms);
  void Report();
  void Fail(uint64_t seq, const Reply& reply, std::string code, int64_t now_ms);

  const Read read_;
  const WebhookSecrets* const secrets_;
  const std::string id_;
  v1::Webhook webhook_;              // as Next read it
  std::deque<v1::Command> to_tell_;  // before anything else
  bool pauses_ = false;              // the queue was full
  int64_t last_sent_ms_ = 0;
  uint64_t sent_seq_ = 0;    // under way; 0: the question
  uint64_t done_seq_ = 0;    // delivered or not meant for it, of this round
  uint32_t unreported_ = 0;  // of these, delivered and not yet said
  uint32_t round_ = ~0u;     // these belong to
};

}  // namespace notify
