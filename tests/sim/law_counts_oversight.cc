// Law 4 for oversight: each matter once whatever services hold it; its lights are their clocks; the leaders' lists and
// counts equal a recount by brute force from the states and logs of the services it follows.

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "services/kernel/ranges.h"
#include "services/oversight/domain/keys.h"
#include "services/reference/deadline.h"
#include "tests/sim/laws.h"
#include "tests/sim/recount.h"

namespace sim {
namespace {

using absl::StrCat;
using kernel::v1::LogRecord;
using Clocks = google::protobuf::RepeatedPtrField<common::v1::Clock>;

bool IsOpen(incident::v1::Status status) {
  return status == incident::v1::REPORTED || status == incident::v1::REFERRED ||
         (status >= incident::v1::ACCEPTED && status <= incident::v1::PENDING_VERIFY);
}
bool IsOpen(mediation::v1::CaseStatus status) {
  return status != mediation::v1::CASE_STATUS_UNSPECIFIED && status <= mediation::v1::AGREED;
}
bool IsOpen(petition::v1::PetitionStatus status) {
  return status == petition::v1::SUGGESTION_HANDLING ||
         (status != petition::v1::PETITION_STATUS_UNSPECIFIED && status < petition::v1::FINAL);
}
using Light = std::tuple<std::string, std::string, int64_t, std::string>;  // subject, policy, due, holder

std::string Words(const std::set<Light>& lights) {
  std::string words;
  for (const auto& [subject, policy, due, holder] : lights)
    absl::StrAppend(&words, " ", policy, " of ", holder, " ", due);
  return words;
}

// What one service holds of a matter, and who may know: of a petition its office and whoever stands above.
struct Side {
  std::string subject;
  bool open = false;
  int level = 0;
  int seen_from = 0;
  bool pressing = false, leaderless = false;  // of a petition: five or more people, or urgent; backlog nobody leads
};

struct Whole {
  std::string area;
  std::vector<Side> sides;
  std::set<int> petition_levels;  // from which level up its petitions may be seen, also those that have left the lists
  std::set<int> climbed_to;
  std::set<Light> lights;
  bool red_card = false;
  std::vector<std::pair<int, int>> strong;  // warnings: seen from which level up, addressed to which
};

class OversightCheck : Recount {
 public:
  OversightCheck(const City& city, const Books& books, Broken* broken)
      : Recount(broken), city_(city), books_(books) {}

  void Run() {
    Incidents();
    Cases();
    Petitions();
    Ladder();
    CompareLights();
    CompareReview();
  }

 private:
  static void AddLights(const std::string& subject, const Clocks& clocks, Whole* whole) {
    static const std::set<std::string> kRights = {"DI-04", "DI-07", "DI-08", "DP-04", "DP-07", "DP-09"};
    for (const auto& clock : clocks) {
      if (!reference::IsRunning(clock) || clock.holder_org().empty() || kRights.contains(clock.policy_id())) continue;
      whole->lights.insert({subject, clock.policy_id(), clock.due_at_ms(), clock.holder_org()});
    }
  }

  // Sealed matters are known to nobody else.
  void Incidents() {
    std::map<std::string, std::string> code_of;
    for (const auto& [id, state] : books_.incident.states) {
      if (!state.has_incident() || state.incident().intake().sealed()) continue;
      const auto& m = state.incident();
      Whole& whole = wholes_[m.matter_code()];
      code_of[id] = m.matter_code();
      whole.area = m.intake().area_code().substr(0, 12);
      if (!IsOpen(m.standing().status())) continue;
      whole.sides.push_back({id, true, m.standing().current_level(), 0});
      AddLights(id, m.clock(), &whole);
    }
    for (const LogRecord& record : books_.incident.log) {
      const auto event = EventOf<incident::v1::Event>(record);
      const auto at = code_of.find(record.aggregate_id());
      if (event.has_escalated() && at != code_of.end())
        wholes_[at->second].climbed_to.insert(event.escalated().to());
    }
  }

  void Cases() {
    for (const auto& [id, state] : books_.mediation.states) {
      if (state.status() == mediation::v1::CASE_STATUS_UNSPECIFIED) continue;
      Whole& whole = wholes_[state.matter_code()];
      if (whole.area.empty()) whole.area = state.area_code();
      AddLights(id, state.clock(), &whole);
      if (IsOpen(state.status())) whole.sides.push_back({id, true, state.committee_level(), 0});
    }
  }

