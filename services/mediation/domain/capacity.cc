#include "services/mediation/domain/capacity.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>

#include "services/mediation/domain/decide.h"
#include "services/mediation/domain/limits.h"

namespace mediation {
namespace {

using kernel::Refusal, kernel::RefusalCode;

bool IsAgent(v1::Capacity capacity) {
  return capacity == v1::ORDINARY_AGENT || capacity == v1::SPECIAL_AGENT;
}

}  // namespace

std::optional<Refusal> CheckWhoActs(const v1::Party& party, std::string_view path) {
  const std::string at(path);
  if (party.has_guardian() && party.person().is_organisation()) {
    return Why(RefusalCode::kInvalid, "NO_GUARDIAN_HERE", absl::StrCat(at, ".guardian"));
  }
  if (party.has_guardian() && party.guardian().name().empty()) {
    return Why(RefusalCode::kInvalid, "GUARDIAN_NAME_NEEDED", absl::StrCat(at, ".guardian.name"));
  }
  if (party.has_head() && !party.person().is_organisation()) {
    return Why(RefusalCode::kInvalid, "ORGANISATIONS_ONLY", absl::StrCat(at, ".head"));
  }
  return std::nullopt;
}

std::optional<Refusal> CheckCapacity(v1::Capacity capacity, const v1::Party& party, std::string_view field) {
  const bool organisation = party.person().is_organisation();
  if (!v1::Capacity_IsValid(capacity)) return Why(RefusalCode::kInvalid, "UNKNOWN_CODE", std::string(field));
  if (capacity == v1::HEAD_OF_ORGANISATION && !organisation) {
    return Why(RefusalCode::kInvalid, "ORGANISATIONS_ONLY", std::string(field));
  }
  if (organisation && (capacity == v1::GUARDIAN_OF_PARTY || capacity == v1::IN_PERSON)) {
    return Why(RefusalCode::kInvalid, "NO_GUARDIAN_HERE", std::string(field));
  }
  return std::nullopt;
}

std::optional<Refusal> CheckMaySignAs(v1::Capacity capacity, const v1::Party& party) {
  if (auto refusal = CheckCapacity(capacity, party, "capacity")) return refusal;
  if (capacity == v1::ORDINARY_AGENT) return Why(RefusalCode::kGuard, "SPECIAL_AUTHORITY_NEEDED", "capacity");
  const bool alone = capacity == v1::CAPACITY_UNSPECIFIED || capacity == v1::IN_PERSON;
  if (party.person().minor() && alone) return Why(RefusalCode::kGuard, "GUARDIAN_SIGNS", "capacity");
  return std::nullopt;
}

std::optional<Refusal> CheckWhoCame(const v1::Session& session, const v1::State& state) {
  for (int i = 0; i < session.attendance_size(); ++i) {
    const v1::Attendance& who = session.attendance(i);
    const v1::Party* party = FindParty(state, who.party_id());
    const std::string field = absl::StrFormat("session.attendance[%d].capacity", i);
    if (party == nullptr) continue;
    if (auto refusal = CheckCapacity(who.capacity(), *party, field)) return refusal;
    const bool told = who.capacity() != v1::CAPACITY_UNSPECIFIED;
    if (told && who.by_agent() != IsAgent(who.capacity())) {
      return Why(RefusalCode::kInvalid, "CAPACITY_DOES_NOT_FIT", field);
    }
  }
  if (session.invited_size() > kInvitedMax) return Why(RefusalCode::kLimit, "TOO_LONG", "session.invited");
  for (int i = 0; i < session.invited_size(); ++i) {
    if (session.invited(i).name().empty()) {
      return Why(RefusalCode::kInvalid, "PARTY_NAME_NEEDED", absl::StrFormat("session.invited[%d].name", i));
    }
  }
  if (!session.invited().empty() && !session.invited_agreed()) {
    return Why(RefusalCode::kGuard, "INVITED_NEED_CONSENT", "session.invited_agreed");
  }
  return std::nullopt;
}

}  // namespace mediation
