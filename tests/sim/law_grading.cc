// Law 4 for four-colour grading, from the text of 3.6.5 and from what the log says was planned, told and verified:
// every grade a second time, with calendar arithmetic of its own; frozen on the 8th, published on the 10th, never
// changed without two people, after publication never without a version; what was due to be graded was; 蜗牛 twice
// running has its draft; and K-24 counts what is published. No policy row and no code of the grading is read.

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "services/oversight/figures.h"
#include "tests/sim/laws.h"
#include "tests/sim/recount.h"
#include "tests/sim/statute.h"

namespace sim {
namespace {

using absl::StrCat;
using kernel::v1::LogRecord;
using oversight::v1::Event;
using Colour = oversight::v1::Grade;

constexpr int64_t kHourMs = 3'600'000;
constexpr int64_t kGraceMs = 3 * kHourMs;  // a service may have been down

int32_t MonthOfDate(const std::string& date) {
  return std::stoi(date.substr(0, 4)) * 100 + std::stoi(date.substr(5, 2));
}
int32_t MonthAfter(int32_t month) { return month % 100 == 12 ? (month / 100 + 1) * 100 + 1 : month + 1; }
std::string DateOfNumber(int32_t day) {
  const std::string digits = std::to_string(day);
  return digits.substr(0, 4) + "-" + digits.substr(4, 2) + "-" + digits.substr(6);
}

struct Told {
  bool ever = false, sent_back = false, verified = false;
  int progress = 0;
  int32_t completed = 0;
};
struct Stage {
  int32_t start = 0, end = 0;
  std::map<int32_t, int> plan;
  int last = 0;
  bool done = false;
};
struct Task {
  std::string area, unit;
  int64_t confirmed_ms = 0, ended_ms = 0;
  std::vector<Stage> stages;
  std::map<std::pair<int32_t, int>, Told> told;
  std::map<std::pair<int32_t, int>, Colour> colour;
  std::set<int32_t> graded, published;
  std::set<std::string> orders;  // not yet ended
};
using Colours = std::map<std::pair<std::string, int>, Colour>;  // by task and milestone
struct Card {
  std::string area;
  int32_t month = 0;
  bool frozen = false, published = false;
  Colours now;
  std::vector<Colours> versions;
};

class GradingCheck : Recount {
 public:
  GradingCheck(const City& city, const Books& books, Broken* broken) : Recount(broken), city_(city), books_(books) {
    for (const LogRecord& record : books.directory) {
      directory::v1::Notice notice;
      CHECK(notice.ParseFromString(record.notice().payload()));
      if (notice.has_calendar_loaded()) rest_ = RestDays(notice.calendar_loaded());
    }
  }

  void Run() {
    for (const LogRecord& record : books_.oversight.log) Hear(record);
    for (auto& [id, task] : tasks_) Missed(id, task);
    for (const auto& [id, card] : cards_) CompareCard(id, card);
    for (const auto& [id, state] : books_.oversight.states) {
      if (state.has_board() && !cards_.contains(id)) Break(StrCat("scorecard ", id, " was never opened"));
    }
    CompareFigure("371403");
    CompareFigure("3714");
  }

 private:
  // ---- days, counted here

  // The day a month begins.
  static DayNumber FirstOf(int32_t month) {
    DayNumber day = static_cast<DayNumber>(month / 100 - 1970) * 365;  // not later than it
    while (MonthOfDate(DateOfDay(day)) != month) ++day;
    return day;
  }
  static DayNumber LastOf(int32_t month) { return FirstOf(MonthAfter(month)) - 1; }
  int64_t ReportsUntil(int32_t month) const {
    DayNumber day = LastOf(month);
    while (rest_.Rests(day)) --day;
    return MidnightAfter(day);
  }
  // The 24:00 of the n-th day of the month after.
  static int64_t Until(int32_t month, int n) { return MidnightAfter(LastOf(month) + n); }

  // ---- the text of 3.6.5

  static Colour ColourOf(const Stage& stage, int32_t month, const Told& told) {
    const std::string p = DateOfNumber(stage.end), e = DateOfDay(LastOf(month));
    if (told.ever && !told.sent_back && told.verified && told.completed != 0) {
      const std::string a = DateOfNumber(told.completed);
      return a < p ? oversight::v1::HORSE : a == p ? oversight::v1::OX : oversight::v1::OSTRICH;
    }
    if (!told.ever || told.sent_back) return oversight::v1::SNAIL;
    int planned = 0;
    for (const auto& [of, percent] : stage.plan) planned = of <= month ? percent : planned;
    if (told.progress >= planned && e < p) return oversight::v1::OX;
    if (told.progress - stage.last <= 0) return oversight::v1::SNAIL;
    return oversight::v1::OSTRICH;
  }

