#include "services/notify/webhook_desk.h"

#include <memory>
#include <utility>

#include "base/crypto.h"
#include "services/notify/domain/refusals.h"
#include "services/notify/domain/webhooks.h"
#include "services/notify/failures.h"
#include "services/rpc/server.h"

namespace notify {
namespace {

using kernel::RefusalCode;

rpc::Answer NoWebhook() { return Why(RefusalCode::kNotFound, "NO_WEBHOOK", "id"); }

void Show(const std::string& id, const kernel::Stored<v1::State>& stored, uint64_t newest_seq, v1::WebhookView* out) {
  const v1::Webhook& webhook = stored.state.webhook();
  out->set_id(id);
  out->set_version(stored.version);
  out->set_status(webhook.status());
  out->set_suspended_reason(webhook.suspended_reason());
  out->set_org_id(webhook.org_id());
  out->set_area_code(webhook.area_code());
  out->set_url(webhook.url());
  *out->mutable_topic() = webhook.topic();
  out->set_per_minute(webhook.per_minute());
  out->set_opened_at_ms(webhook.opened_at_ms());
  out->set_delivered_sequence(webhook.delivered_seq());
  out->set_newest_sequence(newest_seq);
  out->set_delivered(webhook.delivered());
  out->set_delivered_at_ms(webhook.delivered_at_ms());
  out->set_failures(webhook.failures());
  out->set_failing_since_ms(webhook.failing_since_ms());
  out->set_next_attempt_at_ms(webhook.next_attempt_ms());
  if (webhook.has_failure()) {
    *out->mutable_last_failure() = webhook.failure();
    SayFailure(out->mutable_last_failure());
  }
  out->set_old_secret_until_ms(webhook.old_secret_until_ms());
}

}  // namespace

// The secret is in the first answer only: a repetition of the request does not show it again.
rpc::Answer WebhookDesk::Tell(const rpc::Caller& caller, kernel::Envelope envelope, v1::WebhookSecret* out) const {
  envelope.actor = caller.actor;
  const kernel::Outcome outcome = rpc::Ask(*queue_, std::move(envelope));
  if (!outcome.status.ok()) return outcome.status;
  if (outcome.refusal) return *outcome.refusal;
  *out->mutable_receipt() = outcome.receipt;
  caller.note->aggregate_id = outcome.receipt.id();
  if (outcome.receipt.repeated()) return {};
  const auto stored = read_().Get(outcome.receipt.id());
  if (!stored.ok()) return stored.status();
  if (*stored) out->set_secret(secrets_->Shown(outcome.receipt.id(), (*stored)->state.webhook().secret_no()));
  return {};
}

rpc::Answer WebhookDesk::Register(const rpc::Caller& caller, const v1::RegisterWebhookRequest& request,
                                  v1::WebhookSecret* out) const {
  auto command = std::make_unique<v1::Command>();
  auto* open = command->mutable_open_webhook();
  open->set_org_id(request.org_id());
  open->set_area_code(request.area_code());
  open->set_url(request.url());
  *open->mutable_topic() = request.topic();
  open->set_after_seq(read_().seq());
  kernel::Envelope envelope;
  envelope.command = std::move(command);
  envelope.command_name = "open_webhook";
  envelope.aggregate_id = "webhook-" + new_id_(caller.now_ms);
  envelope.creates = true;
  envelope.request_id = request.request_id();
  envelope.fingerprint = base::Sha256(request.SerializeAsString());
  return Tell(caller, std::move(envelope), out);
}

rpc::Answer WebhookDesk::Rotate(const rpc::Caller& caller, const v1::RotateWebhookSecretRequest& request,
                                v1::WebhookSecret* out) const {
  auto command = std::make_unique<v1::Command>();
  command->mutable_rotate_secret();
  kernel::Envelope envelope;
  envelope.command = std::move(command);
  envelope.command_name = "rotate_secret";
  envelope.aggregate_id = request.id();
  envelope.upserts = true;  // whether there is one is for the rules to say, in the same words for all
  envelope.request_id = request.request_id();
  return Tell(caller, std::move(envelope), out);
}

rpc::Answer WebhookDesk::Get(const rpc::Caller& caller, const v1::GetWebhookRequest& request,
                             v1::WebhookView* out) const {
  const NotifyReader reader = read_();
  const auto stored = reader.Get(request.id());
  if (!stored.ok()) return stored.status();
  const bool there = *stored && (*stored)->state.has_webhook() &&
                     (*stored)->state.webhook().status() != v1::WEBHOOK_DELETED &&
                     MayManage(caller.actor, (*stored)->state.webhook().org_id());
  if (!there) return NoWebhook();
  Show(request.id(), **stored, reader.seq(), out);
  return {};
}

rpc::Answer WebhookDesk::List(const rpc::Caller& caller, const v1::ListWebhooksRequest&,
                              v1::ListWebhooksResponse* out) const {
  const NotifyReader reader = read_();
  for (const std::string& org : caller.orgs) {
    if (!MayManage(caller.actor, org)) continue;
    const auto page = reader.List("webhook", WebhookPrefix(org), kernel::kPageMax);
    if (!page.ok()) return page.status();
    for (const auto& item : page->items) {
      const auto stored = reader.Get(item.aggregate_id);
      if (!stored.ok()) return stored.status();
      if (*stored) Show(item.aggregate_id, **stored, reader.seq(), out->add_webhook());
    }
  }
  return {};
}

}  // namespace notify
