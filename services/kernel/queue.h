#pragma once
// What waits to be decided. Any thread submits; the writer takes. Full means an answer at once: RESOURCE_EXHAUSTED and
// when to try again, computed from how fast the queue drains. Timers and notices pass the limit (their
// number is bounded
// where they come from), so that people cannot starve the clocks.

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "base/clock.h"
#include "services/kernel/command.h"

namespace kernel {

class Queue {
 public:
  struct Limits {
    size_t commands;
    size_t bytes;
  };
  enum class From { kClient, kKernel };

  Queue(const base::Clock& clock, Limits limits) : clock_(clock), limits_(limits) {}

  void Submit(Envelope envelope, From from) ABSL_LOCKS_EXCLUDED(mutex_);

  // Appends up to `max_commands` (at least one, if there is any) of up to `max_bytes` to `out`, in order. Waits up to
  // `wait_us` for the first one; 0: does not wait.
  void Take(size_t max_commands, size_t max_bytes, int64_t wait_us, std::vector<Envelope>* out)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Lets a waiting Take return.
  void Wake() ABSL_LOCKS_EXCLUDED(mutex_);
  // Nothing more comes in: later submissions are answered with `why`. What is inside stays to be taken.
  void Close(absl::Status why) ABSL_LOCKS_EXCLUDED(mutex_);
  bool empty() const { return size() == 0; }
  size_t size() const ABSL_LOCKS_EXCLUDED(mutex_);
  // Everything is answered with this while it is set (a full disk); ok: open again.
  void Refuse(absl::Status why) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  struct Item {
    Envelope envelope;
    size_t bytes;
  };
  int64_t RetryAfterMs() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void MeasureDrain(size_t taken) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const base::Clock& clock_;
  const Limits limits_;
  mutable absl::Mutex mutex_;
  absl::CondVar ready_;
  std::deque<Item> items_ ABSL_GUARDED_BY(mutex_);
  size_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  bool woken_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status closed_ ABSL_GUARDED_BY(mutex_);
  absl::Status refusing_ ABSL_GUARDED_BY(mutex_);
  // Commands taken since window_start_us_; the rate of the last full window stays until the next is full.
  int64_t window_start_us_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t window_taken_ ABSL_GUARDED_BY(mutex_) = 0;
  double drained_per_ms_ ABSL_GUARDED_BY(mutex_) = 1.0;
};

// The outcome of a command that was not decided because of the world, not the rules.
Outcome FailedOutcome(absl::Status status, int64_t retry_after_ms = 0);

// Calls `done` of an envelope and of all that follow it.
void Answer(const Envelope& envelope, const Outcome& outcome);

}  // namespace kernel
