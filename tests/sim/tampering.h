#pragma once
// The hands and ears of the sabotages: what they do to what a database is told and to what a service hears.

#include "policy/v1/notifications.pb.h"
#include "services/kernel/inbox.h"
#include "services/notify/errand.h"
#include "tests/sim/receivers.h"
#include "tests/sim/sabotage.h"

namespace sim {

TamperedKv::Tamper TamperIncident(Sabotage sabotage);
TamperedKv::Tamper TamperPetition(Sabotage sabotage);
TamperedKv::Tamper TamperOversight(Sabotage sabotage);
kernel::Subscriptions TamperedCase(Sabotage sabotage, kernel::Subscriptions honest);
kernel::Subscriptions TamperedPetition(Sabotage sabotage, kernel::Subscriptions honest);
kernel::Subscriptions TamperedNewcomer(Sabotage sabotage, kernel::Subscriptions honest);
kernel::Subscriptions TamperedOversight(Sabotage sabotage, kernel::Subscriptions honest);

// Of notify: tampering_notify.cc.
TamperedKv::Tamper TamperNotify(Sabotage sabotage);
kernel::Subscriptions TamperedTold(Sabotage sabotage, kernel::Subscriptions honest);
kernel::Subscriptions TamperedToldAnew(Sabotage sabotage, kernel::Subscriptions honest);
policy::v1::NotificationPolicy TamperedRows(Sabotage sabotage, policy::v1::NotificationPolicy rows);
notify::Letter TamperedLetter(Sabotage sabotage, notify::Letter letter);
Fate TamperedFate(Sabotage sabotage, const notify::Letter& letter, Fate fate);

}  // namespace sim
