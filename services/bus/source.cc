#include "services/bus/source.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <optional>

#include "services/bus/filter.h"
#include "services/bus/frame.h"

namespace bus {
namespace {

v1::Cursor ToWire(const kernel::Cursor& cursor) {
  v1::Cursor wire;
  wire.set_log_id(cursor.log_id);
  wire.set_epoch(cursor.epoch);
  wire.set_seq(cursor.seq);
  wire.set_digest(cursor.digest);
  return wire;
}

// It becomes a label of a metric and a word in the log.
bool IsConsumerId(std::string_view id) {
  return !id.empty() && id.size() <= limits::kConsumerIdBytes && std::ranges::all_of(id, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '/' || c == '-' || c == '_' || c == '.';
  });
}

}  // namespace

Source::Source(const SourceOptions& options, const kernel::EventLog* log, Transport* transport,
               AccessList access, uint64_t seed, Journal* journal)
    : options_(options),
      log_(log),
      transport_(transport),
      journal_(journal),
      access_(std::move(access)),
      random_(seed),
      builder_(log),
      all_opens_{static_cast<double>(options.opens_per_second), 0},
      head_(log->Head()) {}

void Source::OnFrame(const Sender& sender, std::string_view bytes, int64_t now_ms) {
  v1::Frame frame;
  switch (Unpack(bytes, &frame)) {
    case FrameFault::kMalformed:
      ++status_.malformed;
      return;
    case FrameFault::kUnknownBody:
      ++status_.unknown_body;
      Reject(sender, 0, frame.session_id(), {v1::UNSUPPORTED_VERSION, "a body this source does not know", 0},
             false);
      return;
    case FrameFault::kNone:
      break;
  }
  switch (frame.body_case()) {
    case v1::Frame::kOpen:
      OnOpen(sender, frame.open(), now_ms);
      return;
    case v1::Frame::kGrant:
    case v1::Frame::kPing:
    case v1::Frame::kClose:
      OnSessionFrame(sender, frame, now_ms);
      return;
    case v1::Frame::kOpened:
    case v1::Frame::kReject:
    case v1::Frame::kBatch:
    case v1::Frame::kPong:
    case v1::Frame::BODY_NOT_SET:
      ++status_.malformed;
      return;  // only a source says these
  }
}

bool Source::Bucket::Take(double rate, double burst, int64_t now_ms) {
  tokens = std::min(burst, tokens + rate * static_cast<double>(now_ms - filled_ms) / 1000.0);
  filled_ms = now_ms;
  if (tokens < 1) return false;
  tokens -= 1;
  return true;
}

// Who, how often, in which version, well formed: everything that can be said without looking at the log.
Source::Refusal Source::Admit(const Sender& sender, const v1::Open& open, const AllowedPeer** peer,
                              int64_t now_ms) {
  *peer = access_.Find(sender.user);
  if (*peer == nullptr) return {v1::UNAUTHORIZED, "key not on the list", 0};
  if (status_.draining) return {v1::DRAINING, "the source is stopping", limits::kDrainRetryMs};
  if (!IsConsumerId(open.consumer_id()) || !WithinLimits(open.filter()) || open.granted_bytes_total() == 0 ||
      open.granted_events_total() == 0) {
    return {v1::MALFORMED, "consumer_id, filter or grant out of bounds", 0};
  }
  const auto of_peer =
      opens_of_
          .try_emplace((*peer)->service, Bucket{static_cast<double>(options_.open_burst_of_peer), now_ms})
          .first;
  if (!of_peer->second.Take(options_.opens_per_second_of_peer, options_.open_burst_of_peer, now_ms)) {
    return {v1::OVERLOADED, "this service opens too often", limits::kOverloadedRetryMs};
  }
  if (!all_opens_.Take(options_.opens_per_second, options_.opens_per_second, now_ms)) {
    return {v1::OVERLOADED, "too many consumers open at once", limits::kOverloadedRetryMs};
  }
  if (open.max_version() < options_.min_version || open.min_version() > options_.max_version) {
    return {v1::UNSUPPORTED_VERSION,
            absl::StrCat("this source speaks ", options_.min_version, " to ", options_.max_version), 0};
  }
  if (!(*peer)->MayUse(open.consumer_id())) {
    return {v1::UNKNOWN_CONSUMER, "this service may not use that consumer_id", 0};
  }
  return {};
}

