#pragma once
// What the directory derives from its master key, one key a purpose (HMAC-SHA-256 over the purpose's name):
// it seals password hashes, marks refresh tokens and page tokens as its own. Immutable; any thread.
//
//   refresh token   session ulid '.' base64url(32 random bytes) '.' base64url(16 bytes of HMAC over what is
//   before) password hash   kVault, user '/' "password" -> nonce(12) text tag(16), AES-256-GCM bound to the
//   key page token      base64url(16 bytes of HMAC over query and position, position)

#include <optional>
#include <string>
#include <string_view>

#include "base/crypto.h"
#include "storage/kv.h"

namespace directory {

class Secrets {
 public:
  explicit Secrets(std::string_view master_key);  // REQUIRES: 32 bytes

  std::string NewRefreshToken(std::string_view session_id) const;
  // The session it was made for, by this installation; nullopt: it was not.
  std::optional<std::string> SessionOf(std::string_view refresh_token) const;
  static std::string HashOf(std::string_view refresh_token);  // what is stored

  storage::Batch::Op SealPassword(std::string_view user_id, std::string_view hash) const;
  std::optional<std::string> OpenPassword(std::string_view user_id, std::string_view sealed) const;
  static std::string PasswordKey(std::string_view user_id);

  // `query` is everything that must be the same when the next page is asked for: method, filter, scope.
  std::string PageToken(std::string_view query, std::string_view position) const;
  std::optional<std::string> PagePosition(std::string_view query, std::string_view token) const;

 private:
  std::string refresh_key_;
  std::string page_key_;
  base::Aead passwords_;
};

}  // namespace directory
