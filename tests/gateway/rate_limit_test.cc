#include "gateway/rate_limit.h"

#include <gtest/gtest.h>

#include <string>

#include "gateway/limits.h"

namespace gateway {
namespace {

RateLimiter Limiter() { return RateLimiter({{"read", {.per_minute = 60, .burst = 3}}}); }

TEST(RateLimit, LetsABurstThroughAndThenOneASecond) {
  RateLimiter limiter = Limiter();
  RateState state;
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(limiter.Take("u1", "read", 0, &state).has_value());
  EXPECT_EQ(state.policy, "\"read\";q=3;w=3");
  EXPECT_EQ(state.limit, "\"read\";r=0;t=3");
  const auto refused = limiter.Take("u1", "read", 0, &state);
  ASSERT_TRUE(refused.has_value());
  EXPECT_EQ(refused->status, 429);
  EXPECT_EQ(refused->retry_after_ms, 1000);
  EXPECT_EQ(state.limit, "\"read\";r=0;t=1");
  EXPECT_FALSE(limiter.Take("u1", "read", 1'000'000, &state).has_value());
  EXPECT_TRUE(limiter.Take("u1", "read", 1'000'000, &state).has_value());
}

TEST(RateLimit, CountsPeopleAndClassesApart) {
  RateLimiter limiter = Limiter();
  RateState state;
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(limiter.Take("u1", "read", 0, &state).has_value());
  EXPECT_FALSE(limiter.Take("u2", "read", 0, &state).has_value());
  EXPECT_FALSE(limiter.Take("u1", "write", 0, &state).has_value())
      << "an unknown class has the fallback rule";
}

TEST(RateLimit, ForgetsFullBucketsFirst) {
  RateLimiter limiter = Limiter();
  RateState state;
  for (int i = 0; i < 3; ++i) ASSERT_FALSE(limiter.Take("busy", "read", 10'000'000, &state).has_value());
  for (size_t i = 0; i + 1 < kMaxRateBuckets; ++i) {
    ASSERT_FALSE(limiter.Take("u" + std::to_string(i), "read", 0, &state).has_value());
  }
  EXPECT_EQ(limiter.buckets(), kMaxRateBuckets);
  ASSERT_FALSE(limiter.Take("new", "read", 10'000'000, &state).has_value());
  EXPECT_EQ(limiter.buckets(), 2u);
  EXPECT_TRUE(limiter.Take("busy", "read", 10'000'000, &state).has_value()) << "who has used it up stays so";
}

}  // namespace
}  // namespace gateway
