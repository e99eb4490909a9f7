#include "services/notify/domain/rules.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "base/status_macros.h"
#include "services/notify/domain/limits.h"

namespace notify {
namespace {

using policy::v1::Circle, policy::v1::TopicRule, policy::v1::Whom;

absl::Status Wrong(std::string_view row, std::string_view field, std::string_view zh, std::string_view en) {
  return absl::InvalidArgumentError(absl::StrCat("通知 ", std::string(row), "：", std::string(field), " ", std::string(zh),
                                                 " / notification ", std::string(row), ": ", std::string(field), " ",
                                                 std::string(en)));
}

// "07:00"
std::optional<int> MinuteOf(std::string_view text) {
  const auto digit = [&](size_t at) { return text[at] >= '0' && text[at] <= '9'; };
  if (text.size() != 5 || text[2] != ':' || !digit(0) || !digit(1) || !digit(3) || !digit(4)) return std::nullopt;
  const int hour = (text[0] - '0') * 10 + text[1] - '0';
  const int minute = (text[3] - '0') * 10 + text[4] - '0';
  if (hour > 23 || minute > 59) return std::nullopt;
  return hour * 60 + minute;
}

// The discipline liaison receives what oversight addresses to the unit, and nothing else: a row about a petition would
// show that there is an accusation.
absl::Status CheckDiscipline(const TopicRule& rule, const policy::v1::Audience& to) {
  const bool addressed = to.whom() == policy::v1::ADDRESSEE && rule.topic().starts_with("oversight.");
  if (to.circle() != policy::v1::DISCIPLINE || addressed) return absl::OkStatus();
  return Wrong(rule.topic(), "to.circle", "纪检监察联络只接收督导发给本单位的通知",
               "DISCIPLINE receives only what oversight addresses to the unit");
}

bool IsArea(Whom whom) {
  return whom == policy::v1::LEVEL || whom == policy::v1::LEVEL_ABOVE || whom == policy::v1::OF_TOWNSHIP ||
         whom == policy::v1::OF_COUNTY;
}

absl::Status CheckAudiences(const TopicRule& rule) {
  if (rule.to_size() > kAudiencesMax) return Wrong(rule.topic(), "to", "太多", "are too many");
  for (const auto& to : rule.to()) {
    if (to.whom() == policy::v1::WHOM_UNSPECIFIED) return Wrong(rule.topic(), "to.whom", "缺失", "is missing");
    const bool concerned = to.whom() == policy::v1::CONCERNED;
    if (concerned != (to.circle() == policy::v1::CIRCLE_UNSPECIFIED)) {
      return Wrong(rule.topic(), "to.circle", "须且仅须用于单位或辖区", "belongs to units and areas, and only to them");
    }
    if (!concerned && IsArea(to.whom()) == IsUnitCircle(to.circle())) {
      return Wrong(rule.topic(), "to.circle", "与对象不符：单位与辖区的岗位不同",
                   "does not fit: units and areas have circles of their own");
    }
    RETURN_IF_ERROR(CheckDiscipline(rule, to));
  }
  return absl::OkStatus();
}

absl::Status CheckBetween(std::string_view field, int value, int least, int most) {
  if (value >= least && value <= most) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("通知：", std::string(field), " 须在 ", least, " 与 ", most,
                                                 " 之间 / notifications: ", std::string(field), " must be between ",
                                                 least, " and ", most));
}

absl::Status CheckWebhook(const policy::v1::WebhookPolicy& webhook) {
  RETURN_IF_ERROR(CheckBetween("webhook.per_unit", webhook.per_unit(), 0, 50));
  RETURN_IF_ERROR(CheckBetween("webhook.retry_first_seconds", webhook.retry_first_seconds(), 1, 3600));
  RETURN_IF_ERROR(CheckBetween("webhook.retry_max_seconds", webhook.retry_max_seconds(),
                               webhook.retry_first_seconds(), 86'400));
  RETURN_IF_ERROR(CheckBetween("webhook.suspend_after_days", webhook.suspend_after_days(), 1, 30));
  RETURN_IF_ERROR(CheckBetween("webhook.timeout_seconds", webhook.timeout_seconds(), 1, 60));
  RETURN_IF_ERROR(CheckBetween("webhook.per_minute", webhook.per_minute(), 1, 60'000));
  return CheckBetween("webhook.old_secret_hours", webhook.old_secret_hours(), 0, 24 * 30);
}

absl::Status CheckNumbers(const policy::v1::NotificationPolicy& policy) {
  if (policy.revision() <= 0) return absl::InvalidArgumentError("通知：revision 缺失 / notifications: revision is missing");
  RETURN_IF_ERROR(CheckBetween("digest_threshold", policy.digest_threshold(), 1, 1000));
  RETURN_IF_ERROR(CheckBetween("digest_window_minutes", policy.digest_window_minutes(), 1, kDigestWindowMinutesMax));
  RETURN_IF_ERROR(CheckBetween("kept_days", policy.kept_days(), 1, kKeptDaysMax));
  RETURN_IF_ERROR(CheckBetween("rule", policy.rule_size(), 0, kRulesMax));
  for (const auto& circle : policy.circle()) {
    const bool liaison = circle.circle() == policy::v1::DISCIPLINE;
    const bool fits = std::ranges::all_of(
        circle.role(), [&](const int role) { return (role == kernel::v1::ROLE_DI) == liaison; });
    if (!fits && liaison) return Wrong("DISCIPLINE", "role", "只能是纪检联络", "holds nobody but the discipline liaison");
    if (!fits) return Wrong(Circle_Name(circle.circle()), "role", "不得含纪检联络", "must not hold the discipline liaison");
  }
  return CheckWebhook(policy.webhook());
}

}  // namespace

bool IsUnitCircle(Circle circle) {
  return circle == policy::v1::DESK || circle == policy::v1::HEAD || circle == policy::v1::TECHNICAL ||
         circle == policy::v1::DISCIPLINE;
}

absl::StatusOr<Rules> Rules::From(policy::v1::NotificationPolicy policy) {
  RETURN_IF_ERROR(CheckNumbers(policy));
  Rules rules;
  const auto from = MinuteOf(policy.quiet_from()), to = MinuteOf(policy.quiet_to());
  if (!from) return Wrong("quiet_from", policy.quiet_from(), "不是时刻（如 20:00）", "is not a time such as 20:00");
  if (!to) return Wrong("quiet_to", policy.quiet_to(), "不是时刻（如 07:00）", "is not a time such as 07:00");
  rules.quiet_from_minute_ = *from;
  rules.quiet_to_minute_ = *to;
  for (int i = 0; i < policy.wording_size(); ++i) {
    const auto& wording = policy.wording(i);
    if (wording.zh().empty() || wording.en().empty()) return Wrong(wording.id(), "zh, en", "缺失", "are missing");
    if (wording.zh().size() > 3 * kTextMax || wording.en().size() > kTextMax) {
      return Wrong(wording.id(), "zh, en", "太长", "are too long");
    }
    if (!rules.wording_at_.emplace(wording.id(), i).second) return Wrong(wording.id(), "id", "重复", "is there twice");
  }
  for (int i = 0; i < policy.rule_size(); ++i) {
    const TopicRule& rule = policy.rule(i);
    RETURN_IF_ERROR(CheckAudiences(rule));
    if (!rules.wording_at_.contains(rule.wording())) return Wrong(rule.topic(), "wording", "不存在", "does not exist");
    if (!rules.rule_at_.emplace(rule.topic(), i).second) return Wrong(rule.topic(), "topic", "重复", "is there twice");
  }
  rules.policy_ = std::move(policy);
  return rules;
}

const TopicRule* Rules::Find(std::string_view topic) const {
  const auto at = rule_at_.find(topic);
  return at == rule_at_.end() ? nullptr : &policy_.rule(at->second);
}

const policy::v1::Wording* Rules::FindWording(std::string_view id) const {
  const auto at = wording_at_.find(id);
  return at == wording_at_.end() ? nullptr : &policy_.wording(at->second);
}

std::vector<Circle> Rules::CirclesOf(kernel::v1::Role role) const {
  std::vector<Circle> circles;
  for (const auto& circle : policy_.circle()) {
    if (std::ranges::find(circle.role(), role) != circle.role().end()) circles.push_back(circle.circle());
  }
  return circles;
}

}  // namespace notify
