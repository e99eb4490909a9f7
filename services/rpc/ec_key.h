#pragma once
// A P-256 key (FIPS 186-4, secp256r1) for signing tokens and certificates, over OpenSSL's EVP. Signatures are ES256:
// the 64 bytes r || s of RFC 7518 section 3.4. Immutable after construction; any thread.

#include <absl/status/statusor.h>
#include <openssl/evp.h>

#include <memory>
#include <string>
#include <string_view>

namespace rpc {

class EcKey {
 public:
  static EcKey Generate();
  static absl::StatusOr<EcKey> FromPrivatePem(std::string_view pem);
  // Coordinates of 32 bytes each, as in a JSON Web Key. Refused if the point is not on the curve.
  static absl::StatusOr<EcKey> FromPublicPoint(std::string_view x, std::string_view y);

  std::string PrivatePem() const;  // PKCS#8, not encrypted. REQUIRES: has_private()
  std::string X() const;           // 32 bytes
  std::string Y() const;
  bool has_private() const { return has_private_; }

  std::string Sign(std::string_view data) const;  // REQUIRES: has_private()
  bool Verify(std::string_view data, std::string_view signature) const;

  EVP_PKEY* pkey() const { return pkey_.get(); }

 private:
  struct Free {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  };
  EcKey(EVP_PKEY* key, bool has_private) : pkey_(key, Free()), has_private_(has_private) {}
  std::string Coordinate(const char* name) const;

  std::shared_ptr<EVP_PKEY> pkey_;
  bool has_private_;
};

}  // namespace rpc
