#pragma once
// Sign-in for web pages: POST /v1/session (the body of the directory's SignIn; answers with a cookie and the
// CSRF token, never with a token), GET /v1/session (who am I, after a reload), DELETE /v1/session (sign out).
// io thread.

#include <boost/asio/awaitable.hpp>
#include <string>
#include <utility>

#include "base/clock.h"
#include "gateway/auth.h"
#include "gateway/catalog.h"
#include "gateway/http_message.h"
#include "gateway/service_calls.h"
#include "gateway/session_store.h"

namespace gateway {

struct SessionApiOptions {
  std::string sign_in_rpc;   // "/directory.v1.Directory/SignIn"
  std::string sign_out_rpc;  // "/directory.v1.Directory/SignOut"
};

inline constexpr char kSessionPath[] = "/v1/session";

class SessionApi {
 public:
  SessionApi(const base::Clock& clock, const Catalog& catalog, ServiceCalls& calls,
             Authenticator& authenticator, SessionStore& sessions, SessionApiOptions options)
      : clock_(clock),
        catalog_(catalog),
        calls_(calls),
        authenticator_(authenticator),
        sessions_(sessions),
        options_(std::move(options)) {}

  std::optional<Problem> Admit(const HttpRequest& request, const Principal& principal) const;
  boost::asio::awaitable<HttpResponse> Handle(Principal* principal, HttpRequest* request);

 private:
  boost::asio::awaitable<HttpResponse> SignIn(Principal* principal, HttpRequest* request);
  boost::asio::awaitable<HttpResponse> SignOut(Principal* principal, HttpRequest* request);
  HttpResponse Describe(const Session& session) const;

  const base::Clock& clock_;
  const Catalog& catalog_;
  ServiceCalls& calls_;
  Authenticator& authenticator_;
  SessionStore& sessions_;
  const SessionApiOptions options_;
};

}  // namespace gateway
