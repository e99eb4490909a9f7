#include "services/directory/secrets.h"

#include "base/check.h"
#include "base/ids.h"
#include "base/random.h"

namespace directory {
namespace {

constexpr size_t kMarkBytes = 16;
constexpr size_t kRandomBytes = 32;

std::string Derive(std::string_view master_key, std::string_view purpose) {
  CHECK_EQ(master_key.size(), base::kAeadKeySize);
  return base::HmacSha256(master_key, purpose);
}

std::string PageMark(std::string_view key, std::string_view query, std::string_view position) {
  const std::string text = std::to_string(query.size()) + ":" + std::string(query) + std::string(position);
  return base::HmacSha256(key, text).substr(0, kMarkBytes);
}

}  // namespace

Secrets::Secrets(std::string_view master_key)
    : refresh_key_(Derive(master_key, "directory/refresh")),
      page_key_(Derive(master_key, "directory/page")),
      passwords_(Derive(master_key, "directory/password")) {}

std::string Secrets::NewRefreshToken(std::string_view session_id) const {
  const std::string body = std::string(session_id) + "." + base::Base64Url(base::SecureBytes(kRandomBytes));
  return body + "." + base::Base64Url(base::HmacSha256(refresh_key_, body).substr(0, kMarkBytes));
}

std::optional<std::string> Secrets::SessionOf(std::string_view refresh_token) const {
  const size_t dot = refresh_token.rfind('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const std::string_view body = refresh_token.substr(0, dot);
  const auto mark = base::FromBase64Url(refresh_token.substr(dot + 1));
  if (!mark ||
      !base::EqualInConstantTime(*mark, base::HmacSha256(refresh_key_, body).substr(0, kMarkBytes))) {
    return std::nullopt;
  }
  const std::string_view session = body.substr(0, base::kUlidLength);
  if (!base::IsUlid(session)) return std::nullopt;
  return std::string(session);
}

std::string Secrets::HashOf(std::string_view refresh_token) { return base::Sha256(refresh_token); }

std::string Secrets::PasswordKey(std::string_view user_id) { return std::string(user_id) + "/password"; }

storage::Batch::Op Secrets::SealPassword(std::string_view user_id, std::string_view hash) const {
  std::string key = PasswordKey(user_id);
  std::string sealed = passwords_.SealWithFreshNonce(hash, key);
  return {storage::KeySpace::kVault, std::move(key), std::move(sealed)};
}

std::optional<std::string> Secrets::OpenPassword(std::string_view user_id, std::string_view sealed) const {
  return passwords_.Open(sealed, PasswordKey(user_id));
}

std::string Secrets::PageToken(std::string_view query, std::string_view position) const {
  if (position.empty()) return "";
  return base::Base64Url(PageMark(page_key_, query, position) + std::string(position));
}

std::optional<std::string> Secrets::PagePosition(std::string_view query, std::string_view token) const {
  if (token.empty()) return "";
  const auto bytes = base::FromBase64Url(token);
  if (!bytes || bytes->size() <= kMarkBytes) return std::nullopt;
  const std::string position = bytes->substr(kMarkBytes);
  if (!base::EqualInConstantTime(bytes->substr(0, kMarkBytes), PageMark(page_key_, query, position)))
    return std::nullopt;
  return position;
}

}  // namespace directory
