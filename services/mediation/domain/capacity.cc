#include "services/mediation/domain/capacity.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>

#include <algorithm>

#include "services/mediation/domain/decide.h"
#include "services/mediation/domain/limits.h"

namespace mediation {
namespace {

using kernel::Refusal, kernel::RefusalCode;

bool IsAgent(v1::Capacity capacity) {
  return capacity == v1::ORDINARY_AGENT || capacity == v1::SPECIAL_AGENT;
}

// Whether whoever came could have agreed for the party. Of a person who acts alone, as what they came need not be told.
bool CameToBind(const v1::Attendance& who, const v1::Party& party) {
  if (!who.present() && !who.by_agent()) return false;
  switch (who.capacity()) {
    case v1::ORDINARY_AGENT:
      return false;
    case v1::SPECIAL_AGENT:
      return true;
    case v1::HEAD_OF_ORGANISATION:
      return party.person().is_organisation();
    case v1::GUARDIAN_OF_PARTY:
      return !party.person().is_organisation();
    default:
      return !party.person().is_organisation() && !ActsByGuardian(party);
  }
}

bool IsAlone(v1::Capacity capacity) { return capacity == v1::CAPACITY_UNSPECIFIED || capacity == v1::IN_PERSON; }

}  // namespace

v1::Capacity ActsOnRecord(const v1::Party& party) {
  if (party.has_guardian() && party.full_age_at_ms() == 0) return v1::GUARDIAN_OF_PARTY;
  return party.has_head() && !party.head().name().empty() ? v1::HEAD_OF_ORGANISATION : v1::CAPACITY_UNSPECIFIED;
}

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

bool ActsByGuardian(const v1::Party& party) {
  if (party.person().is_organisation() || party.full_age_at_ms() != 0) return false;
  return party.person().minor() || party.has_guardian();
}

std::optional<Refusal> CheckWhoSigns(const v1::SignRequest& request, const v1::Party& party, bool by_self) {
  const v1::Capacity capacity = request.capacity();
  if (auto refusal = CheckCapacity(capacity, party, "capacity")) return refusal;
  if (capacity == v1::ORDINARY_AGENT) return Why(RefusalCode::kGuard, "SPECIAL_AUTHORITY_NEEDED", "capacity");
  const bool alone = IsAlone(capacity);
  if (alone && ActsByGuardian(party)) return Why(RefusalCode::kGuard, "GUARDIAN_SIGNS", "capacity");
  // On the day of the paper somebody else still acted for them, as far as anything is on record.
  const bool guarded_then = request.signed_at_ms() > 0 && request.signed_at_ms() < party.full_age_at_ms();
  if (alone && guarded_then) return Why(RefusalCode::kGuard, "GUARDIAN_SIGNS", "signed_at_ms");
  const bool sealed = party.person().is_organisation() && request.kind() == v1::PARTY_SEAL;
  if (alone && party.person().is_organisation() && !sealed) {
    return Why(RefusalCode::kGuard, "WHO_SIGNS_FOR_IT", "capacity");
  }
  // From an account its owner signs and nobody else; and a seal is not clicked.
  const bool anothers = capacity == v1::GUARDIAN_OF_PARTY || capacity == v1::SPECIAL_AGENT;
  if (by_self && (anothers || sealed) && request.proof_sha256().empty()) {
    return Why(RefusalCode::kInvalid, "PROOF_NEEDED", "proof_sha256");
  }
  if (alone || sealed || capacity == ActsOnRecord(party)) return std::nullopt;
  if (request.signed_name().empty()) return Why(RefusalCode::kInvalid, "SIGNER_NAME_NEEDED", "signed_name");
  if (capacity == v1::GUARDIAN_OF_PARTY && request.signed_relation().empty()) {
    return Why(RefusalCode::kInvalid, "RELATION_NEEDED", "signed_relation");
  }
  return std::nullopt;
}

std::optional<Refusal> CheckWhoConsents(const Consenting& who, const v1::Party& party, std::string_view path) {
  const std::string capacity_field = absl::StrCat(std::string(path), "capacity");
  if (auto refusal = CheckCapacity(who.capacity, party, capacity_field)) return refusal;
  if (party.person().is_organisation() && who.sealed) return std::nullopt;
  if (IsAlone(who.capacity)) {
    if (ActsByGuardian(party)) return Why(RefusalCode::kGuard, "GUARDIAN_CONSENTS", capacity_field);
    if (party.person().is_organisation()) return Why(RefusalCode::kGuard, "WHO_CONSENTS_FOR_IT", capacity_field);
    return std::nullopt;
  }
  if (who.capacity == ActsOnRecord(party)) return std::nullopt;
  if (!who.named) return Why(RefusalCode::kInvalid, "CONSENT_NAME_NEEDED", absl::StrCat(std::string(path), "by_name"));
  if (who.capacity == v1::GUARDIAN_OF_PARTY && !who.related) {
    return Why(RefusalCode::kInvalid, "CONSENT_RELATION_NEEDED", absl::StrCat(std::string(path), "by_relation"));
  }
  return std::nullopt;
}

std::optional<Refusal> CheckCameToAgree(const v1::State& state, const v1::Agreement& agreement) {
  std::string missing;
  for (const v1::Party& party : state.party()) {
    if (!MustSign(party, agreement)) continue;
    const bool came = std::ranges::any_of(SessionsSinceAgreement(state), [&](const v1::Session* session) {
      const auto& came_for = session->attendance();
      const auto who = std::ranges::find(came_for, party.party_id(), &v1::Attendance::party_id);
      return who != came_for.end() && CameToBind(*who, party);
    });
    if (!came) absl::StrAppend(&missing, missing.empty() ? "" : " ", party.party_id());
  }
  if (missing.empty()) return std::nullopt;
  auto refusal = Why(RefusalCode::kGuard, "DID_NOT_COME_TO_AGREE");
  refusal.metadata["party_id"] = missing;
  refusal.message_zh += "未到场：" + missing + "。";
  refusal.message_en += " Not there: " + missing + ".";
  return refusal;
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
      return Why(RefusalCode::kInvalid, "INVITED_NAME_NEEDED", absl::StrFormat("session.invited[%d].name", i));
    }
  }
  if (!session.invited().empty() && !session.invited_agreed()) {
    return Why(RefusalCode::kGuard, "INVITED_NEED_CONSENT", "session.invited_agreed");
  }
  return std::nullopt;
}

}  // namespace mediation
