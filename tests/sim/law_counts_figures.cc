// Law 4 for the figures K-01 to K-28: each is read a second time from what the case services said until the end of its
// period, matter by matter, without legs, spells or tallies; for the whole city, a county and a township, for the whole
// run and for a piece of it.

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/area_code.h"
#include "services/oversight/figures.h"
#include "tests/sim/laws.h"
#include "tests/sim/recount.h"

namespace sim {
namespace {

using absl::StrCat;
using kernel::v1::LogRecord;
using Clocks = google::protobuf::RepeatedPtrField<common::v1::Clock>;
constexpr int64_t kDayMs = 86'400'000;

enum class Stand { kNone, kOpen, kClosed, kOut };

// One step of one aggregate, as it was told.
struct Said {
  int64_t at_ms = 0;
  std::string topic;
  int level = 0;
  std::string service;
  incident::v1::Notice incident;
  mediation::v1::Notice mediation;
  petition::v1::Notice petition;
  Stand stand = Stand::kNone;

  const Clocks& clocks() const {
    return service == "incident" ? incident.clock() : service == "mediation" ? mediation.clock() : petition.clock();
  }
};
using Steps = std::vector<Said>;

Stand StandOf(const Said& said, Stand before) {
  if (said.service == "incident") {
    using namespace incident::v1;  // NOLINT
    const Status s = said.incident.status();
    if (s == REJECTED || s == CANCELLED || s == MERGED) return Stand::kOut;
    return s == CLOSED || s == EVALUATED || s == ARCHIVED ? Stand::kClosed : Stand::kOpen;
  }
  if (said.service == "mediation") {
    using namespace mediation::v1;  // NOLINT
    const CaseStatus s = said.mediation.status();
    if (s == REFUSED || (s == ARCHIVED && before == Stand::kOut)) return Stand::kOut;
    return s == EFFECTIVE || s == COMPLETED || s == ENDED || s == ARCHIVED ? Stand::kClosed : Stand::kOpen;
  }
  using namespace petition::v1;  // NOLINT
  const PetitionStatus s = said.petition.status();
  if (s == NOT_ACCEPTED || s == REDIRECTED || s == WITHDRAWN || s == petition::v1::MERGED) return Stand::kOut;
  if (s == petition::v1::CLOSED) return before == Stand::kOut ? Stand::kOut : Stand::kClosed;
  const bool open = s == petition::v1::REGISTERED || s == FORWARDED || s == RECEIVED_BY_UNIT || s == OBJECTED ||
                    s == petition::v1::ACCEPTED || s == SUGGESTION_HANDLING;
  return open ? Stand::kOpen : Stand::kClosed;
}

const common::v1::Clock* PeriodOf(const Said& said) {
  static const std::vector<std::string> kIds = {"DA-03", "DA-04", "DA-05", "DI-05", "DM-04", "DP-05", "DP-14"};
  for (const auto& id : kIds) {
    const common::v1::Clock* last = nullptr;
    for (const auto& clock : said.clocks()) {
      if (clock.policy_id() == id && clock.outcome() != common::v1::CLOCK_CANCELLED) last = &clock;
    }
    if (last != nullptr) return last;
  }
  return nullptr;
}

// By when what is open is to be closed: once the handler's period is met, that of the verification that followed it.
const common::v1::Clock* ClosingOf(const Said& said) {
  const auto* handling = PeriodOf(said);
  if (handling == nullptr || said.service != "incident") return handling;
  if (handling->outcome() != common::v1::CLOCK_MET) return handling;
  const common::v1::Clock* verifying = nullptr;
  for (const auto& clock : said.clocks()) {
    const bool follows = clock.started_at_ms() >= handling->stopped_at_ms();
    if (clock.policy_id() == "DI-06" && clock.outcome() != common::v1::CLOCK_CANCELLED)
      verifying = follows ? &clock : nullptr;
  }
  return verifying == nullptr ? handling : verifying;
}

struct Whole {
  std::string area;
  std::map<std::string, Steps> parts;            // by service and aggregate
  std::vector<std::pair<int64_t, int>> repeats;  // when the same was said again; who may know
  bool derived = false;
};

// What a matter is at a moment.
struct Now {
  Stand stand = Stand::kNone;
  int64_t closed_ms = 0;
  int64_t due_ms = 0;  // earliest of what is open; 0: none
  bool resolved = false, in_time = true, suspended = false, extended = false;
  int level = 0, rework = 0;
};

class FigureCheck : Recount {
 public:
  FigureCheck(const City& city, const Books& books, Broken* broken) : Recount(broken), city_(city), books_(books) {}

