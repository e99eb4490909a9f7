#pragma once
// The clock of a process: the system's, or that of a rehearsal 演练, which lives at another time, so that people can see
// today what happens in fifteen days, and tests can tell the story of a period to the day. What was recorded then
// cannot be taken back: the databases of a rehearsal stay a rehearsal. Any thread, once Shift was called.

#include "base/clock.h"

namespace rpc {

class RehearsalClock final : public base::Clock {
 public:
  void Shift(int64_t ms) { offset_ms_ = ms; }  // before anybody asks for the time

  int64_t NowMs() const override { return system_.NowMs() + offset_ms_; }
  int64_t SteadyUs() const override { return system_.SteadyUs(); }

 private:
  base::SystemClock system_;
  int64_t offset_ms_ = 0;
};

}  // namespace rpc
