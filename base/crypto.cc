#include "base/crypto.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>

#include "base/check.h"
#include "base/random.h"

#if defined(__x86_64__)
#include <nmmintrin.h>
#endif

namespace base {
namespace {

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* Bytes(std::string* text) { return reinterpret_cast<unsigned char*>(text->data()); }

constexpr std::string_view kBase64Alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kBase64UrlAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string EncodeBase64(std::string_view bytes, std::string_view alphabet) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  uint32_t held = 0;
  int bits = 0;
  for (char c : bytes) {
    held = held << 8 | static_cast<unsigned char>(c);
    for (bits += 8; bits >= 6; bits -= 6) text.push_back(alphabet[held >> (bits - 6) & 63]);
  }
  if (bits > 0) text.push_back(alphabet[held << (6 - bits) & 63]);
  return text;
}

std::array<int8_t, 256> Inverse(std::string_view alphabet) {
  std::array<int8_t, 256> inverse;
  inverse.fill(-1);
  for (size_t i = 0; i < alphabet.size(); ++i) {
    inverse[static_cast<unsigned char>(alphabet[i])] = static_cast<int8_t>(i);
  }
  return inverse;
}

// Refuses a length no encoder makes and rest bits that are not zero, so that each value has one text.
std::optional<std::string> DecodeBase64(std::string_view text, const std::array<int8_t, 256>& inverse) {
  if (text.size() % 4 == 1) return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() * 3 / 4);
  uint32_t held = 0;
  int bits = 0;
  for (char c : text) {
    const int8_t value = inverse[static_cast<unsigned char>(c)];
    if (value < 0) return std::nullopt;
    held = held << 6 | static_cast<uint32_t>(value);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes.push_back(static_cast<char>(held >> bits & 0xff));
    }
  }
  if ((held & ((1U << bits) - 1)) != 0) return std::nullopt;
  return bytes;
}

struct FreeCipher {
  void operator()(EVP_CIPHER_CTX* ctx) const { EVP_CIPHER_CTX_free(ctx); }
};
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, FreeCipher>;
struct FreeDigest {
  void operator()(EVP_MD_CTX* ctx) const { EVP_MD_CTX_free(ctx); }
};
using Digest = std::unique_ptr<EVP_MD_CTX, FreeDigest>;

constexpr size_t kHmacBlock = 64;

// Looked up once: EVP_sha256() and its like are looked up by name each time they are used.
const EVP_MD* Sha256Method() {
  static const EVP_MD* const kMethod = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return kMethod;
}
const EVP_CIPHER* AesGcmMethod() {
  static const EVP_CIPHER* const kMethod = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  return kMethod;
}

std::array<std::array<uint32_t, 256>, 8> MakeCrcTables() {
  std::array<std::array<uint32_t, 256>, 8> tables;
  for (uint32_t i = 0; i < 256; ++i) {
    uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 1) != 0 ? crc >> 1 ^ 0x82f63b78U : crc >> 1;
    tables[0][i] = crc;
  }
  for (size_t t = 1; t < 8; ++t) {
    for (size_t i = 0; i < 256; ++i)
      tables[t][i] = tables[t - 1][i] >> 8 ^ tables[0][tables[t - 1][i] & 0xff];
  }
  return tables;
}

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) uint32_t Crc32cBySse42(uint32_t crc, std::string_view data) {
  uint64_t state = ~crc;
  const char* at = data.data();
  size_t left = data.size();
  for (; left >= 8; left -= 8, at += 8) {
    uint64_t word;
    std::memcpy(&word, at, sizeof(word));
    state = _mm_crc32_u64(state, word);
  }
  auto rest = static_cast<uint32_t>(state);
  for (; left > 0; --left, ++at) rest = _mm_crc32_u8(rest, static_cast<unsigned char>(*at));
  return ~rest;
}
#endif

}  // namespace

std::string Sha256(std::string_view data) {
  std::string digest(kSha256Size, '\0');
  unsigned int size = 0;
  CHECK(EVP_Digest(data.data(), data.size(), Bytes(&digest), &size, Sha256Method(), nullptr) == 1);
  return digest;
}

// By its definition: OpenSSL's own one-shot function looks up two algorithms by name in every call.
std::string HmacSha256(std::string_view key, std::string_view data) {
  std::array<char, kHmacBlock> inner{}, outer{};
  const std::string short_key = key.size() > kHmacBlock ? Sha256(key) : std::string(key);
  std::copy(short_key.begin(), short_key.end(), inner.begin());
  std::copy(short_key.begin(), short_key.end(), outer.begin());
  for (char& c : inner) c = static_cast<char>(c ^ 0x36);
  for (char& c : outer) c = static_cast<char>(c ^ 0x5c);
  const Digest ctx(EVP_MD_CTX_new());
  CHECK(ctx != nullptr);
  std::string digest(kSha256Size, '\0');
  const auto hash = [&](std::string_view pad, std::string_view text) {
    CHECK(EVP_DigestInit_ex(ctx.get(), Sha256Method(), nullptr) == 1);
    CHECK(EVP_DigestUpdate(ctx.get(), pad.data(), pad.size()) == 1);
    CHECK(EVP_DigestUpdate(ctx.get(), text.data(), text.size()) == 1);
    CHECK(EVP_DigestFinal_ex(ctx.get(), Bytes(&digest), nullptr) == 1);
  };
  hash({inner.data(), inner.size()}, data);
  const std::string first = digest;
  hash({outer.data(), outer.size()}, first);
  return digest;
}

bool EqualInConstantTime(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string Hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (char c : bytes) {
    text.push_back(kDigits[static_cast<unsigned char>(c) >> 4]);
    text.push_back(kDigits[static_cast<unsigned char>(c) & 15]);
  }
  return text;
}

