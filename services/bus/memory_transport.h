#pragma once
// A network in memory, in virtual time, with weather: the simulator and the tests run Source and Consumer
// over it. The same seed gives the same losses. One thread. Nothing is delivered inside Send: the owner calls
// Deliver.
//
// It behaves as ROUTER and DEALER do: connections come back by themselves under a new route, frames to a
// route that is gone are kUnreachable, a full pipe or a missing peer is kWouldBlock.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "base/random.h"
#include "services/bus/source.h"
#include "services/bus/transport.h"

namespace bus {

struct Weather {
  double drop = 0;  // chances, per frame
  double duplicate = 0;
  double reorder = 0;  // this frame may be overtaken
  int64_t delay_ms_min = 0;
  int64_t delay_ms_max = 0;
  size_t pipe_frames = 64;  // under way in one direction of a connection; beyond: kWouldBlock
  bool deliver_stale =
      false;  // frames of a connection that is gone still arrive, as they can after a reconnect
};

class MemoryNetwork {
 public:
  using ReceiveAtSource = std::function<void(const Sender& sender, std::string_view bytes)>;
  using ReceiveAtConsumer = std::function<void(std::string_view bytes)>;

  explicit MemoryNetwork(uint64_t seed) : random_(seed) {}
  MemoryNetwork(const MemoryNetwork&) = delete;
  MemoryNetwork& operator=(const MemoryNetwork&) = delete;

  // A port leaves the network when it is destroyed. REQUIRES: no other source of that name is bound.
  std::unique_ptr<Transport> Bind(std::string source, ReceiveAtSource receive);
  std::unique_ptr<Transport> Connect(std::string source, std::string user, ReceiveAtConsumer receive);

  // Sees every frame that is sent, also those that are lost.
  void SetTap(std::function<void(std::string_view bytes)> tap) { tap_ = std::move(tap); }
  void SetWeather(const Weather& weather) { weather_ = weather; }
  // Frames between `user` and `source` vanish without a word, both ways, until Heal.
  void Cut(std::string source, std::string user) { cut_.emplace(std::move(source), std::move(user)); }
  void Heal(const std::string& source, const std::string& user) { cut_.erase({source, user}); }
  void HealAll() { cut_.clear(); }

  // Hands over what is due, in order of time. Receivers may send.
  void Deliver(int64_t now_ms);
  std::optional<int64_t> NextDueMs() const;
  size_t under_way() const { return flying_.size(); }

 private:
  class SourcePort;
  class ConsumerPort;
  struct Link {
    std::string source, user;
    uint64_t consumer = 0;  // port
    bool open = true;
    size_t to_source = 0, to_consumer = 0;  // under way
    int64_t last_to_source_ms = 0, last_to_consumer_ms = 0;
  };
  struct Frame {
    std::string route;
    std::string bytes;
    bool to_source = false;
  };

  SendResult FromSource(const std::string& source, std::string_view route, std::string_view bytes);
  SendResult FromConsumer(uint64_t consumer, std::string_view bytes);
  SendResult Launch(const std::string& route, Link* link, bool to_source, std::string_view bytes);
  void Schedule(const std::string& route, Link* link, bool to_source, std::string_view bytes);
  void HandOver(const Frame& frame);
  void CloseRoute(const std::string& route);
  void UnbindSource(const std::string& source);
  void RemoveConsumer(uint64_t consumer);
  void ReconnectConsumer(uint64_t consumer);

  base::Random random_;
  Weather weather_;
  std::function<void(std::string_view bytes)> tap_;
  int64_t now_ms_ = 0;
  uint64_t order_ = 0, next_port_ = 0, next_route_ = 0;
  std::map<std::pair<int64_t, uint64_t>, Frame> flying_;  // by time, then by order of sending
  std::map<std::string, Link, std::less<>> links_;  // by route; closed ones stay while frames are under way
  std::map<std::string, ReceiveAtSource> sources_;
  struct ConsumerEnd {
    std::string source, user, route;  // route: empty until the first frame
    ReceiveAtConsumer receive;
  };
  std::map<uint64_t, ConsumerEnd> consumers_;
  std::set<std::pair<std::string, std::string>> cut_;
};

}  // namespace bus
