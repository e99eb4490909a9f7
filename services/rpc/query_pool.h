#pragma once
// A fixed number of threads for reads and for work that may wait (password hashes). Full means refused at once.

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <deque>
#include <functional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/thread.h"

namespace rpc {

class QueryPool {
 public:
  QueryPool(size_t threads, size_t queue_max) : queue_max_(queue_max) {
    CHECK(threads > 0 && queue_max > 0);
    for (size_t i = 0; i < threads; ++i) {
      threads_.push_back(base::StartThread("query" + std::to_string(i), [this] { Run(); }));
    }
  }
  // Runs what is queued, then returns.
  ~QueryPool() {
    {
      absl::MutexLock lock(&mutex_);
      closed_ = true;
      ready_.SignalAll();
    }
    threads_.clear();
  }

  // False: the queue is full; `work` is then destroyed without having run.
  [[nodiscard]] bool TryPost(std::function<void()> work) ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    if (closed_ || queue_.size() >= queue_max_) return false;
    queue_.push_back(std::move(work));
    ready_.Signal();
    return true;
  }

  // For the next piece of a streamed answer, of which each open call has one at most: they are counted elsewhere, and
  // one that was begun is not refused in its middle. False: the pool is closed.
  [[nodiscard]] bool PostBegun(std::function<void()> work) ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    if (closed_) return false;
    queue_.push_back(std::move(work));
    ready_.Signal();
    return true;
  }

 private:
  void Run() ABSL_LOCKS_EXCLUDED(mutex_) {
    while (true) {
      std::function<void()> work;
      {
        absl::MutexLock lock(&mutex_);
        while (queue_.empty() && !closed_) ready_.Wait(&mutex_);
        if (queue_.empty()) return;
        work = std::move(queue_.front());
        queue_.pop_front();
      }
      work();
    }
  }

  const size_t queue_max_;
  absl::Mutex mutex_;
  absl::CondVar ready_;
  std::deque<std::function<void()>> queue_ ABSL_GUARDED_BY(mutex_);
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::jthread> threads_;
};

}  // namespace rpc
