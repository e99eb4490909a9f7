// The escalation ladder 逐级上报 (domain model 3.6.3): when a matter climbs by itself, exactly once for each
// reason and level. After every command the next moment worth looking is computed and kept in the event; a
// timer looks then.

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "services/incident/domain/deciding.h"

namespace incident {
namespace {

constexpr int64_t kNever = INT64_MAX;

struct Reason {
  std::string_view name;
  std::string_view zh;
  int64_t from_ms;  // the first moment at which it holds; kNever if it does not
};

bool Climbs(v1::Status status) {
  return status == v1::REPORTED || status == v1::ACCEPTED || status == v1::DISPATCHED ||
         status == v1::PROCESSING;
}

bool IsMarked(const v1::Incident& m, int level, std::string_view reason) {
  return std::ranges::any_of(
      m.ladder_mark(), [&](const auto& mark) { return mark.level() == level && mark.reason() == reason; });
}

int64_t OverdueFrom(const v1::Incident& m, const policy::v1::LadderStep& step, const Knowledge& known) {
  if (step.overdue_longer_than().amount() == 0) return kNever;
  // From the county up only after a yellow card.
  const bool carded =
      std::ranges::any_of(m.order(), [](const auto& o) { return o.card() >= common::v1::CARD_YELLOW; });
  if (step.from_level() >= common::v1::COUNTY && !carded) return kNever;
  const int64_t due = NextDueMs(m);
  return due == 0 ? kNever : MomentAfter(due - 1, step.overdue_longer_than(), known);
}

std::vector<Reason> ReasonsOf(const v1::Incident& m, const policy::v1::LadderStep& step,
                              const Knowledge& known, int64_t now) {
  const auto when = [&](bool holds) { return holds ? now : kNever; };
  const auto* category = known.directory().FindCategory(m.intake().category());
  const int64_t open = step.open_longer_than().amount() == 0
                           ? kNever
                           : MomentAfter(m.opened_at_ms(), step.open_longer_than(), known);
  std::vector<Reason> reasons = {
      {"OPEN", "未在规定时间内化解", open},
      {"OVERDUE", "超期", OverdueFrom(m, step, known)},
      {"RETURNS", "多次退回",
       when(step.returns_at_least() > 0 && m.return_count() >= step.returns_at_least())},
      {"REWORKS", "多次返工",
       when(step.reworks_at_least() > 0 && m.rework_count() >= step.reworks_at_least())},
      {"SESSIONS", "多次调解未成",
       when(step.failed_sessions_at_least() > 0 && m.failed_sessions() >= step.failed_sessions_at_least())},
      {"SCALE", "涉及人数多",
       when(step.scale_at_least() != common::v1::SCALE_UNSPECIFIED &&
            m.intake().scale() >= step.scale_at_least())},
      {"RISK", "风险高",
       when(step.risk_at_least() != common::v1::RISK_UNSPECIFIED &&
            m.intake().risk() >= step.risk_at_least())},
      {"CATEGORY", "须由上级主办",
       when(step.category_min_level_at_least() > 0 && category != nullptr &&
            category->min_level() >= step.category_min_level_at_least())},
      {"NOT_IN_LIST", "不在本级事项清单", when(step.not_in_item_list() && m.not_in_item_list())},
  };
  const int level = m.standing().current_level();
  std::erase_if(reasons, [&](const Reason& r) { return r.from_ms == kNever || IsMarked(m, level, r.name); });
  return reasons;
}

std::vector<Reason> OpenReasons(const v1::Incident& m, const Knowledge& known, int64_t now) {
  if (!Climbs(m.standing().status())) return {};
  const auto* step = known.directory().FindLadderStep(m.standing().current_level());
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
  const auto* step = d.known.directory().FindLadderStep(m.standing().current_level());
  std::string why;
  for (const Reason& reason : holding) why += (why.empty() ? "" : "、") + std::string(reason.zh);
  v1::Event* event = decision.Emit();
  EmitEscalated(d, step->to_level(), why, true, event);
  for (const Reason& reason : holding)
    event->mutable_escalated()->add_ladder_reason(std::string(reason.name));
  return decision;
}

}  // namespace incident
