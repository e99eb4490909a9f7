#pragma once
// Whether the file system still keeps what it is given.
//
// A sync that reports success is not enough. When ext4 gives up its journal after an error of the disk, it ends a
// sync that is under way at that moment as if it had worked: jbd2_complete_transaction() finds the transaction
// neither running nor committing any more, and does not look whether it was thrown away. What was synced is gone when
// the disk has been checked (Linux 6.18: 5 of 120 processes that wrote 300 bytes a sync lost the last one). So each
// sync is followed by a change of metadata, which the journal refuses from the first moment of the abort; it stays in
// memory and costs 2 µs. Other file systems report their end in the sync itself; the question is harmless to them.
// Any thread.

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <memory>
#include <string>
#include <utility>

namespace storage {

class JournalGuard {
 public:
  // `directory` exists. The guard keeps one block there in a file without a name, which ends with the process. A file
  // system that has no such files, or cannot reserve blocks, is trusted as before.
  static absl::StatusOr<std::unique_ptr<JournalGuard>> Open(const std::string& directory);
  ~JournalGuard();
  JournalGuard(const JournalGuard&) = delete;
  JournalGuard& operator=(const JournalGuard&) = delete;

  // Asked after a sync, OK says that the sync was kept.
  absl::Status Ask() const;

 private:
  JournalGuard(std::string directory, int fd) : directory_(std::move(directory)), fd_(fd) {}

  const std::string directory_;
  const int fd_;  // -1: there is nothing to ask
};

}  // namespace storage
