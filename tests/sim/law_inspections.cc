// Law 4 for inspections, from what the log says was found, fed back, reported and reminded of: no finding is lost,
// every unit of which something was found hears of it, each feedback ends in a report or in the word that it is late,
// nobody is reminded twice of the same day, and nothing is over while a report is missing. No code of inspections is
// read.

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/sim/laws.h"
#include "tests/sim/recount.h"
#include "tests/sim/statute.h"

namespace sim {
namespace {

using absl::StrCat;
using kernel::v1::LogRecord;
using oversight::v1::Event;

constexpr int64_t kGraceMs = 3 * 3'600'000;  // a service may have been down

struct Unit {
  int64_t due_ms = 0;
  bool reported = false, accepted = false;
  bool withdrawn = false;  // every finding about it was struck out
  std::multiset<common::v1::Light> reminded;  // since the day was given
};
struct Story {
  std::vector<std::pair<std::string, std::string>> found;  // unit and words, in order
  std::set<int> struck;  // by number
  std::map<std::string, Unit> units;
  bool fed_back = false, cancelled = false;

  // Whether a finding about the unit stands.
  bool Concerns(const std::string& org) const {
    for (size_t i = 0; i < found.size(); ++i) {
      if (found[i].first == org && !struck.contains(static_cast<int>(i) + 1)) return true;
    }
    return false;
  }
};

class InspectionCheck : Recount {
 public:
  InspectionCheck(const Books& books, Broken* broken) : Recount(broken), books_(books) {}

  void Run() {
    for (const LogRecord& record : books_.oversight.log) Hear(record);
    for (const auto& [id, story] : stories_) Compare(id, story);
  }

 private:
  void Hear(const LogRecord& record) {
    const auto event = EventOf<Event>(record);
    const std::string& id = record.aggregate_id();
    switch (event.body_case()) {
      case Event::kInspectionPlanned:
        stories_[id];
        return;
      case Event::kFindingRecorded:
        if (stories_[id].fed_back) Break(StrCat("something was found in ", id, " after its feedback"));
        stories_[id].found.emplace_back(event.finding_recorded().finding().org_id(),
                                        event.finding_recorded().finding().text());
        return;
      case Event::kFeedbackGiven:
        stories_[id].fed_back = true;
        return Begin(&stories_[id].units[event.feedback_given().unit().org_id()],
                     event.feedback_given().unit().clock());
      case Event::kRectificationReported:
        stories_[id].units[event.rectification_reported().report().org_id()].reported = true;
        return;
      case Event::kRectificationSentBack:
        return Begin(&stories_[id].units[event.rectification_sent_back().org_id()],
                     event.rectification_sent_back().clock());
      case Event::kRectificationAccepted: {
        Unit& unit = stories_[id].units[event.rectification_accepted().org_id()];
        if (!unit.reported) Break(StrCat("a report of ", id, " was accepted that nobody made"));
        unit.accepted = true;
        return;
      }
      case Event::kRectificationLightChanged: {
        const auto& e = event.rectification_light_changed();
        return Remind(id, e.org_id(), e.light(), record.recorded_at_ms());
      }
      case Event::kFindingStruck: {
        Story& story = stories_[id];
        const int number = event.finding_struck().number();
        const std::string& org = story.found.at(static_cast<size_t>(number - 1)).first;
        if (!story.struck.insert(number).second) Break(StrCat("a finding of ", id, " was struck out twice"));
        const auto unit = story.units.find(org);
        const bool lapsed = event.finding_struck().lapse() != oversight::v1::LAPSE_UNSPECIFIED;  // with its petition
        if (lapsed && !record.notice().topic().empty())
          Break(StrCat("others hear that a finding of ", id, " left with its petition"));
        if (unit == story.units.end()) return;
        if (unit->second.accepted && !lapsed)
          Break(StrCat("a finding of ", id, " was struck out after its report was accepted"));
        unit->second.withdrawn = !story.Concerns(org);
        return;
      }
      case Event::kInspectionCancelled:
        stories_[id].cancelled = true;
        return;
      default:
        return;
    }
  }

  static void Begin(Unit* unit, const common::v1::Clock& clock) {
    *unit = Unit{clock.due_at_ms(), false, false, false, {}};
  }

  void Remind(const std::string& id, const std::string& org, common::v1::Light light, int64_t at_ms) {
    Unit& unit = stories_[id].units[org];
    unit.reminded.insert(light);
    if (unit.reminded.count(light) > 1) Break(StrCat(org, " was reminded twice of the same day in ", id));
    if (unit.reported) Break(StrCat(org, " was reminded in ", id, " of what it has reported"));
    if ((light == common::v1::RED) != (at_ms > unit.due_ms))
      Break(StrCat(org, " was reminded in ", id, " in the wrong colour"));
  }

  void Compare(const std::string& id, const Story& story) {
    const auto found = books_.oversight.states.find(id);
    if (found == books_.oversight.states.end()) return Break(StrCat("there is no inspection ", id));
    const auto& inspection = found->second.inspection();
    std::vector<std::pair<std::string, std::string>> kept;
    for (const auto& finding : inspection.finding()) kept.emplace_back(finding.org_id(), finding.text());
    if (kept != story.found) Break(StrCat("a finding of ", id, " is lost"));
    if (story.cancelled && !story.found.empty()) Break(StrCat(id, " was cancelled with what it had found"));
    std::set<std::string> told, concerned;
    for (const auto& [org, unit] : story.units) told.insert(org);
    for (const auto& [org, words] : story.found) concerned.insert(org);
    const bool all_told = std::ranges::all_of(concerned, [&](const std::string& org) {
      return told.contains(org) || !story.Concerns(org);
    });
    if (story.fed_back && !(all_told && std::ranges::includes(concerned, told)))
      Break(StrCat("the feedback of ", id, " did not go to whom it is about"));
    bool all = story.fed_back;
    for (const auto& [org, unit] : story.units) {
      all = all && (unit.accepted || unit.withdrawn);
      if (!unit.reported && !unit.withdrawn && !unit.reminded.contains(common::v1::RED) &&
          unit.due_ms + kGraceMs < books_.now_ms)
        Break(StrCat(org, " has not reported in ", id, ", and nobody said that it is late"));
    }
    if (all != (inspection.status() == oversight::v1::INSPECTION_RECTIFIED))
      Break(StrCat(id, all ? " is not over" : " is over before everything is put right"));
  }

  const Books& books_;
  std::map<std::string, Story> stories_;
};

}  // namespace

void CheckInspections(const Books& books, Broken* broken) { InspectionCheck(books, broken).Run(); }

}  // namespace sim
