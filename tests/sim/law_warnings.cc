// Law 4 for early warnings. Which must have been raised is worked out a second time, from what oversight heard and
// when, with arithmetic of its own: clusters in a village (W1), what was said again (W2), many people (W3), what stands
// still (W5), promises not kept (W7), and of W4 what mediators and the police reported. No other is raised of these
// rules. And one that nobody acknowledged goes up, once a level.

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "tests/sim/laws.h"

namespace sim {
namespace {

using absl::StrCat;
using kernel::v1::LogRecord;
using oversight::v1::Event;

constexpr int64_t kDay = 86'400'000;
constexpr int64_t kHour = 3'600'000;
constexpr int64_t kPatience = 3 * kDay;  // crashes, cut links and jumping clocks
int64_t DayOf(int64_t at_ms) { return (at_ms + 8 * kHour) / kDay; }
int64_t AfterDay(int64_t day) { return (day + 1) * kDay - 8 * kHour + 1; }  // the first moment after it

struct Arrived {
  std::string code;
  int64_t day = 0;
  int seen_from = 0;
  bool dealt = false;
};
struct Place {
  std::vector<Arrived> arrived;
  std::string open;  // warning
  int64_t since_ms = 0;  // since when its county is heard
};
struct Said {
  int64_t at_ms = 0;
  int seen_from = 0;
};
// One service's part of a matter.
struct Side {
  std::string service;
  oversight::v1::Part part;
  bool out = false, gone = false, derived = false;
  int64_t first_ms = 0;
};
struct Known {
  std::map<std::string, Side> sides;
  std::vector<Said> again;
  int64_t last_step_ms = 0, heard_ms = 0;
  int64_t moved_ms = 0;  // when a step was heard
  int64_t warned_said_ms = 0;
  int warned_scale = 0;
  int warned_calls = 0;
  bool counted = false;
  std::string place;
  std::string first;           // side
  std::set<std::string> open;  // rules
};

bool IsOpen(const oversight::v1::Part& part) {
  if (part.has_incident()) {
    const auto s = part.incident().status();
    return s == incident::v1::REPORTED || s == incident::v1::REFERRED ||
           (s >= incident::v1::ACCEPTED && s <= incident::v1::PENDING_VERIFY);
  }
  if (part.has_mediation()) {
    const auto s = part.mediation().status();
    return s >= mediation::v1::REGISTERED && s <= mediation::v1::AGREED;
  }
  const auto s = part.petition().status();
  return !part.petition().holder_org().empty() &&
         (s == petition::v1::SUGGESTION_HANDLING || (s != 0 && s < petition::v1::FINAL));
}
// Which level up a side may be seen from.
int SeenFrom(const Side& side) { return side.part.has_petition() ? side.part.level() : 0; }

bool IsOut(const Side& before, const oversight::v1::Part& part) {
  if (part.has_incident()) {
    const auto s = part.incident().status();
    return s == incident::v1::REJECTED || s == incident::v1::CANCELLED || s == incident::v1::MERGED;
  }
  if (part.has_mediation())
    return part.mediation().status() == mediation::v1::REFUSED ||
           (part.mediation().status() == mediation::v1::ARCHIVED && before.out);
  const auto s = part.petition().status();
  using namespace petition::v1;  // NOLINT: names of statuses
  return s == NOT_ACCEPTED || s == REDIRECTED || s == WITHDRAWN || s == MERGED || (s == CLOSED && before.out);
}

std::string ClassOf(const oversight::v1::Part& part) {
  if (part.has_incident()) return part.incident().category().substr(0, 2);
  return part.has_mediation() ? part.mediation().dispute_type() : part.petition().content();
}

// W5, the words "without step": what somebody does who answers for the matter, or what puts it into their hands. Each
// transition of 3.3.3, 3.4.3, 3.5.3 that a unit, an office, a committee or a leader makes, and the first word of all.
// The rest is told about the matter: that time passed, that oversight wants something, that its side speaks again.
bool MovesIt(const std::string& topic) {
  static const std::set<std::string> kMoves = {
      "incident.reported", "incident.self_handled", "incident.accepted", "incident.rejected",
      "incident.rejection_proposed", "incident.rejection_appealed", "incident.merged", "incident.dispatched",
      "incident.taken", "incident.return_requested", "incident.returned", "incident.return_refused",
      "incident.progressed", "incident.extension_requested", "incident.extended", "incident.extension_refused",
      "incident.suspension_requested", "incident.suspended", "incident.suspension_refused", "incident.resumed",
      "incident.escalated", "incident.sent_down", "incident.completed", "incident.rework", "incident.closed",
      "incident.sample_verified", "incident.reopened", "incident.referred_to_mediation",
      "incident.referred_to_petition", "incident.referral_answered", "incident.referral_returned",
      "incident.cancelled", "incident.archived", "incident.classified_complex", "incident.service_confirmed",
      "incident.contact_attempted",
      "mediation.registered", "mediation.referral_received", "mediation.intake_completed", "mediation.consent_asked",
      "mediation.consent_recorded", "mediation.accepted", "mediation.refused", "mediation.assigned",
      "mediation.mediator_replaced", "mediation.session_held", "mediation.investigated", "mediation.paused",
      "mediation.resumed",
      "mediation.extended", "mediation.risk_reported", "mediation.agreed", "mediation.reconsidered",
      "mediation.effective", "mediation.ended", "mediation.transferred", "mediation.performed",
      "mediation.followed_up", "mediation.breached", "mediation.remediated", "mediation.confirmation_applied",
      "mediation.confirmation_result", "mediation.completed", "mediation.archived", "mediation.document_referred",
      "mediation.hand_over_lapsed",
      "petition.registered", "petition.intake_completed", "petition.urgent_reported", "petition.forwarded",
      "petition.received", "petition.objected", "petition.objection_decided", "petition.dispute_raised",
      "petition.dispute_decided", "petition.report_extended", "petition.completion_reported", "petition.accepted",
      "petition.not_accepted", "petition.redirected", "petition.suggestion_replied", "petition.progressed",
      "petition.hearing_held", "petition.extended", "petition.referred_to_mediation", "petition.mediation_answered",
      "petition.settled", "petition.opinion_issued", "petition.delivered", "petition.closed",
      "petition.review_requested", "petition.review_request_decided", "petition.review_decided",
      "petition.recheck_requested", "petition.recheck_decided", "petition.withdrawn", "petition.leader_proposed",
      "petition.leader_assigned", "petition.lead_recorded", "petition.backlog_listed", "petition.written_off",
      "petition.backlog_kept", "petition.improvement_suggested", "petition.improvement_answered",
      "petition.reception_recorded", "petition.executed", "petition.final", "petition.removed"};
  return kMoves.contains(topic);
}

class WarningCheck {
 public:
  WarningCheck(const Books& books, Broken* broken) : books_(books), broken_(*broken) {}