  // What has become an accusation, or a copy of another petition, has left: nobody waits for it, nothing shines.
  void Petitions() {
    std::set<std::string> led;  // ids
    std::map<std::string, int> known;  // by id: level of the newest notice that named it
    std::map<std::string, int> scale;  // and how many it spoke of: that a copy joined them no notice says, see views.cc
    for (const LogRecord& record : books_.petition.log) {
      if (!record.notice().matter_code().empty()) {
        known[record.aggregate_id()] = record.notice().level();
        petition::v1::Notice told;
        CHECK(told.ParseFromString(record.notice().payload()));
        scale[record.aggregate_id()] = told.scale();
      }
      if (record.event_type() == "lead_accepted") led.insert(record.aggregate_id());
    }
    for (const auto& [id, state] : books_.petition.states) {
      using namespace petition::v1;  // NOLINT: names of statuses
      if (state.status() == PETITION_STATUS_UNSPECIFIED || !known.contains(id)) continue;
      const bool sealed = state.type() == ACCUSATION;
      Whole& whole = wholes_[state.matter_code()];
      if (whole.area.empty()) whole.area = state.area_code();
      whole.petition_levels.insert(known[id]);
      if (sealed || state.status() == MERGED) continue;
      AddLights(id, state.clock(), &whole);
      const bool backlog = state.backlog().state() == LISTED || state.backlog().state() == WRITE_OFF_PROPOSED;
      const bool open = IsOpen(state.status());
      whole.sides.push_back({id, open, state.unit_level() != 0 ? state.unit_level() : state.office_level(),
                             state.office_level(), open && (state.urgent() || scale[id] >= common::v1::S3_5_TO_9),
                             backlog && !led.contains(id)});
    }
  }

  // Each late clock goes up one level at a time, and never twice to the same. Red cards that are out.
  void Ladder() {
    std::map<std::string, std::vector<std::pair<int, int>>> climbs;  // since the breach began
    for (const LogRecord& record : books_.oversight.log) {
      const auto event = EventOf<oversight::v1::Event>(record);
      const std::string& code = record.aggregate_id();
      if (event.has_standing_changed()) {
        const auto& part = event.standing_changed().part();
        for (const auto& light : part.light()) {
          if (light.climbed_to() == 0) climbs.erase(StrCat(code, part.service(), part.subject_id(), light.policy_id()));
        }
      }
      if (event.has_listing_climbed()) wholes_[code].climbed_to.insert(event.listing_climbed().to());
      if (!event.has_climbed()) continue;
      const auto& e = event.climbed();
      wholes_[code].climbed_to.insert(e.escalation().to());
      auto& steps = climbs[StrCat(code, e.check().service(), e.check().subject_id(), e.check().policy_id())];
      const bool in_order = steps.empty() || e.escalation().to() > steps.back().second;
      const bool by_one = e.escalation().to() == std::max(e.escalation().from() + 1, 3);
      if (!in_order || !by_one) Break(StrCat(code, " climbed out of order"));
      steps.emplace_back(e.escalation().from(), e.escalation().to());
    }
    for (const auto& [id, state] : books_.oversight.states) {
      const auto status = state.order().status();
      const bool out = status >= oversight::v1::ORDER_ISSUED && status <= oversight::v1::ORDER_SENT_BACK &&
                       state.order().task_id().empty();
      if (out && state.order().card() == common::v1::CARD_RED) wholes_[state.order().matter_id()].red_card = true;
      const auto& warning = state.warning();
      const bool open = warning.status() >= oversight::v1::WARNING_RAISED &&
                        warning.status() <= oversight::v1::WARNING_ACTIONED;
      if (open && warning.high() && !warning.matter_id().empty())
        wholes_[warning.matter_id()].strong.emplace_back(warning.seen_from(), warning.level());
    }
  }

  void CompareLights() {
    size_t matters = 0;
    for (const auto& [id, state] : books_.oversight.states) {
      if (!state.has_matter()) continue;
      ++matters;
      std::set<Light> shown;
      for (const auto& part : state.matter().part()) {
        for (const auto& light : part.light())
          shown.insert({part.subject_id(), light.policy_id(), light.due_at_ms(), light.holder_org()});
      }
      const auto at = wholes_.find(id);
      if (at == wholes_.end()) {
        Break(absl::StrCat("oversight follows ", id, ", which nobody has"));
      } else if (shown != at->second.lights) {
        Break(absl::StrCat("the lights of ", id, " are not its clocks: shown", Words(shown), "; run",
                           Words(at->second.lights)));
      }
    }
    if (matters != wholes_.size())
      Break(absl::StrCat("oversight counts ", matters, " matters, there are ", wholes_.size()));
  }

  // Of the lights whoever reads at this level may see.
  bool IsRed(const std::string& code, int level) const {
    const auto at = books_.oversight.states.find(code);
    if (at == books_.oversight.states.end()) return false;
    for (const auto& part : at->second.matter().part()) {
      if (part.has_petition() && part.level() > level) continue;
      for (const auto& light : part.light()) {
        if (light.light() == common::v1::RED) return true;
      }
    }
    return false;
  }

