#include "services/bus/consumer.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <utility>

#include "services/bus/filter.h"
#include "services/bus/frame.h"

namespace bus {
namespace {

constexpr int64_t kNever = INT64_MAX;  // nothing waits for time to pass

}  // namespace

std::string_view HaltName(Halt halt) {
  switch (halt) {
    case Halt::kNone:
      return "none";
    case Halt::kDiverged:
      return "diverged";
    case Halt::kCursorAhead:
      return "cursor_ahead";
    case Halt::kCursorTooOld:
      return "cursor_too_old";
    case Halt::kFilterChanged:
      return "filter_changed";
    case Halt::kSuperseded:
      return "superseded";
    case Halt::kUnknownSchema:
      return "unknown_schema";
  }
  return "unknown";
}

Consumer::Consumer(ConsumerOptions options, kernel::EventInbox* inbox, Transport* transport, Notify notify,
                   uint64_t seed, Journal* journal)
    : options_(std::move(options)),
      filter_hash_(FilterHash(options_.filter)),
      inbox_(inbox),
      transport_(transport),
      notify_(std::move(notify)),
      journal_(journal),
      random_(seed) {}

int64_t Consumer::OnTick(int64_t now_ms) {
  const Phase phase = status_.phase;
  if (phase == Phase::kWaiting && !stopping_ && !in_flight_ && now_ms >= open_at_ms_) StartOpening(now_ms);
  if (status_.phase == Phase::kOpening) {
    if (!open_sent_) {
      SendOpen(now_ms);
    } else if (now_ms - open_sent_ms_ >= limits::kOpenedWithinMs) {
      ++status_.silences;
      transport_->Reconnect();
      ReopenLater(now_ms, 0);
    }
  } else if (status_.phase == Phase::kStreaming) {
    if (now_ms - last_heard_ms_ >= heartbeat_ms_ * limits::kDeadAfterHeartbeats) {
      ++status_.silences;
      Write(Journal::Weight::kNote, "silence", "nothing heard from the source");
      transport_->Reconnect();
      ReopenSoon(now_ms);
    } else if (now_ms - last_sent_ms_ >= heartbeat_ms_) {
      // Also while batches come in: the source must hear from us, or it takes us for dead. The totals are
      // said again, which mends a Grant that was lost.
      SendGrant(now_ms);
      SendPing(now_ms);
    }
  }
  int64_t due = kNever;
  if (status_.phase == Phase::kWaiting && !in_flight_) due = std::min(due, open_at_ms_);
  if (WaitsForTransport()) due = std::min(due, now_ms + limits::kResendOpenMs);
  if (status_.phase == Phase::kOpening && open_sent_)
    due = std::min(due, open_sent_ms_ + limits::kOpenedWithinMs);
  if (status_.phase == Phase::kStreaming) {
    due = std::min(
        {due, last_sent_ms_ + heartbeat_ms_, last_heard_ms_ + heartbeat_ms_ * limits::kDeadAfterHeartbeats});
  }
  return std::max(due, now_ms);
}

// ---- Opening.

bool Consumer::LoadCursor(int64_t now_ms) {
  absl::StatusOr<std::optional<kernel::Cursor>> loaded = inbox_->LoadCursor(options_.source);
  if (!loaded.ok()) {
    Alarm("cursor unreadable", std::string(loaded.status().message()));
    ReopenLater(now_ms, 0);
    return false;
  }
  cursor_ = *std::move(loaded);
  cursor_loaded_ = true;
  status_.applied_through = cursor_ ? cursor_->seq : 0;
  return true;
}

// What the old filter kept out is behind the cursor and would never come. Only a filter that is proven to
// want nothing new may go on from here, or one whose deployment says that it does without.
bool Consumer::CheckFilter() {
  if (!cursor_ || cursor_->filter_hash == filter_hash_) return true;
  for (const v1::Filter& former : options_.former_filters) {
    if (FilterHash(former) == cursor_->filter_hash && IsNarrower(options_.filter, former)) return true;
  }
  const auto hash_is = [&](const v1::Filter& before) { return FilterHash(before) == cursor_->filter_hash; };
  if (std::ranges::any_of(options_.narrower_before, hash_is)) return true;
  StopFor(Halt::kFilterChanged,
          "the cursor was read with another filter; rebuild, or name the former filter");
  return false;
}

void Consumer::StartOpening(int64_t now_ms) {
  if (!cursor_loaded_ && !LoadCursor(now_ms)) return;
  if (!CheckFilter()) return;
  nonce_ = random_.Next() | 1;
  session_id_ = 0;
  open_sent_ = false;
  status_.phase = Phase::kOpening;
}

void Consumer::SendOpen(int64_t now_ms) {
  v1::Frame frame;
  v1::Open& open = *frame.mutable_open();
  open.set_min_version(options_.min_version);
  open.set_max_version(options_.max_version);
  open.set_nonce(nonce_);
  open.set_consumer_id(options_.consumer_id);
  open.set_instance_epoch(options_.instance_epoch);
  if (cursor_) {
    open.set_start_at(v1::START_AT_CURSOR);
    open.mutable_after()->set_log_id(cursor_->log_id);
    open.mutable_after()->set_epoch(cursor_->epoch);
    open.mutable_after()->set_seq(cursor_->seq);
    open.mutable_after()->set_digest(cursor_->digest);
  } else {
    open.set_start_at(options_.from_now ? v1::START_AT_LATEST : v1::START_AT_EARLIEST);
  }
  *open.mutable_filter() = options_.filter;
  open.set_heartbeat_ms(static_cast<uint32_t>(options_.heartbeat_ms));
  open.set_max_batch_bytes(limits::kBatchBytes);
  open.set_max_batch_events(limits::kBatchEvents);
  granted_bytes_ = options_.window_bytes;
  granted_events_ = options_.window_events;
  open.set_granted_bytes_total(granted_bytes_);
  open.set_granted_events_total(granted_events_);
  version_ = options_.max_version;
  if (SendFrame(&frame, now_ms) != SendResult::kSent) return;
  open_sent_ = true;
  open_sent_ms_ = now_ms;
  ++status_.opens;
}

void Consumer::OnOpened(const v1::Frame& frame, int64_t now_ms) {
  const v1::Opened& opened = frame.opened();
  if (status_.phase != Phase::kOpening || opened.nonce() != nonce_) {
    ++status_.stale;
    return;
  }
  session_id_ = frame.session_id();
  version_ = opened.version();
  if (!AcceptOpened(opened, now_ms)) return;
  heartbeat_ms_ =
      std::clamp<int64_t>(opened.heartbeat_ms(), limits::kHeartbeatMsMin, options_.heartbeat_ms_max);
  last_heard_ms_ = now_ms;
  batch_no_ = 0;
  sent_bytes_ = sent_events_ = used_bytes_ = used_events_ = 0;
  received_.clear();
  stream_ = {opened.resume_after().log_id(), opened.resume_after().epoch(), opened.resume_after().seq(),
             opened.resume_after().digest(), filter_hash_};
  received_through_ = stream_.seq;
  status_.durable_seq = opened.durable_seq();
  status_.phase = Phase::kStreaming;
  if (!status_.apply_failing) {
    backoff_ms_ = 0;
    status_.alarm.clear();
  }
  Write(Journal::Weight::kNote, "streaming", absl::StrCat("after ", stream_.seq));
  // The first position, or a filter that replaced its former one, is kept before anything is read: the newest
  // entry of today is not the newest of tomorrow.
  if (!cursor_ || cursor_->filter_hash != filter_hash_) Apply({}, {0, session_id_, stream_, 0, 0, 0});
}

bool Consumer::AcceptOpened(const v1::Opened& opened, int64_t now_ms) {
  if (opened.version() < options_.min_version || opened.version() > options_.max_version ||
      session_id_ == 0) {
    ++status_.malformed;
    ReopenLater(now_ms, 0);
    return false;
  }
  const v1::Cursor& at = opened.resume_after();
  if (cursor_ && (at.log_id() != cursor_->log_id || at.epoch() != cursor_->epoch ||
                  at.seq() != cursor_->seq || at.digest() != cursor_->digest)) {
    ++status_.gaps;
    SendClose(v1::MALFORMED, "not the cursor asked for");
    ReopenLater(now_ms, 0);
    return false;
  }
  if (!options_.take_what_is_allowed && !SameFilter(opened.effective_filter(), options_.filter)) {
    Alarm("filter narrowed",
          "the source's access list allows less than this consumer needs; nothing is read");
    SendClose(v1::UNAUTHORIZED, "allowed less than asked for");
    ReopenLater(now_ms, 0);
    return false;
  }
  return true;
}

void Consumer::OnReject(const v1::Frame& frame, int64_t now_ms) {
  const v1::Reject& reject = frame.reject();
  const bool ours =
      status_.phase == Phase::kOpening
          ? open_sent_ && reject.nonce() == nonce_
          : status_.phase == Phase::kStreaming && frame.session_id() == session_id_ &&
                (reject.code() == v1::UNKNOWN_SESSION || reject.code() == v1::UNSUPPORTED_VERSION);
  if (!ours) {
    ++status_.stale;
    return;
  }
  ++status_.rejects;
  OnRefused(reject.code(), reject.detail(), reject.retry_after_ms(), now_ms);
}

void Consumer::OnRefused(v1::RejectCode code, std::string_view detail, uint32_t retry_after_ms,
                         int64_t now_ms) {
  status_.last_reject = code;
  const std::string why(detail.substr(0, limits::kDetailBytes));
  switch (code) {
    case v1::DIVERGED:
      return StopFor(Halt::kDiverged, why);
    case v1::CURSOR_AHEAD:
      return StopFor(Halt::kCursorAhead, why);
    case v1::CURSOR_TOO_OLD:
      return StopFor(Halt::kCursorTooOld, why);
    case v1::SUPERSEDED:
      // Told while streaming: somebody newer has our place. Told when opening: our number is lower than that
      // of a session which may be dead already; ask again.
      if (status_.phase == Phase::kStreaming) return StopFor(Halt::kSuperseded, why);
      Alarm("superseded", why);
      return ReopenLater(now_ms, retry_after_ms);
    case v1::UNAUTHORIZED:
    case v1::UNKNOWN_CONSUMER:
    case v1::UNSUPPORTED_VERSION:
    case v1::MALFORMED:
      Alarm(v1::RejectCode_Name(code), why);
      return ReopenLater(now_ms, retry_after_ms);
    case v1::UNKNOWN_SESSION:
      return ReopenSoon(now_ms);
    default:
      return ReopenLater(now_ms, retry_after_ms);
  }
}

// ---- Streaming.

void Consumer::OnFrame(std::string_view bytes, int64_t now_ms) {
  v1::Frame frame;
  if (Unpack(bytes, &frame) != FrameFault::kNone) {
    ++status_.malformed;
    return;
  }
  if (frame.has_opened()) return OnOpened(frame, now_ms);
  if (frame.has_reject()) return OnReject(frame, now_ms);
  if (frame.has_open() || frame.has_grant() || frame.has_ping()) {
    ++status_.malformed;  // only a consumer says these
    return;
  }
  if (status_.phase != Phase::kStreaming || frame.session_id() != session_id_) {
    ++status_.stale;
    return;
  }
  last_heard_ms_ = now_ms;
  if (frame.has_batch()) {
    OnBatch(frame.mutable_batch(), now_ms);
  } else if (frame.has_pong()) {
    OnPong(frame.pong(), now_ms);
  } else {
    OnRefused(frame.close().code(), frame.close().detail(), frame.close().retry_after_ms(), now_ms);
  }
}

void Consumer::OnBatch(v1::Batch* batch, int64_t now_ms) {
  if (batch->batch_no() <= batch_no_) {
    ++status_.duplicates;
    return;
  }
  if (batch->batch_no() != batch_no_ + 1 || !IsWhole(*batch) || received_.size() >= limits::kPendingBatches) {
    ++status_.gaps;
    Write(Journal::Weight::kNote, "gap",
          absl::StrCat("at ", received_through_, ", batch after ", batch->prev_seq()));
    SendClose(v1::MALFORMED, "a batch that does not follow the one before");
    return ReopenSoon(now_ms);
  }
  ++batch_no_;
  ++status_.batches;
  received_through_ = batch->scanned_through();
  status_.durable_seq = std::max(status_.durable_seq, batch->durable_seq());
  received_.push_back({std::move(*batch), session_id_});
  ApplyNext();
}

// What the source has told us of so far: if that is more than we have, a batch was lost on the way and none
// may follow.
void Consumer::OnPong(const v1::Pong& pong, int64_t now_ms) {
  status_.durable_seq = std::max(status_.durable_seq, pong.durable_seq());
  if (pong.scanned_through() <= received_through_) return;
  ++status_.gaps;
  SendClose(v1::MALFORMED, "a batch did not arrive");
  ReopenSoon(now_ms);
}

// It follows what we have, its events ascend, and its totals count what is in it.
bool Consumer::IsWhole(const v1::Batch& batch) const {
  if (batch.prev_seq() != received_through_ || batch.scanned_through() < batch.prev_seq()) return false;
  uint64_t last = batch.prev_seq();
  for (const v1::Event& event : batch.event()) {
    if (event.seq() <= last || event.seq() > batch.scanned_through()) return false;
    last = event.seq();
  }
  const uint64_t bytes_before = received_.empty() ? sent_bytes_ : received_.back().batch.sent_bytes_total();
  const uint64_t events_before =
      received_.empty() ? sent_events_ : received_.back().batch.sent_events_total();
  return batch.sent_bytes_total() >= bytes_before &&
         batch.sent_events_total() == events_before + static_cast<uint64_t>(batch.event_size());
}

// Everything that waits goes to the inbox at once, up to the limit: one commit for many small batches.
void Consumer::ApplyNext() {
  if (in_flight_ || received_.empty() || stopping_) return;
  std::vector<v1::Event> events;
  size_t waiting = 0;
  for (const auto& received : received_) waiting += static_cast<size_t>(received.batch.event_size());
  events.reserve(std::min<size_t>(waiting, limits::kApplyEvents));
  InFlight next;
  while (!received_.empty()) {
    v1::Batch& batch = received_.front().batch;
    if (!events.empty() && events.size() + static_cast<size_t>(batch.event_size()) > limits::kApplyEvents)
      break;
    for (v1::Event& event : *batch.mutable_event()) events.push_back(std::move(event));
    next.session_id = received_.front().session_id;
    next.after = stream_;
    next.after.seq = batch.scanned_through();
    next.after.digest = batch.digest();
    next.sent_bytes = sent_bytes_ = batch.sent_bytes_total();
    next.sent_events = sent_events_ = batch.sent_events_total();
    received_.pop_front();
  }
  next.events = events.size();
  Apply(std::move(events), std::move(next));
}

void Consumer::Apply(std::vector<v1::Event> events, InFlight next) {
  next.token = ++last_token_;
  in_flight_ = next;
  ++status_.applies;
  inbox_->Apply(
      options_.source, std::move(events), next.after,
      [notify = notify_, token = next.token](absl::Status status) { notify(token, std::move(status)); });
}

void Consumer::OnApplied(uint64_t token, const absl::Status& status, int64_t now_ms) {
  if (!in_flight_ || in_flight_->token != token) return;
  const InFlight done = *std::exchange(in_flight_, std::nullopt);
  if (!status.ok()) {
    ++status_.apply_failures;
    status_.apply_failing = true;
    cursor_loaded_ = false;  // whether it happened is the inbox's to say
    if (status_.phase == Phase::kHalted || status_.phase == Phase::kStopped) return;
    if (absl::IsUnimplemented(status)) {
      if (status_.phase == Phase::kStreaming) SendClose(v1::REJECT_CODE_UNSPECIFIED, "halted");
      return StopFor(Halt::kUnknownSchema, std::string(status.message()));
    }
    if (absl::IsUnavailable(status)) {  // another source has to be heard first: no trouble yet
      Write(Journal::Weight::kNote, "not ready", std::string(status.message()));
    } else {
      Alarm("apply failed", std::string(status.message()));
    }
    if (status_.phase == Phase::kStreaming) SendClose(v1::REJECT_CODE_UNSPECIFIED, "apply failed");
    return ReopenLater(now_ms, 0);
  }
  cursor_ = done.after;
  status_.applied_through = done.after.seq;
  status_.events += done.events;
  if (std::exchange(status_.apply_failing, false)) {
    backoff_ms_ = 0;
    if (status_.halt == Halt::kNone) status_.alarm.clear();
  }
  if (status_.phase != Phase::kStreaming || done.session_id != session_id_) return;
  used_bytes_ = done.sent_bytes;
  used_events_ = done.sent_events;
  ApplyNext();
  GiveCredit(now_ms);
}

// The window beyond what is durably applied; said when half of it is used up.
void Consumer::GiveCredit(int64_t now_ms) {
  const bool bytes_low = used_bytes_ + options_.window_bytes - granted_bytes_ >= options_.window_bytes / 2;
  const bool events_low =
      used_events_ + options_.window_events - granted_events_ >= options_.window_events / 2;
  if (bytes_low || events_low) SendGrant(now_ms);
}

void Consumer::SendGrant(int64_t now_ms) {
  granted_bytes_ = std::max(granted_bytes_, used_bytes_ + options_.window_bytes);
  granted_events_ = std::max(granted_events_, used_events_ + options_.window_events);
  v1::Frame frame;
  frame.mutable_grant()->set_granted_bytes_total(granted_bytes_);
  frame.mutable_grant()->set_granted_events_total(granted_events_);
  frame.mutable_grant()->set_applied_through(status_.applied_through);
  SendFrame(&frame, now_ms);
  ++status_.grants;
}

void Consumer::SendPing(int64_t now_ms) {
  v1::Frame frame;
  frame.mutable_ping()->set_nonce(random_.Next());
  frame.mutable_ping()->set_applied_through(status_.applied_through);
  SendFrame(&frame, now_ms);
  last_sent_ms_ = now_ms;  // tried is enough: the next heartbeat tries again
}

void Consumer::SendClose(v1::RejectCode code, std::string_view detail) {
  v1::Frame frame;
  frame.mutable_close()->set_code(code);
  frame.mutable_close()->set_detail(std::string(detail));
  SendFrame(&frame, last_sent_ms_);
}

SendResult Consumer::SendFrame(v1::Frame* frame, int64_t now_ms) {
  frame->set_version(version_);
  frame->set_session_id(session_id_);
  const SendResult result = transport_->Send(options_.source, Pack(*frame));
  if (result == SendResult::kSent) last_sent_ms_ = now_ms;
  return result;
}

// ---- Endings.

void Consumer::WaitUntil(int64_t open_at_ms) {
  status_.phase = Phase::kWaiting;
  session_id_ = 0;
  received_.clear();
  sent_bytes_ = sent_events_ = 0;
  open_at_ms_ = open_at_ms;
}

void Consumer::ReopenSoon(int64_t now_ms) {
  WaitUntil(now_ms + static_cast<int64_t>(random_.Below(limits::kReopenJitterMs + 1)));
}

int64_t Consumer::NextBackoff() {
  backoff_ms_ = std::clamp(backoff_ms_ * 2, limits::kBackoffFirstMs, limits::kBackoffMaxMs);
  return backoff_ms_ / 2 + static_cast<int64_t>(random_.Below(static_cast<uint64_t>(backoff_ms_ / 2 + 1)));
}

void Consumer::ReopenLater(int64_t now_ms, int64_t at_least_ms) {
  const int64_t wait = NextBackoff();
  WaitUntil(now_ms + std::clamp(at_least_ms, int64_t{0}, limits::kBackoffMaxMs) + wait);
}

void Consumer::OnConnectionLost(std::string_view why, bool alarm, int64_t now_ms) {
  if (status_.phase == Phase::kHalted || status_.phase == Phase::kStopped) return;
  if (alarm) Alarm("connection refused", why);
  if (status_.phase != Phase::kWaiting) ReopenLater(now_ms, 0);
}

void Consumer::Probe(int64_t now_ms) {
  if (status_.phase == Phase::kStreaming) SendPing(now_ms);
}

void Consumer::StopFor(Halt halt, std::string_view detail) {
  WaitUntil(0);
  status_.phase = Phase::kHalted;
  status_.halt = halt;
  Alarm(HaltName(halt), detail);
}

void Consumer::BeginStop() {
  stopping_ = true;
  received_.clear();
}

void Consumer::Close() {
  if (status_.phase == Phase::kStreaming) SendClose(v1::REJECT_CODE_UNSPECIFIED, "the consumer is stopping");
  if (status_.phase != Phase::kHalted) status_.phase = Phase::kStopped;
}

// Said once; a trouble that lasts does not fill the log.
void Consumer::Alarm(std::string_view what, std::string_view detail) {
  std::string text = absl::StrCat(std::string(what), ": ", std::string(detail));
  if (text == status_.alarm) return;
  status_.alarm = std::move(text);
  Write(Journal::Weight::kAlarm, what, detail);
}

void Consumer::Write(Journal::Weight weight, std::string_view what, std::string_view detail) {
  if (journal_ != nullptr) journal_->Write(weight, options_.source, what, detail);
}

}  // namespace bus
