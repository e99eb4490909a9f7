// What people do with a warning 预警 (O10): acknowledge it, act, clear it or mark it false; and what time does: one that
// nobody acknowledges goes to the level above, once a level, up to the city; what stands still, what was promised, a
// month and a term are looked at when their day has come.
#include <absl/strings/str_cat.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/area_code.h"
#include "base/calendar.h"
#include "services/oversight/domain/decide.h"
#include "services/oversight/domain/limits.h"
#include "services/oversight/domain/raise.h"
#include "services/oversight/domain/warnings.h"
#include "services/oversight/domain/watch.h"
#include "services/reference/deadline.h"
#include "services/reference/month.h"

namespace oversight {
namespace {

using kernel::RefusalCode;

// Its matter, or what counts it, hears what became of the warning.
void Tell(const v1::WarningState& now, const Ask& ask, Decision* decision) {
  if (!now.matter_id().empty()) {
    *decision->EmitTo(now.matter_id())->mutable_warning_noted()->mutable_note() =
        NoteOf(ask.ctx.aggregate_id, now);
  } else if (IsOver(now.status())) {
    auto* noted = decision->EmitTo(now.watch_id())->mutable_watch_noted();
    noted->set_warning_id(std::string(ask.ctx.aggregate_id));
    noted->set_ended(true);
  }
}

Decision End(v1::WarningStatus status, const std::string& reason, const Ask& ask) {
  if (reason.empty()) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "reason");
  if (reason.size() > kTextBytesMax) return Refuse(RefusalCode::kLimit, "TOO_LONG", "reason");
  Decision decision;
  auto* ended = decision.Emit()->mutable_warning_ended();
  ended->set_status(status);
  ended->set_text(reason);
  ended->set_user_id(ask.ctx.actor->user_id());
  ended->set_org_id(ask.who.org);
  *ended->mutable_clock() = ask.state.warning().clock();
  v1::WarningState over = ask.state.warning();
  over.set_status(status);
  Tell(over, ask, &decision);
  return decision;
}

// W9: the term of a committee.
Decision LookAtTerm(const v1::Watch& watch, const Ask& ask) {
  const auto* rule = FindWarningRule(ask.reference, "W9");
  const base::Day ends =
      base::DayOf({watch.term_ends() / 10'000, watch.term_ends() / 100 % 100, watch.term_ends() % 100});
  Decision decision;
  auto* looked = decision.Emit()->mutable_watch_looked();
  if (rule == nullptr) {
    looked->set_look_ms(ask.ctx.now_ms + base::kDayMs);
    return decision;
  }
  if (const int64_t from_ms = base::StartOfDayMs(ends - rule->days()); ask.ctx.now_ms < from_ms) {
    looked->set_look_ms(from_ms);
    return decision;
  }
  if (!watch.warning_id().empty()) return decision;
  const int level = std::clamp<int>(base::LevelOf(watch.area_code()), common::v1::TOWNSHIP, common::v1::CITY);
  RaiseOf(std::string(ask.ctx.aggregate_id), watch,
          {rule, v1::ABOUT_UNIT, level, level, {Fact(v1::FACT_TERM_ENDS, watch.term_ends())}, {}}, ask,
          &decision);
  return decision;
}

// Which of a unit's months is looked at now, and when the next one is.
struct MonthsOver {
  int32_t over = 0;
  int64_t next_ms = 0;
};
MonthsOver MonthsOf(const v1::Watch& watch, int64_t now_ms) {
  MonthsOver months;
  const auto see = [&](int32_t month) {
    const int64_t look_ms = MonthLookMs(month);
    if (look_ms <= now_ms) {
      months.over = std::max(months.over, month);
    } else if (months.next_ms == 0 || look_ms < months.next_ms) {
      months.next_ms = look_ms;
    }
  };
  for (const auto& month : watch.month()) see(month.month());
  if (watch.late().empty()) return months;
  const int32_t month = reference::MonthOf(base::LocalDay(now_ms));
  see(reference::MonthBefore(month));
  const bool goes_on = std::ranges::any_of(watch.late(), [](const auto& late) { return late.until_ms() == 0; });
  if (goes_on) see(month);
  return months;
}

// W6: the months of a unit that are over.
Decision LookAtMonths(const v1::Watch& watch, const Ask& ask) {
  const auto [over, next_ms] = MonthsOf(watch, ask.ctx.now_ms);
  Decision decision;
  auto* looked = decision.Emit()->mutable_watch_looked();
  looked->set_month(over);
  looked->set_look_ms(next_ms);
  const auto* rule = FindWarningRule(ask.reference, "W6");
  const v1::MonthCount* known = FindMonth(watch, over);
  v1::MonthCount month = known == nullptr ? v1::MonthCount() : *known;
  month.set_month(over);
  const bool fresh = over == reference::MonthBefore(reference::MonthOf(base::LocalDay(ask.ctx.now_ms)));
  if (rule == nullptr || month.looked() || !fresh || !watch.warning_id().empty()) return decision;
  const std::vector<std::string> open = OpenLate(watch, over);
  const auto facts = ClosesLate(month, static_cast<int64_t>(open.size()), *rule);
  if (!facts) return decision;
  std::vector<std::string> codes(month.matter_code().begin(), month.matter_code().end());
  codes.insert(codes.end(), open.begin(), open.end());
  const int level = std::clamp<int>(base::LevelOf(watch.area_code()), common::v1::TOWNSHIP, common::v1::CITY);
  RaiseOf(std::string(ask.ctx.aggregate_id), watch,
          {rule,
           v1::ABOUT_UNIT,
           level,
           level,
           *facts,
           std::move(codes)},
          ask, &decision);
  return decision;
}

}  // namespace

Decision DecideAcknowledgeWarning(const Ask& ask) {
  const v1::WarningState& warning = ask.state.warning();
  Decision decision;
  auto* acknowledged = decision.Emit()->mutable_warning_acknowledged();
  acknowledged->set_user_id(ask.ctx.actor->user_id());
  acknowledged->set_org_id(ask.who.org);
  *acknowledged->mutable_clock() = warning.clock();
  if (reference::IsRunning(warning.clock()))
    *acknowledged->mutable_clock() =
        reference::Stop(warning.clock(), ask.ctx.now_ms, ask.reference.calendar());
  v1::WarningState now = warning;
  now.set_status(v1::WARNING_ACKNOWLEDGED);
  Tell(now, ask, &decision);
  return decision;
}

Decision DecideActOnWarning(const v1::ActOnWarningRequest& request, const Ask& ask) {
  if (request.done().empty()) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "done");
  if (request.done().size() > kTextBytesMax) return Refuse(RefusalCode::kLimit, "TOO_LONG", "done");
  if (ask.state.warning().action_size() >= kWarningActionsMax) return Refuse(RefusalCode::kLimit, "TOO_LONG");
  Decision decision;
  auto* action = decision.Emit()->mutable_warning_actioned()->mutable_action();
  action->set_done(request.done());
  action->set_org_id(ask.who.org);
  action->set_at_ms(ask.ctx.now_ms);
  v1::WarningState now = ask.state.warning();
  now.set_status(v1::WARNING_ACTIONED);
  Tell(now, ask, &decision);
  return decision;
}

Decision DecideClearWarning(const v1::ClearWarningRequest& request, const Ask& ask) {
  return End(v1::WARNING_CLEARED, request.reason(), ask);
}

Decision DecideMarkWarningFalse(const v1::MarkWarningFalseRequest& request, const Ask& ask) {
  return End(v1::WARNING_FALSE, request.reason(), ask);
}

Decision DecidePassWarningUp(const Ask& ask) {
  const v1::WarningState& warning = ask.state.warning();
  if (warning.status() != v1::WARNING_RAISED || warning.level() >= common::v1::CITY ||
      !reference::IsRunning(warning.clock()) || ask.ctx.now_ms < reference::LateFromMs(warning.clock())) {
    return {};  // acknowledged while this firing waited
  }
  Decision decision;
  auto* passed = decision.Emit()->mutable_warning_passed_up();
  passed->set_level(warning.level() + 1);
  *passed->mutable_clock() = AcknowledgeClock(warning.high(), warning.area_code(), warning.level() + 1, ask);
  v1::WarningState now = warning;
  now.set_level(warning.level() + 1);
  Tell(now, ask, &decision);
  return decision;
}

Decision DecideLookAtMatter(const v1::LookAtMatter& look, const Ask& ask) {
  v1::Matter matter = ask.state.matter();
  auto* vigil = matter.mutable_vigil();
  const int64_t at_ms = look.promise() ? vigil->promise_look_ms() : vigil->stuck_look_ms();
  if (at_ms == 0 || ask.ctx.now_ms < at_ms) return {};  // a step was taken while this firing waited
  const auto* rule = FindWarningRule(ask.reference, look.promise() ? "W7" : "W5");
  if (look.promise()) {
    const auto overdue = rule == nullptr ? std::nullopt : PromisesOverdue(matter, *rule, ask.ctx.now_ms);
    if (overdue)
      vigil->set_promise_looked_ms(std::max(vigil->promise_looked_ms(), overdue->promised_until_ms));
    vigil->set_promise_look_ms(rule == nullptr ? 0 : PromiseLookMs(matter, *rule, ask.ctx.now_ms));
  } else {
    vigil->set_stuck_look_ms(0);
  }
  Decision decision;
  MatterWarnings warnings(matter, "", ask, &decision);
  const bool raised =
      look.promise()
          ? warnings.Raise("W7", [&](const v1::Matter& seen, int,
                                     const auto& row) { return PromisesOverdue(seen, row, ask.ctx.now_ms); })
          : warnings.Raise("W5", [](const v1::Matter& seen, int, const auto&) { return Stuck(seen); });
  if (!raised) *decision.Emit()->mutable_matter_looked()->mutable_vigil() = *vigil;
  return decision;
}

Decision DecideLookAtWatch(const Ask& ask) {
  const v1::Watch& watch = ask.state.watch();
  if (!ask.state.has_watch() || watch.look_ms() == 0 || ask.ctx.now_ms < watch.look_ms()) return {};
  return watch.term_ends() != 0 ? LookAtTerm(watch, ask) : LookAtMonths(watch, ask);
}

}  // namespace oversight
