#pragma once
// (HTTP method, path) -> route. RouterBuilder refuses an ambiguous path at start; Router is immutable, any
// thread.
//
// A trie over segments: a literal wins over "*", "*" over "**", with backtracking. The verb is what follows
// the last
// ":" of the last segment, but only where a route with that verb exists; elsewhere the colon belongs to the
// value.

#include <absl/status/status.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/path_template.h"
#include "gateway/problem.h"

namespace gateway {

struct RouteMatch {
  size_t route = 0;  // as given to Add
  struct Capture {
    std::string field_path;
    std::string value;  // decoded
  };
  std::vector<Capture> captures;
};

class Router {
 public:
  // A problem: 400 for a path nobody should send, 404, or 405 with `allow`.
  std::optional<Problem> Match(std::string_view http_method, std::string_view path, RouteMatch* out) const;

 private:
  friend class RouterBuilder;
  struct Leaf {
    size_t route;
    PathTemplate path;
  };
  struct Node {
    std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
    std::unique_ptr<Node> one;
    std::unique_ptr<Node> rest;
    std::map<std::string, std::map<std::string, Leaf, std::less<>>, std::less<>>
        leaves;  // verb -> method -> leaf
  };
  struct Search;
  static const Leaf* Find(const Node& node, Search* search, size_t at);
  static const Leaf* Accept(const Node& node, Search* search);

  std::unique_ptr<Node> root_;
};

class RouterBuilder {
 public:
  RouterBuilder();
  ~RouterBuilder();
  // `name` is said in the error: "GET /v1/incidents/{id} of incident.v1.Incidents.Get is already bound by …".
  absl::Status Add(std::string_view http_method, std::string_view path_template, size_t route,
                   std::string_view name);
  Router Build();

 private:
  std::unique_ptr<Router::Node> root_;
  std::map<size_t, std::string> names_;
};

}  // namespace gateway
