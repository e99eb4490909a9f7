// The simulator: all services in one process, one seed, virtual time.
//
//   simulator                     what the gate runs: its fixed seeds over a month and the weeks after it, whose
//                                 transitions are compared with a named list, and twenty fresh seeds
//   simulator SEED [DAYS] …       one run, told in more words; the same line gives the same run
//        --year (a whole one, with its holidays)  --quiet-days N  --pause-ms N  --calm  --sabotage NAME
//   simulator --fresh N [DAYS] …  N fresh seeds, with the same options
//   simulator --years N [--calm]  N whole years of fresh seeds, and one line about all of them
//
// A failure prints how to run it again and ends with 1. Each run is a process of its own, as many at a time
// as there are cores, so a crash of one is told like a broken law.

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>
#include <absl/synchronization/mutex.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <iostream>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/check.h"
#include "base/random.h"
#include "tests/sim/ears.h"
#include "tests/sim/run.h"
#include "tests/sim/transitions.h"

namespace sim {
namespace {

// Crashes, cuts and losses, and a new year's calendar in the midst of it; the long holidays of October.
constexpr uint64_t kFixedSeeds[] = {1, 2, 5, 13, 17, 22, 27, 28, 35, 37, 38};
constexpr int kFixedDays = 30;
// Silence that closes, re-reviews, reopening, archive and the cap of a referral need more than a month.
constexpr int kFixedQuietDays = 45;
constexpr int kFreshSeeds = 20;
constexpr int kFreshDays = 4;
constexpr size_t kLastWords = 4000;

// What a run leaves for the summary, where all processes see it.
struct Trace {
  Toll toll;
  std::array<uint64_t, std::size(kMustBeTaken)> taken = {};
};

bool RunAndTell(const RunOptions& options, bool in_words, Trace* trace) {
  const RunResult result = Run(options);
  trace->toll = result.toll;
  for (size_t i = 0; i < trace->taken.size(); ++i) {
    const auto at = result.coverage.find(std::string(kMustBeTaken[i].name));
    if (at != result.coverage.end()) trace->taken[i] = at->second;
  }
  if (in_words) std::cout << "faults: " << result.faults << "\n";
  std::cout << result.summary << "\n";
  for (const std::string& text : result.broken) std::cout << "  " << text << "\n";
  if (!result.broken.empty())
    std::cout << "  faults: " << result.faults << "\n  run it again: " << CommandLine(options) << "\n";
  if (in_words) std::cout << CoverageTable(result.coverage) << "refused:\n" << result.refusals;
  std::cout.flush();
  return result.broken.empty();
}

struct UnderWay {
  size_t number = 0;
  RunOptions options;
  int log_fd = -1;  // outlives the process, so that its last words are heard
};

// What became of one run.
struct Account {
  bool good = false;
  double cpu_seconds = 0;
  Trace trace;
};

// Memory that the processes of the runs share.
class SharedTraces {
 public:
  explicit SharedTraces(size_t count)
      : bytes_(count * sizeof(Trace)),
        memory_(mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)) {
    CHECK(memory_ != MAP_FAILED);
  }
  ~SharedTraces() { munmap(memory_, bytes_); }
  SharedTraces(const SharedTraces&) = delete;
  SharedTraces& operator=(const SharedTraces&) = delete;
  Trace& operator[](size_t i) { return static_cast<Trace*>(memory_)[i]; }

