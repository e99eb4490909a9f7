#pragma once
// Listens on TCP or a Unix socket and speaks HTTP/1.1: one coroutine a connection, all on the thread that
// runs the io_context. TLS and HTTP/2 belong to the proxy in front. A connection reads one request, answers
// it, reads the next; every wait has a deadline; whatever cannot be read in exactly one way is answered with
// 4xx and closed.

#include <absl/status/status.h>

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "base/clock.h"
#include "base/random.h"
#include "gateway/http_message.h"
#include "gateway/limits.h"

namespace gateway {

class Connection;

struct HttpServerOptions {
  // "127.0.0.1:8080", "[::1]:0" (0: a free port) or "unix:run/gateway.sock".
  std::string listen;
  // X-Forwarded-* and X-Request-Id are believed: only when nothing but the proxy can reach the address. A
  // Unix socket is always believed.
  bool behind_proxy = false;
  int64_t head_timeout_ms = kHeadTimeoutMs;
  int64_t body_timeout_ms = kBodyTimeoutMs;
};

class HttpServer {
 public:
  HttpServer(boost::asio::io_context& io, const base::Clock& clock, HttpHandler& handler,
             HttpServerOptions options);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;

  absl::Status Listen();
  uint16_t port() const { return port_; }  // of TCP
  std::string address() const;             // "http://127.0.0.1:8080" or "unix:…"

  // No new connections; open ones end after the answer they are working on; idle ones end now.
  void BeginDrain();
  bool draining() const { return draining_; }
  size_t connections() const { return open_.size(); }
  // Ends what is left.
  void CloseAll();

 private:
  friend class Connection;
  using Socket = boost::asio::basic_stream_socket<boost::asio::generic::stream_protocol>;

  template <class Acceptor>
  boost::asio::awaitable<void> AcceptLoop(Acceptor& acceptor);
  absl::Status ListenTcp();
  absl::Status ListenUnix(const std::string& path);
  void Start(Socket socket, std::string peer);
  const std::string& DateHeader();

  boost::asio::io_context& io_;
  const base::Clock& clock_;
  HttpHandler& handler_;
  const HttpServerOptions options_;
  bool trusted_ = false;
  bool draining_ = false;
  uint16_t port_ = 0;
  std::string unix_path_;
  std::optional<boost::asio::ip::tcp::acceptor> tcp_;
  std::optional<boost::asio::local::stream_protocol::acceptor> unix_;
  std::set<Connection*> open_;
  base::Random random_;
  int64_t date_second_ = -1;
  std::string date_;
};

}  // namespace gateway
