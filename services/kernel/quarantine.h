#pragma once
// Commands that killed the process are tried three times and then never again. Timers and notices are
// durable, so without
// this one mistake of ours would keep a service from ever starting.
//
// Before a command is decided its origin is noted in a memory-mapped file, which outlives the process;
// afterwards the note
// is wiped. A note found at the start means: this command was being decided when the process died. The count is kept in
// kQuarantine; a suspect that goes well later is forgotten. Writer thread only (Open: before it runs).

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "kernel/v1/record.pb.h"
#include "services/kernel/command.h"
#include "storage/kv.h"

namespace kernel {

// The note in the mapped file:  u32be length (0: nothing in flight)  kernel.v1.QuarantineRecord
class CrashMarker {
 public:
  // Empty path: no file, nothing is noted (the simulator kills no processes).
  static absl::StatusOr<std::unique_ptr<CrashMarker>> Open(const std::string& path);
  ~CrashMarker();
  CrashMarker(const CrashMarker&) = delete;
  CrashMarker& operator=(const CrashMarker&) = delete;

  std::string Read() const;  // empty: nothing
  void Set(const v1::QuarantineRecord& record);
  void Wipe();

 private:
  CrashMarker() = default;
  char* map_ = nullptr;
};

class Quarantine {
 public:
  // Counts what the marker holds; writes to `kv` if it held something.
  static absl::StatusOr<std::unique_ptr<Quarantine>> Open(storage::Kv& kv, const std::string& marker_path,
                                                          int64_t now_ms);

  // Where a command comes from, the same after a restart: "timer/<id>/<name>/<due>",
  // "inbox/<source>/<seq>/<command>/<id>",
  // "request/<principal>/<request id>", "command/<digest>".
  static std::string OriginOf(const Envelope& envelope);

  // False: it must not be tried. Otherwise it is noted as in flight until Done.
  bool Begin(const Envelope& envelope);
  void Done(storage::Batch* batch);

 private:
  Quarantine() = default;
  std::unique_ptr<CrashMarker> marker_;
  std::map<std::string, v1::QuarantineRecord, std::less<>> suspects_;  // by fingerprint; empty nearly always
  v1::QuarantineRecord note_;                                          // reused
};

}  // namespace kernel
