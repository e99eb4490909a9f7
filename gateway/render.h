#pragma once
// Answers in the two dialects: RFC 9457 problem+json with entity tags for the HTTP interface; Connect has
// connect.h. Pure; any thread.

#include <string>
#include <string_view>

#include "gateway/catalog.h"
#include "gateway/http_message.h"
#include "gateway/problem.h"

namespace gateway {

// What a failed call means. `detail` is the serialized kernel.v1.ErrorDetail of the trailer, empty if there
// was none. Texts of INTERNAL, UNKNOWN, DATA_LOSS and of calls without a detail are ours: the engine's own
// words stay inside.
Problem ProblemOfCall(int grpc_code, std::string_view grpc_message, std::string_view detail,
                      std::string_view service);

std::string ProblemJson(const Problem& problem, std::string_view request_id);
HttpResponse ProblemResponse(const Problem& problem, std::string_view request_id);

// Entity tag of an answer, quoted; empty if it has none. A change: "7", its version. A read: "7-1f2e3d4c",
// because what is shown (lights, what the reader may see) can change while the version does not. If-Match
// takes both.
std::string EntityTag(const Method& method, bool is_read, std::string_view wire, std::string_view json);
// True if `if_none_match` names `tag` or is "*" (weak comparison, RFC 9110 section 13.1.2).
bool TagMatches(std::string_view if_none_match, std::string_view tag);

// Whether an Accept header lets `type` through ("application/json"). An absent header lets everything
// through.
bool Accepts(const std::string* accept, std::string_view type);
// "application/json; charset=utf-8" -> true for "application/json".
bool IsMediaType(std::string_view header, std::string_view type);

}  // namespace gateway
