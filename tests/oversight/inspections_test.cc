// Inspections 督查: planned, findings while it lasts, feedback with a day, the units' reports, closed by supervision.
// About units; nobody is named.
#include "services/oversight/domain/inspections.h"

#include "services/oversight/domain/keys.h"
#include "services/oversight/domain/rules.h"
#include "services/oversight/queries.h"
#include "tests/oversight/task_world.h"
#include "tests/support/driven.h"

namespace oversight {
namespace {

constexpr char kInspection[] = "n1";

// "lead_org: 'x'" and the like; on the day itself unless told otherwise.
std::string PlanText(const std::string& more = "", const std::string& day = "2026-11-23",
                     const std::string& area = "371403") {
  return "plan_inspection { area_code: '" + area + "' title: '欠薪专项督查' scope: '受理与答复' day: '" +
         day + "' " + more + " }";
}
std::string FindText(const std::string& about, const std::string& text = "台账不全") {
  return "record_finding { " + about + " text: '" + text + "' demand: '补齐' }";
}
constexpr char kFinish[] = "finish_inspection { summary: '总体较好' }";
constexpr char kReport[] = "report_rectification { result: '已补齐' evidence: '台账' }";
std::string FeedbackText(const std::string& day = "2026-12-07") {
  return "give_feedback { rectify_by_day: '" + day + "' document_no: '督〔2026〕7号' }";
}
std::string Judge(const std::string& command, const std::string& org, const std::string& more = "") {
  return command + " { org_id: '" + org + "' " + more + " }";
}
std::string SendBack(const std::string& org, const std::string& day = "2026-12-20") {
  return Judge("send_back_rectification", org, "reason: '未见材料' rectify_by_day: '" + day + "'");
}

// One finding of each of two departments, fed back on Monday the 23rd of November.
class FedBack : public Desk {
 public:
  FedBack() : Desk(tests::Learned(), kInspection) {
    When(PlanText(), Supervisor(), kMonday);
    When(FindText("org_id: 'c-hrss'"));
    When(FindText("org_id: 'c-housing'", "超期未答复"));
    When(kFinish);
    When(FeedbackText());
    EXPECT_FALSE(refusal());
  }
  const v1::UnitRectification& Of(const char* org) { return *UnitIn(state().inspection(), org); }
};

// spec: 3.6.1 C12
TEST(Inspection, GoesFromThePlanToWhatIsPutRight) {
  Desk d(tests::Learned(), kInspection);
  d.When(PlanText("org_id: 'c-hrss'"), Supervisor(), kMonday)
      .AndState(
          "inspection { status: INSPECTION_PLANNED lead_org: 'c-gov' by_area_code: '371403' day: 20261123 }")
      .AndNoNotice();  // whoever is inspected does not hear of it before
  d.When(FindText("org_id: 'c-hrss'"))
      .AndState("inspection { finding { number: 1 org_id: 'c-hrss' } }")
      .AndNoNotice();
  d.When(kFinish).AndState("inspection { status: INSPECTION_DONE ended_at_ms: 0 }");
  d.When(FeedbackText()).AndNotice("oversight.inspection_feedback");
  d.When(kReport, Head("c-hrss"), kMonday + base::kHourMs).AndNotice("oversight.rectification_reported");
  EXPECT_EQ(UnitIn(d.state().inspection(), "c-hrss")->clock().outcome(), common::v1::CLOCK_MET);
  d.As(Supervisor())
      .When(Judge("accept_rectification", "c-hrss"))
      .AndNotice("oversight.rectification_accepted");
  d.AndState("inspection { status: INSPECTION_RECTIFIED }").AndNoTimer();
  EXPECT_TRUE(IsOver(d.state().inspection()));
}

// spec: 3.6.1
TEST(Inspection, IsOverWhenTheLastUnitsReportIsAccepted) {
  FedBack d;
  d.As(Head("c-hrss")).When(kReport);
  d.As(Supervisor()).When(Judge("accept_rectification", "c-housing")).ThenRefused("NOTHING_REPORTED");
  d.When(Judge("accept_rectification", "c-hrss"));
  EXPECT_FALSE(IsOver(d.state().inspection()));
  d.As(Head("c-hrss")).When(kReport).ThenRefused("ALREADY_REPORTED");
  d.As(Head("c-housing")).When(kReport);
  d.As(Supervisor()).When(Judge("accept_rectification", "c-housing"));
  EXPECT_EQ(d.state().inspection().status(), v1::INSPECTION_RECTIFIED);
}

// spec: 3.6.1
TEST(Inspection, WithoutAFindingEndsWhenItIsDone) {
  Desk d(tests::Learned(), kInspection);
  d.When(PlanText(), Supervisor(), kMonday).When(kFinish);
  EXPECT_TRUE(IsOver(d.state().inspection()));
  d.When(FeedbackText()).ThenRefused(RefusalCode::kWrongStatus);
}

// spec: 3.6.1 DO-01
TEST(Inspection, RemindsAUnitOnceBeforeTheDayAndOnceWhenItIsPast) {
  FedBack d;
  EXPECT_EQ(d.Of("c-hrss").clock().due_at_ms(), EndOf("2026-12-07"));
  d.As(Head("c-housing")).When(kReport);
  d.WhenTimerFires("rectify/c-hrss").AndNotice("oversight.reminded");
  EXPECT_EQ(d.Of("c-hrss").light(), common::v1::YELLOW);
  v1::Notice said;
  ASSERT_TRUE(said.ParseFromString(d.notices()[0].payload()));
  EXPECT_EQ(said.to_org(), "c-hrss");
  EXPECT_EQ(said.inspection_id(), kInspection);
  d.WhenTimerFires("rectify/c-hrss").AndNotice("oversight.reminded");
  EXPECT_EQ(d.Of("c-hrss").light(), common::v1::RED);
  EXPECT_EQ(d.Of("c-housing").light(), common::v1::GREEN);  // who has reported is reminded of nothing
  d.AndNoTimer();
  // Late is not too late.
  d.As(Head("c-hrss")).When(kReport);
  EXPECT_EQ(d.Of("c-hrss").clock().outcome(), common::v1::CLOCK_MISSED);
}

// spec: 3.6.1
TEST(Inspection, SentBackHasANewDayAndALightOfItsOwn) {
  FedBack d;
  d.As(Head("c-hrss")).When(kReport);
  d.As(Supervisor()).When(SendBack("c-hrss", "2026-11-23")).ThenRefused("BAD_RECTIFY_DAY");
  d.When(SendBack("c-hrss")).AndNotice("oversight.rectification_sent_back");
  EXPECT_EQ(d.Of("c-hrss").clock().due_at_ms(), EndOf("2026-12-20"));
  EXPECT_EQ(d.Of("c-hrss").report(0).sent_back(), "未见材料");
  d.WhenTimerFires("rectify/c-hrss").AndNotice("oversight.reminded");
  d.As(Head("c-hrss")).When(kReport);
  EXPECT_EQ(d.Of("c-hrss").report_size(), 2);
}

// spec: 3.6.1 C12
TEST(Finding, IsAboutAUnitEvenWhereOnlyAMatterOrATaskIsNamed) {
  Desk d(tests::Learned(), kInspection);
  d.As(Platform()).At(kMonday).WhenOn(kCode, Heard(1, kProcessing + ClockText()));
  const std::string milestone =
      MilestoneText("2026-11-01", "2026-12-31", {{"2026-11", 50}, {"2026-12", 100}});
  d.As(Supervisor()).WhenOn(kTask, CreateText(milestone, "c-housing"));
  d.When(PlanText("matter_code: '" + std::string(kCode) + "' task_id: 't1'"));
  d.When(FindText("matter_code: '" + std::string(kCode) + "'"))
      .AndState("inspection { finding { org_id: 'c-hrss' } }");
  d.When(FindText("task_id: 't1'"));
  EXPECT_EQ(d.state().inspection().finding(1).org_id(), "c-housing");
  EXPECT_EQ(TasksOf(d.state().inspection()), std::vector<std::string>{"t1"});
  d.When(FindText("")).ThenRefused("VALUE_NEEDED");
  EXPECT_EQ(d.refusal()->field, "org_id");
  d.When(FindText("task_id: 't9'")).ThenRefused("NO_SUCH_TASK");
}

// spec: 3.6.1 R1
TEST(Finding, HasNoFieldForAPerson) {
  for (const auto* message :
       {v1::InspectionState::descriptor(), v1::Finding::descriptor(), v1::UnitRectification::descriptor(),
        v1::RectificationReport::descriptor(), v1::PlanInspectionRequest::descriptor(),
        v1::RecordFindingRequest::descriptor()}) {
    for (int i = 0; i < message->field_count(); ++i) {
      const std::string name = message->field(i)->name();
      EXPECT_EQ(name.find("user"), std::string::npos) << message->full_name();
      EXPECT_EQ(name.find("person"), std::string::npos) << message->full_name();
    }
  }
}

// spec: 3.6.1
TEST(Finding, IsNeverLostWithItsInspection) {
  Desk d(tests::Learned(), kInspection);
  d.When(PlanText(), Supervisor(), kMonday).When(FindText("org_id: 'c-hrss'"));
  d.When("cancel_inspection { reason: '改期' }").ThenRefused("FINDINGS_THERE");
  d.WhenOn("n2", PlanText()).WhenOn("n2", "cancel_inspection { reason: '改期' }");
  EXPECT_EQ(d.StateOf("n2").inspection().status(), v1::INSPECTION_CANCELLED);
}

// spec: 3.6.1
TEST(Finding, ThatWasWrongIsStruckOutAndStaysToBeRead) {
  FedBack d;
  const std::string strike = "strike_finding { number: 1 reason: '台账已补在别处' }";
  d.As(Head("c-hrss")).When(strike).ThenRefused("NOT_ALLOWED");
  d.As(ActorOf(kernel::v1::ROLE_SV, "c-hrss", "371403", "sv9")).When(strike).ThenRefused("OWN_FINDING");
  d.As(Supervisor()).When("strike_finding { number: 3 reason: '没有' }").ThenRefused("NO_SUCH_FINDING");
  EXPECT_EQ(d.refusal()->field, "number");
  d.When(strike).AndNotice("oversight.finding_struck");
  EXPECT_EQ(d.state().inspection().finding(0).struck_reason(), "台账已补在别处");
  EXPECT_EQ(d.state().inspection().finding_size(), 2);
  EXPECT_EQ(d.Of("c-hrss").status(), v1::RECTIFICATION_WITHDRAWN);
  EXPECT_EQ(d.Of("c-hrss").clock().outcome(), common::v1::CLOCK_CANCELLED);
  EXPECT_FALSE(IsOver(d.state().inspection()));
  d.When(strike).ThenRefused("NO_SUCH_FINDING");
  d.As(Head("c-hrss")).When(kReport).ThenRefused("FINDINGS_STRUCK");
  d.As(Head("c-housing")).When(kReport);
  d.As(Supervisor()).When(Judge("accept_rectification", "c-housing"));
  EXPECT_TRUE(IsOver(d.state().inspection()));
  EXPECT_EQ(d.state().inspection().status(), v1::INSPECTION_RECTIFIED);
}
// spec: 3.6.1
TEST(Finding, StaysWhenTheUnitsReportWasAccepted) {
  FedBack d;
  d.As(Head("c-hrss")).When(kReport);
  d.As(Supervisor()).When(Judge("accept_rectification", "c-hrss"));
  d.When("strike_finding { number: 1 reason: '有误' }").ThenRefused("FINDING_ACCEPTED");
  d.When("strike_finding { number: 2 reason: '有误' }");  // the last that was open
  EXPECT_TRUE(IsOver(d.state().inspection()));
}
// spec: 3.6.1
TEST(Finding, StruckBeforeTheFeedbackIsToldToNobody) {
  Desk d(tests::Learned(), kInspection);
  d.When(PlanText(), Supervisor(), kMonday).When(FindText("org_id: 'c-hrss'")).When(FindText("org_id: 'c-housing'"));
  d.When("strike_finding { number: 1 reason: '有误' }").AndNoNotice();
  d.When(kFinish).When(FeedbackText());
  EXPECT_EQ(d.state().inspection().unit_size(), 1);
  EXPECT_EQ(UnitIn(d.state().inspection(), "c-hrss"), nullptr);
  d.WhenOn("n2", PlanText()).WhenOn("n2", FindText("org_id: 'c-hrss'")).WhenOn("n2", kFinish);
  d.WhenOn("n2", "strike_finding { number: 1 reason: '有误' }");  // nothing is left of it
  EXPECT_TRUE(IsOver(d.StateOf("n2").inspection()));
  EXPECT_EQ(d.StateOf("n2").inspection().status(), v1::INSPECTION_DONE);
}

// spec: 3.6.1
TEST(Rectification, OfSeveralUnitsIsReportedUnitByUnit) {
  FedBack d;
  Actor both = Head("c-hrss");
  *both.add_grant() = Head("c-housing").grant(0);
  d.As(both).When(kReport).ThenRefused("UNIT_NEEDED");
  EXPECT_EQ(d.refusal()->field, "org_id");
  const auto report = [](const std::string& org) {
    return "report_rectification { result: '已补齐' evidence: '台账' org_id: '" + org + "' }";
  };
  d.When(report("c-housing")).When(report("c-hrss"));
  EXPECT_EQ(d.Of("c-housing").report(0).org_id(), "c-housing");
  EXPECT_EQ(d.Of("c-hrss").status(), v1::RECTIFICATION_REPORTED);
  d.When(report("other-hrss")).ThenRefused("UNKNOWN_ORG");
  d.As(Head("c-hrss")).When(report("c-housing")).ThenRefused("UNKNOWN_ORG");
}

// spec: 3.6.1 2.1.1
TEST(Finding, TellsNobodyOfAPetitionThatIsHiddenFromThem) {
  Desk d(tests::Learned(), kInspection);
  d.As(Platform()).At(kMonday).WhenOn(kPetitionCode, HeardPetition(1, kHandled + PetitionClock()));
  const std::string of_it = "matter_code: '" + std::string(kPetitionCode) + "'";
  d.As(Supervisor()).When(PlanText());
  d.When(FindText(of_it + " org_id: 't-centre'")).ThenRefused("MATTER_NOT_THEIRS");
  EXPECT_EQ(d.refusal()->field, "matter_code");
  d.When(FindText(of_it));
  EXPECT_EQ(d.state().inspection().finding(0).org_id(), "c-hrss");
  EXPECT_EQ(d.state().inspection().seen_from(), 4);
  d.When(kFinish).When(FeedbackText());
  for (const auto& notice : d.notices())
    EXPECT_EQ(notice.SerializeAsString().find(kPetitionCode), std::string::npos);
  ASSERT_FALSE(d.notices().empty());
  const Actor town = ActorOf(kernel::v1::ROLE_SV, "t-gov", "371403001", "sv2");
  d.As(town).WhenOn("n2", PlanText(of_it, "2026-11-23", "371403001")).ThenRefused("NO_SUCH_MATTER");
}

// spec: 3.6.1
TEST(Inspection, IsRefusedByNameOfTheFieldThatIsWrong) {
  Desk d(tests::Learned(), kInspection);
  const auto refused = [&](const std::string& text, const char* reason, const char* field) {
    d.When(text, Supervisor(), kMonday).ThenRefused(reason);
    EXPECT_EQ(d.refusal()->field, field);
    EXPECT_FALSE(d.refusal()->message_zh.empty());
    EXPECT_FALSE(d.refusal()->message_en.empty());
  };
  refused(PlanText("", "2026-11-22"), "BAD_INSPECTION_DAY", "day");
  refused(PlanText("", "2026-13-01"), "BAD_INSPECTION_DAY", "day");
  refused(PlanText("", "2028-01-01"), "BAD_INSPECTION_DAY", "day");
  refused(PlanText("", "2026-11-23", "371482"), "NOT_ALLOWED", "area_code");
  refused(PlanText("", "2026-11-23", "371403001002"), "VALUE_NEEDED", "area_code");  // no village
  refused(PlanText("lead_org: 'other-hrss'"), "UNKNOWN_ORG", "lead_org");
  refused(PlanText("org_id: 'other-hrss'"), "UNKNOWN_ORG", "org_id");
  refused(PlanText("lead_org: 'c-hrss' org_id: 'c-hrss'"), "OWN_UNIT", "org_id");
  refused(PlanText("task_id: 't9'"), "NO_SUCH_TASK", "task_id");
  refused(PlanText("matter_code: 'M'"), "NO_SUCH_MATTER", "matter_code");
  d.When(PlanText("", "2026-11-24"), Supervisor(), kMonday);
  refused(FindText("org_id: 'c-hrss'"), "INSPECTION_AHEAD", "");
  refused(kFinish, "INSPECTION_AHEAD", "");
  d.At(Local("2026-11-24 09:00")).When(FindText("org_id: 'c-hrss'")).When(kFinish);
  const auto refused_day = [&](const char* day) {
    d.When(FeedbackText(day)).ThenRefused("BAD_RECTIFY_DAY");
    EXPECT_EQ(d.refusal()->field, "rectify_by_day");
  };
  refused_day("2026-11-24");
  refused_day("2028-01-01");
  refused_day("12月1日");
}

// spec: 3.6.1 3.2
TEST(Inspection, IsDoneByWhoLeadsItAndJudgedBySupervision) {
  Desk d(tests::Learned(), kInspection);
  d.When(PlanText("lead_org: 'c-hrss'"), Supervisor(), kMonday).AndNotice("oversight.inspection_planned");
  d.As(Head("c-housing")).When(FindText("org_id: 'c-centre'")).ThenRefused(RefusalCode::kNotFound);
  d.As(Head("c-hrss")).When(FindText("org_id: 'c-hrss'")).ThenRefused("OWN_UNIT");
  d.When(FindText("org_id: 'c-housing'")).When(kFinish);
  d.When(FeedbackText()).ThenRefused(RefusalCode::kNotAllowed);
  EXPECT_FALSE(MaySee(d.state(), Head("c-housing")));
  d.As(Supervisor()).When(FeedbackText());
  EXPECT_TRUE(MaySee(d.state(), Head("c-housing")));
  d.As(Head("c-centre")).When(kReport).ThenRefused(RefusalCode::kNotFound);
  d.As(Head("c-housing")).When(kReport);
  d.As(ActorOf(kernel::v1::ROLE_SV, "c-housing", "371403", "sv9"))
      .When(Judge("accept_rectification", "c-housing"))
      .ThenRefused("OWN_ANSWER");
  d.As(ActorOf(kernel::v1::ROLE_SV, "x", "371482", "sv8"))
      .When(Judge("accept_rectification", "c-housing"))
      .ThenRefused(RefusalCode::kNotFound);
}

// ---- as people look them up, over the real engine

class InspectionQueries : public ::testing::Test {
 protected:
  InspectionQueries() : desk_(kMonday, tests::Learned()), queries_([this] { return desk_.Read(); }) {
    Do(kTask, CreateText(MilestoneText("2026-11-01", "2026-11-30", {{"2026-11", 100}})), Supervisor());
    Do(kPetitionCode, HeardPetition(1, kHandled + PetitionClock()), Platform());
    Do(kInspection, PlanText("task_id: 't1' lead_org: 'c-centre'"), Supervisor());
    Do(kInspection, FindText("matter_code: '" + std::string(kPetitionCode) + "'", "超期"), Supervisor());
    Do(kInspection, FindText("org_id: 'c-housing'", "台账"), Supervisor());
    Do(kInspection, kFinish, Supervisor());
  }
  void Do(const std::string& id, const std::string& command, const Actor& actor) {
    const auto outcome = desk_.Do(id, command, actor);
    EXPECT_TRUE(outcome.status.ok() && !outcome.refusal) << command;
  }
  rpc::Caller As(const Actor& actor) {
    rpc::Caller caller;
    caller.actor = actor;
    caller.now_ms = desk_.clock().NowMs();
    for (const auto& grant : actor.grant()) caller.orgs.push_back(grant.org_id());
    caller.note = &note_;
    return caller;
  }
  v1::Inspection Get(const Actor& actor) {
    v1::GetInspectionRequest request;
    request.set_id(kInspection);
    v1::Inspection out;
    found_ = queries_.GetInspection(As(actor), request, &out).ok();
    return out;
  }
  // The ids of a list; "refused" if it is not theirs.
  std::string List(const Actor& actor, const char* field, const std::string& value, bool ended = false) {
    v1::ListInspectionsRequest request;
    const auto* named = request.GetDescriptor()->FindFieldByName(field);
    request.GetReflection()->SetString(&request, named, value);
    request.set_ended(ended);
    v1::ListInspectionsResponse out;
    if (!queries_.ListInspections(As(actor), request, &out).ok()) return "refused";
    std::string ids;
    for (const auto& one : out.inspection()) ids += one.id() + " ";
    return ids;
  }

