#include "services/oversight/domain/late_open.h"

#include <algorithm>
#include <optional>
#include <string>

#include "base/area_code.h"
#include "base/calendar.h"
#include "services/oversight/domain/course.h"
#include "services/oversight/domain/limits.h"
#include "services/oversight/domain/standing.h"
#include "services/oversight/domain/warnings.h"
#include "services/oversight/domain/watch.h"
#include "services/reference/month.h"

namespace oversight {
namespace {

const v1::Part* PartOf(const v1::Matter& matter, const v1::Observe& heard) {
  for (const auto& part : matter.part()) {
    if (part.service() == heard.service() && part.subject_id() == heard.subject_id()) return &part;
  }
  return nullptr;
}

std::string UnitOf(const v1::Part& part) {
  if (part.has_incident()) return part.incident().lead_org();
  return part.has_mediation() ? part.mediation().committee_org() : part.petition().holder_org();
}

// By when it was to be closed, if that is over: due(x) of 3.10. What is suspended is nobody's lateness.
std::optional<int64_t> LateSince(const v1::Matter& matter, const v1::Part& part, int64_t now_ms) {
  const v1::Course* course = FindCourse(matter, part.service(), part.subject_id());
  if (course == nullptr || course->derived() || course->leg().empty()) return std::nullopt;
  const v1::Leg& leg = *course->leg().rbegin();
  const bool late =
      leg.stand() == v1::STAND_OPEN && !leg.suspended() && leg.due_ms() != 0 && leg.due_ms() < now_ms;
  return late ? std::optional(leg.due_ms()) : std::nullopt;
}

bool IsOut(const v1::Matter& matter, const v1::Part& part) {
  const v1::Course* course = FindCourse(matter, part.service(), part.subject_id());
  return course == nullptr || course->leg().empty() || course->leg().rbegin()->stand() == v1::STAND_OUT;
}

const v1::LateOpen* FindLate(const std::string& org_id, const v1::Part& part, const Ask& ask) {
  const v1::State* known = org_id.empty() ? nullptr : ask.ctx.lookup->Find(UnitWatch(org_id));
  if (known == nullptr) return nullptr;
  for (const auto& late : known->watch().late()) {
    if (late.until_ms() == 0 && late.service() == part.service() && late.subject_id() == part.subject_id())
      return &late;
  }
  return nullptr;
}

// So many that it closes late whatever it closes: more are not written down one by one.
bool KnowsEnough(const std::string& org_id, const Ask& ask) {
  const v1::State* known = ask.ctx.lookup->Find(UnitWatch(org_id));
  if (known == nullptr) return false;
  const auto goes_on = [](const v1::LateOpen& late) { return late.until_ms() == 0; };
  return std::ranges::count_if(known->watch().late(), goes_on) >= kLateOpenMax;
}

// The first look at a month in which it was late.
int64_t LooksAt(int64_t due_ms, int64_t now_ms) {
  const int32_t month = reference::MonthOf(base::LocalDay(now_ms));
  const int64_t before_ms = MonthLookMs(reference::MonthBefore(month));
  const bool of_before = due_ms <= base::StartOfDayMs(reference::FirstDayOf(month)) && before_ms > now_ms;
  return of_before ? before_ms : MonthLookMs(month);
}

// Of the unit, what there is to say of it: in its watch.
v1::LateHeard* Tell(const std::string& org_id, const Ask& ask, Decision* decision) {
  const auto* org = ask.reference.FindOrg(org_id);
  auto* heard = decision->EmitTo(UnitWatch(org_id))->mutable_late_heard();
  heard->mutable_watch()->set_org_id(org_id);
  if (org != nullptr) heard->mutable_watch()->set_area_code(org->area_code());
  const int32_t month = reference::MonthOf(base::LocalDay(ask.ctx.now_ms));
  heard->set_keep_from_ms(base::StartOfDayMs(reference::FirstDayOf(reference::MonthBefore(month))));
  return heard;
}

void Enter(const v1::Part& part, const std::string& code, int64_t due_ms, const Ask& ask, Decision* decision) {
  const auto* org = ask.reference.FindOrg(UnitOf(part));
  if (org == nullptr) return;
  const int level = std::clamp<int>(base::LevelOf(org->area_code()), common::v1::TOWNSHIP, common::v1::CITY);
  if (part.has_petition() && part.level() > level) return;  // not theirs to see
  if (KnowsEnough(org->id(), ask)) return;
  auto* heard = Tell(org->id(), ask, decision);
  heard->mutable_late()->set_service(part.service());
  heard->mutable_late()->set_subject_id(part.subject_id());
  heard->mutable_late()->set_matter_code(code);
  heard->mutable_late()->set_due_ms(due_ms);
  heard->set_look_ms(LooksAt(due_ms, ask.ctx.now_ms));
}

}  // namespace

void HearLate(const v1::Observe& heard, const v1::Matter& before, const v1::Matter& after, const Ask& ask,
              Decision* decision) {
  const v1::Part* was = PartOf(before, heard);
  const v1::Part* is = PartOf(after, heard);
  if (is == nullptr) return;
  const auto due_ms = LateSince(after, *is, ask.ctx.now_ms);
  const v1::LateOpen* known = was == nullptr ? nullptr : FindLate(UnitOf(*was), *was, ask);
  const bool goes_on = known != nullptr && due_ms && UnitOf(*was) == UnitOf(*is) && known->due_ms() == *due_ms;
  if (goes_on) return;
  if (known != nullptr) {
    auto* ended = Tell(UnitOf(*was), ask, decision);
    *ended->mutable_late() = *known;
    ended->mutable_late()->set_until_ms(heard.recorded_at_ms());
    ended->set_gone(IsOut(after, *is));
  }
  if (due_ms && FindWarningRule(ask.reference, "W6") != nullptr)
    Enter(*is, heard.matter_code(), *due_ms, ask, decision);
}

void NoteLate(const v1::Part& part, const Ask& ask, Decision* decision) {
  const v1::Matter& matter = ask.state.matter();
  const auto due_ms = LateSince(matter, part, ask.ctx.now_ms);
  if (!due_ms || FindWarningRule(ask.reference, "W6") == nullptr) return;
  if (FindLate(UnitOf(part), part, ask) != nullptr) return;
  Enter(part, matter.matter_code(), *due_ms, ask, decision);
}

}  // namespace oversight
