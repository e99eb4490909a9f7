#include "services/oversight/domain/orders.h"

#include <algorithm>

#include "base/area_code.h"
#include "services/oversight/domain/refusals.h"
#include "services/oversight/domain/standing.h"
#include "services/reference/deadline.h"

namespace oversight {
namespace {

using kernel::RefusalCode;

// The incident service has a ladder of its own for what it has in hand.
bool ClimbsByItself(const v1::Part& part) {
  if (!part.has_incident()) return false;
  switch (part.incident().status()) {
    case incident::v1::REPORTED:
    case incident::v1::ACCEPTED:
    case incident::v1::DISPATCHED:
    case incident::v1::PROCESSING:
      return true;
    default:
      return false;
  }
}

bool LateLongerThan(const v1::Matter& matter, int ladder_level, const reference::Reference& reference, int64_t now_ms) {
  for (const auto& part : matter.part()) {
    for (const auto& light : part.light()) {
      if (light.light() == common::v1::RED && LateBeyond(light.due_at_ms(), ladder_level, reference, now_ms))
        return true;
    }
  }
  return false;
}

int ReworksOf(const v1::Matter& matter) {
  int reworks = 0;
  for (const auto& part : matter.part()) reworks = std::max(reworks, part.incident().rework_count());
  return reworks;
}

int RefusedReturnsOf(const v1::Matter& matter) {
  int refused = 0;
  for (const auto& part : matter.part()) refused = std::max(refused, part.refused_returns());
  return refused;
}

// What each card may rest on (O3, O4, O5).
bool MayRestOn(common::v1::Card card, v1::OrderGround ground, std::string_view violation) {
  switch (card) {
    case common::v1::CARD_ORDINARY:
      return ground == v1::LIGHT_RED || ground == v1::VIOLATION;
    case common::v1::CARD_YELLOW:
      return ground == v1::UNANSWERED || ground == v1::OVERDUE_3WD || ground == v1::REWORKED_TWICE ||
             ground == v1::RETURN_REFUSED_TWICE;
    case common::v1::CARD_RED:
      return ground == v1::OVERDUE_7WD_AFTER_YELLOW || ground == v1::FALSIFICATION ||
             (ground == v1::VIOLATION && (violation == "V11" || violation == "V12"));
    default:
      return false;
  }
}

// What the platform sees of a ground by itself.
bool Holds(v1::OrderGround ground, const v1::Matter& matter, const reference::Reference& reference, int64_t now_ms) {
  switch (ground) {
    case v1::LIGHT_RED:
      return WorstColour(matter) == common::v1::RED;
    case v1::UNANSWERED:
      return UnansweredOut(matter.order(), now_ms);
    case v1::OVERDUE_3WD:
      return LateLongerThan(matter, common::v1::TOWNSHIP, reference, now_ms);
    case v1::REWORKED_TWICE:
      return ReworksOf(matter) >= 2;
    case v1::RETURN_REFUSED_TWICE:
      return RefusedReturnsOf(matter) >= 2;
    case v1::OVERDUE_7WD_AFTER_YELLOW: {
      const int64_t at = RedCardAt(matter, "", reference);
      return at != 0 && now_ms >= at;
    }
    default:
      return true;  // people say so, with the facts
  }
}

}  // namespace

bool IsViolation(std::string_view code) {
  return code.size() == 3 && code[0] == 'V' && code >= "V01" && code <= "V14";
}

bool IsOut(v1::OrderStatus status) {
  return status == v1::ORDER_ISSUED || status == v1::ORDER_ACKNOWLEDGED || status == v1::ORDER_RESPONDED ||
         status == v1::ORDER_SENT_BACK;
}

bool HasEnded(v1::OrderStatus status) { return status != v1::ORDER_DRAFT && !IsOut(status); }

v1::OrderNote NoteOf(std::string_view id, const v1::OrderState& order) {
  v1::OrderNote note;
  note.set_order_id(std::string(id));
  note.set_card(order.card());
  note.set_status(order.status());
  note.set_to_org(order.to_org());
  note.set_due_at_ms(order.clock().due_at_ms());
  note.set_issued_at_ms(order.issued_at_ms());
  return note;
}

bool UnansweredOut(const google::protobuf::RepeatedPtrField<v1::OrderNote>& notes, int64_t now_ms) {
  return std::ranges::any_of(notes, [&](const v1::OrderNote& note) {
    return IsOut(note.status()) && note.status() != v1::ORDER_RESPONDED && note.due_at_ms() < now_ms;
  });
}

bool HasRedCard(const v1::Matter& matter) {
  return std::ranges::any_of(matter.order(), [](const v1::OrderNote& note) {
    return note.card() == common::v1::CARD_RED && IsOut(note.status());
  });
}

int SignLevelOf(const v1::OrderState& order, const reference::Reference& reference) {
  const int held = std::max({order.level(), order.seen_from(), static_cast<int>(common::v1::TOWNSHIP)});
  const auto* org = reference.FindOrg(order.to_org());
  // A centre does not sign what is against itself: the one above it does, and is told.
  const bool of_centre = org != nullptr && org->kind() == directory::v1::CENTRE && org->level() >= held;
  if (order.card() == common::v1::CARD_ORDINARY && of_centre) return std::min<int>(org->level() + 1, common::v1::CITY);
  if (order.card() != common::v1::CARD_RED) return held;
  const bool of_county = org != nullptr && base::LevelOf(org->area_code()) >= common::v1::COUNTY;
  return std::max<int>(held, of_county ? common::v1::CITY : common::v1::COUNTY);
}

std::string_view AnswerRow(common::v1::Card card) {
  return card == common::v1::CARD_RED ? "DO-02-RED" : card == common::v1::CARD_YELLOW ? "DO-02-YELLOW" : "DO-02";
}

int64_t LateMoment(int64_t due_at_ms, const common::v1::Length& length, const reference::Reference& reference) {
  policy::v1::DeadlineRule rule;
  *rule.mutable_length() = length;
  reference::ClockStart start;
  start.at_ms = due_at_ms - 1;  // the last moment in time still belongs to its day
  return reference::LateFromMs(reference::StartClock(rule, start, reference.calendar()));
}

bool LateBeyond(int64_t due_at_ms, int level, const reference::Reference& reference, int64_t now_ms) {
  const auto* step = reference.FindLadderStep(level);
  return step != nullptr && step->overdue_longer_than().amount() != 0 &&
         now_ms >= LateMoment(due_at_ms, step->overdue_longer_than(), reference);
}

int64_t LateAfterCardAt(const v1::Matter& matter, int64_t due_at_ms, const reference::Reference& reference) {
  const auto* step = reference.FindLadderStep(common::v1::COUNTY, CategoryOf(matter));
  if (step == nullptr || step->overdue_longer_than().amount() == 0 || matter.carded_at_ms() == 0) return 0;
  return LateMoment(std::max(due_at_ms, matter.carded_at_ms()), step->overdue_longer_than(), reference);
}

int64_t RedCardAt(const v1::Matter& matter, const std::string& org, const reference::Reference& reference) {
  const bool all = org.empty() || HolderOrg(matter) == org || LeadOrg(matter) == org;
  int64_t first = 0;
  for (const auto& part : matter.part()) {
    for (const auto& light : part.light()) {
      if (light.paused() || (!all && light.holder_org() != org)) continue;
      const int64_t at = LateAfterCardAt(matter, light.due_at_ms(), reference);
      if (at != 0 && (first == 0 || at < first)) first = at;
    }
  }
  return first;
}

std::optional<kernel::Refusal> GroundObjection(const v1::DraftOrderRequest& request, const v1::Matter& matter,
                                               const reference::Reference& reference, int64_t now_ms) {
  if (request.card() < common::v1::CARD_ORDINARY || request.card() > common::v1::CARD_RED)
    return Why(RefusalCode::kInvalid, "VALUE_NEEDED", "card");
  if (request.ground() == v1::VIOLATION && !IsViolation(request.violation()))
    return Why(RefusalCode::kInvalid, request.violation().empty() ? "VALUE_NEEDED" : "UNKNOWN_CODE", "violation");
  if (!MayRestOn(request.card(), request.ground(), request.violation()))
    return Why(RefusalCode::kGuard, "GROUND_NOT_ENOUGH", "ground");
  const bool told = request.ground() == v1::VIOLATION || request.ground() == v1::FALSIFICATION;
  if (told && request.facts().empty()) return Why(RefusalCode::kInvalid, "CONTENT_NEEDED", "facts");
  if (!Holds(request.ground(), matter, reference, now_ms))
    return Why(RefusalCode::kGuard, "GROUND_NOT_THERE", "ground");
  return std::nullopt;
}

int AttentionOf(const v1::Part& part, const v1::RunningLight& light) {
  const int level = part.has_incident()   ? part.incident().current_level()
                    : part.has_petition() ? part.petition().level()
                                          : part.level();
  return std::max(level, light.climbed_to());
}

int64_t ClimbsAt(const v1::Matter& matter, const v1::Part& part, const v1::RunningLight& light,
                 const reference::Reference& reference) {
  const int level = AttentionOf(part, light);
  if (ClimbsByItself(part) || level >= common::v1::CITY) return 0;
  if (level < common::v1::TOWNSHIP) return light.due_at_ms() + 1;
  if (level >= common::v1::COUNTY) return LateAfterCardAt(matter, light.due_at_ms(), reference);
  const auto* step = reference.FindLadderStep(level, CategoryOf(matter));
  if (step == nullptr || step->overdue_longer_than().amount() == 0) return 0;
  return LateMoment(light.due_at_ms(), step->overdue_longer_than(), reference);
}

int64_t CardAt(const v1::RunningLight& light, const reference::Reference& reference) {
  const auto* step = reference.FindLadderStep(common::v1::TOWNSHIP);
  if (light.card_drafted() || step == nullptr || step->overdue_longer_than().amount() == 0) return 0;
  return LateMoment(light.due_at_ms(), step->overdue_longer_than(), reference);
}

v1::LateCheck NextCheck(const v1::Matter& matter, const v1::Part& part, const v1::RunningLight& light,
                        const reference::Reference& reference) {
  v1::LateCheck check;
  check.set_service(part.service());
  check.set_subject_id(part.subject_id());
  check.set_policy_id(light.policy_id());
  check.set_climbed_to(light.climbed_to());
  check.set_card_drafted(light.card_drafted());
  if (light.light() != common::v1::RED) return check;
  const int64_t climbs = ClimbsAt(matter, part, light, reference);
  const int64_t card = CardAt(light, reference);
  check.set_check_at_ms(climbs == 0 ? card : card == 0 ? climbs : std::min(climbs, card));
  return check;
}

}  // namespace oversight
