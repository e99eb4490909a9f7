#pragma once
// What oversight hears, and the command it makes of it: one table. Pure; any thread.
//
//   directory                       calendar, policy, area, org  -> learn_reference  on "ref/…"
//   incident, mediation, petition   everything about a matter    -> observe          on the matter's code

#include "services/kernel/inbox.h"

namespace oversight {

kernel::Subscriptions Subscriptions();

}  // namespace oversight
