// While a unit handles it: progress, extension, suspension, completion (I9, I10, I11, I14), and clocks that
// come due.

#include <absl/strings/ascii.h>

#include <algorithm>

#include "base/area_code.h"
#include "base/calendar.h"
#include "services/incident/domain/deciding.h"
#include "services/kernel/guard.h"

namespace incident {
namespace {

constexpr int kSuspensionDays = 30;  // reviewed every 30 days (I11)

bool MayApprove(const Deciding& d) { return d.acting.level >= d.matter().dispatched_level(); }
Decision NotTheIssuer() {
  return NoGuard("NOT_THE_ISSUING_LEVEL", "应由派单的那一级或上级决定。",
                 "The level that dispatched it, or a higher one, decides this.");
}

// The clock an extension is about: the hotline's own where there is one.
std::string_view ExtendedPolicy(const v1::Incident& matter) { return IsHotline(matter) ? "DA-05" : "DI-05"; }

std::optional<kernel::Refusal> ExtensionRefusal(const Deciding& d, const common::v1::Length& by) {
  if (IsAppeal(d.matter())) {
    return Say(RefusalCode::kGuard, "NO_EXTENSION_FOR_APPEALS", "企业诉求不能延期；复杂的请认定为复杂事项。",
               "Enterprise appeals are not extended; a complex one is classified as complex.");
  }
  if (d.matter().extension_count() > 0) {
    return Say(RefusalCode::kGuard, "EXTENDED_ALREADY", "已经延期一次，不能再延。",
               "It was extended once already.");
  }
  if (by.amount() <= 0 || by.unit() == common::v1::TIME_UNIT_UNSPECIFIED) {
    return Say(RefusalCode::kInvalid, "LENGTH_NEEDED", "请写明延长多久。", "Say how long.", "by");
  }
  for (const std::string_view id : {ExtendedPolicy(d.matter()), std::string_view("DI-05")}) {
    const auto* clock = FindRunning(d.matter(), id);
    const auto* rule = d.known.directory().FindRule(id);
    if (clock == nullptr || rule == nullptr) {
      return Say(RefusalCode::kGuard, "NO_CLOCK_RUNS", "现在没有计时的期限。", "No period is running.");
    }
    if (d.now() > clock->due_at_ms()) {
      return Say(RefusalCode::kGuard, "LATE_ALREADY", "已经超期，不能再申请延期。",
                 "It is late; too late to extend.");
    }
    // The hotline's own limit replaces the general one (I10).
    if (id == "DI-05" && ExtendedPolicy(d.matter()) != "DI-05") continue;
    if (auto why = reference::ExtensionObjection(*clock, *rule, by, d.now())) {
      return kernel::GuardOf(*std::move(why), "by");
    }
  }
  return std::nullopt;
}

void ResumeHandling(const Deciding& d, std::string_view event_name, v1::Event* event) {
  Clocks clocks = d.ClocksFor(event_name);
  clocks.Resume("DI-05");
  clocks.Resume("DA-05");
  clocks.Into(event);
}

}  // namespace

Decision DecideProgress(const v1::ProgressRequest& c, const Deciding& d) {
  if (c.text().empty() && c.attachment().empty() && !c.interim_reply() && !c.first_contact()) {
    return NoField("text", "CONTENT_NEEDED", "请写一句进展，或者附照片、录音。",
                   "Say what happened, or attach something.");
  }
  if (c.interim_reply() && absl::StripAsciiWhitespace(c.text()).empty()) {
    return NoField("text", "REPLY_NEEDED", "请写明答复了什么。", "Say what was answered.");
  }
  Decision decision;
  v1::Event* event = decision.Emit();
  auto* progressed = event->mutable_progressed();
  progressed->set_text(c.text());
  *progressed->mutable_attachment() = c.attachment();
  progressed->set_interim_reply(c.interim_reply());
  progressed->set_first_contact(c.first_contact());
  progressed->set_by_user(d.acting.user);
  Clocks clocks = d.ClocksFor("progressed");
  if (c.first_contact() || c.interim_reply()) clocks.Stop("DA-01");  // who replies has made contact
  if (c.interim_reply()) clocks.Stop("DA-02");
  clocks.Into(event);
  return decision;
}

Decision DecideRequestExtension(const v1::RequestExtensionRequest& c, const Deciding& d) {
  if (d.matter().has_extension_request()) {
    return NoGuard("EXTENSION_IS_ASKED", "已经申请延期，等答复。",
                   "An extension was asked; wait for the answer.");
  }
  if (auto refusal = ExtensionRefusal(d, c.by())) return No(*std::move(refusal));
  Decision decision;
  auto* request = decision.Emit()->mutable_extension_requested()->mutable_request();
  request->set_org(d.acting.org);
  request->set_reason(c.reason());
  *request->mutable_by() = c.by();
  request->set_at_ms(d.now());
  return decision;
}

Decision DecideApproveExtension(const v1::ApproveExtensionRequest&, const Deciding& d) {
  if (!d.matter().has_extension_request()) {
    return NoGuard("NO_EXTENSION_ASKED", "没有延期申请。", "No extension was asked for.");
  }
  if (!MayApprove(d)) return NotTheIssuer();
  const auto& request = d.matter().extension_request();
  if (auto refusal = ExtensionRefusal(d, request.by())) return No(*std::move(refusal));
  Decision decision;
  v1::Event* event = decision.Emit();
  Clocks clocks = d.ClocksFor("extended");
  clocks.Extend("DI-05", request.by());
  clocks.Extend("DA-05", request.by());
  auto* extended = event->mutable_extended();
  extended->set_reason(request.reason());
  *extended->mutable_by() = request.by();
  extended->set_new_due_at_ms(clocks.Running(ExtendedPolicy(d.matter()))->due_at_ms());
  clocks.Into(event);
  return decision;
}

Decision DecideRefuseExtension(const v1::RefuseExtensionRequest& c, const Deciding& d) {
  if (!d.matter().has_extension_request()) {
    return NoGuard("NO_EXTENSION_ASKED", "没有延期申请。", "No extension was asked for.");
  }
  if (!MayApprove(d)) return NotTheIssuer();
  Decision decision;
  decision.Emit()->mutable_extension_refused()->set_reason(c.reason());
  return decision;
}

Decision DecideRequestSuspension(const v1::RequestSuspensionRequest& c, const Deciding& d) {
  if (d.matter().has_suspension_request()) {
    return NoGuard("SUSPENSION_IS_ASKED", "已经申请缓办，等答复。",
                   "A suspension was asked; wait for the answer.");
  }
  if (IsAppeal(d.matter())) {
    return NoGuard("NO_SUSPENSION_FOR_APPEALS", "企业诉求的期限不能暂停。",
                   "The clocks of enterprise appeals do not pause.");
  }
  const auto* reason = d.known.directory().FindSuspendReason(c.reason_code());
  if (reason == nullptr || reason->retired()) {
    return NoField("reason_code", "UNKNOWN_REASON", "请选择缓办理由(S01–S06)。",
                   "Choose one of the reasons S01 to S06.");
  }
  if (c.expected_resume_at_ms() <= d.now() ||
      c.expected_resume_at_ms() > d.now() + kSuspensionDays * base::kDayMs) {
    return NoField("expected_resume_at_ms", "RESUME_OUT_OF_RANGE", "预计恢复日期应在30天以内。",
                   "The expected day of resuming lies within 30 days.");
  }
  Decision decision;
  auto* request = decision.Emit()->mutable_suspension_requested()->mutable_request();
  request->set_org(d.acting.org);
  request->set_reason_code(c.reason_code());
  request->set_note(c.note());
  request->set_expected_resume_at_ms(c.expected_resume_at_ms());
  request->set_at_ms(d.now());
  return decision;
}

Decision DecideApproveSuspension(const v1::ApproveSuspensionRequest&, const Deciding& d) {
  if (!d.matter().has_suspension_request()) {
    return NoGuard("NO_SUSPENSION_ASKED", "没有缓办申请。", "No suspension was asked for.");
  }
  if (!MayApprove(d)) return NotTheIssuer();
  const auto& request = d.matter().suspension_request();
  Decision decision;
  v1::Event* event = decision.Emit();
  auto* suspension = event->mutable_suspended()->mutable_suspension();
  suspension->set_reason_code(request.reason_code());
  suspension->set_since_ms(d.now());
  suspension->set_expected_resume_at_ms(request.expected_resume_at_ms());
  suspension->set_review_at_ms(std::clamp(request.expected_resume_at_ms(), d.now() + base::kDayMs,
                                          d.now() + kSuspensionDays * base::kDayMs));
  *event->mutable_standing() = With(d.matter().standing(), v1::SUSPENDED);
  Clocks clocks = d.ClocksFor("suspended");
  clocks.Pause("DI-05", request.reason_code());
  clocks.Pause("DA-05", request.reason_code());
  clocks.Into(event);
  return decision;
}

Decision DecideRefuseSuspension(const v1::RefuseSuspensionRequest& c, const Deciding& d) {
  if (!d.matter().has_suspension_request()) {
    return NoGuard("NO_SUSPENSION_ASKED", "没有缓办申请。", "No suspension was asked for.");
  }
  if (!MayApprove(d)) return NotTheIssuer();
  Decision decision;
  decision.Emit()->mutable_suspension_refused()->set_reason(c.reason());
  return decision;
}

Decision DecideReviewSuspension(const Deciding& d) {
  Decision decision;
  const auto& suspension = d.matter().suspension();
  if (d.matter().standing().status() != v1::SUSPENDED || d.now() < suspension.review_at_ms()) return decision;
  decision.Emit()->mutable_suspension_review_due()->set_next_review_at_ms(d.now() +
                                                                          kSuspensionDays * base::kDayMs);
  return decision;
}

Decision DecideResume(const v1::ResumeRequest& c, const Deciding& d) {
  Decision decision;
  v1::Event* event = decision.Emit();
  event->mutable_resumed()->set_note(c.note());
  *event->mutable_standing() = With(d.matter().standing(), v1::PROCESSING);
  ResumeHandling(d, "resumed", event);
  return decision;
}

Decision DecideComplete(const v1::CompleteRequest& c, const Deciding& d) {
  if (c.resolved() == v1::RESOLVED_UNSPECIFIED || !v1::Resolved_IsValid(c.resolved())) {
    return NoField("resolved", "RESOLVED_NEEDED", "请说明是否解决：已解决、部分解决、未解决。",
                   "Say whether it is solved: yes, partly or no.");
  }
  const auto* category = d.Category();
  const bool photo =
      std::ranges::any_of(c.attachment(), [](const auto& a) { return a.mime().starts_with("image/"); });
  if (category != nullptr && category->photo() && !category->photo_reason().empty() && !photo) {
    return NoField("attachment", "PHOTO_NEEDED", "这类事项须附处置后的照片：" + category->photo_reason(),
                   "A photo of the result is required for this category; the policy row states why.");
  }
  Decision decision;
  v1::Event* event = decision.Emit();
  auto* completion = event->mutable_completed()->mutable_completion();
  completion->set_result(c.result());
  completion->set_measures(c.measures());
  *completion->mutable_attachment() = c.attachment();
  completion->set_resolved(c.resolved());
  completion->set_cost_fen(c.cost_fen());
  completion->set_by_user(d.acting.user);
  completion->set_by_org(d.acting.org);
  completion->set_at_ms(d.now());
  v1::Standing* standing = event->mutable_standing();
  *standing = With(d.matter().standing(), v1::PENDING_VERIFY);
  standing->set_holder_org(d.CentreAt(standing->current_level()));
  Clocks clocks = d.ClocksFor("completed");
  clocks.Stop("DI-05");
  clocks.Stop("DA-05");
  clocks.Begin("DI-06", {.holder = standing->holder_org()});
  clocks.Into(event);
  return decision;
}

namespace {

Decision WindowOver(const v1::CheckClock& c, const Deciding& d) {
  Decision decision;
  const v1::Status status = d.matter().standing().status();
  if (c.policy_id() == "DI-07" && status == v1::CLOSED) {
    v1::Event* event = decision.Emit();
    event->mutable_evaluated()->mutable_evaluation()->set_expired(true);
    event->mutable_evaluated()->mutable_evaluation()->set_at_ms(d.now());
    *event->mutable_standing() = With(d.matter().standing(), v1::EVALUATED);
    Clocks clocks = d.ClocksFor("evaluated");
    clocks.Cancel("DI-07");
    clocks.Into(event);
  }
  // With a random check open the file is not complete (I24), whoever archives: the timer comes again when it is done.
  if (c.policy_id() == "DI-08" && status == v1::EVALUATED && !d.matter().sample_open()) {
    v1::Event* event = decision.Emit();
    event->mutable_archived()->set_automatic(true);
    *event->mutable_standing() = With(d.matter().standing(), v1::ARCHIVED);
    Clocks clocks = d.ClocksFor("archived");
    clocks.CancelAll();
    clocks.Into(event);
  }
  return decision;
}

}  // namespace

// A2: a change of law reaches an open matter by this command only. Dates that a letter, a rework or a refused return
// named are not counted from a row, so no row changes them.
Decision DecideRecomputeClocks(const v1::RecomputeClocksRequest& c, const Deciding& d) {
  Decision decision;
  v1::Event event;
  Clocks clocks = d.ClocksFor("clocks_recomputed");
  bool changed = false;
  for (const common::v1::Clock& clock : d.matter().clock()) {
    const bool named = clock.set_due_at_ms() != 0 || clock.started_by() == "return_refused";
    if (named || !reference::IsRunning(clock)) continue;
    Clocks::Start start{.urgent = IsUrgent(d.matter().intake())};
    if (clock.policy_id() == "DI-05") {
      start = {.length = HandlingLength(d), .article = HandlingArticle(d)};
    }
    changed = clocks.Renew(clock.policy_id(), start) || changed;
  }
  if (!changed) {
    return NoGuard("NOTHING_TO_RECOMPUTE", "各项未到期的时限已经按现行规定计算。",
                   "Every period that is not over is counted by the rows in force already.");
  }
  clocks.Into(&event);
  event.mutable_clocks_recomputed()->set_calendar_revision(d.known.directory().calendar().revision());
  event.mutable_clocks_recomputed()->set_policy_revision(d.known.directory().policies().revision());
  event.mutable_clocks_recomputed()->set_reason(c.reason());
  *decision.Emit() = std::move(event);
  return decision;
}

// A clock came due: once a fact for each duty; a right of others simply ends. A firing that lost the race
// with an extension, a stop or a pause does nothing.
Decision DecideCheckClock(const v1::CheckClock& c, const Deciding& d) {
  Decision decision;
  const auto* clock = FindRunning(d.matter(), c.policy_id());
  if (clock == nullptr || clock->due_at_ms() != c.due_at_ms() || reference::IsPaused(*clock)) return decision;
  if (d.now() <= clock->due_at_ms()) return decision;
  if (!IsDuty(c.policy_id())) return WindowOver(c, d);
  if (std::ranges::find(d.matter().overdue(), c.policy_id()) != d.matter().overdue().end()) return decision;
  auto* overdue = decision.Emit()->mutable_clock_overdue();
  overdue->set_policy_id(c.policy_id());
  overdue->set_due_at_ms(clock->due_at_ms());
  return decision;
}

}  // namespace incident
