#include "services/oversight/domain/standing.h"

#include <algorithm>
#include <iterator>

#include "base/area_code.h"
#include "services/oversight/domain/orders.h"
#include "services/oversight/domain/warnings.h"

namespace oversight {
namespace {

using common::v1::Light;

int Rank(Light light) { return light == common::v1::RED ? 0 : light == common::v1::YELLOW ? 1 : 2; }

bool Before(const v1::RunningLight& a, const v1::RunningLight& b) {
  if (Rank(a.light()) != Rank(b.light())) return Rank(a.light()) < Rank(b.light());
  return a.due_at_ms() < b.due_at_ms();
}

bool IncidentOpen(incident::v1::Status status) {
  switch (status) {
    case incident::v1::REPORTED:
    case incident::v1::ACCEPTED:
    case incident::v1::DISPATCHED:
    case incident::v1::PROCESSING:
    case incident::v1::SUSPENDED:
    case incident::v1::PENDING_VERIFY:
    case incident::v1::REFERRED:
      return true;
    default:
      return false;
  }
}

bool MediationOpen(mediation::v1::CaseStatus status) {
  return status >= mediation::v1::REGISTERED && status <= mediation::v1::AGREED;
}

// Who says it is not who has the matter, or it is said by the passing of time. What begins a stage is no such thing,
// nor is what the platform moves to other hands: from there on somebody else is slow.
constexpr std::string_view kNoSteps[] = {
    // A period is over, or is nearly over, or is reckoned anew.
    "incident.overdue", "incident.clocks_recomputed", "incident.suspension_review_due",
    "incident.long_term_review_due", "incident.referral_cap_reached", "mediation.overdue",
    "mediation.clocks_recomputed", "mediation.pause_reminded", "mediation.promise_due",
    "mediation.confirmation_reminded", "mediation.period_warned", "mediation.window_warned",
    "mediation.window_expired", "petition.overdue", "petition.clocks_recomputed", "petition.leader_overdue",
    "petition.execution_due", "petition.care_due",
    // Oversight asks, and the service answers by rule.
    "incident.order_set", "incident.instructed", "incident.request_declined", "mediation.order_set",
    "mediation.instructed", "mediation.oversight_answered", "petition.order_set", "petition.instructed",
    // Whoever waits says more, or says it again, or judges what was done.
    "incident.supplemented", "incident.duplicate_joined", "incident.evaluated", "incident.duplicate_evaluated",
    "mediation.recusal_requested",
    "petition.repeat_detected", "petition.evaluated",
    // What became of another matter is noted in this one.
    "incident.follower_informed", "incident.resolution_noted", "incident.risk_raised", "petition.settlement_noted",
    // Whom it is from is put right.
    "petition.document_referred"};

// 等谁: where a mediation waits.
v1::StuckReason StuckInMediation(mediation::v1::CaseStatus status) {
  switch (status) {
    case mediation::v1::REGISTERED:
    case mediation::v1::ACCEPTED:
      return v1::NO_TAKER;  // nobody has taken it up, or nobody is assigned
    case mediation::v1::SEEKING_CONSENT:
    case mediation::v1::AGREED:
      return v1::PARTY;
    default:
      return v1::DEPARTMENT;
  }
}

bool PetitionOpen(petition::v1::PetitionStatus status) {
  switch (status) {
    case petition::v1::REGISTERED:
    case petition::v1::FORWARDED:
    case petition::v1::RECEIVED_BY_UNIT:
    case petition::v1::OBJECTED:
    case petition::v1::ACCEPTED:
    case petition::v1::OPINION_ISSUED:
    case petition::v1::DELIVERED:
    case petition::v1::REVIEWING:
    case petition::v1::REVIEW_DELIVERED:
    case petition::v1::RECHECKING:
    case petition::v1::SUGGESTION_HANDLING:
      return true;
    default:
      return false;
  }
}

v1::StuckReason StuckInPetition(petition::v1::PetitionStatus status) {
  switch (status) {
    case petition::v1::REGISTERED:
    case petition::v1::FORWARDED:
    case petition::v1::RECEIVED_BY_UNIT:
      return v1::NO_TAKER;  // not forwarded, not received, or nobody has decided to accept it
    case petition::v1::DELIVERED:
    case petition::v1::REVIEW_DELIVERED:
      return v1::PARTY;
    case petition::v1::OBJECTED:
    case petition::v1::REVIEWING:
    case petition::v1::RECHECKING:
      return v1::SUPERIOR;
    default:
      return v1::DEPARTMENT;
  }
}

v1::StuckReason StuckInIncident(const incident::v1::Notice& notice) {
  switch (notice.status()) {
    case incident::v1::REPORTED:
    case incident::v1::DISPATCHED:
      return v1::NO_TAKER;
    case incident::v1::ACCEPTED: {
      const bool climbed =
          notice.level_path_size() > 1 &&
          notice.level_path(notice.level_path_size() - 1) > notice.level_path(notice.level_path_size() - 2);
      if (!climbed) return v1::NO_TAKER;
      return notice.current_level() == common::v1::COUNTY ? v1::LEADER : v1::SUPERIOR;
    }
    case incident::v1::SUSPENDED:
      return v1::ON_HOLD;
    case incident::v1::PENDING_VERIFY:
      return v1::VERIFIER;  // the department has done its part
    default:
      return v1::DEPARTMENT;
  }
}

}  // namespace

int SeenFrom(const v1::Part& part) { return part.has_petition() ? part.level() : 0; }

int SeenFrom(const v1::Matter& matter) {
  int level = 0;
  for (const auto& part : matter.part()) level = std::max(level, SeenFrom(part));
  return level;
}

const v1::Matter& SeenAt(const v1::Matter& matter, int level, v1::Matter* scratch) {
  const bool hidden = SeenFrom(matter) > level;
  const auto is_shown = [level](const v1::Part& part) { return SeenFrom(part) <= level && !LeftTheLists(part); };
  if (std::ranges::all_of(matter.part(), is_shown)) return matter;
  v1::Matter& seen = *scratch;
  seen = matter;
  for (int i = seen.part_size() - 1; i >= 0; --i) {
    if (is_shown(seen.part(i))) continue;
    for (int j = seen.course_size() - 1; j >= 0; --j) {
      const bool its = seen.course(j).service() == seen.part(i).service() &&
                       seen.course(j).subject_id() == seen.part(i).subject_id();
      if (its) seen.mutable_course()->DeleteSubrange(j, 1);
    }
    seen.mutable_part()->DeleteSubrange(i, 1);
  }
  if (hidden) {  // what is noted is of that, as likely as not; of what left the lists nothing is noted any more
    seen.clear_asked();
    seen.clear_order();
    seen.clear_listing();
    seen.clear_escalation();
  }
  for (int i = seen.warning_size() - 1; i >= 0; --i) {
    if (seen.warning(i).seen_from() > level) seen.mutable_warning()->DeleteSubrange(i, 1);
  }
  seen.clear_last_topic();
  seen.clear_last_step_at_ms();
  for (const auto& part : seen.part()) {
    if (StepAtMs(part) < seen.last_step_at_ms()) continue;
    seen.set_last_step_at_ms(StepAtMs(part));
    seen.set_last_topic(StepTopic(part));
  }
  return seen;
}

bool IsStep(std::string_view topic) { return std::ranges::find(kNoSteps, topic) == std::end(kNoSteps); }

int64_t StepAtMs(const v1::Part& part) { return part.step_at_ms() == 0 ? part.at_ms() : part.step_at_ms(); }

const std::string& StepTopic(const v1::Part& part) {
  return part.step_at_ms() == 0 ? part.topic() : part.step_topic();
}

bool LeftTheLists(const v1::Part& part) { return part.has_petition() && part.petition().holder_org().empty(); }

bool LeftTheLists(const v1::Matter& matter) {
  const auto left = [](const v1::Part& part) { return LeftTheLists(part); };
  return !matter.part().empty() && std::ranges::all_of(matter.part(), left);
}

bool LeftTheLists(const v1::Matter& matter, std::string_view service, std::string_view subject_id) {
  return std::ranges::any_of(matter.part(), [&](const v1::Part& part) {
    return part.service() == service && part.subject_id() == subject_id && LeftTheLists(part);
  });
}

bool SubjectHasLeft(const v1::State& asked, const v1::State* matter) {
  if (matter == nullptr) return false;
  const auto& order = asked.order();
  const auto& instruction = asked.instruction();
  return asked.has_order() ? LeftTheLists(matter->matter(), order.service(), order.subject_id())
                           : asked.has_instruction() &&
                                 LeftTheLists(matter->matter(), instruction.service(), instruction.subject_id());
}

bool IsOpen(const v1::Part& part) {
  if (part.has_incident()) return IncidentOpen(part.incident().status());
  // That it was taken is all it says: others hear no more of it.
  if (part.has_petition()) return PetitionOpen(part.petition().status()) && !LeftTheLists(part);
  return part.has_mediation() && MediationOpen(part.mediation().status());
}

bool IsOpen(const v1::Matter& matter) {
  return std::ranges::any_of(matter.part(), [](const v1::Part& part) { return IsOpen(part); });
}

const v1::Part* HolderPart(const v1::Matter& matter) {
  const v1::Part* best = nullptr;
  // One that left the lists still stands before what has ended: else whoever had the incident it came from would see
  // by what they may open again that it left.
  auto weight = [](const v1::Part& part) {
    if (!IsOpen(part)) return LeftTheLists(part) ? 1 : 0;
    return part.has_incident() && part.incident().status() == incident::v1::REFERRED ? 2 : 3;
  };
  for (const auto& part : matter.part()) {
    if (best == nullptr || weight(part) > weight(*best) ||
        (weight(part) == weight(*best) && part.at_ms() > best->at_ms())) {
      best = &part;
    }
  }
  return best;
}

int CurrentLevel(const v1::Matter& matter) {
  int level = 0;
  for (const auto& part : matter.part()) {  // an incident keeps its level while it is referred
    if (!IsOpen(part)) continue;
    level = std::max(level, part.has_incident()   ? part.incident().current_level()
                            : part.has_petition() ? part.petition().level()
                                                  : part.level());
  }
  return level;
}

std::string CategoryOf(const v1::Matter& matter) {
  for (const auto& part : matter.part()) {
    if (part.has_incident() && !part.incident().category().empty()) return part.incident().category();
  }
  for (const auto& part : matter.part()) {
    if (part.has_mediation()) return part.mediation().dispute_type();
  }
  for (const auto& part : matter.part()) {
    if (part.has_petition()) return part.petition().content();
  }
  return "";
}

std::string HolderOrg(const v1::Matter& matter) {
  const v1::Part* part = HolderPart(matter);
  if (part == nullptr) return "";
  if (part->has_petition()) return part->petition().holder_org();
  return part->has_incident() ? part->incident().holder_org() : part->mediation().holder_org();
}

std::string LeadOrg(const v1::Matter& matter) {
  const v1::Part* part = HolderPart(matter);
  if (part == nullptr) return "";
  if (part->has_petition()) return part->petition().holder_org();
  return part->has_incident() ? part->incident().lead_org() : part->mediation().committee_org();
}

bool HasToDoWith(const v1::Part& part, std::string_view org_id) {
  const auto& clocks = ClocksIn(part);
  return part.petition().holder_org() == org_id || part.incident().holder_org() == org_id ||
         part.incident().lead_org() == org_id || part.mediation().holder_org() == org_id ||
         part.mediation().committee_org() == org_id ||
         std::ranges::find(clocks, org_id, &common::v1::Clock::holder_org) != clocks.end();
}

bool IsTheirs(const v1::Matter& matter, std::string_view org_id) {
  return SeenFrom(matter) == 0 || std::ranges::any_of(matter.part(), [&](const v1::Part& part) {
           return !LeftTheLists(part) && HasToDoWith(part, org_id);
         });
}

bool AwaitsItsUnit(const v1::Matter& matter) {
  return std::ranges::any_of(matter.part(), [](const v1::Part& part) {
    const auto status = part.petition().status();
    return part.has_petition() && !LeftTheLists(part) &&
           (status == petition::v1::REGISTERED || status == petition::v1::OBJECTED);
  });
}

bool MayBeOfWhatLeft(const v1::Matter& matter, std::string_view org_id) {
  const bool left = std::ranges::any_of(matter.part(), [](const v1::Part& part) { return LeftTheLists(part); });
  return left && !IsTheirs(matter, org_id);
}

bool AroseAsWhatLeft(const v1::Matter& matter) { return !matter.part().empty() && LeftTheLists(matter.part(0)); }

std::string TownshipOf(std::string_view area_code) {
  const std::string township = base::CutTo(area_code, common::v1::TOWNSHIP);
  if (!township.empty()) return township;
  const std::string county = base::CutTo(area_code, common::v1::COUNTY);
  return county.empty() ? std::string(area_code) : county + "000";
}

std::string PlaceIn(std::string_view area_code) {
  const std::string township = base::CutTo(area_code, common::v1::TOWNSHIP);
  return township.empty() ? std::string(area_code) : township;
}

const v1::RunningLight* WorstLight(const v1::Matter& matter, std::string_view holder_org) {
  const v1::RunningLight* worst = nullptr;
  for (const auto& part : matter.part()) {
    for (const auto& light : part.light()) {
      if (!holder_org.empty() && light.holder_org() != holder_org) continue;
      if (worst == nullptr || Before(light, *worst)) worst = &light;
    }
  }
  return worst;
}

Light WorstColour(const v1::Matter& matter) {
  const v1::RunningLight* worst = WorstLight(matter);
  return worst == nullptr ? common::v1::LIGHT_UNSPECIFIED : worst->light();
}

v1::StuckReason StuckReasonOf(const v1::Matter& matter) {
  const v1::Part* part = HolderPart(matter);
  if (part == nullptr || !IsOpen(*part)) return v1::STUCK_REASON_UNSPECIFIED;
  if (part->has_incident() && part->incident().return_count() >= 2 &&
      (part->incident().status() == incident::v1::ACCEPTED ||
       part->incident().status() == incident::v1::DISPATCHED)) {
    return v1::RETURNED_TWICE;
  }
  const v1::StuckReason waiting_for = part->has_incident()   ? StuckInIncident(part->incident())
                                      : part->has_petition() ? StuckInPetition(part->petition().status())
                                                             : StuckInMediation(part->mediation().status());
  if (waiting_for == v1::LEADER)
    return v1::LEADER;  // what climbed to the county waits for it from the first hour
  const Light worst = WorstColour(matter);
  return worst == common::v1::YELLOW || worst == common::v1::RED ? waiting_for : v1::STUCK_REASON_UNSPECIFIED;
}

int64_t EscalatedAt(const v1::Matter& matter, int level) {
  int64_t newest = 0;
  for (const auto& escalation : matter.escalation()) {
    if (escalation.to() >= level) newest = std::max(newest, escalation.at_ms());
  }
  return newest;
}

v1::ReviewGroup ReviewGroupAt(const v1::Matter& whole, int level) {
  v1::Matter scratch;
  const v1::Matter& matter = SeenAt(whole, level, &scratch);
  bool pressing = false, leaderless = false;
  for (const auto& part : matter.part()) {  // they ask for a leader of their own level, or of the county
    if (!part.has_petition() || (level != common::v1::COUNTY && part.level() != level)) continue;
    pressing |= IsOpen(part) && (part.urgent() || part.petition().scale() >= common::v1::S3_5_TO_9);
    leaderless |= part.backlog() && !part.led();
  }
  if (!IsOpen(matter)) return leaderless ? v1::BACKLOG_WITHOUT_LEADER : v1::REVIEW_GROUP_UNSPECIFIED;
  const int current = CurrentLevel(matter);
  // A city does not read every late village matter: red counts from the level below on.
  const bool red_counts = level <= common::v1::COUNTY || current >= level - 1 || EscalatedAt(matter, level) > 0;
  if (red_counts && WorstColour(matter) == common::v1::RED) return v1::RED_LIGHT;
  if (HasRedCard(matter)) return v1::RED_CARD;
  if (HasHighWarning(matter, level)) return v1::HIGH_WARNING;
  if (pressing) return v1::JOINT_OR_URGENT;
  if (leaderless) return v1::BACKLOG_WITHOUT_LEADER;
  if (current >= level) return v1::AT_LEVEL;
  return EscalatedAt(matter, level) > 0 ? v1::WAS_ESCALATED : v1::REVIEW_GROUP_UNSPECIFIED;
}

}  // namespace oversight
