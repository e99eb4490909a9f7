#include "tests/sim/run.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <functional>
#include <string>
#include <utility>

#include "base/calendar.h"
#include "base/random.h"
#include "base/crypto.h"
#include "tests/sim/laws.h"

namespace sim {
namespace {

constexpr int64_t kDayMs = 86'400'000;
constexpr int64_t kPatienceMs = 2 * kDayMs;
constexpr int64_t kMinuteMs = 60'000;

// Pings that come too often drown a long run, pings that come too seldom let everything wait.
int64_t DrawHeartbeat(bool year, base::Random& random) {
  constexpr int64_t kMinutes[] = {1, 10, 60, 60};
  constexpr int64_t kOfAYear[] = {30, 120, 240, 240};
  return (year ? kOfAYear : kMinutes)[random.Below(std::size(kMinutes))] * kMinuteMs;
}

// Three schedules with long holidays at different places of the week.
int DrawYear(base::Random& random) { return 2024 + static_cast<int>(random.Below(3)); }

// Before a week of holidays, in an ordinary month, before and around the announcement of the next year's
// calendar.
int64_t DrawStart(base::Random& random) {
  constexpr int kDaysLater[] = {-10, 0, 39, 59};
  return tests::SimClock().NowMs() + kDaysLater[random.Below(std::size(kDaysLater))] * kDayMs;
}

uint64_t Fingerprint(const World& world) {
  std::string all;
  for (const Node* node : world.nodes) {
    for (const auto& [key, value] : RowsOf(node->view(), storage::KeySpace::kLog)) all += value;
  }
  return std::hash<std::string>()(base::Sha256(all));
}

constexpr int64_t kHeartbeatBesideMs = 60 * kMinuteMs;  // pings alone would cost more than what is told

// A chance of its own, from the same seed.
uint64_t SeedBeside(uint64_t seed) { return base::Random(seed ^ 0x6e6f746966790000).Next(); }
uint64_t SeedOfLooks(uint64_t seed) { return base::Random(seed ^ 0x636f756e74657273).Next(); }

// Law 4 in the middle of it: whoever comes back after a crash, and one other that is up, counts what its states are. At
// moments drawn by a chance of its own, which moves no draw of the run; ever fewer of them the more crashes there were,
// so that a year costs little more than a month.
class Looks {
 public:
  explicit Looks(uint64_t seed) : random_(seed) {}

  void At(World* world) {
    world->on_return = [this, world](const Node& back) { AfterCrash(*world, back); };
  }
  uint64_t taken() const { return taken_; }
  const Broken& broken() const { return broken_; }

 private:
  static constexpr uint64_t kLooksMax = 20;

  void AfterCrash(const World& world, const Node& back) {
    if (++crashes_ < next_ || taken_ == kLooksMax) return;
    next_ += 1 + random_.Below(1 + next_);
    ++taken_;
    Judge(back);
    const Node& other = *world.nodes[random_.Below(world.nodes.size())];
    if (&other != &back && other.up()) Judge(other);
  }

  void Judge(const Node& node) {
    for (const std::string& text : node.CheckAgainstStates())
      broken_.push_back(absl::StrCat("law 4: after a crash ", node.name(), " counts otherwise: ", text));
  }

  base::Random random_;
  uint64_t crashes_ = 0, next_ = 1, taken_ = 0;
  Broken broken_;
};

}  // namespace

RunResult Run(const RunOptions& options) {
  LogCapture log(options.log_fd);
  World world(options.seed);
  const int year = options.year ? DrawYear(world.random) : 2026;
  world.clock.SetTo(options.year ? base::StartOfDayMs(base::DayOf({year, 1, 2})) + 8 * 60 * kMinuteMs
                                 : DrawStart(world.random));
  world.heartbeat_ms = DrawHeartbeat(options.year, world.random);
  const std::string first_day = base::DayText(base::LocalDay(world.clock.NowMs()));
  Ledger ledger(world);
  const CityOptions of_city{.year = year, .sabotage = options.sabotage};
  City city(world, ledger, of_city);
  World world_beside(SeedBeside(options.seed), world);
  world_beside.heartbeat_ms = std::max(world.heartbeat_ms, kHeartbeatBesideMs);
  Beside beside(world_beside, city, of_city);
  city.Found();
  Looks looks(SeedOfLooks(options.seed));
  looks.At(&world);
  looks.At(&world_beside);
  RunResult result;
  const Faults faults = options.faults ? Faults::Draw(world.random) : Faults();
  result.faults = absl::StrCat("from ", first_day, ", heartbeat ", world.heartbeat_ms / kMinuteMs, " min, ",
                               options.faults ? faults.Text() : "none");
  if (options.faults) {
    world.StartFaults(faults);
    Faults same = faults;
    same.clock_jump_per_hour = 0;  // it is one clock
    world_beside.StartFaults(same);
  }
  int64_t until_ms = world.clock.NowMs() + options.days * kDayMs;
  city.Live(options.pause_ms, until_ms);
  beside.Live(until_ms + options.quiet_days * kDayMs);
  world.Run(until_ms);
  until_ms += options.quiet_days * kDayMs;
  if (options.quiet_days > 0) city.Live(4 * options.pause_ms, until_ms, true);
  world.Run(until_ms);
  const std::string left = world.Settle(kPatienceMs, [&ledger] { return ledger.open() == 0; });

  result.broken = looks.broken();
  for (std::string& text : BrokenLaws({world, ledger, city, beside, log.Take(), left}))
    result.broken.push_back(std::move(text));
  result.coverage = CoverageOf(city, beside);
  result.fingerprint = Fingerprint(world) ^ Fingerprint(world_beside);
  Toll& toll = result.toll;
  toll = {year, ledger.promises().size(), 0, world.cuts, world.jumps, city.ears().frames()};
  for (const Node* node : world.nodes) toll.crashes += node->crashes;
  for (const Node* node : world_beside.nodes) toll.crashes += node->crashes;
  result.summary = absl::StrCat(
      "seed ", options.seed, ": ",
      options.year ? absl::StrCat("the year ", year)
                   : absl::StrCat(options.days, options.quiet_days > 0 ? absl::StrCat("+", options.quiet_days) : "",
                                  " days"),
      ", ", toll.promises, " promises, ", result.coverage.size(), " transitions, ", toll.crashes, " crashes, ",
      toll.cuts, " cuts, ", toll.jumps, " clock jumps, ", toll.frames, " frames, ",
      looks.taken(), " looks after crashes, ",
      result.broken.empty() ? "all laws hold" : "BROKEN");
  for (const auto& [what, count] : ledger.refused())
    absl::StrAppend(&result.refusals, "  ", what, " ", count, "\n");
  return result;
}

std::string CommandLine(const RunOptions& options) {
  std::string text = absl::StrCat("./fengqiao sim ", options.seed);
  if (!options.year) absl::StrAppend(&text, " ", options.days);
  if (options.quiet_days > 0) absl::StrAppend(&text, " --quiet-days ", options.quiet_days);
  if (options.year) absl::StrAppend(&text, " --year");
  if (!options.faults) absl::StrAppend(&text, " --calm");
  if (options.pause_ms != (options.year ? kYearPauseMs : RunOptions().pause_ms))
    absl::StrAppend(&text, " --pause-ms ", options.pause_ms);
  return text;
}

}  // namespace sim
