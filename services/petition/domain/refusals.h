#pragma once
// What the domain says when it says no: one table of stable reasons with a sentence in Chinese and English
// each.

#include <optional>
#include <string>
#include <string_view>

#include "petition/v1/petition.pb.h"
#include "services/kernel/domain.h"

namespace petition {

using Decision = kernel::Decision<v1::Event>;
using Context = kernel::CommandContext<v1::State>;

// REQUIRES: `reason` stands in the table. `field` is the path in the request, if one is at fault.
kernel::Refusal Why(kernel::RefusalCode code, std::string_view reason, std::string_view field = {});
inline Decision Refuse(kernel::RefusalCode code, std::string_view reason, std::string_view field = {}) {
  return Decision::Refuse(Why(code, reason, field));
}

// The present status is named: what may be done in it is another question, and the asker may see the petition.
kernel::Refusal WrongStatus(const v1::State& state);

// A document is referred to by its digest; anything else would be linked to nothing.
std::optional<kernel::Refusal> CheckDigest(std::string_view sha256, std::string_view field);

// Word for word what the kernel answers about an id it has never seen: a sealed petition and none at all must
// not be told apart by who has no right to it.
kernel::Refusal NoSuchMatter();

}  // namespace petition
