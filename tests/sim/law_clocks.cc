// Law 3. Every clock that came due fired once or was withdrawn by an event; every open matter has somebody
// who answers for it. The story of each clock is told again from the log, event by event: when it ran, when
// it was late, how often that was said. What waits for a moment in a state must not have waited past it.

#include <absl/strings/str_cat.h>

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "services/reference/deadline.h"
#include "tests/sim/laws.h"

namespace sim {
namespace {

using common::v1::Clock;
using kernel::v1::LogRecord;

constexpr int64_t kHourMs = 3'600'000;
// A service may have been down, and what fired in vain is tried again after an hour.
constexpr int64_t kGraceMs = 3 * kHourMs;
constexpr int64_t kSurelyMs = 24 * kHourMs;

// Duties of an authority: late is a fact. DI-04, DI-07, DI-08, DM-05, DP-04, DP-07 and DP-09 are rights, which simply
// end.
const std::set<std::string, std::less<>> kDuties = {
    "DI-01", "DI-02", "DI-03", "DI-05", "DI-06", "DA-01", "DA-02", "DA-03", "DA-04", "DA-05", "DM-01",
    "DM-02", "DM-03", "DM-04", "DM-06", "DM-07", "DM-08", "DP-01", "DP-02", "DP-03", "DP-05", "DP-08",
    "DP-10", "DP-11", "DP-12", "DP-13", "DP-14", "DP-15", "DP-16", "DP-17", "DP-18"};

struct Story {
  Clock clock;
  bool forgotten = false;  // a new cycle began
  int64_t late_ms = -1;    // how long it ran on after its due moment, at most; -1: never
  int said = 0;            // how often the service said that it is late
};

class Stories {
 public:
  // What time did to the clocks of this aggregate until `now_ms`.
  void Pass(const std::string& id, int64_t now_ms) {
    for (auto& [key, story] : of_[id]) {
      if (story.forgotten || !reference::IsRunning(story.clock) || reference::IsPaused(story.clock)) continue;
      if (now_ms > story.clock.due_at_ms())
        story.late_ms = std::max(story.late_ms, now_ms - story.clock.due_at_ms());
    }
  }
  void Change(const std::string& id, const Clock& clock) {
    // A period that begins anew takes the place of the one before.
    for (auto& [key, other] : of_[id]) {
      if (key.first == clock.policy_id() && key.second != clock.started_at_ms()) other.forgotten = true;
    }
    Story& story = of_[id][{clock.policy_id(), clock.started_at_ms()}];
    // What was moved to a later moment may come due there anew.
    if (story.said > 0 && reference::IsRunning(clock) && clock.due_at_ms() > story.clock.due_at_ms()) story = Story();
    story.clock = clock;
  }
  void Forget(const std::string& id) {
    for (auto& [key, story] : of_[id]) story.forgotten = true;
  }
  // False: no clock of that policy runs.
  bool Say(const std::string& id, std::string_view policy_id) {
    for (auto& [key, story] : of_[id]) {
      if (key.first != policy_id || story.forgotten || !reference::IsRunning(story.clock)) continue;
      ++story.said;
      return true;
    }
    return false;
  }
  void Judge(std::string_view service, int64_t now_ms, Broken* broken) {
    for (auto& [id, clocks] : of_) {
      Pass(id, now_ms);
      for (const auto& [key, story] : clocks) Judge(service, id, key.first, story, now_ms, broken);
    }
  }

