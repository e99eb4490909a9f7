// Views of a state: timers, indexes, tallies, and what others may hear. The kernel compares them before and
// after an event and writes the difference in the same batch. A matter that has ended is in no list.
#include <absl/strings/str_cat.h>

#include <algorithm>
#include <map>
#include <utility>

#include "base/area_code.h"
#include "base/coding.h"
#include "oversight/v1/notices.pb.h"
#include "services/oversight/domain/keys.h"
#include "services/oversight/domain/lights.h"
#include "services/oversight/domain/oversight.h"
#include "services/oversight/domain/standing.h"
#include "services/reference/deadline.h"

namespace oversight {
namespace {

using v1::Event, v1::State;

constexpr int kReviewLevels[] = {common::v1::TOWNSHIP, common::v1::COUNTY, common::v1::CITY};
constexpr std::string_view kInstructionTimer = "instruction";

std::string ScopeOf(const v1::Matter& matter, int level) {
  return level == common::v1::TOWNSHIP ? TownshipOf(matter.area_code())
                                       : base::CutTo(matter.area_code(), level);
}

void AddReviewEntries(const v1::Matter& matter, std::vector<kernel::IndexEntry>* entries) {
  for (int level : kReviewLevels) {
    const v1::ReviewGroup group = ReviewGroupAt(matter, level);
    const std::string area = ScopeOf(matter, level);
    if (group == v1::REVIEW_GROUP_UNSPECIFIED || area.empty()) continue;
    const uint64_t order = group == v1::WAS_ESCALATED ? ~static_cast<uint64_t>(EscalatedAt(matter, level))
                                                      : static_cast<uint64_t>(matter.opened_at_ms());
    entries->push_back({"review", ReviewKey(area, group, order)});
  }
}

void AddLightEntries(const v1::Matter& matter, std::vector<kernel::IndexEntry>* entries) {
  std::map<std::string, const v1::RunningLight*> worst_of;
  for (const auto& part : matter.part()) {
    for (const auto& light : part.light()) worst_of.try_emplace(light.holder_org(), nullptr);
  }
  for (auto& [holder, worst] : worst_of) {
    worst = WorstLight(matter, holder);
    entries->push_back({"light_holder", LightKey(holder, worst->light(), worst->due_at_ms())});
  }
  for (int level : {common::v1::COUNTY, common::v1::TOWNSHIP}) {
    v1::Matter scratch;
    const v1::RunningLight* worst = WorstLight(SeenAt(matter, level, &scratch));
    const std::string area = ScopeOf(matter, level);
    if (worst == nullptr || worst->light() == common::v1::GREEN || area.empty()) continue;
    entries->push_back({"light_area", LightKey(area, worst->light(), worst->due_at_ms())});
  }
}

void AddInstructionEntries(const v1::InstructionState& instruction,
                           std::vector<kernel::IndexEntry>* entries) {
  const bool closed = instruction.status() == v1::CLOSED;
  auto add = [&](char list, std::string_view whose) {
    std::string key = InstructionPrefix(list, whose, closed);
    base::AppendU64(&key, static_cast<uint64_t>(instruction.clock().due_at_ms()));
    entries->push_back({"instruction", std::move(key)});
  };
  add('a', instruction.area_code());
  add('u', instruction.issuer_user_id());
  if (instruction.status() == v1::ISSUED) return;  // a unit hears of it when it is distributed
  for (const auto& org : instruction.addressee_org()) add('o', org);
}

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

v1::Notice OfInstruction(std::string_view id, const v1::InstructionState& instruction) {
  v1::Notice notice;
  notice.set_service(instruction.service());
  notice.set_subject_id(instruction.subject_id());
  notice.set_matter_code(instruction.matter_code());
  if (!instruction.addressee_org().empty()) notice.set_to_org(instruction.addressee_org(0));
  *notice.mutable_addressee() = instruction.addressee_org();
  notice.set_due_at_ms(instruction.clock().due_at_ms());
  notice.set_instruction_id(std::string(id));
  notice.set_issuer_org(instruction.issuer_org());
  notice.set_issuer_level(instruction.issuer_level());
  return notice;
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
  return notice;
}

}  // namespace

std::vector<kernel::Timer> OversightDomain::Timers(const State& state) {
  std::vector<kernel::Timer> timers;
  for (const auto& part : state.matter().part()) {
    for (const auto& light : part.light()) {
      if (auto at = TurnsAt(light)) timers.push_back({TimerName(part, light), *at});
    }
  }
  const auto& instruction = state.instruction();
  if (state.has_instruction() && reference::IsRunning(instruction.clock()) &&
      instruction.light() != common::v1::RED) {
    const int64_t late = reference::LateFromMs(instruction.clock());
    timers.push_back({std::string(kInstructionTimer), instruction.light() == common::v1::GREEN
                                                          ? std::min(instruction.yellow_at_ms(), late)
                                                          : late});
  }
  return timers;
}

OversightDomain::Command OversightDomain::Fire(std::string_view timer, int64_t) {
  Command command;
  if (timer == kInstructionTimer) {
    command.mutable_turn_instruction_light();
  } else {
    *command.mutable_turn_light() = FromTimerName(timer);
  }
  return command;
}

std::vector<kernel::IndexEntry> OversightDomain::Indexes(std::string_view, const State& state) {
  std::vector<kernel::IndexEntry> entries;
  if (state.has_instruction()) AddInstructionEntries(state.instruction(), &entries);
  if (!state.has_matter()) return entries;
  const v1::Matter& matter = state.matter();
  AddLightEntries(matter, &entries);
  AddReviewEntries(matter, &entries);
  if (const v1::StuckReason reason = StuckReasonOf(matter); reason != v1::STUCK_REASON_UNSPECIFIED) {
    std::string key = StuckPrefix(StuckAreaOf(matter), reason);
    base::AppendU64(&key, static_cast<uint64_t>(matter.opened_at_ms()));
    entries.push_back({"stuck", std::move(key)});
  }
  return entries;
}

std::vector<kernel::TallyEntry> OversightDomain::Tallies(const State& state) {
  std::vector<kernel::TallyEntry> tallies;
  if (!state.has_matter()) return tallies;
  const v1::Matter& matter = state.matter();
  for (int level : kReviewLevels) {
    const v1::ReviewGroup group = ReviewGroupAt(matter, level);
    const std::string area = ScopeOf(matter, level);
    if (group == v1::REVIEW_GROUP_UNSPECIFIED || area.empty()) continue;
    tallies.push_back({absl::StrCat("review/", area, "/group/", static_cast<int>(group))});
    tallies.push_back({absl::StrCat("review/", area, "/township/", TownshipOf(matter.area_code()))});
    tallies.push_back({absl::StrCat("review/", area, "/category/", CategoryOf(matter))});
  }
  if (const v1::StuckReason reason = StuckReasonOf(matter); reason != v1::STUCK_REASON_UNSPECIFIED) {
    tallies.push_back({absl::StrCat("stuck/", StuckAreaOf(matter), "/", static_cast<int>(reason))});
  }
  return tallies;
}

std::optional<kernel::v1::Notice> OversightDomain::Publish(std::string_view id, const Event& event,
                                                           const State&, const State& after) {
  const v1::Matter& matter = after.matter();
  const v1::InstructionState& instruction = after.instruction();
  switch (event.body_case()) {
    case Event::kReminded:
      return Wrap("oversight.reminded", matter.matter_code(), matter.area_code(), CurrentLevel(matter),
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
      return Wrap("oversight.instructed", instruction.matter_code(), instruction.matter_area_code(),
                  instruction.issuer_level(), OfInstruction(id, instruction));
    case Event::kInstructionLightChanged: {
      v1::Notice notice = OfInstruction(id, instruction);
      notice.set_policy_id(instruction.clock().policy_id());
      notice.set_light(event.instruction_light_changed().light());
      return Wrap("oversight.reminded", instruction.matter_code(), instruction.matter_area_code(),
                  instruction.issuer_level(), notice);
    }
    default:
      return std::nullopt;  // the rest concerns oversight alone
  }
}

void OversightDomain::Observe(std::string_view, const State& state, Reference* reference) {
  if (!state.has_reference()) return;
  // What does not validate is not taken: what was known stays. The directory validates before it publishes.
  const absl::Status learned = reference->Learn(state.reference());
  (void)learned;
}

void OversightDomain::Answer(const State& after, kernel::v1::Receipt* receipt) {
  if (after.has_matter()) receipt->set_matter_code(after.matter().matter_code());
  if (!after.has_instruction()) return;
  receipt->set_matter_code(after.instruction().matter_code());
  receipt->set_status(v1::InstructionStatus_Name(after.instruction().status()));
}

}  // namespace oversight