// In this order: another history, ahead of ours, cut off, another history after all.
Source::Refusal Source::CheckCursor(const v1::Open& open, v1::Cursor* resume_after) const {
  const kernel::Cursor head = log_->Head();
  const uint64_t first = log_->FirstSeq();
  v1::Cursor at = ToWire(head);
  if (open.start_at() == v1::START_AT_LATEST) {
    *resume_after = at;
    return {};
  }
  if (open.start_at() == v1::START_AT_EARLIEST) {
    at.set_seq(first - 1);
  } else if (open.start_at() == v1::START_AT_CURSOR) {
    const v1::Cursor& after = open.after();
    if (after.log_id() != head.log_id) return {v1::DIVERGED, "another log", 0};
    if (after.epoch() != head.epoch) return {v1::DIVERGED, "another epoch of this log", 0};
    if (after.seq() > head.seq) return {v1::CURSOR_AHEAD, "the cursor is beyond the newest durable entry", 0};
    if (after.seq() + 1 < first) return {v1::CURSOR_TOO_OLD, "the entries after the cursor are gone", 0};
    at.set_seq(after.seq());
  } else {
    return {v1::MALFORMED, "start_at missing", 0};
  }
  const absl::StatusOr<uint32_t> digest = log_->DigestAt(at.seq());
  if (!digest.ok()) return {v1::OVERLOADED, "the log cannot be read", limits::kLogUnreadableRetryMs};
  if (open.start_at() == v1::START_AT_CURSOR && *digest != open.after().digest()) {
    return {v1::DIVERGED, "the digest differs: another history under the same numbers", 0};
  }
  at.set_digest(*digest);
  *resume_after = at;
  return {};
}

// One session a consumer. A newer start of it takes over; the same start opening again replaces its own
// session.
Source::Refusal Source::MakeRoom(const std::string& service, const v1::Open& open) {
  const auto old = FindConsumer(service, open.consumer_id());
  if (old != sessions_.end()) {
    if (open.instance_epoch() < old->second.instance_epoch) {
      return {v1::SUPERSEDED, "a newer start of this consumer is connected", limits::kOverloadedRetryMs};
    }
    if (open.instance_epoch() > old->second.instance_epoch) {
      ++status_.superseded;
      Write(Journal::Weight::kAudit, old->second, "superseded", "a newer start of this consumer opened");
      CloseSession(old, v1::SUPERSEDED, "a newer start of this consumer opened", 0);
    } else {
      sessions_.erase(old);
    }
  }
  if (sessions_.size() >= options_.sessions_max) {
    return {v1::OVERLOADED, "no session left", limits::kOverloadedRetryMs};
  }
  return {};
}

void Source::OnOpen(const Sender& sender, const v1::Open& open, int64_t now_ms) {
  const AllowedPeer* peer = nullptr;
  if (const AllowedPeer* known = access_.Find(sender.user); known != nullptr && open.nonce() != 0) {
    // The same Open once more: the answer is repeated, the session goes on.
    const auto same = FindConsumer(known->service, open.consumer_id());
    if (same != sessions_.end() && same->second.nonce == open.nonce() && same->second.route == sender.route) {
      v1::Frame again;
      again.set_version(same->second.version);
      again.set_session_id(same->first);
      *again.mutable_opened() = same->second.opened;
      SendFrame(sender.route, again);
      return;
    }
  }
  Refusal refusal = Admit(sender, open, &peer, now_ms);
  if (refusal.code != v1::REJECT_CODE_UNSPECIFIED) return Reject(sender, open.nonce(), 0, refusal, false);
  std::optional<v1::Filter> effective = Intersection(open.filter(), peer->filter);
  if (!effective) {
    return Reject(sender, open.nonce(), 0, {v1::UNAUTHORIZED, "nothing of the filter is allowed", 0}, false);
  }
  v1::Cursor resume_after;
  refusal = CheckCursor(open, &resume_after);
  if (refusal.code == v1::REJECT_CODE_UNSPECIFIED) refusal = MakeRoom(peer->service, open);
  if (refusal.code != v1::REJECT_CODE_UNSPECIFIED) return Reject(sender, open.nonce(), 0, refusal, true);
  StartSession(sender, open, *peer, *std::move(effective), resume_after, now_ms);
}

