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
// A minor does not sign alone, and an agent signs with special authority only.
std::optional<kernel::Refusal> CheckMaySignAs(v1::Capacity capacity, const v1::Party& party);
// Those who came for the parties of a session, and whom the mediator invited (人民调解法 20: 征得当事人的同意).
std::optional<kernel::Refusal> CheckWhoCame(const v1::Session& session, const v1::State& state);

}  // namespace mediation
