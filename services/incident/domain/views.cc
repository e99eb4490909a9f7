// Views of a state: timers, indexes, counters, the receipt. The kernel compares them before and after and
// writes the difference; a fresh report costs four index entries and three counters.

#include <algorithm>

#include "base/check.h"
#include "services/incident/domain/clocks.h"
#include "services/incident/domain/deciding.h"
#include "services/incident/domain/incident.h"
#include "services/incident/domain/index_keys.h"

namespace incident {
namespace {

using kernel::IndexEntry;
using kernel::Timer;

constexpr std::string_view kClockTimer = "clock/";

bool IsFlagged(const v1::Incident& m, std::string_view policy_id) {
  return std::ranges::find(m.overdue(), policy_id) != m.overdue().end();
}

bool WantsTimer(const v1::Incident& m, const common::v1::Clock& clock) {
  if (!reference::IsRunning(clock) || reference::IsPaused(clock)) return false;
  if (IsDuty(clock.policy_id())) return !IsFlagged(m, clock.policy_id());
  if (clock.policy_id() == "DI-07") return m.standing().status() == v1::CLOSED;
  if (clock.policy_id() == "DI-08") return m.standing().status() == v1::EVALUATED;
  return false;
}

void IncidentTimers(const v1::Incident& m, std::vector<Timer>* timers) {
  for (const common::v1::Clock& clock : m.clock()) {
    if (WantsTimer(m, clock))
      timers->push_back({std::string(kClockTimer) + clock.policy_id(), reference::LateFromMs(clock)});
  }
  const v1::Status status = m.standing().status();
  if (m.ladder_check_at_ms() != 0) timers->push_back({"ladder", m.ladder_check_at_ms()});
  if (status == v1::SUSPENDED) timers->push_back({"suspension_review", m.suspension().review_at_ms()});
  if (status == v1::REFERRED && m.referral().cap_at_ms() != 0)
    timers->push_back({"referral_cap", m.referral().cap_at_ms()});
  if (m.inform_followers())
    timers->push_back(
        {"inform_followers", std::max(m.closed_at_ms(), m.reported_at_ms()) + m.inform_portions()});
  if (m.review_at_ms() != 0) timers->push_back({"long_term_review", m.review_at_ms()});
}

// What goes on with the next portion moves by a millisecond each time: a timer that its own firing leaves in
// place would count as fired in vain and wait.
void CampaignTimers(const v1::Campaign& c, std::vector<Timer>* timers) {
  if (c.ended_at_ms() == 0) {
    timers->push_back({"campaign", c.expanded() ? c.due_at_ms() + 1 : c.started_at_ms() + c.portions()});
  } else if (c.closing()) {
    timers->push_back({"campaign", c.ended_at_ms() + c.portions()});
  } else if (c.emergency() && !c.data_expired()) {
    timers->push_back({"campaign", c.retain_until_ms() + c.portions()});
  }
}

char GroupOf(v1::Status status) {
  if (status == v1::REPORTED) return '0';
  return IsOpen(status) ? '1' : '2';
}

uint32_t OldestProvisional(const v1::Incident& m) {
  uint32_t oldest = UINT32_MAX;
  for (const auto& clock : m.clock()) {
    if (!clock.provisional() || !reference::IsRunning(clock)) continue;
    oldest = std::min(oldest, static_cast<uint32_t>(clock.calendar_revision()));
  }
  return oldest;
}

void IncidentIndexes(const v1::Incident& m, std::vector<IndexEntry>* out) {
  const v1::Status status = m.standing().status();
  const v1::Intake& intake = m.intake();
  out->push_back({"code", m.matter_code()});
  if (!m.reporter().query_code().empty()) out->push_back({"query", m.reporter().query_code()});
  if (!intake.sealed()) {
    const std::string& area = intake.area_code();
    out->push_back({"area", AreaKey(TownshipColumn(area), area, GroupOf(status), m.reported_at_ms())});
    out->push_back({"county", AreaKey(CountyColumn(area), area, GroupOf(status), m.reported_at_ms())});
  }
  if (!m.reporter().user_id().empty()) {
    out->push_back({"reporter", ReporterPrefix(m.reporter().user_id()) + NewestFirst(m.reported_at_ms())});
  }
  if (!intake.campaign_id().empty()) out->push_back({"campaign", intake.campaign_id() + "/i"});
  if (status == v1::MERGED)
    out->push_back({"merged", m.primary_id() + (m.follower_informed() ? "/i" : "/w")});
  if (const uint32_t revision = OldestProvisional(m); revision != UINT32_MAX) {
    std::string key;
    base::AppendU32(&key, revision);
    out->push_back({"provisional", std::move(key)});
  }
  if (!IsOpen(status)) return;
  const int64_t due = NextDueMs(m);
  if (status != v1::REPORTED || intake.sealed()) {
    out->push_back({"holder", HolderPrefix(m.standing().holder_org()) + DueFirst(due)});
  }
  const int level = m.standing().current_level();
  if (level >= common::v1::COUNTY && status != v1::REPORTED && !intake.sealed()) {
    out->push_back({"leader", LeaderPrefix(intake.area_code(), level) + DueFirst(due)});
  }
}

char TaskGroup(const v1::Task& t) {
  if (t.data_expired()) return 'e';
  if (t.done()) return 'd';
  return t.withdrawn() ? 'x' : 'o';
}

char TaskCount(const v1::Task& t) {
  if (t.done()) return t.all_normal() ? 'n' : 'f';
  return t.withdrawn() ? 'x' : 'o';
}

}  // namespace

std::vector<Timer> IncidentDomain::Timers(const State& state) {
  std::vector<Timer> timers;
  if (state.has_incident()) IncidentTimers(state.incident(), &timers);
  if (state.has_campaign()) CampaignTimers(state.campaign(), &timers);
  if (state.has_reference() && state.reference().recompute())
    timers.push_back({"recompute", 1 + state.reference().portions()});
  return timers;
}

std::vector<IndexEntry> IncidentDomain::Indexes(std::string_view, const State& state) {
  std::vector<IndexEntry> out;
  if (state.has_incident()) IncidentIndexes(state.incident(), &out);
  if (state.has_task()) {
    const v1::Task& t = state.task();
    out.push_back({"campaign", t.campaign_id() + "/" + TaskGroup(t) + t.grid_code()});
    if (!t.done() && !t.withdrawn()) out.push_back({"task", t.grid_code() + DueFirst(t.due_at_ms())});
  }
  if (state.has_campaign()) {
    const v1::Campaign& c = state.campaign();
    out.push_back({"campaign", "@" + c.area_code() + '\0' + NewestFirst(c.started_at_ms())});
    for (std::string area = c.has_cost() ? c.area_code() : ""; !area.empty(); area = base::ParentOf(area)) {
      out.push_back({"campaign", AskedPrefix(area) + NewestFirst(c.started_at_ms())});
    }
    if (c.ended_at_ms() == 0) {
      out.push_back({"running", RunningPrefix('@', c.category(), c.area_code()) + NewestFirst(c.started_at_ms())});
      for (std::string area = c.area_code(); !area.empty(); area = base::ParentOf(area)) {
        out.push_back({"running", RunningPrefix('#', c.category(), area) + NewestFirst(c.started_at_ms())});
      }
    }
  }
  return out;
}

std::vector<kernel::TallyEntry> IncidentDomain::Tallies(const State& state) {
  std::vector<kernel::TallyEntry> out;
  if (state.has_incident()) {
    const v1::Incident& m = state.incident();
    const std::string status = v1::Status_Name(m.standing().status());
    for (const int level : {common::v1::CITY, common::v1::COUNTY, common::v1::TOWNSHIP}) {
      const std::string area = base::CutTo(m.intake().area_code(), level);
      if (!area.empty()) out.push_back({TallyKey(area, status)});
    }
  }
  if (state.has_task())
    out.push_back({CampaignTallyKey(state.task().campaign_id(), TaskCount(state.task()))});
  return out;
}

v1::Command IncidentDomain::Fire(std::string_view timer, int64_t due_ms) {
  Command command;
  if (timer.starts_with(kClockTimer)) {
    command.mutable_check_clock()->set_policy_id(std::string(timer.substr(kClockTimer.size())));
    command.mutable_check_clock()->set_due_at_ms(due_ms - 1);
    return command;
  }
  if (timer == "ladder") command.mutable_check_ladder();
  if (timer == "suspension_review") command.mutable_review_suspension();
  if (timer == "referral_cap") command.mutable_cap_referral();
  if (timer == "inform_followers") command.mutable_inform_followers();
  if (timer == "long_term_review") command.mutable_review_long_term();
  if (timer == "campaign") command.mutable_continue_campaign();
  if (timer == "recompute") command.mutable_recompute_provisional();
  CHECK(command.body_case() != Command::BODY_NOT_SET) << "no command for timer " << timer;
  return command;
}

void IncidentDomain::Observe(std::string_view, const State& state, Knowledge* known) {
  if (!state.has_reference() || state.reference().notice().body_case() == directory::v1::Notice::BODY_NOT_SET)
    return;
  // What does not validate is not taken, and what was known stays; the directory has checked it before
  // publishing.
  known->Learn(state.reference().notice()).IgnoreError();
}

void IncidentDomain::Answer(const State& after, kernel::v1::Receipt* receipt) {
  if (!after.has_incident()) return;
  receipt->set_matter_code(after.incident().matter_code());
  receipt->set_status(v1::Status_Name(after.incident().standing().status()));
  // The key of who brought the matter: told once, in the answer to the report, never to whoever works on it.
  if (receipt->recorded_at_ms() == after.incident().reported_at_ms()) {
    receipt->set_query_code(after.incident().reporter().query_code());
  }
}

}  // namespace incident
