#include "services/bus/memory_transport.h"

#include <absl/strings/str_cat.h>

#include <algorithm>

#include "base/check.h"

namespace bus {

class MemoryNetwork::SourcePort final : public Transport {
 public:
  SourcePort(MemoryNetwork* network, std::string name) : network_(network), name_(std::move(name)) {}
  ~SourcePort() override { network_->UnbindSource(name_); }
  SendResult Send(std::string_view route, std::string_view bytes) override {
    return network_->FromSource(name_, route, bytes);
  }

 private:
  MemoryNetwork* const network_;
  const std::string name_;
};

class MemoryNetwork::ConsumerPort final : public Transport {
 public:
  ConsumerPort(MemoryNetwork* network, uint64_t id) : network_(network), id_(id) {}
  ~ConsumerPort() override { network_->RemoveConsumer(id_); }
  SendResult Send(std::string_view, std::string_view bytes) override {
    return network_->FromConsumer(id_, bytes);
  }
  void Reconnect() override { network_->ReconnectConsumer(id_); }

 private:
  MemoryNetwork* const network_;
  const uint64_t id_;
};

std::unique_ptr<Transport> MemoryNetwork::Bind(std::string source, ReceiveAtSource receive) {
  CHECK(!sources_.contains(source)) << source << " is bound already";
  sources_[source] = std::move(receive);
  return std::make_unique<SourcePort>(this, std::move(source));
}

std::unique_ptr<Transport> MemoryNetwork::Connect(std::string source, std::string user,
                                                  ReceiveAtConsumer receive) {
  const uint64_t id = ++next_port_;
  consumers_[id] = {std::move(source), std::move(user), "", std::move(receive)};
  return std::make_unique<ConsumerPort>(this, id);
}

SendResult MemoryNetwork::FromSource(const std::string& source, std::string_view route,
                                     std::string_view bytes) {
  const auto link = links_.find(route);
  if (link == links_.end() || !link->second.open || link->second.source != source)
    return SendResult::kUnreachable;
  return Launch(link->first, &link->second, false, bytes);
}

SendResult MemoryNetwork::FromConsumer(uint64_t consumer, std::string_view bytes) {
  ConsumerEnd& end = consumers_.at(consumer);
  if (!sources_.contains(end.source)) return SendResult::kWouldBlock;
  if (end.route.empty()) {
    end.route = absl::StrCat("r", ++next_route_);
    Link link;
    link.source = end.source;
    link.user = end.user;
    link.consumer = consumer;
    links_[end.route] = std::move(link);
  }
  return Launch(end.route, &links_.at(end.route), true, bytes);
}

SendResult MemoryNetwork::Launch(const std::string& route, Link* link, bool to_source,
                                 std::string_view bytes) {
  if ((to_source ? link->to_source : link->to_consumer) >= weather_.pipe_frames)
    return SendResult::kWouldBlock;
  if (tap_) tap_(bytes);
  if (cut_.contains({link->source, link->user}) || random_.Chance(weather_.drop)) return SendResult::kSent;
  Schedule(route, link, to_source, bytes);
  if (random_.Chance(weather_.duplicate)) Schedule(route, link, to_source, bytes);
  return SendResult::kSent;
}

void MemoryNetwork::Schedule(const std::string& route, Link* link, bool to_source, std::string_view bytes) {
  const int64_t spread = weather_.delay_ms_max - weather_.delay_ms_min;
  int64_t due = now_ms_ + weather_.delay_ms_min +
                static_cast<int64_t>(random_.Below(static_cast<uint64_t>(std::max<int64_t>(spread, 0)) + 1));
  int64_t& last = to_source ? link->last_to_source_ms : link->last_to_consumer_ms;
  if (random_.Chance(weather_.reorder)) {
    due +=
        1 + static_cast<int64_t>(random_.Below(static_cast<uint64_t>(2 * std::max<int64_t>(spread, 0)) + 5));
  } else {
    due = last = std::max(due, last);
  }
  ++(to_source ? link->to_source : link->to_consumer);
  flying_[{due, ++order_}] = {route, std::string(bytes), to_source};
}

void MemoryNetwork::Deliver(int64_t now_ms) {
  now_ms_ = std::max(now_ms_, now_ms);
  // What the receivers send from here on is due now at the earliest, and has a higher number: it goes out
  // next time.
  const uint64_t last = order_;
  for (auto at = flying_.begin(); at != flying_.end() && at->first.first <= now_ms;) {
    if (at->first.second > last) {
      ++at;
      continue;
    }
    const Frame frame = std::move(at->second);
    at = flying_.erase(at);
    HandOver(frame);
  }
}

void MemoryNetwork::HandOver(const Frame& frame) {
  const auto at = links_.find(frame.route);
  CHECK(at != links_.end());
  --(frame.to_source ? at->second.to_source : at->second.to_consumer);
  const Link link = at->second;
  if (!link.open && link.to_source + link.to_consumer == 0) links_.erase(at);
  if (cut_.contains({link.source, link.user}) || (!link.open && !weather_.deliver_stale)) return;
  if (frame.to_source) {
    const auto source = sources_.find(link.source);
    if (source != sources_.end()) source->second({frame.route, link.user}, frame.bytes);
  } else {
    const auto consumer = consumers_.find(link.consumer);
    if (consumer != consumers_.end()) consumer->second.receive(frame.bytes);
  }
}

std::optional<int64_t> MemoryNetwork::NextDueMs() const {
  if (flying_.empty()) return std::nullopt;
  return std::max(flying_.begin()->first.first, now_ms_);
}

void MemoryNetwork::CloseRoute(const std::string& route) {
  const auto at = links_.find(route);
  if (at == links_.end()) return;
  at->second.open = false;
  if (at->second.to_source + at->second.to_consumer == 0) links_.erase(at);
}

void MemoryNetwork::UnbindSource(const std::string& source) {
  sources_.erase(source);
  for (auto& [id, end] : consumers_) {
    if (end.source == source) CloseRoute(std::exchange(end.route, ""));
  }
}

void MemoryNetwork::RemoveConsumer(uint64_t consumer) {
  CloseRoute(consumers_.at(consumer).route);
  consumers_.erase(consumer);
}

void MemoryNetwork::ReconnectConsumer(uint64_t consumer) {
  CloseRoute(std::exchange(consumers_.at(consumer).route, ""));
}

}  // namespace bus
