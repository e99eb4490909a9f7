// Events of tasks and scorecards to state: copies and counts, as apply.cc says.
#include <algorithm>

#include "services/oversight/domain/limits.h"
#include "services/oversight/domain/tasks.h"

namespace oversight {
namespace {

using v1::Event;

v1::TaskMonth* MutableMonth(v1::PlannedTask* task, int32_t month) {
  for (auto& of : *task->mutable_month()) {
    if (of.month() == month) return &of;
  }
  return nullptr;
}

v1::MilestoneMonth* MutableEntry(v1::PlannedTask* task, int32_t month, int milestone) {
  v1::TaskMonth* of = MutableMonth(task, month);
  if (of == nullptr) return nullptr;
  for (auto& entry : *of->mutable_entry()) {
    if (entry.milestone() == milestone) return &entry;
  }
  return nullptr;
}

// Takes away what will not be graded any more, and months that hold nothing.
void Drop(v1::PlannedTask* task, const auto& dropped) {
  auto* months = task->mutable_month();
  for (int m = months->size() - 1; m >= 0; --m) {
    auto* entries = months->Mutable(m)->mutable_entry();
    for (int i = entries->size() - 1; i >= 0; --i) {
      if (IsUngraded(entries->Get(i)) && dropped(entries->Get(i))) entries->DeleteSubrange(i, 1);
    }
    if (entries->empty()) months->DeleteSubrange(m, 1);
  }
}

void End(v1::TaskStatus status, int64_t now_ms, v1::PlannedTask* task) {
  task->set_status(status);
  task->set_ended_at_ms(now_ms);
  task->set_next_month_at_ms(0);
  Drop(task, [](const v1::MilestoneMonth&) { return true; });
}

void ApplyOpened(const v1::MonthOpened& e, v1::PlannedTask* task) {
  task->set_next_month_at_ms(e.next_month_at_ms());
  if (e.month().entry().empty()) return;
  auto* months = task->mutable_month();
  if (months->size() >= kMonthsKept) months->DeleteSubrange(0, 1);
  *months->Add() = e.month();
}

void ApplyReported(const v1::MonthReported& e, v1::PlannedTask* task) {
  v1::MilestoneMonth* entry = MutableEntry(task, e.month(), e.entry().milestone());
  if (entry == nullptr) return;
  *entry = e.entry();
  *MutableMonth(task, e.month())->mutable_report() = e.report();
}

void ApplySentBack(const v1::ReportSentBack& e, v1::PlannedTask* task) {
  v1::MilestoneMonth* entry = MutableEntry(task, e.month(), e.milestone());
  if (entry == nullptr) return;
  entry->set_status(v1::MONTH_OPEN);
  entry->set_verified(false);
  entry->set_sent_back(true);
  entry->set_sent_back_reason(e.reason());
  if (e.has_report()) *MutableMonth(task, e.month())->mutable_report() = e.report();
}

void ApplyGraded(const v1::MonthGraded& e, int64_t now_ms, v1::PlannedTask* task) {
  v1::TaskMonth* of = MutableMonth(task, e.month());
  if (of == nullptr) return;
  *of->mutable_entry() = e.entry();
  *of->mutable_report() = e.report();
  *of->mutable_freeze() = e.freeze();
  for (const auto& entry : e.entry()) {
    if (entry.milestone() < 1 || entry.milestone() > task->milestone_size()) continue;
    auto* milestone = task->mutable_milestone(entry.milestone() - 1);
    if (Stands(entry)) milestone->set_progress(entry.progress());
    if (entry.verified()) milestone->set_completed(entry.completed());
  }
  if (e.done()) return End(v1::TASK_DONE, now_ms, task);
  Drop(task,
       [task](const v1::MilestoneMonth& entry) { return task->milestone(entry.milestone() - 1).completed() != 0; });
}

void ApplyNoted(const v1::OrderNoted& e, int64_t now_ms, v1::PlannedTask* task) {
  auto* notes = task->mutable_order();
  for (int i = notes->size() - 1; i >= 0; --i) {
    if (notes->Get(i).order_id() == e.note().order_id()) notes->DeleteSubrange(i, 1);
  }
  const auto status = e.note().status();
  const bool ended = status == v1::ORDER_CLOSED || status == v1::ORDER_CANCELLED || status == v1::ORDER_UPGRADED;
  if (!ended) *notes->Add() = e.note();
  if (status == v1::ORDER_ISSUED && e.note().card() >= common::v1::CARD_YELLOW) task->set_carded_at_ms(now_ms);
  if (e.drafted_by_rule() != v1::ORDER_GROUND_UNSPECIFIED) task->set_order_count(task->order_count() + 1);
}

// ---- the scorecard

void Answered(const v1::GradeAsked& asked, v1::Board* board) {
  auto* waiting = board->mutable_asked();
  for (int i = waiting->size() - 1; i >= 0; --i) {
    if (waiting->Get(i).task_id() == asked.task_id() && waiting->Get(i).milestone() == asked.milestone())
      waiting->DeleteSubrange(i, 1);
  }
}

void Regrade(const v1::GradeAsked& asked, v1::Board* board) {
  for (auto& entry : *board->mutable_entry()) {
    if (entry.task_id() != asked.task_id() || entry.milestone() != asked.milestone()) continue;
    entry.set_grade(asked.grade());
    entry.set_reason(asked.reason());
  }
  Answered(asked, board);
}

void ApplyPublication(const v1::BoardPublication& e, int64_t now_ms, v1::Board* board) {
  board->set_status(v1::BOARD_PUBLISHED);
  board->set_unreleased(e.unreleased());
  *board->mutable_publication() = e.publication();
  board->clear_asked();  // what nobody signed in time has lapsed
  board->mutable_newest()->set_version(1);
  board->mutable_newest()->set_published_at_ms(now_ms);
  board->set_portions(0);
}

void ApplyCorrected(const v1::BoardCorrected& e, int64_t now_ms, v1::Board* board) {
  v1::BoardVersion* former = board->add_former();
  *former = board->newest();
  *former->mutable_entry() = board->entry();
  Regrade(e.asked(), board);
  v1::BoardVersion* newest = board->mutable_newest();
  newest->set_version(e.version());
  newest->set_published_at_ms(now_ms);
  newest->set_reason(e.asked().reason());
  newest->set_asked_org(e.asked().org_id());
  newest->set_signed_org(e.signed_org());
}

void ApplyBoard(const Event& event, int64_t now_ms, v1::Board* board) {
  switch (event.body_case()) {
    case Event::kBoardOpened:
      *board = event.board_opened().board();
      return;
    case Event::kBoardGraded:
      board->mutable_entry()->MergeFrom(event.board_graded().entry());
      board->set_portions(board->portions() + 1);
      *board->mutable_freeze() = event.board_graded().freeze();
      board->mutable_cards()->MergeFrom(event.board_graded().cards());
      board->set_cards_counted(event.board_graded().cards_counted());
      if (event.board_graded().frozen()) board->set_status(v1::BOARD_FROZEN);
      return;
    case Event::kGradeChangeAsked:
      Answered(event.grade_change_asked().asked(), board);
      *board->add_asked() = event.grade_change_asked().asked();
      return;
    case Event::kGradeOverridden:
      return Regrade(event.grade_overridden().asked(), board);
    case Event::kBoardReleased:
      return board->set_released_at_ms(now_ms);
    case Event::kBoardPublished:
      return ApplyPublication(event.board_published(), now_ms, board);
    case Event::kBoardCorrected:
      return ApplyCorrected(event.board_corrected(), now_ms, board);
    case Event::kBoardTold:
      board->set_told(event.board_told().told());
      return board->set_portions(board->portions() + 1);
    default:
      return;
  }
}

void ApplyPlanned(const Event& event, int64_t now_ms, v1::PlannedTask* task) {
  switch (event.body_case()) {
    case Event::kTaskCreated:
      *task = event.task_created().task();
      return;
    case Event::kTaskConfirmed:
      task->set_status(v1::TASK_ACTIVE);
      task->set_next_month_at_ms(event.task_confirmed().next_month_at_ms());
      return task->set_confirmed_at_ms(now_ms);
    case Event::kTaskCancelled:
      task->set_ending_reason(event.task_cancelled().reason());
      return End(v1::TASK_CANCELLED, now_ms, task);
    case Event::kMonthOpened:
      return ApplyOpened(event.month_opened(), task);
    case Event::kMonthReported:
      return ApplyReported(event.month_reported(), task);
    case Event::kReportVerified: {
      const auto& e = event.report_verified();
      if (auto* entry = MutableEntry(task, e.month(), e.milestone())) entry->set_verified(true);
      return;
    }
    case Event::kReportSentBack:
      return ApplySentBack(event.report_sent_back(), task);
    case Event::kMonthGraded:
      return ApplyGraded(event.month_graded(), now_ms, task);
    case Event::kMonthRegraded: {
      const auto& e = event.month_regraded();
      if (auto* entry = MutableEntry(task, e.month(), e.milestone())) entry->set_grade(e.grade());
      return;
    }
    case Event::kMonthPublished:
      if (auto* of = MutableMonth(task, event.month_published().month())) {
        for (auto& entry : *of->mutable_entry()) entry.set_status(v1::MONTH_PUBLISHED);
      }
      return;
    case Event::kOrderNoted:
      return ApplyNoted(event.order_noted(), now_ms, task);
    default:
      return;
  }
}

}  // namespace

void ApplyTask(const Event& event, int64_t now_ms, v1::State* state) {
  switch (event.body_case()) {
    case Event::kBoardOpened:
    case Event::kBoardGraded:
    case Event::kGradeChangeAsked:
    case Event::kGradeOverridden:
    case Event::kBoardReleased:
    case Event::kBoardPublished:
    case Event::kBoardCorrected:
    case Event::kBoardTold:
      return ApplyBoard(event, now_ms, state->mutable_board());
    default:
      return ApplyPlanned(event, now_ms, state->mutable_planned_task());
  }
}

}  // namespace oversight
