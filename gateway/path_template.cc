#include "gateway/path_template.h"

#include <absl/status/status.h>
#include <absl/strings/str_cat.h>

#include <algorithm>
#include <utility>

#include "gateway/limits.h"

namespace gateway {
namespace {

using Kind = PathTemplate::Segment::Kind;

bool IsIdentStart(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool IsIdent(char c) { return IsIdentStart(c) || (c >= '0' && c <= '9'); }
// Unreserved characters of RFC 3986: a literal never needs escaping, so it can be compared as it stands.
bool IsLiteral(char c) { return IsIdent(c) || c == '-' || c == '.' || c == '~'; }

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  absl::StatusOr<PathTemplate> Run() {
    if (!Take('/')) return Bad("must start with a slash");
    if (absl::Status s = ReadSegments(false); !s.ok()) return s;
    if (Take(':')) {
      result_.verb = TakeWhile(IsLiteral);
      if (result_.verb.empty()) return Bad("has an empty verb");
    }
    if (at_ != text_.size()) return Bad(absl::StrCat("has unexpected text at ", at_));
    for (size_t i = 0; i + 1 < result_.segments.size(); ++i) {
      if (result_.segments[i].kind == Kind::kRest) return Bad("has ** before its last segment");
    }
    return std::move(result_);
  }

 private:
  absl::Status Bad(std::string_view why) const {
    return absl::InvalidArgumentError(
        absl::StrCat("path template \"", std::string(text_), "\" ", std::string(why)));
  }
  bool Take(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  std::string TakeWhile(bool (*in)(char)) {
    const size_t start = at_;
    while (at_ < text_.size() && in(text_[at_])) ++at_;
    return std::string(text_.substr(start, at_ - start));
  }

  absl::Status ReadSegments(bool inside) {
    do {
      if (absl::Status s = ReadSegment(inside); !s.ok()) return s;
      if (result_.segments.size() > kMaxPathSegments) return Bad("has too many segments");
    } while (Take('/'));
    return absl::OkStatus();
  }

  absl::Status ReadSegment(bool inside) {
    if (Take('{')) {
      if (inside) return Bad("has a variable inside a variable");
      return ReadVariable();
    }
    if (Take('*')) {
      result_.segments.push_back({Take('*') ? Kind::kRest : Kind::kOne, ""});
      return absl::OkStatus();
    }
    std::string literal = TakeWhile(IsLiteral);
    if (literal.empty()) return Bad(absl::StrCat("has an empty segment at ", at_));
    if (literal == "." || literal == "..") return Bad("has a dot segment");
    result_.segments.push_back({Kind::kLiteral, std::move(literal)});
    return absl::OkStatus();
  }

  absl::Status ReadVariable() {
    PathTemplate::Variable variable;
    do {
      if (at_ >= text_.size() || !IsIdentStart(text_[at_]))
        return Bad(absl::StrCat("lacks a field name at ", at_));
      if (!variable.field_path.empty()) variable.field_path += '.';
      variable.field_path += TakeWhile(IsIdent);
    } while (Take('.'));
    variable.first = result_.segments.size();
    if (Take('=')) {
      if (absl::Status s = ReadSegments(true); !s.ok()) return s;
    } else {
      result_.segments.push_back({Kind::kOne, ""});
    }
    if (!Take('}')) return Bad(absl::StrCat("lacks } at ", at_));
    variable.last = result_.segments.size();
    variable.multi =
        variable.last - variable.first > 1 || result_.segments[variable.first].kind == Kind::kRest;
    const auto same = [&](const PathTemplate::Variable& v) { return v.field_path == variable.field_path; };
    if (std::any_of(result_.variables.begin(), result_.variables.end(), same)) {
      return Bad(absl::StrCat("binds ", variable.field_path, " twice"));
    }
    result_.variables.push_back(std::move(variable));
    return absl::OkStatus();
  }

  const std::string_view text_;
  size_t at_ = 0;
  PathTemplate result_;
};

}  // namespace

absl::StatusOr<PathTemplate> ParsePathTemplate(std::string_view text) { return Parser(text).Run(); }

}  // namespace gateway
