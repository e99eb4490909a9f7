#pragma once
// A queue with a limit: many threads push, one takes. Full means refused at once, never waiting: the caller
// answers RESOURCE_EXHAUSTED. Closed means nothing more comes in; what is inside can still be taken.

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>
#include <absl/time/clock.h>
#include <absl/time/time.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <utility>
#include <vector>

#include "base/check.h"

namespace base {

template <class T>
class BoundedQueue {
 public:
  explicit BoundedQueue(size_t limit) : limit_(limit) { CHECK(limit > 0); }

  // False if full or closed; `item` is then untouched.
  [[nodiscard]] bool TryPush(T& item) ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    if (closed_ || items_.size() >= limit_) return false;
    items_.push_back(std::move(item));
    if (items_.size() == 1) ready_.Signal();
    return true;
  }
  [[nodiscard]] bool TryPush(T&& item) { return TryPush(item); }

  // Up to `max` items in order. Waits until there is one, the queue is closed, Wake() is called or `wait_us`
  // have passed (negative: for ever); empty only then.
  std::vector<T> Take(size_t max, int64_t wait_us) ABSL_LOCKS_EXCLUDED(mutex_) {
    std::vector<T> taken;
    absl::MutexLock lock(&mutex_);
    const absl::Time until = wait_us < 0 ? absl::InfiniteFuture() : absl::Now() + absl::Microseconds(wait_us);
    while (items_.empty() && !closed_ && !woken_) {
      if (ready_.WaitWithDeadline(&mutex_, until)) break;
    }
    woken_ = false;
    const size_t count = items_.size() < max ? items_.size() : max;
    taken.reserve(count);
    for (size_t i = 0; i < count; ++i) {
      taken.push_back(std::move(items_.front()));
      items_.pop_front();
    }
    return taken;
  }

  // Lets a waiting Take return, or the next one if none is waiting.
  void Wake() ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    woken_ = true;
    ready_.Signal();
  }

  void Close() ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    closed_ = true;
    ready_.SignalAll();
  }

  bool closed() const ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    return closed_;
  }
  size_t size() const ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    return items_.size();
  }
  size_t limit() const { return limit_; }

 private:
  const size_t limit_;
  mutable absl::Mutex mutex_;
  absl::CondVar ready_;
  std::deque<T> items_ ABSL_GUARDED_BY(mutex_);
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  bool woken_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace base