 private:
  static void Judge(std::string_view service, const std::string& id, const std::string& policy,
                    const Story& story, int64_t now_ms, Broken* broken) {
    const std::string name = absl::StrCat("clock ", policy, " of ", id, " in ", std::string(service));
    const bool runs =
        !story.forgotten && reference::IsRunning(story.clock) && !reference::IsPaused(story.clock);
    const bool surely = story.late_ms > kSurelyMs || (runs && now_ms - story.clock.due_at_ms() > kGraceMs);
    if (!kDuties.contains(policy)) {
      // DI-04 ends silently; the others end by an event, which stops them.
      if (policy != "DI-04" && policy != "DI-08" && runs && now_ms - story.clock.due_at_ms() > kGraceMs) {
        broken->push_back(absl::StrCat("law 3: ", name, " is over and still runs"));
      }
      return;
    }
    if (story.said > 1) broken->push_back(absl::StrCat("law 3: ", name, " fired ", story.said, " times"));
    if (story.said == 1 && story.late_ms < 0)
      broken->push_back(absl::StrCat("law 3: ", name, " fired too early"));
    if (story.said == 0 && surely)
      broken->push_back(absl::StrCat("law 3: ", name, " came due and never fired"));
  }

  std::map<std::string, std::map<std::pair<std::string, int64_t>, Story>> of_;
};

class ClockCheck {
 public:
  ClockCheck(const Books& books, Broken* broken) : books_(books), broken_(*broken) {
    for (const LogRecord& record : books.directory) {
      directory::v1::Notice notice;
      CHECK(notice.ParseFromString(record.notice().payload()));
      if (notice.has_org_changed() && !notice.org_changed().closed()) orgs_.insert(notice.org_changed().id());
    }
  }

  void Run() {
    TellIncidents();
    Tell<mediation::v1::Event>("mediation", books_.mediation.log);
    Tell<petition::v1::Event>("petition", books_.petition.log);
    for (const auto& [id, state] : books_.incident.states) {
      if (state.has_incident()) CheckIncident(state.incident());
      if (state.has_campaign()) CheckCampaign(id, state.campaign());
    }
    for (const auto& [id, state] : books_.mediation.states) CheckCase(id, state);
    for (const auto& [id, state] : books_.petition.states) CheckPetition(id, state);
    for (const auto& [id, state] : books_.oversight.states) CheckLights(id, state);
  }

 private:
  void Break(std::string text) { broken_.push_back(absl::StrCat("law 3: ", std::move(text))); }
  bool Waited(int64_t moment_ms) const { return moment_ms > 0 && books_.now_ms - moment_ms > kGraceMs; }
  void Responsible(std::string_view code, std::string_view as, const std::string& org) {
    if (org.empty()) return Break(absl::StrCat("nobody is the ", std::string(as), " of ", std::string(code)));
    if (!orgs_.contains(org))
      Break(absl::StrCat(org, ", the ", std::string(as), " of ", std::string(code), ", is no unit"));
  }

  void TellIncidents() {
    Stories stories;
    for (const LogRecord& record : books_.incident.log) {
      const auto event = EventOf<incident::v1::Event>(record);
      stories.Pass(record.aggregate_id(), record.recorded_at_ms());
      if (event.has_clock_overdue() &&
          !stories.Say(record.aggregate_id(), event.clock_overdue().policy_id())) {
        Break(absl::StrCat("a clock that does not run is late: ", event.clock_overdue().policy_id(), " of ",
                           record.aggregate_id()));
      }
      if (event.has_reopened()) stories.Forget(record.aggregate_id());
      for (const Clock& clock : event.clock()) stories.Change(record.aggregate_id(), clock);
    }
    stories.Judge("incident", books_.now_ms, &broken_);
  }

  template <class Event>
  void Tell(std::string_view service, const std::vector<LogRecord>& log) {
    Stories stories;
    for (const LogRecord& record : log) {
      const auto event = EventOf<Event>(record);
      stories.Pass(record.aggregate_id(), record.recorded_at_ms());
      if (event.has_clock_expired() &&
          !stories.Say(record.aggregate_id(), event.clock_expired().policy_id())) {
        Break(absl::StrCat("a clock that does not run is late: ", event.clock_expired().policy_id(), " of ",
                           record.aggregate_id()));
      }
      if constexpr (std::is_same_v<Event, petition::v1::Event>) {  // what ends with its period ends when that is over
        if (event.terminated().ground() == petition::v1::SUCCESSOR_SILENT) {
          for (const char* period : {"DP-05", "DP-08", "DP-10"}) stories.Say(record.aggregate_id(), period);
        }
      }
      for (const Clock& clock : event.clock()) stories.Change(record.aggregate_id(), clock);
    }
    stories.Judge(service, books_.now_ms, &broken_);
  }

