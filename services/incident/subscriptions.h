#pragma once
// What the incident service hears from others, and the command it makes of it: one table. Pure; any thread.
//
//   directory  calendar, policy, area, org                -> learn_reference       on "ref/…"
//   mediation  what became of a matter we referred        -> hear_mediation        on the matter
//              risk_reported of any other case            -> report_for_mediation  on a new matter
//   petition   the same; petition.care_due                -> hear_petition; report_for_petition on a new matter
//              petition.execution_due of a build that kept no execution itself -> report_for_petition, too
//   oversight  orders, instructions, requests about ours  -> hear_oversight        on the matter

#include "services/kernel/inbox.h"

namespace incident {

kernel::Subscriptions Subscriptions();

}  // namespace incident
