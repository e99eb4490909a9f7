#pragma once
// What the state machines of ESP/1 ask of whatever carries their frames. Implementations: zmq_source,
// zmq_consumer, memory_transport. Called on the owner's thread only; never blocks; may lose frames, never
// changes them.

#include <string_view>

namespace bus {

enum class SendResult {
  kSent,         // taken over; it may still be lost
  kWouldBlock,   // the peer's pipe is full, or there is no connection yet
  kUnreachable,  // no such peer any more
};

class Transport {
 public:
  virtual ~Transport() = default;
  // `route` is where a frame came from (source) or ignored, there being one peer (consumer).
  virtual SendResult Send(std::string_view route, std::string_view bytes) = 0;
  // Consumer only: give up this connection and make a new one. Frames under way are lost.
  virtual void Reconnect() {}
};

}  // namespace bus
