#pragma once
// The three threads of a service, without the domain: who calls which step when, and what happens when one fails.
//
//   writer    Take, Process, Write ──groups (at most kGroupsBetweenThreads)──► syncer    Sync once for all
//   that wait, Finish each
//   pump      due timers -> queue; looks at the free space of the disk
//
// A failed step is the end of the process: nothing is acknowledged any more, everything that waits is answered with
// UNAVAILABLE, then the fatal handler ends the process. It may or may not have been written; clients repeat
// with the same
// request id and get the one answer.

#include <absl/base/thread_annotations.h>
#include <absl/status/status.h>
#include <absl/synchronization/mutex.h>

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/metrics.h"
#include "services/kernel/group.h"

namespace kernel {

// The steps as the threads see them.
struct Steps {
  std::function<bool(Group*, int64_t wait_us)> take;
  std::function<absl::Status(Group*)> process;
  std::function<absl::Status(Group*)> write;
  std::function<absl::Status()> sync;
  std::function<void(Group*)> finish;
  std::function<void(Group*, const absl::Status&)> fail;
  std::function<absl::StatusOr<int64_t>(int64_t now_ms)> pump;  // when the next timer is due, 0: none
  std::function<void(absl::Status)> close_queue;
  std::function<bool()> queue_empty;
  std::function<void(std::vector<Envelope>*)> drain;  // what waits in the queue, any thread
  std::function<absl::Status()> check_space;        // RESOURCE_EXHAUSTED: nearly full
  std::function<void(absl::Status)> refuse_queue;   // ok: open again
};

enum class Health { kStarting, kServing, kStopping, kFailed };

class ServiceThreads {
 public:
  // `fatal` is called once, on the thread that failed; the product ends the process there.
  ServiceThreads(const base::Clock& clock, Steps steps, base::Metrics* metrics,
                 std::function<void(absl::Status)> fatal);
  ~ServiceThreads();

  void Start();
  // No new commands; what is queued is decided, synced and answered; then the threads end.
  void Stop() ABSL_LOCKS_EXCLUDED(mutex_);
  Health health() const { return health_.load(std::memory_order_acquire); }
  void WakePump() ABSL_LOCKS_EXCLUDED(pump_mutex_);

 private:
  void RunWriter();
  void RunSyncer();
  void RunPump();
  bool HandOver(std::unique_ptr<Group> group) ABSL_LOCKS_EXCLUDED(mutex_);
  std::unique_ptr<Group> SpareGroup() ABSL_LOCKS_EXCLUDED(mutex_);
  void LookAtSpace();
  void Fail(absl::Status why, Group* group) ABSL_LOCKS_EXCLUDED(mutex_);

  const base::Clock& clock_;
  const Steps steps_;
  const std::function<void(absl::Status)> fatal_;
  std::atomic<Health> health_{Health::kStarting};

  base::Histogram& group_commands_;
  base::Histogram& sync_us_;
  base::Counter& commands_;

  absl::Mutex mutex_;
  std::deque<std::unique_ptr<Group>> written_ ABSL_GUARDED_BY(mutex_);
  std::deque<std::unique_ptr<Group>> spare_ ABSL_GUARDED_BY(mutex_);
  bool writer_done_ ABSL_GUARDED_BY(mutex_) = false;
  bool failed_ ABSL_GUARDED_BY(mutex_) = false;

  absl::Mutex pump_mutex_;
  bool pump_woken_ ABSL_GUARDED_BY(pump_mutex_) = false;
  bool space_low_ = false;  // pump thread

  std::atomic<bool> stopping_{false};
  std::atomic<bool> queue_closed_{false};  // from then on the writer ends when the queue is empty
  std::jthread writer_, syncer_, pump_;
};

}  // namespace kernel
