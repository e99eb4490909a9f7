#include "services/directory/domain/statutory.h"

#include <algorithm>
#include <string>

#include "services/directory/domain/refusals.h"

namespace directory {
namespace {

constexpr StatutoryPeriod kPeriods[] = {
    {"DP-01", 15, common::v1::D, "信访工作条例 22"},    {"DP-02", 15, common::v1::D, "信访工作条例 23(2)"},
    {"DP-03", 15, common::v1::D, "信访工作条例 23(3)"}, {"DP-04", 5, common::v1::WD, "信访工作条例 23(3)"},
    {"DP-05", 60, common::v1::D, "信访工作条例 34"},    {"DP-06", 30, common::v1::D, "信访工作条例 34"},
    {"DP-08", 30, common::v1::D, "信访工作条例 35"},    {"DP-10", 30, common::v1::D, "信访工作条例 36"},
};
// The extension the law allows on top of a period.
constexpr StatutoryPeriod kExtensions[] = {{"DP-05", 30, common::v1::D, "信访工作条例 34"}};
// Periods that are a right of citizens (DP-07, DP-09 to ask for review, DM-05 to apply for confirmation) may
// not be made shorter either: they stay exactly as the law has them.
constexpr StatutoryPeriod kRights[] = {
    {"DP-07", 30, common::v1::D, "信访工作条例 35"},
    {"DP-09", 30, common::v1::D, "信访工作条例 36"},
    {"DM-05", 30, common::v1::D, "人民调解法 33"},
};

const StatutoryPeriod* Find(std::span<const StatutoryPeriod> periods, std::string_view rule) {
  const auto at = std::ranges::find(periods, rule, &StatutoryPeriod::rule);
  return at == periods.end() ? nullptr : &*at;
}

kernel::Refusal Longer(const StatutoryPeriod& period, std::string_view field) {
  const std::string rule(period.rule);
  kernel::Refusal refusal = Refuse(kernel::RefusalCode::kGuard, "LONGER_THAN_THE_LAW",
                                   "policy.deadlines.rule[" + rule + "]." + std::string(field),
                                   "时限" + rule + "为法定时限，只可从严，不得长于" +
                                       std::string(period.law) + "的规定，也不得改变计算单位。",
                                   "Period " + rule + " is set by law (" + std::string(period.law) +
                                       "): it may be stricter, never longer, nor counted in another unit.");
  refusal.metadata["rule"] = rule;
  refusal.metadata["law"] = std::string(period.law);
  return refusal;
}

bool Exceeds(const common::v1::Length& length, const StatutoryPeriod& period) {
  return length.amount() > 0 && (length.unit() != period.unit || length.amount() > period.amount);
}

}  // namespace

std::span<const StatutoryPeriod> StatutoryPeriods() { return kPeriods; }

std::optional<kernel::Refusal> LongerThanTheLaw(const policy::v1::Deadlines& deadlines) {
  for (const auto& rule : deadlines.rule()) {
    if (const StatutoryPeriod* right = Find(kRights, rule.id())) {
      if (rule.length().amount() != right->amount || rule.length().unit() != right->unit || !rule.fixed()) {
        return Refuse(
            kernel::RefusalCode::kGuard, "RIGHT_OF_CITIZENS", "policy.deadlines.rule[" + rule.id() + "]",
            "时限" + rule.id() + "是群众依法享有的期间（" + std::string(right->law) + "），不得改变。",
            "Period " + rule.id() + " is a right of citizens (" + std::string(right->law) +
                ") and stays as it is.");
      }
    }
    if (const StatutoryPeriod* period = Find(kPeriods, rule.id())) {
      if (rule.length().amount() == 0 || Exceeds(rule.length(), *period)) return Longer(*period, "length");
      if (Exceeds(rule.urgent(), *period)) return Longer(*period, "urgent");
      if (!rule.fixed()) return Longer(*period, "fixed");
    }
    if (const StatutoryPeriod* extension = Find(kExtensions, rule.id())) {
      if (Exceeds(rule.extension_max(), *extension)) return Longer(*extension, "extension_max");
    }
  }
  return std::nullopt;
}

}  // namespace directory
