#include "services/notify/domain/quiet.h"

#include "base/calendar.h"

namespace notify {

int64_t QuietEnd(const Rules& rules, int64_t at_ms) {
  const int64_t from = rules.quiet_from_minute() * base::kMinuteMs;
  const int64_t to = rules.quiet_to_minute() * base::kMinuteMs;
  if (from == to) return at_ms;  // never quiet
  const base::Day day = base::LocalDay(at_ms);
  const int64_t today = at_ms - base::StartOfDayMs(day);
  if (from < to) return today >= from && today < to ? base::StartOfDayMs(day) + to : at_ms;
  if (today < to) return base::StartOfDayMs(day) + to;
  return today >= from ? base::StartOfDayMs(day + 1) + to : at_ms;
}

Showing ShowingOf(const Rules& rules, const v1::Box& box, int64_t now_ms, bool alone) {
  Showing showing;
  if (alone && QuietEnd(rules, now_ms) == now_ms) {  // counted by nobody: the others keep their five
    showing.window_from_ms = box.window_from_ms();
    showing.window_count = box.window_count();
    return showing;
  }
  // Whatever comes while others wait joins them, so that nothing overtakes what came before it.
  if (box.digest_at_ms() > now_ms) {
    showing.digest_at_ms = box.digest_at_ms();
    return showing;
  }
  if (const int64_t morning = QuietEnd(rules, now_ms); morning > now_ms) {
    showing.digest_at_ms = morning;
    return showing;
  }
  const int64_t window_end = box.window_from_ms() + rules.window_ms();
  const bool over = box.window_from_ms() == 0 || now_ms >= window_end;
  if (!over && box.window_count() >= rules.policy().digest_threshold()) {
    showing.digest_at_ms = QuietEnd(rules, window_end);
    return showing;
  }
  showing.window_from_ms = over ? now_ms : box.window_from_ms();
  showing.window_count = over ? 1 : box.window_count() + 1;
  return showing;
}

}  // namespace notify
