// Law 2. Every notice had its effect exactly once in every subscriber. What must have happened is worked out
// here from the publisher's log alone, in the words of the domain model; what did happen is read from the
// subscriber's log. No cursor and no subscription table is asked.

#include <absl/strings/str_cat.h>

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tests/sim/laws.h"

namespace sim {
namespace {

using kernel::v1::LogRecord;

// The records of a hearer by what caused them.
class Effects {
 public:
  explicit Effects(const std::vector<LogRecord>& log) {
    for (const LogRecord& record : log) by_cause_[record.cause()].push_back(&record);
  }
  const std::vector<const LogRecord*>& Of(const std::string& cause) const {
    static const std::vector<const LogRecord*> kNone;
    const auto at = by_cause_.find(cause);
    return at == by_cause_.end() ? kNone : at->second;
  }
  int Count(const std::string& cause, const std::set<std::string>& types) const {
    int count = 0;
    for (const LogRecord* record : Of(cause)) count += types.contains(record->event_type()) ? 1 : 0;
    return count;
  }
  const std::map<std::string, std::vector<const LogRecord*>>& all() const { return by_cause_; }

 private:
  std::map<std::string, std::vector<const LogRecord*>> by_cause_;
};

class NoticeCheck {
 public:
  NoticeCheck(const Books& books, Broken* broken)
      : books_(books),
        broken_(*broken),
        incident_(books.incident.log),
        mediation_(books.mediation.log),
        oversight_(books.oversight.log) {}

  void Run() {
    for (const LogRecord& record : books_.incident.log) {
      if (record.notice().topic().empty()) continue;
      ObservedOnce<incident::v1::Notice>("incident", record, &oversight::v1::Part::incident);
      ReferralTakenOnce(record);
    }
    for (const LogRecord& record : books_.mediation.log) {
      if (record.notice().topic().empty()) continue;
      ObservedOnce<mediation::v1::Notice>("mediation", record, &oversight::v1::Part::mediation);
      AnswerHeardByIncidentOnce(record);
    }
    for (const LogRecord& record : books_.oversight.log) {
      if (!record.notice().topic().empty()) RequestHeardOnce(record);
    }
    for (const LogRecord& record : books_.directory) {
      if (!record.notice().topic().empty()) ReferenceLearnedOnce(record);
    }
    NothingWithoutCause("incident", incident_);
    NothingWithoutCause("mediation", mediation_);
    NothingWithoutCause("oversight", oversight_);
  }

 private:
  void Expect(int times, const std::string& cause, const LogRecord& notice, std::string_view hearer,
              const Effects& effects, const std::set<std::string>& types) {
    const int count = effects.Count(cause, types);
    if (count == times) return;
    broken_.push_back(absl::StrCat("law 2: ", cause, " (", notice.notice().topic(), " of ",
                                   notice.aggregate_id(), ") had its effect ", count, " times in ",
                                   std::string(hearer), ", expected ", times));
  }

  // Oversight follows every step of every matter that is not sealed, and says of it what the notice said.
  template <class Notice>
  void ObservedOnce(std::string_view source, const LogRecord& record,
                    const Notice& (oversight::v1::Part::*said)() const) {
    Notice notice;
    CHECK(notice.ParseFromString(record.notice().payload()));
    const bool heard = record.notice().classification() != kernel::v1::SEALED &&
                       !record.notice().matter_code().empty() && notice.status() != 0;
    const std::string cause = CauseOf(source, record);
    Expect(heard ? 1 : 0, cause, record, "oversight", oversight_, {"standing_changed"});
    for (const LogRecord* effect : oversight_.Of(cause)) {
      const auto event = EventOf<oversight::v1::Event>(*effect);
      if (!event.has_standing_changed()) continue;
      const auto& part = event.standing_changed().part();
      if (effect->aggregate_id() != record.notice().matter_code() || part.version() != record.version() ||
          (part.*said)().SerializeAsString() != notice.SerializeAsString()) {
        broken_.push_back(absl::StrCat("law 2: oversight heard ", cause, ", but not what it said"));
      }
    }
  }

  void ReferralTakenOnce(const LogRecord& record) {
    if (record.notice().topic() != "incident.referred_to_mediation") return;
    incident::v1::Notice notice;
    CHECK(notice.ParseFromString(record.notice().payload()));
    const std::string& referral = notice.referral().referral_id();
    if (referral.empty()) return;  // sealed: oversight hears nothing, nor does mediation
    int cases = 0;
    for (const LogRecord& other : books_.mediation.log) {
      if (other.event_type() != "registered") continue;
      const auto event = EventOf<mediation::v1::Event>(other);
      if (event.registered().origin().referral_id() != referral) continue;
      ++cases;
      if (event.registered().matter_code() != record.notice().matter_code()) {
        broken_.push_back(absl::StrCat("law 2: the case of referral ", referral, " has another code"));
      }
    }
    if (cases != 1)
      broken_.push_back(absl::StrCat("law 2: referral ", referral, " opened ", cases, " cases"));
  }

