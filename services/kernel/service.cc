#include "services/kernel/service.h"

#include <cstdlib>

#include "base/log.h"

namespace kernel {

void ExitOnFailure(absl::Status why) {
  constexpr int kSoftwareError = 70;  // sysexits.h; the supervisor starts the process again
  base::Log(base::kError, "exiting at once; unanswered commands are decided by what is on disk",
            {{"status", why.ToString()}});
  std::_Exit(kSoftwareError);
}

}  // namespace kernel
