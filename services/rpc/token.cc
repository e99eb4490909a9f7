#include "services/rpc/token.h"

#include <absl/status/status.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "base/area_code.h"
#include "base/crypto.h"
#include "base/log.h"
#include "base/status_macros.h"
#include "services/rpc/file.h"
#include "services/rpc/limits.h"

namespace rpc {
namespace {

using nlohmann::json;

constexpr int64_t kRevokedKeptMs = 24 * 3600 * 1000;  // no access token lives longer

absl::Status Bad(std::string_view why) {
  return absl::UnauthenticatedError(absl::StrCat("the token is not valid: ", std::string(why)));
}

// Strict: an object, no duplicate members at any depth, nothing after it.
std::optional<json> ParseObject(std::string_view text) {
  std::vector<std::set<std::string>> members;
  bool duplicate = false;
  const json::parser_callback_t check = [&](int, json::parse_event_t event, json& value) {
    if (event == json::parse_event_t::object_start) members.emplace_back();
    if (event == json::parse_event_t::object_end && !members.empty()) members.pop_back();
    if (event == json::parse_event_t::key && !members.empty()) {
      duplicate |= !members.back().insert(value.get<std::string>()).second;
    }
    return true;
  };
  json parsed = json::parse(text, check, /*allow_exceptions=*/false);
  if (parsed.is_discarded() || duplicate || !parsed.is_object()) return std::nullopt;
  return parsed;
}

std::optional<std::string> TextOf(const json& object, const char* name) {
  const auto at = object.find(name);
  if (at == object.end() || !at->is_string()) return std::nullopt;
  return at->get<std::string>();
}

// Seconds to milliseconds; refused beyond the year 9999, so that nothing overflows.
std::optional<int64_t> TimeOf(const json& object, const char* name) {
  const auto at = object.find(name);
  if (at == object.end() || !at->is_number_integer()) return std::nullopt;
  const auto seconds = at->get<int64_t>();
  if (seconds < 0 || seconds > 253'402'300'799) return std::nullopt;
  return seconds * 1000;
}

bool HasAudience(const json& claims, const std::string& audience) {
  const auto at = claims.find("aud");
  if (at == claims.end()) return false;
  if (at->is_string()) return at->get<std::string>() == audience;
  if (!at->is_array()) return false;
  for (const json& one : *at) {
    if (one.is_string() && one.get<std::string>() == audience) return true;
  }
  return false;
}

bool ReadGrants(const json& claims, kernel::v1::Actor* actor) {
  const auto at = claims.find("grants");
  if (at == claims.end()) return true;
  if (!at->is_array() || at->size() > kTokenGrantsMax) return false;
  for (const json& one : *at) {
    if (!one.is_object() || !one.contains("r") || !one["r"].is_number_integer()) return false;
    const auto role = one["r"].get<int64_t>();
    const bool known = role > 0 && role <= INT32_MAX && kernel::v1::Role_IsValid(static_cast<int>(role));
    if (!known) continue;  // a role of a newer build gives no right here
    if (role == kernel::v1::ROLE_SYS) return false;  // timers and rules hold no token
    kernel::v1::Grant* grant = actor->add_grant();
    grant->set_role(static_cast<kernel::v1::Role>(role));
    grant->set_org_id(TextOf(one, "o").value_or(""));
    grant->set_area_code(TextOf(one, "a").value_or(""));
  }
  return true;
}

// "371403001005-committee" of 371403001005 is "371403001001-committee" in 371403001001. A unit of another area stays.
std::string UnitIn(std::string_view former, std::string_view area, const std::string& org) {
  const bool of_area = org.size() > area.size() && org.starts_with(area) && org[area.size()] == '-';
  return of_area ? absl::StrCat(std::string(former), org.substr(area.size())) : org;
}

// An area never goes into a lower one, so nobody gets more than the level of his own grant.
bool ReadFormer(const json& claims, Identity* identity) {
  const auto at = claims.find("former");
  if (at == claims.end()) return true;
  if (!at->is_object()) return false;
  size_t count = 0;
  for (const auto& [area, former] : at->items()) {
    if (base::LevelOf(area) == 0 || !former.is_array()) return false;
    for (const json& one : former) {
      if (!one.is_string() || ++count > kTokenFormerMax) return false;
      auto code = one.get<std::string>();
      if (base::LevelOf(code) == 0 || base::LevelOf(code) > base::LevelOf(area)) return false;
      identity->former[area].push_back(std::move(code));
    }
  }
  const int own = identity->actor.grant_size();
  for (int i = 0; i < own; ++i) {
    const kernel::v1::Grant grant = identity->actor.grant(i);
    const auto found = identity->former.find(grant.area_code());
    if (found == identity->former.end()) continue;
    for (const std::string& code : found->second) {
      kernel::v1::Grant there = grant;
      there.set_org_id(UnitIn(code, grant.area_code(), grant.org_id()));
      there.set_area_code(code);
      const bool known = std::ranges::any_of(identity->actor.grant(), [&there](const kernel::v1::Grant& has) {
        return has.role() == there.role() && has.area_code() == there.area_code() && has.org_id() == there.org_id();
      });
      if (!known) *identity->actor.add_grant() = std::move(there);
    }
  }
  return true;
}

struct Parts {
  std::string_view signed_text;
  json header;
  json claims;
  std::string signature;
};

absl::StatusOr<Parts> SplitToken(std::string_view token) {
  if (token.size() > kTokenBytesMax) return Bad("too long");
  const size_t first = token.find('.');
  const size_t second = first == std::string_view::npos ? first : token.find('.', first + 1);
  if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos) {
    return Bad("not three parts");
  }
  const auto header = base::FromBase64Url(token.substr(0, first));
  const auto claims = base::FromBase64Url(token.substr(first + 1, second - first - 1));
  auto signature = base::FromBase64Url(token.substr(second + 1));
  if (!header || !claims || !signature) return Bad("not base64url");
  auto header_json = ParseObject(*header);
  auto claims_json = ParseObject(*claims);
  if (!header_json || !claims_json) return Bad("not JSON without duplicate members");
  return Parts{token.substr(0, second), *std::move(header_json), *std::move(claims_json), *std::move(signature)};
}

absl::StatusOr<std::string> CheckHeader(const json& header) {
  for (const auto& [name, value] : header.items()) {
    if (name != "alg" && name != "kid" && name != "typ") return Bad("a header member is not allowed");
  }
  if (TextOf(header, "typ") != "at+jwt") return Bad("not an access token");
  if (TextOf(header, "alg") != "ES256") return Bad("the algorithm is not allowed");
  const auto key_id = TextOf(header, "kid");
  if (!key_id || key_id->empty() || key_id->size() > 128) return Bad("no key is named");
  return *key_id;
}

absl::StatusOr<Identity> CheckClaims(const json& claims, const TokenRules& rules, int64_t now_ms) {
  if (TextOf(claims, "iss") != rules.issuer) return Bad("another issuer");
  if (!HasAudience(claims, rules.audience)) return Bad("for another audience");
  const auto expires = TimeOf(claims, "exp");
  const auto issued = TimeOf(claims, "iat");
  if (!expires || !issued) return Bad("exp or iat is missing");
  if (now_ms >= *expires + kTokenLeewayMs) return Bad("expired");
  if (*issued > now_ms + kTokenLeewayMs) return Bad("issued in the future");
  if (claims.contains("nbf")) {
    const auto not_before = TimeOf(claims, "nbf");
    if (!not_before || *not_before > now_ms + kTokenLeewayMs) return Bad("not valid yet");
  }
  const auto subject = TextOf(claims, "sub");
  if (!subject || subject->empty() || subject->size() > 128) return Bad("sub is missing");
  Identity out;
  out.issued_at_ms = *issued;
  if (const auto at = claims.find("iat_ms"); at != claims.end() && at->is_number_integer()) {
    const auto exact = at->get<int64_t>();
    if (exact >= *issued && exact < *issued + 1000) out.issued_at_ms = exact;
  }
  out.expires_at_ms = *expires;
  out.token_id = TextOf(claims, "jti").value_or("");
  out.actor.set_user_id(*subject);
  out.actor.set_session_id(TextOf(claims, "sid").value_or(""));
  out.actor.set_device_id(TextOf(claims, "device").value_or(""));
  if (!ReadGrants(claims, &out.actor)) return Bad("the grants cannot be read");
  if (!ReadFormer(claims, &out)) return Bad("the former areas cannot be read");
  return out;
}

absl::StatusOr<std::pair<std::string, std::shared_ptr<const EcKey>>> ReadKey(const json& key) {
  if (!key.is_object() || TextOf(key, "kty") != "EC" || TextOf(key, "crv") != "P-256" ||
      TextOf(key, "alg") != "ES256" || TextOf(key, "use").value_or("sig") != "sig" || key.contains("d")) {
    return absl::InvalidArgumentError("cannot read key set: only public EC P-256 keys for ES256 signatures");
  }
  const auto id = TextOf(key, "kid");
  const auto x = base::FromBase64Url(TextOf(key, "x").value_or(""));
  const auto y = base::FromBase64Url(TextOf(key, "y").value_or(""));
  if (!id || id->empty() || !x || !y) return absl::InvalidArgumentError("cannot read key set: kid, x or y is missing");
  ASSIGN_OR_RETURN(EcKey parsed, EcKey::FromPublicPoint(*x, *y));
  return std::make_pair(*id, std::make_shared<const EcKey>(std::move(parsed)));
}

}  // namespace

std::string KeyThumbprint(const EcKey& key) {
  return base::Base64Url(base::Sha256(absl::StrCat("{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"",
                                                   base::Base64Url(key.X()), "\",\"y\":\"",
                                                   base::Base64Url(key.Y()), "\"}")));
}

std::string JwksOf(const EcKey& key) {
  const json one = {{"kty", "EC"},   {"crv", "P-256"},           {"alg", "ES256"},
                    {"use", "sig"},  {"kid", KeyThumbprint(key)}, {"x", base::Base64Url(key.X())},
                    {"y", base::Base64Url(key.Y())}};
  return json{{"keys", json::array({one})}}.dump(2) + "\n";
}

TokenSigner::TokenSigner(EcKey key, std::string issuer, std::string audience)
    : key_(std::move(key)), key_id_(KeyThumbprint(key_)), issuer_(std::move(issuer)), audience_(std::move(audience)) {}

absl::StatusOr<TokenSigner> TokenSigner::FromFile(const std::string& key_file, std::string issuer,
                                                  std::string audience) {
  ASSIGN_OR_RETURN(const std::string pem, ReadSecretFile(key_file, kJwksBytesMax));
  ASSIGN_OR_RETURN(EcKey key, EcKey::FromPrivatePem(pem));
  return TokenSigner(std::move(key), std::move(issuer), std::move(audience));
}

std::string TokenSigner::Jwks() const { return JwksOf(key_); }

std::string TokenSigner::Sign(const kernel::v1::Actor& actor, std::string_view token_id, int64_t now_ms,
                              int64_t lifetime_ms, const Former& former) const {
  const json header = {{"alg", "ES256"}, {"kid", key_id_}, {"typ", "at+jwt"}};
  json grants = json::array();
  for (const kernel::v1::Grant& grant : actor.grant()) {
    grants.push_back({{"r", static_cast<int>(grant.role())}, {"o", grant.org_id()}, {"a", grant.area_code()}});
  }
  json claims = {{"iss", issuer_},
                 {"aud", audience_},
                 {"sub", actor.user_id()},
                 {"iat", now_ms / 1000},
                 {"iat_ms", now_ms},
                 {"nbf", now_ms / 1000},
                 {"exp", (now_ms + lifetime_ms) / 1000},
                 {"jti", std::string(token_id)},
                 {"sid", actor.session_id()},
                 {"device", actor.device_id()},
                 {"grants", grants}};
  if (!former.empty()) claims["former"] = former;
  const std::string text = base::Base64Url(header.dump()) + "." + base::Base64Url(claims.dump());
  return text + "." + base::Base64Url(key_.Sign(text));
}

TokenVerifier::TokenVerifier(const base::Clock& clock, TokenRules rules) : clock_(clock), rules_(std::move(rules)) {}

absl::Status TokenVerifier::LoadKeys() {
  absl::MutexLock lock(&mutex_);
  read_at_ms_ = clock_.NowMs();
  return ReadKeys();
}

absl::Status TokenVerifier::ReadKeys() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(rules_.jwks_file, kJwksBytesMax));
  const auto set = ParseObject(text);
  if (!set || !set->contains("keys") || !(*set)["keys"].is_array() || (*set)["keys"].size() > kJwksKeysMax) {
    return absl::InvalidArgumentError(absl::StrCat("cannot read key set: ", rules_.jwks_file));
  }
  std::map<std::string, std::shared_ptr<const EcKey>> keys;
  for (const json& one : (*set)["keys"]) {
    ASSIGN_OR_RETURN(auto key, ReadKey(one));
    if (!keys.insert(std::move(key)).second) {
      return absl::InvalidArgumentError("cannot read key set: a kid is there twice");
    }
  }
  if (keys.empty()) return absl::InvalidArgumentError("cannot read key set: it is empty");
  keys_ = std::move(keys);
  return absl::OkStatus();
}

