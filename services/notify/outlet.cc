#include "services/notify/outlet.h"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>

#include <utility>
#include <vector>

namespace notify {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

absl::Status Broken(const char* code) { return absl::UnavailableError(code); }

absl::Status StatusOf(const error_code& error, const char* code) {
  if (error == beast::error::timeout) return Broken("TIMED_OUT");
  if (error == http::error::body_limit || error == http::error::header_limit) return Broken("ANSWER_TOO_LARGE");
  return Broken(code);
}

std::string BytesOf(const asio::ip::address& address) {
  if (address.is_v4()) {
    const auto bytes = address.to_v4().to_bytes();
    return {bytes.begin(), bytes.end()};
  }
  const auto bytes = address.to_v6().to_bytes();
  return {bytes.begin(), bytes.end()};
}

}  // namespace

Outlet::Outlet(asio::io_context& io, asio::ssl::context& tls, Url url, Settings settings)
    : io_(io), context_(tls), url_(std::move(url)), settings_(std::move(settings)) {}

void Outlet::Close() {
  tls_.reset();
  plain_.reset();
  buffer_.clear();
}

asio::awaitable<absl::Status> Outlet::Connect() {
  error_code error;
  tcp::resolver resolver(io_);
  const auto found = co_await resolver.async_resolve(url_.host, url_.port,
                                                     asio::redirect_error(asio::use_awaitable, error));
  if (error) co_return Broken("NO_ADDRESS");
  std::vector<tcp::endpoint> allowed;
  for (const auto& entry : found) {
    if (MayReach(BytesOf(entry.endpoint().address()), url_.tls, settings_.allowed)) allowed.push_back(entry.endpoint());
  }
  if (allowed.empty()) co_return Broken("ADDRESS_NOT_ALLOWED");
  if (url_.tls) {
    tls_.emplace(io_, context_);
  } else {
    plain_.emplace(io_);
  }
  Lowest().expires_after(settings_.timeout);
  co_await Lowest().async_connect(allowed, asio::redirect_error(asio::use_awaitable, error));
  if (error) co_return StatusOf(error, "CONNECT_FAILED");
  if (!tls_) co_return absl::OkStatus();
  tls_->set_verify_callback(asio::ssl::host_name_verification(url_.host), error);
  const bool named = !ReachOfHost(url_.host);
  if (error || (named && SSL_set_tlsext_host_name(tls_->native_handle(), url_.host.c_str()) != 1)) {
    co_return Broken("TLS_FAILED");
  }
  co_await tls_->async_handshake(asio::ssl::stream_base::client, asio::redirect_error(asio::use_awaitable, error));
  co_return error ? StatusOf(error, "TLS_FAILED") : absl::OkStatus();
}

asio::awaitable<absl::StatusOr<Outlet::Reply>> Outlet::Exchange(const Request& request, bool* answered) {
  error_code error;
  http::response_parser<http::string_body> parser;
  parser.body_limit(kAnswerBytesMax);
  parser.skip(false);
  Lowest().expires_after(settings_.timeout);
  const auto run = [&](auto& stream) -> asio::awaitable<void> {
    co_await http::async_write(stream, request, asio::redirect_error(asio::use_awaitable, error));
    if (!error) co_await http::async_read(stream, buffer_, parser, asio::redirect_error(asio::use_awaitable, error));
  };
  if (tls_) {
    co_await run(*tls_);
  } else {
    co_await run(*plain_);
  }
  *answered = parser.got_some();
  if (error) co_return StatusOf(error, "BROKEN_OFF");
  co_return parser.release();
}

asio::awaitable<absl::StatusOr<Outlet::Reply>> Outlet::Send(Request request) {
  request.set(http::field::host, url_.Authority());
  request.target(url_.target);
  request.prepare_payload();
  for (bool kept = tls_ || plain_;; kept = false) {
    if (!kept) {
      Close();
      if (absl::Status status = co_await Connect(); !status.ok()) {
        Close();
        co_return status;
      }
    }
    bool answered = false;
    absl::StatusOr<Reply> reply = co_await Exchange(request, &answered);
    if (reply.ok()) {
      if (!reply->keep_alive()) Close();
      co_return reply;
    }
    Close();
    // A connection that was kept may have been closed from the other end meanwhile; that says nothing of the address.
    if (!kept || answered || reply.status().message() == "TIMED_OUT") co_return reply;
  }
}

}  // namespace notify
