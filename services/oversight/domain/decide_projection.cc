// What the case services said of a matter, and what the passing of time does to its lights. Notices may come
// twice or, after a restore, again: what is not newer than the part says already changes nothing.
#include <algorithm>
#include <utility>

#include "services/oversight/domain/course.h"
#include "services/oversight/domain/decide.h"
#include "services/oversight/domain/drafts.h"
#include "services/oversight/domain/lapse.h"
#include "services/oversight/domain/lights.h"
#include "services/oversight/domain/late_open.h"
#include "services/oversight/domain/limits.h"
#include "services/oversight/domain/orders.h"
#include "services/oversight/domain/raise.h"
#include "services/oversight/domain/standing.h"
#include "services/reference/deadline.h"

namespace oversight {
namespace {

using kernel::RefusalCode;

const v1::Part* FindPart(const v1::Matter& matter, std::string_view service, std::string_view subject_id) {
  for (const auto& part : matter.part()) {
    if (part.service() == service && part.subject_id() == subject_id) return &part;
  }
  return nullptr;
}

const v1::RunningLight* FindLight(const v1::Part& part, std::string_view policy_id) {
  for (const auto& light : part.light()) {
    if (light.policy_id() == policy_id) return &light;
  }
  return nullptr;
}

// O1: the holder hears once of every clock that turns yellow (or is red when it is first heard of).
void EmitReminder(std::string_view service, std::string_view subject_id, const v1::RunningLight& light,
                  Decision* decision) {
  auto* reminded = decision->Emit()->mutable_reminded();
  reminded->set_service(std::string(service));
  reminded->set_subject_id(std::string(subject_id));
  reminded->set_policy_id(light.policy_id());
  reminded->set_light(light.light());
  reminded->set_holder_org(light.holder_org());
  reminded->set_due_at_ms(light.due_at_ms());
}

// An incident that is closed, or the window its citizen has, binds nobody any more. What ended as mediation or petition
// may still be followed by duties: a visit, an archive, an answer to the petition office.
bool HasLights(const v1::Observe& heard) {
  if (!heard.has_incident()) return true;
  v1::Part part;
  *part.mutable_incident() = heard.incident();
  v1::State state;
  *state.mutable_matter()->add_part() = std::move(part);
  return PhaseOf(state) == Phase::kOpenMatter;
}

// What only single steps tell, kept from step to step. A petition that has left the lists keeps none of it.
void Remember(const v1::Part* before, std::string_view topic, v1::Part* part) {
  const v1::Part& was = before == nullptr ? v1::Part::default_instance() : *before;
  const bool is_step = before == nullptr || IsStep(topic);  // whatever it is first heard by, there it begins
  part->set_step_at_ms(is_step ? part->at_ms() : StepAtMs(was));
  part->set_step_topic(is_step ? part->topic() : StepTopic(was));
  if (part->has_incident()) part->set_refused_returns(was.refused_returns() + (topic == "incident.return_refused"));
  if (!part->has_petition() || LeftTheLists(*part)) return;
  part->set_urgent(was.urgent() || topic == "petition.urgent_reported");
  part->set_backlog((was.backlog() || topic == "petition.backlog_listed") && topic != "petition.written_off");
  part->set_led(was.led() || topic == "petition.leader_assigned");
}

// The same breach goes on: the ladder does not begin anew. What is late for the first time it will look at.
void GoOn(const v1::Part* before, const v1::Matter& matter, const Ask& ask, v1::Part* part) {
  for (auto& light : *part->mutable_light()) {
    const v1::RunningLight* old = before == nullptr ? nullptr : FindLight(*before, light.policy_id());
    if (old != nullptr && old->started_at_ms() == light.started_at_ms()) {
      light.set_climbed_to(old->climbed_to());
      light.set_card_drafted(old->card_drafted());
    }
  }
  for (auto& light : *part->mutable_light())
    light.set_check_at_ms(NextCheck(matter, *part, light, ask.reference).check_at_ms());
}

v1::Part PartOf(const v1::Observe& heard, const Ask& ask) {
  v1::Part part;
  part.set_service(heard.service());
  part.set_subject_id(heard.subject_id());
  part.set_version(heard.subject_version());
  part.set_at_ms(heard.recorded_at_ms());
  part.set_topic(heard.topic());
  part.set_level(heard.level());
  if (heard.has_incident()) *part.mutable_incident() = heard.incident();
  if (heard.has_mediation()) *part.mutable_mediation() = heard.mediation();
  if (heard.has_petition()) *part.mutable_petition() = heard.petition();
  if (!HasLights(heard)) return part;
  for (auto& light : LightsOf(ClocksIn(heard), ask.reference, ask.ctx.now_ms)) *part.add_light() = std::move(light);
  return part;
}

// The answer to something oversight asked for, if this notice carries one it waits for.
void HearAnswer(const v1::Observe& heard, const v1::Matter& matter, Decision* decision) {
  const auto& answer = heard.has_incident() ? heard.incident().answer() : heard.mediation().answer();
  if (answer.instruction_id().empty()) return;
  for (const auto& asked : matter.asked()) {
    if (asked.instruction_id() != answer.instruction_id() || asked.answer() != v1::ANSWER_PENDING) continue;
    auto* event = decision->Emit()->mutable_answer_heard();
    event->set_instruction_id(answer.instruction_id());
    event->set_answer(answer.done() ? v1::ANSWER_DONE : v1::ANSWER_REFUSED);
    event->set_reason_code(answer.reason_code());
  }
}

// The case service did what people had asked of it: the reason is theirs. A red card lifts a matter by rule.
void CreditAsker(const v1::Observe& heard, const v1::Matter& matter, v1::Escalation* escalation) {
  for (const auto& asked : matter.asked()) {
    const bool people = asked.kind() == v1::ESCALATE && !asked.tried().empty();
    if (!people || asked.instruction_id() != heard.incident().answer().instruction_id()) continue;
    escalation->set_automatic(false);
    escalation->set_reason(asked.reason_code());
    escalation->set_asked_by_org(asked.issuer_org());
  }
}

// Somebody says the same again: what was closed before was not settled at once.
void HearRepeat(const v1::Observe& heard, const Ask& ask, Decision* decision) {
  const auto& said = heard.petition();
  const bool again = heard.topic() == "petition.repeat_detected" && said.repeat() && !said.earlier_code().empty() &&
                     said.earlier_code() != heard.matter_code();
  if (!again) return;
  const v1::State* earlier = ask.ctx.lookup->Find(said.earlier_code());
  if (earlier == nullptr || !earlier->has_matter() || earlier->matter().repeat_size() >= kRepeatsMax) return;
  v1::Matter repeated = earlier->matter();
  v1::Repeat* repeat = repeated.add_repeat();
  repeat->set_at_ms(heard.recorded_at_ms());
  repeat->set_seen_from(heard.level());
  *decision->EmitTo(said.earlier_code())->mutable_repeat_heard()->mutable_repeat() = *repeat;
  WarnOfRepeat(said.earlier_code(), repeated, ask, decision);
}

}  // namespace

Decision DecideObserve(const v1::Observe& heard, const Ask& ask) {
  const v1::Matter& matter = ask.state.matter();
  const v1::Part* before = FindPart(matter, heard.service(), heard.subject_id());
  if (before != nullptr && heard.subject_version() <= before->version()) return {};
  if (before == nullptr && matter.part_size() >= kPartsMax)
    return {};  // the oldest parts tell enough of such a matter
  Decision decision;
  auto* changed = decision.Emit()->mutable_standing_changed();
  changed->set_matter_code(heard.matter_code());
  changed->set_area_code(heard.area_code());
  changed->set_at_ms(heard.recorded_at_ms());
  *changed->mutable_part() = PartOf(heard, ask);
  Remember(before, heard.topic(), changed->mutable_part());
  GoOn(before, matter, ask, changed->mutable_part());
  *changed->mutable_heard() = HeardOf(heard, changed->part(), FindCourse(matter, heard.service(), heard.subject_id()),
                                      ask.reference);
  if (heard.has_incident() && heard.incident().has_escalation()) {
    const auto& from = heard.incident().escalation();
    auto* escalation = changed->mutable_escalation();
    escalation->set_from(from.from());
    escalation->set_to(from.to());
    escalation->set_reason(from.reason());
    escalation->set_automatic(from.automatic());
    escalation->set_at_ms(heard.recorded_at_ms());
    CreditAsker(heard, matter, escalation);
  }
  v1::Matter after = AfterNotice(matter, *changed);
  *after.mutable_vigil() = VigilAfter(heard, matter, after, ask);
  *changed->mutable_vigil() = after.vigil();
  const v1::Part part = changed->part();  // Emit() may move what `changed` points to
  for (const auto& light : part.light()) {
    if (light.light() == common::v1::GREEN || light.paused()) continue;
    const v1::RunningLight* old = before == nullptr ? nullptr : FindLight(*before, light.policy_id());
    const bool known = old != nullptr && old->started_at_ms() == light.started_at_ms() &&
                       old->holder_org() == light.holder_org() && old->light() != common::v1::GREEN;
    if (!known) EmitReminder(heard.service(), heard.subject_id(), light, &decision);
  }
  HearAnswer(heard, matter, &decision);
  HearRepeat(heard, ask, &decision);
  LapseAfterNotice(part, after, ask, &decision);
  DraftAfterNotice(heard, matter, after, ask, &decision);
  WarnAfterNotice(heard, matter, after, ask, &decision);
  return decision;
}

Decision DecideTurnLight(const v1::TurnLight& turn, const Ask& ask) {
  const v1::Part* part = FindPart(ask.state.matter(), turn.service(), turn.subject_id());
  const v1::RunningLight* light = part == nullptr ? nullptr : FindLight(*part, turn.policy_id());
  if (light == nullptr || ColourAt(*light, ask.ctx.now_ms) == light->light()) {
    return {};  // stopped or moved while this firing waited
  }
  Decision decision;
  auto* changed = decision.Emit()->mutable_light_changed();
  changed->set_service(turn.service());
  changed->set_subject_id(turn.subject_id());
  changed->set_policy_id(turn.policy_id());
  changed->set_light(ColourAt(*light, ask.ctx.now_ms));
  v1::RunningLight now = *light;
  now.set_light(ColourAt(*light, ask.ctx.now_ms));
  if (light->light() == common::v1::GREEN) EmitReminder(turn.service(), turn.subject_id(), now, &decision);
  if (now.light() != common::v1::RED) return decision;
  *decision.Emit()->mutable_late_checked()->mutable_check() = NextCheck(ask.state.matter(), *part, now, ask.reference);
  if (IsOpen(ask.state.matter())) {
    Drafts(ask.state.matter(), "", ask, &decision)
        .Add(common::v1::CARD_ORDINARY, v1::LIGHT_RED, now.holder_org(), now.policy_id());
  }
  NoteLate(*part, ask, &decision);
  return decision;
}

Decision DecideTurnInstructionLight(const Ask& ask) {
  const auto& instruction = ask.state.instruction();
  if (!ask.state.has_instruction() || !reference::IsRunning(instruction.clock()) ||
      instruction.light() == common::v1::RED) {
    return {};
  }
  if (auto lapsed = LapseOfWhatLeft(ask)) return *std::move(lapsed);
  const common::v1::Light light = LightAt(instruction.yellow_at_ms(), instruction.clock().due_at_ms(), ask.ctx.now_ms);
  if (light == instruction.light()) return {};
  Decision decision;
  decision.Emit()->mutable_instruction_light_changed()->set_light(light);
  return decision;
}

Decision DecideLearnReference(const v1::LearnReference& command, const Ask& ask) {
  if (!ask.ctx.aggregate_id.starts_with(kernel::kReferencePrefix) ||
      command.notice().body_case() == directory::v1::Notice::BODY_NOT_SET) {
    return Refuse(RefusalCode::kInvalid, "VALUE_NEEDED", "notice");
  }
  Decision decision;
  *decision.Emit()->mutable_reference_learned()->mutable_notice() = command.notice();
  WarnOfReference(command.notice(), ask, &decision);
  return decision;
}

}  // namespace oversight
