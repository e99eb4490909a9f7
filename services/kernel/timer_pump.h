#pragma once
// Due timers -> queue, a bounded portion at a time. The pump only says "aggregate X has something due";
// which timers that
// are is asked of the state when its turn comes, because a firing waits in the queue while the deadline may move.
// Pump: one thread at a time. The answers that end a firing may come on another.

#include <absl/base/thread_annotations.h>
#include <absl/status/statusor.h>
#include <absl/synchronization/mutex.h>

#include <cstdint>
#include <set>
#include <string>

#include "services/kernel/published.h"
#include "services/kernel/queue.h"

namespace kernel {

class TimerPump {
 public:
  TimerPump(std::string service, const Publisher& publisher, Queue* queue)
      : service_(std::move(service)), publisher_(publisher), queue_(*queue) {}

  // Puts what is due into the queue; returns when the next one is due, 0 if none is stored.
  absl::StatusOr<int64_t> Pump(int64_t now_ms) ABSL_LOCKS_EXCLUDED(mutex_);
  size_t in_flight() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  void Fire(int64_t due_ms, std::string_view aggregate_id, std::string key);

  const std::string service_;
  const Publisher& publisher_;
  Queue& queue_;
  mutable absl::Mutex mutex_;
  std::set<std::string, std::less<>> in_flight_ ABSL_GUARDED_BY(mutex_);  // keys of kTimer
};

}  // namespace kernel
