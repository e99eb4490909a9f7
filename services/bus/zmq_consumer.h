#pragma once
// A Consumer behind a ZeroMQ DEALER with CURVE. One thread owns socket, monitor and state machine; the inbox
// answers from any thread through a mailbox. A refused key does not come back by itself in libzmq: the socket
// is made anew, with back-off, until the key is on the list.

#include <absl/base/thread_annotations.h>
#include <absl/status/statusor.h>
#include <absl/synchronization/mutex.h>

#include <cstdint>
#include <memory>
#include <string>
#include <thread>

#include "base/clock.h"
#include "base/metrics.h"
#include "base/random.h"
#include "services/bus/bus_metrics.h"
#include "services/bus/consumer.h"
#include "services/bus/zmq_socket.h"

namespace bus {

struct ZmqConsumerOptions {
  std::string endpoint;    // "tcp://incident:7101"
  std::string server_key;  // Z85, the only one this endpoint may have
  std::string secret_key;  // Z85, ours
  ConsumerOptions consumer;
};

class ZmqConsumer {
 public:
  struct Snapshot {
    std::string source;
    ConsumerStatus status;
    int64_t level_at_ms = 0;  // wall clock when nothing was left to apply, as last heard; 0: not since the start
    uint64_t sockets = 0;  // made so far
    uint64_t handshakes_failed = 0;
  };

  static absl::StatusOr<std::unique_ptr<ZmqConsumer>> Start(const ZmqContext& context,
                                                            const ZmqConsumerOptions& options,
                                                            kernel::EventInbox* inbox,
                                                            const base::Clock* clock, base::Metrics* metrics,
                                                            uint64_t seed);
  ~ZmqConsumer();

  // Waits for the Apply under way, says goodbye, joins.
  void Stop();
  Snapshot Status() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  class Dealer;
  struct Mailbox;

  ZmqConsumer(const ZmqContext& context, const ZmqConsumerOptions& options, kernel::EventInbox* inbox,
              const base::Clock* clock, base::Metrics* metrics, uint64_t seed);
  void Run(std::stop_token stop);
  void OpenSocket();
  void CloseSocket(int64_t again_at_ms);
  void ReadFrames(int64_t now_ms);
  void ReadMonitor(int64_t now_ms);
  void OnHandshakeFailed(bool refused, int64_t now_ms);
  void ReadMailbox(int64_t now_ms);
  void WaitForWork(int64_t due_ms);
  void Finish();
  void Publish();
  int64_t NowMs() const { return clock_->SteadyUs() / 1000; }

  const ZmqContext& context_;
  const ZmqConsumerOptions options_;
  const base::Clock* const clock_;
  const std::shared_ptr<Mailbox> mailbox_;  // shared with the callbacks of the inbox, which may outlive us
  LogJournal journal_;
  ConsumerMetrics consumer_metrics_;
  base::Random random_;
  std::unique_ptr<Dealer> dealer_;
  Consumer consumer_;
  std::unique_ptr<ZmqMonitor> monitor_;
  int64_t socket_at_ms_ = 0;  // when to make a socket again
  int64_t backoff_ms_ = 0;
  int failures_in_row_ = 0;
  bool connected_before_ = false;
  int64_t published_ms_ = 0;
  Snapshot counted_;

  mutable absl::Mutex mutex_;
  Snapshot snapshot_ ABSL_GUARDED_BY(mutex_);
  std::jthread thread_;
};

}  // namespace bus
