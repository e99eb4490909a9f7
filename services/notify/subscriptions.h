#pragma once
// Others' notices as notify hears them. Whatever the message, units, dates and codes are read by the names all notices
// give them, so that a new topic needs a row of the policy and nothing here. What is read is named one by one: a field
// that is added to a notice is not told on by itself. Of a sealed matter 检举控告 nothing is heard. Pure.

#include "services/kernel/inbox.h"

namespace notify {

kernel::Subscriptions Subscriptions();

}  // namespace notify
