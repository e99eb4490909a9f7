// Path templates and the router made of them, with the plainest possible matcher as the second opinion: what
// routes is a path of that template, what does not is a path of none, and each value is a piece of the path.
//   input := { template "\n" } path      templates of GET and POST by turns; the path is asked for with GET
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "gateway/limits.h"
#include "gateway/path_template.h"
#include "gateway/percent.h"
#include "gateway/router.h"

namespace gateway {
namespace {

using Kind = PathTemplate::Segment::Kind;

struct Bound {
  bool get = false;
  PathTemplate path;
};

// The text a template was made of, but for "{a}" and "{a=*}".
std::string Written(const PathTemplate& path) {
  std::string text;
  for (size_t i = 0; i < path.segments.size(); ++i) {
    const auto variable =
        std::ranges::find_if(path.variables, [i](const auto& v) { return v.first <= i && i < v.last; });
    const bool named = variable != path.variables.end();
    text += '/';
    if (named && variable->first == i) text += "{" + variable->field_path + "=";
    const auto& segment = path.segments[i];
    text += segment.kind == Kind::kLiteral ? segment.literal : segment.kind == Kind::kOne ? "*" : "**";
    if (named && variable->last == i + 1) text += "}";
  }
  return path.verb.empty() ? text : text + ":" + path.verb;
}

bool Same(const PathTemplate& a, const PathTemplate& b) {
  const auto same = [](const auto& v, const auto& w) {
    return v.field_path == w.field_path && v.first == w.first && v.last == w.last && v.multi == w.multi;
  };
  return a.segments == b.segments && a.verb == b.verb && std::ranges::equal(a.variables, b.variables, same);
}

void CheckParsed(const PathTemplate& path) {
  CHECK(!path.segments.empty());
  CHECK_LE(path.segments.size(), kMaxPathSegments);
  size_t end = 0;
  for (const auto& variable : path.variables) {
    CHECK_LE(end, variable.first);
    CHECK_LT(variable.first, variable.last);
    end = variable.last;
  }
  CHECK_LE(end, path.segments.size());
  const auto again = ParsePathTemplate(Written(path));
  CHECK(again.ok()) << Written(path) << " " << again.status().ToString();
  CHECK(Same(path, *again)) << Written(path);
}

bool Matches(const PathTemplate& path, std::vector<std::string_view> segments) {
  if (!path.verb.empty()) {
    std::string_view& last = segments.back();
    const size_t colon = last.rfind(':');
    if (colon == std::string_view::npos || colon == 0 || last.substr(colon + 1) != path.verb) return false;
    last = last.substr(0, colon);
  }
  const bool rest = path.segments.back().kind == Kind::kRest;
  const size_t fixed = path.segments.size() - (rest ? 1 : 0);
  if (rest ? segments.size() < fixed : segments.size() != fixed) return false;
  for (size_t i = 0; i < fixed; ++i) {
    if (path.segments[i].kind == Kind::kLiteral && path.segments[i].literal != segments[i]) return false;
  }
  return true;
}

// What the variable stands for: every byte of it, and none that is not.
std::string Piece(const std::vector<std::string_view>& segments, const PathTemplate& path,
                  const PathTemplate::Variable& variable) {
  const bool rest = path.segments[variable.last - 1].kind == Kind::kRest;
  std::string piece;
  for (size_t i = variable.first; i < (rest ? segments.size() : variable.last); ++i) {
    if (i > variable.first) piece += '/';
    piece += segments[i];
  }
  return piece;
}

void Ask(const std::vector<Bound>& bound, const Router& router, std::string_view path) {
  std::vector<std::string_view> segments;
  RouteMatch match;
  const auto problem = router.Match("GET", path, &match);
  if (SplitPath(path, &segments)) {
    CHECK(problem && problem->status == 400);
    return;
  }
  const auto fits = [&](bool get) {
    return std::ranges::any_of(bound,
                               [&](const Bound& b) { return b.get == get && Matches(b.path, segments); });
  };
  if (problem && problem->status == 404) {
    CHECK(!fits(true) && !fits(false)) << path;
  } else if (problem && problem->status == 405) {
    CHECK(fits(false)) << path;
    CHECK_EQ(problem->allow, "POST");
  } else if (problem) {
    CHECK_EQ(problem->status, 400);
    CHECK(path.find('%') != std::string_view::npos) << "only an escape can be wrong in a path that was split";
  } else {
    const Bound& taken = bound.at(match.route);
    CHECK(taken.get && Matches(taken.path, segments)) << path << " is no " << Written(taken.path);
    CHECK_EQ(match.captures.size(), taken.path.variables.size());
    if (path.find('%') != std::string_view::npos) return;
    if (!taken.path.verb.empty()) segments.back().remove_suffix(taken.path.verb.size() + 1);
    for (size_t i = 0; i < match.captures.size(); ++i) {
      CHECK_EQ(match.captures[i].value, Piece(segments, taken.path, taken.path.variables[i]));
    }
  }
}

}  // namespace
}  // namespace gateway

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view in(reinterpret_cast<const char*>(data), size);
  std::vector<gateway::Bound> bound;
  gateway::RouterBuilder builder;
  for (size_t end = 0, lines = 0; lines < 8 && (end = in.find('\n')) != std::string_view::npos; ++lines) {
    const std::string_view text = in.substr(0, end);
    in.remove_prefix(end + 1);
    const auto parsed = gateway::ParsePathTemplate(text);
    const bool get = lines % 2 == 0;
    const absl::Status added = builder.Add(get ? "GET" : "POST", text, bound.size(), "Test.Method");
    CHECK(parsed.ok() || !added.ok()) << text;
    if (parsed.ok()) gateway::CheckParsed(*parsed);
    if (added.ok()) bound.push_back({get, *parsed});
  }
  gateway::Ask(bound, builder.Build(), in);
  return 0;
}
