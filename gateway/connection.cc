#include "gateway/connection.h"

#include <absl/strings/str_cat.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <chrono>

#include "base/ids.h"
#include "gateway/http_head.h"
#include "gateway/limits.h"

namespace gateway {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;
using std::chrono::milliseconds;

constexpr int64_t kCancelAgainMs = 100;

Problem HangUp() {
  Problem problem;
  problem.status = 0;
  return problem;
}

Problem TooSlow() {
  return MakeProblem(408, "DEADLINE_EXCEEDED", "REQUEST_TIMEOUT", "请求发送过慢",
                     "the request took too long to arrive");
}

Problem BodyTooLarge(size_t limit) {
  Problem problem =
      MakeProblem(413, "INVALID_ARGUMENT", "BODY_TOO_LARGE", "请求体过大", "the request body is too large");
  problem.metadata["maxBytes"] = absl::StrCat(limit);
  return problem;
}

std::string_view View(const beast::flat_buffer& buffer) {
  return {static_cast<const char*>(buffer.data().data()), buffer.size()};
}

// Nothing a header carries may end its line.
void AppendHeader(std::string_view name, std::string_view value, std::string* out) {
  absl::StrAppend(out, std::string(name), ": ");
  for (char c : value) out->push_back(c == '\r' || c == '\n' || c == '\0' ? ' ' : c);
  out->append("\r\n");
}

bool IsRequestId(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
  });
}

// 1xx, 204 and 304 have no body (RFC 9110 section 6.4.1).
bool HasNoBody(int status) { return status < 200 || status == 204 || status == 304; }

}  // namespace

Connection::Connection(HttpServer& server, HttpServer::Socket socket, std::string peer)
    : server_(server), stream_(std::move(socket)), peer_(std::move(peer)), deadline_(server.io_) {
  server_.open_.insert(this);
}

Connection::~Connection() { server_.open_.erase(this); }

void Connection::Drain() {
  draining_ = true;
  if (idle_) Close();
}

void Connection::Close() {
  error_code ignored;
  stream_.socket().close(ignored);
}

void Connection::Identify(HttpRequest* request) {
  request->trusted_proxy = server_.trusted_;
  request->client_address = peer_;
  if (server_.trusted_) {
    if (const std::string* forwarded = request->Header("x-real-ip")) request->client_address = *forwarded;
    if (const std::string* id = request->Header("x-request-id"); id != nullptr && IsRequestId(*id)) {
      request->request_id = *id;
    }
  }
  if (request->request_id.empty())
    request->request_id = base::NewUlid(server_.clock_.NowMs(), server_.random_);
}

asio::awaitable<std::optional<Problem>> Connection::ReadHead(size_t* size) {
  size_t scanned = 0;
  bool begun = buffer_.size() > 0;
  Bound(begun ? server_.options_.head_timeout_ms : kIdleTimeoutMs);
  while (true) {
    if (auto problem = FindHead(View(buffer_), &scanned, size)) co_return problem;
    if (*size > 0) co_return std::nullopt;
    error_code error;
    const auto room = buffer_.prepare(4096);
    const size_t n = co_await stream_.async_read_some(room, asio::redirect_error(asio::use_awaitable, error));
    if (error && timed_out_ && begun) co_return TooSlow();
    if (error) co_return HangUp();
    buffer_.commit(n);
    idle_ = false;
    if (!begun) {
      begun = true;
      started_us_ = server_.clock_.SteadyUs();
      Bound(server_.options_.head_timeout_ms);
    }
  }
}

asio::awaitable<std::optional<Problem>> Connection::ReadBody(HttpRequest* request, size_t limit) {
  if (request->framing == HttpRequest::Framing::kLength && request->content_length > limit) {
    co_return BodyTooLarge(limit);
  }
  Bound(server_.options_.body_timeout_ms);
  if (request->expects_continue) {
    const bool sent = co_await WriteAll("HTTP/1.1 100 Continue\r\n\r\n", "");
    if (!sent) co_return HangUp();
  }
  // The second opinion: Beast reads the same bytes and must find the same frame.
  http::request_parser<http::string_body> parser;
  parser.header_limit(static_cast<uint32_t>(kMaxTargetBytes + kMaxHeadBytes + 256));
  parser.body_limit(limit);
  parser.eager(true);
  error_code error;
  co_await http::async_read(stream_, buffer_, parser, asio::redirect_error(asio::use_awaitable, error));
  if (error == http::error::body_limit) co_return BodyTooLarge(limit);
  deadline_.cancel();
  if (error && timed_out_) co_return TooSlow();
  if (error == http::error::end_of_stream || error == http::error::partial_message) co_return HangUp();
  if (error.category() == http::make_error_code(http::error::bad_chunk).category()) {
    co_return BadRequest("BAD_FRAMING", "请求的分块或长度有误", "the framing of the request is malformed");
  }
  if (error) co_return HangUp();
  const bool chunked = request->framing == HttpRequest::Framing::kChunked;
  const bool agreed =
      parser.chunked() == chunked && (chunked || parser.get().body().size() == request->content_length);
  if (!agreed) {
    co_return BadRequest("BAD_FRAMING", "请求的分块或长度有误", "the framing of the request is malformed");
  }
  request->body = std::move(parser.get().body());
  co_return std::nullopt;
}

