#pragma once
// One call to a service on behalf of somebody: keeps a web session's tokens fresh, bounds what one person has
// in flight, picks the deadline, and turns a failure into a Problem. Shared by the HTTP interface, Connect
// and sessions. io thread.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>

#include "base/clock.h"
#include "base/random.h"
#include "gateway/auth.h"
#include "gateway/catalog.h"
#include "gateway/http_message.h"
#include "gateway/session_store.h"
#include "gateway/upstream.h"
#include "gateway/upstream_stream.h"

namespace gateway {

struct CallResult {
  std::optional<Problem> problem;  // nullopt: `response` holds the wire bytes
  std::string response;
};

struct OpenedStream {
  std::optional<Problem> problem;  // nullopt: `stream` gives what follows `first`
  std::shared_ptr<UpstreamStream> stream;
  std::optional<std::string> first;  // nullopt: it has ended without a message
};

struct ServiceCallsOptions {
  std::string refresh_rpc;  // "/directory.v1.Directory/RefreshSession"; empty: sessions are not prolonged
};

class ServiceCalls {
 public:
  ServiceCalls(boost::asio::io_context& io, const base::Clock& clock, const Catalog& catalog,
               Upstream& upstream, Authenticator& authenticator, SessionStore& sessions,
               ServiceCallsOptions options);
  ~ServiceCalls();

  // `client_deadline_ms` 0: the client named none. Cancelled when request->on_gone is called.
  boost::asio::awaitable<CallResult> Call(const Method& method, Principal* principal, std::string wire,
                                          HttpRequest* request, int64_t client_deadline_ms);

  // The same for a method that answers with a stream: returns when its first message is there, or a problem instead of
  // it. Counts as in flight until the stream is let go of.
  boost::asio::awaitable<OpenedStream> Open(const Method& method, Principal* principal, std::string wire,
                                            HttpRequest* request, int64_t client_deadline_ms);

  // Runs `work` on the worker thread; for texts so large that reading them here would hold up everybody.
  boost::asio::awaitable<void> OnWorker(std::function<void()> work);

  // Takes over the tokens of a TokenResponse (directory.v1; read by field names). False: it holds no access
  // token.
  bool TakeTokens(const Method& method, const std::string& wire, Session* session);

  // True: principal->token is good for a while, and its identity says what the newest token says. False: the session is
  // over, and the identity gone with it; or nobody can be asked now.
  boost::asio::awaitable<bool> Freshen(Principal* principal, HttpRequest* request);

 private:
  boost::asio::awaitable<void> WaitForRefresh(std::shared_ptr<Session> session);
  std::string TraceParent(const HttpRequest& request);
  UpstreamCall MakeCall(const Method& method, const Principal& principal, std::string wire,
                        const HttpRequest& request, int64_t client_deadline_ms);
  static Problem ProblemOf(const Method& method, const UpstreamReply& reply, const HttpRequest& request);

  boost::asio::io_context& io_;
  const base::Clock& clock_;
  const Catalog& catalog_;
  Upstream& upstream_;
  Authenticator& authenticator_;
  SessionStore& sessions_;
  const ServiceCallsOptions options_;
  base::Random random_;
  const std::shared_ptr<std::unordered_map<std::string, size_t>> in_flight_;  // streams may outlive us
  boost::asio::thread_pool worker_;
};

}  // namespace gateway
