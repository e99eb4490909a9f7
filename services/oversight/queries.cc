#include "services/oversight/queries.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <charconv>
#include <map>

#include "base/area_code.h"
#include "base/coding.h"
#include "services/oversight/domain/keys.h"
#include "services/oversight/domain/refusals.h"
#include "services/oversight/domain/rules.h"
#include "services/oversight/domain/standing.h"
#include "services/reference/deadline.h"
#include "services/rpc/page_token.h"

namespace oversight {
namespace {

using kernel::RefusalCode;

constexpr size_t kTalliesMax = 20'000;
constexpr int kStuckRowsMax = 2000;  // townships of a city times reasons

rpc::Answer NotFound() { return Why(RefusalCode::kNotFound, "NOT_FOUND"); }
rpc::Answer BadToken() { return Why(RefusalCode::kInvalid, "PAGE_TOKEN", "page_token"); }
size_t PageSize(int wanted) {
  return static_cast<size_t>(wanted <= 0 ? kPageDefault : std::min(wanted, kPageSizeMax));
}

bool IsReviewArea(std::string_view area) {
  const int level = base::LevelOf(area);
  return level >= common::v1::TOWNSHIP && level <= common::v1::CITY;
}

int NumberAfter(std::string_view text, char separator) {
  const std::string_view digits = text.substr(text.rfind(separator) + 1);
  int value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
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
  out->set_area_code(state.area_code());
  for (auto& name : AllowedCommands(stored.state, caller.actor)) out->add_allowed_command(std::move(name));
  if (const auto reference = reader.Reference(); reference->HasCalendar()) {
    *out->mutable_deadline() =
        reference::Explain(state.clock(), reference->light_rule(), caller.now_ms, reference->calendar());
  }
  if (matter == nullptr) return;
  for (const auto& asked : matter->matter().asked()) {
    if (asked.instruction_id() == id) *out->mutable_answer() = asked;
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

}  // namespace

rpc::Answer Queries::ListReview(const rpc::Caller& caller, const v1::ListReviewRequest& request,
                                v1::ListReviewResponse* out) const {
  const std::string& area = request.area_code();
  if (!IsReviewArea(area)) return Why(RefusalCode::kInvalid, "VALUE_NEEDED", "area_code");
  const OversightReader reader = read_();
  const bool all = request.group() == v1::REVIEW_GROUP_UNSPECIFIED;
  const v1::ReviewGroup last = all ? v1::WAS_ESCALATED : request.group();
  const std::string from = all ? ReviewPrefix(area) : ReviewKey(area, request.group(), 0);
  // Of those that once climbed only the ones since the given moment: they stand newest first, so the range
  // just ends.
  const bool bounded = last == v1::WAS_ESCALATED && request.escalated_since_ms() > 0;
  const std::string to = bounded
                             ? ReviewKey(area, last, ~static_cast<uint64_t>(request.escalated_since_ms()) + 1)
                             : ReviewEnd(area, last);
  const std::string question =
      absl::StrCat("ListReview ", area, " ", static_cast<int>(request.group()), " ", request.escalated_since_ms());
  const auto position = rpc::PagePosition(question, request.page_token());
  if (!position) return BadToken();
  auto page = reader.ListRange("review", from, to, PageSize(request.page_size()), *position);
  if (!page.ok()) return page.status();
  for (const auto& item : page->items) {
    auto stored = reader.Get(item.aggregate_id);
    if (!stored.ok()) return stored.status();
    if (!*stored) continue;
    *out->add_item() = ReviewItemOf((*stored)->state.matter(), base::LevelOf(area), caller.now_ms);
    out->mutable_item()->rbegin()->set_version((*stored)->version);
  }
  out->set_as_of_ms(reader.now_ms());
  *out->mutable_freshness() = FreshnessAt(caller.now_ms);
  out->set_next_page_token(rpc::PageToken(question, page->next_page_token));
  return {};
}

rpc::Answer Queries::CountReview(const rpc::Caller& caller, const v1::CountReviewRequest& request,
                                 v1::CountReviewResponse* out) const {
  const std::string& area = request.area_code();
  if (!IsReviewArea(area)) return Why(RefusalCode::kInvalid, "VALUE_NEEDED", "area_code");
  const OversightReader reader = read_();
  auto tallies = reader.Tallies(absl::StrCat("review/", area, "/"), kTalliesMax);
  if (!tallies.ok()) return tallies.status();
  for (const auto& tally : *tallies) {
    const std::string kind =
        tally.key.substr(8 + area.size());  // "group/1", "township/371403001", "category/0102"
    auto add = [&](auto* rows, std::string key) {
      auto* row = rows->Add();
      row->set_key(std::move(key));
      row->set_count(static_cast<int64_t>(tally.count));
    };
    const std::string value = kind.substr(kind.find('/') + 1);
    if (kind.starts_with("group/")) {
      add(out->mutable_by_group(),
          v1::ReviewGroup_Name(static_cast<v1::ReviewGroup>(NumberAfter(kind, '/'))));
      out->set_total(out->total() + static_cast<int64_t>(tally.count));
    } else if (kind.starts_with("township/")) {
      add(out->mutable_by_township(), value);
    } else {
      add(out->mutable_by_category(), value);
    }
  }
  auto stuck = reader.Tallies(absl::StrCat("stuck/", area), kTalliesMax);
  if (!stuck.ok()) return stuck.status();
  for (const auto& tally : *stuck) {
    if (out->stuck_size() >= kStuckRowsMax) break;
    const int reason = NumberAfter(tally.key, '/');
    auto* row = out->add_stuck();
    row->set_reason(static_cast<v1::StuckReason>(reason));
    row->set_township(tally.key.substr(6, tally.key.rfind('/') - 6));
    row->set_count(static_cast<int64_t>(tally.count));
    auto oldest = reader.List("stuck", StuckPrefix(row->township(), reason), 1);
    if (!oldest.ok()) return oldest.status();
    if (oldest->items.empty()) continue;
    row->set_oldest_id(oldest->items[0].aggregate_id);
    std::string_view key = oldest->items[0].key;
    key.remove_prefix(key.size() - 8);
    uint64_t opened_at_ms = 0;
    if (base::ReadU64(&key, &opened_at_ms)) row->set_oldest_opened_at_ms(static_cast<int64_t>(opened_at_ms));
  }
  out->set_as_of_ms(reader.now_ms());
  *out->mutable_freshness() = FreshnessAt(caller.now_ms);
  return {};
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
  *out->mutable_item() = ReviewItemOf(state.matter(), level, caller.now_ms);
  out->mutable_item()->set_version((*stored)->version);
  out->set_open(IsOpen(seen));
  *out->mutable_escalation() = state.matter().escalation();
  for (auto& name : AllowedCommands(state, caller.actor)) out->add_allowed_command(std::move(name));
  const auto reference = reader.Reference();
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
  if (!by_holder && !IsReviewArea(whose)) return Why(RefusalCode::kInvalid, "VALUE_NEEDED", "area_code");
  if (by_holder ? !MaySeeLightsOf(caller, whose, *reader.Reference()) : !MaySeeArea(caller, whose)) {
    return Why(RefusalCode::kNotAllowed, "NOT_ALLOWED");
  }
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
  if (!*stored || !(*stored)->state.has_instruction() || !MaySee((*stored)->state, caller.actor))
    return NotFound();
  auto matter = reader.Get((*stored)->state.instruction().matter_id());
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
    if (*stored && MaySee((*stored)->state, caller.actor))
      FillInstruction(item.aggregate_id, **stored, nullptr, reader, caller, out->add_instruction());
  }
  out->set_next_page_token(rpc::PageToken(question, page->next_page_token));
  return {};
}

}  // namespace oversight
