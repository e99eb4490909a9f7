// Tasks and scorecards as people look them up: a task with its months, the lists of an area and of a unit, a scorecard
// in any of its versions, and as a file. Units stand by their ids, milestones as they are: nothing is summed or ranked.
#include <absl/strings/str_cat.h>

#include <algorithm>
#include <map>
#include <utility>

#include "base/area_code.h"
#include "services/oversight/domain/grading.h"
#include "services/oversight/domain/refusals.h"
#include "services/oversight/domain/rules.h"
#include "services/oversight/domain/tasks.h"
#include "services/oversight/queries.h"
#include "services/reference/month.h"
#include "services/rpc/page_token.h"
#include "services/sheet/sheet.h"

namespace oversight {
namespace {

using kernel::RefusalCode;
using kernel::v1::Actor;
using Entries = google::protobuf::RepeatedPtrField<v1::BoardEntry>;

rpc::Answer NotFound() { return Why(RefusalCode::kNotFound, "NO_SUCH_MATTER", "id"); }
size_t PageSize(int wanted) { return static_cast<size_t>(wanted <= 0 ? kPageDefault : std::min(wanted, kPageSizeMax)); }

common::v1::Deadline Explained(const common::v1::Clock& clock, const OversightReader& reader,
                               const rpc::Caller& caller) {
  const auto reference = reader.Reference();
  if (!reference->HasCalendar()) return {};
  return reference::Explain(clock, reference->light_rule(), caller.now_ms, reference->calendar());
}

void FillMonth(const v1::TaskMonth& month, const OversightReader& reader, const rpc::Caller& caller,
               v1::GradedMonth* out) {
  out->set_month(reference::MonthText(month.month()));
  *out->mutable_report() = Explained(month.report(), reader, caller);
  *out->mutable_freeze() = Explained(month.freeze(), reader, caller);
  for (const auto& entry : month.entry()) {
    auto* shown = out->add_milestone();
    shown->set_milestone(entry.milestone());
    shown->set_status(entry.status());
    shown->set_planned(entry.planned());
    if (entry.reported()) shown->set_progress(entry.progress());
    if (!IsUngraded(entry)) shown->set_before(entry.before());
    shown->set_evidence(entry.evidence());
    shown->set_completed_day(DayText(entry.completed()));
    shown->set_reported_at_ms(entry.reported_at_ms());
    shown->set_verified(entry.verified());
    shown->set_sent_back_reason(entry.sent_back_reason());
    shown->set_grade(entry.grade());
  }
}

void FillTask(const std::string& id, const kernel::Stored<v1::State>& stored, const OversightReader& reader,
              const rpc::Caller& caller, v1::GradedTask* out) {
  const v1::PlannedTask& task = stored.state.planned_task();
  out->set_id(id);
  out->set_version(stored.version);
  out->set_status(task.status());
  out->set_area_code(task.area_code());
  out->set_title(task.title());
  out->set_requirement(task.requirement());
  out->set_evidence_type(task.evidence_type());
  out->set_leader_user_id(task.leader_user_id());
  out->set_lead_org(task.lead_org());
  out->set_created_at_ms(task.created_at_ms());
  out->set_confirmed_at_ms(task.confirmed_at_ms());
  out->set_ended_at_ms(task.ended_at_ms());
  out->set_ending_reason(task.ending_reason());
  for (const auto& milestone : task.milestone()) {
    auto* shown = out->add_milestone();
    shown->set_name(milestone.name());
    shown->set_planned_start(DayText(milestone.planned_start()));
    shown->set_planned_end(DayText(milestone.planned_end()));
    for (const auto& plan : milestone.plan()) {
      auto* point = shown->add_plan();
      point->set_month(reference::MonthText(plan.month()));
      point->set_percent(plan.percent());
    }
  }
  for (const auto& month : task.month()) FillMonth(month, reader, caller, out->add_month());
  for (const auto& note : task.order()) {
    if (note.status() != v1::ORDER_DRAFT) out->add_order_id(note.order_id());
  }
  for (auto& name : AllowedCommands(stored.state, caller.actor)) out->add_allowed_command(std::move(name));
}

v1::ScorecardEntry Shown(const v1::BoardEntry& entry) {
  v1::ScorecardEntry shown;
  shown.set_task_id(entry.task_id());
  shown.set_milestone(entry.milestone());
  shown.set_title(entry.title());
  shown.set_milestone_name(entry.milestone_name());
  shown.set_lead_org(entry.lead_org());
  shown.set_grade(entry.grade());
  shown.set_computed(entry.computed());
  shown.set_reason(entry.reason());
  shown.set_planned(entry.planned());
  if (entry.reported()) shown.set_progress(entry.progress());
  shown.set_before(entry.before());
  shown.set_planned_end(DayText(entry.planned_end()));
  shown.set_completed_day(DayText(entry.completed()));
  shown.set_verified(entry.verified());
  return shown;
}

// Of the version asked for; null: there is none.
const Entries* EntriesOf(const v1::Board& board, int version) {
  if (version == 0 || version == board.newest().version()) return &board.entry();
  const auto at = std::ranges::find(board.former(), version, &v1::BoardVersion::version);
  return at == board.former().end() ? nullptr : &at->entry();
}

void AddVersion(const v1::BoardVersion& version, v1::Scorecard* out) {
  auto* shown = out->add_versions();
  shown->set_version(version.version());
  shown->set_published_at_ms(version.published_at_ms());
  shown->set_reason(version.reason());
  shown->set_asked_org(version.asked_org());
  shown->set_signed_org(version.signed_org());
}

// How many cards of each colour a unit was given, as far as the reader may know of what they are about.
struct Cards {
  int64_t yellow = 0, red = 0;
};
Cards CardsOf(const v1::Board& board, std::string_view org, const Actor& actor) {
  Cards cards;
  for (const auto& of : board.cards()) {
    const bool seen = of.seen_from() == 0 || std::ranges::any_of(actor.grant(), [&](const kernel::v1::Grant& grant) {
                        return base::Covers(grant.area_code(), board.area_code()) &&
                               base::LevelOf(grant.area_code()) >= of.seen_from();
                      });
    if (of.org_id() != org || !seen) continue;
    cards.yellow += of.yellow();
    cards.red += of.red();
  }
  return cards;
}

void FillCards(const v1::Board& board, const Actor& actor, v1::Scorecard* out) {
  if (!board.cards_counted()) return;
  for (auto& unit : *out->mutable_unit()) {
    const Cards cards = CardsOf(board, unit.org_id(), actor);
    unit.set_yellow_cards(static_cast<int32_t>(cards.yellow));
    unit.set_red_cards(static_cast<int32_t>(cards.red));
  }
}

void FillEntries(const Entries& entries, v1::Scorecard* out) {
  std::map<std::string, v1::ScorecardUnit> units;
  for (const auto& entry : entries) *units[entry.lead_org()].add_entry() = Shown(entry);
  for (auto& [org, unit] : units) {
    unit.set_org_id(org);
    *out->add_unit() = std::move(unit);
  }
  for (auto& count : CountsOf(entries)) *out->add_count() = std::move(count);
}

void AddLegend(v1::Scorecard* out) {
  for (const GradeWord& word : GradeWords()) {
    auto* meaning = out->add_legend();
    meaning->set_grade(word.grade);
    meaning->set_name_zh(std::string(word.name_zh));
    meaning->set_colour_zh(std::string(word.colour_zh));
    meaning->set_colour_en(std::string(word.colour_en));
    meaning->set_meaning_zh(std::string(word.meaning_zh));
    meaning->set_meaning_en(std::string(word.meaning_en));
  }
}

// The scorecard, if it is for the caller to see.
absl::StatusOr<std::optional<kernel::Stored<v1::State>>> FindBoard(const OversightReader& reader, const std::string& id,
                                                                   const rpc::Caller& caller) {
  auto stored = reader.Get(id);
  if (!stored.ok()) return stored.status();
  if (!*stored || !(*stored)->state.has_board() || !MaySee((*stored)->state, caller.actor)) return std::nullopt;
  return std::optional<kernel::Stored<v1::State>>(**stored);
}

std::vector<sheet::Column> ScorecardColumns() {
  return {{"unit", "牵头单位", "Lead unit"},
          {"taskId", "任务编号", "Task"},
          {"title", "任务", "Title"},
          {"milestone", "节点序号", "Milestone number"},
          {"milestoneName", "节点", "Milestone"},
          {"grade", "评定", "Grade"},
          {"colour", "颜色", "Colour"},
          {"meaning", "含义", "Meaning"},
          {"planned", "计划进度", "Planned progress"},
          {"progress", "上报进度", "Reported progress"},
          {"before", "上月进度", "Progress of the month before"},
          {"plannedEnd", "计划完成日", "Planned end"},
          {"completedDay", "实际完成日", "Completed"},
          {"verified", "已核实", "Verified"},
          {"computed", "按规则评定", "Grade by the rules"},
          {"reason", "调整或更正理由", "Reason of a change"},
          {"yellowCards", "当月黄牌数", "Yellow cards of the month"},
          {"redCards", "当月红牌数", "Red cards of the month"}};
}

sheet::Row RowOf(const v1::BoardEntry& entry, const v1::Board& board, const Actor& actor) {
  const GradeWord& word = WordOf(entry.grade());
  const Cards cards = CardsOf(board, entry.lead_org(), actor);
  const auto counted = [&](int64_t count) { return board.cards_counted() ? sheet::Cell(count) : sheet::Cell(); };
  return {entry.lead_org(),
          entry.task_id(),
          entry.title(),
          int64_t{entry.milestone()},
          entry.milestone_name(),
          std::string(word.name_zh),
          std::string(word.colour_zh),
          std::string(word.meaning_zh),
          int64_t{entry.planned()},
          entry.reported() ? sheet::Cell(int64_t{entry.progress()}) : sheet::Cell(),
          int64_t{entry.before()},
          sheet::Text(DayText(entry.planned_end())),
          sheet::Text(DayText(entry.completed())),
          entry.verified(),
          std::string(WordOf(entry.computed()).name_zh),
          sheet::Text(entry.reason()),
          counted(cards.yellow),
          counted(cards.red)};
}

}  // namespace

rpc::Answer Queries::GetTask(const rpc::Caller& caller, const v1::GetTaskRequest& request, v1::GradedTask* out) const {
  const OversightReader reader = read_();
  auto stored = reader.Get(request.id());
  if (!stored.ok()) return stored.status();
  if (!*stored || !(*stored)->state.has_planned_task() || !MaySee((*stored)->state, caller.actor)) return NotFound();
  FillTask(request.id(), **stored, reader, caller, out);
  return {};
}

rpc::Answer Queries::ListTasks(const rpc::Caller& caller, const v1::ListTasksRequest& request,
                               v1::ListTasksResponse* out) const {
  const bool of_unit = !request.lead_org().empty();
  const std::string& whose = of_unit ? request.lead_org() : request.area_code();
  if (whose.empty()) return Why(RefusalCode::kInvalid, "VALUE_NEEDED", "area_code");
  v1::State as_if;
  as_if.mutable_planned_task()->set_area_code(request.area_code());
  as_if.mutable_planned_task()->set_lead_org(request.lead_org());
  const bool theirs =
      of_unit ? std::ranges::find(caller.orgs, whose) != caller.orgs.end() : MaySee(as_if, caller.actor);
  if (!theirs) return Why(RefusalCode::kNotAllowed, "NOT_ALLOWED");
  const OversightReader reader = read_();
  const std::string prefix = TaskPrefix(of_unit ? 'o' : 'a', whose, request.ended());
  const std::string question = "ListTasks " + prefix;
  const auto position = rpc::PagePosition(question, request.page_token());
  if (!position) return Why(RefusalCode::kInvalid, "PAGE_TOKEN", "page_token");
  auto page = reader.List("task", prefix, PageSize(request.page_size()), *position);
  if (!page.ok()) return page.status();
  for (const auto& item : page->items) {
    auto stored = reader.Get(item.aggregate_id);
    if (!stored.ok()) return stored.status();
    if (*stored) FillTask(item.aggregate_id, **stored, reader, caller, out->add_task());
  }
  out->set_next_page_token(rpc::PageToken(question, page->next_page_token));
  return {};
}

rpc::Answer Queries::GetScorecard(const rpc::Caller& caller, const v1::GetScorecardRequest& request,
                                  v1::Scorecard* out) const {
  const OversightReader reader = read_();
  auto stored = FindBoard(reader, request.id(), caller);
  if (!stored.ok()) return stored.status();
  if (!*stored) return NotFound();
  const v1::Board& board = (*stored)->state.board();
  const Entries* entries = EntriesOf(board, request.version());
  if (entries == nullptr) return Why(RefusalCode::kNotFound, "NO_SUCH_VERSION", "version");
  out->set_id(request.id());
  out->set_aggregate_version((*stored)->version);
  out->set_area_code(board.area_code());
  out->set_month(reference::MonthText(board.month()));
  out->set_status(board.status());
  out->set_version(request.version() == 0 ? board.newest().version() : request.version());
  for (const auto& version : board.former()) AddVersion(version, out);
  if (board.has_newest()) AddVersion(board.newest(), out);
  FillEntries(*entries, out);
  FillCards(board, caller.actor, out);
  *out->mutable_freeze() = Explained(board.freeze(), reader, caller);
  *out->mutable_publication() = Explained(board.publication(), reader, caller);
  out->set_released(board.released_at_ms() != 0);
  out->set_published_unreleased(board.unreleased());
  AddLegend(out);
  for (auto& name : AllowedCommands((*stored)->state, caller.actor)) out->add_allowed_command(std::move(name));
  // What may become of a grade is for those who decide about it.
  const bool decides = std::ranges::any_of(caller.actor.grant(), [&](const kernel::v1::Grant& grant) {
    const auto role = grant.role();
    return (role == kernel::v1::ROLE_SV || role == kernel::v1::ROLE_CL || role == kernel::v1::ROLE_CYL) &&
           base::Covers(grant.area_code(), board.area_code());
  });
  for (const auto& asked : board.asked()) {
    if (!decides) break;
    auto* waiting = out->add_waiting();
    waiting->set_task_id(asked.task_id());
    waiting->set_milestone(asked.milestone());
    waiting->set_grade(asked.grade());
    waiting->set_reason(asked.reason());
    waiting->set_asked_org(asked.org_id());
    waiting->set_asked_at_ms(asked.asked_at_ms());
  }
  return {};
}

rpc::Answer Queries::ListScorecards(const rpc::Caller& caller, const v1::ListScorecardsRequest& request,
                                    v1::ListScorecardsResponse* out) const {
  v1::State as_if;
  as_if.mutable_board()->set_area_code(request.area_code());
  as_if.mutable_board()->set_status(v1::BOARD_PUBLISHED);
  if (!MaySee(as_if, caller.actor)) return Why(RefusalCode::kNotAllowed, "NOT_ALLOWED", "area_code");
  const OversightReader reader = read_();
  const std::string question = absl::StrCat("ListScorecards ", request.area_code());
  const auto position = rpc::PagePosition(question, request.page_token());
  if (!position) return Why(RefusalCode::kInvalid, "PAGE_TOKEN", "page_token");
  auto page = reader.List("task", BoardPrefix(request.area_code()), PageSize(request.page_size()), *position);
  if (!page.ok()) return page.status();
  for (const auto& item : page->items) {
    auto stored = FindBoard(reader, item.aggregate_id, caller);
    if (!stored.ok()) return stored.status();
    if (!*stored) continue;
    const v1::Board& board = (*stored)->state.board();
    auto* line = out->add_line();
    line->set_id(item.aggregate_id);
    line->set_month(reference::MonthText(board.month()));
    line->set_status(board.status());
    line->set_version(board.newest().version());
    for (auto& count : CountsOf(board.entry())) *line->add_count() = std::move(count);
  }
  out->set_next_page_token(rpc::PageToken(question, page->next_page_token));
  return {};
}

rpc::Answer Queries::ExportScorecard(const rpc::Caller& caller, const v1::ExportScorecardRequest& request,
                                     rpc::NextMessage<google::api::HttpBody>* next) const {
  if (!v1::ScorecardFormat_IsValid(request.format())) return Why(RefusalCode::kInvalid, "VALUE_NEEDED", "format");
  const OversightReader reader = read_();
  auto stored = FindBoard(reader, request.id(), caller);
  if (!stored.ok()) return stored.status();
  if (!*stored) return NotFound();
  const v1::Board& board = (*stored)->state.board();
  if (board.status() != v1::BOARD_PUBLISHED) return Why(RefusalCode::kGuard, "NOT_PUBLISHED", "id");
  const Entries* entries = EntriesOf(board, request.version());
  if (entries == nullptr) return Why(RefusalCode::kNotFound, "NO_SUCH_VERSION", "version");
  caller.note->aggregate_id = request.id();
  const int version = request.version() == 0 ? board.newest().version() : request.version();
  std::vector<const v1::BoardEntry*> by_unit;
  for (const auto& entry : *entries) by_unit.push_back(&entry);
  std::ranges::stable_sort(by_unit, {},
                           [](const v1::BoardEntry* entry) -> const std::string& { return entry->lead_org(); });
  std::vector<sheet::Row> rows;
  for (const v1::BoardEntry* entry : by_unit) rows.push_back(RowOf(*entry, board, caller.actor));
  const std::string month = reference::MonthText(board.month());
  sheet::About about = {absl::StrCat("scorecard-", board.area_code(), "-", month, "-v", version),
                        {{"areaCode", board.area_code()},
                         {"month", month},
                         {"version", absl::StrCat(version)},
                         {"asOf", base::LocalText(caller.now_ms)}}};
  const auto format = request.format() == v1::SCORECARD_JSON ? sheet::Format::kJson : sheet::Format::kCsv;
  *next = sheet::StreamOf(sheet::Sheet(format, std::move(about), ScorecardColumns(), sheet::RowsOf(std::move(rows))));
  return {};
}

}  // namespace oversight
