// What others hear of an event: topics of oversight/v1/notices.proto. No words of leaders or units travel, and nothing
// personal: codes, units, dates, reasons by name.
#include <algorithm>
#include <string>

#include "base/area_code.h"
#include "oversight/v1/notices.pb.h"
#include "services/oversight/domain/inspections.h"
#include "services/oversight/domain/oversight.h"
#include "services/oversight/domain/standing.h"
#include "services/oversight/domain/tasks.h"
#include "services/oversight/domain/warnings.h"

namespace oversight {
namespace {

using v1::Event, v1::State;

kernel::v1::Notice Wrap(std::string_view topic, std::string_view matter_code, std::string_view area_code,
                        int level, const v1::Notice& payload) {
  kernel::v1::Notice notice;
  notice.set_topic(std::string(topic));
  notice.set_matter_code(std::string(matter_code));
  notice.set_correlation_id(std::string(matter_code));
  notice.set_area_code(std::string(area_code));
  notice.set_level(level);
  notice.set_classification(kernel::v1::INTERNAL);
  notice.set_schema(payload.GetDescriptor()->full_name());
  payload.SerializeToString(notice.mutable_payload());
  return notice;
}

// What is about a place or a unit and about no matter: it stands for itself, and no consumer takes it for a matter.
kernel::v1::Notice WrapOwn(std::string_view topic, std::string_view id, std::string_view area_code, int level,
                           const v1::Notice& payload) {
  kernel::v1::Notice notice = Wrap(topic, "", area_code, level, payload);
  notice.set_correlation_id(std::string(id));
  return notice;
}

v1::Notice Asking(const v1::Asked& asked, const auto& event, const v1::Matter& matter) {
  v1::Notice notice;
  notice.set_service(event.service());
  notice.set_subject_id(event.subject_id());
  notice.set_matter_code(matter.matter_code());
  notice.set_to_org(asked.to_org());
  notice.set_to_level(asked.to_level());
  notice.set_due_at_ms(asked.due_at_ms());
  notice.set_instruction_id(asked.instruction_id());
  notice.set_reason_code(asked.reason_code());
  notice.set_issuer_org(asked.issuer_org());
  notice.set_issuer_level(event.issuer_level());
  return notice;
}

// Whoever asked is told that it was refused, and why by name. The unit it would have gone to is not named: of a request
// that came to nothing it hears nothing.
std::optional<kernel::v1::Notice> OfRefusal(const v1::AnswerHeard& heard, const v1::Matter& matter) {
  const auto asked = std::ranges::find(matter.asked(), heard.instruction_id(), &v1::Asked::instruction_id);
  if (heard.answer() != v1::ANSWER_REFUSED || asked == matter.asked().end()) return std::nullopt;
  v1::Notice notice;
  if (const v1::Part* holder = HolderPart(matter)) {
    notice.set_service(holder->service());
    notice.set_subject_id(holder->subject_id());
  }
  notice.set_matter_code(matter.matter_code());
  notice.set_to_level(asked->to_level());
  notice.set_instruction_id(asked->instruction_id());
  notice.set_reason_code(heard.reason_code());
  notice.set_issuer_org(asked->issuer_org());
  notice.set_issuer_level(asked->issuer_level());
  const int asked_at = asked->issuer_level();  // 0: of an earlier build
  const int level = asked_at == 0 ? CurrentLevel(matter) : asked_at;
  return Wrap(asked->by_leader() ? "oversight.leaders_request_refused" : "oversight.request_refused",
              matter.matter_code(), matter.area_code(), level, notice);
}

// Feeds show a unit whatever names it: none is named before it may open the instruction.
v1::Notice OfInstruction(std::string_view id, const v1::InstructionState& instruction) {
  v1::Notice notice;
  notice.set_service(instruction.service());
  notice.set_subject_id(instruction.subject_id());
  notice.set_matter_code(instruction.matter_code());
  if (WasDistributed(instruction)) {
    if (!instruction.addressee_org().empty()) notice.set_to_org(instruction.addressee_org(0));
    *notice.mutable_addressee() = instruction.addressee_org();
  }
  notice.set_due_at_ms(instruction.clock().due_at_ms());
  notice.set_instruction_id(std::string(id));
  notice.set_issuer_org(instruction.issuer_org());
  notice.set_issuer_level(instruction.issuer_level());
  return notice;
}

// What is critical must not wait for the morning in the boxes of whoever is reminded of it.
common::v1::Urgency UrgencyOf(const v1::Matter& matter, std::string_view service, std::string_view subject_id) {
  for (const auto& part : matter.part()) {
    if (part.service() == service && part.subject_id() == subject_id) return part.incident().urgency();
  }
  return common::v1::URGENCY_UNSPECIFIED;
}

v1::Notice OfReminder(const v1::Reminded& reminded, const v1::Matter& matter) {
  v1::Notice notice;
  notice.set_service(reminded.service());
  notice.set_subject_id(reminded.subject_id());
  notice.set_matter_code(matter.matter_code());
  notice.set_to_org(reminded.holder_org());
  notice.set_due_at_ms(reminded.due_at_ms());
  notice.set_policy_id(reminded.policy_id());
  notice.set_light(reminded.light());
  notice.set_urgency(UrgencyOf(matter, reminded.service(), reminded.subject_id()));
  return notice;
}

// Of a petition nobody below its office hears: not when its unit is lower, nor when it has ended and is at no level
// while the unit owes something all the same.
int LevelOf(const v1::Reminded& reminded, const v1::Matter& matter) {
  int level = CurrentLevel(matter);
  for (const auto& part : matter.part()) {
    const bool its = part.service() == reminded.service() && part.subject_id() == reminded.subject_id();
    if (its) level = std::max(level, SeenFrom(part));
  }
  return level;
}

// The matter stays where it is; the level above hears that it is late.
v1::Notice OfClimb(const v1::Climbed& climbed, const v1::Matter& matter) {
  v1::Notice notice;
  notice.set_service(climbed.check().service());
  notice.set_subject_id(climbed.check().subject_id());
  notice.set_matter_code(matter.matter_code());
  notice.set_to_level(climbed.escalation().to());
  notice.set_reason_code(climbed.escalation().reason());
  notice.set_policy_id(climbed.escalation().policy_id());
  notice.set_urgency(UrgencyOf(matter, climbed.check().service(), climbed.check().subject_id()));
  return notice;
}

// A unit that gave an order to itself does not judge its answer: its leader does, or the level above.
bool JudgesItself(const v1::OrderState& order) { return order.issuer_org() == order.to_org(); }

kernel::v1::Notice OfOrder(std::string_view topic, std::string_view id, const v1::OrderState& order) {
  v1::Notice notice;
  notice.set_service(order.service());
  notice.set_subject_id(order.subject_id());
  notice.set_matter_code(order.matter_id());
  notice.set_task_id(order.task_id());
  notice.set_order_id(std::string(id));
  notice.set_card(order.card());
  // Feeds show a unit whatever names it: of a draft it hears nothing before somebody has signed it.
  if (order.status() != v1::ORDER_DRAFT) notice.set_to_org(order.to_org());
  notice.set_due_at_ms(order.clock().due_at_ms());
  notice.set_reason_code(v1::OrderGround_Name(order.ground()));
  notice.set_issuer_org(order.issuer_org());
  notice.set_issuer_level(order.issuer_level());
  notice.set_light(order.light());
  notice.set_policy_id(order.clock().policy_id());
  // Of a draft those hear who may sign it, of an answer those who gave the order.
  const bool draft = order.status() == v1::ORDER_DRAFT && order.sign_level() != 0;
  const int level = draft                                     ? order.sign_level()
                    : order.status() == v1::ORDER_RESPONDED ? order.issuer_level()
                                                            : order.level();
  // Feeds go by area too: a card that is not signed is not the talk of the township.
  const bool unsigned_card = draft && order.card() >= common::v1::CARD_YELLOW;
  const std::string area =
      unsigned_card ? base::CutTo(order.matter_area_code(), std::max<int>(level, common::v1::COUNTY)) : "";
  return Wrap(topic, order.matter_id(), area.empty() ? order.matter_area_code() : area, level, notice);
}

// For the duty list of the level it is addressed to: told as of that level's area, so that nobody below hears of what
// is not theirs to see. No case service is asked for anything.
kernel::v1::Notice OfWarning(std::string_view topic, std::string_view id, const v1::WarningState& warning) {
  v1::Notice notice;
  notice.set_matter_code(warning.matter_id());
  notice.set_warning_id(std::string(id));
  notice.set_rule(warning.rule());
  notice.set_high(warning.high());
  notice.set_to_level(warning.level());
  notice.set_to_org(warning.clock().holder_org());
  notice.set_due_at_ms(warning.clock().due_at_ms());
  notice.set_policy_id(warning.clock().policy_id());
  if (IsOver(warning.status()))
    notice.set_reason_code(!warning.ending_code().empty()             ? warning.ending_code()
                           : warning.status() == v1::WARNING_FALSE ? "FALSE"
                                                                   : "CLEARED");
  const std::string cut = base::CutTo(warning.area_code(), warning.level());
  const std::string& area = cut.empty() ? warning.area_code() : cut;
  return warning.matter_id().empty() ? WrapOwn(topic, id, area, warning.level(), notice)
                                     : Wrap(topic, warning.matter_id(), area, warning.level(), notice);
}

kernel::v1::Notice OfSuggestion(std::string_view topic, std::string_view id, const v1::SuggestionState& suggestion) {
  v1::Notice notice;
  notice.set_suggestion_id(std::string(id));
  notice.set_violation(suggestion.violation());
  notice.set_to_org(suggestion.recipient_org());
  notice.set_issuer_org(suggestion.from_org());
  notice.set_due_at_ms(suggestion.clock().due_at_ms());
  notice.set_policy_id(suggestion.clock().policy_id());
  notice.set_light(suggestion.light());
  if (suggestion.status() == v1::SUGGESTION_ANSWERED)
    notice.set_reason_code(v1::Adoption_Name(suggestion.adoption()));
  return WrapOwn(topic, id, suggestion.area_code(), base::LevelOf(suggestion.area_code()), notice);
}

kernel::v1::Notice OfMeasure(std::string_view id, const v1::MeasureState& measure) {
  v1::Notice notice;
  notice.set_listing_id(std::string(id));
  notice.set_measure(v1::ConferenceMeasure_Name(measure.measure()));
  notice.set_to_org(measure.org_id());
  notice.set_issuer_org(measure.conference_org());
  notice.set_issuer_level(measure.level());
  notice.set_due_at_ms(measure.rectify_by_ms());
  return WrapOwn("oversight.conference_measure", id, measure.area_code(), measure.level(), notice);
}

// The overlay of a matter; as an order's, but for its topic. Told as of an area from which the matter may be seen.
kernel::v1::Notice OfListing(const v1::ListingNoted& noted, const v1::Matter& matter) {
  const v1::ListingNote& note = noted.note();
  v1::Notice notice;
  notice.set_service(note.service());
  notice.set_subject_id(note.subject_id());
  notice.set_matter_code(matter.matter_code());
  notice.set_listing_id(note.listing_id());
  notice.set_order_id(note.listing_id());
  notice.set_to_org(note.org_id());
  notice.set_due_at_ms(note.rectify_by_ms());
  notice.set_issuer_org(note.conference_org());
  notice.set_issuer_level(note.level());
  const std::string area = base::CutTo(matter.area_code(), SeenFrom(matter));
  return Wrap(noted.ended() ? "oversight.unlisted" : "oversight.listed", matter.matter_code(),
              area.empty() ? matter.area_code() : area, note.level(), notice);
}

// Of units those that have not reported. Before it is distributed that is waited for first.
void NameWhoOwes(const v1::InstructionState& instruction, v1::Notice* notice) {
  notice->clear_to_org();
  notice->clear_addressee();
  if (!WasDistributed(instruction)) return;
  for (const auto& org : instruction.addressee_org()) {
    if (std::ranges::find(instruction.report(), org, &v1::UnitReport::org_id) == instruction.report().end())
      notice->add_addressee(org);
  }
  if (!notice->addressee().empty()) notice->set_to_org(notice->addressee(0));
}

std::optional<kernel::v1::Notice> PublishInstruction(std::string_view id, const Event& event, const State& after) {
  if (!after.has_instruction()) return std::nullopt;  // noted on its matter
  const v1::InstructionState& instruction = after.instruction();
  v1::Notice notice = OfInstruction(id, instruction);
  const auto wrap = [&](std::string_view topic) {
    return Wrap(topic, instruction.matter_code(), instruction.matter_area_code(), instruction.issuer_level(), notice);
  };
  switch (event.body_case()) {
    case Event::kInstructionIssued:
      return wrap("oversight.instructed");
    case Event::kInstructionDistributed:  // only from now on may the units open it
      return wrap("oversight.instruction_distributed");
    case Event::kInstructionReported:
      if (!event.instruction_reported().complete()) return std::nullopt;
      return wrap("oversight.instruction_reported");
    case Event::kInstructionWithdrawn:
      if (event.instruction_withdrawn().lapse() == v1::LAPSE_LEFT_THE_LISTS) return std::nullopt;
      notice.clear_due_at_ms();  // nothing is asked any more
      return wrap("oversight.instruction_withdrawn");
    default:
      notice.set_policy_id(instruction.clock().policy_id());
      notice.set_light(event.instruction_light_changed().light());
      NameWhoOwes(instruction, &notice);
      return wrap(instruction.status() == v1::ISSUED ? "oversight.distribution_reminded" : "oversight.reminded");
  }
}

}  // namespace

std::optional<kernel::v1::Notice> OversightDomain::Publish(std::string_view id, const Event& event,
                                                           const State&, const State& after) {
  const v1::Matter& matter = after.matter();
  switch (event.body_case()) {
    case Event::kReminded:
      return Wrap("oversight.reminded", matter.matter_code(), matter.area_code(), LevelOf(event.reminded(), matter),
                  OfReminder(event.reminded(), matter));
    case Event::kLeadAssignmentAsked: {
      const auto& e = event.lead_assignment_asked();
      return Wrap("oversight.assigned", matter.matter_code(), matter.area_code(), e.issuer_level(),
                  Asking(e.asked(), e, matter));
    }
    case Event::kSendDownAsked: {
      const auto& e = event.send_down_asked();
      return Wrap("oversight.send_down_requested", matter.matter_code(), matter.area_code(), e.issuer_level(),
                  Asking(e.asked(), e, matter));
    }
    case Event::kInstructionIssued:
    case Event::kInstructionDistributed:
    case Event::kInstructionReported:
    case Event::kInstructionLightChanged:
    case Event::kInstructionWithdrawn:
      return PublishInstruction(id, event, after);
    case Event::kAnswerHeard:
      return OfRefusal(event.answer_heard(), matter);
    case Event::kEscalationAsked: {
      const auto& e = event.escalation_asked();
      return Wrap("oversight.escalate_requested", matter.matter_code(), matter.area_code(), e.issuer_level(),
                  Asking(e.asked(), e, matter));
    }
    case Event::kClimbed:
      return Wrap("oversight.escalated", matter.matter_code(), matter.area_code(), event.climbed().escalation().to(),
                  OfClimb(event.climbed(), matter));
    case Event::kOrderDrafted:
      return OfOrder("oversight.order_drafted", id, after.order());
    case Event::kOrderIssued:
    case Event::kOrderSentBack:
      return OfOrder("oversight.order_issued", id, after.order());
    case Event::kOrderAnswered:
      return OfOrder(JudgesItself(after.order()) ? "oversight.own_order_answered" : "oversight.order_answered", id,
                     after.order());
    case Event::kOrderLightChanged:
      return OfOrder("oversight.reminded", id, after.order());
    case Event::kOrderEnded:
      if (!event.order_ended().was_out()) return std::nullopt;  // nobody heard of the draft either
      if (event.order_ended().lapse() == v1::LAPSE_LEFT_THE_LISTS) return std::nullopt;
      return OfOrder("oversight.order_closed", id, after.order());
    case Event::kWarningRaised:
      return OfWarning("oversight.warning_raised", id, after.warning());
    case Event::kWarningPassedUp:
      return OfWarning("oversight.warning_passed_up", id, after.warning());
    case Event::kWarningAcknowledged:
      return OfWarning("oversight.warning_acknowledged", id, after.warning());
    case Event::kWarningEnded:
      return OfWarning("oversight.warning_cleared", id, after.warning());
    case Event::kSuggestionSent:
      return OfSuggestion("oversight.accountability_suggested", id, after.suggestion());
    case Event::kSuggestionAnswered:
      return OfSuggestion("oversight.suggestion_answered", id, after.suggestion());
    case Event::kSuggestionLightChanged:
      return OfSuggestion("oversight.reminded", id, after.suggestion());
    case Event::kMeasureRecorded:
      return OfMeasure(id, after.listing());
    case Event::kListingNoted:
      return OfListing(event.listing_noted(), matter);
    default:
      if (after.has_inspection()) return PublishInspection(id, event, after.inspection());
      return PublishTask(id, event, after);  // the rest concerns oversight alone
  }
}

}  // namespace oversight
