// Recorded streams: what an event meant when it was written, it means for ever. Each file is a list of events
// with their times, and the state they folded to. A stream is added when an event is added, and never edited
// afterwards. FENGQIAO_RECORD=1 writes the files that are missing.
#include <google/protobuf/text_format.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tests/oversight/task_world.h"
#include "tests/support/golden.h"

namespace oversight {
namespace {

constexpr char kFolder[] = "tests/golden/oversight";

TEST(Golden, StreamsStillFoldToTheStatesTheyMeant) { tests::ExpectStreamsFold<OversightDomain>(kFolder, 3); }

TEST(Golden, StreamsHoldEveryEvent) { tests::ExpectStreamsHoldEveryEvent<OversightDomain>(kFolder); }

// ---- recording

class Recorder {
 public:
  explicit Recorder(std::string name) : path_(std::string(kFolder) + "/" + std::move(name) + ".stream") {}
  void Add(const Desk& c, std::string_view id) {
    for (const auto& happened : c.events()) {
      if (happened.aggregate_id != id) continue;
      std::string text;
      google::protobuf::TextFormat::PrintToString(happened.event, &text);
      stream_ += "@" + std::to_string(happened.at_ms) + "\n" + text;
    }
  }
  void Finish(const v1::State& state) {
    if (std::filesystem::exists(path_)) return;
    std::string text;
    google::protobuf::TextFormat::PrintToString(state, &text);
    std::ofstream(path_) << stream_ << "=\n" << text;
  }

