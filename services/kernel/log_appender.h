#pragma once
// Puts records at the end of the log: numbers them, chains the hash of the aggregate and the digest of the
// log, and notes
// each event type when it first appears, so that a build that does not know it refuses to open the database.
// Writer thread only.

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstdint>
#include <map>
#include <string>

#include "kernel/v1/record.pb.h"
#include "services/kernel/messages.h"
#include "services/kernel/sealer.h"
#include "storage/kv.h"

namespace kernel {

// The newest entry of a log; seq 0: it is empty.
struct LogHead {
  uint64_t seq = 0;
  uint32_t digest = 0;
  int64_t recorded_at_ms = 0;
};
absl::StatusOr<LogHead> ReadLogHead(const storage::View& view);

class LogAppender {
 public:
  // Finds the end of the log. FAILED_PRECONDITION: it holds an event that `names` does not know.
  static absl::StatusOr<LogAppender> Open(const storage::View& view, const EventNames& names);

  // Fills in seq and previous_hash, appends, returns the record's hash. With a sealer the record goes in sealed.
  std::string Append(std::string_view previous_hash, int event_number, const Sealer* sealer, v1::LogRecord* record,
                     storage::Batch* batch);

  uint64_t seq() const { return head_.seq; }
  uint32_t digest() const { return head_.digest; }
  int64_t recorded_at_ms() const { return head_.recorded_at_ms; }

 private:
  LogHead head_;
  std::map<std::string, int, std::less<>> event_types_;  // noted in kMeta
};

}  // namespace kernel