void Source::StartSession(const Sender& sender, const v1::Open& open, const AllowedPeer& peer,
                          v1::Filter effective, const v1::Cursor& resume_after, int64_t now_ms) {
  Session s;
  do {
    s.id = random_.Next();
  } while (s.id == 0 || sessions_.contains(s.id));
  s.route = sender.route;
  s.user = sender.user;
  s.service = peer.service;
  s.consumer_id = open.consumer_id();
  s.nonce = open.nonce();
  s.instance_epoch = open.instance_epoch();
  s.version = std::min(open.max_version(), options_.max_version);
  s.wanted = open.filter();
  s.effective = std::move(effective);
  s.scan = s.sent_through = s.applied_through = resume_after.seq();
  s.scan_digest = s.sent_digest = resume_after.digest();
  s.granted_bytes = open.granted_bytes_total();
  s.granted_events = open.granted_events_total();
  const auto bounded = [](uint32_t asked, uint32_t limit) {
    return asked == 0 ? limit : std::min(asked, limit);
  };
  s.batch_bytes = bounded(open.max_batch_bytes(), limits::kBatchBytes);
  s.batch_events = bounded(open.max_batch_events(), limits::kBatchEvents);
  s.heartbeat_ms =
      open.heartbeat_ms() == 0
          ? limits::kHeartbeatMs
          : std::clamp<int64_t>(open.heartbeat_ms(), limits::kHeartbeatMsMin, options_.heartbeat_ms_max);
  s.last_heard_ms = s.last_batch_ms = now_ms;
  s.opened.set_version(s.version);
  s.opened.set_nonce(open.nonce());
  *s.opened.mutable_resume_after() = resume_after;
  s.opened.set_first_seq(log_->FirstSeq());
  s.opened.set_durable_seq(log_->Head().seq);
  s.opened.set_heartbeat_ms(static_cast<uint32_t>(s.heartbeat_ms));
  s.opened.set_max_batch_bytes(s.batch_bytes);
  *s.opened.mutable_effective_filter() = s.effective;
  v1::Frame frame;
  frame.set_version(s.version);
  frame.set_session_id(s.id);
  *frame.mutable_opened() = s.opened;
  if (SendFrame(sender.route, frame) != SendResult::kSent) return;  // it will ask again
  ++status_.opened;
  Write(Journal::Weight::kNote, s, "opened", absl::StrCat("after ", resume_after.seq()));
  sessions_.emplace(s.id, std::move(s));
}

void Source::Reject(const Sender& sender, uint64_t nonce, uint64_t session_id, const Refusal& refusal,
                    bool known) {
  ++status_.rejected[refusal.code];
  v1::Frame frame;
  frame.set_version(options_.max_version);
  frame.set_session_id(session_id);
  v1::Reject& reject = *frame.mutable_reject();
  reject.set_code(refusal.code);
  reject.set_detail(refusal.detail);
  reject.set_retry_after_ms(refusal.retry_after_ms);
  reject.set_nonce(nonce);
  if (known) {  // a stranger learns nothing of the log
    reject.set_first_seq(log_->FirstSeq());
    *reject.mutable_head() = ToWire(log_->Head());
  }
  SendFrame(sender.route, frame);
  if (journal_ == nullptr || refusal.code == v1::UNKNOWN_SESSION) return;
  const AllowedPeer* peer = access_.Find(sender.user);
  journal_->Write(Journal::Weight::kAudit, peer == nullptr ? "unknown" : std::string_view(peer->service),
                  v1::RejectCode_Name(refusal.code), refusal.detail);
}

