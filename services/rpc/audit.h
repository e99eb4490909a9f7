#pragma once
// The audit log: an append-only, hash-chained list in a database of its own (`<data_dir>/audit`), written by one thread
// that syncs whole groups. Separate from the service's store because denials must be recorded without passing through
// the queue of commands, and because its reader is another person than the operator of the service.
//
//   kAudit    u64be serial                          -> rpc.v1.AuditRecord
//   kDerived  aggregate id, 0x00, u64be serial      -> empty       (who looked at this matter)
//   kIndex    area code, 0x00, u64be ~serial        -> empty       (who looked at lists of this area, newest first)
//
// A record nobody waits for is dropped and counted when the queue is full; one somebody waits for is refused, and so is
// the call. After a failed write nothing is recorded any more and every such call fails (fail closed).

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/bounded_queue.h"
#include "rpc/v1/audit.pb.h"
#include "storage/kv.h"

namespace rpc {

class AuditLog {
 public:
  // Reads the newest record, then starts the thread. `kv` is this object's alone and outlives it.
  // `fatal` is called after the first failed write, on the audit thread: the process ends, as with its database.
  static absl::StatusOr<std::unique_ptr<AuditLog>> Open(storage::Kv& kv,
                                                        std::function<void(absl::Status)> fatal = nullptr);
  ~AuditLog();  // writes what is queued

  // Nobody waits: denials.
  void Note(v1::AuditRecord record);
  // `done` is called once, on the audit thread, when the record is durable or has failed. False: the queue is full and
  // `done` will not be called.
  [[nodiscard]] bool Record(v1::AuditRecord record, std::function<void(absl::Status)> done);

  // Records that name this matter, with a serial below `before`, newest first; at most kAuditPageMax. Any thread.
  absl::StatusOr<std::vector<v1::AuditRecord>> OfMatter(
      std::string_view aggregate, size_t limit, uint64_t before = std::numeric_limits<uint64_t>::max()) const;
  // Records of calls that were bounded by an area of this one, itself included, in the same way. Any thread.
  absl::StatusOr<std::vector<v1::AuditRecord>> OfArea(
      std::string_view area_code, size_t limit, uint64_t before = std::numeric_limits<uint64_t>::max()) const;
  // Calls `each` for the records that name this matter, oldest first. Any thread.
  absl::Status Each(std::string_view aggregate, const std::function<void(const v1::AuditRecord&)>& each) const;
  // DATA_LOSS naming the first serial whose hash or predecessor does not fit. Any thread.
  static absl::Status Verify(const storage::View& view);

 private:
  struct Pending {
    v1::AuditRecord record;
    std::function<void(absl::Status)> done;
  };
  AuditLog(storage::Kv& kv, uint64_t serial, std::string hash, std::function<void(absl::Status)> fatal);
  void Run();
  void Write(std::vector<Pending> group);

  storage::Kv& kv_;
  uint64_t serial_;          // of the newest record; the audit thread's
  std::string hash_;
  absl::Status failed_;
  const std::function<void(absl::Status)> fatal_;
  std::atomic<uint64_t> unrecorded_{0};
  base::BoundedQueue<Pending> queue_;
  std::jthread thread_;
};

// Serial of the newest record and its hash, as one line for a signed or printed receipt of the log's head.
std::string AuditHash(const v1::AuditRecord& record);

}  // namespace rpc
