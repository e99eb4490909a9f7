#pragma once
// The algorithms that protect personal data, behind one interface. A stored value names its profile, so that a change
// of profile reads what was written before.
//
//   profile 1   AES-256-GCM, HMAC-SHA-256 (NIST SP 800-38D, RFC 2104)              sealed: nonce(12) text tag(16)
//   profile 2   SM4-CTR then HMAC-SM3 over bound, nonce and text (GB/T 32907, 32905)  sealed: nonce(16) text tag(32)
//
// Stateless; any thread.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace rpc {

inline constexpr size_t kCipherKeySize = 32;

enum class CipherProfile : uint8_t { kAesGcm = 1, kSm4Sm3 = 2 };

class Cipher {
 public:
  virtual ~Cipher() = default;
  virtual CipherProfile profile() const = 0;
  // `bound` is authenticated, not stored. REQUIRES: a key of 32 bytes.
  virtual std::string Seal(std::string_view key, std::string_view plain, std::string_view bound) const = 0;
  // The same text in the same place under the same key gives the same bytes, and nothing else does: the nonce is the
  // Mac of place and text (the idea of SIV, RFC 5297). Tells that a text is there twice, and no more.
  virtual std::string SealSame(std::string_view key, std::string_view plain, std::string_view bound) const = 0;
  virtual std::optional<std::string> Open(std::string_view key, std::string_view sealed,
                                          std::string_view bound) const = 0;
  virtual std::string Mac(std::string_view key, std::string_view data) const = 0;  // 32 bytes
};

// Null for a number that is no profile.
const Cipher* CipherFor(CipherProfile profile);

}  // namespace rpc
