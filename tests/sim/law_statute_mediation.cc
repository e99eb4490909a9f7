// Law 3, by the book: the periods of a mediation case, from 人民调解法, 人民调解工作若干规定, 特邀调解规定, 在线调解规则,
// 医疗纠纷预防和处理条例, 劳动争议调解仲裁法 and 民事诉讼法, and from what the log says happened.

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <map>
#include <string>

#include "tests/sim/law_statute.h"

namespace sim {
namespace {

using kernel::v1::LogRecord;
using mediation::v1::Event;

constexpr std::string_view kPlatform = "平台默认";

Claim Working(int64_t from_ms, int days) { return {{from_ms, {{days, Part::kWorkingDays}}}, kPlatform, ""}; }

Part PartOf(const common::v1::Length& length) {
  switch (length.unit()) {
    case common::v1::MO:
      return {length.amount(), Part::kMonths};
    case common::v1::WD:
      return {length.amount(), Part::kWorkingDays};
    default:
      return {length.amount(), Part::kDays};
  }
}

class CaseDocket {
 public:
  Docket docket;

  // `sent_ms`: when the service that referred it did so.
  void Hear(const Event& event, int64_t sent_ms, ClockJudge* judge, const std::string& id) {
    const int64_t now = docket.now_ms();
    switch (event.body_case()) {
      case Event::kRegistered:
        return Register(event.registered(), sent_ms, judge);
      case Event::kIntakeCompleted:
        type_ = event.intake_completed().dispute_type();
        return docket.Start("DM-01", Working(now, 3));
      case Event::kConsentAsked:
        if (docket.Find("DM-02") == nullptr) docket.Start("DM-02", Working(now, 3));
        return;
      case Event::kConsentRecorded:
        if (event.clock_size() > 0) docket.Stop("DM-02");  // the last side has agreed
        return;
      case Event::kRefused:
        return AnsweredAtDoor();
      case Event::kAccepted:
        AnsweredAtDoor();
        docket.Start("DM-03", Working(now, 2));
        docket.Start("DM-04", Mediation(now, true));
        cut_ = IsCut(judge->rest());
        if (!cut_) docket.Find("DM-04")->period.no_later_ms = 0;
        return;
      case Event::kAssigned:
        assigned_ = true;
        return docket.Stop("DM-03");
      case Event::kTransferred:
        if (assigned_ && !paused_) docket.Start("DM-03", Working(now, 2));
        assigned_ = false;
        return;
      case Event::kArchived:
        return docket.Stop("DM-07");
      default:
        Course(event, judge, id);
        Agreement(event, judge, id);
    }
  }

 private:
  void Register(const mediation::v1::Registered& e, int64_t sent_ms, ClockJudge* judge) {
    const int64_t now = docket.now_ms();
    kind_ = e.kind();
    type_ = e.dispute_type();
    summary_ = e.summary_procedure();
    received_ms_ = e.application_received_at_ms();
    end_by_ms_ = e.end_by_ms();
    if (e.source() == mediation::v1::EX_OFFICIO) docket.Start("DM-02", Working(now, 3));
    if (e.source() == mediation::v1::EX_OFFICIO || e.source() == mediation::v1::ON_APPLICATION)
      return docket.Start("DM-01", Working(now, 3));
    // 在线调解规则 12: 收到委派委托后三个工作日内确认; others by analogy. Who refers waits from the moment of referring.
    const Claim from_sender = Working(sent_ms, 3);
    const bool senders = sent_ms > 0 && LastMoment(from_sender.period, judge->rest()) > now;
    docket.Start("DM-08", senders ? from_sender : Working(received_ms_, 3));
  }

  void AnsweredAtDoor() {
    for (const char* policy : {"DM-01", "DM-02", "DM-08"}) docket.Stop(policy);
  }

  // How long mediation may take.
  Claim Mediation(int64_t now, bool first) const {
    using namespace mediation::v1;                                                   // NOLINT: kinds
    Claim claim{{now, {{1, Part::kMonths}}}, "人民调解工作若干规定", "第三十三条"};  // 一般应当在一个月内调结
    // 特邀调解规定 27: 委派，30日；委托，普通程序15日，简易程序7日；自签字接收法院移交材料之日起计算
    const int64_t taken = first ? received_ms_ : now;
    if (kind_ == COURT_DELEGATED) {
      claim = {{taken, {{30, Part::kDays}}}, "特邀调解的规定", "第二十七条"};
    } else if (kind_ == COURT_ENTRUSTED) {
      claim = {{taken, {{summary_ ? 7 : 15, Part::kDays}}}, "特邀调解的规定", "第二十七条"};
    } else if (type_ == "D15") {  // 自受理之日起30个工作日内
      claim = {{now, {{30, Part::kWorkingDays}}}, "医疗纠纷预防和处理条例", "第三十八条"};
    } else if (type_ == "D10" || type_ == "D11") {  // 自收到调解申请之日起十五日内
      claim = {{first ? received_ms_ : now, {{15, Part::kDays}}}, "劳动争议调解仲裁法", "第十四条"};
    }
    if (first && end_by_ms_ > now)
      claim.period.no_later_ms = end_by_ms_;  // the petition's own period goes on
    return claim;
  }

