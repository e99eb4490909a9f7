#pragma once
// A page for Prometheus and for whoever looks after the process: GET /metrics and GET /healthz over HTTP/1.0, one
// connection at a time on one thread, meant for loopback. Requests and waits are bounded; nothing can be changed here.

#include <absl/status/statusor.h>

#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "base/metrics.h"

namespace rpc {

class MetricsPage {
 public:
  // `healthy` answers /healthz: empty for yes, else why not. Both outlive the page.
  static absl::StatusOr<std::unique_ptr<MetricsPage>> Open(const std::string& listen, const base::Metrics& metrics,
                                                           std::function<std::string()> healthy);
  ~MetricsPage();
  MetricsPage(const MetricsPage&) = delete;
  MetricsPage& operator=(const MetricsPage&) = delete;
  int port() const { return port_; }

 private:
  MetricsPage(int listener, int wake, int port, const base::Metrics& metrics, std::function<std::string()> healthy);
  void Run();
  void Answer(int connection);
  std::string Page(const std::string& request) const;

  const int listener_;
  const int wake_;
  const int port_;
  const base::Metrics& metrics_;
  const std::function<std::string()> healthy_;
  std::jthread thread_;
};

}  // namespace rpc
