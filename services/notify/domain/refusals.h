#pragma once
// What notify says when it says no: stable reasons with a sentence in Chinese and English each.

#include <string_view>

#include "services/kernel/domain.h"

namespace notify {

// REQUIRES: `reason` stands in the table. `field` is the path in the request, if one is at fault.
kernel::Refusal Why(kernel::RefusalCode code, std::string_view reason, std::string_view field = {});

}  // namespace notify
