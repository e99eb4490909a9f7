// Views of a state: timers, indexes, tallies (what others may hear: publish.cc). The kernel compares them before and
// after an event and writes the difference in the same batch. A matter that has ended is in no list.
#include <absl/strings/str_cat.h>

#include <algorithm>
#include <map>
#include <utility>

#include "base/area_code.h"
#include "base/coding.h"
#include "services/oversight/domain/appeals.h"
#include "services/oversight/domain/campaigns.h"
#include "services/oversight/domain/figure_keys.h"
#include "services/oversight/domain/inspections.h"
#include "services/oversight/domain/keys.h"
#include "services/oversight/domain/lights.h"
#include "services/oversight/domain/orders.h"
#include "services/oversight/domain/oversight.h"
#include "services/oversight/domain/standing.h"
#include "services/oversight/domain/tasks.h"
#include "services/oversight/domain/trends.h"
#include "services/oversight/domain/warnings.h"
#include "services/reference/deadline.h"
#include "services/reference/month.h"

namespace oversight {
namespace {

using v1::Event, v1::State;

constexpr int kReviewLevels[] = {common::v1::TOWNSHIP, common::v1::COUNTY, common::v1::CITY};
constexpr std::string_view kInstructionTimer = "instruction";
constexpr std::string_view kOrderTimer = "order";
constexpr std::string_view kRedCardTimer = "red_card";
constexpr std::string_view kWarningTimer = "warning";
constexpr std::string_view kStuckTimer = "look/stuck";
constexpr std::string_view kPromiseTimer = "look/promise";
constexpr std::string_view kWatchTimer = "look/watch";

std::string ScopeOf(const v1::Matter& matter, int level) {
  return level == common::v1::TOWNSHIP ? TownshipOf(matter.area_code())
                                       : base::CutTo(matter.area_code(), level);
}

// What the list of this level says it waits for.
v1::StuckReason StuckAt(const v1::Matter& matter, int level) {
  v1::Matter scratch;
  return StuckReasonOf(SeenAt(matter, level, &scratch));
}

void AddReviewEntries(const v1::Matter& matter, std::vector<kernel::IndexEntry>* entries) {
  for (int level : kReviewLevels) {
    const v1::ReviewGroup group = ReviewGroupAt(matter, level);
    const std::string area = ScopeOf(matter, level);
    if (group == v1::REVIEW_GROUP_UNSPECIFIED || area.empty()) continue;
    const uint64_t order = group == v1::WAS_ESCALATED ? ~static_cast<uint64_t>(EscalatedAt(matter, level))
                                                      : static_cast<uint64_t>(matter.opened_at_ms());
    entries->push_back({"review", ReviewKey(area, group, order)});
    if (const v1::StuckReason reason = StuckAt(matter, level); reason != v1::STUCK_REASON_UNSPECIFIED) {
      std::string key = StuckPrefix(area, reason, PlaceIn(matter.area_code()));
      base::AppendU64(&key, static_cast<uint64_t>(matter.opened_at_ms()));
      entries->push_back({"stuck", std::move(key)});
    }
  }
}

void AddReviewTallies(const v1::Matter& matter, std::vector<kernel::TallyEntry>* tallies) {
  for (int level : kReviewLevels) {
    const v1::ReviewGroup group = ReviewGroupAt(matter, level);
    const std::string area = ScopeOf(matter, level), place = PlaceIn(matter.area_code());
    if (group == v1::REVIEW_GROUP_UNSPECIFIED || area.empty()) continue;
    tallies->push_back({absl::StrCat("review/", area, "/group/", static_cast<int>(group))});
    tallies->push_back({absl::StrCat("review/", area, "/township/", place)});
    tallies->push_back({absl::StrCat("review/", area, "/category/", CategoryOf(matter))});
    if (const v1::StuckReason reason = StuckAt(matter, level); reason != v1::STUCK_REASON_UNSPECIFIED)
      tallies->push_back({absl::StrCat("review/", area, "/stuck/", static_cast<int>(reason), "/", place)});
  }
}

void AddLightEntries(const v1::Matter& matter, std::vector<kernel::IndexEntry>* entries) {
  std::map<std::string, const v1::RunningLight*> worst_of;
  for (const auto& part : matter.part()) {
    for (const auto& light : part.light()) worst_of.try_emplace(light.holder_org(), nullptr);
  }
  for (auto& [holder, worst] : worst_of) {
    worst = WorstLight(matter, holder);
    entries->push_back({"light_holder", LightKey(holder, worst->light(), worst->due_at_ms())});
  }
  for (int level : {common::v1::COUNTY, common::v1::TOWNSHIP}) {
    v1::Matter scratch;
    const v1::RunningLight* worst = WorstLight(SeenAt(matter, level, &scratch));
    const std::string area = ScopeOf(matter, level);
    if (worst == nullptr || worst->light() == common::v1::GREEN || area.empty()) continue;
    entries->push_back({"light_area", LightKey(area, worst->light(), worst->due_at_ms())});
  }
}

void AddInstructionEntries(const v1::InstructionState& instruction,
                           std::vector<kernel::IndexEntry>* entries) {
  const bool closed = instruction.status() == v1::CLOSED || instruction.status() == v1::WITHDRAWN;
  auto add = [&](char list, std::string_view whose) {
    std::string key = InstructionPrefix(list, whose, closed);
    base::AppendU64(&key, static_cast<uint64_t>(instruction.clock().due_at_ms()));
    entries->push_back({"instruction", std::move(key)});
  };
  add('a', instruction.area_code());
  add('u', instruction.issuer_user_id());
  if (!WasDistributed(instruction)) return;  // a unit hears of it when it is distributed
  for (const auto& org : instruction.addressee_org()) add('o', org);
}

void AddOrderEntries(const v1::OrderState& order, std::vector<kernel::IndexEntry>* entries) {
  // What a scorecard counts: cards that were given, and not taken back.
  if (order.issued_at_ms() != 0 && order.card() >= common::v1::CARD_YELLOW && order.status() != v1::ORDER_CANCELLED) {
    const int32_t month = reference::MonthOf(base::LocalDay(order.issued_at_ms()));
    entries->push_back({"order", CardsPrefix(order.to_org(), month)});
  }
  if (HasEnded(order.status())) return;
  const bool draft = order.status() == v1::ORDER_DRAFT;
  const int64_t at_ms = draft ? order.drafted_at_ms() : order.clock().due_at_ms();
  auto add = [&](char list, std::string_view whose) {
    std::string key = OrderPrefix(list, whose);
    base::AppendU64(&key, static_cast<uint64_t>(at_ms));
    entries->push_back({"order", std::move(key)});
  };
  for (int level : kReviewLevels) {
    const std::string area = base::CutTo(order.matter_area_code(), level);
    if (!area.empty() && level >= order.seen_from()) add(draft ? 'd' : 'a', area);
  }
  if (!draft) add('o', order.to_org());
}

void AddOrderTimers(const v1::OrderState& order, std::vector<kernel::Timer>* timers) {
  // An answer that was accepted does not make the matter timely: the red card is still looked for.
  if (order.red_check_at_ms() != 0) timers->push_back({std::string(kRedCardTimer), order.red_check_at_ms()});
  if (!IsOut(order.status())) return;
  if (!reference::IsRunning(order.clock()) || order.light() == common::v1::RED) return;
  const int64_t late = reference::LateFromMs(order.clock());
  timers->push_back({std::string(kOrderTimer),
                     order.light() == common::v1::GREEN ? std::min(order.yellow_at_ms(), late) : late});
}

void AddVigilTimers(const State& state, std::vector<kernel::Timer>* timers) {
  const auto& vigil = state.matter().vigil();
  if (vigil.stuck_look_ms() != 0) timers->push_back({std::string(kStuckTimer), vigil.stuck_look_ms()});
  if (vigil.promise_look_ms() != 0) timers->push_back({std::string(kPromiseTimer), vigil.promise_look_ms()});
  if (state.watch().look_ms() != 0) timers->push_back({std::string(kWatchTimer), state.watch().look_ms()});
  const auto& warning = state.warning();
  const bool waits = warning.status() == v1::WARNING_RAISED && warning.level() < common::v1::CITY;
  if (waits && reference::IsRunning(warning.clock()))
    timers->push_back({std::string(kWarningTimer), reference::LateFromMs(warning.clock())});
}

// Every level that may see it, from the township up.
template <class Each>
void EachAreaOf(std::string_view area_code, int seen_from, Each each) {
  for (int level : kReviewLevels) {
    const std::string area = base::CutTo(area_code, level);
    if (!area.empty() && level >= seen_from) each(area);
  }
}

void AddWarningEntries(const v1::WarningState& warning, std::vector<kernel::IndexEntry>* entries) {
  EachAreaOf(warning.area_code(), warning.seen_from(), [&](const std::string& area) {
    entries->push_back({"warning", WarningKey(area, warning)});
  });
}

// How often each rule was raised, and what came of it.
void AddWarningTallies(const v1::WarningState& warning, std::vector<kernel::TallyEntry>* tallies) {
  const std::string_view became = warning.status() == v1::WARNING_FALSE ? "false"
                                  : !IsOver(warning.status())           ? "open"
                                  : warning.ending_code().empty()       ? "cleared"
                                                                        : "overtaken";
  const int32_t month = reference::MonthOf(base::LocalDay(warning.raised_at_ms()));
  EachAreaOf(warning.area_code(), warning.seen_from(), [&](const std::string& area) {
    const std::string prefix = absl::StrCat(WarningTallies(area), month, "/", warning.rule(), "/");
    tallies->push_back({absl::StrCat(prefix, "raised")});
    tallies->push_back({absl::StrCat(prefix, std::string(became))});
    if (warning.level() > warning.first_level()) tallies->push_back({absl::StrCat(prefix, "passed_up")});
  });
}

void AddAccountabilityEntries(const State& state, std::vector<kernel::IndexEntry>* entries) {
  const auto add = [&](char list, std::string_view whose, bool closed, int64_t at_ms) {
    std::string key = AccountabilityPrefix(list, whose, closed);
    base::AppendU64(&key, ~static_cast<uint64_t>(at_ms));
    entries->push_back({"accountability", std::move(key)});
  };
  if (state.has_suggestion()) {
    const auto& suggestion = state.suggestion();
    const bool closed = suggestion.status() == v1::SUGGESTION_CLOSED;
    add('s', suggestion.area_code(), closed, suggestion.drafted_at_ms());
    if (suggestion.sent_at_ms() != 0) add('r', suggestion.recipient_org(), closed, suggestion.sent_at_ms());
  }
  if (state.has_inspection()) {
    const auto& inspection = state.inspection();
    const auto entry = [&](char list, std::string_view whose) {
      add(list, whose, IsOver(inspection), inspection.planned_at_ms());
    };
    entry('i', inspection.by_area_code());
    entry('l', inspection.lead_org());
    for (const auto& unit : inspection.unit()) entry('u', unit.org_id());
    for (const auto& task : TasksOf(inspection)) entry('t', task);
  }
  if (!state.has_listing()) return;
  const auto& measure = state.listing();
  add('m', measure.area_code(), measure.status() == v1::MEASURE_ENDED, measure.recorded_at_ms());
}

}  // namespace

std::vector<kernel::Timer> OversightDomain::Timers(const State& state) {
  std::vector<kernel::Timer> timers;
  for (const auto& part : state.matter().part()) {
    for (const auto& light : part.light()) {
      if (auto at = TurnsAt(light)) timers.push_back({TimerName(part, light), *at});
      if (auto at = LooksAt(light)) timers.push_back({LateTimerName(part, light), *at});
    }
  }
  AddVigilTimers(state, &timers);
  if (state.has_order()) AddOrderTimers(state.order(), &timers);
  AddTaskTimers(state, &timers);
  AddRectificationTimers(state, &timers);
  const auto& instruction = state.instruction();
  if (state.has_instruction() && reference::IsRunning(instruction.clock()) &&
      instruction.light() != common::v1::RED) {
    const int64_t late = reference::LateFromMs(instruction.clock());
    timers.push_back({std::string(kInstructionTimer), instruction.light() == common::v1::GREEN
                                                          ? std::min(instruction.yellow_at_ms(), late)
                                                          : late});
  }
  return timers;
}

OversightDomain::Command OversightDomain::Fire(std::string_view timer, int64_t) {
  if (auto of_task = FireTask(timer)) return *std::move(of_task);
  if (auto of_rectification = FireRectification(timer)) return *std::move(of_rectification);
  Command command;
  if (timer == kInstructionTimer) {
    command.mutable_turn_instruction_light();
  } else if (timer == kOrderTimer) {
    command.mutable_turn_order_light();
  } else if (timer == kRedCardTimer) {
    command.mutable_check_red_card();
  } else if (timer == kWarningTimer) {
    command.mutable_pass_warning_up();
  } else if (timer == kStuckTimer || timer == kPromiseTimer) {
    command.mutable_look_at_matter()->set_promise(timer == kPromiseTimer);
  } else if (timer == kWatchTimer) {
    command.mutable_look_at_watch();
  } else if (timer.starts_with("late/")) {
    *command.mutable_check_late() = FromLateTimerName(timer);
  } else {
    *command.mutable_turn_light() = FromTimerName(timer);
  }
  return command;
}

std::vector<kernel::IndexEntry> OversightDomain::Indexes(std::string_view, const State& state) {
  std::vector<kernel::IndexEntry> entries;
  if (state.has_instruction()) AddInstructionEntries(state.instruction(), &entries);
  if (state.has_order()) AddOrderEntries(state.order(), &entries);
  AddFigureEntries(state, &entries);
  AddCampaignEntries(state, &entries);
  AddAppealEntries(state, &entries);
  AddTaskEntries(state, &entries);
  if (state.has_warning()) AddWarningEntries(state.warning(), &entries);
  AddAccountabilityEntries(state, &entries);
  if (!state.has_matter()) return entries;
  const v1::Matter& matter = state.matter();
  AddLightEntries(matter, &entries);
  AddReviewEntries(matter, &entries);
  return entries;
}

// The leaders' page says of each cell of what is stuck which matter has been waiting longest.
size_t OversightDomain::HeadedBytes(const kernel::IndexEntry& entry) {
  return entry.index == "stuck" ? entry.key.size() - sizeof(uint64_t) : 0;
}

std::vector<kernel::TallyEntry> OversightDomain::Tallies(const State& state) {
  std::vector<kernel::TallyEntry> tallies;
  AddFigureTallies(state, &tallies);
  AddTrendTallies(state, &tallies);
  AddCampaignTallies(state, &tallies);
  AddAppealTallies(state, &tallies);
  if (state.has_warning()) AddWarningTallies(state.warning(), &tallies);
  if (!state.has_matter()) return tallies;
  AddReviewTallies(state.matter(), &tallies);
  return tallies;
}

void OversightDomain::Observe(std::string_view, const State& state, Reference* reference) {
  if (!state.has_reference()) return;
  // What does not validate is not taken: what was known stays. The directory validates before it publishes.
  const absl::Status learned = reference->Learn(state.reference());
  (void)learned;
}

void OversightDomain::Answer(const State& after, kernel::v1::Receipt* receipt) {
  if (after.has_matter()) receipt->set_matter_code(after.matter().matter_code());
  if (after.has_planned_task()) receipt->set_status(v1::TaskStatus_Name(after.planned_task().status()));
  if (after.has_board()) receipt->set_status(v1::BoardStatus_Name(after.board().status()));
  if (after.has_order()) {
    receipt->set_matter_code(after.order().matter_id());
    receipt->set_status(v1::OrderStatus_Name(after.order().status()));
  }
  if (after.has_warning()) {
    receipt->set_matter_code(after.warning().matter_id());
    receipt->set_status(v1::WarningStatus_Name(after.warning().status()));
  }
  if (after.has_suggestion()) receipt->set_status(v1::SuggestionStatus_Name(after.suggestion().status()));
  if (after.has_inspection()) receipt->set_status(v1::InspectionStatus_Name(after.inspection().status()));
  if (after.has_listing()) receipt->set_status(v1::MeasureStatus_Name(after.listing().status()));
  if (!after.has_instruction()) return;
  receipt->set_matter_code(after.instruction().matter_code());
  receipt->set_status(v1::InstructionStatus_Name(after.instruction().status()));
}

}  // namespace oversight
