#pragma once
// Parser for the path templates of google.api.http:
//
//   Template = "/" Segments [ ":" LITERAL ]        Segments = Segment { "/" Segment }
//   Segment  = "*" | "**" | LITERAL | Variable     Variable = "{" FieldPath [ "=" Segments ] "}"
//   FieldPath = IDENT { "." IDENT }
//
// "{var}" means "{var=*}"; "**" only as the last segment; a variable holds no variable. Pure; any thread.
// Source of the rules: google/api/http.proto, https://google.aip.dev/127.

#include <absl/status/statusor.h>

#include <string>
#include <string_view>
#include <vector>

namespace gateway {

struct PathTemplate {
  struct Segment {
    enum class Kind { kLiteral, kOne, kRest };
    Kind kind = Kind::kLiteral;
    std::string literal;
    bool operator==(const Segment&) const = default;
  };
  // Takes segments [first, last): one segment, or several joined with "/".
  struct Variable {
    std::string field_path;
    size_t first = 0;
    size_t last = 0;
    bool multi = false;  // more than one segment, or "**": "%2F" stays encoded
  };
  std::vector<Segment> segments;
  std::vector<Variable> variables;
  std::string verb;  // "accept" of ":accept"
};

absl::StatusOr<PathTemplate> ParsePathTemplate(std::string_view text);

}  // namespace gateway
