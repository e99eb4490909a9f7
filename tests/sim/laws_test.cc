// Can the laws be broken at all? Each planted violation must be reported as the law it breaks, and a calm
// city must break none. spec: 3.1.3 (1), (4), 3.7
#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>
#include <string>
#include <string_view>

#include "tests/sim/ears.h"
#include "tests/sim/run.h"

namespace sim {

void PrintTo(const SabotageName& sabotage, std::ostream* out) { *out << std::string(sabotage.name); }

namespace {

RunOptions SmallCity() {
  RunOptions options;
  options.seed = 7;
  options.days = 4;
  return options;
}

std::string All(const RunResult& result) {
  std::string all;
  for (const std::string& text : result.broken) all += text + "\n";
  return all;
}

class Planted : public ::testing::TestWithParam<SabotageName> {};

bool Reports(const RunResult& result, std::string_view law) {
  return std::ranges::any_of(result.broken, [&](const std::string& text) { return text.starts_with(law); });
}

// Not every four days have what a violation needs (an agreement whose window opens, say): then the next city is asked.
TEST_P(Planted, IsReportedAsTheLawItBreaks) {
  constexpr int kCities = 4;
  RunOptions options = SmallCity();
  options.faults = false;
  options.sabotage = GetParam().what;
  if (GetParam().what == Sabotage::kFrozenTooLate) {  // a month is frozen once: few people, five weeks
    options.days = 36;
    options.pause_ms *= 36;
  }
  RunResult result = sim::Run(options);
  for (int city = 1; city < kCities && !Reports(result, GetParam().law); ++city) {
    ++options.seed;
    result = sim::Run(options);
  }
  EXPECT_TRUE(Reports(result, GetParam().law)) << "reported:\n" << All(result);
}

std::string NameOf(const ::testing::TestParamInfo<SabotageName>& planted) {
  std::string name(planted.param.name);
  std::ranges::replace(name, '-', '_');
  return name;
}
INSTANTIATE_TEST_SUITE_P(Violation, Planted, ::testing::ValuesIn(kSabotages), NameOf);

TEST(Laws, AreBrokenByNobodyInACalmCity) {
  RunOptions options = SmallCity();
  options.faults = false;
  EXPECT_EQ(All(sim::Run(options)), "");
}

TEST(Seed, GivesTheSameRunAgain) {
  const RunResult first = sim::Run(SmallCity());
  const RunResult second = sim::Run(SmallCity());
  EXPECT_EQ(first.fingerprint, second.fingerprint);
  EXPECT_EQ(first.coverage, second.coverage);
  RunOptions other = SmallCity();
  other.seed = 8;
  EXPECT_NE(sim::Run(other).fingerprint, first.fingerprint);
}

// Once in a hundred years a receipt was given in the very second whose milliseconds hold the head of a number.
TEST(Law5, TakesAMomentForAMomentAndANumberForANumber) {
  EXPECT_EQ(PersonalMarkIn("accepted_at_ms: 1741997700123"), "");
  EXPECT_EQ(PersonalMarkIn("due_at_ms: 1741221997700"), "");
  for (const char* number : {"19977001234", "电话19977001234", "+8619977001234", "1741997700123, 19977001234"}) {
    EXPECT_EQ(PersonalMarkIn(number), kPhoneMark) << number;
  }
}

}  // namespace
}  // namespace sim
