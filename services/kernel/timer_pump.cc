#include "services/kernel/timer_pump.h"

#include <utility>
#include <vector>

#include "base/status_macros.h"
#include "services/kernel/limits.h"
#include "storage/keys.h"

namespace kernel {

absl::StatusOr<int64_t> TimerPump::Pump(int64_t now_ms) {
  const auto published = publisher_.Get();
  std::vector<std::string> due;
  int64_t next_ms = 0;
  {
    absl::MutexLock lock(&mutex_);
    RETURN_IF_ERROR(published->view->Scan(
        storage::KeySpace::kTimer, "", "",
        [&](std::string_view key, std::string_view) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
          int64_t due_ms = 0;
          std::string_view id;
          if (!storage::ReadTimerKey(key, &due_ms, &id)) return true;
          if (due_ms > now_ms || in_flight_.size() >= kTimersInFlightMax) {
            next_ms = due_ms;
            return false;
          }
          if (in_flight_.emplace(key).second) due.emplace_back(key);
          return true;
        }));
  }
  for (std::string& key : due) {
    int64_t due_ms = 0;
    std::string_view id;
    if (storage::ReadTimerKey(key, &due_ms, &id)) Fire(due_ms, std::string(id), key);
  }
  return next_ms;
}

void TimerPump::Fire(int64_t due_ms, std::string_view aggregate_id, std::string key) {
  Envelope firing;
  firing.command_name = "timer";
  firing.aggregate_id = std::string(aggregate_id);
  firing.timer_due_ms = due_ms;
  firing.actor.set_service(service_);
  firing.actor.add_grant()->set_role(v1::ROLE_SYS);
  firing.done = [this, key = std::move(key)](const Outcome&) {
    absl::MutexLock lock(&mutex_);
    in_flight_.erase(key);
  };
  queue_.Submit(std::move(firing), Queue::From::kKernel);
}

size_t TimerPump::in_flight() const {
  absl::MutexLock lock(&mutex_);
  return in_flight_.size();
}

}  // namespace kernel
