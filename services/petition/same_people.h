#pragma once
// Whether two entries name one person, by what was typed: before it goes to the vault, or opened for a clerk. Pure.

#include <optional>

#include "petition/v1/requests.pb.h"
#include "services/kernel/domain.h"

namespace petition {

// By the identity number where both have one; otherwise by the name with the telephone or the address. Accounts are the
// domain's to compare.
bool SamePerson(const common::v1::Person& a, const common::v1::Person& b);

// Somebody who is named twice among those who petition, or among those who act for them: who petitions is counted by
// people, and two agents are two people (Art. 20; 山东 28).
std::optional<kernel::Refusal> NamedTwice(const v1::RegisterRequest& request);
std::optional<kernel::Refusal> NamedTwice(const v1::CompleteIntakeRequest& request);
std::optional<kernel::Refusal> NamedTwice(const v1::CorrectPeopleRequest& request);

// Somebody who presides over a hearing and is a member, or is a member twice: names are all that is known of them, so
// two of one name say their unit with it.
std::optional<kernel::Refusal> NamedTwice(const v1::CallHearingRequest& request);
std::optional<kernel::Refusal> NamedTwice(const v1::HoldHearingRequest& request);
std::optional<kernel::Refusal> NamedTwice(const v1::EndHearingRequest& request);

}  // namespace petition