  // From which month on its months are graded: the one it was confirmed in, while somebody could report for it.
  int32_t FirstMonth(const Task& task) const {
    int32_t month = MonthOfDate(DateOfDay(DayNumberOf(task.confirmed_ms)));
    if (task.confirmed_ms > ReportsUntil(month)) month = MonthAfter(month);
    return month;
  }
  std::set<int> DueIn(const Task& task, int32_t month) const {
    std::set<int> due;
    for (size_t i = 0; i < task.stages.size(); ++i) {
      const bool started = DateOfNumber(task.stages[i].start) <= DateOfDay(LastOf(month));
      if (started && !task.stages[i].done && month >= FirstMonth(task)) due.insert(static_cast<int>(i) + 1);
    }
    return due;
  }

  // ---- what the log says

  void Hear(const LogRecord& record) {
    const auto event = EventOf<Event>(record);
    const std::string& id = record.aggregate_id();
    const int64_t at = record.recorded_at_ms();
    switch (event.body_case()) {
      case Event::kTaskCreated:
        return Plan(event.task_created().task(), &tasks_[id]);
      case Event::kTaskConfirmed:
        tasks_[id].confirmed_ms = at;
        return;
      case Event::kTaskCancelled:
        tasks_[id].ended_ms = at;
        return;
      case Event::kMonthReported:
        return Report(id, event.month_reported(), at);
      case Event::kReportVerified:
        return Judge(id, event.report_verified().month(), event.report_verified().milestone(), true, at);
      case Event::kReportSentBack:
        return Judge(id, event.report_sent_back().month(), event.report_sent_back().milestone(), false, at);
      case Event::kMonthGraded:
        return Graded(id, event.month_graded(), at);
      case Event::kMonthRegraded:
        tasks_[id].colour[{event.month_regraded().month(), event.month_regraded().milestone()}] =
            event.month_regraded().grade();
        return;
      case Event::kMonthPublished:
        return Published(id, event.month_published().month());
      case Event::kOrderDrafted:
        if (!event.order_drafted().order().task_id().empty()) Drafted(id, event.order_drafted().order());
        return;
      case Event::kOrderEnded:
        for (auto& [task_id, task] : tasks_) task.orders.erase(id);
        return;
      default:
        return HearCard(id, event, at);
    }
  }

  static void Plan(const oversight::v1::PlannedTask& planned, Task* task) {
    task->area = planned.area_code();
    task->unit = planned.lead_org();
    for (const auto& milestone : planned.milestone()) {
      Stage& stage = task->stages.emplace_back();
      stage.start = milestone.planned_start();
      stage.end = milestone.planned_end();
      for (const auto& point : milestone.plan()) stage.plan[point.month()] = point.percent();
    }
  }

  void Report(const std::string& id, const oversight::v1::MonthReported& e, int64_t at) {
    Told& told = tasks_[id].told[{e.month(), e.entry().milestone()}];
    if (at > (told.sent_back ? Until(e.month(), 7) : ReportsUntil(e.month())))
      Break(StrCat("a report of ", id, " for ", e.month(), " was taken too late"));
    if (told.verified) Break(StrCat("a verified report of ", id, " for ", e.month(), " was told again"));
    told = {true, false, false, e.entry().progress(), e.entry().completed()};
  }

  void Judge(const std::string& id, int32_t month, int milestone, bool verified, int64_t at) {
    Told& told = tasks_[id].told[{month, milestone}];
    if (at > Until(month, 7)) Break(StrCat("a report of ", id, " for ", month, " was judged after the freeze"));
    told.verified = verified;
    told.sent_back = !verified;
  }

