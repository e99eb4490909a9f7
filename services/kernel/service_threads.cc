#include "services/kernel/service_threads.h"

#include <absl/time/clock.h>
#include <absl/time/time.h>

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "base/thread.h"
#include "services/kernel/limits.h"

namespace kernel {
namespace {

constexpr int64_t kIdleWaitUs = 500'000;  // the writer looks for something to sweep this often
constexpr int64_t kSpaceCheckEveryUs = 1'000'000;

// What a command is answered of which nobody can say whether it is on disk.
absl::Status Unknown() {
  return absl::UnavailableError(
      "服务出现故障，请用同一请求编号重试 / the service failed, repeat with the same request id");
}

}  // namespace

ServiceThreads::ServiceThreads(const base::Clock& clock, Steps steps, base::Metrics* metrics,
                               std::function<void(absl::Status)> fatal)
    : clock_(clock),
      steps_(std::move(steps)),
      fatal_(std::move(fatal)),
      group_commands_(metrics->AddHistogram("kernel_group_commands", "commands decided together")),
      sync_us_(metrics->AddHistogram("kernel_sync_seconds", "time of one sync of the log of the database")),
      commands_(metrics->AddCounter("kernel_commands_total", "commands taken from the queue")) {}

ServiceThreads::~ServiceThreads() { Stop(); }

void ServiceThreads::Start() {
  health_.store(Health::kServing, std::memory_order_release);
  syncer_ = base::StartThread("syncer", [this] { RunSyncer(); });
  writer_ = base::StartThread("writer", [this] { RunWriter(); });
  pump_ = base::StartThread("timers", [this] { RunPump(); });
}

void ServiceThreads::Stop() {
  if (stopping_.exchange(true)) return;
  Health serving = Health::kServing;
  health_.compare_exchange_strong(serving, Health::kStopping);
  WakePump();
  if (pump_.joinable()) pump_.join();
  steps_.close_queue(absl::UnavailableError("服务正在停止 / the service is stopping"));
  queue_closed_.store(true, std::memory_order_release);
  if (writer_.joinable()) writer_.join();
  if (syncer_.joinable()) syncer_.join();
}

void ServiceThreads::WakePump() {
  absl::MutexLock lock(&pump_mutex_);
  pump_woken_ = true;
}

void ServiceThreads::RunWriter() {
  for (;;) {
    auto group = SpareGroup();
    if (health() == Health::kFailed) break;
    const bool last_round = queue_closed_.load(std::memory_order_acquire);
    if (!steps_.take(group.get(), last_round ? 0 : kIdleWaitUs)) {
      if (last_round && steps_.queue_empty()) break;
      continue;
    }
    group_commands_.Observe(static_cast<int64_t>(group->envelopes.size()));
    commands_.Add(group->envelopes.size());
    absl::Status status = steps_.process(group.get());
    if (status.ok()) status = steps_.write(group.get());
    if (!status.ok()) {
      Fail(std::move(status), group.get());
      break;
    }
    if (!HandOver(std::move(group))) break;
  }
  absl::MutexLock lock(&mutex_);
  writer_done_ = true;
}

std::unique_ptr<Group> ServiceThreads::SpareGroup() {
  absl::MutexLock lock(&mutex_);
  if (spare_.empty()) return std::make_unique<Group>();
  auto group = std::move(spare_.front());
  spare_.pop_front();
  return group;
}

bool ServiceThreads::HandOver(std::unique_ptr<Group> group) {
  {
    absl::MutexLock lock(&mutex_);
    const auto room = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
      return failed_ || written_.size() < kGroupsBetweenThreads;
    };
    mutex_.Await(absl::Condition(&room));
    if (!failed_) {
      written_.push_back(std::move(group));
      return true;
    }
  }
  steps_.fail(group.get(), Unknown());
  return false;
}

void ServiceThreads::RunSyncer() {
  for (;;) {
    std::deque<std::unique_ptr<Group>> groups;
    {
      absl::MutexLock lock(&mutex_);
      const auto something = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
        return failed_ || writer_done_ || !written_.empty();
      };
      mutex_.Await(absl::Condition(&something));
      if (failed_) return;
      if (written_.empty()) return;  // the writer is done
      groups.swap(written_);
    }
    if (std::ranges::any_of(groups, [](const auto& group) { return group->written; })) {
      const int64_t start_us = clock_.SteadyUs();
      absl::Status status = steps_.sync();
      sync_us_.Observe(clock_.SteadyUs() - start_us);
      if (!status.ok()) {
        for (size_t i = 1; i < groups.size(); ++i) steps_.fail(groups[i].get(), Unknown());
        Fail(std::move(status), groups.front().get());
        return;
      }
    }
    for (auto& group : groups) steps_.finish(group.get());
    absl::MutexLock lock(&mutex_);
    for (auto& group : groups) {
      if (spare_.size() <= kGroupsBetweenThreads) spare_.push_back(std::move(group));
    }
  }
}

void ServiceThreads::RunPump() {
  int64_t last_look_us = 0;
  while (!stopping_.load(std::memory_order_acquire) && health() == Health::kServing) {
    if (clock_.SteadyUs() - last_look_us >= kSpaceCheckEveryUs) {
      last_look_us = clock_.SteadyUs();
      LookAtSpace();
    }
    const int64_t now_ms = clock_.NowMs();
    int64_t wait_us = kTimerPumpIdleUs;
    if (!space_low_) {
      const auto next_ms = steps_.pump(now_ms);
      if (!next_ms.ok()) {
        Group none;
        Fail(next_ms.status(), &none);
        return;
      }
      if (*next_ms > now_ms) wait_us = std::min(wait_us, (*next_ms - now_ms) * 1000);
    }
    absl::MutexLock lock(&pump_mutex_);
    pump_mutex_.AwaitWithTimeout(absl::Condition(&pump_woken_), absl::Microseconds(wait_us));
    pump_woken_ = false;
  }
}

void ServiceThreads::LookAtSpace() {
  const absl::Status space = steps_.check_space();
  if (space.ok() == !space_low_) return;
  space_low_ = !space.ok();
  steps_.refuse_queue(space);
  base::Log(space_low_ ? base::kError : base::kInfo,
            space_low_ ? "commands are refused: the disk is nearly full" : "the disk has room again",
            {{"status", std::string(space.message())}});
}

void ServiceThreads::Fail(absl::Status why, Group* group) {
  bool first = false;
  std::deque<std::unique_ptr<Group>> waiting;
  {
    absl::MutexLock lock(&mutex_);
    first = !failed_;
    failed_ = true;
    waiting.swap(written_);
  }
  health_.store(Health::kFailed, std::memory_order_release);
  const absl::Status answer = Unknown();
  steps_.close_queue(answer);
  steps_.fail(group, answer);
  for (auto& behind : waiting) steps_.fail(behind.get(), answer);
  Group queued;
  steps_.drain(&queued.envelopes);
  steps_.fail(&queued, answer);
  if (!first) return;
  base::Log(base::kError, "the database failed, the process ends", {{"status", why.ToString()}});
  fatal_(std::move(why));
}

}  // namespace kernel
