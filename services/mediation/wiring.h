#pragma once
// Gives every query of api.proto its function. Lives as long as the process.

#include <absl/status/status.h>

#include <memory>

#include "services/mediation/queries.h"
#include "services/mediation/sheets.h"
#include "services/rpc/host.h"

namespace mediation {

class Wiring {
 public:
  absl::Status Setup(rpc::Host<MediationDomain>& host);
  // With the kernel running, and before it stops: the index follows the log in between.
  void Start();
  void Stop();

 private:
  std::unique_ptr<Documents> documents_;
  std::unique_ptr<press::Printer> printer_;
  std::unique_ptr<StaffNames> names_;
  std::unique_ptr<CaseSearch> search_;  // null without a master key
  std::unique_ptr<Queries> queries_;
  std::unique_ptr<Sheets> sheets_;
};

}  // namespace mediation
