#include "gateway/auth.h"

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <arpa/inet.h>

#include <algorithm>
#include <utility>

#include "base/crypto.h"
#include "gateway/limits.h"
#include "gateway/render.h"
#include "services/rpc/access.h"

namespace gateway {
namespace {

constexpr std::string_view kBearer = "bearer ";

}  // namespace

const std::string& Principal::user_id() const {
  static const std::string nobody;
  return identity ? identity->actor.user_id() : nobody;
}

Problem NotSignedIn(std::string_view reason) {
  return MakeProblem(401, "UNAUTHENTICATED", reason, "请先登录", "please sign in");
}

std::string AddressKey(std::string_view address) {
  in6_addr six{};
  const std::string text(address);
  if (::inet_pton(AF_INET6, text.c_str(), &six) != 1) return "a:" + text;
  return "a:" + base::Hex(std::string_view(reinterpret_cast<const char*>(six.s6_addr), 8));
}

std::optional<Problem> Authenticator::IdentifyBearer(std::string_view header, Principal* out) {
  if (!absl::StartsWithIgnoreCase({header.data(), header.size()}, {kBearer.data(), kBearer.size()})) {
    return NotSignedIn("AUTHORIZATION_SCHEME");
  }
  const std::string_view token = header.substr(kBearer.size());
  if (token.empty() || token.size() > kMaxTokenBytes) return NotSignedIn("BAD_TOKEN");
  auto identity = verifier_.Verify(token);
  if (!identity.ok()) {
    Problem problem = NotSignedIn("BAD_TOKEN");
    problem.zh = "登录已失效，请重新登录";
    problem.en = absl::StrCat("the token is not accepted: ", std::string(identity.status().message()));
    return problem;
  }
  out->identity = *std::move(identity);
  out->token = token;
  return std::nullopt;
}

std::optional<std::string> Authenticator::CookieOf(const HttpRequest& request) const {
  const std::string prefix = CookieName() + "=";
  for (const auto& [name, value] : request.headers) {
    if (name != "cookie") continue;
    for (size_t at = 0; at < value.size();) {
      size_t end = std::min(value.find(';', at), value.size());
      const std::string_view part = std::string_view(value).substr(at, end - at);
      if (part.substr(0, prefix.size()) == prefix) return std::string(part.substr(prefix.size()));
      at = end + 1;
      while (at < value.size() && value[at] == ' ') ++at;
    }
  }
  return std::nullopt;
}

std::optional<Problem> Authenticator::Identify(const HttpRequest& request, Principal* out) {
  out->rate_key = AddressKey(request.client_address);
  if (const std::string* header = request.Header("authorization")) {
    if (auto problem = IdentifyBearer(*header, out)) return problem;
  } else if (const auto cookie = CookieOf(request)) {
    std::shared_ptr<Session> session = sessions_.Find(*cookie, clock_.NowMs());
    if (session == nullptr) return std::nullopt;  // ended: nobody is signed in, public pages still work
    out->session = session;
    out->token = session->access_token;
    auto identity = verifier_.Verify(session->access_token);
    if (identity.ok()) {
      out->identity = *std::move(identity);
    } else if (session->refresh_token.empty()) {
      sessions_.Remove(*session);
      out->session = nullptr;
      out->token.clear();
    } else {
      // Expired: the session gets a new token before the call goes on (see session_api.h).
      rpc::Identity known;
      known.actor = session->actor;
      known.former = session->former;
      known.expires_at_ms = session->access_expires_ms;
      out->identity = std::move(known);
    }
  }
  if (out->identity) out->rate_key = "u:" + out->identity->actor.user_id();
  return std::nullopt;
}

std::optional<Problem> Authenticator::CheckAccess(const Method& method, const Principal& principal) {
  rpc::Caller caller;
  if (principal.identity) caller.actor = principal.identity->actor;
  const auto failure = rpc::CheckAccess(method.access, &caller);
  if (!failure) return std::nullopt;
  return ProblemOfCall(failure->code, "", failure->detail.SerializeAsString(), "gateway");
}

bool Authenticator::IsOwnOrigin(const HttpRequest& request) const {
  // Fetch metadata is sent by every browser of today and cannot be forged by a page.
  if (const std::string* site = request.Header("sec-fetch-site")) {
    if (*site == "cross-site" || *site == "same-site") return false;
  }
  const std::string* origin = request.Header("origin");
  if (origin == nullptr) return true;  // not a browser, or a same-origin read
  const auto& allowed = options_.allowed_origins;
  if (std::find(allowed.begin(), allowed.end(), *origin) != allowed.end()) return true;
  const std::string* host = request.Header("host");
  const std::string own = absl::StrCat(options_.https ? "https://" : "http://", host == nullptr ? "" : *host);
  return absl::EqualsIgnoreCase(*origin, own);
}

std::optional<Problem> Authenticator::CheckOrigin(const HttpRequest& request,
                                                  const Principal& principal) const {
  if (principal.session == nullptr) return std::nullopt;
  const std::string* token = request.Header("x-csrf-token");
  if (IsOwnOrigin(request) && token != nullptr &&
      base::EqualInConstantTime(*token, principal.session->csrf_token)) {
    return std::nullopt;
  }
  return MakeProblem(403, "PERMISSION_DENIED", "CROSS_SITE", "请求未通过跨站校验，请刷新页面后重试",
                     "this request did not pass the cross-site check; reload the page and try again");
}

std::string Authenticator::SetCookie(std::string_view id) const {
  return absl::StrCat(CookieName(), "=", std::string(id), "; Path=/; HttpOnly; SameSite=Lax",
                      options_.https ? "; Secure" : "", "; Max-Age=", kSessionAbsoluteMs / 1000);
}

std::string Authenticator::ClearCookie() const {
  return absl::StrCat(CookieName(), "=; Path=/; HttpOnly; SameSite=Lax", options_.https ? "; Secure" : "",
                      "; Max-Age=0");
}

}  // namespace gateway
