#pragma once
// What a mediation case is found by, and by whom. What was said in mediation is in no index (人民调解法第十五条), nor are
// names of parties; telephones are found by their last four digits, by whoever may reveal them.

#include <absl/status/statusor.h>

#include <memory>
#include <string>
#include <vector>

#include "kernel/v1/actor.pb.h"
#include "services/mediation/domain/mediation.h"
#include "services/rpc/vault.h"
#include "services/search/search.h"
#include "services/search/terms.h"

namespace mediation {

using CaseSearch = search::Search<MediationDomain>;

search::Describe<MediationDomain> Describe(std::shared_ptr<const search::Terms> terms, const rpc::Vault* vault,
                                           const storage::View* vault_view);

// One of these a case must have for the actor to see it: the index's form of MaySee. `by_phone`: only by the roles that
// may reveal a party.
std::vector<search::Token> ScopeOf(const kernel::v1::Actor& actor, const reference::Reference& reference,
                                   const search::Terms& terms, bool by_phone);

}  // namespace mediation
