#pragma once
// What media hears: that an event of a case service refers to documents (media/v1/notices.proto), of which matter, and
// who named them. Taken down as marks that can only be compared (services/kernel/document_mark.h). Pure; any thread.
//
//   incident, mediation, petition   a notice with mentions -> hear_mention on "blob/<sha256>"

#include "services/kernel/inbox.h"

namespace media {

kernel::Subscriptions Subscriptions();

}  // namespace media
