#pragma once
// An EventInbox in memory for tests of the bus: effects and cursor become durable together, when the test
// says so. Power failures take what is not durable; a write may be told to fail. Any thread.

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "services/kernel/link.h"

namespace tests {

class MemoryInbox final : public kernel::EventInbox {
 public:
  // At once: every Apply is durable and answered before it returns. Otherwise it waits for Finish.
  explicit MemoryInbox(bool at_once) : at_once_(at_once) {}

  absl::StatusOr<std::optional<kernel::Cursor>> LoadCursor(std::string_view source) const override {
    absl::MutexLock lock(&mutex_);
    const auto at = cursors_.find(source);
    if (at == cursors_.end()) return std::optional<kernel::Cursor>();
    return std::optional<kernel::Cursor>(at->second);
  }

  void Apply(std::string_view source, std::vector<bus::v1::Event> events, kernel::Cursor after,
             std::function<void(absl::Status)> applied) override {
    {
      absl::MutexLock lock(&mutex_);
      ++applies_;
      waiting_.push_back({std::string(source), std::move(events), std::move(after), std::move(applied)});
    }
    if (at_once_) Finish();
  }

  // The oldest waiting Apply becomes durable, or fails as told; its caller hears of it unless the process
  // died before.
  void Finish(bool tell = true) {
    Waiting done;
    absl::Status result;
    {
      absl::MutexLock lock(&mutex_);
      if (waiting_.empty()) return;
      done = std::move(waiting_.front());
      waiting_.pop_front();
      result = failure_;
      if (result.ok()) {
        for (bus::v1::Event& event : done.events) effects_[done.source].push_back(std::move(event));
        cursors_[done.source] = done.after;
      }
    }
    if (tell) done.applied(result);
  }
  bool Waits() const {
    absl::MutexLock lock(&mutex_);
    return !waiting_.empty();
  }
  size_t WaitingEvents() const {
    absl::MutexLock lock(&mutex_);
    return waiting_.empty() ? 0 : waiting_.front().events.size();
  }
  void LosePower() {
    absl::MutexLock lock(&mutex_);
    waiting_.clear();
  }
  void FailWith(absl::Status failure) {
    absl::MutexLock lock(&mutex_);
    failure_ = std::move(failure);
  }

  std::vector<bus::v1::Event> Effects(std::string_view source) const {
    absl::MutexLock lock(&mutex_);
    const auto at = effects_.find(source);
    return at == effects_.end() ? std::vector<bus::v1::Event>() : at->second;
  }
  std::vector<uint64_t> Seqs(std::string_view source) const {
    std::vector<uint64_t> seqs;
    for (const bus::v1::Event& event : Effects(source)) seqs.push_back(event.seq());
    return seqs;
  }
  uint64_t Position(std::string_view source) const {
    absl::MutexLock lock(&mutex_);
    const auto at = cursors_.find(source);
    return at == cursors_.end() ? 0 : at->second.seq;
  }
  uint64_t applies() const {
    absl::MutexLock lock(&mutex_);
    return applies_;
  }

 private:
  struct Waiting {
    std::string source;
    std::vector<bus::v1::Event> events;
    kernel::Cursor after;
    std::function<void(absl::Status)> applied;
  };

  const bool at_once_;
  mutable absl::Mutex mutex_;
  std::deque<Waiting> waiting_ ABSL_GUARDED_BY(mutex_);
  absl::Status failure_ ABSL_GUARDED_BY(mutex_);
  uint64_t applies_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<std::string, std::vector<bus::v1::Event>, std::less<>> effects_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, kernel::Cursor, std::less<>> cursors_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tests
