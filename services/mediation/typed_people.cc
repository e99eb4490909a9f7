#include "services/mediation/typed_people.h"

#include <absl/strings/str_format.h>

#include <string>

#include "services/mediation/domain/decide.h"
#include "services/mediation/domain/refusals.h"
#include "services/press/wording.h"
#include "services/rpc/masking.h"

namespace mediation {
namespace {

using kernel::RefusalCode;

constexpr int kFullAge = 18;  // 民法典 17

bool Agrees(kernel::v1::Personal kind, const std::string& a, const std::string& b) {
  return !a.empty() && !b.empty() && rpc::Normalised(kind, a) == rpc::Normalised(kind, b);
}

bool SamePerson(const common::v1::Person& a, const common::v1::Person& b) {
  using namespace kernel::v1;  // NOLINT: kinds by their names alone
  if (!a.id_number().empty() && !b.id_number().empty()) {
    return Agrees(PERSONAL_ID_NUMBER, a.id_number(), b.id_number());
  }
  if (!Agrees(PERSONAL_NAME, a.name(), b.name())) return false;
  return Agrees(PERSONAL_PHONE, a.phone(), b.phone()) || Agrees(PERSONAL_ADDRESS, a.address(), b.address());
}

// Empty: neither says it, or not of a person.
std::optional<int> AgeOf(const v1::Party& party, int64_t now_ms) {
  if (party.person().is_organisation()) return std::nullopt;
  auto born = press::IdentityOf(rpc::Normalised(kernel::v1::PERSONAL_ID_NUMBER, party.person().id_number()));
  if (!born) born = press::BornOn(party.birth_date());
  return born ? std::optional(press::AgeOn(*born, now_ms)) : std::nullopt;
}

common::v1::Person PersonOf(const v1::Guardian& guardian) {
  common::v1::Person person;
  person.set_name(guardian.name());
  person.set_id_number(guardian.id_number());
  person.set_phone(guardian.phone());
  return person;
}

// 民法典 168: nobody acts for one side against themselves, nor for both sides. A third party is against nobody.
bool GuardsAgainst(const v1::Party& guarded, const v1::Party& other) {
  if (!guarded.has_guardian() || !IsSideParty(guarded) || !IsSideParty(other)) return false;
  if (guarded.person().side() == other.person().side()) return false;
  const common::v1::Person guardian = PersonOf(guarded.guardian());
  return SamePerson(guardian, other.person()) ||
         (other.has_guardian() && SamePerson(guardian, PersonOf(other.guardian())));
}

}  // namespace

std::optional<kernel::Refusal> CheckTyped(const TypedParties& parties, int64_t now_ms) {
  for (int i = 0; i < parties.size(); ++i) {
    for (int j = 0; j < i; ++j) {
      if (!SamePerson(parties[j].person(), parties[i].person())) continue;
      return Why(RefusalCode::kInvalid, "PARTY_TWICE", absl::StrFormat("party[%d].person", i));
    }
    for (const v1::Party& other : parties) {
      if (!GuardsAgainst(parties[i], other)) continue;
      return Why(RefusalCode::kInvalid, "GUARDIAN_OF_THE_OTHER_SIDE", absl::StrFormat("party[%d].guardian", i));
    }
    const auto age = AgeOf(parties[i], now_ms);
    if (!age) continue;
    const std::string field = absl::StrFormat("party[%d].person.minor", i);
    const bool marked = parties[i].person().minor();
    // Whose guardian is on record does not act alone anyway.
    if (*age < kFullAge && !marked && !parties[i].has_guardian()) {
      return Why(RefusalCode::kInvalid, "MINOR_NOT_MARKED", field);
    }
    if (*age >= kFullAge && marked) return Why(RefusalCode::kInvalid, "NOT_A_MINOR", field);
  }
  return std::nullopt;
}

std::optional<kernel::Refusal> CheckFullAge(const v1::Party& party, int64_t now_ms) {
  if (AgeOf(party, now_ms).value_or(kFullAge) >= kFullAge) return std::nullopt;
  return Why(RefusalCode::kGuard, "STILL_A_MINOR", "party_id");
}

}  // namespace mediation
