// Appeals of enterprises 接诉即办 as leaders look at them: how many wait for what, then each with its four periods.
#include <absl/strings/str_cat.h>

#include <algorithm>
#include <map>
#include <utility>

#include "base/area_code.h"
#include "services/oversight/chained.h"
#include "services/oversight/domain/appeals.h"
#include "services/oversight/domain/refusals.h"
#include "services/oversight/queries.h"
#include "services/reference/deadline.h"
#include "services/rpc/page_token.h"

namespace oversight {
namespace {

using common::v1::Light;
using kernel::RefusalCode;

constexpr size_t kRowsMax = 50'000;  // places below one area, times what an appeal may be
constexpr Light kLights[] = {common::v1::RED, common::v1::YELLOW, common::v1::GREEN,
                             common::v1::LIGHT_UNSPECIFIED};

// The ranges of the index that hold what is asked for, in the order they are read.
std::vector<std::string> RangesOf(const v1::ListAppealsRequest& request) {
  std::vector<std::string> ranges;
  const std::optional<bool> listed = request.listed() ? std::optional<bool>(true) : std::nullopt;
  for (const Light light : kLights) {
    if (request.light() != common::v1::LIGHT_UNSPECIFIED && light != request.light()) continue;
    if (request.stage() != v1::APPEAL_STAGE_UNSPECIFIED || !listed) {
      ranges.push_back(AppealPrefix(request.area_code(), light, request.stage(), listed));
      continue;
    }
    for (int stage = v1::AWAITS_CONTACT; stage <= v1::AWAITS_CLOSING; ++stage)
      ranges.push_back(AppealPrefix(request.area_code(), light, static_cast<v1::AppealStage>(stage), listed));
  }
  return ranges;
}

void FillPeriods(const v1::Part& appeal, const OversightReader& reader, int64_t now_ms, v1::AppealRow* row) {
  const auto reference = reader.Reference();
  for (const auto& clock : appeal.incident().clock()) {
    if (!clock.policy_id().starts_with("DA-") || clock.policy_id() > "DA-04") continue;
    auto* period = row->add_period();
    period->set_service(appeal.service());
    period->set_subject_id(appeal.subject_id());
    period->set_policy_id(clock.policy_id());
    period->set_due_at_ms(clock.due_at_ms());
    period->set_started_at_ms(clock.started_at_ms());
    period->set_holder_org(clock.holder_org());
    period->set_paused(reference::IsPaused(clock));
    for (const auto& light : appeal.light()) {
      if (light.policy_id() == clock.policy_id()) period->set_light(light.light());
    }
    if (!reference->HasCalendar()) continue;
    auto* deadline = period->mutable_deadline();
    *deadline = reference::Explain(clock, reference->light_rule(), now_ms, reference->calendar());
    period->set_yellow_at_ms(deadline->yellow_at_ms());
  }
}

// "<below>/<stage><light><listed><complex>"
struct Kind {
  std::string below;
  int stage = 0;
  Light light = common::v1::LIGHT_UNSPECIFIED;
  bool listed = false;
  bool complex = false;
};
bool Read(std::string_view rest, Kind* kind) {
  const size_t slash = rest.find('/');
  if (slash == std::string_view::npos || rest.size() != slash + 5) return false;
  kind->below = rest.substr(0, slash) == "-" ? "" : std::string(rest.substr(0, slash));
  kind->stage = rest[slash + 1] - '0';
  kind->light = static_cast<Light>(rest[slash + 2] - '0');
  kind->listed = rest[slash + 3] == '1';
  kind->complex = rest[slash + 4] == '1';
  return true;
}

}  // namespace

rpc::Answer Queries::CountAppeals(const rpc::Caller& caller, const v1::CountAppealsRequest& request,
                                  v1::CountAppealsResponse* out) const {
  const OversightReader reader = read_();
  if (auto wrong = CheckArea(reader, request.area_code()); !wrong.ok()) return wrong;
  const std::string prefix = AppealTallies(request.area_code());
  const auto rows = reader.Tallies(prefix, kRowsMax);
  if (!rows.ok()) return rows.status();
  if (rows->size() == kRowsMax)
    return absl::ResourceExhaustedError("appeals in more places than can be summed");
  std::map<std::pair<int, int>, v1::CountAppealsResponse::StageCount> stages;
  std::map<std::string, v1::CountAppealsResponse::PlaceCount> places;
  for (const auto& [key, count] : *rows) {
    Kind kind;
    if (!Read(std::string_view(key).substr(prefix.size()), &kind)) continue;
    const auto many = static_cast<int64_t>(count);
    const int64_t listed = kind.listed ? many : 0;
    out->set_total(out->total() + many);
    out->set_listed(out->listed() + listed);
    if (kind.complex) out->set_complex(out->complex() + many);
    auto& stage = stages[{kind.stage, -static_cast<int>(kind.light)}];  // red first
    stage.set_stage(static_cast<v1::AppealStage>(kind.stage));
    stage.set_light(kind.light);
    stage.set_count(stage.count() + many);
    stage.set_listed(stage.listed() + listed);
    auto& place = places[kind.below];
    place.set_count(place.count() + many);
    if (kind.light == common::v1::RED) place.set_red(place.red() + many);
    if (kind.light == common::v1::YELLOW) place.set_yellow(place.yellow() + many);
    place.set_listed(place.listed() + listed);
  }
  for (auto& [key, stage] : stages) *out->add_stage() = std::move(stage);
  const auto reference = reader.Reference();
  for (auto& [code, place] : places) {
    place.set_area_code(code);
    if (const auto* known = reference->FindArea(code); known != nullptr) place.set_name(known->name());
    *out->add_place() = std::move(place);
  }
  out->set_as_of_ms(reader.now_ms());
  *out->mutable_freshness() = FreshnessAt(caller.now_ms);
  return {};
}

rpc::Answer Queries::ListAppeals(const rpc::Caller& caller, const v1::ListAppealsRequest& request,
                                 v1::ListAppealsResponse* out) const {
  const std::string& area = request.area_code();
  caller.note->field = "appeals";
  const OversightReader reader = read_();
  if (auto wrong = CheckArea(reader, area); !wrong.ok()) return wrong;
  if (!v1::AppealStage_IsValid(request.stage())) return Why(RefusalCode::kInvalid, "VALUE_NEEDED", "stage");
  if (request.light() > common::v1::RED || request.light() < 0)
    return Why(RefusalCode::kInvalid, "VALUE_NEEDED", "light");
  const std::string question =
      absl::StrCat("ListAppeals ", area, " ", static_cast<int>(request.stage()), " ",
                   static_cast<int>(request.light()), request.listed() ? " listed" : "");
  const auto position = rpc::PagePosition(question, request.page_token());
  if (!position) return Why(RefusalCode::kInvalid, "PAGE_TOKEN", "page_token");
  const int wanted = request.page_size() <= 0 ? kPageDefault : std::min(request.page_size(), kPageSizeMax);
  const auto page = ListChained(reader, "appeal", RangesOf(request), static_cast<size_t>(wanted), *position);
  if (!page.ok()) return page.status();
  for (const auto& item : page->items) {
    auto stored = reader.Get(item.aggregate_id);
    if (!stored.ok()) return stored.status();
    const v1::Part* appeal = *stored ? AppealPart((*stored)->state.matter()) : nullptr;
    if (appeal == nullptr) continue;
    auto* row = out->add_appeal();
    *row->mutable_item() = ReviewItemOf((*stored)->state.matter(), base::LevelOf(area), caller.actor, caller.now_ms);
    row->mutable_item()->set_version((*stored)->version);
    row->set_stage(AppealStageOf(*appeal));
    if (const auto* light = AppealLight(*appeal)) row->set_light(light->light());
    row->set_complex(IsComplex(*appeal));
    FillPeriods(*appeal, reader, caller.now_ms, row);
  }
  out->set_as_of_ms(reader.now_ms());
  *out->mutable_freshness() = FreshnessAt(caller.now_ms);
  out->set_next_page_token(rpc::PageToken(question, page->next_page_token));
  return {};
}

}  // namespace oversight
