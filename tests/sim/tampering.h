#pragma once
// The hands and ears of the sabotages: what they do to what a database is told and to what a service hears.

#include "services/kernel/inbox.h"
#include "tests/sim/sabotage.h"

namespace sim {

TamperedKv::Tamper TamperIncident(Sabotage sabotage);
TamperedKv::Tamper TamperPetition(Sabotage sabotage);
TamperedKv::Tamper TamperOversight(Sabotage sabotage);
kernel::Subscriptions TamperedCase(Sabotage sabotage, kernel::Subscriptions honest);
kernel::Subscriptions TamperedPetition(Sabotage sabotage, kernel::Subscriptions honest);
kernel::Subscriptions TamperedNewcomer(Sabotage sabotage, kernel::Subscriptions honest);
kernel::Subscriptions TamperedOversight(Sabotage sabotage, kernel::Subscriptions honest);

}  // namespace sim
