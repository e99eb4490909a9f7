#include "services/oversight/domain/spells.h"

#include <algorithm>
#include <optional>
#include <set>

namespace oversight {
namespace {

// Where one course stands at a moment.
struct Here {
  const v1::Leg* leg = nullptr;  // null: not begun
  int64_t closed_since_ms = 0;   // of a closed one
  bool in_time = true;           // every closing so far
};

Here At(const v1::Course& course, int64_t at_ms) {
  Here here;
  for (const auto& leg : course.leg()) {
    if (leg.from_ms() > at_ms) break;
    const bool closes =
        leg.stand() == v1::STAND_CLOSED && (here.leg == nullptr || here.leg->stand() != v1::STAND_CLOSED);
    if (closes) {
      here.closed_since_ms = leg.from_ms();
      here.in_time &= leg.in_time();
    }
    here.leg = &leg;
  }
  return here;
}

// The matter from one moment to the next.
struct Stretch {
  v1::Stand stand = v1::STAND_UNSPECIFIED;
  int64_t due_ms = 0;  // the earliest of what is open; 0: none
  int cycle = 0;
  Spell spell;
};

Stretch StretchAt(const v1::Matter& matter, int origin, int64_t at_ms) {
  Stretch now;
  Spell& spell = now.spell;
  spell.from_ms = at_ms;
  spell.level = origin;
  spell.in_time = true;
  bool open = false, closed = false;
  const v1::Leg* last = nullptr;  // of the part that was closed last: it says what came of the matter
  int64_t last_ms = 0;
  for (const auto& course : matter.course()) {
    const Here here = At(course, at_ms);
    if (here.leg == nullptr) continue;
    const v1::Leg& leg = *here.leg;
    spell.level = std::max(spell.level, leg.level());
    spell.in_time &= here.in_time;
    spell.rework += leg.rework();
    spell.extended |= leg.extended();
    spell.reachable |= leg.reachable();
    now.cycle = std::max(now.cycle, leg.cycle());
    if (leg.stand() == v1::STAND_OPEN) {
      open = true;
      spell.suspended |= leg.suspended();
      if (leg.due_ms() != 0 && (now.due_ms == 0 || leg.due_ms() < now.due_ms)) now.due_ms = leg.due_ms();
    } else if (leg.stand() == v1::STAND_CLOSED) {
      closed = true;
      if (last == nullptr || here.closed_since_ms > last_ms ||
          (here.closed_since_ms == last_ms && leg.resolved() && !last->resolved())) {
        last = &leg;
        last_ms = here.closed_since_ms;
      }
    }
  }
  now.stand = open ? v1::STAND_OPEN : closed ? v1::STAND_CLOSED : v1::STAND_OUT;
  if (now.stand != v1::STAND_CLOSED) return now;
  spell.resolved = last->resolved();
  spell.evidence = last->evidence();
  spell.took = last->took();
  spell.took_in = last->took_in();
  return now;
}

bool AnyDeed(const v1::Matter& matter, v1::DeedKind kind, int64_t after_ms, int64_t until_ms, auto which) {
  for (const auto& course : matter.course()) {
    for (const auto& deed : course.deed()) {
      if (deed.kind() == kind && deed.at_ms() > after_ms && deed.at_ms() <= until_ms && which(deed)) return true;
    }
  }
  return false;
}

constexpr int64_t kEver = INT64_MAX;

// What later days say of a closing.
void LookBack(const v1::Matter& matter, int level, int cycle, Spell* spell) {
  const int64_t from = spell->from_ms;
  const int64_t to = spell->to_ms == 0 ? kEver : spell->to_ms;
  auto any = [](const v1::Deed&) { return true; };
  spell->evaluated = AnyDeed(matter, v1::DEED_EVALUATED, from - 1, to, any);
  spell->resolved = spell->resolved && !AnyDeed(matter, v1::DEED_EVALUATED, from - 1, from + kContradictedMs,
                                                [](const v1::Deed& d) { return d.more() == incident::v1::NO; });
  const int64_t quiet_until = from + kOnceOnlyMs;
  const bool reopened = spell->to_ms != 0 && spell->to_ms <= quiet_until;
  const bool again = AnyDeed(matter, v1::DEED_REPEATED, from, quiet_until, any) ||
                     std::ranges::any_of(matter.repeat(), [&](const v1::Repeat& repeat) {
                       return repeat.seen_from() <= level && repeat.at_ms() > from && repeat.at_ms() <= quiet_until;
                     });
  spell->first_time = cycle <= 1 && spell->rework == 0 && !reopened && !again;
}

// The late part of an open stretch; one spell as long as nothing changes that a figure looks at.
void AddLate(const Stretch& now, int64_t to_ms, std::vector<Spell>* late) {
  if (now.stand != v1::STAND_OPEN || now.due_ms == 0) return;
  Spell spell = now.spell;
  spell.by_due = now.due_ms >= spell.from_ms;
  spell.from_ms = std::max(spell.from_ms, now.due_ms);
  spell.to_ms = to_ms;
  if (to_ms != 0 && spell.from_ms >= to_ms) return;
  const bool goes_on = !late->empty() && late->back().to_ms == now.spell.from_ms &&
                       spell.from_ms == now.spell.from_ms && late->back().level == spell.level &&
                       late->back().suspended == spell.suspended;
  if (goes_on) {
    late->back().to_ms = to_ms;
  } else {
    late->push_back(spell);
  }
}

int OriginOf(const v1::Matter& matter) {
  const v1::Course* first = nullptr;
  for (const auto& course : matter.course()) {
    if (course.leg().empty()) continue;
    const bool earlier =
        first == nullptr || course.leg(0).from_ms() < first->leg(0).from_ms() ||
        (course.leg(0).from_ms() == first->leg(0).from_ms() && course.service() < first->service());
    if (earlier) first = &course;
  }
  return first == nullptr ? 0 : first->origin_level();
}

}  // namespace

Story StoryOf(const v1::Matter& matter, int level) {
  Story story;
  std::set<int64_t> moments;
  for (const auto& course : matter.course()) {
    if (course.derived()) return story;
    for (const auto& leg : course.leg()) moments.insert(leg.from_ms());
  }
  story.origin = OriginOf(matter);
  if (!moments.empty()) story.began_ms = *moments.begin();
  std::optional<Spell> closed;  // being told
  int cycle = 0;
  auto finish = [&](int64_t to_ms) {
    if (!closed) return;
    closed->to_ms = to_ms;
    LookBack(matter, level, cycle, &*closed);
    story.closed.push_back(*closed);
    closed.reset();
  };
  for (auto at = moments.begin(); at != moments.end(); ++at) {
    const int64_t to_ms = std::next(at) == moments.end() ? 0 : *std::next(at);
    const Stretch now = StretchAt(matter, story.origin, *at);
    AddLate(now, to_ms, &story.late);
    story.out = now.stand == v1::STAND_OUT;
    if (now.stand != v1::STAND_CLOSED) {
      finish(*at);
      continue;
    }
    const int64_t since = closed ? closed->from_ms : *at;
    closed = now.spell;
    closed->from_ms = since;
    cycle = now.cycle;
  }
  finish(0);
  return story;
}

}  // namespace oversight
