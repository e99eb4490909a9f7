#include "services/oversight/domain/grading_clocks.h"

#include <algorithm>
#include <utility>

#include "services/oversight/domain/tasks.h"
#include "services/reference/deadline.h"
#include "services/reference/month.h"

namespace oversight {
namespace {

constexpr std::string_view kReportRow = "DO-03";
constexpr std::string_view kFreezeRow = "DO-04-FREEZE";
constexpr std::string_view kPublishRow = "DO-04";
constexpr std::string_view kSentBack = "report_sent_back";  // what started a clock that runs until the freeze

bool Counts(const policy::v1::DeadlineRule* rule) { return rule != nullptr && rule->length().amount() > 0; }

common::v1::Clock ReportClock(int32_t month, const std::string& lead_org, const Ask& ask) {
  reference::ClockStart start;
  start.at_ms = ask.ctx.now_ms;
  start.started_by = "month_opened";
  start.holder_org = lead_org;
  return reference::UntilLastWorkingDay(*ask.reference.FindRule(kReportRow), month, start, ask.reference.calendar());
}

common::v1::Clock After(std::string_view row, int32_t month, const Ask& ask) {
  return reference::AfterMonth(*ask.reference.FindRule(row), month, "month_end", ask.reference.calendar());
}

v1::Board NewBoard(const std::string& area, int32_t month, const Ask& ask) {
  v1::Board board;
  board.set_status(v1::BOARD_DRAFT);
  board.set_area_code(area);
  board.set_month(month);
  *board.mutable_freeze() = After(kFreezeRow, month, ask);
  *board.mutable_publication() = After(kPublishRow, month, ask);
  // On the day itself: from its first moment if it was released before, by the close of office hours in any case.
  const base::Day day = base::LocalDay(board.publication().due_at_ms() - 1);
  const int closing = ask.reference.calendar().office_hours().back().to_minute;
  board.set_publish_from_ms(base::StartOfDayMs(day));
  board.set_publish_latest_ms(base::StartOfDayMs(day) + closing * base::kMinuteMs);
  return board;
}

}  // namespace

bool GradingDatesKnown(const reference::Reference& reference) {
  return reference.Ready() && reference.FindRule(kReportRow) != nullptr && Counts(reference.FindRule(kFreezeRow)) &&
         Counts(reference.FindRule(kPublishRow));
}

bool ReportIsOver(int32_t month, const Ask& ask) { return ask.ctx.now_ms > ReportClock(month, "", ask).due_at_ms(); }

bool ReportsAreOver(const v1::TaskMonth& month, const Ask& ask) {
  if (month.report().started_by() != kSentBack) return ask.ctx.now_ms > month.report().due_at_ms();
  return !GradingDatesKnown(ask.reference) || ReportIsOver(month.month(), ask);
}

common::v1::Clock ReportClockOf(const v1::TaskMonth& month, const std::string& lead_org, const Ask& ask) {
  const common::v1::Clock& clock = month.report();
  const bool all_told =
      std::ranges::all_of(month.entry(), [](const v1::MilestoneMonth& entry) { return entry.reported(); });
  if (!all_told) return clock;
  if (std::ranges::all_of(month.entry(), Stands))
    return reference::IsRunning(clock) ? reference::Stop(clock, ask.ctx.now_ms, ask.reference.calendar()) : clock;
  const int64_t until_ms = month.freeze().due_at_ms();
  const bool runs_on = reference::IsRunning(clock) && clock.due_at_ms() == until_ms;
  const auto* row = ask.reference.FindRule(kReportRow);
  if (runs_on || row == nullptr || until_ms == 0) return clock;
  reference::ClockStart start;
  start.at_ms = ask.ctx.now_ms;
  start.started_by = std::string(kSentBack);
  start.holder_org = lead_org;
  start.due_at_ms = until_ms;
  return reference::StartClock(*row, start, ask.reference.calendar());
}

void EmitMonth(int32_t month, const Ask& ask, Decision* decision) {
  const v1::PlannedTask& task = ask.state.planned_task();
  v1::MonthOpened opened;
  opened.set_next_month_at_ms(base::StartOfDayMs(reference::FirstDayOf(reference::NextMonth(month))));
  auto* of = opened.mutable_month();
  of->set_month(month);
  *of->mutable_report() = ReportClock(month, task.lead_org(), ask);
  *of->mutable_freeze() = After(kFreezeRow, month, ask);
  for (int number = 1; number <= task.milestone_size() && !ReportIsOver(month, ask); ++number) {
    const auto& milestone = task.milestone(number - 1);
    if (milestone.completed() != 0 || DayOfNumber(milestone.planned_start()) > reference::LastDayOf(month)) continue;
    auto* entry = of->add_entry();
    entry->set_milestone(number);
    entry->set_status(v1::MONTH_OPEN);
    entry->set_planned(PlanAt(milestone, month));
  }
  const bool any = !of->entry().empty();
  *decision->Emit()->mutable_month_opened() = std::move(opened);
  std::string board = BoardId(task.area_code(), month);
  if (any && ask.ctx.lookup->Find(board) == nullptr)
    *decision->EmitTo(std::move(board))->mutable_board_opened()->mutable_board() =
        NewBoard(task.area_code(), month, ask);
}

}  // namespace oversight
