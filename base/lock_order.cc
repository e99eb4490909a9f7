#include "base/lock_order.h"

#include <absl/synchronization/mutex.h>

namespace base {

void TrustLockOrder() { absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore); }

}  // namespace base