  void Graded(const std::string& id, const oversight::v1::MonthGraded& e, int64_t at) {
    Task& task = tasks_[id];
    if (at <= Until(e.month(), 7) || at > Until(e.month(), 7) + kGraceMs)
      Break(StrCat(id, " was graded for ", e.month(), " on ", DateOfDay(DayNumberOf(at))));
    if (!task.graded.insert(e.month()).second) Break(StrCat(id, " was graded twice for ", e.month()));
    std::set<int> graded;
    for (const auto& entry : e.entry()) {
      graded.insert(entry.milestone());
      Stage& stage = task.stages.at(static_cast<size_t>(entry.milestone() - 1));
      const Told& told = task.told[{e.month(), entry.milestone()}];
      const Colour expected = ColourOf(stage, e.month(), told);
      if (entry.grade() != expected) {
        Break(StrCat(id, " milestone ", entry.milestone(), " is ", oversight::v1::Grade_Name(entry.grade()), " for ",
                     e.month(), ", by the text ", oversight::v1::Grade_Name(expected)));
      }
      task.colour[{e.month(), entry.milestone()}] = entry.grade();
    }
    if (graded != DueIn(task, e.month()))
      Break(StrCat(id, " was graded for ", e.month(), " by other milestones than were due"));
    for (const int number : graded) {
      const Told& told = task.told[{e.month(), number}];
      Stage& stage = task.stages[static_cast<size_t>(number - 1)];
      if (told.ever && !told.sent_back) stage.last = told.progress;
      stage.done = told.ever && !told.sent_back && told.verified && told.completed != 0;
    }
    const bool all = std::ranges::all_of(task.stages, [](const Stage& stage) { return stage.done; });
    if (all != e.done()) Break(StrCat(id, " is done and not said so, or the other way round"));
    if (all) task.ended_ms = at;
  }

  static bool TwiceSnail(const Task& task, int32_t month) {
    for (size_t i = 1; i <= task.stages.size(); ++i) {
      int32_t before = 0;
      for (const int32_t graded : task.graded) {
        if (MonthAfter(graded) == month) before = graded;
      }
      const auto is_snail = [&](int32_t of) {
        const auto found = task.colour.find({of, static_cast<int>(i)});
        return found != task.colour.end() && found->second == oversight::v1::SNAIL;
      };
      if (before != 0 && is_snail(month) && is_snail(before)) return true;
    }
    return false;
  }

  void Published(const std::string& id, int32_t month) {
    Task& task = tasks_[id];
    task.published.insert(month);
    if (TwiceSnail(task, month) && task.orders.empty() && task.ended_ms == 0) waiting_.insert(id);
  }

  // 蜗牛 twice running drafts the first; people draft on other grounds, and graver ones follow what is not answered.
  void Drafted(const std::string& order, const oversight::v1::OrderState& drafted) {
    const std::string& id = drafted.task_id();
    Task& task = tasks_[id];
    if (task.ended_ms != 0) Break(StrCat("an order was drafted of ", id, ", which is over"));
    if (drafted.to_org() != task.unit) Break(StrCat("an order about ", id, " goes to another unit than its own"));
    if (drafted.ground() != oversight::v1::SNAIL_TWICE) {
      task.orders.insert(order);
      waiting_.erase(id);
      return;
    }
    const bool ground = std::ranges::any_of(task.published, [&](int32_t month) { return TwiceSnail(task, month); });
    if (!ground) Break(StrCat("an order was drafted of ", id, ", which was not 蜗牛 twice running"));
    if (!task.orders.empty()) Break(StrCat("an order was drafted of ", id, ", which has one"));
    task.orders.insert(order);
    waiting_.erase(id);
  }

  void HearCard(const std::string& id, const Event& event, int64_t at) {
    if (event.has_board_opened()) {
      Card& card = cards_[id];
      card.area = event.board_opened().board().area_code();
      card.month = event.board_opened().board().month();
      return;
    }
    const auto found = cards_.find(id);
    if (found == cards_.end()) return;
    Card& card = found->second;
    if (event.has_board_graded()) {
      for (const auto& entry : event.board_graded().entry()) {
        const bool fresh = card.now.emplace(std::pair{entry.task_id(), entry.milestone()}, entry.grade()).second;
        if (!fresh) Break(StrCat("scorecard ", id, " has a milestone twice"));
      }
      card.frozen = event.board_graded().frozen();
    } else if (event.has_grade_overridden()) {
      if (!card.frozen || card.published)
        Break(StrCat("a grade of ", id, " was overridden outside freeze and publication"));
      Change(id, event.grade_overridden().asked(), event.grade_overridden().signed_user_id(), &card);
    } else if (event.has_board_published()) {
      if (DateOfDay(DayNumberOf(at)) != DateOfDay(LastOf(card.month) + 10))
        Break(StrCat("scorecard ", id, " was published on ", DateOfDay(DayNumberOf(at))));
      card.published = true;
      card.versions.push_back(card.now);
    } else if (event.has_board_corrected()) {
      Change(id, event.board_corrected().asked(), event.board_corrected().signed_user_id(), &card);
      card.versions.push_back(card.now);
      if (event.board_corrected().version() != static_cast<int>(card.versions.size()))
        Break(StrCat("a correction of ", id, " is no new version"));
    }
  }

