// Law 4 for what leaders are shown of campaigns and of enterprises' appeals: counts and lists equal a recount from what
// the incident service and the mediation service hold.

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "services/reference/deadline.h"
#include "tests/sim/laws.h"
#include "tests/sim/recount.h"

namespace sim {
namespace {

using absl::StrCat;
using namespace incident::v1;  // NOLINT: names of statuses

bool IsOpen(Status status) {
  return status == REPORTED || status == REFERRED || (status >= ACCEPTED && status <= PENDING_VERIFY);
}

// The areas around a place, each with the one below it.
std::vector<std::pair<std::string, std::string>> Around(const std::string& place, size_t smallest) {
  static const std::vector<size_t> kDigits = {15, 12, 9, 6, 4};
  std::vector<std::pair<std::string, std::string>> areas;
  for (size_t i = 1; i < kDigits.size(); ++i) {
    if (kDigits[i] > smallest || place.size() < kDigits[i]) continue;
    const bool below = place.size() >= kDigits[i - 1];
    areas.emplace_back(place.substr(0, kDigits[i]), below ? place.substr(0, kDigits[i - 1]) : "-");
  }
  return areas;
}

class CampaignCheck : Recount {
 public:
  CampaignCheck(const City& city, const Books& books, Broken* broken)
      : Recount(broken), city_(city), books_(books) {}

  void Run() {
    for (const auto& [id, state] : books_.mediation.states) {
      if (state.status() >= mediation::v1::REGISTERED && state.status() <= mediation::v1::AGREED)
        at_table_.insert(state.matter_code());
    }
    for (const auto& [id, state] : books_.incident.states) {
      if (state.has_campaign()) CountCampaign(id, state.campaign());
      if (state.has_task()) CountTask(id, state.task());
      if (!state.has_incident() || state.incident().intake().sealed()) continue;
      CountFinding(state.incident());
      CountAppeal(state.incident());
    }
    for (const auto& [list, ids] : lists_) CompareList(city_.oversight(), list.first, list.second, ids);
    Rows expected, stored;
    for (const auto& [key, count] : counts_) expected[key] = BigEndian(count);
    for (const auto& [key, value] : RowsOf(city_.oversight().view(), storage::KeySpace::kTally)) {
      if (key.starts_with("campaign/") || key.starts_with("finding/") || key.starts_with("appeal/"))
        stored[key] = value;
    }
    const std::string difference = RowDifference("tally", expected, stored);
    if (!difference.empty())
      Break(StrCat("of campaigns and appeals oversight counts otherwise: ", difference));
  }

 private:
  void CountCampaign(const std::string& id, const Campaign& campaign) {
    for (const auto& [area, below] : Around(campaign.area_code(), 9))
      lists_[{"campaign", StrCat("in/", area, "/")}].insert("campaign/" + id);
  }

  void CountTask(const std::string& id, const Task& task) {
    const char* kind = task.done()        ? task.all_normal() ? "n" : "f"
                       : task.overdue()   ? "m"
                       : task.withdrawn() ? "w"
                                          : "o";
    for (const auto& [area, below] : Around(task.grid_code(), 12))
      ++counts_[StrCat("campaign/", task.campaign_id(), "/", area, "/", below, "/", kind)];
    lists_[{"campaign", StrCat("t/", task.campaign_id(), "/", kind, "/", task.grid_code().substr(0, 9))}]
        .insert("task/" + id);
  }

  // The worst colour of its own clocks and those of its mediation, as oversight shows them: that they are right is
  // another law. Of a petition nothing counts.
  common::v1::Light ColourOf(const std::string& code, bool periods) const {
    common::v1::Light worst = common::v1::LIGHT_UNSPECIFIED;
    const auto at = books_.oversight.states.find(code);
    if (at == books_.oversight.states.end()) return worst;
    for (const auto& part : at->second.matter().part()) {
      if (part.has_petition() || (periods && !part.has_incident())) continue;
      for (const auto& light : part.light()) {
        const std::string& id = light.policy_id();
        if (!periods || id == "DA-01" || id == "DA-02" || id == "DA-03" || id == "DA-04")
          worst = std::max(worst, light.light());
      }
    }
    return worst;
  }

  void CountFinding(const Incident& matter) {
    const Status status = matter.standing().status();
    const std::string& campaign = matter.intake().campaign_id();
    if (campaign.empty() || status == REJECTED || status == CANCELLED || status == MERGED) return;
    const bool open = IsOpen(status) || at_table_.contains(matter.matter_code());
    const char* kind = !open ? matter.substantively_resolved() ? "s" : "c"
                       : ColourOf(matter.matter_code(), false) == common::v1::RED ? "l"
                                                                                  : "o";
    const std::string& grid = matter.intake().area_code();
    for (const auto& [area, below] : Around(grid, 12))
      ++counts_[StrCat("finding/", campaign, "/", area, "/", below, "/", kind, "/",
                       matter.intake().category())];
    lists_[{"campaign", StrCat("f/", campaign, "/", kind, "/", grid.substr(0, 9))}].insert(
        matter.matter_code());
  }

  // What the enterprise waits for: 1 contact, 2 reply, 3 solution, 4 confirmation, 5 only to be closed.
  static int StageOf(const Incident& matter) {
    std::set<std::string> running;
    for (const auto& clock : matter.clock()) {
      if (reference::IsRunning(clock)) running.insert(clock.policy_id());
    }
    if (!running.contains("DA-03") && !running.contains("DA-04")) return 5;
    if (matter.standing().status() == PENDING_VERIFY) return 4;
    return running.contains("DA-01") ? 1 : running.contains("DA-02") ? 2 : 3;
  }

  void CountAppeal(const Incident& matter) {
    if (matter.intake().kind() != ENTERPRISE_APPEAL || !IsOpen(matter.standing().status())) return;
    bool given_up = false, thirty = false;
    for (const auto& clock : matter.clock()) {
      const bool cancelled = clock.outcome() == common::v1::CLOCK_CANCELLED;
      if (clock.policy_id() == "DA-03") given_up = cancelled;  // the newest: an appealed rejection begins them anew
      if (clock.policy_id() == "DA-04") thirty = !cancelled;
    }
    const std::string& code = matter.matter_code();
    const auto known = books_.oversight.states.find(code);
    if (known == books_.oversight.states.end()) return;  // that it was not heard of is another law's to say
    const auto& shown = known->second.matter();
    int seen_from = 0;
    for (const auto& part : shown.part())
      seen_from = std::max(seen_from, part.has_petition() ? part.level() : 0);
    for (const auto& [area, below] : Around(matter.intake().area_code().substr(0, 12), 9)) {
      const int level = area.size() == 9 ? 3 : area.size() == 6 ? 4 : 5;
      const bool listed = level >= seen_from && !shown.listing().empty();
      ++counts_[StrCat("appeal/", area, "/", below, "/", StageOf(matter),
                       static_cast<int>(ColourOf(code, true)), listed ? "1" : "0",
                       given_up && thirty ? "1" : "0")];
      lists_[{"appeal", area + "/"}].insert(code);
    }
  }

  const City& city_;
  const Books& books_;
  std::set<std::string> at_table_;  // codes with a case that is open
  Counts counts_;
  std::map<std::pair<std::string, std::string>, Ids> lists_;
};

}  // namespace

void CheckCampaignCounts(const City& city, const Books& books, Broken* broken) {
  CampaignCheck(city, books, broken).Run();
}

}  // namespace sim
