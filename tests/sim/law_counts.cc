// Law 4. One matter code is one matter; live counters and lists of incidents and mediation equal a recount by brute
// force from the states, through the lists as the queries read them. Petitions and oversight have files of their own.

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "base/calendar.h"
#include "tests/sim/laws.h"
#include "tests/sim/recount.h"

namespace sim {
namespace {

bool IsOpen(incident::v1::Status status) {
  return status == incident::v1::REPORTED || status == incident::v1::REFERRED ||
         (status >= incident::v1::ACCEPTED && status <= incident::v1::PENDING_VERIFY);
}
bool IsOpen(mediation::v1::CaseStatus status) {
  return status != mediation::v1::CASE_STATUS_UNSPECIFIED && status <= mediation::v1::AGREED;
}
class CountCheck : Recount {
 public:
  CountCheck(const City& city, const Books& books, Broken* broken)
      : Recount(broken), city_(city), books_(books) {}

  void Run() {
    OneCodeOneMatter();
    CompareTallies("incident", city_.incident().view(), IncidentTallies());
    CompareTallies("mediation", city_.mediation().view(), MediationTallies());
    IncidentLists();
    MediationLists();
  }

 private:
  void OneCodeOneMatter() {
    std::map<std::string, std::string> incidents, cases;  // code -> id
    for (const auto& [id, state] : books_.incident.states) {
      if (!state.has_incident()) continue;
      const std::string& code = state.incident().matter_code();
      if (code.empty()) Break(absl::StrCat(id, " has no code"));
      if (!incidents.emplace(code, id).second) Break(absl::StrCat("two matters have the code ", code));
    }
    for (const auto& [id, state] : books_.mediation.states) {
      if (state.status() == mediation::v1::CASE_STATUS_UNSPECIFIED) continue;
      const std::string& from = state.origin().service();
      const auto at = incidents.find(state.matter_code());
      if (from == "incident" && (at == incidents.end() || at->second != state.origin().aggregate_id()))
        Break(absl::StrCat("case ", id, " does not carry the code of the matter it came from"));
      if (from == "petition") {
        const auto petition = books_.petition.states.find(state.origin().aggregate_id());
        if (petition == books_.petition.states.end() || petition->second.matter_code() != state.matter_code())
          Break(absl::StrCat("case ", id, " does not carry the code of the petition it came from"));
      }
      if (from.empty() && at != incidents.end())
        Break(absl::StrCat("case ", id, " carries another matter's code"));
      // A matter may be referred again; only one of its cases is at the table, unless one is mediated anew.
      const bool at_table = state.status() >= mediation::v1::ACCEPTED && IsOpen(state.status());
      if (at_table && state.former_agreement().empty() && !cases.emplace(state.matter_code(), id).second)
        Break(absl::StrCat("two open cases have the code ", state.matter_code()));
    }
  }

  Counts IncidentTallies() const {
    Counts counts;
    for (const auto& [id, state] : books_.incident.states) {
      if (state.has_incident()) {
        const std::string& area = state.incident().intake().area_code();
        const std::string status = incident::v1::Status_Name(state.incident().standing().status());
        for (const size_t digits : {4u, 6u, 9u}) {
          if (area.size() >= digits) ++counts[absl::StrCat("s/", area.substr(0, digits), "/", status)];
        }
      }
      if (!state.has_task()) continue;
      const auto& task = state.task();
      const char* kind = task.done() ? (task.all_normal() ? "n" : "f") : task.withdrawn() ? "x" : "o";
      ++counts[absl::StrCat("c/", task.campaign_id(), "/", kind)];
    }
    return counts;
  }

  Counts MediationTallies() const {
    Counts counts;
    for (const auto& [id, state] : books_.mediation.states) {
      if (state.status() == mediation::v1::CASE_STATUS_UNSPECIFIED) continue;
      const std::string township = TownshipOf(state.area_code());
      ++counts[absl::StrCat("status/", township, "/", mediation::v1::CaseStatus_Name(state.status()))];
      ++counts[absl::StrCat("dispute/", township, "/", state.dispute_type())];
      if (state.in_statistics()) CountStatistics(state, township, &counts);
    }
    return counts;
  }

