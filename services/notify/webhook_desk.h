#pragma once
// What people ask about the webhooks of their unit. Runs on the query pool; a registration waits for the disk and shows
// the secret in its answer, once: whoever lost it rotates it.

#include <functional>

#include "notify/v1/api.pb.h"
#include "services/kernel/command.h"
#include "services/notify/cloud_event.h"
#include "services/notify/inbox.h"
#include "services/rpc/id_source.h"

namespace notify {

class WebhookDesk {
 public:
  WebhookDesk(std::function<NotifyReader()> read, kernel::CommandQueue* queue, const WebhookSecrets* secrets,
              std::function<std::string(int64_t now_ms)> new_id)
      : read_(std::move(read)), queue_(queue), secrets_(secrets), new_id_(std::move(new_id)) {}

  rpc::Answer Register(const rpc::Caller&, const v1::RegisterWebhookRequest&, v1::WebhookSecret*) const;
  rpc::Answer Rotate(const rpc::Caller&, const v1::RotateWebhookSecretRequest&, v1::WebhookSecret*) const;
  rpc::Answer Get(const rpc::Caller&, const v1::GetWebhookRequest&, v1::WebhookView*) const;
  rpc::Answer List(const rpc::Caller&, const v1::ListWebhooksRequest&, v1::ListWebhooksResponse*) const;

 private:
  rpc::Answer Tell(const rpc::Caller& caller, kernel::Envelope envelope, v1::WebhookSecret* out) const;

  const std::function<NotifyReader()> read_;
  kernel::CommandQueue* const queue_;
  const WebhookSecrets* const secrets_;
  const std::function<std::string(int64_t now_ms)> new_id_;
};

}  // namespace notify
