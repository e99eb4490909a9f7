#pragma once
// What media hears: that an event of a case service refers to documents (media/v1/notices.proto). Which matter it is,
// is not taken down. Pure; any thread.
//
//   incident, mediation, petition   a notice with mentions -> hear_mention on "blob/<sha256>"

#include "services/kernel/inbox.h"

namespace media {

kernel::Subscriptions Subscriptions();

}  // namespace media
