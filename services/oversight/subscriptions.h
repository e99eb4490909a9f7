#pragma once
// What oversight hears, and the command it makes of it: one table. Pure; any thread.
//
//   directory                       calendar, policy, area, org, staff -> learn_reference  on "ref/…"
//   incident, mediation, petition   everything about a matter    -> observe          on the matter's code
//
// Lights and figures are computed with the calendar and the policies as a notice comes in. One that comes before them
// waits (UNAVAILABLE, the cursor stays): each source is read by itself, and a database may be empty beside full ones.

#include <cstdint>
#include <functional>

#include "services/kernel/inbox.h"

namespace oversight {

// `knows`: policies are known, and a calendar of at least this revision. A notice waits for the one its periods were
// computed with: each source is read by itself, and the light of a period is computed with the same days. Once true it
// stays so. Called on whatever thread applies; empty: always.
kernel::Subscriptions Subscriptions(std::function<bool(int32_t calendar_revision)> knows = nullptr);

}  // namespace oversight
