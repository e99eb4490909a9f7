#include "gateway/rate_limit.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <cmath>

#include "gateway/limits.h"

namespace gateway {
namespace {

double Refilled(double tokens, int64_t since_us, const RateRule& rule) {
  return std::min<double>(rule.burst, tokens + static_cast<double>(since_us) * rule.per_minute / 60e6);
}

}  // namespace

std::map<std::string, RateRule, std::less<>> DefaultRates() {
  return {{"read", {.per_minute = 1200, .burst = 200}},
          {"list", {.per_minute = 300, .burst = 60}},
          {"write", {.per_minute = 300, .burst = 60}},
          {"upload", {.per_minute = 1200, .burst = 200}},
          {"export", {.per_minute = 12, .burst = 4}},
          {"sign-in", {.per_minute = 30, .burst = 10}}};
}

std::optional<Problem> RateLimiter::Take(std::string_view principal, std::string_view rate_class,
                                         int64_t now_us, RateState* state) {
  const auto known = rules_.find(rate_class);
  const RateRule& rule = known == rules_.end() ? fallback_ : known->second;
  const std::string name(rate_class);
  const std::string key = absl::StrCat(name, "|", std::string(principal));
  auto found = buckets_.find(key);
  if (found == buckets_.end()) {
    if (buckets_.size() >= kMaxRateBuckets) ForgetFull(now_us);
    found = buckets_.emplace(key, Bucket{static_cast<double>(rule.burst), now_us, &rule}).first;
  }
  Bucket& bucket = found->second;
  bucket.tokens = Refilled(bucket.tokens, now_us - bucket.at_us, rule);
  bucket.at_us = now_us;
  const double per_second = std::max(rule.per_minute, 1u) / 60.0;
  const auto window = static_cast<int64_t>(std::ceil(rule.burst / per_second));
  state->policy = absl::StrCat("\"", name, "\";q=", rule.burst, ";w=", window);
  const bool granted = bucket.tokens >= 1;
  if (granted) bucket.tokens -= 1;
  const auto until_full = static_cast<int64_t>(std::ceil((rule.burst - bucket.tokens) / per_second));
  const double wait_s = bucket.tokens >= 1 ? 0 : (1 - bucket.tokens) / per_second;
  const int64_t t = granted ? until_full : static_cast<int64_t>(std::ceil(wait_s));
  state->limit = absl::StrCat("\"", name, "\";r=", static_cast<int64_t>(bucket.tokens), ";t=", t);
  if (granted) return std::nullopt;
  Problem problem = MakeProblem(429, "RESOURCE_EXHAUSTED", "RATE_LIMITED", "请求过于频繁，请稍后再试",
                                "too many requests; please try again later");
  problem.metadata["rateClass"] = name;
  problem.retry_after_ms = std::max<int64_t>(1, static_cast<int64_t>(std::ceil(wait_s * 1000)));
  return problem;
}

void RateLimiter::ForgetFull(int64_t now_us) {
  std::erase_if(buckets_, [&](const auto& entry) {
    const Bucket& b = entry.second;
    return Refilled(b.tokens, now_us - b.at_us, *b.rule) >= b.rule->burst;
  });
  // All of them busy at once is an attack from very many addresses: starting over is the lesser harm.
  if (buckets_.size() >= kMaxRateBuckets) buckets_.clear();
}

}  // namespace gateway
