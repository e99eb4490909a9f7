#pragma once
// What oversight hears, and the command it makes of it: one table. Pure; any thread.
//
//   directory                       calendar, policy, area, org  -> learn_reference  on "ref/…"
//   incident, mediation, petition   everything about a matter    -> observe          on the matter's code
//
// Lights and figures are computed with the calendar and the policies as a notice comes in. One that comes before them
// waits (UNAVAILABLE, the cursor stays): each source is read by itself, and a database may be empty beside full ones.

#include <functional>

#include "services/kernel/inbox.h"

namespace oversight {

// `ready`: calendar and policies are known. Once true it stays so. Called on whatever thread applies; empty: always.
kernel::Subscriptions Subscriptions(std::function<bool()> ready = nullptr);

}  // namespace oversight
