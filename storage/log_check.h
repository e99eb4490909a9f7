#pragma once
// Has anybody changed history? Walks the whole log once: it begins at 1 without a gap, the digest of the log
// and the hash chain of every matter
// hold, versions count up, time does not go back, headers agree with their records, and every state names a
// record the log
// still has. Needs no domain. Memory: about 150 bytes a matter. Any thread, on any view.

#include <absl/status/statusor.h>

#include <cstdint>
#include <string>

#include "storage/kv.h"

namespace storage {

struct LogReport {
  uint64_t entries = 0;
  uint64_t matters = 0;
  uint64_t last_seq = 0;
  uint64_t first_bad_seq = 0;  // 0: the log is whole
  std::string problem;         // what is wrong there
};

// A Status is of the disk; a broken chain is a report.
absl::StatusOr<LogReport> CheckLog(const View& view);

}  // namespace storage