  tests::Driven<OversightDomain> desk_;
  Queries queries_;
  rpc::AuditNote note_;
  bool found_ = false;
};

// spec: 3.6.1
TEST_F(InspectionQueries, ShowSupervisionTheWholeAndAUnitItsOwnPart) {
  EXPECT_EQ(Get(Supervisor()).finding_size(), 2);
  Get(Head("c-housing"));
  EXPECT_FALSE(found_);  // before the feedback
  Do(kInspection, FeedbackText(), Supervisor());
  const auto whole = Get(CountyLeader());
  EXPECT_EQ(whole.unit_size(), 2);
  EXPECT_EQ(whole.unit(0).deadline().due_local(), "2026-12-07 24:00");
  EXPECT_EQ(whole.day(), "2026-11-23");
  const auto own = Get(Head("c-housing"));
  ASSERT_TRUE(found_);
  ASSERT_EQ(own.finding_size(), 1);
  EXPECT_EQ(own.finding(0).text(), "台账");
  ASSERT_EQ(own.unit_size(), 1);
  EXPECT_EQ(own.unit(0).org_id(), "c-housing");
  EXPECT_EQ(own.summary(), "");
  EXPECT_EQ(own.allowed_command(0), "reportRectification");
  EXPECT_EQ(Get(Head("c-hrss")).finding(0).matter_code(), kPetitionCode);
  Get(Head("other-hrss"));
  EXPECT_FALSE(found_);
  Get(CountyCentre());
  EXPECT_TRUE(found_);  // it leads
}

// spec: 3.6.1 C12
TEST_F(InspectionQueries, ListThoseOfAnAreaOfAUnitAndOfATask) {
  EXPECT_EQ(List(Supervisor(), "area_code", "371403"), "n1 ");
  EXPECT_EQ(List(CityLeader(), "area_code", "371403"), "n1 ");
  EXPECT_EQ(List(Head("c-hrss"), "area_code", "371403"), "refused");
  EXPECT_EQ(List(Supervisor(), "area_code", ""), "refused");
  EXPECT_EQ(List(CountyCentre(), "lead_org", "c-centre"), "n1 ");
  EXPECT_EQ(List(Head("c-hrss"), "lead_org", "c-centre"), "refused");
  EXPECT_EQ(List(Head("c-hrss"), "org_id", "c-hrss"), "");  // before the feedback
  Do(kInspection, FeedbackText(), Supervisor());
  EXPECT_EQ(List(Head("c-hrss"), "org_id", "c-hrss"), "n1 ");
  EXPECT_EQ(List(Head("c-hrss"), "org_id", "c-housing"), "refused");
  EXPECT_EQ(List(Supervisor(), "task_id", kTask), "n1 ");
  EXPECT_EQ(List(Head("c-housing"), "task_id", kTask), "refused");
  for (const char* org : {"c-hrss", "c-housing"}) {
    Do(kInspection, kReport, Head(org));
    Do(kInspection, Judge("accept_rectification", org), Supervisor());
  }
  EXPECT_EQ(List(Supervisor(), "area_code", "371403"), "");
  EXPECT_EQ(List(Supervisor(), "area_code", "371403", true), "n1 ");
  EXPECT_EQ(List(Head("c-hrss"), "org_id", "c-hrss", true), "n1 ");
}

// A petition that turns out to be an accusation takes what was found in it out of every answer.
// spec: P1 2.1.1
TEST_F(InspectionQueries, ForgetWhatWasFoundInAMatterThatIsSealed) {
  Do(kInspection, FeedbackText(), Supervisor());
  Do(kPetitionCode, HeardPetition(2, "status: SEALED", "petition.sealed"), Platform());
  EXPECT_EQ(Get(Supervisor()).finding_size(), 1);
  EXPECT_EQ(Get(Head("c-hrss")).finding_size(), 0);
}

// It is in mediation too, so the matter has not left: but the unit had to do with the petition alone. Before, it went
// on reading what was found in it, by its code, and had to answer.
// spec: 3.6.1 P11 flow-5
TEST_F(InspectionQueries, EndInSilenceForTheUnitOfAPetitionThatIsSealedWhileMediationGoesOn) {
  const std::string mediated = std::string("observe { service: 'mediation' subject_id: 'c1' subject_version: 1 topic: "
                                           "'mediation.accepted' matter_code: '") +
                               kPetitionCode +
                               "' area_code: '371403001002' level: 2 recorded_at_ms: 1 mediation { status: MEDIATING "
                               "holder_org: 'v-committee' committee_org: 'v-committee' level: 2 } }";
  Do(kPetitionCode, mediated, Platform());
  Do(kInspection, FeedbackText(), Supervisor());
  EXPECT_EQ(Get(Head("c-hrss")).finding_size(), 1);
  const std::string gone = HeardPetition(2, "level: 4 status: MERGED", "petition.removed");
  const auto outcome = desk_.Do(kPetitionCode, gone, Platform());
  EXPECT_FALSE(outcome.refusal);
  Get(Head("c-hrss"));
  EXPECT_FALSE(found_);
  EXPECT_EQ(List(Head("c-hrss"), "org_id", "c-hrss"), "");
  EXPECT_EQ(Get(Head("c-housing")).finding_size(), 1) << "the other unit's stays";
  EXPECT_EQ(Get(Supervisor()).finding_size(), 1);
  const auto refused = desk_.Do(kInspection, kReport, Head("c-hrss"));
  ASSERT_TRUE(refused.refusal);
  EXPECT_EQ(refused.refusal->reason, "NO_SUCH_MATTER");
  Do(kInspection, kReport, Head("c-housing"));
  Do(kInspection, Judge("accept_rectification", "c-housing"), Supervisor());
  EXPECT_EQ(Get(Supervisor()).status(), v1::INSPECTION_RECTIFIED) << "and nobody waits for the one that left";
  // Nor is the unit told of it anew, by what is found afterwards under the code that mediation still has.
  Do("n2", PlanText(""), Supervisor());
  const auto anew = desk_.Do(
      "n2", FindText("org_id: 'c-hrss' matter_code: '" + std::string(kPetitionCode) + "'", "超期"), Supervisor());
  ASSERT_TRUE(anew.refusal);
  EXPECT_EQ(anew.refusal->reason, "NO_SUCH_MATTER");
}

}  // namespace
}  // namespace oversight