  void Run() {
    for (const LogRecord& record : books_.oversight.log) Hear(record, EventOf<Event>(record));
    for (const std::string& one : expected_) {
      if (!raised_.contains(one)) Break(StrCat("nobody was warned: ", one));
    }
    for (const std::string& one : raised_) {
      if (!expected_.contains(one)) Break(StrCat("a warning without reason: ", one));
    }
    for (const auto& [code, known] : matters_) CheckPromises(code, known);
    for (const auto& [name, place] : places_) {
      if (!place.open.empty() && named_[place.open].empty()) Break(StrCat("a cluster of nothing stands: ", place.open));
    }
    CheckClimbs();
  }

 private:
  void Break(std::string text) { broken_.push_back(StrCat("law 4: ", std::move(text))); }

  void Hear(const LogRecord& record, const Event& event) {
    const std::string& id = record.aggregate_id();
    const int64_t at_ms = record.recorded_at_ms();
    if (event.has_standing_changed()) return HearStep(id, at_ms, event.standing_changed());
    if (event.has_repeat_heard()) {
      Known& known = matters_[id];
      known.again.push_back(
          {event.repeat_heard().repeat().at_ms(), event.repeat_heard().repeat().seen_from()});
      return LookAtSaid(id, at_ms, &known);
    }
    if (event.has_warning_raised()) return HearRaised(id, at_ms, event.warning_raised().warning());
    if (event.has_warning_changed()) {
      const auto& changed = event.warning_changed();
      if (!changed.joined().empty()) named_[id].insert(changed.joined());
      named_[id].erase(changed.left());
    }
    if (event.has_warning_ended()) HearEnded(id, at_ms, event.warning_ended().code());
  }

