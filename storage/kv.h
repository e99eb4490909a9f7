#pragma once
// The seam between the platform and its storage engine: four calls. RocksKv is the product; MemKv (tests/support)
// models the same promises, with unsynced batches that a crash may lose.
//
// Threads: Get, Scan and Snapshot may be called from any thread. Commit is called by one writer thread, except that
// Commit({}, kSynced) may be called by one other thread at the same time.

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/keyspace.h"

namespace storage {

// Changes that become visible and durable together, or not at all.
class Batch {
 public:
  struct Op {
    KeySpace space;
    std::string key;
    std::optional<std::string> value;  // nullopt: delete
  };
  void Put(KeySpace space, std::string key, std::string value) {
    bytes_ += key.size() + value.size();
    ops_.push_back({space, std::move(key), std::move(value)});
  }
  void Delete(KeySpace space, std::string key) {
    bytes_ += key.size();
    ops_.push_back({space, std::move(key), std::nullopt});
  }
  const std::vector<Op>& ops() const { return ops_; }
  bool empty() const { return ops_.empty(); }
  size_t bytes() const { return bytes_; }
  void Clear() { ops_.clear(); bytes_ = 0; }

 private:
  std::vector<Op> ops_;
  size_t bytes_ = 0;
};

// A consistent view of one moment. Cheap to take; holds back compaction while it lives.
class View {
 public:
  virtual ~View() = default;
  // nullopt: no such key. Errors are of the disk.
  virtual absl::StatusOr<std::optional<std::string>> Get(KeySpace space, std::string_view key) const = 0;
  // Calls `each` for keys in [from, to) in order (to empty: to the end) until it returns false.
  virtual absl::Status Scan(KeySpace space, std::string_view from, std::string_view to,
                            const std::function<bool(std::string_view key, std::string_view value)>& each) const = 0;
};

enum class Durability {
  kWritten,  // survives the death of the process, not of the machine
  kSynced,   // survives both; an empty batch syncs everything committed before
};

class Kv : public View {
 public:
  virtual std::shared_ptr<const View> Snapshot() const = 0;
  // After an error the state of the files is unknown: the process must stop acknowledging and exit (docs/ON_DISK.md).
  virtual absl::Status Commit(const Batch& batch, Durability durability) = 0;
};

}  // namespace storage
