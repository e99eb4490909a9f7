#pragma once
// Connect unary (connectrpc.com/docs/protocol): POST /<package.Service>/<Method> with application/json or
// application/proto, bare messages, errors as JSON with the HTTP status of the code; GET for methods without
// side effects. gzip in both directions. For the typed clients of the web pages. io thread.

#include <boost/asio/awaitable.hpp>
#include <string>
#include <utility>

#include "gateway/catalog.h"
#include "gateway/http_message.h"
#include "gateway/rest_api.h"
#include "gateway/service_calls.h"

namespace gateway {

class ConnectApi {
 public:
  ConnectApi(const Catalog& catalog, ServiceCalls& calls) : catalog_(catalog), calls_(calls) {}

  // True if the path is one of a service of the catalog, whether the method exists or not.
  bool IsMine(std::string_view path) const;
  // What can be said before the body is read: 404, 405, 415, bad protocol headers.
  std::optional<HttpResponse> Admit(const HttpRequest& request, const Method** method) const;
  boost::asio::awaitable<HttpResponse> Handle(MethodCall* call, HttpRequest* request);

  static HttpResponse ErrorResponse(const Problem& problem);

 private:
  struct Input {
    bool json = true;
    std::string message;  // inflated
  };
  std::optional<Problem> ReadInput(const HttpRequest& request, Input* input) const;
  std::optional<Problem> ReadGet(const HttpRequest& request, Input* input) const;
  std::optional<Problem> Decode(const MethodCall& call, const HttpRequest& request, const Input& input,
                                std::string* wire) const;

  const Catalog& catalog_;
  ServiceCalls& calls_;
};

}  // namespace gateway
