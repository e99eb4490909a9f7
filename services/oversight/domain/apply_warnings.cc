// What events make of warnings, of what they are counted from, of suggestions and of what the joint conference decides.
// As apply.cc: copies and counts, for ever.
#include <algorithm>

#include "services/oversight/domain/apply_parts.h"
#include "services/oversight/domain/limits.h"
#include "services/oversight/domain/warnings.h"

namespace oversight {
namespace {

using v1::Event;

template <class List>
void Remove(List* list, auto which) {
  for (int i = list->size() - 1; i >= 0; --i) {
    if (which(list->Get(i))) list->DeleteSubrange(i, 1);
  }
}

void ApplyChanged(const v1::WarningChanged& e, v1::WarningState* warning) {
  if (!e.fact().empty()) *warning->mutable_fact() = e.fact();
  if (!e.joined().empty() && warning->matter_code_size() < kWarningMattersMax)
    warning->add_matter_code(e.joined());
  if (!e.left().empty())
    Remove(warning->mutable_matter_code(), [&](const std::string& code) { return code == e.left(); });
}

void ApplyEnded(const v1::WarningEnded& e, int64_t now_ms, v1::WarningState* warning) {
  warning->set_status(e.status());
  warning->set_ending_text(e.text());
  warning->set_ending_code(e.code());
  warning->set_ended_by_user(e.user_id());
  warning->set_ended_by_org(e.org_id());
  *warning->mutable_clock() = e.clock();
  warning->set_ended_at_ms(now_ms);
}

void SetPlace(const v1::Watch& from, v1::Watch* watch) {
  watch->set_area_code(from.area_code());
  watch->set_category(from.category());
  watch->set_org_id(from.org_id());
}

void ApplyArrival(const v1::ArrivalHeard& e, v1::Watch* watch) {
  SetPlace(e.watch(), watch);
  watch->set_heard_since_ms(e.watch().heard_since_ms());
  auto* arrivals = watch->mutable_arrival();
  Remove(arrivals, [&](const v1::Arrival& old) { return old.at_ms() < e.keep_from_ms(); });
  if (arrivals->size() >= kArrivalsMax) arrivals->DeleteSubrange(0, 1);
  *arrivals->Add() = e.arrival();
}

void ApplyLeft(const v1::ArrivalLeft& e, v1::Watch* watch) {
  Remove(watch->mutable_arrival(), [&](const v1::Arrival& a) { return a.matter_code() == e.matter_code(); });
  for (auto& month : *watch->mutable_month()) {
    if (month.month() != e.month()) continue;
    month.set_counted(std::max<int64_t>(0, month.counted() - 1));
    Remove(month.mutable_matter_code(), [&](const std::string& code) { return code == e.matter_code(); });
  }
}

void ApplyMonth(const v1::MonthHeard& e, v1::Watch* watch) {
  SetPlace(e.watch(), watch);
  auto* months = watch->mutable_month();
  Remove(months, [&](const v1::MonthCount& old) { return old.month() < e.keep_from(); });
  auto at = std::ranges::find(*months, e.month(), &v1::MonthCount::month);
  if (at == months->end()) {
    months->Add()->set_month(e.month());
    at = months->end() - 1;
  }
  at->set_counted(at->counted() + 1);
  at->set_on_time(at->on_time() + (e.on_time() ? 1 : 0));
  if (!e.matter_code().empty() && at->matter_code_size() < kWarningMattersMax)
    at->add_matter_code(e.matter_code());
  const bool sooner = watch->look_ms() == 0 || e.look_ms() < watch->look_ms();
  if (e.look_ms() != 0 && sooner) watch->set_look_ms(e.look_ms());
}

void ApplySet(const v1::Watch& to, v1::Watch* watch) {
  SetPlace(to, watch);
  watch->set_horizon(to.horizon());
  watch->set_term_ends(to.term_ends());
  watch->set_look_ms(to.look_ms());
  watch->set_heard_since_ms(to.heard_since_ms());
}

void ApplyLate(const v1::LateHeard& e, v1::Watch* watch) {
  SetPlace(e.watch(), watch);
  auto* lates = watch->mutable_late();
  Remove(lates, [&](const v1::LateOpen& old) {
    const bool same = old.service() == e.late().service() && old.subject_id() == e.late().subject_id();
    const bool forgotten = old.until_ms() != 0 && old.until_ms() < e.keep_from_ms();
    return forgotten || (same && (e.gone() || old.until_ms() == 0));
  });
  const bool was_late = e.late().until_ms() == 0 || e.late().until_ms() > e.late().due_ms();
  if (!e.gone() && was_late) {
    const auto over = std::ranges::find_if(*lates, [](const v1::LateOpen& old) { return old.until_ms() != 0; });
    if (lates->size() >= kLateOpenMax && over != lates->end()) lates->erase(over);
    if (lates->size() < kLateOpenMax) *lates->Add() = e.late();
  }
  const bool sooner = watch->look_ms() == 0 || e.look_ms() < watch->look_ms();
  if (e.look_ms() != 0 && sooner) watch->set_look_ms(e.look_ms());
}

void ApplyLooked(const v1::WatchLooked& e, v1::Watch* watch) {
  const bool known = std::ranges::find(watch->month(), e.month(), &v1::MonthCount::month) != watch->month().end();
  // A month in which nothing was closed is looked at once, like any other.
  if (!watch->late().empty() && e.month() != 0 && !known) {
    Remove(watch->mutable_month(), [&](const v1::MonthCount& old) { return old.month() + 100 <= e.month(); });
    watch->add_month()->set_month(e.month());
  }
  for (auto& month : *watch->mutable_month()) {
    if (month.month() <= e.month()) month.set_looked(true);
  }
  watch->set_look_ms(e.look_ms());
}

// What a warning was about counts towards no other.
void ApplyWatchNoted(const v1::WatchNoted& e, v1::Watch* watch) {
  if (!e.ended()) {
    watch->set_warning_id(e.warning_id());
    return watch->set_warning_count(watch->warning_count() + 1);
  }
  watch->clear_warning_id();
  if (e.fell_short()) {
    for (auto& month : *watch->mutable_month()) month.set_looked(false);
    return;
  }
  for (auto& arrival : *watch->mutable_arrival()) arrival.set_dealt(true);
}

}  // namespace

void ApplyWarning(const Event& event, int64_t now_ms, v1::WarningState* warning) {
  switch (event.body_case()) {
    case Event::kWarningRaised:
      *warning = event.warning_raised().warning();
      return;
    case Event::kWarningChanged:
      return ApplyChanged(event.warning_changed(), warning);
    case Event::kWarningAcknowledged:
      warning->set_status(v1::WARNING_ACKNOWLEDGED);
      warning->set_acknowledged_by_user(event.warning_acknowledged().user_id());
      warning->set_acknowledged_by_org(event.warning_acknowledged().org_id());
      *warning->mutable_clock() = event.warning_acknowledged().clock();
      return warning->set_acknowledged_at_ms(now_ms);
    case Event::kWarningActioned:
      warning->set_status(v1::WARNING_ACTIONED);
      *warning->add_action() = event.warning_actioned().action();
      return;
    case Event::kWarningEnded:
      return ApplyEnded(event.warning_ended(), now_ms, warning);
    case Event::kWarningPassedUp:
      warning->set_level(event.warning_passed_up().level());
      *warning->mutable_clock() = event.warning_passed_up().clock();
      return;
    default:
      return;
  }
}

void ApplyWatch(const Event& event, v1::Watch* watch) {
  switch (event.body_case()) {
    case Event::kArrivalHeard:
      return ApplyArrival(event.arrival_heard(), watch);
    case Event::kArrivalLeft:
      return ApplyLeft(event.arrival_left(), watch);
    case Event::kMonthHeard:
      return ApplyMonth(event.month_heard(), watch);
    case Event::kLateHeard:
      return ApplyLate(event.late_heard(), watch);
    case Event::kWatchSet:
      return ApplySet(event.watch_set().watch(), watch);
    case Event::kWatchLooked:
      return ApplyLooked(event.watch_looked(), watch);
    case Event::kWatchNoted:
      return ApplyWatchNoted(event.watch_noted(), watch);
    default:
      return;
  }
}

void ApplyToMatter(const Event& event, int64_t now_ms, v1::Matter* matter) {
  switch (event.body_case()) {
    case Event::kWarningNoted: {
      const auto& e = event.warning_noted();
      auto* notes = matter->mutable_warning();
      const auto old = std::ranges::find(*notes, e.note().warning_id(), &v1::WarningNote::warning_id);
      if (old != notes->end()) {
        notes->erase(old);
      } else {
        matter->set_warning_count(matter->warning_count() + 1);
      }
      if (!IsOver(e.note().status())) *notes->Add() = e.note();
      if (e.has_vigil()) *matter->mutable_vigil() = e.vigil();
      return;
    }
    case Event::kMatterLooked:
      *matter->mutable_vigil() = event.matter_looked().vigil();
      return;
    case Event::kListingNoted: {
      const auto& e = event.listing_noted();
      Remove(matter->mutable_listing(),
             [&](const v1::ListingNote& old) { return old.listing_id() == e.note().listing_id(); });
      if (!e.ended()) *matter->add_listing() = e.note();
      return;
    }
    case Event::kListingClimbed: {
      auto* escalation = matter->add_escalation();
      escalation->set_from(event.listing_climbed().from());
      escalation->set_to(event.listing_climbed().to());
      escalation->set_reason("LISTED");
      escalation->set_automatic(true);
      escalation->set_by_oversight(true);
      escalation->set_at_ms(now_ms);
      if (matter->escalation_size() > kEscalationsKept) matter->mutable_escalation()->DeleteSubrange(0, 1);
      return;
    }
    default:
      return;
  }
}

void ApplySuggestion(const Event& event, int64_t now_ms, v1::SuggestionState* suggestion) {
  switch (event.body_case()) {
    case Event::kSuggestionDrafted:
      *suggestion = event.suggestion_drafted().suggestion();
      return;
    case Event::kSuggestionSent:
      suggestion->set_status(v1::SUGGESTION_SENT);
      suggestion->set_document_no(event.suggestion_sent().document_no());
      *suggestion->mutable_clock() = event.suggestion_sent().clock();
      suggestion->set_yellow_at_ms(event.suggestion_sent().yellow_at_ms());
      if (suggestion->yellow_at_ms() != 0) suggestion->set_light(common::v1::GREEN);
      return suggestion->set_sent_at_ms(now_ms);
    case Event::kSuggestionAnswered: {
      const auto& e = event.suggestion_answered();
      suggestion->set_status(v1::SUGGESTION_ANSWERED);
      suggestion->set_adoption(e.adoption());
      suggestion->set_answer(e.text());
      suggestion->set_answer_document_no(e.document_no());
      suggestion->set_answered_by_org(e.org_id());
      *suggestion->mutable_clock() = e.clock();
      return suggestion->set_answered_at_ms(now_ms);
    }
    case Event::kSuggestionLightChanged:
      return suggestion->set_light(event.suggestion_light_changed().light());
    case Event::kSuggestionClosed:
      suggestion->set_status(v1::SUGGESTION_CLOSED);
      suggestion->set_closing_text(event.suggestion_closed().text());
      suggestion->set_withdrawn(event.suggestion_closed().withdrawn());
      return suggestion->set_closed_at_ms(now_ms);
    default:
      return;
  }
}

void ApplyMeasure(const Event& event, int64_t now_ms, v1::MeasureState* measure) {
  if (event.has_measure_recorded()) *measure = event.measure_recorded().measure();
  if (!event.has_measure_ended()) return;
  measure->set_status(v1::MEASURE_ENDED);
  measure->set_result(event.measure_ended().result());
  measure->set_ended_at_ms(now_ms);
}

}  // namespace oversight
