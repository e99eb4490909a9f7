#include "services/bus/zmq_source.h"

#include <absl/strings/str_cat.h>
#include <zmq.h>

#include <utility>

#include "base/log.h"
#include "base/status_macros.h"
#include "services/bus/limits.h"
#include "services/bus/read_turn.h"
#include "services/bus/zap.h"

namespace bus {
namespace {

// ZMQ_ZAP_ENFORCE_DOMAIN: libzmq 4.3.4 takes it in every build, but zmq.h names it only for draft builds.
// Without it a missing ZAP handler lets everybody in; a test stops the handler and sees the door shut.
constexpr int kZapEnforceDomain = 93;

}  // namespace

class ZmqSource::Router final : public Transport {
 public:
  explicit Router(ZmqSocket* socket) : socket_(socket) {}
  SendResult Send(std::string_view route, std::string_view bytes) override {
    return socket_->Send(route, bytes);
  }

 private:
  ZmqSocket* const socket_;
};

absl::StatusOr<std::unique_ptr<ZmqSource>> ZmqSource::Start(const ZmqContext& context,
                                                            const ZmqSourceOptions& options,
                                                            const kernel::EventLog* log, AccessFile* access,
                                                            const base::Clock* clock, base::Metrics* metrics,
                                                            uint64_t seed) {
  std::unique_ptr<ZmqSource> source(new ZmqSource(context, options, log, access, clock, metrics, seed));
  RETURN_IF_ERROR(source->Open(options, context));
  source->thread_ =
      base::StartThread("bus-source", [raw = source.get()](std::stop_token stop) { raw->Run(stop); });
  return source;
}

ZmqSource::ZmqSource(const ZmqContext& context, const ZmqSourceOptions& options, const kernel::EventLog* log,
                     AccessFile* access, const base::Clock* clock, base::Metrics* metrics, uint64_t seed)
    : access_(access),
      clock_(clock),
      source_metrics_(metrics),
      handshakes_failed_(
          metrics->AddCounter("esp_source_handshakes_failed_total", "connections that did not get in")),
      socket_(std::make_unique<ZmqSocket>(context, ZMQ_ROUTER)),
      transport_(std::make_unique<Router>(socket_.get())),
      source_(options.source, log, transport_.get(), access->Current(), seed, &journal_),
      access_version_(access->version()) {}

absl::Status ZmqSource::Open(const ZmqSourceOptions& options, const ZmqContext& context) {
  socket_->Set(ZMQ_LINGER, limits::kSourceLingerMs);
  socket_->Set(ZMQ_ROUTER_MANDATORY, 1);
  socket_->Set(ZMQ_ROUTER_HANDOVER, 0);
  socket_->Set(ZMQ_RCVHWM, limits::kReceivePipeAtSource);
  socket_->Set(ZMQ_MAXMSGSIZE, limits::kFrameBytesToSource);
  socket_->Set(ZMQ_BACKLOG, limits::kBacklog);
  SetCommonOptions(socket_.get());
  socket_->Set(ZMQ_CURVE_SERVER, 1);
  socket_->Set(ZMQ_CURVE_SECRETKEY, options.secret_key);
  socket_->Set(ZMQ_ZAP_DOMAIN, std::string(kZapDomain));
  socket_->Set(kZapEnforceDomain, 1);
  monitor_ = std::make_unique<ZmqMonitor>(context, socket_.get());
  RETURN_IF_ERROR(socket_->Bind(options.listen));
  endpoint_ = socket_->LastEndpoint();
  socket_->GiveAway();
  monitor_->GiveAway();
  return absl::OkStatus();
}

void ZmqSource::Run(std::stop_token stop) {
  int64_t due_ms = 0;
  while (!stop.stop_requested()) {
    if (due_ms > NowMs()) Publish();  // about to rest
    WaitFor({socket_->get(), monitor_->get()}, nullptr, wake_, due_ms - NowMs());
    wake_.Clear();
    ReadMonitor();
    ReadFrames();
    const int64_t now_ms = NowMs();
    RefreshAccess(now_ms);
    due_ms = source_.OnTick(now_ms);
    if (now_ms - published_ms_ >= limits::kPublishMs) Publish();
  }
  source_.OnTick(NowMs());  // what is durable goes out once more, then everybody is told to come back later
  source_.Drain();
  Publish();
  WaitForFarewells();
  monitor_.reset();
  socket_.reset();
}

// A TCP connection that is closed with something unread in its buffer is reset, and what was sent last is lost with
// it: here the words that the source is stopping, if its consumer was just granting credit. So the door stays open a
// moment longer.
void ZmqSource::WaitForFarewells() {
  const int64_t until_ms = NowMs() + limits::kFarewellMs;
  wake_.Clear();
  while (!connected_.empty() && NowMs() < until_ms) {
    WaitFor({monitor_->get()}, nullptr, wake_, until_ms - NowMs());
    ReadMonitor();
  }
}

void ZmqSource::ReadFrames() {
  ZmqMessage message;
  ReadTurn turn(NowMs());
  while (turn.Next(NowMs()) && socket_->Receive(&message)) {
    if (message.part_count != 2) {
      source_.OnBadMessage();
      continue;
    }
    source_.OnFrame({message.parts[0], message.user}, message.parts[1], NowMs());
  }
}

// For people only: no decision of the protocol depends on it.
void ZmqSource::ReadMonitor() {
  while (const auto event = monitor_->Next()) {
    switch (event->what) {
      case ZMQ_EVENT_ACCEPTED:
        connected_.insert(event->value);
        break;
      case ZMQ_EVENT_HANDSHAKE_SUCCEEDED:
        ++counted_.connections;
        break;
      case ZMQ_EVENT_DISCONNECTED:
        connected_.erase(event->value);
        ++counted_.disconnections;
        break;
      case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL:
      case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL:
      case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH:
        ++counted_.handshakes_failed;
        handshakes_failed_.Add();
        base::Log(base::kWarning, "handshake failed", {{"event", event->what}, {"value", event->value}});
        break;
      default:
        break;
    }
  }
}

void ZmqSource::RefreshAccess(int64_t now_ms) {
  if (now_ms - access_checked_ms_ >= limits::kAccessCheckMs) {
    access_checked_ms_ = now_ms;
    if (const auto refreshed = access_->Refresh(clock_->NowMs()); !refreshed.ok()) {
      base::Log(base::kError, "access list not read again",
                {{"why", std::string(refreshed.status().message())}});
    }
  }
  if (const uint64_t version = access_->version(); version != access_version_) {
    access_version_ = version;
    source_.SetAccess(access_->Current());
  }
}

void ZmqSource::Publish() {
  published_ms_ = NowMs();
  counted_.status = source_.status();
  counted_.sessions = source_.Sessions();
  source_metrics_.Publish(counted_.status, counted_.sessions);
  absl::MutexLock lock(&mutex_);
  snapshot_ = counted_;
}

void ZmqSource::Stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  wake_.Set();
  thread_.join();
}

ZmqSource::Snapshot ZmqSource::Status() const {
  absl::MutexLock lock(&mutex_);
  return snapshot_;
}

}  // namespace bus