  void Run() {
    if (!city_.oversight().up()) return;
    Listen("incident", books_.incident.log);
    Listen("mediation", books_.mediation.log);
    Listen("petition", books_.petition.log);
    if (first_ms_ == 0) return;
    const base::Day first = base::LocalDay(first_ms_), end = base::LocalDay(books_.now_ms) + 1;
    for (const std::string area : {"3714", "371403", "371403001"}) {
      const int own = base::LevelOf(area);
      Compare(area, own, {first, end});
      Compare(area, own, {first, end, books_.now_ms - books_.now_ms % base::kMinuteMs});
      Compare(area, own, {first + 1, first + std::max(2, (end - first) / 2)});
      // As it is read from above.
      for (int looks = own + 1; looks <= common::v1::CITY; ++looks) Compare(area, looks, {first, end});
    }
  }

 private:
  void Listen(const std::string& service, const std::vector<LogRecord>& log) {
    for (const LogRecord& record : log) {
      const auto& notice = record.notice();
      if (notice.matter_code().empty() || notice.classification() == kernel::v1::SEALED) continue;
      Said said;
      said.service = service;
      said.at_ms = record.recorded_at_ms();
      said.topic = notice.topic();
      said.level = notice.level();
      int status = 0;
      if (service == "incident") {
        CHECK(said.incident.ParseFromString(notice.payload()));
        status = said.incident.status();
      } else if (service == "mediation") {
        CHECK(said.mediation.ParseFromString(notice.payload()));
        status = said.mediation.status();
      } else {
        CHECK(said.petition.ParseFromString(notice.payload()));
        status = said.petition.status();
      }
      if (status == 0) continue;
      if (first_ms_ == 0 || said.at_ms < first_ms_) first_ms_ = said.at_ms;
      Take(record, std::move(said));
    }
  }
  void Take(const LogRecord& record, Said said) {
    const auto& notice = record.notice();
    Whole& whole = wholes_[notice.matter_code()];
    const auto at = books_.oversight.states.find(notice.matter_code());
    if (at != books_.oversight.states.end()) whole.area = at->second.matter().area_code();
    const std::string part = said.service + "/" + record.aggregate_id();
    if (said.service == "petition" && said.petition.holder_org().empty()) {
      whole.parts.erase(part);  // it has left the lists
      return;
    }
    if (said.topic == "petition.repeat_detected" && said.petition.repeat() &&
        !said.petition.earlier_code().empty() && said.petition.earlier_code() != notice.matter_code())
      wholes_[said.petition.earlier_code()].repeats.emplace_back(said.at_ms, said.level);
    Steps& steps = whole.parts[part];
    whole.derived |= !said.incident.derived_from().empty();
    said.stand = StandOf(said, steps.empty() ? Stand::kNone : steps.back().stand);
    steps.push_back(std::move(said));
  }

