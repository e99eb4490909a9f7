#pragma once
// Percent-encoding (RFC 3986) and the pieces of a request target. Pure; any thread.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/problem.h"

namespace gateway {

// nullopt: a bad escape, an encoded control character (also %00), or bytes that are not UTF-8 after decoding.
// keep_slash leaves %2F as it is written: in a value of several segments it would become another segment.
std::optional<std::string> PercentDecode(std::string_view text, bool plus_is_space = false,
                                         bool keep_slash = false);

// Everything but letters, digits and "-._~" escaped: right in a path segment, a query and an extended header parameter
// (RFC 8187).
std::string PercentEncode(std::string_view text);

// "a=1&b=%E6%9E%AB" in order, decoded. "+" is a space, as every URLSearchParams writes it.
struct QueryParameter {
  std::string name;
  std::string value;
};
std::optional<Problem> ParseQuery(std::string_view query, std::vector<QueryParameter>* out);

// Splits "/v1/a/b" into {"v1","a","b"}, still encoded. Refuses what two readers could take for two different
// paths: empty segments ("//", a trailing "/"), "." and ".." also when encoded, backslashes, bytes outside
// printable ASCII.
std::optional<Problem> SplitPath(std::string_view path, std::vector<std::string_view>* segments);

}  // namespace gateway
