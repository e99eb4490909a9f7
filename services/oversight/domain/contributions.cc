#include "services/oversight/domain/contributions.h"

#include <absl/strings/str_cat.h>

#include <algorithm>

#include "services/oversight/domain/orders.h"
#include "services/oversight/domain/spells.h"
#include "services/oversight/domain/standing.h"
#include "services/reference/month.h"

namespace oversight {
namespace {

using base::Day, base::LocalDay;

constexpr int64_t kContactMs = 24 * base::kHourMs;  // K-09, of what has no period of its own
constexpr std::string_view kMereQuestion = "0202";  // 政策咨询: nothing in it to be solved

char Bit(bool is) { return is ? '1' : '0'; }
char Digit(int value) { return static_cast<char>('0' + std::clamp(value, 0, 9)); }

// "36000" at ten in the morning.
std::string SecondOfDay(int64_t at_ms) {
  return absl::StrCat(absl::Dec((at_ms - base::StartOfDayMs(LocalDay(at_ms))) / 1000, absl::kZeroPad5));
}

class Adding {
 public:
  explicit Adding(std::vector<Contribution>* out) : out_(out) {}
  void On(char family, Day day, std::string traits) { out_->push_back({family, day, 0, std::move(traits)}); }
  void DueAt(char family, int64_t due_ms, std::string traits) {
    out_->push_back({family, DueDay(due_ms), 0, std::move(traits), due_ms});
  }
  // Nothing of what ends on the day it began: no period ends between.
  void Between(char family, Day day, Day until, std::string traits, int64_t due_ms = 0) {
    if (until == 0 || until > day) out_->push_back({family, day, until, std::move(traits), due_ms});
  }
  void Held(char family, Day day, Day until) { out_->push_back({family, day, until, ""}); }
  // Due on a day; done by its end, or later, or not.
  void Promised(char family, int64_t due_ms, int64_t done_ms) {
    const bool by_then = done_ms != 0 && done_ms <= base::EndOfDayMs(DueDay(due_ms));
    Between(family, DueDay(due_ms), done_ms == 0 || by_then ? 0 : LocalDay(done_ms), std::string(1, Bit(by_then)),
            due_ms);
  }

