#pragma once
// The gateway as a whole: owns every part and sends each request to the one that answers it. One thread runs
// the io_context; only large texts and the bus have threads of their own.
//
//   /healthz /readyz            for supervisors        /openapi.json     the interface, described
//   /self-check /v1/self-check  what the program finds when it looks at itself against the product rules
//   /v1/session                 web sign-in            /v1/events:stream the live feed
//   /v1/uploads                 resumable uploads (tus)
//   /<package.Service>/<Method> Connect                /v1/…             HTTP/JSON          anything else:
//   web pages
//
//   head ─► route ─► who ─► cross-site ─► access rule ─► rate ─► body ─► fields ─► service ─► answer

#include <absl/status/statusor.h>

#include <boost/asio/io_context.hpp>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/metrics.h"
#include "gateway/auth.h"
#include "gateway/catalog.h"
#include "gateway/connect_api.h"
#include "gateway/feed_api.h"
#include "gateway/feed_inbox.h"
#include "gateway/feed_ring.h"
#include "gateway/http_server.h"
#include "gateway/rate_limit.h"
#include "gateway/rest_api.h"
#include "gateway/self_check.h"
#include "gateway/service_calls.h"
#include "gateway/session_api.h"
#include "gateway/session_store.h"
#include "gateway/static_files.h"
#include "gateway/tus_api.h"
#include "gateway/upstream.h"
#include "services/rpc/token.h"

namespace gateway {

struct GatewayOptions {
  HttpServerOptions http;
  AuthOptions auth;
  rpc::TokenRules tokens;
  std::vector<Upstream::Peer> peers;
  std::function<std::shared_ptr<grpc::ChannelCredentials>(const std::string& name)> credentials;
  int channels_per_peer = 2;
  std::map<std::string, RateRule, std::less<>> rates = DefaultRates();
  std::string web_dir;         // empty: no pages
  std::string descriptor_set;  // with comments; empty: none
  std::string cursor_key;      // 32 bytes
  std::vector<std::string> feed_sources;
  std::string version = "1";
  SessionApiOptions session{.sign_in_rpc = "/directory.v1.Directory/SignIn",
                            .sign_out_rpc = "/directory.v1.Directory/SignOut"};
  ServiceCallsOptions calls{.refresh_rpc = "/directory.v1.Directory/RefreshSession"};
};

class Gateway final : public HttpHandler {
 public:
  static absl::StatusOr<std::unique_ptr<Gateway>> Start(boost::asio::io_context& io, const base::Clock& clock,
                                                        base::Metrics& metrics,
                                                        std::unique_ptr<Catalog> catalog,
                                                        GatewayOptions options);
  ~Gateway() override;

  HttpServer& server() { return *server_; }
  FeedInbox& inbox() { return inbox_; }
  FeedApi& feed() { return feed_; }
  const Catalog& catalog() const { return *catalog_; }
  // Not ready any more, no new connections, feeds say goodbye. Done when server().connections() is 0.
  void BeginDrain();

  std::optional<HttpResponse> Admit(HttpRequest* request, size_t* body_limit) override;
  boost::asio::awaitable<HttpResponse> Handle(HttpRequest* request) override;
  HttpResponse Refuse(const Problem& problem, const HttpRequest& request) override;
  void Answered(const HttpRequest& request, int status, int64_t took_us) override;

 private:
  enum class Kind { kHealth, kReady, kOpenApi, kSession, kFeed, kTus, kRest, kConnect, kStatic, kSelfCheck };
  struct Context;

  Gateway(boost::asio::io_context& io, const base::Clock& clock, base::Metrics& metrics,
          std::unique_ptr<Catalog> catalog, GatewayOptions options);
  absl::Status Prepare(const std::string& web_dir, std::string_view descriptor_set);

  // The parts of Admit, in their order. A problem ends it.
  std::optional<Problem> Route(const HttpRequest& request, Context* context);
  std::optional<Problem> CheckCaller(const HttpRequest& request, Context* context);
  std::optional<Problem> TakeRate(Context* context);
  HttpResponse Render(const Problem& problem, const HttpRequest& request, const Context& context) const;
  HttpResponse OpenApi(const HttpRequest& request) const;
  boost::asio::awaitable<HttpResponse> Ready(const HttpRequest* request);

  const base::Clock& clock_;
  const std::unique_ptr<Catalog> catalog_;
  const std::string version_;
  rpc::TokenVerifier verifier_;
  SessionStore sessions_;
  Authenticator authenticator_;
  RateLimiter limiter_;
  Upstream upstream_;
  ServiceCalls calls_;
  RestApi rest_;
  TusApi tus_;
  ConnectApi connect_;
  SessionApi session_api_;
  FeedRing ring_;
  FeedApi feed_;
  FeedInbox inbox_;
  StaticFiles pages_;
  SelfCheck self_check_;
  std::shared_ptr<const std::string> openapi_;
  std::string openapi_tag_;
  std::unique_ptr<HttpServer> server_;
  bool draining_ = false;

  std::map<int, base::Counter*> answered_;  // by hundred of the status
  base::Histogram& took_;
  base::Gauge& connections_;
  base::Gauge& feeds_;
};

// Serves /metrics, and nothing else, on its own address.
class MetricsPage final : public HttpHandler {
 public:
  explicit MetricsPage(const base::Metrics& metrics) : metrics_(metrics) {}
  std::optional<HttpResponse> Admit(HttpRequest* request, size_t* body_limit) override;
  boost::asio::awaitable<HttpResponse> Handle(HttpRequest* request) override;
  HttpResponse Refuse(const Problem& problem, const HttpRequest& request) override;
  void Answered(const HttpRequest&, int, int64_t) override {}

 private:
  const base::Metrics& metrics_;
};

}  // namespace gateway
