#include "gateway/gateway.h"

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>

#include "base/crypto.h"
#include "base/log.h"
#include "base/status_macros.h"
#include "gateway/json_text.h"
#include "gateway/limits.h"
#include "gateway/openapi.h"
#include "gateway/render.h"

namespace gateway {
namespace {

namespace asio = boost::asio;

bool IsRead(const HttpRequest& request) { return request.method == "GET" || request.method == "HEAD"; }

// Methods that may be tried again by the transport: reads.
std::vector<std::string> Retryable(const Catalog& catalog) {
  std::vector<std::string> out;
  for (const auto& method : catalog.methods()) {
    const bool get = !method->bindings.empty() && method->bindings[0].http_method == "GET";
    if (method->no_side_effects || get) out.push_back(method->rpc_path);
  }
  return out;
}

Problem NoSuchPage() {
  return MakeProblem(404, "NOT_FOUND", "NO_SUCH_PATH", "没有这个地址", "there is nothing at this path");
}

HttpResponse Plain(int status, std::string body) {
  HttpResponse response;
  response.status = status;
  response.Add("Content-Type", "application/json").Add("Cache-Control", "no-store");
  response.body = std::move(body);
  return response;
}

}  // namespace

struct Gateway::Context : RequestContext {
  Kind kind = Kind::kStatic;
  MethodCall call;
  RateState rate;
  bool own_answer = false;  // Connect answered before its body was read
};

Gateway::Gateway(asio::io_context& io, const base::Clock& clock, base::Metrics& metrics,
                 std::unique_ptr<Catalog> catalog, GatewayOptions options)
    : clock_(clock),
      catalog_(std::move(catalog)),
      version_(options.version),
      verifier_(clock, options.tokens),
      authenticator_(clock, verifier_, sessions_, options.auth),
      limiter_(options.rates),
      upstream_(io, options.peers, options.credentials, options.channels_per_peer, Retryable(*catalog_)),
      calls_(io, clock, *catalog_, upstream_, authenticator_, sessions_, options.calls),
      rest_(*catalog_, calls_),
      tus_(*catalog_, calls_),
      connect_(*catalog_, calls_),
      session_api_(clock, *catalog_, calls_, authenticator_, sessions_, options.session),
      ring_(options.feed_sources),
      feed_(io, clock, ring_, options.cursor_key),
      inbox_(io, *catalog_, ring_,
             [this](std::string session, bool ended) {
               if (ended) {
                 verifier_.Revoke(session);
                 sessions_.RemoveByDirectorySession(session);
               } else {
                 sessions_.RenewByDirectorySession(session);
               }
               feed_.CloseSession(session);  // rights changed: it comes back with the new ones
             },
             [this](const std::string& former, const std::string& today) {
               feed_.TookOver(former, today, [this](const std::string& session) {
                 sessions_.RenewByDirectorySession(session);
               });
             }),
      self_check_(clock, options.version),
      server_(std::make_unique<HttpServer>(io, clock, *this, options.http)),
      took_(metrics.AddHistogram("fengqiao_http_seconds",
                                 "Time from the first byte of a request to its answer")),
      connections_(metrics.AddGauge("fengqiao_http_connections", "Open HTTP connections")),
      feeds_(metrics.AddGauge("fengqiao_http_feeds", "Open live feeds")) {
  for (int hundred = 2; hundred <= 5; ++hundred) {
    answered_[hundred] = &metrics.AddCounter("fengqiao_http_answers_total", "Answers by class of status",
                                             {{"status", absl::StrCat(hundred, "xx")}});
  }
}

Gateway::~Gateway() = default;

absl::StatusOr<std::unique_ptr<Gateway>> Gateway::Start(asio::io_context& io, const base::Clock& clock,
                                                        base::Metrics& metrics,
                                                        std::unique_ptr<Catalog> catalog,
                                                        GatewayOptions options) {
  const std::string web_dir = options.web_dir;
  const std::string descriptor_set = options.descriptor_set;
  std::unique_ptr<Gateway> gateway(new Gateway(io, clock, metrics, std::move(catalog), std::move(options)));
  RETURN_IF_ERROR(gateway->Prepare(web_dir, descriptor_set));
  return gateway;
}

absl::Status Gateway::Prepare(const std::string& web_dir, std::string_view descriptor_set) {
  RETURN_IF_ERROR(verifier_.LoadKeys());
  if (!web_dir.empty()) {
    ASSIGN_OR_RETURN(pages_, StaticFiles::Load(web_dir));
  }
  openapi_ =
      std::make_shared<const std::string>(OpenApiJson(*catalog_, "枫桥 Fengqiao", version_, descriptor_set));
  openapi_tag_ = absl::StrCat("\"", base::Hex(base::Sha256(*openapi_).substr(0, 16)), "\"");
  return server_->Listen();
}

void Gateway::BeginDrain() {
  draining_ = true;
  feed_.CloseAll();
  server_->BeginDrain();
}

std::optional<Problem> Gateway::Route(const HttpRequest& request, Context* context) {
  const std::string& path = request.path;
  if (path == "/healthz") return context->kind = Kind::kHealth, std::nullopt;
  if (path == "/readyz") return context->kind = Kind::kReady, std::nullopt;
  if (path == "/openapi.json") return context->kind = Kind::kOpenApi, std::nullopt;
  if (path == kSelfCheckPath || path == kSelfCheckPage) return context->kind = Kind::kSelfCheck, std::nullopt;
  if (path == kSessionPath) return context->kind = Kind::kSession, std::nullopt;
  if (path == kFeedPath) return context->kind = Kind::kFeed, std::nullopt;
  if (connect_.IsMine(path)) return context->kind = Kind::kConnect, std::nullopt;
  if (IsRead(request) && !absl::StartsWith(path, "/v1/") && pages_.Serve(request)) {
    return context->kind = Kind::kStatic, std::nullopt;
  }
  if (path == "/") return NoSuchPage();
  if (tus_.IsMine(request)) {
    context->call.method = tus_.MethodOf(request);
    return context->kind = Kind::kTus, std::nullopt;
  }
  context->kind = Kind::kRest;
  Catalog::Target target{};
  const std::string_view verb = request.method == "HEAD" ? "GET" : std::string_view(request.method);
  if (auto problem = catalog_->Route(verb, path, &target, &context->call.captures)) return problem;
  context->call.method = target.method;
  context->call.binding = target.binding;
  return std::nullopt;
}

std::optional<Problem> Gateway::CheckCaller(const HttpRequest& request, Context* context) {
  Principal& principal = context->call.principal;
  if (auto problem = authenticator_.Identify(request, &principal)) return problem;
  if (context->kind == Kind::kSession) return session_api_.Admit(request, principal);
  if (context->kind == Kind::kFeed) return feed_.Admit(request, principal);
  const bool asks = IsRead(request) || (context->kind == Kind::kTus && request.method == "OPTIONS");
  const bool changes = context->kind == Kind::kConnect ? request.method == "POST" : !asks;
  if (changes) {
    if (auto problem = authenticator_.CheckOrigin(request, principal)) return problem;
  }
  if (context->call.method == nullptr) return std::nullopt;  // of a protocol, which says what it speaks to everybody
  return Authenticator::CheckAccess(*context->call.method, principal);
}

std::optional<Problem> Gateway::TakeRate(Context* context) {
  std::string_view rate_class = "read";
  std::string key = context->call.principal.rate_key;
  if (context->kind == Kind::kSession) {
    rate_class = "sign-in";
  } else if (context->call.method != nullptr) {
    rate_class = context->call.method->rate_class;
  }
  return limiter_.Take(key, rate_class, clock_.SteadyUs(), &context->rate);
}

HttpResponse Gateway::Render(const Problem& problem, const HttpRequest& request,
                             const Context& context) const {
  HttpResponse response = context.kind == Kind::kConnect ? ConnectApi::ErrorResponse(problem)
                          : context.kind == Kind::kTus   ? TusApi::ErrorResponse(problem, request)
                                                         : ProblemResponse(problem, request.request_id);
  if (!context.rate.limit.empty()) {
    response.Add("RateLimit-Policy", context.rate.policy).Add("RateLimit", context.rate.limit);
  }
  return response;
}

std::optional<HttpResponse> Gateway::Admit(HttpRequest* request, size_t* body_limit) {
  auto owned = std::make_unique<Context>();
  Context* context = owned.get();
  request->context = std::move(owned);
  std::optional<Problem> problem = Route(*request, context);
  if (problem) return Render(*problem, *request, *context);
  if (context->kind == Kind::kConnect) {
    if (auto early = connect_.Admit(*request, &context->call.method)) return early;
  }
  const bool of_people = context->kind == Kind::kSession || context->kind == Kind::kFeed ||
                         context->kind == Kind::kRest || context->kind == Kind::kConnect ||
                         context->kind == Kind::kTus;
  *body_limit = context->call.method != nullptr ? context->call.method->max_body_bytes : 4096;
  if (!of_people) {
    if (IsRead(*request) && context->kind != Kind::kSelfCheck) return std::nullopt;
    if (IsRead(*request)) {  // for everybody, at the rate of any public path
      problem = CheckCaller(*request, context);
      if (!problem) problem = TakeRate(context);
      if (!problem) return std::nullopt;
      return Render(*problem, *request, *context);
    }
    Problem wrong = MakeProblem(405, "UNIMPLEMENTED", "METHOD_NOT_ALLOWED", "此地址不支持该请求方法",
                                "this path does not take this method");
    wrong.allow = "GET, HEAD";
    return Render(wrong, *request, *context);
  }
  problem = CheckCaller(*request, context);
  const bool session_read = context->kind == Kind::kSession && request->method != "POST";
  if (!problem && !session_read) problem = TakeRate(context);
  if (!problem && context->kind == Kind::kRest)
    problem = RestApi::CheckHeaders(*request, *context->call.method, *context->call.binding);
  if (!problem && context->kind == Kind::kTus) problem = tus_.Admit(request, body_limit);
  if (problem) return Render(*problem, *request, *context);
  return std::nullopt;
}

asio::awaitable<HttpResponse> Gateway::Handle(HttpRequest* request) {
  Context* context = static_cast<Context*>(request->context.get());
  HttpResponse response;
  switch (context->kind) {
    case Kind::kHealth:
      co_return Plain(200, "{\"status\":\"ok\"}");
    case Kind::kReady:
      response = co_await Ready(request);
      co_return response;
    case Kind::kOpenApi:
      co_return OpenApi(*request);
    case Kind::kStatic:
      co_return *pages_.Serve(*request);
    case Kind::kSession:
      response = co_await session_api_.Handle(&context->call.principal, request);
      break;
    case Kind::kSelfCheck:
      response = self_check_.Serve(*request);
      break;
    case Kind::kFeed:
      // It lasts long, so it begins with what the grants count for now.
      co_await calls_.Freshen(&context->call.principal, request);
      response = context->call.principal.identity
                     ? feed_.Open(context->call.principal, request)
                     : ProblemResponse(NotSignedIn("SESSION_ENDED"), request->request_id);
      break;
    case Kind::kConnect:
      response = co_await connect_.Handle(&context->call, request);
      break;
    case Kind::kTus:
      response = co_await tus_.Handle(&context->call.principal, request);
      break;
    case Kind::kRest:
      response = co_await rest_.Handle(&context->call, request);
      break;
  }
  if (!context->rate.limit.empty()) {
    response.Add("RateLimit-Policy", context->rate.policy).Add("RateLimit", context->rate.limit);
  }
  co_return response;
}

HttpResponse Gateway::OpenApi(const HttpRequest& request) const {
  HttpResponse response;
  response.Add("Content-Type", "application/json").Add("Cache-Control", "no-cache").Add("ETag", openapi_tag_);
  const std::string* none_match = request.Header("if-none-match");
  if (none_match != nullptr && TagMatches(*none_match, openapi_tag_)) {
    response.status = 304;
  } else {
    response.shared_body = openapi_;
  }
  return response;
}

// Ready means: people can work. Every service must answer; "?only=gateway" asks about this process alone,
// which is what an orchestrator wants that would otherwise take all gateways away when one service restarts.
asio::awaitable<HttpResponse> Gateway::Ready(const HttpRequest* request) {
  bool ready = !draining_;
  std::string services;
  if (request->query != "only=gateway") {
    for (const std::string& name : upstream_.peer_names()) {
      const bool serving = co_await upstream_.IsServing(name);
      ready = ready && serving;
      absl::StrAppend(&services, services.empty() ? "" : ",", JsonString(name), serving ? ":true" : ":false");
    }
  }
  std::string body =
      absl::StrCat("{\"ready\":", ready ? "true" : "false", ",\"draining\":", draining_ ? "true" : "false",
                   ",\"services\":{", services, "}}");
  co_return Plain(ready ? 200 : 503, std::move(body));
}

HttpResponse Gateway::Refuse(const Problem& problem, const HttpRequest& request) {
  HttpResponse response = ProblemResponse(problem, request.request_id);
  response.close = true;
  return response;
}

void Gateway::Answered(const HttpRequest& request, int status, int64_t took_us) {
  const auto counter = answered_.find(status / 100);
  if (counter != answered_.end()) counter->second->Add();
  took_.Observe(took_us);
  connections_.Set(static_cast<int64_t>(server_->connections()));
  feeds_.Set(static_cast<int64_t>(feed_.open()));
  const auto* context = static_cast<const Context*>(request.context.get());
  const std::string_view rpc = context != nullptr && context->call.method != nullptr
                                   ? std::string_view(context->call.method->rpc_path)
                                   : std::string_view();
  // The path is left out: ids in it may be those of people, and a bad one may hold anything.
  base::Log(status >= 500 ? base::kWarning : base::kDebug, "answered",
            {{"status", status},
             {"method", request.method},
             {"rpc", rpc},
             {"took_us", took_us},
             {"request_id", request.request_id}});
}

std::optional<HttpResponse> MetricsPage::Admit(HttpRequest* request, size_t* body_limit) {
  *body_limit = 0;
  if (request->path == "/metrics" && IsRead(*request)) return std::nullopt;
  return ProblemResponse(NoSuchPage(), request->request_id);
}

asio::awaitable<HttpResponse> MetricsPage::Handle(HttpRequest*) {
  HttpResponse response;
  response.Add("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
  response.body = metrics_.Text();
  co_return response;
}

HttpResponse MetricsPage::Refuse(const Problem& problem, const HttpRequest& request) {
  return ProblemResponse(problem, request.request_id);
}

}  // namespace gateway
