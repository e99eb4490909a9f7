// Tasks 攻坚任务 from the plan to the last report (O11, O12): made by supervision, confirmed by the leader in charge,
// reported by the lead unit each month by DO-03, verified or sent back until the freeze.
#include <algorithm>
#include <optional>
#include <utility>

#include "base/area_code.h"
#include "services/kernel/guard.h"
#include "services/oversight/domain/checks.h"
#include "services/oversight/domain/decide.h"
#include "services/oversight/domain/grading_clocks.h"
#include "services/oversight/domain/limits.h"
#include "services/oversight/domain/task_orders.h"
#include "services/oversight/domain/tasks.h"
#include "services/reference/month.h"
#include "services/reference/staff.h"

namespace oversight {
namespace {

using kernel::Refusal, kernel::RefusalCode;

std::optional<Refusal> Wrong(std::string_view reason, std::string_view field) {
  return Why(RefusalCode::kInvalid, reason, field);
}

// Every month from start to end, none twice, never falling, and all of it at the end.
std::optional<Refusal> CheckPlan(const v1::PlannedMilestone& asked, base::Day start, base::Day end,
                                 const std::string& field) {
  int32_t month = reference::MonthOf(start);
  int percent = 0;
  for (const auto& plan : asked.plan()) {
    if (reference::ParseMonth(plan.month()) != month || plan.percent() < percent || plan.percent() > 100)
      return Wrong("BAD_PLAN", field);
    percent = plan.percent();
    month = reference::NextMonth(month);
  }
  if (percent != 100 || reference::MonthBefore(month) != reference::MonthOf(end))
    return Wrong("BAD_PLAN", field);
  return std::nullopt;
}

// `field`: which of them it is, for the refusal.
std::optional<Refusal> ReadMilestone(const v1::PlannedMilestone& asked, base::Day today, const std::string& field,
                                     v1::Milestone* milestone) {
  if (auto refusal = CheckText(asked.name(), field + ".name")) return refusal;
  const auto start = base::ParseDay(asked.planned_start());
  const auto end = base::ParseDay(asked.planned_end());
  if (!start) return Wrong("BAD_PLANNED_START", field + ".planned_start");
  if (!end || *end < *start || *end < today) return Wrong("BAD_PLANNED_END", field + ".planned_end");
  if (asked.plan_size() > kMonthsPlannedMax) return Why(RefusalCode::kLimit, "TOO_LONG", field + ".plan");
  if (auto refusal = CheckPlan(asked, *start, *end, field + ".plan")) return refusal;
  milestone->set_name(asked.name());
  milestone->set_planned_start(DayNumber(*start));
  milestone->set_planned_end(DayNumber(*end));
  for (const auto& plan : asked.plan()) {
    auto* kept = milestone->add_plan();
    kept->set_month(*reference::ParseMonth(plan.month()));
    kept->set_percent(plan.percent());
  }
  return std::nullopt;
}

// A month of the task that takes reports, and the milestone in it; a refusal says why not.
struct Reporting {
  const v1::TaskMonth* month = nullptr;
  const v1::MilestoneMonth* entry = nullptr;
};
std::optional<Refusal> FindReporting(const v1::PlannedTask& task, const std::string& month_text, int milestone,
                                     int64_t now_ms, Reporting* found) {
  const auto month = reference::ParseMonth(month_text);
  if (!month) return Wrong("NO_SUCH_MONTH", "month");
  if (milestone < 1 || milestone > task.milestone_size()) return Wrong("NO_SUCH_MILESTONE", "milestone");
  found->month = MonthIn(task, *month);
  found->entry = found->month == nullptr ? nullptr : EntryIn(*found->month, milestone);
  if (found->entry == nullptr) return Why(RefusalCode::kGuard, "MONTH_NOT_OPEN", "month");
  const bool frozen = !IsUngraded(*found->entry) || now_ms > found->month->freeze().due_at_ms();
  if (frozen) return Why(RefusalCode::kGuard, "MONTH_FROZEN", "month");
  return std::nullopt;
}

// The day something was completed: within what the report is about, and not before there was a task.
std::optional<Refusal> ReadCompleted(const v1::ReportTaskRequest& request, const v1::PlannedTask& task,
                                     const Reporting& in, int64_t now_ms, int32_t* completed) {
  if (request.completed_day().empty()) return std::nullopt;
  const auto day = base::ParseDay(request.completed_day());
  const base::Day last = std::min(base::LocalDay(now_ms), reference::LastDayOf(in.month->month()));
  if (!day || *day > last || *day < base::LocalDay(task.created_at_ms()))
    return Wrong("BAD_COMPLETED_DAY", "completed_day");
  if (request.progress() != 100) return Wrong("COMPLETED_IS_ALL", "progress");
  *completed = DayNumber(*day);
  return std::nullopt;
}

// Who can confirm it (O11): a county or city leader whose area covers that of the task.
std::optional<Refusal> CheckLeaderInCharge(const v1::CreateTaskRequest& request, const Ask& ask) {
  if (request.leader_user_id().empty()) return Wrong("VALUE_NEEDED", "leader_user_id");
  const reference::PostWanted wanted{.roles = {kernel::v1::ROLE_CL, kernel::v1::ROLE_CYL},
                                     .over_area = request.area_code(),
                                     .zh = "任务所在地的县领导或市领导",
                                     .en = "a county or city leader of the task's area"};
  auto no = reference::WhyNotNamed(ask.reference, request.leader_user_id(), wanted, ask.ctx.now_ms);
  if (!no) return std::nullopt;
  return kernel::GuardOf(*std::move(no), "leader_user_id");
}

// The month with this entry as it is from now on.
v1::TaskMonth WithEntry(const v1::MilestoneMonth& changed, v1::TaskMonth month) {
  for (auto& entry : *month.mutable_entry()) {
    if (entry.milestone() == changed.milestone()) entry = changed;
  }
  return month;
}

}  // namespace

Decision DecideCreateTask(const v1::CreateTaskRequest& request, const Ask& ask) {
  if (!GradingDatesKnown(ask.reference)) return Refuse(RefusalCode::kGuard, "GRADING_DATES_MISSING");
  const int level = base::LevelOf(request.area_code());
  if (level != common::v1::COUNTY && level != common::v1::CITY)
    return Refuse(RefusalCode::kInvalid, "VALUE_NEEDED", "area_code");
  for (const auto& [text, field] : {std::pair{&request.title(), "title"},
                                    {&request.requirement(), "requirement"},
                                    {&request.evidence_type(), "evidence_type"}}) {
    if (auto refusal = CheckText(*text, field)) return Decision::Refuse(*std::move(refusal));
  }
  if (auto refusal = CheckLeaderInCharge(request, ask)) return Decision::Refuse(*std::move(refusal));
  const auto* org = ask.reference.FindOrg(request.lead_org());
  if (org == nullptr || org->closed() || !base::Covers(request.area_code(), org->area_code()))
    return Refuse(RefusalCode::kInvalid, "UNKNOWN_ORG", "lead_org");
  if (request.milestone().empty()) return Refuse(RefusalCode::kInvalid, "VALUE_NEEDED", "milestone");
  if (request.milestone_size() > kMilestonesMax) return Refuse(RefusalCode::kLimit, "TOO_LONG", "milestone");
  if (ask.ctx.lookup->Scan("task", TaskPrefix('a', request.area_code(), false), kTasksMax).size() >= kTasksMax)
    return Refuse(RefusalCode::kLimit, "TASKS_MAX", "area_code");
  Decision decision;
  auto* task = decision.Emit()->mutable_task_created()->mutable_task();
  for (int i = 0; i < request.milestone_size(); ++i) {
    const std::string field = "milestone[" + std::to_string(i) + "]";
    const base::Day today = base::LocalDay(ask.ctx.now_ms);
    if (auto refusal = ReadMilestone(request.milestone(i), today, field, task->add_milestone()))
      return Decision::Refuse(*std::move(refusal));
  }
  task->set_status(v1::TASK_PLANNED);
  task->set_area_code(request.area_code());
  task->set_title(request.title());
  task->set_requirement(request.requirement());
  task->set_evidence_type(request.evidence_type());
  task->set_leader_user_id(request.leader_user_id());
  task->set_lead_org(request.lead_org());
  task->set_created_org(ask.who.org);
  task->set_created_at_ms(ask.ctx.now_ms);
  return decision;
}

Decision DecideConfirmTask(const Ask& ask) {
  if (!GradingDatesKnown(ask.reference)) return Refuse(RefusalCode::kGuard, "GRADING_DATES_MISSING");
  const v1::PlannedTask& task = ask.state.planned_task();
  if (IsClosed(task.lead_org(), ask)) return Refuse(RefusalCode::kGuard, "UNIT_CLOSED");
  base::Day from = DayOfNumber(task.milestone(0).planned_start());
  for (const auto& milestone : task.milestone()) from = std::min(from, DayOfNumber(milestone.planned_start()));
  int32_t month = reference::MonthOf(std::max(from, base::LocalDay(ask.ctx.now_ms)));
  if (ReportIsOver(month, ask)) month = reference::NextMonth(month);
  Decision decision;
  auto* confirmed = decision.Emit()->mutable_task_confirmed();
  confirmed->set_next_month_at_ms(base::StartOfDayMs(reference::FirstDayOf(month)));
  if (confirmed->next_month_at_ms() <= ask.ctx.now_ms) EmitMonth(month, ask, &decision);
  return decision;
}

Decision DecideCancelTask(const v1::CancelTaskRequest& request, const Ask& ask) {
  if (auto refusal = CheckText(request.reason(), "reason")) return Decision::Refuse(*std::move(refusal));
  Decision decision;
  decision.Emit()->mutable_task_cancelled()->set_reason(request.reason());
  EndTaskOrders(std::string(ask.ctx.aggregate_id), ask.state.planned_task(), request.reason(), ask, &decision);
  return decision;
}

Decision DecideOpenMonth(const Ask& ask) {
  const v1::PlannedTask& task = ask.state.planned_task();
  if (task.status() != v1::TASK_ACTIVE || task.next_month_at_ms() == 0 || task.next_month_at_ms() > ask.ctx.now_ms)
    return {};
  if (!GradingDatesKnown(ask.reference)) return Refuse(RefusalCode::kGuard, "GRADING_DATES_MISSING");
  Decision decision;
  EmitMonth(reference::MonthOf(base::LocalDay(task.next_month_at_ms())), ask, &decision);
  return decision;
}

Decision DecideReportTask(const v1::ReportTaskRequest& request, const Ask& ask) {
  const v1::PlannedTask& task = ask.state.planned_task();
  Reporting in;
  if (auto refusal = FindReporting(task, request.month(), request.milestone(), ask.ctx.now_ms, &in))
    return Decision::Refuse(*std::move(refusal));
  if (in.entry->verified()) return Refuse(RefusalCode::kGuard, "REPORT_VERIFIED");
  // Whoever told in time and is asked again may answer until the freeze.
  if (ReportsAreOver(*in.month, ask) && !in.entry->sent_back())
    return Refuse(RefusalCode::kGuard, "REPORT_LATE", "month");
  if (request.progress() < 0 || request.progress() > 100)
    return Refuse(RefusalCode::kInvalid, "BAD_PERCENT", "progress");
  if (auto refusal = CheckText(request.evidence(), "evidence")) return Decision::Refuse(*std::move(refusal));
  int32_t completed = 0;
  if (auto refusal = ReadCompleted(request, task, in, ask.ctx.now_ms, &completed))
    return Decision::Refuse(*std::move(refusal));
  Decision decision;
  auto* reported = decision.Emit()->mutable_month_reported();
  reported->set_month(in.month->month());
  v1::MilestoneMonth* entry = reported->mutable_entry();
  *entry = *in.entry;
  entry->set_status(v1::MONTH_REPORTED);
  entry->set_reported(true);
  entry->set_progress(request.progress());
  entry->set_evidence(request.evidence());
  entry->set_completed(completed);
  entry->set_reported_at_ms(ask.ctx.now_ms);
  entry->set_sent_back(false);
  *reported->mutable_report() = ReportClockOf(WithEntry(*entry, *in.month), task.lead_org(), ask);
  return decision;
}

Decision DecideVerifyTaskReport(const v1::VerifyTaskReportRequest& request, const Ask& ask) {
  Reporting in;
  if (auto refusal = FindReporting(ask.state.planned_task(), request.month(), request.milestone(), ask.ctx.now_ms, &in))
    return Decision::Refuse(*std::move(refusal));
  if (ask.who.org == ask.state.planned_task().lead_org()) return Refuse(RefusalCode::kNotAllowed, "OWN_REPORT");
  if (!Stands(*in.entry)) return Refuse(RefusalCode::kGuard, "NOTHING_REPORTED");
  if (in.entry->verified()) return Refuse(RefusalCode::kGuard, "REPORT_VERIFIED");
  Decision decision;
  auto* verified = decision.Emit()->mutable_report_verified();
  verified->set_month(in.month->month());
  verified->set_milestone(request.milestone());
  return decision;
}

Decision DecideSendBackTaskReport(const v1::SendBackTaskReportRequest& request, const Ask& ask) {
  Reporting in;
  if (auto refusal = FindReporting(ask.state.planned_task(), request.month(), request.milestone(), ask.ctx.now_ms, &in))
    return Decision::Refuse(*std::move(refusal));
  if (ask.who.org == ask.state.planned_task().lead_org()) return Refuse(RefusalCode::kNotAllowed, "OWN_REPORT");
  if (!Stands(*in.entry)) return Refuse(RefusalCode::kGuard, "NOTHING_REPORTED");
  if (auto refusal = CheckText(request.reason(), "reason")) return Decision::Refuse(*std::move(refusal));
  Decision decision;
  auto* back = decision.Emit()->mutable_report_sent_back();
  back->set_month(in.month->month());
  back->set_milestone(request.milestone());
  back->set_reason(request.reason());
  v1::MilestoneMonth entry = *in.entry;
  entry.set_sent_back(true);
  *back->mutable_report() = ReportClockOf(WithEntry(entry, *in.month), ask.state.planned_task().lead_org(), ask);
  return decision;
}

}  // namespace oversight
