#pragma once
// The only place that reads the system's clocks. Time is int64 milliseconds since 1970-01-01 UTC.
// Any thread. The simulator supplies its own Clock.

#include <cstdint>

namespace base {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual int64_t NowMs() const = 0;     // wall clock, UTC; may be set back by an operator
  virtual int64_t SteadyUs() const = 0;  // never goes back; only differences mean something
};

class SystemClock final : public Clock {
 public:
  int64_t NowMs() const override;
  int64_t SteadyUs() const override;
};

}  // namespace base
