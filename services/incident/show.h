#pragma once
// How a matter is shown: to staff (names of units and areas, clocks explained, whose turn it is) and in plain
// words. Pure, from a state and what the directory told us.

#include <string>
#include <string_view>

#include "incident/v1/views.pb.h"
#include "services/incident/domain/incident.h"
#include "services/rpc/access.h"

namespace incident {

v1::UnitRef UnitOf(const Knowledge& known, std::string_view org_id);
std::string AreaName(const Knowledge& known, std::string_view code);

struct Words {
  std::string zh;
  std::string en;
};
// What is happening, and whose turn it is, for staff and citizens alike: no names of persons.
Words NowOf(const v1::Incident& matter);
Words NextOf(const v1::Incident& matter);
Words TurnOf(const v1::Incident& matter, const Knowledge& known);
Words StepWords(const v1::Event& event);
std::string StepNote(const v1::Event& event);  // what was said in it

// Whether somebody sees a matter by more than having reported it: what authorities say to each other is theirs to read.
bool IsStaffHere(const v1::Incident& matter, const kernel::v1::Actor& actor, const Knowledge& known);

// `ended`: what it was merged into, otherwise the matter itself.
void ShowMatter(std::string_view id, const v1::Incident& matter, const v1::Incident& ended, uint64_t version,
                const rpc::Caller& caller, const Knowledge& known, v1::IncidentView* view);
void ShowRow(std::string_view id, const v1::Incident& matter, uint64_t version, const rpc::Caller& caller,
             const Knowledge& known, v1::IncidentRow* row);
// Where the clocks of a list are read without their explanation.
common::v1::Card CardShown(const v1::Incident& matter);

}  // namespace incident
