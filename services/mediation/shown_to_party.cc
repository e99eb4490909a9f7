#include "services/mediation/shown_to_party.h"

#include <google/protobuf/message.h>

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "services/mediation/domain/decide.h"
#include "services/rpc/free_text.h"

namespace mediation {
namespace {

constexpr std::string_view kNumberLeftOut = "（号码从略）";

// Everybody who is not of the reader's own side; third parties stand for themselves alone.
struct Others {
  std::set<std::string, std::less<>> party_id, user_id;
};

std::optional<Others> OthersOf(const google::protobuf::RepeatedPtrField<v1::Party>& parties,
                               const std::string& user_id) {
  std::set<common::v1::PartySide> own_sides;
  for (const v1::Party& party : parties) {
    if (party.person().user_id() == user_id) own_sides.insert(party.person().side());
  }
  if (user_id.empty() || own_sides.empty()) return std::nullopt;
  Others others;
  for (const v1::Party& party : parties) {
    const common::v1::Person& person = party.person();
    const bool beside = own_sides.size() == 1 && own_sides.contains(person.side()) && IsSideParty(party);
    if (beside || person.user_id() == user_id) continue;
    others.party_id.insert(party.party_id());
    if (!person.user_id().empty()) others.user_id.insert(person.user_id());
  }
  return others;
}

// Leaves the name and what the procedure shows to everybody.
void HidePerson(v1::Party* party) {
  auto* person = party->mutable_person();
  person->clear_phone();
  person->clear_id_number();
  person->clear_address();
  person->clear_user_id();
  party->clear_needs_protection();
  party->clear_consent_how();  // free text: "在其姐姐家当面"
  party->clear_ethnic_group();
  party->clear_occupation();
  party->clear_sex();
  party->clear_birth_date();
  party->clear_full_age_at_ms();
  if (!party->has_guardian()) return;
  party->mutable_guardian()->clear_id_number();
  party->mutable_guardian()->clear_phone();
}

// What was said while nobody of one's own side was there, and where that was, is the others'.
void HideSession(const Others& others, v1::Session* session) {
  std::vector<std::string> own_consent;
  for (const std::string& id : session->face_to_face_consent_party_id()) {
    if (!others.party_id.contains(id)) own_consent.push_back(id);
  }
  session->mutable_face_to_face_consent_party_id()->Assign(own_consent.begin(), own_consent.end());
  const bool was_there = std::ranges::any_of(session->attendance(), [&](const v1::Attendance& who) {
    return (who.present() || who.by_agent()) && !others.party_id.contains(who.party_id());
  });
  if (was_there) return;
  session->clear_place();
  session->clear_record();
  session->clear_attachment_sha256();
  session->clear_invited();
  for (auto& who : *session->mutable_attendance()) {
    who.clear_came_name();
    who.clear_came_post();
  }
}

void HideVisit(const Others& others, v1::Visit* visit) {
  const auto is_own = [&](const std::string& id) { return !others.party_id.contains(id); };
  if (std::ranges::any_of(visit->party_id(), is_own)) return;
  visit->clear_mode();
  visit->clear_reason();
  visit->clear_finding();
  visit->clear_measures();
}

// Whose number stands in a sentence, nobody can tell: none is shown, not even masked.
void LeaveNumbersOut(google::protobuf::Message* message) {
  using google::protobuf::FieldDescriptor;
  const auto* reflection = message->GetReflection();
  const auto without = [](const std::string& text) {
    return rpc::ReplaceTokens(text, [](std::string_view) { return std::string(kNumberLeftOut); });
  };
  std::vector<const FieldDescriptor*> fields;
  reflection->ListFields(*message, &fields);
  for (const FieldDescriptor* field : fields) {
    const int count = field->is_repeated() ? reflection->FieldSize(*message, field) : 1;
    for (int i = 0; i < count; ++i) {
      if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
        LeaveNumbersOut(field->is_repeated() ? reflection->MutableRepeatedMessage(message, field, i)
                                             : reflection->MutableMessage(message, field));
      } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING && field->is_repeated()) {
        reflection->SetRepeatedString(message, field, i, without(reflection->GetRepeatedString(*message, field, i)));
      } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
        reflection->SetString(message, field, without(reflection->GetString(*message, field)));
      }
    }
  }
}

}  // namespace

void HideFromParty(const kernel::v1::Actor& actor, v1::Case* out) {
  std::set<std::string> own;
  for (const auto& party : out->party()) {
    if (party.person().user_id() == actor.user_id()) own.insert(party.party_id());
  }
  out->clear_risk();
  out->clear_order();
  out->clear_hand_over_lapsed_at_ms();
  out->clear_jurisdiction_ground();  // where one of them lives
  out->clear_risk_report();
  for (auto& visit : *out->mutable_visit()) {
    visit.clear_finding();
    visit.clear_measures();
    visit.clear_escalation_signs();
  }
  auto keep_own = [&](auto* list) {
    auto others = std::remove_if(list->begin(), list->end(),
                                 [&](const auto& item) { return !own.contains(item.party_id()); });
    list->erase(others, list->end());
  };
  keep_own(out->mutable_recusal());
  keep_own(out->mutable_document());
}

void HideOthers(const kernel::v1::Actor& actor, v1::Case* out) {
  const auto others = OthersOf(out->party(), actor.user_id());
  if (!others) return;
  bool is_protected = false;
  for (auto& party : *out->mutable_party()) {
    if (others->party_id.contains(party.party_id())) {
      HidePerson(&party);
    } else {
      is_protected |= party.needs_protection() && party.person().user_id() == actor.user_id();
    }
  }
  if (!is_protected) {  // that somebody spoke of violence, and was told of the police
    out->clear_domestic_violence();
    out->clear_protection_information_given();
  }
  out->clear_investigation();  // what neighbours and the other side said when nobody else was there
  for (auto& session : *out->mutable_session()) HideSession(*others, &session);
  for (auto& visit : *out->mutable_visit()) HideVisit(*others, &visit);
  LeaveNumbersOut(out);
}

void HideOthers(const v1::State& state, const kernel::v1::Actor& actor, v1::ListStepsResponse* out) {
  const auto others = OthersOf(state.party(), actor.user_id());
  if (!others) return;
  for (auto& step : *out->mutable_step()) {
    if (others->user_id.contains(step.actor_id())) step.clear_actor_id();
  }
}

void HideOthers(const v1::State& state, const kernel::v1::Actor& actor, common::v1::ListAccessesResponse* out) {
  const auto others = OthersOf(state.party(), actor.user_id());
  if (!others) return;
  auto* list = out->mutable_access();
  const auto theirs = std::remove_if(list->begin(), list->end(), [&](const common::v1::Access& access) {
    return others->party_id.contains(access.what());
  });
  list->erase(theirs, list->end());
}

std::optional<kernel::Refusal> WhyKeptFrom(const v1::State& state, const kernel::v1::Actor& actor) {
  if (PartyOf(state, actor) != nullptr) return Why(kernel::RefusalCode::kGuard, "MEDIATOR_IS_PARTY");
  return WhyStandsAside(state, actor.user_id());
}

}  // namespace mediation
