#pragma once
// The bus of one process: one context, one source if it has a log, one consumer for each service it follows.
// Start and Stop: one thread. Wake and Status: any thread.

#include <absl/status/statusor.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/metrics.h"
#include "services/bus/access.h"
#include "services/bus/zap.h"
#include "services/bus/zmq_consumer.h"
#include "services/bus/zmq_source.h"

namespace bus {

struct Subscription {
  std::string endpoint;    // "tcp://127.0.0.1:7101"
  std::string server_key;  // public key of the source, Z85
  ConsumerOptions consumer;
};

struct BusOptions {
  std::string secret_key_file;  // CURVE secret of this process
  std::string listen;           // empty: nothing is served
  std::string access_file;      // bus.v1.AccessList as text; needed with `listen`
  SourceOptions source;
  std::vector<Subscription> subscriptions;
};

class Bus {
 public:
  // `log` may be null without `listen`; `inbox` without subscriptions. Everything given outlives the bus.
  static absl::StatusOr<std::unique_ptr<Bus>> Start(const BusOptions& options, const kernel::EventLog* log,
                                                    kernel::EventInbox* inbox, const base::Clock* clock,
                                                    base::Metrics* metrics);
  ~Bus() { Stop(); }

  void Wake();  // the log has grown
  // First the consumers, so that no new work comes in; then the source, which sends what is durable and says
  // goodbye.
  void Stop();
  std::string endpoint() const { return source_ == nullptr ? "" : source_->endpoint(); }
  std::optional<ZmqSource::Snapshot> SourceState() const;
  std::vector<ZmqConsumer::Snapshot> ConsumerStates() const;

 private:
  Bus() = default;
  absl::Status Serve(const BusOptions& options, const std::string& secret_key, const kernel::EventLog* log,
                     const base::Clock* clock, base::Metrics* metrics);

  ZmqContext context_;  // terminated last
  std::unique_ptr<AccessFile> access_;
  std::unique_ptr<ZapHandler> zap_;
  std::unique_ptr<ZmqSource> source_;
  std::vector<std::unique_ptr<ZmqConsumer>> consumers_;
};

}  // namespace bus
