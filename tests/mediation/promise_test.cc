// What was promised, day by day: performance, visits, breach, mediating anew.
#include "services/mediation/domain/promise.h"

#include <algorithm>
#include <string>

#include "services/mediation/domain/rules.h"
#include "tests/mediation/case_world.h"

namespace mediation {
namespace {

std::string PerformText(int no, const std::string& more) {
  return "perform { clause_no: " + std::to_string(no) + " " + more + " }";
}

// spec: M18 M20
TEST(PromiseCalendar, HasADayForEachClause) {
  Case c = MediatingCase();
  Bind(&c);
  c.AndTimer("promise/1", Local("2026-12-24 09:00"))
      .AndTimer("promise/2", Local("2026-12-10 09:00"))
      .AndIndex("promise", "v-committee/2026-12-10/2")
      .AndIndex("promise", "v-committee/2026-12-24/1")
      .AndIndex("promise", "371403001002/2026-12-10/2");
  EXPECT_EQ(PerformanceOf(c.state()), v1::NOT_DUE);
}

// spec: M20
TEST(PromiseCalendar, ShowsABreachBeforeAnybodyComplains) {
  Case c = MediatingCase();
  Bind(&c);
  c.WhenTimerFires("promise/2")
      .ThenPartly({"promise_due { promise { no: 2 state: DUE } }"})
      .AndNotice("mediation.promise_due")
      .AndTimer("promise/2", EndOf("2026-12-10") + 1);
  EXPECT_EQ(PerformanceOf(c.state()), v1::DUE);
  c.WhenTimerFires("promise/2")
      .ThenPartly({"breached { promise { no: 2 state: BREACHED presumed: true } }"})
      .AndNotice("mediation.breached")
      .AndNoTimer("promise/2")
      .AndIndex("promise", "v-committee/2026-12-10/2")  // it stays on its day until it is made good
      .AndState("status: EFFECTIVE");
  EXPECT_TRUE(Told(c).breach_presumed());
  EXPECT_EQ(Told(c).promise_no(), 2);
  EXPECT_EQ(Told(c).performance(), v1::BREACHED);
  EXPECT_TRUE(c.state().breach().empty());  // nobody has found anything yet
}

// spec: M18
TEST(PromiseCalendar, TakesThePresumptionBackWhenItWasKeptInTime) {
  Case c = MediatingCase();
  Bind(&c);
  c.WhenTimerFires("promise/2").WhenTimerFires("promise/2");
  c.When(PerformText(2, "receipt_sha256: '" + kDigest +
                            "' performed_at_ms: " + std::to_string(Local("2026-12-10 16:00"))),
         Mediator(), Local("2026-12-11 09:00"))
      .ThenPartly({"performed { promise { no: 2 state: DONE } performance { receipt_sha256: '" + kDigest + "' } }"})
      .AndNotice("mediation.performed");
  EXPECT_FALSE(c.state().promise(0).late());
  EXPECT_FALSE(c.state().promise(0).presumed());
  EXPECT_EQ(PerformanceOf(c.state()), v1::PARTLY);  // the money is still owed
}

TEST(PromiseCalendar, FiringThatLostTheRaceWithThePerformanceDoesNothing) {
  Case c = MediatingCase();
  Bind(&c);
  c.When(PerformText(2, "receipt_sha256: '" + kDigest + "'"), Mediator(), c.now_ms())
      .AndNoTimer("promise/2")
      .When("wake_promise { no: 2 }", Platform(), EndOf("2026-12-12"))
      .ThenNothing()
      .When("wake_promise { no: 9 }")
      .ThenNothing();
}

// An agreement from before clauses were followed has no such timers, whatever its clauses say.
TEST(PromiseCalendar, LeavesOldAgreementsAsTheyWere) {
  Case c = DraftedCase();
  c.Given({"effective { form: WRITTEN effective_at_ms: 1795482000000 }"});
  c.AndNoTimer("promise/1").AndNotInIndex("promise");
  EXPECT_EQ(PerformanceOf(c.state()), v1::NOT_DUE);
}

// spec: M18
TEST(Perform, InPartsAddsUp) {
  Case c = MediatingCase();
  Bind(&c);
  c.When(PerformText(1, "amount_fen: 30000"), Resident("ua"),
         Local("2026-12-01 09:00"))  // who is owed says so
      .ThenPartly(
          {"performed { promise { no: 1 state: PARTLY paid_fen: 30000 } performance { by_party_id: 'p1' } }"})
      .AndNotice("mediation.performed")
      .When(PerformText(1, "amount_fen: 50001"))
      .ThenRefused("MORE_THAN_OWED")
      .When(PerformText(1, ""))
      .ThenRefused("AMOUNT_NEEDED")
      .When(PerformText(1, "amount_fen: 50000"), Resident("ub"), Local("2026-12-26 09:00"))
      .ThenRefused("RECEIPT_NEEDED")
      .When(PerformText(1, "amount_fen: 50000 receipt_sha256: '" + kDigest + "'"))
      .ThenPartly({"performed { promise { no: 1 state: DONE paid_fen: 80000 late: true } }"})
      .When(PerformText(1, "amount_fen: 1 receipt_sha256: '" + kDigest + "'"))
      .ThenRefused("PROMISE_DONE");
}

// A sum for a clause that is not to pay was dropped without a word; a clause kept in part had a day when it was done.
// spec: M18
TEST(Perform, TakesASumForAPaymentOnlyAndIsDoneWhenTheLastOfItIs) {
  Case c = MediatingCase();
  Bind(&c);
  c.When(PerformText(2, "remark: '修好了' amount_fen: 500"), Mediator(), Local("2026-12-01 09:00"))
      .ThenRefused("NO_AMOUNT_HERE");
  EXPECT_EQ(c.refusal()->field, "amount_fen");
  c.When(PerformText(1, "amount_fen: 30000 remark: '现金'"), Mediator(), Local("2026-12-02 09:00"));
  ASSERT_FALSE(c.refusal()) << c.refusal()->reason;
  EXPECT_EQ(c.state().promise(0).done_at_ms(), 0);
  // What was paid before it is entered after it: the last payment is what counts.
  const std::string earlier = "performed_at_ms: " + std::to_string(Local("2026-11-30 09:00"));
  c.When(PerformText(1, "amount_fen: 50000 remark: '现金' " + earlier), Mediator(), Local("2026-12-03 09:00"));
  ASSERT_FALSE(c.refusal()) << c.refusal()->reason;
  EXPECT_EQ(c.state().promise(0).state(), v1::DONE);
  EXPECT_EQ(c.state().promise(0).done_at_ms(), Local("2026-12-02 09:00"));
}

// spec: M18
TEST(Perform, IsToldByWhoOwesOrIsOwed) {
  Case c = MediatingCase("party { person { name: 'vault:c' side: SIDE_THIRD user_id: 'uc' } }");
  Bind(&c);
  c.When(PerformText(2, "receipt_sha256: '" + kDigest + "'"), Resident("uc"), c.now_ms())
      .ThenRefused("NOT_YOUR_PARTY")
      .When(PerformText(3, "receipt_sha256: '" + kDigest + "'"), Mediator(), c.now_ms())
      .ThenRefused("UNKNOWN_CLAUSE")
      .When(PerformText(0, "receipt_sha256: '" + kDigest + "'"))
      .ThenRefused("UNKNOWN_CLAUSE")
      .When(PerformText(2, ""))
      .ThenRefused("RECEIPT_NEEDED")
      .When(PerformText(2, "remark: '到场查看' performed_at_ms: 99999999999999"))
      .ThenRefused("BAD_TIME")
      .When(PerformText(2, "remark: '到场查看' partly: true"))
      .ThenPartly({"performed { promise { no: 2 state: PARTLY } }"})
      .AndTimer("promise/2", EndOf("2026-12-10") + 1)
      .When(PerformText(2, "remark: '到场查看'"))
      .ThenPartly({"performed { promise { no: 2 state: DONE } }"});
}

std::string VisitText(const std::string& more = "") {
  return "follow_up { visit { mode: AT_HOME party_id: 'p1' finding: '已查看' satisfaction: 4 " + more +
         " } }";
}

// spec: M19 DM-06
TEST(FollowUp, StopsItsClockAndStartsTheNext) {
  Case c = MediatingCase();
  Bind(&c);
  c.AndTimer("due/DM-06", EndOf("2026-12-17") + 1)
      .When(VisitText(), Mediator(), Local("2026-12-05 09:00"))
      .ThenPartly({"followed_up { visit { by_user_id: 'md1' finding: '已查看' } }"})
      .AndNotice("mediation.followed_up")
      .AndTimer("due/DM-06", EndOf("2026-12-17") + 1)  // before the day of performance it proves nothing
      .When(PerformText(2, "remark: '修好了'"), Local("2026-12-10 15:00"))
      .When(VisitText(), Local("2026-12-11 09:00"))
      .AndTimer("due/DM-06", EndOf("2026-12-31") + 1)  // the next promise's, and seven days
      .When(PerformText(1, "amount_fen: 80000 receipt_sha256: '" + kDigest + "'"), Local("2026-12-24 10:00"))
      .When(VisitText(), Local("2026-12-25 09:00"))
      .AndNoTimer("due/DM-06");
  EXPECT_EQ(c.OutcomeOf("DM-06"), common::v1::CLOCK_MET);
  EXPECT_EQ(c.state().visit_size(), 3);
}

// spec: M19 DM-06
TEST(FollowUp, ComesAgainWhileSomethingOverdueIsNotMadeGood) {
  Case c = MediatingCase();
  Bind(&c);
  c.When(VisitText(), Mediator(), Local("2026-12-11 09:00")).AndTimer("due/DM-06", EndOf("2026-12-18") + 1);
  c.WhenTimerFires("due/DM-06")
      .ThenPartly({"clock_expired { policy_id: 'DM-06' }"})
      .AndNotice("mediation.overdue");
}

// spec: M19
TEST(FollowUp, MayBeMadeByAGridWorkerOfTheVillage) {
  Case c = MediatingCase();
  Bind(&c);
  const int64_t at = Local("2026-12-11 09:00");
  c.When(VisitText(), ActorOf(kernel::v1::ROLE_GW, "grid", "371403001002003", "gw1"), at)
      .ThenPartly({"followed_up { visit { by_user_id: 'gw1' } }"})
      .When(VisitText(), ActorOf(kernel::v1::ROLE_GW, "grid", "371403100201001", "gw2"), at)
      .ThenRefused(RefusalCode::kNotAllowed);
}

// spec: M19
TEST(FollowUp, IsRefusedWithTheFieldAtFault) {
  struct {
    std::string visit, reason, field;
  } wrong[] = {
      {"party_id: 'p1' finding: 'x'", "VALUE_NEEDED", "visit.mode"},
      {"mode: BY_PHONE finding: 'x'", "VALUE_NEEDED", "visit.party_id"},
      {"mode: BY_PHONE party_id: 'p8' finding: 'x'", "UNKNOWN_PARTY", "visit.party_id"},
      {"mode: BY_PHONE party_id: 'p1'", "CONTENT_NEEDED", "visit.finding"},
      {"mode: BY_PHONE party_id: 'p1' finding: 'x' satisfaction: 6", "UNKNOWN_CODE", "visit.satisfaction"},
      {"mode: BY_PHONE party_id: 'p1' finding: 'x' escalation_signs: true", "CONTENT_NEEDED",
       "visit.measures"},
      {"mode: BY_PHONE party_id: 'p1' finding: 'x' visited_at_ms: 5", "BAD_TIME", "visit.visited_at_ms"},
  };
  Case c = MediatingCase();
  Bind(&c);
  for (const auto& row : wrong) {
    c.When("follow_up { visit { " + row.visit + " } }", Mediator(), c.now_ms()).ThenRefused(row.reason);
    ASSERT_TRUE(c.refusal());
    EXPECT_EQ(c.refusal()->field, row.field);
  }
}

const int64_t kAfter = Local("2026-12-11 09:00");  // the repair is overdue, the money is not

// spec: M20
TEST(Breach, IsFoundByTheMediatorWithWhatWasTriedAndTold) {
  Case c = MediatingCase();
  Bind(&c);
  const std::string found = "report_breach { clause_no: 2 finding: '仍在漏水' ";
  c.When("report_breach { clause_no: 2 persuasion: '上门督促两次' way_told: LAWSUIT }", Mediator(), kAfter)
      .ThenRefused("CONTENT_NEEDED")
      .When(found + "}", Mediator(), kAfter)
      .ThenRefused("PERSUASION_NEEDED")
      .When(found + "persuasion: '上门督促两次' }")
      .ThenRefused("WAYS_NEEDED")
      .When(found + "persuasion: '上门督促两次' way_told: ENFORCEMENT }")
      .ThenRefused("NOT_CONFIRMED")
      .When(found + "persuasion: '上门督促两次' way_told: MEDIATE_AGAIN way_told: LAWSUIT }")
      .ThenPartly(
          {"breached { promise { no: 2 state: BREACHED } breach { clause_no: 2 way_told: MEDIATE_AGAIN "
           "way_told: LAWSUIT } }"})
      .AndNotice("mediation.breached");
  EXPECT_FALSE(Told(c).breach_presumed());
}

// spec: M20
TEST(Breach, IsComplainedOfByWhoIsOwedOnceTheDayIsOver) {
  Case c = MediatingCase();
  Bind(&c, kPay + kRepair + kRefrain);
  const std::string complaint = "report_breach { finding: '没有修' clause_no: ";
  c.When(complaint + "2 }", Resident("ua"), Local("2026-12-10 18:00"))
      .ThenRefused("PROMISE_NOT_DUE")
      .When(complaint + "2 }", Resident("ub"), kAfter)
      .ThenRefused("NOT_YOUR_PARTY")
      .When(complaint + "2 }", Resident("ua"), kAfter)
      .ThenPartly({"breached { promise { no: 2 } breach { by_party_id: 'p1' } }"})
      .When(complaint + "3 }")  // to refrain has no day
      .ThenPartly({"breached { promise { no: 3 state: BREACHED } }"})
      .When(PerformText(2, ""))
      .ThenPartly({"performed { promise { no: 2 state: DONE late: true } }"})
      .When(complaint + "2 }")
      .ThenRefused("PROMISE_DONE");
}

std::string RepudiatedText(const std::string& more = "", const std::string& party = "p2") {
  return "report_breach { clause_no: 1 finding: '不再付款' persuasion: '上门督促' way_told: LAWSUIT repudiation { "
         "party_id: '" + party + "' kind: SAID_PLAINLY how_known: '当面对调解员说' " + more + " } }";
}

// 民法典 578: the other side need not wait for the day.
// spec: M20 DM-06
TEST(Repudiation, BreaksThePromiseBeforeItsDay) {
  Case c = MediatingCase();
  Bind(&c);
  const int64_t at = Local("2026-12-01 09:00");
  c.When(RepudiatedText("proof_sha256: '" + kDigest + "'"), Mediator(), at)
      .ThenPartly({"breached { promise { no: 1 state: BREACHED repudiated: true } breach { clause_no: 1 repudiation { "
                   "party_id: 'p2' kind: SAID_PLAINLY how_known: '当面对调解员说' at_ms: " + std::to_string(at) +
                   " proof_sha256: '" + kDigest + "' } } }"})
      .AndNotice("mediation.breached")
      .AndNoTimer("promise/1")                          // nothing waits for its day any more
      .AndTimer("promise/2", Local("2026-12-10 09:00"))  // the other clause has its own
      .AndTimer("due/DM-06", EndOf("2026-12-08") + 1)    // looked at within seven days, not after the day of the clause
      .AndIndex("promise", "v-committee/2026-12-24/1");
  EXPECT_TRUE(Told(c).breach_before_due());
  EXPECT_FALSE(Told(c).breach_presumed());
  EXPECT_EQ(PerformanceOf(c.state()), v1::BREACHED);
  const auto& paper = *c.state().paper().rbegin();  // what he wrote lies in the file, beside the visits
  EXPECT_EQ(paper.form(), v1::F10_VISITS);
  EXPECT_EQ(paper.sha256(), kDigest);
  c.When(VisitText(), Mediator(), Local("2026-12-03 09:00"))
      .AndTimer("due/DM-06", EndOf("2026-12-10") + 1)  // and again while it is not made good
      .When(std::string("remediate { reason: '改期' ") + kBothSign + "}", Mediator(), c.now_ms())
      .ThenPartly({"remediated {}"});
}

// spec: M20 M18
TEST(Repudiation, IsTakenBackByPerformanceInTime) {
  Case c = MediatingCase();
  Bind(&c);
  c.When(RepudiatedText(), Mediator(), Local("2026-12-01 09:00"))
      .When(PerformText(1, "amount_fen: 30000"), Resident("ua"), Local("2026-12-02 09:00"))
      .ThenPartly({"performed { promise { no: 1 state: BREACHED repudiated: true } }"})
      .When(PerformText(1, "amount_fen: 50000"), Resident("ua"), Local("2026-12-20 09:00"))
      .ThenPartly({"performed { promise { no: 1 state: DONE } }"});
  EXPECT_FALSE(c.state().promise(0).late());
  EXPECT_FALSE(c.state().promise(0).repudiated());
  EXPECT_EQ(c.state().breach_size(), 1);  // that it was said stays
}

// spec: M20
TEST(Repudiation, SaysWhoseItIsHowItIsKnownAndWhen) {
  Case c = MediatingCase();
  Bind(&c, kPay + kRepair + kRefrain);
  const int64_t at = Local("2026-12-01 09:00");
  const int64_t bound = c.state().agreement().effective_at_ms();
  const auto with = [](const std::string& repudiation, int clause = 1) {
    return "report_breach { clause_no: " + std::to_string(clause) +
           " finding: 'x' persuasion: 'x' way_told: LAWSUIT repudiation { " + repudiation + " } }";
  };
  c.When(RepudiatedText("", "p1"), Mediator(), at)
      .ThenRefused("NOT_THE_DEBTOR")
      .When(with("party_id: 'p2' how_known: 'x'"))
      .ThenRefused("VALUE_NEEDED")
      .When(with("party_id: 'p2' kind: SHOWN_BY_CONDUCT"))
      .ThenRefused("CONTENT_NEEDED")
      .When(RepudiatedText("at_ms: " + std::to_string(at + 1)))
      .ThenRefused("BAD_REPUDIATION_TIME")
      .When(RepudiatedText("at_ms: " + std::to_string(bound - 1)))
      .ThenRefused("BAD_REPUDIATION_TIME")
      .When(with("party_id: 'p2' kind: SAID_PLAINLY how_known: 'x'", 3))
      .ThenRefused("DAY_IS_OVER")  // to refrain has no day
      .When(RepudiatedText("proof_sha256: '短信截图'"))
      .ThenRefused("BAD_DIGEST")
      .When(RepudiatedText(), Resident("ub"), at)
      .ThenRefused("NOT_YOUR_PARTY")
      .When(RepudiatedText(), Resident("ua"), at)
      .ThenPartly({"breached { breach { by_party_id: 'p1' repudiation { party_id: 'p2' } } }"})
      .When("report_breach { clause_no: 2 finding: 'x' persuasion: 'x' way_told: LAWSUIT repudiation { party_id: 'p2' "
            "kind: SHOWN_BY_CONDUCT how_known: '已搬离' } }",
            Mediator(), Local("2026-12-11 09:00"))
      .ThenRefused("DAY_IS_OVER");
}

// What is not due is not enforced, not even of a confirmed agreement; a suit is open.
// spec: M20 M22
TEST(Repudiation, OfAConfirmedAgreementIsNotEnforcedBeforeTheDay) {
  Case c = MediatingCase();
  Bind(&c);
  c.When(ApplicationText(kBothSign), Registrar(), c.now_ms())
      .When("record_confirmation { result: CONFIRMED ruling_no: '裁1号' }", Court(), c.now_ms());
  std::string enforce = RepudiatedText();
  enforce.replace(enforce.find("LAWSUIT"), 7, "ENFORCEMENT");
  c.When(enforce, Mediator(), Local("2026-12-01 09:00")).ThenRefused("NOT_ENFORCEABLE_YET");
}

// Whoever turned to a committee again has a new case: the broken agreement's own is not opened beside it.
// spec: M20 M5 人民调解工作若干规定22
TEST(Remediate, IsRefusedWhileANewCaseOfTheSameMatterIsOpen) {
  Case c = MediatingCase();
  Bind(&c);
  c.When("report_breach { clause_no: 2 finding: '没有修' }", Resident("ua"), kAfter);
  c.GivenOn("c2", {"registered { matter_code: '37140320261123M000001' committee_org: 'x' area_code: '371403' }",
                   "accepted {}"});
  const std::string anew = std::string("remediate { reason: '数额不当' ") + kBothSign + "}";
  c.When(anew, Mediator(), kAfter).ThenRefused("ALREADY_OPEN_HERE");
  c.GivenOn("c2", {"ended { reason: E03_SETTLED_THEMSELVES }"});
  c.When(anew).ThenPartly({"remediated {}"});
}

// spec: M20 DM-04
TEST(Remediate, ReplacesABrokenAgreementWithTheConsentOfBoth) {
  Case c = MediatingCase();
  Bind(&c);
  const std::string anew = std::string("remediate { reason: '数额不当' ") + kBothSign + "}";
  c.When(anew, Mediator(), Local("2026-12-09 09:00"))
      .ThenRefused("NOTHING_TO_MEDIATE_ANEW")
      .When("report_breach { clause_no: 2 finding: '没有修' }", Resident("ua"), kAfter)
      .When("remediate { reason: '数额不当' consent { party_id: 'p1' proof_sha256: '" + kDigest + "' } }", Mediator(),
            kAfter)
      .ThenRefused("SIGNED_CONSENT_MISSING")
      .When(anew)
      .ThenPartly({"remediated { reason: '数额不当' }"})
      .AndNotice("mediation.remediated")
      .AndState("status: MEDIATING")
      .AndTimer("due/DM-04", EndOf("2027-01-11") + 1)
      .AndNoTimer("due/DM-05")
      .AndNoTimer("due/DM-06")
      .AndNoTimer("promise/1")
      .When(DraftText())
      .ThenRefused("JOINT_SESSION_NEEDED");
  const int64_t later = kAfter + base::kDayMs;
  c.When(SessionText(later), Mediator(), later)
      .When(DraftText(kPay))
      .ThenPartly({"agreed { agreement { no: '（2026）陵人调字第0001号-2' } }"});
  ASSERT_EQ(c.state().former_agreement_size(), 1);
  EXPECT_EQ(c.state().former_agreement(0).clause_size(), 2);
  EXPECT_EQ(c.state().party(0).signed_(), v1::SIGNATURE_KIND_UNSPECIFIED);
}

// The request was still open when the agreement bound, and the mediator it was about wrote down that money had come.
// spec: M8 M18 M19 M20
TEST(Perform, IsNotToldByAMediatorWhoWasAskedToStandAside) {
  Case c = AcceptedCase();
  c.When("assign { chair_user_id: 'md1' other_user_id: 'md2' recusal_checked: true }", Chair(), kMonday)
      .When(SessionText(kTuesdayMs), Mediator(), kTuesdayMs)
      .When("request_recusal { party_id: 'p2' mediator_user_id: 'md2' ground: KINSHIP }", Resident("ub"), kTuesdayMs);
  ASSERT_FALSE(c.refusal()) << c.refusal()->reason;
  Bind(&c);
  const std::string paid = PerformText(1, "amount_fen: 30000 remark: '当面付清'");
  const std::string visited = "follow_up { visit { mode: AT_HOME party_id: 'p1' finding: '已修好' } }";
  for (const std::string& command : {paid, visited, std::string("report_breach { clause_no: 1 finding: '未付' }"),
                                     std::string("remediate { reason: '重新协商' }")}) {
    c.When(command, Mediator("md2"), c.now_ms()).ThenRefused(RefusalCode::kGuard, "RECUSAL_PENDING");
  }
  const auto allowed = AllowedCommands(c.state(), Mediator("md2"), tests::Learned());
  for (const char* name : {"perform", "followUp", "reportBreach", "remediate"}) {
    EXPECT_EQ(std::ranges::count(allowed, name), 0) << name;
  }
  c.When(paid, Mediator(), c.now_ms()).ThenPartly({"performed {}"});
  c.When(visited, Mediator(), c.now_ms()).ThenPartly({"followed_up {}"});
  c.When(PerformText(1, "amount_fen: 10000 receipt_sha256: '" + kDigest + "'"), Resident("ub"), c.now_ms())
      .ThenPartly({"performed {}"});
}

}  // namespace
}  // namespace mediation
