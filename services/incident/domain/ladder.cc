// The escalation ladder 逐级上报 (domain model 3.6.3): when a matter climbs by itself, exactly once for each
// breach and level. After every command the next moment worth looking is computed and kept in the event; a
// timer looks then. A mark says what the matter climbed for: a late clock that began later, a level that got it back
// by a sending down and kept it too long again, two further reworks are another breach, and climb again.

#include <absl/strings/str_join.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/area_code.h"
#include "services/incident/domain/deciding.h"

namespace incident {
namespace {

constexpr int64_t kNever = INT64_MAX;

struct Reason {
  std::string_view name;
  std::string_view zh;
  int64_t from_ms;             // the first moment at which it holds; kNever if it does not
  std::string policy_id = {};  // of the clock that is late
  int64_t since_ms = 0;        // when what it is about began; 0: a fact about the matter, which stays
  int count = 0;               // of what is counted, as it stands
};

bool Climbs(v1::Status status) {
  return status == v1::REPORTED || status == v1::ACCEPTED || status == v1::DISPATCHED ||
         status == v1::PROCESSING;
}

// A mark without a date says that the reason is answered at this level for good: of a fact, and in what earlier builds
// recorded.
bool IsDated(const v1::LadderMark& mark) { return mark.since_ms() != 0 || mark.count() != 0; }

bool IsAbout(const v1::LadderMark& mark, int level, std::string_view reason) {
  return mark.level() == level && mark.reason() == reason;
}

bool IsMarked(const v1::Incident& m, int level, const Reason& reason) {
  return std::ranges::any_of(m.ladder_mark(), [&](const auto& mark) {
    if (!IsAbout(mark, level, reason.name)) return false;
    if (!IsDated(mark)) return true;
    return reason.count == 0 && mark.policy_id() == reason.policy_id && mark.since_ms() >= reason.since_ms;
  });
}

// Since when the level that has it has had it to settle: reported, reopened, or sent down to it. The county that sends
// a matter down gives the township its time, and hears of it again when that is over too.
int64_t HandedOverMs(const v1::Incident& m) {
  int64_t since = m.opened_at_ms();
  for (const auto& clock : m.clock()) {
    if (clock.started_by() == "sent_down") since = std::max(since, clock.started_at_ms());
  }
  return since;
}

// What is counted holds anew when as many again have come since the matter climbed from this level for it; after a
// reopening, where the count begins anew (`since_ms`), the former climb has nothing to say.
Reason Counted(const v1::Incident& m, std::string_view name, std::string_view zh, int count, int at_least,
               int64_t since_ms, int64_t now) {
  int answered = 0;
  for (const auto& mark : m.ladder_mark()) {
    if (IsAbout(mark, m.standing().current_level(), name) && mark.since_ms() == since_ms)
      answered = std::max(answered, mark.count());
  }
  const bool holds = at_least > 0 && count - answered >= at_least;
  return {.name = name, .zh = zh, .from_ms = holds ? now : kNever, .since_ms = since_ms, .count = count};
}

// Earlier builds did not note when a card was given: of theirs only one that is out is known.
bool WasCarded(const v1::Incident& m) {
  return m.carded_at_ms() != 0 ||
         std::ranges::any_of(m.order(), [](const auto& o) { return o.card() >= common::v1::CARD_YELLOW; });
}

// One for each duty that runs and was not climbed for: what is late for another clock is another breach. The calendar
// is asked of the one that comes first, and of what is due by now; the others have nothing to say yet.
void AddOverdue(const v1::Incident& m, const policy::v1::LadderStep& step, const Knowledge& known, int64_t now,
                std::vector<Reason>* reasons) {
  if (step.overdue_longer_than().amount() == 0) return;
  // From the county up only after a yellow card, answered since or not, and counted from it: the same that O5 means.
  const bool to_city = step.from_level() >= common::v1::COUNTY;
  if (to_city && !WasCarded(m)) return;
  const int64_t handed_over = HandedOverMs(m);
  std::vector<Reason> late;
  for (const auto& clock : m.clock()) {
    if (!reference::IsRunning(clock) || reference::IsPaused(clock) || !IsDuty(clock.policy_id())) continue;
    const int64_t counted = std::max(clock.due_at_ms(), to_city ? m.carded_at_ms() : 0);
    Reason reason{.name = "OVERDUE",
                  .zh = "超期",
                  .from_ms = std::max(counted - 1, handed_over),
                  .policy_id = clock.policy_id(),
                  .since_ms = std::max(clock.started_at_ms(), handed_over)};
    if (!IsMarked(m, step.from_level(), reason)) late.push_back(std::move(reason));
  }
  const auto first = std::ranges::min_element(late, {}, &Reason::from_ms);
  if (first == late.end()) return;
  const int64_t needed = std::max(first->from_ms, now);
  for (Reason& reason : late) {
    if (reason.from_ms > needed) continue;
    reason.from_ms = MomentAfter(reason.from_ms, step.overdue_longer_than(), known);
    reasons->push_back(std::move(reason));
  }
}

// Units that deal with it: lead, territory, co-handlers.
std::vector<const directory::v1::Organisation*> UnitsOf(const v1::Incident& m, const Knowledge& known) {
  std::vector<const directory::v1::Organisation*> units;
  const auto add = [&](const std::string& id) {
    const auto* org = id.empty() ? nullptr : known.directory().FindOrg(id);
    if (org != nullptr && std::ranges::find(units, org) == units.end()) units.push_back(org);
  };
  add(m.standing().lead_org());
  add(m.standing().territorial_org());
  for (const std::string& id : m.standing().co_handler_org()) add(id);
  return units;
}

// Areas of this level whose units, or units inside whose area, deal with it.
int AreasDealing(const v1::Incident& m, const Knowledge& known, int level) {
  std::set<std::string> areas;
  for (const auto* org : UnitsOf(m, known)) {
    if (base::LevelOf(org->area_code()) <= level) areas.insert(base::CutTo(org->area_code(), level));
  }
  areas.erase("");
  return static_cast<int>(areas.size());
}

int DepartmentsDealing(const v1::Incident& m, const Knowledge& known, int level) {
  return static_cast<int>(std::ranges::count_if(UnitsOf(m, known), [&](const auto* org) {
    return org->kind() == directory::v1::DEPARTMENT && org->level() == level;
  }));
}

std::vector<Reason> ReasonsOf(const v1::Incident& m, const policy::v1::LadderStep& step,
                              const Knowledge& known, int64_t now) {
  const auto fact = [&](std::string_view name, std::string_view zh, bool holds) {
    return Reason{.name = name, .zh = zh, .from_ms = holds ? now : kNever};
  };
  const auto* category = known.directory().FindCategory(m.intake().category());
  std::vector<Reason> reasons = {
      Counted(m, "RETURNS", "多次退回", m.return_count(), step.returns_at_least(), m.opened_at_ms(), now),
      // The reworks of a matter are counted over all its cycles.
      Counted(m, "REWORKS", "多次返工", m.rework_count(), step.reworks_at_least(), 0, now),
      Counted(m, "SESSIONS", "多次调解未成", m.failed_sessions(), step.failed_sessions_at_least(), m.opened_at_ms(),
              now),
      fact("SCALE", "涉及人数多",
           step.scale_at_least() != common::v1::SCALE_UNSPECIFIED && m.intake().scale() >= step.scale_at_least()),
      fact("RISK", "风险高",
           step.risk_at_least() != common::v1::RISK_UNSPECIFIED && m.intake().risk() >= step.risk_at_least()),
      fact("CATEGORY", "须由上级主办",
           step.category_min_level_at_least() > 0 && category != nullptr &&
               category->min_level() >= step.category_min_level_at_least()),
      fact("NOT_IN_LIST", "不在本级事项清单", step.not_in_item_list() && m.not_in_item_list()),
      fact("AREAS", "跨区域",
           step.areas_at_least() > 0 && AreasDealing(m, known, step.from_level()) >= step.areas_at_least()),
      fact("DEPARTMENTS", "涉及多个上级部门",
           step.departments_at_least() > 0 &&
               DepartmentsDealing(m, known, step.to_level()) >= step.departments_at_least()),
  };
  if (step.open_longer_than().amount() != 0) {
    const int64_t since = HandedOverMs(m);
    const int64_t from = MomentAfter(since, step.open_longer_than(), known);
    reasons.push_back(Reason{.name = "OPEN", .zh = "未在规定时间内化解", .from_ms = from, .since_ms = since});
  }
  AddOverdue(m, step, known, now, &reasons);
  const int level = m.standing().current_level();
  std::erase_if(reasons, [&](const Reason& r) { return r.from_ms == kNever || IsMarked(m, level, r); });
  return reasons;
}

const policy::v1::LadderStep* StepOf(const v1::Incident& m, const Knowledge& known) {
  return known.directory().FindLadderStep(m.standing().current_level(), m.intake().category());
}

std::vector<Reason> OpenReasons(const v1::Incident& m, const Knowledge& known, int64_t now) {
  if (!Climbs(m.standing().status())) return {};
  const auto* step = StepOf(m, known);
  if (step == nullptr || step->to_level() <= m.standing().current_level()) return {};
  return ReasonsOf(m, *step, known, now);
}

int64_t NextCheckMs(const v1::Incident& m, const Knowledge& known, int64_t now) {
  int64_t next = 0;
  for (const Reason& reason : OpenReasons(m, known, now)) {
    const int64_t at = std::max(reason.from_ms, now);
    if (next == 0 || at < next) next = at;
  }
  return next;
}

// Whoever sends a matter down knows how many persons it concerns, what its category is and how often it was tried: for
// that it does not climb again, or their decision would be undone at once. A period has its time anew.
void AnswerFacts(const Knowledge& known, int64_t now, v1::Incident* m, v1::SentDown* sent) {
  for (const Reason& reason : OpenReasons(*m, known, now)) {
    if (reason.since_ms != 0 && reason.count == 0) continue;
    auto* mark = sent->add_ladder_mark();
    mark->set_level(m->standing().current_level());
    mark->set_reason(std::string(reason.name));
    mark->set_since_ms(reason.since_ms);
    mark->set_count(reason.count);
    *m->add_ladder_mark() = *mark;
  }
}

}  // namespace

void PlanLadder(const IncidentDomain::Context& ctx, const v1::State& state, const Knowledge& known,
                Decision* decision) {
  if (!known.directory().Ready()) return;
  std::map<std::string_view, std::vector<v1::Event*>> by_aggregate;
  for (auto& emitted : decision->events) by_aggregate[emitted.aggregate_id].push_back(&emitted.event);
  for (auto& [id, events] : by_aggregate) {
    const v1::State* before = id.empty() || id == ctx.aggregate_id ? &state : ctx.lookup->Find(id);
    v1::State after = before == nullptr ? v1::State() : *before;
    for (const v1::Event* event : events) IncidentDomain::Apply(*event, ctx.now_ms, &after);
    if (!after.has_incident()) continue;
    if (events.back()->has_sent_down())
      AnswerFacts(known, ctx.now_ms, after.mutable_incident(), events.back()->mutable_sent_down());
    const int64_t next = NextCheckMs(after.incident(), known, ctx.now_ms);
    if (next != after.incident().ladder_check_at_ms()) events.back()->set_ladder_check_at_ms(next);
  }
}

Decision DecideCheckLadder(const Deciding& d) {
  Decision decision;
  const v1::Incident& m = d.matter();
  if (m.ladder_check_at_ms() == 0 || d.now() < m.ladder_check_at_ms()) return decision;
  std::vector<Reason> holding = OpenReasons(m, d.known, d.now());
  std::erase_if(holding, [&](const Reason& r) { return r.from_ms > d.now(); });
  if (holding.empty()) {
    decision.Emit()->mutable_ladder_checked();  // PlanLadder adds when to look again
    return decision;
  }
  const auto* step = StepOf(m, d.known);
  std::vector<std::string_view> names;
  std::vector<std::string> words;
  for (const Reason& reason : holding) {
    if (std::ranges::find(names, reason.name) != names.end()) continue;  // two clocks are late
    names.push_back(reason.name);
    words.emplace_back(reason.zh);
  }
  v1::Event* event = decision.Emit();
  EmitEscalated(d, step->to_level(), absl::StrJoin(words, "、"), true, event);
  auto* escalated = event->mutable_escalated();
  for (const std::string_view name : names) escalated->add_ladder_reason(std::string(name));
  for (const Reason& reason : holding) {
    auto* mark = escalated->add_ladder_mark();
    mark->set_level(escalated->from());
    mark->set_reason(std::string(reason.name));
    mark->set_policy_id(reason.policy_id);
    mark->set_since_ms(reason.since_ms);
    mark->set_count(reason.count);
  }
  return decision;
}

}  // namespace incident