void Source::OnSessionFrame(const Sender& sender, const v1::Frame& frame, int64_t now_ms) {
  const auto at = sessions_.find(frame.session_id());
  // A session belongs to its key and its connection: whoever guesses its number gets nothing of it.
  if (at == sessions_.end() || at->second.route != sender.route || at->second.user != sender.user) {
    if (frame.has_close()) return;
    return Reject(sender, 0, frame.session_id(), {v1::UNKNOWN_SESSION, "open again", 0}, false);
  }
  Session& session = at->second;
  session.last_heard_ms = now_ms;
  if (frame.has_grant()) {
    TakeGrant(frame.grant(), &session);
  } else if (frame.has_ping()) {
    session.applied_through = std::max(session.applied_through, frame.ping().applied_through());
    v1::Frame answer;
    answer.set_version(session.version);
    answer.set_session_id(session.id);
    answer.mutable_pong()->set_nonce(frame.ping().nonce());
    answer.mutable_pong()->set_durable_seq(log_->Head().seq);
    answer.mutable_pong()->set_scanned_through(session.sent_through);
    if (SendFrame(session.route, answer) == SendResult::kUnreachable) LoseSession(at, "unreachable");
  } else {
    Write(Journal::Weight::kNote, session, "closed by the consumer",
          frame.close().detail().substr(0, limits::kDetailBytes));
    sessions_.erase(at);
  }
}

// Totals only grow: a Grant that was lost, doubled or overtaken changes nothing for the worse.
void Source::TakeGrant(const v1::Grant& grant, Session* session) {
  session->granted_bytes = std::max(session->granted_bytes, grant.granted_bytes_total());
  session->granted_events = std::max(session->granted_events, grant.granted_events_total());
  session->applied_through = std::max(session->applied_through, grant.applied_through());
}

void Source::SetAccess(AccessList access) {
  access_ = std::move(access);
  for (auto at = sessions_.begin(); at != sessions_.end();) {
    const auto here = at++;
    const Session& s = here->second;
    const AllowedPeer* peer = access_.Find(s.user);
    std::optional<v1::Filter> effective;
    if (peer != nullptr && peer->service == s.service && peer->MayUse(s.consumer_id)) {
      effective = Intersection(s.wanted, peer->filter);
    }
    if (effective && SameFilter(*effective, s.effective)) continue;
    Write(Journal::Weight::kAudit, s, "revoked", "the access list changed");
    CloseSession(here, v1::UNAUTHORIZED, "the access list changed", 0);
  }
  std::erase_if(opens_of_, [&](const auto& bucket) { return !access_.HasService(bucket.first); });
}

void Source::Drain() {
  status_.draining = true;
  while (!sessions_.empty()) {
    CloseSession(sessions_.begin(), v1::DRAINING, "the source is stopping", limits::kDrainRetryMs);
  }
}

void Source::CloseSession(Sessions_::iterator at, v1::RejectCode code, std::string_view detail,
                          uint32_t retry_after_ms) {
  v1::Frame frame;
  frame.set_version(at->second.version);
  frame.set_session_id(at->first);
  frame.mutable_close()->set_code(code);
  frame.mutable_close()->set_detail(std::string(detail));
  frame.mutable_close()->set_retry_after_ms(retry_after_ms);
  SendFrame(at->second.route, frame);
  sessions_.erase(at);
}

void Source::LoseSession(Sessions_::iterator at, std::string_view why) {
  ++status_.lost;
  Write(Journal::Weight::kNote, at->second, "session lost", why);
  sessions_.erase(at);
}

Source::Sessions_::iterator Source::FindConsumer(std::string_view service, std::string_view consumer_id) {
  return std::ranges::find_if(sessions_, [&](const auto& entry) {
    return entry.second.service == service && entry.second.consumer_id == consumer_id;
  });
}

SendResult Source::SendFrame(std::string_view route, const v1::Frame& frame) {
  return transport_->Send(route, Pack(frame));
}

void Source::Write(Journal::Weight weight, const Session& session, std::string_view what,
                   std::string_view detail) {
  if (journal_ != nullptr) journal_->Write(weight, session.service + ":" + session.consumer_id, what, detail);
}

}  // namespace bus