  // What everybody of the level may know of a matter.
  static std::vector<const Steps*> Seen(const Whole& whole, int level) {
    std::vector<const Steps*> seen;
    for (const auto& [name, steps] : whole.parts) {
      if (steps.empty() || (steps[0].service == "petition" && steps.back().level > level)) continue;
      seen.push_back(&steps);
    }
    return seen;
  }
  static Stand AtMoment(const std::vector<const Steps*>& parts, int64_t until_ms) {
    bool open = false, closed = false;
    for (const Steps* steps : parts) {
      Stand stand = Stand::kNone;
      for (const Said& said : *steps) {
        if (said.at_ms < until_ms) stand = said.stand;
      }
      open |= stand == Stand::kOpen;
      closed |= stand == Stand::kClosed;
    }
    return open ? Stand::kOpen : closed ? Stand::kClosed : Stand::kOut;
  }

  // When it opens again.
  static int64_t OpensAfter(const std::vector<const Steps*>& parts, int64_t t1) {
    int64_t earliest = INT64_MAX;
    for (const Steps* steps : parts) {
      for (const Said& said : *steps) {
        if (said.at_ms >= t1 && said.stand == Stand::kOpen) earliest = std::min(earliest, said.at_ms);
      }
    }
    return earliest;
  }

  // As it stood just before `t1`, with what later days say of a closing.
  Now Read(const Whole& whole, int level, int64_t t1) const {
    const auto parts = Seen(whole, level);
    Now now;
    now.stand = AtMoment(parts, t1);
    const int64_t reopened_ms = now.stand == Stand::kClosed ? OpensAfter(parts, t1) : t1;
    const Said* last = nullptr;  // of the part closed last
    int64_t last_ms = 0;
    for (const Steps* steps : parts) {
      if (steps->front().at_ms >= t1) continue;
      const Said* here = nullptr;
      int64_t since_ms = 0;
      int top = 0;
      bool extended = false, settled = false;
      for (const Said& said : *steps) {
        const Stand before = here == nullptr ? Stand::kNone : here->stand;
        const bool same_run = here != nullptr && before == Stand::kClosed && said.stand == Stand::kClosed;
        if (said.at_ms >= t1 && (!same_run || said.at_ms >= reopened_ms)) break;
        if (said.at_ms < t1) {
          const auto* clock = PeriodOf(said);
          extended |= clock != nullptr && !clock->extension().empty();
          top = LevelAfter(said, top);
          if (said.stand == Stand::kClosed && before != Stand::kClosed) {
            since_ms = said.at_ms;
            settled = false;
            const auto* closing = ClosingOf(said);
            now.in_time &= closing != nullptr ? said.at_ms <= closing->due_at_ms()
                                            : said.service != "incident" || said.incident.on_time();
          }
        }
        settled |= said.service == "petition" && said.petition.status() == petition::v1::SETTLED;
        here = &said;
      }
      now.level = std::max(now.level, top);
      now.extended |= extended;
      now.rework += here->incident.rework_count();
      if (here->stand == Stand::kOpen) {
        now.suspended |= here->incident.status() == incident::v1::SUSPENDED;
        AddDue(*here, &now);
      } else if (here->stand == Stand::kClosed) {
        const bool resolved = here->service == "incident"    ? here->incident.substantively_resolved()
                              : here->service == "mediation" ? here->mediation.effective_at_ms() != 0
                                                             : settled;
        if (last != nullptr && since_ms < last_ms) continue;
        now.resolved = resolved || (last != nullptr && since_ms == last_ms && now.resolved);
        last = here;
        last_ms = since_ms;
      }
    }
    now.level = std::max(now.level, OriginOf(whole, level));
    if (now.stand == Stand::kClosed) ClosedSince(parts, t1, &now);
    return now;
  }
  static int LevelAfter(const Said& said, int top) {
    if (said.service == "mediation") return said.mediation.effective_at_ms() != 0 ? said.mediation.level() : top;
    if (said.service == "petition") return std::max(top, said.petition.level());
    for (const int held : said.incident.level_path()) top = std::max(top, held);
    return std::max(top, said.incident.current_level());
  }
  static void AddDue(const Said& said, Now* now) {
    const auto* clock = ClosingOf(said);
    if (clock == nullptr) return;
    const bool paused =
        clock->stopped_at_ms() == 0 && clock->pause_size() > 0 && clock->pause().rbegin()->to_ms() == 0;
    if (paused && clock->pause().rbegin()->from_ms() <= clock->due_at_ms()) return;
    if (now->due_ms == 0 || clock->due_at_ms() < now->due_ms) now->due_ms = clock->due_at_ms();
  }
  static int OriginOf(const Whole& whole, int level) {
    const Said* first = nullptr;
    for (const Steps* steps : Seen(whole, level)) {
      const Said& said = steps->front();
      if (first == nullptr || said.at_ms < first->at_ms ||
          (said.at_ms == first->at_ms && said.service < first->service))
        first = &said;
    }
    if (first == nullptr) return 0;
    return first->service == "incident"    ? first->incident.origin_level()
           : first->service == "mediation" ? first->mediation.level()
                                           : first->petition.level();
  }
  static void ClosedSince(const std::vector<const Steps*>& parts, int64_t t1, Now* now) {
    std::set<int64_t> moments;
    for (const Steps* steps : parts) {
      for (const Said& said : *steps) {
        if (said.at_ms < t1) moments.insert(said.at_ms);
      }
    }
    Stand before = Stand::kNone;
    for (const int64_t at : moments) {
      const Stand stand = AtMoment(parts, at + 1);
      if (stand == Stand::kClosed && before != Stand::kClosed) now->closed_ms = at;
      before = stand;
    }
    for (const Steps* steps : parts) {
      for (const Said& said : *steps) {
        const bool no = said.topic == "incident.evaluated" && said.incident.solved() == incident::v1::NO;
        if (no && said.at_ms >= now->closed_ms && said.at_ms <= now->closed_ms + 7 * kDayMs) now->resolved = false;
      }
    }
  }

