#pragma once
// The machine's files, watched: a write, sync or new file that fails is told of before the engine hears of it.
// The engine itself would go on for a while, and Debian's build of it may end the process with an assertion that names
// no disk (writable_file_writer.h), also while it opens a database; then nobody would ever read why.
//
// For the same reason the engine keeps no diary of its own beside the database (LOG): a line that cannot be written to
// a full disk ended the process. Its errors go to the log of the process.

#include <absl/status/status.h>

#include <atomic>
#include <functional>
#include <memory>
#include <utility>

namespace rocksdb {
class Env;
class Logger;
}  // namespace rocksdb

namespace storage {

class DiskWatch {
 public:
  // `failed` may be called more than once and on any thread; usually it does not return. `kept` is asked on any thread
  // after each sync that reported success, whether it was one (storage/journal_guard.h).
  DiskWatch(std::function<void(absl::Status)> failed, std::function<absl::Status()> kept)
      : failed_(std::move(failed)), kept_(std::move(kept)) {}

  void LookAway() { watching_.store(false, std::memory_order_release); }
  void Report(absl::Status status) const {
    if (watching_.load(std::memory_order_acquire)) failed_(std::move(status));
  }
  absl::Status Kept() const { return kept_(); }

 private:
  const std::function<void(absl::Status)> failed_;
  const std::function<absl::Status()> kept_;
  std::atomic<bool> watching_{true};
};

// The files of `base`. `watch` outlives the result, and `base` too.
std::unique_ptr<rocksdb::Env> WatchFiles(rocksdb::Env& base, const DiskWatch& watch);

// Errors of the engine as lines of our log.
std::shared_ptr<rocksdb::Logger> EngineLog();

}  // namespace storage
