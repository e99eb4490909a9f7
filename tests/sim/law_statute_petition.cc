// Law 3, by the book: the periods of a petition, from the text of 信访工作条例 (2022) and 山东省信访条例 (2015) and from
// what the log says happened. Each stored clock must be due on the day computed here, under the article named here;
// must run while the statute lets it run; and must stand still only during a hearing of the re-review.

#include <absl/strings/str_cat.h>

#include <map>
#include <string>

#include "tests/sim/law_statute.h"

namespace sim {
namespace {

using kernel::v1::LogRecord;
using petition::v1::Event;

constexpr std::string_view kNational = "信访工作条例";
constexpr std::string_view kShandong = "山东省信访条例";
constexpr std::string_view kPlatform = "平台默认";
constexpr int64_t kDayMs = 86'400'000;

Claim Days(int64_t from_ms, int days, std::string_view law, std::string_view article) {
  return {{from_ms, {{days, Part::kDays}}}, law, article};
}
Claim WorkingDays(int64_t from_ms, int days, std::string_view law, std::string_view article) {
  return {{from_ms, {{days, Part::kWorkingDays}}}, law, article};
}
Claim Named() {
  Claim claim{{}, kPlatform, ""};
  claim.named = true;
  return claim;
}
Claim Right(Claim claim) {
  claim.right = true;
  return claim;
}

class PetitionDocket {
 public:
  Docket docket;
  bool owes_care() const { return owes_care_; }  // 37(3): 已经复查复核……的相关信访人，应当做好……帮扶救助

  void Hear(const Event& event, ClockJudge* judge, const std::string& id) {
    Doubt(event, judge, id);
    Take(event, judge, id);
    NameDay(event, judge, id);
    Course(event, judge, id);
    Execute(event, judge, id);
    Lead(event);
  }

 private:
  void Course(const Event& event, ClockJudge* judge, const std::string& id) {
    const int64_t now = docket.now_ms();
    switch (event.body_case()) {
      case Event::kRegistered:
        return Register(event.registered());
      case Event::kRetyped:
        return Retyped(event.retyped().office_org(), now);
      case Event::kUrgentMarked:
        return Report(event);
      case Event::kMerged:
      case Event::kWithdrawn:
        return docket.StopAll({"DP-13", "DP-15", "DP-18"});
      case Event::kStudyStarted:
        Decided();
        return docket.Start("DP-14", Days(now, 60, kPlatform, ""));  // 29 sets no period
      case Event::kSuggestionReplied:
        return docket.Stop("DP-14");
      case Event::kImprovementSuggested:  // 山东 59: 三十日内书面反馈
        return docket.Start("DP-13", Days(now, 30, kShandong, "第五十九条"));
      case Event::kImprovementAnswered:
        return docket.Stop("DP-13");
      case Event::kReportExtended:
        return docket.Start("DP-12", Named());
      case Event::kCompletionReported:
        return docket.Stop("DP-12");
      case Event::kReferredToMediation:
        return BridgeDay(event, judge, id);
      case Event::kMediationAnswered:
        return void(oral_ = event.mediation_answered().oral());
      case Event::kIntakeCompleted:  // what accuses the office it lay at goes above
        Retyped(event.intake_completed().office_org(), now);
        return People(event.intake_completed());
      case Event::kCopyAdded:
        named_ += event.copy_added().petitioner_size();
        others_ += event.copy_added().petitioner_count() - event.copy_added().petitioner_size();
        for (const auto& p : event.copy_added().petitioner()) if (p.died_at_ms() != 0) dead_.insert(p.petitioner_id());
        return;
      case Event::kPeopleLeft:
        for (const auto& left : event.people_left().petitioner_id()) dead_.erase(left);
        named_ -= event.people_left().petitioner_id_size();
        return void(others_ = event.people_left().petitioner_count() - named_);
      case Event::kPeopleCorrected:  // 23: 姓名、住址不清的除外; now somebody can be told
        if (!event.people_corrected().now_clear()) return;
        unclear_ = false;
        if (lies_ == Lies::kWithUnit) return docket.Start("DP-03", Days(now, 15, kNational, "第二十三条"));
        if (lies_ == Lies::kAtDesk && direct_) docket.Start("DP-02", Days(now, 15, kNational, "第二十三条"));
        return;
      case Event::kPetitionerDied:
        return void(dead_.insert(event.petitioner_died().petitioner_id()));
      case Event::kSucceeded:
        return void(dead_.erase(event.succeeded().petitioner_id()));
      case Event::kTerminated:
        return Terminated(event, judge, id);
      case Event::kCareDue:
        return void(owes_care_ = false);
      case Event::kClosed:  // 35, 36; 山东 46(2): nobody asked in time
        return docket.Stop(event.closed().reason(), End::kFell);
      case Event::kClockExpired:
        if (event.clock_expired().policy_id() == "DP-04") docket.Stop("DP-04", End::kFell);
        return;
      default:
        Forwarding(event, judge, id);
        Handling(event, judge, id);
        Review(event, judge, id);
    }
  }

