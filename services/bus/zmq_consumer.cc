#include "services/bus/zmq_consumer.h"

#include <zmq.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/log.h"
#include "base/status_macros.h"
#include "services/bus/curve_keys.h"
#include "services/bus/limits.h"
#include "services/bus/read_turn.h"

namespace bus {

struct ZmqConsumer::Mailbox {
  struct Applied {
    uint64_t token = 0;
    absl::Status status;
  };
  void Put(uint64_t token, absl::Status status) {
    {
      absl::MutexLock lock(&mutex);
      applied.push_back({token, std::move(status)});
    }
    wake.Set();
  }
  std::vector<Applied> Take() {
    absl::MutexLock lock(&mutex);
    return std::exchange(applied, {});
  }

  WakeUp wake;
  absl::Mutex mutex;
  std::vector<Applied> applied ABSL_GUARDED_BY(mutex);  // at most one: one Apply is under way at a time
};

// Without a socket every send would block. Reconnect only takes a note: the machine must not lose its socket
// while it is being called.
class ZmqConsumer::Dealer final : public Transport {
 public:
  SendResult Send(std::string_view, std::string_view bytes) override {
    return socket == nullptr ? SendResult::kWouldBlock : socket->Send({}, bytes);
  }
  void Reconnect() override { reconnect = true; }

