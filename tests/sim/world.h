#pragma once
// Time, weather and accidents: one thread that decides by chance what happens next. The same seed gives the
// same run.

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/random.h"
#include "services/bus/memory_transport.h"
#include "tests/sim/node.h"
#include "tests/support/sim_clock.h"

namespace sim {

// How bad it gets; drawn from the seed, so that some runs are calm in one respect and wild in another.
struct Faults {
  double crash_per_step = 0;   // after any step of an engine
  double machine_share = 0.5;  // of the crashes: unsynced writes are lost too
  int64_t down_ms_max = 60'000;
  double cut_per_hour = 0;  // of each link
  int64_t cut_ms_max = 600'000;
  double clock_jump_per_hour = 0;  // forward by up to an hour, or back by up to a minute
  bus::Weather weather;

  static Faults Draw(base::Random& random);
  std::string Text() const;
};

class World {
 public:
  explicit World(uint64_t seed) : random(seed), network(random.Next()) {}

  // At `at_ms`, or at once if that is over.
  void At(int64_t at_ms, std::function<void()> what) {
    agenda_.emplace(std::pair{at_ms, ++order_}, std::move(what));
  }
  void After(int64_t delay_ms, std::function<void()> what) { At(clock.NowMs() + delay_ms, std::move(what)); }

  // Runs with faults until virtual time `until_ms`.
  void Run(int64_t until_ms);
  // Faults stop, everything that is down starts again, everybody who still waits is `answered`, and everything must
  // drain. "" or what did not.
  std::string Settle(int64_t patience_ms, const std::function<bool()>& answered);

  void StartFaults(const Faults& faults);
  void CrashAndRestart(Node* node, bool machine);
  // Another service is there from now on.
  void Join(Node* node);

  tests::SimClock clock;
  base::Random random;
  bus::MemoryNetwork network;
  std::vector<Node*> nodes;

  uint64_t events = 0, jumps = 0, cuts = 0;
  Sabotage sabotage = Sabotage::kNone;
  int64_t heartbeat_ms = 60'000;  // of the event streams

 private:
  bool RunOnce(int64_t until_ms);
  bool StepSomeEngine();
  void MaybeCrash(Node* node);
  void Boot(Node* node);
  void PlanCuts();
  void PlanJumps();
  int64_t HourlyDelay(double per_hour);
  std::string Busy() const;

  std::map<std::pair<int64_t, uint64_t>, std::function<void()>> agenda_;
  uint64_t order_ = 0;
  std::map<Node*, int64_t> next_tick_;
  Faults faults_;
  bool faults_on_ = false;
};

}  // namespace sim
