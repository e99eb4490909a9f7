// Suggestions of accountability 问责建议 (O8, 信访工作条例 40) and measures of the joint conference 信访工作联席会议 (O9, 39).
// Both are about units: whom a body with authority holds to account is decided there, by people, and entered nowhere.
#include <algorithm>
#include <utility>

#include "base/area_code.h"
#include "base/calendar.h"
#include "services/oversight/domain/checks.h"
#include "services/oversight/domain/decide.h"
#include "services/oversight/domain/lights.h"
#include "services/oversight/domain/limits.h"
#include "services/oversight/domain/orders.h"
#include "services/oversight/domain/standing.h"
#include "services/oversight/domain/tasks.h"
#include "services/oversight/domain/warnings.h"
#include "services/reference/deadline.h"

namespace oversight {
namespace {

using kernel::Refusal, kernel::RefusalCode;
using Codes = google::protobuf::RepeatedPtrField<std::string>;

// 回避 (3.1.3(3)): a unit neither records nor ends a measure about itself.
bool IsOf(std::string_view org_id, const Ask& ask) {
  return std::ranges::find(ask.ctx.actor->grant(), org_id, &kernel::v1::Grant::org_id) != ask.ctx.actor->grant().end();
}

// In the unit's own line: what it is under and so on upwards, and of each of these its superior of the same system.
bool IsInLineOver(const std::string& body, const directory::v1::Organisation& unit, const Ask& ask) {
  const directory::v1::Organisation* at = &unit;
  for (int step = 0; at != nullptr && step < kLineStepsMax; ++step) {
    if (at->parent() == body || at->superior_for_review() == body) return true;
    at = ask.reference.FindOrg(at->parent());
  }
  return false;
}

// 有管理权限的机关、单位 (信访工作条例 40): the government over it, the discipline organ of its area or of one above, its own
// line. A bureau beside it, a court, a police force has none, whatever its area.
bool HasAuthority(const directory::v1::Organisation& body, const directory::v1::Organisation& unit, const Ask& ask) {
  if (body.id() == unit.id()) return false;
  if (IsInLineOver(body.id(), unit, ask)) return true;
  if (!base::Covers(body.area_code(), unit.area_code())) return false;
  if (body.kind() == directory::v1::DISCIPLINE) return true;
  return body.kind() == directory::v1::GOV &&
         (unit.kind() != directory::v1::GOV || base::LevelOf(body.area_code()) > base::LevelOf(unit.area_code()));
}

// Of what has left since it was drafted nothing is sent, and whoever asks hears what is said of what never was.
std::optional<Refusal> CheckStillThere(const v1::SuggestionState& suggestion, const Ask& ask) {
  for (const auto& code : suggestion.matter_code()) {
    const v1::State* state = ask.ctx.lookup->Find(code);
    const bool gone = state == nullptr || LeftTheLists(state->matter()) ||
                      MayBeOfWhatLeft(state->matter(), suggestion.org_id());
    if (gone) return Why(RefusalCode::kNotFound, "NO_SUCH_MATTER", "matter_code");
  }
  return std::nullopt;
}

// What was drafted while they stood goes nowhere when one of them is closed: nobody would answer there.
std::optional<Refusal> CheckBothStand(const v1::SuggestionState& suggestion, const Ask& ask) {
  const bool closed = IsClosed(suggestion.org_id(), ask) || IsClosed(suggestion.recipient_org(), ask);
  return closed ? Why(RefusalCode::kGuard, "UNIT_CLOSED") : std::optional<Refusal>();
}

common::v1::Clock AnswerClock(const v1::SuggestionState& suggestion, const policy::v1::DeadlineRule& row,
                              const Ask& ask) {
  reference::ClockStart start;
  start.at_ms = ask.ctx.now_ms;
  start.started_by = "suggestion_sent";
  start.holder_org = suggestion.recipient_org();
  return reference::StartClock(row, start, ask.reference.calendar());
}

void List(const std::string& id, const v1::MeasureState& measure, const Ask& ask, Decision* decision) {
  for (const auto& code : measure.matter_code()) {
    const v1::Matter& matter = ask.ctx.lookup->Find(code)->matter();
    const v1::Part* holder = HolderPart(matter);
    auto* note = decision->EmitTo(code)->mutable_listing_noted()->mutable_note();
    note->set_listing_id(id);
    note->set_level(measure.level());
    note->set_rectify_by_ms(measure.rectify_by_ms());
    note->set_org_id(measure.org_id());
    note->set_conference_org(measure.conference_org());
    note->set_service(holder->service());
    note->set_subject_id(holder->subject_id());
    // 县→市 (3.6.3): the city hears of what a county lists, once.
    if (measure.level() != common::v1::COUNTY || EscalatedAt(matter, common::v1::CITY) != 0 ||
        CurrentLevel(matter) >= common::v1::CITY)
      continue;
    auto* climbed = decision->EmitTo(code)->mutable_listing_climbed();
    climbed->set_from(std::max<int>(CurrentLevel(matter), common::v1::COUNTY));
    climbed->set_to(common::v1::CITY);
  }
}

// Of listed supervision: matters that are open, and that the conference has not listed already.
std::optional<Refusal> CheckListed(const Codes& codes, const Ask& ask) {
  if (codes.empty()) return Why(RefusalCode::kInvalid, "VALUE_NEEDED", "matter_code");
  for (const auto& code : codes) {
    const v1::Matter& matter = ask.ctx.lookup->Find(code)->matter();
    if (!IsOpen(matter)) return Why(RefusalCode::kWrongStatus, "MATTER_ENDED", "matter_code");
    const bool listed =
        std::ranges::find(matter.listing(), ask.who.level, &v1::ListingNote::level) != matter.listing().end();
    if (listed || matter.listing_size() >= kListingsMax)
      return Why(RefusalCode::kGuard, "ALREADY_LISTED", "matter_code");
  }
  return std::nullopt;
}

}  // namespace

Decision DecideDraftSuggestion(const v1::DraftSuggestionRequest& request, const Ask& ask) {
  const auto* unit = ask.reference.FindOrg(request.org_id());
  const auto* body = ask.reference.FindOrg(request.recipient_org());
  if (unit == nullptr || unit->closed()) return Refuse(RefusalCode::kInvalid, "UNKNOWN_ORG", "org_id");
  if (!IsViolation(request.violation())) return Refuse(RefusalCode::kInvalid, "UNKNOWN_CODE", "violation");
  if (auto no = CheckText(request.facts(), "facts")) return Decision::Refuse(*std::move(no));
  if (auto no = CheckText(request.evidence(), "evidence")) return Decision::Refuse(*std::move(no));
  if (body == nullptr || body->closed()) return Refuse(RefusalCode::kInvalid, "UNKNOWN_ORG", "recipient_org");
  if (!HasAuthority(*body, *unit, ask)) return Refuse(RefusalCode::kGuard, "NO_AUTHORITY", "recipient_org");
  int seen_from = 0;
  if (auto no = CheckMatters(request.matter_code(), ask, &seen_from)) return Decision::Refuse(*std::move(no));
  if (auto no = CheckTheirs(request.matter_code(), unit->id(), ask)) return Decision::Refuse(*std::move(no));
  Decision decision;
  auto* suggestion = decision.Emit()->mutable_suggestion_drafted()->mutable_suggestion();
  suggestion->set_status(v1::SUGGESTION_DRAFT);
  suggestion->set_org_id(unit->id());
  suggestion->set_org_area_code(unit->area_code());
  suggestion->set_violation(request.violation());
  suggestion->set_facts(request.facts());
  suggestion->set_evidence(request.evidence());
  suggestion->set_recipient_org(body->id());
  *suggestion->mutable_matter_code() = request.matter_code();
  suggestion->set_area_code(ask.who.area);
  suggestion->set_from_org(ask.who.org);
  suggestion->set_drafter_user_id(ask.ctx.actor->user_id());
  suggestion->set_seen_from(seen_from);
  suggestion->set_drafted_at_ms(ask.ctx.now_ms);
  return decision;
}

Decision DecideSendSuggestion(const v1::SendSuggestionRequest& request, const Ask& ask) {
  const auto* row = ask.reference.FindRule("DO-06");
  if (!ask.reference.Ready() || row == nullptr) return Refuse(RefusalCode::kGuard, "CALENDAR_MISSING");
  if (auto no = CheckText(request.document_no(), "document_no")) return Decision::Refuse(*std::move(no));
  if (auto no = CheckStillThere(ask.state.suggestion(), ask)) return Decision::Refuse(*std::move(no));
  if (auto no = CheckBothStand(ask.state.suggestion(), ask)) return Decision::Refuse(*std::move(no));
  Decision decision;
  auto* sent = decision.Emit()->mutable_suggestion_sent();
  sent->set_document_no(request.document_no());
  *sent->mutable_clock() = AnswerClock(ask.state.suggestion(), *row, ask);
  sent->set_yellow_at_ms(YellowAt(sent->clock(), ask.reference));
  return decision;
}

Decision DecideWithdrawSuggestion(const v1::WithdrawSuggestionRequest& request, const Ask&) {
  if (auto no = CheckText(request.reason(), "reason")) return Decision::Refuse(*std::move(no));
  Decision decision;
  auto* closed = decision.Emit()->mutable_suggestion_closed();
  closed->set_text(request.reason());
  closed->set_withdrawn(true);
  return decision;
}

Decision DecideAnswerSuggestion(const v1::AnswerSuggestionRequest& request, const Ask& ask) {
  const bool known = request.adoption() == v1::ADOPTED || request.adoption() == v1::PARTLY_ADOPTED ||
                     request.adoption() == v1::NOT_ADOPTED;
  if (!known) return Refuse(RefusalCode::kInvalid, "VALUE_NEEDED", "adoption");
  if (auto no = CheckText(request.text(), "text")) return Decision::Refuse(*std::move(no));
  if (auto no = CheckText(request.document_no(), "document_no")) return Decision::Refuse(*std::move(no));
  Decision decision;
  auto* answered = decision.Emit()->mutable_suggestion_answered();
  answered->set_adoption(request.adoption());
  answered->set_text(request.text());
  answered->set_document_no(request.document_no());
  answered->set_org_id(ask.who.org);
  *answered->mutable_clock() =
      reference::Stop(ask.state.suggestion().clock(), ask.ctx.now_ms, ask.reference.calendar());
  return decision;
}

// DO-06. What was sent before suggestions had a light knows no yellow moment.
Decision DecideTurnSuggestionLight(const Ask& ask) {
  const v1::SuggestionState& suggestion = ask.state.suggestion();
  if (suggestion.status() != v1::SUGGESTION_SENT || !reference::IsRunning(suggestion.clock())) return {};
  const int64_t late_ms = reference::LateFromMs(suggestion.clock());
  const int64_t yellow_ms = suggestion.yellow_at_ms() == 0 ? late_ms : suggestion.yellow_at_ms();
  const auto light = LightAt(yellow_ms, suggestion.clock().due_at_ms(), ask.ctx.now_ms);
  if (light == suggestion.light() || (light == common::v1::GREEN && suggestion.yellow_at_ms() == 0)) return {};
  Decision decision;
  decision.Emit()->mutable_suggestion_light_changed()->set_light(light);
  return decision;
}

Decision DecideCloseSuggestion(const v1::CloseSuggestionRequest& request, const Ask&) {
  if (request.text().size() > kTextBytesMax) return Refuse(RefusalCode::kLimit, "TOO_LONG", "text");
  Decision decision;
  decision.Emit()->mutable_suggestion_closed()->set_text(request.text());
  return decision;
}

Decision DecideRecordMeasure(const v1::RecordMeasureRequest& request, const Ask& ask) {
  const auto* unit = ask.reference.FindOrg(request.org_id());
  if (unit == nullptr || unit->closed()) return Refuse(RefusalCode::kInvalid, "UNKNOWN_ORG", "org_id");
  if (IsOf(unit->id(), ask)) return Refuse(RefusalCode::kNotAllowed, "OWN_MEASURE", "org_id");
  if (request.measure() < v1::INTERVIEW || request.measure() > v1::LISTED_SUPERVISION)
    return Refuse(RefusalCode::kInvalid, "VALUE_NEEDED", "measure");
  const auto decided = base::ParseDay(request.decided_day());
  const auto rectify = base::ParseDay(request.rectify_by_day());
  const base::Day today = base::LocalDay(ask.ctx.now_ms);
  if (!decided || *decided > today) return Refuse(RefusalCode::kInvalid, "BAD_PAST_DAY", "decided_day");
  if (*decided < today - kDecidedDaysMax) return Refuse(RefusalCode::kInvalid, "TOO_LONG_AGO", "decided_day");
  if (!rectify || *rectify < today) return Refuse(RefusalCode::kInvalid, "BAD_DUE_DAY", "rectify_by_day");
  if (base::EndOfDayMs(*rectify) > ask.ctx.now_ms + kAheadMaxMs)
    return Refuse(RefusalCode::kInvalid, "TOO_FAR", "rectify_by_day");
  if (auto no = CheckText(request.document_no(), "document_no")) return Decision::Refuse(*std::move(no));
  if (auto no = CheckText(request.demand(), "demand")) return Decision::Refuse(*std::move(no));
  int seen_from = 0;
  if (auto no = CheckMatters(request.matter_code(), ask, &seen_from)) return Decision::Refuse(*std::move(no));
  if (auto no = CheckTheirs(request.matter_code(), unit->id(), ask)) return Decision::Refuse(*std::move(no));
  const bool listing = request.measure() == v1::LISTED_SUPERVISION;
  if (listing) {
    if (auto no = CheckListed(request.matter_code(), ask)) return Decision::Refuse(*std::move(no));
  }
  v1::MeasureState measure;
  measure.set_measure(request.measure());
  measure.set_org_id(unit->id());
  measure.set_org_area_code(unit->area_code());
  *measure.mutable_matter_code() = request.matter_code();
  measure.set_area_code(ask.who.area);
  measure.set_conference_org(ask.who.org);
  measure.set_level(ask.who.level);
  measure.set_seen_from(seen_from);
  measure.set_decided_day(DayNumber(*decided));
  measure.set_rectify_by_ms(base::EndOfDayMs(*rectify));
  measure.set_document_no(request.document_no());
  measure.set_demand(request.demand());
  measure.set_status(v1::MEASURE_IN_FORCE);
  measure.set_recorded_at_ms(ask.ctx.now_ms);
  Decision decision;
  *decision.Emit()->mutable_measure_recorded()->mutable_measure() = measure;
  if (listing) List(std::string(ask.ctx.aggregate_id), measure, ask, &decision);
  return decision;
}

Decision DecideEndMeasure(const v1::EndMeasureRequest& request, const Ask& ask) {
  if (auto no = CheckText(request.result(), "result")) return Decision::Refuse(*std::move(no));
  if (IsOf(ask.state.listing().org_id(), ask)) return Refuse(RefusalCode::kNotAllowed, "OWN_MEASURE", "id");
  Decision decision;
  decision.Emit()->mutable_measure_ended()->set_result(request.result());
  for (const auto& code : ask.state.listing().matter_code()) {
    const v1::State* state = ask.ctx.lookup->Find(code);
    if (state == nullptr) continue;
    for (const auto& note : state->matter().listing()) {
      if (note.listing_id() != ask.ctx.aggregate_id) continue;
      auto* noted = decision.EmitTo(code)->mutable_listing_noted();
      *noted->mutable_note() = note;
      noted->set_ended(true);
    }
  }
  return decision;
}

}  // namespace oversight