  // numerator, denominator of each figure
  using Counted = std::map<std::string, std::pair<int64_t, int64_t>>;
  static void Add(const std::string& id, bool numerator, bool denominator, Counted* counted) {
    (*counted)[id].first += numerator;
    (*counted)[id].second += denominator;
  }

  void CountSet(const Whole& whole, int level, int64_t t0, int64_t t1, int64_t due_by, Counted* counted) const {
    if (whole.derived) return;
    const Now now = Read(whole, level, t1);
    const bool closed = now.stand == Stand::kClosed && now.closed_ms >= t0;
    const bool late = now.stand == Stand::kOpen && now.due_ms != 0 && now.due_ms <= due_by;
    if (!closed && !late) return;
    const bool resolved = closed && now.resolved;
    const bool below = OriginOf(whole, level) <= 3;
    const bool suspended = late && now.suspended;
    Add("K-01", resolved, true, counted);
    Add("K-04a", resolved && now.level <= 2, resolved, counted);
    Add("K-04b", resolved && now.level <= 3, resolved, counted);
    Add("K-04c", below && now.level <= 3, below, counted);
    Add("K-05", closed && now.in_time, !suspended, counted);
    Add("K-28", closed, !suspended, counted);
    Add("K-28t", closed && now.in_time, !suspended, counted);
    Add("K-16", closed && now.extended, closed, counted);
    (*counted)["K-14"].first += closed ? now.rework : 0;
    (*counted)["K-14"].second += closed;
  }