  void CheckIncident(const City::Incident& m) {
    using namespace incident::v1;  // NOLINT: names of statuses
    const auto status = m.standing().status();
    const std::string& code = m.matter_code();
    const bool open =
        status == REPORTED || (status >= ACCEPTED && status <= PENDING_VERIFY) || status == REFERRED;
    if (open) Responsible(code, "holder", m.standing().holder_org());
    if (open && status != REPORTED) {
      Responsible(code, "lead", m.standing().lead_org());
      Responsible(code, "territorial unit", m.standing().territorial_org());
    }
    for (const Clock& clock : m.clock()) {
      const bool runs = reference::IsRunning(clock) && !reference::IsPaused(clock);
      if (clock.policy_id() == "DI-07" && status == CLOSED && runs && Waited(clock.due_at_ms()))
        Break(absl::StrCat("nobody closed the evaluation of ", code));
      if (clock.policy_id() == "DI-08" && status == EVALUATED && !m.sample_open() && runs && Waited(clock.due_at_ms()))
        Break(absl::StrCat("nobody archived ", code));
    }
    if (status == SUSPENDED && Waited(m.suspension().review_at_ms()))
      Break(absl::StrCat("no review of ", code));
    if (status == REFERRED && Waited(m.referral().cap_at_ms()) &&
        std::ranges::any_of(m.clock(), [](const Clock& c) { return reference::IsPaused(c); })) {
      Break(absl::StrCat(code, " waits for the other service beyond its cap"));
    }
    if (Waited(m.ladder_check_at_ms())) Break(absl::StrCat("the ladder of ", code, " was not looked at"));
    if (Waited(m.review_at_ms())) Break(absl::StrCat(code, " was closed for long and not looked at again"));
    if (m.inform_followers() && Waited(m.closed_at_ms()))
      Break(absl::StrCat("the followers of ", code, " wait"));
  }

  void CheckCampaign(const std::string& id, const incident::v1::Campaign& c) {
    if (c.ended_at_ms() == 0 && Waited(c.due_at_ms())) Break(absl::StrCat(id, " is over and goes on"));
    if (c.closing() && Waited(c.ended_at_ms())) Break(absl::StrCat(id, " has ended, its tasks have not"));
    if (c.ended_at_ms() == 0 && !c.expanded() && Waited(c.started_at_ms()))
      Break(absl::StrCat(id, " opens no tasks"));
    if (c.emergency() && !c.data_expired() && Waited(c.retain_until_ms()))
      Break(absl::StrCat("what ", id, " collected was not destroyed"));
  }

  void CheckCase(const std::string& id, const City::Case& state) {
    using namespace mediation::v1;  // NOLINT: names of statuses
    if (state.status() == CASE_STATUS_UNSPECIFIED) return;
    if (state.status() <= AGREED) Responsible(state.matter_code(), "committee", state.committee_org());
    for (const Clock& clock : state.clock()) {
      if (clock.policy_id() != "DM-04" || !reference::IsRunning(clock) || reference::IsPaused(clock)) continue;
      if (state.period_warned_at_ms() == 0 && Waited(state.period_warning_due_ms()))
        Break(absl::StrCat("nobody was warned of the end of ", id));
      if (state.period_warned_at_ms() != 0 && Waited(state.period_end_ms()))
        Break(absl::StrCat("the period of ", id, " is over and it goes on"));
    }
  }

