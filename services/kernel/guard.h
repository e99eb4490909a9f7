#pragma once
// What stands in the way, said by a helper that knows no kernel (reference::Objection), as a refusal.

#include <string>
#include <utility>

#include "services/kernel/domain.h"

namespace kernel {

// `why`: anything with a reason and a sentence in each language.
template <class Objection>
Refusal GuardOf(Objection why, std::string field = {}) {
  return {RefusalCode::kGuard, std::move(why.reason), std::move(field), std::move(why.message_zh),
          std::move(why.message_en), {}};
}

}  // namespace kernel
