// The parties on paper: what the forms ask of each, who acts for them, and who signs.
#include <absl/strings/str_cat.h>

#include <optional>

#include "services/mediation/document_values.h"
#include "services/mediation/document_words.h"
#include "services/press/signer.h"
#include "services/press/wording.h"

namespace mediation {
namespace {

constexpr std::string_view kKeptSecret = "（依法保密，存人民调解委员会）";
constexpr int kFullAge = 18;     // 民法典 17
constexpr int kActsInPart = 8;   // 民法典 19, 20: below it the guardian acts alone

std::optional<int> AgeOf(const v1::Party& party, int64_t on_ms) {
  auto born = press::IdentityOf(party.person().id_number());
  if (!born) born = press::BornOn(party.birth_date());
  return born && on_ms > 0 ? std::optional(press::AgeOn(*born, on_ms)) : std::nullopt;
}

std::string SexOf(const v1::Party& party) {
  const auto identity = press::IdentityOf(party.person().id_number());
  return identity ? identity->female ? "女" : "男" : party.sex();
}

// "（母亲）"; empty if nobody said.
std::string InBrackets(std::string_view text) { return text.empty() ? "" : absl::StrCat("（", std::string(text), "）"); }

// Who puts their name to it for the party, as it was recorded; or a line that asks for it.
std::string SignedBy(const v1::Party& party, const Signing& signing) {
  const std::string capacity(CapacityWord(signing.as));
  const bool by_somebody = !capacity.empty() && signing.as != v1::IN_PERSON;
  if (by_somebody) return absl::StrCat(capacity, "签名：", std::string(signing.by));
  if (signing.by_agent) return absl::StrCat("委托代理人签名：", std::string(signing.by));
  return party.person().is_organisation() ? "法定代表人（负责人）或者委托代理人签名：" : "";
}

}  // namespace

bool IsGuarded(const v1::Party& party, int64_t on_ms) {
  if (party.person().is_organisation()) return false;
  if (const int64_t full_age_ms = party.full_age_at_ms(); full_age_ms != 0) {
    // What was signed before was signed by the guardian.
    return on_ms != 0 && on_ms < full_age_ms;
  }
  return party.has_guardian() || party.person().minor() || AgeOf(party, on_ms).value_or(kFullAge) < kFullAge;
}

void AddPerson(const v1::Party& party, int64_t on_ms, std::string_view side, press::Values* row) {
  const auto& person = party.person();
  const auto age = AgeOf(party, on_ms);
  row->Text("side", side)
      .Text("name", person.name())
      .Flag("organisation", person.is_organisation())
      .Text("head", party.head().name())
      .Text("head_post", party.head().post())
      .Text("sex", SexOf(party))
      .Text("age", age ? std::to_string(*age) : "")
      .Text("ethnic_group", party.ethnic_group())
      .Text("id_number", person.id_number())
      .Flag("id_doubtful", press::IsMistyped(person.id_number()))
      .Text("occupation", party.occupation())
      .Text("phone", party.needs_protection() ? kKeptSecret : person.phone())
      .Text("address", party.needs_protection() ? kKeptSecret : person.address())
      .Flag("guarded", IsGuarded(party, on_ms))
      .Text("guardian", party.guardian().name())
      .Text("guardian_relation", party.guardian().relation())
      .Text("guardian_id", party.guardian().id_number())
      .Text("guardian_phone", party.needs_protection() ? kKeptSecret : party.guardian().phone());
}

void AddPeople(const CaseFacts& facts, int64_t on_ms, press::Values* values) {
  values->List("people");
  for (const auto& party : facts.state.party()) {
    AddPerson(party, on_ms, SideWord(party.person().side()), &values->Row("people"));
  }
}

void AddSigner(std::string_view role, std::string_view name, int64_t at_ms, press::Values* values) {
  press::AddSigner({.role = role, .name = name, .date = press::DayText(at_ms)}, values);
}

void AddPartySigner(const v1::Party& party, const Signing& signing, press::Values* values) {
  const auto& person = party.person();
  const std::string date = press::DayText(signing.at_ms);
  const std::string role(signing.role);
  // Whoever has come of age since the paper was drawn up signs it alone, unless the guardian had signed it.
  const int64_t full_age_ms = party.full_age_at_ms();
  const bool signs_alone = full_age_ms != 0 && signing.as != v1::GUARDIAN_OF_PARTY &&
                           (signing.at_ms == 0 || signing.at_ms >= full_age_ms);
  const bool guarded = !signs_alone && IsGuarded(party, signing.on_ms);
  // Who is old enough to act in part signs beside the guardian, as who guards them agrees.
  if (!guarded || AgeOf(party, signing.on_ms).value_or(kActsInPart) >= kActsInPart) {
    const std::string by = guarded ? "" : SignedBy(party, signing);
    press::AddSigner({.role = role, .name = person.name(), .date = guarded ? "" : date, .finger = signing.finger,
                      .stamp = person.is_organisation(), .by = by}, values);
  }
  if (!guarded) return;
  const bool told = signing.as == v1::GUARDIAN_OF_PARTY && !signing.by.empty();
  const std::string_view relation = signing.relation.empty() ? std::string_view(party.guardian().relation())
                                                             : signing.relation;
  const std::string of = absl::StrCat(role, person.name(), "的法定代理人", InBrackets(relation));
  const std::string by = signing.as == v1::GUARDIAN_OF_PARTY ? "" : SignedBy(party, signing);
  press::AddSigner({.role = of, .name = told ? signing.by : std::string_view(party.guardian().name()), .date = date,
                    .finger = signing.finger, .by = by}, values);
}

std::string CameAs(const v1::Party& party, const v1::Attendance& who) {
  const std::string name = absl::StrCat(who.came_name(), InBrackets(who.came_post()));
  const std::string capacity(CapacityWord(who.capacity()));
  if (!capacity.empty() && who.capacity() != v1::IN_PERSON) return absl::StrCat("由", capacity, name, "到场");
  if (who.by_agent()) return absl::StrCat("由委托代理人", name, "到场");
  return party.person().is_organisation() ? name.empty() ? "到场" : absl::StrCat("由", name, "到场") : "本人到场";
}

}  // namespace mediation
