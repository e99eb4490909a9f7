#pragma once
// Resumable uploads: tus 1.0 at /v1/uploads (https://tus.io/protocols/resumable-upload), so that a photograph gets
// through a line that drops. Extensions: creation, checksum, termination, expiration.
//
//   OPTIONS /v1/uploads        what is spoken here
//   POST    /v1/uploads        Upload-Length -> 201, Location
//   HEAD    /v1/uploads/{id}   Upload-Offset, Upload-Length, Upload-Expires
//   PATCH   /v1/uploads/{id}   Upload-Offset, perhaps Upload-Checksum, bytes -> 204, Upload-Offset
//   DELETE  /v1/uploads/{id}   204
//
// A body is passed on in pieces of kUploadPieceBytes and held nowhere whole. Without a checksum each piece counts by
// itself, so that what came before a line broke is kept; with one, all of a PATCH counts or nothing. Upload-Metadata
// is not looked at: the name somebody's telephone gave a file is nobody's business, and what a file is, its content
// says. The last PATCH answers with what was kept: Fengqiao-Sha256 and Fengqiao-Content-Type. GET is the HTTP
// interface's. io thread.

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/random.h"
#include "gateway/auth.h"
#include "gateway/catalog.h"
#include "gateway/http_message.h"
#include "gateway/service_calls.h"
#include "media/v1/api.pb.h"

namespace gateway {

class TusApi {
 public:
  TusApi(const Catalog& catalog, ServiceCalls& calls);

  // A request of the protocol, and there is a service behind it.
  bool IsMine(const HttpRequest& request) const;
  // The method whose rules it falls under; null for OPTIONS.
  const Method* MethodOf(const HttpRequest& request) const;
  // Headers. Sets whether the handler reads the body, and how much of it there may be.
  std::optional<Problem> Admit(HttpRequest* request, size_t* body_limit) const;
  boost::asio::awaitable<HttpResponse> Handle(Principal* principal, HttpRequest* request);
  // Every answer of the protocol says its version.
  static HttpResponse ErrorResponse(Problem problem, const HttpRequest& request);

 private:
  struct Patch;
  boost::asio::awaitable<HttpResponse> Create(Principal* principal, HttpRequest* request);
  boost::asio::awaitable<HttpResponse> Head(Principal* principal, HttpRequest* request);
  boost::asio::awaitable<HttpResponse> Append(Principal* principal, HttpRequest* request);
  boost::asio::awaitable<HttpResponse> Terminate(Principal* principal, HttpRequest* request);
  // One call; a problem or the upload.
  boost::asio::awaitable<std::optional<Problem>> Ask(const Method& method, std::string wire, Principal* principal,
                                                     HttpRequest* request, media::v1::Upload* upload);
  boost::asio::awaitable<std::optional<Problem>> PassOn(Patch* patch, Principal* principal, HttpRequest* request,
                                                        media::v1::Upload* upload);

  ServiceCalls& calls_;
  base::Random random_;
  const Method* create_;
  const Method* append_;
  const Method* terminate_;
  const Method* get_;
};

}  // namespace gateway
