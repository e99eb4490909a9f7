#pragma once
// The shipped policies and calendar, and short words for moments in Shanghai.

#include <string>
#include <string_view>

#include "base/calendar.h"
#include "base/check.h"
#include "services/reference/deadline.h"
#include "services/reference/policy_files.h"
#include "services/reference/validate.h"

namespace reference {

inline PolicyFiles ShippedPolicies() {
  absl::StatusOr<PolicyFiles> files = ReadPolicyFolder("policy");
  CHECK(files.ok()) << files.status().ToString();
  return *std::move(files);
}

inline base::Calendar ShippedCalendar() {
  absl::StatusOr<base::Calendar> calendar = CalendarFrom(ShippedPolicies().calendar);
  CHECK(calendar.ok()) << calendar.status().ToString();
  return *std::move(calendar);
}

inline base::Day D(std::string_view text) {
  const std::optional<base::Day> day = base::ParseDay(text);
  CHECK(day.has_value()) << std::string(text);
  return *day;
}

// "2026-10-08 11:00"
inline int64_t At(std::string_view text) {
  const int hour = (text[11] - '0') * 10 + (text[12] - '0');
  const int minute = (text[14] - '0') * 10 + (text[15] - '0');
  return base::StartOfDayMs(D(text.substr(0, 10))) + hour * base::kHourMs + minute * base::kMinuteMs;
}

inline common::v1::Length L(int amount, common::v1::TimeUnit unit) {
  common::v1::Length length;
  length.set_amount(amount);
  length.set_unit(unit);
  return length;
}

inline policy::v1::DeadlineRule Rule(const common::v1::Length& length, bool roll_forward = false) {
  policy::v1::DeadlineRule rule;
  rule.set_id("DX-01");
  rule.set_article("某条例第一条");
  rule.set_revision(3);
  *rule.mutable_length() = length;
  rule.set_roll_forward(roll_forward);
  return rule;
}

inline const policy::v1::DeadlineRule& RuleIn(const policy::v1::PolicySet& policies, std::string_view id) {
  for (const auto& rule : policies.deadlines().rule()) {
    if (rule.id() == id) return rule;
  }
  CHECK(false) << "no row " << std::string(id);
  return policies.deadlines().rule(0);
}

}  // namespace reference
