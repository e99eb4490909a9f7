#pragma once
// A notice as it leaves the platform: CloudEvents 1.0.2 in structured JSON, as the live feed writes them, and signed as
// Standard Webhooks says, so that the ready-made libraries verify it. Pure.
//
//   webhook-id         id of the event: the same at every attempt
//   webhook-timestamp  seconds, of the attempt
//   webhook-signature  "v1," base64(HMAC-SHA256(secret, id '.' timestamp '.' body)), one a secret, with spaces between
//
// A secret is shown as "whsec_" and base64. It is nowhere stored: it is derived from the master key, the webhook and
// the number of its rotation, so that neither a disk nor a backup holds it, and a restored installation still knows it.

#include <cstdint>
#include <string>
#include <string_view>

#include "notify/v1/notify.pb.h"

namespace notify {

// `seq`: of the record in the log of notify; attribute "sequence".
std::string CloudEventJson(const v1::Told& told, uint64_t seq);

class WebhookSecrets {
 public:
  explicit WebhookSecrets(std::string_view master_key);  // REQUIRES: 32 bytes
  std::string Shown(std::string_view webhook_id, uint32_t secret_no) const;
  // Of what is sent at `now_ms`: after a rotation the old secret signs too, for a while.
  std::string Signature(std::string_view webhook_id, const v1::Webhook& webhook, int64_t now_ms,
                        std::string_view event_id, std::string_view timestamp, std::string_view body) const;

 private:
  std::string Of(std::string_view webhook_id, uint32_t secret_no) const;
  const std::string key_;
};

}  // namespace notify
