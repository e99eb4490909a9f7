// Rows of answers out of states. Everything that depends on the present moment (days open, what is left) is
// computed here, when it is read, and stored nowhere.
#include <algorithm>
#include <string>

#include "base/calendar.h"
#include "services/oversight/domain/rules.h"
#include "services/oversight/domain/standing.h"
#include "services/oversight/escalation_words.h"
#include "services/oversight/queries.h"
#include "services/reference/answers.h"

namespace oversight {

v1::Asked InWords(const v1::Asked& asked) {
  v1::Asked shown = asked;
  if (asked.answer() != v1::ANSWER_REFUSED) return shown;
  const reference::AnswerWords words = reference::AnswerWordsOf(asked.answer_reason());
  shown.set_answer_zh(std::string(words.zh));
  shown.set_answer_en(std::string(words.en));
  return shown;
}

namespace {

constexpr int kSuccessorStepsMax = 16;

// Open, and with a unit that is closed: nobody is there to take the next step. The one it lies with, or null.
const directory::v1::Organisation* ClosedUnitOf(const v1::Matter& matter, const reference::Reference& reference) {
  if (!IsOpen(matter)) return nullptr;
  for (const std::string& org_id : {HolderOrg(matter), LeadOrg(matter)}) {
    const auto* org = reference.FindOrg(org_id);
    if (org != nullptr && org->closed()) return org;
  }
  return nullptr;
}

// Who took over from it, directly or in turn, and stands.
std::string SuccessorOf(const directory::v1::Organisation& closed, const reference::Reference& reference) {
  const auto* at = &closed;
  for (int step = 0; at != nullptr && at->closed() && step < kSuccessorStepsMax; ++step)
    at = reference.FindOrg(at->successor());
  return at != nullptr && !at->closed() ? at->id() : "";
}

}  // namespace

v1::ReviewItem ReviewItemOf(const v1::Matter& whole, int level, const kernel::v1::Actor& reader, int64_t now_ms,
                            const reference::Reference* reference) {
  v1::Matter scratch;
  const v1::Matter& matter = SeenAt(whole, level, &scratch);
  v1::ReviewItem item;
  item.set_id(matter.matter_code());
  item.set_matter_code(matter.matter_code());
  item.set_category(CategoryOf(matter));
  item.set_township(PlaceIn(matter.area_code()));
  item.set_area_code(matter.area_code());
  item.set_opened_at_ms(matter.opened_at_ms());
  item.set_days_open(std::max(0, base::LocalDay(now_ms) - base::LocalDay(matter.opened_at_ms())));
  item.set_last_step(matter.last_topic());
  item.set_last_step_at_ms(matter.last_step_at_ms());
  item.set_lead_org(LeadOrg(matter));
  item.set_holder_org(HolderOrg(matter));
  item.set_current_level(CurrentLevel(matter));
  item.set_group(ReviewGroupAt(matter, level));
  const auto* closed = reference == nullptr ? nullptr : ClosedUnitOf(matter, *reference);
  item.set_stuck_reason(closed != nullptr ? v1::HOLDER_CLOSED : StuckReasonOf(matter));
  if (closed != nullptr) item.set_successor_org(SuccessorOf(*closed, *reference));
  if (!matter.escalation().empty()) {
    const auto& newest = *matter.escalation().rbegin();
    const EscalationWords words = EscalationWordsOf(newest);
    item.set_escalation_reason(newest.reason());
    item.set_escalation_reason_zh(words.zh);
    item.set_escalation_reason_en(words.en);
  }
  if (const auto* part = HolderPart(matter)) {
    item.set_service(part->service());
    item.set_subject_id(part->subject_id());
  }
  for (const auto& part : matter.part()) {
    if (part.has_petition()) {
      item.set_scale(part.petition().scale());
      if (part.urgent()) item.set_urgency(common::v1::URGENT);
    }
    if (!part.has_incident()) continue;
    *item.mutable_level_path() = part.incident().level_path();
    item.set_return_count(part.incident().return_count());
    item.set_rework_count(part.incident().rework_count());
    item.set_urgency(part.incident().urgency());
    item.set_scale(part.incident().scale());
    item.set_risk(part.incident().risk());
  }
  if (const auto* light = WorstLight(matter)) {
    item.set_worst_light(light->light());
    item.set_due_policy_id(light->policy_id());
    item.set_due_at_ms(light->due_at_ms());
    item.set_remaining_ms(light->due_at_ms() - now_ms);
  }
  for (const auto& note : matter.order()) {
    if (!IsSecretFrom(reader, note)) *item.add_order() = note;
  }
  *item.mutable_listing() = matter.listing();
  for (const auto& note : matter.warning()) {
    if (note.high() && note.seen_from() <= level) item.add_warning_id(note.warning_id());
  }
  const bool ended = !IsOpen(matter);
  for (const auto& asked : matter.asked()) {
    auto* shown = item.add_asked();
    *shown = InWords(asked);
    if (ended && asked.answer() == v1::ANSWER_PENDING) shown->set_answer(v1::ANSWER_MOOT);
  }
  return item;
}

}  // namespace oversight