  void CheckPetition(const std::string& id, const City::Petition& state) {
    using namespace petition::v1;  // NOLINT: names of statuses
    const auto status = state.status();
    if (status == PETITION_STATUS_UNSPECIFIED) return;
    Responsible(state.matter_code(), "first receiver", state.first_receiver_org());
    const bool open = status < FINAL || status == SUGGESTION_HANDLING;
    const bool at_unit = status != REGISTERED && status != OBJECTED && open;
    if (open) Responsible(state.matter_code(), "office", state.office_org());
    if (at_unit) Responsible(state.matter_code(), "unit", state.unit_org());
    if (status == REVIEWING || status == RECHECKING)
      Responsible(state.matter_code(), "reviewing body", state.stage().rbegin()->body_org());
    if (status == FORWARDED && Waited(state.receipt_due_ms()))
      Break(absl::StrCat(id, " was forwarded and nobody has received it"));
    const auto& leader = state.leader();
    if (!leader.accepted() || !(open || state.backlog().state() == LISTED)) return;
    // Plan and talks have clocks; the target day has none.
    if (Waited(leader.target_due_ms())) Break(absl::StrCat("the leader of ", id, " missed a duty and nobody said so"));
  }

  // What is late is shown upward: a case or a petition of a village at once, one of a township within three working
  // days, which no row of holidays makes longer than sixteen.
  void CheckLadder(const std::string& id, const oversight::v1::Part& part, const oversight::v1::RunningLight& light) {
    if (light.light() != common::v1::RED) return;
    if (light.check_at_ms() != 0 && Waited(light.check_at_ms()))
      Break(absl::StrCat("nobody looked at what is late in ", id));
    if (part.has_incident()) return;
    const int level = std::max(part.has_petition() ? part.petition().level() : part.level(), light.climbed_to());
    if (level < 3 && Waited(light.due_at_ms())) Break(absl::StrCat(id, " is late and its township was not told"));
    constexpr int64_t kSixteenDaysMs = 16 * 86'400'000LL;
    if (level < 4 && Waited(light.due_at_ms() + kSixteenDaysMs))
      Break(absl::StrCat(id, " is late and its county was not told"));
  }

  void CheckLights(const std::string& id, const oversight::v1::State& state) {
    const auto turned = [&](common::v1::Light light, int64_t yellow_ms, int64_t due_ms) {
      if (light != common::v1::RED && Waited(due_ms))
        Break(absl::StrCat("a light of ", id, " did not turn red"));
      if (light == common::v1::GREEN && Waited(yellow_ms))
        Break(absl::StrCat("a light of ", id, " did not turn yellow"));
      if (light == common::v1::RED && books_.now_ms <= due_ms)
        Break(absl::StrCat("a light of ", id, " is red too early"));
    };
    for (const auto& part : state.matter().part()) {
      for (const auto& light : part.light()) {
        if (light.paused()) continue;
        turned(light.light(), light.yellow_at_ms(), light.due_at_ms());
        CheckLadder(id, part, light);
      }
    }
    const auto& order = state.order();
    const bool answers = order.status() == oversight::v1::ORDER_ISSUED ||
                         order.status() == oversight::v1::ORDER_ACKNOWLEDGED ||
                         order.status() == oversight::v1::ORDER_SENT_BACK;
    if (answers) turned(order.light(), order.yellow_at_ms(), order.clock().due_at_ms());
    const auto& suggestion = state.suggestion();
    if (suggestion.status() == oversight::v1::SUGGESTION_SENT)
      turned(suggestion.light(), suggestion.yellow_at_ms(), suggestion.clock().due_at_ms());
    for (const auto& unit : state.inspection().unit()) {
      if (reference::IsRunning(unit.clock())) turned(unit.light(), unit.yellow_at_ms(), unit.clock().due_at_ms());
    }
    const auto& instruction = state.instruction();
    if (state.has_instruction() && reference::IsRunning(instruction.clock()))
      turned(instruction.light(), instruction.yellow_at_ms(), instruction.clock().due_at_ms());
  }

  const Books& books_;
  Broken& broken_;
  std::set<std::string> orgs_;
};

}  // namespace

void CheckClocks(const Books& books, Broken* broken) { ClockCheck(books, broken).Run(); }

}  // namespace sim
