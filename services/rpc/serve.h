#pragma once
// Member functions of an object as the queries of a service. The object has to outlive the host.

#include <string_view>

#include "google/api/httpbody.pb.h"
#include "services/rpc/host.h"

namespace rpc {

template <kernel::Domain D, class Asked, class Request, class Response>
void Serve(Host<D>& host, const Asked* asked, std::string_view method,
           Answer (Asked::*run)(const Caller&, const Request&, Response*) const) {
  host.template Query<Request, Response>(
      method, [asked, run](const Caller& caller, const Request& request, Response* response) {
        return (asked->*run)(caller, request, response);
      });
}

// What leaves as a file, in pieces.
template <kernel::Domain D, class Asked, class Request>
void ServeFile(Host<D>& host, const Asked* asked, std::string_view method,
               Answer (Asked::*run)(const Caller&, const Request&, NextMessage<google::api::HttpBody>*) const) {
  host.template Stream<Request, google::api::HttpBody>(
      method, [asked, run](const Caller& caller, const Request& request, NextMessage<google::api::HttpBody>* next) {
        return (asked->*run)(caller, request, next);
      });
}

}  // namespace rpc