  void Change(const std::string& id, const oversight::v1::GradeAsked& asked, const std::string& signer, Card* card) {
    if (asked.user_id() == signer || signer.empty() || asked.reason().empty())
      Break(StrCat("a grade of ", id, " was changed without two people and a reason"));
    card->now[{asked.task_id(), asked.milestone()}] = asked.grade();
  }

  // ---- what should have been, and is

  void Missed(const std::string& id, const Task& task) {
    if (task.confirmed_ms == 0 || task.ended_ms != 0) return;
    for (int32_t month = FirstMonth(task); Until(month, 7) + kGraceMs < books_.now_ms; month = MonthAfter(month)) {
      if (!DueIn(task, month).empty() && !task.graded.contains(month))
        Break(StrCat(id, " was never graded for ", month));
    }
    if (waiting_.contains(id)) Break(StrCat(id, " was 蜗牛 twice running, and no order was drafted"));
  }

  static Colours ColoursOf(const google::protobuf::RepeatedPtrField<oversight::v1::BoardEntry>& entries) {
    Colours colours;
    for (const auto& entry : entries) colours[{entry.task_id(), entry.milestone()}] = entry.grade();
    return colours;
  }

  void CompareCard(const std::string& id, const Card& card) {
    const auto state = books_.oversight.states.find(id);
    if (state == books_.oversight.states.end()) return Break(StrCat("there is no scorecard ", id));
    const auto& board = state->second.board();
    if (!card.frozen && Until(card.month, 7) + kGraceMs < books_.now_ms)
      Break(StrCat("scorecard ", id, " was never frozen"));
    if (!card.published && Until(card.month, 10) < books_.now_ms)
      Break(StrCat("scorecard ", id, " was never published"));
    if (ColoursOf(board.entry()) != card.now) Break(StrCat("scorecard ", id, " shows other grades than were given"));
    if (!card.published) return;
    const bool all = board.former_size() + 1 == static_cast<int>(card.versions.size()) &&
                     board.newest().version() == static_cast<int>(card.versions.size());
    if (!all) return Break(StrCat("scorecard ", id, " has lost a version"));
    for (int i = 0; i < board.former_size(); ++i) {
      if (ColoursOf(board.former(i).entry()) != card.versions[static_cast<size_t>(i)])
        Break(StrCat("version ", i + 1, " of scorecard ", id, " was changed after it was published"));
    }
    for (const auto& [of, colour] : card.now) {
      const Task& task = tasks_[of.first];
      const auto known = task.colour.find({card.month, of.second});
      if (known == task.colour.end() || known->second != colour)
        Break(StrCat(of.first, " knows another grade for ", card.month, " than its scorecard"));
    }
  }

  // K-24 of all months of the run.
  void CompareFigure(const std::string& area) {
    if (!city_.oversight().up() || cards_.empty()) return;
    std::map<std::pair<std::string, Colour>, int64_t> expected, shown;
    base::Day first = base::LocalDay(books_.now_ms), last = first;
    for (const auto& [id, card] : cards_) {
      first = std::min(first, static_cast<base::Day>(FirstOf(card.month)));
      last = std::max(last, static_cast<base::Day>(LastOf(card.month)));
      if (!card.published || !card.area.starts_with(area)) continue;
      for (const auto& [of, colour] : card.now) ++expected[{tasks_[of.first].unit, colour}];
    }
    const auto reader = city_.oversight().Read();
    const auto places = oversight::FigurePlacesOf(reader, area);
    CHECK(places.ok()) << places.status();
    oversight::Counting counting(reader, area, *places, {first, last + 1});
    const auto figure = counting.FigureOf(*oversight::FindMetric("K-24"), last + 365);
    CHECK(figure.ok()) << figure.status();
    for (const auto& row : figure->graded()) shown[{row.org_id(), row.grade()}] = row.count();
    if (shown != expected) Break(StrCat("K-24 of ", area, " does not count what is published"));
  }

  const City& city_;
  const Books& books_;
  RestDays rest_;
  std::map<std::string, Task> tasks_;
  std::map<std::string, Card> cards_;
  std::set<std::string> waiting_;  // tasks whose order is not yet drafted
};

}  // namespace

void CheckGrading(const City& city, const Books& books, Broken* broken) { GradingCheck(city, books, broken).Run(); }

}  // namespace sim
