#pragma once
// Gives every query of api.proto its function. Lives as long as the process.

#include <absl/status/status.h>

#include <atomic>
#include <cstdint>
#include <memory>

#include "services/oversight/queries.h"
#include "services/rpc/host.h"

namespace oversight {

class Wiring {
 public:
  absl::Status Setup(rpc::Host<OversightDomain>& host);
  // Policies are known, and a calendar of at least this revision. Any thread, from Setup on.
  bool Knows(int32_t calendar_revision) const;

 private:
  const kernel::Service<OversightDomain>* service_ = nullptr;
  mutable std::atomic<int32_t> calendar_ = -1;  // the newest revision seen here
  std::unique_ptr<Queries> queries_;
};

}  // namespace oversight
