// Figures of petitions, orders, tasks and of what comes from outside; who sees them; merged villages; the file.
#include "services/oversight/domain/metrics.h"
#include "services/oversight/figures.h"
#include "services/oversight/listed.h"
#include "tests/oversight/figure_world.h"

namespace oversight {
namespace {

using Codes = std::multiset<std::string>;

std::string At(const std::string& name, const std::string& at) {
  return name + ": " + std::to_string(Local(at)) + " ";
}

class PetitionFigures : public FigureTest {
 protected:
  // Registered on `day`, at an office of `level`.
  void Petition(const std::string& code, const std::string& topic, const std::string& at, const std::string& status,
                const std::string& extra = "", int level = 3) {
    Tell("petition", code, topic, at,
         "status: " + status + " level: " + std::to_string(level) + " holder_org: 'c-hrss' content: 'Q05' " +
             At("registered_at_ms", "2026-10-02 09:00") + extra,
         "371403001002", level);
  }
};

// spec: K-07
TEST_F(PetitionFigures, RepeatsAreCountedByPetitionsAndByPersons) {
  for (const char* code : {"A", "B", "C", "D"})
    Petition(code, "registered", "2026-10-02 09:00", "REGISTERED", "petitioner_count: 1");
  EXPECT_EQ(Of("K-07"), "hidden");  // four: whoever reads it could tell who it was
  EXPECT_FALSE(Figure("K-07").has_numerator());
  Petition("E", "registered", "2026-10-02 09:00", "REGISTERED", "petitioner_count: 6");
  EXPECT_EQ(Of("K-07"), "0/5 = 0.00");
  // New facts make it another petition.
  Petition("D", "repeat_detected", "2026-10-03 09:00", "REGISTERED", "petitioner_count: 1 earlier_code: 'A'");
  EXPECT_EQ(Of("K-07"), "0/5 = 0.00");
  Petition("E", "repeat_detected", "2026-10-03 09:00", "REGISTERED",
           "petitioner_count: 6 repeat: true earlier_code: 'A'");
  EXPECT_EQ(Of("K-07"), "1/5 = 20.00");
  EXPECT_EQ(Of("K-07p"), "6/10 = 60.00");
  // What leaves the lists, as a copy or as an accusation, is in no figure.
  Tell("petition", "E", "removed", "2026-10-04 09:00", "status: MERGED level: 3");
  EXPECT_EQ(Of("K-07"), "hidden");
}
// spec: K-07 K-01
TEST_F(PetitionFigures, AreSeenFromTheirOfficesLevelUp) {
  for (const char* code : {"A", "B", "C", "D", "E"}) {
    Petition(code, "registered", "2026-10-02 09:00", "REGISTERED", "petitioner_count: 1", 4);
    Petition(code, "settled", "2026-10-05 09:00", "SETTLED", "petitioner_count: 1", 4);
  }
  EXPECT_EQ(Of("K-07", "371403"), "0/5 = 0.00");
  EXPECT_EQ(Of("K-07", "3714"), "0/5 = 0.00");
  EXPECT_EQ(Of("K-07"), "0/0 = null");
  EXPECT_EQ(Of("K-01"), "0/0 = null");
  EXPECT_EQ(Of("K-01", "371403"), "5/5 = 100.00");
  EXPECT_EQ(Behind("K-07", false, "371403").size(), 5u);
  EXPECT_TRUE(Behind("K-07", false).empty());
  EXPECT_TRUE(Behind("K-01", false).empty());
}
// spec: K-04c
TEST_F(PetitionFigures, AMatterThatBecomesAPetitionAtTheCountyWasHandedUp) {
  Incident m = Made("A", "2026-10-20");
  m.due.clear();
  Step(m, "closed", "2026-10-05 10:00", "CLOSED", "closure_type: VIA_PETITION on_time: true");
  Petition("A", "accepted", "2026-10-05 09:59", "ACCEPTED", "", 4);
  Petition("A", "settled", "2026-10-08 09:00", "SETTLED", "", 4);
  EXPECT_EQ(Of("K-04c", "371403"), "0/1 = 0.00");
  EXPECT_EQ(Of("K-01", "371403"), "1/1 = 100.00");  // once, and as it ended
}
// spec: K-12
TEST_F(PetitionFigures, DecidingInTimeCountsEachPeriodOnce) {
  auto term = [&](const std::string& code, const std::string& policy, const std::string& due,
                  const std::string& stopped, bool met) {
    Petition(
        code, "accepted", "2026-11-20 09:00", "ACCEPTED",
        Due(due, "2026-09-25 09:00",
            stopped.empty() ? ""
                            : At("stopped_at_ms", stopped) + (met ? "outcome: CLOCK_MET" : "outcome: CLOCK_MISSED"),
            policy));
  };
  term("A", "DP-01", "2026-10-10", "2026-10-09 10:00", true);
  term("B", "DP-02", "2026-10-10", "2026-11-02 10:00", false);  // missed in October, whenever it was made good
  term("C", "DP-03", "2026-10-12", "", false);
  term("D", "DP-03", "2026-11-12", "2026-11-12 10:00", true);
  term("E", "DP-15", "2026-10-12", "", false);
  EXPECT_EQ(Of("K-12"), "1/3 = 33.33");
  EXPECT_EQ(Of("K-12", "371403001", "2026-11-01", "2026-11-20"), "1/1 = 100.00");
}
// spec: K-13
TEST_F(PetitionFigures, OpinionsAreDueOnTheirDay) {
  auto opinion = [&](const std::string& code, const std::string& policy, const std::string& more) {
    Petition(code, "opinion_issued", "2026-10-20 09:00", "OPINION_ISSUED",
             Due("2026-10-15", "2026-08-16 09:00", more, policy));
  };
  opinion("A", "DP-05", At("stopped_at_ms", "2026-10-15 20:00") + "outcome: CLOCK_MET");
  opinion("B", "DP-05", At("stopped_at_ms", "2026-10-20 09:00") + "outcome: CLOCK_MISSED");
  opinion("C", "DP-08", At("stopped_at_ms", "2026-10-10 09:00") + "outcome: CLOCK_MET");
  opinion("D", "DP-10", At("stopped_at_ms", "2026-09-28 09:00") + "outcome: CLOCK_MET");  // due in October
  EXPECT_EQ(Of("K-13"), "3/4 = 75.00");
}
// spec: K-18
TEST_F(PetitionFigures, BacklogIsWhatThereWasAndWhatCameWrittenOff) {
  for (const char* code : {"A", "B", "C"}) Petition(code, "registered", "2026-09-01 09:00", "REGISTERED");
  Petition("A", "backlog_listed", "2026-09-10 09:00", "ACCEPTED");
  Petition("B", "backlog_listed", "2026-10-10 09:00", "ACCEPTED");
  Petition("C", "backlog_listed", "2026-10-11 09:00", "ACCEPTED");
  Petition("C", "written_off", "2026-10-11 10:00", "ACCEPTED");
  EXPECT_EQ(Of("K-18"), "1/3 = 33.33");
  EXPECT_EQ(Behind("K-18", false), (Codes{"A", "B", "C"}));
  EXPECT_EQ(Behind("K-18", true), (Codes{"C"}));
  EXPECT_EQ(Of("K-18", "371403001", "2026-11-01", "2026-11-10"), "0/2 = 0.00");
}
// spec: K-19
TEST_F(PetitionFigures, LeadersCasesAreCountedByTheirTargetDay) {
  Petition("A", "leader_assigned", "2026-09-10 09:00", "ACCEPTED",
           "leader_target_ms: " + std::to_string(EndOf("2026-10-31")));
  Petition("B", "leader_assigned", "2026-09-10 09:00", "ACCEPTED",
           "leader_target_ms: " + std::to_string(EndOf("2026-10-10")));
  Petition("C", "leader_assigned", "2026-09-10 09:00", "ACCEPTED",
           "leader_target_ms: " + std::to_string(EndOf("2026-11-10")));
  Petition("A", "settled", "2026-10-20 09:00", "SETTLED",
           "leader_target_ms: " + std::to_string(EndOf("2026-10-31")));
  Petition("B", "opinion_issued", "2026-10-09 09:00", "OPINION_ISSUED",  // closed, and nothing resolved by it
           "leader_target_ms: " + std::to_string(EndOf("2026-10-10")));
  EXPECT_EQ(Of("K-19"), "1/2 = 50.00");
}
// spec: K-08
TEST_F(PetitionFigures, PetitionersRateTheUnitAndTheOfficeApart) {
  for (int i = 0; i < 5; ++i) {
    Petition(std::to_string(i), "registered", "2026-10-02 09:00", "REGISTERED");
    Petition(std::to_string(i), "evaluated", "2026-10-20 09:00", "DELIVERED",
             "rated_unit: " + std::to_string(i + 1) + " rated_office: 5");
  }
  EXPECT_EQ(Of("K-08u"), "2/5 = 40.00");
  EXPECT_EQ(Of("K-08o"), "5/5 = 100.00");
  EXPECT_EQ(Of("K-08"), "0/0 = null");
}

// spec: K-23
TEST_F(PetitionFigures, OrdersAreToBeAnsweredByTheirDay) {
  Made("A", "2026-10-09");
  Made("B", "2026-10-09");
  const Actor centre = ActorOf(kernel::v1::ROLE_TD, "t-centre", "371403001", "td1");
  desk_.FireDue();  // they are late: the platform drafts
  const auto issued = [&](const std::string& code) -> std::string {
    const auto matter = desk_.Read().Get(code);
    EXPECT_TRUE(matter.ok() && *matter);
    for (const auto& note : (*matter)->state.matter().order()) {
      if (note.card() != common::v1::CARD_ORDINARY) continue;
      EXPECT_FALSE(desk_.Do(note.order_id(), "issue_order { demand: '办结' }", centre).refusal);
      return note.order_id();
    }
    return "";
  };
  const std::string order = issued("A");
  ASSERT_FALSE(order.empty());
  // What was taken back nobody has to answer.
  ASSERT_FALSE(desk_.Do(issued("B"), "cancel_order { reason: '发错' }", centre).refusal);
  EXPECT_EQ(Of("K-23", "371403001", "2026-11-01", "2026-12-31"), "0/0 = null");  // due on the 26th
  desk_.clock().AdvanceTo(Local("2026-11-26 10:00"));
  EXPECT_EQ(Of("K-23", "371403001", "2026-11-01", "2026-12-31"), "0/0 = null");  // it may still be answered
  const Actor head = ActorOf(kernel::v1::ROLE_DM, "c-hrss", "371403", "dm1");
  ASSERT_FALSE(desk_.Do(order, "answer_order { result: '已办' evidence: '记录' }", head).refusal);
  desk_.clock().AdvanceTo(Local("2026-11-27 09:00"));
  EXPECT_EQ(Of("K-23", "371403001", "2026-11-01", "2026-12-31"), "1/1 = 100.00");
  EXPECT_EQ(Behind("K-23", true, "371403001", "2026-11-01", "2026-12-31"), (Codes{"A"}));
}

// spec: K-23 O6
TEST_F(PetitionFigures, AnOrderAnsweredLateStaysSoWhenItsNextAnswerIsInTime) {
  Made("A", "2026-10-09");
  desk_.FireDue();
  const auto matter = desk_.Read().Get("A");
  ASSERT_TRUE(matter.ok() && *matter);
  std::string order;
  for (const auto& note : (*matter)->state.matter().order()) {
    if (note.card() == common::v1::CARD_ORDINARY) order = note.order_id();
  }
  ASSERT_FALSE(order.empty());
  const Actor centre = ActorOf(kernel::v1::ROLE_TD, "t-centre", "371403001", "td1");
  const Actor head = ActorOf(kernel::v1::ROLE_DM, "c-hrss", "371403", "dm1");
  const std::string answer = "answer_order { result: '已办' evidence: '记录' }";
  ASSERT_FALSE(desk_.Do(order, "issue_order { demand: '办结' }", centre).refusal);  // due on the 26th
  desk_.clock().AdvanceTo(Local("2026-11-27 10:00"));
  ASSERT_FALSE(desk_.Do(order, answer, head).refusal);
  EXPECT_EQ(Of("K-23", "371403001", "2026-11-01", "2026-12-01"), "0/1 = 0.00");
  ASSERT_FALSE(desk_.Do(order, "send_back_answer { reason: '没有附件' }", centre).refusal);  // due on the 2nd
  EXPECT_EQ(Of("K-23", "371403001", "2026-11-01", "2026-12-01"), "0/1 = 0.00");
  desk_.clock().AdvanceTo(Local("2026-12-01 10:00"));
  ASSERT_FALSE(desk_.Do(order, answer, head).refusal);
  desk_.clock().AdvanceTo(Local("2026-12-03 09:00"));
  EXPECT_EQ(Of("K-23", "371403001", "2026-11-01", "2026-12-01"), "0/1 = 0.00");
  EXPECT_EQ(Of("K-23", "371403001", "2026-12-01", "2027-01-01"), "1/1 = 100.00");
  EXPECT_EQ(Of("K-23", "371403001", "2026-11-01", "2027-01-01"), "1/2 = 50.00");
}

// spec: K-21
TEST_F(PetitionFigures, TasksOfCampaignsAreDueOnTheirDay) {
  auto task = [&](const std::string& id, const std::string& due, const std::string& done,
                  const std::string& more = "") {
    const auto outcome = desk_.Do(
        "task/" + id,
        "hear_task { task { campaign_id: 'c1' area_code: '371403001002' due_ms: " + std::to_string(EndOf(due)) +
            (done.empty() ? "" : " done_ms: " + std::to_string(Local(done))) + " " + more + " } }",
        Platform());
    EXPECT_TRUE(outcome.status.ok() && !outcome.refusal);
  };
  task("A", "2026-10-10", "2026-10-10 10:00");
  task("B", "2026-10-10", "");
  task("B", "2026-10-10", "2026-10-20 10:00");
  task("C", "2026-10-10", "2026-11-05 10:00");
  task("D", "2026-10-10", "", "withdrawn: true");
  EXPECT_EQ(Of("K-21"), "2/3 = 66.67");
  EXPECT_EQ(Of("K-21", "371403001", "2026-10-01", "2026-11-06"), "3/3 = 100.00");
}

// spec: K-25 K-26 K-27
TEST_F(PetitionFigures, FromOutsideAreEnteredWithTheirSourceAndNeverTakenForNothing) {
  const Actor supervision = ActorOf(kernel::v1::ROLE_SV, "c-supervision", "371403", "sv1");
  auto enter = [&](const std::string& id, const std::string& metric, const std::string& month, int64_t counted,
                   int64_t of, const std::string& more = "") {
    return desk_.Do(id,
                    "record_figure { metric_id: '" + metric + "' area_code: '371403' month: '" + month +
                        "' counted: " + std::to_string(counted) + " of: " + std::to_string(of) +
                        " source: '县法院司法统计月报' source_day: '2026-11-03' " + more + " }",
                    supervision);
  };
  EXPECT_EQ(Of("K-25", "371403"), "0/0 = null");
  ASSERT_FALSE(enter("f1", "K-25", "2026-10", 97, 556'000).refusal);
  EXPECT_EQ(Of("K-25", "371403"), "97/556000 = 1.74");
  EXPECT_EQ(Figure("K-25", "371403").outside(0).source_day(), "2026-11-03");
  EXPECT_EQ(Of("K-25", "371403", "2026-09-01"), "0/0 = null");  // September was not entered
  desk_.clock().Advance(1000);
  ASSERT_FALSE(enter("f2", "K-25", "2026-10", 99, 556'000, "reason: '法院更正'").refusal);
  EXPECT_EQ(Of("K-25", "371403"), "99/556000 = 1.78");
  ASSERT_FALSE(enter("f3", "K-26", "2026-10", 3, 556'000).refusal);
  EXPECT_EQ(Of("K-26", "371403"), "3/556000 = 0.05");
  ASSERT_FALSE(enter("f4", "K-27", "2026-10", 800, 1000).refusal);
  EXPECT_EQ(Of("K-27", "371403"), "800/1000 = 80.00");
  EXPECT_EQ(enter("f5", "K-01", "2026-10", 1, 2).refusal->field, "metric_id");
  EXPECT_EQ(enter("f5", "K-25", "2026-13", 1, 2).refusal->field, "month");
  EXPECT_EQ(enter("f5", "K-01", "2026-10", 1, 2).refusal->reason, "UNKNOWN_CODE");
  EXPECT_EQ(enter("f5", "K-25", "2026-13", 1, 2).refusal->reason, "NO_SUCH_MONTH");
  EXPECT_EQ(enter("f5", "K-25", "2026-11", 1, 2).refusal->reason, "MONTH_NOT_OVER");
  EXPECT_EQ(enter("f5", "K-25", "2026-10", 600'000, 560'000).refusal->reason, "OUT_OF_RANGE");
  EXPECT_EQ(enter("f5", "K-25", "2026-10", -1, 2).refusal->reason, "OUT_OF_RANGE");
  EXPECT_EQ(enter("f5", "K-25", "2026-10", 1, 0).refusal->field, "of");
  EXPECT_EQ(enter("f5", "K-27", "2026-10", 3, 2).refusal->field, "counted");
  const Actor elsewhere = ActorOf(kernel::v1::ROLE_SV, "o-supervision", "371482", "sv2");
  EXPECT_EQ(desk_
                .Do("f6",
                    "record_figure { metric_id: 'K-25' area_code: '371403' month: '2026-10' counted: 1 of: 2 "
                    "source: '统计' "
                    "source_day: '2026-11-03' }",
                    elsewhere)
                .refusal->reason,
            "NOT_ALLOWED");
}

TEST_F(PetitionFigures, WhatWouldPointToAPersonIsNotListed) {
  const Incident m = Made("A");
  Close(m, "2026-10-05 10:00");
  Evaluate(m, "2026-10-06 10:00", "YES", 2);
  EXPECT_EQ(Of("K-08"), "hidden");
  v1::ListCountedRequest request;
  request.set_id("K-08");
  request.set_area_code("371403001");
  request.set_from_day("2026-10-01");
  v1::ListCountedResponse response;
  const auto answer = queries_.ListCounted(As(CountyLeader()), request, &response);
  ASSERT_TRUE(answer.refusal().has_value());
  EXPECT_EQ(answer.refusal()->reason, "TOO_FEW");
}

// A village that another has taken the place of: its old matters keep their code and count where it belongs today.
TEST_F(PetitionFigures, FollowVillagesThatMerge) {
  Incident m;
  m.code = "A";
  m.area = "371403100201";
  m.due = "2026-10-09";
  Report(m);
  Close(m, "2026-10-05 10:00");
  Close(Made("B"), "2026-10-06 10:00");
  EXPECT_EQ(Of("K-01"), "1/1 = 100.00");
  EXPECT_EQ(Of("K-01", "371403100"), "1/1 = 100.00");
  auto merged = tests::AreaNotice("371403100201", "三里村");
  merged.mutable_area_changed()->set_successor("371403001002");
  v1::Command learn;
  *learn.mutable_learn_reference()->mutable_notice() = merged;
  ASSERT_FALSE(desk_.Do("ref/area/371403100201", learn, Platform()).refusal);
  EXPECT_EQ(Of("K-01"), "2/2 = 100.00");
  EXPECT_EQ(Of("K-01", "371403100"), "0/0 = null");
  EXPECT_EQ(Of("K-01", "371403"), "2/2 = 100.00");
  EXPECT_EQ(Behind("K-01", false), (Codes{"A", "B"}));
  EXPECT_TRUE(Behind("K-01", false, "371403100").empty());
}

// What was settled within a minute is found in every township, on every day that is asked for, and in villages that
// came from elsewhere; beside it lies what is not looked for.
// spec: DQ-02
TEST_F(PetitionFigures, FindBurstsInEveryTownshipAndWhereAVillageWent) {
  const auto settled = [&](const std::string& code, const std::string& day, const std::string& village) {
    const std::string at = day + " 10:00";
    Tell("incident", code, "self_handled", at,
         "status: CLOSED closure_type: SELF_HANDLED source: GRID_WORKER origin_level: 2 current_level: 2 " +
             At("reported_at_ms", at) + "lead_org: 'v1' holder_org: 'v1' ",
         village, 2);
  };
  const std::vector<std::string> villages = {"371403001001", "371403001002", "371403100201", "371482001001"};
  const std::vector<std::string> days = {"2026-09-30", "2026-10-01", "2026-10-31", "2026-11-01"};
  for (size_t v = 0; v < villages.size(); ++v) {
    for (size_t d = 0; d < days.size(); ++d) {
      for (int i = 0; i < 3; ++i) settled(std::string{"PQRS"[v], "0123"[d], "abc"[i]}, days[d], villages[v]);
    }
    Incident other;
    other.code = std::string{'Z', "PQRS"[v]};
    other.area = villages[v];
    other.due = "2026-10-09";
    Report(other);
  }
  const auto found = [&](const std::string& area, const std::string& from = "2026-10-01") {
    std::string codes;
    const auto reader = desk_.Read();
    const auto bursts = Bursts(reader, area, {*base::ParseDay(from), *base::ParseDay("2026-11-01")});
    EXPECT_TRUE(bursts.ok()) << bursts.status();
    for (const auto& one : *bursts) {
      if (one.id[2] == 'a') codes += one.id.substr(0, 2) + " ";
    }
    return codes;
  };
  EXPECT_EQ(found("371403001"), "P1 P2 Q1 Q2 ");
  EXPECT_EQ(found("371403100"), "R1 R2 ");
  EXPECT_EQ(found("371482"), "S1 S2 ");
  EXPECT_EQ(found("371403"), "P1 P2 Q1 Q2 R1 R2 ");
  EXPECT_EQ(found("3714"), "P1 P2 Q1 Q2 R1 R2 S1 S2 ");
  EXPECT_EQ(found("371403", "2026-10-02"), "P2 Q2 R2 ");
  EXPECT_EQ(Of("DQ-02", "371403"), "18/18 = 100.00");
  const auto merge = [&](const std::string& village, const std::string& into) {
    auto notice = tests::AreaNotice(village, "三里村");
    notice.mutable_area_changed()->set_successor(into);
    v1::Command learn;
    *learn.mutable_learn_reference()->mutable_notice() = notice;
    ASSERT_FALSE(desk_.Do("ref/area/" + village, learn, Platform()).refusal);
  };
  merge("371482001001", "371403001002");  // from a county behind, to one in front
  EXPECT_EQ(found("371482"), "");
  EXPECT_EQ(found("371403001"), "P1 P2 Q1 Q2 S1 S2 ");
  EXPECT_EQ(found("371403"), "P1 P2 Q1 Q2 R1 R2 S1 S2 ");
  EXPECT_EQ(found("3714"), "P1 P2 Q1 Q2 R1 R2 S1 S2 ");
  merge("371403001001", "371482001002");
  EXPECT_EQ(found("371482"), "P1 P2 ");
  EXPECT_EQ(found("371403"), "Q1 Q2 R1 R2 S1 S2 ");
  EXPECT_EQ(Of("DQ-02", "371482"), "6/6 = 100.00");
}

// What only the county may know of a village goes with it to the county that it belongs to today.
TEST_F(PetitionFigures, OfAnotherLevelFollowTheirVillageToo) {
  const std::string village = "371403100201";
  for (const char* code : {"A", "B", "C", "D", "E"})
    Tell("petition", code, "registered", "2026-10-02 09:00",
         "status: REGISTERED level: 4 holder_org: 'c-hrss' petitioner_count: 1 " +
             At("registered_at_ms", "2026-10-02 09:00"),
         village, 4);
  EXPECT_EQ(Of("K-07", "371403"), "0/5 = 0.00");
  auto merged = tests::AreaNotice(village, "三里村");
  merged.mutable_area_changed()->set_successor("371482001001");
  v1::Command learn;
  *learn.mutable_learn_reference()->mutable_notice() = merged;
  ASSERT_FALSE(desk_.Do("ref/area/" + village, learn, Platform()).refusal);
  EXPECT_EQ(Of("K-07", "371403"), "0/0 = null");
  EXPECT_EQ(Of("K-07", "371482"), "0/5 = 0.00");
  EXPECT_EQ(Of("K-07", "371482001"), "0/0 = null");
  EXPECT_EQ(Of("K-07", "3714"), "0/5 = 0.00");
  EXPECT_EQ(Behind("K-07", false, "371482").size(), 5u);
}

// What is read depends on days and areas, not on how many matters there are.
TEST_F(PetitionFigures, CostTheSameAtTenMattersAndAtAThousand) {
  auto touched = [&] {
    std::shared_ptr<tests::CountingView> counter;
    const auto reader = desk_.ReadThrough(&counter);
    Counting counting(reader, "371403", FigurePlacesOf(reader, "371403").value(),
                      {*base::ParseDay("2026-01-01"), *base::ParseDay("2026-11-01")});
    for (const Metric& metric : Metrics())
      EXPECT_TRUE(counting.FigureOf(metric, *base::ParseDay("2026-11-23")).ok());
    return counter->touched;
  };
  for (int i = 0; i < 10; ++i) Close(Made("A" + std::to_string(i)), "2026-10-05 10:00");
  const size_t few = touched();
  for (int i = 0; i < 990; ++i) Close(Made("B" + std::to_string(i)), "2026-10-05 10:00");
  EXPECT_EQ(touched(), few);
  EXPECT_EQ(Of("K-01", "371403"), "1000/1000 = 100.00");
}

TEST_F(PetitionFigures, LeaveAsAFileInBothForms) {
  Close(Made("A"), "2026-10-05 10:00");
  v1::ExportMetricsRequest request;
  request.set_area_code("371403");
  request.set_from_day("2026-10-01");
  request.set_until_day("2026-11-01");
  auto read = [&] {
    rpc::NextMessage<google::api::HttpBody> next;
    EXPECT_TRUE(queries_.ExportMetrics(As(CountyLeader()), request, &next).ok());
    std::string all;
    for (bool more = true; more;) {
      google::api::HttpBody piece;
      more = next(&piece).value();
      all += piece.data();
    }
    return all;
  };
  EXPECT_NE(read().find(R"("K-01","化解率","resolution",1,1,"100.00","PERCENT",)"), std::string::npos);
  request.set_format(v1::METRICS_JSON);
  EXPECT_NE(read().find("\"value\":\"100.00\""), std::string::npos);
}

}  // namespace
}  // namespace oversight
