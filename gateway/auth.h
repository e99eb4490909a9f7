#pragma once
// Who is asking: a bearer token (tablets, other systems) or a session cookie (web pages). An early check;
// every service checks the token again. One owner (the io thread).
//
// A cookie is sent by the browser whoever wrote the page, so with a cookie every change needs X-CSRF-Token
// and an Origin that is ours (OWASP ASVS 5.0 3.5). A bearer token is never sent by itself and needs neither.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "gateway/catalog.h"
#include "gateway/http_message.h"
#include "gateway/problem.h"
#include "gateway/session_store.h"
#include "services/rpc/token.h"

namespace gateway {

struct Principal {
  std::optional<rpc::Identity> identity;  // nobody signed in: nullopt
  std::string token;                      // passed on to the services
  std::shared_ptr<Session> session;       // of a cookie
  std::string rate_key;                   // "u:<user>" or "a:<address>"
  const std::string& user_id() const;
};

struct AuthOptions {
  bool https = false;
  std::vector<std::string> allowed_origins;
};

class Authenticator {
 public:
  Authenticator(const base::Clock& clock, rpc::TokenVerifier& verifier, SessionStore& sessions,
                AuthOptions options)
      : clock_(clock), verifier_(verifier), sessions_(sessions), options_(std::move(options)) {}

  // Who it is, if anybody. A token that is no good is 401 even where nobody needs one.
  std::optional<Problem> Identify(const HttpRequest& request, Principal* out);
  // The access rule of a method, before its body is read.
  static std::optional<Problem> CheckAccess(const Method& method, const Principal& principal);
  // Cross-site protection of a request that changes something.
  std::optional<Problem> CheckOrigin(const HttpRequest& request, const Principal& principal) const;
  // The same for a request that makes a session: there is no CSRF token yet.
  bool IsOwnOrigin(const HttpRequest& request) const;

  std::string CookieName() const { return options_.https ? "__Host-fq_session" : "fq_session"; }
  std::string SetCookie(std::string_view id) const;
  std::string ClearCookie() const;

  // The identity behind a token of ours, after a session got a new one.
  absl::StatusOr<rpc::Identity> Verify(std::string_view token) { return verifier_.Verify(token); }

 private:
  std::optional<Problem> IdentifyBearer(std::string_view header, Principal* out);
  std::optional<std::string> CookieOf(const HttpRequest& request) const;

  const base::Clock& clock_;
  rpc::TokenVerifier& verifier_;
  SessionStore& sessions_;
  const AuthOptions options_;
};

Problem NotSignedIn(std::string_view reason);
// The rate key of an address: IPv6 by its /64, which is what one household or host gets.
std::string AddressKey(std::string_view address);

}  // namespace gateway
