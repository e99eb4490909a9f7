#pragma once
// A clock that stands still until it is told to move. Any thread may read it.

#include <atomic>
#include <cstdint>

#include "base/clock.h"

namespace tests {

class SimClock final : public base::Clock {
 public:
  explicit SimClock(int64_t now_ms = 1'791'417'600'000) : now_ms_(now_ms) {}  // 2026-10-08 08:00 in Beijing
  int64_t NowMs() const override { return now_ms_.load(); }
  int64_t SteadyUs() const override { return steady_us_.load(); }

  void Advance(int64_t ms) {
    now_ms_ += ms;
    steady_us_ += ms * 1000;
  }
  void AdvanceTo(int64_t now_ms) {
    if (now_ms > now_ms_) Advance(now_ms - now_ms_);
  }
  void SetTo(int64_t now_ms) { now_ms_ = now_ms; }  // before anybody has looked
  void SetBack(int64_t ms) { now_ms_ -= ms; }  // an operator did; the steady clock does not notice

 private:
  std::atomic<int64_t> now_ms_;
  std::atomic<int64_t> steady_us_{1'000'000};
};

}  // namespace tests
