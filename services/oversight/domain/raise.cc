#include "services/oversight/domain/raise.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <utility>

#include "base/area_code.h"
#include "base/calendar.h"
#include "services/oversight/domain/course.h"
#include "services/oversight/domain/late_open.h"
#include "services/oversight/domain/limits.h"
#include "services/oversight/domain/standing.h"
#include "services/oversight/domain/tasks.h"
#include "services/oversight/domain/watch.h"
#include "services/reference/clocks.h"
#include "services/reference/deadline.h"
#include "services/reference/month.h"

namespace oversight {
namespace {

// Whoever hears of an old matter anew hears of its next steps within this time, and does not take it for stuck.
constexpr int64_t kSettleMs = base::kHourMs;

v1::Watch WatchAfter(const std::string& id, const v1::Event& event, const Ask& ask) {
  const v1::State* known = ask.ctx.lookup->Find(id);
  v1::State state = known == nullptr ? v1::State() : *known;
  OversightDomain::Apply(event, ask.ctx.now_ms, &state);
  return state.watch();
}

bool IsOneOf(const std::string& category, const google::protobuf::RepeatedPtrField<std::string>& of) {
  return std::ranges::find(of, category) != of.end();
}

// The platform's own ending; nobody judged it.
void EndByPlatform(const std::string& warning_id, std::string_view code, const Ask& ask, Decision* decision) {
  const v1::State* state = ask.ctx.lookup->Find(warning_id);
  auto* ended = decision->EmitTo(warning_id)->mutable_warning_ended();
  ended->set_status(v1::WARNING_CLEARED);
  ended->set_code(std::string(code));
  if (state == nullptr) return;
  *ended->mutable_clock() = state->warning().clock();
  if (reference::IsRunning(ended->clock()))
    *ended->mutable_clock() = reference::Cancel(ended->clock(), ask.ctx.now_ms);
}

void EndWatched(const std::string& watch_id, const v1::Watch& watch, std::string_view code, const Ask& ask,
                Decision* decision) {
  if (watch.warning_id().empty()) return;
  EndByPlatform(watch.warning_id(), code, ask, decision);
  auto* noted = decision->EmitTo(watch_id)->mutable_watch_noted();
  noted->set_warning_id(watch.warning_id());
  noted->set_ended(true);
}

// Counted where it arose, for ever once: when its class is known, unless it follows from another matter.
void Count(const v1::Observe& heard, const v1::Matter& after, const Ask& ask, v1::Vigil* vigil) {
  const auto* cluster = FindWarningRule(ask.reference, "W1");
  const auto* wages = FindWarningRule(ask.reference, "W8");
  const v1::Course* course = FindCourse(after, heard.service(), heard.subject_id());
  if ((cluster == nullptr && wages == nullptr) || course == nullptr || course->derived() ||
      ClassOf(heard).empty())
    return;
  vigil->set_counted(true);
  const std::string village = base::CutTo(heard.area_code(), common::v1::VILLAGE);
  const std::string county = base::CutTo(heard.area_code(), common::v1::COUNTY);
  if (cluster != nullptr && !village.empty()) vigil->set_cluster_watch(ClusterWatch(village, ClassOf(heard)));
  const bool countys = !heard.has_petition() || heard.level() <= common::v1::COUNTY;
  if (wages == nullptr || county.empty() || !countys || !IsOneOf(CategoryOf(heard), wages->category()))
    return;
  vigil->set_wage_watch(WageWatch(county));
  vigil->set_wage_month(reference::MonthOf(base::LocalDay(heard.recorded_at_ms())));
}

// Since when the county's matters are heard. Services are heard one beside the other, so an earlier one may come later.
int64_t HearSince(const v1::Observe& heard, const Ask& ask, Decision* decision) {
  const std::string county = base::CutTo(heard.area_code(), common::v1::COUNTY);
  const v1::State* known = ask.ctx.lookup->Find(SinceWatch(county));
  const int64_t since_ms = known == nullptr ? 0 : known->watch().heard_since_ms();
  if (since_ms != 0 && since_ms <= heard.recorded_at_ms()) return since_ms;
  auto* watch = decision->EmitTo(SinceWatch(county))->mutable_watch_set()->mutable_watch();
  watch->set_area_code(county);
  watch->set_heard_since_ms(heard.recorded_at_ms());
  return heard.recorded_at_ms();
}

// W1.
void HearArrival(const v1::Observe& heard, const std::string& watch_id, const Ask& ask, Decision* decision) {
  const auto* rule = FindWarningRule(ask.reference, "W1");
  if (watch_id.empty() || rule == nullptr) return;
  const int64_t since_ms = HearSince(heard, ask, decision);
  v1::Event event;
  auto* arrived = event.mutable_arrival_heard();
  arrived->mutable_watch()->set_heard_since_ms(since_ms);
  arrived->mutable_watch()->set_area_code(base::CutTo(heard.area_code(), common::v1::VILLAGE));
  arrived->mutable_watch()->set_category(ClassOf(heard));
  arrived->mutable_arrival()->set_matter_code(heard.matter_code());
  arrived->mutable_arrival()->set_at_ms(heard.recorded_at_ms());
  arrived->mutable_arrival()->set_seen_from(heard.has_petition() ? heard.level() : 0);
  arrived->set_keep_from_ms(KeepFromMs(heard.recorded_at_ms(), *rule));
  const v1::Watch watch = WatchAfter(watch_id, event, ask);
  *decision->EmitTo(watch_id) = event;
  if (watch.warning_id().empty()) {
    const auto cluster = FindCluster(watch, *rule, ask.ctx.now_ms);
    if (!cluster) return;
    return RaiseOf(watch_id, watch,
                   {rule, v1::ABOUT_PLACE, cluster->level, cluster->level, cluster->facts, cluster->matters},
                   ask, decision);
  }
  const v1::State* open = ask.ctx.lookup->Find(watch.warning_id());
  if (open == nullptr || event.arrival_heard().arrival().seen_from() > open->warning().seen_from()) return;
  auto* changed = decision->EmitTo(watch.warning_id())->mutable_warning_changed();
  changed->set_joined(heard.matter_code());
  for (auto& fact : ClusterFacts(watch, *rule, open->warning().seen_from()))
    *changed->add_fact() = std::move(fact);
}

// W8.
void HearWages(const v1::Observe& heard, const v1::Vigil& vigil, const Ask& ask, Decision* decision) {
  const auto* rule = FindWarningRule(ask.reference, "W8");
  if (vigil.wage_watch().empty() || rule == nullptr) return;
  v1::Event event;
  auto* came = event.mutable_month_heard();
  came->mutable_watch()->set_area_code(base::CutTo(heard.area_code(), common::v1::COUNTY));
  came->set_month(vigil.wage_month());
  came->set_matter_code(heard.matter_code());
  came->set_keep_from(reference::MonthBefore(reference::MonthBefore(vigil.wage_month())));
  const v1::Watch watch = WatchAfter(vigil.wage_watch(), event, ask);
  *decision->EmitTo(vigil.wage_watch()) = event;
  if (!watch.warning_id().empty() || vigil.wage_month() != reference::MonthOf(base::LocalDay(ask.ctx.now_ms))) return;
  const auto facts = MoreWages(watch, *rule, vigil.wage_month());
  if (!facts) return;
  const v1::MonthCount* month = FindMonth(watch, vigil.wage_month());
  decision->EmitTo(vigil.wage_watch())->mutable_watch_looked()->set_month(vigil.wage_month());
  RaiseOf(vigil.wage_watch(), watch,
          {rule,
           v1::ABOUT_PLACE,
           common::v1::COUNTY,
           common::v1::COUNTY,
           *facts,
           {month->matter_code().begin(), month->matter_code().end()}},
          ask, decision);
}

// So many left that it is no longer so; what remains has been looked at by nobody, and counts on.
void EndFallenShort(const std::string& watch_id, const v1::Watch& watch, const Ask& ask, Decision* decision) {
  EndByPlatform(watch.warning_id(), "MATTERS_LEFT", ask, decision);
  auto* noted = decision->EmitTo(watch_id)->mutable_watch_noted();
  noted->set_warning_id(watch.warning_id());
  noted->set_ended(true);
  noted->set_fell_short(true);
}

// The open warning of a county's wages no longer speaks of the matter, and ends with the reason for it.
void LeaveWages(const std::string& watch_id, const v1::Watch& watch, const std::string& code, const Ask& ask,
                Decision* decision) {
  const v1::State* open = watch.warning_id().empty() ? nullptr : ask.ctx.lookup->Find(watch.warning_id());
  if (open == nullptr) return;
  auto* changed = decision->EmitTo(watch.warning_id())->mutable_warning_changed();
  changed->set_left(code);
  const auto* rule = FindWarningRule(ask.reference, "W8");
  bool holds = true;
  for (const auto& fact : open->warning().fact()) {
    if (fact.name() != v1::FACT_MONTH) continue;
    const auto month = static_cast<int32_t>(fact.value());
    for (auto& now : WageFacts(watch, month)) *changed->add_fact() = std::move(now);
    const bool forgotten = FindMonth(watch, month) == nullptr;  // long ago: nothing is known of it any more
    holds = rule == nullptr || forgotten || AreMoreWages(watch, *rule, month);
  }
  if (!holds) EndFallenShort(watch_id, watch, ask, decision);
}

// With this notice nothing of the matter counts any more where it arose; or the petition leaves that it arose as, and
// what goes on under its code was never counted there.
bool StopsCounting(const v1::Matter& before, const v1::Matter& after) {
  return HasLeft(after) || (AroseAsWhatLeft(after) && !AroseAsWhatLeft(before));
}

void LeaveWatches(const v1::Vigil& before, const std::string& code, const Ask& ask, Decision* decision) {
  v1::Event event;
  if (!before.wage_watch().empty()) {
    event.mutable_arrival_left()->set_matter_code(code);
    event.mutable_arrival_left()->set_month(before.wage_month());
    const v1::Watch watch = WatchAfter(before.wage_watch(), event, ask);
    *decision->EmitTo(before.wage_watch()) = event;
    LeaveWages(before.wage_watch(), watch, code, ask, decision);
  }
  if (before.cluster_watch().empty()) return;
  event.Clear();
  event.mutable_arrival_left()->set_matter_code(code);
  const v1::Watch watch = WatchAfter(before.cluster_watch(), event, ask);
  *decision->EmitTo(before.cluster_watch()) = event;
  const auto* rule = FindWarningRule(ask.reference, "W1");
  const v1::State* open = watch.warning_id().empty() ? nullptr : ask.ctx.lookup->Find(watch.warning_id());
  if (open == nullptr) return;
  auto* changed = decision->EmitTo(watch.warning_id())->mutable_warning_changed();
  changed->set_left(code);
  if (rule == nullptr) return;
  for (auto& fact : ClusterFacts(watch, *rule, open->warning().seen_from()))
    *changed->add_fact() = std::move(fact);
  if (StillHolds(watch, *rule, open->warning(), code)) return;
  EndFallenShort(before.cluster_watch(), watch, ask, decision);
}

const v1::Part* PartOf(const v1::Matter& matter, const v1::Observe& heard) {
  for (const auto& part : matter.part()) {
    if (part.service() == heard.service() && part.subject_id() == heard.subject_id()) return &part;
  }
  return nullptr;
}

// Who had it until it was closed.
std::string ClosedBy(const v1::Observe& heard, const v1::Matter& before) {
  const v1::Part* was = PartOf(before, heard);
  if (heard.has_incident()) return heard.incident().lead_org();
  if (heard.has_mediation()) return heard.mediation().committee_org();
  return was == nullptr ? heard.petition().holder_org() : was->petition().holder_org();
}

// W6: what a unit has closed, by month; looked at when the month is a day over.
void HearClosing(const v1::Observe& heard, const v1::Matter& before, const v1::Matter& after, const Ask& ask,
                 Decision* decision) {
  const v1::Course* now = FindCourse(after, heard.service(), heard.subject_id());
  const v1::Course* was = FindCourse(before, heard.service(), heard.subject_id());
  if (now == nullptr || now->derived() || now->leg().empty() ||
      FindWarningRule(ask.reference, "W6") == nullptr)
    return;
  const v1::Leg& leg = *now->leg().rbegin();
  const bool was_closed =
      was != nullptr && !was->leg().empty() && was->leg().rbegin()->stand() == v1::STAND_CLOSED;
  if (leg.stand() != v1::STAND_CLOSED || was_closed) return;
  const auto* org = ask.reference.FindOrg(ClosedBy(heard, before));
  const int32_t month = reference::MonthOf(base::LocalDay(leg.from_ms()));
  const bool long_ago = month < reference::MonthBefore(reference::MonthOf(base::LocalDay(ask.ctx.now_ms)));
  if (org == nullptr || long_ago) return;
  const int level = std::clamp<int>(base::LevelOf(org->area_code()), common::v1::TOWNSHIP, common::v1::CITY);
  if (heard.has_petition() && heard.level() > level) return;  // not theirs to see
  auto* closed = decision->EmitTo(UnitWatch(org->id()))->mutable_month_heard();
  closed->mutable_watch()->set_org_id(org->id());
  closed->mutable_watch()->set_area_code(org->area_code());
  closed->set_month(month);
  closed->set_on_time(leg.in_time());
  if (!leg.in_time()) closed->set_matter_code(heard.matter_code());
  closed->set_keep_from(reference::MonthBefore(month));
  closed->set_look_ms(MonthLookMs(month));
}

// W9: one warning a horizon, however many periods end beyond it.
void SeeHorizon(const v1::Observe& heard, const Ask& ask, Decision* decision) {
  const bool beyond = std::ranges::any_of(ClocksIn(heard), [](const common::v1::Clock& clock) {
    return reference::IsRunning(clock) && clock.provisional() && !clock.holder_org().empty() &&
           !reference::IsRight(clock.policy_id());
  });
  const auto* rule = FindWarningRule(ask.reference, "W9");
  const std::string city = base::CutTo(heard.area_code(), common::v1::CITY);
  if (!beyond || rule == nullptr || city.empty()) return;
  const int32_t horizon = DayNumber(ask.reference.calendar().horizon());
  const std::string id(kCalendarWatch);
  const v1::State* known = ask.ctx.lookup->Find(id);
  if (known != nullptr && (known->watch().horizon() >= horizon || !known->watch().warning_id().empty()))
    return;
  v1::Event event;
  event.mutable_watch_set()->mutable_watch()->set_area_code(city);
  event.mutable_watch_set()->mutable_watch()->set_horizon(horizon);
  const v1::Watch watch = WatchAfter(id, event, ask);
  *decision->EmitTo(id) = event;
  RaiseOf(
      id, watch,
      {rule, v1::ABOUT_CALENDAR, common::v1::CITY, common::v1::CITY, {Fact(v1::FACT_HORIZON, horizon)}, {}},
      ask, decision);
}

// Why a warning about the matter is no longer so; empty: it is.
std::string_view WhyOver(const v1::WarningNote& note, const v1::Observe& heard, const v1::Matter& before,
                         const v1::Matter& after, const Ask& ask) {
  if (HasLeft(after)) return "MATTER_LEFT";
  v1::Matter scratch_before, scratch_after;
  const v1::Matter& was = SeenAt(before, note.seen_from(), &scratch_before);
  const v1::Matter& is = SeenAt(after, note.seen_from(), &scratch_after);
  if (note.rule() == "W5") {
    const v1::Part* part = PartOf(is, heard);
    if (part == nullptr) return "";
    if (part->step_at_ms() == part->at_ms()) return "STEP_TAKEN";
    return IsOpen(is) ? "" : "MATTER_ENDED";
  }
  if (note.rule() == "W2" || note.rule() == "W3") return IsOpen(was) && !IsOpen(is) ? "MATTER_ENDED" : "";
  if (note.rule() != "W7") return "";
  const auto* rule = FindWarningRule(ask.reference, "W7");
  return rule == nullptr || PromisesOverdue(is, *rule, ask.ctx.now_ms) ? "" : "PROMISE_SETTLED";
}

}  // namespace

common::v1::Clock AcknowledgeClock(bool high, std::string_view area, int level, const Ask& ask) {
  reference::ClockStart start;
  start.at_ms = ask.ctx.now_ms;
  start.started_by = "warning_raised";
  start.urgent = high;
  if (const auto* centre = ask.reference.CentreOf(base::CutTo(area, level))) start.holder_org = centre->id();
  return reference::StartClock(*ask.reference.FindRule("DO-05"), start, ask.reference.calendar());
}

v1::WarningState NewWarning(const policy::v1::WarningRule& rule, std::string_view area, int level,
                            int seen_from, const Ask& ask) {
  v1::WarningState warning;
  warning.set_rule(rule.id());
  warning.set_area_code(std::string(area));
  warning.set_status(v1::WARNING_RAISED);
  warning.set_high(rule.high());
  warning.set_level(level);
  warning.set_first_level(level);
  warning.set_seen_from(seen_from);
  warning.set_raised_at_ms(ask.ctx.now_ms);
  *warning.mutable_clock() = AcknowledgeClock(rule.high(), area, level, ask);
  return warning;
}

void RaiseOf(const std::string& watch_id, const v1::Watch& watch, const Counted& counted, const Ask& ask,
             Decision* decision) {
  v1::WarningState warning =
      NewWarning(*counted.rule, watch.area_code(), counted.level, counted.seen_from, ask);
  warning.set_subject(counted.subject);
  warning.set_category(watch.category());
  warning.set_org_id(watch.org_id());
  warning.set_watch_id(watch_id);
  for (const auto& fact : counted.facts) *warning.add_fact() = fact;
  for (const auto& code : counted.matters) {
    if (warning.matter_code_size() < kWarningMattersMax) warning.add_matter_code(code);
  }
  const std::string id = absl::StrCat("wa-", counted.rule->id(), "-", watch_id.substr(kWatchPrefix.size()),
                                      "-", watch.warning_count() + 1);
  decision->EmitTo(watch_id)->mutable_watch_noted()->set_warning_id(id);
  *decision->EmitTo(id)->mutable_warning_raised()->mutable_warning() = std::move(warning);
}

MatterWarnings::MatterWarnings(v1::Matter matter, std::string matter_id, const Ask& ask, Decision* decision)
    : matter_(std::move(matter)), matter_id_(std::move(matter_id)), ask_(ask), decision_(*decision) {}

const v1::Matter& MatterWarnings::Seen(int level, v1::Matter* scratch) const {
  return SeenAt(matter_, level, scratch);
}

void MatterWarnings::RaiseAt(const policy::v1::WarningRule& rule, int seen_from, int level,
                             const Sight& sight) {
  v1::WarningState warning = NewWarning(rule, matter_.area_code(), level, seen_from, ask_);
  warning.set_subject(v1::ABOUT_MATTER);
  warning.set_matter_id(matter_.matter_code());
  warning.add_matter_code(matter_.matter_code());
  for (const auto& fact : sight.facts) *warning.add_fact() = fact;
  auto* vigil = matter_.mutable_vigil();
  vigil->set_said_until_ms(std::max(vigil->said_until_ms(), sight.said_until_ms));
  vigil->set_scale_warned(std::max(vigil->scale_warned(), sight.scale));
  vigil->set_police_calls_warned(std::max(vigil->police_calls_warned(), sight.police_calls));
  matter_.set_warning_count(matter_.warning_count() + 1);
  const std::string id =
      absl::StrCat("wa-", rule.id(), "-", matter_.matter_code(), "-", matter_.warning_count());
  *matter_.add_warning() = NoteOf(id, warning);
  auto* noted = OnMatter()->mutable_warning_noted();
  *noted->mutable_note() = NoteOf(id, warning);
  *noted->mutable_vigil() = *vigil;
  *decision_.EmitTo(id)->mutable_warning_raised()->mutable_warning() = std::move(warning);
}

void MatterWarnings::End(const v1::WarningNote& note, std::string_view code) {
  v1::WarningNote over = note;
  over.set_status(v1::WARNING_CLEARED);
  EndByPlatform(note.warning_id(), code, ask_, &decision_);
  auto* notes = matter_.mutable_warning();
  for (int i = notes->size() - 1; i >= 0; --i) {
    if (notes->Get(i).warning_id() == over.warning_id()) notes->DeleteSubrange(i, 1);
  }
  *OnMatter()->mutable_warning_noted()->mutable_note() = std::move(over);
}

v1::Vigil VigilAfter(const v1::Observe& heard, const v1::Matter& before, const v1::Matter& after, const Ask& ask) {
  v1::Vigil vigil = after.vigil();
  const int64_t from_ms = ask.ctx.now_ms + kSettleMs;
  const auto* stuck = FindWarningRule(ask.reference, "W5");
  const auto* promise = FindWarningRule(ask.reference, "W7");
  // What is heard between two steps puts the look off no further, and what was looked at is not looked at again.
  const bool still = before.last_step_at_ms() == after.last_step_at_ms() && Stuck(before) && Stuck(after);
  if (stuck == nullptr || !still) vigil.set_stuck_look_ms(stuck == nullptr ? 0 : StuckLookMs(after, *stuck, from_ms));
  vigil.set_promise_look_ms(promise == nullptr ? 0 : PromiseLookMs(after, *promise, from_ms));
  if (StopsCounting(before, after)) {
    vigil.clear_cluster_watch();
    vigil.clear_wage_watch();
    vigil.clear_wage_month();
  } else if (!vigil.counted()) {
    Count(heard, after, ask, &vigil);
  }
  return vigil;
}

void WarnAfterNotice(const v1::Observe& heard, const v1::Matter& before, const v1::Matter& after,
                     const Ask& ask, Decision* decision) {
  MatterWarnings warnings(after, "", ask, decision);
  for (const auto& note : after.warning()) {
    if (const auto why = WhyOver(note, heard, before, after, ask); !why.empty()) warnings.End(note, why);
  }
  HearClosing(heard, before, after, ask, decision);
  HearLate(heard, before, after, ask, decision);
  if (StopsCounting(before, after)) LeaveWatches(before.vigil(), heard.matter_code(), ask, decision);
  if (HasLeft(after)) return;
  if (!before.vigil().counted() && after.vigil().counted()) {
    HearArrival(heard, after.vigil().cluster_watch(), ask, decision);
    HearWages(heard, after.vigil(), ask, decision);
  }
  SeeHorizon(heard, ask, decision);
  if (heard.topic() == "incident.duplicate_joined") {
    warnings.Raise("W2", [&](const v1::Matter& seen, int level, const auto& rule) {
      return SaidAgain(seen, level, rule, ask.ctx.now_ms);
    });
  }
  warnings.Raise("W3", [](const v1::Matter& seen, int, const auto& rule) { return ManyPeople(seen, rule); });
  warnings.Raise("W4", [&](const v1::Matter& seen, int, const auto& rule) {
    return PoliceCalls(seen, rule, ask.reference);
  });
  if (heard.topic() != "mediation.risk_reported") return;
  warnings.Raise("W4", [&](const v1::Matter& seen, int, const auto&) -> std::optional<Sight> {
    if (PartOf(seen, heard) == nullptr) return std::nullopt;
    return Sight{{Fact(v1::FACT_RISK, heard.mediation().risk()),
                  Fact(v1::FACT_POLICE_INFORMED, heard.mediation().police_informed())}};
  });
}

void WarnOfRepeat(const std::string& matter_id, const v1::Matter& after, const Ask& ask, Decision* decision) {
  MatterWarnings(after, matter_id, ask, decision)
      .Raise("W2", [&](const v1::Matter& seen, int level, const auto& rule) {
        return SaidAgain(seen, level, rule, ask.ctx.now_ms);
      });
}

void WarnOfReference(const directory::v1::Notice& notice, const Ask& ask, Decision* decision) {
  if (notice.has_calendar_loaded()) {
    const v1::State* known = ask.ctx.lookup->Find(kCalendarWatch);
    const auto horizon = base::ParseDay(notice.calendar_loaded().horizon());
    if (known == nullptr || !horizon || DayNumber(*horizon) <= known->watch().horizon()) return;
    return EndWatched(std::string(kCalendarWatch), known->watch(), "CALENDAR_LOADED", ask, decision);
  }
  const auto& org = notice.org_changed();
  if (org.kind() != directory::v1::COMMITTEE) return;
  const auto ends = base::ParseDay(org.term_ends());
  const std::string id = TermWatch(org.id());
  const v1::State* known = ask.ctx.lookup->Find(id);
  const int32_t term = ends && !org.closed() ? DayNumber(*ends) : 0;
  if (term == (known == nullptr ? 0 : known->watch().term_ends())) return;
  if (known != nullptr) EndWatched(id, known->watch(), "TERM_CHANGED", ask, decision);
  const auto* rule = FindWarningRule(ask.reference, "W9");
  auto* watch = decision->EmitTo(id)->mutable_watch_set()->mutable_watch();
  watch->set_org_id(org.id());
  watch->set_area_code(org.area_code());
  watch->set_term_ends(term);
  if (term == 0) return;
  // Committees may be told before the policies: then it is asked again.
  watch->set_look_ms(rule == nullptr ? ask.ctx.now_ms + kSettleMs : base::StartOfDayMs(*ends - rule->days()));
}

}  // namespace oversight
