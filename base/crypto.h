#pragma once
// Digests, encodings and sealing, over OpenSSL's EVP. Nothing here is invented. Any thread.
// A failure of the library itself is a CHECK; wrong input (bad base64, a forged ciphertext) is nullopt.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace base {

inline constexpr size_t kSha256Size = 32;
inline constexpr size_t kAeadKeySize = 32;
inline constexpr size_t kAeadNonceSize = 12;
inline constexpr size_t kAeadTagSize = 16;

std::string Sha256(std::string_view data);                            // 32 bytes
std::string HmacSha256(std::string_view key, std::string_view data);  // 32 bytes, RFC 2104
bool EqualInConstantTime(std::string_view a, std::string_view b);     // for secrets and their digests

std::string Hex(std::string_view bytes);                          // lower case
std::optional<std::string> FromHex(std::string_view text);        // either case
std::string Base64(std::string_view bytes);                       // RFC 4648 section 4, padded
std::optional<std::string> FromBase64(std::string_view text);     // strict: padded, no spaces
std::string Base64Url(std::string_view bytes);                    // RFC 4648 section 5, no padding
std::optional<std::string> FromBase64Url(std::string_view text);  // strict: no padding

// CRC-32C (Castagnoli, RFC 3720 appendix B.4). Crc32c(a + b) == Crc32cExtend(Crc32c(a), b). The processor's
// instruction where there is one, a table otherwise; the result is the same.
uint32_t Crc32cExtend(uint32_t crc, std::string_view data);
inline uint32_t Crc32c(std::string_view data) { return Crc32cExtend(0, data); }
uint32_t Crc32cExtendByTable(uint32_t crc, std::string_view data);

// AES-256-GCM. Sealed form: nonce(12) ciphertext tag(16). A nonce must never be used twice under one key.
class Aead {
 public:
  explicit Aead(std::string_view key);  // REQUIRES: 32 bytes
  // `bound` is authenticated but not stored: the sealed text opens only with the same (the place it belongs
  // to).
  std::string Seal(std::string_view nonce, std::string_view plain, std::string_view bound) const;
  std::string SealWithFreshNonce(std::string_view plain, std::string_view bound) const;
  std::optional<std::string> Open(std::string_view sealed, std::string_view bound) const;

 private:
  std::string key_;
};

}  // namespace base
