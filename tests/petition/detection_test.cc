// How well like texts are told from others, on labelled pairs out of real mediation cases. The cases are not in the
// repository: without them this says so and proves nothing.
#include <filesystem>
#include <iostream>

#include <gtest/gtest.h>

#include "services/reference/policy_files.h"
#include "tests/support/temp_dir.h"
#include "tools/repeats/pairs.h"

namespace repeats {
namespace {

constexpr char kCases[] = "../shared/data/disputes/mediation_cases.jsonl";

void Print(const std::string& what, int figure, const std::vector<Pair>& pairs) {
  const Quality quality = At(pairs, figure);
  std::cout << what << " (" << figure << "): precision " << quality.precision() << ", recall " << quality.recall()
            << " over " << pairs.size() << " pairs\n";
}

// spec: P3 K-07
TEST(Detection, TellsTheSameMatterFromOthersOfItsKind) {
  if (!std::filesystem::exists(kCases)) {
    std::cerr << "\n*** DETECTION IS NOT MEASURED: there is no " << kCases << " ***\n\n";
    GTEST_SKIP();
  }
  const auto policies = reference::ReadPolicyFolder("policy");
  ASSERT_TRUE(policies.ok()) << policies.status();
  auto cases = ReadCases(kCases);
  ASSERT_TRUE(cases.ok()) << cases.status();
  const auto kept = WithoutDoubles(*std::move(cases));
  EXPECT_GE(kept.size(), 40u);
  tests::TempDir folder;
  const auto pairs = Measure(kept, folder / "index");
  ASSERT_TRUE(pairs.ok()) << pairs.status();
  const int policy = policies->policies.petition().same_matter_permille();
  Print("the policy's figure, all pairs", policy, *pairs);
  // A figure is not judged by what it was chosen from.
  for (const int half : {1, 2}) {
    const int chosen = ChooseFigure(HalfOf(*pairs, half));
    Print("chosen on half " + std::to_string(half) + ", on that half", chosen, HalfOf(*pairs, half));
    const auto others = HalfOf(*pairs, 3 - half);
    Print("chosen on half " + std::to_string(half) + ", on the other", chosen, others);
    EXPECT_GE(At(others, chosen).precision(), 0.90);
    EXPECT_GE(At(others, chosen).recall(), 0.80);
  }
  EXPECT_GE(At(*pairs, policy).precision(), 0.90);
  EXPECT_GE(At(*pairs, policy).recall(), 0.85);
}

}  // namespace
}  // namespace repeats