std::optional<std::string> FromHex(std::string_view text) {
  const auto digit = [](char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
  };
  if (text.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() / 2);
  for (size_t i = 0; i < text.size(); i += 2) {
    const int high = digit(text[i]);
    const int low = digit(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes.push_back(static_cast<char>(high << 4 | low));
  }
  return bytes;
}

std::string Base64(std::string_view bytes) {
  std::string text = EncodeBase64(bytes, kBase64Alphabet);
  text.append((4 - text.size() % 4) % 4, '=');
  return text;
}

std::optional<std::string> FromBase64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  for (int i = 0; i < 2 && text.ends_with('='); ++i) text.remove_suffix(1);
  static const std::array<int8_t, 256> kInverse = Inverse(kBase64Alphabet);
  return DecodeBase64(text, kInverse);
}

std::string Base64Url(std::string_view bytes) { return EncodeBase64(bytes, kBase64UrlAlphabet); }

std::optional<std::string> FromBase64Url(std::string_view text) {
  static const std::array<int8_t, 256> kInverse = Inverse(kBase64UrlAlphabet);
  return DecodeBase64(text, kInverse);
}

uint32_t Crc32cExtendByTable(uint32_t crc, std::string_view data) {
  static const std::array<std::array<uint32_t, 256>, 8> kTables = MakeCrcTables();
  uint32_t state = ~crc;
  const unsigned char* at = Bytes(data);
  size_t left = data.size();
  for (; left >= 8; left -= 8, at += 8) {
    state ^= static_cast<uint32_t>(at[0]) | static_cast<uint32_t>(at[1]) << 8 |
             static_cast<uint32_t>(at[2]) << 16 | static_cast<uint32_t>(at[3]) << 24;
    state = kTables[7][state & 0xff] ^ kTables[6][state >> 8 & 0xff] ^ kTables[5][state >> 16 & 0xff] ^
            kTables[4][state >> 24] ^ kTables[3][at[4]] ^ kTables[2][at[5]] ^ kTables[1][at[6]] ^
            kTables[0][at[7]];
  }
  for (; left > 0; --left, ++at) state = state >> 8 ^ kTables[0][(state ^ *at) & 0xff];
  return ~state;
}

uint32_t Crc32cExtend(uint32_t crc, std::string_view data) {
#if defined(__x86_64__)
  static const bool kHasInstruction = __builtin_cpu_supports("sse4.2") != 0;
  if (kHasInstruction) return Crc32cBySse42(crc, data);
#endif
  return Crc32cExtendByTable(crc, data);
}

Aead::Aead(std::string_view key) : key_(key) { CHECK_EQ(key.size(), kAeadKeySize); }

std::string Aead::Seal(std::string_view nonce, std::string_view plain, std::string_view bound) const {
  CHECK_EQ(nonce.size(), kAeadNonceSize);
  const Cipher ctx(EVP_CIPHER_CTX_new());
  CHECK(ctx != nullptr);
  std::string sealed(kAeadNonceSize + plain.size() + kAeadTagSize, '\0');
  std::memcpy(sealed.data(), nonce.data(), nonce.size());
  unsigned char* out = Bytes(&sealed) + kAeadNonceSize;
  int size = 0;
  CHECK(EVP_EncryptInit_ex(ctx.get(), AesGcmMethod(), nullptr, Bytes(key_), Bytes(nonce)) == 1);
  CHECK(EVP_EncryptUpdate(ctx.get(), nullptr, &size, Bytes(bound), static_cast<int>(bound.size())) == 1);
  CHECK(EVP_EncryptUpdate(ctx.get(), out, &size, Bytes(plain), static_cast<int>(plain.size())) == 1);
  CHECK(EVP_EncryptFinal_ex(ctx.get(), out + size, &size) == 1);
  CHECK(EVP_CIPHER_CTX_ctrl(ctx.get(), EVP_CTRL_GCM_GET_TAG, kAeadTagSize, out + plain.size()) == 1);
  return sealed;
}

std::string Aead::SealWithFreshNonce(std::string_view plain, std::string_view bound) const {
  return Seal(SecureBytes(kAeadNonceSize), plain, bound);
}

std::optional<std::string> Aead::Open(std::string_view sealed, std::string_view bound) const {
  if (sealed.size() < kAeadNonceSize + kAeadTagSize) return std::nullopt;
  const std::string_view nonce = sealed.substr(0, kAeadNonceSize);
  const std::string_view text = sealed.substr(kAeadNonceSize, sealed.size() - kAeadNonceSize - kAeadTagSize);
  std::string tag(sealed.substr(sealed.size() - kAeadTagSize));
  const Cipher ctx(EVP_CIPHER_CTX_new());
  CHECK(ctx != nullptr);
  std::string plain(text.size(), '\0');
  int size = 0;
  CHECK(EVP_DecryptInit_ex(ctx.get(), AesGcmMethod(), nullptr, Bytes(key_), Bytes(nonce)) == 1);
  CHECK(EVP_DecryptUpdate(ctx.get(), nullptr, &size, Bytes(bound), static_cast<int>(bound.size())) == 1);
  CHECK(EVP_DecryptUpdate(ctx.get(), Bytes(&plain), &size, Bytes(text), static_cast<int>(text.size())) == 1);
  CHECK(EVP_CIPHER_CTX_ctrl(ctx.get(), EVP_CTRL_GCM_SET_TAG, kAeadTagSize, tag.data()) == 1);
  if (EVP_DecryptFinal_ex(ctx.get(), Bytes(&plain) + size, &size) != 1) return std::nullopt;
  return plain;
}

}  // namespace base
