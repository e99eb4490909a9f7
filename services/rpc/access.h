#pragma once
// Who calls, and may they: the access rule of a method against the caller's token and certificate. Any thread.
// Order of checks: signed in, then role or calling service. The area of a matter is judged by the domain's rules table,
// the bounds of a list by the query (Caller::areas), a plain area field here.

#include <absl/status/statusor.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/v1/actor.pb.h"
#include "kernel/v1/options.pb.h"
#include "services/rpc/errors.h"

namespace rpc {

// What a handler adds to the audit record of its call; read when it returns. A reveal must name all three.
struct AuditNote {
  std::string actor_id;      // of a sign-in: who it turned out to be
  std::string aggregate_id;
  std::string field;
  std::string purpose;
};

struct Caller {
  kernel::v1::Actor actor;       // user with grants; or `service`; or a lone grant of ROLE_PUB: nobody signed in
  std::string service;           // process at the other end, by its certificate; empty on a plain loopback connection
  std::string token_id;
  std::string token;             // as it came: for asking another process on behalf of the same person; never kept
  std::string request_id;        // of the call, for logs
  std::string traceparent;
  int64_t now_ms = 0;
  int64_t deadline_ms = 0;
  std::vector<std::string> areas;  // areas of the grants this method's rule accepts, none inside another, sorted
  std::vector<std::string> orgs;   // organisations of those grants, sorted
  AuditNote* note = nullptr;       // never null inside a query

  bool signed_in() const { return !actor.user_id().empty(); }
  bool HasRole(kernel::v1::Role role) const;
};

// Empty: allowed. Fills `areas` and `orgs`.
std::optional<Failure> CheckAccess(const kernel::v1::AccessRule& rule, Caller* caller);

// The area code `value` of field `field` must lie in one of the caller's areas. Services, and whoever calls a public
// method without having signed in, have no area and pass.
std::optional<Failure> CheckArea(const kernel::v1::AccessRule& rule, const Caller& caller, std::string_view field,
                                 std::string_view value);

// Sorted, without those that lie inside another; codes that are none are left out.
std::vector<std::string> OutermostAreas(std::vector<std::string> areas);

}  // namespace rpc
