#pragma once
// Periods the law sets for authorities. A city may make them stricter in its policy, never longer; a policy
// that does is refused, whatever was in force before. Rows marked fixed in domain model 2.7. Pure.

#include <optional>
#include <span>
#include <string_view>

#include "common/v1/common.pb.h"
#include "kernel/v1/record.pb.h"
#include "policy/v1/policy.pb.h"
#include "services/kernel/domain.h"

namespace directory {

struct StatutoryPeriod {
  std::string_view rule;  // "DP-01"
  int amount;
  common::v1::TimeUnit unit;
  std::string_view law;
};

std::span<const StatutoryPeriod> StatutoryPeriods();

// The first row of `deadlines` that is longer than the law, counts in another unit, or no longer says it is
// fixed.
std::optional<kernel::Refusal> LongerThanTheLaw(const policy::v1::Deadlines& deadlines);

}  // namespace directory
