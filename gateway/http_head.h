#pragma once
// The head of an HTTP/1.1 request, read strictly before any other parser sees it. Two readers that disagree
// about where a message ends let one client's bytes become another's request, so whatever could be read in
// two ways is refused and the connection closed (RFC 9112 sections 2.2, 3, 5, 6, 11.2):
//
//   bare LF, bare CR, NUL, obs-fold, space before ":", CL+TE, a second Content-Length, Transfer-Encoding
//   other than "chunked", no Host or two, a second Authorization, Content-Type, Idempotency-Key or If-Match,
//   absolute-form and asterisk-form targets, any version but 1.1.
//
// Pure; any thread.

#include <cstddef>
#include <optional>
#include <string_view>

#include "gateway/http_message.h"
#include "gateway/problem.h"

namespace gateway {

// Looks for the end of the head in what has arrived so far. `scanned` is kept by the caller between calls,
// from 0. Problem: it will never be a good head. Otherwise `size` is its length with the empty line, 0 while
// it is incomplete.
std::optional<Problem> FindHead(std::string_view arrived, size_t* scanned, size_t* size);

// REQUIRES: `head` ends with its empty line. Fills method, path, query, headers and framing.
std::optional<Problem> ParseHead(std::string_view head, HttpRequest* out);

}  // namespace gateway
