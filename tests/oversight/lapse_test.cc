// What lapses with a matter: of one that ended, what nobody has heard of yet; of a petition that left the lists,
// everything, in silence.
#include "services/oversight/domain/rules.h"
#include "services/oversight/domain/standing.h"
#include "tests/oversight/matter_world.h"

namespace oversight {
namespace {

constexpr char kDraft[] = "or-37140320261123P000001-1";
const std::string kCopy = "level: 4 status: MERGED", kTaken = "level: 4 status: ACCEPTED";

Actor PetitionOffice() { return ActorOf(kernel::v1::ROLE_PO, "c-petition", "371403", "po1"); }
Actor Handler() { return ActorOf(kernel::v1::ROLE_PH, "c-hrss", "371403", "ph1"); }

// A late petition of the county's department, with the order drafted for that and the instruction "in1".
class Asked : public Desk {
 public:
  explicit Asked(const char* file = __builtin_FILE(), int line = __builtin_LINE())
      : Desk(tests::Learned(), "in1", file, line) {
    Hear(HeardPetition(1, kHandled + PetitionClock()));
    WhenTimerFires("light/petition/p1/DP-05", kPetitionCode);
    As(CountyLeader()).When(std::string("instruct { matter_id: '") + kPetitionCode + "' text: '请抓紧' due_at_ms: " +
                            std::to_string(Local("2026-12-11 17:00")) + " }");
    EXPECT_FALSE(refusal());
  }
  Asked& Hear(const std::string& observed) {
    As(Platform()).At(std::max(now_ms(), kMonday)).WhenOn(kPetitionCode, observed);
    return *this;
  }
  Asked& Out() {  // both are the unit's to answer
    As(CountyCentre()).When("distribute {}");
    As(PetitionOffice()).WhenOn(kDraft, "issue_order { demand: '办结' }");
    EXPECT_FALSE(refusal());
    return *this;
  }
  Asked& Leaves(bool handed_over = false) {
    return Hear(HeardPetition(2, handed_over ? kTaken : kCopy, handed_over ? "petition.accepted" : "petition.removed"));
  }
  v1::OrderStatus Order() { return StateOf(kDraft).order().status(); }
  std::string Why(const Actor& actor, const std::string& id, const std::string& command) {
    As(actor).WhenOn(id, command);
    return refusal() ? refusal()->reason + refusal()->field : "taken";
  }
};

// Before, the accused unit went on reading, acknowledging and answering what had been asked about the petition.
// spec: P11 O6 O7 flow-5
TEST(Lapse, WhatWasAskedOfAPetitionEndsInSilenceWhenItLeavesTheLists) {
  for (const bool handed_over : {false, true}) {
    Asked d;
    d.Out().Leaves(handed_over);
    d.AndNoNotice();
    d.AndState("instruction { status: WITHDRAWN lapse: LAPSE_LEFT_THE_LISTS clock { outcome: CLOCK_CANCELLED } }");
    d.AndNoTimer();
    EXPECT_EQ(d.Order(), v1::ORDER_CANCELLED);
    EXPECT_TRUE(OversightDomain::Timers(d.StateOf(kDraft)).empty());
    EXPECT_TRUE(OversightDomain::Indexes(kDraft, d.StateOf(kDraft)).empty());
    const auto& matter = d.StateOf(kPetitionCode).matter();
    EXPECT_EQ(matter.order_size() + matter.asked_size(), 0) << matter.ShortDebugString();
    EXPECT_TRUE(OversightDomain::Timers(d.StateOf(kPetitionCode)).empty());
  }
}

// A build that ended nothing had left both standing, and their lights went on telling the unit of them.
// spec: P11 O6 O7 DO-02 flow-5
TEST(Lapse, WhatAnEarlierBuildLeftStandingEndsAtItsTimer) {
  Asked d;
  d.Out();
  d.GivenOn(kPetitionCode,
            {"standing_changed { matter_code: '37140320261123P000001' area_code: '371403001002' part { service: "
             "'petition' subject_id: 'p1' version: 2 topic: 'petition.removed' level: 4 petition { level: 4 status: "
             "MERGED } } }"});
  d.WhenTimerFires("order", kDraft).AndNoNotice();
  EXPECT_EQ(d.Order(), v1::ORDER_CANCELLED);
  EXPECT_TRUE(OversightDomain::Timers(d.StateOf(kDraft)).empty());
  d.WhenTimerFires("instruction").AndNoNotice();
  d.AndState("instruction { status: WITHDRAWN lapse: LAPSE_LEFT_THE_LISTS clock { outcome: CLOCK_CANCELLED } }");
  d.AndNoTimer();
  const auto& matter = d.StateOf(kPetitionCode).matter();
  EXPECT_EQ(matter.order_size() + matter.asked_size(), 0) << matter.ShortDebugString();
}

// Before, the centre could still hand it to the unit, which read and answered it, and the live feed named the matter.
// spec: P11 O7 flow-5
TEST(Lapse, AnInstructionNobodyHasDistributedGoesNowhereAnyMore) {
  Asked d;
  d.Leaves();
  d.AndNoNotice();
  EXPECT_EQ(d.Why(CountyCentre(), "in1", "distribute {}"), "NO_SUCH_MATTERid");
  EXPECT_EQ(d.Why(Head("c-hrss"), "in1", "report { text: '已办' }"), "NO_SUCH_MATTERid");
}

// Whoever asks after it hears what is said of what there never was.
// spec: P11 O6 O7 flow-5
TEST(Lapse, WhatIsGoneIsAnsweredLikeWhatNeverWas) {
  struct {
    const char* id;
    Actor actor;
    const char* command;
  } rows[] = {{"in1", Head("c-hrss"), "report { text: '已办' }"},
              {"in1", CountyCentre(), "distribute {}"},
              {"in1", CountyLeader(), "close_instruction {}"},
              {"in1", CountyLeader(), "withdraw_instruction { reason: '撤回' }"},
              {kDraft, Handler(), "acknowledge_order {}"},
              {kDraft, Head("c-hrss"), "answer_order { result: '办' evidence: '记录' }"},
              {kDraft, PetitionOffice(), "cancel_order { reason: '撤回' }"},
              {kDraft, PetitionOffice(), "issue_order { demand: '办结' }"},
              {kPetitionCode, CountyLeader(), "assign_lead { to_org: 'c-hrss' }"},
              {kPetitionCode, CountyCentre(), "ask_escalation { reason_code: 'X' tried: '试' }"}};
  for (const auto& row : rows) {
    Asked d;
    d.Out().Leaves();
    const std::string of_nothing = d.Why(row.actor, "never", row.command);
    EXPECT_EQ(d.Why(row.actor, row.id, row.command), of_nothing) << row.command;
    EXPECT_EQ(of_nothing, "NO_SUCH_MATTERid");
  }
}

// spec: P11 O2 O7 flow-5
TEST(Lapse, NothingNewIsAskedAboutWhatHasLeft) {
  const std::string due = " text: '请办' due_at_ms: " + std::to_string(Local("2026-12-18 17:00")) + " }";
  const auto instruct = [&](const std::string& code) { return "instruct { matter_id: '" + code + "'" + due; };
  const auto order = [&](const std::string& code) {
    return "draft_order { matter_id: '" + code +
           "' card: CARD_ORDINARY ground: VIOLATION violation: 'V01' facts: '拖' to_org: 'c-hrss' }";
  };
  Asked d;
  d.Leaves();
  EXPECT_EQ(d.Why(CountyLeader(), "in2", instruct(kPetitionCode)), d.Why(CountyLeader(), "in2", instruct("never")));
  EXPECT_EQ(d.Why(PetitionOffice(), "or2", order(kPetitionCode)), d.Why(PetitionOffice(), "or2", order("never")));
  EXPECT_EQ(d.refusal()->reason, "NOT_FOUND");
  EXPECT_FALSE(MaySee(d.StateOf(kPetitionCode), CountyLeader())) << "nor is the matter shown to anybody";
}

// The incident it came from stays everybody's who had it; what was asked of the petition does not.
// spec: P11 O7 flow-5
TEST(Lapse, TheIncidentThePetitionCameFromIsShownWithoutIt) {
  Desk d(tests::Learned(), "in1");
  const auto instruct = [](const char* text) {
    return std::string("instruct { matter_id: '") + kCode + "' text: '" + text + "' due_at_ms: " +
           std::to_string(Local("2026-12-11 17:00")) + " }";
  };
  const auto heard = [&](const std::string& observed) { d.As(Platform()).At(kMonday).WhenOn(kCode, observed); };
  heard(Heard(1, kAtCounty, "incident.escalated"));
  d.As(CountyLeader()).WhenOn("in0", instruct("请办"));
  heard(HeardPetition(1, kHandled + PetitionClock(), "petition.accepted", kCode));
  heard(Heard(2, kEnded, "incident.closed"));
  d.As(CountyLeader()).When(instruct("请抓紧"));
  d.As(CountyCentre()).When("distribute {}");
  heard(HeardPetition(2, kTaken, "petition.accepted", kCode));
  EXPECT_TRUE(MaySee(d.StateOf(kCode), CountyLeader()));
  EXPECT_FALSE(SubjectHasLeft(d.StateOf("in0"), &d.StateOf(kCode)));
  EXPECT_TRUE(SubjectHasLeft(d.state(), &d.StateOf(kCode)));
  ASSERT_EQ(d.StateOf(kCode).matter().asked_size(), 1);
  EXPECT_EQ(d.StateOf(kCode).matter().asked(0).instruction_id(), "in0");
}

// Before, it could open the matter again once the petition was sealed, and not while somebody had it: so it knew.
// spec: P11 flow-5
TEST(Lapse, TheUnitOfTheIncidentSeesNoMoreOfASealedPetitionThanOfAnAcceptedOne) {
  Desk accepted(tests::Learned(), kCode), left(tests::Learned(), kCode);
  for (Desk* d : {&accepted, &left}) {
    d->As(Platform()).At(kMonday).When(Heard(1, kProcessing));
    EXPECT_TRUE(MaySee(d->state(), Head("c-hrss")));
  }
  accepted.When(HeardPetition(1, "level: 4 status: ACCEPTED holder_org: 'c-housing'", "petition.accepted", kCode));
  left.When(HeardPetition(1, kTaken, "petition.accepted", kCode));
  for (Desk* d : {&accepted, &left}) {
    d->When(Heard(2, kEnded, "incident.closed"));
    EXPECT_FALSE(MaySee(d->state(), Head("c-hrss")));
    v1::Matter scratch;
    EXPECT_EQ(SeenAt(d->state().matter(), 3, &scratch).part_size(), 1);
    EXPECT_EQ(SeenAt(d->state().matter(), 3, &scratch).last_topic(), "incident.closed");
  }
}

// Before, it could still be distributed to units that had nothing more to do, and its clock ran on.
// spec: O7
TEST(Lapse, AnInstructionNobodyHasDistributedEndsWithItsMatterAndItsGiverHears) {
  Asked d;
  d.Hear(HeardPetition(2, "level: 4 status: WITHDRAWN holder_org: 'c-hrss'", "petition.withdrawn"));
  d.AndNotice("oversight.instruction_withdrawn");
  d.AndState("instruction { status: WITHDRAWN lapse: LAPSE_MATTER_ENDED clock { outcome: CLOCK_CANCELLED } }");
  d.AndNoTimer();
  EXPECT_NE(d.StateOf(kPetitionCode).matter().asked(0).withdrawn_at_ms(), 0);
  EXPECT_EQ(d.Order(), v1::ORDER_CANCELLED) << "nor is a draft signed";
  EXPECT_EQ(d.Why(CountyCentre(), "in1", "distribute {}"), "WRONG_STATUS");
  EXPECT_TRUE(MaySee(d.state(), CountyLeader()));
}

// It asks how the matter was handled; the end of the matter is part of the answer.
// spec: O6 O7
TEST(Lapse, WhatIsOutStaysToBeAnsweredWhenItsMatterEnds) {
  Asked d;
  d.Out().Hear(HeardPetition(2, "level: 4 status: CLOSED holder_org: 'c-hrss'", "petition.closed"));
  d.AndState("instruction { status: DISTRIBUTED }");
  EXPECT_EQ(d.Order(), v1::ORDER_ISSUED);
  EXPECT_EQ(d.Why(Head("c-hrss"), "in1", "report { text: '已办结' }"), "taken");
  EXPECT_EQ(d.Why(Head("c-hrss"), kDraft, "answer_order { result: '已办结' evidence: '记录' }"), "taken");
}

// Before, a unit that guessed the id was told WRONG_STATUS of what was not for it to know yet, and 404 of nothing.
// spec: O2 O7
TEST(Unit, CannotTellWhatWaitsToBeSentToItFromNothing) {
  Asked d;
  for (const char* command : {"report { text: '已办' }"})
    EXPECT_EQ(d.Why(Head("c-hrss"), "in1", command), d.Why(Head("c-hrss"), "never", command)) << command;
  for (const char* command : {"acknowledge_order {}", "answer_order { result: '办' evidence: '记录' }"})
    EXPECT_EQ(d.Why(Head("c-hrss"), kDraft, command), d.Why(Head("c-hrss"), "never", command)) << command;
}

}  // namespace
}  // namespace oversight
