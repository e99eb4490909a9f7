#pragma once
// What the mediation service hears from others, and the command it makes of it: one table. Pure; any thread.
//
//   directory  calendar, policy, area, org, staff               -> learn_reference   on "ref/…"
//   incident   incident.referred_to_mediation                   -> take_referral     on "rf-<referral id>":
//   told twice, done once
//   petition   petition.referred_to_mediation                   -> the same
//              petition.hand_over_lapsed                        -> hear_lapse        on the same
//   oversight  instructed, assigned, send_down_requested, escalate_requested, order_issued, order_closed, listed,
//              unlisted for us
//                                                               -> oversee           on the case
//   media      media.kept, of a document cases here refer to    -> hear_kept         on "doc/<sha256>"

#include "services/kernel/inbox.h"

namespace mediation {

kernel::Subscriptions Subscriptions();

}  // namespace mediation
