#include "gateway/feed_ring.h"

#include <algorithm>
#include <utility>

#include "kernel/v1/record.pb.h"

namespace gateway {
namespace {

// Only these may tell of a petition under its own id; what mediation or the grid make of it goes on.
bool MayTellOf(const FeedEvent& event, std::string_view subject) {
  if (!event.topic.starts_with("petition.") && !event.topic.starts_with("oversight.")) return false;
  return event.wire.find(subject) != std::string::npos || event.json.find(subject) != std::string::npos;
}

void Hide(FeedEvent* event) { event->classification = kernel::v1::SEALED; }

}  // namespace

FeedRing::FeedRing(std::vector<std::string> source_names, size_t max_events, size_t max_bytes)
    : max_events_(max_events), max_bytes_(max_bytes) {
  for (std::string& name : source_names)
    sources_.push_back({.name = std::move(name), .history = "", .lost_through = 0, .through = 0});
}

const std::vector<std::string>& FeedRing::UnitsAt(uint64_t position) {
  FeedEvent& event = events_[position - first_];
  if (!event.units) {
    bytes_ -= event.Bytes();
    event.units = units_ ? units_(event.wire) : std::vector<std::string>();
    bytes_ += event.Bytes();
  }
  return *event.units;
}

const std::string& FeedRing::JsonAt(uint64_t position) {
  UnitsAt(position);  // the event as it came is gone afterwards
  FeedEvent& event = events_[position - first_];
  if (event.json.empty() && render_) {
    bytes_ -= event.Bytes();
    event.json = render_(sources_[event.source], event.wire);
    event.wire = std::string();
    bytes_ += event.Bytes();
  }
  return event.json;
}

void FeedRing::Append(uint32_t source, std::string_view history, uint64_t before,
                      std::vector<FeedEvent> events, uint64_t through) {
  FeedSource& from = sources_[source];
  if (from.history != history) {
    from.history = history;
    from.lost_through = before;
  }
  from.through = through;
  for (FeedEvent& event : events) {
    // Streams are heard beside each other: what oversight said before it heard may come now.
    if (std::ranges::any_of(withdrawn_, [&](const std::string& left) { return MayTellOf(event, left); })) Hide(&event);
    bytes_ += event.Bytes();
    events_.push_back(std::move(event));
  }
  while (events_.size() > max_events_ || (bytes_ > max_bytes_ && !events_.empty())) {
    const FeedEvent& oldest = events_.front();
    FeedSource& of = sources_[oldest.source];
    of.lost_through = std::max(of.lost_through, oldest.seq);
    bytes_ -= oldest.Bytes();
    events_.pop_front();
    ++first_;
  }
  if (on_append_) on_append_();
}

void FeedRing::Withdraw(const std::string& subject, uint64_t seq) {
  for (FeedEvent& event : events_) {
    const bool leaves = event.seq == seq && event.topic.starts_with("petition.");
    if (!leaves && MayTellOf(event, subject)) Hide(&event);
  }
  withdrawn_.push_back(subject);
  if (withdrawn_.size() > kWithdrawnKept) withdrawn_.pop_front();
}

}  // namespace gateway
