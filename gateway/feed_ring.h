#pragma once
// The newest events of all services, in the order they arrived here, for live feeds: bounded, in memory, io
// thread only. A reader keeps its own place; who is so slow that its place has been overwritten is told to
// start over.

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/limits.h"

namespace gateway {

struct FeedEvent {
  uint32_t source = 0;  // index into sources()
  uint64_t seq = 0;     // in the source's log
  std::string topic;
  std::string division;  // area code, at most 12 digits
  std::string actor_org;
  uint32_t classification = 0;
  int32_t level = 0;  // of the office whose line hears of it; 0: not said
  std::string wire;  // as it came (bus.v1.Event); becomes json when somebody first reads it
  std::optional<std::vector<std::string>> units;  // that it concerns, sorted; read when they first decide
  std::string json;  // CloudEvents 1.0, one line
  size_t Bytes() const {
    size_t of_units = 0;
    if (units) {
      for (const std::string& unit : *units) of_units += sizeof(unit) + unit.size();
    }
    return sizeof(FeedEvent) + topic.size() + division.size() + actor_org.size() + wire.size() + json.size() + of_units;
  }
};

struct FeedSource {
  std::string name;
  std::string history;        // 8 bytes that change with log_id and epoch; empty: nothing heard yet
  uint64_t lost_through = 0;  // what came at or before this is not here (any more)
  uint64_t through = 0;       // everything up to here has been seen
};

class FeedRing {
 public:
  explicit FeedRing(std::vector<std::string> source_names, size_t max_events = kRingEvents,
                    size_t max_bytes = kRingBytes);

  // Events of one source in order, and how far its log was read. Another `history` empties what was known of
  // it.
  void Append(uint32_t source, std::string_view history, uint64_t before, std::vector<FeedEvent> events,
              uint64_t through);

  // What was told of a petition that left the lists of its service is not told again to whoever comes back: neither
  // what it said itself nor what oversight said of it, heard before or after. Only that it left, event `seq`, stays.
  void Withdraw(const std::string& subject, uint64_t seq);

  // Positions [first(), end()) can be read.
  uint64_t first() const { return first_; }
  uint64_t end() const { return first_ + events_.size(); }
  const FeedEvent& At(uint64_t position) const { return events_[position - first_]; }
  // Made once, for the first who wants it: most events are never read by anybody.
  const std::string& JsonAt(uint64_t position);
  // Read once, before the event is made JSON or when they are first asked for.
  const std::vector<std::string>& UnitsAt(uint64_t position);
  const std::vector<FeedSource>& sources() const { return sources_; }

  // How an event becomes JSON.
  void set_render(std::function<std::string(const FeedSource&, const std::string& wire)> f) {
    render_ = std::move(f);
  }
  // Which units an event concerns.
  void set_units(std::function<std::vector<std::string>(const std::string& wire)> f) { units_ = std::move(f); }
  // Called after every Append.
  void set_on_append(std::function<void()> f) { on_append_ = std::move(f); }

 private:
  std::vector<FeedSource> sources_;
  const size_t max_events_;
  const size_t max_bytes_;
  std::deque<FeedEvent> events_;
  std::deque<std::string> withdrawn_;  // the newest subjects
  uint64_t first_ = 0;
  size_t bytes_ = 0;
  std::function<std::string(const FeedSource&, const std::string& wire)> render_;
  std::function<std::vector<std::string>(const std::string& wire)> units_;
  std::function<void()> on_append_;
};

}  // namespace gateway
