// The unit's work: hearing, extension, mediation and back, settlement, the opinion and its delivery.
#include <absl/strings/escaping.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "services/kernel/document_mark.h"
#include "tests/petition/petition_world.h"

namespace petition {
namespace {

// Art. 31(6): 应当听取信访人陈述事实和理由，并调查核实，出具信访处理意见书.
// spec: P13 P18
TEST(Opinion, NeedsThePetitionerHeardAndTheFactsLookedInto) {
  Matter m(At::kAccepted);
  m.When(DraftText(), Handler(), kMonday).ThenRefused("PETITIONER_NOT_HEARD");
  m.When(kHeard).AndNotice("petition.progressed").When(DraftText()).ThenRefused("NOT_INVESTIGATED");
  m.When(kLooked).When(DraftText()).AndNoNotice();
  m.When("record_progress { kind: PROGRESS record: 'xx' }").ThenRefused("RECUSAL_NOT_CHECKED");
  m.When("record_progress { kind: PROGRESS recusal_checked: true }").ThenRefused("CONTENT_NEEDED");
}

// spec: P18
TEST(Opinion, IsSignedByTheHeadAndSealedByTheUnit) {
  Matter m(At::kReady);
  m.When(kIssue, Head(), kMonday).ThenRefused("DRAFT_NEEDED");
  m.When("draft_opinion { opinion { request: 'a' facts: 'b' opinion: 'c' result: EXPLAINED } }", Handler(),
         kMonday)
      .ThenRefused("CONTENT_NEEDED");  // Art. 32: 法律法规依据
  m.When("draft_opinion { opinion { request: 'a' facts: 'b' opinion: 'c' basis: 'd' } }").ThenRefused("VALUE_NEEDED");
  m.When(DraftText(), Handler(), kMonday)
      .When(kIssue, Handler(), kMonday)
      .ThenRefused(RefusalCode::kNotAllowed);
  m.When("issue_opinion { document_no: '1' }", Head(), kMonday).ThenRefused("UNIT_SEAL_NEEDED");
  m.When(kIssue).AndNotice("petition.opinion_issued");
  EXPECT_EQ(m.state().status(), v1::OPINION_ISSUED);
  EXPECT_EQ(m.Payload().result(), v1::NOT_SUPPORTED);
  EXPECT_TRUE(m.Payload().on_time());
}

// spec: P18 DP-05
TEST(Opinion, AfterTheSixtyDaysIsLateAndSaysSo) {
  Matter m(At::kDrafted, Local("2026-09-18 10:00"));
  m.WhenTimerFires("due/DP-05").AndNotice("petition.overdue");
  EXPECT_EQ(m.Payload().policy_id(), "DP-05");
  m.When(kIssue, Head(), EndOf("2026-11-17") + 2);
  EXPECT_FALSE(m.Payload().on_time());
  EXPECT_EQ(m.OutcomeOf("DP-05"), common::v1::CLOCK_MISSED);
}

// Art. 34: 情况复杂的，经本机关、单位负责人批准，可以适当延长办理期限，但延长期限不得超过30日，并告知信访人延期理由. 2026-09-18: 60 days end on 11-17, 90 on
// 12-17.
// spec: P15 DP-06
TEST(Extension, IsOnceAtMostThirtyDaysBeforeTheEndAndTold) {
  const std::string extend = "extend { reason: '情况复杂' " + kNotice;
  Matter m(At::kAccepted, Local("2026-09-18 10:00"));
  const int64_t last = EndOf("2026-11-17");
  m.When(extend + "days: 31 }", Head(), last).ThenRefused("EXTENSION_TOO_LONG");
  m.When(extend + "days: -1 }", Head(), last).ThenRefused("EXTENSION_EMPTY");  // it was said to be too long
  m.When("extend { days: 30 reason: '情况复杂' }").ThenRefused("NOTICE_NEEDED");
  m.When("extend { days: 30 " + kNotice + "}").ThenRefused("CONTENT_NEEDED");  // 延期理由
  m.When(extend + "days: 30 }", Handler(), last)
      .ThenRefused(RefusalCode::kNotAllowed);  // the head's to grant
  m.When(extend + "days: 30 }", Head(), last).AndNotice("petition.extended");
  EXPECT_EQ(m.DueOf("DP-05"), EndOf("2026-12-17"));
  m.When(extend + "days: 1 }").ThenRefused("EXTENSION_USED");
  Matter late(At::kAccepted, Local("2026-09-18 10:00"));
  late.When(extend + "days: 30 }", Head(), last + 1).ThenRefused("EXTENSION_LATE");
}

TEST(Extension, IsForRouteSixOnly) {
  Matter m(At::kReceived);
  m.When("accept { route: 5 recusal_checked: true procedure: '查处' procedure_due_at_ms: " +
             std::to_string(EndOf("2027-01-15")) + " " + kNotice + "}",
         Handler(), kMonday)
      .When("extend { days: 5 reason: '复杂' " + kNotice + "}", Head(), kMonday)
      .ThenRefused("ROUTE_SIX_ONLY");
}

// An opinion of blanks was signed, sealed and printed: no facts, no opinion, no law.
// spec: P18
TEST(Opinion, OfBlanksStatesNothing) {
  Matter m(At::kReady);
  const std::pair<const char*, const char*> stated[] = {
      {"request", "补发工资"}, {"facts", "已查明"}, {"opinion", "不予支持"}, {"basis", "有关规定"}};
  for (const auto& [field, text] : stated) {
    std::string draft = DraftText();
    draft.replace(draft.find(text), std::string_view(text).size(), " \u3000 ");
    m.When(draft, Handler(), kMonday).ThenRefused(RefusalCode::kInvalid, "CONTENT_NEEDED");
    EXPECT_EQ(m.refusal()->field, std::string("opinion.") + field);
  }
  m.When(DraftText(), Handler(), kMonday);
  EXPECT_FALSE(m.refusal());
}

std::string Hearing(int64_t from_ms, int64_t to_ms) {
  return "hold_hearing { hearing { presider: 'vault:p' member: 'vault:m' notice_at_ms: " +
         std::to_string(from_ms - 1) + " from_ms: " + std::to_string(from_ms) +
         " to_ms: " + std::to_string(to_ms) + " record: '笔录' conclusion: '结论' } }";
}

// 听证通知: where and when, before it is held; the record takes over what it said.
// spec: P14 P24 山东39
TEST(Hearing, IsCalledBeforeItIsHeld) {
  const int64_t from = kMonday + 3 * base::kDayMs;
  auto call = [](const std::string& more, int64_t at) {
    return "call_hearing { how: '邮寄' hearing { presider: 'vault:p' member: 'vault:m' " + more +
           " from_ms: " + std::to_string(at) + " } }";
  };
  Matter m(At::kAccepted);
  m.When(call("place: '会议室'", from), Handler(), kMonday).ThenRefused(RefusalCode::kNotAllowed);  // the head's
  m.When(call("", from), Head(), kMonday).ThenRefused("CONTENT_NEEDED");  // the place
  m.When(call("place: '会议室'", kMonday)).ThenRefused(RefusalCode::kInvalid, "BAD_TIME");
  m.When(call("place: '会议室' to_ms: " + std::to_string(from - 1), from)).ThenRefused(RefusalCode::kInvalid, "BAD_TIME");
  m.When(call("place: '会议室'", from), Resident(), kMonday).ThenRefused(RefusalCode::kNotAllowed);
  m.When(call("place: '会议室'", from), Head(), kMonday);
  EXPECT_EQ(m.state().called_hearing().place(), "会议室");
  EXPECT_EQ(m.state().called_hearing().notice_at_ms(), kMonday);
  m.When("hold_hearing { hearing { presider: 'vault:p' member: 'vault:m' participant: 'vault:q' notice_at_ms: " +
             std::to_string(kMonday) + " from_ms: " + std::to_string(from) + " to_ms: " + std::to_string(from + 9) +
             " record: '笔录' conclusion: '结论' } }",
         Head(), from + 9);
  EXPECT_EQ(m.state().stage(0).hearing(0).place(), "会议室");
  EXPECT_EQ(m.state().stage(0).hearing(0).participant(0), "vault:q");
  EXPECT_FALSE(m.state().has_called_hearing());
  Matter recheck(At::kRechecking);  // there the reviewing body calls, and nobody who handled it
  recheck.When(call("place: '会议室'", from), Head(), kMonday).ThenRefused(RefusalCode::kNotAllowed);
  recheck.When(call("place: '会议室'", from), CityReviewer(), kMonday).ThenRefused("RECUSAL");
  recheck.When(call("place: '会议室'", from), Rechecker(), kMonday)
      .When("start_hearing {}", Rechecker(), from)
      .When("end_hearing { hearing { presider: 'vault:p' member: 'vault:m' record: '笔录' conclusion: '结论' } }",
            Rechecker(), from + 9);
  EXPECT_EQ(recheck.state().stage(2).hearing(0).place(), "会议室");
  EXPECT_EQ(recheck.state().stage(2).hearing(0).notice_at_ms(), kMonday);
}

// Art. 28: 与信访事项或者信访人有直接利害关系的，应当回避: nobody is staff in a matter of their own.
// spec: 信访工作条例28
TEST(Recusal, KeepsStaffFromTheirOwnPetition) {
  Matter m(At::kAccepted);
  const std::string agent = "agents_change: true agent { person { name: 'n' user_id: 'dm1' } kind: RELATIVE "
                            "mandate_sha256: '" + kScan + "' }";
  m.When("correct_people { reason: '委托' " + agent + " }", Clerk(), kMonday);
  EXPECT_FALSE(m.refusal());
  m.When(kHeard, Handler("u1"), kMonday).ThenRefused(RefusalCode::kNotAllowed, "RECUSAL");
  m.When(kHeard, Handler(), kMonday).When(kLooked).When(DraftText(), Handler("u1"), kMonday).ThenRefused("RECUSAL");
  m.When(DraftText(), Handler(), kMonday);
  m.When(kIssue, Head(), kMonday).ThenRefused("RECUSAL");  // the head is an agent of the petitioner
  m.When(kIssue, ActorOf(ROLE_DM, "c-hrss", "371403", "dm2"), kMonday).AndNotice("petition.opinion_issued");
}

// Art. 36 leaves out the time of a hearing of the re-review; for handling nothing does.
// spec: P14 DP-05
TEST(Hearing, InHandlingDoesNotStopTheSixtyDays) {
  Matter m(At::kAccepted);
  const int64_t due = m.DueOf("DP-05");
  const int64_t now = kMonday + 6 * base::kDayMs;
  m.When(CallText(kMonday + base::kDayMs), Head(), kMonday);
  m.When(Hearing(kMonday + base::kDayMs, now), Head(), now).AndNotice("petition.hearing_held");
  EXPECT_EQ(m.DueOf("DP-05"), due);
  EXPECT_FALSE(reference::IsPaused(m.ClockOf("DP-05")));
  EXPECT_EQ(m.state().stage(0).hearing_size(), 1);
  m.When(Hearing(kMonday + base::kDayMs, now + 1), Head(), now).ThenRefused("BAD_TIME");
}

// The handler called one, held it and wrote the record alone; and records came of hearings nobody had been told of.
// spec: P14
TEST(Hearing, InHandlingIsApprovedByTheHeadAndHeldOnItsDay) {
  Matter m(At::kAccepted);
  const int64_t day = kMonday + base::kDayMs;
  m.When(CallText(day), Handler(), kMonday).ThenRefused(RefusalCode::kNotAllowed);
  m.When(Hearing(day, day + 9), Handler(), day + 9).ThenRefused(RefusalCode::kGuard, "HEARING_NOT_CALLED");
  m.When(CallText(day + 99), Head(), kMonday + 99);
  m.When(Hearing(day + base::kDayMs, day + base::kDayMs + 9), Handler(), day + base::kDayMs + 9)
      .ThenRefused(RefusalCode::kGuard, "HEARING_ANOTHER_DAY");
  m.When(Hearing(day, day + 9)).AndNotice("petition.hearing_held");  // it is the handler's to hold
}

const std::string kRefer =
    "refer_to_mediation { bridge_code: 'BR1' both_consent: true consent_proof_sha256: '" + kScan + "' dispute_type: "
    "'D10' party_count: 2 }";

std::string Heard(const std::string& topic, int version, const std::string& more = "",
                  const std::string& id = "p1-6") {
  return "hear_mediation { topic: 'mediation." + topic +
         "' subject_id: 'c1' version: " + std::to_string(version) +
         " notice { origin { service: 'petition' aggregate_id: 'p1' referral_id: '" + id + "' } " + more +
         " } }";
}

// spec: P16
TEST(Mediation, NeedsTheBridgeCodeAndBothPartiesConsent) {
  Matter m(At::kAccepted);
  m.As(Handler());
  m.When("refer_to_mediation { bridge_code: 'BX3' both_consent: true dispute_type: 'D10' party_count: 2 }")
      .ThenRefused("NOT_FOR_MEDIATION");
  m.When("refer_to_mediation { bridge_code: 'BR5' both_consent: true dispute_type: 'D10' party_count: 2 }")
      .ThenRefused("UNKNOWN_CODE");
  m.When("refer_to_mediation { bridge_code: 'BR1' dispute_type: 'D10' party_count: 2 }")
      .ThenRefused("CONSENT_MISSING");
  m.When(kRefer).AndNotice("petition.referred_to_mediation");
  EXPECT_EQ(m.Payload().referral().referral_id(), "p1-" + std::to_string(m.version()));
  EXPECT_EQ(m.Payload().referral().dispute_type(), "D10");
  EXPECT_TRUE(m.Payload().referral().consent_known());
  m.When(kRefer).ThenRefused("MEDIATION_UNDER_WAY");
  for (int route : {1, 4}) {  // litigation, administrative disputes: BX2, BX3
    Matter other(At::kReceived);
    other
        .When("accept { route: " + std::to_string(route) + " recusal_checked: true procedure: '程序' " +
                  kNotice + "}",
              Handler(), kMonday)
        .When(kRefer)
        .ThenRefused("NOT_FOR_MEDIATION");
  }
}

// 30 days, or ten days before the petition is due; the petition's own period runs on.
// spec: P16 DP-05
TEST(Mediation, HasThirtyDaysOrLessAndStopsNoClock) {
  Matter early(At::kAccepted, Local("2026-03-02 09:00"));
  early.When(kRefer, Handler(), Local("2026-03-07 10:00"));
  EXPECT_EQ(early.Payload().referral().due_at_ms(), EndOf("2026-04-06"));
  EXPECT_EQ(early.DueOf("DP-05"), EndOf("2026-05-06"));
  EXPECT_FALSE(reference::IsPaused(early.ClockOf("DP-05")));
  EXPECT_EQ(early.Mentioned(), std::vector<std::string>{kScan});
  Matter late(At::kAccepted, Local("2026-03-02 09:00"));
  late.When(kRefer, Handler(), Local("2026-04-20 10:00"));
  EXPECT_EQ(late.Payload().referral().due_at_ms(), EndOf("2026-04-26"));
  Matter none(At::kAccepted, Local("2026-03-02 09:00"));
  none.When(kRefer, Handler(), Local("2026-04-27 10:00")).ThenRefused("TOO_LATE_FOR_MEDIATION");
}

// spec: P16 P17
TEST(Mediation, ThatFailsComesBackWithItsReason) {
  Matter m(At::kAccepted);
  m.When(kRefer, Handler(), kMonday);
  const std::string id = m.state().mediation_referral_id();
  m.When(Heard("referral_received", 1, "", id), Platform(), kMonday).AndNotice("petition.mediation_answered");
  EXPECT_EQ(m.state().mediation(), v1::TAKEN);
  m.When(Heard("referral_received", 1, "", id)).ThenNothing();  // told twice
  m.When(Heard("ended", 4, "end_reason: E04_PARTY_REFUSES", id), Platform(), kMonday);
  EXPECT_EQ(m.state().mediation(), v1::RETURNED);
  EXPECT_EQ(m.state().mediation_reason(), "E04");
  EXPECT_TRUE(m.Runs("DP-05"));
  m.When(Heard("effective", 5, "", "another"), Platform(), kMonday).ThenNothing();  // of another hand-over
  m.When(kRefer, Handler(), kMonday).AndNotice("petition.referred_to_mediation");   // and may be tried again
}

// Art. 33: 经调解、和解达成一致意见的，应当制作调解协议书或者和解协议书.
// spec: P17
TEST(Settlement, ByMediationRestsOnAnAgreementThatBinds) {
  Matter m(At::kAccepted);
  m.When(kRefer, Handler(), kMonday);
  const std::string id = m.state().mediation_referral_id();
  m.When("record_settlement { agreement: '补发工资' by_mediation: true }", Handler(), kMonday)
      .ThenRefused("NO_AGREEMENT_YET");
  m.When(Heard("effective", 9, "", id), Platform(), kMonday);
  m.When("record_settlement { agreement: '补发工资' by_mediation: true }", Handler(), kMonday)
      .AndNotice("petition.settled")
      .AndNoTimer();
  EXPECT_EQ(m.OutcomeOf("DP-05"), common::v1::CLOCK_MET);
  EXPECT_EQ(m.state().status(), v1::SETTLED);
  Matter own(At::kAccepted);
  own.When("record_settlement { agreement: '自行和解' }", Handler(), kMonday).ThenRefused("CONTENT_NEEDED");
  own.When("record_settlement { proof_sha256: '" + kScan + "' }").ThenRefused("CONTENT_NEEDED");  // what was agreed
  own.Upload().When("record_settlement { agreement: '自行和解' proof_sha256: '" + kScan + "' }", Handler(), kMonday);
  own.AndNotice("petition.settled");
  EXPECT_EQ(own.state().settlement_proof_sha256(), kScan);
  EXPECT_EQ(own.Mentioned(), std::vector<std::string>{kScan});
}

// The unit alone ended a petition on the digest of a paper that nobody had ever uploaded.
// spec: P13 P17 信访工作条例33
TEST(Settlement, BetweenThemselvesWaitsForThePaperBothSigned) {
  const std::string settle = "record_settlement { agreement: '自行和解' proof_sha256: '" + kScan + "' }";
  const std::string name =
      "record_progress { kind: PROGRESS record: '双方和解' recusal_checked: true attachment_sha256: '" + kScan + "' }";
  Matter m(At::kAccepted);
  m.When(settle, Handler(), kMonday).ThenRefused(RefusalCode::kGuard, "SETTLEMENT_PAPER_AWAITED");
  EXPECT_EQ(m.refusal()->field, "proof_sha256");
  m.When("record_progress { kind: PROGRESS record: '双方和解' recusal_checked: true attachment_sha256: 'x' }")
      .ThenRefused("BAD_DIGEST");
  m.When(name).AndNotice("petition.progressed");
  EXPECT_EQ(m.Mentioned(), std::vector<std::string>{kScan}) << "by which media hears that it is awaited";
  m.When(name);
  EXPECT_EQ(m.state().progress_sha256_size(), 1);
  m.When(settle).ThenRefused("SETTLEMENT_PAPER_AWAITED");
  const std::string mark = absl::CHexEscape(kernel::MatterMark(kScan, "petition", "p2"));
  m.As(Platform()).WhenOn("doc/" + kScan, "hear_kept { kind: PAPER matter: '" + mark + "' }");
  m.When(settle, Handler(), kMonday).ThenRefused("SETTLEMENT_PAPER_AWAITED");  // it came for another petition
  m.Upload().When(settle, Handler(), kMonday).AndNotice("petition.settled");
  EXPECT_EQ(m.state().status(), v1::SETTLED);
}

// Both sides had signed, and the unit wrote the contrary; then nothing could settle what was settled.
// spec: P17 P18 山东46 信访工作条例33
TEST(Settlement, ByAnAgreementInEffectLeavesNoRoomForAnOpinion) {
  Matter m(At::kReady);
  m.When(kRefer, Handler(), kMonday);
  const std::string id = m.state().mediation_referral_id();
  m.When(DraftText(), Handler(), kMonday);  // while they still talk, for the case that they fail
  m.When(Heard("effective", 9, "", id), Platform(), kMonday);
  m.When(DraftText(), Handler(), kMonday).ThenRefused(RefusalCode::kGuard, "SETTLE_INSTEAD");
  m.When(kIssue, Head(), kMonday).ThenRefused(RefusalCode::kGuard, "SETTLE_INSTEAD");
  EXPECT_FALSE(std::ranges::count(AllowedCommands(m.state(), Head()), "issueOpinion"));
  m.When(Heard("breached", 10, "", id), Platform(), kMonday);  // of what is broken nothing comes
  m.When(kIssue, Head(), kMonday).AndNotice("petition.opinion_issued");
}

// It was being signed when the opinion went out.
// spec: P17 DP-05 DP-07 山东46
TEST(Settlement, ByMediationAlsoEndsWhatHasItsOpinion) {
  const std::string settle = "record_settlement { agreement: '补发工资' by_mediation: true }";
  for (const bool delivered : {false, true}) {
    Matter m(At::kDrafted);
    m.When(kRefer, Handler(), kMonday);
    const std::string id = m.state().mediation_referral_id();
    m.When(Heard("referral_received", 1, "", id), Platform(), kMonday).When(kIssue, Head(), kMonday);
    if (delivered) m.When(DeliverText(kMonday), Clerk(), kMonday);
    EXPECT_FALSE(std::ranges::count(AllowedCommands(m.state(), Handler()), "recordSettlement"));
    m.When(settle, Handler(), kMonday).ThenRefused("NO_AGREEMENT_YET");
    m.When(Heard("effective", 9, "", id), Platform(), kMonday + 5);
    EXPECT_TRUE(std::ranges::count(AllowedCommands(m.state(), Handler()), "recordSettlement"));
    m.When("record_settlement { agreement: '自行和解' proof_sha256: '" + kScan + "' }", Handler(), kMonday + 6)
        .ThenRefused(RefusalCode::kWrongStatus);  // what they agree by themselves is no end of what was decided
    m.When(settle, Handler(), kMonday + 6).AndNotice("petition.settled").AndNoTimer();
    EXPECT_EQ(m.state().status(), v1::SETTLED);
    EXPECT_EQ(m.OutcomeOf("DP-05"), common::v1::CLOCK_MET);
    if (delivered) {
      EXPECT_EQ(m.OutcomeOf("DP-07"), common::v1::CLOCK_CANCELLED);
    }
    m.When(Heard("breached", 10, "", id), Platform(), kMonday + 7);
    EXPECT_EQ(m.state().settlement(), v1::BROKEN) << "its fate is followed like any other's";
  }
}

// Art. 33: an agreement by word of mouth (人民调解法 28, 30) binds, but is no 调解协议书.
// spec: P17
TEST(Settlement, ByAnOralAgreementNeedsItsPaper) {
  Matter m(At::kAccepted);
  m.When(kRefer, Handler(), kMonday);
  const std::string id = m.state().mediation_referral_id();
  m.When(Heard("effective", 9, "form: ORAL", id), Platform(), kMonday);
  m.When("record_settlement { agreement: '补发工资' by_mediation: true }", Handler(), kMonday)
      .ThenRefused("SETTLEMENT_PAPER_NEEDED");
  m.When("record_settlement { agreement: '补发工资' by_mediation: true proof_sha256: '" + kScan + "' }")
      .AndNotice("petition.settled");
}

// A settled petition by the agreement of the parties before a committee.
struct SettledByMediation : Matter {
  SettledByMediation() : Matter(At::kAccepted) {
    When(kRefer, Handler(), kMonday);
    When(Heard("effective", 9, "form: WRITTEN", state().mediation_referral_id()), Platform(), kMonday);
    When("record_settlement { agreement: '补发工资' by_mediation: true }", Handler(), kMonday);
  }
};

// The committee watches over the agreement (人民调解法 31) and says where to go; here it is seen, and nothing reopens.
// spec: P17 M20 flow-3
TEST(Settlement, ThatIsNotKeptIsNotedAndStaysTheEnd) {
  SettledByMediation m;
  const std::string id = m.state().mediation_referral_id();
  m.When(Heard("performed", 10, "performance: PARTLY", id), Platform(), kMonday).ThenNothing();
  m.When(Heard("breached", 11, "breach_presumed: true performance: BREACHED", id), Platform(), kMonday + 5)
      .ThenPartly({"settlement_noted { settlement: BROKEN presumed: true }"})
      .AndNotice("petition.settlement_noted");
  EXPECT_TRUE(m.Payload().settlement_broken());
  EXPECT_EQ(m.state().status(), v1::SETTLED);
  EXPECT_EQ(m.state().settlement(), v1::BROKEN);
  EXPECT_EQ(m.state().settlement_noted_at_ms(), kMonday + 5);
  m.When(Heard("breached", 11, "", id)).ThenNothing();  // told twice
  m.When(Heard("performed", 12, "performance: DONE", id));
  EXPECT_EQ(m.state().settlement(), v1::SETTLEMENT_NONE);  // it was kept after all
  EXPECT_FALSE(m.Payload().settlement_broken());
  m.When(Heard("completed", 13, "performed: true", id));
  EXPECT_EQ(m.state().settlement(), v1::KEPT);
  m.When(Heard("breached", 14, "", "another"), Platform(), kMonday).ThenNothing();
}

// spec: P17 M20
TEST(Settlement, MediatedAnewOrUndoneByACourtIsNotedToo) {
  SettledByMediation m;
  const std::string id = m.state().mediation_referral_id();
  m.When(Heard("breached", 11, "", id), Platform(), kMonday).When(Heard("effective", 12, "", id));
  EXPECT_EQ(m.state().settlement(), v1::MEDIATED_ANEW);
  m.When(Heard("ended", 13, "end_reason: E09_TAKEN_BY_OTHER_AUTHORITY", id));
  EXPECT_EQ(m.state().settlement(), v1::ANNULLED);
  EXPECT_EQ(m.state().status(), v1::SETTLED);
  Matter own(At::kAccepted);  // mediation failed, and the parties agreed by themselves
  own.When(kRefer, Handler(), kMonday);
  const std::string other = own.state().mediation_referral_id();
  own.Upload();
  own.When(Heard("ended", 4, "end_reason: E05_TOO_FAR_APART", other), Platform(), kMonday)
      .When("record_settlement { agreement: '自行和解' proof_sha256: '" + kScan + "' }", Handler(), kMonday)
      .When(Heard("breached", 9, "", other), Platform(), kMonday)
      .ThenNothing();  // what settled it is another agreement
}

// spec: P17 M20
TEST(Settlement, IsNotRecordedByAnAgreementThatIsBrokenAlready) {
  Matter m(At::kAccepted);
  m.When(kRefer, Handler(), kMonday);
  const std::string id = m.state().mediation_referral_id();
  m.When(Heard("effective", 9, "", id), Platform(), kMonday).When(Heard("breached", 10, "", id));
  m.When("record_settlement { agreement: '补发工资' by_mediation: true }", Handler(), kMonday)
      .ThenRefused("AGREEMENT_BROKEN");
  Matter own(At::kAccepted);  // the parties agree by themselves instead, and what mediation reached is left behind
  own.When(kRefer, Handler(), kMonday);
  const std::string left = own.state().mediation_referral_id();
  own.When(Heard("effective", 9, "", left), Platform(), kMonday).When(Heard("breached", 10, "", left));
  own.Upload();
  own.When("record_settlement { agreement: '自行和解' proof_sha256: '" + kScan + "' }", Handler(), kMonday);
  EXPECT_EQ(own.state().settlement(), v1::SETTLEMENT_NONE);
  own.When(Heard("breached", 11, "", left), Platform(), kMonday).ThenNothing();
  m.When(Heard("effective", 14, "", id), Platform(), kMonday);  // mediated anew
  m.When("record_settlement { agreement: '补发工资' by_mediation: true }", Handler(), kMonday)
      .AndNotice("petition.settled");
}

// Art. 35: 自收到书面答复之日起30日内. 2026-04-30 and 30 days is 05-30, a Saturday: 06-01.
// spec: P19 DP-07
TEST(Delivery, StartsThePetitionersThirtyDaysOnTheDayItWasReceived) {
  Matter m(At::kIssued, Local("2026-04-29 10:00"));
  const int64_t received = Local("2026-04-30 15:00");
  m.When("deliver { delivery { method: POST received_at_ms: " + std::to_string(received) + " } }", Clerk(),
         received)
      .ThenRefused("CONTENT_NEEDED");  // the proof
  m.When("deliver { delivery { proof: '回执' received_at_ms: " + std::to_string(received) + " } }")
      .ThenRefused("VALUE_NEEDED");  // how
  m.When(DeliverText(Local("2026-04-28 10:00"))).ThenRefused("BAD_TIME");
  m.When("deliver { delivery { method: ONLINE proof: '平台' } }").ThenRefused("VALUE_NEEDED");  // not a wrong time
  EXPECT_EQ(m.refusal()->field, "delivery.received_at_ms");
  m.When(DeliverText(received), Clerk(), Local("2026-05-06 09:00")).AndNotice("petition.delivered");
  EXPECT_EQ(m.DueOf("DP-07"), EndOf("2026-06-01"));
  EXPECT_EQ(m.state().evaluate_until_ms(), EndOf("2026-05-07"));  // and a week to evaluate (DI-07)
  EXPECT_NE(m.state().stage(0).remedy().find("city-hrss请求复查"), std::string::npos)
      << m.state().stage(0).remedy();
  // The receipt once said "（至2026-06-01 24:00）": an office names the day.
  EXPECT_NE(m.state().stage(0).remedy().find("30日内（至2026年6月1日止）向"), std::string::npos);
}

// Art. 32: 作出支持信访请求意见的，应当督促有关机关、单位执行.
// spec: P19
TEST(Delivery, OfASupportedRequestMakesItsExecutionDue) {
  Matter m(At::kReady);
  m.When(DraftText("SUPPORTED"), Handler(), kMonday)
      .When(kIssue, Head(), kMonday)
      .When(DeliverText(kMonday), Clerk(), kMonday);
  m.AndNotice("petition.delivered").AndNotice("petition.execution_due");
  Matter other(At::kIssued);
  other.When(DeliverText(kMonday), Clerk(), kMonday);
  EXPECT_EQ(other.notices().size(), 1u);
}

// spec: P20 DP-07
TEST(Silence, OfThirtyDaysClosesThePetition) {
  Matter m(At::kDelivered, Local("2026-04-30 10:00"));
  m.When("expire_clock { policy_id: 'DP-07' }", Platform(), EndOf("2026-06-01")).ThenNothing();  // its last moment
  m.WhenTimerFires("due/DP-07").AndNotice("petition.closed").AndNoTimer();
  EXPECT_EQ(m.now_ms(), EndOf("2026-06-01") + 1);
  EXPECT_EQ(m.state().status(), v1::CLOSED);
  EXPECT_EQ(m.OutcomeOf("DP-07"), common::v1::CLOCK_CANCELLED);  // a right not used is nobody's failure
  EXPECT_EQ(Matter(At::kDelivered).DueOf("DP-07"), EndOf("2026-12-23"));  // no rest day at its end
}

}  // namespace
}  // namespace petition
