#pragma once
// Gives every query of api.proto its function. Lives as long as the process.

#include <absl/status/status.h>

#include <atomic>
#include <memory>

#include "services/oversight/queries.h"
#include "services/rpc/host.h"

namespace oversight {

class Wiring {
 public:
  absl::Status Setup(rpc::Host<OversightDomain>& host);
  // Calendar and policies are known. Any thread, from Setup on.
  bool Ready() const;

 private:
  const kernel::Service<OversightDomain>* service_ = nullptr;
  mutable std::atomic<bool> ready_ = false;
  std::unique_ptr<Queries> queries_;
};

}  // namespace oversight
