#pragma once
// The first record of every database: which format, whose it is, which history. Read before anything else; a database
// this build does not understand, or of another service, is refused with a text that says what to do.

#include <absl/status/statusor.h>

#include <string>
#include <string_view>

#include "kernel/v1/record.pb.h"
#include "storage/kv.h"

namespace storage {

struct FormatTypes {  // full names of the service's messages, for programs that print a database
  std::string state;
  std::string event;
  std::string command;
};

// Reads the record, or makes it if the database is new (log_id: 16 random bytes), counts the boot and writes it back.
absl::StatusOr<kernel::v1::Format> OpenFormat(Kv& kv, std::string_view service, const FormatTypes& types,
                                              std::string_view fresh_log_id);

// Reads and checks only. NOT_FOUND: the database is empty.
absl::StatusOr<kernel::v1::Format> ReadFormat(const View& view);

// Ok if the database is empty or OpenFormat would accept it. Writes nothing.
absl::Status CheckFormat(const View& view, std::string_view service);

// After a restore: history may differ from what was published, so consumers must not continue silently.
absl::StatusOr<kernel::v1::Format> RaiseEpoch(Kv& kv);

}  // namespace storage