  // What happened, step by step.
  static void CountSteps(const Whole& whole, int level, int64_t t0, int64_t t1, Counted* counted) {
    auto in = [&](int64_t at_ms) { return at_ms >= t0 && at_ms < t1; };
    for (const Steps* steps : Seen(whole, level)) {
      if (whole.derived && steps->front().service == "incident") continue;
      const bool out = steps->back().stand == Stand::kOut;
      if (steps->front().service == "petition" && in(steps->back().petition.registered_at_ms())) {
        Add("K-07", steps->back().petition.repeat(), true, counted);
        const int persons = std::max(1, steps->back().petition.petitioner_count());
        (*counted)["K-07p"].first += steps->back().petition.repeat() ? persons : 0;
        (*counted)["K-07p"].second += persons;
      }
      const bool by_worker = steps->front().incident.source() == incident::v1::GRID_WORKER;
      if (by_worker && !out && in(steps->front().incident.reported_at_ms())) Add("K-20", false, true, counted);
      for (const Said& said : *steps) {
        if (!in(said.at_ms)) continue;
        if (said.topic == "incident.evaluated") {
          const int score = said.incident.satisfied();
          Add("K-08", score >= 4, score > 0, counted);
          const auto solved = said.incident.solved();
          const bool mere = said.incident.category() == "0202";
          Add("K-10", solved == incident::v1::YES && !mere, solved != 0 && !mere, counted);
          const bool answered = score > 0 || solved != 0;
          Add("DQ-03", answered && said.incident.evaluated_by() == incident::v1::BY_STAFF, answered, counted);
        }
        if (said.topic == "incident.dispatched" && !out) Add("K-15", false, true, counted);
        if (said.topic == "incident.return_requested" && !out) {
          Add("K-15", true, false, counted);
          Add("K-15r", false, true, counted);
        }
        if (said.topic == "incident.return_refused" && !out) Add("K-15r", true, false, counted);
        if (said.topic == "mediation.effective") Add("K-02", true, true, counted);
        if (said.topic == "mediation.ended") {
          const auto why = said.mediation.end_reason();
          Add("K-02", false,
              why != mediation::v1::E09_TAKEN_BY_OTHER_AUTHORITY && why != mediation::v1::E11_NOT_SUITABLE &&
                  why != mediation::v1::E12_DIED_OR_GONE && why != mediation::v1::E13_HAND_OVER_LAPSED,
              counted);
        }
        if (said.topic == "petition.evaluated") {
          Add("K-08u", said.petition.rated_unit() >= 4, said.petition.rated_unit() > 0, counted);
          Add("K-08o", said.petition.rated_office() >= 4, said.petition.rated_office() > 0, counted);
        }
      }
    }
  }

  // Periods of petitions, each by its newest standing.
  static void CountTerms(const Whole& whole, int level, int64_t t0, int64_t due_by, Counted* counted) {
    auto in = [&](int64_t end_ms) { return end_ms > t0 && end_ms <= due_by; };
    for (const Steps* steps : Seen(whole, level)) {
      std::map<std::pair<std::string, int64_t>, common::v1::Clock> clocks;
      for (const Said& said : *steps) {
        for (const auto& clock : said.clocks()) clocks[{clock.policy_id(), clock.started_at_ms()}] = clock;
      }
      for (const auto& [key, clock] : clocks) {
        if (clock.outcome() == common::v1::CLOCK_CANCELLED) continue;
        const bool met = clock.outcome() == common::v1::CLOCK_MET;
        const std::string& id = key.first;
        const int64_t ended_ms = met ? std::min(clock.due_at_ms(), clock.stopped_at_ms() + 1) : clock.due_at_ms();
        if ((id == "DP-01" || id == "DP-02" || id == "DP-03") && in(ended_ms)) Add("K-12", met, true, counted);
        if ((id == "DP-05" || id == "DP-08" || id == "DP-10" || id == "DP-14") && in(clock.due_at_ms()))
          Add("K-13", met, true, counted);
      }
    }
  }

  void CountTasks(const std::string& area, int64_t t0, int64_t t1, int64_t due_by, Counted* counted) const {
    for (const auto& [id, state] : books_.incident.states) {
      const auto& task = state.task();
      if (!state.has_task() || (task.withdrawn() && !task.overdue()) || !base::Covers(area, task.grid_code())) continue;
      if (task.due_at_ms() <= t0 || task.due_at_ms() > due_by) continue;
      const bool done = task.done() && (task.done_at_ms() < t1 || task.done_at_ms() <= task.due_at_ms());
      Add("K-21", done, true, counted);
    }
  }

