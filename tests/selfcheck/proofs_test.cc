// The list of tests that say they prove a rule is of tests that are there.
#include "services/selfcheck/proofs.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>

#include "services/selfcheck/rules.h"

namespace selfcheck {
namespace {

TEST(Proofs, NameTestsThatStandInTheirFile) {
  ASSERT_FALSE(Proofs().empty());
  for (const Proof& proof : Proofs()) {
    std::ifstream file{std::string(proof.file)};
    ASSERT_TRUE(file.good()) << proof.file;
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const size_t dot = proof.test.find('.');
    if (proof.file.ends_with(".cc") && !proof.test.ends_with(".cc")) {
      const std::string test =
          std::string(proof.test.substr(0, dot)) + ", " + std::string(proof.test.substr(dot + 1));
      EXPECT_NE(text.find(test + ")"), std::string::npos) << proof.file << " has no " << proof.test;
    } else {
      EXPECT_TRUE(proof.file.ends_with(std::string("/") + std::string(proof.test))) << proof.test;
    }
    EXPECT_TRUE(std::ranges::any_of(Rules(), [&](const Rule& rule) { return rule.id == proof.rule; }))
        << proof.rule;
  }
}

TEST(Rules, AreFourteenInBothLanguages) {
  ASSERT_EQ(Rules().size(), 14u);
  for (size_t i = 0; i < Rules().size(); ++i) {
    EXPECT_EQ(Rules()[i].id, "R" + std::to_string(i + 1));
    EXPECT_FALSE(Rules()[i].zh.empty() || Rules()[i].en.empty());
  }
}

}  // namespace
}  // namespace selfcheck