  std::unique_ptr<ZmqSocket> socket;
  bool reconnect = false;
};

absl::StatusOr<std::unique_ptr<ZmqConsumer>> ZmqConsumer::Start(const ZmqContext& context,
                                                                const ZmqConsumerOptions& options,
                                                                kernel::EventInbox* inbox,
                                                                const base::Clock* clock,
                                                                base::Metrics* metrics, uint64_t seed) {
  if (!IsCurveKey(options.server_key)) {
    return absl::InvalidArgumentError("cannot follow " + options.consumer.source +
                                      ": its public key is not a Z85 key");
  }
  RETURN_IF_ERROR(PublicKeyOf(options.secret_key).status());
  {
    ZmqSocket trial(context, ZMQ_DEALER);  // a wrong address is a mistake of the configuration: said at once
    trial.Set(ZMQ_LINGER, 0);
    RETURN_IF_ERROR(trial.Connect(options.endpoint));
  }
  std::unique_ptr<ZmqConsumer> consumer(new ZmqConsumer(context, options, inbox, clock, metrics, seed));
  consumer->thread_ = base::StartThread("bus-" + options.consumer.source,
                                        [raw = consumer.get()](std::stop_token stop) { raw->Run(stop); });
  return consumer;
}

ZmqConsumer::ZmqConsumer(const ZmqContext& context, const ZmqConsumerOptions& options,
                         kernel::EventInbox* inbox, const base::Clock* clock, base::Metrics* metrics,
                         uint64_t seed)
    : context_(context),
      options_(options),
      clock_(clock),
      mailbox_(std::make_shared<Mailbox>()),
      consumer_metrics_(metrics, options.consumer.source),
      random_(seed),
      dealer_(std::make_unique<Dealer>()),
      consumer_(
          options.consumer, inbox, dealer_.get(),
          [mailbox = mailbox_](uint64_t token, absl::Status status) {
            mailbox->Put(token, std::move(status));
          },
          random_.Next(), &journal_) {}

ZmqConsumer::~ZmqConsumer() { Stop(); }

void ZmqConsumer::OpenSocket() {
  auto socket = std::make_unique<ZmqSocket>(context_, ZMQ_DEALER);
  socket->Set(ZMQ_LINGER, 0);
  socket->Set(ZMQ_IMMEDIATE, 1);
  socket->Set(ZMQ_SNDTIMEO, limits::kConsumerSendMs);
  socket->Set(ZMQ_RCVHWM, limits::kReceivePipeAtConsumer);
  socket->Set(ZMQ_MAXMSGSIZE, limits::kFrameBytesToConsumer);
  socket->Set(ZMQ_RECONNECT_IVL, limits::kReconnectMs);
  socket->Set(ZMQ_RECONNECT_IVL_MAX, limits::kReconnectMsMax);
  SetCommonOptions(socket.get());
  const absl::StatusOr<std::string> public_key = PublicKeyOf(options_.secret_key);
  CHECK(public_key.ok());  // Start has looked
  socket->Set(ZMQ_CURVE_SERVERKEY, options_.server_key);
  socket->Set(ZMQ_CURVE_PUBLICKEY, *public_key);
  socket->Set(ZMQ_CURVE_SECRETKEY, options_.secret_key);
  monitor_ = std::make_unique<ZmqMonitor>(context_, socket.get());
  if (const absl::Status connected = socket->Connect(options_.endpoint); !connected.ok()) {
    base::Log(base::kError, "event stream",
              {{"peer", options_.consumer.source}, {"what", connected.ToString()}});
  }
  connected_before_ = false;
  ++counted_.sockets;
  dealer_->socket = std::move(socket);
}

void ZmqConsumer::CloseSocket(int64_t again_at_ms) {
  monitor_.reset();
  dealer_->socket.reset();
  dealer_->reconnect = false;
  socket_at_ms_ = again_at_ms;
}

void ZmqConsumer::Run(std::stop_token stop) {
  int64_t due_ms = 0;
  while (!stop.stop_requested()) {
    if (dealer_->socket == nullptr && NowMs() >= socket_at_ms_) OpenSocket();
    if (due_ms > NowMs()) Publish();
    WaitForWork(due_ms);
    const int64_t now_ms = NowMs();
    ReadMailbox(now_ms);
    ReadMonitor(now_ms);
    ReadFrames(now_ms);
    due_ms = consumer_.OnTick(NowMs());
    if (dealer_->reconnect) CloseSocket(NowMs());
    if (now_ms - published_ms_ >= limits::kPublishMs) Publish();
  }
  Finish();
}

void ZmqConsumer::WaitForWork(int64_t due_ms) {
  int64_t timeout_ms = due_ms - NowMs();
  std::vector<void*> readable;
  void* writable = nullptr;
  if (dealer_->socket != nullptr) {
    readable = {dealer_->socket->get(), monitor_->get()};
    if (consumer_.WaitsForTransport()) writable = dealer_->socket->get();
  } else {
    timeout_ms = std::min(timeout_ms, socket_at_ms_ - NowMs());
  }
  WaitFor(readable, writable, mailbox_->wake, timeout_ms);
  mailbox_->wake.Clear();
}

void ZmqConsumer::ReadMailbox(int64_t now_ms) {
  for (Mailbox::Applied& applied : mailbox_->Take())
    consumer_.OnApplied(applied.token, applied.status, now_ms);
}

void ZmqConsumer::ReadFrames(int64_t now_ms) {
  ZmqMessage message;
  ReadTurn turn(now_ms);
  while (turn.Next(NowMs())) {
    if (dealer_->socket == nullptr || !dealer_->socket->Receive(&message)) return;
    if (message.part_count == 1) {
      consumer_.OnFrame(message.parts[0], now_ms);
    } else {
      consumer_.OnBadMessage();
    }
  }
}

void ZmqConsumer::ReadMonitor(int64_t now_ms) {
  while (monitor_ != nullptr) {
    const auto event = monitor_->Next();
    if (!event) return;
    switch (event->what) {
      case ZMQ_EVENT_HANDSHAKE_SUCCEEDED:
        backoff_ms_ = 0;
        failures_in_row_ = 0;
        // libzmq has come back by itself. The source knows us no more if it was restarted: asking shows it at
        // once.
        if (std::exchange(connected_before_, true)) consumer_.Probe(now_ms);
        break;
      case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH:
        OnHandshakeFailed(true, now_ms);
        break;
      case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL:
      case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL:
        OnHandshakeFailed(false, now_ms);
        break;
      default:
        break;
    }
  }
}

void ZmqConsumer::OnHandshakeFailed(bool refused, int64_t now_ms) {
  ++counted_.handshakes_failed;
  ++failures_in_row_;
  const bool alarm = refused || failures_in_row_ >= limits::kHandshakeFailuresAlarm;
  consumer_.OnConnectionLost(refused ? "the source refuses our key" : "the handshake fails", alarm, now_ms);
  backoff_ms_ = std::clamp(backoff_ms_ * 2, limits::kBackoffFirstMs, limits::kBackoffMaxMs);
  CloseSocket(now_ms + backoff_ms_ / 2 +
              static_cast<int64_t>(random_.Below(static_cast<uint64_t>(backoff_ms_ / 2 + 1))));
}

// The last Apply is waited for: its effect is durable or not, and the log says which.
void ZmqConsumer::Finish() {
  consumer_.BeginStop();
  const int64_t until_ms = NowMs() + limits::kStopApplyMs;
  while (!consumer_.Idle() && NowMs() < until_ms) {
    WaitFor({}, nullptr, mailbox_->wake, until_ms - NowMs());
    mailbox_->wake.Clear();
    ReadMailbox(NowMs());
  }
  if (dealer_->socket != nullptr) dealer_->socket->Set(ZMQ_LINGER, limits::kCloseLingerMs);
  consumer_.Close();
  CloseSocket(0);
  Publish();
}

void ZmqConsumer::Publish() {
  published_ms_ = NowMs();
  counted_.source = options_.consumer.source;
  counted_.status = consumer_.status();
  if (counted_.status.phase == Phase::kStreaming && counted_.status.lag() == 0) counted_.level_at_ms = clock_->NowMs();
  consumer_metrics_.Publish(counted_.status);
  absl::MutexLock lock(&mutex_);
  snapshot_ = counted_;
}

void ZmqConsumer::Stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  mailbox_->wake.Set();
  thread_.join();
}

ZmqConsumer::Snapshot ZmqConsumer::Status() const {
  absl::MutexLock lock(&mutex_);
  return snapshot_;
}

}  // namespace bus
