#include "services/oversight/queries.h"

#include <absl/strings/str_cat.h>

#include <algorithm>

#include "base/area_code.h"
#include "base/status_macros.h"
#include "services/oversight/domain/keys.h"
#include "services/oversight/domain/refusals.h"
#include "services/oversight/domain/rules.h"
#include "services/oversight/domain/standing.h"
#include "services/reference/deadline.h"
#include "services/rpc/page_token.h"

namespace oversight {
namespace {

using kernel::RefusalCode;

rpc::Answer NotFound() { return Why(RefusalCode::kNotFound, "NOT_FOUND"); }
rpc::Answer BadToken() { return Why(RefusalCode::kInvalid, "PAGE_TOKEN", "page_token"); }
size_t PageSize(int wanted) {
  return static_cast<size_t>(wanted <= 0 ? kPageDefault : std::min(wanted, kPageSizeMax));
}

void FillInstruction(const std::string& id, const kernel::Stored<v1::State>& stored, const v1::State* matter,
                     const OversightReader& reader, const rpc::Caller& caller, v1::Instruction* out) {
  const v1::InstructionState& state = stored.state.instruction();
  out->set_id(id);
  out->set_version(stored.version);
  out->set_status(state.status());
  out->set_matter_id(state.matter_id());
  out->set_matter_code(state.matter_code());
  out->set_text(state.text());
  out->set_issuer_user_id(state.issuer_user_id());
  out->set_issuer_org(state.issuer_org());
  out->set_issuer_level(state.issuer_level());
  *out->mutable_addressee_org() = state.addressee_org();
  *out->mutable_report() = state.report();
  out->set_issued_at_ms(state.issued_at_ms());
  out->set_distributed_at_ms(state.distributed_at_ms());
  out->set_reported_at_ms(state.reported_at_ms());
  out->set_closed_at_ms(state.closed_at_ms());
  out->set_closing_text(state.closing_text());
  out->set_withdrawn_at_ms(state.withdrawn_at_ms());
  out->set_withdrawal_reason(state.withdrawal_reason());
  out->set_lapse(state.lapse());
  out->set_area_code(state.area_code());
  for (auto& name : AllowedCommands(stored.state, caller.actor)) out->add_allowed_command(std::move(name));
  if (const auto reference = reader.Reference(); reference->HasCalendar()) {
    *out->mutable_deadline() =
        reference::Explain(state.clock(), reference->light_rule(), caller.now_ms, reference->calendar());
  }
  if (matter == nullptr) return;
  for (const auto& asked : matter->matter().asked()) {
    if (asked.instruction_id() == id) *out->mutable_answer() = InWords(asked);
  }
}

// One range of the index "instruction", and whether the caller may have it.
struct InstructionListing {
  char list = 'a';
  std::string whose;
  bool allowed = false;
};

InstructionListing ListingOf(const rpc::Caller& caller, const v1::ListInstructionsRequest& request) {
  if (request.mine()) return {'u', caller.actor.user_id(), caller.signed_in()};
  if (!request.addressee_org().empty()) {
    return {'o', request.addressee_org(),
            std::ranges::find(caller.orgs, request.addressee_org()) != caller.orgs.end()};
  }
  v1::State as_if;  // what was issued there is for those who stand over it; a unit asks for what is addressed to it
  as_if.mutable_instruction()->set_area_code(request.area_code());
  return {'a', request.area_code(), MaySee(as_if, caller.actor)};
}

// Units see their own clocks; leaders and centres those of every unit in their area.
bool MaySeeLightsOf(const rpc::Caller& caller, std::string_view org_id,
                    const reference::Reference& reference) {
  if (std::ranges::find(caller.orgs, org_id) != caller.orgs.end()) return true;
  const auto* org = reference.FindOrg(org_id);
  if (org == nullptr) return false;
  v1::State as_if;
  as_if.mutable_matter()->set_area_code(org->area_code());
  return MaySee(as_if, caller.actor);
}

bool MaySeeArea(const rpc::Caller& caller, std::string_view area) {
  v1::State as_if;
  as_if.mutable_matter()->set_area_code(std::string(area));
  return MaySee(as_if, caller.actor);
}

// Whoever holds the matter reads of instructions in the list of their unit, from when they are distributed.
void LeaveOutInstructions(v1::ReviewItem* item) {
  auto* asked = item->mutable_asked();
  const auto from = std::remove_if(asked->begin(), asked->end(), [](const v1::Asked& one) {
    return one.kind() == v1::INSTRUCTION;
  });
  asked->erase(from, asked->end());
}

}  // namespace

rpc::Answer CheckArea(const OversightReader& reader, const std::string& area, int lowest, int highest) {
  const int level = base::LevelOf(area);
  const bool known = level >= lowest && level <= highest && reader.Reference()->AreaExists(area);
  return known ? rpc::Answer() : rpc::Answer(Why(RefusalCode::kInvalid, "UNKNOWN_AREA", "area_code"));
}

absl::StatusOr<bool> IsShown(const OversightReader& reader, const v1::State& asked, const std::string& matter_id,
                             const rpc::Caller& caller) {
  if (!MaySee(asked, caller.actor)) return false;
  if (matter_id.empty()) return true;  // about a task
  ASSIGN_OR_RETURN(auto matter, reader.Get(matter_id));
  return !matter || !SubjectHasLeft(asked, &matter->state);
}

rpc::Answer Queries::GetStanding(const rpc::Caller& caller, const v1::GetStandingRequest& request,
                                 v1::Standing* out) const {
  const OversightReader reader = read_();
  auto stored = reader.Get(request.id());
  if (!stored.ok()) return stored.status();
  if (!*stored || !(*stored)->state.has_matter() || !MaySee((*stored)->state, caller.actor))
    return NotFound();
  const v1::State& state = (*stored)->state;
  caller.note->aggregate_id = request.id();
  int level = common::v1::TOWNSHIP;  // whose list it is shown for: the highest the caller reads
  for (const auto& area : caller.areas) {
    if (base::Covers(area, state.matter().area_code())) level = std::max(level, base::LevelOf(area));
  }
  level = std::min<int>(level, common::v1::CITY);
  v1::Matter scratch;
  const v1::Matter& seen = SeenAt(state.matter(), level, &scratch);
  const auto reference = reader.Reference();
  *out->mutable_item() = ReviewItemOf(state.matter(), level, caller.actor, caller.now_ms, reference.get());
  out->mutable_item()->set_version((*stored)->version);
  if (!MaySeeArea(caller, state.matter().area_code())) LeaveOutInstructions(out->mutable_item());
  out->set_open(IsOpen(seen));
  *out->mutable_escalation() = state.matter().escalation();
  for (auto& name : AllowedCommands(state, caller.actor)) out->add_allowed_command(std::move(name));
  for (const auto& part : seen.part()) {
    auto* shown = out->add_part();
    shown->set_service(part.service());
    shown->set_subject_id(part.subject_id());
    shown->set_version(part.version());
    shown->set_at_ms(part.at_ms());
    shown->set_topic(part.topic());
    if (part.has_incident()) *shown->mutable_incident() = part.incident();
    if (part.has_mediation()) *shown->mutable_mediation() = part.mediation();
    if (part.has_petition()) *shown->mutable_petition() = part.petition();
    for (const auto& clock : ClocksIn(part)) {
      auto* light = out->add_light();
      light->set_service(part.service());
      light->set_subject_id(part.subject_id());
      light->set_policy_id(clock.policy_id());
      light->set_due_at_ms(clock.due_at_ms());
      light->set_started_at_ms(clock.started_at_ms());
      light->set_holder_org(clock.holder_org());
      light->set_paused(reference::IsPaused(clock));
      if (!reference->HasCalendar()) continue;
      auto* deadline = light->mutable_deadline();
      *deadline = reference::Explain(clock, reference->light_rule(), caller.now_ms, reference->calendar());
      light->set_light(deadline->light());
      light->set_yellow_at_ms(deadline->yellow_at_ms());
    }
  }
  return {};
}

rpc::Answer Queries::ListLights(const rpc::Caller& caller, const v1::ListLightsRequest& request,
                                v1::ListLightsResponse* out) const {
  const OversightReader reader = read_();
  const bool by_holder = !request.holder_org().empty();
  const std::string& whose = by_holder ? request.holder_org() : request.area_code();
  if (!by_holder) {
    if (auto wrong = CheckArea(reader, whose); !wrong.ok()) return wrong;
  }
  if (by_holder ? !MaySeeLightsOf(caller, whose, *reader.Reference()) : !MaySeeArea(caller, whose)) {
    return Why(RefusalCode::kNotAllowed, "NOT_ALLOWED");
  }
  if (request.light() < common::v1::LIGHT_UNSPECIFIED || request.light() > common::v1::RED)
    return Why(RefusalCode::kInvalid, "UNKNOWN_CODE", "light");
  if (!by_holder && request.light() == common::v1::GREEN) return Why(RefusalCode::kInvalid, "GREEN_BY_UNIT", "light");
  const std::string prefix = request.light() == common::v1::LIGHT_UNSPECIFIED
                                 ? LightPrefix(whose)
                                 : LightColourPrefix(whose, request.light());
  const std::string_view index = by_holder ? "light_holder" : "light_area";
  const std::string question = absl::StrCat("ListLights ", std::string(index), " ", prefix);
  const auto position = rpc::PagePosition(question, request.page_token());
  if (!position) return BadToken();
  auto page = reader.List(index, prefix, PageSize(request.page_size()), *position);
  if (!page.ok()) return page.status();
  for (const auto& item : page->items) {
    auto stored = reader.Get(item.aggregate_id);
    if (!stored.ok()) return stored.status();
    if (!*stored) continue;
    const v1::Matter& whole = (*stored)->state.matter();
    v1::Matter scratch;
    const v1::Matter& matter = by_holder ? whole : SeenAt(whole, base::LevelOf(whose), &scratch);
    const v1::RunningLight* worst =
        WorstLight(matter, by_holder ? std::string_view(whose) : std::string_view());
    if (worst == nullptr) continue;
    auto* line = out->add_line();
    line->set_id(item.aggregate_id);
    line->set_matter_code(matter.matter_code());
    line->set_category(CategoryOf(matter));
    line->set_area_code(matter.area_code());
    auto* light = line->mutable_light();
    light->set_policy_id(worst->policy_id());
    light->set_light(worst->light());
    light->set_due_at_ms(worst->due_at_ms());
    light->set_yellow_at_ms(worst->yellow_at_ms());
    light->set_holder_org(worst->holder_org());
    light->set_started_at_ms(worst->started_at_ms());
    light->set_paused(worst->paused());
    if (const auto* part = HolderPart(matter)) {
      light->set_service(part->service());
      light->set_subject_id(part->subject_id());
    }
  }
  out->set_as_of_ms(reader.now_ms());
  out->set_next_page_token(rpc::PageToken(question, page->next_page_token));
  return {};
}

rpc::Answer Queries::GetInstruction(const rpc::Caller& caller, const v1::GetInstructionRequest& request,
                                    v1::Instruction* out) const {
  const OversightReader reader = read_();
  auto stored = reader.Get(request.id());
  if (!stored.ok()) return stored.status();
  if (!*stored || !(*stored)->state.has_instruction()) return NotFound();
  const std::string& matter_id = (*stored)->state.instruction().matter_id();
  auto shown = IsShown(reader, (*stored)->state, matter_id, caller);
  if (!shown.ok()) return shown.status();
  if (!*shown) return NotFound();
  auto matter = reader.Get(matter_id);
  if (!matter.ok()) return matter.status();
  FillInstruction(request.id(), **stored, *matter ? &(*matter)->state : nullptr, reader, caller, out);
  return {};
}

rpc::Answer Queries::ListInstructions(const rpc::Caller& caller, const v1::ListInstructionsRequest& request,
                                      v1::ListInstructionsResponse* out) const {
  const InstructionListing listing = ListingOf(caller, request);
  if (!listing.allowed) return Why(RefusalCode::kNotAllowed, "NOT_ALLOWED");
  const OversightReader reader = read_();
  const std::string prefix = InstructionPrefix(listing.list, listing.whose, false);
  const std::string question = "ListInstructions " + prefix;
  const auto position = rpc::PagePosition(question, request.page_token());
  if (!position) return BadToken();
  auto page = reader.List("instruction", prefix, PageSize(request.page_size()), *position);
  if (!page.ok()) return page.status();
  for (const auto& item : page->items) {
    auto stored = reader.Get(item.aggregate_id);
    if (!stored.ok()) return stored.status();
    if (!*stored) continue;
    auto shown = IsShown(reader, (*stored)->state, (*stored)->state.instruction().matter_id(), caller);
    if (!shown.ok()) return shown.status();
    if (*shown)
      FillInstruction(item.aggregate_id, **stored, nullptr, reader, caller, out->add_instruction());
  }
  out->set_next_page_token(rpc::PageToken(question, page->next_page_token));
  return {};
}

}  // namespace oversight