asio::awaitable<void> Connection::Run() {
  const auto self = shared_from_this();
  while (!draining_) {
    size_t size = 0;
    idle_ = buffer_.size() == 0;
    started_us_ = server_.clock_.SteadyUs();
    std::optional<Problem> problem = co_await ReadHead(&size);
    idle_ = false;
    deadline_.cancel();
    HttpRequest request;
    if (!problem) problem = ParseHead(View(buffer_).substr(0, size), &request);
    Identify(&request);
    if (problem) {
      if (problem->status != 0) co_await RefuseAndClose(*problem, &request);
      break;
    }
    const bool keep = co_await Serve(&request);
    if (!keep) break;
  }
  Close();
}

asio::awaitable<bool> Connection::Serve(HttpRequest* request) {
  size_t limit = kDefaultBodyBytes;
  std::optional<HttpResponse> early = server_.handler_.Admit(request, &limit);
  if (early) {
    // Refused before its body was read: nobody reads on behind an unread body.
    const bool unread = request->framing != HttpRequest::Framing::kNone;
    if (!unread) {
      size_t scanned = 0, size = 0;
      (void)FindHead(View(buffer_), &scanned, &size);
      buffer_.consume(size);
    }
    const bool keep = co_await Send(request, &*early, !unread);
    if (unread) co_await Linger();
    co_return keep && !unread;
  }
  if (request->streams_body) {
    const bool goes_on = co_await ServeStreamed(request, limit);
    co_return goes_on;
  }
  std::optional<Problem> problem = co_await ReadBody(request, limit);
  if (problem) {
    if (problem->status != 0) co_await RefuseAndClose(*problem, request);
    co_return false;
  }
  WatchForHangup(request);
  HttpResponse response = co_await server_.handler_.Handle(request);
  if (!response.stream) request->on_gone = nullptr;
  StopWatching();
  const bool keep = co_await Send(request, &response, true);
  co_return keep;
}

// Reads the body piece by piece while the handler works, so that none is ever held whole.
class Connection::BodyReader final : public BodySource {
 public:
  BodyReader(Connection& connection, bool expects_continue, size_t limit)
      : connection_(connection), expects_continue_(expects_continue) {
    parser_.header_limit(static_cast<uint32_t>(kMaxTargetBytes + kMaxHeadBytes + 256));
    parser_.body_limit(limit);
  }
  bool whole() const override { return parser_.is_done(); }

  asio::awaitable<std::string> Read(size_t at_most) override {
    error_code error;
    connection_.Bound(kUploadPieceMs);
    if (!begun_) {
      begun_ = true;
      co_await http::async_read_header(connection_.stream_, connection_.buffer_, parser_,
                                       asio::redirect_error(asio::use_awaitable, error));
      if (!error && expects_continue_) {
        const bool sent = co_await connection_.WriteAll("HTTP/1.1 100 Continue\r\n\r\n", "");
        broken_ = !sent;
      }
      broken_ |= static_cast<bool>(error);
    }
    std::string piece;
    if (!broken_ && !parser_.is_done()) {
      piece.resize(at_most);
      parser_.get().body().data = piece.data();
      parser_.get().body().size = piece.size();
      parser_.get().body().more = true;
      co_await http::async_read(connection_.stream_, connection_.buffer_, parser_,
                                asio::redirect_error(asio::use_awaitable, error));
      if (error == http::error::need_buffer) error = {};
      piece.resize(piece.size() - parser_.get().body().size);
      broken_ = static_cast<bool>(error);
    }
    connection_.deadline_.cancel();
    co_return piece;
  }

 private:
  Connection& connection_;
  const bool expects_continue_;
  http::request_parser<http::buffer_body> parser_;
  bool begun_ = false;
  bool broken_ = false;
};

asio::awaitable<bool> Connection::ServeStreamed(HttpRequest* request, size_t limit) {
  BodyReader reader(*this, request->expects_continue, limit);
  request->source = &reader;
  HttpResponse response = co_await server_.handler_.Handle(request);
  request->source = nullptr;
  request->on_gone = nullptr;
  // What was not read stands before the next request: nobody reads on behind it.
  const bool whole = reader.whole();
  const bool keep = co_await Send(request, &response, whole);
  if (!whole) co_await Linger();
  co_return keep && whole;
}

