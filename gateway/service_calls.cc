#include "gateway/service_calls.h"

#include <algorithm>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/crypto.h"
#include "base/log.h"
#include "gateway/limits.h"
#include "gateway/render.h"

namespace gateway {
namespace {

namespace asio = boost::asio;
using google::protobuf::Message;

constexpr int64_t kRefreshBeforeMs = 60'000;

std::string TextOf(const Message& message, const char* name) {
  const auto* field = message.GetDescriptor()->FindFieldByName(name);
  return field == nullptr ? "" : message.GetReflection()->GetString(message, field);
}
int64_t NumberOf(const Message& message, const char* name) {
  const auto* field = message.GetDescriptor()->FindFieldByName(name);
  return field == nullptr ? 0 : message.GetReflection()->GetInt64(message, field);
}

// W3C trace context: 00-<32 hex>-<16 hex>-<2 hex>, neither id all zero.
bool IsTraceParent(std::string_view text) {
  if (text.size() != 55 || text.substr(0, 3) != "00-" || text[35] != '-' || text[52] != '-') return false;
  for (size_t i = 3; i < text.size(); ++i) {
    const char c = text[i];
    if (i != 35 && i != 52 && !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) return false;
  }
  return text.substr(3, 32) != std::string(32, '0') && text.substr(36, 16) != std::string(16, '0');
}

Problem SessionOver() {
  Problem problem = NotSignedIn("SESSION_ENDED");
  problem.zh = "登录已失效，请重新登录";
  problem.en = "the session has ended; please sign in again";
  return problem;
}

Problem TooManyAtOnce() {
  Problem problem = MakeProblem(429, "RESOURCE_EXHAUSTED", "TOO_MANY_IN_FLIGHT", "同时进行的请求过多",
                                "too many requests at the same time");
  problem.retry_after_ms = 1'000;
  return problem;
}

// Counts one call of somebody while it lives.
class InFlight {
 public:
  using Counts = std::shared_ptr<std::unordered_map<std::string, size_t>>;
  InFlight(Counts counts, const std::string& key) : counts_(std::move(counts)), key_(key) { ++(*counts_)[key_]; }
  ~InFlight() {
    const auto found = counts_->find(key_);
    if (--found->second == 0) counts_->erase(found);
  }
  InFlight(const InFlight&) = delete;
  bool TooMany() const { return counts_->at(key_) > kMaxInFlightPerPrincipal; }