  // The yearly statistics 统计: each case once by type and course and once by source, each agreement that binds once
  // by amount, by confirmation and by how it is kept.
  static void CountStatistics(const mediation::v1::State& state, const std::string& township, Counts* counts) {
    const std::string where =
        absl::StrCat("/", base::DayText(base::LocalDay(state.registered_at_ms())).substr(0, 4), "/", township, "/");
    const bool binds = state.agreement().effective_at_ms() > 0;
    std::string course = binds ? state.agreement().form() == mediation::v1::ORAL ? "oral" : "written" : "open";
    if (state.ended_at_ms() > 0) course = "ended";
    if (!state.refusal_code().empty()) course = "refused";
    ++(*counts)[absl::StrCat("stat/type", where, state.dispute_type(), "/", course)];
    ++(*counts)[absl::StrCat("stat/source", where, mediation::v1::SourceKind_Name(state.source()))];
    if (!binds) return;
    ++(*counts)[absl::StrCat("stat/band", where, mediation::v1::AmountBand_Name(state.agreement().amount_band()))];
    ++(*counts)[absl::StrCat("stat/confirmation", where, mediation::v1::ConfirmationState_Name(state.confirmation()))];
    if (state.follows_promises()) ++(*counts)[absl::StrCat("stat/performance", where, KeptHow(state))];
  }

  // Of all clauses together: one broken breaks it; kept if one was and none is left; else partly, due, or not yet.
  static std::string KeptHow(const mediation::v1::State& state) {
    std::map<mediation::v1::PromiseState, int> how;
    int left = 0;
    for (int no = 1; no <= state.agreement().clause_size(); ++no) {
      auto now = mediation::v1::NOT_DUE;
      bool dated = state.agreement().clause(no - 1).due_at_ms() > 0;
      for (const auto& promise : state.promise()) {
        if (promise.no() != no) continue;
        now = promise.state();
        dated = promise.due_ms() != 0;
      }
      ++how[now];
      left += now != mediation::v1::DONE && (dated || now != mediation::v1::NOT_DUE);
    }
    if (how.empty()) return "PROMISE_STATE_UNSPECIFIED";
    if (how.contains(mediation::v1::BREACHED)) return "BREACHED";
    if (how.contains(mediation::v1::DONE) && left == 0) return "DONE";
    if (how.contains(mediation::v1::DONE) || how.contains(mediation::v1::PARTLY)) return "PARTLY";
    return how.contains(mediation::v1::DUE) ? "DUE" : "NOT_DUE";
  }

  void IncidentLists() {
    std::map<std::string, std::multiset<std::string>> by_township, by_county, by_holder, by_reporter;
    for (const auto& [id, state] : books_.incident.states) {
      if (!state.has_incident()) continue;
      const auto& m = state.incident();
      const auto status = m.standing().status();
      const char group = status == incident::v1::REPORTED ? '0' : IsOpen(status) ? '1' : '2';
      if (!m.intake().sealed()) {
        by_township[TownshipOf(m.intake().area_code()) + group].insert(id);
        by_county[m.intake().area_code().substr(0, 6) + group].insert(id);
      }
      if (IsOpen(status) && (status != incident::v1::REPORTED || m.intake().sealed()))
        by_holder[m.standing().holder_org() + '\0'].insert(id);
      if (!m.reporter().user_id().empty()) by_reporter[m.reporter().user_id() + '\0'].insert(id);
    }
    for (const auto& [prefix, ids] : by_township) CompareList(city_.incident(), "area", prefix, ids);
    for (const auto& [prefix, ids] : by_county) CompareList(city_.incident(), "county", prefix, ids);
    for (const auto& [prefix, ids] : by_holder) CompareList(city_.incident(), "holder", prefix, ids);
    for (const auto& [prefix, ids] : by_reporter) CompareList(city_.incident(), "reporter", prefix, ids);
  }

  void MediationLists() {
    std::map<std::string, std::multiset<std::string>> by_area, by_committee;
    for (const auto& [id, state] : books_.mediation.states) {
      if (state.status() == mediation::v1::CASE_STATUS_UNSPECIFIED) continue;
      const char* group = IsOpen(state.status()) ? "/0" : "/1";
      by_area[state.area_code().substr(0, 6) + group].insert(id);
      by_committee[state.committee_org() + group].insert(id);
    }
    // EFFECTIVE is neither open for oversight nor ended for the committee: it is compared in both lists
    // together.
    for (const auto& [prefix, ids] : by_area) Both(by_area, prefix, "area");
    for (const auto& [prefix, ids] : by_committee) Both(by_committee, prefix, "committee");
  }

  void Both(const std::map<std::string, std::multiset<std::string>>& lists, const std::string& prefix,
            std::string_view index) {
    const std::string whose = prefix.substr(0, prefix.size() - 1);
    std::multiset<std::string> expected;
    for (const char* group : {"0", "1"}) {
      const auto at = lists.find(whose + group);
      if (at != lists.end()) expected.insert(at->second.begin(), at->second.end());
    }
    CompareList(city_.mediation(), index, whose, expected);
  }

  const City& city_;
  const Books& books_;
};

}  // namespace

void CheckCounts(const City& city, const Books& books, Broken* broken) {
  CountCheck(city, books, broken).Run();
}

}  // namespace sim
