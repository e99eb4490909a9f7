#pragma once
// One connection outward, to the address of one webhook: a request at a time, kept open between them. TLS with the
// certificate checked for the name; redirects are not followed; every address a name has is judged when it is connected
// to, and the connection goes to the address that was judged. Coroutines on the io_context it was made with; one
// thread.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>

#include <absl/status/statusor.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "services/notify/domain/address.h"

namespace notify {

inline constexpr size_t kAnswerBytesMax = 64 << 10;

class Outlet {
 public:
  using Request = boost::beast::http::request<boost::beast::http::string_body>;
  using Reply = boost::beast::http::response<boost::beast::http::string_body>;

  struct Settings {
    Allowed allowed;
    std::chrono::seconds timeout{10};
  };

  // `tls` outlives this.
  Outlet(boost::asio::io_context& io, boost::asio::ssl::context& tls, Url url, Settings settings);

  // What came back, or why nothing did: a code such as "TIMED_OUT" as the message. Host and target are filled in.
  boost::asio::awaitable<absl::StatusOr<Reply>> Send(Request request);

 private:
  using Plain = boost::beast::tcp_stream;
  using Tls = boost::beast::ssl_stream<boost::beast::tcp_stream>;

  boost::asio::awaitable<absl::Status> Connect();
  boost::asio::awaitable<absl::StatusOr<Reply>> Exchange(const Request& request, bool* answered);
  Plain& Lowest() { return tls_ ? tls_->next_layer() : *plain_; }
  void Close();

  boost::asio::io_context& io_;
  boost::asio::ssl::context& context_;
  const Url url_;
  const Settings settings_;
  std::optional<Plain> plain_;
  std::optional<Tls> tls_;
  boost::beast::flat_buffer buffer_;
};

}  // namespace notify
