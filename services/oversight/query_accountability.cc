// Suggestions of accountability and measures of the joint conference as people look them up.
#include <algorithm>
#include <utility>

#include "base/area_code.h"
#include "base/calendar.h"
#include "base/status_macros.h"
#include "services/oversight/domain/keys.h"
#include "services/oversight/domain/refusals.h"
#include "services/oversight/domain/rules.h"
#include "services/oversight/domain/standing.h"
#include "services/oversight/queries.h"
#include "services/oversight/walk.h"
#include "services/reference/deadline.h"

namespace oversight {
namespace {

using kernel::RefusalCode;
using Codes = google::protobuf::RepeatedPtrField<std::string>;

// The head of a petition office reads of the petitions of its line, as those who lead it do: it is them that the office
// names in what it suggests and enters.
bool IsOfTheirOffice(const v1::Matter& matter, const kernel::v1::Actor& actor) {
  const int seen_from = SeenFrom(matter);  // 0: there is no petition
  return seen_from != 0 && std::ranges::any_of(actor.grant(), [&](const kernel::v1::Grant& grant) {
           return grant.role() == kernel::v1::ROLE_PO && base::Covers(grant.area_code(), matter.area_code()) &&
                  base::LevelOf(grant.area_code()) >= seen_from;
         });
}

// As far as the reader may see them; what is gone from the lists is named to nobody, though mediation goes on under the
// same code. Returns how many are still there.
absl::StatusOr<int> Name(const Codes& codes, std::string_view org_id, const OversightReader& reader,
                         const rpc::Caller& caller, Codes* out) {
  int there = 0;
  for (const auto& code : codes) {
    ASSIGN_OR_RETURN(auto matter, reader.Get(code));
    if (!matter || LeftTheLists(matter->state.matter()) || MayBeOfWhatLeft(matter->state.matter(), org_id)) continue;
    ++there;
    if (MaySee(matter->state, caller.actor) || IsOfTheirOffice(matter->state.matter(), caller.actor))
      *out->Add() = code;
  }
  return there;
}

absl::Status FillSuggestion(const std::string& id, const kernel::Stored<v1::State>& stored,
                            const OversightReader& reader, const rpc::Caller& caller, v1::Suggestion* out) {
  const v1::SuggestionState& suggestion = stored.state.suggestion();
  out->set_id(id);
  out->set_version(stored.version);
  out->set_status(suggestion.status());
  out->set_org_id(suggestion.org_id());
  out->set_violation(suggestion.violation());
  out->set_facts(suggestion.facts());
  out->set_evidence(suggestion.evidence());
  out->set_recipient_org(suggestion.recipient_org());
  out->set_from_org(suggestion.from_org());
  out->set_document_no(suggestion.document_no());
  out->set_drafted_at_ms(suggestion.drafted_at_ms());
  out->set_sent_at_ms(suggestion.sent_at_ms());
  out->set_adoption(suggestion.adoption());
  out->set_answer(suggestion.answer());
  out->set_answer_document_no(suggestion.answer_document_no());
  out->set_answered_by_org(suggestion.answered_by_org());
  out->set_answered_at_ms(suggestion.answered_at_ms());
  out->set_closed_at_ms(suggestion.closed_at_ms());
  out->set_closing_text(suggestion.closing_text());
  out->set_withdrawn(suggestion.withdrawn());
  out->set_light(suggestion.light());
  out->set_area_code(suggestion.area_code());
  ASSIGN_OR_RETURN(const int there,
                   Name(suggestion.matter_code(), suggestion.org_id(), reader, caller, out->mutable_matter_code()));
  for (auto& name : AllowedCommands(stored.state, caller.actor)) {
    const bool gone = there < suggestion.matter_code_size();  // it is not sent any more
    if (!gone || name != "sendSuggestion") out->add_allowed_command(std::move(name));
  }
  const auto reference = reader.Reference();
  if (suggestion.clock().due_at_ms() != 0 && reference->HasCalendar()) {
    *out->mutable_deadline() =
        reference::Explain(suggestion.clock(), reference->light_rule(), caller.now_ms, reference->calendar());
  }
  return absl::OkStatus();
}

// False: all it was about has left the lists, and it is shown to nobody.
absl::StatusOr<bool> FillMeasure(const std::string& id, const kernel::Stored<v1::State>& stored,
                         const OversightReader& reader, const rpc::Caller& caller, v1::Measure* out) {
  const v1::MeasureState& measure = stored.state.listing();
  out->set_id(id);
  out->set_version(stored.version);
  out->set_status(measure.status());
  out->set_measure(measure.measure());
  out->set_org_id(measure.org_id());
  out->set_conference_org(measure.conference_org());
  out->set_level(measure.level());
  const int32_t day = measure.decided_day();
  out->set_decided_day(base::DayText(base::DayOf({day / 10'000, day / 100 % 100, day % 100})));
  out->set_rectify_by_ms(measure.rectify_by_ms());
  out->set_document_no(measure.document_no());
  out->set_demand(measure.demand());
  out->set_recorded_at_ms(measure.recorded_at_ms());
  out->set_ended_at_ms(measure.ended_at_ms());
  out->set_result(measure.result());
  out->set_area_code(measure.area_code());
  for (auto& name : AllowedCommands(stored.state, caller.actor)) out->add_allowed_command(std::move(name));
  ASSIGN_OR_RETURN(const int there,
                   Name(measure.matter_code(), measure.org_id(), reader, caller, out->mutable_matter_code()));
  return there > 0 || measure.matter_code().empty();
}

}  // namespace

rpc::Answer Queries::GetSuggestion(const rpc::Caller& caller, const v1::GetSuggestionRequest& request,
                                   v1::Suggestion* out) const {
  const OversightReader reader = read_();
  auto stored = reader.Get(request.id());
  if (!stored.ok()) return stored.status();
  if (!*stored || !(*stored)->state.has_suggestion() || !MaySee((*stored)->state, caller.actor))
    return Why(RefusalCode::kNotFound, "NOT_FOUND");
  caller.note->aggregate_id = request.id();
  if (absl::Status filled = FillSuggestion(request.id(), **stored, reader, caller, out); !filled.ok())
    return filled;
  return {};
}

rpc::Answer Queries::ListSuggestions(const rpc::Caller& caller, const v1::ListSuggestionsRequest& request,
                                     v1::ListSuggestionsResponse* out) const {
  const bool to_body = !request.recipient_org().empty();
  const std::string& whose = to_body ? request.recipient_org() : request.area_code();
  if (whose.empty()) return Why(RefusalCode::kInvalid, "VALUE_NEEDED", "area_code");
  v1::State as_if;  // one that was made there, and sent
  as_if.mutable_suggestion()->set_sent_at_ms(1);
  if (to_body) as_if.mutable_suggestion()->set_recipient_org(whose);
  if (!to_body) as_if.mutable_suggestion()->set_area_code(whose);
  if (!MaySee(as_if, caller.actor)) return Why(RefusalCode::kNotAllowed, "NOT_ALLOWED");
  const OversightReader reader = read_();
  const std::string prefix = AccountabilityPrefix(to_body ? 'r' : 's', whose, request.closed());
  return Walk(
      reader, caller, request, "ListSuggestions " + prefix, prefix,
      [&](const std::string& id, const kernel::Stored<v1::State>& stored) {
        return FillSuggestion(id, stored, reader, caller, out->add_suggestion());
      },
      out->mutable_next_page_token());
}

rpc::Answer Queries::GetMeasure(const rpc::Caller& caller, const v1::GetMeasureRequest& request,
                                v1::Measure* out) const {
  const OversightReader reader = read_();
  auto stored = reader.Get(request.id());
  if (!stored.ok()) return stored.status();
  if (!*stored || !(*stored)->state.has_listing() || !MaySee((*stored)->state, caller.actor))
    return Why(RefusalCode::kNotFound, "NOT_FOUND");
  caller.note->aggregate_id = request.id();
  const auto shown = FillMeasure(request.id(), **stored, reader, caller, out);
  if (!shown.ok()) return shown.status();
  if (*shown) return {};
  out->Clear();
  return Why(RefusalCode::kNotFound, "NOT_FOUND");
}

rpc::Answer Queries::ListMeasures(const rpc::Caller& caller, const v1::ListMeasuresRequest& request,
                                  v1::ListMeasuresResponse* out) const {
  const OversightReader reader = read_();
  const std::string prefix = AccountabilityPrefix('m', request.area_code(), request.ended());
  return Walk(
      reader, caller, request, "ListMeasures " + prefix, prefix,
      [&](const std::string& id, const kernel::Stored<v1::State>& stored) {
        v1::Measure measure;
        const auto shown = FillMeasure(id, stored, reader, caller, &measure);
        if (shown.ok() && *shown) *out->add_measure() = std::move(measure);
        return shown.status();
      },
      out->mutable_next_page_token());
}

}  // namespace oversight
