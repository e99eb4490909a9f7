#include "storage/space_guard.h"

#include <absl/strings/str_cat.h>
#include <sys/statvfs.h>

#include <cerrno>
#include <cstring>

namespace storage {

absl::Status CheckFreeSpace(const std::string& directory, uint64_t free_bytes_min) {
  struct statvfs disk {};
  if (statvfs(directory.c_str(), &disk) != 0) {
    return absl::InternalError(
        absl::StrCat("cannot look at the disk of ", directory, ": ", std::strerror(errno)));
  }
  const uint64_t free_bytes = uint64_t{disk.f_bavail} * disk.f_frsize;
  if (free_bytes >= free_bytes_min) return absl::OkStatus();
  absl::Status full = absl::ResourceExhaustedError(
      absl::StrCat("磁盘空间不足，暂不接收新的操作 / the disk is nearly full: ", free_bytes >> 20,
                   " MiB free, ", free_bytes_min >> 20, " MiB needed"));
  full.SetPayload(std::string(kDiskNearlyFull), absl::Cord());
  return full;
}

}  // namespace storage
