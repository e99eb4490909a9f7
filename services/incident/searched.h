#pragma once
// What an incident is found by, and by whom. A sealed one is in no index. Names of persons are in none; telephones are
// found by their last four digits, by whoever may reveal them. Pure but for the vault, which gives the telephones.

#include <absl/status/statusor.h>

#include <memory>
#include <string>
#include <vector>

#include "kernel/v1/actor.pb.h"
#include "services/incident/domain/incident.h"
#include "services/rpc/vault.h"
#include "services/search/search.h"
#include "services/search/terms.h"

namespace incident {

using IncidentSearch = search::Search<IncidentDomain>;

search::Describe<IncidentDomain> Describe(std::shared_ptr<const search::Terms> terms, const rpc::Vault* vault,
                                          const storage::View* vault_view);

// One of these a matter must have for the actor to see it: the index's form of MaySee. `by_phone`: only by the roles
// that may reveal a person.
std::vector<search::Token> ScopeOf(const kernel::v1::Actor& actor, const Knowledge& known,
                                   const search::Terms& terms, bool by_phone);

}  // namespace incident
