#include "gateway/router.h"

#include <absl/strings/str_cat.h>

#include <set>
#include <utility>

#include "gateway/percent.h"

namespace gateway {

using Kind = PathTemplate::Segment::Kind;

struct Router::Search {
  std::string_view method;
  std::string_view verb;
  std::vector<std::string_view> segments;      // encoded, the verb cut off
  std::set<std::string, std::less<>> allowed;  // methods that match the path when ours does not
};

const Router::Leaf* Router::Accept(const Node& node, Search* search) {
  const auto by_verb = node.leaves.find(search->verb);
  if (by_verb == node.leaves.end()) return nullptr;
  const auto leaf = by_verb->second.find(search->method);
  if (leaf != by_verb->second.end()) return &leaf->second;
  for (const auto& [method, unused] : by_verb->second) search->allowed.insert(method);
  return nullptr;
}

const Router::Leaf* Router::Find(const Node& node, Search* search, size_t at) {
  if (at == search->segments.size()) {
    if (const Leaf* leaf = Accept(node, search)) return leaf;
    return node.rest != nullptr ? Accept(*node.rest, search) : nullptr;
  }
  const auto literal = node.literals.find(search->segments[at]);
  if (literal != node.literals.end()) {
    if (const Leaf* leaf = Find(*literal->second, search, at + 1)) return leaf;
  }
  if (node.one != nullptr) {
    if (const Leaf* leaf = Find(*node.one, search, at + 1)) return leaf;
  }
  return node.rest != nullptr ? Accept(*node.rest, search) : nullptr;
}

namespace {

// The captures of a matched path; false if a value does not decode.
bool Capture(const PathTemplate& path, const std::vector<std::string_view>& segments, RouteMatch* out) {
  for (const PathTemplate::Variable& variable : path.variables) {
    const bool rest = path.segments[variable.last - 1].kind == Kind::kRest;
    const size_t last = rest ? segments.size() : variable.last;
    std::string joined;
    for (size_t i = variable.first; i < last; ++i) {
      if (i > variable.first) joined += '/';
      joined += segments[i];
    }
    auto value = PercentDecode(joined, false, variable.multi);
    if (!value) return false;
    out->captures.push_back({variable.field_path, *std::move(value)});
  }
  return true;
}

}  // namespace

std::optional<Problem> Router::Match(std::string_view http_method, std::string_view path,
                                     RouteMatch* out) const {
  Search search;
  search.method = http_method;
  if (auto problem = SplitPath(path, &search.segments)) return problem;
  const Leaf* leaf = nullptr;
  const std::string_view last = search.segments.back();
  const size_t colon = last.rfind(':');
  if (colon != std::string_view::npos && colon > 0 && colon + 1 < last.size()) {  // an empty verb is none
    search.verb = last.substr(colon + 1);
    search.segments.back() = last.substr(0, colon);
    leaf = Find(*root_, &search, 0);
    // A path that has this verb under another method is that path: the colon is not part of a value there.
    if (leaf == nullptr && search.allowed.empty()) {
      search.verb = {};
      search.segments.back() = last;
    }
  }
  if (leaf == nullptr && search.allowed.empty()) leaf = Find(*root_, &search, 0);
  if (leaf != nullptr) {
    out->route = leaf->route;
    if (Capture(leaf->path, search.segments, out)) return std::nullopt;
    return BadRequest("BAD_PATH", "路径编码有误", "the path is not properly percent-encoded UTF-8");
  }
  if (search.allowed.empty()) {
    return MakeProblem(404, "NOT_FOUND", "NO_SUCH_PATH", "没有这个接口地址", "there is nothing at this path");
  }
  Problem problem = MakeProblem(405, "UNIMPLEMENTED", "METHOD_NOT_ALLOWED", "此地址不支持该请求方法",
                                "this path does not take this method");
  for (const std::string& method : search.allowed) {
    if (!problem.allow.empty()) problem.allow += ", ";
    problem.allow += method;
  }
  return problem;
}

RouterBuilder::RouterBuilder() : root_(std::make_unique<Router::Node>()) {}
RouterBuilder::~RouterBuilder() = default;

absl::Status RouterBuilder::Add(std::string_view http_method, std::string_view path_template, size_t route,
                                std::string_view name) {
  auto parsed = ParsePathTemplate(path_template);
  if (!parsed.ok()) {
    return absl::InvalidArgumentError(absl::StrCat(std::string(name), ": ", parsed.status().ToString()));
  }
  Router::Node* node = root_.get();
  for (const PathTemplate::Segment& segment : parsed->segments) {
    std::unique_ptr<Router::Node>* next = segment.kind == Kind::kLiteral ? &node->literals[segment.literal]
                                          : segment.kind == Kind::kOne   ? &node->one
                                                                         : &node->rest;
    if (*next == nullptr) *next = std::make_unique<Router::Node>();
    node = next->get();
  }
  auto& methods = node->leaves[parsed->verb];
  const auto taken = methods.find(http_method);
  if (taken != methods.end()) {
    return absl::InvalidArgumentError(absl::StrCat(std::string(http_method), " ", std::string(path_template),
                                                   " of ", std::string(name), " is already bound by ",
                                                   names_[taken->second.route]));
  }
  methods.emplace(std::string(http_method), Router::Leaf{route, *std::move(parsed)});
  names_[route] = name;
  return absl::OkStatus();
}

Router RouterBuilder::Build() {
  Router router;
  router.root_ = std::move(root_);
  root_ = std::make_unique<Router::Node>();
  return router;
}

}  // namespace gateway
