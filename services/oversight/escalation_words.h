#pragma once
// Why a matter went up, as leaders read it in both languages. What people wrote is read in the matter itself.

#include <string>

#include "oversight/v1/review.pb.h"

namespace oversight {

struct EscalationWords {
  std::string zh, en;
};
EscalationWords EscalationWordsOf(const v1::Escalation& escalation);

}  // namespace oversight
