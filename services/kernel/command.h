#pragma once
// One command on its way through the queue, and its outcome. People, timers and other services all enter as these.

#include <absl/status/status.h>
#include <google/protobuf/message.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "kernel/v1/actor.pb.h"
#include "kernel/v1/record.pb.h"
#include "services/kernel/domain.h"
#include "services/kernel/link.h"
#include "storage/kv.h"

namespace kernel {

// What became of a command. Exactly one of: status not ok (the world failed, or the queue was full), refusal, receipt.
struct Outcome {
  absl::Status status;
  std::optional<Refusal> refusal;
  v1::Receipt receipt;
  int64_t retry_after_ms = 0;  // with RESOURCE_EXHAUSTED
};

// Moves with the effect of a notice, in the same batch.
struct CursorMove {
  std::string source;
  Cursor cursor;
};

struct Envelope {
  std::unique_ptr<google::protobuf::Message> command;  // the service's Command; null: only `attached` and `cursor`
  std::string command_name;                            // "accept"
  std::string aggregate_id;
  bool creates = false;         // the aggregate must not exist yet; otherwise it must
  bool upserts = false;         // may exist or not (reference data, notices)
  v1::Actor actor;
  std::string request_id;       // empty: not deduplicated
  std::string fingerprint;      // SHA-256 of method and canonical request; same request_id with another is refused
  std::optional<uint64_t> expected_version;
  int64_t device_at_ms = 0;
  std::string cause;
  std::vector<storage::Batch::Op> attached;  // vault ciphertexts: written if the command is accepted, dropped if not
  std::optional<CursorMove> cursor;  // not newer than the stored one: this envelope and `then` are dropped, answered ok
  // of a firing (command is null): the domain's timers due by then are fired, if still set
  int64_t timer_due_ms = 0;
  std::vector<Envelope> then;   // decided right after this one, in the same batch: all effects of a bus batch at once
  std::function<void(const Outcome&)> done;  // called once, when durable or refused, never on the writer thread
};

// The queue of a service. Full: Submit answers at once with RESOURCE_EXHAUSTED and a retry time, through `done`.
class CommandQueue {
 public:
  virtual ~CommandQueue() = default;
  virtual void Submit(Envelope envelope) = 0;
};

}  // namespace kernel
