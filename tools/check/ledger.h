#pragma once
// What the log of one stopped service says happened, in the form the checks ask for. Walks it once.
//
// Broken order is a problem here already: a gap, a version that skips, time that runs back, a request or a notice
// whose effect is there twice. One thread. Memory: about 200 bytes a request and a notice.

#include <absl/status/statusor.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/v1/record.pb.h"
#include "services/kernel/sealer.h"
#include "storage/rocks_kv.h"

namespace check {

// Sentences for people. The first kShownMax are kept, all are counted.
class Problems {
 public:
  static constexpr size_t kShownMax = 20;
  void Add(std::string text);
  size_t count() const { return count_; }
  const std::vector<std::string>& shown() const { return shown_; }

 private:
  size_t count_ = 0;
  std::vector<std::string> shown_;
};

// What one notice led to.
struct Effect {
  uint32_t records = 0;
  uint64_t last_seq = 0;
  int64_t at_ms = 0;
};

struct Ledger {
  std::string service;
  std::unique_ptr<storage::RocksKv> kv;
  const kernel::Sealer* sealer = nullptr;  // null: nothing in this database is sealed
  kernel::v1::Format format;
  uint64_t head = 0;
  std::map<std::string, Effect, std::less<>> by_cause;  // "<source>/<seq>" of notices only
  uint64_t requests = 0;                                // different ones that had an effect
};

// "<source>/<seq>": the cause the kernel gives to what a notice led to. Timers have causes of other shapes.
bool IsNoticeCause(std::string_view cause);

// Opens DIRECTORY/db read-only and walks its log.
absl::StatusOr<Ledger> ReadLedger(const std::string& directory, std::string service, Problems* problems);

// Calls `each` for every record of the log in order.
absl::Status ForEachRecord(const storage::View& view,
                           const std::function<void(uint64_t seq, uint32_t digest, std::string_view stored_record,
                                                    const kernel::v1::LogRecord&)>& each);

}  // namespace check
