#pragma once
// The city's rules of who must know what, as they stand in policy/notifications.textproto: checked once, then only
// looked up. A domain's D::Reference. Immutable; any thread. What was decided by them stands in the events.

#include <absl/status/statusor.h>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kernel/v1/actor.pb.h"
#include "policy/v1/notifications.pb.h"
#include "services/notify/domain/address.h"

namespace notify {

class Rules {
 public:
  Rules() = default;  // nobody is told anything
  // The error names the row and the field, in Chinese and English.
  static absl::StatusOr<Rules> From(policy::v1::NotificationPolicy policy);

  // Of this process, not of the city: where webhooks may go beside the open network.
  void Allow(Allowed allowed) { allowed_ = std::move(allowed); }
  const Allowed& allowed() const { return allowed_; }

  const policy::v1::NotificationPolicy& policy() const { return policy_; }
  const policy::v1::TopicRule* Find(std::string_view topic) const;          // null: told to nobody
  const policy::v1::Wording* FindWording(std::string_view id) const;        // null: retired since
  // The circles a role belongs to.
  std::vector<policy::v1::Circle> CirclesOf(kernel::v1::Role role) const;

  int quiet_from_minute() const { return quiet_from_minute_; }  // of the local day
  int quiet_to_minute() const { return quiet_to_minute_; }
  int64_t window_ms() const { return policy_.digest_window_minutes() * int64_t{60'000}; }
  int64_t kept_ms() const { return policy_.kept_days() * int64_t{86'400'000}; }

 private:
  policy::v1::NotificationPolicy policy_;
  std::map<std::string, int, std::less<>> rule_at_;
  std::map<std::string, int, std::less<>> wording_at_;
  int quiet_from_minute_ = 0;
  int quiet_to_minute_ = 0;
  Allowed allowed_;
};

// Of a unit, not of an area.
bool IsUnitCircle(policy::v1::Circle circle);

}  // namespace notify
