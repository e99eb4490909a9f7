#pragma once
// The HTTP/JSON interface of every method: request -> message -> service -> JSON (or the file a method answers with),
// problem+json otherwise. io thread.

#include <boost/asio/awaitable.hpp>
#include <string>
#include <utility>
#include <vector>

#include "gateway/auth.h"
#include "gateway/catalog.h"
#include "gateway/http_message.h"
#include "gateway/service_calls.h"

namespace gateway {

// A request bound to a method, before its body was read.
struct MethodCall {
  const Method* method = nullptr;
  const Binding* binding = nullptr;  // null for Connect
  std::vector<RouteMatch::Capture> captures;
  Principal principal;
};

class RestApi {
 public:
  RestApi(const Catalog& catalog, ServiceCalls& calls) : catalog_(catalog), calls_(calls) {}

  // Header checks that need no body: 406, 415.
  static std::optional<Problem> CheckHeaders(const HttpRequest& request, const Method& method,
                                             const Binding& binding);
  boost::asio::awaitable<HttpResponse> Handle(MethodCall* call, HttpRequest* request);

 private:
  boost::asio::awaitable<std::optional<Problem>> BindRequest(MethodCall* call, HttpRequest* request,
                                                             std::string* wire);
  boost::asio::awaitable<HttpResponse> Answer(const MethodCall& call, const HttpRequest& request,
                                              const std::string& wire);

  const Catalog& catalog_;
  ServiceCalls& calls_;
};

}  // namespace gateway
