#include "services/notify/errand.h"

#include <absl/strings/numbers.h>
#include <absl/time/time.h>

#include <algorithm>

#include "base/status_macros.h"
#include "services/notify/domain/webhooks.h"

namespace notify {
namespace {

constexpr char kOrigin[] = "fengqiao";
constexpr int64_t kTryAgainMs = 1000;
constexpr int64_t kMinuteMs = 60'000;

// Seconds, or a date (RFC 9110, 10.2.3).
int64_t RetryAfterMs(const std::string& text, int64_t now_ms) {
  int64_t seconds = 0;
  if (absl::SimpleAtoi(text, &seconds)) return std::clamp<int64_t>(seconds, 0, 86'400) * 1000;
  absl::Time at;
  std::string error;
  if (!absl::ParseTime("%a, %d %b %Y %H:%M:%S GMT", text, &at, &error)) return 0;
  return std::max<int64_t>(absl::ToUnixMillis(at) - now_ms, 0);
}

// A petition that has left the lists since is not told any more, at a replay either.
absl::StatusOr<bool> HasLeft(const kernel::Reader<NotifyDomain>& reader, const v1::Heard& heard) {
  if (!IsOfPetition(heard)) return false;
  for (const std::string& id : {PetitionId(heard), SubjectOf(heard)}) {  // the second: as older logs have it
    ASSIGN_OR_RETURN(const auto stored, reader.Get(id));
    if (stored && stored->state.matter().removed()) return true;
  }
  return false;
}

bool IsTaken(int status) { return status == 200 || status == 201 || status == 202 || status == 204; }

}  // namespace

Errand::Step Errand::Wait(int64_t ms) const { return {.kind = Step::Kind::kWait, .wait_ms = ms}; }

Errand::Step Errand::Next(int64_t now_ms) {
  if (pauses_) {
    pauses_ = false;
    return Wait(kTryAgainMs);
  }
  if (!to_tell_.empty()) {
    Step step{.kind = Step::Kind::kTell, .command = std::move(to_tell_.front())};
    to_tell_.pop_front();
    return step;
  }
  const auto stored = read_().Get(id_);
  if (!stored.ok() || !*stored) return {};
  webhook_ = (*stored)->state.webhook();
  if (webhook_.status() != v1::WEBHOOK_VALIDATING && webhook_.status() != v1::WEBHOOK_ACTIVE) return {};
  if (round_ != webhook_.round()) {  // resumed or replayed: from the place it says
    round_ = webhook_.round();
    done_seq_ = webhook_.delivered_seq();
    unreported_ = 0;
  }
  if (const int64_t wait_ms = webhook_.next_attempt_ms() - now_ms; wait_ms > 0) return Wait(std::min(wait_ms, kIdleMs));
  return webhook_.status() == v1::WEBHOOK_VALIDATING ? Ask() : Deliver(now_ms);
}

// CloudEvents, HTTP webhooks, section 4: nothing is sent to an address that has not agreed to it.
Errand::Step Errand::Ask() const {
  const int per_minute = read_().Reference()->policy().webhook().per_minute();
  Step step{.kind = Step::Kind::kSend, .url = webhook_.url()};
  step.letter.asks = true;
  step.letter.header = {{"WebHook-Request-Origin", kOrigin}, {"WebHook-Request-Rate", std::to_string(per_minute)}};
  return step;
}

void Errand::OnConsent(const Reply& reply, int64_t now_ms) {
  const bool agreed = reply.allowed_origin == "*" || reply.allowed_origin == kOrigin;
  if (!IsTaken(reply.status) || !agreed) return Fail(0, reply, "NOT_CONSENTED", now_ms);
  const int per_minute = read_().Reference()->policy().webhook().per_minute();
  int allowed = per_minute, named = 0;
  if (absl::SimpleAtoi(reply.allowed_rate, &named)) allowed = std::clamp(named, 1, per_minute);  // else: as was asked
  auto* consent = to_tell_.emplace_back().mutable_report_consent();
  consent->set_round(round_);
  consent->set_per_minute(allowed);
}

Errand::Step Errand::Deliver(int64_t now_ms) {
  const auto reader = read_();
  const uint64_t until = std::min(reader.seq(), done_seq_ + kScannedPerTurn);
  while (done_seq_ < until) {
    const uint64_t seq = done_seq_ + 1;
    const auto record = reader.Record(seq);
    if (!record.ok()) return Wait(kTryAgainMs);
    v1::Event event;
    const bool told = *record && (*record)->event_type() == "told" && event.ParseFromString((*record)->event());
    if (told && Wants(webhook_, event.told().heard())) {
      const auto left = HasLeft(reader, event.told().heard());
      if (!left.ok()) return Wait(kTryAgainMs);
      if (*left) {
        done_seq_ = seq;
        continue;
      }
      const int64_t apart_ms = kMinuteMs / std::max(webhook_.per_minute(), 1);
      if (last_sent_ms_ + apart_ms > now_ms) return Wait(last_sent_ms_ + apart_ms - now_ms);
      return Post(seq, event.told(), now_ms);
    }
    done_seq_ = seq;
  }
  if (unreported_ > 0) {
    Report();
    return Next(now_ms);
  }
  return Wait(done_seq_ < read_().seq() ? 0 : kIdleMs);
}

Errand::Step Errand::Post(uint64_t seq, const v1::Told& told, int64_t now_ms) {
  last_sent_ms_ = now_ms;
  sent_seq_ = seq;
  Step step{.kind = Step::Kind::kSend, .url = webhook_.url()};
  step.letter.body = CloudEventJson(told, seq);
  const std::string& event_id = told.heard().event_id();
  const std::string timestamp = std::to_string(now_ms / 1000);
  step.letter.header = {
      {"Content-Type", "application/cloudevents+json; charset=utf-8"},
      {"WebHook-Request-Origin", kOrigin},
      {"webhook-id", event_id},
      {"webhook-timestamp", timestamp},
      {"webhook-signature", secrets_->Signature(id_, webhook_, now_ms, event_id, timestamp, step.letter.body)}};
  return step;
}

// 2xx: taken. Anything else comes again, and what follows waits.
void Errand::OnReply(const Reply& reply, int64_t now_ms) {
  if (webhook_.status() == v1::WEBHOOK_VALIDATING) {
    return reply.status == 0 ? Fail(0, reply, reply.why, now_ms) : OnConsent(reply, now_ms);
  }
  if (IsTaken(reply.status)) {
    done_seq_ = sent_seq_;
    if (++unreported_ >= kReportEvery || webhook_.failures() > 0) Report();
    return;
  }
  if (unreported_ > 0) Report();
  Fail(sent_seq_, reply, reply.status == 0 ? reply.why : "STATUS", now_ms);
}

void Errand::Report() {
  auto* report = to_tell_.emplace_back().mutable_report_delivered();
  report->set_round(round_);
  report->set_through_seq(done_seq_);
  report->set_count(unreported_);
  unreported_ = 0;
}

void Errand::Fail(uint64_t seq, const Reply& reply, std::string code, int64_t now_ms) {
  auto* report = to_tell_.emplace_back().mutable_report_failure();
  report->set_round(round_);
  report->set_retry_after_ms(RetryAfterMs(reply.retry_after, now_ms));
  report->mutable_failure()->set_sequence(seq);
  report->mutable_failure()->set_http_status(reply.status);
  report->mutable_failure()->set_code(std::move(code));
}

}  // namespace notify
