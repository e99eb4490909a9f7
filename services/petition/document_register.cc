// Registration: who asks, through whom, and what (Art. 19; 山东 28).
#include <absl/strings/str_cat.h>

#include <algorithm>

#include "services/petition/document_values.h"
#include "services/press/wording.h"

namespace petition {
namespace {

constexpr int kFullAge = 18;  // 民法典 17

bool IsMinor(const common::v1::Person& person, int64_t on_ms) {
  const auto identity = press::IdentityOf(person.id_number());
  return person.minor() || (identity && press::AgeOn(*identity, on_ms) < kFullAge);
}

// 山东 28: who may be an agent, and what such a one has to show.
std::string StandingOf(const v1::Agent& agent) {
  std::string standing;
  switch (agent.kind()) {
    case v1::GUARDIAN: standing = "监护人"; break;
    case v1::RELATIVE: standing = "近亲属或者工作人员"; break;
    case v1::RECOMMENDED: standing = "被推荐的公民"; break;
    case v1::LAWYER: standing = "律师、基层法律服务工作者"; break;
    default: break;
  }
  const char* paper = agent.kind() == v1::GUARDIAN ? "监护关系证明" : "授权委托书";
  return absl::StrCat(standing, standing.empty() ? "" : "；", paper, agent.mandate_sha256().empty() ? "未提交" : "已提交");
}

press::Values& AddPerson(const common::v1::Person& person, std::string_view role, int64_t on_ms,
                         press::Values* values) {
  const auto identity = press::IdentityOf(person.id_number());
  return values->Row("people")
      .Text("role", role)
      .Text("name", person.name())
      .Flag("organisation", person.is_organisation())
      .Text("sex", identity ? identity->female ? "女" : "男" : "")
      .Text("age", identity ? std::to_string(press::AgeOn(*identity, on_ms)) : "")
      .Text("phone", person.phone())
      .Text("id_number", person.id_number())
      .Flag("id_doubtful", press::IsMistyped(person.id_number()))
      .Text("address", person.address())
      .Text("standing", "");
}

// Who wrote, called or was brought in by another office is not there to sign. Of many their representatives sign, and
// beside a minor whoever guards it.
void AddSigners(const v1::State& state, press::Values* values) {
  const bool here = state.channel() == v1::VISIT || state.channel() == v1::RECEPTION;
  const auto came = [](const auto& one) { return one.copy_id().empty(); };  // a copy has a form of its own
  const bool chosen = std::ranges::any_of(
      state.petitioner(), [&](const v1::Petitioner& one) { return came(one) && one.representative(); });
  bool minor = false;
  for (const auto& petitioner : state.petitioner()) {
    if (!came(petitioner)) continue;
    minor |= IsMinor(petitioner.person(), state.registered_at_ms());
    if (!here || (chosen && !petitioner.representative())) continue;
    AddPersonSigner(chosen ? "信访人代表" : "信访人", petitioner.person(), values);
  }
  bool guarded = false;
  for (const auto& agent : state.agent()) {
    if (agent.kind() != v1::GUARDIAN || !came(agent)) continue;
    guarded = true;
    if (here) AddSigner("监护人", agent.person().name(), true, values);
  }
  if (here && minor && !guarded) AddSigner("监护人", "", true, values);
  AddSigner("登记人", "", false, values);
}

}  // namespace

Filled FillRegister(const PetitionFacts& facts) {
  const v1::State& state = facts.state;
  const auto* area = facts.reference->FindArea(state.area_code());
  const std::string_view content = ContentWord(state.content_code());
  press::Values values = BaseOf(facts, state.office_org(), state.registered_at_ms());
  values.Text("external_no", state.external_no())
      .Text("channel", ChannelWord(state.channel()))
      .Text("type", TypeWord(state.type()))
      .Text("registered_on", press::MomentText(state.registered_at_ms()))
      .Text("received_on", press::DayText(state.received_at_ms()))
      .Text("office", OrgName(facts, state.office_org()))
      .Text("area", area == nullptr ? state.area_code() : area->name())
      .Text("content", content.empty() ? state.content_code() : content)
      .Text("count", std::to_string(std::max(state.petitioner_count(), state.petitioner_size())))
      .Text("request", state.content().request())
      .Text("facts", state.content().facts())
      .Text("respondent", state.content().respondent())
      .Text("evidence", state.content().evidence())
      .Text("repeat", RepeatWord(state.repeat_class()))
      .List("people");
  const int64_t on_ms = state.registered_at_ms();
  for (const auto& petitioner : state.petitioner()) {
    AddPerson(petitioner.person(), petitioner.representative() ? "代表" : "信访人", on_ms, &values);
  }
  for (const auto& agent : state.agent()) {
    AddPerson(agent.person(), agent.kind() == v1::GUARDIAN ? "监护人" : "代理人", on_ms, &values)
        .Text("standing", StandingOf(agent));
  }
  AddSigners(state, &values);
  return {values};
}

}  // namespace petition
