// Calendar and policy: a revision follows the one before, no statutory period grows, and what makes reports ask for
// more is decided by who has seen what that costs.
#include <absl/status/status.h>

#include <string>

#include "services/directory/domain/decide.h"
#include "services/directory/domain/refusals.h"
#include "services/directory/domain/statutory.h"
#include "services/reference/asking.h"
#include "services/reference/validate.h"

namespace directory {
namespace {

kernel::Refusal WrongRevision(std::string field, int now, int wanted) {
  kernel::Refusal refusal = Refuse(
      kernel::RefusalCode::kConflict, "REVISION_MUST_FOLLOW", std::move(field),
      "修订号必须为" + std::to_string(wanted) + "（当前为" + std::to_string(now) + "）。",
      "The revision must be " + std::to_string(wanted) + "; the present one is " + std::to_string(now) + ".");
  refusal.metadata["current"] = std::to_string(now);
  return refusal;
}

// reference's messages are "Chinese / English".
kernel::Refusal FromStatus(const absl::Status& status, std::string field) {
  const std::string text(status.message());
  const size_t cut = text.find(" / ");
  return Invalid("INVALID_POLICY", std::move(field), text.substr(0, cut),
                 cut == std::string::npos ? text : text.substr(cut + 3));
}

// R13: a form that asks for more takes the time of everybody who reports.
kernel::Refusal CostNotSeen(const reference::AskedMore& more) {
  const std::string minutes = std::to_string(more.minutes);
  kernel::Refusal refusal =
      Guard("COST_NOT_SEEN", "seen_cost_minutes",
            "这次修订让上报多要求照片，请先看要花上报人多少时间，再决定：" + reference::AskedMoreZh(more) +
                "确定修订时请填 seen_cost_minutes: " + minutes + "。",
            "This change makes reports ask for more photos. See first what that costs whoever reports, then decide: " +
                reference::AskedMoreEn(more) + " To make it, send seen_cost_minutes: " + minutes + ".");
  refusal.metadata["minutes"] = minutes;
  return refusal;
}

}  // namespace

Decision DecideLoadCalendar(const v1::State& state, const v1::LoadCalendarRequest& c, const Ctx&) {
  const int now = state.calendar().revision();
  if (now == 0 ? c.calendar().revision() < 1 : c.calendar().revision() != now + 1) {
    return Decision::Refuse(WrongRevision("calendar.revision", now, now + 1));
  }
  if (auto calendar = reference::CalendarFrom(c.calendar()); !calendar.ok()) {
    return Decision::Refuse(FromStatus(calendar.status(), "calendar"));
  }
  if (now != 0 && c.calendar().horizon() < state.calendar().horizon()) {
    return Decision::Refuse(Guard("HORIZON_WENT_BACK", "calendar.horizon",
                                  "新日历的截止日期不得早于现行日历。",
                                  "A new calendar must reach at least as far as the present one."));
  }
  Decision d;
  *d.Emit()->mutable_calendar_loaded()->mutable_calendar() = c.calendar();
  return d;
}

Decision DecideChangePolicy(const v1::State& state, const v1::ChangePolicyRequest& c, const Ctx&) {
  const int now = state.policy().revision();
  if (now == 0 ? c.policy().revision() < 1 : c.policy().revision() != now + 1) {
    return Decision::Refuse(WrongRevision("policy.revision", now, now + 1));
  }
  if (auto refusal = LongerThanTheLaw(c.policy().deadlines())) return Decision::Refuse(*std::move(refusal));
  const absl::Status valid = now == 0 ? reference::ValidatePolicies(c.policy())
                                      : reference::ValidatePolicyChange(state.policy(), c.policy());
  if (!valid.ok()) return Decision::Refuse(FromStatus(valid, "policy"));
  // The first policies are what the city begins with: there is no form yet that would ask for more.
  reference::AskedMore more;
  if (now != 0) more = reference::AskedMoreBy(state.policy(), c.policy());
  if (more.minutes > 0 && c.seen_cost_minutes() != more.minutes) return Decision::Refuse(CostNotSeen(more));
  Decision d;
  auto* changed = d.Emit()->mutable_policy_changed();
  *changed->mutable_policy() = c.policy();
  changed->set_reason(c.reason());
  changed->set_seen_cost_minutes(more.minutes);
  return d;
}

}  // namespace directory
