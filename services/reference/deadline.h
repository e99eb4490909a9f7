#pragma once
// Clocks 时限: when something is due, why, and what became of it. Pure; any thread.
//
// Convention. Days, months and working days: the day of the start is not counted, the period ends at 24:00 of
// its last day, and that moment (00:00 of the next day) still belongs to it. So a thing done at due_at_ms is
// in time, and the first late millisecond is due_at_ms + 1 (LateFromMs: what a timer waits for). Hours and
// minutes count from the moment. Months go by the calendar (民法典 200-203). With roll_forward a D or MO
// period that would end on a rest day ends on the next working day.
//
// Pauses count in the clock's own unit. By days: the day of the pause is still counted, the day of the
// resumption is not (as with a start), so pausing and resuming on one day changes nothing. By hours: the
// paused counting time is added. A clock is recomputed from its own fields (start, length, extensions,
// pauses) and the calendar, never from a former due moment; that is what makes a provisional one exact when
// the next year's calendar is loaded.
//
// Every function that changes a clock returns the new one: domains put it into their event, Apply copies it.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/calendar.h"
#include "common/v1/common.pb.h"
#include "policy/v1/policy.pb.h"

namespace reference {

// Why something may not be done, for a domain to make a refusal of.
struct Objection {
  std::string reason;  // UPPER_SNAKE, stable
  std::string message_zh;
  std::string message_en;
};

// What the caller knows beyond the catalogue's row. `length`, `due_at_ms` and `article` replace the row's.
struct ClockStart {
  int64_t at_ms = 0;
  std::string started_by = {};  // the event: "accepted"
  std::string holder_org = {};  // the unit it binds
  bool urgent = false;  // takes the row's urgent length, if it has one, and never waits for a working day
  std::optional<common::v1::Length> length = std::nullopt;  // of a category, a dispute type
  int64_t due_at_ms = 0;  // a moment named by a letter or a date; not counted, never rolled
  std::string article = {};
};

// REQUIRES: a length from the row or the caller, or a due moment.
common::v1::Clock StartClock(const policy::v1::DeadlineRule& rule, const ClockStart& start,
                             const base::Calendar& calendar);

// REQUIRES for all: the clock runs (stopped_at_ms == 0). Extend: see ExtensionObjection. Pause: not paused.
// Resume: paused.
common::v1::Clock Extend(common::v1::Clock clock, const common::v1::Length& by,
                         const base::Calendar& calendar);
common::v1::Clock Pause(common::v1::Clock clock, int64_t at_ms, std::string_view reason);
common::v1::Clock Resume(common::v1::Clock clock, int64_t at_ms, const base::Calendar& calendar);
// MET or MISSED. A paused clock is resumed first.
common::v1::Clock Stop(common::v1::Clock clock, int64_t at_ms, const base::Calendar& calendar);
common::v1::Clock Cancel(common::v1::Clock clock, int64_t at_ms);
// After a calendar was loaded: the same clock with due moment, provisional flag and calendar revision of
// `calendar`.
common::v1::Clock Recompute(common::v1::Clock clock, const base::Calendar& calendar);

// After a change of the rows: the same clock as if `rule` had started it, with its own start, pauses and extensions.
// `start` says what the caller knows beyond the row; its moment, event and unit are taken from the clock.
common::v1::Clock Renew(const common::v1::Clock& clock, const policy::v1::DeadlineRule& rule, ClockStart start,
                        const base::Calendar& calendar);

bool IsRunning(const common::v1::Clock& clock);  // neither stopped nor cancelled; may be paused
bool IsPaused(const common::v1::Clock& clock);
inline int64_t LateFromMs(const common::v1::Clock& clock) { return clock.due_at_ms() + 1; }

// Null if the row allows this extension now: it runs, is not yet late, has not been extended too often, is
// not longer than the row's limit.
std::optional<Objection> ExtensionObjection(const common::v1::Clock& clock,
                                            const policy::v1::DeadlineRule& rule,
                                            const common::v1::Length& by, int64_t now_ms);

// DO-01. Yellow from the moment when what is left is at most the larger of yellow_percent of the length and
// yellow_at_least, each in counted time; for clocks by hours or minutes the percentage alone decides, because
// one working day is longer than they are. Red after due_at_ms. While paused the light stands still.
struct LightRule {
  int percent = 20;
  common::v1::Length at_least;
  static LightRule From(const policy::v1::Deadlines& deadlines);
};
int64_t YellowFromMs(const common::v1::Clock& clock, const LightRule& rule, const base::Calendar& calendar);
common::v1::Light LightOf(const common::v1::Clock& clock, const LightRule& rule, int64_t now_ms,
                          const base::Calendar& calendar);

// All of it in words: the skipped days by name, a sentence in Chinese and one in English, light and yellow
// moment.
common::v1::Deadline Explain(const common::v1::Clock& clock, const LightRule& rule, int64_t now_ms,
                             const base::Calendar& calendar);

inline constexpr int kSkippedDaysShownMax =
    60;  // in Deadline.skipped_day; the sentence gives the full number

std::string LengthTextZh(const common::v1::Length& length);  // "15个工作日"
std::string LengthTextEn(const common::v1::Length& length);  // "15 working days"

}  // namespace reference
