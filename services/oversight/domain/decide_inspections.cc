// Inspections 督查 (3.6.1): planned by supervision, findings while it lasts, feedback with a day by which things are put
// right, the units' reports, and what supervision makes of them. Units only: nobody's name is asked for.
#include <algorithm>
#include <set>
#include <utility>

#include "base/area_code.h"
#include "base/calendar.h"
#include "services/oversight/domain/checks.h"
#include "services/oversight/domain/decide.h"
#include "services/oversight/domain/inspections.h"
#include "services/oversight/domain/lights.h"
#include "services/oversight/domain/limits.h"
#include "services/oversight/domain/standing.h"
#include "services/oversight/domain/tasks.h"
#include "services/reference/deadline.h"

namespace oversight {
namespace {

using kernel::Refusal, kernel::RefusalCode;
using Ids = google::protobuf::RepeatedPtrField<std::string>;

std::optional<Refusal> Wrong(std::string_view reason, std::string_view field) {
  return Why(RefusalCode::kInvalid, reason, field);
}

// A unit that stands, within the area looked at. Nobody looks at themselves.
std::optional<Refusal> CheckUnit(const std::string& org_id, const std::string& area,
                                 const std::string& lead_org, const Ask& ask) {
  const auto* org = ask.reference.FindOrg(org_id);
  if (org == nullptr || org->closed() || !base::Covers(area, org->area_code()))
    return Wrong("UNKNOWN_ORG", "org_id");
  if (org_id == lead_org) return Why(RefusalCode::kGuard, "OWN_UNIT", "org_id");
  return std::nullopt;
}

std::optional<Refusal> CheckUnits(const v1::PlanInspectionRequest& request, const std::string& lead_org,
                                  const Ask& ask) {
  if (request.org_id_size() > kInspectedMax) return Why(RefusalCode::kLimit, "TOO_LONG", "org_id");
  for (const auto& org : request.org_id()) {
    if (auto no = CheckUnit(org, request.area_code(), lead_org, ask)) return no;
    if (std::ranges::count(request.org_id(), org) > 1) return Wrong("VALUE_NEEDED", "org_id");
  }
  return std::nullopt;
}

const v1::PlannedTask* TaskOf(const std::string& id, const Ask& ask) {
  const v1::State* state = ask.ctx.lookup->Find(id);
  const bool theirs = state != nullptr && state->has_planned_task() &&
                      base::Covers(ask.who.area, state->planned_task().area_code());
  return theirs ? &state->planned_task() : nullptr;
}

std::optional<Refusal> CheckTasks(const Ids& ids, const Ask& ask) {
  if (ids.size() > kInspectedMax) return Why(RefusalCode::kLimit, "TOO_LONG", "task_id");
  for (const auto& id : ids) {
    if (TaskOf(id, ask) == nullptr) return Why(RefusalCode::kNotFound, "NO_SUCH_TASK", "task_id");
    if (std::ranges::count(ids, id) > 1) return Wrong("VALUE_NEEDED", "task_id");
  }
  return std::nullopt;
}

std::optional<Refusal> NotYet(const Ask& ask) {
  const bool ahead = base::LocalDay(ask.ctx.now_ms) < DayOfNumber(ask.state.inspection().day());
  return ahead ? Why(RefusalCode::kGuard, "INSPECTION_AHEAD") : std::optional<Refusal>();
}

// 整改期限: the day supervision gives, no row of the catalogue counts it.
std::optional<Refusal> ReadRectifyDay(const std::string& text, const Ask& ask, base::Day* day) {
  const auto read = base::ParseDay(text);
  const base::Day today = base::LocalDay(ask.ctx.now_ms);
  if (!read || *read <= today || *read > today + kRectifyDaysMax)
    return Wrong("BAD_RECTIFY_DAY", "rectify_by_day");
  *day = *read;
  return std::nullopt;
}

common::v1::Clock RectifyClock(base::Day day, const std::string& holder, const char* started_by,
                               const Ask& ask) {
  policy::v1::DeadlineRule rule;
  rule.set_id("RECTIFY");
  rule.set_article("督查反馈的整改期限");
  reference::ClockStart start;
  start.at_ms = ask.ctx.now_ms;
  start.started_by = started_by;
  start.holder_org = holder;
  start.due_at_ms = base::EndOfDayMs(day);
  return reference::StartClock(rule, start, ask.reference.calendar());
}

// The unit a finding is about: named, or who holds the matter, or who leads the task.
std::string UnitFound(const v1::RecordFindingRequest& request, const v1::Matter* matter,
                      const v1::PlannedTask* task) {
  if (!request.org_id().empty()) return request.org_id();
  return matter != nullptr ? HolderOrg(*matter) : task != nullptr ? task->lead_org() : "";
}

// What the unit has to do with the matter; if nothing, what holds it. A petition before the case that
// goes on beside it, for of a petition that leaves nothing may stay.
const v1::Part& PartOf(const std::string& unit, const v1::Matter& matter) {
  const v1::Part* found = nullptr;
  for (const auto& part : matter.part()) {
    if (HasToDoWith(part, unit) && (found == nullptr || part.has_petition())) found = &part;
  }
  return found == nullptr ? *HolderPart(matter) : *found;
}

// The unit whose report is judged; a refusal if it has none to judge, or would judge its own.
const v1::UnitRectification* Judged(const std::string& org_id, const Ask& ask, Decision* refused) {
  const v1::UnitRectification* unit = UnitIn(ask.state.inspection(), org_id);
  if (unit == nullptr) {
    *refused = Refuse(RefusalCode::kInvalid, "UNKNOWN_ORG", "org_id");
  } else if (ask.who.org == org_id) {
    *refused = Refuse(RefusalCode::kNotAllowed, "OWN_ANSWER", "org_id");
  } else if (unit->status() != v1::RECTIFICATION_REPORTED) {
    *refused = Refuse(RefusalCode::kGuard, "NOTHING_REPORTED", "org_id");
  } else {
    return unit;
  }
  return nullptr;
}

bool Accepted(const v1::UnitRectification& unit) { return unit.status() == v1::RECTIFICATION_ACCEPTED; }

// All that was found of the unit was of petitions that have left the lists: it reads of no inspection any more.
bool IsGone(const std::string& org_id, const Ask& ask) {
  return std::ranges::all_of(ask.state.inspection().finding(), [&](const v1::Finding& finding) {
    if (finding.org_id() != org_id) return true;
    const v1::State* matter = finding.matter_code().empty() ? nullptr : ask.ctx.lookup->Find(finding.matter_code());
    return matter != nullptr && LeftTheLists(matter->matter(), finding.service(), finding.subject_id());
  });
}

// Whoever answers for several of the units says for which.
bool AnswersForSeveral(const Ask& ask) {
  const Rule* rule = FindRule(v1::Command::kReportRectification);
  std::set<std::string> units;
  for (const auto& grant : ask.ctx.actor->grant()) {
    const bool answers =
        std::ranges::any_of(rule->askers, [&](const Asker& asker) { return asker.role == grant.role(); });
    if (answers && UnitIn(ask.state.inspection(), grant.org_id()) != nullptr) units.insert(grant.org_id());
  }
  return units.size() > 1;
}

}  // namespace

Decision DecidePlanInspection(const v1::PlanInspectionRequest& request, const Ask& ask) {
  const int level = base::LevelOf(request.area_code());
  if (level < common::v1::TOWNSHIP || level > common::v1::CITY ||
      !ask.reference.AreaExists(request.area_code()))
    return Refuse(RefusalCode::kInvalid, "VALUE_NEEDED", "area_code");
  if (auto no = CheckText(request.title(), "title")) return Decision::Refuse(*std::move(no));
  if (auto no = CheckText(request.scope(), "scope")) return Decision::Refuse(*std::move(no));
  const auto day = base::ParseDay(request.day());
  const base::Day today = base::LocalDay(ask.ctx.now_ms);
  if (!day || *day < today || *day > today + kInspectionDaysAheadMax)
    return Refuse(RefusalCode::kInvalid, "BAD_INSPECTION_DAY", "day");
  const std::string& lead = request.lead_org().empty() ? ask.who.org : request.lead_org();
  const auto* leads = ask.reference.FindOrg(lead);
  const bool known = leads != nullptr && !leads->closed() && base::Covers(ask.who.area, leads->area_code());
  if (!known && lead != ask.who.org) return Refuse(RefusalCode::kInvalid, "UNKNOWN_ORG", "lead_org");
  if (auto no = CheckUnits(request, lead, ask)) return Decision::Refuse(*std::move(no));
  if (auto no = CheckTasks(request.task_id(), ask)) return Decision::Refuse(*std::move(no));
  int seen_from = 0;
  if (auto no = CheckMatters(request.matter_code(), ask, &seen_from)) return Decision::Refuse(*std::move(no));
  Decision decision;
  auto* inspection = decision.Emit()->mutable_inspection_planned()->mutable_inspection();
  inspection->set_status(v1::INSPECTION_PLANNED);
  inspection->set_area_code(request.area_code());
  inspection->set_by_area_code(ask.who.area);
  inspection->set_by_org(ask.who.org);
  inspection->set_lead_org(lead);
  inspection->set_title(request.title());
  inspection->set_scope(request.scope());
  inspection->set_day(DayNumber(*day));
  *inspection->mutable_org_id() = request.org_id();
  *inspection->mutable_matter_code() = request.matter_code();
  *inspection->mutable_task_id() = request.task_id();
  inspection->set_seen_from(seen_from);
  inspection->set_planned_at_ms(ask.ctx.now_ms);
  return decision;
}

Decision DecideRecordFinding(const v1::RecordFindingRequest& request, const Ask& ask) {
  const v1::InspectionState& inspection = ask.state.inspection();
  if (auto no = NotYet(ask)) return Decision::Refuse(*std::move(no));
  if (inspection.finding_size() >= kFindingsMax) return Refuse(RefusalCode::kLimit, "TOO_LONG");
  if (auto no = CheckText(request.text(), "text")) return Decision::Refuse(*std::move(no));
  if (auto no = CheckText(request.demand(), "demand")) return Decision::Refuse(*std::move(no));
  Ids code, task_id;
  if (!request.matter_code().empty()) *code.Add() = request.matter_code();
  if (!request.task_id().empty()) *task_id.Add() = request.task_id();
  int seen_from = inspection.seen_from();
  if (auto no = CheckMatters(code, ask, &seen_from)) return Decision::Refuse(*std::move(no));
  if (auto no = CheckTasks(task_id, ask)) return Decision::Refuse(*std::move(no));
  v1::Matter scratch;
  const v1::Matter* whole = code.empty() ? nullptr : &ask.ctx.lookup->Find(code[0])->matter();
  const v1::Matter* matter = whole == nullptr ? nullptr : &SeenAt(*whole, ask.who.level, &scratch);
  const v1::PlannedTask* task = task_id.empty() ? nullptr : TaskOf(task_id[0], ask);
  const std::string unit = UnitFound(request, matter, task);
  if (unit.empty()) return Refuse(RefusalCode::kInvalid, "VALUE_NEEDED", "org_id");
  if (auto no = CheckUnit(unit, inspection.area_code(), inspection.lead_org(), ask))
    return Decision::Refuse(*std::move(no));
  if (auto no = CheckTheirs(code, unit, ask)) return Decision::Refuse(*std::move(no));
  Decision decision;
  auto* recorded = decision.Emit()->mutable_finding_recorded();
  recorded->set_seen_from(seen_from);
  auto* finding = recorded->mutable_finding();
  finding->set_number(inspection.finding_size() + 1);
  finding->set_org_id(unit);
  finding->set_matter_code(request.matter_code());
  finding->set_task_id(request.task_id());
  finding->set_text(request.text());
  finding->set_demand(request.demand());
  finding->set_by_org(ask.who.org);
  finding->set_recorded_at_ms(ask.ctx.now_ms);
  if (matter == nullptr) return decision;
  const v1::Part& holder = PartOf(unit, *matter);
  finding->set_service(holder.service());
  finding->set_subject_id(holder.subject_id());
  const std::string id(ask.ctx.aggregate_id);
  if (std::ranges::find(matter->inspection_id(), id) == matter->inspection_id().end())
    decision.EmitTo(request.matter_code())->mutable_finding_noted()->set_inspection_id(id);
  return decision;
}

Decision DecideFinishInspection(const v1::FinishInspectionRequest& request, const Ask& ask) {
  if (auto no = NotYet(ask)) return Decision::Refuse(*std::move(no));
  if (auto no = CheckText(request.summary(), "summary")) return Decision::Refuse(*std::move(no));
  Decision decision;
  auto* finished = decision.Emit()->mutable_inspection_finished();
  finished->set_summary(request.summary());
  finished->set_ended(UnitsFound(ask.state.inspection()).empty());
  return decision;
}

Decision DecideGiveFeedback(const v1::GiveFeedbackRequest& request, const Ask& ask) {
  if (!ask.reference.HasCalendar()) return Refuse(RefusalCode::kGuard, "CALENDAR_MISSING");
  base::Day day{};
  if (auto no = ReadRectifyDay(request.rectify_by_day(), ask, &day)) return Decision::Refuse(*std::move(no));
  if (request.document_no().size() > kTextBytesMax)
    return Refuse(RefusalCode::kLimit, "TOO_LONG", "document_no");
  const auto units = UnitsFound(ask.state.inspection());
  // Nobody is there to put it right: the finding is struck out, and written of whoever took over.
  if (std::ranges::any_of(units, [&](const std::string& org) { return IsClosed(org, ask); }))
    return Refuse(RefusalCode::kGuard, "UNIT_CLOSED");
  Decision decision;
  for (const auto& org : units) {
    auto* given = decision.Emit()->mutable_feedback_given();
    given->set_document_no(request.document_no());
    auto* unit = given->mutable_unit();
    unit->set_org_id(org);
    unit->set_status(v1::RECTIFICATION_DUE);
    *unit->mutable_clock() = RectifyClock(day, org, "feedback_given", ask);
    unit->set_yellow_at_ms(YellowAt(unit->clock(), ask.reference));
    unit->set_light(common::v1::GREEN);
  }
  return decision;
}

Decision DecideReportRectification(const v1::ReportRectificationRequest& request, const Ask& ask) {
  if (request.org_id().empty() && AnswersForSeveral(ask)) return Refuse(RefusalCode::kInvalid, "UNIT_NEEDED", "org_id");
  const v1::UnitRectification& unit = *UnitIn(ask.state.inspection(), ask.who.org);
  if (IsGone(ask.who.org, ask)) return Refuse(RefusalCode::kNotFound, "NO_SUCH_MATTER", "id");
  if (unit.status() == v1::RECTIFICATION_WITHDRAWN) return Refuse(RefusalCode::kGuard, "FINDINGS_STRUCK");
  if (unit.status() == v1::RECTIFICATION_REPORTED || Accepted(unit))
    return Refuse(RefusalCode::kGuard, "ALREADY_REPORTED");
  if (auto no = CheckText(request.result(), "result")) return Decision::Refuse(*std::move(no));
  if (auto no = CheckText(request.evidence(), "evidence")) return Decision::Refuse(*std::move(no));
  Decision decision;
  auto* reported = decision.Emit()->mutable_rectification_reported();
  reported->mutable_report()->set_org_id(ask.who.org);
  reported->mutable_report()->set_result(request.result());
  reported->mutable_report()->set_evidence(request.evidence());
  reported->mutable_report()->set_at_ms(ask.ctx.now_ms);
  *reported->mutable_clock() = reference::Stop(unit.clock(), ask.ctx.now_ms, ask.reference.calendar());
  return decision;
}

Decision DecideAcceptRectification(const v1::AcceptRectificationRequest& request, const Ask& ask) {
  Decision decision;
  if (Judged(request.org_id(), ask, &decision) == nullptr) return decision;
  if (request.text().size() > kTextBytesMax) return Refuse(RefusalCode::kLimit, "TOO_LONG", "text");
  auto* accepted = decision.Emit()->mutable_rectification_accepted();
  accepted->set_org_id(request.org_id());
  accepted->set_text(request.text());
  accepted->set_ended(
      std::ranges::all_of(ask.state.inspection().unit(), [&](const v1::UnitRectification& unit) {
        return unit.org_id() == request.org_id() || IsDone(unit);
      }));
  return decision;
}

Decision DecideSendBackRectification(const v1::SendBackRectificationRequest& request, const Ask& ask) {
  Decision decision;
  const v1::UnitRectification* unit = Judged(request.org_id(), ask, &decision);
  if (unit == nullptr) return decision;
  if (auto no = CheckText(request.reason(), "reason")) return Decision::Refuse(*std::move(no));
  base::Day day{};
  if (auto no = ReadRectifyDay(request.rectify_by_day(), ask, &day)) return Decision::Refuse(*std::move(no));
  if (unit->report_size() >= kAnswersMax) return Refuse(RefusalCode::kLimit, "TOO_LONG");
  auto* back = decision.Emit()->mutable_rectification_sent_back();
  back->set_org_id(request.org_id());
  back->set_reason(request.reason());
  *back->mutable_clock() = RectifyClock(day, request.org_id(), "rectification_sent_back", ask);
  back->set_yellow_at_ms(YellowAt(back->clock(), ask.reference));
  return decision;
}

Decision DecideCancelInspection(const v1::CancelInspectionRequest& request, const Ask& ask) {
  if (auto no = CheckText(request.reason(), "reason")) return Decision::Refuse(*std::move(no));
  if (!ask.state.inspection().finding().empty()) return Refuse(RefusalCode::kGuard, "FINDINGS_THERE");
  Decision decision;
  decision.Emit()->mutable_inspection_cancelled()->set_reason(request.reason());
  return decision;
}

Decision DecideStrikeFinding(const v1::StrikeFindingRequest& request, const Ask& ask) {
  const v1::InspectionState& inspection = ask.state.inspection();
  const auto at = std::ranges::find(inspection.finding(), request.number(), &v1::Finding::number);
  if (at == inspection.finding().end() || IsStruck(*at))
    return Refuse(RefusalCode::kNotFound, "NO_SUCH_FINDING", "number");
  if (auto no = CheckText(request.reason(), "reason")) return Decision::Refuse(*std::move(no));
  if (at->org_id() == ask.who.org) return Refuse(RefusalCode::kNotAllowed, "OWN_FINDING", "number");
  const v1::UnitRectification* unit = UnitIn(inspection, at->org_id());
  if (unit != nullptr && Accepted(*unit)) return Refuse(RefusalCode::kGuard, "FINDING_ACCEPTED", "number");
  Decision decision;
  auto* struck = decision.Emit()->mutable_finding_struck();
  *struck = Strike(inspection, request.number(), ask.ctx.now_ms);
  struck->set_reason(request.reason());
  struck->set_by_org(ask.who.org);
  return decision;
}

Decision DecideTurnRectificationLight(const v1::TurnRectificationLight& which, const Ask& ask) {
  const v1::UnitRectification* unit = UnitIn(ask.state.inspection(), which.org_id());
  if (unit == nullptr || !reference::IsRunning(unit->clock())) return {};
  const auto light = LightAt(unit->yellow_at_ms(), unit->clock().due_at_ms(), ask.ctx.now_ms);
  if (light == unit->light()) return {};
  Decision decision;
  auto* changed = decision.Emit()->mutable_rectification_light_changed();
  changed->set_org_id(which.org_id());
  changed->set_light(light);
  return decision;
}

}  // namespace oversight