  // 30: 不得……转给被检举、揭发的人员或者单位. What petitioners themselves call a matter of discipline goes nowhere unseen.
  void Doubt(const Event& event, ClockJudge* judge, const std::string& id) {
    using petition::v1::ACCUSATION;
    if (event.has_registered()) {
      const auto& e = event.registered();
      const bool ours = e.content_code() == "Q16" && e.type() != ACCUSATION;
      doubt_ = ours && e.type_unconfirmed();
      if (ours && !doubt_ && e.not_accusation_reason().empty())
        judge->Break(absl::StrCat("信访工作条例第三十条: nobody says why ", id, " is no accusation"));
    }
    if (event.has_type_confirmed() || event.retyped().to() == ACCUSATION) doubt_ = false;
    const bool leaves = event.has_forwarded() || event.has_accepted() || event.has_not_accepted() ||
                        event.has_redirected() || event.has_study_started() || event.has_dispute_raised() ||
                        event.has_merged();
    if (doubt_ && leaves) judge->Break(absl::StrCat("信访工作条例第三十条: ", id, " went on and may accuse somebody"));
  }

  // 山东 43, 44: 决定是否受理 first; 39: a hearing is for those who were told of it.
  void Take(const Event& event, ClockJudge* judge, const std::string& id) {
    if (event.has_review_requested() || event.has_recheck_requested()) taken_ = false;
    const auto& decided = event.review_request_decided();
    if (event.has_review_request_decided()) {
      taken_ = decided.accepted();
      if (decided.notice().text().empty() && !unclear_)
        judge->Break(absl::StrCat("山东省信访条例第四十三条: nobody told the petitioner whether ", id, " is reviewed"));
    }
    if ((event.has_review_issued() || event.has_recheck_issued()) && !taken_)
      judge->Break(absl::StrCat("山东省信访条例第四十三条: ", id, " was reviewed and the request never taken"));
    if (event.has_hearing_called()) called_on_ = DayNumberOf(event.hearing_called().hearing().from_ms());
    const bool held = event.has_hearing_started() || event.has_hearing_held();
    const int64_t from = event.has_hearing_held() ? event.hearing_held().hearing().from_ms() : docket.now_ms();
    if (held && called_on_ != DayNumberOf(from))
      judge->Break(absl::StrCat("山东省信访条例第三十九条: a hearing of ", id, " that nobody was told of"));
    const bool decides = event.has_opinion_issued() || event.has_recheck_issued();
    if (decides && called_on_ != 0 && DayNumberOf(docket.now_ms()) <= called_on_)
      judge->Break(absl::StrCat("山东省信访条例第三十九条: ", id, " was decided before the hearing on its day"));
    const bool over = event.has_hearing_held() || event.has_hearing_ended() || event.has_opinion_issued();
    if (over || decided.next() != 0) called_on_ = 0;
  }

  // 22(3), 34: a day that somebody names lasts until its end.
  void NameDay(const Event& event, ClockJudge* judge, const std::string& id) {
    for (const auto& clock : event.clock()) {
      const int64_t named = clock.set_due_at_ms();
      if (named != 0 && named != MidnightAfter(DayNumberOf(named - 1)))
        judge->Break(absl::StrCat(clock.policy_id(), " of ", id, " is due at a minute of the day"));
    }
  }

