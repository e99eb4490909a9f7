// Law 4 for petitions: one code, lists and counters recounted from the states. A sealed one is in the list of whoever
// has the right to it, and in nothing else.

#include <absl/strings/str_cat.h>

#include <map>
#include <set>
#include <string>

#include "tests/sim/laws.h"
#include "tests/sim/recount.h"

namespace sim {
namespace {

using namespace petition::v1;  // NOLINT: names of statuses

bool Exists(const State& state) { return state.status() != PETITION_STATUS_UNSPECIFIED; }
bool IsSealed(const State& state) { return state.type() == ACCUSATION; }

// Somebody may still have to do something about it.
bool IsOpen(const State& state) {
  switch (state.status()) {
    case FINAL:
    case CLOSED:
    case NOT_ACCEPTED:
    case REDIRECTED:
    case SEALED:
    case REPLIED:
    case WITHDRAWN:
    case SETTLED:
    case MERGED:
      return false;
    default:
      return Exists(state);
  }
}

class PetitionCheck : Recount {
 public:
  PetitionCheck(const City& city, const Books& books, Broken* broken)
      : Recount(broken), city_(city), books_(books) {}

  void Run() {
    OneCodeOneMatter();
    Tally();
    Lists();
  }

 private:
  // A petition of its own has a code of its own; one that was handed over keeps the code of what it came from.
  void OneCodeOneMatter() {
    std::map<std::string, std::string> codes;
    for (const auto& [id, state] : books_.incident.states) {
      if (state.has_incident()) codes[state.incident().matter_code()] = id;
    }
    for (const auto& [id, state] : books_.petition.states) {
      if (!Exists(state)) continue;
      if (state.matter_code().empty()) Break(absl::StrCat(id, " has no code"));
      const auto at = codes.find(state.matter_code());
      if (state.origin().service() == "incident") {
        if (at == codes.end() || at->second != state.origin().aggregate_id())
          Break(absl::StrCat("petition ", id, " does not carry the code of the matter it came from"));
      } else if (!codes.emplace(state.matter_code(), id).second) {
        Break(absl::StrCat("petition ", id, " carries another matter's code"));
      }
    }
  }

  void Tally() {
    Counts counts;
    for (const auto& [id, state] : books_.petition.states) {
      if (!Exists(state) || IsSealed(state)) continue;
      const std::string township = TownshipOf(state.area_code());
      ++counts[absl::StrCat("status/", township, "/", state.office_level(), "/", PetitionStatus_Name(state.status()))];
      ++counts[absl::StrCat("content/", township, "/", state.office_level(), "/", state.content_code())];
    }
    CompareTallies("petition", city_.petition().view(), counts);
  }

  void Lists() {
    std::map<std::string, std::map<std::string, Ids>> lists;  // index, prefix
    const auto areas = [&](const char* index, const std::string& area, const char* group,
                           const std::string& id) {
      for (const size_t digits : {4u, 6u, 9u, 12u}) {
        if (area.size() >= digits) lists[index][area.substr(0, digits) + group].insert(id);
      }
    };
    for (const auto& [id, state] : books_.petition.states) {
      if (state.has_reception() && state.sealed_with().empty())
        areas("reception", state.reception().area_code(), "/0", id);
      if (!Exists(state)) continue;
      if (IsSealed(state)) {
        const std::string& organ = state.discipline_org();
        lists["sealed"][(organ.empty() ? state.office_org() : organ) + "/0"].insert(id);
        continue;
      }
      const char* group = IsOpen(state) ? "/0" : "/1";
      areas("area", state.area_code(), group, id);
      lists["office"][state.office_org() + group].insert(id);
      const bool owes = state.has_execution() && state.execution().executed_at_ms() == 0;  // Art. 32: not done with it
      if (!state.unit_org().empty()) lists["unit"][state.unit_org() + (owes ? "/0" : group)].insert(id);
      for (const std::string& leads : {state.leader().user_id(), state.proposed_leader().user_id()}) {
        if (!leads.empty()) lists["leader"][leads + group].insert(id);
      }
      std::set<std::string> accounts;
      for (const auto& petitioner : state.petitioner()) accounts.insert(petitioner.person().user_id());
      for (const auto& agent : state.agent()) accounts.insert(agent.person().user_id());
      accounts.erase("");
      for (const std::string& account : accounts) lists["petitioner"][account + group].insert(id);
      const auto backlog = state.backlog().state();
      if (backlog == LISTED || backlog == WRITE_OFF_PROPOSED) areas("backlog", state.area_code(), "/0", id);
    }
    for (const auto& [index, by_prefix] : lists) {
      for (const auto& [prefix, ids] : by_prefix) CompareList(city_.petition(), index, prefix, ids);
    }
  }

  const City& city_;
  const Books& books_;
};

}  // namespace

void CheckPetitionCounts(const City& city, const Books& books, Broken* broken) {
  PetitionCheck(city, books, broken).Run();
}

}  // namespace sim