 private:
  const Counts counts_;
  const std::string key_;
};

// The session's newest token, and who it says they are.
void TakeIdentity(const Session& session, Principal* principal) {
  principal->token = session.access_token;
  if (!principal->identity) return;
  principal->identity->actor = session.actor;
  principal->identity->former = session.former;
}

}  // namespace

ServiceCalls::ServiceCalls(asio::io_context& io, const base::Clock& clock, const Catalog& catalog,
                           Upstream& upstream, Authenticator& authenticator, SessionStore& sessions,
                           ServiceCallsOptions options)
    : io_(io),
      clock_(clock),
      catalog_(catalog),
      upstream_(upstream),
      authenticator_(authenticator),
      sessions_(sessions),
      options_(std::move(options)),
      random_(base::Random::FromEntropy()),
      in_flight_(std::make_shared<std::unordered_map<std::string, size_t>>()),
      worker_(1) {}

ServiceCalls::~ServiceCalls() { worker_.join(); }

std::string ServiceCalls::TraceParent(const HttpRequest& request) {
  const std::string* given = request.Header("traceparent");
  if (given != nullptr && IsTraceParent(*given)) return *given;
  return "00-" + base::Hex(random_.Bytes(16)) + "-" + base::Hex(random_.Bytes(8)) + "-00";
}

asio::awaitable<CallResult> ServiceCalls::Call(const Method& method, Principal* principal, std::string wire,
                                               HttpRequest* request, int64_t client_deadline_ms) {
  CallResult result;
  const InFlight counted(in_flight_, principal->rate_key);
  if (counted.TooMany()) {
    result.problem = TooManyAtOnce();
    co_return result;
  }
  const bool fresh = co_await Freshen(principal, request);
  if (!fresh) {
    result.problem = SessionOver();
    co_return result;
  }
  UpstreamCancel cancel;
  request->on_gone = [&cancel]() { cancel.Cancel(); };
  UpstreamReply reply =
      co_await upstream_.Call(MakeCall(method, *principal, std::move(wire), *request, client_deadline_ms), &cancel);
  request->on_gone = nullptr;
  if (reply.code == 0) {
    result.response = std::move(reply.response);
  } else {
    result.problem = ProblemOf(method, reply, *request);
  }
  co_return result;
}

UpstreamCall ServiceCalls::MakeCall(const Method& method, const Principal& principal, std::string wire,
                                    const HttpRequest& request, int64_t client_deadline_ms) {
  UpstreamCall call;
  call.rpc_path = method.rpc_path;
  call.request = std::move(wire);
  call.deadline_ms = method.deadline_ms;
  if (client_deadline_ms > 0) call.deadline_ms = std::min(call.deadline_ms, client_deadline_ms);
  call.token = principal.token;
  call.request_id = request.request_id;
  call.traceparent = TraceParent(request);
  return call;
}

Problem ServiceCalls::ProblemOf(const Method& method, const UpstreamReply& reply, const HttpRequest& request) {
  if (reply.error_detail.empty()) {
    base::Log(base::kWarning, "a service failed without saying why",
              {{"rpc", method.rpc_path},
               {"code", GrpcCodeName(reply.code)},
               {"text", reply.message},
               {"request_id", request.request_id}});
  }
  return ProblemOfCall(reply.code, reply.message, reply.error_detail, reply.service);
}

asio::awaitable<OpenedStream> ServiceCalls::Open(const Method& method, Principal* principal, std::string wire,
                                                 HttpRequest* request, int64_t client_deadline_ms) {
  OpenedStream opened;
  auto counted = std::make_shared<InFlight>(in_flight_, principal->rate_key);
  if (counted->TooMany()) {
    opened.problem = TooManyAtOnce();
    co_return opened;
  }
  const bool fresh = co_await Freshen(principal, request);
  if (!fresh) {
    opened.problem = SessionOver();
    co_return opened;
  }
  const UpstreamCall call = MakeCall(method, *principal, std::move(wire), *request, client_deadline_ms);
  opened.stream = upstream_.Open(call);
  opened.stream->Keep(std::move(counted));
  request->on_gone = [stream = opened.stream]() { stream->Cancel(); };
  std::string message;
  const bool more = co_await opened.stream->Next(call.deadline_ms, &message);
  if (more) {
    opened.first = std::move(message);
  } else if (opened.stream->reply().code != 0) {
    opened.problem = ProblemOf(method, opened.stream->reply(), *request);
  }
  co_return opened;
}

asio::awaitable<void> ServiceCalls::OnWorker(std::function<void()> work) {
  auto initiate = [this, work = std::move(work)](auto handler) {
    auto shared = std::make_shared<decltype(handler)>(std::move(handler));
    asio::post(worker_, [this, shared, work]() {
      work();
      asio::post(io_, [shared]() { (*shared)(); });
    });
  };
  return asio::async_initiate<const asio::use_awaitable_t<>&, void()>(initiate, asio::use_awaitable);
}

asio::awaitable<void> ServiceCalls::WaitForRefresh(std::shared_ptr<Session> session) {
  auto initiate = [this, session](auto handler) {
    auto shared = std::make_shared<decltype(handler)>(std::move(handler));
    session->waiting.push_back([this, shared]() { asio::post(io_, [shared]() { (*shared)(); }); });
  };
  return asio::async_initiate<const asio::use_awaitable_t<>&, void()>(initiate, asio::use_awaitable);
}

asio::awaitable<bool> ServiceCalls::Freshen(Principal* principal, HttpRequest* request) {
  const std::shared_ptr<Session> session = principal->session;
  const Method* refresh = catalog_.FindRpc(options_.refresh_rpc);
  if (session == nullptr || session->refresh_token.empty() || refresh == nullptr) co_return true;
  const int64_t left_ms = session->access_expires_ms - clock_.NowMs();
  if (left_ms > kRefreshBeforeMs) co_return true;
  if (session->refreshing) {
    if (left_ms > 0) co_return true;  // the old token will do
    co_await WaitForRefresh(session);
    TakeIdentity(*session, principal);
    co_return session->access_expires_ms > clock_.NowMs();
  }
  session->refreshing = true;
  std::unique_ptr<Message> ask = catalog_.New(refresh->descriptor->input_type());
  const auto* field = ask->GetDescriptor()->FindFieldByName("refresh_token");
  if (field != nullptr) ask->GetReflection()->SetString(ask.get(), field, session->refresh_token);
  UpstreamCall call;
  call.rpc_path = refresh->rpc_path;
  call.request = ask->SerializeAsString();
  call.deadline_ms = refresh->deadline_ms;
  call.request_id = request->request_id;
  const UpstreamReply reply = co_await upstream_.Call(std::move(call), nullptr);
  session->refreshing = false;
  bool good = left_ms > 0;
  if (reply.code == 0 && TakeTokens(*refresh, reply.response, session.get())) {
    good = true;
  } else if (reply.code != 14 && reply.code != 4) {
    sessions_.Remove(*session);  // refused: it was revoked, or used by somebody else
    principal->identity.reset();
    good = false;
  }
  for (const auto& waiting : std::exchange(session->waiting, {})) waiting();
  TakeIdentity(*session, principal);
  co_return good;
}

bool ServiceCalls::TakeTokens(const Method& method, const std::string& wire, Session* session) {
  std::unique_ptr<Message> tokens = catalog_.New(method.descriptor->output_type());
  if (!tokens->ParseFromString(wire)) return false;
  auto identity = authenticator_.Verify(TextOf(*tokens, "access_token"));
  if (!identity.ok()) {
    base::Log(base::kError, "the directory's new token does not verify",
              {{"why", identity.status().ToString()}});
    return false;
  }
  session->access_token = TextOf(*tokens, "access_token");
  session->access_expires_ms = identity->expires_at_ms;
  session->actor = identity->actor;
  session->former = identity->former;
  session->user_id = identity->actor.user_id();
  session->directory_session_id = identity->actor.session_id();
  session->refresh_token = TextOf(*tokens, "refresh_token");
  session->refresh_expires_ms = NumberOf(*tokens, "refresh_expires_at_ms");
  return true;
}

}  // namespace gateway
