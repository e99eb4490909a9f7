#include "services/rpc/file.h"

#include <absl/strings/str_cat.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace rpc {
namespace {

absl::Status Failed(std::string_view verb, const std::string& path) {
  const int error = errno;
  const std::string text = absl::StrCat("cannot ", std::string(verb), " ", path, ": ", std::strerror(error));
  return error == ENOENT ? absl::NotFoundError(text) : absl::UnavailableError(text);
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

absl::StatusOr<std::string> Read(const std::string& path, size_t bytes_max, bool secret) {
  Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return Failed("read", path);
  struct stat about = {};
  if (fstat(file.get(), &about) != 0) return Failed("read", path);
  if (secret && (about.st_mode & 077) != 0) {
    return absl::FailedPreconditionError(absl::StrCat("cannot use ", path, ": others may read it, set mode 0600"));
  }
  std::string out;
  char buffer[4096];
  while (true) {
    const ssize_t size = read(file.get(), buffer, sizeof(buffer));
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return Failed("read", path);
    if (size == 0) return out;
    out.append(buffer, static_cast<size_t>(size));
    if (out.size() > bytes_max) {
      return absl::InvalidArgumentError(absl::StrCat("cannot read ", path, ": longer than ", bytes_max, " bytes"));
    }
  }
}

}  // namespace

absl::StatusOr<std::string> ReadFile(const std::string& path, size_t bytes_max) { return Read(path, bytes_max, false); }

absl::StatusOr<std::string> ReadSecretFile(const std::string& path, size_t bytes_max) {
  return Read(path, bytes_max, true);
}

absl::Status WriteFile(const std::string& path, std::string_view content, int mode) {
  const std::string beside = path + ".new";
  {
    Descriptor file(open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode));
    if (file.get() < 0 || fchmod(file.get(), static_cast<mode_t>(mode)) != 0) return Failed("write", beside);
    while (!content.empty()) {
      const ssize_t size = write(file.get(), content.data(), content.size());
      if (size < 0 && errno == EINTR) continue;
      if (size < 0) return Failed("write", beside);
      content.remove_prefix(static_cast<size_t>(size));
    }
    if (fsync(file.get()) != 0) return Failed("write", beside);
  }
  if (rename(beside.c_str(), path.c_str()) != 0) return Failed("write", path);
  return absl::OkStatus();
}

}  // namespace rpc
