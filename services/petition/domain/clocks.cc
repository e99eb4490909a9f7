#include "services/petition/domain/clocks.h"

namespace petition {

void ClockChanges::EndAll() {
  for (std::string_view policy_id : kPolicyIds) {
    if (policy_id == "DP-13" || policy_id == "DP-15") continue;
    if (policy_id == "DP-18") continue;
    if (reference::IsRight(policy_id)) {
      Cancel(policy_id);
    } else {
      End(policy_id);
    }
  }
}

}  // namespace petition
