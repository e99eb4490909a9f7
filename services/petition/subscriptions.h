#pragma once
// What the petition service hears from others, and the command it makes of it: one table. Pure; any thread.
//
//   directory  calendar, policy, area, org, staff   -> learn_reference   on "ref/…"
//   incident   incident.referred_to_petition        -> take_referral     on "pt-<referral id>":
//                                                                        told twice, done once
//   mediation  every notice of a case we handed over -> hear_mediation   on the petition
//   oversight  orders and instructions on a petition -> hear_oversight   on the petition
//   media      media.kept, of a document petitions here refer to -> hear_kept on "doc/<sha256>"

#include "services/kernel/inbox.h"

namespace petition {

kernel::Subscriptions Subscriptions();

}  // namespace petition