  void HearRaised(const std::string& id, int64_t at_ms, const oversight::v1::WarningState& warning) {
    warnings_[id] = {warning.rule(), warning.matter_id(), at_ms, 0};
    const std::string& rule = warning.rule();
    if (!warning.matter_id().empty()) matters_[warning.matter_id()].open.insert(rule);
    if (rule == "W1") {
      Place& place = places_[StrCat(warning.area_code(), " ", warning.category())];
      place.open = id;
      named_[id] = {warning.matter_code().begin(), warning.matter_code().end()};
      raised_.insert(StrCat("W1 ", warning.area_code(), " ", warning.category(), " at ", at_ms));
    } else if (rule == "W2" || rule == "W3" || rule == "W4") {
      raised_.insert(StrCat(rule, " ", warning.matter_id(), " at ", at_ms));
    } else if (rule == "W5") {
      CheckQuiet(warning.matter_id(), at_ms);
    }
  }

  // A cluster of which so many left that it is none deals with nothing: those that remain count towards the next.
  void HearEnded(const std::string& id, int64_t at_ms, const std::string& code) {
    const bool fell_short = code == "MATTERS_LEFT";
    if (fell_short && named_[id].size() >= 5) Break(StrCat("a cluster was ended that is one: ", id));
    auto& warning = warnings_[id];
    warning.ended_ms = at_ms;
    if (!warning.matter.empty()) matters_[warning.matter].open.erase(warning.rule);
    for (auto& [name, place] : places_) {
      if (place.open != id) continue;
      place.open.clear();
      for (auto& arrived : place.arrived) arrived.dealt |= !fell_short;
    }
  }

  void HearStep(const std::string& id, int64_t at_ms, const oversight::v1::StandingChanged& step) {
    Known& known = matters_[id];
    const auto& part = step.part();
    CheckStuckUntil(id, known, at_ms);
    const std::string name = StrCat(part.service(), "/", part.subject_id());
    if (known.sides.empty()) known.first = name;
    Side& side = known.sides[name];
    const bool fresh = side.service.empty(), was_gone = side.gone;
    side.out = IsOut(side, part);
    side.service = part.service();
    side.part = part;
    side.gone = part.has_petition() && part.petition().holder_org().empty();
    if (fresh) {
      side.first_ms = step.at_ms();
      side.derived = !part.incident().derived_from().empty();
    }
    known.heard_ms = at_ms;
    if (fresh || MovesIt(part.topic())) {
      known.last_step_ms = std::max(known.last_step_ms, step.at_ms());
      known.moved_ms = at_ms;
    }
    const bool left =
        std::ranges::all_of(known.sides, [](const auto& one) { return one.second.out || one.second.gone; });
    if (left) return Leave(id, &known);
    // The petition it was first heard of as leaves: what mediation goes on with was never counted there.
    if (side.gone && !was_gone && name == known.first) Leave(id, &known);
    if (!known.counted && !side.derived && !side.gone) Arrive(id, at_ms, step, &known);
    if (part.topic() == "incident.duplicate_joined") {
      known.again.push_back({step.at_ms(), 0});
      LookAtSaid(id, at_ms, &known);
    }
    LookAtScale(id, at_ms, &known);
    const bool called = LookAtPolice(id, at_ms, &known);
    if (part.topic() == "mediation.risk_reported" && !called && !known.open.contains("W4"))
      expected_.insert(StrCat("W4 ", id, " at ", at_ms));
  }

  void Leave(const std::string& id, Known* known) {
    if (known->place.empty()) return;
    std::erase_if(places_[known->place].arrived, [&](const Arrived& one) { return one.code == id; });
    known->place.clear();
  }

  // W1: five of a class in one village in seven days, or three times the mean of the eight weeks before, once all of
  // them lie after the day on which anything of the county was heard.
  void Arrive(const std::string& id, int64_t at_ms, const oversight::v1::StandingChanged& step,
              Known* known) {
    const std::string kind = ClassOf(step.part());
    if (kind.empty()) return;
    known->counted = true;
    if (step.area_code().size() < 12) return;
    known->place = StrCat(step.area_code().substr(0, 12), " ", kind);
    Place& place = places_[known->place];
    int64_t& since_ms = since_ms_.try_emplace(step.area_code().substr(0, 6), step.at_ms()).first->second;
    since_ms = std::min(since_ms, step.at_ms());
    place.since_ms = since_ms;
    place.arrived.push_back({id, DayOf(step.at_ms()), step.part().has_petition() ? step.part().level() : 0});
    if (!place.open.empty()) return;
    int64_t newest = 0;
    for (const auto& one : place.arrived) newest = std::max(newest, one.day);
    if (DayOf(at_ms) - newest >= 7) return;
    for (const int level : {3, 4, 5}) {
      int64_t now = 0, before = 0;
      for (const auto& one : place.arrived) {
        if (one.seen_from > level) continue;
        now += one.day > newest - 7 && !one.dealt ? 1 : 0;
        before += one.day <= newest - 7 && one.day > newest - 63 ? 1 : 0;
      }
      const bool heard = DayOf(place.since_ms) <= newest - 63;
      if (now >= 5 || (heard && before > 0 && now >= 3 && now * 8 >= 3 * before)) {
        expected_.insert(StrCat("W1 ", known->place, " at ", at_ms));
        return;
      }
    }
  }

