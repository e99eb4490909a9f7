#include "services/oversight/domain/course.h"

#include <algorithm>
#include <array>
#include <span>

#include "base/calendar.h"
#include "services/oversight/domain/limits.h"
#include "services/oversight/domain/standing.h"
#include "services/reference/deadline.h"

namespace oversight {
namespace {

using common::v1::Clock;
using Clocks = google::protobuf::RepeatedPtrField<Clock>;

// The period in which a matter is to be handled. Of an enterprise's appeal its own, which the order to a unit does not
// change; of a complex one the longer, which takes the place of the ordinary.
constexpr std::array<std::string_view, 4> kIncidentPeriods = {"DA-03", "DA-04", "DA-05", "DI-05"};
constexpr std::array<std::string_view, 1> kVerifyingPeriods = {"DI-06"};
constexpr std::array<std::string_view, 1> kMediationPeriods = {"DM-04"};
constexpr std::array<std::string_view, 2> kPetitionPeriods = {"DP-05", "DP-14"};
// Periods that figures ask about: K-09, K-12, K-13, K-17.
constexpr std::array<std::string_view, 9> kTerms = {"DA-01", "DP-01", "DP-02", "DP-03", "DP-05",
                                                    "DP-08", "DP-10", "DP-14", "DM-05"};

const Clock* HandlingClock(const Clocks& clocks, std::span<const std::string_view> periods) {
  for (const std::string_view policy_id : periods) {
    for (auto clock = clocks.rbegin(); clock != clocks.rend(); ++clock) {
      if (clock->policy_id() == policy_id && clock->outcome() != common::v1::CLOCK_CANCELLED) return &*clock;
    }
  }
  return nullptr;
}

// Whoever handles a matter has kept their period when they report it done; the matter is then to be closed within the
// period for looking at what was done (DI-06), which is the verifier's.
const Clock* VerifyingClock(const Clocks& clocks, const Clock* handling) {
  if (handling == nullptr || handling->outcome() != common::v1::CLOCK_MET) return nullptr;
  const Clock* verifying = HandlingClock(clocks, kVerifyingPeriods);
  const bool follows = verifying != nullptr && verifying->started_at_ms() >= handling->stopped_at_ms();
  return follows ? verifying : nullptr;
}

const Clock* HandlingClock(const v1::Observe& heard) {
  if (heard.has_incident()) return HandlingClock(heard.incident().clock(), kIncidentPeriods);
  if (heard.has_mediation()) return HandlingClock(heard.mediation().clock(), kMediationPeriods);
  return HandlingClock(heard.petition().clock(), kPetitionPeriods);
}

// By which this cycle is to be closed: due(x) of 3.10.
const Clock* ClosingClock(const v1::Observe& heard) {
  const Clock* handling = HandlingClock(heard);
  const Clock* verifying = heard.has_incident() ? VerifyingClock(heard.incident().clock(), handling) : nullptr;
  return verifying == nullptr ? handling : verifying;
}

v1::Stand StandOf(const v1::Observe& heard, const v1::Part& part, v1::Stand before) {
  if (heard.has_incident()) {
    switch (heard.incident().status()) {
      case incident::v1::REJECTED:
      case incident::v1::CANCELLED:
      case incident::v1::MERGED:
        return v1::STAND_OUT;
      default:
        return IsOpen(part) ? v1::STAND_OPEN : v1::STAND_CLOSED;
    }
  }
  if (heard.has_mediation()) {
    if (heard.mediation().status() == mediation::v1::REFUSED) return v1::STAND_OUT;
    if (heard.mediation().status() == mediation::v1::ARCHIVED && before != v1::STAND_UNSPECIFIED) return before;
    return IsOpen(part) ? v1::STAND_OPEN : v1::STAND_CLOSED;
  }
  switch (heard.petition().status()) {
    case petition::v1::NOT_ACCEPTED:
    case petition::v1::REDIRECTED:
    case petition::v1::WITHDRAWN:
    case petition::v1::MERGED:
      return v1::STAND_OUT;
    case petition::v1::OPINION_ISSUED:  // answered; a review looks at the answer, and may open it again
    case petition::v1::DELIVERED:
    case petition::v1::REVIEWING:
    case petition::v1::REVIEW_DELIVERED:
    case petition::v1::RECHECKING:
      return v1::STAND_CLOSED;
    case petition::v1::CLOSED:  // of one that was not accepted it is the end of the paper, not of a matter
      return before == v1::STAND_OUT ? before : v1::STAND_CLOSED;
    default:
      return IsOpen(part) ? v1::STAND_OPEN : v1::STAND_CLOSED;
  }
}

bool Resolved(const v1::Observe& heard, const v1::Leg& before) {
  if (heard.has_incident()) return heard.incident().substantively_resolved();
  if (heard.has_mediation()) return heard.mediation().effective_at_ms() != 0;
  const bool still = before.stand() == v1::STAND_CLOSED && before.resolved();
  return still || heard.petition().status() == petition::v1::SETTLED;
}

// From acceptance to the closing in the unit of the period, counted as its clock counts: not the first day, not the
// days of a pause. Whole days, or whole hours.
void Measure(const Clock* clock, int64_t from_ms, int64_t to_ms, const reference::Reference& reference,
             v1::Leg* leg) {
  if (clock == nullptr || from_ms == 0 || to_ms < from_ms) return;
  const base::Calendar& calendar = reference.calendar();
  const common::v1::TimeUnit unit = clock->length().unit();
  auto between = [&](int64_t from, int64_t to) -> int64_t {
    switch (unit) {
      case common::v1::WD:
        return calendar.WorkingDaysIn(base::LocalDay(from), base::LocalDay(to));
      case common::v1::UH:
      case common::v1::UM:
        return to - from;
      case common::v1::WH:
        return calendar.Between(base::Counting::kOfficeHours, from, to);
      default:
        return base::LocalDay(to) - base::LocalDay(from);
    }
  };
  int64_t took = between(from_ms, to_ms);
  for (const auto& pause : clock->pause()) {
    const int64_t from = std::max(pause.from_ms(), from_ms);
    const int64_t to = pause.to_ms() == 0 ? to_ms : std::min(pause.to_ms(), to_ms);
    if (to > from) took -= between(from, to);
  }
  const bool hours = unit == common::v1::UH || unit == common::v1::UM || unit == common::v1::WH;
  leg->set_took(static_cast<int32_t>(std::clamp<int64_t>(hours ? took / base::kHourMs : took, 0, kTookMax)));
  leg->set_took_in(unit == common::v1::UM ? common::v1::UH : unit == common::v1::MO ? common::v1::D : unit);
}

int64_t AcceptedAt(const v1::Observe& heard, const Clock* clock) {
  if (heard.has_incident()) return heard.incident().accepted_at_ms();
  return clock == nullptr ? 0 : clock->started_at_ms();
}

int LevelOf(const v1::Observe& heard, int before) {
  if (heard.has_incident()) {
    int level = std::max(before, heard.incident().current_level());
    for (const int held : heard.incident().level_path()) level = std::max(level, held);
    return level;
  }
  // A committee's level counts where it brought an agreement about.
  if (heard.has_mediation()) return heard.mediation().effective_at_ms() == 0 ? before : heard.mediation().level();
  return std::max(before, heard.petition().level());
}

// What staff closed by their own word alone. An agreement, an opinion, two documented calls speak for themselves.
bool HasEvidence(const v1::Observe& heard, bool before) {
  switch (heard.incident().closure_type()) {
    case incident::v1::SELF_HANDLED:
    case incident::v1::HANDLED:
    case incident::v1::NOT_FOUND:
    case incident::v1::LONG_TERM:
      return before || heard.incident().evidence();
    case incident::v1::CLOSURE_TYPE_UNSPECIFIED:
      return before || heard.incident().evidence() || !heard.has_incident();
    default:
      return true;
  }
}

v1::Leg LegOf(const v1::Observe& heard, const v1::Part& part, const v1::Leg& before,
              const reference::Reference& reference) {
  const v1::Stand stand = StandOf(heard, part, before.stand());
  const bool closes = stand == v1::STAND_CLOSED && before.stand() != v1::STAND_CLOSED;
  const Clock* clock = HandlingClock(heard);
  const Clock* closing = ClosingClock(heard);
  v1::Leg leg;
  if (stand == v1::STAND_CLOSED && !closes) leg = before;
  leg.set_from_ms(heard.recorded_at_ms());
  leg.set_stand(stand);
  leg.set_level(LevelOf(heard, before.level()));
  const bool again = stand == v1::STAND_OPEN && before.stand() == v1::STAND_CLOSED;
  leg.set_cycle(heard.has_incident() ? std::max(1, heard.incident().cycle()) : std::max(1, before.cycle() + again));
  leg.set_rework(heard.incident().rework_count());
  leg.set_extended(before.extended() || (clock != nullptr && !clock->extension().empty()));
  leg.set_evidence(HasEvidence(heard, !again && before.evidence()));
  leg.set_reachable(heard.incident().reachable());
  if (stand == v1::STAND_OPEN) {
    leg.set_suspended(heard.incident().status() == incident::v1::SUSPENDED);
    // What was paused in time is not due before it goes on.
    const bool waits = closing != nullptr && reference::IsPaused(*closing) &&
                       closing->pause(closing->pause_size() - 1).from_ms() <= closing->due_at_ms();
    if (closing != nullptr && !waits) leg.set_due_ms(closing->due_at_ms());
  }
  if (stand != v1::STAND_CLOSED) return leg;
  leg.set_resolved(Resolved(heard, before));
  if (!closes) return leg;
  if (closing != nullptr) {
    leg.set_in_time(heard.recorded_at_ms() <= closing->due_at_ms());
  } else {
    leg.set_in_time(!heard.has_incident() || heard.incident().on_time());
  }
  Measure(clock, AcceptedAt(heard, clock), heard.recorded_at_ms(), reference, &leg);
  return leg;
}

v1::Deed* AddDeed(v1::DeedKind kind, int64_t at_ms, int value, int more, v1::Heard* out) {
  auto* deed = out->add_deed();
  deed->set_kind(kind);
  deed->set_at_ms(at_ms);
  deed->set_value(value);
  deed->set_more(more);
  return deed;
}

void IncidentDeeds(const v1::Observe& heard, const v1::Course& before, v1::Heard* out) {
  const auto& said = heard.incident();
  const std::string_view topic = heard.topic();
  const int64_t at = heard.recorded_at_ms();
  if (before.leg().empty()) AddDeed(v1::DEED_REPORTED, said.reported_at_ms(), said.source(), said.kind(), out);
  if (topic == "incident.self_handled")
    AddDeed(v1::DEED_SELF_HANDLED, at, 0, 0, out)->set_org_id(said.lead_org());
  if (topic == "incident.dispatched") AddDeed(v1::DEED_DISPATCHED, at, 0, 0, out);
  if (topic == "incident.return_requested") AddDeed(v1::DEED_RETURN_ASKED, at, 0, 0, out);
  if (topic == "incident.return_refused") AddDeed(v1::DEED_RETURN_REFUSED, at, 0, 0, out);
  if (said.first_contact()) AddDeed(v1::DEED_CONTACTED, at, 0, 0, out);
  const bool answered = said.satisfied() != 0 || said.solved() != incident::v1::RESOLVED_UNSPECIFIED;
  if (topic == "incident.evaluated" && answered)
    AddDeed(v1::DEED_EVALUATED, at, said.satisfied(), said.solved(), out)->set_by(said.evaluated_by());
  if (topic == "incident.duplicate_joined") AddDeed(v1::DEED_REPEATED, at, 0, 0, out);
}

void MediationDeeds(const v1::Observe& heard, v1::Heard* out) {
  const auto& said = heard.mediation();
  const std::string_view topic = heard.topic();
  const int64_t at = heard.recorded_at_ms();
  if (topic == "mediation.effective") AddDeed(v1::DEED_EFFECTIVE, at, 0, 0, out);
  if (topic == "mediation.ended") AddDeed(v1::DEED_ENDED, at, said.end_reason(), 0, out);
  const bool decided =
      said.confirmation() == mediation::v1::CONFIRMED || said.confirmation() == mediation::v1::REJECTED;
  if (topic == "mediation.confirmation_result" && decided)
    AddDeed(v1::DEED_CONFIRMATION_DECIDED, at, said.confirmation() == mediation::v1::CONFIRMED, 0, out);
}

void PetitionDeeds(const v1::Observe& heard, const v1::Course& before, v1::Heard* out) {
  const auto& said = heard.petition();
  const std::string_view topic = heard.topic();
  const int64_t at = heard.recorded_at_ms();
  const auto known = std::ranges::find(before.deed(), v1::DEED_REGISTERED, &v1::Deed::kind);
  if (known == before.deed().end() || known->value() != said.petitioner_count() || known->more() != said.repeat())
    AddDeed(v1::DEED_REGISTERED, said.registered_at_ms(), said.petitioner_count(), said.repeat(), out);
  if (topic == "petition.evaluated" && said.rated_unit() + said.rated_office() != 0)
    AddDeed(v1::DEED_RATED, at, said.rated_unit(), said.rated_office(), out);
  if (topic == "petition.backlog_listed") AddDeed(v1::DEED_BACKLOG_LISTED, at, 0, 0, out);
  if (topic == "petition.written_off") AddDeed(v1::DEED_WRITTEN_OFF, at, 0, 0, out);
}

bool IsThe(const v1::Clause& clause, int no, int64_t since_ms) {
  return clause.no() == no && clause.since_ms() == since_ms;
}

bool Same(const v1::Term& a, const v1::Term& b) {
  return a.due_ms() == b.due_ms() && a.stopped_ms() == b.stopped_ms() && a.outcome() == b.outcome() &&
         a.written() == b.written();
}

void Terms(const v1::Observe& heard, const v1::Course& before, v1::Heard* out) {
  for (const auto& clock : ClocksIn(heard)) {
    if (std::ranges::find(kTerms, std::string_view(clock.policy_id())) == kTerms.end()) continue;
    v1::Term term;
    term.set_policy_id(clock.policy_id());
    term.set_started_at_ms(clock.started_at_ms());
    term.set_due_ms(clock.due_at_ms());
    term.set_stopped_ms(clock.stopped_at_ms());
    term.set_outcome(clock.outcome());
    term.set_written(heard.mediation().form() == mediation::v1::WRITTEN);
    const auto known = std::ranges::find_if(before.term(), [&](const v1::Term& old) {
      return old.policy_id() == term.policy_id() && old.started_at_ms() == term.started_at_ms();
    });
    if (known == before.term().end() || !Same(*known, term)) *out->add_term() = std::move(term);
  }
}

void Clauses(const v1::Observe& heard, const v1::Course& before, v1::Heard* out) {
  const int64_t since_ms = heard.mediation().effective_at_ms();
  const bool given_up = std::ranges::any_of(before.clause(), [&](const v1::Clause& old) {
    return old.since_ms() != since_ms && old.done_ms() == 0 && old.due_ms() > heard.recorded_at_ms();
  });
  if (given_up) out->set_void_after_ms(heard.recorded_at_ms());
  for (const auto& said : heard.mediation().clause()) {
    const bool same = std::ranges::any_of(before.clause(), [&](const v1::Clause& old) {
      return IsThe(old, said.no(), since_ms) && old.due_ms() == said.due_at_ms() &&
             old.done_ms() == said.done_at_ms();
    });
    if (same) continue;
    auto* clause = out->add_clause();
    clause->set_no(said.no());
    clause->set_since_ms(since_ms);
    clause->set_due_ms(said.due_at_ms());
    clause->set_done_ms(said.done_at_ms());
  }
}

bool SameLeg(v1::Leg a, const v1::Leg& b) {
  a.set_from_ms(b.from_ms());
  return a.SerializeAsString() == b.SerializeAsString();
}

template <class List, class Item>
void Push(List* list, const Item& item, int max) {
  if (list->size() < max) {
    *list->Add() = item;
  } else {
    *list->rbegin() = item;
  }
}

}  // namespace

const v1::Course* FindCourse(const v1::Matter& matter, std::string_view service, std::string_view subject_id) {
  for (const auto& course : matter.course()) {
    if (course.service() == service && course.subject_id() == subject_id) return &course;
  }
  return nullptr;
}

v1::Heard HeardOf(const v1::Observe& heard, const v1::Part& part, const v1::Course* known,
                  const reference::Reference& reference) {
  v1::Heard out;
  if (LeftTheLists(part)) {
    out.set_gone(true);
    return out;
  }
  const v1::Course& before = known == nullptr ? v1::Course::default_instance() : *known;
  const v1::Leg last = before.leg().empty() ? v1::Leg() : *before.leg().rbegin();
  v1::Leg leg = LegOf(heard, part, last, reference);
  if (before.leg().empty() || !SameLeg(leg, last)) *out.mutable_leg() = std::move(leg);
  if (before.leg().empty()) {
    out.set_origin_level(heard.has_incident()    ? heard.incident().origin_level()
                         : heard.has_mediation() ? heard.mediation().level()
                                                 : heard.petition().level());
    out.set_derived(!heard.incident().derived_from().empty());
  }
  if (heard.has_incident()) IncidentDeeds(heard, before, &out);
  if (heard.has_mediation()) MediationDeeds(heard, &out);
  if (heard.has_petition()) PetitionDeeds(heard, before, &out);
  Terms(heard, before, &out);
  if (heard.has_mediation()) Clauses(heard, before, &out);
  if (heard.petition().leader_target_ms() != before.leader_target_ms())
    out.set_leader_target_ms(heard.petition().leader_target_ms());
  return out;
}

void ApplyHeard(const v1::Heard& heard, std::string_view service, std::string_view subject_id, v1::Matter* matter) {
  auto* courses = matter->mutable_course();
  auto at = std::ranges::find_if(*courses, [&](const v1::Course& course) {
    return course.service() == service && course.subject_id() == subject_id;
  });
  if (heard.gone()) {
    if (at != courses->end()) courses->erase(at);
    return;
  }
  if (at == courses->end()) {
    if (!heard.has_leg()) return;  // of a matter that was told before figures were counted
    auto* fresh = courses->Add();
    fresh->set_service(std::string(service));
    fresh->set_subject_id(std::string(subject_id));
    fresh->set_origin_level(heard.origin_level());
    fresh->set_derived(heard.derived());
    at = courses->end() - 1;
  }
  if (heard.has_leg()) Push(at->mutable_leg(), heard.leg(), kLegsMax);
  for (const auto& deed : heard.deed()) {
    const auto known = std::ranges::find(*at->mutable_deed(), v1::DEED_REGISTERED, &v1::Deed::kind);
    if (deed.kind() == v1::DEED_REGISTERED && known != at->mutable_deed()->end()) {
      *known = deed;
    } else {
      Push(at->mutable_deed(), deed, kDeedsMax);
    }
  }
  for (const auto& term : heard.term()) {
    const auto known = std::ranges::find_if(*at->mutable_term(), [&](const v1::Term& old) {
      return old.policy_id() == term.policy_id() && old.started_at_ms() == term.started_at_ms();
    });
    if (known != at->mutable_term()->end()) {
      *known = term;
    } else {
      Push(at->mutable_term(), term, kTermsMax);
    }
  }
  if (heard.void_after_ms() != 0) {
    for (int i = at->clause_size() - 1; i >= 0; --i) {
      if (at->clause(i).done_ms() == 0 && at->clause(i).due_ms() > heard.void_after_ms())
        at->mutable_clause()->DeleteSubrange(i, 1);
    }
  }
  for (const auto& clause : heard.clause()) {
    const auto known = std::ranges::find_if(
        *at->mutable_clause(), [&](const v1::Clause& old) { return IsThe(old, clause.no(), clause.since_ms()); });
    if (known != at->mutable_clause()->end()) {
      *known = clause;
    } else {
      Push(at->mutable_clause(), clause, kClausesMax);
    }
  }
  if (heard.leader_target_ms() != 0) at->set_leader_target_ms(heard.leader_target_ms());
}

}  // namespace oversight
