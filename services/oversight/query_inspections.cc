// Inspections as people look them up: supervision the whole, a unit its own part. A finding in a matter the reader may
// not see is not there for them.
#include <algorithm>
#include <map>
#include <utility>

#include "base/status_macros.h"
#include "services/oversight/domain/inspections.h"
#include "services/oversight/domain/keys.h"
#include "services/oversight/domain/refusals.h"
#include "services/oversight/domain/rules.h"
#include "services/oversight/domain/standing.h"
#include "services/oversight/domain/tasks.h"
#include "services/oversight/queries.h"
#include "services/oversight/walk.h"
#include "services/reference/deadline.h"

namespace oversight {
namespace {

using kernel::RefusalCode;

// What one reader may see of inspections.
class Reading {
 public:
  Reading(const OversightReader& reader, const rpc::Caller& caller) : reader_(reader), caller_(caller) {}

  // Supervision and leaders over it, and who leads it; everybody else reads as a unit.
  bool SeesAll(const v1::InspectionState& inspection) const {
    v1::State as_if;  // as it is to those it says nothing about
    *as_if.mutable_inspection() = inspection;
    as_if.mutable_inspection()->clear_unit();
    return MaySee(as_if, caller_.actor);
  }
  bool IsOwn(std::string_view org_id) const {
    return std::ranges::find(caller_.orgs, org_id) != caller_.orgs.end();
  }

  // What is gone from the lists is named to nobody.
  absl::StatusOr<bool> Sees(const std::string& matter_code) {
    ASSIGN_OR_RETURN(const Known* known, Find(matter_code));
    return known->seen;
  }
  // `own`: the unit was told of it. A finding of an earlier build does not say of which part of the matter it is.
  absl::StatusOr<bool> Sees(const v1::Finding& finding, bool own) {
    if (finding.matter_code().empty()) return true;
    ASSIGN_OR_RETURN(const Known* known, Find(finding.matter_code()));
    const bool left = finding.service().empty() ? std::ranges::any_of(known->matter.part(), IsLeft)
                                                : LeftTheLists(known->matter, finding.service(), finding.subject_id());
    return !left && (own ? known->listed : known->seen);
  }
  absl::StatusOr<bool> SeesTask(const std::string& task_id) const {
    ASSIGN_OR_RETURN(auto task, reader_.Get(task_id));
    return task && task->state.has_planned_task() && MaySee(task->state, caller_.actor);
  }

