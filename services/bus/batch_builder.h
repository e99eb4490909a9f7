#pragma once
// Reads the log for one session and encodes what passes its filter. The owner's thread only; keeps nothing
// but scratch.

#include <absl/status/statusor.h>

#include <cstdint>
#include <string>

#include "bus/v1/stream.pb.h"
#include "services/kernel/link.h"

namespace bus {

struct BatchBounds {
  uint64_t bytes = 0;  // of encoded events; the first one always passes
  uint64_t events = 0;
  uint64_t scanned = 0;       // log entries looked at
  uint64_t credit_bytes = 0;  // what the consumer still takes; both over 0
  uint64_t credit_events = 0;
};

struct BuiltBatch {
  std::string events;  // as PackBatch takes them
  uint64_t bytes = 0;  // what they cost of the credit
  uint64_t count = 0;
  uint64_t scanned = 0;
  uint64_t through = 0;  // the newest entry looked at
  uint32_t digest = 0;   // of the log there
};

class BatchBuilder {
 public:
  explicit BatchBuilder(const kernel::EventLog* log);

  // From the entry after `after_seq`. An error means that the log cannot be streamed beyond some entry at
  // all.
  absl::StatusOr<BuiltBatch> Build(uint64_t after_seq, uint32_t after_digest, const v1::Filter& filter,
                                   const BatchBounds& bounds);

 private:
  // False if the entry has to wait for the next batch.
  bool Take(const kernel::LogEntry& entry, const v1::Filter& filter, const BatchBounds& bounds,
            BuiltBatch* built);

  const kernel::EventLog* const log_;
  const std::string log_id_;
  std::string encoded_;
  absl::Status fault_;
};

}  // namespace bus
