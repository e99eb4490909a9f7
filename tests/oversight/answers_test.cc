// A case service refuses what was asked of it: whoever asked is told, and why stands there in words.
#include "services/reference/answers.h"

#include "services/oversight/queries.h"
#include "tests/oversight/matter_world.h"
#include "tests/support/codes.h"

namespace oversight {
namespace {

constexpr char kAnswers[] = "services/incident/domain/decide_oversight.cc";

// Every code, read from the rules that give it.
// spec: 3.6.6
TEST(Refused, HasWordsForEveryCodeACaseServiceCanGive) {
  std::set<std::string> codes = tests::CodesIn(kAnswers);
  codes.merge(tests::CodesIn("services/incident/domain/decide_dispatch.cc",
                             "std::optional<kernel::Refusal> DispatchObjection("));
  codes.merge(tests::CodesIn("services/mediation/domain/decide_platform.cc", "Decision DecideOversee("));
  codes.merge(tests::CodesIn("services/mediation/domain/decide_transfer.cc", "std::string TransferAsOrdered("));
  EXPECT_EQ(codes.erase("RED_CARD"), 1u);  // why it is asked, not what is answered
  for (const char* known : {"WRONG_STATUS", "UNIT_ABOVE_DISPATCHER", "NOT_FOR_MEDIATION", "NO_COMMITTEE"}) {
    EXPECT_TRUE(codes.contains(known)) << known << ": the rules are no longer read where they stand";
  }
  for (const std::string& code : codes) EXPECT_TRUE(reference::FindAnswerWords(code)) << code;
}

TEST(Refused, OfACodeNobodyKnowsIsStillSaidInWords) {
  EXPECT_FALSE(reference::FindAnswerWords("BELOW_MIN_LEVEL"));
  EXPECT_FALSE(reference::AnswerWordsOf("BELOW_MIN_LEVEL").zh.empty());
  EXPECT_FALSE(reference::AnswerWordsOf("BELOW_MIN_LEVEL").en.empty());
}

struct Told {
  std::string topic;
  int level = 0;
  v1::Notice notice;
};

// What was said when the case service refused the request that stands last.
Told RefusedWith(const std::string& reason, Desk* d) {
  const std::string id = d->StateOf(kCode).matter().asked().rbegin()->instruction_id();
  d->As(Platform()).At(kMonday + 5).WhenOn(
      kCode, Heard(2, kAtCounty + "answer { instruction_id: '" + id + "' reason_code: '" + reason + "' }"));
  Told told;
  EXPECT_EQ(d->notices().size(), 1u);
  if (d->notices().empty()) return told;
  told.topic = d->notices()[0].topic();
  told.level = d->notices()[0].level();
  EXPECT_TRUE(told.notice.ParseFromString(d->notices()[0].payload()));
  return told;
}

// spec: 3.6.6
TEST(Refused, IsToldToTheLeaderWhoAskedAndToNoUnit) {
  Desk d(tests::Learned(), kCode);
  d.When(Heard(1, kAtCounty), Platform(), kMonday).When("assign_lead { to_org: 'c-hrss' }", CountyLeader(), kMonday);
  const Told told = RefusedWith("UNIT_OF_ANOTHER_AREA", &d);
  EXPECT_EQ(told.topic, "oversight.leaders_request_refused");
  EXPECT_EQ(told.level, 4);
  EXPECT_EQ(told.notice.reason_code(), "UNIT_OF_ANOTHER_AREA");
  EXPECT_EQ(told.notice.service(), "incident");
  EXPECT_EQ(told.notice.subject_id(), "i1");
  EXPECT_EQ(told.notice.issuer_org(), "c-gov");
  EXPECT_EQ(told.notice.to_org(), "");
  EXPECT_TRUE(told.notice.addressee().empty());
}

// spec: 3.6.6 3.6.3
TEST(Refused, IsToldToTheCentreThatAsked) {
  for (const char* asks : {"send_down { to_level: 3 reason_code: 'LOCAL' }",
                           "ask_escalation { reason_code: 'CROSS_COUNTY' tried: '已会商' }"}) {
    Desk d(tests::Learned(), kCode);
    d.When(Heard(1, kAtCounty), Platform(), kMonday).When(asks, CountyCentre(), kMonday);
    EXPECT_EQ(RefusedWith("WRONG_STATUS", &d).topic, "oversight.request_refused") << asks;
  }
}

// A city leader asks of what the county holds: it is the city's leader who is told.
TEST(Refused, IsToldToTheLevelThatAsked) {
  Desk d(tests::Learned(), kCode);
  d.When(Heard(1, kAtCounty), Platform(), kMonday)
      .When("send_down { to_level: 3 reason_code: 'LOCAL' }", CityLeader(), kMonday);
  const Told told = RefusedWith("BELOW_MINIMUM_LEVEL", &d);
  EXPECT_EQ(told.topic, "oversight.leaders_request_refused");
  EXPECT_EQ(told.level, 5);
}

// spec: O7
TEST(Refused, InstructionIsToldToItsLeader) {
  Desk d(tests::Learned(), "in1");
  d.As(Platform()).At(kMonday).WhenOn(kCode, Heard(1, kAtCounty));
  d.When(std::string("instruct { matter_id: '") + kCode + "' text: '请办' due_at_ms: " +
             std::to_string(Local("2026-11-27 17:00")) + " }",
         CountyLeader(), kMonday);
  const Told told = RefusedWith("TOO_MANY_INSTRUCTIONS", &d);
  EXPECT_EQ(told.topic, "oversight.leaders_request_refused");
  EXPECT_EQ(told.notice.instruction_id(), "in1");
}

TEST(Refused, IsSaidOnlyOfARefusal) {
  Desk d(tests::Learned(), kCode);
  d.When(Heard(1, kAtCounty), Platform(), kMonday).When("assign_lead { to_org: 'c-hrss' }", CountyLeader(), kMonday);
  const std::string id = d.state().matter().asked(0).instruction_id();
  d.When(Heard(2, kProcessing + "answer { instruction_id: '" + id + "' done: true }"), Platform(), kMonday + 5)
      .AndNoNotice();
}

// A raw code said nothing to the leader who reads the list.
TEST(Refused, StandsInWordsOnTheReviewItem) {
  v1::Matter matter;
  for (const v1::AnswerState answer : {v1::ANSWER_REFUSED, v1::ANSWER_DONE}) {
    auto* asked = matter.add_asked();
    asked->set_answer(answer);
    asked->set_answer_reason("ALREADY_LEAD");
  }
  const v1::ReviewItem item = ReviewItemOf(matter, 4, CountyLeader(), kMonday);
  EXPECT_EQ(item.asked(0).answer_zh(), "该单位已是主办单位。");
  EXPECT_EQ(item.asked(0).answer_en(), "This unit leads the matter already.");
  EXPECT_EQ(item.asked(0).answer_reason(), "ALREADY_LEAD");
  EXPECT_EQ(item.asked(1).answer_zh() + item.asked(1).answer_en(), "");
}

}  // namespace
}  // namespace oversight
