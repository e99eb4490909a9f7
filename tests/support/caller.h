#pragma once
// Who asks a query, as the gateway would say it: with the areas and organisations of all their grants.

#include <cstdint>

#include "services/rpc/access.h"

namespace tests {

// `note` outlives the call.
inline rpc::Caller CallerOf(const kernel::v1::Actor& actor, int64_t now_ms, rpc::AuditNote* note) {
  rpc::Caller caller;
  caller.actor = actor;
  caller.now_ms = now_ms;
  for (const auto& grant : actor.grant()) {
    caller.areas.push_back(grant.area_code());
    caller.orgs.push_back(grant.org_id());
  }
  caller.note = note;
  return caller;
}

}  // namespace tests
