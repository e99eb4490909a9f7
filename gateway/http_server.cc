#include "gateway/http_server.h"

#include <absl/strings/match.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/time/time.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <type_traits>
#include <vector>

#include "base/log.h"
#include "gateway/connection.h"
#include "gateway/limits.h"

namespace gateway {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using Unix = asio::local::stream_protocol;

// Too many open files: waiting is all that can be done, and the listener must survive it.
constexpr int64_t kAcceptPauseMs = 100;

}  // namespace

HttpServer::HttpServer(asio::io_context& io, const base::Clock& clock, HttpHandler& handler,
                       HttpServerOptions options)
    : io_(io),
      clock_(clock),
      handler_(handler),
      options_(std::move(options)),
      trusted_(options_.behind_proxy),
      random_(base::Random::FromEntropy()) {}

HttpServer::~HttpServer() {
  if (!unix_path_.empty()) ::unlink(unix_path_.c_str());
}

std::string HttpServer::address() const {
  if (!unix_path_.empty()) return "unix:" + unix_path_;
  error_code ignored;
  const auto endpoint = tcp_->local_endpoint(ignored);
  const std::string host = endpoint.address().to_string();
  return endpoint.address().is_v6() ? absl::StrCat("http://[", host, "]:", port_)
                                    : absl::StrCat("http://", host, ":", port_);
}

absl::Status HttpServer::Listen() {
  if (absl::StartsWith(options_.listen, "unix:")) return ListenUnix(options_.listen.substr(5));
  return ListenTcp();
}

absl::Status HttpServer::ListenTcp() {
  const size_t colon = options_.listen.rfind(':');
  std::string host = options_.listen.substr(0, colon);
  int port = -1;
  if (colon == std::string::npos || !absl::SimpleAtoi(options_.listen.substr(colon + 1), &port) || port < 0 ||
      port > 65535) {
    return absl::InvalidArgumentError(
        absl::StrCat("cannot listen on \"", options_.listen, "\": not host:port"));
  }
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  error_code error;
  const auto ip = asio::ip::make_address(host, error);
  if (error)
    return absl::InvalidArgumentError(
        absl::StrCat("cannot listen on \"", options_.listen, "\": not an IP address"));
  const tcp::endpoint endpoint(ip, static_cast<uint16_t>(port));
  tcp_.emplace(io_);
  tcp_->open(endpoint.protocol(), error);
  if (!error) tcp_->set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) tcp_->bind(endpoint, error);
  if (!error) tcp_->listen(1024, error);
  if (error)
    return absl::UnavailableError(absl::StrCat("cannot listen on ", options_.listen, ": ", error.message()));
  port_ = tcp_->local_endpoint(error).port();
  asio::co_spawn(io_, AcceptLoop(*tcp_), asio::detached);
  return absl::OkStatus();
}

absl::Status HttpServer::ListenUnix(const std::string& path) {
  trusted_ = true;
  ::unlink(path.c_str());  // of a process that was killed; bind tells if another one lives behind it
  error_code error;
  unix_.emplace(io_);
  unix_->open(Unix(), error);
  if (!error) unix_->bind(Unix::endpoint(path), error);
  if (!error) unix_->listen(1024, error);
  if (error)
    return absl::UnavailableError(absl::StrCat("cannot listen on unix:", path, ": ", error.message()));
  ::chmod(path.c_str(), 0660);
  unix_path_ = path;
  asio::co_spawn(io_, AcceptLoop(*unix_), asio::detached);
  return absl::OkStatus();
}

template <class Acceptor>
asio::awaitable<void> HttpServer::AcceptLoop(Acceptor& acceptor) {
  while (acceptor.is_open()) {
    error_code error;
    typename Acceptor::protocol_type::socket socket(io_);
    co_await acceptor.async_accept(socket, asio::redirect_error(asio::use_awaitable, error));
    if (error == asio::error::operation_aborted) break;
    if (error) {
      base::Log(base::kWarning, "cannot accept a connection", {{"error", error.message()}});
      asio::steady_timer pause(io_, std::chrono::milliseconds(kAcceptPauseMs));
      co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, error));
      continue;
    }
    if (open_.size() >= kMaxConnections || draining_) continue;  // closed by going out of scope
    std::string peer = "local";
    if constexpr (std::is_same_v<Acceptor, tcp::acceptor>) {
      socket.set_option(tcp::no_delay(true), error);
      const auto endpoint = socket.remote_endpoint(error);
      if (error) continue;
      peer = endpoint.address().to_string();
    }
    Start(Socket(std::move(socket)), std::move(peer));
  }
}

void HttpServer::Start(Socket socket, std::string peer) {
  auto connection = std::make_shared<Connection>(*this, std::move(socket), std::move(peer));
  asio::co_spawn(
      io_, [connection]() { return connection->Run(); },
      [connection](std::exception_ptr failure) {
        if (failure == nullptr) return;
        try {
          std::rethrow_exception(failure);
        } catch (const std::exception& e) {
          base::Log(base::kError, "a connection ended by an exception", {{"error", e.what()}});
        }
      });
}

void HttpServer::BeginDrain() {
  draining_ = true;
  error_code ignored;
  if (tcp_) tcp_->close(ignored);
  if (unix_) unix_->close(ignored);
  for (Connection* connection : std::vector<Connection*>(open_.begin(), open_.end())) connection->Drain();
}

void HttpServer::CloseAll() {
  for (Connection* connection : std::vector<Connection*>(open_.begin(), open_.end())) connection->Close();
}

const std::string& HttpServer::DateHeader() {
  const int64_t second = clock_.NowMs() / 1000;
  if (second != date_second_) {
    date_second_ = second;
    date_ = absl::FormatTime("%a, %d %b %Y %H:%M:%S GMT", absl::FromUnixSeconds(second), absl::UTCTimeZone());
  }
  return date_;
}

}  // namespace gateway