  // 1 red, 6 red card, 7 strong warning, 4 joint or urgent petition, 5 backlog without a leader, 2 at the level, 3 once
  // climbed to it; 0 on no list.
  int GroupAt(const std::string& code, const Whole& whole, int level) const {
    bool open = false, pressing = false, leaderless = false;
    int current = 0;
    for (const Side& side : whole.sides) {
      if (side.seen_from > level) continue;
      open |= side.open;
      if (side.open) current = std::max(current, side.level);
      const bool theirs = level == 4 || side.seen_from == level;
      pressing |= theirs && side.pressing;
      leaderless |= theirs && side.leaderless;
    }
    if (!open) return leaderless ? 5 : 0;
    const bool whole_seen = whole.petition_levels.empty() || *whole.petition_levels.rbegin() <= level;
    const bool climbed = whole_seen && !whole.climbed_to.empty() && *whole.climbed_to.rbegin() >= level;
    if (IsRed(code, level) && (level <= 4 || current >= level - 1 || climbed)) return 1;
    if (whole_seen && whole.red_card) return 6;
    for (const auto& [seen_from, to] : whole.strong) {
      if (seen_from <= level && (level <= 4 || to >= level - 1)) return 7;
    }
    if (pressing || leaderless) return pressing ? 4 : 5;
    if (current >= level) return 2;
    return climbed ? 3 : 0;
  }

  // Each cell of the table of what does not move has as many as the list behind it, all of them are on the page, and
  // the one that is named as the oldest is the first of them.
  void CompareStuck(const std::map<std::string, Ids>& lists) {
    const auto reader = city_.oversight().Read();
    for (const auto& [key, value] : RowsOf(city_.oversight().view(), storage::KeySpace::kTally)) {
      const size_t at = key.find("/stuck/");
      if (!key.starts_with("review/") || at == std::string::npos) continue;
      const std::string area = key.substr(7, at - 7), cell = key.substr(at + 7);
      const std::string prefix = oversight::StuckPrefix(area, cell[0] - '0', cell.substr(2));
      const auto page = reader.List("stuck", prefix, kernel::kPageMax);
      CHECK(page.ok()) << page.status();
      if (page->next_page_token.empty() && BigEndian(page->items.size()) != value)
        Break(absl::StrCat("the list behind ", key, " has ", page->items.size()));
      const auto oldest = kernel::Firsts(reader, "stuck", prefix, 1);
      CHECK(oldest.ok()) << oldest.status();
      const std::string named = oldest->empty() ? "nobody" : oldest->front().first.aggregate_id;
      if (page->items.empty() || named != page->items[0].aggregate_id)
        Break(absl::StrCat("the oldest of ", key, " is not ", named));
      const auto listed = lists.find(area + "/");
      for (const auto& item : page->items) {
        if (listed == lists.end() || !listed->second.contains(item.aggregate_id))
          Break(absl::StrCat(item.aggregate_id, " is stuck in ", area, " and not on its page"));
      }
    }
  }

  // Each matter at most once in each list.
  void CompareReview() {
    Counts counts;
    std::map<std::string, Ids> lists;
    for (const auto& [code, whole] : wholes_) {
      for (const int level : {3, 4, 5}) {
        const std::string area =
            level == 3 ? TownshipOf(whole.area) : whole.area.substr(0, level == 4 ? 6 : 4);
        const int group = GroupAt(code, whole, level);
        if (group == 0) continue;
        ++counts[absl::StrCat("review/", area, "/group/", group)];
        const std::string place = whole.area.size() >= 9 ? whole.area.substr(0, 9) : whole.area;
        ++counts[absl::StrCat("review/", area, "/township/", place)];
        lists[area + "/"].insert(code);
      }
    }
    for (const auto& [prefix, codes] : lists) CompareList(city_.oversight(), "review", prefix, codes);
    CompareStuck(lists);
    Rows expected, stored;
    for (const auto& [key, count] : counts) expected[key] = BigEndian(count);
    for (const auto& [key, value] : RowsOf(city_.oversight().view(), storage::KeySpace::kTally)) {
      if (key.find("/group/") != std::string::npos || key.find("/township/") != std::string::npos)
        stored[key] = value;
    }
    const std::string difference = RowDifference("tally", expected, stored);
    if (!difference.empty()) Break(absl::StrCat("oversight counts otherwise: ", difference));
  }

  const City& city_;
  const Books& books_;
  std::map<std::string, Whole> wholes_;  // by matter code
};

}  // namespace

void CheckOversightCounts(const City& city, const Books& books, Broken* broken) {
  OversightCheck(city, books, broken).Run();
}

}  // namespace sim