 private:
  std::vector<Contribution>* out_;
};

void AddClosed(const Spell& s, int origin, Adding* add) {
  const Day day = LocalDay(s.from_ms);
  const Day until = s.to_ms == 0 ? 0 : LocalDay(s.to_ms);
  const char traits[] = {Bit(s.resolved),   Digit(s.level),  Digit(origin),    Bit(s.in_time),
                         Bit(s.first_time), Bit(s.extended), Bit(s.evaluated), Bit(s.reachable),
                         Bit(s.evidence)};
  add->Between('c', day, until, absl::StrCat(std::string(traits, sizeof(traits)), ".", s.rework));
  if (s.took_in != common::v1::TIME_UNIT_UNSPECIFIED)
    add->Between('u', day, until, absl::StrCat(std::string(1, TimeUnitMark(s.took_in)), ".", s.took));
}

// Whether whoever asked was spoken to in time, of a ticket of the hotline or an enterprise's appeal.
char Contact(const v1::Course& course, const v1::Deed& reported, int64_t dispatched_ms) {
  const bool awaited =
      reported.value() == incident::v1::HOTLINE || reported.more() == incident::v1::ENTERPRISE_APPEAL;
  if (!awaited) return '0';
  int64_t limit = dispatched_ms + kContactMs;
  for (const auto& term : course.term()) {
    if (term.policy_id() == "DA-01") limit = term.due_ms();
  }
  const bool in_time = std::ranges::any_of(course.deed(), [&](const v1::Deed& deed) {
    return deed.kind() == v1::DEED_CONTACTED && deed.at_ms() <= limit;
  });
  return in_time ? '2' : '1';
}

void AddDeeds(const v1::Course& course, bool out, bool mere_question, Adding* add) {
  v1::Deed reported;
  int dispatches = 0;
  for (const auto& deed : course.deed()) {
    const Day day = LocalDay(deed.at_ms());
    switch (deed.kind()) {
      case v1::DEED_REPORTED:
        reported = deed;
        if (!out) add->On('n', day, std::string(1, Bit(deed.value() == incident::v1::GRID_WORKER)));
        break;
      case v1::DEED_SELF_HANDLED:
        add->On('h', day, "");
        if (!deed.org_id().empty()) add->On('f', day, absl::StrCat(SecondOfDay(deed.at_ms()), deed.org_id()));
        break;
      case v1::DEED_DISPATCHED:
        if (out) break;
        add->On('d', day, std::string(1, ++dispatches == 1 ? Contact(course, reported, deed.at_ms()) : '0'));
        break;
      case v1::DEED_RETURN_ASKED:
        if (!out) add->On('q', day, "");
        break;
      case v1::DEED_RETURN_REFUSED:
        if (!out) add->On('r', day, "");
        break;
      case v1::DEED_EVALUATED:
        add->On('e', day, {Digit(deed.value()), Digit(deed.more()), Bit(mere_question), Digit(deed.by())});
        break;
      case v1::DEED_EFFECTIVE:
        add->On('m', day, "0");
        break;
      case v1::DEED_ENDED:
        add->On('m', day, std::string(1, static_cast<char>('a' + std::clamp(deed.value(), 0, 25))));
        break;
      case v1::DEED_CONFIRMATION_DECIDED:
        add->On('v', day, std::string(1, Bit(deed.value() == 1)));
        break;
      case v1::DEED_REGISTERED:
        add->On('g', day, absl::StrCat(std::string(1, Bit(deed.more() == 1)), ".", std::max(1, deed.value())));
        break;
      case v1::DEED_RATED:
        add->On('j', day, {Digit(deed.value()), Digit(deed.more())});
        break;
      default:
        break;  // read together with others: below
    }
  }
}

void AddBacklog(const v1::Course& course, Adding* add) {
  Day listed = 0;
  for (const auto& deed : course.deed()) {
    if (deed.kind() == v1::DEED_BACKLOG_LISTED && listed == 0) listed = LocalDay(deed.at_ms());
    if (deed.kind() != v1::DEED_WRITTEN_OFF || listed == 0) continue;
    add->Held('b', listed, LocalDay(deed.at_ms()));
    add->On('B', LocalDay(deed.at_ms()), "");
    listed = 0;
  }
  if (listed != 0) add->Held('b', listed, 0);
}

bool IsAny(std::string_view id, std::initializer_list<std::string_view> of) {
  return std::ranges::find(of, id) != of.end();
}

void AddTerms(const v1::Course& course, Adding* add) {
  for (const auto& term : course.term()) {
    if (term.outcome() == common::v1::CLOCK_CANCELLED) continue;
    const bool met = term.outcome() == common::v1::CLOCK_MET;
    // Met: on the day it ended. Otherwise it is missed on the day it was due, whatever comes later.
    const bool decides = IsAny(term.policy_id(), {"DP-01", "DP-02", "DP-03"});
    if (decides && met) add->On('a', std::min(DueDay(term.due_ms()), LocalDay(term.stopped_ms())), "1");
    if (decides && !met) add->DueAt('a', term.due_ms(), "0");
    const std::string kept(1, Bit(met));
    if (IsAny(term.policy_id(), {"DP-05", "DP-08", "DP-10", "DP-14"})) add->DueAt('o', term.due_ms(), kept);
    if (term.policy_id() == "DM-05" && term.written()) add->DueAt('w', term.due_ms(), kept);
  }
  for (const auto& clause : course.clause()) {
    if (clause.due_ms() != 0) add->Promised('p', clause.due_ms(), clause.done_ms());
  }
}

void AddMatter(const v1::Matter& matter, int level, Adding* add) {
  const Story story = StoryOf(matter, level);
  for (const Spell& spell : story.closed) AddClosed(spell, story.origin, add);
  for (const Spell& spell : story.late) {
    const Day from = spell.by_due ? DueDay(spell.from_ms) : LocalDay(spell.from_ms);
    add->Between('l', from, spell.to_ms == 0 ? 0 : LocalDay(spell.to_ms),
                 {Digit(story.origin), Digit(spell.level), Bit(spell.suspended)}, spell.by_due ? spell.from_ms : 0);
  }
  const bool mere_question = CategoryOf(matter) == kMereQuestion;
  int64_t target_ms = 0;
  for (const auto& course : matter.course()) {
    if (course.derived()) continue;
    const bool out = !course.leg().empty() && course.leg().rbegin()->stand() == v1::STAND_OUT;
    AddDeeds(course, out, mere_question, add);
    AddBacklog(course, add);
    AddTerms(course, add);
    target_ms = std::max(target_ms, course.leader_target_ms());
  }
  if (target_ms == 0) return;
  add->DueAt('y', target_ms, "");
  const bool resolved = !story.closed.empty() && story.closed.back().to_ms == 0 && story.closed.back().resolved;
  if (resolved) add->On('z', LocalDay(story.closed.back().from_ms), "");
}

void AddAnswer(const common::v1::Clock& clock, Adding* add) {
  if (clock.due_at_ms() == 0 || clock.outcome() == common::v1::CLOCK_CANCELLED) return;
  add->DueAt('s', clock.due_at_ms(), std::string(1, Bit(clock.outcome() == common::v1::CLOCK_MET)));
}

// An answer that is sent back stays what it was on its day: the next one is due on another.
void AddOrder(const v1::OrderState& order, Adding* add) {
  if (!order.counted()) return;
  for (const auto& clock : order.former_clock()) AddAnswer(clock, add);
  AddAnswer(order.clock(), add);
}

// Grades are no one's business before they are published; a correction takes the place of what it corrects.
void AddBoard(const v1::Board& board, Adding* add) {
  if (board.status() != v1::BOARD_PUBLISHED) return;
  for (const auto& entry : board.entry())
    add->On('x', reference::LastDayOf(board.month()), absl::StrCat(static_cast<int>(entry.grade()), entry.lead_org()));
}

}  // namespace

char TimeUnitMark(common::v1::TimeUnit unit) {
  switch (unit) {
    case common::v1::WD:
      return 'w';
    case common::v1::UH:
      return 'h';
    case common::v1::WH:
      return 'o';
    default:
      return 'd';
  }
}

base::Day DueDay(int64_t at_ms) { return LocalDay(at_ms - 1); }

int FiguresSeenFrom(const v1::State& state) {
  if (state.has_order()) return state.order().seen_from();
  if (!state.has_matter()) return 0;
  int level = SeenFrom(state.matter());
  for (const auto& repeat : state.matter().repeat()) level = std::max(level, repeat.seen_from());
  return level;
}

std::string FigureArea(const v1::State& state) {
  if (state.has_matter()) return state.matter().area_code();
  if (state.has_order()) return state.order().matter_area_code();
  if (state.has_board()) return state.board().area_code();
  return state.has_task() ? state.task().area_code().substr(0, 12) : "";
}

std::vector<Contribution> ContributionsAt(const v1::State& state, int level) {
  std::vector<Contribution> contributions;
  Adding add(&contributions);
  if (state.has_matter()) {
    v1::Matter scratch;
    AddMatter(SeenAt(state.matter(), level, &scratch), level, &add);
  } else if (state.has_order() && level >= state.order().seen_from()) {
    AddOrder(state.order(), &add);
  } else if (state.has_board()) {
    AddBoard(state.board(), &add);
  } else if (state.has_task() && state.task().due_ms() != 0 &&
             (!state.task().withdrawn() || state.task().overdue())) {
    add.Promised('k', state.task().due_ms(), state.task().done_ms());
  }
  return contributions;
}

}  // namespace oversight
