#pragma once
// When a notice is shown: at once, in the morning, or with the others of its kind. Pure.
// Quiet from 20:00 to 07:00 but for what is urgent; one digest instead of many (ux rule R12).

#include <cstdint>

#include "notify/v1/notify.pb.h"
#include "services/notify/domain/rules.h"

namespace notify {

// The end of the quiet hours `at_ms` lies in; `at_ms` itself outside of them. A quiet hour begins with its first
// millisecond and has ended with the first one after it.
int64_t QuietEnd(const Rules& rules, int64_t at_ms);

// What becomes of one more ordinary notice in this box.
struct Showing {
  int64_t digest_at_ms = 0;    // 0: shown by itself
  int64_t window_from_ms = 0;  // of the box from now on, if shown by itself
  int window_count = 0;
};
// `alone`: of a kind that stands by itself however many others came; of the hours of the night it waits as all do.
// REQUIRES: no digest of the box is due and still waiting to be made.
Showing ShowingOf(const Rules& rules, const v1::Box& box, int64_t now_ms, bool alone = false);

}  // namespace notify
