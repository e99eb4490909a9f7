#include "services/mediation/full_age.h"

#include "services/mediation/domain/decide.h"
#include "services/mediation/domain/rules.h"
#include "services/mediation/typed_people.h"

namespace mediation {

std::optional<kernel::Refusal> LookAtAge(const CaseReader& reader, const rpc::Vault& vault, const storage::View& view,
                                         const rpc::Caller& caller, const v1::RecordFullAgeRequest& request) {
  const auto stored = reader.Get(request.id());
  if (!stored.ok() || !*stored) return std::nullopt;
  const v1::State& state = (*stored)->state;
  const auto reference = reader.Reference();
  const Rule& rule = *FindRule(v1::Command::kRecordFullAge);
  const Subject subject{state.committee_org(), state.committee_area(), &state, *reference};
  const v1::Party* party = FindParty(state, request.party_id());
  if (party == nullptr || !party->person().minor()) return std::nullopt;
  if (Permit(rule, state, caller.actor) || !Bind(rule, subject, caller.actor)) return std::nullopt;
  if (WhyStandsAside(state, caller.actor.user_id())) return std::nullopt;
  v1::Party clear = *party;
  for (std::string* field : {clear.mutable_person()->mutable_id_number(), clear.mutable_birth_date()}) {
    if (!rpc::IsVaultToken(*field)) continue;
    const auto value = vault.Unmask(view, request.id(), *field);
    *field = value.ok() ? value->text : std::string();  // erased: nothing is known
  }
  return CheckFullAge(clear, caller.now_ms);
}

}  // namespace mediation