  // The petition it comes from leaves less time than mediation has; that period stands for nobody.
  bool IsCut(const RestDays& rest) {
    const Claim* claim = docket.Find("DM-04");
    if (claim == nullptr || claim->period.no_later_ms == 0) return false;
    Period uncut = claim->period;
    uncut.no_later_ms = 0;
    return LastMoment(uncut, rest) > claim->period.no_later_ms;
  }

  void Course(const Event& event, ClockJudge* judge, const std::string& id) {
    using namespace mediation::v1;  // NOLINT: grounds
    switch (event.body_case()) {
      case Event::kPaused: {
        const auto& pausing = event.paused().pausing();
        // 医疗纠纷条例 38, 在线调解规则 26: the time of an appraisal. Nothing else stops a period.
        const bool stands = pausing.ground() == APPRAISAL && !cut_ &&
                            (kind_ == COURT_DELEGATED || (kind_ != COURT_ENTRUSTED && type_ == "D15"));
        if (stands != pausing.clock_stands())
          judge->Break(absl::StrCat("the period of ", id, " stands as no norm has it"));
        if (stands) docket.Pause("DM-04");
        paused_ = true;
        return;
      }
      case Event::kMediatorReplaced:
        assigned_ = true;
        return;
      case Event::kResumed:
        paused_ = false;
        if (!assigned_) docket.Start("DM-03", Working(docket.now_ms(), 2));  // handed up while it stood still
        return docket.Resume("DM-04");
      case Event::kHandOverLapsed:  // the petition's own period limits nobody any more
        end_by_ms_ = 0;
        if (event.clock_size() == 0) return;  // it does not run, or is over
        cut_ = false;
        docket.Find("DM-04")->period.no_later_ms = 0;
        return;
      case Event::kExtended:  // 当事人同意延长的，不受此限
        if (Claim* claim = docket.Find("DM-04")) {
          claim->period.parts.push_back(PartOf(event.extended().by()));
          if (end_by_ms_ != 0 && LastMoment(claim->period, judge->rest()) > end_by_ms_)
            judge->Break(absl::StrCat(id, " was extended beyond what its petition leaves"));
        }
        return;
      case Event::kRemediated:
        docket.Stop("DM-05", End::kFell);
        docket.Stop("DM-06", End::kFell);
        cut_ = false;
        end_by_ms_ = 0;
        return docket.Start("DM-04", Mediation(docket.now_ms(), false));
      case Event::kBreached:
        return Repudiated(event.breached(), judge);
      case Event::kEnded:
        docket.Stop("DM-04");
        docket.Stop("DM-08");
        return docket.StopAll();
      default:
        return;
    }
  }

  // 民法典 578: who will not keep a clause has broken it before its day, so it is visited within seven days of that.
  void Repudiated(const mediation::v1::Breached& e, ClockJudge* judge) {
    if (!e.breach().has_repudiation()) return;
    const int64_t now = docket.now_ms();
    const int64_t due = clauses_.clause(e.promise().no() - 1).due_at_ms();
    if (due <= 0 || now > due + base::kDayMs) judge->Break("a clause was broken before its day, and its day was over");
    const Claim visit{{now, {{7, Part::kDays}}}, kPlatform, ""};
    const Claim* before = docket.Find("DM-06");
    const int64_t last = LastMoment(visit.period, judge->rest());
    if (before != nullptr && LastMoment(before->period, judge->rest()) <= last) return;
    docket.Stop("DM-06", End::kFell);
    docket.Start("DM-06", visit);
  }

