#pragma once
// What every benchmark shares: medians, pairs of product and limit, and how busy the machine was with other things.
// A run during which others took more than kForeignCoresMax of a core is marked: its figures mean little.

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace bench {

inline constexpr double kForeignCoresMax = 0.15;

double Median(std::vector<double> values);

// CPU seconds (user and system) of a living process; 0 if there is none.
double CpuSecondsOf(pid_t process);

// Cores that processes other than this one and `own` used since Start.
class ForeignMeter {
 public:
  explicit ForeignMeter(std::vector<pid_t> own = {}) : own_(std::move(own)) { Start(); }
  void Start();
  double Cores() const;

 private:
  struct Moment {
    int64_t at_us = 0;
    double all = 0;  // seconds of every process of the machine
    double own = 0;
  };
  Moment Now() const;

  std::vector<pid_t> own_;
  Moment start_;
};

// Product and limit measured back to back, again and again.
class Pairs {
 public:
  Pairs(std::string measure, std::string unit, std::string aim) :
      measure_(std::move(measure)), unit_(std::move(unit)), aim_(std::move(aim)) {}
  void Add(double product, double limit, double foreign_cores);
  // One row of a Markdown table: measure, product, limit, ratio [least-most], aim, foreign cores. Standard output.
  void Print(const char* note = "") const;

 private:
  const std::string measure_, unit_, aim_;
  std::vector<double> product_, limit_, ratio_, foreign_;
};

// The head of the table that Pairs::Print writes rows of.
void PrintHead();

}  // namespace bench
