// What leaders ask, and what becomes of it.
#include "services/oversight/domain/rules.h"
#include "tests/oversight/matter_world.h"

namespace oversight {
namespace {

// A scenario about the instruction "in1", on a matter that stands at the county.
class Instructed : public Desk {
 public:
  explicit Instructed(const std::string& notice = kAtCounty, const char* file = __builtin_FILE(),
                      int line = __builtin_LINE())
      : Desk(tests::Learned(), "in1", file, line) {
    As(Platform()).At(kMonday).WhenOn(kCode, Heard(1, notice));
  }
};
const int64_t kDue = Local("2026-11-27 17:00");
std::string InstructText(const std::string& more = "") {
  return std::string("instruct { matter_id: '") + kCode +
         "' text: '请人社局牵头，三日内见面' due_at_ms: " + std::to_string(kDue) + " " + more + " }";
}

// spec: O7
TEST(Instruction, IsIssuedDistributedReportedAndClosed) {
  Instructed d;
  d.When(InstructText("addressee_org: 'c-hrss' addressee_org: 'c-housing'"), CountyLeader(), kMonday)
      .ThenPartly(
          {"instruction_issued { instruction { status: ISSUED issuer_level: 4 addressee_org: 'c-hrss' "
           "addressee_org: 'c-housing' "
           "service: 'incident' subject_id: 'i1' } }",
           tests::On{kCode, "instruction_noted { asked { instruction_id: 'in1' kind: INSTRUCTION } }"}})
      .AndNotice("oversight.instructed")
      .AndActedAs(kernel::v1::ROLE_CL);
  v1::Notice notice;
  ASSERT_TRUE(notice.ParseFromString(d.notices()[0].payload()));
  EXPECT_EQ(notice.instruction_id(), "in1");
  EXPECT_EQ(notice.due_at_ms(), kDue);
  EXPECT_EQ(notice.addressee_size(), 0);  // no unit may open it yet: a feed would show them that there is one
  EXPECT_EQ(d.notices()[0].SerializeAsString().find("人社局"),
            std::string::npos);  // the leader's words travel nowhere
  d.When("report { text: '已见面' }", Head("c-hrss"), kMonday)
      .ThenRefused(RefusalCode::kNotFound)
      .When("distribute {}", CountyCentre(), kMonday)
      .ThenPartly({"instruction_distributed {}"})
      .AndNotice("oversight.instruction_distributed")  // what the units are told only now
      .AndState("instruction { status: DISTRIBUTED }")
      .When("report { text: '已见面' }", Head("c-hrss"), kMonday + 5)
      .ThenPartly({"instruction_reported { report { org_id: 'c-hrss' } }"})
      .When("report { text: '再报' }")
      .ThenRefused("ALREADY_REPORTED");
  EXPECT_EQ(d.state().instruction().status(), v1::DISTRIBUTED);  // the other unit has not reported
  d.When("report { text: '配合' }", Head("c-housing"), kMonday + 6)
      .ThenPartly({"instruction_reported { complete: true clock { outcome: CLOCK_MET } }"})
      .AndState("instruction { status: REPORTED }")
      .AndNotice("oversight.instruction_reported")
      .AndNoTimer()
      .When("close_instruction { text: '好' }", CountyLeader(), kMonday + 7)
      .ThenPartly({"instruction_closed { text: '好' }"})
      .AndState("instruction { status: CLOSED }");
}

// spec: O7 O1 DO-01
TEST(Instruction, RemindsWhomItAddressesBeforeTheDateAndWhenItPassed) {
  Instructed d;
  d.When(InstructText(), CountyLeader(), kMonday)
      .When("distribute {}", CountyCentre(), kMonday)
      .WhenTimerFires("instruction")
      .ThenPartly({"instruction_light_changed { light: YELLOW }"})
      .AndNotice("oversight.reminded")
      .WhenTimerFires("instruction")
      .ThenPartly({"instruction_light_changed { light: RED }"})
      .AndNotice("oversight.reminded")
      .AndNoTimer();
}

// A unit may open it only when it is distributed: until then whoever must distribute it is reminded, and no unit named.
// spec: O7 O1
TEST(Instruction, NotDistributedRemindsWhoMustDistributeIt) {
  Instructed d;
  d.When(InstructText("addressee_org: 'c-hrss'"), CountyLeader(), kMonday)
      .WhenTimerFires("instruction")
      .AndNotice("oversight.distribution_reminded");
  const auto& notice = d.notices()[0];
  EXPECT_EQ(notice.level(), 4);
  v1::Notice payload;
  ASSERT_TRUE(payload.ParseFromString(notice.payload()));
  EXPECT_EQ(payload.to_org(), "");
  EXPECT_TRUE(payload.addressee().empty());
  EXPECT_EQ(payload.light(), common::v1::YELLOW);
}

// Who has reported is reminded of nothing; everybody who has not is, not the first alone.
// spec: O7 O1
TEST(Instruction, RemindsOfTheUnitsThoseThatHaveNotReported) {
  Instructed d;
  d.When(InstructText("addressee_org: 'c-hrss' addressee_org: 'c-housing' addressee_org: 't-centre'"),
         CountyLeader(), kMonday)
      .When("distribute {}", CountyCentre(), kMonday)
      .When("report { text: '已见面' }", Head("c-hrss"), kMonday + 5)
      .WhenTimerFires("instruction")
      .AndNotice("oversight.reminded");
  v1::Notice payload;
  ASSERT_TRUE(payload.ParseFromString(d.notices()[0].payload()));
  EXPECT_EQ(payload.to_org(), "c-housing");
  ASSERT_EQ(payload.addressee_size(), 2);
  EXPECT_EQ(payload.addressee(1), "t-centre");
}

// spec: O7
TEST(Instruction, WithoutAnAddresseeGoesToWhoHoldsTheMatter) {
  Instructed d;
  d.When(InstructText(), CountyLeader(), kMonday);
  EXPECT_EQ(d.state().instruction().addressee_org(0), "c-centre");
}

// The office of a court, a village, a petition office: whoever it is addressed to reads it and reports.
// spec: O7
TEST(Instruction, IsReportedOnByWhoeverDecidesForTheUnit) {
  using namespace kernel::v1;  // NOLINT: role names
  for (const Role role : {ROLE_DM, ROLE_GH, ROLE_TD, ROLE_CD, ROLE_CC, ROLE_MC, ROLE_PO, ROLE_CT, ROLE_DI}) {
    Instructed d;
    const Actor unit = ActorOf(role, "c-hrss", "371403001002", "u7");
    d.When(InstructText("addressee_org: 'c-hrss'"), CountyLeader(), kMonday);
    d.When("distribute {}", CountyCentre(), kMonday);
    EXPECT_TRUE(MaySee(d.state(), unit)) << Role_Name(role);
    d.When("report { text: '已办' }", unit, kMonday + 1).AndState("instruction { status: REPORTED }");
  }
}

// spec: O7
TEST(Instruction, OfATownshipIsNotForTheCountysBureauNamedOrNot) {
  Instructed d(kProcessing);  // the county's department has it
  d.When(InstructText(), TownLeader(), kMonday).ThenRefused("VALUE_NEEDED");  // one of its own is to be named
  EXPECT_EQ(d.refusal()->field, "addressee_org");
  d.When(InstructText("addressee_org: 'c-hrss'"), TownLeader(), kMonday).ThenRefused("UNKNOWN_ORG");
  d.When(InstructText("addressee_org: 't-centre'"), TownLeader(), kMonday)
      .ThenPartly({"instruction_issued {}", tests::On{kCode, "instruction_noted {}"}});
}

// Before, a unit that had nothing to do with a petition read its code as soon as an instruction was distributed to it.
// spec: O7 R9
TEST(Instruction, AboutAPetitionIsForThoseWhoHaveToDoWithIt) {
  Desk d(tests::Learned(), "in1");
  d.As(Platform()).At(kMonday).WhenOn(kPetitionCode, HeardPetition(1, kHandled + PetitionClock()));
  const auto instruct = [](const std::string& to) {
    return std::string("instruct { matter_id: '") + kPetitionCode + "' text: '请抓紧' due_at_ms: " + std::to_string(kDue) +
           " addressee_org: '" + to + "' }";
  };
  d.When(instruct("c-housing"), CountyLeader(), kMonday).ThenRefused(RefusalCode::kGuard, "MATTER_NOT_THEIRS");
  EXPECT_EQ(d.refusal()->field, "addressee_org");
  d.When(instruct("c-hrss"));
  EXPECT_FALSE(d.refusal());
  d.When("distribute { addressee_org: 'c-housing' }", CountyCentre(), kMonday).ThenRefused("MATTER_NOT_THEIRS");
  EXPECT_EQ(d.refusal()->field, "addressee_org");
  d.When("distribute {}").AndNotice("oversight.instruction_distributed");
}

// Before, a leader could not say who is to handle a petition while it lay with the office.
// spec: O7 R9
TEST(Instruction, NamesTheUnitBeforeThePetitionIsForwardedAndIsDistributedAfterwards) {
  const std::string registered =
      "petition_type: 'REQUEST' level: 4 status: REGISTERED holder_org: 'c-petition' content: 'Q05' scale: S1_ONE " +
      PetitionClock("DP-01", "2026-12-08", "c-petition");
  Desk d(tests::Learned(), "in1");
  d.As(Platform()).At(kMonday).WhenOn(kPetitionCode, HeardPetition(1, registered, "petition.registered"));
  d.When(std::string("instruct { matter_id: '") + kPetitionCode + "' text: '请人社局见面' due_at_ms: " +
             std::to_string(kDue) + " addressee_org: 'c-hrss' }",
         CountyLeader(), kMonday)
      .ThenPartly({"instruction_issued { instruction { addressee_org: 'c-hrss' } }",
                   tests::On{kPetitionCode, "instruction_noted {}"}})
      .AndNotice("oversight.instructed");
  EXPECT_FALSE(MaySee(d.state(), Head("c-hrss"))) << "the unit hears of it when it has the petition";
  d.When("distribute {}", CountyCentre(), kMonday + 1).ThenRefused(RefusalCode::kGuard, "NOT_FORWARDED_YET");
  EXPECT_EQ(d.refusal()->field, "addressee_org");
  d.As(Platform()).WhenOn(kPetitionCode, HeardPetition(2, kHandled + PetitionClock(), "petition.forwarded"));
  d.When("distribute {}", CountyCentre(), kMonday + 2)
      .ThenPartly({"instruction_distributed { addressee_org: 'c-hrss' }"})
      .AndNotice("oversight.instruction_distributed");
}

// The office forwards it to whom the law names: whoever the leader had in mind is told nothing of it.
// spec: O7 R9
TEST(Instruction, ToAUnitThePetitionWasNotForwardedToIsDistributedToNobody) {
  Desk d(tests::Learned(), "in1");
  d.As(Platform()).At(kMonday).WhenOn(
      kPetitionCode, HeardPetition(1, "petition_type: 'REQUEST' level: 4 status: REGISTERED holder_org: 'c-petition'",
                                   "petition.registered"));
  d.When(std::string("instruct { matter_id: '") + kPetitionCode + "' text: '请住建局见面' due_at_ms: " +
             std::to_string(kDue) + " addressee_org: 'c-housing' }",
         CountyLeader(), kMonday);
  EXPECT_FALSE(d.refusal());
  d.As(Platform()).WhenOn(kPetitionCode, HeardPetition(2, kHandled + PetitionClock(), "petition.forwarded"));
  d.When("distribute {}", CountyCentre(), kMonday + 1).ThenRefused(RefusalCode::kGuard, "MATTER_NOT_THEIRS");
  d.When("withdraw_instruction { reason: '由人社局办理' }", CountyLeader(), kMonday + 2)
      .AndState("instruction { status: WITHDRAWN }");
}

// spec: O7
TEST(Instruction, IsRefusedWithTheFieldAtFault) {
  struct {
    std::string text, reason, field;
  } wrong[] = {
      {"instruct { matter_id: 'no-such' text: 'x' due_at_ms: 9 }", "NOT_FOUND", "matter_id"},
      {std::string("instruct { matter_id: '") + kCode + "' due_at_ms: 9 }", "CONTENT_NEEDED", "text"},
      {std::string("instruct { matter_id: '") + kCode + "' text: 'x' }", "VALUE_NEEDED", "due_at_ms"},
      {std::string("instruct { matter_id: '") + kCode + "' text: 'x' due_at_ms: 9 }", "BAD_TIME",
       "due_at_ms"},
      {std::string("instruct { matter_id: '") + kCode + "' text: 'x' due_at_ms: 4102400000000 }", "TOO_FAR",
       "due_at_ms"},
      {InstructText("addressee_org: 'other-hrss'"), "UNKNOWN_ORG", "addressee_org"},
      {InstructText("addressee_org: 'nobody'"), "UNKNOWN_ORG", "addressee_org"},
  };
  for (const auto& row : wrong) {
    Instructed d;
    d.When(row.text, CountyLeader(), kMonday).ThenRefused(row.reason);
    ASSERT_TRUE(d.refusal());
    EXPECT_EQ(d.refusal()->field, row.field);
  }
  Instructed ended(kEnded);
  ended.When(InstructText(), CountyLeader(), kMonday).ThenRefused("MATTER_ENDED");
}

// spec: O7
TEST(Instruction, IsForLeadersOfTheAreaOnly) {
  Instructed()
      .When(InstructText(), ActorOf(kernel::v1::ROLE_CL, "x", "371482"), kMonday)
      .ThenRefused(RefusalCode::kNotFound);  // as of a matter that does not exist
  Instructed().When(InstructText(), CountyCentre(), kMonday).ThenRefused(RefusalCode::kNotAllowed);
  Instructed()
      .When(InstructText(), CityLeader(), kMonday)
      .ThenPartly({"instruction_issued {}", tests::On{kCode, "instruction_noted {}"}});
}

TEST(Instruction, IsClosedByWhoWroteItOrBySupervisionInTheirName) {
  Instructed d;
  d.When(InstructText("addressee_org: 'c-hrss'"), CountyLeader(), kMonday)
      .When("distribute {}", CountyCentre(), kMonday)
      .When("report { text: 'x' }", Head("c-hrss"), kMonday)
      .When("close_instruction {}", ActorOf(kernel::v1::ROLE_CL, "c-gov", "371403", "another"), kMonday)
      .ThenRefused(RefusalCode::kNotAllowed)
      .When("close_instruction {}", ActorOf(kernel::v1::ROLE_SV, "c-gov", "371403", "sv1"), kMonday)
      .ThenPartly({"instruction_closed {}"});
}

Desk& AtCounty(Desk& d) { return d.When(Heard(1, kAtCounty), Platform(), kMonday); }

// spec: 3.6.6
TEST(AssignLead, IsAskedOfTheCaseServiceAndAnsweredByIt) {
  Desk d(tests::Learned(), kCode);
  AtCounty(d)
      .When("assign_lead { to_org: 'c-hrss' }", CountyLeader(), kMonday)
      .ThenPartly({"lead_assignment_asked { asked { kind: ASSIGN_LEAD to_org: 'c-hrss' } service: 'incident' "
                   "subject_id: 'i1' issuer_level: 4 }"})
      .AndNotice("oversight.assigned");
  const std::string id = d.state().matter().asked(0).instruction_id();
  EXPECT_FALSE(id.empty());
  d.When("assign_lead { to_org: 'c-housing' }").ThenRefused("ALREADY_ASKED");
  d.When(Heard(2, kProcessing + "answer { instruction_id: '" + id + "' done: true }"), Platform(),
         kMonday + 5)
      .ThenPartly({"standing_changed {}", "answer_heard { answer: ANSWER_DONE }"})
      .AndState("matter { asked { answer: ANSWER_DONE } }");
}

TEST(AssignLead, RefusedByTheCaseServiceSaysWhy) {
  Desk d(tests::Learned(), kCode);
  AtCounty(d).When("assign_lead { to_org: 'c-hrss' }", CountyLeader(), kMonday);
  const std::string id = d.state().matter().asked(0).instruction_id();
  d.When(Heard(2, kAtCounty + "answer { instruction_id: '" + id + "' reason_code: 'BELOW_MIN_LEVEL' }"),
         Platform(), kMonday + 5)
      .AndState("matter { asked { answer: ANSWER_REFUSED answer_reason: 'BELOW_MIN_LEVEL' } }")
      .When("assign_lead { to_org: 'c-housing' }", CountyLeader(), kMonday + 6)
      .ThenPartly({"lead_assignment_asked {}"});
}

TEST(AssignLead, NamesAUnitOfTheLeadersOwnArea) {
  Desk d(tests::Learned(), kCode);
  AtCounty(d)
      .When("assign_lead { to_org: 'other-hrss' }", CountyLeader(), kMonday)
      .ThenRefused("UNKNOWN_ORG")
      .When("assign_lead { to_org: 'c-centre' }")
      .ThenRefused("NO_CHANGE")
      .When("assign_lead { to_org: 'c-hrss' due_at_ms: 5 }")
      .ThenRefused("BAD_TIME");
}

// The level rule: responsibility is changed by the level that holds the matter, or a higher one.
TEST(LevelRule, ALowerLevelCannotMoveWhatTheCountyHolds) {
  Desk d(tests::Learned(), kCode);
  AtCounty(d)
      .When("assign_lead { to_org: 't-centre' }", TownLeader(), kMonday)
      .ThenRefused(RefusalCode::kNotAllowed)
      .When("send_down { to_level: 2 reason_code: 'LOCAL' }")
      .ThenRefused(RefusalCode::kNotAllowed)
      .When("send_down { to_level: 3 reason_code: 'LOCAL' }", CityLeader(), kMonday)
      .ThenPartly({"send_down_asked {}"});
}

// spec: 3.6.6
TEST(SendDown, GoesToALowerLevelWithAReason) {
  Desk d(tests::Learned(), kCode);
  AtCounty(d)
      .When("send_down { to_level: 4 reason_code: 'LOCAL' }", CountyLeader(), kMonday)
      .ThenRefused("LEVEL_NOT_LOWER")
      .When("send_down { to_level: 1 reason_code: 'LOCAL' }")
      .ThenRefused("LEVEL_NOT_LOWER")
      .When("send_down { to_level: 2 reason_code: 'LOCAL' }")
      .ThenRefused("ONE_LEVEL_AT_A_TIME")
      .When("send_down { to_level: 3 }")
      .ThenRefused("VALUE_NEEDED")
      .When("send_down { to_level: 3 reason_code: 'LOCAL' due_at_ms: " + std::to_string(kDue) + " }")
      .ThenPartly({"send_down_asked { asked { kind: SEND_DOWN to_level: 3 reason_code: 'LOCAL' } }"})
      .AndNotice("oversight.send_down_requested");
  v1::Notice notice;
  ASSERT_TRUE(notice.ParseFromString(d.notices()[0].payload()));
  EXPECT_EQ(notice.to_level(), 3);
  EXPECT_EQ(notice.issuer_level(), 4);
  EXPECT_EQ(notice.due_at_ms(), kDue);
  d.When(Heard(2, kEnded), Platform(), kMonday)
      .When("send_down { to_level: 3 reason_code: 'x' }", CountyLeader(), kMonday)
      .ThenRefused("MATTER_ENDED");
}

// A wage dispute climbs to the county, its mediation fails, the leader has it led by a department.
// spec: O7 O1
TEST(WageDispute, ClimbsToTheCountyAndComesBackToADepartment) {
  Instructed d(
      "status: REFERRED category: '0105' current_level: 4 lead_org: 'c-centre' holder_org: 'c-centre' "
      "level_path: 3 level_path: 4 " +
      kClimbed);
  d.As(Platform())
      .WhenOn(kCode, std::string("observe { service: 'mediation' subject_id: 'rf-1' subject_version: 9 "
                                 "topic: 'mediation.ended' matter_code: '") +
                         kCode +
                         "' area_code: '371403001002' level: 4 recorded_at_ms: 2 mediation { status: ENDED "
                         "end_reason: E04_PARTY_REFUSES } }")
      .WhenOn(kCode, Heard(2, kAtCounty, "incident.referral_returned"));
  d.When(InstructText("addressee_org: 'c-hrss'"), CountyLeader(), kMonday)
      .AndNotice("oversight.instructed")
      .As(CountyLeader())
      .WhenOn(kCode, "assign_lead { to_org: 'c-hrss' }")
      .AndNotice("oversight.assigned");
  const auto& asked = d.StateOf(kCode).matter().asked();
  d.As(Platform())
      .WhenOn(kCode, Heard(3, kProcessing + "answer { instruction_id: '" + asked[1].instruction_id() +
                                  "' done: true }"))
      .WhenOn(kCode, Heard(4, kEnded, "incident.closed"));
  EXPECT_EQ(d.StateOf(kCode).matter().asked(1).answer(), v1::ANSWER_DONE);
  EXPECT_EQ(d.StateOf(kCode).matter().escalation_size(), 1);
  d.AndTally("review/371403/group/2", 0);
}

}  // namespace
}  // namespace oversight
