// 移送失效: the petition a case was handed over from is over, and whoever handed it over waits for nothing any more. What
// nobody was asked about ends; what people agreed to is theirs, and goes on.
#include "petition/v1/notices.pb.h"
#include "services/mediation/subscriptions.h"
#include "tests/mediation/case_world.h"

namespace mediation {
namespace {

constexpr char kLapse[] = "hear_lapse { referral_id: 'p1-6' }";
const std::string kTake =
    "take_referral { origin { service: 'petition' aggregate_id: 'p1' matter_code: '37140320261101P000009' referral_id: "
    "'p1-6' } area_code: '371403001002' dispute_type: 'D02' party_count: 2 consent_known: true end_by_ms: " +
    std::to_string(EndOf("2026-12-07")) + " }";
const std::string kIntake =
    "complete_intake { facts: '漏水' party { person { name: 'vault:a' side: SIDE_A user_id: 'ua' } } party { person { "
    "name: 'vault:b' side: SIDE_B user_id: 'ub' } } }";

struct HandedOver : Case {
  explicit HandedOver(bool intake = true) : Case(tests::Learned(), "rf-p1-6") {
    WithChance(7).When(kTake, Platform(), kMonday);
    if (intake) When(kIntake, Registrar(), kMonday);
    EXPECT_FALSE(refusal()) << refusal()->reason;
  }
  HandedOver& Accept() {
    for (const char* party : {"p1", "p2"}) {
      When("record_consent { party_id: '" + std::string(party) + "' answer: AGREED_TO_MEDIATE how: '当面' }",
           Registrar(), kMonday);
    }
    When("serve_rights_notice { party_id: 'p1' party_id: 'p2' how: '当面' }").When(kAccept);
    EXPECT_EQ(state().status(), v1::ACCEPTED);
    return *this;
  }
  HandedOver& Mediate() {
    Accept().When(kAssign, Chair(), kMonday).When(SessionText(kTuesdayMs), Mediator(), kTuesdayMs);
    EXPECT_EQ(state().status(), v1::MEDIATING);
    return *this;
  }
};

// spec: M3 M17 DM-08
TEST(Lapse, EndsACaseThatNobodyWasAskedAbout) {
  HandedOver bare(false);
  bare.When(kLapse, Platform(), kTuesdayMs).ThenPartly({"ended { reason: E13_HAND_OVER_LAPSED }"});
  bare.AndNotice("mediation.ended").AndNoTimer();
  EXPECT_EQ(bare.state().status(), v1::ENDED);
  EXPECT_EQ(bare.OutcomeOf("DM-08"), common::v1::CLOCK_MET);
  EXPECT_FALSE(bare.state().has_remedy_notice() && bare.state().remedy_notice().served_at_ms() != 0)
      << "nobody is known who could have been told";
  EXPECT_EQ(Told(bare).end_reason(), v1::E13_HAND_OVER_LAPSED);
}

// Art. 26: 告知当事人可以依法通过仲裁、行政、司法等途径维护自己的权利.
// spec: M17
TEST(Lapse, TellsPartiesWhoSeeTheCaseWhereElseTheyCanGo) {
  HandedOver c;
  c.When(kLapse, Platform(), kTuesdayMs);
  EXPECT_EQ(c.state().end_reason(), v1::E13_HAND_OVER_LAPSED);
  EXPECT_EQ(c.state().remedy_notice().remedy_size(), 3);
  EXPECT_EQ(c.state().remedy_notice().served_at_ms(), kTuesdayMs);
}

// spec: M4 M5 M9 M13
TEST(Lapse, IsToldToTheCommitteeOfACaseThatPeopleHaveBeenAskedAbout) {
  HandedOver asked, agreed, accepted, mediated, drafted;
  asked.When("ask_consent { how: '电话' }", Registrar(), kMonday);
  agreed.When("record_consent { party_id: 'p1' answer: AGREED_TO_MEDIATE how: '当面' }", Registrar(), kMonday);
  accepted.Accept();
  mediated.Mediate();
  drafted.Mediate().When(DraftText(), Mediator(), kTuesdayMs);
  for (HandedOver* c : {&asked, &agreed, &accepted, &mediated, &drafted}) {
    const auto status = c->state().status();
    c->When(kLapse, Platform(), kTuesdayMs + 1).ThenPartly({"hand_over_lapsed { referral_id: 'p1-6' }"});
    c->AndNotice("mediation.hand_over_lapsed");
    EXPECT_EQ(c->state().status(), status);
    EXPECT_EQ(c->state().hand_over_lapsed_at_ms(), kTuesdayMs + 1);
    c->When(kLapse, Platform(), kTuesdayMs + 2).ThenNothing();  // told twice
  }
  mediated.When(DraftText(), Mediator(), kTuesdayMs + 3);  // and goes on, for it is theirs
  EXPECT_EQ(mediated.state().status(), v1::AGREED) << mediated.refusal()->reason;
}

// What is over has had its answer.
// spec: M6 M14 M17
TEST(Lapse, ChangesNothingOfACaseThatIsOver) {
  HandedOver refused, ended, bound;
  refused.When("record_consent { party_id: 'p2' answer: REFUSED_TO_MEDIATE how: '电话' }", Registrar(), kMonday);
  ended.When("end { reason: E03_SETTLED_THEMSELVES }", Resident("ua"), kMonday);
  bound.Mediate();
  Bind(&bound);
  for (HandedOver* c : {&refused, &ended, &bound}) c->When(kLapse, Platform(), kTuesdayMs + 1).ThenNothing();
}

// Streams keep their order, and yet: what is heard too early must not be lost, and what waits must not be opened.
// spec: M3
TEST(Lapse, HeardBeforeTheCaseIsThereKeepsItFromBeingOpened) {
  Case early(tests::Learned(), "rf-p1-6");
  early.When(kLapse, Platform(), kMonday).Then({"hand_over_lapsed { referral_id: 'p1-6' }"});
  early.When(kTake, Platform(), kMonday).ThenNothing().AndNoTimer();
  EXPECT_EQ(early.state().status(), v1::CASE_STATUS_UNSPECIFIED);
  Case parked(reference::Reference(), "rf-p1-6");  // neither calendar nor policies are known yet
  parked.When(kTake, Platform(), kMonday).ThenPartly({"referral_parked { reason: 'CALENDAR_MISSING' }"});
  parked.When(kLapse, Platform(), kMonday).Then({"hand_over_lapsed { referral_id: 'p1-6' }"}).AndNoTimer();
  EXPECT_FALSE(parked.state().has_parked());
}

// spec: M17
TEST(Lapse, IsAReasonToEndOnlyWhereAHandOverLapsed) {
  const std::string end =
      "end { reason: E13_HAND_OVER_LAPSED remedy: JUDICIAL where_to_go: '区人民法院' notice_how: '当面' }";
  HandedOver c;
  c.Accept().When(end, Chair(), kMonday).ThenRefused(RefusalCode::kGuard, "HAND_OVER_STANDS");
  c.When(kLapse, Platform(), kMonday).When(end, Chair(), kMonday).AndNotice("mediation.ended");
  EXPECT_EQ(c.state().end_reason(), v1::E13_HAND_OVER_LAPSED);
  HandedOver party;
  party.Accept().When(kLapse, Platform(), kMonday);
  party.When("end { reason: E13_HAND_OVER_LAPSED }", Resident("ua"), kMonday).ThenRefused("REASON_NOT_FOR_YOU");
}

// The petition's own period had cut that of the committee; with the petition that falls away.
// spec: M11 DM-04 P16
TEST(Lapse, FreesTheCaseOfThePetitionsPeriod) {
  const std::string extend = "extend { by { amount: 1 unit: MO } reason: '等待检测' " + kBothSign + "}";
  HandedOver cut;
  cut.Mediate().AndTimer("due/DM-04", EndOf("2026-12-07") + 1);
  cut.When(extend, Mediator(), kTuesdayMs).ThenRefused("SENDERS_PERIOD");
  cut.When(kLapse, Platform(), kTuesdayMs).AndTimer("due/DM-04", EndOf("2026-12-23") + 1);
  EXPECT_EQ(cut.state().period_end_ms(), EndOf("2026-12-23"));
  cut.When(extend, Mediator(), kTuesdayMs).AndTimer("due/DM-04", EndOf("2027-01-25") + 1);
  HandedOver over;  // what has been late stays late
  over.Mediate().When(kLapse, Platform(), EndOf("2026-12-07") + 1).Then({"hand_over_lapsed { referral_id: 'p1-6' }"});
  HandedOver late;  // accepted when it had lapsed already: the month of every case
  late.When("ask_consent { how: '电话' }", Registrar(), kMonday).When(kLapse, Platform(), kMonday);
  late.Accept().AndTimer("due/DM-04", EndOf("2026-12-23") + 1);
}

// spec: M3
TEST(Lapse, IsForThePlatformToHear) {
  HandedOver c;
  c.When(kLapse, Chair(), kMonday).ThenRefused(RefusalCode::kNotAllowed);
}

// spec: M3
TEST(Lapse, IsKnownByTheIdOfTheHandOverAlone) {
  petition::v1::Notice notice;
  notice.mutable_referral()->set_referral_id("p1-6");
  bus::v1::Event event;
  event.set_topic("petition.hand_over_lapsed");
  event.set_subject("p1");
  event.set_schema(petition::v1::Notice::descriptor()->full_name());
  event.set_data(notice.SerializeAsString());
  const auto commands = Subscriptions()("petition", event);
  ASSERT_TRUE(commands.ok()) << commands.status();
  ASSERT_EQ(commands->size(), 1u);
  EXPECT_EQ(commands->front().aggregate_id, "rf-p1-6");
  EXPECT_EQ(commands->front().command_name, "hear_lapse");
  event.set_data("");
  EXPECT_TRUE(Subscriptions()("petition", event)->empty());
  event.set_topic("petition.withdrawn");
  EXPECT_TRUE(Subscriptions()("petition", event)->empty());
}

}  // namespace
}  // namespace mediation
