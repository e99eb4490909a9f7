#pragma once
// Answers that are files: the google.api.HttpBody of a method as headers and bytes. What somebody uploaded or wrote
// into a template is shown by the browser without any right over our pages: no scripts, no frames of others, no
// guessing of types (RFC 6266, RFC 8187, CSP 3). io thread.

#include <memory>
#include <string>

#include "gateway/http_message.h"
#include "gateway/service_calls.h"
#include "google/api/httpbody.pb.h"

namespace gateway {

// Headers and, for a whole file, the bytes; 304 where the client has them already.
HttpResponse FileResponse(google::api::HttpBody body, const HttpRequest& request);

// REQUIRES: no problem. A service that fails after its first message ends the connection without the last chunk: nobody
// takes half a file for a whole one.
HttpResponse StreamResponse(OpenedStream opened, const HttpRequest& request);

}  // namespace gateway