  // W2: three times in thirty days.
  void LookAtSaid(const std::string& id, int64_t at_ms, Known* known) {
    if (known->open.contains("W2") || known->sides.empty()) return;
    for (const int level : {3, 4, 5}) {
      int64_t first_ms = 0;
      for (const auto& [name, side] : known->sides) {
        if (SeenFrom(side) > level || side.gone) continue;
        first_ms = first_ms == 0 ? side.first_ms : std::min(first_ms, side.first_ms);
      }
      if (first_ms == 0) continue;
      std::vector<int64_t> said = {first_ms};
      for (const Said& one : known->again) {
        if (one.seen_from <= level) said.push_back(one.at_ms);
      }
      const int64_t newest = *std::ranges::max_element(said);
      const auto times = std::ranges::count_if(
          said, [&](int64_t one) { return one > known->warned_said_ms && DayOf(one) > DayOf(newest) - 30; });
      if (said.size() < 2 || times < 3 || DayOf(at_ms) - DayOf(newest) >= 30) continue;
      known->warned_said_ms = newest;
      expected_.insert(StrCat("W2 ", id, " at ", at_ms));
      return;
    }
  }

  // W3: ten people and more, or a petition of five and more.
  void LookAtScale(const std::string& id, int64_t at_ms, Known* known) {
    if (known->open.contains("W3")) return;
    for (const int level : {3, 4, 5}) {
      bool many = false;
      int largest = 0;
      for (const auto& [name, side] : known->sides) {
        if (SeenFrom(side) > level || !IsOpen(side.part)) continue;
        const auto& part = side.part;
        const int scale = part.has_incident()    ? part.incident().scale()
                          : part.has_mediation() ? part.mediation().scale()
                                                 : part.petition().scale();
        many |= scale >= (part.has_petition() ? common::v1::S3_5_TO_9 : common::v1::S4_10_TO_49);
        largest = std::max(largest, scale);
      }
      if (!many || largest <= known->warned_scale) continue;
      known->warned_scale = largest;
      expected_.insert(StrCat("W3 ", id, " at ", at_ms));
      return;
    }
  }

  // W4: the second report of one dispute by the police, and every further one, merged ones too.
  bool LookAtPolice(const std::string& id, int64_t at_ms, Known* known) {
    int calls = 0;
    bool dispute = false;
    for (const auto& [name, side] : known->sides) {
      calls += side.part.incident().police_calls();
      dispute |= side.part.has_mediation() || side.part.incident().category().starts_with("01");
    }
    if (known->open.contains("W4") || !dispute || calls < 2 || calls <= known->warned_calls) return false;
    const bool open = std::ranges::any_of(known->sides, [](const auto& one) { return IsOpen(one.second.part); });
    if (!open) return false;
    known->warned_calls = calls;
    expected_.insert(StrCat("W4 ", id, " at ", at_ms));
    return true;
  }

  // Whoever has it can move it: not suspended, not in the petitioner's hand.
  static bool MayBeStuck(const Known& known) {
    const Side* holder = nullptr;
    const auto weight = [](const Side& side) {
      if (!IsOpen(side.part)) return 0;
      return side.part.has_incident() && side.part.incident().status() == incident::v1::REFERRED ? 1 : 2;
    };
    for (const auto& [name, side] : known.sides) {
      if (holder == nullptr || weight(side) > weight(*holder) ||
          (weight(side) == weight(*holder) && side.part.at_ms() > holder->part.at_ms()))
        holder = &side;
    }
    if (holder == nullptr || !IsOpen(holder->part)) return false;
    const auto& part = holder->part;
    if (part.has_incident()) return part.incident().status() != incident::v1::SUSPENDED;
    if (part.has_mediation()) return part.mediation().status() != mediation::v1::PAUSED;
    return part.petition().status() != petition::v1::DELIVERED &&
           part.petition().status() != petition::v1::REVIEW_DELIVERED;
  }