  void AnswerHeardByIncidentOnce(const LogRecord& record) {
    static const std::map<std::string, std::string, std::less<>> kLeadsTo = {
        {"mediation.referral_received", "referral_answered"},
        {"mediation.accepted", "referral_answered"},
        {"mediation.effective", "closed"},
        {"mediation.ended", "referral_returned"},
        {"mediation.refused", "referral_returned"}};
    mediation::v1::Notice notice;
    CHECK(notice.ParseFromString(record.notice().payload()));
    const auto row = kLeadsTo.find(record.notice().topic());
    const bool ours = notice.origin().service() == "incident" && row != kLeadsTo.end();
    const std::string cause = CauseOf("mediation", record);
    const std::set<std::string> all = {"referral_answered", "closed", "referral_returned"};
    Expect(ours ? 1 : 0, cause, record, "incident", incident_, all);
    if (!ours) return;
    Expect(1, cause, record, "incident", incident_, {row->second});
    for (const LogRecord* effect : incident_.Of(cause)) {
      if (effect->aggregate_id() != notice.origin().aggregate_id()) {
        broken_.push_back(absl::StrCat("law 2: ", cause, " had its effect on another matter"));
      }
    }
  }

  // What oversight asks is done or declined, once; a reminder asks for nothing.
  void RequestHeardOnce(const LogRecord& record) {
    static const std::map<std::string, std::set<std::string>, std::less<>> kIncident = {
        {"oversight.instructed", {"instructed"}},
        {"oversight.assigned", {"dispatched", "request_declined"}},
        {"oversight.send_down_requested", {"sent_down", "request_declined"}},
        {"oversight.reminded", {}}};
    oversight::v1::Notice notice;
    CHECK(notice.ParseFromString(record.notice().payload()));
    const std::string cause = CauseOf("oversight", record);
    const auto row = kIncident.find(record.notice().topic());
    if (row == kIncident.end()) {
      broken_.push_back(
          absl::StrCat("law 2: oversight said ", record.notice().topic(), ", which nobody knows"));
      return;
    }
    const bool asks = !row->second.empty();
    const std::set<std::string> by_case = {"instruction_noted", "oversight_answered"};
    Expect(asks && notice.service() == "incident" ? 1 : 0, cause, record, "incident", incident_, row->second);
    Expect(asks && notice.service() == "mediation" ? 1 : 0, cause, record, "mediation", mediation_, by_case);
  }

  // Reference data reaches everybody, and what was said last is what everybody holds.
  void ReferenceLearnedOnce(const LogRecord& record) {
    directory::v1::Notice notice;
    CHECK(notice.ParseFromString(record.notice().payload()));
    if (notice.has_session_revoked()) return;
    const std::string cause = CauseOf("directory", record);
    for (const auto& [name, effects] : {std::pair<const char*, const Effects*>{"incident", &incident_},
                                        {"mediation", &mediation_},
                                        {"oversight", &oversight_}}) {
      Expect(1, cause, record, name, *effects, {"reference_learned"});
    }
  }

  // Nothing was done because of a notice that was never given.
  void NothingWithoutCause(std::string_view hearer, const Effects& effects) {
    for (const auto& [cause, records] : effects.all()) {
      const size_t slash = cause.find('/');
      const std::string source = cause.substr(0, slash);
      if (source != "incident" && source != "mediation" && source != "oversight" && source != "directory")
        continue;
      const std::string number = cause.substr(slash + 1);
      if (number.empty() || number.find_first_not_of("0123456789") != std::string::npos)
        continue;  // a timer's name
      const auto& log = books_.LogOf(source);
      const uint64_t seq = std::stoull(number);
      if (seq == 0 || seq > log.size() || log[seq - 1].notice().topic().empty()) {
        broken_.push_back(
            absl::StrCat("law 2: ", std::string(hearer), " acted on ", cause, ", which was never said"));
      }
      // All of it was decided in one go: a second application would have come later.
      if (records.front()->recorded_at_ms() != records.back()->recorded_at_ms()) {
        broken_.push_back(absl::StrCat("law 2: ", std::string(hearer), " acted twice on ", cause));
      }
    }
  }

  const Books& books_;
  Broken& broken_;
  const Effects incident_, mediation_, oversight_;
};

}  // namespace

void CheckNotices(const Books& books, Broken* broken) { NoticeCheck(books, broken).Run(); }

}  // namespace sim
