// The simulator: all services in one process, one seed, virtual time.
//
//   simulator                     what the gate runs: one fixed seed over a month and the weeks after it, whose
//                                 transitions are compared with a named list, and twenty fresh seeds
//   simulator SEED [DAYS] …       one run, told in more words; the same line gives the same run
//        --year (a whole one, with its holidays)  --quiet-days N  --pause-ms N  --calm  --sabotage NAME
//   simulator --fresh N [DAYS] …  N fresh seeds, with the same options
//
// A failure prints how to run it again and ends with 1. Each run is a process of its own, as many at a time
// as there are cores, so a crash of one is told like a broken law.

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <map>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/check.h"
#include "base/random.h"
#include "tests/sim/ears.h"
#include "tests/sim/run.h"

namespace sim {
namespace {

constexpr uint64_t kFixedSeed = 8;  // crashes, cuts and losses, and a new year's calendar in the midst of it
constexpr int kFixedDays = 30;
// Silence that closes, re-reviews, reopening, archive and the cap of a referral need more than a month.
constexpr int kFixedQuietDays = 30;
constexpr int kFreshSeeds = 20;
constexpr int kFreshDays = 4;
constexpr size_t kLastWords = 4000;

bool Tell(const RunOptions& options, const RunResult& result, const std::vector<std::string>& uncovered) {
  std::cout << result.summary << "\n";
  for (const std::string& text : result.broken) std::cout << "  " << text << "\n";
  for (const std::string& text : uncovered) std::cout << "  no longer taken: " << text << "\n";
  const bool good = result.broken.empty() && uncovered.empty();
  if (!good)
    std::cout << "  faults: " << result.faults << "\n  run it again: " << CommandLine(options) << "\n";
  std::cout.flush();
  return good;
}

bool IsFixed(const RunOptions& options) {
  return options.seed == kFixedSeed && options.quiet_days == kFixedQuietDays;
}

bool RunAndTell(const RunOptions& options, bool in_words) {
  const RunResult result = Run(options);
  const bool fixed = IsFixed(options);
  if (in_words) std::cout << "faults: " << result.faults << "\n";
  const bool good = Tell(options, result, fixed ? Uncovered(result.coverage) : std::vector<std::string>());
  if (fixed || in_words) std::cout << CoverageTable(result.coverage);
  if (in_words) std::cout << "refused:\n" << result.refusals;
  std::cout.flush();
  return good;
}

struct UnderWay {
  RunOptions options;
  int log_fd = -1;  // outlives the process, so that its last words are heard
};

bool TellOfEnd(const UnderWay& run, int status) {
  if (WIFSIGNALED(status)) {
    const std::string log = LogCapture::Read(run.log_fd);
    std::cout << "seed " << run.options.seed << ": died of signal " << WTERMSIG(status) << "\n"
              << log.substr(log.size() - std::min(log.size(), kLastWords))
              << "\n  run it again: " << CommandLine(run.options) << "\n";
  }
  close(run.log_fd);
  return WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS;
}

// Each in its own process, as many at a time as there are cores.
bool RunAll(const std::vector<RunOptions>& runs, bool in_words) {
  const size_t cores = std::max(1u, std::thread::hardware_concurrency());
  std::map<pid_t, UnderWay> under_way;
  bool good = true;
  for (size_t next = 0; next < runs.size() || !under_way.empty();) {
    if (next < runs.size() && under_way.size() < cores) {
      UnderWay run{runs[next++], LogCapture::NewMemory()};
      run.options.log_fd = run.log_fd;
      std::cout.flush();
      const pid_t child = fork();
      CHECK(child >= 0);
      if (child == 0) _exit(RunAndTell(run.options, in_words) ? EXIT_SUCCESS : EXIT_FAILURE);
      under_way[child] = run;
      continue;
    }
    int status = 0;
    const pid_t child = wait(&status);
    CHECK(child >= 0);
    good = TellOfEnd(under_way.at(child), status) && good;
    under_way.erase(child);
  }
  return good;
}

void AddFresh(int count, const RunOptions& like, std::vector<RunOptions>* runs) {
  base::Random fresh(base::EntropySeed());
  for (int i = 0; i < count; ++i) {
    RunOptions options = like;
    options.seed = fresh.Below(1'000'000'000'000);
    runs->push_back(options);
  }
}

bool Gate() {
  RunOptions fixed;
  fixed.seed = kFixedSeed;
  fixed.days = kFixedDays;
  fixed.quiet_days = kFixedQuietDays;
  std::vector<RunOptions> runs = {fixed};
  RunOptions brief;
  brief.days = kFreshDays;
  AddFresh(kFreshSeeds, brief, &runs);
  return RunAll(runs, false);
}

int Usage() {
  std::cerr << "usage: simulator [{SEED | --fresh N} [DAYS] [--year] [--quiet-days N] [--pause-ms N] [--calm] "
               "[--sabotage NAME]]\n";
  return EXIT_FAILURE;
}

bool ReadSabotage(std::string_view name, Sabotage* out) {
  for (const SabotageName& known : kSabotages) {
    if (known.name == name) *out = known.what;
  }
  return *out != Sabotage::kNone;
}

// [DAYS] and what follows it, from args[at] on.
bool ReadOptions(const std::vector<std::string>& args, size_t at, RunOptions* options) {
  for (size_t i = at; i < args.size(); ++i) {
    const std::string value = i + 1 < args.size() ? args[i + 1] : "";
    if (i == at && absl::SimpleAtoi(args[i], &options->days)) continue;
    if (args[i] == "--calm") {
      options->faults = false;
    } else if (args[i] == "--year") {
      options->year = true;
      options->days = kYearDays;
      options->pause_ms = kYearPauseMs;
    } else if ((args[i] == "--quiet-days" && absl::SimpleAtoi(value, &options->quiet_days)) ||
               (args[i] == "--pause-ms" && absl::SimpleAtoi(value, &options->pause_ms)) ||
               (args[i] == "--sabotage" && ReadSabotage(value, &options->sabotage))) {
      ++i;
    } else {
      return false;
    }
  }
  return true;
}

int Main(const std::vector<std::string>& args) {
  if (args.empty()) return Gate() ? EXIT_SUCCESS : EXIT_FAILURE;
  RunOptions options;
  if (args[0] == "--fresh") {
    int count = 0;
    options.days = kFreshDays;
    if (args.size() < 2 || !absl::SimpleAtoi(args[1], &count) || !ReadOptions(args, 2, &options)) return Usage();
    std::vector<RunOptions> runs;
    AddFresh(count, options, &runs);
    return RunAll(runs, false) ? EXIT_SUCCESS : EXIT_FAILURE;
  }
  if (!absl::SimpleAtoi(args[0], &options.seed) || !ReadOptions(args, 1, &options)) return Usage();
  return RunAll({options}, true) ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace
}  // namespace sim

int main(int argc, char** argv) { return sim::Main({argv + 1, argv + argc}); }
