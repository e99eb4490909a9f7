// Areas and organisations: rows are put as a whole, and only what differs becomes an event.
#include <absl/status/status.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "base/area_code.h"
#include "base/calendar.h"
#include "common/v1/common.pb.h"
#include "services/directory/domain/decide.h"
#include "services/directory/domain/limits.h"
#include "services/directory/domain/refusals.h"
#include "services/reference/validate.h"

namespace directory {
namespace {

using kernel::Refusal;

// Grids ended together with their village; the kernel bounds the events of one command.
constexpr size_t kGridsEndedMax = 200;

std::string RowField(std::string_view list, int row, std::string_view field) {
  return std::string(list) + "[" + std::to_string(row) + "]." + std::string(field);
}

// reference's messages are "Chinese / English".
Refusal FromStatus(const absl::Status& status, std::string field) {
  const std::string text(status.message());
  const size_t cut = text.find(" / ");
  return Invalid("INVALID_ROW", std::move(field), text.substr(0, cut),
                 cut == std::string::npos ? text : text.substr(cut + 3));
}

template <class Row>
bool Same(const Row& a, const Row& b) {
  return a.SerializeAsString() == b.SerializeAsString();
}

// What the command itself brings counts as being there: parents come before children.
class Places {
 public:
  explicit Places(const Ctx& ctx) : ctx_(ctx) {}
  const v1::Area* Area(const std::string& code) const {
    if (const auto at = areas_.find(code); at != areas_.end()) return at->second;
    const v1::State* state = ctx_.lookup->Find(code);
    return state != nullptr && state->has_area() ? &state->area() : nullptr;
  }
  const v1::Organisation* Org(const std::string& id) const {
    if (const auto at = orgs_.find(id); at != orgs_.end()) return at->second;
    const v1::State* state = ctx_.lookup->Find(id);
    return state != nullptr && state->has_organisation() ? &state->organisation() : nullptr;
  }
  void Add(const v1::Area& area) { areas_[area.code()] = &area; }
  void Add(const v1::Organisation& org) { orgs_[org.id()] = &org; }

