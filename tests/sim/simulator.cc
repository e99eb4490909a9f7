// The simulator: all services in one process, one seed, virtual time.
//
//   simulator                  one fixed seed and twenty fresh ones, as the gate runs it
//   simulator SEED [DAYS]      one run, told in more words; the same seed gives the same run
//
// A run: found the city (calm), live for some virtual days with faults drawn from the seed, then the faults stop and
// everything must drain; then the laws are checked. A failure prints how to run it again and ends with 1.

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>

#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include "base/random.h"
#include "tests/sim/city.h"
#include "tests/sim/laws.h"
#include "tests/sim/ledger.h"
#include "tests/sim/world.h"

namespace sim {
namespace {

constexpr uint64_t kFixedSeed = 20'261'008;
constexpr int kFreshSeeds = 20;
constexpr int kDaysDefault = 3;
constexpr int64_t kDayMs = 86'400'000;
constexpr int64_t kPauseMs = 8 * 60'000;

// True if every law held.
bool Run(uint64_t seed, int days, bool verbose) {
  World world(seed);
  Ledger ledger(world);
  City city(world, ledger, {});
  city.Found();
  const Faults faults = Faults::Draw(world.random);
  if (verbose) std::cout << "faults: " << faults.Text() << "\n";
  world.StartFaults(faults);
  const int64_t until_ms = world.clock.NowMs() + days * kDayMs;
  city.Live(kPauseMs, until_ms);
  world.Run(until_ms);
  const std::string left = world.Settle(2 * kDayMs);

  std::vector<std::string> broken = BrokenLaws(world, ledger, city.secrets());
  for (const std::string& text : city.BrokenLaws()) broken.push_back(text);
  if (!left.empty()) broken.push_back("law 6: " + left);
  uint64_t crashes = 0;
  for (const Node* node : world.nodes) crashes += node->crashes;
  std::cout << "seed " << seed << ": " << days << " days, " << ledger.promises().size() << " promises, "
            << crashes << " crashes, " << world.cuts << " cuts, " << world.jumps << " clock jumps, "
            << (broken.empty() ? "all laws hold" : "BROKEN") << "\n";
  if (verbose) {
    std::cout << "matters:" << city.Census() << "\n";
    for (const auto& [what, count] : ledger.accepted())
      std::cout << "  accepted " << what << " " << count << "\n";
    for (const auto& [what, count] : ledger.refused())
      std::cout << "  refused " << what << " " << count << "\n";
  }
  for (const std::string& text : broken) std::cout << "  " << text << "\n";
  if (!broken.empty()) std::cout << "run it again: ./fengqiao sim " << seed << " " << days << "\n";
  return broken.empty();
}

int Main(int argc, char** argv) {
  int days = kDaysDefault;
  if (argc > 2) CHECK(absl::SimpleAtoi(argv[2], &days));
  if (argc > 1) {
    uint64_t seed = 0;
    CHECK(absl::SimpleAtoi(argv[1], &seed)) << "usage: simulator [SEED [DAYS]]";
    return Run(seed, days, true) ? EXIT_SUCCESS : EXIT_FAILURE;
  }
  std::vector<uint64_t> seeds = {kFixedSeed};
  base::Random fresh(base::EntropySeed());
  for (int i = 0; i < kFreshSeeds; ++i) seeds.push_back(fresh.Below(1'000'000'000));
  for (uint64_t seed : seeds) {
    std::cout.flush();
    if (!Run(seed, days, false)) return EXIT_FAILURE;
  }
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace sim

int main(int argc, char** argv) { return sim::Main(argc, argv); }
