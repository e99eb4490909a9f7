#include "services/notify/domain/webhooks.h"

#include <absl/strings/str_cat.h>

#include <algorithm>

#include "base/area_code.h"
#include "services/kernel/rule_table.h"
#include "services/notify/domain/address.h"
#include "services/notify/domain/audience.h"
#include "services/notify/domain/limits.h"
#include "services/notify/domain/notify.h"
#include "services/notify/domain/refusals.h"

namespace notify {
namespace {

using kernel::RefusalCode;
using v1::Command, v1::Event, v1::State, v1::Webhook;

Decision No(RefusalCode code, std::string_view reason, std::string_view field = {}) {
  return Decision::Refuse(Why(code, reason, field));
}

bool IsManager(kernel::v1::Role role) { return role == kernel::v1::ROLE_SV || role == kernel::v1::ROLE_SA; }

// "incident" covers "incident.reported" but not "incidental".
bool TopicCovers(std::string_view prefix, std::string_view topic) {
  return topic.starts_with(prefix) && (topic.size() == prefix.size() || topic[prefix.size()] == '.');
}

bool IsTopic(std::string_view text, const Rules& rules) {
  return std::ranges::any_of(rules.policy().rule(), [&](const auto& rule) { return TopicCovers(text, rule.topic()); });
}

// The grant that carries the right; null: none does.
const kernel::v1::Grant* GrantFor(const kernel::v1::Actor& actor, std::string_view org, std::string_view area) {
  for (const auto& grant : actor.grant()) {
    if (!IsManager(grant.role()) || grant.org_id().empty()) continue;
    if ((org.empty() || grant.org_id() == org) && base::Covers(grant.area_code(), area)) return &grant;
  }
  return nullptr;
}

std::optional<kernel::Refusal> CheckUrl(const std::string& text, const Rules& rules) {
  const auto url = ParseUrl(text);
  if (!url || IsOddNumber(url->host)) return Why(RefusalCode::kInvalid, "URL", "url");
  if (NamesThisMachine(url->host) && !rules.allowed().plain_loopback)
    return Why(RefusalCode::kInvalid, "ADDRESS_NOT_ALLOWED", "url");
  const auto bytes = BytesOfHost(url->host);  // of a name: judged when it is connected to
  if (bytes && !MayReach(*bytes, true, rules.allowed()))
    return Why(RefusalCode::kInvalid, "ADDRESS_NOT_ALLOWED", "url");
  const bool plain = bytes && MayReach(*bytes, false, rules.allowed());
  if (!url->tls && !plain) return Why(RefusalCode::kInvalid, "HTTPS_NEEDED", "url");
  return std::nullopt;
}

Decision Open(const v1::OpenWebhook& open, const Context& ctx, const Rules& rules) {
  const auto* grant = GrantFor(*ctx.actor, open.org_id(), open.area_code());
  if (grant == nullptr) return No(RefusalCode::kNotAllowed, "NOT_ALLOWED", "area_code");
  if (auto no = CheckUrl(open.url(), rules)) return Decision::Refuse(*std::move(no));
  for (int i = 0; i < open.topic_size(); ++i) {
    if (!IsTopic(open.topic(i), rules)) return No(RefusalCode::kInvalid, "TOPIC", absl::StrCat("topic[", i, "]"));
  }
  const auto limit = static_cast<size_t>(rules.policy().webhook().per_unit());
  if (ctx.lookup->Scan("webhook", WebhookPrefix(grant->org_id()), limit).size() >= limit ||
      ctx.lookup->Scan("webhook", "", kWebhooksMax).size() >= kWebhooksMax) {
    return No(RefusalCode::kLimit, "TOO_MANY_WEBHOOKS");
  }
  Decision decision;
  auto* opened = decision.Emit()->mutable_webhook_opened();
  opened->set_org_id(grant->org_id());
  opened->set_area_code(open.area_code());
  opened->set_url(open.url());
  *opened->mutable_topic() = open.topic();
  opened->set_after_seq(open.after_seq());
  decision.acted_as = grant->role();
  decision.acted_for_org = grant->org_id();
  return decision;
}

// Of somebody else's unit: it does not exist.
std::optional<kernel::Refusal> CheckOwner(const State& state, const Context& ctx) {
  const bool there = state.has_webhook() && state.webhook().status() != v1::WEBHOOK_DELETED;
  if (!there || !MayManage(*ctx.actor, state.webhook().org_id())) {
    return Why(RefusalCode::kNotFound, "NO_WEBHOOK", "id");
  }
  return std::nullopt;
}

Decision ByOwner(Decision decision, const State& state, const Context& ctx) {
  for (const auto& grant : ctx.actor->grant()) {
    if (!IsManager(grant.role()) || grant.org_id() != state.webhook().org_id()) continue;
    decision.acted_as = grant.role();
    decision.acted_for_org = grant.org_id();
  }
  return decision;
}

Decision Owned(const State& state, const Command& command, const Context& ctx, const Rules& rules) {
  if (auto no = CheckOwner(state, ctx)) return Decision::Refuse(*std::move(no));
  const Webhook& webhook = state.webhook();
  Decision decision;
  switch (command.body_case()) {
    case Command::kSuspendWebhook:
      if (webhook.status() == v1::WEBHOOK_SUSPENDED) return No(RefusalCode::kWrongStatus, "WEBHOOK_STATUS");
      decision.Emit()->mutable_webhook_suspended()->set_reason("BY_OWNER");
      break;
    case Command::kResumeWebhook:
      if (auto no = CheckUrl(webhook.url(), rules)) return Decision::Refuse(*std::move(no));
      if (webhook.status() == v1::WEBHOOK_ACTIVE) return No(RefusalCode::kWrongStatus, "WEBHOOK_STATUS");
      decision.Emit()->mutable_webhook_resumed();
      break;
    case Command::kReplayWebhook:
      if (command.replay_webhook().after_sequence() > webhook.delivered_seq()) {
        return No(RefusalCode::kInvalid, "SEQUENCE", "after_sequence");
      }
      decision.Emit()->mutable_webhook_replayed()->set_after_seq(command.replay_webhook().after_sequence());
      break;
    case Command::kRotateSecret:
      decision.Emit()->mutable_secret_rotated()->set_old_until_ms(
          ctx.now_ms + rules.policy().webhook().old_secret_hours() * int64_t{3'600'000});
      break;
    default:
      decision.Emit()->mutable_webhook_deleted();
      break;
  }
  return ByOwner(std::move(decision), state, ctx);
}

int64_t DelayMs(int failures, uint64_t chance, const policy::v1::WebhookPolicy& policy) {
  const int64_t longest = policy.retry_max_seconds() * int64_t{1000};
  int64_t delay = policy.retry_first_seconds() * int64_t{1000};
  for (int i = 1; i < failures && delay < longest; ++i) delay *= 2;
  delay = std::min(delay, longest);
  return delay / 2 +
         static_cast<int64_t>(chance % static_cast<uint64_t>(delay / 2 + 1));  // so that not all come at once
}

// Its owner hears of it in the box of those who look after it.
v1::Heard SuspensionOf(const std::string& id, const Webhook& webhook, const Context& ctx) {
  v1::Heard heard;
  heard.set_source("notify");
  heard.set_service("notify");
  heard.set_seq(ctx.version);
  heard.set_topic("notify.webhook_suspended");
  heard.set_subject_id(id);
  heard.set_area_code(webhook.area_code());
  heard.set_level(base::LevelOf(webhook.area_code()));
  heard.set_recorded_at_ms(ctx.now_ms);
  auto* unit = heard.add_unit();
  unit->set_field("holder_org");
  unit->set_org_id(webhook.org_id());
  return heard;
}

Decision Suspend(const State& state, std::string_view reason, const Context& ctx, const Rules& rules) {
  Decision decision;
  decision.Emit()->mutable_webhook_suspended()->set_reason(std::string(reason));
  const std::string id(ctx.aggregate_id);
  TellOn(SuspensionOf(id, state.webhook(), ctx), ctx, rules, &decision);
  return decision;
}

Decision Fail(const v1::ReportFailure& report, const State& state, const Context& ctx, const Rules& rules) {
  const Webhook& webhook = state.webhook();
  const policy::v1::WebhookPolicy& policy = rules.policy().webhook();
  const int64_t since_ms = webhook.failures() == 0 ? ctx.now_ms : webhook.failing_since_ms();
  Decision decision;
  if (report.failure().http_status() == 410) {
    decision = Suspend(state, "GONE", ctx, rules);
  } else if (ctx.now_ms - since_ms >= policy.suspend_after_days() * int64_t{86'400'000}) {
    decision = Suspend(state, "UNREACHABLE", ctx, rules);
  }
  Event event;
  auto* failed = event.mutable_webhook_failed();
  *failed->mutable_failure() = report.failure();
  failed->mutable_failure()->set_at_ms(ctx.now_ms);
  failed->set_failures(webhook.failures() + 1);
  failed->set_failing_since_ms(since_ms);
  const int64_t asked_ms = std::clamp<int64_t>(report.retry_after_ms(), 0, kRetryAfterMaxMs);
  failed->set_next_attempt_ms(ctx.now_ms + std::max(asked_ms, DelayMs(webhook.failures() + 1, ctx.chance, policy)));
  decision.events.insert(decision.events.begin(), {"", std::move(event)});
  return decision;
}

// What the courier says of a webhook that was meanwhile suspended, replayed, deleted is late news.
Decision Reported(const State& state, const Command& command, const Context& ctx, const Rules& rules) {
  Decision decision;
  const Webhook& webhook = state.webhook();
  const auto is_late = [&](uint32_t round, v1::WebhookStatus status) {
    return !state.has_webhook() || round != webhook.round() || webhook.status() != status;
  };
  if (command.has_report_consent() && !is_late(command.report_consent().round(), v1::WEBHOOK_VALIDATING)) {
    decision.Emit()->mutable_webhook_accepted()->set_per_minute(command.report_consent().per_minute());
  } else if (command.has_report_delivered() && !is_late(command.report_delivered().round(), v1::WEBHOOK_ACTIVE)) {
    const auto& report = command.report_delivered();
    if (report.through_seq() <= webhook.delivered_seq()) return decision;
    auto* delivered = decision.Emit()->mutable_webhook_delivered();
    delivered->set_through_seq(report.through_seq());
    delivered->set_count(report.count());
  } else if (command.has_report_failure()) {
    const uint32_t round = command.report_failure().round();
    if (is_late(round, v1::WEBHOOK_VALIDATING) && is_late(round, v1::WEBHOOK_ACTIVE)) return decision;
    decision = Fail(command.report_failure(), state, ctx, rules);
  }
  decision.acted_as = kernel::v1::ROLE_SYS;
  return decision;
}

void EndFailing(Webhook* webhook) {
  webhook->clear_failures();
  webhook->clear_failing_since_ms();
  webhook->clear_next_attempt_ms();
}

// What is under way was sent by what was true before.
void BeginRound(Webhook* webhook) {
  webhook->set_round(webhook->round() + 1);
  EndFailing(webhook);
}

}  // namespace

std::string WebhookPrefix(std::string_view org) { return std::string(org) + "/"; }

bool MayManage(const kernel::v1::Actor& actor, std::string_view org) {
  return std::ranges::any_of(actor.grant(), [&](const kernel::v1::Grant& grant) {
    return IsManager(grant.role()) && !org.empty() && grant.org_id() == org;
  });
}

bool Wants(const Webhook& webhook, const v1::Heard& heard) {
  if (heard.source() == "notify") return false;  // of a webhook its own unit is told, in the box
  const bool topic = std::ranges::any_of(webhook.topic(), [&](const std::string& prefix) {
    return TopicCovers(prefix, heard.topic());
  });
  if (!topic || !base::Covers(webhook.area_code(), heard.area_code())) return false;
  if (heard.service() != "petition" || base::LevelOf(webhook.area_code()) >= heard.level()) return true;
  return UnitOf(heard) == webhook.org_id();
}

std::optional<Decision> DecideWebhook(const State& state, const Command& command, const Context& ctx,
                                      const Rules& rules) {
  switch (command.body_case()) {
    case Command::kOpenWebhook:
      return Open(command.open_webhook(), ctx, rules);
    case Command::kSuspendWebhook:
    case Command::kResumeWebhook:
    case Command::kReplayWebhook:
    case Command::kRotateSecret:
    case Command::kDeleteWebhook:
      return Owned(state, command, ctx, rules);
    case Command::kReportConsent:
    case Command::kReportDelivered:
    case Command::kReportFailure:
      if (!kernel::IsService(*ctx.actor)) return No(RefusalCode::kNotAllowed, "NOT_ALLOWED");
      return Reported(state, command, ctx, rules);
    default:
      return std::nullopt;
  }
}

void ApplyWebhook(const Event& event, int64_t now_ms, Webhook* webhook) {
  switch (event.body_case()) {
    case Event::kWebhookOpened:
      webhook->set_org_id(event.webhook_opened().org_id());
      webhook->set_area_code(event.webhook_opened().area_code());
      webhook->set_url(event.webhook_opened().url());
      *webhook->mutable_topic() = event.webhook_opened().topic();
      webhook->set_delivered_seq(event.webhook_opened().after_seq());
      webhook->set_status(v1::WEBHOOK_VALIDATING);
      webhook->set_secret_no(1);
      webhook->set_opened_at_ms(now_ms);
      return;
    case Event::kWebhookAccepted:
      webhook->set_status(v1::WEBHOOK_ACTIVE);
      webhook->set_per_minute(event.webhook_accepted().per_minute());
      EndFailing(webhook);
      return;
    case Event::kWebhookDelivered:
      webhook->set_delivered_seq(event.webhook_delivered().through_seq());
      webhook->set_delivered(webhook->delivered() + event.webhook_delivered().count());
      if (event.webhook_delivered().count() > 0) webhook->set_delivered_at_ms(now_ms);
      EndFailing(webhook);
      return;
    case Event::kWebhookFailed:
      *webhook->mutable_failure() = event.webhook_failed().failure();
      webhook->set_failures(event.webhook_failed().failures());
      webhook->set_failing_since_ms(event.webhook_failed().failing_since_ms());
      webhook->set_next_attempt_ms(event.webhook_failed().next_attempt_ms());
      return;
    case Event::kWebhookSuspended:
      webhook->set_status(v1::WEBHOOK_SUSPENDED);
      webhook->set_suspended_reason(event.webhook_suspended().reason());
      webhook->set_round(webhook->round() + 1);
      return;
    case Event::kWebhookResumed:
      webhook->set_status(v1::WEBHOOK_VALIDATING);
      webhook->clear_suspended_reason();
      BeginRound(webhook);
      return;
    case Event::kWebhookReplayed:
      webhook->set_delivered_seq(event.webhook_replayed().after_seq());
      BeginRound(webhook);
      return;
    case Event::kSecretRotated:
      webhook->set_secret_no(webhook->secret_no() + 1);
      webhook->set_old_secret_until_ms(event.secret_rotated().old_until_ms());
      return;
    case Event::kWebhookDeleted:
      webhook->set_status(v1::WEBHOOK_DELETED);
      BeginRound(webhook);
      return;
    default:
      return;
  }
}

std::vector<kernel::IndexEntry> IndexesOf(const Webhook& webhook) {
  if (webhook.status() == v1::WEBHOOK_DELETED) return {};
  std::vector<kernel::IndexEntry> entries = {{"webhook", WebhookPrefix(webhook.org_id())}};
  if (webhook.status() != v1::WEBHOOK_SUSPENDED) entries.push_back({"webhook_at_work", ""});
  return entries;
}

}  // namespace notify
