#pragma once
// How a law compares what it expects of one aggregate's clocks with what the service stored, event by event.

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <initializer_list>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "services/reference/deadline.h"
#include "tests/sim/laws.h"
#include "tests/sim/statute.h"

namespace sim {

// A period that runs, by the article that gives it.
struct Claim {
  Period period;
  std::string_view law;        // "信访工作条例"
  std::string_view article;    // "第三十四条"; empty: no statute names the length, the platform does
  bool right = false;          // of somebody: not using it is nobody's failure
  bool named = false;          // its day stands in a letter or comes from another procedure: not computed
  int64_t stands_from_ms = 0;  // it stands still since then; 0: it runs
};

// How a period ends: the duty was done; it fell away; or everything ended, and what was late by then was missed.
enum class End { kDone, kFell, kSwept };

// The periods of one petition or case, as the statutes see them.
class Docket {
 public:
  void At(int64_t now_ms) { now_ms_ = now_ms; }
  int64_t now_ms() const { return now_ms_; }

  void Start(std::string_view policy, Claim claim) {
    ended_.erase(std::string(policy));
    running_[std::string(policy)] = std::move(claim);
  }
  // Stop, Pause, Resume: nothing if it does not run.
  void Stop(std::string_view policy, End end = End::kDone) {
    Resume(policy);
    const auto at = running_.find(std::string(policy));
    if (at == running_.end()) return;
    ended_.insert_or_assign(at->first, std::pair{std::move(at->second), end});
    running_.erase(at);
  }
  void StopAll(std::initializer_list<std::string_view> but = {}) {
    std::vector<std::string> all;
    for (const auto& [policy, claim] : running_) {
      if (std::ranges::find(but, policy) == but.end()) all.push_back(policy);
    }
    for (const std::string& policy : all) Stop(policy, End::kSwept);
  }
  void Pause(std::string_view policy) {
    if (Claim* claim = Find(policy)) claim->stands_from_ms = now_ms_;
  }
  void Resume(std::string_view policy) {
    Claim* claim = Find(policy);
    if (claim == nullptr || claim->stands_from_ms == 0) return;
    claim->period.left_out.push_back({claim->stands_from_ms, now_ms_});
    claim->stands_from_ms = 0;
  }
  // It runs on as if it had not stopped; the time since `stopped_ms` is left out, if any is.
  void Reopen(std::string_view policy, int64_t stopped_ms) {
    const auto at = ended_.find(std::string(policy));
    if (at == ended_.end()) return;
    Claim claim = at->second.first;
    if (stopped_ms != 0) claim.period.left_out.push_back({stopped_ms, now_ms_});
    Start(policy, std::move(claim));
  }
  Claim* Find(std::string_view policy) {
    const auto at = running_.find(std::string(policy));
    return at == running_.end() ? nullptr : &at->second;
  }

  const std::map<std::string, Claim>& running() const { return running_; }
  const std::map<std::string, std::pair<Claim, End>>& ended() const { return ended_; }

 private:
  int64_t now_ms_ = 0;
  std::map<std::string, Claim> running_;
  std::map<std::string, std::pair<Claim, End>> ended_;
};

// Compares the clocks an event changed with the docket after that event.
class ClockJudge {
 public:
  ClockJudge(std::string_view service, Broken* broken) : service_(service), broken_(*broken) {}

  void Learn(const policy::v1::Calendar& announced) { rest_ = RestDays(announced); }
  const RestDays& rest() const { return rest_; }
  uint64_t compared() const { return compared_; }

  template <class Clocks>
  void Changed(const std::string& id, const Clocks& clocks, const Docket& docket) {
    std::map<std::string, common::v1::Clock>& stored = stored_[id];
    for (const auto& clock : clocks) {
      stored[clock.policy_id()] = clock;
      const auto claim = docket.running().find(clock.policy_id());
      if (reference::IsRunning(clock)) {
        if (claim != docket.running().end()) Due(id, clock, claim->second);
        continue;
      }
      const auto ended = docket.ended().find(clock.policy_id());
      if (ended != docket.ended().end()) Outcome(id, clock, ended->second, docket.now_ms());
    }
    Runs(id, docket, stored);
  }

