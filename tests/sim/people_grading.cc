// Supervision, the leaders in charge and the lead units of four-colour grading: tasks are planned and confirmed,
// reported in time, late or never, verified or sent back; scorecards are changed by two people, released or forgotten,
// corrected.

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>
#include <absl/strings/substitute.h>

#include <algorithm>

#include "base/calendar.h"
#include "tests/sim/actors.h"
#include "tests/sim/city.h"

namespace sim {
namespace {

using absl::Substitute;
using kernel::v1::Actor;
using namespace oversight::v1;  // NOLINT: statuses

constexpr int64_t kHourMs = 3'600'000;
constexpr size_t kTasksWanted = 9;  // of an area at a time

Actor Supervisor(const std::string& area) { return As(kernel::v1::ROLE_SV, area + "-gov", area, "sv-" + area); }
Actor InCharge(const std::string& area) {
  return area == kCity ? As(kernel::v1::ROLE_CYL, "3714-gov", kCity, "city-leader")
                       : As(kernel::v1::ROLE_CL, "371403-gov", kCounty, "leader");
}
Actor CityLeader() { return As(kernel::v1::ROLE_CYL, "3714-gov", kCity, "city-leader"); }

std::string MonthOfDay(base::Day day) { return base::DayText(day).substr(0, 7); }
std::string MonthWord(int32_t month) { return absl::StrFormat("%d-%02d", month / 100, month % 100); }

// Some units never report: what they lead is 蜗牛 month after month.
bool Neglects(const std::string& task_id) { return task_id.back() % 3 == 0; }

}  // namespace

// From now on, about every two hours: much less often than matters are dealt with.
void City::Grade(int64_t until_ms) {
  if (world_.clock.NowMs() >= until_ms) return;
  if (oversight_.up()) {
    const std::string area = Chance(0.25) ? kCity : kCounty;
    Chance(0.7) ? StepOnTask(area) : StepOnScorecard(area);
  }
  world_.After(static_cast<int64_t>(1 + world_.random.Below(4 * kHourMs)), [this, until_ms] { Grade(until_ms); });
}

void City::PlanTask(const std::string& area) {
  const base::Day today = base::LocalDay(world_.clock.NowMs());
  std::string milestones;
  for (uint64_t i = 0; i <= world_.random.Below(2); ++i) {
    const base::Day start = today + static_cast<int>(world_.random.Below(20)) - 5;
    const base::Day end = std::max(today, start) + static_cast<int>(world_.random.Below(90));
    std::string plan;
    base::Day last = start;
    const int months = (base::DateOf(end).year - base::DateOf(start).year) * 12 + base::DateOf(end).month -
                       base::DateOf(start).month + 1;
    for (int m = 1; m <= months; ++m) {
      absl::StrAppend(&plan, Substitute("plan { month: '$0' percent: $1 } ", MonthOfDay(last), 100 * m / months));
      last = base::AddMonths(base::DayOf({base::DateOf(last).year, base::DateOf(last).month, 1}), 1);
    }
    absl::StrAppend(&milestones, Substitute("milestone { name: '$0' planned_start: '$1' planned_end: '$2' $3 } ",
                                            Words("节点"), base::DayText(start), base::DayText(end), plan));
  }
  Ask(oversight_, absl::StrCat(kTaskIds, ++planned_), true,
      {Supervisor(area),
       Substitute(
           "create_task { area_code: '$0' title: '$1' requirement: '$2' evidence_type: '$3' leader_user_id: '$4' "
           "lead_org: '$5' $6 }",
           area, Words("攻坚"), Words("年内完成"), Words("验收报告"), Named({InCharge(area).user_id().c_str()}),
           AnyOf(departments_), milestones)});
}

void City::StepOnTask(const std::string& area) {
  const auto list = oversight_.Read().List("task", "a/" + area + "/0", 50);
  CHECK(list.ok()) << list.status();
  if (list->items.size() < kTasksWanted && Chance(0.3)) return PlanTask(area);
  if (list->items.empty()) return;
  const std::string id = list->items[world_.random.Below(list->items.size())].aggregate_id;
  const auto stored = oversight_.Read().Get(id);
  CHECK(stored.ok()) << stored.status();
  if (!*stored) return;
  const auto& task = (*stored)->state.planned_task();
  const auto cancel = [&] {
    Ask(oversight_, id, false, {Supervisor(area), Substitute("cancel_task { reason: '$0' }", Words("上级调整"))});
  };
  if (task.status() == TASK_PLANNED) {
    if (Chance(0.1)) return cancel();
    return Ask(oversight_, id, false, {InCharge(area), "confirm_task {}"});
  }
  if (Chance(0.01)) return cancel();
  if (Chance(0.1)) return Ask(oversight_, "", true, OrderOnTask(id, area, task));
  std::vector<std::pair<int32_t, const MilestoneMonth*>> waiting;
  for (const auto& month : task.month()) {
    for (const auto& entry : month.entry()) {
      if (entry.status() == MONTH_OPEN || entry.status() == MONTH_REPORTED) waiting.emplace_back(month.month(), &entry);
    }
  }
  if (waiting.empty()) return;
  const auto& [month, entry] = waiting[world_.random.Below(waiting.size())];
  const Step step = StepOnMonth(id, area, task.lead_org(), month, *entry);
  if (!step.text.empty()) Ask(oversight_, id, false, step);
}

// What supervision drafts of a task: as often as not there is no ground for it.
City::Step City::OrderOnTask(const std::string& id, const std::string& area, const PlannedTask& task) {
  const bool again = !task.order().empty() && task.order(0).card() == common::v1::CARD_ORDINARY;
  const std::string what =
      again ? Chance(0.5) ? "card: CARD_YELLOW ground: UNANSWERED" : "card: CARD_YELLOW ground: OVERDUE_3WD"
            : "card: CARD_ORDINARY ground: LIGHT_RED";
  return {Supervisor(area), Substitute("draft_order { task_id: '$0' $1 }", id, what)};
}

City::Step City::StepOnMonth(const std::string& id, const std::string& area, const std::string& lead_org,
                             int32_t month, const MilestoneMonth& entry) {
  const std::string which = Substitute("month: '$0' milestone: $1", MonthWord(month), entry.milestone());
  const bool stands = entry.reported() && !entry.sent_back();
  if (stands && Chance(0.8)) {
    if (!entry.verified() && Chance(0.75)) return {Supervisor(area), Substitute("verify_task_report { $0 }", which)};
    if (entry.verified() && Chance(0.8)) return {};
    return {Supervisor(area), Substitute("send_back_task_report { $0 reason: '$1' }", which, Words("台账不全"))};
  }
  if (Neglects(id)) return {};
  const std::string org = Chance(0.03) ? AnyOf(departments_) : lead_org;
  const int progress = std::clamp(entry.planned() + static_cast<int>(world_.random.Below(40)) - 25, 0, 100);
  const bool completed = Chance(0.15);
  const std::string done =
      completed
          ? Substitute("completed_day: '$0'",
                       base::DayText(base::LocalDay(world_.clock.NowMs()) - static_cast<int>(world_.random.Below(3))))
          : "";
  return {As(kernel::v1::ROLE_DM, org, AreaOfOrg(org), "dm-" + org),
          Substitute("report_task { $0 progress: $1 evidence: '$2' $3 }", which, completed ? 100 : progress,
                     Words("台账"), done)};
}

void City::StepOnScorecard(const std::string& area) {
  const auto list = oversight_.Read().List("task", "b/" + area + "/", 3);
  CHECK(list.ok()) << list.status();
  if (list->items.empty()) return;
  std::string id = list->items[world_.random.Below(list->items.size())].aggregate_id;
  auto stored = oversight_.Read().Get(id);
  for (const auto& item : list->items) {  // what is frozen is so for two days only
    auto one = oversight_.Read().Get(item.aggregate_id);
    CHECK(one.ok()) << one.status();
    if ((*one)->state.board().status() != BOARD_FROZEN || !Chance(0.8)) continue;
    id = item.aggregate_id;
    stored = std::move(one);
  }
  CHECK(stored.ok()) << stored.status();
  const auto& board = (*stored)->state.board();
  if (board.status() == BOARD_DRAFT || board.entry().empty()) return;
  const bool published = board.status() == BOARD_PUBLISHED;
  if (!board.asked().empty() && Chance(0.7)) {
    const auto& asked = board.asked(0);
    const Actor leader = Chance(0.1) ? Supervisor(area) : published ? CityLeader() : InCharge(area);
    return Ask(oversight_, id, false,
               {leader, Substitute("$0 { task_id: '$1' milestone: $2 }",
                                   published ? "sign_grade_correction" : "sign_grade_override", asked.task_id(),
                                   asked.milestone())});
  }
  if (!published && Chance(0.2)) return Ask(oversight_, id, false, {Supervisor(area), "release_scorecard {}"});
  if (published && Chance(0.85)) return;
  const auto& entry = board.entry(static_cast<int>(world_.random.Below(static_cast<uint64_t>(board.entry_size()))));
  Ask(oversight_, id, false,
      {Supervisor(area), Substitute("$0 { task_id: '$1' milestone: $2 grade: $3 reason: '$4' }",
                                    published ? "ask_grade_correction" : "ask_grade_override", entry.task_id(),
                                    entry.milestone(), Pick({"HORSE", "OX", "OSTRICH", "SNAIL"}), Words("汛期停工"))});
}

}  // namespace sim
