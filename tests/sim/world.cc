#include "tests/sim/world.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>

#include <algorithm>

namespace sim {
namespace {

constexpr int64_t kHourMs = 3'600'000;
constexpr uint64_t kReconnectMsMax = 2'000;
constexpr int kStepsBetweenLooks = 64;  // engine steps before network and agenda are looked at again

double Draw(base::Random& random, double max) {  // often nothing, sometimes much
  if (random.Chance(0.3)) return 0;
  const double x = static_cast<double>(random.Below(1000)) / 1000.0;
  return max * x * x;
}

}  // namespace

Faults Faults::Draw(base::Random& random) {
  Faults f;
  f.crash_per_step = sim::Draw(random, 0.003);
  f.machine_share = static_cast<double>(random.Below(101)) / 100.0;
  f.down_ms_max = 1 + static_cast<int64_t>(sim::Draw(random, 2.0 * kHourMs));
  f.cut_per_hour = sim::Draw(random, 0.5);
  f.cut_ms_max = static_cast<int64_t>(1 + random.Below(4 * kHourMs));
  f.clock_jump_per_hour = sim::Draw(random, 0.05);
  f.weather.drop = sim::Draw(random, 0.2);
  f.weather.duplicate = sim::Draw(random, 0.2);
  f.weather.reorder = sim::Draw(random, 0.2);
  f.weather.delay_ms_max = static_cast<int64_t>(random.Below(3'000));
  f.weather.deliver_stale = random.Chance(0.5);
  return f;
}

std::string Faults::Text() const {
  return absl::StrFormat(
      "crash %.4f/step (machine %.0f %%, down <= %d s), cut %.2f/h (<= %d s), clock jump %.2f/h, "
      "drop %.2f, duplicate %.2f, reorder %.2f, delay <= %d ms",
      crash_per_step, machine_share * 100, down_ms_max / 1000, cut_per_hour, cut_ms_max / 1000,
      clock_jump_per_hour, weather.drop, weather.duplicate, weather.reorder, weather.delay_ms_max);
}

void World::StartFaults(const Faults& faults) {
  faults_ = faults;
  faults_on_ = true;
  network.SetWeather(faults.weather);
  PlanCuts();
  PlanJumps();
}

int64_t World::HourlyDelay(double per_hour) {
  const double mean_ms = kHourMs / per_hour;
  return 1 + static_cast<int64_t>(mean_ms * 2.0 * static_cast<double>(random.Below(1000)) / 1000.0);
}

void World::PlanCuts() {
  if (faults_.cut_per_hour <= 0) return;
  for (Node* node : nodes) {
    for (const std::string& source : node->follows()) {
      After(HourlyDelay(faults_.cut_per_hour), [this, node, source] {
        if (!faults_on_) return;
        ++cuts;
        network.Cut(source, node->name());
        After(static_cast<int64_t>(1 + random.Below(static_cast<uint64_t>(faults_.cut_ms_max))),
              [this, node, source] { network.Heal(source, node->name()); });
      });
    }
  }
  After(HourlyDelay(faults_.cut_per_hour), [this] {
    if (faults_on_) PlanCuts();
  });
}

void World::PlanJumps() {
  if (faults_.clock_jump_per_hour <= 0) return;
  After(HourlyDelay(faults_.clock_jump_per_hour), [this] {
    if (!faults_on_) return;
    ++jumps;
    if (random.Chance(0.5)) {
      clock.Advance(static_cast<int64_t>(random.Below(kHourMs)));
    } else {
      clock.SetBack(static_cast<int64_t>(random.Below(60'000)));
    }
    PlanJumps();
  });
}

void World::MaybeCrash(Node* node) {
  if (faults_on_ && random.Chance(faults_.crash_per_step)) {
    CrashAndRestart(node, random.Chance(faults_.machine_share));
  }
}

void World::CrashAndRestart(Node* node, bool machine) {
  node->Crash(machine);
  next_tick_.erase(node);
  After(static_cast<int64_t>(1 + random.Below(static_cast<uint64_t>(faults_.down_ms_max))),
        [this, node] {
          Boot(node);
          if (faults_on_ && on_return) on_return(*node);
        });
}

// Those who follow it notice within seconds that their connection is a new one.
void World::Boot(Node* node) {
  if (node->up()) return;
  node->Boot();
  next_tick_.erase(node);
  for (Node* other : nodes) {
    if (other == node) continue;
    After(static_cast<int64_t>(1 + random.Below(kReconnectMsMax)),
          [other, name = node->name()] { other->SourceIsBack(name); });
  }
}

void World::Join(Node* node) {
  nodes.push_back(node);
  node->heartbeat_ms = heartbeat_ms;
  Boot(node);
}

bool World::StepSomeEngine() {
  const size_t first = random.Below(nodes.size());
  for (size_t i = 0; i < nodes.size(); ++i) {
    Node* const node = nodes[(first + i) % nodes.size()];
    if (!node->Step(random)) continue;
    next_tick_[node] = 0;  // what it did may concern the bus and the timers
    ++events;
    MaybeCrash(node);
    return true;
  }
  return false;
}

// One thing that can happen now, or the step to the next moment at which something can. False: until_ms is
// reached.
bool World::RunOnce(int64_t until_ms) {
  for (int i = 0; i < kStepsBetweenLooks && StepSomeEngine(); ++i) {
  }
  network.Deliver(clock.NowMs());
  int64_t next = INT64_MAX;
  for (Node* node : nodes) Look(node, &next);
  for (Door* door : doors) Look(door, &next);
  while (!agenda_.empty() && agenda_.begin()->first.first <= clock.NowMs()) {
    auto what = std::move(agenda_.begin()->second);
    agenda_.erase(agenda_.begin());
    ++events;
    what();
  }
  if (StepSomeEngine()) return true;
  if (const auto due = network.NextDueMs()) next = std::min(next, *due);
  if (!agenda_.empty()) next = std::min(next, agenda_.begin()->first.first);
  next_ms_ = std::max(next, clock.NowMs() + 1);
  if (clock.NowMs() >= until_ms) return false;
  const int64_t moment = std::min(next_ms_, std::max(until_ms, clock.NowMs() + 1));
  if (beside_ != nullptr) beside_->CatchUp(moment);
  clock.AdvanceTo(moment);
  return true;
}

void World::Look(Station* station, int64_t* next) {
  if (!station->up()) return;
  int64_t& due = next_tick_[station];
  if (station->woken || due <= clock.NowMs()) due = std::max(station->Tick(), clock.NowMs() + 1);
  *next = std::min(*next, due);
}

// What happens here before the other world goes on.
void World::CatchUp(int64_t until_ms) {
  const auto woken = [](const Station* station) { return station->woken; };
  if (until_ms < next_ms_ && std::ranges::none_of(nodes, woken) && std::ranges::none_of(doors, woken)) return;
  Run(until_ms);
}

void World::Run(int64_t until_ms) {
  while (RunOnce(until_ms)) {
  }
}

// The names of those that still have something to do.
std::string World::Busy() const {
  const auto head = [this](std::string_view source) {
    for (const Node* node : nodes) {
      if (node->name() == source) return node->up() ? node->Head() : kernel::Cursor{};
    }
    for (const Door* door : doors) {
      if (door->name() == source) return door->up() ? door->Head() : kernel::Cursor{};
    }
    return kernel::Cursor{};
  };
  std::string busy;
  for (const Node* node : nodes) {
    if (!node->Drained(head)) absl::StrAppend(&busy, " ", node->name(), node->up() ? "" : " (down)");
  }
  return busy;
}

std::string World::Settle(int64_t patience_ms, const std::function<bool()>& answered) {
  faults_on_ = false;
  network.SetWeather({});
  network.HealAll();
  if (sabotage == Sabotage::kLinkStaysCut) network.Cut("incident", "oversight");
  for (Node* node : nodes) Boot(node);
  const int64_t until = clock.NowMs() + patience_ms;
  while (clock.NowMs() < until) {
    Run(std::min(until, clock.NowMs() + 60'000));
    if (Busy().empty() && answered()) return "";
  }
  return absl::StrCat("did not drain:", Busy(), answered() ? "" : " (requests without an answer)");
}

}  // namespace sim
