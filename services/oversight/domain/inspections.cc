#include "services/oversight/domain/inspections.h"

#include <algorithm>
#include <set>
#include <string>

#include "base/area_code.h"
#include "oversight/v1/notices.pb.h"
#include "services/reference/deadline.h"

namespace oversight {
namespace {

using v1::Event;

constexpr std::string_view kRectifyTimer = "rectify/";
constexpr std::string_view kSuggestionTimer = "suggestion";

// When the light of a running clock turns next. Without a yellow moment it turns red only.
std::optional<int64_t> TurnsNext(const common::v1::Clock& clock, common::v1::Light light,
                                 int64_t yellow_at_ms) {
  if (!reference::IsRunning(clock) || light == common::v1::RED) return std::nullopt;
  const int64_t late = reference::LateFromMs(clock);
  return light == common::v1::YELLOW || yellow_at_ms == 0 ? late : std::min(yellow_at_ms, late);
}

v1::UnitRectification* MutableUnit(v1::InspectionState* inspection, std::string_view org_id) {
  const auto at = std::ranges::find(*inspection->mutable_unit(), org_id, &v1::UnitRectification::org_id);
  return at == inspection->mutable_unit()->end() ? nullptr : &*at;
}

void End(v1::InspectionStatus status, int64_t now_ms, v1::InspectionState* inspection) {
  inspection->set_status(status);
  inspection->set_ended_at_ms(now_ms);
}

void ApplyToUnit(const Event& event, int64_t now_ms, v1::UnitRectification* unit) {
  switch (event.body_case()) {
    case Event::kRectificationReported:
      unit->set_status(v1::RECTIFICATION_REPORTED);
      *unit->add_report() = event.rectification_reported().report();
      *unit->mutable_clock() = event.rectification_reported().clock();
      return;
    case Event::kRectificationAccepted:
      unit->set_status(v1::RECTIFICATION_ACCEPTED);
      unit->set_accepted_text(event.rectification_accepted().text());
      return unit->set_accepted_at_ms(now_ms);
    case Event::kRectificationSentBack: {
      const auto& e = event.rectification_sent_back();
      unit->set_status(v1::RECTIFICATION_SENT_BACK);
      if (!unit->report().empty()) unit->mutable_report()->rbegin()->set_sent_back(e.reason());
      *unit->mutable_clock() = e.clock();
      unit->set_yellow_at_ms(e.yellow_at_ms());
      return unit->set_light(common::v1::GREEN);
    }
    case Event::kFindingStruck:
      if (!event.finding_struck().unit_ended()) return;
      unit->set_status(v1::RECTIFICATION_WITHDRAWN);
      *unit->mutable_clock() = event.finding_struck().clock();
      return;
    case Event::kRectificationLightChanged:
      return unit->set_light(event.rectification_light_changed().light());
    default:
      return;
  }
}

const v1::Finding* FindingIn(const v1::InspectionState& inspection, int number) {
  const auto at = std::ranges::find(inspection.finding(), number, &v1::Finding::number);
  return at == inspection.finding().end() ? nullptr : &*at;
}

// Whose part of it the event is about; empty: the whole.
std::string_view OrgOf(const Event& event, const v1::InspectionState& inspection) {
  if (event.has_finding_struck()) {
    const v1::Finding* finding = FindingIn(inspection, event.finding_struck().number());
    return finding == nullptr ? std::string_view() : std::string_view(finding->org_id());
  }
  if (event.has_feedback_given()) return event.feedback_given().unit().org_id();
  if (event.has_rectification_reported()) return event.rectification_reported().report().org_id();
  if (event.has_rectification_accepted()) return event.rectification_accepted().org_id();
  if (event.has_rectification_sent_back()) return event.rectification_sent_back().org_id();
  return event.rectification_light_changed().org_id();
}

std::string_view TopicOf(const Event& event) {
  switch (event.body_case()) {
    case Event::kFeedbackGiven:
      return "oversight.inspection_feedback";
    case Event::kRectificationReported:
      return "oversight.rectification_reported";
    case Event::kRectificationAccepted:
      return "oversight.rectification_accepted";
    case Event::kRectificationSentBack:
      return "oversight.rectification_sent_back";
    case Event::kFindingStruck:
      return "oversight.finding_struck";
    case Event::kRectificationLightChanged:
      return "oversight.reminded";
    default:
      return "";
  }
}

}  // namespace

bool IsDone(const v1::UnitRectification& unit) {
  return unit.status() == v1::RECTIFICATION_ACCEPTED || unit.status() == v1::RECTIFICATION_WITHDRAWN;
}

bool IsStruck(const v1::Finding& finding) { return finding.struck_at_ms() != 0; }

bool IsOver(const v1::InspectionState& inspection) { return inspection.ended_at_ms() != 0; }

const v1::UnitRectification* UnitIn(const v1::InspectionState& inspection, std::string_view org_id) {
  const auto at = std::ranges::find(inspection.unit(), org_id, &v1::UnitRectification::org_id);
  return at == inspection.unit().end() ? nullptr : &*at;
}

std::vector<std::string> UnitsFound(const v1::InspectionState& inspection) {
  std::set<std::string> units;
  for (const auto& finding : inspection.finding()) {
    if (!IsStruck(finding)) units.insert(finding.org_id());
  }
  return {units.begin(), units.end()};
}

v1::FindingStruck Strike(const v1::InspectionState& inspection, int number, int64_t now_ms) {
  const v1::Finding& finding = *FindingIn(inspection, number);
  const bool last_of_unit = std::ranges::none_of(inspection.finding(), [&](const v1::Finding& other) {
    return other.org_id() == finding.org_id() && other.number() != number && !IsStruck(other);
  });
  const v1::UnitRectification* unit = UnitIn(inspection, finding.org_id());
  v1::FindingStruck struck;
  struck.set_number(number);
  if (inspection.status() == v1::INSPECTION_DONE)
    struck.set_ended(last_of_unit && UnitsFound(inspection).size() == 1);
  if (unit == nullptr || !last_of_unit || IsDone(*unit)) return struck;
  struck.set_unit_ended(true);
  *struck.mutable_clock() = unit->clock();
  if (reference::IsRunning(unit->clock())) *struck.mutable_clock() = reference::Cancel(unit->clock(), now_ms);
  struck.set_ended(std::ranges::all_of(inspection.unit(), [&](const v1::UnitRectification& other) {
    return other.org_id() == unit->org_id() || IsDone(other);
  }));
  return struck;
}

std::vector<std::string> TasksOf(const v1::InspectionState& inspection) {
  std::set<std::string> tasks(inspection.task_id().begin(), inspection.task_id().end());
  for (const auto& finding : inspection.finding()) {
    if (!finding.task_id().empty()) tasks.insert(finding.task_id());
  }
  return {tasks.begin(), tasks.end()};
}

void ApplyInspection(const Event& event, int64_t now_ms, v1::InspectionState* inspection) {
  switch (event.body_case()) {
    case Event::kInspectionPlanned:
      *inspection = event.inspection_planned().inspection();
      return;
    case Event::kFindingRecorded:
      *inspection->add_finding() = event.finding_recorded().finding();
      return inspection->set_seen_from(event.finding_recorded().seen_from());
    case Event::kInspectionFinished:
      inspection->set_status(v1::INSPECTION_DONE);
      inspection->set_summary(event.inspection_finished().summary());
      if (event.inspection_finished().ended()) inspection->set_ended_at_ms(now_ms);
      return inspection->set_done_at_ms(now_ms);
    case Event::kFeedbackGiven:
      inspection->set_status(v1::INSPECTION_FEEDBACK);
      inspection->set_document_no(event.feedback_given().document_no());
      *inspection->add_unit() = event.feedback_given().unit();
      return inspection->set_feedback_at_ms(now_ms);
    case Event::kFindingStruck:
      for (auto& finding : *inspection->mutable_finding()) {
        if (finding.number() != event.finding_struck().number()) continue;
        finding.set_struck_at_ms(now_ms);
        finding.set_struck_reason(event.finding_struck().reason());
        finding.set_struck_by_org(event.finding_struck().by_org());
      }
      break;
    case Event::kInspectionCancelled:
      inspection->set_ending_reason(event.inspection_cancelled().reason());
      return End(v1::INSPECTION_CANCELLED, now_ms, inspection);
    default:
      break;
  }
  if (v1::UnitRectification* unit = MutableUnit(inspection, OrgOf(event, *inspection)))
    ApplyToUnit(event, now_ms, unit);
  if (!event.rectification_accepted().ended() && !event.finding_struck().ended()) return;
  // Before the feedback there was nothing to put right: then it ends as one that found nothing.
  const bool fed_back = inspection->status() == v1::INSPECTION_FEEDBACK;
  End(fed_back ? v1::INSPECTION_RECTIFIED : inspection->status(), now_ms, inspection);
}

void AddRectificationTimers(const v1::State& state, std::vector<kernel::Timer>* timers) {
  for (const auto& unit : state.inspection().unit()) {
    if (const auto at = TurnsNext(unit.clock(), unit.light(), unit.yellow_at_ms()))
      timers->push_back({std::string(kRectifyTimer) + unit.org_id(), *at});
  }
  const auto& suggestion = state.suggestion();
  if (suggestion.status() != v1::SUGGESTION_SENT) return;
  if (const auto at = TurnsNext(suggestion.clock(), suggestion.light(), suggestion.yellow_at_ms()))
    timers->push_back({std::string(kSuggestionTimer), *at});
}

std::optional<v1::Command> FireRectification(std::string_view timer) {
  v1::Command command;
  if (timer == kSuggestionTimer) {
    command.mutable_turn_suggestion_light();
    return command;
  }
  if (!timer.starts_with(kRectifyTimer)) return std::nullopt;
  command.mutable_turn_rectification_light()->set_org_id(std::string(timer.substr(kRectifyTimer.size())));
  return command;
}

std::optional<kernel::v1::Notice> PublishInspection(std::string_view id, const Event& event,
                                                    const v1::InspectionState& after) {
  v1::Notice said;
  std::string topic(TopicOf(event));
  if (event.has_inspection_planned() && after.lead_org() != after.by_org()) {
    topic = "oversight.inspection_planned";  // units hear of it when something was found
    said.set_to_org(after.lead_org());
  }
  const v1::UnitRectification* unit = UnitIn(after, OrgOf(event, after));
  // What the unit was not told of, and what nobody is to be told of.
  if (event.has_finding_struck() && (unit == nullptr || event.finding_struck().lapse() != v1::LAPSE_UNSPECIFIED))
    topic.clear();
  if (topic.empty()) return std::nullopt;
  said.set_inspection_id(std::string(id));
  said.set_issuer_org(after.by_org());
  if (unit != nullptr) {
    said.set_to_org(unit->org_id());
    said.set_due_at_ms(unit->clock().due_at_ms());
    said.set_policy_id(unit->clock().policy_id());
    said.set_light(unit->light());
  }
  kernel::v1::Notice notice;
  notice.set_topic(topic);
  notice.set_area_code(after.by_area_code());
  notice.set_level(base::LevelOf(after.by_area_code()));
  notice.set_classification(kernel::v1::INTERNAL);
  notice.set_schema(said.GetDescriptor()->full_name());
  said.SerializeToString(notice.mutable_payload());
  return notice;
}

}  // namespace oversight