void Connection::WatchForHangup(HttpRequest* request) {
  if (buffer_.size() > 0) return;  // the next request is here already
  watching_ = true;
  stream_.socket().async_wait(asio::socket_base::wait_read, [self = shared_from_this(), request,
                                                             watch = watch_](const error_code& error) {
    // Of an earlier request: its handler was queued already when the watch was stopped.
    if (error || !self->watching_ || self->watch_ != watch) return;
    char byte;
    const auto n = ::recv(self->stream_.socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    if (n > 0 || (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))) return;
    if (auto gone = std::exchange(request->on_gone, nullptr)) gone();
  });
}

void Connection::Bound(int64_t ms) {
  stream_.expires_never();
  timed_out_ = false;
  WaitForDeadline(ms);
}

// Goes on cancelling until the reader has noticed: a read may just be between two steps when the time is up.
void Connection::WaitForDeadline(int64_t ms) {
  deadline_.expires_after(milliseconds(ms));
  deadline_.async_wait([self = weak_from_this()](const error_code& error) {
    const auto connection = self.lock();
    if (error || connection == nullptr) return;
    connection->timed_out_ = true;
    connection->stream_.cancel();
    connection->WaitForDeadline(kCancelAgainMs);
  });
}

void Connection::StopWatching() {
  if (!watching_) return;
  error_code ignored;
  stream_.socket().cancel(ignored);
  watching_ = false;
  ++watch_;
}

void Connection::Report(const HttpRequest& request, int status) {
  server_.handler_.Answered(request, status, server_.clock_.SteadyUs() - started_us_);
}

asio::awaitable<bool> Connection::Send(HttpRequest* request, HttpResponse* response, bool keep) {
  keep = keep && request->keep_alive && !response->close && !draining_ && !server_.draining_;
  const bool streaming = static_cast<bool>(response->stream);
  std::string head =
      absl::StrCat("HTTP/1.1 ", response->status, " ", std::string(StatusTitle(response->status)), "\r\n");
  AppendHeader("Date", server_.DateHeader(), &head);
  for (const auto& [name, value] : response->headers) AppendHeader(name, value, &head);
  AppendHeader("X-Request-Id", request->request_id, &head);
  const std::string_view body = response->Body();
  if (streaming) {
    head += "Transfer-Encoding: chunked\r\n";
  } else if (!HasNoBody(response->status)) {
    absl::StrAppend(&head, "Content-Length: ", body.size(), "\r\n");
  }
  head += keep && !streaming ? "\r\n" : "Connection: close\r\n\r\n";
  const bool bodyless = request->method == "HEAD" || HasNoBody(response->status);
  stream_.expires_after(milliseconds(kWriteTimeoutMs));
  const bool sent = co_await WriteAll(head, bodyless || streaming ? std::string_view() : body);
  Report(*request, response->status);
  if (!sent) co_return false;
  if (streaming && request->method != "HEAD") {
    WatchForHangup(request);
    co_await response->stream(*this);
    StopWatching();
    if (aborted_) co_return false;
    stream_.expires_after(milliseconds(kWriteTimeoutMs));
    (void)co_await WriteAll("0\r\n\r\n", "");
  }
  co_return keep && !streaming;
}

asio::awaitable<bool> Connection::WriteAll(std::string_view head, std::string_view body) {
  const std::array<asio::const_buffer, 2> pieces{asio::buffer(head.data(), head.size()),
                                                 asio::buffer(body.data(), body.size())};
  error_code error;
  co_await asio::async_write(stream_, pieces, asio::redirect_error(asio::use_awaitable, error));
  co_return !error;
}

asio::awaitable<bool> Connection::Write(std::string piece) {
  if (piece.empty()) co_return true;
  stream_.expires_after(milliseconds(kWriteTimeoutMs));
  const std::string chunk = absl::StrCat(absl::Hex(piece.size()), "\r\n", piece, "\r\n");
  const bool sent = co_await WriteAll(chunk, "");
  stream_.expires_never();
  aborted_ |= !sent;  // a socket that failed is not waited for again
  co_return sent;
}

asio::awaitable<void> Connection::RefuseAndClose(const Problem& problem, HttpRequest* request) {
  HttpResponse response = server_.handler_.Refuse(problem, *request);
  (void)co_await Send(request, &response, false);
  co_await Linger();
}

// Closing with unread bytes makes the kernel send a reset, which may destroy the answer on its way. So: say
// that no more is coming, and read on a little.
asio::awaitable<void> Connection::Linger() {
  error_code error;
  stream_.socket().shutdown(asio::socket_base::shutdown_send, error);
  stream_.expires_after(milliseconds(kLingerMs));
  buffer_.clear();
  for (size_t read = 0; !error && read < kLingerBytes;) {
    const auto room = buffer_.prepare(4096);
    read += co_await stream_.async_read_some(room, asio::redirect_error(asio::use_awaitable, error));
  }
}

}  // namespace gateway
