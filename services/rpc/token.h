#pragma once
// Access tokens: JWT with ES256 (RFC 7519, 8725, 9068). The directory signs, everybody verifies.
//
//   header   {"alg":"ES256","kid":<thumbprint>,"typ":"at+jwt"}       nothing else is accepted
//   claims   iss aud sub iat nbf exp jti sid device grants:[{"r":role number,"o":org,"a":area}]   times in seconds
//            iat_ms: the moment of issue again, in milliseconds, so that a revocation hits exactly
//            former:{area:[areas that went into it]}, only if some did. A grant on an area is a grant on those too, for
//            the same role and the unit of the same short name: matters keep the code they were born with.
//
// The key decides the algorithm: only EC P-256 keys of the pinned key set exist, so "none" or HS256 has no key.
// Any thread. Verified tokens are remembered by their SHA-256, at most kTokenCacheMs and never beyond exp; a revoked
// session is refused at once, remembered or not.

#include <absl/base/thread_annotations.h>
#include <absl/status/statusor.h>
#include <absl/synchronization/mutex.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "kernel/v1/actor.pb.h"
#include "services/rpc/ec_key.h"

namespace rpc {

struct TokenRules {
  std::string jwks_file;
  std::string issuer;
  std::string audience;
};

// An area that stands, and those that went into it 合村并居.
using Former = std::map<std::string, std::vector<std::string>, std::less<>>;
inline constexpr size_t kTokenFormerMax = 128;  // areas that went into those of the grants, of one token

// What a good token says.
struct Identity {
  kernel::v1::Actor actor;  // with a grant on each former area beside that on the one it went into
  Former former;
  std::string token_id;
  int64_t issued_at_ms = 0;
  int64_t expires_at_ms = 0;
};

class TokenSigner {
 public:
  TokenSigner(EcKey key, std::string issuer, std::string audience);
  static absl::StatusOr<TokenSigner> FromFile(const std::string& key_file, std::string issuer, std::string audience);

  // `token_id` must be unique (a ULID). Only user, grants, session and device of the actor are written.
  std::string Sign(const kernel::v1::Actor& actor, std::string_view token_id, int64_t now_ms,
                   int64_t lifetime_ms, const Former& former = {}) const;
  std::string Jwks() const;  // the public half, as a JSON Web Key Set
  const std::string& key_id() const { return key_id_; }

 private:
  EcKey key_;
  std::string key_id_;
  std::string issuer_;
  std::string audience_;
};

// RFC 7638: base64url of SHA-256 of the canonical public key.
std::string KeyThumbprint(const EcKey& key);
std::string JwksOf(const EcKey& key);

class TokenVerifier {
 public:
  TokenVerifier(const base::Clock& clock, TokenRules rules);

  // Reads the key set. Later failures keep the last good one.
  absl::Status LoadKeys();

  // UNAUTHENTICATED with the reason, which may be shown to the caller.
  absl::StatusOr<Identity> Verify(std::string_view token);

  // From now on no token of this session that was issued before this moment is good; kEnded: none at all. Fed by the
  // topic "directory.session_revoked" and, after a start, by what the audit log remembers of it.
  static constexpr int64_t kEnded = INT64_MAX;
  void Revoke(std::string_view session_id, int64_t issued_before_ms = kEnded);

  size_t cached() const;

 private:
  struct Cached {
    std::shared_ptr<const Identity> identity;
    int64_t until_ms = 0;
  };
  using Cache = std::unordered_map<std::string, Cached>;

  std::shared_ptr<const Identity> FromCache(const std::string& digest, int64_t now_ms);
  void Remember(const std::string& digest, std::shared_ptr<const Identity> identity, int64_t now_ms);
  absl::StatusOr<Identity> VerifyFresh(std::string_view token, int64_t now_ms);
  std::shared_ptr<const EcKey> KeyFor(const std::string& key_id, int64_t now_ms);
  bool IsRevoked(const Identity& identity) const;
  absl::Status ReadKeys();

  const base::Clock& clock_;
  const TokenRules rules_;
  mutable absl::Mutex mutex_;
  std::map<std::string, std::shared_ptr<const EcKey>> keys_ ABSL_GUARDED_BY(mutex_);
  int64_t read_at_ms_ ABSL_GUARDED_BY(mutex_) = 0;
  Cache young_ ABSL_GUARDED_BY(mutex_);  // two generations: when the young one is full it becomes the old one
  Cache old_ ABSL_GUARDED_BY(mutex_);
  struct Revoked {
    int64_t issued_before_ms = 0;
    int64_t forget_at_ms = 0;
  };
  std::map<std::string, Revoked, std::less<>> revoked_ ABSL_GUARDED_BY(mutex_);  // by session
};

}  // namespace rpc
