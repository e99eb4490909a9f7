#pragma once
// Puts notify together: the rules of the city, the inbox, the webhooks and their courier, whom it asks for somebody's
// own matters. Lives as long as the process.

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <memory>

#include "services/notify/courier.h"
#include "services/notify/inbox.h"
#include "services/notify/webhook_desk.h"
#include "services/rpc/host.h"

namespace notify {

class Wiring {
 public:
  absl::Status Setup(rpc::Host<NotifyDomain>& host);
  absl::Status BeforeServing(rpc::Host<NotifyDomain>&) { return courier_->Start(); }
  void BeforeStop() {
    if (courier_) courier_->Stop();
  }

 private:
  std::unique_ptr<Marks> marks_;
  std::unique_ptr<OwnMatters> own_;
  std::unique_ptr<Inbox> inbox_;
  std::unique_ptr<WebhookSecrets> secrets_;
  std::unique_ptr<rpc::IdSource> ids_;
  std::unique_ptr<WebhookDesk> desk_;
  std::unique_ptr<Courier> courier_;
};

// policy/notifications.textproto of the city. What is wrong is said with file and line or row.
absl::StatusOr<Rules> RulesOf(const rpc::v1::Process& config);

}  // namespace notify
