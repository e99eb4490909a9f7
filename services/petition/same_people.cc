#include "services/petition/same_people.h"

#include <absl/strings/str_format.h>

#include "services/petition/domain/refusals.h"
#include "services/rpc/masking.h"

namespace petition {
namespace {

bool Agrees(kernel::v1::Personal kind, const std::string& a, const std::string& b) {
  return !a.empty() && !b.empty() && rpc::Normalised(kind, a) == rpc::Normalised(kind, b);
}

template <class List>
std::optional<kernel::Refusal> NamedTwice(const List& list, const char* field) {
  for (int i = 1; i < list.size(); ++i) {
    for (int j = 0; j < i; ++j) {
      if (!SamePerson(list[j].person(), list[i].person())) continue;
      return Why(kernel::RefusalCode::kInvalid, "NAMED_TWICE", absl::StrFormat("%s[%d].person", field, i));
    }
  }
  return std::nullopt;
}

template <class Request>
std::optional<kernel::Refusal> AnybodyTwice(const Request& request) {
  if (auto refusal = NamedTwice(request.petitioner(), "petitioner")) return refusal;
  return NamedTwice(request.agent(), "agent");
}

// Who hears a matter: whoever presides, and the members.
template <class Request>
std::optional<kernel::Refusal> OnThePanelTwice(const Request& request) {
  const v1::Hearing& hearing = request.hearing();
  for (int i = 0; i < hearing.member_size(); ++i) {
    bool twice = Agrees(kernel::v1::PERSONAL_NAME, hearing.presider(), hearing.member(i));
    for (int j = 0; j < i; ++j) twice |= Agrees(kernel::v1::PERSONAL_NAME, hearing.member(j), hearing.member(i));
    if (twice)
      return Why(kernel::RefusalCode::kInvalid, "PANEL_TWICE", absl::StrFormat("hearing.member[%d]", i));
  }
  return std::nullopt;
}

}  // namespace

bool SamePerson(const common::v1::Person& a, const common::v1::Person& b) {
  using namespace kernel::v1;  // NOLINT: kinds by their names alone
  if (!a.id_number().empty() && !b.id_number().empty())
    return Agrees(PERSONAL_ID_NUMBER, a.id_number(), b.id_number());
  if (!Agrees(PERSONAL_NAME, a.name(), b.name())) return false;
  return Agrees(PERSONAL_PHONE, a.phone(), b.phone()) || Agrees(PERSONAL_ADDRESS, a.address(), b.address());
}

std::optional<kernel::Refusal> NamedTwice(const v1::RegisterRequest& request) { return AnybodyTwice(request); }
std::optional<kernel::Refusal> NamedTwice(const v1::CompleteIntakeRequest& request) { return AnybodyTwice(request); }
std::optional<kernel::Refusal> NamedTwice(const v1::CorrectPeopleRequest& request) { return AnybodyTwice(request); }
std::optional<kernel::Refusal> NamedTwice(const v1::CallHearingRequest& request) { return OnThePanelTwice(request); }
std::optional<kernel::Refusal> NamedTwice(const v1::HoldHearingRequest& request) { return OnThePanelTwice(request); }
std::optional<kernel::Refusal> NamedTwice(const v1::EndHearingRequest& request) { return OnThePanelTwice(request); }

}  // namespace petition
