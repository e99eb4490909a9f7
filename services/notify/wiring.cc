#include "services/notify/wiring.h"

#include <string>
#include <utility>

#include "base/random.h"
#include "base/status_macros.h"
#include "services/reference/policy_text.h"
#include "services/rpc/case_calls.h"
#include "services/rpc/serve.h"
#include "services/rpc/vault.h"

namespace notify {

namespace {

absl::StatusOr<Allowed> AllowedBy(const rpc::v1::Process& config) {
  const auto& texts = config.notify().webhook_network();
  auto networks = Networks::Parse({texts.begin(), texts.end()});
  if (!networks.ok()) {
    return absl::InvalidArgumentError("configuration, field `notify.webhook_network`: " +
                                      std::string(networks.status().message()));
  }
  return Allowed{config.notify().plain_loopback(), *std::move(networks)};
}

}  // namespace

absl::StatusOr<Rules> RulesOf(const rpc::v1::Process& config) {
  if (config.policy_dir().empty()) {
    return absl::InvalidArgumentError("configuration, field `policy_dir`: is missing");
  }
  const std::string file = config.policy_dir() + "/notifications.textproto";
  policy::v1::NotificationPolicy policy;
  RETURN_IF_ERROR(reference::ReadPolicyText(file, &policy));
  auto rules = Rules::From(std::move(policy));
  if (rules.ok()) {
    ASSIGN_OR_RETURN(Allowed allowed, AllowedBy(config));
    rules->Allow(std::move(allowed));
    return rules;
  }
  return absl::Status(rules.status().code(), file + ": " + std::string(rules.status().message()));
}

absl::Status Wiring::Setup(rpc::Host<NotifyDomain>& host) {
  const rpc::v1::Process& config = host.config();
  if (config.master_key_file().empty()) {
    return absl::InvalidArgumentError("configuration, field `master_key_file`: is missing");
  }
  ASSIGN_OR_RETURN(const std::string master_key, rpc::Vault::ReadKeyFile(config.master_key_file()));
  auto* service = &host.service();
  marks_ = std::make_unique<Marks>(master_key);
  own_ = std::make_unique<OwnMatters>(rpc::CallCases(config, config.notify().case_service()));
  inbox_ = std::make_unique<Inbox>([service] { return service->Read(); }, service, marks_.get(), own_.get());
  rpc::Serve(host, inbox_.get(), "ListInbox", &Inbox::ListInbox);
  rpc::Serve(host, inbox_.get(), "CountInbox", &Inbox::CountInbox);
  rpc::Serve(host, inbox_.get(), "ListDigest", &Inbox::ListDigest);
  rpc::Serve(host, inbox_.get(), "MarkRead", &Inbox::MarkRead);
  secrets_ = std::make_unique<WebhookSecrets>(master_key);
  ids_ = std::make_unique<rpc::IdSource>(base::Random::FromEntropy());
  desk_ = std::make_unique<WebhookDesk>([service] { return service->Read(); }, service, secrets_.get(),
                                        [ids = ids_.get()](int64_t now_ms) { return ids->NewUlid(now_ms); });
  rpc::Serve(host, desk_.get(), "RegisterWebhook", &WebhookDesk::Register);
  rpc::Serve(host, desk_.get(), "RotateWebhookSecret", &WebhookDesk::Rotate);
  rpc::Serve(host, desk_.get(), "GetWebhook", &WebhookDesk::Get);
  rpc::Serve(host, desk_.get(), "ListWebhooks", &WebhookDesk::List);
  ASSIGN_OR_RETURN(Allowed allowed, AllowedBy(config));
  courier_ = std::make_unique<Courier>([service] { return service->Read(); }, service, secrets_.get(), &host.clock(),
                                       Courier::Settings{std::move(allowed), config.notify().ca_file()});
  service->AddWatch([courier = courier_.get()](uint64_t) { courier->Wake(); });
  return absl::OkStatus();
}

}  // namespace notify
