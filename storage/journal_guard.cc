#include "storage/journal_guard.h"

#include <absl/strings/str_cat.h>
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "base/status_macros.h"

namespace storage {
namespace {

bool IsUnknownHere(int error) {
  return error == EOPNOTSUPP || error == EISDIR || error == ENOSYS || error == EINVAL;
}

}  // namespace

absl::StatusOr<std::unique_ptr<JournalGuard>> JournalGuard::Open(const std::string& directory) {
  int fd = ::open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (fd < 0 && !IsUnknownHere(errno)) {
    return absl::InternalError(absl::StrCat("cannot make a file in ", directory, ": ", std::strerror(errno)));
  }
  if (fd >= 0 && ::fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, 1) != 0 && IsUnknownHere(errno)) {
    ::close(fd);
    fd = -1;
  }
  std::unique_ptr<JournalGuard> guard(new JournalGuard(directory, fd));
  RETURN_IF_ERROR(guard->Ask());
  return guard;
}

JournalGuard::~JournalGuard() {
  if (fd_ >= 0) ::close(fd_);
}

// The block is reserved already, so no room is needed; reserving it again still has to enter the journal.
absl::Status JournalGuard::Ask() const {
  if (fd_ < 0) return absl::OkStatus();
  int answer = 0;
  do {
    answer = ::fallocate(fd_, FALLOC_FL_KEEP_SIZE, 0, 1);
  } while (answer != 0 && errno == EINTR);
  if (answer == 0) return absl::OkStatus();
  return absl::InternalError(
      absl::StrCat("the file system of ", directory_, " keeps nothing any more: ", std::strerror(errno)));
}

}  // namespace storage
