#pragma once
// What only the typed words tell of the parties, before the vault hides who they are: one person in two places of a
// case, a guardian who is the other side, and a child whom nobody marked as one. Pure.

#include <google/protobuf/repeated_ptr_field.h>

#include <cstdint>
#include <optional>

#include "mediation/v1/terms.pb.h"
#include "services/kernel/domain.h"

namespace mediation {

using TypedParties = google::protobuf::RepeatedPtrField<v1::Party>;

// The same person: by the identity number where both have one; otherwise by the name with the telephone or the address.
// Age: by the number, or by the day of birth where there is none. It says what the mark has to say, and is not kept.
std::optional<kernel::Refusal> CheckTyped(const TypedParties& parties, int64_t now_ms);

// Who is said to have come of age, in clear: what the number or the day of birth on record says, if there is one.
std::optional<kernel::Refusal> CheckFullAge(const v1::Party& party, int64_t now_ms);

}  // namespace mediation