  // 32(2): 作出支持信访请求意见的，应当督促有关机关、单位执行, while it is in force: no silence and no withdrawal ends it.
  void Execute(const Event& event, ClockJudge* judge, const std::string& id) {
    using namespace petition::v1;  // NOLINT: results
    if (promised_ != event.has_execution_due())
      judge->Break(absl::StrCat("信访工作条例第三十二条: what ", id, " is granted is not what is carried out"));
    promised_ = event.has_delivered() && grants_;
    if (event.has_delivered() && replaces_) docket.Stop("DP-18", End::kSwept);
    if (event.has_settled()) docket.Stop("DP-18", End::kSwept);
    if (event.has_executed()) docket.Stop("DP-18");
    if (event.has_execution_due()) docket.Start("DP-18", Days(docket.now_ms(), 60, kPlatform, ""));
    if (event.has_opinion_drafted()) Says(event.opinion_drafted().opinion(), REVIEW_RESULT_UNSPECIFIED);
    if (event.has_review_issued()) Says(event.review_issued().opinion(), event.review_issued().review_result());
    if (event.has_recheck_issued()) Says(event.recheck_issued().opinion(), event.recheck_issued().review_result());
  }
  void Says(const petition::v1::Opinion& opinion, petition::v1::ReviewResult looked) {
    using namespace petition::v1;  // NOLINT: results
    replaces_ = looked == CHANGED || looked == REVOKED;
    grants_ = opinion.result() == SUPPORTED && looked != UPHELD && looked != REVOKED;
  }

  // 18(2): 包案. The week for a plan and the month between two talks are ours.
  void Lead(const Event& event) {
    using namespace petition::v1;  // NOLINT: works
    const int64_t now = docket.now_ms();
    if (event.has_registered() || event.has_review_requested() || event.has_recheck_requested()) open_ = true;
    if (event.has_backlog_listed()) listed_ = true;
    if (event.write_off_decided().confirmed()) listed_ = false;
    if (Ends(event)) open_ = false;
    if (event.retyped().to() == ACCUSATION) open_ = listed_ = false;  // of what is sealed a leader knows nothing
    const bool another = event.has_lead_accepted() && led_;  // the one who led did so until now
    const bool replaced = event.has_leader_proposed() && !event.leader_proposed().beside();
    if (another || replaced) {
      led_ = planned_ = false;
      for (const char* policy : {"DP-16", "DP-17"}) docket.Stop(policy, End::kSwept);
    }
    if (event.has_lead_accepted()) led_ = true;
    const LeadWork work = event.lead_recorded().record().work();
    planned_ = planned_ || work == PLAN;
    if (work == PLAN) docket.Stop("DP-16");
    if (open_ || listed_) {
      const bool begins = event.has_lead_accepted() || (event.has_backlog_listed() && led_);
      if (begins && !planned_ && docket.Find("DP-16") == nullptr) docket.Start("DP-16", Days(now, 7, kPlatform, ""));
      if (work == CONTACT || (begins && docket.Find("DP-17") == nullptr))
        docket.Start("DP-17", {{now, {{1, Part::kMonths}}}, kPlatform, ""});
    } else {
      for (const char* policy : {"DP-16", "DP-17"}) docket.Stop(policy, End::kSwept);
    }
  }

  static bool Ends(const Event& event) {
    const bool final = event.delivered().next() == petition::v1::FINAL;
    const bool declined = event.review_request_decided().next() == petition::v1::CLOSED;
    return final || declined || event.has_not_accepted() || event.has_redirected() || event.has_sealed_away() ||
           event.has_suggestion_replied() || event.has_settled() || event.has_procedure_concluded() ||
           event.has_closed() || event.has_terminated() || event.has_withdrawn() || event.has_merged();
  }

  // 22: the petition office that keeps an accusation has received it, and has its own fifteen days; what others owed
  // the petitioner falls away. What lay undecided with that office goes on as it was; what had ended does not.
  void Retyped(const std::string& keeper, int64_t now) {
    if (keeper.empty() || (open_ && !direct_ && lies_ == Lies::kAtDesk && office_ == keeper)) return;
    docket.StopAll({"DP-13", "DP-15"});
    lies_ = Lies::kAtDesk;
    direct_ = false;
    office_ = keeper;
    docket.Start("DP-01", Days(now, 15, kNational, "第二十二条"));
  }

  template <class Said>
  void People(const Said& said) {
    named_ = said.petitioner_size();
    others_ = said.petitioner_count() - named_;
  }