  // At the end of all: what still runs is due when the newest calendar says.
  void Final(const std::string& id, const Docket& docket) {
    for (const auto& [policy, clock] : stored_[id]) {
      const auto claim = docket.running().find(policy);
      if (reference::IsRunning(clock) && claim != docket.running().end()) Due(id, clock, claim->second);
    }
  }

  void Break(const std::string& text) { broken_.push_back(absl::StrCat("law 3: ", text)); }

 private:
  std::string Name(const std::string& id, std::string_view policy) const {
    return absl::StrCat(std::string(policy), " of ", id, " in ", service_);
  }
  static std::string Text(int64_t at_ms) {
    return absl::StrCat(DateOfDay(DayNumberOf(at_ms - 1)), " 24:00 ",
                        at_ms == MidnightAfter(DayNumberOf(at_ms - 1)) ? "" : "(not at the end of the day)");
  }

  void Due(const std::string& id, const common::v1::Clock& clock, const Claim& claim) {
    ++compared_;
    const std::string by = absl::StrCat("by ", std::string(claim.law), std::string(claim.article), " ");
    if (!claim.named) {
      const int64_t due = LastMoment(claim.period, rest_);
      if (clock.due_at_ms() != due)
        Break(absl::StrCat(by, Name(id, clock.policy_id()), " is due ", Text(due), ", stored is ",
                           Text(clock.due_at_ms())));
    }
    if (!claim.article.empty() && (clock.article().find(std::string(claim.law)) == std::string::npos ||
                                   clock.article().find(std::string(claim.article)) == std::string::npos)) {
      Break(absl::StrCat(by, Name(id, clock.policy_id()),
                         " runs, stored is another article: ", clock.article()));
    }
    const bool stands = claim.stands_from_ms != 0;
    if (static_cast<size_t>(clock.pause_size()) != claim.period.left_out.size() + (stands ? 1 : 0) ||
        reference::IsPaused(clock) != stands) {
      Break(absl::StrCat(by, Name(id, clock.policy_id()), " stands still, or runs, as no norm has it"));
    }
  }

  void Outcome(const std::string& id, const common::v1::Clock& clock, const std::pair<Claim, End>& ended,
               int64_t now_ms) {
    if (ended.first.named) return;
    const bool late = now_ms > LastMoment(ended.first.period, rest_);
    auto expected = late ? common::v1::CLOCK_MISSED : common::v1::CLOCK_MET;
    const bool missed = late && !ended.first.right;
    if (ended.second == End::kFell || (ended.second == End::kSwept && !missed))
      expected = common::v1::CLOCK_CANCELLED;
    if (clock.outcome() == expected) return;
    Break(absl::StrCat(Name(id, clock.policy_id()), " ended as ", common::v1::ClockOutcome_Name(expected),
                       ", stored is ", common::v1::ClockOutcome_Name(clock.outcome())));
  }

  // What runs by the statutes runs in the service, and nothing else does.
  void Runs(const std::string& id, const Docket& docket,
            const std::map<std::string, common::v1::Clock>& stored) {
    for (const auto& [policy, claim] : docket.running()) {
      const auto at = stored.find(policy);
      if (at == stored.end() || !reference::IsRunning(at->second))
        Once(id, absl::StrCat("by ", std::string(claim.law), std::string(claim.article), " ",
                              Name(id, policy), " runs, and nothing is stored"));
    }
    for (const auto& [policy, clock] : stored) {
      if (reference::IsRunning(clock) && !docket.running().contains(policy))
        Once(id, absl::StrCat("no norm gives ", Name(id, policy), ", and it runs"));
    }
  }

  // A difference stays until the end: told the first time.
  void Once(const std::string& id, const std::string& text) {
    if (told_.insert({id, text}).second) Break(text);
  }

  const std::string service_;
  Broken& broken_;
  RestDays rest_;
  uint64_t compared_ = 0;
  std::map<std::string, std::map<std::string, common::v1::Clock>> stored_;  // by id, by policy
  std::set<std::pair<std::string, std::string>> told_;
};

}  // namespace sim
