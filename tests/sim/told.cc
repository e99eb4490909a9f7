#include "tests/sim/told.h"

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>

#include <algorithm>

#include "base/area_code.h"
#include "base/calendar.h"

namespace sim {
namespace {

using kernel::v1::LogRecord;
using policy::v1::Circle, policy::v1::Whom;

// Of R12; the file of the city says the same, or the law finds it out.
constexpr int64_t kQuietFromMs = 20 * base::kMinuteMs * 60, kQuietToMs = 7 * base::kMinuteMs * 60;
constexpr int64_t kHourMs = base::kMinuteMs * 60;
constexpr int kOneByOne = 5;

const std::set<Circle> kOfUnits = {policy::v1::DESK, policy::v1::HEAD, policy::v1::TECHNICAL, policy::v1::DISCIPLINE};

std::string Unit(const std::string& org, Circle circle) { return absl::StrCat("unit/", org, "/", Circle_Name(circle)); }
std::string Area(const std::string& area, Circle circle) {
  return absl::StrCat("area/", area, "/", Circle_Name(circle));
}
std::string Own(const Said& said) { return absl::StrCat("own/", said.service, "/", said.code); }

void Name(Said* said, Whom whom, const std::string& org) {
  if (!org.empty()) said->units[whom].push_back(org);
}

void ReadIncident(const incident::v1::Notice& notice, Said* said) {
  Name(said, policy::v1::HOLDER, notice.holder_org());
  Name(said, policy::v1::LEAD, notice.lead_org());
  Name(said, policy::v1::TERRITORIAL, notice.territorial_org());
  said->answers = !notice.holder_org().empty() ? notice.holder_org() : notice.lead_org();
  said->card = notice.card();
  said->pressing = notice.urgency() == common::v1::CRITICAL || notice.risk() == common::v1::HIGH;
  said->unsolved = notice.solved() == incident::v1::NO;
}

void ReadMediation(const mediation::v1::Notice& notice, Said* said) {
  Name(said, policy::v1::HOLDER, notice.holder_org());
  Name(said, policy::v1::COMMITTEE, notice.committee_org());
  said->answers = !notice.holder_org().empty() ? notice.holder_org() : notice.committee_org();
  said->card = notice.card();
  said->pressing = notice.risk() == common::v1::HIGH;
}

// One that names nobody who has it, as it is accepted or removed, has left: a copy, or an accusation.
void ReadPetition(const petition::v1::Notice& notice, Said* said) {
  Name(said, policy::v1::HOLDER, notice.holder_org());
  said->answers = notice.holder_org();
  said->card = notice.card();
  said->leaves = notice.holder_org().empty() &&
                 (said->topic == "petition.removed" || said->topic == "petition.accepted");
}

// About the matter of another service, and addressed.
void ReadOversight(const oversight::v1::Notice& notice, Said* said) {
  if (!notice.service().empty()) said->service = notice.service();
  if (!notice.subject_id().empty()) said->subject = notice.subject_id();
  Name(said, policy::v1::HOLDER, notice.to_org());
  Name(said, policy::v1::ADDRESSEE, notice.to_org());
  for (const std::string& org : notice.addressee()) Name(said, policy::v1::ADDRESSEE, org);
  Name(said, policy::v1::ISSUER, notice.issuer_org());
  said->answers = notice.to_org();
  said->card = notice.card();
  said->pressing = notice.high() || notice.urgency() == common::v1::CRITICAL;
  said->demanded = !notice.order_id().empty() || !notice.instruction_id().empty() ||
                   !notice.suggestion_id().empty() || !notice.task_id().empty();
}

// The level of the area a row means; 0: it means units.
int LevelMeant(Whom whom, int of_notice) {
  if (whom == policy::v1::OF_TOWNSHIP) return 3;
  if (whom == policy::v1::OF_COUNTY) return 4;
  if (whom == policy::v1::LEVEL_ABOVE) return of_notice + 1;
  return whom == policy::v1::LEVEL ? of_notice : 0;
}

template <class Notice>
Notice PayloadOf(const LogRecord& record) {
  Notice notice;
  CHECK(notice.ParseFromString(record.notice().payload()));
  return notice;
}

}  // namespace

MustKnow::MustKnow(const Books& books, policy::v1::NotificationPolicy rows) : rows_(std::move(rows)) {
  for (const auto& row : rows_.rule()) row_of_[row.topic()] = &row;
  for (const char* source : {"incident", "mediation", "petition", "oversight"}) {
    for (const LogRecord& record : books.LogOf(source)) Read(source, record);
  }
}

void MustKnow::Read(std::string_view source, const LogRecord& record) {
  const kernel::v1::Notice& notice = record.notice();
  if (notice.topic().empty() || notice.classification() == kernel::v1::SEALED) return;
  Said said;
  said.source = said.service = source;
  said.topic = notice.topic();
  said.seq = record.seq();
  said.subject = record.aggregate_id();
  said.code = notice.matter_code();
  said.area = notice.area_code();
  said.level = notice.level();
  if (source == "incident") ReadIncident(PayloadOf<incident::v1::Notice>(record), &said);
  if (source == "mediation") ReadMediation(PayloadOf<mediation::v1::Notice>(record), &said);
  if (source == "petition") ReadPetition(PayloadOf<petition::v1::Notice>(record), &said);
  if (source == "oversight") ReadOversight(PayloadOf<oversight::v1::Notice>(record), &said);
  said_.emplace(std::pair{said.source, said.seq}, std::move(said));
}

const policy::v1::TopicRule* MustKnow::RowOf(const Said& said) const {
  const auto at = row_of_.find(said.topic);
  return at == row_of_.end() ? nullptr : at->second;
}

std::set<std::string> MustKnow::BoxesOf(const Said& said, const policy::v1::TopicRule& row) const {
  std::set<std::string> boxes;
  for (const auto& to : row.to()) {
    const bool of_card = to.card().empty() || std::ranges::find(to.card(), said.card) != to.card().end();
    if (!of_card || (to.demanded() && !said.demanded) || (to.pressing() && !said.pressing)) continue;
    if (to.unsolved() && !said.unsolved) continue;
    if (to.whom() == policy::v1::CONCERNED) {
      if (!said.code.empty()) boxes.insert(Own(said));
      continue;
    }
    if (const int level = LevelMeant(to.whom(), said.level); level != 0) {
      const std::string area = base::CutTo(said.area, level);
      const bool below = said.IsOfPetition() && base::LevelOf(area) < said.level;
      if (!area.empty() && !below) boxes.insert(Area(area, to.circle()));
      continue;
    }
    const bool may = !said.IsOfPetition() || ((to.whom() == policy::v1::HOLDER || to.whom() == policy::v1::ADDRESSEE) &&
                                              to.circle() != policy::v1::DISCIPLINE);
    const auto named = said.units.find(to.whom());
    if (!may || named == said.units.end()) continue;
    for (const std::string& org : named->second) boxes.insert(Unit(org, to.circle()));
  }
  return boxes;
}

std::set<std::string> MustKnow::NamedByTheDomain(const Said& said) const {
  const auto unit = [&](Whom whom, std::initializer_list<Circle> circles) {
    std::set<std::string> boxes;
    const auto named = said.units.find(whom);
    if (named == said.units.end()) return boxes;
    for (const std::string& org : named->second) {
      for (const Circle circle : circles) boxes.insert(Unit(org, circle));
    }
    return boxes;
  };
  const auto area = [&](Circle circle) {
    const std::string at = base::CutTo(said.area, said.level);
    return at.empty() ? std::set<std::string>() : std::set<std::string>{Area(at, circle)};
  };
  static const std::set<std::string, std::less<>> kToThoseConcerned = {
      "incident.rejected",  "incident.merged",        "mediation.refused",  "mediation.ended",  // I4, I5, M6, M17
      "petition.accepted",  "petition.not_accepted",  "petition.redirected",                    // P8, P9, P10
      "petition.extended",  "petition.opinion_issued"};                                         // P15, P18
  if (said.topic == "incident.reported" && said.pressing) {  // 3.6.3: not for one desk alone
    std::set<std::string> boxes = unit(policy::v1::HOLDER, {policy::v1::DESK});
    for (const int level : {3, 4}) {
      if (const std::string at = base::CutTo(said.area, level); !at.empty()) boxes.insert(Area(at, policy::v1::DUTY));
    }
    return boxes;
  }
  if (kToThoseConcerned.contains(said.topic) && !said.code.empty()) return {Own(said)};
  if (said.topic == "incident.dispatched") return unit(policy::v1::HOLDER, {policy::v1::DESK});            // I6
  if (said.topic == "incident.evaluated" && said.unsolved)                                                 // I17
    return unit(policy::v1::TERRITORIAL, {policy::v1::DESK});
  if (said.topic == "incident.return_requested") return area(policy::v1::DUTY);                            // I8a
  if (said.topic == "mediation.risk_reported") return area(policy::v1::DUTY);                              // M12
  if (said.topic == "petition.forwarded") return unit(policy::v1::HOLDER, {policy::v1::DESK});             // P4
  if (said.topic == "petition.urgent_reported") return area(policy::v1::LEADERS);                          // P2
  if (said.topic == "oversight.reminded")                                                                  // O1
    return unit(policy::v1::ADDRESSEE, {policy::v1::DESK, policy::v1::HEAD});
  if (said.topic == "oversight.order_issued") return unit(policy::v1::ADDRESSEE, {policy::v1::HEAD});      // O4
  if (said.topic == "oversight.warning_raised") return area(policy::v1::DUTY);                             // O10
  if (said.topic == "oversight.task_created") return unit(policy::v1::ADDRESSEE, {policy::v1::DESK});      // O11
  return {};
}

std::set<std::string> MustKnow::BoxesOf(const kernel::v1::Grant& grant) const {
  std::set<std::string> boxes;
  for (const auto& circle : rows_.circle()) {
    if (std::ranges::find(circle.role(), grant.role()) == circle.role().end()) continue;
    boxes.insert(kOfUnits.contains(circle.circle()) ? Unit(grant.org_id(), circle.circle())
                                                    : Area(grant.area_code(), circle.circle()));
  }
  return boxes;
}

bool MustKnow::IsQuiet(int64_t at_ms) const {
  const int64_t today = at_ms - base::StartOfDayMs(base::LocalDay(at_ms));
  return today >= kQuietFromMs || today < kQuietToMs;
}

int64_t MustKnow::Morning(int64_t at_ms) const {
  const base::Day day = base::LocalDay(at_ms);
  const int64_t morning = base::StartOfDayMs(day) + kQuietToMs;
  return at_ms < morning ? morning : base::StartOfDayMs(day + 1) + kQuietToMs;
}

// When what is not urgent is shown as part of a digest; 0: by itself.
int64_t MustKnow::Arrive(Box* box, bool alone, int64_t at_ms) const {
  if (alone && !IsQuiet(at_ms)) return 0;
  if (box->waits_until_ms > at_ms) return box->waits_until_ms;
  if (IsQuiet(at_ms)) return box->waits_until_ms = Morning(at_ms);
  if (box->hour_from_ms == 0 || at_ms >= box->hour_from_ms + kHourMs) {
    box->hour_from_ms = at_ms;
    box->shown = 0;
  }
  if (box->shown == kOneByOne) {
    const int64_t end = box->hour_from_ms + kHourMs;
    return box->waits_until_ms = IsQuiet(end) ? Morning(end) : end;
  }
  ++box->shown;
  return 0;
}

Told MustKnow::Play(const Book<notify::v1::State>& book, std::string_view who, Broken* broken) const {
  Told out;
  std::map<std::string, Box> boxes;
  std::map<const Said*, int> times;
  const auto deliver = [&](const std::string& box, const Said* said, const policy::v1::TopicRule& row, int64_t at_ms) {
    Entry entry{box, said, row.wording(), false, at_ms, 0, false};
    entry.urgent = row.urgent() == policy::v1::AT_ONCE || (row.urgent() == policy::v1::BY_MATTER && said->pressing);
    const bool alone = std::ranges::find(row.alone(), said->card) != row.alone().end();
    if (!entry.urgent) entry.digest_at_ms = Arrive(&boxes[box], alone, at_ms);
    out.entries.push_back(std::move(entry));
  };
  for (const LogRecord& record : book.log) {
    const size_t slash = record.cause().find('/');
    uint64_t seq = 0;
    if (slash == std::string::npos || !absl::SimpleAtoi(record.cause().substr(slash + 1), &seq)) continue;
    const auto at = said_.find({record.cause().substr(0, slash), seq});
    if (at == said_.end()) {
      broken->push_back("law 7: " + std::string(who) + " told of " + record.cause() + ", which nobody said to it");
      continue;
    }
    const Said& said = at->second;
    if (said.leaves) {
      if (!out.left.emplace(said.LeavingId(), record.seq()).second) continue;
      for (Entry& entry : out.entries) {
        entry.withdrawn |= entry.said->IsOfPetition() && entry.said->LeavingId() == said.LeavingId();
      }
      continue;
    }
    if (record.event_type() != "told") continue;
    ++times[&said];
    out.told[record.seq()] = &said;
    const auto* row = RowOf(said);
    if (row == nullptr) continue;  // told too often, below
    for (const std::string& box : BoxesOf(said, *row)) deliver(box, &said, *row, record.recorded_at_ms());
  }
  for (const auto& [key, said] : said_) {
    const bool gone = said.IsOfPetition() && out.left.contains(said.LeavingId());
    const int due = !said.leaves && RowOf(said) != nullptr ? 1 : 0;
    const int count = times.contains(&said) ? times.at(&said) : 0;
    if (count == due || (gone && count == 0)) continue;
    broken->push_back(absl::StrCat("law 7: ", std::string(who), " told ", key.first, "/", key.second, " (", said.topic,
                                   ") ", count, " times, expected ", due));
  }
  return out;
}

}  // namespace sim
