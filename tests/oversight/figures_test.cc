// What takes a matter into a figure and out of it: reopening, a no, a pause, an extension, a return, mediation.
#include "services/oversight/listed.h"
#include "tests/oversight/figure_world.h"

namespace oversight {
namespace {

using Codes = std::multiset<std::string>;
using Figures = FigureTest;

std::string At(const std::string& name, const std::string& at) {
  return name + ": " + std::to_string(Local(at)) + " ";
}

// spec: K-01
TEST_F(Figures, ACitizensNoWithinSevenDaysTakesAResolutionBack) {
  const Incident early = Made("A"), late = Made("B"), yes = Made("C");
  for (const auto& m : {early, late, yes}) Close(m, "2026-10-05 10:00");
  Evaluate(early, "2026-10-12 10:00", "NO", 2);  // to the minute seven days
  Evaluate(late, "2026-10-12 10:01", "NO", 2);
  Evaluate(yes, "2026-10-06 10:00", "PARTLY", 3);
  EXPECT_EQ(Of("K-01"), "2/3 = 66.67");
  EXPECT_FALSE(Behind("K-01", true).contains("A"));
}

// spec: K-06 K-14
TEST_F(Figures, WhatIsReopenedOrSaidAgainWithinNinetyDaysWasNotResolvedAtOnce) {
  Incident reopened = Made("A"), reworked = Made("B"), repeated = Made("C"), fine = Made("D");
  Close(reopened, "2026-10-05 10:00");
  reworked.rework = 1;
  Close(reworked, "2026-10-05 10:00");
  Close(repeated, "2026-10-05 10:00");
  Close(fine, "2026-10-05 10:00");
  EXPECT_EQ(Of("K-06"), "3/4 = 75.00");
  EXPECT_EQ(Of("K-14"), "1/4 = 25.00");
  Step(repeated, "duplicate_joined", "2026-11-10 10:00", "CLOSED", "substantively_resolved: true");
  reopened.cycle = 2;
  reopened.due.clear();
  Step(reopened, "reopened", "2026-11-20 10:00", "ACCEPTED");
  EXPECT_EQ(Of("K-06"), "1/4 = 25.00");
  EXPECT_EQ(Of("K-01"), "4/4 = 100.00");  // at the end of October it was resolved
}
TEST_F(Figures, APetitionThatSaysTheSameAgainCountsWhereItMayBeSeen) {
  Close(Made("A"), "2026-10-05 10:00");
  Tell("petition", "P", "repeat_detected", "2026-10-20 10:00",
       "status: REGISTERED level: 4 holder_org: 'c-hrss' repeat: true earlier_code: 'A' petitioner_count: 1",
       "371403001002", 4);
  EXPECT_EQ(Of("K-06", "371403"), "0/1 = 0.00");
  EXPECT_EQ(Of("K-06", "371403001"),
            "1/1 = 100.00");  // the petition is the county's: the township hears nothing of it
}

// spec: K-05
TEST_F(Figures, WhatWasLateOnceIsNotInTimeBecauseItWasReopened) {
  const Incident late = Made("A", "2026-10-09");
  Close(late, "2026-10-12 10:00");
  Close(Reopened(late, "2026-10-27"), "2026-10-24 10:00");
  EXPECT_EQ(Of("K-05"), "0/1 = 0.00");
}

// Who did not answer, could not be reached, or only asked a question, stands where it belongs and nowhere else.
// spec: K-08 K-10 K-11
TEST_F(Figures, WhatWasNotAnsweredIsNotCounted) {
  auto closed = [&](const std::string& code, const std::string& standing, const std::string& answer) {
    const std::string text = "current_level: 2 origin_level: 2 holder_org: 'c-hrss' " + standing;
    Tell("incident", code, "closed", "2026-10-05 10:00", text + "status: CLOSED", "371403001002", 2);
    if (!answer.empty())
      Tell("incident", code, "evaluated", "2026-10-06 10:00", text + "status: EVALUATED " + answer, "371403001002", 2);
  };
  closed("A", "category: '0202' reachable: true ", "solved: YES satisfied: 5");  // 政策咨询
  closed("B", "category: '0105' reachable: true ", "solved: YES");               // no score
  closed("C", "category: '0105' ", "");                                          // nobody to ask
  for (const char* code : {"D", "E", "F", "G", "H"})  // enough of them, so that it is shown at all
    closed(code, "category: '0105' reachable: true ", "solved: YES satisfied: 5");
  EXPECT_EQ(Of("K-08"), "6/6 = 100.00");
  EXPECT_EQ(Of("K-10"), "6/6 = 100.00");
  EXPECT_EQ(Of("K-11"), "7/7 = 100.00");
}

// spec: K-05 K-28
TEST_F(Figures, WhatIsSuspendedAtTheEndIsNotHeldAgainstAnybody) {
  Incident late = Made("A", "2026-10-09"), other = Made("B", "2026-10-09");
  Step(late, "suspended", "2026-10-12 10:00", "SUSPENDED");
  EXPECT_EQ(Of("K-05"), "0/1 = 0.00");
  EXPECT_EQ(Of("K-01"), "0/2 = 0.00");
  EXPECT_EQ(Of("K-28"), "0/1 = 0.00");
  Step(late, "resumed", "2026-11-02 10:00", "PROCESSING");
  EXPECT_EQ(Of("K-05"), "0/1 = 0.00");  // as it was at the end of October
  EXPECT_EQ(Of("K-05", "371403001", "2026-11-01", "2026-11-03"), "0/2 = 0.00");
}
TEST_F(Figures, WhatIsPausedInTimeIsNotDue) {
  Incident m = Made("A", "2026-10-20");
  m.due.clear();
  Step(m, "suspended", "2026-10-12 10:00", "SUSPENDED",
       Due("2026-10-20", "2026-09-28 11:00", "pause { " + At("from_ms", "2026-10-12 10:00") + "}"));
  EXPECT_EQ(Of("K-01"), "0/0 = null");
}

// spec: K-16
TEST_F(Figures, AnExtensionMovesTheDayAndIsCounted) {
  Incident m = Made("A", "2026-10-09");
  m.due.clear();
  m.more = Due("2026-10-16", "2026-09-28 11:00", "extension { amount: 7 unit: D }");
  Step(m, "extended", "2026-10-08 10:00", "PROCESSING");
  Close(m, "2026-10-15 10:00");
  Close(Made("B"), "2026-10-05 10:00");
  EXPECT_EQ(Of("K-16"), "1/2 = 50.00");
  EXPECT_EQ(Of("K-05"), "2/2 = 100.00");
}

// spec: K-15
TEST_F(Figures, ReturnsAreCountedAgainstDispatches) {
  const Incident m = Made("A"), other = Made("B");
  Step(m, "return_requested", "2026-10-02 10:00", "DISPATCHED");
  Step(m, "return_refused", "2026-10-02 11:00", "DISPATCHED");
  Step(m, "return_requested", "2026-10-03 10:00", "DISPATCHED");
  Step(m, "returned", "2026-10-03 11:00", "ACCEPTED");
  Step(m, "dispatched", "2026-10-03 12:00", "PROCESSING");
  EXPECT_EQ(Of("K-15"), "2/1 = 200.00");
  EXPECT_EQ(Of("K-15", "371403001", "2026-09-01"), "2/3 = 66.67");
  EXPECT_EQ(Of("K-15r"), "1/2 = 50.00");
  EXPECT_EQ(Behind("K-15", true), (Codes{"A", "A"}));
}

// spec: K-09
TEST_F(Figures, WhoeverAskedIsSpokenToInTime) {
  auto ticket = [&](const std::string& code, const std::string& contact, const std::string& more = "") {
    Incident m;
    m.code = code;
    m.due = "2026-10-20";
    m.source = "HOTLINE";
    m.more = more;
    Report(m);
    if (!contact.empty()) Step(m, "taken", contact, "PROCESSING", "first_contact: true");
  };
  ticket("A", "2026-09-29 11:00");  // 24 hours after it was sent out
  ticket("B", "2026-09-29 11:01");
  ticket("C", "");
  Made("D");  // a grid worker's own: nobody waits for a call
  EXPECT_EQ(Of("K-09", "371403001", "2026-09-01", "2026-10-01"), "1/3 = 33.33");
  // An appeal has its own period (DA-01), here to the end of the day.
  ticket("E", "2026-09-29 15:00", Due("2026-09-29", "2026-09-28 09:00", "", "DA-01", "WD"));
  EXPECT_EQ(Of("K-09", "371403001", "2026-09-01", "2026-10-01"), "2/4 = 50.00");
}

// spec: K-20
TEST_F(Figures, WhatIsSettledOnTheSpotIsCountedAgainstReports) {
  Incident m;
  m.code = "A";
  Step(m, "reported", "2026-10-02 10:00", "REPORTED");
  m.resolved = true;
  Step(m, "self_handled", "2026-10-02 10:05", "CLOSED", "closure_type: SELF_HANDLED on_time: true");
  Made("B");
  Incident told;  // what residents report is not the grid's
  told.code = "C";
  told.source = "PUBLIC_REPORT";
  Report(told);
  EXPECT_EQ(Of("K-20", "371403001", "2026-09-01"), "1/2 = 50.00");
  EXPECT_EQ(Of("K-05"), "1/2 = 50.00");  // B is late
}

// Doubtful closings are shown and stay in every figure.
TEST_F(Figures, WhatStaffClosedByTheirWordAloneIsListed) {
  Incident proven = Made("A");
  Close(Made("B"), "2026-10-05 10:00");
  proven.more = "evidence: true";
  Close(proven, "2026-10-05 10:00");
  proven.more.clear();
  Evaluate(proven, "2026-10-06 10:00", "YES", 5);
  Incident mediated = Made("C");
  mediated.resolved = true;
  Step(mediated, "closed", "2026-10-05 10:00", "CLOSED", "closure_type: VIA_MEDIATION");
  EXPECT_EQ(Of("DQ-01"), "1/3 = 33.33");
  EXPECT_EQ(Behind("DQ-01", true), (Codes{"B"}));
  EXPECT_EQ(Of("K-01"), "3/3 = 100.00");
}

// spec: K-22
TEST_F(Figures, HowLongItTookIsCountedInEachPeriodsOwnUnit) {
  auto closed = [&](const std::string& code, const std::string& unit, const std::string& at,
                    const std::string& more) {
    Incident m;
    m.code = code;
    m.more = Due("2026-12-20", "2026-09-28 11:00", more, "DI-05", unit);
    Report(m);
    Step(m, "dispatched", "2026-09-28 11:00", "PROCESSING");
    Close(m, at);
  };
  closed("A", "D", "2026-10-01 10:00", "");  // accepted on the 28th: three days
  closed("B", "D", "2026-10-05 10:00", "");  // seven
  closed("C", "D", "2026-10-08 10:00", "");  // ten
  closed("D", "D", "2026-10-18 10:00",
         "pause { " + At("from_ms", "2026-10-01 09:00") + At("to_ms", "2026-10-10 09:00") + "}");
  closed("E", "WD", "2026-10-09 10:00", "");  // the holidays of the 1st to the 7th do not count
  closed("F", "UH", "2026-10-01 15:30", "");
  const v1::Figure figure = Figure("K-22");
  ASSERT_EQ(figure.duration_size(), 3);
  EXPECT_EQ(figure.duration(0).unit(), "D");
  EXPECT_EQ(figure.duration(0).count(), 4);
  EXPECT_DOUBLE_EQ(figure.duration(0).mean(), 7.75);  // 3, 7, 10 and 20 - 9
  EXPECT_EQ(figure.duration(0).median(), 7);
  EXPECT_EQ(figure.duration(0).p90(), 11);
  EXPECT_EQ(figure.duration(1).unit(), "UH");
  EXPECT_EQ(figure.duration(1).median(), 77);
  EXPECT_EQ(figure.duration(2).unit(), "WD");
  EXPECT_EQ(figure.duration(2).median(), 4);
}

// ---- a period that goes on ends now

// On Monday the 23rd at 09:00: one was due at eight, one is due at five.
// spec: K-01 K-05 K-28
TEST_F(Figures, WhatFallsDueLaterTodayIsNotYetLate) {
  auto open = [&](const std::string& code, const std::string& due) {
    Incident m;
    m.code = code;
    m.more = "clock { policy_id: 'DI-05' " + At("started_at_ms", "2026-11-22 09:00") + At("due_at_ms", due) +
             "length { amount: 1 unit: D } holder_org: 'c-hrss' } ";
    Report(m);
    Step(m, "dispatched", "2026-11-22 09:00", "PROCESSING");
  };
  open("A", "2026-11-23 08:00");
  open("B", "2026-11-23 17:00");
  const std::string from = "2026-11-01", until = "2026-12-01";
  for (const char* id : {"K-01", "K-05", "K-28", "K-28t"}) {
    EXPECT_EQ(Of(id, "371403001", from, until), "0/1 = 0.00") << id;
    EXPECT_EQ(Behind(id, false, "371403001", from, until), Codes{"A"}) << id;
  }
  desk_.clock().Advance(8 * base::kHourMs);  // to the minute: it may still be done
  EXPECT_EQ(Of("K-01", "371403001", from, until), "0/1 = 0.00");
  desk_.clock().Advance(base::kMinuteMs - 1);
  EXPECT_EQ(Of("K-01", "371403001", from, until), "0/1 = 0.00") << "while its minute runs";
  EXPECT_EQ(Behind("K-01", false, "371403001", from, until), Codes{"A"});
  desk_.clock().Advance(1);
  EXPECT_EQ(Of("K-01", "371403001", from, until), "0/2 = 0.00");
  EXPECT_EQ(Behind("K-01", false, "371403001", from, until), (Codes{"A", "B"}));
  EXPECT_EQ(Of("K-01", "371403001", from, "2026-11-23"), "0/0 = null");  // until midnight nobody was late
}
// What is due by midnight lies ahead until midnight, whatever hour it is, and no matter of it is opened to know that.
// spec: K-01
TEST_F(Figures, WhatIsDueByMidnightLiesAheadAllDay) {
  const auto due = [&](const std::string& code, const std::string& at) {
    Incident m;
    m.code = code;
    m.more = "clock { policy_id: 'DI-05' " + At("started_at_ms", "2026-11-22 09:00") + At("due_at_ms", at) +
             "length { amount: 1 unit: D } holder_org: 'c-hrss' } ";
    Report(m);
    Step(m, "dispatched", "2026-11-22 09:00", "PROCESSING");
  };
  const std::string from = "2026-11-01", until = "2026-12-01";
  const auto touched = [&] {
    std::shared_ptr<tests::CountingView> counter;
    const Queries counted([&] { return desk_.ReadThrough(&counter); });
    v1::GetMetricRequest request;
    request.set_id("K-01");
    request.set_area_code("371403001");
    request.set_from_day(from);
    v1::Figure figure;
    EXPECT_TRUE(counted.GetMetric(As(CityLeader()), request, &figure).ok());
    EXPECT_EQ(figure.denominator(), 0);
    return counter->touched;
  };
  due("M0", "2026-11-24 00:00");
  const size_t one = touched();
  for (int i = 1; i < 30; ++i) due("M" + std::to_string(i), "2026-11-24 00:00");
  EXPECT_EQ(touched(), one) << "thirty are read as one";
  due("A", "2026-11-23 23:10");
  desk_.clock().Advance(14 * base::kHourMs + 30 * base::kMinuteMs);  // half past eleven at night
  EXPECT_EQ(Of("K-01", "371403001", from, until), "0/1 = 0.00");
  EXPECT_EQ(Behind("K-01", false, "371403001", from, until), Codes{"A"});
  desk_.clock().Advance(29 * base::kMinuteMs);
  EXPECT_EQ(Of("K-01", "371403001", from, until), "0/1 = 0.00") << "a minute before";
  desk_.clock().Advance(base::kMinuteMs);
  EXPECT_EQ(Of("K-01", "371403001", from, until), "0/1 = 0.00") << "while its minute runs";
  EXPECT_EQ(Behind("K-01", false, "371403001", from, until), Codes{"A"});
  desk_.clock().Advance(base::kMinuteMs);
  EXPECT_EQ(Of("K-01", "371403001", from, until), "0/31 = 0.00");
}

// spec: K-13
TEST_F(Figures, NoAnswerIsOwedBeforeItIsDue) {
  auto petition = [&](const std::string& code, const std::string& due, const std::string& more = "") {
    Tell("petition", code, "accepted", "2026-11-20 10:00",
         "status: ACCEPTED level: 3 holder_org: 'c-hrss' " + At("registered_at_ms", "2026-11-20 09:00") +
             "clock { policy_id: 'DP-05' " + At("started_at_ms", "2026-11-20 09:00") + At("due_at_ms", due) + more +
             "length { amount: 60 unit: D } holder_org: 'c-hrss' } ");
  };
  petition("A", "2026-11-23 08:30");
  petition("B", "2026-11-23 17:00");
  petition("C", "2026-11-23 18:00", At("stopped_at_ms", "2026-11-23 08:00") + "outcome: CLOCK_MET ");
  EXPECT_EQ(Of("K-13", "371403001", "2026-11-01", "2026-12-01"), "0/1 = 0.00");
  desk_.clock().Advance(10 * base::kHourMs);
  EXPECT_EQ(Of("K-13", "371403001", "2026-11-01", "2026-12-01"), "1/3 = 33.33");
}

// A unit that reports in time has kept its period; the matter is then to be closed within that of the verification.
// spec: K-05 DI-06
TEST_F(Figures, VerificationHasItsOwnTime) {
  auto completed = [&](const std::string& code, const std::string& closed) {
    Incident m;
    m.code = code;
    m.more = "clock { policy_id: 'DI-05' " + At("started_at_ms", "2026-10-08 09:00") +
             At("due_at_ms", "2026-10-08 12:00") + At("stopped_at_ms", "2026-10-08 11:00") +
             "outcome: CLOCK_MET length { amount: 3 unit: UH } holder_org: 'c-hrss' } clock { policy_id: 'DI-06' " +
             At("started_at_ms", "2026-10-08 11:00") + At("due_at_ms", "2026-10-12 18:00") +
             "length { amount: 2 unit: WD } holder_org: 't-centre' } ";
    Report(m);
    Step(m, "completed", "2026-10-08 11:00", "PENDING_VERIFY");
    if (!closed.empty()) Close(m, closed);
  };
  completed("A", "2026-10-10 10:00");  // days after the three hours, and in time
  completed("B", "2026-10-12 18:01");
  completed("C", "");
  EXPECT_EQ(Of("K-05", "371403001", "2026-10-01", "2026-10-12"), "1/1 = 100.00");  // C waits for its verification
  EXPECT_EQ(Of("K-05"), "1/3 = 33.33");
  EXPECT_EQ(Behind("K-05", true), Codes{"A"});
}

// ---- doubtful data

TEST_F(Figures, ThreeSettledByOneUnitWithinAMinuteAreABurst) {
  auto settled = [&](const std::string& code, const std::string& unit) {
    Tell("incident", code, "self_handled", "2026-10-05 10:00",
         "status: CLOSED closure_type: SELF_HANDLED source: GRID_WORKER origin_level: 2 current_level: 2 " +
             At("reported_at_ms", "2026-10-05 10:00") + "lead_org: '" + unit + "' holder_org: '" + unit + "' ",
         "371403001002", 2);
  };
  settled("A", "v1");
  settled("B", "v1");
  settled("X", "v2");
  EXPECT_EQ(Of("DQ-02"), "0/3 = 0.00");  // two of one unit, one of another
  settled("C", "v1");
  EXPECT_EQ(Of("DQ-02"), "3/4 = 75.00");
  EXPECT_EQ(Behind("DQ-02", true, "371403001", "2026-10-01", "2026-11-01", 2), (Codes{"A", "B", "C"}));
  EXPECT_EQ(Behind("DQ-02", false), (Codes{"A", "B", "C", "X"}));
  EXPECT_EQ(Of("DQ-02", "371403100"), "0/0 = null");
  EXPECT_EQ(Of("K-20"), "4/4 = 100.00");  // nothing is taken out
}
TEST(Bursts, AreOfOneUnitAndAnySixtySeconds) {
  std::vector<Settled> settled = {{"a", "u", 0},   {"b", "u", 30},  {"c", "u", 59},  {"d", "u", 61},
                                  {"e", "u", 200}, {"f", "u", 230}, {"g", "u", 260}, {"h", "w", 31}};
  std::string ids;
  for (const auto& one : BurstsAmong(settled)) ids += one.id;
  EXPECT_EQ(ids, "abcd");  // b, c, d too; e, f, g take sixty seconds
  EXPECT_TRUE(BurstsAmong({}).empty());
}

// spec: K-08 K-10
TEST_F(Figures, WhatStaffPutDownCountsAndIsListed) {
  auto evaluated = [&](const std::string& code, const std::string& by) {
    Close(Made(code), "2026-10-05 10:00");
    Incident m;
    m.code = code;
    m.resolved = true;
    Step(m, "evaluated", "2026-10-06 10:00", "EVALUATED", "solved: YES satisfied: 5 " + by);
  };
  evaluated("A", "evaluated_by: BY_STAFF");
  evaluated("B", "evaluated_by: BY_OWN_ACCOUNT");
  evaluated("C", "evaluated_by: BY_QUERY_CODE");
  evaluated("D", "");  // from before it was told
  evaluated("E", "evaluated_by: BY_STAFF");
  EXPECT_EQ(Of("DQ-03"), "2/5 = 40.00");
  EXPECT_EQ(Behind("DQ-03", true), (Codes{"A", "E"}));
  EXPECT_EQ(Of("K-08"), "5/5 = 100.00");
  EXPECT_EQ(Of("K-10"), "5/5 = 100.00");
}

// ---- mediation

// spec: K-02 K-01
TEST_F(Figures, MediationSucceedsWhereAnAgreementTakesEffect) {
  auto mediation = [&](const std::string& code, const std::string& end) {
    const std::string text = "holder_org: 'v-committee' level: 2 dispute_type: 'D02' ";
    Tell("mediation", code, "accepted", "2026-09-20 10:00",
         text + "status: MEDIATING " + Due("2026-10-20", "2026-09-20 10:00", "", "DM-04"));
    if (end == "effective") {
      Tell("mediation", code, end, "2026-10-10 10:00",
           text + "status: EFFECTIVE " + At("effective_at_ms", "2026-10-10 10:00") +
               Due("2026-10-20", "2026-09-20 10:00", At("stopped_at_ms", "2026-10-10 10:00") + "outcome: CLOCK_MET",
                   "DM-04"));
    } else {
      Tell("mediation", code, "ended", "2026-10-11 10:00", text + "status: ENDED end_reason: " + end);
    }
  };
  mediation("A", "effective");
  mediation("B", "E05_TOO_FAR_APART");
  for (const char* reason : {"E09_TAKEN_BY_OTHER_AUTHORITY", "E11_NOT_SUITABLE", "E12_DIED_OR_GONE",
                             "E13_HAND_OVER_LAPSED"})
    mediation(reason, reason);
  EXPECT_EQ(Of("K-02"), "1/2 = 50.00");
  EXPECT_EQ(Of("K-01"), "1/6 = 16.67");
  EXPECT_EQ(Of("K-04a"), "1/1 = 100.00");
}
// One code is one matter, whoever holds it: it is closed when the last of them is done.
TEST_F(Figures, AMatterThatGoesToMediationIsCountedOnce) {
  Incident m = Made("A", "2026-10-09");
  m.due.clear();
  Step(m, "referred_to_mediation", "2026-10-05 10:00", "REFERRED");
  Tell("mediation", "A", "referral_received", "2026-10-05 10:01",
       "status: REGISTERED holder_org: 'v-committee' level: 2");
  EXPECT_EQ(Of("K-01"), "0/0 = null");
  Tell("mediation", "A", "effective", "2026-10-12 10:00",
       "status: EFFECTIVE holder_org: 'v-committee' level: 2 " + At("effective_at_ms", "2026-10-12 10:00"));
  EXPECT_EQ(Of("K-01"), "0/0 = null");  // the incident has not heard of it yet
  m.resolved = true;
  Step(m, "closed", "2026-10-12 10:01", "CLOSED", "closure_type: VIA_MEDIATION on_time: true");
  EXPECT_EQ(Of("K-01"), "1/1 = 100.00");
  EXPECT_EQ(Of("K-06"), "1/1 = 100.00");
}
// Whichever service is heard first, the figures are the same.
TEST_F(Figures, DoNotDependOnTheOrderInWhichServicesAreHeard) {
  const std::string effective =
      "status: EFFECTIVE holder_org: 'v-committee' level: 2 " + At("effective_at_ms", "2026-10-12 10:00");
  Tell("mediation", "A", "referral_received", "2026-10-05 10:01",
       "status: REGISTERED holder_org: 'v-committee' level: 2");
  Tell("mediation", "A", "effective", "2026-10-12 10:00", effective);
  Incident m = Made("A", "2026-10-09", {2, 3});
  m.due.clear();
  Step(m, "referred_to_mediation", "2026-10-05 10:00", "REFERRED");
  m.resolved = true;
  Step(m, "closed", "2026-10-12 10:01", "CLOSED", "closure_type: VIA_MEDIATION on_time: true");
  EXPECT_EQ(Of("K-01"), "1/1 = 100.00");
  EXPECT_EQ(Of("K-04a"), "0/1 = 0.00");  // it began as an incident that the township led
  EXPECT_EQ(Of("K-04b"), "1/1 = 100.00");
  EXPECT_EQ(Of("K-01", "371403001", "2026-10-01", "2026-10-12"), "0/0 = null");
}
// spec: K-03
TEST_F(Figures, ClausesAreKeptByTheirDayOrLaterInThePeriod) {
  auto clause = [&](int no, const std::string& due, const std::string& done) {
    return "clause { no: " + std::to_string(no) + " due_at_ms: " + std::to_string(EndOf(due)) +
           (done.empty() ? "" : " done_at_ms: " + std::to_string(Local(done))) + " } ";
  };
  Tell("mediation", "A", "performed", "2026-11-20 10:00",
       "status: EFFECTIVE holder_org: 'v-committee' level: 2 " + At("effective_at_ms", "2026-09-20 10:00") +
           clause(1, "2026-10-10", "2026-10-10 23:00") + clause(2, "2026-10-11", "2026-10-20 10:00") +
           clause(3, "2026-10-12", "2026-11-05 10:00") + clause(4, "2026-10-31", "") + clause(5, "2026-11-01", ""));
  EXPECT_EQ(Of("K-03"), "2/4 = 50.00");
  EXPECT_EQ(Of("K-03", "371403001", "2026-10-01", "2026-11-11"), "3/5 = 60.00");
  EXPECT_EQ(Of("K-03", "371403001", "2026-10-01", "2026-10-15"), "1/3 = 33.33");
  EXPECT_EQ(Behind("K-03", false).size(), 4u);
  EXPECT_EQ(Behind("K-03", true).size(), 2u);
}
// spec: K-17
TEST_F(Figures, ConfirmationIsAppliedForWithinItsWindow) {
  auto window = [&](const std::string& code, const std::string& outcome, const std::string& form,
                    const std::string& decided = "") {
    const std::string text = "status: EFFECTIVE holder_org: 'v-committee' level: 2 form: " + form + " " +
                             At("effective_at_ms", "2026-09-20 10:00") +
                             Due("2026-10-20", "2026-09-20 10:00", outcome, "DM-05");
    Tell("mediation", code, "effective", "2026-09-20 10:00", text);
    if (!decided.empty())
      Tell("mediation", code, "confirmation_result", "2026-10-21 10:00", text + "confirmation: " + decided);
  };
  window("A", At("stopped_at_ms", "2026-10-02 10:00") + "outcome: CLOCK_MET", "WRITTEN", "CONFIRMED");
  window("B", At("stopped_at_ms", "2026-10-21 00:00") + "outcome: CLOCK_MISSED", "WRITTEN");
  window("C", "", "ORAL");
  window("D", At("stopped_at_ms", "2026-10-02 10:00") + "outcome: CLOCK_MET", "WRITTEN", "REJECTED");
  EXPECT_EQ(Of("K-17"), "2/3 = 66.67");
  EXPECT_EQ(Of("K-17s"), "1/2 = 50.00");
}

}  // namespace
}  // namespace oversight