  // 山东 46(4): 信访人死亡或者终止，无权利义务承受人，或者其承受人在办理期限内未申请继续.
  void Terminated(const Event& event, ClockJudge* judge, const std::string& id) {
    if (named_ == 0 || others_ > 0 || static_cast<int>(dead_.size()) < named_)
      judge->Break(absl::StrCat("山东省信访条例第四十六条: ", id, " was ended while somebody petitions"));
    if (event.terminated().ground() == petition::v1::SUCCESSOR_SILENT) {
      const bool handled = stage_ == petition::v1::HANDLE;
      const char* policy = handled ? "DP-05" : stage_ == petition::v1::REVIEW ? "DP-08" : "DP-10";
      const Claim* period = docket.Find(policy);
      const bool over =
          period != nullptr && (period->named || docket.now_ms() > LastMoment(period->period, judge->rest()));
      if (!over) judge->Break(absl::StrCat("山东省信访条例第四十六条: successors of ", id, " still had time"));
      docket.Stop(policy, End::kFell);
    } else if (event.terminated().proof_sha256().empty()) {
      judge->Break(absl::StrCat("山东省信访条例第四十六条: nothing shows that ", id, " has no successor"));
    }
    docket.StopAll({"DP-13", "DP-15", "DP-18"});
  }

  void Register(const petition::v1::Registered& e) {
    People(e);
    direct_ = e.direct();
    office_ = e.office_org();
    unclear_ = e.name_or_address_unclear();
    if (!direct_) {  // 22: 收到信访事项，应当予以登记，并区分情况，在15日内
      docket.Start("DP-01", Days(e.received_at_ms(), 15, kNational, "第二十二条"));
    } else if (!unclear_) {  // 23(2): 自收到信访事项之日起15日内书面告知；姓名、住址不清的除外
      docket.Start("DP-02", Days(e.received_at_ms(), 15, kNational, "第二十三条"));
    }
  }

  // 25: 及时报告. The hour is the platform's; when it was known is a fact only the clock keeps.
  void Report(const Event& event) {
    for (const auto to : event.urgent_marked().reported()) told_.insert(to);
    if (!urgent_) {
      for (const auto& clock : event.clock()) {
        if (clock.policy_id() == "DP-15")
          docket.Start("DP-15", {{clock.started_at_ms(), {{1, Part::kHours}}}, kPlatform, ""});
      }
    }
    urgent_ = true;
    // 25(1) own leaders, department, joint conference; 25(2) petition offices also the next level and the bureau.
    using namespace petition::v1;  // NOLINT: whom
    bool all = told_.contains(OWN_LEADERS) && told_.contains(DEPARTMENT) && told_.contains(JOINT_CONFERENCE);
    if (!direct_) all = all && told_.contains(NEXT_LEVEL) && told_.contains(NATIONAL_BUREAU);
    if (all) docket.Stop("DP-15");
  }

  // Whoever had to decide or to tell the petitioner has done it.
  void Decided() {
    for (const char* policy : {"DP-01", "DP-02", "DP-03"}) docket.Stop(policy);
    docket.Stop("DP-04", End::kFell);
    lies_ = Lies::kElsewhere;
  }

  void Received(int64_t at_ms, bool may_object) {
    lies_ = Lies::kWithUnit;
    // 23(3): 自收到之日起15日内书面告知; 不属于职权范围的，自收到之日起5个工作日内提出异议
    if (!unclear_) docket.Start("DP-03", Days(at_ms, 15, kNational, "第二十三条"));
    if (may_object) docket.Start("DP-04", Right(WorkingDays(at_ms, 5, kNational, "第二十三条")));
  }

  void Forwarding(const Event& event, ClockJudge* judge, const std::string& id) {
    switch (event.body_case()) {
      case Event::kForwarded:
        if (direct_ && !unclear_ && event.forwarded().notice().text().empty()) {  // 23(1): 告知信访人转送、交办去向
          judge->Break(absl::StrCat("信访工作条例第二十三条: nobody told the petitioner where ", id, " went"));
        }
        lies_ = Lies::kElsewhere;
        docket.Stop("DP-01");
        docket.Stop("DP-02");
        if (event.forwarded().assigned()) docket.Start("DP-12", Named());  // 22(3): 指定办理期限
        return;
      case Event::kReceived:
        return Received(event.received().received_at_ms(), true);
      case Event::kObjected:
        lies_ = Lies::kElsewhere;
        return docket.Stop("DP-04");
      case Event::kObjectionDecided:
        lies_ = event.objection_decided().agreed() ? Lies::kAtDesk : Lies::kWithUnit;
        if (!event.objection_decided().agreed()) return;
        docket.Stop("DP-03", End::kFell);
        docket.Stop("DP-12", End::kFell);
        if (!direct_) {
          docket.Start("DP-01", Days(docket.now_ms(), 15, kNational, "第二十二条"));
        } else if (!unclear_) {  // 23(2): what the petitioner was told was not so
          docket.Start("DP-02", Days(docket.now_ms(), 15, kNational, "第二十三条"));
        }
        return;
      case Event::kDisputeDecided:  // 24: who was told to take it has received it
        docket.Stop("DP-01");
        docket.Stop("DP-02");
        docket.Stop("DP-03", End::kFell);
        docket.Stop("DP-04", End::kFell);
        return Received(docket.now_ms(), false);
      default:
        return;
    }
  }

