#pragma once
// Time, weather and accidents: one thread that decides by chance what happens next. The same seed gives the
// same run.

#include <algorithm>
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
 private:
  std::unique_ptr<tests::SimClock> own_clock_;  // of a world that is not beside another

 public:
  explicit World(uint64_t seed)
      : own_clock_(std::make_unique<tests::SimClock>()), clock(*own_clock_), random(seed), network(random.Next()) {}
  // Beside another: the same time, and nothing else in common. What happens here moves no draw there.
  World(uint64_t seed, World& other) : clock(other.clock), random(seed), network(random.Next()) {
    other.beside_ = this;
  }

  // At `at_ms`, or at once if that is over.
  void At(int64_t at_ms, std::function<void()> what) {
    agenda_.emplace(std::pair{at_ms, ++order_}, std::move(what));
    next_ms_ = std::min(next_ms_, at_ms);
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

  tests::SimClock& clock;
  base::Random random;
  bus::MemoryNetwork network;
  std::vector<Node*> nodes;
  std::vector<Door*> doors;  // through which services of the other world are heard here
  // A service is there again after a crash. It may look; it draws nothing and changes nothing here.
  std::function<void(const Node&)> on_return;

  uint64_t events = 0, jumps = 0, cuts = 0;
  Sabotage sabotage = Sabotage::kNone;
  int64_t heartbeat_ms = 60'000;  // of the event streams

 private:
  bool RunOnce(int64_t until_ms);
  void CatchUp(int64_t until_ms);
  void Look(Station* station, int64_t* next);
  bool StepSomeEngine();
  void MaybeCrash(Node* node);
  void Boot(Node* node);
  void PlanCuts();
  void PlanJumps();
  int64_t HourlyDelay(double per_hour);
  std::string Busy() const;

  std::map<std::pair<int64_t, uint64_t>, std::function<void()>> agenda_;
  uint64_t order_ = 0;
  std::map<Station*, int64_t> next_tick_;
  int64_t next_ms_ = 0;  // nothing happens before, unless somebody is woken
  World* beside_ = nullptr;
  Faults faults_;
  bool faults_on_ = false;
};

}  // namespace sim