  void Compare(const std::string& area, int level, oversight::Days days) {
    if (days.from >= days.until) return;
    const int64_t t0 = base::StartOfDayMs(days.from), t1 = base::StartOfDayMs(days.until);
    // At 24:00 is late what was due by then; now, what was due before.
    const int64_t due_by = days.now_ms == 0 ? t1 : days.now_ms - 1;
    Counted counted;
    Settled settled;
    for (const auto& [code, whole] : wholes_) {
      if (whole.parts.empty() || !base::Covers(area, whole.area)) continue;
      CountSet(whole, level, t0, t1, due_by, &counted);
      CountSteps(whole, level, t0, t1, &counted);
      CountTerms(whole, level, t0, due_by, &counted);
      SelfHandled(whole, level, t0, t1, &settled, &counted);
    }
    InBursts(settled, &counted);
    CountTasks(area, t0, t1, due_by, &counted);
    const auto reader = city_.oversight().Read();
    auto places = oversight::FigurePlacesOf(reader, area, level);
    CHECK(places.ok()) << places.status();
    oversight::Counting counting(reader, area, *places, days, level);
    static const std::vector<std::string> kIds = {
        "K-01", "K-02", "K-04a", "K-04b", "K-04c", "K-05",  "K-07", "K-07p", "K-08", "K-08u", "K-08o",
        "K-10", "K-12", "K-13",  "K-14",  "K-15",  "K-15r", "K-16", "K-20",  "K-21", "K-28",  "K-28t",
        "DQ-02", "DQ-03"};
    for (const auto& id : kIds) {
      const auto figure = counting.FigureOf(*oversight::FindMetric(id), days.until + 365);
      CHECK(figure.ok()) << figure.status();
      const auto& [numerator, denominator] = counted[id];
      const bool few = figure->hidden() && denominator > 0 && denominator < oversight::kFew;
      if (few || (figure->numerator() == numerator && figure->denominator() == denominator)) continue;
      Break(StrCat(id, " of ", area, " as known from level ", level, " from ", base::DayText(days.from), " until ",
                   base::DayText(days.until), " says ", figure->numerator(), "/", figure->denominator(),
                   ", the services ", numerator, "/", denominator));
    }
  }
  // Each closing on the spot, also of what was reopened since.
  using Settled = std::map<std::string, std::vector<int64_t>>;  // by unit: seconds
  static void SelfHandled(const Whole& whole, int level, int64_t t0, int64_t t1, Settled* settled, Counted* counted) {
    if (whole.derived) return;
    for (const Steps* steps : Seen(whole, level)) {
      for (const Said& said : *steps) {
        if (said.topic != "incident.self_handled" || said.at_ms < t0 || said.at_ms >= t1) continue;
        Add("K-20", true, false, counted);
        (*settled)[said.incident.lead_org()].push_back(said.at_ms / 1000);
      }
    }
  }

  // Each of them beside all others: is there a minute with three of the unit and this one among them?
  static void InBursts(const Settled& settled, Counted* counted) {
    for (const auto& [unit, seconds] : settled) {
      for (const int64_t mine : seconds) {
        const bool burst = !unit.empty() && std::ranges::any_of(seconds, [&](int64_t first) {
          const auto within = std::ranges::count_if(seconds, [&](int64_t s) { return s >= first && s < first + 60; });
          return mine >= first && mine < first + 60 && within >= 3;
        });
        Add("DQ-02", burst, true, counted);
      }
    }
  }

  const City& city_;
  const Books& books_;
  std::map<std::string, Whole> wholes_;  // by matter code
  int64_t first_ms_ = 0;
};

}  // namespace

void CheckFigures(const City& city, const Books& books, Broken* broken) { FigureCheck(city, books, broken).Run(); }

}  // namespace sim
