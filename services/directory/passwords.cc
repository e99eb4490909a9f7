#include "services/directory/passwords.h"

#include <argon2.h>

#include <array>

#include "base/check.h"
#include "base/random.h"

namespace directory {
namespace {

constexpr size_t kEncodedBytesMax = 256;

absl::Status Busy() {
  return absl::ResourceExhaustedError(
      "登录人数较多，请稍后再试 / many people are signing in, please try again shortly");
}

// One of the few places at one time; released with the object.
class Turn {
 public:
  explicit Turn(std::atomic<int>& running)
      : running_(running), got_(running.fetch_add(1) < kHashesAtOnceMax) {}
  ~Turn() { running_.fetch_sub(1); }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  bool got() const { return got_; }

 private:
  std::atomic<int>& running_;
  const bool got_;
};

std::string Encode(std::string_view password) {
  const std::string salt = base::SecureBytes(kSaltBytes);
  std::array<char, kEncodedBytesMax> encoded{};
  const int result =
      argon2id_hash_encoded(kArgon2Passes, kArgon2MemoryKib, kArgon2Lanes, password.data(), password.size(),
                            salt.data(), salt.size(), kPasswordHashBytes, encoded.data(), encoded.size());
  CHECK_EQ(result, static_cast<int>(ARGON2_OK)) << "argon2: " << argon2_error_message(result);
  return encoded.data();
}

}  // namespace

Passwords::Passwords() : nobody_(Encode(base::SecureBytes(32))) {}

absl::StatusOr<std::string> Passwords::Hash(std::string_view password) {
  CHECK_LE(password.size(), kPasswordBytesMax);
  const Turn turn(running_);
  if (!turn.got()) return Busy();
  return Encode(password);
}

absl::StatusOr<bool> Passwords::Verify(std::string_view password, std::string_view hash) {
  if (password.size() > kPasswordBytesMax) return false;
  const Turn turn(running_);
  if (!turn.got()) return Busy();
  const std::string encoded(hash.empty() ? std::string_view(nobody_) : hash);
  const int result = argon2id_verify(encoded.c_str(), password.data(), password.size());
  return result == ARGON2_OK && !hash.empty();
}

std::string Passwords::Make() {
  constexpr std::string_view kLetters = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789";
  constexpr size_t kLength = 20;
  std::string out;
  while (out.size() < kLength) {
    for (const char c : base::SecureBytes(kLength)) {
      const auto byte = static_cast<unsigned char>(c);
      if (byte >= 256 / kLetters.size() * kLetters.size()) continue;  // no letter is likelier than another
      out.push_back(kLetters[byte % kLetters.size()]);
      if (out.size() == kLength) break;
    }
  }
  return out;
}

}  // namespace directory