  void Handling(const Event& event, ClockJudge* judge, const std::string& id) {
    switch (event.body_case()) {
      case Event::kAccepted:
        Decided();
        stage_ = petition::v1::HANDLE;
        if (event.accepted().route() ==
            6) {  // 34: 自受理之日起60日内办结, of what 31(6) covers and nothing else
          return docket.Start("DP-05", Days(docket.now_ms(), 60, kNational, "第三十四条"));
        }
        for (const auto& clock : event.clock()) {
          if (clock.policy_id() == "DP-05" && reference::IsRunning(clock)) docket.Start("DP-05", Named());
        }
        return;
      case Event::kNotAccepted:
      case Event::kRedirected:
        return Decided();
      case Event::kSealedAway:
        return docket.Stop("DP-01");
      case Event::kExtended: {  // 34: 延长期限不得超过30日
        Claim* claim = docket.Find("DP-05");
        // 山东 45: a period that the reviewing body has set is not the unit's to extend.
        const bool allowed = claim != nullptr && !claim->named && claim->period.parts.size() == 1 &&
                             claim->law == kNational &&
                             event.extended().days() <= 30 &&
                             docket.now_ms() <= LastMoment(claim->period, judge->rest());
        if (!allowed)
          return judge->Break(absl::StrCat("信访工作条例第三十四条 does not let ", id, " be extended"));
        return claim->period.parts.push_back({event.extended().days(), Part::kDays});
      }
      case Event::kSettled:  // 33: 经调解、和解达成一致意见的，应当制作调解协议书或者和解协议书
        if (event.settled().proof_sha256().empty() && (oral_ || !event.settled().by_mediation()))
          judge->Break(absl::StrCat("信访工作条例第三十三条: ", id, " was settled without a paper"));
        docket.Stop("DP-07", End::kFell);
        return docket.Stop("DP-05");
      case Event::kOpinionIssued:
      case Event::kProcedureConcluded:
        return docket.Stop("DP-05");
      default:
        return;
    }
  }

  // The day a request came in is a fact only its clock keeps; never after it was entered.
  int64_t CameIn(const Event& event, std::string_view policy_id) const {
    for (const auto& clock : event.clock()) {
      if (clock.policy_id() == policy_id) return std::min(clock.started_at_ms(), docket.now_ms());
    }
    return docket.now_ms();
  }

  // 35, 36 give thirty days to ask, and a request that is not taken takes none of them away.
  void Declined(const petition::v1::ReviewRequestDecided& e, ClockJudge* judge, const std::string& id) {
    docket.Stop("DP-08", End::kFell);
    docket.Stop("DP-10", End::kFell);
    const bool review = stage_ == petition::v1::REVIEW;
    const char* right = review ? "DP-07" : "DP-09";
    stage_ = review ? petition::v1::HANDLE : petition::v1::REVIEW;
    if (e.next() != petition::v1::CLOSED) return docket.Reopen(right, 0);
    const auto asked = docket.ended().find(right);
    if (asked != docket.ended().end() && docket.now_ms() <= LastMoment(asked->second.first.period, judge->rest()))
      judge->Break(absl::StrCat("信访工作条例第三十五条: ", id, " was closed while the petitioner had time to ask"));
  }

