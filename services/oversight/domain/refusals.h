#pragma once
// What oversight says when it says no: one table of stable reasons with a sentence in Chinese and English
// each.

#include <string>
#include <string_view>

#include "oversight/v1/oversight.pb.h"
#include "services/kernel/domain.h"

namespace oversight {

using Decision = kernel::Decision<v1::Event>;
using Context = kernel::CommandContext<v1::State>;

// REQUIRES: `reason` stands in the table. `field` is the path in the request, if one is at fault.
kernel::Refusal Why(kernel::RefusalCode code, std::string_view reason, std::string_view field = {});
inline Decision Refuse(kernel::RefusalCode code, std::string_view reason, std::string_view field = {}) {
  return Decision::Refuse(Why(code, reason, field));
}

}  // namespace oversight
