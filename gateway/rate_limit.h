#pragma once
// Token buckets, one for each principal and rate class. In memory: several gateways share nothing, exact
// global counts are not needed. One owner (the io thread). At most kMaxRateBuckets; full buckets are
// forgotten first, since a new one would be just as full.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "gateway/problem.h"

namespace gateway {

struct RateRule {
  uint32_t per_minute = 600;
  uint32_t burst = 100;
};

// read 1200/200, list 300/60, write 300/60, upload 1200/200, export 12/4, sign-in 30/10 (a minute / at once).
std::map<std::string, RateRule, std::less<>> DefaultRates();

struct RateState {
  std::string policy;  // RateLimit-Policy: "read";q=200;w=10
  std::string limit;   // RateLimit: "read";r=199;t=1
};

class RateLimiter {
 public:
  explicit RateLimiter(std::map<std::string, RateRule, std::less<>> rules) : rules_(std::move(rules)) {}

  // Takes one token of (principal, rate_class). A problem (429) when there is none.
  std::optional<Problem> Take(std::string_view principal, std::string_view rate_class, int64_t now_us,
                              RateState* state);
  size_t buckets() const { return buckets_.size(); }

 private:
  struct Bucket {
    double tokens;
    int64_t at_us;
    const RateRule* rule;
  };
  void ForgetFull(int64_t now_us);

  const std::map<std::string, RateRule, std::less<>> rules_;
  const RateRule fallback_;
  std::unordered_map<std::string, Bucket> buckets_;
};

}  // namespace gateway
