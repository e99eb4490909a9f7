#pragma once
// What a figure is: K-01 to K-28, and what is doubtful DQ-01 to DQ-03, each as sums over contributions.h. One table a
// clerk could read: name, definition in both languages, numerator, denominator. Pure.

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/small_numbers.h"
#include "oversight/v1/metrics.pb.h"

namespace oversight {

// Which of a family count, for a period from t0 (included) to t1 (not included).
enum class Of : uint8_t {
  kNone,
  kIn,        // what happened in the period
  kStanding,  // the same, and still stands at t1
  kAtStart,   // what there is at t0
  kAtEnd,     // what there is at t1
  kDone,      // of what fell due in the period: done by then, or later and before t1
  kEver,      // what happened before t1
};

struct Term {
  char family = 0;
  Of of = Of::kNone;
  int64_t (*weight)(std::string_view traits) = nullptr;  // how often it counts; 0: not
};

enum class Shape : uint8_t { kRatio, kDuration, kOutside, kGrades, kBursts };

struct Metric {
  std::string_view id;
  v1::FigureUnit unit = v1::PERCENT;
  Shape shape = Shape::kRatio;
  int settles_in_days = 0;  // after t1: what comes until then may still change it
  bool of_persons = false;  // hidden while few
  std::string_view name_zh, name_en, definition_zh, definition_en;
  Term numerator[2] = {};
  Term denominator[2] = {};
  int version = 1;  // of the definition: another one whenever the same facts would give another figure
};

// Fewer than this behind a figure of what persons said or asked for: it is hidden.
inline constexpr int64_t kFew = base::kFew;

// Of a figure some of which falls due: where a period ends that goes on.
inline constexpr std::string_view kUpToNowZh = "期间未结束的，算至查询之时。";
inline constexpr std::string_view kUpToNowEn = " Of a period that goes on: up to now.";
bool HasDueMoments(const Metric& metric);

std::span<const Metric> Metrics();
const Metric* FindMetric(std::string_view id);

int64_t NumberAfterDot(std::string_view traits);
// A percentage in hundredths, rounded half up: the value of a figure (3.10), also where it comes to a hundred percent.
// REQUIRES here and below: of > 0, part >= 0.
int64_t HundredthsOf(int64_t part, int64_t of, int64_t times);
std::string Percent(int64_t hundredths);  // "87.50"
// A share as it is to be read: the same, but 100.00 is said of all only, and 0.00 of none only.
inline std::string ShareText(int64_t part, int64_t of) {
  int64_t hundredths = HundredthsOf(part, of, 100);
  if (part > 0) hundredths = std::max<int64_t>(hundredths, 1);
  if (part < of) hundredths = std::min<int64_t>(hundredths, 9'999);
  return Percent(hundredths);
}

}  // namespace oversight
