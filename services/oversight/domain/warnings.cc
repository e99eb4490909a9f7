#include "services/oversight/domain/warnings.h"

#include <algorithm>

#include "base/area_code.h"
#include "base/calendar.h"
#include "services/oversight/domain/contributions.h"
#include "services/oversight/domain/standing.h"

namespace oversight {
namespace {

// Stands still because somebody decided so, or because it is the petitioner's turn: nobody is slow.
bool Waits(const v1::Part& part) {
  if (part.has_incident()) return part.incident().status() == incident::v1::SUSPENDED;
  if (part.has_mediation()) return part.mediation().status() == mediation::v1::PAUSED;
  return part.petition().status() == petition::v1::DELIVERED ||
         part.petition().status() == petition::v1::REVIEW_DELIVERED;
}

bool MayBeStuck(const v1::Matter& matter) {
  const v1::Part* holder = HolderPart(matter);
  return holder != nullptr && IsOpen(*holder) && !Waits(*holder);
}

// Promises count while the agreement binds.
bool Binds(const v1::Matter& matter, const v1::Course& course) {
  return std::ranges::any_of(matter.part(), [&](const v1::Part& part) {
    return part.has_mediation() && part.subject_id() == course.subject_id() &&
           part.mediation().status() == mediation::v1::EFFECTIVE;
  });
}

template <class Each>
void EachPromiseNotKept(const v1::Matter& matter, Each each) {
  for (const auto& course : matter.course()) {
    if (course.service() != "mediation" || !Binds(matter, course)) continue;
    for (const auto& clause : course.clause()) {
      if (clause.due_ms() != 0 && clause.done_ms() == 0) each(clause);
    }
  }
}

int64_t PromiseLate(const v1::Clause& clause, const policy::v1::WarningRule& rule) {
  return base::EndOfDayMs(DueDay(clause.due_ms()) + rule.days()) + 1;
}

}  // namespace

bool IsOver(v1::WarningStatus status) { return status == v1::WARNING_CLEARED || status == v1::WARNING_FALSE; }

const policy::v1::WarningRule* FindWarningRule(const reference::Reference& reference, std::string_view id) {
  if (!reference.Ready() || reference.FindRule("DO-05") == nullptr) return nullptr;
  for (const auto& rule : reference.policies().warning().rule()) {
    if (rule.id() == id) return rule.retired() ? nullptr : &rule;
  }
  return nullptr;
}

v1::WarningNote NoteOf(std::string_view id, const v1::WarningState& warning) {
  v1::WarningNote note;
  note.set_warning_id(std::string(id));
  note.set_rule(warning.rule());
  note.set_status(warning.status());
  note.set_high(warning.high());
  note.set_level(warning.level());
  note.set_seen_from(warning.seen_from());
  return note;
}

const v1::WarningNote* OpenWarning(const v1::Matter& matter, std::string_view rule) {
  const auto at = std::ranges::find(matter.warning(), rule, &v1::WarningNote::rule);
  return at == matter.warning().end() ? nullptr : &*at;
}

bool HasHighWarning(const v1::Matter& matter, int level) {
  return std::ranges::any_of(matter.warning(), [&](const v1::WarningNote& note) {
    return note.high() && note.seen_from() <= level &&
           (level <= common::v1::COUNTY || note.level() >= level - 1);
  });
}

v1::WarningFact Fact(v1::WarningFactName name, int64_t value) {
  v1::WarningFact fact;
  fact.set_name(name);
  fact.set_value(value);
  return fact;
}

int64_t PassedMs(int64_t at_ms, int days) { return base::EndOfDayMs(base::LocalDay(at_ms) + days) + 1; }

int AddressOf(const v1::Matter& seen, int level) {
  int address = std::max({level, base::LevelOf(seen.area_code()), CurrentLevel(seen)});
  for (const auto& part : seen.part()) {
    if (!IsOpen(seen)) address = std::max(address, part.level());
  }
  return std::clamp<int>(address, common::v1::TOWNSHIP, common::v1::CITY);
}

std::optional<Sight> SaidAgain(const v1::Matter& seen, int level, const policy::v1::WarningRule& rule,
                               int64_t now_ms) {
  std::vector<int64_t> said;
  int64_t first_ms = 0;
  for (const auto& course : seen.course()) {
    if (course.leg().empty()) continue;
    const int64_t from_ms = course.leg(0).from_ms();
    if (first_ms == 0 || from_ms < first_ms) first_ms = from_ms;
    for (const auto& deed : course.deed()) {
      if (deed.kind() == v1::DEED_REPEATED) said.push_back(deed.at_ms());
    }
  }
  for (const auto& repeat : seen.repeat()) {
    if (repeat.seen_from() <= level) said.push_back(repeat.at_ms());
  }
  if (said.empty() || first_ms == 0) return std::nullopt;
  said.push_back(first_ms);
  Sight sight;
  sight.said_until_ms = *std::ranges::max_element(said);
  const base::Day newest = base::LocalDay(sight.said_until_ms);
  const auto times = std::ranges::count_if(said, [&](int64_t at_ms) {
    return at_ms > seen.vigil().said_until_ms() && base::LocalDay(at_ms) > newest - rule.days();
  });
  if (times < rule.times() || base::LocalDay(now_ms) - newest >= rule.days()) return std::nullopt;
  sight.facts = {Fact(v1::FACT_TIMES, times), Fact(v1::FACT_WINDOW_DAYS, rule.days())};
  return sight;
}

std::optional<Sight> ManyPeople(const v1::Matter& seen, const policy::v1::WarningRule& rule) {
  Sight sight;
  bool many = false;
  for (const auto& part : seen.part()) {
    if (!IsOpen(part)) continue;
    const auto scale = part.has_incident()   ? part.incident().scale()
                       : part.has_petition() ? part.petition().scale()
                                             : part.mediation().scale();
    many |= scale >= (part.has_petition() ? rule.joint() : rule.scale());
    sight.scale = std::max(sight.scale, scale);
  }
  if (!many || sight.scale <= seen.vigil().scale_warned()) return std::nullopt;
  sight.facts = {Fact(v1::FACT_SCALE, sight.scale)};
  return sight;
}

std::optional<Sight> PoliceCalls(const v1::Matter& seen, const policy::v1::WarningRule& rule,
                                 const reference::Reference& reference) {
  Sight sight;
  bool dispute = false;
  for (const auto& part : seen.part()) {
    sight.police_calls += part.incident().police_calls();
    const auto* category = reference.FindCategory(part.incident().category());
    dispute |= part.has_mediation() || (category != nullptr && category->lane() == policy::v1::MED);
  }
  const bool again = rule.times() > 0 && sight.police_calls >= rule.times();
  if (!dispute || !again || sight.police_calls <= seen.vigil().police_calls_warned() || !IsOpen(seen))
    return std::nullopt;
  sight.facts = {Fact(v1::FACT_POLICE_CALLS, sight.police_calls)};
  return sight;
}

std::optional<Sight> Stuck(const v1::Matter& seen) {
  if (!MayBeStuck(seen)) return std::nullopt;
  return Sight{{Fact(v1::FACT_QUIET_SINCE, seen.last_step_at_ms())}};
}

std::optional<Sight> PromisesOverdue(const v1::Matter& seen, const policy::v1::WarningRule& rule,
                                     int64_t now_ms) {
  int64_t since_ms = 0, until_ms = 0, clauses = 0;
  EachPromiseNotKept(seen, [&](const v1::Clause& clause) {
    if (PromiseLate(clause, rule) > now_ms) return;
    ++clauses;
    until_ms = std::max(until_ms, clause.due_ms());
    if (since_ms == 0 || clause.due_ms() < since_ms) since_ms = clause.due_ms();
  });
  if (clauses == 0) return std::nullopt;
  return Sight{{Fact(v1::FACT_CLAUSES, clauses), Fact(v1::FACT_OVERDUE_SINCE, since_ms)}, 0, until_ms};
}

int64_t StuckLookMs(const v1::Matter& matter, const policy::v1::WarningRule& rule, int64_t from_ms) {
  return MayBeStuck(matter) ? std::max(PassedMs(matter.last_step_at_ms(), rule.days()), from_ms) : 0;
}

int64_t PromiseLookMs(const v1::Matter& matter, const policy::v1::WarningRule& rule, int64_t from_ms) {
  int64_t look_ms = 0;
  EachPromiseNotKept(matter, [&](const v1::Clause& clause) {
    if (clause.due_ms() <= matter.vigil().promise_looked_ms()) return;
    const int64_t late_ms = std::max(PromiseLate(clause, rule), from_ms);
    if (look_ms == 0 || late_ms < look_ms) look_ms = late_ms;
  });
  return look_ms;
}

bool HasLeft(const v1::Matter& matter) {
  return std::ranges::all_of(matter.course(), [](const v1::Course& course) {
    return !course.leg().empty() && course.leg().rbegin()->stand() == v1::STAND_OUT;
  });
}

}  // namespace oversight
