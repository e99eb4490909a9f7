#include "services/rpc/cipher.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/check.h"
#include "base/coding.h"
#include "base/crypto.h"
#include "base/random.h"

namespace rpc {
namespace {

std::string NonceOf(const Cipher& cipher, std::string_view key, std::string_view plain, std::string_view bound,
                    size_t size) {
  std::string data;
  base::AppendU64(&data, bound.size());
  data.append(bound).append(plain);
  return cipher.Mac(cipher.Mac(key, "nonce of place and text"), data).substr(0, size);
}

class AesGcm final : public Cipher {
 public:
  CipherProfile profile() const override { return CipherProfile::kAesGcm; }
  std::string Seal(std::string_view key, std::string_view plain, std::string_view bound) const override {
    return base::Aead(key).SealWithFreshNonce(plain, bound);
  }
  std::string SealSame(std::string_view key, std::string_view plain, std::string_view bound) const override {
    return base::Aead(key).Seal(NonceOf(*this, key, plain, bound, kNonceSize), plain, bound);
  }
  std::optional<std::string> Open(std::string_view key, std::string_view sealed,
                                  std::string_view bound) const override {
    return base::Aead(key).Open(sealed, bound);
  }
  std::string Mac(std::string_view key, std::string_view data) const override { return base::HmacSha256(key, data); }

 private:
  static constexpr size_t kNonceSize = 12;
};

class Sm4Sm3 final : public Cipher {
 public:
  CipherProfile profile() const override { return CipherProfile::kSm4Sm3; }

  std::string Seal(std::string_view key, std::string_view plain, std::string_view bound) const override {
    return SealWith(base::SecureBytes(kNonceSize), key, plain, bound);
  }
  std::string SealSame(std::string_view key, std::string_view plain, std::string_view bound) const override {
    return SealWith(NonceOf(*this, key, plain, bound, kNonceSize), key, plain, bound);
  }

  std::optional<std::string> Open(std::string_view key, std::string_view sealed,
                                  std::string_view bound) const override {
    CHECK(key.size() == kCipherKeySize);
    if (sealed.size() < kNonceSize + kTagSize) return std::nullopt;
    const std::string_view body = sealed.substr(0, sealed.size() - kTagSize);
    if (!base::EqualInConstantTime(Tag(key, bound, body), sealed.substr(body.size()))) return std::nullopt;
    return Crypt(Mac(key, "sm4 encrypt").substr(0, kSm4KeySize), body.substr(0, kNonceSize), body.substr(kNonceSize));
  }

  std::string Mac(std::string_view key, std::string_view data) const override {
    unsigned char out[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    CHECK(HMAC(EVP_sm3(), key.data(), static_cast<int>(key.size()),
               reinterpret_cast<const unsigned char*>(data.data()), data.size(), out, &size) != nullptr);
    return std::string(reinterpret_cast<char*>(out), size);
  }

 private:
  static constexpr size_t kNonceSize = 16;
  static constexpr size_t kTagSize = 32;
  static constexpr size_t kSm4KeySize = 16;

  std::string SealWith(std::string out, std::string_view key, std::string_view plain, std::string_view bound) const {
    CHECK(key.size() == kCipherKeySize);
    out += Crypt(Mac(key, "sm4 encrypt").substr(0, kSm4KeySize), out, plain);
    return out + Tag(key, bound, out);
  }

  // The length of `bound` goes in first, so that bytes cannot move between it and the text.
  std::string Tag(std::string_view key, std::string_view bound, std::string_view body) const {
    std::string data;
    base::AppendU64(&data, bound.size());
    data.append(bound).append(body);
    return Mac(Mac(key, "sm3 authenticate"), data);
  }

  // Counter mode: the same call encrypts and decrypts.
  static std::string Crypt(std::string_view key, std::string_view nonce, std::string_view text) {
    EVP_CIPHER_CTX* ctx = EVP_CIPHER_CTX_new();
    CHECK(EVP_EncryptInit_ex(ctx, EVP_sm4_ctr(), nullptr, reinterpret_cast<const unsigned char*>(key.data()),
                             reinterpret_cast<const unsigned char*>(nonce.data())) == 1);
    std::string out(text.size(), '\0');
    int size = 0;
    CHECK(EVP_EncryptUpdate(ctx, reinterpret_cast<unsigned char*>(out.data()), &size,
                            reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size())) == 1);
    CHECK_EQ(static_cast<size_t>(size), text.size());
    EVP_CIPHER_CTX_free(ctx);
    return out;
  }
};

}  // namespace

const Cipher* CipherFor(CipherProfile profile) {
  static const AesGcm kAes;
  static const Sm4Sm3 kSm4;
  switch (profile) {
    case CipherProfile::kAesGcm: return &kAes;
    case CipherProfile::kSm4Sm3: return &kSm4;
  }
  return nullptr;
}

}  // namespace rpc
