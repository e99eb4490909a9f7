// What changes the course of a mediation: another mediator, a pause, more time, danger, second thoughts, the
// committee above.
#include "services/mediation/domain/rules.h"
#include "tests/mediation/case_world.h"

namespace mediation {
namespace {

const std::string kThird = "party { person { name: 'vault:c' side: SIDE_THIRD user_id: 'uc' } } ";

const std::string kRecusal = "request_recusal { party_id: 'p2' mediator_user_id: 'md1' ground: KINSHIP }";

// spec: M8 M9 M13 M15
TEST(Recusal, KeepsTheMediatorOutUntilTheCommitteeHasSentAnother) {
  Case c = MediatingCase();
  c.When(kRecusal, Resident("ub"), c.now_ms())
      .ThenPartly(
          {"recusal_requested { recusal { mediator_user_id: 'md1' party_id: 'p2' ground: KINSHIP } }"})
      .AndNotice("mediation.recusal_requested")
      .When(SessionText(c.now_ms()), Mediator(), c.now_ms())
      .ThenRefused("RECUSAL_PENDING")
      .When(DraftText())
      .ThenRefused("RECUSAL_PENDING")
      .When("record_oral { facts: 'x' manner: 'x' " + kRepair + " }")
      .ThenRefused("RECUSAL_PENDING")
      .When("replace_mediator { chair_user_id: 'md1' recusal_checked: true reason: '照旧' }", Chair(),
            c.now_ms())
      .ThenRefused("RECUSAL_PENDING")
      .When("replace_mediator { chair_user_id: 'md2' recusal_checked: true reason: '当事人申请回避' }")
      .ThenPartly({"mediator_replaced { chair_user_id: 'md2' replaced_user_id: 'md1' asked_for: true }"})
      .AndNotice("mediation.mediator_replaced")
      .AndState("status: MEDIATING chair_user_id: 'md2' mediator_user_id: 'md2'")
      .When(DraftText(), Mediator("md2"), c.now_ms())
      .ThenPartly({"agreed {}"});
  EXPECT_TRUE(c.state().recusal().empty());
}

// Identities were read, papers filed and rights explained by a mediator whom a party did not trust.
// spec: M8
TEST(Recusal, LeavesTheMediatorWhatCannotWait) {
  Case c = MediatingCase();
  c.When(kRecusal, Resident("ub"), c.now_ms());
  const std::string file = "file_document { form: F6_EVIDENCE title: '照片' sha256: '" + kDigest + "' }";
  const std::string extend = "extend { by { amount: 1 unit: MO } reason: '双方同意' " + kBothSign + "}";
  for (const std::string& command :
       {file, extend, std::string("serve_rights_notice { party_id: 'p1' how: '当面' }"),
        std::string("end { reason: E05_TOO_FAR_APART remedy: JUDICIAL where_to_go: '法院' notice_how: '书面' }")}) {
    c.When(command, Mediator(), c.now_ms()).ThenRefused("RECUSAL_PENDING");
  }
  for (const auto& name : AllowedCommands(c.state(), Mediator(), tests::Learned())) {
    EXPECT_TRUE(name != "fileDocument" && name != "extend" && name != "serveRightsNotice" && name != "end") << name;
  }
  c.When("report_risk { ground: CROWD facts: '扬言聚众' measures: '劝解' informed { kind: POLICE how: '110' } }",
         Mediator(), c.now_ms())
      .ThenPartly({"risk_reported {}"})
      .When(file, Registrar(), c.now_ms())
      .ThenPartly({"document_filed {}"})
      .When("decide_recusal { mediator_user_id: 'md1' outcome: WAIVED " + kBothSign + "}", Chair(), c.now_ms())
      .When(file, Mediator(), c.now_ms());
  ASSERT_TRUE(c.refusal());
  EXPECT_EQ(c.refusal()->reason, "ALREADY_IN_FILE") << "it is theirs again";
}

// spec: M8
TEST(Recusal, OfTheChairKeepsTheChairsNameFromADraftOfAnotherMediator) {
  Case c = AcceptedCase();
  c.When("assign { chair_user_id: 'md1' other_user_id: 'md2' recusal_checked: true }", Chair(), kMonday)
      .When(SessionText(kTuesdayMs), Mediator("md2"), kTuesdayMs)
      .When(kRecusal, Resident("ub"), kTuesdayMs)
      .When(DraftText(), Mediator("md2"), kTuesdayMs);
  ASSERT_FALSE(c.refusal()) << c.refusal()->reason;
  c.When("sign {}", Mediator("md1"), kTuesdayMs)
      .ThenRefused("RECUSAL_PENDING")
      .When("reconsider { party_id: 'p2' reason: '先换人' }", Resident("ub"), kTuesdayMs)
      .When("replace_mediator { chair_user_id: 'md2' recusal_checked: true reason: '回避' }", Chair(), kTuesdayMs)
      .When(DraftText(), Mediator("md2"), kTuesdayMs)
      .When("sign {}")
      .ThenPartly({"mediator_signed { user_id: 'md2' }"});
}

// spec: M8
TEST(Recusal, IsAskedForOneselfAboutAMediatorOfTheCaseOnce) {
  Case c = AssignedCase();
  c.When(kRecusal, Resident("ua"), kMonday)
      .ThenRefused("NOT_YOUR_PARTY")
      .When("request_recusal { party_id: 'p1' mediator_user_id: 'md9' ground: INTEREST }")
      .ThenRefused("UNKNOWN_MEDIATOR")
      .When("request_recusal { party_id: 'p1' mediator_user_id: 'md1' }")
      .ThenRefused("VALUE_NEEDED")
      .When("request_recusal { mediator_user_id: 'md1' ground: KINSHIP }", Registrar(), kMonday)
      .ThenRefused("UNKNOWN_PARTY")
      .When("request_recusal { party_id: 'p1' mediator_user_id: 'md1' ground: KINSHIP }", Mediator(), kMonday)
      .ThenRefused("NOT_YOURSELF")
      .When("request_recusal { mediator_user_id: 'md1' ground: INTEREST }")  // the mediator withdraws
      .ThenPartly({"recusal_requested { recusal { mediator_user_id: 'md1' } }"})
      .When(kRecusal, Resident("ub"), kMonday)
      .ThenRefused("RECUSAL_ALREADY_ASKED");
}

// 特邀调解规定 15, 在线调解规则 13: 双方当事人同意由该调解员调解的除外.
// spec: M8
TEST(Recusal, IsWaivedByBothSidesTogether) {
  const std::string waive = "decide_recusal { mediator_user_id: 'md1' outcome: WAIVED ";
  Case c = MediatingCase();
  c.When(waive + kBothSign + "}", Chair(), c.now_ms()).ThenRefused("NO_RECUSAL_ASKED");
  c.When(kRecusal, Resident("ub"), c.now_ms());
  c.When(waive + "consent { party_id: 'p2' proof_sha256: '" + kDigest + "' } }", Chair(), c.now_ms())
      .ThenRefused("SIGNED_CONSENT_MISSING")
      .When(waive + kBothSign + "}", Registrar(), c.now_ms())
      .ThenRefused(RefusalCode::kNotAllowed)
      .When(waive + kBothSign + "}", Chair(), c.now_ms())
      .ThenPartly({"recusal_decided { mediator_user_id: 'md1' outcome: WAIVED }"})
      .When(DraftText(), Mediator(), c.now_ms())
      .ThenPartly({"agreed {}"});
  EXPECT_TRUE(c.state().recusal().empty());
  Case gifts = MediatingCase();
  const std::string gift = "request_recusal { party_id: 'p2' mediator_user_id: 'md1' ground: MISCONDUCT }";
  gifts.When(gift, Resident("ub"), c.now_ms())
      .When(waive + kBothSign + "}", Chair(), c.now_ms())
      .ThenRefused("RECUSAL_BINDS");
}

// 特邀调解规定 15: 回避由特邀调解组织或者人民法院决定; 若干规定 25: 应当予以调换.
// spec: M8
TEST(Recusal, IsFoundGroundlessInACourtsCaseOnly) {
  const std::string groundless = "decide_recusal { mediator_user_id: 'md1' outcome: GROUNDLESS reason: '查无此关系' }";
  Case c = MediatingCase();
  c.When(kRecusal, Resident("ub"), c.now_ms())
      .When(groundless, Chair(), c.now_ms())
      .ThenRefused("RECUSAL_BINDS");
  Case court(tests::Learned(), "c1");
  court.When("receive_referral { sender: FROM_COURT document: 'd' " + kDispute + kParties + " }", Registrar(), kMonday)
      .When("record_consent { party_id: 'p1' answer: AGREED_TO_MEDIATE how: 'x' }")
      .When("record_consent { party_id: 'p2' answer: AGREED_TO_MEDIATE how: 'x' }")
      .When("serve_rights_notice { party_id: 'p1' party_id: 'p2' how: 'x' }")
      .When(kAccept)
      .When(kAssign, Chair(), kMonday)
      .When("request_recusal { mediator_user_id: 'md1' ground: INTEREST }", Mediator(), kMonday)
      .When(groundless, Chair(), kMonday)
      .ThenRefused("RECUSAL_BINDS")  // who withdraws is let go
      .When("replace_mediator { chair_user_id: 'md2' recusal_checked: true reason: '回避' }")
      .When("request_recusal { party_id: 'p2' mediator_user_id: 'md2' ground: KINSHIP }", Resident("ub"), kMonday)
      .When("decide_recusal { mediator_user_id: 'md2' outcome: GROUNDLESS }", Chair(), kMonday)
      .ThenRefused("CONTENT_NEEDED")
      .When("decide_recusal { mediator_user_id: 'md2' outcome: GROUNDLESS reason: '查无此关系' }")
      .ThenPartly({"recusal_decided { outcome: GROUNDLESS }"});
  EXPECT_TRUE(court.state().recusal().empty());
}

// spec: M8
TEST(ReplaceMediator, ChecksTheNewOnesLikeTheFirst) {
  Case c = AssignedCase();
  c.When("replace_mediator { chair_user_id: 'ub' recusal_checked: true reason: '生病' }", Chair(), kMonday)
      .ThenRefused("MEDIATOR_IS_PARTY")
      .When("replace_mediator { chair_user_id: 'md2' reason: '生病' }")
      .ThenRefused("RECUSAL_NOT_CHECKED")
      .When("replace_mediator { chair_user_id: 'md2' recusal_checked: true }")
      .ThenRefused("CONTENT_NEEDED")
      .When("replace_mediator { chair_user_id: 'md1' recusal_checked: true reason: '生病' }")
      .ThenRefused("SAME_MEDIATORS")
      .When(
          "replace_mediator { chair_user_id: 'md1' other_user_id: 'md3' recusal_checked: true reason: "
          "'案情复杂' }")
      .ThenPartly({"mediator_replaced { other_user_id: 'md3' }"})
      .AndState("mediator_user_id: 'md1' mediator_user_id: 'md3'");
}

std::string PauseText(const char* ground, int64_t until, const std::string& consent = kBothSign) {
  return std::string("pause { ground: ") + ground + " expected_end_at_ms: " + std::to_string(until) + " " +
         consent + " }";
}

// spec: M10 DM-04
TEST(Pause, ForAnAppraisalStopsThePeriodWhereTheTypeAllowsIt) {
  Case c(tests::Learned(), "c1");
  BringToMediation(&c, "D15");
  const int64_t until = Local("2026-12-24 09:00");
  c.AndTimer("due/DM-04", EndOf("2027-01-05") + 1)
      .When(PauseText("APPRAISAL", until), Chair(), c.now_ms())
      .ThenPartly({"paused { pausing { ground: APPRAISAL clock_stands: true } }"})
      .AndNotice("mediation.paused")
      .AndState("status: PAUSED")
      .AndNoTimer("due/DM-04")
      .AndNoTimer("warn_period")
      .AndTimer("remind_pause", until)
      .When("end_period {}", Platform(), Local("2027-02-01 09:00"))
      .ThenNothing()
      .When("warn_period {}")
      .ThenNothing();
}

// spec: M10 DM-04
TEST(Pause, OfFiveWorkingDaysAddsFiveWorkingDays) {
  Case c(tests::Learned(), "c1");
  BringToMediation(&c, "D15");
  c.When(PauseText("APPRAISAL", Local("2026-12-24 09:00")), Chair(), c.now_ms())
      .When("resume { remark: '鉴定意见已出' }", Chair(), Local("2026-12-01 10:00"))
      .ThenPartly({"resumed { remark: '鉴定意见已出' }"})
      .AndNotice("mediation.resumed")
      .AndState("status: MEDIATING")
      .AndTimer("due/DM-04", EndOf("2027-01-12") + 1)
      .AndNoTimer("remind_pause");
  EXPECT_EQ(c.state().period_end_ms(), EndOf("2027-01-12"));
}

// spec: M10 DM-04
TEST(Pause, WhereTheTypeDoesNotAllowItRunsInsideThePeriod) {
  Case c = MediatingCase();
  c.When(PauseText("APPRAISAL", Local("2026-12-24 09:00")), Chair(), c.now_ms())
      .ThenRefused("PAUSE_BEYOND_PERIOD")
      .When(PauseText("APPRAISAL", Local("2026-12-10 09:00")))
      .ThenPartly({"paused { pausing { ground: APPRAISAL } }"})
      .AndTimer("due/DM-04", EndOf("2026-12-23") + 1)
      .AndTimer("warn_period", Local("2026-12-18 09:00"))
      .WhenTimerFires("warn_period")
      .WhenTimerFires("period")
      .ThenPartly({"ended { reason: E06_PERIOD_EXPIRED }"});  // a pause is no way around the period
}

// spec: M10
TEST(Pause, BecauseBothAskDoesNotStopThePeriodOfAMedicalDispute) {
  Case c(tests::Learned(), "c1");
  BringToMediation(&c, "D15");
  c.When(PauseText("BOTH_ASK", Local("2026-12-10 09:00")), Chair(), c.now_ms())
      .AndTimer("due/DM-04", EndOf("2027-01-05") + 1);
  EXPECT_FALSE(c.state().pausing().clock_stands());
}

// spec: M10
TEST(Pause, OfACourtsCaseStopsThePeriodBeforeFilingOnly) {
  for (const bool entrusted : {false, true}) {
    Case c(tests::Learned(), "c1");
    c.When("receive_referral { sender: FROM_COURT document: 'd' " +
               std::string(entrusted ? "court_entrusted: true court_case_no: '诉12' " : "") + kDispute + kParties + " }",
           Registrar(), kMonday)
        .When("record_consent { party_id: 'p1' answer: AGREED_TO_MEDIATE how: 'x' }")
        .When("record_consent { party_id: 'p2' answer: AGREED_TO_MEDIATE how: 'x' }")
        .When("serve_rights_notice { party_id: 'p1' party_id: 'p2' how: 'x' }")
        .When(kAccept)
        .When(kAssign, Chair(), kMonday)
        .When(SessionText(kTuesdayMs), Mediator(), kTuesdayMs)
        .When(PauseText("APPRAISAL", Local("2026-12-07 09:00")), Chair(), c.now_ms())
        .AndState("status: PAUSED");
    EXPECT_EQ(c.state().pausing().clock_stands(), !entrusted);
  }
}

// spec: M10
TEST(Pause, NeedsBothSidesAndAnEnd) {
  Case c = MediatingCase();
  c.When(PauseText("BOTH_ASK", Local("2026-12-10 09:00"), "consent { party_id: 'p1' proof_sha256: '" + kDigest + "' }"),
         Chair(), c.now_ms())
      .ThenRefused("SIGNED_CONSENT_MISSING")
      .When(PauseText("BOTH_ASK", Local("2026-12-10 09:00"),
                      "consent { party_id: 'p1' } consent { party_id: 'p2' }"))
      .ThenRefused("PROOF_NEEDED")
      .When(PauseText("BOTH_ASK", c.now_ms()))
      .ThenRefused("BAD_PAUSE_END")
      .When(PauseText("PAUSE_GROUND_UNSPECIFIED", Local("2026-12-10 09:00")))
      .ThenRefused("VALUE_NEEDED")
      .When(PauseText("BOTH_ASK", Local("2027-01-20 09:00")), Local("2027-01-04 09:00"))
      .ThenRefused("PERIOD_OVER");
}

// spec: M10
TEST(Pause, IsRemindedOfOnceWhenItsEndHasCome) {
  Case c = MediatingCase();
  c.When(PauseText("BOTH_ASK", Local("2026-12-01 09:00")), Chair(), c.now_ms())
      .WhenTimerFires("remind_pause")
      .ThenPartly({"pause_reminded {}"})
      .AndNotice("mediation.pause_reminded")
      .AndNoTimer("remind_pause")
      .When("end { reason: E04_PARTY_REFUSES }", Resident("ub"), c.now_ms())  // a party may always go
      .AndState("status: ENDED");
}

std::string ExtendText(const std::string& by, const std::string& consent = kBothSign) {
  return "extend { by { " + by + " } reason: '等待房屋检测' " + consent + " }";
}

// spec: M11 DM-04
TEST(Extend, WithTheSignedConsentOfBothMovesTheEnd) {
  Case c = MediatingCase();
  c.WhenTimerFires("warn_period")
      .When(ExtendText("amount: 1 unit: MO"), Mediator(), c.now_ms())
      .ThenPartly({"extended { by { amount: 1 unit: MO } reason: '等待房屋检测' }"})
      .AndNotice("mediation.extended")
      .AndTimer("due/DM-04", EndOf("2027-01-25") + 1)  // 23 January is a Saturday
      .AndNoTimer("period");
  EXPECT_EQ(c.state().period_end_ms(), EndOf("2027-01-25"));
  EXPECT_EQ(c.state().period_warned_at_ms(), 0);  // who was warned is warned again
}

// spec: M11
TEST(Extend, IsRefusedWithoutBothOrBeyondTheRules) {
  Case c = MediatingCase();
  c.When(ExtendText("amount: 1 unit: MO", "consent { party_id: 'p2' proof_sha256: '" + kDigest + "' }"), Mediator(),
         c.now_ms())
      .ThenRefused("SIGNED_CONSENT_MISSING")
      .When(ExtendText("amount: 1 unit: MO", "consent { party_id: 'p9' proof_sha256: '" + kDigest + "' }"))
      .ThenRefused("UNKNOWN_PARTY")
      .When(ExtendText("amount: 2 unit: MO"))
      .ThenRefused("EXTENSION_TOO_LONG")
      .When(ExtendText("amount: 30 unit: D"))
      .ThenRefused("EXTENSION_UNIT")
      .When(std::string("extend { by { amount: 1 unit: MO } ") + kBothSign + "}")
      .ThenRefused("CONTENT_NEEDED")
      .When(ExtendText("amount: 1 unit: MO"), Local("2026-12-28 09:00"))
      .ThenRefused("CLOCK_LATE");
}

// Handed over by a petition whose own period leaves time until `end_by`; the parties have met once.
struct CaseOfAPetition : Case {
  CaseOfAPetition(const std::string& type, int64_t end_by) : Case(tests::Learned(), "rf-r1") {
    When("take_referral { origin { service: 'petition' aggregate_id: 'p1' matter_code: 'X' referral_id: 'r1' } "
         "area_code: '371403001002' dispute_type: '" +
             type + "' end_by_ms: " + std::to_string(end_by) + " }",
         Platform(), kMonday)
        .When("complete_intake { facts: '漏水' " + kParties + " }", Registrar(), kMonday)
        .When("record_consent { party_id: 'p2' answer: AGREED_TO_MEDIATE how: 'x' }")
        .When("serve_rights_notice { party_id: 'p1' party_id: 'p2' how: 'x' }")
        .When(kAccept)
        .When(kAssign, Chair(), kMonday)
        .When(SessionText(kTuesdayMs), Mediator(), kTuesdayMs);
  }
};

// spec: M11 DM-04 M3
TEST(Extend, OfWhatTheSenderLimitedIsTheSendersToGrant) {
  const int64_t end_by = EndOf("2026-12-07");
  CaseOfAPetition c("D02", end_by);
  c.AndTimer("due/DM-04", end_by + 1);  // the petition's own clock runs on
  c.When(ExtendText("amount: 1 unit: MO")).ThenRefused("SENDERS_PERIOD");
}

// Fifteen days of a labour dispute are shorter than what the petition leaves; the extension went beyond it.
// spec: M11 DM-04 P16
TEST(Extend, EndsWhereThePetitionsPeriodEnds) {
  CaseOfAPetition c("D11", EndOf("2026-12-20"));
  c.AndTimer("due/DM-04", EndOf("2026-12-08") + 1)
      .When(ExtendText("amount: 15 unit: D"))
      .ThenRefused("SENDERS_PERIOD")
      .When(ExtendText("amount: 10 unit: D"))
      .AndTimer("due/DM-04", EndOf("2026-12-18") + 1);
}

// A medical case's appraisal moved the end beyond what the petition's period, which nothing stops, had left.
// spec: M10 DM-04 P16
TEST(Pause, DoesNotMoveTheDayThatAPetitionLeaves) {
  const int64_t end_by = EndOf("2026-12-07");
  CaseOfAPetition c("D15", end_by);
  c.When(PauseText("APPRAISAL", Local("2026-12-20 09:00")), Chair(), c.now_ms())
      .ThenRefused("PAUSE_BEYOND_PERIOD")
      .When(PauseText("APPRAISAL", Local("2026-12-04 09:00")))
      .AndState("status: PAUSED")
      .AndTimer("due/DM-04", end_by + 1);
  EXPECT_FALSE(c.state().pausing().clock_stands());
  c.When("resume {}", Chair(), Local("2026-12-04 09:00")).AndTimer("due/DM-04", end_by + 1);
}

// spec: M16 DM-04 P16
TEST(Reconsider, DoesNotMoveTheDayThatAPetitionLeaves) {
  const int64_t end_by = EndOf("2026-12-07");
  CaseOfAPetition c("D02", end_by);
  c.When(DraftText(), Mediator(), kTuesdayMs)
      .When("reconsider { party_id: 'p2' reason: '再想想' }", Mediator(), Local("2026-12-01 09:00"))
      .AndTimer("due/DM-04", end_by + 1);
}

// spec: DM-04
TEST(Period, OfARoadAccidentStartsWhenTheDamageIsFixed) {
  Case c(tests::Learned(), "c1");
  std::string text = ApplyText();
  text.replace(text.find("'D02'"), 5, "'D16'");
  c.When(text, Registrar(), kMonday)
      .When("record_consent { party_id: 'p2' answer: AGREED_TO_MEDIATE how: 'x' }")
      .When("serve_rights_notice { party_id: 'p1' party_id: 'p2' how: 'x' }")
      .When("accept { jurisdiction_confirmed: true not_accepted_elsewhere: true damage_fixed_at_ms: " +
            std::to_string(Local("2026-12-07 10:00")) + " }")
      .AndTimer("due/DM-04", EndOf("2027-01-07") + 1);
  Consented()
      .When("accept { jurisdiction_confirmed: true not_accepted_elsewhere: true damage_fixed_at_ms: " +
            std::to_string(Local("2026-12-07 10:00")) + " }")
      .ThenRefused("ROAD_ACCIDENTS_ONLY");
}

// spec: M12
TEST(RiskReport, TellsPoliceAndRaisesTheRisk) {
  Case c = MediatingCase();
  c.When(
       "report_risk { ground: VIOLENCE facts: '扬言动手' measures: '分开劝解' informed { kind: POLICE how: "
       "'110' } }",
       Mediator(), c.now_ms())
      .ThenPartly(
          {"risk_reported { report { ground: VIOLENCE by_user_id: 'md1' informed { kind: POLICE } } }"})
      .AndNotice("mediation.risk_reported")
      .AndState("risk: HIGH status: MEDIATING");
  EXPECT_EQ(Told(c).risk(), common::v1::HIGH);
  EXPECT_TRUE(Told(c).police_informed());
  EXPECT_EQ(Told(c).public_order(), v1::ORDER_VIOLENCE) << "the grid makes an urgent matter of it";
  EXPECT_EQ(c.notices()[0].SerializeAsString().find("扬言"), std::string::npos);
}

// spec: M12
TEST(RiskReport, SaysWhatPublicOrderHasToFearAndNothingElseOfTheGrounds) {
  const std::pair<std::string, v1::PublicOrder> told[] = {{"ground: VIOLENCE ground: CROWD", v1::ORDER_CROWD},
                                                          {"ground: PROPERTY_DAMAGE", v1::ORDER_VIOLENCE},
                                                          {"ground: SELF_HARM", v1::PUBLIC_ORDER_UNSPECIFIED}};
  for (const auto& [ground, order] : told) {
    Case c = MediatingCase();
    c.When("report_risk { " + ground + " facts: '扬言' measures: '劝解' informed { kind: POLICE how: '110' } }",
           Mediator(), c.now_ms())
        .AndNotice("mediation.risk_reported");
    EXPECT_EQ(Told(c).public_order(), order) << ground;
  }
}

// spec: M12
TEST(RiskReport, IsNoReportWhileNobodyWasTold) {
  Case c = MediatingCase();
  const std::string what = " facts: '扬言动手' measures: '分开劝解' ";
  c.When("report_risk { ground: CROWD" + what + "}", Mediator(), c.now_ms())
      .ThenRefused("NOBODY_INFORMED")
      .When("report_risk { ground: ARMS" + what + "informed { kind: DEPARTMENT how: '电话' } }")
      .ThenRefused("POLICE_NOT_INFORMED")
      .When("report_risk { ground: CROWD" + what +
            "informed { kind: DEPARTMENT how: '电话' org_id: 'nobody' } }")
      .ThenRefused("UNKNOWN_ORG")
      .When("report_risk { ground: CROWD" + what + "informed { kind: DEPARTMENT } }")
      .ThenRefused("CONTENT_NEEDED")
      .When("report_risk {" + what + "informed { kind: POLICE how: '电话' } }")
      .ThenRefused("VALUE_NEEDED")
      .When("report_risk { ground: CROWD facts: 'x' informed { kind: POLICE how: '电话' } }")
      .ThenRefused("CONTENT_NEEDED")
      .When("report_risk { ground: CROWD measures: 'x' informed { kind: POLICE how: '电话' } }")
      .ThenRefused("CONTENT_NEEDED")
      .When("report_risk { ground: CROWD" + what +
            "informed { kind: DEPARTMENT how: '电话' org_id: 'c-hrss' } }")
      .ThenPartly({"risk_reported {}"});
  EXPECT_FALSE(Told(c).police_informed());
}

// spec: M16 DM-04
TEST(Reconsider, TakesTheDraftBackAndThePeriodRunsOn) {
  Case c = DraftedCase();
  c.When("sign { party_id: 'p1' kind: SIGNATURE }", Resident("ua"), c.now_ms())
      .When("seal { copies: 3 }", Chair(), c.now_ms())
      .When("reconsider { party_id: 'p2' reason: '数额再谈' }", Resident("ub"), Local("2026-11-26 10:00"))
      .ThenPartly({"reconsidered { party_id: 'p2' }"})
      .AndNotice("mediation.reconsidered")
      .AndState("status: MEDIATING")
      .AndTimer("due/DM-04", EndOf("2026-12-25") + 1);  // two days lay with the draft
  EXPECT_FALSE(c.state().has_agreement());
  EXPECT_EQ(c.state().party(0).signed_(), v1::SIGNATURE_KIND_UNSPECIFIED);
  c.When(DraftText(), Mediator(), c.now_ms()).AndState("status: AGREED").AndNoTimer("due/DM-04");
}

// A draft that came after the period stopped a late clock; a change of mind set it going, and it was told late anew.
// spec: M16 DM-04
TEST(Reconsider, OfADraftThatCameLateDoesNotTellTheLatenessTwice) {
  Case c = MediatingCase();
  c.WhenTimerFires("due/DM-04").ThenPartly({"clock_expired { policy_id: 'DM-04' }"});
  c.When(DraftText(kRefrain), Mediator(), c.now_ms()).AndState("status: AGREED");
  c.When("reconsider { party_id: 'p2' reason: '数额再谈' }", Resident("ub"), c.now_ms() + base::kDayMs)
      .AndState("status: MEDIATING")
      .AndNoTimer("due/DM-04");
}

TEST(Reconsider, IsNotForAThirdPartyWhomTheAgreementDoesNotName) {
  Case c = DraftedCase(kThird);
  c.When("reconsider { party_id: 'p3' }", Resident("uc"), c.now_ms())
      .ThenRefused("NOT_A_SIGNER")
      .When("reconsider { party_id: 'p2' }", Resident("ub"), c.now_ms())
      .AndState("status: MEDIATING");
}

// spec: M16
TEST(Reconsider, IsForOneself) {
  Case c = DraftedCase();
  c.When("reconsider { party_id: 'p2' }", Resident("ua"), c.now_ms())
      .ThenRefused("NOT_YOUR_PARTY")
      .When("reconsider { party_id: 'p7' }")
      .ThenRefused("UNKNOWN_PARTY");
}

}  // namespace
}  // namespace mediation
