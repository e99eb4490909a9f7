// Scorecards 四色榜 (O13 to O15): graded by rule when the month is frozen, changed only by two people, published on the
// 10th, corrected only as a new version.
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "services/oversight/domain/decide.h"
#include "services/oversight/domain/grading.h"
#include "services/oversight/domain/keys.h"
#include "services/oversight/domain/limits.h"
#include "services/oversight/domain/task_orders.h"
#include "services/oversight/domain/tasks.h"
#include "services/reference/deadline.h"
#include "services/reference/month.h"

namespace oversight {
namespace {

using kernel::RefusalCode;

// Tasks graded or told of the publication in one go: each makes an event or, with a draft, three.
constexpr size_t kPortion = 60;

common::v1::Clock Stopped(const common::v1::Clock& clock, const Ask& ask) {
  return reference::IsRunning(clock) ? reference::Stop(clock, ask.ctx.now_ms, ask.reference.calendar()) : clock;
}

// The freeze comes with the end of its period, however long the machine took to see it.
common::v1::Clock Ended(const common::v1::Clock& clock, const Ask& ask) {
  return reference::IsRunning(clock) ? reference::Stop(clock, clock.due_at_ms(), ask.reference.calendar()) : clock;
}

// The grade of one milestone, by what was reported in time and verified.
void Grade(const v1::Milestone& milestone, int32_t month, v1::MilestoneMonth* entry) {
  MonthFacts facts;
  facts.month_end = reference::LastDayOf(month);
  facts.planned = DayOfNumber(milestone.planned_end());
  if (Stands(*entry) && entry->verified() && entry->completed() != 0) facts.completed = DayOfNumber(entry->completed());
  facts.reported = Stands(*entry);
  facts.plan = entry->planned();
  facts.progress = entry->progress();
  facts.before = milestone.progress();
  entry->set_before(facts.before);
  entry->set_grade(GradeOf(facts));
  entry->set_status(v1::MONTH_GRADED);
}

v1::BoardEntry OnBoard(const std::string& task_id, const v1::PlannedTask& task, const v1::MilestoneMonth& graded) {
  const auto& milestone = task.milestone(graded.milestone() - 1);
  v1::BoardEntry entry;
  entry.set_task_id(task_id);
  entry.set_milestone(graded.milestone());
  entry.set_title(task.title());
  entry.set_milestone_name(milestone.name());
  entry.set_lead_org(task.lead_org());
  entry.set_grade(graded.grade());
  entry.set_computed(graded.grade());
  entry.set_planned(graded.planned());
  entry.set_reported(Stands(graded));
  entry.set_progress(graded.progress());
  entry.set_before(graded.before());
  entry.set_planned_end(milestone.planned_end());
  entry.set_completed(graded.verified() ? graded.completed() : 0);
  entry.set_verified(graded.verified());
  return entry;
}

void GradeTask(const std::string& task_id, const v1::PlannedTask& task, int32_t month, const Ask& ask,
               v1::BoardGraded* on_board, Decision* decision) {
  const v1::TaskMonth& of = *MonthIn(task, month);
  auto* graded = decision->EmitTo(task_id)->mutable_month_graded();
  graded->set_month(month);
  *graded->mutable_report() = Stopped(of.report(), ask);
  *graded->mutable_freeze() = Ended(of.freeze(), ask);
  std::vector<bool> done;
  for (const auto& milestone : task.milestone()) done.push_back(milestone.completed() != 0);
  for (const auto& was : of.entry()) {
    v1::MilestoneMonth* entry = graded->add_entry();
    *entry = was;
    const auto number = static_cast<size_t>(was.milestone() - 1);
    Grade(task.milestone(was.milestone() - 1), month, entry);
    if (entry->verified() && entry->completed() != 0) done[number] = true;
    *on_board->add_entry() = OnBoard(task_id, task, *entry);
  }
  graded->set_done(std::ranges::all_of(done, [](bool is) { return is; }));
  if (graded->done()) EndTaskOrders(task_id, task, "", ask, decision);
}

// What a change of a grade rests on, before or after publication.
struct Change {
  const std::string& task_id;
  int milestone;
  v1::Grade grade;
  const std::string& reason;
};

Decision AskChange(const Change& change, const Ask& ask) {
  const v1::Board& board = ask.state.board();
  const v1::BoardEntry* entry = EntryIn(board, change.task_id, change.milestone);
  if (entry == nullptr) return Refuse(RefusalCode::kInvalid, "NOT_ON_SCORECARD", "task_id");
  if (change.grade < v1::HORSE || change.grade > v1::SNAIL)
    return Refuse(RefusalCode::kInvalid, "VALUE_NEEDED", "grade");
  if (change.grade == entry->grade()) return Refuse(RefusalCode::kInvalid, "SAME_GRADE", "grade");
  // 提前完成: not a high percentage, but a completion ahead of plan that somebody has verified.
  const bool ahead = entry->completed() != 0 && entry->completed() < entry->planned_end();
  if (change.grade == v1::HORSE && !ahead) return Refuse(RefusalCode::kGuard, "HORSE_NEEDS_COMPLETION", "grade");
  if (change.reason.empty()) return Refuse(RefusalCode::kInvalid, "CONTENT_NEEDED", "reason");
  if (change.reason.size() > kTextBytesMax) return Refuse(RefusalCode::kLimit, "TOO_LONG", "reason");
  if (board.former_size() + 1 >= kBoardVersionsMax) return Refuse(RefusalCode::kLimit, "TOO_LONG");
  Decision decision;
  auto* asked = decision.Emit()->mutable_grade_change_asked()->mutable_asked();
  asked->set_task_id(change.task_id);
  asked->set_milestone(change.milestone);
  asked->set_grade(change.grade);
  asked->set_reason(change.reason);
  asked->set_user_id(ask.ctx.actor->user_id());
  asked->set_org_id(ask.who.org);
  asked->set_asked_at_ms(ask.ctx.now_ms);
  return decision;
}

// What waits to be signed; a refusal if nothing does, or if who asked would sign. The four eyes are two people's.
const v1::GradeAsked* Signable(const std::string& task_id, int milestone, const Ask& ask, Decision* refused) {
  const v1::GradeAsked* asked = AskedIn(ask.state.board(), task_id, milestone);
  if (asked == nullptr) {
    *refused = Refuse(RefusalCode::kGuard, "NOTHING_TO_SIGN", "task_id");
  } else if (asked->user_id() == ask.ctx.actor->user_id()) {
    *refused = Refuse(RefusalCode::kNotAllowed, "SAME_PERSON");
    asked = nullptr;
  }
  return asked;
}

void EmitRegraded(const v1::GradeAsked& asked, int32_t month, int version, Decision* decision) {
  auto* regraded = decision->EmitTo(asked.task_id())->mutable_month_regraded();
  regraded->set_month(month);
  regraded->set_milestone(asked.milestone());
  regraded->set_grade(asked.grade());
  regraded->set_version(version);
}

void EmitPublication(bool unreleased, const Ask& ask, Decision* decision) {
  auto* published = decision->Emit()->mutable_board_published();
  published->set_unreleased(unreleased);
  *published->mutable_publication() = Stopped(ask.state.board().publication(), ask);
}

const v1::PlannedTask* TaskOf(const std::string& id, const Ask& ask) {
  const v1::State* state = ask.ctx.lookup->Find(id);
  return state != nullptr && state->has_planned_task() ? &state->planned_task() : nullptr;
}

void DraftSnailOrder(const std::string& id, const v1::PlannedTask& task, const Ask& ask, Decision* decision) {
  DraftTaskCard(id, task, common::v1::CARD_ORDINARY, v1::SNAIL_TWICE, ask, decision);
}

// The cards a unit was given in the month, by the level from which what they are about may be seen.
void CountCards(const std::string& org, int32_t month, const Ask& ask, v1::BoardGraded* out) {
  std::map<int, v1::UnitCards> by_level;
  for (const auto& id : ask.ctx.lookup->Scan("order", CardsPrefix(org, month), kCardsCountedMax)) {
    const v1::State* state = ask.ctx.lookup->Find(id);
    if (state == nullptr) continue;
    v1::UnitCards& cards = by_level[state->order().seen_from()];
    if (state->order().card() == common::v1::CARD_RED) {
      cards.set_red(cards.red() + 1);
    } else {
      cards.set_yellow(cards.yellow() + 1);
    }
  }
  for (auto& [seen_from, cards] : by_level) {
    cards.set_org_id(org);
    cards.set_seen_from(seen_from);
    *out->add_cards() = std::move(cards);
  }
}

// O5 "counts in scorecard": frozen with the grades.
void CountAllCards(const v1::Board& board, const Ask& ask, v1::BoardGraded* out) {
  std::set<std::string> units;
  for (const auto& entry : board.entry()) units.insert(entry.lead_org());
  for (const auto& entry : out->entry()) units.insert(entry.lead_org());
  for (const auto& unit : units) CountCards(unit, board.month(), ask, out);
  out->set_cards_counted(true);
}

// A correction may make 蜗牛 twice running of a month, or undo it: the draft follows.
void FollowCorrection(const v1::GradeAsked& asked, int32_t month, const Ask& ask, Decision* decision) {
  const v1::PlannedTask* before = TaskOf(asked.task_id(), ask);
  if (before == nullptr) return;
  v1::State after;
  *after.mutable_planned_task() = *before;
  v1::Event event;
  event.mutable_month_regraded()->set_month(month);
  event.mutable_month_regraded()->set_milestone(asked.milestone());
  event.mutable_month_regraded()->set_grade(asked.grade());
  ApplyTask(event, ask.ctx.now_ms, &after);
  const v1::PlannedTask& task = after.planned_task();
  const auto twice = [&](const v1::TaskMonth& of) {
    return of.entry(0).status() == v1::MONTH_PUBLISHED && SnailTwice(task, of.month());
  };
  if (std::ranges::none_of(task.month(), twice)) return WithdrawSnailDrafts(asked.task_id(), *before, ask, decision);
  const bool now = std::ranges::any_of(task.month(), [&](const v1::TaskMonth& of) {
    return (of.month() == month || of.month() == reference::NextMonth(month)) && twice(of);
  });
  if (asked.grade() == v1::SNAIL && now) DraftSnailOrder(asked.task_id(), *before, ask, decision);
}

}  // namespace

Decision DecideGradeBoard(const Ask& ask) {
  const v1::Board& board = ask.state.board();
  if (board.status() != v1::BOARD_DRAFT || ask.ctx.now_ms <= board.freeze().due_at_ms()) return {};
  const auto ids = ask.ctx.lookup->Scan("task", UngradedPrefix(board.area_code(), board.month()), kPortion);
  Decision decision;
  v1::BoardGraded on_board;
  for (const std::string& id : ids) {
    const v1::PlannedTask* task = TaskOf(id, ask);
    if (task != nullptr && MonthIn(*task, board.month()) != nullptr)
      GradeTask(id, *task, board.month(), ask, &on_board, &decision);
  }
  on_board.set_frozen(ids.size() < kPortion);
  if (on_board.frozen()) CountAllCards(board, ask, &on_board);
  *on_board.mutable_freeze() = on_board.frozen() ? Ended(board.freeze(), ask) : board.freeze();
  *decision.Emit()->mutable_board_graded() = std::move(on_board);
  return decision;
}

Decision DecideAskGradeOverride(const v1::AskGradeOverrideRequest& request, const Ask& ask) {
  return AskChange({request.task_id(), request.milestone(), request.grade(), request.reason()}, ask);
}

Decision DecideAskGradeCorrection(const v1::AskGradeCorrectionRequest& request, const Ask& ask) {
  return AskChange({request.task_id(), request.milestone(), request.grade(), request.reason()}, ask);
}

Decision DecideSignGradeOverride(const v1::SignGradeOverrideRequest& request, const Ask& ask) {
  Decision decision;
  const v1::GradeAsked* asked = Signable(request.task_id(), request.milestone(), ask, &decision);
  if (asked == nullptr) return decision;
  auto* overridden = decision.Emit()->mutable_grade_overridden();
  *overridden->mutable_asked() = *asked;
  overridden->set_signed_user_id(ask.ctx.actor->user_id());
  overridden->set_signed_org(ask.who.org);
  EmitRegraded(*asked, ask.state.board().month(), 0, &decision);
  return decision;
}

Decision DecideSignGradeCorrection(const v1::SignGradeCorrectionRequest& request, const Ask& ask) {
  const v1::Board& board = ask.state.board();
  Decision decision;
  const v1::GradeAsked* asked = Signable(request.task_id(), request.milestone(), ask, &decision);
  if (asked == nullptr) return decision;
  auto* corrected = decision.Emit()->mutable_board_corrected();
  *corrected->mutable_asked() = *asked;
  corrected->set_signed_user_id(ask.ctx.actor->user_id());
  corrected->set_signed_org(ask.who.org);
  corrected->set_version(board.newest().version() + 1);
  const int version = corrected->version();
  EmitRegraded(*asked, board.month(), version, &decision);
  FollowCorrection(*asked, board.month(), ask, &decision);
  return decision;
}

Decision DecideReleaseScorecard(const Ask& ask) {
  const v1::Board& board = ask.state.board();
  if (board.released_at_ms() != 0) return Refuse(RefusalCode::kGuard, "ALREADY_RELEASED");
  Decision decision;
  decision.Emit()->mutable_board_released()->set_org_id(ask.who.org);
  if (ask.ctx.now_ms >= board.publish_from_ms()) EmitPublication(false, ask, &decision);
  return decision;
}

Decision DecidePublishBoard(const Ask& ask) {
  const v1::Board& board = ask.state.board();
  const bool released = board.released_at_ms() != 0;
  if (board.status() != v1::BOARD_FROZEN ||
      ask.ctx.now_ms < (released ? board.publish_from_ms() : board.publish_latest_ms())) {
    return {};
  }
  Decision decision;
  EmitPublication(!released, ask, &decision);
  return decision;
}

Decision DecideTellBoard(const Ask& ask) {
  const v1::Board& board = ask.state.board();
  if (board.status() != v1::BOARD_PUBLISHED || board.told() < 0) return {};
  Decision decision;
  int at = board.told();
  for (size_t tasks = 0; at < board.entry_size() && tasks < kPortion; ++tasks) {
    const std::string& id = board.entry(at).task_id();
    while (at < board.entry_size() && board.entry(at).task_id() == id) ++at;
    const v1::PlannedTask* task = TaskOf(id, ask);
    if (task == nullptr) continue;
    decision.EmitTo(id)->mutable_month_published()->set_month(board.month());
    if (SnailTwice(*task, board.month())) DraftSnailOrder(id, *task, ask, &decision);
  }
  decision.Emit()->mutable_board_told()->set_told(at < board.entry_size() ? at : -1);
  return decision;
}

}  // namespace oversight
