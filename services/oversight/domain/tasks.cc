#include "services/oversight/domain/tasks.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <array>

#include "base/coding.h"
#include "services/reference/deadline.h"
#include "services/reference/month.h"

namespace oversight {
namespace {

constexpr std::string_view kMonthTimer = "month";
constexpr std::string_view kGradeTimer = "grade";
constexpr std::string_view kPublishTimer = "publish";
constexpr std::string_view kTellTimer = "tell";

int32_t PlannedEnd(const v1::PlannedTask& task) {
  int32_t end = 0;
  for (const auto& milestone : task.milestone()) end = std::max(end, milestone.planned_end());
  return end;
}

v1::Grade GradeIn(const v1::PlannedTask& task, int32_t month, int milestone) {
  const auto* of = MonthIn(task, month);
  const auto* entry = of == nullptr ? nullptr : EntryIn(*of, milestone);
  return entry == nullptr ? v1::GRADE_UNSPECIFIED : entry->grade();
}

std::string With(std::string key, uint32_t number) {
  base::AppendU32(&key, number);
  return key;
}

}  // namespace

int32_t DayNumber(base::Day day) {
  const base::Date date = base::DateOf(day);
  return date.year * 10'000 + date.month * 100 + date.day;
}

base::Day DayOfNumber(int32_t number) { return base::DayOf({number / 10'000, number / 100 % 100, number % 100}); }

std::string DayText(int32_t number) { return number == 0 ? "" : base::DayText(DayOfNumber(number)); }

std::string BoardId(std::string_view area, int32_t month) { return absl::StrCat("sc-", std::string(area), "-", month); }

std::string TaskPrefix(char list, std::string_view whose, bool ended) {
  return absl::StrCat(std::string(1, list), "/", std::string(whose), "/", ended ? "1" : "0");
}

std::string UngradedPrefix(std::string_view area, int32_t month) {
  return absl::StrCat("m/", std::string(area), "/", month, "/");
}

std::string BoardPrefix(std::string_view area) { return absl::StrCat("b/", std::string(area), "/"); }

bool IsEnded(const v1::PlannedTask& task) {
  return task.status() == v1::TASK_DONE || task.status() == v1::TASK_CANCELLED;
}

int PlanAt(const v1::Milestone& milestone, int32_t month) {
  int percent = 0;
  for (const auto& plan : milestone.plan()) {
    if (plan.month() <= month) percent = plan.percent();
  }
  return percent;
}

const v1::TaskMonth* MonthIn(const v1::PlannedTask& task, int32_t month) {
  const auto at = std::ranges::find(task.month(), month, &v1::TaskMonth::month);
  return at == task.month().end() ? nullptr : &*at;
}

const v1::MilestoneMonth* EntryIn(const v1::TaskMonth& month, int milestone) {
  const auto at = std::ranges::find(month.entry(), milestone, &v1::MilestoneMonth::milestone);
  return at == month.entry().end() ? nullptr : &*at;
}

bool Stands(const v1::MilestoneMonth& entry) { return entry.reported() && !entry.sent_back(); }

bool IsUngraded(const v1::MilestoneMonth& entry) {
  return entry.status() == v1::MONTH_OPEN || entry.status() == v1::MONTH_REPORTED;
}

bool SnailTwice(const v1::PlannedTask& task, int32_t month) {
  for (int number = 1; number <= task.milestone_size(); ++number) {
    if (GradeIn(task, month, number) == v1::SNAIL &&
        GradeIn(task, reference::MonthBefore(month), number) == v1::SNAIL) {
      return true;
    }
  }
  return false;
}

const v1::BoardEntry* EntryIn(const v1::Board& board, std::string_view task_id, int milestone) {
  const auto at = std::ranges::find_if(board.entry(), [&](const v1::BoardEntry& entry) {
    return entry.task_id() == task_id && entry.milestone() == milestone;
  });
  return at == board.entry().end() ? nullptr : &*at;
}

const v1::GradeAsked* AskedIn(const v1::Board& board, std::string_view task_id, int milestone) {
  const auto at = std::ranges::find_if(board.asked(), [&](const v1::GradeAsked& asked) {
    return asked.task_id() == task_id && asked.milestone() == milestone;
  });
  return at == board.asked().end() ? nullptr : &*at;
}

std::vector<v1::GradeCount> CountsOf(const google::protobuf::RepeatedPtrField<v1::BoardEntry>& entries) {
  std::vector<v1::GradeCount> counts;
  for (const v1::Grade grade : {v1::HORSE, v1::OX, v1::OSTRICH, v1::SNAIL}) {
    auto& count = counts.emplace_back();
    count.set_grade(grade);
    count.set_count(std::ranges::count(entries, grade, &v1::BoardEntry::grade));
  }
  return counts;
}

void AddTaskTimers(const v1::State& state, std::vector<kernel::Timer>* timers) {
  const auto& task = state.planned_task();
  if (task.status() == v1::TASK_ACTIVE && task.next_month_at_ms() != 0)
    timers->push_back({std::string(kMonthTimer), task.next_month_at_ms()});
  const auto& board = state.board();
  // A portion that was not the last moves the timer, so that the next one follows at once.
  if (board.status() == v1::BOARD_DRAFT)
    timers->push_back({std::string(kGradeTimer), reference::LateFromMs(board.freeze()) + board.portions()});
  if (board.status() == v1::BOARD_FROZEN) {
    timers->push_back({std::string(kPublishTimer),
                       board.released_at_ms() != 0 ? board.publish_from_ms() : board.publish_latest_ms()});
  }
  if (board.status() == v1::BOARD_PUBLISHED && board.told() >= 0)
    timers->push_back({std::string(kTellTimer), board.publish_from_ms() + board.portions()});
}

std::optional<v1::Command> FireTask(std::string_view timer) {
  v1::Command command;
  if (timer == kMonthTimer) {
    command.mutable_open_month();
  } else if (timer == kGradeTimer) {
    command.mutable_grade_board();
  } else if (timer == kPublishTimer) {
    command.mutable_publish_board();
  } else if (timer == kTellTimer) {
    command.mutable_tell_board();
  } else {
    return std::nullopt;
  }
  return command;
}

void AddTaskEntries(const v1::State& state, std::vector<kernel::IndexEntry>* entries) {
  if (state.has_board()) {
    const auto& board = state.board();
    entries->push_back({"task", With(BoardPrefix(board.area_code()), ~static_cast<uint32_t>(board.month()))});
  }
  if (!state.has_planned_task()) return;
  const auto& task = state.planned_task();
  const auto end = static_cast<uint32_t>(PlannedEnd(task));
  entries->push_back({"task", With(TaskPrefix('a', task.area_code(), IsEnded(task)), end)});
  entries->push_back({"task", With(TaskPrefix('o', task.lead_org(), IsEnded(task)), end)});
  for (const auto& month : task.month()) {
    if (std::ranges::any_of(month.entry(), IsUngraded))
      entries->push_back({"task", UngradedPrefix(task.area_code(), month.month())});
  }
}

}  // namespace oversight
