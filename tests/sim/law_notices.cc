// Law 2. Every notice had its effect exactly once in every subscriber. What must have happened is worked out
// here from the publisher's log alone, in the words of the domain model; what did happen is read from the
// subscriber's log. No cursor and no subscription table is asked.

#include <absl/strings/str_cat.h>

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "media/v1/notices.pb.h"
#include "services/kernel/document_mark.h"
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
        petition_(books.petition.log),
        oversight_(books.oversight.log) {}

  void Run() {
    cases_ = Opened<mediation::v1::Event>(books_.mediation.log);
    petitions_ = Opened<petition::v1::Event>(books_.petition.log);
    for (const LogRecord& record : books_.petition.log) {
      if (EventOf<petition::v1::Event>(record).settled().by_mediation()) settled_by_.insert(record.aggregate_id());
    }
    for (const LogRecord& record : books_.incident.log) {
      if (record.notice().topic().empty()) continue;
      ObservedOnce<incident::v1::Notice>("incident", record, &oversight::v1::Part::incident);
      ReferralTakenOnce(record);
      PetitionTakenOnce(record);
    }
    for (const LogRecord& record : books_.mediation.log) {
      if (record.notice().topic().empty()) continue;
      ObservedOnce<mediation::v1::Notice>("mediation", record, &oversight::v1::Part::mediation);
      AnswerHeardByIncidentOnce(record);
      AnswerHeardByPetitionOnce(record);
    }
    for (const LogRecord& record : books_.petition.log) {
      if (record.notice().topic().empty() || record.notice().classification() == kernel::v1::SEALED) continue;
      ObservedOnce<petition::v1::Notice>("petition", record, &oversight::v1::Part::petition);
      ReferralTakenOnce(record);
      PetitionHeardByIncidentOnce(record);
      CareReportedOnce(record);
      LapseHeardOnce(record);
    }
    for (const LogRecord& record : books_.oversight.log) {
      if (!record.notice().topic().empty()) RequestHeardOnce(record);
    }
    for (const LogRecord& record : books_.media.log) {
      if (!record.notice().topic().empty()) KeptHeardOnce(record);
    }
    for (const LogRecord& record : books_.directory) {
      if (!record.notice().topic().empty()) ReferenceLearnedOnce(record);
    }
    NothingWithoutCause("incident", incident_);
    NothingWithoutCause("mediation", mediation_);
    NothingWithoutCause("petition", petition_);
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
  // But for whom a hand-over names and which papers go along with it: that is between those who give and take it.
  static void LeaveOut(incident::v1::Notice* notice) {
    if (!notice->has_referral()) return;
    notice->mutable_referral()->clear_against_org();
    notice->mutable_referral()->clear_handed_document();
  }
  static void LeaveOut(petition::v1::Notice* notice) {
    if (notice->has_referral()) notice->mutable_referral()->clear_handed_document();
  }
  static void LeaveOut(google::protobuf::Message*) {}

  template <class Notice>
  void ObservedOnce(std::string_view source, const LogRecord& record,
                    const Notice& (oversight::v1::Part::*said)() const) {
    Notice notice;
    CHECK(notice.ParseFromString(record.notice().payload()));
    LeaveOut(&notice);
    for (const auto mark : {kernel::kHandedFromField, kernel::kHandedBackField}) {  // for media alone
      notice.GetReflection()->MutableUnknownFields(&notice)->DeleteByNumber(static_cast<int>(mark));
    }
    const bool heard = record.notice().classification() != kernel::v1::SEALED &&
                       !record.notice().matter_code().empty() && notice.status() != 0;
    const std::string cause = CauseOf(source, record);
    Expect(heard ? 1 : 0, cause, record, "oversight", oversight_, {"standing_changed"});
    const bool task = record.notice().topic().starts_with("campaign.task_");
    Expect(task ? 1 : 0, cause, record, "oversight", oversight_, {"task_heard"});
    const bool campaign = record.notice().topic() == "campaign.started" || record.notice().topic() == "campaign.ended";
    Expect(campaign ? 1 : 0, cause, record, "oversight", oversight_, {"campaign_heard"});
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

  // Matter codes of what was registered, by the referral it came from.
  template <class Event>
  static std::map<std::string, std::vector<std::string>> Opened(const std::vector<LogRecord>& log) {
    std::map<std::string, std::vector<std::string>> opened;
    for (const LogRecord& record : log) {
      if (record.event_type() != "registered") continue;
      const auto event = EventOf<Event>(record);
      opened[event.registered().origin().referral_id()].push_back(event.registered().matter_code());
    }
    return opened;
  }

  template <class Notice>
  static std::string ReferralOf(const LogRecord& record) {
    Notice notice;
    CHECK(notice.ParseFromString(record.notice().payload()));
    return notice.referral().referral_id();
  }

  void ReferralTakenOnce(const LogRecord& record) {
    std::string referral;
    if (record.notice().topic() == "incident.referred_to_mediation") {
      referral = ReferralOf<incident::v1::Notice>(record);
    } else if (record.notice().topic() == "petition.referred_to_mediation") {
      referral = ReferralOf<petition::v1::Notice>(record);
    }
    if (referral.empty()) return;  // sealed: oversight hears nothing, nor does mediation
    ExpectOpened(referral, record, cases_, "cases");
  }

  void PetitionTakenOnce(const LogRecord& record) {
    if (record.notice().topic() != "incident.referred_to_petition") return;
    const std::string referral = ReferralOf<incident::v1::Notice>(record);
    if (referral.empty()) return;
    ExpectOpened(referral, record, petitions_, "petitions");
  }

  void ExpectOpened(const std::string& referral, const LogRecord& record,
                    const std::map<std::string, std::vector<std::string>>& opened, std::string_view what) {
    const auto at = opened.find(referral);
    const size_t count = at == opened.end() ? 0 : at->second.size();
    if (count != 1)
      broken_.push_back(absl::StrCat("law 2: referral ", referral, " opened ", count, " ", std::string(what)));
    if (count > 0 && at->second.front() != record.notice().matter_code())
      broken_.push_back(absl::StrCat("law 2: what referral ", referral, " opened has another code"));
  }

  // What an incident that was handed to the petition office hears of it: that it was taken, then, once, how it went on.
  void PetitionHeardByIncidentOnce(const LogRecord& record) {
    static const std::map<std::string, std::string, std::less<>> kLeadsTo = {
        {"petition.registered", "referral_answered"},
        {"petition.accepted", "closed"},
        {"petition.not_accepted", "referral_returned"},
        {"petition.redirected", "referral_returned"},
        {"petition.withdrawn", "referral_returned"},
        {"petition.closed", "referral_returned"}};  // only of one that nobody had accepted
    petition::v1::Notice notice;
    CHECK(notice.ParseFromString(record.notice().payload()));
    const auto row = kLeadsTo.find(record.notice().topic());
    bool ours = notice.origin().service() == "incident" && row != kLeadsTo.end();
    if (ours && row->second != "referral_answered")
      ours = answered_.insert(notice.origin().referral_id()).second;  // what comes later is between office and unit
    const std::string cause = CauseOf("petition", record);
    const std::set<std::string> all = {"referral_answered", "closed", "referral_returned"};
    Expect(ours ? 1 : 0, cause, record, "incident", incident_, all);
    if (ours) Expect(1, cause, record, "incident", incident_, {row->second});
    for (const LogRecord* effect : incident_.Of(cause)) {
      if (ours && effect->aggregate_id() != notice.origin().aggregate_id())
        broken_.push_back(absl::StrCat("law 2: ", cause, " had its effect on another matter"));
    }
  }

  // Whoever heard the last word is cared for: one task for the grid. What an opinion supports is none: the unit carries
  // it out where it has the petition.
  void CareReportedOnce(const LogRecord& record) {
    const bool due = record.notice().topic() == "petition.care_due";
    const std::string cause = CauseOf("petition", record);
    Expect(due ? 1 : 0, cause, record, "incident", incident_, {"reported"});
    for (const LogRecord* effect : incident_.Of(cause)) {
      if (effect->event_type() != "reported") continue;
      const auto event = EventOf<incident::v1::Event>(*effect);
      if (event.reported().intake().derived_from() != record.notice().matter_code())
        broken_.push_back(absl::StrCat("law 2: what ", cause, " asked for does not say where it comes from"));
    }
  }

  // A petition hears of the mediation it asked for last.
  void AnswerHeardByPetitionOnce(const LogRecord& record) {
    static const std::map<std::string, petition::v1::MediationState, std::less<>> kLeadsTo = {
        {"mediation.referral_received", petition::v1::TAKEN},
        {"mediation.accepted", petition::v1::TAKEN},
        {"mediation.refused", petition::v1::RETURNED},
        {"mediation.ended", petition::v1::RETURNED},
        {"mediation.effective", petition::v1::AGREEMENT_EFFECTIVE}};
    // Of an agreement that settled it already, what becomes of it.
    static const std::map<std::string, petition::v1::SettlementState, std::less<>> kBecomes = {
        {"mediation.breached", petition::v1::BROKEN},
        {"mediation.effective", petition::v1::MEDIATED_ANEW},
        {"mediation.ended", petition::v1::ANNULLED}};
    mediation::v1::Notice notice;
    CHECK(notice.ParseFromString(record.notice().payload()));
    const auto row = kLeadsTo.find(record.notice().topic());
    const bool ours = notice.origin().service() == "petition" && row != kLeadsTo.end();
    const std::string cause = CauseOf("mediation", record);
    const std::set<std::string> all = {"mediation_answered", "settlement_noted"};
    const int count = petition_.Count(cause, all);
    const auto becomes = kBecomes.find(record.notice().topic());
    const bool broken = notice.origin().service() == "petition" && record.notice().topic() == "mediation.breached";
    const auto nobody = books_.petition.states.end();
    const auto asked = ours || broken ? books_.petition.states.find(notice.origin().aggregate_id()) : nobody;
    const bool newest = asked != nobody && asked->second.mediation_referral_id() == notice.origin().referral_id();
    // What lapsed, or was sealed when it was settled, is answered by nobody who waits: heard in time it had its effect,
    // heard later it has none.
    const bool lapsed = newest && (asked->second.mediation() == petition::v1::HAND_OVER_LAPSED ||
                                   asked->second.type() == petition::v1::ACCUSATION);
    // A breach concerns a petition that rests on the agreement; another has gone its own way.
    const bool rests = newest && asked->second.status() == petition::v1::SETTLED && settled_by_.contains(asked->first);
    if (newest && !lapsed && (ours || rests)) Expect(1, cause, record, "petition", petition_, all);
    if (!ours) Expect(0, cause, record, "petition", petition_, {"mediation_answered"});
    if (count > 1) broken_.push_back(absl::StrCat("law 2: ", cause, " had its effect twice in petition"));
    for (const LogRecord* effect : petition_.Of(cause)) {
      const auto event = EventOf<petition::v1::Event>(*effect);
      const bool answers = event.has_mediation_answered() && row != kLeadsTo.end() &&
                           event.mediation_answered().state() == row->second;
      const bool notes = event.has_settlement_noted() && becomes != kBecomes.end() &&
                         event.settlement_noted().settlement() == becomes->second;
      const bool kept = event.has_settlement_noted() && becomes == kBecomes.end() && row == kLeadsTo.end() &&
                        event.settlement_noted().settlement() != petition::v1::BROKEN;
      if (effect->aggregate_id() != notice.origin().aggregate_id() || !(answers || notes || kept))
        broken_.push_back(absl::StrCat("law 2: petition heard ", cause, ", but not what it said"));
    }
  }

  // A hand-over that lapsed: a case that is open then ends, or says that nobody waits; one that is over hears nothing.
  void LapseHeardOnce(const LogRecord& record) {
    if (record.notice().topic() != "petition.hand_over_lapsed") return;
    const std::string cause = CauseOf("petition", record);
    const std::string id = "rf-" + ReferralOf<petition::v1::Notice>(record);
    const std::set<std::string> kLeadsTo = {"ended", "hand_over_lapsed"};
    const int heard = mediation_.Count(cause, kLeadsTo);
    const auto at = books_.mediation.states.find(id);
    const bool over = at != books_.mediation.states.end() && at->second.status() > mediation::v1::AGREED;
    if (heard > 1 || (heard == 0 && !over)) Expect(1, cause, record, "mediation", mediation_, kLeadsTo);
    for (const LogRecord* effect : mediation_.Of(cause)) {
      const auto event = EventOf<mediation::v1::Event>(*effect);
      const bool other_end = event.has_ended() && event.ended().reason() != mediation::v1::E13_HAND_OVER_LAPSED;
      if (effect->aggregate_id() != id || other_end)
        broken_.push_back(absl::StrCat("law 2: mediation heard ", cause, ", but not what it said"));
    }
  }

  // An incident hears of the mediation it asked for last: that it was taken and how it went; and once an agreement has
  // closed it, whether the dispute stays settled.
  void AnswerHeardByIncidentOnce(const LogRecord& record) {
    static const std::map<std::string, std::string, std::less<>> kLeadsTo = {
        {"mediation.referral_received", "referral_answered"},
        {"mediation.accepted", "referral_answered"},
        {"mediation.effective", "closed"},
        {"mediation.ended", "referral_returned"},
        {"mediation.refused", "referral_returned"}};
    static const std::map<std::string, bool, std::less<>> kResolved = {
        {"mediation.effective", true}, {"mediation.ended", false}, {"mediation.breached", false}};
    mediation::v1::Notice notice;
    CHECK(notice.ParseFromString(record.notice().payload()));
    const std::string_view topic = record.notice().topic();
    const bool from_incident = notice.origin().service() == "incident";
    const std::string cause = CauseOf("mediation", record);
    const bool danger = topic == "mediation.risk_reported" && notice.public_order() != 0 && !from_incident;
    const bool told = danger && record.notice().classification() < kernel::v1::SENSITIVE;  // not of violence at home
    Expect(told ? 1 : 0, cause, record, "incident", incident_, {"reported"});
    std::set<std::string> expected;
    const auto resolved = kResolved.find(topic);
    const bool after = from_incident && resolved != kResolved.end() && settled_.contains(notice.origin().referral_id());
    if (after) {
      expected = {"resolution_noted"};
    } else if (const auto row = kLeadsTo.find(topic); from_incident && row != kLeadsTo.end()) {
      expected = {row->second};
    }
    if (from_incident && topic == "mediation.effective") settled_.insert(notice.origin().referral_id());
    std::set<std::string> all = {"referral_answered", "closed", "referral_returned"};
    if (resolved != kResolved.end()) all.insert("resolution_noted");
    const auto asked = books_.incident.states.find(notice.origin().aggregate_id());
    const bool newest = from_incident && asked != books_.incident.states.end() &&
                        asked->second.incident().referral().referral().referral_id() == notice.origin().referral_id();
    if (newest || !after) {
      Expect(expected.empty() ? 0 : 1, cause, record, "incident", incident_, all);
      if (!expected.empty()) Expect(1, cause, record, "incident", incident_, expected);
    } else if (incident_.Count(cause, all) > 1) {  // it may have been opened and referred again by then
      broken_.push_back(absl::StrCat("law 2: ", cause, " had its effect twice in incident"));
    }
    for (const LogRecord* effect : incident_.Of(cause)) {
      if (from_incident && effect->aggregate_id() != notice.origin().aggregate_id())
        broken_.push_back(absl::StrCat("law 2: ", cause, " had its effect on another matter"));
      const auto event = EventOf<incident::v1::Event>(*effect);
      if (after && event.has_resolution_noted() && event.resolution_noted().resolved() != resolved->second)
        broken_.push_back(absl::StrCat("law 2: incident heard ", cause, ", but not what it said"));
    }
  }

  // What oversight asks is done or declined, once; a reminder asks for nothing. Over a petition lie orders and
  // instructions, until it is known for a copy or an accusation; nobody moves it.
  void RequestHeardOnce(const LogRecord& record) {
    static const std::map<std::string, std::set<std::string>, std::less<>> kIncident = {
        {"oversight.instructed", {}},  // whoever has the matter hears of it when it is distributed
        {"oversight.assigned", {"dispatched", "request_declined"}},
        {"oversight.send_down_requested", {"sent_down", "request_declined"}},
        {"oversight.escalate_requested", {"escalated", "request_declined"}},
        {"oversight.order_issued", {"order_set", "request_declined"}},
        {"oversight.order_closed", {"order_set"}},
        {"oversight.listed", {"order_set", "request_declined"}},
        {"oversight.unlisted", {"order_set"}},
        {"oversight.order_drafted", {}},
        {"oversight.order_answered", {}},
        {"oversight.own_order_answered", {}},
        {"oversight.distribution_reminded", {}},
        {"oversight.instruction_distributed", {"instructed"}},
        {"oversight.instruction_reported", {}},
        {"oversight.instruction_withdrawn", {}},
        {"oversight.request_refused", {}},
        {"oversight.leaders_request_refused", {}},
        {"oversight.escalated", {}},
        {"oversight.reminded", {}},
        {"oversight.task_created", {}},
        {"oversight.task_confirmed", {}},
        {"oversight.task_cancelled", {}},
        {"oversight.task_reported", {}},
        {"oversight.task_sent_back", {}},
        {"oversight.graded", {}},
        {"oversight.published", {}},
        {"oversight.warning_raised", {}},
        {"oversight.warning_passed_up", {}},
        {"oversight.warning_acknowledged", {}},
        {"oversight.warning_cleared", {}},
        {"oversight.accountability_suggested", {}},
        {"oversight.suggestion_answered", {}},
        {"oversight.inspection_planned", {}},
        {"oversight.inspection_feedback", {}},
        {"oversight.rectification_reported", {}},
        {"oversight.rectification_sent_back", {}},
        {"oversight.rectification_accepted", {}},
        {"oversight.finding_struck", {}},
        {"oversight.conference_measure", {}}};
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
    const bool about_order = row->second.contains("order_set") || record.notice().topic() == "oversight.order_drafted";
    const std::set<std::string> by_case = {"instruction_noted", "oversight_answered", "transferred"};
    Expect(asks && notice.service() == "incident" ? 1 : 0, cause, record, "incident", incident_, row->second);
    const bool of_case = asks && !about_order && notice.service() == "mediation";
    Expect(of_case ? 1 : 0, cause, record, "mediation", mediation_, by_case);
    OverlaidOnce(record, notice, about_order && asks);
  }

  // An order that is out lies over its case or petition; what it is now law 4 recounts. Said again, it changes nothing.
  void OverlaidOnce(const LogRecord& record, const oversight::v1::Notice& notice, bool order) {
    const std::string cause = CauseOf("oversight", record);
    if (!order || notice.service() != "mediation") Expect(0, cause, record, "mediation", mediation_, {"order_set"});
    const auto petition = books_.petition.states.find(notice.subject_id());
    const bool there = notice.service() == "petition" && petition != books_.petition.states.end();
    const bool left = there && (petition->second.type() == petition::v1::ACCUSATION ||
                                petition->second.status() == petition::v1::MERGED);
    const bool instructed = there && record.notice().topic() == "oversight.instruction_distributed";
    if (instructed && !left) Expect(1, cause, record, "petition", petition_, {"instructed"});
    if (!there) Expect(0, cause, record, "petition", petition_, {"instructed", "order_set"});
    for (const auto& [hearer, effects] : {std::pair<const char*, const Effects*>{"mediation", &mediation_},
                                          {"petition", &petition_}}) {
      for (const LogRecord* effect : effects->Of(cause)) {
        if (effect->aggregate_id() != notice.subject_id())
          broken_.push_back(absl::StrCat("law 2: ", cause, " had its effect on another matter in ", hearer));
      }
      if (effects->Count(cause, {"instructed", "order_set"}) > 1)
        broken_.push_back(absl::StrCat("law 2: ", cause, " had its effect twice in ", hearer));
    }
  }

  // That a paper came is for whom media says it is, and for nobody else.
  void KeptHeardOnce(const LogRecord& record) {
    media::v1::Notice notice;
    CHECK(notice.ParseFromString(record.notice().payload()));
    const std::string cause = CauseOf("media", record);
    for (const auto& [name, effects] : {std::pair<const char*, const Effects*>{"mediation", &mediation_},
                                        {"petition", &petition_}}) {
      Expect(notice.service() == name ? 1 : 0, cause, record, name, *effects, {"document_kept"});
      for (const LogRecord* effect : effects->Of(cause)) {
        if (effect->aggregate_id() != "doc/" + notice.sha256())
          broken_.push_back(absl::StrCat("law 2: ", cause, " had its effect on another document in ", name));
      }
    }
  }

  // Reference data reaches everybody, and what was said last is what everybody holds.
  void ReferenceLearnedOnce(const LogRecord& record) {
    directory::v1::Notice notice;
    CHECK(notice.ParseFromString(record.notice().payload()));
    if (notice.has_session_revoked()) return;
    const std::string cause = CauseOf("directory", record);
    for (const auto& [name, effects] : {std::pair<const char*, const Effects*>{"incident", &incident_},
                                        {"mediation", &mediation_},
                                        {"petition", &petition_},
                                        {"oversight", &oversight_}}) {
      const int times = notice.has_staff_changed() && effects == &incident_ ? 0 : 1;  // the grid names nobody
      Expect(times, cause, record, name, *effects, {"reference_learned"});
    }
  }

  // Nothing was done because of a notice that was never given.
  void NothingWithoutCause(std::string_view hearer, const Effects& effects) {
    for (const auto& [cause, records] : effects.all()) {
      const size_t slash = cause.find('/');
      const std::string source = cause.substr(0, slash);
      if (source != "incident" && source != "mediation" && source != "petition" && source != "oversight" &&
          source != "directory" && source != "media") {
        continue;
      }
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
  std::map<std::string, std::vector<std::string>> cases_, petitions_;
  std::set<std::string> answered_;  // referrals of incidents whose petition has gone on
  std::set<std::string> settled_;   // referrals of incidents that an agreement has closed
  std::set<std::string> settled_by_;  // petitions that mediation settled
  const Effects incident_, mediation_, petition_, oversight_;
};

}  // namespace

void CheckNotices(const Books& books, Broken* broken) { NoticeCheck(books, broken).Run(); }

}  // namespace sim
