#pragma once
// All the kernel knows of a bus: a log that can be read, and an inbox that takes what others' logs say.
// services/bus carries one to the other (ESP/1); the simulator does the same in memory.

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bus/v1/stream.pb.h"

namespace kernel {

// A position in a log, with the digest that proves it is the same history.
struct Cursor {
  std::string log_id;  // 16 bytes
  uint64_t epoch = 0;
  uint64_t seq = 0;
  uint32_t digest = 0;
  std::string filter_hash;  // of a consumer's cursor only: what it was read with (CursorRecord.filter_hash); else empty
  bool operator==(const Cursor&) const = default;
};

// One log entry as the bus sees it. Views are valid during the callback only.
struct LogEntry {
  uint64_t seq = 0;
  uint32_t digest = 0;               // rolling, this entry included
  std::string_view topic;            // empty: no notice, nobody is told
  std::string_view division;
  std::string_view record;           // serialized kernel.v1.LogRecord
};

// The read side of a service's log. Any thread. Never shows anything beyond the synced sequence.
class EventLog {
 public:
  virtual ~EventLog() = default;
  virtual Cursor Head() const = 0;       // newest synced entry
  virtual uint64_t FirstSeq() const = 0; // oldest kept; 1 when nothing was cut off
  virtual absl::StatusOr<uint32_t> DigestAt(uint64_t seq) const = 0;  // seq 0: 0
  // Calls `each` for entries after `seq` in order until it returns false or the synced head is reached.
  virtual absl::Status Read(uint64_t after_seq, const std::function<bool(const LogEntry&)>& each) const = 0;
};

// Where a consumer of another service's log puts what it received. Effect and cursor become durable together.
class EventInbox {
 public:
  virtual ~EventInbox() = default;
  // nullopt: never read from this source.
  virtual absl::StatusOr<std::optional<Cursor>> LoadCursor(std::string_view source) const = 0;
  // Applies events in order, then moves the cursor to `after`. `applied` is called once, on any thread (also before
  // Apply returns), when it is durable or has failed. The next call for the same source comes only after that.
  // UNIMPLEMENTED: an event's schema is not known here; the consumer halts until a build that knows it. Any other
  // failure: the consumer waits, loads the cursor again and gets the same events again.
  virtual void Apply(std::string_view source, std::vector<bus::v1::Event> events, Cursor after,
                     std::function<void(absl::Status)> applied) = 0;
};

}  // namespace kernel
