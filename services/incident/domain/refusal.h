#pragma once
// How this domain says no: one call with the stable reason and a sentence in each language.

#include <string>
#include <utility>

#include "incident/v1/incident.pb.h"
#include "services/kernel/domain.h"

namespace incident {

inline kernel::Refusal Say(kernel::RefusalCode code, std::string reason, std::string zh, std::string en,
                           std::string field = {}) {
  return {code, std::move(reason), std::move(field), std::move(zh), std::move(en), {}};
}

inline kernel::Decision<v1::Event> No(kernel::Refusal refusal) {
  return kernel::Decision<v1::Event>::Refuse(std::move(refusal));
}
inline kernel::Decision<v1::Event> NoGuard(std::string reason, std::string zh, std::string en) {
  return No(Say(kernel::RefusalCode::kGuard, std::move(reason), std::move(zh), std::move(en)));
}
inline kernel::Decision<v1::Event> NoField(std::string field, std::string reason, std::string zh,
                                           std::string en) {
  return No(
      Say(kernel::RefusalCode::kInvalid, std::move(reason), std::move(zh), std::move(en), std::move(field)));
}

}  // namespace incident
