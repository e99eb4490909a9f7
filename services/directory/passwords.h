#pragma once
// Passwords: argon2id (RFC 9106) with the parameters of OWASP's password storage recommendation for servers.
// Any thread but the writer's and gRPC's: one hash takes about 30 ms and 19 MiB, so only a few are made at
// one time and further callers are told to come again. Passwords are compared, never kept; hashes carry their
// own parameters, so these may be raised later.

#include <absl/status/statusor.h>

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

namespace directory {

inline constexpr uint32_t kArgon2MemoryKib = 19 * 1024;
inline constexpr uint32_t kArgon2Passes = 2;
inline constexpr uint32_t kArgon2Lanes = 1;
inline constexpr size_t kSaltBytes = 16;
inline constexpr size_t kPasswordHashBytes = 32;
inline constexpr int kHashesAtOnceMax = 3;
inline constexpr size_t kPasswordCharactersMin = 10;
inline constexpr size_t kPasswordBytesMax = 512;

class Passwords {
 public:
  Passwords();

  // "$argon2id$v=19$m=19456,t=2,p=1$…". RESOURCE_EXHAUSTED: too many at one time.
  absl::StatusOr<std::string> Hash(std::string_view password);
  // An empty hash compares against one that nothing fits, so that an unknown account takes as long as a known
  // one.
  absl::StatusOr<bool> Verify(std::string_view password, std::string_view hash);

  // Twenty characters without those that look alike: about 113 bits.
  static std::string Make();

 private:
  std::atomic<int> running_{0};
  std::string nobody_;
};

}  // namespace directory
