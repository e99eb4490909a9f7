#include "services/rpc/ec_key.h"

#include <absl/status/status.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>

#include <vector>

#include "base/check.h"

namespace rpc {
namespace {

constexpr int kCoordinateSize = 32;

struct FreeOpenSsl {
  void operator()(BIO* x) const { BIO_free(x); }
  void operator()(BIGNUM* x) const { BN_free(x); }
  void operator()(EVP_PKEY_CTX* x) const { EVP_PKEY_CTX_free(x); }
  void operator()(EVP_MD_CTX* x) const { EVP_MD_CTX_free(x); }
  void operator()(ECDSA_SIG* x) const { ECDSA_SIG_free(x); }
  void operator()(OSSL_PARAM_BLD* x) const { OSSL_PARAM_BLD_free(x); }
  void operator()(OSSL_PARAM* x) const { OSSL_PARAM_free(x); }
};
template <class T>
using Owned = std::unique_ptr<T, FreeOpenSsl>;

const unsigned char* Bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

bool IsP256(EVP_PKEY* key) {
  char group[64] = {};
  size_t size = 0;
  return EVP_PKEY_is_a(key, "EC") == 1 &&
         EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, group, sizeof(group), &size) == 1 &&
         std::string_view(group, size) == SN_X9_62_prime256v1;
}

std::string PaddedNumber(const BIGNUM* number) {
  std::string out(kCoordinateSize, '\0');
  CHECK(BN_bn2binpad(number, reinterpret_cast<unsigned char*>(out.data()), kCoordinateSize) == kCoordinateSize);
  return out;
}

}  // namespace

EcKey EcKey::Generate() {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  CHECK(key != nullptr) << "cannot generate a P-256 key";
  return EcKey(key, true);
}

absl::StatusOr<EcKey> EcKey::FromPrivatePem(std::string_view pem) {
  Owned<BIO> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  EVP_PKEY* key = PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr);
  ERR_clear_error();
  if (key == nullptr) return absl::InvalidArgumentError("cannot read key: not a private key in PEM");
  EcKey out(key, true);
  if (!IsP256(key)) return absl::InvalidArgumentError("cannot read key: not on the curve P-256");
  return out;
}

absl::StatusOr<EcKey> EcKey::FromPublicPoint(std::string_view x, std::string_view y) {
  if (x.size() != kCoordinateSize || y.size() != kCoordinateSize) {
    return absl::InvalidArgumentError("cannot read key: x and y must have 32 bytes");
  }
  std::string point = "\x04";
  point.append(x).append(y);
  Owned<OSSL_PARAM_BLD> build(OSSL_PARAM_BLD_new());
  CHECK(OSSL_PARAM_BLD_push_utf8_string(build.get(), OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0) == 1);
  CHECK(OSSL_PARAM_BLD_push_octet_string(build.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) == 1);
  Owned<OSSL_PARAM> params(OSSL_PARAM_BLD_to_param(build.get()));
  Owned<EVP_PKEY_CTX> ctx(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
  CHECK(ctx != nullptr && EVP_PKEY_fromdata_init(ctx.get()) == 1);
  EVP_PKEY* key = nullptr;
  const bool ok = EVP_PKEY_fromdata(ctx.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get()) == 1;
  ERR_clear_error();
  if (!ok || key == nullptr) return absl::InvalidArgumentError("cannot read key: the point is not on the curve");
  EcKey out(key, false);
  Owned<EVP_PKEY_CTX> check(EVP_PKEY_CTX_new(key, nullptr));
  if (EVP_PKEY_public_check(check.get()) != 1) {
    ERR_clear_error();
    return absl::InvalidArgumentError("cannot read key: the point is not on the curve");
  }
  return out;
}

std::string EcKey::PrivatePem() const {
  CHECK(has_private_);
  Owned<BIO> bio(BIO_new(BIO_s_mem()));
  CHECK(PEM_write_bio_PrivateKey(bio.get(), pkey_.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1);
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return std::string(data, static_cast<size_t>(size));
}

std::string EcKey::Coordinate(const char* name) const {
  BIGNUM* raw = nullptr;
  CHECK(EVP_PKEY_get_bn_param(pkey_.get(), name, &raw) == 1);
  Owned<BIGNUM> number(raw);
  return PaddedNumber(number.get());
}

std::string EcKey::X() const { return Coordinate(OSSL_PKEY_PARAM_EC_PUB_X); }
std::string EcKey::Y() const { return Coordinate(OSSL_PKEY_PARAM_EC_PUB_Y); }

std::string EcKey::Sign(std::string_view data) const {
  CHECK(has_private_);
  Owned<EVP_MD_CTX> ctx(EVP_MD_CTX_new());
  CHECK(EVP_DigestSignInit(ctx.get(), nullptr, EVP_sha256(), nullptr, pkey_.get()) == 1);
  size_t size = 0;
  CHECK(EVP_DigestSign(ctx.get(), nullptr, &size, Bytes(data), data.size()) == 1);
  std::vector<unsigned char> der(size);
  CHECK(EVP_DigestSign(ctx.get(), der.data(), &size, Bytes(data), data.size()) == 1);
  const unsigned char* at = der.data();
  Owned<ECDSA_SIG> parsed(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(size)));
  CHECK(parsed != nullptr);
  return PaddedNumber(ECDSA_SIG_get0_r(parsed.get())) + PaddedNumber(ECDSA_SIG_get0_s(parsed.get()));
}

bool EcKey::Verify(std::string_view data, std::string_view signature) const {
  if (signature.size() != 2 * kCoordinateSize) return false;
  Owned<ECDSA_SIG> parsed(ECDSA_SIG_new());
  BIGNUM* r = BN_bin2bn(Bytes(signature), kCoordinateSize, nullptr);
  BIGNUM* s = BN_bin2bn(Bytes(signature.substr(kCoordinateSize)), kCoordinateSize, nullptr);
  CHECK(ECDSA_SIG_set0(parsed.get(), r, s) == 1);
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(parsed.get(), &der);
  CHECK(size > 0);
  Owned<EVP_MD_CTX> ctx(EVP_MD_CTX_new());
  CHECK(EVP_DigestVerifyInit(ctx.get(), nullptr, EVP_sha256(), nullptr, pkey_.get()) == 1);
  const bool ok =
      EVP_DigestVerify(ctx.get(), der, static_cast<size_t>(size), Bytes(data), data.size()) == 1;
  OPENSSL_free(der);
  ERR_clear_error();
  return ok;
}

}  // namespace rpc
