#include "services/notify/courier.h"

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
#include "services/notify/domain/address.h"

namespace notify {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;

constexpr char kNoAddress[] = "NO_ADDRESS";

Outlet::Request RequestOf(const Letter& letter) {
  Outlet::Request request(letter.asks ? http::verb::options : http::verb::post, "/", 11);
  for (const auto& [name, value] : letter.header) request.set(name, value);
  request.body() = letter.body;
  return request;
}

Reply ReplyOf(const absl::StatusOr<Outlet::Reply>& reply) {
  if (!reply.ok()) return {.why = std::string(reply.status().message())};
  const auto field = [&](std::string_view name) {
    return std::string((*reply)[boost::beast::string_view(name.data(), name.size())]);
  };
  return {.status = static_cast<int>(reply->result_int()),
          .allowed_origin = field("WebHook-Allowed-Origin"),
          .allowed_rate = field("WebHook-Allowed-Rate"),
          .retry_after = field("Retry-After")};
}

}  // namespace

// What one webhook's coroutine holds.
struct Courier::Round {
  Round(Courier& owner, const std::string& id)
      : errand(owner.read_, owner.secrets_, id), timer(owner.io_) {}
  Errand errand;
  asio::steady_timer timer;
  std::optional<Outlet> outlet;
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

Courier::Awaitable<void> Courier::Serve(std::string id) {
  Round round(*this, id);
  while (true) {
    Errand::Step step = round.errand.Next(clock_->NowMs());
    if (step.kind == Errand::Step::Kind::kOver) break;
    if (step.kind == Errand::Step::Kind::kWait) {
      co_await Pause(round, step.wait_ms);
    } else if (step.kind == Errand::Step::Kind::kTell) {
      const bool taken = co_await Tell(round, std::move(step.command));
      round.errand.OnTold(taken);
    } else {
      const Reply reply = co_await Send(round, std::move(step));
      round.errand.OnReply(reply, clock_->NowMs());
    }
  }
  sleeping_.erase(id);
}

Courier::Awaitable<Reply> Courier::Send(Round& round, Errand::Step step) {
  if (!round.outlet) {
    const auto url = ParseUrl(step.url);
    if (!url) co_return Reply{.why = kNoAddress};  // a build that knew another form of address wrote it
    const auto timeout = std::chrono::seconds(read_().Reference()->policy().webhook().timeout_seconds());
    round.outlet.emplace(io_, tls_, *url, Outlet::Settings{settings_.allowed, timeout});
  }
  const auto reply = co_await round.outlet->Send(RequestOf(step.letter));
  co_return ReplyOf(reply);
}

// Until it is on disk: the next step reads what came of it.
Courier::Awaitable<bool> Courier::Tell(Round& round, v1::Command command) {
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
  envelope.aggregate_id = round.errand.webhook_id();
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
  co_return answer->status->ok();
}

Courier::Awaitable<void> Courier::Pause(Round& round, int64_t ms) {
  boost::system::error_code ignored;
  round.timer.expires_after(std::chrono::milliseconds(std::max<int64_t>(ms, 1)));
  sleeping_[round.errand.webhook_id()] = &round.timer;
  co_await round.timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  sleeping_[round.errand.webhook_id()] = nullptr;
}

}  // namespace notify