 private:
  const size_t bytes_;
  void* const memory_;
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

double Seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
}

// Each in its own process, as many at a time as there are cores.
std::vector<Account> RunAll(const std::vector<RunOptions>& runs, bool in_words) {
  const size_t cores = std::max(1u, std::thread::hardware_concurrency());
  std::map<pid_t, UnderWay> under_way;
  std::vector<Account> accounts(runs.size());
  SharedTraces traces(runs.size());
  for (size_t next = 0; next < runs.size() || !under_way.empty();) {
    if (next < runs.size() && under_way.size() < cores) {
      UnderWay run{next, runs[next], LogCapture::NewMemory()};
      ++next;
      run.options.log_fd = run.log_fd;
      std::cout.flush();
      const pid_t child = fork();
      CHECK(child >= 0);
      if (child == 0) _exit(RunAndTell(run.options, in_words, &traces[run.number]) ? EXIT_SUCCESS : EXIT_FAILURE);
      under_way[child] = run;
      continue;
    }
    int status = 0;
    rusage used{};
    const pid_t child = wait4(-1, &status, 0, &used);
    CHECK(child >= 0);
    const UnderWay& run = under_way.at(child);
    accounts[run.number] = {TellOfEnd(run, status), Seconds(used.ru_utime) + Seconds(used.ru_stime),
                            traces[run.number]};
    under_way.erase(child);
  }
  return accounts;
}

bool AllGood(std::span<const Account> accounts) {
  return std::ranges::all_of(accounts, [](const Account& account) { return account.good; });
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
  std::vector<RunOptions> runs;
  for (const uint64_t seed : kFixedSeeds) {
    RunOptions fixed;
    fixed.seed = seed;
    fixed.days = kFixedDays;
    fixed.quiet_days = kFixedQuietDays;
    runs.push_back(fixed);
  }
  RunOptions brief;
  brief.days = kFreshDays;
  AddFresh(kFreshSeeds, brief, &runs);
  const std::vector<Account> accounts = RunAll(runs, false);
  Coverage taken;
  for (size_t i = 0; i < std::size(kFixedSeeds); ++i) {
    for (size_t row = 0; row < std::size(kMustBeTaken); ++row) {
      if (const uint64_t times = accounts[i].trace.taken[row]; times > 0)
        taken[std::string(kMustBeTaken[row].name)] += times;
    }
  }
  const std::vector<std::string> uncovered = Uncovered(taken);
  std::cout << "taken by the fixed seeds:\n" << CoverageTable(taken);
  for (const std::string& text : uncovered) std::cout << "  no longer taken: " << text << "\n";
  return AllGood(accounts) && uncovered.empty();
}

// Whole years, and what they were altogether.
bool Years(int count, const RunOptions& like) {
  std::vector<RunOptions> runs;
  AddFresh(count, like, &runs);
  const std::vector<Account> accounts = RunAll(runs, false);
  Toll sum;
  std::map<int, int> years;
  double cpu_seconds = 0;
  for (const auto& [good, seconds, trace] : accounts) {
    const Toll& toll = trace.toll;
    if (toll.year != 0) ++years[toll.year];  // it did not die
    cpu_seconds += seconds;
    sum.promises += toll.promises;
    sum.crashes += toll.crashes;
    sum.cuts += toll.cuts;
    sum.jumps += toll.jumps;
    sum.frames += toll.frames;
  }
  std::cout << accounts.size() << " city-years (";
  for (const auto& [year, times] : years)
    std::cout << (year == years.begin()->first ? "" : ", ") << times << " of " << year;
  const auto broken = std::ranges::count_if(accounts, [](const Account& account) { return !account.good; });
  std::cout << absl::StrFormat(
                   "), %.1f s of a core each: %d promises, %d crashes, %d cuts, %d clock jumps, %d frames; ",
                   cpu_seconds / static_cast<double>(accounts.size()), sum.promises, sum.crashes, sum.cuts, sum.jumps,
                   sum.frames)
            << (broken == 0 ? "no law was broken" : absl::StrCat(broken, " BROKEN")) << "\n";
  return broken == 0;
}

int Usage() {
  std::cerr << "usage: simulator [{SEED | --fresh N | --years N} [DAYS] [--year] [--quiet-days N] [--pause-ms N] "
               "[--calm] [--sabotage NAME]]\n";
  return EXIT_FAILURE;
}

bool ReadSabotage(std::string_view name, Sabotage* out) {
  for (const SabotageName& known : kSabotages) {
    if (known.name == name) *out = known.what;
  }
  return *out != Sabotage::kNone;
}

void BeAYear(RunOptions* options) {
  options->year = true;
  options->days = kYearDays;
  options->pause_ms = kYearPauseMs;
}

// [DAYS] and what follows it, from args[at] on.
bool ReadOptions(const std::vector<std::string>& args, size_t at, RunOptions* options) {
  for (size_t i = at; i < args.size(); ++i) {
    const std::string value = i + 1 < args.size() ? args[i + 1] : "";
    int days = 0;  // of its own: SimpleAtoi writes what it could not read as 0
    if (i == at && absl::SimpleAtoi(args[i], &days)) {
      options->days = days;
      continue;
    }
    if (args[i] == "--calm") {
      options->faults = false;
    } else if (args[i] == "--year") {
      BeAYear(options);
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
  // One thread: looking for cycles of locks would be a tenth of the time.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  if (args.empty()) return Gate() ? EXIT_SUCCESS : EXIT_FAILURE;
  RunOptions options;
  if (args[0] == "--fresh" || args[0] == "--years") {
    int count = 0;
    options.days = kFreshDays;
    if (args[0] == "--years") BeAYear(&options);
    if (args.size() < 2 || !absl::SimpleAtoi(args[1], &count) || count < 1 || !ReadOptions(args, 2, &options))
      return Usage();
    if (args[0] == "--years") return Years(count, options) ? EXIT_SUCCESS : EXIT_FAILURE;
    std::vector<RunOptions> runs;
    AddFresh(count, options, &runs);
    return AllGood(RunAll(runs, false)) ? EXIT_SUCCESS : EXIT_FAILURE;
  }
  if (!absl::SimpleAtoi(args[0], &options.seed) || !ReadOptions(args, 1, &options)) return Usage();
  return AllGood(RunAll({options}, true)) ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace
}  // namespace sim

int main(int argc, char** argv) { return sim::Main({argv + 1, argv + argc}); }