 private:
  const Ctx& ctx_;
  std::map<std::string, const v1::Area*> areas_;
  std::map<std::string, const v1::Organisation*> orgs_;
};

// A list may not undo what an administrator has said.
bool LeftToPeople(const std::string& id, const Ctx& ctx) {
  if (!IsService(*ctx.actor)) return false;
  const v1::State* known = ctx.lookup->Find(id);
  return known != nullptr && known->by_hand();
}

// Who reviews stands on papers that people hold (信访工作条例 35, 36). A list that is computed anew does not change it while
// that body is there; an administrator does.
void KeepReviewer(const v1::Organisation& known, const Places& places, v1::Organisation* put) {
  const v1::Organisation* reviewer = places.Org(known.superior_for_review());
  if (reviewer != nullptr && !reviewer->closed()) put->set_superior_for_review(known.superior_for_review());
}

// Where an area lies today: itself, or what took over from it, directly or in turn.
std::string Today(std::string code, const Places& places) {
  for (size_t step = 0; !code.empty() && step < kSuccessorStepsMax; ++step) {
    const v1::Area* area = places.Area(code);
    if (area == nullptr || area->valid_to().empty()) break;
    code = area->successor();
  }
  return code;
}

// 承接: who takes over an area lies above it, or beside it in the same county (a county: in the same city), a grid's
// village included; or above it since what it lay in was taken over.
bool MayTakeOver(const v1::Area& area, const v1::Area& to, const Places& places) {
  if (base::Covers(to.code(), area.code())) return true;
  const int within = area.level() >= common::v1::COUNTY ? common::v1::CITY : common::v1::COUNTY;
  const std::string around = base::CutTo(area.code(), within);
  const bool near = !around.empty() && base::CutTo(to.code(), within) == around;
  if (near && std::max<int>(area.level(), common::v1::VILLAGE) >= to.level()) return true;
  return base::Covers(to.code(), Today(base::ParentOf(area.code()), places));
}

// 承接 of a unit: who stands above it in its line, or one of its kind whose area covers its own, as that is today.
bool MayTakeOver(const v1::Organisation& org, const v1::Organisation& to, const Places& places) {
  if (to.id() == org.superior_for_review()) return true;
  const v1::Organisation* at = &org;
  for (size_t step = 0; at != nullptr && step < kSuccessorStepsMax; ++step) {
    if (at->parent() == to.id()) return true;
    at = at->parent().empty() ? nullptr : places.Org(at->parent());
  }
  return to.kind() == org.kind() && (base::Covers(to.area_code(), org.area_code()) ||
                                     base::Covers(to.area_code(), Today(org.area_code(), places)));
}

// Of a unit that is closed: its successor stands, and could take over.
std::optional<Refusal> CheckSuccessor(const v1::Organisation& org, const std::string& successor, std::string field,
                                      const Places& places) {
  if (successor.empty()) return std::nullopt;
  const v1::Organisation* to = places.Org(successor);
  if (to == nullptr || to->closed() || successor == org.id()) {
    return Invalid("NO_SUCH_SUCCESSOR", std::move(field), "承接单位不存在或已撤销：" + successor + "。",
                   "There is no organisation " + successor + " that stands.");
  }
  if (MayTakeOver(org, *to, places)) return std::nullopt;
  return Invalid("SUCCESSOR_UNRELATED", std::move(field), "承接单位应为其上级单位，或管辖其区域的同类单位。",
                 "The successor must be above it in its line, or of its kind and in charge of its area.");
}

std::optional<Refusal> CheckArea(const v1::Area& area, int row, const Places& places) {
  if (absl::Status valid = reference::ValidateArea(area); !valid.ok()) {
    return FromStatus(valid, RowField("area", row, "code"));
  }
  if (area.parent() != base::ParentOf(area.code())) {
    return Invalid("PARENT_DOES_NOT_FIT", RowField("area", row, "parent"), "上级区划与编码不符。",
                   "The parent does not fit the code.");
  }
  if (!area.parent().empty() && places.Area(area.parent()) == nullptr) {
    return Invalid("NO_SUCH_PARENT", RowField("area", row, "parent"),
                   "上级区划不存在：" + area.parent() + "。", "There is no area " + area.parent() + ".");
  }
  if (!area.valid_to().empty() && area.successor().empty()) {
    return Invalid("SUCCESSOR_MISSING", RowField("area", row, "successor"), "已撤销的区划必须写明承接区划。",
                   "An area that has ended must name its successor.");
  }
  return std::nullopt;
}

std::optional<Refusal> CheckOrganisation(const v1::Organisation& org, int row, const Places& places) {
  if (absl::Status valid = reference::ValidateOrganisation(org); !valid.ok()) {
    return FromStatus(valid, RowField("organisation", row, "id"));
  }
  const bool plain = std::ranges::all_of(
      org.id(), [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
  if (!plain || !org.id().starts_with(org.area_code() + "-")) {
    return Invalid("ORG_ID_FORM", RowField("organisation", row, "id"),
                   "单位编号应为“区划编码-简称”，如371403-centre。",
                   "An organisation's id is its area's code, a dash and a short name, like 371403-centre.");
  }
  if (org.level() != base::LevelOf(org.area_code())) {
    return Invalid("LEVEL_DOES_NOT_FIT", RowField("organisation", row, "level"), "层级与所在区划不符。",
                   "The level does not fit the area.");
  }
  const v1::Area* area = places.Area(org.area_code());
  if (area == nullptr || !area->valid_to().empty()) {
    return Invalid("NO_SUCH_AREA", RowField("organisation", row, "area_code"),
                   "区划不存在或已撤销：" + org.area_code() + "。",
                   "There is no area " + org.area_code() + " today.");
  }
  for (const auto& [field, id] : {std::pair<std::string_view, const std::string&>{"parent", org.parent()},
                                  {"superior_for_review", org.superior_for_review()}}) {
    if (id.empty() || places.Org(id) != nullptr) continue;
    return Invalid("NO_SUCH_ORGANISATION", RowField("organisation", row, field), "单位不存在：" + id + "。",
                   "There is no organisation " + id + ".");
  }
  if (!org.closed() && !org.successor().empty()) {
    return Invalid("SUCCESSOR_OF_NONE", RowField("organisation", row, "successor"), "只有已撤销的单位才有承接单位。",
                   "Only an organisation that is closed has a successor.");
  }
  const v1::Organisation* known = places.Org(org.id());  // whose successor may itself be closed by now
  if (known != nullptr && known->closed() && known->successor() == org.successor()) return std::nullopt;
  return CheckSuccessor(org, org.successor(), RowField("organisation", row, "successor"), places);
}

}  // namespace

Decision DecidePutAreas(const v1::PutAreasRequest& c, const Ctx& ctx) {
  if (c.area_size() > kPutRowsMax) {
    return Decision::Refuse(Refuse(kernel::RefusalCode::kLimit, "TOO_MANY_ROWS", "area",
                                   "一次最多提交128行。", "At most 128 rows at a time."));
  }
  Decision d;
  Places places(ctx);
  const Rule& rule = *FindRule(v1::Command::kPutAreas);
  for (int i = 0; i < c.area_size(); ++i) {
    const v1::Area& area = c.area(i);
    if (auto refusal = AuthoriseArea(rule, ctx, area.code(), RowField("area", i, "code"))) {
      return Decision::Refuse(*std::move(refusal));
    }
    if (auto refusal = CheckArea(area, i, places)) return Decision::Refuse(*std::move(refusal));
    if (LeftToPeople(area.code(), ctx)) continue;
    const v1::Area* known = places.Area(area.code());
    const bool same = known != nullptr && Same(*known, area);
    places.Add(area);
    if (same) continue;
    auto* changed = d.EmitTo(area.code())->mutable_area_changed();
    *changed->mutable_area() = area;
    changed->set_source(c.source());
    changed->set_by_hand(!IsService(*ctx.actor));
  }
  return d;
}

Decision DecideRetireArea(const v1::Area& area, const v1::RetireAreaRequest& c, const Ctx& ctx) {
  if (!area.valid_to().empty()) {
    return Decision::Refuse(Guard("ALREADY_ENDED", "id", "该区划已经撤销。", "This area has ended already."));
  }
  const v1::State* to = ctx.lookup->Find(c.successor());
  if (to == nullptr || !to->has_area() || !to->area().valid_to().empty() || c.successor() == area.code()) {
    return Decision::Refuse(Invalid("NO_SUCH_SUCCESSOR", "successor", "承接区划不存在或已撤销。",
                                    "The successor does not exist or has ended."));
  }
  if (to->area().level() < area.level()) {
    return Decision::Refuse(Invalid("SUCCESSOR_TOO_LOW", "successor", "承接区划应为同级或上级。",
                                    "The successor must be of the same or a higher level."));
  }
  if (!MayTakeOver(area, to->area(), Places(ctx))) {
    return Decision::Refuse(Invalid("SUCCESSOR_UNRELATED", "successor",
                                    "承接区划应为其上级区划，或同一县（市、区）内的同级区划；县级为同一市内。",
                                    "The successor must lie above it, or beside it in the same county (of a county: "
                                    "in the same city)."));
  }
  if (!base::ParseDay(c.valid_to())) {
    return Decision::Refuse(
        Invalid("NOT_A_DATE", "valid_to", "日期应如2026-10-01。", "A date like 2026-10-01 is wanted."));
  }
  if (auto refusal = AuthoriseArea(*FindRule(v1::Command::kRetireArea), ctx, c.successor(), "successor")) {
    return Decision::Refuse(*std::move(refusal));
  }
  const auto below = ctx.lookup->Scan("parent", area.code() + "/0/", kGridsEndedMax + 1);
  if (!below.empty() && (area.level() > common::v1::VILLAGE || below.size() > kGridsEndedMax)) {
    return Decision::Refuse(
        Guard("AREAS_BELOW", "id", "请先撤销其下级区划或网格。", "End the areas below it first."));
  }
  Decision d;
  const auto retire = [&](v1::Event::AreaRetired* e) {
    e->set_successor(c.successor());
    e->set_valid_to(c.valid_to());
    e->set_source(c.source());
    e->set_by_hand(!IsService(*ctx.actor));
  };
  retire(d.Emit()->mutable_area_retired());
  for (const std::string& grid : below) retire(d.EmitTo(grid)->mutable_area_retired());
  return d;
}

Decision DecidePutOrganisations(const v1::PutOrganisationsRequest& c, const Ctx& ctx) {
  if (c.organisation_size() > kPutRowsMax) {
    return Decision::Refuse(Refuse(kernel::RefusalCode::kLimit, "TOO_MANY_ROWS", "organisation",
                                   "一次最多提交128行。", "At most 128 rows at a time."));
  }
  Decision d;
  Places places(ctx);
  const Rule& rule = *FindRule(v1::Command::kPutOrganisations);
  for (int i = 0; i < c.organisation_size(); ++i) {
    const v1::Organisation& org = c.organisation(i);
    if (auto refusal = AuthoriseArea(rule, ctx, org.area_code(), RowField("organisation", i, "area_code"))) {
      return Decision::Refuse(*std::move(refusal));
    }
    if (auto refusal = CheckOrganisation(org, i, places)) return Decision::Refuse(*std::move(refusal));
    if (LeftToPeople(org.id(), ctx)) continue;
    const v1::Organisation* known = places.Org(org.id());
    v1::Organisation put = org;
    if (known != nullptr && IsService(*ctx.actor)) KeepReviewer(*known, places, &put);
    const bool same = known != nullptr && Same(*known, put);
    places.Add(org);
    if (same) continue;
    auto* changed = d.EmitTo(org.id())->mutable_organisation_changed();
    *changed->mutable_organisation() = std::move(put);
    changed->set_source(c.source());
    changed->set_by_hand(!IsService(*ctx.actor));
  }
  return d;
}

Decision DecideCloseOrganisation(const v1::Organisation& org, const v1::CloseOrganisationRequest& c,
                                 const Ctx& ctx) {
  if (org.closed()) {
    return Decision::Refuse(
        Guard("ALREADY_CLOSED", "id", "该单位已经撤销。", "This organisation is closed already."));
  }
  if (!ctx.lookup->Scan("org_parent", org.id() + "/", 1).empty()) {
    return Decision::Refuse(Guard("ORGANISATIONS_BELOW", "id", "请先撤销或调整其下属单位。",
                                  "Close or move the organisations below it first."));
  }
  if (auto refusal = CheckSuccessor(org, c.successor(), "successor", Places(ctx)))
    return Decision::Refuse(*std::move(refusal));
  Decision d;
  auto* closed = d.Emit()->mutable_organisation_closed();
  closed->set_reason(c.reason());
  closed->set_successor(c.successor());
  return d;
}

Decision DecideFinishImport(const v1::State& state, const v1::Command::FinishImport& c, const Ctx& ctx) {
  if (state.import().digest() == c.digest()) return {};
  Decision d;
  auto* import = d.Emit()->mutable_import_finished()->mutable_import();
  import->set_digest(c.digest());
  import->set_source(c.source());
  import->set_rows(c.rows());
  import->set_at_ms(ctx.now_ms);
  return d;
}

}  // namespace directory
