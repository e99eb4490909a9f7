#pragma once
// What a petition is found by, and by whom. An accusation is in no index, from the moment its type is known: who asks
// is judged by the present state besides, so it is gone at once. Texts and telephones come out of the vault and become
// tokens; numbers inside the texts are cut out first, names of persons are in no index.

#include <absl/status/statusor.h>

#include <memory>
#include <string>
#include <vector>

#include "kernel/v1/actor.pb.h"
#include "services/petition/domain/petition.h"
#include "services/rpc/vault.h"
#include "services/search/search.h"
#include "services/search/terms.h"

namespace petition {

using PetitionSearch = search::Search<PetitionDomain>;

search::Describe<PetitionDomain> Describe(std::shared_ptr<const search::Terms> terms, const rpc::Vault* vault,
                                          const storage::View* vault_view);

// The words of what is asked for and why, by which petitions are compared.
absl::StatusOr<std::vector<search::Token>> StoryOf(const std::string& id, const v1::State& state,
                                                   const search::Terms& terms, const rpc::Vault& vault,
                                                   const storage::View& vault_view);
// The unit it is about, as whoever registered it says; 0: none is named.
search::Token RespondentUnitOf(const v1::State& state, const search::Terms& terms);
// Whom it is about, in the petitioner's words; 0: nobody is named.
absl::StatusOr<search::Token> RespondentOf(const std::string& id, const v1::State& state, const search::Terms& terms,
                                           const rpc::Vault& vault, const storage::View& vault_view);

// One of these a petition must have for the actor to see it: the index's form of MaySee. `by_phone`: only by the roles
// that may reveal a petitioner.
std::vector<search::Token> ScopeOf(const kernel::v1::Actor& actor, const search::Terms& terms, bool by_phone);

}  // namespace petition
