#pragma once
// Inspections 督查: pure readings, used by decisions, views and queries. Supervision plans one, an organisation leads
// it; from the feedback on each unit of which something was found has a day by which it is put right, with a light of
// its own. Their lists stand in the index "accountability" (keys.h).

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "oversight/v1/oversight.pb.h"
#include "services/kernel/domain.h"

namespace oversight {

bool IsOver(const v1::InspectionState& inspection);
bool IsDone(const v1::UnitRectification& unit);  // nothing is asked of it any more
bool IsStruck(const v1::Finding& finding);  // it was wrong: with its reason it stays to be read
// What a unit was told to put right; null: nothing was found of it, or it has not heard yet.
const v1::UnitRectification* UnitIn(const v1::InspectionState& inspection, std::string_view org_id);
// Those of whom something was found that stands, by id.
std::vector<std::string> UnitsFound(const v1::InspectionState& inspection);
// The finding struck out: with the last of a unit its clock ends, and with the last unit the inspection. REQUIRES: it
// is there and stands.
v1::FindingStruck Strike(const v1::InspectionState& inspection, int number, int64_t now_ms);
// The tasks it was planned about, and those findings were seen in.
std::vector<std::string> TasksOf(const v1::InspectionState& inspection);

// Events 300 to 309.
void ApplyInspection(const v1::Event& event, int64_t now_ms, v1::InspectionState* inspection);
// What is to be put right, and the answer to a suggestion (DO-06): both have a light.
void AddRectificationTimers(const v1::State& state, std::vector<kernel::Timer>* timers);
std::optional<v1::Command> FireRectification(std::string_view timer);  // nullopt: a timer of something else
std::optional<kernel::v1::Notice> PublishInspection(std::string_view id, const v1::Event& event,
                                                    const v1::InspectionState& after);

}  // namespace oversight
