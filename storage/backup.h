#pragma once
// Backup, verification and restore of a database directory. A backup is a RocksDB checkpoint: a directory
// that is itself a
// database. A running service makes its own (RocksKv::Checkpoint); these are for a directory nobody has open.

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <string>

#include "kernel/v1/record.pb.h"
#include "storage/log_check.h"

namespace storage {

// Copies the database in `from` to the new directory `to`.
absl::Status Backup(const std::string& from, const std::string& to);

// Every block, every chain. A log that does not hold is DATA_LOSS and names the entry.
absl::StatusOr<LogReport> VerifyDatabase(const std::string& directory);

// Verifies the backup, copies it to the new directory `to` and raises its epoch: consumers see that history
// may differ from
// what they were told, and do not continue silently.
absl::StatusOr<kernel::v1::Format> Restore(const std::string& backup, const std::string& to);

}  // namespace storage
