// Who somebody is, in clear: with a reason, on record.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "services/mediation/domain/refusals.h"
#include "services/mediation/queries.h"
#include "services/mediation/shown_to_party.h"

namespace mediation {

using kernel::RefusalCode;

rpc::Answer Queries::RevealParty(const rpc::Caller& caller, const v1::RevealPartyRequest& request,
                                 v1::RevealPartyResponse* out) const {
  if (parts_.vault == nullptr) return absl::FailedPreconditionError("this process has no vault");
  const CaseReader reader = parts_.read();
  kernel::Stored<v1::State> stored;
  if (auto answer = Find(reader, caller, request.id(), &stored); !answer.ok()) return answer;
  if (auto refusal = WhyKeptFrom(stored.state, caller.actor)) return *std::move(refusal);
  const auto& parties = stored.state.party();
  const auto party = std::ranges::find(parties, request.party_id(), &v1::Party::party_id);
  const bool facts = request.party_id() == "facts";
  if (!facts && party == parties.end()) return Why(RefusalCode::kInvalid, "UNKNOWN_PARTY", "party_id");
  caller.note->aggregate_id = request.id();  // the audit record says whose identity, and why
  caller.note->field = request.party_id();
  caller.note->purpose = request.reason();
  if (facts) {
    auto words = parts_.vault->UnmaskWords(*parts_.vault_view, request.id(), stored.state.facts());
    if (!words.ok()) return words.status();
    out->set_facts(*std::move(words));
    return {};
  }
  auto* person = out->mutable_person();
  *person = party->person();
  std::vector<std::string*> fields = {person->mutable_name(), person->mutable_phone(), person->mutable_id_number(),
                                      person->mutable_address()};
  if (party->has_guardian()) {
    auto* guardian = out->mutable_guardian();
    *guardian = party->guardian();
    for (auto* field : {guardian->mutable_name(), guardian->mutable_phone(), guardian->mutable_id_number()}) {
      fields.push_back(field);
    }
  }
  if (party->has_head()) {
    *out->mutable_head() = party->head();
    fields.push_back(out->mutable_head()->mutable_name());
  }
  for (std::string* field : fields) {
    if (!rpc::IsVaultToken(*field)) continue;
    auto clear = parts_.vault->Unmask(*parts_.vault_view, request.id(), *field);
    if (!clear.ok()) return clear.status();
    *field = clear->text;
  }
  return {};
}

}  // namespace mediation
