#include "bench/measure.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <sstream>

#include "base/check.h"
#include "base/clock.h"

namespace bench {
namespace {

double TicksToSeconds(double ticks) { return ticks / static_cast<double>(sysconf(_SC_CLK_TCK)); }

// user + nice + system of /proc/stat: what processes used, without interrupts and what the host took away.
double CpuSecondsOfAll() {
  std::ifstream stat("/proc/stat");
  std::string cpu;
  double user = 0, nice = 0, system = 0;
  stat >> cpu >> user >> nice >> system;
  return TicksToSeconds(user + nice + system);
}

}  // namespace

double Median(std::vector<double> values) {
  CHECK(!values.empty()) << "nothing was measured";
  std::ranges::sort(values);
  const size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

double CpuSecondsOf(pid_t process) {
  std::ifstream stat("/proc/" + std::to_string(process) + "/stat");
  std::string text((std::istreambuf_iterator<char>(stat)), std::istreambuf_iterator<char>());
  const size_t name_end = text.rfind(')');  // a program's name may hold anything
  if (name_end == std::string::npos) return 0;
  std::istringstream fields(text.substr(name_end + 1));
  std::string skipped;
  for (int i = 0; i < 11; ++i) fields >> skipped;
  double user = 0, system = 0;
  fields >> user >> system;
  return TicksToSeconds(user + system);
}

ForeignMeter::Moment ForeignMeter::Now() const {
  Moment moment;
  moment.at_us = base::SystemClock().SteadyUs();
  moment.all = CpuSecondsOfAll();
  moment.own = CpuSecondsOf(getpid());
  for (const pid_t process : own_) moment.own += CpuSecondsOf(process);
  return moment;
}

void ForeignMeter::Start() { start_ = Now(); }

double ForeignMeter::Cores() const {
  const Moment now = Now();
  const double seconds = static_cast<double>(now.at_us - start_.at_us) / 1e6;
  if (seconds <= 0) return 0;
  return std::max(0.0, ((now.all - start_.all) - (now.own - start_.own)) / seconds);
}

void Pairs::Add(double product, double limit, double foreign_cores) {
  product_.push_back(product);
  limit_.push_back(limit);
  ratio_.push_back(product / limit);
  foreign_.push_back(foreign_cores);
  std::fprintf(stderr, "  pair %zu: %.0f of %.0f %s = %.3f, foreign %.2f core%s\n", ratio_.size(), product, limit,
               unit_.c_str(), product / limit, foreign_cores, foreign_cores > kForeignCoresMax ? " (!)" : "");
}

void Pairs::Print(const char* note) const {
  const auto [least, most] = std::ranges::minmax(ratio_);
  const double foreign = std::ranges::max(foreign_);
  std::printf("| %s%s%s | %.0f %s | %.0f %s | **%.2f** [%.2f–%.2f] | %s | %.2f%s |\n", measure_.c_str(),
              *note == '\0' ? "" : ", ", note, Median(product_), unit_.c_str(), Median(limit_), unit_.c_str(),
              Median(ratio_), least, most, aim_.c_str(), foreign, foreign > kForeignCoresMax ? " (!)" : "");
  std::fflush(stdout);
}

void PrintHead() {
  std::printf("| measure | product | limit | ratio [least–most] | aim | most foreign cores |\n"
              "| --- | --- | --- | --- | --- | --- |\n");
  std::fflush(stdout);
}

}  // namespace bench
