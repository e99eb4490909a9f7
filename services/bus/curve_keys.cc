#include "services/bus/curve_keys.h"

#include <absl/strings/str_cat.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zmq.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "base/check.h"
#include "base/status_macros.h"

namespace bus {
namespace {

constexpr size_t kKeyText = 40;
constexpr size_t kKeyBytes = 32;

absl::StatusOr<std::string> ReadKey(const std::string& path) {
  std::ifstream in(path);
  std::string key, rest;
  if (!in || !std::getline(in, key)) {
    return absl::NotFoundError(absl::StrCat("cannot read key file ", path, ": ", std::strerror(errno)));
  }
  if (!key.empty() && key.back() == '\r') key.pop_back();
  if (std::getline(in, rest) || !IsCurveKey(key)) {
    return absl::InvalidArgumentError(
        absl::StrCat("cannot use key file ", path, ": not one Z85 key of 40 characters"));
  }
  return key;
}

absl::Status WriteNew(const std::string& path, const std::string& key, mode_t mode) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  const std::string text = key + "\n";
  if (fd < 0) return absl::UnavailableError(absl::StrCat("cannot create ", path, ": ", std::strerror(errno)));
  const bool written =
      ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(fd) == 0;
  const bool closed = ::close(fd) == 0;
  if (written && closed) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat("cannot write ", path, ": ", std::strerror(errno)));
}

}  // namespace

CurveKeyPair NewCurveKeyPair() {
  std::array<char, kKeyText + 1> public_key{}, secret_key{};
  CHECK_EQ(zmq_curve_keypair(public_key.data(), secret_key.data()), 0) << "libzmq without CURVE";
  return {public_key.data(), secret_key.data()};
}

bool IsCurveKey(std::string_view z85) {
  if (z85.size() != kKeyText) return false;
  std::array<uint8_t, kKeyBytes> bytes{};
  return zmq_z85_decode(bytes.data(), std::string(z85).c_str()) != nullptr;
}

absl::StatusOr<std::string> PublicKeyOf(std::string_view secret_key) {
  std::array<char, kKeyText + 1> public_key{};
  if (!IsCurveKey(secret_key) || zmq_curve_public(public_key.data(), std::string(secret_key).c_str()) != 0) {
    return absl::InvalidArgumentError("cannot derive a public key: not a CURVE secret");
  }
  return std::string(public_key.data());
}

absl::StatusOr<std::string> ReadPublicKeyFile(const std::string& path) { return ReadKey(path); }

absl::StatusOr<std::string> ReadSecretKeyFile(const std::string& path) {
  struct stat info = {};
  if (::stat(path.c_str(), &info) == 0 && (info.st_mode & 0007) != 0) {
    return absl::PermissionDeniedError(
        absl::StrCat("cannot use ", path, ": readable by others; chmod o= it"));
  }
  return ReadKey(path);
}

absl::Status WriteKeyFiles(const CurveKeyPair& pair, const std::string& path) {
  RETURN_IF_ERROR(WriteNew(path, pair.secret_key, 0600));
  return WriteNew(path + ".pub", pair.public_key, 0644);
}

}  // namespace bus
