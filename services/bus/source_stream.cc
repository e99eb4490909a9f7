// The streaming half of Source: who is served next, and how much.

#include <absl/strings/str_cat.h>

#include <algorithm>

#include "services/bus/frame.h"
#include "services/bus/source.h"

namespace bus {
namespace {

constexpr int64_t kNever = INT64_MAX;  // nothing waits for time to pass

}  // namespace

int64_t Source::OnTick(int64_t now_ms) {
  EndSilentSessions(now_ms);
  head_ = log_->Head();
  // Deficit round robin: each visit is worth one batch of bytes. Who was sent an event larger than that waits
  // until its debt is paid, so that a reader of large notices takes no more than its share.
  size_t batches = 0;
  const size_t visits = sessions_.size();
  for (size_t i = 0; i < visits && batches < limits::kBatchesPerTurn && !sessions_.empty(); ++i) {
    auto at = sessions_.upper_bound(last_served_);
    if (at == sessions_.end()) at = sessions_.begin();
    last_served_ = at->first;
    if (!IsDue(at->second, now_ms)) {
      at->second.deficit = std::min<int64_t>(at->second.deficit, 0);
      continue;
    }
    at->second.deficit = std::min<int64_t>(at->second.deficit + limits::kBatchBytes, limits::kBatchBytes);
    if (at->second.deficit > 0 && ServeSession(at, now_ms)) ++batches;
  }
  return NextDue(now_ms);
}

void Source::EndSilentSessions(int64_t now_ms) {
  for (auto at = sessions_.begin(); at != sessions_.end();) {
    const auto here = at++;
    if (now_ms - here->second.last_heard_ms >= here->second.heartbeat_ms * limits::kDeadAfterHeartbeats) {
      LoseSession(here, "silent");
    }
  }
}

// Something to scan and credit to send it; or scanned entries the consumer has to be told of by now.
bool Source::IsDue(const Session& s, int64_t now_ms) const {
  if (s.blocked_since_ms >= 0 && now_ms < s.retry_at_ms) return false;
  if (s.scan < head_.seq && s.HasCredit()) return true;
  return s.scan > s.sent_through && now_ms - s.last_batch_ms >= limits::kEmptyBatchMs;
}

// False if nothing was sent.
bool Source::ServeSession(Sessions_::iterator at, int64_t now_ms) {
  Session& s = at->second;
  BatchBounds bounds;
  bounds.bytes = s.batch_bytes;
  bounds.events = s.batch_events;
  bounds.scanned = limits::kBatchScanned;
  bounds.credit_bytes = s.granted_bytes - std::min(s.granted_bytes, s.sent_bytes);
  bounds.credit_events = s.granted_events - std::min(s.granted_events, s.sent_events);
  BuiltBatch built;
  built.through = s.scan;
  built.digest = s.scan_digest;
  if (s.scan < head_.seq && s.HasCredit()) {
    absl::StatusOr<BuiltBatch> read = builder_.Build(s.scan, s.scan_digest, s.effective, bounds);
    if (!read.ok()) {
      OnLogFault(at, read.status());
      return false;
    }
    status_.log_alarm = false;
    built = *std::move(read);
  }
  s.deficit -= static_cast<int64_t>(built.bytes + built.scanned * limits::kScanCostBytes);
  s.scan = built.through;
  s.scan_digest = built.digest;
  const bool tell = built.count > 0 || s.scan - s.sent_through >= limits::kEmptyBatchScanned ||
                    (s.scan > s.sent_through && now_ms - s.last_batch_ms >= limits::kEmptyBatchMs);
  if (tell) SendBatch(at, built, now_ms);
  return true;
}

void Source::SendBatch(Sessions_::iterator at, const BuiltBatch& built, int64_t now_ms) {
  Session& s = at->second;
  v1::Batch head;
  head.set_batch_no(s.batch_no + 1);
  head.set_prev_seq(s.sent_through);
  head.set_scanned_through(s.scan);
  head.set_digest(s.scan_digest);
  head.set_durable_seq(head_.seq);
  head.set_sent_bytes_total(s.sent_bytes + built.bytes);
  head.set_sent_events_total(s.sent_events + built.count);
  switch (transport_->Send(s.route, PackBatch(s.version, s.id, head, built.events))) {
    case SendResult::kUnreachable:
      LoseSession(at, "unreachable");
      return;
    case SendResult::kWouldBlock: {
      // Nothing is kept for later: it is all still in the log. Only the position goes back.
      ++status_.blocked;
      if (s.blocked_since_ms < 0) s.blocked_since_ms = now_ms;
      if (now_ms - s.blocked_since_ms >= limits::kBlockedDropMs)
        return LoseSession(at, "its pipe stayed full");
      s.retry_at_ms = now_ms + limits::kBlockedSkipMs;
      s.scan = s.sent_through;
      s.scan_digest = s.sent_digest;
      return;
    }
    case SendResult::kSent:
      break;
  }
  s.blocked_since_ms = -1;
  ++s.batch_no;
  s.sent_through = s.scan;
  s.sent_digest = s.scan_digest;
  s.sent_bytes += built.bytes;
  s.sent_events += built.count;
  s.last_batch_ms = now_ms;
  ++status_.batches;
  if (built.count == 0) ++status_.empty_batches;
  status_.events += built.count;
  status_.event_bytes += built.bytes;
}

// The entry is there but cannot be sent. Guessing past it would lose a notice: the session ends, people are
// called.
void Source::OnLogFault(Sessions_::iterator at, const absl::Status& fault) {
  ++status_.log_faults;
  if (!status_.log_alarm) {
    Write(Journal::Weight::kAlarm, at->second, "log unreadable", std::string(fault.message()));
  }
  status_.log_alarm = true;
  CloseSession(at, v1::OVERLOADED, "the log cannot be read", limits::kLogUnreadableRetryMs);
}

int64_t Source::NextDue(int64_t now_ms) const {
  int64_t due = kNever;
  for (const auto& [id, s] : sessions_) {
    due = std::min(due, s.last_heard_ms + s.heartbeat_ms * limits::kDeadAfterHeartbeats);
    if (s.blocked_since_ms >= 0) {
      due = std::min(due, std::max(now_ms, s.retry_at_ms));
    } else if (s.scan < head_.seq && s.HasCredit()) {
      return now_ms;
    }
    if (s.scan > s.sent_through)
      due = std::min(due, std::max(now_ms, s.last_batch_ms + limits::kEmptyBatchMs));
  }
  return std::max(due, now_ms);
}

std::vector<SessionInfo> Source::Sessions() const {
  const uint64_t durable = log_->Head().seq;
  std::vector<SessionInfo> list;
  for (const auto& [id, s] : sessions_) {
    SessionInfo info;
    info.service = s.service;
    info.consumer_id = s.consumer_id;
    info.instance_epoch = s.instance_epoch;
    info.sent_through = s.sent_through;
    info.applied_through = s.applied_through;
    info.lag = durable - std::min(durable, s.applied_through);
    info.has_credit = s.HasCredit();
    list.push_back(std::move(info));
  }
  return list;
}

}  // namespace bus
