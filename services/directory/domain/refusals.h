#pragma once
// Short forms for saying no in two languages. Never personal data.

#include <string>
#include <utility>

#include "services/kernel/domain.h"

namespace directory {

inline kernel::Refusal Refuse(kernel::RefusalCode code, std::string reason, std::string field, std::string zh,
                              std::string en) {
  kernel::Refusal refusal;
  refusal.code = code;
  refusal.reason = std::move(reason);
  refusal.field = std::move(field);
  refusal.message_zh = std::move(zh);
  refusal.message_en = std::move(en);
  return refusal;
}

inline kernel::Refusal Invalid(std::string reason, std::string field, std::string zh, std::string en) {
  return Refuse(kernel::RefusalCode::kInvalid, std::move(reason), std::move(field), std::move(zh),
                std::move(en));
}

inline kernel::Refusal Guard(std::string reason, std::string field, std::string zh, std::string en) {
  return Refuse(kernel::RefusalCode::kGuard, std::move(reason), std::move(field), std::move(zh),
                std::move(en));
}

inline kernel::Refusal NotAllowed(std::string reason, std::string zh, std::string en) {
  return Refuse(kernel::RefusalCode::kNotAllowed, std::move(reason), "", std::move(zh), std::move(en));
}

inline kernel::Refusal NotFound(std::string field, std::string zh, std::string en) {
  return Refuse(kernel::RefusalCode::kNotFound, "NOT_FOUND", std::move(field), std::move(zh), std::move(en));
}

}  // namespace directory
