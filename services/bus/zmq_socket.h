#pragma once
// libzmq with ownership: a context, a socket that belongs to one thread, its monitor, and an eventfd to wake
// a poll. A socket used from another thread than its owner's is our mistake: CHECK, because libzmq would
// corrupt itself.

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/thread.h"
#include "services/bus/transport.h"

namespace bus {

class ZmqContext {
 public:
  ZmqContext();
  ~ZmqContext();  // blocks until every socket is closed and has lingered
  ZmqContext(const ZmqContext&) = delete;
  ZmqContext& operator=(const ZmqContext&) = delete;
  void* get() const { return context_; }

 private:
  void* const context_;
};

// A message as received: its parts, at most kPartsKept of them, and who the transport says sent it.
struct ZmqMessage {
  static constexpr size_t kPartsKept = 2;
  std::vector<std::string> parts;
  size_t part_count = 0;
  std::string user;  // ZAP User-Id; empty without one
};

class ZmqSocket {
 public:
  ZmqSocket(const ZmqContext& context, int type);
  ~ZmqSocket();
  ZmqSocket(const ZmqSocket&) = delete;
  ZmqSocket& operator=(const ZmqSocket&) = delete;

  void Set(int option, int value);
  void Set(int option, int64_t value);
  void Set(int option, const std::string& text);
  absl::Status Bind(const std::string& endpoint);
  absl::Status Connect(const std::string& endpoint);
  std::string LastEndpoint();

  // Never blocks. `route` empty: one part.
  SendResult Send(std::string_view route, std::string_view bytes);
  bool SendParts(const std::vector<std::string_view>& parts);
  // Never blocks; false: nothing there.
  bool Receive(ZmqMessage* message);

  // Hands the socket to the next thread that uses it. The caller starts that thread afterwards.
  void GiveAway() { owner_.Release(); }
  void* get();

 private:
  void* const socket_;
  base::ThreadChecker owner_;
};

// What happens on the connections of one socket. Same thread as the socket.
class ZmqMonitor {
 public:
  struct Event {
    uint16_t what = 0;  // ZMQ_EVENT_…
    uint32_t value = 0;
  };
  ZmqMonitor(const ZmqContext& context, ZmqSocket* watched);
  ~ZmqMonitor();
  std::optional<Event> Next();
  void* get() { return pair_.get(); }
  void GiveAway() { pair_.GiveAway(); }

 private:
  ZmqSocket* const watched_;
  ZmqSocket pair_;
};

// Any thread may set it; the owner polls fd() and clears.
class WakeUp {
 public:
  WakeUp();
  ~WakeUp();
  WakeUp(const WakeUp&) = delete;
  WakeUp& operator=(const WakeUp&) = delete;
  void Set() const;
  void Clear() const;
  int fd() const { return fd_; }

 private:
  const int fd_;
};

// Waits until one of the sockets or the wake-up is readable, or `writable` (may be null) takes a message.
void WaitFor(const std::vector<void*>& readable, void* writable, const WakeUp& wake, int64_t timeout_ms);

// CURVE, heartbeats, keepalive, limits: what both ends have in common.
void SetCommonOptions(ZmqSocket* socket);

}  // namespace bus
