#include "services/notify/courier.h"

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/time/time.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <optional>
#include <utility>

#include "base/log.h"
#include "base/thread.h"
#include "services/notify/domain/webhooks.h"

namespace notify {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;

constexpr char kOrigin[] = "fengqiao";
constexpr int64_t kIdleMs = 60'000;  // longest sleep; whatever matters wakes earlier
constexpr int64_t kTryAgainMs = 1000;

v1::WebhookFailure Failure(uint64_t seq, int http_status, std::string code) {
  v1::WebhookFailure failure;
  failure.set_sequence(seq);
  failure.set_http_status(http_status);
  failure.set_code(std::move(code));
  return failure;
}

// Seconds, or a date (RFC 9110, 10.2.3).
int64_t RetryAfterMs(const Outlet::Reply& reply, int64_t now_ms) {
  const std::string text(reply[http::field::retry_after]);
  int64_t seconds = 0;
  if (absl::SimpleAtoi(text, &seconds)) return std::clamp<int64_t>(seconds, 0, 86'400) * 1000;
  absl::Time at;
  std::string error;
  if (!absl::ParseTime("%a, %d %b %Y %H:%M:%S GMT", text, &at, &error)) return 0;
  return std::max<int64_t>(absl::ToUnixMillis(at) - now_ms, 0);
}

bool IsTaken(unsigned status) { return status == 200 || status == 201 || status == 202 || status == 204; }

}  // namespace

// What one webhook's coroutine knows. `webhook` is as it was read at the beginning of a turn.
struct Courier::Round {
  Round(Courier& owner, std::string webhook_id) : id(std::move(webhook_id)), timer(owner.io_) {}
  std::string id;
  asio::steady_timer timer;
  v1::Webhook webhook;
  std::optional<Outlet> outlet;
  int64_t last_sent_ms = 0;
  uint64_t seen_seq = 0;    // looked at, of this round
  uint64_t done_seq = 0;    // delivered or not meant for it
  uint32_t unreported = 0;  // of these, delivered and not yet said
  uint32_t number = ~0u;    // of the round these belong to
};

Courier::Courier(Read read, kernel::CommandQueue* queue, const WebhookSecrets* secrets, const base::Clock* clock,
                 Settings settings)
    : read_(std::move(read)), queue_(queue), secrets_(secrets), clock_(clock), settings_(std::move(settings)) {}

absl::Status Courier::Start() {
  boost::system::error_code error;
  if (settings_.ca_file.empty()) {
    tls_.set_default_verify_paths(error);
  } else {
    tls_.load_verify_file(settings_.ca_file, error);
  }
  if (error) return absl::InvalidArgumentError("configuration, field `notify.ca_file`: cannot be read");
  tls_.set_verify_mode(asio::ssl::verify_peer);
  SSL_CTX_set_min_proto_version(tls_.native_handle(), TLS1_2_VERSION);
  asio::post(io_, [this] { Look(); });
  thread_ = base::StartThread("courier", [this] { io_.run(); });
  return absl::OkStatus();
}

void Courier::Wake() {
  asio::post(io_, [this] { Look(); });
}

void Courier::Stop() {
  if (stopped_) return;
  stopped_ = true;
  work_.reset();
  io_.stop();
  if (thread_.joinable()) thread_.join();
}

// Wakes who sleeps, and begins with webhooks that are new.
void Courier::Look() {
  for (auto& [id, timer] : sleeping_) {
    if (timer != nullptr) timer->cancel();
  }
  const auto page = read_().List("webhook_at_work", "", kernel::kPageMax);
  if (!page.ok()) {
    base::Log(base::kError, "the webhooks cannot be listed", {{"error", page.status().ToString()}});
    return;
  }
  for (const auto& item : page->items) {
    if (!sleeping_.emplace(item.aggregate_id, nullptr).second) continue;
    asio::co_spawn(io_, Serve(item.aggregate_id), asio::detached);
  }
}

Courier::Awaitable Courier::Serve(std::string id) {
  Round round(*this, id);
  while (true) {
    const auto stored = read_().Get(id);
    if (!stored.ok() || !*stored) break;
    round.webhook = (*stored)->state.webhook();
    const auto status = round.webhook.status();
    if (status != v1::WEBHOOK_VALIDATING && status != v1::WEBHOOK_ACTIVE) break;
    co_await Turn(round);
  }
  sleeping_.erase(id);
}

Courier::Awaitable Courier::Turn(Round& round) {
  if (round.number != round.webhook.round()) {  // resumed or replayed: from the place it says
    round.number = round.webhook.round();
    round.seen_seq = round.done_seq = round.webhook.delivered_seq();
    round.unreported = 0;
  }
  const int64_t wait_ms = round.webhook.next_attempt_ms() - clock_->NowMs();
  if (wait_ms > 0) {
    co_await Pause(round, std::min(wait_ms, kIdleMs));
    co_return;
  }
  if (!round.outlet) {
    const auto url = ParseUrl(round.webhook.url());
    if (!url) co_return co_await Pause(round, kIdleMs);  // a build that knew another form of address wrote it
    const auto timeout = std::chrono::seconds(read_().Reference()->policy().webhook().timeout_seconds());
    round.outlet.emplace(io_, tls_, *url, Outlet::Settings{settings_.allowed, timeout});
  }
  if (round.webhook.status() == v1::WEBHOOK_VALIDATING) {
    co_await Ask(round);
  } else {
    co_await Deliver(round);
  }
}

// CloudEvents, HTTP webhooks, section 4: nothing is sent to an address that has not agreed to it.
Courier::Awaitable Courier::Ask(Round& round) {
  const int per_minute = read_().Reference()->policy().webhook().per_minute();
  Outlet::Request request(http::verb::options, "/", 11);
  request.set("WebHook-Request-Origin", kOrigin);
  request.set("WebHook-Request-Rate", std::to_string(per_minute));
  const auto reply = co_await round.outlet->Send(std::move(request));
  if (!reply.ok()) {
    co_return co_await Fail(round, 0, 0, std::string(reply.status().message()), 0);
  }
  const std::string origin((*reply)["WebHook-Allowed-Origin"]), rate((*reply)["WebHook-Allowed-Rate"]);
  if (!IsTaken(reply->result_int()) || (origin != "*" && origin != kOrigin)) {
    const int64_t after_ms = RetryAfterMs(*reply, clock_->NowMs());
    co_return co_await Fail(round, 0, static_cast<int>(reply->result_int()), "NOT_CONSENTED", after_ms);
  }
  int allowed = per_minute, named = 0;
  if (absl::SimpleAtoi(rate, &named)) allowed = std::clamp(named, 1, per_minute);  // "*" or nothing: as was asked
  v1::Command command;
  command.mutable_report_consent()->set_round(round.number);
  command.mutable_report_consent()->set_per_minute(allowed);
  co_await Tell(round, std::move(command));
}

Courier::Awaitable Courier::Deliver(Round& round) {
  const auto reader = read_();
  const uint64_t until = std::min(reader.seq(), round.seen_seq + kScannedPerTurn);
  while (round.seen_seq < until) {
    const uint64_t seq = ++round.seen_seq;
    const auto record = reader.Record(seq);
    if (!record.ok()) co_return co_await Pause(round, kTryAgainMs);
    v1::Event event;
    const bool told = *record && (*record)->event_type() == "told" && event.ParseFromString((*record)->event());
    if (told && Wants(round.webhook, event.told().heard())) {
      // A petition that has left the lists since is not told any more, at a replay either.
      const auto matter = reader.Get((*record)->aggregate_id());
      const bool removed = matter.ok() && *matter && (*matter)->state.matter().removed() &&
                           event.told().heard().service() == "petition";
      if (!removed) {
        co_return co_await Post(round, seq, event.told());
      }
    }
    round.done_seq = seq;
  }
  if (round.unreported > 0) co_await Report(round);
  if (round.seen_seq >= read_().seq()) co_await Pause(round, kIdleMs);
}

// One notice, when the agreed rate allows it. 2xx: taken. Anything else comes again, and what follows waits.
Courier::Awaitable Courier::Post(Round& round, uint64_t seq, const v1::Told& told) {
  const int64_t apart_ms = 60'000 / std::max(round.webhook.per_minute(), 1);
  while (round.last_sent_ms + apart_ms > clock_->NowMs()) {
    co_await Pause(round, round.last_sent_ms + apart_ms - clock_->NowMs());
  }
  round.last_sent_ms = clock_->NowMs();
  const std::string timestamp = std::to_string(round.last_sent_ms / 1000);
  Outlet::Request request(http::verb::post, "/", 11);
  request.body() = CloudEventJson(told, seq);
  request.set(http::field::content_type, "application/cloudevents+json; charset=utf-8");
  request.set("WebHook-Request-Origin", kOrigin);
  request.set("webhook-id", told.heard().event_id());
  request.set("webhook-timestamp", timestamp);
  request.set("webhook-signature", secrets_->Signature(round.id, round.webhook, round.last_sent_ms,
                                                       told.heard().event_id(), timestamp, request.body()));
  const auto reply = co_await round.outlet->Send(std::move(request));
  if (reply.ok() && IsTaken(reply->result_int())) {
    round.done_seq = seq;
    if (++round.unreported >= kReportEvery || round.webhook.failures() > 0) co_await Report(round);
    co_return;
  }
  round.seen_seq = seq - 1;
  if (round.unreported > 0) co_await Report(round);
  if (!reply.ok()) co_return co_await Fail(round, seq, 0, std::string(reply.status().message()), 0);
  co_await Fail(round, seq, static_cast<int>(reply->result_int()), "STATUS", RetryAfterMs(*reply, clock_->NowMs()));
}

Courier::Awaitable Courier::Report(Round& round) {
  v1::Command command;
  command.mutable_report_delivered()->set_round(round.number);
  command.mutable_report_delivered()->set_through_seq(round.done_seq);
  command.mutable_report_delivered()->set_count(round.unreported);
  round.unreported = 0;
  co_await Tell(round, std::move(command));
}

Courier::Awaitable Courier::Fail(Round& round, uint64_t seq, int http_status, std::string code,
                                 int64_t retry_after_ms) {
  v1::Command command;
  auto* report = command.mutable_report_failure();
  report->set_round(round.number);
  report->set_retry_after_ms(retry_after_ms);
  *report->mutable_failure() = Failure(seq, http_status, std::move(code));
  co_await Tell(round, std::move(command));
}

// Until it is on disk: the next turn reads what came of it.
Courier::Awaitable Courier::Tell(Round& round, v1::Command command) {
  struct Answer {
    explicit Answer(asio::io_context& io) : timer(io, asio::steady_timer::time_point::max()) {}
    asio::steady_timer timer;
    std::optional<absl::Status> status;
  };
  auto answer = std::make_shared<Answer>(io_);
  const auto* body = v1::Command::descriptor()->FindFieldByNumber(static_cast<int>(command.body_case()));
  kernel::Envelope envelope;
  envelope.command_name = body->name();
  envelope.command = std::make_unique<v1::Command>(std::move(command));
  envelope.aggregate_id = round.id;
  envelope.actor.set_service(std::string(NotifyDomain::kService));
  envelope.done = [this, answer](const kernel::Outcome& outcome) {
    asio::post(io_, [answer, status = outcome.status] {
      answer->status = status;
      answer->timer.cancel();
    });
  };
  queue_->Submit(std::move(envelope));
  boost::system::error_code ignored;
  while (!answer->status) {
    co_await answer->timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
  if (!answer->status->ok()) co_await Pause(round, kTryAgainMs);
}

Courier::Awaitable Courier::Pause(Round& round, int64_t ms) {
  boost::system::error_code ignored;
  round.timer.expires_after(std::chrono::milliseconds(std::max<int64_t>(ms, 1)));
  sleeping_[round.id] = &round.timer;
  co_await round.timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  sleeping_[round.id] = nullptr;
}

}  // namespace notify
