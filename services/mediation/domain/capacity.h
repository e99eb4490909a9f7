#pragma once
// Who acts for a party: a guardian 法定代理人, the head of an organisation 法定代表人, an agent 委托代理人; and whom the mediator
// has invited. What does not fit together is refused when it is entered, so that no paper has to say it. Pure.

#include <optional>
#include <string_view>

#include "services/mediation/domain/refusals.h"

namespace mediation {

// `path`: "party[0]". A guardian has a name, and an organisation none; only an organisation has a head.
std::optional<kernel::Refusal> CheckWhoActs(const v1::Party& party, std::string_view path);
// Only what is named counts: a capacity that was not told fits everybody.
std::optional<kernel::Refusal> CheckCapacity(v1::Capacity capacity, const v1::Party& party, std::string_view field);
// Somebody else acts by law for this party: a minor, or an adult whose guardian was recorded (民法典 19 to 23); not for
// who was a minor and has come of age.
bool ActsByGuardian(const v1::Party& party);
// Whose name binds the party: their own, a guardian's who is known by name, an agent's with special authority; for an
// organisation its seal, its head, or such an agent (民法典 61, 162, 490). `by_self`: from the party's own account.
std::optional<kernel::Refusal> CheckWhoSigns(const v1::SignRequest& request, const v1::Party& party, bool by_self);
// Whose word counts as the party's to mediation itself, or to a step on the way: its own, of an adult who acts alone;
// otherwise a guardian's or an agent's by name, the head's, or the seal of an organisation on its paper. No right is
// given up by it, so an agent with ordinary authority is enough.
struct Consenting {
  v1::Capacity capacity = v1::CAPACITY_UNSPECIFIED;
  bool named = false;     // who gave it, by name
  bool related = false;   // and what they are to the party
  bool sealed = false;    // there is a paper with the organisation's seal
};
template <class Message>
Consenting ConsentingOf(const Message& told) {
  return {told.capacity(), !told.by_name().empty(), !told.by_relation().empty(),
          told.kind() == v1::PARTY_SEAL && !told.proof_sha256().empty()};
}
// `path`: of what holds the fields, with its dot: "consent[1]."; empty: the request itself.
std::optional<kernel::Refusal> CheckWhoConsents(const Consenting& who, const v1::Party& party, std::string_view path);
// As what whoever is on record acts for the party; unspecified: nobody but the party, or nobody who is known by name.
v1::Capacity ActsOnRecord(const v1::Party& party);
// An oral agreement has no names under it: whoever a written one would need came to a session since the last agreement,
// in person or by somebody whose name would bind them. `agreement`: with its clauses.
std::optional<kernel::Refusal> CheckCameToAgree(const v1::State& state, const v1::Agreement& agreement);
// Those who came for the parties of a session, and whom the mediator invited (人民调解法 20: 征得当事人的同意).
std::optional<kernel::Refusal> CheckWhoCame(const v1::Session& session, const v1::State& state);

}  // namespace mediation
