#pragma once
// One HTTP/1.1 connection. Lives as long as its coroutine; io thread only.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "gateway/http_message.h"
#include "gateway/http_server.h"

namespace gateway {

class Connection : public std::enable_shared_from_this<Connection>, private BodySink {
 public:
  Connection(HttpServer& server, HttpServer::Socket socket, std::string peer);
  ~Connection() override;

  boost::asio::awaitable<void> Run();
  // Ends it if it waits for a request; otherwise the current answer is its last.
  void Drain();
  void Close();

 private:
  class BodyReader;
  using Stream = boost::beast::basic_stream<boost::asio::generic::stream_protocol>;

  // nullopt: a whole head is in buffer_. A problem with status 0: hang up without a word.
  boost::asio::awaitable<std::optional<Problem>> ReadHead(size_t* size);
  boost::asio::awaitable<std::optional<Problem>> ReadBody(HttpRequest* request, size_t limit);
  boost::asio::awaitable<bool> Serve(HttpRequest* request);
  boost::asio::awaitable<bool> ServeStreamed(HttpRequest* request, size_t limit);
  boost::asio::awaitable<bool> Send(HttpRequest* request, HttpResponse* response, bool keep);
  boost::asio::awaitable<void> RefuseAndClose(const Problem& problem, HttpRequest* request);
  boost::asio::awaitable<void> Linger();
  boost::asio::awaitable<bool> Write(std::string piece) override;
  void Abort() override { aborted_ = true; }
  boost::asio::awaitable<bool> WriteAll(std::string_view head, std::string_view body);
  void Identify(HttpRequest* request);
  // Calls request->on_gone if the client hangs up. One watch at a time.
  void WatchForHangup(HttpRequest* request);
  void StopWatching();
  // Reads are bounded by a timer of our own: Beast's closes the socket, and then nobody learns why.
  void Bound(int64_t ms);
  void WaitForDeadline(int64_t ms);
  void Report(const HttpRequest& request, int status);

  HttpServer& server_;
  Stream stream_;
  const std::string peer_;
  boost::beast::flat_buffer buffer_;
  boost::asio::steady_timer deadline_;
  bool timed_out_ = false;
  bool idle_ = true;
  bool draining_ = false;
  bool watching_ = false;
  bool aborted_ = false;  // the answer that is being streamed
  uint64_t watch_ = 0;
  int64_t started_us_ = 0;
};

}  // namespace gateway