 private:
  struct Known {
    v1::Matter matter;
    bool listed = false, seen = false;
  };
  static bool IsLeft(const v1::Part& part) { return LeftTheLists(part); }
  absl::StatusOr<const Known*> Find(const std::string& matter_code) {
    const auto [at, fresh] = matters_.try_emplace(matter_code);
    if (!fresh) return &at->second;
    ASSIGN_OR_RETURN(auto matter, reader_.Get(matter_code));
    if (!matter) return &at->second;
    at->second.listed = !LeftTheLists(matter->state.matter());
    at->second.seen = MaySee(matter->state, caller_.actor);
    at->second.matter = std::move(*matter->state.mutable_matter());
    return &at->second;
  }
  const OversightReader& reader_;
  const rpc::Caller& caller_;
  std::map<std::string, Known> matters_;
};

absl::Status FillFindings(const v1::InspectionState& inspection, bool all, Reading* reading,
                          v1::Inspection* out) {
  for (const auto& finding : inspection.finding()) {
    const bool own =
        !all || (reading->IsOwn(finding.org_id()) && UnitIn(inspection, finding.org_id()) != nullptr);
    if (!all && !reading->IsOwn(finding.org_id())) continue;
    // What was struck out before the feedback was never said to the unit.
    if (!all && IsStruck(finding) && finding.struck_at_ms() < inspection.feedback_at_ms()) continue;
    ASSIGN_OR_RETURN(const bool seen, reading->Sees(finding, own));
    if (!seen) continue;
    *out->add_finding() = finding;
    out->mutable_finding()->rbegin()->clear_service();  // for the platform to tell what it is about
    out->mutable_finding()->rbegin()->clear_subject_id();
  }
  if (!all) return absl::OkStatus();
  *out->mutable_org_id() = inspection.org_id();
  *out->mutable_task_id() = inspection.task_id();
  for (const auto& code : inspection.matter_code()) {
    ASSIGN_OR_RETURN(const bool seen, reading->Sees(code));
    if (seen) out->add_matter_code(code);
  }
  return absl::OkStatus();
}

void FillUnit(const v1::UnitRectification& unit, const OversightReader& reader, const rpc::Caller& caller,
              v1::Rectification* out) {
  out->set_org_id(unit.org_id());
  out->set_status(unit.status());
  if (reference::IsRunning(unit.clock())) out->set_light(unit.light());  // what has ended has no light
  *out->mutable_report() = unit.report();
  out->set_accepted_at_ms(unit.accepted_at_ms());
  out->set_accepted_text(unit.accepted_text());
  const auto reference = reader.Reference();
  if (!reference->HasCalendar()) return;
  *out->mutable_deadline() =
      reference::Explain(unit.clock(), reference->light_rule(), caller.now_ms, reference->calendar());
}

// False: to this unit nothing is left of it.
absl::StatusOr<bool> FillInspection(const std::string& id, const kernel::Stored<v1::State>& stored,
                            const OversightReader& reader, const rpc::Caller& caller, Reading* reading,
                            v1::Inspection* out) {
  const v1::InspectionState& inspection = stored.state.inspection();
  const bool all = reading->SeesAll(inspection);
  out->set_id(id);
  out->set_version(stored.version);
  out->set_status(inspection.status());
  out->set_area_code(inspection.area_code());
  out->set_by_org(inspection.by_org());
  out->set_lead_org(inspection.lead_org());
  out->set_title(inspection.title());
  out->set_day(DayText(inspection.day()));
  out->set_document_no(inspection.document_no());
  out->set_planned_at_ms(inspection.planned_at_ms());
  out->set_done_at_ms(inspection.done_at_ms());
  out->set_feedback_at_ms(inspection.feedback_at_ms());
  out->set_ended_at_ms(inspection.ended_at_ms());
  if (all) {
    out->set_scope(inspection.scope());
    out->set_summary(inspection.summary());
    out->set_ending_reason(inspection.ending_reason());
  }
  for (const auto& unit : inspection.unit()) {
    if (all || reading->IsOwn(unit.org_id())) FillUnit(unit, reader, caller, out->add_unit());
  }
  for (auto& name : AllowedCommands(stored.state, caller.actor)) out->add_allowed_command(std::move(name));
  RETURN_IF_ERROR(FillFindings(inspection, all, reading, out));
  return all || !out->finding().empty();
}

// Which list is asked for, and whether it is theirs.
struct List {
  char list = 'i';
  const std::string* whose = nullptr;
  bool theirs = false;
};

absl::StatusOr<List> ListOf(const v1::ListInspectionsRequest& request, const rpc::Caller& caller,
                            const Reading& reading) {
  if (!request.task_id().empty()) {
    ASSIGN_OR_RETURN(const bool seen, reading.SeesTask(request.task_id()));
    return List{'t', &request.task_id(), seen};
  }
  if (!request.org_id().empty()) return List{'u', &request.org_id(), reading.IsOwn(request.org_id())};
  if (!request.lead_org().empty()) return List{'l', &request.lead_org(), reading.IsOwn(request.lead_org())};
  v1::State as_if;
  as_if.mutable_inspection()->set_by_area_code(request.area_code());
  return List{'i', &request.area_code(), !request.area_code().empty() && MaySee(as_if, caller.actor)};
}

}  // namespace

rpc::Answer Queries::GetInspection(const rpc::Caller& caller, const v1::GetInspectionRequest& request,
                                   v1::Inspection* out) const {
  const OversightReader reader = read_();
  auto stored = reader.Get(request.id());
  if (!stored.ok()) return stored.status();
  if (!*stored || !(*stored)->state.has_inspection() || !MaySee((*stored)->state, caller.actor))
    return Why(RefusalCode::kNotFound, "NOT_FOUND");
  caller.note->aggregate_id = request.id();
  Reading reading(reader, caller);
  const auto shown = FillInspection(request.id(), **stored, reader, caller, &reading, out);
  if (!shown.ok()) return shown.status();
  if (*shown) return {};
  out->Clear();
  return Why(RefusalCode::kNotFound, "NOT_FOUND");
}

rpc::Answer Queries::ListInspections(const rpc::Caller& caller, const v1::ListInspectionsRequest& request,
                                     v1::ListInspectionsResponse* out) const {
  const OversightReader reader = read_();
  Reading reading(reader, caller);
  const auto asked = ListOf(request, caller, reading);
  if (!asked.ok()) return asked.status();
  if (asked->whose->empty()) return Why(RefusalCode::kInvalid, "VALUE_NEEDED", "area_code");
  if (!asked->theirs) return Why(RefusalCode::kNotAllowed, "NOT_ALLOWED");
  const std::string prefix = AccountabilityPrefix(asked->list, *asked->whose, request.ended());
  return Walk(
      reader, caller, request, "ListInspections " + prefix, prefix,
      [&](const std::string& id, const kernel::Stored<v1::State>& stored) {
        v1::Inspection inspection;
        const auto shown = FillInspection(id, stored, reader, caller, &reading, &inspection);
        if (shown.ok() && *shown) *out->add_inspection() = std::move(inspection);
        return shown.status();
      },
      out->mutable_next_page_token());
}

}  // namespace oversight