  void Review(const Event& event, ClockJudge* judge, const std::string& id) {
    switch (event.body_case()) {
      case Event::kDelivered:
        return Delivered(event.delivered());
      case Event::kReviewRequested:  // 35: 自收到复查请求之日起30日内; 山东 43: 三个工作日内决定是否受理
        docket.Stop("DP-07");
        stage_ = petition::v1::REVIEW;
        docket.Start("DP-08", Days(CameIn(event, "DP-08"), 30, kNational, "第三十五条"));
        return docket.Start("DP-11", WorkingDays(CameIn(event, "DP-08"), 3, kShandong, "第四十三条"));
      case Event::kRecheckRequested:  // 36: 自收到复核请求之日起30日内; 山东 44
        docket.Stop("DP-09");
        stage_ = petition::v1::RECHECK;
        docket.Start("DP-10", Days(CameIn(event, "DP-10"), 30, kNational, "第三十六条"));
        return docket.Start("DP-11", WorkingDays(CameIn(event, "DP-10"), 3, kShandong, "第四十四条"));
      case Event::kReviewRequestDecided:
        docket.Stop("DP-11");
        if (event.review_request_decided().accepted()) return;
        return Declined(event.review_request_decided(), judge, id);
      case Event::kReviewIssued:
        redo_days_ = event.review_issued().redo_days();
        return docket.Stop("DP-08");
      case Event::kRecheckIssued:
        redo_days_ = event.recheck_issued().redo_days();
        return docket.Stop("DP-10");
      case Event::kHearingStarted:  // 36(2): 听证所需时间不计算在前款规定的期限内; of no other stage
        return docket.Pause("DP-10");
      case Event::kHearingEnded:
        return docket.Resume("DP-10");
      default:
        return;
    }
  }

  // 35, 36: 自收到书面答复之日起30日内.
  void Delivered(const petition::v1::Delivered& e) {
    const int64_t received = e.delivery().received_at_ms();
    if (stage_ == petition::v1::HANDLE)
      return docket.Start("DP-07", Right(Days(received, 30, kNational, "第三十五条")));
    owes_care_ = e.next() == petition::v1::FINAL;  // 37(3)
    if (e.next() == petition::v1::ACCEPTED) {  // 山东 45: 复查、复核机关……责令在指定期限内重新作出
      stage_ = petition::v1::HANDLE;
      return docket.Start("DP-05", Days(docket.now_ms(), redo_days_, kShandong, "第四十五条"));
    }
    if (stage_ != petition::v1::REVIEW) return;
    docket.Start("DP-09", Right(Days(received, 30, kNational, "第三十六条")));
  }

  // 访调对接: at most thirty days, and over ten days before the petition itself is due, whose period no norm stops.
  void BridgeDay(const Event& event, ClockJudge* judge, const std::string& id) {
    const auto& referral = event.referred_to_mediation().referral();
    int64_t last = MidnightAfter(DayNumberOf(docket.now_ms()) + 30);
    const Claim* handling = docket.Find("DP-05");
    if (handling != nullptr && handling->named) return;
    if (handling != nullptr) last = std::min(last, LastMoment(handling->period, judge->rest()) - 10 * kDayMs);
    if (referral.due_at_ms() != last)
      judge->Break(
          absl::StrCat("mediation for petition ", id, " is given another day than what its period leaves"));
  }

  enum class Lies { kAtDesk, kWithUnit, kElsewhere };  // undecided, where somebody is to be told
  Lies lies_ = Lies::kAtDesk;
  bool doubt_ = false, taken_ = false, open_ = false, listed_ = false, led_ = false, planned_ = false;
  DayNumber called_on_ = 0;      // of the hearing that was called; 0: none
  bool direct_ = false, unclear_ = false, urgent_ = false, oral_ = false, owes_care_ = false;
  int named_ = 0, others_ = 0;   // petitioners by name, and how many more
  std::set<std::string> dead_;
  std::string office_;
  std::set<int> told_;
  petition::v1::StageKind stage_ = petition::v1::STAGE_KIND_UNSPECIFIED;
  bool grants_ = false, replaces_ = false, promised_ = false;  // what is delivered next; and was just now
  int redo_days_ = 0;
};

}  // namespace

void CheckPetitionStatute(const Books& books, Broken* broken) {
  ClockJudge judge("petition", broken);
  std::map<std::string, PetitionDocket> dockets;
  for (const LogRecord& record : books.petition.log) {
    const auto event = EventOf<Event>(record);
    const auto& learned = event.reference_learned().notice();
    if (learned.has_calendar_loaded()) judge.Learn(learned.calendar_loaded());
    PetitionDocket& petition = dockets[record.aggregate_id()];
    petition.docket.At(record.recorded_at_ms());
    petition.Hear(event, &judge, record.aggregate_id());
    judge.Changed(record.aggregate_id(), event.clock(), petition.docket);
  }
  for (const auto& [id, petition] : dockets) {
    judge.Final(id, petition.docket);
    if (petition.owes_care()) judge.Break(absl::StrCat("信访工作条例第三十七条: nobody is asked to care after ", id));
  }
  if (judge.compared() == 0) judge.Break("no clock of a petition was compared with the statutes");
}

}  // namespace sim
