#pragma once
// Is there room? A database that fills the disk loses the ability to compact and to log, so commands are
// refused while there is still room for what runs. Any thread.

#include <absl/status/status.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace storage {

// Room for a memtable flush of every key space, a compaction and the log files of the process.
inline constexpr uint64_t kFreeBytesMin = uint64_t{256} << 20;

// The payload by which others know this status from any other lack of resources.
inline constexpr std::string_view kDiskNearlyFull = "fengqiao/disk-nearly-full";

// RESOURCE_EXHAUSTED, the payload kDiskNearlyFull and a text for people if fewer bytes are free where `directory` is.
absl::Status CheckFreeSpace(const std::string& directory, uint64_t free_bytes_min = kFreeBytesMin);

}  // namespace storage
