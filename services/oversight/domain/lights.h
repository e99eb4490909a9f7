#pragma once
// Deadline lights DO-01 of the clocks other services run: when each turns yellow and red, and who is
// reminded.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "oversight/v1/oversight.pb.h"
#include "services/reference/reference.h"

namespace oversight {

// The lights of the clocks a notice carries, as of now. Clocks that bind nobody (a citizen's own window, a
// right to object) have none.
std::vector<v1::RunningLight> LightsOf(const google::protobuf::RepeatedPtrField<common::v1::Clock>& clocks,
                                       const reference::Reference& reference, int64_t now_ms);
common::v1::Light LightAt(int64_t yellow_at_ms, int64_t due_at_ms, int64_t now_ms);
// What a light is now; paused ones stand still.
common::v1::Light ColourAt(const v1::RunningLight& light, int64_t now_ms);
// When it changes next; nullopt: never (red), or not while paused.
std::optional<int64_t> TurnsAt(const v1::RunningLight& light);
// Of a red light: when the ladder looks at it; nullopt: not before something changes.
std::optional<int64_t> LooksAt(const v1::RunningLight& light);
std::string LateTimerName(const v1::Part& part, const v1::RunningLight& light);  // "late/…", as below
v1::CheckLate FromLateTimerName(std::string_view timer);
// "light/<service>/<subject>/<policy>"; subjects may not contain '/'.
std::string TimerName(const v1::Part& part, const v1::RunningLight& light);
// REQUIRES: `timer` is one of TimerName.
v1::TurnLight FromTimerName(std::string_view timer);

// REQUIRES, as LightsOf: the calendar is known.
int64_t YellowAt(const common::v1::Clock& clock, const reference::Reference& reference);

}  // namespace oversight