std::shared_ptr<const EcKey> TokenVerifier::KeyFor(const std::string& key_id, int64_t now_ms) {
  absl::MutexLock lock(&mutex_);
  auto at = keys_.find(key_id);
  if (at == keys_.end() && now_ms - read_at_ms_ >= kJwksRereadMs) {
    read_at_ms_ = now_ms;
    const absl::Status status = ReadKeys();
    if (!status.ok()) base::Log(base::kWarning, "keeping the last key set", {{"error", status.ToString()}});
    at = keys_.find(key_id);
  }
  return at == keys_.end() ? nullptr : at->second;
}

absl::StatusOr<Identity> TokenVerifier::Verify(std::string_view token) {
  const int64_t now_ms = clock_.NowMs();
  if (token.size() > kTokenBytesMax) return Bad("too long");
  const std::string digest = base::Sha256(token);
  if (auto known = FromCache(digest, now_ms)) return *known;
  ASSIGN_OR_RETURN(Identity identity, VerifyFresh(token, now_ms));
  {
    absl::MutexLock lock(&mutex_);
    if (IsRevoked(identity)) return Bad("signed out");
  }
  Remember(digest, std::make_shared<const Identity>(identity), now_ms);
  return identity;
}

absl::StatusOr<Identity> TokenVerifier::VerifyFresh(std::string_view token, int64_t now_ms) {
  ASSIGN_OR_RETURN(const Parts parts, SplitToken(token));
  ASSIGN_OR_RETURN(const std::string key_id, CheckHeader(parts.header));
  const std::shared_ptr<const EcKey> key = KeyFor(key_id, now_ms);
  if (key == nullptr) return Bad("signed by an unknown key");
  if (!key->Verify(parts.signed_text, parts.signature)) return Bad("the signature is wrong");
  return CheckClaims(parts.claims, rules_, now_ms);
}

