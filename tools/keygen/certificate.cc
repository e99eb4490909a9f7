#include "tools/keygen/certificate.h"

#include <absl/status/status.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>

#include "base/check.h"
#include "base/random.h"

namespace keygen {
namespace {

constexpr int64_t kDayS = 24 * 3600;

struct FreeOpenSsl {
  void operator()(BIO* x) const { BIO_free(x); }
  void operator()(X509* x) const { X509_free(x); }
  void operator()(X509_EXTENSION* x) const { X509_EXTENSION_free(x); }
  void operator()(BIGNUM* x) const { BN_free(x); }
};
template <class T>
using Owned = std::unique_ptr<T, FreeOpenSsl>;

Owned<X509> Parse(std::string_view pem) {
  Owned<BIO> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  Owned<X509> out(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
  ERR_clear_error();
  return out;
}

std::string Pem(X509* certificate) {
  Owned<BIO> bio(BIO_new(BIO_s_mem()));
  CHECK(PEM_write_bio_X509(bio.get(), certificate) == 1);
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return std::string(data, static_cast<size_t>(size));
}

void AddExtension(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX ctx;
  X509V3_set_ctx_nodb(&ctx);
  X509V3_set_ctx(&ctx, issuer, certificate, nullptr, nullptr, 0);
  Owned<X509_EXTENSION> extension(X509V3_EXT_conf_nid(nullptr, &ctx, nid, value.c_str()));
  CHECK(extension != nullptr) << "cannot make certificate extension " << value;
  CHECK(X509_add_ext(certificate, extension.get(), -1) == 1);
}

void SetName(X509_NAME* name, std::string_view common_name) {
  const auto add = [name](const char* field, std::string_view text) {
    CHECK(X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(text.data()),
                                     static_cast<int>(text.size()), -1, 0) == 1);
  };
  add("O", "Fengqiao");
  add("CN", common_name);
}

// Serial, key and times; 20 random bytes make a serial nobody can foresee (RFC 5280 4.1.2.2).
Owned<X509> Blank(const rpc::EcKey& key, int64_t now_ms, int64_t days) {
  Owned<X509> out(X509_new());
  CHECK(X509_set_version(out.get(), X509_VERSION_3) == 1);
  std::string serial = base::SecureBytes(20);
  serial[0] = static_cast<char>((serial[0] & 0x3f) | 0x40);
  Owned<BIGNUM> number(
      BN_bin2bn(reinterpret_cast<const unsigned char*>(serial.data()), static_cast<int>(serial.size()), nullptr));
  CHECK(BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(out.get())) != nullptr);
  CHECK(ASN1_TIME_set(X509_getm_notBefore(out.get()), now_ms / 1000 - kBackdateS) != nullptr);
  CHECK(ASN1_TIME_set(X509_getm_notAfter(out.get()), now_ms / 1000 + days * kDayS) != nullptr);
  CHECK(X509_set_pubkey(out.get(), key.pkey()) == 1);
  return out;
}

}  // namespace

std::string MakeAuthority(const rpc::EcKey& key, int64_t now_ms, int64_t days) {
  Owned<X509> out = Blank(key, now_ms, days);
  SetName(X509_get_subject_name(out.get()), "Fengqiao local authority");
  CHECK(X509_set_issuer_name(out.get(), X509_get_subject_name(out.get())) == 1);
  AddExtension(out.get(), out.get(), NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
  AddExtension(out.get(), out.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
  AddExtension(out.get(), out.get(), NID_subject_key_identifier, "hash");
  CHECK(X509_sign(out.get(), key.pkey(), EVP_sha256()) > 0);
  return Pem(out.get());
}

absl::StatusOr<std::string> MakeCertificate(std::string_view service, const rpc::EcKey& key,
                                            std::string_view authority_pem, const rpc::EcKey& authority_key,
                                            int64_t now_ms, int64_t days) {
  Owned<X509> authority = Parse(authority_pem);
  if (authority == nullptr) return absl::InvalidArgumentError("cannot read the authority's certificate");
  if (X509_check_private_key(authority.get(), authority_key.pkey()) != 1) {
    ERR_clear_error();
    return absl::InvalidArgumentError("cannot use the authority: its key belongs to another certificate");
  }
  Owned<X509> out = Blank(key, now_ms, days);
  SetName(X509_get_subject_name(out.get()), service);
  CHECK(X509_set_issuer_name(out.get(), X509_get_subject_name(authority.get())) == 1);
  AddExtension(out.get(), authority.get(), NID_basic_constraints, "critical,CA:FALSE");
  AddExtension(out.get(), authority.get(), NID_key_usage, "critical,digitalSignature");
  AddExtension(out.get(), authority.get(), NID_ext_key_usage, "serverAuth,clientAuth");
  AddExtension(out.get(), authority.get(), NID_subject_key_identifier, "hash");
  AddExtension(out.get(), authority.get(), NID_authority_key_identifier, "keyid:always");
  AddExtension(out.get(), authority.get(), NID_subject_alt_name,
               "DNS:" + std::string(service) + ",DNS:localhost,IP:127.0.0.1");
  CHECK(X509_sign(out.get(), authority_key.pkey(), EVP_sha256()) > 0);
  return Pem(out.get());
}

bool IsGood(std::string_view certificate_pem, const rpc::EcKey& key, std::string_view authority_pem, int64_t now_ms) {
  Owned<X509> certificate = Parse(certificate_pem);
  Owned<X509> authority = Parse(authority_pem);
  if (certificate == nullptr || authority == nullptr) return false;
  time_t renew_at = static_cast<time_t>(now_ms / 1000 + kRenewDays * kDayS);
  const bool good = X509_check_private_key(certificate.get(), key.pkey()) == 1 &&
                    X509_verify(certificate.get(), X509_get0_pubkey(authority.get())) == 1 &&
                    X509_cmp_time(X509_get0_notAfter(certificate.get()), &renew_at) > 0;
  ERR_clear_error();
  return good;
}

}  // namespace keygen
