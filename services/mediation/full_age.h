#pragma once
// Whether a party who is said to have come of age has, by the number or the day of birth that lie in the vault. Looked
// at before the command is decided, for the rules see tokens only. Reads; any thread.

#include <optional>

#include "mediation/v1/requests.pb.h"
#include "services/mediation/queries.h"

namespace mediation {

// Nothing is said to whoever may not ask: the rules refuse them, and would not tell them an age. Nor where nothing says
// when the party was born: then it is the asker's word.
std::optional<kernel::Refusal> LookAtAge(const CaseReader& reader, const rpc::Vault& vault, const storage::View& view,
                                         const rpc::Caller& caller, const v1::RecordFullAgeRequest& request);

}  // namespace mediation
