#pragma once
// Puts notify together: the rules of the city, the inbox, whom it asks for somebody's own matters. Lives as long as the
// process.

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <memory>

#include "services/notify/inbox.h"
#include "services/rpc/host.h"

namespace notify {

class Wiring {
 public:
  absl::Status Setup(rpc::Host<NotifyDomain>& host);

 private:
  std::unique_ptr<Marks> marks_;
  std::unique_ptr<OwnMatters> own_;
  std::unique_ptr<Inbox> inbox_;
};

// policy/notifications.textproto of the city. What is wrong is said with file and line or row.
absl::StatusOr<Rules> RulesOf(const rpc::v1::Process& config);

}  // namespace notify
