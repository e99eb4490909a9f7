// A hand-over to mediation does not outlive the petition it was made for, whatever ends or seals it; and what is told
// of it is the same of an accusation as of any other (Art. 30).
#include "bus/v1/stream.pb.h"
#include "services/mediation/domain/mediation.h"
#include "services/mediation/subscriptions.h"
#include "tests/petition/petition_world.h"

namespace petition {
namespace {

constexpr char kLapsed[] = "petition.hand_over_lapsed";
const std::string kRefer =
    "refer_to_mediation { bridge_code: 'BR1' both_consent: true consent_proof_sha256: '" + kScan + "' dispute_type: "
    "'D10' party_count: 2 }";
const std::string kDied = "record_death { petitioner_id: 'p1' died_at_ms: " + std::to_string(kMonday) +
                          " proof_sha256: '" + kScan + "' }";
const std::string kSeal = "retype { type: ACCUSATION reason: '涉嫌违纪' }";
const std::string kWithdraw = "withdraw { statement: '不再反映' }";

std::string Heard(const std::string& topic, uint64_t version, const std::string& referral_id) {
  return "hear_mediation { topic: 'mediation." + topic + "' subject_id: 'c1' version: " + std::to_string(version) +
         " notice { origin { service: 'petition' aggregate_id: 'p1' referral_id: '" + referral_id + "' } } }";
}

struct Step {
  std::string command;  // or "timer <name>", or "upload"
  Actor actor;
};
using Steps = std::vector<Step>;

Steps operator+(Steps first, const Steps& then) {
  first.insert(first.end(), then.begin(), then.end());
  return first;
}

const Steps kAnswered = {{kHeard, Handler()}, {kLooked, Handler()}, {DraftText(), Handler()}, {kIssue, Head()}};
const Steps kDelivered = kAnswered + Steps{{DeliverText(kMonday), Clerk()}};
const Steps kReviewed = kDelivered + Steps{{kAskReview, Resident()},
                                           {kTakeRequest, CityReviewer()},
                                           {ReviewText(), CityReviewer()},
                                           {DeliverText(kMonday), CityReviewer()}};

// Each way in which a petition that mediation may have comes to its end, or leaves. Refused, redirected and merged is
// only what nobody has accepted yet, and that was never handed over.
struct Life {
  const char* name;
  int route;
  Steps steps;
  v1::PetitionStatus leads_to;
};
const std::vector<Life>& Lives() {
  static const std::vector<Life> kLives = {
      {"withdrawn", 6, {{kWithdraw, Resident()}}, v1::WITHDRAWN},
      {"settled by themselves", 6,
       {{"upload", Platform()}, {"record_settlement { agreement: '自行和解' proof_sha256: '" + kScan + "' }", Handler()}},
       v1::SETTLED},
      {"nobody is left", 6,
       {{kDied, Clerk()}, {"upload", Platform()}, {"terminate { proof_sha256: '" + kScan + "' }", Office()}},
       v1::CLOSED},
      {"nobody asked in time", 6,
       {{kDied, Clerk()}, {"upload", Platform()}, {"timer due/DP-05", Platform()}},
       v1::CLOSED},
      {"another procedure came to its end", 5, {{"conclude_procedure { outcome: '已查处' }", Handler()}}, v1::CLOSED},
      {"silence after the opinion", 6, kDelivered + Steps{{"timer due/DP-07", Platform()}}, v1::CLOSED},
      {"silence after the review", 6, kReviewed + Steps{{"timer due/DP-09", Platform()}}, v1::CLOSED},
      {"final", 6,
       kReviewed + Steps{{kAskRecheck, Resident()}, {kTakeRequest, Rechecker()}, {RecheckText(), Rechecker()},
                         {DeliverText(kMonday), Rechecker()}},
       v1::FINAL},
      {"sealed by the office", 6, {{kSeal, Office()}}, v1::REGISTERED},
      {"sealed by the unit's handler", 6, {{kSeal, Handler()}}, v1::REGISTERED},
      {"sealed after the opinion", 6, kAnswered + Steps{{kSeal, Office()}}, v1::REGISTERED},
  };
  return kLives;
}

// Accepted and handed over on Monday; `taken`: and the committee has said that it has it.
struct HandedOver : Matter {
  explicit HandedOver(bool taken = true, int route = 6) : Matter(At::kReceived) {
    std::string accept = kAccept;
    if (route != 6) accept.replace(accept.find("route: 6"), 8, "procedure: '查处' route: " + std::to_string(route));
    When(accept, Handler(), kMonday).When(kRefer, Handler(), kMonday);
    EXPECT_FALSE(refusal());
    if (taken) When(Heard("referral_received", 1, state().mediation_referral_id()), Platform(), kMonday);
    EXPECT_EQ(state().mediation(), taken ? v1::TAKEN : v1::REFERRED);
  }
  void Play(const Steps& steps) {
    for (const Step& step : steps) {
      if (step.command == "upload") {
        Upload();
        continue;
      }
      As(step.actor);
      step.command.starts_with("timer ") ? WhenTimerFires(step.command.substr(6)) : When(step.command);
      ASSERT_FALSE(refusal()) << step.command << ": " << refusal()->reason;
    }
  }
  kernel::v1::Notice Told() const {
    const auto at = std::ranges::find(notices(), kLapsed, &kernel::v1::Notice::topic);
    EXPECT_NE(at, notices().end());
    return at == notices().end() ? kernel::v1::Notice() : *at;
  }
};

// spec: P11 P16 P17 P18 P20 P25 P26 P27 山东46
TEST(HandOver, LapsesWithWhateverEndsOrSealsThePetition) {
  for (const Life& life : Lives()) {
    for (const bool taken : {false, true}) {
      SCOPED_TRACE(life.name);
      HandedOver m(taken, life.route);
      const std::string referral_id = m.state().mediation_referral_id();
      m.Play(life.steps);
      EXPECT_EQ(m.state().status(), life.leads_to);
      EXPECT_EQ(m.state().mediation(), v1::HAND_OVER_LAPSED);
      ASSERT_FALSE(m.events().empty());
      const auto& last = m.events().back().event;  // after what ended it: of a sealed one nothing more in the clear
      EXPECT_EQ(last.ShortDebugString(), "hand_over_lapsed { referral_id: \"" + referral_id + "\" }");
      const uint64_t version = m.version();
      uint64_t of_case = 2;
      for (const char* topic : {"referral_received", "accepted", "refused", "ended", "effective", "breached"}) {
        m.When(Heard(topic, of_case++, referral_id), Platform(), m.now_ms()).ThenNothing().AndNoNotice();
      }
      EXPECT_EQ(m.version(), version);
    }
  }
}

// Art. 30. Not even by what is left out may one tell that it was an accusation.
// spec: P11
TEST(HandOver, ThatLapsedIsToldInTheSameWordsWhateverEndedIt) {
  const std::string referral_id = HandedOver().state().mediation_referral_id();
  v1::Notice payload;
  payload.mutable_referral()->set_referral_id(referral_id);
  kernel::v1::Notice bare;  // no code, no place, no level, and the stream does not say who did it
  bare.set_topic(kLapsed);
  bare.set_classification(SENSITIVE);
  bare.set_anonymous(true);
  bare.set_schema("petition.v1.Notice");
  bare.set_payload(payload.SerializeAsString());
  for (const Life& life : Lives()) {
    HandedOver m(true, life.route);
    ASSERT_EQ(m.state().mediation_referral_id(), referral_id);
    m.Play(life.steps);
    EXPECT_EQ(m.Told().SerializeAsString(), bare.SerializeAsString()) << life.name;
  }
}

// What the committee's case makes of the notice a petition gave: its events, its state and its own notices.
std::string AtTheCommittee(const HandedOver& m) {
  bus::v1::Event event;
  event.set_topic(m.Told().topic());
  event.set_subject("p1");
  event.set_schema(m.Told().schema());
  event.set_data(m.Told().payload());
  const auto commands = mediation::Subscriptions()("petition", event);
  EXPECT_TRUE(commands.ok() && commands->size() == 1);
  if (!commands.ok() || commands->size() != 1) return "";
  mediation::v1::Command command;
  EXPECT_TRUE(command.ParseFromString(commands->front().command->SerializeAsString()));
  tests::Scenario<mediation::MediationDomain> c(tests::Learned(), commands->front().aggregate_id);
  c.WithChance(7)
      .When("take_referral { origin { service: 'petition' aggregate_id: 'p1' matter_code: 'X' referral_id: '" +
                command.hear_lapse().referral_id() +
                "' } area_code: '371403001002' dispute_type: 'D10' party_count: 2 }",
            Platform(), kMonday)
      .When("complete_intake { facts: '欠薪' party { person { name: 'vault:a' side: SIDE_A } } "
            "party { person { name: 'vault:b' side: SIDE_B } } }",
            ActorOf(ROLE_MR, "v-committee", "371403001002", "mr1"), kMonday)
      .When("ask_consent { how: '电话' }", kMonday);
  EXPECT_FALSE(c.refusal());
  c.When(command.ShortDebugString(), Platform(), kMonday + 1);
  EXPECT_EQ(c.state().hand_over_lapsed_at_ms(), kMonday + 1);
  std::string all;
  for (const auto& happened : c.events()) all += happened.event.SerializeAsString() + "\n";
  for (const auto& notice : c.notices()) all += notice.SerializeAsString() + "\n";
  return all + c.state().SerializeAsString();
}

// flow-5 at the committee's table.
// spec: P11 P27 M3
TEST(HandOver, TellsTheCommitteeNothingOfAnAccusation) {
  HandedOver withdrawn, sealed, by_handler;
  withdrawn.Play({{kWithdraw, Resident()}});
  sealed.Play({{kSeal, Office()}});
  by_handler.Play({{kSeal, Handler()}});
  const std::string of_any = AtTheCommittee(withdrawn);
  EXPECT_FALSE(of_any.empty());
  EXPECT_EQ(of_any, AtTheCommittee(sealed));
  EXPECT_EQ(of_any, AtTheCommittee(by_handler));
}

// The office that keeps an accusation has its own fifteen days, and mediation is none of its business.
// spec: P11 DP-01
TEST(HandOver, OfASealedPetitionLeavesItsClocksAlone) {
  HandedOver m;
  const int64_t later = kMonday + 2 * base::kDayMs;
  m.When(kSeal, Office(), later);
  EXPECT_EQ(m.ClockOf("DP-01").started_at_ms(), later);
  for (const auto& clock : m.state().clock()) {
    EXPECT_EQ(reference::IsRunning(clock), clock.policy_id() == "DP-01") << clock.policy_id();
  }
  m.When("transfer_to_discipline { discipline_org: 'c-discipline' }", Office(), later).AndNotice("petition.sealed");
  EXPECT_EQ(m.OutcomeOf("DP-01"), common::v1::CLOCK_MET);
  EXPECT_EQ(m.notices().size(), 1u);  // the hand-over lapsed once
}

// spec: P16 P17
TEST(HandOver, ThatWasAnsweredHasNothingLeftToLapse) {
  for (const char* answer : {"refused", "effective"}) {
    HandedOver m;
    m.When(Heard(answer, 2, m.state().mediation_referral_id()), Platform(), kMonday);
    const auto state = m.state().mediation();
    m.When(kWithdraw, Resident(), kMonday);
    EXPECT_EQ(m.events().size(), 1u);
    EXPECT_EQ(m.state().mediation(), state);
  }
  Matter never(At::kAccepted);
  never.When(kWithdraw, Resident(), kMonday);
  EXPECT_EQ(never.events().size(), 1u);
}

// An opinion, or a review, is no end: the committee goes on, and what it answers is heard.
// spec: P16 P18
TEST(HandOver, OutlastsAnOpinionThatIsNotTheEndYet) {
  HandedOver m;
  m.Play(kReviewed);
  EXPECT_EQ(m.state().mediation(), v1::TAKEN);
  m.When(Heard("ended", 2, m.state().mediation_referral_id()), Platform(), m.now_ms());
  EXPECT_EQ(m.state().mediation(), v1::RETURNED);
}

// A letter posted in time opens it again; the hand-over stays over, and there may be another.
// spec: P16 P21
TEST(HandOver, DoesNotComeBackWithThePetition) {
  HandedOver m;
  const std::string first = m.state().mediation_referral_id();
  m.Play(kDelivered + Steps{{"timer due/DP-07", Platform()}});
  ASSERT_EQ(m.state().status(), v1::CLOSED);
  m.When("request_review { grounds: '不服' requested_at_ms: " + std::to_string(kMonday + base::kDayMs) + " }", Clerk(),
         m.now_ms());
  ASSERT_EQ(m.state().status(), v1::REVIEWING) << m.refusal()->reason << m.refusal()->field;
  EXPECT_EQ(m.state().mediation(), v1::HAND_OVER_LAPSED);
  m.When(Heard("effective", 3, first), Platform(), m.now_ms()).ThenNothing();
}

// Recorded before hand-overs lapsed: it folds as it did, and the next event of it says that this one is over.
// spec: P11
TEST(HandOver, OfAPetitionSealedBeforeThisWasSaidLapsesWithItsNextStep) {
  HandedOver m;
  m.Given({"retyped { from: REQUEST to: ACCUSATION office_org: 'c-petition' office_area: '371403' office_level: 4 }"});
  EXPECT_EQ(m.state().mediation(), v1::TAKEN);
  m.When("transfer_to_discipline { discipline_org: 'c-discipline' }", Office(), kMonday);
  ASSERT_EQ(m.events().size(), 2u);
  EXPECT_EQ(m.state().mediation(), v1::HAND_OVER_LAPSED);
  EXPECT_EQ(m.Told().topic(), kLapsed);
}

}  // namespace
}  // namespace petition
