#pragma once
// Says who may connect (ZAP 1.0, ZeroMQ RFC 27): a CURVE key on the list, nobody else. One per context, own
// thread, started before any server socket is bound. Without it every handshake fails, because the sources
// enforce the domain. The user id it gives a connection is the key itself, in Z85: a service has two keys
// while they are changed, and taking one off the list must end its sessions only.

#include <cstdint>
#include <memory>
#include <thread>

#include "base/clock.h"
#include "base/metrics.h"
#include "services/bus/access.h"
#include "services/bus/zmq_socket.h"

namespace bus {

inline constexpr char kZapDomain[] = "esp";

class ZapHandler {
 public:
  // REQUIRES: the others outlive it; no other handler in this context.
  ZapHandler(const ZmqContext& context, AccessFile* access, const base::Clock* clock, base::Metrics* metrics);
  ~ZapHandler() { Stop(); }
  void Stop();

 private:
  void Run(std::stop_token stop);
  void Answer();

  AccessFile* const access_;
  const base::Clock* const clock_;
  base::Counter& accepted_;
  base::Counter& refused_;
  std::unique_ptr<ZmqSocket> socket_;
  WakeUp wake_;
  std::jthread thread_;
};

}  // namespace bus
