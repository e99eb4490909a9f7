#include "services/oversight/domain/drafts.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <utility>

#include "services/oversight/domain/limits.h"
#include "services/oversight/domain/orders.h"
#include "services/oversight/domain/standing.h"

namespace oversight {
namespace {

bool WasRed(const v1::Matter& before, const v1::Part& part, const v1::RunningLight& light) {
  for (const auto& old_part : before.part()) {
    if (old_part.service() != part.service() || old_part.subject_id() != part.subject_id()) continue;
    for (const auto& old : old_part.light()) {
      if (old.policy_id() == light.policy_id() && old.started_at_ms() == light.started_at_ms())
        return old.light() == common::v1::RED;
    }
  }
  return false;
}

// Done only on paper: a result that was accepted, and then was found not to be there. The unit that reported it.
std::string FalselyCompletedBy(const v1::Observe& heard, const v1::Matter& before) {
  if (heard.topic() != "incident.reopened" || heard.incident().reason_code() != "FALSE_COMPLETION") return "";
  for (const auto& part : before.part()) {
    if (part.service() == heard.service() && part.subject_id() == heard.subject_id()) return part.incident().lead_org();
  }
  return "";
}

bool Drafted(const v1::Matter& matter, v1::OrderGround ground) {
  return (matter.rule_drafts() >> static_cast<int>(ground) & 1) != 0;
}

}  // namespace

bool Supersedes(const OrderNotes& notes, std::string_view to_org, common::v1::Card card) {
  return std::ranges::any_of(notes, [&](const v1::OrderNote& note) {
    return note.to_org() == to_org && (note.card() == card || (IsOut(note.status()) && note.card() > card));
  });
}

bool GivesWay(const v1::OrderNote& note, common::v1::Card card, const Ask& ask) {
  if (note.card() != card || !IsOut(note.status())) return false;
  const v1::State* state = ask.ctx.lookup->Find(note.order_id());
  if (state == nullptr) return false;
  const v1::OrderState& order = state->order();
  return order.issuer_org() == order.to_org() || order.issuer_level() < ask.who.level;
}

bool StandsInTheWay(const OrderNotes& notes, std::string_view to_org, common::v1::Card card, const Ask& ask) {
  return std::ranges::any_of(notes, [&](const v1::OrderNote& note) {
    const bool as_grave = note.card() == card || (IsOut(note.status()) && note.card() > card);
    return note.to_org() == to_org && as_grave && !GivesWay(note, card, ask);
  });
}

bool IsDemanded(const OrderNotes& notes, std::string_view to_org, common::v1::Card card) {
  return std::ranges::any_of(notes, [&](const v1::OrderNote& note) {
    return note.to_org() == to_org && note.card() >= card;
  });
}

std::string Milder(const OrderNotes& notes, std::string_view to_org, common::v1::Card card) {
  const v1::OrderNote* found = nullptr;
  for (const auto& note : notes) {
    if (note.to_org() != to_org || note.card() >= card || !IsOut(note.status())) continue;
    if (found == nullptr || note.card() > found->card()) found = &note;
  }
  return found == nullptr ? "" : found->order_id();
}

v1::OrderState NewDraft(const v1::Matter& matter, common::v1::Card card, v1::OrderGround ground,
                        std::string_view to_org, int64_t now_ms) {
  v1::OrderState order;
  order.set_status(v1::ORDER_DRAFT);
  order.set_card(card);
  order.set_ground(ground);
  order.set_matter_id(matter.matter_code());
  order.set_matter_area_code(matter.area_code());
  order.set_to_org(std::string(to_org));
  order.set_previous_order_id(Milder(matter.order(), to_org, card));
  order.set_automatic(true);
  order.set_drafted_at_ms(now_ms);
  order.set_level(CurrentLevel(matter));
  order.set_seen_from(SeenFrom(matter));
  if (const v1::Part* holder = HolderPart(matter)) {
    order.set_service(holder->service());
    order.set_subject_id(holder->subject_id());
  }
  return order;
}

Drafts::Drafts(v1::Matter matter, std::string matter_id, const Ask& ask, Decision* decision)
    : matter_(std::move(matter)), matter_id_(std::move(matter_id)), ask_(ask), decision_(*decision) {}

void Drafts::Add(common::v1::Card card, v1::OrderGround ground, std::string_view to_org, std::string_view policy_id) {
  if (to_org.empty() || Supersedes(matter_.order(), to_org, card) || matter_.order_size() >= kOrdersMax) return;
  matter_.set_order_count(matter_.order_count() + 1);
  const std::string id = absl::StrCat("or-", matter_.matter_code(), "-", matter_.order_count());
  v1::OrderState order = NewDraft(matter_, card, ground, to_org, ask_.ctx.now_ms);
  order.set_policy_id(std::string(policy_id));
  order.set_sign_level(SignLevelOf(order, ask_.reference));
  *matter_.add_order() = NoteOf(id, order);
  auto* noted = OnMatter()->mutable_order_noted();
  *noted->mutable_note() = NoteOf(id, order);
  noted->set_drafted_by_rule(ground);
  *decision_.EmitTo(id)->mutable_order_drafted()->mutable_order() = std::move(order);
}

v1::Matter AfterNotice(const v1::Matter& before, const v1::StandingChanged& changed) {
  v1::State state;
  *state.mutable_matter() = before;
  v1::Event event;
  *event.mutable_standing_changed() = changed;
  OversightDomain::Apply(event, changed.at_ms(), &state);
  return state.matter();
}

void DraftAfterNotice(const v1::Observe& heard, const v1::Matter& before, const v1::Matter& after, const Ask& ask,
                      Decision* decision) {
  if (!IsOpen(after)) return;
  Drafts drafts(after, "", ask, decision);
  drafts.Add(common::v1::CARD_RED, v1::FALSIFICATION, FalselyCompletedBy(heard, before));
  for (const auto& part : after.part()) {
    if (part.service() != heard.service() || part.subject_id() != heard.subject_id()) continue;
    for (const auto& light : part.light()) {
      if (light.light() == common::v1::RED && !light.paused() && !WasRed(before, part, light))
        drafts.Add(common::v1::CARD_ORDINARY, v1::LIGHT_RED, light.holder_org(), light.policy_id());
    }
    const std::string& lead = part.incident().lead_org();
    if (part.incident().rework_count() >= 2 && !Drafted(after, v1::REWORKED_TWICE))
      drafts.Add(common::v1::CARD_YELLOW, v1::REWORKED_TWICE, lead);
    if (part.refused_returns() >= 2 && !Drafted(after, v1::RETURN_REFUSED_TWICE))
      drafts.Add(common::v1::CARD_YELLOW, v1::RETURN_REFUSED_TWICE, lead);
  }
}

}  // namespace oversight
