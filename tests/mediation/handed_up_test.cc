// What those who handed a case up find of it: the facts of the step say what the log says, and cost less.
#include "services/mediation/handed_up.h"

#include <google/protobuf/util/message_differencer.h>

#include "services/mediation/queries.h"
#include "tests/mediation/case_world.h"
#include "tests/support/driven.h"

namespace mediation {
namespace {

using google::protobuf::util::MessageDifferencer;

class HandedUpTest : public ::testing::Test {
 protected:
  HandedUpTest() : desk_(kMonday, tests::Learned()) { Do(ApplyText(), Registrar()); }

  void Do(const std::string& command, const Actor& actor) {
    const auto outcome = desk_.Do("c1", command, actor);
    EXPECT_FALSE(outcome.refusal) << command << ": " << outcome.refusal->reason;
    desk_.clock().Advance(base::kHourMs);
  }
  void BringToSession() {
    Do("ask_consent { how: '电话' }", Registrar());
    Do("record_consent { party_id: 'p2' answer: AGREED_TO_MEDIATE how: '当面' }", Registrar());
    Do("serve_rights_notice { party_id: 'p1' party_id: 'p2' how: '当面' }", Registrar());
    Do(kAccept, Registrar());
    Do(kAssign, Chair());
    HoldSession();
  }
  void HoldSession() {
    const int64_t now = desk_.clock().NowMs();
    Do(SessionText(now), Mediator());
  }
  v1::State Now() { return (*desk_.Read().Get("c1"))->state; }
  // As a database has it that was written before transfers told how a case left.
  static v1::State WithoutFacts(v1::State state) {
    state.clear_left();
    return state;
  }

  const std::string up_ = "transfer_up { committee_org: 't-committee' ground: DIFFICULT reason: '跨村' }";
  const std::string further_ = "transfer_up { committee_org: 'c-committee' ground: DIFFICULT reason: '跨镇' }";
  const Actor above_ = ActorOf(kernel::v1::ROLE_MC, "t-committee", "371403001", "mc2");
  const std::vector<Actor> all_ = {Registrar(), Chair(), Mediator(), Mediator("md2"), above_,
                                   ActorOf(kernel::v1::ROLE_MR, "t-committee", "371403001", "mr2"),
                                   ActorOf(kernel::v1::ROLE_MR, "medical-committee", "371403", "mr3"),
                                   ActorOf(kernel::v1::ROLE_CL, "gov", "371403", "cl1"),
                                   ActorOf(kernel::v1::ROLE_MC, "other-committee", "371482", "mc3"), Resident("ua"),
                                   Resident("stranger")};
  tests::Driven<MediationDomain> desk_;
};

// spec: M25
TEST_F(HandedUpTest, TheFactsOfTheStepSayWhatTheLogSays) {
  BringToSession();
  Do(up_, Chair());
  Do(further_, above_);
  Do("end { reason: E03_SETTLED_THEMSELVES }", Resident("ua"));
  const v1::State now = Now();
  ASSERT_EQ(now.left_size(), 2);
  const auto reader = desk_.Read();
  int saw = 0;
  for (const Actor& actor : all_) {
    SCOPED_TRACE(actor.ShortDebugString());
    const auto by_facts = *LineHandedUp(reader, "c1", now, actor);
    const auto by_log = *LineHandedUp(reader, "c1", WithoutFacts(now), actor);
    ASSERT_EQ(by_facts.has_value(), by_log.has_value());
    const auto whole = *AsHandedUp(reader, "c1", now, actor);
    ASSERT_EQ(whole.has_value(), by_log.has_value());
    if (!by_log) continue;
    ++saw;
    EXPECT_EQ(by_facts->at_ms, by_log->at_ms);
    EXPECT_EQ(whole->at_ms, by_log->at_ms);
    EXPECT_EQ(whole->stored.version, by_log->stored.version);
    EXPECT_TRUE(MessageDifferencer::Equals(whole->stored.state, by_log->stored.state));
    const auto line = [&](const HandedUp& then) {
      return LineOf("c1", then.stored, *reader.Reference(), then.at_ms).ShortDebugString();
    };
    EXPECT_EQ(line(*by_facts), line(*by_log));
  }
  EXPECT_GT(saw, 3);
}

// Who was let in by what the case was then, and not by what any case of that committee is: the registrar of the line
// sees what has not begun, and is told nothing of what had.
// spec: M25
TEST_F(HandedUpTest, WhoWasNotToSeeItThenIsNotToSeeItNow) {
  const Actor of_the_line = ActorOf(kernel::v1::ROLE_MR, "c-committee", "371403", "mr9");
  BringToSession();
  Do(up_, Chair());
  const v1::State begun = Now();
  EXPECT_FALSE((*LineHandedUp(desk_.Read(), "c1", begun, of_the_line)).has_value());
  EXPECT_TRUE((*LineHandedUp(desk_.Read(), "c1", begun, Registrar())).has_value());
  EXPECT_EQ((*LineHandedUp(desk_.Read(), "c1", begun, Mediator()))->stored.state.status(), v1::MEDIATING);
}

// A page of the list costs the same however long its cases were mediated.
// spec: M25
TEST_F(HandedUpTest, AListReadsNoLog) {
  BringToSession();
  Do(up_, Chair());
  const auto touched = [this](const v1::State& now) {
    std::shared_ptr<tests::CountingView> counter;
    const auto reader = desk_.ReadThrough(&counter);
    EXPECT_TRUE((*LineHandedUp(reader, "c1", now, Registrar())).has_value());
    return counter->touched;
  };
  EXPECT_EQ(touched(Now()), 0u);
  EXPECT_GT(touched(WithoutFacts(Now())), 8u) << "so many steps it has";
}

}  // namespace
}  // namespace mediation
