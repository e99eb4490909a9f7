#pragma once
// Path + query + body + conditional headers -> one request message, complete and checked. Any thread; no I/O.
//
// Rules (google/api/http.proto; what it leaves open is decided here):
//   a field given twice in any two of path, query and body is refused, also two members of one oneof;
//   body "*": no query string; an unknown query parameter is refused; names in either style (page_size,
//   pageSize); Idempotency-Key becomes request_id, If-Match becomes expected_version; another value in the
//   body is refused; a change without either key is refused.

#include <google/protobuf/message.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/catalog.h"

namespace gateway {

struct BindInput {
  const Method* method = nullptr;
  const Binding* binding = nullptr;
  std::vector<RouteMatch::Capture> captures;
  std::string_view query;
  std::string_view body;                       // JSON
  std::optional<std::string> idempotency_key;  // as it came
  std::optional<std::string> if_match;
};

std::optional<Problem> Bind(const Catalog& catalog, const BindInput& input,
                            std::unique_ptr<google::protobuf::Message>* out);

// The rules written at the fields: required, lengths, output-only cleared. A missing expected_version is 428.
std::optional<Problem> CheckRules(const Method& method, google::protobuf::Message* message);

// A change says which one it is (Idempotency-Key, or request_id in the body), so that one sent twice has its
// effect once.
std::optional<Problem> CheckIdempotencyKey(const Method& method, const google::protobuf::Message& message);

// Header values onto fields; also used for Connect calls.
std::optional<Problem> ApplyIdempotencyKey(const Method& method, std::string_view header,
                                           google::protobuf::Message* message);
std::optional<Problem> ApplyIfMatch(const Method& method, std::string_view header,
                                    google::protobuf::Message* message);

}  // namespace gateway