 private:
  const std::string path_;
  std::string stream_;
};

struct Step {
  std::string command;
  Actor actor;
  int64_t at;
};

void Record(const std::string& name, const std::string& id, const std::vector<Step>& steps,
            reference::Reference reference = tests::Learned()) {
  Recorder recorder(name);
  Desk c(std::move(reference), id);
  for (const Step& step : steps) {
    if (step.command.starts_with("timer ")) {
      c.At(step.at).WhenTimerFires(step.command.substr(6));
    } else {
      c.When(step.command, step.actor, step.at);
    }
    EXPECT_FALSE(c.refusal()) << step.command << ": " << c.refusal()->reason;
    recorder.Add(c, id);
  }
  recorder.Finish(c.state());
}

void RecordInstruction() {
  Recorder of_instruction("instruction"), of_matter("instructed_matter");
  Desk c(tests::Learned(), "in1");
  auto step = [&](const std::string& id, const std::string& command, const Actor& actor) {
    c.As(actor).WhenOn(id, command);
    EXPECT_FALSE(c.refusal()) << command;
    of_instruction.Add(c, "in1");
    of_matter.Add(c, kCode);
  };
  c.At(kMonday);
  step(kCode, Heard(1, kAtCounty + kClimbed, "incident.escalated"), Platform());
  step("in1",
       std::string("instruct { matter_id: '") + kCode + "' text: '办' due_at_ms: " +
           std::to_string(Local("2026-11-27 17:00")) + " addressee_org: 'c-hrss' }",
       CountyLeader());
  step("in1", "distribute {}", CountyCentre());
  c.WhenTimerFires("instruction");
  of_instruction.Add(c, "in1");
  step("in1", "report { text: '已办' }", Head("c-hrss"));
  step("in1", "close_instruction { text: '好' }", CountyLeader());
  step(kCode, "assign_lead { to_org: 'c-hrss' }", CountyLeader());
  step(kCode, "send_down { to_level: 3 reason_code: 'LOCAL' }", CountyLeader());
  const std::string asked = c.StateOf(kCode).matter().asked(1).instruction_id();
  step(kCode,
       Heard(2, kAtCounty + "answer { instruction_id: '" + asked + "' reason_code: 'BELOW_MIN_LEVEL' }"),
       Platform());
  of_instruction.Finish(c.state());
  of_matter.Finish(c.StateOf(kCode));
}

// An instruction that was withdrawn, and its matter, of which a request was refused too.
void RecordWithdrawal() {
  Recorder of_instruction("withdrawn_instruction"), of_matter("withdrawn_matter");
  Desk c(tests::Learned(), "in1");
  const auto step = [&](const std::string& id, const std::string& command, const Actor& actor) {
    c.As(actor).WhenOn(id, command);
    EXPECT_FALSE(c.refusal()) << command;
    of_instruction.Add(c, "in1");
    of_matter.Add(c, kCode);
  };
  c.At(kMonday);
  step(kCode, Heard(1, kAtCounty + kClimbed, "incident.escalated"), Platform());
  step("in1",
       std::string("instruct { matter_id: '") + kCode + "' text: '办' due_at_ms: " +
           std::to_string(Local("2026-11-27 17:00")) + " addressee_org: 'c-hrss' }",
       CountyLeader());
  step("in1", "distribute {}", CountyCentre());
  step("in1", "withdraw_instruction { reason: '已解决' }", CountyLeader());
  step(kCode, "send_down { to_level: 3 reason_code: 'LOCAL' }", CountyLeader());
  const std::string asked = c.StateOf(kCode).matter().asked(1).instruction_id();
  step(kCode, Heard(2, kAtCounty + "answer { instruction_id: '" + asked + "' reason_code: 'WRONG_STATUS' }"),
       Platform());
  of_instruction.Finish(c.state());
  of_matter.Finish(c.StateOf(kCode));
}

// A petition that left the lists; the order, the instruction and the finding of an inspection that lapsed with it.
void RecordLapse() {
  Recorder order("lapsed_order"), of_instruction("lapsed_instruction"), of_inspection("lapsed_finding"),
      of_matter("left_petition");
  Desk c(tests::Learned(), "in1");
  const std::string order_id = std::string("or-") + kPetitionCode + "-1";
  const auto add = [&] {
    EXPECT_FALSE(c.refusal());
    order.Add(c, order_id);
    of_instruction.Add(c, "in1");
    of_inspection.Add(c, "n9");
    of_matter.Add(c, kPetitionCode);
  };
  const auto hear = [&](const std::string& observed) {
    c.As(Platform()).WhenOn(kPetitionCode, observed);
    add();
  };
  c.At(kMonday);
  hear(HeardPetition(1, kHandled + PetitionClock()));
  c.WhenTimerFires("light/petition/p1/DP-05", kPetitionCode);
  add();
  const std::string due = " due_at_ms: " + std::to_string(Local("2026-12-11 17:00")) + " }";
  c.As(CountyLeader()).When(std::string("instruct { matter_id: '") + kPetitionCode + "' text: '请抓紧'" + due);
  add();
  c.As(ActorOf(kernel::v1::ROLE_PO, "c-petition", "371403", "po1")).WhenOn(order_id, "issue_order { demand: '办结' }");
  add();
  for (const char* step :
       {"plan_inspection { area_code: '371403' title: '信访专项' scope: '办理时限' day: '2026-12-05' }",
        "record_finding { matter_code: '37140320261123P000001' text: '超期' demand: '限期办结' }",
        "finish_inspection { summary: '有超期' }", "give_feedback { rectify_by_day: '2026-12-18' }"}) {
    c.As(Supervisor()).At(std::max(c.now_ms(), Local("2026-12-05 09:00"))).WhenOn("n9", step);
    add();
  }
  hear(HeardPetition(2, "level: 4 status: MERGED", "petition.removed"));
  of_inspection.Finish(c.StateOf("n9"));
  order.Finish(c.StateOf(order_id));
  of_instruction.Finish(c.state());
  of_matter.Finish(c.StateOf(kPetitionCode));
}

// A late case, its ordinary order, the yellow card after it, the red one, and what its matter noted.
void RecordOrders() {
  const std::string code = "M";
  Recorder ordinary("order"), yellow("yellow_card"), red("red_card"), matter("late_case");
  Desk c(tests::Learned(), code);
  const auto add = [&] {
    EXPECT_FALSE(c.refusal());
    ordinary.Add(c, "or-M-1");
    yellow.Add(c, "or-M-2");
    red.Add(c, "or-M-3");
    matter.Add(c, code);
  };
  const auto ask = [&](const Actor& actor, const std::string& id, const std::string& command) {
    c.As(actor).WhenOn(id, command);
    add();
  };
  const auto fire = [&](const std::string& timer, const std::string& id) {
    c.WhenTimerFires(timer, id);
    add();
  };
  const Actor centre = ActorOf(kernel::v1::ROLE_TD, "t-centre", "371403001", "td1");
  const Actor county = ActorOf(kernel::v1::ROLE_CD, "c-centre", "371403", "cd1");
  const Actor chair = ActorOf(kernel::v1::ROLE_MC, "v-committee", "371403001002", "mc1");
  c.At(kMonday);
  ask(Platform(), code,
      "observe { service: 'mediation' subject_id: 'c1' subject_version: 1 topic: 'mediation.accepted' matter_code: 'M' "
      "area_code: '371403001002' level: 2 recorded_at_ms: 1 mediation { status: MEDIATING holder_org: 'v-committee' "
      "level: 2 clock { policy_id: 'DM-04' started_at_ms: 1 due_at_ms: " +
          std::to_string(EndOf("2026-11-30")) + " length { amount: 30 unit: D } holder_org: 'v-committee' } } }");
  fire("light/mediation/c1/DM-04", code);
  fire("light/mediation/c1/DM-04", code);
  fire("late/mediation/c1/DM-04", code);
  ask(TownLeader(), code, "ask_escalation { reason_code: 'BEYOND_ABILITY' tried: '两次调解' }");
  ask(centre, "or-M-1", "issue_order { demand: '办结' }");
  ask(chair, "or-M-1", "acknowledge_order {}");
  ask(chair, "or-M-1", "answer_order { result: '在办' evidence: '记录' }");
  ask(centre, "or-M-1", "send_back_answer { reason: '未办结' }");
  fire("order", "or-M-1");
  fire("order", "or-M-1");
  fire("late/mediation/c1/DM-04", code);
  ask(county, "or-M-2", "issue_yellow { demand: '限期' }");
  fire("red_card", "or-M-2");
  ask(CountyLeader(), "or-M-3", "issue_red { demand: '挂牌' }");
  ask(CountyLeader(), "or-M-3", "cancel_order { reason: '已办结' }");
  ordinary.Finish(c.StateOf("or-M-1"));
  yellow.Finish(c.StateOf("or-M-2"));
  red.Finish(c.StateOf("or-M-3"));
  matter.Finish(c.StateOf(code));
}

// A matter closed, evaluated and petitioned about again; a task; a figure from outside.
void RecordFigures() {
  Recorder of_matter("counted_matter");
  Desk c(tests::Learned(), kCode);
  auto step = [&](const std::string& id, const std::string& command, const Actor& actor) {
    c.As(actor).WhenOn(id, command);
    EXPECT_FALSE(c.refusal()) << command;
    of_matter.Add(c, kCode);
  };
  c.At(kMonday);
  step(kCode, Heard(1, kProcessing + ClockText()), Platform());
  step(kCode, Heard(2, kEnded + "substantively_resolved: true " + ClockText(), "incident.closed", kMonday + 1000),
       Platform());
  step(kCode, Heard(3, "status: EVALUATED solved: YES satisfied: 5", "incident.evaluated", kMonday + 2000), Platform());
  step(kPetitionCode,
       HeardPetition(1, kHandled + "repeat: true earlier_code: '" + kCode + "' " + PetitionClock(),
                     "petition.repeat_detected"),
       Platform());
  of_matter.Finish(c.StateOf(kCode));
  const std::string task = "hear_task { task { campaign_id: 'c1' area_code: '371403001002' due_ms: 1790000000000 ";
  Record("task", "task/t1",
         {{task + "} }", Platform(), kMonday}, {task + "done_ms: 1789000000000 } }", Platform(), kMonday}});
  Record("overdue_task", "task/t2",
         {{"hear_task { task { campaign_id: 'c1' area_code: '371403001002' grid_code: '371403001002001' due_ms: "
           "1790000000000 } }",
           Platform(), kMonday},
          {"hear_task { task { campaign_id: 'c1' area_code: '371403001002' grid_code: '371403001002001' due_ms: "
           "1790000000000 withdrawn: true overdue: true } }",
           Platform(), kMonday}});
  const std::string campaign =
      "hear_campaign { campaign { campaign_id: 'c1' category: '1201' area_code: '371403' started_at_ms: 1789000000000 "
      "due_at_ms: 1790000000000 cost_minutes: 90 cost_grids: 152 ";
  Record("campaign", "campaign/c1",
         {{campaign + "} }", Platform(), kMonday}, {campaign + "ended_at_ms: 1790000000001 } }", Platform(), kMonday}});
  Record("outside_figure", "f1",
         {{"record_figure { metric_id: 'K-25' area_code: '371403' month: '2026-10' counted: 97 of: 556000 "
           "source: '法院月报' source_day: '2026-11-03' }",
           ActorOf(kernel::v1::ROLE_SV, "c-supervision", "371403", "sv1"), kMonday}});
}

// A task graded twice without a report, its scorecards changed before and after publication, and the order drafted of
// it; another that is done.
void RecordGrading() {
  Recorder task("graded_task"), board("scorecard"), done("done_task"), cancelled("cancelled_task"), order("task_order");
  Desk c(tests::Learned(), kTask);
  const auto add = [&] {
    EXPECT_FALSE(c.refusal());
    task.Add(c, kTask);
    board.Add(c, kAprilBoard);
    done.Add(c, "t2");
    cancelled.Add(c, "t3");
    order.Add(c, "or-t1-1");
  };
  const auto ask = [&](const std::string& id, const std::string& command, const Actor& actor, const char* at) {
    c.As(actor).At(std::max(c.now_ms(), Local(at))).WhenOn(id, command);
    add();
  };
  const auto fire = [&](const char* timer, const char* id) {
    c.WhenTimerFires(timer, id);
    add();
  };
  for (const char* id : {kTask, "t2", "t3"}) {
    ask(id, CreateText(AprilToJune(), id == kTask ? "c-hrss" : "c-housing"), Supervisor(), "2026-04-01 11:00");
    ask(id, "confirm_task {}", InCharge(), "2026-04-01 11:00");
  }
  ask("t3", "cancel_task { reason: '调整' }", Supervisor(), "2026-04-02 09:00");
  ask("t2", ReportText("2026-04", 100, "completed_day: '2026-04-27'"), Head("c-housing"), "2026-04-28 09:00");
  ask(kTask, ReportText("2026-04", 20), LeadUnit(), "2026-04-29 09:00");
  fire("month", kTask);
  ask("t2", VerifyText("2026-04"), Supervisor(), "2026-05-06 09:00");
  ask(kTask, "send_back_task_report { month: '2026-04' milestone: 1 reason: '不实' }", Supervisor(), "2026-05-06 09:00");
  fire("grade", kAprilBoard);
  ask(kAprilBoard, ChangeText("ask_grade_override", "OX", "t2"), Supervisor(), "2026-05-08 09:00");
  ask(kAprilBoard, "sign_grade_override { task_id: 't2' milestone: 1 }", OtherLeader(), "2026-05-08 10:00");
  ask(kAprilBoard, "release_scorecard {}", Supervisor(), "2026-05-09 09:00");
  fire("publish", kAprilBoard);
  fire("tell", kAprilBoard);
  ask(kAprilBoard, ChangeText("ask_grade_correction", "HORSE", "t2"), Supervisor(), "2026-05-20 09:00");
  ask(kAprilBoard, "sign_grade_correction { task_id: 't2' milestone: 1 }", CityLeaderToSign(), "2026-05-20 10:00");
  fire("grade", "sc-371403-202605");
  fire("publish", "sc-371403-202605");
  fire("tell", "sc-371403-202605");
  task.Finish(c.StateOf(kTask));
  board.Finish(c.StateOf(kAprilBoard));
  done.Finish(c.StateOf("t2"));
  cancelled.Finish(c.StateOf("t3"));
  order.Finish(c.StateOf("or-t1-1"));
}

// A village with five quarrels, its warning up to the end, one that leaves; a case with a risk; a promise; a month.
void RecordWarnings() {
  Recorder warning("warning"), cluster("watch"), risky("warned_case"), unit("unit_watch"), term("term_watch");
  Desk c(tests::Learned(), "W");
  const auto add = [&] {
    EXPECT_FALSE(c.refusal());
    warning.Add(c, "wa-W1-371403001002-01-1");
    cluster.Add(c, "watch-371403001002-01");
    risky.Add(c, "R");
    unit.Add(c, "watch-unit-c-hrss");
    term.Add(c, "watch-term-v-committee");
  };
  const auto ask = [&](const Actor& actor, const std::string& id, const std::string& command) {
    c.As(actor).WhenOn(id, command);
    add();
  };
  const auto told = [&](const std::string& code, int version, const std::string& topic, const std::string& notice) {
    const std::string service = topic.substr(0, topic.find('.'));
    ask(Platform(), code,
        "observe { service: '" + service + "' subject_id: 's" + code + "' subject_version: " +
            std::to_string(version) + " topic: '" + topic + "' matter_code: '" + code +
            "' area_code: '371403001002' level: 2 recorded_at_ms: " + std::to_string(kMonday + version) + " " +
            service + " { " + notice + " } }");
  };
  c.At(kMonday);
  for (int i = 0; i < 6; ++i)
    told("A" + std::to_string(i), 1, "incident.reported", "status: REPORTED category: '0105' current_level: 2");
  told("A5", 2, "incident.rejected", "status: REJECTED category: '0105' current_level: 2");
  const std::string id = "wa-W1-371403001002-01-1";
  c.WhenTimerFires("warning", id);
  add();
  const Actor centre = ActorOf(kernel::v1::ROLE_CD, "c-centre", "371403", "cd1");
  ask(centre, id, "acknowledge_warning {}");
  ask(centre, id, "act_on_warning { done: '逐户走访' }");
  ask(centre, id, "clear_warning { reason: '已平息' }");
  const std::string talks = "status: MEDIATING dispute_type: 'D01' committee_org: 'v-committee' level: 2 ";
  told("R", 1, "mediation.risk_reported", talks + "risk: HIGH");
  c.WhenTimerFires("look/stuck", "R");
  add();
  told("R", 2, "mediation.effective",
       "status: EFFECTIVE dispute_type: 'D01' committee_org: 'v-committee' level: 2 effective_at_ms: 7 "
       "clause { no: 1 due_at_ms: " +
           std::to_string(EndOf("2026-12-20")) + " } clause { no: 2 due_at_ms: " + std::to_string(EndOf("2026-12-21")) +
           " }");
  c.WhenTimerFires("look/promise", "R");
  add();
  c.WhenTimerFires("look/promise", "R");  // one is open: looked at, and not raised
  add();
  told("K", 1, "incident.dispatched", kProcessing);
  told("K", 2, "incident.closed", kEnded);
  c.WhenTimerFires("look/watch", "watch-unit-c-hrss");
  add();
  auto notice = tests::OrgNotice("v-committee", directory::v1::COMMITTEE, "371403001002", "village");
  notice.mutable_org_changed()->set_term_ends("2027-03-01");
  v1::Command learn;
  *learn.mutable_learn_reference()->mutable_notice() = notice;
  ask(Platform(), "ref/org/v-committee", learn.ShortDebugString());
  c.WhenTimerFires("look/watch", "watch-term-v-committee");
  add();
  warning.Finish(c.StateOf(id));
  cluster.Finish(c.StateOf("watch-371403001002-01"));
  risky.Finish(c.StateOf("R"));
  unit.Finish(c.StateOf("watch-unit-c-hrss"));
  term.Finish(c.StateOf("watch-term-v-committee"));
}

void RecordAccountability() {
  Recorder suggestion("suggestion"), measure("measure"), matter("listed_matter");
  auto reference = tests::Learned();
  EXPECT_TRUE(reference.Learn(tests::OrgNotice("c-discipline", directory::v1::DISCIPLINE, "371403")).ok());
  Desk c(std::move(reference), "s1");
  const Actor supervisor = ActorOf(kernel::v1::ROLE_SV, "c-supervision", "371403", "sv1");
  const Actor office = ActorOf(kernel::v1::ROLE_PO, "c-petition", "371403", "po1");
  const auto ask = [&](const Actor& actor, const std::string& id, const std::string& command) {
    c.As(actor).WhenOn(id, command);
    EXPECT_FALSE(c.refusal()) << command;
    suggestion.Add(c, "s1");
    measure.Add(c, "l1");
    matter.Add(c, kCode);
  };
  c.At(kMonday);
  ask(Platform(), kCode, Heard(1, kProcessing + ClockText()));
  ask(supervisor, "s1",
      "draft_suggestion { org_id: 'c-hrss' violation: 'V04' facts: '三次催办未答复' evidence: '督办单三份' "
      "recipient_org: 'c-discipline' }");
  ask(supervisor, "s1", "send_suggestion { document_no: '督建1号' }");
  ask(ActorOf(kernel::v1::ROLE_DI, "c-discipline", "371403", "di1"), "s1",
      "answer_suggestion { adoption: ADOPTED text: '已立案' document_no: '复1号' }");
  ask(supervisor, "s1", "close_suggestion { text: '收悉' }");
  ask(office, "l1",
      std::string("record_measure { measure: LISTED_SUPERVISION org_id: 'c-hrss' matter_code: '") + kCode +
          "' decided_day: '2026-11-20' rectify_by_day: '2026-12-10' document_no: '联办1号' demand: '限期整改' }");
  ask(office, "l1", "end_measure { result: '已整改' }");
  suggestion.Finish(c.StateOf("s1"));
  measure.Finish(c.StateOf("l1"));
  matter.Finish(c.StateOf(kCode));
}

// A suggestion nobody answers in time; an inspection of two units up to what is put right, and one that is called off.
void RecordInspections() {
  auto reference = tests::Learned();
  EXPECT_TRUE(reference.Learn(tests::OrgNotice("c-discipline", directory::v1::DISCIPLINE, "371403")).ok());
  Record(
      "late_suggestion", "s1",
      {{"draft_suggestion { org_id: 'c-hrss' violation: 'V04' facts: '三次催办未答复' evidence: '督办单三份' "
        "recipient_org: 'c-discipline' }",
        Supervisor(), kMonday},
       {"send_suggestion { document_no: '督建1号' }", Supervisor(), kMonday},
       {"timer suggestion", Platform(), kMonday},
       {"timer suggestion", Platform(), kMonday}},
      std::move(reference));
  const std::string plan =
      "plan_inspection { area_code: '371403' title: '欠薪专项' scope: '受理与答复' day: '2026-11-23' }";
  const std::string judged = "rectification { org_id: 'c-hrss' ";
  Record("inspection", "n1",
         {{plan, Supervisor(), kMonday},
          {"record_finding { org_id: 'c-hrss' text: '台账不全' demand: '补齐' }", Supervisor(), kMonday},
          {"record_finding { org_id: 'c-housing' text: '超期' demand: '答复' }", Supervisor(), kMonday},
          {"finish_inspection { summary: '总体较好' }", Supervisor(), kMonday},
          {"give_feedback { rectify_by_day: '2026-12-07' document_no: '督7号' }", Supervisor(), kMonday},
          {"report_rectification { result: '已答复' evidence: '文书' }", Head("c-housing"), kMonday},
          {"accept_rectification { org_id: 'c-housing' text: '属实' }", Supervisor(), kMonday},
          {"timer rectify/c-hrss", Platform(), kMonday},
          {"report_rectification { result: '已补齐' evidence: '台账' }", Head("c-hrss"),
           Local("2026-12-06 09:00")},
          {"send_back_" + judged + "reason: '未见材料' rectify_by_day: '2026-12-20' }", Supervisor(),
           Local("2026-12-06 10:00")},
          {"timer rectify/c-hrss", Platform(), Local("2026-12-06 10:00")},
          {"timer rectify/c-hrss", Platform(), Local("2026-12-06 10:00")},
          {"report_rectification { result: '已补齐' evidence: '照片' }", Head("c-hrss"),
           Local("2026-12-22 09:00")},
          {"accept_" + judged + "}", Supervisor(), Local("2026-12-22 10:00")}});
  Record("cancelled_inspection", "n2",
         {{plan, Supervisor(), kMonday}, {"cancel_inspection { reason: '改期' }", Supervisor(), kMonday}});
  Record("struck_finding", "n3",
         {{plan, Supervisor(), kMonday},
          {"record_finding { org_id: 'c-hrss' text: '台账不全' demand: '补齐' }", Supervisor(), kMonday},
          {"record_finding { org_id: 'c-housing' text: '超期' demand: '答复' }", Supervisor(), kMonday},
          {"finish_inspection { summary: '总体较好' }", Supervisor(), kMonday},
          {"give_feedback { rectify_by_day: '2026-12-07' }", Supervisor(), kMonday},
          {"strike_finding { number: 1 reason: '已在别处' }", Supervisor(), kMonday},
          {"strike_finding { number: 2 reason: '已答复' }", Supervisor(), kMonday}});
}

// A yellow card about a task, on its scorecard, and cancelled with the task.
void RecordTaskCards() {
  Recorder task("carded_task"), order("task_yellow_card"), board("carded_scorecard");
  Desk c(tests::Learned(), kTask);
  const auto add = [&] {
    EXPECT_FALSE(c.refusal());
    task.Add(c, kTask);
    order.Add(c, "y1");
    board.Add(c, kAprilBoard);
  };
  const auto ask = [&](const std::string& id, const std::string& command, const Actor& actor,
                       const char* at) {
    c.As(actor).At(Local(at)).WhenOn(id, command);
    add();
  };
  ask(kTask, CreateText(MilestoneText("2026-04-01", "2026-04-03", {{"2026-04", 100}})), Supervisor(),
      "2026-04-01 09:00");
  ask(kTask, "confirm_task {}", InCharge(), "2026-04-01 10:00");
  ask("y1", "draft_order { task_id: 't1' card: CARD_YELLOW ground: OVERDUE_3WD }", Supervisor(),
      "2026-04-20 09:00");
  ask("y1", "issue_yellow { demand: '立即' }", Supervisor(), "2026-04-20 10:00");
  c.WhenTimerFires("grade", kAprilBoard);
  add();
  ask(kTask, "cancel_task { reason: '调整' }", Supervisor(), "2026-05-09 09:00");
  task.Finish(c.state());
  order.Finish(c.StateOf("y1"));
  board.Finish(c.StateOf(kAprilBoard));
}

TEST(Golden, RecordsWhatIsMissingWhenAsked) {
  if (std::getenv("FENGQIAO_RECORD") == nullptr) GTEST_SKIP() << "FENGQIAO_RECORD is not set";
  RecordInstruction();
  RecordWithdrawal();
  RecordLapse();
  RecordOrders();
  RecordFigures();
  RecordGrading();
  RecordWarnings();
  RecordInspections();
  RecordTaskCards();
  RecordAccountability();
  Record("lights", kCode,
         {{Heard(1, kProcessing + ClockText()), Platform(), kMonday},
          {"timer light/incident/i1/DI-05", Platform(), 0},
          {"timer light/incident/i1/DI-05", Platform(), 0},
          {Heard(2, kEnded, "incident.closed"), Platform(), EndOf("2026-12-05")}});
  v1::Command learn;
  *learn.mutable_learn_reference()->mutable_notice() = tests::AreaNotice("371403", "陵城区");
  Record("reference", "ref/area/371403", {{learn.ShortDebugString(), Platform(), kMonday}});
}

}  // namespace
}  // namespace oversight