bool TokenVerifier::IsRevoked(const Identity& identity) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
  const auto at = revoked_.find(identity.actor.session_id());
  return at != revoked_.end() && identity.issued_at_ms < at->second.issued_before_ms;
}

std::shared_ptr<const Identity> TokenVerifier::FromCache(const std::string& digest, int64_t now_ms) {
  absl::MutexLock lock(&mutex_);
  for (Cache* cache : {&young_, &old_}) {
    const auto at = cache->find(digest);
    if (at == cache->end()) continue;
    if (now_ms >= at->second.until_ms || IsRevoked(*at->second.identity)) return nullptr;
    return at->second.identity;
  }
  return nullptr;
}

void TokenVerifier::Remember(const std::string& digest, std::shared_ptr<const Identity> identity, int64_t now_ms) {
  const int64_t until_ms = std::min(identity->expires_at_ms, now_ms + kTokenCacheMs);
  absl::MutexLock lock(&mutex_);
  if (young_.size() >= kTokenCacheMax / 2) {
    old_ = std::move(young_);
    young_.clear();
  }
  young_[digest] = Cached{std::move(identity), until_ms};
}

void TokenVerifier::Revoke(std::string_view session_id, int64_t issued_before_ms) {
  if (session_id.empty()) return;
  const int64_t now_ms = clock_.NowMs();
  absl::MutexLock lock(&mutex_);
  if (revoked_.size() >= kRevokedSessionsMax) {
    std::erase_if(revoked_, [now_ms](const auto& one) { return one.second.forget_at_ms <= now_ms; });
    if (revoked_.size() >= kRevokedSessionsMax) {
      base::Log(base::kError, "the list of ended sessions is full", {{"size", revoked_.size()}});
      revoked_.erase(revoked_.begin());
    }
  }
  Revoked& revoked = revoked_[std::string(session_id)];
  revoked.issued_before_ms = std::max(revoked.issued_before_ms, issued_before_ms);
  revoked.forget_at_ms = now_ms + kRevokedKeptMs;
}

size_t TokenVerifier::cached() const {
  absl::MutexLock lock(&mutex_);
  return young_.size() + old_.size();
}

}  // namespace rpc
