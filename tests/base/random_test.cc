#include "base/random.h"

#include <gtest/gtest.h>

#include <array>
#include <map>

namespace base {
namespace {

TEST(Random, RepeatsItselfFromTheSameSeedOnly) {
  Random a(42);
  Random b(42);
  Random c(43);
  bool differs = false;
  for (int i = 0; i < 100; ++i) {
    const uint64_t value = a.Next();
    EXPECT_EQ(value, b.Next());
    differs = differs || value != c.Next();
  }
  EXPECT_TRUE(differs);
}

// Key and counter of zero: the first words of the ChaCha12 keystream as published for eSTREAM (TC1, 256-bit
// key).
TEST(Random, IsChaCha12) {
  Random random(std::array<uint32_t, 8>{});
  EXPECT_EQ(random.Bytes(16),
            std::string("\x9b\xf4\x9a\x6a\x07\x55\xf9\x53\x81\x1f\xce\x12\x5f\x26\x83\xd5", 16));
}

TEST(Random, StaysBelowAndReachesEveryValueEvenly) {
  Random random(8);
  std::map<uint64_t, int> seen;
  for (int i = 0; i < 70'000; ++i) ++seen[random.Below(7)];
  ASSERT_EQ(seen.size(), 7u);
  for (const auto& [value, count] : seen) {
    EXPECT_LT(value, 7u);
    EXPECT_NEAR(count, 10'000, 500);
  }
  EXPECT_EQ(random.Below(1), 0u);
}

TEST(Random, TakesChancesAsOften) {
  Random random(9);
  int hits = 0;
  for (int i = 0; i < 100'000; ++i) hits += random.Chance(0.05) ? 1 : 0;
  EXPECT_NEAR(hits, 5'000, 400);
  EXPECT_FALSE(random.Chance(0));
  EXPECT_TRUE(random.Chance(1));
}

TEST(Random, MakesAsManyBytesAsAsked) {
  Random random(10);
  for (size_t n : {0, 1, 7, 8, 9, 100}) EXPECT_EQ(random.Bytes(n).size(), n);
}

TEST(Entropy, DoesNotRepeat) {
  EXPECT_NE(EntropySeed(), EntropySeed());
  EXPECT_NE(SecureBytes(16), SecureBytes(16));
  EXPECT_EQ(SecureBytes(33).size(), 33u);
  EXPECT_NE(Random::FromEntropy().Next(), Random::FromEntropy().Next());
}

}  // namespace
}  // namespace base
