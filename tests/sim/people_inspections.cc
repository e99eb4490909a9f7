// Supervision that inspects, and the units it looks at: planned ahead, findings on the day, feedback with a few days'
// time; some units report, some only when it is late; reports are accepted or sent back.

#include <absl/strings/str_cat.h>
#include <absl/strings/substitute.h>

#include "base/calendar.h"
#include "services/oversight/domain/keys.h"
#include "services/oversight/domain/tasks.h"
#include "tests/sim/actors.h"
#include "tests/sim/city.h"

namespace sim {
namespace {

using absl::Substitute;
using kernel::v1::Actor;
using namespace oversight::v1;  // NOLINT: statuses

constexpr int64_t kHourMs = 3'600'000;
constexpr size_t kInspectionsWanted = 6;  // at a time

Actor Supervisor() { return As(kernel::v1::ROLE_SV, "371403-gov", kCounty, "sv"); }

}  // namespace

void City::Inspect(int64_t until_ms) {
  if (world_.clock.NowMs() >= until_ms) return;
  if (oversight_.up()) StepOnInspection();
  world_.After(static_cast<int64_t>(1 + world_.random.Below(6 * kHourMs)),
               [this, until_ms] { Inspect(until_ms); });
}

void City::StepOnInspection() {
  const auto open =
      oversight_.Read().List("accountability", oversight::AccountabilityPrefix('i', kCounty, false), 50);
  CHECK(open.ok()) << open.status();
  if (open->items.empty() || (open->items.size() < kInspectionsWanted && Chance(0.3)))
    return PlanInspection();
  const std::string id = open->items[world_.random.Below(open->items.size())].aggregate_id;
  const auto stored = oversight_.Read().Get(id);
  CHECK(stored.ok()) << stored.status();
  if (!*stored) return;
  const Step step = StepOfInspection((*stored)->state.inspection());
  if (!step.text.empty()) Ask(oversight_, id, false, step);
}

void City::PlanInspection() {
  const base::Day day = base::LocalDay(world_.clock.NowMs()) + static_cast<int>(world_.random.Below(3));
  const std::string code = Chance(0.3) ? AnyMatterCode() : "";
  Ask(oversight_, absl::StrCat(kInspectionIds, ++planned_), true,
      {Supervisor(),
       Substitute("plan_inspection { area_code: '$0' title: '$1' scope: '$1' day: '$2' $3 $4 }", kCounty,
                  Words("督查"), base::DayText(day),
                  code.empty() ? "" : Substitute("matter_code: '$0'", code),
                  Chance(0.3) ? Substitute("org_id: '$0'", AnyOf(departments_)) : std::string())});
}

City::Step City::StepOfInspection(const InspectionState& inspection) {
  const base::Day today = base::LocalDay(world_.clock.NowMs());
  switch (inspection.status()) {
    case INSPECTION_PLANNED: {
      if (Chance(0.05) && !inspection.finding().empty()) return StrikeAny(inspection);
      if (Chance(0.04))
        return {Supervisor(), Substitute("cancel_inspection { reason: '$0' }", Words("改期"))};
      if (today < oversight::DayOfNumber(inspection.day()) && Chance(0.9)) return {};
      if (Chance(0.3))
        return {Supervisor(), Substitute("finish_inspection { summary: '$0' }", Words("小结"))};
      const std::string code = Chance(0.4) ? AnyMatterCode() : "";
      const std::string about =
          code.empty() || Chance(0.5) ? Substitute("org_id: '$0'", AnyOf(departments_)) : std::string();
      return {Supervisor(), Substitute("record_finding { $0 $1 text: '$2' demand: '$3' }", about,
                                       code.empty() ? "" : Substitute("matter_code: '$0'", code),
                                       Words("台账不全"), Words("补齐"))};
    }
    case INSPECTION_DONE:
      if (Chance(0.1)) return StrikeAny(inspection);
      return {Supervisor(), Substitute("give_feedback { rectify_by_day: '$0' }",
                                       base::DayText(today + static_cast<int>(world_.random.Below(6))))};
    default:
      if (Chance(0.05) && !inspection.finding().empty()) return StrikeAny(inspection);
      return StepOfRectification(inspection.unit(
          static_cast<int>(world_.random.Below(static_cast<uint64_t>(inspection.unit_size())))));
  }
}

// Whichever it is: what was struck before, or accepted, is refused.
City::Step City::StrikeAny(const InspectionState& inspection) {
  const auto number = 1 + world_.random.Below(static_cast<uint64_t>(inspection.finding_size()));
  return {Supervisor(), Substitute("strike_finding { number: $0 reason: '$1' }", number, Words("有误"))};
}

City::Step City::StepOfRectification(const UnitRectification& unit) {
  const std::string of = Substitute("org_id: '$0'", unit.org_id());
  switch (unit.status()) {
    case RECTIFICATION_REPORTED:
      if (Chance(0.7)) return {Supervisor(), Substitute("accept_rectification { $0 }", of)};
      return {Supervisor(),
              Substitute("send_back_rectification { $0 reason: '$1' rectify_by_day: '$2' }", of,
                         Words("未见材料"), base::DayText(base::LocalDay(world_.clock.NowMs()) + 2))};
    case RECTIFICATION_ACCEPTED:
      return {};
    default:
      // Some wait until they are reminded that it is late.
      if (unit.light() != common::v1::RED && unit.org_id().size() % 2 == 0) return {};
      return {As(kernel::v1::ROLE_DM, unit.org_id(), AreaOfOrg(unit.org_id()), "dm-" + unit.org_id()),
              Substitute("report_rectification { result: '$0' evidence: '$0' }", Words("已整改"))};
  }
}

}  // namespace sim
