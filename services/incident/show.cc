#include "services/incident/show.h"

#include <algorithm>

#include "services/incident/domain/clocks.h"
#include "services/incident/domain/evaluating.h"
#include "services/incident/domain/rules.h"

namespace incident {
namespace {

void ShowUnits(const v1::Standing& at, const Knowledge& known, v1::IncidentView* view) {
  *view->mutable_lead() = UnitOf(known, at.lead_org());
  *view->mutable_territorial() = UnitOf(known, at.territorial_org());
  *view->mutable_holder() = UnitOf(known, at.holder_org());
  for (const std::string& org : at.co_handler_org()) *view->add_co_handler() = UnitOf(known, org);
}

void ShowIntake(const v1::Intake& intake, const Knowledge& known, v1::IncidentView* view) {
  view->set_kind(intake.kind());
  view->set_source(intake.source());
  view->set_category(intake.category());
  view->set_category_name(intake.category_name());
  view->set_title(intake.title());
  view->set_text(intake.text());
  *view->mutable_place() = intake.place();
  view->set_area_code(intake.area_code());
  view->set_area_name(AreaName(known, intake.area_code()));
  view->set_scale(intake.scale());
  view->set_urgency(intake.urgency());
  view->set_risk(intake.risk());
  *view->mutable_attachment() = intake.attachment();
  *view->mutable_need() = intake.need();
  view->set_campaign_id(intake.campaign_id());
  view->set_occurred_at_ms(intake.occurred_at_ms());
  view->set_emergency(intake.emergency());
}

// Only tokens: services/rpc turns them into masked values.
void ShowParty(const common::v1::Person& person, int index, v1::IncidentView* view) {
  if (person.name().empty() && person.phone().empty()) return;
  v1::PartyView* party = view->add_party();
  party->set_index(index);
  party->set_masked_name(person.name());
  party->set_masked_phone(person.phone());
  party->set_side(person.side());
  party->set_minor(person.minor());
  party->set_is_organisation(person.is_organisation());
}

void ShowProgress(const v1::Incident& m, v1::IncidentView* view) {
  view->set_cycle(m.cycle());
  view->set_rework_count(m.rework_count());
  view->set_return_count(m.return_count());
  view->set_report_count(m.report_count());
  view->set_closure_type(m.closure_type());
  view->set_procedural_closed(m.procedural_closed());
  view->set_substantively_resolved(m.substantively_resolved());
  view->set_resolved_claim(m.completion().resolved());
  view->set_solved_by_reporter(m.evaluation().solved());
  view->set_enterprise_answer(m.enterprise_answer());
  view->set_others_evaluated(m.others_evaluated());
  view->set_others_unsolved(m.others_unsolved());
  view->set_result(m.completion().result());
  view->set_primary_id(m.primary_id());
  view->set_primary_code(m.primary_code());
  view->set_referral_id(m.referral().referral().referral_id());
  view->set_reported_at_ms(m.reported_at_ms());
  view->set_accepted_at_ms(m.accepted_at_ms());
  view->set_closed_at_ms(m.closed_at_ms());
  view->set_return_requested(m.has_return_request());
  view->set_extension_requested(m.has_extension_request());
  view->set_suspension_requested(m.has_suspension_request());
  view->set_suspend_reason(m.suspension().reason_code());
  view->set_instruction(m.instruction());
  view->set_item_code(m.item_code());
  *view->mutable_level_path() = m.level_path();
  view->set_sample_open(m.sample_open());
  view->set_designation_level(m.designation_level());
  view->set_resolved_level(m.resolved_level());
}

void ShowOrders(const v1::Incident& m, v1::IncidentView* view) {
  view->set_card(CardShown(m));
  for (const v1::Order& order : m.order()) {
    auto* shown = view->add_order();
    shown->set_order_id(order.order_id());
    shown->set_listed(order.listed());
    shown->set_card(order.card());
    shown->set_issuer_org(order.issuer_org());
    shown->set_due_at_ms(order.due_at_ms());
  }
}

}  // namespace

v1::UnitRef UnitOf(const Knowledge& known, std::string_view org_id) {
  v1::UnitRef unit;
  unit.set_id(std::string(org_id));
  if (const auto* org = known.directory().FindOrg(org_id)) unit.set_name(org->name());
  return unit;
}

std::string AreaName(const Knowledge& known, std::string_view code) {
  const auto* area = known.directory().FindArea(code);
  return area == nullptr ? std::string() : area->name();
}

common::v1::Card CardShown(const v1::Incident& matter) {
  common::v1::Card card = common::v1::CARD_NONE;
  for (const v1::Order& order : matter.order()) card = std::max(card, order.card());
  return card;
}

bool IsStaffHere(const v1::Incident& matter, const kernel::v1::Actor& actor, const Knowledge& known) {
  if (actor.user_id() != matter.reporter().user_id()) return MaySee(matter, actor, known);
  v1::Incident of_others = matter;
  of_others.mutable_reporter()->clear_user_id();
  return MaySee(of_others, actor, known);
}

void ShowMatter(std::string_view id, const v1::Incident& matter, const v1::Incident& ended, uint64_t version,
                const rpc::Caller& caller, const Knowledge& known, v1::IncidentView* view) {
  view->set_id(std::string(id));
  view->set_matter_code(matter.matter_code());
  view->set_version(version);
  view->set_status(matter.standing().status());
  view->set_complexity(matter.complexity());
  view->set_current_level(matter.standing().current_level());
  view->set_origin_level(matter.origin_level());
  ShowIntake(matter.intake(), known, view);
  ShowUnits(matter.standing(), known, view);
  ShowProgress(matter, view);
  if (IsStaffHere(matter, caller.actor, known)) ShowOrders(matter, view);
  const Words turn = TurnOf(matter, known);
  view->set_whose_turn_zh(turn.zh);
  view->set_whose_turn_en(turn.en);
  if (known.directory().Ready()) {
    for (const auto& clock : matter.clock()) {
      *view->add_deadline() = reference::Explain(clock, known.directory().light_rule(), caller.now_ms,
                                                 known.directory().calendar());
    }
  }
  ShowParty(matter.reporter().contact(), -1, view);
  for (int i = 0; i < matter.intake().party_size(); ++i) ShowParty(matter.intake().party(i), i, view);
  const bool own = caller.signed_in() && caller.actor.user_id() == matter.reporter().user_id();
  if (own) view->set_query_code(matter.reporter().query_code());
  v1::State state;
  *state.mutable_incident() = matter;
  for (const Rule& rule : Rules()) {
    if (rule.subject != Subject::kMatter || rule.system) continue;
    if (!IsOffered(rule.command, matter, ended, caller.actor.user_id(), caller.now_ms)) continue;
    if (!Authorise(rule, state, caller.actor, known, {}).refusal) {
      view->add_allowed(std::string(CommandVerb(rule.command)));
    }
  }
}

void ShowRow(std::string_view id, const v1::Incident& matter, uint64_t version, const rpc::Caller& caller,
             const Knowledge& known, v1::IncidentRow* row) {
  const v1::Intake& intake = matter.intake();
  row->set_id(std::string(id));
  row->set_matter_code(matter.matter_code());
  row->set_kind(intake.kind());
  row->set_status(matter.standing().status());
  row->set_category(intake.category());
  row->set_category_name(intake.category_name());
  row->set_title(intake.title().empty() ? intake.category_name() : intake.title());
  row->set_place(intake.place().text().empty() ? AreaName(known, intake.area_code()) : intake.place().text());
  row->set_area_code(intake.area_code());
  *row->mutable_holder() = UnitOf(known, matter.standing().holder_org());
  row->set_current_level(matter.standing().current_level());
  row->set_due_at_ms(NextDueMs(matter));
  row->set_urgency(intake.urgency());
  if (IsStaffHere(matter, caller.actor, known)) row->set_card(CardShown(matter));
  row->set_reported_at_ms(matter.reported_at_ms());
  row->set_report_count(matter.report_count());
  row->set_cycle(matter.cycle());
  *row->mutable_need() = intake.need();
  row->set_emergency(intake.emergency());
  row->set_version(version);
  if (!known.directory().Ready()) return;
  common::v1::Light worst = common::v1::LIGHT_UNSPECIFIED;
  for (const auto& clock : matter.clock()) {
    if (!IsDuty(clock.policy_id()) || !reference::IsRunning(clock)) continue;
    const auto light =
        reference::LightOf(clock, known.directory().light_rule(), caller.now_ms, known.directory().calendar());
    worst = std::max(worst, light);
  }
  row->set_light(worst);
}

}  // namespace incident