  static int64_t QuietUntil(const Known& known) {
    return std::max(AfterDay(DayOf(known.last_step_ms) + 15), known.moved_ms + kHour);
  }

  // W5, raised: really so long without a step.
  void CheckQuiet(const std::string& id, int64_t at_ms) {
    const Known& known = matters_[id];
    if (!MayBeStuck(known) || at_ms < QuietUntil(known))
      Break(StrCat("a warning without reason: W5 ", id, " at ", at_ms));
  }
  // W5, not raised: until its next step, or the end, nobody said that it stands still.
  void CheckStuckUntil(const std::string& id, const Known& known, int64_t until_ms) {
    if (known.sides.empty() || known.open.contains("W5") || !MayBeStuck(known)) return;
    if (until_ms > QuietUntil(known) + kPatience && !WarnedSince(id, "W5", QuietUntil(known)))
      Break(StrCat("nobody was warned: W5 ", id, " quiet since ", known.last_step_ms));
  }
  bool WarnedSince(const std::string& id, const std::string& rule, int64_t from_ms) const {
    return std::ranges::any_of(warnings_, [&](const auto& one) {
      return one.second.rule == rule && one.second.matter == id &&
             (one.second.raised_ms >= from_ms || one.second.ended_ms == 0 || one.second.ended_ms >= from_ms);
    });
  }

  // W7: of an agreement that binds, overdue by more than seven days.
  void CheckPromises(const std::string& id, const Known& known) {
    CheckStuckUntil(id, known, books_.now_ms);
    for (const auto& [name, side] : known.sides) {
      if (side.part.mediation().status() != mediation::v1::EFFECTIVE) continue;
      for (const auto& clause : side.part.mediation().clause()) {
        if (clause.due_at_ms() == 0 || clause.done_at_ms() != 0) continue;
        const int64_t overdue_ms = AfterDay(DayOf(clause.due_at_ms() - 1) + 7);
        const int64_t look_ms = std::max(overdue_ms, known.heard_ms + kHour);
        if (books_.now_ms > look_ms + kPatience && !WarnedSince(id, "W7", overdue_ms))
          Break(StrCat("nobody was warned: W7 ", id, " clause ", clause.no()));
      }
    }
  }

  // O10: not acknowledged in time: one level up, each once, no further than the city.
  void CheckClimbs() {
    struct Climb {
      int level = 0;
      int64_t due_ms = 0;
      bool waits = true;
    };
    std::map<std::string, Climb> climbs;
    for (const LogRecord& record : books_.oversight.log) {
      const auto event = EventOf<Event>(record);
      const std::string& id = record.aggregate_id();
      Climb& climb = climbs[id];
      if (event.has_warning_raised())
        climb = {event.warning_raised().warning().level(),
                 event.warning_raised().warning().clock().due_at_ms()};
      if (event.has_warning_acknowledged() || event.has_warning_ended()) climb.waits = false;
      if (!event.has_warning_passed_up()) continue;
      const auto& passed = event.warning_passed_up();
      if (!climb.waits || passed.level() != climb.level + 1 || passed.level() > 5 ||
          record.recorded_at_ms() <= climb.due_ms)
        Break(StrCat("a warning went up out of order: ", id));
      climb.level = passed.level();
      climb.due_ms = passed.clock().due_at_ms();
    }
    for (const auto& [id, climb] : climbs) {
      if (climb.level == 0 || climb.level >= 5 || !climb.waits) continue;
      if (books_.now_ms > climb.due_ms + kPatience) Break(StrCat("a warning waits and did not go up: ", id));
    }
  }

  struct Seen {
    std::string rule, matter;
    int64_t raised_ms = 0, ended_ms = 0;
  };

  const Books& books_;
  Broken& broken_;
  std::map<std::string, Known> matters_;
  std::map<std::string, Place> places_;
  std::map<std::string, int64_t> since_ms_;  // by county
  std::map<std::string, Seen> warnings_;
  std::map<std::string, std::set<std::string>> named_;  // by warning about a place
  std::multiset<std::string> expected_, raised_;
};

}  // namespace

void CheckWarnings(const Books& books, Broken* broken) { WarningCheck(books, broken).Run(); }

}  // namespace sim
