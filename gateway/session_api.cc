#include "gateway/session_api.h"

#include <absl/strings/str_cat.h>

#include "gateway/binder.h"
#include "gateway/json_text.h"
#include "gateway/limits.h"
#include "gateway/render.h"
#include "gateway/transcode.h"

namespace gateway {
namespace {

namespace asio = boost::asio;

}  // namespace

std::optional<Problem> SessionApi::Admit(const HttpRequest& request, const Principal& principal) const {
  const bool reads = request.method == "GET" || request.method == "HEAD";
  if (!reads && request.method != "POST" && request.method != "DELETE") {
    Problem problem = MakeProblem(405, "UNIMPLEMENTED", "METHOD_NOT_ALLOWED", "此地址不支持该请求方法",
                                  "this path does not take this method");
    problem.allow = "DELETE, GET, POST";
    return problem;
  }
  if (request.method == "POST") {
    const std::string* type = request.Header("content-type");
    if (type == nullptr || !IsMediaType(*type, "application/json")) {
      return MakeProblem(415, "INVALID_ARGUMENT", "UNSUPPORTED_MEDIA_TYPE",
                         "请求体必须是 UTF-8 的 application/json",
                         "the body must be application/json in UTF-8");
    }
    if (!authenticator_.IsOwnOrigin(request)) {
      return MakeProblem(403, "PERMISSION_DENIED", "CROSS_SITE", "请求未通过跨站校验",
                         "this request did not pass the cross-site check");
    }
    return std::nullopt;
  }
  if (principal.session == nullptr) return NotSignedIn("NO_SESSION");
  return reads ? std::nullopt : authenticator_.CheckOrigin(request, principal);
}

asio::awaitable<HttpResponse> SessionApi::Handle(Principal* principal, HttpRequest* request) {
  if (request->method == "POST") {
    HttpResponse response = co_await SignIn(principal, request);
    co_return response;
  }
  if (request->method == "DELETE") {
    HttpResponse response = co_await SignOut(principal, request);
    co_return response;
  }
  co_return Describe(*principal->session);
}

HttpResponse SessionApi::Describe(const Session& session) const {
  HttpResponse response;
  response.Add("Content-Type", "application/json").Add("Cache-Control", "no-store");
  response.body = absl::StrCat(
      "{\"userId\":", JsonString(session.user_id), ",\"csrfToken\":", JsonString(session.csrf_token),
      ",\"expiresAtMs\":\"", session.EndsAtMs(), "\"}");
  return response;
}

asio::awaitable<HttpResponse> SessionApi::SignIn(Principal* principal, HttpRequest* request) {
  const Method* method = catalog_.FindRpc(options_.sign_in_rpc);
  if (method == nullptr) {
    co_return ProblemResponse(MakeProblem(501, "UNIMPLEMENTED", "NO_SIGN_IN", "此网关未接入登录服务",
                                          "this gateway has no sign-in service"),
                              request->request_id);
  }
  std::string wire;
  const auto* type = method->descriptor->input_type();
  std::optional<Problem> problem = JsonToWire(catalog_, type, request->body, "", &wire, nullptr);
  if (!problem) {
    auto message = catalog_.New(type);
    if (!message->ParseFromString(wire))
      problem = BadRequest("BAD_JSON", "请求体无法解析", "the body cannot be read");
    if (!problem) problem = CheckRules(*method, message.get());
  }
  if (problem) co_return ProblemResponse(*problem, request->request_id);
  Principal nobody;
  nobody.rate_key = principal->rate_key;
  CallResult result = co_await calls_.Call(*method, &nobody, std::move(wire), request, 0);
  if (result.problem) co_return ProblemResponse(*result.problem, request->request_id);
  Session session;
  if (!calls_.TakeTokens(*method, result.response, &session)) {
    co_return ProblemResponse(ProblemOfCall(13, "", "", method->service), request->request_id);
  }
  // A new id for a new session: one planted before signing in is worth nothing afterwards.
  if (principal->session != nullptr) sessions_.Remove(*principal->session);
  const SessionStore::Created created = sessions_.Create(std::move(session), clock_.NowMs());
  HttpResponse response = Describe(*created.session);
  response.Add("Set-Cookie", authenticator_.SetCookie(created.id));
  co_return response;
}

asio::awaitable<HttpResponse> SessionApi::SignOut(Principal* principal, HttpRequest* request) {
  sessions_.Remove(*principal->session);
  // Over here whatever the directory says: its own record of the session ends by itself if it cannot be
  // reached.
  if (const Method* method = catalog_.FindRpc(options_.sign_out_rpc)) {
    Principal last;
    last.rate_key = principal->rate_key;
    last.token = principal->token;
    const CallResult ignored = co_await calls_.Call(*method, &last, "", request, 2'000);
    (void)ignored;
  }
  HttpResponse response;
  response.status = 204;
  response.Add("Cache-Control", "no-store").Add("Set-Cookie", authenticator_.ClearCookie());
  co_return response;
}

}  // namespace gateway
