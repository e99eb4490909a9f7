// Referral to mediation and petition, requests of oversight, the ladder, reference data.
#include "tests/incident/world.h"

namespace incident {
namespace {

using common::v1::CLOCK_RUNNING;
using enum kernel::RefusalCode;

// spec: I19
TEST(ReferToMediation, TellsTheTypeAndAGuardAgainstDoingItTwice) {
  Matter m;
  m.Referred();
  EXPECT_EQ(m.status(), v1::REFERRED);
  const auto referral = m.Published("incident.referred_to_mediation").referral();
  EXPECT_EQ(referral.dispute_type(), "D02");
  EXPECT_EQ(referral.party_count(), 2);
  EXPECT_FALSE(referral.referral_id().empty());
  EXPECT_EQ(base::LocalEndText(referral.answer_due_ms()), "2026-11-26 24:00");  // DM-08: three working days
  EXPECT_EQ(m.incident().standing().holder_org(), "371403001-centre");
}

// spec: I19
TEST(ReferToMediation, NeedsADisputeTypeAndTwoParties) {
  Matter m;
  m.Accepted()
      .As(Td())
      .When("refer_to_mediation { dispute_type: 'X9' party_count: 2 facts: 'x' }")
      .ThenRefused("UNKNOWN_DISPUTE_TYPE");
  m.When("refer_to_mediation { dispute_type: 'D02' party_count: 1 facts: 'x' }")
      .ThenRefused("PARTIES_NEEDED");
  m.When(
       "refer_to_mediation { dispute_type: 'D02' party_count: 2 facts: 'x' committee_org: '371403001-urban' "
       "}")
      .ThenRefused("UNKNOWN_COMMITTEE");
}

// spec: I19 DI-05
TEST(Referral, PausesTheHandlingForAtMostFortyFiveDays) {
  Matter m;
  m.Taken().Do(Td(), "refer_to_mediation { dispute_type: 'D02' party_count: 2 facts: 'x' }");
  EXPECT_EQ(m.Clock("DI-05")->pause(0).to_ms(), 0);
  m.AndNoTimer("clock/DI-05").WhenTimerFires("referral_cap").AndNotice("incident.referral_cap_reached");
  EXPECT_EQ(base::LocalEndText(m.now_ms() - 1).substr(0, 10), "2027-01-07");
  EXPECT_NE(m.Clock("DI-05")->pause(0).to_ms(), 0);
  EXPECT_EQ(m.status(), v1::REFERRED);
  m.AndNoTimer("referral_cap");
}

// Flow 1, this service's side. spec: flow-1 I21 I19
TEST(Flow, NeighbourDisputeIsSettledInTheVillage) {
  Matter m;
  m.Reported("report { category: '0102' text: '两家争墙根' area_code: '371403001001001' }");
  m.Do(Gh(), "accept {}")
      .Do(Gh(), "refer_to_mediation { dispute_type: 'D02' party_count: 2 facts: '争墙根' }");
  m.Do(Service("mediation"), Mediation(m, "referral_received", 1));
  EXPECT_EQ(m.incident().referral().subject_id(), "c1");
  m.Do(Service("mediation"), Mediation(m, "effective", 9, "level: 2 form: ORAL"));
  EXPECT_EQ(m.status(), v1::CLOSED);
  EXPECT_EQ(m.incident().closure_type(), v1::VIA_MEDIATION);
  EXPECT_EQ(m.Published("incident.closed").resolved_level(), 2);
  m.Do(Service("mediation"), Mediation(m, "breached", 12));
  EXPECT_FALSE(m.incident().substantively_resolved());
  m.Do(Service("mediation"), Mediation(m, "completed", 14, "performed: true"));
  EXPECT_TRUE(m.incident().substantively_resolved());
}

// spec: I21 M23
TEST(Referral, WhoseAgreementEndedInCourtIsNotThereforeResolved) {
  Matter m;
  m.Reported("report { category: '0102' text: '两家争墙根' area_code: '371403001001001' }");
  m.Do(Gh(), "accept {}")
      .Do(Gh(), "refer_to_mediation { dispute_type: 'D02' party_count: 2 facts: '争墙根' }");
  m.Do(Service("mediation"), Mediation(m, "effective", 9, "level: 2 form: WRITTEN"));
  m.Do(Service("mediation"), Mediation(m, "breached", 12));
  m.Do(Service("mediation"), Mediation(m, "completed", 14, "completion: BY_LAWSUIT"));
  EXPECT_FALSE(m.incident().substantively_resolved());
}

// spec: I21 M20 M22
TEST(Referral, WhoseMediationEndsAfterItsAgreementIsNoLongerResolved) {
  Matter m;
  m.Reported("report { category: '0102' text: '两家争墙根' area_code: '371403001001001' }");
  m.Do(Gh(), "accept {}")
      .Do(Gh(), "refer_to_mediation { dispute_type: 'D02' party_count: 2 facts: '争墙根' }");
  m.Do(Service("mediation"), Mediation(m, "effective", 9, "level: 2 form: WRITTEN"));
  EXPECT_TRUE(m.incident().substantively_resolved());
  m.Do(Service("mediation"), Mediation(m, "ended", 13, "end_reason: E05_TOO_FAR_APART"));
  EXPECT_EQ(m.status(), v1::CLOSED) << "closed it stays, whoever asks opens it again";
  EXPECT_FALSE(m.incident().substantively_resolved()) << "the court rejected the agreement, nothing is settled";
}

// spec: I21 M20
TEST(Referral, IsResolvedAgainByASecondAgreement) {
  Matter m;
  m.Reported("report { category: '0102' text: '两家争墙根' area_code: '371403001001001' }");
  m.Do(Gh(), "accept {}")
      .Do(Gh(), "refer_to_mediation { dispute_type: 'D02' party_count: 2 facts: '争墙根' }");
  m.Do(Service("mediation"), Mediation(m, "effective", 9, "level: 2 form: WRITTEN"));
  m.Do(Service("mediation"), Mediation(m, "breached", 12));
  EXPECT_FALSE(m.incident().substantively_resolved());
  m.Do(Service("mediation"), Mediation(m, "effective", 17, "level: 2 form: WRITTEN"));
  EXPECT_TRUE(m.incident().substantively_resolved());
  EXPECT_EQ(m.status(), v1::CLOSED);
}

// spec: I21 DI-02 DI-05
TEST(Referral, ThatEndsWithoutAgreementComesBackWithItsReason) {
  Matter m;
  m.Taken().Do(Td(), "refer_to_mediation { dispute_type: 'D02' party_count: 2 facts: 'x' }");
  m.Later(base::kDayMs).Do(Service("mediation"), Mediation(m, "ended", 5, "end_reason: E04_PARTY_REFUSES"));
  EXPECT_EQ(m.status(), v1::ACCEPTED);
  EXPECT_EQ(m.Published("incident.referral_returned").reason_code(), "E04");
  EXPECT_EQ(m.Outcome("DI-05"), CLOCK_RUNNING);
  EXPECT_NE(m.Clock("DI-05")->pause(0).to_ms(), 0);
  EXPECT_EQ(m.Outcome("DI-02"), CLOCK_RUNNING);
  m.AndNoTimer("referral_cap");
}

// spec: I21
TEST(Referral, NewsHasItsEffectOnce) {
  Matter m;
  m.Referred();
  const std::string ended = Mediation(m, "refused", 3, "refusal_code: 'R02'");
  m.Do(Service("mediation"), ended).Do(Service("mediation"), ended);
  m.ThenNothing();
  const std::string old_news = Mediation(m, "effective", 4);
  m.Do(Td(), "refer_to_mediation { dispute_type: 'D02' party_count: 2 facts: 'x' }")
      .Do(Service("mediation"), old_news);
  m.ThenNothing();
  EXPECT_EQ(m.status(), v1::REFERRED) << "news of the first referral does not end the second";
}

// spec: I20 I21
TEST(ReferToPetition, ClosesWhenThePetitionIsAccepted) {
  Matter m;
  m.Reported("report { category: '0205' text: '窗口态度差' }").Do(Td(), "accept {}");
  m.Do(Td(), "refer_to_petition { facts: '态度差' against_org: 'x' }");
  m.AndNotice("incident.referred_to_petition");
  const std::string origin = "origin { service: 'incident' aggregate_id: 'm1' referral_id: '" +
                             m.incident().referral().referral().referral_id() + "' }";
  m.Do(Service("petition"),
       "hear_petition { topic: 'petition.accepted' subject_id: 'p1' version: 2 notice { level: 4 " + origin +
           " } }");
  EXPECT_EQ(m.incident().closure_type(), v1::VIA_PETITION);
  EXPECT_FALSE(m.incident().substantively_resolved()) << "it has only changed hands";
}

// spec: I20
TEST(ReferToPetition, NeedsAPetitionerAndComesBackWhenItIsNotAccepted) {
  Matter m;
  m.Reported("public_report { text: '态度差' category: '0205' area_code: '371403001' }", Anybody());
  m.Do(Td(), "accept {}").As(Td()).When("refer_to_petition { facts: 'x' }").ThenRefused("PETITIONER_NEEDED");
  m.Do(Td(), "supplement { party { name: 'vault:a' } }").Do(Td(), "refer_to_petition { facts: 'x' }");
  const std::string origin = "origin { service: 'incident' aggregate_id: 'm1' }";
  m.Do(Service("petition"),
       "hear_petition { topic: 'petition.not_accepted' subject_id: 'p1' version: 2 notice { refusal_code: "
       "'NA02' " +
           origin + " } }");
  EXPECT_EQ(m.status(), v1::ACCEPTED);
  EXPECT_EQ(m.Published("incident.referral_returned").reason_code(), "NA02");
}

// It stayed REFERRED, and nobody was to do anything any more.
// spec: I20
TEST(ReferToPetition, ComesBackWhenThePetitionIsWithdrawn) {
  Matter m;
  m.Reported("report { category: '0205' text: '窗口态度差' }").Do(Td(), "accept {}");
  m.Do(Td(), "refer_to_petition { facts: '态度差' against_org: 'x' }");
  const std::string origin = "origin { service: 'incident' aggregate_id: 'm1' }";
  m.Do(Service("petition"),
       "hear_petition { topic: 'petition.withdrawn' subject_id: 'p1' version: 2 notice { " + origin + " } }");
  EXPECT_EQ(m.status(), v1::ACCEPTED);
  EXPECT_EQ(m.Published("incident.referral_returned").reason_code(), "WITHDRAWN");
}

// A petitioner died before anybody had accepted the petition, and the matter stayed REFERRED. After acceptance it is
// the petition's own end.
// spec: I20 山东46
TEST(ReferToPetition, ComesBackWhenThePetitionEndsWithItsPetitioner) {
  for (const bool accepted : {false, true}) {
    Matter m;
    m.Reported("report { category: '0205' text: '窗口态度差' }").Do(Td(), "accept {}");
    m.Do(Td(), "refer_to_petition { facts: '态度差' }");
    const std::string heard =
        " subject_id: 'p1' notice { origin { service: 'incident' aggregate_id: 'm1' referral_id: '" +
        m.incident().referral().referral().referral_id() + "' } } }";
    if (accepted) m.Do(Service("petition"), "hear_petition { topic: 'petition.accepted' version: 2" + heard);
    m.Do(Service("petition"), "hear_petition { topic: 'petition.closed' version: 3" + heard);
    if (accepted) {
      m.ThenNothing();
      continue;
    }
    EXPECT_EQ(m.status(), v1::ACCEPTED);
    EXPECT_EQ(m.Published("incident.referral_returned").reason_code(), "PETITION_TERMINATED");
  }
}

std::string Oversight(std::string_view topic, int version, std::string_view more) {
  return "hear_oversight { topic: 'oversight." + std::string(topic) +
         "' source_id: 'o1' version: " + std::to_string(version) +
         " notice { service: 'incident' subject_id: 'm1' " + std::string(more) + " } }";
}

// spec: I22
TEST(Supervision, IsAnOverlayThatOversightSetsAndLifts) {
  Matter m;
  m.Taken().Do(Service("oversight"),
               Oversight("order_issued", 2, "order_id: 'o1' card: CARD_YELLOW issuer_org: '371403-centre'"));
  EXPECT_EQ(m.Published("incident.order_set").card(), common::v1::CARD_YELLOW);
  EXPECT_EQ(m.status(), v1::PROCESSING);
  m.Do(Service("oversight"), Oversight("order_issued", 2, "order_id: 'o1' card: CARD_YELLOW")).ThenNothing();
  m.Do(Service("oversight"), Oversight("order_closed", 5, "order_id: 'o1'"));
  EXPECT_TRUE(m.incident().order().empty());
}

// The unit read of an instruction that its leader had not had distributed.
// spec: I22 O7
TEST(Oversight, InstructionIsAStepWithItsAnswerOnceItIsDistributed) {
  Matter m;
  m.Taken().Do(Service("oversight"), Oversight("instructed", 1, "instruction_id: 'b1'")).ThenNothing();
  m.Do(Service("oversight"), Oversight("instruction_distributed", 2, "instruction_id: 'b1' to_org: '371403001-urban'"));
  const auto answer = m.Published("incident.instructed").answer();
  EXPECT_EQ(answer.instruction_id(), "b1");
  EXPECT_TRUE(answer.done());
  ASSERT_EQ(m.incident().instructed_size(), 1);
  EXPECT_EQ(m.incident().instructed(0).to_org(), "371403001-urban");
  // An earlier build noted it when it was given.
  m.Do(Service("oversight"), Oversight("instruction_distributed", 3, "instruction_id: 'b1'")).ThenNothing();
}

TEST(Oversight, AssignmentIsGrantedByTheRulesOfDispatch) {
  Matter m;
  m.Taken().Do(Service("oversight"),
               Oversight("assigned", 1, "instruction_id: 'a1' to_org: '371403-hrss' issuer_level: 4"));
  EXPECT_EQ(m.status(), v1::DISPATCHED);
  EXPECT_EQ(m.incident().standing().lead_org(), "371403-hrss");
  EXPECT_EQ(m.incident().standing().co_handler_org(0), "371403001-urban");
  EXPECT_TRUE(m.Published("incident.dispatched").answer().done());
}

TEST(Oversight, RequestAgainstTheRulesIsDeclinedWithTheReason) {
  Matter m;
  m.Taken();
  const auto declined = [&](std::string_view topic, int version, std::string_view more,
                            std::string_view reason) {
    m.Do(Service("oversight"), Oversight(topic, version, std::string(more) + " instruction_id: 'a1'"));
    const auto answer = m.Published("incident.request_declined").answer();
    EXPECT_EQ(answer.reason_code(), reason);
    EXPECT_FALSE(answer.done());
    EXPECT_EQ(answer.instruction_id(), "a1");
  };
  declined("assigned", 1, "to_org: 'nobody' issuer_level: 4", "UNKNOWN_UNIT");
  declined("assigned", 2, "to_org: '371403001-water' issuer_level: 2", "LEVEL_TOO_LOW");
  declined("assigned", 3, "to_org: '371403001-urban' issuer_level: 4", "ALREADY_LEAD");
  declined("send_down_requested", 4, "to_level: 2 issuer_level: 4", "WRONG_STATUS");
  m.Do(Dh(), "complete { result: 'x' resolved: YES }");
  declined("escalate_requested", 5, "to_level: 4", "WRONG_STATUS");
}

// spec: I12 I13
TEST(Oversight, MayAskToEscalateAndToSendDown) {
  Matter m;
  m.Accepted().Do(Service("oversight"),
                  Oversight("escalate_requested", 1,
                            "instruction_id: 'e1' to_level: 4 reason_code: 'BEYOND_ABILITY' issuer_org: '371403-gov'"));
  EXPECT_EQ(m.incident().standing().current_level(), 4);
  const auto went_up = m.Published("incident.escalated");
  EXPECT_TRUE(went_up.answer().done());
  EXPECT_FALSE(went_up.escalation().automatic()) << "a leader asked for it";
  EXPECT_EQ(went_up.escalation().reason(), "BEYOND_ABILITY");
  m.Do(Service("oversight"),
       Oversight("send_down_requested", 2, "instruction_id: 's1' to_level: 3 issuer_level: 4"));
  EXPECT_EQ(m.incident().standing().current_level(), 3);
  EXPECT_TRUE(m.Published("incident.sent_down").answer().done());
}

// spec: I12
TEST(Ladder, LiftsWhatTheGridDidNotSettleInADay) {
  Matter m;
  m.Reported().AndTimer("ladder", Ms("2026-11-25 00:00") + 1);
  m.WhenTimerFires("ladder");
  EXPECT_EQ(m.incident().standing().current_level(), 2);
  EXPECT_EQ(m.status(), v1::REPORTED);
  EXPECT_TRUE(m.Published("incident.escalated").escalation().automatic());
  EXPECT_EQ(m.Published("incident.escalated").escalation().reason(), "OPEN");
}

// Flow 2, the climbing. spec: flow-2 I12
TEST(Flow, WageDisputeOfTwelveWorkersClimbsToTheCounty) {
  Matter m;
  m.Reported("report { category: '0105' text: '拖欠工资' scale: S4_10_TO_49 }", Gh());
  EXPECT_EQ(m.incident().standing().current_level(), 2);
  m.WhenTimerFires("ladder");
  EXPECT_EQ(m.incident().standing().current_level(), 3);
  m.WhenTimerFires("ladder");
  EXPECT_EQ(m.incident().standing().current_level(), 4);
  m.AndNoTimer("ladder");
  m.Do(Cd(), "accept {}")
      .Do(Cd(), "refer_to_mediation { dispute_type: 'D02' party_count: 13 facts: '欠薪' }");
  m.Do(Service("mediation"), Mediation(m, "ended", 7, "end_reason: E04_PARTY_REFUSES"));
  m.Do(Cd(), "dispatch { lead_org: '371403-hrss' }");
  m.Do(ActorOf(kernel::v1::ROLE_DH, "371403-hrss", kCounty, "u-hrss"), "take {}");
  m.Do(ActorOf(kernel::v1::ROLE_DH, "371403-hrss", kCounty, "u-hrss"),
       "complete { result: '已发放' resolved: YES }");
  m.Do(ActorOf(kernel::v1::ROLE_VF, "", kCounty, "u-vf4"), "verify_pass { record: '回访' resolved: YES }");
  EXPECT_EQ(m.Published("incident.closed").resolved_level(), 4);
}

// spec: I12
TEST(Ladder, FiresOnceForEachReasonAndLevel) {
  Matter m;
  m.Reported("report { category: '0706' text: '广告' risk: HIGH }", Gh()).Do(Gh(), "accept {}");
  m.WhenTimerFires("ladder");
  EXPECT_EQ(m.incident().standing().current_level(), 3);
  m.Do(Td(), "send_down { reason: '村里能办' }");
  EXPECT_EQ(m.incident().standing().current_level(), 2);
  for (const auto& timer : IncidentDomain::Timers(m.state())) {
    EXPECT_FALSE(timer.name == "ladder" && timer.due_ms <= m.now_ms())
        << "the high risk was answered by the sending down";
  }
}

// spec: I12
TEST(Ladder, LiftsAfterTwoReworks) {
  Matter m;
  m.Completed().Do(Vf(), "verify_fail { finding: 'a' }").Do(Dh(), "complete { result: 'x' resolved: YES }");
  m.Do(Vf(), "verify_fail { finding: 'b' }").WhenTimerFires("ladder");
  EXPECT_EQ(m.incident().standing().current_level(), 4);
  EXPECT_EQ(m.Published("incident.escalated").escalation().reason(), "REWORKS");
}

// spec: I12 I21
TEST(Ladder, LiftsFromTheVillageAfterTwoSessionsWithoutAgreement) {
  for (const int sessions : {1, 2}) {
    Matter m;
    m.Reported("report { category: '0102' text: '两家争墙根' area_code: '371403001001001' }", Gh());
    m.Do(Gh(), "accept {}").Do(Gh(), "refer_to_mediation { dispute_type: 'D02' party_count: 2 facts: '墙根' }");
    m.Do(Service("mediation"), Mediation(m, "ended", 9, "end_reason: E05_TOO_FAR_APART failed_sessions: " +
                                                            std::to_string(sessions)));
    EXPECT_EQ(m.status(), v1::ACCEPTED);
    EXPECT_EQ(m.incident().standing().current_level(), 2);
    m.WhenTimerFires("ladder");
    EXPECT_EQ(m.Published("incident.escalated").escalation().reason(), sessions == 2 ? "SESSIONS" : "OPEN");
    EXPECT_EQ(m.incident().standing().current_level(), 3);
  }
}

// spec: I12 DI-05
TEST(Ladder, LiftsWhatIsMoreThanThreeWorkingDaysLate) {
  Matter m;
  m.Taken();  // due on the 24th
  m.WhenTimerFires("clock/DI-05").AndTimer("ladder", Ms("2026-11-28 00:00") + 1).WhenTimerFires("ladder");
  EXPECT_EQ(m.incident().standing().current_level(), 4);
}

TEST(Ladder, HearsOfRiskFromTheMediator) {
  Matter m;
  m.Reported("report { category: '0102' text: '争墙根' }", Gh()).Do(Gh(), "accept {}");
  m.Do(Gh(), "refer_to_mediation { dispute_type: 'D02' party_count: 2 facts: 'x' }");
  m.Do(Service("mediation"), Mediation(m, "risk_reported", 2));
  EXPECT_EQ(m.incident().intake().risk(), common::v1::HIGH);
}

TEST(Calendar, OfANewYearRecomputesProvisionalClocksOnly) {
  Matter m;
  m.OnDay("2026-12-20 09:00")
      .Reported("public_report { text: '欠款' category: '1303' area_code: '371403' kind: ENTERPRISE_APPEAL }",
                Pub());
  ASSERT_TRUE(m.Clock("DA-03")->provisional());
  ASSERT_FALSE(m.Clock("DI-01")->provisional());
  const std::string before = m.Due("DA-03");
  directory::v1::Notice notice;
  auto* calendar = notice.mutable_calendar_loaded();
  *calendar = Policies().calendar;
  calendar->set_revision(calendar->revision() + 1);
  calendar->set_horizon("2027-12-31");
  for (const char* day : {"2027-01-01", "2027-01-02", "2027-01-03", "2027-01-04"}) {
    auto* off = calendar->add_off();
    off->set_date(day);
    off->set_name_zh("元旦");
  }
  m.As(Service("directory"));
  m.WhenOn("ref/calendar", "learn_reference { notice { " + notice.ShortDebugString() + " } }");
  m.WhenTimerFires("recompute", "ref/calendar");
  EXPECT_FALSE(m.Clock("DA-03")->provisional());
  EXPECT_NE(m.Due("DA-03"), before);
  EXPECT_TRUE(IncidentDomain::Timers(m.StateOf("ref/calendar")).empty());
  m.WhenOn("ref/calendar", "learn_reference { notice { " + notice.ShortDebugString() + " } }").ThenNothing();
}

// The policies with one row of another length, as the directory tells them.
directory::v1::Notice WithRow(std::string_view id, int amount, common::v1::TimeUnit unit) {
  directory::v1::Notice notice;
  *notice.mutable_policy_changed() = Policies().policies;
  notice.mutable_policy_changed()->set_revision(Policies().policies.revision() + 1);
  for (auto& rule : *notice.mutable_policy_changed()->mutable_deadlines()->mutable_rule()) {
    if (rule.id() != id) continue;
    rule.mutable_length()->set_amount(amount);
    rule.mutable_length()->set_unit(unit);
    rule.set_revision(rule.revision() + 1);
  }
  return notice;
}

// spec: A2
TEST(RecomputeClocks, AppliesAChangeOfTheRowsToAnOpenMatterAndSaysWhy) {
  Matter m;
  m.Taken().Do(Dh(), "complete { result: '已清理' resolved: YES }");
  const std::string before = m.Due("DI-06");
  m.As(Cd()).When("recompute_clocks { reason: '规定没有变' }").ThenRefused("NOTHING_TO_RECOMPUTE");
  const auto notice = WithRow("DI-06", 4, common::v1::WD);
  m.As(Service("directory"));
  m.WhenOn("ref/policy", "learn_reference { notice { " + notice.ShortDebugString() + " } }");
  EXPECT_EQ(m.Due("DI-06"), before) << "a running period keeps the row that started it";
  m.As(Td()).When("recompute_clocks { reason: '新规定' }").ThenRefused(kNotAllowed, "ROLE_MAY_NOT");
  m.Do(Cd(), "recompute_clocks { reason: '新核查办法第三条' }").AndNotice("incident.clocks_recomputed");
  EXPECT_EQ(before, "2026-11-25 24:00");
  EXPECT_EQ(m.Due("DI-06"), "2026-11-27 24:00");
  EXPECT_EQ(m.Clock("DI-06")->policy_revision(), Policies().policies.deadlines().rule(0).revision() + 1);
}

// spec: A2
TEST(RecomputeClocks, NeitherExcusesNorBlamesAfterTheFact) {
  Matter late;
  late.Completed().OnDay("2026-11-26 09:00");
  late.As(Service("directory"));
  late.WhenOn("ref/policy",
              "learn_reference { notice { " + WithRow("DI-06", 9, common::v1::WD).ShortDebugString() + " } }");
  late.As(Cd()).When("recompute_clocks { reason: '放宽' }").ThenRefused("NOTHING_TO_RECOMPUTE");

  Matter timely;
  timely.Completed().OnDay("2026-11-25 09:00");
  timely.As(Service("directory"));
  timely.WhenOn("ref/policy",
                "learn_reference { notice { " + WithRow("DI-06", 1, common::v1::WD).ShortDebugString() + " } }");
  timely.As(Cd()).When("recompute_clocks { reason: '收紧' }").ThenRefused("NOTHING_TO_RECOMPUTE");
}

// spec: A2 I8c
TEST(RecomputeClocks, LeavesTheDatesThatWereNamed) {
  Matter m;
  m.Dispatched().Do(Dm(), "request_return { reason: '不归我们' legal_basis: '三定' suggested_org: '371403001-water' }");
  m.Do(Td(), "refuse_return { reason: '归你们' }");
  const std::string due = m.Due("DI-03");
  m.As(Service("directory"));
  m.WhenOn("ref/policy",
           "learn_reference { notice { " + WithRow("DI-03", 5, common::v1::WD).ShortDebugString() + " } }");
  m.As(Cd()).When("recompute_clocks { reason: '新规定' }").ThenRefused("NOTHING_TO_RECOMPUTE");
  EXPECT_EQ(m.Due("DI-03"), due) << "four hours after a refused return";
}

// spec: A2
TEST(RecomputeClocks, KeepsPausesAndTheCategorysOwnPeriod) {
  Matter m;
  m.Suspended();
  const std::string own = m.Clock("DI-05")->article();
  m.As(Service("directory"));
  m.WhenOn("ref/policy",
           "learn_reference { notice { " + WithRow("DI-05", 3, common::v1::D).ShortDebugString() + " } }");
  const auto pauses = m.Clock("DI-05")->pause_size();
  m.Do(Cc(), "recompute_clocks { reason: '新规定' }");
  EXPECT_EQ(m.Clock("DI-05")->pause_size(), pauses);
  EXPECT_EQ(m.Clock("DI-05")->article(), own);
  EXPECT_EQ(m.Clock("DI-05")->length().unit(), common::v1::WD) << "one working day: the category says so";
}

// The village merges while the matter is open. spec: flow-12
TEST(Scope, FollowsAVillageThatMerges) {
  Matter m;
  m.Reported("report { category: '0706' text: '广告' area_code: '371403001002' }", Td());
  const Actor east = ActorOf(kernel::v1::ROLE_GH, "371403001001-village", kVillage, "u-east");
  m.As(east).When("accept {}").ThenRefused(kNotAllowed, "OUTSIDE_AREA");
  Matter merged;
  merged.Reported("report { category: '0706' text: '广告' area_code: '371403001002' }", Gw());
  merged.As(Service("directory"))
      .WhenOn("ref/area/371403001002",
              "learn_reference { notice { " +
                  Area("371403001002", "西关社区", "371403001001").ShortDebugString() + " } }");
  merged.Do(east, "accept {}");
  EXPECT_EQ(merged.incident().intake().area_code(), "371403001002") << "the matter keeps its code";
}

}  // namespace
}  // namespace incident
