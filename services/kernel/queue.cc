#include "services/kernel/queue.h"

#include <absl/strings/str_cat.h>
#include <absl/time/clock.h>
#include <absl/time/time.h>

#include <algorithm>
#include <utility>

#include "services/kernel/limits.h"

namespace kernel {
namespace {

constexpr int64_t kWindowUs = 1'000'000;

size_t BytesOf(const Envelope& envelope) {
  size_t bytes = sizeof(Envelope);
  if (envelope.command != nullptr) bytes += envelope.command->ByteSizeLong();
  for (const auto& op : envelope.attached) bytes += op.key.size() + (op.value ? op.value->size() : 0);
  for (const auto& next : envelope.then) bytes += BytesOf(next);
  return bytes;
}

}  // namespace

Outcome FailedOutcome(absl::Status status, int64_t retry_after_ms) {
  Outcome outcome;
  outcome.status = std::move(status);
  outcome.retry_after_ms = retry_after_ms;
  return outcome;
}

void Answer(const Envelope& envelope, const Outcome& outcome) {
  if (envelope.done) envelope.done(outcome);
  for (const Envelope& next : envelope.then) Answer(next, outcome);
}

void Queue::Submit(Envelope envelope, From from) {
  const size_t bytes = BytesOf(envelope);
  Outcome refused;
  {
    absl::MutexLock lock(&mutex_);
    if (!closed_.ok()) {
      refused.status = closed_;
    } else if (!refusing_.ok()) {
      refused = FailedOutcome(refusing_, kRetryAfterMaxMs);
    } else if (from == From::kClient &&
               (items_.size() >= limits_.commands || bytes_ + bytes > limits_.bytes)) {
      refused = FailedOutcome(
          absl::ResourceExhaustedError("服务繁忙，请稍后重试 / the service is busy, try again later"),
          RetryAfterMs());
    } else {
      items_.push_back({std::move(envelope), bytes});
      bytes_ += bytes;
      if (items_.size() == 1) ready_.Signal();
      return;
    }
  }
  Answer(envelope, refused);
}

void Queue::Take(size_t max_commands, size_t max_bytes, int64_t wait_us, std::vector<Envelope>* out) {
  absl::MutexLock lock(&mutex_);
  if (items_.empty() && wait_us > 0) {
    const absl::Time until = absl::Now() + absl::Microseconds(wait_us);
    while (items_.empty() && !woken_ && closed_.ok()) {
      if (ready_.WaitWithDeadline(&mutex_, until)) break;
    }
  }
  woken_ = false;
  size_t commands = 0;
  size_t bytes = 0;
  while (!items_.empty()) {
    Item& first = items_.front();
    const size_t count = 1 + first.envelope.then.size();
    if (commands > 0 && (commands + count > max_commands || bytes + first.bytes > max_bytes)) break;
    commands += count;
    bytes += first.bytes;
    out->push_back(std::move(first.envelope));
    items_.pop_front();
  }
  bytes_ -= bytes;
  MeasureDrain(out->size());
}

void Queue::Wake() {
  absl::MutexLock lock(&mutex_);
  woken_ = true;
  ready_.Signal();
}

void Queue::Close(absl::Status why) {
  absl::MutexLock lock(&mutex_);
  closed_ = std::move(why);
  ready_.SignalAll();
}

size_t Queue::size() const {
  absl::MutexLock lock(&mutex_);
  return items_.size();
}

void Queue::Refuse(absl::Status why) {
  absl::MutexLock lock(&mutex_);
  refusing_ = std::move(why);
}

int64_t Queue::RetryAfterMs() const {
  const double ms = static_cast<double>(items_.size()) / std::max(drained_per_ms_, 0.001);
  return std::clamp(static_cast<int64_t>(ms), kRetryAfterMinMs, kRetryAfterMaxMs);
}

void Queue::MeasureDrain(size_t taken) {
  const int64_t now_us = clock_.SteadyUs();
  if (window_taken_ == 0) window_start_us_ = now_us;  // idle time is not slowness
  window_taken_ += taken;
  if (now_us - window_start_us_ < kWindowUs) return;
  drained_per_ms_ =
      static_cast<double>(window_taken_) * 1000.0 / static_cast<double>(now_us - window_start_us_);
  window_taken_ = 0;
}

}  // namespace kernel