  void Agreement(const Event& event, ClockJudge* judge, const std::string& id) {
    Signed(event);
    switch (event.body_case()) {
      case Event::kAgreed:
        clauses_ = event.agreed().agreement();
        agreed_ms_ = docket.now_ms();
        return docket.Stop("DM-04");
      case Event::kReconsidered:
        return docket.Reopen("DM-04", cut_ ? 0 : agreed_ms_);
      case Event::kEffective:
        // 人民调解法 29: the last signature or the seal, as the paper has it; 30: the moment an oral one was reached.
        if (!event.effective().has_oral() && event.effective().effective_at_ms() != signed_ms_)
          judge->Break(absl::StrCat(id, " binds from another moment than its last signature or its seal"));
        return Effective(event.effective());
      case Event::kWindowExpired:
        return docket.Stop("DM-05", End::kFell);
      case Event::kFollowedUp:
        for (const auto& clock : event.clock()) {
          if (clock.policy_id() != "DM-06") continue;
          docket.Stop("DM-06");
          if (reference::IsRunning(clock))
            docket.Start("DM-06", {{clock.started_at_ms(), {{7, Part::kDays}}}, kPlatform, ""});
        }
        return;
      case Event::kConfirmationApplied:
        return docket.Stop("DM-05", event.confirmation_applied().confirmation().kind() == mediation::v1::COURT
                                        ? End::kDone
                                        : End::kFell);
      case Event::kCompleted:
        docket.Stop("DM-05", End::kFell);
        docket.StopAll();
        return docket.Start("DM-07", Working(docket.now_ms(), 15));
      default:
        return;
    }
  }

  // A day told of a paper counts, not the day it was entered. Every party of these cases is of one of the two sides.
  void Signed(const Event& event) {
    const auto put = [this](int64_t on_paper_ms) {
      signed_ms_ = std::max(signed_ms_, on_paper_ms == 0 ? docket.now_ms() : on_paper_ms);
    };
    if (event.has_agreed()) signed_ms_ = 0;
    if (event.has_party_signed()) put(event.party_signed().signed_at_ms());
    if (event.has_mediator_signed()) put(event.mediator_signed().signed_at_ms());
    if (event.has_sealed()) put(event.sealed().sealed_at_ms());
  }

  // 人民调解法 33, 民事诉讼法 205: 自调解协议生效之日起三十日内共同申请. What a court entrusted, it documents itself.
  void Effective(const mediation::v1::Effective& e) {
    docket.Stop("DM-04");
    if (e.has_oral()) clauses_ = e.oral();
    if (kind_ != mediation::v1::COURT_ENTRUSTED) {
      Claim window{{e.effective_at_ms(), {{30, Part::kDays}}}, "人民调解法", "第三十三条"};
      window.right = true;
      docket.Start("DM-05", std::move(window));
    }
    int64_t first_due = 0;
    for (const auto& clause : clauses_.clause()) {
      if (clause.due_at_ms() > 0 && (first_due == 0 || clause.due_at_ms() < first_due))
        first_due = clause.due_at_ms();
    }
    const int64_t from = first_due == 0 ? e.effective_at_ms() : std::max(first_due, e.effective_at_ms());
    docket.Start("DM-06", {{from, {{first_due == 0 ? 30 : 7, Part::kDays}}}, kPlatform, ""});
  }

  mediation::v1::CaseKind kind_ = mediation::v1::CASE_KIND_UNSPECIFIED;
  std::string type_;
  bool summary_ = false, assigned_ = false, paused_ = false, cut_ = false;
  int64_t received_ms_ = 0, end_by_ms_ = 0, agreed_ms_ = 0, signed_ms_ = 0;
  mediation::v1::Agreement clauses_;
};

// When each referral was made, by its id.
std::map<std::string, int64_t> ReferralTimes(const Books& books) {
  std::map<std::string, int64_t> times;
  for (const LogRecord& record : books.incident.log) {
    if (record.event_type() != "referred_to_mediation") continue;
    times[EventOf<incident::v1::Event>(record).referred_to_mediation().referral().referral_id()] =
        record.recorded_at_ms();
  }
  for (const LogRecord& record : books.petition.log) {
    if (record.event_type() != "referred_to_mediation") continue;
    times[EventOf<petition::v1::Event>(record).referred_to_mediation().referral().referral_id()] =
        record.recorded_at_ms();
  }
  return times;
}

}  // namespace

void CheckMediationStatute(const Books& books, Broken* broken) {
  ClockJudge judge("mediation", broken);
  const std::map<std::string, int64_t> sent = ReferralTimes(books);
  std::map<std::string, CaseDocket> dockets;
  for (const LogRecord& record : books.mediation.log) {
    const auto event = EventOf<Event>(record);
    const auto& learned = event.reference_learned().notice();
    if (learned.has_calendar_loaded()) judge.Learn(learned.calendar_loaded());
    const auto at = sent.find(event.registered().origin().referral_id());
    CaseDocket& state = dockets[record.aggregate_id()];
    state.docket.At(record.recorded_at_ms());
    state.Hear(event, at == sent.end() ? 0 : at->second, &judge, record.aggregate_id());
    judge.Changed(record.aggregate_id(), event.clock(), state.docket);
  }
  for (const auto& [id, state] : dockets) judge.Final(id, state.docket);
  if (judge.compared() == 0) judge.Break("no clock of a case was compared with the statutes");
}

}  // namespace sim
