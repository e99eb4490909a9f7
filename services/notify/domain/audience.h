#pragma once
// Whose box a notice goes into, and whose boxes a person may open. Pure. A box belongs to a circle of people, never to
// one: to those of a unit whose work it is, to the duty list of an area, to whoever a matter concerns. Who that last
// one is, notify does not know.
//
//   unit/<org>/<circle>   area/<area>/<circle>   own/<service>/<matter code>

#include <string>
#include <string_view>
#include <vector>

#include "kernel/v1/actor.pb.h"
#include "notify/v1/notify.pb.h"
#include "services/notify/domain/rules.h"

namespace notify {

std::string UnitBox(std::string_view org, policy::v1::Circle circle);
std::string AreaBox(std::string_view area, policy::v1::Circle circle);
std::string OwnBox(std::string_view service, std::string_view matter_code);

// Of the boxes this notice is for, none twice. A petition is told to the unit that has it, to whom it is asked of, to
// whom it concerns, and to areas from the level of its office upward; nobody below hears of it.
std::vector<std::string> BoxesFor(const policy::v1::TopicRule& rule, const v1::Heard& heard);

// Of the roles somebody holds. What is their own matter is not among them: own_matters.h.
std::vector<std::string> BoxesOf(const Rules& rules, const kernel::v1::Actor& actor);

// Who has it or is asked: the first unit of the notice's own naming.
std::string UnitOf(const v1::Heard& heard);

}  // namespace notify
