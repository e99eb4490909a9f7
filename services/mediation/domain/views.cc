// Views of a state: timers, indexes, tallies. The kernel compares them before and after an event and writes the
// difference in the same batch. What others may hear: publish.cc.
#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/area_code.h"
#include "base/calendar.h"
#include "base/check.h"
#include "base/coding.h"
#include "services/mediation/domain/clocks.h"
#include "services/mediation/domain/keys.h"
#include "services/mediation/domain/mediation.h"
#include "services/mediation/domain/promise.h"
#include "services/mediation/domain/rules.h"

namespace mediation {
namespace {

using v1::State;

constexpr std::string_view kDueTimer = "due/";
constexpr std::string_view kPromiseTimer = "promise/";

bool Expired(const State& state, std::string_view policy_id) {
  return std::ranges::find(state.expired_policy(), policy_id) != state.expired_policy().end();
}

// How the case went, for the statistics.
std::string CourseOf(const State& state) {
  if (!state.refusal_code().empty()) return "refused";
  if (state.ended_at_ms() > 0) return "ended";
  if (!Binds(state)) return "open";
  return state.agreement().form() == v1::ORAL ? "oral" : "written";
}

// Each promise that is still open, on its day, for the committee and for the village.
void AddPromises(const State& state, std::vector<kernel::IndexEntry>* entries) {
  if (state.status() != v1::EFFECTIVE || !state.follows_promises()) return;
  for (const auto& promise : PromisesOf(state)) {
    if (!IsOpenPromise(promise) || promise.due_ms() == 0) continue;
    const base::Day day = base::LocalDay(promise.due_ms() - 1);
    entries->push_back({"promise", PromiseKey(state.committee_org(), day, promise.no())});
    entries->push_back({"promise", PromiseKey(state.area_code(), day, promise.no())});
  }
}

// Of cases registered since the statistics are kept: a tally that was never counted up is not counted down.
void AddStatistics(const State& state, const std::string& township,
                   std::vector<kernel::TallyEntry>* entries) {
  if (!state.in_statistics()) return;
  const int year = base::DateOf(base::LocalDay(state.registered_at_ms())).year;
  auto add = [&](std::string_view what, const auto&... value) {
    entries->push_back({absl::StrCat(StatisticsPrefix(what, year, township), "/", value...)});
  };
  add("type", state.dispute_type(), "/", CourseOf(state));
  add("source", v1::SourceKind_Name(state.source()));
  if (!Binds(state)) return;
  add("band", v1::AmountBand_Name(state.agreement().amount_band()));
  add("confirmation", v1::ConfirmationState_Name(state.confirmation()));
  if (state.follows_promises()) add("performance", v1::PromiseState_Name(PerformanceOf(state)));
}

}  // namespace

std::string PromiseKey(std::string_view whose, base::Day day, int no) {
  return absl::StrCat(std::string(whose), "/", base::DayText(day), "/", no);
}

std::string StatisticsPrefix(std::string_view what, int year, std::string_view area_code) {
  return absl::StrCat("stat/", std::string(what), "/", year, "/", std::string(area_code));
}

std::string ListPrefix(std::string_view whose, bool ended) {
  return std::string(whose) + (ended ? "/1" : "/0");
}

std::string ListKey(std::string_view whose, bool ended, int64_t registered_at_ms) {
  std::string key = ListPrefix(whose, ended);
  base::AppendU64(&key, ~static_cast<uint64_t>(registered_at_ms));
  return key;
}

std::string HandedUpPrefix(std::string_view committee_org) { return std::string(committee_org) + "/"; }

std::string TownshipOf(std::string_view area_code) {
  const std::string township = base::CutTo(area_code, common::v1::TOWNSHIP);
  return township.empty() ? base::CutTo(area_code, common::v1::COUNTY) + "000" : township;
}

std::vector<kernel::Timer> MediationDomain::Timers(const State& state) {
  std::vector<kernel::Timer> timers;
  if (state.recompute_step() > 0) timers.push_back({"recompute", state.recompute_step()});  // at once
  if (state.has_parked()) timers.push_back({"retry_referral", state.parked().retry_at_ms()});
  const bool period_runs = Ticks(state, "DM-04");
  if (period_runs && state.period_warning_due_ms() > 0) {
    timers.push_back({"warn_period", state.period_warning_due_ms()});
  } else if (period_runs && state.period_warned_at_ms() > 0) {
    timers.push_back({"period", state.period_end_ms() + 1});
  }
  if (Runs(state, "DM-05") && !state.window_warning_due_ms().empty()) {
    timers.push_back({"warn_window", state.window_warning_due_ms(0)});
  }
  if (state.status() == v1::PAUSED && !state.pausing().reminded()) {
    timers.push_back({"remind_pause", state.pausing().expected_end_ms()});
  }
  if (state.confirmation_reminder_due_ms() > 0) {
    timers.push_back({"remind_confirmation", state.confirmation_reminder_due_ms()});
  }
  if (state.status() == v1::EFFECTIVE && state.follows_promises()) {
    for (const auto& promise : PromisesOf(state)) {
      if (const int64_t at_ms = WakeAt(promise); at_ms > 0) {
        timers.push_back({std::string(kPromiseTimer) + std::to_string(promise.no()), at_ms});
      }
    }
  }
  for (const auto& clock : state.clock()) {
    if (!reference::IsRunning(clock) || reference::IsPaused(clock) || Expired(state, clock.policy_id()))
      continue;
    timers.push_back({std::string(kDueTimer) + clock.policy_id(), reference::LateFromMs(clock)});
  }
  return timers;
}

MediationDomain::Command MediationDomain::Fire(std::string_view timer, int64_t) {
  Command command;
  if (timer == "recompute") {
    command.mutable_recompute_provisional();
  } else if (timer == "retry_referral") {
    command.mutable_retry_referral();
  } else if (timer == "warn_period") {
    command.mutable_warn_period();
  } else if (timer == "period") {
    command.mutable_end_period();
  } else if (timer == "warn_window") {
    command.mutable_warn_window();
  } else if (timer == "remind_pause") {
    command.mutable_remind_pause();
  } else if (timer == "remind_confirmation") {
    command.mutable_remind_confirmation();
  } else if (timer.starts_with(kPromiseTimer)) {
    int no = 0;
    CHECK(absl::SimpleAtoi(std::string(timer.substr(kPromiseTimer.size())), &no));
    command.mutable_wake_promise()->set_no(no);
  } else {
    CHECK(timer.starts_with(kDueTimer));
    command.mutable_expire_clock()->set_policy_id(std::string(timer.substr(kDueTimer.size())));
  }
  return command;
}

std::vector<kernel::IndexEntry> MediationDomain::Indexes(std::string_view, const State& state) {
  if (state.status() == v1::CASE_STATUS_UNSPECIFIED) return {};
  std::vector<kernel::IndexEntry> entries;
  const bool ended = !IsOpen(state.status());
  const int64_t at = state.registered_at_ms();
  for (int level : {common::v1::CITY, common::v1::COUNTY, common::v1::TOWNSHIP, common::v1::VILLAGE}) {
    const std::string area = base::CutTo(state.area_code(), level);
    if (!area.empty()) entries.push_back({"area", ListKey(area, ended, at)});
  }
  entries.push_back({"committee", ListKey(state.committee_org(), ended, at)});
  for (const auto& user : state.mediator_user_id()) entries.push_back({"mediator", ListKey(user, ended, at)});
  std::set<std::string> users;  // one account may stand for two parties, and is listed once
  for (const auto& party : state.party()) {
    if (!party.person().user_id().empty()) users.insert(party.person().user_id());
  }
  for (const auto& user : users) entries.push_back({"party_user", ListKey(user, ended, at)});
  for (const auto& transfer : state.transfer()) {  // newest first
    std::string key = HandedUpPrefix(transfer.from_org());
    base::AppendU64(&key, ~static_cast<uint64_t>(transfer.at_ms()));
    entries.push_back({"handed_up", std::move(key)});
  }
  entries.push_back({"matter_code", state.matter_code() + "/"});
  entries.push_back({"query_code", state.query_code()});
  if (std::string key = reference::ProvisionalKey(state.clock()); !key.empty())
    entries.push_back({"provisional", std::move(key)});
  AddPromises(state, &entries);
  return entries;
}

std::vector<kernel::TallyEntry> MediationDomain::Tallies(const State& state) {
  if (state.status() == v1::CASE_STATUS_UNSPECIFIED) return {};
  const std::string township = TownshipOf(state.area_code());
  std::vector<kernel::TallyEntry> entries = {
      {absl::StrCat("status/", township, "/", v1::CaseStatus_Name(state.status()))},
      {absl::StrCat("dispute/", township, "/", state.dispute_type())}};
  AddStatistics(state, township, &entries);
  return entries;
}

void MediationDomain::Observe(std::string_view, const State& state, Reference* reference) {
  if (!state.has_reference()) return;
  // What does not validate is not taken: what was known stays. The directory validates before it publishes.
  const absl::Status learned = reference->Learn(state.reference());
  (void)learned;
}

void MediationDomain::Answer(const State& after, kernel::v1::Receipt* receipt) {
  receipt->set_matter_code(after.matter_code());
  receipt->set_status(v1::CaseStatus_Name(after.status()));
  // What its parties follow it with: told once, to whoever brought the case.
  if (receipt->recorded_at_ms() == after.registered_at_ms()) receipt->set_query_code(after.query_code());
}

}  // namespace mediation
