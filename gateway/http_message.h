#pragma once
// One HTTP request and one answer, as the handlers see them: no sockets, no parser types.

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/problem.h"

namespace gateway {

// What a handler decided when it saw the head; given back to it with the body.
struct RequestContext {
  virtual ~RequestContext() = default;
};

class BodySource;

struct HttpRequest {
  enum class Framing { kNone, kLength, kChunked };

  std::string method;                                        // "GET"
  std::string path;                                          // as sent, still encoded
  std::string query;                                         // without the "?"
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case, values trimmed
  Framing framing = Framing::kNone;
  uint64_t content_length = 0;
  bool keep_alive = true;
  bool expects_continue = false;

  std::string body;
  bool streams_body = false;     // set when it is admitted: the handler reads `source`, `body` stays empty
  BodySource* source = nullptr;
  std::string client_address;  // of the client, not of a trusted proxy
  std::string request_id;      // ours, or a trusted proxy's
  bool trusted_proxy = false;  // who sent it may speak for others (X-Forwarded-*)

  // Called at most once, on the io thread, when the client hangs up while the handler works. Set by the
  // handler.
  std::function<void()> on_gone;
  std::unique_ptr<RequestContext> context;

  // Null if absent. Fields that may stand once only were checked to do so.
  const std::string* Header(std::string_view lower_name) const {
    for (const auto& [name, value] : headers) {
      if (name == lower_name) return &value;
    }
    return nullptr;
  }
};

// The body of a request that its handler reads itself.
class BodySource {
 public:
  virtual ~BodySource() = default;
  // Waits for `at_most` bytes and gives what has come: fewer at the end of the body, or where the client was lost or
  // too slow. Empty: there is no more; whole() says which it was.
  virtual boost::asio::awaitable<std::string> Read(size_t at_most) = 0;
  virtual bool whole() const = 0;
};

// Writes pieces of an answer that has no end yet. False: the client is gone or too slow; stop.
class BodySink {
 public:
  virtual ~BodySink() = default;
  virtual boost::asio::awaitable<bool> Write(std::string piece) = 0;
  // The answer stays incomplete, and the client must see that it is: the connection ends without the last chunk.
  virtual void Abort() = 0;
};
using BodyStream = std::function<boost::asio::awaitable<void>(BodySink& sink)>;

struct HttpResponse {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::shared_ptr<const std::string> shared_body;  // instead of body: static files are not copied
  BodyStream stream;                               // instead of body: ends by closing the connection
  bool close = false;

  std::string_view Body() const { return shared_body != nullptr ? std::string_view(*shared_body) : body; }
  HttpResponse& Add(std::string_view name, std::string_view value) {
    headers.emplace_back(name, value);
    return *this;
  }
};

class HttpHandler {
 public:
  virtual ~HttpHandler() = default;
  // The head alone: nullopt and a limit for the body, or an answer without reading it. Never blocks.
  virtual std::optional<HttpResponse> Admit(HttpRequest* request, size_t* body_limit) = 0;
  virtual boost::asio::awaitable<HttpResponse> Handle(HttpRequest* request) = 0;
  // For what the connection refuses by itself (bad framing, too large, too slow).
  virtual HttpResponse Refuse(const Problem& problem, const HttpRequest& request) = 0;
  // Every answer, once it is known: for metrics and the access log.
  virtual void Answered(const HttpRequest& request, int status, int64_t took_us) = 0;
};

}  // namespace gateway
