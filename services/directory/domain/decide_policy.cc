// Calendar and policy: a revision follows the one before, and no statutory period grows.
#include <absl/status/status.h>

#include <string>

#include "services/directory/domain/decide.h"
#include "services/directory/domain/refusals.h"
#include "services/directory/domain/statutory.h"
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
  Decision d;
  auto* changed = d.Emit()->mutable_policy_changed();
  *changed->mutable_policy() = c.policy();
  changed->set_reason(c.reason());
  return d;
}

}  // namespace directory
