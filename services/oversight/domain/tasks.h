#pragma once
// Tasks 攻坚任务 and scorecards 四色榜: pure readings, used by decisions, views and queries. The scorecard of an area and a
// month opens with the first task due in it, is frozen on the 8th (DO-04-FREEZE) and published on the 10th (DO-04).
//
//   index  task   ("a/" area | "o/" lead unit) '/' ended('0' | '1') planned end(u32be)   tasks
//                 "m/" area '/' month '/'                         tasks with something to grade in that month
//                 "b/" area '/' ~month(u32be)                     scorecards, newest first

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/calendar.h"
#include "oversight/v1/oversight.pb.h"
#include "services/kernel/domain.h"

namespace oversight {

int32_t DayNumber(base::Day day);  // 20261031
base::Day DayOfNumber(int32_t number);
std::string DayText(int32_t number);  // "2026-10-31"; empty for 0

std::string BoardId(std::string_view area, int32_t month);  // "sc-371403-202610"
std::string TaskPrefix(char list, std::string_view whose, bool ended);
std::string UngradedPrefix(std::string_view area, int32_t month);
std::string BoardPrefix(std::string_view area);

bool IsEnded(const v1::PlannedTask& task);
// What a milestone is planned to have reached at the end of a month: nothing before it starts, all after it ends.
int PlanAt(const v1::Milestone& milestone, int32_t month);
const v1::TaskMonth* MonthIn(const v1::PlannedTask& task, int32_t month);
const v1::MilestoneMonth* EntryIn(const v1::TaskMonth& month, int milestone);
bool Stands(const v1::MilestoneMonth& entry);  // reported, and not sent back
bool IsUngraded(const v1::MilestoneMonth& entry);
// A milestone of it is 蜗牛 in that month and was in the month before.
bool SnailTwice(const v1::PlannedTask& task, int32_t month);

const v1::BoardEntry* EntryIn(const v1::Board& board, std::string_view task_id, int milestone);
const v1::GradeAsked* AskedIn(const v1::Board& board, std::string_view task_id, int milestone);
std::vector<v1::GradeCount> CountsOf(const google::protobuf::RepeatedPtrField<v1::BoardEntry>& entries);

// Events 70 to 89, and notes of orders on a task.
void ApplyTask(const v1::Event& event, int64_t now_ms, v1::State* state);
void AddTaskTimers(const v1::State& state, std::vector<kernel::Timer>* timers);
std::optional<v1::Command> FireTask(std::string_view timer);  // nullopt: a timer of something else
void AddTaskEntries(const v1::State& state, std::vector<kernel::IndexEntry>* entries);
std::optional<kernel::v1::Notice> PublishTask(std::string_view id, const v1::Event& event, const v1::State& after);

}  // namespace oversight
