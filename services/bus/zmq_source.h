#pragma once
// A Source behind a ZeroMQ ROUTER with CURVE. One thread owns socket, monitor and state machine; other
// threads only wake it, read the snapshot of its status, or stop it.

#include <absl/base/thread_annotations.h>
#include <absl/status/statusor.h>
#include <absl/synchronization/mutex.h>

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/metrics.h"
#include "services/bus/access.h"
#include "services/bus/bus_metrics.h"
#include "services/bus/journal.h"
#include "services/bus/source.h"
#include "services/bus/zmq_socket.h"

namespace bus {

struct ZmqSourceOptions {
  std::string listen;      // "tcp://127.0.0.1:7101", port 0 picks a free one
  std::string secret_key;  // Z85
  SourceOptions source;
};

class ZmqSource {
 public:
  struct Snapshot {
    SourceStatus status;
    std::vector<SessionInfo> sessions;
    uint64_t handshakes_failed = 0;
    uint64_t connections = 0;  // handshakes that succeeded
    uint64_t disconnections = 0;
  };

  // The ZapHandler of the context is running already. The pointers outlive the source.
  static absl::StatusOr<std::unique_ptr<ZmqSource>> Start(const ZmqContext& context,
                                                          const ZmqSourceOptions& options,
                                                          const kernel::EventLog* log, AccessFile* access,
                                                          const base::Clock* clock, base::Metrics* metrics,
                                                          uint64_t seed);
  ~ZmqSource() { Stop(); }

  void Wake() { wake_.Set(); }  // the log has grown; any thread
  void Stop();                  // tells the consumers, closes the socket, joins
  const std::string& endpoint() const { return endpoint_; }
  Snapshot Status() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  class Router;

  ZmqSource(const ZmqContext& context, const ZmqSourceOptions& options, const kernel::EventLog* log,
            AccessFile* access, const base::Clock* clock, base::Metrics* metrics, uint64_t seed);
  absl::Status Open(const ZmqSourceOptions& options, const ZmqContext& context);
  void Run(std::stop_token stop);
  void ReadFrames();
  void ReadMonitor();
  void WaitForFarewells();
  void RefreshAccess(int64_t now_ms);
  void Publish();
  int64_t NowMs() const { return clock_->SteadyUs() / 1000; }

  AccessFile* const access_;
  const base::Clock* const clock_;
  WakeUp wake_;
  std::string endpoint_;
  LogJournal journal_;
  SourceMetrics source_metrics_;
  base::Counter& handshakes_failed_;
  std::unique_ptr<ZmqSocket> socket_;
  std::unique_ptr<ZmqMonitor> monitor_;
  std::unique_ptr<Transport> transport_;
  Source source_;
  uint64_t access_version_ = 0;
  int64_t access_checked_ms_ = 0, published_ms_ = 0;
  Snapshot counted_;
  std::set<int64_t> connected_;  // file descriptors

  mutable absl::Mutex mutex_;
  Snapshot snapshot_ ABSL_GUARDED_BY(mutex_);
  std::jthread thread_;
};

}  // namespace bus
